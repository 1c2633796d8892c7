r"""Kaplan's laws one by one, overfitting and batches by the joint law and the critical batch, and the joint law spent.

Every law is a fit of its own; letters are shared, values are not. ``N`` leaves embeddings out. What the law of steps says
of compute is in :mod:`scalesym.laws.catalogued.frontier`.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Derivation, Outcome
from ...formulas.statement import Statement
from .algebra import gathered, solved, stationary
from .roads import CTX, Numbers, crossing, inserted, least, least_at, number, places, rooted, valued
from .wording import entries

__all__ = ["critical_batch", "joint", "state", "statements", "steps"]

_Expr = Any
N, D, C, C_min, L, N_c, D_c, S_c, S, S_min = (
    ALPHABET[name] for name in ["N", "D", "C", "C_min", "L", "N_c", "D_c", "S_c", "S", "S_min"]
)
a_N, a_D, a_S, a_B = (ALPHABET[f"alpha_{name}"] for name in "NDSB")
batch, B_crit, B_star, delta, examples, examples_min = (
    ALPHABET[name] for name in ["batch_tokens", "B_crit", "B_star", "delta_L", "examples", "examples_min"]
)
_Q = QUANTITIES
_JOINT = "N_c D_c alpha_N alpha_D"
state = entries(
    "arXiv:2001.08361",
    {
        "N": "parameters without embeddings",
        "D": "tokens",
        "C": "compute in FLOP",
        "C_min": "compute at batches far below the critical one",
        "L": "a loss in nats for each token",
        "N_c": "the scale of the size",
        "D_c": "the scale of the data",
        "C_c": "the scale of compute",
        "S_c": "the scale of the steps",
        "S": "steps",
        "S_min": "steps at batches far above the critical one",
        "alpha_N": "the exponent of the size",
        "alpha_D": "the exponent of the data",
        "alpha_C": "the exponent of compute",
        "alpha_S": "the exponent of the steps",
        "alpha_B": "the exponent of the batch",
        "batch_tokens": "the batch in tokens",
        "B_crit": "the critical batch",
        "B_star": "the critical batch at a loss of one nat",
        "delta_L": "the share that too few data add to the loss",
        "examples": "tokens seen",
        "examples_min": "the fewest that reach the loss",
        "ratio": "the size over the best one",
    },
)


def _power(scarce: _Expr, scale: _Expr, exponent: _Expr, prose: str) -> Derivation:
    return Derivation(_Q["L"](scarce), (scale / scarce) ** exponent, "empirical", prose)


def joint() -> Derivation:
    """The law of size and data, assumed.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(joint())
    '(D_c/D + (N_c/N)^(α_N/α_D))^α_D'
    """
    prose = "The loss of a model of $N$ parameters on $D$ tokens, stopped early; its constants are a fit of their own."
    return Derivation(_Q["L"](N, D), ((N_c / N) ** (a_N / a_D) + D_c / D) ** a_D, "empirical", prose)


def steps() -> Derivation:
    """The law of size and steps, assumed.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(steps())
    '(N_c/N)^α_N + (S_c/S_min)^α_S'
    """
    prose = "The loss of a model of $N$ parameters after $S$ steps at very large batches, on data without end."
    return Derivation(_Q["L"](N, S_min), (N_c / N) ** a_N + (S_c / S_min) ** a_S, "empirical", prose)


def critical_batch() -> Derivation:
    """The critical batch, which depends on the loss alone, assumed.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(critical_batch())
    'B_* · L^(-1/α_B)'
    """
    prose = "The batch at which twice the least steps and twice the fewest tokens reach the loss."
    return Derivation(_Q["B_crit"](L), B_star * L ** (-1 / a_B), "empirical", prose)


# -- overfitting -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _overfitting() -> Derivation:
    points = places(f"{_JOINT} N D", 4)
    endless = CTX.mpf(10) ** 120

    def against(law: _Expr) -> Outcome:
        shrinking = sp.Symbol("nu", positive=True)
        limit = law.subs(D, 1 / shrinking).subs(shrinking, 0)
        return Outcome((1 + gathered(D_c / D / limit ** (1 / a_D))) ** a_D - 1)

    def apart(at: Numbers) -> Any:
        here, there = (number(joint().expression, {**at, "D": amount}) for amount in (at["D"], endless))
        return here / there - 1

    return joint().then(
        "against data without end",
        against,
        valued(points, apart, "the law at $10^{120}$ tokens".replace("$", "").replace("{120}", "120")),
        relation="",
        prose=r"The loss over $L(N,\infty)$, less 1.",
    )


def _data_for() -> Derivation:
    def solve(e: _Expr) -> Outcome:
        share = e.args[1].base - 1 if e.args[1].is_Pow else e.args[0].base - 1
        return Outcome(solved(share, (1 + delta) ** (1 / a_D) - 1, D))

    def road(at: Numbers) -> Any:
        return crossing(lambda x: number(_overfitting().expression, {**at, "D": x}) - at["delta_L"])

    return _overfitting().then(
        "solved for the data",
        solve,
        valued(places(f"{_JOINT} N delta_L", 4), road, "bisection of the line above"),
        relation="",
        prose=r"The tokens at which $\delta L$ has a given value; with more it is smaller.",
    )


# -- batches -----------------------------------------------------------------------------------------------------------


def _hyperbola() -> Derivation:
    prose = "Steps and tokens stand for one another on the way to the same loss: more of one in a batch, fewer of the other."
    return Derivation(examples / examples_min - 1, 1 / (S / S_min - 1), "empirical", prose)


@lru_cache(maxsize=1)
def _least_steps() -> Derivation:
    points = places("S batch_tokens B_crit", 4)
    number_of = sp.Symbol("sigma", positive=True)  # S/S_min

    def solve(e: _Expr) -> Outcome:
        left = batch * S / (B_crit * S_min) - 1
        equation = sp.numer(sp.together((left - e).subs(S_min, S / number_of)))
        (found,) = [root for root in sp.solve(equation, number_of) if root.subs({batch: 1, B_crit: 1}) > 1]
        return Outcome(S / sp.expand(found))

    def road(at: Numbers) -> Any:
        def gap(few: Any) -> Any:
            seen = at["batch_tokens"] * at["S"] / (at["B_crit"] * few)
            return (seen - 1) * (at["S"] / few - 1) - 1

        most = min(at["S"], at["batch_tokens"] * at["S"] / at["B_crit"])
        return crossing(gap, most / 10**6, most)

    return _hyperbola().then(
        "solved for the least steps",
        solve,
        valued(points, road, "bisection of the hyperbola"),
        relation="",
        prose=r"A batch of $B$ tokens makes $E=BS$, and $B_{\mathrm{crit}}=E_{\min}/S_{\min}$.",
    )


def _least_compute() -> Derivation:
    def road(at: Numbers) -> Any:
        few = number(_least_steps().expression, {**at, "S": CTX.one})
        return at["C"] * at["B_crit"] * few / at["batch_tokens"]

    return _least_steps().then(
        "compute",
        lambda e: Outcome(C / sp.expand(sp.simplify(batch * S / (B_crit * e)))),
        valued(places("C batch_tokens B_crit", 4), road, "the tokens of the least steps"),
        relation="",
        prose=r"Compute is proportional to the tokens seen: $C_{\min}/C=B_{\mathrm{crit}}S_{\min}/(BS)$.",
    )


# -- the joint law under a budget --------------------------------------------------------------------------------------

_POINTS = places(f"{_JOINT} C N", 3)


def _best(at: Numbers) -> dict[str, Any]:
    def loss(size: Any) -> Any:
        return number(joint().expression, {**at, "N": size, "D": at["C"] / 6 / size})

    size = least(loss)
    return {"N": size, "D": at["C"] / 6 / size, "L": loss(size)}


@lru_cache(maxsize=1)
def _size() -> Derivation:
    chain = joint().then(
        "on the budget",
        lambda e: Outcome(e.subs(D, C / (6 * N))),
        inserted(_POINTS, D=lambda at: at["C"] / (6 * at["N"])),
        prose="Training takes $C=6ND$, which leaves $D=C/(6N)$.",
    )
    chain = chain.then(
        "stationary",
        lambda e: Outcome(stationary(e, N)),
        least_at(_POINTS, "N"),
        relation="",
        prose="The power of the sum is least where the sum is.",
    )
    return chain.then(
        "solved for the size",
        lambda e: Outcome(solved(e.lhs, e.rhs, N)),
        rooted(_POINTS, "N"),
        relation="",
        prose="In logarithms this is a linear equation.",
    )


def _data() -> Derivation:
    return _size().then(
        "the data that are left",
        lambda e: Outcome(gathered(C / (6 * e))),
        valued(_POINTS, lambda at: _best(at)["D"], "golden sections along the budget"),
        relation="",
        prose="The budget gives the tokens, $D=C/(6N)$.",
    )


def _loss() -> Derivation:
    def there(size: _Expr) -> Outcome:
        first = (N_c / size) ** (a_N / a_D)
        ratio = sp.simplify(gathered(6 * D_c * size / C / first))
        return Outcome(gathered((gathered(first) * sp.factor(1 + ratio)) ** a_D))

    return _size().then(
        "the loss there",
        there,
        valued(_POINTS, lambda at: _best(at)["L"], "golden sections along the budget"),
        relation="",
        prose=r"The two terms of the sum are in the ratio $\alpha_D:\alpha_N$.",
    )


def statements() -> tuple[Statement, ...]:
    """The laws, overfitting, batches, and what the joint law gives where it is spent on compute."""
    n, d, loss = (_Q[f"{name}_opt"](C) for name in "NDL")
    powers = (
        ("size", N, N_c, a_N, "The loss of a model of $N$ parameters, trained to the end on data without end."),
        ("data", D, D_c, a_D, "The loss of a large model on $D$ tokens, stopped early."),
        ("compute", C_min, ALPHABET["C_c"], ALPHABET["alpha_C"], "The loss of the best size for the compute."),
    )
    assumed = [
        state(f"kaplan.{name}", _Q["L"](scarce), _power(scarce, scale, exponent, prose), status="assumed")
        for name, scarce, scale, exponent, prose in powers
    ]
    here = "derived here"
    spent = "derived here; the paper does not spend this law on compute"
    return (
        *assumed,
        state("kaplan.joint", _Q["L"](N, D), joint(), status="assumed"),
        state("kaplan.steps", _Q["L"](N, S_min), steps(), status="assumed"),
        state("kaplan.batch", _Q["B_crit"](L), critical_batch(), status="assumed"),
        state("kaplan.batch.hyperbola", examples / examples_min - 1, _hyperbola(), status="assumed"),
        state("kaplan.batch.steps", S_min, _least_steps()),
        state("kaplan.batch.compute", C_min, _least_compute()),
        state("kaplan.overfitting", _Q["overfitting"](N, D), _overfitting()),
        state("kaplan.overfitting.data", _Q["D_least"](N, delta), _data_for(), where=here),
        state("kaplan.joint.optimum.N", n, _size(), where=spent),
        state("kaplan.joint.optimum.D", d, _data(), where=spent),
        state("kaplan.joint.optimum.L", loss, _loss(), where=spent),
    )
