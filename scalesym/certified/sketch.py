r"""The fixed point in double precision: where to put a contour, and where Newton's iteration may begin.

Nothing here is proven and nothing needs to be: every polygon around the singularities gives the same integral, and a
root is certified afterwards, in balls. With the power sums replaced by a few hundred terms and panels of Gauss's rule,

.. math:: z(\zeta) = -\zeta + \frac{\zeta}{d} \sum_{j\le v} \frac{\lambda_j}{\lambda_j+\zeta}, \qquad
          z'(\zeta) = -1 + \frac1d \sum_{j\le v} \Bigl(\frac{\lambda_j}{\lambda_j+\zeta}\Bigr)^2 .

``z'`` has one zero right of the poles and one left of them: there ``z`` is ``λ_min`` and ``λ_max``.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property

import numpy as np

__all__ = ["Sketch"]

_HEAD = 2000  # terms taken one by one
_PANEL = np.polynomial.legendre.leggauss(8)


class Sketch:
    """``z(ζ)`` and its inverse on the physical branch, to about ten digits.

    Parameters
    ----------
    p:
        ``λ_j = j^{-p}``.
    v:
        Number of eigenvalues, ``None`` for infinitely many.
    d:
        Parameter count.

    Examples
    --------
    >>> sketch = Sketch(Fraction(2), 60, Fraction(20))
    >>> round(sketch.right, 8), round(sketch.left, 6)
    (0.00138097, -1.224062)
    """

    def __init__(self, p: Fraction, v: int | None, d: Fraction) -> None:
        last = math.inf if v is None else float(v)
        j = np.arange(1, min(last, _HEAD) + 1)
        weights = np.ones_like(j, dtype=float)
        if last > _HEAD:
            # the terms fall like j^-p, and from far above d^p on nothing is left of them
            end = math.log(min(last + 0.5, 1e6 * float(d) * 10 ** min(20 / max(float(p) - 1, 0.1), 200)))
            start = math.log(_HEAD + 0.5)
            edges = np.linspace(start, end, max(2, math.ceil((end - start) / 1.5) + 1))
            half = np.diff(edges)[:, None] / 2
            logs = (edges[:-1, None] + half * (1 + _PANEL[0])).ravel()
            j = np.concatenate([j, np.exp(logs)])
            weights = np.concatenate([weights, (half * _PANEL[1]).ravel() * np.exp(logs)])
        self._d, self._j = float(d), j
        self._eigenvalues = j ** -float(p)
        self._weights = weights / float(d)

    def z(self, zeta: complex) -> tuple[complex, complex]:
        """``z(ζ)`` and ``z'(ζ)``."""
        ratio = self._eigenvalues / (self._eigenvalues + zeta)
        return complex(-zeta * (1 - self._weights @ ratio)), complex(self._weights @ (ratio * ratio) - 1)

    def targets(self, zeta: complex, q: float) -> complex:
        """``N(ζ) = Σ j^{-q}/(λ_j+ζ)``."""
        return self._d * complex(self._weights @ (self._j**-q / (self._eigenvalues + zeta)))

    @cached_property
    def right(self) -> float:
        """``ζ_c > 0``, where ``z = λ_min``, the top of the gap: a saddle of ``z``."""
        return _decreasing_root(lambda x: float(self.z(x)[1].real))

    @cached_property
    def left(self) -> float:
        """``ζ < −λ_1``, where ``z = λ_max``: the other saddle."""
        return -1 - _decreasing_root(lambda x: float(self.z(-1 - x)[1].real), -34)

    def beyond(self, z: float) -> float:
        """``ζ`` left of :attr:`left` with ``z(ζ) = z ≥ λ_max``."""
        if not z > self.z(self.left)[0].real:
            return self.left
        return self.left - _decreasing_root(lambda x: z - float(self.z(self.left - x)[0].real), -34)

    def root(self, z: complex, start: complex) -> complex | None:
        """The root of ``z(ζ) = z`` on the physical branch by Newton's iteration, or ``None`` if that does not succeed.

        It is the only one on the other side of the real axis than ``z``.
        """
        zeta = start
        for _ in range(40):
            value, slope = self.z(zeta)
            step = (value - z) / slope if slope else cmath.nan
            if not cmath.isfinite(step):
                return None
            # no step crosses the real axis
            while (zeta - step).imag * z.imag >= 0:
                step /= 2
                if abs(step) < 1e-15 * abs(zeta):
                    return None
            zeta -= step
            if abs(step) < 1e-13 * abs(zeta):
                return zeta
        return zeta if abs(step) < 1e-9 * abs(zeta) else None

    def follow(self, targets: list[complex], start: complex, origin: complex) -> list[complex] | None:
        """Roots at ``targets`` one after another, each from the one before; ``start`` is the root at ``origin``."""
        found: list[complex] = []
        zeta, here = start, origin
        for target in targets:
            arrived = self._step(here, target, zeta, 0)
            if arrived is None:
                return None
            zeta, here = arrived, target
            found.append(zeta)
        return found

    def _step(self, here: complex, target: complex, zeta: complex, depth: int) -> complex | None:
        slope = self.z(zeta)[1]
        guess = zeta + (target - here) / slope if slope else zeta
        for start in (guess, zeta):
            if start.imag * target.imag < 0 and abs(start - zeta) <= 0.5 * abs(zeta):
                arrived = self.root(target, start)
                if arrived is not None:
                    return arrived
        if depth == 12:
            return None
        middle = (here + target) / 2
        half = self._step(here, middle, zeta, depth + 1)
        return None if half is None else self._step(middle, target, half, depth + 1)


def _decreasing_root(function: Callable[[float], float], low: float = -700) -> float:
    """The root above ``e^low`` of a function that falls from above to below 0, by halving the logarithm."""
    high = 200.0
    for _ in range(70):
        middle = (low + high) / 2
        if function(math.exp(middle)) > 0:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)
