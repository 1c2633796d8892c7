r"""The compute-optimal frontier of the exact equations: the least loss at a compute budget ``f = rBd``.

With ``x = log d`` and ``y = log f`` the loss at a budget is ``φ(x; y) = log P(e^{y−x}/B, e^x)``. At a minimum

.. math:: \eta = -\frac{d\log P^*}{d\log f} = -\partial_\rho \log P, \qquad
          \xi = \frac{d\log d^*}{d\log f} = -\frac{\partial_y\partial_x\varphi}{\partial_x^2\varphi},

with ``ρ = log r``; all derivatives are exact (:mod:`scalesym.equivalent.tangent`). A contour serves every budget at its
``d``, so a coarse grid of ``d`` is shared by all budgets and brackets every minimum; Newton's method does the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ..errors import ConvergenceError, StabilityError
from ..parameters import Exact
from ..resources import one_thread
from ..spectrum import LARGEST_SIZE, LEAST_SCALE, PowerLaw
from .equation import Equivalent
from .tangent import Tangent

__all__ = ["Family", "Minimum", "Search", "minima", "nearest"]

Array = npt.NDArray[np.float64]

_LEAST_SPACING = 1.5  # of the first grid, in log d
_COLUMNS = 24
_FINE = 0.4  # spacing near every minimum
_COARSE = 0.25  # step of the grid's contours, whose error is 3e-9
_ROUNDS = 40
_FLAT = 1e-6  # difference of log P on the grid that is no minimum


@dataclass(frozen=True)
class Family:
    """Models of one (α, β) that differ in ``d`` only, ``v = ratio·d``."""

    alpha: Exact
    beta: Exact
    ratio: Exact
    gamma: Exact | str
    batch: int

    def at(self, x: float) -> Equivalent:
        """The model at ``d = e^x``."""
        d = Fraction(math.exp(x))
        v = self.ratio if math.isinf(self.ratio) else Fraction(self.ratio) * d
        return Equivalent(PowerLaw(self.alpha, self.beta, v), d, self.gamma, self.batch)

    def tangent(self, x: float) -> Tangent:
        """With derivatives."""
        return Tangent(self.at(x), grows=not math.isinf(self.ratio))

    @property
    def reach(self) -> tuple[float, float]:
        """The range of ``log d`` that the solver resolves."""
        finite = 1.0 if math.isinf(self.ratio) else float(self.ratio)
        largest = min(math.log(LARGEST_SIZE / finite), -LEAST_SCALE * math.log(10) / (2 * float(self.alpha)))
        return math.log(max(1.0, 2 / finite)), largest - 1e-6


@dataclass(frozen=True)
class Minimum:
    """One local minimum of the loss at a budget: ``log d``, ``log P``, the exponents, and the curvature ``∂²φ/∂x²``."""

    x: float
    value: float
    eta: float
    xi: float
    curvature: float


@dataclass(frozen=True)
class Search:
    """What is known at one budget: the local minima in ascending ``d``, and ``(log d, log P)`` at both ends of the range."""

    minima: list[Minimum]
    ends: tuple[tuple[float, float], tuple[float, float]]


@dataclass(eq=False)
class _Grid:
    """``log P`` at ascending ``log d`` for several budgets, one column each; infinite where no step is left, or unstable."""

    family: Family
    budgets: Array
    x: Array
    values: Array

    @classmethod
    def of(cls, family: Family, budgets: Array, progress: Callable[[], None]) -> _Grid:
        low, high = family.reach
        high = min(high, float(budgets.max()) - math.log(family.batch))
        count = max(3, min(_COLUMNS, math.floor((high - low) / _LEAST_SPACING)))
        grid = cls(family, budgets, np.empty(0), np.empty((0, len(budgets))))
        grid.add(np.linspace(low, high, count), progress)
        return grid

    def add(self, places: Array, progress: Callable[[], None]) -> None:
        """More rows."""
        rows = np.full((len(places), len(self.budgets)), np.inf)
        for row, x in zip(rows, places, strict=True):
            rho = self.budgets - math.log(self.family.batch) - x
            enough = rho >= -1e-9
            try:
                contour = replace(self.family.at(float(x)).contour, step=_COARSE)
            except StabilityError:  # of a rule, at small d: the loss diverges
                continue
            row[enough] = np.log(contour.loss(np.exp(np.maximum(rho[enough], 0))).value)
            progress()
        order = np.argsort(np.concatenate([self.x, places]), kind="stable")
        self.x = np.concatenate([self.x, places])[order]
        self.values = np.concatenate([self.values, rows])[order]

    def candidates(self, column: int) -> list[int]:
        """Rows of one budget that are lower than both neighbours."""
        value = self.values[:, column]
        middle = value[1:-1]
        with np.errstate(invalid="ignore"):
            left, right = value[:-2] - middle, value[2:] - middle
            # where nothing is learned yet the loss is Σλ_jb_j² to rounding, also beside the end of the range, which is no wall
            seen = np.maximum(np.where(np.isfinite(left), left, 0), np.where(np.isfinite(right), right, 0))
            low = np.isfinite(middle) & (left >= 0) & (right > 0) & (seen > _FLAT)
        return [int(k) + 1 for k in np.flatnonzero(low)]

    def doubtful(self) -> Array:
        """Middles of the wide cells that touch a minimum, or that may reach below the least value at some budget."""
        split: set[int] = set()
        width = np.diff(self.x)
        for column in range(len(self.budgets)):
            value = self.values[:, column]
            for k in self.candidates(column):
                split.update((k - 1, k))
            finite = np.isfinite(value)
            cells = finite[:-1] & finite[1:]
            if not cells.any():
                continue
            slope = np.zeros(len(width))
            slope[cells] = np.abs(value[1:][cells] - value[:-1][cells]) / width[cells]
            steepest = np.maximum(slope, np.maximum(np.append(slope[1:], 0), np.append(0, slope[:-1])))
            least = np.minimum(value[:-1], value[1:]) - 0.5 * steepest * width
            split.update(np.flatnonzero(cells & (least < value[finite].min() + 0.02)).tolist())
        wide = sorted(k for k in split if width[k] > _FINE)
        return np.asarray((self.x[wide] + self.x[[k + 1 for k in wide]]) / 2)


def minima(
    family: Family, budgets: Array, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Search]:
    """The local minima at each budget ``log f``.

    A first grid has 24 points between ``d = 1`` and the whole budget (or one for each factor ``e^{1.5}``). Cells that touch a
    minimum, or that could reach below the least value with the slopes around them, are halved down to a factor ``e^{0.4}``.
    So minima that compete are told apart from there on; one far above the least, and narrow, may be missed. Budgets share a
    grid if their logarithms are within a fourth of each other.

    Raises
    ------
    StabilityError
        If a fixed learning rate is unstable at the largest ``d``.
    """
    order = np.argsort(budgets, kind="stable")
    ascending = np.asarray(budgets, dtype=float)[order]
    groups = _groups(ascending)
    total, done = 2 * _COLUMNS * len(groups) + len(order), 0

    def count() -> None:
        nonlocal done
        done += 1
        progress(min(done, total), total)

    result: dict[int, Search] = {}
    with one_thread():
        _ = family.at(min(family.reach[1], float(ascending[-1]))).rate
        for group in groups:
            grid = _Grid.of(family, ascending[group], count)
            while len(places := grid.doubtful()):
                grid.add(places, count)
            before: list[Minimum] = []
            for column, n in enumerate(range(group.start, group.stop)):
                carried = [m.x + m.xi * float(ascending[n] - ascending[n - 1]) for m in before]
                found = _at_budget(grid, column, carried)
                before = found.minima
                result[int(order[n])] = found
                count()
    return [result[n] for n in range(len(order))]


def _groups(ascending: Array) -> list[slice]:
    """Budgets for which the same grid is fine enough."""
    starts = [0]
    for n, y in enumerate(ascending):
        if y > 1.25 * ascending[starts[-1]]:
            starts.append(n)
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], len(ascending)], strict=True)]


def nearest(family: Family, y: float, x: float) -> Minimum:
    """The minimum at the budget ``log f = y`` that Newton's method finds from ``log d = x``, without a search for others."""
    low, high = family.reach
    high = min(high, y - math.log(family.batch))
    with one_thread():
        return _newton(family, y, x, (max(low, x - 0.3 * y), min(high, x + 0.3 * y)))


