"""Broken laws: against literal formulas in mpmath, against Astropy's model, and against themselves after a fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies import objects, powers_of_ten

from scalesym.claims import laws_bnsl
from scalesym.errors import ConvergenceError, ParameterError
from scalesym.laws.bnsl import BNSL
from scalesym.laws.published import published
from scalesym.ledger import Claim

DEMO, ADDITION = BNSL.from_paper("demo"), BNSL.from_paper("addition-4-digits")


@st.composite
def broken(draw: st.DrawFn, most: int = 4, least: int = 0) -> BNSL:
    n = draw(st.integers(least, most))
    exponents = st.fractions(-2, 2, max_denominator=10)
    d = draw(st.lists(powers_of_ten(-2, 6), min_size=n, max_size=n))
    f = draw(st.lists(st.sampled_from([0.05, 0.1, 0.3, 1.0, 1.5]), min_size=n, max_size=n))
    c = draw(st.lists(exponents, min_size=n + 1, max_size=n + 1))
    return BNSL(draw(st.fractions(-1, 1, max_denominator=10)), draw(st.sampled_from([1, 2.5, -0.7])), c, d, f)


def literal(law: BNSL, x: float) -> tuple[float, float]:
    """The formula as it stands, in many digits, and ``ln |y - a|``."""
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 60

    def exact(value: object) -> object:
        ratio = Fraction(value)  # type: ignore[arg-type]
        return mp.mpf(ratio.numerator) / ratio.denominator

    y = exact(law.b) * exact(x) ** -exact(law.c[0])
    for c, d, f in zip(law.c[1:], law.d, law.f, strict=True):
        y *= (1 + (exact(x) / exact(d)) ** (1 / exact(f))) ** (-exact(c) * exact(f))
    return float(exact(law.a) + y), float(mp.log(abs(y)))


# -- published numbers -------------------------------------------------------------------------------------------------


def test_the_demonstration() -> None:
    assert BNSL.papers() == ("demo", "addition-4-digits")
    expected = [1972.32338199, 27.7221134738, 0.427646451454, 9.08266158279]
    assert np.allclose(DEMO([1e6, 1e10, 1e14, 2e20]), expected, rtol=5e-12)
    assert math.isclose(DEMO.slope(1e10), -0.538430104, rel_tol=1e-9)
    segments = DEMO.segments()
    assert np.allclose([-s.exponent for s in segments], [-0.05, -0.54, 0.271, -1.829], rtol=1e-12)
    assert np.allclose([s.prefactor for s in segments], [4660, 6953049.66, 3.077339e-5, 1.319284e38], rtol=3e-7)
    minimum, maximum = DEMO.turning_points()
    assert (minimum.kind, maximum.kind) == ("minimum", "maximum")
    assert 1e14 < minimum.x < maximum.x < 2e20
    assert DEMO.limits() == (math.inf, 0.001)


def test_which_third_width_counts() -> None:
    """The script sets f_3 = 0.3 and then overwrites it; with 0.3 the number at the third break is another."""
    other = BNSL(DEMO.a, DEMO.b, DEMO.c, DEMO.d, (*DEMO.f[:2], 0.3))
    assert not math.isclose(other(2e20), 9.08266158279, rel_tol=0.1)


def test_the_addition_law() -> None:
    expected = [2.135823986479, 2.025993580153, 1.681532550576]
    assert np.allclose(ADDITION([160, 480, ADDITION.d[0]]), expected, rtol=5e-13)
    table = published("bnsl")["tables"]["addition-4-digits"]
    assert len(table["x"]) == len(table["y"]) == 17
    assert ADDITION.rmsle(table["x"], table["y"]) < 0.005


# -- the law -----------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(broken(), powers_of_ten(-4, 8))
def test_values_against_the_literal_formula(law: BNSL, x: float) -> None:
    truth, logarithm = literal(law, x)
    size = 1 + sum(abs(float(c)) for c in law.c)  # of the exponents
    assert math.isclose(law(x), truth, rel_tol=1e-12 * size, abs_tol=1e-14)
    assert math.isclose(law.log_excess(x), logarithm, rel_tol=1e-12, abs_tol=1e-12 * size)


@settings(max_examples=40)
@given(broken(least=1), powers_of_ten(-4, 8))
def test_slopes_against_derivatives(law: BNSL, x: float) -> None:
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 50
    u = mp.log(x)

    def logarithm(v: object) -> object:
        out = -mp.mpf(float(law.c[0])) * v
        for c, d, f in zip(law.c[1:], law.d, law.f, strict=True):
            out -= mp.mpf(float(c)) * float(f) * mp.log(1 + mp.exp((v - mp.log(d)) / float(f)))
        return out

    assert math.isclose(law.slope(x), mp.diff(logarithm, u), rel_tol=1e-10, abs_tol=1e-10)
    assert math.isclose(law.curvature(x), mp.diff(logarithm, u, 2), rel_tol=1e-8, abs_tol=1e-9)


def test_it_does_not_overflow() -> None:
    with pytest.raises(OverflowError):
        (1e300 / DEMO.d[2]) ** (1 / DEMO.f[2])
    assert DEMO(1e300) == 0.001
    assert math.isclose(DEMO.slope(1e300), -1.829, rel_tol=1e-14)
    assert math.isclose(
        DEMO.log_excess(1e300), math.log(DEMO.segments()[-1].prefactor) - 1.829 * math.log(1e300), rel_tol=1e-12
    )
    steep = BNSL(0, 1, [200])
    with pytest.raises(ParameterError, match="use log_excess"):
        steep(1e-300)
    assert steep.log_excess(1e-300) > 1e5
    assert np.isfinite([f(1e-300) for f in (DEMO, DEMO.slope, DEMO.curvature, DEMO.log_excess)]).all()


def test_the_break_is_half_way() -> None:
    law = BNSL(0, 1, (0.2, 0.7), [50], [0.3])
    assert math.isclose(law.slope(50), -0.2 - 0.35, rel_tol=1e-14)
    assert math.isclose(law(50), 50**-0.2 * 2 ** (-0.7 * 0.3), rel_tol=1e-14)


def test_the_width_of_a_break() -> None:
    """From 10 % to 90 % of the change in 2 ln 9 widths of ln x."""
    law = BNSL(0, 1, (0, 1), [50], [0.3])
    for sign, share in ((-1, 0.1), (1, 0.9)):
        assert math.isclose(-law.slope(50 * math.exp(sign * 0.3 * math.log(9))), share, rel_tol=1e-13)
    assert math.isclose(2 * math.log(9), 4.394, abs_tol=5e-4)
    assert math.isclose(2 * math.log10(9), 1.908, abs_tol=5e-4)


def test_a_sharp_break() -> None:
    law = BNSL(0, 1, (0.2, 0.7), [50], [1e-6])
    x = np.geomspace(1, 1e4, 31)
    assert np.allclose(law(x), x**-0.2 * np.maximum(1, x / 50) ** -0.7, rtol=1e-6)


@settings(max_examples=30)
@given(broken(most=3, least=1))
def test_segments_meet_at_the_breaks(law: BNSL) -> None:
    for left, right in pairwise(law.segments()):
        assert left.end == right.start
        values = [s.log_prefactor - s.exponent * math.log(left.end) for s in (left, right)]
        assert math.isclose(*values, rel_tol=1e-12, abs_tol=1e-12)


def test_between_breaks_that_are_far_apart_the_law_is_its_segment() -> None:
    law = BNSL(0.5, 2, (0.1, 0.6, -0.4), [1e4, 1e12], [0.3, 0.2])
    for segment, x in zip(law.segments(), (1.0, 1e8, 1e17), strict=True):
        assert math.isclose(law(x) - 0.5, segment.prefactor * x**-segment.exponent, rel_tol=1e-9)
        assert math.isclose(law.slope(x), -segment.exponent, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("c", "b", "limits"),
    [
        ((1,), 2, (math.inf, 0.5)),
        ((-1,), 2, (0.5, math.inf)),
        ((0,), 2, (2.5, 2.5)),
        ((0.3, -0.3), 2, (math.inf, 0.5 + 2 * 10**-0.3)),
        ((0, 1), -2, (-1.5, 0.5)),
        ((1, -2), -2, (-math.inf, -math.inf)),
    ],
)
def test_limits(c: tuple[float, ...], b: float, limits: tuple[float, float]) -> None:
    law = BNSL(0.5, b, c, [10] * (len(c) - 1), [0.2] * (len(c) - 1))
    assert law.limits() == pytest.approx(limits)
    for limit, x in zip(limits, (1e-150, 1e150), strict=True):
        assert math.isclose(law(x), limit, rel_tol=1e-9) or (
            math.isinf(limit) and law(x) * math.copysign(1, limit) > 1e15
        )


# -- turning points ----------------------------------------------------------------------------------------------------


@given(
    st.fractions(-3, 3, max_denominator=20),
    st.fractions(-3, 3, max_denominator=20),
    powers_of_ten(-3, 6),
    st.fractions(Fraction(1, 20), 2, max_denominator=20),
    st.sampled_from([1, -2]),
)
@example(Fraction(1, 2), Fraction(-1), 10.0, Fraction(1, 3), 1)
def test_one_break_turns_where_the_closed_form_says(c0: Fraction, c1: Fraction, d: float, f: Fraction, b: int) -> None:
    law = BNSL(0, b, (c0, c1), [d], [f])
    points = law.turning_points()
    if c0 * (c0 + c1) >= 0:
        assert points == ()
        return
    (point,) = points
    assert math.isclose(point.x, d * float(-c0 / (c0 + c1)) ** float(f), rel_tol=1e-13)
    assert point.kind == ("minimum" if b * c0 > 0 else "maximum")


def test_the_closed_form_is_derived() -> None:
    import sympy as sp

    found = BNSL.turning_point_formula().rhs
    s = {symbol.name: symbol for symbol in found.free_symbols}
    slope = BNSL.slope_formula_of(1).rhs
    at = slope.subs(s["d_1"] * 0 + sp.Symbol("x", positive=True), found)
    for c0, c1, d, f in [(0.5, -1.5, 10, 0.3), (-0.2, 0.9, 3, 1.2)]:
        values = {s["c_0"]: c0, s["c_1"]: c1, s["d_1"]: d, s["f_1"]: f}
        assert abs(at.subs(values)) < 1e-12
        (point,) = BNSL(0, 1, (c0, c1), [d], [f]).turning_points()
        assert math.isclose(point.x, found.subs(values), rel_tol=1e-12)


@settings(max_examples=60)
@given(broken(least=1))
def test_no_turning_point_is_missed(law: BNSL) -> None:
    try:
        points = law.turning_points()
    except ConvergenceError:
        assume(False)
    u = np.linspace(-150, 160, 40001)
    slope = law.slope(np.exp(u))
    sure = abs(slope) > 1e-12
    signs = np.sign(slope[sure])
    seen = int(np.sum(signs[1:] != signs[:-1]))
    assert seen <= len(points)
    assert (len(points) - seen) % 2 == 0 or not sure[[0, -1]].all()
    for point in points:
        near, far = (law.slope(math.exp(point.log_x + side * 1e-6)) for side in (-1, 1))
        assert near * far < 0 or min(abs(near), abs(far)) < 1e-12
        assert (near * float(law.b) > 0) == (point.kind == "maximum") or abs(near) < 1e-12
        assert 0 < point.radius < 1e-13 * max(1, abs(point.log_x))


def test_the_number_of_turning_points_is_that_of_sign_changes_if_breaks_are_far_apart() -> None:
    law = BNSL(0, 1, (0.3, -0.8, 1.2, -1.4), [1e3, 1e6, 1e9], [0.1] * 3)
    assert [point.kind for point in law.turning_points()] == ["minimum", "maximum", "minimum"]
    near = BNSL(0, 1, (0.3, -0.8, 1.2), [1e3, 1.01e3], [0.5] * 2)  # Γ = 0.3, −0.5, 0.7, and yet monotone
    assert near.turning_points() == ()


def test_exponents_of_one_sign_do_not_make_it_monotone() -> None:
    """Γ_j > 0 for all j suffices with equal widths, not with unequal ones: the σ's cross, and the claim has to say so."""
    law = BNSL(0, 1, (0.2, 3, -3), [10, 11], [3, 0.01])
    assert all(segment.exponent > 0 for segment in law.segments())
    assert len(law.turning_points()) == 2
    equal = BNSL(0, 1, (0.2, 3, -3), [10, 11], [1, 1])
    assert equal.turning_points() == ()


