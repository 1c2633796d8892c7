"""``scalesym simulate``: runs of SGD on one draw of the random features, with theory beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from ..parameters import batch_size, whole_number
from .arguments import NumberCommand, step_grid
from .display import accuracy_warnings, output, print_json

if TYPE_CHECKING:
    from ..model import PLRF
    from ..sampled import Sample, Simulation

__all__ = ["simulate_command"]

_QUANTILES = {"10 %": 0.1, "median": 0.5, "90 %": 0.9}


@click.command("simulate", cls=NumberCommand)
@click.argument("alpha")
@click.argument("beta")
@click.option("--d", required=True, metavar="D", help="Number of parameters, an integer.")
@click.option("--v", required=True, metavar="V", help="Latent dimension, an integer above D.")
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
@click.option("--steps", required=True, metavar="R", help="How many steps.")
@click.option("--runs", default="10", show_default=True, metavar="N", help="How many independent runs.")
@click.option("--seed", default="0", show_default=True, metavar="K", help="Seed of W and of the data.")
@click.option(
    "--method",
    default="eigenbasis",
    show_default=True,
    metavar="M",
    help="literal (draw x, form Wᵀx, update θ), or eigenbasis (the same law, faster).",
)
@click.option("--record", metavar="R", help="Steps to show: 1,10,100 or a range 1:1e6; by default about 20.")
@click.option("--plot", metavar="FILE", help="Also draw it: a .png, .pdf or .svg file.")
@click.option("--json", "as_json", is_flag=True, help="JSON, with every run and the conventions as data.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, with the conventions as # comments.")
def simulate_command(
    alpha: str,
    beta: str,
    d: str,
    v: str,
    gamma: str,
    batch: str,
    noise_variance: str,
    steps: str,
    runs: str,
    seed: str,
    method: str,
    record: str | None,
    plot: str | None,
    as_json: bool,
    as_csv: bool,
) -> int:
    """Runs of one-pass SGD on one draw of W, beside theory.

    Next to the mean over the runs and quantiles stands the exact mean given this W, and the deterministic equivalent.
    The loss of a run is heavy-tailed: with few runs the mean over them lies below the exact mean more often than above.
    Ctrl-C ends the runs and shows what is done.

    \b
    Examples:
      scalesym simulate 1 7/10 --d 100 --v 1000 --steps 1e5
      scalesym simulate 1 7/10 --d 100 --v 1000 --steps 1e4 --runs 100 --plot runs.png
      scalesym simulate 1 7/10 --d 20 --v 60 --batch 8 --steps 1000 --method literal
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude one another")
    target = _picture(plot)
    last = whole_number(steps, "steps", least=1)
    grid = step_grid(f"0:{last}", "21" if last > 20 else str(last + 1)) if record is None else step_grid(record)
    chosen = whole_number(seed, "seed", least=0)

    import numpy as np

    from ..model import PLRF

    with accuracy_warnings():
        model = PLRF(alpha, beta, d, v, gamma, batch_size(batch), noise_variance)
        sample = model.sample(chosen)
        between = step_grid(f"1:{last}", "100") if target is not None and record is None and last > 1 else []
        found = sample.simulate(last, runs, chosen, method, record=[*grid, *between])  # type: ignore[arg-type]
        shown = np.isin(found.r, grid)
        table = replace(found, r=found.r[shown], loss=found.loss[:, shown])
        stated = {
            "alpha": alpha,
            "beta": beta,
            "d": d,
            "v": v,
            "gamma": gamma,
            "batch": batch,
            "noise_variance": noise_variance,
            "steps": steps,
            "runs": runs,
            "seed": seed,
            "method": method,
        }
        columns = _columns(model, sample, table)
        facts = _facts(model, sample, stated)
        if as_json:
            rows = {name: [float(x) for x in column] for name, column in columns.items()}
            print_json(
                {**facts, "finished": found.finished, "r": table.r.tolist(), **rows, "losses": table.loss.tolist()}
            )
        else:
            (_write_csv if as_csv else _write_table)(facts, table, columns)
        if target is not None and len(found.r) > 1:
            from ..plots import save_figure, simulation_figure

            save_figure(simulation_figure(model, sample, found), target, name="plot")
            click.echo(f"scalesym: wrote {target}", err=True)
    if not found.finished:
        at = int(found.r[-1]) if len(found.r) else 0
        click.echo(f"scalesym: interrupted after step {at} of {last}", err=True)
        return 130
    return 0


def _picture(plot: str | None) -> Path | None:
    """Where the picture goes, checked before the work."""
    if plot is None:
        return None
    from ..plots import picture_path, require_matplotlib

    target = picture_path(plot, "plot")
    require_matplotlib()
    return target


def _columns(model: PLRF, sample: Sample, found: Simulation) -> dict[str, Any]:
    steps = found.r.tolist()
    return {
        "mean": found.mean,
        **{name: found.quantile(q) for name, q in _QUANTILES.items()},
        "exact mean": sample.conditional_loss(steps),
        "equivalent": model.loss(steps),
    }


def _facts(model: PLRF, sample: Sample, stated: Mapping[str, str]) -> dict[str, Any]:
    """What the numbers mean."""
    return {
        "format": "scalesym-simulation",
        "model": dict(stated),
        "levels": {"mean": "sampled", "exact mean": "conditional", "equivalent": "equivalent"},
        "loss_factor": 1,
        "batch_gradient": "sum",
        "learning_rate": sample.gamma,
        "critical_learning_rate_of_this_draw": sample.critical_gamma(),
        "kernel_norm_of_this_draw": sample.kernel_norm(),
        "kernel_norm": float(model.kernel_norm()),
    }


def _header(facts: Mapping[str, Any]) -> list[str]:
    model = facts["model"]
    return [
        " ".join(f"{name}={value}" for name, value in model.items()),
        "loss    E(⟨Wᵀx,θ⟩ − y)² after r steps from θ = 0, without a factor 1/2",
        f"batch   gamma multiplies the sum over the batch, B = {model['batch']}, not the mean",
        f"gamma   {facts['learning_rate']:.10g} ({model['gamma']}); on this draw of W the mean diverges from "
        f"{facts['critical_learning_rate_of_this_draw']:.6g} on",
        f"‖K‖     {facts['kernel_norm_of_this_draw']:.6g} on this draw, {facts['kernel_norm']:.6g} in the equivalent",
    ]


def _write_table(facts: Mapping[str, Any], found: Simulation, columns: Mapping[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("r", *columns):
        table.add_column(name, justify="right" if name == "r" else "left")
    for row in zip(found.r.tolist(), *columns.values(), strict=True):
        table.add_row(str(row[0]), *(f"{value:.6g}" for value in row[1:]))
    click.echo("\n".join(_header(facts)))
    output().print(table)


def _write_csv(facts: Mapping[str, Any], found: Simulation, columns: Mapping[str, Any]) -> None:
    lines = [f"# {line}" for line in _header(facts)]
    lines.append(",".join(("r", *(name.replace(" ", "_").replace("%", "percent") for name in columns))))
    for row in zip(found.r.tolist(), *columns.values(), strict=True):
        lines.append(",".join((str(row[0]), *(f"{value:.17g}" for value in row[1:]))))
    click.echo("\n".join(lines))
