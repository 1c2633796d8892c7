"""Exponents side by side: from each law's own optimum, at two budgets; and the phases as their table has them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from scalesym.laws import Chinchilla, DynamicalModel, FourRegimes, Henighan, Kaplan, RandomFeatureRidge, ViT, compared
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


def test_every_row_has_its_place() -> None:
    assert len(ROWS) == len(compared())


@pytest.mark.parametrize("name", ["hard", "easy"])
def test_the_flow_has_the_derived_exponents(name: str) -> None:
    derived, reported = ROWS["dynamical", name], ROWS["dynamical", f"{name}, as reported"]
    best = DynamicalModel.from_paper(name).compute_optimal(1e7)
    assert (best.eta, best.xi) == pytest.approx((float(derived.eta), float(derived.xi)), abs=0.003)
    assert ((reported.eta, reported.xi) == (derived.eta, derived.xi)) == (name == "hard")


def test_formulas_of_the_flow() -> None:
    hard, easy = ROWS["dynamical", "a - 1 ≤ b"], ROWS["dynamical", "a - 1 > b"]
    assert (hard.xi, hard.eta, easy.xi, easy.eta) == ("1/(1 + b)", "(a - 1)/(1 + b)", "(a - b)/a", "(a - 1)/a")


def test_the_best_ridge_at_a_product_of_features_and_samples() -> None:
    row, law = ROWS["ridge", "harmonic, C = N T"], RandomFeatureRidge("1", "inf")
    low, high = law.compute_optimal(1e6), law.compute_optimal(1e8)
    assert slope(low.loss, high.loss) == pytest.approx(-float(row.eta), abs=2e-3)
    assert slope(low.N, high.N) == pytest.approx(float(row.xi), abs=2e-3)


def test_least_norm_at_a_product_of_data_and_parameters() -> None:
    """By a scan: ``D = (1 + 2/α)P`` is best, as the derivative of ``P^{-α} D/(D-P)`` along ``DP = C`` says."""
    row, law = ROWS["regimes", "slow, C = D P"], FourRegimes("3/5")
    found = []
    for C in (1e8, 1e10):
        losses = {ratio: law.loss((C * ratio) ** 0.5, (C / ratio) ** 0.5) for ratio in (2.0, 3.5, 13 / 3, 5.5, 9.0)}
        assert min(losses, key=losses.__getitem__) == 13 / 3
        found.append(losses[13 / 3])
    assert slope(*found) == pytest.approx(-float(row.eta), abs=2e-3)
