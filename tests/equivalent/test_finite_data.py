"""The fixed point and the two-resolvent error against plain sums over every eigenvalue, in NumPy and in 40 digits."""

from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest

from scalesym.equivalent.finite_data import FiniteData
from scalesym.spectrum import Measured, PowerLaw

INF = float("inf")
SIZE = 600
LAW = PowerLaw(Fraction(4, 5), Fraction(1, 10), SIZE)
PAIRS = [(40, 120), (120, 40), (60, 60), (40, INF), (INF, 40), (700, 800), (600, 900), (INF, INF), (37.5, 38.25)]
RIDGES = [1e-9, 1e-4, 0.3, 1e3, 1e12]
KAPPAS = np.array([3e-3, 0.2 - 0.1j, 1e-4 + 0.02j, 5 + 7j, 1e6, -1e-3 + 1e-3j])


def plain() -> tuple[np.ndarray, np.ndarray]:
    k = np.arange(1.0, SIZE + 1)
    return k**-1.6, k**-1.8


def solved(N: float, P: float, p: complex, q: complex, noise: float, same: tuple[bool, bool]) -> complex:
    """``E`` from the two linear equations, dropping what is not shared."""
    lam, u = plain()
    pair = 1 / ((lam + p) * (lam + q))
    g, x, U, V = ((row * pair).sum() for row in (lam**2, lam, u, lam * u))
    N_shared, P_shared = (1 / n if shared else 0.0 for n, shared in zip((N, P), same, strict=True))
    matrix = [[1 - g * P_shared, -p * q * x * N_shared], [-x * P_shared, 1 - g * N_shared]]
    # C of shared features sees the noise of shared samples only
    return complex(np.linalg.solve(np.array(matrix), np.array([noise + p * q * U, V]))[0])


@pytest.mark.parametrize(("N", "P"), PAIRS)
def test_sums_and_errors_equal_plain_sums(N: float, P: float) -> None:
    model, (lam, _) = FiniteData.of(LAW, N, P), plain()
    assert np.abs(model.freedom(KAPPAS) / (lam / (lam + KAPPAS[:, None])).sum(1) - 1).max() < 1e-13
    other = KAPPAS[::-1]
    g = (lam**2 / ((lam + KAPPAS[:, None]) * (lam + other[:, None]))).sum(1)
    assert np.abs(model.overlap(KAPPAS, other) / g - 1).max() < 1e-13
    for noise in (0.0, 0.3):
        for same in [(True, True), (True, False), (False, True), (False, False)]:
            kept = {"same_features": same[0], "same_samples": same[1]}
            found = model.risk(KAPPAS, other[:4], noise, **kept)
            exact = np.array([[solved(N, P, p, q, noise, same) for q in other[:4]] for p in KAPPAS])
            assert found.shape == (6, 4)
            assert np.abs(found / exact - 1).max() < 1e-11, (noise, same)
            diagonal = np.array([solved(N, P, p, p, noise, same) for p in KAPPAS])
            assert np.abs(model.diagonal(KAPPAS, noise, **kept) / diagonal - 1).max() < 1e-11
    if N < INF:
        shared = model.risk(KAPPAS, other[:4], 0.3)
        assert np.abs(model.risk(KAPPAS, other[:4], 0.3, same_features=False) / shared - 1).max() > 1e-6


@pytest.mark.parametrize(("N", "P"), PAIRS)
def test_kappa_solves_its_equation_on_the_physical_branch(N: float, P: float) -> None:
    model, (lam, _) = FiniteData.of(LAW, N, P), plain()
    s = np.array([r * np.exp(1j * angle) for r in RIDGES for angle in (-3.0, -1.5, 1e-9, 0.4, 2.0, 3.1)])
    kappa = model.kappa(s.reshape(5, 6)).reshape(-1)
    f = (lam / (lam + kappa[:, None])).sum(1)
    # where 1 - f/N is rounding, s is known to rounding of κ only
    assert (np.abs(kappa * (1 - f / N) * (1 - f / P) - s) < 1e-12 * (np.abs(s) + np.abs(kappa))).all()
    assert (kappa.imag * s.imag >= 0).all()
    assert (np.abs(np.angle(kappa)) <= np.abs(np.angle(s)) + 1e-9).all()
    assert np.abs(model.kappa(s.conj()) / kappa.conj() - 1).max() < 1e-12
    real = np.array([model.kappa(r) for r in RIDGES])
    near = model.kappa(np.array([complex(r) for r in RIDGES]))
    assert np.abs(near / real - 1).max() < 1e-11
    assert isinstance(float(real[0]), float)
    assert np.all(np.diff(real) > 0)
    assert real[-1] == pytest.approx(RIDGES[-1], rel=1e-10)
    assert np.abs(np.array([model.ridge_of(k) for k in real[1:]]) / RIDGES[1:] - 1).max() < 1e-8
    R_1, R_3 = model.responses(kappa)
    other_R_1, other_R_3 = FiniteData.of(LAW, P, N).responses(kappa)
    assert np.abs(R_1 - other_R_3).max() == np.abs(R_3 - other_R_1).max() == 0
    assert np.abs(FiniteData.of(LAW, P, N).kappa(s) / kappa - 1).max() < 1e-12


