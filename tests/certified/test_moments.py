"""The moments' road: exact where it can be, and enclosed by the integrals and the Cauchy sum."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from certified_models import REFERENCE, sgd
from flint import fmpq

from scalesym.certified.cauchy import loss
from scalesym.certified.moments import forcing_kernel, measure_moments, volterra
from scalesym.errors import ParameterError
from scalesym.precision import arb_of, flint_digits


def test_the_first_moments_are_known() -> None:
    # M_0 = Σw, M_1 = Σλw; M'_0 = tr D² + (tr D)²/d, whatever the spectrum
    dynamics = sgd(1, 1, 2, 3, "1/4")
    targets, features = measure_moments(dynamics, 2)
    lam = [fmpq(1, j**2) for j in (1, 2, 3)]
    assert targets[0] == sum((x**2 for x in lam), fmpq(0))
    assert targets[1] == sum((x**3 for x in lam), fmpq(0)) + sum(lam, fmpq(0)) * 0
    assert features[0] == sum((x**2 for x in lam), fmpq(0)) + sum(lam, fmpq(0)) ** 2 / 2
    assert all(isinstance(x, fmpq) for x in (*targets, *features))


@pytest.mark.parametrize("seed", range(12))
def test_three_roads_meet(seed: int) -> None:
    draw = random.Random(f"moments {seed}")
    alpha = Fraction(draw.randint(1, 8), 4) if seed % 2 else Fraction(draw.randint(2, 40), 20)
    beta = Fraction(1, 2) - alpha + Fraction(draw.randint(1, 12), 4)
    d = draw.randint(1, 9)
    v = None if 2 * alpha > 1 and draw.random() < 0.3 else d + draw.randint(1, 30)
    batch = draw.choice((1, 3, 16))
    trace = sum(float(j) ** float(-2 * alpha) for j in range(1, (v or 1000) + 1))
    gamma = Fraction(draw.uniform(0.05, 0.5) / (trace * (batch + 1))).limit_denominator(1000)
    dynamics = sgd(alpha, beta, d, v, gamma, batch)
    count = 12
    with flint_digits(60):
        forcing, kernel = forcing_kernel(dynamics, count)
        values = volterra(forcing, kernel)
    r = draw.randrange(count)
    with flint_digits(20):
        for ball, value in (
            (dynamics.forcing(r), forcing[r]),
            (dynamics.kernel(r), kernel[r]),
            *zip(loss(dynamics, range(count)), values, strict=True),
        ):
            assert ball.contains(value), (alpha, beta, d, v, gamma, batch, r)
            assert ball.rel_accuracy_bits() > 60


def test_exact_and_rounded_coefficients_agree() -> None:
    exact = measure_moments(REFERENCE, 8)  # q = 17/5: balls
    assert not isinstance(exact[0][0], fmpq)
    whole = sgd(1, "1/2", 20, 60, "3/10")
    near = replace(
        whole, point=replace(whole.point, sums=replace(whole.point.sums, q=Fraction(3 * 10**30 + 1, 10**30)))
    )
    with flint_digits(40):
        for one, other in zip(measure_moments(whole, 8)[0], measure_moments(near, 8)[0], strict=True):
            assert abs(other / arb_of(Fraction(int(one.p), int(one.q))) - 1) < 1e-28


@pytest.mark.parametrize("change", [{"a": Fraction(601, 1000)}, {"c": Fraction(181, 1000)}, {"g": Fraction(91, 1000)}])
def test_each_coefficient_matters(change: dict[str, Fraction]) -> None:
    with flint_digits(20):
        right = volterra(*forcing_kernel(REFERENCE, 9))
        wrong = volterra(*forcing_kernel(replace(REFERENCE, **change), 9))
        (ball,) = loss(REFERENCE, [8])
        assert ball.overlaps(right[8])
        assert not ball.overlaps(wrong[8])


def test_the_recursion_looks_back_from_the_step_before() -> None:
    with flint_digits(20):
        forcing, kernel = forcing_kernel(REFERENCE, 10)
        assert not loss(REFERENCE, [8])[0].overlaps(volterra(forcing, kernel[1:] + kernel[:1])[8])


def test_no_values_are_refused() -> None:
    with pytest.raises(ParameterError, match="count"):
        forcing_kernel(REFERENCE, 0)
