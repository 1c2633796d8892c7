"""Draws of features and data: against direct solutions of each draw, and against means that are known exactly.

The means are those of Wishart matrices at finite size (no deterministic equivalent is needed), compared by z-scores over independent
draws. The fourth moments of the losses exist at the sizes chosen, so that by the central limit theorem a score of 6 has a
probability near 2e-9, and with fewer than 100 scores a false alarm one below 1e-6, allowing for a factor 5 in the tails. The
standard errors are below 2 %, so that an error of 12 % is found; the direct comparisons find errors of 1e-9.
"""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.linalg import cho_factor, cho_solve, expm

from scalesym import ParameterError
from scalesym.sampled import finite_data, finite_data_draw
from scalesym.sampled.finite_data import FiniteDataSampler

SIZES = [
    (7, 12, 20),
    (12, 7, 20),
    (9, 9, 20),
    (20, 30, 10),
    (30, 15, 10),
    (10, 25, 10),
    (7, math.inf, 20),
    (math.inf, 7, 20),
]
NOISE = 0.3


def sampler(N: float, P: float, M: int, noise: float = NOISE, **replicas: int) -> FiniteDataSampler:
    j = np.arange(1.0, M + 1)
    return FiniteDataSampler(j**-1.3, j**-0.2, N, P, noise, **replicas)


def problem(model: FiniteDataSampler, seed: int, draw: int = 0) -> tuple[Any, Any, Any, Any]:
    """``A/√N``, the covariance ``C``, and ``c`` of ``|y − f|²/P = const − 2⟨c, v⟩ …`` for the error: written out as in the model."""
    (features, *_), ((data, labels), *_) = model.matrices(seed, draw)
    A = np.eye(len(model.eigenvalues)) if features is None else features
    Psi = np.diag(np.sqrt(model.eigenvalues)) if data is None else data
    return A, Psi, labels, np.asarray(labels - Psi @ model.target)


def losses(model: FiniteDataSampler, seed: int, weights: Any) -> tuple[float, float]:
    """Test and train loss of a student, by definition."""
    A, Psi, labels, _ = problem(model, seed)
    v = model.target - A.T @ weights
    test = float(np.sum(model.eigenvalues * v**2)) + model.noise_variance
    residual = labels - Psi @ (A.T @ weights)
    return test, float(residual @ residual) + (model.noise_variance if math.isinf(model.samples) else 0.0)


@pytest.mark.parametrize(("N", "P", "M"), SIZES)
def test_ridge_solves_the_normal_equations(N: float, P: float, M: int) -> None:
    model, ridges = sampler(N, P, M), [1e-3, 0.1, 30.0]
    runs = model.ridge(ridges, seed=3)
    A, Psi, labels, _ = problem(model, 3)
    Phi = Psi @ A.T
    for i, s in enumerate(ridges):
        w = np.linalg.solve(Phi.T @ Phi + s * np.eye(len(A)), Phi.T @ labels)
        assert (runs.test[0, i], runs.train[0, i]) == pytest.approx(losses(model, 3, w), rel=1e-9)


@pytest.mark.parametrize(("N", "P", "M"), SIZES)
def test_without_ridge_it_is_the_solution_of_least_norm(N: float, P: float, M: int) -> None:
    model = sampler(N, P, M)
    A, Psi, labels, _ = problem(model, 4)
    test, train = losses(model, 4, np.linalg.pinv(Psi @ A.T, rcond=1e-12) @ labels)
    for runs in (model.ridge(0, seed=4), model.flow("inf", seed=4)):
        assert runs.test[0, 0] == pytest.approx(test, rel=1e-8)
        assert runs.train[0, 0] == pytest.approx(train, rel=1e-8, abs=1e-20)


