"""How far the local exponent of the exact frontier is from its limit, budget by budget."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from scalesym import frontier, phase, sharp_frontier

from .theme import Theme

__all__ = ["POINTS", "infinity"]

_NEAR = (4, 5, 6, 7, 8, 11, 15)
_SLOW, _LAW = "7/25", (28, 36, 50, 70, 100)  # there the sharp law stands for the exact minimum, to 1e-4

#: A point of a phase, its colour, and exponents of the budgets at which it is followed beyond the near ones.
POINTS = (
    ("1", "3/2", "K_pp", ()),
    ("1", "7/10", "F_ac", ()),
    ("2/5", "4/5", "exact", (19, 24)),
    ("7/25", "4/5", "F_pp", (24,)),
)


def _slope(log_loss: Callable[[float], float], y: float, step: float = 0.5) -> float:
    """``η`` from differences of the logarithm of the loss."""
    return (log_loss(y - step) - log_loss(y + step)) / (2 * step)


@cache
def _numbers() -> tuple[Any, ...]:
    found = []
    for alpha, beta, _, far in POINTS:
        powers = [*_NEAR, *far]
        local = list(frontier(alpha, beta, [10.0**k for k in powers]).eta)
        if alpha == _SLOW:
            law = sharp_frontier(alpha, beta)
            powers += _LAW
            local += [_slope(lambda y, law=law: law.refined_log(y)[1], k * np.log(10)) for k in _LAW]
        where = phase(alpha, beta)
        found.append((where.name, np.array(powers, dtype=float), np.array(local) - float(where.eta)))
    return tuple(found)


def infinity(theme: Theme) -> Any:
    """The difference against the budget, both in reach and far out of it."""
    import matplotlib.pyplot as plt
    from scipy.interpolate import PchipInterpolator

    figure, axis = plt.subplots(figsize=(6.2, 4.4))
    axis.axvspan(6, 8, color=theme.tint("F_0", 0.16), lw=0)
    axis.text(6.1, -0.036, "a small\nexperiment", ha="left", va="top", color=theme.text("F_0"), fontsize=11)
    axis.axhline(0, color=theme.muted, lw=0.9)
    place = {"III": (4.6, 0.0385), "II": (8.4, -0.0075), "IVa": (13.2, 0.0125), "IVb": (29, 0.027)}
    for (alpha, beta, hue, _), (name, powers, off) in zip(POINTS, _numbers(), strict=True):
        fine = np.geomspace(powers[0], powers[-1], 200)
        curve = PchipInterpolator(np.log(powers), off)(np.log(fine))
        axis.plot(fine, curve, color=theme[hue], lw=2.2)
        axis.plot(powers, off, "o", color=theme[hue], ms=3.5)
        axis.text(*place[name], f"{name}  ({alpha}, {beta})", color=theme.text(hue), ha="left", va="center")
    axis.set(xscale="log", xlim=(3.9, 110), ylim=(-0.062, 0.057))
    axis.set_xticks([4, 6, 8, 12, 24, 50, 100], [rf"$\mathdefault{{10^{{{k}}}}}$" for k in (4, 6, 8, 12, 24, 50, 100)])
    axis.minorticks_off()
    axis.set(xlabel="budget $f$", ylabel=r"local $\eta$ minus the phase's $\eta$")
    return figure
