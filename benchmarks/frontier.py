"""Seconds for the compute-optimal frontier: how they grow with the time r, the latent dimension v and the budget f.

A value of the loss is timed at one model for ever later steps, which should cost the same, and at one d for ever larger v,
which should cost as log v; then the frontier at single budgets and at twelve together. Caches are cleared before every run.

    python benchmarks/frontier.py [--runs 5] [--json FILE]
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np
from measuring import clear_caches, machine, median_seconds, note, print_table, write_json

from scalesym import PLRF, frontier

TIMES = [10**k for k in (1, 6, 12, 24, 48, 96)]
LATENT = [10**k for k in (4, 8, 16, 32, 64, 96)]
BUDGETS = [1e6, 1e9, 1e12, 1e24, 1e48, 1e96]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()
    note(f"{machine()}\n")

    def timed(call: Any) -> float:
        return median_seconds(call, options.runs, before=clear_caches).processor

    PLRF(1, 1, 10, 100).loss(10)
    late = {f"{r:.0e}": timed(lambda r=r: PLRF(1, "7/10", 10**6, 10**7).loss(r)) for r in TIMES}
    wide = {f"{v:.0e}": timed(lambda v=v: PLRF("2/5", "4/5", 1000, v).loss(10**6)) for v in LATENT}
    budgets = {f"{f:.0e}": timed(lambda f=f: frontier(1, "7/10", f)) for f in BUDGETS}
    together = timed(lambda: frontier(1, "7/10", np.geomspace(1e9, 1e12, 12))) / 12
    first = wide[f"{LATENT[0]:.0e}"]
    print_table(
        "one value of the loss at α = 1, d = 10^6", ["r", "seconds"], [[r, f"{t:.3f}"] for r, t in late.items()]
    )
    rows = [
        [v, f"{t:.3f}", f"{t / first / (math.log(n) / math.log(LATENT[0])):.2f}"]
        for n, (v, t) in zip(LATENT, wide.items(), strict=True)
    ]
    print_table("one value at α = 2/5, d = 1000", ["v", "seconds", "over log v, relative to the first"], rows)
    rows = [[f, f"{t:.2f}"] for f, t in budgets.items()]
    print_table("the frontier at one budget", ["f", "seconds"], [*rows, ["each of 12, 1e9 to 1e12", f"{together:.2f}"]])
    if options.json:
        write_json(options.json, {"machine": machine(), "r": late, "v": wide, "f": budgets, "each of twelve": together})


if __name__ == "__main__":
    main()