@settings(max_examples=30)
@given(broken(least=1), st.sampled_from([0.05, 0.4, 1.5]))
def test_equal_widths_and_exponents_of_one_sign_make_it_monotone(law: BNSL, width: float) -> None:
    rising = [abs(g) + Fraction(1, 100) for g in map(Fraction, law.c)]
    c = [rising[0], *(after - before for before, after in pairwise(rising))]
    assert BNSL(0, 1, c, law.d, [width] * law.n).turning_points() == ()


@settings(max_examples=30)
@given(broken(least=1))
def test_changes_and_exponents_of_one_sign_make_it_monotone(law: BNSL) -> None:
    c = [abs(Fraction(each)) for each in law.c]
    assert BNSL(0, 1, c, law.d, law.f).turning_points() == ()
    assert BNSL(0, 1, [-each for each in c], law.d, law.f).turning_points() == ()


def test_limits_in_which_the_slope_vanishes() -> None:
    law = BNSL(0, 1, (0, -1, 2), [10, 1000], [0.5, 0.2])
    assert [point.kind for point in law.turning_points()] == ["maximum"]
    law = BNSL(0, 1, (0.5, -1.5, 1), [10, 1000], [0.5, 0.2])  # Γ_2 = 0, and the wider break has the last word
    assert [point.kind for point in law.turning_points()] == ["minimum", "maximum"]
    assert law.slope(1e6) < 0
    law = BNSL(0, 1, (0.5, -1.5, 1), [10, 1000], [0.2, 0.5])
    assert [point.kind for point in law.turning_points()] == ["minimum"]
    assert law.slope(1e6) > 0
    assert BNSL(0, 1, (0, 1), [10], [1]).turning_points() == ()
    assert BNSL(0, 1, [0]).turning_points() == BNSL(0, 1, [0.5]).turning_points() == ()
    assert BNSL(0, 1, (0.5, 1, -1), [3, 3], [1, 1]).turning_points() == ()


