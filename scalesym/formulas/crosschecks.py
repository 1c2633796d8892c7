r"""Checks of steps about the deterministic equivalent, by roads the operations never take.

Operations see symbols in the plane of ``ζ``. Here the fixed point is solved for ``m`` at points ``z`` and around whole loops
of them, moments are added up in fractions (:mod:`scalesym.formulas.small`), and both sides of a step are computed from
the definitions of all that occurs in them, loops by quadrature.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, z
from .checks import Point
from .definitions import records
from .derivation import Check, DerivationError, Evidence, Outcome
from .evaluation import expanded, resolved, value
from .loops import split_loop
from .small import Small
from .trees import encode, free_names

__all__ = [
    "agreement",
    "by_moments",
    "close",
    "number_at",
    "over_the_loop",
    "private",
    "pulled_back",
    "shown",
    "tends_to_one",
]

_Expr = Any  # SymPy ships no types

_m_z = QUANTITIES["m_z"](z)


def agreement(points: Sequence[Point], digits: int = 12) -> Check:
    """Both sides agree, each computed from the definitions of all that occurs in it; loops by quadrature."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            left, right = (number_at(side, point, digits) for side in (before, outcome.expression))
            figures.append(close(point, left, right, digits))
        return Evidence(f"both sides agree to {digits} digits at {len(points)} rational points", tuple(figures))

    return check


def pulled_back(points: Sequence[Point], digits: int = 25) -> Check:
    """At points ``z`` off the spectrum, with ``m`` from the fixed point and ``ζ = -z/m``, both sides agree."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            ctx = private(digits + 10)
            for place in (ctx.mpc("0.3", "0.4"), ctx.mpc("-0.02", "0.003"), ctx.mpf("-0.7")):
                m = _solved(tuple(sorted(point.items())), place, digits + 10)
                left, right = (_at_z(e, point, place, m, ctx) for e in (before, outcome.expression))
                figures.append(close({**point, "z": place}, left, right, digits))
        claim = "m solved from its fixed point by Newton's method, both sides agree at ζ = -z/m"
        return Evidence(f"{claim}, {digits} digits, {len(figures)} points z", tuple(figures))

    return check


def over_the_loop(points: Sequence[Point], digits: int = 12) -> Check:
    """The side before, a loop in the plane of ``z``, by quadrature with ``m`` from its fixed point, equals the side after."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            left = _around(before, point, private(digits + 10))
            figures.append(close(point, left, number_at(outcome.expression, point, digits), digits))
        claim = "the loop in the plane of z, m solved at every node, agrees with the result"
        return Evidence(f"{claim} to {digits} digits at {len(points)} points", tuple(figures))

    return check


def by_moments(exact: Callable[[Small, int], Sequence[Fraction]], points: Sequence[Point], digits: int = 12) -> Check:
    """The result is the number found from exact moments, at ``r`` of every point (0 where it has none)."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures, ctx = [], private(digits + 10)
        for point in points:
            known = exact(Small(point), int(point.get("r", 0)) + 1)[-1]
            number = ctx.mpf(known.numerator) / known.denominator
            figures.append(close(point, number, number_at(outcome.expression, point, digits), digits))
        claim = "the result is the fraction that exact moments of the fixed point give"
        return Evidence(f"{claim}, to {digits} digits at {len(points)} points", tuple(figures))

    return check


def tends_to_one(points: Sequence[Point], letter: str, at: Sequence[Fraction], power: float) -> Check:
    """``before/after → 1`` as a letter moves along ``at``, with an error that falls like a power of it, or faster."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            gaps = []
            for size in at:
                moved = {**point, letter: size}
                left, right = (number_at(side, moved, 12) for side in (before, outcome.expression))
                gaps.append(float(abs(left / right - 1)))
            falls = [(max(a, b) / min(a, b)) ** -power for a, b in pairwise(at)]
            if not all(b <= a * float(fall) * 1.3 for (a, b), fall in zip(pairwise(gaps), falls, strict=True)):
                raise DerivationError(f"at {shown(point)} the ratio does not tend to 1: gaps {gaps}")
            figures.append(
                f"{shown(point)}: " + ", ".join(f"{gap:.1e} at {letter} = {k}" for gap, k in zip(gaps, at, strict=True))
            )
        return Evidence(f"the ratio of both sides tends to 1 along {letter}, {len(points)} points", tuple(figures))

    return check


