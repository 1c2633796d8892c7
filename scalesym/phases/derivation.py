r"""The phase diagram, derived: :mod:`scalesym.powerlaw` applied to the exponents of the catalogue.

In each sector of the plane (:mod:`scalesym.phases.pieces`) the loss is a sum of powers of ``r`` and ``d``; the budget is
``f = r d`` at fixed batch. The parametric linear program gives every answer with its region, and answers that agree are
one phase. The lines between the regions are found again as the curves that bound them, and solved with the laws that hold
*on* them; there the terms that tie compete by their logarithms.

``python -m scalesym.phases`` writes the result to ``table.json``, which is shipped, so that looking a phase up needs no SymPy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from ..formulas.trees import encode
from ..formulas.typesetting import latex, text
from ..powerlaw import Law, Ratio
from ..powerlaw.cells import Conjunction, Point, factors, rational, region, signs
from ..powerlaw.parametric import Case, Sector, solve
from ..powerlaw.polynomials import symbolic
from .pieces import LETTERS, Line, Piece, lines, pieces, sectors

__all__ = ["DOMAIN", "generate", "signed", "table"]

_Expr = Any  # SymPy ships no types

alpha, beta = LETTERS

#: Positive where the model has a loss that falls to zero with growing size.
DOMAIN = (alpha, 2 * alpha + 2 * beta - 1)

#: The paper's names, given to the regions that contain these points.
_NAMES: dict[str, tuple[int | str, int | str]] = {
    "Ia": (1, "1/4"),
    "Ib": ("2/5", "3/10"),
    "Ic": ("1/5", 1),
    "II": (1, "3/4"),
    "III": (1, 2),
    "IVa": ("2/5", 1),
    "IVb": ("7/25", 1),
}


@dataclass(frozen=True)
class _Named:
    name: str
    case: Case


def generate() -> str:
    """The text of ``table.json``."""
    return json.dumps(table(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def table() -> dict[str, Any]:
    """The phases, the lines between them and the pieces they come from, as plain data."""
    named = _phases()
    curves = factors([each for one in named for part in one.case.region for each, _ in part], LETTERS)
    curves = [each for each in curves if each not in DOMAIN]
    return {
        "format": 1,
        "letters": [letter.name for letter in LETTERS],
        "domain": [_polynomial(each) for each in DOMAIN],
        "curves": [_polynomial(each) for each in curves],
        "sectors": [_sector(where, found) for where, found in pieces().items()],
        "phases": [_phase(each) for each in named],
        "lines": [record for curve in curves for record in _on(curve, curves, named)],
    }


def _phases() -> list[_Named]:
    found = solve(sectors(), LETTERS, DOMAIN)
    named = []
    for name, witness in _NAMES.items():
        at = tuple(Fraction(each) for each in witness)
        (case,) = [case for case in found if any(_holds(part, at) for part in case.region)]
        named.append(_Named(name, case))
    if len(found) != len(named):
        raise AssertionError(f"{len(found)} phases instead of {len(named)}")
    return named


# -- as data ------------------------------------------------------------------------------------------------------------


def _sector(where: Sequence[_Expr], found: Sequence[Piece]) -> dict[str, Any]:
    start = next(sector.law.start for sector in sectors() if sector.where == tuple(where))
    return {
        "where": [_polynomial(each) for each in where],
        "start": _ratio(start),
        "pieces": [
            {
                "name": piece.name,
                "source": piece.source,
                "time": _ratio(piece.term.time),
                "size": _ratio(piece.term.size),
            }
            for piece in found
        ],
    }


def _phase(named: _Named) -> dict[str, Any]:
    case = named.case
    (conditions,) = case.region
    at = case.points[0]
    start = case.stages[0][1]  # where γr is of order one
    return {
        "name": named.name,
        "region": _region(conditions, at),
        "eta": _ratio(case.eta, at),
        "xi": _ratio(case.xi, at),
        "tradeoff": list(case.tradeoff),
        "terms": list(dict.fromkeys(name for name, _ in case.stages)),
        "corners": [_ratio(sp.cancel(begin - start), at) for _, begin in case.stages[1:]],
        "weights": {name: _ratio(weight, at) for name, weight in case.weights.items()},
        "unique": case.unique,
        "sectors": [
            n
            for n, sector in enumerate(sectors())
            if any(min(row) > 0 for row in signs(sector.where, LETTERS, case.points).values())
        ],
    }


def _polynomial(expression: _Expr) -> list[Any]:
    return Ratio.of(expression, LETTERS).top.to_list()


def _ratio(expression: _Expr, at: Point | None = None) -> dict[str, Any]:
    """In lowest terms, with a denominator that is positive at a point (and so in its region)."""
    found = Ratio.of(expression, LETTERS)
    written = signed(expression, at)
    return {
        **(found if at is None else found.positive_at(at)).to_dict(),
        "text": text(encode(written)),
        "latex": latex(encode(written)),
    }


def signed(expression: _Expr, at: Point | None) -> _Expr:
    """Factored, each factor with the sign that makes it positive at a point, so that no minus sign stands in front."""
    top, bottom = (sp.factor_list(part, *LETTERS) for part in sp.fraction(sp.cancel(sp.together(expression))))
    number, out = sp.Rational(top[0]) / sp.Rational(bottom[0]), []
    for (_, found), power in ((top, 1), (bottom, -1)):
        for factor, count in found:
            if at is not None and signs([factor], LETTERS, [at])[at] < (0,):
                factor, number = -factor, number * (-1) ** count
            out.append(sp.Pow(factor, power * count, evaluate=False) if count > 1 or power < 0 else factor)
    return sp.Mul(number, *out)


def _holds(conditions: Conjunction, point: Point) -> bool:
    found = signs([each for each, _ in conditions], LETTERS, [point])[point]
    return found == tuple(sign for _, sign in conditions)


def _region(conditions: Conjunction, at: Point) -> dict[str, Any]:
    """Polynomials with their signs, and the same solved for the letters."""
    bounds: dict[_Expr, dict[str, _Root]] = {alpha: {}, beta: {}}
    others: list[tuple[str, str]] = []
    for polynomial, sign in conditions:
        if len(polynomial.free_symbols) == 1:
            (letter,) = polynomial.free_symbols
            here = dict(zip(LETTERS, map(rational, at), strict=True))[letter]
            for root in sp.real_roots(polynomial):
                if _reached(root, letter, here, conditions):
                    bounds[letter]["above" if here > root else "below"] = _Root(root)
        else:
            others.append(_both_letters(polynomial, sign))
    shown = [_interval(letter, found) for letter, found in bounds.items() if found] + others
    order = sorted(
        conditions, key=lambda each: (len(each[0].free_symbols), LETTERS.index(min(each[0].free_symbols, key=str)))
    )
    return {
        "conditions": [[_polynomial(each), sign] for each, sign in order],
        "text": ", ".join(text for text, _ in shown),
        "latex": r",\ ".join(latex for _, latex in shown),
    }


def _interval(letter: _Expr, found: Mapping[str, _Root]) -> tuple[str, str]:
    """``α > 1/2``, or ``1/4 < α < 1/2``."""
    above, below = found.get("above"), found.get("below")
    names = _GREEK[letter], sp.latex(letter)
    if above and below:
        return f"{above.text} < {names[0]} < {below.text}", f"{above.latex} < {names[1]} < {below.latex}"
    relation, root = (">", above) if above else ("<", below)
    assert root is not None
    return f"{names[0]} {relation} {root.text}", f"{names[1]} {relation} {root.latex}"


def _both_letters(polynomial: _Expr, sign: int) -> tuple[str, str]:
    linear = sp.Poly(polynomial, *LETTERS)
    a, b, c = (linear.coeff_monomial(each) for each in (alpha, beta, 1))
    if linear.total_degree() != 1 or abs(a) != abs(b):
        relation, left = ">" if sign > 0 else "<", Ratio.of(polynomial, LETTERS).top
        return f"{left.text} {relation} 0", f"{left.latex} {relation} 0"
    if a == -b and c == 0:
        relation = ">" if sign * b > 0 else "<"
        return f"β {relation} α", rf"\beta {relation} \alpha"
    relation, right = ">" if sign * a > 0 else "<", _Root(-c / a)
    return f"α + β {relation} {right.text}", rf"\alpha + \beta {relation} {right.latex}"


_GREEK = {alpha: "α", beta: "β"}


@dataclass(frozen=True)
class _Root:
    value: _Expr

    @property
    def text(self) -> str:
        if self.value == 1 - sp.sqrt(2) / 2:
            return "1 - 1/√2"
        return str(self.value)

    @property
    def latex(self) -> str:
        if self.value == 1 - sp.sqrt(2) / 2:
            return r"1-1/\sqrt{2}"
        return str(self.value)


def _reached(root: _Expr, letter: _Expr, here: _Expr, conditions: Conjunction) -> bool:
    """Whether a root bounds the region: no other condition in the same letter lies between it and the point."""
    low, high = sorted((root, here))
    others = [each for each, _ in conditions if each.free_symbols == {letter}]
    return not any(low < other < high for each in others for other in sp.real_roots(each))


# -- on the lines between ------------------------------------------------------------------------------------------------


def _on(curve: _Expr, curves: Sequence[_Expr], named: Sequence[_Named]) -> list[dict[str, Any]]:
    """What holds on the parts of a curve that separate phases."""
    poly = sp.Poly(curve, *LETTERS)
    if poly.total_degree() > 1:
        return _on_flat(curve, named)
    letter = beta if poly.degree(beta) else alpha
    given = {letter: sp.solve(curve, letter)[0]}
    (free,) = [each for each in LETTERS if each != letter]
    known: list[Line] = [line for line in lines() if line.curve == curve]
    if known:
        parts = [Sector(line.law, tuple(each.subs(given) for each in line.where)) for line in known]
    else:  # the sectors' own laws hold on it
        parts = [
            Sector(_restricted(sector.law, given), where)
            for sector in sectors()
            if not any((each := e.subs(given)).is_number and each <= 0 for e in sector.where)
            and (where := tuple(e.subs(given) for e in sector.where)) is not None
        ]
    others = [each.subs(given) for each in curves if each.subs(given).free_symbols]
    domain = [each.subs(given) for each in DOMAIN if not each.subs(given).is_number]
    records = []
    for case in solve(parts, [free], domain, also=others):
        groups: dict[tuple[str, ...], list[Point]] = {}
        for point in case.points:
            full = _full(point[0], free, given)
            groups.setdefault(_neighbours(full, curve, named), []).append(point)
        for neighbours, points in groups.items():
            if len(neighbours) < 2:
                continue
            cut = factors([*others, *domain], [free])
            cells = [p for p in _cells(cut, free) if p not in points]
            inside = [p for p in _cells(cut, free) if _same_cell(p, points, cut, free)]
            (conditions,) = region(inside, [p for p in cells if p not in inside], cut, [free])
            at = _full(points[0][0], free, given)
            sources = [id for line in known for id in line.sources if _positive_on(line.where, at)]
            records.append(_line(curve, conditions, neighbours, case, at, given, named, sources))
    return records


def _restricted(law: Law, given: Mapping[_Expr, _Expr]) -> Law:
    return law.map(lambda exponent: symbolic(exponent).subs(given))


def _cells(polynomials: Sequence[_Expr], letter: _Expr) -> list[Point]:
    from ..powerlaw.cells import open_cells

    return open_cells(list(polynomials), [letter])


def _same_cell(point: Point, points: Sequence[Point], polynomials: Sequence[_Expr], letter: _Expr) -> bool:
    found = signs(polynomials, [letter], [point, *points])
    return found[point] in {found[each] for each in points}


def _positive_on(where: Sequence[_Expr], at: Point) -> bool:
    return min(signs(where, LETTERS, [at])[at]) > 0


def _full(value: Fraction, free: _Expr, given: Mapping[_Expr, _Expr]) -> Point:
    at = {free: rational(value)}
    both = {**at, **{letter: each.subs(at) for letter, each in given.items()}}
    return tuple(Fraction(int(both[letter].p), int(both[letter].q)) for letter in LETTERS)


def _neighbours(point: Point, curve: _Expr, named: Sequence[_Named]) -> tuple[str, ...]:
    """The phases whose regions come up to a point that lies on one curve only."""
    found = []
    for each in named:
        for part in each.case.region:
            here = signs([polynomial for polynomial, _ in part], LETTERS, [point])[point]
            if all(sign in (0, wanted) for sign, (_, wanted) in zip(here, part, strict=True)):
                found.append(each.name)
    return tuple(found)


def _line(
    curve: _Expr,
    conditions: Conjunction,
    neighbours: tuple[str, ...],
    case: Case,
    at: Point,
    given: Mapping[_Expr, _Expr],
    named: Sequence[_Named],
    sources: Sequence[str],
) -> dict[str, Any]:
    sides = [each.case for each in named if each.name in neighbours]
    for name in ("eta", "xi"):
        for side in sides:
            if sp.simplify(getattr(side, name).subs(given) - getattr(case, name)) != 0:
                raise AssertionError(f"{name} is not continuous across {curve} = 0 between {neighbours}")
    return {
        "curve": _polynomial(curve),
        "where": _region(conditions, at),
        "neighbours": list(neighbours),
        "eta": _ratio(case.eta, at),
        "xi": _ratio(case.xi, at),
        "jumps": [],
        "scales": [[_ratio(size, at), _ratio(loss, at)] for size, loss in case.scales],
        "sources": sorted(set(sources)),
    }


def _on_flat(curve: _Expr, named: Sequence[_Named]) -> list[dict[str, Any]]:
    """A curve on which the largest term does not depend on ``d``: what is left of the loss decides ``ξ``."""
    records = []
    for sector in sectors():
        flat = [
            t for t in sector.law.terms if sp.rem(sp.fraction(sp.cancel(sector.law.slope(t)))[0], curve, alpha) == 0
        ]
        flat = [term for term in flat if sector.law.slope(term) != 0]
        sides = [each for each in named if any(curve in dict(part) for part in each.case.region)]
        sides = [each for each in sides if all(each.case.stages[1][0] == term.name for term in flat)]
        sides = [side for side in sides if _positive_on(sector.where, side.case.points[0])]
        if not flat or len(sides) != 2:
            continue
        (term,) = flat
        eta = {
            sp.rem(sp.expand(sp.fraction(sp.cancel(s.case.eta - sides[0].case.eta))[0]), curve, alpha) for s in sides
        }
        if eta != {0}:
            raise AssertionError(f"η is not continuous across {curve} = 0")
        near = [point for side in sides for point in side.case.points]
        rest = solve([Sector(sector.law.without(term.name), sector.where)], LETTERS, DOMAIN)
        (left,) = [case for case in rest if set(near) & _within(case, near)]
        shared = [dict(side.case.region[0]) for side in sides]
        conditions = tuple(
            (p, s) for p, s in shared[0].items() if p != curve and all(p not in o or o[p] == s for o in shared)
        )
        both = tuple(dict.fromkeys((*conditions, *((p, s) for o in shared for p, s in o.items() if p != curve))))
        one = next(side.case for side in sides if side.case.eta.free_symbols == {alpha})
        records.append(
            {
                "curve": _polynomial(curve),
                "where": _region(_needed(both, curve, near), near[0]),
                "neighbours": [side.name for side in sides],
                "eta": _ratio(one.eta),
                "xi": _ratio(left.xi, near[0]),
                "jumps": ["xi"],
                "flat": term.name,
                "remaining": list(left.tradeoff),
                "scales": [],
                "sources": [],
            }
        )
    return records


def _within(case: Case, points: Sequence[Point]) -> set[Point]:
    return {point for point in points if any(_holds(part, point) for part in case.region)}


def _needed(conditions: Conjunction, curve: _Expr, near: Sequence[Point]) -> Conjunction:
    """What picks the part of a curve in one letter: of its roots the one between the sides, and the other letter's bounds."""
    kept = [(p, s) for p, s in conditions if p.free_symbols != curve.free_symbols]
    roots = [root for root in sp.real_roots(curve) if min(p[0] for p in near) < root < max(p[0] for p in near)]
    if len(roots) != 1:
        raise AssertionError(f"{curve} has {len(roots)} roots between the sides")
    others = [root for root in sp.real_roots(curve) if root not in roots]
    bounds = [(p, s) for p, s in conditions if p.free_symbols == curve.free_symbols]
    for p, s in bounds:  # one bound that tells the root from the others is enough
        (bound,) = sp.real_roots(p)
        if all((roots[0] - bound) * (other - bound) < 0 for other in others):
            return (*kept, (p, s))
    return (*kept, *bounds)
