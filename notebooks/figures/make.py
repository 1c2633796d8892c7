"""Draw ``loss_and_pieces.png``, the curve in the README: an exact loss curve over the four pieces it is made of.

Run as ``python notebooks/figures/make.py [--out FILE]``; needs the ``plot`` extra.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib
import numpy as np

from scalesym import PLRF

matplotlib.use("Agg")
import matplotlib.pyplot as plt

#: Colour, and where the label stands: a step, and a factor above the line.
PIECES = {
    "F_pp": ("#0072B2", 3e3, 0.012),
    "K_pp": ("#CC79A7", 1.9e5, 1.3),
    "F_ac": ("#009E73", 1.3, 1.7),
    "F_0": ("#D55E00", 1.3, 1.7),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("loss_and_pieces.png"))
    options = parser.parse_args()

    model = PLRF(alpha=1, beta="3/2", d=10**4, v=10**6)
    r = np.unique(np.geomspace(1, 10**10, 240).round()).astype(np.int64)
    loss, pieces = model.loss(r), model.pieces(r, level="sharp")

    plt.rcParams.update({"font.size": 12, "axes.spines.top": False, "axes.spines.right": False})
    figure, axis = plt.subplots(figsize=(7.2, 4.3), layout="constrained")
    axis.loglog(r, loss, color="#000000", lw=6, alpha=0.28, solid_capstyle="round")
    axis.text(30, 3e-2, "exact loss", color="#555555")
    for name, (colour, at, above) in PIECES.items():
        curve = np.asarray(getattr(pieces, name))
        axis.loglog(r, curve, color=colour, lw=2)
        height = above * np.interp(at, r, curve)
        axis.text(at, height, f"${name[0]}_{{{name[2:]}}}$", color=colour, fontsize=14)
    axis.set(xlabel="step", ylabel="loss", ylim=(loss[-1] / 30, 3 * loss[0]), xlim=(0.8, 2e10))
    axis.set_title(r"$\alpha = 1,\ \beta = 3/2,\ d = 10^4,\ v = 10^6$", loc="left", fontsize=12)
    axis.tick_params(which="minor", length=0)
    figure.savefig(options.out, dpi=150, metadata={"Software": None})


if __name__ == "__main__":
    main()
