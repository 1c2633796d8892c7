"""``scalesym oracle``: a verdict on any implementation, certified values on request, and the test vectors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from ..errors import ParameterError
from ..parameters import real, whole_number
from ..progress import progress_bar
from .arguments import one_line
from .display import output, print_json

if TYPE_CHECKING:
    from ..oracle.report import Report, Result

__all__ = ["oracle_command"]

_COLOURS = {"fail": "bold red", "refused wrongly": "bold red", "no answer": "bold red"}
_MOST_ROWS = 40  # failures in the table; the JSON report has them all


@click.group("oracle")
def oracle_command() -> None:
    """Certified values, and a verdict on your implementation, in whatever language it is.

    \b
    Examples:
      scalesym oracle check 'python3 mine.py'       is my implementation right?
      scalesym oracle serve                         certified values, a JSON request a line
      scalesym oracle vectors --emit DIR            the tests as files
    """


@oracle_command.command("check")
@click.argument("command")
@click.option(
    "--precision", default="float64", show_default=True, metavar="P", help="float32, float64, or mp:N digits."
)
@click.option("--quantity", metavar="Q", help="Only this quantity, such as P.")
@click.option("--level", metavar="L", help="Only this level: equivalent, continuum or asymptotic.")
@click.option("--flag", metavar="F", help="Only tests with this flag; see scalesym oracle vectors --flags.")
@click.option("--severity", type=click.Choice(("must", "should")), help="Only these tests.")
@click.option("--timeout", default="30", show_default=True, metavar="S", help="Seconds for an answer.")
@click.option("--limit", metavar="N", help="Only the first N of the tests.")
@click.option("--json", "json_file", metavar="FILE", help="Write the report as JSON; - for stdout.")
@click.option("--junit", "junit_file", metavar="FILE", help="Write the report as JUnit XML.")
def check_command(
    command: str,
    precision: str,
    quantity: str | None,
    level: str | None,
    flag: str | None,
    severity: str | None,
    timeout: str,
    limit: str | None,
    json_file: str | None,
    junit_file: str | None,
) -> int:
    """Put the test vectors to a program, judge its answers, and say which mistake it makes.

    COMMAND is run without a shell. It reads a request a line, {"id", "quantity", "level", "convention", "in"}, and answers
    each with a line, {"id", "value"}, or {"id", "unsupported": true}, or {"id", "refused": true, "reason"}, and flushes it.
    The tolerance follows from the certified value, its condition number and the declared precision.

    Exit code: 0; 1 if a test of severity "must" failed, was refused wrongly or had no answer, or if nothing was checked.

    \b
    Examples:
      scalesym oracle check 'python3 mine.py'
      scalesym oracle check ./mine --precision float32 --quantity P
      scalesym oracle check 'julia mine.jl' --timeout 120 --json report.json --junit report.xml
    """
    from ..oracle.checking import check_command as checked
    from ..oracle.checking import select

    seconds = float(real(timeout, "timeout", above=0, reason="it is no length of time"))
    tests = select(quantity=quantity, level=level, flag=flag, severity=severity)
    if limit is not None:
        tests = tests[: whole_number(limit, "limit", least=1)]
    for option, name in (("json", json_file), ("junit", junit_file)):
        if name not in (None, "-"):
            _write(option, str(name), "")  # a report that cannot be kept is said before the work
    with progress_bar(f"asking {one_line(command)[:40]}", after=0.5) as progress:
        report = checked(command, tests, precision=precision, timeout=seconds, progress=progress)
    if json_file == "-":
        print_json(report.to_dict())
    else:
        if json_file is not None:
            import json

            _write("json", json_file, json.dumps(report.to_dict(), indent=1, ensure_ascii=True, allow_nan=False) + "\n")
        _show(report)
    if junit_file is not None:
        _write("junit", junit_file, report.to_junit())
    return report.exit_code


@oracle_command.command("serve")
@click.option("--digits", metavar="N", help="Decimal digits of the answers, 1 to 200; double precision by default.")
@click.option("--certified", is_flag=True, help="With a proven radius.")
@click.option("--timeout", default="60", show_default=True, metavar="S", help="Seconds for a computation.")
def serve_command(digits: str | None, certified: bool, timeout: str) -> int:
    """Answer requests on stdin, one JSON object a line, with answers on stdout.

    A request is {"id", "quantity", "in"}, with "level", "convention", "digits" and "certified" if wanted. The answer is
    {"id", "value"}, with "radius" if certified; {"id", "refused": true, "reason"}; {"id", "unsupported": true, "reason"};
    or {"id", "error"} to a line that is no request, or to a computation that took too long.

    \b
    Examples:
      echo '{"id": 1, "quantity": "zeta0", "in": {"alpha": 1, "d": 20, "v": 60}}' | scalesym oracle serve --certified
      scalesym oracle serve --digits 50 < requests.jsonl > answers.jsonl
    """
    from ..oracle.serving import serve

    count = None if digits is None else whole_number(digits, "digits", least=1)
    if count is not None and count > 200:
        raise ParameterError("digits", digits, "it counts decimal digits", "use an integer from 1 to 200")
    seconds = float(real(timeout, "timeout", above=0, reason="it is no length of time"))
    serve(sys.stdin.buffer, sys.stdout.buffer, digits=count, certified=certified, timeout=seconds)
    return 0


@oracle_command.command("vectors")
@click.option("--emit", metavar="DIR", help="Write vectors, prompts without answers, schemas and a README there.")
@click.option("--list", "list_only", is_flag=True, help="List the tests.")
@click.option("--flags", "flags_only", is_flag=True, help="List the flags: kinds of mistakes, and hazards.")
def vectors_command(emit: str | None, list_only: bool, flags_only: bool) -> int:
    """The test vectors: as files, or what is in them.

    \b
    Examples:
      scalesym oracle vectors --emit vectors
      scalesym oracle vectors --flags
    """
    if (emit is not None) + list_only + flags_only != 1:
        raise click.UsageError("give one of --emit DIR, --list and --flags")
    from ..oracle import vectors

    if emit is not None:
        try:
            written = vectors.emit(Path(emit))
        except OSError as error:
            raise ParameterError(
                "emit", emit, str(error.strerror or error), "name a directory that can be written"
            ) from None
        click.echo(f"{emit}: {len(written)} files; begin with README.md")
    elif list_only:
        _table(
            ("test", "kind", "severity", "quantity", "level", "flags"),
            [(t.id, t.kind, t.severity, t.quantity, t.level, ", ".join(t.flags)) for t in vectors.tests()],
        )
    else:
        _table(("flag", "meaning"), list(vectors.FLAGS.items()))
    return 0


def _write(option: str, name: str, text: str) -> None:
    try:
        if text:
            Path(name).write_text(text, encoding="utf-8")
        else:
            with open(name, "a", encoding="utf-8"):
                pass
    except OSError as error:
        raise ParameterError(option, name, str(error.strerror or error), "name a file that can be written") from None


def _show(report: Report) -> None:
    """Counts by quantity; then what did not pass, with numbers and diagnosis; then the conclusion."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in report.results:
        groups.setdefault((result.test.quantity, result.test.level), []).append(result)
    columns = [outcome for outcome, count in report.counts.items() if count]
    if groups:
        _table(
            ("quantity", "level", *columns),
            [
                (*place, *(str(sum(r.outcome == c for r in members) or "") for c in columns))
                for place, members in groups.items()
            ],
        )
    bad = [result for result in report.results if result.outcome in _COLOURS]
    if bad:
        _show_failures(bad)
    console = output()
    for line in report.lines():
        console.print(line, soft_wrap=True)