@pytest.mark.parametrize(("N", "P", "M"), SIZES)
def test_flow_is_the_exponential_of_the_generator(N: float, P: float, M: int) -> None:
    """``dv/dt = −(AᵀA/N)((ΨᵀΨ/P)v + Ψᵀε/P)``, with one more coordinate for the constant."""
    model, times = sampler(N, P, M), [0, 1e-9, 0.7, 40.0, 3000.0]
    runs = model.flow(times, seed=5)
    A, Psi, labels, noise = problem(model, 5)
    generator = np.zeros((M + 1, M + 1))
    generator[:M, :M] = -A.T @ A @ Psi.T @ Psi
    generator[:M, M] = -A.T @ A @ Psi.T @ noise
    for i, t in enumerate(times):
        v = (expm(generator * t) @ np.append(model.target, 1.0))[:M]
        residual = labels - Psi @ (model.target - v)
        extra = model.noise_variance
        assert runs.test[0, i] == pytest.approx(np.sum(model.eigenvalues * v**2) + extra, rel=1e-8)
        assert runs.train[0, i] == pytest.approx(residual @ residual + (extra if math.isinf(P) else 0), rel=1e-8)


@pytest.mark.parametrize(("N", "P", "M"), SIZES)
@pytest.mark.parametrize("share", [0.02, 0.9, 1.9])
def test_descent_takes_its_steps(N: float, P: float, M: int, share: float) -> None:
    model = sampler(N, P, M)
    A, Psi, labels, _ = problem(model, 6)
    Phi = Psi @ A.T
    rate = share / np.linalg.norm(Phi, 2) ** 2
    runs = model.descent([0, 1, 2, 37], rate, seed=6)
    w, expected = np.zeros(len(A)), []
    for n in range(38):
        if n in (0, 1, 2, 37):
            expected.append(losses(model, 6, w))
        w = w + rate * Phi.T @ (labels - Phi @ w)
    assert np.allclose(np.column_stack([runs.test[0], runs.train[0]]), expected, rtol=1e-9, atol=0)


def test_small_steps_make_a_flow_and_divergence_is_refused() -> None:
    model = sampler(7, 12, 20)
    assert model.descent(10**9, 1e-9, seed=1).test[0, 0] == pytest.approx(model.flow(1, seed=1).test[0, 0], rel=1e-8)
    assert model.descent(5, 100, seed=1).test[0, 0] > 1e3  # a few steps too long are steps all the same
    with pytest.raises(ParameterError, match="smaller learning rate"):
        model.descent(10**6, 100, seed=1)


def test_projection() -> None:
    """All of the data and all of the time leave what no combination of the features can express."""
    model = sampler(7, math.inf, 20)
    A, root, target, _ = problem(model, 7)
    columns = root @ A.T
    Q, _ = np.linalg.qr(columns)
    by_qr = target - Q @ (Q.T @ target)
    by_cholesky = target - columns @ cho_solve(cho_factor(columns.T @ columns), columns.T @ target)
    loss = model.flow("inf", seed=7).test[0, 0] - NOISE
    assert loss == pytest.approx(by_qr @ by_qr, rel=1e-10)
    assert loss == pytest.approx(by_cholesky @ by_cholesky, rel=1e-8)


def test_eigenvalues_that_are_zero_are_not_divided_by() -> None:
    """With ``M`` below ``N`` and ``P`` the rank is ``M``, and the rest of the eigenvalues is rounding at any time."""
    for N, P in ((25, 30), (30, 25), (25, 25)):
        exact = sampler(N, P, 10, noise=0)
        assert exact.ridge(0, seed=1).test.max() < 1e-20
        noisy = sampler(N, P, 10)
        late, last = noisy.flow([1e300], seed=1), noisy.ridge(0, seed=1)
        assert late.test[0, 0] == pytest.approx(last.test[0, 0], rel=1e-10)
        assert late.train[0, 0] == pytest.approx(last.train[0, 0], rel=1e-10)


