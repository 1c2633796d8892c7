"""The frontier's constants, against the exact loss, the catalogue, and each other.

The exact loss is minimised by Newton's method with the exact derivatives of the engine, from the law's own prediction: a
few contours instead of a whole search. That the minimum is the only one is the business of the frontier's own tests.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym.equivalent.frontier import Family, nearest
from scalesym.equivalent.window import Gap, Kernel
from scalesym.errors import ParameterError, StabilityError
from scalesym.formulas import formula
from scalesym.phases import phase
from scalesym.sharp import SharpFrontier, sharp_frontier
from scalesym.sharp.closed import closed
from scalesym.sharp.least import Window
from scalesym.sharp.rates import Rule, power_sum

FLAT = 1 - 1 / math.sqrt(2)

#: α, β, what differs from the default, and the distances of ``d*`` and ``P*`` from the law at 10^100
POINTS: tuple[tuple[Any, Any, dict[str, Any], float, float], ...] = (
    ("9/10", "2/5", {"v_over_d": "inf", "batch": 4}, 1e-6, 1e-6),
    ("7/10", "-1/10", {"gamma": "trace:1/2"}, 1e-6, 1e-6),
    ("1/5", "2/5", {}, 1e-6, 1e-6),
    ("1/5", "4/5", {"v_over_d": 2, "gamma": "trace:1/2"}, 1e-5, 1e-5),
    (1, "7/10", {}, 1e-6, 1e-6),
    ("4/5", "6/5", {"v_over_d": 2, "gamma": "1/10", "batch": 4}, 1e-6, 1e-6),
    ("2/5", "4/5", {"v_over_d": 2, "gamma": "trace:1/2", "batch": 4}, 1e-6, 1e-6),
    ("7/25", "4/5", {}, 4e-3, 3e-3),
    (1, 1, {}, 1e-6, 1e-6),
    (FLAT, "4/5", {}, 1e-5, 3e-4),
)

#: Where logarithms appear, and corrections are large
LINES: tuple[tuple[Any, Any], ...] = (
    (1, "1/2"),
    ("2/5", "1/2"),
    ("7/25", "1/2"),
    ("1/5", "1/2"),
    ("1/2", "4/5"),
    ("1/2", "3/10"),
    ("1/4", "4/5"),
)


@cache
def law(alpha: Any, beta: Any, options: tuple[tuple[str, Any], ...] = ()) -> SharpFrontier:
    return sharp_frontier(alpha, beta, **dict(options))


def exact(of: SharpFrontier, log_f: float, start: float) -> tuple[float, float]:
    """``log d*`` and ``log P*`` of the exact loss, from a start nearby."""
    found = nearest(Family(of.alpha, of.beta, of.v_over_d, of.gamma, of.batch), log_f, start)
    return found.x, found.value


@pytest.mark.parametrize(("alpha", "beta", "options", "of_d", "of_loss"), POINTS)
def test_constants_are_those_of_the_exact_loss(
    alpha: Any, beta: Any, options: dict[str, Any], of_d: float, of_loss: float
) -> None:
    found = law(alpha, beta, tuple(options.items()))
    log_f = 100 * math.log(10)
    x, y = exact(found, log_f, found.log_d(log_f))
    assert abs(math.expm1(x - found.log_d(log_f))) < of_d
    assert abs(math.expm1(y - found.log_loss(log_f))) < of_loss


@pytest.mark.parametrize(("alpha", "beta"), [*LINES, ("7/10", "3/5"), ("1/10", "9/20")])
def test_law_of_all_phases_where_corrections_are_slow(alpha: Any, beta: Any) -> None:
    found = law(alpha, beta)
    log_f = 24 * math.log(10)
    near, least = found.refined_log(log_f)
    x, y = exact(found, log_f, near)
    assert abs(math.expm1(x - near)) < 5e-4
    assert abs(math.expm1(y - least)) < 5e-4
    assert abs(math.expm1(y - found.log_loss(log_f))) > 5e-3  # the leading law alone is not there yet


@pytest.mark.parametrize(
    ("alpha", "beta", "far", "within"),
    [
        (1, "1/2", 1e6, 3e-4),
        ("3/4", "1/2", 1e9, 3e-4),
        ("1/2", "3/10", 1e6, 3e-4),
    ],
)
def test_leading_constants_on_lines_are_limits(alpha: Any, beta: Any, far: float, within: float) -> None:
    """At budgets ``e^far``, where the logarithm is large."""
    found = law(alpha, beta)
    x, y = found.refined_log(far)
    assert abs(math.expm1(y - found.log_loss(far))) < within
    assert abs(math.expm1(x - found.log_d(far))) < 10 * within


@pytest.mark.parametrize(
    ("alpha", "far", "within"), [("2/5", 1e6, 3e-4), ("7/25", 1e16, 6e-3), ("1/5", 1e6, 3e-4), ("1/10", 1e6, 3e-4)]
)
def test_leading_constants_at_the_target_line_below(alpha: str, far: float, within: float) -> None:
    """On ``2β = 1`` below ``2α = 1`` the loss is ``d^{-2α}[(log v + γ_E)Ψ₁ + Ψ₀]``: minimised at ``log f = far``."""
    found, a = law(alpha, "1/2"), float(Fraction(alpha))
    gap, kernel = Gap(a, 10.0), Kernel(strength=found.rate / 2)

    def value(log_t: float) -> float:
        path = gap.path(math.exp(log_t))
        weight = math.log(10) + (math.log(2 * found.rate) + far - log_t) / 2 + np.euler_gamma
        one, rest = kernel.constant(path), kernel.weighted(path, path.energy(0.5))
        return a * log_t + math.log(weight * path.inverse(one) + path.inverse(rest))

    from scipy.optimize import minimize_scalar

    start = math.log(2 * found.rate) - 2 * (found.log_d(far) - far / 2)
    best = minimize_scalar(value, bounds=(start - 3, start + 3), method="bounded", options={"xatol": 1e-8})
    log_d = (math.log(2 * found.rate) - best.x) / 2
    expected = math.log(found.c) + float(found.size_logs[0]) * math.log(far)
    assert abs(math.expm1(log_d - expected)) < within
    expected = math.log(found.C) + float(found.loss_logs[0]) * math.log(far)
    assert abs(math.expm1(best.fun - a * math.log(2 * found.rate) - expected)) < within


# -- falsified constants ------------------------------------------------------------------------------------------------


def values_of(found: SharpFrontier, **changed: float) -> dict[str, float]:
    rule = Rule(float(found.alpha), float(found.v_over_d), found.gamma, found.batch)  # type: ignore[arg-type]
    target = power_sum(2 * float(found.beta), math.inf)
    known = {"alpha": rule.alpha, "beta": float(found.beta), "rho": rule.ratio, "B": rule.batch, "c_beta": target}
    known |= {"gamma": rule.value, "g": rule.value, "norm_K": rule.norm_K}
    known["norm_F"] = (target + rule.energy(float(found.beta))) / (2 * rule.value * rule.batch)
    return known | changed


@pytest.mark.parametrize(
    ("alpha", "beta", "changed"),
    [
        (1, "7/10", {"norm_K": 0.0}),
        (1, "7/10", {"c_beta": 1.0}),
        ("4/5", "6/5", {"norm_K": 0.0}),
        ("4/5", "6/5", {"norm_F": power_sum(2.4, math.inf) / (2 * 0.275891)}),  # its small-γ form
        ("1/5", "4/5", {"c_beta": 1.0}),
        ("1/5", "4/5", {"rho": 5.0}),
        ("27/100", "6/5", {"c_beta": 1.0}),
        (1, 1, {"norm_F": 0.0}),  # K_pp forgotten where it is as large as F_pp
    ],
)
def test_a_falsified_letter_is_seen(alpha: Any, beta: Any, changed: dict[str, float]) -> None:
    found = law(alpha, beta)
    form = closed(found.phase)
    assert form is not None
    (c, _), (C, _) = form.at(values_of(found))
    assert (c, C) == pytest.approx((found.c, found.C), rel=1e-12)
    (c, _), (C, _) = form.at(values_of(found, **changed))
    assert max(abs(c / found.c - 1), abs(C / found.C - 1)) > 2e-2


def test_a_wrong_gamma_function_is_seen() -> None:
    import sympy as sp

    found = law("4/5", "6/5")
    form = closed("III")
    assert form is not None

    def shifted(expression: Any) -> Any:
        return expression.replace(lambda x: isinstance(x, sp.gamma), lambda x: sp.gamma(x.args[0] + 1))

    (c, _), (C, _) = replace(form, size=shifted(form.size), loss=shifted(form.loss)).at(values_of(found))
    assert min(abs(c / found.c - 1), abs(C / found.C - 1)) > 5e-2


def test_the_least_of_two_minima() -> None:
    """With ``v`` near ``d`` the scaling function has a second local minimum, where ``d`` resolves almost everything."""
    at = sharp_frontier("2/5", "4/5", v_over_d="101/100")._at
    ratio = at.loss_power / at.power
    grid = np.exp(np.linspace(-20, 8, 57))
    assert at.best**ratio * at.profile(at.best) <= min(t**ratio * at.profile(t) for t in grid)


def plateau(alpha: float, g: float, ratio: float = 10.0) -> tuple[float, float]:
    """``T`` and ``T + (g/2)(ρ^{1-4α}/(1-4α) + T²)``."""
    trace = ratio ** (1 - 2 * alpha) / (1 - 2 * alpha)
    return trace, trace + g / 2 * (ratio ** (1 - 4 * alpha) / (1 - 4 * alpha) + trace**2)


def test_the_size_on_the_flat_line_needs_the_whole_plateau() -> None:
    """``d*`` tells ``T`` from the whole, which ``P.plateau`` states below ``α = 1/4`` and is continued here."""
    found = law(FLAT, "4/5")
    trace, whole = plateau(FLAT, found.rate)
    log_f = 100 * math.log(10)
    x, _ = exact(found, log_f, found.log_d(log_f))
    power = 2 * 0.8 * (1 + math.sqrt(2)) - 1 + 2 * FLAT  # between the powers of d of F_pp and of the plateau
    assert abs(math.expm1(x - found.log_d(log_f))) < 1e-5
    assert abs(math.expm1(x - found.log_d(log_f) - math.log(trace / whole) / power)) > 5e-2


@pytest.mark.parametrize("alpha", [0.15, 0.27, 0.3])
def test_the_early_window_has_the_whole_plateau(alpha: float) -> None:
    """``Ψ(t) − K_pp → T + (g/2)(ρ^{1-4α}/(1-4α) + T²)`` as ``t → 0``."""
    g, t, x = 0.1, 1e-16, 1 / (2 * alpha)
    path = Gap(alpha, 10.0).path(t)
    kernel = g / 2 * x * math.gamma(2 - x) * t ** (x - 2) if x < 2 else 0.0
    trace, whole = plateau(alpha, g)
    value = path.inverse(Kernel(strength=g / 2).constant(path)) - kernel
    assert value == pytest.approx(whole, rel=1e-4)
    assert abs(value / trace - 1) > 1e-2


def test_window_constants_need_every_factor() -> None:
    fast, slow = law("9/10", "2/5"), law("2/5", "4/5")
    at = fast._at
    assert at.amplitude == pytest.approx(1 / (1 - fast.norm_K))
    assert slow._at.amplitude == pytest.approx(float(np.sum(np.arange(1, 10**6) ** -1.6)), rel=1e-3)
    frozen = Window(Rule(0.4, 10.0, "trace:1/2", 1), 0.8)
    assert abs(frozen.constants()[1] / slow.C - 1) > 0.1


# -- the catalogue ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "alpha", "beta"),
    [
        ("P.window.slow-target", "9/10", "2/5"),
        ("P.window.slow-target.slow-spectrum", "2/5", "3/10"),
        ("P.window.slow-spectrum", "2/5", "4/5"),
    ],
)
def test_scaling_functions_are_the_catalogue_s(id: str, alpha: str, beta: str) -> None:
    entry, found = formula(id), law(alpha, beta)
    at, t, d = found._at, found.tstar, 10**6
    assert t is not None
    slow = 2 * at.rule.alpha < 1
    letters = {"alpha": alpha, "beta": beta, "B": 1, "d": d, "v": 10 * d, "t": t, "rho": 10, "gamma": "1/10", "r": 10}
    letters |= {"g": found.rate} if slow else {"norm_K": found.norm_K}
    letters |= {"c_beta": power_sum(2 * at.beta, math.inf)} if "c_beta" in entry.letters else {}
    value = float(entry.evaluate(digits=10, **{k: x for k, x in letters.items() if k in entry.letters}))
    assert at.amplitude * d**-at.loss_power * at.profile(t) == pytest.approx(value, rel=1e-9)


def test_limits_are_the_catalogue_s() -> None:
    rule = Rule(1.5, 10.0, "half-critical", 4)
    critical = formula("gamma.norm.wide").evaluate(digits=8, alpha="3/2", batch=4)
    assert 2 * rule.value == pytest.approx(float(critical), rel=1e-7)
    norm = formula("K_norm.wide").evaluate(digits=8, alpha="3/2", batch=4, gamma=Fraction(rule.value))
    assert rule.norm_K == pytest.approx(float(norm), rel=1e-7)


# -- the window's transform ---------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 3.0), st.floats(1.1, 1e3), st.floats(-2.4, 2.4), st.floats(-30, 30), st.floats(0.05, 1.0))
def test_moments_are_integrals(alpha: float, ratio: float, angle: float, size: float, power: float) -> None:
    """Against the differential equation ``ζ dM/dζ = (ρ^p/(1+ζρ^{2α}) − p M)/2α``, by a central difference in ``log ζ``."""
    gap, h = Gap(alpha, ratio), 1e-3
    zeta = np.exp(size + 1j * angle + h * np.array([-2, -1, 0, 1, 2]))
    m = gap.moment(power, zeta)
    slope = (m[0] - 8 * m[1] + 8 * m[3] - m[4]) / (12 * h)
    expected = (ratio**power / (1 + zeta[2] * ratio ** (2 * alpha)) - power * m[2]) / (2 * alpha)
    assert abs(slope - expected) < 1e-9 * (abs(expected) + abs(m[2]) / alpha)


@pytest.mark.parametrize("s", [0.3, 1.0, 1.7])
def test_transform_of_a_power(s: float) -> None:
    """``L⁻¹[p^{-s}] = t^{s-1}/Γ(s)``, also where the gap is far away."""
    for t in (1e-20, 1e-3, 1.0):
        path = Gap(0.9, 10.0).path(t)
        assert path.inverse(path.p**-s) == pytest.approx(t ** (s - 1) / math.gamma(s), rel=1e-11)
        assert path.growth(path.p**-s) == pytest.approx(s - 1, abs=1e-10)


# -- the interface ------------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 2.0), st.floats(-1.0, 2.0))
def test_everywhere_off_the_lines_there_are_constants(alpha: float, beta: float) -> None:
    curves = (2 * alpha - 1, 2 * beta - 1, 4 * alpha - 1, alpha - beta, alpha - FLAT)
    if alpha + beta < 0.55 or min(map(abs, curves)) < 0.02:
        return
    found = sharp_frontier(alpha, beta)
    assert found.phase == phase(alpha, beta).name
    assert found.c > 0
    assert found.C > 0
    assert (found.tstar is None) == (found.kind == "closed")


def test_powers_of_logarithms_are_the_phase_s() -> None:
    for alpha, beta in LINES:
        found, expected = law(alpha, beta), phase(alpha, beta).logarithm
        assert expected is not None
        assert found.kind == "line"
        assert (found.size_logs, found.loss_logs) == (expected.size, expected.loss)
        form = closed(found.phase)
        if form is not None:
            known = {
                "alpha": 0.3,
                "beta": 0.9,
                "rho": 10.0,
                "B": 1,
                "c_beta": 1.5,
                "g": 0.1,
                "gamma": 0.1,
                "norm_K": 0.3,
            }
            known |= {"alpha": float(found.alpha), "beta": float(found.beta)} if float(found.beta) != 0.5 else {}
            known["alpha"] = float(found.alpha)
            (_, of_d), (_, of_loss) = form.at(known)
            assert of_d == pytest.approx(float(found.size_logs[0]), abs=1e-12)
            assert of_loss == pytest.approx(float(found.loss_logs[0]), abs=1e-12)


def test_arrays_and_plain_data() -> None:
    found = law("4/5", "6/5")
    budgets = np.array([1e9, 1e24])
    assert found.d(budgets).tolist() == [found.d(1e9), found.d(1e24)]
    assert found.loss(budgets)[1] == found.loss(1e24)
    assert found.refined(1e24)[1] == pytest.approx(found.loss(1e24), rel=1e-3)
    data = found.to_dict()
    assert data["xi"] == "1/2"
    assert data["phase"] == "III"
    assert not any(key.startswith("_") for key in data)
    assert found.latex is not None
    assert law("2/5", "4/5").formula is None


def test_refusals() -> None:
    with pytest.raises(ParameterError, match="several critical lines"):
        sharp_frontier("1/2", "1/2")
    with pytest.raises(ParameterError, match="unstable for large d"):
        sharp_frontier("2/5", "4/5", gamma="1/10")
    with pytest.raises(StabilityError):
        sharp_frontier("4/5", "6/5", gamma="3/5")
    with pytest.raises(StabilityError):
        sharp_frontier("4/5", "6/5", gamma="trace:1/2", batch=64)
    with pytest.raises(ParameterError, match="tr D diverges"):
        sharp_frontier("2/5", "4/5", v_over_d="inf")
    with pytest.raises(ParameterError, match="alpha"):
        sharp_frontier(-1, 1)
    with pytest.raises(ParameterError, match="budget"):
        law("4/5", "6/5").d(2)
