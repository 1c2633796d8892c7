"""Conventions: formulas and values in others mean the same, and false conversions are noticed."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from points import points

from scalesym.errors import ParameterError
from scalesym.formulas import Formula, conventions, formula, formula_ids
from scalesym.formulas.alphabet import ALPHABET, QUANTITIES
from scalesym.formulas.conventions import LOSSES, Conventions, in_other_conventions
from scalesym.formulas.typesetting import latex

Q = Fraction
PAPER = Conventions()
ALL = [Conventions(factor, batch) for factor in ("1", "1/2") for batch in ("sum", "mean")]


def in_convention(id: str, to: Conventions) -> Formula:
    return formula(id).in_convention(loss_factor=to.loss_factor, batch=to.batch)


# -- against arithmetic of its own -----------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ALL, ids=str)
@pytest.mark.parametrize("batch", [1, 2, 5])
def test_one_step_of_sgd_in_its_own_words(to: Conventions, batch: int) -> None:
    """One parameter, one feature a with E a² = x and E a⁴ = 3x²: the mean loss after θ ← θ - rate·(Σ or mean) a²θ."""
    x, error, rate = Q(1, 3), Q(3, 4), Q(1, 7)
    weight = rate if to.batch == "sum" else rate / batch
    after = error**2 * (1 - 2 * weight * batch * x + weight**2 * (batch * 3 * x**2 + batch * (batch - 1) * x**2))
    for loss_factor in (Q(1), Q(1, 2)):  # P is φ² times the factor, in every convention
        entry = formula("second_moment").in_convention(loss_factor=loss_factor, batch=to.batch)
        found = entry.evaluate(digits=30, gamma=rate, B=batch, x=x, phi=error, P=error**2)
        assert Q(str(found)).limit_denominator(10**9) == after


def require_same_meaning(id: str, to: Conventions, entry: Formula) -> None:
    """Losses are multiplied by the factor, other quantities are the same, at the learning rate of the same algorithm.

    What is a loss is told here from the names of quantities: F and P are losses, and the squared error is.
    """
    original = formula(id)
    left = original.text().partition(" ")[0]
    factor = to.loss_factor if left[0] in "FP" or left.startswith(("E[", "‖F‖")) else 1
    for values in points(original):
        there = {**values}
        if "gamma" in there:
            there["gamma"] = to.learning_rate(there["gamma"], there.get("B", Q(2)), PAPER)
        for name in {"P", "P_inf"} & set(there):
            there[name] = to.loss(there[name], PAPER)
        if "phi" in there:
            there["phi"], values["phi"] = Q(0), Q(0)
        expected = original.evaluate(digits=20, **values) * factor
        found = entry.evaluate(digits=20, **there)
        if id.startswith(("gamma_", "critical")):
            expected = to.learning_rate(expected, values.get("B", Q(2)), PAPER)
        assert abs(found - expected) <= abs(expected) * 1e-17
        return
    raise LookupError(f"no point for {id}")


@pytest.mark.parametrize("to", ALL, ids=str)
@pytest.mark.parametrize("id", [id for id in formula_ids() if id.startswith(("F_pp", "K_pp", "F_ac.", "q", "second"))])
def test_values_mean_the_same(id: str, to: Conventions) -> None:
    if id.endswith((".integral", "F_ac.remainder")) and to.batch == "sum":
        return  # a second each, and the same trees
    require_same_meaning(id, to, in_convention(id, to))


@pytest.mark.parametrize("false", [{"K_pp()": Q(1)}, {"F_pp()": Q(0)}], ids=str)
def test_a_false_conversion_is_noticed(false: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conventions, "LOSSES", {**LOSSES, **false})
    (name,) = (key.removesuffix("()") for key in false)
    with pytest.raises(AssertionError):
        require_same_meaning(f"{name}.closed", ALL[3], in_convention(f"{name}.closed", ALL[3]))


def test_a_rate_left_as_it_was_is_noticed() -> None:
    with pytest.raises(AssertionError):
        require_same_meaning("F_pp.closed", Conventions(1, "mean"), formula("F_pp.closed"))


def test_what_is_a_loss_is_what_is_written_with_a_script_f_or_p() -> None:
    for name in [*ALPHABET, *(f"{quantity}()" for quantity in QUANTITIES if quantity != "E")]:
        shown = latex(["Quantity", name.removesuffix("()"), "r"] if name.endswith("()") else name)
        script = "mathscr{F}" in shown or "mathscr{P}" in shown
        assert script == (LOSSES.get(name) == 1) or name in ("c()", "rho()"), name


# -- formulas --------------------------------------------------------------------------------------------------------


def test_structure_of_the_pieces() -> None:
    to = Conventions("1/2", "mean")
    forcing = in_convention("F_pp.integral", to).to_dict()["expression"]
    assert ["Rational", 1, 4] in forcing
    assert "'B'" not in str(forcing)
    kernel = in_convention("K_pp.integral", to).to_dict()["expression"]
    assert ["Pow", "B", -1] in kernel
    assert ["Rational", 1, 2] in kernel  # of 1/(2α), as before: a kernel is no loss
    assert formula("volterra").in_convention(loss_factor="1/2").statement == formula("volterra").statement


def test_the_kernel_among_losses() -> None:
    """P ~ F + K_pp/(γB): the last term is a loss, and is halved, though K_pp is not."""
    term = ["Mul", ["Pow", "B", -1], ["Pow", "gamma", -1], ["Quantity", "K_pp", "r"]]
    law = ["Eq", ["Quantity", "P_r", "r"], ["Add", ["Quantity", "F", "r"], term]]
    found = in_other_conventions(law, PAPER, Conventions("1/2", "mean"))
    expected = ["Mul", ["Pow", "gamma", -1], ["Quantity", "K_pp", "r"], ["Rational", 1, 2]]
    assert found[2][1:] == sorted([["Quantity", "F", "r"], expected], key=json.dumps)


def test_a_critical_rate_is_a_rate() -> None:
    law = ["Eq", "gamma_K", ["Mul", 2, ["Pow", ["Add", 1, "B"], -1]]]
    found = in_other_conventions(law, PAPER, Conventions(1, "mean"))
    assert found == ["Eq", "gamma_K", ["Mul", "B", 2, ["Pow", ["Add", "B", 1], -1]]]


@pytest.mark.parametrize("id", [id for id in formula_ids() if formula(id).conventions is not None])
@pytest.mark.parametrize("to", ALL[1:], ids=str)
def test_there_and_back_is_the_identity(id: str, to: Conventions) -> None:
    there = Formula.from_dict(json.loads(json.dumps(in_convention(id, to).to_dict())))  # by way of JSON
    assert there.conventions == to
    assert there.to_dict()["conventions"] == {**to.to_dict(), "eigenvalue": "variance"}
    back = there.in_convention()
    assert back.to_dict() == {**formula(id).to_dict(), "notation": "paquette"}
    assert there.in_convention(loss_factor=to.loss_factor, batch=to.batch) is there


@pytest.mark.parametrize("id", [id for id in formula_ids() if formula(id).conventions is None])
def test_laws_and_other_models_have_none(id: str) -> None:
    entry = formula(id)
    assert entry.conventions is None
    assert entry.in_convention() is entry
    for given, name in (({"loss_factor": "1/2"}, "loss_factor"), ({"batch": "mean"}, "batch")):
        with pytest.raises(ParameterError, match=f"^{name} = .*{id} is (an empirical law|of another model)") as refused:
            entry.in_convention(**given)  # type: ignore[arg-type]
        assert "leave the conventions out" in str(refused.value)
    with pytest.raises(ParameterError, match="use 'sum' or 'mean'"):
        entry.in_convention(batch="average")
    assert "Conventions" not in entry.python()
    assert "squared error" not in entry.text()


def test_the_derivation_says_what_has_changed() -> None:
    text = in_convention("F_pp", ALL[3]).text(derivation=True)
    assert "read    loss 1/2 E(prediction - target)^2, gradients averaged over the batch" in text
    assert "The lines above are in the conventions of the paper" in text
    assert "conventions of the paper" not in in_convention("F_pp", PAPER).text(derivation=True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"loss_factor": 2}, "use 1 or 1/2"),
        ({"loss_factor": "half"}, "loss_factor"),
        ({"loss_factor": None}, "loss_factor"),
        ({"batch": "average"}, "use 'sum' or 'mean'"),
        ({"batch": None}, "use 'sum' or 'mean'"),
    ],
    ids=str,
)
def test_other_conventions_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        formula("F_pp").in_convention(**given)


def test_what_is_no_power_of_a_loss_is_refused() -> None:
    law = ["Eq", "tau", ["log", ["Quantity", "P_r", "r"]]]
    with pytest.raises(ParameterError, match="otherwise than by powers"):
        in_other_conventions(law, PAPER, ALL[3])
    with pytest.raises(ParameterError, match="√2"):
        in_other_conventions(["Eq", "phi", "x"], PAPER, ALL[2])
