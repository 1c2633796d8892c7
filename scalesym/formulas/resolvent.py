r"""The deterministic equivalent: its resolvent in closed form, forcing function and kernel as loop integrals.

What is taken from arXiv:2405.15074 is the equation for the deterministic equivalent of the resolvent of
``D^{1/2}WWᵀD^{1/2}``, and nothing else,

.. math::
    m(z) + \frac1d\sum_{j\le v}\frac{\lambda_j m(z)}{\lambda_j m(z)-z} = 1, \qquad
    \mathscr R(z) = \mathrm{diag}\Bigl(\frac1{\lambda_j m(z)-z}\Bigr), \qquad m(z)\to 1 \text{ as } z\to\infty.

It is implicit in ``z`` and explicit in ``ζ = -z/m``. Forcing function and kernel,

.. math::
    \mathscr F(r) = -\frac1{2\pi\mathrm i}\oint\sum_j\lambda_jb_j^2\,\mathscr R_{jj}(z)\,q(z)^r\,dz, \qquad
    \mathscr K(r) = -\frac1{2\pi\mathrm i}\oint\gamma^2Bz^2\,\mathrm{Tr}\,\mathscr R(z)\,q(z)^r\,dz,

become integrals of rational functions of ``ζ``, whose expansion at infinity gives initial values and moments. ``q`` and
the weight ``γ²Bz²`` are those of the derived step of SGD (:mod:`scalesym.formulas.moments`), spectrum and target those
of :data:`scalesym.formulas.pieces.PAPER`.

Importing this module loads SymPy.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, d, j, r, v, z, zeta
from .checks import at, both
from .contours import Loop
from .crosschecks import agreement, by_moments, over_the_loop, pulled_back
from .derivation import Derivation, Outcome
from .loops import analytic_part_dropped, at_infinity, in_zeta, loop_in_zeta, named, trace_split
from .moments import factor, loss_weight
from .pieces import PAPER
from .small import Small
from .statement import Remark, Statement

__all__ = [
    "EQUIVALENT",
    "HERE",
    "POINTS",
    "STABILITY",
    "forcing",
    "initial",
    "kernel",
    "mean_under_mode",
    "spectral_parameter",
    "statements",
    "stieltjes",
    "target_resolvent",
    "trace",
]

_Expr = Any  # SymPy ships no types

_m_z, _m, _J, _D = QUANTITIES["m_z"](z), *(QUANTITIES[name](zeta) for name in ("m", "J", "D_1"))
_lambda, _weight = PAPER.eigenvalue, PAPER.eigenvalue * PAPER.target**2
_EVERYTHING = 2 * (1 + v / d)  # a radius: the spectrum ends below (1 + √(v/d))²

#: Small models with ``2α`` and ``2β`` integer, whose moments are fractions; SGD is stable.
POINTS = (
    at(alpha=1, beta="1/2", gamma="1/10", B=2, d=2, v=6),
    at(alpha="1/2", beta="1/2", gamma="1/8", B=1, d="3/2", v=4),
    at(alpha="3/2", beta="-1/2", gamma="1/20", B=4, d="5/4", v=3),
)

#: Sources of statements about the deterministic equivalent.
HERE = "derived here from the deterministic equivalent of arXiv:2405.15074"
STABILITY = "arXiv:2405.15074, section on stability"

#: What the level "equivalent" means here.
EQUIVALENT = Remark(
    "the resolvent of D^(1/2) WWᵀ D^(1/2) replaced by its deterministic equivalent",
    r"\text{the resolvent of }D^{1/2}WW^\top D^{1/2}\text{ replaced by its deterministic equivalent}",
    "model",
)
_BRANCH = Remark("m(z) → 1 as z → ∞", r"m(z)\to 1\text{ as }z\to\infty", "definition")
_SUBSTITUTION = Remark("z = -ζ m(ζ)", r"z=-\zeta\,m(\zeta)", "definition")
_COUNTS = Remark("r integer", r"r\text{ integer}", "range")


def _modes(summand: _Expr) -> _Expr:
    return sp.Sum(summand, (j, 1, v))


_RESOLVENT = 1 / (_lambda * _m_z - z)
_TARGET, _TRACE = _modes(_weight * _RESOLVENT), _modes(_RESOLVENT)


@lru_cache(maxsize=1)
def stieltjes() -> Derivation:
    r"""Derive ``m = 1 - D_1(ζ)/d`` from the fixed point.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import stieltjes
    >>> stieltjes().expression
    1 - D_1(zeta)/d
    """
    start = 1 - _modes(_lambda * _m_z * _RESOLVENT) / d
    return (
        Derivation(_m_z, start, "equivalent", "The equation for $m$, from the paper, solved for its first term.")
        .then("ζ for z", in_zeta, pulled_back(POINTS[:2]), prose="Insert $z=-\\zeta m$: $m$ cancels from every term.")
        .then("sum named", named("D_1"), pulled_back(POINTS[:2]), prose="The sum over the modes is $D_1(\\zeta)$.")
    )


@lru_cache(maxsize=1)
def spectral_parameter() -> Derivation:
    """Derive ``z`` as a function of ``ζ``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import spectral_parameter
    >>> spectral_parameter().expression
    -zeta*(1 - D_1(zeta)/d)
    """
    return Derivation(z, -zeta * _m, "equivalent", "The definition of $\\zeta=-z/m$, solved for $z$.").then(
        "m inserted",
        lambda before: Outcome(before.subs(_m, stieltjes().expression)),
        pulled_back(POINTS[:2]),
        prose="Insert the derived $m$.",
    )


@lru_cache(maxsize=1)
def target_resolvent() -> Derivation:
    """Derive ``Σ_j λ_j b_j²/(λ_j m - z) = J(ζ)/m``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import target_resolvent
    >>> target_resolvent().expression
    J(zeta)/m(zeta)
    """
    return (
        Derivation(_TARGET, _TARGET, "equivalent", "The resolvent, weighed with the target's share of each mode.")
        .then(
            "ζ for z", in_zeta, pulled_back(POINTS[:2]), prose="Insert $z=-\\zeta m$; $1/m$ comes in front of the sum."
        )
        .then("sum named", named("J"), pulled_back(POINTS[:2]), prose="The sum over the modes is $J(\\zeta)$.")
    )


@lru_cache(maxsize=1)
def trace() -> Derivation:
    r"""Derive ``z Tr R(z) = D_1(ζ) - v``, which is ``d(1-m) - v``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import trace
    >>> trace().expression
    -v + D_1(zeta)
    """
    return (
        Derivation(z * _TRACE, z * _TRACE, "equivalent", "The trace of the resolvent over all modes, times $z$.")
        .then("ζ for z", in_zeta, pulled_back(POINTS[:2]), prose="Insert $z=-\\zeta m$: $m$ cancels.")
        .then(
            "ones split off",
            trace_split,
            pulled_back(POINTS[:2]),
            prose="Every term is $1/(1+\\zeta L)-1$, $L=j^{2\\alpha}$.",
        )
        .then("sum named", named("D_1"), pulled_back(POINTS[:2]), prose="The sum over the modes is $D_1(\\zeta)$.")
    )


@lru_cache(maxsize=1)
def forcing() -> Derivation:
    r"""Derive ``F(r)`` as a loop integral in ``ζ``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import forcing
    >>> [step.name for step in forcing().steps]
    ['ζ as variable', 'sums named']
    """
    return (
        Derivation(
            QUANTITIES["F"](r),
            -Loop(_TARGET * factor(z) ** r, z, _EVERYTHING),
            "equivalent",
            "The spectral sum $\\sum_ic_iq(x_i)^r$ with the atom at zero, as a loop integral around the whole spectrum, in "
            "which the resolvent is replaced by its deterministic equivalent.",
        )
        .then("ζ as variable", loop_in_zeta, over_the_loop(_at(3)), prose=_CHANGE)
        .then(
            "sums named",
            named("J", "S"),
            both(agreement(_at(2)[1:]), by_moments(Small.forcing, _at(3))),
            prose="The sum over the modes is $J(\\zeta)$, and $J/m=S$.",
        )
    )


@lru_cache(maxsize=1)
def kernel() -> Derivation:
    r"""Derive ``K(r)`` as a loop integral in ``ζ``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import kernel
    >>> kernel().steps[2].name
    'analytic part dropped'
    """
    return (
        Derivation(
            QUANTITIES["K"](r),
            -Loop(loss_weight(z) * _TRACE * factor(z) ** r, z, _EVERYTHING),
            "equivalent",
            "The spectral sum $\\gamma^2B\\sum_ix_i^2q(x_i)^r$ as a loop integral around the whole spectrum, in which the "
            "resolvent is replaced by its deterministic equivalent.",
        )
        .then("ζ as variable", loop_in_zeta, over_the_loop(_at(3)), prose=_CHANGE)
        .then(
            "ones split off",
            trace_split,
            agreement(_at(2)[1:]),
            prose="Every term of the trace is a constant less $1/(1+\\zeta L)$, $L=j^{2\\alpha}$.",
        )
        .then(
            "analytic part dropped",
            analytic_part_dropped,
            agreement(_at(2)[1:]),
            prose="The term with $v$ is a polynomial in $z$ times $dz$, and its integral over a closed loop is 0.",
        )
        .then(
            "sum named",
            named("D_1"),
            both(agreement(_at(2)[1:]), by_moments(Small.kernel, _at(3))),
            prose="The sum over the modes is $D_1(\\zeta)$.",
        )
    )


@lru_cache(maxsize=2)
def initial(quantity: str) -> Derivation:
    r"""Derive ``F(0)`` or ``K(0)``: at ``r = 0`` the loop shrinks to infinity, where the resolvent has a power series.

    Parameters
    ----------
    quantity:
        ``"F"`` or ``"K"``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import initial
    >>> initial("F").expression
    Sum(j**(-2*alpha - 2*beta), (j, 1, v))
    """
    whole = forcing() if quantity == "F" else kernel()
    exact = by_moments(Small.forcing if quantity == "F" else Small.kernel, POINTS)
    start = Derivation(
        QUANTITIES[quantity](0), whole.expression.subs(r, 0), "equivalent", "The loop integral at $r=0$."
    )
    return start.then("coefficient at infinity", at_infinity, both(agreement(POINTS[2:]), exact), prose=_FAR)


@lru_cache(maxsize=2)
def mean_under_mode(power: int) -> Derivation:
    r"""Derive the mean of ``x`` or ``x²`` under the measure of mode ``j``, ``∫ dμ_j(x)/(x-z) = 1/(λ_j m - z)``.

    Examples
    --------
    >>> from scalesym.formulas.resolvent import mean_under_mode
    >>> mean_under_mode(2).expression
    (j**(-2*alpha) + Sum(j**(-2*alpha), (j, 1, v))/d)/j**(2*alpha)
    """
    quantity = -Loop(z**power * _RESOLVENT, z, _EVERYTHING)
    points = tuple({**point, "j": Fraction(n)} for n, point in zip((2,), POINTS[2:], strict=True))
    return (
        Derivation(
            quantity, quantity, "equivalent", "A power of $z$ against the resolvent of one mode, around the spectrum."
        )
        .then("ζ as variable", loop_in_zeta, over_the_loop(points), prose=_CHANGE)
        .then("coefficient at infinity", at_infinity, agreement(points), prose=_FAR)
    )


def statements() -> tuple[Statement, ...]:
    """What this module adds to the catalogue."""
    paper = "arXiv:2405.15074, deterministic equivalent of the resolvent"
    volterra = "arXiv:2405.15074, forcing function and kernel as contour integrals"
    fixed_point = stieltjes().upto(None)
    return (
        Statement("m.fixed-point", _m_z, fixed_point.start, fixed_point, paper, remarks=(_BRANCH,), status="assumed"),
        Statement("m", _m, stieltjes().expression, stieltjes(), HERE, remarks=(EQUIVALENT, _BRANCH)),
        Statement("z", z, spectral_parameter().expression, spectral_parameter(), HERE, remarks=(EQUIVALENT,)),
        Statement(
            "S", _TARGET, target_resolvent().expression, target_resolvent(), HERE, remarks=(EQUIVALENT, _SUBSTITUTION)
        ),
        Statement(
            "resolvent.trace", z * _TRACE, trace().expression, trace(), HERE, remarks=(EQUIVALENT, _SUBSTITUTION)
        ),
        *(
            Statement(name, chain.quantity, chain.expression, chain, volterra, remarks=(EQUIVALENT, _COUNTS))
            for name, chain in (("F", forcing()), ("K", kernel()))
        ),
        *(
            Statement(f"{name}.initial", initial(name).quantity, initial(name).expression, initial(name), HERE)
            for name in ("F", "K")
        ),
        *(
            Statement(f"moment.{name}", chain.quantity, chain.expression, chain, paper, remarks=(EQUIVALENT,))
            for name, chain in (("first", mean_under_mode(1)), ("second", mean_under_mode(2)))
        ),
    )


def _at(step: int) -> tuple[Any, ...]:
    """The last two points, at this step of SGD."""
    return tuple({**point, "r": Fraction(step)} for point in POINTS[1:])


_CHANGE = (
    "Change the variable to $\\zeta$, with $z=-\\zeta m(\\zeta)$ and $dz=-N(\\zeta)\\,d\\zeta$, found by differentiating. Far out "
    "$\\zeta\\approx-z$, and the loop stays counterclockwise; the poles are at $-\\lambda_j$ and at the zeros of $m$, which "
    "are $\\zeta_0$ and between those: every circle wider than 1 and $\\zeta_0$ encloses them."
)
_FAR = (
    "Nothing is outside the loop, so that it picks the coefficient of $1/\\zeta$ in the expansion at infinity: every sum "
    "over the modes is expanded in $1/\\zeta$."
)
