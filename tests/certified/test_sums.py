"""Power sums in balls, against closed forms, direct sums in mpmath, and each other's roads."""

import dataclasses
import math
import random
from fractions import Fraction

import pytest
from mpmath import MPContext

from scalesym.certified import euler_maclaurin, levels, sums
from scalesym.certified.euler_maclaurin import long_sums, remainder_plan
from scalesym.certified.sums import PowerSums
from scalesym.errors import ParameterError
from scalesym.precision import arb_of, flint_digits

MP = MPContext()
MP.dps = 60


def to_mp(x):
    mantissa, exponent = x.man_exp()
    return MP.ldexp(MP.mpf(int(mantissa)), int(exponent))


def within(ball, x, slack="1e-50"):
    """Whether the ball (or rectangle) contains an mpmath number, up to that number's own error."""
    if hasattr(x, "imag") and x.imag:
        return within(ball.real, x.real, slack) and within(ball.imag, x.imag, slack)
    if not hasattr(ball, "man_exp"):
        ball = ball.real
    size = abs(MP.mpf(slack) * (1 + abs(x)))
    return ball.is_finite() and abs(to_mp(ball.mid()) - MP.mpf(x.real)) <= to_mp(ball.rad()) + size


def direct(model, zeta):
    """``D_1, D_1', N, D_1''`` term by term in mpmath."""
    totals = [MP.mpc(0)] * 4
    p, q = MP.mpf(model.p.numerator) / model.p.denominator, MP.mpf(model.q.numerator) / model.q.denominator
    for j in range(1, model.v + 1):
        x, w = MP.mpf(j) ** -p, MP.mpf(j) ** -q
        parts = (x / (x + zeta), -x / (x + zeta) ** 2, w / (x + zeta), 2 * x / (x + zeta) ** 3)
        totals = [t + part for t, part in zip(totals, parts, strict=True)]
    return totals


def exact(real, imag=None):
    """The same number for flint, exactly, and for mpmath."""
    from flint import acb, arb

    if imag is None:
        return arb(real), MP.mpf(real)
    return acb(real, imag), MP.mpc(real, imag)


def draw(rng):
    p = Fraction(rng.choice((rng.randint(1, 60), rng.choice((5, 10, 20, 40, 60)))), 10)
    model = PowerSums(p, Fraction(rng.randint(-5, 60), 10), rng.choice((1, 2, 7, 30, 90)))
    size = 10.0 ** rng.uniform(-8, 1)
    kind = rng.randrange(4)
    if kind == 0:
        return model, exact(size)
    if kind == 1:
        return model, exact(-1 - size)
    return model, exact(rng.uniform(-1, 1) * size, rng.choice((-1, 1)) * rng.uniform(0.01, 1) * size)


def test_200_random_sums_contain_the_direct_ones():
    rng = random.Random(8)
    with flint_digits(20):
        for _ in range(200):
            model, (zeta, z) = draw(rng)
            d1, slope, n = model.all(zeta)
            found = (d1, slope, n, model.second(zeta))
            for ball, right in zip(found, direct(model, z), strict=True):
                assert within(ball, right), (model, z)
            assert found[0].rel_accuracy_bits() > 40, (model, z)
            assert model.d1(zeta).overlaps(d1)
            assert model.targets(zeta).overlaps(n)


def test_at_alpha_one_the_infinite_sum_is_a_hyperbolic_cotangent():
    from flint import acb, arb

    model = PowerSums(Fraction(2), Fraction(4), None)
    with flint_digits(40):
        for zeta in (arb("1e-9"), arb("1e-3"), arb(7), arb(-3), acb("1e-5", "1e-5"), acb("-1e-4", "1e-4"), acb(-2, 1)):
            a = 1 / acb(zeta).sqrt()
            closed = acb.pi() * a / 2 * (acb.pi() * a).coth() - acb(0.5)
            d1, _, n = model.all(zeta)
            for ball, right in ((d1, closed), (n, arb.pi() ** 2 / 6 - zeta * closed)):
                assert acb(ball).overlaps(right), zeta
                assert ball.rel_accuracy_bits() > 90
                assert right.rel_accuracy_bits() > 90
            assert not acb(d1 + acb("1e-30")).overlaps(closed)


