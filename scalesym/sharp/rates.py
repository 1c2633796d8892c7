r"""Learning rate and kernel norm by each rule, at one size or in the limit ``d → ∞``.

With ``a = γ(B+1)/2`` and ``H(s) = Σ_{j≤v} j^{-s}`` everything is a power series in ``a``, up to a relative ``O(B/d)``,

.. math:: \|K\| = \frac{1}{B+1}\sum_{n\ge1} a^n H(2\alpha n), \qquad
          2\gamma B\,\|F\|_1 = \sum_{n\ge0} a^n H(2\beta+2\alpha n),

so that the critical ``a`` solves ``Σ_n a^n H(2αn) = B + 1``. For ``2α > 1`` the limit is a learning rate, ``γ``; for ``2α < 1`` it is
``g = γd^{1-2α}``, and on the line between them ``γ log v``. Level: sharp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import ParameterError, StabilityError

__all__ = ["Rule", "power_sum"]

_EULER = float(np.euler_gamma)
_LEAST, _TERMS = 1e-17, 10_000


def power_sum(s: float, log_v: float) -> float:
    """``Σ_{j≤v} j^{-s}`` up to a relative ``O(1/v)``, from ``log v``; at ``v = ∞`` its continuation ``ζ_R(s)``.

    Examples
    --------
    >>> import math
    >>> round(power_sum(1, math.log(1e6)), 5), round(power_sum(2, math.inf), 5)
    (14.39273, 1.64493)
    """
    from scipy.special import zetac

    if math.isinf(log_v):
        return 1 + float(zetac(s))
    if abs(s - 1) < 1e-9:  # the pole of ζ_R cancels
        return log_v + _EULER
    return math.expm1((1 - s) * log_v) / (1 - s) + (1 + float(zetac(s)) + 1 / (1 - s))


@dataclass(frozen=True)
class Rule:
    """A learning-rate rule for one spectrum.

    Parameters
    ----------
    alpha, ratio, batch:
        ``α``, ``v/d`` and ``B``.
    gamma:
        ``"half-critical"``, ``"trace:1/2"``, or a number for ``2α > 1``.
    log_d:
        ``log d``; infinite for the limit.
    """

    alpha: float
    ratio: float
    gamma: float | str
    batch: int
    log_d: float = math.inf

    @property
    def log_v(self) -> float:
        """``log v``."""
        return math.inf if math.isinf(self.ratio) else self.log_d + math.log(self.ratio)

    @property
    def vanishes(self) -> bool:
        """Whether this is the limit of a learning rate that tends to 0."""
        return math.isinf(self.log_d) and 2 * self.alpha <= 1

    def require(self) -> None:
        """Refuse a rule that is unstable for large ``d``.

        Raises
        ------
        ParameterError
            If ``2α ≤ 1``, where every fixed learning rate is.
        StabilityError
            If the learning rate is above the critical one at ``d = ∞``.
        """
        if 2 * self.alpha <= 1:
            if not isinstance(self.gamma, str):
                reason = "a fixed learning rate is unstable for large d where 2 alpha <= 1, so there is no frontier"
                raise ParameterError("gamma", self.gamma, reason, "use 'half-critical' or 'trace:1/2'")
            return
        critical = 2 * self._critical / (self.batch + 1)
        if not self.value < critical * (1 - 1e-6):
            raise StabilityError(self.gamma, critical, "kernel norm")

    @cached_property
    def value(self) -> float:
        """``γ`` at a finite size or for ``2α > 1``; in the limit ``γd^{1-2α}``, or on the line ``γ log v``."""
        if not isinstance(self.gamma, str):
            return self.gamma
        if self.vanishes:
            share = 1.0 if self.gamma == "half-critical" else 0.5
            return share if 2 * self.alpha == 1 else share * (1 - 2 * self.alpha) * self.ratio ** (2 * self.alpha - 1)
        if self.gamma == "half-critical":
            return self._critical / (self.batch + 1)
        return 1 / (2 * power_sum(2 * self.alpha, self.log_v))

    @cached_property
    def norm_K(self) -> float:
        """``‖K‖``."""
        if self.vanishes:
            return 0.5 if self.gamma == "half-critical" else 0.25
        return self._series(self._a) / (self.batch + 1)

    def energy(self, beta: float) -> float:
        """``2γB‖F‖₁ − H(2β)``, the part that counts for ``γ`` of order one."""
        if self.vanishes:
            return 0.0
        total, power = self._a / (1 - self._a), self._a
        for n in range(1, _TERMS):
            term = power * (power_sum(2 * beta + 2 * self.alpha * n, self.log_v) - 1)
            total += term
            if abs(term) <= _LEAST * total and 2 * beta + 2 * self.alpha * n > 1:
                break
            power *= self._a
        return total

    @property
    def _a(self) -> float:
        return self.value * (self.batch + 1) / 2

    def _series(self, a: float) -> float:
        """``Σ_n a^n H(2αn)``."""
        total, power = a / (1 - a), a
        for n in range(1, _TERMS):
            term = power * (power_sum(2 * self.alpha * n, self.log_v) - 1)
            total += term
            if abs(term) <= _LEAST * total and 2 * self.alpha * n > 1:
                break
            power *= a
        return total

    @cached_property
    def _critical(self) -> float:
        """The critical ``a``."""
        from scipy.optimize import brentq

        def excess(y: float) -> float:
            return self._series(1 / (1 + math.exp(y))) - (self.batch + 1)

        low = high = 0.0
        while excess(low) < 0:
            low -= 2
        while excess(high) > 0:
            high += 4
        return 1 / (1 + math.exp(brentq(excess, low, high, xtol=1e-14, rtol=1e-15)))
