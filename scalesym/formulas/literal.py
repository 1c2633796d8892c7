r"""The deterministic equivalent in double precision, written down literally: the road that limits are checked by.

Sums over the spectrum are added up over the first modes and integrated over the others, between half-integers; the
fixed point is solved by Newton's method where a point ``z`` is prescribed, and the inverse transforms are taken along a
parabola in the plane of ``ζ``, where ``z = -ζ m(ζ)`` is explicit:

.. math::
    \mathscr F(r) = -\frac1{2\pi\mathrm i}\oint S(z)\,q(z)^r\,dz, \qquad
    \mathscr P(r) = \frac1{2\pi\mathrm i}\int \frac{\hat{\mathscr F}}{1-w\hat{\mathscr K}}\Big|_{w=e^{-s}} e^{rs}\,ds,
    \quad s = \log q(x_-).

Nothing here uses SymPy, trees or operations. The relative error is about ``10^{-8}`` for ``2γBr ≥ 30``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["Literal"]

_HEAD = 1000  # modes added one by one
_Array = Any


@lru_cache(maxsize=64)
def _modes(v: float) -> tuple[_Array, _Array]:
    """Nodes and weights: ``Σ_{j≤v} f(j) ≈ Σ weight f(node)``."""
    head = np.arange(1, min(v, _HEAD) + 1, dtype=float)
    if v <= _HEAD:
        return head, np.ones_like(head)
    low, high = np.log(_HEAD + 0.5), np.log(v + 0.5)
    panels = int(np.ceil((high - low) / 1.5))
    x, weight = np.polynomial.legendre.leggauss(12)
    edges = np.linspace(low, high, panels + 1)
    half = (edges[1] - edges[0]) / 2
    tail = np.exp(((edges[:-1] + half)[:, None] + half * x).ravel())
    return np.concatenate([head, tail]), np.concatenate([np.ones_like(head), np.tile(half * weight, panels) * tail])


def _log1p(y: _Array) -> _Array:
    """``log(1+y)`` for complex ``y``, to relative accuracy where ``y`` is small."""
    series = y * (1 - y * (1 / 2 - y * (1 / 3 - y * (1 / 4 - y * (1 / 5 - y / 6)))))
    return np.where(np.abs(y) < 1e-3, series, np.log(1 + y))


class Literal:
    """One model at one point of its letters.

    Parameters
    ----------
    point:
        ``alpha, beta, gamma, B, d, v`` by name, as fractions.

    Examples
    --------
    >>> from fractions import Fraction as Q
    >>> point = dict(alpha=Q(1), beta=Q(7, 10), gamma=Q(3, 10), B=Q(1), d=Q(20), v=Q(60))
    >>> model = Literal(point)
    >>> print(f"{model.forcing(80):.9f} {model.loss(80):.9f} {model.kernel(80):.6e} {model.norm:.9f}")
    0.021270926 0.032635433 1.063133e-04 0.325967109
    """

    def __init__(self, point: Mapping[str, Fraction]) -> None:
        self.alpha, self.beta, self.gamma, self.d, self.v = (
            float(point[name]) for name in ("alpha", "beta", "gamma", "d", "v")
        )
        self.batch = int(point["B"])
        self._j, self._weight = _modes(self.v)
        self._powers = self._j ** (2 * self.alpha)
        self._energies = self._weight * self._j ** (-2 * self.beta)

    def d1(self, zeta: _Array) -> _Array:
        """``Σ_j 1/(1+ζ j^{2α})``."""
        return (1 / (1 + np.multiply.outer(zeta, self._powers))) @ self._weight

    def target(self, zeta: _Array) -> _Array:
        """``Σ_j j^{-2β}/(1+ζ j^{2α})``."""
        return (1 / (1 + np.multiply.outer(zeta, self._powers))) @ self._energies

    def _slope(self, zeta: _Array) -> _Array:
        """``d(ζm)/dζ``."""
        return 1 - (1 / (1 + np.multiply.outer(zeta, self._powers)) ** 2) @ self._weight / self.d

    def _zeta(self, z: _Array) -> _Array:
        """``ζ`` outside the spectrum, by Newton's method from ``-z``."""
        zeta = -np.asarray(z, dtype=complex)
        for _ in range(60):
            step = (zeta * (1 - self.d1(zeta) / self.d) + z) / self._slope(zeta)
            zeta = zeta - step
            if np.max(np.abs(step / zeta)) < 1e-15:
                break
        return zeta

    @property
    def zeta_0(self) -> float:
        """The positive root of ``D_1 = d``, by bisection in ``log ζ``."""
        low, high = -400.0, 400.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if self.d1(np.exp(middle)) > self.d else (low, middle)
        return float(np.exp(low))

    @property
    def norm(self) -> float:
        """``‖K‖``."""
        return float((-self.d1(self._zeta(2 / (self.gamma * (self.batch + 1)))) / (self.batch + 1)).real)

    def forcing(self, r: float) -> float:
        """``F(r)``."""
        zeta, dz = self._parabola(r)
        z = -zeta * (1 - self.d1(zeta) / self.d)
        # dz runs with p = -z
        return self._real(self.target(zeta) / (1 - self.d1(zeta) / self.d) * self._decay(z, r) * dz)

    def kernel(self, r: float) -> float:
        """``K(r)``."""
        zeta, dz = self._parabola(r)
        z = -zeta * (1 - self.d1(zeta) / self.d)
        return -(self.gamma**2) * self.batch * self._real(-self.d1(zeta) * z * self._decay(z, r) * dz)

    def loss(self, r: float) -> float:
        """``P(r)``."""
        zeta, dz = self._parabola(r)
        g, b = self.gamma, self.batch
        m = 1 - self.d1(zeta) / self.d
        minus = -zeta * m
        plus = 2 / (g * (b + 1)) - minus
        outer = self._zeta(plus)
        w, slope = 1 / self._factor(minus), (-2 * g * b + 2 * g**2 * b * (b + 1) * minus)
        energy = self.target(zeta) / m - self.target(outer) / (1 - self.d1(outer) / self.d)
        forcing = energy / (g**2 * b * (b + 1) * w * (plus - minus))
        kernel = (minus * self.d1(zeta) - plus * self.d1(outer)) / ((b + 1) * w * (plus - minus))
        # ds = q'/q dz, and dz = -dp
        return self._real(forcing / (1 - w * kernel) * self._decay(minus, r) * -slope * w * dz)

    def _factor(self, z: _Array) -> _Array:
        return 1 - 2 * self.gamma * self.batch * z + self.gamma**2 * self.batch * (self.batch + 1) * z**2

    def _decay(self, z: _Array, r: float) -> _Array:
        return np.exp(
            r * _log1p(-2 * self.gamma * self.batch * z + self.gamma**2 * self.batch * (self.batch + 1) * z**2)
        )

    def _parabola(self, r: float) -> tuple[_Array, _Array]:
        """Nodes ``ζ`` on the upper half and ``dp``, ``p = ζm``, with the weights of the trapezoidal rule."""
        theta, step = np.linspace(0, 2.6, 105, retstep=True)
        time = 2 * self.gamma * self.batch * r
        turn = 1 + 1j * theta
        zeta = self.zeta_0 + 6 / time * turn**2
        weight = 12 / time * turn * step  # d ζ = (6/time) 2i (1+iθ) dθ
        weight[0] /= 2
        return zeta, weight * self._slope(zeta)

    @staticmethod
    def _real(terms: _Array) -> float:
        """``(1/2πi)∫`` over both halves, ``i`` taken out of the weights."""
        return float(np.sum(terms).real / np.pi)
