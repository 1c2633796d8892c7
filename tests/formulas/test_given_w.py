"""Given ``W``: the reduction to two Gaussian numbers, one step of SGD, and the Volterra equation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym.claims import _literal
from scalesym.claims.gaussian_moments import CLAIMS
from scalesym.errors import ParameterError
from scalesym.formulas import formula, moments, pieces, volterra
from scalesym.formulas.alphabet import QUANTITIES, B, P, P_inf, d, gamma, i, phi, r, s, x
from scalesym.formulas.derivation import Derivation, DerivationError, Outcome, Step
from scalesym.formulas.evaluation import rational
from scalesym.formulas.reduction import joint_covariance, reduction
from scalesym.formulas.trees import encode, quantity_names
from scalesym.ledger import Claim

g, delta, mean = (QUANTITIES[name] for name in ("g", "delta", "E"))
x_i, c_i = QUANTITIES["x"](i), QUANTITIES["c"](i)
Q = 1 - 2 * gamma * B * x + gamma**2 * B * (B + 1) * x**2


# -- what comes out ----------------------------------------------------------------------------------------------------


def test_the_factor_and_the_weight_are_the_papers() -> None:
    assert sp.expand(moments.factor() - Q) == 0
    assert moments.loss_weight() == gamma**2 * B * x**2
    assert [c.relation for c in moments.second_moment().conditions] == [sp.Ge(P, phi**2)]


def test_forcing_and_kernel_are_the_papers() -> None:
    q = Q.subs(x, x_i)
    assert volterra.forcing_given_w() == P_inf + sp.Sum(c_i * q**r, (i, 1, d))
    assert volterra.kernel_given_w() == gamma**2 * B * sp.Sum(x_i**2 * q**r, (i, 1, d))


@pytest.mark.parametrize("chain", [reduction, moments.second_moment, volterra.mode, volterra.loss])
def test_running_everything_again_shows_the_same_evidence(chain: Callable[[], Derivation]) -> None:
    found = chain()
    assert found.check() == tuple(step.evidence for step in found.steps)
    assert all(step.evidence.figures for step in found.steps)
    assert {found.level, *(step.relation for step in found.steps)} == {"conditional", "="}


def test_the_catalogue_holds_what_was_derived() -> None:
    assert formula("q").expr == moments.factor()
    assert formula("second_moment").expr == moments.second_moment().expression
    assert formula("rho").expr == volterra.mode().expression
    assert formula("F_W").expr == volterra.forcing_given_w()
    assert formula("K_W").expr == volterra.kernel_given_w()
    assert formula("volterra").expr == volterra.loss().expression
    assert {formula(id).status for id in ("q", "second_moment", "rho", "F_W", "K_W", "volterra")} == {"derived"}


def test_the_pieces_start_from_what_was_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another fourth moment in the derivation is another factor in the sums over modes."""
    chain = moments.second_moment()
    wrong = replace(chain.steps[-1], outcome=Outcome(chain.expression.subs(B + 1, B + 2) * 3))
    spoiled = replace(chain, steps=(*chain.steps[:-1], wrong))
    monkeypatch.setattr(moments, "second_moment", lambda: spoiled)
    seen = []
    monkeypatch.setattr(pieces, "_pure_point", lambda start, model: seen.append(start.start))
    pieces.forcing.__wrapped__(pieces.PAPER)
    pieces.kernel.__wrapped__(pieces.PAPER)
    assert all(start.has(B + 2) and not start.has(B + 1) for start in seen)
    assert seen[1].as_independent(sp.Sum)[0] == 3 * gamma**2 * B


@settings(max_examples=20, derandomize=True, deadline=None)
@given(
    rate=st.fractions(Fraction(1, 50), 1, max_denominator=50),
    eigenvalue=st.fractions(0, 3, max_denominator=20),
    error=st.fractions(-3, 3, max_denominator=20),
    spread=st.fractions(0, 3, max_denominator=20),
    batch=st.integers(1, 3),
)
def test_one_step_against_gauss_hermite(
    rate: Fraction, eigenvalue: Fraction, error: Fraction, spread: Fraction, batch: int
) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(3)
    weights = weights / weights.sum()
    total = 0.0
    for drawn in product(range(3), repeat=2 * batch):
        first, second = nodes[list(drawn[:batch])], nodes[list(drawn[batch:])]
        residual = float(error) * first + float(spread) * second
        moved = float(error) - float(rate * eigenvalue) * first @ residual
        total += np.prod(weights[list(drawn)]) * moved**2
    values: dict[str, Any] = {"gamma": rate, "x": eigenvalue, "phi": error, "P": error**2 + spread**2, "batch": batch}
    stated = formula("second_moment").evaluate(digits=None, **values)
    assert stated == pytest.approx(total, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("modes", "batch"), [(1, 1), (3, 2), (4, 7)])
