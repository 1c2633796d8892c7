r"""The dynamical model of scaling laws (arXiv:2402.01092) over power laws: what time, data and features leave of the loss.

Variances are ``λ_k = k^{-b}`` and the target is ``λ_k w_k² = k^{-a}``, without end. A limit is a sum over modes that is
resolved up to ``κ``; its leading term is an integral (a hard task, whose sum the unresolved modes decide) or ``ζ_R`` (an easy
one, decided by the first modes). The paper's exponent of the features, ``min(a - 1, 2b)``, is that of the bias alone: the
variance over the features falls as ``N^{-b}``, and decides for ``a - 1 > b``.

With ``α = b/2``, ``β = (a - b)/2`` and ``γBr = t`` the limits are those of the model of arXiv:2405.15074. How to spend compute
is in :mod:`~scalesym.laws.catalogued.dynamical_frontier`.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, DerivationError, Outcome
from ...formulas.statement import Statement
from .latents import freedom_integral, learned, power_law_gap
from .roads import CTX, Numbers, crossing, places, valued
from .spectra import beside_the_integral, beyond_zero, early_change, far_sum, modes, power_sum, quadrature, ridgeless
from .two_resolvents import MEANINGS, risk, risk_of_other_samples
from .wording import entries

__all__ = ["DYNAMICAL_MEANINGS", "early", "model_limit", "state", "statements", "time_limit"]

_Expr = Any
a, b, t, N, P, kappa = (
    ALPHABET[name] for name in ["task_power", "spectrum_power", "time", "N", "resource_P", "threshold"]
)
k, y, U_1, u, v, g = (ALPHABET[name] for name in ["k", "u", "teacher_1", "trace_u", "trace_v", "overlap"])
_Q = QUANTITIES
_L = _Q["L"]
DYNAMICAL_MEANINGS = {
    **MEANINGS,
    "freedom": r"the sum of $\lambda/(\lambda+\kappa)$ over modes",
    "overlap": r"the sum of $\lambda^2/(\lambda+\kappa)^2$ over modes",
    "trace_u": r"$\kappa^2$ times the sum of $\lambda w^2/(\lambda+\kappa)^2$ over modes",
    "trace_v": r"the sum of $\lambda^2w^2/(\lambda+\kappa)^2$ over modes",
    "teacher_1": r"the sum of $\lambda w^2\kappa/(\lambda+\kappa)$ over modes",
    "threshold": "the variance below which a mode is not learned",
    "task_power": "the exponent of the target, of which mode k has the power k to the -a",
    "spectrum_power": "the exponent of the spectrum, of which mode k has the variance k to the -b",
    "time": "the time of gradient flow",
    "variance": "the variance of the mode",
    "C": "compute, features times time",
}
state = entries("arXiv:2402.01092", DYNAMICAL_MEANINGS)
_HERE = {"where": "derived here, from the mean-field equations of arXiv:2402.01092"}
_POWER_LAW = {"status": "assumed", "where": "the power-law structure"}

_CONVERGES = Condition(sp.Gt(a, 1, evaluate=False), "the target has finite power")
_SPECTRUM = Condition(sp.Gt(b, 1, evaluate=False), "the variances have a finite sum")


# -- time --------------------------------------------------------------------------------------------------------------


def _of_time() -> Derivation:
    prose = r"Gradient flow on the population forgets mode $k$ as $e^{-k^{-b}t}$, and the loss counts its square."
    return Derivation(_L(t), sp.Sum(k**-a * sp.exp(-2 * t * k**-b), (k, 1, sp.oo)), "equivalent", prose)


def _added_in_time(at: Numbers) -> Any:
    """The sum, beyond the mode where ``2tk^{-b}`` is 4 as a series of sums of powers."""
    power, spectrum, time = at["task_power"], at["spectrum_power"], 2 * at["time"]
    last = int(CTX.ceil((time / 4) ** (1 / spectrum)))
    total = CTX.fsum(CTX.mpf(n) ** -power * CTX.exp(-time * CTX.mpf(n) ** -spectrum) for n in range(1, last + 1))
    for n in range(120):
        part = (-time) ** n / CTX.factorial(n) * far_sum(power + spectrum * n, last + 1)
        total += part
        if abs(part) <= abs(total) * CTX.mpf(10) ** -30:
            return total
    raise DerivationError("a sum over modes did not settle")


_TIMES = tuple(
    {
        **at,
        "task_power": 1 + at["task_power"] / 2,
        "spectrum_power": CTX.mpf("1.5") + at["spectrum_power"] / 3,
        "time": 10**4 * (5 + at["time"]),
    }
    for at in places("task_power spectrum_power time", 3)
)


@lru_cache(maxsize=1)
def time_limit() -> Derivation:
    """The loss after a long time, with features and samples without end.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(time_limit())
    'Γ((a - 1)/b)/b · (2t)^(-(a - 1)/b)'
    """

    def close(e: _Expr) -> Outcome:
        w, shape = sp.symbols("w shape", positive=True)
        mode = (2 * t / w) ** (1 / b)
        moved = sp.powsimp(sp.expand_power_base(e.function.subs(y, mode) * -sp.diff(mode, w), force=True), force=True)
        whole = sp.expand_log(sp.log(moved * sp.exp(w)), force=True)
        power = sp.factor(sp.simplify(w * sp.diff(whole, w)) + 1)
        found = sp.integrate(w ** (shape - 1) * sp.exp(-w), (w, 0, sp.oo)).subs(shape, power)
        constant = sp.simplify(sp.exp(sp.expand(whole - (power - 1) * sp.log(w) + power * sp.log(2 * t))))
        if constant.has(w, t):
            raise DerivationError("the integrand is no power times an exponential")
        return Outcome(constant * found * (2 * t) ** -power, (_CONVERGES,))

    def road(at: Numbers) -> Any:
        def integrand(n: Any) -> Any:
            return n ** -at["task_power"] * CTX.exp(-2 * at["time"] * n ** -at["spectrum_power"])

        return quadrature(integrand)

    return (
        _of_time()
        .then(
            "the sum as an integral",
            lambda e: Outcome(sp.Integral(e.function.subs(k, y), (y, 0, sp.oo))),
            valued(_TIMES, _added_in_time, "the sum"),
            relation="~",
            level="continuum",
            prose=r"The summand vanishes at 0 with all its derivatives, and what is left out is exponentially small in a power "
            r"of $t$.",
        )
        .then(
            "the integral",
            close,
            valued(_TIMES, road, "quadrature"),
            level="asymptotic",
            prose=r"$w=2tu^{-b}$ makes it $\int_0^\infty w^{(a-1)/b-1}e^{-w}\,dw$.",
        )
    )


# -- without a ridge, whatever the spectrum ----------------------------------------------------------------------------


def _one_resolvent(e: _Expr) -> _Expr:
    return e.subs({ALPHABET["threshold_2"]: kappa, ALPHABET["noise"]: 0})


@lru_cache(maxsize=1)
def _data_limit() -> Derivation:
    few = sp.Symbol("few", positive=True)

    def limit(e: _Expr) -> Outcome:
        over, under = (sp.Add.make_args(side.subs(N, 1 / few)) for side in sp.fraction(_one_resolvent(e)))
        ends = [sp.Add(*(sp.cancel(sp.together(term)).subs(few, 0) for term in side)) for side in (over, under)]
        return Outcome(ends[0] / ends[1])

    return risk().then(
        "features and time without end",
        limit,
        valued(ridgeless("noiseless samples endless"), lambda at: at["L"], "small ridges and many features, iterated"),
        relation="",
        prose=r"At long times $s\to0$, and $\kappa'=\kappa$ where $f(\kappa)=P$.",
    )


@lru_cache(maxsize=1)
def _bias_and_variance() -> Derivation:
    x, f = ALPHABET["trace_x"], ALPHABET["freedom"]

    def limit(e: _Expr) -> Outcome:
        traced = _one_resolvent(e).subs(x, (f - g) / kappa).subs(f, N)
        return Outcome(sp.expand(sp.cancel(traced)))

    return risk_of_other_samples().then(
        "samples and time without end",
        limit,
        valued(ridgeless("noiseless features endless"), lambda at: at["L"], "small ridges and many samples, iterated"),
        relation="",
        prose=r"With $\kappa'=\kappa$ and $f(\kappa)=N$ the trace $\kappa x=f-g$ is $N-g$. The first term is the bias, the second "
        r"the variance over the features.",
    )


@lru_cache(maxsize=1)
def model_limit() -> Derivation:
    """What ``N`` features leave, with samples and time without end: the projection's residual."""
    return _bias_and_variance().then(
        "both together",
        lambda e: Outcome(sp.cancel(e.subs(u, U_1 - kappa * v))),
        valued(ridgeless("noiseless features endless"), lambda at: at["L"], "small ridges and many samples, iterated"),
        prose=r"$\frac{\kappa^2}{(\lambda+\kappa)^2}+\frac{\kappa\lambda}{(\lambda+\kappa)^2}=\frac{\kappa}{\lambda+\kappa}$, mode "
        r"by mode.",
    )


