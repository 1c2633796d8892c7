r"""The edges of the spectrum: stationary values of ``z = -ζ m(ζ)`` on the real axis, where ``N(ζ) = 0``.

To the left of the poles, ``ζ < -1``, it is the right edge; to their right, ``0 < ζ < ζ_0``, the left one, of order
``d^{-2α}``,

.. math:: \lambda_{\min}d^{2\alpha}\to\max_{s>0}\Big\{-\frac1s+\int_0^{v/d}\frac{dx}{x^{2\alpha}+s}\Big\}, \qquad s=1/\tilde\zeta.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp

from .alphabet import (
    QUANTITIES,
    alpha,
    d,
    lambda_max,
    lambda_min,
    rho,
    u,
    zeta,
    zeta_edge,
    zeta_max,
    zeta_min,
    zeta_tilde,
)
from .checks import Point, at
from .crosschecks import agreement, close, number_at, private, shown
from .definitions import DEFINITIONS, spelled_out
from .derivation import Check, Condition, Derivation, DerivationError, Evidence, Operation, Outcome
from .evaluation import value
from .expansions import modes_on_the_gap_scale
from .loops import slope
from .operations import hypergeometric, substitution, tidy
from .resolvent import EQUIVALENT, HERE, spectral_parameter
from .statement import Remark, Statement
from .trees import encode

__all__ = ["FEW", "edge", "edge_of_many", "edge_without_end", "right_edge", "statements"]

_Expr = Any  # SymPy ships no types

_D, _D_w = QUANTITIES["D_1"], QUANTITIES["D_w"]

#: Models of a few modes, without a target.
FEW = (
    at(alpha=1, B=1, d=6, v=20),
    at(alpha="1/2", B=2, d="21/2", v=30),
    at(alpha="1/5", B=1, d=5, v=9),
)
_WINDOW = (at(alpha="7/10", rho=4), at(alpha="2/5", rho=10))
_ENDLESS = (at(alpha=1), at(alpha="3/4"), at(alpha=2))
_ctx = private(18)


@lru_cache(maxsize=2)
def edge(side: str = "left") -> Derivation:
    r"""Derive an edge of the spectrum at finite ``d``: a stationary value of ``z = -ζ m(ζ)``.

    Parameters
    ----------
    side:
        ``"left"`` or ``"right"``.

    Examples
    --------
    >>> from scalesym.formulas.edges import edge
    >>> edge().expression
    -zeta_min*m(zeta_min)
    """
    letter, at = (lambda_min, zeta_min) if side == "left" else (lambda_max, zeta_max)
    where = "between 0 and $\\zeta_0$, its maximum" if side == "left" else "left of $-1$, its minimum"
    return Derivation(
        letter,
        spectral_parameter().start,
        "equivalent",
        "$z$ as a function of $\\zeta$; real $\\zeta$ outside the spectrum are where it is monotone.",
    ).then(
        "stationary",
        _stationary(at),
        _extreme(side),
        prose=f"The derivative is $-N(\\zeta)$. On the real axis it vanishes once {where}.",
    )


@lru_cache(maxsize=1)
def edge_of_many() -> Derivation:
    r"""Derive the left edge on the scale ``d^{-2α}``, at fixed ``ρ = v/d``.

    Examples
    --------
    >>> from scalesym.formulas.edges import edge_of_many
    >>> edge_of_many().expression
    -zeta_edge*(1 - D_w(zeta_edge))
    """
    start = d ** (2 * alpha) * spectral_parameter().expression
    return (
        Derivation(
            d ** (2 * alpha) * lambda_min, start, "equivalent", "$z$ in units of the gap, as a function of $\\zeta$."
        )
        .then(
            "scale of the gap",
            _on_the_gap_scale,
            _scaling,
            relation="~",
            level="asymptotic",
            prose="With $\\zeta=\\tilde\\zeta d^{-2\\alpha}$ the sum over modes becomes an integral over $u=j/d$ up to $\\rho=v/d$.",
        )
        .then(
            "stationary",
            _stationary_window,
            _highest,
            prose="The edge is the maximum over $\\tilde\\zeta>0$; the derivative vanishes where "
            "$\\int_0^\\rho(1+\\tilde\\zeta u^{2\\alpha})^{-2}du=1$.",
        )
        .then(
            "integral named",
            _window_named,
            agreement(_WINDOW),
            prose="The integral is $\\tilde D_1$. With $s=1/\\tilde\\zeta$ the maximum is that of "
            "$-1/s+\\int_0^\\rho dx/(x^{2\\alpha}+s)$.",
        )
    )


@lru_cache(maxsize=1)
def edge_without_end() -> Derivation:
    r"""Derive the left edge for ``v/d = ∞``, ``2α > 1``, in closed form.

    Examples
    --------
    >>> from scalesym.formulas.edges import edge_without_end
    >>> edge_without_end().conditions[0].relation
    alpha > 1/2
    """
    start = edge_of_many().upto("scale of the gap").expression.subs(rho, sp.oo)
    points = tuple({**point, "zeta_tilde": Fraction(3, 7)} for point in _ENDLESS)
    return (
        Derivation(
            d ** (2 * alpha) * lambda_min, start, "asymptotic", "$z$ on the scale of the gap, for $v/d=\\infty$."
        )
        .then(
            "beta function",
            _beta_function,
            agreement(points),
            prose="With $t=\\tilde\\zeta u^{2\\alpha}$ the integral is $\\tilde\\zeta^{-1/(2\\alpha)}$ times a beta function, by the "
            "reflection formula $(\\pi/2\\alpha)/\\sin(\\pi/2\\alpha)$.",
        )
        .then(
            "stationary",
            _stationary_power,
            _highest,
            prose="The maximum over $\\tilde\\zeta>0$ of a power less a linear function, from its derivative.",
        )
    )


def statements() -> tuple[Statement, ...]:
    """What this module adds to the catalogue."""
    ratio = Remark("v = ρd", r"v=\rho d", "definition")
    endless = Remark("v/d = ∞", r"v/d=\infty", "limit")
    many = ((d, sp.oo),)
    rows: tuple[tuple[str, Derivation, Any, tuple[Remark, ...]], ...] = (
        ("edge.exact", edge("left"), (), (EQUIVALENT,)),
        ("edge.right", edge("right"), (), (EQUIVALENT,)),
        ("edge.window", edge_of_many(), many, (EQUIVALENT, ratio)),
        ("edge.infinite", edge_without_end(), many, (EQUIVALENT, endless)),
    )
    return tuple(Statement(id, c.quantity, c.expression, c, HERE, limits, also) for id, c, limits, also in rows)


# -- operations --------------------------------------------------------------------------------------------------------


def _stationary(at: _Expr) -> Operation:
    """The value of ``-ζ m(ζ)`` where its derivative vanishes, once that is the equation of the letter."""

    def operation(before: _Expr) -> Outcome:
        stated = DEFINITIONS[at.name].statement
        if stated.rhs != 0 or stated.lhs not in (slope().subs(zeta, at), -slope().subs(zeta, at)):
            raise DerivationError(f"{at} solves {stated}, not {slope()} = 0")
        return Outcome(before.subs(zeta, at))

    return operation


def _on_the_gap_scale(before: _Expr) -> Outcome:
    """``ζ = ζ̃ d^{-2α}``, and the sum over modes by its integral."""
    scaled = modes_on_the_gap_scale(zeta, zeta_tilde, d, rho, u)(spelled_out(_D(zeta))).expression
    return Outcome(tidy(before.subs(_D(zeta), scaled).subs(zeta, zeta_tilde * d ** (-2 * alpha))))


def _stationary_window(before: _Expr) -> Outcome:
    """The value at ``ζ̃_edge``, once its equation is seen to be that the derivative vanishes."""
    stated = DEFINITIONS["zeta_edge"].statement
    derivative = sp.expand(sp.diff(before, zeta_tilde))
    integrals = [term for term in sp.Add.make_args(derivative) if term.has(sp.Integral)]
    constant, integrand = derivative - sp.Add(*integrals), sp.S.Zero
    for term in integrals:
        (integral,) = term.atoms(sp.Integral)
        integrand += term / integral * integral.function
    expected = stated.lhs.function.subs(zeta_edge, zeta_tilde)
    if constant != -stated.rhs or sp.simplify(integrand - expected) != 0:
        raise DerivationError(f"ζ̃_edge solves {stated}, not {derivative} = 0")
    return Outcome(before.subs(zeta_tilde, zeta_edge))


def _window_named(before: _Expr) -> Outcome:
    """``D̃_1`` for the integral it stands for."""
    (integral,) = before.atoms(sp.Integral)
    closed = hypergeometric(integral).expression
    if closed != DEFINITIONS["D_w()"].statement.rhs.subs(zeta_tilde, zeta_edge):
        raise DerivationError(f"{integral} is not what D̃_1 stands for")
    return Outcome(before.subs(integral, _D_w(zeta_edge)))


def _beta_function(before: _Expr) -> Outcome:
    """``∫_0^∞ du/(1+ζ̃u^b)`` by ``t = ζ̃u^b``: a beta function, by the reflection formula."""
    (integral,) = before.atoms(sp.Integral)
    b, new, scale = 2 * alpha, sp.Dummy("t", positive=True), sp.Dummy("c", positive=True)
    changed = substitution(new, scale * u**b)(integral.subs(zeta_tilde, scale)).expression
    (inner,) = changed.atoms(sp.Integral)
    power = sp.expand(new * sp.diff(sp.expand_log(sp.log(inner.function * (1 + new))), new)) + 1  # t^{s-1}/(1+t)
    s = sp.simplify(power)
    whole = (changed / inner * sp.gammasimp(sp.gamma(s) * sp.gamma(1 - s))).subs(scale, zeta_tilde)
    (threshold,) = sp.solve(s - 1, alpha)
    condition = Condition(sp.Gt(alpha, threshold, evaluate=False), "the integral converges at infinity")
    return Outcome(before.subs(integral, whole), (condition,))


def _stationary_power(before: _Expr) -> Outcome:
    """The value of ``c y^p - y``, ``p < 1``, where its derivative vanishes: ``c p y^{p-1} = 1``, hence ``c y^p = y/p``."""
    y = sp.Dummy("y", positive=True)
    terms = sp.Add.make_args(sp.expand(before.subs(zeta_tilde, y)))
    (rising,) = [term for term in terms if term != -y]
    strength, power = rising.as_independent(y, as_Add=False)
    p = sp.simplify(y * sp.diff(power, y) / power)
    if len(terms) != 2 or p.has(y):
        raise DerivationError(f"{before} is not a power less a linear function")
    place = sp.factor(strength * p) ** sp.simplify(1 / (1 - p))
    return Outcome(place * sp.simplify(1 / p - 1))


# -- checks ------------------------------------------------------------------------------------------------------------


def _extreme(side: str) -> Check:
    """The value found is the extremum that a search over real ``ζ`` gives."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in FEW:
            found = number_at(outcome.expression, point, 20)
            searched = _left_edge(point) if side == "left" else right_edge(point)
            figures.append(close(point, searched, found))
        return Evidence(f"the extremum, by golden section, to 11 digits at {len(FEW)} points", tuple(figures))

    return check


