r"""Chinchilla's law fitted to losses, as published (Hoffmann et al., Appendix D.2):

.. math:: \min_{a, b, e, \alpha, \beta} \sum_i \mathrm{Huber}_\delta\big(\mathrm{LSE}(a - \alpha\ln N_i, b - \beta\ln D_i, e)
          - \ln L_i\big), \qquad A, B, E = e^a, e^b, e^e,

with ``δ = 10⁻³`` and L-BFGS from a grid of starts. Level: empirical.

*Remarks.* The sum is divided by ``δ²`` within: L-BFGS-B stops on changes that are small beside 1, and sums of ``δ²`` are small from
the start. Besiroglu et al. (arXiv:2404.10102) trace the narrow intervals of the original fit to such a stop. And ``ln N`` and
``ln D`` are counted from their means, or else ``a`` and ``α`` could hardly be told apart; neither changes the minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import Exact, real, whole_number
from ..progress import progress_bar
from ._arrays import Floats, floats, within
from .chinchilla import Chinchilla
from .fitting import Fit
from .published import published

__all__ = ["fit"]

_FEWEST = 3  # sizes, and numbers of tokens: with two, E cannot be told from A N^{-α}
_POINTS = 6  # constants and one
_FINISHED = 3  # of the starts, those that came closest are followed to the end


class _Found(NamedTuple):
    theta: Floats  # ln A', ln B', ln E, alpha, beta, with the means of ln N and ln D for units
    value: float
    success: bool
    message: str


class _Data:
    """Logarithms of the data, and the objective in units of ``δ²``."""

    def __init__(self, x: Floats, y: Floats, z: Floats, delta: float) -> None:
        self.x, self.y, self.z, self.delta = x, y, z, delta

    def residuals(self, theta: Floats) -> tuple[Floats, list[Floats]]:
        """``LSE − ln L``, and the share of each term in the loss; any number of ``theta`` in the leading axes."""
        a, b, e, alpha, beta = (theta[..., n, None] for n in range(5))
        first, second, third = np.broadcast_arrays(a - alpha * self.x, b - beta * self.y, e)
        top = np.maximum(np.maximum(first, second), third)
        parts = [np.exp(term - top) for term in (first, second, third)]
        total = parts[0] + parts[1] + parts[2]
        return top + np.log(total) - self.z, [part / total for part in parts]

    def value(self, theta: Floats) -> Any:
        """The objective."""
        size = np.abs(self.residuals(theta)[0]) / self.delta
        return np.where(size <= 1, size**2 / 2, size - 0.5).sum(axis=-1)

    def value_and_slope(self, theta: Floats) -> tuple[float, Floats]:
        residuals, (first, second, third) = self.residuals(theta)
        scaled = residuals / self.delta
        size = np.abs(scaled)
        pull = np.clip(scaled, -1, 1) / self.delta
        slope = [pull @ first, pull @ second, pull @ third, -pull @ (first * self.x), -pull @ (second * self.y)]
        return float(np.where(size <= 1, size**2 / 2, size - 0.5).sum()), np.array(slope)

    def take(self, chosen: npt.NDArray[np.int64]) -> _Data:
        """Some of the points, each as often as it was chosen."""
        return _Data(self.x[chosen], self.y[chosen], self.z[chosen], self.delta)

    def determined(self) -> bool:
        """Whether there are enough different sizes and numbers of tokens."""
        return min(len(np.unique(self.x)), len(np.unique(self.y))) >= _FEWEST


def fit(
    N: Any,
    D: Any,
    loss: Any,
    *,
    delta: float = 1e-3,
    starts: int | None = 50,
    bootstrap: int = 0,
    seed: int = 0,
    C_0: Exact = 6,
) -> Fit:
    r"""Fit the law to losses that were seen.

    Parameters
    ----------
    N, D, loss:
        Parameters, tokens and the loss in nats for each token, of each run; positive, of one length.
    delta:
        Residuals of ``ln L`` beyond it count linearly, not quadratically.
    starts:
        From how many points of the published grid to start, those with the least objective first; ``None`` for all 4500, as
        in the paper, which takes a minute or more. The three that came closest are followed to the end.
    bootstrap:
        How many times to draw the runs anew, with replacement, and fit again from the constants found.
    seed:
        Of the bootstrap.
    C_0:
        FLOPs for each parameter and token, of the law returned.

    Returns
    -------
    Fit
        ``objective`` is the sum of Huber losses as published; ``residuals`` are those of ``ln L``.

    Raises
    ------
    ParameterError
        If the data are not positive numbers of one length, do not determine five constants, or do not fall with both ``N`` and ``D``.

    Examples
    --------
    >>> law = Chinchilla.from_paper("besiroglu2024")
    >>> N, D = (grid.ravel() for grid in np.meshgrid([1e8, 1e9, 1e10], [1e9, 1e10, 1e11]))
    >>> found = Chinchilla.fit(N, D, law(N, D), starts=10)
    >>> {name: f"{value:.4g}" for name, value in found.parameters.items()}
    {'E': '1.817', 'A': '482', 'B': '2085', 'alpha': '0.3478', 'beta': '0.3658'}
    """
    columns = {name: _column(values, name) for name, values in (("N", N), ("D", D), ("loss", loss))}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ParameterError("loss", lengths, "every run has a size, tokens and a loss", "give three of one length")
    if lengths["loss"] < _POINTS:
        raise ParameterError("loss", lengths["loss"], "so few runs do not determine five constants", f"give {_POINTS}")
    width = float(real(delta, "delta", above=0, reason="it is the width of the quadratic part"))
    count = whole_number(bootstrap, "bootstrap", least=0)
    generator = np.random.default_rng(whole_number(seed, "seed", least=0))
    limit = None if starts is None else whole_number(starts, "starts", least=1)
    x, y, z = (np.log(column) for column in columns.values())
    centre = x.mean(), y.mean()
    data = _Data(x - centre[0], y - centre[1], z, width)
    if not data.determined():
        counts = f"{len(np.unique(x))} sizes, {len(np.unique(y))} numbers of tokens"
        reason = "E could not be told from the other terms"
        raise ParameterError("N, D", counts, reason, f"give {_FEWEST} different ones of each")
    from threadpoolctl import threadpool_limits

    # with five constants, threads would only wait for one another
    with threadpool_limits(1), progress_bar("Fitting") as progress:
        origins = _grid(data, centre, limit)
        near = sorted(_descents(data, origins, progress, count), key=lambda each: each.value)[:_FINISHED]
        found = min((_descent(data, each.theta) for each in near), key=lambda each: each.value)
        parameters = _constants(found.theta, centre)
        if not all(0 < value < np.inf for value in parameters.values()):
            shown = ", ".join(f"{name} = {value:.3g}" for name, value in parameters.items())
            reason = "the best constants are none of this law"
            raise ParameterError("loss", shown, reason, "give losses that fall with N and D")
        rows = []
        for n in range(count):
            while not (drawn := data.take(generator.integers(0, len(z), len(z)))).determined():
                pass
            rows.append(_constants(_descent(drawn, found.theta).theta, centre))
            progress(len(origins) + n + 1, len(origins) + count)
    samples = {name: np.array([row[name] for row in rows]) for name in parameters} if rows else {}
    objective, residuals = found.value * width**2, data.residuals(found.theta)[0]
    law = Chinchilla(**parameters, C_0=C_0)
    return Fit(law, parameters, objective, residuals, found.success, found.message, samples)


def _column(values: Any, name: str) -> Floats:
    column = floats(values, name)
    if column.ndim != 1:
        raise ParameterError(name, column.shape, "the runs are in a row", "give a one-dimensional array")
    within(column, name, ~(column > 0), "it is a positive number", f"use {name} > 0")
    return column


def _grid(data: _Data, centre: tuple[float, float], limit: int | None) -> Floats:
    """The published starts, in the units of the data, the best first."""
    axes = published("chinchilla")["starts"]
    points = np.array(list(product(*(axes[name] for name in ("a", "b", "e", "alpha", "beta")))), dtype=float)
    points[:, 0] -= points[:, 3] * centre[0]
    points[:, 1] -= points[:, 4] * centre[1]
    values = np.concatenate(
        [data.value(part) for part in np.array_split(points, 1 + points.shape[0] * len(data.x) // 10**6)]
    )
    return points[np.argsort(values, kind="stable")[:limit]]


def _descents(data: _Data, origins: Floats, progress: Any, more: int) -> Iterator[_Found]:
    for n, origin in enumerate(origins):
        yield _descent(data, origin, coarse=True)
        progress(n + 1, len(origins) + more)


def _descent(data: _Data, origin: Floats, coarse: bool = False) -> _Found:
    from scipy import optimize

    minimize: Any = optimize.minimize
    options = (
        {"maxiter": 300, "ftol": 1e-6} if coarse else {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-9}
    )
    done = minimize(data.value_and_slope, origin, jac=True, method="L-BFGS-B", options=options)
    return _Found(done.x, float(done.fun), bool(done.success), str(done.message))


def _constants(theta: Floats, centre: tuple[float, float]) -> dict[str, float]:
    a, b, e, alpha, beta = (float(each) for each in theta)
    with np.errstate(over="ignore", under="ignore"):
        A, B, E = (float(np.exp(each)) for each in (a + alpha * centre[0], b + beta * centre[1], e))
    return {"E": E, "A": A, "B": B, "alpha": alpha, "beta": beta}
