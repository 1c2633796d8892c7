"""What is to be computed: the cells of a grid in their order, and whether the function takes them."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from ..resources import require_memory
from .values import canonical, plain

__all__ = ["Cell", "Grid", "read_grid", "require_accepted", "shown"]

Cell = dict[str, Any]
Grid = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]

_BYTES = 2000.0  # of a cell with its result
_TYPES = (int, float, Fraction, str, bool, type(None))
_REMEDY = "use int, float, Fraction, str, bool or None"


def read_grid(grid: object) -> list[Cell]:
    """The cells of a grid in their order.

    Parameters
    ----------
    grid:
        A mapping from names to sequences of values stands for their Cartesian product, in which the last name varies
        fastest; a sequence of mappings lists the cells themselves.

    Raises
    ------
    ParameterError
        If it is neither, if it is empty, or if a value is not a number, text, truth value or ``None``.

    Examples
    --------
    >>> read_grid({"alpha": [0.5, 1.0], "d": range(2)})
    [{'alpha': 0.5, 'd': 0}, {'alpha': 0.5, 'd': 1}, {'alpha': 1.0, 'd': 0}, {'alpha': 1.0, 'd': 1}]
    """
    if isinstance(grid, Mapping):
        axes = {name: _axis(name, values) for name, values in grid.items()}
        if not axes:
            raise ParameterError("grid", grid, "it names no parameters", "give at least one sequence of values")
        _require_room(math.prod(len(values) for values in axes.values()))
        return [dict(zip(axes, point, strict=True)) for point in itertools.product(*axes.values())]
    if not _is_sequence(grid):
        remedy = "give {'alpha': [0.5, 1.0], …}, or a list of such mappings with one value each"
        raise ParameterError("grid", grid, f"{type(grid).__name__} is not a grid", remedy)
    listed: Sequence[Any] = grid  # type: ignore[assignment]
    _require_room(len(listed))
    cells = []
    for place, cell in enumerate(listed):
        if not isinstance(cell, Mapping):
            raise ParameterError(f"grid[{place}]", cell, "a cell is a mapping from names to values", "give a mapping")
        cells.append({_name(name): _value(name, value) for name, value in cell.items()})
    return cells


def require_accepted(function: Callable[..., Any], cells: list[Cell]) -> None:
    """Refuse cells whose names are not parameters of the function.

    Raises
    ------
    ParameterError
        With the names, and what is wrong with them.
    """
    if not callable(function):
        raise ParameterError("fn", function, f"{type(function).__name__} cannot be called", "give a function")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a compiled function without one
        return
    for names in dict.fromkeys(tuple(cell) for cell in cells):
        try:
            signature.bind(**dict.fromkeys(names))
        except TypeError as error:
            remedy = f"match the parameters of fn, {signature}"
            raise ParameterError("grid", ", ".join(names), str(error), remedy) from None


def shown(cell: Cell) -> str:
    """A cell in words.

    Examples
    --------
    >>> shown({"alpha": Fraction(1, 2), "rule": "half"})
    "alpha = 1/2, rule = 'half'"
    """
    parts = (f"{name} = {repr(value) if isinstance(value, str) else value}" for name, value in cell.items())
    return ", ".join(parts)


def _require_room(count: int) -> None:
    if not count:
        raise ParameterError("grid", "no cells", "there is nothing to compute", "give at least one cell")
    require_memory("grid", f"{count} cells", count * _BYTES, "sweep over a part of it at a time")


def _is_sequence(values: object) -> bool:
    """Something with an order and a length; text is one value."""
    if isinstance(values, str | bytes | Mapping) or getattr(values, "ndim", 1) == 0:
        return False
    return hasattr(values, "__len__") and hasattr(values, "__getitem__")


def _axis(name: object, values: Any) -> list[Any]:
    if not _is_sequence(values):
        reason = f"{type(values).__name__} is not a sequence of values"
        raise ParameterError(f"grid[{name!r}]", values, reason, "give a list, even of one value")
    if not len(values):
        raise ParameterError(f"grid[{name!r}]", values, "it has no values", "give at least one")
    require_memory(f"grid[{name!r}]", f"{len(values)} values", len(values) * _BYTES, "give fewer values")
    _name(name)
    return [_value(name, value) for value in values]


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise ParameterError("name in grid", name, "parameters are named by text", "use the names of fn's parameters")
    return name


def _value(name: object, value: object) -> object:
    try:
        held = plain(value)
        if type(held) not in _TYPES:
            raise TypeError(f"{type(value).__name__} has no exact key to be found again by")
        canonical({"": held})
    except (TypeError, ValueError) as error:
        raise ParameterError(f"grid[{name!r}]", value, str(error), _REMEDY) from None
    return held
