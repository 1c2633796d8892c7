"""The numeric road to the entries of other solvable models: linear systems for a few modes, series, quadrature.

The risk is a class's (:class:`scalesym.equivalent.finite_data.FiniteData`) where there is no ridge, and elsewhere the solution
of the mean-field equations as they stand. Sums over power laws are series of ``ζ`` where these converge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from mpmath import MPContext
from scipy.optimize import brentq

from scalesym.equivalent.finite_data import FiniteData
from scalesym.spectrum import Measured

Letters = dict[str, Any]
Known = tuple[Any, Letters]
Reference = tuple[Sequence[Letters], Callable[[Letters], Known]]
CTX = MPContext()
CTX.dps = 25
_LAM = np.array([2.0, 1.25, 0.75, 0.5, 0.375, 0.25, 0.125])
_W2 = np.array([0.5, 1.5, 0.25, 2.0, 1.0, 0.75, 3.0])
_SETTINGS: Sequence[Letters] = [dict(setting=k) for k in range(2)]
_SIZES = ((3.5, 5.25, 0.5, 1.25, 0.75), (5.5, 2.75, 1.5, 0.375, 0.25))  # N, P, s, s', σ


# -- a few modes -------------------------------------------------------------------------------------------------------


def _threshold(s: float, n: float, p: float) -> float:
    """``κ`` above where a response vanishes."""

    def freedom(kappa: float) -> float:
        return float(np.sum(_LAM / (_LAM + kappa)))

    few = min(n, p)
    low = brentq(lambda w: freedom(np.exp(w)) - few, -60, 60, xtol=1e-15) if few < len(_LAM) else -60.0
    gap = lambda w: np.exp(w) * (1 - freedom(np.exp(w)) / n) * (1 - freedom(np.exp(w)) / p) - s  # noqa: E731
    return float(np.exp(brentq(gap, low, 60, xtol=1e-16, rtol=1e-15)))


def _letters(setting: int, one_ridge: bool = False, w2: Any = _W2, noisy: bool = True) -> Letters:
    """All letters of a setting; correlations from the two equations for ``C_0`` and ``C_2`` as a linear system."""
    n, p, s, other, noise = _SIZES[setting]
    other, noise = s if one_ridge else other, noise * noisy
    kappa, kappa_2 = _threshold(s, n, p), _threshold(other, n, p)
    f, f_2 = (float(np.sum(_LAM / (_LAM + x))) for x in (kappa, kappa_2))
    first, third = (1 - f / p) * (1 - f_2 / p), (1 - f / n) * (1 - f_2 / n)
    both = 1 / ((s + _LAM * s / kappa) * (other + _LAM * other / kappa_2))
    seen, own = first * noise**2 / (s * other), third
    matrix = np.array(
        [
            [1 - third * first * np.sum(_LAM**2 * both) / p, -own * np.sum(_LAM * both) / n],
            [-s * other * first * np.sum(_LAM * both) / p, 1 - first * own * np.sum(_LAM**2 * both) / n],
        ]
    )
    right = [
        np.sum(_LAM * w2 * both) + third * seen * np.sum(_LAM**2 * both) / p,
        first * np.sum(_LAM**2 * w2 * both) + s * other * seen * np.sum(_LAM * both) / p,
    ]
    c_0, c_2 = np.linalg.solve(matrix, right)
    under = (_LAM + kappa) * (_LAM + kappa_2)
    return {
        **{"N": n, "resource_P": p, "laplace": s, "laplace_2": other, "noise": noise, "threshold": kappa},
        **{"threshold_2": kappa_2, "freedom": f, "freedom_2": f_2, "overlap": float(np.sum(_LAM**2 / under))},
        **{"trace_x": float(np.sum(_LAM / under)), "trace_v": float(np.sum(_LAM**2 * w2 / under))},
        **{"trace_u": float(kappa * kappa_2 * np.sum(_LAM * w2 / under))},
        **{"R_1": 1 - f / p, "R_1_2": 1 - f_2 / p, "R_3": 1 - f / n, "R_3_2": 1 - f_2 / n},
        **{"C_0": c_0, "C_1": first * c_0 + seen, "C_2": c_2, "C_3": third * c_2, "E": s * other * c_0 + noise**2},
        **{"samples_T": p, "Delta": kappa, "ridge": s * p, "noise_label": noise, "teacher": float(np.sqrt(w2[0]))},
        **{"teacher_1": float(kappa * np.sum(_LAM * w2 / (_LAM + kappa)))},
        **{"teacher_2": float(kappa * np.sum(_LAM**2 * w2 / under))},
    }


def _floats(at: Letters) -> Letters:
    return {name: float(x) for name, x in at.items()}


def _of(pick: Callable[[Letters], Any], **options: Any) -> Reference:
    def road(at: Letters) -> Known:
        found = _floats(_letters(at["setting"], **options))
        return float(pick(found)), found

    return _SETTINGS, road


def _replicas(same_features: bool, same_samples: bool) -> Reference:
    """By the class; the noise of a new label is counted where samples differ too."""

    def road(at: Letters) -> Known:
        known = _letters(at["setting"])
        model = _model(known["N"], known["resource_P"])
        places = (np.array([known[name]]) for name in ("threshold", "threshold_2"))
        options = {"same_features": same_features, "same_samples": same_samples}
        found = float(model.risk(*places, noise=known["noise"] ** 2 * same_samples, **options)[0, 0])
        return found + known["noise"] ** 2 * (not same_samples), _floats(known)

    return _SETTINGS, road


@cache
def _nodes(isotropic: bool = False) -> Any:
    weights = np.full(len(_LAM), 1.5) if isotropic else np.sqrt(_W2)
    return Measured.read(_LAM.tolist(), weights.tolist()).nodes(resolution=100)


def _model(n: float, p: float, isotropic: bool = False) -> FiniteData:
    return FiniteData(_nodes(isotropic), float(len(_LAM)), n, p)


def _ridgeless(sizes: Sequence[tuple[float, float]], how: str, extra: Callable[[Letters], Letters] = dict) -> Reference:
    """Without a ridge, by the class: ``how`` has the words isotropic or noise."""
    points = [dict(setting=k) for k in range(len(sizes))]

    def road(at: Letters) -> Known:
        n, t = sizes[at["setting"]]
        model = _model(n, t, "isotropic" in how)
        kappa = np.array([model.ridgeless])
        plain = float(model.diagonal(kappa)[0])
        value = float(model.diagonal(kappa, noise=0.25)[0]) - plain if "noise" in how else plain
        lam, gap = _LAM, float(kappa[0])
        w2 = np.full(len(lam), 1.5**2) if "isotropic" in how else _W2
        known = {
            **{"N": n, "samples_T": t, "resource_P": t, "Delta": gap, "threshold": gap, "teacher": 1.5},
            **{"noise_label": 0.5, "overlap": float(np.sum(lam**2 / (lam + gap) ** 2))},
            **{"trace_u": float(gap**2 * np.sum(lam * w2 / (lam + gap) ** 2))},
            **{"trace_v": float(np.sum(lam**2 * w2 / (lam + gap) ** 2))},
            **{"teacher_1": float(gap * np.sum(lam * w2 / (lam + gap)))},
        }
        return value, {name: x for name, x in {**known, **extra(known)}.items() if np.isfinite(x)}

    return points, road


_FEW_N, _FEW_T = [(2.5, 4.5), (1.25, 6.5)], [(4.5, 2.5), (6.5, 1.25)]
_WIDE, _LONG = [(np.inf, 2.5), (np.inf, 1.25)], [(2.5, np.inf), (1.25, np.inf)]
_TWO: dict[str, Reference] = {
    "two-resolvents.responses": _of(lambda at: at["laplace"]),
    "two-resolvents.fixed-point": _of(lambda at: at["laplace"]),
    "two-resolvents.C_0": _of(lambda at: at["laplace"] * at["laplace_2"] * at["C_0"]),
    "two-resolvents.C_2": _of(lambda at: at["C_2"]),
    "two-resolvents.C_3": _of(lambda at: at["C_3"]),
    "two-resolvents.risk.implicit": _of(lambda at: at["E"]),
    "two-resolvents.risk": _of(lambda at: at["E"]),
    "two-resolvents.risk.other-features": _replicas(False, True),
    "two-resolvents.risk.other-samples": _replicas(True, False),
    "two-resolvents.risk.others": _replicas(False, False),
    "two-resolvents.train": _of(lambda at: at["laplace"] * at["laplace_2"] * at["C_1"]),
}
_EQUAL = np.full(len(_LAM), 1.5**2)
_RIDGE: dict[str, Reference] = {
    "ridge.fixed-point": _of(lambda at: at["ridge"], one_ridge=True),
    "ridge.loss": _of(lambda at: at["E"], one_ridge=True),
    "ridge.loss.isotropic": _of(lambda at: at["E"], one_ridge=True, w2=_EQUAL, noisy=False),
    "ridge.loss.noise": _of(lambda at: at["E"], one_ridge=True, w2=0 * _EQUAL),
    "ridge.ridgeless.few-features": _ridgeless(_FEW_N, "isotropic"),
    "ridge.ridgeless.few-samples": _ridgeless(_FEW_T, "isotropic"),
    "ridge.ridgeless.endless-samples": _ridgeless(_LONG, "isotropic"),
    "ridge.ridgeless.endless-features": _ridgeless(_WIDE, "isotropic"),
    "ridge.noise.few-features": _ridgeless(_FEW_N, "noise"),
    "ridge.noise.few-samples": _ridgeless(_FEW_T, "noise"),
}

# -- power laws ---------------------------------------------------------------------------------------------------------


def _mpf(x: Any) -> Any:
    given = Fraction(x)
    return CTX.mpf(given.numerator) / given.denominator


def _each(points: Sequence[Letters], road: Callable[[Letters], Any]) -> Reference:
    return points, lambda at: (road({name: _mpf(x) for name, x in at.items()}), {})


def _integral(function: Callable[[Any], Any]) -> Any:
    return CTX.quad(lambda w: function(CTX.exp(w)) * CTX.exp(w), [-120, -30, -8, 0, 8, 30, 120])


@cache
def _unit(power: Any, order: int = 1, weight: Any = 0) -> Any:
    """``∫ u^{-weight} (1 + u^power)^{-order} du``."""
    return _integral(lambda u: u**-weight / (1 + u**power) ** order)


def _alternating(first: Any, step: Any, ratio: Any, order: int) -> Any:
    """``Σ_m C(-order, m) ratio^m ζ(first + m step)``, for ratios below 1/2."""
    return CTX.fsum(CTX.binomial(-order, m) * ratio**m * CTX.zeta(first + m * step) for m in range(120))


def _zeta(power: Any) -> Any:
    """By the alternating series."""
    series = CTX.nsum(lambda k: (-1) ** (int(k) - 1) * k**-power, [1, CTX.inf], method="a")
    return series / (1 - 2 ** (1 - power))


_L_AT = [dict(alpha_latent=a, lambda_plus=2, teacher="3/2") for a in ("3/5", "9/5")]


def _latents(**others: Any) -> list[Letters]:
    return [{**at, **others} for at in _L_AT]


def _gap(at: Letters, count: Any) -> Any:
    power = 1 + at["alpha_latent"]
    return at["lambda_plus"] * (_unit(power) / count) ** power


def _at_f(at: Letters, f: Any = None) -> Any:
    """The symmetric loss where ``f`` latents are learned."""
    f = at["freedom"] if f is None else f
    n, t = at["N"], at["samples_T"]
    power = 1 + at["alpha_latent"]
    g = f * _unit(power, 2) / _unit(power)
    return at["teacher"] ** 2 * _gap(at, f) * n * t * (f - g) / (n * t - g * (n + t) + 2 * f * g - f * f)


def _best(at: Letters) -> tuple[Any, Any]:
    n, t = at["N"], at["samples_T"]
    low, high = min(n, t) / 1000, min(n, t) * (1 - CTX.mpf(10) ** -9)
    found = CTX.findroot(
        lambda f: CTX.diff(lambda x: CTX.log(_at_f(at, x)), f), (low, high), solver="anderson", tol=1e-30
    )
    return found, _at_f(at, found)


def _with_best(points: Sequence[Letters]) -> Reference:
    def road(at: Letters) -> Known:
        found, value = _best({name: _mpf(x) for name, x in at.items()})
        return value, {"freedom": str(found)}

    return points, road


def _square(at: Letters, size: str) -> Letters:
    return {
        **at,
        "N": CTX.sqrt(at[size]) if size == "C" else at[size],
        "samples_T": CTX.sqrt(at[size]) if size == "C" else at[size],
    }


_PAIR = _latents(N=7, samples_T=11)
_LATENTS: dict[str, Reference] = {
    "ridge.power-law.sum": _each(
        _latents(Delta=8),
        lambda at: (
            (r := at["lambda_plus"] / at["Delta"]) * _alternating(1 + at["alpha_latent"], 1 + at["alpha_latent"], r, 1)
        ),
    ),
    "ridge.power-law.freedom": _each(
        _latents(Delta="1/50"),
        lambda at: _unit(p := 1 + at["alpha_latent"]) * (at["lambda_plus"] / at["Delta"]) ** (1 / p),
    ),
    "ridge.power-law.overlap": _each(
        _latents(freedom=5),
        lambda at: at["freedom"] * _unit(1 + at["alpha_latent"], 2) / _unit(1 + at["alpha_latent"]),
    ),
    "ridge.power-law.Delta": _each(_latents(freedom=5), lambda at: _gap(at, at["freedom"])),
    "ridge.power-law.features": _each(_latents(N=5), lambda at: at["teacher"] ** 2 * at["N"] * _gap(at, at["N"])),
    "ridge.power-law.samples": _each(
        _latents(samples_T=5), lambda at: at["teacher"] ** 2 * at["samples_T"] * _gap(at, at["samples_T"])
    ),
    "ridge.power-law.loss": _each(_latents(N=7, samples_T=11, freedom=5), _at_f),
    "ridge.optimal.f": _each(_PAIR, lambda at: _best(at)[0]),
    "ridge.optimal.loss": _with_best(_PAIR),
    "ridge.optimal.f.harmonic": _each(
        [dict(alpha_latent=1, lambda_plus=1, teacher=1, N=7, samples_T=n) for n in (11, 3)], lambda at: _best(at)[0]
    ),
    "ridge.optimal.f.equal": _each(_latents(N=7), lambda at: _best(_square(at, "N"))[0]),
    "ridge.optimal.f.endless-samples": _each(
        _latents(N=7), lambda at: _best({**at, "samples_T": CTX.mpf(10) ** 18})[0]
    ),
    "ridge.optimal.loss.equal": _each(_latents(N=7), lambda at: _best(_square(at, "N"))[1]),
    "ridge.optimal.compute.N": _each(_latents(C=90), lambda at: CTX.exp(CTX.log(at["C"]) / 2)),
    "ridge.optimal.compute.L": _each(_latents(C=90), lambda at: _best(_square(at, "C"))[1]),
}

# -- four regimes -------------------------------------------------------------------------------------------------------


def _kernel(known: Letters) -> Letters:
    count, gap = known["samples_T"], known["Delta"]
    under = (count * gap + count * _LAM) ** 2
    return {
        **{"kappa_B": count * gap, "gamma_B": float(np.sum(count * _LAM**2 / under)), "omega": 1.5},
        "weighted": float(np.sum(_LAM * _W2 / under)),
    }


_K = [dict(alpha_K=a, D=d, omega="3/2") for a, d in (("3/5", 40), (1, 7), ("9/5", 3))]
_G = [dict(distance_power=p, loss_power=q, dimension=d, D=50, ball="7/3") for p, q, d in ((1, 1, 3), (2, 2, "7/2"))]


def _kappa_b(at: Letters) -> Any:
    power = 1 + at["alpha_K"]
    return at["D"] * (_unit(power) / at["D"]) ** power


def _added_by_few(p: Fraction, loss: Fraction) -> Fraction:
    """With ``10^20`` samples, in fractions."""
    d = Fraction(10**20)
    return d * (loss * d / (d - p) - loss)


def _nearest(at: Letters) -> Any:
    p, d = at["distance_power"], at["dimension"]
    return _integral(lambda r: p * r ** (p - 1) * CTX.exp(-at["D"] * at["ball"] * r**d))


_REGIMES: dict[str, Reference] = {
    "regimes.data.loss": _ridgeless(_WIDE, "", _kernel),
    "regimes.data.isotropic": _ridgeless(_WIDE, "isotropic", _kernel),
    "regimes.data.kappa": _each(_K, _kappa_b),
    "regimes.data.power-law": _each(_K, lambda at: at["omega"] ** 2 * _kappa_b(at)),
    "regimes.best-modes": _each(_K, lambda at: CTX.zeta(1 + at["alpha_K"], at["D"] + 1)),
    "regimes.best-modes.power-law": _each(_K, lambda at: _integral(lambda u: (at["D"] + u) ** -(1 + at["alpha_K"]))),
    "regimes.ratio": _each(_K, lambda at: _kappa_b(at) * at["alpha_K"] * at["D"] ** at["alpha_K"]),
    "regimes.ratio.inverse-squares": _each(_K[1:2], lambda at: _kappa_b(at) * at["D"]),
    "regimes.variance-limited": _ridgeless(
        _FEW_N,
        "isotropic",
        lambda at: {"D": at["samples_T"], "resource_P": at["N"], "L": at["teacher"] ** 2 * at["Delta"] * at["N"]},
    ),
    "regimes.variance-limited.coefficient": (
        [dict(resource_P=7, L="1/3")],
        lambda at: (_added_by_few(Fraction(at["resource_P"]), Fraction(at["L"])), {}),
    ),
    "regimes.geometry.error": _each(
        [dict(epsilon="1/7", loss_power=q) for q in (1, "5/2")],
        lambda at: CTX.exp(at["loss_power"] * CTX.log(at["epsilon"])),
    ),
    "regimes.geometry.loss": _each(
        _G, lambda at: ((at["D"] ** (-1 / at["dimension"])) ** at["distance_power"]) ** at["loss_power"]
    ),
    "regimes.geometry.exponent": _each(_G, lambda at: at["distance_power"] * at["loss_power"] / at["dimension"]),
    "regimes.geometry.void": _each(_G, _nearest),
    "regimes.geometry.nearest": _each(_G, _nearest),
}

# -- the dynamical model ------------------------------------------------------------------------------------------------


def _tasks(*pairs: tuple[Any, Any], **others: Any) -> list[Letters]:
    return [dict(task_power=a, spectrum_power=b, **others) for a, b in pairs]


_HARD, _EASY = (("9/5", "3/2"), (2, "7/4")), (("7/2", "3/2"), (5, 2))
_VERY_EASY = (("9/2", "3/2"), (6, 2))


def _in_time(at: Letters) -> Any:
    a, b = at["task_power"], at["spectrum_power"]
    return _integral(lambda u: u**-a * CTX.exp(-2 * at["time"] * u**-b))


def _time_sum(at: Letters) -> Any:
    a, b = at["task_power"], at["spectrum_power"]
    return CTX.fsum((-2 * at["time"]) ** m / CTX.factorial(m) * CTX.zeta(a + b * m) for m in range(80))


def _sum_at(order: int) -> Callable[[Letters], Any]:
    return lambda at: _alternating(at["task_power"], at["spectrum_power"], 1 / at["threshold"], order)


def _leading(order: int, easy: bool, count: str = "", data: bool = False) -> Callable[[Letters], Any]:
    def road(at: Letters) -> Any:
        a, b = at["task_power"], at["spectrum_power"]
        kappa = (_unit(b) / at[count]) ** b if count else at["threshold"]
        whole = 1 / (1 - _unit(b, 2) / _unit(b)) if data else CTX.one
        if easy:
            return whole * kappa**order * _zeta(a - order * b)
        return whole * kappa ** ((a - 1) / b) * _unit(b, order, a - order * b)

    return road


_BALANCE = [
    dict(task_power=a, spectrum_power=b, size_power=p, late_power=q, time_scale=2, size_scale="1/3", C=500)
    for a, b, p, q in ((2, "3/2", 1, 0), ("7/2", "3/2", 1, "1/3"), (4, 2, "5/2", "1/7"))
]


def _spent(at: Letters) -> dict[str, Any]:
    """The best run, by its stationary point in the logarithm of the features."""

    def loss(w: Any) -> Any:
        n = CTX.exp(w)
        t = at["C"] / n
        first = at["time_scale"] * t ** (-(at["task_power"] - 1) / at["spectrum_power"])
        return first + at["size_scale"] * n ** -at["size_power"] * t ** -at["late_power"]

    w = CTX.findroot(lambda w: CTX.diff(loss, w) / loss(w), (-30, 60), solver="anderson", tol=1e-30)
    return {"N": CTX.exp(w), "t": at["C"] / CTX.exp(w), "L": loss(w)}


def _slope(pick: str, **instead: Callable[[Letters], Any]) -> Callable[[Letters], Any]:
    def road(at: Letters) -> Any:
        known = {"time_scale": CTX.mpf(2), "size_scale": CTX.one / 3, "C": CTX.mpf(500), "late_power": CTX.zero}
        here = {**known, **at, **{name: how(at) for name, how in instead.items()}}
        one, other = (_spent({**here, "C": budget})[pick] for budget in (here["C"], 9 * here["C"]))
        return CTX.log(other / one) / CTX.log(9)

    return road


_OF_HARD = {"size_power": lambda at: at["task_power"] - 1}
_OF_EASY = {"size_power": lambda at: CTX.one, "late_power": lambda at: 1 - 1 / at["spectrum_power"]}
_PUBLISHED = {"size_power": lambda at: at["plateau_power"]}


def _early(at: Letters) -> Any:
    """``ζ(a-b)/N`` times the inverse transform, whose constant is that of a beta and a gamma integral."""
    a, b = at["task_power"], at["spectrum_power"]
    gamma = _integral(lambda w: w ** (1 / b - 1) * CTX.exp(-w))
    return _zeta(a - b) / at["N"] * _unit(b) / gamma * (2 * at["time"]) ** (1 / b - 1)


def _response(at: Letters) -> Any:
    r_1, r_3 = 1 - at["freedom"] / at["resource_P"], 1 - at["freedom"] / at["N"]
    return 1 / (at["laplace"] + at["variance"] * r_1 * r_3)


def _first_order(at: Letters) -> Any:
    def moved(few: Any) -> Any:
        return _response({**at, "N": at["N"] / few, "resource_P": at["resource_P"] / few})

    return CTX.diff(moved, CTX.mpf(0) + CTX.mpf(10) ** -14)


_ONE_MODE = [dict(laplace="1/3", variance="1/2", freedom=2, N=9, resource_P=7)]
_DYNAMICAL: dict[str, Reference] = {
    "dynamical.time.sum": _each(_tasks(*_HARD, time="3/2"), _time_sum),
    "dynamical.time": _each(_tasks(*_HARD, *_EASY, time=40), _in_time),
    "dynamical.data": _ridgeless(_WIDE, ""),
    "dynamical.model.bias-and-variance": _ridgeless(_LONG, ""),
    "dynamical.model": _ridgeless(_LONG, ""),
    "dynamical.response": _each(_ONE_MODE, _response),
    "dynamical.early.response": _each(_ONE_MODE, _first_order),
    "dynamical.threshold": _each(
        _tasks(*_HARD, N=9), lambda at: (_unit(at["spectrum_power"]) / at["N"]) ** at["spectrum_power"]
    ),
    "dynamical.model.sum": _each(_tasks(*_HARD, threshold=4), _sum_at(1)),
    "dynamical.bias.sum": _each(_tasks(*_HARD, threshold=4), _sum_at(2)),
    "dynamical.model.hard.threshold": _each(_tasks(*_HARD, threshold="1/50"), _leading(1, False)),
    "dynamical.model.easy.threshold": _each(_tasks(*_EASY, threshold="1/50"), _leading(1, True)),
    "dynamical.bias.hard.threshold": _each(_tasks(*_HARD, *_EASY[:1], threshold="1/50"), _leading(2, False)),
    "dynamical.bias.easy.threshold": _each(_tasks(*_VERY_EASY, threshold="1/50"), _leading(2, True)),
    "dynamical.model.hard": _each(_tasks(*_HARD, N=9), _leading(1, False, "N")),
    "dynamical.model.easy": _each(_tasks(*_EASY, N=9), _leading(1, True, "N")),
    "dynamical.bias.hard": _each(_tasks(*_HARD, *_EASY[:1], N=9), _leading(2, False, "N")),
    "dynamical.bias.easy": _each(_tasks(*_VERY_EASY, N=9), _leading(2, True, "N")),
    "dynamical.data.hard": _each(_tasks(*_HARD, *_EASY[:1], resource_P=9), _leading(2, False, "resource_P", True)),
    "dynamical.data.easy": _each(_tasks(*_VERY_EASY, resource_P=9), _leading(2, True, "resource_P", True)),
    "dynamical.early.easy": _each(_tasks(*_EASY, N=9, time=30), _early),
    "dynamical.balance": _each(
        [{**at, "N": 5, "time": 30} for at in _BALANCE],
        lambda at: (
            at["time_scale"] * CTX.exp((1 - at["task_power"]) / at["spectrum_power"] * CTX.log(at["time"]))
            + at["size_scale"] / (at["N"] ** at["size_power"] * at["time"] ** at["late_power"])
        ),
    ),
    "dynamical.balance.N": _each(_BALANCE, lambda at: _spent(at)["N"]),
    **{f"dynamical.balance.exponent.{pick}": _each(_BALANCE, _slope(pick)) for pick in "NtL"},
    **{f"dynamical.frontier.hard.{pick}": _each(_tasks(*_HARD), _slope(pick, **_OF_HARD)) for pick in "NtL"},
    **{f"dynamical.frontier.easy.{pick}": _each(_tasks(*_EASY), _slope(pick, **_OF_EASY)) for pick in "NtL"},
    **{
        f"dynamical.frontier.published.{pick}": _each(_tasks(*_EASY, plateau_power="5/2"), _slope(pick, **_PUBLISHED))
        for pick in "NtL"
    },
}

MODEL_REFERENCES: dict[str, Reference] = {**_TWO, **_RIDGE, **_LATENTS, **_REGIMES, **_DYNAMICAL}
