r"""Double precision against the multiprecision road, at random points of the whole domain.

Drawn from a seed, point by point: ``α ∈ [0.1, 3]``, ``β ∈ [−0.3, 3]`` with ``α + β > 1/2``, ``d`` log-uniform to
``10^14``, ``v/d`` log-uniform from 1.05 to 1000 or infinite (for ``2α > 1``), ``B ∈ {1, 2, 7, 64}``, a learning rate of
1/2, 0.99 or 0.001 times the critical one, and steps log-uniform to ``10^20``, two thirds of them to about the step at
which the loss reaches its limit. At each point ``P``, ``F`` and ``K`` are computed twice. The learning rate is a
binary number, so that both roads are given the same one.

Reported are the relative error and the contour's own estimate of it. Where the estimate is above ``10^-11`` the package
itself goes to the multiprecision road; those values are counted apart, as *sent on*. Values of ``K`` below
``10^-300``, which the package returns as 0, are left out. ``--corners`` adds corners of the domain.

A second part compares the contour with the Volterra recursion at small sizes, with ``F`` and ``K`` of 30 digits.

    python benchmarks/accuracy.py [--points 40] [--seed 1] [--json FILE]

One point takes from a second to a minute or two. Ctrl-C ends the run and reports what is done; with ``--json`` a
later run with the same seed continues from there.
"""

from __future__ import annotations

import argparse
import json
import math
import time
import warnings
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
from measuring import machine, note, print_table, write_json
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scalesym import PLRF, AccuracyWarning, ScalesymError

QUANTITIES = ("loss", "forcing", "kernel")
#: Corners of the domain: alpha, beta, d, v, batch, learning rate over the critical one.
CORNERS: list[tuple[str, str, int, float, int, float]] = [
    ("0.1", "0.41", 10**14, 1.05e14, 1, 0.99),
    ("0.1", "3", 10**14, 1e17, 64, 0.5),
    ("0.1", "3", 100, 105, 64, 0.99),
    ("0.501", "0", 10**6, math.inf, 2, 0.5),
    ("0.8", "-0.2999", 10**14, math.inf, 1, 0.99),
    ("3", "-0.3", 10**14, math.inf, 7, 0.99),
    ("3", "-0.3", 10**14, 1.05e14, 64, 0.5),
    ("3", "3", 10**14, math.inf, 1, 0.5),
    ("3", "3", 10**14, 1.05e14, 64, 0.99),
    ("3", "3", 2, 3, 1, 0.99),
    ("1", "3", 10**10, 1e11, 1, 0.001),
    ("0.5", "0.5", 10**8, 1e10, 2, 0.5),
]
TOLERANCE = 1e-11  # above this estimate the package leaves double precision
DIGITS = 20


def draw(seed: int, index: int, steps: int) -> dict[str, Any]:
    """Point ``index``, the same whatever the number of points."""
    rng = np.random.default_rng([seed, index])
    while True:
        alpha, beta = round(rng.uniform(0.1, 3), 3), round(rng.uniform(-0.3, 3), 3)
        if alpha + beta > 0.501:
            break
    d = round(10 ** rng.uniform(0.5, 14))
    infinite = rng.random() < 0.3 and 2 * alpha > 1
    v = math.inf if infinite else max(d + 1, round(d * 1.05 * (1000 / 1.05) ** rng.random()))
    fraction = float(rng.choice([0.5, 0.5, 0.99, 0.001]))
    batch = int(rng.choice([1, 2, 7, 64]))
    cut_off = min(20.0, 2 * alpha * math.log10(d) + 4)  # the loss is at its limit from about there on
    rounds = sorted({int(10 ** rng.uniform(0, 20 if i % 3 == 2 else cut_off)) for i in range(steps)})
    return {
        "index": index,
        "alpha": str(alpha),
        "beta": str(beta),
        "d": d,
        "v": "inf" if infinite else v,
        "batch": batch,
        "fraction": fraction,
        "steps": rounds,
    }