def right_edge(point: Point) -> Any:
    """The minimum of ``-ζ m(ζ)`` over ``ζ < -1``."""
    height = _on_the_axis(point, lambda t: -1 - _ctx.exp(t))
    return -_highest_of(lambda t: -height(t), -12, 8)


def _left_edge(point: Point) -> Any:
    """The maximum of ``-ζ m(ζ)`` over ``ζ > 0``."""
    return _highest_of(_on_the_axis(point, _ctx.exp), -12, 8)


def _on_the_axis(point: Point, place: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``-ζ m(ζ)`` at ``ζ = place(t)``, from sums over the modes."""
    power = 2 * _ctx.mpf(point["alpha"].numerator) / point["alpha"].denominator
    growths = [_ctx.mpf(n) ** power for n in range(1, int(point["v"]) + 1)]
    d = _ctx.mpf(point["d"].numerator) / point["d"].denominator

    def height(t: Any) -> Any:
        at = place(t)
        return -at * (1 - _ctx.fsum(1 / (1 + at * growth) for growth in growths) / d)

    return height


def _highest(before: _Expr, outcome: Outcome) -> Evidence:
    """The value found is the maximum over ``ζ̃``, by golden section and quadrature."""
    figures = []
    for point in _WINDOW[:1] if before.has(rho) else _ENDLESS:
        found = number_at(outcome.expression, point, 20)

        def height(logarithm: Any, point: Point = point) -> Any:
            return value(encode(before), {**point, "zeta_tilde": _ctx.exp(logarithm)}, _ctx)

        figures.append(close(point, _highest_of(height, -3, 3), found))
    return Evidence(f"the maximum, by golden section, to 11 digits at {len(figures)} points", tuple(figures))


def _highest_of(function: Callable[[Any], Any], low: int, high: int) -> Any:
    """The maximum of a function that has one, by golden section to half of the working digits."""
    ratio, ends = (_ctx.sqrt(5) - 1) / 2, [_ctx.mpf(low), _ctx.mpf(high)]
    inside = [ends[1] - ratio * (ends[1] - ends[0]), ends[0] + ratio * (ends[1] - ends[0])]
    seen = [function(t) for t in inside]
    while ends[1] - ends[0] > 1e-6:
        better = seen[0] > seen[1]
        ends[better] = inside[better]
        inside[better], seen[better] = inside[not better], seen[not better]
        inside[not better] = ends[better] + (1 if not better else -1) * ratio * abs(ends[1] - ends[0])
        seen[not better] = function(inside[not better])
    return max(seen)


def _scaling(before: _Expr, outcome: Outcome) -> Evidence:
    """At fixed ``ζ̃`` and ``ρ`` the ratio of both sides tends to 1 as ``d`` grows, like ``1/d``."""
    figures = []
    for point in _WINDOW:
        scaled, gaps, sizes = Fraction(2, 3), [], (10**2, 10**4, 10**6)
        limit = number_at(outcome.expression, {**point, "zeta_tilde": scaled}, 15)
        for size in sizes:
            values = {**point, "d": Fraction(size), "v": size * point["rho"]}
            place = Fraction(float(scaled) * size ** (-2 * float(point["alpha"])))
            gaps.append(float(abs(number_at(before, {**values, "zeta": place}, 6) / limit - 1)))
        if not all(b <= a / 20 for a, b in pairwise(gaps)):
            raise DerivationError(f"at {shown(point)} the ratio does not tend to 1: {gaps}")
        figures.append(f"{shown(point)}: gaps {', '.join(f'{gap:.1e}' for gap in gaps)} at d = {sizes}")
    return Evidence("at fixed ζ̃ and v/d the ratio of both sides tends to 1 like 1/d", tuple(figures))
