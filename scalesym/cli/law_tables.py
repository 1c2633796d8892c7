"""What is published on a law, as tables to be read; with ``--json``, as it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import rich_click as click

from .display import output, print_json
from .law_display import shown

__all__ = ["show_tables"]

_WIDE = 170  # where there is no terminal
_TEXTS = ("source", "where", "note", "remark", "status", "quantity", "unit", "method")  # columns that may be long: last

Rows = list[dict[str, Any]]


def show_tables(name: str, as_json: bool) -> int:
    """Everything that is stored about a system."""
    from ..laws.published import published

    stored = dict(published(name))
    if as_json:
        print_json(stored)
        return 0
    for title, rows, remarks in _tables(stored):
        _print(title, rows, remarks)
    return 0


def _tables(stored: Mapping[str, Any]) -> Iterator[tuple[str, Rows, dict[str, Any]]]:
    """Titles, rows and what is said of all rows, part by part."""
    single = {key: value for key, value in stored.items() if not isinstance(value, dict | list)}
    if single:
        yield "", [], single
    for title, part in stored.items():
        if isinstance(part, list):
            yield title, part, {}
        elif title == "sets":
            yield from _sets(part)
        elif title == "tables":
            for name, table in part.items():
                yield f"table {name}", *_rows(table)
        elif isinstance(part, dict):
            yield title, *_rows(part)


def _sets(sets: Mapping[str, Any]) -> Iterator[tuple[str, Rows, dict[str, Any]]]:
    """A row for each set, or a column where the constants are more than the sets."""
    if not sets:
        yield "sets", [], {"sets": "none"}
        return
    given = {name: each["constants"] for name, each in sets.items()}
    names = list(dict.fromkeys(key for each in given.values() for key in each))
    if len(names) > len(sets) and any(isinstance(x, dict) for each in given.values() for x in each.values()):
        yield "sets", [{"constants": key} | {name: each.get(key) for name, each in given.items()} for key in names], {}
    else:
        yield "sets", [{"set": name} | dict(each) for name, each in given.items()], {}
    facts = {name: {key: each[key] for key in _TEXTS if key in each} for name, each in sets.items()}
    same = {
        key: value
        for key, value in next(iter(facts.values())).items()
        if all(each.get(key) == value for each in facts.values())
    }
    own = {name: {key: value for key, value in each.items() if key not in same} for name, each in facts.items()}
    yield "sources", [{"set": name} | each for name, each in own.items() if each], same


def _rows(part: Mapping[str, Any]) -> tuple[Rows, dict[str, Any]]:
    inside = part.get("rows", {key: each for key, each in part.items() if isinstance(each, dict)})
    remarks = {key: each for key, each in part.items() if key != "rows" and not isinstance(each, dict | list)}
    if isinstance(inside, dict):
        inside = [{"": key} | each for key, each in inside.items()]
    columns = {key: each for key, each in part.items() if isinstance(each, list) and key != "rows"}
    lengths = {len(each) for each in columns.values()}
    if columns and len(lengths) == 1 and not inside:  # a table by columns
        inside = [dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True)]
    elif columns:
        remarks |= columns
    return [dict(_flat(row, leaves=True)) for row in inside], remarks


def _flat(row: Mapping[str, Any], above: str = "", leaves: bool = False) -> Iterator[tuple[str, Any]]:
    """Without mappings, but with those that hold no further ones if ``leaves``."""
    for key, value in row.items():
        name = f"{above} {key}".strip()
        if isinstance(value, dict) and not (leaves and not any(isinstance(each, dict) for each in value.values())):
            yield from _flat(value, name, leaves)
        else:
            yield name, value


def _print(title: str, rows: Rows, remarks: Mapping[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    if title:
        click.echo(f"\n{title}")
    for key, value in remarks.items():
        click.echo(f"{key:11} {shown(value)}")
    if not rows:
        return
    heads = list(dict.fromkeys(key for row in rows for key in row))
    heads.sort(key=lambda head: head in _TEXTS)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        long = any(len(shown(row.get(head))) > 30 for row in rows)
        table.add_column(head, overflow="fold", justify="left", ratio=1 if long else None, no_wrap=not long)
    for row in rows:
        table.add_row(*(shown(row[head]) if row.get(head) is not None else "" for head in heads))
    output(_WIDE).print(table)
