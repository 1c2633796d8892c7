"""Ridge regression on random features: other roads, published numbers, the ends of the domain, and the random matrices."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scalesym.claims import laws_ridge
from scalesym.equivalent.finite_data import FiniteData
from scalesym.errors import ParameterError
from scalesym.laws import ridge_closed
from scalesym.laws.ridge import RandomFeatureRidge
from scalesym.laws.ridge_point import Level
from scalesym.ledger import Claim

LAW = RandomFeatureRidge("3/5", 600)
INF = math.inf


# -- numbers handed down (SYSTEMS 7.5) --------------------------------------------------------------------------------


def test_numbers() -> None:
    assert [f"{LAW.loss(N, T):.5f}" for N, T in ((40, 120), (120, 40))] == ["0.44926", "0.44926"]
    assert f"{LAW.loss(40, 120, 0.3):.5f}" == "0.38774"
    larger = RandomFeatureRidge("3/5", 1500).loss([200, 600, 300], [600, 200, 300], 0.05)
    assert [f"{x:.6f}" for x in larger] == ["0.139238", "0.135680", "0.140090"]
    assert f"{RandomFeatureRidge('3/5', 600, noise_variance='0.05').loss(60, 60, 0.1):.6f}" == "0.502762"


def test_numbers_of_the_best_ridge() -> None:
    for alpha, exact, closed in (("1", "149.75", "150.00"), ("1.7", "180.51", "180.71")):
        law = RandomFeatureRidge(alpha, 2_000_000)
        assert f"{law.optimal_ridge(300, 300).freedom:.2f}" == exact
        assert f"{law.optimal_ridge(300, 300, 'continuum').freedom:.2f}" == closed
    law = RandomFeatureRidge(1, 2_000_000)
    assert f"{law.optimal_ridge(300, 300).loss:.6f}" == "0.016366"
    assert f"{law.optimal_ridge(300, 300, 'continuum').loss:.6f}" == "0.016449"
    for N, T in ((300, 300), (50, 400), (7.5, 3)):
        assert law.optimal_ridge(N, T, "continuum").freedom == pytest.approx(N * T / (N + T), rel=1e-14)


def test_at_small_alpha_the_closed_form_is_off_because_the_spectrum_ends() -> None:
    """5 % at ``α = 0.3``, ``n = 300`` was handed down as slow convergence; it is the end at ``M = 2·10^6``, without which it is 0.4 %."""
    closed = RandomFeatureRidge("0.3", "inf").optimal_ridge(300, 300, "continuum").loss
    ratios = [closed / RandomFeatureRidge("0.3", M).optimal_ridge(300, 300).loss for M in (2_000_000, "inf")]
    assert 1.05 < ratios[0] < 1.055
    assert 1.003 < ratios[1] < 1.005


# -- other roads ------------------------------------------------------------------------------------------------------


@given(
    st.floats(0.05, 2.5),
    st.floats(-0.02, 1.5),
    st.integers(20, 5000),
    st.floats(1, 6000),
    st.floats(1, 6000),
    st.floats(-9, 3),
    st.sampled_from([0, 0.2]),
)
@example(0.6, 0.0, 600, 60.0, 60.0, -9.0, 0)
@example(0.6, 0.0, 600, 60.0, 60.000001, -9.0, 0.2)
@settings(max_examples=40)
def test_loss_is_the_diagonal_of_two_resolvents(
    alpha: float, beta: float, M: int, N: float, T: float, power: float, noise: float
) -> None:
    law, ridge = RandomFeatureRidge(alpha, M, beta=beta, noise_variance=noise), 10**power
    model = FiniteData.of(law.spectrum, N, T)
    kappa = model.kappa(ridge / T)
    near = abs(1 - float(model.freedom(kappa)) / min(N, T))  # what 1 − f/n loses in digits on the other road
    rel = 1e-12 + 1e-14 / near
    assert law.loss(N, T, ridge) == pytest.approx(float(model.diagonal(kappa, noise)), rel=rel)
    R_1, _ = model.responses(kappa)
    assert law.train_loss(N, T, ridge) == pytest.approx(float(R_1**2 * model.diagonal(kappa, noise)), rel=4 * rel)


def plain(law: RandomFeatureRidge, n: float) -> tuple[Any, Any, Any]:
    """``Δ``, and lists of ``λ`` and ``u``, in 40 digits, with ``f(Δ) = n``."""
    lam = [mpmath.mpf(i) ** -(1 + mpmath.mpf(float(law.alpha or 0))) for i in range(1, int(law.M) + 1)]
    u = [x * mpmath.mpf(i) ** (-2 * mpmath.mpf(float(law.beta or 0))) for i, x in enumerate(lam, 1)]
    start = mpmath.log(mpmath.mpf(n) ** -1.6)
    delta = mpmath.exp(
        mpmath.findroot(lambda y: mpmath.fsum(x / (x + mpmath.exp(y)) for x in lam) - n, (start, start + 0.1))
    )
    return delta, lam, u


@pytest.mark.parametrize(("N", "T"), [(5, 9), (9, 5), (5, 5.0000001), (6.5, 30)])
@pytest.mark.parametrize("beta", [0.0, 0.75])
def test_ridgeless_in_forty_digits(N: float, T: float, beta: float) -> None:
    law = RandomFeatureRidge(0.5, 40, beta=beta, noise_variance=0.25)
    with mpmath.workdps(40):
        D, lam, u = plain(law, min(N, T))
        f = mpmath.mpf(min(N, T))
        g = mpmath.fsum((x / (x + D)) ** 2 for x in lam)
        whole = mpmath.fsum(w * D / (x + D) for x, w in zip(lam, u, strict=True))
        cross = mpmath.fsum(w * D * x / (x + D) ** 2 for x, w in zip(lam, u, strict=True))
        value = ridge_closed.general(whole, cross, f, g, mpmath.mpf(N), mpmath.mpf(T), mpmath.mpf(1) / 4)
        if beta == 0:
            closed = ridge_closed.ridgeless(D, mpmath.mpf(N), mpmath.mpf(T))
            closed += ridge_closed.ridgeless_noise(g, mpmath.mpf(N), mpmath.mpf(T)) / 4
            assert abs(closed / value - 1) < 1e-30
    assert law.loss(N, T) == pytest.approx(float(value), rel=1e-11)
    assert law.delta(min(N, T)) == pytest.approx(float(D), rel=1e-13)


@pytest.mark.parametrize("alpha", [0.05, 0.6, 1.0, 3.0])
@pytest.mark.parametrize(("N", "T"), [(40, 120), (120, 40), (60, 60), (60, INF), (INF, 60), (INF, INF)])
def test_continuum_is_what_large_sizes_approach(alpha: float, N: float, T: float) -> None:
    """``f`` of the sum and of the integral differ by 1/2, so that at ``n`` the two levels differ by about ``(1+α)/n``."""
    law = RandomFeatureRidge(alpha, "inf")
    scale = (ridge_closed.constant(alpha) / 60) ** (1 + alpha)
    for factor in (0.03, 1.0):
        ends = [
            law.loss(k * N, k * T, factor * scale * k ** -(1 + alpha), level=level, convention="mean")
            for k in (1, 100)
            for level in ("equivalent", "continuum")
        ]
        assert abs(ends[0] / ends[1] - 1) < 5 * (1 + alpha) / 60
        assert abs(ends[2] / ends[3] - 1) < 5 * (1 + alpha) / 6000


def test_plateaus_are_the_limit_of_plrf() -> None:
    law = RandomFeatureRidge("3/5", 600, beta="1/4", noise_variance="1/10")
    model = law.to_plrf(20)
    assert (model.alpha, model.beta, model.d, model.v) == (Fraction(4, 5), Fraction(1, 4), 20, 600)
    assert law.plateau(N=20) == pytest.approx(model.forcing_limit(), rel=1e-12)
    assert RandomFeatureRidge.from_plrf(model) == law
    measured = RandomFeatureRidge.from_spectrum([1, "1/2", "1/4"], [1, 1, 2], noise_variance="1/10")
    assert measured.plateau(N=2) == pytest.approx(measured.to_plrf(2).forcing_limit(), rel=1e-12)
    assert RandomFeatureRidge.from_plrf(measured.to_plrf(2)) == measured
    with pytest.raises(ParameterError, match="learning rate"):
        RandomFeatureRidge(1, 60, scale=2).to_plrf(20)


def test_list_of_a_power_law_is_the_power_law() -> None:
    j = np.arange(1.0, 301)
    law = RandomFeatureRidge.from_spectrum(3 * j**-1.6, 2 * j**-0.3, noise_variance=0.1)
    same = RandomFeatureRidge(0.6, 300, scale=3, weight_variance=4, beta=0.3, noise_variance=0.1)
    for N, T, ridge in ((20, 50, 0), (50, 20, 0.7), (33, 33, 2)):
        assert law.loss(N, T, ridge) == pytest.approx(same.loss(N, T, ridge), rel=1e-12)
        assert law.delta_of_ridge(ridge, N, T) == pytest.approx(same.delta_of_ridge(ridge, N, T), rel=1e-12)
    ours, theirs = law.optimal_ridge(20, 50), same.optimal_ridge(20, 50)
    assert ours == pytest.approx(theirs, rel=1e-9)


# -- the best ridge ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0, 0.01, 5])
@pytest.mark.parametrize("beta", [0.0, -0.2, 1.0])
@pytest.mark.parametrize(("N", "T"), [(40, 40), (30, 70), (70, 30), (700, 30), (700, 800)])
def test_no_ridge_is_better(N: float, T: float, beta: float, noise: float) -> None:
    law = RandomFeatureRidge(0.6, 600, beta=beta, noise_variance=noise)
    best = law.optimal_ridge(N, T)
    assert law.loss(N, T, best.ridge) == pytest.approx(best.loss, rel=1e-12)
    assert law.delta_of_ridge(best.ridge, N, T) == pytest.approx(best.delta, rel=1e-9)
    others = law.loss(N, T, np.append(np.geomspace(1e-9, 1e5, 400), 0))
    assert best.loss <= others.min() * (1 + 1e-12)
    if best.ridge:
        assert max(law.loss(N, T, best.ridge * factor) / best.loss - 1 for factor in (0.99, 1.01)) < 1e-3
    mean = law.optimal_ridge(N, T, convention="mean")
    assert (mean.ridge * T, mean.loss) == pytest.approx((best.ridge, best.loss), rel=1e-12)


def test_best_ridge_of_all_features_is_that_of_bayes() -> None:
    """For ``w ~ N(0, σ_w²)`` and linear regression the posterior mean has the ridge ``σ²/σ_w²``."""
    law = RandomFeatureRidge("3/5", 600, noise_variance="0.3", weight_variance=2)
    assert law.optimal_ridge(INF, 50).ridge == pytest.approx(0.15, rel=1e-8)
    assert law.optimal_ridge(50, INF) == (0, law.delta(50), 50, law.plateau(N=50))


@pytest.mark.parametrize("alpha", [0.1, 0.6, 1.0, 2.5])
@pytest.mark.parametrize(("N", "T"), [(100, 100), (50, 400), (400, 50)])
def test_closed_best_ridge_is_the_best_of_the_continuum(alpha: float, N: float, T: float) -> None:
    law = RandomFeatureRidge(alpha, "inf", scale=2, weight_variance=3)
    best = law.optimal_ridge(N, T, "continuum")
    assert law.loss(N, T, best.ridge, level="continuum") == pytest.approx(best.loss, rel=1e-12)
    around = law.loss(N, T, best.ridge * np.array([0.9, 0.99, 1.01, 1.1]), level="continuum")
    assert (around > best.loss).all()
    assert law.delta_of_ridge(best.ridge, N, T, level="continuum") == pytest.approx(best.delta, rel=1e-9)


def test_closed_forms_with_one_of_them_infinite() -> None:
    law = RandomFeatureRidge("3/5", "inf")
    for N, T in ((50, INF), (INF, 50)):
        best = law.optimal_ridge(N, T, "continuum")
        assert (best.ridge, best.freedom) == (0, 50)
        assert best.loss == pytest.approx(50 * law.delta(50, "continuum"), rel=1e-12)
        assert ridge_closed.best_loss(0.6, N, T) == pytest.approx(best.loss, rel=1e-12)
        near = law.optimal_ridge(min(N, 1e12), min(T, 1e12), "continuum")
        assert near.loss == pytest.approx(best.loss, rel=1e-9)


# -- budgets, exponents, range ----------------------------------------------------------------------------------------


def test_best_split() -> None:
    law = RandomFeatureRidge("3/5", "inf")
    levels: tuple[Level, ...] = ("equivalent", "continuum")
    for level in levels:
        split = law.compute_optimal(1e6, level)
        assert pytest.approx((1000, 1000), rel=1e-6) == (split.N, split.T)
        assert split.loss == law.optimal_ridge(split.N, split.T, level).loss
    exponent = math.log(
        law.compute_optimal(1e8, "continuum").loss / law.compute_optimal(1e6, "continuum").loss
    ) / math.log(100)
    assert exponent == pytest.approx(-float(law.exponents().compute or 0), rel=1e-9)
    noisy = RandomFeatureRidge("3/5", 600, noise_variance="0.1").compute_optimal(1e4)
    assert noisy.N < noisy.T  # against noise samples help more than features
    assert LAW.compute_optimal(1).loss == LAW.optimal_ridge(1, 1).loss
    hard = RandomFeatureRidge("0.3", "inf", beta="0.2")
    low, high = (hard.compute_optimal(C) for C in (1e8, 1e10))
    assert math.log(low.loss / high.loss, 100) == pytest.approx(0.35, abs=0.005)
    assert pytest.approx(low.N / low.T, rel=0.02) == high.N / high.T


def test_exponents() -> None:
    assert RandomFeatureRidge("3/5", 600).exponents() == (
        Fraction(3, 5),
        Fraction(3, 5),
        Fraction(3, 10),
        Fraction(1, 2),
    )
    assert RandomFeatureRidge("1/2", "inf", beta=2).exponents() == (Fraction(3, 2), 3, None, None)
    assert RandomFeatureRidge(0.5, "inf").exponents() == pytest.approx((0.5, 0.5, 0.25, 0.5))
    for law in (RandomFeatureRidge("-1/2", 600), RandomFeatureRidge.from_spectrum([1, 2], [1, 1])):
        with pytest.raises(ParameterError, match="alpha"):
            law.exponents()
    with pytest.raises(ParameterError, match="beta"):
        RandomFeatureRidge("1/2", 600, beta=-1).exponents()


def test_scaling_range_ends_where_the_power_does() -> None:
    law = RandomFeatureRidge(1, 10**5)
    for tolerance in (0.05, 0.1):
        for end in law.scaling_range(tolerance):
            assert abs(law.delta(end) / law.delta(end, "continuum") - 1) == pytest.approx(tolerance, rel=1e-6)
    low, high = law.scaling_range()
    assert low < 10 < 1e4 < high < 1e5
    assert RandomFeatureRidge(1, "inf").scaling_range() == pytest.approx((low, INF), rel=1e-2)
    with pytest.raises(ParameterError, match="nowhere"):
        RandomFeatureRidge("1/10", 100).scaling_range(0.01)


# -- the ends ---------------------------------------------------------------------------------------------------------


def test_equal_numbers_without_ridge_diverge() -> None:
    assert LAW.loss(40, 40) == INF
    assert np.array_equal(np.isinf(LAW.loss(40, [39, 40, 41])), [False, True, False])
    assert LAW.train_loss(40, 40) == 0
    near = [LAW.loss(40, 40 * (1 + e)) * abs(e) for e in (1e-4, 1e-6, 1e-8, -1e-6, -1e-8)]
    assert near == pytest.approx([40 * LAW.delta(40)] * 5, rel=2e-4)
    small = [LAW.loss(40, 40, ridge) * math.sqrt(ridge) for ridge in (1e-8, 1e-10, 1e-12, 1e-20)]
    assert small == pytest.approx([small[-1]] * 4, rel=1e-3)
    assert RandomFeatureRidge("3/5", "inf").loss(40, 40, level="continuum") == INF


def test_whole_spectrum_is_learnt() -> None:
    noisy = RandomFeatureRidge("3/5", 600, noise_variance="0.1")
    for N, T in ((600, 600), (600, 700), (700, 600), (700, INF), (INF, 700)):
        assert LAW.loss(N, T) == 0
        assert LAW.optimal_ridge(N, T)[::3] == (0, 0)
    assert LAW.delta([599.999, 600, 1e9])[1:].tolist() == [0, 0]
    assert noisy.loss(600, 700) == noisy.loss(700, 700) == pytest.approx(0.1 * 700 / 100, rel=1e-12)
    assert noisy.loss(700, INF) == noisy.loss(INF, INF) == pytest.approx(0.1)
    assert noisy.loss(700, 600) == noisy.loss(600, 600) == INF
    assert noisy.loss(600 - 1e-9, 700) == pytest.approx(0.7, rel=1e-6)
    assert LAW.train_loss(700, 700) == 0


@pytest.mark.parametrize(("N", "T"), [(8, 8), (8, 11), (11, 8), (1e6, 8)])
@pytest.mark.parametrize("ridge", [1e-40, 1e-12, 0.1])
def test_small_ridges_on_all_of_the_spectrum(N: float, T: float, ridge: float) -> None:
    """Where ``M`` is reached ``1 − f/n`` is smaller than the rounding of ``f``: against 80 digits."""
    law = RandomFeatureRidge(1, 8, noise_variance="1e-6")
    with mpmath.workdps(80):
        lam = [mpmath.mpf(1) / i**2 for i in range(1, 9)]

        def freedom(D: Any, power: int = 1) -> Any:
            return mpmath.fsum((x / (x + D)) ** power for x in lam)

        def excess(y: Any) -> Any:
            D = mpmath.exp(y)
            return mpmath.log(ridge_closed.ridge(D, freedom(D), N, T) / mpmath.mpf(ridge))

        ends = [mpmath.log(mpmath.mpf(ridge)) - 5, mpmath.mpf(3)]
        y = mpmath.findroot(excess, ends, solver="anderson", tol=1e-60, maxsteps=300)
        D = mpmath.exp(y)
        f, g = freedom(D), freedom(D, 2)
        value = ridge_closed.general(D * f, D * g, f, g, mpmath.mpf(N), mpmath.mpf(T), mpmath.mpf("1e-6"))
    assert law.delta_of_ridge(ridge, N, T) == pytest.approx(float(D), rel=1e-12)
    assert law.loss(N, T, ridge) == pytest.approx(float(value), rel=1e-11)
    best = law.optimal_ridge(N, T)
    assert 0 <= best.ridge < 0.1  # 0 for N = M < T: features that just suffice are spoilt by any ridge
    assert best.loss <= law.loss(N, T, ridge)


def test_the_best_ridge_against_little_noise_is_little() -> None:
    law = RandomFeatureRidge(1, 8, noise_variance="1e-45")
    best = law.optimal_ridge(40, 8)
    assert law.loss(40, 8) == INF
    assert 0 < best.loss < 1e-20  # of the order of σ
    assert law.loss(40, 8, best.ridge) == pytest.approx(best.loss, rel=1e-9)
    assert min(law.loss(40, 8, best.ridge * np.array([0.5, 2]))) > best.loss


def test_ridges_without_end() -> None:
    j = np.arange(1.0, 601)
    law = RandomFeatureRidge("3/5", 600, noise_variance="0.1")
    assert law.loss(40, 120, 1e100) == pytest.approx(float((j**-1.6).sum()) + 0.1, rel=1e-12)
    assert law.loss(40, 120, 1e-300) == pytest.approx(law.loss(40, 120), rel=1e-12)
    assert law.loss(40, INF, 3) == law.plateau(N=40)  # a sum over infinitely many samples
    assert law.loss(INF, INF, 0.1, convention="mean") == pytest.approx(
        0.1 + float((j**-1.6 * (0.1 / (j**-1.6 + 0.1)) ** 2).sum())
    )
    assert law.loss(40, INF, 0.1, convention="mean") > law.plateau(N=40)
    assert RandomFeatureRidge("3/5", "inf").loss(INF, INF) == 0


@pytest.mark.parametrize("M", [10**9, "inf"])
def test_alpha_near_zero(M: object) -> None:
    """At ``α = 0`` most of the variance lies beyond any ``n``: infinitely many weak directions are a ridge of their own."""
    law = RandomFeatureRidge("1/500", M)
    total = law.spectrum.power_sum(Fraction(501, 500))  # type: ignore[union-attr]
    assert law.loss(10, 20) * (1 - 10 / 20) == pytest.approx(10 * law.delta(10), rel=1e-11)
    assert 0.5 * total < 10 * law.delta(10) < total
    assert law.optimal_ridge(10, 20).loss < total * (1 + 1e-9)


def test_scales_and_conventions() -> None:
    small = RandomFeatureRidge("3/5", 600, noise_variance="1/10", beta="0.1")
    large = RandomFeatureRidge("3/5", 600, noise_variance="1/10", beta="0.1", scale=7)
    both = RandomFeatureRidge("3/5", 600, noise_variance=Fraction(7 * 5, 10), beta="0.1", scale=7, weight_variance=5)
    for N, T in ((40, 70), (70, 40), (50, 50)):
        assert both.loss(N, T, 7 * 0.2) == pytest.approx(35 * small.loss(N, T, 0.2), rel=1e-13)
        assert large.delta_of_ridge(1.4, N, T) == pytest.approx(7 * small.delta_of_ridge(0.2, N, T), rel=1e-13)
        assert small.loss(N, T, 0.2 / T, convention="mean") == small.loss(N, T, 0.2)
        assert both.ridge_of_delta(both.delta_of_ridge(0.3, N, T), N, T) == pytest.approx(0.3, rel=1e-11)
        assert small.ridge_of_delta(small.delta_of_ridge(0.3, N, T, convention="mean"), N, T, "mean") == pytest.approx(
            0.3
        )
        assert small.ridge_of_delta(small.delta(min(N, T)), N, T) == pytest.approx(0, abs=1e-12)


def test_arrays_and_exact_numbers() -> None:
    grid = LAW.loss(np.array([[40], [50]]), [30, 60, INF], 0.1)
    assert grid.shape == (2, 3)
    assert grid[1, 1] == LAW.loss(Fraction(50), "60", "1/10")
    assert isinstance(LAW.loss(40, 50), float)
    assert LAW.plateau(N=[40, 50]).shape == (2,)
    assert hash(LAW) == hash(RandomFeatureRidge(Fraction(3, 5), "600"))
    assert repr(LAW).startswith("RandomFeatureRidge(alpha=Fraction(3, 5), M=Fraction(600, 1)")
    assert dataclasses.replace(LAW, noise_variance=1).loss(40, 50) > 1


@pytest.mark.parametrize(
    ("arguments", "options", "match"),
    [
        ((0, "inf"), {}, "no finite sum"),
        ((-1, 600), {}, "flat, or grow"),
        (("nan", 600), {}, "not a number"),
        ((1, 2.5), {}, "not a count"),
        ((1, 0), {}, "not a count"),
        ((1, 10**31), {}, "M = inf"),
        ((1, 600), {"scale": 0}, "no data"),
        ((1, 600), {"scale": 1e60}, "not resolved"),
        ((1, 600), {"weight_variance": -1}, "taught"),
        ((1, 600), {"noise_variance": -1}, "variance"),
        ((1, 600), {"beta": 1e9}, "beta"),
        (("1/2", "inf"), {"beta": "-1/4"}, "no finite variance"),
        ((2000, 600), {}, "not resolved"),
        ((1, 600), {"beta": -900}, "larger beta"),
    ],
)
def test_refused(arguments: tuple[Any, ...], options: dict[str, Any], match: str) -> None:
    with pytest.raises(ParameterError, match=match):
        RandomFeatureRidge(*arguments, **options)


def test_refused_in_use() -> None:
    steep, slow = RandomFeatureRidge(100, 10**6), RandomFeatureRidge("-1/2", 600)
    infinite = RandomFeatureRidge("3/5", "inf")
    for call, match in (
        (lambda: LAW.loss(0.5, 3), "use 1 <= N"),
        (lambda: LAW.loss(3, -1), "use 1 <= T"),
        (lambda: LAW.loss(3, 1e40), "use 1 <= T"),
        (lambda: LAW.loss(600 * (1 - 1e-14), 900), "too near to M = 600"),
        (lambda: LAW.loss(3, "many"), "not a number"),
        (lambda: LAW.loss(3, 4, -1), "ridge >= 0"),
        (lambda: LAW.loss(3, 4, INF), "finite"),
        (lambda: LAW.loss([3, 4], [3, 4, 5]), "shapes differ"),
        (lambda: LAW.loss(3, 4, level="sharp"), "level"),  # type: ignore[arg-type]
        (lambda: LAW.loss(3, 4, convention="half"), "convention"),  # type: ignore[arg-type]
        (lambda: LAW.loss(math.nan, 4), "NaN"),
        (lambda: LAW.plateau(), "give N, or T"),
        (lambda: LAW.plateau(N=3, T=4), "give N, or T"),
        (lambda: LAW.ridge_of_delta(1e-9, 40, 50), "negative"),
        (lambda: LAW.ridge_of_delta(1, 40, "inf"), "mean"),
        (lambda: LAW.optimal_ridge([3, 4], 5), "give numbers"),
        (lambda: LAW.compute_optimal(0.5), "use 1 <= C"),
        (lambda: LAW.scaling_range(0), "tolerance"),
        (lambda: steep.loss(100, 200), "smaller alpha"),
        (lambda: slow.loss(3, 4, level="continuum"), "alpha"),
        (lambda: RandomFeatureRidge(1, 600, beta=1).loss(3, 4, level="continuum"), "isotropic"),
        (lambda: RandomFeatureRidge(1, 600, noise_variance=1).optimal_ridge(3, 4, "continuum"), "no noise"),
        (lambda: infinite.simulate(3, 4), "finite M"),
        (lambda: LAW.simulate(3.5, 4), "not a count"),
        (lambda: LAW.simulate(3, 4, ridge=-1), "negative"),
        (lambda: RandomFeatureRidge.from_spectrum([1, -1], [1, 1]), "eigenvalues"),
    ):
        with pytest.raises(ParameterError, match=match):
            call()


# -- the random matrices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("N", "T", "ridges", "noise", "beta", "draws"),
    [
        (50, 150, [0, 0.05, 1], 0.1, 0.0, 300),
        (150, 50, [0, 0.05, 1], 0.1, 0.5, 300),
        (70, 70, [0.05, 1], 0.0, 0.0, 300),
    ],
)
def test_simulation(N: int, T: int, ridges: list[float], noise: float, beta: float, draws: int) -> None:
    """The mean is the theory's ``1 + c/n`` times, ``0 ≤ c ≤ 0.7`` (see the claims), give or take 6 standard errors.

    A loss of 300 draws is near normal (its deviation is below a fifth of its mean), so that 6 standard errors are left by chance
    in less than 1e-7 of the cases, allowing for a factor 50 in the tails. They are 1.5 to 7 %: so large an error would be seen.
    """
    law, n = RandomFeatureRidge("3/5", 600, noise_variance=noise, beta=beta), min(N, T)
    runs = law.simulate(N, T, ridges, draws, seed=5)
    for quantity, theory in (("test", law.loss(N, T, ridges)), ("train", law.train_loss(N, T, ridges))):
        mean, error = runs.summary(quantity)
        learnt = theory == 0
        assert (mean[learnt] < 1e-20).all()
        mean, error, theory = mean[~learnt], error[~learnt], theory[~learnt]
        assert (error < 0.02 * mean).all()
        most = 0.7 if quantity == "test" else 2.0  # of the train loss 1.2 was seen, for N = T and a small ridge
        assert (mean < theory * (1 + most / n) + 6 * error).all()
        assert (mean > theory - 6 * error).all()


def test_simulated_ensembles_share_what_the_theory_says() -> None:
    """Two students with other features, other data or both, against ``E(κ, κ)`` without the terms they do not share."""
    N, T, ridge = 30, 60, 0.1
    law = RandomFeatureRidge("3/5", 300, noise_variance="0.1")
    runs = law.simulate(N, T, ridge, draws=300, seed=6, members=2, datasets=2)
    model = FiniteData.of(law.spectrum, N, T)
    kappa = model.kappa(ridge / T)
    for name, shared in (
        ("test", {}),
        ("other_features", {"same_features": False}),
        ("other_samples", {"same_samples": False}),
        ("other_both", {"same_features": False, "same_samples": False}),
    ):
        mean, error = runs.summary(name)
        theory = float(model.diagonal(kappa, 0.1, **shared))
        assert error[0] < 0.02 * theory
        assert theory * (1 - 0.7 / N) - 6 * error[0] < mean[0] < theory * (1 + 0.7 / N) + 6 * error[0]


# -- the claims -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", laws_ridge.CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
