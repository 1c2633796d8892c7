"""The empirical laws' entries: how they are made, that false steps are refused, and how they are asked for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from formulas.law_references import REFERENCES

from scalesym.errors import ParameterError
from scalesym.formulas import formula, formula_ids
from scalesym.formulas.alphabet import ALPHABET
from scalesym.formulas.derivation import Derivation, DerivationError, Outcome, Step
from scalesym.formulas.document import document
from scalesym.formulas.evaluation import holds
from scalesym.formulas.law_letters import LAW_LETTERS, spelled
from scalesym.formulas.typesetting import terms, text
from scalesym.laws import Adaptive, Chinchilla, ShapeLaw
from scalesym.laws.catalogued import chinchilla
from scalesym.laws.catalogued.algebra import gathered, renamed, solved, stationary
from scalesym.laws.catalogued.roads import number, places
from scalesym.laws.kaplan_frontier import Frontier
from scalesym.laws.kaplan_joint import JointLaw
from scalesym.laws.statements import generate, statements

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "scalesym" / "formulas" / "laws.json"
LAWS = [id for id in formula_ids() if formula(id).conventions is None]
MODELS = [id for id in LAWS if formula(id).level != "empirical"]


# -- how they are made -------------------------------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_the_shipped_file_is_what_the_derivations_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scalesym.laws.statements.statements", _statements)  # derived once for all tests here
    assert generate().encode() == SHIPPED.read_bytes()


@pytest.mark.exhaustive
def test_the_file_depends_on_no_hash_seed() -> None:
    """Every operation again in another process, without the checks, of which only the claims are in the file."""
    code = (
        "import sys\n"
        "from scalesym.formulas import derivation\n"
        "derivation._checked = lambda *_: derivation.Evidence('', ())\n"
        "from scalesym.laws.statements import generate\n"
        "sys.stdout.buffer.write(generate().encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "20"}
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert made.stdout.decode() == re.sub(r'"check": ".*"', '"check": ""', SHIPPED.read_text(encoding="utf-8"))


@pytest.mark.exhaustive
def test_every_law_is_there() -> None:
    found = {each.id: each for each in _statements()}
    assert sorted(found) == sorted(LAWS) == sorted(REFERENCES)
    assumed = {id for id in LAWS if formula(id).status == "assumed"}
    assert assumed == {id for id, each in found.items() if not each.derivation.steps}
    assert {id for id in assumed if id not in MODELS} == {
        *("chinchilla.law", "henighan.law", "henighan.optimum.N", "henighan.two-term", "vit.law", "adaptive.law"),
        *("kaplan.size", "kaplan.data", "kaplan.compute", "kaplan.joint", "kaplan.steps"),
        *("kaplan.batch", "kaplan.batch.hyperbola", "bnsl.law.unbroken", "bnsl.law.one-break", "bnsl.law.two-breaks"),
    }


@pytest.mark.parametrize("id", LAWS)
def test_what_is_derived_starts_from_an_assumed_law(id: str) -> None:
    starts = {formula(each).derivation[0].text for each in LAWS if formula(each).status == "assumed"}
    assert formula(id).derivation[0].text in starts


def test_what_is_assumed_of_other_models() -> None:
    assert {id for id in MODELS if formula(id).status == "assumed"} == {
        *("two-resolvents.responses", "two-resolvents.C_0", "two-resolvents.C_2", "ridge.power-law.sum"),
        *("regimes.best-modes", "regimes.geometry.error", "regimes.geometry.void"),
        *("dynamical.time.sum", "dynamical.model.sum", "dynamical.bias.sum", "dynamical.response", "dynamical.balance"),
        *(f"dynamical.frontier.published.{name}" for name in "NtL"),
    }
    assert {formula(id).level for id in MODELS} == {"equivalent", "continuum", "asymptotic"}


@pytest.mark.parametrize("id", LAWS)
def test_every_letter_is_explained(id: str) -> None:
    entry = formula(id)
    said = [each.text for each in entry.assumptions if each.because == "definition"]
    for letter in entry.variables:
        assert sum(each.startswith(f"{text(letter)} ") for each in said) == 1, letter


# -- false steps -------------------------------------------------------------------------------------------------------


@cache
def _statements() -> tuple[Any, ...]:
    return statements()


@cache
def _empirical() -> tuple[Any, ...]:
    """Without the solvable models, whose derivations take most of a minute."""
    return statements(solvable=False)


@cache
def _steps(solvable: bool) -> dict[str, Step]:
    """Every step once, by the first statement that has it."""
    found: dict[str, Step] = {}
    seen: set[Any] = set()
    for each in sorted(_statements() if solvable else _empirical(), key=lambda each: each.id):
        for step in each.derivation.steps:
            key = (step.name, step.before, step.outcome.expression)
            if key not in seen:
                seen.add(key)
                found[f"{each.id}: {step.name}"] = step
    return found


def _false(expression: Any) -> list[Any]:
    """The expression a little larger, and with one of two letters a little larger; of an equation its left-hand side."""
    if isinstance(expression, sp.Equality):
        return [sp.Eq(wrong, expression.rhs, evaluate=False) for wrong in _false(expression.lhs)]
    little = 1 + sp.Rational(1, 10**12)
    letters = sorted(expression.free_symbols, key=str)[:2]
    return [expression * little, *(expression.subs(x, x * little) for x in letters)]


def _shipped_steps() -> list[str]:
    """The names of :func:`_steps`, read off the shipped file: to derive them takes seconds, which collecting has not."""
    found: dict[str, str] = {}
    for id in sorted(LAWS):
        lines = formula(id).to_dict()["derivation"]
        for before, line in pairwise(lines):
            found.setdefault(json.dumps([line["name"], before["tree"], line["tree"]]), f"{id}: {line['name']}")
    return sorted(found.values())


STEPS = _shipped_steps()


def _of_a_model(name: str) -> bool:
    return name.partition(":")[0] in MODELS


@pytest.mark.exhaustive
def test_no_step_is_passed_over() -> None:
    assert sorted(_steps(solvable=True)) == STEPS
    assert sorted(_steps(solvable=False)) == [name for name in STEPS if not _of_a_model(name)]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.exhaustive if _of_a_model(name) else ()) for name in STEPS]
)
def test_a_false_outcome_is_refused(name: str) -> None:
    step = _steps(_of_a_model(name))[name]
    for wrong in _false(step.outcome.expression):
        with pytest.raises(DerivationError):
            step.check(step.before, replace(step.outcome, expression=wrong))


@pytest.mark.parametrize("solvable", [False, pytest.param(True, marks=pytest.mark.exhaustive)])
def test_a_condition_on_the_wrong_side_is_refused(solvable: bool) -> None:
    conditioned = [step for step in _steps(solvable).values() if step.outcome.conditions]
    assert len(conditioned) > 8
    for step in conditioned:
        for condition in step.outcome.conditions:
            relation = condition.relation
            turned = replace(condition, relation=sp.Gt(relation.lts, relation.gts, evaluate=False))
            with pytest.raises(DerivationError, match="does not hold"):
                step.check(step.before, replace(step.outcome, conditions=(turned,)))


def test_another_law_gives_another_optimum_and_a_forged_one_is_refused() -> None:
    """With ``N^{-2α}`` for ``N^{-α}`` the operations go through, and the checks see that they are of another law."""
    chain, alpha = chinchilla.allocation(), chinchilla.alpha
    steeper = Derivation(chain.quantity, chain.start.subs(alpha, 2 * alpha), "empirical", "Steeper.")
    for step in chain.steps:
        steeper = steeper.then(step.name, step.operation, step.check, prose=step.prose, relation=step.relation)
    assert steeper.expression != chain.expression
    assert _same(steeper.expression, chain.expression.subs(alpha, 2 * alpha))
    last = chain.steps[-1]
    with pytest.raises(DerivationError):
        last.check(last.before, Outcome(steeper.expression))


def test_operations_refuse_what_they_cannot_do() -> None:
    a, x, y = sp.symbols("a x y", positive=True)
    with pytest.raises(DerivationError, match="no power"):
        solved(x + y, y, x)
    with pytest.raises(DerivationError, match="do not trade off"):
        stationary(x**-a + y, x)
    assert gathered(x**a * y**-a) == (x / y) ** a


# -- against the formulas of scalesym.laws ------------------------------------------------------------------------------


def _same(one: Any, other: Any) -> bool:
    """At three points, to thirty digits."""
    names = " ".join(sorted(letter.name for letter in one.free_symbols | other.free_symbols))
    return all(abs(number(one, at) / number(other, at) - 1) < 1e-30 for at in places(names, 3))


def test_the_frontiers_are_those_of_the_laws_own_formulas() -> None:
    found = {id: formula(id).expr for id in LAWS}
    own = Chinchilla.from_paper("besiroglu2024").optimum_formula
    names = {"B": "B_data", "alpha": "alpha_size", "beta": "beta_data"}
    for name, equation in zip("NDL", own, strict=True):
        assert _same(found[f"chinchilla.optimum.{name}"], renamed(equation.rhs, **names))
    for name, expression in JointLaw(N_c=1, alpha_N=1, D_c=1, alpha_D=1).optimum_formulas.items():
        assert _same(found[f"kaplan.joint.optimum.{name}"], renamed(expression))
    named = {ALPHABET["alpha_C"]: found["kaplan.optimum.exponent"], ALPHABET["C_c"]: found["kaplan.optimum.scale"]}
    for name, expression in Frontier.optimum_formulas().items():
        whole = found[f"kaplan.optimum.{name}"].subs(named, simultaneous=True)
        assert _same(whole, renamed(expression, C="C_min"))


def test_shapes_are_those_of_the_laws_own_formulas() -> None:
    law = ShapeLaw(1, 1, 0, 1)
    names = {"a": "scale", "b": "exponent", "c": "floor", "d": "shift", "E": "error"}
    above = {ALPHABET["error"]: ALPHABET["error"] + 9}
    for id, equation in (("vit.inverse", law.inverse_formula), ("vit.marginal-cost", law.marginal_cost_formula)):
        assert _same(formula(id).expr.subs(above), renamed(equation.rhs, **names).subs(above))
    of_two = {
        f"{name}_{k}": f"{long}_{k}"
        for name, long in names.items()
        if long in ("scale", "exponent", "floor")
        for k in "12"
    }
    for kind in ("equal exponents", "equal floors"):
        own = renamed(Adaptive.transition_formula(kind).rhs, **names, **of_two)
        assert _same(formula(f"adaptive.transition.{kind.replace(' ', '-')}").expr, own)


# -- how they are asked for --------------------------------------------------------------------------------------------

GIVEN: dict[str, Any] = {"E": "1.69", "A": "406.4", "B": "410.7", "alpha": "0.34", "beta": "0.28"}


def test_letters_may_be_called_as_their_paper_has_them() -> None:
    entry = formula("chinchilla.law")
    own = {spelled(letter): letter for letter in entry.variables}
    assert own == {"A": "A", "B": "B_data", "D": "D", "E": "E", "N": "N", "alpha": "alpha_size", "beta": "beta_data"}
    values = {**GIVEN, "N": 70 * 10**9, "D": 14 * 10**11}
    found = entry.evaluate(digits=7, **values)
    assert str(found) == "1.936645"
    assert entry.evaluate(digits=7, **{own[name]: x for name, x in values.items()}) == found
    with pytest.raises(ParameterError, match="given twice"):
        entry.evaluate(**values, B_data=1)
    with pytest.raises(ParameterError, match="does not depend"):
        entry.evaluate(**values, gamma=1)
    with pytest.raises(ParameterError, match="does not depend"):  # the model's own letters stay strict
        formula("F_pp").evaluate(alpha_size=1, beta=1, gamma=1, B=1, r=1)
    batch = formula("kaplan.batch.steps")
    assert batch.evaluate(digits=9, S=100, batch=1, B_crit=3) == 25


@pytest.mark.parametrize("id", LAWS)
def test_no_two_letters_of_a_law_have_one_spelling(id: str) -> None:
    letters = formula(id).letters
    assert len({spelled(letter) for letter in letters}) == len(letters)
    assert all(spelled(letter).isidentifier() for letter in letters)
    assert set(letters) <= set(LAW_LETTERS)


@pytest.mark.parametrize(
    ("id", "values", "words"),
    [
        ("chinchilla.law", {**GIVEN, "N": 0, "D": 1}, "N > 0"),
        ("chinchilla.law", {**GIVEN, "E": -1, "N": 1, "D": 1}, "E ≥ 0"),
        ("chinchilla.law", {**GIVEN, "beta": 0, "N": 1, "D": 1}, "β > 0"),
        ("chinchilla.compute-for-loss", {**GIVEN, "C_0": 6, "L": "1.69"}, "L > E .no budget"),
        ("chinchilla.data-for-loss", {**GIVEN, "N": 10**9, "L": "1.8"}, "L > E .* .no data takes"),
        ("henighan.inverse", {"x_0": 1, "alpha_x": 1, "L": 2, "L_inf": 2}, "L > L_∞"),
        ("henighan.two-term.data-exponent", {"alpha": 1, "p": 1}, "p < 1"),
        ("kaplan.optimum.other-size", {"r": "1/5", "alpha_N": "0.077", "alpha_S": "0.76"}, "a smaller model never"),
        ("vit.inverse", {"a": 1, "b": 1, "c": "1/2", "d": 1, "E": "1/2"}, "E > c"),
        ("adaptive.segment", {"a_P": 1, "b_P": 1, "c_P": 0, "E_0": "1/3", "E_T": "1/2"}, "training lowers the error"),
        (
            "adaptive.transition.equal-exponents",
            {"a_1": 1, "a_2": 2, "b": 1, "c_1": 0, "c_2": 1},
            "costs less at every",
        ),
        ("bnsl.turning-point", {"c_0": 1, "c_1": 1, "d_1": 1, "f_1": 1}, "the law is monotone"),
    ],
    ids=str,
)
def test_values_outside_the_assumptions_are_refused(id: str, values: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterError, match=f"{re.escape(id)} assumes .*{words}"):
        formula(id).evaluate(digits=15, **values)


def test_a_condition_with_powers_is_decided_on_both_sides_of_its_boundary() -> None:
    """At ``N = 9``, ``α = 1/2`` the boundary is 1/3 above ``E``: on it and a hair below, no; a hair above, yes."""
    values = {"E": 1, "A": 1, "B": 1, "alpha": "1/2", "beta": 1, "N": 9}
    boundary, hair = sp.Rational(4, 3), sp.Rational(1, 10**30)
    for loss in (boundary, boundary - hair):
        with pytest.raises(ParameterError, match="no data takes"):
            formula("chinchilla.data-for-loss").evaluate(L=str(loss), **values)
    found = formula("chinchilla.data-for-loss").evaluate(L=str(boundary + hair), digits=20, **values)
    assert abs(found / 10**30 - 1) < 1e-15
    assert not holds(["Lt", ["exp", 1], ["exp", 1]], {})
    assert holds(["Le", ["exp", 1], ["exp", 1]], {})


def test_the_command_line_shows_them() -> None:
    from click.testing import CliRunner

    from scalesym.cli.formula import formula_command

    run = CliRunner().invoke(formula_command, ["chinchilla.optimum.N", "--latex"], standalone_mode=False)
    assert run.output.strip() == formula("chinchilla.optimum.N").latex()
    shown = CliRunner().invoke(formula_command, ["kaplan.joint", "--notation", "bordelon"], standalone_mode=False)
    assert shown.output.strip() == formula("kaplan.joint").text()
    refused = CliRunner().invoke(formula_command, ["kaplan.joint", "--loss-factor", "1/2"], standalone_mode=False)
    assert isinstance(refused.exception, ParameterError)
    chain = CliRunner().invoke(formula_command, ["vit.inverse", "--derivation", "--latex"], standalone_mode=False)
    assert chain.output.startswith(r"\begin{aligned}")


def test_the_document_has_a_section_for_each_paper() -> None:
    written = document([formula(id) for id in LAWS if id not in MODELS])
    titles = re.findall(r"\\section\{(Empirical laws: [^}]*)\}", written)
    assert titles == [
        f"Empirical laws: {name}"
        for name in (
            "Chinchilla",
            "Kaplan et al.",
            "Henighan et al.",
            "vision transformers",
            "broken laws",
            "adaptive training",
        )
    ]
    assert r"\paragraph{Empirical laws.}" in written
    assert r"Derived from \eqref{eq:chinchilla.law}, which is assumed." in written
    assert "Further formulas" not in written
    assert r"\paragraph{Empirical laws.}" not in document([formula("F_pp")])


def test_an_equation_in_a_derivation_has_no_parentheses() -> None:
    assert terms(["Eq", "N", ["Add", "D", 1]]) == ["N=D+1"]