def test_forcing_and_kernel_solve_the_recursion(modes: int, batch: int) -> None:
    """In floating point, with NumPy, for other eigenvalues than the check's."""
    rng = np.random.default_rng(modes)
    eigenvalues = rng.uniform(0.05, 1.5, modes).round(3)
    start, limit, rate = rng.uniform(0.1, 2, modes).round(3), 0.3, 0.1
    values = {"gamma": Fraction(1, 10), "B": Fraction(batch), "P_inf": Fraction(3, 10), "d": Fraction(modes)}
    terms = {
        "x": lambda n: Fraction(str(eigenvalues[int(n) - 1])),
        "c": lambda n: Fraction(str(start[int(n) - 1])),
    }
    forcing, kernel = (
        [float(rational(encode(formula(id).expr), {**values, "r": Fraction(n)}, terms)) for n in range(9)]
        for id in ("F_W", "K_W")
    )
    squares, losses = start.copy(), []
    for n in range(9):
        losses.append(limit + squares.sum())
        past = sum(kernel[n - 1 - m] * losses[m] for m in range(n))
        assert losses[-1] == pytest.approx(forcing[n] + past, rel=1e-12)
        y = rate * eigenvalues
        squares = (1 - 2 * batch * y + batch * (batch + 1) * y**2) * squares + batch * y**2 * losses[-1]


# -- false steps -------------------------------------------------------------------------------------------------------


def _mapped(old: Any, new: Any) -> Callable[[Any], Any]:
    return lambda e: e.subs(old, new)


def _last_mode_lost(e: Any) -> Any:
    return e.replace(sp.Sum, lambda f, limits: sp.Sum(f, (i, 1, d - 1) if limits[0] == i else limits))


def _one_step_later(e: Any) -> Any:
    return e.replace(
        sp.Sum, lambda f, limits: sp.Sum(f.subs(r, r + 1), limits) if limits[0] == s else sp.Sum(f, limits)
    )


_W, _one, _two = QUANTITIES["P_W"](s), mean(g(1) * delta(1), phi), mean(g(1) ** 2 * delta(1) ** 2, phi)

WRONG: list[tuple[Callable[[], Derivation], str, str, Callable[[Any], Any]]] = [
    (moments.second_moment, "independent samples", "B² pairs", _mapped(B - 1, B)),
    (moments.second_moment, "independent samples", "no pairs", lambda e: e.subs(_one**2, 0)),
    (moments.second_moment, "independent samples", "mean for sum", lambda e: e.subs(gamma, gamma / B)),
    (moments.second_moment, "independent samples", "moments swapped", lambda e: e.subs(_two, _one**2)),
    (moments.second_moment, "Gaussian moments", "P + φ²", _mapped(2 * phi**2 + P, phi**2 + P)),
    (moments.second_moment, "Gaussian moments", "P φ²", _mapped(2 * phi**2 + P, P)),
    (moments.second_moment, "collected", "2B for B(B+1)", _mapped(B + 1, 2)),
    (moments.second_moment, "collected", "B² for B(B+1)", _mapped(B + 1, B)),
    (
        moments.second_moment,
        "collected",
        "weight without B",
        lambda e: e - B * P * (gamma * x) ** 2 + P * (gamma * x) ** 2,
    ),
    (volterra.mode, "unrolled", "K(r-s)", _one_step_later),
    (volterra.mode, "unrolled", "one factor less", lambda e: e - c_i * (1 - e.args[0].args[0].base)),
    (volterra.mode, "unrolled", "last step lost", lambda e: e.subs(r - 1, r - 2)),
    (volterra.mode, "unrolled", "not from c_i", lambda e: e.subs(c_i, 2 * c_i)),
    (volterra.loss, "modes unrolled", "last mode lost", _last_mode_lost),
    (volterra.loss, "sums exchanged", "last mode lost", _last_mode_lost),
    (volterra.loss, "sums exchanged", "limit loss lost", lambda e: e - P_inf),
    (volterra.loss, "forcing and kernel", "K(r-s)", _one_step_later),
    (
        volterra.loss,
        "forcing and kernel",
        "s = 0 lost",
        lambda e: e.replace(sp.Sum, lambda f, _: sp.Sum(f, (s, 1, r - 1))),
    ),
]


def _step(chain: Derivation, name: str) -> Step:
    return next(step for step in chain.steps if step.name == name)


@pytest.mark.parametrize(("chain", "name", "fault", "spoil"), WRONG, ids=[f"{n}: {f}" for _, n, f, _ in WRONG])
def test_checks_refuse_false_steps(
    chain: Callable[[], Derivation], name: str, fault: str, spoil: Callable[[Any], Any]
) -> None:
    step = _step(chain(), name)
    false = replace(step.outcome, expression=spoil(step.outcome.expression))
    assert false != step.outcome
    with pytest.raises(DerivationError):
        step.check(step.before, false)


def test_a_wrong_operation_cannot_be_appended() -> None:
    """As if samples were counted in ordered pairs with themselves: ``B²`` for ``B(B-1)``."""
    chain = moments.second_moment().upto(None)
    right = moments.second_moment().steps[0]

    def operation(before: Any) -> Outcome:
        return Outcome(right.operation(before).expression.subs(B - 1, B))

    with pytest.raises(DerivationError, match="step 'counted': at .* before, .* after"):
        chain.then("counted", operation, right.check, prose="")


