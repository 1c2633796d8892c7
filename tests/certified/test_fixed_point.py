"""The certified fixed point against exact polynomials, direct computations in mpmath, and false statements."""

import random
from fractions import Fraction

import pytest
from certified_polynomials import RationalModel, real
from mpmath import MPContext

from scalesym import PLRF
from scalesym.certified.enclosure import Enclosure, refine
from scalesym.certified.fixed_point import FixedPoint
from scalesym.certified.roots import falling_root, newton_root, sign_change
from scalesym.certified.sums import PowerSums
from scalesym.errors import ConvergenceError, ParameterError
from scalesym.precision import flint_digits

MP = MPContext()
MP.dps = 60

SMALL = [(2, 3, 12, 4), (1, 2, 9, 7), (3, 2, 6, 2), (2, 5, 5, 1), (1, 1, 20, 6)]


def of(p, q, v, d):
    return FixedPoint(PowerSums(Fraction(p), Fraction(q), v), Fraction(d))


def same(ball, other, bits=80):
    """Both narrow, and one number at least in common."""
    from flint import acb

    return acb(ball).overlaps(acb(other)) and min(ball.rel_accuracy_bits(), other.rel_accuracy_bits()) > bits


@pytest.mark.parametrize(("p", "q", "v", "d"), SMALL)
def test_zeta0_and_the_forcing_limit_are_those_of_the_polynomial(p, q, v, d):
    exact, point = RationalModel(p, q, v, d), of(p, q, v, d)
    with flint_digits(30):
        roots = real(exact.d1_equals(d))
        assert len(roots) == v  # all are real
        assert [bool(root > 0) for root in roots] == [False] * (v - 1) + [True]
        assert same(point.zeta0(), roots[-1])
        ball = Enclosure.of(roots[-1])
        low, high = exact.forcing(ball.low), exact.forcing(ball.high)
        found = Enclosure.of(point.forcing_limit())
        assert found.low <= high
        assert low <= found.high
        assert high - low < found.centre / 10**25
        assert found.digits > 25
        assert not point.zeta0().overlaps(of(p, q, v - 1, d).zeta0() if v - 1 > d else roots[-2])  # j = v dropped
        assert same(point.kappa(), 1 / (roots[-1] * d**p))


@pytest.mark.parametrize(("p", "q", "v", "d"), SMALL)
def test_the_edges_are_critical_values_of_the_rational_function(p, q, v, d):
    exact, point = RationalModel(p, q, v, d), of(p, q, v, d)
    with flint_digits(40):
        critical = real(exact.critical_points())
        right, left = [x for x in critical if x > 0], [x for x in critical if x < -1]
        assert len(right) == len(left) == 1
        low, high = point.edges()
        assert same(low, exact.z(right[0]))
        assert same(high, exact.z(left[0]))
        assert low < high
        assert high > 1


POINTS = [("3/10", "1/10"), ("-2", "1/1000"), ("1/2", "-1/4"), ("7/5", "1/100"), ("0", "3")]


@pytest.mark.parametrize(("p", "q", "v", "d"), SMALL)
def test_the_physical_root_is_the_only_one_below_the_axis(p, q, v, d):
    from flint import acb, arb, fmpq

    exact, point = RationalModel(p, q, v, d), of(p, q, v, d)
    with flint_digits(30):
        for text in POINTS:
            x, y = map(Fraction, text)
            z = acb(arb(fmpq(x.numerator, x.denominator)), arb(fmpq(y.numerator, y.denominator)))
            roots = exact.preimages((x, y))
            assert len(roots) == v + 1
            physical = [root for root in roots if root.imag * z.imag < 0]
            assert len(physical) == 1
            found = point.zeta(z)
            assert same(found, physical[0], 60)
            assert same(point.m(z), 1 - exact.d1(physical[0]) / d, 60)
            assert point.m(z).imag * z.imag < 0
            for wrong in roots:  # whatever the iteration starts from
                again = point.zeta(z, near=wrong)
                assert again.overlaps(found)
                assert again.imag * z.imag < 0


