r"""One law for every phase and line: the loss at any size and budget from the transforms of the window.

.. math:: P \approx d^{-2\alpha}\Big\{ c\,L^{-1}\Big[\frac{1/\tilde m - 1 + N/c}{1-\hat k}\Big](t) + R\Big\}, \qquad
          \hat k = \|K\| + \frac\gamma2 d^{1-2\alpha}\,\tilde z\tilde D_1, \qquad N = 2\gamma B\,\|F\|_1,

where the two parts come from ``J = c + d^{1-2β}J̃ − ζ_R(2β−2α)ζ + …``: ``c = ζ_R(2β)``, and ``R`` is the transform of what is
left of ``J``, over ``m̃(1−k̂)``; on ``2β = 1`` the poles of both cancel, and ``c = γ_E + log v``. For ``β`` above ``1/2`` and
``α + 1/4``, where this series comes near poles of its own, ``c = Σ_{j≤v} j^{-2β}`` and ``d^{-2α}R`` is the pure points' share,
``F_pp/(1 − k̂(1/t))``. The law holds from ``2γBr ≫ 1`` on, through the window; ``‖K‖``, ``γ`` and ``c`` are those of the size.
Level: sharp.

Minimised over ``d`` it gives the frontier where corrections to the leading law are slow, logarithms above all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..equivalent.window import Gap, Kernel
from ..errors import ParameterError
from .rates import Rule, power_sum

__all__ = ["best", "log_loss"]


def log_loss(rule: Rule, beta: float, log_f: float, log_d: float) -> float:
    """``log P`` at one size and budget; infinite where the law cannot be used, for ``2γBr < 1``."""
    alpha = rule.alpha
    here = replace(rule, log_d=log_d)
    log_tau = math.log(2 * here.value) + log_f - log_d
    if log_tau <= 0:
        return math.inf
    gap = Gap(alpha, rule.ratio)
    path = gap.path(math.exp(max(-600.0, min(20.0, log_tau - 2 * alpha * log_d))))
    strength = here.value / 2 * math.exp((1 - 2 * alpha) * log_d)
    kernel = Kernel(here.norm_K - (strength * gap.trace if 2 * alpha < 1 else 0), strength)
    steps = path.inverse(kernel.steps(path))
    pure = (
        2 * beta > 1 and beta > alpha + 0.25
    )  # else the pure points are in J̃, whose expansion has a pole at β = α + 1/2
    if 2 * beta == 1:
        constant = np.euler_gamma + (log_d if math.isinf(rule.ratio) else here.log_v)
    else:
        constant = power_sum(2 * beta, here.log_v if pure else math.inf)
    value = constant * path.inverse(kernel.constant(path)) + here.energy(beta) * steps
    shift = 0.0
    if pure:
        s = 1 + (2 * beta - 1) / (2 * alpha)
        exponent = math.lgamma(s) - s * log_tau + 2 * alpha * log_d
        value += math.exp(min(exponent, 700.0)) / (2 * alpha) * kernel.factor(path)
    else:
        head = power_sum(2 * beta - 2 * alpha, math.inf) * math.exp(-2 * alpha * log_d)
        value -= head * path.inverse(kernel.linear(path))
        shift = max(0.0, 1 - 2 * beta) * log_d
        energy = math.exp((1 - 2 * beta) * log_d - shift) * path.energy(beta)
        value = value * math.exp(-shift) + path.inverse(kernel.weighted(path, energy))
    return math.log(value) + shift - 2 * alpha * log_d if value > 0 else math.inf


def best(rule: Rule, beta: float, log_f: float, near: float | None = None) -> tuple[float, float]:
    """``log d`` and ``log P`` at the least of the law; ``near`` is a guess of the former.

    Raises
    ------
    ParameterError
        If the law has no minimum between ``d = 1`` and ``2γBr = 1``.
    """
    end = log_f / (1 + max(0.0, 1 - 2 * rule.alpha))

    def value(y: float) -> float:
        return log_loss(rule, beta, log_f, y)

    spans = [(0.02 * end + 0.1, 0.995 * end, 41)]
    if near is not None and 2 < near < end - 2:
        spans.insert(0, (near - 1.5, near + 1.5, 4))
    for low, high, points in spans:
        found = _least(value, low, high, points)
        if found is not None:
            return found
    reason = "the law has no minimum between d = 1 and 2 gamma B r = 1"
    raise ParameterError("flops", math.exp(min(log_f, 700.0)), reason, "use a larger budget")


def _least(value: Callable[[float], float], low: float, high: float, points: int) -> tuple[float, float] | None:
    """The best of a grid, then Brent's method around it; ``None`` if that is an end."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(low, high, points)
    values = [value(float(y)) for y in grid]
    k = int(np.argmin(values))
    if k in (0, points - 1) or not math.isfinite(values[k]):
        return None
    middle, at = float(grid[k]), float(values[k])  # differences, which keep their digits where log d is large
    bounds = float(grid[k - 1]) - middle, float(grid[k + 1]) - middle
    found = minimize_scalar(lambda s: value(middle + s) - at, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    return middle + float(found.x), at + float(found.fun)
