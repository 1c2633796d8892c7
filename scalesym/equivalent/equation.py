r"""One deterministic equivalent: its constants and curves, in double precision or to any number of digits.

This is where the two arithmetics meet. In double precision a value is returned only if its estimated rounding error
is below ``1e-11`` of it; else that ``r`` goes to the multiprecision road. Past the cut-off ``γBr ≫ d^{2α}`` the
kernel is exponentially small; where it leaves the range of double precision it is 0, with a warning.
"""

from __future__ import annotations

import math
import os
import warnings
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ..errors import AccuracyWarning, StabilityError
from ..parameters import Exact
from ..precision import arb_of, flint_digits, to_mpf
from ..progress import progress_bar
from ..resources import one_thread, require_memory, require_time
from ..spectrum import Spectrum
from .contour import Contour, Curve
from .fixed_point import DoubleSums, FixedPoint, Split
from .precise import PreciseCurve, PreciseSums

__all__ = ["LARGE", "Equivalent", "Quantity"]

Quantity = Literal["forcing", "kernel", "loss"]
Array = npt.NDArray[np.float64]

_TOLERANCE = 1e-11
_SMALLEST = 1e-300
#: Points of a spectrum times digits, from which on a contour is worth several processes.
LARGE = 20_000
_FEWER = "use fewer digits, or None for double precision"
_NEAR_CRITICAL = 1e-4  # for 1 − ‖K‖
_EARLY = 512  # steps that the recursion may take
_STABLE = 1 - 1e-6  # of the critical learning rate


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
    noise:
        Variance of the label noise, which adds to ``F``.
    """

    spectrum: Spectrum
    d: Exact
    gamma: Exact | str
    batch: int
    noise: Exact = 0.0

    @cached_property
    def point(self) -> FixedPoint:
        """The fixed point in double precision."""
        nodes, split = self.spectrum.nodes(self.d), self.spectrum.split(self.d)
        parts = None if split is None else Split.of(DoubleSums, nodes, split[0], float(split[1]))
        return FixedPoint(DoubleSums(nodes), float(self.d), self.spectrum.largest, split=parts)

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
        if not gamma < _STABLE * self.critical[0]:
            raise StabilityError(self.gamma, *self.critical)
        return gamma

    def _trace(self) -> float:
        return float(np.sum(self.spectrum.nodes(self.d).mu))

    @cached_property
    def contour(self) -> Contour:
        """The contour around the whole spectrum, in double precision."""
        noise, energy = float(self.noise), float(np.sum(self.spectrum.nodes(self.d).nu))
        contour = Contour(
            self.spectrum.nodes(self.d), self.point, self.rate, self.batch, noise, scale=max(noise, energy)
        )
        return contour if contour.rest > _NEAR_CRITICAL else replace(contour, margin=self._margin())

    def _margin(self) -> float:
        """``1 − ‖K‖`` near the critical learning rate."""
        with flint_digits(30):
            point, gamma = self.precise(30)
            zeta = point.zeta_beyond(2 / (gamma * (self.batch + 1)))
            return float((1 + point.sums.mu(zeta) / (self.batch + 1)).mid())

    @cached_property
    def edge_contour(self) -> Contour:
        """The contour from the left edge, in double precision."""
        return Contour(self.spectrum.nodes(self.d), self.point, self.rate, self.batch, from_edge=True)

    def initial(self, quantity: Quantity) -> float:
        """The value at ``r = 0``: ``Σλ_jb_j² + σ²``, or ``γ²B(Σλ_j² + (tr D)²/d)`` for the kernel."""
        nodes = self.spectrum.nodes(self.d)
        if quantity == "kernel":
            return float(
                self.rate**2 * self.batch * (np.sum(nodes.mu * nodes.lam) + self._trace() ** 2 / float(self.d))
            )
        return float(np.sum(nodes.nu)) + float(self.noise)

    def curve(self, quantity: Quantity, steps: list[int]) -> Array:
        """``F``, ``K`` or ``P`` at the given steps, in double precision."""
        result = np.empty(len(steps))
        r = np.array([float(step) for step in steps])
        later = np.flatnonzero(r > 0)
        result[r == 0] = self.initial(quantity)
        if not len(later):
            return result
        with one_thread():
            curve = self._double_curve(quantity, r[later])
        value = curve.value
        doubtful = ~(curve.error <= _TOLERANCE * value)
        if quantity == "kernel":
            vanishing = ~(value > _SMALLEST)
            doubtful &= ~vanishing
            if vanishing.any():
                value = np.where(vanishing, 0.0, value)
                _warn_vanishing(int(vanishing.sum()), _SMALLEST)
        early = doubtful & (r[later] <= _EARLY)
        if quantity == "loss" and early.any():
            recursive = self._early_loss(int(r[later][early].max()))
            if recursive is not None:
                value[early] = recursive[r[later][early].astype(int)]
                doubtful &= ~early
        if doubtful.any():
            again = self.precise_curve(quantity, [steps[later[i]] for i in np.flatnonzero(doubtful)], 17)
            value[doubtful] = [float(x) for x in again]
        result[later] = value
        return result

    def _double_curve(self, quantity: Quantity, r: Array) -> Curve:
        """Values with error estimates for ``r ≥ 1``; of the kernel at least the order of magnitude is right."""
        if quantity != "kernel":
            curve: Curve = getattr(self.contour, quantity)(r)
            return curve
        curve = self.edge_contour.kernel(r)
        if self.edge_contour.sharp:
            return curve
        whole = self.contour.kernel(r)
        sure = whole.error <= (_TOLERANCE - self.contour.mirror_error) * whole.value
        return Curve(np.where(sure, whole.value, curve.value), np.where(sure, whole.error, np.inf))

    def _early_loss(self, last: int) -> Array | None:
        """``P(0) … P(last)`` from the Volterra equation, whose terms are positive; ``None`` if they are not sure.

        Near the critical learning rate the limit is so far above the first values that the contour loses these.
        """
        r = np.arange(1.0, last + 1)
        columns = []
        quantities: tuple[Quantity, ...] = ("forcing", "kernel")
        for quantity in quantities:
            curve = self._double_curve(quantity, r)
            if not (curve.error <= _TOLERANCE * curve.value).all():
                return None
            columns.append(np.concatenate([[self.initial(quantity)], curve.value]))
        forcing, kernel = columns
        loss = forcing.copy()
        for n in range(1, last + 1):
            loss[n] += kernel[n - 1 :: -1] @ loss[:n]
        return loss

    def precise(self, digits: int) -> tuple[FixedPoint, Any]:
        """Fixed point and learning rate to at least ``digits`` digits; to be used within ``flint_digits(digits)``."""
        return _precise_point(self, digits)

    def precise_curve(self, quantity: Quantity, steps: list[int], digits: int) -> list[Any]:
        """``F``, ``K`` or ``P`` at the given steps as mpmath numbers with ``digits`` digits."""
        rate = self.rate  # also checks stability
        r = np.array([float(step) for step in steps if step > 0])
        rough = dict(
            zip((s for s in steps if s > 0), self._double_curve(quantity, r).value if len(r) else (), strict=True)
        )
        if quantity != "kernel":  # which may be lost in rounding, but is not below its limit
            least = float(self.point.forcing_limit) + float(self.noise)
            rough = {s: max(value, least) for s, value in rough.items()}
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
        flat = self.spectrum.nodes(self.d)
        tangent = float(self.point.zeta0 / float(self.d) * np.sum(flat.mu / (flat.lam + self.point.zeta0) ** 2))
        lost = max(0.0, lost) - math.log10(tangent)  # |dz/dζ| at ζ₀ is a difference that loses digits if it is small
        work = _shared(digits + 12 + math.ceil(lost))
        self._require_curve(digits, work)
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

    def require_points(self, digits: int, work: int) -> tuple[int, int, float]:
        """Refuse a spectrum that needs too much; else how many points it has, on panels of how many, and seconds."""
        size, panels, points = self.spectrum.precise_size(self.d, work)
        terms, number = 0.77 * (work + 6), 80 + 0.42 * work  # of a moment series; bytes of one number
        require_memory("digits", digits, size * (4 + terms / 2) * number, _FEWER)
        seconds = 4e-5 * panels * points**2 * (1 + work / 400)
        require_time("digits", digits, seconds, _FEWER)
        return size, points, seconds

    def _require_curve(self, digits: int, work: int) -> None:
        """Refuse a curve that takes more than a day."""
        require_time("digits", digits, self.curve_seconds(digits, work), _FEWER)

    def curve_seconds(self, digits: int, work: int) -> float:
        """How long a curve takes with ``work`` digits, to within a factor of 3 or so; refused if its points alone need too much."""
        size, points, seconds = self.require_points(digits, work)
        width = 40 + 2 * math.log(work) - math.log(self.contour.slowest)
        evaluations = width * work * math.log2(work / 5)
        near = min(size, 5 * points + 32)
        return seconds + evaluations * near * 1e-7 * work + size * (work + 6) * 6e-9 * work

    def precise_contour(self, digits: int, least: float = 0.0, workers: int | None = None) -> PreciseCurve:
        """The contour with ``digits`` working digits, for ``r ≥ least``; to be used within ``flint_digits(digits)``."""
        return _precise_curve(self, digits, least, workers)

    def _precise_value(self, quantity: Quantity, step: int, work: int, progress: Any) -> tuple[Any, float]:
        point, gamma = self.precise(work)
        sums = point.sums
        if step == 0:
            return _initial(sums, quantity, gamma, self.batch, point.d, arb_of(self.noise)), 0.0
        curve = self.precise_contour(work)
        object.__setattr__(curve, "progress", progress)
        limit = point.forcing_limit + arb_of(self.noise)
        if quantity == "forcing":
            return curve.integrate(curve.forcing_integrand, limit, step)
        if quantity == "loss":
            return curve.integrate(curve.loss_integrand, limit / (1 - curve.norm), step)
        return curve.integrate(curve.kernel_integrand, 0 * gamma, step)


@lru_cache(maxsize=16)
def _precise_point(equation: Equivalent, digits: int) -> tuple[FixedPoint, Any]:
    equation.require_points(digits, digits)
    with flint_digits(digits):
        sums = PreciseSums(equation.spectrum.nodes(equation.d, digits))
        split = equation.spectrum.split(equation.d)
        parts = None if split is None else Split.of(PreciseSums, sums.nodes, split[0], arb_of(split[1]))
        point = FixedPoint(sums, arb_of(equation.d), equation.spectrum.largest, equation.point, digits, parts)
        if equation.gamma == "half-critical":
            gamma = point.critical_gamma(equation.batch)[0] / 2
        elif isinstance(equation.gamma, str):
            gamma = 1 / (2 * sums.trace)
        else:
            gamma = arb_of(equation.gamma)
        return point, gamma.mid()


@lru_cache(maxsize=4)
def _precise_curve(equation: Equivalent, digits: int, least: float, workers: int | None) -> PreciseCurve:
    point, gamma = _precise_point(equation, digits)
    nodes = equation.spectrum.nodes(equation.d, digits)
    if workers is None:
        workers = (os.cpu_count() or 1) if len(nodes.lam) * digits > LARGE else 1
    noise = arb_of(equation.noise)
    return PreciseCurve(nodes, point, gamma, equation.batch, equation.contour, digits, noise, workers, least=least)


def _initial(sums: Any, quantity: Quantity, gamma: Any, batch: int, d: Any, noise: Any) -> Any:
    if quantity == "kernel":
        return gamma**2 * batch * (sums.square_trace + sums.trace**2 / d)
    return sums.energy + noise


def _shared(digits: int) -> int:
    """Round working digits up, so that the quantities of one model use the same contour."""
    return 15 * math.ceil(digits / 15)


def _warn_vanishing(count: int, smallest: float) -> None:
    warnings.warn(
        f"{count} value(s) below {smallest:g} are exponentially small and returned as 0",
        AccuracyWarning,
        stacklevel=5,
    )
