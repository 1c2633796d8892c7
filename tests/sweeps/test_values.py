"""Keys tell cells apart, and values come back as they were."""

from __future__ import annotations

import dataclasses
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalesym import Sweep, sweep
from scalesym.sweeps import CellError
from scalesym.sweeps.values import canonical, decoded, encoded, text

numbers = st.integers() | st.floats() | st.fractions() | st.booleans() | st.none() | st.text()


def exactly(value: object) -> tuple[object, ...]:
    """Equal for values of one type that are the same to the last bit."""
    return type(value), repr(value) if isinstance(value, float) else value


@given(numbers, numbers)
def test_keys_are_equal_for_equal_values_alone(a: object, b: object) -> None:
    assert (canonical({"x": a}) == canonical({"x": b})) == (exactly(a) == exactly(b))


def test_keys_tell_types_apart() -> None:
    alike = [1, 1.0, "1", True, Fraction(1), "1/1", "true", None, "null", "", 0, 0.0, -0.0, False, math.nan, "nan"]
    assert len({canonical({"x": value}) for value in alike}) == len(alike)
    assert canonical({"x": np.float64(0.1), "n": np.int32(3)}) == canonical({"n": 3, "x": 0.1})
    assert canonical({"x": np.float32(0.1)}) != canonical({"x": 0.1})


@given(st.dictionaries(st.text().filter(lambda name: not name.startswith("$")), numbers))
def test_keys_can_be_read_back(cell: dict[str, object]) -> None:
    line = canonical(cell)
    assert "\n" not in line
    back = decoded(json.loads(line, parse_constant=pytest.fail))
    assert {name: exactly(x) for name, x in back.items()} == {name: exactly(x) for name, x in cell.items()}


mpfs = st.builds(
    lambda m, e: mpmath.mp.make_mpf(mpmath.libmp.from_man_exp(m, e)), st.integers(), st.integers(-9999, 9999)
)
values = st.recursive(
    numbers | mpfs | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers() | st.fractions(), inner),
    max_leaves=8,
)


def same(a: Any, b: Any) -> bool:
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return (
            isinstance(b, dict)
            and list(map(exactly, a)) == list(map(exactly, b))
            and same([*a.values()], [*b.values()])
        )
    if isinstance(a, complex):
        return type(b) is complex and repr(a) == repr(b)
    if isinstance(a, mpmath.mpf):
        return isinstance(b, mpmath.mpf) and a._mpf_ == b._mpf_
    return exactly(a) == exactly(b)


@given(values)
def test_values_come_back_as_they_were(value: object) -> None:
    line = text(encoded(value))
    assert same(decoded(json.loads(line, parse_constant=pytest.fail)), value)


@dataclasses.dataclass
class Point:
    x: float
    y: Any


class Described:
    def to_dict(self) -> dict[str, object]:
        return {"of": Point(math.inf, (1, Fraction(1, 3)))}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Point(1.5, np.arange(3)), {"x": 1.5, "y": [0, 1, 2]}),
        (Described(), {"of": {"x": math.inf, "y": [1, Fraction(1, 3)]}}),
        (np.array([[0.1, -0.0], [np.inf, 1e-320]]), [[0.1, -0.0], [math.inf, 1e-320]]),
        (np.float32(0.1), float(np.float32(0.1))),
        (np.array(7), 7),
        (np.array([1 + 2j]), [1 + 2j]),
        (mpmath.mpf("-inf"), mpmath.mpf("-inf")),
        ({"$float": "nan"}, {"$float": "nan"}),
        ({1: "a", "1": "b"}, {1: "a", "1": "b"}),
    ],
)
def test_objects_are_kept(value: object, kept: object, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    fresh = sweep(lambda: value, [{}], out=out, jobs=1)
    assert same(fresh[0].value, kept)
    assert same(Sweep.read(out)[0].value, kept)
    json.dumps(fresh.to_dict(), allow_nan=False)


def test_nan_and_mpc_survive() -> None:
    with mpmath.workdps(60):
        root = mpmath.sqrt(mpmath.mpc(2, 3))
    back = sweep(lambda: [np.nan, root, mpmath.mpf("nan")], [{}], jobs=1)[0].value
    assert math.isnan(back[0])
    assert back[1]._mpc_ == root._mpc_
    assert mpmath.isnan(back[2])


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", np.longdouble(1), np.datetime64("2020-01-01", "ns"), ["\ud800"], [10**5000]]
)
def test_what_json_cannot_hold_is_the_error_of_its_cell(value: object, tmp_path: Path) -> None:
    with pytest.raises(CellError, match="at n = 3"):
        sweep(lambda n: value, {"n": [3]}, out=tmp_path / "out.jsonl", jobs=1)
