"""Exact derivatives of the loss in log d and log r, against differences of the loss by roads without jets."""

from __future__ import annotations

import math
from dataclasses import fields
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym import PLRF
from scalesym.equivalent.cauchy import cauchy
from scalesym.equivalent.equation import Equivalent
from scalesym.equivalent.jets import Jet, jet_sum
from scalesym.equivalent.tangent import Slopes, Tangent
from scalesym.spectrum import PowerLaw
from scalesym.summation import end_rule

_NARROW = 0.02
_FIRST = np.array([-1, 9, -45, 0, 45, -9, 1]) / 60 / _NARROW
_SECOND = np.array([2, -27, 270, -490, 270, -27, 2]) / 180 / _NARROW**2


def model(alpha: str, beta: str, d: Fraction, ratio: int | float, rule: str, batch: int) -> Equivalent:
    v = ratio if math.isinf(ratio) else ratio * d
    return Equivalent(PowerLaw(Fraction(alpha), Fraction(beta), v), d, rule, batch)


def differences(alpha: str, beta: str, d: float, r: float, ratio: float, rule: str, batch: int) -> dict[str, float]:
    """Seven-point differences of ``log P`` on a square grid of ``(log d, log r)``."""
    steps = np.arange(-3, 4) * _NARROW
    rows = []
    for step in steps:
        contour = model(alpha, beta, Fraction(d * math.exp(step)), ratio, rule, batch).contour
        rows.append(np.log(contour.loss(r * np.exp(steps)).value))
    table = np.array(rows)
    return {
        "value": table[3, 3],
        "x": _FIRST @ table[:, 3],
        "rho": table[3] @ _FIRST,
        "xx": _SECOND @ table[:, 3],
        "x_rho": _FIRST @ table @ _FIRST,
        "rho_rho": table[3] @ _SECOND,
    }


def slopes(alpha: str, beta: str, d: float, r: float, ratio: float, rule: str, batch: int) -> Slopes:
    equation = model(alpha, beta, Fraction(d), ratio, rule, batch)
    return Tangent(equation, grows=not math.isinf(ratio)).slopes(np.array([r]))


