r"""Taylor coefficients to second order in one variable, and sums over a spectrum whose points and weights move.

A :class:`Jet` is :math:`c_0 + c_1\varepsilon + c_2\varepsilon^2 + O(\varepsilon^3)`; the coefficients are numbers or
arrays. Arithmetic on jets differentiates exactly: what comes out are derivatives, not differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from .cauchy import cauchy

__all__ = ["Jet", "jet_root", "jet_sum"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Jet:
    """``c₀ + c₁ε + c₂ε²``, so that the second derivative is ``2 c₂``.

    Examples
    --------
    >>> x = Jet(2.0, 1.0)
    >>> (1 / (x * x)).c2  # the second derivative of x⁻² is 6 x⁻⁴
    0.1875
    """

    c0: Any
    c1: Any = 0.0
    c2: Any = 0.0

    __array_ufunc__ = None  # arrays leave arithmetic with jets to this class

    def __neg__(self) -> Jet:
        return Jet(-self.c0, -self.c1, -self.c2)

    def __add__(self, other: Any) -> Jet:
        b = _jet(other)
        return Jet(self.c0 + b.c0, self.c1 + b.c1, self.c2 + b.c2)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Jet:
        return self + -_jet(other)

    def __rsub__(self, other: Any) -> Jet:
        return _jet(other) - self

    def __mul__(self, other: Any) -> Jet:
        b = _jet(other)
        return Jet(self.c0 * b.c0, self.c0 * b.c1 + self.c1 * b.c0, self.c0 * b.c2 + self.c1 * b.c1 + self.c2 * b.c0)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Jet:
        b = _jet(other)
        inverse = 1 / b.c0
        ratio = b.c1 * inverse
        return self * Jet(inverse, -inverse * ratio, inverse * (ratio * ratio - b.c2 * inverse))

    def __rtruediv__(self, other: Any) -> Jet:
        return _jet(other) / self

    def log(self) -> Jet:
        """The natural logarithm."""
        ratio = self.c1 / self.c0
        return Jet(np.log(self.c0), ratio, self.c2 / self.c0 - ratio * ratio / 2)

    def exp(self) -> Jet:
        """The exponential."""
        value = np.exp(self.c0)
        return Jet(value, value * self.c1, value * (self.c2 + self.c1 * self.c1 / 2))


def _jet(value: Any) -> Jet:
    return value if isinstance(value, Jet) else Jet(value)


def jet_root(residual: Callable[[Jet], Jet], start: Any, slope: Any) -> Jet:
    """The root of an equation that moves, order by order, from its value at ``ε = 0`` and the equation's slope there.

    Examples
    --------
    The square root of ``4 + ε`` is ``2 + ε/4 − ε²/64 + …``:

    >>> root = jet_root(lambda y: y * y - Jet(4.0, 1.0), 2.0, 4.0)
    >>> root.c1, root.c2
    (0.25, -0.015625)
    """
    first = -residual(Jet(start)).c1 / slope
    return Jet(start, first, -residual(Jet(start, first)).c2 / slope)


def jet_sum(lam: Array, weights: Array, *shifts: Jet) -> Jet:
    r"""``Σ_k w_k / Π_i (λ_k + ζ_i)`` for one or two moving ``ζ_i`` and moving weights.

    Parameters
    ----------
    lam:
        Positive points in descending order, shape ``(K,)``; they stay.
    weights:
        Taylor coefficients of the weights, shape ``(3, K)``, or ``(3, rows, K)`` for several sums at once.
    shifts:
        Jets of complex arrays of one shape ``(n,)``.

    Notes
    -----
    :math:`\frac1{\lambda+\zeta} = \sum_n (-1)^n \frac{(\zeta-\zeta_0)^n}{(\lambda+\zeta_0)^{n+1}}`, and only orders up to
    two in ``ε`` are kept.
    """
    total = Jet(0.0)
    for orders in product(range(3), repeat=len(shifts)):
        order = sum(orders)
        if order > 2:
            continue
        factor, repeated = Jet(1.0), []
        for shift, times in zip(shifts, orders, strict=True):
            for _ in range(times):
                factor = factor * Jet(0.0, -shift.c1 / shift.c0, -shift.c2 / shift.c0)
                repeated.append(shift.c0)
        moving = weights[: 3 - order]  # ε^{order} is in the factor
        flat = moving.reshape(math.prod(moving.shape[:-1]), len(lam))
        rows = cauchy(lam, flat, *(shift.c0 for shift in shifts), relative=repeated)
        total = total + factor * Jet(*rows.reshape(*moving.shape[:-1], -1))
    return total
