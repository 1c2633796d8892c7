"""One W against the density that knows none; and which part of the spectrum makes which piece of the loss."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from scalesym import PLRF

from .theme import PIECES, Theme
from .theory_question import ALPHA, BETA

__all__ = ["contour", "spectrum"]

_D, _V, _SEED = 200, 2000, 2


@cache
def _drawn() -> tuple[Any, ...]:
    plrf = PLRF(ALPHA, BETA, d=_D, v=_V)
    values = plrf.sample(_SEED).spectrum().eigenvalues
    left, right = plrf.spectral_edge("left"), plrf.spectral_edge("right")
    x = np.geomspace(left * (1 + 1e-9), right * (1 - 1e-9), 420)
    return values, left, right, x, _D * x * plrf.spectral_density(x)


def spectrum(theme: Theme) -> Any:
    """A histogram of the eigenvalues of one draw under the density."""
    import matplotlib.pyplot as plt

    values, left, right, x, density = _drawn()
    bins = np.geomspace(left / 1.5, right * 1.25, 40)
    width = np.log(bins[1] / bins[0])
    figure, axis = plt.subplots(figsize=(6.2, 3.9))
    axis.hist(values, bins, color=theme["exact"], alpha=0.6, lw=0)
    axis.plot(x, width * density, color=theme["F_pp"], lw=2)
    top = float(np.max(width * density))
    axis.text(2.3e-4, 0.80 * top, "eigenvalues of one $W$", color=theme.text("exact"), fontsize=11.5)
    axis.text(2.3e-4, 0.92 * top, "density, which knows no $W$", color=theme.text("F_pp"), fontsize=11.5)
    low = 1.1e-6
    axis.bar(low, 1.13 * top, width=0.5e-6, color=theme["F_0"], alpha=0.75, lw=0)
    axis.text(low * 1.4, 1.02 * top, "$v - d$\nzeros", color=theme.text("F_0"), fontsize=11.5, va="center")
    axis.annotate("", (left, 0.1 * top), (1.5e-6, 0.1 * top), arrowprops={"arrowstyle": "<->", "color": theme.muted})
    axis.text(np.sqrt(left * 1.5e-6), 0.13 * top, "gap", ha="center", fontsize=11.5)
    axis.text(np.sqrt(left * 1.5e-6), 0.05 * top, r"$\asymp d^{-2\alpha}$", ha="center", va="center", fontsize=12)
    for j, place in ((1, 0.25), (2, 0.25), (3, 0.25)):
        axis.text(j**-2.0, place * top, rf"$\lambda_{j}$", ha="center", color=theme.text("F_pp"))
    axis.text(6e-2, 0.37 * top, "single peaks", ha="left", fontsize=11)
    axis.text(6e-4, 0.06 * top, "continuum", ha="center", fontsize=11, path_effects=theme.halo(2))
    axis.set(xscale="log", xlim=(7e-7, 2.2), ylim=(0, 1.15 * top), ylabel="eigenvalues in a bin")
    powers = [rf"$\mathdefault{{10^{{{k}}}}}$" for k in range(-5, 0)]
    axis.set_xticks([low, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1], ["0", *powers, "1"])
    axis.set_yticks([0, 5, 10, 15])
    axis.set_xlabel(r"eigenvalue of $\hat K = D^{1/2}WW^{\top}D^{1/2}$")
    return figure


@cache
def _weighted() -> tuple[Any, ...]:
    d = 1000
    plrf = PLRF(ALPHA, BETA, d=d, v=10 * d)
    left, right = plrf.spectral_edge("left"), plrf.spectral_edge("right")
    x = np.unique(
        np.concatenate(
            [np.geomspace(left * (1 + 1e-7), right * (1 - 1e-7), 260)]
            + [j**-2.0 * (1 + 1.5 * np.linspace(-1, 1, 41) * (j / d) ** 0.5) for j in range(1, 9)]
        )
    )
    x = x[(x > left) & (x < right)]
    u = np.geomspace(left, 1, 50)
    c_beta = float(np.sum(np.arange(1.0, plrf.v + 1) ** -3))
    return left, right, x, x * plrf.spectral_density(x, "target"), u, u * u / 2, c_beta * u**0.5 / (2 * d)


def contour(theme: Theme) -> Any:
    """The density of the target on the spectrum; the contour around it, cut where the pieces come from."""
    import matplotlib.pyplot as plt

    left, right, x, density, u, pure, smeared = _weighted()
    figure, (axis, plane) = plt.subplots(
        2, 1, figsize=(6.2, 4.9), height_ratios=[2.1, 1], sharex=True, gridspec_kw={"hspace": 0.02}
    )
    axis.loglog(x, density, color=theme.ink, lw=1.1)
    axis.loglog(u, pure, color=theme["F_pp"], lw=2.4)
    axis.loglog(u, smeared, color=theme["F_ac"], lw=2.4)
    axis.text(
        2.3e-3, 4e-12, PIECES["F_pp"] + ": single modes,\naveraged", color=theme.text("F_pp"), ha="right", va="top"
    )
    axis.text(2e-6, 2.2e-5, PIECES["F_ac"] + ": the continuum", color=theme.text("F_ac"), fontsize=12)
    axis.text(0.9e-5, 4e-3, "energy of the target\nper unit of $\\log u$", fontsize=11)
    axis.set(ylim=(4e-15, 60), xlim=(1.5e-8, 6))
    axis.set_yticks([1e-12, 1e-8, 1e-4, 1])
    zero = 5e-8
    axis.axvline(left, color=theme.muted, lw=0.9, ls=":")
    axis.text(left * 0.85, 1.5, "edge", ha="right", color=theme.muted, fontsize=11)

    plane.axhline(0, color=theme.muted, lw=0.8)
    plane.plot([left, right], [0, 0], color=theme.ink, lw=5, solid_capstyle="butt")
    plane.plot(zero, 0, "o", color=theme["F_0"], ms=8)
    circle = np.linspace(0, 2 * np.pi, 80)
    plane.plot(zero * 10 ** (0.33 * np.cos(circle)), 0.5 * np.sin(circle), color=theme["F_0"], lw=1.6)
    t = np.linspace(0, 1, 200)
    lo, hi = np.log10(left) - 0.25, np.log10(right) + 0.35
    upper = 0.62 * (1 - (2 * t - 1) ** 8) ** 0.5
    line = 10 ** (lo + (hi - lo) * t)
    for sign in (1, -1):
        plane.plot(line, sign * upper, color=theme.ink, lw=1.6)
    arrow = {"arrowstyle": "-|>", "lw": 1.6, "mutation_scale": 12, "color": theme.ink}
    plane.annotate("", (9e-4, 0.62), (1e-3, 0.62), arrowprops=arrow)
    plane.text(zero, 0.85, PIECES["F_0"], color=theme.text("F_0"), ha="center", va="center")
    plane.text(2e-4, 0.3, "the bulk:", ha="right", va="center", fontsize=11.5)
    plane.text(2.7e-4, 0.3, PIECES["F_pp"], ha="left", va="center", color=theme.text("F_pp"))
    plane.text(1.25e-3, 0.3, "+", ha="center", va="center")
    plane.text(2e-3, 0.3, PIECES["F_ac"], ha="left", va="center", color=theme.text("F_ac"))
    plane.text(zero * 1.35, -0.8, "pole", ha="center", va="center", fontsize=11, color=theme.text("F_0"))
    plane.set(ylim=(-1, 1.05), yticks=[], ylabel=r"$\mathrm{Im}\,z$")
    plane.spines["left"].set_visible(False)
    plane.set_xticks([zero, 1e-6, 1e-4, 1e-2, 1], ["0", *(rf"$\mathdefault{{10^{{{k}}}}}$" for k in (-6, -4, -2)), "1"])
    plane.set_xlabel(r"$u = \mathrm{Re}\,z$")
    return figure
