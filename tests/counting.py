"""Functions for sweeps, and one that leaves a trace of each of its calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def square(n: int) -> int:
    return n * n


def cube(n: int) -> int:
    return n**3


def counting(calls: Path, value: Callable[[Any], Any] = lambda n: n) -> Callable[..., Any]:
    """A function of ``n`` that leaves a file for each of its calls."""

    def cell(n: Any) -> Any:
        (calls / f"{n}.{time.monotonic_ns()}").touch()
        return value(n)

    return cell


def called(calls: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in calls.iterdir())
