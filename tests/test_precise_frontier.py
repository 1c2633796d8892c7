"""The frontier to many digits, against double precision, against itself, and against the public loss at integer steps."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp

from scalesym import PLRF, Frontier, ParameterError, frontier
from scalesym.precision import mp_context

NUMBERS = ("d", "steps", "loss", "eta")
STEP = Fraction(1, 1000)


@pytest.fixture(scope="module")
def twenty() -> Frontier:
    return frontier(1, "7/10", 1e8, digits=20)


@pytest.fixture(scope="module")
def neighbours() -> Frontier:
    """A small model at three budgets."""
    return frontier(1, "7/10", [20_000 * (1 + k * STEP) for k in (-1, 0, 1)], v_over_d=2, digits=12)


@pytest.mark.exhaustive
def test_twenty_digits_begin_with_those_of_double_precision(twenty: Frontier) -> None:
    rough = frontier(1, "7/10", 1e8)
    for name in NUMBERS:
        assert getattr(rough, name) == pytest.approx(float(getattr(twenty, name)), rel=1e-11), name
    assert rough.xi == pytest.approx(float(twenty.xi), rel=1e-7)
    assert str(twenty.d) == "2946.5122099960894616"
    assert twenty.minima[0].eta == twenty.eta
    assert twenty.pieces == rough.pieces


@pytest.mark.exhaustive
def test_more_digits_begin_with_the_same_twenty(twenty: Frontier) -> None:
    more = frontier(1, "7/10", 1e8, digits=25)
    context = mp_context(25)
    for name in (*NUMBERS, "xi"):
        few, many = context.mpf(getattr(twenty, name)), getattr(more, name)
        assert abs(few / many - 1) < 1e-20, name  # one unit of the 20th digit is between 1e-20 and 1e-19
        assert few != many


def test_another_phase() -> None:
    rough, fine = frontier("2/5", "4/5", 1e4), frontier("2/5", "4/5", 1e4, digits=11)
    for name in NUMBERS:
        assert getattr(rough, name) == pytest.approx(float(getattr(fine, name)), rel=1e-11), name
    assert rough.xi == pytest.approx(float(fine.xi), rel=1e-7)


def interpolated(d: Fraction, r: Any, digits: int) -> tuple[Any, Any]:
    """``log P`` at a real ``r``, and its slope in ``log r``, from the public loss at the 13 nearest integers."""
    context = mp_context(digits)
    steps = [round(float(r)) + k for k in range(-6, 7)]
    logs = [context.log(p) for p in PLRF(1, "7/10", d, 2 * d).loss(steps, digits=digits)]

    def at(x: Any) -> Any:
        total = context.mpf(0)
        for s, value in zip(steps, logs, strict=True):
            total += value * context.fprod((x - t) / (s - t) for t in steps if t != s)
        return total

    small = context.mpf(10) ** -8
    return at(r), r * (at(r + small) - at(r - small)) / (2 * small)


@pytest.mark.exhaustive
def test_the_public_loss_is_stationary_there(neighbours: Frontier) -> None:
    """Along the budget, at exact ``d`` around it; ``r`` is no integer."""
    place, budget, h, digits = Fraction(str(neighbours.d[1])), 20_000, Fraction(1, 10**6), 26
    values = []
    for k in (-1, 0, 1):
        d = place * (1 + k * h)
        r = Fraction(budget) / d
        values.append(interpolated(d, mp_context(digits).mpf(r.numerator) / r.denominator, digits))
    (left, _), (middle, slope), (right, _) = values
    curvature = right - 2 * middle + left
    assert curvature > 0
    assert abs((right - left) / (2 * curvature)) * float(h) < 3e-12
    assert float(neighbours.eta[1] + slope) == pytest.approx(0, abs=1e-11)
    assert float(mp.exp(middle) / neighbours.loss[1]) == pytest.approx(1, abs=1e-11)


@pytest.mark.exhaustive
def test_local_exponents_are_slopes_between_neighbouring_budgets(neighbours: Frontier) -> None:
    low, _, high = neighbours.flops
    width = mp.log(high / low)
    eta, xi = (mp.log(row[2] / row[0]) / width for row in (neighbours.loss, neighbours.d))
    assert float(-eta / neighbours.eta[1]) == pytest.approx(1, abs=1e-6)
    assert float(xi / neighbours.xi[1]) == pytest.approx(1, abs=1e-6)
    assert float(neighbours.eta[2] / neighbours.eta[0]) != pytest.approx(1, abs=1e-6)


def test_several_budgets_are_flat_lists(neighbours: Frontier) -> None:
    for name in (*NUMBERS, "flops", "xi"):
        assert [type(x).__name__ for x in getattr(neighbours, name)] == ["mpf"] * 3
    record = json.loads(json.dumps(neighbours.to_dict(), allow_nan=False))
    assert record["flops"] == ["19980.0", "20000.0", "20020.0"]
    assert Fraction(record["d"][1]) == Fraction(str(neighbours.d[1]))
    assert record["minima"][1][0]["xi"] == record["xi"][1]
    pandas = pytest.importorskip("pandas")
    table = neighbours.to_pandas()
    assert isinstance(table, pandas.DataFrame)
    assert list(table["eta"]) == neighbours.eta
    assert frontier(1, "7/10", [], digits=20).d == []


@pytest.mark.parametrize("digits", [0, -3, 1.5, "many", 1001, float("nan"), True])
def test_digits_that_count_nothing(digits: Any) -> None:
    with pytest.raises(ParameterError) as refused:
        frontier(1, "7/10", 1e8, digits=digits)
    assert refused.value.name == "digits"


def test_what_takes_days_is_refused_at_once() -> None:
    with pytest.raises(ParameterError, match="it would take about"):
        frontier(1, "7/10", 1e20, digits=1000)
