"""The dynamical model: the numbers of its tables, identities, limits and refusals. Simulations are compared in the claims."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scalesym import PLRF
from scalesym.errors import ParameterError
from scalesym.formulas import formula
from scalesym.formulas.law_letters import spelled
from scalesym.laws import DynamicalModel

MODEL = DynamicalModel("1.8", "1.4", M=400)


def slope(function, low: float, high: float) -> float:
    return -math.log(function(high) / function(low)) / math.log(high / low)


# -- printed tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "features", "samples"),
    [
        ("1.5", "1.5", "0.511", "0.511"),
        ("2", "1.5", "0.983", "1.002"),
        ("3", "1.5", "1.472", "2.005"),
        ("3.5", "1.5", "1.502", "2.474"),
        ("4.5", "1.5", "1.510", "2.963"),
        ("4", "2", "1.994", "2.993"),
        ("6", "2", "1.998", "3.989"),
    ],
)
def test_slopes_of_the_limits(a: str, b: str, features: str, samples: str) -> None:
    model = DynamicalModel(a, b, M=400_000)
    assert slope(lambda n: model.static_limit(N=n), 200, 800) == pytest.approx(float(features), abs=6e-4)
    assert slope(lambda n: model.static_limit(P=n), 200, 800) == pytest.approx(float(samples), abs=1.1e-3)


def test_projection_residual() -> None:
    model = DynamicalModel("4.5", "1.5", M=3000)
    found = [model.static_limit(N=n) for n in (25, 50, 100, 200)]
    assert found == pytest.approx([0.03111, 0.01108, 0.003791, 0.0012480], rel=5e-4)


def test_all_data() -> None:
    model = DynamicalModel("1.8", "1.4", M=2000)
    assert model.loss([1, 10], N=100) == pytest.approx([0.781240, 0.243535], abs=6e-7)


@pytest.mark.parametrize(
    ("a", "b", "C", "eta", "xi"),
    [
        ("1.8", "1.5", 1e6, 0.318, 0.403),
        ("3.5", "1.5", 1e6, 0.716, 0.567),
        ("5", "2", 1e8, 0.801, 0.5995),
        ("3", "2", 1e7, 0.6336, 0.3597),
    ],
)
def test_compute_optimal(a: str, b: str, C: float, eta: float, xi: float) -> None:
    best = DynamicalModel(a, b).compute_optimal(C)
    assert best.eta == pytest.approx(eta, abs=6e-4)
    assert best.xi == pytest.approx(xi, abs=6e-4)
    assert best.N * best.t == pytest.approx(C)
    beside = [DynamicalModel(a, b).loss(C / N, N=N) for N in (best.N * 0.9, best.N * 1.1)]
    assert best.loss < min(beside)


def test_early_corrections_have_the_power_of_the_task() -> None:
    """``N(L - L_∞)`` at N = 4000: growing for a < 2, falling above."""
    for a, b, expected in (("4", "1.5", (-0.327, -0.314)), ("1.8", "1.5", (0.155, 0.148))):
        model = DynamicalModel(a, b)

        def correction(t: float, model: DynamicalModel = model) -> float:
            return model.loss(t, N=4000) - model.loss(t)

        seen = sorted(-slope(correction, t, 3 * t) for t in (60, 300))
        assert seen == pytest.approx(sorted(expected), abs=0.02)
        assert seen[0] == pytest.approx(-float(model.exponents().correction), abs=0.03)


def test_first_correction_before_the_first_mode_is_learned() -> None:
    """From ``δH_k = λ_k tr Λ (1/N + 1/P)/(s (s+λ_k)²)`` at ``t ≪ 1/λ_1``; at twice the time, because it counts the variance too."""
    N, P, t = 4e3, 8e3, 0.01
    model = DynamicalModel(2, 2, M=50)
    k = np.arange(1, 51.0)
    lam, task = k**-2, k**-2
    change = lam.sum() / lam * (1 / N + 1 / P) * (1 - np.exp(-2 * lam * t) - 2 * lam * t * np.exp(-2 * lam * t))
    expected = np.sum(task * change)
    assert model.loss(t, N=N, P=P) - model.loss(t) == pytest.approx(expected, rel=0.02)


# -- exponents -------------------------------------------------------------------------------------------------------------


def test_hard_tasks_are_as_reported() -> None:
    a, b = Fraction(9, 5), Fraction(3, 2)
    model = DynamicalModel(a, b)
    derived, published = model.exponents(), model.exponents("published")
    assert (derived.eta, derived.xi) == (published.eta, published.xi) == ((a - 1) / (1 + b), 1 / (1 + b))
    assert derived.features == published.features == a - 1


def test_easy_tasks_are_not() -> None:
    a, b = Fraction(7, 2), Fraction(3, 2)
    model = DynamicalModel(a, b)
    derived, published = model.exponents(), model.exponents("published")
    assert (derived.eta, derived.xi, derived.steps) == ((a - 1) / a, (a - b) / a, b / a)
    m = min(a - 1, 2 * b)
    assert (published.eta, published.xi) == ((a - 1) * m / (a - 1 + b * m), (a - 1) / (a - 1 + b * m))
    assert (derived.features, published.features, derived.ensemble, derived.samples) == (b, m, m, m)


def test_the_later_paper_splits_where_the_phases_do() -> None:
    for a, region in (("1.8", "hard"), ("2.8", "easy"), ("2.99", "easy"), ("3.01", "super-easy"), ("6", "super-easy")):
        model = DynamicalModel(a, "1.5")
        found = model.follow_up()
        assert found.region == region
        assert (region == "super-easy") == (model.agreement().phase == "III")
        assert found.lazy == model.exponents().time
        assert found.eta_lazy == (model.exponents().eta if region == "hard" else None)


def test_published_kernel() -> None:
    assert DynamicalModel.from_paper("cifar-5m").exponents("published").eta == Fraction(1, 20)
    assert DynamicalModel.papers()[0] == "cifar-5m"


@given(
    st.fractions("11/10", 6, max_denominator=40),
    st.fractions("11/10", 4, max_denominator=40),
)
@example(Fraction(5, 2), Fraction(3, 2))  # a - 1 = b
@example(Fraction(4), Fraction(3, 2))  # a - 1 = 2b
@example(Fraction(3), Fraction(3, 2))  # a = 2b, between II and III
def test_exponents_are_those_of_the_formulas(a: Fraction, b: Fraction) -> None:
    found = DynamicalModel(a, b).exponents()
    if a - 1 <= b:
        assert (found.eta, found.xi) == ((a - 1) / (1 + b), 1 / (1 + b))
    else:
        assert (found.eta, found.xi) == ((a - 1) / a, (a - b) / a)
    assert (found.time, found.features) == ((a - 1) / b, min(a - 1, b))


@given(st.fractions("3/5", 2, max_denominator=20), st.fractions("-1/10", 3, max_denominator=20))
@example(Fraction(1), Fraction(1, 2))
@example(Fraction(1), Fraction(1))
def test_agreement_with_the_phases(alpha: Fraction, beta: Fraction) -> None:
    if alpha + beta <= Fraction(1, 2):
        return
    found = DynamicalModel(2 * (alpha + beta), 2 * alpha).agreement()
    assert found.agrees == (beta <= alpha)
    assert (found.alpha, found.beta) == (alpha, beta)
    assert found.published is not None
    assert (found.published == found.sgd) == (beta <= Fraction(1, 2))


def test_a_diverging_trace_is_not_compared() -> None:
    found = DynamicalModel("1.5", "0.8", M=1000).agreement()
    assert (found.flow, found.agrees) == (None, False)
    assert "shrinks" in found.reason


@pytest.mark.parametrize(
    ("of_the_flow", "of_the_phases"),
    [("time", "F_pp.asymptotic"), ("early.easy", "F_ac.asymptotic"), ("model.easy", "F_0.asymptotic")],
)
def test_pieces_of_the_flow_are_those_of_the_phases(of_the_flow: str, of_the_phases: str) -> None:
    """With ``α = b/2``, ``β = (a-b)/2``, ``d = N``, ``γBr = t``; the catalogue has them from derivations of their own."""
    a, b, N, t = Fraction(9, 2), Fraction(3, 2), 300, Fraction(70)
    letters = {"a": a, "b": b, "N": N, "t": t}
    alpha, beta = b / 2, (a - b) / 2
    # c_β = ζ(2β) and κ are letters of their own there, and the sum ends at v
    others = {"alpha": alpha, "beta": beta, "d": N, "gamma": Fraction(1, 10), "B": 2, "r": 5 * t, "v": 10**5}
    others |= {"c_beta": str(mpmath.zeta(3)), "kappa": str(formula("kappa.infinite").evaluate(alpha=alpha))}

    def value(name: str, known: dict[str, object]) -> float:
        one = formula(name)
        names = {*one.variables, *map(spelled, one.variables)}
        return float(one.evaluate(**{key: each for key, each in known.items() if key in names}))

    assert value(f"dynamical.{of_the_flow}", letters) == pytest.approx(value(of_the_phases, others), rel=1e-9)


# -- identities ------------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.floats(2, 500), st.floats(2, 500))
@example(60.0, 90.0)
@example(90.0, 90.0)
@example(400.0, 500.0)
def test_the_loss_begins_at_the_energy_of_the_task(N: float, P: float) -> None:
    energy = float(np.sum(np.arange(1.0, 401) ** -1.8))
    for curve in (MODEL.loss, MODEL.train_loss):
        assert curve(0, N, P) == pytest.approx(energy, rel=1e-10)
        assert curve(1e-6, N, P) == pytest.approx(energy, rel=1e-5)


def test_a_long_time_is_the_limit() -> None:
    for N, P in ((60, 90), (90, 60), (math.inf, 60), (60, math.inf)):
        assert MODEL.loss(1e13, N, P) == pytest.approx(MODEL.loss("inf", N, P), rel=1e-7)
    assert MODEL.loss("inf", 500, 700) == 0


def test_as_many_samples_as_features_diverge() -> None:
    assert MODEL.static_limit(60, 60) == math.inf
    assert MODEL.loss([1e3, 1e6, 1e9], 60, 60)[-1] > 50


@pytest.mark.parametrize("apart", [1e-6, 1e-9, 1e-12])
def test_nearly_as_many_samples_as_features(apart: float) -> None:
    """The divergence is ``κ_0 NT/|N-T|`` for an isotropic teacher, to all digits, at once and after a very long time."""
    model = DynamicalModel("1.8", "1.8", M=400)
    expected = model.kappa(60) * 60 * (60 + apart) / ((60 + apart) - 60)
    assert model.static_limit(60, 60 + apart) == pytest.approx(expected, rel=1e-12)
    assert model.loss(1e40, 60, 60 + apart) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("short", [1e-6, 1e-9])
def test_nearly_as_many_as_all_eigenvalues(short: float) -> None:
    model = DynamicalModel("1.8", "1.8", M=400)
    n = 400 - short
    assert model.static_limit(N=n) == pytest.approx(n * model.kappa(n), rel=1e-12)
    assert model.static_limit(P=n) == pytest.approx(n * model.kappa(n), rel=1e-12)


def test_a_small_loss_of_many_features_keeps_its_digits() -> None:
    """The number is from a second reader's sum over all modes; the other road has two Laplace variables."""
    model = DynamicalModel("1.2", 2, M=1000)
    assert model.loss(2e7, N=3000) == pytest.approx(4.347462e-10, rel=1e-6)
    assert model.loss(2e7, N=3000, P=1e90) == pytest.approx(model.loss(2e7, N=3000), rel=1e-9)


