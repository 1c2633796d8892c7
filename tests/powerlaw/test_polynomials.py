"""Polynomials and ratios as plain data, against SymPy."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.formulas.alphabet import alpha, beta
from scalesym.powerlaw import Law, Polynomial, Ratio, Term
from scalesym.powerlaw.parametric import solve

F = Fraction
LETTERS = (alpha, beta)
NUMBERS = st.fractions(-5, 5, max_denominator=30)


@st.composite
def expressions(draw: st.DrawFn) -> sp.Expr:
    """Polynomials of degree two with rational coefficients, not zero."""
    powers = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (0, 0)]
    coefficients = [draw(st.fractions(-3, 3, max_denominator=6)) for _ in powers]
    found = sum(
        sp.Rational(c.numerator, c.denominator) * alpha**a * beta**b
        for c, (a, b) in zip(coefficients, powers, strict=True)
    )
    return found if found != 0 else sp.Integer(1)


def at(expression: sp.Expr, point: tuple[Fraction, Fraction]) -> Fraction:
    value = expression.subs({x: sp.Rational(p.numerator, p.denominator) for x, p in zip(LETTERS, point, strict=True)})
    return F(int(value.p), int(value.q))


@settings(max_examples=15)
@given(expressions(), expressions(), NUMBERS, NUMBERS)
def test_a_ratio_is_the_expression_it_comes_from(top: sp.Expr, bottom: sp.Expr, a: Fraction, b: Fraction) -> None:
    ratio = Ratio.of(top / bottom, LETTERS)
    assert sp.simplify(ratio.expr((alpha, beta)) - top / bottom) == 0
    numbers = [c for part in (ratio.top, ratio.bottom) for c, _ in part.terms]
    assert np.gcd.reduce(numbers) == 1
    if (below := at(bottom, (a, b))) != 0:
        found = ratio.at((a, b))
        assert isinstance(found, Fraction)
        assert found == at(top, (a, b)) / below
        kept = ratio.positive_at((a, b))
        assert kept.bottom.sign_at((a, b)) == 1
        assert kept.at((a, b)) == found


@settings(max_examples=25)
@given(expressions(), NUMBERS, NUMBERS)
def test_sign_value_and_array_agree(expression: sp.Expr, a: Fraction, b: Fraction) -> None:
    polynomial = Ratio.of(expression, LETTERS).top
    value = polynomial.at((a, b))
    assert polynomial.sign_at((a, b)) == (value > 0) - (value < 0)
    assert (at(expression, (a, b)) > 0) == (value > 0)
    array = polynomial.at((np.array([float(a)] * 3), np.array([[float(b)]])))
    np.testing.assert_allclose(array, float(value), rtol=1e-12, atol=1e-11 * sum(abs(c) for c, _ in polynomial.terms))


@settings(max_examples=25)
@given(expressions(), st.floats(-4, 4), st.floats(-4, 4))
def test_spread_covers_the_rounding_of_the_letters(expression: sp.Expr, a: float, b: float) -> None:
    """Half a unit in the last place of each letter, and its square, which the first order leaves out."""
    polynomial = Ratio.of(expression, LETTERS).top
    moved = [F(x) * (1 + F(1, 2**53)) for x in (a, b)]
    change = abs(polynomial.at(moved) - polynomial.at((F(a), F(b))))
    spread = polynomial.spread((F(a), F(b)))
    assert isinstance(spread, Fraction | int)
    assert change <= spread * (1 + F(1, 2**50))
    assert float(spread) == pytest.approx(polynomial.spread((a, b)))


def test_spread_of_huge_letters_is_exact() -> None:
    square = Ratio.of(alpha**2, LETTERS).top
    assert square.spread((F(10) ** 300, F(0))) == 2 * F(10) ** 600 / 2**53


@settings(max_examples=25)
@given(expressions(), expressions())
def test_data_are_read_back(top: sp.Expr, bottom: sp.Expr) -> None:
    ratio = Ratio.of(top / bottom, LETTERS)
    assert Ratio.from_dict(("alpha", "beta"), json.loads(json.dumps(ratio.to_dict()))) == ratio


@pytest.mark.parametrize("bad", [None, 1, [1], [[1, 0]], [[1, 0, 0, 0]], [["1", 0, 0]], [[1.0, 0, 0]], [[True, 0, 0]]])
def test_other_data_are_refused(bad: object) -> None:
    with pytest.raises(ParameterError, match="polynomial"):
        Polynomial.from_list(("alpha", "beta"), bad)


@pytest.mark.parametrize(
    "bad",
    [
        sp.sqrt(alpha),
        sp.Symbol("other"),
        sp.exp(beta),
        sp.pi * alpha,
        sp.sqrt(2) * alpha,
        0.3 * alpha,
        alpha**beta,
        sp.nan,
    ],
)
def test_what_is_not_rational_is_refused(bad: sp.Expr) -> None:
    with pytest.raises(ParameterError, match="not rational in"):
        Ratio.of(bad, LETTERS)


@pytest.mark.parametrize(
    ("expression", "text", "latex"),
    [
        (2 * alpha**2 - 4 * alpha + 1, "2α^2 - 4α + 1", r"2\alpha^2 - 4\alpha + 1"),
        (-alpha * beta, "-αβ", r"-\alpha \beta"),
        (sp.Integer(0), "0", "0"),
        (1 / (2 * alpha), "1/(2α)", r"\frac{1}{2\alpha}"),
        (1 / alpha, "1/α", r"\frac{1}{\alpha}"),
        ((1 + alpha) / beta, "(α + 1)/β", r"\frac{\alpha + 1}{\beta}"),
        (alpha / (1 - beta), "(-α)/(β - 1)", r"\frac{-\alpha}{\beta - 1}"),
    ],
)
def test_written(expression: sp.Expr, text: str, latex: str) -> None:
    ratio = Ratio.of(expression, LETTERS)
    assert (ratio.text, ratio.latex) == (text, latex)


def test_a_letter_declared_otherwise_is_named() -> None:
    other = sp.Symbol("beta", positive=True)
    assert other != beta
    with pytest.raises(ParameterError, match="use the same symbol beta throughout"):
        Ratio.of(other / (1 + alpha), [alpha, beta])


def test_text_is_never_evaluated(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    code = f"__import__('pathlib').Path({str(canary)!r}).touch()"
    for call in (
        lambda: Ratio.of(code, [alpha]),
        lambda: solve(Law((Term("a", code, 0), Term("b", 0, 1))), [alpha]),
        lambda: solve(Law((Term("a", alpha, 0), Term("b", 0, 1))), [alpha], [code]),
    ):
        with pytest.raises(ParameterError):
            call()
    assert not canary.exists()
