"""Cells run where joblib was told to run them, a cluster of Dask included."""

from __future__ import annotations

import math
import os
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import joblib
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from scalesym import ParameterError, sweep
from scalesym.sweeps import CellError


class Unportable(Exception):
    def __init__(self, a: int, b: int) -> None:
        super().__init__("cannot be made again from this")


def test_errors_in_workers_say_where() -> None:
    def failing(n: int) -> int:
        if n == 0:
            raise KeyError("deep")
        raise Unportable(1, 2)

    with pytest.raises(CellError, match="at n = 0: KeyError: 'deep'") as caught:
        sweep(failing, {"n": [0]}, jobs=2)
    assert "in failing" in "".join(caught.value.__cause__.__notes__)  # type: ignore[union-attr]
    with pytest.raises(CellError, match="at n = 1: .*Unportable: cannot be made again"):
        sweep(failing, {"n": [1]}, jobs=2)


def test_cells_run_in_processes_of_their_own(tmp_path: Path) -> None:
    def whose(n: int) -> dict[str, int]:
        time.sleep(0.05)
        threads = max((pool["num_threads"] for pool in threadpool_info()), default=1)
        return {"pid": os.getpid(), "threads": threads}

    table = sweep(whose, {"n": range(8)}, out=tmp_path / "out.jsonl", jobs=2)
    assert len(set(table.column("pid"))) == 2
    assert os.getpid() not in table.column("pid")
    assert max(table.column("threads")) <= max(1, joblib.cpu_count() // 2)
    assert os.getpid() not in sweep(whose, {"n": range(2)}).column("pid")  # by default in parallel


def test_the_backend_that_joblib_was_told_to_use_is_used() -> None:
    def whose(n: int) -> tuple[int, str, int]:
        time.sleep(0.02)
        threads = max((pool["num_threads"] for pool in threadpool_info()), default=1)
        return os.getpid(), threading.current_thread().name, threads

    with threadpool_limits(4), joblib.parallel_config(backend="threading", n_jobs=2):
        seen = sweep(whose, {"n": range(6)}).column("value")
        before = [pool["num_threads"] for pool in threadpool_info()]
    assert {pid for pid, _, _ in seen} == {os.getpid()}
    assert len({name for _, name, _ in seen} - {threading.current_thread().name}) == 2
    assert max(threads for _, _, threads in seen) <= max(1, joblib.cpu_count() // 2)
    assert set(before) <= {1, 4}
    with (
        joblib.parallel_config(backend="multiprocessing"),
        pytest.raises(ParameterError, match="hands nothing over before the end"),
    ):
        sweep(whose, {"n": [1]})


def test_a_dask_cluster_of_two_processes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")

    def whose(n: int) -> dict[str, Any]:
        time.sleep(0.05)
        return {"pid": os.getpid(), "half": Fraction(n, 2), "nan": math.nan}

    out = tmp_path / "out.jsonl"
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        first = sweep(whose, {"n": range(12)}, out=out)
        workers = set(first.column("pid"))
        more = sweep(whose, {"n": range(16)}, out=out)
        with pytest.raises(CellError, match="at n = 0: ZeroDivisionError") as caught:
            sweep(lambda n: 1 / n, {"n": [3, 0]})
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert len(workers) == 2
    assert os.getpid() not in workers
    assert first.column("half") == [Fraction(n, 2) for n in range(12)]
    assert all(map(math.isnan, more.column("nan")))
    assert [(row.cell, row.seconds) for row in more[:12]] == [(row.cell, row.seconds) for row in first]
