"""Expansions, and the derivations built on them: what they give, and that their checks refuse what is false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scalesym.errors import ConvergenceError, ScalesymError
from scalesym.formulas import early, gap, renewal, window
from scalesym.formulas.alphabet import alpha, beta, c_beta, d, gamma, j, kappa, norm_F, norm_K, p, r, rho, tau, v
from scalesym.formulas.comparisons import at, number
from scalesym.formulas.contours import Hankel
from scalesym.formulas.derivation import Derivation, DerivationError
from scalesym.formulas.evaluation import evaluate
from scalesym.formulas.expansions import inverse_laplace, mode_sum, perturbed, terms_of
from scalesym.formulas.literal import Literal

HALF = sp.Rational(1, 2)


def _modes(a: Any, b: Any, end: Any) -> Any:
    return sp.Sum(j**-a / (1 + p * j**b), (j, 1, end))


# -- expansions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "end"),
    [
        (0, "2", None),
        ("3/5", "2", None),
        (1, "2", None),  # a double pole on the left
        ("7/5", "1", None),
        (0, "1", 10**12),  # a double pole on the right
        (0, "4/5", 10**14),
        ("1/5", "4/5", 10**13),  # α + β = 1/2: a double pole on the right
    ],
)
def test_the_poles_of_a_sum_over_modes(a: Any, b: Any, end: int | None) -> None:
    """Against the sum in numbers: what is left out vanishes with ``p``."""
    total = _modes(sp.Rational(a), sp.Rational(b), sp.oo if end is None else v)
    found = mode_sum(p, left=1, right=2)(total).expression
    where = {"p": Fraction(1, 10**4), "v": Fraction(end or 1)}
    exact, expanded = (number(e, where, 20) for e in (total, found))
    assert abs(exact / expanded - 1) < 1e-6
    lost = found - sorted(found.args, key=lambda term: abs(number(term, where, 10)))[-1]
    assert abs(exact / number(lost, where, 20) - 1) > 1e-2


def test_what_is_not_a_sum_over_modes_is_refused() -> None:
    for wrong in (p, sp.Sum(j / (2 + p * j), (j, 1, v)), sp.Sum(sp.exp(-j) / (1 + p * j), (j, 1, v))):
        with pytest.raises(DerivationError):
            mode_sum(p)(wrong)
    with pytest.raises(DerivationError, match="double pole"):
        mode_sum(p)(_modes(0, HALF, v))  # its pole at s = 2 is beyond those taken


POWERS = st.fractions(min_value=Fraction(-3), max_value=Fraction(3), max_denominator=12)


@settings(max_examples=30)
@given(power=POWERS, logs=st.integers(min_value=0, max_value=1))
@example(power=Fraction(0), logs=1)
@example(power=Fraction(-1), logs=1)
@example(power=Fraction(2), logs=1)
@example(power=Fraction(1), logs=0)
def test_powers_and_logarithms_in_time(power: Fraction, logs: int) -> None:
    """Against the integral along a parabola."""
    transform = p ** sp.Rational(power.numerator, power.denominator) * sp.log(p) ** logs
    image = inverse_laplace(p, tau)(transform).expression
    for time in (Fraction(3), Fraction(1, 7)):
        try:
            integral = number(Hankel(transform * sp.exp(p * tau), p, 0, tau), {"tau": time}, 15)
        except ConvergenceError:  # an integer power leaves nothing, of which no relative digit can be confirmed
            assert image == 0
            continue
        assert abs(integral - number(image, {"tau": time}, 15)) <= abs(integral) * mpmath.mpf(10) ** -13


def test_first_order_in_one_over_d() -> None:
    """Against the fixed point ``m = 1 - ε D(p/m)`` solved by iteration, at two small ``ε``."""
    energy, counts = 3 + 2 * p**HALF, 5 * p ** -sp.Rational(1, 4)
    found = perturbed(energy, counts, d, p)(sp.S.Zero).expression
    gaps = []
    for size in (10**4, 10**6):
        m, point = mpmath.mpf(1), mpmath.mpf("0.3")
        for _ in range(60):
            m = 1 - 5 * (point / m) ** mpmath.mpf(-0.25) / size
        exact = (3 + 2 * mpmath.sqrt(point / m)) / m
        gaps.append(abs(exact - number(found, at(p="3/10", d=size), 15)))
    assert gaps[1] < gaps[0] / 5000  # second order


def test_the_literal_equations_are_those_of_the_solver() -> None:
    from scalesym import PLRF

    for a, b, rate, batch, size, ends in (("1", "7/10", "1/5", 1, 10**6, 4), ("2/5", "4/5", "1/1000", 3, 10**5, 10)):
        known = at(alpha=a, beta=b, gamma=rate, B=batch, d=size, v=ends * size)
        literal, solver = Literal(known), PLRF(a, b, size, ends * size, rate, batch)
        for steps in (1000, 10**7):
            assert literal.forcing(steps) == pytest.approx(solver.forcing(steps), rel=1e-7)
            assert literal.kernel(steps) == pytest.approx(solver.kernel(steps), rel=1e-7)
            assert literal.loss(steps) == pytest.approx(solver.loss(steps), rel=1e-7)
        assert literal.norm == pytest.approx(solver.kernel_norm(), rel=1e-7)


# -- what the derivations give -----------------------------------------------------------------------------------------


def test_the_table_of_the_paper_comes_out() -> None:
    x = 1 / (2 * alpha)
    steps = 2 * gamma * sp.Symbol("B", integer=True, positive=True) * r
    first, second = (1 + beta / alpha - x, 1 - x)
    law = early.forcing_early("2β > 1").expression
    by_hand = sp.gamma(first) * x * steps**-first + sp.zeta(2 * beta) * sp.gamma(second) * x / d * steps**-second
    points = [
        at(alpha="4/5", beta="6/5", gamma="1/5", B=2, r=1000, d=10),
        at(alpha=2, beta="3/5", gamma=1, B=1, r=7, d=3),
    ]
    for point in points:
        assert abs(number(law / by_hand, point, 20) - 1) < 1e-19
    assert gap.forcing_limit("2β > 1").expression.has(kappa)
    assert early.density().expression == sp.zeta(2 * beta) * x / d * sp.Symbol("u", positive=True) ** -x


@pytest.mark.exhaustive
def test_logarithms_where_poles_meet_and_nowhere_else() -> None:
    for line, logarithmic in (("2β = 1", True), ("2α = 1", True), ("α + β = 1/2", True), ("2β > 1", False)):
        assert early.forcing_early(line).expression.has(sp.log) is logarithmic, line
    assert early.kernel_early("α = 1/4").expression.has(sp.log)
    assert not early.kernel_early("2α = 1").expression.has(sp.log)
    assert not renewal.flat().expression.has(sp.log)
    assert renewal.loss_early("α = 1/4").expression.has(sp.log)
    assert not renewal.loss_early("2β > 1").expression.subs(beta, alpha).has(sp.log)


def test_conditions_are_found_on_the_way() -> None:
    def relations(chain: Derivation) -> set[str]:
        return {str(condition.relation) for condition in chain.conditions}

    assert relations(early.forcing_early("2β > 1")) == {"alpha + beta > 1/2", "alpha > 1/2"}
    assert relations(gap.forcing_limit("2β < 1")) == {"beta < 1/2"}
    assert relations(gap.forcing_limit("2β > 1")) == {"beta > 1/2"}
    assert relations(gap.kappa_infinite()) == {"alpha > 1/2"}


def test_the_flat_line_is_where_two_phases_meet() -> None:
    """``f^{-α}`` at ``α = 1-1/√2``, and the constant against the noise term itself."""
    expression = renewal.flat().expression
    f = next(letter for letter in expression.free_symbols if letter.name == "f")
    power = sp.simplify(f * sp.diff(sp.log(expression), f))
    assert sp.simplify(power + 1 - 1 / sp.sqrt(2)) == 0
    a = mpmath.mpf(1) - 1 / mpmath.sqrt(2)
    by_hand = (
        mpmath.mpf(3) / 10 * 2 * mpmath.gamma(2 - 1 / (2 * a)) / (4 * a) * (2 * mpmath.mpf(3) / 10 * 10**6) ** (-a)
    )
    assert abs(number(expression, at(c_beta=2, g="3/10", f=10**6), 15) / by_hand - 1) < 1e-14


# -- what the checks refuse --------------------------------------------------------------------------------------------


def _without(letter: Any) -> Callable[[Any], Any]:
    return lambda expression: expression.subs(letter, 1)


def _lost(index: int) -> Callable[[Any], Any]:
    def lost(expression: Any) -> Any:
        terms = sorted(sp.Add.make_args(sp.expand(expression)), key=str)
        return expression - terms[index]

    return lost


def _doubled(expression: Any) -> Any:
    return expression.subs(gamma, 2 * gamma)


def _shifted_gamma(expression: Any) -> Any:
    return expression.replace(sp.gamma, lambda s: sp.gamma(s + 1 / (2 * alpha)))


def _negative(expression: Any) -> Any:
    return -expression


FALSE: list[tuple[str, Callable[[], Derivation], str, Callable[[Any], Any]]] = [
    ("a pole lost", lambda: early.counts("2α < 1"), "poles", _lost(0)),
    ("the constant of the logarithm lost", lambda: early.energy("2β = 1"), "poles", _without(sp.EulerGamma)),
    ("the end of the spectrum lost", lambda: early.counts("2α = 1"), "poles", _without(v)),
    ("1/d lost", lambda: early.transformed("2β > 1"), "first order in 1/d", _without(d)),
    ("wrong Γ argument", lambda: early.forcing_early("2β > 1"), "back to time", _shifted_gamma),
    ("γ doubled", lambda: early.forcing_early("2β = 1"), "effective time", _doubled),
    ("γ_E lost", lambda: early.forcing_early("2α = 1"), "effective time", _without(sp.EulerGamma)),
    ("log v lost", lambda: early.forcing_early("α + β = 1/2"), "effective time", _without(v)),
    ("a term of first order lost", lambda: early.forcing_early("2α < 1"), "effective time", _lost(0)),
    ("4v/d lost", lambda: early.kernel_early("α = 1/4"), "effective time", lambda e: e.subs(v, v / 2)),
    ("sign of the jump", early.density, "jump across the axis", _negative),
    ("ρ lost", lambda: gap.counts(0), "closed form", _without(rho)),
    ("a half mode lost", lambda: gap.counts(1), "continuum of modes", lambda e: e + HALF),
    ("κ inverted", gap.zeta_at_zero, "scale of the gap", lambda e: e.subs(kappa, 1 / kappa)),
    ("half a mode too few", gap.zeta_next, "half modes", lambda e: e.subs(d, 2 * d) * 2 ** (2 * alpha)),
    ("γ_E lost", lambda: gap.forcing_limit("2β = 1"), "scale of the gap", _without(sp.EulerGamma)),
    (
        "ζ_R(2β) lost",
        lambda: gap.forcing_limit("both"),
        "scale of the gap",
        lambda e: e.replace(sp.zeta, lambda s: s * 0),
    ),
    ("1/κ lost", lambda: gap.forcing_limit("α + β = 1/2"), "scale of the gap", _without(kappa)),
    ("c_β lost", lambda: window.forcing("2β > 1"), "scale of the gap", _without(c_beta)),
    ("1-‖K‖ lost", lambda: window.loss("2β < 1"), "scale of the gap", lambda e: e.subs(norm_K, 0)),
    ("γ doubled", window.one_law, "both contributions", _doubled),
    ("the outer pole lost", window.late_loss, "late times", lambda e: e.subs(norm_K, 0)),
    ("ρ lost", lambda: window.window_early("2β > 1"), "early in the window", lambda e: e * 2),
    ("a factor at t → ∞", lambda: window.window_late("2β > 1"), "late in the window", _without(kappa)),
    ("‖F‖₁ lost", lambda: renewal.loss_early("1/4 < α < 1/2"), "effective time", _without(norm_F)),
    ("amplification lost", lambda: renewal.loss_early("2β < 1"), "effective time", lambda e: e.subs(norm_K, 0)),
    ("the plateau's square lost", lambda: renewal.loss_early("α < 1/4"), "effective time", _lost(0)),
    ("the plateau's linear term lost", lambda: renewal.loss_early("α < 1/4"), "effective time", _lost(1)),
    ("γ_E lost", lambda: renewal.loss_early("α = 1/4"), "effective time", _without(sp.EulerGamma)),
]


@pytest.mark.parametrize(
    ("what", "chain", "name", "change"), FALSE, ids=[f"{n}-{what}" for n, (what, *_) in enumerate(FALSE)]
)
def test_a_false_outcome_is_refused(
    what: str, chain: Callable[[], Derivation], name: str, change: Callable[[Any], Any]
) -> None:
    step = next(step for step in chain().steps if step.name == name)
    false = change(step.outcome.expression)
    assert false != step.outcome.expression
    with pytest.raises(DerivationError):
        step.check(step.before, replace(step.outcome, expression=false))


# -- numbers of the catalogue ------------------------------------------------------------------------------------------


def test_terms_that_are_infinite_one_by_one() -> None:
    """At ``2β = 1`` the poles cancel: the value is what the line's own expansion gives."""
    from scalesym.formulas import formula

    through = formula("J.early").evaluate(digits=20, alpha=1, beta="1/2", zeta="1/1000")
    line = formula("J.early.line").evaluate(digits=20, alpha=1, zeta="1/1000")
    assert abs(through / line - 1) < 1e-18
    with pytest.raises(ScalesymError, match="confirmed|infinite"):
        formula("J.early").evaluate(digits=20, alpha=1, beta="3/2", zeta="1/1000")


