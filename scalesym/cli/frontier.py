"""``scalesym frontier``: the compute-optimal frontier of the exact equations, beside the theory of its phase."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import real, whole_number
from .arguments import NumberCommand
from .display import accuracy_warnings, output, print_json

if TYPE_CHECKING:
    from ..crossover import Crossover
    from ..frontiers import Frontier
    from ..phases import Phase
    from ..sharp import SharpFrontier

__all__ = ["flops_grid", "frontier_command"]

_FLOPS = "1e9:1e24"
_POINTS = 6
_MOST_POINTS = 1000
_PIECES = {"F_pp": "F_pp", "F_ac": "F_ac", "F_0": "F_0", "K_pp": "K_pp/(γB)"}
_RULES = "half-critical (half of the largest stable one), trace:1/2 (γ·tr D = 1/2), or a number."


@click.command("frontier", cls=NumberCommand)
@click.argument("alpha", required=False)
@click.argument("beta", required=False)
@click.option(
    "--flops",
    multiple=True,
    metavar="F",
    help=f"Budgets f = rBd: 1e9,1e12 or a range 1e9:1e24:6 (log grid); may be repeated.  [default: {_FLOPS}]",
)
@click.option("--v-over-d", default="10", show_default=True, metavar="X", help="v/d; inf where 2·ALPHA > 1.")
@click.option("--gamma", default="half-critical", show_default=True, metavar="G", help=f"Learning rate: {_RULES}")
@click.option("--batch", default="1", show_default=True, metavar="B", help="Samples per step; gradients are summed.")
@click.option("--crossover", metavar="TOL", help="From which budget on η and ξ stay within TOL of the theory's.")
@click.option(
    "--largest", metavar="F", help="Where --crossover ends to look; 1e30 takes much less time.  [default: 1e100]"
)
@click.option("--table", "whole", is_flag=True, help="Two points of every phase, or ALPHA BETA: exponents and limits.")
@click.option("--digits", metavar="N", help="Decimal digits, as text in --json; ten seconds a budget and more.")
@click.option("--json", "as_json", is_flag=True, help="JSON, with all digits.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, with the conventions as # comments.")
@click.option("--markdown", is_flag=True, help="Markdown; the table only.")
def frontier_command(
    alpha: str | None,
    beta: str | None,
    flops: tuple[str, ...],
    v_over_d: str,
    gamma: str,
    batch: str,
    crossover: str | None,
    largest: str | None,
    whole: bool,
    digits: str | None,
    as_json: bool,
    as_csv: bool,
    markdown: bool,
) -> int:
    """The best size d* and the least loss P* at a budget, with their local exponents.

    The exact loss of the deterministic equivalent is minimised over d at f = rBd, with v/d, the rule of the learning rate and the
    batch fixed. η = -dlogP*/dlogf and ξ = dlogd*/dlogf are exact derivatives at this budget; the phase's are their limits.

    --table shows them at 1e9 … 1e24 in every phase, further where they are slow, and their limits by Shanks' transformation, which
    knows nothing of the theory. It takes some minutes, and --crossover up to 1e100 one or two.

    \b
    Examples:
      scalesym frontier 1 7/10
      scalesym frontier 4/5 6/5 --flops 1e6:1e100:20 --csv
      scalesym frontier 1 7/10 --crossover 0.01
      scalesym frontier --table --markdown
    """
    chosen = [f"--{name}" for name, on in (("json", as_json), ("csv", as_csv), ("markdown", markdown)) if on]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude one another")
    if alpha is not None and beta is None:
        raise click.UsageError("Missing argument 'BETA'")
    if largest is not None and crossover is None:
        raise click.UsageError("--largest goes with --crossover")
    model: dict[str, Any] = {"v_over_d": v_over_d, "gamma": gamma, "batch": batch}
    if whole:
        for name, given in (("--flops", bool(flops)), ("--crossover", crossover is not None), ("--csv", as_csv)):
            if given:
                raise click.UsageError(f"--table and {name} exclude one another")
        from .frontier_table import print_table

        return print_table(None if alpha is None or beta is None else (alpha, beta), model, as_json, markdown)
    if markdown:
        raise click.UsageError("--markdown goes with --table")
    if alpha is None or beta is None:
        raise click.UsageError("give ALPHA and BETA, or --table")
    if as_csv and crossover is not None:
        raise click.UsageError("--crossover has no --csv; use --json")
    if digits is not None and not as_json:
        raise click.UsageError("--digits goes with --json")
    budgets = flops_grid(flops or (_FLOPS,)) if flops or crossover is None else []
    end = {} if largest is None else {"largest": real(largest, "largest", above=0, reason="it counts operations")}

    from ..frontiers import frontier
    from ..phases import phase

    where = phase(alpha, beta)
    stated = {"alpha": alpha, "beta": beta, **model}
    wanted = None if digits is None else whole_number(digits, "digits", least=1)
    with accuracy_warnings():
        found = frontier(alpha, beta, budgets, digits=wanted, **model) if budgets else None
        reached = None
        if crossover is not None:
            from ..crossover import crossover as look

            reached = look(alpha, beta, crossover, **model, **end)
        if as_json:
            _write_json(stated, where, found, reached)
        elif as_csv:
            assert found is not None
            _write_csv(stated, where, found)
        else:
            _write_text(stated, where, found, reached)
    return 0


def flops_grid(texts: tuple[str, ...]) -> list[float]:
    """Budgets, ascending and each once, from lists ``"1e9,1e12"`` and ranges ``"1e9:1e24:6"``.

    Raises
    ------
    ParameterError
        If one is not positive, a range is empty, or there are more than 1000.

    Examples
    --------
    >>> flops_grid(("1e9:1e24:6", "1e6,1e9"))
    [1000000.0, 1000000000.0, 1000000000000.0, 1000000000000000.0, 1e+18, 1e+21, 1e+24]
    """
    found: set[float] = set()
    for text in texts:
        for part in text.split(","):
            found |= set(_range(part))
    if len(found) > _MOST_POINTS:
        raise ParameterError("flops", ",".join(texts), "these are too many budgets", f"give at most {_MOST_POINTS}")
    return sorted(found)


def _range(text: str) -> list[float]:
    def budget(word: str) -> float:
        return float(real(word.strip(), "flops", above=0, reason="it counts floating-point operations"))

    first, *rest = text.split(":")
    if not rest:
        return [budget(first)]
    if len(rest) > 2:
        raise ParameterError("flops", text, "it is no range", "write FIRST:LAST or FIRST:LAST:POINTS")
    low, high = budget(first), budget(rest[0])
    if not low < high:
        raise ParameterError("flops", text, "the range is empty", "write FIRST:LAST with FIRST < LAST")
    count = whole_number(rest[1], "flops", least=2) if len(rest) == 2 else _POINTS
    if count > _MOST_POINTS:
        raise ParameterError("flops", text, "these are too many budgets", f"give at most {_MOST_POINTS}")
    step = (math.log10(high) - math.log10(low)) / (count - 1)
    inner = [float(f"{10 ** (math.log10(low) + step * k):.12g}") for k in range(1, count - 1)]  # powers of ten as such
    return [low, *inner, high]


def _decimal(value: Any) -> str:
    text = str(value)
    return (
        text if isinstance(value, float) or value.denominator == 1 or len(text) > 30 else f"{text} = {float(value):.6g}"
    )


def _header(stated: Mapping[str, str], where: Phase) -> list[str]:
    lines = [
        " ".join(f"{name}={value}" for name, value in stated.items()),
        "level   equivalent: P is the loss of the deterministic equivalent, without a factor 1/2; f = rBd",
        f"phase   {where.name}: η → {_decimal(where.eta)}, ξ → {_decimal(where.xi)} as f → ∞; "
        f"trade-off {' = '.join(_PIECES[name] for name in where.tradeoff)}",
    ]
    if where.logarithm:
        lines.append(f"line    {where.logarithm}: local exponents approach η and ξ like 1/log f")
    law = _sharp(stated)
    if law is not None:
        logs = "times the logarithms" if where.logarithm else ""
        lines.append(f"sharp   d* ~ {law.c:.6g} f^ξ, P* ~ {law.C:.6g} f^(-η) {logs}".rstrip())
    return lines


def _sharp(stated: Mapping[str, str]) -> SharpFrontier | None:
    """The sharp law, where there is one."""
    from ..errors import ScalesymError
    from ..sharp import sharp_frontier

    try:
        return sharp_frontier(**stated)
    except ScalesymError:  # where lines meet, or no learning rate is left as d → ∞
        return None


def _columns(found: Frontier, where: Phase) -> dict[str, Any]:
    eta, xi = float(where.eta), float(where.xi)
    shares = {f"share_{name}": value for name, value in found.shares._asdict().items()}
    return {
        "f": found.flops,
        "d": found.d,
        "r": found.steps,
        "P": found.loss,
        "eta": found.eta,
        "eta_off": found.eta - eta,
        "xi": found.xi,
        "xi_off": found.xi - xi,
        "trade_off": ["=".join(pair) for pair in found.active],
        **shares,
    }


_HEADS = {
    "d": "d*",
    "r": "r*",
    "P": "P*",
    "eta": "η",
    "eta_off": "− theory",
    "xi": "ξ",
    "xi_off": "− theory",
    "trade_off": "trade-off",
}


def _write_text(stated: Mapping[str, str], where: Phase, found: Frontier | None, reached: Crossover | None) -> None:
    click.echo("\n".join(_header(stated, where)))
    if found is not None:
        columns = _columns(found, where)
        shares = ["f", "r", *(name for name in columns if name == "trade_off" or name.startswith("share_"))]
        _print_columns(columns, [name for name in columns if name == "f" or name not in shares])
        _print_columns(columns, shares)
        click.echo(
            "trade-off: the largest piece that grows with d, and the largest that falls; shares of their sum, K_pp over γB"
        )
        for budget, several in zip(found.flops, found.minima, strict=True):
            if len(several) > 1:
                places = ", ".join(f"P = {one.loss:.6g} at d = {one.d:.6g}" for one in several)
                click.echo(f"at f = {budget:g} there are {len(several)} local minima: {places}")
    if reached is not None:
        for which, letter in (("eta", "η"), ("xi", "ξ")):
            click.echo(f"{letter}       {reached.describe(which)}")
        if reached.eta is not None or reached.xi is not None:
            click.echo(
                f"        between budgets that were looked at, a factor of up to {reached.widest:.2g}, nothing is known"
            )


def _print_columns(columns: Mapping[str, Any], names: list[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(_HEADS.get(name, name.removeprefix("share_")), no_wrap=True)
    for row in zip(*(columns[name] for name in names), strict=True):
        table.add_row(*(_cell(name, value) for name, value in zip(names, row, strict=True)))
    output().print(table)


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name.startswith("share_"):
        return f"{100 * value:.3g} %" if value >= 1e-4 else "0 %" if value == 0 else "< 0.01 %"
    if name.endswith("_off"):
        return f"{value:+.1e}"
    if name in ("eta", "xi"):
        return f"{value:.6f}"
    return f"{value:.5g}"


def _write_csv(stated: Mapping[str, str], where: Phase, found: Frontier) -> None:
    columns = _columns(found, where)
    lines = [f"# {line}" for line in _header(stated, where)] + [",".join(columns)]
    for row in zip(*columns.values(), strict=True):
        lines.append(",".join(value if isinstance(value, str) else f"{value:.17g}" for value in row))
    click.echo("\n".join(lines))


def _write_json(stated: Mapping[str, str], where: Phase, found: Frontier | None, reached: Crossover | None) -> None:
    data: dict[str, Any] = {
        "format": "scalesym-frontier",
        "model": dict(stated),
        "level": "equivalent",
        "loss_factor": 1,
        "batch_gradient": "sum",
        "phase": where.to_dict(),
    }
    law = _sharp(stated)
    data["sharp"] = law.to_dict() if law is not None else None
    if found is not None:
        data |= found.to_dict()
    if reached is not None:
        data["crossover"] = reached.to_dict()
    print_json(data)
