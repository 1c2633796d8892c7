r"""Four regimes of scaling laws: the kernel exponent and its constant, duality, the variance-limited coefficient.

Roads: the deterministic equivalent of :class:`scalesym.laws.regimes.FourRegimes`; sums by mpmath, by Euler's and Maclaurin's
formula, which share nothing with it; literal expressions of random matrices.

Statistical checks are means of independent draws against a theory, in standard errors. 6 of them have a chance below ``2e-9`` for
a normal mean, and these are means of 200 draws, each itself a sum over hundreds of modes; with four comparisons a false alarm stays
below ``1e-6``. A theory that is off by a tenth is rejected. The equivalent has a finite-size error besides; ``0.2/n`` to ``0.6/n`` is seen
and ``1/n`` allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..ledger import Claim, Verdict
from ._printed import prints

__all__ = ["CLAIMS"]

_SOURCE = "Bahri et al., arXiv:2102.06701; derived here"
_SIGMAS = 6.0
_ALPHAS = ("3/10", "3/5", "1", "17/10")
_DRAWN = 400  # features of the teacher


@lru_cache(maxsize=16)
def _law(alpha: str, S: object = "inf") -> Any:
    from ..laws.regimes import FourRegimes

    return FourRegimes(alpha, S, loss_factor=1)  # type: ignore[arg-type]


# -- another road to kappa -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _kappa(alpha: str, n: int) -> Any:
    """``Σ_{i≥1} 1/(1+κ i^{1+α}) = n`` by mpmath: terms one by one, and Euler's and Maclaurin's formula for the rest."""
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 25
    power = 1 + mp.mpf(Fraction(alpha).numerator) / Fraction(alpha).denominator
    head = 60

    def excess(log: Any) -> Any:
        kappa = mp.exp(log)
        start = kappa * head**power  # the integral from head on is a hypergeometric function of it
        rest = head / (power - 1) / start * mp.hyp2f1(1, 1 - 1 / power, 2 - 1 / power, -1 / start)
        first = 1 / (1 + start)
        series = mp.taylor(lambda i: 1 / (1 + kappa * i**power), head, 5)
        ends = first / 2 - series[1] / 12 + 6 * series[3] / 720 - 120 * series[5] / 30240
        return mp.log((mp.fsum(1 / (1 + kappa * mp.mpf(i) ** power) for i in range(1, head)) + rest + ends) / n)

    guess = -power * mp.log(n)
    return mp.exp(mp.findroot(excess, (guess, guess + 1), solver="secant"))


def _exponent(power: Callable[[Any], Any]) -> Verdict:
    """Local exponents of ``nκ_n`` at 1e3 and 1e6 on both roads; the distance from the limit falls as 1/n does, or to rounding."""
    parts = {}
    for alpha in _ALPHAS:
        limit = float(power(Fraction(alpha)))
        off = []
        for n in (10**3, 10**6):
            slope = -math.log(2 * float(_kappa(alpha, 2 * n) / _kappa(alpha, n))) / math.log(2)
            law = _law(alpha)
            own = -math.log(law.L_D(2 * n) / law.L_P(n)) / math.log(2)
            parts[f"roads, {alpha}, {n}"] = Verdict.at_most("|difference|", abs(own - slope), 1e-12)
            off.append(abs(slope - limit))
        at = {"at 1e3": off[0], "at 1e6": off[1]}
        parts[f"limit, {alpha}"] = Verdict.at_most("|slope − limit|·n", max(off[0] * 1e3, off[1] * 1e6), 5.0, **at)
    return Verdict.all_of(parts)


def _constant(constant: Callable[[Any, Any], Any], exact_at_one: float) -> Verdict:
    """``n^{1+α}κ_n`` at 1e6 by mpmath, to the 1/n that is left; and the ratio to the best modes at α = 1."""
    import mpmath

    parts = {}
    for alpha in _ALPHAS:
        a = mpmath.mpf(Fraction(alpha).numerator) / Fraction(alpha).denominator
        off = abs(_kappa(alpha, 10**6) * mpmath.mpf(10) ** (6 * (1 + a)) / constant(mpmath, 1 / (1 + a)) - 1)
        parts[alpha] = Verdict.at_most("|ratio − 1|", float(off), 5e-6)
    ratio = float(_kappa("1", 10**6)) * 1e6 / float(mpmath.zeta(2, 10**6 + 1))
    parts["ratio to the best modes"] = Verdict.at_most("|ratio − 1|", abs(ratio / exact_at_one - 1), 5e-6, ratio=ratio)
    return Verdict.all_of(parts)


def _tail(estimate: Callable[[float, float], float], figures: tuple[str, str]) -> Verdict:
    """The sum beyond D by Euler's and Maclaurin's formula, against the estimate, for four exponents, to the 1/D that is left."""
    import mpmath

    parts = {}
    for alpha in _ALPHAS:
        a, off = float(Fraction(alpha)), []
        for D in (10**3, 10**5):
            exact = float(mpmath.zeta(1 + a, D + 1))
            off.append(abs(estimate(a, D) / exact - 1) * D)
        parts[alpha] = Verdict.at_most("|ratio − 1|·D", max(off), 3.0)
    parts["the sum"] = prints(_law("3/5").best_modes(1000), figures[0])
    parts["its estimate"] = prints(estimate(0.6, 1000), figures[1])
    return Verdict.all_of(parts)


# -- isotropic collapse, both finite -----------------------------------------------------------------------------------


def _collapse(loss: Callable[[Any, float, float], float], teacher: float) -> Verdict:
    """The average-case formula as printed, with weights ``i^{-teacher/2}``, against a multiple of ``κ_B``."""
    import numpy as np
    from scipy.optimize import brentq

    parts = {}
    for alpha, S, D in (("3/5", 300, 40), ("1", 1000, 7), ("17/10", 200, 150)):
        i = np.arange(1, S + 1, dtype=float)
        lam, squares = i ** -(1 + float(Fraction(alpha))), i**-teacher
        root = brentq(lambda y, lam=lam, D=D: float(np.sum(lam / (math.exp(y) + D * lam))) - 1, -60, 60, xtol=1e-14)
        kappa = math.exp(root)
        gamma = float(np.sum(D * lam**2 / (kappa + D * lam) ** 2))
        printed = kappa**2 / (1 - gamma) * float(np.sum(lam * squares / (kappa + D * lam) ** 2))
        off = max(abs(loss(lam, D, kappa) / printed - 1), abs(_law(alpha, S).L_D(D) / printed - 1))
        parts[f"alpha = {alpha}, D = {D}"] = Verdict.at_most("|ratio − 1|", off, 1e-9, L=printed, kappa_B=kappa)
    return Verdict.all_of(parts)


def _variance(coefficient: Callable[[float, float], float], power: float) -> Verdict:
    """``(L(D,P) - L(P)) D^power`` from the two linear equations of finite data, against its claimed limit."""
    import numpy as np
    from scipy.optimize import brentq

    from ..equivalent.finite_data import FiniteData
    from ..spectrum import Measured

    parts = {}
    for alpha, P in (("3/5", 20), ("1", 50)):
        lam = np.arange(1, _DRAWN + 1, dtype=float) ** -(1 + float(Fraction(alpha)))
        spectrum = Measured.read(lam.tolist(), [1] * _DRAWN)
        root = brentq(lambda y, lam=lam, P=P: float(np.sum(lam / (lam + math.exp(y)))) - P, -40, 5, xtol=1e-15)
        alone, seen = P * math.exp(root), []
        for D in (10**4 * P, 10**6 * P):
            data = FiniteData.of(spectrum, features=P, samples=D)
            whole = float(data.diagonal(data.ridgeless))
            seen.append((whole - alone) * float(D) ** power / coefficient(alone, P))
        at = {"ratio at 1e4 P": seen[0], "ratio at 1e6 P": seen[1]}
        parts[f"alpha = {alpha}"] = Verdict.at_most("|ratio − 1|", max(abs(x - 1) for x in seen), 2e-4, **at)
        own = _law(alpha, _DRAWN).variance_coefficient(P) / coefficient(alone, P)
        parts[f"own coefficient, {alpha}"] = Verdict.at_most("|ratio − 1|", abs(own - 1), 1e-12)
    return Verdict.all_of(parts)


# -- draws -------------------------------------------------------------------------------------------------------------


def _draws(function: Callable[[int], float], count: int = 200) -> tuple[float, float]:
    import numpy as np

    seen = np.array([function(seed) for seed in range(count)])
    return float(seen.mean()), float(seen.std(ddof=1)) / count**0.5


def _beside(seen: tuple[float, float], theory: float, n: int) -> Verdict:
    mean, error = seen
    allowed = _SIGMAS * error / theory + 1 / n
    figures = {"mean": mean, "theory": theory, "standard error": error}
    return Verdict.at_most("|mean/theory − 1|", abs(mean / theory - 1), allowed, **figures)


def _duality(points: Callable[[Any, Any], Any], theory: Callable[[Any, int], float]) -> Verdict:
    """One Gaussian matrix, both expressions; and the mean over matrices against the equivalent ``L(D)``."""
    import numpy as np

    from ..laws.duality import feature_loss, kernel_loss

    lam = np.arange(1, _DRAWN + 1, dtype=float) ** -1.6
    parts, worst = {}, 0.0
    for n in (20, 80):
        seen = []
        for seed in range(200):
            matrix = np.random.default_rng([n, seed]).standard_normal((n, _DRAWN))
            seen.append(feature_loss(lam, matrix))
            if seed < 20:
                worst = max(worst, abs(kernel_loss(lam, points(matrix, lam)) / seen[-1] - 1))
        mean = float(np.mean(seen)), float(np.std(seen, ddof=1)) / len(seen) ** 0.5
        parts[f"mean, n = {n}"] = _beside(mean, theory(_law("3/5", _DRAWN), n), n)
    parts["draw by draw"] = Verdict.at_most("|points/features − 1|", worst, 1e-10)
    return Verdict.all_of(parts)


def _both(theory: Callable[[Any, int, int], float]) -> Verdict:
    """The expression with both finite, ``P < D``, against ``L(D, P)``; and where the spectrum is flat against the exact mean."""
    from ..laws.regimes import FourRegimes

    law, parts = _law("3/5", _DRAWN), {}
    for D, P in ((60, 20), (200, 50), (90, 60)):
        mean = _draws(lambda seed, D=D, P=P: law.sampled_loss(D, P, seed=seed))  # type: ignore[misc]
        parts[f"D = {D}, P = {P}"] = _beside(mean, theory(law, D, P), P)
    flat = FourRegimes.from_spectrum([1] * 50, loss_factor=1)
    mean = _draws(lambda seed: flat.sampled_loss(60, 20, seed=seed))
    exact = 30 * (1 + 20 / (60 - 20 - 1))  # what 20 regressors leave of 50, and the inverse Wishart matrix's mean
    parts["flat"] = Verdict.at_most("|z|", abs(mean[0] - exact) / mean[1], _SIGMAS, exact=exact, mean=mean[0])
    return Verdict.all_of(parts)


def _smooth(loss: Callable[[Any, Any], Any], bound: float) -> Verdict:
    """``|E ℓ(f) - ℓ(E f)|·D`` for a normal output of variance ``1/D``, against half of the bound on ``ℓ''``, up to D = 1e8."""
    import mpmath

    mp, parts = mpmath.mp.clone(), {}
    mp.dps = 30
    for mean in (mp.mpf(0), mp.mpf(3) / 10):
        for D in (10**2, 10**5, 10**8):
            width = 1 / mp.sqrt(D)
            kink = [-mean / width] if mean / width < 9 else []

            def excess(z: Any, mean: Any = mean, width: Any = width) -> Any:
                return (loss(mp, mean + width * z) - loss(mp, mean)) * mp.npdf(z)

            value = abs(mp.quad(excess, [-12, -4, *kink, 4, 12])) * D
            label = f"mean {float(mean)}, D = {D}"
            parts[label] = Verdict.at_most("excess·D", float(value), bound / 2 * (1 + 1e-9))
    return Verdict.all_of(parts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.regimes.kernel-exponent",
        statement="With endless parameters L(D) = D κ_D falls like D^(−α_K), and L(P) is the same function: α_D = α_P = α_K",
        latex=r"\lambda_i = i^{-(1+\alpha_K)} \Rightarrow \alpha_D = \alpha_P = \alpha_K",
        tier="numeric",
        check=_exponent,
        true={"power": lambda a: a},
        false={
            "1 + α_K": {"power": lambda a: 1 + a},
            "α_K/(1+α_K)": {"power": lambda a: a / (1 + a)},
            "2 α_K": {"power": lambda a: 2 * a},
        },
        about=("regimes.data.power-law",),
        source=_SOURCE,
    ),
    Claim(
        id="laws.regimes.leading-constant",
        statement="n^(1+α) κ_n tends to (πs/sin πs)^(1/s) with s = 1/(1+α); the loss is then α(πs/sin πs)^(1+α) times what the best "
        "n modes leave, π²/4 at α = 1",
        latex=r"n^{1+\alpha}\kappa_n \to \Big(\frac{\pi s}{\sin\pi s}\Big)^{1/s}, \quad s = \frac1{1+\alpha}",
        tier="numeric",
        check=_constant,
        true={"constant": lambda mp, s: (mp.pi * s / mp.sin(mp.pi * s)) ** (1 / s), "exact_at_one": math.pi**2 / 4},
        false={
            "not raised to 1/s": {"constant": lambda mp, s: mp.pi * s / mp.sin(mp.pi * s)},
            "raised to s": {"constant": lambda mp, s: (mp.pi * s / mp.sin(mp.pi * s)) ** s},
            "best modes, ratio 1": {"exact_at_one": 1.0},
            "π/2": {"exact_at_one": math.pi / 2},
        },
        about=("regimes.data.kappa", "regimes.data.power-law", "regimes.ratio", "regimes.ratio.inverse-squares"),
        source=_SOURCE,
    ),
    Claim(
        id="laws.regimes.tail-of-the-kernel",
        statement="What the best D modes leave, the sum of i^(−1−α) beyond D, is D^(−α)/α to a relative 1/D: 0.0264149 for 0.0264070 at "
        "α = 0.6, D = 1000. The estimate α D^(−α), as printed in a transcription, is 0.0095",
        latex=r"\sum_{i>D} i^{-(1+\alpha)} = \frac{D^{-\alpha}}\alpha\big(1+O(1/D)\big)",
        tier="numeric",
        check=_tail,
        true={"estimate": lambda a, D: D**-a / a, "figures": ("0.0264070", "0.0264149")},
        false={
            "α D^(−α), as printed": {
                "estimate": lambda a, D: a * D**-a,
                "figures": ("0.0264070", "0.0095"),
            },
            "D^(−α)": {"estimate": lambda a, D: D**-a, "figures": ("0.0264070", "0.0158489")},
            "another sum": {"figures": ("0.0264149", "0.0264149")},
        },
        about=("regimes.best-modes.power-law",),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.regimes.isotropic-collapse",
        statement="For an isotropic teacher the average-case formula of kernel regression is ω̄²κ_B = ω̄²Dκ, exactly",
        latex=r"\frac{\kappa_B^2}{1-\gamma}\sum_i\frac{\lambda_i\bar\omega^2}{(\kappa_B+D\lambda_i)^2} = \bar\omega^2\kappa_B",
        tier="numeric",
        check=_collapse,
        true={"loss": lambda lam, D, kappa: kappa, "teacher": 0.0},
        false={
            "κ for κ_B = Dκ": {"loss": lambda lam, D, kappa: kappa / D},
            "what the best modes leave": {"loss": lambda lam, D, kappa: float(lam[D:].sum())},
            "a teacher that falls like 1/i": {"teacher": 1.0},
        },
        about=("regimes.data.isotropic", "regimes.data.loss"),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.regimes.variance-limited",
        statement="(L(D,P) − L(P)) D tends to L(P) P as D grows: the exponent is 1, with this constant",
        latex=r"L(D,P) - L(P) \sim \frac{L(P)\,P}D",
        tier="numeric",
        check=_variance,
        true={"coefficient": lambda loss, P: loss * P, "power": 1.0},
        false={
            "L(P)": {"coefficient": lambda loss, P: loss},
            "half of it": {"coefficient": lambda loss, P: loss * P / 2},
            "exponent 1/2": {"power": 0.5},
            "exponent 2": {"power": 2.0},
        },
        about=("regimes.variance-limited.coefficient",),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.regimes.smooth-loss",
        statement="For a loss with |ℓ''| ≤ B and an output of variance 1/D, |E ℓ(f) − ℓ(E f)| ≤ B/(2D): the variance-limited theorem",
        latex=r"|\mathbb E\,\ell(f) - \ell(\mathbb Ef)| \le \tfrac B2\operatorname{Var}f",
        tier="numeric",
        check=_smooth,
        true={"loss": lambda mp, f: mp.log(mp.cosh(f)), "bound": 1.0},
        false={
            "|f|, which is not smooth": {"loss": lambda mp, f: abs(f)},
            "without the half": {"bound": 0.5},
            "4 f²": {"loss": lambda mp, f: 4 * f * f},
        },
        source=_SOURCE,
    ),
    Claim(
        id="laws.regimes.duality",
        statement="Projection on n features and on n training points leave the same loss, draw by draw, and its mean is L(n) to a "
        "relative 1/n",
        latex=r"\mathrm{Tr}\big[C - C\Phi^\top(\Phi C\Phi^\top)^{-1}\Phi C\big] = \mathbb E_x\big[K - \vec K\bar K^{-1}\vec K\big]",
        tier="sampled",
        check=_duality,
        true={"points": lambda matrix, lam: matrix * lam**0.5, "theory": lambda law, n: law.L_D(n)},
        false={
            "points not of covariance C": {"points": lambda matrix, lam: matrix},
            "another draw": {"points": lambda matrix, lam: matrix[:, ::-1] * lam**0.5},
            "what the best modes leave": {"theory": lambda law, n: law.best_modes(n)},
            "the factor 1/2": {"theory": lambda law, n: law.L_D(n) / 2},
        },
        about=("regimes.data.isotropic",),
        source=_SOURCE,
    ),
    Claim(
        id="laws.regimes.both-finite",
        statement="Least squares in P features on D > P samples has the mean loss L(P)/(1 − P/D) to a relative 1/P; of a flat "
        "spectrum, exactly (S−P)(1 + P/(D−P−1))",
        latex=r"L(D,P) = \frac{L(P)}{1-P/D}",
        tier="sampled",
        check=_both,
        true={"theory": lambda law, D, P: law.loss(D, P)},
        false={
            "L(P)": {"theory": lambda law, D, P: law.L_P(P)},
            "L(P) + L(D)": {"theory": lambda law, D, P: law.L_P(P) + law.L_D(D)},
            "the factor 1/2": {"theory": lambda law, D, P: law.loss(D, P) / 2},
        },
        about=("regimes.variance-limited",),
        source=_SOURCE,
    ),
)
