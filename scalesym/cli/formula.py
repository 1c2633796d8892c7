"""``scalesym formula``: a formula of the catalogue in any form and notation, how it was derived, or all in a document."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import rich_click as click

from ..errors import ParameterError
from .display import output, print_json

if TYPE_CHECKING:
    from ..formulas import Formula

__all__ = ["formula_command"]


_FORMS = ("text", "latex", "python", "json", "mathml")
_NOTATIONS = ("paquette", "bordelon", "lin", "bahri", "maloney", "source-capacity")


@click.command("formula")
@click.argument("id", required=False, metavar="[ID]")
@click.option("--form", type=click.Choice(_FORMS), help="How to write it; text by default.")
@click.option("--latex", "form", flag_value="latex", hidden=True)
@click.option("--text", "form", flag_value="text", hidden=True)
@click.option("--json", "form", flag_value="json", hidden=True)
@click.option("--notation", type=click.Choice(_NOTATIONS), default="paquette", help="Whose letters to write it in.")
@click.option("--loss-factor", type=click.Choice(("1", "1/2")), default="1", help="Factor of the squared error.")
@click.option(
    "--batch-gradient", type=click.Choice(("sum", "mean")), default="sum", help="What the learning rate multiplies."
)
@click.option("--derivation", is_flag=True, help="Every step, from the definition of the model to the formula.")
@click.option("--list", "list_only", is_flag=True, help="List the formulas.")
@click.option(
    "--document", type=click.Path(dir_okay=False), metavar="FILE.tex", help="All of them as one LaTeX document."
)
def formula_command(
    id: str | None,
    form: str | None,
    notation: str,
    loss_factor: str,
    batch_gradient: str,
    derivation: bool,
    list_only: bool,
    document: str | None,
) -> int:
    """A formula of the catalogue: as text, as LaTeX to paste, as Python to run, or with its derivation.

    Each entry says at which level of approximation and under which conditions it holds, and whether it is derived from
    the definition of the model or assumed from a source. Letters and conventions are those of arXiv:2405.15074 unless
    others are asked for.

    \b
    Examples:
      scalesym formula --list
      scalesym formula F_pp --derivation
      scalesym formula F_pp.asymptotic --form latex --notation bordelon
      scalesym formula K_pp --form python --batch-gradient mean
    """
    from ..formulas import formula, formula_ids

    if list_only or document is not None:
        asked = "--list" if list_only else "--document"
        if list_only and document is not None:
            raise click.UsageError("--list and --document exclude one another")
        if id is not None:
            raise click.UsageError(f"{asked} takes no ID")
        if derivation or (notation, loss_factor, batch_gradient) != ("paquette", "1", "sum"):
            raise click.UsageError(f"{asked} is in the letters and conventions of the paper, without other options")
        entries = [formula(each) for each in formula_ids()]
        if list_only:
            _list(entries, form == "json")
        else:
            _write_document(document or "", entries)
        return 0
    if id is None:
        raise click.UsageError("Missing argument 'ID'; --list shows them all")
    if form in ("python", "mathml") and derivation:
        raise click.UsageError(f"--form {form} has no --derivation; use text, latex or json")
    if form == "python" and notation != "paquette":
        raise click.UsageError("--form python names its arguments by the letters of the paper, without --notation")
    entry = formula(id).in_convention(loss_factor=loss_factor, batch=batch_gradient).in_notation(notation)
    if form == "json":
        print_json(entry.to_dict())
    elif form == "latex":
        click.echo(_aligned(entry) if derivation else entry.latex())
    elif form == "python":
        click.echo(entry.python())
    elif form == "mathml":
        click.echo(entry.mathml())
    else:
        click.echo(entry.text(derivation=derivation))
    return 0


def _write_document(path: str, entries: list[Formula]) -> None:
    from pathlib import Path

    from ..formulas.document import document
    from ..report import installed_version

    try:
        Path(path).write_text(document(entries, installed_version("scalesym") or ""), encoding="utf-8")
    except OSError as error:
        raise ParameterError(
            "document", path, str(error.strerror or error), "name a file that can be written"
        ) from error
    click.echo(f"{path}: {len(entries)} formulas; compile it twice, with pdflatex")


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
