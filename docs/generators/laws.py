"""What the page on other laws shows of each: formulas with their letters, what is published, what of it is wrong, pictures.

For a law NAME it writes ``laws/NAME-formulas.txt``, ``-wrong.txt`` and ``-published.txt``, which the page includes; for all of them
``laws/exponents.txt``; and the pictures ``figures/law-NAME-light.svg`` and ``-dark.svg``.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scalesym import laws
from scalesym.claims import load
from scalesym.cli.law_display import shown
from scalesym.cli.law_tables import _tables
from scalesym.formulas import formula
from scalesym.laws.published import published
from scalesym.plots import law_figure

from .figures.theme import THEMES, Theme
from .markdown import anchor, arxiv, display, escaped, table, words

__all__ = ["FIGURES", "FORMULAS", "figures", "misprints", "write"]

#: The formulas of the catalogue that are shown of each law.
FORMULAS: Mapping[str, tuple[str, ...]] = {
    "chinchilla": ("chinchilla.law", "chinchilla.optimum.N", "chinchilla.optimum.L"),
    "kaplan": ("kaplan.size", "kaplan.joint", "kaplan.steps", "kaplan.optimum.exponent"),
    "henighan": ("henighan.law", "henighan.optimum.N", "henighan.two-term.exponent"),
    "vit": ("vit.law", "vit.slope"),
    "bnsl": ("bnsl.law.one-break", "bnsl.slope.one-break"),
    "adaptive": ("adaptive.law", "adaptive.marginal-cost"),
    "dynamical": ("two-resolvents.risk", "dynamical.frontier.hard.L", "dynamical.frontier.easy.L"),
    "regimes": ("regimes.variance-limited", "regimes.data.power-law"),
    "ridge": ("ridge.fixed-point", "ridge.loss.isotropic", "ridge.optimal.f"),
}

#: What is drawn.
FIGURES: Mapping[str, Callable[[], Any]] = {
    "chinchilla": lambda: laws.Chinchilla.from_paper("besiroglu2024"),
    "vit": lambda: laws.ViT.from_paper("finetune"),
    "bnsl": lambda: laws.BNSL.from_paper("demo"),
    "adaptive": lambda: laws.Adaptive(
        {
            "small": laws.ShapeLaw(1, "0.5", "0.3"),
            "medium": laws.ShapeLaw(2, "0.5", "0.1"),
            "large": laws.ShapeLaw(6, "0.5", 0),
        }
    ),
    "dynamical": lambda: laws.DynamicalModel("4.5", "1.5", 3000),
    "regimes": lambda: laws.FourRegimes.from_paper("inverse-square"),
    "ridge": lambda: laws.RandomFeatureRidge.from_paper("harmonic"),
}


def write(out: Path) -> None:
    """Write everything below ``laws`` and ``figures``."""
    folder = Path(out) / "laws"
    folder.mkdir(parents=True, exist_ok=True)
    claims = list(load())
    for name in FORMULAS:
        stored = dict(published(name))
        of_this = [claim for claim in claims if claim.id.startswith(f"laws.{name}.")]
        parts = {
            "formulas": _formulas(FORMULAS[name]),
            "wrong": _wrong(stored) + _claims(of_this),
            "published": _published(stored),
        }
        for part, text in parts.items():
            (folder / f"{name}-{part}.txt").write_text(text, encoding="utf-8")
    (folder / "exponents.txt").write_text(_exponents(), encoding="utf-8")
    figures(Path(out) / "figures")


# -- formulas --------------------------------------------------------------------------------------------------------------


def _formulas(ids: tuple[str, ...]) -> str:
    """Each as a display with its level and a link, then the letters of all of them, once."""
    text, letters = "", dict[str, None]()
    for id in ids:
        found = formula(id)
        origin = "derived" if found.status == "derived" else f"assumed, from {arxiv(found.source)}"
        text += display(found.latex()) + f"\n[`{id}`](#{anchor('formula', id)}): {found.level}, {origin}.\n\n"
        letters |= dict.fromkeys(words(each.latex) for each in found.assumptions if each.because == "definition")
    return text + f"Here {'; '.join(letters)}.\n" if letters else text


# -- what is published -----------------------------------------------------------------------------------------------------


def _published(stored: Mapping[str, Any]) -> str:
    """The tables of ``scalesym law NAME --table``."""
    text = ""
    for title, rows, remarks in _tables(stored):
        text += f"**{title}**\n\n" if title else ""
        text += "".join(f"- {escaped(key)}: {arxiv(shown(value))}\n" for key, value in remarks.items()) + "\n"
        if rows:
            heads = list(dict.fromkeys(key for row in rows for key in row))
            cells = [[arxiv(shown(row[head])) if row.get(head) is not None else "" for head in heads] for row in rows]
            text += table([escaped(head) or " " for head in heads], cells) + "\n"
    return text


def misprints(part: Any, place: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Where, what is printed, what would be right, and why, of everything that is marked as a misprint.

    Examples
    --------
    >>> [(printed, right) for _, printed, right, _ in misprints(dict(published("kaplan")))]
    [('0.054', '0.0524529'), ('0.71', '0.681207')]
    """
    if isinstance(part, list):
        for each in part:
            yield from misprints(each, place)
    if not isinstance(part, dict):
        return
    where = ", ".join(str(part[key]) for key in ("where", "set") if key in part) or place
    reason = str(part.get("note", part.get("why", "")))
    if part.get("status") == "misprint":
        right = part.get("correct", part.get("derived"))
        if right is None:  # beside the printed number, under its name
            key = next(key for key in part if key.startswith("derived_"))
            right = {key.removeprefix("derived_"): part[key]}
        if isinstance(right, dict):
            yield from ((where, f"{key} = {shown(part[key])}", shown(value), reason) for key, value in right.items())
        else:
            yield where, shown(part["printed"]), shown(right), reason
    for key, found in part.get("misprint", {}).items():
        row = next(f"{name} = {shown(value)}" for name, value in part.items() if name != key)
        yield f"{where}, {row}", f"{key} = {shown(part[key])}", shown(found["correct"]), found["why"]
    for key, each in part.items():
        if key != "misprint":
            yield from misprints(each, where or key.replace("_", " "))


