r"""The scaling law of vision transformers, ``E = a(C+d)^{-b} + c``: what follows from its form, and from its published constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..ledger import Claim, Verdict
from ._printed import prints

__all__ = ["CLAIMS"]

_SOURCE = "Zhai et al., arXiv:2106.04560; derived here"


def _derivative(cost: Callable[..., Any]) -> Verdict:
    """Whether ``cost`` is minus the derivative of the compute, as SymPy solves the law for it."""
    import sympy as sp

    from ..laws.shape import ShapeLaw

    inverse = ShapeLaw(1, 1).inverse_formula.rhs
    s = {symbol.name: symbol for symbol in inverse.free_symbols}
    excess = {s["E"]: s["c"] + sp.Symbol("X", positive=True)}
    claimed = cost(*(s[name] for name in "Eabcd"))
    left = sp.simplify((sp.diff(inverse, s["E"]) + claimed).subs(excess))
    return Verdict.decided(left == 0, f"dC/dE + g = {left}", inverse=str(inverse))


def _slope(slope: Callable[..., Any]) -> Verdict:
    import sympy as sp

    from ..laws.shape import ShapeLaw

    law = ShapeLaw(1, 1).formula.rhs
    s = {symbol.name: symbol for symbol in law.free_symbols}
    seen = s["C"] * sp.diff(law, s["C"]) / (law - s["c"])
    left = sp.simplify(seen - slope(*(s[name] for name in "Cbd")))
    return Verdict.decided(left == 0, f"difference = {left}", slope=str(sp.simplify(seen)))


def _above_one(name: str, bound: str, ceiling: str) -> Verdict:
    """The law is 1 at the bound and has a ceiling above 1, to the digits given; it is above 1 below the bound and not above it."""
    from ..laws.vit import ViT

    law = ViT.from_paper(name)
    exact = law.least_compute
    beside = [float(law(exact * factor, beyond="keep")) for factor in (0.5, 1 - 1e-6, 1 + 1e-6, 2)]
    parts = {
        "bound": prints(exact, bound),
        "ceiling": prints(law.ceiling, ceiling),
        "above 1": Verdict.decided(
            min(law.ceiling, *beside[:2]) > 1 > max(beside[2:]), ", ".join(f"{error:.6f}" for error in beside)
        ),
    }
    return Verdict.all_of(parts)


def _reaches(
    constants: Mapping[str, float] | None, expected: Mapping[float, str], errors: Mapping[float, str]
) -> Verdict:
    """The compute for some errors, and the error after some compute, to the digits claimed."""
    from ..laws.vit import ViT

    law = ViT.from_paper("finetune") if constants is None else ViT(**constants)
    for error in expected:
        if not law.floor < error <= law.ceiling:
            return Verdict.fails(f"E = {error} is not reached, the floor is {law.floor}")
    parts = {f"C({error})": prints(float(law.law.inverse(error)), text) for error, text in expected.items()}
    parts |= {f"E({C:g})": prints(float(law(C, beyond="keep")), text) for C, text in errors.items()}
    parts["floor"] = Verdict.decided(law.floor == 0.09, f"c = {law.floor}")
    return Verdict.all_of(parts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.vit.marginal-cost",
        statement="The compute for a unit of error is −dC/dE = ((E−c)/a)^{−1/b−1}/(ab), whatever the shift d",
        latex=r"-\frac{dC}{dE} = \frac1{ab}\Big(\frac{E-c}{a}\Big)^{-1/b-1}",
        tier="exact",
        check=_derivative,
        true={"cost": lambda E, a, b, c, d: ((E - c) / a) ** (-1 / b - 1) / (a * b)},
        false={
            "exponent −1/b": {"cost": lambda E, a, b, c, d: ((E - c) / a) ** (-1 / b) / (a * b)},
            "the shift kept": {"cost": lambda E, a, b, c, d: (((E - c) / a) ** (-1 / b) - d) / (b * (E - c))},
        },
        about=("vit.marginal-cost",),
        source=_SOURCE,
    ),
    Claim(
        id="laws.vit.slope",
        statement="d ln(E−c)/d ln C = −bC/(C+d): flat at little compute, half of −b at C = d",
        latex=r"\frac{d\ln(E-c)}{d\ln C} = -\frac{bC}{C+d}",
        tier="exact",
        check=_slope,
        true={"slope": lambda C, b, d: -b * C / (C + d)},
        false={"−b": {"slope": lambda C, b, d: -b}, "C and d exchanged": {"slope": lambda C, b, d: -b * d / (C + d)}},
        about=("vit.slope",),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.vit.no-error-rate",
        statement="As published, the fine-tuning law exceeds 1 at C = 0, where it is 1.39309; it is an error rate from C = 0.017895 "
        "core-days on only",
        latex=r"E(C) \le 1 \iff C \ge 0.017895",
        tier="numeric",
        check=_above_one,
        true={"name": "finetune", "bound": "0.017895", "ceiling": "1.39309"},
        false={
            "from 0.01788 on": {"bound": "0.01788"},
            "another ceiling": {"ceiling": "1.394"},
            "the ten-shot law": {"name": "tenshot"},
        },
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.vit.compute-for-error",
        statement="By the fine-tuning law 12 % error takes 478.15459 and 10 % takes 11035.210 TPUv3 core-days, and 10^4 of "
        "them leave an error of 0.100350783 (rounded 0.1003508, not 0.1003507); c = 0.09 is the floor",
        tier="numeric",
        check=_reaches,
        true={"constants": None, "expected": {0.12: "478.15459", 0.10: "11035.210"}, "errors": {1e4: "0.100350783"}},
        false={
            "E(10^4) = 0.1003507": {"errors": {1e4: "0.1003507"}},
            "letters in the order floor, scale, exponent": {
                "constants": {"scale": 0.09, "exponent": 0.26, "floor": 0.35, "shift": 0.01}
            },
            "no floor": {"constants": {"scale": 0.26, "exponent": 0.35, "shift": 0.01}},
        },
        about=("vit.inverse",),
        source=_SOURCE,
        quick=True,
    ),
)
