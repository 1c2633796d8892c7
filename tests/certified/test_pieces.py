"""The pieces in balls: against quadrature in balls, against mpmath, and what must not lie inside."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import acb, arb
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import MPContext
from strategies import alphas

from scalesym.certified import pieces
from scalesym.errors import ParameterError
from scalesym.precision import arb_of, flint_digits

EXPONENTS = st.fractions(Fraction(1, 20), 4, max_denominator=40)
RATES = st.fractions(Fraction(1, 50), 2000, max_denominator=50)


@pytest.fixture
def mp() -> MPContext:
    context = MPContext()
    context.dps = 60
    return context


def quadrature(a: Fraction, x: object, low: object) -> arb:
    """``∫_low^1 u^{a−1}e^{−xu} du`` in balls, in the variable ``log u``, where the integrand is entire."""
    return acb.integral(lambda t, _: (arb_of(a) * t - x * t.exp()).exp(), arb(low).log(), 0).real


@settings(max_examples=25)
@given(EXPONENTS, RATES)
@example(Fraction(1), Fraction(1))
def test_an_incomplete_gamma_function_is_its_integral(a: Fraction, x: Fraction) -> None:
    with flint_digits(30):
        low = arb("1e-8")
        rest = pieces.decay(a, arb_of(x)) - pieces.decay(a, arb_of(x), low)
        # below the cut the integrand is between u^(a-1)e^{-x·low} and u^(a-1)
        head = low ** arb_of(a) / arb_of(a)
        assert rest.overlaps(head * ((-arb_of(x) * low).exp().union(arb(1))))
        assert pieces.decay(a, arb_of(x), low).overlaps(quadrature(a, arb_of(x), low))


@settings(max_examples=25)
@given(
    st.fractions(-2, 2, max_denominator=30),
    st.fractions(Fraction(1, 50), 50, max_denominator=50),
    st.sampled_from(["1e-6", "1/10", "9/10"]),
)
@example(Fraction(0), Fraction(5), "1/10")
@example(Fraction(-1), Fraction(5), "1/10")
def test_the_cut_integral_has_any_exponent(a: Fraction, x: Fraction, cut: str) -> None:
    with flint_digits(30):
        low = arb_of(Fraction(cut))
        found = pieces.decay(a, arb_of(x), low)
        assert found.overlaps(quadrature(a, arb_of(x), low))
        assert found.rel_accuracy_bits() > 20
        assert not found.overlaps(quadrature(a, arb_of(x) / 2, low))  # γBr for 2γBr


def test_without_decay_the_integrals_are_powers() -> None:
    assert pieces.decay(Fraction(3, 2), arb(0)).overlaps(arb(2) / 3)
    assert pieces.decay(Fraction(0), arb(0), arb(2) ** -3).overlaps(3 * arb(2).log())


@given(EXPONENTS, RATES)
def test_swapped_arguments_lie_outside(a: Fraction, x: Fraction) -> None:
    if a == x:
        return
    with flint_digits(30):
        swapped = arb_of(a).gamma_lower(arb_of(x)) / arb_of(x) ** arb_of(a)
        assert not pieces.decay(a, arb_of(x)).overlaps(swapped)


@settings(max_examples=25)
@given(alphas("1/5", "3"), st.fractions(Fraction(11, 10), 1000, max_denominator=20))
@example(Fraction(1, 2), Fraction(10))
@example(Fraction(1, 10), Fraction(51, 50))
def test_kappa_fills_one(alpha: Fraction, ratio: Fraction) -> None:
    with flint_digits(30):
        kappa = pieces.kappa(alpha, ratio)
        assert kappa.rel_accuracy_bits() > 50

        def filled(k: arb) -> arb:
            bulk = acb.integral(
                lambda t, _: k * t.exp() / (k + (arb_of(2 * alpha) * t).exp()), -80, arb_of(ratio).log()
            )
            return bulk.real + arb(-80).exp().union(arb(0))

        assert filled(kappa).overlaps(arb(1))
        assert filled(kappa * (1 + arb("1e-12"))) > 1 > filled(kappa * (1 - arb("1e-12")))


def test_kappa_of_an_infinite_ratio_is_the_limit() -> None:
    with flint_digits(20):
        for alpha in (Fraction(1), Fraction(3, 2)):
            gaps = [abs(pieces.kappa(alpha, Fraction(10) ** n) / pieces.kappa(alpha, None) - 1) for n in (2, 4, 6)]
            assert gaps[0] > 10 * gaps[1] > 100 * gaps[2]


@pytest.mark.parametrize(("alpha", "beta"), [("1", "7/10"), ("2/5", "3/10"), ("3/2", "1/5"), ("7/10", "1/2")])
def test_the_asymptotics_are_approached(alpha: str, beta: str) -> None:
    a, b = Fraction(alpha), Fraction(beta)
    with flint_digits(20):
        ratios = [
            pieces.pure_point(a, b, arb(10) ** n) / pieces.pure_point(a, b, arb(10) ** n, asymptotic=True)
            for n in (1, 2, 3)
        ]
        assert abs(ratios[2] - 1) < arb("1e-10")
        if 2 * b != 1:
            limits = [
                pieces.forcing_limit(a, b, d, int(10 * d)) / pieces.forcing_limit(a, b, d, int(10 * d), asymptotic=True)
                for d in (Fraction(10), Fraction(1000))
            ]
            assert abs(limits[1] - 1) < abs(limits[0] - 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: pieces.kernel_piece(Fraction(1, 4), Fraction(1, 10), 1, arb(3)),
        lambda: pieces.absolutely_continuous(Fraction(2, 5), Fraction(1), Fraction(10), 30, arb(3), asymptotic=True),
        lambda: pieces.forcing_limit(Fraction(1), Fraction(1, 2), Fraction(10), 30, asymptotic=True),
    ],
)
def test_what_does_not_exist_is_refused(call: object) -> None:
    with pytest.raises(ParameterError):
        call()


def test_the_target_sum(mp: MPContext) -> None:
    with flint_digits(40):
        finite = pieces.target_sum(Fraction(7, 10), 60)
        assert finite.overlaps(sum((arb(j) ** arb_of(Fraction(-7, 5)) for j in range(1, 61)), arb(0)))
        assert not finite.overlaps(pieces.target_sum(Fraction(7, 10), 59))
        assert abs(float(pieces.target_sum(Fraction(7, 10), None)) - float(mp.zeta(1.4))) < 1e-13


@pytest.mark.parametrize("d", [5, 100, 10**6])
def test_the_limit_of_the_forcing_in_closed_form(d: int) -> None:
    """At ``α = β = 1``, ``v = ∞`` the sum is one of hyperbolic cotangents, and ``κ = 4/π²``."""
    with flint_digits(30):
        zeta = arb.pi() ** 2 / 4 / d**2
        y = arb.pi() / zeta.sqrt()
        d1 = (y * y.coth() - 1) / 2
        expected = zeta * (arb.pi() ** 2 / 6 - zeta * d1)
        found = pieces.forcing_limit(Fraction(1), Fraction(1), Fraction(d), None)
        assert found.overlaps(expected)
        assert found.rel_accuracy_bits() > 60
        assert not found.overlaps(expected * (1 + arb("1e-15")))


@pytest.mark.parametrize(("alpha", "beta", "ratio"), [("1", "3/10", "4"), ("2/5", "3/10", "10"), ("1", "-1/4", None)])
def test_the_leading_term_is_its_integral(alpha: str, beta: str, ratio: str | None) -> None:
    a, b, d = Fraction(alpha), Fraction(beta), Fraction(10)
    v = None if ratio is None else int(d * Fraction(ratio))
    with flint_digits(20):
        kappa = pieces.kappa(a, None if ratio is None else Fraction(ratio))
        end = arb(60) if v is None else arb_of(Fraction(v) / d).log()
        integral = acb.integral(
            lambda t, _: (arb_of(1 - 2 * b) * t).exp() / (kappa.mid() + (arb_of(2 * a) * t).exp()), -80, end
        ).real
        slack = arb(0, "1e-12")  # what is cut off at both ends
        expected = arb_of(d) ** arb_of(1 - 2 * a - 2 * b) * (integral + slack)
        found = pieces.forcing_limit(a, b, d, v, asymptotic=True)
        assert found.overlaps(expected)
        assert not (found * 2).overlaps(expected)
