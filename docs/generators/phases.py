"""What the pages on phases and on the frontier include: tables in mathematics, and pictures for light and dark pages.

Tables come from :func:`scalesym.phases.phase_table`, curves from the explorer's data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from scalesym import phase, sharp_frontier
from scalesym.phases import Critical, Entry, phase_table
from scalesym.phases.table import Exponent
from scalesym.plots.drawing import colours
from scalesym.plots.plane import Window, beyond, equation, regions, segments

from .explorer_points import UNIT
from .figures.theme import THEMES, Theme
from .markdown import table

__all__ = ["FIGURES", "figures", "lines_table", "phases_table", "weights_table", "write"]

#: The point of the figure.
POINT = ("1", "7/10")

_DATA = Path(__file__).resolve().parent.parent / "explorer" / "data.json"
_PIECES = {
    "F_pp": r"\mathscr F_{pp}",
    "F_ac": r"\mathscr F_{ac}",
    "F_0": r"\mathscr F_0",
    "K_pp": r"\mathscr K_{pp}/(\gamma B)",
}


def write(out: Path) -> None:
    """Write ``phases/*.inc``, which pages include, and the figures."""
    folder = Path(out) / "phases"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("table", phases_table()), ("lines", lines_table()), ("weights", weights_table())):
        (folder / f"{name}.inc").write_text(text, encoding="utf-8")
    figures(Path(out) / "figures")


def figures(folder: Path) -> None:
    """Draw every figure for a light and for a dark page."""
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        for theme in THEMES:
            with theme.style():
                figure = draw(theme)
                figure.savefig(folder / f"{name}-{theme.name}.svg", metadata={"Date": None}, transparent=True)
            plt.close(figure)


# -- tables ------------------------------------------------------------------------------------------------------------------


def phases_table() -> str:
    """Region, loss, trade-off and exponents of every phase."""
    return table(
        ("phase", "region", r"$\mathscr P(r)\asymp$", r"at $d^\star$", r"$\xi$", r"$\eta$"),
        map(_row, phase_table().phases),
    )


def _row(entry: Entry) -> list[str]:
    cells = (
        _stacked(entry.terms, "+"),
        _stacked(entry.tradeoff, "="),
        entry.xi.latex,
        entry.eta.latex,
    )
    return [entry.name, _conditions(entry.region.latex), *map(_unbroken, cells)]


def _stacked(pieces: Sequence[str], sign: str) -> str:
    """Pieces with a sign between them, one below the other where one of them is wide."""
    if "K_pp" not in pieces:
        return sign.join(_PIECES[name] for name in pieces)
    first, *others = (_PIECES[name] for name in pieces)
    return rf"\begin{{aligned}}&{first}" + "".join(rf"\\&{{}}{sign}{each}" for each in others) + r"\end{aligned}"


def _unbroken(latex: str) -> str:
    """Inline mathematics that stays on one line."""
    return f"${{{latex}}}$"


def _conditions(latex: str) -> str:
    """One below the other."""
    return "<br>".join(map(_unbroken, latex.split(r",\ ")))


def lines_table() -> str:
    """What holds on the lines between the phases."""
    heads = ("line", "where", "between", r"$d^\star\asymp$", r"$\mathscr P^\star\asymp$")
    return table(heads, map(_line_row, phase_table().lines))


def _line_row(line: Critical) -> list[str]:
    size = _growth("", line.xi, [pair[0] for pair in line.scales])
    loss = _growth("-", line.eta, [pair[1] for pair in line.scales])
    cells = (_unbroken(equation(line.curve)), _conditions(line.where.latex), ", ".join(line.neighbours))
    return [*cells, _unbroken(size), _unbroken(loss)]


def _growth(sign: str, power: Exponent, logs: Sequence[Exponent]) -> str:
    """A power of ``f`` with powers of its logarithms."""
    factors = [f"f^{{{sign}{_small(power.latex)}}}"]
    for name, each in zip((r"(\log f)", r"(\log\log f)"), logs, strict=False):
        if each.text != "0":
            factors.append(name if each.text == "1" else f"{name}^{{{_small(each.latex)}}}")
    return r"\,".join(factors)


def _small(latex: str) -> str:
    return latex.replace(r"\frac", r"\tfrac")


def weights_table() -> str:
    """The mean of two pieces that is the same at every size, for every phase."""
    return table(("phase", "at every size $d = f^x$"), map(_weights_row, phase_table().phases))


def _weights_row(entry: Entry) -> list[str]:
    mean = r"\cdot".join(
        rf"\bigl({_PIECES[name]}\bigr)^{{{_small(entry.weights[name].latex)}}}" for name in entry.tradeoff
    )
    return [entry.name, rf"${mean}\asymp f^{{-\eta}}$"]


# -- figures -----------------------------------------------------------------------------------------------------------------


def diagram(theme: Theme) -> Any:
    """The phases with their trade-offs and exponents."""
    import matplotlib.pyplot as plt

    window = Window.of("6/5", "-1/10", "6/5")
    figure, axis = plt.subplots(figsize=(7.2, 6.4))
    areas = regions(window)
    for entry in phase_table().phases:
        axis.fill(*areas[entry.name].T, color=theme.shaded(colours()[entry.name]), lw=0)
        x, y, angle = _PLACES[entry.name]
        symbols = " = ".join(_mathtext(name) for name in entry.tradeoff)
        text = f"$\\mathbf{{{entry.name}}}$   ${symbols}$" if angle else f"$\\mathbf{{{entry.name}}}$\n${symbols}$"
        axis.text(x, y, text, rotation=angle, ha="center", va="center", fontsize=13.5 if not angle else 12.5)
    outside = beyond(window)
    if outside is not None:
        axis.fill(*outside.T, fill=False, hatch="//", ec=theme.muted, lw=0, alpha=0.4)
        axis.text(0.17, 0.05, "no power law", ha="center", va="center", path_effects=theme.halo(5), color=theme.muted)
    for line in phase_table().lines:
        for ends in segments(window, line):
            axis.plot(*ends.T, **_look(theme, line), solid_capstyle="butt")
    for curve in phase_table().curves:
        ends = [
            end
            for line in phase_table().lines
            if line.curve == curve
            for pair in segments(window, line)
            for end in pair
        ]
        x, y = max(ends, key=lambda end: (round(end[1], 6), end[0]))
        at_top = y > window.beta_max - 1e-9
        shift = {"2α - 1": 0.04, "4α - 1": 0.012, "2α^2 - 4α + 1": -0.01}.get(curve.text, 0)
        place = (x + shift, y + 0.012) if at_top and curve.text != "α - β" else (window.alpha_max + 0.012, y)
        side = {"ha": "center", "va": "bottom"} if place[0] < window.alpha_max else {"ha": "left", "va": "center"}
        side |= {"4α - 1": {"ha": "right"}, "2α^2 - 4α + 1": {"ha": "left"}}.get(curve.text, {})
        axis.text(*place, f"${equation(curve)}$", fontsize=11.5, clip_on=False, **side)
    axis.set(xlim=(0, window.alpha_max), ylim=(window.beta_min, window.beta_max))
    axis.set_xlabel(r"$\alpha$: eigenvalues $j^{-2\alpha}$ of the data")
    axis.set_ylabel(r"$\beta$: coefficients $j^{-\beta}$ of the target")
    return figure


_PLACES = {
    "Ia": (0.87, 0.2, 0),
    "Ib": (0.365, 0.36, 0),
    "Ic": (0.125, 0.85, 0),
    "II": (0.97, 0.68, 0),
    "III": (0.72, 1.0, 0),
    "IVa": (0.4, 0.85, 90),
    "IVb": (0.272, 0.85, 90),
}


def _look(theme: Theme, line: Critical) -> dict[str, Any]:
    if line.jumps:
        return {"color": theme["F_0"], "lw": 2.6}
    return {"color": theme.ink, "lw": 1.4, "ls": "-" if line.scales else (0, (4, 2))}


def _mathtext(name: str) -> str:
    return {"F_pp": "F_{pp}", "F_ac": "F_{ac}", "F_0": "F_0", "K_pp": r"K_{pp}/(\gamma B)"}[name]


@cache
def _stored() -> tuple[dict[str, Any], dict[str, Any]]:
    """The explorer's data, and its record of :data:`POINT`."""
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    at = ",".join(str(data["grid"][name].index(value)) for name, value in zip(("alpha", "beta"), POINT, strict=True))
    return data, data["points"][at]


def frontier_figure(theme: Theme) -> Any:
    """Exact curves of five sizes with the frontier under them, and the best size."""
    import matplotlib.pyplot as plt

    data, record = _stored()
    found, law = phase(*POINT), sharp_frontier(*POINT)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.4), width_ratios=(1.25, 1))
    flops, budgets = (np.array([float(each) for each in data[name]]) for name in ("flops", "frontier_flops"))
    for size, curve in zip(data["sizes"], record["curves"], strict=True):
        values = np.array([np.nan if each is None else each * UNIT for each in curve])
        left.plot(flops, values, color=theme["F_pp"], lw=1.3)
        left.text(
            flops[-1] + 0.2, values[-1], rf"$10^{{{round(np.log10(size))}}}$", va="center", color=theme.text("F_pp")
        )
    log_d, log_loss = (
        np.array([np.nan if each is None else each * UNIT for each in record["frontier"][name]])
        for name in ("log10_d", "log10_loss")
    )
    fine = np.linspace(budgets[0], budgets[-1], 200)
    ten = np.log(10)
    for axis, values, leading in ((left, log_loss, law.log_loss), (right, log_d, law.log_d)):
        axis.plot(budgets, values, color=theme["exact"], lw=4, alpha=0.85, solid_capstyle="butt")
        axis.plot(fine, [leading(y * ten) / ten for y in fine], color=theme.ink, lw=1.2, ls=(0, (4, 2)))
        axis.set_xlabel("budget $f = rd$ in FLOPs")
        _powers(axis.xaxis, range(4, 17, 4))
    _powers(left.yaxis, range(-10, 1, 2))
    _powers(right.yaxis, range(1, 8))
    left.set(title=rf"loss, $\eta = {_fraction(found.eta)}$", xlim=(flops[0], flops[-1]))
    right.set(title=rf"best size, $\xi = {_fraction(found.xi)}$", xlim=(budgets[0], budgets[-1]))
    left.text(4.0, -5.6, "least loss,\nand its law (dashed)", color=theme.text("exact"), ha="left", va="center")
    left.text(flops[-1] + 0.2, record["curves"][0][-1] * UNIT + 0.8, "$d$", va="center", color=theme.text("F_pp"))
    return figure


def _powers(axis: Any, exponents: Any) -> None:
    axis.set_ticks(list(exponents), [rf"$\mathdefault{{10^{{{k}}}}}$" for k in exponents])


def _fraction(value: Any) -> str:
    exact = Fraction(value)
    return f"{exact.numerator}/{exact.denominator}"


#: Names of the figures, and what draws them.
FIGURES: dict[str, Callable[[Theme], Any]] = {"phases-diagram": diagram, "frontier-exact": frontier_figure}
