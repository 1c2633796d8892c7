r"""Henighan's law, a power above a floor, read backwards; and the law of two terms that has both of its trends.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, Outcome
from ...formulas.statement import Statement
from .algebra import log_slope, solved, stationary
from .roads import CTX, Numbers, crossing, differences, inserted, least_at, number, places, rooted, valued
from .wording import entries

__all__ = ["law", "statements", "two_term"]

_Expr = Any
x, x_0, alpha_x, L, L_inf, epsilon, C, D, N = (
    ALPHABET[name] for name in ["scarce", "x_0", "alpha_x", "L", "L_inf", "epsilon", "C", "D", "N"]
)
N_0, D_0, alpha, delta, p, c_0 = (
    ALPHABET[name] for name in ["N_0", "D_0", "alpha_size", "delta_data", "p_size", "compute_unit"]
)
_Q = QUANTITIES
_state = entries(
    "arXiv:2010.14701",
    {
        "scarce": "what is scarce: parameters, tokens or compute",
        "x_0": "its scale",
        "alpha_x": "its exponent",
        "L": "a loss in nats for each token",
        "L_inf": "the entropy of the data",
        "epsilon": "the loss above the entropy",
        "N": "parameters without embeddings",
        "D": "tokens",
        "C": "compute, in the unit of its scale",
        "compute_unit": "the compute at which one parameter would be best",
        "p_size": "the exponent of the best size",
        "N_0": "the scale of the size",
        "D_0": "the scale of the data",
        "alpha_size": "the exponent of the size",
        "delta_data": "the exponent of the data",
    },
)


def law() -> Derivation:
    """The law, assumed.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(law())
    'L_∞ + (x_0/x)^α_x'
    """
    prose = "The loss where one of parameters, tokens and compute is scarce; the second term is the divergence of the model."
    return Derivation(_Q["L"](x), L_inf + (x_0 / x) ** alpha_x, "empirical", prose)


@lru_cache(maxsize=1)
def _inverse() -> Derivation:
    points = places("x_0 alpha_x L L_inf", 4, lambda at: at["L"] > at["L_inf"] + 0.05)
    above = Condition(sp.Gt(L, L_inf, evaluate=False), "the loss stays above the entropy")
    return law().then(
        "solved for what is scarce",
        lambda e: Outcome(solved(L - L_inf, e - L_inf, x), (above,)),
        valued(
            points,
            lambda at: crossing(lambda amount: number(law().expression, {**at, "scarce": amount}) - at["L"]),
            "bisection of the law",
        ),
        relation="",
        prose="The loss falls, and takes every value above the entropy once.",
    )


def _near() -> Derivation:
    def road(at: Numbers) -> Any:
        return crossing(lambda amount: number(law().expression, {**at, "scarce": amount}) - at["L_inf"] - at["epsilon"])

    return law().then(
        "solved near the entropy",
        lambda e: Outcome(solved(epsilon, e - L_inf, x)),
        valued(places("x_0 alpha_x epsilon L_inf", 4), road, "bisection of the law"),
        relation="",
        prose=r"What it takes to come to the loss $L_\infty+\varepsilon$.",
    )


def _trend() -> Derivation:
    return Derivation(_Q["N_opt"](C), (C / c_0) ** p, "empirical", "The best size for a compute, fitted.")


def two_term() -> Derivation:
    """A law of size and data that has ``L(N)`` where data are without end; the paper does not fit it.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(two_term())
    'L_∞ + (D_0/D)^δ + (N_0/N)^α'
    """
    prose = "The law of the size, with a term for the data."
    return Derivation(_Q["L"](N, D), L_inf + (N_0 / N) ** alpha + (D_0 / D) ** delta, "empirical", prose)


@lru_cache(maxsize=1)
def _exponent() -> Derivation:
    points = places("L_inf N_0 D_0 alpha_size delta_data C N", 3)

    def slope(e: _Expr, at: Numbers) -> Any:
        return CTX.diff(lambda u: CTX.log(number(e, {**at, "C": CTX.exp(u)})), CTX.log(at["C"]))

    chain = two_term().then(
        "on the budget",
        lambda e: Outcome(e.subs(D, C / (6 * N))),
        inserted(points, D=lambda at: at["C"] / (6 * at["N"])),
        prose="Training takes $C=6ND$, which leaves $D=C/(6N)$.",
    )
    chain = chain.then(
        "stationary",
        lambda e: Outcome(stationary(e, N)),
        least_at(points, "N"),
        relation="",
        prose="The loss is least where what a larger model gains is what fewer tokens lose.",
    )
    chain = chain.then(
        "solved for the size",
        lambda e: Outcome(solved(e.lhs, e.rhs, N)),
        rooted(points, "N"),
        relation="",
        prose="In logarithms this is a linear equation.",
    )
    return chain.then(
        "its exponent",
        lambda e: Outcome(log_slope(e, C)),
        differences(points, slope),
        relation="",
        prose=r"The slope $d\log N_{\mathrm{opt}}/d\log C$.",
    )


def _data_exponent() -> Derivation:
    below = Condition(sp.Lt(p, 1, evaluate=False), "the data would shrink as compute grows")

    def solve(e: _Expr) -> Outcome:
        (found,) = sp.solve(sp.Eq(p, e), delta)
        over, under = sp.fraction(sp.together(found))
        return Outcome(sp.factor(-over) / sp.expand(-under) if under.subs(p, 0) < 0 else found, (below,))

    def road(at: Numbers) -> Any:
        return crossing(lambda power: number(_exponent().expression, {**at, "delta_data": power}) - at["p_size"])

    return _exponent().then(
        "solved for the exponent of the data",
        solve,
        valued(places("alpha_size p_size", 4, lambda at: at["p_size"] < 0.95), road, "bisection of the line above"),
        relation="",
        prose="The size is to grow with the exponent that was fitted.",
    )


def statements() -> tuple[Statement, ...]:
    """The law, its inverse, the trend of the best size, and what both say of the data."""
    here = "derived here"
    return (
        _state("henighan.law", _Q["L"](x), law(), status="assumed"),
        _state("henighan.inverse", _Q["scarce"](L), _inverse(), where=here),
        _state("henighan.near-entropy", _Q["scarce"](L_inf + epsilon), _near(), where=here),
        _state("henighan.optimum.N", _Q["N_opt"](C), _trend(), status="assumed", where="table 1"),
        _state(
            "henighan.two-term",
            _Q["L"](N, D),
            two_term(),
            status="assumed",
            where="L(N), with a term of the data that the paper does not fit",
        ),
        _state("henighan.two-term.exponent", p, _exponent(), where=here),
        _state("henighan.two-term.data-exponent", delta, _data_exponent(), where=here),
    )
