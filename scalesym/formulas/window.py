r"""The scaling window ``t = 2γBr/d^{2α}`` of order one, and one law for every phase and line.

On the scale of the gap everything is explicit in ``ζ̃``: ``p̃ = ζ̃m̃``, and the inverse Laplace transform is an integral
along a Hankel contour,

.. math::
    \mathscr F \sim A\,d^{-2\alpha+\max(0,1-2\beta)}\,
    \frac1{2\pi\mathrm i}\int_{\mathcal H}\tilde S\,e^{\tilde\zeta\tilde mt}\,\tilde N\,d\tilde\zeta,
    \qquad \tilde N = \frac{d(\tilde\zeta\tilde m)}{d\tilde\zeta}.

The loss follows from ``P̂ = F̂/(1-wK̂)`` at late times, ``w = e^{-s} → 1``: there ``x_- = -p``, ``s = 2γBp``, and

.. math::
    \mathscr P(r) \approx \frac1{2\pi\mathrm i}\int_{\mathcal H}
    \frac{S(\zeta)-S(\zeta_1)}{1-\lVert\mathscr K\rVert+\frac\gamma2\,p\,D_1(\zeta)}\,e^{p\tau}\,dp.

For ``2α > 1`` the kernel has done its work long before the window; for ``2α < 1`` it acts within. The sums of the last
formula, with both their contributions on the scale of the gap, give one law from ``γBr ≫ 1`` through the window, in all
phases and on the lines between them.

Importing this module loads SymPy.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from . import gap
from .alphabet import (
    QUANTITIES,
    B,
    alpha,
    beta,
    c_beta,
    d,
    g,
    gamma,
    j,
    kappa,
    norm_K,
    p,
    r,
    rho,
    sigma_plus,
    t,
    tau,
    v,
    zeta,
    zeta_0,
    zeta_tilde,
)
from .comparisons import Path, Point, against_literal, along, at, number
from .contours import Hankel
from .definitions import DEFINITIONS, Root
from .derivation import Derivation, DerivationError, Evidence, Operation, Outcome
from .expansions import inverse_laplace, mode_sum
from .literal import Literal
from .operations import tidy
from .statement import Remark, Statement, when

__all__ = ["forcing", "late_loss", "late_rest", "loss", "one_law", "statements", "window_early", "window_late"]

_Expr = Any  # SymPy ships no types
_D, _m, _J, _N = (QUANTITIES[name](zeta) for name in ("D_1", "m", "J", "N"))
_Dw, _mw, _Jw, _Nw, _kw = (QUANTITIES[name](zeta_tilde) for name in ("D_w", "m_w", "J_w", "N_w", "k_w"))
_SIZES = (10**4, 10**8)


def _model(ratio: str, time: str, **values: str) -> Path:
    """Models of growing ``d`` at fixed ``v/d`` and at a fixed ``t``; below ``2α = 1`` at a fixed ``g = γd^{1-2α}``."""

    def point(size: int) -> Point:
        known = at(B=1, **values)
        a = float(known["alpha"])
        rate = known["gamma"] * Fraction(size ** min(0.0, 2 * a - 1))
        steps = Fraction(float(Fraction(time)) * size ** (2 * a)) / (2 * rate * known["B"])
        sizes = {"d": Fraction(size), "v": Fraction(ratio) * size, "rho": Fraction(ratio)}
        whole = {**known, **sizes, "gamma": rate, "r": steps, "t": Fraction(time)}
        return {**whole, "norm_K": Fraction(Literal(whole).norm)}

    return point


def _paths(beta_above: str, beta_below: str) -> tuple[Path, ...]:
    """One model with ``2α > 1`` at ``t = 1/2``, one with ``2α < 1`` at ``t = 20``."""
    return (
        _model("10", "1/2", alpha="1", beta=beta_above, gamma="1/5"),
        _model("10", "20", alpha="2/5", beta=beta_below, gamma="1/20"),
    )


_CASES: dict[str, tuple[tuple[Path, ...], float, str]] = {
    "2β > 1": (_paths("1", "6/5"), 1e-4, "The first modes carry the target."),
    "2β < 1": (_paths("1/10", "1/5"), 1e-4, "All modes carry the target."),
    "2β = 1": (_paths("1/2", "1/2"), 1e-4, "On the line both do."),
}


def _energy(case: str) -> _Expr:
    """``J`` on the scale of the gap, from the derivations of :mod:`scalesym.formulas.gap`."""
    if case == "2β > 1":
        return c_beta
    if case == "2β < 1":
        found = gap.energy().expression
        scale = d ** (1 - 2 * beta)
        if sp.simplify(found / scale - _defined("J_w()")) != 0:
            raise DerivationError("J̃ is not what it is defined to be")
        return scale * _Jw
    at_zero = gap.forcing_limit("2β = 1").expression / gap.zeta_at_zero().expression
    return at_zero.subs(kappa, 1 / zeta_tilde)


def _defined(name: str) -> _Expr:
    """What a function or letter is defined to be."""
    definition = DEFINITIONS[name]
    assert not isinstance(definition, Root)
    return definition.expression


def _counts_are_as_defined() -> None:
    """``D̃_1``, and with it ``m̃ = 1 - D̃_1``, is what the definitions say."""
    if sp.simplify(gap.counts().expression / d - _defined("D_w()")) != 0:
        raise DerivationError("D̃_1 is not what it is defined to be")


def _scaled(case: str) -> Operation:
    """``ζ = ζ̃ d^{-2α}`` under the Hankel integral: every sum for its limit, the contour and the time with them."""

    def operation(before: _Expr) -> Outcome:
        _counts_are_as_defined()
        if not isinstance(before, Hankel):
            raise DerivationError("expected one Hankel integral")
        replaced = before.integrand.subs({_J: _energy(case), _m: _mw, _N: _Nw, zeta: zeta_tilde * d ** (-2 * alpha)})
        small = tidy(sp.powsimp(sp.expand_power_base(replaced.subs(tau, t * d ** (2 * alpha)), force=True)))
        constant, rest = small.as_independent(zeta_tilde, as_Add=False)
        return Outcome(tidy(constant * d ** (-2 * alpha)) * Hankel(rest, zeta_tilde, 1 / kappa, t))

    return operation


@lru_cache(maxsize=4)
def forcing(case: str = "2β > 1") -> Derivation:
    r"""The forcing function in the window.

    .. math:: \mathscr F \sim c_\beta d^{-2\alpha}\,\frac1{2\pi\mathrm i}\int_{\mathcal H}
        \frac{\tilde N}{\tilde m}\,e^{\tilde\zeta\tilde mt}\,d\tilde\zeta \qquad (2\beta>1)

    Parameters
    ----------
    case:
        ``"2β > 1"``, ``"2β < 1"`` or the line ``"2β = 1"``.

    Examples
    --------
    >>> from scalesym.formulas.window import forcing
    >>> forcing().expression.as_independent(Hankel)[0]
    c_beta/d**(2*alpha)
    """
    paths, within, prose = _CASES[case]
    start = Hankel(_J / _m * sp.exp(zeta * _m * tau) * _N, zeta, zeta_0, tau)
    told = "The inverse Laplace transform in $p=\\zeta m$, with $dp=N\\,d\\zeta$, at the time $\\tau=2\\gamma Br$."
    return Derivation(QUANTITIES["F"](r), start, "equivalent", told).then(
        "scale of the gap",
        _scaled(case),
        against_literal("forcing", paths, _SIZES, within),
        prose=f"On the scale of the gap. {prose}",
        relation="~",
        level="sharp",
    )


@lru_cache(maxsize=1)
def late_loss() -> Derivation:
    r"""The transform of the loss at late times, from ``P̂ = F̂/(1-wK̂)``.

    .. math:: \hat{\mathscr P} \approx \frac{1}{2\gamma B}\;
        \frac{S(\zeta)-S(\zeta_1)}{1-\lVert\mathscr K\rVert+\frac\gamma2\,p\,D_1(\zeta)}

    Examples
    --------
    >>> from scalesym.formulas.window import late_loss
    >>> late_loss().steps[-1].name
    'late times'
    """
    from .alphabet import w, x_minus, x_plus, zeta_1, zeta_minus, zeta_plus
    from .generating import loss_series

    start = loss_series()
    S, D = QUANTITIES["S"], QUANTITIES["D_1"]

    def operation(before: _Expr) -> Outcome:
        """``w → 1``: ``x_+ → x_+(1)``, ``x_-`` only where it meets ``D_1(ζ_-)``, which grows."""
        met = sp.Dummy("met")
        kept = before.subs(x_minus * D(zeta_minus), met)
        late = kept.subs({w: 1, zeta_plus: zeta_1, zeta_minus: zeta}).subs(x_minus, 0)
        outer = _defined("x_plus").subs(w, 1)
        numbered = late.subs(x_plus, outer).subs(met, -p * D(zeta)).subs(D(zeta_1), -(B + 1) * norm_K)
        energy = sp.Dummy("S")
        simple = sp.factor(sp.together(numbered.subs(S(zeta) - S(zeta_1), energy).subs(S(zeta), energy + S(zeta_1))))
        rest = sp.expand(sp.cancel(energy / (2 * gamma * B * simple)))
        return Outcome((S(zeta) - S(zeta_1)) / rest / (2 * gamma * B))

    return start.then(
        "late times",
        operation,
        _late_checked,
        prose="At late times $w=e^{-s}\\to1$: $x_+$ and $\\zeta_+$ take their values at $w=1$, and $x_-=-p$ with $s=2\\gamma "
        "Bp$ is small, except where it multiplies $D_1(\\zeta)$, which grows.",
        relation="~",
        level="sharp",
    )


def late_rest() -> _Expr:
    """What the transform of the loss is divided by at late times, ``1 - ‖K‖ + (γ/2)pD_1(ζ)``.

    Examples
    --------
    >>> from scalesym.formulas.window import late_rest
    >>> late_rest()
    gamma*p*D_1(zeta)/2 - norm_K + 1
    """
    (rest,) = [f.base for f in sp.Mul.make_args(late_loss().expression) if f.is_Pow and f.base.is_Add]
    return rest


def _late_checked(before: _Expr, outcome: Outcome) -> Evidence:
    """Both sides as numbers, at ``s → 0`` with ``D_1`` growing: ``p = d^{-2α}``, ``d → ∞``."""
    gaps = []
    for size in (20, 100):
        known = at(alpha="4/5", beta="3/5", gamma="1/5", B=2, d=size, v=3 * size)
        small = Fraction(1, round(size**1.6))
        exact = number(before, {**known, "w": 1 / _factor(known, -small)}, 10)
        model = Literal(known)
        root = Fraction(float(model._zeta(-float(small)).real))
        late = number(outcome.expression, {**known, "p": small, "zeta": root}, 10)
        gaps.append(abs(float(exact / late) - 1))
    if not (gaps[1] < gaps[0] / 5 and gaps[1] < 1e-3):
        raise DerivationError(f"the ratio does not tend to 1: {gaps}")
    return Evidence("the ratio of both sides tends to 1 at p = d^(-2α), d = 20 and 100", (str(gaps),))


def _factor(known: Point, x: Fraction) -> Fraction:
    batch, rate = known["B"], known["gamma"]
    return 1 - 2 * rate * batch * x + rate**2 * batch * (batch + 1) * x**2


@lru_cache(maxsize=8)
def loss(case: str = "2β > 1", above: bool = True) -> Derivation:
    r"""The loss in the window: ``F/(1-‖K‖)`` for ``2α > 1``, with the kernel under the integral for ``2α < 1``.

    .. math:: \mathscr P \sim c_\beta d^{-2\alpha}\,\frac1{2\pi\mathrm i}\int_{\mathcal H}
        \frac{\tilde N}{\tilde m\,(1-\tilde k)}\,e^{\tilde\zeta\tilde mt}\,d\tilde\zeta \qquad (2\alpha<1<2\beta)

    Examples
    --------
    >>> from scalesym.formulas.window import loss
    >>> loss().expression.has(norm_K)
    True
    """
    paths, within, prose = _CASES[case]
    chosen = [path for path in paths if (path(10)["alpha"] > Fraction(1, 2)) == above]

    def operation(before: _Expr) -> Outcome:
        rest = late_rest().subs(p, zeta * _m)
        window = rest.subs({_D: d * _Dw, _m: _mw, zeta: zeta_tilde * d ** (-2 * alpha)})
        scaled = sp.expand(sp.powsimp(window.subs(gamma, g * d ** (2 * alpha - 1)).expand()))
        grown = sp.Add(*(term for term in sp.Add.make_args(scaled) if term.has(zeta_tilde)))
        if grown.has(d):
            raise DerivationError(f"{grown} depends on d")
        found = _scaled(case)(before).expression
        if above:
            return Outcome(found / (1 - norm_K))
        norm = g * rho ** (1 - 2 * alpha) / (1 - 2 * alpha) / 2  # lim ‖K‖ = (γ/2) tr D
        if sp.expand(1 - norm + grown - (1 - _defined("k_w()"))) != 0:
            raise DerivationError("k̃ is not what it is defined to be")
        (integral,) = found.atoms(Hankel)
        weighed = Hankel(integral.integrand / (1 - _kw), *integral.args[1:])
        return Outcome(found.xreplace({integral: weighed}))

    manner = (
        "For $2\\alpha>1$ the kernel has done its work before the window: a factor $1/(1-\\lVert\\mathscr K\\rVert)$."
        if above
        else "For $2\\alpha<1$, $\\gamma=gd^{2\\alpha-1}$, and $\\frac\\gamma2pD_1$ is of the order of "
        "$\\lVert\\mathscr K\\rVert\\to\\frac g2\\int_0^\\rho u^{-2\\alpha}du$."
    )
    start = Hankel(_J / _m * sp.exp(zeta * _m * tau) * _N, zeta, zeta_0, tau)
    told = "This is the forcing function; the loss has $1/(1-\\hat k)$ under the integral besides."
    return Derivation(QUANTITIES["P_r"](r), start, "equivalent", told).then(
        "scale of the gap",
        operation,
        against_literal(
            "loss", chosen, _SIZES, within if above else 5e-3
        ),  # the kernel of 2α < 1 is left like d^{2α-1}
        prose=f"{manner} {prose}",
        relation="~",
        level="sharp",
    )


_LAW_POINTS = (
    ("1", "7/10", "1/5", "1", "11/10"),
    ("1/2", "4/5", "1/50", "1", "1/2"),
    ("3/4", "6/5", "1/20", "4", "1"),
    ("3/10", "7/10", "1/20", "1", "2/5"),
    ("1", "3/10", "1/5", "1", "19/10"),
)


def _early_paths() -> list[Path]:
    """Models of growing ``d`` on both sides of every line, at the time ``τ = d^reach``."""

    def path(known: tuple[str, ...]) -> Path:
        def point(size: int) -> Point:
            values = at(**dict(zip(("alpha", "beta", "gamma", "B", "reach"), known, strict=True)))
            reach, a = float(values.pop("reach")), float(values["alpha"])  # type: ignore[attr-defined]
            rate = values["gamma"] * Fraction(size ** min(0.0, 2 * a - 1))
            time = Fraction(size**reach)
            sizes = {"d": Fraction(size), "v": Fraction(10 * size), "rho": Fraction(10), "gamma": rate}
            whole = {**values, **sizes, "r": time / (2 * rate * values["B"]), "t": time / Fraction(size ** (2 * a))}
            return {**whole, "norm_K": Fraction(Literal(whole).norm)}

        return point

    return [path(known) for known in _LAW_POINTS]


@lru_cache(maxsize=1)
def one_law() -> Derivation:
    r"""The loss from ``γBr ≫ 1`` through the window, in one formula for every phase and line, ``β < 2α + 1/2``.

    .. math::
        \mathscr P \approx d^{-2\alpha}\,\frac1{2\pi\mathrm i}\int_{\mathcal H}
        \frac{\tilde S-S(x_+)}{1-\lVert\mathscr K\rVert+\frac\gamma2d^{1-2\alpha}\tilde\zeta\tilde m\tilde D_1}
        \,e^{\tilde\zeta\tilde mt}\tilde N\,d\tilde\zeta, \qquad
        \tilde S = \frac{\zeta_{\mathrm R}(2\beta)-\zeta_{\mathrm R}(2\beta-2\alpha)\,d^{-2\alpha}\tilde\zeta
        +d^{1-2\beta}\tilde J}{\tilde m}

    with the exact kernel norm, and ``-S(x_+) = Σ_j b_j² aλ_j/(1-aλ_j)``, ``a = γ(B+1)/2``.

    Examples
    --------
    >>> from scalesym.formulas.window import one_law
    >>> one_law().level
    'sharp'
    """

    def in_the_window(before: _Expr) -> Outcome:
        a = gamma * (B + 1) / 2
        summand = _J.subs(zeta, -1 / a).replace(
            QUANTITIES["J"], lambda x: j ** (-2 * beta) / (1 + x * j ** (2 * alpha))
        )
        weight = a * j ** (-2 * alpha)  # S at ζ_1 = -1/a + O(1/d), where m = 1 + O(1/d)
        outer = j ** (-2 * alpha - 2 * beta) * a / (1 - weight)
        if sp.simplify(summand + outer) != 0:
            raise DerivationError("S(x_+) is another sum")
        parts = gap.energy(2).expression
        kept = [part for part in sp.Add.make_args(parts) if part.has(sp.hyper) or part.has(sp.zeta)]  # not half a mode
        named = sp.Add(*(d ** (1 - 2 * beta) * _Jw if part.has(sp.hyper) else part for part in kept))
        _counts_are_as_defined()
        if (
            sp.simplify(named / _mw - _defined("S_w()")) != 0
            or sp.simplify(outer / _defined("sigma_plus").function - 1) != 0
        ):
            raise DerivationError("S̃ or σ_+ is not what it is defined to be")
        energy = QUANTITIES["S_w"](zeta_tilde) + sigma_plus
        met = sp.expand(
            late_rest().subs(p, zeta * _m).subs({_D: d * _Dw, _m: _mw, zeta: zeta_tilde * d ** (-2 * alpha)})
        )
        rest = sp.Add(*(sp.powsimp(term) for term in sp.Add.make_args(met)))
        whole = energy / rest * sp.exp(zeta_tilde * _mw * t) * _Nw
        return Outcome(d ** (-2 * alpha) * Hankel(whole, zeta_tilde, 1 / kappa, t))

    start = Hankel(late_loss().expression * 2 * gamma * B * sp.exp(p * tau), p, 0, tau)
    told = (
        "At late times the loss is the inverse Laplace transform of $2\\gamma B\\hat{\\mathscr P}$ at the time "
        "$\\tau=2\\gamma Br$, the pole at $p=0$ included."
    )
    return Derivation(QUANTITIES["P_r"](r), start, "equivalent", told).then(
        "both contributions",
        in_the_window,
        against_literal("loss", _early_paths(), _SIZES[-1:], 1e-5),
        prose="On the scale of the gap, with the first modes (and what they have learnt) and the continuum of modes kept in "
        "$J$; nothing is expanded that changes between $p\\sim1$ and $p\\sim d^{-2\\alpha}$.",
        relation="~",
        level="sharp",
    )


@lru_cache(maxsize=8)
def window_early(case: str = "2β > 1") -> Derivation:
    r"""The forcing function's scaling function as ``t → 0``: it joins the early law.

    .. math:: \frac{\Gamma(1-\frac1{2\alpha})}{2\alpha}\,t^{-1+1/(2\alpha)} + \frac{\rho^{1-2\alpha}}{1-2\alpha}\ (2\beta>1),
        \qquad \frac{\Gamma(s)}{2\alpha}\,t^{-s},\ s=1+\frac\beta\alpha-\frac1{2\alpha}\ (2\beta<1)

    Examples
    --------
    >>> from scalesym.formulas.window import window_early
    >>> window_early("2β > 1").level
    'asymptotic'
    """

    def operation(before: _Expr) -> Outcome:
        """``p̃ = ζ̃m̃ → ∞``: ``m̃ = 1 - D̃_1`` to first order, ``D̃_1`` and ``J̃`` by the poles of their sums."""
        (integral,) = before.atoms(Hankel)
        counted = sp.Sum(1 / (1 + p * j ** (2 * alpha)), (j, 1, v))
        weighed = sp.Sum(j ** (-2 * beta) / (1 + p * j ** (2 * alpha)), (j, 1, sp.oo))
        if case == "2β > 1":
            terms = mode_sum(p, left=-1)(counted).expression.subs(v, rho)  # 1/m̃ = 1 + D̃_1
        else:
            terms = sp.Add(*(q for q in sp.Add.make_args(mode_sum(p)(weighed).expression) if q.has(sp.sin)))
        return Outcome(before / integral * inverse_laplace(p, t)(terms).expression)

    def path(known: Point) -> Path:
        return lambda size: {**known, "t": Fraction(1, size)}

    first, second = (path({n: x for n, x in each(10**6).items() if n not in ("t", "r")}) for each in _CASES[case][0])
    return forcing(case).then(
        "early in the window",
        operation,
        along([first, second], (10**3, 10**6), 0.03),
        prose="As $t\\to0$ the transform is needed at large $\\tilde p=\\tilde\\zeta\\tilde m$, where $\\tilde m=1-\\tilde D_1$ is "
        "near $1$ and the integrals are sums over the poles of their Mellin transforms.",
        relation="~",
        level="asymptotic",
    )


@lru_cache(maxsize=8)
def window_late(case: str = "2β > 1", below: bool = False) -> Derivation:
    r"""The window's scaling function as ``t → ∞``: what is left is the residue at ``p̃ = 0``, where ``ζ̃ = 1/κ``.

    Examples
    --------
    >>> from scalesym.formulas.window import window_late
    >>> window_late().expression
    c_beta/(d**(2*alpha)*kappa)
    """

    def operation(before: _Expr) -> Outcome:
        (integral,) = before.atoms(Hankel)
        inside = integral.integrand / sp.exp(zeta_tilde * _mw * t) / _Nw * _mw  # S̃ m̃, with dp̃ = Ñ dζ̃ and m̃ = p̃/ζ̃
        end = inside.subs(_kw, g / 2 * rho ** (1 - 2 * alpha) / (1 - 2 * alpha))  # k̃ where m̃ = 0
        if end.has(_mw) or end.has(_Nw):
            raise DerivationError(f"{end} is not analytic at ζ̃ = 1/κ")
        return Outcome(before / integral * (zeta_tilde * end).subs(zeta_tilde, 1 / kappa))

    def path(known: Point) -> Path:
        return lambda size: {**known, "t": Fraction(size)}

    start = loss(case, above=False) if below else forcing(case)
    chosen = _CASES[case][0][1:] if below else _CASES[case][0]
    paths = [path({n: x for n, x in each(10**6).items() if n not in ("t", "r")}) for each in chosen]
    return start.then(
        "late in the window",
        operation,
        along(paths, (30,), 1e-8),
        prose="As $t\\to\\infty$ only the pole at $\\tilde p=0$ is left, the next singularity being the edge of the spectrum: "
        "the rest falls exponentially in $t$.",
        relation="~",
        level="asymptotic",
    )


def statements() -> tuple[Statement, ...]:
    """The entries of the catalogue about the window, and the law for all phases."""
    F, P = QUANTITIES["F"](r), QUANTITIES["P_r"](r)
    to_infinity, half = ((d, sp.oo),), sp.Rational(1, 2)
    fixed = Remark("t = 2γBr/d^(2α) fixed, v/d fixed", r"t=2\gamma Br/d^{2\alpha}\text{ and }v/d\text{ fixed}", "limit")
    rate = Remark("g = γd^(1 - 2α) fixed", r"g=\gamma d^{1-2\alpha}\text{ fixed}", "limit")
    stable = Remark("‖K‖ < 1", r"\lVert\mathscr{K}\rVert<1", "stability")
    line = Remark("2β = 1", r"2\beta=1", "line")
    constant = Remark("for the constant: α < 1", r"\text{for the constant: }\alpha<1", "range")
    late = Remark("2γBr ≫ 1", r"2\gamma Br\gg1", "range")

    target = {
        "2β > 1": ("", when(sp.Gt(beta, half, evaluate=False))),
        "2β < 1": (".slow-target", when(sp.Lt(beta, half, evaluate=False))),
        "2β = 1": (".target-line", line),
    }
    fast, slow = when(sp.Gt(alpha, half, evaluate=False)), when(sp.Lt(alpha, half, evaluate=False))
    energetic = when(sp.Gt(alpha + beta, half, evaluate=False))
    found = []
    for case, (suffix, remark) in target.items():
        remarks = (remark, energetic, fixed) if case == "2β < 1" else (remark, fixed)
        found += [
            Statement(f"F.window{suffix}", F, forcing(case).expression, forcing(case), _HERE, to_infinity, remarks),
            Statement(
                f"P.window{suffix}", P, loss(case).expression, loss(case), _HERE, to_infinity, (fast, *remarks, stable)
            ),
            Statement(
                f"P.window{suffix}.slow-spectrum",
                P,
                loss(case, False).expression,
                loss(case, False),
                _HERE,
                to_infinity,
                (slow, *remarks, rate, stable),
            ),
        ]
        if case != "2β = 1":
            early, end = window_early(case), window_late(case)
            found += [
                Statement(
                    f"F.window{suffix}.early",
                    F,
                    early.expression,
                    early,
                    _HERE,
                    (*to_infinity, (t, sp.S.Zero)),
                    (*remarks, constant) if case == "2β > 1" else remarks,
                ),
                Statement(f"F.window{suffix}.late", F, end.expression, end, _HERE, (*to_infinity, (t, sp.oo)), remarks),
                Statement(
                    f"P.window{suffix}.slow-spectrum.late",
                    P,
                    window_late(case, True).expression,
                    window_late(case, True),
                    _HERE,
                    (*to_infinity, (t, sp.oo)),
                    (slow, *remarks, rate, stable),
                ),
            ]
    analytic = when(sp.Lt(beta, 2 * alpha + half, evaluate=False))
    return (
        *found,
        Statement("P.law", P, one_law().expression, one_law(), _HERE, to_infinity, (energetic, analytic, stable, late)),
    )


_HERE = "derived here"