def corner(index: int) -> dict[str, Any]:
    """The corners have negative indices."""
    alpha, beta, d, v, batch, fraction = CORNERS[-1 - index]
    last = min(20.0, max(2 * float(alpha), 1.0) * math.log10(d) + 3)
    return {
        "index": index,
        "alpha": alpha,
        "beta": beta,
        "d": d,
        "v": "inf" if math.isinf(v) else int(v),
        "batch": batch,
        "fraction": fraction,
        "steps": [1, *sorted({int(10 ** (last * k / 4)) for k in range(1, 5)})],
    }


def compare(point: dict[str, Any]) -> dict[str, Any]:
    """Errors and estimates at one point, per quantity and step."""
    began = time.perf_counter()
    shape = (point["alpha"], point["beta"], point["d"], point["v"])
    gamma = point["fraction"] * float(PLRF(*shape, batch=point["batch"]).critical_gamma())
    model = PLRF(*shape, gamma=gamma, batch=point["batch"])
    records: list[dict[str, Any]] = []
    failure = None
    try:
        for quantity in QUANTITIES:
            records += errors(model, quantity, point["steps"])
    except ScalesymError as error:
        failure = f"{quantity}: {error}"
    seconds = round(time.perf_counter() - began, 2)
    return point | {"gamma": gamma, "records": records, "failure": failure, "seconds": seconds}


def errors(model: PLRF, quantity: str, steps: list[int]) -> list[dict[str, Any]]:
    """Relative error and its estimate at each step."""
    records = []
    contour = model._equation.edge_contour if quantity == "kernel" else model._equation.contour
    raw = getattr(contour, quantity)(np.array([float(r) for r in steps]))
    kept = [i for i in range(len(steps)) if quantity != "kernel" or raw.value[i] > 1e-300]
    exact = getattr(model, quantity)([steps[i] for i in kept], digits=DIGITS) if kept else []
    settled = [i for i in kept if raw.error[i] <= TOLERANCE * raw.value[i]]
    given = dict(zip(settled, getattr(model, quantity)([steps[i] for i in settled]) if settled else (), strict=True))
    for i, truth in zip(kept, exact, strict=True):
        value = given.get(i, raw.value[i])
        records.append(
            {
                "quantity": quantity,
                "r": steps[i],
                "value": float(truth),
                "error": float(abs(mpmath.mpf(float(value)) / truth - 1)),
                "estimate": float(raw.error[i] / abs(float(truth))),
                "sent_on": i not in given,
            }
        )
    return records


def recursion(alpha: str, beta: str, d: int, v: int, batch: int, last: int) -> dict[str, Any]:
    """The contour's ``P`` against ``P(r) = F(r) + Σ K(r−1−s) P(s)``, summed directly."""
    model = PLRF(alpha, beta, d, v, batch=batch)
    steps = list(range(last + 1))
    forcing, kernel = model.forcing(steps, digits=30), model.kernel(steps, digits=30)
    loss: list[Any] = []
    for r in steps:
        loss.append(forcing[r] + sum((kernel[r - 1 - s] * loss[s] for s in range(r)), 0 * forcing[r]))
    double, precise = model.loss(steps), model.loss(steps, digits=25)
    return {
        "alpha": alpha,
        "beta": beta,
        "d": d,
        "v": v,
        "batch": batch,
        "last": last,
        "double": max(float(abs(mpmath.mpf(float(x)) / y - 1)) for x, y in zip(double, loss, strict=True)),
        "precise": max(float(abs(x / y - 1)) for x, y in zip(precise, loss, strict=True)),
    }