def test_an_endless_ensemble_of_what_diverges() -> None:
    parts = MODEL.ensemble("inf", "inf", 60, 60)
    assert parts == pytest.approx(MODEL.ensemble(1e13, "inf", 60, 60), rel=1e-6)


def test_the_training_loss_is_fitted_away() -> None:
    noisy = DynamicalModel("1.8", "1.4", M=400, noise_variance="1/4")
    assert noisy.train_loss("inf", N=90, P=60) == 0
    assert noisy.train_loss(1e12, N=90, P=60) == pytest.approx(0, abs=1e-6)
    assert noisy.train_loss("inf", N=60, P=90) == pytest.approx(noisy.train_loss(1e12, N=60, P=90), rel=1e-6)
    assert noisy.train_loss(0, N=60, P=90) == pytest.approx(noisy.loss(0, N=60, P=90))


def test_noise_of_all_parameters() -> None:
    noisy = DynamicalModel("1.8", "1.4", M=50, noise_variance=2)
    assert noisy.static_limit(N=70, P=100) == pytest.approx(4)
    assert noisy.static_limit(N=70) == 2
    assert noisy.static_limit(N=70, P=50) == math.inf


def test_features_and_samples_respond_alike() -> None:
    one, other = MODEL.response([0.01, 1], 60, 90), MODEL.response([0.01, 1], 90, 60)
    assert one.kappa == pytest.approx(other.kappa, rel=1e-12)
    assert one.samples == pytest.approx(other.features, rel=1e-9)
    assert one.kappa * one.samples * one.features == pytest.approx([0.01, 1], rel=1e-12)