# -- without a ridge, over power laws ----------------------------------------------------------------------------------


def _sum_over_modes(order: int) -> Derivation:
    left, what = (_L, "The loss that features leave") if order == 1 else (_Q["bias"], "The bias")
    summand = kappa**order * k**-a / (k**-b + kappa) ** order
    prose = f"{what}, of a target $\\lambda_kw_k^2=k^{{-a}}$ and variances $k^{{-b}}$."
    return Derivation(left(kappa), sp.Sum(summand, (k, 1, sp.oo)), "equivalent", prose)


def _regular(order: int, easy: bool) -> tuple[Numbers, ...]:
    """Exponents on one side of ``a - 1 = order·b``, and a ``κ`` that leaves some twenty modes learned."""
    found = []
    for at in places("task_power spectrum_power N", 3):
        spectrum = 1 + at["spectrum_power"] / 3
        share = at["task_power"] / 4  # of order·b, or of b beyond it
        power = 1 + order * spectrum + share * spectrum if easy else 1 + order * spectrum * share
        point = {**at, "task_power": power, "spectrum_power": spectrum, "threshold": CTX.mpf(20) ** -spectrum}
        found.append({**point, "N": 5 * at["N"], "resource_P": 5 * at["N"]})
    return tuple(found)


def _leading(at: Numbers, order: int, easy: bool) -> Any:
    """The leading term at ``κ``: the sum less what is beside it, as an integral or the first modes."""
    return _taken(at["task_power"] - order * at["spectrum_power"], at["spectrum_power"], order, at["threshold"], easy)


