r"""Ridge regression on random features: the fixed point at a ridge, and the loss at it, for one ``N`` and ``T``.

``κ`` of :class:`scalesym.equivalent.finite_data.FiniteData` is ``Δ``; the loss at it is :func:`scalesym.laws.ridge_closed.risk`. Both are
computed for unit scales, ``λ_1 = w_1² = 1``; a scale ``λ_+`` of the data multiplies ``Δ``, ridges and losses, ``σ_w²`` losses alone.
Level: deterministic equivalent, or continuum.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from ..equivalent.finite_data import FiniteData
from ..errors import ParameterError
from ..spectrum import LEAST_SCALE, Measured, PowerLaw
from ._quantities import Floats, Values, floats, within
from .ridge_closed import Sums, constant, power_sums, rests, rests_at, risk, sums

if TYPE_CHECKING:
    from .ridge import RandomFeatureRidge

__all__ = [
    "Convention",
    "Level",
    "Point",
    "each",
    "equation",
    "is_continuum",
    "is_sum",
    "loss_at",
    "mean_ridge",
    "point",
    "read",
]

Convention = Literal["sum", "mean"]
Level = Literal["equivalent", "continuum"]

_RESOLVED = 1e6  # index down to which an infinite spectrum is resolved in any case
_LARGEST = 1e30  # N and T
_NEAREST = 1e-12  # of M, that N or T may come below it
_LARGEST_VALUE = 1e100  # ridges and Δ


class Point(NamedTuple):
    """``Δ`` in units of the scale, the sums at it, and ``1 − f/N`` and ``1 − f/T``."""

    delta: float
    sums: Sums
    rest: tuple[float, float]


def is_sum(convention: str) -> bool:
    """Whether a ridge is that of the sum of squares."""
    if convention not in get_args(Convention):
        raise ParameterError("convention", convention, "no such convention", "use 'sum' or 'mean'")
    return convention == "sum"


def is_continuum(law: RandomFeatureRidge, level: str) -> bool:
    if level not in get_args(Level):
        raise ParameterError("level", level, "there is no such level", "use 'equivalent' or 'continuum'")
    if level == "equivalent":
        return False
    if law._power()[1] != 0:
        raise ParameterError("beta", law.beta, "the closed forms are of the isotropic teacher", "use beta = 0")
    return True


def read(**given: object) -> list[Floats]:
    """Sizes ``N``, ``T``, ``n`` from 1 on, perhaps infinite; anything else ``≥ 0``; broadcast to one shape."""
    arrays = []
    for name, values in given.items():
        size = name in ("N", "T", "n")
        array = floats(values, name, infinite=size)
        if size:
            wrong = (array < 1) | ((array > _LARGEST) & np.isfinite(array))
            within(array, name, wrong, "it is out of range", f"use 1 <= {name} <= {_LARGEST:g}, or inf")
        else:
            within(array, name, array < 0, "it is negative", f"use {name} >= 0")
            within(array, name, array > _LARGEST_VALUE, "it is out of range", f"use {name} <= {_LARGEST_VALUE:g}")
        arrays.append(array)
    try:
        return list(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = tuple(array.shape for array in arrays)
        raise ParameterError(", ".join(given), shapes, "the shapes differ", "give arrays of one shape") from None


def each(function: Callable[..., float], **given: object) -> Values:
    arrays = read(**given)
    rows = zip(*(array.ravel().tolist() for array in arrays), strict=True)
    values = np.array([function(*row) for row in rows]).reshape(arrays[0].shape)
    return values if values.shape else float(values)


@lru_cache(maxsize=256)
def _finite_data(spectrum: PowerLaw | Measured, N: float, T: float, resolution: float) -> FiniteData:
    return FiniteData.of(spectrum, N, T, resolution)


def equation(law: RandomFeatureRidge, N: float, T: float, least: float = 0.0) -> FiniteData:
    """The deterministic equivalent at unit scales, resolved down to ``least`` where ``N`` and ``T`` are infinite."""
    spectrum, n = law.spectrum, min(N, T)
    resolution = _RESOLVED
    if isinstance(spectrum, PowerLaw):
        b = 2 * float(spectrum.alpha)
        if math.isinf(spectrum.size):
            if math.isinf(n):
                n = least ** (-1 / b) if least > 0 else 1.0
            resolution = 10.0 ** math.ceil(math.log10(max(n, _RESOLVED)))
        reach = min(n, spectrum.size)
        if math.isfinite(reach) and b * math.log10(reach + 1) > -LEAST_SCALE:
            reason = f"the variance of latent {reach:g} is below 1e{LEAST_SCALE} of the first"
            raise ParameterError("N, T", (N, T), reason, "use a smaller alpha, or fewer features or samples")
    if spectrum.size * (1 - _NEAREST) < min(N, T) < spectrum.size:
        reason = f"it is too near to M = {spectrum.size:g} to be told from it"
        raise ParameterError(
            "N" if N <= T else "T", min(N, T), reason, f"use {spectrum.size:g}, or less by 1e-12 of it"
        )
    return _finite_data(spectrum, N, T, resolution)


def point(law: RandomFeatureRidge, N: float, T: float, s: float, continuum: bool = False) -> Point:
    """The fixed point at a ridge ``s`` of the mean of squares, in units of the scale."""
    if continuum:
        return _continuum(float(law._power()[0]), N, T, s)
    model = equation(law, N, T, s)
    kappa = float(model.kappa(s)) if s == 0 or min(N, T) < model.size else _above(model, N, T, s)
    return Point(kappa, sums(model.nodes, kappa), rests(s, kappa, N, T, model.size))


def _above(model: FiniteData, N: float, T: float, s: float) -> float:
    """``Δ`` where ``N`` and ``T`` are at least ``M``: a small one asks for ``1 − f/n`` to more digits than ``f`` has."""
    from scipy.optimize import brentq

    if math.isinf(N) and math.isinf(T):
        return s

    def excess(x: float) -> float:
        rest = rests_at(model.nodes, math.exp(x), N, T, model.size)
        return x - math.log(s) + math.log(float(rest[0])) + math.log(float(rest[1]))

    low = high = math.log(s)
    while excess(high) < 0:
        low, high = high, high + 1 + (high - low) * 2
    return math.exp(brentq(excess, low, high, xtol=1e-300, rtol=8.9e-16, maxiter=500)) if high > low else s


def _continuum(alpha: float, N: float, T: float, s: float) -> Point:
    """The same where ``f = cΔ^{-1/(1+α)}``, for ``x = −ln f`` above that of ``min(N, T)``."""
    from scipy.optimize import brentq

    free = (math.log(s) / (1 + alpha) if s > 0 else -math.inf) - math.log(constant(alpha))  # −ln f as if N = T = ∞
    start = max(-math.log(min(N, T)), free)

    def excess(x: float) -> float:
        f = math.exp(-x)
        return math.exp(min(700.0, (1 + alpha) * (x - free))) * (1 - f / N) * (1 - f / T) - 1

    if s == 0 or math.isinf(min(N, T)) or not excess(start) < 0:
        x = start
    else:  # at the end f is at most half of min(N, T), and Δ four times what it would be without it
        x = brentq(excess, start, start + math.log(4) / min(2, 1 + alpha), xtol=1e-15, rtol=1e-14)
    if math.isinf(x):  # no ridge, all features and all data
        return Point(0.0, Sums(math.inf, math.inf, 0.0, 0.0, 0.0), (1.0, 1.0))
    delta, found = power_sums(alpha, math.exp(-x))
    return Point(delta, found, rests(s, delta, N, T, math.inf))


def loss_at(law: RandomFeatureRidge, at: Point, N: float, T: float) -> float:
    unit = float(law.scale) * float(law.weight_variance)
    noise = float(law.noise_variance) / unit
    if at.delta == 0:  # all is learnt but the noise
        return 0.0 if noise == 0 else unit * noise / at.rest[1] if at.rest[1] > 0 else math.inf
    if at.rest[1] == 0 and at.rest[0] == 0:
        return math.inf
    return unit * float(risk(at.sums, at.rest, N, T, noise))


def mean_ridge(law: RandomFeatureRidge, ridge: float, T: float, of_sum: bool) -> float:
    """``s`` in units of the scale."""
    return ridge / float(law.scale) / (T if of_sum else 1.0)