def report(points: list[dict[str, Any]], worst: int) -> None:
    """Tables of the figures, and the worst cases with their parameters."""
    rows, cases = [], []
    for quantity in QUANTITIES:
        every = [(record, point) for point in points for record in point["records"] if record["quantity"] == quantity]
        double = [pair for pair in every if not pair[0]["sent_on"]]
        found = np.array([record["error"] for record, _ in double] or [0.0])
        ratio = max((record["error"] / record["estimate"] for record, _ in every), default=0.0)
        rows.append(
            [
                quantity,
                len(every),
                len(every) - len(double),
                f"{np.median(found):.0e}",
                f"{found.max():.1e}",
                int(np.sum(found > 1e-10)),
                f"{ratio:.2f}",
            ]
        )
        cases += sorted(double, key=lambda pair: -pair[0]["error"])[:worst]
    columns = ["", "values", "sent on", "median", "worst", "> 1e-10", "largest error/estimate"]
    print_table(f"Relative errors in double precision, {len(points)} points", columns, rows)
    print_table(
        "The worst values",
        ["", "alpha", "beta", "d", "v", "B", "gamma/critical", "r", "value", "error", "estimate", "point"],
        [
            [
                *(record["quantity"], point["alpha"], point["beta"], f"{point['d']:.3g}", f"{float(point['v']):.3g}"),
                *(point["batch"], point["fraction"], f"{record['r']:.3g}", f"{record['value']:.2e}"),
                *(f"{record['error']:.1e}", f"{record['estimate']:.1e}", point["index"]),
            ]
            for record, point in cases
        ],
    )
    for point in points:
        if point["failure"]:
            note(f"point {point['index']} failed: {point['failure']}")
    slowest = max(points, key=lambda point: point["seconds"])
    total = sum(point["seconds"] for point in points)
    note(f"{total:.0f} s in all, {slowest['seconds']:.0f} s for the slowest, point {slowest['index']}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--points", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=6, help="steps at each point")
    parser.add_argument("--corners", action="store_true", help="add the corners of the domain, which take minutes each")
    parser.add_argument("--worst", type=int, default=4, help="worst cases to print for each quantity")
    parser.add_argument("--json", type=Path, help="keep every figure in this file, and continue from it")
    options = parser.parse_args()
    warnings.simplefilter("ignore", AccuracyWarning)
    note(f"{machine()}; seed {options.seed}\n")

    content: dict[str, Any] = {"machine": machine(), "seed": options.seed, "steps": options.steps, "points": []}
    if options.json and options.json.exists():
        old = json.loads(options.json.read_text(encoding="utf-8"))
        if (old["seed"], old["steps"]) == (options.seed, options.steps):
            content = old
    done = {point["index"]: point for point in content["points"]}
    wanted = [*range(options.points), *(range(-1, -1 - len(CORNERS), -1) if options.corners else ())]
    text = TextColumn("{task.description}")
    bar = Progress(text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=Console(stderr=True))
    complete = True
    try:
        with bar:
            task = bar.add_task("points", total=len(wanted))
            for index in wanted:
                if index not in done:
                    point = draw(options.seed, index, options.steps) if index >= 0 else corner(index)
                    law = f"alpha={point['alpha']} beta={point['beta']} d={point['d']:.1e} v={float(point['v']):.1e}"
                    bar.update(task, description=law)
                    done[index] = compare(point)
                    content["points"] = [done[i] for i in sorted(done)]
                    write_json(options.json, content)
                bar.advance(task)
    except KeyboardInterrupt:
        note("interrupted; what follows is what was done")
        complete = False
    used = [done[i] for i in wanted if i in done]
    if used:
        report(used, options.worst)
    if complete:
        laws = [("1", "7/10", 20, 60), ("2/5", "1", 30, 200), ("1/5", "2", 10, 11), ("3/2", "-1/5", 12, 50)]
        checks = [recursion(*law, batch, 60) for law in laws for batch in (1, 4, 64)]
        content["recursion"] = checks
        print_table(
            "The contour against the Volterra recursion, worst relative error for r <= 60",
            ["alpha", "beta", "d", "v", "B", "double", "25 digits"],
            [
                [c["alpha"], c["beta"], c["d"], c["v"], c["batch"], f"{c['double']:.1e}", f"{c['precise']:.1e}"]
                for c in checks
            ],
        )
        write_json(options.json, content)


if __name__ == "__main__":
    main()
