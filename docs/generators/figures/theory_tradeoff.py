"""Pieces as lines in log d: the least of their maximum."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from scalesym import phase
from scalesym.phases import phase_table

from .theme import PIECES, Theme
from .theory_question import ALPHA, BETA

__all__ = ["exponents", "tropical"]


def exponents(alpha: Fraction, beta: Fraction) -> dict[str, tuple[Fraction, Fraction]]:
    """Each piece as ``f^{p + q x}`` at ``d = f^x``: the pairs ``(p, q)``, from the table that the catalogue gives."""
    law = phase_table().sector_at((alpha, beta)).at((alpha, beta))
    return {term.name: (law.intercept(term), law.slope(term)) for term in law.terms}


def _panel(axis: Any, theme: Theme, alpha: str, beta: str, ends: tuple[float, float], places: dict[str, Any]) -> None:
    x = np.linspace(*ends, 241)
    lines = {name: float(p) + float(q) * x for name, (p, q) in exponents(Fraction(alpha), Fraction(beta)).items()}
    axis.plot(x, np.max(list(lines.values()), axis=0), color=theme.ink, lw=7, alpha=0.25)
    for name, line in lines.items():
        axis.plot(x, line, color=theme[name], lw=2)
        at, shift, side = places[name]
        axis.text(at, np.interp(at, x, line) + shift, PIECES[name], color=theme.text(name), ha=side, va="center")
    found = phase(alpha, beta)
    xi, eta = float(found.xi), float(found.eta)
    axis.plot(xi, -eta, "o", color=theme.ink, ms=8, zorder=5)
    axis.plot([xi, xi, 0], [-9, -eta, -eta], color=theme.muted, lw=0.9, ls=":")
    axis.text(xi + 0.012, -1.33, rf"$\xi = {found.xi.numerator}/{found.xi.denominator}$", va="bottom")
    left = ends[0] + 0.012
    axis.text(left, -0.012 - eta, rf"$-\eta = -{found.eta.numerator}/{found.eta.denominator}$", va="top")
    axis.set(xlim=ends, xlabel=r"$x = \log_f d$")
    axis.set_title(rf"phase {found.name}:  $\alpha = {alpha}$, $\beta = {beta}$")


def tropical(theme: Theme) -> Any:
    """Two phases side by side."""
    import matplotlib.pyplot as plt

    figure, (one, two) = plt.subplots(1, 2, figsize=(6.6, 4.0), sharey=True)
    _panel(
        one,
        theme,
        ALPHA,
        BETA,
        (0.2, 0.8),
        {
            "F_pp": (0.74, -0.13, "center"),
            "F_ac": (0.74, 0.07, "center"),
            "F_0": (0.59, -0.02, "right"),
            "K_pp": (0.62, 0.07, "right"),
        },
    )
    _panel(
        two,
        theme,
        "9/10",
        "2/5",
        (0.1, 0.7),
        {"F_pp": (0.57, 0.09, "right"), "F_0": (0.22, 0.06, "left"), "K_pp": (0.25, 0.16, "center")},
    )
    one.set(ylim=(-1.35, -0.15), ylabel=r"$\log_f$ of the piece")
    return figure
