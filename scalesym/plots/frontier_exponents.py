"""The exact frontier against the sharp law of its phase: ratios, and local exponents."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, product
from typing import Any

import numpy as np

from ..frontiers import Frontier
from ..sharp import sharp_frontier
from .drawing import INK, in_style
from .frontier import BUDGETS, SIZE, along, exponent, titled

__all__ = ["local_exponents_figure", "ratio_figure"]

_GREY = "#777777"


def ratio_figure(
    alpha: object,
    beta: object,
    flops: Iterable[object] = BUDGETS,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
    found: Frontier | None = None,
) -> Any:
    """The exact loss and size over the sharp laws ``C f^{-η}`` and ``c f^ξ`` of their phase, with logarithms on its lines.

    Level: deterministic equivalent over sharp. Both tend to 1. Parameters, result and errors are those of
    :func:`~scalesym.plots.frontier_figure`; where critical lines meet there are no constants, and the figure is refused.

    Examples
    --------
    >>> figure = ratio_figure(1, "7/10", [1e7, 1e8, 1e9, 1e10])
    >>> round(float(figure.axes[0].lines[0].get_ydata()[-1]), 3)
    0.996
    """
    law = sharp_frontier(alpha, beta, v_over_d=v_over_d, gamma=gamma, batch=batch)
    budgets, where, found = along(alpha, beta, flops, v_over_d, gamma, batch, found)
    from matplotlib.figure import Figure
    from matplotlib.ticker import FormatStrFormatter, NullFormatter

    curves = {
        "loss": (found.loss / law.loss(budgets), "#0072B2", r"$P^\star / C\,f^{\,-\eta}$"),
        "size": (found.d / law.d(budgets), "#D55E00", r"$d^\star / c\,f^{\,\xi}$"),
    }
    with in_style():
        figure = Figure(figsize=SIZE, layout="constrained")
        axis = figure.subplots()
        for name, (value, colour, label) in curves.items():
            axis.plot(
                budgets,
                value,
                color=colour,
                lw=2.2,
                marker="o",
                ms=4,
                clip_on=False,
                label=label,
                gid=name,
            )
        axis.axhline(1, color=_GREY, lw=1, ls=(0, (4, 2)), zorder=0)
        axis.set(xscale="log", xlim=(budgets[0], budgets[-1]))
        axis.set(xlabel="budget $f = rBd$", ylabel="exact / sharp law")
        low, high = axis.get_ylim()
        if low > 0 and high > 4 * low:
            axis.set_yscale("log", base=2)
            axis.yaxis.set_major_formatter(FormatStrFormatter("%g"))
            axis.yaxis.set_minor_formatter(NullFormatter())
        axis.legend(frameon=False)
        titled(axis, where, f"$C = {law.C:.4g}$, $c = {law.c:.4g}$")
        figure.draw_without_rendering()
    return figure


def local_exponents_figure(
    alpha: object,
    beta: object,
    flops: Iterable[object] = BUDGETS,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
    found: Frontier | None = None,
) -> Any:
    """The local exponents ``η(f)`` and ``ξ(f)`` of the exact frontier, and those of the phase as dashed lines.

    Level: deterministic equivalent; the lines asymptotic. Parameters, result and errors are those of
    :func:`~scalesym.plots.frontier_figure`.

    Examples
    --------
    >>> figure = local_exponents_figure(1, "7/10", [1e7, 1e8, 1e9, 1e10])
    >>> [axis.get_ylabel() for axis in figure.axes]
    ['$\\\\eta$', '$\\\\xi$']
    """
    budgets, where, found = along(alpha, beta, flops, v_over_d, gamma, batch, found)
    from matplotlib.figure import Figure

    with in_style():
        figure = Figure(figsize=(SIZE[0], 6.0), layout="constrained")
        axes = figure.subplots(2, 1, sharex=True)
        for axis, which, colour in zip(axes, ("eta", "xi"), ("#0072B2", "#D55E00"), strict=True):
            local, theory = getattr(found, which), getattr(where, which)
            axis.axhline(float(theory), color=INK, lw=1.2, ls=(0, (4, 2)), gid="theory")
            axis.plot(budgets, local, color=colour, lw=2.2, marker="o", ms=4, clip_on=False, gid=which)
            values = np.append(local, float(theory))
            pad = max(0.25 * np.ptp(values), 0.004)
            axis.set(xscale="log", xlim=(budgets[0], budgets[-1]), ylim=(values.min() - pad, values.max() + pad))
            axis.set_ylabel(rf"$\{which}$", fontsize=17)
            right, above = _freest(values[:-1], float(theory), float(np.ptp(axis.get_ylim())))
            axis.annotate(
                rf"$\{which} = {exponent(theory)}$",
                (0.985 if right else 0.015, float(theory)),
                xycoords=axis.get_yaxis_transform(),
                xytext=(0, 5 if above else -5),
                textcoords="offset points",
                ha="right" if right else "left",
                va="bottom" if above else "top",
                gid="label",
            )
        axes[1].set_xlabel("budget $f = rBd$")
        figure.align_ylabels(axes)
        titled(axes[0], where, "local exponents; dashed, as $f \\to \\infty$")
        figure.draw_without_rendering()
    return figure


def _freest(local: Any, theory: float, height: float) -> tuple[bool, bool]:
    """Whether the label of the dashed line goes to its right end, and whether above it: where the curve is farthest."""
    part = max(2, round(0.3 * len(local)))
    ends = {False: local[: part + 1], True: local[-part - 1 :]}

    def room(place: tuple[bool, bool]) -> float:
        right, above = place
        at = theory + (0.07 if above else -0.07) * height
        between = np.concatenate([np.linspace(a, b, 9) for a, b in pairwise(ends[right])])
        return float(np.abs(between - at).min())

    return max(product((False, True), (True, False)), key=room)
