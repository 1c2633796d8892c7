"""The public face: reference values to all printed digits, exactness, domains, refusals."""

import math
import pickle
import warnings
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from flint import ctx

from scalesym import PLRF, ParameterError, StabilityError
from scalesym.claims._direct import curves, volterra


def test_reference_values_to_all_printed_digits() -> None:
    model = PLRF(1, "7/10", d=20, v=60, gamma="3/10")
    for value, printed in (
        (model.forcing_limit(digits=30), "0.0091513621903337207062"),
        (model.forcing(80, digits=30), "0.021270925536332591331"),
        (model.loss(80, digits=30), "0.032635432978572923395"),
        (model.kernel(80, digits=30), "1.06313334449441824e-4"),
        (model.kernel_norm(digits=30), "0.32596710938095098"),
        (model.forcing(0, digits=30), "1.1386417192826330476"),
        (model.loss(0, digits=30), "1.1386417192826330476"),
    ):
        shown = len(printed.split("e")[0].replace(".", "").lstrip("0"))
        with mpmath.workdps(40):
            assert mpmath.nstr(value, shown) == mpmath.nstr(mpmath.mpf(printed), shown)
            assert float(value) == pytest.approx(float(printed), rel=1e-15)


@pytest.mark.parametrize("seven_tenths", ["7/10", "0.7", Fraction(7, 10), Decimal("0.7"), sympy.Rational(7, 10)])
def test_exact_numbers_stay_exact(seven_tenths: object) -> None:
    model = PLRF(sympy.Integer(1), seven_tenths, np.int64(20), 60, "3/10")
    assert (model.alpha, model.beta, model.d) == (Fraction(1), Fraction(7, 10), Fraction(20))
    assert model == PLRF(1, "7/10", 20, 60, Fraction(3, 10))
    assert hash(model) == hash(PLRF(1, "7/10", 20, 60, Fraction(3, 10)))
    assert PLRF(1, 0.7, 20, 60).beta == 0.7
    assert pickle.loads(pickle.dumps(model)).loss(3) == model.loss(3)
    assert "7/10" in repr(model)


def test_rules_for_the_learning_rate() -> None:
    for batch in (1, 64):
        for alpha in ("1/5", 1):
            model = PLRF(alpha, 1, 50, 200, batch=batch)
            assert model.learning_rate() == model.critical_gamma() / 2
    lam = np.arange(1.0, 201) ** -2
    assert PLRF(1, 1, 50, 200, "trace:1/2").learning_rate() == pytest.approx(0.5 / lam.sum(), rel=1e-14)
    precise = PLRF(1, 1, 50, 200, "trace:1/2").learning_rate(digits=30)
    with mpmath.workdps(35):
        assert abs(precise * 2 * mpmath.fsum(mpmath.mpf(j) ** -2 for j in range(1, 201)) - 1) < mpmath.mpf(10) ** -29


def test_shapes_and_digits() -> None:
    model = PLRF(1, 1, 10, 30)
    assert isinstance(model.loss(3), float)
    assert model.loss([1, 2, 3]).shape == (3,)
    assert model.loss(np.array([[1, 2], [3, 10**6]])).shape == (2, 2)
    assert [type(x).__name__ for x in model.loss([1, 2], digits=20)] == ["mpf", "mpf"]
    assert model.loss(10**20) == model.loss("1e20")
    for name in ("zeta0", "forcing_limit", "loss_limit", "kernel_norm", "critical_gamma", "spectral_edge", "kappa"):
        value = getattr(model, name)(digits=25)
        assert float(value) == pytest.approx(getattr(model, name)(), rel=1e-12), name
    assert model.loss_limit() == pytest.approx(model.loss(10**18), rel=1e-14)


def test_real_d_and_v_interpolate() -> None:
    losses = [PLRF(1, 1, d, 10 * d).loss(1000) for d in (50, 50.25, 50.5, 50.75, 51)]
    assert np.abs(np.diff(losses, 3)).max() < 2e-3 * np.abs(np.diff(losses)).max()
    sizes = [PLRF(1, 1, 20, v).forcing_limit() for v in (39.5, 40, 40.5)]
    assert sizes[0] < sizes[1] < sizes[2]


