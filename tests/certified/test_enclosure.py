"""Enclosures: what is printed encloses, what is claimed is proven."""

import random
from fractions import Fraction

import pytest

from scalesym.certified.enclosure import ComplexEnclosure, Enclosure, refine
from scalesym.errors import ConvergenceError, ParameterError
from scalesym.precision import flint_digits


def test_the_printed_pair_encloses_the_enclosure():
    rng = random.Random(11)
    for _ in range(400):
        centre = Fraction(rng.randint(-(10**30), 10**30), rng.randint(1, 10**30)) * Fraction(10) ** rng.randint(-60, 60)
        radius = abs(centre) * Fraction(rng.randint(0, 10**6), 10**6) / 10 ** rng.randint(0, 40)
        ball, n = Enclosure(centre, radius), rng.randint(1, 30)
        middle, spread = map(Fraction, ball.decimal(n))
        assert middle - spread <= ball.low
        assert ball.high <= middle + spread
        assert spread <= (radius + abs(centre) * Fraction(10) ** (1 - n)) * Fraction(11, 10)  # and not much wider
        middle, spread = map(Fraction, str(ball).split(" ± "))
        assert middle - spread <= ball.low
        assert ball.high <= middle + spread


@pytest.mark.parametrize(
    ("centre", "n", "text"),
    [
        ("0.0326354329785729", 20, "0.0326354329785729"),
        ("-12345", 3, "-1.23e4"),
        ("-12345", 9, "-12345"),
        ("1e-7", 5, "1e-7"),
        ("0.00099996", 4, "0.0010000"),
        ("0", 4, "0"),
        ("1000", 2, "1e3"),
        ("2.5e-5", 9, "2.5e-5"),
    ],
)
def test_the_printed_centre(centre, n, text):
    assert Enclosure(Fraction(centre), Fraction(0)).decimal(n)[0] == text


def test_digits_are_the_proven_ones():
    for digits in (0, 1, 7, 30, 200):
        just = Enclosure(Fraction(3), Fraction(3, 10**digits + 1))
        assert just.digits == digits, digits
    assert Enclosure(Fraction(1), Fraction(2)).digits == 0
    assert Enclosure(Fraction(1, 3), Fraction(0)).digits == 1000
    part = Enclosure(Fraction(1), Fraction(1, 10**9))
    assert ComplexEnclosure(part, Enclosure(Fraction(0), Fraction(1, 10**6))).digits == 5
    assert "i" in str(ComplexEnclosure(part, part))


def test_membership_is_exact():
    from mpmath import mpc, mpf

    ball = Enclosure(Fraction(1, 10), Fraction(1, 10**20))
    assert ball.contains("0.1")
    assert not ball.contains(0.1)  # the binary number differs by 5.6e-18
    assert not ball.contains(mpf("0.1"))
    assert not ball.contains(float("inf"))
    assert not ComplexEnclosure(ball, ball).contains(0.1 + 0.1j)
    assert ComplexEnclosure(ball, Enclosure(Fraction(1, 2), Fraction(1))).contains(mpc("0.1", "0.1")) is False
    assert ComplexEnclosure(Enclosure(Fraction(1), Fraction(0)), ball).imag.contains("0.1")
    with pytest.raises(ParameterError):
        ball.contains("one tenth")
    with pytest.raises(ParameterError):
        Enclosure(Fraction(1), Fraction(-1))
    with pytest.raises(ParameterError):
        ball.decimal(0)


def test_a_ball_is_taken_over_exactly():
    from flint import acb, arb

    with flint_digits(50):
        third = arb(1) / 3
        ball = Enclosure.of(third)
        assert ball.contains(Fraction(1, 3))
        assert ball.radius > 0
        assert ball.digits >= 50
        both = ComplexEnclosure.of(acb(third, -third))
        assert both.imag.contains(Fraction(-1, 3))
    with pytest.raises(ConvergenceError):
        Enclosure.of(arb.nan())


def test_refining_ends_with_a_proof_or_an_error():
    from flint import acb, arb, ctx

    seen = []

    def cancelling():
        seen.append(ctx.prec)
        return (1 + arb(10) ** -60) - 1

    found = refine(cancelling, 25)
    assert found.contains(Fraction(1, 10**60))
    assert found.digits >= 25
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert refine(lambda: arb(0), 10) == Enclosure(Fraction(0), Fraction(0))
    assert refine(lambda: acb(1, "1e-30").sqrt(), 10).digits >= 10
    for unproven in (lambda: arb(2).sqrt() ** 2 - 2, lambda: arb.nan(), lambda: arb(1, 0.5)):
        with pytest.raises(ConvergenceError):
            refine(unproven, 5)
    with pytest.raises(ParameterError):
        refine(lambda: arb(1), 0)
