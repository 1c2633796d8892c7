r"""The norm of the kernel, and where the loss ends.

At ``w = 1`` the generating function of the kernel is its norm: there ``x_- = 0``, ``x_+ = 2/(γ(B+1))``, and

.. math:: \lVert\mathscr K\rVert = \sum_{r\ge 0}\mathscr K(r) = -\frac{D_1(\zeta_1)}{B+1}, \qquad z(\zeta_1)=\frac{2}{\gamma(B+1)}.

That of the forcing function has a pole there, whose strength is the mass of the atom at zero,
``F_0 = Σ_j λ_j b_j² ζ_0/(λ_j+ζ_0)``; the loss tends to ``F_0/(1 - ‖K‖)``.

Importing this module loads SymPy.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import (
    QUANTITIES,
    B,
    alpha,
    d,
    gamma,
    j,
    n,
    norm_K,
    p,
    r,
    v,
    w,
    x_minus,
    x_plus,
    z,
    zeta,
    zeta_0,
    zeta_1,
    zeta_minus,
    zeta_plus,
)
from .checks import Point, at
from .crosschecks import number_at, private, shown, tends_to_one
from .definitions import DEFINITIONS, spelled_out
from .derivation import Condition, Derivation, DerivationError, Evidence, Outcome
from .evaluation import rational
from .generating import CONVERGENT, ENDS, STABLE, forcing_series, kernel_series, loss_series, recursion
from .literal import Literal
from .loops import in_zeta, named
from .resolvent import EQUIVALENT, HERE, POINTS, STABILITY, target_resolvent
from .small import Small
from .statement import Remark, Statement
from .trees import encode
from .volterra import kernel_given_w

__all__ = [
    "forcing_without_end",
    "limit_loss",
    "norm",
    "norm_given_w",
    "norm_of_many",
    "norm_of_slow",
    "quotient",
    "statements",
]

_Expr = Any  # SymPy ships no types

_P, _F_hat, _K_hat, _D, _S = (QUANTITIES[name] for name in ("P_r", "F_hat", "K_hat", "D_1", "S"))
_x, _K_W = QUANTITIES["x"], QUANTITIES["K_W"]
_WIDE = (at(alpha=1, beta=1, gamma="2/5", B=1), at(alpha="3/2", beta=1, gamma="1/10", B=7))


@lru_cache(maxsize=1)
def norm() -> Derivation:
    r"""Derive ``‖K‖ = Σ_r K(r) = -D_1(ζ_1)/(B+1)``.

    Examples
    --------
    >>> from scalesym.formulas.norms import norm
    >>> norm().expression
    -D_1(zeta_1)/(B + 1)
    """
    return Derivation(
        norm_K, kernel_series().expression, "equivalent", "The generating function of the kernel as $w\\to 1$."
    ).then(
        "w = 1",
        at_one,
        _whole_sum,
        prose="There $x_-=0$, where $D_1=d$ is finite, and $x_+=2/(\\gamma(B+1))$; $\\zeta_1$ is $\\zeta_+$ at $w=1$.",
    )


@lru_cache(maxsize=1)
def norm_of_slow() -> Derivation:
    r"""Derive ``‖K‖ ~ (γ/2) tr D`` for small learning rates.

    Examples
    --------
    >>> from scalesym.formulas.norms import norm_of_slow
    >>> norm_of_slow().expression
    gamma*Sum(j**(-2*alpha), (j, 1, v))/2
    """
    points = tuple({k: x for k, x in point.items() if k not in ("gamma", "beta")} for point in POINTS)
    return Derivation(norm_K, norm().expression, "equivalent", "The exact norm.").then(
        "far from the spectrum",
        _far_norm,
        tends_to_one(points, "gamma", (Fraction(1, 10**4), Fraction(1, 10**6), Fraction(1, 10**8)), 1),
        relation="~",
        level="asymptotic",
        prose="As $\\gamma\\to 0$, $\\zeta_1\\to-\\infty$: there $D_1(\\zeta)\\sim\\mathrm{tr}D/\\zeta$ and $m\\to 1$, so that "
        "$\\zeta_1\\sim-2/(\\gamma(B+1))$. The batch cancels.",
    )


@lru_cache(maxsize=1)
def norm_of_many() -> Derivation:
    r"""Derive the limit of ``‖K‖`` for many parameters at a fixed learning rate, ``2α > 1``.

    Examples
    --------
    >>> from scalesym.formulas.norms import norm_of_many
    >>> norm_of_many().conditions[0].relation
    alpha > 1/2
    """
    return Derivation(norm_K, norm().expression, "equivalent", "The exact norm.").then(
        "many parameters",
        many_parameters,
        _norm_approached,
        relation="~",
        level="asymptotic",
        prose="As $v\\to\\infty$ and then $d\\to\\infty$, $D_1/d\\to 0$ at a fixed $\\zeta<-1$, so that $m\\to 1$ and $\\zeta_1\\to"
        "-2/(\\gamma(B+1))$. The sum over all modes converges for $2\\alpha>1$.",
    )


@lru_cache(maxsize=1)
def norm_given_w() -> Derivation:
    r"""Derive ``Σ_r K_W(r)``, the norm of the kernel given ``W``.

    Examples
    --------
    >>> from scalesym.formulas.norms import norm_given_w
    >>> norm_given_w().expression
    gamma*Sum(x(i)/(-gamma*(B + 1)*x(i) + 2), (i, 1, d))
    """
    start = sp.Sum(kernel_given_w().subs(r, n), (n, 0, sp.oo))
    return Derivation(
        sp.Sum(_K_W(n), (n, 0, sp.oo)), start, "conditional", "The kernel given $W$, summed over all steps."
    ).then(
        "geometric series",
        _series_of_modes,
        _sums_in_fractions,
        prose="For every eigenvalue the series is geometric, and $1-q(x)=\\gamma Bx(2-\\gamma(B+1)x)$.",
    )


@lru_cache(maxsize=1)
def forcing_without_end() -> Derivation:
    r"""Derive what the forcing function tends to: the mass of the atom at zero.

    Examples
    --------
    >>> from scalesym.formulas.norms import forcing_without_end
    >>> forcing_without_end().expression
    zeta_0*J(zeta_0)
    """
    start = sp.Limit(-z * target_resolvent().start, z, 0)
    return Derivation(
        QUANTITIES["F_0"](),
        start,
        "equivalent",
        "Away from $z=0$, $|q|<1$ on the spectrum, and $q(0)=1$: what is left of the loop integral is the atom at zero, minus "
        "the residue of $\\sum_j\\lambda_jb_j^2\\mathscr{R}_{jj}(z)$.",
    ).then(
        "ζ for z",
        _at_zero,
        _small_circle,
        prose="Insert $z=-\\zeta m$: $m$ cancels, and what is left is $\\zeta J(\\zeta)$. The gap in the spectrum lets $z\\to 0$, "
        "which is where $m=0$, at $\\zeta_0$.",
    )


@lru_cache(maxsize=1)
def limit_loss() -> Derivation:
    r"""Derive the limit of the loss from the pole of its generating function at ``w = 1``.

    Examples
    --------
    >>> from scalesym.formulas.norms import limit_loss
    >>> limit_loss().expression
    zeta_0*J(zeta_0)/(1 - norm_K)
    """
    return Derivation(
        sp.Limit(_P(r), r, sp.oo),
        sp.Limit(p * loss_series().upto("solved").expression.subs(w, 1 - p), p, 0),
        "equivalent",
        "The final value theorem: a sequence tends to the strength of the pole of its generating function at $w=1-p=1$.",
    ).then(
        "pole",
        _pole,
        _last_loss,
        prose="Near $x_-=0$, $S\\sim-\\mathscr{F}_0/x_-$ and $x_-\\sim-(1-w)/(2\\gamma B)$, so that $(1-w)\\hat{\\mathscr{F}}\\to"
        "\\mathscr{F}_0$; and $w\\hat{\\mathscr{K}}\\to\\lVert\\mathscr{K}\\rVert$.",
    )


def statements() -> tuple[Statement, ...]:
    """What this module adds to the catalogue."""
    limit = "arXiv:2405.15074, limit of the forcing function"
    equal = (
        ("K_norm", norm(), HERE, (EQUIVALENT, *STABLE)),
        ("K_norm_W", norm_given_w(), STABILITY, _GIVEN_W),
        ("F_0.exact", forcing_without_end(), limit, (EQUIVALENT,)),
        ("P.limit", limit_loss(), HERE, (EQUIVALENT, *STABLE, CONVERGENT)),
    )
    approached = (
        ("K_norm.small", norm_of_slow(), ((gamma, sp.S.Zero),), (EQUIVALENT,)),
        ("K_norm.wide", norm_of_many(), ((v, sp.oo), (d, sp.oo)), (EQUIVALENT, STABLE[0])),
    )
    return (
        *(Statement(id, c.quantity, c.expression, c, source, remarks=also) for id, c, source, also in equal),
        *(Statement(id, norm_K, c.expression, c, STABILITY, limits, also) for id, c, limits, also in approached),
    )


_GIVEN_W = (
    Remark("x_i the eigenvalues of WᵀDW", r"x_i\text{ the eigenvalues of }W^\top DW", "definition"),
    Remark("γ(B+1)x_i < 2", r"\gamma(B+1)x_i<2", "|q| < 1 on the spectrum"),
)


# -- operations --------------------------------------------------------------------------------------------------------


def at_one(before: _Expr) -> Outcome:
    """``w = 1`` in a closed form of ``x_±`` and ``ζ_±``, whose definitions say what becomes of them."""
    ends = {letter: DEFINITIONS[letter.name].statement.rhs.subs(w, 1) for letter in (x_plus, x_minus)}
    outer = DEFINITIONS["zeta_plus"].statement.subs(x_plus, ends[x_plus]).subs(zeta_plus, zeta_1)
    if outer != DEFINITIONS["zeta_1"].statement or ends[x_minus] != 0:
        raise DerivationError(f"at w = 1, ζ_+ solves {outer}")
    inner = before.subs(_D(zeta_minus), d)  # ζ_- is ζ_0, where m = 0
    return Outcome(sp.cancel(inner.subs({**ends, zeta_plus: zeta_1, w: 1})))


def _far_norm(before: _Expr) -> Outcome:
    """Both ``D_1`` and ``m`` by their leading terms, at the solution of ``z(ζ) = x_+``."""
    target = DEFINITIONS["zeta_1"].statement.rhs
    (far,) = sp.solve(sp.Eq(-zeta, target), zeta)  # m = 1
    return Outcome(sp.cancel(before.subs(_D(zeta_1), _leading_trace(far))))


def _leading_trace(at: _Expr) -> _Expr:
    """The leading term of ``D_1`` far from the spectrum."""
    small, growth = sp.Dummy("e", positive=True), sp.Dummy("L", positive=True)
    (total,) = spelled_out(_D(zeta)).atoms(sp.Sum)
    summand = total.function.subs(j ** (2 * alpha), growth).subs(zeta, 1 / small)
    leading = sp.series(summand, small, 0, 2).removeO().coeff(small, 1).subs(growth, j ** (2 * alpha))
    return sp.Sum(leading, *total.limits) / at


def many_parameters(before: _Expr) -> Outcome:
    """``m = 1``, so that ``ζ_1 = -2/(γ(B+1))``, and all modes; the condition says where their sum converges."""
    target, growth = DEFINITIONS["zeta_1"].statement.rhs, sp.Dummy("L", positive=True)
    (total,) = spelled_out(before).atoms(sp.Sum)
    whole = spelled_out(before) / total * total.function
    summand = quotient(whole.subs(zeta_1, -target).subs(j ** (2 * alpha), growth))
    power = sp.limit(growth * sp.diff(summand, growth) / summand, growth, sp.oo)  # of the growth, for large j
    (threshold,) = sp.solve(sp.Eq(-power * 2 * alpha, 1), alpha)
    outside, inside = summand.as_independent(growth, as_Add=False)
    series = outside * sp.Sum(inside.subs(growth, j ** (2 * alpha)), (j, 1, sp.oo))
    return Outcome(series, (Condition(sp.Gt(alpha, threshold, evaluate=False), "the sum over all modes converges"),))


def quotient(expression: _Expr) -> _Expr:
    """A rational function without common factors, whose denominator is positive for small ``γ``; ``B + 1`` is kept whole.

    Examples
    --------
    >>> quotient(-gamma / ((B + 1) * gamma - 2))
    gamma/(-gamma*(B + 1) + 2)
    """
    more = sp.Dummy("more", positive=True)
    over, under = sp.fraction(sp.cancel(expression.subs(B + 1, more).subs(B, more - 1)))
    sign = -1 if under.subs(gamma, 0).could_extract_minus_sign() else 1
    return (sp.factor(sign * over) / sp.expand(sign * under)).subs(more, B + 1)


def _series_of_modes(before: _Expr) -> Outcome:
    """``Σ_n Σ_i a_i q_iⁿ = Σ_i a_i/(1 - q_i)``."""
    (modes,) = [f for f in sp.Mul.make_args(before.function) if isinstance(f, sp.Sum)]
    (power,) = [f for f in sp.Mul.make_args(modes.function) if f.is_Pow and f.exp == n]
    each = quotient(before.function / modes * modes.function / power / (1 - power.base))
    outside, inside = each.as_independent(_x, as_Add=False)
    return Outcome(outside * sp.Sum(inside, *modes.limits))


def _at_zero(before: _Expr) -> Outcome:
    """The limit ``z → 0`` of an expression in ``z`` and ``m``, as its value at ``ζ_0``."""
    inside = named("J")(in_zeta(before.args[0]).expression).expression
    if inside.has(QUANTITIES["m"]):
        raise DerivationError(f"m does not cancel from {inside}")
    return Outcome(inside.subs(zeta, zeta_0))


def _pole(before: _Expr) -> Outcome:
    """The limit ``w → 1`` of ``(1-w) F̂/(1-wK̂)``, with what is known of ``F̂`` and ``K̂`` there."""
    plus, minus = (DEFINITIONS[letter.name].statement.rhs for letter in (x_plus, x_minus))
    singular = -forcing_without_end().expression / x_minus  # S near its pole at z = 0
    series = forcing_series().expression.subs(_S(zeta_minus), singular)
    bounded = sp.Symbol("S_+")
    over, under = sp.fraction(before.args[0].subs(p, 1 - w))
    over = over.subs(_F_hat(w), series).subs(_S(zeta_plus), bounded).subs({x_plus: plus, x_minus: minus})
    return Outcome(sp.simplify(sp.limit(over, w, 1, "-")) / under.subs(_K_hat(w), norm_K).subs(w, 1))


# -- checks ------------------------------------------------------------------------------------------------------------


def _whole_sum(before: _Expr, outcome: Outcome) -> Evidence:
    """The result is the sum of ``K(r)`` over the loop in the plane of ``z``, until nothing is left to add."""
    figures = []
    for point in POINTS:
        _, kernel = Small(point).curves(2000, *ENDS, nodes=1024)
        total, found = float(kernel.sum()), float(number_at(outcome.expression, point, 17))
        if not (abs(total / found - 1) <= 1e-9 and abs(kernel[-1]) <= 1e-12 * total):
            raise DerivationError(f"at {shown(point)}: {total:.15g} summed, {found:.15g} after")
        figures.append(f"{shown(point)}: ratio - 1 = {total / found - 1:.1e}")
    return Evidence(f"the sum over 2000 steps agrees to 9 digits at {len(POINTS)} points", tuple(figures))


def _norm_approached(before: _Expr, outcome: Outcome) -> Evidence:
    """The norm, in double precision and up to a million parameters, tends to the result like ``1/d``."""
    figures = []
    for point in _WIDE:
        few = {**point, "d": Fraction(20), "v": Fraction(60)}
        start = abs(Literal(few).norm / float(number_at(before, few, 15)) - 1)
        limit, gaps = float(number_at(outcome.expression, point, 15)), []
        for size in (10**2, 10**4, 10**6):
            gaps.append(abs(Literal({**point, "d": Fraction(size), "v": Fraction(size) ** 3}).norm / limit - 1))
        if not (start < 1e-7 and gaps[2] < gaps[1] / 50 < gaps[0] / 2500):
            raise DerivationError(f"at {shown(point)} the ratio does not tend to 1: {start:.1e}, {gaps}")
        figures.append(f"{shown(point)}: {', '.join(f'{gap:.1e}' for gap in gaps)} from 1 at d = 1e2, 1e4, 1e6")
    return Evidence("the ratio of both sides tends to 1 like 1/d", tuple(figures))


def _sums_in_fractions(before: _Expr, outcome: Outcome) -> Evidence:
    """Partial sums in fractions for three eigenvalues fall short of the result by less than a geometric rest."""
    eigenvalues, figures = (Fraction(1, 2), Fraction(1, 3), Fraction(4, 5)), []
    known = {"x": lambda at: eigenvalues[int(at) - 1]}
    for rate, batch in ((Fraction(1, 2), 1), (Fraction(1, 3), 3)):
        letters = {"gamma": rate, "B": Fraction(batch), "d": Fraction(3)}
        found, steps = rational(encode(outcome.expression), letters, known), 60
        partial = sum(rational(encode(before.function), {**letters, "n": Fraction(k)}, known) for k in range(steps))
        slowest = max(1 - 2 * rate * batch * x + rate**2 * batch * (batch + 1) * x**2 for x in eigenvalues)
        if not 0 <= found - partial <= found * slowest**steps:
            raise DerivationError(f"γ = {rate}, B = {batch}: {float(partial):.12g} summed, {float(found):.12g} after")
        figures.append(f"γ = {rate}, B = {batch}: {float(1 - partial / found):.1e} left after {steps} steps")
    return Evidence("partial sums in fractions fall short of the result by less than a geometric rest", tuple(figures))


def _small_circle(before: _Expr, outcome: Outcome) -> Evidence:
    """``-z S(z)`` averaged over a circle in the gap, with ``m`` followed there by Newton's method, is the result."""
    figures, ctx = [], private(30)
    for point in POINTS[1:]:
        small = Small(point)
        radius = ctx.mpf("0.004")
        nodes = 64
        circle = [radius * ctx.expjpi(1 - ctx.mpf(2 * k) / nodes) for k in range(nodes // 2 + 1)]
        ray = [-(ctx.mpf(2) ** (-k)) for k in range(-6, 12) if ctx.mpf(2) ** (-k) > radius]
        solved = small.followed([*ray, *circle], ctx)[len(ray) :]
        weights = [ctx.mpf(1) if 0 < k < nodes // 2 else ctx.mpf(1) / 2 for k in range(nodes // 2 + 1)]
        values = (
            _minus_z_s(point, place, m, ctx).real * c for place, m, c in zip(circle, solved, weights, strict=True)
        )
        mean = 2 * ctx.fsum(values) / nodes
        found = number_at(outcome.expression, point, 25)
        if not abs(mean / found - 1) <= 1e-15:
            raise DerivationError(f"at {shown(point)}: {ctx.nstr(mean, 18)} on the circle, {ctx.nstr(found, 18)} after")
        figures.append(f"{shown(point)}: ratio - 1 = {float(mean / found - 1):.1e}")
    return Evidence(f"the mean over a circle in the gap, 15 digits at {len(figures)} points", tuple(figures))


def _minus_z_s(point: Point, place: Any, m: Any, ctx: Any) -> Any:
    powers = [ctx.mpf(k) ** (-2 * float(point["alpha"])) for k in range(1, int(point["v"]) + 1)]
    targets = [ctx.mpf(k) ** (-2 * float(point["beta"])) for k in range(1, int(point["v"]) + 1)]
    return -place * ctx.fsum(x * b / (x * m - place) for x, b in zip(powers, targets, strict=True))


def _last_loss(before: _Expr, outcome: Outcome) -> Evidence:
    """The recursion for the loss, run until it no longer moves, ends at the result."""
    figures = []
    for point in POINTS[1:]:
        loss = recursion(*Small(point).curves(1200, *ENDS))
        found = float(number_at(outcome.expression, point, 17))
        if not abs(loss[-1] / found - 1) <= 1e-6:
            raise DerivationError(f"at {shown(point)}: {loss[-1]:.12g} after 1200 steps, {found:.12g} found")
        figures.append(f"{shown(point)}: ratio - 1 = {loss[-1] / found - 1:.1e}")
    return Evidence("the recursion run for 1200 steps ends there, to 6 digits", tuple(figures))
