"""Broken laws in symbols: the formula for any number of breaks, its slope, and the turning point with one break."""

from __future__ import annotations

from typing import Any

from ..parameters import whole_number

__all__ = ["formula", "slope_formula", "turning_point_formula"]


def formula(n: object) -> Any:
    """``y = a + b x^{-c_0} Π (1 + (x/d_i)^{1/f_i})^{-c_i f_i}`` with ``n`` breaks."""
    import sympy as sp

    breaks = whole_number(n, "n", least=0)
    s = _symbols(breaks)
    y = s["b"] * s["x"] ** -s["c_0"]
    for i in range(1, breaks + 1):
        y *= (1 + (s["x"] / s[f"d_{i}"]) ** (1 / s[f"f_{i}"])) ** (-s[f"c_{i}"] * s[f"f_{i}"])
    return sp.Eq(s["y"], s["a"] + y)


def slope_formula(n: object) -> Any:
    """``x y'/(y-a)``, factor by factor."""
    import sympy as sp

    s = _symbols(whole_number(n, "n", least=0))
    factors = (formula(n).rhs - s["a"]).args
    parts = (sp.simplify(s["x"] * sp.diff(sp.expand_log(sp.log(factor)), s["x"])) for factor in factors)
    return sp.Eq(sp.Symbol("s"), sum(parts))


def turning_point_formula() -> Any:
    """The slope with ``X = (x/d_1)^{1/f_1}``, solved for ``X``."""
    import sympy as sp

    s = _symbols(1)
    power = sp.Symbol("X", positive=True)
    slope = slope_formula(1).rhs.subs(s["x"], s["d_1"] * power ** s["f_1"])
    slope = sp.powsimp(sp.expand_power_base(sp.powdenest(slope, force=True)))
    (found,) = sp.solve(sp.numer(sp.together(slope)), power)
    return sp.Eq(s["x"], s["d_1"] * found ** s["f_1"])


def _symbols(n: int) -> dict[str, Any]:
    import sympy as sp

    positive = ["x", *(f"{letter}_{i}" for letter in "df" for i in range(1, n + 1))]
    free = ["y", "a", "b", *(f"c_{i}" for i in range(n + 1))]
    return {name: sp.Symbol(name, positive=True) for name in positive} | {
        name: sp.Symbol(name, real=True) for name in free
    }