def test_complex_response_continues_the_real_one() -> None:
    near = MODEL.response(np.array([0.01 + 1e-9j]), 60, 90)
    assert complex(near.kappa[0]) == pytest.approx(MODEL.response(0.01, 60, 90).kappa, rel=1e-6)


def test_decomposition_adds_up() -> None:
    noisy = DynamicalModel("1.8", "1.4", M=400, noise_variance="1/10")
    parts = noisy.decomposition([1, 30], 60, 90)
    assert parts.loss == pytest.approx(noisy.loss([1, 30], 60, 90), rel=1e-9)
    assert all(np.all(part > 0) for part in parts)
    assert noisy.ensemble(30, "inf", 60, 90, over="both") == pytest.approx(parts.bias[1] + 0.1, rel=1e-9)
    assert noisy.ensemble(30, 1, 60, 90) == noisy.loss(30, 60, 90)
    half = noisy.ensemble(30, 2, 60, 90)
    expected = parts.bias[1] + parts.samples[1] + (parts.features[1] + parts.interaction[1]) / 2 + 0.1
    assert half == pytest.approx(expected, rel=1e-9)


def test_isotropic_spectrum_is_marchenko_pastur() -> None:
    """λ = 1, w = 1, all data: the loss is the mean of ``exp(-2tx)`` over the law of Marchenko and Pastur with an atom."""
    M, N, t = 50, 20, 1.3
    model = DynamicalModel.from_spectrum([1] * M, [1] * M)
    ratio = M / N
    low, high = (1 - math.sqrt(ratio)) ** 2, (1 + math.sqrt(ratio)) ** 2
    angle = (np.arange(2000) + 0.5) * math.pi / 2000
    x = (low + high) / 2 + (high - low) / 2 * np.cos(angle)
    density = ((high - low) / 2 * np.sin(angle)) ** 2 / (2 * math.pi * ratio * x)
    expected = M * ((1 - 1 / ratio) + np.sum(density * np.exp(-2 * t * x)) * math.pi / 2000)
    assert model.loss(t, N=N) == pytest.approx(expected, rel=1e-10)


