"""Compute-optimal exponents of all systems and of the phases, side by side.

``N* ∝ C^ξ`` is the best number of parameters at a compute budget, and what can be reduced of the loss falls like ``C^{-η}``. What a
system measured and what follows from its formula are rows of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..formulas import formula
from ..phases.table import phase_table
from ..powerlaw import Law, Term
from .chinchilla import Chinchilla
from .dynamical import DynamicalModel
from .henighan import Henighan
from .kaplan import Kaplan
from .regimes import FourRegimes
from .ridge import RandomFeatureRidge
from .vit import ViT

__all__ = ["Exponents", "compared"]


@dataclass(frozen=True)
class Exponents:
    """One row: numbers, exact where the constants are, or formulas as text; ``None`` where the system has no such exponent.

    ``known`` says how: ``"derived"`` from the law's formula, or ``"published"`` as a fit of its own.
    """

    system: str
    case: str
    xi: Fraction | float | str | None
    eta: Fraction | float | str | None
    known: str


def compared() -> tuple[Exponents, ...]:
    """The table of exponents.

    Examples
    --------
    >>> rows = {(row.system, row.case): row for row in compared()}
    >>> found = rows["Chinchilla", "hoffmann_rounded"]
    >>> found.xi, found.eta, found.known
    (Fraction(14, 31), Fraction(119, 775), 'derived')
    >>> rows["phases", "III"].eta
    '(4α - 1)/(4α)'
    """
    rows = []
    for name in Chinchilla.papers():
        a, _, gamma = Chinchilla.from_paper(name).exponents()
        rows.append(Exponents("Chinchilla", name, a, gamma, "derived"))
    kaplan = Kaplan.from_paper()
    for model, known in (("appendix-b", "derived"), ("joint", "derived"), ("fitted", "published")):
        rows.append(Exponents("Kaplan", model, *_slopes(kaplan, model), known))
    for name in Henighan.papers():
        domain = Henighan.from_paper(name)
        size = None if domain.allocation is None else domain.allocation.p
        loss = None if domain.compute is None else domain.compute.alpha
        if size is not None or loss is not None:
            rows.append(Exponents("Henighan", name, size, loss, "published"))
    rows += [Exponents("ViT", name, None, ViT.from_paper(name).exponent, "published") for name in ViT.papers()]
    rows += _dynamical() + _solved()
    rows += [Exponents("phases", each.name, each.xi.text, each.eta.text, "derived") for each in phase_table().phases]
    return tuple(rows)


def _dynamical() -> list[Exponents]:
    """Formulas of the catalogue, which is read without SymPy, and the numbers of the stored spectra."""
    rows = []
    for case, name, known in (
        ("a - 1 ≤ b", "hard", "derived"),
        ("a - 1 > b", "easy", "derived"),
        ("m = min(a - 1, 2b)", "published", "published"),
    ):
        xi, falling = (_right_side(f"dynamical.frontier.{name}.{letter}") for letter in "NL")
        rows.append(Exponents("dynamical", case, xi, falling.removeprefix("-"), known))
    for case in DynamicalModel.papers():
        model = DynamicalModel.from_paper(case)
        for kind in ("derived", "published"):
            found = model.exponents(kind)
            said = case if kind == "derived" else f"{case}, as reported"
            rows.append(Exponents("dynamical", said, found.xi, found.eta, kind))
    return rows


def _right_side(id: str) -> str:
    return formula(id).text().partition("\n")[0].partition(" = ")[2]


def _solved() -> list[Exponents]:
    """Models whose cost is the product of features and samples: no time is counted."""
    rows = []
    for case in FourRegimes.papers():
        found = FourRegimes.from_paper(case).exponents()
        data, parameters = Term("data", found.alpha_D, 0), Term("parameters", 0, found.alpha_P)
        best = Law((data, parameters)).optimum()
        rows.append(Exponents("regimes", f"{case}, C = D P", best.xi, best.eta, "derived"))
    for case in RandomFeatureRidge.papers():
        ridge = RandomFeatureRidge.from_paper(case).exponents()
        rows.append(Exponents("ridge", f"{case}, C = N T", ridge.split, ridge.compute, "derived"))
    return rows


def _slopes(law: Kaplan, model: str) -> tuple[float, float]:
    """Exponents of an allocation that is a power law, from two budgets."""
    low, high = (law.allocate(C, model=model) for C in (1.0, 10.0))
    return math.log10(high.N / low.N), -math.log10(high.L / low.L)
