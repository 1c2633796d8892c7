"""Curves from the contour against roads that share none of its code.

The other road solves the fixed point by Newton's method on a plain sum over all eigenvalues, integrates over a circle
around the whole spectrum, and runs the Volterra equation step by step.
"""

from fractions import Fraction

import numpy as np
import pytest
import strategies
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scalesym import PLRF


def on_a_circle(
    alpha: float, beta: float, d: float, v: int, gamma: float, batch: int, last: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``F(r)`` and ``K(r)``, ``r ≤ last``, by the trapezoid rule on a circle around ``[0, λ_max]``.

    Also what rounding can add up to, which grows with ``max |q|^r`` on the circle.
    """
    lam = np.arange(1.0, v + 1) ** (-2 * alpha)
    energy = lam * np.arange(1.0, v + 1) ** (-2 * beta)
    trace = lam.sum()
    right = (1 + np.sqrt(trace / d)) ** 2 * 1.3 + trace / d  # to the right of the spectrum
    z = right / 2 + 0.75 * right * np.exp(2j * np.pi * (np.arange(160) + 0.5) / 160)
    m = np.ones_like(z)
    for size in np.geomspace(100, 1, 10):  # continuation from far away, where m = 1
        far = right / 2 + (z - right / 2) * size
        for _ in range(6):
            x = lam[:, None] * m - far
            f = m + (m * (lam[:, None] / x).sum(0)) / d - 1
            slope = 1 - (far * (lam[:, None] / x**2).sum(0)) / d
            m = m - f / slope
    s = (energy[:, None] / (lam[:, None] * m - z)).sum(0)
    k = (lam[:, None] / (lam[:, None] * m - z)).sum(0) * m * z  # z·D_1 = z Σ λ m/(λm − z)
    q = 1 - 2 * gamma * batch * z + gamma**2 * batch * (batch + 1) * z**2
    weight = -(z - right / 2) / 160
    powers = q[None, :] ** np.arange(last + 1)[:, None]
    noise = 1e-13 * np.abs(powers) @ (np.abs(weight) * (np.abs(s) + np.abs(k)))
    return (powers @ (s * weight)).real, gamma**2 * batch * (powers @ (k * weight)).real, noise


def volterra(forcing: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    loss = forcing.copy()
    for r in range(1, len(loss)):
        loss[r] += kernel[:r][::-1] @ loss[:r]
    return loss


@settings(max_examples=6)
@given(strategies.exponents(), strategies.sizes(20), strategies.batches(), st.sampled_from([0.05, 0.5, 0.9]))
@example((Fraction(1), Fraction(7, 10)), (20, 60), 1, 0.5)
@example((Fraction(1, 4), Fraction(1)), (25, 40), 4, 0.5)
@example((Fraction(3), Fraction(3)), (10, 200), 64, 0.5)
@example((Fraction(1, 10), Fraction(1)), (20, 21), 2, 0.9)
def test_curves_equal_the_circle_and_the_recursion(
    exponents: tuple[Fraction, Fraction], sizes: tuple[int, int], batch: int, share: float
) -> None:
    (alpha, beta), (d, v) = exponents, sizes
    assume(d >= 3)
    gamma = share * PLRF(alpha, beta, d, v, batch=batch).critical_gamma()
    model = PLRF(alpha, beta, d, v, gamma, batch)
    forcing, kernel, noise = on_a_circle(float(alpha), float(beta), d, v, gamma, batch, 10)
    r = np.arange(11)
    assert (np.abs(model.forcing(r) - forcing) <= noise).all()
    assert (np.abs(model.kernel(r) - kernel) <= gamma**2 * batch * noise).all()
    assert noise[1] < 1e-9  # so that the comparison says something
    r = np.arange(101)
    loss = volterra(model.forcing(r), model.kernel(r))
    assert np.abs(model.loss(r) / loss - 1).max() < 1e-13
    wrong = volterra(model.forcing(r), model.kernel(r) * 2 * batch / (batch + 1) if batch > 1 else 2 * model.kernel(r))
    assert np.abs(model.loss(r) / wrong - 1).max() > 1e-6


@pytest.mark.parametrize("batch", [1, 4, 64])
def test_contour_equals_recursion_for_long(batch: int) -> None:
    model = PLRF(1, "7/10", 20, 60, "half-critical", batch)
    r = np.arange(1001)
    assert np.abs(model.loss(r) / volterra(model.forcing(r), model.kernel(r)) - 1).max() < 1e-12


@pytest.mark.exhaustive
@settings(max_examples=4)
@given(strategies.exponents(), st.integers(3, 200), st.sampled_from([1.05, 2, 10]), strategies.batches())
@example((Fraction(3), Fraction(3)), 100, 10, 1)
@example((Fraction(49, 100), Fraction(3)), 200, 2, 7)
@example((Fraction(1, 10), Fraction(1)), 100, 1.05, 64)
@example((Fraction(51, 100), Fraction(1)), 30, float("inf"), 2)
def test_double_road_equals_multiprecision_road(
    exponents: tuple[Fraction, Fraction], d: int, ratio: float, batch: int
) -> None:
    v: object = "inf" if ratio == float("inf") else int(d * ratio) + 2
    model = PLRF(*exponents, d, v, batch=batch)
    r = [1, 2, 30, 10**3, 10**6, 10**20]
    for name in ("loss", "forcing"):
        curve = getattr(model, name)
        precise = np.array([float(x) for x in curve(r, digits=20)])
        assert np.abs(curve(np.array(r, dtype=object)) / precise - 1).max() < 1e-12, name
    early = [1, 2, 30]
    assert np.abs(model.kernel(early) / [float(x) for x in model.kernel(early, digits=20)] - 1).max() < 1e-11


def test_the_error_estimate_covers_the_error() -> None:
    model = PLRF(3, 3, 10**3, 10**4)
    r = np.array([1.0, 1e3, 1e9, 1e18])
    curve = model._equation.contour.loss(r)
    precise = np.array([float(x) for x in model.loss([1, 10**3, 10**9, 10**18], digits=20)])
    assert (np.abs(curve.value - precise) <= curve.error).all()
    assert (curve.error < 1e-11 * curve.value).all()


def test_late_times() -> None:
    model = PLRF(1, "7/10", 1000, 4000)
    assert model.loss(10**30) == pytest.approx(model.loss_limit(), rel=1e-15)
    assert (np.diff(model.loss(np.logspace(0, 20, 300).round())) <= 1e-16).all()


def test_a_pole_in_the_gap_is_resolved() -> None:
    """Near the critical learning rate ``k = 1`` has a root before the left edge, which decides the late decay."""
    edge = PLRF("1/5", 2, 7, 71, batch=2)
    model = PLRF("1/5", 2, 7, 71, 0.999 * edge.critical_gamma(), 2)
    contour = model._equation.contour
    assert contour.slowest < 0.1 * 2 * contour.gamma * 2 * model.spectral_edge()
    r = np.arange(401)  # the kernel leaves double range soon after
    assert np.abs(model.loss(r) / volterra(model.forcing(r), model.kernel(r)) - 1).max() < 1e-10
