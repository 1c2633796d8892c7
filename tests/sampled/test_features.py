"""The draw of W: its law, its decomposition, what a seed means, spectra against the deterministic equivalent."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest

from scalesym import PLRF, ParameterError
from scalesym.sampled import SampleSpectrum


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


def distances(spectra: list[SampleSpectrum], model: PLRF) -> dict[str, float]:
    """Largest difference, at four quantiles of the pooled eigenvalues, of the shares below: of number, and of energy."""
    values = np.concatenate([s.eigenvalues for s in spectra])
    energy = np.concatenate([s.weights for s in spectra]) / sum(s.weights.sum() for s in spectra)
    left = model.spectral_edge("left")
    mass = {"count": 1.0, "target": float(np.sum(model._spectrum.nodes(model.d).nu)) - model.forcing_limit()}
    worst = {"count": 0.0, "target": 0.0}
    for x in np.quantile(values, (0.1, 0.25, 0.5, 0.75)):
        seen = {"count": np.mean(values <= x), "target": energy[values <= x].sum()}
        for weight, total in mass.items():
            below = quad(lambda t: np.exp(t) * model.spectral_density(np.exp(t), weight), np.log(left), np.log(x))[0]  # noqa: B023
            worst[weight] = max(worst[weight], abs(below / total - float(seen[weight])))
    return worst


@pytest.mark.parametrize(("alpha", "beta"), [(1, "7/10"), ("2/5", "3/10")])
def test_empirical_spectra_follow_the_density(alpha: object, beta: object) -> None:
    """150 draws at d = 60, v = 4d, against the density for this v and, a false statement, for v = 3d.

    Eigenvalues are rigid: their number below a point varies by O(√log d) between draws, so the mean share over 150 draws has
    a standard error below 1e-3, and its distance to the limit is O(1/d). Bound 1/(2d) = 0.0083. Seen: 0.0036 and 0.0021 in
    number, 0.0001 and 0.0021 in energy; against v = 3d 0.023 and 0.087 in number.
    """
    d = 60
    model = PLRF(alpha, beta, d, 4 * d)
    spectra = [model.sample(seed).spectrum() for seed in range(150)]
    assert min(s.eigenvalues[-1] for s in spectra) > 0.7 * model.spectral_edge("left")
    assert max(s.eigenvalues[0] for s in spectra) < 1.5 * model.spectral_edge("right")
    assert max(distances(spectra, model).values()) < 1 / (2 * d)
    assert distances(spectra, PLRF(alpha, beta, d, 3 * d))["count"] > 2 / (2 * d)


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
