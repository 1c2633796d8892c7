"""Henighan's laws: every row of the table, its traps, and what one law of two terms would make of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from strategies import objects, powers_of_ten

from scalesym.claims import laws_henighan
from scalesym.errors import ParameterError
from scalesym.laws._power import PF_DAY, Power
from scalesym.laws._tradeoff import tradeoff
from scalesym.laws.henighan import Henighan, SizeTrend, TwoTerm
from scalesym.laws.kaplan import Kaplan
from scalesym.laws.published import constants, published
from scalesym.ledger import Claim

rows = {name: Henighan.from_paper(name) for name in Henighan.papers()}
COMPLETE = {name: row for name, row in rows.items() if row.allocation}
language = rows["language"]

# SYSTEMS.md: L(N), L(C), N_opt
TABLE: dict[str, tuple[Any, Any, Any]] = {
    "language": ((0, 1.47e14, 0.070), (0, 3.47e8, 0.048), (3.3e-13, 0.73)),
    "image-8x8": ((3.12, 8.0e1, 0.24), (3.13, 1.8e-8, 0.19), (5.3e-14, 0.64)),
    "image-16x16": ((2.64, 2.8e2, 0.22), (2.64, 1.6e-8, 0.16), (4.8e-12, 0.75)),
    "image-32x32": ((2.20, 6.3e1, 0.13), (2.21, 3.6e-9, 0.10), (1.6e-13, 0.65)),
    "image-vq-16x16": ((3.99, 2.7e4, 0.13), (4.09, 6.1e-7, 0.11), (6.2e-14, 0.64)),
    "image-vq-32x32": ((3.07, 1.9e4, 0.14), (3.17, 2.6e-6, 0.12), (9.4e-13, 0.70)),
    "text-to-image-text": ((0, 5.6e8, 0.037), None, None),
    "text-to-image-image": ((2.0, 5.1e3, 0.16), (1.93, 1.5e-6, 0.15), (9.4e-13, 0.70)),
    "image-to-text-text": ((0, 7.0e8, 0.039), None, None),
    "image-to-text-image": ((2.0, 5.5e3, 0.15), (1.97, 1.5e-6, 0.16), (3.3e-12, 0.72)),
    "video-vq-16x16x16": ((1.01, 3.7e4, 0.24), (0.95, 2.2e-5, 0.14), (1.13e-12, 0.71)),
    "math": ((0.28, 1.1e4, 0.16), (0.14, 1.4e-5, 0.17), (2.3e-12, 0.69)),
}


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_the_rows() -> None:
    assert list(rows) == list(TABLE)
    for name, (size, compute, trend) in TABLE.items():
        row = rows[name]
        assert row.size is not None
        assert (row.size.L_inf, row.size.x0, row.size.alpha) == size
        assert (row.compute and (row.compute.L_inf, row.compute.x0, row.compute.alpha)) == compute
        assert (row.allocation and (row.allocation.c0, row.allocation.p)) == trend


def test_ranges() -> None:
    powers = [row.allocation.p for row in COMPLETE.values() if row.allocation]
    assert (min(powers), max(powers), float(np.median(powers))) == (0.64, 0.75, 0.70)
    sizes = [row.law("N").alpha for row in rows.values()]
    assert (min(sizes), max(sizes)) == (0.037, 0.24)
    computes = [row.law("C").alpha for row in COMPLETE.values()]
    assert (min(computes), max(computes)) == (0.048, 0.19)


def test_values() -> None:
    size = language.optimum(1.0).N
    assert size == pytest.approx(1.29e9, rel=5e-3)
    assert size == pytest.approx(Kaplan.from_paper().allocate(1.0, "fitted").N, rel=0.01)
    assert language(C=1) == pytest.approx(2.570016, abs=5e-7)
    assert language(C=100) == pytest.approx(2.57 * 100**-0.048, rel=1e-4)
    assert rows["image-16x16"](C=1) == pytest.approx(2.6966, abs=5e-5)
    assert rows["image-16x16"].reducible(C=1) == pytest.approx(1.6e-8**0.16)
    assert rows["image-8x8"].entropy("N") == 3.12
    assert rows["image-8x8"].entropy() == 3.13
    assert language.entropy() == 0  # not resolved, which is not that text has none


def test_units() -> None:
    row = rows["math"]
    assert row(C=PF_DAY, unit="FLOP") == row(C=1)
    assert row.reducible(C=PF_DAY, unit="FLOP") == row.reducible(C=1)
    assert row.optimum(PF_DAY, "FLOP") == row.optimum(1)
    best = row.optimum([1.0, 100.0])
    spent = 6 * best.N * best.D / PF_DAY
    assert spent.tolist() == pytest.approx([1.0, 100.0])
    assert row(N="11000") == pytest.approx(1.28)
    with pytest.raises(ParameterError, match="PF-days"):
        row(C=1, unit="flop")


def test_data_growth() -> None:
    trend = SizeTrend(c0=1, p=0.7)
    assert trend.data_with_compute == pytest.approx(0.3)
    assert trend.data_with_size == pytest.approx(3 / 7)
    reported = published("henighan")["reported"]
    assert reported["data-with-size"]["derived"] == pytest.approx(trend.data_with_size, rel=1e-5)
    assert reported["data-with-compute"]["derived"] == pytest.approx(trend.data_with_compute)
    assert reported["data-with-compute"]["printed"] != pytest.approx(0.3, abs=0.01)
    best = [rows["image-vq-32x32"].optimum(C) for C in (1.0, 10.0)]
    assert math.log10(best[1].D / best[0].D) == pytest.approx(0.3)


def test_consistency_is_a_diagnostic() -> None:
    assert language.consistency().from_size == pytest.approx(0.0511)
    assert rows["image-8x8"].consistency().from_size == pytest.approx(0.154, abs=5e-4)
    assert rows["video-vq-16x16x16"].consistency().from_size == pytest.approx(0.170, abs=5e-4)
    ratios = [row.consistency().ratio for row in COMPLETE.values()]
    assert (round(min(ratios), 2), round(max(ratios), 2)) == (0.82, 1.54)
    assert sum(0.9 < ratio < 1.1 for ratio in ratios) == 2


def test_loss_of_whole_images() -> None:
    """Table 3 is table 1 times the tokens, but for one printed scale that has lost a power of ten."""
    for entry in published("henighan")["per_image"]["rows"]:
        whole = rows[entry["set"]].law("C").times(entry["tokens"])
        assert whole.L_inf == pytest.approx(entry["floor"], rel=3e-3)
        assert whole.alpha == entry["alpha"]
        if entry["status"] == "misprint":
            assert entry["set"] == "image-8x8"
            assert whole.x0 == pytest.approx(entry["derived_scale"], rel=5e-3)
            assert whole.x0 / entry["scale"] == pytest.approx(10, rel=0.02)
        else:
            assert whole.x0 == pytest.approx(entry["scale"], rel=0.03)
        assert whole(1e3) == pytest.approx(entry["tokens"] * rows[entry["set"]](C=1e3))


def test_sources() -> None:
    for name in rows:
        entry = constants("henighan", name)
        assert "2010.14701" in entry["source"]
        assert entry["status"] == "published"
    assert "combined" in constants("henighan", "text-to-image-text")["note"]


# -- independent roads -----------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(COMPLETE)), powers_of_ten(3, 14), powers_of_ten(-8, 8))
def test_losses_and_inverses(name: str, N: float, C: float) -> None:
    row = rows[name]
    with mpmath.workdps(50):
        for variable, x in (("N", N), ("C", C)):
            law = row.law(variable)
            above = (mpmath.mpf(law.x0) / mpmath.mpf(x)) ** mpmath.mpf(law.alpha)
            assert row(**{variable: x}) == pytest.approx(float(law.L_inf + above), rel=1e-13)
            assert row.reducible(**{variable: x}) == pytest.approx(float(above), rel=1e-13)
            assert row.x_for(float(above), variable) == pytest.approx(x, rel=1e-11)
            if above > 1e-3:
                assert row.inverse(row(**{variable: x}), variable) == pytest.approx(x, rel=1e-7)


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_two_terms_reproduce_the_trend(name: str) -> None:
    row = rows[name]
    two, trend, size = row.two_term(), row.allocation, row.law("N")
    assert trend is not None
    assert two.delta == pytest.approx(size.alpha * trend.p / (1 - trend.p))
    assert (two.allocation.c0, two.allocation.p) == pytest.approx((trend.c0, trend.p), rel=1e-9)
    assert two.compute.alpha == pytest.approx(row.consistency().from_size)
    for C in (1e-3, 1.0, 1e4):

        def loss(x: float, C: float = C) -> float:
            D = C * PF_DAY / (6 * math.exp(x))
            return (two.N_0 / math.exp(x)) ** two.alpha + (two.D_0 / D) ** two.delta

        centre = math.log(row.optimum(C).N)
        found: Any = minimize_scalar(loss, bracket=(centre - 3, centre + 0.1, centre + 3), method="golden", tol=1e-10)
        assert found.x == pytest.approx(centre, abs=1e-5)
        assert found.fun == pytest.approx(two.compute.reducible(C), rel=1e-9)
    assert two.L_inf == size.L_inf


@settings(deadline=None)
@given(st.floats(0.05, 3), st.floats(0.05, 3), powers_of_ten(-6, 6))
def test_the_tradeoff_is_the_least(a: float, b: float, c: float) -> None:
    size, value, xi, eta = tradeoff(a, b)

    def log_sum(x: float) -> float:
        return float(np.logaddexp(-a * x, b * (x - math.log(c))))

    found: Any = minimize_scalar(log_sum, bounds=(-200, 200), method="bounded", options={"xatol": 1e-10})
    assert math.log(value) - eta * math.log(c) == pytest.approx(found.fun, rel=1e-10, abs=1e-10)
    assert math.log(size) + xi * math.log(c) == pytest.approx(found.x, abs=1e-4)


def test_formulas() -> None:
    row = rows["video-vq-16x16x16"]
    at = {"C": 3.0, "C_0": 2.2e-5, "alpha_C": 0.14, "L_infty": 0.95}
    rhs = row.formula.rhs
    assert float(rhs.subs({s: at[s.name] for s in rhs.free_symbols})) == pytest.approx(row(C=3.0))
    assert row.latex.startswith(r"L{\left(C \right)}")
    assert "L_{\\infty}" in row.latex
    assert str(rows["text-to-image-text"].formula.lhs) == "L(N)"
    assert {s.name for s in row.two_term().formula.rhs.free_symbols} == {
        "L_infty",
        "N",
        "N_0",
        "alpha",
        "D",
        "D_0",
        "delta",
    }
    assert "L_infty" not in str(language.two_term().formula)


# -- fits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["image-8x8", "image-32x32", "video-vq-16x16x16"])
@pytest.mark.parametrize("variable", ["N", "C"])
def test_fits_recover_the_rows(name: str, variable: str) -> None:
    law = rows[name].law(variable)
    x = law.x0 * 10.0 ** np.linspace(0, 9, 12)
    found = Henighan.fit(x, law(x), variable)
    assert found.success
    assert found.law.law(variable).alpha == pytest.approx(law.alpha, rel=1e-4)
    assert found.law.entropy(variable) == pytest.approx(law.L_inf, rel=1e-4)
    assert found.parameters["x0"] == pytest.approx(law.x0, rel=1e-2)


def test_a_floor_that_is_not_there() -> None:
    C = 10.0 ** np.arange(-6, 4)
    found = Henighan.fit(C, language(C=C))
    assert found.law.entropy() < 1e-3
    assert found.law.law("C").alpha == pytest.approx(0.048, rel=1e-3)


@pytest.mark.parametrize("floor", [False, True])
def test_losses_that_do_not_fall_are_refused(floor: bool) -> None:
    x = np.geomspace(1, 1e4, 9)
    for loss in (x**0.1, np.full(9, 2.0)):
        with pytest.raises(ParameterError, match="the losses must fall as x grows"):
            Power.fit(x, loss, floor=floor)
    with pytest.raises(ParameterError, match="the losses fall too little"):  # x_0 = e^1099
        Power.fit(x, 3 * x**-0.001, floor=floor)
    hardly = 2 + np.array([0.02, 0, 0.01, 0, 0, 0, 0, 0, 0])
    assert set(Power.fit(x, hardly, floor=True, bootstrap=3).samples) == {"x0", "alpha", "L_inf"}


def test_the_bootstrap_covers_the_truth() -> None:
    row, C = rows["image-16x16"], 10.0 ** np.linspace(-8, 1, 30)
    noisy = row(C=C) * np.exp(0.001 * np.random.default_rng(11).standard_normal(30))
    found = Henighan.fit(C, noisy, bootstrap=40, seed=2)
    for name, truth in (("alpha", 0.16), ("L_inf", 2.64)):
        low, high = found.interval(0.99)[name]
        assert low < truth < high
        assert not low < 1.2 * truth < high
    with pytest.raises(ParameterError, match="no law"):
        Henighan.fit(C, noisy, "D")
    with pytest.raises(ParameterError, match="3 constants"):
        Henighan.fit([1, 2], [3, 2])


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["text-to-image-text", "image-to-text-text"])
def test_rows_of_combined_losses(name: str) -> None:
    row = rows[name]
    assert row(N=5e8) > 0
    for call in (row.optimum, lambda C: row(C=C), row.x_for, row.inverse):
        with pytest.raises(ParameterError, match="image row"):
            call(1.0)
    for method in (row.consistency, row.two_term, row.entropy):
        with pytest.raises(ParameterError, match="image row"):
            method()


def test_arguments() -> None:
    arguments: tuple[dict[str, float], ...] = ({}, {"N": 1e9, "C": 1.0})
    for given_ in arguments:
        with pytest.raises(ParameterError, match="give one"):
            language(**given_)
    with pytest.raises(ParameterError, match="use 'N' or 'C'"):
        language.law("D")
    with pytest.raises(ParameterError, match="language"):
        Henighan.from_paper("audio")
    with pytest.raises(ParameterError, match="floor"):
        rows["math"].inverse(0.14)
    with pytest.raises(ParameterError, match="has a name"):
        Henighan(domain=3)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="Power"):
        Henighan(domain="x", size=SizeTrend(c0=1, p=0.5))  # type: ignore[arg-type]
    for p in (0, 1, 1.5, math.nan):
        with pytest.raises(ParameterError):
            SizeTrend(c0=1, p=p)
    with pytest.raises(ParameterError):
        TwoTerm(L_inf=-1, N_0=1, alpha=1, D_0=1, delta=1)


def test_limits() -> None:
    assert rows["image-8x8"](C=math.inf) == 3.13
    with pytest.raises(ParameterError, match="finite"):
        language(C=math.inf)  # without a floor the loss would be 0
    with pytest.raises(ParameterError):
        replace(rows["math"].two_term(), alpha=1e-200, delta=1e-200).compute  # noqa: B018
    assert Power(x0=1, alpha=1, L_inf=2)(np.array([1.0, math.inf])).tolist() == [3.0, 2.0]


@settings(deadline=None)
@given(objects(), objects())
def test_anything_is_a_number_or_a_parameter_error(one: object, other: object) -> None:
    row = rows["image-8x8"]
    calls: tuple[Any, ...] = (
        lambda: row(N=one, C=other),
        lambda: row(C=one),
        lambda: row.reducible(N=one),
        lambda: row.x_for(one, "N"),
        lambda: row.inverse(one),
        lambda: row.optimum(one),
        lambda: Power(x0=one, alpha=other)(2.0),  # type: ignore[arg-type]
        lambda: Power(x0=1, alpha=other, L_inf=one).times(3).x0,  # type: ignore[arg-type]
        lambda: (
            Henighan(
                domain="x",
                size=Power(x0=2, alpha=one),  # type: ignore[arg-type]
                allocation=SizeTrend(c0=1, p=other),  # type: ignore[arg-type]
            )
            .two_term()
            .allocation.c0
        ),
        lambda: Henighan.fit([1, 2, one], [3, 2, other]).objective,
    )
    for call in calls:
        try:
            found = call()
        except ParameterError:
            continue
        for value in found if isinstance(found, tuple) else (found,):
            assert np.isfinite(value).all()


# -- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", laws_henighan.CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
