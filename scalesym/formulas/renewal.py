r"""The loss before the gap is felt, with its constants: the sharp law, its corrections, and the plateau below ``2α = 1``.

At late times the loss is the inverse transform of ``(S - S(ζ_1))/(1-‖K‖+(γ/2)pD_1)`` (:mod:`scalesym.formulas.window`). For
``d^{-2α} ≪ p ≪ 1`` the parts of ``S`` and of ``pD_1`` that are not analytic at ``p = 0`` are small, and count to first
order: either the forcing is late and the kernel acts many times at once, or one step of the kernel is late,

.. math::
    \mathscr P \sim \frac{\mathscr F_{pp}+\mathscr F_{ac}}{1-\lVert\mathscr K\rVert}
    + \frac{\mathscr K_{pp}\,\lVert\mathscr F\rVert_1}{(1-\lVert\mathscr K\rVert)^2}, \qquad 2\alpha>1,\ 2\beta>1.

Below ``2α = 1`` the crowd of small eigenvalues adds a constant: the plateau that the loss stands on before the gap is felt,
different from the one after.

Importing this module loads SymPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, B, alpha, beta, c_beta, d, f, g, gamma, norm_F, norm_K, p, r, tau, v, zeta
from .comparisons import Path, Point, against_literal, at, by_parabola, number
from .contours import Hankel
from .derivation import Derivation, DerivationError, Evidence, Outcome
from .early import LINES, counts, transformed
from .expansions import PowerLog, inverse_laplace, perturbed, terms_of
from .literal import Literal
from .statement import Remark, Statement, when
from .window import late_loss, late_rest

__all__ = ["CASES", "Case", "flat", "loss_early", "statements"]

_Expr = Any  # SymPy ships no types


@dataclass(frozen=True)
class Case:
    """Where the loss is expanded: the line of :data:`~scalesym.formulas.early.LINES`, poles, and models to check by.

    Parameters
    ----------
    line:
        Its name.
    poles:
        Of the end of the spectrum that are taken for ``D_1``.
    plateau:
        Whether constants in time are kept; powers that grow always belong to later times.
    points:
        α, β, γ (``g = γd^{1-2α}`` below ``2α = 1``), B and the reach, ``τ = d^reach``.
    sizes:
        The values of ``d``.
    within:
        How closely the literal loss must be met at the last of them.
    """

    line: str
    poles: int
    plateau: bool
    points: str
    sizes: tuple[int, ...]
    within: float = 3e-3

    @property
    def slow(self) -> bool:
        """Whether ``2α ≤ 1``, where ``γ`` falls with ``d`` and ``‖K‖`` comes from the crowd of small eigenvalues."""
        return bool(LINES[self.line].counted == v)

    def paths(self) -> list[Path]:
        def path(text: str) -> Path:
            known = dict(zip(("alpha", "beta", "gamma", "B", "reach"), text.split(), strict=True))

            def point(size: int) -> Point:
                values = dict(at(**known))
                reach, a = float(values.pop("reach")), float(values["alpha"])
                values["gamma"] *= Fraction(size ** min(0.0, 2 * a - 1))
                time = Fraction(size**reach)
                ratio = 4 if self.slow else 100
                whole = {**values, "d": Fraction(size), "v": Fraction(ratio * size)}
                whole |= {"tau": time, "p": 1 / time, "r": time / (2 * values["gamma"] * values["B"])}
                return {**whole, "norm_K": Fraction(Literal(whole).norm)}

            return point

        return [path(text) for text in self.points.split(",")]


CASES = {
    "2β > 1": Case("2β > 1", 1, False, "1 7/10 1/5 1 6/5, 1 1 1/5 2 4/5", (10**4, 10**8)),
    "2β < 1": Case("2β < 1", 1, False, "1 3/10 1/5 1 9/10, 3/2 1/5 1/10 2 1", (10**4, 10**8), 1e-5),
    "1/4 < α < 1/2": Case("2α < 1", 1, False, "2/5 4/5 1/20 1 1/4, 7/20 7/10 1/20 1 1/4", (10**8, 10**16)),
    "α < 1/4": Case("2α < 1", 2, True, "1/5 4/5 1/20 1 4/25, 1/5 17/20 1/20 3 3/20", (10**8, 10**20), 1e-3),
    "α = 1/4": Case("α = 1/4", 2, True, "1/4 7/10 1/20 1 1/5, 1/4 9/10 1/20 1 1/5", (10**8, 10**16), 1e-3),
}


@lru_cache(maxsize=8)
def loss_early(case: str = "2β > 1") -> Derivation:
    r"""The loss for ``1 ≪ γBr ≪ d^{2α}``, with constants.

    Parameters
    ----------
    case:
        ``"2β > 1"`` or ``"2β < 1"`` (both with ``2α > 1``), ``"1/4 < α < 1/2"``, ``"α < 1/4"`` or ``"α = 1/4"`` (with ``2β > 1``).

    Examples
    --------
    >>> from scalesym.formulas.renewal import loss_early
    >>> len(loss_early("2β > 1").expression.args)
    3
    """
    where = CASES[case]
    start = Derivation(
        QUANTITIES["P_r"](r),
        late_loss().expression * 2 * gamma * B,
        "equivalent",
        "At late times the loss is the inverse Laplace transform of $2\\gamma B\\hat{\\mathscr P}$, at the time "
        "$\\tau=2\\gamma Br$.",
    )
    return (
        start.then(
            "what is not analytic",
            lambda before: _expanded(before, where),
            _transform_checked(where),
            prose="To first order in the parts of $S$ and of $pD_1$ that are not analytic at $p=0$. The analytic part of "
            "$S-S(\\zeta_1)$ is $2\\gamma B\\lVert\\mathscr F\\rVert_1$"
            + (", and that of $1-\\lVert\\mathscr K\\rVert+\\frac\\gamma2pD_1$ tends to $1$." if where.slow else "."),
            relation="~",
            level="sharp",
        )
        .then(
            "back to time",
            inverse_laplace(p, tau),
            by_parabola(where.paths(), 12),
            prose="Term by term; what is analytic at $p=0$ leaves nothing.",
        )
        .then(
            "effective time",
            lambda before: Outcome(before.subs(tau, 2 * gamma * B * r)),
            against_literal("loss", where.paths(), where.sizes, where.within),
            prose="The time in steps of SGD.",
        )
    )


def _expanded(before: _Expr, where: Case) -> Outcome:
    """``S/(rest + k)`` to first order in what is not analytic, ``rest`` and the constant of ``S`` being analytic."""
    line = LINES[where.line]
    weight = (late_rest() - 1 + norm_K) / (p * QUANTITIES["D_1"](zeta))
    if weight.has(p):
        raise DerivationError(f"the kernel enters with the weight {weight}")
    energies = transformed(where.line)
    whole = counts(where.line, where.poles).expression
    if where.plateau:
        whole = perturbed(whole, whole, d, p, over_m=False)(before).expression
    kernel = [PowerLog(weight * t.coefficient, t.power + 1, t.logs) for t in terms_of(whole, p)]
    grown = [t for t in kernel if t.power != 0 and not _later(t, where)]
    rest = sp.S.One if where.slow else 1 - norm_K
    if (len(grown) < len([t for t in kernel if not _later(t, where)])) != where.slow:
        raise DerivationError("the analytic part of the kernel is not that of the crowd of small eigenvalues")
    in_p = terms_of(energies.expression, p)
    still = [t for t in in_p if t.power == 0 and t.logs == 0]
    late = [t for t in in_p if t not in still and not _later(t, where)]
    carried = [t for t in (*still, *late) if line.carried(t.power) and not t.coefficient.has(d)]
    terms = [PowerLog(t.coefficient / rest, t.power, t.logs) for t in late]
    for t in carried:
        size = 2 * gamma * B * norm_F if t in still else t.coefficient
        terms += [PowerLog(-size / rest**2, t.power, t.logs) * k for k in grown]
    return Outcome(sp.Add(*(t.at(p) for t in terms)), energies.conditions)


def _later(term: PowerLog, where: Case) -> bool:
    """Whether a term of first order in ``1/d``, or of the end of the spectrum, grows in time, or is a constant not kept."""
    small = where.slow and (term.coefficient.has(d) or term.coefficient.has(v) or where.plateau)
    beyond = term.power + 1
    if not small or beyond.is_positive:
        return False
    if beyond == 0:
        return not where.plateau
    return bool(beyond.is_negative) or (not beyond.is_number and term.coefficient.has(sp.sin) and _grows(beyond, where))


def _grows(power: _Expr, where: Case) -> bool:
    """Whether an exponent of ``p`` is negative where the case is checked; its sign must be the same at all points."""
    signs = set()
    for path in where.paths():
        known = path(10)
        values = {letter: sp.Rational(str(known[letter.name])) for letter in (alpha, beta)}
        signs.add(bool(power.subs(values).is_negative))
    if len(signs) != 1:
        raise DerivationError(f"p^({power}) grows at some of the points only")
    return signs.pop()


def _transform_checked(where: Case) -> Any:
    """The inverse transform of every term, along a parabola, against the loss of the literal equations."""
    compared = against_literal("loss", where.paths()[:1], where.sizes[-1:], where.within, every_term=False)

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        images = [Hankel(term * sp.exp(p * tau), p, 0, tau) for term in sp.Add.make_args(outcome.expression)]
        return compared(before, Outcome(sp.Add(*images)))

    return check


@lru_cache(maxsize=1)
def flat() -> Derivation:
    r"""Below ``2α = 1`` the noise term at a fixed budget ``f = rBd`` and ``γ = gd^{2α-1}``: flat in ``d`` at ``α = 1-1/√2``.

    .. math:: \mathscr P \sim \frac{c_\beta g\,\Gamma(2-\frac1{2\alpha})}{4\alpha}\,(2gf)^{-\alpha},
        \qquad \alpha = 1-\tfrac1{\sqrt2}

    Examples
    --------
    >>> from scalesym.formulas.renewal import flat
    >>> flat().steps[-1].name
    'where it is flat'
    """
    whole = loss_early("1/4 < α < 1/2").expression
    (noise,) = [term for term in sp.Add.make_args(whole) if term.has(norm_F) and term.has(r)]
    told = (
        "Of the terms of the loss for $1\\ll\\gamma Br\\ll d^{2\\alpha}$, this is SGD's noise, "
        "$\\mathscr K_{pp}\\lVert\\mathscr F\\rVert_1$."
    )

    def at_fixed_budget(before: _Expr) -> Outcome:
        small = before.subs(norm_F, c_beta / (2 * gamma * B)).subs(r, f / (B * d)).subs(gamma, g * d ** (2 * alpha - 1))
        return Outcome(_collected(small))

    def flattened(before: _Expr) -> Outcome:
        exponent = sp.simplify(d * sp.diff(sp.expand_log(sp.log(before), force=True), d))
        roots = [root for root in sp.solve(sp.Eq(exponent, 0), alpha) if root < sp.Rational(1, 2)]
        if len(roots) != 1:
            raise DerivationError(f"the exponent {exponent} vanishes at {roots}")
        return Outcome(_collected(sp.radsimp(before.subs(alpha, roots[0]))))

    points = [at(alpha="3/10", g="1/5", d=100, f=10**6, c_beta=2), at(alpha="2/5", g="1/7", d=7, f=10**4, c_beta="3/2")]

    def replaced(before: _Expr, outcome: Outcome) -> Evidence:
        for point in points:
            rate = Fraction(float(point["g"]) * float(point["d"]) ** (2 * float(point["alpha"]) - 1))
            values = {**point, "gamma": rate, "B": Fraction(1), "r": point["f"] / point["d"]}
            values["norm_F"] = values["c_beta"] / (2 * rate)
            left, right = number(before, values, 14), number(outcome.expression, point, 14)
            if abs(left / right - 1) > 1e-13:
                raise DerivationError(f"{left} before, {right} after")
        return Evidence("both sides agree to 13 digits at 2 points", ())

    def constant_in_d(before: _Expr, outcome: Outcome) -> Evidence:
        near = Fraction(str(sp.N(1 - 1 / sp.sqrt(2), 30)))
        values = [
            float(number(before, at(alpha=near, g="1/5", d=size, f=10**6, c_beta=2), 14)) for size in (10, 10**4, 10**8)
        ]
        right = float(number(outcome.expression, at(g="1/5", f=10**6, c_beta=2), 14))
        if outcome.expression.has(d) or any(abs(value / right - 1) > 1e-12 for value in values):
            raise DerivationError(f"{values} at growing d, not {right}")
        return Evidence("the same value for d = 10, 10^4 and 10^8", ())

    return (
        Derivation(QUANTITIES["P_r"](r), noise, "sharp", told)
        .then(
            "at a fixed budget",
            at_fixed_budget,
            replaced,
            prose="With $r=f/(Bd)$ and $\\gamma=gd^{2\\alpha-1}\\to0$, where "
            "$\\lVert\\mathscr F\\rVert_1\\to c_\\beta/(2\\gamma B)$.",
        )
        .then(
            "where it is flat",
            flattened,
            constant_in_d,
            prose="The exponent of $d$ vanishes at one $\\alpha<\\frac12$. "
            "Two poles do not meet there, and there is no logarithm.",
        )
    )


def _collected(expression: _Expr) -> _Expr:
    """Powers of equal letters put together, and no root in a denominator."""
    apart = sp.expand_power_base(sp.powdenest(expression, force=True), force=True)
    return sp.factor_terms(sp.powsimp(apart.replace(lambda e: e.is_Pow, lambda e: sp.Pow(e.base, sp.radsimp(e.exp)))))


def statements() -> tuple[Statement, ...]:
    """The entries of the catalogue about the loss before the gap is felt."""
    P, half, quarter = QUANTITIES["P_r"](r), sp.Rational(1, 2), sp.Rational(1, 4)
    in_time = ((d, sp.oo), (r, sp.oo))
    stable = Remark("‖K‖ < 1", r"\lVert\mathscr{K}\rVert<1", "stability")
    early = Remark("2γBr ≪ d^(2α)", r"2\gamma Br\ll d^{2\alpha}", "range")
    falling = Remark("γ ∝ d^(2α - 1)", r"\gamma\propto d^{2\alpha-1}", "range")
    above = when(sp.Gt(beta, half, evaluate=False))
    below = when(sp.Lt(beta, half, evaluate=False))
    slow = (above, falling, stable, early)
    where = {
        "P.sharp": ("2β > 1", (above, stable, early)),
        "P.sharp.slow-target": ("2β < 1", (below, stable, early)),
        "P.sharp.slow-spectrum": (
            "1/4 < α < 1/2",
            (when(sp.Gt(alpha, quarter, evaluate=False)), when(sp.Lt(alpha, half, evaluate=False)), *slow),
        ),
        "P.plateau": ("α < 1/4", (when(sp.Lt(alpha, quarter, evaluate=False)), *slow)),
        "P.plateau.line": ("α = 1/4", (Remark("α = 1/4", r"\alpha=\frac14", "line"), *slow)),
    }
    chains = {id: loss_early(case) for id, (case, _) in where.items()}
    level_line = Remark("α = 1 - 1/√2", r"\alpha=1-\frac1{\sqrt2}", "line")
    return (
        *(
            Statement(id, P, chain.expression, chain, "derived here", in_time, where[id][1])
            for id, chain in chains.items()
        ),
        Statement("P.flat", P, flat().expression, flat(), "derived here", ((f, sp.oo),), (level_line, above, stable)),
    )
