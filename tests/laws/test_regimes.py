"""Four regimes of linear models, geometry's exponents, nearest neighbours, and the duality of data and parameters."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import objects

from scalesym.claims import laws_geometry, laws_regimes
from scalesym.equivalent.finite_data import FiniteData
from scalesym.errors import ParameterError
from scalesym.laws.duality import feature_loss, kernel_loss, projected
from scalesym.laws.geometry import exponent_geometry, kernel_exponent, per_parameter
from scalesym.laws.neighbours import interpolation_loss, neighbour_distance, wave_interpolation_loss
from scalesym.laws.published import published
from scalesym.laws.regimes import FourRegimes
from scalesym.ledger import Claim

ALPHAS = st.fractions(Fraction(1, 5), 3, max_denominator=20)

# -- the numbers known from elsewhere ------------------------------------------------------------------------------------


def test_ridgeless_with_both_finite() -> None:
    """Known: 0.44926 at M = 600, alpha = 0.6, for (40, 120) and (120, 40), without the factor 1/2."""
    law = FourRegimes("0.6", 600, loss_factor=1)
    assert f"{law.loss(40, 120):.5f}" == f"{law.loss(120, 40):.5f}" == "0.44926"
    assert FourRegimes("0.6", 600).loss(40, 120) == law.loss(40, 120) / 2
    assert math.isclose(FourRegimes.as_printed("0.6", 600).loss(40, 120), law.loss(40, 120) / 1200, rel_tol=1e-14)


def test_the_tail_and_its_misprint() -> None:
    law = FourRegimes("0.6", loss_factor=1)
    assert f"{law.best_modes(1000):.7f}" == "0.0264070"
    assert f"{1000**-0.6 / 0.6:.7f}" == "0.0264149"
    assert f"{0.6 * 1000**-0.6:.4f}" == "0.0095"
    erratum = published("regimes")["errata"][0]
    assert erratum["status"] == "misprint"
    assert "/ alpha_K" in erratum["correct"]


def test_the_leading_constant() -> None:
    law = FourRegimes(1, loss_factor=1)
    assert math.isclose(law.best_ratio, math.pi**2 / 4, rel_tol=1e-15)
    assert math.isclose(law.leading_constant, math.pi**2 / 4, rel_tol=1e-15)
    assert math.isclose(law.L_D(1e8), law.L_D(1e8, "continuum"), rel_tol=3e-8)
    assert math.isclose(law.L_D(10**6) / law.best_modes(10**6), law.best_ratio, rel_tol=1e-6)
    assert FourRegimes(1).leading_constant == law.leading_constant / 2


@pytest.mark.parametrize("alpha", [0.3, 0.6, 1, 1.7])
def test_slopes_approach_the_kernel_exponent(alpha: float) -> None:
    law = FourRegimes(alpha)
    sizes = [30, 300, 3000, 30000]
    off = [abs(-math.log10(law.L_D(10 * n) / law.L_P(n)) - alpha) for n in sizes]
    assert all(x > 5 * y for x, y in pairwise(off))
    assert off[-1] < 1e-4
    found = law.exponents()
    assert found.alpha_D == found.alpha_P == Fraction(alpha)
    assert (found.variance_D, found.variance_width, found.variance_deep) == (1, 1, Fraction(1, 2))


# -- the loss --------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(ALPHAS, st.integers(2, 300), st.integers(1, 400), st.integers(1, 400))
def test_it_is_the_error_of_two_equal_resolvents(alpha: Fraction, S: int, D: int, P: int) -> None:
    law = FourRegimes(alpha, S, loss_factor=1)
    if D == P:
        assert law.loss(D, P) == (math.inf if D < S else 0)
        return
    if min(D, P) >= S:
        assert law.loss(D, P) == 0
        return
    data = FiniteData.of(law.spectrum, features=P, samples=D)
    assert math.isclose(law.loss(D, P), data.diagonal(data.ridgeless), rel_tol=1e-9)
    assert law.loss(D, P) == law.loss(P, D)


@given(ALPHAS, st.integers(1, 10**6))
def test_limits_order_and_bounds(alpha: Fraction, n: int) -> None:
    law = FourRegimes(alpha, 10**7, scale="3/2", weight_variance=2)
    alone = law.L_D(n)
    assert alone == law.L_P(n) == law.loss(n, math.inf) == law.loss("inf", n)
    assert law.best_modes(n) < alone < law.loss(n, 10 * n + 1) < law.loss(n, 3 * n + 1)
    assert alone < law.best_modes(0)
    assert law.L_D(n + 1) < alone
    assert math.isclose(alone, 3 * FourRegimes(alpha, 10**7, loss_factor=Fraction(1, 2)).L_D(n), rel_tol=1e-12)


def test_variance_limited() -> None:
    law = FourRegimes("3/5", 600)
    for D in (1e5, 1e7):
        assert math.isclose((law.loss(D, 40) - law.L_P(40)) * D, law.variance_coefficient(40), rel_tol=50 / D)
        assert math.isclose((law.loss(40, D) - law.L_D(40)) * D, law.L_D(40) * 40, rel_tol=50 / D)


def test_a_flat_spectrum_is_known_exactly() -> None:
    """A projection of rank n leaves S - n, whatever the draw; and least squares on noise has the inverse Wishart's mean."""
    flat = FourRegimes.from_spectrum([2] * 50, loss_factor=1, weight_variance=3)
    assert math.isclose(flat.L_D(20), 6 * 30, rel_tol=1e-12)
    assert all(math.isclose(x, 6 * 30, rel_tol=1e-10) for x in flat.dual(20, seed=3))
    assert math.isclose(flat.loss(60, 20), 6 * 30 * 60 / 40, rel_tol=1e-12)
    assert math.isclose(flat.best_modes(20), 6 * 30, rel_tol=1e-14)
    assert flat.L_D(50) == flat.loss(51, 51) == flat.best_modes(50) == 0


