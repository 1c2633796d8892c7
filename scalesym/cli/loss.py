"""``scalesym loss``: the loss of one-pass SGD, its forcing and its kernel, at given numbers of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import batch_size, digits_count
from .arguments import NumberCommand, step_grid
from .display import accuracy_warnings, output, print_json

if TYPE_CHECKING:
    from ..model import PLRF

__all__ = ["loss_command"]

_QUANTITIES = {"P": "loss", "F": "forcing", "K": "kernel"}
_Columns = Mapping[str, list[Any]]
_DOUBLE_DIGITS = 10  # what is shown of a double; JSON and CSV carry it whole


@click.command("loss", cls=NumberCommand)
@click.argument("alpha")
@click.argument("beta")
@click.option("--d", required=True, metavar="D", help="Number of parameters.")
@click.option("--v", required=True, metavar="V", help="Latent dimension, above D; inf where 2·ALPHA > 1.")
@click.option(
    "--gamma",
    default="half-critical",
    show_default=True,
    metavar="G",
    help="Learning rate: a number, half-critical (half of the largest stable one), or trace:1/2 (γ·tr D = 1/2).",
)
@click.option(
    "--batch", default="1", show_default=True, metavar="B", help="Samples per step; their gradients are summed."
)
@click.option("--noise-variance", default="0", show_default=True, metavar="S", help="Variance of the label noise.")
@click.option(
    "--r", "steps", default="1:1e6", show_default=True, metavar="R", help="Steps: 1,10,100 or a range 0:1e6 (log grid)."
)
@click.option("--points", metavar="N", help="Points of a range, 31 by default.")
@click.option(
    "--what", default="P", show_default=True, metavar="P,F,K", help="P the loss, F the forcing, K the kernel."
)
@click.option("--digits", metavar="N", help="Correct decimal digits, 1 to 1000; double precision by default.")
@click.option("--json", "as_json", is_flag=True, help="JSON, with the conventions as data.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, with the conventions as # comments.")
def loss_command(
    alpha: str,
    beta: str,
    d: str,
    v: str,
    gamma: str,
    batch: str,
    noise_variance: str,
    steps: str,
    points: str | None,
    what: str,
    digits: str | None,
    as_json: bool,
    as_csv: bool,
) -> int:
    """The expected loss of one-pass SGD on power-law random features.

    ALPHA sets the spectrum j^(-2·ALPHA), BETA the target j^(-BETA); ALPHA + BETA > 1/2. Numbers are exact: 0.7, 7/10
    and 1e6 are read as rationals, and -1/5 is a number, not an option. The values are those of the deterministic
    equivalent at this d and v, at any number of steps for the same cost.

    \b
    Examples:
      scalesym loss 1 7/10 --d 20 --v 60 --gamma 3/10 --r 80 --digits 20
      scalesym loss 1 7/10 --d 1e6 --v inf --what P,F --r 0:1e12 --csv
      scalesym loss 4/5 -1/5 --d 1e4 --v 1e5 --gamma trace:1/2 --r 10,1000
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude one another")
    names = _quantities(what)
    grid, precision = step_grid(steps, points), digits_count(digits)

    from ..model import PLRF

    finished: dict[str, list[Any]] = {}
    interrupted = False
    with accuracy_warnings():
        model = PLRF(alpha, beta, d, v, gamma, batch_size(batch), noise_variance)
        try:
            for name in names:
                finished[name] = list(getattr(model, _QUANTITIES[name])(grid, digits=precision))
        except KeyboardInterrupt:
            interrupted = True
        if finished:
            stated = {"alpha": alpha, "beta": beta, "d": d, "v": v, "gamma": gamma, "batch": batch}
            stated |= {"noise_variance": noise_variance} if model.noise_variance else {}
            facts = _facts(model, stated)
            (_write_json if as_json else _write_csv if as_csv else _write_table)(facts, grid, finished, precision)
    if interrupted:
        click.echo(f"scalesym: interrupted; finished: {', '.join(finished) or 'nothing'}", err=True)
        return 130
    return 0


def _quantities(text: str) -> list[str]:
    names = [name.strip().upper() for name in text.split(",")]
    for name in names:
        if name not in _QUANTITIES or names.count(name) > 1:
            raise ParameterError("what", text, f"{name!r} is unknown or repeated", "choose from P,F,K")
    return names


def _facts(model: PLRF, stated: Mapping[str, str]) -> dict[str, object]:
    """What the numbers mean: the model as it was asked for, the learning rate used, the conventions, the limits."""
    return {
        "format": "scalesym-loss",
        "model": dict(stated),
        "level": "equivalent",
        "loss_factor": 1,
        "batch_gradient": "sum",
        "learning_rate": float(model.learning_rate()),
        "critical_learning_rate": float(model.critical_gamma()),
        "kernel_norm": float(model.kernel_norm()),
        "loss_limit": float(model.loss_limit()),
        "forcing_limit": float(model.forcing_limit()),
    }


def _header(facts: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    model = facts["model"]
    meaning = {
        "P": "P(r)    expected loss after r steps from θ = 0: E(⟨Wᵀx,θ⟩ − y)², without a factor 1/2",
        "F": "F(r)    forcing term of P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s), in the units of P",
        "K": "K(r)    kernel of P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s), a pure number",
    }
    rate, critical, norm = facts["learning_rate"], facts["critical_learning_rate"], facts["kernel_norm"]
    loss, forcing = facts["loss_limit"], facts["forcing_limit"]
    return [
        " ".join(f"{name}={value}" for name, value in model.items()),
        *(meaning[name] for name in names),
        "level   equivalent: the deterministic equivalent at this d and v",
        f"batch   gamma multiplies the sum over the batch, B = {model['batch']}, not the mean",
        f"gamma   {rate:.10g} ({model['gamma']}); SGD diverges from {critical:.6g} on",
        f"limits  P(∞) = {loss:.10g}, F(∞) = {forcing:.10g}, ‖K‖ = {norm:.10g}",
    ]


def _write_table(facts: Mapping[str, Any], grid: list[int], columns: _Columns, digits: int | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("r", *columns):
        table.add_column(name, justify="right" if name == "r" else "left", overflow="fold")
    for row in zip(grid, *columns.values(), strict=True):
        table.add_row(str(row[0]), *(_text(value, digits, _DOUBLE_DIGITS) for value in row[1:]))
    click.echo("\n".join(_header(facts, columns)))
    output().print(table)


def _write_csv(facts: Mapping[str, Any], grid: list[int], columns: _Columns, digits: int | None) -> None:
    lines = [f"# {line}" for line in _header(facts, columns)] + [",".join(("r", *columns))]
    for row in zip(grid, *columns.values(), strict=True):
        lines.append(",".join((str(row[0]), *(_text(value, digits, 17) for value in row[1:]))))
    click.echo("\n".join(lines))


def _write_json(facts: Mapping[str, Any], grid: list[int], columns: _Columns, digits: int | None) -> None:
    """Doubles as numbers; with ``digits``, text, so that no digit is lost."""
    values = {
        name: [float(value) if digits is None else _text(value, digits, digits) for value in column]
        for name, column in columns.items()
    }
    print_json({**facts, "digits": digits, "r": grid, **values})


def _text(value: Any, digits: int | None, digits_of_double: int) -> str:
    if digits is None:
        return f"{float(value):.{digits_of_double}g}"
    import mpmath

    return str(mpmath.nstr(value, digits, strip_zeros=False))
