"""The file keeps what is finished, and is nobody else's."""

from __future__ import annotations

import functools
import json
import math
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from counting import called, counting, cube, square

import scalesym
from scalesym import ParameterError, Sweep, sweep
from scalesym.sweeps import CellError


def test_what_is_finished_is_not_computed_again(calls: Path, tmp_path: Path) -> None:
    out, function = tmp_path / "out.jsonl", counting(calls, lambda n: [n])
    sweep(function, {"n": [1, 2]}, out=out, jobs=1)
    before = out.read_bytes()
    assert sweep(function, {"n": [3, 2, 1.0, "1"]}, out=out, jobs=1).column("value") == [[3], [2], [1.0], ["1"]]
    assert out.read_bytes().startswith(before)
    assert called(calls) == ["1", "1", "1", "2", "3"]  # 1, 1.0 and "1" are three cells
    assert Sweep.read(out).column("n") == [1, 2, 3, 1.0, "1"]
    for line in out.read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)


def test_a_half_written_line_is_passed_over_and_mended(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    whole = sweep(square, {"n": [1, 2]}, out=out, jobs=1)
    data = out.read_bytes()
    header = data.index(b"\n") + 1
    for length in [*range(0, header, 7), *range(header, len(data), 3), len(data) - 1]:
        out.write_bytes(data[:length])
        kept = (
            data[:length].count(b'"seconds"') if length in (len(data) - 1,) else max(0, data[:length].count(b"\n") - 1)
        )
        if length >= header:
            assert len(Sweep.read(out)) == kept
        again = sweep(square, {"n": [1, 2]}, out=out, jobs=1)
        assert again.column("value") == whole.column("value")
        assert out.read_bytes().startswith(data[: data[:length].rfind(b"\n") + 1])
        assert out.read_bytes().count(b"\n") == 3
        assert [json.loads(line).get("value") for line in out.read_bytes().splitlines()] == [None, 1, 4]


def test_a_file_of_zeros_at_its_end_is_mended(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    sweep(square, {"n": [1]}, out=out, jobs=1)
    with out.open("ab") as file:
        file.write(bytes(100))  # what a power failure may leave
    assert sweep(square, {"n": [1, 2]}, out=out, jobs=1).column("value") == [1, 4]
    assert Sweep.read(out).column("value") == [1, 4]


def test_a_file_of_another_function_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    sweep(square, {"n": [1]}, out=out, jobs=1)
    before = out.read_bytes()
    with pytest.raises(ParameterError, match="results of .*square, not of .*cube"):
        sweep(cube, {"n": [1]}, out=out, jobs=1)
    assert out.read_bytes() == before


def test_a_function_that_has_changed_is_refused_unless_told(calls: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    def version(factor: Any) -> Callable[[int], Any]:
        return lambda n: factor * n

    sweep(version(2), {"n": [1]}, out=out, jobs=1)
    with pytest.raises(ParameterError, match="has changed since"):
        sweep(version(3), {"n": [1, 2]}, out=out, jobs=1)
    assert sweep(version(3), {"n": [1, 2]}, out=out, jobs=1, changed=True).column("value") == [2, 6]
    assert [json.loads(line).get("format") for line in out.read_text().splitlines()] == [
        "scalesym-sweep",
        None,
        "scalesym-sweep",
        None,
    ]
    assert sweep(version(3), {"n": [1, 2]}, out=out, jobs=1).column("value") == [2, 6]  # the last header counts


def test_the_code_counts_and_its_place_does_not(tmp_path: Path) -> None:
    from scalesym.sweeps.identity import digest, qualified_name

    def made(source: str) -> Any:
        names: dict[str, Any] = {"__name__": "somewhere"}
        exec(source, names)
        return names["f"]

    plain = made("def f(n):\n    return n in {'a', 'b', 'c'}")
    assert digest(plain) == digest(made("\n\ndef f(n):  # a comment\n\n    return n in {'c', 'b', 'a'}"))
    assert digest(plain) != digest(made("def f(n):\n    return n in {'a', 'b', 'd'}"))
    assert digest(made("def f(n, k=1): return n")) != digest(made("def f(n, k=2): return n"))
    assert digest(functools.partial(square, n=1)) != digest(functools.partial(square, n=2))
    assert digest(functools.lru_cache(square)) == digest(square)
    small, large = (scalesym.PLRF(1, 1, d, 40) for d in (10, 20))
    assert digest(small.loss) is not None
    assert digest(math.sqrt) is None
    assert qualified_name(large.loss) == "scalesym.model.PLRF.loss"


@pytest.mark.parametrize(
    "content",
    [b"hello\n", b"hello", b'{"a": 1}\n', b'{"a": 1}', b"[]\n", b"\n", b'{"format": "other"}\n', b"\xff\xfe\n", b"3\n"],
)
def test_a_file_of_another_kind_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(content)
    with pytest.raises(ParameterError, match="it is not the file of a sweep"):
        sweep(square, {"n": [1]}, out=out, jobs=1)
    with pytest.raises(ParameterError, match="it is not the file of a sweep"):
        Sweep.read(out)
    assert out.read_bytes() == content


def test_a_spoilt_line_and_a_newer_format_are_named(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    sweep(square, {"n": [1]}, out=out, jobs=1)
    header = out.read_bytes().splitlines()[0]
    out.write_bytes(header + b"\nspoilt\n")
    with pytest.raises(ParameterError, match="its line 2 is not one of a sweep"):
        Sweep.read(out)
    out.write_bytes(header.replace(b'"version": 1', b'"version": 2') + b"\n")
    with pytest.raises(ParameterError, match="version 2, and this scalesym knows version 1"):
        Sweep.read(out)


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path / "missing" / "out.jsonl", tmp_path):
        with pytest.raises(ParameterError, match=r"^out = .*directory"):
            sweep(square, {"n": [1]}, out=place, jobs=1)
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(ParameterError, match="nothing was written to it yet"):
        Sweep.read(tmp_path / "empty.jsonl")


def test_two_sweeps_do_not_write_to_one_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    table = sweep(lambda n: sweep(square, {"n": [n]}, out=out, jobs=1), {"n": [1]}, out=out, jobs=1, on_error="record")
    assert "another sweep is writing to it" in str(table[0].error)


def test_an_error_ends_the_sweep_and_keeps_what_is_finished(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(CellError, match="at n = 0: ZeroDivisionError") as caught:
        sweep(lambda n: 1 / n, {"n": [1, 2, 0, 4]}, out=out, jobs=1)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert caught.value.cell == {"n": 0}
    assert f"2 of 4 cells are finished and kept in {out}" in caught.value.__notes__[0]
    assert Sweep.read(out).column("value") == [1.0, 0.5]
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)


def test_errors_are_recorded_and_tried_again(calls: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    def fragile(n: int) -> int:
        (calls / f"{n}.{time.monotonic_ns()}").touch()
        if n == 2 and len(list(calls.glob("2.*"))) == 1:
            raise ValueError("not today \ud800")
        return n

    first = sweep(fragile, {"n": [1, 2, 3]}, out=out, jobs=1, on_error="record")
    assert first.column("value") == [1, None, 3]
    assert first.column("error") == [None, "ValueError: not today \\ud800", None]
    assert [row.cell for row in first.errors] == [{"n": 2}]
    assert Sweep.read(out).errors == first.errors
    second = sweep(fragile, {"n": [1, 2, 3]}, out=out, jobs=1)
    assert second.column("value") == [1, 2, 3]
    assert not Sweep.read(out).errors
    assert called(calls) == ["1", "2", "2", "3"]
