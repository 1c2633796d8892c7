"""Least squares: the columns of a table, one descent from several starts, and a bootstrap that resamples the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import whole_number
from ._quantities import Floats, positive
from .fitting import Fit

__all__ = ["bootstrap", "columns", "descend", "fit_logarithm"]

_ROUGH, _FINE = (1e-12, 300), (1e-15, 1000)  # tolerance, and how often the residuals may be computed
_FOLLOWED = 2  # of the starts, those that came closest are followed to the last digit
_EXACT = 1e-28  # of the mean square: nothing is left to gain

Bounds = tuple[Sequence[float], Sequence[float]]
Rows = npt.NDArray[np.int64]


def columns(read: Callable[[object, str], Floats] = positive, **given: object) -> list[Floats]:
    """The columns of a table: of positive numbers, unless they are to be read in another way.

    Raises
    ------
    ParameterError
        If they are not one-dimensional and of one length.
    """
    found = {name: read(values, name) for name, values in given.items()}
    shapes = [values.shape for values in found.values()]
    for name, values in found.items():
        if values.ndim != 1:
            reason = "the columns of a table have one length"
            raise ParameterError(name, values.shape, reason, "give one-dimensional arrays of one length")
    if len(set(shapes)) > 1:
        counts = {name: len(values) for name, values in found.items()}
        raise ParameterError(", ".join(found), counts, "they are the columns of a table", "give lists of one length")
    return list(found.values())


def descend(
    residuals: Callable[[Any], Any], starts: Iterable[Any], bounds: Bounds, jacobian: Any = "2-point"
) -> list[Any]:
    """Optima of a sum of squares, the best first: roughly from every start, then to the last digit from the best two.

    Parameters
    ----------
    residuals, jacobian:
        As ``scipy.optimize.least_squares`` takes them; its trust-region method is used.
    starts:
        Points; those outside the bounds are moved inside. No further one is tried once the squares vanish.
    bounds:
        The least and the greatest values.

    Raises
    ------
    ParameterError
        If the search leaves double precision from every start.
    """
    from scipy.optimize import least_squares

    low, high = (np.asarray(each, dtype=np.float64) for each in bounds)
    with np.errstate(invalid="ignore"):
        margin = 1e-9 * np.minimum(1.0, high - low)

    def solve(start: Any, tolerance: float, most: int) -> Any:
        inside = np.clip(start, low + margin, high - margin)
        try:
            with np.errstate(all="ignore"):
                return least_squares(
                    residuals,
                    inside,
                    jacobian,
                    bounds=(low, high),
                    x_scale="jac",
                    xtol=tolerance,
                    ftol=tolerance,
                    gtol=1e-15,
                    max_nfev=most,
                )
        except (ValueError, np.linalg.LinAlgError):  # on its way it left double precision
            return None

    kept: list[Any] = []
    for start in starts:
        if (found := solve(start, *_ROUGH)) is not None:
            kept.append(found)
            if _exact(found):
                break
    if not kept:
        reason = "from every start the search leaves double precision"
        raise ParameterError("data", "these", reason, "give data in other units, or fewer constants")
    kept.sort(key=lambda each: float(each.cost))
    if not _exact(kept[0]):
        kept = [solve(each.x, *_FINE) or each for each in kept[:_FOLLOWED]]
        kept.sort(key=lambda each: float(each.cost))
    return kept


def bootstrap(
    refit: Callable[[Rows], Mapping[str, float] | None], rows: int, resamples: object, seed: object
) -> dict[str, Floats]:
    """The constants of refits to rows drawn with replacement; ``refit`` takes indices, and gives ``None`` to draw again.

    Raises
    ------
    ParameterError
        If the number of resamples is not a count, or too many draws in a row do not determine a law.
    """
    count = whole_number(resamples, "bootstrap", least=0)
    generator = np.random.default_rng(whole_number(seed, "seed", least=0))
    found: list[Mapping[str, float]] = []
    failures = 0
    while len(found) < count:
        constants = refit(generator.integers(0, rows, rows))
        if constants is None:
            failures += 1
            if failures > 20 + 5 * count:
                raise ParameterError("bootstrap", count, "most resamples do not determine a law", "give more data")
        else:
            found.append(constants)
    return {name: np.array([each[name] for each in found]) for name in (found[0] if found else ())}


def fit_logarithm(
    predict: Callable[..., Floats],
    make: Callable[[Floats], tuple[Any, dict[str, float]]],
    starts: Iterable[Sequence[float]],
    table: Sequence[Floats],
    target: Floats,
    *,
    bounds: Bounds,
    resamples: object,
    seed: object,
) -> Fit:
    """Minimise ``Σ (predict(θ, columns) − log target)²``.

    Parameters
    ----------
    predict:
        The logarithm of the target, from the parameters and the columns.
    make:
        The law and its constants by name, from the parameters.
    starts, bounds:
        As in :func:`descend`.
    table, target:
        The columns, and what is predicted.
    resamples, seed:
        As in :func:`bootstrap`.

    Raises
    ------
    ParameterError
        If there are fewer rows than constants, or a column does not vary.
    """
    points, rows = list(starts), len(target)
    if rows < len(points[0]):
        reason = f"the law has {len(points[0])} constants"
        raise ParameterError("rows", rows, reason, f"give at least {len(points[0])} rows")
    for column in table:
        if np.ptp(column) == 0:
            raise ParameterError("column", float(column[0]), "every row has the same value", "vary every quantity")

    def solve(begin: list[Any], chosen: Any) -> Any:
        data, y = [column[chosen] for column in table], np.log(target[chosen])
        return descend(lambda theta: predict(theta, *data) - y, begin, bounds)[0]

    best = solve(points, slice(None))
    law, constants = make(best.x)

    def refit(chosen: Rows) -> Mapping[str, float] | None:
        if any(np.ptp(column[chosen]) == 0 for column in table):
            return None
        try:
            return make(solve([best.x], chosen).x)[1]
        except ParameterError:  # this draw does not fall, or leaves double precision
            return None

    samples = bootstrap(refit, rows, resamples, seed)
    return Fit(law, constants, 2 * float(best.cost), best.fun, bool(best.success), str(best.message), samples)


def _exact(found: Any) -> bool:
    """Whether an optimum leaves nothing to gain."""
    return bool(found.cost < _EXACT * len(found.fun))
