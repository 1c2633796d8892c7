"""Constants of the fixed point against plain sums and the Marchenko–Pastur law."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import strategies
from hypothesis import example, given, settings

from scalesym import PLRF


def plain(alpha: float, v: int) -> np.ndarray:
    return np.arange(1.0, v + 1) ** (-2 * alpha)


@settings(max_examples=40)
@given(strategies.exponents(), strategies.sizes(200), strategies.batches())
@example((Fraction(1, 2), Fraction(1, 2)), (7, 8), 1)
@example((Fraction(3), Fraction(-3, 10)), (200, 4000), 64)
def test_constants_satisfy_their_equations(
    exponents: tuple[Fraction, Fraction], sizes: tuple[int, int], batch: int
) -> None:
    (alpha, _), (d, v) = exponents, sizes
    model, lam = PLRF(*exponents, d, v, batch=batch), plain(float(alpha), v)
    zeta0 = model.zeta0()
    assert (lam / (lam + zeta0)).sum() == pytest.approx(d, rel=1e-12)

    def z(zeta: np.ndarray) -> np.ndarray:
        return -zeta * (1 - (lam / (lam + zeta[:, None])).sum(1) / d)

    left = np.linspace(0, 1, 4001)[1:-1] * zeta0
    assert model.spectral_edge() == pytest.approx(z(left).max(), rel=2e-6)
    assert model.spectral_edge() >= z(left).max() * (1 - 1e-12)
    right = -1 - np.geomspace(1e-6, 1e4, 8001)
    assert model.spectral_edge("right") == pytest.approx(z(right).min(), rel=1e-4)
    assert model.spectral_edge("right") <= z(right).min() * (1 + 1e-12)


@settings(max_examples=30)
@given(strategies.exponents(), strategies.sizes(100), strategies.batches())
@example((Fraction(1), Fraction(7, 10)), (20, 60), 64)
@example((Fraction(1), Fraction(7, 10)), (20, 60), 1)
def test_critical_gamma_is_where_a_condition_breaks(
    exponents: tuple[Fraction, Fraction], sizes: tuple[int, int], batch: int
) -> None:
    model = PLRF(*exponents, *sizes, batch=batch)
    gamma, edge = model.critical_gamma(), model.spectral_edge("right")
    below = PLRF(*exponents, *sizes, gamma * (1 - 2e-6), batch)
    by_kernel = below.kernel_norm() > 1 - 1e-4
    by_point = gamma * (batch + 1) * edge > 2 * (1 - 1e-9)
    assert by_kernel or by_point
    assert below.kernel_norm() < 1
    assert below.learning_rate() * (batch + 1) * edge < 2


@pytest.mark.parametrize("ratio", [1.1, 2, 4, 100])
def test_marchenko_pastur(ratio: float) -> None:
    d = 50
    v = round(d * ratio)
    model = PLRF.from_spectrum([1] * v, [1] + [0] * (v - 1), d)
    root = math.sqrt(v / d)
    assert model.zeta0() == pytest.approx(v / d - 1, rel=1e-13)
    assert model.spectral_edge() == pytest.approx((root - 1) ** 2, rel=1e-11)
    assert model.spectral_edge("right") == pytest.approx((root + 1) ** 2, rel=1e-13)
    assert model.forcing_limit() == pytest.approx(1 - d / v, rel=1e-13)


@pytest.mark.parametrize("alpha", [Fraction(501, 1000), Fraction(3, 4), Fraction(1), Fraction(3)])
def test_kappa_tends_to_the_continuum(alpha: Fraction) -> None:
    with mpmath.workdps(30):
        a = mpmath.mpf(2 * alpha.numerator) / alpha.denominator
        closed = (a / mpmath.pi * mpmath.sin(mpmath.pi / a)) ** a
        assert abs(PLRF(alpha, 1, 10, "inf").kappa("continuum", 25) / closed - 1) < 1e-24
    gaps = [abs(PLRF(alpha, 1, d, "inf").kappa() / float(closed) - 1) for d in (10**4, 10**6, 10**8)]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 1e-6


@pytest.mark.parametrize("alpha", [Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(7, 10), Fraction(2)])
@pytest.mark.parametrize("ratio", [Fraction(21, 20), Fraction(4), Fraction(1000)])
def test_kappa_at_finite_ratio(alpha: Fraction, ratio: Fraction) -> None:
    kappa = PLRF(alpha, 1, 100, 100 * ratio).kappa("continuum", 25)
    with mpmath.workdps(35):
        a = mpmath.mpf(2 * alpha.numerator) / alpha.denominator
        rho = mpmath.mpf(ratio.numerator) / ratio.denominator
        knots = [0, 1, 2, 4, 8, 16, 32, 64, 90]  # in s = log(ρ/u)
        integral = mpmath.quad(lambda s: kappa / (kappa + (rho * mpmath.exp(-s)) ** a) * rho * mpmath.exp(-s), knots)
        assert abs(integral - 1) < mpmath.mpf(10) ** -20


def test_known_kappas() -> None:
    """κ(v/d = 4) and the left edge in units of ``d^{-2α}``, as tabulated from an independent code."""
    kappas = {"7/10": 0.4625, "1": 0.5152, "2/5": 0.4110, "1/5": 0.3764}
    edges = {"7/10": 0.515, "1": 0.375, "2/5": 0.704, "1/5": 0.850}
    for alpha, expected in kappas.items():
        model = PLRF(alpha, 1, 10**8, 4 * 10**8)
        assert model.kappa("continuum") == pytest.approx(expected, abs=6e-5)
        scaled = model.spectral_edge() * 1e8 ** (2 * float(Fraction(alpha)))
        assert scaled == pytest.approx(edges[alpha], abs=6e-4)