@pytest.mark.parametrize("scale", [1, 30, Fraction(1, 7)])
@pytest.mark.parametrize("b", [1, -2])
def test_a_slope_that_touches_zero_is_level_there(scale: Fraction, b: int) -> None:
    """The slope is −1 + 3(σ_1 − σ_2), and σ_1 − σ_2 is at most 2/3 − 1/3, at the middle."""
    law = BNSL(0, b, (1, -3, 3), [scale / Fraction(2), scale * 2], [1, 1])
    (point,) = law.stationary_points()
    assert point.kind == "level"
    assert math.isclose(point.x, scale, rel_tol=1e-15)
    assert abs(point.log_x - math.log(scale)) <= point.radius + 1e-15
    assert 0 < point.radius < 1e-15 * max(1, abs(point.log_x))
    assert law.turning_points() == ()
    assert math.isclose(law.inverse(law(scale / 3)), scale / 3, rel_tol=1e-9)


@pytest.mark.parametrize("nudge", [Fraction(1, 10**6), Fraction(1, 10**20), Fraction(1, 10**35)])
def test_a_slope_that_nearly_touches_zero(nudge: Fraction) -> None:
    above, below = (BNSL(0, 1, (1 - side * nudge, -3, 3), [Fraction(1, 2), 2], [1, 1]) for side in (1, -1))
    assert [point.kind for point in above.stationary_points()] == ["minimum", "maximum"]
    assert below.stationary_points() == ()


