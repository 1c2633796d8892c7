"""What the benchmark scripts share: steps, clocks, caches, the machine in words, and where figures go."""

from __future__ import annotations

import functools
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

__all__ = [
    "Clock",
    "Seconds",
    "clear_caches",
    "fresh_process",
    "log_steps",
    "machine",
    "median_seconds",
    "note",
    "print_table",
    "write_json",
]

_CONSOLE = Console(width=None if sys.stdout.isatty() else 120)


def log_steps(last: int, count: int) -> list[int]:
    """About ``count`` different steps from 1 to ``last``, as even on the logarithmic axis as integers allow."""
    wanted = min(count, last)
    for tries in range(wanted, 40 * wanted):
        found = np.unique(np.geomspace(1.0, float(last), tries).round())
        if len(found) >= wanted:
            return [int(x) for x in found]
    return [int(x) for x in found]


def clear_caches() -> None:
    """Empty every ``lru_cache`` of scalesym, so that the next call starts from nothing but imported modules."""
    for name, module in list(sys.modules.items()):
        if name == "scalesym" or name.startswith("scalesym."):
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()


class Seconds(NamedTuple):
    """Wall-clock time, and the processor time of this process, which other work on the machine disturbs less."""

    wall: float
    processor: float


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def read(self) -> Seconds:
        return Seconds(time.perf_counter() - self._began[0], time.process_time() - self._began[1])


def median_seconds(call: Callable[[], Any], runs: int, before: Callable[[], Any] = lambda: None) -> Seconds:
    """Medians over ``runs`` runs of ``call``; ``before`` runs ahead of each, outside the clock."""
    times = []
    for _ in range(runs):
        before()
        clock = Clock()
        call()
        times.append(clock.read())
    return _medians(times)


def fresh_process(preparation: str, program: str, runs: int) -> Seconds:
    """Medians over ``runs`` fresh interpreters that execute ``preparation`` and then, timed, ``program``."""
    lines = (
        preparation,
        "import time",
        "began = time.perf_counter(), time.process_time()",
        program,
        "print(time.perf_counter() - began[0], time.process_time() - began[1])",
    )
    times = []
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
        times.append(Seconds(*map(float, done.stdout.split()[-2:])))
    return _medians(times)


def _medians(times: list[Seconds]) -> Seconds:
    return Seconds(*(statistics.median(column) for column in zip(*times, strict=True)))


def machine() -> str:
    """Processor, cores and versions, without names or dates."""
    import scipy

    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), processor)
    return (
        f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, SciPy {scipy.__version__}, "
        f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'not set')}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def note(text: str) -> None:
    """A line of text, not interpreted as markup."""
    _CONSOLE.print(text, markup=False, highlight=False)


def print_table(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    """A table, numbers to the right."""
    table = Table(title=title, title_justify="left")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    _CONSOLE.print(table, markup=False)


def write_json(path: Path | None, content: Any) -> None:
    """Write ``content`` at once, so that an interruption leaves the old file or the new one."""
    if path is None:
        return
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
