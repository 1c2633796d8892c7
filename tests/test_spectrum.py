"""Compressed spectra against plain sums and zeta functions."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import strategies
from flint import arb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.precision import flint_digits, to_mpf
from scalesym.spectrum import Measured, PowerLaw

ARGUMENTS = (0.0, 0.4, math.pi / 2, 3 * math.pi / 4)


@settings(max_examples=60)
@given(strategies.exponents(), st.integers(2, 200_000), st.floats(-1, 1.1), st.sampled_from(ARGUMENTS))
@example((Fraction(3), Fraction(-3, 10)), 99_999, 1.0, ARGUMENTS[3])
@example((Fraction(1, 10), Fraction(3)), 2, 0.5, ARGUMENTS[3])
@example((Fraction(1), Fraction(1)), 177, 0.5, ARGUMENTS[3])
@example((Fraction(1), Fraction(1)), 176, 0.5, ARGUMENTS[3])
def test_resolvent_sums_equal_plain_sums(
    exponents: tuple[Fraction, Fraction], v: int, place: float, argument: float
) -> None:
    alpha, beta = map(float, exponents)
    nodes = PowerLaw(*exponents, Fraction(v)).nodes(v)
    zeta = float(v) ** (-2 * alpha * place) * np.exp(1j * argument)
    j = np.arange(1.0, v + 1)
    for weights, power in ((nodes.mu, 0.0), (nodes.nu, -2 * beta)):
        expected = np.sum(j**power / (1 + zeta * j ** (2 * alpha)))
        assert abs(np.sum(weights / (nodes.lam + zeta)) / expected - 1) < 1e-12


@given(strategies.exponents(), st.floats(2, 1e12))
@example((Fraction(1), Fraction(1)), 10.5)
@example((Fraction(3), Fraction(1)), 1000.25)
def test_real_v_continues_the_sum(exponents: tuple[Fraction, Fraction], v: float) -> None:
    alpha, beta = exponents
    s = 2 * alpha + 2 * beta
    with mpmath.workdps(40):
        exact = mpmath.mpf(s.numerator) / s.denominator
        expected = mpmath.zeta(exact) - mpmath.zeta(exact, mpmath.mpf(v) + 1)
    assert PowerLaw(alpha, beta, v).nodes(1).nu.sum() == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("alpha", [Fraction(501, 1000), Fraction(51, 100), Fraction(1), Fraction(3)])
@pytest.mark.parametrize("d", [2, 10**6, 10**14])
def test_infinite_v(alpha: Fraction, d: int) -> None:
    nodes = PowerLaw(alpha, Fraction(7, 10), math.inf).nodes(d)
    assert nodes.mu.sum() == pytest.approx(float(mpmath.zeta(2 * float(alpha))), rel=1e-12)
    with mpmath.workdps(30):
        a = 2 * mpmath.mpf(alpha.numerator) / alpha.denominator
        for scale in (1, 100):
            zeta = mpmath.mpf(d) ** -a * scale
            assert np.sum(nodes.mu / (nodes.lam + float(zeta))) == pytest.approx(
                float(euler_maclaurin(zeta, a)), rel=2e-12
            )


def euler_maclaurin(zeta: mpmath.mpf, a: mpmath.mpf, first: int = 2000) -> mpmath.mpf:
    """``Σ_j 1/(1 + ζ j^a)``: direct terms, then the integral to infinity as a hypergeometric function."""

    def g(j: mpmath.mpf) -> mpmath.mpf:
        return 1 / (1 + zeta * j**a)

    x = zeta * mpmath.mpf(first) ** a
    # ∫_J^∞ du/(1 + ζu^a) = J/(x(a−1)) ₂F₁(1, 1−1/a; 2−1/a; −1/x)
    integral = first / (x * (a - 1)) * mpmath.hyp2f1(1, 1 - 1 / a, 2 - 1 / a, -1 / x)
    ends = g(first) / 2 - mpmath.diff(g, first) / 12 + mpmath.diff(g, first, 3) / 720
    return mpmath.fsum(g(mpmath.mpf(j)) for j in range(1, first)) + integral + ends


def test_precise_nodes_reach_their_digits_and_a_dropped_term_is_noticed() -> None:
    for v in (Fraction(10**6), math.inf):
        nodes = PowerLaw(Fraction(501, 1000), Fraction(7, 10), v).nodes(1000, 40)
        with flint_digits(55), mpmath.workdps(55):
            total = sum(nodes.nu, arb(0)) + (nodes.tails[1][0] if nodes.tails else 0)
            s = mpmath.mpf(2402) / 1000
            expected = mpmath.zeta(s) - (0 if v == math.inf else mpmath.zeta(s, 10**6 + 1))
            assert abs(mpmath.mpf(to_mpf(total, 50)) / expected - 1) < mpmath.mpf(10) ** -42
            dropped = mpmath.zeta(s) - mpmath.zeta(s, 10**6)
            assert abs(mpmath.mpf(to_mpf(total, 50)) / dropped - 1) > mpmath.mpf(10) ** -16


def test_refined_panels_resolve_a_near_pole() -> None:
    law = PowerLaw(Fraction(1), Fraction(1, 2), Fraction(10**5))
    j = np.arange(1.0, 10**5 + 1)
    for angle in (0.3, 1e-2, 1e-4):
        zeta = 3000.5**-2 * np.exp(1j * (np.pi - angle))
        expected = np.sum(1 / (1 + zeta * j**2))
        refined, common = law.nodes(1, pole=law.pole(zeta)), law.nodes(1)
        assert abs(np.sum(refined.mu / (refined.lam + zeta)) / expected - 1) < 1e-11
    assert abs(np.sum(common.mu / (common.lam + zeta)) / expected - 1) > 1e-3  # which the common panels do not


def test_measured_spectrum_merges_equal_eigenvalues() -> None:
    nodes = Measured.read([1, "1/2", 1], [1, 2, "3"]).nodes(1)
    assert nodes.lam.tolist() == [1, 0.5]
    assert nodes.mu.tolist() == [2, 0.5]
    assert nodes.nu.tolist() == [10, 2]


@pytest.mark.parametrize(
    ("eigenvalues", "target"),
    [([], []), ([1, 2], [1]), ([1, -1], [1, 1]), ([1, 0], [1, 1]), ([1, float("inf")], [1, 1]), ([1, 2], [0, 0])],
)
def test_unusable_spectra_are_refused(eigenvalues: list[float], target: list[float]) -> None:
    with pytest.raises(ParameterError):
        Measured.read(eigenvalues, target)
