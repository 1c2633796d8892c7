"""The cells of a grid and the rows and columns of the result."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any

import joblib
import mpmath
import numpy as np
import pytest
from counting import called, counting, square

from scalesym import ParameterError, sweep
from scalesym.sweeps.grid import read_grid


def test_the_last_name_varies_fastest() -> None:
    table = sweep(lambda a, b: f"{a}{b}", {"a": ["x", "y"], "b": np.arange(3)}, jobs=1)
    assert table.column("value") == ["x0", "x1", "x2", "y0", "y1", "y2"]
    assert [type(row.cell["b"]) for row in table] == [int] * 6
    assert len(table) == 6
    assert list(table) == list(table.rows)
    assert table[1:3] == table.rows[1:3]
    assert table.function.endswith("test_the_last_name_varies_fastest.<locals>.<lambda>")


def test_rows_have_the_order_of_the_grid_whatever_finishes_first() -> None:
    def late(n: int) -> int:
        time.sleep(0.02 * (4 - n))
        return n

    with joblib.parallel_config(backend="threading", n_jobs=4):
        assert sweep(late, {"n": range(4)}).column("value") == [0, 1, 2, 3]


def test_cells_can_be_listed_and_are_computed_once(calls: Path) -> None:
    table = sweep(counting(calls), [{"n": 2}, {"n": 1}, {"n": 2}], jobs=1)
    assert table.column("value") == [2, 1, 2]
    assert called(calls) == ["1", "2"]


def test_columns() -> None:
    table = sweep(lambda d, k=1: {"d": d / 2, "k2": k} if d else 5, [{"d": 4, "k": 3}, {"d": 0}], jobs=1)
    assert table.names == ("d", "k", "value.d", "k2", "value")
    assert table.column("value.d") == [2.0, None]
    assert table.column("value") == [None, 5]
    assert all(seconds >= 0 for seconds in table.column("seconds"))
    with pytest.raises(ParameterError, match="use one of d, k, value.d, k2, value, seconds"):
        table.column("nothing")


def test_the_table_of_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    table = sweep(lambda d: {"loss": 1 / d}, {"d": [0, 2]}, jobs=1, on_error="record")
    frame = pytest.importorskip("pandas").DataFrame(
        {"d": [0, 2], "loss": [math.nan, 0.5], "error": ["ZeroDivisionError: division by zero", None]}
    )
    assert table.to_pandas().equals(frame)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ParameterError, match=r"scalesym\[pandas\]"):
        table.to_pandas()


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ({}, "it names no parameters"),
        ([], "there is nothing to compute"),
        ({"n": []}, "it has no values"),
        ({"n": 3}, "int is not a sequence"),
        ({"n": "abc"}, "str is not a sequence"),
        ({"n": {1, 2}}, "set is not a sequence"),
        ({"n": np.float64(1)}, "not a sequence"),
        ({"n": [1 + 2j]}, "complex has no exact key"),
        ({"n": [mpmath.mpf(1)]}, "mpf has no exact key"),
        ({"n": [np.longdouble(1)]}, "no exact counterpart"),
        ({"n": np.eye(2)}, "ndarray has no exact key"),
        ({"n": ["\udc00"]}, "surrogates not allowed"),
        ({"n": [10**5000]}, "digits"),
        ({"m": [1]}, "missing a required argument: 'n'"),
        ({"n": [1], "m": [1]}, "unexpected keyword argument 'm'"),
        ([{"n": 1}, {"m": 1}], "missing a required argument"),
        ([1], "a cell is a mapping"),
        ({1: [1]}, "parameters are named by text"),
        (7, "int is not a grid"),
        (None, "NoneType is not a grid"),
        ({"n": range(10**7), "m": range(10**7)}, "of memory"),
        ({"n": range(10**12)}, "of memory"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused_before_work(grid: Any, said: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(ParameterError, match=said):
        sweep(square, grid, out=out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"jobs": 0}, "jobs"), ({"jobs": 1.5}, "jobs"), ({"on_error": "ignore"}, "on_error"), ({"out": 5}, "out")],
)
def test_other_arguments_are_read_before_work(arguments: dict[str, Any], name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        sweep(square, {"n": [1]}, **arguments)
    assert caught.value.name == name
    with pytest.raises(ParameterError, match="cannot be called"):
        sweep(5, {"n": [1]})  # type: ignore[arg-type]


def test_the_grid_of_the_documentation() -> None:
    assert read_grid({"a": [1], "b": (True, None)}) == [{"a": 1, "b": True}, {"a": 1, "b": None}]
