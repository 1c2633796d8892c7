r"""The scaling window: the loss where ``t = 2γBr/d^{2α}`` is fixed, as an inverse Laplace transform in scaled variables.

With ``ζ = ζ̃ d^{-2α}``, ``u = j/d``, ``ρ = v/d`` the sums of the deterministic equivalent become integrals as ``d → ∞``,

.. math:: \tilde D_1(\tilde\zeta) = \int_0^\rho \frac{du}{1+\tilde\zeta u^{2\alpha}}, \qquad \tilde m = 1-\tilde D_1, \qquad
          \tilde J(\tilde\zeta) = \int_0^\rho \frac{u^{-2\beta}\,du}{1+\tilde\zeta u^{2\alpha}},

and the loss is a Laplace transform in ``p = ζ̃ m̃``, taken in the plane of ``ζ̃``, where nothing has to be solved:

.. math:: L^{-1}[h](t) = \frac1{2\pi i}\int h(\tilde\zeta)\,e^{\tilde\zeta\tilde m t}\,\tilde N\,d\tilde\zeta,
          \qquad \tilde N = \frac{dp}{d\tilde\zeta} .

The path goes around ``ζ̃₀``, where ``m̃`` vanishes, and around the negative axis. Terms of ``h`` that are constant
transform to 0 and are taken out by algebra, so that nothing cancels as ``t → 0``. Level: sharp, or continuum where ``d`` is
finite. Nothing here is shared with the contour of the exact loss, nor with the formulas of the catalogue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["Gap", "Kernel", "Path"]

ComplexArray = npt.NDArray[np.complex128]

_STEP, _ENDS = 0.1, 30  # of the trapezoid rule on the parabola
_WIDTH = 6.0  # pt on the real axis
_WIDEST = 2.5  # |arg ζ̃| of the nodes
_SERIES = 0.25  # |ζ̃|u^{2α} up to which moments are taken by their series
_TERMS = 27
_PANEL = 1.0  # in 2α log u; the poles stay 0.7 away
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class Gap:
    """The scaled variables of one ``α`` and one ``ρ``.

    Parameters
    ----------
    alpha:
        Data complexity, ``α > 0``.
    ratio:
        ``ρ = v/d > 1``; infinite for ``2α > 1`` only.
    """

    alpha: float
    ratio: float

    @property
    def x(self) -> float:
        """``1/(2α)``."""
        return 1 / (2 * self.alpha)

    def moment(self, power: float, zeta: ComplexArray) -> ComplexArray:
        r"""``∫_0^ρ u^{power-1} du/(1 + ζ̃u^{2α})`` for ``power > 0`` and ``|arg ζ̃| ≤ 2.5``, to about 1e-14.

        At ``ρ = ∞``, for ``power < 2α``, it is a power of ``ζ̃``.
        """
        s = power * self.x
        if math.isinf(self.ratio):
            return np.asarray(self.x * math.pi / math.sin(math.pi * s) * zeta**-s)
        top = 2 * self.alpha * math.log(self.ratio)
        start = np.minimum(math.log(_SERIES) - np.log(np.abs(zeta)), top)
        small = zeta * np.exp(start)
        n = np.arange(_TERMS)
        head = np.exp(s * start) * ((-small[:, None]) ** n @ (1 / (s + n)))
        length = top - start
        panels = max(1, math.ceil(float(np.max(length)) / _PANEL))
        offsets = ((np.arange(panels)[:, None] + (_POINTS + 1) / 2) / panels).ravel()
        weights = np.tile(_WEIGHTS / 2, panels) / panels
        at = start[:, None] + length[:, None] * offsets
        # e^{sw}/(1 + ζ̃e^w), as e^{(s-1)w}/(e^{-w} + ζ̃) where w is large
        body = np.exp((s - 1) * at) / (np.exp(-at) + zeta[:, None])
        return np.asarray(self.x * (head + length * (body @ weights)))

    @property
    def trace(self) -> float:
        """``T = ∫_0^ρ u^{-2α} du``, for ``2α < 1``."""
        return float(self.ratio ** (1 - 2 * self.alpha) / (1 - 2 * self.alpha))

    @cached_property
    def zeta0(self) -> float:
        """``ζ̃₀ = 1/κ``, where ``D̃₁ = 1``."""
        from scipy.optimize import brentq

        def excess(y: float) -> float:
            return float(self.moment(1.0, np.array([complex(math.exp(y))])).real[0]) - 1

        low, high = -1.0, 1.0
        while excess(low) < 0:
            low *= 2
        while excess(high) > 0:
            high *= 2
        return math.exp(brentq(excess, low, high, xtol=1e-14, rtol=1e-14))

    def path(self, t: float) -> Path:
        """Nodes for the transform at ``t > 0``.

        The path is ``ζ̃₀ + A(1+iθ)^{2/n}``, where ``pt`` is 6 at ``θ = 0`` and ``p ~ A^n`` around it, so that ``p`` itself moves on
        a parabola. ``n`` is between 1 and nearly 2, where ``v`` is near ``d`` or the spectrum steep.
        """
        log_a, power = math.log(_WIDTH / t), 1.0
        for _ in range(50):
            at = Path(self, t, np.array([self.zeta0 + math.exp(log_a) + 0j]), np.ones(1, dtype=complex))
            p = float(at.p.real[0])
            power = math.exp(log_a) * float(at.slope.real[0]) / p
            step = math.log(p * t / _WIDTH) / power
            log_a -= step
            if abs(step) < 1e-3:
                break
        bend = 2 / power
        theta = np.arange(-_ENDS, _ENDS + 1) * _STEP
        theta = theta[np.abs(bend * np.arctan(theta)) < _WIDEST]
        turned = (1 + 1j * theta) ** bend
        along = math.exp(log_a) * bend * 1j * turned / (1 + 1j * theta) * _STEP / (2j * math.pi)
        return Path(self, t, self.zeta0 + math.exp(log_a) * turned, np.asarray(along))


@dataclass(frozen=True, eq=False)
class Path:
    """The nodes of one transform, and the functions on them."""

    gap: Gap
    t: float
    zeta: ComplexArray
    along: ComplexArray

    @cached_property
    def d1(self) -> ComplexArray:
        """``D̃₁``."""
        return self.gap.moment(1.0, self.zeta)

    @property
    def m(self) -> ComplexArray:
        """``m̃``."""
        return 1 - self.d1

    @property
    def p(self) -> ComplexArray:
        """``ζ̃m̃ = -z̃``."""
        return self.zeta * self.m

    @property
    def slope(self) -> ComplexArray:
        """``Ñ = dp/dζ̃``, where ``ζ̃ dD̃₁/dζ̃ = (ρ/(1+ζ̃ρ^{2α}) − D̃₁)/2α``."""
        gap = self.gap
        end = 0 if math.isinf(gap.ratio) else 1 / (1 / gap.ratio + self.zeta * gap.ratio ** (2 * gap.alpha - 1))
        return np.asarray(1 - self.d1 - gap.x * (end - self.d1))

    @cached_property
    def _factor(self) -> ComplexArray:
        """``e^{pt} Ñ dζ̃/2πi``."""
        return np.asarray(np.exp(self.p * self.t) * self.slope * self.along)

    def inverse(self, transform: ComplexArray) -> float:
        """``L⁻¹`` of values on the nodes."""
        return float(np.sum(transform * self._factor).real)

    def growth(self, transform: ComplexArray) -> float:
        """``d log/d log t`` of it."""
        return self.t * self.inverse(transform * self.p) / self.inverse(transform)

    @cached_property
    def moved(self) -> ComplexArray:
        """``R + ζ̃D̃₁²`` with ``R = ∫_0^ρ u^{-2α}du/(1+ζ̃u^{2α})``, which is ``T + z̃D̃₁``; for ``2α ≥ 1`` ``z̃D̃₁`` alone."""
        if 2 * self.gap.alpha < 1:
            return self.gap.moment(1 - 2 * self.gap.alpha, self.zeta) + self.zeta * self.d1**2
        return -self.p * self.d1

    def energy(self, beta: float) -> ComplexArray:
        """``J̃``, continued to ``2β < 1 + 2α``; on ``2β = 1`` what is left beside its pole, ``-log(1+ζ̃ρ^{2α})/2α``."""
        ratio, grown = self.gap.ratio, 2 * self.gap.alpha
        if 2 * beta < 1 or (math.isinf(ratio) and 2 * beta > 1):
            return self.gap.moment(1 - 2 * beta, self.zeta)
        if math.isinf(ratio):
            return np.asarray(-self.gap.x * np.log(self.zeta))
        if 2 * beta == 1:
            return np.asarray(-self.gap.x * np.log1p(self.zeta * ratio**grown))
        first = ratio ** (1 - 2 * beta) / (1 - 2 * beta)
        return np.asarray(first - self.zeta * self.gap.moment(1 + grown - 2 * beta, self.zeta))


@dataclass(frozen=True)
class Kernel:
    """The kernel in the window, ``k̂ = base + strength·(T + z̃D̃₁)``, with ``z̃D̃₁`` alone for ``2α ≥ 1``.

    ``base = strength = 0`` is the forcing function itself.
    """

    base: float = 0.0
    strength: float = 0.0

    def constant(self, path: Path) -> ComplexArray:
        r"""``1/(m̃(1 − k̂))`` up to a constant: of a target whose ``J`` is 1."""
        return self._added(path, path.d1 / path.m, 1.0)

    def steps(self, path: Path) -> ComplexArray:
        r"""``1/(1 − k̂)`` up to a constant: of a unit that is forced at once."""
        return self._added(path, 0 * path.zeta, 1.0)

    def weighted(self, path: Path, energy: ComplexArray) -> ComplexArray:
        r"""``J̃/(m̃(1 − k̂))``."""
        return energy / path.m / (1 - self.base - self.strength * path.moved)

    def linear(self, path: Path) -> ComplexArray:
        r"""``ζ̃/(m̃(1 − k̂))`` up to a multiple of ``p``."""
        move = self.strength * path.moved
        rest = path.zeta * path.d1 * (1 + 1 / path.m)
        return np.asarray((rest + path.p * move / (1 - self.base)) / (1 - self.base - move))

    def factor(self, path: Path) -> float:
        """``1/(1 − k̂)`` at ``p = 1/t``, nearly."""
        nearby = Path(path.gap, path.t, np.array([path.gap.zeta0 + 1 / path.t + 0j]), path.along)
        return 1 / (1 - self.base - self.strength * float(nearby.moved.real[0]))

    def _added(self, path: Path, rest: ComplexArray, unit: float) -> ComplexArray:
        """``(unit + rest)/(1 − k̂) − unit/(1 − base)``."""
        move = self.strength * path.moved
        return np.asarray((rest + unit * move / (1 - self.base)) / (1 - self.base - move))
