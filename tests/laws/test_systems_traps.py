"""Borders of the five systems at which an implementation goes wrong quietly, as far as the tests of each law do not have them."""

from __future__ import annotations

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalesym.errors import ConvergenceError, ParameterError
from scalesym.laws import BNSL, Adaptive, Chinchilla, Henighan, Kaplan, ShapeLaw, ViT
from scalesym.laws.published import published

KAPLAN = Kaplan.from_paper()
DEMO = BNSL.from_paper("demo")
FINETUNE = ViT.from_paper("finetune")


# -- Chinchilla ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slow", ["alpha", "beta"])
def test_one_flat_term_stops_the_frontier(slow: str) -> None:
    """``γ → 0`` with either exponent, and the size or the data takes the whole budget."""
    exponents = {"alpha": 0.5, "beta": 0.5}
    shares, rates = [], []
    for value in (1e-1, 1e-2, 1e-3):
        a, b, gamma = Chinchilla(E=0, A=2, B=2, **{**exponents, slow: value}).exponents()
        shares.append(float(a if slow == "alpha" else b))
        rates.append(float(gamma))
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 1e-3
    assert shares == sorted(shares)
    assert shares[-1] > 0.997


def test_parameters_are_counted_in_two_ways() -> None:
    """Chinchilla's ``N`` has the embeddings, Kaplan's and Henighan's has not; both say so."""
    import scalesym.laws.chinchilla as chinchilla

    assert "embeddings included" in str(chinchilla.__doc__)
    for system in ("kaplan", "henighan"):
        assert published(system)["units"]["N"] == "non-embedding parameters"


def test_compute_is_counted_in_two_ways() -> None:
    """A budget in FLOP, taken for PF-days, is another budget by twenty orders of magnitude."""
    best = Chinchilla.from_paper("hoffmann_rounded").optimum(8.64e19)
    right, wrong = KAPLAN.optimum(8.64e19, unit="FLOP"), KAPLAN.optimum(8.64e19)
    assert right == KAPLAN.optimum(1)
    assert 0.1 < right.N / best.N < 10
    assert wrong.N / best.N > 1e10


# -- Kaplan, Henighan ------------------------------------------------------------------------------------------------


def test_a_loss_without_a_floor_ends_below_the_entropy_of_text() -> None:
    """Which is why the laws must fail before they cross; Henighan's floors are kept."""
    there = KAPLAN.crossing()
    assert KAPLAN(C=1e40) < 0.1
    assert KAPLAN(C=1e3 * there.C) < KAPLAN.L_D(KAPLAN.allocate(1e3 * there.C, "fitted").D)
    for name in Henighan.papers():
        law = Henighan.from_paper(name)
        far = law(N=1e300)
        floor = law.entropy("N")
        assert far == floor if floor else far < 1e-9


def test_constants_of_one_fit_in_the_law_of_another() -> None:
    """``α_D`` of ``L(D)`` in the joint law asks for ``N^{0.80}``; the sets are kept apart, and one does not give the other's loss."""
    own = KAPLAN.joint
    mixed = type(own)(N_c=own.N_c, alpha_N=own.alpha_N, D_c=own.D_c, alpha_D=KAPLAN.data.alpha)
    assert (f"{own.data_law()[1]:.2f}", f"{mixed.data_law()[1]:.2f}") == ("0.74", "0.80")
    assert abs(mixed(1e9, 2.2e10) / own(1e9, 2.2e10) - 1) > 0.01
    assert KAPLAN(N=1e9, D=1e30) != pytest.approx(KAPLAN(N=1e9), rel=0.01)
    assert KAPLAN(N=1e30, D=1e10) != pytest.approx(KAPLAN(D=1e10), rel=0.01)


def test_no_law_takes_what_another_measures() -> None:
    """Steps are not tokens, and a size is given by name."""
    with pytest.raises(ParameterError, match="no law has these"):
        KAPLAN(D=1e10, S=1e4)
    with pytest.raises(TypeError):
        KAPLAN(1e9)  # type: ignore[misc]
    with pytest.raises(TypeError):
        Henighan.from_paper("math")(1e9)  # type: ignore[misc]


# -- ViT ---------------------------------------------------------------------------------------------------------------


