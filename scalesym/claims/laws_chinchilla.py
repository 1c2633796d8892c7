r"""Chinchilla's law: the optimum that follows from it. The closed forms are differentiated and substituted in symbols, and searched for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_POINTS = (
    (1e18, "hoffmann_rounded"),
    (5.76e23, "hoffmann_rounded"),
    (5.76e23, "hoffmann_tex"),
    (1e21, "besiroglu2024"),
)


def _zero(expression: Any) -> bool:
    import sympy as sp

    return bool(sp.simplify(sp.powsimp(sp.expand_power_base(expression, force=True), force=True)) == 0)


def _decided(parts: Mapping[str, bool]) -> Verdict:
    seen = {name: "zero" if each else "not zero" for name, each in parts.items()}
    wrong = [name for name, each in parts.items() if not each]
    return Verdict.decided(not wrong, f"not zero: {wrong[0]}" if wrong else f"all {len(parts)} residuals are 0", **seen)


def _optimum(change: Callable[[Mapping[str, Any], Any, Any], tuple[Any, Any]]) -> Verdict:
    import sympy as sp

    from ..laws.chinchilla_symbols import frontier, law, symbols

    s = symbols()
    N, D, loss = (each.rhs for each in frontier())
    N, loss = change(s, N, loss)
    value = law().rhs
    slope = sp.diff(value.subs(s["D"], s["C"] / s["C_0"] / s["N"]), s["N"])
    return _decided(
        {
            "dL/dN on the line of equal compute": _zero(slope.subs(s["N"], N)),
            "C_0 N D - C": _zero(s["C_0"] * N * D - s["C"]),
            "L(N_opt, D_opt) - L_opt": _zero(value.subs({s["N"]: N, s["D"]: D}) - loss),
        }
    )


def _swapped(s: Mapping[str, Any], expression: Any) -> Any:
    return expression.subs({s["alpha"]: s["beta"], s["beta"]: s["alpha"]}, simultaneous=True)


def _shares(share: Callable[[Any, Any], Any]) -> Verdict:
    from ..laws.chinchilla_symbols import frontier, symbols

    s = symbols()
    N, D, loss = (each.rhs for each in frontier())
    first, second = s["A"] * N ** -s["alpha"], s["B"] * D ** -s["beta"]
    a = share(s["alpha"], s["beta"])
    return _decided(
        {
            "the parameters' term": _zero(first * (1 - a) - second * a),
            "together": _zero(first + second - (loss - s["E"])),
        }
    )


def _excess(ratio: Callable[..., Any]) -> Verdict:
    import sympy as sp

    from ..laws.chinchilla_symbols import frontier, symbols

    s, rho = symbols(), sp.Symbol("rho", positive=True)
    N, D, loss = (each.rhs for each in frontier())
    off = s["A"] * (rho * N) ** -s["alpha"] + s["B"] * (D / rho) ** -s["beta"]
    a = s["beta"] / (s["alpha"] + s["beta"])
    return _decided({"(L - E)/(L_opt - E)": _zero(off - (loss - s["E"]) * ratio(a, rho, s["alpha"], s["beta"]))})


def _substitution(elasticity: Callable[[Any, Any], Any]) -> Verdict:
    """``σ = d ln(D/N)/d ln(L_N/L_D)`` along a line of equal loss, by the chain rule, at the optimum."""
    import sympy as sp

    from ..laws.chinchilla_symbols import law, symbols

    s = symbols()
    N, D, value = s["N"], s["D"], law().rhs
    in_n, in_d = sp.diff(value, N), sp.diff(value, D)
    along = -in_n / in_d  # dD/dN at equal loss
    rate = sp.log(in_n / in_d)
    change_of_rate = sp.diff(rate, N) + sp.diff(rate, D) * along
    sigma = (along / D - 1 / N) / change_of_rate
    on_path = (
        s["beta"] * s["B"] * D ** -s["beta"] * N ** s["alpha"] / s["alpha"]
    )  # A, if the slopes in ln N and ln D agree
    claimed = elasticity(s["alpha"], s["beta"])
    return _decided({"sigma": _zero(sigma.subs(s["A"], on_path) - claimed)})


def _searched(exponent: Callable[[float, float], float]) -> Verdict:
    """``N_opt = G (C/6)^a`` against the least of the loss on a line of equal compute, by golden section."""
    from ..laws.chinchilla import Chinchilla

    figures = {}
    for C, name in _POINTS:
        law = Chinchilla.from_paper(name)
        alpha, beta = float(law.alpha), float(law.beta)
        predicted = math.log(law.G) + exponent(alpha, beta) * math.log(C / 6)
        figures[f"{name} C={C:.3g}"] = abs(_golden(float(law.A), float(law.B), alpha, beta, C / 6) - predicted)
    return Verdict.at_most("max |ln N - ln N_opt|", max(figures.values()), 1e-8, **figures)


def _golden(A: float, B: float, alpha: float, beta: float, product: float) -> float:
    """``ln N`` at the minimum, in 30 digits: in doubles a minimum is flat over half of them."""
    from mpmath import exp, mpf, sqrt, workdps

    with workdps(30):
        total = mpf(product)

        def value(x: Any) -> Any:
            return A * exp(-alpha * x) + B * (total / exp(x)) ** -mpf(beta)

        low, high, ratio = mpf(0), mpf(60), (sqrt(5) - 1) / 2
        while high - low > 1e-11:
            left, right = high - ratio * (high - low), low + ratio * (high - low)
            low, high = (low, right) if value(left) < value(right) else (left, high)
        return float(low)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.chinchilla.optimum",
        statement="On C_0 N D = C the loss E + A/N^α + B/D^β is stationary at N_opt = G (C/C_0)^{β/(α+β)}, G = (αA/(βB))^{1/(α+β)}, "
        "with the value E + (AG^{−α} + BG^β)(C/C_0)^{−αβ/(α+β)}",
        latex=r"N_{opt} = G\,(C/C_0)^{\beta/(\alpha+\beta)},\quad L_{opt} = E + K\,(C/C_0)^{-\alpha\beta/(\alpha+\beta)}",
        tier="exact",
        check=_optimum,
        true={"change": lambda s, N, loss: (N, loss)},
        false={
            "α and β swapped in N_opt": {"change": lambda s, N, loss: (_swapped(s, N), loss)},
            "αA for βB in G": {
                "change": lambda s, N, loss: (N * (s["B"] / s["A"]) ** (1 / (s["alpha"] + s["beta"])), loss)
            },
            "E twice": {"change": lambda s, N, loss: (N, loss + s["E"])},
        },
        about=("chinchilla.optimum.N", "chinchilla.optimum.D", "chinchilla.optimum.L"),
        source="arXiv:2203.15556, Equation 4; the loss is derived here",
    ),
    Claim(
        id="laws.chinchilla.shares",
        statement="At the optimum the parameters' term is the share a = β/(α+β) of the reducible loss, at every budget",
        latex=r"A N_{opt}^{-\alpha} = \frac{\beta}{\alpha+\beta}(L_{opt}-E)",
        tier="exact",
        check=_shares,
        true={"share": lambda alpha, beta: beta / (alpha + beta)},
        false={"b for a": {"share": lambda alpha, beta: alpha / (alpha + beta)}},
        rests_on=("laws.chinchilla.optimum",),
        about=("chinchilla.optimum.share",),
        source="derived here",
    ),
    Claim(
        id="laws.chinchilla.excess",
        statement="A model ρ times the optimal size has at the same compute the reducible loss (aρ^{−α} + bρ^β)(L_opt − E)",
        latex=r"\frac{L-E}{L_{opt}-E} = a\rho^{-\alpha} + b\rho^{\beta}",
        tier="exact",
        check=_excess,
        true={"ratio": lambda a, rho, alpha, beta: a * rho**-alpha + (1 - a) * rho**beta},
        false={"a and b swapped": {"ratio": lambda a, rho, alpha, beta: (1 - a) * rho**-alpha + a * rho**beta}},
        rests_on=("laws.chinchilla.optimum",),
        about=("chinchilla.excess",),
        source="derived here",
    ),
    Claim(
        id="laws.chinchilla.substitution",
        statement="The elasticity of substitution between parameters and tokens is 2/(2 + α + β) on the optimal path",
        latex=r"\sigma = \frac{2}{2+\alpha+\beta}",
        tier="exact",
        check=_substitution,
        true={"elasticity": lambda alpha, beta: 2 / (2 + alpha + beta)},
        false={"1/(1 + α + β)": {"elasticity": lambda alpha, beta: 1 / (1 + alpha + beta)}},
        rests_on=("laws.chinchilla.optimum",),
        about=("chinchilla.substitution.frontier",),
        source="derived here",
    ),
    Claim(
        id="laws.chinchilla.searched",
        statement="Golden section on the loss at fixed compute finds ln N_opt of the closed form to 1e-8, for the three published sets",
        tier="numeric",
        check=_searched,
        true={"exponent": lambda alpha, beta: beta / (alpha + beta)},
        false={"a = α/(α+β)": {"exponent": lambda alpha, beta: alpha / (alpha + beta)}},
        rests_on=("laws.chinchilla.optimum",),
        about=("chinchilla.optimum.N",),
        source="derived here",
        quick=True,
    ),
)
