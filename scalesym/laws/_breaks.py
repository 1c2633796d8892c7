"""Fitting broken laws: starts from a grid, then least squares in logarithms."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import real, whole_number
from ._leastsquares import bootstrap, columns, descend
from ._quantities import Floats, floats, within
from .fitting import Fit

__all__ = ["Extrapolation", "extrapolated", "fit_breaks"]

_WIDTHS = (0.05, 0.2, 0.7)
_FIRST, _CHANGES = (-0.5, 0.0, 0.1, 0.3, 1.0), (-3.0, -1.0, -0.3, 0.3, 1.0, 3.0, 8.0)
_GAPS = (0.002, 0.03, 0.1, 0.3, 1.0)  # of a from the data, as shares of their spread
_POINTS, _ROUGH, _CHOICES, _STARTS = 150, 500, 120, 6
_MOST_BREAKS = 8
_LARGEST = 708.0  # the logarithm of what is written as a double with all its digits, or of its inverse
_FEW, _CLOSE = 8, 1e-18  # times as many points as constants; of the mean square, where nothing better is looked for


@dataclass(frozen=True)
class Extrapolation:
    """A fit to small ``x``, and how it does beyond.

    Parameters
    ----------
    fit:
        To the points up to the limit.
    within, beyond:
        Root mean squares of ``ln ŷ − ln y`` there and beyond.
    errors:
        ``ln ŷ − ln y`` of each point beyond, in the order given.
    """

    fit: Fit
    within: float
    beyond: float
    errors: Floats


def fit_breaks(make: Any, x: object, y: object, n: object, resamples: object, seed: object) -> Fit:
    """The fit behind :meth:`scalesym.laws.bnsl.BNSL.fit`."""
    count = whole_number(n, "n", least=0)
    if count > _MOST_BREAKS:
        raise ParameterError("n", n, "nobody fits so many", f"use n <= {_MOST_BREAKS}")
    X, Y = columns(floats, x=x, y=y)
    within(X, "x", X <= 0, "the law has powers of it", "use x > 0")
    within(Y, "y", Y <= -1, "the fit is in ln(y+1)", "use y > -1")
    least = 3 * count + 3
    if len(set(X.tolist())) < least:
        raise ParameterError(
            "x",
            len(set(X.tolist())),
            f"too few values for {least} constants",
            f"give at least {least}, or fewer breaks",
        )
    if Y.min() == Y.max():
        raise ParameterError("y", float(Y[0]), "all values are equal", "give data that vary")
    u = np.log(X)
    few = _thinned(len(u), _ROUGH)
    tops = _optimised(u[few], Y[few], _starts(u[few], Y[few], count))
    if len(few) < len(u):
        moved = [start for each in tops if (start := _recentred(each.x, u[few], u)) is not None]
        if not moved:
            raise _beyond_doubles(X)
        tops = _optimised(u, Y, moved)
    if len(u) < _FEW * least and tops[0].cost > _CLOSE * len(u):
        tops = sorted([*tops, *_relocated(u, Y, tops[0].x)], key=lambda each: float(each.cost))
    solution = tops[0]
    theta = solution.x
    found = _named(theta, u)
    if found is None:
        raise _beyond_doubles(X)

    def refit(rows: Any) -> dict[str, float] | None:
        if len(set(X[rows].tolist())) < least or Y[rows].min() == Y[rows].max():
            return None
        start = _recentred(theta, u, u[rows])
        return None if start is None else _named(_optimised(u[rows], Y[rows], [start])[0].x, u[rows])

    samples = bootstrap(refit, len(X), resamples, seed)
    law = make(
        found["a"],
        found["b"],
        [found[f"c{i}"] for i in range(count + 1)],
        *([found[f"{k}{i + 1}"] for i in range(count)] for k in "df"),
    )
    mean = float(np.mean(solution.fun**2))
    return Fit(law, found, mean, solution.fun, bool(solution.success), str(solution.message), samples)


def extrapolated(fit: Callable[[Floats, Floats], Fit], x: object, y: object, limit: object) -> Extrapolation:
    """The evaluation behind :meth:`scalesym.laws.bnsl.BNSL.extrapolate`; ``fit`` takes the points up to the limit."""
    X, Y = columns(x=x, y=y)
    inside = float(real(limit, "limit", above=0, reason="x is positive")) >= X
    if inside.all():
        raise ParameterError("limit", limit, "no point lies beyond it", f"use limit < {X.max():.9g}")
    found = fit(X[inside], Y[inside])
    predicted = np.asarray(found.law(X[~inside]))
    within(predicted, "the law", predicted <= 0, "its logarithm is compared", "fit fewer breaks, or more points")
    errors = np.log(predicted) - np.log(Y[~inside])
    return Extrapolation(found, found.law.rmsle(X[inside], Y[inside]), float(np.sqrt(np.mean(errors**2))), errors)


# theta = (a, B, c_0, …, c_n, ln d_1, …, ln f_1, …), where B is y − a at the mean of ln x


def _split(theta: Floats) -> tuple[int, Floats, Floats, Floats]:
    n = (len(theta) - 3) // 3
    return n, theta[2 : 3 + n], theta[3 + n : 3 + 2 * n], np.exp(theta[3 + 2 * n :])


def _log_power(theta: Floats, u: Any) -> Any:
    """``ln (y-a)/b``."""
    n, c, at, f = _split(theta)
    return -c[0] * u - sum((c[i + 1] * f[i] * np.logaddexp(0, (u - at[i]) / f[i]) for i in range(n)), 0 * u)


def _excess(theta: Floats, u: Floats) -> Any:
    """``(y-a)/B``."""
    return np.exp(np.clip(_log_power(theta, u) - _log_power(theta, u.mean()), -700, 700))


def _named(theta: Floats, u: Floats) -> dict[str, float] | None:
    """The constants; ``None`` if one of them leaves double precision."""
    _, c, at, f = _split(theta)
    b = _scaled(float(theta[1]), -float(_log_power(theta, u.mean())))
    if b is None or (abs(at) > _LARGEST).any():
        return None
    order = np.argsort(at, kind="stable")
    named = {"a": float(theta[0]), "b": b, "c0": float(c[0])}
    for letter, values in (("c", c[1:]), ("d", np.exp(at)), ("f", f)):
        named |= {f"{letter}{i + 1}": float(values[k]) for i, k in enumerate(order)}
    return named


def _recentred(theta: Floats, old: Floats, new: Floats) -> Any:
    """The same law from another mean of ``ln x``; ``None`` if its ``B`` leaves double precision."""
    height = _scaled(float(theta[1]), float(_log_power(theta, new.mean()) - _log_power(theta, old.mean())))
    return None if height is None else np.r_[theta[0], height, theta[2:]]


def _scaled(value: float, logarithm: float) -> float | None:
    """``value · e^logarithm``, if that is a number of double precision."""
    size = math.log(abs(value)) + logarithm if value else math.inf
    return math.copysign(math.exp(size), value) if abs(size) < _LARGEST else None


def _beyond_doubles(x: Floats) -> ParameterError:
    unit = float(np.exp(np.log(x).mean()))
    reason = "the constants of the best law leave double precision"
    return ParameterError(
        "x", f"{x.min():.3g} to {x.max():.3g}", reason, f"give it in other units, such as x/{unit:.1g}"
    )


def _thinned(points: int, most: int) -> Any:
    return np.unique(np.linspace(0, points - 1, min(points, most)).round().astype(int))


def _starts(u: Floats, y: Floats, n: int) -> list[Floats]:
    """For ``a``, places and widths on a grid, ``ln |y-a|`` is linear in ``ln |b|`` and ``c``; the best for each choice of places."""
    rows = _thinned(len(u), _POINTS)
    v, z = u[rows], y[rows]
    spread = float(z.max() - z.min())
    floors = [float(z.min()) - spread * part for part in _GAPS] + [float(z.max()) + spread * part for part in _GAPS]
    floors += [share * float(z.min()) for share in (0.0, 0.5, 0.9) if z.min() > 0]
    places = _places(u)
    choices = list(combinations(places, n))
    choices = choices[:: max(1, len(choices) // _CHOICES)]
    found = []
    for at in choices:
        best: tuple[float, Floats] | None = None
        for width in _WIDTHS if n else (1.0,):
            soft = [width * np.logaddexp(0, (v - where) / width) for where in at]
            columns = np.c_[np.ones_like(v), -v, *(-each for each in soft)]
            for a in floors:
                excess = z - a
                if not (excess > 0).all() and not (excess < 0).all():
                    continue
                weight = abs(excess) / (1 + z)
                ridge = 1e-7 * np.sqrt((weight**2).sum()) * np.eye(n + 2)
                target = np.log(abs(excess))
                coefficients = np.linalg.lstsq(
                    np.r_[columns * weight[:, None], ridge], np.r_[weight * target, np.zeros(n + 2)], rcond=None
                )[0]
                miss = float(np.sum((weight * (columns @ coefficients - target)) ** 2))
                if best is None or miss < best[0]:
                    theta = np.r_[a, 1.0, coefficients[1:], at, np.full(n, math.log(width))]
                    theta[1] = math.copysign(
                        np.exp(np.clip(coefficients[0] + _log_power(theta, u.mean()), -600, 600)), excess[0]
                    )
                    best = miss, theta
        if best:
            found.append(best)
    found.sort(key=lambda each: each[0])
    out = [theta for _, theta in found[: _STARTS if n else 1]]
    return _single_breaks(v, z, u, places) + out[:2] if n == 1 else out


def _single_breaks(v: Floats, z: Floats, u: Floats, places: Floats) -> list[Floats]:
    """For everything but ``a`` and ``B`` on a grid; finds breaks of which the data show the beginning only."""
    best: dict[int, tuple[float, Floats]] = {}
    for first, change, (k, place), width in product(_FIRST, _CHANGES, enumerate(places), _WIDTHS):
        found = _heightened(np.array([0.0, 1.0, first, change, place, math.log(width)]), v, z, u)
        if found and found[0] < best.get(k, (math.inf,))[0]:
            best[k] = found
    return [theta for _, theta in sorted(best.values(), key=lambda each: each[0])[:_STARTS]]


def _relocated(u: Floats, y: Floats, theta: Floats) -> list[Any]:
    """Optima from where one break is put elsewhere: few points have several optima, and the grid may miss the best."""
    n, found = _split(theta)[0], []
    for i, place, width in product(range(n), _places(u), _WIDTHS):
        moved = np.array(theta)
        moved[3 + n + i], moved[3 + 2 * n + i] = place, math.log(width)
        if start := _heightened(moved, u, y, u):
            found.append(start)
    found.sort(key=lambda each: each[0])
    return _optimised(u, y, [start for _, start in found[:_STARTS]]) if found else []


def _heightened(theta: Floats, v: Floats, z: Floats, u: Floats) -> tuple[float, Floats] | None:
    """With the best ``a`` and ``B``, which are nearly linear, and what is missed; ``None`` if the data do not tell them apart."""
    weight = 1 / (1 + z)
    power = np.exp(np.clip(_log_power(theta, v) - _log_power(theta, u.mean()), -300, 300))
    columns = np.c_[weight, weight * power / power.max()]
    normal = columns.T @ columns
    if not np.linalg.det(normal) > 1e-12 * normal[0, 0] * normal[1, 1]:
        return None
    a, height = np.linalg.solve(normal, columns.T @ (weight * z))
    if not height:
        return None
    miss = float(np.sum((columns @ (a, height) - weight * z) ** 2))
    return miss, np.r_[a, height / power.max(), theta[2:]]


def _places(u: Floats) -> Floats:
    """Where breaks start."""
    return np.linspace(u.min(), u.max() + 0.2 * (u.max() - u.min()), 13)[1:]


def _optimised(u: Floats, y: Floats, starts: list[Floats]) -> list[Any]:
    """The optima reached from the starts, the best first."""
    n = _split(starts[0])[0]
    span = float(u.max() - u.min())
    target = np.log1p(y)
    low = np.r_[-np.inf, -np.inf, np.full(n + 1, -100.0), np.full(n, u.min() - span - 1), np.full(n, math.log(1e-3))]
    high = np.r_[np.inf, np.inf, np.full(n + 1, 100.0), np.full(n, u.max() + span + 1), np.full(n, math.log(20.0))]

    def residuals(theta: Any) -> Any:
        return np.log(np.maximum(1 + theta[0] + theta[1] * _excess(theta, u), 1e-300)) - target

    def jacobian(theta: Any) -> Any:
        _, c, at, f = _split(theta)
        power = _excess(theta, u)
        value, centre = theta[1] * power, u.mean()
        columns = [np.ones_like(u), power, -value * (u - centre)]
        places, widths = [], []
        for i in range(n):
            t, middle = (u - at[i]) / f[i], (centre - at[i]) / f[i]
            soft, soft_middle = np.logaddexp(0, t), np.logaddexp(0, middle)
            step, step_middle = np.exp(t - soft), np.exp(middle - soft_middle)
            columns.append(-value * f[i] * (soft - soft_middle))
            places.append(value * c[i + 1] * (step - step_middle))
            widths.append(-value * c[i + 1] * f[i] * ((soft - t * step) - (soft_middle - middle * step_middle)))
        return np.array([*columns, *places, *widths]).T / np.maximum(1 + theta[0] + value, 1e-300)[:, None]

    return descend(residuals, starts, (low, high), jacobian)
