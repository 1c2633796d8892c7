"""Seconds for a loss curve of 200 steps, in double precision and in 50 digits, and for the import.

Caches are cleared before every run, so that each pays for its spectrum, its fixed point and its contour. SciPy, which
scalesym imports at its first curve, is imported beforehand; a row of its own times the first curve of a fresh process
with it. Steps run from 1 to 10^20 in even ratios. Medians of wall-clock time, and of processor time, which other work
on the machine disturbs less.

    python benchmarks/speed.py [--runs 11] [--digits 50] [--json FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from measuring import clear_caches, fresh_process, log_steps, machine, median_seconds, note, print_table, write_json

from scalesym import PLRF

SIZES: list[tuple[Any, Any, int, Any]] = [
    ("2/5", 1, 400, 4000),
    ("1/5", "4/5", 10**4, 10**5),
    (1, "7/10", 10**6, 10**7),
    ("501/1000", 1, 10**6, "inf"),
    ("1/5", "4/5", 10**9, 10**10),
    (1, "7/10", 10**12, 10**13),
    (1, "7/10", 10**12, "inf"),
    (2, 3, 10**12, 10**13),
    (3, 3, 10**14, 10**15),
    (3, 3, 10**14, "inf"),
]
PRECISE: tuple[Any, Any, int, Any] = (1, "7/10", 10**6, 10**7)

FIRST = "from scalesym import PLRF; PLRF(2/5, 1, 400, 4000).loss(range(1, 201))"


def power_of_ten(size: Any) -> str:
    text = str(size)
    return f"1e{len(text) - 1}" if text.rstrip("0") == "1" and len(text) > 4 else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=11, help="runs in double precision, of which the median counts")
    parser.add_argument("--precise-runs", type=int, default=3, help="runs in many digits; 0 leaves them out")
    parser.add_argument("--digits", type=int, default=50)
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()
    note(f"{machine()}\n")

    steps = log_steps(10**20, 200)
    results: dict[str, Any] = {"machine": machine(), "runs": options.runs, "double": [], "precise": []}
    PLRF(1, 1, 10, 100).loss(10)  # the modules that are imported at need
    rows = []
    for alpha, beta, d, v in SIZES:
        seconds = median_seconds(lambda p=(alpha, beta, d, v): PLRF(*p).loss(steps), options.runs, before=clear_caches)
        results["double"].append({"alpha": alpha, "beta": beta, "d": d, "v": v} | seconds._asdict())
        rows.append([alpha, beta, power_of_ten(d), power_of_ten(v), *(f"{time:.4f}" for time in seconds)])
    columns = ["alpha", "beta", "d", "v", "seconds", "processor"]
    print_table(f"A curve of {len(steps)} steps in double precision", columns, rows)

    fresh = {
        "import scalesym": fresh_process("", "import scalesym", options.runs),
        "import numpy alone, for comparison": fresh_process("", "import numpy", options.runs),
        "import scalesym, then a first curve, which imports SciPy": fresh_process("", FIRST, options.runs),
    }
    results["fresh"] = {what: seconds._asdict() for what, seconds in fresh.items()}
    rows = [[what, *(f"{time:.3f}" for time in seconds)] for what, seconds in fresh.items()]
    print_table("Fresh processes", ["what", "seconds", "processor"], rows)

    if options.precise_runs:
        alpha, beta, d, v = PRECISE

        def curve() -> None:
            PLRF(alpha, beta, d, v).loss(steps, digits=options.digits)

        seconds = median_seconds(curve, options.precise_runs, before=clear_caches)
        settings = {"alpha": alpha, "beta": beta, "d": d, "v": v, "digits": options.digits}
        results["precise"] = settings | {"wall": seconds.wall}
        title = f"A curve of {len(steps)} steps in {options.digits} digits"
        print_table(title, columns[:-1], [[alpha, beta, power_of_ten(d), power_of_ten(v), f"{seconds.wall:.2f}"]])
    write_json(options.json, results)


if __name__ == "__main__":
    main()
