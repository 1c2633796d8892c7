"""Pictures of what the package computes, as matplotlib figures. They need the ``plot`` extra."""

from __future__ import annotations

from .cut import cut_figure
from .drawing import picture_path, require_matplotlib, save_figure
from .exponents import exponents_figure
from .frontier import frontier_figure, pieces_figure, shares_figure
from .frontier_exponents import local_exponents_figure, ratio_figure
from .laws import law_figure
from .phases import phase_diagram_figure
from .simulation import simulation_figure

__all__ = [
    "cut_figure",
    "exponents_figure",
    "frontier_figure",
    "law_figure",
    "local_exponents_figure",
    "phase_diagram_figure",
    "picture_path",
    "pieces_figure",
    "ratio_figure",
    "require_matplotlib",
    "save_figure",
    "shares_figure",
    "simulation_figure",
]
