"""What an experimenter would measure: planted laws come back exactly, exact curves agree with the exact frontier."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import linregress

from scalesym import PLRF, ConvergenceError, ParameterError, StabilityError, phase
from scalesym.experiment import LossTable, MeasuredExponents, curves, loss_table, measured_exponents
from scalesym.frontiers import frontier

Array = npt.NDArray[np.float64]


def planted(f: Array, d: Array, eta: float, xi: float, curvature: float = 0.3, skew: float = 0.0) -> Array:
    """Losses with ``P* = 5 f^{-η}`` at ``d* = 3 f^ξ``, and parabolas of that curvature around it."""
    u = np.log(d)[:, None] - math.log(3) - xi * np.log(f)
    result: Array = 5 * f**-eta * np.exp(curvature * u**2 + skew * u**3)
    return result


# -- the fit, on planted laws ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("eta", "xi"), [(0.643, 0.5), (0.2, 0.41), (0.05, 0.7)])
@pytest.mark.parametrize("reach", [1.01, 4, 1e9])
def test_parabolas_recover_a_planted_law_exactly(eta: float, xi: float, reach: float) -> None:
    f, d = np.geomspace(1e6, 1e8, 7), 3 * 1e6**xi * np.geomspace(0.01, 1e4, 23)
    found = LossTable(f, d, planted(f, d, eta, xi)).measure(2, reach=reach)
    assert (found.eta, found.xi) == pytest.approx((eta, xi), rel=1e-9)
    assert (found.loss_constant, found.d_constant) == pytest.approx((5, 3), rel=1e-8)
    assert found.d == pytest.approx(3 * f**xi, rel=1e-9)
    assert max(abs(found.loss_residuals).max(), abs(found.d_residuals).max()) < 1e-9
    assert max(found.eta_error, found.xi_error) < 1e-9


def test_the_minimum_over_curves_recovers_a_planted_law_whose_optima_lie_on_the_grid() -> None:
    d = 3 * 1e6**0.4 * 2.0 ** np.arange(-3, 10)
    f = 1e6 * 2.0 ** (np.arange(6) / 0.4)
    found = LossTable(f, d, planted(f, d, 0.6, 0.4)).measure(1)
    assert (found.eta, found.xi) == pytest.approx((0.6, 0.4), rel=1e-12)
    assert (found.loss_constant, found.d_constant) == pytest.approx((5, 3), rel=1e-11)
    between = LossTable(f, d * 2**0.5, planted(f, d * 2**0.5, 0.6, 0.4, skew=0.01)).measure(1)
    assert (between.eta, between.xi) == pytest.approx((0.6, 0.4), rel=1e-12)  # always as far from the optimum
    assert between.d_constant == pytest.approx(3 / 2**0.5)  # … but the constants are wrong


def test_a_sum_of_powers_is_found_by_fine_grids_and_missed_by_coarse_ones() -> None:
    f = np.geomspace(1e6, 1e10, 9)
    true = (f / 2) ** (2 / 3)
    errors = []
    for step, reach in ((2.0, 4), (1.25, 1.6), (1.05, 1.11)):
        d = np.exp(np.arange(math.log(1e3), math.log(1e8), math.log(step)))
        found = LossTable(f, d, d[:, None] ** -0.5 + d[:, None] / f).measure(2, reach=reach)
        errors.append(float(abs(found.d / true - 1).max()))
    assert errors[0] > 0.03
    assert errors[1] < errors[0] / 4
    assert errors[2] < 1e-3
    assert (found.eta, found.xi) == pytest.approx((1 / 3, 2 / 3), abs=2e-5)


def test_order_does_not_matter() -> None:
    f, d = np.geomspace(1e6, 1e8, 5), np.geomspace(1e2, 1e6, 15)
    loss = planted(f, d, 0.6, 0.5)
    a, b = LossTable(f, d, loss), LossTable(f[::-1], d[::-1].tolist(), loss[::-1, ::-1].tolist())
    assert a.measure(2).to_dict() == b.measure(2).to_dict()


def test_standard_errors_and_residuals_are_those_of_least_squares() -> None:
    rng = np.random.default_rng(0)
    f, d = np.geomspace(1e6, 1e8, 12), np.geomspace(1e2, 1e6, 40)
    loss = planted(f, d, 0.6, 0.5) * np.exp(0.05 * rng.standard_normal(12))
    for approach in (1, 2):
        found = LossTable(f, d, loss).measure(approach)
        for value, slope, error, residuals, sign in (
            (found.loss, found.eta, found.eta_error, found.loss_residuals, -1),
            (found.d, found.xi, found.xi_error, found.d_residuals, 1),
        ):
            line = linregress(np.log(f), np.log(value))
            assert (sign * slope, error) == pytest.approx((line.slope, line.stderr), rel=1e-9)
            assert residuals == pytest.approx(np.log(value) - line.intercept - line.slope * np.log(f), abs=1e-11)
    assert found.eta_error > 1e-3


# -- edges -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("approach", [1, 2])
@pytest.mark.parametrize(("low", "high", "remedy"), [(1e2, 1.5e4, "larger sizes"), (5e3, 1e6, "smaller sizes")])
def test_a_grid_that_does_not_bracket_the_optimum(approach: int, low: float, high: float, remedy: str) -> None:
    f, d = np.geomspace(1e6, 1e8, 9), np.geomspace(low, high, 21)
    table = LossTable(f, d, planted(f, d, 0.6, 0.5))
    nearest = abs(np.log(d)[:, None] - np.log(3 * f**0.5)).argmin(axis=0)
    outside = (nearest == 0) | (nearest == 20)
    assert 0 < outside.sum() < 6
    with pytest.raises(ParameterError, match=rf"does not bracket the optimum at f = .* of 9 budgets\); add {remedy}"):
        table.measure(approach)
    dropped = table.measure(approach, edges="drop")
    assert dropped.unbracketed == pytest.approx(f[outside])
    assert dropped.flops == pytest.approx(f[~outside])
    kept = table.measure(approach, edges="keep")
    assert kept.flops == pytest.approx(f)
    assert kept.unbracketed == pytest.approx(f[outside])
    assert kept.xi < 0.48  # the bias that the refusal is about
    if approach == 2:
        assert dropped.xi == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize("profile", [[1, 1, 1, 1], [2, 1, 1, 1], [1, 1, 2, 3], [1, 2, 3, 1], [1, 1, 1, 1 - 1e-15]])
@pytest.mark.parametrize("approach", [1, 2])
def test_a_plateau_that_reaches_the_end_of_the_grid_is_no_optimum(profile: list[float], approach: int) -> None:
    loss = np.outer(profile, [1, 0.5, 0.25])
    with pytest.raises(ParameterError, match="does not bracket the optimum at f = 10 "):
        LossTable([10, 100, 1000], [1, 2, 4, 8], loss).measure(approach)
    with pytest.raises(ParameterError, match="at 0 of 3 budgets"):
        LossTable([10, 100, 1000], [1, 2, 4, 8], loss).measure(approach, edges="drop")


def test_a_parabola_without_a_minimum_among_its_points_is_no_optimum() -> None:
    profile = [[1.2], [1.0], [1.05], [0.999], [1.0], [0.6], [1.0]]  # the least is a spike, the rest falls away from it
    loss = np.array([[10.0], [9], [8], [7], [6], [0.9], [0.95]]) * np.ones(3)
    with pytest.raises(ParameterError, match="does not bracket"):
        LossTable([10, 100, 1000], 2.0 ** np.arange(7), loss).measure(2, reach=1e3)
    assert LossTable([10, 100, 1000], 2.0 ** np.arange(7), loss).measure(1).d == pytest.approx(32)
    assert LossTable([10, 100, 1000], 2.0 ** np.arange(7), np.array(profile) * np.ones(3)).measure(2).d[0] > 16


def test_runs_that_do_not_exist_are_left_out() -> None:
    f, d = np.geomspace(1e6, 1e8, 5), np.geomspace(1e2, 1e6, 41)
    loss = planted(f, d, 0.6, 0.5)
    loss[d[:, None] > 20 * f**0.5] = math.inf
    assert LossTable(f, d, loss).measure(2).xi == pytest.approx(0.5, rel=1e-9)
    loss[d[:, None] > 2 * f**0.5] = math.inf
    with pytest.raises(ParameterError, match="use larger budgets"):
        LossTable(f, d, loss).measure(2)
    loss[:, 0] = math.inf
    with pytest.raises(ParameterError, match="there is no run at f = 1e"):
        LossTable(f, d, loss)


# -- windows -----------------------------------------------------------------------------------------------------------


def test_windows_fit_the_same_points() -> None:
    f, d = np.geomspace(1e6, 1e10, 17), np.geomspace(1e2, 1e8, 200)
    table = LossTable(f, d, planted(f, d, 0.6, 0.5) * np.exp(0.01 * np.log(f) ** 2), (0.6, 0.5))
    found = table.measure(2)
    part = found.window(1e7, "1e8")
    again = LossTable(f[4:9], d, table.loss[:, 4:9]).measure(2)
    assert (part.eta, part.eta_error, part.xi) == pytest.approx((again.eta, again.eta_error, again.xi), rel=1e-9)
    assert part.eta_bias == pytest.approx(again.eta - 0.6)
    several = found.windows(1)
    assert [each.flops[0] for each in several] == pytest.approx(f[:13].tolist())
    assert all(len(each.flops) == 5 for each in several)
    assert np.diff([each.eta for each in several]) == pytest.approx(-0.02 * math.log(f[1] / f[0]))
    with pytest.raises(ParameterError, match="2 of the points lie in the window"):
        found.window(1e7, 2e7)
    for decades in ("0.1", 5, 1e9):
        with pytest.raises(ParameterError, match="no window of that width"):
            found.windows(decades)


def test_a_window_knows_the_budgets_it_lost() -> None:
    f, d = np.geomspace(1e6, 1e8, 9), np.geomspace(1e2, 1.5e4, 21)
    found = LossTable(f, d, planted(f, d, 0.6, 0.5)).measure(1, edges="keep")
    assert len(found.window(1e6, 1e7).unbracketed) == 0
    assert len(found.window(1e7, 1e8).unbracketed) == len(found.unbracketed) > 0


def test_to_dict_is_plain() -> None:
    f, d = np.geomspace(1e6, 1e8, 5), np.geomspace(1e2, 1e6, 9)
    loss = planted(f, d, 0.6, 0.5)
    loss[-1, 0] = math.inf
    found = LossTable(f, d, loss).measure(2)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["xi"] == found.xi
    assert told["d"] == found.d.tolist()
    assert told["table"]["loss"][-1][0] is None
    assert told["asymptotic_eta"] is None
    assert found.eta_bias is found.xi_bias is None


# -- on exact curves ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alpha", "beta", "given", "v"),
    [
        (1, "7/10", {}, lambda d: 10 * d),
        ("4/5", "6/5", {"v_over_d": "5/2", "gamma": "trace:1/2", "batch": 5}, lambda d: 5 * d / 2),
        ("7/10", "-1/10", {"v": 3000, "gamma": "1/5"}, lambda d: 3000),
        (1, 1, {"v_over_d": "inf"}, lambda d: "inf"),
        ("2/5", "4/5", {"batch": 2}, lambda d: 10 * d),
    ],
)
def test_the_table_holds_the_losses_of_the_model(alpha: Any, beta: Any, given: dict[str, Any], v: Any) -> None:
    batch = given.get("batch", 1)
    f = np.array([2e6, 4e4, 1600])
    table = loss_table(alpha, beta, f, [200, 1000, 40], **given)
    assert table.d.tolist() == [40, 200, 1000]
    for i, d in enumerate((40, 200, 1000)):
        model = PLRF(alpha, beta, d, v(d), given.get("gamma", "half-critical"), batch)
        for j, budget in enumerate(sorted(f)):
            if (r := budget / (batch * d)) < 1:
                assert table.loss[i, j] == math.inf
            elif r == int(r):
                assert table.loss[i, j] == pytest.approx(model.loss(int(r)), rel=1e-10)
            else:
                assert model.loss(math.ceil(r)) < table.loss[i, j] < model.loss(math.floor(r))


@pytest.mark.parametrize(("alpha", "beta"), [(1, "7/10"), ("4/5", "6/5")])
def test_a_fine_grid_converges_to_the_exact_frontier(alpha: Any, beta: Any) -> None:
    f = np.geomspace(1e7, 1e8, 3)
    exact = frontier(alpha, beta, f)
    ends = math.log(exact.d[0] / 2.5), math.log(exact.d[-1] * 2.5)
    d = np.exp(np.arange(*ends, math.log(1.2)))
    table = loss_table(alpha, beta, f, d)
    close = table.measure(2, reach=1.3)
    far = LossTable(f, d[::3], table.loss[::3]).measure(2, reach=3)
    assert close.d == pytest.approx(exact.d, rel=6e-3)
    assert close.loss == pytest.approx(exact.loss, rel=4e-4)
    # the slope over a decade and the mean of the exact local exponents
    assert (close.eta, close.xi) == pytest.approx((np.mean(exact.eta), np.mean(exact.xi)), abs=1e-3)
    assert abs(far.d / exact.d - 1).max() > 2 * abs(close.d / exact.d - 1).max()
    least = table.measure(1)
    assert np.log(least.d / exact.d) == pytest.approx(0, abs=math.log(1.2))
    assert (least.loss >= exact.loss * (1 - 1e-9)).all()
    assert least.loss == pytest.approx(exact.loss, rel=4e-3)
    assert least.eta == pytest.approx(np.mean(exact.eta), abs=2e-3)


DOCUMENTED = re.findall(
    r"^ +(0\.\d)   (\S+(?: d)?) +(half-critical|trace:1/2) +(\d+) +([12]) +(\de\d) to (\de\d) +(0\.\d{3})  (0\.\d{3})$",
    measured_exponents.__doc__ or "",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def tables() -> dict[Any, LossTable]:
    return {}


def test_the_documented_settings_are_all_read() -> None:
    assert len(DOCUMENTED) == 12


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: " ".join(row))
def test_the_documented_exponents_come_out(row: tuple[str, ...], tables: dict[Any, LossTable]) -> None:
    beta, v, gamma, last, approach, low, high, eta, xi = row
    size: dict[str, Any] = {"v_over_d": v.removesuffix(" d")} if v[-1] in "df" else {"v": v}
    d = 100 * 2.0 ** np.arange(0, math.log2(int(last) / 100) + 0.1, 0.5)
    assert d[-1] == pytest.approx(int(last))
    f = np.geomspace(float(low), float(high), 21)
    arguments = (beta, v, gamma, last, low, high)
    if arguments not in tables:  # shared by both approaches
        tables[arguments] = loss_table("7/10", beta, f, d, gamma=gamma, **size)
    found = tables[arguments].measure(approach)
    assert (found.eta, found.xi) == pytest.approx((float(eta), float(xi)), abs=6e-4)
    assert found.asymptotic_eta == pytest.approx(1 - 1 / 2.8)


BIASES = re.findall(
    r"^ +(I\S*) +(\d\S*) +(\d\S*) +(0\.\d+)  ([+-]0\.\d+)  (0\.\d+)  ([+-]0\.\d+)$",
    measured_exponents.__doc__ or "",
    re.MULTILINE,
)


def test_the_documented_biases_come_out() -> None:
    f, d = np.geomspace(1e6, 1e8, 5), 100 * 2.0 ** np.arange(12)
    assert [row[0] for row in BIASES] == ["Ia", "Ib", "Ic", "II", "III", "IVa", "IVb"]
    for name, alpha, beta, *numbers in BIASES:
        assert phase(alpha, beta).name == name
        found = measured_exponents(alpha, beta, f, d, approach=2)
        measured = (found.eta, found.eta_bias, found.xi, found.xi_bias)
        assert measured == pytest.approx(tuple(map(float, numbers)), abs=6e-4)


def test_the_cut_and_negative_beta() -> None:
    """At α = 0.7 the measured exponents follow the theory, and are furthest from it near the line 2β = 1."""
    f, d = np.geomspace(1e6, 1e8, 5), 100 * 2.0 ** np.arange(11)
    cut = ("-1/10", "1/5", "1/2", "4/5")
    found = [measured_exponents("7/10", beta, f, d, approach=2) for beta in cut]
    bias = [float(each.eta_bias or 0) for each in found]
    assert [round(each.asymptotic_eta or 0, 4) for each in found][:2] == [0.0833, 0.3333]
    assert max(map(abs, bias[:2])) < 0.006
    assert max(map(abs, bias)) == -bias[2] > 0.03
    assert all(abs(each.xi_bias or 0) < 0.04 for each in found)


def test_approach_1_depends_on_the_window() -> None:
    """The windows that the paper names, with sizes that double: ``ξ`` moves by more than its standard error of 0.05."""
    f = np.geomspace(1e6, 1e8, 41)
    table = loss_table("7/10", "7/10", f, 100 * 2.0 ** np.arange(10))
    steps, parabolas = table.measure(1), table.measure(2)
    spread = [each.xi for each in steps.windows(1)]
    assert max(spread) - min(spread) > 0.1
    assert abs(steps.window(2e6, 5e7).xi - steps.xi) > 5 * abs(parabolas.window(2e6, 5e7).xi - parabolas.xi)


def test_a_capped_grid_is_refused_and_its_exponents_are_spurious() -> None:
    f, d = np.geomspace(1e6, 1e10, 9), 100 * 2.0 ** np.arange(8)
    with pytest.raises(ParameterError, match="add larger sizes"):
        measured_exponents("4/5", "6/5", f, d)
    kept = measured_exponents("4/5", "6/5", f, d, edges="keep")
    assert kept.unbracketed[-1] == 1e10
    assert kept.xi < 0.4 < 0.5 == kept.asymptotic_xi


def test_no_asymptotic_exponents_where_the_rate_does_not_follow_d() -> None:
    assert loss_table("2/5", "3/10", [1e4, 1e5, 1e6], [10, 20, 40], gamma="1/100").asymptotic is None
    assert loss_table("2/5", "3/10", [1e4, 1e5, 1e6], [10, 20, 40]).asymptotic == pytest.approx((0.2, 0.5))


def test_a_loss_that_is_not_sure_is_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "_TOLERANCE", 1e-18)
    with pytest.raises(ConvergenceError, match="losses at d = 10 are not sure"):
        loss_table(1, 1, [1e4, 1e5, 1e6], [10, 20, 40])


# -- refusals ----------------------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = {"alpha": 1, "beta": "7/10", "flops": [1e4, 1e5, 1e6], "d": [10, 100, 1000]}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"d": []}, "d"),
        ({"d": 100}, "d"),
        ({"d": [100]}, "d"),
        ({"d": [100, 200]}, "d"),
        ({"d": [100, 200, 200]}, "d"),
        ({"d": [[1, 2], [3, 4]]}, "d"),
        ({"d": [10, 100, math.nan]}, "d"),
        ({"d": [10, 100, math.inf]}, "d"),
        ({"d": [10, 100, 0]}, "d"),
        ({"d": [10, 100, -5]}, "d"),
        ({"d": [10, 100, "x"]}, "d"),
        ({"d": [10, 100, 0.5]}, "d"),
        ({"d": [10, 100, 2e6]}, "d"),
        ({"d": [10, 100, 2e5], "batch": 10}, "d"),
        ({"d": range(10**12)}, "d"),
        ({"flops": [1e6]}, "flops"),
        ({"flops": 1e6}, "flops"),
        ({"flops": [1e5, 1e6]}, "flops"),
        ({"flops": [1e5, 1e6, 1e6]}, "flops"),
        ({"flops": [1e5, 1e6, math.nan]}, "flops"),
        ({"flops": [1e5, 1e6, 0]}, "flops"),
        ({"flops": [1e5, 1e6, 5]}, "flops"),
        ({"flops": [1e5, 1e6, None]}, "flops"),
        ({"v_over_d": 1}, "v_over_d"),
        ({"v_over_d": math.nan}, "v_over_d"),
        ({"v": 1000}, "d"),
        ({"v": 500}, "d"),
        ({"v": 5000, "v_over_d": 5}, "v"),
        ({"v": math.nan}, "v"),
        ({"alpha": "1/2", "v": "inf"}, "v"),
        ({"alpha": "1/2", "v_over_d": "inf"}, "v"),
        ({"alpha": -1}, "alpha"),
        ({"alpha": math.nan}, "alpha"),
        ({"beta": -1}, "beta"),
        ({"batch": 0}, "batch"),
        ({"gamma": -1}, "gamma"),
        ({"gamma": "half"}, "gamma"),
        ({"gamma": 3}, "gamma"),
        ({"approach": 3}, "approach"),
        ({"approach": True}, "approach"),
        ({"approach": None}, "approach"),
        ({"edges": "ignore"}, "edges"),
        ({"reach": 1}, "reach"),
        ({"reach": math.nan}, "reach"),
    ],
    ids=str,
)
def test_refused_before_any_work(given: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*_: object) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr(curves, "_fill", work)
    with pytest.raises(ParameterError) as caught:
        measured_exponents(**{**GOOD, **given})
    assert caught.value.name == name
    if given.get("gamma") == 3:
        assert isinstance(caught.value, StabilityError)


@pytest.mark.parametrize(
    "loss",
    [
        np.ones((3, 4)),
        np.ones(12),
        np.zeros((4, 3)),
        -np.ones((4, 3)),
        np.full((4, 3), math.nan),
        np.full((4, 3), math.inf),
        [[1, 2, 3]] * 3 + [[1, 2]],
        None,
        "text",
    ],
    ids=repr,
)
def test_a_table_that_is_none_is_refused(loss: object) -> None:
    with pytest.raises(ParameterError) as caught:
        LossTable([1, 2, 3], [1, 2, 3, 4], loss)
    assert caught.value.name == "loss"


def test_the_result_is_frozen() -> None:
    f, d = np.geomspace(1e6, 1e8, 5), np.geomspace(1e2, 1e6, 9)
    found = LossTable(f, d, planted(f, d, 0.6, 0.5)).measure()
    assert isinstance(found, MeasuredExponents)
    with pytest.raises(AttributeError):
        found.eta = 1.0  # type: ignore[misc]
