r"""Draw ``sgd_in_every_phase.png``: in each of the seven phases, runs of SGD, their exact mean and what it is made of.

Run as ``python notebooks/figures/phases.py [--out FILE]``; needs the ``plot`` extra. A panel has one draw of ``W`` and shows

* single runs of SGD and their mean (level: sampled),
* the exact mean given this ``W`` (conditional) and the deterministic equivalent, which knows no ``W`` (equivalent),
* the pieces ``F_pp, F_ac, F_0`` and ``K_pp/(γB)`` (continuum), with a mark where the two cross that decide the
  compute-optimal size in this phase, as :func:`scalesym.phase` says.

The last step is the one from which the loss stays within 3 % of its limit, times 3/2.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from scalesym import PLRF, phase

__all__ = ["COLOURS", "PANELS", "Curves", "Panel", "curves", "picture"]

Array = npt.NDArray[np.float64]

COLOURS = {"F_pp": "#0072B2", "F_ac": "#009E73", "F_0": "#D55E00", "K_pp": "#CC79A7"}
LABELS = {"F_pp": r"$F_{pp}$", "F_ac": r"$F_{ac}$", "F_0": r"$F_0$", "K_pp": r"$K_{pp}/(\gamma B)$"}
EXACT, GREY, RUN = "#E69F00", "#555555", "#9A9A9A"

STYLE = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "legend.frameon": False,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
}


@dataclass(frozen=True)
class Panel:
    """A point of a phase, and a size with ``v = ratio·d``."""

    alpha: str
    beta: str
    d: int
    ratio: int = 10

    @property
    def phase(self) -> str:
        """Its name."""
        return phase(self.alpha, self.beta).name

    @property
    def balance(self) -> tuple[str, ...]:
        """The two pieces that balance at the compute-optimal size, ``K_pp`` first."""
        return tuple(sorted(phase(self.alpha, self.beta).tradeoff, key=lambda piece: piece != "K_pp"))


PANELS = (
    Panel("0.9", "0.4", 150),
    Panel("0.9", "0.7", 200),
    Panel("0.7", "2", 300),
    Panel("0.4", "0.3", 400, 4),
    Panel("0.24", "1", 400, 4),
    Panel("0.45", "2", 1000),
    Panel("0.28", "2", 1000, 2),
)


@dataclass(frozen=True)
class Curves:
    """What a panel shows, at the steps ``r``; ``pieces`` without those that are infinite, and ``K_pp`` over ``γB``."""

    panel: Panel
    model: PLRF
    sample: Any
    r: npt.NDArray[np.int64]
    runs: Array
    exact: Array
    equivalent: Array
    pieces: dict[str, Array]

    @property
    def crossing(self) -> tuple[float, float]:
        """Where the two pieces of the phase cross: step and height, interpolated in logarithms."""
        first, second = (np.log(self.pieces[name]) for name in self.panel.balance)
        k = int(np.flatnonzero(np.diff(np.sign(first - second)))[0])
        gap = first[k] - second[k]
        share = gap / (gap - (first[k + 1] - second[k + 1]))
        step = (1 - share) * np.log(self.r[k]) + share * np.log(self.r[k + 1])
        return float(np.exp(step)), float(np.exp((1 - share) * first[k] + share * first[k + 1]))


def last_step(model: PLRF, within: float = 0.03) -> int:
    """3/2 times the step from which the loss stays within 3 % of its limit."""
    r = np.unique(np.geomspace(1, 1e9, 600).round()).astype(np.int64)
    away = np.abs(model.loss(r) / model.loss_limit() - 1) > within
    return int(1.5 * r[np.flatnonzero(away)[-1] + 1])


def curves(panel: Panel, runs: int = 16, seed: int = 1, steps: int = 120) -> Curves:
    """One draw of ``W`` and all that is known about its loss."""
    model = PLRF(panel.alpha, panel.beta, d=panel.d, v=panel.ratio * panel.d)
    last = last_step(model)
    r = np.unique(np.geomspace(1, last, steps).round()).astype(np.int64)
    sample = model.sample(seed)
    simulated = sample.simulate(last, runs, seed=seed, record=r)
    found = model.pieces(r)._asdict()
    found["K_pp"] = found["K_pp"] / (model.learning_rate() * model.batch)
    pieces = {name: curve for name, curve in found.items() if np.isfinite(curve).all()}
    return Curves(panel, model, sample, r, simulated.loss, sample.conditional_loss(r), model.loss(r), pieces)


def draw(axis: Any, shown: Curves, single: int = 6) -> None:
    """One panel."""
    panel, r = shown.panel, shown.r
    for run in shown.runs[:single]:
        axis.plot(r, run, color=RUN, lw=0.5, alpha=0.75)
    axis.plot(r, shown.exact, color=EXACT, lw=4, alpha=0.9, solid_capstyle="butt")
    axis.plot(r, shown.equivalent, color="black", lw=1.3, ls=(0, (4, 2)))
    dots = np.unique(np.searchsorted(r, np.geomspace(1, r[-1], 16)))
    axis.plot(r[dots], shown.runs.mean(axis=0)[dots], "o", ms=4, mfc="white", mec="black", mew=0.8)
    for name, curve in shown.pieces.items():
        axis.plot(r, curve, color=COLOURS[name], lw=2.2 if name in panel.balance else 1.2)
    where, height = shown.crossing
    axis.plot(where, height, "D", ms=6.5, mfc="black", mec="white", mew=1, zorder=5)

    axis.set(xscale="log", yscale="log", xlim=(0.9, 1.1 * r[-1]))
    axis.set_ylim(min(height, shown.pieces["F_0"][0]) / 4, 1.15 * np.max(shown.runs[:single]))
    low, high = axis.get_ylim()
    flat = high < 60 * low
    axis.minorticks_off()
    axis.xaxis.set_major_locator(LogLocator(numticks=8))
    if flat:
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter("{x:g}")
    axis.set_title(
        rf"$\mathbf{{{panel.phase}}}$:  {LABELS[panel.balance[0]]} = {LABELS[panel.balance[1]]}",
        loc="left",
        fontsize=12,
    )
    rows = [rf"$\alpha = {panel.alpha}$, $\beta = {panel.beta}$", rf"$d = {panel.d}$, $v = {panel.ratio}d$"]
    rows.append(rf"$\gamma = {shown.model.learning_rate():.2g}$")
    if "K_pp" not in shown.pieces:
        rows.append(r"$K_{pp}$ infinite for $\alpha \leq 1/4$")
    corner = (
        {"x": 0.03, "y": 0.03, "ha": "left", "va": "bottom"} if flat else {"x": 1, "y": 1, "ha": "right", "va": "top"}
    )
    axis.text(s="\n".join(rows), transform=axis.transAxes, color=GREY, fontsize=9, linespacing=1.4, **corner)


def draw_map(axis: Any) -> None:
    """Where the panels lie in the plane of the two exponents."""
    left, split, top = 0.25, 1 - np.sqrt(0.5), 2.35
    edges = [
        ([0, 0.5], [0.5, 0]),
        ([0.5, 0.5], [0, top]),
        ([0, 1.05], [0.5, 0.5]),
        ([0.5, 1.05], [0.5, 1.05]),
        ([left, left], [0.5, top]),
        ([split, split], [0.5, top]),
    ]
    for x, y in edges:
        axis.plot(x, y, color=GREY, lw=0.8)
    label = {"ha": "center", "va": "bottom", "fontweight": "bold", "fontsize": 9.5, "zorder": 4}
    label["bbox"] = {"fc": "white", "ec": "none", "pad": 0.8}
    axis.fill_between([0, 0.5], [0.5, 0], color="#E4E4E4", lw=0)
    axis.text(0.03, 0.08, "no power law", color=GREY, fontsize=8.5)
    for panel in PANELS:
        axis.plot(float(panel.alpha), float(panel.beta), "o", ms=4.5, color="black", zorder=3)
        axis.text(
            float(panel.alpha), float(panel.beta) + (0.07 if panel.phase != "Ia" else -0.21), panel.phase, **label
        )
    axis.set(xlim=(0, 1.05), ylim=(0, top), xlabel=r"$\alpha$, of the data", ylabel=r"$\beta$, of the target")
    axis.set_title("where the panels lie", loc="left", fontsize=11)


def draw_legend(axis: Any, runs: int) -> None:
    """What the lines are, by level."""
    axis.axis("off")
    lines = [
        (dict(color=RUN, lw=0.8), "single runs of SGD"),
        (dict(color="black", marker="o", mfc="white", ms=4, mew=0.8, lw=0), f"mean of {runs} runs"),
        (dict(color=EXACT, lw=4), "exact mean, given this $W$"),
        (dict(color="black", lw=1.3, ls=(0, (4, 2))), "deterministic equivalent, no $W$"),
        *((dict(color=COLOURS[name], lw=2), LABELS[name]) for name in COLOURS),
        (dict(color="black", marker="D", mec="white", ms=6.5, lw=0), "the two pieces in the title cross"),
    ]
    handles = [Line2D([], [], label=label, **look) for look, label in lines]
    axis.legend(handles=handles, loc="center left", fontsize=10.5, labelspacing=0.75, handlelength=2.2)


def picture(found: list[Curves]) -> Figure:
    """All panels, those of ``2α > 1`` above, a map and a legend."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(3, 3, figsize=(10.5, 10), layout="constrained")
        figure.get_layout_engine().set(h_pad=0.09, w_pad=0.06)
        for axis, shown in zip(axes.flat, found, strict=False):
            draw(axis, shown)
        draw_map(axes.flat[7])
        draw_legend(axes.flat[8], len(found[0].runs))
        for axis in (axes[2, 0], axes[1, 1], axes[1, 2], axes[1, 0]):
            axis.set_xlabel("step $r$")
        for axis in axes[:, 0]:
            axis.set_ylabel("loss $P$")
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("sgd_in_every_phase.png"))
    options = parser.parse_args()
    plt.switch_backend("Agg")
    picture([curves(panel) for panel in PANELS]).savefig(options.out, dpi=120, metadata={"Software": None})


if __name__ == "__main__":
    main()
