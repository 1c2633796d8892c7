"""What the model is, and what alpha and beta do."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from .theme import Theme

__all__ = ["model"]

_SEED = 3


def _arrow(axis: Any, start: tuple[float, float], end: tuple[float, float], theme: Theme) -> None:
    axis.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=11, color=theme.muted, lw=1.2, shrinkA=0, shrinkB=0
        )
    )


def _pipeline(axis: Any, theme: Theme) -> None:
    """Data, mixtures, weights, prediction; and the target beside them."""
    rng = np.random.default_rng(_SEED)
    v, d, high = 18, 7, 1.0
    x = np.arange(1, v + 1.0) ** -1.0 * rng.standard_normal(v)
    x[0] = 0.9
    step = high / v
    for j, value in enumerate(x):
        axis.add_patch(Rectangle((0.6, high - (j + 1) * step), 0.55 * value, 0.8 * step, color=theme["F_pp"], lw=0))
    axis.plot([0.6, 0.6], [0, high], color=theme.muted, lw=0.8)
    axis.text(0.72, 1.06, r"data $x \in \mathbb{R}^v$", ha="center", color=theme.text("F_pp"))
    axis.text(0.72, -0.07, r"$x_j = j^{-\alpha} z_j$", ha="center", va="top", color=theme.text("F_pp"))

    W = rng.standard_normal((d, v))
    wide, left = 0.62, 1.75
    for j in range(v):
        for i in range(d):
            share = min(abs(W[i, j]) / 2.2, 1)
            axis.add_patch(
                Rectangle(
                    (left + i * wide / d, high - (j + 1) * step),
                    0.86 * wide / d,
                    0.8 * step,
                    color=theme["exact"] if W[i, j] > 0 else theme.muted,
                    alpha=0.15 + 0.75 * share,
                    lw=0,
                )
            )
    axis.text(left + wide / 2, 1.06, "$W$, drawn once", ha="center", color=theme.text("exact"))
    axis.text(left + wide / 2, -0.07, r"$W_{ji} \sim N(0, 1/d)$", ha="center", va="top", color=theme.text("exact"))
    _arrow(axis, (1.28, 0.5), (1.66, 0.5), theme)

    features = (W @ x) / np.sqrt(d)
    tall = 0.44
    for i, value in enumerate(features):
        axis.add_patch(
            Rectangle(
                (3.05, 0.5 + tall / 2 - (i + 1) * tall / d), 0.2 * value, 0.8 * tall / d, color=theme["F_ac"], lw=0
            )
        )
    axis.plot([3.05, 3.05], [0.5 - tall / 2, 0.5 + tall / 2], color=theme.muted, lw=0.8)
    axis.text(3.05, 0.8, r"$d$ features $W^{\!\top}x$", ha="center", color=theme.text("F_ac"))
    _arrow(axis, (2.45, 0.5), (2.72, 0.5), theme)
    _arrow(axis, (3.4, 0.5), (3.68, 0.5), theme)
    axis.text(3.54, 0.46, r"$\theta$", ha="center", va="top", fontsize=15)
    axis.text(3.54, 0.31, "learnt", ha="center", va="top", fontsize=10.5, color=theme.muted)
    axis.text(4.2, 0.5, r"$\langle W^{\!\top}x, \theta\rangle$", ha="center", va="center", fontsize=14)
    axis.text(4.2, 0.245, "to match", ha="center", va="center", color=theme.muted, fontsize=10.5)
    axis.text(4.2, 0.03, r"$y = \sum_j j^{-\beta} x_j$", ha="center", va="center", fontsize=13, color=theme.text("F_0"))
    axis.set(xlim=(0.1, 4.72), ylim=(-0.22, 1.16))
    axis.axis("off")


def _label(axis: Any, theme: Theme, name: str, text: str, x: float, y: float, above: bool) -> None:
    """A label on the free side of a falling line."""
    place: dict[str, Any] = {"ha": "left", "va": "bottom"} if above else {"ha": "right", "va": "top"}
    axis.text(x, y, text, color=theme.text(name), fontsize=11.5, **place)


def _weights(axis: Any, theme: Theme) -> None:
    """The variance of coordinate ``j``."""
    j = np.geomspace(1, 1000, 100)
    for alpha, name, word in ((0.4, "F_ac", "sum infinite"), (1.0, "F_pp", "sum finite")):
        axis.loglog(j, j ** (-2 * alpha), color=theme[name])
        _label(axis, theme, name, rf"$\alpha = {alpha:g}$" + f"\n{word}", 25, 25 ** (-2 * alpha), above=alpha < 0.5)
    axis.set(xlabel="coordinate $j$", ylim=(2e-7, 3))
    axis.set_title(r"variance $\lambda_j = j^{-2\alpha}$")


def _energy(axis: Any, theme: Theme) -> None:
    """The share of the target that lies beyond coordinate ``j``, at ``alpha = 1``."""
    every = np.arange(1.0, 200_001)
    shown = np.unique(np.geomspace(1, 1000, 60).round()).astype(int)
    for beta, name, word in ((0.3, "exact", "sinks slowly"), (1.5, "F_0", "sinks fast")):
        weight = every ** (-2 - 2 * beta)
        tail = (weight.sum() - np.cumsum(weight) + weight) / weight.sum()
        axis.loglog(shown, tail[shown - 1], color=theme[name])
        _label(axis, theme, name, rf"$\beta = {beta:g}$" + f"\n{word}", 25, tail[24], above=beta < 1)
    axis.set(xlabel="coordinate $j$", ylim=(1e-13, 10))
    axis.set_title(r"target's energy from $j$ on")


def model(theme: Theme) -> Any:
    """The pipeline above, what the exponents do below."""
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(6.2, 5.4))
    axes = figure.subplot_mosaic([["top", "top"], ["left", "right"]], height_ratios=[1.05, 1])
    _pipeline(axes["top"], theme)
    _weights(axes["left"], theme)
    _energy(axes["right"], theme)
    return figure