@lru_cache(maxsize=32)
def _taken(power: Any, spectrum: Any, order: int, gap: Any, easy: bool) -> Any:
    whole = power_sum(power, spectrum, order, gap)
    if easy:
        whole -= beyond_zero(power, spectrum, order, gap) + beside_the_integral(power, spectrum, order, gap, 1)
    else:
        whole -= beside_the_integral(power, spectrum, order, gap)
    return gap**order * whole


def _integrated(at: Numbers, order: int) -> Any:
    power, spectrum, gap = at["task_power"], at["spectrum_power"], at["threshold"]
    return quadrature(lambda n: n**-power * (gap / (n**-spectrum + gap)) ** order)


@lru_cache(maxsize=4)
def _hard(order: int) -> Derivation:
    points = _regular(order, False)
    bound = Condition(sp.Lt(a - 1, order * b, evaluate=False), "the modes that are not learned decide")

    def to_integral(e: _Expr) -> Outcome:
        return Outcome(sp.Integral(e.function.subs(k, y), (y, 0, sp.oo)), (bound,))

    def close(e: _Expr) -> Outcome:
        """With ``w = κu^b``, a beta integral that SymPy knows."""
        w, shape, left = sp.symbols("w shape left", positive=True)
        whole = e.function.replace(lambda part: part.is_Add, lambda part: y**-b * (1 + w) if part.has(kappa) else part)
        power = sp.simplify(y * sp.diff(sp.expand_log(sp.log(whole), force=True), y))
        at_one = sp.simplify(whole.subs(y, 1) * (1 + w) ** order)
        if at_one.has(w) or power.has(y):
            raise DerivationError("the integrand is no power over a power of 1 + w")
        mode = (w / kappa) ** (1 / b)
        jacobian = sp.simplify(w * sp.diff(mode, w) / mode)
        falls = sp.factor(order - (power + 1) / b)  # the power of κ
        found = sp.integrate(w ** (shape - 1) / (1 + w) ** order, (w, 0, sp.oo), conds="none")
        closed = sp.factor(sp.simplify(sp.expand(found.subs(shape, order - left))))
        if order > 1:  # as gamma functions, which have no removable singularity between
            gammas = sp.gamma(left) * sp.gamma(order - left) / sp.gamma(order)
            if sp.simplify(sp.gammasimp(gammas) / closed) != 1:
                raise DerivationError("the integral is no beta function")
            closed = gammas
        return Outcome(at_one / kappa**order * jacobian * closed.subs(left, falls) * kappa**falls, (_CONVERGES,))

    return (
        _sum_over_modes(order)
        .then(
            "the sum as an integral",
            to_integral,
            valued(points, lambda at: _leading(at, order, False), "the sum less the series of Euler and Maclaurin"),
            relation="~",
            level="continuum",
            prose=r"The summand vanishes at 0 slowly enough for the integral to be larger than the series "
            r"$\sum_m\binom{-n}{m}\kappa^{m+n}\zeta_{\mathrm R}(a-(m+n)b)$ beside it.",
        )
        .then(
            "the integral",
            close,
            valued(points, lambda at: _integrated(at, order), "quadrature"),
            level="asymptotic",
            prose=r"$w=\kappa u^b$ makes it a beta integral.",
        )
    )


