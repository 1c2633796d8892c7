r"""What is proved of the phase diagram, as polynomial statements.

At ``d = f^x`` a piece ``r^{-a} d^{-b}`` of the loss is ``f^{L(x)}``, ``L(x) = -a(1-x) - bx``, with the exponents of the sector in which the
point ``(α, β)`` lies. Of every phase it is stated that

* *minimum*: ``max_i L_i(x) ≥ -η`` for every ``x``, so that no size does better (this alone would stay true for too large an ``η``);
* *attained*: ``max_i L_i(ξ) ≤ -η < 0``, and at ``d = f^ξ`` the time is one at which the pieces hold, ``1 < γr ≤ d^{2α}``; earlier, at
  ``γr ≤ 1``, the loss is of order one, and so larger;
* *unique*: ``max_i L_i(x) > -η`` for ``x ≠ ξ``;
* *dropped*, *needed*: along the loss curve the pieces that the table leaves out never exceed the others, and each that it
  names does somewhere;

of the phases together that they are *disjoint* and *cover* the domain but for the named lines; of the lines that ``η`` is
continuous across them, and ``ξ`` except where it jumps; and of ``ξ`` that it is 1/2 in Ib, III and IVa and nowhere else.

Denominators are multiplied out; that they are positive is a goal of its own (*denominators*).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Any

from ..phases.table import Critical, Entry, SectorOfPieces, Table, phase_table
from ..powerlaw.polynomials import Polynomial, Ratio
from .regions import points_of
from .statements import And, Atom, Formula, Goal, Or, Relation, Sum, common, quotient, reduced

__all__ = ["Row", "goals", "line_goals", "plane_goals", "row_goals", "rows", "size_goals", "value_goals"]


@dataclass(frozen=True)
class Row:
    """A claim about exponents: in this region ``d* ≍ f^ξ``, ``P* ≍ f^{-η}``; a row of the table, or somebody's version of it."""

    name: str
    region: tuple[Atom, ...]
    eta: Ratio
    xi: Ratio | None
    sectors: tuple[int, ...]


def rows(table: Table | None = None) -> tuple[Row, ...]:
    """The rows of the table."""
    table = table or phase_table()
    return tuple(
        Row(entry.name, _region(entry), entry.eta.ratio, entry.xi.ratio, entry.sectors) for entry in table.phases
    )


def _region(entry: Entry) -> tuple[Atom, ...]:
    return tuple(Atom(polynomial, ">" if sign > 0 else "<") for polynomial, sign in entry.region.conditions)


def goals(table: Table | None = None) -> tuple[Goal, ...]:
    """Everything that is stated, in order."""
    return _shipped() if table is None else _stated(table)


@cache
def _shipped() -> tuple[Goal, ...]:
    return _stated(phase_table())


def _stated(table: Table) -> tuple[Goal, ...]:
    found: list[Goal] = []
    for row, entry in zip(rows(table), table.phases, strict=True):
        for n in row.sectors:
            part = "" if len(row.sectors) == 1 else f".{row.sectors.index(n) + 1}"
            found += [replace(each, id=each.id + part) for each in row_goals(row, table, n, entry.weights)]
            found += [replace(each, id=each.id + part) for each in _curve_goals(row, entry, table, n)]
        found += _universality(row)
    found += plane_goals(table)
    found += line_goals(table)
    found += _range_goals(table)
    return tuple(found)


# -- one phase -----------------------------------------------------------------------------------------------------------

_X = ("alpha", "beta", "x")
_T = ("alpha", "beta", "t")
_AB = ("alpha", "beta")


def _lift(polynomial: Polynomial, letters: Sequence[str]) -> Polynomial:
    return Sum.of(polynomial, letters).polynomial if polynomial.letters != tuple(letters) else polynomial


def _hypotheses(
    atoms: Iterable[Atom], table: Table, letters: Sequence[str], sector: int | None = None
) -> tuple[Atom, ...]:
    """A region, the domain, and the sector; its own borders are included, where the exponents are the same from both sides."""
    found = [Atom(_lift(atom.polynomial, letters), atom.relation) for atom in atoms]
    found += [Atom(_lift(each, letters), ">") for each in table.domain]
    if sector is not None:
        found += [Atom(_lift(each, letters), ">=") for each in table.sectors[sector].where]
    return tuple(dict.fromkeys(found))


