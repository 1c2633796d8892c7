"""The draw of W: its law, its decomposition, what a seed means, spectra against the deterministic equivalent."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest

from scalesym import PLRF, ParameterError


@pytest.mark.parametrize("alpha", [1, 3, 6])
def test_spectrum_against_sixty_digits(alpha: int) -> None:
    d, v = 8, 20
    sample = PLRF(alpha, "7/10", d, v).sample(3)
    with mpmath.workdps(60):
        root = [mpmath.mpf(y) for y in np.sqrt(sample.covariance)]
        a = mpmath.matrix(v, d)
        for i in range(v):
            for k in range(d):
                a[i, k] = root[i] * mpmath.mpf(sample.matrix[i, k])
        t = mpmath.matrix([r * mpmath.mpf(b) for r, b in zip(root, sample.target, strict=True)])
        values, vectors = mpmath.eigsy(a.T * a)
        along = vectors.T * (a.T * t)
        weights = [along[i] ** 2 / values[i] for i in range(d)][::-1]
        residual = (t.T * t)[0] - mpmath.fsum(weights)
        known = [float(values[i]) for i in range(d)][::-1], [float(w) for w in weights], float(residual)
    x, c, floor = sample.spectrum()
    assert x == pytest.approx(known[0], rel=1e-12)
    assert c == pytest.approx(known[1], rel=1e-10)
    assert floor == pytest.approx(known[2], rel=1e-11)


def test_error_and_parameters_are_inverse_and_give_the_loss() -> None:
    sample = PLRF(1, "3/10", 6, 20).sample(1)
    theta = np.random.default_rng(0).standard_normal((5, 6))
    error = sample._features.error(theta)
    assert sample._features.parameters(error) == pytest.approx(theta, rel=1e-11)
    direct = ((theta @ sample.matrix.T - sample.target) ** 2) @ sample.covariance
    assert (error**2).sum(axis=1) + sample.spectrum().residual == pytest.approx(direct, rel=1e-12)


def test_what_a_seed_means() -> None:
    """Rows do not depend on how many follow; seeds, rows and columns are independent."""
    short, long = PLRF(1, 1, 5, 70).sample(9).matrix, PLRF(1, 1, 5, 3000).sample(9).matrix
    assert np.array_equal(short, long[:70])
    assert not np.array_equal(short, PLRF(1, 1, 5, 70).sample(10).matrix)
    entries = long.ravel() * np.sqrt(5)
    assert kstest(entries, "norm").pvalue > 1e-9  # false alarm 1e-9; a deviation 20 % too large has p < 1e-20
    assert kstest(1.2 * entries, "norm").pvalue < 1e-20
    assert abs(np.corrcoef(entries[:-1], entries[1:])[0, 1]) < 6.5 / np.sqrt(len(entries))  # false alarm 1e-10
    blocks = np.corrcoef(long[:64].ravel(), long[64:128].ravel())[0, 1]
    assert abs(blocks) < 6.5 / np.sqrt(320)


def test_given_spectrum_in_any_order() -> None:
    forward = PLRF.from_spectrum([1, "1/4", "1/9"], [1, 2, 3], 2).sample(0)
    backward = PLRF.from_spectrum(["1/9", "1/4", 1], [3, 2, 1], 2).sample(0)
    assert forward.conditional_loss(5) == backward.conditional_loss(5)


@pytest.mark.parametrize(("alpha", "beta"), [(1, "7/10"), ("2/5", "3/10")])
def test_empirical_spectra_follow_the_density(alpha: object, beta: object) -> None:
    """Share of eigenvalues, and of the target's energy, below each quartile of the deterministic law; 150 draws, d = 60.

    Eigenvalues are rigid: their number below a point varies by O(√log d) between draws, so the mean over 150 draws of the
    share has a standard error below 1e-3, and the distance to the limit is O(1/d). Bound 1/d ≈ 0.017; seen 0.003 or less
    (count) and 0.011 or less (target, whose first modes fluctuate). With v smaller by a tenth the first is 0.03.
    """
    d = 60
    model = PLRF(alpha, beta, d, 4 * d)
    spectra = [model.sample(seed).spectrum() for seed in range(150)]
    values = np.concatenate([s.eigenvalues for s in spectra])
    energy = np.concatenate([s.weights for s in spectra]) / sum(s.weights.sum() for s in spectra)
    left, right = model.spectral_edge("left"), model.spectral_edge("right")
    mass = float(np.sum(model._spectrum.nodes(d).nu)) - model.forcing_limit()

    def share(weight: str, x: float) -> float:
        total = 1.0 if weight == "count" else mass
        return quad(lambda t: np.exp(t) * model.spectral_density(np.exp(t), weight), np.log(left), np.log(x))[0] / total

    worst = {"count": 0.0, "target": 0.0}
    for q in (0.1, 0.25, 0.5, 0.75):
        x = float(np.quantile(values, q))
        worst["count"] = max(worst["count"], abs(share("count", x) - q))
        worst["target"] = max(worst["target"], abs(share("target", x) - energy[values <= x].sum()))
    assert values.min() > 0.5 * left
    assert values.max() < 2.5 * right
    assert worst["count"] < 1 / d
    assert worst["target"] < 1 / d


def test_no_density_of_another_law_passes() -> None:
    """The same comparison rejects the Marchenko–Pastur law of isotropic data with the same trace."""
    d = 60
    values = np.concatenate([PLRF(1, 1, d, 4 * d).sample(seed).spectrum().eigenvalues for seed in range(20)])
    flat = PLRF.from_spectrum([np.sum(np.arange(1.0, 241) ** -2) / 240] * 240, [1] * 240, d)
    assert np.mean(values > flat.spectral_edge("left")) < 0.5


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (lambda: PLRF(1, 1, 10, "inf"), "v"),
        (lambda: PLRF(1, 1, "5/2", 10), "d"),
        (lambda: PLRF(1, 1, 5, "21/2"), "v"),
        (lambda: PLRF(1, 1, 10**9, 10**10), "d"),
        (lambda: PLRF(1, 1, 3, 10**14), "d"),
        (lambda: PLRF(100, 1, 10, 20), "alpha"),
    ],
)
def test_what_cannot_be_drawn(model: object, name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        model().sample(0).spectrum()  # type: ignore[operator]
    assert caught.value.name == name


@pytest.mark.parametrize("seed", [-1, 1.5, None, "x", True, [1], float("nan")])
def test_unusable_seeds(seed: object) -> None:
    with pytest.raises(ParameterError, match="seed"):
        PLRF(1, 1, 3, 9).sample(seed)
