"""Crossovers: the budget from which a local exponent stays near the phase's, and limits of sequences."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalesym import phase
from scalesym.crossover import Crossover, _found, crossover
from scalesym.errors import ParameterError
from scalesym.frontiers import frontier
from scalesym.limits import FAR, NEAR, POINTS, is_slow, seen, shanks

Off = Callable[[float], float]
LOW, HIGH = math.log(1e6), math.log(1e100)


def look(eta: Off, xi: Off, tolerance: float = 0.01) -> tuple[Crossover, list[float]]:
    """The search itself, on local exponents that differ by given functions of ``log f``; and where it looked."""
    asked: list[float] = []

    def deviations(logs: Iterable[float]) -> dict[float, dict[str, float]]:
        found = {y: {"eta": eta(y), "xi": xi(y)} for y in logs}
        asked.extend(found)
        return found

    return _found(phase(1, "7/10"), tolerance, LOW, HIGH, (1e6, 1e100), deviations), asked


def power(size: float, rate: float) -> Off:
    return lambda y: size * math.exp(-rate * y)


@given(st.floats(0.05, 0.5), st.floats(-50, 50), st.floats(1e-3, 0.1))
def test_a_power_crosses_where_it_does(rate: float, size: float, tolerance: float) -> None:
    found, asked = look(power(size, rate), power(-size, rate), tolerance)
    exact = math.log(abs(size) / tolerance) / rate if size else -math.inf
    for budget in (found.eta, found.xi):
        if exact <= LOW:
            assert budget == 1e6
        elif exact >= HIGH:
            assert budget is None
        else:
            assert budget is not None
            assert exact - 1e-9 <= math.log(budget) <= exact + 0.011
    assert len(asked) < 80


def test_a_change_of_sign_is_no_return() -> None:
    """The deviation crosses zero at 1e20 and comes back: within only from the last crossing on."""

    def off(y: float) -> float:
        return math.exp(-0.05 * y) - 8 * math.exp(-0.1 * y)

    found, _ = look(off, off, 0.01)
    last = max(y for y in np.linspace(LOW, HIGH, 200_001) if abs(off(y)) > 0.01)
    assert found.eta is not None
    assert last <= math.log(found.eta) <= last + 0.011
    assert off(last) > 0 > off(LOW)


def test_an_excursion_near_the_tolerance_is_looked_for() -> None:
    """A bump narrower than the grid that rises where the neighbours are already doubtful."""
    centre = HIGH * (LOW / HIGH) ** (5.5 / 17)  # between two budgets of the grid

    def off(y: float) -> float:
        return 0.005 + 0.009 * math.exp(-(((y - centre) / 4) ** 2))

    found, _ = look(off, lambda y: 0.0)
    assert found.eta is not None
    assert off(math.log(found.eta)) == pytest.approx(0.01, abs=2e-4)
    assert math.log(found.eta) > centre
    assert found.xi == 1e6


def test_slow_ones_are_not_reached() -> None:
    found, _ = look(lambda y: 3 / y, lambda y: 0.4 / y)  # as on a line with logarithms
    assert found.eta is None
    assert "not within 0.01 at any budget up to 1e+100, where it differs by 0.013" in found.describe("eta")
    assert found.xi is not None
    assert math.log(found.xi) == pytest.approx(40, abs=0.02)
    assert json.loads(json.dumps(found.to_dict()))["eta"] is None


def test_what_is_not_a_number_is_outside() -> None:
    found, _ = look(lambda y: math.nan, lambda y: 0.0)
    assert found.eta is None


def test_on_the_exact_frontier() -> None:
    found = crossover(1, "7/10", 0.001, smallest=1e7, largest=1e9)
    assert found.eta is not None
    assert found.xi is None
    assert abs(found.at_largest["xi"]) > 0.001
    local = frontier(1, "7/10", [found.eta / 1.02, found.eta])
    off = abs(local.eta - 12 / 17)
    assert off[0] > 0.001 >= off[1]
    assert found.theory == {"eta": phase(1, "7/10").eta, "xi": phase(1, "7/10").xi}


def test_on_a_line_with_logarithms() -> None:
    found = crossover(1, "1/2", 0.01, smallest=1e8, largest=1e10)
    assert (found.eta, found.xi) == (None, None)
    assert found.logarithm is not None
    assert "(log f)" in found.logarithm


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"tolerance": 0}, "tolerance = 0: local exponents are never exactly those of the phase"),
        ({"tolerance": 1}, "use tolerance < 1"),
        ({"tolerance": "x"}, "tolerance = 'x'"),
        ({"largest": 1e5}, "largest = 100000.0: it is not above smallest"),
        ({"alpha": 2, "beta": 3, "largest": 1e100}, "would leave the solver's domain"),
        ({"smallest": 0}, "smallest = 0"),
        ({"alpha": 0}, "alpha = 0"),
        ({"v_over_d": 1}, "v_over_d = 1"),
        ({"batch": 0.5}, "batch = 0.5"),
    ],
)
def test_refused(given: dict[str, Any], part: str) -> None:
    with pytest.raises(ParameterError) as caught:
        crossover(**({"alpha": 1, "beta": "7/10", "smallest": 1e6, "largest": 1e8} | given))
    assert part in str(caught.value)


# -- limits -----------------------------------------------------------------------------------------------------------


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(0.05, 0.3), st.floats(0.4, 0.7))
def test_two_corrections_are_taken_out(limit: float, a: float, b: float, p: float, q: float) -> None:
    assert shanks([limit + a * p**k + b * q**k for k in range(5)]) == pytest.approx(limit, abs=2e-5)


def test_values_that_no_longer_move_are_their_own_limit() -> None:
    assert shanks([0.5]) == 0.5
    assert shanks([0.4, 0.5 - 1e-16, 0.5]) == 0.5
    assert shanks([0.5 + 1e-15 * (-1) ** k for k in range(6)]) == pytest.approx(0.5, abs=1e-14)


def test_a_sequence_without_limit_in_reach_is_not_taken_for_one() -> None:
    assert abs(shanks([1 / y for y in range(21, 57, 7)])) > 1e-3  # logarithms are not taken out


def test_the_points_are_two_of_each_phase() -> None:
    names = [phase(*point).name for point in POINTS]
    assert names == [name for name in ("Ia", "Ib", "Ic", "II", "III", "IVa", "IVb") for _ in range(2)]
    for budgets in (NEAR, FAR):
        steps = np.diff(np.log(budgets))
        assert steps == pytest.approx(steps[0])


def test_limits_agree_with_the_theory() -> None:
    found = seen("4/5", "6/5")
    assert max(abs(found.off(which)) for which in ("eta", "xi")) < 1e-4
    assert not is_slow(found)
    assert abs(found.off("eta")) < abs(found.eta[-1] - float(found.theory["eta"]))
    assert json.loads(json.dumps(found.to_dict()))["off"]["xi"] == found.off("xi")
