"""Simulated SGD against the exact law given W, with tests whose false-alarm probability is a theorem.

The loss of a run is heavy-tailed, so its mean is not tested by a z-test. Instead every step is compared with the exact mean
and variance of the next loss *given the present state*, by Catoni's test (``claims/_martingale.py``), whose false-alarm
probability is at most 1e-10 each, whatever the tails; with fewer than 1000 such tests the suite's is below 1e-7.
By linearity, means of steps given the state that follow the recursion give means of runs that follow it.

Power as measured: :func:`test_power` repeats the test on 100 seeds for each of the mistakes named there (2B for B(B+1),
j = v dropped, γ doubled, batch mean for sum, noise left out), for both methods. With 1000 seeds each, 1000 of 1000 were
rejected in every row, and 0 of 1000 right ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import strategies
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from scalesym import PLRF, ParameterError
from scalesym.claims._martingale import FALSE_ALARM, catoni_score, standardised
from scalesym.sampled import normals as normals_module
from scalesym.sampled import sample as sample_module
from scalesym.sampled.conditional import ConditionalLaw
from scalesym.sampled.sample import Method, Sample

METHODS: tuple[Method, ...] = ("literal", "eigenbasis")


def law_of(sample: Sample) -> ConditionalLaw:
    """What the theory says, also where the mean diverges."""
    features = sample._features
    floor = features.residual + sample.noise_variance
    return ConditionalLaw(features.eigenvalues, features.target**2, floor, sample.gamma, sample.batch)


class TwoBForBB1(ConditionalLaw):
    """The variance of a batch taken as 2B instead of B(B+1)."""

    def innovation(self, error: Any, weights: Any = 1.0) -> Any:
        mean, variance = super().innovation(error, weights)
        extra = 2 * self.batch - self.batch * (self.batch + 1)
        return mean + extra * self.gamma**2 * (error**2 @ (weights * self.eigenvalues**2)), variance


def two_b(sample: Sample) -> tuple[Sample, ConditionalLaw]:
    law = law_of(sample)
    return sample, TwoBForBB1(law.eigenvalues, law.weights, law.floor, law.gamma, law.batch)


def last_dropped(sample: Sample) -> tuple[Sample, ConditionalLaw]:
    short = dataclasses.replace(sample, covariance=sample.covariance[:-1], target=sample.target[:-1])
    return short, law_of(short)


def changed(**values: Callable[[Sample], float]) -> Callable[[Sample], tuple[Sample, ConditionalLaw]]:
    def mistake(sample: Sample) -> tuple[Sample, ConditionalLaw]:
        wrong = dataclasses.replace(sample, **{name: value(sample) for name, value in values.items()})
        return wrong, law_of(wrong)

    return mistake


MISTAKES = {
    "2B for B(B+1)": two_b,
    "j = v dropped": last_dropped,
    "γ doubled": changed(gamma=lambda s: 2 * s.gamma),
    "batch mean for sum": changed(gamma=lambda s: s.gamma / s.batch),
    "noise left out": changed(noise_variance=lambda s: 0.0),
}


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Small draws over the whole domain: α, β, d, v, γ, B, σ² and the seed of W."""
    alpha, beta = draw(strategies.exponents())
    d = draw(st.integers(1, 4))
    v = draw(st.integers(d + 1, d + 8))
    batch = draw(st.sampled_from([1, 2, 3, 8]))
    noise = draw(st.sampled_from([Fraction(0), Fraction(1, 100), Fraction(1)]))
    sample = PLRF(alpha, beta, d, v, "half-critical", batch, noise).sample(draw(st.integers(0, 10**6)))
    share = draw(st.sampled_from([0.1, 0.3, 0.6]))
    return dataclasses.replace(sample, gamma=share * sample.critical_gamma())


