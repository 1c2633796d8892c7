r"""One deterministic equivalent: its constants and curves, in double precision or to any number of digits.

This is where the two arithmetics meet. In double precision a value is returned only if its estimated rounding error
is below ``1e-11`` of it; else that ``r`` goes to the multiprecision road. Past the cut-off ``γBr ≫ d^{2α}`` the
kernel is exponentially small; where it leaves the range of double precision it is 0, with a warning.
"""

from __future__ import annotations

import math
import os
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import AccuracyWarning, StabilityError
from ..parameters import Exact
from ..precision import arb_of, flint_digits, to_mpf
from ..progress import progress_bar
from ..spectrum import Spectrum
from .contour import Contour
from .fixed_point import DoubleSums, FixedPoint
from .precise import PreciseCurve, PreciseSums

__all__ = ["Equivalent", "Quantity"]

Quantity = Literal["forcing", "kernel", "loss"]
Array = npt.NDArray[np.float64]

_TOLERANCE = 1e-11
_SMALLEST = 1e-300


@dataclass(frozen=True)
class Equivalent:
    """Deterministic equivalent of one spectrum at parameter count ``d``.

    Parameters
    ----------
    spectrum:
        Power law or measured.
    d:
        Parameter count, below the size of the spectrum.
    gamma:
        A number, ``"half-critical"`` or ``"trace:1/2"``.
    batch:
        Batch size.
    """

    spectrum: Spectrum
    d: Exact
    gamma: Exact | str
    batch: int

    @cached_property
    def point(self) -> FixedPoint:
        """The fixed point in double precision."""
        return FixedPoint(DoubleSums(self.spectrum.nodes(self.d)), float(self.d), self.spectrum.largest)

    @cached_property
    def critical(self) -> tuple[float, str]:
        """Critical learning rate and the condition that binds."""
        gamma, condition = self.point.critical_gamma(self.batch)
        return float(gamma), condition

    @cached_property
    def rate(self) -> float:
        """The learning rate, checked to be stable."""
        if self.gamma == "half-critical":
            return self.critical[0] / 2
        gamma = 0.5 / float(self._trace()) if isinstance(self.gamma, str) else float(self.gamma)
        if not gamma < self.critical[0]:
            raise StabilityError(self.gamma, *self.critical)
        return gamma

    def _trace(self) -> float:
        return float(np.sum(self.spectrum.nodes(self.d).mu))

    @cached_property
    def contour(self) -> Contour:
        """The contour around the whole spectrum, in double precision."""
        return Contour(self.spectrum.nodes(self.d), self.point, self.rate, self.batch)

    @cached_property
    def edge_contour(self) -> Contour:
        """The contour from the left edge, in double precision."""
        return Contour(self.spectrum.nodes(self.d), self.point, self.rate, self.batch, from_edge=True)

    def initial(self, quantity: Quantity) -> float:
        """The value at ``r = 0``: ``Σλ_jb_j²``, or ``γ²B(Σλ_j² + (tr D)²/d)`` for the kernel."""
        nodes = self.spectrum.nodes(self.d)
        if quantity == "kernel":
            return float(
                self.rate**2 * self.batch * (np.sum(nodes.mu * nodes.lam) + self._trace() ** 2 / float(self.d))
            )
        return float(np.sum(nodes.nu))

    def curve(self, quantity: Quantity, steps: list[int]) -> Array:
        """``F``, ``K`` or ``P`` at the given steps, in double precision."""
        result = np.empty(len(steps))
        r = np.array([float(step) for step in steps])
        later = np.flatnonzero(r > 0)
        result[r == 0] = self.initial(quantity)
        if not len(later):
            return result
        contour = self.edge_contour if quantity == "kernel" else self.contour
        curve = getattr(contour, quantity)(r[later])
        value = curve.value
        doubtful = ~(curve.error <= _TOLERANCE * value)
        if quantity == "kernel":
            vanishing = ~(value > _SMALLEST)
            doubtful &= ~vanishing
            if vanishing.any():
                value = np.where(vanishing, 0.0, value)
                _warn_vanishing(int(vanishing.sum()), _SMALLEST)
        if doubtful.any():
            again = self.precise_curve(quantity, [steps[later[i]] for i in np.flatnonzero(doubtful)], 17)
            value[doubtful] = [float(x) for x in again]
        result[later] = value
        return result

    def precise(self, digits: int) -> tuple[FixedPoint, Any]:
        """Fixed point and learning rate to at least ``digits`` digits; to be used within ``flint_digits(digits)``."""
        return _precise_point(self, digits)

    def precise_curve(self, quantity: Quantity, steps: list[int], digits: int) -> list[Any]:
        """``F``, ``K`` or ``P`` at the given steps as mpmath numbers with ``digits`` digits."""
        rate = self.rate  # also checks stability
        r = np.array([float(step) for step in steps if step > 0])
        contour = self.edge_contour if quantity == "kernel" else self.contour
        rough = dict(
            zip((s for s in steps if s > 0), getattr(contour, quantity)(r).value if len(r) else (), strict=True)
        )
        dead = {s for s, value in rough.items() if not value > _SMALLEST}
        if dead:
            _warn_vanishing(len(dead), _SMALLEST)
        start = self.initial(quantity)
        lost = max(
            (
                math.log10(start / max(1.0, rate * self.batch * s) / value)
                for s, value in rough.items()
                if s not in dead
            ),
            default=0.0,
        )
        values: dict[int, Any] = {s: 0.0 for s in dead}
        work = _shared(digits + 12 + max(0, math.ceil(lost)))
        while missing := [s for s in dict.fromkeys(steps) if s not in values]:
            with flint_digits(work), progress_bar(f"{quantity} to {digits} digits") as progress:
                worst = 0.0
                for s in missing:
                    value, loss = self._precise_value(quantity, s, work, progress)
                    if digits + loss + 4 <= work:
                        values[s] = to_mpf(value, digits)
                    worst = max(worst, loss)
            work = _shared(digits + 10 + math.ceil(min(worst, 2.0 * work + 400)))
        zero = None
        result = []
        for s in steps:
            if s in dead:
                zero = to_mpf(arb_of(0), digits) if zero is None else zero
                result.append(zero)
            else:
                result.append(values[s])
        return result

    def _precise_value(self, quantity: Quantity, step: int, work: int, progress: Any) -> tuple[Any, float]:
        point, gamma = self.precise(work)
        sums = point.sums
        if step == 0:
            return _initial(sums, quantity, gamma, self.batch, point.d), 0.0
        curve = _precise_curve(self, work)
        object.__setattr__(curve, "progress", progress)
        if quantity == "forcing":
            return curve.integrate(curve.forcing_integrand, point.forcing_limit, step)
        if quantity == "loss":
            return curve.integrate(curve.loss_integrand, point.forcing_limit / (1 - curve.norm), step)
        return curve.integrate(curve.kernel_integrand, 0 * gamma, step)


