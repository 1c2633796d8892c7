"""``scalesym law``: empirical laws and solvable models: constants, formulas, values, optima, inverses, and all exponents."""

from __future__ import annotations

import inspect
from typing import Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import real
from .arguments import NumberCommand
from .display import output, print_json
from .law_adaptive import adaptive_run, run_text, shapes
from .law_display import described, description, fields, formulas, plain, shown
from .law_solvable import SOLVABLE, solvable, solvable_model
from .law_tables import show_tables

__all__ = ["law_command"]

_PUBLISHED = {"chinchilla": "Chinchilla", "kaplan": "Kaplan", "henighan": "Henighan", "vit": "ViT", "bnsl": "BNSL"}
_NAMES = (*_PUBLISHED, "adaptive", *SOLVABLE)
_WIDE = 150  # of the table of exponents where there is no terminal


@click.command("law", cls=NumberCommand)
@click.argument("name", required=False, type=click.Choice(_NAMES), metavar="[NAME]")
@click.option("--set", "constants", metavar="SET", help="Which published constants; the first if not given.")
@click.option("--model", metavar="A=…", help="Constants of a solvable model, as --model a=1.8,b=1.4,M=400.")
@click.option("--at", metavar="X=…", help="The law's value, as --at N=70e9,D=1.4e12.")
@click.option("--optimum", metavar="C", help="The best use of a compute budget.")
@click.option("--inverse", metavar="Y", help="What it takes to reach a value.")
@click.option("--formula", is_flag=True, help="The catalogue's formulas for it, with their LaTeX.")
@click.option("--table", is_flag=True, help="What is published, as data with their sources.")
@click.option("--compare", is_flag=True, help="Compute-optimal exponents of all systems and of the phases.")
@click.option("--plot", metavar="FILE", help="Draw the law; .svg, .pdf or .png.")
@click.option(
    "--shape",
    "shape",
    multiple=True,
    metavar="[NAME=]a,b,c,d",
    help="adaptive: a shape with the law E = a (C+d)^(-b) + c; d may be left out. Repeat it for each shape.",
)
@click.option("--from", "start", metavar="E0", help="adaptive: the error at which the run begins.")
@click.option("--to", "target", metavar="ET", help="adaptive: the error at which it ends.")
@click.option("--switch-cost", metavar="C", help="adaptive: compute for each change of shape; 0 if not given.")
@click.option("--ordered", is_flag=True, help="adaptive: only to shapes that come later.")
@click.option("--latex", "form", flag_value="latex", help="The law in LaTeX, alone.")
@click.option("--json", "form", flag_value="json", help="JSON.")
def law_command(
    name: str | None,
    constants: str | None,
    model: str | None,
    form: str | None,
    shape: tuple[str, ...],
    start: str | None,
    target: str | None,
    switch_cost: str | None,
    ordered: bool,
    **asked: Any,
) -> int:
    """A scaling law: chinchilla, kaplan, henighan, vit or bnsl with published constants, adaptive with yours, or a solved model.

    The solved models are dynamical (gradient flow on random features from finite data; constants a, b, M, noise_variance),
    regimes (least norm from any data and parameters; alpha_K, S, scale, weight_variance, loss_factor) and ridge (random feature
    ridge regression; alpha, M, scale, weight_variance, noise_variance, beta; its ridge is that of the sum of squares).

    Without an option, its formula, its constants and their source. Compute is in the units of the source: FLOPs for
    Chinchilla, PF-days for Kaplan and Henighan, TPUv3 core-days for ViT, and for adaptive training those of your shapes,
    of which nobody published the constants.

    \b
    Examples:
      scalesym law chinchilla --set besiroglu2024 --optimum 5.76e23
      scalesym law kaplan --at N=1e9,D=2.2e10
      scalesym law vit --inverse 0.12
      scalesym law adaptive --shape 1,0.5,0.3 --shape 2,0.5,0.1 --shape 6,0.5,0 --from 1 --to 0.15
      scalesym law dynamical --model a=1.8,b=1.4,M=400 --at N=60,P=90,t=10
      scalesym law ridge --model alpha=1,M=1e6 --at N=300,T=300,ridge=0.01
      scalesym law --compare
    """
    chosen = [f"--{option}" for option, value in asked.items() if value is not None and value is not False]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude one another")
    run = {"--from": start, "--to": target, "--switch-cost": switch_cost, "--ordered": ordered or None}
    foreign = [option for option, value in {"--shape": shape or None, **run}.items() if value is not None]
    if foreign and name != "adaptive":
        raise click.UsageError(f"{foreign[0]} goes with adaptive")
    if model is not None and name not in SOLVABLE:
        raise click.UsageError(f"--model goes with {', '.join(SOLVABLE)}")
    if asked["compare"]:
        if name is not None or constants is not None or form == "latex":
            raise click.UsageError("--compare takes no NAME, no --set and no --latex")
        return _compare(form == "json")
    if name is None:
        raise click.UsageError(f"Missing argument 'NAME', one of {', '.join(_NAMES)}")
    if form == "latex" and chosen:
        raise click.UsageError(f"{chosen[0]} has no --latex")
    if form == "json" and asked["plot"] is not None:
        raise click.UsageError("--plot has no --json")
    if asked["table"] or asked["formula"]:
        if constants is not None or model is not None or foreign:
            other = foreign or ["--set" if model is None else "--model"]
            raise click.UsageError(f"{chosen[0]} is of the whole system, without {other[0]}")
        return show_tables(name, form == "json") if asked["table"] else _show_formulas(name, form == "json")
    if name in SOLVABLE and asked["plot"] is None and form != "latex":
        _show(
            solvable(name, constants, model, at=asked["at"], optimum=asked["optimum"], inverse=asked["inverse"]), form
        )
        return 0
    law, facts = solvable_model(name, constants, model) if name in SOLVABLE else _law(name, constants, shape)
    given = {option: value for option, value in run.items() if value is not None}
    if given and (chosen or form == "latex"):
        raise click.UsageError(f"{(chosen or ['--latex'])[0]} takes no {next(iter(given))}")
    if form == "latex":
        click.echo(law.latex)
    elif asked["plot"] is not None:
        _plot(law, asked["plot"])
    elif given:
        found = adaptive_run(law, start, target, switch_cost or "0", ordered)
        _show(facts | found, form) if form == "json" else run_text(facts | found)
    elif chosen:
        _show(facts | _answer(law, name, asked), form)
    elif form == "json":
        _show(facts | described(name, law, facts), form)
    else:
        _show(facts | description(name, law, facts), form)
    return 0


