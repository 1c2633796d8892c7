"""Fitting broken laws: starts from a grid, then least squares in logarithms."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import whole_number
from ._arrays import Floats, bootstrap, floats, within
from .fitting import Fit

__all__ = ["fit_breaks"]

_WIDTHS = (0.05, 0.2, 0.7)
_FIRST, _CHANGES = (-0.5, 0.0, 0.1, 0.3, 1.0), (-3.0, -1.0, -0.3, 0.3, 1.0, 3.0, 8.0)
_GAPS = (0.002, 0.03, 0.1, 0.3, 1.0)  # of a from the data, as shares of their spread
_POINTS, _ROUGH, _CHOICES, _STARTS = 150, 500, 120, 6
_MOST_BREAKS = 8


def fit_breaks(make: Any, x: object, y: object, n: object, runs: object, seed: object) -> Fit:
    """The fit behind :meth:`scalesym.laws.bnsl.BNSL.fit`."""
    count = whole_number(n, "n", least=0)
    if count > _MOST_BREAKS:
        raise ParameterError("n", n, "nobody fits so many", f"use n <= {_MOST_BREAKS}")
    X, Y = floats(x, "x"), floats(y, "y")
    if X.ndim != 1 or X.shape != Y.shape:
        raise ParameterError("y", f"shape {Y.shape}", f"x has shape {X.shape}", "give one y for each x")
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
        tops = _optimised(u, Y, [_recentred(each.x, u[few], u) for each in tops])
    solution = min(tops, key=lambda each: float(each.cost))
    theta = solution.x

    def refit(rows: Any) -> dict[str, float] | None:
        if len(set(X[rows].tolist())) < least or Y[rows].min() == Y[rows].max():
            return None
        return _named(_optimised(u[rows], Y[rows], [_recentred(theta, u, u[rows])])[0].x, u[rows])

    samples = bootstrap(refit, len(X), runs, seed)
    found = _named(theta, u)
    law = make(
        found["a"],
        found["b"],
        [found[f"c{i}"] for i in range(count + 1)],
        *([found[f"{k}{i + 1}"] for i in range(count)] for k in "df"),
    )
    mean = float(np.mean(solution.fun**2))
    return Fit(law, found, mean, solution.fun, bool(solution.success), str(solution.message), samples)


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


def _named(theta: Floats, u: Floats) -> dict[str, float]:
    _, c, at, f = _split(theta)
    b = float(theta[1]) * math.exp(min(700.0, max(-700.0, -float(_log_power(theta, u.mean())))))
    order = np.argsort(at, kind="stable")
    named = {"a": float(theta[0]), "b": b, "c0": float(c[0])}
    for letter, values in (("c", c[1:]), ("d", np.exp(at)), ("f", f)):
        named |= {f"{letter}{i + 1}": float(values[k]) for i, k in enumerate(order)}
    return named


def _recentred(theta: Floats, old: Floats, new: Floats) -> Any:
    shift = float(_log_power(theta, new.mean()) - _log_power(theta, old.mean()))
    return np.r_[theta[0], theta[1] * math.exp(min(700.0, max(-700.0, shift))), theta[2:]]


def _thinned(points: int, most: int) -> Any:
    return np.unique(np.linspace(0, points - 1, min(points, most)).round().astype(int))


def _starts(u: Floats, y: Floats, n: int) -> list[Floats]:
    """For ``a``, places and widths on a grid, ``ln |y-a|`` is linear in ``ln |b|`` and ``c``; the best for each choice of places."""
    rows = _thinned(len(u), _POINTS)
    v, z = u[rows], y[rows]
    spread = float(z.max() - z.min())
    floors = [float(z.min()) - spread * part for part in _GAPS] + [float(z.max()) + spread * part for part in _GAPS]
    floors += [share * float(z.min()) for share in (0.0, 0.5, 0.9) if z.min() > 0]
    places = np.linspace(u.min(), u.max() + 0.2 * (u.max() - u.min()), 13)[1:]
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
    """For everything but ``a`` and ``B`` on a grid, these are nearly linear; finds breaks of which the data show the beginning only."""
    weight = 1 / (1 + z)
    best: dict[int, tuple[float, Floats]] = {}
    for first, change, (k, place), width in product(_FIRST, _CHANGES, enumerate(places), _WIDTHS):
        theta = np.array([0.0, 1.0, first, change, place, math.log(width)])
        power = np.exp(np.clip(_log_power(theta, v) - _log_power(theta, u.mean()), -300, 300))
        columns = np.c_[weight, weight * power / power.max()]
        normal = columns.T @ columns
        if not np.linalg.det(normal) > 1e-12 * normal[0, 0] * normal[1, 1]:
            continue
        a, height = np.linalg.solve(normal, columns.T @ (weight * z))
        miss = float(np.sum((columns @ (a, height) - weight * z) ** 2))
        if height and miss < best.get(k, (math.inf,))[0]:
            best[k] = miss, np.r_[a, height / power.max(), theta[2:]]
    return [theta for _, theta in sorted(best.values(), key=lambda each: each[0])[:_STARTS]]


def _optimised(u: Floats, y: Floats, starts: list[Floats]) -> list[Any]:
    """The optima reached from the starts: roughly from all, then to the last digit from two; the best first."""
    from scipy.optimize import least_squares

    n = _split(starts[0])[0]
    span = float(u.max() - u.min())
    target, exact = np.log1p(y), 1e-28 * len(u)  # of the cost: to the last digit
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

    def solve(theta: Floats, tolerance: float, most: int) -> Any:
        start = np.clip(theta, low + 1e-9, high - 1e-9)
        with np.errstate(over="ignore"):
            return least_squares(
                residuals,
                start,
                jacobian,
                bounds=(low, high),
                x_scale="jac",
                xtol=tolerance,
                ftol=tolerance,
                gtol=1e-15,
                max_nfev=most,
            )

    kept: list[Any] = []
    for theta in starts:
        kept.append(solve(theta, 1e-12, 300))
        if kept[-1].cost < exact:
            break
    kept.sort(key=lambda each: float(each.cost))
    if kept[0].cost >= exact:
        kept = [solve(each.x, 1e-15, 1000) for each in kept[:2]]
    return sorted(kept, key=lambda each: float(each.cost))
