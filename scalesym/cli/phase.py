"""``scalesym phase``: where a point of the plane lies, the table of all phases, and whether a claim about exponents holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import rich_click as click

from ..errors import ParameterError
from .arguments import NumberCommand
from .display import output, print_json

if TYPE_CHECKING:
    from ..phases import Entry, Phase

__all__ = ["phase_command"]

_PIECES = {"F_pp": r"\mathscr{F}_{pp}", "F_ac": r"\mathscr{F}_{ac}", "F_0": r"\mathscr{F}_0"}
_LATEX = _PIECES | {"K_pp": r"\tfrac{1}{\gamma B}\mathscr{K}_{pp}"}
_TEXT = {name: name for name in _PIECES} | {"K_pp": "K_pp/(γB)"}
_LONGEST = 30  # characters of a fraction that is shown
_WIDE = 170  # of the table where there is no terminal
_HEADS = ("phase", "region", "loss", "trade-off", "ξ", "η")


@click.command("phase", cls=NumberCommand)
@click.argument("alpha", required=False)
@click.argument("beta", required=False)
@click.option("--table", "whole", is_flag=True, help="The table of all phases.")
@click.option("--claim", metavar="TEXT", help="Decide a claim about exponents; needs scalesym[proofs].")
@click.option("--json", is_flag=True, help="JSON.")
@click.option("--latex", is_flag=True, help="LaTeX.")
@click.option("--markdown", is_flag=True, help="Markdown; the table only.")
def phase_command(alpha: str | None, beta: str | None, whole: bool, claim: str | None, **forms: bool) -> int:
    """The phase of compute-optimal training at a point, its exponents and what trades off.

    d* ≍ f^ξ is the best number of parameters at f FLOPs and P* ≍ f^(-η) the loss, as f → ∞. Numbers are exact: 0.7 and
    7/10 are the same. (On the irrational line alpha = 1 - 1/√2 there are claims: where=2alpha^2-4alpha+1=0.) A claim is
    decided by two SMT solvers in alpha > 0, alpha + beta > 1/2, as far as powers go; "where" comes last. The exit code is
    1 if it fails, and then a counterexample is shown.

    \b
    Examples:
      scalesym phase 1 7/10
      scalesym phase 1/2 1
      scalesym phase --table --latex
      scalesym phase --claim "eta=1-1/(4alpha), xi=1/2, where=2alpha>1, beta>alpha"
    """
    asked = [
        name
        for name, given in (("--table", whole), ("--claim", claim is not None), ("ALPHA", alpha is not None))
        if given
    ]
    if len(asked) != 1:
        raise click.UsageError(
            "give ALPHA and BETA, or --table, or --claim TEXT"
            if not asked
            else f"{' and '.join(asked)} exclude one another"
        )
    chosen = [name for name, given in forms.items() if given]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(f'--{name}' for name in chosen)} exclude one another")
    form = chosen[0] if chosen else None
    if form == "markdown" and not whole:
        raise click.UsageError("--markdown goes with --table")
    if claim is not None:
        if form == "latex":
            raise click.UsageError("--claim has no --latex; use --json")
        return _decide(claim, form == "json")
    if whole:
        _print_table(form)
        return 0
    if alpha is None or beta is None:
        raise click.UsageError("Missing argument 'BETA'")
    from ..phases import phase

    found = phase(alpha, beta)
    if form == "json":
        print_json(found.to_dict())
    else:
        click.echo(_latex(found) if form == "latex" else _text(found))
    return 0


def _text(found: Phase) -> str:
    equal = " = ".join(_TEXT[name] for name in found.tradeoff)
    with_logs = found.logarithm is not None or len(found.lines) > 1  # where lines meet they are not derived
    size, loss = ("= f^(ξ + o(1))", "= f^(-η + o(1))") if with_logs else ("≍ f^ξ", "≍ f^(-η)")
    lines = [
        f"{'line' if found.on_boundary else 'phase'}      {found.name}",
        f"where      {found.region}",
        f"loss       P(r) ≍ {' + '.join(_TEXT[name] for name in found.terms)}{', up to logarithms' if with_logs else ''}",
        f"best size  d* {size}, ξ = {_both(found.xi)}; {'trade-offs' if len(found.tradeoff) > 2 else 'there'} {equal}",
        f"loss then  P* {loss}, η = {_both(found.eta)}",
    ]
    if found.weights and len(str(found.weights)) < 200:
        mean = " · ".join(f"({_TEXT[name]})^({weight})" for name, weight in found.weights.items())
        lines.append(f"proof      {mean} = f^({-found.eta}) at every size d, up to constants")
    if found.jumps:
        lines.append(
            f"jump       {', '.join({'xi': 'ξ', 'eta': 'η'}[name] for name in found.jumps)} differs on both sides"
        )
    if found.logarithm:
        lines.append(f"logarithm  {found.logarithm}")
    lines += [f"note       {note}" for note in found.notes]
    return "\n".join(lines)


def _both(value: Any) -> str:
    if not isinstance(value, float) and len(str(value)) > _LONGEST:
        value = float(value)
    return (
        f"{value:.10g}"
        if isinstance(value, float)
        else f"{value}" + ("" if value.denominator == 1 else f" = {float(value):.6g}")
    )


def _latex(found: Phase) -> str:
    """The exponents with their formulas, for one phase; the powers with logarithms on a line."""
    if found.on_boundary:
        if found.logarithm:
            return found.logarithm.latex
        if len(found.lines) > 1:
            size, loss = _number(found.xi), _number(found.eta)
            return rf"d^\star=f^{{{size}+o(1)}},\quad \mathscr{{P}}^\star=f^{{-{loss}+o(1)}}"
        return rf"d^\star\asymp f^{{{_number(found.xi)}}},\quad \mathscr{{P}}^\star\asymp f^{{-{_number(found.eta)}}}"
    entry = found.entries[0]
    return (
        rf"\xi={_equal(entry.xi.latex, found.xi)},\quad \eta={_equal(entry.eta.latex, found.eta)}"
        rf"\qquad({' = '.join(_LATEX[name] for name in entry.tradeoff)};\ {entry.region.latex})"
    )


def _equal(formula: str, value: Any) -> str:
    number = _number(value)
    return formula if formula == number else f"{formula}={number}"


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"


# -- the table -------------------------------------------------------------------------------------------------------------


def _print_table(form: str | None) -> None:
    from ..phases import phase_table

    entries = phase_table().phases
    if form == "json":
        print_json([_record(entry) for entry in entries])
    elif form == "latex":
        click.echo(_latex_table(entries))
    elif form == "markdown":
        rows = [_HEADS, tuple("---" for _ in _HEADS), *map(_row, entries)]
        click.echo("\n".join(f"| {' | '.join(row)} |" for row in rows))
    else:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(*_HEADS, box=SIMPLE_HEAD, pad_edge=False)
        for entry in entries:
            table.add_row(*_row(entry))
        output(_WIDE).print(table)
        click.echo(
            "d* ≍ f^ξ, P* ≍ f^(-η); everywhere α > 0 and α + β > 1/2. On the lines between: scalesym phase ALPHA BETA"
        )


def _row(entry: Entry) -> tuple[str, ...]:
    loss = " + ".join(_TEXT[name] for name in entry.terms)
    equal = " = ".join(_TEXT[name] for name in entry.tradeoff)
    return entry.name, entry.region.text, loss, equal, entry.xi.text, entry.eta.text


def _record(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "region": entry.region.text,
        "terms": list(entry.terms),
        "tradeoff": list(entry.tradeoff),
        "xi": entry.xi.text,
        "eta": entry.eta.text,
        "weights": {name: weight.text for name, weight in entry.weights.items()},
        "corners": [corner.text for corner in entry.corners],
        "latex": {"region": entry.region.latex, "xi": entry.xi.latex, "eta": entry.eta.latex},
    }


def _latex_table(entries: Any) -> str:
    rows = []
    for entry in entries:
        loss, equal = ("+".join(_LATEX[n] for n in entry.terms), "=".join(_LATEX[n] for n in entry.tradeoff))
        cells = (entry.region.latex, loss, equal, entry.xi.latex, entry.eta.latex)
        rows.append(" & ".join([entry.name, *(f"${cell}$" for cell in cells)]) + r" \\")
    head = r"phase & region & $\mathscr{P}(r)\asymp$ & trade-off & $\xi$ & $\eta$ \\"
    return "\n".join(
        [r"\begin{tabular}{llllll}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"]
    )


# -- a claim -----------------------------------------------------------------------------------------------------------------


def _decide(claim: str, as_json: bool) -> int:
    from ..theorems.refutation import judge

    try:
        found = judge(claim, progress=_progress if sys.stderr.isatty() else None)
    except ModuleNotFoundError as error:
        raise ParameterError(
            "claim", claim, f"{error.name} is not installed", "pip install 'scalesym[proofs]'"
        ) from None
    finally:
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
    if as_json:
        print_json(found.to_dict())
    else:
        click.echo(found.because if found.outcome == "fails" else f"{found.outcome}: {found.because}")
    return 0 if found.outcome == "holds" else 1


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done} of {total} questions", nl=False, err=True)
