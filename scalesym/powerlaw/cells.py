"""The cells into which polynomials cut a plane, with a rational point in each, and regions in terms of signs.

Which term of a law dominates depends on its parameters through the signs of finitely many polynomials. In two parameters
the open cells on which all signs are constant are found exactly, by cylindrical decomposition: between neighbouring roots of
discriminants, leading coefficients and resultants the roots in the second parameter neither meet nor leave, so that one
rational point in each interval, and between neighbouring roots above it, visits every cell. Real roots are isolated exactly;
no floating-point number takes part. What happens *on* the curves is left to whoever asks.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any

import sympy as sp

from ..errors import ParameterError
from .polynomials import Ratio, symbolic

__all__ = ["Point", "factors", "open_cells", "rational", "region", "signs"]

_Expr = Any  # SymPy ships no types

#: A rational point of the parameters' space.
Point = tuple[Fraction, ...]

#: Signs that must hold together: pairs of a polynomial and ``1`` or ``-1``.
Conjunction = tuple[tuple[_Expr, int], ...]


def factors(expressions: Iterable[_Expr], letters: Sequence[_Expr]) -> list[_Expr]:
    """The irreducible polynomials whose signs decide those of rational functions, without constants, sorted.

    Raises
    ------
    ParameterError
        If one is not rational in these letters.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> factors([(x**2 - y**2) / x, 4 - 2 * x], (x, y))
    [x, x + y, x - 2, x - y]
    """
    found: set[_Expr] = set()
    for expression in expressions:
        for part in sp.fraction(sp.together(expression)):
            try:
                found_in_part = sp.factor_list(part, *letters)[1]
            except sp.PolynomialError as error:
                known = ", ".join(map(str, letters))
                reason = f"it is not rational in {known}"
                raise ParameterError("expressions", expression, reason, "name every parameter") from error
            for factor, _ in found_in_part:
                poly = sp.Poly(factor, *letters)
                found.add((-poly if poly.LC() < 0 else poly).as_expr())
    return sorted(found, key=lambda each: (sp.Poly(each, *letters).total_degree(), sp.count_ops(each), str(each)))


def open_cells(polynomials: Sequence[_Expr], letters: Sequence[_Expr]) -> list[Point]:
    """Rational points in every open cell of the space cut by the zeros of the polynomials.

    There is one in each cell above each interval, so that a cell that reaches over several intervals has as many.

    Parameters
    ----------
    polynomials:
        Irreducible, as :func:`factors` returns them.
    letters:
        No, one or two variables.

    Raises
    ------
    ParameterError
        If there are more than two.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> len(open_cells([x**2 + y**2 - 1, x - y], (x, y)))
    16
    """
    if len(letters) > 2:
        raise ParameterError("parameters", letters, "cells are found in a line or a plane", "fix all but two of them")
    if not letters:
        return [()]
    first, *rest = letters
    if not rest:
        return [(at,) for at in _between(polynomials, first)]
    (second,) = rest
    points: list[Point] = []
    for at in _between(_projection(polynomials, first, second), first):
        above = [each.subs(first, rational(at)) for each in polynomials if each.has(second)]
        points += [(at, height) for height in _between(above, second)]
    return points


def _projection(polynomials: Sequence[_Expr], first: _Expr, second: _Expr) -> list[_Expr]:
    """Polynomials in the first letter between whose roots nothing happens above."""
    found = [each for each in polynomials if not each.has(second)]
    high = [sp.Poly(each, second) for each in polynomials if each.has(second)]
    for poly in high:
        found.append(poly.LC())
        if poly.degree() > 1:
            found.append(poly.discriminant())
    found += [one.resultant(other) for one, other in combinations(high, 2)]
    return factors([symbolic(each) for each in found if symbolic(each).has(first)], (first,))


def _between(polynomials: Sequence[_Expr], letter: _Expr) -> list[Fraction]:
    """Rational points, as simple as may be, between, below and above the real roots of univariate polynomials."""
    product = sp.Integer(1)
    for factor in factors(polynomials, (letter,)):
        product *= factor
    if not product.has(letter):
        return [Fraction(0)]
    ends = _isolated(sp.Poly(product, letter))
    if not ends:
        return [Fraction(0)]
    inner = [_simplest(high, low) for (_, high), (low, _) in pairwise(ends)]
    return [Fraction(floor(ends[0][0]) - 1), *inner, Fraction(ceil(ends[-1][1]) + 1)]


def _isolated(poly: _Expr) -> list[tuple[Fraction, Fraction]]:
    """Intervals that hold one real root each, with gaps between them."""
    width = Fraction(1)
    while True:
        found = [(_fraction(low), _fraction(high)) for (low, high), _ in poly.intervals(eps=rational(width))]
        if all(high < low for (_, high), (low, _) in pairwise(found)):
            return found
        width /= 16


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator strictly between two."""
    middle = (low + high) / 2
    size = 1
    while True:
        size *= 2
        near = middle.limit_denominator(size)
        if low < near < high:
            return near