@pytest.mark.parametrize(("p", "q", "v", "d"), SMALL[:3])
def test_on_the_real_axis_it_is_the_limit_from_above(p, q, v, d):
    from flint import acb, arb, fmpq

    exact, point = RationalModel(p, q, v, d), of(p, q, v, d)
    with flint_digits(40):
        low, high = (float(edge.mid()) for edge in point.edges())
        kinds = set()
        for x in (
            -3.0,
            -low / 7,
            low / 3,
            1.2 * low,
            (low + high) / 2,
            low + 0.95 * (high - low),
            high + 0.01,
            high + 4,
        ):
            z = Fraction(x).limit_denominator(10**6)
            ball = arb(fmpq(z.numerator, z.denominator))
            found = point.zeta(ball)
            assert found.is_finite()
            roots = exact.preimages((z, Fraction(0)))
            below = [root for root in roots if root.imag < 0]
            assert len(below) <= 1
            kinds.add(len(below))
            if below:
                assert same(found, below[0])
            else:
                assert sum(1 for root in real(roots) if root.overlaps(found)) == 1
            near = point.zeta(acb(ball, arb("1e-25")))
            assert (acb(found) - near).abs_upper() < 1e-10
        assert kinds == {0, 1}
        assert point.zeta(arb(0)).overlaps(point.zeta0())
        assert point.m(arb(0)).contains(0)


def test_at_an_edge_and_across_the_axis_nothing_is_claimed():
    from flint import acb, arb

    point = of(2, 3, 12, 4)
    with flint_digits(30):
        low, high = point.edges()
        assert not point.zeta(high).is_finite()
        assert not point.zeta(low).is_finite()
        assert not point.zeta(acb(0.3, arb(0, "1e-9"))).is_finite()
    with pytest.raises(ConvergenceError):
        refine(lambda: point.zeta(acb(0.3, arb(0, "1e-9"))), 10)


@pytest.mark.parametrize(("d", "v"), [("0", 5), ("-1", 5), ("5", 5), ("6", 5)])
def test_a_fixed_point_that_does_not_exist_is_refused(d, v):
    with pytest.raises(ParameterError):
        of(2, 3, v, d)


def test_false_roots_are_refused():
    from flint import acb, arb

    with flint_digits(20):
        assert not sign_change(lambda x: (x**2, 2 * x), arb("1e-8")).is_finite()  # touches 0 without changing sign
        assert not sign_change(lambda x: (x - 1, arb(10) ** 6), arb(2)).is_finite()  # the signs near 2 are alike
        assert not newton_root(lambda x: (x**2 + 1, 2 * x), arb(0.3)).is_finite()
        assert not newton_root(lambda x: ((x - 1) ** 2, 2 * (x - 1)), arb(1.5)).is_finite()  # a double root
        assert not newton_root(lambda x: (x.exp(), x.exp()), acb(1, 1)).is_finite()
        assert not falling_root(lambda x: (1 / x + 1, -1 / x**2), arb(1)).is_finite()
        root = newton_root(lambda x: (x**2 + 1, 2 * x), acb(0.3, 2))
        assert root.contains(acb(0, 1))
        assert not root.contains(acb(0, -1))
        wide = arb(2, "1e-10")  # an equation known to ten digits gives a root known to ten digits
        root = newton_root(lambda x: (x**2 - wide, 2 * x), arb(1.5))
        assert root.contains(arb("2.00000000009").sqrt())
        assert not root.contains(arb("2.0000000003").sqrt())


def random_point(rng):
    p = Fraction(rng.randint(3, 50), 10)
    q = 1 + Fraction(rng.randint(1, 40), 10)
    d = rng.randint(1, 25)
    return of(p, q, d + rng.choice((1, 2, 10, 60)), d)


