"""The law of vision transformers, and the saturating law that it shares with adaptive training."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import objects, powers_of_ten

from scalesym.claims import laws_vit
from scalesym.errors import ParameterError
from scalesym.laws.bnsl import BNSL
from scalesym.laws.published import published
from scalesym.laws.shape import ShapeLaw
from scalesym.laws.vit import ViT
from scalesym.ledger import Claim

FINETUNE, TENSHOT = (ViT.from_paper(name) for name in ("finetune", "tenshot"))


@st.composite
def shape_laws(draw: st.DrawFn, shifted: bool | None = None) -> ShapeLaw:
    shift = draw(powers_of_ten(-4, 3)) if shifted or (shifted is None and draw(st.booleans())) else 0
    exponent = draw(st.fractions(Fraction(1, 10), 2, max_denominator=20))
    return ShapeLaw(draw(powers_of_ten(-2, 2)), exponent, draw(st.fractions(-1, 1, max_denominator=20)), shift)


def test_published_constants() -> None:
    assert ViT.papers() == ("finetune", "tenshot")
    assert (FINETUNE.floor, FINETUNE.scale, FINETUNE.shift, FINETUNE.exponent) == (0.09, 0.26, 0.01, 0.35)
    assert (TENSHOT.floor, TENSHOT.scale, TENSHOT.shift, TENSHOT.exponent) == (0.12, 0.63, 0.52, 0.32)
    assert all(each["source"] and each["status"] for each in published("vit")["sets"].values())
    with pytest.raises(ParameterError, match="use one of finetune, tenshot"):
        ViT.from_paper("zeroshot")


def test_values() -> None:
    assert np.allclose(FINETUNE([1, 100, 10**4]), [0.3490961, 0.1418750, 0.10035078], atol=5e-8, rtol=0)
    assert math.isclose(FINETUNE.inverse(0.12), 478.1546, rel_tol=1e-7)
    assert math.isclose(FINETUNE.inverse("0.10"), 11035.21, rel_tol=1e-7)
    assert math.isclose(FINETUNE.ceiling, 1.39309, abs_tol=5e-6)
    assert math.isclose(TENSHOT(1), 0.12 + 0.63 * 1.52**-0.32, rel_tol=1e-14)
    assert TENSHOT.ceiling < 1
    assert TENSHOT.least_compute == 0


def test_it_is_no_error_rate_at_little_compute() -> None:
    """The bound is 0.017895; 0.01788 was handed down."""
    bound = FINETUNE.least_compute
    assert math.isclose(bound, (0.91 / 0.26) ** (-1 / 0.35) - 0.01, rel_tol=1e-12)
    assert f"{bound:.6f}" == "0.017895"
    for compute in (0, 0.0178, [1, 0.001]):
        with pytest.raises(ParameterError, match="no error rate"):
            FINETUNE(compute)
        assert np.max(FINETUNE(compute, beyond="clip")) == 1
        assert np.max(FINETUNE(compute, beyond="keep")) > 1
    assert math.isclose(FINETUNE(bound * (1 + 1e-12)), 1)
    with pytest.raises(ParameterError, match="no such way"):
        FINETUNE(1, beyond="ignore")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="no error rate"):
        FINETUNE.inverse(1.2)
    with pytest.raises(ParameterError, match="no error rate"):
        FINETUNE.marginal_cost(1.2)


@pytest.mark.parametrize("error", [0.09, 0.05, 0, -1, [0.5, 0.09]])
def test_the_floor_is_not_reached(error: object) -> None:
    with pytest.raises(ParameterError, match="the floor"):
        FINETUNE.inverse(error)


def test_the_ceiling_is_not_exceeded() -> None:
    law = ShapeLaw(2, "1/2", "0.1", 1)
    assert law.ceiling == 2.1
    assert law.inverse(2.1) == 0
    with pytest.raises(ParameterError, match="begins below"):
        law.inverse(2.2)


def test_slope_is_half_way_at_the_shift() -> None:
    assert math.isclose(FINETUNE.slope(0.01), -0.35 / 2, rel_tol=1e-15)
    assert FINETUNE.slope(0) == 0
    assert math.isclose(FINETUNE.slope(1e12), -0.35, rel_tol=1e-12)


def test_without_a_shift_there_is_no_ceiling() -> None:
    law = ShapeLaw(2, 0.5, 0.1)
    assert law.ceiling == math.inf
    assert math.isclose(law(4), 1.1)
    with pytest.raises(ParameterError, match="pole"):
        law(0)


@pytest.mark.parametrize(
    "constants",
    [
        {"scale": 0, "exponent": 1},
        {"scale": -1, "exponent": 1},
        {"scale": 1, "exponent": 0},
        {"scale": 1, "exponent": 1, "shift": -0.1},
        {"scale": 1, "exponent": 1, "floor": 1},
        {"scale": 1, "exponent": 1, "floor": -0.1},
        {"scale": math.nan, "exponent": 1},
        {"scale": 1, "exponent": math.inf},
        {"scale": 1, "exponent": 300, "shift": 1e-3},
    ],
)
def test_constants_outside_their_domain(constants: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        ViT(**constants)


def test_letters_cannot_be_confused() -> None:
    """Sources differ in which letter is the floor, so constants are given by name only."""
    with pytest.raises(TypeError):
        ViT(0.09, 0.26, 0.35, 0.01)  # type: ignore[misc]


@given(objects())
def test_hostile_inputs(value: object) -> None:
    for call in (FINETUNE, FINETUNE.inverse, FINETUNE.slope, FINETUNE.marginal_cost):
        try:
            result = call(value)
        except ParameterError:
            continue
        assert np.isfinite(result).all()


@given(shape_laws(), powers_of_ten(-6, 8))
@example(ShapeLaw(0.26, 0.35, 0.09, 0.01), 1e-20)
def test_inverse_and_derivatives(law: ShapeLaw, compute: float) -> None:
    error = law(compute)
    lost = 2e-16 * abs(error) / (error - float(law.floor))  # to rounding, in the excess over the floor
    if error <= law.floor or lost > 1e-6:
        return
    whole = compute + float(law.shift)
    assert abs(law.inverse(error) - compute) <= (1e-13 + 4 * lost) / float(law.exponent) * whole
    assert math.isclose(-law.derivative(compute) * law.marginal_cost(error), 1, rel_tol=1e-11 + 60 * lost)
    assert math.isclose(
        law.slope(compute), law.derivative(compute) * compute / (error - float(law.floor)), rel_tol=1e-9 + lost
    )


@given(shape_laws(shifted=True), powers_of_ten(-6, 8))
def test_a_difference_quotient(law: ShapeLaw, compute: float) -> None:
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 40
    a, b, c, d = (
        mp.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in (law.scale, law.exponent, law.floor, law.shift)
    )
    slope = mp.diff(lambda u: mp.log(a * (mp.exp(u) + d) ** -b), mp.log(compute))
    assert math.isclose(law.slope(compute), slope, rel_tol=1e-11)
    assert math.isclose(law(compute), a * (compute + d) ** -b + c, rel_tol=1e-13, abs_tol=1e-14)


@settings(max_examples=40)
@given(shape_laws(), powers_of_ten(-2, 3), powers_of_ten(-3, 0))
def test_compute_between_is_the_integral_of_the_marginal_cost(law: ShapeLaw, start: float, part: float) -> None:
    from scipy.integrate import quad

    high = law(start)
    low = float(law.floor) + (high - float(law.floor)) * (1 - part / 1.01)
    if not high > low > law.floor:
        return
    integral = quad(law.marginal_cost, low, high, epsabs=0, epsrel=1e-9)[0]
    assert math.isclose(law.compute_between(high, low), integral, rel_tol=1e-7)


@given(shape_laws(shifted=True), st.floats(0, 2), powers_of_ten(-3, 3))
def test_the_marginal_cost_does_not_know_the_shift(law: ShapeLaw, part: float, shift: float) -> None:
    other = ShapeLaw(law.scale, law.exponent, law.floor, shift)
    error = float(law.floor) + 1e-3 * (1 + part)
    if error <= min(law.ceiling, other.ceiling):
        assert law.marginal_cost(error) == other.marginal_cost(error)


def test_formulas_are_what_is_computed() -> None:
    law = FINETUNE.law
    values = {"a": law.scale, "b": law.exponent, "c": law.floor, "d": law.shift, "C": 7.0, "E": law(7.0)}

    def at(equation: Any) -> float:
        return float(equation.rhs.subs({s: values[s.name] for s in equation.rhs.free_symbols}))

    assert math.isclose(at(law.formula), law(7.0))
    assert math.isclose(at(law.inverse_formula), 7.0)
    assert math.isclose(at(law.marginal_cost_formula), law.marginal_cost(law(7.0)))
    assert "d" not in {s.name for s in law.marginal_cost_formula.rhs.free_symbols}
    assert FINETUNE.latex == r"E = a \left(C + d\right)^{- b} + c"


@given(shape_laws(), powers_of_ten(-3, 5))
def test_it_is_a_broken_law_without_breaks(law: ShapeLaw, compute: float) -> None:
    unbroken = BNSL(law.floor, law.scale, [law.exponent])
    assert math.isclose(unbroken(compute + float(law.shift)), law(compute), rel_tol=1e-13, abs_tol=1e-13)


@pytest.mark.parametrize(
    "law", [FINETUNE, TENSHOT, ViT(scale=0.3, exponent=0.4, floor=0.05), ViT(scale=0.3, exponent=0.2, shift=2)]
)
def test_a_fit_recovers_the_truth(law: ViT) -> None:
    C = np.geomspace(max(0.02, 2 * law.least_compute), 1e4, 25)
    found = ViT.fit(C, law(C))
    assert found.success
    assert isinstance(found.law, ViT)
    for name, value in found.parameters.items():
        assert math.isclose(value, getattr(law, name), rel_tol=1e-6, abs_tol=1e-9), name


def test_a_fit_to_noise() -> None:
    C = np.geomspace(0.05, 1e4, 40)
    noise = np.exp(0.01 * np.random.default_rng(5).normal(size=40))
    found = ViT.fit(C, FINETUNE(C) * noise, bootstrap=30, seed=1)
    again = ViT.fit(C, FINETUNE(C) * noise, bootstrap=30, seed=1)
    assert all((found.samples[name] == again.samples[name]).all() for name in found.samples)
    intervals = found.interval(0.98)
    for name in ("scale", "exponent", "floor"):
        assert intervals[name][0] <= getattr(FINETUNE, name) <= intervals[name][1]
    assert found.objective < 1.5e-4
    assert math.isclose(
        found.objective, np.mean((np.log(found.law(C)) - np.log(FINETUNE(C) * noise)) ** 2), rel_tol=1e-9
    )


def test_data_that_cannot_be_fitted() -> None:
    C, E = np.arange(1.0, 7), np.linspace(0.9, 0.2, 6)
    for compute, error in [
        (C[:4], E[:4]),
        (C, E[:5]),
        (-C, E),
        (C, 2 * E),
        (C, -E),
        (np.ones(6), E),
        (C, "text"),
        (C, E * np.nan),
    ]:
        with pytest.raises(ParameterError):
            ViT.fit(compute, error)
    with pytest.raises(ParameterError, match="bootstrap"):
        ViT.fit(C, E, bootstrap=-1)
    assert ViT.fit(C, np.full(6, 0.5)).law(3) == pytest.approx(0.5)


@settings(max_examples=10)
@given(st.floats(0.02, 0.3), st.floats(0.2, 0.8), st.floats(0.1, 0.5))
def test_false_constants_fit_worse(floor: float, exponent: float, scale: float) -> None:
    law = ViT(scale=scale, exponent=exponent, floor=floor, shift=1)
    C = np.geomspace(0.1, 1e4, 12)
    data = law(C) * np.exp(0.01 * np.random.default_rng(0).normal(size=12))
    best = ViT.fit(C, data)
    wrong = ViT(scale=scale, exponent=exponent * 1.01, floor=floor, shift=1)
    for other in (law, wrong):
        assert best.objective <= np.mean((np.log(other(C)) - np.log(data)) ** 2) * (1 + 1e-9)


# -- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", laws_vit.CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