def signs(
    polynomials: Sequence[_Expr], letters: Sequence[_Expr], points: Iterable[Point]
) -> dict[Point, tuple[int, ...]]:
    """The sign of each polynomial at rational points.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> signs([x - 1, x], [x], [(Fraction(1, 2),)])
    {(Fraction(1, 2),): (-1, 1)}
    """
    compiled = [Ratio.of(each, letters or [sp.Symbol("x")]).top for each in polynomials]
    return {point: tuple(each.sign_at(point or (Fraction(0),)) for each in compiled) for point in points}


def region(
    inside: Sequence[Point], outside: Sequence[Point], polynomials: Sequence[_Expr], letters: Sequence[_Expr]
) -> list[Conjunction]:
    """The fewest sign conditions that hold at all points inside and, together, at none outside.

    The points stand for cells, so that the conditions describe the union of cells exactly, up to the curves themselves. If
    no conjunction does, there are several, one of which holds at each point inside.

    Parameters
    ----------
    inside, outside:
        Points off the curves, at least one of them inside.
    polynomials, letters:
        As for :func:`open_cells`.

    Raises
    ------
    ParameterError
        If the signs do not tell the points apart.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> cells = open_cells([x, y], (x, y))
    >>> quadrant = [(a, b) for a, b in cells if a > 0 and b > 0]
    >>> region(quadrant, [cell for cell in cells if cell not in quadrant], [x, y], (x, y))
    [((x, 1), (y, 1))]
    """
    table = signs(polynomials, letters, (*inside, *outside))
    return _conjunctions(list(inside), list(outside), polynomials, table)


def _conjunctions(
    inside: list[Point], outside: list[Point], polynomials: Sequence[_Expr], table: Mapping[Point, tuple[int, ...]]
) -> list[Conjunction]:
    constant = [n for n in range(len(polynomials)) if len({table[point][n] for point in inside}) == 1]
    wanted = {n: table[inside[0]][n] for n in constant}

    def excludes(chosen: Iterable[int]) -> bool:
        chosen = list(chosen)
        return all(any(table[point][n] != wanted[n] for n in chosen) for point in outside)

    if excludes(constant):
        kept = list(constant)
        for n in reversed(constant):  # the most complicated first
            if excludes(without := [each for each in kept if each != n]):
                kept = without
        for size in range(len(kept)):  # perhaps fewer will do
            for chosen in combinations(constant, size):
                if excludes(chosen):
                    return [tuple((polynomials[n], wanted[n]) for n in chosen)]
        return [tuple((polynomials[n], wanted[n]) for n in kept)]
    for n in range(len(polynomials)):
        if n not in constant:
            halves = [[point for point in inside if table[point][n] == sign] for sign in (1, -1)]
            return [each for half in halves for each in _conjunctions(half, outside, polynomials, table)]
    raise ParameterError("inside", inside, "the signs do not tell it from the outside", "add polynomials")


def _fraction(value: _Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def rational(value: Fraction) -> _Expr:
    """As SymPy writes it."""
    return sp.Rational(value.numerator, value.denominator)
