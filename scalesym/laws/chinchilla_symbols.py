"""Chinchilla's law and its frontier in symbols, derived by :mod:`scalesym.powerlaw` from the two terms and the budget."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ..powerlaw import Law, Term, constants

__all__ = ["frontier", "law", "symbols"]


def symbols() -> dict[str, Any]:
    """The symbols by the paper's names, positive; ``E`` may vanish."""
    positive = {name: sp.Symbol(name, positive=True) for name in ("N", "D", "C", "C_0", "A", "B", "alpha", "beta")}
    return {"E": sp.Symbol("E", nonnegative=True), **positive}


def law() -> Any:
    """``L(N, D) = E + A N^{-α} + B D^{-β}``."""
    s = symbols()
    terms = s["E"] + s["A"] * s["N"] ** -s["alpha"] + s["B"] * s["D"] ** -s["beta"]
    return sp.Eq(sp.Function("L")(s["N"], s["D"]), terms)


def frontier() -> tuple[Any, Any, Any]:
    """Equations for ``N_opt(C)``, ``D_opt(C)`` and ``L_opt(C)``.

    With ``d = f^x`` the terms are ``f^{p+qx}``; they trade off where ``p_1 + q_1 x = p_2 + q_2 x``, with the constants of
    :func:`scalesym.powerlaw.constants`, and ``f = C/C_0``.
    """
    s = symbols()
    powers = Law((Term("parameters", 0, s["alpha"], s["A"]), Term("data", s["beta"], 0, s["B"])))
    up, down = powers["data"], powers["parameters"]
    share = (powers.intercept(down) - powers.intercept(up)) / (powers.slope(up) - powers.slope(down))
    decay = sp.simplify(powers.intercept(up) + powers.slope(up) * share)
    share = sp.simplify(share)
    size, top = constants(powers, ("data", "parameters"))
    f = s["C"] / s["C_0"]
    names = [sp.Function(name)(s["C"]) for name in ("N_opt", "D_opt", "L_opt")]
    values = (size * f**share, f ** sp.simplify(1 - share) / size, s["E"] + top * f**decay)
    N, D, loss = (sp.Eq(name, value) for name, value in zip(names, values, strict=True))
    return N, D, loss