def _exponents(sector: SectorOfPieces, letters: Sequence[str]) -> dict[str, tuple[Sum, Sum, Sum]]:
    """Of every piece ``a``, ``b`` over a common denominator, and that denominator: a number times a power of ``α``."""
    found = {}
    for term in sector.law.terms:
        (a, under_a), (b, under_b) = quotient(term.time, letters), quotient(term.size, letters)
        for under in (under_a, under_b):
            if len(under.numbers) != 1 or any(p for (_, *rest) in under.numbers for p in rest):
                raise AssertionError(f"the exponents of {term.name} have a denominator that is not a power of α")
        found[term.name] = (a * under_b, b * under_a, under_a * under_b)
    return found


def _levels(sector: SectorOfPieces, x: tuple[Sum, Sum], letters: Sequence[str]) -> dict[str, tuple[Sum, Sum]]:
    """``L_i`` at ``x = numerator/denominator``, as a fraction with a positive denominator."""
    top, bottom = x
    return {
        name: ((a * (bottom - top) + b * top) * -1, under * bottom)
        for name, (a, b, under) in _exponents(sector, letters).items()
    }


def row_goals(
    row: Row, table: Table | None = None, sector: int = 0, weights: Mapping[str, Any] | None = None
) -> list[Goal]:
    """*denominators*, *minimum*, *attained* and *unique* of a row, in one sector of the plane.

    Without ``xi`` the row says nothing about the best size, and *attained* is that some ``x`` reaches ``-η``; then it is left
    to whoever knows that ``x``.
    """
    table = table or phase_table()
    here = table.sectors[sector]
    region = _hypotheses(row.region, table, _X, sector)
    x = Sum.letter("x", _X)
    one = Sum.of(1, _X)
    eta = quotient(row.eta, _X)
    free = _levels(here, (x, one), _X)
    # L + η ≥ 0, multiplied by both denominators
    above = {name: _cleared(level, eta) for name, level in free.items()}
    inside = (Atom(x.polynomial, ">="), Atom((one - x).polynomial, ">="))
    kept = _weights(weights, free, eta, row, table, sector)
    places = {n: kept[name] for n, name in enumerate(above) if name in kept}
    found = [
        Goal(
            f"{row.name}.minimum",
            f"{row.name}: no size makes every piece smaller than f^(-eta)",
            _X,
            region + inside,
            Or(tuple(Atom(each, ">=") for each in above.values())),
            places,
        )
    ]
    below = _hypotheses(row.region, table, _AB, sector)
    denominators = [row.eta.bottom] if row.xi is None else [row.eta.bottom, row.xi.bottom]
    positive = And(tuple(Atom(each, ">") for each in dict.fromkeys(denominators) if _constant(each) is None))
    if positive.parts:
        found.insert(
            0, Goal(f"{row.name}.denominators", f"{row.name}: the denominators are positive", _AB, below, positive)
        )
    if row.xi is None:
        return found
    top, bottom = quotient(row.xi, _AB)
    at = _levels(here, (top, bottom), _AB)
    reached = [Atom(_cleared(level, quotient(row.eta, _AB)), "<=") for level in at.values()]
    start, under = quotient(here.law.start, _AB)
    effective = (bottom - top) * under - start * top  # log_f γr, times denominators
    alpha = Sum.letter("alpha", _AB)
    times = [
        Atom(_sign_of(quotient(row.eta, _AB)[0]), ">"),
        Atom(_sign_of(top), ">"),
        Atom(_sign_of(effective), ">"),
        Atom(_sign_of(2 * alpha * top * under - effective), ">="),
    ]
    found.append(
        Goal(
            f"{row.name}.attained",
            f"{row.name}: at d = f^xi no piece exceeds f^(-eta) < 1, and 1 < gamma r <= d^(2 alpha)",
            _AB,
            below,
            And(tuple(reached + times)),
        )
    )
    xi_top, xi_bottom = quotient(row.xi, _X)
    elsewhere = Atom((xi_bottom * x - xi_top).polynomial, "!=")
    found.append(
        Goal(
            f"{row.name}.unique",
            f"{row.name}: at every other size some piece exceeds f^(-eta)",
            _X,
            (*region, *inside, elsewhere),
            Or(tuple(Atom(each, ">") for each in above.values())),
            places,
        )
    )
    return found


def _constant(polynomial: Polynomial) -> int | None:
    """The value of a polynomial without letters."""
    if all(not any(powers) for _, powers in polynomial.terms):
        return sum(number for number, _ in polynomial.terms)
    return None


def _cleared(level: tuple[Sum, Sum], eta: tuple[Sum, Sum]) -> Polynomial:
    """The polynomial with the sign of ``L + η``; both denominators are positive."""
    (top, bottom), (eta_top, eta_bottom) = level, eta
    return _sign_of(top * eta_bottom + eta_top * bottom)