def test_zeros_of_higher_order() -> None:
    """A slope (z−1)³ over positive factors crosses zero flatly; (z−1)⁴ touches it flatly."""
    import sympy as sp

    z = sp.Symbol("z", positive=True)
    for order, kind in ((3, "minimum"), (4, "level")):
        places = [sp.Integer(2) ** k for k in range(order)]
        # −c_0 − Σ c_i z/(z+ρ_i) is −(z−1)^order/Π(z+ρ_i), by partial fractions of that over z
        target = (z - 1) ** order / sp.prod([z + rho for rho in places])
        c0 = target.subs(z, 0)
        rest = sp.cancel((target - c0) / z)
        changes = [sp.limit(rest * (z + rho), z, -rho) for rho in places]
        law = BNSL(
            0, 1, [Fraction(str(c)) for c in (c0, *changes)], [Fraction(str(rho)) for rho in places], [1] * order
        )
        (point,) = law.stationary_points()
        assert math.isclose(point.x, 1, rel_tol=1e-15)
        assert point.kind == ("maximum" if order == 3 else kind)
        assert len(law.turning_points()) == (order == 3)


def test_different_widths_that_touch() -> None:
    """With widths 1 and 1/2 the slope is rational in x: here −(x−1)²(x+5/2)/((x+1)(x²+4)) at its one zero."""
    from scalesym.laws._isolation import zeros

    # P(x) = −c_0(x+ρ)(x²+s) − c_1 x(x²+s) − c_2 x²(x+ρ) with a double zero at 1: two conditions on c_1/c_0 and c_2/c_0
    rho, s = Fraction(1), Fraction(4)
    value = ((1 + rho) * (1 + s), 1 + s, 1 + rho)
    slope = ((1 + s) + 2 * (1 + rho), (1 + s) + 2, 2 * (1 + rho) + 1)
    det = value[1] * slope[2] - value[2] * slope[1]
    c1 = (-value[0] * slope[2] + value[2] * slope[0]) / det
    c2 = (-value[1] * slope[0] + value[0] * slope[1]) / det
    law = BNSL(0, 1, (1, c1, c2), [rho, 2], [1, Fraction(1, 2)])
    (point,) = law.stationary_points()
    assert (point.kind, round(point.x, 14)) == ("level", 1)
    (zero,) = zeros(Fraction(1), [(c1, rho, Fraction(1)), (c2, Fraction(2), Fraction(1, 2))])
    assert zero.before == zero.after != 0