@lru_cache(maxsize=4)
def _easy(order: int) -> Derivation:
    points = _regular(order, True)
    bound = Condition(sp.Gt(a - 1, order * b, evaluate=False), "the first modes decide")

    def first_modes(e: _Expr) -> Outcome:
        """Each summand over ``κ^n``, at ``κ = 0``; what is left is the sum of a power."""
        summand = sp.powsimp(sp.simplify((e.function / kappa**order).subs(kappa, 0)))
        power = -sp.simplify(k * sp.diff(sp.expand_log(sp.log(summand), force=True), k))
        if summand.subs(k, 1) != 1 or power.has(k):
            raise DerivationError("the summand at κ = 0 is no power")
        return Outcome(kappa**order * sp.zeta(sp.expand(power)), (bound,))

    return _sum_over_modes(order).then(
        "the first modes",
        first_modes,
        valued(points, lambda at: _leading(at, order, True), "the sum less the integral beyond the first modes"),
        relation="~",
        level="asymptotic",
        prose=r"As $\kappa\to0$ every term is $\kappa^n$ times a power of $k$, whose sum converges.",
    )


def _gap(count: Any, spectrum: Any) -> Any:
    """``κ`` at which so many modes are learned, by bisection of the quadrature."""
    whole = learned({"Delta": CTX.one, "lambda_plus": CTX.one, "alpha_latent": spectrum - 1}, 1)
    return crossing(lambda gap: whole * gap ** (-1 / spectrum) - count)


def _renamed(e: _Expr, count: _Expr) -> _Expr:
    latent, plus, f = (ALPHABET[name] for name in ["alpha_latent", "lambda_plus", "freedom"])
    return e.subs(plus, 1).subs(latent, b - 1).subs(f, count)


_COUNTS = tuple({**at, "spectrum_power": 1 + at["spectrum_power"] / 2} for at in places("spectrum_power N", 3))


@lru_cache(maxsize=1)
def _threshold() -> Derivation:
    return power_law_gap().then(
        "as many as features",
        lambda e: Outcome(_renamed(e, N), (_SPECTRUM,)),
        valued(_COUNTS, lambda at: _gap(at["N"], at["spectrum_power"]), "bisection of the quadrature"),
        relation="",
        level="asymptotic",
        prose=r"With variances $k^{-b}$, and $f(\kappa)=N$. With samples it is the same of $P$.",
    )


