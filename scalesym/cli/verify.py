"""``scalesym verify``: run the claims, show the table, count what is not known."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import TYPE_CHECKING, Protocol

import rich_click as click

from .display import accuracy_warnings, output, print_json

if TYPE_CHECKING:
    from ..ledger import Claim, Ledger, Report, Row

__all__ = ["verify_command"]

_COLOURS = {
    "holds": "green",
    "fails": "bold red",
    "unknown": "bold yellow",
    "skipped": "bold yellow",
    "assumed": "cyan",
}


@click.command("verify")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--quick", is_flag=True, help="Only the quick claims, a few seconds in all.")
@click.option("--strict", is_flag=True, help="Exit 1 also if a claim is unknown or was skipped.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, with every figure seen and all versions.")
@click.option("--list", "list_only", is_flag=True, help="List the claims and check nothing.")
def verify_command(ids: tuple[str, ...], quick: bool, strict: bool, as_json: bool, list_only: bool) -> int:
    """Check the package's claims, each by a road that shares no code with what it checks.

    ID is a claim or the common beginning of several; without one, all are checked. The tiers, from strong to weak:
    kernel (a proof assistant), smt (two solvers), exact (algebra), ball (proven radius), numeric (digits on a grid),
    sampled (statistics), assumed (cited, not checked).

    A claim holds, fails, or is unknown; it is skipped if an optional solver is not installed.
    Exit code: 0, or 1 if a claim fails, and under --strict also if one is unknown or skipped.

    \b
    Examples:
      scalesym verify                    everything
      scalesym verify --quick            a first impression
      scalesym verify kernel --strict    the claims whose id begins with "kernel"
    """
    from ..claims import load

    ledger = load()
    if list_only:
        _list(ledger.select(ids, quick=quick), as_json)
        return 0
    with accuracy_warnings(), _progress(len(ledger.select(ids, quick=quick))) as progress:
        report = ledger.run(ids, quick=quick, progress=progress)
    if as_json:
        print_json(report.to_dict() | {"strict": strict, "exit_code": report.exit_code(strict)})
    else:
        _show(ledger, report, strict)
    if report.interrupted:
        click.echo(f"scalesym: interrupted; not checked: {' '.join(report.unfinished)}", err=True)
    return report.exit_code(strict)


class _Progress(Protocol):
    def __call__(self, claim: Claim, row: Row | None) -> None: ...


@contextmanager
def _progress(total: int) -> Iterator[_Progress | None]:
    """A bar on stderr that names the claim at work; each claim that does not hold is printed as soon as it is known."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.file_proxy import FileProxy
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    label = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), MofNCompleteColumn(), BarColumn(), TimeElapsedColumn(), label)
    console = Console(file=sys.stderr, highlight=False, markup=False)

    class AboveTheBar(FileProxy):
        """What checks write to stderr; they see no terminal, and so draw no bar of their own."""

        def isatty(self) -> bool:
            return False

    bar = Progress(*columns, console=console, transient=True, redirect_stderr=False)
    with bar, redirect_stderr(AboveTheBar(console, sys.stderr)):
        task = bar.add_task("", total=total)

        def step(claim: Claim, row: Row | None) -> None:
            if row is None:
                bar.update(task, description=claim.id)
                return
            bar.advance(task)
            if row.verdict.outcome in ("fails", "unknown"):
                console.print(f"{row.verdict.outcome}: {claim.id}", style=_COLOURS[row.verdict.outcome])

        yield step


def _show(ledger: Ledger, report: Report, strict: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("claim", overflow="fold")
    table.add_column("tier")
    table.add_column("verdict", no_wrap=True)
    table.add_column("deciding figure", overflow="fold", ratio=1)
    table.add_column("seconds", justify="right", no_wrap=True)
    outside: dict[str, None] = {}
    for row in report.rows:
        verdict, colour = row.verdict, _COLOURS[row.verdict.outcome]
        weak = [f"{id} ({outcome})" for id, outcome in row.weakened_by.items() if outcome != "not run"]
        outside |= {id: None for id, outcome in row.weakened_by.items() if outcome == "not run"}
        deciding = verdict.deciding + (f"\nbut rests on {', '.join(weak)}" if weak else "")
        word = verdict.outcome if verdict.outcome in ("holds", "assumed") else verdict.outcome.upper()
        seconds = "" if verdict.outcome == "assumed" else f"{row.seconds:.2f}"
        table.add_row(row.claim.id, row.claim.tier, Text(word, style=colour), deciding, seconds)
    console = output()
    console.print(table)
    needed = {id for row in report.rows for id in row.assumptions}
    for id in (claim.id for claim in ledger if claim.id in needed):
        resting = sum(id in row.assumptions for row in report.rows)
        console.print(f"{resting} of these depend on the assumption {id}: {ledger[id].statement} [{ledger[id].source}]")
    if outside:
        console.print(f"outside this selection, and not checked now: {', '.join(outside)}")
    console.print(_summary(report, strict))


def _summary(report: Report, strict: bool) -> str:
    counts = report.counts
    loud = [f"{counts['holds']} hold"]
    for outcome, word in (("fails", "fail"), ("unknown", "unknown"), ("skipped", "skipped")):
        count = counts[outcome]  # type: ignore[index]
        loud.append(f"{count} {word.upper() if count else word}")
    if counts["assumed"]:
        loud.append(f"{counts['assumed']} assumed")
    if not report.rows:
        loud = ["NO CLAIM was checked"]
    refused = report.exit_code(strict) not in (0, 130)
    ending = f", NOT ACCEPTED{' under --strict' if strict else ''}" if refused else ""
    return f"{', '.join(loud)}; {sum(row.seconds for row in report.rows):.1f} s{ending}"


def _list(claims: tuple[Claim, ...], as_json: bool) -> None:
    if as_json:
        names = ("id", "tier", "statement", "latex", "source", "quick", "rests_on", "about")
        print_json([{name: getattr(claim, name) for name in names} | {"false": list(claim.false)} for claim in claims])
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("claim", "tier", "quick", "false variants", "statement"):
        table.add_column(name, overflow="fold", justify="right" if name == "false variants" else "left")
    for claim in claims:
        quick, variants = "quick" if claim.quick else "", str(len(claim.false) or "")
        table.add_row(claim.id, claim.tier, quick, variants, claim.statement)
    output().print(table)
