"""Fitting saturating power laws: the best scale and floor on a grid of exponents and shifts, then least squares of logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import ParameterError
from ._leastsquares import bootstrap, columns, descend
from ._quantities import Floats
from .fitting import Fit

__all__ = ["fit_saturating"]

_LARGEST = 708.0  # the logarithm of what is written as a double with all its digits, or of its inverse
_LEAST = float(np.finfo(np.float64).tiny)
_FEWEST = 5  # values of the compute: one more than constants


def fit_saturating(make: Any, compute: object, error: object, resamples: object, seed: object) -> Fit:
    """The fit behind :meth:`ShapeLaw.fit`; ``make`` takes the four constants by name."""
    C, E = columns(compute=compute, error=error)
    if len(set(C.tolist())) < _FEWEST:
        raise ParameterError("compute", len(set(C.tolist())), "too few values for four constants", "give at least five")
    theta, solution = _least(C, E, _starts(C, E))

    def refit(rows: Any) -> dict[str, float] | None:
        if len(set(C[rows].tolist())) < _FEWEST:
            return None
        return _named(_least(C[rows], E[rows], [theta])[0])

    found = _named(theta)
    if found is None:
        reason = f"the best scale, e^{theta[0]:.0f} with exponent {theta[1]:.3g}, leaves double precision"
        raise ParameterError("compute", f"{C.min():.3g} to {C.max():.3g}", reason, "give it in other units, near 1")
    samples = bootstrap(refit, len(C), resamples, seed)
    mean = float(np.mean(solution.fun**2))
    return Fit(make(**found), found, mean, solution.fun, bool(solution.success), str(solution.message), samples)


def _named(theta: Floats) -> dict[str, float] | None:
    """The constants; ``None`` if the scale leaves double precision."""
    log_scale, b, c, d = (float(x) for x in theta)
    if not abs(log_scale) < _LARGEST:
        return None
    shift = d if d >= _LEAST else 0.0  # a subnormal shift is none, and no law takes it
    return {"scale": math.exp(log_scale), "exponent": b, "floor": c, "shift": shift}


def _predicted(theta: Floats, C: Floats) -> Any:
    log_scale, b, c, d = theta
    return c + np.exp(log_scale - b * np.log(C + d))


def _starts(C: Floats, E: Floats) -> list[Floats]:
    """For each exponent and shift of a grid the best scale and floor, which enter linearly; the best few of these."""
    from scipy.optimize import nnls

    found = []
    for b in (0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5):
        for d in (0.0, 0.1 * C.min(), C.min(), math.exp(float(np.median(np.log(C)))), C.max()):
            power = np.exp(-b * (np.log(C + d) - math.log(C.min() + d)))
            (scale, c), miss = nnls(np.c_[power / E, 1 / E], np.ones_like(E))
            if scale > 0:
                log_scale = math.log(scale) + b * math.log(C.min() + d)
                found.append((miss, [log_scale, b, min(c, 0.999 * E.min()), d]))
    found.sort(key=lambda each: float(each[0]))
    return [np.array(theta) for _, theta in found[:4]] or [np.array([math.log(E.mean()), 0.1, 0.0, 0.0])]


def _least(C: Floats, E: Floats, starts: list[Floats]) -> tuple[Floats, Any]:
    centre = math.exp(float(np.mean(np.log(C))))  # the scale is fitted as the excess at the middle of the data
    unit = float(C.min())  # and the shift in these units
    target = np.log(E)

    def outer(theta: Any) -> Floats:
        level, b, c, d = theta
        return np.array([level + b * math.log(centre + d * unit), b, c, d * unit])

    def inner(theta: Any) -> Floats:
        log_scale, b, c, d = theta
        return np.array([log_scale - b * math.log(centre + d), b, c, d / unit])

    def residuals(theta: Any) -> Any:
        return np.log(_predicted(outer(theta), C)) - target

    top = float(E.min()) * (1 - 1e-9)
    bounds = [-700.0, 1e-4, 0.0, 0.0], [700.0, 50.0, top, 10 * float(C.max()) / unit]
    best = descend(residuals, map(inner, starts), bounds)[0]
    return outer(best.x), best
