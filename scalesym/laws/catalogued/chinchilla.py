r"""Chinchilla's law: the optimum at a budget, what is needed for a loss, and what another size costs.

.. math:: L(N, D) = E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}, \qquad C = C_0 N D.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, Outcome
from ...formulas.statement import Statement
from .algebra import gathered, solved, stationary
from .roads import CTX, Numbers, crossing, differences, inserted, least, least_at, number, places, rooted, valued
from .wording import entries

__all__ = ["allocation", "law", "statements"]

_Expr = Any
N, D, C, C_0, L, E, A, B, alpha, beta, rho = (
    ALPHABET[name] for name in ["N", "D", "C", "C_0", "L", "E", "A", "B_data", "alpha_size", "beta_data", "rho_size"]
)
_Q = QUANTITIES
_CONSTANTS = "E A B_data alpha_size beta_data"
_POINTS = places(f"{_CONSTANTS} C C_0 N", 3)
_state = entries(
    "arXiv:2203.15556",
    {
        "N": "parameters",
        "D": "tokens",
        "C": "compute in FLOP",
        "C_0": "FLOP for each parameter and token (6)",
        "L": "a loss in nats for each token",
        "E": "the loss that nothing reduces",
        "A": "the scale of the parameters' term",
        "B_data": "the scale of the data's term",
        "alpha_size": "the exponent of the parameters",
        "beta_data": "the exponent of the data",
        "rho_size": "the size over the best one",
        "sigma": "the elasticity of substitution on the frontier",
    },
)


def law() -> Derivation:
    """The law, assumed.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(law())
    'E + A · N^(-α) + B · D^(-β)'
    """
    prose = "The loss of a model of $N$ parameters after $D$ tokens, fitted to many runs."
    return Derivation(_Q["L"](N, D), E + A * N**-alpha + B * D**-beta, "empirical", prose)


def _best(at: Numbers) -> dict[str, Any]:
    """Size, data and loss at a compute, by golden sections along the budget."""

    def loss(size: Any) -> Any:
        return number(law().expression, {**at, "N": size, "D": at["C"] / at["C_0"] / size})

    size = least(loss)
    return {**at, "N": size, "D": at["C"] / at["C_0"] / size, "L": loss(size)}


@lru_cache(maxsize=1)
def allocation() -> Derivation:
    """The size that is best at a budget.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(allocation())
    '(Aα/(Bβ))^(1/(α + β))(C/C_0)^(β/(α + β))'
    """
    chain = law().then(
        "on the budget",
        lambda e: Outcome(e.subs(D, C / (C_0 * N))),
        inserted(_POINTS, D=lambda at: at["C"] / (at["C_0"] * at["N"])),
        prose="Training takes $C=C_0ND$, which leaves $D=C/(C_0N)$.",
    )
    chain = chain.then(
        "stationary",
        lambda e: Outcome(stationary(e, N)),
        least_at(_POINTS, "N"),
        relation="",
        prose=r"In $\log N$ the two terms are exponentials, so that their sum is convex and has one minimum: where what a "
        "larger model gains is what fewer tokens lose.",
    )
    return chain.then(
        "solved for the size",
        lambda e: Outcome(solved(e.lhs, e.rhs, N)),
        rooted(_POINTS, "N"),
        relation="",
        prose="In logarithms this is a linear equation.",
    )


@lru_cache(maxsize=1)
def _tokens() -> Derivation:
    return allocation().then(
        "the tokens that are left",
        lambda e: Outcome(gathered(C / (C_0 * e))),
        valued(_POINTS, lambda at: _best(at)["D"], "golden sections along the budget"),
        relation="",
        prose="The budget gives the tokens, $D=C/(C_0N)$.",
    )


def _shares(size: _Expr) -> tuple[_Expr, _Expr]:
    """Both terms of the law at the optimum; their ratio is ``α/β``, powers of the constants drop out."""
    tokens = gathered(C / (C_0 * size))
    return A * size**-alpha, gathered(B * tokens**-beta / (A * size**-alpha))


@lru_cache(maxsize=1)
def _loss() -> Derivation:
    def inserted_(size: _Expr) -> Outcome:
        one, ratio = _shares(size)
        return Outcome(E + gathered(one * sp.factor(1 + ratio)))

    return allocation().then(
        "the loss there",
        inserted_,
        valued(_POINTS, lambda at: _best(at)["L"], "golden sections along the budget"),
        relation="",
        prose=r"Both terms, with $D=C/(C_0N)$. Their ratio is that of the exponents, $\alpha:\beta$.",
    )


def _ratio() -> Derivation:
    return _tokens().then(
        "tokens for each parameter",
        lambda e: Outcome(gathered(e / allocation().expression)),
        valued(_POINTS, lambda at: (found := _best(at))["D"] / found["N"], "golden sections along the budget"),
        relation="",
        prose="Divided by the size.",
    )


def _share() -> Derivation:
    def share(at: Numbers) -> Any:
        found = _best(at)
        return at["A"] * found["N"] ** -at["alpha_size"] / (found["L"] - at["E"])

    return allocation().then(
        "the share of one term",
        lambda size: Outcome(sp.factor(sp.simplify(1 / (1 + _shares(size)[1])))),
        valued(_POINTS, share, "golden sections along the budget"),
        relation="",
        prose="Of the two terms at the optimum, whose ratio does not depend on the compute.",
    )


def _compute_for_size() -> Derivation:
    def where_best(at: Numbers) -> Any:
        def slope(compute: Any) -> Any:
            there = {**at, "C": compute}
            return CTX.diff(lambda size: _on_budget(there, size), at["N"])

        return crossing(slope)

    return allocation().then(
        "solved for the compute",
        lambda size: Outcome(solved(N, size, C)),
        valued(_POINTS, where_best, "bisection of the numerical slope along the budget"),
        relation="",
        prose="The size is given, and the compute sought at which it is the best.",
    )


def _compute_for_loss() -> Derivation:
    points = places(f"{_CONSTANTS} C_0 L", 3, lambda at: at["L"] > at["E"] + 0.1)
    above = Condition(sp.Gt(L, E, evaluate=False), "no budget reaches a loss below")
    return _loss().then(
        "solved for the compute",
        lambda e: Outcome(solved(L - E, e - E, C), (above,)),
        valued(points, _least_compute, "golden sections along the curve of equal loss"),
        relation="",
        prose="The loss is given, and the compute sought with which it is the least.",
    )


def _least_compute(at: Numbers) -> Any:
    """The least compute that reaches a loss, over all sizes."""

    def tokens(size: Any) -> Any:
        left = at["L"] - at["E"] - at["A"] * size ** -at["alpha_size"]
        return CTX.inf if left <= 0 else (at["B_data"] / left) ** (1 / at["beta_data"])

    size = least(lambda n: n * tokens(n))
    return at["C_0"] * size * tokens(size)


def _tokens_for_loss() -> Derivation:
    def reached(at: Numbers) -> bool:
        return bool(at["L"] > at["E"] + at["A"] * at["N"] ** -at["alpha_size"] + 0.05)

    above = Condition(sp.Gt(L, E + A * N**-alpha, evaluate=False), "no data takes this size below")
    return law().then(
        "solved for the tokens",
        lambda e: Outcome(solved(L - E - A * N**-alpha, e - E - A * N**-alpha, D), (above,)),
        valued(
            places(f"{_CONSTANTS} N L", 4, reached),
            lambda at: crossing(lambda x: number(law().expression, {**at, "D": x}) - at["L"]),
            "bisection of the law",
        ),
        relation="",
        prose="The loss falls with the tokens, and the fewest that reach $L$ solve the law for $D$.",
    )


def _excess() -> Derivation:
    def cost(at: Numbers) -> Any:
        best = _best(at)
        return (_on_budget(at, at["rho_size"] * best["N"]) - best["L"]) / (best["L"] - at["E"])

    def away(size: _Expr) -> Outcome:
        ratio = _shares(size)[1]
        return Outcome(sp.factor(1 / (1 + ratio)) * rho**-alpha + sp.factor(ratio / (1 + ratio)) * rho**beta - 1)

    return allocation().then(
        "another size at the same compute",
        away,
        valued(places(f"{_CONSTANTS} C C_0 rho_size", 3), cost, "golden sections along the budget"),
        relation="",
        prose=r"At $N=\rho N_{\mathrm{opt}}$ and $D=D_{\mathrm{opt}}/\rho$ one term is $\rho^{-\alpha}$ times, the other $\rho^\beta$ "
        "times what it was; divided by their sum at the optimum.",
    )


def _on_budget(at: Numbers, size: Any) -> Any:
    return number(law().expression, {**at, "N": size, "D": at["C"] / at["C_0"] / size})


@lru_cache(maxsize=1)
def _substitution() -> Derivation:
    points = places(f"{_CONSTANTS} N D", 3)

    def rate(e: _Expr, at: Numbers) -> Any:
        by_size, by_data = (CTX.diff(lambda x, name=name: number(e, {**at, name: x}), at[name]) for name in ("N", "D"))
        return by_size / by_data

    def elasticity(e: _Expr) -> Outcome:
        turn = sp.simplify(-N * e / D)  # d ln D/d ln N along the curve
        change = N * sp.diff(sp.log(e), N) + turn * D * sp.diff(sp.log(e), D)
        over, under = (sp.expand(part) for part in sp.fraction(sp.simplify(sp.expand((turn - 1) / change))))
        return Outcome(over / sp.collect(under, (A * alpha * D**beta, B * beta * N**alpha)))

    def along(e: _Expr, at: Numbers) -> Any:
        whole = number(law().expression, at)

        def beside(size: Any) -> tuple[Any, Any]:
            left = whole - at["E"] - at["A"] * size ** -at["alpha_size"]
            tokens = (at["B_data"] / left) ** (1 / at["beta_data"])
            return CTX.log(tokens / size), CTX.log(number(e, {**at, "N": size, "D": tokens}))

        up, down = (CTX.diff(lambda size, k=k: beside(size)[k], at["N"]) for k in (0, 1))
        return up / down

    chain = law().then(
        "rate of substitution",
        lambda e: Outcome(gathered(sp.diff(e, N) / sp.diff(e, D))),
        differences(points, rate),
        relation="",
        prose=r"The tokens that stand for one parameter at the same loss, $L_N/L_D$.",
    )
    return chain.then(
        "elasticity",
        elasticity,
        differences(points, along),
        relation="",
        prose=r"By how many per cent $D/N$ changes on a curve of equal loss, when this rate changes by one: along the curve "
        r"$d\log D/d\log N=-NL_N/(DL_D)$.",
    )


def _substitution_on_frontier() -> Derivation:
    def there(e: _Expr) -> Outcome:
        first, second = alpha * A * N**-alpha, beta * B * D**-beta
        return Outcome(sp.factor(sp.simplify(e.subs(D, solved(first, second, D)))))

    def measured(at: Numbers) -> Any:
        return number(_substitution().expression, _best(at))

    return _substitution().then(
        "on the frontier",
        there,
        valued(_POINTS, measured, "golden sections along the budget"),
        prose=r"There $\alpha AN^{-\alpha}=\beta BD^{-\beta}$.",
    )


def statements() -> tuple[Statement, ...]:
    """The law, its frontier, what a loss needs, and what leaving the frontier costs."""
    n, d, loss = (_Q[f"{name}_opt"](C) for name in "NDL")
    share = A * n**-alpha / (loss - E)
    excess = (_Q["L"](rho * n, d / rho) - loss) / (loss - E)
    here = "derived here"
    return (
        _state("chinchilla.law", _Q["L"](N, D), law(), status="assumed"),
        _state("chinchilla.optimum.N", n, allocation()),
        _state("chinchilla.optimum.D", d, _tokens()),
        _state("chinchilla.optimum.L", loss, _loss(), where=here),
        _state("chinchilla.optimum.ratio", d / n, _ratio(), where=here),
        _state("chinchilla.optimum.share", share, _share(), where=here),
        _state("chinchilla.compute-for-size", _Q["C_opt"](N), _compute_for_size(), where=here),
        _state("chinchilla.compute-for-loss", _Q["C_opt"](L), _compute_for_loss(), where=here),
        _state("chinchilla.data-for-loss", _Q["D_least"](N, L), _tokens_for_loss(), where=here),
        _state("chinchilla.excess", excess, _excess(), where=here),
        _state("chinchilla.substitution", _Q["substitution"](N, D), _substitution(), where=here),
        _state("chinchilla.substitution.frontier", ALPHABET["sigma"], _substitution_on_frontier(), where=here),
    )
