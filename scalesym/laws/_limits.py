r"""What limits a loss that is ``L(n)/(1 - min/max)`` in its two resources, ``n`` the scarcer one; and sums of powers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from ..parameters import Exact

__all__ = ["Regime", "RegimeExponents", "classified", "continuum_constant", "power_tail", "share"]

Limit = Literal["variance-limited", "resolution-limited"]

_SUMMED = 10**6  # terms that are added one by one


class RegimeExponents(NamedTuple):
    """Powers of the resources: resolution-limited in data and parameters, variance-limited in data and in width.

    ``variance_deep`` is the last one per parameter of a deep network, which has as many as the square of its width.
    """

    alpha_D: Exact
    alpha_P: Exact
    variance_D: Fraction
    variance_width: Fraction
    variance_deep: Fraction


@dataclass(frozen=True)
class Regime:
    """What limits the loss at ``(D, P)``, and the numbers that decide.

    Attributes
    ----------
    data, parameters:
        How the loss answers to more of each: ``"variance-limited"``, ``"resolution-limited"``, or ``None`` for neither.
    data_exponent, parameters_exponent:
        The local exponent ``-d ln(…)/d ln(resource)`` of what that resource can still remove: of the loss for the bottleneck, of
        its excess over the loss at an endless resource for the other. ``None`` where the loss is infinite or 0.
    resolution:
        The local exponent of the bottleneck's own law, that of ``L(n)`` at ``n = min(D, P)``.
    why:
        In words.
    """

    data: Limit | None
    parameters: Limit | None
    data_exponent: float | None
    parameters_exponent: float | None
    resolution: float | None
    why: str


def share(data: Exact, parameters: Exact) -> float:
    """``1 - min/max``, by which the loss is divided; exact, since near ``D = P`` it decides the loss."""
    most = max(data, parameters)
    return 1.0 if math.isinf(most) else float(abs(Fraction(data) - Fraction(parameters)) / Fraction(most))


def classified(data: Exact, parameters: Exact, local: float | None, alpha: float | None, within: float) -> Regime:
    """The regime, from the local exponent of ``L(n)`` (``None`` where that is 0) and the exponent it has far out.

    With ``ρ = min/max`` the excess over the loss at an endless ample resource is ``L(n) ρ/(1-ρ)``, whose exponent is
    ``1/(1-ρ)``; that of the loss in the scarce resource is ``local - ρ/(1-ρ)``.
    """
    if local is None:
        return Regime(None, None, None, None, None, "every mode is learned, and nothing is left to remove")
    if data == parameters:
        return Regime(None, None, None, None, local, "D = P: the loss is infinite")
    rest = share(data, parameters)
    excess, whole = 1 / rest, local - (1 - rest) / rest
    target = local if alpha is None else alpha
    variance: Limit | None = "variance-limited" if excess - 1 <= within else None
    resolution: Limit | None = "resolution-limited" if abs(whole - target) <= within * target else None
    scarce, ample = ("P", "D") if parameters < data else ("D", "P")
    why = f"{scarce} is the bottleneck, {'far' if variance else 'not far'} below {ample}"
    if resolution is None:
        why += f"; the exponent {whole:.3g} in {scarce} is not that of the law, {target:.3g}"
    if scarce == "P":
        return Regime(variance, resolution, excess, whole, local, why)
    return Regime(resolution, variance, whole, excess, local, why)


def continuum_constant(alpha: Exact) -> float:
    r"""``lim n^{1+α}κ_n = (πs/sin πs)^{1/s}`` at ``s = 1/(1+α)``, from :math:`\int_0^\infty\frac{dx}{1+\kappa x^{1/s}} = n`."""
    a = float(alpha)
    angle = math.pi / (1 + a)
    sine = math.sin(math.pi * a / (1 + a)) if a < 1 else math.sin(angle)
    return float((angle / sine) ** (1 + a))


def power_tail(alpha: Exact, n: int, end: Exact) -> float:
    """``Σ_{n<i≤end} i^{-(1+α)}``, by Hurwitz zeta functions unless the terms are few."""
    if end - n <= _SUMMED:
        i = np.arange(n + 1, int(end) + 1, dtype=float)
        return math.fsum((i ** -(1 + float(alpha))).tolist())
    import mpmath

    context = mpmath.mp.clone()
    context.dps = 60
    power = 1 + context.mpf(Fraction(alpha).numerator) / Fraction(alpha).denominator
    beyond = 0 if math.isinf(end) else context.zeta(power, int(end) + 1)
    return float(context.zeta(power, n + 1) - beyond)
