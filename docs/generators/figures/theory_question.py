"""Loss against compute for models of several sizes: the question."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from scalesym import PLRF, frontier, phase

from .theme import Theme

__all__ = ["ALPHA", "BETA", "question"]

ALPHA, BETA = "1", "3/2"  # the running example of the page
_SIZES = (100, 1000, 10_000, 100_000)
_BUDGET = 1e8


@cache
def _numbers() -> tuple[Any, ...]:
    curves = []
    for d in _SIZES:
        r = np.unique(np.geomspace(1, 3e12 / d, 90).round()).astype(np.int64)
        curves.append((r * float(d), PLRF(ALPHA, BETA, d=d, v=10 * d).loss(r)))
    slice_d = np.unique(np.geomspace(20, 5e5, 40).round()).astype(int)
    cut = [PLRF(ALPHA, BETA, d=int(d), v=10 * int(d)).loss(round(_BUDGET / d)) for d in slice_d]
    best = frontier(ALPHA, BETA, [1e4, 1e6, _BUDGET, 1e11])
    return curves, slice_d, np.array(cut), best


def question(theme: Theme) -> Any:
    """Curves of models, their lower envelope, and what a budget buys at each size."""
    import matplotlib.pyplot as plt

    curves, sizes, cut, best = _numbers()
    figure, axis = plt.subplots(figsize=(6.2, 4.7))
    for k, (f, loss) in enumerate(curves):
        axis.loglog(f, loss, color=theme["F_pp"], lw=1.7, alpha=0.45 + 0.15 * k)
        axis.text(4e12, loss[-1], f"$d = 10^{k + 2}$", va="center", color=theme.text("F_pp"), fontsize=12)
    axis.loglog(best.flops, best.loss, color=theme["F_0"], lw=5, alpha=0.55, solid_capstyle="round")
    eta = phase(ALPHA, BETA).eta
    at = 2
    axis.annotate(
        "best loss for the compute:\n" + rf"slope tends to $-\eta = -{eta.numerator}/{eta.denominator}$",
        (best.flops[at] * 1.3, best.loss[at]),
        (3e8, 3e-2),
        color=theme.text("F_0"),
        arrowprops={"arrowstyle": "-", "color": theme["F_0"], "lw": 1, "shrinkB": 4},
    )
    axis.plot([_BUDGET, _BUDGET], [1e-14, cut.max()], color=theme.muted, lw=1, ls=(0, (4, 3)), zorder=0)
    axis.set(xlabel=r"compute  $f = r\,B\,d$", ylabel=r"loss  $\mathscr{P}$", xlim=(60, 5e14), ylim=(1e-14, 9))
    axis.set_xticks([1e2, 1e4, 1e6, 1e8, 1e10, 1e12])
    axis.set_yticks([1e-12, 1e-9, 1e-6, 1e-3, 1])

    inner = axis.inset_axes([0.12, 0.125, 0.3, 0.31])
    inner.loglog(sizes, cut, color=theme.ink, lw=1.8)
    inner.plot(best.d[at], best.loss[at], "o", color=theme["F_0"], ms=7)
    inner.text(best.d[at], best.loss[at] / 2.1, r"$d^\star$", ha="center", va="top", color=theme.text("F_0"))
    inner.set_title(r"loss at $f = 10^8$", fontsize=11.5)
    inner.set_xlabel("size $d$", fontsize=11.5, labelpad=1)
    inner.set_ylim(cut.min() / 15, cut.max() * 1.5)
    inner.set_xticks([1e2, 1e4])
    inner.set_yticks([1e-6, 1e-4, 1e-2])
    inner.tick_params(labelsize=10)
    inner.patch.set_alpha(0)
    return figure