@lru_cache(maxsize=16)
def _precise_point(equation: Equivalent, digits: int) -> tuple[FixedPoint, Any]:
    with flint_digits(digits):
        sums = PreciseSums(equation.spectrum.nodes(equation.d, digits))
        point = FixedPoint(sums, arb_of(equation.d), equation.spectrum.largest, equation.point, digits)
        if equation.gamma == "half-critical":
            gamma = point.critical_gamma(equation.batch)[0] / 2
        elif isinstance(equation.gamma, str):
            gamma = 1 / (2 * sums.trace)
        else:
            gamma = arb_of(equation.gamma)
        return point, gamma.mid()


@lru_cache(maxsize=4)
def _precise_curve(equation: Equivalent, digits: int) -> PreciseCurve:
    point, gamma = _precise_point(equation, digits)
    nodes = equation.spectrum.nodes(equation.d, digits)
    large = len(nodes.lam) * digits > 20_000
    workers = (os.cpu_count() or 1) if large else 1
    return PreciseCurve(nodes, point, gamma, equation.batch, equation.contour, digits, workers)


def _initial(sums: Any, quantity: Quantity, gamma: Any, batch: int, d: Any) -> Any:
    if quantity == "kernel":
        return gamma**2 * batch * (sums.square_trace + sums.trace**2 / d)
    return sums.energy


def _shared(digits: int) -> int:
    """Round working digits up, so that the quantities of one model use the same contour."""
    return 15 * math.ceil(digits / 15)


def _warn_vanishing(count: int, smallest: float) -> None:
    warnings.warn(
        f"{count} value(s) below {smallest:g} are exponentially small and returned as 0",
        AccuracyWarning,
        stacklevel=5,
    )
