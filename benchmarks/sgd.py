r"""Seconds for a step of one-pass SGD on one draw of ``W``, literally and in the eigenbasis, and for the exact mean.

Both are :meth:`Sample.simulate`, which has the same law either way. The literal method draws ``x ∈ R^v`` and forms
``Wᵀx``; it is timed with as many BLAS threads as are set and with one. Beside one run of it stands a faster form, written
here, that is no longer literal in the order of its operations: the features of 64 steps, which do not depend on ``θ``,
from one matrix product. The eigenbasis method takes one BLAS thread. Both draw their normals ahead in two threads.

The ways take turns within each round, so that they meet the same load of the machine; a ratio compares the best times
over the rounds, and beside it stands the median of the ratios of the single rounds. Ratios are against the *fastest*
literal way of :meth:`Sample.simulate`. Times include the drawing of the data, not that of ``W``.

    python benchmarks/sgd.py [--alpha 1] [--beta 7/10] [--d 400] [--v 4000] [--rounds 9] [--json FILE]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from measuring import Clock, Seconds, log_steps, machine, median_seconds, note, print_table, write_json
from threadpoolctl import threadpool_limits

from scalesym import PLRF

LITERAL = ("literal, BLAS threads as set", "literal, one BLAS thread")
TOGETHER = 64  # steps whose features one product gives
PAUSE = 0.05  # seconds after which idle BLAS threads no longer spin


class Way(NamedTuple):
    """A way to simulate: its name, how many steps are timed, and what takes them."""

    name: str
    steps: int
    run: Callable[[int], Any]


def products(sample: Any, steps: int) -> float:
    """One literal run at ``B = 1``, the features of ``TOGETHER`` steps from one matrix product; its last loss."""
    W, scale, b, gamma = sample.matrix, np.sqrt(sample.covariance), sample.target, sample.gamma
    random = np.random.Generator(np.random.SFC64(1))
    theta = np.zeros(W.shape[1])
    for _ in range(steps // TOGETHER):
        x = random.standard_normal((TOGETHER, len(scale))) * scale
        for a, y in zip(x @ W, x @ b, strict=True):
            theta -= gamma * (a @ theta - y) * a
    return float(np.sum((scale * (W @ theta - b)) ** 2))


def ways(sample: Any, runs: int, effort: float) -> list[Way]:
    """The ways for so many runs, with steps for about a quarter of a second each at ``effort = 1``."""

    def simulate(method: str, threads: int | None = None) -> Callable[[int], Any]:
        def run(steps: int) -> None:
            with nullcontext() if threads is None else threadpool_limits(threads, "blas"):
                sample.simulate(steps, runs, seed=1, method=method, record=[steps])

        return run

    width = runs * sample.batch
    fast = max(1, round(effort * (20_000 if width == 1 else 8000 if runs == 1 else 40_000 / runs)))
    slow = max(1, round(effort * (400 if width == 1 else 1600 / width)))
    found = [
        Way(LITERAL[0], slow, simulate("literal")),
        Way(LITERAL[1], slow, simulate("literal", 1)),
        Way("eigenbasis", fast, simulate("eigenbasis")),
    ]
    if width == 1:
        count = max(1, round(effort * 1600 / TOGETHER)) * TOGETHER
        found.append(Way(f"literal, products of {TOGETHER} steps", count, lambda steps: products(sample, steps)))
    return found


def rounds_of(found: list[Way], rounds: int) -> dict[str, list[Seconds]]:
    """Seconds per step of each way in each round, after a round that does not count."""
    times: dict[str, list[Seconds]] = {way.name: [] for way in found}
    for number in range(rounds + 1):
        for way in found:
            time.sleep(PAUSE)
            clock = Clock()
            way.run(way.steps)
            wall, processor = clock.read()
            if number:
                times[way.name].append(Seconds(wall / way.steps, processor / way.steps))
    return times


def compared(times: dict[str, list[Seconds]]) -> list[dict[str, Any]]:
    """Best and median times, and how many times faster the eigenbasis is."""
    wall = {name: [seconds.wall for seconds in rounds] for name, rounds in times.items()}
    rows = []
    for name, rounds in times.items():
        row: dict[str, Any] = {"way": name, "best": min(wall[name]), "median": statistics.median(wall[name])}
        row["processor"] = statistics.median(seconds.processor for seconds in rounds)
        if name != "eigenbasis":
            row["ratio"] = min(wall[name]) / min(wall["eigenbasis"])
            row["median ratio"] = statistics.median(
                slow / fast for slow, fast in zip(wall[name], wall["eigenbasis"], strict=True)
            )
        rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--alpha", default="1")
    parser.add_argument("--beta", default="7/10")
    parser.add_argument("--d", type=int, default=400)
    parser.add_argument("--v", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--effort", type=float, default=1.0, help="times as many steps in each timing")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()

    def model(batch: int) -> PLRF:
        return PLRF(options.alpha, options.beta, options.d, options.v, batch=batch)

    def drawn() -> Any:
        sample = model(1).sample(seed=1)
        sample.spectrum()
        return sample

    note(f"alpha = {options.alpha}, beta = {options.beta}, d = {options.d}, v = {options.v}, half-critical gamma")
    note(f"{machine()}\n")
    results: dict[str, Any] = {"machine": machine(), **{k: v for k, v in vars(options).items() if k != "json"}}

    summary = []
    for runs, batch in ((1, 1), (64, 1), (1, 64)):
        sample = model(batch).sample(seed=1)
        rows = compared(rounds_of(ways(sample, runs, options.effort), options.rounds))
        case = f"{runs} run{'s' * (runs > 1)}, B = {batch}"
        results[case] = rows
        cells = []
        for row in rows:
            ratios = [f"{row[key]:.1f}" if key in row else "" for key in ("ratio", "median ratio")]
            cells.append([row["way"], *(f"{1e6 * row[key]:.1f}" for key in ("best", "median", "processor")), *ratios])
        columns = ["way", "best", "median", "processor", "best / best", "median of ratios"]
        print_table(f"{case}: microseconds per step, and times as long as in the eigenbasis", columns, cells)
        literal = [row for row in rows if row["way"] in LITERAL]
        summary.append([case, *(f"{min(row[key] for row in literal):.0f}" for key in ("ratio", "median ratio"))])
    print_table(
        "Times as fast as the faster of the two literal ways", ["case", "best / best", "median of ratios"], summary
    )

    steps, last = log_steps(10**8, 200), 20_000
    held: list[Any] = []

    def prepare() -> None:
        held[:] = [drawn()]

    prepare()
    other = {
        "draw W and decompose it": median_seconds(drawn, options.rounds),
        f"mean given W at {len(steps)} steps up to {steps[-1]:.0e}, closed": median_seconds(
            lambda: held[0].conditional_loss(steps), options.rounds, before=prepare
        ),
        "the same at other steps of the same draw": median_seconds(
            lambda: held[0].conditional_loss(steps), options.rounds
        ),
        "a step of its recursion": Seconds(
            *(x / last for x in median_seconds(lambda: held[0].conditional_loss(last, "recursion"), options.rounds))
        ),
    }
    results["other"] = {what: seconds._asdict() for what, seconds in other.items()}
    rows = [[what, *(f"{x:.3g}" for x in seconds)] for what, seconds in other.items()]
    print_table("Seconds, medians", ["what", "seconds", "processor"], rows)
    write_json(options.json, results)


if __name__ == "__main__":
    main()