def _wrong(stored: Mapping[str, Any]) -> str:
    rows = [[arxiv(cell) for cell in row] for row in misprints(stored)]
    return table(["where", "printed", "right", "why"], rows) + "\n" if rows else ""


def _claims(found: list[Any]) -> str:
    """The claims that compare what was printed with what follows; the others are counted."""
    told = [claim for claim in found if re.search(r"printed|reported|published|misprint|as derived", claim.statement)]
    others = [claim for claim in found if claim not in told]
    lines = [
        f"- {escaped(claim.statement)} ([{claim.id}](#{anchor('claim', claim.id)}), {claim.tier})\n" for claim in told
    ]
    if others:
        links = ", ".join(f"[{claim.id}](#{anchor('claim', claim.id)})" for claim in others)
        lines.append(f"- {'Further claims' if told else 'Claims'} on it: {links}.\n")
    return "".join(lines)


# -- side by side ------------------------------------------------------------------------------------------------------------


def _exponents() -> str:
    """All compute-optimal exponents, numbers to four digits."""

    def number(value: Any) -> str:
        return "–" if value is None else escaped(value) if isinstance(value, str) else f"{float(value):.4f}"

    rows = [[row.system, escaped(row.case), number(row.xi), number(row.eta), row.known] for row in laws.compared()]
    return table(["system", "case", "$\\xi$", "$\\eta$", "known"], rows)


# -- pictures ----------------------------------------------------------------------------------------------------------------


def figures(folder: Path) -> None:
    """Draw each law of :data:`FIGURES` for a light and for a dark page."""
    from matplotlib import rc_context

    folder.mkdir(parents=True, exist_ok=True)
    for name, law in FIGURES.items():
        drawn = law_figure(law())
        for theme in THEMES:
            if theme.name == "dark":
                _darkened(drawn, theme)
            with rc_context({"svg.fonttype": "path", "svg.hashsalt": f"scalesym-{theme.name}"}):
                drawn.savefig(folder / f"law-{name}-{theme.name}.svg", metadata={"Date": None}, transparent=True)


def _darkened(figure: Any, theme: Theme) -> None:
    """Its dark colours made light, their hues kept."""
    from matplotlib.colors import to_rgb
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    def light(colour: Any) -> tuple[float, float, float]:
        hue, lightness, saturation = colorsys.rgb_to_hls(*to_rgb(colour))
        if saturation < 0.1:  # ink, or a grey that stands back
            return (
                to_rgb(theme.ink) if lightness < 0.45 else to_rgb(theme.muted) if lightness < 0.8 else (0.3, 0.3, 0.3)
            )
        return colorsys.hls_to_rgb(hue, max(lightness, 0.62), saturation)

    for each in figure.findobj(lambda artist: isinstance(artist, Text | Line2D)):
        each.set_color(light(each.get_color()))
        if isinstance(each, Line2D) and each.get_marker() not in ("None", None):
            each.set_markerfacecolor(light(each.get_markerfacecolor()))
            each.set_markeredgecolor(light(each.get_markeredgecolor()))
    for axis in figure.axes:
        axis.tick_params(which="both", color=theme.muted, labelcolor=theme.ink)
        for spine in axis.spines.values():
            spine.set_edgecolor(theme.muted)