def _show_failures(bad: list[Result]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from ..oracle.diagnosis import scientific

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("test", "verdict", "expected", "got"):
        table.add_column(name, overflow="fold", ratio=2 if name == "test" else None)
    table.add_column("error", justify="right", no_wrap=True)
    table.add_column("allowed", justify="right", no_wrap=True)
    table.add_column("diagnosis", overflow="fold", ratio=3)
    for result in bad[:_MOST_ROWS]:
        judgement = result.judgement
        numbers = [scientific(x) if x else "" for x in (judgement.error, judgement.tolerance)]
        why = one_line("; ".join(part for part in (judgement.text, result.diagnosis.text) if part))
        word = result.outcome.upper() if result.test.severity == "must" else f"{result.outcome} (should)"
        shown = (_short(result.expected), _short(result.got))
        table.add_row(result.test.id, Text(word, style=_COLOURS[result.outcome]), *shown, *numbers, why)
    console = output()
    console.print(table)
    if len(bad) > _MOST_ROWS:
        console.print(f"and {len(bad) - _MOST_ROWS} more; --json FILE has them all")


def _short(text: str, limit: int = 22) -> str:
    """A number with fewer digits, but with its exponent; other text cut."""
    digits, mark, exponent = text.partition("e")
    if not mark or not digits.lstrip("-").replace(".", "", 1).isdigit():
        return text[:limit]
    return digits[: limit - 1 - len(exponent)] + mark + exponent


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    output().print(table)