@given(st.floats(1e-6, 1e9))
def test_without_a_shift_it_is_the_law_of_henighan(C: float) -> None:
    other = Henighan.from_paper("image-8x8").law("C")
    law = ShapeLaw(scale=other.x0**other.alpha, exponent=other.alpha, floor=other.L_inf)
    assert math.isclose(law(C), other(C), rel_tol=1e-13)


def test_the_pole_is_out_of_reach() -> None:
    for compute in (-0.01, -0.01 + 1e-17, -1.0, -1e-300):
        with pytest.raises(ParameterError, match="not negative"):
            FINETUNE(compute)
    with pytest.raises(ParameterError, match="pole"):
        ViT(scale=0.1, exponent=0.35)(0)


def test_a_legend_without_the_inversion_is_no_law() -> None:
    """``0.09 + 0.26 (C + 0.01)^{0.35}``, as some plots print it, rises."""
    assert (np.diff(FINETUNE(np.geomspace(0.1, 1e6, 50))) < 0).all()
    with pytest.raises(ParameterError, match="the error falls with compute"):
        ViT(scale=0.26, exponent=-0.35, floor=0.09, shift=0.01)


def test_letters_in_the_other_order_are_another_law() -> None:
    """``a + b (C+d)^{-c}`` read as ``a (C+d)^{-b} + c``."""
    other = ViT(scale=0.09, exponent=0.26, floor=0.35, shift=0.01)
    assert abs(other(100) - FINETUNE(100)) > 0.1


# -- BNSL ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("decades", "overflows"), [(15, False), (16, True), (40, True), (200, True)])
def test_where_the_literal_form_overflows(decades: int, overflows: bool) -> None:
    d, f = DEMO.d[-1], DEMO.f[-1]
    x = float(d) * 10.0**decades
    if overflows:
        with pytest.raises(OverflowError):
            1 + (x / float(d)) ** (1 / float(f))
    else:
        assert math.isfinite(1 + (x / float(d)) ** (1 / float(f)))
    with mpmath.workdps(60):
        y = mpmath.mpf(float(DEMO.b)) * mpmath.mpf(x) ** -float(DEMO.c[0])
        for c, place, width in zip(DEMO.c[1:], DEMO.d, DEMO.f, strict=True):
            c, place, width = float(c), float(place), mpmath.mpf(float(width))
            y *= (1 + (x / mpmath.mpf(place)) ** (1 / width)) ** (-c * width)
        assert DEMO.log_excess(x) == pytest.approx(float(mpmath.log(y)), rel=1e-12)
    assert DEMO(x) >= 0.001


def test_a_break_without_a_change_is_nowhere() -> None:
    """Its place and its width are free, so that nothing may depend on them."""
    x = np.geomspace(1e-3, 1e6, 30)
    one, other = (BNSL(0.1, 2, (0.3, 0, 0.4), d, f) for d, f in (((5, 80), (0.2, 0.3)), ((70, 80), (1.5, 0.3))))
    assert (one(x) == other(x)).all()
    assert one.merge_breaks() == other.merge_breaks()
    assert one.turning_points() == ()


def test_a_negative_width_is_the_same_law_from_the_other_side() -> None:
    """So it is refused: ``(1 + t^{-1/g})^{cg} = t^{-c} (1 + t^{1/g})^{cg}``."""
    with pytest.raises(ParameterError, match="width is positive"):
        BNSL(0, 2, (0.3, 0.5), [40], [-0.2])
    same = BNSL(0, 2 * 40**0.5, (0.3 + 0.5, -0.5), [40], [0.2])
    for x in (1.0, 30.0, 40.0, 1e4):
        literal = 2 * x**-0.3 * (1 + (x / 40) ** (1 / -0.2)) ** (-0.5 * -0.2)
        assert same(x) == pytest.approx(literal, rel=1e-12)


def test_the_limit_and_a_flat_end_cannot_be_told_apart() -> None:
    """With ``Γ_n = 0`` the law ends at ``a + A_n``: what is taken from one may be given to the other."""
    flat = BNSL(0.5, 1, (0.4, -0.4), [100], [0.1])
    height = flat.segments()[-1].prefactor
    assert flat.limits()[1] == pytest.approx(0.5 + height)
    other = BNSL(0.5 + height / 2, 0.5, (0.4, -0.4), [100], [0.1])
    x = np.geomspace(1e4, 1e12, 9)
    assert flat(x) == pytest.approx(other(x), rel=1e-12)
    assert abs(flat(1.0) - other(1.0)) > 0.1
    slow = BNSL(0, 1, [1e-6])
    assert slow(x) == pytest.approx(BNSL(0.5, 0.5, [2e-6])(x), rel=1e-9)
    assert (slow.limits()[1], BNSL(0.5, 0.5, [2e-6]).limits()[1]) == (0, 0.5)