@pytest.mark.parametrize(
    ("N", "P", "s"), [(2, 3, "0.01"), (3, 3, "1e-6"), (3, 2, "0.5+2j"), (7, 9, "1e-3"), (5, 5, "-0.2+0.05j")]
)
def test_forty_digits(N: int, P: int, s: str) -> None:
    """``κ`` as the root of a polynomial, the one that continues ``κ ~ s``; ``E`` from the linear equations."""
    law = PowerLaw(Fraction(1, 2), Fraction(1, 2), 5)
    with mp.workdps(40):
        lam = [1 / mp.mpf(k) for k in range(1, 6)]
        point = mp.mpmathify(s)

        def residual(k: mp.mpc, target: mp.mpc) -> mp.mpc:
            f = mp.fsum(x / (x + k) for x in lam)
            return k * (1 - f / N) * (1 - f / P) - target

        far = mp.log(1000 / abs(point))
        k = point * mp.exp(far)
        for step in range(81):  # along the ray from far away
            target = point * mp.exp(far * (1 - mp.mpf(step) / 80))
            k = mp.findroot(lambda k, target=target: residual(k, target), k, tol=1e-60)
        g, x = (mp.fsum(y**power / (y + k) ** 2 for y in lam) for power in (2, 1))
        U, V = (mp.fsum(y * y * y**power / (y + k) ** 2 for y in lam) for power in (0, 1))
        matrix = mp.matrix([[1 - g / P, -k * k * x / N], [-x / P, 1 - g / N]])
        E = mp.lu_solve(matrix, mp.matrix([mp.mpf("0.1") + k * k * U, V]))[0]
    model = FiniteData.of(law, N, P)
    given = complex(s) if "j" in s else float(s)
    kappa = model.kappa(given)
    assert abs(kappa / complex(k) - 1) < 1e-12
    assert abs(model.diagonal(kappa, 0.1) / complex(E) - 1) < 1e-11


def test_the_ends_of_the_ridge() -> None:
    lam, u = plain()
    for N, P in PAIRS:
        model = FiniteData.of(LAW, N, P)
        least = min(N, P)
        if least >= SIZE:
            assert model.ridgeless == 0
        else:
            assert (lam / (lam + model.ridgeless)).sum() == pytest.approx(least, rel=1e-13)
        assert model.kappa(0.0) == model.ridgeless
        large = model.kappa(1e14)
        assert model.diagonal(large, 0.3) == pytest.approx(u.sum() + 0.3, rel=1e-11)
    # N → ∞ and P → ∞ are limits
    for finite, limit in (((40, 1e13), (40, INF)), ((1e13, 40), (INF, 40))):
        a, b = (FiniteData.of(LAW, *pair) for pair in (finite, limit))
        assert a.kappa(1e-3) == pytest.approx(b.kappa(1e-3), rel=1e-10)
        assert a.diagonal(a.kappa(1e-3), 0.1) == pytest.approx(b.diagonal(b.kappa(1e-3), 0.1), rel=1e-10)


@pytest.mark.parametrize(
    ("size", "features", "samples", "ridge", "noise", "printed"),
    [
        (600, 40, 120, 0.0, 0.0, "0.44926"),
        (600, 120, 40, 0.0, 0.0, "0.44926"),
        (600, 40, 120, 0.3, 0.0, "0.38774"),
        (1500, 200, 600, 0.05, 0.0, "0.139238"),
        (1500, 600, 200, 0.05, 0.0, "0.135680"),
        (1500, 300, 300, 0.05, 0.0, "0.140090"),
        (600, 60, 60, 0.1, 0.05, "0.502762"),
    ],
)
def test_printed_numbers(size: int, features: int, samples: int, ridge: float, noise: float, printed: str) -> None:
    """Maloney, Roberts, Sully's model as worked out in the notes: λ = k^{-1.6}, w = 1, the ridge on the sum over samples."""
    model = FiniteData.of(PowerLaw(Fraction(4, 5), Fraction(0), size), features, samples)
    error = model.diagonal(model.kappa(ridge / samples), noise)
    assert f"{error:.{len(printed) - 2}f}" == printed


def test_a_measured_spectrum() -> None:
    law = PowerLaw(Fraction(4, 5), Fraction(1, 10), 50)
    lam, b = law.listed()
    measured = FiniteData.of(Measured(tuple(lam), tuple(b)), 7, 12)
    model = FiniteData.of(law, 7, 12)
    assert measured.kappa(0.01) == pytest.approx(model.kappa(0.01), rel=1e-13)
    assert measured.diagonal(0.02, 0.1) == pytest.approx(model.diagonal(0.02, 0.1), rel=1e-13)


def test_an_infinite_spectrum_is_the_limit_of_long_ones() -> None:
    endless = FiniteData.of(PowerLaw(Fraction(4, 5), Fraction(1, 10), INF), 40, 120)
    errors = []
    for size in (10**10, 10**14):
        model = FiniteData.of(PowerLaw(Fraction(4, 5), Fraction(1, 10), Fraction(size)), 40, 120)
        errors.append(abs(model.diagonal(model.kappa(1e-4)) / endless.diagonal(endless.kappa(1e-4)) - 1))
    assert errors[1] < 1e-7
    assert np.log10(errors[0] / errors[1]) / 4 == pytest.approx(0.6, abs=0.05)  # Σ λ past v falls like v^{-0.6}
