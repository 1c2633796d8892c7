"""Certified kernel norm, critical learning rate and limit loss against polynomials, mpmath, and unstable input."""

from fractions import Fraction

import pytest
from certified_polynomials import RationalModel, real

from scalesym import PLRF
from scalesym.certified.enclosure import Enclosure, refine
from scalesym.certified.fixed_point import FixedPoint
from scalesym.certified.stability import critical_gamma, kernel_norm, loss_limit
from scalesym.certified.sums import PowerSums
from scalesym.errors import ParameterError, StabilityError
from scalesym.precision import flint_digits


def of(p, q, v, d):
    return FixedPoint(PowerSums(Fraction(p), Fraction(q), v), Fraction(d))


SMALL = [(2, 3, 12, 4), (1, 2, 9, 7), (3, 2, 6, 2), (1, 1, 20, 6)]


@pytest.mark.parametrize("batch", [1, 3, 40])
@pytest.mark.parametrize(("p", "q", "v", "d"), SMALL)
def test_norm_critical_rate_and_limit_by_polynomials(p, q, v, d, batch):
    exact, point = RationalModel(p, q, v, d), of(p, q, v, d)
    with flint_digits(40):
        turning = next(x for x in real(exact.critical_points()) if x < -1)
        unit = real(exact.d1_equals(-(batch + 1)))[0]
        assert unit < -1
        expected = 2 / ((batch + 1) * exact.z(unit if unit < turning else turning))
        critical = critical_gamma(point, batch)
        assert critical.overlaps(expected)
        assert min(critical.rel_accuracy_bits(), expected.rel_accuracy_bits()) > 80
        gamma = Fraction(float(critical.mid()) * 0.8).limit_denominator(1000)
        x = Fraction(2, batch + 1) / gamma
        left = real(exact.preimages((x, Fraction(0))))[0]
        norm = -exact.d1(left) / (batch + 1)
        found = kernel_norm(point, gamma, batch)
        assert found.overlaps(norm)
        assert min(found.rel_accuracy_bits(), norm.rel_accuracy_bits()) > 80
        zeta0 = Enclosure.of(real(exact.d1_equals(d))[-1])
        forcing = exact.forcing(zeta0.centre)
        limit = Enclosure.of(loss_limit(point, gamma, batch))
        share = Enclosure.of(1 - norm)
        assert abs(limit.centre * share.centre - forcing) < forcing / 10**20
        assert limit.digits > 25


def test_both_conditions_occur():
    from flint import arb

    with flint_digits(30):
        for point, batch, by_norm in (
            (of(2, 3, 60, 20), 1, True),
            (of(6, 7, 5, 1), 1, None),
            (of(2, 3, 60, 20), 1000, None),
        ):
            critical, right = critical_gamma(point, batch), point.edges()[1]
            pointwise = 2 / ((batch + 1) * right)
            assert not critical > pointwise
            if by_norm:
                assert critical < pointwise
        kinds = {bool(critical_gamma(of(p, q, v, d), batch) < 2 / ((batch + 1) * of(p, q, v, d).edges()[1]))
                 for p, q, v, d in SMALL for batch in (1, 40, 10**4)}  # fmt: skip
        assert kinds == {True, False}
        assert isinstance(critical, arb)


def test_unstable_rates_are_refused_and_the_limit_itself_is_not_guessed():
    point = of(2, Fraction(17, 5), 60, 20)
    with flint_digits(30):
        critical = Fraction(float(critical_gamma(point, 1).mid()))
        for gamma, condition in ((critical * Fraction(101, 100), "kernel norm"), (Fraction(3), "pointwise")):
            with pytest.raises(StabilityError) as refused:
                loss_limit(point, gamma, 1)
            assert refused.value.condition == condition
            assert refused.value.critical == pytest.approx(float(critical), rel=1e-12)
        assert loss_limit(point, critical * Fraction(99, 100), 1).is_finite()
        assert kernel_norm(point, critical * Fraction(101, 100), 1) > 1
        with pytest.raises(StabilityError):
            kernel_norm(point, Fraction(3), 1)
        for gamma, batch in ((Fraction(0), 1), (Fraction(-1), 1), (Fraction(1, 10), 0)):
            with pytest.raises(ParameterError):
                kernel_norm(point, gamma, batch)
    with flint_digits(8):  # 16 digits of the critical rate cannot be told from it in arithmetic with ten
        assert not loss_limit(point, critical, 1).is_finite()


def test_reference_values():
    point = of(2, Fraction(17, 5), 60, 20)
    assert refine(lambda: kernel_norm(point, Fraction(3, 10), 1), 25).decimal(17)[0] == "0.32596710938095098"
    assert refine(point.forcing_limit, 30).decimal(20)[0] == "0.0091513621903337207062"
    wrong = refine(lambda: kernel_norm(of(2, Fraction(17, 5), 59, 20), Fraction(3, 10), 1), 25)
    assert wrong.decimal(17)[0] != "0.32596710938095098"  # j = v dropped


@pytest.mark.parametrize(
    ("alpha", "beta", "v", "d", "batch"),
    [
        ("1", "7/10", None, 10**6, 1),
        ("3/10", "4/5", 10**12, 10**11, 4),
        ("3/2", "0", 10**12, 10**9, 2),
        ("1/2", "1", 5000, 40, 16),
    ],
)
def test_long_spectra_agree_with_the_solver_that_proves_nothing(alpha, beta, v, d, batch):
    a, b = Fraction(alpha), Fraction(beta)
    point = of(2 * a, 2 * a + 2 * b, v, d)
    critical = refine(lambda: critical_gamma(point, batch), 25)
    other = PLRF(a, b, d, "inf" if v is None else v, batch=batch)
    assert other.critical_gamma() == pytest.approx(float(critical.centre), rel=1e-10)
    gamma = Fraction(float(critical.centre) / 2)
    other = PLRF(a, b, d, "inf" if v is None else v, batch=batch, gamma=gamma)
    assert other.kernel_norm() == pytest.approx(
        float(refine(lambda: kernel_norm(point, gamma, batch), 20).centre), rel=1e-10
    )
    assert other.loss_limit() == pytest.approx(
        float(refine(lambda: loss_limit(point, gamma, batch), 20).centre), rel=1e-10
    )
