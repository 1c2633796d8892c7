"""``scalesym formula``: a formula of the catalogue, as text, LaTeX or JSON, and how it was derived."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import rich_click as click

from .display import output, print_json

if TYPE_CHECKING:
    from ..formulas import Formula

__all__ = ["formula_command"]


@click.command("formula")
@click.argument("id", required=False, metavar="[ID]")
@click.option(
    "--latex",
    "style",
    flag_value="latex",
    help="The formula alone, to paste into a document; with --derivation the whole chain.",
)
@click.option("--text", "style", flag_value="text", help="The formula, its conditions and its source (the default).")
@click.option("--json", "style", flag_value="json", help="The whole entry of the catalogue.")
@click.option("--derivation", is_flag=True, help="Every step, from the definition of the model to the formula.")
@click.option("--list", "list_only", is_flag=True, help="List the formulas.")
def formula_command(id: str | None, style: str | None, derivation: bool, list_only: bool) -> int:
    """A formula of the catalogue: as text, as LaTeX to paste, or with its derivation.

    Each entry says at which level of approximation and under which conditions it holds, and whether it is derived from
    the definition of the model or assumed from a source.

    \b
    Examples:
      scalesym formula --list
      scalesym formula F_pp --latex
      scalesym formula F_pp --derivation
    """
    from ..formulas import formula, formula_ids

    if list_only:
        if id is not None:
            raise click.UsageError("--list takes no ID")
        _list([formula(each) for each in formula_ids()], style == "json")
        return 0
    if id is None:
        raise click.UsageError("Missing argument 'ID'; --list shows them all")
    entry = formula(id)
    if style == "json":
        print_json(entry.to_dict())
    elif style == "latex":
        click.echo(_aligned(entry) if derivation else entry.latex())
    else:
        click.echo(entry.text(derivation=derivation))
    return 0


def _aligned(entry: Formula) -> str:
    r"""The chain of expressions as one ``aligned`` environment, a relation sign in front of each but the first."""
    sign = {"": "", "=": "=", "~": r"\sim"}
    changes = [line for last, line in pairwise(entry.derivation) if line.latex != last.latex]
    lines = [f"  &{sign[line.relation]} {line.latex}" for line in (*entry.derivation[:1], *changes)]
    return "\n".join((r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"))


def _list(entries: list[Formula], as_json: bool) -> None:
    """The statement is the first line of an entry's text."""
    rows = [
        {"id": e.id, "level": e.level, "status": e.status, "statement": e.text().partition("\n")[0]} for e in entries
    ]
    if as_json:
        print_json(rows)
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(*rows[0], box=SIMPLE_HEAD, pad_edge=False) if rows else Table()
    for row in rows:
        table.add_row(*row.values())
    output().print(table)
