r"""The best run of gradient flow at a compute ``C = Nt``, by search: the numeric evidence for its exponents."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..progress import progress_bar

if TYPE_CHECKING:
    from .dynamical import DynamicalModel

__all__ = ["Best", "best"]

_SPACING = 1.0  # of log N in the scan
_STEP = 0.02  # of log C and of log N, on both sides, for the exponents
_SHORTEST = 0.1  # a time before which nothing is learned, in units of 1/λ_1


@dataclass(frozen=True)
class Best:
    """The best use of a compute.

    Attributes
    ----------
    C, N, t:
        The budget, the best number of features (a real number), and the time ``t = C/N``.
    loss:
        What is reached.
    eta, xi:
        Local exponents, ``L* - σ² ~ C^{-eta}`` and ``N* ~ C^{xi}``: derivatives at the minimum, by differences.
    """

    C: float
    N: float
    t: float
    loss: float
    eta: float
    xi: float


def best(model: DynamicalModel, C: float, P: float) -> Best:
    """Search over ``N``, between one feature and all ``M``.

    Raises
    ------
    ParameterError
        If the loss has no minimum there.
    """
    low, high = 0.0, math.log(C / _SHORTEST)
    if math.isfinite(model.M):
        high = min(high, math.log(float(model.M)) - 1e-9)
    if high - low < 3 * _SPACING:
        raise ParameterError("C", C, "there is no room for a number of features", "use a larger compute")
    noise = float(model.noise_variance)

    def excess(x: float, shifts: tuple[float, ...] = (0.0,)) -> npt.NDArray[np.float64]:
        """``log(L - σ²)`` with ``e^x`` features at the budget, or at others ``C e^shift``."""
        times = C * np.exp(np.array(shifts) - x)
        return np.asarray(np.log(model.loss(times, math.exp(x), P) - noise))

    grid = np.linspace(low, high, math.ceil((high - low) / _SPACING) + 1)
    values = []
    with progress_bar("best number of features") as progress:
        for n, x in enumerate(grid):
            values.append(float(excess(float(x))[0]))
            progress(n + 1, len(grid))
    place = int(np.argmin(values))
    if place in (0, len(grid) - 1):
        _refuse(C, place == 0, math.isfinite(model.M))
    x = _least(lambda y: float(excess(y)[0]), float(grid[place - 1]), float(grid[place + 1]))
    # where ∂φ/∂x = 0: dφ*/dlog C = ∂φ/∂log C, and dx/dlog C = -φ_xC/φ_xx
    around = np.array([excess(x + sign * _STEP, (-_STEP, 0.0, _STEP)) for sign in (-1, 0, 1)])
    eta = -(around[1, 2] - around[1, 0]) / (2 * _STEP)
    mixed = around[2, 2] - around[2, 0] - around[0, 2] + around[0, 0]
    xi = -mixed / (4 * (around[2, 1] - 2 * around[1, 1] + around[0, 1]))
    N = math.exp(x)
    return Best(C, N, C / N, math.exp(around[1, 1]) + noise, float(eta), float(xi))


def _refuse(C: float, smallest: bool, finite: bool) -> None:
    if smallest:
        raise ParameterError("C", C, "the loss is least with one feature", "use a larger compute, or a larger M")
    if finite:
        raise ParameterError("C", C, "the loss is least with all M features", "use a smaller compute, or a larger M")
    raise ParameterError("C", C, "the loss is least before anything is learned", "use a larger compute")


def _least(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one minimum is least."""
    from scipy.optimize import minimize_scalar

    return float(minimize_scalar(function, bounds=(low, high), method="bounded", options={"xatol": 1e-6}).x)