@settings(max_examples=60)
@given(samples(), st.sampled_from(METHODS))
@example(PLRF("1/4", "1/2", 2, 3).sample(0), "literal")
@example(PLRF("1/2", "1/2", 2, 5, batch=2).sample(0), "literal")
@example(PLRF(1, 1, 1, 2, noise_variance=1).sample(0), "eigenbasis")
def test_steps_of_sgd_have_the_mean_of_the_recursion(sample: Sample, method: Method) -> None:
    """Right simulators pass (false alarm 1e-10 each), and every mistake that 12 000 steps can show is rejected.

    A mistake is called visible if the mean of the innovations that it predicts exceeds 20/√n, three times the threshold.
    """
    runs, steps = 2000, 6
    z = standardised(sample, law_of(sample), sample._features, method, runs, steps, seed=1)
    assert catoni_score(z) <= 1
    for name, mistake in MISTAKES.items():
        wrong, law = mistake(sample)
        shift = visibility(sample, wrong, law)
        if shift * np.sqrt(z.size) > 20:
            assert catoni_score(standardised(sample, law, wrong._features, method, runs, steps, seed=1)) > 1, name


def visibility(sample: Sample, wrong: Sample, law: ConditionalLaw) -> float:
    """The least mean innovation, in units of its own standard deviation, over the steps that are tested."""
    right = law_of(sample)
    theta = sample.simulate(5, 60, 5, record="all", theta=True).theta
    assert theta is not None
    mean, variance = right.innovation(sample._features.error(theta))
    wrong_mean, wrong_variance = law.innovation(wrong._features.error(theta))
    difference = (mean + right.floor - wrong_mean - law.floor) / np.sqrt(wrong_variance)
    spread = np.sqrt(np.mean(variance / wrong_variance))
    return float(abs(np.mean(difference)) / max(1.0, spread) - np.std(difference) / np.sqrt(difference.size))


#: B(B+1) ≠ 2B and sum ≠ mean need B ≥ 2; the last of few coordinates is what an off-by-one drops.
POWERED = PLRF("2/5", "1/5", 3, 6, "half-critical", 4, "1/20").sample(7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", [None, *MISTAKES])
def test_power(name: str | None, method: Method) -> None:
    """100 seeds, 4000 runs of 5 steps each: none of the right ones is rejected, at least 99 of each mistake are."""
    wrong, law = (POWERED, law_of(POWERED)) if name is None else MISTAKES[name](POWERED)
    rejected = sum(
        catoni_score(standardised(POWERED, law, wrong._features, method, 4000, 5, seed)) > 1 for seed in range(100)
    )
    assert rejected == 0 if name is None else rejected >= 99


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "2B for B(B+1)"])
def test_power_against_wrong_simulators(name: str, method: Method) -> None:
    """The theory is right and the simulator wrong: 20 seeds each, all rejected."""
    wrong, _ = MISTAKES[name](POWERED)
    if law_of(wrong).gamma >= wrong.critical_gamma():
        wrong = dataclasses.replace(wrong, gamma=0.99 * wrong.critical_gamma())
    for seed in range(20):
        path = wrong.simulate(5, 4000, seed, method, record="all", theta=True)
        assert path.theta is not None
        law = law_of(POWERED)
        mean, variance = law.innovation(POWERED._features.error(path.theta[:, :-1]))
        assert catoni_score((path.loss[:, 1:] - law.floor - mean) / np.sqrt(variance)) > 1


def test_catoni_score_keeps_its_promise_where_a_z_test_fails() -> None:
    """Innovations that are 0 but for one in 10⁴, of size 100: mean 0, variance 1, and normal scores of any size."""
    rng = np.random.default_rng(0)
    scores = [catoni_score(rng.choice([0.0, 100.0, -100.0], 2000, p=[0.9999, 5e-5, 5e-5])) for _ in range(500)]
    assert max(scores) < 1
    assert catoni_score(rng.standard_normal(2000) + 0.25) > 1
    assert FALSE_ALARM * 1000 < 1e-6