def _weights(
    weights: Mapping[str, Any] | None,
    levels: Mapping[str, tuple[Sum, Sum]],
    eta: tuple[Sum, Sum],
    row: Row,
    table: Table,
    sector: int,
) -> dict[str, Polynomial]:
    """The dual weights of the pieces, rescaled to the polynomials that were cleared of denominators.

    ``Σ w_i (L_i + η) = 0``. Multiplied by its denominators and divided by a positive factor ``s_i``, ``L_i + η`` became the atom; the
    atom's weight is therefore ``w_i s_i`` over those denominators. All weights are brought to a common one, and what divides
    all of them and is positive in the region is left out.
    """
    found: dict[str, Sum] = {}
    for name in weights or {}:
        number = Sum.of(1, _X)
        for each, weight in (weights or {}).items():
            top, under = quotient(weight.ratio, _X)
            level_top, level_bottom = levels[each]
            _, factor = reduced(level_top * eta[1] + eta[0] * level_bottom, table.domain)
            number = number * (top * factor if each == name else under * level_bottom)
        found[name] = number
    positive = [*table.domain, row.eta.bottom, *([row.xi.bottom] if row.xi else [])]
    positive += [atom.polynomial for atom in row.region if atom.relation == ">"]
    positive += table.sectors[sector].where
    left = common(list(found.values()), [each for each in positive if _constant(each) is None])
    return dict(zip(found, left, strict=True))


def _sign_of(total: Sum) -> Polynomial:
    """A polynomial of the same sign wherever the domain's own are positive."""
    return reduced(total, phase_table().domain)[0]


def value_goals(where: Sequence[Atom], eta: Ratio, sector: int, table: Table | None = None) -> list[Goal]:
    """That ``f^{-η}`` is attained at some size: at the ``ξ`` of the table, which serves as the witness, phase by phase.

    Each phase with its borders, so that the lines are covered too.
    """
    table = table or phase_table()
    closed: dict[str, Relation] = {">": ">=", "<": "<="}
    found = []
    for row in rows(table):
        if sector in row.sectors and row.xi is not None:
            at = _levels(table.sectors[sector], quotient(row.xi, _AB), _AB)
            reached = tuple(Atom(_cleared(level, quotient(eta, _AB)), "<=") for level in at.values())
            prose = f"within {row.name}, no piece exceeds f^(-eta) at the best size"
            borders = tuple(Atom(atom.polynomial, closed[atom.relation]) for atom in row.region)
            hypotheses = _hypotheses((*where, *borders), table, _AB, sector)
            found.append(Goal(f"value.{row.name}.{sector + 1}", prose, _AB, hypotheses, And(reached)))
    return found


def size_goals(where: Sequence[Atom], xi: Ratio, sector: int, table: Table | None = None) -> list[Goal]:
    """That ``ξ`` is the best size and the only one: everywhere else some piece exceeds all those at ``d = f^ξ``."""
    table = table or phase_table()
    x, one = Sum.letter("x", _X), Sum.of(1, _X)
    top, bottom = quotient(xi, _X)
    free = _levels(table.sectors[sector], (x, one), _X)
    at = _levels(table.sectors[sector], (top, bottom), _X)
    below = _hypotheses(where, table, _X, sector)
    found = []
    if _constant(xi.bottom) is None:
        found.append(
            Goal("size.denominator", "the denominator does not vanish", _X, below, Atom(_lift(xi.bottom, _X), ">"))
        )
    inside = (Atom(x.polynomial, ">="), Atom((one - x).polynomial, ">="))
    elsewhere = Atom((bottom * x - top).polynomial, "!=")
    for name, level in at.items():
        larger = tuple(Atom(_difference(each, level), ">") for each in free.values())
        prose = f"at every other size some piece exceeds {name} at d = f^xi"
        found.append(Goal(f"size.{name}.{sector + 1}", prose, _X, (*below, *inside, elsewhere), Or(larger)))
    within = And((Atom(top.polynomial, ">"), Atom((bottom - top).polynomial, ">")))
    return [*found, Goal(f"size.within.{sector + 1}", "0 < xi < 1", _X, below, within)]


# -- the loss curve of a phase -------------------------------------------------------------------------------------------