def _resolved(order: int, easy: bool, count: _Expr, chain: Derivation, factor: bool = False) -> Derivation:
    """The sum at ``κ(N)``; ``factor`` divides by what the samples' own randomness takes, ``1 - g/P``."""

    def road(at: Numbers) -> Any:
        gap = _gap(at[count.name], at["spectrum_power"])
        there = {**at, "threshold": gap}
        if easy:
            near = {**at, "threshold": CTX.mpf(20) ** -at["spectrum_power"]}
            found = _leading(near, order, True) * (gap / near["threshold"]) ** order
        else:
            found = _integrated(there, order)
        if not factor:
            return found
        squares = quadrature(lambda n: (1 + gap * n ** at["spectrum_power"]) ** -2)
        return found / (1 - squares / at[count.name])

    def insert(e: _Expr) -> Outcome:
        constant, power = e.as_independent(kappa)
        base = _renamed(power_law_gap().expression, sp.S.One).base
        exponent = sp.factor(b * power.as_base_exp()[1])
        share = _share_of_squares() if factor else sp.S.One
        return Outcome(constant / share * base**exponent * count**-exponent, (_SPECTRUM,))

    what = "with the randomness of samples" if factor else "as many modes as there are"
    said = (
        r"Samples add $1/(1-g/P)$, and over a power law $g/P=1-1/b$. At $\kappa(P)$ of dynamical.threshold."
        if factor
        else r"At $\kappa(N)$ of dynamical.threshold."
    )
    return chain.then(
        what,
        insert,
        valued(_regular(order, easy), road, "quadrature, and bisection for κ"),
        relation="",
        prose=said,
    )


def _share_of_squares() -> _Expr:
    """``1 - g/f`` over the power law, from ``g = f + κ df/dκ``."""
    Delta = ALPHABET["Delta"]
    integral = freedom_integral().expression
    slope = sp.simplify(Delta * sp.diff(sp.expand_log(sp.log(integral), force=True), Delta))
    return sp.simplify(-slope.subs(ALPHABET["alpha_latent"], b - 1))


# -- early -------------------------------------------------------------------------------------------------------------

_EASY = _regular(1, True)


def _response() -> Derivation:
    f, s, lam = (ALPHABET[name] for name in ["freedom", "laplace", "variance"])
    prose = r"The response of a mode is $H=1/(s+\lambda R_1R_3)$, where $R_1=1-f/P$ and $R_3=1-f/N$."
    return Derivation(_Q["response"](s), 1 / (s + lam * (1 - f / N) * (1 - f / P)), "equivalent", prose)


def _early_response() -> Derivation:
    """To first order in ``1/N`` and ``1/P`` together."""

    def first_order(e: _Expr) -> Outcome:
        few = sp.Symbol("few", positive=True)
        slope = sp.diff(e.subs({N: N / few, P: P / few}, simultaneous=True), few).subs(few, 0)
        over, under = sp.fraction(sp.factor(sp.cancel(slope)))
        return Outcome(sp.cancel(over / (N + P)) / sp.cancel(under / (N * P)) * (1 / N + 1 / P))

    def road(at: Numbers) -> Any:
        return early_change(at, at["variance"])

    points = tuple(
        {**at, "variance": at["modes"][0][1], "freedom": CTX.fsum(x / (x + at["laplace"]) for x in at["modes"][0])}
        for at in modes()
    )
    return _response().then(
        "to first order",
        first_order,
        valued(points, road, "extrapolation of the responses of many features and samples, iterated for six modes"),
        relation="",
        level="asymptotic",
        prose=r"What $1/N$ and $1/P$ add to first order; $f$ is taken at $\kappa=s$.",
    )


