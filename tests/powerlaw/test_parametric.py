"""Laws with parameters: every answer against the law solved with numbers, and tables derived for other optimisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.phases.pieces import LETTERS, sectors
from scalesym.powerlaw import Budget, Law, Log, Term
from scalesym.powerlaw.parametric import Case, Sector, solve

F = Fraction
alpha, beta = LETTERS
A, B = sp.symbols("a b", real=True)
HALF = sp.Rational(1, 2)


def number(expression: object, letters: Sequence[sp.Symbol], point: Sequence[Fraction]) -> Fraction:
    values = {x: sp.Rational(p.numerator, p.denominator) for x, p in zip(letters, point, strict=True)}
    found = sp.sympify(expression).subs(values)
    return F(int(found.p), int(found.q))


def holds(case: Case, letters: Sequence[sp.Symbol], point: Sequence[Fraction]) -> bool:
    return any(all(number(p, letters, point) * sign > 0 for p, sign in part) for part in case.region)


def on_a_curve(cases: list[Case], letters: Sequence[sp.Symbol], point: Sequence[Fraction]) -> bool:
    return any(number(p, letters, point) == 0 for case in cases for part in case.region for p, _ in part)


def agrees(cases: list[Case], law: Law, letters: Sequence[sp.Symbol], point: Sequence[Fraction]) -> bool:
    """Whether exactly one case holds at a point off the curves, and says what the law with numbers says."""
    here = [case for case in cases if holds(case, letters, point)]
    if len(here) != 1:
        return False
    (case,) = here
    at = law.map(lambda exponent: number(exponent, letters, point))
    best = at.optimum()

    def value(expression: object) -> Fraction:
        return number(expression, letters, point)

    return (
        (None if case.xi is sp.nan else value(case.xi)) == best.xi
        and value(case.eta) == best.eta
        and case.tradeoff == best.tradeoff
        and {name: value(weight) for name, weight in case.weights.items()} == dict(best.weights)
        and tuple((value(x), value(y)) for x, y in case.scales) == best.scales
        and [(name, value(start)) for name, start in case.stages] == [(s.term, s.start) for s in at.stages()]
        and case.unique == (best.interval[0] == best.interval[1])
    )


# -- cases against numbers ---------------------------------------------------------------------------------------------

LAWS = {
    "two terms": Law((Term("data", A, 0), Term("size", 0, B))),
    "three terms": Law((Term("data", A, 0), Term("both", B, 1), Term("size", 0, 1))),
    "a flat term": Law((Term("data", A, 0), Term("flat", 1, 1), Term("size", 0, B))),
    "a budget": Law((Term("data", 1, 0), Term("size", 0, A), Term("noise", 2, B)), Budget(2, 3), HALF),
    "a start": Law((Term("data", A, 0), Term("size", 0, 1)), start=B),
    "one letter": Law((Term("data", 1, 0), Term("fast", A, 0), Term("size", 0, A), Term("mixed", A / 2, A**2))),
    "a time that turns": Law(
        (Term("slow", A, 0, until=1), Term("fast", 2 * A, -A, after=1), Term("size", 0, 1), Term("noise", 1, 0))
    ),
    "a plateau": Law((Term("data", 2, 0), Term("plateau", 0, A, until=2), Term("size", 0, 1))),
    "logarithms": Law(
        (Term("data", A, 0, logs=(Log(1, time=1),)), Term("size", 0, 1, logs=(Log(A, size=1),)), Term("noise", 2, 0))
    ),
}
POSITIVE = st.fractions(F(1, 20), 4, max_denominator=20)


@cache
def solved(name: str) -> tuple[list[Case], tuple[sp.Symbol, ...]]:
    law = LAWS[name]
    found: set[sp.Symbol] = set()
    law.map(lambda each: found.update(sp.sympify(each).free_symbols) or each)
    letters = tuple(sorted(found, key=str))
    return solve(law, letters, letters), letters


@pytest.mark.parametrize("name", LAWS)
@settings(max_examples=15)
@given(a=POSITIVE, b=POSITIVE)
def test_cases_against_numbers(name: str, a: Fraction, b: Fraction) -> None:
    cases, letters = solved(name)
    point = (a, b)[: len(letters)]
    assume(not on_a_curve(cases, letters, point))
    assert agrees(cases, LAWS[name], letters, point)


@pytest.mark.parametrize("name", LAWS)
def test_each_case_holds_at_its_own_points(name: str) -> None:
    cases, letters = solved(name)
    assert cases
    for case in cases:
        assert all(agrees([case], LAWS[name], letters, point) for point in case.points)


def test_the_comparison_rejects_wrong_cases() -> None:
    cases, letters = solved("two terms")
    (case,) = cases
    point, law = (F(1, 3), F(1, 4)), LAWS["two terms"]
    assert agrees(cases, law, letters, point)
    for wrong in (
        replace(case, eta=case.eta + sp.Rational(1, 10**6)),
        replace(case, xi=case.eta),
        replace(case, tradeoff=case.tradeoff[::-1]),
        replace(case, weights={"data": sp.Integer(1)}),
        replace(case, region=(((A, -1),),)),
    ):
        assert not agrees([wrong], law, letters, point)
    assert not agrees([case, case], law, letters, point)


def test_refused() -> None:
    law = LAWS["two terms"]
    with pytest.raises(ParameterError, match="two of them hold here"):
        solve([Sector(law, (A,)), Sector(law, (A - 1,))], (A, B))
    with pytest.raises(ParameterError, match="not rational in"):
        solve(Law((Term("data", sp.sqrt(A), 0), Term("size", 0, 1))), (A,))
    with pytest.raises(ParameterError, match="not rational in"):
        solve(law, (A,))
    with pytest.raises(ParameterError, match="not rational in"):
        solve(law, (A, B), [sp.exp(A)])
    with pytest.raises(ParameterError, match="fix all but two"):
        solve(law, (A, B, alpha))


# -- (a) gradient flow: the same loss without the noise of SGD ---------------------------------------------------------


@cache
def without_noise() -> list[Case]:
    return solve(
        [Sector(s.law.without("K_pp"), s.where) for s in sectors()], LETTERS, (alpha, 2 * alpha + 2 * beta - 1)
    )


ALPHAS, BETAS = st.fractions(F(1, 40), 3, max_denominator=40), st.fractions(-1, 4, max_denominator=40)


@settings(max_examples=30)
@given(ALPHAS, BETAS)
@example(F(1), F(2))
@example(F(2, 5), F(1))
@example(F(7, 25), F(1))
@example(F(1, 5), F(1))
def test_gradient_flow(a: Fraction, b: Fraction) -> None:
    """Without the noise, II goes on above β = α ("old III"), and Ic up to 2α = 1, instead of IVa and IVb."""
    assume(a + b > F(1, 2) and F(1, 2) not in (a, b))
    (case,) = [case for case in without_noise() if holds(case, LETTERS, (a, b))]
    found = tuple(number(each, LETTERS, (a, b)) for each in (case.eta, case.xi))
    rho = 2 * a + 2 * b - 1
    if 2 * a > 1 and 2 * b > 1:
        assert found == (1 - 1 / (2 * (a + b)), b / (a + b))
        assert case.tradeoff == ("F_pp", "F_ac")
    elif 2 * a > 1:
        assert found == (rho / (2 * a + 1), 1 / (2 * a + 1))
    elif 2 * b > 1:
        below = 3 * a + 2 * b - 2 * a * b - 1
        assert found == (a * rho / below, rho / (2 * below))
        assert case.tradeoff == ("F_pp", "F_0")
    else:
        assert found == (a + b - F(1, 2), F(1, 2))


def test_gradient_flow_has_four_phases() -> None:
    assert len(without_noise()) == 4


# -- (b), (c) DANA: another effective time, PAPER.md §7 ----------------------------------------------------------------


def loss(bounded: bool) -> tuple[Term, ...]:
    """The loss in the effective time τ for 2α > 1; ``bounded`` targets have 2β > 1."""
    terms = (
        Term("F_pp", (2 * alpha + 2 * beta - 1) / (2 * alpha), 0),
        Term("F_ac", 1 - 1 / (2 * alpha), 1),
        Term("F_0", 0, 2 * alpha if bounded else 2 * alpha + 2 * beta - 1),
        Term("K_pp", 2 - 1 / (2 * alpha), 0),
    )
    return terms if bounded else (terms[0], *terms[2:])


@cache
def decaying() -> list[Case]:
    """τ = t^q, q = 2 − 1/(2α)."""
    q = 2 - 1 / (2 * alpha)
    high = 2 * alpha - 1
    return solve(
        [
            Sector(Law(loss(True)).in_time(q), (high, 2 * beta - 1)),
            Sector(Law(loss(False)).in_time(q), (high, 1 - 2 * beta)),
        ],
        LETTERS,
        (high, 2 * alpha + 2 * beta - 1),
    )


def table_decaying(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """``(ξ, η)`` as PAPER.md has it."""
    q, p = 2 - 1 / (2 * a), 2 * a + 2 * b - 1
    beyond = (4 * a - 3) ** 2 > 5 and 4 * a > 3  # α > (3 + √5)/4
    if 2 * b < 1:
        return q / (2 * a + q), p * q / (2 * a + q)
    if beyond:
        return q / (2 * a + q), 2 * a * q / (2 * a + q)
    if b < a:
        return q * b / (a + q * b), p * q / (2 * (a + q * b))
    return q / (1 + q), q * q / (1 + q)


def after_table(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """``(ξ, η)`` by brute force: the least largest exponent over all crossings, a dozen lines of arithmetic."""
    q, rho = 2 - 1 / (2 * a), 1 + b / a - 1 / (2 * a)
    lines = [(-q * rho, q * rho), (-q * q, q * q)]
    if 2 * b > 1:
        fall = q * (1 - 1 / (2 * a))
        lines += [(-fall, fall - 1), (F(0), -2 * a)]
    else:
        lines += [(F(0), 1 - 2 * a - 2 * b)]
    xs = {F(0), F(1)} | {(s - p) / (m - n) for p, m in lines for s, n in lines if m != n}
    value, x = min((max(p + m * x for p, m in lines), x) for x in xs if 0 <= x <= 1)
    return x, -value


HIGH = st.fractions(F(11, 20), 3, max_denominator=40)


@settings(max_examples=30)
@given(HIGH, st.fractions(F(-1, 2), 4, max_denominator=40))
@example(F(13, 10), F(2))
@example(F(131, 100), F(2))
@example(F(13, 10), F(1))
@example(F(131, 100), F(1))
def test_decaying_momentum(a: Fraction, b: Fraction) -> None:
    assume(2 * a + 2 * b > 1 and 2 * b != 1)
    assert table_decaying(a, b)[1] == after_table(a, b)[1]
    assume(not on_a_curve(decaying(), LETTERS, (a, b)))
    (case,) = [case for case in decaying() if holds(case, LETTERS, (a, b))]
    found = tuple(number(each, LETTERS, (a, b)) for each in (case.xi, case.eta))
    assert found == table_decaying(a, b) == after_table(a, b)


def test_decaying_momentum_turns_at_its_critical_exponent() -> None:
    """The corner F_ac = F_0 is the optimum beyond α = (3 + √5)/4, where the curve 4α² − 6α + 1 vanishes."""
    curves = {p for case in decaying() for part in case.region for p, _ in part}
    (curve,) = [each for each in curves if sp.degree(each, alpha) == 2]
    assert sp.real_roots(curve, alpha)[-1] == (3 + sp.sqrt(5)) / 4


def constant(a: Fraction, b: Fraction) -> Law:
    """τ = t + t²/d: t up to t = d, t²/d from there on."""
    terms = []
    for term in loss(2 * b > 1):
        time, size = (number(each, LETTERS, (a, b)) for each in (term.time, term.size))
        terms += [Term(term.name, time, size, until=1), Term(term.name + "'", 2 * time, size - time, after=1)]
    return Law(tuple(terms))


def table_constant(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """``(ξ, η)`` as PAPER.md has it."""
    p = 2 * a + 2 * b - 1
    if 2 * b < 1:
        return 1 / (a + F(3, 2)), p / (a + F(3, 2))
    if 4 * a > 3:
        return 1 / (a + F(3, 2)), 4 * a / (2 * a + 3)
    if b < a:
        return 2 * b / (a + 3 * b), p / (a + 3 * b)
    return F(1, 2), 1 - 1 / (4 * a)


@settings(max_examples=30)
@given(HIGH, st.fractions(F(-1, 2), 4, max_denominator=40))
def test_constant_momentum(a: Fraction, b: Fraction) -> None:
    assume(2 * a + 2 * b > 1 and 2 * b != 1)
    best = constant(a, b).optimum()
    assert best.eta == table_constant(a, b)[1]
    if best.interval[0] == best.interval[1] and a != b:
        assert best.xi == table_constant(a, b)[0]