def test_without_its_last_term_a_sum_is_another_number():
    from flint import arb

    with flint_digits(30):
        for v in (20, 2000, 10**6):
            whole, cut = (PowerSums(Fraction(2), Fraction(3), n).d1(arb("1e-3")) for n in (v, v - 1))
            assert not whole.overlaps(cut)
            assert (whole - cut).overlaps(1 / (1 + arb("1e-3") * arb(v) ** 2))


ROADS = [
    (Fraction(2), Fraction(17, 5), 700),
    (Fraction(3, 5), Fraction(11, 10), 700),
    (Fraction(1), Fraction(2), 1500),
    (Fraction(1, 2), Fraction(3, 2), 700),
    (Fraction(6), Fraction(7), 700),
    (Fraction(7, 5), Fraction(6, 5), 700),
]


@pytest.mark.parametrize(("p", "q", "v"), ROADS)
def test_euler_maclaurin_and_the_moments_agree(p, q, v, monkeypatch):
    from flint import acb, arb

    model = PowerSums(p, q, v)
    kinds = [(p, 1), (p, 2), (q, 1), (p, 3)]
    with flint_digits(25):
        for zeta in (arb("1e-5"), arb("1e-2"), arb("-1.2"), acb("1e-4", "3e-4"), acb("-1e-3", "2e-3"), acb(-2, "0.1")):
            turning = float(abs(zeta)) ** (-1 / float(p))
            plan = remainder_plan(p, zeta, 90, turning)
            if plan is None or plan.start > v:
                continue
            with monkeypatch.context() as patch:  # the moments and the plain middle alone
                patch.setattr(sums, "remainder_plan", lambda *_: None)
                d1, slope, n = model.all(zeta)
                expected = (d1, -slope, n, model.second(zeta) / 2)
            rest = long_sums(p, kinds, v, zeta, plan)
            for (s, m), tail, whole in zip(kinds, rest, expected, strict=True):
                head = sum(
                    (1 / arb(j) ** arb_of(s) / (1 / arb(j) ** arb_of(p) + zeta) ** m for j in range(1, plan.start)),
                    arb(0),
                )
                assert acb(head + tail).overlaps(acb(whole)), (zeta, s, m)
                assert whole.rel_accuracy_bits() > 60
                assert (head + tail).rel_accuracy_bits() > 40


def test_the_remainder_of_euler_maclaurin_is_needed_and_enough(monkeypatch):
    from flint import arb

    p, zeta = Fraction(2), "1e-4"
    with flint_digits(60):
        right = PowerSums(p, Fraction(3), 5000).d1(arb(zeta))
        plan = dataclasses.replace(remainder_plan(p, arb(zeta), 40, 100.0), derivatives=6)
        head = sum((1 / (1 + arb(zeta) * j**2) for j in range(1, plan.start)), arb(0))
        short = head + long_sums(p, [(p, 1)], 5000, arb(zeta), plan)[0]
        assert short.contains(right)
        assert 1e-20 < float(short.rad()) < 1e-6
        monkeypatch.setattr(euler_maclaurin, "_remainder", lambda *_: arb(0))
        bare = head + long_sums(p, [(p, 1)], 5000, arb(zeta), plan)[0]
        assert not bare.overlaps(right)


def test_the_remainder_of_the_moments_is_needed_and_enough(monkeypatch):
    from flint import arb

    with flint_digits(40):
        model, zeta = PowerSums(Fraction(2), Fraction(3), 60), arb("0.013")
        tail = model._tail(20, zeta, ((0, 1),), 12)[0]
        expected = sum((1 / (1 + zeta * j**2) for j in range(20, 61)), arb(0))
        assert tail.contains(expected)
        assert tail.rel_accuracy_bits() < 60
        monkeypatch.setattr(sums, "_around_zero", lambda zeta, bound: arb(0))
        assert not model._tail(20, zeta, ((0, 1),), 12)[0].overlaps(expected)


