"""A loss curve and the pieces that it is made of."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from scalesym import PLRF

from .theme import PIECES, Theme
from .theory_question import ALPHA, BETA

__all__ = ["pieces"]

_D = 10**4


@cache
def _numbers() -> tuple[Any, ...]:
    model = PLRF(ALPHA, BETA, d=_D, v=10 * _D)
    r = np.unique(np.geomspace(1, 3e10, 170).round()).astype(np.int64)
    found = model.pieces(r, level="sharp")
    cutoff = _D**2 / (2 * model.learning_rate())
    return r, model.loss(r), {name: np.asarray(getattr(found, name)) for name in PIECES}, cutoff


def pieces(theme: Theme) -> Any:
    """The exact loss over its four pieces, each with its power of the time."""
    import matplotlib.pyplot as plt

    r, loss, found, cutoff = _numbers()
    figure, axis = plt.subplots(figsize=(6.2, 4.5))
    axis.loglog(r, loss, color=theme.ink, lw=7, alpha=0.25, solid_capstyle="round")
    axis.text(60, 6e-3, "exact loss", color=theme.muted)
    for name, curve in found.items():
        axis.loglog(r, curve, color=theme[name], lw=2)
    labels = {
        "F_pp": (40, 1.3e-9, PIECES["F_pp"] + r"$\,\asymp r^{-2}$" + "\nsignal"),
        "K_pp": (5e4, 1.2e-5, r"$\mathscr{K}_{pp}/(\gamma B)\asymp r^{-3/2}$" + "\nnoise of SGD"),
        "F_ac": (1.5, 1.5e-6, PIECES["F_ac"] + r"$\,\asymp d^{-1}r^{-1/2}$" + "\ndistortion"),
        "F_0": (1.5, 7e-8, PIECES["F_0"] + r"$\,\asymp d^{-2}$" + "  capacity"),
    }
    for name, (x, y, label) in labels.items():
        axis.text(x, y, label, color=theme.text(name), linespacing=1.35, path_effects=theme.halo(2))
    axis.axvline(cutoff, color=theme.muted, lw=0.9, ls=":")
    axis.text(
        cutoff * 1.35,
        3e-3,
        "$2\\gamma Br = d^{2\\alpha}$:\nthe edge of\nthe spectrum\nis felt",
        color=theme.muted,
        fontsize=11,
    )
    axis.set(xlabel="step $r$", ylabel=r"loss $\mathscr{P}$", ylim=(4e-10, 3), xlim=(0.8, 5e10))
    axis.set_xticks([1, 1e2, 1e4, 1e6, 1e8, 1e10])
    return figure
