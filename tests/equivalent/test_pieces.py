"""Each piece against quadrature of its definition at 50 digits, and the constants of the sharp law."""

import math
from fractions import Fraction

import mpmath
import pytest

from scalesym import PLRF, ParameterError

POOL = [
    ("1", "7/10", 100, 1000, 1, 100),
    ("3", "3", 100, "inf", 7, 10**6),
    ("26/100", "1/4", 50, 60, 1, 10),  # alpha near 1/4, alpha + beta near 1/2
    ("51/100", "0", 20, 30, 64, 3),
    ("3/4", "-1/5", 30, 300, 2, 0),
    ("1/2", "1", 100, 1000, 1, 1000),  # Γ(0, ·)
    ("1/6", "2", 40, 50, 1, 100),  # Γ(−2, ·)
    ("1/10", "3/5", 10, 20, 4, 5),
]


def quad(f: object, low: mpmath.mpf, tau: mpmath.mpf) -> mpmath.mpf:
    """Quadrature on ``(low, 1)`` in ``log u``, with nodes where the exponential bends."""
    bends = sorted(
        {-300.0, *(-160, -80, -40, -20, -10, -5), *(math.log(x / float(tau)) for x in (0.1, 1, 5, 30) if tau > x)}
    )
    start = mpmath.log(low) if low else mpmath.mpf(-300)
    knots = [start, *(mpmath.mpf(s) for s in bends if start < s < 0), mpmath.mpf(0)]
    return mpmath.quad(lambda s: f(mpmath.exp(s)) * mpmath.exp(s), knots)


@pytest.mark.parametrize(("alpha", "beta", "d", "v", "batch", "r"), POOL)
def test_continuum_pieces_are_their_integrals(alpha: str, beta: str, d: int, v: object, batch: int, r: int) -> None:
    model = PLRF(alpha, beta, d, v, "half-critical", batch)
    got = model.pieces(r, digits=50)
    with mpmath.workdps(65):
        a, b = (mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in (alpha, beta))
        gamma = mpmath.mpf(model.learning_rate(digits=60))
        tau = 2 * gamma * batch * r
        shift = (2 * b - 1) / (2 * a)
        if shift + 1 > mpmath.mpf("0.4"):  # else the cut at e^-300 would show
            pp = quad(lambda u: u**shift * mpmath.exp(-tau * u), mpmath.mpf(0), tau) / (2 * a)
            assert abs(got.F_pp / pp - 1) < mpmath.mpf(10) ** -48
        if 2 * b > 1:
            c = mpmath.zeta(2 * b) - (0 if v == "inf" else mpmath.zeta(2 * b, v + 1))
            ac = (
                c
                / (2 * a * d)
                * quad(lambda u: u ** (-1 / (2 * a)) * mpmath.exp(-tau * u), mpmath.mpf(d) ** (-2 * a), tau)
            )
            assert abs(got.F_ac / ac - 1) < mpmath.mpf(10) ** -48
        else:
            assert got.F_ac == 0
        if 2 - 1 / (2 * a) > mpmath.mpf("0.4"):
            kpp = (
                gamma**2
                * batch
                / (2 * a)
                * quad(lambda u: u ** (1 - 1 / (2 * a)) * mpmath.exp(-tau * u), mpmath.mpf(0), tau)
            )
            assert abs(got.K_pp / kpp - 1) < mpmath.mpf(10) ** -48
        elif 4 * a <= 1:
            assert got.K_pp == mpmath.inf
        if v != "inf":
            kappa = mpmath.mpf(model.kappa("continuum", digits=60))
            f0 = mpmath.fsum(
                mpmath.mpf(j) ** (-2 * a - 2 * b) / (1 + mpmath.mpf(j) ** (-2 * a) * mpmath.mpf(d) ** (2 * a) * kappa)
                for j in range(1, v + 1)
            )
            assert abs(got.F_0 / f0 - 1) < mpmath.mpf(10) ** -48
    double = model.pieces([r, r])
    for name in ("F_pp", "F_ac", "F_0", "K_pp"):
        assert getattr(double, name) == pytest.approx([float(getattr(got, name))] * 2, rel=1e-13)


@pytest.mark.parametrize(
    ("alpha", "beta", "last"),
    [
        ("1", "3/10", 0.02),
        ("1", "7/10", 0.02),
        ("3/4", "3/2", 0.02),
        ("2/5", "3/4", 0.1),
    ],  # the last approaches like d^{α−1/2}
)
def test_asymptotics_approach_the_integrals(alpha: str, beta: str, last: float) -> None:
    worst = []
    for d in (10**6, 10**9, 10**12):
        model = PLRF(alpha, beta, d, 10 * d)
        r = round(float(d) ** float(Fraction(alpha)) / model.learning_rate())
        exact, leading = model.pieces(r), model.pieces(r, "asymptotic")
        ratios = [x / y for x, y in zip(exact, leading, strict=True) if y > 0]
        worst.append(max(abs(ratio - 1) for ratio in ratios))
    assert worst[0] > worst[1] > worst[2]
    assert worst[2] < last


def test_logarithmic_lines_are_refused_by_name() -> None:
    for alpha, beta in (("1/2", 1), (1, "1/2"), ("1/4", 1)):
        with pytest.raises(ParameterError, match="logarithm"):
            PLRF(alpha, beta, 10, 20).pieces(10, "asymptotic")
    with pytest.raises(ParameterError, match="2 alpha > 1"):
        PLRF("2/5", 1, 10, 20).pieces(10, "sharp")
    with pytest.raises(ParameterError, match="level"):
        PLRF(1, 1, 10, 20).pieces(10, "exact")


@pytest.mark.parametrize(("beta", "last"), [("3/2", 1e-4), ("7/10", 1.5e-3)])
def test_the_sharp_pieces_add_up_to_the_loss(beta: str, last: float) -> None:
    gaps = []
    for d in (10**3, 10**5, 10**7):
        model = PLRF(1, beta, d, 100 * d, "2/5")
        gaps.append(abs(model.loss(d) / sum(model.pieces(d, "sharp")) - 1))
    assert gaps[2] == min(gaps)
    assert gaps[2] < last
    without = [x * (1 - model.kernel_norm()) for x in model.pieces(10**7, "sharp")]
    assert abs(model.loss(10**7) / sum(without) - 1) > 0.1