# -- inverse, merging, Astropy -----------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(broken(), powers_of_ten(-3, 5))
def test_the_inverse_of_a_monotone_law(law: BNSL, x: float) -> None:
    try:
        turning = law.turning_points()
    except ConvergenceError:
        return
    if turning:
        with pytest.raises(ParameterError, match="turns at"):
            law.inverse(1)
        return
    slope, y = law.slope(x), law(x)
    if abs(slope) < 1e-3 or abs(y - law.a) < 1e-6:
        return
    found = law.inverse(y)
    assert math.isclose(law(found), y, rel_tol=1e-9, abs_tol=1e-12)
    assert math.isclose(found, x, rel_tol=1e-6)


def test_values_that_a_law_does_not_take() -> None:
    law = BNSL(0.5, 2, (0, 1), [10], [0.3])
    assert math.isclose(law(law.inverse(1.7)), 1.7)
    assert np.allclose(law(law.inverse([0.6, 1, 2.4])), [0.6, 1, 2.4])
    for y in (0.5, 2.5, 0, 3):
        with pytest.raises(ParameterError, match="does not take it"):
            law.inverse(y)


@settings(max_examples=30)
@given(broken(), powers_of_ten(-3, 6))
def test_merging_changes_no_value(law: BNSL, x: float) -> None:
    doubled = BNSL(law.a, law.b, (*law.c, *law.c[1:], 0), (*law.d, *law.d, 5), (*law.f, *law.f, 1))
    merged = doubled.merge_breaks()
    assert merged.n <= law.n
    assert math.isclose(merged.log_excess(x), doubled.log_excess(x), rel_tol=1e-11, abs_tol=1e-11)
    assert merged.merge_breaks() == merged
    assert all(merged.c[1:])


