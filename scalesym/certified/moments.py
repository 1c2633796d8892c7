r"""Balls around ``F``, ``K`` and ``P`` for small ``r`` from the moments: power series at ``z = ∞``, and no contour.

Level: deterministic equivalent. The second road of the certified values: it shares no integral, no branch and no
root with the others. With ``t = 1/ζ`` and the power sums ``p_k = Σ_{j≤v} λ_j^k``, ``u_k = Σ_{j≤v} j^{-q} λ_j^k``,

.. math::
    D_1 = \sum_{k\ge1} (-1)^{k-1} p_k t^k, \qquad N = \sum_{k\ge0} (-1)^k u_k t^{k+1}, \qquad
    \frac1z = -\frac t{1 - D_1/d} .

The last series is reversed, ``t = t(1/z)``, and ``S_F = N/m = −ζN/z`` and ``zD_1`` become series in ``1/z``, whose
coefficients are the moments of the deterministic measures,

.. math::
    S_F(z) = -\sum_{k\ge0} \frac{M_k}{z^{k+1}}, \quad M_k = \int x^k \mu(dx), \qquad
    z D_1 = -\operatorname{tr} D - \sum_{k\ge0} \frac{M'_k}{z^{k+1}} ,

and ``F(r) = ∫q^r dμ``, ``K(r) = g∫q^r dμ'`` are the polynomials ``q^r`` with the powers replaced by moments. Where ``p``
and ``q`` are integers and ``v`` is finite everything is rational and exact, else the coefficients are balls. As ``r``
grows the sum cancels, by ``log_2`` of about ``(1 + aλ_max + cλ_max²)^r`` bits. Then

.. math:: P(r) = F(r) + \sum_{s<r} K(r-1-s)\, P(s) .
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from ..precision import arb_of

if TYPE_CHECKING:
    from .dynamics import Dynamics

__all__ = ["forcing_kernel", "measure_moments", "volterra"]

_LARGEST_EXACT = 400  # longest spectrum whose power sums are kept as fractions


def forcing_kernel(dynamics: Dynamics, count: int) -> tuple[list[Any], list[Any]]:
    """Balls around ``F(r)`` and ``K(r)`` for ``r < count``.

    Parameters
    ----------
    dynamics:
        Any coefficients; nothing is asked of stability.
    count:
        Number of values, positive.

    Raises
    ------
    ParameterError
        If ``count`` is not positive.

    Examples
    --------
    >>> from scalesym.certified.dynamics import Dynamics
    >>> from scalesym.certified.fixed_point import FixedPoint
    >>> from scalesym.certified.sums import PowerSums
    >>> point = FixedPoint(PowerSums(Fraction(2), Fraction(4), 3), Fraction(2))
    >>> forcing, kernel = forcing_kernel(Dynamics.of_sgd(point, Fraction(1, 4), 1), 2)
    >>> print(forcing[0].str(12, radius=False), float(1 + 1 / 16 + 1 / 81))
    1.07484567901 1.074845679012345...
    """
    from flint import arb, fmpq

    if count < 1:
        raise ParameterError("count", count, "there is nothing to compute", "use count >= 1")
    targets, features = measure_moments(dynamics, 2 * count - 1)
    a, c = (fmpq(x.numerator, x.denominator) for x in (dynamics.a, dynamics.c))
    power, forcing, kernel = [fmpq(1)], [], []
    for _ in range(count):
        forcing.append(arb(0) + sum((x * y for x, y in zip(targets, power, strict=False)), arb(0)))
        kernel.append(arb_of(dynamics.g) * sum((x * y for x, y in zip(features, power, strict=False)), arb(0)))
        longer = [*power, fmpq(0), fmpq(0)]
        power = [
            longer[k] - (a * longer[k - 1] if k else 0) + (c * longer[k - 2] if k > 1 else 0)
            for k in range(len(longer))
        ]
    return forcing, kernel


def measure_moments(dynamics: Dynamics, count: int) -> tuple[list[Any], list[Any]]:
    """``M_k`` and ``M'_k`` for ``k < count``: fractions where they can be, else balls."""
    from flint import arb_series, ctx, fmpq_series

    sums, d = dynamics.point.sums, dynamics.point.d
    exact = sums.p.denominator == sums.q.denominator == 1 and sums.v is not None and sums.v <= _LARGEST_EXACT
    series: Any = fmpq_series if exact else arb_series
    former = ctx.cap
    ctx.cap = length = count + 3
    try:
        size = _number(d, exact)
        lam = [_power_sum(dynamics, k * sums.p, exact) for k in range(1, length)]
        target = [_power_sum(dynamics, sums.q + k * sums.p, exact) for k in range(length - 1)]
        d1 = series([0, *(-x if k % 2 else x for k, x in enumerate(lam))])
        inverse = -series([0, 1]) / (1 - d1 / size)
        t = inverse.reversion()
        quotient = series([-x if k % 2 else x for k, x in enumerate(target)])  # N/t
        transform = series([0, -1]) * quotient(t)
        features = d1(t)
        return [-transform[k + 1] for k in range(count)], [-features[k + 2] for k in range(count)]
    finally:
        ctx.cap = former


def volterra(forcing: Sequence[Any], kernel: Sequence[Any]) -> list[Any]:
    """``P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s)`` for as many ``r`` as there are values of ``F``.

    Examples
    --------
    >>> volterra([4, 2, 1], [1, 0, 0])
    [4, 6, 7]
    """
    values: list[Any] = []
    for r, start in enumerate(forcing):
        values.append(start + sum(kernel[r - 1 - s] * values[s] for s in range(r)))
    return values


def _power_sum(dynamics: Dynamics, s: Fraction, exact: bool) -> Any:
    from flint import fmpq

    sums = dynamics.point.sums
    if not exact:
        return sums.power_sum(s)
    assert sums.v is not None
    return sum((fmpq(1, j**s.numerator) if s > 0 else fmpq(j**-s.numerator) for j in range(1, sums.v + 1)), fmpq(0))


def _number(value: Fraction, exact: bool) -> Any:
    from flint import fmpq

    return fmpq(value.numerator, value.denominator) if exact else arb_of(value)
