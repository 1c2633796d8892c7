"""Chinchilla's law: every number that is printed or derived, against roads that share nothing with the closed forms."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from strategies import objects, powers_of_ten

from scalesym.claims import laws_chinchilla, laws_chinchilla_printed
from scalesym.errors import ParameterError
from scalesym.laws.chinchilla import Chinchilla
from scalesym.laws.published import constants, published
from scalesym.ledger import Claim

GOPHER = 5.76e23
ROUNDED, TEX, BESIROGLU = map(Chinchilla.from_paper, Chinchilla.papers())
PAPERS = [ROUNDED, TEX, BESIROGLU]

coefficients = powers_of_ten(-1, 4)
exponents = st.floats(0.1, 2)
rationals = st.fractions(Fraction(1, 10), 2, max_denominator=40)
budgets = powers_of_ten(12, 28)
laws = st.builds(
    Chinchilla, E=st.sampled_from([0, "1.7", 2.5]), A=coefficients, B=coefficients, alpha=exponents, beta=exponents
)


def golden(law: Chinchilla, C: float) -> tuple[float, float]:
    """``ln N`` and the reducible loss at the minimum, from the law as it stands in the paper, in 40 digits."""
    with mpmath.workdps(40):
        A, B, alpha, beta, cost = (mpmath.mpf(float(x)) for x in (law.A, law.B, law.alpha, law.beta, law.C_0))

        def value(x: Any) -> Any:
            return A * mpmath.exp(-alpha * x) + B * (mpmath.mpf(C) / cost / mpmath.exp(x)) ** -beta

        low, high, ratio = mpmath.mpf(-400), mpmath.mpf(400), (mpmath.sqrt(5) - 1) / 2
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        at_left, at_right = value(left), value(right)
        while high - low > 1e-14:
            if at_left < at_right:
                high, right, at_right, left = right, left, at_left, right - ratio * (right - low)
                at_left = value(left)
            else:
                low, left, at_left, right = left, right, at_right, left + ratio * (high - left)
                at_right = value(right)
        return float(low), float(value(low))


# -- the numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (ROUNDED, [1.344711, 0.451613, 0.548387, 0.153548, 813.6798, 3.21899e10, 2.98231e12, 1.930748, 92.65]),
        (TEX, [1.300385, 0.456497, 0.543503, 0.154844, 814.3708, 4.03105e10, 2.38151e12, 1.918387, 59.08]),
    ],
)
def test_derived_numbers(law: Chinchilla, expected: list[float]) -> None:
    best = law.optimum(GOPHER)
    seen = [law.G, *law.exponents(), law.K, best.N, best.D, best.loss, best.tokens_per_parameter]
    assert [float(each) for each in seen] == pytest.approx(expected, rel=1e-4)
    assert list(best.shares.values()) == pytest.approx(expected[1:3], abs=1e-6)


def test_in_plain_flops() -> None:
    """The "0.6, 0.3, 1070" of encyclopaedias."""
    plain = replace(ROUNDED, C_0=1)
    assert plain.G == ROUNDED.G  # per unit of N D
    a, b, gamma = map(float, ROUNDED.exponents())
    assert ROUNDED.G * 6**-a == pytest.approx(0.598695, rel=2e-6)
    assert 6**-b / ROUNDED.G == pytest.approx(0.278383, rel=2e-6)
    assert ROUNDED.K * 6**gamma == pytest.approx(1071.365, rel=1e-6)
    one = ROUNDED.optimum(1)
    assert (one.N, one.D, one.loss) == pytest.approx((0.598695, 0.278383, 1.69 + 1071.365), rel=2e-6)


def test_points() -> None:
    assert ROUNDED(70e9, 1.4e12) == pytest.approx(1.936645, abs=5e-7)
    assert ROUNDED(280e9, 300e9) == pytest.approx(1.993258, abs=5e-7)
    assert ROUNDED.loss(280e9, 300e9) == ROUNDED(280e9, 300e9)
    assert ROUNDED.compute(280e9, 300e9) == pytest.approx(5.04e23)


def test_exponents_and_substitution() -> None:
    assert ROUNDED.exponents() == (Fraction(14, 31), Fraction(17, 31), Fraction(119, 775))
    assert [round(float(x), 2) for x in ROUNDED.exponents()[:2]] == [0.45, 0.55]  # the paper prints 0.46 and 0.54
    assert [round(float(x), 2) for x in TEX.exponents()[:2]] == [0.46, 0.54]
    assert float(TEX.exponents().a) == pytest.approx(0.4565, abs=5e-5)
    assert float(BESIROGLU.exponents().a) == pytest.approx(0.5126, abs=5e-5)
    assert float(ROUNDED.substitution) == pytest.approx(0.763, abs=5e-4)
    assert float(BESIROGLU.substitution) == pytest.approx(0.737, abs=5e-4)


def test_constant_sets() -> None:
    assert Chinchilla.papers() == ("hoffmann_rounded", "hoffmann_tex", "besiroglu2024")
    given = [[float(getattr(law, name)) for name in ("E", "A", "B", "alpha", "beta", "C_0")] for law in PAPERS]
    assert given == [
        [1.69, 406.4, 410.7, 0.34, 0.28, 6],
        [1.6934, 406.4, 410.7, 0.3392, 0.2849, 6],
        [1.8172, 482.01, 2085.43, 0.3478, 0.3658, 6],
    ]
    replication = constants("chinchilla", "besiroglu2024")
    assert replication["intervals"]["runs"] == 600_000
    assert "2404.10102" in replication["intervals"]["source"]
    assert published("chinchilla")["units"]["N"].startswith("all parameters")
    errors = replication["standard_errors"]
    assert errors == {"E": 0.03, "A": 124.58, "B": 1293.23, "alpha": 0.02, "beta": 0.02}
    with pytest.raises(ParameterError, match="use one of hoffmann_rounded"):
        Chinchilla.from_paper("hoffman")


# -- published tables ----------------------------------------------------------------------------------------------


def columns(approach: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = Chinchilla.table(approach)
    return np.array([r.N for r in rows]), np.array([r.C for r in rows]), np.array([r.D for r in rows])


def test_the_table_of_the_first_approach() -> None:
    N, C, D = columns(1)
    expected = [1.000, 1.002, 1.000, 1.047, 1.009, 1.001, 1.001, 1.002, 0.998]
    excess = 6 * N * D / C
    assert excess == pytest.approx(expected, abs=6e-4)
    ratio = C / 6 / N / N
    assert (ratio.min(), ratio.max()) == pytest.approx((20.0, 21.7), abs=0.05)
    assert (D / N)[3] == pytest.approx(22.4, abs=0.05)  # the 67B row, as printed
    for row in Chinchilla.table(1):
        assert row.gopher is not None
        assert float(row.gopher) == pytest.approx(row.C / GOPHER, rel=0.02)


@pytest.mark.parametrize(
    ("approach", "slope", "printed"), [(1, 0.4981, "0.50"), (2, 0.4899, "0.49"), (3, 0.4587, "0.46")]
)
def test_slopes_of_the_tables(approach: int, slope: float, printed: str) -> None:
    N, C, _ = columns(approach)
    found = np.polyfit(np.log(C), np.log(N), 1)[0]
    assert found == pytest.approx(slope, abs=5e-5)
    assert f"{found:.2f}" == printed
    assert Chinchilla.published_exponents()[str(approach)]["a"] == float(printed)


def test_the_misprint() -> None:
    row = Chinchilla.table(3)[4]
    raw = Chinchilla.table(3, corrected=False)[4]
    assert (row.C, row.printed["C"], raw.C, raw.printed) == (1.26e25, 1.26e24, 1.26e24, {})
    assert math.isclose(6 * row.N * row.D, row.C, rel_tol=1e-12)
    compute = [r.C for r in Chinchilla.table(3, corrected=False)]
    assert compute != sorted(compute)
    assert all(list(columns(k)[1]) == sorted(columns(k)[1]) for k in (1, 2, 3))
    with pytest.raises(ParameterError, match="1, 2, 3"):
        Chinchilla.table(4)


def test_the_closed_form_is_not_the_table() -> None:
    N, first, _ = columns(1)
    third = columns(3)[1]
    rounded, tex = ROUNDED.compute_for_params(N), TEX.compute_for_params(N)
    assert rounded == pytest.approx(
        [3.47e19, 2.64e20, 4.33e22, 2.92e24, 2.45e25, 6.93e25, 2.73e26, 1.16e27, 1.90e29], rel=3e-3
    )
    assert tex == pytest.approx(
        [2.35e19, 1.75e20, 2.72e22, 1.75e24, 1.44e25, 4.02e25, 1.56e26, 6.54e26, 1.01e29], rel=4e-3
    )
    assert [(rounded / first).min(), (rounded / first).max()] == pytest.approx([1.8, 14.6], abs=0.05)
    assert [(rounded / third).min(), (rounded / third).max()] == pytest.approx([1.57, 2.22], abs=0.005)
    assert [(tex / third).min(), (tex / third).max()] == pytest.approx([1.025, 1.186], abs=5e-4)


def test_the_gopher_optimum_of_the_text() -> None:
    text = published("chinchilla")["text"]
    assert text["gopher-optimum"]["N"] == 4e10
    assert round(TEX.optimum(GOPHER).N / 1e9, 1) == 40.3
    assert round(ROUNDED.optimum(GOPHER).N / 1e9, 1) == 32.2
    assert text["1T"]["C"] / published("chinchilla")["gopher"]["C"] == pytest.approx(173.6, abs=0.05)
    for name, C, D in (("175B", 4.41e24, 4.2e12), ("280B", 1e25, 6.8e12)):  # the table differs: both are printed
        (row,) = (r for r in Chinchilla.table(1) if math.isclose(r.N, text[name]["N"]))
        assert (text[name]["C"], text[name]["D"]) == (C, D)
        assert row.D < 0.9 * D


def test_published_exponents() -> None:
    rows = Chinchilla.published_exponents()
    assert [(rows[k]["a"], rows[k]["b"]) for k in rows] == [(0.5, 0.5), (0.49, 0.51), (0.46, 0.54), (0.73, 0.27)]
    outside = {
        (k, x)
        for k in "123"
        for x in "ab"
        if not rows[k][f"{x}_interval"][0] <= rows[k][x] <= rows[k][f"{x}_interval"][1]
    }
    assert outside == {("1", "b"), ("3", "a"), ("3", "b")}


# -- independent roads ---------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(laws, budgets)
def test_the_optimum_by_golden_section(law: Chinchilla, C: float) -> None:
    try:
        best = law.optimum(C)
    except ParameterError:
        assert max(abs(math.log(law.G)), abs(math.log(law.K))) > 100
        return
    x, least = golden(law, C)
    assert math.log(best.N) == pytest.approx(x, abs=1e-8)
    assert math.log(best.loss - float(law.E) if not law.E else least) == pytest.approx(math.log(least), abs=1e-8)
    assert best.loss == pytest.approx(float(law.E) + least, rel=1e-12)
    assert law(best.N, best.D) == pytest.approx(best.loss, rel=1e-12)
    assert law.compute(best.N, best.D) == pytest.approx(C, rel=1e-13)


@given(rationals, rationals)
def test_exact_exponents(alpha: Fraction, beta: Fraction) -> None:
    law = Chinchilla(E=0, A=1, B=1, alpha=str(alpha), beta=beta)  # type: ignore[arg-type]
    a, b, gamma = law.exponents()
    assert (a, b, gamma) == (beta / (alpha + beta), alpha / (alpha + beta), 1 / (1 / alpha + 1 / beta))
    assert law.substitution == 2 / (2 + alpha + beta)
    assert all(isinstance(each, float) for each in replace(law, alpha=float(alpha)).exponents())


@settings(max_examples=50)
@given(laws, budgets)
def test_there_and_back(law: Chinchilla, C: float) -> None:
    best = law.optimum(C)
    assert law.compute_for_params(best.N) == pytest.approx(C, rel=1e-9)
    assert law.compute_for_tokens(best.D) == pytest.approx(C, rel=1e-9)
    reducible = best.loss - float(law.E)
    if reducible > 1e-6 * best.loss:  # the rest of the digits are E's
        gamma = float(law.exponents().gamma)
        assert math.log(law.inverse(best.loss)) == pytest.approx(math.log(C), abs=1e-8 / gamma)
        assert law.compute_for_loss(best.loss) == law.inverse(best.loss)


@settings(max_examples=50)
@given(st.sampled_from(PAPERS), powers_of_ten(6, 13), powers_of_ten(7, 14))
def test_one_given_the_other(law: Chinchilla, N: float, D: float) -> None:
    loss = law(N, D)
    assert law.tokens_for(N, loss) == pytest.approx(D, rel=1e-9)
    assert law.params_for(D, loss) == pytest.approx(N, rel=1e-9)
    found = brentq(lambda x: law(N, math.exp(x)) - loss * 1.001, 0, math.log(D))
    assert math.log(law.tokens_for(N, loss * 1.001)) == pytest.approx(found, abs=1e-8)


@settings(max_examples=40)
@given(st.sampled_from(PAPERS), powers_of_ten(-6, 6), budgets)
def test_excess_loss(law: Chinchilla, rho: float, C: float) -> None:
    best = law.optimum(C)
    direct = law.isoflop(C, rho * best.N) - best.loss
    assert law.excess_loss(rho, C) == pytest.approx(direct, rel=1e-9, abs=1e-14 * law.isoflop(C, rho * best.N))
    assert law.excess_loss(rho) == pytest.approx(direct / (best.loss - float(law.E)), rel=1e-8, abs=1e-12)


@settings(max_examples=60)
@given(st.sampled_from(PAPERS), powers_of_ten(-12, 1), st.sampled_from([-1, 1]))
def test_excess_loss_near_the_optimum(law: Chinchilla, x: float, sign: int) -> None:
    rho = math.exp(sign * x)
    with mpmath.workdps(60):
        a, alpha, beta = (
            mpmath.mpf(v.numerator) / v.denominator for v in map(Fraction, (law.exponents().a, law.alpha, law.beta))
        )
        exact = a * mpmath.mpf(rho) ** -alpha + (1 - a) * mpmath.mpf(rho) ** beta - 1
    assert law.excess_loss(rho) == pytest.approx(float(exact), rel=1e-3 if x < 1e-9 else 1e-6 if x < 1e-5 else 1e-10)
    assert law.excess_loss(1) == 0


@settings(max_examples=40)
@given(st.sampled_from(PAPERS), powers_of_ten(6, 13), powers_of_ten(7, 14))
def test_overtraining(law: Chinchilla, N: float, D: float) -> None:
    cost = law.overtraining_cost(N, D)
    assert cost >= 1
    assert cost == pytest.approx(law.compute(N, D) / law.inverse(law(N, D)), rel=1e-8)
    best = law.optimum(law.compute(N, D))
    assert law.overtraining_cost(best.N, best.D) == pytest.approx(1, abs=1e-11)


@settings(max_examples=30)
@given(st.sampled_from(PAPERS), powers_of_ten(6, 13), powers_of_ten(7, 14))
def test_elasticities_by_differences(law: Chinchilla, N: float, D: float) -> None:
    step = 1e-4
    up, down = math.exp(step), math.exp(-step)
    found = law.elasticities(N, D)
    assert found.parameters == pytest.approx(math.log(law(N * up, D) / law(N * down, D)) / (2 * step), rel=1e-6)
    assert found.data == pytest.approx(math.log(law(N, D * up) / law(N, D * down)) / (2 * step), rel=1e-6)

    def ratio_and_rate(size: float) -> tuple[float, float]:
        tokens = law.tokens_for(size, law(N, D))  # the same loss
        each = law.elasticities(size, tokens)
        return math.log(tokens / size), math.log(each.parameters / size / (each.data / tokens))

    left, right = ratio_and_rate(N * math.exp(-1e-3)), ratio_and_rate(N * math.exp(1e-3))
    assert found.substitution == pytest.approx((left[0] - right[0]) / (left[1] - right[1]), rel=1e-4)
    best = law.optimum(law.compute(N, D))
    assert law.elasticities(best.N, best.D).substitution == pytest.approx(float(law.substitution), rel=1e-12)


def test_isoflop_is_a_valley() -> None:
    sizes = np.geomspace(1e9, 1e12, 201)
    losses = ROUNDED.isoflop(GOPHER, sizes)
    turn = int(np.argmin(losses))
    assert (np.diff(losses[: turn + 1]) < 0).all()
    assert (np.diff(losses[turn:]) > 0).all()
    found = minimize_scalar(lambda x: ROUNDED.isoflop(GOPHER, math.exp(x)), bounds=(20, 28), method="bounded")
    assert math.exp(found.x) == pytest.approx(ROUNDED.optimum(GOPHER).N, rel=1e-4)


# -- in symbols ----------------------------------------------------------------------------------------------------


def simplified(expression: Any) -> Any:
    return sp.simplify(sp.powsimp(sp.expand_power_base(expression, force=True), force=True))


def test_the_frontier_in_symbols() -> None:
    frontier, law = ROUNDED.optimum_formula, ROUNDED.formula
    names = {str(symbol): symbol for symbol in law.rhs.free_symbols | frontier.loss.rhs.free_symbols}
    assert set(names) == {"E", "A", "B", "alpha", "beta", "N", "D", "C", "C_0"}
    N, D, C, C_0 = (names[name] for name in ("N", "D", "C", "C_0"))
    at = {N: frontier.N.rhs, D: frontier.D.rhs}
    assert sp.simplify(C_0 * frontier.N.rhs * frontier.D.rhs - C) == 0
    slope = sp.diff(law.rhs.subs(D, C / C_0 / N), N)
    assert simplified(slope.subs(N, frontier.N.rhs)) == 0
    assert simplified(slope.subs(N, 2 * frontier.N.rhs)) != 0
    assert simplified(law.rhs.subs(at) - frontier.loss.rhs) == 0


@pytest.mark.parametrize("law", PAPERS)
def test_symbols_and_numbers_agree(law: Chinchilla) -> None:
    given = {name: Fraction(getattr(law, name)) for name in ("E", "A", "B", "alpha", "beta", "C_0")}
    given |= {"C": Fraction(576 * 10**21), "N": Fraction(7 * 10**10), "D": Fraction(14 * 10**11)}

    def value(equation: Any) -> float:
        names = sorted(equation.rhs.free_symbols, key=str)
        with mpmath.workdps(40):
            numbers = [mpmath.mpf(given[s.name].numerator) / given[s.name].denominator for s in names]
            return float(sp.lambdify(names, equation.rhs, "mpmath")(*numbers))

    best = law.optimum(GOPHER)
    seen = [value(each) for each in law.optimum_formula]
    assert [best.N, best.D, best.loss] == pytest.approx(seen, rel=1e-13)
    assert value(law.formula) == pytest.approx(law(7e10, 1.4e12), rel=1e-14)
    assert r"B D^{- \beta}" in law.latex


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; from scalesym.laws.chinchilla import Chinchilla\n"
        "Chinchilla.from_paper('besiroglu2024').optimum(1e20)\n"
        "print(sorted({'scipy', 'sympy', 'rich', 'matplotlib', 'flint'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# -- arrays, borders, refusals ---------------------------------------------------------------------------------------


def test_arrays_broadcast_and_numbers_stay_numbers() -> None:
    N, D = np.geomspace(1e8, 1e11, 4), np.geomspace(1e9, 1e12, 3)[:, None]
    assert ROUNDED(N, D).shape == (3, 4)
    assert ROUNDED(N, D)[2, 1] == ROUNDED(N[1], D[2, 0])
    assert isinstance(ROUNDED(10**9, "2e10"), float)
    assert ROUNDED([1e9, Fraction(10**10)], 2e11) == pytest.approx(ROUNDED(np.array([1e9, 1e10]), 2e11))
    best = ROUNDED.optimum([1e20, 1e22])
    assert best.N.shape == best.D.shape == best.loss.shape == best.C.shape == (2,)
    assert best.N[1] == ROUNDED.optimum(1e22).N
    assert isinstance(ROUNDED.optimum(1e22).loss, float)
    assert ROUNDED.inverse(best.loss) == pytest.approx([1e20, 1e22], rel=1e-10)
    assert ROUNDED([], 1e9).shape == (0,)
    with pytest.raises(FrozenInstanceError):
        ROUNDED.E = 0  # type: ignore[misc]


@given(exponents, coefficients, coefficients)
def test_equal_exponents(alpha: float, A: float, B: float) -> None:
    law = Chinchilla(E=1, A=A, B=B, alpha=alpha, beta=alpha)
    assert law.exponents()[:2] == (0.5, 0.5)
    ratios = law.optimum(np.array([1e15, 1e20, 1e25])).tokens_per_parameter
    assert ratios == pytest.approx(np.full(3, law.G**-2.0), rel=1e-10)


def test_another_cost_rescales_compute_only() -> None:
    other = replace(ROUNDED, C_0=12)
    assert (other.G, other.K, other.exponents()) == (ROUNDED.G, ROUNDED.K, ROUNDED.exponents())
    one, two = ROUNDED.optimum(1e22), other.optimum(2e22)
    assert (two.N, two.D, two.loss) == pytest.approx((one.N, one.D, one.loss), rel=1e-14)
    assert other(1e9, 1e10) == ROUNDED(1e9, 1e10)


def test_the_floor_does_not_move_the_optimum() -> None:
    one, two = ROUNDED.optimum(1e22), replace(ROUNDED, E=0).optimum(1e22)
    assert (one.N, one.D) == (two.N, two.D)


def test_a_slow_exponent() -> None:
    law = Chinchilla(E=1, A=2, B=2, alpha="1e-3", beta="1/2")  # type: ignore[arg-type]
    assert float(law.exponents().gamma) == pytest.approx(1e-3, rel=3e-3)
    tiny = Chinchilla(E=1, A=3, B=2, alpha="1e-4", beta="1e-4")  # type: ignore[arg-type]
    assert tiny(1e9, 1e9) == pytest.approx(1 + 5 * 1e9**-1e-4)
    with pytest.raises(ParameterError, match="less extreme exponents"):
        tiny.optimum(1e20)
    huge = Chinchilla(E=1, A=3, B=2, alpha=1e308, beta=1e308)
    with pytest.raises(ParameterError):
        huge.optimum(1e20)


@pytest.mark.parametrize("loss", [1.69, 1.0, 1e-300])
def test_unreachable_losses(loss: float) -> None:
    for call in (ROUNDED.inverse, lambda x: ROUNDED.tokens_for(1e9, x), lambda x: ROUNDED.params_for(1e9, x)):
        with pytest.raises(ParameterError, match="use loss >"):
            call(loss)


def test_a_size_too_small_for_a_loss() -> None:
    floor = 1.69 + 406.4 * 1e9**-0.34
    with pytest.raises(ParameterError, match="this size does not reach it on any number of tokens"):
        ROUNDED.tokens_for(1e9, floor)
    assert ROUNDED.tokens_for(1e9, floor + 1e-6) > 1e20
    with pytest.raises(ParameterError, match="no size reaches it on so few tokens"):
        ROUNDED.params_for(1e9, 1.69 + 410.7 * 1e9**-0.28 - 1e-9)
    with pytest.raises(ParameterError, match=r"loss = 2.0: this size"):
        ROUNDED.tokens_for([1e9, 1e8], [3.0, 2.0])


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"A": 0}, "without this term"),
        ({"B": 0}, "without this term"),
        ({"B": -1}, "without this term"),
        ({"alpha": 0}, "would not fall"),
        ({"beta": -0.1}, "would not fall"),
        ({"E": -0.1}, "not negative"),
        ({"E": math.inf}, "finite"),
        ({"C_0": 0}, "costs something"),
        ({"A": math.nan}, "NaN"),
        ({"A": "__import__('os')"}, "not a number"),
        ({"alpha": True}, "truth value"),
    ],
)
def test_degenerate_constants(changed: dict[str, Any], match: str) -> None:
    given = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}
    with pytest.raises(ParameterError, match=match):
        Chinchilla(**(given | changed))


@settings(max_examples=150)
@given(objects())
def test_any_object(thing: object) -> None:
    """A number of the right kind, or a typed refusal; never NaN, a warning or another error."""
    calls = [
        lambda x: ROUNDED(x, 1e9),
        lambda x: ROUNDED(1e9, x),
        lambda x: ROUNDED.isoflop(x, 1e9),
        lambda x: ROUNDED.isoflop(1e20, x),
        lambda x: ROUNDED.optimum(x).loss,
        lambda x: ROUNDED.excess_loss(x),
        lambda x: ROUNDED.overtraining_cost(x, 1e10),
        lambda x: ROUNDED.inverse(x),
        lambda x: ROUNDED.compute_for_params(x),
        lambda x: ROUNDED.tokens_for(x, 3),
        lambda x: ROUNDED.compute(x, 1e200),
        lambda x: ROUNDED.elasticities(x, 1e9).substitution,
    ]
    for call in calls:
        try:
            assert np.all(np.isfinite(call(thing)))
        except ParameterError:
            continue


@pytest.mark.parametrize(
    "bad", [0, -1.0, math.nan, math.inf, [1e9, 0.0], np.array([1e9, -1]), [[1e9]], np.array([True])]
)
def test_bad_sizes(bad: Any) -> None:
    with pytest.raises(ParameterError):
        ROUNDED(bad, 1e9)
    with pytest.raises(ParameterError):
        ROUNDED.optimum(bad)


def test_shapes_that_do_not_go_together() -> None:
    for call in (ROUNDED, ROUNDED.isoflop, ROUNDED.tokens_for, ROUNDED.elasticities, ROUNDED.excess_loss):
        with pytest.raises(ParameterError, match="shapes"):
            call([1.0, 2.0], [5.0, 6.0, 7.0])
    with pytest.raises(ParameterError, match="memory"):
        ROUNDED(np.full((10**6, 1), 1e9), np.full(10**6, 1e9))


# -- fits ----------------------------------------------------------------------------------------------------------


def runs(law: Chinchilla, noise: float = 0, seed: int = 0, side: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    N, D = (each.ravel() for each in np.meshgrid(np.geomspace(5e7, 1e10, side), np.geomspace(1e9, 3e11, side)))
    return N, D, law(N, D) * np.exp(noise * np.random.default_rng(seed).standard_normal(len(N)))


@pytest.mark.parametrize("law", PAPERS)
def test_the_fit_recovers_the_truth(law: Chinchilla) -> None:
    found = Chinchilla.fit(*runs(law), starts=12)
    for name, value in found.parameters.items():
        assert value == pytest.approx(float(getattr(law, name)), rel=1e-5), name
    assert found.success
    assert found.objective < 1e-18
    assert np.abs(found.residuals).max() < 1e-8
    assert math.isclose(found.law.optimum(GOPHER).N, law.optimum(GOPHER).N, rel_tol=1e-5)


def test_outliers_do_not_move_the_fit() -> None:
    N, D, loss = runs(ROUNDED)
    loss[[3, 17, 40]] *= [1.3, 0.8, 1.5]
    found = Chinchilla.fit(N, D, loss, starts=20)
    assert found.parameters["alpha"] == pytest.approx(0.34, rel=1e-3)
    assert found.parameters["E"] == pytest.approx(1.69, rel=2e-3)
    least_squares = Chinchilla.fit(N, D, loss, starts=20, delta=10)
    assert abs(least_squares.parameters["E"] - 1.69) > 0.01


def test_the_bootstrap_covers_the_truth_and_repeats_itself() -> None:
    data = runs(BESIROGLU, noise=2e-3, seed=1)
    found = Chinchilla.fit(*data, starts=5, bootstrap=40, seed=3)
    assert all(len(values) == 40 for values in found.samples.values())
    for name, (low, high) in found.interval(0.98).items():
        assert low < float(getattr(BESIROGLU, name)) < high, name
    again = Chinchilla.fit(*data, starts=5, bootstrap=40, seed=3)
    assert all(np.array_equal(again.samples[name], found.samples[name]) for name in found.samples)
    assert found.interval() != Chinchilla.fit(*data, starts=5, bootstrap=40, seed=4).interval()


def test_no_refit_has_constants_of_another_law() -> None:
    """Four of the first twenty draws of these do not fall with N or D; they are drawn again."""
    found = Chinchilla.fit(*runs(BESIROGLU, noise=0.1, seed=2, side=3), starts=3, bootstrap=20)
    for values in found.samples.values():
        assert len(values) == 20
        assert (np.isfinite(values) & (values > 0)).all()


def test_a_floor_that_is_not_there() -> None:
    """Where E runs to 0, the last line search finds nothing lower, which is no failure of the fit."""
    law = replace(ROUNDED, E=0)
    N, D = (each.ravel() for each in np.meshgrid(10 ** np.linspace(7.6, 10.2, 5), 10 ** np.linspace(9, 11.5, 5)))
    found = Chinchilla.fit(N, D, law(N, D), starts=10)
    assert found.success
    assert found.parameters["E"] < 1e-5
    assert found.parameters["alpha"] == pytest.approx(0.34, rel=1e-5)


def drawn(seed: int) -> tuple[Chinchilla, np.ndarray, np.ndarray]:
    """Plausible constants, with and without a floor; and runs on a grid, scattered, or on curves of equal compute."""
    draw = np.random.default_rng([7, seed])
    alpha, beta = draw.uniform(0.2, 0.6, 2)
    A, B = np.exp(draw.uniform(np.log(50), np.log(5000), 2))
    law = Chinchilla(E=draw.uniform(0.3, 2.5) * (seed % 2), A=A, B=B, alpha=alpha, beta=beta)
    N_low, N_high, D_low, D_high = draw.uniform([6.5, 9.3, 8.5, 11], [8.2, 11, 9.6, 12.6])
    side = int(draw.integers(4, 9))
    if seed % 3 == 0:
        N, D = np.meshgrid(np.logspace(N_low, N_high, side), np.logspace(D_low, D_high, side))
    elif seed % 3 == 1:
        N, D = 10 ** draw.uniform(N_low, N_high, side**2), 10 ** draw.uniform(D_low, D_high, side**2)
    else:
        C = np.logspace(18, 22, side)[:, None]
        N = np.sqrt(C / 120) * np.logspace(-1, 1, 9)
        D = C / 6 / N
    return law, N.ravel(), D.ravel()


def test_the_search_finds_exact_laws() -> None:
    """From 50 points of the published grid alone, about one in five of such fits ends where a term is lost."""
    missed = []
    for seed in range(60):
        law, N, D = drawn(seed)
        found = Chinchilla.fit(N, D, law(N, D))
        near = all(
            found.parameters[name] == pytest.approx(float(getattr(law, name)), rel=1e-3, abs=1e-4 * (name == "E"))
            for name in ("E", "A", "B", "alpha", "beta")
        )
        if not near:
            missed.append(seed)
            assert not found.success, seed
    assert not missed


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_the_search_finds_noisy_laws_within_their_errors(seed: int) -> None:
    law = (ROUNDED, TEX, BESIROGLU)[seed // 2]
    found = Chinchilla.fit(*runs(law, noise=3e-3, seed=seed), starts=3, bootstrap=25)
    assert found.success
    for name, error in found.errors().items():
        assert abs(found.parameters[name] - float(getattr(law, name))) < 4 * error, name


def test_a_lost_term_is_no_success() -> None:
    from scalesym.laws.chinchilla_fit import _Data, _Found, _judged

    N, D, loss = runs(ROUNDED)
    data = _Data(np.log(N), np.log(D), np.log(loss), 1e-3)
    truth = np.log([406.4, 410.7, 1.69, np.exp(0.34), np.exp(0.28)])
    own = truth[None, :]
    there = _Found(truth, 0.0, True, "")
    assert _judged(data, there, own[:0]).success
    lost = there._replace(theta=np.array([0, *truth[1:3], 2, truth[4]]), value=1.0)
    assert "the term of N is lost" in _judged(data, lost, own[:0]).message
    higher = there._replace(theta=truth + 0.1 * np.eye(5)[2])
    judged = _judged(data, higher._replace(value=float(data.value(higher.theta))), own)
    assert (judged.success, judged.message) == (False, "the search ended above a point with alpha = 0.34, beta = 0.28")


def test_minima_over_the_exponents() -> None:
    """The best is near the truth, of a sample of a large table too."""
    from scalesym.laws._chinchilla_starts import profile

    N, D, loss = runs(ROUNDED, side=30)
    best = profile(np.log(N), np.log(D), np.log(loss), 1e-3, 3)
    assert 1 <= len(best) <= 3
    assert best[0] == pytest.approx(np.log([406.4, 410.7, 1.69, np.exp(0.34), np.exp(0.28)]), abs=0.8)


@pytest.mark.parametrize(("value", "success"), [(1e-8, True), (1.0, False)])
def test_a_line_search_that_finds_nothing_lower(monkeypatch: pytest.MonkeyPatch, value: float, success: bool) -> None:
    """It has converged if nothing is left to gain, not if the residuals are large."""
    from scipy import optimize

    from scalesym.laws.chinchilla_fit import _Data, _descent

    stuck = optimize.OptimizeResult(x=np.zeros(5), fun=value, success=False, message="ABNORMAL: ")
    monkeypatch.setattr(optimize, "minimize", lambda *_, **__: stuck)
    found = _descent(_Data(*np.zeros((3, 4)), 1e-3), np.zeros(5))
    assert (found.success, found.value) == (success, value)
    assert found.message == "ABNORMAL; a second descent gained 0"


def test_the_objective_is_the_published_one() -> None:
    N, D, loss = runs(ROUNDED, noise=2e-3)
    found = Chinchilla.fit(N, D, loss, starts=5)

    def objective(law: Chinchilla) -> float:
        r = np.log(law(N, D)) - np.log(loss)
        return float(np.where(abs(r) <= 1e-3, r**2 / 2, 1e-3 * (abs(r) - 5e-4)).sum())

    assert found.objective == pytest.approx(objective(found.law), rel=1e-9)
    assert found.residuals == pytest.approx(np.log(found.law(N, D)) - np.log(loss), abs=1e-12)
    for name, value in found.parameters.items():
        for factor in (1 - 1e-3, 1 + 1e-3):
            assert objective(replace(found.law, **{name: value * factor})) > found.objective
    assert objective(found.law) <= objective(ROUNDED)


def test_the_grid_of_starts_is_the_published_one() -> None:
    from scalesym.laws.chinchilla_fit import _Data, _grid

    N, D, loss = runs(ROUNDED, side=3)
    data = _Data(np.log(N), np.log(D), np.log(loss), 1e-3)
    grid = _grid(data, (0.0, 0.0), None)
    assert grid.shape == (5 * 5 * 5 * 6 * 6, 5)
    assert [sorted(set(column)) for column in grid.T] == [
        [0, 5, 10, 15, 20, 25],
        [0, 5, 10, 15, 20, 25],
        [-1, -0.5, 0, 0.5, 1],
        [0, 0.5, 1, 1.5, 2],
        [0, 0.5, 1, 1.5, 2],
    ]
    assert (np.diff(data.value(grid)) >= 0).all()


def test_the_slope_of_the_objective() -> None:
    from scalesym.laws.chinchilla_fit import _Data

    N, D, loss = runs(ROUNDED, noise=1e-2)
    data = _Data(np.log(N) - 20, np.log(D) - 24, np.log(loss), 1e-2)
    theta = np.array([-0.7, -0.9, 0.5, 0.36, 0.3])
    value, slope = data.value_and_slope(theta)
    assert value == pytest.approx(float(data.value(theta)))
    for n in range(5):
        step = np.zeros(5)
        step[n] = 1e-6
        assert slope[n] == pytest.approx(float(data.value(theta + step) - data.value(theta - step)) / 2e-6, rel=1e-5)


def refused() -> list[tuple[dict[str, Any], str]]:
    N, D, loss = runs(ROUNDED, side=3)
    same = np.full(9, 1e9)
    rising = 1 + (N / 1e9) ** 0.3
    return [
        ({"N": N[:5]}, "one length"),
        ({"N": N[:5], "D": D[:5], "loss": loss[:5]}, "so few runs"),
        ({"N": same}, "1 sizes, 3 numbers of tokens"),
        ({"D": same}, "3 sizes, 1 numbers of tokens"),
        ({"loss": -loss}, "positive"),
        ({"loss": np.where(N > 1e9, np.nan, loss)}, "loss"),
        ({"N": N.reshape(3, 3)}, "one-dimensional"),
        ({"N": 1e9}, "one-dimensional"),
        ({"delta": 0}, "quadratic part"),
        ({"starts": 0}, "count"),
        ({"bootstrap": -1}, "count"),
        ({"loss": rising}, "fall with N and D"),
    ]


@pytest.mark.parametrize(("changed", "match"), refused())
def test_data_that_determine_nothing(changed: dict[str, Any], match: str) -> None:
    N, D, loss = runs(ROUNDED, side=3)
    with pytest.raises(ParameterError, match=match):
        Chinchilla.fit(**({"N": N, "D": D, "loss": loss, "starts": 5} | changed))


# -- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim", [*laws_chinchilla.CLAIMS, *laws_chinchilla_printed.CLAIMS], ids=lambda claim: claim.id
)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