@lru_cache(maxsize=1)
def early() -> Derivation:
    """What ``N`` features add to the loss of an easy task at times before they are exhausted."""
    f_chain = freedom_integral()
    Delta, s = ALPHABET["Delta"], ALPHABET["laplace"]

    def transform(e: _Expr) -> Outcome:
        learned_at = _at_s(e)
        return Outcome(
            sp.zeta(a - b) / N * learned_at, (Condition(sp.Gt(a - 1, b, evaluate=False), "the first modes decide"),)
        )

    def _at_s(e: _Expr) -> _Expr:
        return e.subs(ALPHABET["lambda_plus"], 1).subs(ALPHABET["alpha_latent"], b - 1).subs(Delta, s)

    def road(at: Numbers) -> Any:
        weights = _first_modes(at)
        return weights / at["N"] * quadrature(lambda n: 1 / (1 + at["laplace"] * n ** at["spectrum_power"]))

    def back(e: _Expr) -> Outcome:
        constant, power = e.as_independent(s)
        order = sp.Symbol("order", positive=True)
        tau = sp.Symbol("tau", positive=True)
        turned = sp.inverse_laplace_transform(s**-order, s, tau).subs(order, -power.as_base_exp()[1])
        (gammas,) = [part for part in sp.Mul.make_args(turned) if part.has(sp.gamma)]
        reflected = sp.pi / sp.sin(sp.pi / b) / sp.gamma(1 / b)  # Γ(1 - 1/b)
        rest = sp.simplify(sp.gammasimp(constant * gammas / reflected)) * sp.gamma(1 - 1 / b)
        return Outcome(rest * sp.powsimp(turned / gammas).subs(tau, 2 * t), (_SPECTRUM,))

    points = tuple({**at, "laplace": at["threshold"]} for at in _EASY)
    times = tuple({**at, "time": 10 * at["N"]} for at in _EASY)

    def in_time(at: Numbers) -> Any:
        """``∫ f̂(τ) e^{-sτ} dτ`` is ``s^{-1/b}`` times a number, which quadrature gives for ``f̂ = τ^{1/b-1}``."""
        power = 1 / at["spectrum_power"]
        unit = quadrature(lambda w: w ** (power - 1) * CTX.exp(-w))
        at_one = quadrature(lambda n: 1 / (1 + n ** at["spectrum_power"]))
        return _first_modes(at) / at["N"] * at_one / unit * (2 * at["time"]) ** (power - 1)

    return f_chain.then(
        "the transform of what features add",
        transform,
        valued(points, road, "quadrature, and the sum of the first modes"),
        relation="",
        level="asymptotic",
        prose=r"To first order the responses change by $\delta H_k=\frac{\lambda_k}{N}\frac{f(s)}{(s+\lambda_k)^2}$. For an easy task "
        r"$\sum_k\frac{\lambda_k^2w_k^2}{(s+\lambda_k)^2}\to\sum_kw_k^2=\zeta_{\mathrm R}(a-b)$ as $s\to0$.",
    ).then(
        "in time",
        back,
        valued(times, in_time, "quadrature of the Laplace transform"),
        relation="",
        prose=r"The loss is the inverse transform at $2t$, and $s^{-1/b}$ is that of $\tau^{1/b-1}/\Gamma(1/b)$.",
    )


def _first_modes(at: Numbers) -> Any:
    """``Σ k^{b-a}``, added up."""
    power = at["task_power"] - at["spectrum_power"]
    return CTX.fsum(CTX.mpf(n) ** -power for n in range(1, 40)) + far_sum(power, 40)


def statements() -> tuple[Statement, ...]:
    """The limits of time, data and features, over any spectrum and over power laws."""

    def near(letter: _Expr, target: Any, statement: Statement) -> Statement:
        return replace(statement, limits=((letter, target),))

    zero, s = sp.Integer(0), ALPHABET["laplace"]
    found = [
        state("dynamical.time.sum", _L(t), _of_time(), **_POWER_LAW),
        near(t, sp.oo, state("dynamical.time", _L(t), time_limit())),
        state("dynamical.data", _L(P), _data_limit(), **_HERE),
        state("dynamical.model.bias-and-variance", _L(N), _bias_and_variance(), **_HERE),
        state("dynamical.model", _L(N), model_limit(), **_HERE),
        state("dynamical.response", _Q["response"](s), _response(), status="assumed", where="the mean-field equations"),
        state("dynamical.early.response", _Q["early_response"](s), _early_response(), **_HERE),
        near(N, sp.oo, state("dynamical.threshold", _Q["threshold"](N), _threshold(), **_HERE)),
    ]
    kinds: tuple[tuple[str, Callable[[int], Derivation], bool], ...] = (("hard", _hard, False), ("easy", _easy, True))
    for order, name, left in ((1, "model", _L), (2, "bias", _Q["bias"])):
        found.append(state(f"dynamical.{name}.sum", left(kappa), _sum_over_modes(order), **_POWER_LAW))
        for kind, chain, easy in kinds:
            near_kappa = state(f"dynamical.{name}.{kind}.threshold", left(kappa), chain(order), **_HERE)
            at_n = state(f"dynamical.{name}.{kind}", left(N), _resolved(order, easy, N, chain(order)), **_HERE)
            found += [near(kappa, zero, near_kappa), near(N, sp.oo, at_n)]
    for kind, chain, easy in kinds:
        at_p = state(f"dynamical.data.{kind}", _L(P), _resolved(2, easy, P, chain(2), True), **_HERE)
        found.append(near(P, sp.oo, at_p))
    found.append(near(t, sp.oo, state("dynamical.early.easy", _Q["early"](t, N), early(), **_HERE)))
    return tuple(found)