def test_a_measured_power_law_is_the_power_law() -> None:
    law = FourRegimes("7/10", 300)
    same = FourRegimes.from_spectrum([j**-1.7 for j in range(300, 0, -1)])
    assert math.isclose(law.loss(40, 90), same.loss(40, 90), rel_tol=1e-12)
    assert math.isclose(law.best_modes(17), same.best_modes(17), rel_tol=1e-12)
    with pytest.raises(ParameterError, match="power law"):
        same.exponents()
    with pytest.raises(ParameterError, match="power law"):
        same.L_D(10, "continuum")
    assert same.regime(2000, 20).data == "variance-limited"


@pytest.mark.parametrize(("n", "S"), [(0, "inf"), (7, "inf"), (10**9, "inf"), (10, 10**8), (10**6 - 3, 10**6), (5, 40)])
@pytest.mark.parametrize("alpha", ["1/1000", "3/5", "4"])
def test_what_the_best_modes_leave(n: int, S: Any, alpha: str) -> None:
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 50
    power = 1 + mp.mpf(Fraction(alpha).numerator) / Fraction(alpha).denominator
    exact = mp.zeta(power, n + 1) - (0 if S == "inf" else mp.zeta(power, S + 1))
    assert math.isclose(FourRegimes(alpha, S, loss_factor=1).best_modes(n), exact, rel_tol=1e-13)


# -- regimes ---------------------------------------------------------------------------------------------------------


def test_the_four_regimes() -> None:
    law = FourRegimes("1/2")
    data_poor, parameter_poor = law.regime(100, 10**5), law.regime(10**5, 100)
    assert (data_poor.data, data_poor.parameters) == ("resolution-limited", "variance-limited")
    assert (parameter_poor.data, parameter_poor.parameters) == ("variance-limited", "resolution-limited")
    assert data_poor.data_exponent == parameter_poor.parameters_exponent
    assert law.regime(100, "inf").parameters_exponent == 1
    near = law.regime(100, 120)
    assert near.data is near.parameters is None
    assert near.data_exponent is not None
    assert near.data_exponent < 0  # next to the divergence more data harm
    assert law.regime(100, 100).why.endswith("infinite")


