"""Polynomials being computed with, against SymPy; and what it is for a statement to fail at a point."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scalesym.powerlaw.polynomials import Polynomial, Ratio
from scalesym.theorems.statements import And, Atom, Formula, Goal, Or, Relation, Sum, common, holds, quotient, reduced

F = Fraction
LETTERS = ("x", "y")
X, Y = sp.symbols(LETTERS)
x, y = (Sum.letter(name, LETTERS) for name in LETTERS)

numbers = st.fractions(-5, 5, max_denominator=6)
points = st.tuples(numbers, numbers)


@st.composite
def sums(draw: st.DrawFn, degree: int = 3) -> Sum:
    """Polynomials in two letters, the zero polynomial among them."""
    powers = st.tuples(st.integers(0, degree), st.integers(0, degree))
    terms = draw(st.dictionaries(powers, numbers.filter(bool), max_size=5))
    return Sum(LETTERS, terms)


def expression(total: Sum) -> sp.Expr:
    """The same for SymPy."""
    terms = (sp.Rational(c.numerator, c.denominator) * X**p * Y**q for (p, q), c in total.numbers.items())
    return sp.Add(*terms)


def equal(total: Sum, expected: sp.Expr) -> bool:
    return all(total.numbers.values()) and sp.expand(expression(total) - expected) == 0


def written(polynomial: Polynomial) -> sp.Expr:
    return sp.sympify(polynomial.at((X, Y)))


# -- arithmetic ----------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(sums(), sums(), numbers)
def test_arithmetic_is_that_of_sympy(one: Sum, other: Sum, number: Fraction) -> None:
    p, q, n = expression(one), expression(other), sp.Rational(number.numerator, number.denominator)
    assert equal(one + other, p + q)
    assert equal(one - other, p - q)
    assert equal(one * other, p * q)
    assert equal(-one, -p)
    assert equal(number + one, n + p)
    assert equal(number - one, n - p)
    assert equal(number * one, n * p)
    assert (one - one).numbers == {}


@settings(max_examples=50)
@given(sums())
def test_a_polynomial_has_coprime_integers_and_the_same_sign(total: Sum) -> None:
    polynomial = total.polynomial
    if not total.numbers:
        assert polynomial.terms == ()
        return
    coefficients = [coefficient for coefficient, _ in polynomial.terms]
    assert all(type(each) is int for each in coefficients)
    assert gcd(*coefficients) == 1
    ratios = {F(coefficient) / total.numbers[powers] for coefficient, powers in polynomial.terms}
    assert len(ratios) == 1
    assert ratios.pop() > 0
    degrees = [sum(powers) for _, powers in polynomial.terms]
    assert degrees == sorted(degrees, reverse=True)


@settings(max_examples=25)
@given(sums())
def test_integer_coefficients_stay_as_they_are(total: Sum) -> None:
    whole = total * 60  # denominators up to six
    assert sp.expand(written(whole.exactly) - expression(whole)) == 0
    assert equal(Sum.of(whole.exactly, LETTERS), expression(whole))


def test_a_polynomial_moves_to_more_letters_in_another_order() -> None:
    polynomial = Polynomial(("y", "x"), ((3, (2, 1)), (-1, (0, 0))))
    assert Sum.of(polynomial, ("x", "z", "y")).numbers == {(1, 0, 2): 3, (0, 0, 0): -1}
    top, bottom = quotient(Ratio(polynomial, Polynomial(("y",), ((2, (1,)),))), LETTERS)
    assert (top.numbers, bottom.numbers) == ({(1, 2): 3, (0, 0): -1}, {(0, 1): 2})


# -- factors -------------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(sums(2), st.lists(sums(1).filter(lambda s: any(map(any, s.numbers))), min_size=1, max_size=2))
def test_reduced_times_its_factor_is_the_whole(total: Sum, divisors: list[Sum]) -> None:
    positive = [each.polynomial for each in divisors]
    whole = total * Sum.of(positive[0], LETTERS) * Sum.of(positive[-1], LETTERS)
    left, factor = reduced(whole, positive)
    assert sp.expand(written(left) * expression(factor) - expression(whole)) == 0
    assert all(sp.div(written(left), written(each), X, Y)[1] != 0 for each in positive) or not left.terms


@settings(max_examples=20)
@given(sums(2), st.integers(0, 3))
def test_a_factor_is_divided_out_as_often_as_it_divides(total: Sum, times: int) -> None:
    divisor = x + 2 * y
    assume(total.numbers and sp.div(expression(total), expression(divisor), X, Y)[1] != 0)
    whole = total
    for _ in range(times):
        whole = whole * divisor
    left, factor = reduced(whole, [divisor.polynomial])
    assert left == total.polynomial
    expected = expression(divisor) ** times
    assert sp.simplify(expression(factor) / expected).is_positive


def test_what_does_not_divide_stays() -> None:
    left, factor = reduced(x * x + y, [x.polynomial, (x + y).polynomial])
    assert left.text == "x^2 + y"
    assert factor.numbers == {(0, 0): 1}


@settings(max_examples=20)
@given(sums(2), sums(2), sums(1).filter(lambda s: any(map(any, s.numbers))))
def test_common_keeps_the_ratio(one: Sum, other: Sum, factor: Sum) -> None:
    assume(one.numbers and other.numbers)
    left, right = common([one * factor, other * factor], [factor.polynomial])
    assert sp.expand(written(left) * expression(other) - written(right) * expression(one)) == 0
    assert gcd(*(c for each in (left, right) for c, _ in each.terms)) == 1
    assert any(sp.div(written(each), expression(factor), X, Y)[1] != 0 for each in (left, right))


def test_common_of_nothing_is_nothing() -> None:
    assert common([], [x.polynomial]) == []


# -- truth ---------------------------------------------------------------------------------------------------------------

RELATIONS: tuple[Relation, ...] = (">", ">=", "<", "<=", "=", "!=")


@pytest.mark.parametrize("relation", RELATIONS)
@settings(max_examples=25)
@given(total=sums(), point=points)
def test_an_atom_holds_where_its_polynomial_compares(relation: Relation, total: Sum, point: tuple[F, F]) -> None:
    value = sum(c * point[0] ** p * point[1] ** q for (p, q), c in total.numbers.items())
    compare = {"=": value == 0, "!=": value != 0, ">": value > 0, "<": value < 0, ">=": value >= 0, "<=": value <= 0}
    atom = Atom(total.polynomial, relation)
    assert holds(atom, point) is compare[relation]
    assert holds(atom.negated, point) is not compare[relation]
    assert atom.negated.negated == atom


def test_connectives() -> None:
    true, false = Atom((x * 0).polynomial, "="), Atom((x * 0).polynomial, "!=")
    cases: list[tuple[Formula, bool, str]] = [
        (And(()), True, "true"),
        (Or(()), False, "false"),
        (And((true, false)), False, "0 = 0 and 0 != 0"),
        (Or((true, false)), True, "0 = 0 or 0 != 0"),
        (And((true, Or((false, true)))), True, "0 = 0 and (0 != 0 or 0 = 0)"),
        (Or((false, And((true, false)))), False, "0 != 0 or (0 = 0 and 0 != 0)"),
    ]
    for formula, truth, text in cases:
        assert holds(formula, (F(1), F(1))) is truth
        assert str(formula) == text


def test_a_goal_fails_only_where_its_hypotheses_hold_and_its_conclusion_does_not() -> None:
    goal = Goal(
        "small", "1 < x implies x > 2", LETTERS, (Atom((x - 1).polynomial, ">"),), Atom((x - 2).polynomial, ">")
    )
    assert goal.fails_at({"x": F(2), "y": F(0)})
    assert goal.fails_at({"y": F(0), "x": 1 + F(1, 10**40)})
    assert not goal.fails_at({"x": F(1), "y": F(0)})
    assert not goal.fails_at({"x": F(3), "y": F(0)})
    with pytest.raises(KeyError):
        goal.fails_at({"x": F(3)})
