"""The law given W: recursion, closed form, secular roots, one step's mean and variance by exact integration."""

from __future__ import annotations

import dataclasses
import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym import PLRF, ParameterError, StabilityError
from scalesym.sampled.conditional import ConditionalLaw, secular_roots


def gauss_hermite(dimensions: int, points: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the standard normal law, exact for polynomials of degree ``2·points − 1`` in each variable."""
    x, w = np.polynomial.hermite_e.hermegauss(points)
    w = w / w.sum()
    nodes = np.array(list(itertools.product(x, repeat=dimensions)))
    return nodes, np.prod(np.array(list(itertools.product(w, repeat=dimensions))), axis=1)


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("weights", [1.0, np.array([0.3, -2.0])])
def test_one_step_has_the_mean_and_variance_of_the_algorithm(batch: int, weights: float | np.ndarray) -> None:
    x, floor, gamma, phi = np.array([0.9, 0.2]), 0.07, 0.35, np.array([0.8, -0.5])
    nodes, probability = gauss_hermite(3 * batch)
    after = phi + np.zeros((len(nodes), 2))
    for sample in nodes.reshape(-1, batch, 3).transpose(1, 0, 2):
        residual = sample[:, :2] @ phi - np.sqrt(floor) * sample[:, 2]
        after = after - gamma * x * sample[:, :2] * residual[:, None]
    value = (weights * after**2).sum(axis=1)
    mean = probability @ value
    law = ConditionalLaw(x, np.zeros(2), floor, gamma, batch)
    found, variance = law.innovation(phi, weights)
    assert found == pytest.approx(mean, rel=1e-13)
    assert variance == pytest.approx(probability @ (value - mean) ** 2, rel=1e-12)
    assert law.advance(phi**2) == pytest.approx(probability @ after**2, rel=1e-13)


@st.composite
def laws(draw: st.DrawFn) -> ConditionalLaw:
    """Laws with some spectrum, of which a few eigenvalues may coincide."""
    x = np.array(sorted(draw(st.lists(st.integers(1, 400), min_size=1, max_size=12)), reverse=True)) / 100.0
    c = np.array([float(draw(st.fractions(0, 2, max_denominator=9))) for _ in x])
    batch = draw(strategies.batches())
    top = 2 / ((batch + 1) * x[0])
    share = float(draw(st.fractions(Fraction(1, 50), Fraction(19, 20), max_denominator=50)))
    bound = 1 / np.sum(x / (2 - (batch + 1) * share * top * x)) if share else top
    return ConditionalLaw(x, c, float(draw(st.fractions(0, 1, max_denominator=9))), share * min(top, bound), batch)


@settings(max_examples=120)
@given(laws())
def test_closed_form_equals_the_recursion(law: ConditionalLaw) -> None:
    r = np.arange(60.0)
    assert law.loss(r) == pytest.approx(law.recursion(list(range(60))), rel=1e-11, abs=1e-300)


@settings(max_examples=60)
@given(laws())
def test_volterra_equation(law: ConditionalLaw) -> None:
    forcing, kernel = law.forcing(np.arange(25.0)), law.kernel(np.arange(25.0))
    loss = np.zeros(25)
    for r in range(25):
        loss[r] = forcing[r] + kernel[:r][::-1] @ loss[:r]
    assert law.loss(np.arange(25.0)) == pytest.approx(loss, rel=1e-11, abs=1e-300)


def test_closed_form_at_high_precision_over_nine_decades() -> None:
    """α = 3, d = 20: eigenvalues from 1 to 1e-8; the reference diagonalises with 60 digits."""
    sample = PLRF(3, 2, 20, 60, "1/5", 2).sample(4)
    x, c, floor = sample.spectrum()
    r = [1, 10**3, 10**6, 10**9, 10**12]
    with mpmath.workdps(60):
        g = mpmath.mpf(sample.gamma)
        p = [2 * g * 2 * mpmath.mpf(y) - 6 * (g * mpmath.mpf(y)) ** 2 for y in x]
        s = [g * mpmath.sqrt(2) * mpmath.mpf(y) for y in x]
        matrix = mpmath.matrix(20, 20)
        for i, k in itertools.product(range(20), repeat=2):
            matrix[i, k] = (p[i] if i == k else 0) - s[i] * s[k]
        e, v = mpmath.eigsy(matrix)
        norm = mpmath.fsum(a * a / b for a, b in zip(s, p, strict=True))
        limit = mpmath.mpf(floor) / (1 - norm)
        start = [(mpmath.mpf(c[i]) - limit * s[i] ** 2 / p[i]) / s[i] for i in range(20)]
        expected = [
            limit
            + mpmath.fsum(
                mpmath.fsum(s[i] * v[i, k] for i in range(20))
                * mpmath.fsum(start[i] * v[i, k] for i in range(20))
                * (1 - e[k]) ** n
                for k in range(20)
            )
            for n in r
        ]
    assert sample.conditional_loss(r) == pytest.approx([float(y) for y in expected], rel=1e-12)
    assert sample.conditional_loss(10**18) == pytest.approx(float(limit), rel=1e-12)


def test_secular_roots_of_nearly_uncoupled_modes() -> None:
    p, s2 = np.array([1e-8, 1e-8 * (1 + 1e-9), 1.0]), np.array([1e-30, 2e-30, 1e-25])
    origin, offset = secular_roots(p, s2)
    assert origin.tolist() == [0, 1, 2]
    assert -offset[2] == pytest.approx(1e-25, rel=1e-10)
    with mpmath.workdps(80):
        for k in range(2):
            inverse = [
                mpmath.mpf(a) / (mpmath.mpf(b) - mpmath.mpf(p[k]) - mpmath.mpf(offset[k]))
                for a, b in zip(s2, p, strict=True)
            ]
            assert abs(mpmath.fsum(inverse) - 1) < 1e-8


def test_near_the_critical_learning_rate() -> None:
    """The slowest eigenvalue vanishes there; the sum over modes stays exact."""
    drawn = PLRF(1, 1, 6, 20).sample(3)
    sample = dataclasses.replace(drawn, gamma=drawn.critical_gamma() * (1 - 1e-9))
    r = [1, 50, 2000]
    assert sample.conditional_loss(r) == pytest.approx(sample.conditional_loss(r, "recursion"), rel=1e-11)


def test_a_draw_on_which_the_mean_diverges_is_refused() -> None:
    model = PLRF(1, "7/10", 4, 16, PLRF(1, "7/10", 4, 16).critical_gamma() * 0.99)
    bad = next(s for s in map(model.sample, range(100)) if s.critical_gamma() < s.gamma)
    for attempt in (lambda: bad.conditional_loss(3), lambda: bad.simulate(3), bad.kernel_norm):
        with pytest.raises(StabilityError, match="on this draw of W") as caught:
            attempt()
        assert caught.value.critical == bad.critical_gamma()
    assert len(bad.spectrum().eigenvalues) == 4


def test_kernel_norm_is_the_sum_of_the_kernel() -> None:
    sample = PLRF("3/4", 1, 5, 15, batch=3).sample(2)
    kernel = sample.conditional_kernel(list(range(4000)))
    assert kernel.sum() == pytest.approx(sample.kernel_norm(), rel=1e-10)
    model = PLRF(1, 1, 6, 20)
    critical = model.sample(3).critical_gamma()
    assert dataclasses.replace(model.sample(3), gamma=critical * (1 - 1e-12)).kernel_norm() == pytest.approx(
        1, rel=1e-9
    )


def test_label_noise_adds_to_the_floor() -> None:
    clean, noisy = (PLRF(1, 1, 5, 15, "1/5", 2, noise).sample(2) for noise in (0, "1/4"))
    assert noisy.conditional_forcing([0, 9]) == pytest.approx(clean.conditional_forcing([0, 9]) + 0.25, rel=1e-14)
    limit = noisy.conditional_loss(10**9)
    assert limit == pytest.approx((clean.spectrum().residual + 0.25) / (1 - clean.kernel_norm()), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda s: s.conditional_loss(-1), "r"),
        (lambda s: s.conditional_loss(1.5), "r"),
        (lambda s: s.conditional_loss(1, "guess"), "method"),
        (lambda s: s.conditional_loss(10**12, "recursion"), "r"),
    ],
)
def test_unusable_arguments(call: object, name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        call(PLRF(1, 1, 4, 9).sample(0))  # type: ignore[operator]
    assert caught.value.name == name
