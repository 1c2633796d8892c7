"""Numbers or arrays in, numbers or arrays out; and the resampling of data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import entries, real, whole_number

__all__ = ["Floats", "bootstrap", "floats", "scalar", "within"]

Floats = npt.NDArray[np.float64]


def floats(values: object, name: str) -> Floats:
    """Read numbers of any kind into an array of doubles, of shape ``()`` if there is one.

    Raises
    ------
    ParameterError
        If one is not a finite real number within the range of double precision.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        array = values.astype(float)
        with np.errstate(invalid="ignore"):
            bad = ~np.isfinite(array) | ((array != 0) & (np.abs(array) < np.finfo(float).tiny))
        if bad.any():
            raise ParameterError(
                name, float(array[bad].flat[0]), "it is no number of double precision", "give finite numbers"
            )
        return array
    items, shape = entries(values, name)
    return np.array([float(real(item, name)) for item in items]).reshape(shape)


def within(array: Floats, name: str, wrong: Any, reason: str, remedy: str) -> None:
    """Refuse the first value that is marked as wrong.

    Raises
    ------
    ParameterError
        If there is one.
    """
    marked = np.asarray(wrong)
    if marked.any():
        raise ParameterError(name, float(array[marked].flat[0]), reason, remedy)


def scalar(array: Any, name: str = "the result") -> Any:
    """A float for a single number, the array otherwise.

    Raises
    ------
    ParameterError
        If one is not finite: it has left the range of double precision.
    """
    array = np.asarray(array, dtype=float)
    within(array, name, ~np.isfinite(array), "it leaves the range of double precision", "ask nearer to the data")
    return float(array) if array.shape == () else array


def bootstrap(
    refit: Callable[[npt.NDArray[np.int64]], Mapping[str, float] | None], points: int, runs: object, seed: object
) -> dict[str, Floats]:
    """The constants of refits to data drawn with replacement; ``refit`` takes indices, and gives ``None`` to draw again.

    Raises
    ------
    ParameterError
        If the number of runs is not a count, or too many draws in a row do not determine a law.
    """
    count = whole_number(runs, "bootstrap", least=0)
    generator = np.random.default_rng(whole_number(seed, "seed", least=0))
    rows: list[Mapping[str, float]] = []
    failures = 0
    while len(rows) < count:
        row = refit(generator.integers(0, points, points))
        if row is None:
            failures += 1
            if failures > 20 + 5 * count:
                raise ParameterError("bootstrap", count, "most resamples do not determine a law", "give more data")
        else:
            rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in (rows[0] if rows else ())}