def test_maps() -> None:
    model = DynamicalModel("3.4", 2, M=400, noise_variance="1/10")
    plrf = model.to_plrf(100, batch=2)
    assert (plrf.alpha, plrf.beta, plrf.d, plrf.v) == (1, Fraction(7, 10), 100, 400)
    assert DynamicalModel.from_plrf(plrf) == model
    assert model.static_limit(N=100) == pytest.approx(PLRF(1, "7/10", 100, 400).forcing_limit() + 0.1, rel=1e-12)


def test_shapes() -> None:
    assert isinstance(MODEL.loss(3, 60, 90), float)
    assert MODEL.loss(np.array([[1, 2], [3, math.inf]]), 60, 90).shape == (2, 2)
    assert MODEL.loss([], 60, 90).shape == (0,)


# -- refusals ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: DynamicalModel(1, 2), "a = 1"),
        (lambda: DynamicalModel(2, 1), "b = 1"),
        (lambda: DynamicalModel(2, 0, M=10), "b = 0"),
        (lambda: DynamicalModel(2, 2, M="5/2"), "M = '5/2'"),
        (lambda: DynamicalModel(2, 2, M=0), "M = 0"),
        (lambda: DynamicalModel(2, 2, noise_variance=-1), "noise_variance = -1"),
        (lambda: DynamicalModel("nan", 2), "a = 'nan'"),
        (lambda: MODEL.loss(-1), "t = -1"),
        (lambda: MODEL.loss("soon"), "t = 'soon'"),
        (lambda: MODEL.loss(1, N=0), "N = 0"),
        (lambda: MODEL.loss(1, P=-3), "P = -3"),
        (lambda: MODEL.response(0), "s = 0"),
        (lambda: MODEL.response(-1 + 0j, N=3), "s = "),
        (lambda: MODEL.response(complex("nan"), N=3), "s = "),
        (lambda: MODEL.kappa(0), "n = 0"),
        (lambda: MODEL.kappa(10, "sharp"), "level = 'sharp'"),
        (lambda: MODEL.ensemble(1, 0.5, 60), "E = 0.5"),
        (lambda: MODEL.ensemble(1, 2, 60, over="time"), "over = 'time'"),
        (lambda: MODEL.exponents("guessed"), "kind = 'guessed'"),
        (lambda: DynamicalModel("1.5", "0.9", M=10).exponents(), "b = 9/10"),
        (lambda: DynamicalModel("0.5", "1.5", M=10).exponents(), "a = 1/2"),
        (lambda: DynamicalModel.from_spectrum([1], [1]).exponents(), "measured"),
        (lambda: DynamicalModel(2, 2).simulate(1, N=5), "M = "),
        (lambda: MODEL.compute_optimal(0), "C = 0"),
        (lambda: MODEL.compute_optimal(1e12), "all M features"),
        (lambda: MODEL.compute_optimal(1e-3), "C = 0.001"),
        (lambda: DynamicalModel.from_paper("nobody"), "nobody"),
        (lambda: DynamicalModel("1.8", "1.4", 40, "0.1").decomposition("inf", 60, 40), "infinite"),
        (lambda: MODEL.loss(1e300), "t = 1e+300"),
        (lambda: MODEL.loss(1, N=1e-300), "N = 1e-300"),
        (lambda: DynamicalModel(2, 2).kappa(1e120), "n = 1e+120"),
        (lambda: DynamicalModel(2, 2).loss(1, 1e80, 1e70), "double precision"),
        (lambda: DynamicalModel(2, 500), "b = 500"),
        (lambda: DynamicalModel(-300, 2, M=100), "a = -300"),
        (lambda: DynamicalModel.from_spectrum([1, 1e-200], [1, 1]), "eigenvalues[1]"),
    ],
)
def test_refusals(call, said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        call()
    assert said in str(caught.value)
