r"""Gradient flow and gradient descent on random features: what the roads cost, and how far apart they are.

Three roads to the mean after ``n`` steps of gradient descent are timed, the mean field in the time domain, the double contour, and
brute force, the average over so many draws of features and samples (each by matrix products in the ``N``-dimensional space of
weights); then gradient flow by one contour and by two variables. The accuracy table compares roads that share no code but the
spectrum. Brute force differs from the others by its own noise and by the finite size of the model; both are shown.

    python benchmarks/solvable.py [--draws 50] [--runs 3] [--json FILE]
"""

from __future__ import annotations

import argparse
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from measuring import clear_caches, machine, median_seconds, note, print_table, write_json

from scalesym.equivalent.finite_data import FiniteData
from scalesym.equivalent.fixed_point import DoubleSums, FixedPoint
from scalesym.equivalent.flow import Descent, Flow
from scalesym.equivalent.mean_field import mean_field
from scalesym.equivalent.population import PopulationFlow
from scalesym.spectrum import PowerLaw

LAW = PowerLaw(Fraction(7, 10), Fraction(1, 5), 400)
FEATURES, SAMPLES, RATE = 60, 90, 0.5


def brute_force(draws: int, steps: int) -> tuple[Any, Any]:
    """Test loss at every step, the mean over draws and its standard error."""
    random = np.random.default_rng(1)
    lam, b = LAW.listed()
    scale, losses = np.sqrt(lam), np.empty((draws, steps + 1))
    for draw in range(draws):
        mixing = random.standard_normal((FEATURES, len(lam))) / math.sqrt(FEATURES)
        latent = random.standard_normal((SAMPLES, len(lam))) * scale
        features, labels, weights = latent @ mixing.T, latent @ b, np.zeros(FEATURES)
        for n in range(steps + 1):
            losses[draw, n] = lam @ (b - weights @ mixing) ** 2
            weights = weights + RATE / SAMPLES * (labels - features @ weights) @ features
    return losses.mean(axis=0), losses.std(axis=0, ddof=1) / math.sqrt(draws)


def population(law: PowerLaw, features: float) -> PopulationFlow:
    nodes = law.nodes(features)
    return PopulationFlow(nodes, FixedPoint(DoubleSums(nodes), features, 1.0), law.size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--draws", type=int, default=50, help="of features and samples, by brute force")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()
    note(f"{machine()}\n")
    model = FiniteData.of(LAW, FEATURES, SAMPLES)

    def seconds(call: Any) -> float:
        return median_seconds(call, options.runs, before=clear_caches).processor

    costs, rows = {}, []
    for steps in (40, 80, 160):
        cost = {
            "mean field": seconds(lambda n=steps: mean_field(LAW.nodes(FEATURES), FEATURES, SAMPLES, RATE, n)),
            "contour": seconds(lambda n=steps: Descent(model, RATE).loss(range(n + 1))),
            "brute force": seconds(lambda n=steps: brute_force(options.draws, n)),
        }
        costs[steps] = cost
        rows.append([steps, *(f"{x:.3g}" for x in cost.values()), f"{cost['contour'] / cost['mean field']:.1f}"])
    title = f"seconds for gradient descent, M = 400, N = {FEATURES}, P = {SAMPLES}; brute force: {options.draws} draws"
    print_table(title, ["steps", *costs[40], "contour over mean field"], rows)

    t, flows, rows = np.geomspace(0.1, 1e6, 200), {}, []
    for size in (400, 10**8, 10**32):
        law = PowerLaw(LAW.alpha, LAW.beta, Fraction(size))
        one = seconds(lambda law=law: population(law, 100.0).loss(t))
        two = seconds(lambda law=law: Flow(FiniteData.of(law, 100, math.inf)).loss(t))
        flows[f"{size:.0e}"] = {"one": one, "two": two}
        rows.append([f"{size:.0e}", f"{one:.3f}", f"{two:.3f}", f"{two / one:.1f}"])
    print_table("seconds for gradient flow at 200 times, N = 100, P = ∞", ["M", "one variable", "two", "ratio"], rows)

    n, times = np.arange(81), np.concatenate([[0.0], np.geomspace(1e-3, 1e9, 40)])
    found = mean_field(LAW.nodes(FEATURES), FEATURES, SAMPLES, RATE, 80, 0.1)
    listed = FiniteData.of(LAW, FEATURES, SAMPLES).nodes
    contour, flow = Descent(model, RATE, 0.1), Flow(model, 0.1)
    finer = Flow(model, 0.1, points=15)
    one, two = population(LAW, 60.0), Flow(FiniteData.of(LAW, 60, math.inf))
    mean, spread = brute_force(options.draws, 80)
    exact = mean_field(LAW.nodes(FEATURES), FEATURES, SAMPLES, RATE, 80).loss
    accuracy = {
        "mean field and contour, test loss, 80 steps": float(abs(contour.loss(n) / found.loss - 1).max()),
        "mean field and contour, train loss": float(abs(contour.train(n) / found.train - 1).max()),
        "one variable and two, P = ∞, t up to 1e9": float(abs(two.loss(times) / one.loss(times) - 1).max()),
        "the same, infinite ensemble": float(abs(two.loss(times, same_features=False) / one.bias(times) - 1).max()),
        "hyperbola with 13 and 15 points, test": float(abs(finer.loss(times) / flow.loss(times) - 1).max()),
        "hyperbola with 13 and 15 points, train": float(abs(finer.train(times) / flow.train(times) - 1).max()),
        f"brute force with {options.draws} draws, its excess at step 80": float(mean[80] / exact[80] - 1),
        "its standard error": float(spread[80] / exact[80]),
    }
    print_table(
        f"largest relative differences, M = 400 as {len(listed.lam)} points",
        ["roads", "difference"],
        [[name, f"{x:.1e}"] for name, x in accuracy.items()],
    )
    if options.json:
        write_json(options.json, {"machine": machine(), "descent": costs, "flow": flows, "accuracy": accuracy})


if __name__ == "__main__":
    main()