@pytest.mark.parametrize(("D", "P"), [(40, 3000), (3000, 40), (55, 60), (60, 55), (590, 900)])
def test_the_exponents_that_decide_are_slopes(D: int, P: int) -> None:
    law, h = FourRegimes("3/5", 600), 1e-5
    found = law.regime(D, P)

    def slope(loss: Callable[[float], float]) -> float:
        return -math.log(loss(1 + h) / loss(1 - h)) / math.log((1 + h) / (1 - h))

    by_data = slope(lambda x: law.loss(D * x, P) - (law.L_P(P) if P < D else 0))
    by_parameters = slope(lambda x: law.loss(D, P * x) - (law.L_D(D) if D < P else 0))
    assert found.data_exponent == pytest.approx(by_data, rel=1e-5)
    assert found.parameters_exponent == pytest.approx(by_parameters, rel=1e-5)
    assert found.resolution == pytest.approx(slope(lambda x: law.L_D(min(D, P) * x)), rel=1e-5)


def test_at_the_end_of_the_spectrum_there_is_no_power() -> None:
    law = FourRegimes("3/5", 600)
    end = law.regime(1e6, 590)
    assert (end.data, end.parameters) == ("variance-limited", None)
    assert "not that of the law" in end.why
    done = law.regime(600, "inf")
    assert (done.data, done.data_exponent) == (None, None)
    assert "every mode" in done.why
    assert law.regime("inf", "inf").parameters is None


# -- draws -----------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 30), ALPHAS)
def test_duality_draw_by_draw(seed: int, n: int, alpha: Fraction) -> None:
    """By features, by points, and by an orthonormal basis of what both see."""
    lam = np.arange(1, 41.0) ** -(1 + float(alpha))
    matrix = np.random.default_rng(seed).standard_normal((n, 40))
    features, points = feature_loss(lam, matrix), kernel_loss(lam, matrix * np.sqrt(lam))
    basis = np.linalg.qr((matrix * np.sqrt(lam)).T)[0]
    assert math.isclose(features, float(lam @ (1 - np.sum(basis**2, axis=1))), rel_tol=1e-8)
    assert math.isclose(points, features, rel_tol=1e-8)


def test_the_expression_with_both_finite_is_least_squares() -> None:
    """Summed over teachers: fitted by lstsq, tested on the covariance."""
    generator = np.random.default_rng(2)
    lam = np.arange(1, 31.0) ** -1.6
    projection, points = generator.standard_normal((7, 30)), generator.standard_normal((15, 30)) * np.sqrt(lam)
    fitted = np.linalg.lstsq(points @ projection.T, points, rcond=None)[0]  # a column for each unit teacher
    wrong = np.eye(30) - projection.T @ fitted
    assert math.isclose(projected(lam, projection, points), float(np.sum(lam[:, None] * wrong**2)), rel_tol=1e-10)
    many = generator.standard_normal((200_000, 30)) * np.sqrt(lam)
    assert math.isclose(projected(lam, projection, many), feature_loss(lam, projection), rel_tol=1e-3)


# -- geometry --------------------------------------------------------------------------------------------------------


