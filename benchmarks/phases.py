"""Seconds for looking a phase up, and for proving the table.

The first look-up is timed in a fresh process, after ``import scalesym``; later ones by the thousand, at new points and with both
exponents read; a map over a grid; and the goals of both SMT solvers, one after the other.

    python benchmarks/phases.py [--runs 5] [--json FILE]
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from measuring import fresh_process, machine, median_seconds, note, print_table, write_json

from scalesym import phase, phase_map
from scalesym.theorems import smt
from scalesym.theorems.goals import goals

POINTS = [(Fraction(n + 1, 1000), Fraction(3, 4)) for n in range(2000)]
FLOATS = [(float(a), float(b)) for a, b in POINTS]


def look_up(points: list[Any], values: bool) -> None:
    for alpha, beta in points:
        found = phase(alpha, beta)
        if values:
            found.name, found.eta, found.xi  # noqa: B018


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()
    note(f"{machine()}\n")

    grid = np.linspace(0.01, 2, 1000)
    stated = goals()
    each = 1e6 / len(POINTS)
    micro: dict[str, float] = {
        "a look-up, exact": each * median_seconds(lambda: look_up(POINTS, False), options.runs).wall,
        "and its name and exponents": each * median_seconds(lambda: look_up(POINTS, True), options.runs).wall,
        "the same with floats": each * median_seconds(lambda: look_up(FLOATS, True), options.runs).wall,
        "a point of a map of 10^6": median_seconds(lambda: phase_map(grid[:, None], grid), options.runs).wall,
    }
    first = fresh_process("import scalesym", 'scalesym.phase(1, "7/10").eta', 2 * options.runs)
    seconds: dict[str, float] = {"first look-up": first.wall}
    for solver in smt.SOLVERS:
        smt.ask(stated[0], solver)  # the import
        seconds[f"{len(stated)} goals by {solver}"] = median_seconds(
            lambda solver=solver: [smt.ask(goal, solver) for goal in stated], 1
        ).wall
    print_table("looking up", ["what", "microseconds"], [[name, f"{value:.2f}"] for name, value in micro.items()])
    print_table(
        "the first time, and proofs", ["what", "seconds"], [[name, f"{value:.2f}"] for name, value in seconds.items()]
    )
    if options.json:
        write_json(options.json, {"machine": machine(), "microseconds": micro, "seconds": seconds})


if __name__ == "__main__":
    main()
