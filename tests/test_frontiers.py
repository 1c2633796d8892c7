"""The compute-optimal frontier of the exact equations, against plain minimisation and the notes' numbers."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from scipy.optimize import minimize_scalar

from scalesym import PLRF, AccuracyWarning, ParameterError, StabilityError, frontier, sharp_frontier
from scalesym.equivalent.frontier import Family, _Grid
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


def scanned(alpha: str, beta: str, flops: float, ratio: str, batch: int) -> list[tuple[float, float]]:
    """Local minima of ``log P`` in ``log d``, from one contour every 0.1 around where the least is."""
    family = Family(Fraction(alpha), Fraction(beta), Fraction(ratio), "half-critical", batch)
    y = math.log(flops)

    def value(x: float) -> float:
        return float(np.log(family.at(x).contour.loss(np.array([math.exp(y - x) / batch])).value[0]))

    coarse = np.arange(2.0, y - math.log(batch) - 1, 1.5)
    best = coarse[int(np.argmin([value(x) for x in coarse]))]
    x = np.arange(best - 4, best + 4, 0.1)
    values = np.array([value(place) for place in x])
    low = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    return [(float(x[k]), float(values[k])) for k in low]


@pytest.mark.parametrize(
    ("alpha", "beta", "flops", "ratio", "batch", "count"),
    [
        ("7/25", "4/5", 1e12, "5/4", 1, 2),
        ("2/5", "4/5", 1e9, "5/4", 1, 2),
        ("39/100", "43/50", 2.1e12, "5/4", 4, 2),
        ("1/5", "4/5", 1e12, "2", 1, 1),
        ("1", "7/10", 1e12, "10", 1, 1),
    ],
)
def test_all_minima_are_found_and_the_least_of_them_is_the_frontier(
    alpha: str, beta: str, flops: float, ratio: str, batch: int, count: int
) -> None:
    seen = scanned(alpha, beta, flops, ratio, batch)
    found = frontier(alpha, beta, flops, v_over_d=ratio, batch=batch)
    assert len(seen) == len(found.minima) == count
    for (x, value), minimum in zip(seen, found.minima, strict=True):
        assert math.log(minimum.d) == pytest.approx(x, abs=0.11)
        assert math.log(minimum.loss) == pytest.approx(value, abs=2e-3)
        assert math.log(minimum.loss) <= value
    assert found.loss == min(minimum.loss for minimum in found.minima)


def test_the_least_of_two_minima_jumps() -> None:
    """With ``v = 5d/4`` at (7/25, 4/5) between 10^14 and 10^14.5: ``d`` grows by 60 where it would by 2."""
    found = frontier("7/25", "4/5", [1e14, 10**14.5], v_over_d="5/4")
    assert [len(each) for each in found.minima] == [2, 2]
    assert found.d[0] == found.minima[0][0].d
    assert found.d[1] == found.minima[1][1].d
    assert found.d[1] / found.d[0] > 50


@pytest.mark.parametrize(
    ("alpha", "beta", "flops", "options"),
    [("2/5", "4/5", 1e24, {"v_over_d": "5/4", "batch": 8}), ("8/25", "4/5", 1e20, {"v_over_d": "5/4"})],
)
def test_the_least_is_not_where_the_grid_happens_to_fall(
    alpha: str, beta: str, flops: float, options: dict[str, object]
) -> None:
    found = frontier(alpha, beta, flops, **options)  # type: ignore[arg-type]
    assert len(found.minima) == 2
    assert found.loss == found.minima[1].loss < found.minima[0].loss
    size, loss = sharp_frontier(alpha, beta, **options).refined(flops)  # type: ignore[arg-type]
    assert found.d == pytest.approx(size, rel=1e-2)
    assert found.loss == pytest.approx(loss, rel=1e-2)


def test_the_end_of_the_range_is_no_wall() -> None:
    """Beyond r = 1 there is nothing; a flat loss that rounding lowers beside it is no minimum, a low one is."""
    family = Family(Fraction(7, 25), Fraction(4, 5), Fraction(10), "half-critical", 1)
    places = np.arange(5.0)

    def candidates(*values: float) -> list[int]:
        return _Grid(family, np.array([9.0]), places, np.array(values)[:, None]).candidates(0)

    assert candidates(0.3, 0.5, 0.7, 0.7 - 1e-12, np.inf) == []
    assert candidates(0.3, 0.2, 0.7, 0.7 - 1e-12, np.inf) == [1]
    assert candidates(np.inf, 0.2, 0.3, 0.5, 0.7) == [1]


@pytest.mark.exhaustive
def test_a_budget_has_the_same_frontier_in_any_company() -> None:
    both = frontier("7/25", "4/5", [1e56, 1e70])
    assert both.eta[0] == pytest.approx(frontier("7/25", "4/5", 1e56).eta, rel=1e-9)


def test_a_lower_end_of_the_range_is_said_aloud() -> None:
    with pytest.warns(AccuracyWarning, match="lower at the end of the range"):
        frontier("1/10", "7/10", 1e6)
    with pytest.raises(ParameterError, match="still falls at d ="):
        frontier(3, "7/2", 1e60)


def test_whole_numbers_around_it_are_no_better() -> None:
    """Against the public loss, at integer sizes and steps."""
    found = frontier("7/10", "3/5", 1e6)
    losses = {}
    for d in (round(found.d * factor) for factor in (0.8, 0.9, 1, 1.1, 1.25)):
        losses[d] = PLRF("7/10", "3/5", d, 10 * d).loss(round(1e6 / d))
    best = min(losses, key=lambda d: losses[d])
    assert best == round(found.d)
    assert losses[best] == pytest.approx(found.loss, rel=5e-4)  # 913 steps of 1095 parameters are 999 735 FLOPs


@pytest.mark.filterwarnings("ignore:at .* FLOPs the loss is lower:scalesym.AccuracyWarning")
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
        ("1", "7/10", (0.7051, 0.7058, 0.7059)),
        ("4/5", "6/5", (0.6904, 0.6874, 0.6875)),
    ],
)
def test_the_numbers_of_the_notes(alpha: str, beta: str, eta: tuple[float, ...]) -> None:
    found = frontier(alpha, beta, [1e9, 1e15, 1e21], gamma="trace:1/2")
    np.testing.assert_allclose(found.eta, eta, atol=6e-5)


@pytest.mark.exhaustive
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
