"""``scalesym plot``: the phase diagram, maps of the exponents, a cut, and the exact frontier, as a picture in a file."""

from __future__ import annotations

from typing import Any

import rich_click as click

from .arguments import NumberCommand

__all__ = ["plot_command"]

_TO = click.option("-o", "--output", required=True, metavar="FILE", help="A .svg, .pdf or .png file.")
_ALPHA_MAX = click.option("--alpha-max", default="6/5", show_default=True, metavar="A", help="Where α ends.")
_BETA_MAX = click.option("--beta-max", default="6/5", show_default=True, metavar="B", help="Where β ends.")
_BETA_MIN = click.option("--beta-min", default="0", show_default=True, metavar="B", help="Where β begins.")


@click.group("plot", no_args_is_help=False)
def plot_command() -> None:
    """Pictures of the phase diagram (phases, exponents, or a cut) and of the exact frontier.

    \b
    Examples:
      scalesym plot phases -o phases.pdf
      scalesym plot exponents -o exponents.svg
      scalesym plot cut --beta 4/5 -o cut.svg
      scalesym plot frontier 1 7/10 -o frontier.svg
    """


@plot_command.command("phases", cls=NumberCommand)
@_TO
@_ALPHA_MAX
@_BETA_MAX
@_BETA_MIN
def _phases(output: str, alpha_max: str, beta_max: str, beta_min: str) -> int:
    """The phases in the (α, β) plane, the critical lines, and a table of the exponents.

    \b
    Examples:
      scalesym plot phases -o phases.pdf
      scalesym plot phases -o more.svg --alpha-max 2 --beta-max 2 --beta-min -1/2
    """
    from ..plots import phase_diagram_figure

    return _draw(output, phase_diagram_figure, alpha_max=alpha_max, beta_max=beta_max, beta_min=beta_min)


@plot_command.command("exponents", cls=NumberCommand)
@_TO
@_ALPHA_MAX
@_BETA_MAX
@_BETA_MIN
def _exponents(output: str, alpha_max: str, beta_max: str, beta_min: str) -> int:
    """Maps of η (P* ~ f^-η) and ξ (d* ~ f^ξ) over the (α, β) plane.

    \b
    Examples:
      scalesym plot exponents -o exponents.svg
      scalesym plot exponents -o wide.png --alpha-max 2
    """
    from ..plots import exponents_figure

    return _draw(output, exponents_figure, alpha_max=alpha_max, beta_max=beta_max, beta_min=beta_min)


@plot_command.command("cut", cls=NumberCommand)
@_TO
@click.option("--alpha", metavar="A", help="Hold α at this value.")
@click.option("--beta", metavar="B", help="Hold β at this value.")
@_ALPHA_MAX
@_BETA_MAX
def _cut(output: str, alpha: str | None, beta: str | None, alpha_max: str, beta_max: str) -> int:
    """η and ξ along a line at fixed α or fixed β, from the border of the domain on.

    \b
    Examples:
      scalesym plot cut --beta 4/5 -o cut.svg
      scalesym plot cut --alpha 1 --beta-max 2 -o cut.pdf
    """
    if (alpha is None) == (beta is None):
        raise click.UsageError("give exactly one of --alpha and --beta")
    from ..plots import cut_figure

    return _draw(output, cut_figure, alpha=alpha, beta=beta, alpha_max=alpha_max, beta_max=beta_max)


_FRONTIER = {
    "curves": "frontier_figure",
    "shares": "shares_figure",
    "pieces": "pieces_figure",
    "ratio": "ratio_figure",
    "exponents": "local_exponents_figure",
}


@plot_command.command("frontier", cls=NumberCommand)
@click.argument("alpha")
@click.argument("beta")
@_TO
@click.option("--what", type=click.Choice(list(_FRONTIER)), default="curves", show_default=True, help="Which picture.")
@click.option("--flops", multiple=True, metavar="F", help="Budgets: a range or a list.  [default: 1e6:1e24:19]")
@click.option("--v-over-d", default="10", show_default=True, metavar="X", help="v/d; inf where 2·ALPHA > 1.")
@click.option(
    "--gamma", default="half-critical", show_default=True, metavar="G", help="Learning rate, as in scalesym frontier."
)
@click.option("--batch", default="1", show_default=True, metavar="B", help="Samples per step; gradients are summed.")
@click.option("--d", metavar="D", help="Size of the model of which --what pieces is drawn.  [default: 1000000]")
def _frontier(
    output: str, alpha: str, beta: str, what: str, flops: tuple[str, ...], d: str | None, **model: str
) -> int:
    """The compute-optimal frontier of the exact equations at one point of the plane.

    curves: the loss of models of several sizes, and the frontier. shares: what each piece contributes along it; pieces: and
    along the curve of one model.
    ratio: the exact loss and size over the sharp laws of the phase. exponents: the local η and ξ against the phase's.

    \b
    Examples:
      scalesym plot frontier 1 7/10 -o frontier.svg
      scalesym plot frontier 4/5 6/5 -o local.pdf --what exponents --flops 1e6:1e40:18
    """
    from .. import plots
    from .frontier import flops_grid

    if what == "pieces":
        if flops:
            raise click.UsageError("--flops does not go with --what pieces, which follows one model; use --d")
        return _draw(output, plots.pieces_figure, alpha=alpha, beta=beta, d="1000000" if d is None else d, **model)
    if d is not None:
        raise click.UsageError("--d goes with --what pieces")
    budgets = flops_grid(flops or ("1e6:1e24:19",))
    return _draw(output, getattr(plots, _FRONTIER[what]), alpha=alpha, beta=beta, flops=budgets, **model)


def _draw(output: str, draw: Any, **given: Any) -> int:
    from ..plots import picture_path, require_matplotlib, save_figure

    picture_path(output, "output")
    require_matplotlib()
    save_figure(draw(**given), output, name="output")
    click.echo(f"scalesym: wrote {output}", err=True)
    return 0
