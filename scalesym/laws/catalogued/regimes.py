r"""The four regimes of arXiv:2102.06701: what few data and few parameters cost, from kernels and from geometry.

Limited by resolution, the loss is a power of the one resource that is scarce; limited by variance, it comes near its limit
as the reciprocal of the other. The average over samples of kernel regression is the risk of
:mod:`~scalesym.laws.catalogued.two_resolvents` with features without end, for ``κ_B = Dκ``; losses have no factor 1/2. The
paper's estimate of the modes beyond the ``D`` best has its constant upside down: it is ``D^{-α}/α``.

Importing this module loads SymPy.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Derivation, DerivationError, Outcome
from ...formulas.statement import Statement, when
from .latents import learned, power_law_gap
from .ridge import few_features
from .roads import CTX, Numbers, crossing, differences, inserted, number, places, valued
from .spectra import as_a_limit, quadrature, ridgeless
from .two_resolvents import risk
from .wording import entries

__all__ = ["statements"]

_Expr = Any
D, P, kappa_B, gamma_B, omega, Omega, alpha = (
    ALPHABET[name] for name in ["D", "resource_P", "kappa_B", "gamma_B", "omega", "weighted", "alpha_K"]
)
L, epsilon, r, p, q, d, ball, alpha_D = (
    ALPHABET[name]
    for name in ["L", "epsilon", "distance", "distance_power", "loss_power", "dimension", "ball", "alpha_D"]
)
i, y = ALPHABET["i"], ALPHABET["u"]
_Q = QUANTITIES
_state = entries(
    "arXiv:2102.06701",
    {
        "D": "samples",
        "resource_P": "parameters, the features of a linear model",
        "kappa_B": r"what the sum of $\kappa_B\lambda/(\kappa_B+D\lambda)$ over modes is equal to",
        "gamma_B": r"the sum of $D\lambda^2/(\kappa_B+D\lambda)^2$ over modes",
        "omega": "the root mean square of the target's weights",
        "weighted": r"the sum of $\lambda\omega^2/(\kappa_B+D\lambda)^2$ over modes, each with its own weight",
        "alpha_K": r"the exponent of the spectrum, of which mode i has the variance of i to the power $-(1+\alpha_K)$",
        "L": "the loss with data without end",
        "epsilon": "the error of the function",
        "distance": "the distance from the nearest sample",
        "distance_power": "the power of the distance that the error is",
        "loss_power": "the power of the error that the loss is",
        "dimension": "the dimension of the manifold of data",
        "ball": "the volume of the unit ball, times the density of one sample",
        "alpha_D": "the exponent of the data",
    },
)
_HERE = {"where": "derived here, from the mean-field equations of arXiv:2402.01092"}
_ALONE = {"where": "derived here"}


# -- few data ------------------------------------------------------------------------------------------------------------


def _kernels(kind: str) -> tuple[Numbers, ...]:
    """Interpolation with features without end, in the letters of this paper."""
    found = []
    for at in ridgeless(kind):
        (lam, w2), count = at["modes"], at["resource_P"]
        scale = count * at["Delta"]
        under = [(scale + count * x) ** 2 for x in lam]
        sums = {
            "gamma_B": CTX.fsum(count * x**2 / z for x, z in zip(lam, under, strict=True)),
            "weighted": CTX.fsum(x * w / z for x, w, z in zip(lam, w2, under, strict=True)),
        }
        found.append({**at, **sums, "D": count, "kappa_B": scale, "omega": at["teacher"]})
    return tuple(found)


@lru_cache(maxsize=1)
def _data() -> Derivation:
    N, kappa, kappa_2, noise = (ALPHABET[name] for name in ["N", "threshold", "threshold_2", "noise"])
    u, g = ALPHABET["trace_u"], ALPHABET["overlap"]

    def interpolated(e: _Expr) -> Outcome:
        few = sp.Symbol("few", positive=True)
        found = sp.cancel(sp.together(e.subs(N, 1 / few).subs({kappa: kappa_2, noise: 0}))).subs(few, 0)
        over, under = sp.fraction(found)
        share = sp.cancel(under.subs(g, gamma_B * P) / P)
        return Outcome(sp.cancel(over / P).subs(u, kappa_B**2 * Omega) / share)

    return risk().then(
        "interpolation with features without end",
        interpolated,
        valued(_kernels("noiseless samples endless"), lambda at: at["L"], "small ridges and many features, iterated"),
        relation="",
        prose=r"Without a ridge $f(\kappa)=D$. With $\kappa_B=D\kappa$ the traces are $u=\kappa_B^2\Omega$ and $g=\gamma D$.",
    )


@lru_cache(maxsize=1)
def _isotropic() -> Derivation:
    points = _kernels("isotropic noiseless samples endless")
    return _data().then(
        "every mode with the same weight",
        lambda e: Outcome(sp.cancel(e.subs(Omega, omega**2 * (1 - gamma_B) / kappa_B))),
        valued(points, lambda at: at["L"], "small ridges and many features, iterated"),
        relation="",
        prose=r"$\kappa_B\lambda=\lambda(\kappa_B+D\lambda)-D\lambda^2$, so that $\kappa_B\Omega=\bar\omega^2(1-\gamma)$.",
    )


_POWERS = places("alpha_K D omega", 3, lambda at: at["alpha_K"] > 0.4)


def _scale(at: Numbers) -> Any:
    """``κ_B`` over the power law, by bisection of the quadrature."""
    as_latents = {"Delta": CTX.one, "lambda_plus": CTX.one, "alpha_latent": at["alpha_K"]}
    whole, power = learned(as_latents, 1), 1 / (1 + at["alpha_K"])
    return at["D"] * crossing(lambda gap: whole * gap**-power - at["D"])


def _renamed(e: _Expr) -> _Expr:
    latent, plus, count = (ALPHABET[name] for name in ["alpha_latent", "lambda_plus", "freedom"])
    return e.subs(plus, 1).subs(latent, alpha).subs(count, D)


@lru_cache(maxsize=1)
def _power_law() -> Derivation:
    def insert(e: _Expr) -> Outcome:
        constant = _renamed(e).subs(D, 1)
        power = sp.simplify(D * sp.diff(sp.expand_log(sp.log(D * _renamed(e)), force=True), D))
        return Outcome(constant * D**power)

    return power_law_gap().then(
        "for as many samples",
        insert,
        valued(_POWERS, _scale, "bisection of the quadrature"),
        relation="",
        level="asymptotic",
        prose=r"$\kappa_B=D\kappa$ where $f(\kappa)=D$, for variances $i^{-(1+\alpha_K)}$.",
    )


def _loss_power_law() -> Derivation:
    return _isotropic().then(
        "over the power law",
        lambda e: Outcome(e.subs(kappa_B, _power_law().expression)),
        valued(_POWERS, lambda at: at["omega"] ** 2 * _scale(at), "bisection of the quadrature"),
        relation="~",
        level="asymptotic",
        prose=r"With $\kappa_B$ of the power law, regimes.data.kappa.",
    )


# -- the best modes ------------------------------------------------------------------------------------------------------


def _tail() -> Derivation:
    prose = r"What the modes beyond the $D$ largest add up to, of variances $i^{-(1+\alpha_K)}$."
    return Derivation(_Q["tail"](D), sp.Sum((D + i) ** (-(1 + alpha)), (i, 1, sp.oo)), "equivalent", prose)


@lru_cache(maxsize=1)
def _tail_power() -> Derivation:
    points = tuple({**at, "D": 40 + CTX.floor(10 * at["D"])} for at in _POWERS)

    def road(at: Numbers) -> Any:
        power, start = 1 + at["alpha_K"], at["D"]
        found = CTX.zeta(power, start + 1) + start**-power / 2
        for k in range(1, 16):
            rising = CTX.rf(power, 2 * k - 1)
            found -= CTX.bernoulli(2 * k) / CTX.factorial(2 * k) * rising * start ** (1 - power - 2 * k)
        return found

    def integral(at: Numbers) -> Any:
        return quadrature(lambda t: (at["D"] + t) ** -(1 + at["alpha_K"]))

    def integrate(e: _Expr) -> Outcome:
        t, power = sp.symbols("t power", positive=True)
        found = sp.integrate((D + t) ** (-(1 + power)), (t, 0, sp.oo))
        return Outcome(sp.powsimp(sp.simplify(found)).subs(power, alpha))

    return (
        _tail()
        .then(
            "the sum as an integral",
            lambda e: Outcome(sp.Integral(e.function.subs(i, y), (y, 0, sp.oo))),
            valued(points, road, "Hurwitz's zeta function less the terms of Euler and Maclaurin"),
            relation="~",
            level="continuum",
            prose=r"For $D\to\infty$, but for terms smaller by powers of $D$.",
        )
        .then(
            "the integral",
            integrate,
            valued(points, integral, "quadrature"),
            level="asymptotic",
            prose=r"The paper prints $\alpha_KD^{-\alpha_K}$ for $D^{-\alpha_K}/\alpha_K$.",
        )
    )


@lru_cache(maxsize=1)
def _ratio() -> Derivation:
    return _power_law().then(
        "over the best modes",
        lambda e: Outcome(sp.powsimp(e / _tail_power().expression)),
        valued(
            _POWERS, lambda at: _scale(at) * at["alpha_K"] * at["D"] ** at["alpha_K"], "bisection of the quadrature"
        ),
        relation="",
        prose=r"The loss of $D$ samples over that of the $D$ best modes, for weights of variance 1.",
    )


def _ratio_of_squares() -> Derivation:
    points: tuple[Numbers, ...] = ({"alpha_K": CTX.one, "D": CTX.mpf(7)},)
    return _ratio().then(
        "a spectrum of inverse squares",
        lambda e: Outcome(sp.simplify(e.subs(alpha, 1))),
        valued(points, lambda at: _scale(at) * at["D"], "bisection of the quadrature"),
        relation="",
        prose=r"For $\alpha_K=1$.",
    )


# -- limited by variance -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _with_data() -> Derivation:
    names = {"N": P, "samples_T": D}
    points = tuple(
        {**at, "resource_P": at["N"], "D": at["samples_T"], "L": limit["L"], "finite": at["L"]}
        for at, limit in zip(
            ridgeless("isotropic noiseless features"), ridgeless("isotropic noiseless endless features"), strict=True
        )
    )

    def against(e: _Expr) -> Outcome:
        here = e.subs({ALPHABET[name]: letter for name, letter in names.items()})
        return Outcome(L * sp.cancel(here / sp.limit(here, D, sp.oo)))

    return few_features().then(
        "against data without end",
        against,
        valued(points, lambda at: at["finite"], "extrapolation of small ridges, iterated for six modes"),
        relation="",
        prose=r"Of $P$ features, over $L(P)$, the same with data without end; the paper writes $P$ and $D$ for $N$ and $T$.",
    )


def _variance_limited() -> Derivation:
    points = places("L resource_P", 3)

    def coefficient(e: _Expr) -> Outcome:
        return Outcome(sp.limit(sp.cancel(D * (e - L)), D, sp.oo))

    def road(at: Numbers) -> Any:
        def excess(few: Any) -> Any:
            return (number(_with_data().expression, {**at, "D": 1 / few}) - at["L"]) / few

        return as_a_limit(excess, 10**4, 7)

    return _with_data().then(
        "what few data add",
        coefficient,
        valued(points, road, "extrapolation of the line above"),
        relation="",
        level="asymptotic",
        prose=r"$(L(D,P)-L(P))D$ as $D\to\infty$: limited by variance, the exponent is 1.",
    )


# -- geometry ------------------------------------------------------------------------------------------------------------


def _of_error() -> Derivation:
    prose = r"Near its least value a loss is a power of the error of the function, such as $q=2$."
    return Derivation(_Q["L"](epsilon), epsilon**q, "asymptotic", prose)


@lru_cache(maxsize=1)
def _of_data() -> Derivation:
    points = places("epsilon distance distance_power loss_power dimension D", 3)
    return (
        _of_error()
        .then(
            "the error of a distance",
            lambda e: Outcome(sp.powdenest(e.subs(epsilon, r**p), force=True)),
            inserted(points, epsilon=lambda at: CTX.exp(at["distance_power"] * CTX.log(at["distance"]))),
            prose=r"From the nearest sample the function is wrong by $r^p$: $p=1$ for a constant, $p=2$ for a linear piece.",
        )
        .then(
            "the distance of so many samples",
            lambda e: Outcome(sp.powdenest(e.subs(r, D ** (-1 / d)), force=True)),
            inserted(points, distance=lambda at: CTX.exp(-CTX.log(at["D"]) / at["dimension"])),
            prose=r"Samples on a manifold of dimension $d$ are $D^{-1/d}$ apart.",
        )
    )


def _exponent() -> Derivation:
    def slope(e: _Expr, at: Numbers) -> Any:
        return -CTX.diff(lambda w: CTX.log(number(e, {**at, "D": CTX.exp(w)})), CTX.log(at["D"]))

    return _of_data().then(
        "its exponent",
        lambda e: Outcome(-sp.simplify(D * sp.diff(sp.expand_log(sp.log(e), force=True), D))),
        differences(places("distance_power loss_power dimension D", 3), slope),
        relation="",
        prose=r"$-d\log L/d\log D$; $p=q=2$ makes it $4/d$. As a bound $\alpha_D\ge pq/d$.",
    )


def _void() -> Derivation:
    empty = sp.exp(-(D * ball * r**d))
    prose = (
        r"Of samples that are a Poisson process, a ball of radius $r$ has none with the probability $e^{-DV_dr^d}$; the mean of "
        r"$r^p$ is the integral of its derivative against that probability."
    )
    return Derivation(_Q["mean_distance"](D), sp.Integral(p * r ** (p - 1) * empty, (r, 0, sp.oo)), "asymptotic", prose)


def _nearest() -> Derivation:
    points = places("distance_power dimension ball D", 3)

    def integrate(e: _Expr) -> Outcome:
        t, shape = sp.symbols("t shape", positive=True)
        (variable, _, _) = e.limits[0]
        (rate,) = (-factor.exp for factor in sp.Mul.make_args(e.function) if isinstance(factor, sp.exp))
        scale = rate.subs(variable, 1)
        if sp.simplify(rate / scale - variable**d) != 0:
            raise DerivationError("the volume is not a power of the radius")
        radius = (t / scale) ** (1 / d)
        moved = sp.powsimp(
            sp.expand_power_base(e.function.subs(variable, radius) * sp.diff(radius, t), force=True), force=True
        )
        power = sp.simplify(t * sp.diff(sp.expand_log(sp.log(moved * sp.exp(t)), force=True), t)) + 1
        power = sp.cancel(power)
        constant = sp.simplify(sp.powsimp(moved * sp.exp(t) * t ** (1 - power), force=True) / power)
        found = sp.integrate(t ** (shape - 1) * sp.exp(-t), (t, 0, sp.oo)).subs(shape, power)
        whole = sp.powsimp(sp.expand_power_base(constant * scale**power, force=True), force=True)
        return Outcome(sp.simplify(whole) * sp.gammasimp(power * found) * scale**-power)

    def road(at: Numbers) -> Any:
        def integrand(t: Any) -> Any:
            falls = at["D"] * at["ball"] * t ** at["dimension"]
            return at["distance_power"] * t ** (at["distance_power"] - 1) * CTX.exp(-falls)

        return quadrature(integrand)

    return _void().then(
        "the integral",
        integrate,
        valued(points, road, "quadrature"),
        prose=r"$t=DV_dr^d$ makes it $\int_0^\infty t^{p/d-1}e^{-t}\,dt=\Gamma(p/d)$, and $\frac pd\Gamma(\frac pd)=\Gamma(1+\frac pd)$.",
    )


def statements() -> tuple[Statement, ...]:
    """Few data with a kernel, the best modes, what is limited by variance, and geometry."""

    def many(statement: Statement) -> Statement:
        return replace(statement, limits=((D, sp.oo),))

    at_d, tail = _Q["L"](D), _Q["tail"](D)
    ratio = _Q["L"](D) / tail
    geometry = {"status": "assumed", "where": "the resolution-limited regime"}
    return (
        _state("regimes.data.loss", at_d, _data(), **_HERE),
        _state("regimes.data.isotropic", at_d, _isotropic(), **_HERE),
        many(_state("regimes.data.kappa", _Q["kappa_B"](D), _power_law(), **_HERE)),
        many(_state("regimes.data.power-law", at_d, _loss_power_law(), **_HERE)),
        _state("regimes.best-modes", tail, _tail(), status="assumed", where="the kernel route"),
        many(_state("regimes.best-modes.power-law", tail, _tail_power(), **_ALONE)),
        many(_state("regimes.ratio", ratio, _ratio(), **_ALONE)),
        many(_state("regimes.ratio.inverse-squares", ratio, _ratio_of_squares(), **_ALONE)),
        _state("regimes.variance-limited", _Q["L"](D, P), _with_data(), when(sp.Gt(D, P, evaluate=False)), **_HERE),
        many(_state("regimes.variance-limited.coefficient", D * (_Q["L"](D, P) - L), _variance_limited(), **_HERE)),
        _state("regimes.geometry.error", _Q["L"](epsilon), _of_error(), **geometry),
        many(_state("regimes.geometry.loss", at_d, _of_data(), **_ALONE)),
        _state("regimes.geometry.exponent", alpha_D, _exponent(), **_ALONE),
        _state("regimes.geometry.void", _Q["mean_distance"](D), _void(), **geometry),
        _state("regimes.geometry.nearest", _Q["mean_distance"](D), _nearest(), **_ALONE),
    )
