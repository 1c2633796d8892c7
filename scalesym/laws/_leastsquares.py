"""Least squares of logarithms: several starts, and a bootstrap that resamples the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import whole_number
from ._quantities import Array, positive
from .fitting import Fit

__all__ = ["columns", "fit_logarithm"]


def columns(**given: object) -> list[Array]:
    """The columns of a table of positive numbers.

    Raises
    ------
    ParameterError
        If they are not one-dimensional and of one length.
    """
    read = {name: positive(values, name) for name, values in given.items()}
    lengths = [values.shape for values in read.values()]
    if len(set(lengths)) > 1 or len(lengths[0]) != 1:
        raise ParameterError(", ".join(read), lengths, "they are the columns of a table", "give lists of one length")
    return list(read.values())


def fit_logarithm(
    predict: Callable[..., Array],
    make: Callable[[Array], tuple[Any, dict[str, float]]],
    starts: Iterable[Sequence[float]],
    table: Sequence[Array],
    target: Array,
    *,
    bounds: tuple[Sequence[float], Sequence[float]],
    bootstrap: object,
    seed: object,
) -> Fit:
    """Minimise ``Σ (predict(θ, columns) − log target)²`` by the trust-region method of ``scipy.optimize.least_squares``.

    Parameters
    ----------
    predict:
        The logarithm of the target, from the parameters and the columns.
    make:
        The law and its constants by name, from the parameters.
    starts:
        Where to start from; the best end counts.
    table, target:
        The columns, and what is predicted.
    bounds:
        Of the parameters.
    bootstrap, seed:
        The number of resamples of the rows, and the seed of the generator that draws them.

    Raises
    ------
    ParameterError
        If there are fewer rows than constants, or a column does not vary.
    """
    from scipy.optimize import least_squares

    points = [np.clip(start, *bounds) for start in starts]
    resamples, rows = whole_number(bootstrap, "bootstrap", 0), len(target)
    if rows < len(points[0]):
        reason = f"the law has {len(points[0])} constants"
        raise ParameterError("rows", rows, reason, f"give at least {len(points[0])} rows")
    for column in table:
        if np.ptp(column) == 0:
            raise ParameterError("column", float(column[0]), "every row has the same value", "vary every quantity")

    def solve(start: Any, chosen: Any) -> Any:
        data, y = [column[chosen] for column in table], np.log(target[chosen])

        def residuals(theta: Any) -> Any:
            return predict(theta, *data) - y

        return least_squares(
            residuals,
            start,
            bounds=bounds,
            x_scale="jac",
            xtol=1e-14,
            ftol=1e-14,
            gtol=1e-14,
        )

    everything = np.arange(rows)
    best = min((solve(start, everything) for start in points), key=lambda found: float(found.cost))
    law, parameters = make(best.x)
    generator = np.random.default_rng(whole_number(seed, "seed", 0))
    drawn = [make(solve(best.x, generator.integers(rows, size=rows)).x)[1] for _ in range(resamples)]
    samples = {name: np.array([each[name] for each in drawn]) for name in parameters} if drawn else {}
    residuals = np.asarray(best.fun, dtype=np.float64)
    return Fit(law, parameters, 2 * float(best.cost), residuals, bool(best.success), str(best.message), samples)
