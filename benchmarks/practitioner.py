r"""scalesym beside the method that one would write first, and that published experiments use.

The method works on the real axis. The resolvent's ``m(z)`` solves

.. math:: m + \frac1d\sum_{j\le v} \frac{\lambda_j m}{\lambda_j m - z} = 1,

and is found by Newton's method at ``z = u + iη`` for a grid of ``u ∈ [d^{-2α}, 1.5]``, one Newton step for each of
``40 + 20 α log d`` heights from ``10^6`` down to ``10^{-6} d^{-2α}``. The imaginary parts of the traces are the two
spectral densities, the trapezoid rule in ``log u`` turns them into

.. math:: F(r) = F_0 + \int \rho_F(u)\, q(u)^r du, \qquad K(r) = \gamma^2 B\int u^2 \rho(u)\, q(u)^r du

for every ``r``, and ``P = F + K * P`` is solved in ``O(T log T)`` from them by FFT, in one of two ways: Picard's
iteration, or Newton's iteration for the power series ``1/(1 − wK̂(w))``. The learning rate, ``F_0`` and the truth that
errors are measured against come from scalesym.

    python benchmarks/practitioner.py [--grid 1000 4000 16000] [--steps 100000] [--json FILE]
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.fft
from measuring import (
    Clock,
    Seconds,
    clear_caches,
    fresh_process,
    log_steps,
    machine,
    median_seconds,
    note,
    print_table,
    write_json,
)

from scalesym import PLRF

Array = npt.NDArray[np.float64]

ALPHA, BETA, D, V = "2/5", 1, 400, 4000
PROBES = (1, 10, 100, 1000, 10_000, 100_000)

READY = "import flint, scipy.optimize; from scalesym import PLRF; steps = {}"
CURVE = f"PLRF({ALPHA!r}, {BETA}, {D}, {V}).loss(steps)"


def densities(alpha: float, beta: float, d: int, v: int, u: Array) -> tuple[Array, Array]:
    """``ρ_F`` and ``ρ`` on the grid ``u``; the heights of the continuation are shared by all points."""
    j = np.arange(1, v + 1, dtype=float)
    lam = j ** (-2 * alpha)
    rows = np.stack([lam, np.ones(v), lam * j ** (-2 * beta)], axis=1).astype(complex)
    count = round(40 + 20 * alpha * math.log(d))
    heights = np.geomspace(1e6, 1e-6 * d ** (-2 * alpha), count)
    forcing, trace = np.empty(len(u)), np.empty(len(u))
    for start in range(0, len(u), 32):  # blocks that stay in the cache
        part = slice(start, start + 32)
        m = np.ones(len(u[part]), dtype=complex)
        for height in heights:
            z = u[part] + 1j * height
            inverse = 1 / (np.multiply.outer(m, lam) - z[:, None])
            first = inverse @ rows[:, 0]
            inverse *= inverse
            slope = 1 - z / d * (inverse @ rows[:, 0])
            m -= (m + m * first / d - 1) / slope
        inverse = 1 / (np.multiply.outer(m, lam) - z[:, None])
        forcing[part] = (inverse @ rows[:, 2]).imag / np.pi
        trace[part] = (inverse @ rows[:, 1]).imag / np.pi
    return forcing, trace


def power_sums(weights: Array, q: Array, steps: int) -> Array:
    """``Σ_i w_{ki} q_i^r`` for all ``r < steps``, as one matrix product: ``r = a + b·block``."""
    block = math.isqrt(steps - 1) + 1
    exponents = np.arange(block)
    small, large = q[:, None] ** exponents, (q**block)[:, None] ** exponents
    return np.stack([((w * large.T) @ small).ravel()[:steps] for w in weights])


def multiply(a: Array, b: Array, length: int) -> Array:
    """The first ``length`` coefficients of the product of two power series."""
    size = scipy.fft.next_fast_len(len(a) + len(b) - 1, real=True)
    return scipy.fft.irfft(scipy.fft.rfft(a, size) * scipy.fft.rfft(b, size), size)[:length]


def picard(forcing: Array, kernel: Array, tolerance: float = 1e-14) -> Array:
    """``P ← F + K*P`` until it moves by less than ``tolerance`` of ``P(0)``."""
    n = len(forcing)
    size = scipy.fft.next_fast_len(2 * n, real=True)
    transform = scipy.fft.rfft(np.concatenate([[0.0], kernel[: n - 1]]), size)
    loss, change = forcing, math.inf
    while change > tolerance * forcing[0]:
        after = forcing + scipy.fft.irfft(scipy.fft.rfft(loss, size) * transform, size)[:n]
        change, loss = float(np.max(np.abs(after - loss))), after
    return loss


def series_inverse(series: Array) -> Array:
    """``1/series`` as a power series, doubling the number of right coefficients."""
    result, n = np.array([1 / series[0]]), 1
    while n < len(series):
        n = min(2 * n, len(series))
        defect = -multiply(series[:n], result, n)
        defect[0] += 2
        result = multiply(result, defect, n)
    return result


def practitioner(model: PLRF, points: int, steps: int) -> tuple[dict[str, Array], dict[str, Seconds]]:
    """All of ``P(0), …, P(steps)``, by both ways of solving the Volterra equation, and the seconds of each part."""
    alpha, beta, d, v = float(model.alpha), float(model.beta), int(model.d), int(model.v)
    gamma, batch, limit = model.learning_rate(), model.batch, model.forcing_limit()
    seconds, losses = {}, {}

    clock = Clock()
    u = np.geomspace(d ** (-2 * alpha), 1.5, points)
    rho_f, rho = densities(alpha, beta, d, v, u)
    seconds["Newton for m"] = clock.read()

    clock = Clock()
    weight = u * math.log(u[1] / u[0])
    q = 1 - 2 * gamma * batch * u + gamma**2 * batch * (batch + 1) * u**2
    forcing, kernel = power_sums(np.stack([weight * rho_f, gamma**2 * batch * weight * u**2 * rho]), q, steps + 1)
    forcing += limit
    seconds["F and K"] = clock.read()

    clock = Clock()
    losses["Picard"] = picard(forcing, kernel)
    seconds["Picard"] = clock.read()

    clock = Clock()
    losses["power series"] = multiply(forcing, series_inverse(np.concatenate([[1.0], -kernel[:steps]])), steps + 1)
    seconds["power series"] = clock.read()
    return losses, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--grid", type=int, nargs="+", default=[1000, 4000, 16_000], help="points of the grid in u")
    parser.add_argument("--steps", type=int, default=100_000, help="last step of the curve")
    parser.add_argument("--runs", type=int, default=11, help="runs of scalesym, of which the median counts")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()

    model = PLRF(ALPHA, BETA, D, V)
    steps = log_steps(options.steps, 200)
    probes = [r for r in PROBES if r <= options.steps]
    truth = np.array([float(x) for x in model.loss(probes, digits=25)])
    note(f"alpha = {ALPHA}, beta = {BETA}, d = {D}, v = {V}, B = 1, half-critical gamma = {model.learning_rate():.6f}")
    note(f"{machine()}\n")

    results: dict[str, Any] = {"machine": machine(), "steps": options.steps, "probes": probes, "baseline": []}
    cold = fresh_process(READY.format(steps), CURVE, options.runs)
    warm = median_seconds(lambda: PLRF(ALPHA, BETA, D, V).loss(steps), options.runs, before=clear_caches)
    ours = np.abs(model.loss(probes) / truth - 1)
    results["scalesym"] = {"steps": len(steps), "cold": cold, "warm": warm, "errors": ours.tolist()}
    blank = [""] * 3
    rows = [
        ["scalesym, fresh process", *blank, *(f"{x:.4f}" for x in cold), *(f"{error:.0e}" for error in ours)],
        ["scalesym, caches cleared", *blank, *(f"{x:.4f}" for x in warm), *([""] * len(probes))],
    ]
    ratios = []
    for points in options.grid:
        losses, seconds = practitioner(model, points, options.steps)
        for way, loss in losses.items():
            parts = [seconds[part] for part in ("Newton for m", "F and K", way)]
            total = Seconds(sum(part.wall for part in parts), sum(part.processor for part in parts))
            errors = np.abs(loss[probes] / truth - 1)
            name = f"{points} points, {way}"
            cells = [*(f"{part.wall:.3g}" for part in parts), *(f"{x:.2f}" for x in total)]
            rows.append([name, *cells, *(f"{error:.0e}" for error in errors)])
            against = [total.wall / cold.wall, total.processor / cold.processor, total.processor / warm.processor]
            ratios.append([name, *(f"{ratio:.0f}" for ratio in against)])
            figures = {"points": points, "way": way, "total": total, "errors": errors.tolist(), "ratios": against}
            results["baseline"].append(figures | {"seconds": seconds})
    columns = [
        "method",
        "Newton",
        "F, K",
        "Volterra",
        "all [s]",
        "processor",
        *(f"1e{round(math.log10(r))}" for r in probes),
    ]
    print_table(f"Seconds for P up to r = {options.steps}, and relative errors at six steps r", columns, rows)
    columns = ["method", "fresh process", "fresh process, processor", "caches cleared, processor"]
    print_table(f"Times as long as {len(steps)} steps of scalesym", columns, ratios)
    write_json(options.json, results)


if __name__ == "__main__":
    main()