@pytest.mark.parametrize(("batch", "noise"), [(1, 0), (3, "1/10"), (40, 0), (400, "1/10")])
def test_methods_agree_in_law(batch: int, noise: object) -> None:
    """Two-sample Kolmogorov–Smirnov tests after 12 steps, 3000 runs each: of the loss and of two coordinates of θ.

    False alarm 1e-10 each. Power: with γ larger by a half on one side every p-value of the loss is below 1e-10. The
    batches of 40 and 400 are those that the eigenbasis draws as a whole.
    """
    sample = PLRF(1, "3/10", 3, 8, "half-critical", batch, noise).sample(5)
    literal, fast, faster = (
        s.simulate(12, 3000, 3, method, record=[12], theta=True)
        for s, method in (
            (sample, METHODS[0]),
            (sample, METHODS[1]),
            (dataclasses.replace(sample, gamma=1.5 * sample.gamma), METHODS[1]),
        )
    )
    assert literal.theta is not None
    assert fast.theta is not None
    assert ks_2samp(literal.loss[:, 0], fast.loss[:, 0]).pvalue > 1e-10
    for k in (0, 2):
        assert ks_2samp(literal.theta[:, 0, k], fast.theta[:, 0, k]).pvalue > 1e-10
    product = ks_2samp(*(t.theta[:, 0, 0] * t.theta[:, 0, 1] for t in (literal, fast)))
    assert product.pvalue > 1e-10
    assert ks_2samp(literal.loss[:, 0], faster.loss[:, 0]).pvalue < 1e-10


