"""Resolvent and density: fixed point, Marchenko–Pastur, total mass, many digits."""

import math

import mpmath
import numpy as np
import pytest
import strategies
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scalesym import PLRF, ParameterError


@settings(max_examples=25)
@given(strategies.sizes(40), st.floats(-3, 3), st.floats(-6, 0.1), st.booleans())
@example((20, 60), 1.0, -6.0, False)
def test_the_fixed_point_holds_on_the_right_branch(
    sizes: tuple[int, int], x: float, log_height: float, below: bool
) -> None:
    d, v = sizes
    z = complex(x, -(10**log_height) if below else 10**log_height)
    got = PLRF(1, "7/10", d, v).resolvent(z)
    lam = np.arange(1.0, v + 1) ** -2
    entries = 1 / (lam * got.m - z)
    assert abs(got.m + (lam * got.m * entries).sum() / d - 1) < 1e-9
    assert got.m.imag * z.imag <= 0
    assert abs(got.trace - entries.sum()) < 1e-7 * abs(entries).sum()
    assert abs(got.target - (lam ** (1 + 0.7) * entries).sum()) < 1e-7 * abs(entries).sum()
    assert abs(got.diagonal(lam[0]) - entries[0]) < 1e-7 * abs(entries[0])


def test_marchenko_pastur_density() -> None:
    ratio, d = 4, 25
    model = PLRF.from_spectrum([1] * (ratio * d), [1] + [0] * (ratio * d - 1), d)
    x = np.linspace(0.5, 9.5, 19)
    inside = np.clip((x - 1) * (9 - x), 0, None)  # edges (1 ∓ √4)²
    assert model.spectral_density(x) == pytest.approx(np.sqrt(inside) / (2 * np.pi * x), abs=1e-10)


@pytest.mark.parametrize("weight", ["count", "target"])
def test_total_mass(weight: str) -> None:
    model = PLRF("2/5", "3/10", 30, 60)
    low, high = model.spectral_edge(), model.spectral_edge("right")
    nodes, weights = np.polynomial.legendre.leggauss(1000)
    angle = (nodes + 1) * math.pi / 4  # x = low + (high − low) sin², smooth at both square-root edges
    x = low + (high - low) * np.sin(angle) ** 2
    mass = (weights * math.pi / 4 * (high - low) * np.sin(2 * angle)) @ model.spectral_density(x, weight)
    expected = 1 if weight == "count" else model.forcing(0) - model.forcing_limit()
    assert mass == pytest.approx(expected, rel=2e-4)


def test_large_spectrum_at_a_real_point() -> None:
    """At d = 10^6 the sum over j runs past a pole at a distance of 1e-3 of its index; the rules follow it there."""
    model = PLRF(1, 1, 10**6, 2 * 10**6)
    x = 1e-7
    value = model.spectral_density(x)
    lam = np.arange(1.0, 2e6 + 1) ** -2
    zeta = -x / complex(model.resolvent(x).m)
    assert abs(-zeta * (1 - (lam / (lam + zeta)).sum() / 1e6) - x) < 1e-9 * x
    assert value == pytest.approx(-zeta.imag / (math.pi * abs(zeta) ** 2), rel=1e-9)
    assert value * x ** (1.5) * 2e6 == pytest.approx(1, rel=0.1)  # Σ_j δ(x − j^-2) = x^{-3/2}/2, over d


def test_digits() -> None:
    model = PLRF(1, "7/10", 20, 60)
    for z in (1j, 0.5 - 0.1j, -2.0):
        precise = model.resolvent(z, digits=40)
        with mpmath.workdps(45):
            point = mpmath.mpmathify(z)
            lam = [mpmath.mpf(j) ** -2 for j in range(1, 61)]
            m = precise.m
            assert abs(m + mpmath.fsum(x * m / (x * m - point) for x in lam) / 20 - 1) < mpmath.mpf(10) ** -37
        assert complex(precise.m) == pytest.approx(complex(model.resolvent(z).m), rel=1e-12)


def test_refusals() -> None:
    model = PLRF(1, 1, 10, 20)
    for call in (lambda: model.resolvent(0), lambda: model.spectral_density(0), lambda: model.spectral_density(-1)):
        with pytest.raises(ParameterError):
            call()