def test_wide_balls_contain_the_values_at_all_their_points():
    from flint import acb, arb

    rng = random.Random(9)
    with flint_digits(20):
        for v in (5, 60, 3000, None):
            model = PowerSums(Fraction(2), Fraction(12, 5), v)
            for _ in range(12):
                x, y = 10.0 ** rng.uniform(-6, 0.5), rng.uniform(-0.9, 3)
                width = x * rng.choice((0.3, 0.05, 1e-3))
                ball = acb(arb(x * y, width), arb(x, width))
                whole = (*model.all(ball), model.second(ball))
                for _ in range(3):
                    point = acb(x * y + width * rng.uniform(-1, 1), x + width * rng.uniform(-1, 1))
                    for outer, inner in zip(whole, (*model.all(point), model.second(point)), strict=True):
                        assert not outer.is_finite() or outer.contains(inner), (v, ball)
            assert model.d1(acb(arb("1e-3", "1e-4"), arb(0, "1e-4"))).is_finite()
            assert not model.d1(acb(arb(-1, "0.1"), arb(0, "0.1"))).is_finite()  # a pole is inside
            assert not model.d1(acb(float("nan"), 1)).is_finite()
    with flint_digits(20):
        assert not PowerSums(Fraction(2), Fraction(3), None).d1(acb(arb("-1e-9", "1e-10"), arb(0, "1e-30"))).is_finite()
        assert not PowerSums(Fraction(2), Fraction(3), None).d1(arb(0, "1e-9")).is_finite()
        assert PowerSums(Fraction(2), Fraction(3), 5).d1(arb(0)).contains(5)


def test_a_radius_that_is_too_small_is_caught():
    from flint import arb

    rng, caught = random.Random(10), 0
    for _ in range(40):
        model, (zeta, _) = draw(rng)
        with flint_digits(20):
            ball = model.all(zeta)[0]
            real = ball if hasattr(ball, "man_exp") else ball.real
            claimed = arb(real.mid(), real.rad() / 10**6)
        with flint_digits(60):
            fine = model.all(zeta)[0]
            fine = fine if hasattr(fine, "man_exp") else fine.real
            assert real.contains(fine)
            caught += not claimed.contains(fine)
    assert caught > 20


def test_power_sums_of_any_length():
    from flint import arb

    with flint_digits(30):
        for v in (1, 50, 5000):
            for s in (Fraction(1), Fraction(3, 2), Fraction(-1, 3)):
                right = MP.fsum(MP.mpf(j) ** (-MP.mpf(s.numerator) / s.denominator) for j in range(1, v + 1))
                assert within(PowerSums(Fraction(1), Fraction(1), v).power_sum(s), right, "1e-45")
        infinite = PowerSums(Fraction(2), Fraction(2), None)
        assert infinite.power_sum(Fraction(2)).overlaps(arb.pi() ** 2 / 6)
        harmonic = PowerSums(Fraction(1), Fraction(1), 10**12).power_sum(Fraction(1))
        assert harmonic.overlaps(arb(10**12).log() + arb.const_euler() + arb("5e-13") - 1 / arb(12) / arb(10) ** 24)
        with pytest.raises(ParameterError, match="diverges"):
            infinite.power_sum(Fraction(1))


@pytest.mark.parametrize(
    ("p", "q", "v", "reason"),
    [
        ("0", "2", 5, "1/1000"),
        ("1", "2", None, "diverge"),
        ("2", "1", None, "diverge"),
        ("2", "2", 0, "v is at most"),
        ("2", "2", 10**25, "v is at most"),
        ("101", "2", 3, "1/1000"),
        ("1", "-201", 3, "200"),
    ],
)
def test_what_is_out_of_reach_is_refused(p, q, v, reason):
    with pytest.raises(ParameterError, match=reason):
        PowerSums(Fraction(p), Fraction(q), v)


def test_precision_is_not_touched_and_caches_are_bounded():
    from flint import arb, ctx

    before = ctx.prec
    PowerSums(Fraction(2), Fraction(3), 50).all(arb("1e-2"))
    assert ctx.prec == before
    for cached in (levels.tail_series, levels.head_series, levels._moments, levels._inverse_moments):
        assert cached.cache_info().maxsize is not None
    assert math.isfinite(before)