@pytest.mark.parametrize("batch", [2, 5])
def test_both_ways_in_the_eigenbasis_agree_with_the_law(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Feature by feature, and a whole batch at once: both pass the test, and differ in their numbers."""
    sample = PLRF(1, "3/10", 3, 8, "half-critical", batch, "1/10").sample(5)
    losses = []
    for worth in (0, 10**9):
        monkeypatch.setattr(sample_module, "_WORTH", worth)
        z = standardised(sample, law_of(sample), sample._features, "eigenbasis", 4000, 8, seed=2)
        assert catoni_score(z) <= 1
        losses.append(sample.simulate(3, 5, 2).loss[:, -1])
    assert not np.allclose(*losses)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("runs", [1, 3])
def test_many_steps_at_once_are_the_same_steps(runs: int, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One triangular system for many steps, against one step after the other on the same draws."""
    monkeypatch.setattr(sample_module, "_WORTH", 10**9)
    sample = PLRF(1, "7/10", 12, 40, "1/10", batch, "1/100").sample(1)
    at_once = sample.simulate(200, runs, 4, record=[200], theta=True)
    one_by_one = sample.simulate(200, runs, 4, record="all", theta=True)
    assert one_by_one.loss[:, -1] == pytest.approx(at_once.loss[:, 0], rel=1e-11)
    for r in (0, 1, 63, 64, 65, 199):
        assert sample.simulate(200, runs, 4, record=[r]).loss[:, 0] == pytest.approx(one_by_one.loss[:, r], rel=1e-11)
    assert one_by_one.theta is not None
    direct = ((one_by_one.theta @ sample.matrix.T - sample.target) ** 2) @ sample.covariance + 0.01
    assert one_by_one.loss == pytest.approx(direct, rel=1e-11)


@pytest.mark.parametrize("method", METHODS)
def test_what_a_seed_means(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = PLRF(1, 1, 4, 12, noise_variance=1).sample(0)
    first = sample.simulate(50, 3, 7, method)
    assert np.array_equal(first.loss, sample.simulate(50, 3, 7, method).loss)
    assert not np.array_equal(first.loss, sample.simulate(50, 3, 8, method).loss)
    longer = sample.simulate(90, 3, 7, method, record=first.r)
    assert longer.loss == pytest.approx(first.loss, rel=1e-12)
    monkeypatch.setattr(normals_module, "_AHEAD", 1)
    assert np.array_equal(first.loss, sample.simulate(50, 3, 7, method).loss)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_can_be_continued_from_its_state(method: Method) -> None:
    sample = PLRF(1, 1, 4, 12).sample(0)
    first = sample.simulate(20, 5, 1, method, record=[20], theta=True)
    assert first.theta is not None
    again = sample.simulate(10, 5, 2, method, start=first.theta[:, 0])
    assert again.loss[:, 0] == pytest.approx(first.loss[:, 0], rel=1e-12)
    assert sample.simulate(3, 5, 2, method, start=[0] * 4).loss[:, 0] == pytest.approx([sample.conditional_loss(0)] * 5)


def test_records_and_results() -> None:
    sample = PLRF(1, 1, 4, 12).sample(0)
    runs = sample.simulate(1000, 20, 3)
    assert runs.finished
    assert runs.r[0] == 0
    assert runs.r[-1] == 1000
    assert 60 < len(runs.r) <= 101
    assert runs.loss.shape == (20, len(runs.r))
    assert runs.mean == pytest.approx(runs.loss.mean(axis=0))
    assert runs.quantile(0.5) == pytest.approx(np.median(runs.loss, axis=0))
    assert runs.theta is None
    assert sample.simulate(5, record=[5, 0, 5]).r.tolist() == [0, 5]
    assert len(sample.simulate(7, record="all").r) == 8


@pytest.mark.parametrize("method", METHODS)
def test_an_interrupted_simulation_returns_what_is_done(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = PLRF(1, 1, 4, 12).sample(0)
    whole = sample.simulate(300, 2, 3, method)
    original, calls = normals_module.Normals.take, []

    def interrupted(self: Any, steps: int) -> Any:
        calls.append(steps)
        if len(calls) > 20:
            raise KeyboardInterrupt
        return original(self, steps)

    monkeypatch.setattr(normals_module.Normals, "take", interrupted)
    part = sample.simulate(300, 2, 3, method, theta=True)
    assert not part.finished
    assert 0 < len(part.r) < len(whole.r)
    assert np.array_equal(part.loss, whole.loss[:, : len(part.r)])
    assert part.theta is not None
    assert part.theta.shape == (2, len(part.r), 4)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"steps": 0}, "steps"),
        ({"steps": -3}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"steps": "many"}, "steps"),
        ({"steps": 10**12}, "steps"),
        ({"steps": 10**11, "method": "literal"}, "steps"),
        ({"runs": 0}, "runs"),
        ({"runs": 10**12}, "runs"),
        ({"runs": True}, "runs"),
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
        ({"method": "exact"}, "method"),
        ({"record": [11]}, "record"),
        ({"record": []}, "record"),
        ({"record": "some"}, "record"),
        ({"record": [0.5]}, "r"),
        ({"start": [1, 2]}, "start"),
        ({"start": "abcd"}, "start"),
        ({"start": [1, 2, 3, float("nan")]}, "start"),
        ({"start": [1j, 2, 3, 4]}, "start"),
    ],
)
def test_unusable_arguments(arguments: dict[str, Any], name: str) -> None:
    sample = PLRF(1, 1, 4, 12).sample(0)
    with pytest.raises(ParameterError) as caught:
        sample.simulate(**{"steps": 10, **arguments})
    assert caught.value.name == name
    assert "\n" not in str(caught.value)


def test_bombs_say_what_they_would_cost() -> None:
    sample = PLRF(1, 1, 4, 12).sample(0)
    with pytest.raises(ParameterError, match=r"days; use at most .* steps, or conditional_loss"):
        sample.simulate(10**12)
    with pytest.raises(ParameterError, match="of memory"):
        PLRF(1, 1, 10**9, 10**10).sample(0)
    with pytest.raises(ParameterError, match="of memory"):
        sample.simulate(10**9, record="all")
    with pytest.raises(ParameterError, match="of memory"):
        PLRF(1, 1, 4, 12, batch=10**12).sample(0).simulate(5, method="literal")
    assert PLRF(1, 1, 4, 12, batch=10**12).sample(0).simulate(50, 4).finished
