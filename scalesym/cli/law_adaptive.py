"""Adaptive training on the command line: shapes from text, and a run from one error to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import real
from .display import output
from .law_display import shown

__all__ = ["adaptive_run", "run_text", "shapes"]

_LETTERS = ("a", "b", "c", "d")
_MINUS = "−"  # of a number that began with a hyphen, see :mod:`scalesym.cli.arguments`


def shapes(texts: Sequence[str]) -> dict[str, Any]:
    """``"1,0.5,0.3,0"``, or ``"patch 16=1,0.5,0.3"``, for each shape; those without a name are A, B, ….

    Raises
    ------
    ParameterError
        If there is none, one is not three or four numbers of its domain, or two have one name.
    """
    from ..laws import ShapeLaw

    if not texts:
        raise click.UsageError("Missing option '--shape'; nobody published constants, so give each shape as a,b,c,d")
    found: dict[str, Any] = {}
    for n, text in enumerate(texts):
        head, equals, tail = text.replace(_MINUS, "-").partition("=")
        name = head.strip() if equals else ascii_uppercase[n] if n < len(ascii_uppercase) else f"shape {n + 1}"
        numbers = (tail if equals else head).split(",")
        if not name or name in found:
            raise ParameterError("shape", text, "each shape has a name of its own", "write NAME=a,b,c,d or a,b,c,d")
        if len(numbers) not in (3, 4):
            raise ParameterError("shape", text, "E = a (C+d)^(-b) + c has four constants", "write a,b,c,d or a,b,c")
        values = [real(each, f"{letter} of shape {name}") for letter, each in zip(_LETTERS, numbers, strict=False)]
        found[name] = ShapeLaw(*values)
    return found


def adaptive_run(law: Any, start: str | None, target: str | None, cost: str, ordered: bool) -> dict[str, Any]:
    """The cheapest run, its transitions, and what each shape would take alone; ``None`` for a shape that cannot."""
    if start is None or target is None:
        raise click.UsageError(f"a run has both ends: --{'from' if start is None else 'to'} is missing")
    high, low, price = real(start, "from"), real(target, "to"), real(cost, "switch-cost")
    legs = law.schedule(high, low, price, ordered)
    alone = {name: None if math.isinf(each) else each for name, each in law.static_compute(high, low).items()}
    total = law.total_compute(high, low, price, ordered)
    return {
        "from": float(high),
        "to": float(low),
        "switch_cost": float(price),
        "ordered": ordered,
        "schedule": [vars(leg) for leg in legs],
        "transitions": _changes(law, legs),
        "compute": total,
        "alone": alone,
        "saving": law.saving(high, low, price, ordered) if any(x is not None for x in alone.values()) else None,
    }


def _changes(law: Any, legs: Sequence[Any]) -> list[dict[str, Any]]:
    """Where the schedule changes its shape; with the kind of transition where marginal costs are equal or a law begins."""
    known = {(each.before, each.after, each.error): each for each in law.transitions(legs[0].high, legs[-1].low)}
    found = []
    for one, other in pairwise(legs):
        there = known.get((one.shape, other.shape, one.low))
        kind = {"kind": there.kind, "radius": there.radius} if there else {"kind": None, "radius": None}
        found.append({"error": one.low, "before": one.shape, "after": other.shape, **kind})
    return found


def run_text(facts: dict[str, Any]) -> None:
    """The run as a table, with its sums below."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("shape", overflow="fold")
    for head in ("from error", "to error", "compute", "share"):
        table.add_column(head, justify="right")
    for leg in facts["schedule"]:
        share = leg["compute"] / facts["compute"]
        table.add_row(leg["shape"], *(shown(leg[key]) for key in ("high", "low", "compute")), f"{share:.1%}")
    output().print(table)
    switches = len(facts["schedule"]) - 1
    paid = f", {switches} × {shown(facts['switch_cost'])} for switches included" if facts["switch_cost"] else ""
    changes = [
        f"{each['before']} to {each['after']} at {shown(each['error'])}"
        + (f" ({each['kind']})" if each["kind"] else "")
        for each in facts["transitions"]
    ]
    lines = {
        "transitions": "; ".join(changes) or "none",
        "compute": f"{shown(facts['compute'])}{paid}",
        "alone": facts["alone"]
        if any(x is not None for x in facts["alone"].values())
        else "no single shape gets there",
        "saving": "–" if facts["saving"] is None else f"{facts['saving']:.1%} of the best single shape",
    }
    if isinstance(lines["alone"], dict):
        lines["alone"] = ", ".join(f"{name} {shown(each)}" for name, each in lines["alone"].items())
    for key, value in lines.items():
        click.echo(f"{key:11} {value}")
