r"""The compute-optimal frontier of a sum of power laws with its constants: in closed form as ``f → ∞``, and at any budget.

Two terms that trade off, ``c_1 f^{p_1+q_1x} + c_2 f^{p_2+q_2x}`` with ``q_1 > 0 > q_2``, are least where
``c_1q_1D^{q_1} = -c_2q_2D^{q_2}``:

.. math:: d^\star \sim D f^\xi, \quad P^\star \sim C f^{-\eta}, \qquad
          D = \Big(\frac{-c_2q_2}{c_1q_1}\Big)^{1/(q_1-q_2)}, \quad C = c_1D^{q_1} + c_2D^{q_2}.

At a finite budget all terms count. In logarithms their sum is convex, so there is one minimum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ParameterError
from .laws import Law, Term, exact

__all__ = ["Best", "best", "constants"]


@dataclass(frozen=True)
class Best:
    """The best size at a budget, the loss there, and each term's share of it."""

    budget: float
    size: float
    loss: float
    shares: dict[str, float]


def constants(law: Law, tradeoff: Sequence[str]) -> tuple[Any, Any]:
    r"""``D`` and ``C`` in ``d* ~ D f^ξ``, ``P* ~ C f^{-η}``, where two terms trade off.

    Parameters
    ----------
    law:
        Its exponents and coefficients may be numbers or SymPy expressions.
    tradeoff:
        The two terms, as :attr:`scalesym.powerlaw.Optimum.tradeoff` names them: the one that grows with the size first.

    Raises
    ------
    ParameterError
        If there are not two terms, or one of them has a logarithm.

    Examples
    --------
    Chinchilla's law, ``A/d^a + B/r^b`` with ``f = 6 r d``:

    >>> import sympy as sp
    >>> from scalesym.powerlaw import Budget, Law, Term
    >>> A, B, a, b = sp.symbols("A B a b", positive=True)
    >>> law = Law((Term("size", 0, a, A), Term("data", b, 0, B)), Budget(constant=6))
    >>> sp.simplify(constants(law, ("data", "size"))[0] / ((a * A / (b * B)) ** (1 / (a + b)) * sp.Integer(6) ** (-b / (a + b))))
    1
    """
    if len(tradeoff) != 2:
        raise ParameterError("tradeoff", tradeoff, "the constants are those of two terms", "name two terms")
    up, down = (law[name] for name in tradeoff)
    if up.logs or down.logs:
        raise ParameterError("tradeoff", tradeoff, "a term has a logarithm", "constants belong to pure powers")
    q, other = law.slope(up), law.slope(down)
    first, second = (_coefficient(law, term) for term in (up, down))
    size = (-second * other / (first * q)) ** (1 / exact(q - other))
    return size, first * size**q + second * size**other


def best(law: Law, budget: float) -> Best:
    """The best size at one budget, with every term counted.

    Parameters
    ----------
    law:
        With numbers for exponents and coefficients; no logarithms, no terms in force for some times only.
    budget:
        ``f > 1``, up to 1e300.

    Raises
    ------
    ParameterError
        If the law is of another kind, or the loss has no least value between the ends that the budget allows.

    Examples
    --------
    >>> from scalesym.powerlaw import Budget, Law, Term
    >>> chinchilla = Law((Term("floor", 0, 0, 1.69), Term("size", 0, 0.34, 406.4), Term("data", 0.28, 0, 410.7)), Budget(constant=6))
    >>> found = best(chinchilla, 5.76e23)
    >>> print(f"{found.size:.3g} parameters, loss {found.loss:.4f}")
    3.22e+10 parameters, loss 1.9307
    """
    if any(term.logs or term.after is not None or term.until is not None for term in law.terms):
        raise ParameterError("law", [t.name for t in law.terms], "it has logarithms or ranges", "give pure powers")
    log_budget = math.log(_within(budget)) - math.log(law.budget.constant)
    lines = [
        (term.name, math.log(term.coefficient) + float(law.intercept(term)) * log_budget, float(law.slope(term)))
        for term in law.terms
    ]
    last = log_budget * float(law.split(law.start))

    def slope(at: float) -> float:
        top = max(p + q * at for _, p, q in lines)
        return math.fsum(q * math.exp(p + q * at - top) for _, p, q in lines)

    if slope(0.0) >= 0 or slope(last) <= 0:
        raise ParameterError("budget", budget, "the least loss is at an end of the sizes it allows", "use a larger one")
    from scipy.optimize import brentq

    at = float(brentq(slope, 0.0, last, xtol=1e-13, rtol=1e-14))
    values = {name: math.exp(p + q * at) for name, p, q in lines}
    total = math.fsum(values.values())
    return Best(float(budget), math.exp(at), total, {name: value / total for name, value in values.items()})


def _coefficient(law: Law, term: Term) -> Any:
    """``c`` with the budget's constant taken in: ``f`` becomes ``f`` over it."""
    constant = law.budget.constant
    return term.coefficient if constant == 1 else term.coefficient * constant ** -law.intercept(term)


def _within(budget: float) -> float:
    if not 1 < budget <= 1e300:
        raise ParameterError("budget", budget, "it is not a number of FLOPs", "use 1 < budget <= 1e300")
    return float(budget)
