"""Exponents and boundaries by a second method, and what has no answer."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from strategies import exponents as points

from benchmarks.certified import exponents
from scalesym.errors import ParameterError
from scalesym.oracle import diagram
from scalesym.precision import flint_digits


@given(points())
def test_exponents_are_the_best_corner_of_the_pieces(point: tuple[Fraction, Fraction]) -> None:
    """Every place where two pieces balance is tried; no region is known to this road."""
    alpha, beta = point
    for which in ("xi", "eta"):
        expected = exponents(alpha, beta, which)
        try:
            found = diagram.exponent(which, alpha, beta)
        except ParameterError:
            assert expected is None
            continue
        if expected is not None:
            assert found == expected


def test_the_line_of_the_fourth_phase_is_a_root() -> None:
    """Of 2α² − 4α + 1, the one inside the domain."""
    with flint_digits(40):
        found = diagram.boundary(("IVa", "IVb"), {"beta": Fraction(1)})
        assert found.overlaps(1 - 1 / arb(2).sqrt())
        assert found.rel_accuracy_bits() > 100
        assert not found.overlaps(1 + 1 / arb(2).sqrt())


@pytest.mark.parametrize(
    ("names", "given_", "expected"),
    [
        (("II", "III"), {"beta": "7/10"}, "7/10"),
        (("III", "II"), {"alpha": "9/10"}, "9/10"),
        (("Ia", "Ib"), {"beta": "1/5"}, "1/2"),
        (("Ia", "II"), {"alpha": "2"}, "1/2"),
        (("Ic", "IVb"), {"beta": "2"}, "1/4"),
        (("Ib", "IVb"), {"alpha": "27/100"}, "1/2"),
    ],
)
def test_boundaries_that_are_fractions(names: tuple[str, str], given_: dict[str, str], expected: str) -> None:
    found = diagram.boundary(names, {key: Fraction(value) for key, value in given_.items()})
    exact = Fraction(expected)
    assert found.overlaps(arb(exact.numerator) / exact.denominator)
    step = Fraction(1, 1000)
    (letter, other) = ("alpha", "beta") if "beta" in given_ else ("beta", "alpha")
    sides = [diagram.phase_name(**{letter: exact + s, other: Fraction(given_[other])}) for s in (-step, step)]
    assert set(sides) == set(names)


@pytest.mark.parametrize(
    ("names", "given_"),
    [
        (("Ia", "III"), {"beta": Fraction(1)}),
        (("II", "III"), {"beta": Fraction(1, 4)}),
        (("IVa", "IVb"), {"alpha": Fraction(1)}),
        (("Ib", "IVa"), {"alpha": Fraction(27, 100)}),
        (("II", "V"), {"alpha": Fraction(1)}),
    ],
)
def test_phases_that_do_not_meet(names: tuple[str, str], given_: dict[str, Fraction]) -> None:
    with pytest.raises(ParameterError, match="do not meet"):
        diagram.boundary(names, given_)


@pytest.mark.parametrize("point", [("7/10", "7/10"), ("1/2", "1"), ("1", "1/2"), ("1/4", "1"), ("1/2", "1/2")])
def test_a_point_on_a_line_has_no_name(point: tuple[str, str]) -> None:
    with pytest.raises(ParameterError, match="line between"):
        diagram.phase_name(*map(Fraction, point))


def test_an_exponent_that_both_sides_share_is_given() -> None:
    assert diagram.exponent("eta", Fraction(7, 10), Fraction(7, 10)) == 1 - 1 / (4 * Fraction(7, 10))
    with pytest.raises(ParameterError, match="value of eta"):
        diagram.exponent("eta", Fraction(1), Fraction(1, 2))