def number_at(expression: _Expr, point: Point, digits: int) -> Any:
    """The value of an expression, everything in it that has a definition being computed from it; loops by quadrature."""
    useful = _letters(expression)
    return _number(expression, tuple(sorted((name, given) for name, given in point.items() if name in useful)), digits)


@lru_cache(maxsize=256)
def _letters(expression: _Expr) -> set[str]:
    """The letters on which a value may depend."""
    found: set[str] = set()
    waiting = [_tree(expression)]
    while waiting:
        new = free_names(waiting.pop()) - found
        found |= new
        for name in new & set(_definitions()):
            waiting += [expanded(part, _definitions()) for part in _definitions()[name]["statement"][1:]]
    return found


@lru_cache(maxsize=1024)
def _number(expression: _Expr, point: tuple[tuple[str, Fraction], ...], digits: int) -> Any:
    ctx, tree = private(digits + 10), _tree(expression)
    return value(tree, resolved(tree, dict(point), _definitions(), ctx), ctx)


@lru_cache(maxsize=1)
def _definitions() -> Mapping[str, Mapping[str, Any]]:
    return records()


@lru_cache(maxsize=64)
def _solved(point: tuple[tuple[str, Fraction], ...], place: Any, digits: int) -> Any:
    return Small(dict(point)).at(place, private(digits))


def _at_z(expression: _Expr, point: Point, place: Any, m: Any, ctx: Any) -> Any:
    """The value at one ``z``, with ``m(z)`` given."""
    tree = _tree(expression)
    given = {**point, "m": m, "z": place, "zeta": -place / m}
    return value(tree, resolved(tree, given, _definitions(), ctx), ctx)


@lru_cache(maxsize=64)
def _tree(expression: _Expr) -> Any:
    return expanded(encode(expression.subs(_m_z, sp.Symbol("m"))), _definitions())


def _around(expression: _Expr, point: Point, ctx: Any) -> Any:
    """A multiple of a loop in the plane of ``z``: the trapezoidal rule on a circle far outside the spectrum."""
    coefficient, loop = split_loop(expression)
    radius = ctx.convert(number_at(loop.args[2], point, 15))
    small, nodes, total = Small(point), 16, None
    while nodes <= 512:
        circle = [radius * ctx.expjpi((ctx.mpf(2 * k) + 1) / nodes) for k in range(nodes // 2)]
        solved = zip(circle, small.followed(circle, ctx), strict=True)
        values = [(_at_z(loop.integrand, point, place, m, ctx) * place).real for place, m in solved]
        previous, total = total, 2 * ctx.fsum(values) / nodes
        if previous is not None and abs(total - previous) <= max(map(abs, values)) * ctx.mpf(10) ** (6 - ctx.dps):
            return total * _at_z(coefficient, point, ctx.mpf(1), ctx.mpf(1), ctx)
        nodes *= 2
    raise DerivationError(f"the loop {expression} did not converge at {shown(point)}")


@lru_cache(maxsize=16)
def private(digits: int) -> Any:
    """An mpmath context of one's own."""
    from mpmath import MPContext

    ctx = MPContext()
    ctx.dps = digits
    return ctx


def close(point: Mapping[str, Any], left: Any, right: Any, digits: int = 11) -> str:
    """One line about two numbers that agree to so many digits; an error if they do not."""
    gap = abs(left - right) / max(abs(left), abs(right))
    if not gap <= 10.0**-digits:
        raise DerivationError(f"at {shown(point)}: {_short(left)} before, {_short(right)} after")
    return f"{shown(point)}: relative difference {float(gap):.1e}"


def _short(number: Any) -> str:
    return str(number.context.nstr(number, 20))


def shown(point: Mapping[str, Any]) -> str:
    """Values of letters on one line."""
    return ", ".join(f"{name} = {given}" for name, given in point.items())
