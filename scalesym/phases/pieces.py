r"""The exponents of the four pieces, read off the catalogue of formulas.

The loss is of the order of ``F_pp + F_ac + F_0 + K_pp/(γB)``. Each piece is a power of the step ``r`` and of the size ``d``, once
``v/d`` is held and the learning rate is the largest stable one up to a constant: ``γ ~ 1`` for ``2α > 1``, ``d^{2α-1}`` for ``2α < 1``,
``1/log d`` in between. Which formula applies where is part of the formulas: an integral that converges, a sum that does. So
the plane falls into six sectors, and on their borders, where two powers meet, logarithms appear.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from ..formulas import Formula, formula
from ..formulas.alphabet import alpha, beta, c_beta, d, gamma, norm_F, r, rho, v
from ..formulas.trees import decode, free_names
from ..powerlaw import Law, Log, Term
from ..powerlaw.parametric import Sector
from ..powerlaw.polynomials import symbolic

__all__ = ["LETTERS", "Line", "Piece", "lines", "pieces", "sectors"]

_Expr = Any  # SymPy ships no types

LETTERS = (alpha, beta)


@dataclass(frozen=True)
class Piece:
    """A piece of the loss in a sector: the entry of the catalogue it comes from, and what must be positive there."""

    name: str
    source: str
    term: Term
    where: tuple[_Expr, ...]


@dataclass(frozen=True)
class Line:
    """The law on a border of sectors, on which ``curve`` vanishes: ``given`` solves it for one letter."""

    curve: _Expr
    given: Mapping[_Expr, _Expr]
    law: Law
    where: tuple[_Expr, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _Rate:
    """The largest stable learning rate, ``d^{-power} (log d)^{-log}`` up to a constant."""

    source: str
    power: _Expr
    log: int
    where: tuple[_Expr, ...]


@cache
def sectors() -> list[Sector]:
    """The law in each part of the plane in which the same formulas apply.

    Examples
    --------
    >>> [(len(sector.law.terms), sector.where) for sector in sectors()][0]
    (4, (2*alpha - 1, 2*beta - 1))
    """
    found = []
    for where, each in pieces().items():
        found.append(Sector(Law(tuple(piece.term for piece in each), start=_rate(where).power), where))
    return found


@cache
def pieces() -> dict[tuple[_Expr, ...], list[Piece]]:
    """The pieces that are there in each sector, by the polynomials that are positive in it."""
    high, low = 2 * alpha - 1, 1 - 2 * alpha
    energy, slow = 2 * beta - 1, 1 - 2 * beta
    middle, flat = 4 * alpha - 1, 1 - 4 * alpha
    found: dict[tuple[_Expr, ...], list[Piece]] = {}
    for where in (
        (high, energy),
        (high, slow),
        (low, middle, energy),
        (low, middle, slow),
        (flat, energy),
        (flat, slow),
    ):
        rate = _rate(where)
        candidates = [_piece(name, id, rate) for name, id in _SOURCES]
        found[where] = [piece for piece in candidates if _implied(piece.where, where)]
    return found


#: In the order in which they are named where two are equal throughout.
_SOURCES = (
    ("F_pp", "F_pp.asymptotic"),
    ("F_ac", "F_ac.asymptotic"),
    ("F_0", "F_0.asymptotic"),
    ("F_0", "F_0.asymptotic.slow"),
    ("K_pp", "K_pp.asymptotic"),
    ("K_pp", "P.plateau"),  # the kernel below α = 1/4, where it does not decay before the gap is felt
)


def _rate(where: tuple[_Expr, ...]) -> _Rate:
    """The largest stable learning rate of a sector, from the catalogue."""
    if _implied((2 * alpha - 1,), where):
        entry = formula("gamma.norm.wide")
        if entry.expr.has(d) or entry.expr.has(v):
            raise AssertionError("the largest learning rate has a limit for 2α > 1")
        return _Rate(entry.id, sp.Integer(0), 0, (2 * alpha - 1,))
    entry = formula("gamma.trace.slow")
    return _Rate(entry.id, -_powers(entry.expr.subs(v, rho * d))[d], 0, (1 - 2 * alpha,))


def _piece(name: str, id: str, rate: _Rate) -> Piece:
    entry = formula(id)
    expression = entry.expr
    if id == "P.plateau":
        expression = expression.coeff(norm_F)  # the loss is F + ‖F‖₁ K there
    if name == "K_pp":
        expression = expression / gamma
    # the limits c_β and Σ j^{-2β} are finite for 2β > 1
    needs = [2 * beta - 1] if expression.has(c_beta) or expression.has(sp.Sum) else []
    terms = _grown(expression, rate)
    if len({(t.time, t.size) for t in terms}) != 1:
        raise AssertionError(f"{id} is not one power")
    time, size = terms[0].time, terms[0].size
    # the kernel below α = 1/4 is stated for 2β > 1 with the loss; by itself it does not depend on β
    skip = {beta} if id == "P.plateau" else set()
    conditions = [each for each in _conditions(entry) if not each.free_symbols & skip]
    return Piece(name, id, Term(name, time, size), (*conditions, *needs))


def _conditions(entry: Formula) -> tuple[_Expr, ...]:
    """What must be positive of ``α`` and ``β`` for a formula to hold, beyond the domain of the model."""
    found = []
    for assumption in entry.assumptions:
        if assumption.relation is None or not free_names(assumption.relation) <= {"alpha", "beta"}:
            continue
        relation = decode(assumption.relation)
        difference = relation.lhs - relation.rhs
        if isinstance(relation, sp.Lt | sp.Le):
            difference = -difference
        if isinstance(relation, sp.Eq) or difference in (alpha, alpha + beta - sp.Rational(1, 2)):
            continue
        found.append(sp.primitive(sp.together(4 * difference))[1])
    return tuple(dict.fromkeys(found))


def _implied(wanted: tuple[_Expr, ...], given: tuple[_Expr, ...]) -> bool:
    """Whether half planes ``wanted > 0``, each in one letter, follow from others."""
    for each in wanted:
        (letter,) = each.free_symbols
        bounds = [sp.solve(one, letter)[0] for one in given if one.free_symbols == {letter}]
        same = [one for one in given if one.free_symbols == {letter}]
        bound, rising = sp.solve(each, letter)[0], each.coeff(letter) > 0
        tight = [b for b, one in zip(bounds, same, strict=True) if (one.coeff(letter) > 0) == rising]
        if not any(b >= bound if rising else b <= bound for b in tight):
            return False
    return True


# -- on the borders ----------------------------------------------------------------------------------------------------


@cache
def lines() -> list[Line]:
    """The laws on the lines ``2α = 1``, ``2β = 1`` and ``α = 1/4``, with their logarithms."""
    half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
    fast = _rate((2 * alpha - 1,))
    slow = _rate((1 - 2 * alpha,))
    found = []

    def add(
        curve: _Expr,
        given: dict[_Expr, _Expr],
        rate: _Rate,
        where: tuple[_Expr, ...],
        parts: tuple[tuple[str, str, Callable[[_Expr], _Expr]], ...],
    ) -> None:
        terms: list[Term] = []
        for name, id, change in parts:
            for term in _grown(change(formula(id).expr.subs(given)), rate, where, given):
                number = sum(each.name.partition(":")[0] == name for each in terms)
                terms.append(Term(f"{name}:{number}" if number else name, term.time, term.size, logs=term.logs))
        law = Law(tuple(terms), start=symbolic(rate.power).subs(given))
        found.append(Line(curve, given, law, where, tuple(dict.fromkeys(id for _, id, _ in parts))))

    def whole(expression: _Expr) -> _Expr:
        return expression

    def noise(expression: _Expr) -> _Expr:
        """``‖F‖₁ K`` with ``‖F‖₁ ~ Σ j^{-2β}/(2γB)``, which is a logarithm on 2β = 1."""
        return expression / gamma

    def with_energy(expression: _Expr) -> _Expr:
        return expression / gamma * formula("trace.line").expr

    def kernel(expression: _Expr) -> _Expr:
        return expression.coeff(norm_F) / gamma

    energy = {beta: half}
    pp, target, gap = (
        ("F_pp", "F_pp.asymptotic", whole),
        ("F", "F.early.target-line", whole),
        ("F_0", "F_0.line", whole),
    )
    add(2 * beta - 1, energy, fast, (2 * alpha - 1,), (target, gap, ("K_pp", "K_pp.asymptotic", with_energy)))
    add(
        2 * beta - 1,
        energy,
        slow,
        (1 - 2 * alpha, 4 * alpha - 1),
        (pp, gap, ("K_pp", "K_pp.asymptotic", with_energy)),
    )
    add(
        2 * beta - 1,
        energy,
        slow,
        (1 - 4 * alpha,),
        (pp, gap, ("K_pp", "P.plateau", lambda e: e.coeff(norm_F) / gamma * formula("trace.line").expr)),
    )
    high = {alpha: half}
    between = _line_rate()
    add(
        2 * alpha - 1,
        high,
        between,
        (2 * beta - 1,),
        (("F", "F.early.high-line", whole), ("F_0", "F_0.asymptotic", whole), ("K_pp", "K.early.high-line", noise)),
    )
    add(
        2 * alpha - 1,
        high,
        between,
        (1 - 2 * beta,),
        (pp, ("F_0", "F_0.asymptotic.slow", whole), ("K_pp", "K.early.high-line", noise)),
    )
    low = {alpha: quarter}
    gap_below = ("F_0", "F_0.asymptotic", whole)
    add(4 * alpha - 1, low, slow, (2 * beta - 1,), (pp, gap_below, ("K_pp", "P.plateau.line", kernel)))
    add(
        4 * alpha - 1,
        low,
        slow,
        (1 - 2 * beta,),
        (pp, ("F_0", "F_0.asymptotic.slow", whole), ("K_pp", "P.plateau.line", kernel)),
    )
    return found


def _line_rate() -> _Rate:
    """On 2α = 1: ``γ ~ 2/tr D`` and ``tr D ~ log v``."""
    trace = formula("trace.line").expr
    if not trace.has(sp.log(v)) or formula("gamma.trace").expr.has(d):
        raise AssertionError("tr D grows like log v on 2α = 1")
    return _Rate("gamma.trace", sp.Integer(0), 1, ())


# -- growth of an expression ---------------------------------------------------------------------------------------------


def _grown(
    expression: _Expr, rate: _Rate, where: tuple[_Expr, ...] = (), given: Mapping[_Expr, _Expr] | None = None
) -> list[Term]:
    """The different powers of ``r`` and ``d`` in a sum, each with its logarithms, constants left out.

    ``v = ρd`` with ``ρ`` fixed, ``γ = d^{-power} (log d)^{-log}``. A bounded sum over modes is a constant.
    """
    given = dict(given or {})
    power = symbolic(rate.power).subs(given)
    sums = {each: _energy(each) for each in expression.atoms(sp.Sum)}
    expanded = sp.expand_log(expression.subs(sums).subs(v, rho * d), force=True)
    groups: dict[tuple[_Expr, _Expr, _Expr], _Expr] = {}
    for term in _summands(expanded):
        found_logs = [
            each for each in sp.Mul.make_args(term) if each.func is sp.log or (each.is_Pow and each.base.func is sp.log)
        ]
        if any(each.is_Pow for each in found_logs):
            raise AssertionError(f"{term} has a power of a logarithm")
        rest = term / sp.Mul(*found_logs)
        found = _powers(rest)
        key = tuple(sp.simplify(each) for each in (found[r], found[d] - power * found[gamma], found[gamma]))
        weight = sp.Mul(*found_logs) * rest / (r ** found[r] * d ** found[d] * gamma ** found[gamma])
        groups[key] = groups.get(key, 0) + weight
    terms = []
    for (time, size, of_gamma), weight in groups.items():
        logs = _logs(sp.expand(weight), rate, power, where)
        if rate.log:
            logs = (Log(-rate.log * of_gamma, size=sp.Integer(1)), *logs) if of_gamma != 0 else logs
        terms.append(Term("", -time, -size, logs=logs))
    return terms


def _summands(expression: _Expr) -> list[_Expr]:
    """The terms of a sum, with the factors multiplied out that are sums depending on ``r``, ``d`` or ``γ``."""
    if isinstance(expression, sp.Add):
        return [each for part in expression.args for each in _summands(part)]
    for factor in sp.Mul.make_args(expression):
        if isinstance(factor, sp.Add) and factor.free_symbols & {r, d, gamma}:
            rest = expression / factor
            return [each for part in factor.args for each in _summands(rest * part)]
    return [expression]


def _logs(weight: _Expr, rate: _Rate, power: _Expr, where: tuple[_Expr, ...]) -> tuple[Log, ...]:
    """``Σ c_k log(letter_k) + const`` as the logarithm of one monomial (a product of two sums as two)."""
    letters = [sp.log(each) for each in (r, d, gamma)]
    poly = sp.Poly(weight, *letters)
    degree = poly.total_degree()
    if degree == 0:
        return ()
    if degree > 1:  # only products of logarithms of the same letter occur
        factors = [each for each, count in sp.factor_list(poly.as_expr(), *letters)[1] for _ in range(count)]
        return tuple(log for each in factors for log in _logs(sp.expand(each), rate, power, where))
    of_r, of_d, of_gamma = (poly.coeff_monomial(each) for each in letters)
    size = sp.simplify(of_d - power * of_gamma)
    scale = next(each for each in (size, of_r) if each != 0)
    scale = scale if _positive(scale, where) else -scale
    return (Log(sp.Integer(1), *(sp.simplify(each / scale) for each in (of_r, size, -rate.log * of_gamma))),)


def _positive(expression: _Expr, where: tuple[_Expr, ...]) -> bool:
    """The sign of a constant factor, which it keeps in a sector, at a point of the sector."""
    for point in ((1, 1), (1, "1/4"), ("2/5", 1), ("2/5", "3/10"), ("1/5", 1), ("1/5", "2/5")):
        at = dict(zip(LETTERS, map(sp.Rational, point), strict=True))
        if all(each.subs(at) > 0 for each in where):
            others = {each: 3 for each in expression.free_symbols - set(at)}
            return bool(expression.subs({**at, **others}) > 0)
    raise AssertionError(f"no point is known where {where} are positive")


def _powers(expression: _Expr) -> dict[_Expr, _Expr]:
    """The exponents of ``r``, ``d`` and ``γ`` in a product that is a monomial in them."""
    found = {r: sp.Integer(0), d: sp.Integer(0), gamma: sp.Integer(0)}
    for base, exponent in sp.expand_power_base(expression, force=True).as_powers_dict().items():
        if base in found:
            found[base] += exponent
        elif base.free_symbols & set(found):
            raise AssertionError(f"{base} is not a power of r, d or γ")
    return found


def _energy(total: _Expr) -> _Expr:
    """``Σ_{j≤v} j^{-2β}``: a constant where it converges."""
    mode, _, _ = total.limits[0]
    if total.function != mode ** (-2 * beta):
        raise AssertionError(f"{total} is not the energy of the target")
    return c_beta
