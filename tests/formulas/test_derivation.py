"""Derivations: the paper's formulas come out, other models give other formulas, and false steps are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from mpmath import MPContext

from scalesym.errors import ConvergenceError
from scalesym.formulas.alphabet import B, alpha, beta, c_beta, d, gamma, j, r, u, y
from scalesym.formulas.derivation import Condition, Derivation, DerivationError, Outcome
from scalesym.formulas.evaluation import evaluate
from scalesym.formulas.operations import substitution
from scalesym.formulas.pieces import PAPER, Model, absolutely_continuous, forcing, kernel
from scalesym.formulas.trees import encode

TAU = 2 * gamma * B * r


def _at(derivation: Derivation, step: str) -> Any:
    return derivation.upto(step).expression


def _same(found: Any, expected: Any) -> Any:
    return sp.simplify(sp.powdenest(sp.expand_power_base(found / expected), force=True)) == 1


# -- the paper ---------------------------------------------------------------------------------------------------------


def test_the_integral_of_the_forcing_is_reproduced() -> None:
    integral = _at(forcing(), "eigenvalue as variable")
    expected = sp.Integral(u ** ((2 * beta - 1) / (2 * alpha)) * sp.exp(-2 * gamma * B * r * u), (u, 0, 1))
    assert integral == expected / (2 * alpha)


def test_the_closed_form_and_the_leading_term_of_the_forcing() -> None:
    s = 1 + beta / alpha - 1 / (2 * alpha)
    assert _same(_at(forcing(), "closed form"), TAU**-s * sp.lowergamma(s, TAU) / (2 * alpha))
    assert _same(forcing().expression, TAU**-s * sp.gamma(s) / (2 * alpha))
    assert [c.relation for c in forcing().conditions] == [sp.Gt(alpha + beta, sp.Rational(1, 2))]


def test_running_everything_again_shows_the_same_evidence() -> None:
    chain = forcing()
    assert chain.check() == tuple(step.evidence for step in chain.steps)
    assert all(step.evidence.figures for step in chain.steps)
    assert [step.relation for step in chain.steps] == ["~", "~", "=", "=", "=", "=", "=", "~"]


def test_the_whole_chain_against_zeta_values() -> None:
    """``Σ_j j^{-p} exp(-τ j^{-a}) = Σ_k (-τ)^k ζ(p + a k)/k!``: the sum over modes by another road than any check's."""
    a, p, tau = Fraction(4, 5), Fraction(7, 5), Fraction(60)  # alpha = 2/5, beta = 3/10
    ctx = MPContext()
    ctx.dps = 70
    x, real = ctx.mpf(60), lambda q: ctx.mpf(q.numerator) / q.denominator
    exact = ctx.fsum((-x) ** k / ctx.factorial(k) * ctx.zeta(real(p) + real(a) * k) for k in range(330))
    values = {"alpha": a / 2, "beta": (p - a) / 2, "gamma": tau / 2, "B": Fraction(1), "r": Fraction(1)}
    leading = evaluate(encode(forcing().expression), values, 30)
    assert 0 < abs(exact / leading - 1) < 1e-12


def test_the_absolutely_continuous_part() -> None:
    closed, leading = absolutely_continuous()
    nu = 1 / (2 * alpha)
    tails = d ** (1 - 2 * alpha) * sp.expint(nu, TAU * d ** (-2 * alpha)) - sp.expint(nu, TAU)
    assert closed.expression == c_beta * tails / (2 * alpha * d)
    assert _same(leading.expression, c_beta * sp.gamma(1 - nu) * TAU ** (nu - 1) / (2 * alpha * d))
    assert [c.relation for c in leading.conditions] == [sp.Gt(alpha, sp.Rational(1, 2))]


# -- other models ------------------------------------------------------------------------------------------------------

RATES = {"gamma": Fraction(1, 5), "B": Fraction(2), "r": Fraction(20)}


