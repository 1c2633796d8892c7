r"""The best ridge for random features, and the best split of a budget ``C = NT``: numerically, at finite size.

As a function of ``x = ln Δ`` the loss is a quotient ``n/m``, stationary where ``n'/n = m'/m``. With ``h = Σ λ³/(λ+Δ)³`` and
``r = (N−f)/(N−g)``

.. math:: f' = -(f-g), \quad g' = -2(g-h), \quad r' = \frac{(f-g) - 2r(g-h)}{N-g}, \quad
    n' = C - C'r - Cr', \quad m' = \frac{(f-g)(1+r') + (2(g-h)-(f-g))\,r}{T},

where ``C = Σ uΔλ/(λ+Δ)²`` and ``C' = Σ uΔλ(λ−Δ)/(λ+Δ)³``. All zeros with a change from falling to rising are found on a grid and
refined, and compared with the end ``s = 0``. Level: deterministic equivalent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ConvergenceError
from ..spectrum import Nodes
from .ridge_closed import rests_at, risk, sums

__all__ = ["best_delta", "best_split"]

Array = npt.NDArray[np.float64]

_STEP = 0.2  # of ln Δ; the loss bends over a factor of about 10 in Δ
_FARTHEST = 600.0  # |ln Δ|


def _slope(nodes: Nodes, x: Array, N: float, T: float, noise: float, size: float) -> Array:
    """``d ln L/d ln Δ``, of differences that do not cancel."""
    delta = np.exp(x)
    inverse = 1 / (nodes.lam + delta[:, None])
    kept, part = nodes.lam * inverse, delta[:, None] * inverse
    found = sums(nodes, delta)
    lost, cross = found.lost, found.cross
    bent = 2 * ((part * part * kept) @ nodes.nu)  # C − C'
    falling = 2 * ((inverse * kept * part) @ nodes.mu)  # 2(g − h) = −g'
    rest, below = rests_at(nodes, delta, N, T, size)
    of_features = rest + lost / N
    r, beside = rest / of_features, lost / N / of_features  # r and 1 − r
    r_slope = (lost - r * falling) / N / of_features
    top = found.bias + cross * beside + noise
    rise = bent + (cross - bent) * beside - cross * r_slope
    return np.asarray(rise / top - (lost * (1 + r_slope) + (falling - lost) * r) / T / (below + lost / T * r))


def best_delta(
    nodes: Nodes, start: float, N: float, T: float, noise: float, size: float
) -> tuple[float, float, float] | None:
    """``Δ``, the ridge ``s`` and the loss at the best positive ridge, ``None`` if the loss grows with the ridge from 0 on.

    Parameters
    ----------
    nodes:
        The spectrum.
    start:
        ``Δ`` without ridge, or 0 if all of the spectrum is learnt.
    N, T:
        Features and samples.
    noise:
        Variance of the label noise.
    size:
        ``M``.
    """
    from scipy.optimize import brentq

    def slope(x: float) -> float:
        return float(_slope(nodes, np.array([x]), N, T, noise, size)[0])

    low = math.log(start) if start > 0 else math.log(float(nodes.lam[-1])) - 20
    high = math.log(float(nodes.lam[0]) + float(nodes.mu.sum()) * (1 / N + 1 / T)) + 3
    while slope(high) < 0:  # noise asks for more
        high += 3
        if high > _FARTHEST:
            raise ConvergenceError("no ridge within double precision is large enough for this noise")
    while start == 0 and low > -_FARTHEST and slope(low) >= 0:
        low -= 20  # little noise asks for little
    near = np.geomspace(1e-7, 0.1, 25) if start > 0 else np.array([])  # the loss may bend next to its pole at N = T
    grid = np.concatenate([low + near, np.linspace(low + 0.15, high, math.ceil((high - low) / _STEP))])
    slopes = _slope(nodes, grid, N, T, noise, size)
    found: list[tuple[float, float, float]] = []
    for left, right, a, b in zip(grid, grid[1:], slopes, slopes[1:], strict=False):
        if a < 0 <= b:
            ends = slope(left), slope(right)  # a product of matrices rounds otherwise
            if ends[0] < 0 < ends[1]:
                x = float(brentq(slope, left, right, xtol=1e-15, rtol=1e-14))
            else:
                x = float(left if abs(ends[0]) < abs(ends[1]) else right)
            delta = np.array([math.exp(x)])
            rest = rests_at(nodes, delta, N, T, size)
            loss = risk(sums(nodes, delta), rest, N, T, noise)[0]
            found.append((float(loss), float(delta[0]), float((delta * rest[0] * rest[1])[0])))
    if not found:
        return None
    least, best, s = min(found)
    return best, s, least


def best_split(loss: Callable[[float, float], float], C: float) -> tuple[float, float]:
    """``N`` and ``T`` with ``NT = C``, both at least 1, that make a loss least."""
    from scipy.optimize import minimize_scalar

    root = math.sqrt(C)

    def pair(y: Any) -> tuple[float, float]:
        return max(1.0, root * math.exp(y)), max(1.0, root * math.exp(-y))

    def at(y: Any) -> float:
        return loss(*pair(y))

    end = math.log(root)
    if end == 0:
        return 1.0, 1.0
    grid = np.linspace(-end, end, 2 * math.ceil(2 * end) + 1)
    values = [at(y) for y in grid]
    k = int(np.argmin(values))
    left, right = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    found = minimize_scalar(at, bounds=(left, right), method="bounded", options={"xatol": 1e-9})
    return pair(found.x if found.fun < values[k] else grid[k])
