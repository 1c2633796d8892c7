"""The frontier with its constants: closed form against direct minimisation, and against the textbook's law."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from scalesym.errors import ParameterError
from scalesym.powerlaw import Budget, Law, Log, Term, best, constants

HOFFMANN = Law((Term("size", 0, 0.34, 406.4), Term("data", 0.28, 0, 410.7)), Budget(constant=6))
positive = st.fractions(min_value=Fraction(1, 10), max_value=3, max_denominator=20)
coefficients = st.floats(min_value=0.01, max_value=100)


def searched(law: Law, budget: float) -> tuple[float, float]:
    """By golden section on the sum itself, written out: ``r = (f/c d^w)^{1/u}``."""

    def loss(log_size: float) -> float:
        log_time = (math.log(budget / law.budget.constant) - law.budget.size * log_size) / law.budget.time
        logs = [math.log(t.coefficient) - t.time * log_time - t.size * log_size for t in law.terms]
        top = max(logs)
        return top + math.log(math.fsum(math.exp(each - top) for each in logs))

    end = math.log(budget / law.budget.constant) / law.budget.size
    found = minimize_scalar(loss, bounds=(0, end), method="bounded", options={"xatol": 1e-11})
    return float(found.x), float(found.fun)


@given(positive, positive, positive, coefficients, coefficients, st.integers(1, 3), st.integers(1, 3))
def test_two_terms(a: Fraction, b: Fraction, c: Fraction, one: float, two: float, u: int, w: int) -> None:
    law = Law((Term("data", a, 0, one), Term("size", Fraction(0), b, two)), Budget(u, w, constant=2))
    size, loss = constants(law, ("data", "size"))
    exponents = law.optimum()
    for budget in (1e60, 1e200):
        log_size = math.log(size) + float(exponents.xi) * math.log(budget)
        log_loss = math.log(loss) - float(exponents.eta) * math.log(budget)
        found = searched(law, budget)
        assert log_loss == pytest.approx(found[1], abs=1e-9)
        assert log_size == pytest.approx(found[0], rel=1e-5)
        exact = best(law, budget)
        assert math.log(exact.size) == pytest.approx(log_size, rel=1e-10)
        assert math.log(exact.loss) == pytest.approx(log_loss, rel=1e-10, abs=1e-10)


@given(st.lists(st.tuples(positive, positive, coefficients), min_size=1, max_size=4), positive, positive)
def test_several_terms_at_a_finite_budget(
    rows: list[tuple[Fraction, Fraction, float]], a: Fraction, b: Fraction
) -> None:
    terms = [Term(f"{n}", p, q, c) for n, (p, q, c) in enumerate(rows)]
    law = Law((*terms, Term("data", a, 0, 2.0), Term("size", Fraction(0), b, 3.0)))
    try:
        found = best(law, 1e40)
    except ParameterError:
        end = math.log(1e40)
        assert min(searched(law, 1e40)[0], end - searched(law, 1e40)[0]) < 1e-3 * end
        return
    assert math.log(found.loss) <= searched(law, 1e40)[1] + 1e-9
    assert math.fsum(found.shares.values()) == pytest.approx(1)


def test_chinchilla() -> None:
    size, loss = constants(HOFFMANN, ("data", "size"))
    assert size == pytest.approx(0.598695, rel=1e-5)  # SYSTEMS.md, in plain FLOP
    assert loss == pytest.approx(1071.365, rel=1e-5)
    assert best(HOFFMANN, 5.76e23).size == pytest.approx(3.21899e10, rel=1e-5)


def test_a_wrong_constant_is_seen() -> None:
    swapped = Law((Term("size", 0, 0.34, 410.7), Term("data", 0.28, 0, 406.4)), Budget(constant=6))
    assert constants(swapped, ("data", "size"))[0] != pytest.approx(0.598695, rel=1e-3)
    assert constants(HOFFMANN, ("size", "data")) == pytest.approx(constants(HOFFMANN, ("data", "size")))


def test_symbols() -> None:
    a, b, A, B = sp.symbols("a b A B", positive=True)
    law = Law((Term("size", 0, a, A), Term("data", b, 0, B)))
    size, loss = constants(law, ("data", "size"))
    assert sp.simplify(size - (a * A / (b * B)) ** (1 / (a + b))) == 0
    at = {a: sp.Rational(1, 3), b: sp.Rational(1, 4), A: 5, B: 7}
    numbers = Law((Term("size", 0, Fraction(1, 3), 5.0), Term("data", Fraction(1, 4), 0, 7.0)))
    assert float(loss.subs(at)) == pytest.approx(best(numbers, 1e30).loss * 1e30 ** (1 / 7))


def test_what_has_no_such_frontier_is_refused() -> None:
    with pytest.raises(ParameterError, match="two terms"):
        constants(HOFFMANN, ("size",))
    with pytest.raises(ParameterError, match="logarithm"):
        constants(Law((Term("a", 1, 0, logs=(Log(1, size=1),)), Term("b", 0, 1))), ("a", "b"))
    with pytest.raises(ParameterError, match="ranges"):
        best(Law((Term("a", 1, 0, until=1), Term("b", 0, 1))), 1e9)
    with pytest.raises(ParameterError, match="at an end"):
        best(Law((Term("a", 0, 1),)), 1e9)
    for budget in (1.0, -1.0, math.nan, math.inf):
        with pytest.raises(ParameterError, match="FLOPs"):
            best(HOFFMANN, budget)
