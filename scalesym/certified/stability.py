r"""Kernel norm, critical learning rate and the loss's limit, in balls.

.. math:: \|K\| = -\frac{D_1(\zeta(x))}{B+1}, \quad x = \frac{2}{\gamma(B+1)}, \qquad P_\infty = \frac{F_0}{1-\|K\|},

for ``x > λ_max``, where ``ζ(x)`` lies left of the minimum of ``z(ζ)``. One-pass SGD is stable if ``x > λ_max`` and
``‖K‖ < 1``. On ``(−∞, −λ_1)`` both ``D_1`` (from 0 to ``−∞``) and ``E`` are monotone, so ``D_1 = −(B+1)`` has one root
``ζ_*`` there; if it is left of the minimum the critical learning rate is ``2/((B+1) z(ζ_*))``, otherwise
``2/((B+1) λ_max)``; if that is not decided the ball covers both.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..errors import ParameterError, StabilityError
from ..precision import arb_of
from .fixed_point import FixedPoint
from .roots import falling_root

__all__ = ["critical_gamma", "kernel_norm", "loss_limit"]


def kernel_norm(point: FixedPoint, gamma: Fraction, batch: int) -> Any:
    """``‖K‖``; not finite if ``γ(B+1)λ_max < 2`` is not decided at the present precision.

    Raises
    ------
    StabilityError
        If ``γ(B+1)λ_max > 2``: the kernel is not summable.

    Examples
    --------
    >>> from scalesym.certified.sums import PowerSums
    >>> point = FixedPoint(PowerSums(Fraction(2), Fraction(17, 5), 60), Fraction(20))
    >>> kernel_norm(point, Fraction(3, 10), 1)
    [0.32596710938... +/- ...]
    """
    from flint import arb

    _require(gamma, batch)
    x = 2 / (arb_of(gamma) * (batch + 1))
    right = point.edges()[1]
    if x < right:
        raise StabilityError(gamma, _double(critical_gamma(point, batch)), "pointwise")
    if not x > right:
        return arb.nan()
    zeta = point.zeta(x)
    return -point.sums.d1(zeta) / (batch + 1) if isinstance(zeta, arb) and zeta < -1 else arb.nan()


def critical_gamma(point: FixedPoint, batch: int) -> Any:
    """The least learning rate at which ``‖K‖ = 1`` or ``γ(B+1)λ_max = 2``."""
    _require(Fraction(1), batch)

    def rest(distance: Any) -> tuple[Any, Any]:
        d1, slope = point.sums.slopes(-1 - distance)
        return -d1 - (batch + 1), slope

    zeta = -1 - falling_root(rest, arb_of(Fraction(1, batch + 1)))
    by_norm, pointwise = (2 / ((batch + 1) * x) for x in (point.z(zeta), point.edges()[1]))
    excess = point.excess(zeta)
    if excess < 0:
        return by_norm
    return pointwise if excess > 0 else by_norm.union(pointwise)


def loss_limit(point: FixedPoint, gamma: Fraction, batch: int) -> Any:
    """``P_∞ = F_0/(1−‖K‖)``; not finite if stability is not decided at the present precision.

    Raises
    ------
    StabilityError
        If ``‖K‖ ≥ 1`` or ``γ(B+1)λ_max > 2``.
    """
    from flint import arb

    norm = kernel_norm(point, gamma, batch)
    if norm >= 1:
        raise StabilityError(gamma, _double(critical_gamma(point, batch)), "kernel norm")
    return point.forcing_limit() / (1 - norm) if norm < 1 else arb.nan()


def _require(gamma: Fraction, batch: int) -> None:
    if not gamma > 0:
        raise ParameterError("gamma", gamma, "the learning rate must be positive", "use gamma > 0")
    if batch < 1:
        raise ParameterError("batch", batch, "the batch is a count of samples", "use an integer batch >= 1")


def _double(ball: Any) -> float:
    return float(ball.lower())
