r"""Constants where the scaling window decides: the least of a function of one variable.

There ``P ~ A d^{-e} Ψ(t)`` with ``t = (2γf)/d^{p}`` (``p = 1+2α``, or 2 and ``g`` for ``γ`` where ``2α ≤ 1``), so that at a budget

.. math:: P = A\,(2\gamma f)^{-e/p}\; t^{e/p}\,\Psi(t), \qquad d = (2\gamma f/t)^{1/p},

and the best ``t`` does not depend on ``f``. On ``2β = 1`` or ``2α = 1`` the leading logarithm multiplies ``A`` or divides ``γ``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from ..equivalent.window import Gap, Kernel
from ..errors import ConvergenceError
from .rates import Rule, power_sum

__all__ = ["Window"]

_STRIDE = 1.5  # in log t
_NEAR, _FAR = -60.0, -276.0


@dataclass(frozen=True)
class Window:
    """The window of one point in the limit ``d → ∞``.

    Parameters
    ----------
    rule:
        The learning rate in the limit.
    beta:
        Target complexity.
    """

    rule: Rule
    beta: float

    @property
    def _alpha(self) -> float:
        return self.rule.alpha

    @property
    def loss_power(self) -> float:
        """``e``, of ``P ~ d^{-e}`` at fixed ``t``."""
        return 2 * self._alpha - max(0.0, 1 - 2 * self.beta)

    @property
    def power(self) -> float:
        """``p``."""
        return max(2.0, 1 + 2 * self._alpha)

    @cached_property
    def _gap(self) -> Gap:
        return Gap(self._alpha, self.rule.ratio)

    @property
    def _kernel(self) -> Kernel:
        """Where ``2α ≥ 1`` the kernel is its norm."""
        return Kernel(strength=self.rule.value / 2) if 2 * self._alpha < 1 else Kernel()

    @property
    def amplitude(self) -> float:
        """``A``; on ``2β = 1`` what multiplies ``log f`` in it."""
        target = power_sum(2 * self.beta, math.inf) if 2 * self.beta > 1 else 1.0
        if 2 * self.beta == 1:
            target = 1 / self.power  # log v ~ log d ~ log f / p
        return target / (1 - self.rule.norm_K) if 2 * self._alpha >= 1 else target

    def _value(self, t: float) -> tuple[float, float]:
        """``Ψ`` and ``d log Ψ/d log t``."""
        path = self._gap.path(t)
        slow = 2 * self.beta < 1
        transform = self._kernel.weighted(path, path.energy(self.beta)) if slow else self._kernel.constant(path)
        return path.inverse(transform), path.growth(transform)

    def profile(self, t: float) -> float:
        """``Ψ(t)``."""
        return self._value(t)[0]

    def _slope(self, log_t: float) -> float:
        """``d log(t^{e/p}Ψ)/d log t``."""
        return self.loss_power / self.power + self._value(math.exp(log_t))[1]

    @cached_property
    def best(self) -> float:
        """``t*``: the least of all local minima above 1e-26, or else the first below.

        Raises
        ------
        ConvergenceError
            If there is none above 1e-120.
        """
        from scipy.optimize import brentq

        here = 5.0
        while self._slope(here) < 0:  # the limit is reached late where v is near d
            here += 2
        rising = True
        found: list[float] = []
        while here > _NEAR or (not found and here > _FAR):
            here -= _STRIDE
            was, rising = rising, self._slope(here) > 0
            if was and not rising:
                found.append(math.exp(brentq(self._slope, here, here + _STRIDE, xtol=1e-13, rtol=1e-14)))
        if not found:
            raise ConvergenceError("the scaling function has no least value that is resolved")
        ratio = self.loss_power / self.power
        return min(found, key=lambda t: t**ratio * self.profile(t))

    def constants(self) -> tuple[float, float]:
        """``c`` and ``C``."""
        t, scale = self.best, 2 * self.rule.value
        if 2 * self._alpha == 1:
            scale *= self.power  # γ = g/log v ~ p g/log f
        ratio = self.loss_power / self.power
        return (scale / t) ** (1 / self.power), self.amplitude * scale**-ratio * t**ratio * self.profile(t)
