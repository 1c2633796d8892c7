"""A progress bar on a terminal, for work that turns out to take longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(description: str, after: float = 2.0) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback ``(finished, all)``; the bar appears on a terminal once ``after`` seconds have passed."""
    if not sys.stderr.isatty():
        yield lambda finished, total: None
        return
    began = time.monotonic()
    bar: list[Any] = []

    def update(finished: int, total: int) -> None:
        if not bar and time.monotonic() - began > after:
            from rich.console import Console
            from rich.progress import Progress

            progress = Progress(console=Console(stderr=True), transient=True)
            progress.start()
            bar.extend((progress, progress.add_task(description)))
        if bar:
            bar[0].update(bar[1], completed=finished, total=total)

    try:
        yield update
    finally:
        if bar:
            bar[0].stop()
