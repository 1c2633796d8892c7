"""The compute-optimal frontier of the exact equations, against plain minimisation and the notes' numbers."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from scipy.optimize import minimize_scalar

from scalesym import PLRF, ParameterError, StabilityError, frontier
from scalesym.equivalent.frontier import Family
from scalesym.phases import phase

from .strategies import exponents


def plain_loss(alpha: object, beta: object, y: float, x: float, ratio: int = 10) -> float:
    """``log P`` at ``d = e^x`` and the budget ``e^y``, from the contour alone."""
    family = Family(Fraction(alpha), Fraction(beta), Fraction(ratio), "half-critical", 1)  # type: ignore[arg-type]
    return float(np.log(family.at(x).contour.loss(np.array([math.exp(y - x)])).value[0]))


@pytest.mark.parametrize(("alpha", "beta"), [("1", "7/10"), ("2/5", "4/5"), ("1/5", "4/5")])
def test_it_is_the_minimum(alpha: str, beta: str) -> None:
    y = math.log(1e8)
    found = frontier(alpha, beta, 1e8)
    place = math.log(found.d)
    best = minimize_scalar(
        lambda x: plain_loss(alpha, beta, y, x), bracket=(place - 1, place + 0.3, place + 1), options={"xtol": 1e-9}
    )
    assert best.x == pytest.approx(place, abs=1e-6)
    assert math.log(found.loss) == pytest.approx(best.fun, abs=1e-12)
    assert found.steps * found.d == pytest.approx(1e8, rel=1e-12)


def test_whole_numbers_around_it_are_no_better() -> None:
    """Against the public loss, at integer sizes and steps."""
    found = frontier("7/10", "3/5", 1e6)
    losses = {}
    for d in (round(found.d * factor) for factor in (0.8, 0.9, 1, 1.1, 1.25)):
        losses[d] = PLRF("7/10", "3/5", d, 10 * d).loss(round(1e6 / d))
    best = min(losses, key=lambda d: losses[d])
    assert best == round(found.d)
    assert losses[best] == pytest.approx(found.loss, rel=5e-4)  # 913 steps of 1095 parameters are 999 735 FLOPs


@settings(max_examples=3)
@given(exponents())
@example((Fraction(1, 2), Fraction(1, 2)))
@example((Fraction(1, 4), Fraction(1)))
def test_local_exponents_are_slopes_of_the_frontier(point: tuple[Fraction, Fraction]) -> None:
    alpha, beta = point
    step = 0.02
    found = frontier(alpha, beta, 1e8 * np.exp(step * np.arange(-1, 2)))
    slope = np.array([-1, 0, 1]) / 2 / step
    assert found.eta[1] == pytest.approx(-slope @ np.log(found.loss), abs=1e-5)
    assert found.xi[1] == pytest.approx(slope @ np.log(found.d), abs=1e-5)


@pytest.mark.parametrize(
    ("alpha", "beta", "eta"),
    [
        ("1", "7/10", (0.7051, 0.7056, 0.7058, 0.7058, 0.7059, 0.7059)),
        ("4/5", "6/5", (0.6904, 0.6878, 0.6874, 0.6874, 0.6875, 0.6875)),
    ],
)
def test_the_numbers_of_the_notes(alpha: str, beta: str, eta: tuple[float, ...]) -> None:
    found = frontier(alpha, beta, [10.0**k for k in range(9, 25, 3)], gamma="trace:1/2")
    np.testing.assert_allclose(found.eta, eta, atol=6e-5)


@pytest.mark.parametrize(("alpha", "beta"), [("7/10", "-1/10"), ("1", "2")])
def test_at_fifty_powers_of_ten_the_exponents_are_those_of_the_phase(alpha: str, beta: str) -> None:
    found, expected = frontier(alpha, beta, 1e50), phase(alpha, beta)
    assert found.eta == pytest.approx(float(expected.eta), abs=2e-5)
    assert found.xi == pytest.approx(float(expected.xi), abs=2e-5)
    other = phase("3/10", "4/5")
    assert found.eta != pytest.approx(float(other.eta), abs=2e-5)


def test_fields_have_the_shape_of_the_budgets() -> None:
    flops = np.array([[1e8, 1e6], [1e7, 1e9]])
    found = frontier(1, "7/10", flops)
    for value in (found.d, found.loss, found.eta, found.xi, found.steps, *found.shares, *found.pieces):
        assert value.shape == (2, 2)
    alone = frontier(1, "7/10", 1e9)
    assert isinstance(alone.d, float)
    assert found.d[1, 1] == pytest.approx(alone.d, rel=1e-8)
    assert found.eta[1, 1] == pytest.approx(alone.eta, rel=1e-8)
    assert [len(found.active), len(found.minima)] == [4, 4]
    np.testing.assert_allclose(np.sum(found.shares, axis=0), 1)
    empty = frontier(1, "7/10", [])
    assert empty.d.shape == (0,)


def test_plain_data() -> None:
    found = frontier(1, "7/10", [1e7, 1e8])
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["d"] == list(found.d)
    assert record["minima"][0][0]["loss"] == found.loss[0]
    alone = json.loads(json.dumps(frontier(1, "7/10", 1e7).to_dict(), allow_nan=False))
    assert alone["active"] == ["F_pp", "F_ac"]
    pandas = pytest.importorskip("pandas")
    table = found.to_pandas()
    assert isinstance(table, pandas.DataFrame)
    assert list(table["xi"]) == list(found.xi)


@pytest.mark.parametrize(
    ("alpha", "beta", "pair"),
    [
        ("9/10", "2/5", ("F_pp", "F_0")),
        ("1", "7/10", ("F_pp", "F_ac")),
        ("4/5", "6/5", ("K_pp", "F_ac")),
        ("2/5", "4/5", ("K_pp", "F_0")),
        ("1/5", "4/5", ("F_pp", "F_0")),
    ],
)
def test_the_active_trade_off_is_that_of_the_phase(alpha: str, beta: str, pair: tuple[str, str]) -> None:
    assert frontier(alpha, beta, 1e24).active == pair
    assert set(phase(alpha, beta).tradeoff) == set(pair)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"flops": 0}, "flops"),
        ({"flops": -1e9}, "flops"),
        ({"flops": float("nan")}, "flops"),
        ({"flops": float("inf")}, "flops"),
        ({"flops": "many"}, "flops"),
        ({"flops": 5}, "flops"),
        ({"flops": [1e9, None]}, "flops"),
        ({"flops": 1e300}, "flops"),
        ({"alpha": -1}, "alpha"),
        ({"beta": "-1/2"}, "beta"),
        ({"v_over_d": 1}, "v_over_d"),
        ({"v_over_d": "1.1"}, "v_over_d"),
        ({"v_over_d": "inf", "alpha": "2/5"}, "v"),
        ({"gamma": "quick"}, "gamma"),
        ({"batch": 0}, "batch"),
    ],
)
def test_refusals(change: dict[str, object], name: str) -> None:
    call: dict[str, object] = {"alpha": 1, "beta": "7/10", "flops": 1e9} | change
    with pytest.raises(ParameterError) as refused:
        frontier(call.pop("alpha"), call.pop("beta"), call.pop("flops"), **call)  # type: ignore[arg-type]
    assert refused.value.name == name


def test_a_fixed_learning_rate_is_checked_where_it_is_least_stable() -> None:
    with pytest.raises(StabilityError):
        frontier("2/5", "4/5", 1e9, gamma="1/10")
    assert frontier(1, "7/10", 1e7, gamma="1/10").eta == pytest.approx(0.70, abs=0.02)


def test_infinitely_many_features_and_batches() -> None:
    found = frontier(1, "7/10", 1e12, v_over_d="inf", batch=8)
    assert found.steps * found.d * 8 == pytest.approx(1e12)
    assert found.eta == pytest.approx(0.7056, abs=1e-3)