@pytest.mark.parametrize(("N", "P"), [(6, 9), (9, 6), (6, math.inf)])
def test_steep_spectrum_keeps_its_digits(N: float, P: float) -> None:
    """Eigenvalues over 13 orders of magnitude, against 60 digits."""
    j = np.arange(1.0, 13)
    model = FiniteDataSampler(j**-16, j**8, N, P)
    (features,), ((data, labels),) = model.matrices(8, 0)
    assert features is not None
    root = mpmath.diag([mpmath.mpf(float(x)) for x in np.sqrt(model.eigenvalues)])
    with mpmath.workdps(60):
        A = mpmath.matrix(features.tolist())
        Phi = (root if data is None else mpmath.matrix(data.tolist())) * A.T
        y = mpmath.matrix(labels.tolist())
        few = Phi.rows < Phi.cols
        w = Phi.T * mpmath.lu_solve(Phi * Phi.T, y) if few else mpmath.lu_solve(Phi.T * Phi, Phi.T * y)
        v = root * (mpmath.matrix(model.target.tolist()) - A.T * w)
        exact = float(mpmath.fsum(x**2 for x in v))
    assert model.ridge(0, seed=8).test[0, 0] == pytest.approx(exact, rel=1e-4)


def test_what_cannot_be_resolved_is_refused() -> None:
    model = FiniteDataSampler(10.0 ** -np.arange(0, 80, 5), np.ones(16), 8, 12)
    with pytest.raises(ParameterError, match="not resolved"):
        model.ridge([1, 0])
    assert model.ridge(1e-3).test[0, 0] > 0


# -- means known exactly ----------------------------------------------------------------------------------------------


def score(runs: Any, mean: float, quantity: str = "test") -> float:
    value, error = runs.summary(quantity)
    assert error[0] < 0.02 * value[0]
    return float(abs(value[0] - mean) / error[0])


def test_isotropic_least_squares_has_the_mean_of_wishart_matrices() -> None:
    M, P, noise, draws = 12, 30, 0.5, 4000
    w = np.arange(1.0, M + 1)
    ordinary = FiniteDataSampler(np.ones(M), w, math.inf, P, noise).ridge(0, draws, seed=1)
    assert score(ordinary, noise * (1 + M / (P - M - 1))) < 6
    assert score(ordinary, noise * (1 - M / P), "train") < 6
    few = FiniteDataSampler(np.ones(P), np.ones(P), math.inf, M, noise).ridge(0, draws, seed=2)
    assert score(few, noise + (1 - M / P) * P + noise * M / (P - M - 1)) < 6
    projected = FiniteDataSampler(np.ones(P), np.ones(P), M, math.inf).flow("inf", draws, seed=3)
    assert score(projected, P - M) < 6
    assert score(ordinary, noise * (1 + M / (P - M - 1)) * 1.12) > 6  # the power that is claimed


def test_replicas_of_isotropic_projections() -> None:
    """Two independent projections leave ``(1 − N/M)²`` in common; ``E`` members ``b + (1 − b)/E`` of it."""
    M, N, members = 12, 4, 3
    model = FiniteDataSampler(np.ones(M), np.ones(M), N, math.inf, members=members)
    runs = model.flow("inf", 4000, seed=4)
    alone, apart = M * (1 - N / M), M * (1 - N / M) ** 2
    assert score(runs, apart, "other_features") < 6
    assert score(runs, apart + (alone - apart) / members, "ensemble") < 6
    assert set(runs.overlaps) == {"ensemble", "other_features"}


# -- replicas, seeds, interruption ------------------------------------------------------------------------------------


def test_overlaps_by_definition() -> None:
    random = np.random.default_rng(1)
    error = random.standard_normal((3, 2, 4, 5))
    found = finite_data_draw.overlaps(error)
    pairs: dict[str, list[Any]] = {"test": [], "other_features": [], "other_samples": [], "other_both": []}
    for a in np.ndindex(3, 2):
        for b in np.ndindex(3, 2):
            differs = (a[0] != b[0], a[1] != b[1])
            name = {(0, 0): "test", (1, 0): "other_features", (0, 1): "other_samples", (1, 1): "other_both"}[differs]
            pairs[name].append((error[a] * error[b]).sum(axis=-1))
    for name, products in pairs.items():
        assert np.allclose(found[name], np.mean(products, axis=0), rtol=1e-12, atol=1e-13)
    assert np.allclose(found["ensemble"], (error.mean(axis=(0, 1)) ** 2).sum(axis=-1), rtol=1e-12)


