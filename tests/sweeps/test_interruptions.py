"""Whatever ends a sweep, it loses only the cells in flight, and leaves no worker behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from counting import square

import scalesym
from scalesym import ParameterError, Sweep, sweep

SCRIPT = """
import os, signal, sys, time
import scalesym

out, calls, session = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)


def cell(n):
    open(f"{calls}/{n}.{session}.{os.getpid()}", "x").close()
    time.sleep(0.05)
    return [n, n / 3]


if __name__ == "__main__":
    scalesym.sweep(cell, {"n": range(60)}, out=out, jobs=2)
"""


class Child:
    """A process at work on a sweep of 60 cells."""

    def __init__(self, place: Path, session: str) -> None:
        self.out, self.calls, self.session = place / "out.jsonl", place / "calls", session
        script = place / "at_work.py"
        script.write_text(SCRIPT)
        words = [sys.executable, str(script), str(self.out), str(self.calls), session]
        root = str(Path(scalesym.__file__).parent.parent)
        env = os.environ | {"PYTHONPATH": root, "PYTHONWARNINGS": "error"}
        self.log = place / f"{session}.txt"  # not a pipe, which workers would keep open
        with self.log.open("w") as log:
            self.process = subprocess.Popen(words, stderr=log, env=env, start_new_session=True)

    def wait_for(self, lines: int) -> None:
        deadline = time.monotonic() + 60
        while not self.out.exists() or self.out.read_bytes().count(b"\n") < lines:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def cells(self) -> list[str]:
        return [path.name.split(".")[0] for path in self.calls.glob(f"*.{self.session}.*")]

    def workers(self) -> set[int]:
        return {int(path.name.split(".")[2]) for path in self.calls.glob(f"*.{self.session}.*")}


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # ended, and not fetched yet by its parent
    except psutil.NoSuchProcess:
        return False


def gone(pids: set[int]) -> bool:
    """Whether the processes end within seconds."""
    deadline = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(alive, pids))


def test_sigkill_loses_only_the_cells_in_flight(tmp_path: Path, calls: Path) -> None:
    moments = random.Random(7)
    finished: set[int] = set()
    for session in range(3):
        child = Child(tmp_path, f"s{session}")
        child.wait_for(max(1, len(finished) + moments.randrange(2, 10)))
        if session == 1:
            with pytest.raises(ParameterError, match="another sweep is writing to it"):
                sweep(square, {"n": [1]}, out=child.out, jobs=1)
        time.sleep(moments.random() * 0.1)
        child.process.kill()
        child.process.wait()
        assert gone(child.workers())  # no worker outlives the sweep
        table = Sweep.read(child.out)
        assert all(row.value == [row.cell["n"], row.cell["n"] / 3] for row in table)
        now = {row.cell["n"] for row in table}
        assert now >= finished
        begun = set(map(int, child.cells()))
        assert len(begun) == len(child.cells())
        assert not begun & finished
        assert now - finished <= begun
        assert len(begun - now) <= 8  # of each of two workers the cell it is at, and results on their way to the file
        finished = now
    assert len(finished) >= 3
    last = Child(tmp_path, "last")
    assert last.process.wait(60) == 0, last.log.read_text()
    assert sorted(map(int, last.cells())) == sorted(set(range(60)) - finished)
    assert sorted(Sweep.read(last.out).column("n")) == list(range(60))


@pytest.mark.parametrize("group", [False, True], ids=["process", "terminal"])
def test_ctrl_c_keeps_what_is_finished_and_closes_the_workers(group: bool, tmp_path: Path, calls: Path) -> None:
    child = Child(tmp_path, "first")
    child.wait_for(6)
    (os.killpg if group else os.kill)(child.process.pid, signal.SIGINT)  # a terminal sends it to the workers too
    code, said = child.process.wait(30), child.log.read_text()
    assert code in (-signal.SIGINT, 128 + signal.SIGINT), said
    assert "KeyboardInterrupt" in said
    kept = Sweep.read(child.out)
    assert f"{len(kept)} of 60 cells are finished and kept in {child.out}; the same call goes on from there" in said
    assert "Warning" not in said
    assert gone(child.workers())
    again = Child(tmp_path, "second")
    assert again.process.wait(60) == 0, again.log.read_text()
    assert sorted(map(int, again.cells())) == sorted(set(range(60)) - set(kept.column("n")))


def test_ctrl_c_in_this_process(tmp_path: Path) -> None:
    def interrupted(n: int) -> int:
        if n == 2:
            raise KeyboardInterrupt
        return n

    with pytest.raises(KeyboardInterrupt) as caught:
        sweep(interrupted, {"n": range(4)}, jobs=1)
    assert caught.value.__notes__ == ["2 of 4 cells were finished; with out='sweep.jsonl' they would have been kept"]
    with pytest.raises(KeyboardInterrupt):
        sweep(interrupted, {"n": range(4)}, out=tmp_path / "out.jsonl", jobs=1)
    assert Sweep.read(tmp_path / "out.jsonl").column("value") == [0, 1]


def test_a_worker_that_dies_leaves_what_was_finished(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"

    def deadly(n: int) -> int:
        while n == 5 and out.read_bytes().count(b"\n") < 6:
            time.sleep(0.01)
        if n == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    with pytest.raises(Exception, match="worker") as caught:
        sweep(deadly, {"n": range(6)}, out=out, jobs=2)
    assert "5 of 6 cells are finished and kept" in caught.value.__notes__[-1]
    assert sorted(Sweep.read(out).column("value")) == [0, 1, 2, 3, 4]
