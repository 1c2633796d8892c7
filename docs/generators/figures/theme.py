"""How the pictures look on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import matplotlib
from matplotlib import patheffects

matplotlib.use("Agg")

__all__ = ["PIECES", "THEMES", "Theme"]

#: The pieces of the loss in mathtext.
PIECES = MappingProxyType(
    {
        "F_pp": r"$\mathscr{F}_{pp}$",
        "F_ac": r"$\mathscr{F}_{ac}$",
        "F_0": r"$\mathscr{F}_0$",
        "K_pp": r"$\mathscr{K}_{pp}/(\gamma B)$",
    }
)


def _mixed(one: str, other: str, share: float) -> str:
    """A colour of which ``share`` is the other one."""
    parts = ((int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round((1 - share) * a + share * b):02x}" for a, b in parts)


@dataclass(frozen=True)
class Theme:
    """Colours of a page: its ink, a muted ink, its ground, and the hues of Okabe and Ito."""

    name: str
    ink: str
    muted: str
    ground: str
    colours: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.colours[name]

    def text(self, name: str) -> str:
        """The colour of a label: that of its line, nearer to the ink so that it can be read."""
        return _mixed(self.colours[name], self.ink, 0.35)

    def tint(self, name: str, share: float) -> str:
        """A colour for an area: ``share`` of the hue on the ground of the page."""
        return _mixed(self.ground, self.colours[name], share)

    def shaded(self, light: str) -> str:
        """A colour for an area, given the one that it has on white: in the dark a deep shade of the same hue."""
        return light if self.name == "light" else _mixed(self.ground, light, 0.42)

    def halo(self, width: float = 3.0) -> list[Any]:
        """Lines end before a label drawn with this."""
        return [patheffects.withStroke(linewidth=width, foreground=self.ground)]

    def style(self) -> Any:
        """A context in which matplotlib draws for this page."""
        settings: Any = {
            "axes.facecolor": "none",
            "axes.edgecolor": self.muted,
            "axes.labelcolor": self.ink,
            "axes.labelsize": 13,
            "axes.linewidth": 0.8,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": self.ink,
            "axes.titlelocation": "left",
            "axes.titlesize": 12.5,
            "figure.constrained_layout.use": True,
            "font.family": "DejaVu Sans",
            "font.size": 12,
            "lines.linewidth": 2,
            "mathtext.fontset": "stix",
            "savefig.facecolor": "none",
            "svg.fonttype": "path",
            "svg.hashsalt": f"scalesym-{self.name}",
            "text.color": self.ink,
            "xtick.color": self.muted,
            "xtick.labelcolor": self.ink,
            "xtick.labelsize": 11.5,
            "xtick.minor.size": 0,
            "ytick.color": self.muted,
            "ytick.labelcolor": self.ink,
            "ytick.labelsize": 11.5,
            "ytick.minor.size": 0,
        }
        return matplotlib.rc_context(settings)


_HUES = MappingProxyType(
    {"F_pp": "#0072B2", "F_ac": "#009E73", "F_0": "#D55E00", "K_pp": "#CC79A7", "exact": "#E69F00"}
)
_ON_DARK = MappingProxyType(
    {"F_pp": "#56B4E9", "F_ac": "#2CC295", "F_0": "#EE7F2D", "K_pp": "#DD93BC", "exact": "#E69F00"}
)

THEMES = (
    Theme("light", "#222222", "#6a6a6a", "#ffffff", _HUES),
    Theme("dark", "#d8d8d8", "#9a9a9a", "#131416", _ON_DARK),
)