def test_a_letter_may_be_given_instead_of_its_definition() -> None:
    from scalesym.formulas import formula

    entry = formula("F_0.asymptotic")
    computed = entry.evaluate(digits=15, alpha=1, beta=1, d=100, v=400)
    given_kappa = formula("kappa").evaluate(digits=25, d=100, v=400, alpha=1)
    assert (
        abs(entry.evaluate(digits=15, alpha=1, beta=1, d=100, v=400, kappa=Fraction(str(given_kappa))) / computed - 1)
        < 1e-14
    )


def test_a_root_that_does_not_exist_is_not_invented() -> None:
    """Between the pointwise bound and ``2/(B+1)`` the equation of ``ζ_1`` has no root outside the spectrum."""
    from scalesym.formulas import formula

    with pytest.raises(ScalesymError):
        formula("K_norm").evaluate(digits=15, alpha="1/4", d=12, v=50, B=3, gamma="22765/100000")


def test_sums_with_real_ends_are_continuous() -> None:
    total = sp.Sum(j ** -sp.Rational(3, 2), (j, 1, v))
    from scalesym.formulas.trees import encode

    below, at_end, above = (
        evaluate(encode(total), {"v": Fraction(60) + h}, 15) for h in (-Fraction(1, 10**9), 0, Fraction(1, 10**9))
    )
    assert below < at_end < above
    assert terms_of(3 + p, p)[0].power == 0
