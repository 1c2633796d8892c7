"""Adaptive training in symbols: the total and the transitions, derived from the marginal cost of one shape."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..errors import ParameterError
from .shape import ShapeLaw

__all__ = ["total_formula", "transition_formula"]


def total_formula(shapes: int) -> Any:
    """The integral of the least marginal cost of this many shapes."""
    import sympy as sp

    E, start, target = sp.symbols("E E_0 E_T", positive=True)
    costs = [_cost(E, str(k + 1)) for k in range(shapes)]
    return sp.Eq(sp.Symbol("C"), sp.Integral(sp.Min(*costs), (E, target, start)))


def transition_formula(kind: str) -> Any:
    """Where two marginal costs cross, solved for the error: ``"equal exponents"`` or ``"equal floors"``."""
    import sympy as sp

    E, b, c = sp.Symbol("E"), sp.Symbol("b", positive=True), sp.Symbol("c", real=True)
    (a1, a2), (b1, b2), (c1, c2) = ((_symbol(letter, "1"), _symbol(letter, "2")) for letter in "abc")
    if kind == "equal exponents":  # a₁ (E−c₁)^{-(1+b)} = a₂ (E−c₂)^{-(1+b)}: the ratio of E−c₁ and E−c₂ is ρ
        rho, unknown = sp.Symbol("rho"), sp.Symbol("R", positive=True)
        one, other = (_cost_at(sp.Symbol(f"X{k}", positive=True), a, b) for k, a in ((1, a1), (2, a2)))
        X1, X2 = sp.symbols("X1 X2", positive=True)
        ratio = sp.expand_log(sp.log(one) - sp.log(other), force=True).subs(sp.log(X1), sp.log(X2) + sp.log(unknown))
        (log_ratio,) = sp.solve(sp.expand(ratio), sp.log(unknown))
        (found,) = sp.solve(E - c1 - rho * (E - c2), E)
        power = sp.factor(sp.simplify(log_ratio / (sp.log(a1) - sp.log(a2))))
        return sp.Eq(E, sp.together(-sp.numer(found) / -sp.denom(found)).subs(rho, (a1 / a2) ** power))
    if kind == "equal floors":
        L = sp.Symbol("L", real=True)  # ln (E − c)
        X = sp.Symbol("X", positive=True)
        logs = sp.expand_log(sp.log(_cost_at(X, a1, b1)) - sp.log(_cost_at(X, a2, b2)), force=True)
        (found,) = sp.solve(sp.expand(logs).subs(sp.log(X), L), L)
        return sp.Eq(E, c + sp.exp(sp.simplify(found)))
    raise ParameterError("kind", kind, "it has no closed form", "use 'equal exponents' or 'equal floors'")


def _symbol(letter: str, index: str) -> Any:
    import sympy as sp

    name = f"{letter}_{index}"
    return sp.Symbol(name, real=True) if letter == "c" else sp.Symbol(name, positive=True)


@cache
def _base() -> tuple[Any, dict[str, Any]]:
    """:attr:`ShapeLaw.marginal_cost_formula` in ``X = E - c``."""
    import sympy as sp

    formula = ShapeLaw(1, 1).marginal_cost_formula.rhs
    s = {symbol.name: symbol for symbol in formula.free_symbols} | {"X": sp.Symbol("X", positive=True)}
    return sp.powsimp(sp.expand_power_base(sp.simplify(formula.subs(s["E"], s["X"] + s["c"])))), s


def _cost_at(excess: Any, a: Any, b: Any) -> Any:
    formula, s = _base()
    return formula.subs({s["a"]: a, s["b"]: b, s["X"]: excess}, simultaneous=True)


def _cost(E: Any, index: str) -> Any:
    return _cost_at(E - _symbol("c", index), _symbol("a", index), _symbol("b", index))
