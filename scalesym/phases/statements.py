r"""The exponents as formulas of the catalogue, each with its proof by dual weights.

At ``d = f^ξ``, for any ``ξ``, a piece of the loss is ``f^{L(ξ)}`` with ``L`` affine. The weights of the trade-off are positive
and their mean of the two pieces does not depend on ``ξ``: it is ``-η``. Since a mean never exceeds the largest, no size makes
every piece smaller than ``f^{-η}``; and where the two are equal it is reached.

Importing this module loads SymPy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from ..formulas.alphabet import eta, xi
from ..formulas.derivation import Check, Condition, Derivation, DerivationError, Evidence, Outcome
from ..formulas.generation import stated
from ..formulas.statement import Remark, Statement
from ..powerlaw import Law
from .derivation import signed
from .pieces import LETTERS, sectors
from .table import Entry, phase_table

__all__ = ["generate", "statements"]

_Expr = Any  # SymPy ships no types
_PIECES = {"F_pp": r"\mathscr{F}_{pp}", "F_ac": r"\mathscr{F}_{ac}", "F_0": r"\mathscr{F}_0"}
_PIECES |= {"K_pp": r"\mathscr{K}_{pp}/(\gamma B)"}
_PAPER = "arXiv:2405.15074, table of phases"
_LIMIT = Remark(
    "f → ∞, B fixed, γ the largest stable learning rate up to a constant",
    r"f\to\infty,\ B\text{ fixed},\ \gamma\text{ the largest stable learning rate up to a constant}",
    "limit",
)


def generate() -> str:
    """The text of ``phases.json``, the catalogue's entries about the phases."""
    formulas = {each.id: stated(each) for each in statements()}
    return json.dumps({"formulas": formulas}, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def statements() -> tuple[Statement, ...]:
    """``eta.III``, ``xi.III`` and so for every phase."""
    found = []
    for entry in phase_table().phases:
        for letter, chain in ((eta, _eta(entry)), (xi, _xi(entry))):
            id = f"{letter.name}.{entry.name}"
            found.append(Statement(id, letter, chain.expression, chain, _PAPER, (), (_LIMIT,), level="asymptotic"))
    return tuple(found)


def _law(entry: Entry) -> Law:
    return sectors()[entry.sectors[0]].law


def _level(law: Law, name: str) -> _Expr:
    """``L(ξ)`` of a piece, as it comes from its exponents."""
    return law.intercept(law[name]) + law.slope(law[name]) * xi


def _eta(entry: Entry) -> Derivation:
    law = _law(entry)
    weights = {name: weight.ratio.expr(LETTERS) for name, weight in entry.weights.items()}
    mean = -sp.Add(*(sp.Mul(weights[name], _level(law, name), evaluate=False) for name in entry.tradeoff))
    pieces = " and ".join(
        f"${_PIECES[name]}=f^{{{_latex(sp.collect(sp.expand(_level(law, name)), xi))}}}$" for name in entry.tradeoff
    )
    shown = ", ".join(f"${_latex(weights[name])}$" for name in entry.tradeoff)
    prose = f"At $d=f^\\xi$, for any $\\xi$, the pieces are {pieces}. Their mean with the weights {shown}, which are positive and sum to 1:"
    chain = Derivation(eta, mean, "asymptotic", prose)
    return chain.then(
        "the same at every size",
        lambda e: Outcome(signed(e, _points(entry)[0]), _conditions(entry)),
        _least(entry, exact=True),
        prose="The mean does not depend on $\\xi$. It never exceeds the largest piece: no size makes every piece smaller than "
        "$f^{-\\eta}$.",
    )


def _xi(entry: Entry) -> Derivation:
    law = _law(entry)
    one, other = (law[name] for name in entry.tradeoff)
    start = (law.intercept(other) - law.intercept(one)) / (law.slope(one) - law.slope(other))
    names = " and ".join(f"${_PIECES[name]}$" for name in entry.tradeoff)
    chain = Derivation(xi, start, "asymptotic", f"The pieces {names} are equal at $d=f^\\xi$ with")
    return chain.then(
        "simplified",
        lambda e: Outcome(signed(e, _points(entry)[0]), _conditions(entry)),
        _least(entry, exact=False),
        prose="There no other piece is larger; one of the two grows with $d$, the other falls.",
    )


def _conditions(entry: Entry) -> tuple[Condition, ...]:
    found = []
    for polynomial, sign in entry.region.conditions:
        relation = sp.Gt if sign > 0 else sp.Lt
        found.append(Condition(relation(polynomial.at(LETTERS), 0, evaluate=False), f"phase {entry.name}"))
    return tuple(found)


def _points(entry: Entry) -> list[tuple[Fraction, Fraction]]:
    """Rational points of a phase."""
    grid = [(Fraction(a, 23), Fraction(b, 19)) for a in range(1, 60) for b in range(-19, 60)]
    table = phase_table()
    inside = [p for p in grid if all(each.sign_at(p) > 0 for each in table.domain) and entry.region.holds(p)]
    return inside[:: max(1, len(inside) // 25)]


def _least(entry: Entry, exact: bool) -> Check:
    """By enumeration of the crossings of all pieces, in fractions."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        points = _points(entry)
        for point in points:
            at = dict(zip(LETTERS, (sp.Rational(p.numerator, p.denominator) for p in point), strict=True))
            law = phase_table().sector_at(point).at(point)
            lines = [(law.intercept(term), law.slope(term)) for term in law.terms]
            least, size = _enumerated(lines)
            value = outcome.expression.subs(at)
            wanted = -least if exact else size
            if value != sp.Rational(wanted.numerator, wanted.denominator):
                raise DerivationError(f"{value} instead of {wanted} at {point}")
            if sp.simplify(before.subs(at) - value) != 0:
                raise DerivationError(f"the two sides differ at {point}")
        said = "least largest piece" if exact else "best size"
        return Evidence(f"the {said}, by enumeration of all crossings in exact fractions", (f"{len(points)} points",))

    return check


def _enumerated(lines: Sequence[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    crossings = {(r - p) / (q - s) for p, q in lines for r, s in lines if q != s}
    return min((max(p + q * x for p, q in lines), x) for x in crossings if 0 < x < 1)


def _latex(expression: _Expr) -> str:
    from ..formulas.trees import encode
    from ..formulas.typesetting import latex

    return latex(encode(sp.factor(expression) if not expression.has(xi) else expression))