def _curve_goals(row: Row, entry: Entry, table: Table, sector: int) -> list[Goal]:
    """*dropped* and *needed*: in units of ``log d``, at effective time ``γr = d^t``, ``t ≥ 0``."""
    here = table.sectors[sector]
    found = []
    t = Sum.letter("t", _T)
    start, under_start = quotient(here.law.start, _T)
    time = (t * under_start + start, under_start)  # log_d r
    heights = {name: _height(each, time) for name, each in _exponents(here, _T).items()}
    later = (*_hypotheses(row.region, table, _T, sector), Atom(t.polynomial, ">="))
    for name, height in heights.items():
        if name not in entry.terms:
            found.append(
                Goal(
                    f"{row.name}.dropped.{name}",
                    f"{row.name}: {name} never exceeds the larger of {', '.join(entry.terms)}",
                    _T,
                    later,
                    Or(tuple(Atom(_difference(heights[each], height), ">=") for each in entry.terms)),
                )
            )
    ends = [(Sum.of(0, _AB), Sum.of(1, _AB)), *(quotient(corner.ratio, _AB) for corner in entry.corners)]
    below = _hypotheses(row.region, table, _AB, sector)
    start, under_start = quotient(here.law.start, _AB)
    for n, name in enumerate(entry.terms):
        left = ends[n]
        right = ends[n + 1] if n + 1 < len(ends) else (left[0] + left[1], left[1])
        top, bottom = left[0] * right[1] + right[0] * left[1], 2 * left[1] * right[1]  # the middle of its stretch
        at = (top * under_start + start * bottom, bottom * under_start)
        middle = {each: _height(parts, at) for each, parts in _exponents(here, _AB).items()}
        larger = [
            Atom(_difference(middle[name], middle[each]), ">")
            for each in middle
            if each in entry.terms and each != name
        ]
        found.append(
            Goal(
                f"{row.name}.needed.{name}",
                f"{row.name}: {name} is the largest piece in the middle of its stretch of the loss curve, after gamma r = 1",
                _AB,
                below,
                And((Atom(_sign_of(top), ">"), *larger)),
            )
        )
    return found


def _height(piece: tuple[Sum, Sum, Sum], time: tuple[Sum, Sum]) -> tuple[Sum, Sum]:
    """The exponent of ``d`` of a piece at ``r = d^{time}``."""
    (a, b, under), (top, bottom) = piece, time
    return (a * top + b * bottom) * -1, under * bottom


def _difference(one: tuple[Sum, Sum], other: tuple[Sum, Sum]) -> Polynomial:
    return _sign_of(one[0] * other[1] - other[0] * one[1])


def _universality(row: Row) -> list[Goal]:
    """On which side of 1/2 ``ξ`` lies."""
    if row.xi is None:
        return []
    top, bottom = quotient(row.xi, _AB)
    difference = _sign_of(2 * top - bottom)
    table = phase_table()
    relation = _side(row, difference, table)
    words = {"=": "is 1/2", "<": "is below 1/2", ">": "is above 1/2"}[relation]
    return [
        Goal(
            f"{row.name}.universality",
            f"{row.name}: xi {words}",
            _AB,
            _hypotheses(row.region, table, _AB),
            Atom(difference, relation),  # type: ignore[arg-type]
        )
    ]


def _side(row: Row, difference: Polynomial, table: Table) -> str:
    """The sign at some point of the region, which is what is then proved everywhere."""
    if not difference.terms:
        return "="
    within = Goal(row.name, "", _AB, _hypotheses(row.region, table, _AB), Or(()))
    point = next(iter(points_of(within)))
    return {1: ">", -1: "<", 0: "="}[difference.sign_at(point)]


# -- the plane -------------------------------------------------------------------------------------------------------------


def plane_goals(table: Table | None = None) -> list[Goal]:
    """The phases are disjoint, and cover the domain up to the curves of the table."""
    table = table or phase_table()
    found = []
    known = rows(table)
    for one, other in combinations(known, 2):
        found.append(
            Goal(
                f"plane.disjoint.{one.name}-{other.name}",
                f"no point lies in both {one.name} and {other.name}",
                _AB,
                _hypotheses(one.region, table, _AB),
                Or(tuple(atom.negated for atom in other.region)),
            )
        )
    off = tuple(Atom(curve, "!=") for curve in table.curves)
    found.append(
        Goal(
            "plane.cover",
            "every point of the domain off the critical curves lies in a phase",
            _AB,
            (*(Atom(each, ">") for each in table.domain), *off),
            Or(tuple(And(row.region) for row in known)),
        )
    )
    return found


