"""The plane of the phases, annotated in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from scalesym.phases import phase_table
from scalesym.plots.plane import Window, beyond, regions, segments

from .theme import Theme

__all__ = ["plane"]

_HUE = {
    frozenset({"F_pp", "F_0"}): "F_0",
    frozenset({"F_pp", "F_ac"}): "F_ac",
    frozenset({"K_pp", "F_ac"}): "K_pp",
    frozenset({"K_pp", "F_0"}): "exact",
    frozenset({"F_pp", "K_pp"}): "F_pp",
}
_WIDE, _TALL = 5.6, 5.2  # of the axes, about, in inches
_WORDS = {
    "Ia": (0.88, 0.16, "signal against\ncapacity"),
    "Ib": (0.37, 0.36, "signal against\ncapacity, " + r"$\xi = \frac{1}{2}$"),
    "Ic": (0.105, 0.98, "signal\nagainst\ncapacity"),
    "II": (0.97, 0.72, "signal against\ndistortion"),
    "III": (0.78, 1.25, "noise against\ndistortion\n" + r"$\xi = 1/2$"),
    "IVa": (0.412, 0.98, "noise\nagainst\ncapacity\n" + r"$\xi = 1/2$"),
    "IVb": (None, None, ""),  # too narrow: its words are in the caption
}


def plane(theme: Theme) -> Any:
    """Phases as areas of a colour for each pair of pieces; lines with what changes there."""
    import matplotlib.pyplot as plt

    window = Window.of("1.2", "-0.1", "1.5")
    figure, axis = plt.subplots(figsize=(6.4, 6.0))
    areas = regions(window)
    for entry in phase_table().phases:
        hue = _HUE[frozenset(entry.tradeoff)]
        axis.fill(*areas[entry.name].T, color=theme.tint(hue, 0.28), lw=0)
        x, y, words = _WORDS[entry.name]
        if x is not None:
            axis.text(x, y, f"{entry.name}", ha="center", va="bottom", fontweight="bold", fontsize=13)
            axis.text(x, y - 0.015, words, ha="center", va="top", fontsize=10.5, linespacing=1.25)
    for line in phase_table().lines:
        for ends in segments(window, line):
            axis.plot(*ends.T, color=theme.ink, lw=1.3, ls="-" if line.scales else (0, (4, 3)))
    outside = beyond(window)
    assert outside is not None
    axis.fill(*outside.T, fill=False, hatch="//", ec=theme.muted, lw=0, alpha=0.4)
    axis.text(
        0.165,
        0.02,
        "the target's\nenergy is\ninfinite",
        ha="center",
        va="center",
        fontsize=11,
        path_effects=theme.halo(5),
    )

    def along(x: float, y: float, text: str, angle: float = 0, side: str = "bottom") -> None:
        place = {"rotation": angle, "rotation_mode": "anchor", "ha": "left", "va": side}
        axis.text(x, y, text, fontsize=10.5, color=theme.ink, style="italic", **place)

    along(0.53, 0.488, r"$\beta = 1/2$: distortion appears above", side="top")
    along(0.512, 0.72, r"$\alpha = 1/2$: to the left $\gamma$ must shrink", 90, side="top")
    slope = np.degrees(np.arctan((1.6 / 1.2) ** -1 * _TALL / _WIDE))
    along(0.6, 0.612, r"$\alpha = \beta$: noise outlasts signal", slope)
    along(0.243, 0.56, r"$\alpha = 1/4$: noise sinks below capacity", 90)
    along(0.301, 0.56, r"$\alpha = 1 - 1/\sqrt{2}$: noise does not feel $d$", 90, side="top")
    axis.text(0.2715, 1.535, "IVb", ha="center", va="bottom", fontweight="bold", fontsize=13)
    axis.set(xlim=(0, 1.2), ylim=(-0.1, 1.5))
    axis.set_xlabel(r"$\alpha$: how fast the data's variances fall")
    axis.set_ylabel(r"$\beta$: how fast the target's weights fall")
    axis.set_xticks([0, 0.25, 1 - np.sqrt(0.5), 0.5, 1], ["0", r"$\frac{1}{4}$", "", r"$\frac{1}{2}$", "1"])
    axis.set_yticks([0, 0.5, 1, 1.5], ["0", r"$\frac{1}{2}$", "1", r"$\frac{3}{2}$"])
    return figure
