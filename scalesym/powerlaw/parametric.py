"""A law whose exponents depend on parameters: every answer, with the inequalities under which it holds.

The answer at a point of the parameters' space is a combinatorial thing: which terms are the largest in turn, which two trade
off at the optimum. It can change only where one of finitely many polynomials vanishes. They are collected, the space is
cut along them (:mod:`scalesym.powerlaw.cells`), the law is solved in exact rationals at one point of each cell, and the cells
that give the same formulas are put together and described by the fewest signs that will do.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy as sp

from ..errors import ParameterError
from .cells import Conjunction, Point, factors, open_cells, region, signs
from .laws import Law, Optimum, Term, exact
from .polynomials import Ratio, symbolic

__all__ = ["Case", "Sector", "solve"]

_Expr = Any  # SymPy ships no types


@dataclass(frozen=True)
class Sector:
    """A law, and the polynomials that must be positive for it to apply."""

    law: Law
    where: tuple[_Expr, ...] = ()


@dataclass(frozen=True)
class Case:
    """One answer, and where it holds.

    Parameters
    ----------
    eta, xi:
        The exponents, ``d* ≍ f^ξ`` and ``P* ≍ f^{-η}``, as expressions in the parameters.
    tradeoff, weights:
        The terms that fix ``ξ``, and the dual weights, by term; see :class:`scalesym.powerlaw.Optimum`.
    stages:
        The terms that are the largest in turn along the loss curve, and the ``log_d r`` at which each hands over.
    unique:
        Whether ``ξ`` is the only minimiser of the largest term.
    scales:
        Powers of ``log f``, ``log log f`` in ``d*`` and ``P*``.
    region:
        Conjunctions of signs of polynomials, one of which holds; the curves themselves are excluded.
    points:
        A rational point of each of its cells.
    """

    eta: _Expr
    xi: _Expr
    tradeoff: tuple[str, ...]
    weights: Mapping[str, _Expr]
    stages: tuple[tuple[str, _Expr], ...]
    unique: bool
    scales: tuple[tuple[_Expr, _Expr], ...]
    region: tuple[Conjunction, ...]
    points: tuple[Point, ...]


def solve(
    sectors: Law | Sequence[Sector],
    parameters: Sequence[_Expr],
    domain: Sequence[_Expr] = (),
    also: Sequence[_Expr] = (),
) -> list[Case]:
    """Every answer of a law with parameters, or of a law that is another one in each sector of the parameters' space.

    Parameters
    ----------
    sectors:
        A law with rational exponents in the parameters, or several with the sectors in which they apply.
    parameters:
        At most two SymPy symbols.
    domain:
        Polynomials that are positive where an answer is wanted.
    also:
        Polynomials along which cells are cut as well, so that each of :attr:`Case.points` stands for less.

    Returns
    -------
    list of Case
        In the order of their first cells. Curves on which the answer changes are excluded.

    Raises
    ------
    ParameterError
        If an exponent is not rational in the parameters, there are more than two, or sectors overlap.

    Examples
    --------
    Two terms that fall with time and one that is left; the slower of the first two counts:

    >>> a = sp.Symbol("a", real=True)
    >>> law = Law((Term("slow", 1, 0), Term("fast", a, 0), Term("left", 0, 1)))
    >>> for case in solve(law, [a], [a]):
    ...     print(case.tradeoff, case.eta, case.xi, case.region)
    ('fast', 'left') a/(a + 1) a/(a + 1) (((a, 1), (a - 1, -1)),)
    ('slow', 'left') 1/2 1/2 (((a - 1, 1),),)
    """
    parts = (Sector(sectors),) if isinstance(sectors, Law) else tuple(sectors)
    letters = tuple(parameters)
    compiled = [_compiled(part.law, letters) for part in parts]
    given = [symbolic(each) for part in parts for each in part.where] + [symbolic(each) for each in domain]
    deciding = [each for part in parts for each in _deciding(part.law)]
    first = factors([*given, *also], letters)  # boundaries that are named anyway are preferred in the description
    polynomials = first + [each for each in factors(deciding, letters) if each not in first]
    formulas: dict[Any, Any] = {}
    inside: dict[Any, list[Point]] = {}
    outside: list[Point] = []
    cells = open_cells(polynomials, letters)
    positive = [_positive((*part.where, *domain), letters, cells) for part in parts]
    for point in cells:
        here = [n for n, points in enumerate(positive) if point in points]
        if len(here) > 1:
            raise ParameterError("sectors", point, "two of them hold here", "make them exclude one another")
        if not here:
            outside.append(point)
            continue
        key = (here[0], _shape(compiled[here[0]](point)))
        if key not in formulas:
            formulas[key] = _formulas(parts[here[0]].law, key[1])
        inside.setdefault(formulas[key], []).append(point)
    cases = []
    for answer, points in inside.items():
        others = [point for other, found in inside.items() if other != answer for point in found] + outside
        found = tuple(region(points, others, polynomials, letters))
        eta, xi, tradeoff, weights, stages, unique, scales = answer
        cases.append(Case(eta, xi, tradeoff, dict(weights), stages, unique, scales, found, tuple(points)))
    return cases


def _positive(polynomials: Iterable[_Expr], letters: Sequence[_Expr], points: Iterable[Point]) -> set[Point]:
    """Where all of them are positive."""
    table = signs([symbolic(each) for each in polynomials], letters, points)
    return {point for point, found in table.items() if min(found, default=1) > 0}


def _deciding(law: Law) -> list[_Expr]:
    """Rational functions whose signs decide which terms are the largest, in ``x`` and along the loss curve."""
    lines = [(law.intercept(term), law.slope(term)) for term in law.terms]
    found = [*(q for _, q in lines), law.split(law.start)]
    bounds = [at for term in law.terms for at in (term.after, term.until) if at is not None]
    for (p, q), (other_p, other_q) in combinations(lines, 2):
        found += [p - other_p, q - other_q]
    ends = [law.split(at) for at in (law.start, *bounds)]
    found += [one - other for one, other in combinations(ends, 2)]
    values = [(p + q * end) for end in ends for p, q in lines]
    for end in ends:
        found += [(p - other) + (q - slope) * end for (p, q), (other, slope) in combinations(lines, 2)]
    for one, two, three in combinations(lines, 3):
        found.append(sp.Matrix([[p, q, 1] for p, q in (one, two, three)]).det())
    if bounds:  # several stretches, whose minima are compared
        corners = [
            (p * slope - other * q) / (slope - q) for (p, q), (other, slope) in combinations(lines, 2) if slope != q
        ]
        found += [one - other for one, other in combinations([*values, *corners], 2)]
        found += [
            ((other_p - p) / (q - other_q)) - end
            for (p, q), (other_p, other_q) in combinations(lines, 2)
            if q != other_q
            for end in ends
        ]
        found += [
            law[one.name].size - law[two.name].size + (one.time - two.time) * at
            for one, two in combinations(law.terms, 2)
            for at in (law.start, *bounds)
        ]
    found += _deciding_logs(law)
    return [each for each in map(sp.together, map(symbolic, found)) if each.free_symbols]


def _deciding_logs(law: Law) -> list[_Expr]:
    """What decides at the scale of ``log f``: powers that compete, and logarithms that do or do not grow."""
    if not any(term.logs for term in law.terms):
        return []
    found: list[_Expr] = []
    powers = {term.name: sum((log.power for log in term.logs), sp.Integer(0)) for term in law.terms}
    for one, two, three in combinations(law.terms, 3):
        found.append(sp.Matrix([[powers[t.name], law.slope(t), 1] for t in (one, two, three)]).det())
    for one, two in combinations(law.terms, 2):
        q, other = law.slope(one), law.slope(two)
        if q == other:
            continue
        x = (law.intercept(two) - law.intercept(one)) / (q - other)
        time = (1 - law.budget.size * x) / law.budget.time
        found += [log.time * time + log.size * x for term in law.terms for log in term.logs]
    return found


@dataclass(frozen=True)
class _Shape:
    """The combinatorial answer at a point, all that its formulas depend on.

    ``end`` is an index into :func:`_ends` where ``ξ`` is an end of what is allowed. A stage comes with what it begins with: the
    index of a bound on ``r``, or ``None`` where the term overtakes the one before. For each scale of logarithms, the two terms
    that decide (or one), each with the indices of the logarithms that count.
    """

    pair: tuple[str, ...]
    end: int | None
    top: tuple[str, ...]
    stages: tuple[tuple[str, int | None], ...]
    unique: bool
    scales: tuple[tuple[tuple[str, tuple[int, ...]], ...], ...]


def _compiled(law: Law, letters: Sequence[_Expr]) -> Callable[[Point], Law]:
    """The law with numbers for its exponents, at any point; SymPy is asked once."""
    names = letters or [sp.Symbol("x")]
    ratios = law.map(lambda exponent: Ratio.of(exponent, names))
    return lambda point: ratios.map(lambda ratio: Fraction(ratio.at(point or (Fraction(0),))))


def _ends(law: Law) -> list[Any]:
    """The ``x`` that can be ends of a stretch."""
    return [0, *(law.split(at) for at in _bounds(law))]


def _bounds(law: Law) -> list[Any]:
    return [law.start, *(at for term in law.terms for at in (term.after, term.until) if at is not None)]


def _shape(law: Law) -> _Shape:
    best = law.optimum()
    end = _ends(law).index(best.xi) if len(best.tradeoff) == 1 else None
    stages: list[tuple[str, int | None]] = []
    last: Term | None = None
    for stage in law.stages():
        term = law[stage.term]
        met = last is not None and last.time != term.time and _meeting(last, term) == stage.start
        stages.append((term.name, None if met else _bounds(law).index(stage.start)))
        last = term
    unique = best.interval[0] == best.interval[1]
    return _Shape(best.tradeoff, end, tuple(best.weights), tuple(stages), unique, _deciding_pairs(law, best))


def _meeting(one: Term, other: Term) -> Any:
    """The ``log_d r`` at which two terms are equal."""
    return (other.size - one.size) / exact(one.time - other.time)


def _deciding_pairs(law: Law, best: Optimum) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], ...]:
    out = []
    x = [best.xi]
    tied = law.tied(best) if best.scales else ()
    for y, value in best.scales:
        reached = [term for term in tied if law.log_power(term, x) + law.slope(term) * y == value]
        up = next((term for term in reached if law.slope(term) > 0), None)
        down = next((term for term in reached if law.slope(term) < 0), None)
        pair = (up, down) if up and down else reached[:1]
        out.append(tuple((term.name, _counting(law, term, x)) for term in pair if term))
        tied = tuple(reached)
        x.append(y)
    return tuple(out)


def _counting(law: Law, term: Term, x: list[Fraction]) -> tuple[int, ...]:
    """Which of the term's logarithms grow like the logarithm of depth ``len(x)``."""
    return tuple(n for n, log in enumerate(term.logs) if law.log_power(replace(term, logs=(log,)), x) != 0)


