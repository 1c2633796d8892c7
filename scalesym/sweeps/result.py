"""What a sweep returns: its rows in the order of the grid, by column, as a table of pandas, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from ..errors import ParameterError, ScalesymError
from .grid import Cell, shown
from .values import decoded, encoded

__all__ = ["CellError", "Row", "Sweep"]


class CellError(ScalesymError):
    """The function failed at a cell; ``cell`` is the cell, and ``__cause__`` the function's own exception.

    Examples
    --------
    >>> raise CellError({"d": 0}, "ZeroDivisionError: division by zero")
    Traceback (most recent call last):
    ...
    scalesym.sweeps.result.CellError: at d = 0: ZeroDivisionError: division by zero
    """

    def __init__(self, cell: Cell, reason: str) -> None:
        self.cell, self.reason = cell, reason
        super().__init__(cell, reason)

    def __str__(self) -> str:
        return f"at {shown(self.cell)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Row:
    """One cell: its parameters, the value of the function there, the seconds taken, and the error if it failed."""

    cell: Cell
    value: Any
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sweep(Sequence[Row]):
    """The rows of a sweep, in the order of the grid, and the qualified name of the function.

    Examples
    --------
    >>> from scalesym import sweep
    >>> squares = sweep(lambda n: {"square": n**2}, {"n": [1, 2, 3]}, jobs=1)
    >>> squares[2].value, squares.column("square")
    ({'square': 9}, [1, 4, 9])
    """

    rows: tuple[Row, ...]
    function: str

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[index]

    @classmethod
    def read(cls, path: str | Path) -> Sweep:
        """The cells that a file holds so far, in the order in which they finished; a sweep may be at work on it.

        Parameters
        ----------
        path:
            What :func:`scalesym.sweep` was given as ``out``.

        Raises
        ------
        ParameterError
            If there is no such file, or it was not written by a sweep.

        Examples
        --------
        >>> Sweep.read("no-such-file.jsonl")
        Traceback (most recent call last):
        ...
        scalesym.errors.ParameterError: path = 'no-such-file.jsonl': No such file or directory; ...
        """
        from .journal import read

        content = read("path", Path(path))
        if content.header is None:
            raise ParameterError("path", str(path), "nothing was written to it yet", "give a file that a sweep wrote")
        return cls(tuple(content.rows.values()), content.header["function"])

    @property
    def errors(self) -> tuple[Row, ...]:
        """The rows at which the function failed."""
        return tuple(row for row in self.rows if row.error is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, the grid's, then those of the values, then ``error`` if a cell failed.

        A value that is not a mapping is the column ``value``. A name of the values that the grid has too is given as
        ``value.name``.
        """
        return tuple(self._columns())

    def column(self, name: str) -> list[Any]:
        """One column in the order of the rows, ``None`` where a row has no such entry.

        Parameters
        ----------
        name:
            One of :attr:`names`, or ``"seconds"``.

        Raises
        ------
        ParameterError
            If there is no such column.

        Examples
        --------
        >>> from scalesym import sweep
        >>> sweep(lambda n: n**2, {"n": [1, 2, 3]}, jobs=1).column("value")
        [1, 4, 9]
        """
        columns = self._columns()
        if name in columns:
            return columns[name]
        if name == "seconds":
            return [row.seconds for row in self.rows]
        raise ParameterError("name", name, "there is no such column", f"use one of {', '.join([*columns, 'seconds'])}")

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` with a row for each cell and the columns :attr:`names`.

        Raises
        ------
        ParameterError
            If pandas is not installed.

        Examples
        --------
        >>> from scalesym import sweep
        >>> table = sweep(lambda n: n**2, {"n": [1, 2, 3]}, jobs=1).to_pandas()
        >>> list(table.columns), int(table.value.sum())
        (['n', 'value'], 14)
        """
        try:
            import pandas
        except ImportError:
            remedy = "install scalesym[pandas], or use column() or to_dict()"
            raise ParameterError("to_pandas", "pandas", "it is not installed", remedy) from None
        return pandas.DataFrame(self._columns())

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data for strict JSON; what JSON has no numbers for is written as in the file.

        Examples
        --------
        >>> from scalesym import sweep
        >>> sweep(lambda x: 1 / x, {"x": [float("inf")]}, jobs=1).to_dict()["rows"][0]["cell"]
        {'x': {'$float': 'inf'}}
        """
        rows = [
            {
                "cell": {name: encoded(value) for name, value in row.cell.items()},
                "value": encoded(row.value),
                "seconds": row.seconds,
                "error": row.error,
            }
            for row in self.rows
        ]
        return {"format": "scalesym-sweep-result", "function": self.function, "rows": rows}

    def _columns(self) -> dict[str, list[Any]]:
        taken = {name for row in self.rows for name in row.cell}
        records = []
        for row in self.rows:
            values = row.value if isinstance(row.value, Mapping) else {"value": row.value}
            if row.error is not None:
                values = {}
            records.append(
                (row.cell, {f"value.{name}" if name in taken else str(name): x for name, x in values.items()})
            )
        names = dict.fromkeys(name for cell, _ in records for name in cell)
        names |= dict.fromkeys(name for _, values in records for name in values)
        columns = {name: [cell.get(name, values.get(name)) for cell, values in records] for name in names}
        if self.errors:
            columns.setdefault("error", [row.error for row in self.rows])
        return columns


def row_of(line: Mapping[str, Any]) -> Row:
    """The row that a line of the file holds."""
    cell = {name: decoded(value) for name, value in line["key"].items()}
    return Row(cell, decoded(line.get("value")), float(line["seconds"]), line.get("error"))