def _law(name: str, constants: str | None, shape: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    from .. import laws

    if name == "adaptive":
        if constants is not None:
            raise click.UsageError("adaptive has no --set, since no constants are published; use --shape")
        return laws.Adaptive(shapes(shape)), {"law": name}
    kind = getattr(laws, _PUBLISHED[name])
    case = kind.papers()[0] if constants is None else constants
    return kind.from_paper(case), {"law": name, "set": case}


def _answer(law: Any, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A value, an optimum or an inverse, with what it was asked for."""
    if asked["at"] is not None:
        values = _values(asked["at"], law)
        return {"at": values, "value": law(**values)}
    option = "optimum" if asked["optimum"] is not None else "inverse"
    method = getattr(law, option, None)
    if method is None:
        raise ParameterError(option, name, f"this law has no {option}", "use --at, or another law")
    value = float(real(asked[option], option))
    found = fields(method(value), option)
    return found if option == "optimum" else {"value": value, **found}


def _values(text: str, law: Any) -> dict[str, float]:
    """``N=70e9,D=1.4e12`` as numbers by the names that the law takes."""
    known = [n for n, each in inspect.signature(law).parameters.items() if not isinstance(each.default, str)]
    found: dict[str, float] = {}
    for part in text.split(","):
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals or key not in known or key in found:
            reason = "it is given twice" if key in found else "it is no value of a variable"
            raise ParameterError("at", part.strip(), reason, f"write NAME=NUMBER with {', '.join(known)}")
        found[key] = float(real(value, key, infinite=True))
    try:
        inspect.signature(law).bind(**found)
    except TypeError as error:
        raise ParameterError("at", text, str(error), f"give {', '.join(known)}") from None
    return found


def _show(facts: dict[str, Any], form: str | None) -> None:
    if form == "json":
        print_json(plain(facts))
        return
    for key, value in facts.items():
        lines = [f"{part:10} {shown(each)}" for part, each in value.items()] if _nested(value) else [shown(value)]
        for n, line in enumerate(lines):
            click.echo(f"{'' if n else key:11} {line}")


def _nested(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(each, dict | str) for each in value.values())


def _show_formulas(name: str, as_json: bool) -> int:
    found = formulas(name)
    if as_json:
        print_json(found)
    else:
        click.echo(
            "\n\n".join(f"{each['id']} ({each['status']})\n  {each['statement']}\n  {each['latex']}" for each in found)
        )
    return 0


def _plot(law: Any, path: str) -> None:
    from ..plots import law_figure, picture_path, require_matplotlib, save_figure

    picture_path(path, "plot")
    require_matplotlib()
    save_figure(law_figure(law), path, name="plot")
    click.echo(f"scalesym: wrote {path}", err=True)


def _compare(as_json: bool) -> int:
    from ..laws import compared

    rows = compared()
    if as_json:
        print_json([plain(vars(row)) for row in rows])
        return 0
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table("system", "case", "ξ: N* ∝ C^ξ", "η: L* − L_∞ ∝ C^(−η)", "known", box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(row.system, row.case, shown(row.xi), shown(row.eta), row.known)
    output(_WIDE).print(table)
    return 0