def test_a_sharp_break_beyond_the_data_is_not_foreseen() -> None:
    """Data that end before the break fit perfectly, and say nothing of what follows."""
    law = BNSL(0, 2, (0.2, 1.5), [1e4], [0.02])
    x = np.geomspace(1, 4e3, 40)
    found = BNSL.fit(x, law(x), 0)
    assert found.objective < 1e-20
    assert found.law(1e6) > 100 * law(1e6)


def sign_changes(law: BNSL) -> int:
    signs = [math.copysign(1, segment.exponent) for segment in law.segments() if segment.exponent]
    return sum(one != other for one, other in pairwise(signs))


def test_double_descent_shows_in_two_sign_changes_of_far_breaks() -> None:
    law = BNSL(0.1, 3, (0.3, -0.8, 1.2), [1e3, 1e6], [0.1, 0.1])
    assert [point.kind for point in law.turning_points()] == ["minimum", "maximum"]
    assert sign_changes(law) == 2
    assert (np.diff(law(np.geomspace(1e3, 1e6, 50))) > 0).any()


@given(
    st.lists(st.fractions(-2, 2, max_denominator=10), min_size=2, max_size=4),
    st.lists(st.floats(0, 12), min_size=3, max_size=3),
    st.sampled_from([0.05, 0.3, 1.5]),
)
def test_equal_widths_never_turn_more_often_than_the_segments(
    c: list[object], places: list[float], width: float
) -> None:
    n = len(c) - 1
    law = BNSL(0, 1, c, [10.0**each for each in places[:n]], [width] * n)  # type: ignore[arg-type]
    try:
        points = law.turning_points()
    except ConvergenceError:
        return
    assert len(points) <= sign_changes(law)


def test_unequal_widths_turn_more_often_than_the_segments() -> None:
    """Down, up and down again although every segment falls: sign changes do not bound turning points."""
    law = BNSL(0, 1, (0.2, 3, -3), [10, 11], [3, 0.01])
    assert sign_changes(law) == 0
    assert [point.kind for point in law.turning_points()] == ["minimum", "maximum"]


# -- adaptive training ---------------------------------------------------------------------------------------------------


def test_equal_scales_and_exponents_have_no_transition() -> None:
    """``ρ = 1``, where the closed form divides by zero: the lower floor is the better one everywhere."""
    law = Adaptive({"low": ShapeLaw(1, "1/2", "1/10"), "high": ShapeLaw(1, "1/2", "3/10")})
    assert law.transitions() == ()
    assert [law.best(error) for error in (0.2, 0.35, 10.0)] == ["low"] * 3
    assert {leg.shape for leg in law.schedule(10, 0.15)} == {"low"}


def test_shapes_below_their_floor_or_above_their_ceiling_are_out() -> None:
    """A law says nothing of errors that it does not take."""
    law = Adaptive({"A": ShapeLaw(1, 1, "1/2"), "B": ShapeLaw(1, 1, 0, 2)})  # above 1/2, and up to 1/2
    assert (law.best(0.51), law.best(0.5)) == ("A", "B")
    with pytest.raises(ParameterError):
        law.shapes["A"].marginal_cost(0.5)
    with pytest.raises(ParameterError, match="begins below"):
        law.shapes["B"].marginal_cost(0.51)
    assert law.static_compute(0.9, 0.2) == {"A": math.inf, "B": math.inf}


def test_the_error_of_a_run_has_no_jumps() -> None:
    """At a switch the error is kept, not the compute."""
    law = Adaptive({"A": ShapeLaw(1, "1/2", "0.3"), "B": ShapeLaw(2, "1/2", "0.1"), "C": ShapeLaw(6, "1/2", 0)})
    spent = 0.0
    for leg in law.schedule(1.0, 0.15):
        spent += leg.compute
        before, after = law(spent * (1 - 1e-9), 1.0), law(spent * (1 + 1e-9), 1.0)
        assert before == pytest.approx(after, rel=1e-8)
        assert leg.low == pytest.approx(law(spent, 1.0), rel=1e-12)
