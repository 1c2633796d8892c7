"""``scalesym frontier --table``: two points of every phase, their local exponents, and the limits of these."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import rich_click as click

from ..errors import ParameterError
from .display import output, print_json

if TYPE_CHECKING:
    from ..limits import Seen

__all__ = ["markdown_table", "print_table"]

_LETTERS = {"eta": "η", "xi": "ξ"}
_NOTES = (
    "limit: Shanks' transformation of the row, which takes the leading corrections out and knows nothing of the theory",
    "off: the limit minus the theory's exponent",
)


def print_table(point: tuple[str, str] | None, model: Mapping[str, str], as_json: bool, markdown: bool) -> int:
    """Compute and print it; after Ctrl-C, what is finished, with exit code 130."""
    from ..limits import FAR, NEAR, POINTS, is_slow, seen

    points = POINTS if point is None else (point,)
    found: list[Seen] = []
    interrupted = False
    try:
        for n, (alpha, beta) in enumerate(points):
            _progress(n, len(points), alpha, beta)
            found.append(seen(alpha, beta, NEAR, **model))
        for one in [each for each in found if is_slow(each)]:
            _progress(len(found) - 1, len(points), str(one.alpha), str(one.beta))
            try:
                found.append(seen(one.alpha, one.beta, FAR, **model))
            except ParameterError as error:  # a loss that falls so fast that doubles do not reach it
                click.echo(f"scalesym: warning: not shown further: {error}", err=True)
    except KeyboardInterrupt:
        interrupted = True
    write: Callable[[Sequence[Seen], Mapping[str, str]], None]
    write = _write_json if as_json else _write_markdown if markdown else _write_text
    write(found, model)
    if interrupted:
        click.echo(f"scalesym: interrupted; finished: {len(found)}", err=True)
    return 130 if interrupted else 0


def _progress(done: int, total: int, alpha: str, beta: str) -> None:
    if sys.stderr.isatty() and total > 1:
        click.echo(f"{done + 1} of {total}: alpha = {alpha}, beta = {beta}", err=True)


def _tables(found: Iterable[Seen]) -> list[list[Seen]]:
    """Rows with the same budgets."""
    groups: dict[tuple[float, ...], list[Seen]] = {}
    for one in found:
        groups.setdefault(one.budgets, []).append(one)
    return list(groups.values())


def _head(budgets: Iterable[float]) -> list[str]:
    return [
        "phase",
        "α",
        "β",
        "",
        *(f"{budget:.0e}".replace("e+", "e") for budget in budgets),
        "limit",
        "theory",
        "off",
    ]


def _rows(one: Seen) -> Iterable[list[str]]:
    for n, (which, letter) in enumerate(_LETTERS.items()):
        place = ["", "", ""] if n else [one.name, *(f"{float(x):g}" for x in (one.alpha, one.beta))]
        local = [f"{value:.6f}" for value in getattr(one, which)]
        yield [
            *place,
            letter,
            *local,
            f"{one.limits[which]:.6f}",
            f"{float(one.theory[which]):.6f}",
            f"{one.off(which):+.1e}",
        ]


def _write_text(found: Sequence[Seen], model: Mapping[str, str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    click.echo(" ".join(f"{name}={value}" for name, value in model.items()))
    for group in _tables(found):
        table = Table(*_head(group[0].budgets), box=SIMPLE_HEAD, pad_edge=False)
        for one in group:
            for row in _rows(one):
                table.add_row(*row)
        output().print(table)
    click.echo("\n".join(_NOTES))


def markdown_table(found: Sequence[Seen]) -> str:
    """The tables as Markdown, one for each set of budgets."""
    parts = []
    for group in _tables(found):
        head = _head(group[0].budgets)
        rows = [head, ["---"] * len(head), *(row for one in group for row in _rows(one))]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return "\n\n".join(parts)


def _write_markdown(found: Sequence[Seen], model: Mapping[str, str]) -> None:
    click.echo(markdown_table(found))


def _write_json(found: Sequence[Seen], model: Mapping[str, str]) -> None:
    print_json({"format": "scalesym-frontier-table", "model": dict(model), "rows": [one.to_dict() for one in found]})
