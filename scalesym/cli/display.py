"""How the commands write: tables and data on stdout, warnings of the package as one line each on stderr."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import rich_click as click

from ..errors import AccuracyWarning
from .arguments import one_line

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["accuracy_warnings", "output", "print_json"]

_WIDTH = 140  # of tables that go to a file or a pipe


def output(width: int = _WIDTH) -> Console:
    """A console on stdout that leaves a broken pipe to the caller; ``width`` is used where there is no terminal."""
    from rich.console import Console

    class Pipeable(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    fixed = None if sys.stdout.isatty() or "COLUMNS" in os.environ else width
    return Pipeable(highlight=False, markup=False, width=fixed)


def print_json(data: object) -> None:
    """Strict JSON (no NaN or Infinity), indented, on stdout."""
    import json

    click.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


@contextmanager
def accuracy_warnings() -> Iterator[None]:
    """Each :class:`AccuracyWarning` once, as one line on stderr, after the output."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AccuracyWarning)
        yield
    for message in dict.fromkeys(str(entry.message) for entry in caught):
        click.echo(f"scalesym: warning: {one_line(message)}", err=True)
