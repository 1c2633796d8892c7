r"""Constants in closed form, where two powers trade off: the catalogue's sharp laws along a budget ``f = rBd``.

With ``r = f/(Bd)``, ``v = ρd``, and ``γ = gd^{2α-1}`` for ``2α < 1``, each term of a law is a power ``c f^p d^q``; on the critical
lines ``c`` has the logarithm of ``r``, ``d`` or ``v``, which is a share of ``ℓ = log f`` to leading order. Two of them,

.. math:: c_1 f^{p_1}d^{q_1} + c_2 f^{p_2}d^{q_2}, \qquad q_1 > 0 > q_2,

are least where :func:`scalesym.powerlaw.constants` says. Nothing is typed in here but which entry of the catalogue holds
where, and which two of its terms trade off. Importing this module loads SymPy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from ..formulas import formula
from ..formulas.alphabet import B, alpha, beta, c_beta, d, f, g, gamma, norm_F, norm_K, r, rho, v
from ..powerlaw import Law, Term, constants

__all__ = ["ELL", "SIZE", "Closed", "closed"]

_Expr = Any  # SymPy ships no types
_Power = tuple[_Expr, _Expr, _Expr]
_Number = tuple[float, float]

#: ``log f``, and the constant of ``d*`` in that of ``P*``.
ELL, SIZE = sp.Symbol("ell", positive=True), sp.Symbol("c", positive=True)

_XI = sp.Symbol("xi_share", positive=True)  # ξ, to be put in

_SLOW = {norm_F: c_beta / (2 * gamma * B)}  # as γ → 0
_TARGET = {beta: sp.Rational(1, 2)}
_QUARTER = {alpha: sp.Rational(1, 4)}
_FLAT = {alpha: 1 - 1 / sp.sqrt(2)}

#: Phase or line: the entry of the catalogue, what else is known there, and the terms that rise and fall with ``d``.
_SOURCES: dict[str, tuple[str, Mapping[_Expr, _Expr], str, str]] = {
    "II": ("P.sharp", {}, "F_pp", "F_ac"),
    "III": ("P.sharp", {}, "K_pp", "F_ac"),
    "II|III": ("P.sharp", {beta: alpha}, "K_pp+F_pp", "F_ac"),
    "Ic": ("P.plateau", _SLOW, "F_pp", "F_0"),
    "IVb": ("P.sharp.slow-spectrum", _SLOW, "F_pp", "K_pp"),
    "IVa|IVb": ("P.plateau", {**_SLOW, **_FLAT}, "F_pp", "F_0"),
    "Ia|II": ("F.early.target-line", _TARGET, "F_pp", "F_ac"),
    "Ib|IVb": ("P.sharp.slow-spectrum", {**_SLOW, **_TARGET}, "F_pp", "K_pp"),
    "Ib|Ic": ("P.plateau", {**_SLOW, **_TARGET}, "F_pp", "F_0"),
    "Ic|IVb": ("P.plateau.line", {**_SLOW, **_QUARTER}, "F_pp", "F_0"),
}


@dataclass(frozen=True)
class Closed:
    """``d* ~ size f^ξ``, ``P* ~ loss f^{-η}`` as SymPy expressions in the catalogue's letters, ``ℓ`` and ``c = size``.

    ``source`` is the entry of the catalogue that they follow from.
    """

    source: str
    size: _Expr
    loss: _Expr

    def at(self, values: Mapping[str, float]) -> tuple[_Number, _Number]:
        """Both as ``(constant, power of ℓ)``, in doubles."""
        return _number(self.size, values), _number(self.loss.subs(SIZE, self.size), values)


def _number(expression: _Expr, values: Mapping[str, float]) -> _Number:
    letters = sorted(expression.free_symbols - {ELL}, key=str)
    named = {letter: sp.Symbol(f"_{n}") for n, letter in enumerate(letters)}  # gamma is also a function
    function = sp.lambdify([*named.values(), ELL], expression.xreplace(named), modules="mpmath")
    known = [values[letter.name] for letter in letters]
    low, high = (float(function(*known, math.exp(x))) for x in (0, 1))
    return low, math.log(high / low)


@cache
def closed(name: str) -> Closed | None:
    """The closed form in a phase or on a line by its name, ``None`` where there is none.

    Examples
    --------
    >>> closed("IVb").source
    'P.sharp.slow-spectrum'
    """
    if name not in _SOURCES:
        return None
    source, given, up, down = _SOURCES[name]
    terms = _terms(formula(source).expr, given)
    if name == "Ia|II":  # the entry is the forcing function's
        terms = [(c / (1 - norm_K), p, q) for c, p, q in terms]
    (c1, p1, q1), (c2, p2, q2) = (_chosen(terms, each, given) for each in (up, down))
    share = sp.simplify((p2 - p1) / (q1 - q2))
    c1, c2 = (_leading(c, share) for c in (c1, c2))
    size, loss = constants(Law((_term(up, c1, p1, q1), _term(down, c2, p2, q2))), (up, down))
    loss = formula("P.flat").expr.subs(f, 1) if name == "IVa|IVb" else loss.subs(size, SIZE)
    return Closed(source, _tidy(size), _tidy(loss))


def _tidy(expression: _Expr) -> _Expr:
    """With every exponent as one fraction."""
    return expression.replace(lambda x: x.is_Pow, lambda x: x.base ** sp.cancel(sp.together(x.exp)))


def _terms(expression: _Expr, given: Mapping[_Expr, _Expr]) -> list[_Power]:
    """``(c, p, q)`` of every different power ``f^p d^q`` in a sum."""
    slow = norm_F in given
    first = {k: x for k, x in given.items() if k == norm_F}
    found = expression.subs(sp.zeta(2 * beta), c_beta).subs(first)
    share = _XI * (2 * alpha - 1) if slow else sp.Integer(0)  # of log γ in log f
    found = found.replace(sp.log, lambda each: ELL * (_XI if each == v else 1 - _XI + share))
    if _TARGET.items() <= given.items():
        found = found.subs(c_beta, ELL * _XI)
    if slow:
        found = found.subs(gamma, g * d ** (2 * alpha - 1))
    found = found.subs(r, f / (B * d)).subs(v, rho * d).subs({k: x for k, x in given.items() if k != norm_F})
    groups: dict[tuple[_Expr, _Expr], _Expr] = {}
    for term in sp.Add.make_args(found):
        p, q = (sp.nsimplify(sp.simplify(x * sp.diff(term, x) / term)) for x in (f, d))
        groups[p, q] = groups.get((p, q), 0) + term.subs({f: 1, d: 1})
    return [(c, p, q) for (p, q), c in groups.items()]


def _chosen(terms: list[_Power], name: str, given: Mapping[_Expr, _Expr]) -> _Power:
    """The term of a piece, told by what only it contains; ``F_0`` is ``d^{-2α}``."""
    for c, p, q in terms:
        if name == "K_pp+F_pp":
            found = c.has(norm_F)
        elif name == "F_0":
            found = sp.simplify(q + 2 * alpha.subs(given)) == 0 and p == 0
        elif name == "K_pp":
            found = c.has(norm_F) or (norm_F in given and c.has(sp.gamma(2 - 1 / (2 * alpha))) and c.has(c_beta, ELL))
        elif name == "F_ac":
            found = c.has(sp.gamma(1 - 1 / (2 * alpha)))
        else:
            found = not c.has(norm_F, c_beta, ELL)
        if found:
            return c, p, q
    raise AssertionError(f"the law has no term {name}")


def _leading(c: _Expr, share: _Expr) -> _Expr:
    """Of a coefficient with a logarithm, what multiplies it."""
    if not c.has(ELL):
        return c
    return sp.simplify(sp.expand(c.subs(_XI, share)).coeff(ELL)) * ELL


def _term(name: str, c: _Expr, p: _Expr, q: _Expr) -> Term:
    """``c f^p d^q`` as ``c r^{-a} d^{-b}`` at ``f = rd``."""
    return Term(name, sp.simplify(-p), sp.simplify(-p - q), c)