def test_the_order_of_breaks_is_no_part_of_the_law() -> None:
    assert BNSL(0, 1, (1, 2, 3), [9, 4], [1, 2]) == BNSL(0, 1, (1, 3, 2), [4, 9], [2, 1])


def smoothly_broken(x: float, amplitude: float, x_break: float, alpha_1: float, alpha_2: float, delta: float) -> float:
    """Astropy's model as its documentation writes it."""
    return (
        amplitude
        * (x / x_break) ** -alpha_1
        * (0.5 * (1 + (x / x_break) ** (1 / delta))) ** ((alpha_1 - alpha_2) * delta)
    )


@given(
    powers_of_ten(-2, 2),
    powers_of_ten(-1, 3),
    st.integers(-20, 20),
    st.integers(-20, 20),
    st.floats(0.05, 2),
    powers_of_ten(-2, 4),
)
def test_astropy_both_ways(amplitude: float, x_break: float, first: float, last: float, delta: float, x: float) -> None:
    first, last = first / 10, last / 10
    law = BNSL.from_astropy(amplitude, x_break, first, last, delta)
    assert math.isclose(law(x), smoothly_broken(x, amplitude, x_break, first, last, delta), rel_tol=1e-10)
    back = law.to_astropy()
    assert math.isclose(smoothly_broken(x, **back), law(x), rel_tol=1e-10)
    assert math.isclose(back["amplitude"], amplitude, rel_tol=1e-12)


def test_astropy_itself() -> None:
    models = pytest.importorskip("astropy.modeling.models")
    law = BNSL(0, 3, (0.2, 0.9), [40], [0.3])
    x = np.geomspace(1, 1e4, 20)
    assert np.allclose(models.SmoothlyBrokenPowerLaw1D(**law.to_astropy())(x), law(x), rtol=1e-12)


def test_what_astropy_cannot_express() -> None:
    with pytest.raises(ParameterError, match="one break"):
        DEMO.to_astropy()
    with pytest.raises(ParameterError, match="no limit"):
        ADDITION.to_astropy()


# -- domain ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "constants",
    [
        (0, 0, [1], [], []),
        (0, 1, [], [], []),
        (0, 1, [1, 2], [], []),
        (0, 1, [1, 2], [3], []),
        (0, 1, [1, 2], [-3], [1]),
        (0, 1, [1, 2], [0], [1]),
        (0, 1, [1, 2], [3], [-1]),
        (0, 1, [1, 2], [3], [0]),
        (0, 1, "12", [3], [1]),
        (math.nan, 1, [1], [], []),
        (0, 1, [math.inf], [], []),
        (0, 1, [[1]], [], []),
    ],
)
def test_constants_outside_their_domain(constants: tuple[object, ...]) -> None:
    with pytest.raises(ParameterError):
        BNSL(*constants)  # type: ignore[arg-type]


