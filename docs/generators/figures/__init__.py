"""The pictures of the theory page: each is drawn twice, for a light and for a dark page.

``python docs/build.py --figures DIR`` writes ``NAME-light.svg`` and ``NAME-dark.svg`` for every name in :data:`FIGURES`.
Both are drawn from the same numbers, which the functions of ``theory_*.py`` compute once, from fixed seeds; the bytes
depend on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from .theme import THEMES, Theme

__all__ = ["FIGURES", "drawn", "figures", "write"]

#: Name of the picture: the module and the function that draws it.
FIGURES: Mapping[str, tuple[str, str]] = {
    "theory-question": ("theory_question", "question"),
    "theory-model": ("theory_model", "model"),
    "theory-levels": ("theory_levels", "levels"),
    "theory-spectrum": ("theory_spectrum", "spectrum"),
    "theory-contour": ("theory_spectrum", "contour"),
    "theory-pieces": ("theory_pieces", "pieces"),
    "theory-tropical": ("theory_tradeoff", "tropical"),
    "theory-plane": ("theory_phases", "plane"),
    "theory-infinity": ("theory_infinity", "infinity"),
}


def drawn(name: str, theme: Theme) -> Any:
    """One picture, as a matplotlib figure."""
    module, function = FIGURES[name]
    draw: Callable[[Theme], Any] = getattr(import_module(f".{module}", __name__), function)
    with theme.style():
        return draw(theme)


def figures(folder: Path) -> None:
    """Draw all of them into a folder."""
    import matplotlib.pyplot as plt

    for name in FIGURES:
        for theme in THEMES:
            figure = drawn(name, theme)
            with theme.style():
                figure.savefig(folder / f"{name}-{theme.name}.svg", metadata={"Date": None}, transparent=True)
            plt.close(figure)


def write(out: Path) -> None:
    """Draw them where the pages look for them, below ``out/figures``."""
    folder = out / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    figures(folder)
