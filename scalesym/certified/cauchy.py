r"""Balls around ``P(r)``: a Cauchy sum on a circle inside the unit disc, its aliasing bounded and its roots certified.

Level: deterministic equivalent. ``P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s)`` has the generating function

.. math::
    \hat P(w) = \frac{\hat F(w)}{1 - w\hat K(w)},\qquad
    \hat F(w) = -\frac{S_F(x_+) - S_F(x_-)}{c\,w\,(x_+-x_-)},\qquad
    \hat K(w) = -g\,\frac{x_+D_1^+ - x_-D_1^-}{c\,w\,(x_+-x_-)},

with the roots ``x_±`` of ``q(x) = 1/w`` and ``D_1^± = D_1(ζ(x_±))``; for ``c = 0`` the one root ``x = (1−1/w)/a`` gives
``F̂ = S_F(x)/(wa)`` and ``K̂ = g(xD_1 + tr D)/(wa)``. On ``N`` points ``w_k = ρe^{iθ_k}``, ``θ_k = 2π(k+½)/N``,

.. math::
    \frac{\rho^{-r}}N \sum_{k<N} \hat P(w_k)\,e^{-ir\theta_k}
        = P(r) + \sum_{l\ge1} (-1)^l \rho^{lN} P(r+lN), \qquad r < N .

**Aliasing.** Where ``0 ≤ q ≤ 1`` on the spectrum, whose measures are positive, ``0 ≤ F(r) ≤ F(0) = Σ j^{-q}`` and ``K ≥ 0``; with
``‖K‖ = ΣK(r) < 1`` the recursion gives ``0 ≤ P(r) ≤ P_max = F(0)/(1−‖K‖)``, so the second sum is below
``P_max ρ^N/(1−ρ^N)``. Both hypotheses are shown in balls before anything is summed: ``λ_max ≤ z(ζ)`` for any ``ζ < −1``, because
it is the least value there, and ``‖K‖ = K̂(1) = −(g/c)D_1(ζ(a/c))``.

**Roots.** With ``N`` even no ``w_k`` is real, hence no ``x_±`` either (``q`` is real on the line). ``FixedPoint.zeta`` proves
``ζ(x_±)`` to be the root on the physical branch; Newton's iteration in double precision, from node to node, only tells it
where to look. Then ``m = −z/ζ`` and ``D_1 = d(1−m)`` need no sum.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from ..errors import ParameterError
from ..precision import arb_of

if TYPE_CHECKING:
    from .dynamics import Dynamics

__all__ = ["Kind", "coefficients", "loss"]

Kind = Literal["forcing", "kernel", "loss"]

_GUARD = 40  # bits


def loss(dynamics: Dynamics, steps: Sequence[int], atom: bool = True) -> list[Any]:
    """Balls around ``P(r)`` for all ``r`` in ``steps``, from one set of nodes.

    Parameters
    ----------
    dynamics:
        Coefficients with ``0 ≤ q ≤ 1`` on the spectrum and ``‖K‖ < 1``.
    steps:
        Integers ``r ≥ 0``; the cost grows like the largest.
    atom:
        Whether ``F`` has its limit ``F_0``, the atom of the spectrum at 0; without it, the loss is what an implementation
        computes that left it out.

    Returns
    -------
    list of arb
        Not finite where a proof does not succeed in this precision.

    Raises
    ------
    ParameterError
        If a step is negative, or it is shown that a hypothesis fails.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.certified.dynamics import Dynamics
    >>> from scalesym.certified.fixed_point import FixedPoint
    >>> from scalesym.certified.sums import PowerSums
    >>> point = FixedPoint(PowerSums(Fraction(2), Fraction(17, 5), 60), Fraction(20))
    >>> print(loss(Dynamics.of_sgd(point, Fraction(3, 10), 1), [80])[0].str(12, radius=False))
    0.0326354329786
    """
    return coefficients(dynamics, steps, ["loss"], atom)[0]


def coefficients(dynamics: Dynamics, steps: Sequence[int], kinds: Sequence[Kind], atom: bool = True) -> list[list[Any]]:
    """:func:`loss`, and in the same way ``F(r)`` and ``K(r)``, whose aliasing ``P_max`` bounds as well.

    ``F(r) ≤ F(0)``, and ``K(r) ≤ ‖K‖ < 1 ≤ F(0)``, the first of the weights being 1.
    Without the atom ``F`` is still between 0 and ``F(0)``.

    Returns
    -------
    list of lists of arb
        One list for each of ``kinds``, which share all the work.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.certified.dynamics import Dynamics
    >>> from scalesym.certified.fixed_point import FixedPoint
    >>> from scalesym.certified.sums import PowerSums
    >>> point = FixedPoint(PowerSums(Fraction(2), Fraction(17, 5), 60), Fraction(20))
    >>> print(coefficients(Dynamics.of_sgd(point, Fraction(3, 10), 1), [80], ["kernel"])[0][0].str(9, radius=False))
    0.000106313334
    """
    from flint import arb, ctx

    for r in steps:
        if r < 0:
            raise ParameterError("r", r, "the number of steps cannot be negative", "use r >= 0")
    if not steps:
        return [[] for _ in kinds]
    greatest = _bound(dynamics)
    if not greatest.is_finite():
        return [[arb.nan() for _ in steps] for _ in kinds]
    wanted = ctx.prec
    nodes = max(steps) + 2 + max(steps) % 2
    try:
        # ρ^N = 2^-(wanted + guard); ρ^-r may be as large as its inverse
        ctx.prec = 2 * (wanted + _GUARD) + 2 * nodes.bit_length()
        radius = arb(2) ** (arb(-(wanted + _GUARD)) / nodes)
        power = radius**nodes
        alias = (greatest * power / (1 - power)).abs_upper()
        values = _generating(dynamics, radius, nodes, kinds, atom)
        columns = [_coefficients(values, radius, nodes, r) for r in steps]
        results = [[column[k] + arb(0, alias) for column in columns] for k in range(len(kinds))]
    finally:
        ctx.prec = wanted
    return [[+result for result in row] for row in results]


def _coefficients(rows: list[list[Any]] | None, radius: Any, nodes: int, r: int) -> list[Any]:
    """``ρ^{-r}/N`` times the sum over each row; the lower half of the circle is the mirror image of the upper one."""
    from flint import acb, acb_mat, arb, fmpq

    if rows is None:
        return [arb.nan()] * 3
    # e^{-irθ_k} has the period 2N in r(2k+1)
    turns = acb_mat([[acb(fmpq(-r * (2 * k + 1) % (2 * nodes), nodes)).exp_pi_i()] for k in range(len(rows[0]))])
    totals = acb_mat(rows) * turns
    return [2 * totals[k, 0].real / nodes / radius**r for k in range(len(rows))]


def _bound(dynamics: Dynamics) -> Any:
    """``P_max``, with the hypotheses shown; not finite if they are not decided."""
    from flint import arb

    point, a, c = dynamics.point, dynamics.a, dynamics.c
    trial = arb(dynamics.sketch.left)
    assert trial < -1
    largest = -trial * (1 - point.sums.d1(trial) / arb_of(point.d))
    top = arb_of(a / c) if c else arb_of(1 / a)
    if c and a * a > 4 * c:  # q falls below 0 from its first zero on
        top = (arb_of(a) - arb_of(a * a - 4 * c).sqrt()) / (2 * arb_of(c))
    if not largest < top:
        surely = point.edges()[1] > top
        if surely:
            raise ParameterError(
                "dynamics",
                (a, c),
                "q leaves [0, 1] on the spectrum",
                f"q must stay there up to {float(largest.mid()):.9g}",
            )
        return arb.nan()
    trace = point.sums.power_sum(point.sums.p)
    norm = -arb_of(dynamics.g / c) * point.sums.d1(point.zeta(arb_of(a / c))) if c else arb_of(dynamics.g / a) * trace
    if norm >= 1:
        raise ParameterError(
            "dynamics", dynamics.g, f"the kernel's norm is {float(norm.mid()):.9g}", "it must be below 1"
        )
    return point.sums.power_sum(point.sums.q) / (1 - norm) if norm < 1 else arb.nan()


def _generating(
    dynamics: Dynamics, radius: Any, nodes: int, kinds: Sequence[Kind], atom: bool
) -> list[list[Any]] | None:
    """``P̂`` at the nodes in the upper half plane, in the order of their angles."""
    from flint import acb, fmpq

    a, c, g = arb_of(dynamics.a), arb_of(dynamics.c), arb_of(dynamics.g)
    limit = arb_of(0) if atom else dynamics.point.forcing_limit()
    places = [radius * acb(fmpq(2 * k + 1, nodes)).exp_pi_i() for k in range(nodes // 2)]
    if not dynamics.c:
        below = _transforms(dynamics, [(1 - 1 / w) / a for w in places])
        if below is None:
            return None
        trace = dynamics.point.sums.power_sum(dynamics.point.sums.p)
        parts = [
            (w, s / (w * a) - limit / (1 - w), g * (t + trace) / (w * a))
            for w, (s, t) in zip(places, below, strict=True)
        ]
        return [[_chosen(kind, *each) for each in parts] for kind in kinds]
    # Im 1/w < 0: the root stays in one quadrant, and x_± on either side of the axis
    roots = [(a * a - 4 * c * (1 - 1 / w)).sqrt() for w in places]
    plus = _transforms(dynamics, [(a + root) / (2 * c) for root in roots])
    minus = _transforms(dynamics, [(a - root) / (2 * c) for root in roots])
    if plus is None or minus is None:
        return None
    parts = [
        (w, -(s - t) / (w * root) - limit / (1 - w), -g * (u - y) / (w * root))
        for w, root, (s, u), (t, y) in zip(places, roots, plus, minus, strict=True)
    ]
    return [[_chosen(kind, *each) for each in parts] for kind in kinds]


def _chosen(kind: Kind, w: Any, forcing: Any, kernel: Any) -> Any:
    return forcing if kind == "forcing" else kernel if kind == "kernel" else forcing / (1 - w * kernel)


def _transforms(dynamics: Dynamics, places: list[Any]) -> list[tuple[Any, Any]] | None:
    """``S_F(x)`` and ``xD_1`` at these places, which run along a curve on one side of the real axis."""
    from flint import acb

    point = dynamics.point
    d = arb_of(point.d)
    results = []
    for x, near in zip(places, _approximate(dynamics, places), strict=True):
        zeta = point.zeta(x, None if near is None else acb(near.real, near.imag))
        m = -x / zeta
        results.append((point.sums.targets(zeta) / m, x * d * (1 - m)))
        if not results[-1][0].is_finite():
            return None
    return results


def _approximate(dynamics: Dynamics, places: list[Any]) -> Sequence[complex | None]:
    """The roots in double precision, one from the other; the last place, near ``w = −1``, is the farthest out."""
    sketch = dynamics.sketch
    targets = [complex(float(x.real.mid()), float(x.imag.mid())) for x in reversed(places)]
    far = cmath.rect(20 * (1 + abs(targets[0]) + abs(sketch.left)), math.copysign(2, targets[0].imag))
    start = sketch.root(far, -far)
    found = None if start is None else sketch.follow(targets, start, far)
    return [None] * len(places) if found is None else found[::-1]