def test_no_global_state_changes() -> None:
    before = (mpmath.mp.dps, ctx.prec, np.geterr())
    model = PLRF(1, 1, 10, 30)
    model.loss([1, 100], digits=30)
    model.pieces(10, digits=30)
    with pytest.raises(ParameterError):
        model.pieces(-1, digits=30)
    assert (mpmath.mp.dps, ctx.prec, np.geterr()) == before


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 1, 10, 20), "alpha"),
        ((-1, 2, 10, 20), "alpha"),
        ((1, "-1/2", 10, 20), "beta"),
        (("1/4", "1/4", 10, 20), "beta"),
        ((1, 1, 20, 20), "d"),
        ((1, 1, 30, 20), "d"),
        ((1, 1, 0, 20), "d"),
        (("1/2", 1, 10, "inf"), "v"),
        (("2/5", 1, 10, math.inf), "v"),
        ((1, 1, math.inf, math.inf), "d"),
        ((math.nan, 1, 10, 20), "alpha"),
        ((1, None, 10, 20), "beta"),
        ((1, 1, True, 20), "d"),
        ((1, 1, [10], 20), "d"),
        ((1j, 1, 10, 20), "alpha"),
        (("", 1, 10, 20), "alpha"),
        (("1/0", 1, 10, 20), "alpha"),
        (("__import__('os')", 1, 10, 20), "alpha"),
        ((1, 1, 10, 20, 0), "gamma"),
        ((1, 1, 10, 20, -1), "gamma"),
        ((1, 1, 10, 20, "fast"), "gamma"),
        ((1, 1, 10, 20, 0.1, 0), "batch"),
        ((1, 1, 10, 20, 0.1, 1.5), "batch"),
    ],
)
def test_outside_the_domain(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        PLRF(*arguments)
    assert caught.value.name == name
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("r", [-1, 1.5, math.nan, math.inf, None, True, "x", 1j, [1, -1]])
def test_unusable_steps(r: object) -> None:
    with pytest.raises(ParameterError):
        PLRF(1, 1, 10, 20).loss(r)


def test_an_unstable_learning_rate_is_refused_before_any_number() -> None:
    with pytest.raises(StabilityError, match="kernel norm") as caught:
        PLRF("11/20", 1, 1000, "inf", "1/5").loss(10)  # which would look plausible: P < 0
    assert caught.value.condition == "kernel norm"
    assert caught.value.critical == pytest.approx(PLRF("11/20", 1, 1000, "inf").critical_gamma())
    with pytest.raises(StabilityError, match="pointwise"):
        PLRF(1, 1, 20, 60, 0.9, 64).loss_limit()


def test_given_spectrum_equals_the_power_law() -> None:
    j = range(1, 61)
    given = PLRF.from_spectrum([Fraction(1, i**2) for i in j], [i**-0.7 for i in j], 20, "3/10")
    law = PLRF(1, "7/10", 20, 60, "3/10")
    r = [0, 1, 80, 10**5]
    assert given.loss(r) == pytest.approx(law.loss(r), rel=1e-13)
    with pytest.raises(ParameterError, match="power law only"):
        given.pieces(3)


@pytest.mark.parametrize(
    ("alpha", "beta", "gamma", "batch"), [(1, 0.7, 0.3, 1), (0.4, 0.8, 0.02, 4), (1.5, -0.2, 0.2, 2)]
)
@pytest.mark.parametrize("noise", [1e-6, 0.25, 10])
def test_label_noise_against_the_volterra_recursion(
    alpha: float, beta: float, gamma: float, batch: int, noise: float
) -> None:
    """F and K from a closed loop in the ζ-plane, σ² added to F, and the recursion step by step."""
    forcing, kernel = curves(alpha, beta, 8, 20, gamma, batch, 101, batch * (batch + 1))
    model, r = PLRF(alpha, beta, 8, 20, gamma, batch, noise), np.arange(101)
    assert model.forcing(r) == pytest.approx(forcing + noise, rel=1e-12)
    assert model.kernel(r) == pytest.approx(kernel, rel=1e-10)
    assert model.loss(r) == pytest.approx(volterra(forcing + noise, kernel), rel=1e-12)
    assert float(model.loss(60, digits=20)) == pytest.approx(model.loss(60), rel=1e-13)
    assert model.loss(10**18) == pytest.approx(model.loss_limit(), rel=1e-13)
    clean = PLRF(alpha, beta, 8, 20, gamma, batch)
    assert model.forcing_limit() == pytest.approx(clean.forcing_limit() + noise, rel=1e-13)
    assert float(model.loss_limit(digits=25)) == pytest.approx(model.loss_limit(), rel=1e-13)
    assert pytest.approx(clean.pieces(50).F_0 + noise, rel=1e-13) == model.pieces(50).F_0


@pytest.mark.parametrize("noise", [-1, "-1e-9", math.nan, math.inf, None, "x", 1j, [0]])
def test_noise_variance_is_not_negative(noise: object) -> None:
    with pytest.raises(ParameterError, match="noise_variance"):
        PLRF(1, 1, 10, 20, noise_variance=noise)


def test_what_is_lost_in_rounding_is_not_taken_for_zero() -> None:
    """Two modes of size 1e27 are learnt first. Until the others are, F stays on a plateau that is known in closed form.

    Between the two scales ``m = (1 − 2/d) − tr D_small/(dζ) + …``, and the term of S(z) in ``1/z`` gives
    ``Σ_small λb² + (Σ_large b²) tr D_small/(d − 2)``.
    """
    small, d, largest = [1.0, 7.0, 3.5, 0.9, 1.0, 1.1], 5, 1.5e27
    model = PLRF.from_spectrum([largest] * 2 + small, [1] * 8, d, batch=64)
    model = PLRF.from_spectrum([largest] * 2 + small, [1] * 8, d, 0.4 * model.critical_gamma(), 64)
    plateau = sum(small) + 2 * sum(small) / (d - 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.forcing([10**3, 10**9]) == pytest.approx(plateau, rel=1e-10)
    assert model.loss(10**9) > plateau
