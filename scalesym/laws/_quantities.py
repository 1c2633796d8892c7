"""Positive quantities in and out: numbers or arrays of them, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import entries, real

__all__ = ["Array", "Values", "answer", "constant", "positive", "root_between", "together"]

Array = npt.NDArray[np.float64]

#: What a law returns: a float for numbers, an array where one was given.
Values = Any


def constant(value: object, name: str, *, least: float | None = None) -> float:
    """A constant of a law: positive, or at least ``least``.

    Examples
    --------
    >>> constant("1/4", "alpha")
    0.25
    """
    if least is None:
        return float(real(value, name, above=0, reason="it is a positive constant"))
    result = float(real(value, name))
    if result < least:
        raise ParameterError(name, value, "it is too small", f"use {name} >= {least:g}")
    return result


def positive(values: object, name: str, *, infinite: bool = False) -> Array:
    """One positive quantity, or an array of them, in double precision.

    Raises
    ------
    ParameterError
        For the first entry that is not a number, not positive, or infinite where it must not be.

    Examples
    --------
    >>> positive(["1/2", 3], "N")
    array([0.5, 3. ])
    """
    items, shape = entries(values, name)
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        flat = values.astype(np.float64).ravel()
        good = (flat >= np.finfo(np.float64).tiny) & ((flat < np.inf) | infinite)
        if good.all():
            return flat.reshape(shape)
        items = flat[~good][:1].tolist()
    reason = "it is a positive quantity"
    read = [float(real(item, name, above=0, reason=reason, infinite=infinite)) for item in items]
    return np.array(read, dtype=np.float64).reshape(shape)


def together(infinite: Collection[str] = (), **given: object) -> list[Array]:
    """Several positive quantities, broadcast to one shape; those named in ``infinite`` may be infinite.

    Examples
    --------
    >>> [each.shape for each in together(N=1e9, D=[1e9, 2e9])]
    [(2,), (2,)]
    """
    read = {name: positive(values, name, infinite=name in infinite) for name, values in given.items()}
    try:
        return list(np.broadcast_arrays(*read.values()))
    except ValueError:
        shapes = {name: values.shape for name, values in read.items()}
        name = ", ".join(shapes)
        raise ParameterError(name, tuple(shapes.values()), "the shapes differ", "give arrays of one shape") from None


def answer(values: Any, name: str) -> Values:
    """A float, or an array; never infinite, NaN or an underflow to zero.

    Raises
    ------
    ParameterError
        If a value leaves the range of double precision.
    """
    values = np.asarray(values, dtype=np.float64)
    if not (np.isfinite(values) & (values >= np.finfo(np.float64).tiny)).all():
        worst = values[~(np.isfinite(values) & (values >= np.finfo(np.float64).tiny))].ravel()[0]
        raise ParameterError(name, float(worst), "the result leaves the range of doubles", "use less extreme values")
    return float(values) if values.ndim == 0 else values


def root_between(rising: Any, low: Array, high: Array) -> Array:
    """Where a function that increases vanishes, between positive bounds, entry by entry; bisection in the logarithm."""
    low, high = np.array(low), np.array(high)
    with np.errstate(all="ignore"):  # an infinite end ends as NaN, which `answer` refuses
        for _ in range(80):
            middle = np.sqrt(low) * np.sqrt(high)
            below = rising(middle) < 0
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(np.sqrt(low) * np.sqrt(high))