def line_goals(table: Table | None = None) -> list[Goal]:
    """Across each part of a curve between two phases: ``η`` is continuous, and ``ξ`` is unless it is said to jump."""
    table = table or phase_table()
    found = []
    for line in table.lines:
        sides = [table[name] for name in line.neighbours]
        one, other = sides
        on = _on(line, table)
        name = "-".join(line.neighbours)
        for what in ("eta", "xi"):
            values = [getattr(side, what).ratio for side in (one, other)]
            jump = what in line.jumps
            found.append(
                Goal(
                    f"line.{name}.{what}",
                    f"{name}: {what} {'jumps everywhere on the line' if jump else 'is the same on both sides'}",
                    _AB,
                    on,
                    Atom(_cross(*values), "!=" if jump else "="),
                )
            )
        for what in ("eta", "xi"):
            if what not in line.jumps:
                found.append(
                    Goal(
                        f"line.{name}.{what}-on",
                        f"{name}: {what} on the line is the limit from both sides",
                        _AB,
                        on,
                        Atom(_cross(getattr(line, what).ratio, getattr(one, what).ratio), "="),
                    )
                )
        if line.flat:
            found += _flat_goals(line, table, on, name)
    return found


def _on(line: Critical, table: Table) -> tuple[Atom, ...]:
    where = [Atom(polynomial, ">" if sign > 0 else "<") for polynomial, sign in line.where.conditions]
    return (Atom(line.curve, "="), *_hypotheses(where, table, _AB))


def _cross(one: Ratio, other: Ratio) -> Polynomial:
    """The polynomial that vanishes where two ratios are equal."""
    (a, b), (c, e) = quotient(one, _AB), quotient(other, _AB)
    return (a * e - c * b).polynomial


def _flat_goals(line: Critical, table: Table, on: tuple[Atom, ...], name: str) -> list[Goal]:
    """Where the largest term is flat: it is, the rest is least at the third value of ``ξ`` alone, which lies between."""
    one, other = (table[each] for each in line.neighbours)
    (sector,) = set(one.sectors) & set(other.sectors)
    here = table.sectors[sector]
    wide = tuple(Atom(_lift(atom.polynomial, _X), atom.relation) for atom in on)
    x, unit = Sum.letter("x", _X), Sum.of(1, _X)
    levels = _levels(here, (x, unit), _X)
    eta = quotient(line.eta.ratio, _X)
    xi_top, xi_bottom = quotient(line.xi.ratio, _X)
    at = _levels(here, (xi_top, xi_bottom), _X)
    rest = line.remaining
    value = at[rest[0]]
    elsewhere = Atom((xi_bottom * x - xi_top).polynomial, "!=")
    below = quotient(line.xi.ratio, _AB)
    sides = [quotient(side.xi.ratio, _AB) for side in (one, other)]
    gaps = [below[0] * side[1] - side[0] * below[1] for side in sides]
    return [
        Goal(
            f"line.{name}.flat",
            f"{name}: {line.flat} is f^(-eta) at every size",
            _X,
            wide,
            Atom(_cleared(levels[line.flat], eta), "="),
        ),
        Goal(
            f"line.{name}.below",
            f"{name}: at the third value of xi the other pieces are equal, and below it",
            _X,
            wide,
            And(
                (
                    Atom(_difference(at[rest[0]], at[rest[1]]), "="),
                    Atom(_cleared(value, eta), "<"),
                )
            ),
        ),
        Goal(
            f"line.{name}.third",
            f"{name}: at every other size one of them is larger",
            _X,
            (*wide, elsewhere),
            Or(tuple(Atom(_difference(levels[each], value), ">") for each in rest)),
        ),
        Goal(
            f"line.{name}.between",
            f"{name}: the third value of xi lies strictly between those of the two sides",
            _AB,
            on,
            Atom((gaps[0] * gaps[1]).polynomial, "<"),
        ),
    ]


def _range_goals(table: Table) -> list[Goal]:
    """After the gap is felt, ``γr ≥ d^{2α}``, where the powers of the other pieces no longer hold, none of them exceeds ``F_0``."""
    found = []
    t = Sum.letter("t", _T)
    alpha = Sum.letter("alpha", _T)
    for n, sector in enumerate(table.sectors):
        start, under = quotient(sector.law.start, _T)
        time = (t * under + start, under)
        heights = {name: _height(each, time) for name, each in _exponents(sector, _T).items()}
        parts: tuple[Formula, ...] = tuple(
            Atom(_difference(heights["F_0"], height), ">=") for name, height in heights.items() if name != "F_0"
        )
        found.append(
            Goal(
                f"sector.{n + 1}.range",
                f"sector {n + 1}: once gamma r >= d^(2 alpha) no power of another piece exceeds F_0",
                _T,
                (*_hypotheses((), table, _T, n), Atom((t - 2 * alpha).polynomial, ">=")),
                And(parts),
            )
        )
    return found
