"""Exponents side by side: from each law's own optimum, at two budgets; and the phases as their table has them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from scalesym.laws import Chinchilla, Henighan, Kaplan, ViT, compared
from scalesym.phases import phase_table

ROWS = {(row.system, row.case): row for row in compared()}


def slope(low: float, high: float) -> float:
    return math.log10(high / low) / 2


@pytest.mark.parametrize("name", Chinchilla.papers())
def test_chinchilla(name: str) -> None:
    law = Chinchilla.from_paper(name)
    row = ROWS["Chinchilla", name]
    low, high = law.optimum(1e20), law.optimum(1e22)
    assert float(row.xi) == pytest.approx(slope(low.N, high.N), rel=1e-9)
    floor = float(law.E)
    assert float(row.eta) == pytest.approx(-slope(low.loss - floor, high.loss - floor), rel=1e-9)


def test_kaplan_has_three_answers() -> None:
    found = {model: ROWS["Kaplan", model] for model in ("appendix-b", "joint", "fitted")}
    assert [round(float(row.xi), 4) for row in found.values()] == [0.6812, 0.5754, 0.73]  # SYSTEMS.md
    assert [round(float(row.eta), 4) for row in found.values()] == [0.0525, 0.0437, 0.05]
    law = Kaplan.from_paper()
    for model, row in found.items():
        low, high = law.allocate(1.0, model=model), law.allocate(100.0, model=model)
        assert float(row.xi) == pytest.approx(slope(low.N, high.N), rel=1e-9)


def test_the_others() -> None:
    assert ROWS["Henighan", "language"].xi == Henighan.from_paper("language").allocation.p == 0.73
    assert ("Henighan", "text-to-image-text") not in ROWS  # no frontier of its own
    assert ROWS["ViT", "finetune"].xi is None
    assert ROWS["ViT", "finetune"].eta == ViT.from_paper("finetune").exponent
    for entry in phase_table().phases:
        assert (ROWS["phases", entry.name].xi, ROWS["phases", entry.name].eta) == (entry.xi.text, entry.eta.text)


def test_exact_where_the_constants_are() -> None:
    assert ROWS["Chinchilla", "hoffmann_rounded"].xi == Fraction(28, 62)
    assert {row.known for row in ROWS.values()} == {"derived", "published"}
