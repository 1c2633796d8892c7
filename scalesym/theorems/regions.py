"""Exact points of the region in which a goal's hypotheses hold.

They tell the writer of a proof which sign a polynomial has, and the reader of a failed proof whether the goal was false. What a
proof does with them is checked by somebody else, and a counterexample by putting it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from ..powerlaw.polynomials import Polynomial
from .statements import Atom, Goal, holds

__all__ = ["Point", "counterexample", "points_of"]

Point = tuple[Fraction, ...]

#: Where each letter is looked for. ``alpha`` and ``beta`` avoid the simple fractions, at which curves meet.
_GRID = {
    "alpha": [Fraction(n, 60) + Fraction(1, 997) for n in (*range(1, 31, 2), 34, 45, 60, 75, 120)],
    "beta": [Fraction(n, 20) + Fraction(1, 991) for n in (-12, -6, *range(0, 16, 2), 17, 20, 24, 30, 45)],
}
_ELSEWHERE = [Fraction(1, 2), *(Fraction(n, 7) for n in (0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 21))]


def points_of(goal: Goal) -> tuple[Point, ...]:
    """Points at which the hypotheses hold; on a curve without rational points, nearly, and the nearest first.

    Examples
    --------
    >>> x = Polynomial(("x",), ((3, (1,)), (-1, (0,))))
    >>> points_of(Goal("third", "", ("x",), (Atom(x, "="),), Atom(x, "=")))
    ((Fraction(1, 3),),)
    """
    return _points(goal.letters, goal.hypotheses)


def counterexample(goal: Goal) -> dict[str, Fraction] | None:
    """A point at which the hypotheses hold and the conclusion does not, if one was looked at.

    Examples
    --------
    >>> x = Polynomial(("x",), ((2, (1,)), (-1, (0,))))
    >>> counterexample(Goal("half", "2x > 1", ("x",), (), Atom(x, ">")))
    {'x': Fraction(1, 2)}
    """
    named = (dict(zip(goal.letters, point, strict=True)) for point in points_of(goal))
    return next((point for point in named if goal.fails_at(point)), None)


@cache
def _points(letters: tuple[str, ...], hypotheses: tuple[Atom, ...]) -> tuple[Point, ...]:
    equations = [each.polynomial for each in hypotheses if each.relation == "="]
    others = [each for each in hypotheses if each.relation != "="]
    found: list[Point] = [()]
    for count, letter in enumerate(letters, start=1):
        known = [each for each in others if _reach(each.polynomial) == count]
        equation = next((each for each in equations if _reach(each) == count), None)
        rest = (Fraction(0),) * (len(letters) - count)
        found = [
            (*point, value)
            for point in found
            for value in _values(letter, equation, point, rest)
            if all(holds(each, (*point, value, *rest)) for each in known)
        ]
    return tuple(sorted(found, key=lambda point: sum(abs(each.at(point)) for each in equations)))


def _reach(polynomial: Polynomial) -> int:
    """How many letters must be known before the polynomial is; one, for a number."""
    return max((n for _, powers in polynomial.terms for n, power in enumerate(powers, start=1) if power), default=1)


def _values(letter: str, equation: Polynomial | None, point: Point, rest: Point) -> Sequence[Fraction]:
    """Where to look for the next letter: at the zero of an equation that is linear in it, or on a grid."""
    grid = _GRID.get(letter, _ELSEWHERE)
    if equation is None or any(powers[len(point)] > 1 for _, powers in equation.terms):
        return grid
    at_zero, at_one = (Fraction(equation.at((*point, Fraction(n), *rest))) for n in (0, 1))
    return [at_zero / (at_zero - at_one)] if at_zero != at_one else [] if at_zero else grid