@pytest.mark.parametrize("fault", ["label noise lost", "no normal equations", "coordinates not scaled", "sign of φ"])
def test_checks_refuse_a_false_reduction(fault: str) -> None:
    first, second, third = reduction().steps
    symbols = {symbol.name: symbol for symbol in first.before.atoms(sp.MatrixSymbol)}
    last = third.outcome.expression
    step, false = {
        "label noise lost": (first, first.outcome.expression.subs(symbols["sigma2"], sp.ZeroMatrix(1, 1))),
        "no normal equations": (second, first.outcome.expression.args[2]),
        "coordinates not scaled": (third, last.subs(symbols["phi"], symbols["S"] * symbols["phi"])),
        "sign of φ": (
            third,
            sp.BlockMatrix([[last.blocks[0, 0], -last.blocks[0, 1]], [-last.blocks[1, 0], last.blocks[1, 1]]]),
        ),
    }[fault]
    assert false != step.outcome.expression
    with pytest.raises(DerivationError, match="before"):
        step.check(step.before, Outcome(false))


def test_the_reduction_holds_for_every_size() -> None:
    v, d_ = reduction().start.args[2].blocks[0, 0].shape[::-1]
    assert v.is_Symbol
    assert d_.is_Symbol
    assert joint_covariance() == sp.Matrix([[1, phi], [phi, P]])


# -- operations that do not apply --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "expression", "words"),
    [
        (moments.independent_samples, phi**2, "one sum over samples"),
        (moments.independent_samples, mean(sp.Sum(g(i), (i, 1, B)) ** 3, phi), "degree 3"),
        (moments.gaussian_moments, mean(sp.exp(g(1)), phi), "not a monomial"),
        (moments.gaussian_moments, mean(g(1) * g(2), phi), "not a monomial"),
        (volterra.unrolled, QUANTITIES["P_W"](r), "not a linear recurrence"),
        (volterra.unrolled, r * QUANTITIES["rho"](i, r - 1), "not a linear recurrence"),
        (volterra.sums_exchanged, P_inf, "one sum over modes"),
        (volterra.forcing_and_kernel, P_inf, "one sum over earlier losses"),
        (volterra.forcing_and_kernel, sp.Sum(s * _W, (s, 0, r - 1)), "more than the lag"),
    ],
)
def test_operations_say_why_they_do_not_apply(operation: Any, expression: Any, words: str) -> None:
    with pytest.raises(DerivationError, match=words):
        operation(expression)


def test_a_residual_without_a_rational_spread_is_refused() -> None:
    check = moments.exact_means([{"phi": Fraction(1), "P": Fraction(3), "B": Fraction(1)}])
    with pytest.raises(DerivationError, match="not the square"):
        check(mean(g(1), phi), Outcome(phi))


def test_sequences_have_values_only_where_they_are_given() -> None:
    tree = ["Sum", ["Quantity", "c", "i"], "i", 1, "d"]
    assert quantity_names(["Add", tree, ["Quantity", "P_W", ["Quantity", "x", "i"]]]) == {"c", "x", "P_W"}
    assert rational(tree, {"d": Fraction(0)}, {"c": lambda n: n}) == 0
    for letters, quantities in (({"d": Fraction(2)}, None), ({"d": Fraction(1, 2)}, {"c": lambda n: n})):
        with pytest.raises(ParameterError, match="no exact rational value"):
            rational(tree, letters, quantities)


# -- the claims about it, and the algorithm as it is written -----------------------------------------------------------


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_claims_hold_without_any_difference(claim: Claim) -> None:
    verdict = claim.run()
    assert verdict.outcome == "holds", verdict
    differences = [value for name, value in verdict.figures.items() if name.startswith("all draws.")]
    assert len(differences) >= 5
    assert set(differences) == {0}


def test_the_law_of_the_draws_has_gaussian_moments_up_to_the_fifth() -> None:
    for law in (_literal.LAW, moments.LAW):
        assert [sum(p * n**order for n, p in law.items()) for order in range(7)] == [1, 0, 1, 0, 3, 0, 11]  # not 15


def test_two_steps_as_written_against_gauss_hermite() -> None:
    model = _literal.Model(((2, 1), (-1, 3), (1, 2)), 1, Fraction(1, 4), (Fraction(1, 2), Fraction(0)))
    W, b = np.array(model.embedding(), dtype=float), np.array(model.target(), dtype=float)
    root = 1 / np.arange(1, 4.0)
    nodes, weights = np.polynomial.hermite_e.hermegauss(3)
    weights = weights / weights.sum()
    losses = np.zeros(3)
    for drawn in product(range(3), repeat=6):
        theta = np.array(model.start, dtype=float)
        for step in range(3):
            losses[step] += np.prod(weights[list(drawn)]) * np.sum((root * (W @ theta - b)) ** 2)
            if step < 2:
                sample = root * nodes[list(drawn[3 * step : 3 * step + 3])]
                theta = theta - 0.25 * (W.T @ sample) * (sample @ W @ theta - sample @ b)
    assert losses == pytest.approx([float(loss) for loss in _literal.mean_losses(model, 2)], rel=1e-12)
