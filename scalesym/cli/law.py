"""``scalesym law``: the field's empirical laws: their constants and formulas, values, optima, inverses, and all exponents side by side."""

from __future__ import annotations

import inspect
from typing import Any

import rich_click as click

from ..errors import ParameterError
from ..parameters import number
from .arguments import NumberCommand
from .display import output, print_json

__all__ = ["law_command"]

_NAMES = {"chinchilla": "Chinchilla", "kaplan": "Kaplan", "henighan": "Henighan", "vit": "ViT", "bnsl": "BNSL"}
_WIDE = 150  # of the table of exponents where there is no terminal
_DIGITS = 7


@click.command("law", cls=NumberCommand)
@click.argument("name", required=False, type=click.Choice(tuple(_NAMES)), metavar="[NAME]")
@click.option("--set", "constants", metavar="SET", help="Which published constants; the first if not given.")
@click.option("--at", metavar="X=…", help="The law's value, as --at N=70e9,D=1.4e12.")
@click.option("--optimum", metavar="C", help="The best use of a compute budget.")
@click.option("--inverse", metavar="Y", help="What it takes to reach a value.")
@click.option("--table", is_flag=True, help="Published tables, as data with their sources.")
@click.option("--compare", is_flag=True, help="Compute-optimal exponents of all systems and of the phases.")
@click.option("--plot", metavar="FILE", help="Draw the law; .svg, .pdf or .png.")
@click.option("--latex", "form", flag_value="latex", help="The formula in LaTeX.")
@click.option("--json", "form", flag_value="json", help="JSON.")
def law_command(
    name: str | None,
    constants: str | None,
    at: str | None,
    optimum: str | None,
    inverse: str | None,
    table: bool,
    compare: bool,
    plot: str | None,
    form: str | None,
) -> int:
    """An empirical scaling law with published constants: chinchilla, kaplan, henighan, vit or bnsl.

    Without an option, its formula, its constants and their source. Compute is in the units of the source: FLOPs for
    Chinchilla, PF-days for Kaplan and Henighan, TPUv3 core-days for ViT. Adaptive training has no published constants;
    use scalesym.laws.Adaptive.

    \b
    Examples:
      scalesym law chinchilla --set besiroglu2024 --optimum 5.76e23
      scalesym law kaplan --at N=1e9,D=2.2e10
      scalesym law vit --inverse 0.12
      scalesym law --compare
    """
    asked = {
        "--at": at,
        "--optimum": optimum,
        "--inverse": inverse,
        "--table": table,
        "--compare": compare,
        "--plot": plot,
    }
    chosen = [option for option, value in asked.items() if value]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} exclude one another")
    if compare:
        if name is not None or constants is not None or form == "latex":
            raise click.UsageError("--compare takes no NAME, no --set and no --latex")
        return _compare(form == "json")
    if name is None:
        raise click.UsageError(f"Missing argument 'NAME', one of {', '.join(_NAMES)}")
    if form == "latex" and chosen:
        raise click.UsageError(f"{chosen[0]} has no --latex")
    from .. import laws

    kind = getattr(laws, _NAMES[name])
    if table:
        return _tables(name)
    case = constants or kind.papers()[0]
    law = kind.from_paper(case)
    if plot:
        from ..plots import law_figure, picture_path, require_matplotlib, save_figure

        picture_path(plot, "plot")
        require_matplotlib()
        save_figure(law_figure(law), plot, name="plot")
        click.echo(f"scalesym: wrote {plot}", err=True)
        return 0
    if form == "latex":
        click.echo(law.latex)
        return 0
    facts: dict[str, Any] = {"law": name, "set": case}
    if at is not None:
        values = _values(at, law)
        facts |= {"at": values, "value": law(**values)}
    elif optimum is not None:
        facts |= _fields(_method(law, "optimum", name)(_number(optimum, "optimum")), "optimum")
    elif inverse is not None:
        facts |= _fields(_method(law, "inverse", name)(_number(inverse, "inverse")), "inverse")
    else:
        facts |= _described(name, case, law)
    if form == "json":
        print_json(_plain(facts))
    else:
        for key, value in facts.items():
            click.echo(f"{key:11} {_shown(value)}")
    return 0


def _number(text: str, option: str) -> float:
    return float(number(text, option))


def _values(text: str, law: Any) -> dict[str, float]:
    """``N=70e9,D=1.4e12`` as numbers by the names that the law takes."""
    known = [n for n, each in inspect.signature(law).parameters.items() if not isinstance(each.default, str)]
    found: dict[str, float] = {}
    for part in text.split(","):
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals or key not in known or key in found:
            raise ParameterError(
                "at", part.strip(), "it is no value of a variable", f"write NAME=NUMBER with {', '.join(known)}"
            )
        found[key] = float(number(value, key))
    try:
        inspect.signature(law).bind(**found)
    except TypeError as error:
        raise ParameterError("at", text, str(error), f"give {', '.join(known)}") from None
    return found


def _method(law: Any, method: str, name: str) -> Any:
    found = getattr(law, method, None)
    if found is None:
        raise ParameterError(method, name, f"this law has no {method}", "use --at, or another law")
    return found


def _fields(found: Any, name: str) -> dict[str, Any]:
    if hasattr(found, "_asdict"):
        return {key: value for key, value in found._asdict().items() if value is not None}
    if hasattr(found, "__dataclass_fields__"):
        return {key: getattr(found, key) for key in found.__dataclass_fields__}
    return {name: found}


def _described(name: str, case: str, law: Any) -> dict[str, Any]:
    from ..laws.published import constants as named

    stored = named(name, case)
    return {
        "formula": str(law.formula.rhs).replace("**", "^"),
        "constants": stored["constants"],
        "source": stored.get("source", ""),
        "status": stored.get("status", ""),
        "sets": list(type(law).papers()),
    }


def _tables(name: str) -> int:
    """Everything that is stored about the system."""
    from ..laws.published import published

    print_json(dict(published(name)))
    return 0


def _compare(as_json: bool) -> int:
    from ..laws import compared

    rows = compared()
    if as_json:
        print_json([_plain(vars(row)) for row in rows])
        return 0
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table("system", "case", "ξ: N* ∝ C^ξ", "η: L* − L_∞ ∝ C^(−η)", "known", box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(row.system, row.case, _shown(row.xi), _shown(row.eta), row.known)
    output(_WIDE).print(table)
    return 0


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_shown(each)}" for key, each in value.items() if each is not None)
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return value if isinstance(value, str) else f"{float(value):.{_DIGITS}g}"


def _plain(value: Any) -> Any:
    """For strict JSON: exact numbers as text such as ``"14/31"``."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return str(value) if type(value).__name__ == "Fraction" else float(value)