CASES = [
    ("1", "7/10", 1e3, 3.0, 10, "half-critical", 1),
    ("1", "7/10", 1e8, 1e12, 10, "half-critical", 1),
    ("1", "7/10", 1e8, 1e12, math.inf, "half-critical", 1),
    ("9/10", "2/5", 1e6, 1e9, 2, "trace:1/2", 4),
    ("7/10", "-1/10", 1e6, 1e8, 10, "half-critical", 1),
    ("2/5", "3/10", 30.0, 1e3, 10, "half-critical", 64),  # where the pointwise condition binds
    ("2/5", "4/5", 1e6, 1e5, 10, "trace:1/2", 1),
    ("1/5", "4/5", 1e6, 1e5, 10, "half-critical", 4),
    ("1/10", "7/10", 1e4, 1e4, 100, "half-critical", 1),
    ("1/2", "1/2", 1e5, 1e5, 10, "half-critical", 1),
    ("4/5", "6/5", 1e40, 1e40, 10, "half-critical", 1),
    ("3", "2", 50.0, 1e5, 10, "half-critical", 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_the_derivatives_are_those_of_the_loss(case: tuple[str, str, float, float, float, str, int]) -> None:
    found, expected = slopes(*case), differences(*case)
    for each in fields(Slopes):
        # seven-point differences lose 1e-14/h and 1e-14/h², and leave out h⁶
        tolerance = {"value": 1e-13, "x": 1e-10, "rho": 1e-10}.get(each.name, 5e-9)
        value = float(getattr(found, each.name)[0])
        assert value == pytest.approx(expected[each.name], rel=tolerance, abs=tolerance), each.name


def test_a_spectrum_that_stays_has_another_derivative() -> None:
    """What changes with ``v`` is seen: without it the derivative in ``d`` is a different number."""
    equation = model("2/5", "4/5", Fraction(10**6), 10, "half-critical", 1)
    with_v = Tangent(equation, grows=True).slopes(np.array([1e5]))
    without = Tangent(equation, grows=False).slopes(np.array([1e5]))
    assert abs(with_v.x - without.x)[0] > 1e-2


def test_against_many_digits() -> None:
    """The derivative in ``d`` at a fixed learning rate, from 30 digits of the multiprecision road."""
    step = Fraction(1, 10**7)
    losses = [PLRF(1, "7/10", 20 * (1 + k * step), 60 * (1 + k * step), "3/10").loss(80, digits=30) for k in (-1, 0, 1)]
    first = float((losses[2] - losses[0]) / (2 * losses[1])) * 1e7
    second = float((losses[2] - 2 * losses[1] + losses[0]) / losses[1]) * 1e14 + first - first**2
    equation = Equivalent(PowerLaw(Fraction(1), Fraction(7, 10), Fraction(60)), Fraction(20), Fraction(3, 10), 1)
    found = Tangent(equation, grows=True).slopes(np.array([80.0]))
    assert found.x[0] == pytest.approx(first, rel=1e-9)
    assert found.xx[0] == pytest.approx(second, rel=1e-7)


@given(st.tuples(*[st.floats(0.3, 3)] * 3), st.tuples(*[st.floats(0.3, 3)] * 3))
def test_jets_are_truncated_power_series(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    x, y = Jet(*a), Jet(*b)
    step = 1e-3

    def at(jet: Jet, e: float) -> float:
        return float(jet.c0 + jet.c1 * e + jet.c2 * e * e)

    for found, f in (
        (x * y, lambda e: at(x, e) * at(y, e)),
        (x / y, lambda e: at(x, e) / at(y, e)),
        (x.log(), lambda e: math.log(at(x, e))),
        (x.exp(), lambda e: math.exp(at(x, e))),
        (2 - x, lambda e: 2 - at(x, e)),
        (1 / x, lambda e: 1 / at(x, e)),
    ):
        scale = 1 + abs(found.c1) + abs(found.c2) + a[0] ** -4 + b[0] ** -4
        up, down = f(step), f(-step)
        assert found.c0 == pytest.approx(f(0.0), rel=1e-13)
        assert found.c1 == pytest.approx((up - down) / (2 * step), abs=2e-3 * scale**2)
        assert found.c2 == pytest.approx((up - 2 * found.c0 + down) / (2 * step**2), abs=2e-3 * scale**2)


def test_sums_over_a_moving_spectrum() -> None:
    """Against the whole sum, written out at shifted arguments."""
    rng = np.random.default_rng(7)
    lam = np.sort(10.0 ** rng.uniform(-20, 0, 900))[::-1].copy()
    weights = rng.uniform(0, 1, (3, 900)) * lam
    one = 10.0 ** np.linspace(-18, 0, 100) * np.exp(2j)
    two = 10.0 ** np.linspace(-18, 0, 100) * np.exp(-1j)
    a, b = Jet(one, 0.3 * one, -0.2 * one), Jet(two, -0.7 * two, 0.1 * two)
    found = jet_sum(lam, weights, a, b)

    def whole(e: float) -> np.ndarray:
        w = weights[0] + e * weights[1] + e * e * weights[2]
        pole, other = a.c0 + e * a.c1 + e * e * a.c2, b.c0 + e * b.c1 + e * e * b.c2
        return np.asarray(w @ (1 / (lam[:, None] + pole) / (lam[:, None] + other)))

    step = 1e-3
    up, down, middle = whole(step), whole(-step), whole(0.0)
    np.testing.assert_allclose(found.c0, middle, rtol=1e-13)
    np.testing.assert_allclose(found.c1, (up - down) / (2 * step), rtol=2e-5, atol=1e-5 * abs(middle).max() * 0)
    np.testing.assert_allclose(found.c2, (up - 2 * middle + down) / (2 * step**2), rtol=1e-4)


def test_relative_factors_are_the_same_sums() -> None:
    rng = np.random.default_rng(3)
    lam = np.sort(10.0 ** rng.uniform(-110, 0, 1500))[::-1].copy()
    weights = rng.uniform(0, 1, (2, 1500)) * lam
    zeta = 10.0 ** np.linspace(-105, 1, 300) * np.exp(2.2j)
    found = cauchy(lam, weights, zeta, relative=(zeta, zeta))
    inverse = 1 / (lam[:, None] + zeta)
    np.testing.assert_allclose(found, weights @ (inverse * (zeta * inverse) ** 2), rtol=1e-13)


@settings(max_examples=60)
@given(st.floats(3, 1e6), st.floats(0.2, 4))
def test_how_a_sum_changes_with_its_end(end: float, s: float) -> None:
    """Against ``d/dv Σ_{j≤v} j^{-s} = s ζ(s+1, v+1)``."""
    from scipy.special import zeta

    u, first, second = end_rule(end, 0.2)
    slope, curvature = s * zeta(s + 1, end + 1), -s * (s + 1) * zeta(s + 2, end + 1)
    assert first @ u**-s == pytest.approx(end * slope, rel=1e-9)
    assert second @ u**-s == pytest.approx(end * slope + end**2 * curvature, rel=1e-7)
