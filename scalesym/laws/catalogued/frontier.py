r"""Kaplan's law of steps at the critical batch: the best size, batch and number of steps (Appendix B of the paper).

With ``C = 6NBS`` and ``B = B_crit(L)`` the loss is given implicitly. Where it is least, a change of size leaves it as it is,
and with it the batch. The numeric road turns the question around: for a given loss, the size that reaches it with the
least compute, by golden sections of an explicit function.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, DerivationError, Outcome
from ...formulas.statement import Statement
from .algebra import gathered, log_slope, solved, stationary
from .kaplan import state, steps
from .roads import CTX, Numbers, crossing, inserted, least, least_at, number, places, rooted, valued

__all__ = ["statements"]

_Expr = Any
N, C, L, N_c, S_c, S, B_star, ratio = (
    ALPHABET[name] for name in ["N", "C_min", "L", "N_c", "S_c", "S_min", "B_star", "ratio"]
)
a_N, a_S, a_B, a_C, C_c = (ALPHABET[name] for name in ["alpha_N", "alpha_S", "alpha_B", "alpha_C", "C_c"])
_Q = QUANTITIES
_CONSTANTS = "N_c S_c B_star alpha_N alpha_S alpha_B"
_POINTS = places(f"{_CONSTANTS} C_min L N", 3)
_SECTIONS = "golden sections along curves of equal loss"
_NAMED = {
    "alpha_C": "the exponent of compute, kaplan.optimum.exponent",
    "C_c": "the scale of compute, kaplan.optimum.scale",
}


# -- the numeric road --------------------------------------------------------------------------------------------------


def _compute(at: Numbers, loss: Any, size: Any) -> Any:
    """The compute with which a size reaches a loss at the critical batch, by arithmetic alone."""
    left = loss - (at["N_c"] / size) ** at["alpha_N"]
    if left <= 0:
        return CTX.inf
    taken = at["S_c"] * left ** (-1 / at["alpha_S"])
    return 6 * size * at["B_star"] * loss ** (-1 / at["alpha_B"]) * taken


def _best(at: Numbers, loss: Any) -> dict[str, Any]:
    """Size, batch, steps and compute with which a loss is reached with the least compute."""
    size = least(lambda n: _compute(at, loss, n))
    compute, batch = _compute(at, loss, size), at["B_star"] * loss ** (-1 / at["alpha_B"])
    return {"N": size, "B": batch, "S": compute / (6 * size * batch), "C": compute, "L": loss}


def _exponent_and_scale(at: Numbers) -> tuple[Any, Any]:
    """Of the loss as a power of the least compute, from two losses."""
    one, other = (_best(at, CTX.mpf(loss))["C"] for loss in (1, 2))
    return CTX.log(2) / CTX.log(one / other), one


def _named(pick: str) -> Callable[[Numbers], Any]:
    """Of the best run at a compute, which is found from its loss on the frontier."""

    def road(at: Numbers) -> Any:
        power, scale = at["alpha_C"], at["C_c"]
        return _best(at, (scale / at["C_min"]) ** power)[pick]

    return road


def _with_names() -> tuple[Numbers, ...]:
    found = []
    for at in places(f"{_CONSTANTS} C_min", 3):
        power, scale = _exponent_and_scale(at)
        found.append({**at, "alpha_C": power, "C_c": scale})
    return tuple(found)


# -- the derivation ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _implicit() -> Derivation:
    return steps().then(
        "at the critical batch",
        lambda e: Outcome(e.subs(S, C * L ** (1 / a_B) / (6 * N * B_star))),
        inserted(
            _POINTS,
            S_min=lambda at: at["C_min"] / (6 * at["N"] * (at["B_star"] * at["L"] ** (-1 / at["alpha_B"]))),
        ),
        prose=r"Compute is $C_{\min}=6NB_{\mathrm{crit}}(L)S_{\min}$ with $B_{\mathrm{crit}}=B_*L^{-1/\alpha_B}$, "
        "so that the loss stands on both sides.",
    )


@lru_cache(maxsize=2)
def _for_loss(of_any_size: bool = True) -> Derivation:
    reached = places(f"{_CONSTANTS} L N", 3, lambda at: at["L"] > (at["N_c"] / at["N"]) ** at["alpha_N"] + 0.05)
    above = Condition(sp.Gt(L, (N_c / N) ** a_N, evaluate=False), "no steps take this size below")

    def road(at: Numbers) -> Any:
        return crossing(lambda x: number(_implicit().expression, {**at, "C_min": x}) - at["L"])

    def solve(e: _Expr) -> Outcome:
        first = (N_c / N) ** a_N
        return Outcome(solved(L - first, e - first, C), (above,) * of_any_size)

    return _implicit().then(
        "solved for the compute",
        solve,
        valued(reached, road, "bisection of the implicit law"),
        relation="",
        prose="A size that can reach the loss reaches it with this compute.",
    )


@lru_cache(maxsize=1)
def _balance() -> Derivation:
    return _implicit().then(
        "stationary",
        lambda e: Outcome(stationary(e, N)),
        least_at(_POINTS, "N"),
        relation="",
        prose="At given compute the loss is least where a change of size leaves it as it is. Then the $L$ on the right does not "
        "change either, and the terms trade off as if the batch were fixed.",
    )


@lru_cache(maxsize=1)
def _stop() -> Derivation:
    def together(balance: _Expr) -> Outcome:
        first, second = (N_c / N) ** a_N, steps().expression - (N_c / N) ** a_N
        size, rest = balance.lhs / first, a_S  # α_N first = α_S second
        if sp.simplify(size - a_N) != 0 or not second.has(S):
            raise DerivationError("the terms are not in the ratio of their exponents")
        return Outcome(sp.expand(1 + size / rest) * first)

    def road(at: Numbers) -> Any:
        return crossing(lambda loss: _best(at, loss)["N"] - at["N"], *_around(at))

    return _balance().then(
        "the sum of both terms",
        together,
        valued(places(f"{_CONSTANTS} N", 2), road, f"{_SECTIONS}, and bisection of the loss"),
        relation="",
        prose=r"The second term is $\alpha_N/\alpha_S$ times the first, which is the loss at convergence, $L(N,\infty)$.",
    )


def _around(at: Numbers) -> tuple[Any, Any]:
    """Losses between which a size is the best: its converged one, and one far above."""
    low = (at["N_c"] / at["N"]) ** at["alpha_N"]
    return low, low * 100


@lru_cache(maxsize=1)
def _loss() -> Derivation:
    size = solved(L, _stop().expression, N)
    return (
        _balance()
        .then(
            "size eliminated",
            lambda e: Outcome(sp.Eq(*(gathered(side.subs(N, size)) for side in e.args), evaluate=False)),
            _both_sides_hold,
            relation="",
            prose=r"The size whose converged loss is $L/(1+\alpha_N/\alpha_S)$ inserted, as the sum of both terms requires.",
        )
        .then(
            "solved for the loss",
            lambda e: Outcome(solved(e.lhs, e.rhs, L)),
            rooted(places(f"{_CONSTANTS} C_min", 3), "L"),
            relation="",
            prose="A power of compute.",
        )
    )


def _both_sides_hold(before: _Expr, outcome: Outcome) -> Any:
    """Both equations hold for the run that reaches a loss with the least compute."""
    points = places(f"{_CONSTANTS} L", 3)

    def side(k: int) -> Callable[[Numbers], Any]:
        def road(at: Numbers) -> Any:
            best = _best(at, at["L"])
            return number(before.args[k], {**at, "N": best["N"], "C_min": best["C"]})

        return road

    found = []
    for k, after in enumerate(outcome.expression.args):
        there = [{**at, "C_min": _best(at, at["L"])["C"]} for at in points]
        found.append(valued(there, side(k), _SECTIONS)(before, Outcome(after)))
    return found[0]


@lru_cache(maxsize=1)
def _exponent() -> Derivation:
    return _loss().then(
        "the exponent",
        lambda e: Outcome(1 / sp.expand(1 / -log_slope(e, C))),
        valued(places(_CONSTANTS, 3), lambda at: _exponent_and_scale(at)[0], _SECTIONS),
        relation="",
        prose=r"The slope $-d\log L/d\log C$.",
    )


def _scale() -> Derivation:
    return _loss().then(
        "the scale",
        lambda e: Outcome(solved(sp.S.One, e, C)),
        valued(places(_CONSTANTS, 3), lambda at: _exponent_and_scale(at)[1], _SECTIONS),
        relation="",
        prose="The compute at which the loss would be 1.",
    )


@lru_cache(maxsize=1)
def _law() -> Derivation:
    def short(e: _Expr) -> Outcome:
        if log_slope(e, C).has(C):
            raise DerivationError("the loss is not a power of compute")
        return Outcome((C_c / C) ** a_C)

    points = _with_names()
    return _loss().then(
        "written by its exponent and its scale",
        short,
        inserted(points),
        prose=r"With $\alpha_C$ for its exponent and $C_c$ for the compute at which it is 1.",
    )


@lru_cache(maxsize=1)
def _size() -> Derivation:
    return _law().then(
        "the size",
        lambda e: Outcome(gathered(solved(L, _stop().expression, N).subs(L, e))),
        valued(_with_names(), _named("N"), _SECTIONS),
        relation="",
        prose=r"The size whose converged loss is $L/(1+\alpha_N/\alpha_S)$.",
    )


def _batch() -> Derivation:
    return _law().then(
        "the batch",
        lambda e: Outcome(gathered(B_star * e ** (-1 / a_B))),
        valued(_with_names(), _named("B"), _SECTIONS),
        relation="",
        prose=r"The critical batch at this loss, $B_*L^{-1/\alpha_B}$.",
    )


def _steps() -> Derivation:
    def solve(loss: _Expr) -> Outcome:
        share = sp.factor(1 - 1 / (_stop().expression / (N_c / N) ** a_N))  # of the second term
        return Outcome(solved((S_c / S) ** a_S, share * loss, S))

    return _law().then(
        "the steps",
        solve,
        valued(_with_names(), _named("S"), _SECTIONS),
        relation="",
        prose=r"The term of the steps is the rest of the loss, its part $\alpha_N/(\alpha_N+\alpha_S)$.",
    )


def _elsewhere() -> Derivation:
    def against(e: _Expr) -> Outcome:
        converged = sp.Symbol("nu", positive=True)  # loss of the best size
        scale = N * converged ** (1 / a_N)  # N_c
        best = sp.powdenest(_stop().expression.subs(N_c, scale), force=True)
        ways = (sp.powdenest(e.subs(N, size).subs(N_c, scale), force=True).subs(L, best) for size in (ratio * N, N))
        there, here = (gathered(way.replace(lambda x: x.is_Add, sp.factor)) for way in ways)
        left = gathered((there / here / ratio) ** -a_S)  # of the loss for the steps, over what the best size leaves
        shown = 1 + a_S / a_N * sp.expand((sp.expand(left) - 1) * a_N / a_S)
        reached = Condition(sp.Gt(shown, 0, evaluate=False), "a smaller model never reaches the loss")
        return Outcome(ratio * shown ** (-1 / a_S), (reached,))

    def road(at: Numbers) -> Any:
        best = _best(at, at["L"])
        return _compute(at, at["L"], at["ratio"] * best["N"]) / best["C"]

    def reached(at: Numbers) -> bool:
        return bool(at["ratio"] ** at["alpha_N"] * (1 + at["alpha_N"] / at["alpha_S"]) > 1.05)

    return _for_loss(of_any_size=False).then(
        "another size for the same loss",
        against,
        valued(places(f"{_CONSTANTS} L ratio", 3, reached), road, _SECTIONS),
        relation="",
        prose=r"The compute of $r$ times the best size over that of the best, whose loss is $(1+\alpha_N/\alpha_S)$ times its "
        "converged one.",
    )


def statements() -> tuple[Statement, ...]:
    """The implicit law, where it is least, and what a size that is not the best costs."""
    appendix = {"where": "Appendix B"}
    n, b, s, loss = (_Q[f"{name}_opt"](C) for name in "NBSL")
    compute, best = _Q["compute"], _Q["N_opt"](L)
    return (
        state("kaplan.steps.at-critical-batch", L, _implicit(), **appendix),
        state("kaplan.steps.compute-for-loss", compute(N, L), _for_loss(), **appendix),
        state("kaplan.optimum.stop", _Q["L_opt"](N), _stop(), **appendix),
        state("kaplan.optimum.exponent", a_C, _exponent(), **appendix),
        state("kaplan.optimum.scale", C_c, _scale(), **appendix),
        state("kaplan.optimum.L", loss, _law(), **appendix, **_NAMED),
        state("kaplan.optimum.N", n, _size(), **appendix, **_NAMED),
        state("kaplan.optimum.B", b, _batch(), **appendix, **_NAMED),
        state("kaplan.optimum.S", s, _steps(), **appendix, **_NAMED),
        state("kaplan.optimum.other-size", compute(ratio * best, L) / compute(best, L), _elsewhere(), **appendix),
    )
