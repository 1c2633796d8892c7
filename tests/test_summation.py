"""Gauss rules for sums: exact on polynomials, also for a real number of terms."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from scalesym.precision import flint_digits, to_mpf
from scalesym.summation import jacobi_rule, precise_sum_rule, sum_rule


def points(first: float, length: float, x: np.ndarray) -> np.ndarray:
    return first + (length - 1) / 2 + length / 2 * x


@given(st.integers(12, 10**6), st.integers(0, 19))
def test_sums_of_powers_are_exact(length: int, degree: int) -> None:
    x, w = sum_rule(float(length), 10)
    expected = sum(Fraction(2 * j - length + 1, length) ** degree for j in range(length)) if length < 2000 else None
    if expected is None:  # Bernoulli polynomials
        with mpmath.workdps(60):
            upper = mpmath.bernpoly(degree + 1, mpmath.mpf(length + 1) / 2)
            lower = mpmath.bernpoly(degree + 1, mpmath.mpf(1 - length) / 2)
            expected = (upper - lower) / (degree + 1) * (mpmath.mpf(2) / length) ** degree
    assert float(w @ x**degree) == pytest.approx(float(expected), abs=1e-13 * length)


@given(st.floats(12, 1e4), st.integers(0, 19))
def test_a_real_number_of_terms_gives_faulhabers_polynomial(length: float, degree: int) -> None:
    x, w = sum_rule(length, 10)
    with mpmath.workdps(60):
        upper = mpmath.bernpoly(degree + 1, (mpmath.mpf(length) + 1) / 2)
        lower = mpmath.bernpoly(degree + 1, (1 - mpmath.mpf(length)) / 2)
        expected = (upper - lower) / (degree + 1) * (mpmath.mpf(2) / length) ** degree
    assert float(w @ x**degree) == pytest.approx(float(expected), abs=1e-13 * length)


def test_weights_are_positive_and_a_wrong_length_is_noticed() -> None:
    x, w = sum_rule(100.0, 20)
    assert (w > 0).all()
    true = sum(1 / j for j in range(50, 150))
    assert float(w @ (1 / points(50, 100, x))) == pytest.approx(true, rel=1e-14)
    assert float(w @ (1 / points(50, 99, x))) != pytest.approx(true, rel=1e-6)


@pytest.mark.parametrize("length", [72, 100, 1000, 10**9])
def test_precise_rule_reaches_its_digits(length: int) -> None:
    with flint_digits(60):
        x, w = precise_sum_rule(arb(length), 70)
        for degree in (0, 2, 20, 138):
            total = sum((a * b**degree for a, b in zip(w, x, strict=True)), arb(0))
            with mpmath.workdps(200):
                upper = mpmath.bernpoly(degree + 1, mpmath.mpf(length + 1) / 2)
                lower = mpmath.bernpoly(degree + 1, mpmath.mpf(1 - length) / 2)
                exact = (upper - lower) / (degree + 1) * (mpmath.mpf(2) / length) ** degree
                assert abs(mpmath.mpf(to_mpf(total, 60)) / exact - 1) < mpmath.mpf(10) ** -55


@given(st.sampled_from([-0.998, -0.5, 0.0, 1.7]), st.integers(0, 15))
def test_jacobi_moments(s: float, degree: int) -> None:
    x, w = jacobi_rule(s + 1, 8)
    assert float(w @ x**degree) == pytest.approx(1 / (s + 1 + degree), rel=1e-12)
