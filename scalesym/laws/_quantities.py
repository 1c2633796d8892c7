"""Numbers or arrays in, numbers or arrays out: read and checked before anything is computed, and checked again at the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import entries, real
from ..resources import require_memory

__all__ = ["Floats", "Values", "answer", "constant", "finite", "floats", "positive", "quiet", "together", "within"]

Floats = npt.NDArray[np.float64]

#: What a law returns: a float for numbers, an array where one was given.
Values: TypeAlias = Any

_P = ParamSpec("_P")
_R = TypeVar("_R")
_LARGE = 10**6  # entries, from which the memory is looked at
_BYTES_EACH = 64


# -- in --------------------------------------------------------------------------------------------------------------


def floats(values: object, name: str, *, infinite: bool = False) -> Floats:
    """Read numbers of any kind into an array of doubles, of shape ``()`` if there is one.

    Raises
    ------
    ParameterError
        For the first entry that is no real number of double precision, or ``+∞`` where it must not be.

    Examples
    --------
    >>> floats(["1/2", 3], "x")
    array([0.5, 3. ])
    """
    items, shape = entries(values, name)
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        with np.errstate(invalid="ignore", over="ignore"):
            array = values.astype(np.float64)
            normal = (np.abs(array) >= np.finfo(np.float64).tiny) & np.isfinite(array)
            good = normal | (array == 0) | (infinite & (array == np.inf))
        if good.all():
            return array
        items, shape = values[~good].ravel()[:1].tolist(), (1,)
    return np.array([float(real(item, name, infinite=infinite)) for item in items], dtype=np.float64).reshape(shape)


def positive(values: object, name: str, *, infinite: bool = False) -> Floats:
    """One positive quantity, or an array of them, in double precision.

    Raises
    ------
    ParameterError
        For the first entry that is not a number, not positive, or infinite where it must not be.
    """
    array = floats(values, name, infinite=infinite)
    within(array, name, array <= 0, "it is a positive quantity", f"use {name} > 0")
    return array


def together(infinite: Collection[str] = (), **given: object) -> list[Floats]:
    """Several positive quantities, broadcast to one shape; those named in ``infinite`` may be infinite.

    Raises
    ------
    ParameterError
        If one is not positive, or their shapes do not go together, or to more than the memory holds.

    Examples
    --------
    >>> [each.shape for each in together(N=1e9, D=[1e9, 2e9])]
    [(2,), (2,)]
    """
    read = [positive(values, name, infinite=name in infinite) for name, values in given.items()]
    names, shapes = ", ".join(given), tuple(array.shape for array in read)
    try:
        count = math.prod(np.broadcast_shapes(*shapes))
    except ValueError:
        raise ParameterError(names, shapes, "the shapes differ", "give numbers, or arrays of one shape") from None
    if count > _LARGE:
        require_memory(names, shapes, _BYTES_EACH * count, "ask for fewer at a time")
    return list(np.broadcast_arrays(*read))


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


# -- out -------------------------------------------------------------------------------------------------------------


def quiet(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Without NumPy's warnings: what leaves the range of double precision is refused by name, in :func:`answer`."""

    @wraps(function)
    def inner(*args: _P.args, **keywords: _P.kwargs) -> _R:
        with np.errstate(all="ignore"):
            return function(*args, **keywords)

    return inner


def finite(values: Any, name: str = "the result", *, least: float = -math.inf) -> Values:
    """A float for a single number, the array otherwise; none infinite, NaN or below ``least``.

    Raises
    ------
    ParameterError
        If a value leaves the range of double precision.
    """
    array = np.asarray(values, dtype=np.float64)
    wrong = ~(np.isfinite(array) & (array >= least))
    within(array, name, wrong, "the result leaves the range of double precision", "use less extreme values")
    return float(array) if array.ndim == 0 else array


def answer(values: Any, name: str) -> Values:
    """As :func:`finite`, of a positive quantity: an underflow to zero is refused too."""
    return finite(values, name, least=float(np.finfo(np.float64).tiny))
