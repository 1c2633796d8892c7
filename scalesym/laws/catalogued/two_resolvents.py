r"""Random features and samples at two resolvents: the mean-field equations of arXiv:2402.01092, solved.

The model is linear: features ``w·Aψ/√N`` of a Gaussian latent vector, ``P`` samples, gradient flow from 0. Its mean-field
equations, in the Laplace variables of two times, are assumed as the paper has them; at infinite width they hold for the
mean over ``A`` and the samples. By ``κ = s/(R_1 R_3)`` every sum over modes becomes one of five traces, and what is left
is a linear system of two equations. Its solution ``E(κ, κ')`` is the risk of which ridge regression
(:mod:`~scalesym.laws.catalogued.ridge`), gradient flow and the limits of both are cases. The numeric road iterates the
equations themselves for six modes, and never sees a trace.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Derivation, Outcome
from ...formulas.statement import Statement
from .roads import Numbers, valued
from .spectra import modes, replicas
from .wording import entries

__all__ = ["MEANINGS", "fixed_point", "linear_root", "risk", "risk_of_other_samples", "statements", "termwise"]

_Expr = Any
kappa, kappa_2, s, s_2, N, P = (
    ALPHABET[name] for name in ["threshold", "threshold_2", "laplace", "laplace_2", "N", "resource_P"]
)
f, f_2, g, x, u, v, sigma = (
    ALPHABET[name] for name in ["freedom", "freedom_2", "overlap", "trace_x", "trace_u", "trace_v", "noise"]
)
R_1, R_3, R_1_2, R_3_2, C_0, C_1, C_2, C_3, E = (
    ALPHABET[name] for name in ["R_1", "R_3", "R_1_2", "R_3_2", "C_0", "C_1", "C_2", "C_3", "E"]
)
_Q = QUANTITIES
_ITERATED = "iteration of the equations themselves for six modes"

#: What the traces are, for the papers that use them.
MEANINGS: Mapping[str, str] = {
    "N": "features",
    "resource_P": "samples",
    "threshold": "s over the product of both responses, for the variance of a mode below which it is not learned",
    "threshold_2": "the same at the other resolvent",
    "laplace": "the Laplace variable of the first time, or the ridge on the mean square",
    "laplace_2": "that of the second time",
    "freedom": r"the sum of $\lambda/(\lambda+\kappa)$ over modes",
    "freedom_2": r"the sum of $\lambda/(\lambda+\kappa')$ over modes",
    "overlap": r"the sum of $\lambda^2/((\lambda+\kappa)(\lambda+\kappa'))$ over modes",
    "trace_x": r"the sum of $\lambda/((\lambda+\kappa)(\lambda+\kappa'))$ over modes",
    "trace_u": r"$\kappa\kappa'$ times the sum of $\lambda w^2/((\lambda+\kappa)(\lambda+\kappa'))$ over modes",
    "trace_v": r"the sum of $\lambda^2w^2/((\lambda+\kappa)(\lambda+\kappa'))$ over modes",
    "noise": "the standard deviation of the labels' noise",
    "R_1": "the response of the samples' errors",
    "R_3": "the response of the features",
    "R_1_2": "the first response at the other time",
    "R_3_2": "the third response at the other time",
    "C_0": "the correlation of the errors on new samples, without the noise of their labels",
    "C_1": "that of the errors on the training samples",
    "C_2": "that of what the samples pull on",
    "C_3": "that of what the features pass on",
    "E": "ss' times the first correlation, and the noise of a new label",
}
_state = entries("arXiv:2402.01092", MEANINGS)


def termwise(total: _Expr) -> _Expr:
    """A sum with each of its terms in lowest terms, and factored.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import ALPHABET
    >>> N, g = (ALPHABET[name] for name in ("N", "overlap"))
    >>> termwise(1 + 1 / (N * (1 - g / N)))
    1 + 1/(N - overlap)
    """
    terms = (sp.factor(sp.cancel(term)) for term in sp.Add.make_args(total))
    return sp.Add(*(-sp.factor(-term) if term.could_extract_minus_sign() else term for term in terms))


def linear_root(right: _Expr, letter: _Expr) -> _Expr:
    """The root of ``letter = right``, linear in the letter, as constant over 1 less slope, both termwise."""
    slope = sp.diff(right, letter)
    if slope.has(letter):
        raise ValueError(f"{right} is not linear in {letter}")
    constant = sp.expand(right - slope * letter)
    ((found,),) = sp.linsolve([letter - right], letter)
    root = termwise(constant) / termwise(1 - slope)
    if sp.cancel(root - found) != 0:
        raise ValueError(f"{root} is no root")
    return root


# -- the equations, assumed ---------------------------------------------------------------------------------------------


def _responses() -> Derivation:
    prose = (
        r"The definition of $\kappa$. In the mean-field equations a mode answers by $H_k=1/(s+\lambda_kR_1R_3)$, that is "
        r"$\kappa/(s(\kappa+\lambda_k))$, and the responses of samples and features are those of all modes together."
    )
    return Derivation(s, kappa * R_1 * R_3, "equivalent", prose)


def _test() -> Derivation:
    prose = (
        r"The mean-field equation of $C_0=\sum_k\lambda_kH_kH_k'[w_k^2+\frac1NC_3+\frac{\lambda_k}PR_3R_3'C_1]$, with "
        r"$H_k=\kappa/(s(\kappa+\lambda_k))$ in the sums over modes."
    )
    start = u + kappa * kappa_2 * x * C_3 / N + kappa * kappa_2 * g * R_3 * R_3_2 * C_1 / P
    return Derivation(s * s_2 * C_0, start, "equivalent", prose)


def _features() -> Derivation:
    prose = (
        r"The mean-field equation of $C_2=\sum_kH_kH_k'(ss'\frac{\lambda_k}PC_1+\lambda_k^2R_1R_1'[w_k^2+\frac1NC_3])$, with "
        r"$H_k=\kappa/(s(\kappa+\lambda_k))$ in the sums over modes."
    )
    start = kappa * kappa_2 * x * C_1 / P + kappa * kappa_2 / (s * s_2) * R_1 * R_1_2 * (v + g * C_3 / N)
    return Derivation(C_2, start, "equivalent", prose)


# -- what follows -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def fixed_point() -> Derivation:
    """``s = κ (1 - f/N)(1 - f/P)``.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(fixed_point())
    'κ(1 - f/N)(1 - f/P)'
    """

    def insert(e: _Expr) -> Outcome:
        held = sp.Symbol("held", positive=True)  # each response is 1 less what all modes together answer
        return Outcome(e.subs({R_1: 1 - held / P, R_3: 1 - held / N}).subs(held, f))

    return _responses().then(
        "the responses inserted",
        insert,
        valued(modes(), lambda at: at["laplace"], _ITERATED),
        prose=r"The paper's $R_1=1-\frac1P\sum_k\frac{\lambda_kR_1R_3}{s+\lambda_kR_1R_3}$ is $1-f/P$, and $R_3$ is $1-f/N$.",
    )


def _in_risk(e: _Expr) -> _Expr:
    """``C_1`` by ``E``, and the second responses by the first."""
    seen = R_1 * R_1_2 * E / (s * s_2)
    return sp.expand(e.subs(C_1, seen).subs({R_1: s / (kappa * R_3), R_1_2: s_2 / (kappa_2 * R_3_2)}))


@lru_cache(maxsize=1)
def _test_closed() -> Derivation:
    return _test().then(
        "with the noise of a new label",
        lambda e: Outcome(_in_risk(e) + sigma**2),
        valued(modes(), lambda at: at["E"], _ITERATED),
        relation="",
        prose=r"The training errors are $C_1=R_1R_1'E/(ss')$, where the labels' noise is in $E=ss'C_0+\sigma^2$, and "
        r"$R_1R_3=s/\kappa$.",
    )


@lru_cache(maxsize=1)
def _features_closed() -> Derivation:
    return (
        _features()
        .then(
            "what the features pass on",
            lambda e: Outcome(_in_risk(sp.expand(e * R_3 * R_3_2))),
            valued(modes(), lambda at: at["C_3"], _ITERATED),
            relation="",
            prose=r"Features pass on $C_3=R_3R_3'C_2$, and again $C_1=R_1R_1'E/(ss')$ and $R_1R_3=s/\kappa$.",
        )
        .then(
            "solved",
            lambda e: Outcome(linear_root(e, C_3)),
            valued(modes(), lambda at: at["C_3"], _ITERATED),
            prose="This equation is linear.",
        )
    )


@lru_cache(maxsize=1)
def risk() -> Derivation:
    """``E(κ, κ')``, of two trainings on the same samples with the same features.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(risk())
    "(u + σ^2 + κκ'xv/(N - g))/(1 - g/P - κκ'x^2/(P(N - g)))"
    """
    return (
        _test_closed()
        .then(
            "the features eliminated",
            lambda e: Outcome(e.subs(C_3, _features_closed().expression)),
            valued(modes(), lambda at: at["E"], _ITERATED),
            prose=r"With $C_3=(v+xE/P)/(1-g/N)$, two-resolvents.C_3, one equation is left.",
        )
        .then(
            "solved for the risk",
            lambda e: Outcome(linear_root(e, E)),
            valued(modes(), lambda at: at["E"], _ITERATED),
            prose="This equation is linear too.",
        )
    )


def _of_replicas(name: str, shared: dict[str, bool], letters: tuple[_Expr, ...], prose: str) -> Derivation:
    def road(at: Numbers) -> Any:
        return replicas(at, shared["features"], shared["samples"])

    return risk().then(
        name,
        lambda e: Outcome(_endless(e, letters)),
        valued(modes(), road, "iteration of the equations without the terms that replicas do not share"),
        relation="",
        prose=prose,
    )


def _endless(e: _Expr, letters: tuple[_Expr, ...]) -> _Expr:
    """The limit as letters grow, of the fraction's numerator and denominator term by term."""
    few = sp.Symbol("few", positive=True)
    sides = [sp.Add.make_args(side) for side in sp.fraction(e)]
    for letter in letters:
        sides = [[sp.cancel(sp.together(term.subs(letter, 1 / few))).subs(few, 0) for term in side] for side in sides]
    over, under = (sp.Add(*side) for side in sides)
    return over / under


@lru_cache(maxsize=1)
def risk_of_other_samples() -> Derivation:
    """The risk of replicas with the same features; where samples have no end, that of one model."""
    prose = r"As if there were samples without end, at the same $\kappa$: what replicas learn from their own samples averages out."
    return _of_replicas("different samples", {"features": True, "samples": False}, (P,), prose)


def _risk_of_other_features() -> Derivation:
    prose = r"As if there were features without end, at the same $\kappa$: what replicas owe to their own features averages out."
    return _of_replicas("different features", {"features": False, "samples": True}, (N,), prose)


def _risk_of_others() -> Derivation:
    prose = r"As if there were features and samples without end, at the same $\kappa$: the bias, and the noise of a new label."
    return _of_replicas("nothing shared", {"features": False, "samples": False}, (N, P), prose)


def _train() -> Derivation:
    return risk().then(
        "on the training samples",
        lambda e: Outcome((1 - f / P) * (1 - f_2 / P) * e),
        valued(modes(), lambda at: at["laplace"] * at["laplace_2"] * at["C_1"], _ITERATED),
        relation="",
        prose=r"$ss'C_1=R_1R_1'E$, with $R_1=1-f/P$.",
    )


def statements() -> tuple[Statement, ...]:
    """The equations, the fixed point, and the risk with what is shared between replicas."""
    here = {"where": "derived here, from the mean-field equations of arXiv:2402.01092"}
    dmft = {"status": "assumed", "where": "the mean-field equations"}
    both = _Q["risk"](kappa, kappa_2)
    return (
        _state("two-resolvents.responses", s, _responses(), **dmft),
        _state("two-resolvents.fixed-point", s, fixed_point(), **here),
        _state("two-resolvents.C_0", s * s_2 * C_0, _test(), **dmft),
        _state("two-resolvents.C_2", C_2, _features(), **dmft),
        _state("two-resolvents.C_3", C_3, _features_closed(), **here),
        _state("two-resolvents.risk.implicit", E, _test_closed(), **here),
        _state("two-resolvents.risk", both, risk(), **here),
        _state("two-resolvents.risk.other-features", both, _risk_of_other_features(), **here),
        _state("two-resolvents.risk.other-samples", both, risk_of_other_samples(), **here),
        _state("two-resolvents.risk.others", both, _risk_of_others(), **here),
        _state("two-resolvents.train", _Q["train_risk"](kappa, kappa_2), _train(), **here),
    )
