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

__all__ = ["Family", "Minimum", "minima", "nearest"]

Array = npt.NDArray[np.float64]

_LEAST_SPACING = 1.5  # of the grid, in log d
_COLUMNS = 24
_COARSE = 0.25  # step of its contours, whose error is 3e-9
_ROUNDS = 40
_FLAT = 1e-6  # difference of log P on the grid that is no minimum; the grid itself is right to 3e-9


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


@dataclass(frozen=True, eq=False)
class _Grid:
    """``log P`` on a grid of ``log d``: rows are values of ``d``, columns budgets; infinite where no step is left, or unstable."""

    x: Array
    values: Array

    @classmethod
    def of(cls, family: Family, budgets: Array, progress: Callable[[int], None]) -> _Grid:
        low, high = family.reach
        time = np.asarray(budgets) - math.log(family.batch)  # log rd
        high = min(high, float(time.max()))
        count = max(3, min(_COLUMNS, math.floor((high - low) / _LEAST_SPACING)))
        x = np.linspace(low, high, count)
        values = np.full((count, len(time)), np.inf)
        for k, here in enumerate(x):
            rho = time - here
            enough = rho >= -1e-9
            try:
                contour = replace(family.at(here).contour, step=_COARSE)
            except StabilityError:  # of a rule, at small d: the loss diverges
                continue
            values[k, enough] = np.log(contour.loss(np.exp(np.maximum(rho[enough], 0))).value)
            progress(k + 1)
        return cls(x, values)


def minima(
    family: Family, budgets: Array, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[list[Minimum]]:
    """All local minima at each budget ``log f``, in ascending ``d``; none if the loss only falls or only rises.

    The grid has 24 points between ``d = 1`` and the whole budget, or one for each factor ``e^{1.5}``; minima nearer to each
    other than that are not told apart. Budgets share a grid if their logarithms are within a fourth of each other.

    Raises
    ------
    StabilityError
        If a fixed learning rate is unstable at the largest ``d``.
    """
    order = np.argsort(budgets, kind="stable")
    ascending = np.asarray(budgets, dtype=float)[order]
    groups = _groups(ascending)
    total, done = _COLUMNS * len(groups) + len(order), 0
    result: list[list[Minimum]] = [[] for _ in order]
    with one_thread():
        _ = family.at(min(family.reach[1], float(ascending[-1]))).rate
        for group in groups:
            grid = _Grid.of(family, ascending[group], lambda k, base=done: progress(base + k, total))  # type: ignore[misc]
            done += _COLUMNS
            before: list[Minimum] = []
            for column, n in enumerate(range(group.start, group.stop)):
                carried = [m.x + m.xi * float(ascending[n] - ascending[n - 1]) for m in before]
                before = _at_budget(family, float(ascending[n]), grid.x, grid.values[:, column], carried)
                result[order[n]] = before
                done += 1
                progress(done, total)
    return result


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


def _at_budget(family: Family, y: float, x: Array, values: Array, carried: list[float]) -> list[Minimum]:
    """Bracketed on the grid; the start is where a minimum of the budget before would have moved, or the lines meet."""
    result = []
    for k in range(1, len(x) - 1):
        if not math.isfinite(values[k]):
            continue
        left, right = values[k - 1] - values[k], values[k + 1] - values[k]
        if left < 0 or right <= 0 or max(left, right) < _FLAT:  # nothing learned yet: the loss is Σλ_jb_j² to rounding
            continue
        near = [c for c in carried if x[k - 1] < c < x[k + 1]]
        start = near[0] if near else _meeting(x, values, k)
        result.append(_newton(family, y, start, (float(x[k - 1]), float(x[k + 1]))))
    return result


def _meeting(x: Array, values: Array, k: int) -> float:
    """Where the straight lines through the two grid points on either side of the ``k``-th meet, if that is near it."""
    if 2 <= k < len(x) - 2 and np.isfinite(values[k - 2 : k + 3]).all():
        left = (values[k - 1] - values[k - 2]) / (x[k - 1] - x[k - 2])
        right = (values[k + 2] - values[k + 1]) / (x[k + 2] - x[k + 1])
        if left < right:
            place = float((values[k + 1] - right * x[k + 1] - values[k - 1] + left * x[k - 1]) / (left - right))
            if x[k - 1] < place < x[k + 1]:
                return place
    return float(x[k])


def _newton(family: Family, y: float, x: float, bounds: tuple[float, float]) -> Minimum:
    """The zero of ``∂φ/∂x`` within the bounds, where it changes from negative to positive."""
    low, high = bounds
    for _ in range(_ROUNDS):
        s = family.tangent(x).slopes(np.array([math.exp(y - x) / family.batch]))
        slope, curvature = float((s.x - s.rho)[0]), float((s.xx - 2 * s.x_rho + s.rho_rho)[0])
        low, high = (low, x) if slope > 0 else (x, high)
        step = -slope / curvature if curvature > 0 else math.inf
        if abs(step) < 1e-7 or high - low < 1e-12 * abs(x):
            mixed = float((s.x_rho - s.rho_rho)[0])
            eta = -float(s.rho[0]) - mixed * step
            return Minimum(x + step, float(s.value[0]) + slope * step / 2, eta, -mixed / curvature, curvature)
        x = x + step if low < x + step < high else (low + high) / 2
    raise ConvergenceError(f"no minimum found at log f = {y:.6g} between log d = {bounds[0]:.6g} and {bounds[1]:.6g}")