def test_what_is_a_theorem() -> None:
    lipschitz, quadratic, linear = (exponent_geometry(4, p, q) for p, q in ((1, 1), (1, 2), (2, 2)))
    assert (lipschitz.exponent, lipschitz.relation, lipschitz.status) == (Fraction(1, 4), "≥", "theorem")
    assert (quadratic.exponent, quadratic.status) == (Fraction(1, 2), "heuristic")
    assert (linear.exponent, linear.relation, linear.status) == (1, "≈", "estimate")
    assert exponent_geometry("7/3", 2, 2).exponent == Fraction(12, 7)
    assert exponent_geometry(0.5).exponent == 2
    assert all(each.conditions for each in (lipschitz, quadratic, linear))
    assert kernel_exponent("3/2", 6).exponent == Fraction(1, 4)
    assert kernel_exponent(1, 2).relation == "≥"
    assert (per_parameter("3/4"), per_parameter("3/4", "linear")) == (Fraction(3, 8), Fraction(3, 4))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: exponent_geometry(0), "d"),
        (lambda: exponent_geometry(-2), "d"),
        (lambda: exponent_geometry("inf"), "d"),
        (lambda: exponent_geometry(3, 0), "order"),
        (lambda: exponent_geometry(3, "3/2"), "order"),
        (lambda: exponent_geometry(3, 1, 3), "loss_power"),
        (lambda: exponent_geometry(3, 1, 0), "loss_power"),
        (lambda: kernel_exponent(0, 3), "t"),
        (lambda: kernel_exponent(1, 0), "d"),
        (lambda: per_parameter(1, "wide"), "model"),  # type: ignore[arg-type]
        (lambda: per_parameter(0), "exponent_per_width"),
        (lambda: neighbour_distance(10, "3/2"), "d"),
        (lambda: neighbour_distance(10, 101), "d"),
        (lambda: neighbour_distance(0, 2), "D"),
        (lambda: neighbour_distance("3/2", 2, sample="uniform"), "D"),
        (lambda: neighbour_distance(10, 2, 0), "power"),
        (lambda: neighbour_distance(1e300, 1, 900), "power"),
        (lambda: neighbour_distance(10, 2, sample="regular"), "sample"),  # type: ignore[arg-type]
        (lambda: interpolation_loss(0), "D"),
        (lambda: wave_interpolation_loss(1), "D"),
        (lambda: wave_interpolation_loss(1e7), "D"),
        (lambda: wave_interpolation_loss(10, 10**4), "cycles"),
    ],
)
def test_geometry_outside_its_domain(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        call()
    assert caught.value.name == name


@pytest.mark.parametrize("d", [1, 2, 3, 8])
def test_the_mean_distance_is_an_integral_of_the_chance_of_an_empty_ball(d: int) -> None:
    from scipy.integrate import quad

    ball = math.pi ** (d / 2) / math.gamma(1 + d / 2)
    for power in (1, 2.5):
        far = (60 / (50 * ball)) ** (1 / d)
        exact = quad(lambda r, p=power: p * r ** (p - 1) * math.exp(-50 * ball * r**d), 0, far, epsabs=0, epsrel=1e-11)[
            0
        ]
        assert math.isclose(neighbour_distance(50, d, power), exact, rel_tol=1e-9)


@given(st.integers(1, 10**15), st.integers(1, 5), st.sampled_from([1, 2, 3]))
def test_a_sample_of_fixed_size_is_nearer_than_poisson(D: int, d: int, power: int) -> None:
    """By ``1 - (p/d)(1+p/d)/(2D)`` to leading order."""
    ratio = neighbour_distance(D, d, power, "uniform") / neighbour_distance(D, d, power)
    x = power / d
    assert abs(1 - ratio - x * (1 + x) / (2 * D)) <= 26 / D**2 + 1e-12


@given(st.integers(1, 10**9))
def test_on_the_circle_all_is_rational(D: int) -> None:
    assert math.isclose(neighbour_distance(D, 1, 1, "uniform"), Fraction(1, 2 * (D + 1)), rel_tol=1e-13)
    assert math.isclose(neighbour_distance(D, 1, 2, "uniform"), Fraction(1, 2 * (D + 1) * (D + 2)), rel_tol=1e-13)


@pytest.mark.parametrize(("D", "cycles"), [(2, 1), (9, 3), (63, 2), (64, 2), (500, 7)])
def test_the_wave_by_another_quadrature(D: int, cycles: int) -> None:
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 40

    def part(s: Any) -> Any:
        theta = 2 * mp.pi * cycles * s
        return s * (mp.mpf(5) / 3 + mp.cos(theta) / 3 - 4 * (1 - mp.cos(theta)) / theta**2) * (1 - s) ** (D - 2)

    end = min(mp.mpf(1), mp.mpf(150) / D)
    exact = D * (D - 1) * mp.quad(part, mp.linspace(mp.mpf(10) ** -9 / D, end, 40)) / 2
    assert math.isclose(wave_interpolation_loss(D, cycles), exact, rel_tol=1e-10)


# -- the domain ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: FourRegimes(0), "alpha_K"),
        (lambda: FourRegimes(-1, 100), "alpha_K"),
        (lambda: FourRegimes("1e-12"), "alpha_K"),
        (lambda: FourRegimes(1000), "alpha_K"),
        (lambda: FourRegimes(1, "3/2"), "S"),
        (lambda: FourRegimes(1, 0), "S"),
        (lambda: FourRegimes(1, 1e40), "S"),
        (lambda: FourRegimes(1, scale=0), "scale"),
        (lambda: FourRegimes(1, weight_variance=-1), "weight_variance"),
        (lambda: FourRegimes(1, loss_factor=0), "loss_factor"),
        (lambda: FourRegimes.as_printed(1, math.inf), "S"),
        (lambda: FourRegimes.from_spectrum([]), "eigenvalues"),
        (lambda: FourRegimes.from_spectrum("abc"), "eigenvalues"),
        (lambda: FourRegimes.from_spectrum(3), "eigenvalues"),
        (lambda: FourRegimes.from_spectrum([1, -1]), "eigenvalues[1]"),
        (lambda: FourRegimes.from_spectrum([1, 1e-200]), "eigenvalues[1]"),
        (lambda: FourRegimes(1).L_D(0), "D"),
        (lambda: FourRegimes(1).L_D("1/2"), "D"),
        (lambda: FourRegimes(1).L_D(math.inf), "D"),
        (lambda: FourRegimes(1).L_P(1e110), "P"),
        (lambda: FourRegimes(5).L_P(1e50), "P"),
        (lambda: FourRegimes(1, 100).L_P(100 - 1e-12), "P"),
        (lambda: FourRegimes(1).L_P(10, "sharp"), "level"),  # type: ignore[arg-type]
        (lambda: FourRegimes(1).best_modes(-1), "n"),
        (lambda: FourRegimes(1).best_modes("1/2"), "n"),
        (lambda: FourRegimes(1).regime(10, 20, 0), "within"),
        (lambda: FourRegimes(1).dual(10), "S"),
        (lambda: FourRegimes(1, 100).dual(100), "n"),
        (lambda: FourRegimes(1, 100).dual(10, seed=-1), "seed"),
        (lambda: FourRegimes(1, 100).sampled_loss(20, 20), "D"),
        (lambda: FourRegimes(1, 100).sampled_loss(10**9, 20), "D"),
        (lambda: FourRegimes(1, scale=1e300, weight_variance=1e300).L_D(2), "L"),
        (lambda: FourRegimes.from_paper("large"), "name"),
    ],
)
def test_outside_the_domain(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        call()
    assert caught.value.name == name


def test_borderline() -> None:
    law = FourRegimes("3/5", 600)
    assert law.loss(40, 40) == math.inf
    assert law.loss(600, 600) == law.L_D(600) == law.L_P(10**9) == law.loss("inf", "inf") == 0
    assert law.L_P(599) > 0
    assert law.loss(10**20, 40) == law.L_P(40)
    assert law.loss(700, 40) > law.L_P(40)
    assert FourRegimes(1).loss(10**20, 10**20 + 1) < math.inf  # equal as doubles, but not equal
    assert FourRegimes(1, 1).best_modes(0) == 0.5
    assert FourRegimes("7/10").loss("60.5", 100) > FourRegimes("7/10").loss(60, 100)
    slow = FourRegimes("1e-6", loss_factor=1)
    assert math.isclose(slow.L_D(10), 1e6, rel_tol=1e-4)  # nothing is learned, to first order
    assert FourRegimes.from_paper("slow") == FourRegimes("3/5")
    assert set(FourRegimes.papers()) == {"inverse-square", "slow"}


def test_the_formula_is_what_is_computed() -> None:
    law = FourRegimes("3/5", 600, weight_variance=3)
    values = {"c": 1.5, "kappa_n": law.kappa(40), "D": 40, "P": 120}
    right = law.formula.rhs
    value = right.subs({each: values[each.name] for each in right.free_symbols})
    assert math.isclose(float(value), law.loss(40, 120), rel_tol=1e-14)
    assert law.latex.startswith("L =")


@given(objects())
def test_hostile_inputs(value: object) -> None:
    law = FourRegimes(1, 100)
    for call in (law.L_D, law.L_P, law.best_modes, law.kappa, law.variance_coefficient, FourRegimes, exponent_geometry):
        try:
            result = call(value)  # type: ignore[operator]
        except ParameterError:
            continue
        assert not isinstance(result, float) or math.isfinite(result)


# -- the ledger ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [*laws_regimes.CLAIMS, *laws_geometry.CLAIMS], ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