def _at_budget(grid: _Grid, column: int, carried: list[float]) -> Search:
    """Newton's method in every bracket, from where a minimum of the budget before would have moved, or from a parabola."""
    x, value, y = grid.x, grid.values[:, column], float(grid.budgets[column])
    found = []
    for k in grid.candidates(column):
        low, middle, high = (float(place) for place in x[k - 1 : k + 2])
        near = [c for c in carried if low < c < high]
        start = near[0] if near else middle
        if not near and np.isfinite(value[k - 1 : k + 2]).all():
            left, right = (value[k] - value[k - 1]) / (middle - low), (value[k + 1] - value[k]) / (high - middle)
            start = float((low + middle) / 2 - left * (high - low) / 2 / (right - left))
        found.append(_newton(grid.family, y, start, (low, high)))
    finite = np.flatnonzero(np.isfinite(value))
    first, last = (int(finite[0]), int(finite[-1])) if len(finite) else (0, 0)
    return Search(found, ((float(x[first]), float(value[first])), (float(x[last]), float(value[last]))))


def _newton(family: Family, y: float, x: float, bounds: tuple[float, float]) -> Minimum:
    """The zero of ``∂φ/∂x`` within the bounds, where it changes from negative to positive."""
    low, high = bounds
    for _ in range(_ROUNDS):
        s = family.tangent(x).slopes(np.array([math.exp(y - x) / family.batch]))
        slope, curvature = float((s.x - s.rho)[0]), float((s.xx - 2 * s.x_rho + s.rho_rho)[0])
        low, high = (low, x) if slope > 0 else (x, high)
        step = -slope / curvature if curvature > 0 else math.inf
        if abs(step) < 1e-7:
            mixed = float((s.x_rho - s.rho_rho)[0])
            eta = -float(s.rho[0]) - mixed * step
            return Minimum(x + step, float(s.value[0]) + slope * step / 2, eta, -mixed / curvature, curvature)
        x = x + step if low < x + step < high else (low + high) / 2
    raise ConvergenceError(f"no minimum found at log f = {y:.6g} between log d = {bounds[0]:.6g} and {bounds[1]:.6g}")