def test_replicas_are_averaged_and_noise_is_counted_once() -> None:
    model = sampler(7, 12, 20, members=2, datasets=3)
    runs = model.ridge([0.1], draws=2, seed=9)
    maps, data = model.matrices(9, 1)
    errors = []
    for features in maps:
        for psi, labels in data:
            assert features is not None
            assert psi is not None
            Phi = psi @ features.T
            w = np.linalg.solve(Phi.T @ Phi + 0.1 * np.eye(7), Phi.T @ labels)
            errors.append(np.sqrt(model.eigenvalues) * (model.target - features.T @ w))
    assert runs.test[1, 0] == pytest.approx(np.mean([e @ e for e in errors]) + NOISE, rel=1e-9)
    mean = np.mean(errors, axis=0)
    assert runs.overlaps["ensemble"][1, 0] == pytest.approx(mean @ mean + NOISE, rel=1e-9)


def test_what_a_draw_is_depends_on_the_seed_and_its_number() -> None:
    model = sampler(7, 12, 20)
    many, few = model.ridge([0.1, 1], 5, seed=2), model.ridge(0.1, 3, seed=2)
    assert np.array_equal(many.test[:3, :1], few.test)
    assert len(np.unique(many.test)) == 10
    assert not np.array_equal(model.ridge(0.1, 3, seed=3).test, few.test)
    (A,), ((Psi, y),) = model.matrices(2, 0)
    (B, _), ((Chi, z), _) = sampler(9, 15, 20, members=2, datasets=2).matrices(2, 0)
    for ours, theirs, scale in ((A, B, 9 / 7), (Psi, Chi, 15 / 12), (y, z, 15 / 12)):
        assert ours is not None
        assert theirs is not None
        assert np.allclose(ours, math.sqrt(scale) * theirs[: len(ours)], rtol=1e-14)


def test_interruption_keeps_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    model = sampler(7, 12, 20)
    whole = model.ridge(0.1, 5, seed=2)
    solve, calls = finite_data_draw.solve, iter(range(99))

    def interrupted(*args: Any) -> Any:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return solve(*args)

    monkeypatch.setattr(finite_data, "solve", interrupted)
    runs = model.ridge(0.1, 5, seed=2)
    assert (runs.draws, runs.finished, whole.finished) == (3, False, True)
    assert np.array_equal(runs.test, whole.test[:3])
    monkeypatch.setattr(finite_data, "solve", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
    none = model.ridge([0.1, 1], 5)
    assert none.test.shape == (0, 2)
    with pytest.raises(ParameterError, match="needs two"):
        none.summary()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"eigenvalues": [1, 0]}, "a variance is positive"),
        ({"eigenvalues": 3}, "not a list"),
        ({"target": [1]}, "there are 2 eigenvalues"),
        ({"target": [1, math.nan]}, "NaN"),
        ({"features": 2.5}, "not a count"),
        ({"features": "inf", "samples": "inf"}, "nothing is random"),
        ({"features": 0}, "not a count"),
        ({"samples": "inf", "datasets": 2}, "is not random"),
        ({"noise_variance": -1}, "variance"),
        ({"members": 0}, "not a count"),
    ],
)
def test_refused(change: dict[str, object], match: str) -> None:
    good: dict[str, object] = {"eigenvalues": [1, "1/2"], "target": [1, 1], "features": 2, "samples": 3}
    with pytest.raises(ParameterError, match=match):
        FiniteDataSampler(**{**good, **change})


def test_refused_in_use() -> None:
    model = sampler(7, 12, 20)
    for call in (
        lambda: model.ridge([-1]),
        lambda: model.ridge([]),
        lambda: model.ridge("inf"),
        lambda: model.flow(math.nan),
        lambda: model.descent(1.5, 0.1),
        lambda: model.descent([], 0.1),
        lambda: model.descent(1, 0),
        lambda: model.ridge(0, draws=0),
        lambda: model.ridge(0, seed=-1),
        lambda: model.ridge(0, draws=10**12),
        lambda: model.ridge(0, draws=2).summary("median"),
        lambda: sampler(10**9, 10**9, 20).ridge(0),
    ):
        with pytest.raises(ParameterError):
            call()
