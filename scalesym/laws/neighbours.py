r"""Nearest neighbours and linear interpolation on random points: the powers of ``D^{-1/d}`` with their constants.

These are the laws behind :mod:`scalesym.laws.geometry`, for points that are uniform in the flat torus of volume 1:
the distance to the nearest point, of order ``D^{-1/d}``, and the square error of linear interpolation on a circle, ``D^{-4}``.
Level: exact at finite ``D`` where it is said, and the leading term.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal, get_args

from ..errors import ParameterError
from ..parameters import real, whole_number

__all__ = ["interpolation_loss", "neighbour_distance", "wave_interpolation_loss"]

Sample = Literal["poisson", "uniform"]


def neighbour_distance(D: object, d: object, power: object = 1, sample: Sample = "poisson") -> float:
    r"""The mean of (distance to the nearest of ``D`` random points)\ :sup:`power` in the flat torus of volume 1.

    The nearest point is further than ``r`` if a ball is empty, with chance :math:`e^{-DV_dr^d}` in a Poisson process of density
    ``D`` and :math:`(1-V_dr^d)^D` for ``D`` independent uniform points, :math:`V_d = \pi^{d/2}/\Gamma(1+d/2)`. Hence

    .. math:: \mathbb E\,r^p = \frac{\Gamma(1+p/d)}{(V_d D)^{p/d}}, \qquad
        \mathbb E\,r^p = \frac{\Gamma(1+p/d)}{V_d^{p/d}}\,\frac{\Gamma(D+1)}{\Gamma(D+1+p/d)} .

    Level: exact in the infinite space for the first; the second is exact on the circle, and for ``d ≥ 2`` it leaves out that a ball
    wider than the torus meets itself, which changes the mean by less than :math:`(\sqrt d/2)^p(1-V_d2^{-d})^D`.

    Parameters
    ----------
    D:
        Density, positive; a count for ``sample="uniform"``.
    d:
        Dimension, an integer from 1 to 100.
    power:
        ``p``, positive.
    sample:
        ``"poisson"`` or ``"uniform"``.

    Raises
    ------
    ParameterError
        If one is outside its domain, or the result leaves the range of double precision.

    Examples
    --------
    >>> print(f"{neighbour_distance(100, 1):.9f} {neighbour_distance(100, 1, sample='uniform'):.9f}")
    0.005000000 0.004950495
    >>> print(f"{neighbour_distance(1e6, 2, power=2) / neighbour_distance(4e6, 2, power=2):.6f}")
    4.000000
    """
    dimension = whole_number(d, "d", least=1)
    if dimension > 100:
        raise ParameterError("d", d, "all points are about equally far in such a torus", "use d <= 100")
    if sample not in get_args(Sample):
        raise ParameterError("sample", sample, "no such sample", f"use one of {', '.join(get_args(Sample))}")
    density = float(real(D, "D", above=0, reason="there are no points")) if sample == "poisson" else _count(D)
    p = float(real(power, "power", above=0, reason="it is a moment"))
    if p > 1000:
        raise ParameterError("power", power, "the moment leaves the range of double precision", "use power <= 1000")
    ratio = p / dimension
    log_volume = dimension / 2 * math.log(math.pi) - math.lgamma(1 + dimension / 2)
    crowd = ratio * math.log(density) if sample == "poisson" else _log_rising(density + 1, ratio)
    log_mean = math.lgamma(1 + ratio) - ratio * log_volume - crowd
    if abs(log_mean) > 700:
        raise ParameterError("power", power, "the moment leaves the range of double precision", "use a smaller power")
    return math.exp(log_mean)


def interpolation_loss(D: object) -> Fraction:
    r"""Mean square error of linear interpolation between ``D`` uniform points on a circle of length 1, per unit of ``f''²``.

    On a spacing ``s`` the error of a parabola is :math:`\tfrac{f''}2(x-x_i)(x_{i+1}-x)`, whose square integrates to
    :math:`f''^2s^5/120`; a spacing is Beta(1, D-1), so that

    .. math:: \mathbb E\sum s^5/120 = \frac{D!}{(D+4)!} = \frac1{(D+1)(D+2)(D+3)(D+4)} \to D^{-4} ,

    the exponent ``4/d`` at ``d = 1`` with its constant, 1. Level: exact for a function of constant ``|f''|``; the leading term
    in ``1/D``, with :math:`\int f''^2` for the square, for every function with two continuous derivatives.

    Parameters
    ----------
    D:
        Count of points, at least 1.

    Raises
    ------
    ParameterError
        If ``D`` is no count.

    Examples
    --------
    >>> print(interpolation_loss(1), f"{float(interpolation_loss(1000) * 1000**4):.6f}")
    1/120 0.990065
    """
    count = whole_number(D, "D", least=1)
    return Fraction(1, (count + 1) * (count + 2) * (count + 3) * (count + 4))


def wave_interpolation_loss(D: object, cycles: object = 1) -> float:
    r"""Mean square error of linear interpolation of :math:`\cos 2\pi mx` between ``D`` uniform points on a circle of length 1.

    With :math:`\theta = 2\pi ms` the error of :math:`e^{2\pi imx}` on a spacing ``s`` has the integral of its square

    .. math:: G(s) = s\Big(\frac53+\frac{\cos\theta}3-\frac{4(1-\cos\theta)}{\theta^2}\Big) = \frac{\theta^4}{120}s + O(s^7),

    and the mean over the ``D`` spacings, with the density :math:`(D-1)(1-s)^{D-2}` of each, is the result, halved for the real
    part. Level: exact, by quadrature. It approaches :math:`\tfrac12(2\pi m)^4` times :func:`interpolation_loss`.

    Parameters
    ----------
    D:
        Count of points, 2 to a million.
    cycles:
        ``m``, an integer from 1 to 1000.

    Raises
    ------
    ParameterError
        If one is outside its domain.

    Examples
    --------
    >>> print(f"{wave_interpolation_loss(1000) * 1000**4 / (2 * math.pi) ** 4:.4f}")
    0.4950
    """
    import numpy as np
    from scipy.special import roots_jacobi

    count, m = whole_number(D, "D", least=2), whole_number(cycles, "cycles", least=1)
    if count > 10**6:
        raise ParameterError("D", D, "the leading term is as good", "use D <= 1e6, or interpolation_loss")
    if m > 1000:
        raise ParameterError("cycles", cycles, "the quadrature does not resolve it", "use cycles <= 1000")
    edges = (
        np.linspace(0, 1, max(8, 4 * m) + 1) if count < 64 else np.linspace(0, min(1.0, 60 / count), 40 * (1 + m // 8))
    )
    nodes, weights = roots_jacobi(24, 0, 0)
    s = (edges[:-1, None] + edges[1:, None] + (edges[1:] - edges[:-1])[:, None] * nodes) / 2
    density = (count - 1) * np.exp((count - 2) * np.log1p(-s))
    theta = 2 * np.pi * m * s
    low = np.minimum(theta, 1)  # where the closed form cancels, its series
    series = sum(
        (-1) ** k * (1 / (3 * math.factorial(2 * k)) - 4 / math.factorial(2 * k + 2)) * low ** (2 * k)
        for k in range(2, 12)
    )
    high = np.maximum(theta, 1)
    closed = 5 / 3 + np.cos(high) / 3 - 4 * (1 - np.cos(high)) / high**2
    mean = np.where(theta < 1, series, closed) * s * density
    return float(count * np.sum(mean * weights * (edges[1:] - edges[:-1])[:, None] / 2) / 2)


def _count(D: object) -> float:
    count = whole_number(D, "D", least=1)
    if count > 10**300:
        raise ParameterError("D", D, "it leaves the range of double precision", "use D <= 1e300")
    return float(count)


def _log_rising(start: float, length: float) -> float:
    """``ln Γ(start+length) - ln Γ(start)``; by Stirling's series where the two would cancel."""
    if start < 100:
        return math.lgamma(start + length) - math.lgamma(start)
    rest = [y / 12 - y**3 / 360 + y**5 / 1260 for y in (1 / start, 1 / (start + length))]
    return (start - 0.5) * math.log1p(length / start) + length * (math.log(start + length) - 1) + rest[1] - rest[0]
