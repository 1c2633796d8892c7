"""Runs of SGD, their exact mean given W, and the deterministic equivalent, on top of one another."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from scalesym import PLRF

from .theme import Theme
from .theory_question import ALPHA, BETA

__all__ = ["levels", "numbers"]

_D, _V, _LAST, _RUNS, _SEED = 200, 2000, 30_000, 16, 2


@cache
def numbers() -> tuple[Any, ...]:
    """Steps, the losses of all runs, their mean, the exact mean given ``W``, and the equivalent."""
    plrf = PLRF(ALPHA, BETA, d=_D, v=_V)
    r = np.unique(np.geomspace(1, _LAST, 110).round()).astype(np.int64)
    sample = plrf.sample(_SEED)
    runs = sample.simulate(_LAST, _RUNS, seed=_SEED, record=r)
    return r, runs.loss, runs.mean, sample.conditional_loss(r), plrf.loss(r)


def levels(theme: Theme) -> Any:
    """Three levels of description of one curve."""
    import matplotlib.pyplot as plt

    r, runs, mean, exact, equivalent = numbers()
    figure, axis = plt.subplots(figsize=(6.2, 4.3))
    for run in runs[:6]:
        axis.loglog(r, run, color=theme.muted, lw=0.6, alpha=0.7)
    axis.loglog(r, exact, color=theme["exact"], lw=5, alpha=0.85, solid_capstyle="butt")
    axis.loglog(r, equivalent, color=theme.ink, lw=1.4, ls=(0, (4, 2)))
    dots = np.unique(np.searchsorted(r, np.geomspace(1, _LAST * 0.99, 14)))
    axis.loglog(r[dots], mean[dots], "o", ms=5, mfc=theme.ground, mec=theme.ink, mew=1)

    def pointed(text: str, at: float, y: float, place: tuple[float, float], colour: str, **more: Any) -> None:
        axis.annotate(
            text,
            (at, y),
            place,
            color=colour,
            fontsize=11.5,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.9, "shrinkA": 2, "shrinkB": 3},
            **more,
        )

    k = int(np.searchsorted(r, 12))
    pointed("six runs of SGD", r[k], runs[:6, k].max(), (55, 0.45), theme.muted)
    k = int(dots[6])
    pointed("mean of 16 runs", r[k], mean[k], (300, 0.075), theme.ink)
    k = int(np.searchsorted(r, 15))
    pointed("exact mean,\ngiven this $W$", r[k], exact[k] * 0.9, (1.2, 2.5e-4), theme.text("exact"))
    k = int(np.searchsorted(r, 500))
    pointed("deterministic equivalent,\nwhich knows no $W$", r[k], equivalent[k], (10, 2.2e-5), theme.ink)
    axis.set(xlabel="step $r$", ylabel=r"loss $\mathscr{P}$", ylim=(1e-5, 3))
    return figure
