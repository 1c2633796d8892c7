r"""Numeric roads to what the derivations claim: they see expressions as functions of numbers, and no symbols.

============================  ==========================================================================
:func:`inserted`              one letter by a number that arithmetic gives, both sides agree
:func:`valued`                the result is a number found by any function of the point
:func:`rooted`                the result is where the two sides of the equation before meet, by bisection
:func:`least_at`              the root of the result is where the expression before is least, by sections
:func:`differences`           the result is a derivative of the expression before, by differences
============================  ==========================================================================

Points are random fractions between 1/3 and 3, the same at every run. Every check raises
:class:`~scalesym.formulas.derivation.DerivationError` where two roads differ in the first twenty digits.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mpmath import MPContext

from ...formulas.derivation import Check, DerivationError, Evidence, Outcome
from ...formulas.evaluation import value
from ...formulas.trees import Tree, encode

__all__ = [
    "CTX",
    "Numbers",
    "crossing",
    "differences",
    "inserted",
    "least",
    "least_at",
    "number",
    "places",
    "rooted",
    "valued",
]

_Expr = Any
#: Values of letters by name.
Numbers = Mapping[str, Any]
CTX = MPContext()
CTX.dps = 60
_DIGITS = 20


def number(expression: _Expr, at: Numbers) -> Any:
    """The value of an expression, with sixty digits or so."""
    return value(_tree(expression), dict(at), CTX)


@lru_cache(maxsize=64)
def _tree(expression: _Expr) -> Tree:
    """The tree of an expression that a road asks for at many points."""
    return encode(expression)


def places(letters: str, count: int = 4, keep: Callable[[Numbers], bool] = lambda at: True) -> tuple[Numbers, ...]:
    """Random values of letters, where they are of use.

    Examples
    --------
    >>> [sorted(at) for at in places("N D", 1)], places("N D", 1) == places("N D", 1)
    ([['D', 'N']], True)
    """
    names, source = letters.split(), random.Random(letters)
    found: list[Numbers] = []
    while len(found) < count:
        at = {name: CTX.mpf(source.randint(34, 300)) / 100 for name in names}
        if keep(at):
            found.append(at)
    return tuple(found)


def least(function: Callable[[Any], Any]) -> Any:
    """The positive number where a function is least, which has one valley, by golden sections of its logarithm.

    Examples
    --------
    >>> round(float(least(lambda x: x + 4 / x)), 12)
    2.0
    """
    ratio = (CTX.sqrt(5) - 1) / 2
    low, high = CTX.mpf(-60), CTX.mpf(60)
    inner = [high - ratio * (high - low), low + ratio * (high - low)]
    values = [function(CTX.exp(u)) for u in inner]
    while high - low > CTX.mpf(10) ** -27:
        if values[0] < values[1]:
            high, inner = inner[1], [inner[1] - ratio * (inner[1] - low), inner[0]]
            values = [function(CTX.exp(inner[0])), values[0]]
        else:
            low, inner = inner[0], [inner[1], inner[0] + ratio * (high - inner[0])]
            values = [values[1], function(CTX.exp(inner[1]))]
    return CTX.exp((low + high) / 2)


def crossing(function: Callable[[Any], Any], low: Any = None, high: Any = None) -> Any:
    """The number between two others where a monotone function changes its sign, by bisection; positive unless they are given.

    Examples
    --------
    >>> round(float(crossing(lambda x: x**3 - 8)), 12)
    2.0
    """
    in_logarithm = low is None
    a, b = (CTX.mpf(-400), CTX.mpf(400)) if in_logarithm else (CTX.mpf(low), CTX.mpf(high))

    def at(u: Any) -> Any:
        return function(CTX.exp(u) if in_logarithm else u)

    sign = at(a) > 0
    if (at(b) > 0) == sign:
        raise DerivationError("there is no crossing")
    for _ in range(100):  # 800/2^100 is 6e-28
        middle = (a + b) / 2
        a, b = (middle, b) if (at(middle) > 0) == sign else (a, middle)
    return CTX.exp(a) if in_logarithm else a


def _require_equal(found: Any, expected: Any, at: Numbers) -> None:
    if not abs(found - expected) <= max(abs(found), abs(expected)) * CTX.mpf(10) ** -_DIGITS:
        shown = ", ".join(f"{name} = {CTX.nstr(x, 5)}" for name, x in at.items())
        raise DerivationError(f"at {shown}: {CTX.nstr(found, 12)} instead of {CTX.nstr(expected, 12)}")


def _checked(
    points: Sequence[Numbers],
    claim: str,
    road: Callable[[_Expr, Numbers], Any],
    found: Callable[[_Expr, Numbers], Any] = number,
) -> Check:
    """What is found of ``after`` is what the road gives, which depends on ``before`` alone and is taken once."""
    taken: dict[tuple[_Expr, int], Any] = {}

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        for k, at in enumerate(points):
            for condition in outcome.conditions:
                if not number(condition.relation.gts - condition.relation.lts, at) > 0:
                    raise DerivationError(f"{condition.relation} does not hold where the check was to be made")
            if (before, k) not in taken:
                taken[before, k] = road(before, at)
            _require_equal(found(outcome.expression, at), taken[before, k], at)
        return Evidence(f"{claim}, {len(points)} points", ())

    return check


def inserted(points: Sequence[Numbers], **numbers: Callable[[Numbers], Any]) -> Check:
    """``before``, with numbers for some letters, is ``after``."""

    def road(before: _Expr, at: Numbers) -> Any:
        return number(before, {**at, **{name: how(at) for name, how in numbers.items()}})

    return _checked(points, f"both sides agree to {_DIGITS} digits", road)


def valued(points: Sequence[Numbers], road: Callable[[Numbers], Any], said: str) -> Check:
    """``after`` has the value that a numeric road gives; ``said`` is what the road is."""
    claim = f"the value is that found by {said}, to {_DIGITS} digits"
    return _checked(points, claim, lambda before, at: road(at))


def rooted(points: Sequence[Numbers], letter: str) -> Check:
    """``before`` is an equation, and ``after`` where its sides cross as functions of the letter."""

    def road(before: _Expr, at: Numbers) -> Any:
        gap = before.lhs - before.rhs
        return crossing(lambda x: number(gap, {**at, letter: x}))

    return _checked(points, f"the two sides cross there by bisection, to {_DIGITS} digits", road)


def least_at(points: Sequence[Numbers], letter: str) -> Check:
    """``after`` is an equation, and holds where ``before`` is least as a function of the letter."""

    def found(after: _Expr, at: Numbers) -> Any:
        gap = after.lhs - after.rhs
        return crossing(lambda x: number(gap, {**at, letter: x}))

    def road(before: _Expr, at: Numbers) -> Any:
        return least(lambda x: number(before, {**at, letter: x}))

    claim = f"its root is where the line above is least by golden sections, to {_DIGITS} digits"
    return _checked(points, claim, road, found)


def differences(points: Sequence[Numbers], of: Callable[[_Expr, Numbers], Any]) -> Check:
    """``after`` is what differences of ``before`` give."""
    return _checked(points, f"the value is that of numerical differentiation, to {_DIGITS} digits", of)