def test_a_steeper_spectrum_changes_every_formula() -> None:
    """``λ_j = j^{-3α}`` is the paper's model at 3α/2, and every formula must say so."""
    model = Model(j, j ** (-3 * alpha), j ** (-beta), ({"alpha": Fraction(1, 3), "beta": Fraction(2, 5), **RATES},))
    chain = forcing(model)
    steeper = {alpha: 3 * alpha / 2}
    for step in forcing().steps:
        assert _at(chain, step.name) != step.outcome.expression
    for name in ("closed form", "leading term"):
        assert _same(_at(chain, name), _at(forcing(), name).subs(steeper))
    s = (3 * alpha + 2 * beta - 1) / (3 * alpha)
    assert _same(chain.expression, sp.gamma(s) * TAU**-s / (3 * alpha))
    assert [c.relation for c in chain.conditions] == [sp.Gt(3 * alpha + 2 * beta, 1)]


def test_other_letters() -> None:
    """``λ_k = k^{-b}``, ``λ_k b_k² = k^{-a}``, the notation of arXiv:2402.01092."""
    a, b, k = sp.symbols("a b k", positive=True)
    model = Model(k, k**-b, k ** ((b - a) / 2), ({"a": Fraction(9, 5), "b": Fraction(1), **RATES},))
    chain = forcing(model)
    assert _same(chain.expression, sp.gamma((a - 1) / b) * TAU ** ((1 - a) / b) / b)
    assert [c.relation for c in chain.conditions] == [sp.Gt(a, 1)]


def test_a_prefactor_and_numbers_instead_of_letters() -> None:
    A = sp.Symbol("A", positive=True)
    model = Model(j, A * j**-2, j ** (-sp.Rational(1, 3)), ({"A": Fraction(1, 2), **RATES},))
    chain = kernel(model)
    assert _at(chain, "eigenvalue as variable").atoms(sp.Integral).pop().limits == ((u, 0, A),)
    assert chain.conditions == ()  # nothing left to depend on
    assert _same(
        chain.expression, gamma**2 * B * sp.sqrt(A) * sp.gamma(sp.Rational(3, 2)) * TAU ** -sp.Rational(3, 2) / 2
    )


def test_a_model_outside_the_condition_is_refused() -> None:
    divergent = replace(PAPER, points=({"alpha": Fraction(1, 4), "beta": Fraction(1, 5), **RATES},))
    with pytest.raises(DerivationError, match="small eigenvalues"):
        forcing(divergent)


def test_a_change_of_variable_that_cannot_be_undone_is_refused() -> None:
    with pytest.raises(DerivationError, match="positive solutions"):
        substitution(u, (j - 3) ** 2 + 1)(sp.Integral(sp.exp(-j), (j, 1, sp.oo)))


# -- false steps -------------------------------------------------------------------------------------------------------


def _remains(change: Callable[[Any], Any]) -> Callable[[Outcome], Outcome]:
    """A change of the expression; a remainder, if any, is kept."""
    return lambda outcome: replace(outcome, expression=change(outcome.expression))


def _condition(*relations: Any) -> Callable[[Outcome], Outcome]:
    return lambda outcome: replace(outcome, conditions=tuple(Condition(each, "it is said") for each in relations))


def _map(old: Any, new: Any) -> Callable[[Outcome], Outcome]:
    return _remains(lambda e: e.subs(old, new))


def _function(old: Any, new: Callable[..., Any]) -> Callable[[Outcome], Outcome]:
    return _remains(lambda e: e.replace(old, new))


def _range(variable: Any, lower: Any, upper: Any) -> Callable[[Outcome], Outcome]:
    return _function(sp.Integral, lambda f, _: sp.Integral(f, (variable, lower, upper)))


