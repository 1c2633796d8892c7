"""The help of every command, as ``scalesym … --help`` says it, set as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from scalesym.cli import _scalesym

__all__ = ["helps", "write"]

WIDTH = 100


def helps() -> Iterator[tuple[str, str]]:
    """Every command, as it is called, with its help.

    Examples
    --------
    >>> found = dict(helps())
    >>> print(found["scalesym plot cut"].splitlines()[0])
    Usage: scalesym plot cut [OPTIONS]
    """
    names = _scalesym.context_settings["help_option_names"]
    yield from _below(_scalesym, click.Context(_scalesym, info_name="scalesym", help_option_names=names))


def _below(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    yield context.command_path, _help(command, context)
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from _below(child, click.Context(child, parent=context, info_name=name))


def _help(command: click.Command, context: click.Context) -> str:
    """As click itself sets it: rich_click would draw boxes, whose lines do not meet in a browser."""
    page = click.HelpFormatter(width=WIDTH, max_width=WIDTH)
    click.Command.format_usage(command, context, page)
    click.Command.format_help_text(command, context, page)
    click.Command.format_options(command, context, page)
    if isinstance(command, click.Group):
        click.Group.format_commands(command, context, page)
    return page.getvalue().rstrip("\n")


def write(out: Path) -> None:
    """Write ``cli.txt``: a heading for each command, and its help."""
    sections = (f"{'##' if path.count(' ') < 2 else '###'} {path}\n\n```text\n{text}\n```\n" for path, text in helps())
    (out / "cli.txt").write_text("\n".join(sections), encoding="utf-8")
