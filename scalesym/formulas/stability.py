r"""Learning rates at which SGD is stable.

The loss stays bounded if ``|q| ≤ 1`` on the spectrum and the kernel sums to less than 1. The first is ``γ(B+1)λ_max ≤ 2``.
At the boundary of the second ``D_1(ζ) = -(B+1)``, an equation for ``ζ`` alone, and ``γ = 2/((B+1)z(ζ))``; where the trace
of ``D`` is large, for ``2α ≤ 1``, that is ``γ tr D = 2``, whatever the batch.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, B, alpha, d, gamma, gamma_K, gamma_q, j, lambda_max, v, x, y_c, zeta_1, zeta_c
from .checks import Point, at
from .crosschecks import agreement, close, number_at, private, shown, tends_to_one
from .definitions import DEFINITIONS, spelled_out
from .derivation import Check, Condition, Derivation, DerivationError, Evidence, Outcome
from .edges import FEW, edge, right_edge
from .evaluation import rational, value
from .literal import Literal
from .moments import factor
from .norms import norm
from .operations import sum_to_integral, tidy
from .resolvent import EQUIVALENT, STABILITY
from .statement import Remark, Statement
from .trees import encode

__all__ = [
    "kernel_rate",
    "kernel_rate_of_many",
    "least_factor",
    "pointwise_rate",
    "rate_by_trace",
    "rate_of_slow",
    "statements",
    "trace_of_fast",
    "trace_of_slow",
    "trace_on_the_line",
]

_Expr = Any  # SymPy ships no types

_D, _m = QUANTITIES["D_1"], QUANTITIES["m"]
_TRACE = sp.Sum(j ** (-2 * alpha), (j, 1, v))
_SLOW = (at(alpha="1/5", B=1), at(alpha="1/8", B=2))
_EULER = "The leading term of the Euler–Maclaurin formula; the difference stays bounded, and the integral does not."


@lru_cache(maxsize=1)
def least_factor() -> Derivation:
    """Derive the least value of ``q``: modes are damped, never turned around.

    Examples
    --------
    >>> from scalesym.formulas.stability import least_factor
    >>> least_factor().expression
    1/(B + 1)
    """
    quantity = QUANTITIES["q"](1 / (gamma * (B + 1)))
    return Derivation(quantity, factor(), "conditional", "The factor of a mode, as derived from one step of SGD.").then(
        "least value",
        _least,
        _above_everywhere,
        prose="It is a convex parabola, stationary at $x=1/(\\gamma(B+1))$.",
    )


@lru_cache(maxsize=1)
def pointwise_rate() -> Derivation:
    r"""Derive the rate ``2/((B+1)λ_max)`` below which ``|q| < 1`` on the spectrum.

    Examples
    --------
    >>> from scalesym.formulas.stability import pointwise_rate
    >>> pointwise_rate().expression
    -2/(zeta_max*(B + 1)*m(zeta_max))
    """
    return (
        Derivation(gamma_q, factor(), "equivalent", "The factor of a mode, as derived from one step of SGD.")
        .then(
            "q = 1",
            _unit_factor,
            _signs,
            prose="$q<1$ between its two solutions of $q(x)=1$, which are 0 and $2/(\\gamma(B+1))$, and $q>0$ everywhere.",
        )
        .then(
            "at the right edge",
            _solved_for_rate,
            _edge_rate,
            prose="At the threshold this is the right edge of the spectrum, $\\lambda_{\\max}=-\\zeta_{\\max}m(\\zeta_{\\max})$; "
            "solve for $\\gamma$.",
        )
    )


@lru_cache(maxsize=1)
def kernel_rate() -> Derivation:
    r"""Derive the rate at which the kernel sums to 1.

    Examples
    --------
    >>> from scalesym.formulas.stability import kernel_rate
    >>> kernel_rate().expression
    -2*d/(zeta_c*(B + 1)*(B + d + 1))
    """
    return (
        Derivation(gamma_K, norm().expression, "equivalent", "The kernel norm, which is 1 at the threshold.")
        .then(
            "norm 1",
            _unit_norm,
            _norm_is_one,
            prose="$\\lVert\\mathscr{K}\\rVert=1$ is $-D_1(\\zeta)=B+1$, solved by $\\zeta_c$, and the learning rate is that "
            "for which $z(\\zeta_c)=2/(\\gamma(B+1))$.",
        )
        .then(
            "m inserted",
            _known_m,
            agreement(FEW),
            prose="There $m=1-D_1/d=1+(B+1)/d$ is known. With $a_j=-1/(1+\\zeta j^{2\\alpha})>0$ the right edge is where "
            "$\\sum_ja_j^2=d$; since $\\sum_ja_j\\ge(\\sum_ja_j^2)^{1/2}$, the norm reaches 1 before it if $\\sqrt d\\ge B+1$.",
        )
    )


@lru_cache(maxsize=1)
def kernel_rate_of_many() -> Derivation:
    r"""Derive the limit of that rate for many parameters, ``2α > 1``.

    Examples
    --------
    >>> from scalesym.formulas.stability import kernel_rate_of_many
    >>> kernel_rate_of_many().expression
    2/((B + 1)*(y_c + 1))
    """
    return Derivation(gamma_K, kernel_rate().expression, "equivalent", "The rate at which the kernel sums to 1.").then(
        "many parameters",
        _many_parameters,
        _norm_tends_to_one((at(alpha="3/4", B=3),), lambda d: d**3),
        relation="~",
        level="asymptotic",
        prose="As $v\\to\\infty$ and then $d\\to\\infty$, $m\\to 1$ and $-\\zeta_c\\to 1+y_c$, where the sum over all modes, which "
        "converges for $2\\alpha>1$, is $B+1$.",
    )


@lru_cache(maxsize=1)
def rate_by_trace() -> Derivation:
    r"""Derive ``γ_K ~ 2/tr D`` where the trace grows without bound, ``2α ≤ 1``.

    Examples
    --------
    >>> from scalesym.formulas.stability import rate_by_trace
    >>> rate_by_trace().expression
    2/Sum(j**(-2*alpha), (j, 1, v))
    """
    return Derivation(gamma_K, kernel_rate().expression, "equivalent", "The rate at which the kernel sums to 1.").then(
        "large trace",
        _large_trace,
        _norm_tends_to_one(_SLOW, lambda d: 2 * d),
        relation="~",
        level="asymptotic",
        prose="$-D_1(\\zeta)\\sim-\\mathrm{tr}D/\\zeta$ far from the spectrum, where $\\zeta_c$ lies if $\\mathrm{tr}D\\to\\infty$; "
        "and $(B+1)/d\\to 0$. The batch cancels.",
    )


@lru_cache(maxsize=1)
def rate_of_slow() -> Derivation:
    r"""Derive ``γ_K ~ 2(1-2α) v^{2α-1}`` for ``2α < 1``.

    Examples
    --------
    >>> from scalesym.formulas.stability import rate_of_slow
    >>> rate_of_slow().expression
    2*v**(2*alpha - 1)*(1 - 2*alpha)
    """
    start = rate_by_trace()
    return Derivation(gamma_K, start.expression, "asymptotic", "The rate in terms of the trace.").then(
        "trace inserted",
        lambda before: Outcome(tidy(before.subs(_TRACE, trace_of_slow().expression)), trace_of_slow().conditions),
        tends_to_one(_SLOW, "v", (Fraction(10**10), Fraction(10**16)), 0.5),
        relation="~",
        prose="Insert the leading term of the trace.",
    )


@lru_cache(maxsize=1)
def trace_of_slow() -> Derivation:
    r"""Derive ``tr D ~ v^{1-2α}/(1-2α)`` for ``2α < 1``.

    Examples
    --------
    >>> from scalesym.formulas.stability import trace_of_slow
    >>> trace_of_slow().expression
    v**(1 - 2*alpha)/(1 - 2*alpha)
    """
    check = tends_to_one(_SLOW, "v", (Fraction(10**10), Fraction(10**16)), 0.5)
    return (
        Derivation(_TRACE, _TRACE, "equivalent", "The trace of $D$.")
        .then("continuum of modes", sum_to_integral, check, relation="~", level="asymptotic", prose=_EULER)
        .then(
            "upper end",
            _growing_end,
            check,
            relation="~",
            prose="The antiderivative is a power of the index, and grows where its exponent is positive.",
        )
    )


@lru_cache(maxsize=1)
def trace_of_fast() -> Derivation:
    r"""Derive ``tr D → ζ_R(2α)`` for ``2α > 1``.

    Examples
    --------
    >>> from scalesym.formulas.stability import trace_of_fast
    >>> trace_of_fast().expression
    zeta(2*alpha)
    """
    points = (at(alpha=1), at(alpha="3/4"))
    return Derivation(_TRACE, _TRACE, "equivalent", "The trace of $D$.").then(
        "all modes",
        _all_modes,
        tends_to_one(points, "v", (Fraction(10**6), Fraction(10**12)), 0.5),
        relation="~",
        level="asymptotic",
        prose="The sum over all $j$, which converges for $2\\alpha>1$, is the zeta function of Riemann.",
    )


@lru_cache(maxsize=1)
def trace_on_the_line() -> Derivation:
    r"""Derive ``tr D ~ log v + γ_E`` on the line ``2α = 1``.

    Examples
    --------
    >>> from scalesym.formulas.stability import trace_on_the_line
    >>> trace_on_the_line().expression
    log(v) + EulerGamma
    """
    start = _TRACE.subs(alpha, sp.Rational(1, 2))
    return Derivation(start, start, "equivalent", "The trace of $D$ at $2\\alpha=1$.").then(
        "harmonic numbers",
        _harmonic,
        tends_to_one((at(),), "v", (Fraction(10**3), Fraction(10**6), Fraction(10**9)), 1),
        relation="~",
        level="asymptotic",
        prose="It is a harmonic number, $\\psi(v+1)+\\gamma_{\\mathrm E}$; expand the digamma function at infinity. What is left "
        "out tends to 0.",
    )


def statements() -> tuple[Statement, ...]:
    """What this module adds to the catalogue."""
    binding = Remark("d ≥ (B+1)^2", r"d\ge(B+1)^2", "the kernel norm binds", sp.Ge(d, (B + 1) ** 2, evaluate=False))
    wide, long = ((v, sp.oo), (d, sp.oo)), ((v, sp.oo),)
    rows: tuple[tuple[str, Derivation, Any, tuple[Remark, ...]], ...] = (
        ("q.least", least_factor(), (), ()),
        ("gamma.pointwise", pointwise_rate(), (), (EQUIVALENT,)),
        ("gamma.norm", kernel_rate(), (), (EQUIVALENT, binding)),
        ("gamma.norm.wide", kernel_rate_of_many(), wide, (EQUIVALENT,)),
        ("gamma.trace", rate_by_trace(), wide, (EQUIVALENT,)),
        ("gamma.trace.slow", rate_of_slow(), wide, (EQUIVALENT,)),
        ("trace.slow", trace_of_slow(), long, ()),
        ("trace.fast", trace_of_fast(), long, ()),
        ("trace.line", trace_on_the_line(), long, ()),
    )
    return tuple(Statement(id, c.quantity, c.expression, c, STABILITY, limits, also) for id, c, limits, also in rows)


# -- operations --------------------------------------------------------------------------------------------------------


def _least(before: _Expr) -> Outcome:
    """The value of a convex function of ``x`` where its derivative vanishes."""
    (place,) = sp.solve(sp.diff(before, x), x)
    if not sp.diff(before, x, 2).is_positive:
        raise DerivationError(f"{before} is not known to be convex")
    return Outcome(sp.factor(before.subs(x, place)))


def _unit_factor(before: _Expr) -> Outcome:
    """The positive solution of ``q(x) = 1``."""
    (solution,) = [root for root in sp.solve(sp.Eq(before, 1), x) if root != 0]
    return Outcome(sp.factor(solution))


def _solved_for_rate(before: _Expr) -> Outcome:
    """The learning rate at which an eigenvalue is the right edge."""
    (rate,) = sp.solve(sp.Eq(before, lambda_max), gamma)
    return Outcome(sp.factor(rate.subs(lambda_max, edge("right").expression)))


def _unit_norm(before: _Expr) -> Outcome:
    """Where the norm is 1, once its equation is seen to be that of ``ζ_c``; the rate from the equation of ``ζ_1``."""
    counted = sp.Dummy("D")
    (needed,) = sp.solve(sp.Eq(before.subs(_D(zeta_1), counted), 1), counted)
    stated = DEFINITIONS["zeta_c"].statement
    if sp.expand(stated.lhs.subs(_D(zeta_c), needed) - stated.rhs) != 0:
        raise DerivationError(f"ζ_c solves {stated}, not D_1 = {needed}")
    return Outcome(sp.solve(DEFINITIONS["zeta_1"].statement.subs(zeta_1, zeta_c), gamma)[0])


def _known_m(before: _Expr) -> Outcome:
    """``m`` at ``ζ_c``, where ``D_1`` is known."""
    stated = DEFINITIONS["zeta_c"].statement
    (known,) = sp.solve(stated, _D(zeta_c))
    return Outcome(sp.factor(before.subs(_m(zeta_c), 1 - known / d)))


def _many_parameters(before: _Expr) -> Outcome:
    """``1/d → 0`` in front, and in the equation of ``ζ_c`` all modes; ``-ζ_c`` is then ``1 + y_c``."""
    stated, limit = DEFINITIONS["zeta_c"].statement, DEFINITIONS["y_c"].statement
    summand = spelled_out(stated.lhs).subs(zeta_c, -1 - y_c)
    (total,) = summand.atoms(sp.Sum)
    if sp.simplify(summand / total * total.function - limit.lhs.function) != 0 or stated.rhs != limit.rhs:
        raise DerivationError(f"y_c solves {limit}, not the limit of {stated}")
    condition = Condition(sp.Gt(alpha, sp.Rational(1, 2), evaluate=False), "the sum over all modes converges")
    return Outcome(sp.factor(sp.limit(before, d, sp.oo).subs(zeta_c, -1 - y_c)), (condition,))


def _large_trace(before: _Expr) -> Outcome:
    """``ζ_c`` from the leading term of ``D_1`` far from the spectrum, and ``1/d → 0``."""
    stated = DEFINITIONS["zeta_c"].statement
    (far,) = sp.solve(stated.subs(_D(zeta_c), sp.Symbol("T") / zeta_c), zeta_c)
    condition = Condition(sp.Le(alpha, sp.Rational(1, 2), evaluate=False), "the trace of D grows without bound")
    return Outcome(sp.limit(before, d, sp.oo).subs(zeta_c, far).subs(sp.Symbol("T"), _TRACE), (condition,))


def _growing_end(before: _Expr) -> Outcome:
    """``∫_1^v j^{-a} dj`` by its upper end, where the antiderivative grows."""
    variable, _, end = before.limits[0]
    power = sp.expand(1 + variable * sp.diff(sp.log(before.function), variable))
    antiderivative = variable**power / power
    if sp.simplify(sp.diff(antiderivative, variable) - before.function) != 0:
        raise DerivationError(f"{before.function} is not a power of {variable}")
    (threshold,) = sp.solve(power, alpha)
    condition = Condition(sp.Lt(alpha, threshold, evaluate=False), "the trace of D grows like a power")
    return Outcome(antiderivative.subs(variable, end), (condition,))


def _all_modes(before: _Expr) -> Outcome:
    """The sum to infinity as a zeta function."""
    power = sp.expand(-j * sp.diff(sp.log(before.function), j))
    (threshold,) = sp.solve(power - 1, alpha)
    condition = Condition(sp.Gt(alpha, threshold, evaluate=False), "the sum over all modes converges")
    return Outcome(sp.zeta(power), (condition,))


def _harmonic(before: _Expr) -> Outcome:
    """The leading terms, those that do not vanish, of a harmonic number."""
    last = sp.Dummy("n", integer=True, positive=True)
    number = before.subs(v, last).doit().rewrite(sp.polygamma).subs(last, v)
    series = sp.expand_func(number).series(v, sp.oo, 1).removeO()
    return Outcome(sp.Add(*(term for term in sp.Add.make_args(sp.expand(series)) if sp.limit(term, v, sp.oo) != 0)))


# -- checks ------------------------------------------------------------------------------------------------------------


def _at_rates(expression: _Expr, rate: Fraction, batch: int, at: Fraction) -> Fraction:
    return rational(encode(expression), {"gamma": rate, "B": Fraction(batch), "x": at})


_RATES = ((Fraction(2, 5), 1), (Fraction(1, 7), 3), (Fraction(1, 50), 64))


def _above_everywhere(before: _Expr, outcome: Outcome) -> Evidence:
    """The value is attained on a fine grid and nowhere undercut, in fractions."""
    figures = []
    for rate, batch in _RATES:
        least = _at_rates(outcome.expression, rate, batch, Fraction(0))
        grid = [Fraction(k, 60) / (rate * (batch + 1)) for k in range(181)]
        seen = min(_at_rates(before, rate, batch, at) for at in grid)
        if seen != least:
            raise DerivationError(f"γ = {rate}, B = {batch}: {float(seen):.6g} on a grid, {float(least):.6g} after")
        figures.append(f"γ = {rate}, B = {batch}: {seen}")
    return Evidence("the least value on a grid in fractions that meets the stationary point", tuple(figures))


def _signs(before: _Expr, outcome: Outcome) -> Evidence:
    """``|q| < 1`` at fractions up to the value found, and not beyond it."""
    figures = []
    for rate, batch in _RATES:
        end = _at_rates(outcome.expression, rate, batch, Fraction(0))
        for k in range(1, 41):
            at = end * Fraction(k, 20)
            if (abs(_at_rates(before, rate, batch, at)) < 1) != (k < 20):
                raise DerivationError(f"γ = {rate}, B = {batch}: |q({float(at):.6g})| < 1 is {k >= 20}")
        figures.append(f"γ = {rate}, B = {batch}: |q| < 1 exactly below {end}")
    return Evidence("|q| < 1 at 19 fractions below the value found, and at none of 21 from there on", tuple(figures))


def _edge_rate(before: _Expr, outcome: Outcome) -> Evidence:
    """At the rate found, ``q = 1`` is at the right edge that a search over real ``ζ`` gives."""
    figures = []
    for point in FEW:
        rate = number_at(outcome.expression, point, 20)
        figures.append(close(point, value(encode(before), {**point, "gamma": rate}, private(18)), right_edge(point)))
    return Evidence(f"the right edge, by golden section, to 11 digits at {len(FEW)} points", tuple(figures))


def _norm_is_one(before: _Expr, outcome: Outcome) -> Evidence:
    """At the rate found, the norm is 1."""
    figures = []
    for point in FEW:
        rate = number_at(outcome.expression, point, 25)
        digits = Fraction(str(rate))
        figures.append(close(point, number_at(before, {**point, "gamma": digits}, 20), rate.context.mpf(1)))
    return Evidence(f"at the rate found the norm is 1 to 11 digits, {len(FEW)} points", tuple(figures))


def _norm_tends_to_one(points: Sequence[Point], modes: Callable[[int], int]) -> Check:
    """At the rate found, the norm in double precision tends to 1 as ``d`` grows; at the rate before it is 1 throughout."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            gaps, exact = [], {**point, "d": Fraction(20), "v": Fraction(60)}
            if y_c in outcome.expression.free_symbols:
                point = {**point, "y_c": Fraction(float(number_at(y_c, point, 9)))}
            start = abs(_norm({**exact, "gamma": Fraction(float(number_at(before, exact, 9)))}) - 1)
            for size in (10**2, 10**4, 10**6):
                there = {**point, "d": Fraction(size), "v": Fraction(modes(size))}
                rate = Fraction(float(number_at(outcome.expression, there, 9)))
                gaps.append(abs(_norm({**there, "gamma": rate}) - 1))
            if not (start < 1e-7 and gaps[2] < gaps[1] / 5 < gaps[0] / 25 and gaps[2] < 2e-3):
                raise DerivationError(f"at {shown(point)} the norm is off 1 by {start:.1e}, {gaps}")
            figures.append(f"{shown(point)}: off 1 by {', '.join(f'{gap:.1e}' for gap in gaps)} at d = 1e2, 1e4, 1e6")
        return Evidence(f"the norm at the rate found tends to 1, {len(points)} points", tuple(figures))

    return check


def _norm(point: Point) -> float:
    return Literal({**point, "beta": Fraction(1)}).norm
