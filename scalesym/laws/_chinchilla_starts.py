"""Where to start the search for Chinchilla's constants: once both exponents are chosen, the loss is linear in the others.

For each pair of exponents of a grid, ``E``, ``A`` and ``B`` are those of weighted least squares of the relative residuals,
without ``E`` where it would be negative; weights ``1 / max(δ, |residual|)``, renewed a few times, lead from the squares
towards the Huber loss. Pairs that leave no positive ``A`` and ``B`` are none of the law.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ._quantities import Floats

__all__ = ["profile"]

_EXPONENTS = np.geomspace(0.03, 3, 24)
_ROUNDS = 4  # the first without weights
_RIDGE = 1e-13  # beside 1: columns that double precision cannot tell apart
_MOST = 500  # points, drawn from larger tables: this is where to start, not where to end
_ABSENT = 1e-3  # the share of an E that would be negative: it may still come back


def profile(x: Floats, y: Floats, z: Floats, delta: float, most: int) -> Floats:
    """The best local minima over the grid of exponents, the best first.

    Parameters
    ----------
    x, y, z:
        Logarithms of the parameters, of the tokens and of the loss.
    delta:
        Where the Huber loss begins to be linear.
    most:
        How many minima at most.

    Returns
    -------
    numpy.ndarray
        ``ln A, ln B, ln E, α, β`` in each row; no row if no pair of exponents is of the law.
    """
    if len(z) > _MOST:
        some = np.random.default_rng(0).choice(len(z), _MOST, replace=False)
        x, y, z = x[some], y[some], z[some]
    with np.errstate(all="ignore"):  # what leaves double precision is no minimum
        found = [_row(alpha, x, y, z, delta) for alpha in _EXPONENTS]
    theta, values = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    padded = np.pad(values, 1, constant_values=np.inf)
    side = len(_EXPONENTS)
    around = [padded[1 + i : 1 + i + side, 1 + j : 1 + j + side] for i in (-1, 0, 1) for j in (-1, 0, 1)]
    lowest = np.isfinite(values) & (values == np.min(around, axis=0))
    order = np.argsort(values[lowest], kind="stable")[:most]
    chosen: Floats = theta[lowest][order]
    return chosen


def _row(alpha: float, x: Floats, y: Floats, z: Floats, delta: float) -> tuple[Floats, Floats]:
    """The best constants for one ``α`` and every ``β``, and their Huber losses; infinite where there are none."""
    count = len(_EXPONENTS)
    columns = np.broadcast_arrays(-alpha * x - z, -_EXPONENTS[:, None] * y - z, -z)
    logs = np.stack(columns, axis=1)  # of the terms over the loss, for each β
    tops = logs.max(axis=2)
    terms = np.exp(logs - tops[:, :, None])
    weights = np.ones((count, len(z)))
    best, least = np.c_[np.zeros((count, 3)), np.full(count, alpha), _EXPONENTS], np.full(count, np.inf)
    for _ in range(_ROUNDS):
        scales, positive = _linear(terms, weights)
        scales[~positive] = 1.0
        size = np.abs(np.log(np.einsum("gi,gin->gn", scales, terms))) / delta
        values = np.where(size <= 1, size**2 / 2, size - 0.5).sum(axis=1)
        better = positive & (values < least)
        best[better, :3], least[better] = (np.log(scales) - tops)[better], values[better]
        weights = np.where(positive[:, None], 1 / np.maximum(size, 1), 1.0)
    return best, least


def _linear(terms: Floats, weights: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Coefficients of the columns ``A``, ``B`` and ``E`` of each table that add up to 1, and whether all are positive."""
    weighted = terms * weights[:, None, :]
    squares, target = weighted @ terms.transpose(0, 2, 1), weighted.sum(axis=2)
    size = np.sqrt(np.einsum("gii->gi", squares))
    squares = squares / (size[:, :, None] * size[:, None, :]) + _RIDGE * np.eye(3)
    target = target / size
    scales = np.linalg.solve(squares, target[:, :, None])[:, :, 0] / size
    two = np.linalg.solve(squares[:, :2, :2], target[:, :2, None])[:, :, 0] / size[:, :2]
    absent = (_ABSENT / np.max(terms[:, 2], axis=1))[:, None]
    scales = np.where((scales > 0).all(axis=1)[:, None], scales, np.concatenate([two, absent], axis=1))
    positive: npt.NDArray[np.bool_] = np.asarray((scales > 0).all(axis=1))
    return scales, positive