WRONG: list[tuple[str, str, Callable[[Outcome], Outcome]]] = [
    ("small eigenvalues", "half the rate", _map(gamma, gamma / 2)),
    ("small eigenvalues", "the weight lost", _remains(lambda e: e.func(e.function * j ** (2 * beta), *e.limits))),
    ("small eigenvalues", "twice the sum", _remains(lambda e: 2 * e)),
    ("continuum of modes", "first mode lost", _remains(lambda e: sp.Integral(e.function, (j, 2, sp.oo)))),
    ("continuum of modes", "from zero", _remains(lambda e: sp.Integral(e.function, (j, 0, sp.oo)))),
    ("continuum of modes", "twice the integral", _remains(lambda e: 2 * e)),
    ("eigenvalue as variable", "Jacobian's constant lost", _remains(lambda e: 2 * alpha * e)),
    ("eigenvalue as variable", "wrong power", _map(beta, beta + sp.Rational(1, 10**9))),
    ("eigenvalue as variable", "wrong range", _range(u, 0, 2)),
    ("convergence", "too strict", _condition(sp.Gt(alpha + beta, 1))),
    ("convergence", "too lax", _condition(sp.Gt(alpha + beta, sp.Rational(1, 3)))),
    ("convergence", "another letter", _condition(sp.Gt(alpha, sp.Rational(1, 2)))),
    ("convergence", "another expression", _remains(lambda e: 2 * e)),
    ("unit rate", "the power of the rate", _remains(lambda e: e * TAU)),
    ("unit rate", "the upper end", _range(y, 0, TAU / 2)),
    ("closed form", "argument of the gamma function", _function(sp.lowergamma, lambda s, x: sp.lowergamma(s + 1, x))),
    ("closed form", "arguments swapped", _function(sp.lowergamma, lambda s, x: sp.lowergamma(x, s))),
    ("closed form", "upper for lower", _function(sp.lowergamma, sp.uppergamma)),
    ("closed form", "γ for 2γ", _function(sp.lowergamma, lambda s, x: sp.lowergamma(s, x / 2))),
    ("complete gamma", "sign of the second term", _function(sp.uppergamma, lambda s, x: -sp.uppergamma(s, x))),
    ("leading term", "argument of Γ", _function(sp.gamma, lambda s: sp.gamma(s + 1))),
    ("leading term", "constant lost", _remains(lambda e: 2 * alpha * e)),
    ("leading term", "remainder of the other sign", lambda o: replace(o, remainder=-o.remainder)),
    ("leading term", "remainder at half the time", lambda o: replace(o, remainder=o.remainder.subs(r, r / 2))),
    ("leading term", "no remainder", lambda o: replace(o, remainder=None)),
    ("leading term", "nothing left out", lambda o: Outcome(o.expression + o.remainder, remainder=sp.Integer(0))),
]


@pytest.mark.parametrize(("name", "fault", "spoil"), WRONG, ids=[f"{name}: {fault}" for name, fault, _ in WRONG])
def test_checks_refuse_false_steps(name: str, fault: str, spoil: Callable[[Outcome], Outcome]) -> None:
    step = next(step for step in forcing().steps if step.name == name)
    false = spoil(step.outcome)
    assert false != step.outcome
    with pytest.raises((DerivationError, ConvergenceError)):
        step.check(step.before, false)


@pytest.mark.parametrize("fault", ["lower end", "c_beta lost", "order"])
def test_checks_refuse_a_false_closed_form_of_the_continuous_part(fault: str) -> None:
    step = absolutely_continuous()[0].steps[0]
    nu = 1 / (2 * alpha)
    false = {
        "lower end": step.outcome.expression.subs(d ** (1 - 2 * alpha), d ** (2 - 2 * alpha)),
        "c_beta lost": step.outcome.expression / c_beta,
        "order": step.outcome.expression.replace(sp.expint, lambda order, x: sp.expint(1 - nu, x)),
    }[fault]
    assert false != step.outcome.expression
    with pytest.raises(DerivationError):
        step.check(step.before, Outcome(false))


def test_a_false_operation_cannot_be_appended() -> None:
    chain = forcing().upto("unit rate")
    right = forcing().steps[5]

    def operation(before: Any) -> Outcome:
        return Outcome(2 * right.operation(before).expression)

    with pytest.raises(DerivationError, match="step 'doubled'"):
        chain.then("doubled", operation, right.check, prose="")
    with pytest.raises(DerivationError, match="expected a factor times one"):
        chain.then("again", forcing().steps[0].operation, right.check, prose="")


def test_a_chain_that_was_tampered_with_is_refused() -> None:
    chain = forcing()
    spoiled = replace(chain.steps[5], outcome=Outcome(2 * chain.steps[5].outcome.expression))
    with pytest.raises(DerivationError, match="on record"):
        replace(chain, steps=(*chain.steps[:5], spoiled, *chain.steps[6:])).check()
    with pytest.raises(DerivationError, match="does not start"):
        replace(chain, steps=chain.steps[1:]).check()