@given(objects())
def test_hostile_inputs(value: object) -> None:
    for call in (ADDITION, ADDITION.slope, ADDITION.curvature, ADDITION.inverse, ADDITION.log_excess, BNSL.formula_of):
        if call is BNSL.formula_of and isinstance(value, int | float) and value > 9:
            continue
        try:
            call(value)
        except ParameterError:
            continue


@pytest.mark.parametrize("x", [0, -1, [1, 0], math.inf, math.nan])
def test_x_is_positive(x: object) -> None:
    with pytest.raises(ParameterError):
        DEMO(x)


def test_formulas_are_what_is_computed() -> None:
    formula = DEMO.formula
    values = {"a": DEMO.a, "b": DEMO.b, "x": 1e9} | {f"c_{i}": c for i, c in enumerate(DEMO.c)}
    values |= {f"d_{i + 1}": d for i, d in enumerate(DEMO.d)} | {f"f_{i + 1}": f for i, f in enumerate(DEMO.f)}
    numbers = {s: values[s.name] for s in formula.rhs.free_symbols}
    assert math.isclose(formula.rhs.subs(numbers), DEMO(1e9), rel_tol=1e-12)
    slope = BNSL.slope_formula_of(3).rhs
    assert math.isclose(slope.subs({s: values[s.name] for s in slope.free_symbols}), DEMO.slope(1e9), rel_tol=1e-12)
    assert DEMO.latex.startswith("y = a + b x^{- c_{0}}")
    with pytest.raises(ParameterError):
        BNSL.formula_of(-1)


# -- fits --------------------------------------------------------------------------------------------------------------


def close(found: BNSL, law: BNSL, within: float) -> bool:
    pairs = zip((found.a, found.b, *found.c, *found.d, *found.f), (law.a, law.b, *law.c, *law.d, *law.f), strict=True)
    return all(math.isclose(one, other, rel_tol=within) for one, other in pairs)


@pytest.mark.parametrize(
    "law",
    [
        BNSL(0.3, 2, [0.4]),
        BNSL(0.9, -0.7, (0.1, 0.5), [300], [0.2]),
        BNSL(0.2, 3, (0.3, -0.8, 1.2), [30, 2000], [0.2, 0.4]),
        BNSL(0.1, 3, (0.05, 0.5, -0.8, 2), [30, 2000, 1e5], [0.5, 0.4, 0.05]),
    ],
    ids=["no break", "increasing", "double descent", "three breaks"],
)
def test_a_fit_recovers_the_truth(law: BNSL) -> None:
    x = np.geomspace(1, 1e6, 70)
    found = BNSL.fit(x, law(x), law.n)
    assert found.success
    assert close(found.law, law, 1e-6)


def test_the_measured_points_and_where_the_published_constants_come_from() -> None:
    """The least squares fit to the first 14 points is the published noiseless truth, to six digits."""
    table = published("bnsl")["tables"]["addition-4-digits"]
    x, y, k = np.array(table["x"]), np.array(table["y"]), table["fitted"]
    found = BNSL.fit(x[:k], y[:k])
    assert close(found.law, ADDITION, 1e-6)
    assert found.objective <= np.mean((np.log1p(ADDITION(x[:k])) - np.log1p(y[:k])) ** 2)
    assert found.law.rmsle(x[k:], y[k:]) < 0.011
    worse = BNSL(ADDITION.a, ADDITION.b, (ADDITION.c[0], ADDITION.c[1] * 1.01), ADDITION.d, ADDITION.f)
    assert found.objective < np.mean((np.log1p(worse(x[:k])) - np.log1p(y[:k])) ** 2)


