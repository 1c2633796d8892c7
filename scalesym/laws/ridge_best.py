r"""Random features at their best ridge, the best split of ``C = NT``, and the range in which the power law holds.

At the best ridge nothing diverges at ``N = T``. In the continuum, for an isotropic teacher without noise,

.. math:: f^\star = \frac{2NT}{(N+T)+\sqrt{(N-T)^2+\frac{8NT}{\alpha(1+\alpha)}}}, \qquad
    L^\star = \sigma_w^2\lambda_+\Big(\frac{c}{f^\star}\Big)^{1+\alpha}\frac{s\,NT\,f^\star}{NT-(1-s)f^\star(N+T)+(1-2s)f^{\star2}},

with ``s = 1/(1+α)``; for ``α = 1`` ``1/f* = 1/N + 1/T``.

The functions are methods of :class:`scalesym.laws.ridge.RandomFeatureRidge`. Level: deterministic equivalent, or continuum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, real
from . import ridge_closed, ridge_optimum
from ._quantities import quiet
from .ridge_point import Convention, Level, equation, is_continuum, is_sum, loss_at, point, read

if TYPE_CHECKING:
    from .ridge import RandomFeatureRidge

__all__ = ["Optimum", "RidgeExponents", "Split", "compute_optimal", "optimal_ridge", "scaling_range"]

_FARTHEST = 1e12  # n for which the range of an infinite spectrum is looked at


class Optimum(NamedTuple):
    """The best ridge: the ridge, ``Δ``, the effective degrees of freedom ``f(Δ)``, and the loss."""

    ridge: float
    delta: float
    freedom: float
    loss: float


class Split(NamedTuple):
    """The best use of ``C = NT``, at the best ridge."""

    C: float
    N: float
    T: float
    ridge: float
    loss: float


class RidgeExponents(NamedTuple):
    """``L ∝ N^{-features}`` at ``T = ∞``, ``T^{-samples}`` at ``N = ∞``, ``C^{-compute}`` at the best split ``N ∝ C^{split}``.

    Fractions if the law's exponents are; without label noise, ``1 ≪ N, T ≪ M``. The last two are ``None`` for ``β ≥ 1/2``, where
    the loss is no power times a function of ``N/T`` alone.
    """

    features: Exact
    samples: Exact
    compute: Exact | None
    split: Exact | None


@quiet
def optimal_ridge(
    law: RandomFeatureRidge, N: object, T: object, level: Level = "equivalent", convention: Convention = "sum"
) -> Optimum:
    """The ridge ``≥ 0`` with the least test loss.

    Parameters
    ----------
    N, T:
        Numbers from 1 on, or ``inf``.
    level:
        ``"equivalent"``: numerically, from the zeros of the exact derivative. ``"continuum"``: the closed forms, for
        ``1 ≪ N, T ≪ M``, ``beta = 0`` and no noise.
    convention:
        Of the ridge.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> law = RandomFeatureRidge(1, M=2_000_000)
    >>> best, closed = law.optimal_ridge(300, 300), law.optimal_ridge(300, 300, "continuum")
    >>> print(f"f* {best.freedom:.2f} {closed.freedom:.2f}, L* {best.loss:.6f} {closed.loss:.6f}")
    f* 149.75 150.00, L* 0.016366 0.016449
    """
    continuum, of_sum = is_continuum(law, level), is_sum(convention)
    sizes = read(N=N, T=T)
    if sizes[0].shape:
        raise ParameterError("N, T", sizes[0].shape, "an array has no single best ridge", "give numbers")
    features, samples = (float(each) for each in sizes)
    best = (_closed if continuum else _numeric)(law, features, samples)
    scale = float(law.scale)
    if best is None:  # any ridge is too much
        at = point(law, features, samples, 0.0, continuum)
        free = min(features, samples, math.inf if continuum else float(law.M))
        return Optimum(0.0, scale * at.delta, free, loss_at(law, at, features, samples))
    s = scale * best.ridge
    unit = scale * float(law.weight_variance)
    return Optimum(s * samples if of_sum else s, scale * best.delta, best.freedom, unit * best.loss)


def _closed(law: RandomFeatureRidge, N: float, T: float) -> Optimum | None:
    """In units of the scales, with the ridge of the mean; ``None`` for no ridge."""
    alpha = float(law._power()[0])
    if law.noise_variance:
        remedy = "use level='equivalent', or noise_variance = 0"
        raise ParameterError("noise_variance", law.noise_variance, "the closed forms have no noise", remedy)
    if math.isinf(N) or math.isinf(T):
        return None
    f = float(ridge_closed.best_freedom(alpha, N, T))
    delta = (ridge_closed.constant(alpha) / f) ** (1 + alpha)
    ridge = delta * (1 - f / N) * (1 - f / T)
    return Optimum(ridge, delta, f, float(ridge_closed.best_loss(alpha, N, T)))


def _numeric(law: RandomFeatureRidge, N: float, T: float) -> Optimum | None:
    """The same, numerically."""
    unit = float(law.scale) * float(law.weight_variance)
    noise = float(law.noise_variance) / unit
    model = equation(law, N, T)
    if (math.isinf(N) and math.isinf(T)) or (model.ridgeless == 0 and noise == 0):
        return None
    found = ridge_optimum.best_delta(model.nodes, model.ridgeless, N, T, noise, model.size)
    if found is None or loss_at(law, point(law, N, T, 0.0), N, T) <= unit * found[2]:
        return None
    delta, s, loss = found
    return Optimum(max(s, 0.0), delta, min(float(model.freedom(delta)), N, T), loss)


@quiet
def compute_optimal(
    law: RandomFeatureRidge, C: object, level: Level = "equivalent", convention: Convention = "sum"
) -> Split:
    """``N`` and ``T`` with ``NT = C`` and the least loss, each at its best ridge: found numerically.

    Without noise and for an isotropic teacher they are equal, ``N = T = √C``, and the loss falls as ``C^{-α/2}``.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> best = RandomFeatureRidge("3/5", M=2_000_000).compute_optimal(1e4)
    >>> print(f"N = {best.N:.3f}, T = {best.T:.3f}, loss {best.loss:.4f}")
    N = 100.000, T = 100.000, loss 0.3409
    """
    budget = float(real(C, "C"))
    if not 1 <= budget <= 1e60:
        raise ParameterError("C", C, "it is out of range", "use 1 <= C <= 1e60")
    N, T = ridge_optimum.best_split(lambda N, T: optimal_ridge(law, N, T, level).loss, budget)
    best = optimal_ridge(law, N, T, level, convention)
    return Split(budget, N, T, best.ridge, best.loss)


@quiet
def scaling_range(law: RandomFeatureRidge, tolerance: object = 0.1) -> tuple[float, float]:
    """The sizes ``n = min(N, T)`` from which, and up to which, ``Δ(n)`` is its power of ``n`` within a relative tolerance.

    Above, the end of the spectrum is felt: the loss falls faster, and without noise vanishes at ``n = M``.

    Returns
    -------
    tuple of float
        The second is ``inf`` for infinite ``M``.

    Raises
    ------
    ParameterError
        If there is no such ``n``, because ``alpha`` is small or ``M`` is, or for a measured spectrum.

    Examples
    --------
    >>> from scalesym.laws.ridge import RandomFeatureRidge
    >>> print("{:.1f} {:.0f}".format(*RandomFeatureRidge(1, M=100_000).scaling_range()))
    9.3 12029
    """
    from scipy.optimize import brentq

    allowed = float(real(tolerance, "tolerance", above=0, reason="no n has the power exactly"))
    alpha = float(law._power()[0])
    end = math.log(min(float(law.M), _FARTHEST, 10 ** (120 / (1 + alpha))))

    def excess(x: float) -> float:
        n = math.exp(x)
        power = (ridge_closed.constant(alpha) / n) ** (1 + alpha)
        return float(abs(point(law, n, math.inf, 0.0).delta / power - 1)) - allowed

    grid = np.linspace(0, end, 80)
    values = np.array([excess(x) for x in grid])
    good = np.flatnonzero(values <= 0)
    if not len(good):
        reason = f"Delta is nowhere within {allowed:g} of its power of n"
        raise ParameterError("tolerance", tolerance, reason, f"use tolerance > {float(values.min()) + allowed:.3g}")
    first, last = good[0], good[-1]
    low = 0.0 if first == 0 else float(brentq(excess, grid[first - 1], grid[first]))
    if last == len(grid) - 1:
        return math.exp(low), math.inf if math.isinf(law.M) else math.exp(end)
    return math.exp(low), math.exp(brentq(excess, grid[last], grid[last + 1]))
