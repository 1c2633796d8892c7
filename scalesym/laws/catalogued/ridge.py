r"""Ridge regression on random features of power-law data (arXiv:2210.16859), as a case of two equal resolvents.

The loss is the risk of :mod:`~scalesym.laws.catalogued.two_resolvents` at ``κ' = κ = Δ``. With the isotropic target of the
paper it is the same under ``N ↔ T`` at every ``Δ``. What a power law of variances adds is in
:mod:`~scalesym.laws.catalogued.latents`, the best ridge in :mod:`~scalesym.laws.catalogued.best_ridge`.
The paper's ridge multiplies the square of the coefficients beside the *sum* of squares over samples, and features have
weights of variance ``1/N``. Losses count the noise of the test label.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, DerivationError, Outcome
from ...formulas.statement import Statement
from .roads import valued
from .spectra import ridgeless, ridges
from .two_resolvents import MEANINGS, fixed_point, risk
from .wording import entries

__all__ = [
    "HERE",
    "RIDGE_MEANINGS",
    "endless_features_loss",
    "endless_samples_loss",
    "few_features",
    "isotropic",
    "state",
    "statements",
    "symmetric",
]

_Expr = Any
Delta, N, T, sigma_w, sigma, U_1, U_2 = (
    ALPHABET[name] for name in ["Delta", "N", "samples_T", "teacher", "noise_label", "teacher_1", "teacher_2"]
)
f, g = (ALPHABET[name] for name in ["freedom", "overlap"])
kappa, kappa_2, P, x, u, v, noise = (
    ALPHABET[name] for name in ["threshold", "threshold_2", "resource_P", "trace_x", "trace_u", "trace_v", "noise"]
)
_Q = QUANTITIES
_ITERATED = "iteration of the mean-field equations for six modes"
RIDGE_MEANINGS = {
    **MEANINGS,
    "freedom": r"the sum of $\lambda/(\lambda+\Delta)$ over modes",
    "overlap": r"the sum of $\lambda^2/(\lambda+\Delta)^2$ over modes",
    "Delta": "the variance of a latent below which it is not learned",
    "samples_T": "samples",
    "teacher": "the standard deviation of the target's weights",
    "noise_label": "the standard deviation of the labels' noise",
    "teacher_1": r"the sum of $\lambda w^2\Delta/(\lambda+\Delta)$ over modes",
    "teacher_2": r"the sum of $\lambda w^2\Delta\lambda/(\lambda+\Delta)^2$ over modes",
    "alpha_latent": "the exponent of the sum of the variances beyond a latent",
    "lambda_plus": "the largest variance",
    "C": "the product of features and samples",
    "L": "the loss on new samples",
}
state = entries("arXiv:2210.16859", RIDGE_MEANINGS)
#: Where what follows is from.
HERE = {"where": "derived here, from the mean-field equations of arXiv:2402.01092"}
_L = _Q["L"]


# -- at a given ridge ---------------------------------------------------------------------------------------------------


def _ridge() -> Derivation:
    return fixed_point().then(
        "the ridge of the sum of squares",
        lambda e: Outcome(_oriented(sp.factor(T * e.subs({P: T, kappa: Delta})))),
        valued(ridges(), lambda at: at["ridge"], _ITERATED),
        relation="",
        prose=r"A ridge $\delta$ beside the sum over $T$ samples is $s=\delta/T$ beside the mean; the paper writes $\Delta$ for "
        r"$\kappa$.",
    )


@lru_cache(maxsize=1)
def _loss() -> Derivation:
    def at_one_ridge(e: _Expr) -> Outcome:
        inserted = {P: T, noise: sigma, x: (f - g) / Delta, v: U_2 / Delta, u: U_1 - U_2}
        over, under = sp.fraction(e.subs({kappa: Delta, kappa_2: Delta}).subs(inserted))
        second = sp.factor(sp.cancel(sp.diff(over, U_2)))
        first = sp.expand(over.subs(U_2, 0))
        held = sp.cancel(sp.together(T * (1 - under)))
        share = sp.factor(sp.cancel((f - held) / (f - g)))
        if sp.cancel(over - first - second * U_2) != 0 or sp.cancel(under - 1 + (f - (f - g) * share) / T) != 0:
            raise DerivationError("the loss is not linear in the sums over the target")
        second = -sp.factor(-second)
        return Outcome((first + second * U_2) / (1 - (f - (f - g) * share) / T))

    return risk().then(
        "at one ridge",
        at_one_ridge,
        valued(ridges(), lambda at: at["L"], _ITERATED),
        relation="",
        prose=r"With $\kappa'=\kappa=\Delta$ the traces are $\Delta x=f-g$, $\Delta v=U_2$ and $u=U_1-U_2$, because "
        r"$\frac{\Delta}{\lambda+\Delta}=1-\frac{\lambda}{\lambda+\Delta}$.",
    )


def symmetric(polynomial: _Expr) -> _Expr:
    """Of ``NT``, ``N + T`` and what has neither, where it is."""
    whole = sp.expand(polynomial)
    product, alone = whole.coeff(N, 1).coeff(T, 1), whole.coeff(N, 1).coeff(T, 0)
    if sp.expand(alone - whole.coeff(T, 1).coeff(N, 0)) != 0:
        raise DerivationError(f"{polynomial} is not symmetric in features and samples")
    rest = sp.expand(whole.coeff(N, 0).coeff(T, 0))
    return product * N * T + sp.factor(alone) * (N + T) + rest


def _as_fraction(e: _Expr) -> _Expr:
    over, under = sp.fraction(sp.cancel(sp.together(e)))
    sign = 1 if under.coeff(N, 1).coeff(T, 1).is_positive else -1
    return sp.factor(sign * over) / symmetric(sign * under)


@lru_cache(maxsize=1)
def isotropic() -> Derivation:
    return _loss().then(
        "an isotropic target without noise",
        lambda e: Outcome(_as_fraction(e.subs({U_1: sigma_w**2 * Delta * f, U_2: sigma_w**2 * Delta * g, sigma: 0}))),
        valued(ridges("isotropic noiseless"), lambda at: at["L"], _ITERATED),
        relation="",
        prose=r"Weights of variance $\sigma_w^2$ on every latent make $U_1=\sigma_w^2\Delta f$ and $U_2=\sigma_w^2\Delta g$. What "
        r"comes out is the same with $N$ and $T$ exchanged.",
    )


@lru_cache(maxsize=1)
def _noise() -> Derivation:
    return _loss().then(
        "the noise alone",
        lambda e: Outcome(_as_fraction(e.subs({U_1: 0, U_2: 0}))),
        valued(ridges("targetless"), lambda at: at["L"], _ITERATED),
        relation="",
        prose=r"The loss is a sum of what the target and the noise give; without a target this is left. It is not the same with "
        r"$N$ and $T$ exchanged.",
    )


def _oriented(product: _Expr) -> _Expr:
    """A product with its differences written from the number of features or samples: ``T - f``, not ``f - T``."""
    sign, parts = sp.S.One, []
    for part in sp.Mul.make_args(product):
        base, power = part.as_base_exp()
        backwards = base.is_Add and any(base.coeff(many) == -1 for many in (N, T)) and not {N, T} <= base.free_symbols
        sign *= (-1) ** power if backwards else part if part.is_number else 1
        if not part.is_number:
            parts.append(sp.Add(*(-term for term in base.args)) ** power if backwards else part)
    return sign * sp.Mul(*parts)


# -- without a ridge ----------------------------------------------------------------------------------------------------

_FEW_FEATURES = Condition(sp.Gt(T, N, evaluate=False), "features are fewer than samples")
_FEW_SAMPLES = Condition(sp.Gt(N, T, evaluate=False), "samples are fewer than features")


def _without_ridge(chain: Derivation, kind: str) -> Derivation:
    few, condition = (N, _FEW_FEATURES) if "features" in kind else (T, _FEW_SAMPLES)
    name, what = ("features", "features") if "features" in kind else ("samples", "samples")
    return chain.then(
        f"few {name}, no ridge",
        lambda e: Outcome(_over_difference(e.subs(f, few), T if few is N else N, few), (condition,)),
        valued(ridgeless(kind), lambda at: at["L"], "extrapolation of small ridges, iterated for six modes"),
        relation="",
        prose=rf"A ridge that tends to 0 leaves $f(\Delta)={'N' if few is N else 'T'}$, the number of {what}.",
    )


def _over_difference(e: _Expr, many: _Expr, few: _Expr) -> _Expr:
    """Factored, with the positive ``many - few`` in the denominator."""
    rest = _oriented(sp.factor(sp.cancel(sp.together(e * (many - few)))))
    if rest.subs(many, few) in (0, sp.nan, sp.zoo):
        raise DerivationError(f"{many} - {few} is no factor of the denominator")
    return rest / (many - few)


@lru_cache(maxsize=1)
def few_features() -> Derivation:
    """The noiseless loss without a ridge, of fewer features than samples.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(few_features())
    'σ_w^2ΔNT/(T - N)'
    """
    return _without_ridge(isotropic(), "isotropic noiseless features")


@lru_cache(maxsize=1)
def _few_samples() -> Derivation:
    return _without_ridge(isotropic(), "isotropic noiseless samples")


def _endless(chain: Derivation, letter: _Expr, kind: str, of: str) -> Derivation:
    return chain.then(
        f"{of} without end",
        lambda e: Outcome(sp.limit(e, letter, sp.oo)),
        valued(ridgeless(f"isotropic noiseless endless {kind}"), lambda at: at["L"], f"the same, with 10^60 {of}"),
        relation="",
        prose=rf"As the number of {of} grows, $\Delta$ stays what it is.",
    )


@lru_cache(maxsize=1)
def endless_samples_loss() -> Derivation:
    return _endless(few_features(), T, "features", "samples")


@lru_cache(maxsize=1)
def endless_features_loss() -> Derivation:
    return _endless(_few_samples(), N, "samples", "features")


def statements() -> tuple[Statement, ...]:
    """The ridge, and the loss at it and without it."""
    share = _Q["share"](N, T)
    return (
        state("ridge.fixed-point", _Q["ridge"](Delta), _ridge(), **HERE),
        state("ridge.loss", _L(Delta), _loss(), **HERE),
        state("ridge.loss.isotropic", _L(Delta), isotropic(), **HERE),
        state("ridge.loss.noise", _Q["share"](Delta), _noise(), **HERE),
        state("ridge.ridgeless.few-features", _L(N, T), few_features(), **HERE),
        state("ridge.ridgeless.few-samples", _L(N, T), _few_samples(), **HERE),
        state("ridge.ridgeless.endless-samples", _L(N), endless_samples_loss(), **HERE),
        state("ridge.ridgeless.endless-features", _L(T), endless_features_loss(), **HERE),
        state("ridge.noise.few-features", share, _without_ridge(_noise(), "targetless features"), **HERE),
        state("ridge.noise.few-samples", share, _without_ridge(_noise(), "targetless samples"), **HERE),
    )
