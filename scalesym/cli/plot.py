"""``scalesym plot``: the phase diagram, maps of the exponents, and a cut, as a picture in a file."""

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
    """Pictures of the phase diagram: phases, exponents, or a cut.

    \b
    Examples:
      scalesym plot phases -o phases.pdf
      scalesym plot exponents -o exponents.svg
      scalesym plot cut --beta 4/5 -o cut.svg
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


def _draw(output: str, draw: Any, **given: str | None) -> int:
    from ..plots import picture_path, require_matplotlib, save_figure

    picture_path(output, "output")
    require_matplotlib()
    save_figure(draw(**given), output, name="output")
    click.echo(f"scalesym: wrote {output}", err=True)
    return 0