def test_60_random_points_contain_a_direct_computation():
    """Plain sums and a secant search in mpmath, to 50 digits."""
    from flint import acb

    rng = random.Random(12)
    for _ in range(60):
        point = random_point(rng)
        p, q, v, d = point.sums.p, point.sums.q, point.sums.v, int(point.d)
        lam = [MP.mpf(j) ** (-MP.mpf(p.numerator) / p.denominator) for j in range(1, v + 1)]
        weights = [MP.mpf(j) ** (-MP.mpf(q.numerator) / q.denominator) for j in range(1, v + 1)]

        def d1(zeta, lam=lam):
            return MP.fsum(x / (x + zeta) for x in lam)

        zeta0 = refine(point.zeta0, 20)
        start = MP.mpf(zeta0.centre.numerator) / zeta0.centre.denominator * (1 + MP.mpf("1e-6"))
        root = MP.findroot(lambda s, d=d, d1=d1: MP.log(d1(MP.exp(s)) / d), MP.log(start))
        root = MP.exp(root)
        assert zeta0.contains(root), point
        assert zeta0.digits >= 20
        forcing = MP.fsum(w * root / (x + root) for x, w in zip(lam, weights, strict=True))
        assert refine(point.forcing_limit, 20).contains(forcing)
        z = MP.mpc(rng.uniform(-1, 2), rng.choice((-1, 1)) * 10 ** rng.uniform(-3, 0))
        m, plain, at = 1 + 0j, [float(x) for x in lam], complex(z)
        for _ in range(3000):  # the damped iteration of the equation for m, in double precision
            m = (m + 1 / (1 + sum(x / (x * m - at) for x in plain) / d)) / 2
        m = MP.findroot(lambda m, z=z, lam=lam, d=d: m + MP.fsum(x * m / (x * m - z) for x in lam) / d - 1, MP.mpc(m))
        found = refine(lambda point=point, z=z: point.m(acb(float(z.real), float(z.imag))), 20)
        assert found.real.contains(m.real), point
        assert found.imag.contains(m.imag), point


@pytest.mark.parametrize("d", ["1/3", "1", "17", "5000", "1e9", "1e30"])
def test_at_alpha_one_infinite_v_is_a_hyperbolic_equation(d):
    """``D_1 = (πa/2) coth(πa) − 1/2`` with ``a = ζ^{-1/2}``, and for β = 1 ``N = π²/6 − ζD_1``."""
    point, size = of(2, 4, None, Fraction(d)), MP.mpf(Fraction(d).numerator) / Fraction(d).denominator
    a = MP.findroot(lambda a: MP.pi * a / 2 * MP.coth(MP.pi * a) - 0.5 - size, (2 * size + 1) / MP.pi)
    zeta0 = refine(point.zeta0, 25)
    assert zeta0.contains(a**-2)
    assert zeta0.digits >= 25
    assert refine(point.forcing_limit, 25).contains((MP.pi**2 / 6 - size / a**2) / a**2)
    assert not zeta0.contains(a**-2 * (1 + MP.mpf(10) ** -20))


@pytest.mark.parametrize(
    ("alpha", "beta", "v", "d"),
    [("1", "7/10", None, 10**6), ("3", "1", None, 50), ("51/100", "1", None, 10**5), ("3/10", "4/5", 10**12, 10**11),
     ("1/2", "1", 10**7, 10**6), ("1", "7/10", 10**9 + 1, 10**9), ("1/10", "3/5", 10**9, 10**8), ("6/5", "0", 2500, 700)],
)  # fmt: skip
def test_long_spectra_agree_with_the_solver_that_proves_nothing(alpha, beta, v, d):
    a, b = Fraction(alpha), Fraction(beta)
    point = of(2 * a, 2 * a + 2 * b, v, d)
    digits = 30 if v == 2500 else None  # many digits take the other road seconds
    other = PLRF(a, b, d, "inf" if v is None else v)
    for method, value in (("zeta0", other.zeta0(digits)), ("forcing_limit", other.forcing_limit(digits))):
        found = refine(getattr(point, method), 30)
        error = Fraction(1, 10**28) if digits else Fraction(1, 10**12)
        assert Enclosure(found.centre, found.radius + error * abs(found.centre)).contains(value), method
        assert found.digits >= 30