def test_few_points_have_several_optima() -> None:
    """As many points as constants: the optimum is an interpolation, and the grid of starts alone stops at a worse one."""
    rng = np.random.default_rng(5)
    for d in (20, 300):
        law = BNSL(0.5, 2, (0.1, 0.9), [d], [0.3])
        x = np.geomspace(1, 1e4, 7)
        assert BNSL.fit(x, law(x)).objective < 1e-15
        noisy = law(x) * np.exp(1e-3 * rng.normal(size=7))
        found = BNSL.fit(x, noisy)
        assert found.objective <= np.mean((np.log1p(law(x)) - np.log1p(noisy)) ** 2)


def test_extrapolation() -> None:
    x = np.geomspace(1, 1e5, 50)
    law = BNSL(0.3, 2, (0.1, 0.8), [200], [0.3])
    found = BNSL.extrapolate(x, law(x), 2000)
    assert found.fit.law == BNSL.fit(x[x <= 2000], law(x[x <= 2000])).law
    assert len(found.errors) == np.sum(x > 2000)
    assert found.beyond == pytest.approx(math.sqrt(np.mean(found.errors**2)))
    assert found.within < 1e-8 > found.beyond
    unseen = BNSL.extrapolate(x, law(x), 60, n=0)  # a power law cannot know of the break
    assert unseen.beyond > 0.1 > unseen.within
    assert unseen.beyond == pytest.approx(unseen.fit.law.rmsle(x[x > 60], law(x[x > 60])))
    for limit in (1e5, -1, 2):
        with pytest.raises(ParameterError):
            BNSL.extrapolate(x, law(x), limit)


def test_a_fit_to_noise_with_a_bootstrap() -> None:
    law = BNSL(0.3, 2, (0.1, 0.8), [200], [0.3])
    x = np.geomspace(1, 1e5, 60)
    y = law(x) * np.exp(0.003 * np.random.default_rng(2).normal(size=60))
    found = BNSL.fit(x, y, bootstrap=20, seed=3)
    intervals = found.interval(0.98)
    assert 0 < found.errors()["c1"] < 0.3
    assert intervals["d1"][0] < 200 < intervals["d1"][1]
    assert intervals["c1"][0] < 0.8 < intervals["c1"][1]
    assert set(found.samples) == set(found.parameters) == {"a", "b", "c0", "c1", "d1", "f1"}


def test_constants_that_leave_double_precision_are_refused() -> None:
    """``1 + (x/1e35)^{-9}`` has b = 1e315; so has the same law at small x, and a start at another mean of ln x."""
    from scalesym.laws import _breaks

    x = np.geomspace(1e30, 1e40, 20)
    for at in (x, 1 / x):
        with pytest.raises(ParameterError, match="leave double precision; give it in other units, such as x/1e"):
            BNSL.fit(at, 1 + (x / 1e35) ** -9, 0)
    found = BNSL.fit(x / 1e35, 1 + (x / 1e35) ** -9, 0, bootstrap=2)
    assert close(found.law, BNSL(1, 1, [9]), 1e-9)
    theta = np.array([1.0, 1.0, 50.0])
    assert _breaks._recentred(theta, np.zeros(2), np.full(2, -15.0)) is None  # B = e^750
    assert _breaks._recentred(theta, np.zeros(2), np.full(2, 15.0)) is None
    assert _breaks._recentred(theta, np.zeros(2), np.full(2, -1.0))[1] == pytest.approx(math.exp(50))
    assert _breaks._named(theta, np.full(2, 15.0)) is None


def test_data_that_cannot_be_fitted() -> None:
    x = np.geomspace(1, 100, 8)
    y = 1 + x**-0.5
    for arguments in [
        (x[:5], y[:5]),
        (x, y[:7]),
        (-x, y),
        (x, y - 3),
        (x, np.ones(8)),
        (x, y, 3),
        (x, y, -1),
        (x, y, 9),
        (x, "y"),
    ]:
        with pytest.raises(ParameterError):
            BNSL.fit(*arguments)
    with pytest.raises(ParameterError, match="logarithm"):
        BNSL(-5, 1, [1]).rmsle(x, y)


# -- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", laws_bnsl.CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