def _formulas(law: Law, shape: _Shape) -> Any:
    """The answer of a shape as expressions, hashable."""

    def crossing(one: Term, other: Term) -> _Expr:
        return (law.intercept(other) - law.intercept(one)) / (law.slope(one) - law.slope(other))

    pair = [law[name] for name in shape.pair]
    xi = sp.nan if not pair else _ends(law)[shape.end] if shape.end is not None else crossing(pair[0], pair[1])
    top = law[shape.top[0]]
    eta = -law.intercept(top) - (law.slope(top) * xi if pair else 0)
    weights: tuple[tuple[str, _Expr], ...] = ((top.name, sp.Integer(1)),)
    if len(shape.top) == 2:
        one, other = (law.slope(law[name]) for name in shape.top)
        shares = (-other / (one - other), one / (one - other))
        weights = tuple(zip(shape.top, map(_simplified, shares), strict=True))
    stages, last = [], None
    for name, bound in shape.stages:
        start = _meeting(last, law[name]) if bound is None and last else _bounds(law)[bound or 0]
        stages.append((name, _simplified(start)))
        last = law[name]
    scales = []
    for rivals in shape.scales:
        powers = [sum((law[name].logs[n].power for n in logs), sp.Integer(0)) for name, logs in rivals]
        slopes = [law.slope(law[name]) for name, _ in rivals]
        size = (powers[1] - powers[0]) / (slopes[0] - slopes[1]) if len(rivals) == 2 else sp.Integer(0)
        scales.append((_simplified(size), _simplified(powers[0] + (slopes[0] * size if len(rivals) == 2 else 0))))
    return _simplified(eta), _simplified(xi), shape.pair, weights, tuple(stages), shape.unique, tuple(scales)


def _simplified(expression: _Expr) -> _Expr:
    return sp.factor(sp.cancel(sp.together(symbolic(expression))))
