"""``P(r)`` by the Cauchy sum: against printed values, the recursion, other roads, and statements that are false."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from certified_models import REFERENCE, drawn, printed, sgd
from flint import arb

from scalesym import PLRF
from scalesym.certified.cauchy import _bound, _coefficients, _generating, coefficients, loss
from scalesym.certified.dynamics import Dynamics
from scalesym.certified.moments import volterra
from scalesym.errors import ParameterError
from scalesym.precision import flint_digits


def test_the_ball_meets_the_reference_value() -> None:
    with flint_digits(20):
        (ball,) = loss(REFERENCE, [80])
        assert ball.overlaps(printed("P(80)"))
        assert ball.rel_accuracy_bits() > 66


FALSE: dict[str, tuple[Dynamics, int]] = {
    "last index dropped": (sgd(1, "7/10", 20, 59, "3/10"), 80),
    "half the learning rate": (sgd(1, "7/10", 20, 60, "3/20"), 80),
    "one step less": (REFERENCE, 79),
    "one step more": (REFERENCE, 81),
    "no noise of the gradient": (replace(REFERENCE, g=Fraction(0)), 80),
    "no quadratic term": (replace(REFERENCE, c=Fraction(0)), 80),
}


@pytest.mark.parametrize("mistake", FALSE)
def test_a_mistake_leaves_the_ball(mistake: str) -> None:
    dynamics, r = FALSE[mistake]
    with flint_digits(12):
        (ball,) = loss(dynamics, [r])
        assert ball.is_finite()
        assert not ball.overlaps(printed("P(80)"))


def test_the_sum_and_the_recursion_agree() -> None:
    dynamics = sgd("3/10", "2/5", 1, 2, "1/25", 4)
    with flint_digits(8):
        steps = range(21)
        sums = loss(dynamics, steps)
        recursion = volterra([dynamics.forcing(r) for r in steps], [dynamics.kernel(r) for r in steps])
        assert all(one.overlaps(other) for one, other in zip(sums, recursion, strict=True))
        assert not any(sums[r].overlaps(recursion[r + 1]) for r in range(20))


def test_forcing_and_kernel_are_summed_in_the_same_way() -> None:
    small = sgd(1, "1/2", 3, 6, "3/20")
    for dynamics in (small, replace(small, c=Fraction(0))):
        with flint_digits(15):
            forcing, kernel, whole = coefficients(dynamics, [0, 25], ["forcing", "kernel", "loss"])
            for i, r in enumerate((0, 25)):
                assert forcing[i].overlaps(dynamics.forcing(r))
                assert kernel[i].overlaps(dynamics.kernel(r))
                assert min(x[i].rel_accuracy_bits() for x in (forcing, kernel, whole)) > 45
            assert not whole[1].overlaps(forcing[1])


def test_without_its_atom_the_forcing_falls_to_nothing() -> None:
    with flint_digits(15):
        ((forcing,), (whole,)) = coefficients(REFERENCE, [80], ["forcing", "loss"], atom=False)
        assert forcing.overlaps(REFERENCE.forcing(80) - REFERENCE.point.forcing_limit())
        assert not whole.overlaps(printed("P(80)"))


def test_without_noise_it_is_the_forcing() -> None:
    with flint_digits(20):
        (ball,) = loss(replace(REFERENCE, g=Fraction(0)), [30])
        assert ball.overlaps(REFERENCE.forcing(30))


def test_aliasing_is_there_and_below_its_bound() -> None:
    with flint_digits(30):
        truth = loss(REFERENCE, [4])[0]
        radius, nodes = arb(0.5), 10
        values = _generating(REFERENCE, radius, nodes, ["loss"], atom=True)
        (aliased,) = _coefficients(values, radius, nodes, 4)
        bound = _bound(REFERENCE) * radius**nodes / (1 - radius**nodes)
        assert not aliased.overlaps(truth)
        assert abs(aliased - truth) < bound
        assert abs(aliased - truth) > bound / 100


def test_one_set_of_nodes_serves_all_steps() -> None:
    with flint_digits(15):
        together = loss(REFERENCE, [0, 3, 40])
        for r, ball in zip((0, 3, 40), together, strict=True):
            assert ball.overlaps(loss(REFERENCE, [r])[0])
        assert together[0].overlaps(REFERENCE.point.sums.power_sum(REFERENCE.point.sums.q))
        assert loss(REFERENCE, []) == []


def test_it_falls_to_the_limit() -> None:
    dynamics = sgd("1/4", "1/2", 5, 9, "1/10", 2)
    with flint_digits(15):
        norm = 1 - dynamics.point.sums.power_sum(dynamics.point.sums.q) / _bound(dynamics)
        limit = dynamics.point.forcing_limit() / (1 - norm)
        (late,) = loss(dynamics, [1000])
        assert abs(late / limit - 1) < 1e-10


@pytest.mark.parametrize("seed", range(5))
def test_the_ball_contains_sixty_digits_of_another_road(seed: int) -> None:
    model, draw = drawn(f"loss {seed}", largest=12)
    steps = sorted(draw.sample(range(200), 3))
    other = PLRF(**model).loss(steps, digits=60)
    with flint_digits(20):
        balls = loss(sgd(**model), steps)
    with flint_digits(70):
        for ball, value in zip(balls, other, strict=True):
            assert ball.contains(arb(str(value))), (model, steps)
            assert ball.rel_accuracy_bits() > 60


@pytest.mark.parametrize(
    ("dynamics", "reason"),
    [
        (sgd(1, "7/10", 20, 60, "3/5"), "norm"),  # above the critical 0.5567
        (sgd(1, "7/10", 20, 60, "9/10"), "spectrum"),  # γ(B+1)λ_max > 2
        (replace(sgd(1, "7/10", 20, 60, "1/10", 4), c=Fraction(1, 20)), "spectrum"),  # q < 0 within the spectrum
        (Dynamics(REFERENCE.point, Fraction(1), Fraction(0), Fraction(1, 9)), "spectrum"),
        (Dynamics(REFERENCE.point, Fraction(1, 2), Fraction(0), Fraction(1, 2)), "norm"),
    ],
)
def test_where_the_bound_does_not_hold_the_sum_is_refused(dynamics: Dynamics, reason: str) -> None:
    with flint_digits(15), pytest.raises(ParameterError, match=reason):
        loss(dynamics, [10])


def test_at_the_critical_rate_nothing_is_claimed() -> None:
    critical = Fraction(str(PLRF(1, "7/10", 20, 60).critical_gamma(digits=40)))
    with flint_digits(15):
        assert not loss(sgd(1, "7/10", 20, 60, critical), [10])[0].is_finite()


def test_a_negative_step_is_refused() -> None:
    with pytest.raises(ParameterError, match="negative"):
        loss(REFERENCE, [3, -1])
