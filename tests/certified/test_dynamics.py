"""``F(r)`` and ``K(r)`` by integration: against printed values, other roads, and statements that are false."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from certified_models import REFERENCE, drawn, printed, sgd
from flint import arb

from scalesym import PLRF
from scalesym.certified.dynamics import Dynamics, _polygon
from scalesym.certified.moments import forcing_kernel
from scalesym.errors import ParameterError
from scalesym.precision import flint_digits


def test_the_balls_meet_the_reference_values() -> None:
    with flint_digits(20):
        for ball, name in ((REFERENCE.forcing(80), "F(80)"), (REFERENCE.kernel(80), "K(80)")):
            assert ball.overlaps(printed(name))
            assert ball.rel_accuracy_bits() > 66


FALSE: dict[str, tuple[Dynamics, int]] = {
    "last index dropped": (sgd(1, "7/10", 20, 59, "3/10"), 80),
    "twice the learning rate": (sgd(1, "7/10", 20, 60, "3/5"), 80),
    "one step less": (REFERENCE, 79),
    "one step more": (REFERENCE, 81),
    "half the prefactor, no noise": (replace(REFERENCE, c=REFERENCE.c / 2, g=REFERENCE.g / 2), 80),
}


@pytest.mark.parametrize("mistake", FALSE)
def test_a_mistake_leaves_the_ball(mistake: str) -> None:
    dynamics, r = FALSE[mistake]
    with flint_digits(12):
        assert not dynamics.forcing(r).overlaps(printed("F(80)"))
        assert not dynamics.kernel(r).overlaps(printed("K(80)"))


def test_without_its_atom_the_forcing_is_another() -> None:
    with flint_digits(12):
        assert not (REFERENCE.forcing(80) - REFERENCE.point.forcing_limit()).overlaps(printed("F(80)"))


def test_twice_the_batch_is_not_its_product_with_the_next() -> None:
    right = sgd("3/4", "1/2", 10, 40, "1/20", 4)
    wrong = replace(right, c=2 * Fraction(1, 20) ** 2 * 4)
    with flint_digits(20):
        assert not right.kernel(9).overlaps(wrong.kernel(9))
        for dynamics in (right, wrong):
            assert dynamics.kernel(9).overlaps(forcing_kernel(dynamics, 10)[1][9])


def test_at_no_step_there_are_power_sums() -> None:
    for dynamics in (REFERENCE, sgd("3/4", "1/10", 5, None, "1/10")):
        with flint_digits(15):
            sums = dynamics.point.sums
            assert dynamics.forcing(0).overlaps(sums.power_sum(sums.q))
            trace = sums.power_sum(sums.p)
            squares = sums.power_sum(2 * sums.p) + trace**2 / arb(dynamics.point.d.numerator)
            assert dynamics.kernel(0).overlaps(squares * arb(9) / 100 if dynamics is REFERENCE else squares / 100)


@pytest.mark.parametrize(
    ("place", "vertex"),
    [
        (0, 0.5 + 0j),  # right of ζ₀: the atom would be counted twice
        (0, -1e-5 + 0j),  # left of 0
        (-1, -0.9 + 0j),  # right of −1: a pole is left out
        (3, -0.1 - 0.1j),  # below the axis
        (3, -0.1 + 0j),  # on it
    ],
)
def test_a_polygon_that_encloses_something_else_is_refused(place: int, vertex: complex) -> None:
    vertices = _polygon(REFERENCE, 5)
    assert vertices is not None
    with flint_digits(12):
        assert REFERENCE._around("forcing", 5, vertices, arb("1e-15")).is_finite()
        vertices[place] = vertex
        assert not REFERENCE._around("forcing", 5, vertices, arb("1e-15")).is_finite()


def test_any_polygon_gives_the_same_integral() -> None:
    box = [0.002 + 0j, 0.002 + 0.4j, -1.9 + 0.7j, -1.9 + 0j]
    with flint_digits(12):
        assert REFERENCE._around("forcing", 7, box, arb("1e-12")).overlaps(REFERENCE.forcing(7))
        assert REFERENCE._around("forcing", 7, box, arb("1e-12")).rad() < 1e-10
        assert REFERENCE._around("kernel", 7, box, arb("1e-12")).overlaps(REFERENCE.kernel(7))


def test_an_exponentially_small_kernel_keeps_its_digits() -> None:
    with flint_digits(15):
        small = sgd("1/2", "3/5", 10, 40, "1/10", 4).kernel(4000)
        assert small < 1e-30
        assert small.rel_accuracy_bits() > 45


def test_more_digits_give_a_ball_within() -> None:
    dynamics = sgd(1, 1, 2, None, "1/5", 2)
    with flint_digits(15):
        wide = dynamics.forcing(30), dynamics.kernel(30)
    with flint_digits(30):
        narrow = dynamics.forcing(30), dynamics.kernel(30)
        for one, other in zip(wide, narrow, strict=True):
            assert one.contains(other)
            assert other.rel_accuracy_bits() > 95


@pytest.mark.parametrize("seed", range(2))
def test_the_ball_contains_sixty_digits_of_another_road(seed: int) -> None:
    model, draw = drawn(f"forcing and kernel {seed}", largest=8)
    r = draw.randint(0, 300)
    dynamics, other = sgd(**model), PLRF(**model)
    with flint_digits(20):
        balls = dynamics.forcing(r), dynamics.kernel(r)
    with flint_digits(70):
        for ball, value in zip(balls, (other.forcing(r, digits=60), other.kernel(r, digits=60)), strict=True):
            assert ball.contains(arb(str(value))), (model, r)
            assert ball.rel_accuracy_bits() > 60


@pytest.mark.parametrize(
    ("name", "coefficients"),
    [("a", (0, 1, 1)), ("a", (-1, 1, 1)), ("c", (1, -1, 1)), ("g", (1, 1, -1))],
)
def test_coefficients_outside_the_domain_are_refused(name: str, coefficients: tuple[Any, ...]) -> None:
    with pytest.raises(ParameterError) as error:
        Dynamics(REFERENCE.point, *map(Fraction, coefficients))
    assert error.value.name == name


def test_a_negative_step_is_refused() -> None:
    with pytest.raises(ParameterError, match="negative"):
        REFERENCE.forcing(-1)
    with pytest.raises(ParameterError, match="negative"):
        REFERENCE.kernel(-1)
