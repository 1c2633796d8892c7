"""Notations: dictionaries that lose nothing, letters that do not collide, and what a person would write."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from operator import mul
from pathlib import Path
from typing import Any

import pytest
from formulas.test_trees import terms as random_terms
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.formulas import formula, formula_ids
from scalesym.formulas.alphabet import ALPHABET, QUANTITIES
from scalesym.formulas.evaluation import evaluate
from scalesym.formulas.law_letters import LAW_LETTERS, LAW_QUANTITIES
from scalesym.formulas.notation import NOTATIONS, Notation, notation
from scalesym.formulas.typesetting import latex, text

Q = Fraction
OTHERS = [each for each in NOTATIONS.values() if not each.is_the_papers]
AT = [(Q(3, 7), Q(11, 13)), (Q(8, 5), Q(-2, 9))]  # α and β; any rational functions that agree at both are taken as one


def folded(tree: Any, values: dict[str, Fraction]) -> Any:
    """The tree with numbers for some letters and all that is rational computed: an exact normal form without SymPy."""
    if isinstance(tree, str):
        return values.get(tree, tree)
    if isinstance(tree, int):
        return Q(tree)
    head, *rest = tree
    if head == "Rational":
        return Q(*rest)
    parts = [part if head == "Quantity" and n == 0 else folded(part, values) for n, part in enumerate(rest)]
    if head in ("Add", "Mul"):
        opened = [p for part in parts for p in (part[1:] if isinstance(part, list) and part[0] == head else [part])]
        numbers, others = [p for p in opened if isinstance(p, Q)], [p for p in opened if not isinstance(p, Q)]
        number = sum(numbers, Q(0)) if head == "Add" else reduce(mul, numbers, Q(1))
        if not others:
            return number
        kept = [*([number] if number != (head == "Mul") else []), *sorted(others, key=repr)]
        return kept[0] if len(kept) == 1 else [head, *kept]
    if head == "Pow" and isinstance(parts[0], Q) and isinstance(parts[1], Q) and parts[1].denominator == 1:
        return parts[0] ** int(parts[1])
    return [head, *parts]


def require_round_trip(each: Notation, tree: Any) -> None:
    back = each.restored(each.rewritten(tree))
    for alpha, beta in AT:
        values = {"alpha": alpha, "beta": beta}
        assert folded(back, values) == folded(tree, values)


def trees_of(id: str) -> list[Any]:
    record = formula(id).to_dict()
    found = [record["statement"], record["expression"], *record["sides"]]
    found += [line["tree"] for line in record["derivation"]]
    found += [entry["relation"] for entry in record["assumptions"] if entry["relation"] is not None]
    return found + [definition["statement"] for definition in record["definitions"].values()]


@pytest.mark.parametrize("each", OTHERS, ids=lambda each: each.name)
def test_there_and_back_is_the_identity_on_every_entry(each: Notation) -> None:
    for id in formula_ids():
        for tree in trees_of(id):
            require_round_trip(each, tree)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(each=st.sampled_from(OTHERS), tree=random_terms)
def test_there_and_back_is_the_identity_on_random_trees(each: Notation, tree: Any) -> None:
    try:
        require_round_trip(each, tree)
    except ZeroDivisionError:
        assume(False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": ["Mul", 2, "alpha"]},
        {"spectral": "alpha"},
        {"beta": ["Mul", ["Rational", 1, 2], "target"]},
        {"alpha": "spectral"},
    ],
    ids=str,
)
def test_a_false_dictionary_is_noticed(wrong: dict[str, Any]) -> None:
    false = replace(notation("bordelon"), **wrong)
    with pytest.raises(AssertionError):
        require_round_trip(false, ["Eq", *trees_of("F_pp.closed")])


@pytest.mark.parametrize("each", OTHERS, ids=lambda each: each.name)
def test_the_rewritten_formula_has_the_same_value(each: Notation) -> None:
    point = {"alpha": Q(4, 5), "beta": Q(7, 10), "gamma": Q(3, 10), "B": Q(2), "r": Q(40), "d": Q(30), "c_beta": Q(2)}
    exponents = {name: evaluate(getattr(each, name), point, 15) for name in ("spectral", "target")}
    there = {**point, **{name: Q(str(value)).limit_denominator(1000) for name, value in exponents.items()}}
    del there["alpha"], there["beta"]  # they must not be needed
    for id in ("F_pp.closed", "F_pp.asymptotic", "K_pp.closed", "F_ac.closed"):
        tree = formula(id).to_dict()["expression"]
        assert evaluate(each.rewritten(tree), there, 20) == evaluate(tree, point, 20)


@pytest.mark.parametrize(
    ("name", "decay", "inside"),
    [
        ("bordelon", "(a - 1)/b", "(a - b - 1)/b"),
        ("lin", "(b - 1)/a", "(b - a - 1)/a"),
        ("bahri", "(α_K + 2β)/(1 + α_K)", "(2β - 1)/(1 + α_K)"),
        ("maloney", "(α_M + 2β)/(1 + α_M)", "(2β - 1)/(1 + α_M)"),
        ("source-capacity", "s", "s - 1"),
    ],
)
def test_exponents_as_a_person_writes_them(name: str, decay: str, inside: str) -> None:
    each = notation(name)
    assert each.text(["Add", 1, ["Mul", "beta", ["Pow", "alpha", -1]], _over_two_alpha(-1)]) == decay
    assert each.text(["Mul", ["Add", -1, ["Mul", 2, "beta"]], _over_two_alpha(1)]) == inside


def _over_two_alpha(numerator: int) -> Any:
    return ["Mul", ["Rational", numerator, 2], ["Pow", "alpha", -1]]


def test_conditions_are_cleared_of_denominators() -> None:
    conditions = {
        "bordelon": ["a > 1", "b > 1/2"],
        "lin": ["b > 1", "a > 1/2"],
        "bahri": ["α_K + 2β > 0", "α_K > -1/2"],
        "source-capacity": ["as > 0", "a > 1/2"],
    }
    for name, expected in conditions.items():
        found = [
            next(a.text for a in formula(id).in_notation(name).assumptions if a.because != "domain")
            for id in ("F_pp", "K_pp")
        ]
        assert found == expected


# -- letters ---------------------------------------------------------------------------------------------------------


def glyphs(each: Notation) -> dict[str, list[set[str]]]:
    """For LaTeX and for text, the sets of letters and quantities of the model that look the same."""
    quantities = QUANTITIES.keys() - LAW_QUANTITIES.keys()
    names = {*(ALPHABET.keys() - LAW_LETTERS.keys()), *(f"{quantity}()" for quantity in quantities if quantity != "E")}
    if not each.is_the_papers:
        names = (names - {"alpha", "beta"}) | {"spectral", "target"}
    found = {}
    for form, write in (("latex", latex), ("text", text)):
        looks: dict[str, set[str]] = {}
        for name in names:
            tree = ["Quantity", name.removesuffix("()"), ""] if name.endswith("()") else name
            looks.setdefault(str(write(tree, names=each.names)).split("(")[0].split("_{}")[0].rstrip("_"), set()).add(
                name
            )
        found[form] = list(looks.values())
    return found


def require_no_new_collision(each: Notation) -> None:
    """Letters that look the same, where they did not in the paper's notation (whose ``ρ_i`` and ``ρ`` are told by context)."""
    before = glyphs(NOTATIONS["paquette"])
    for form, groups in glyphs(each).items():
        for group in groups:
            if len(group) > 1:
                assert any(group <= old for old in before[form]), (form, group)


@pytest.mark.parametrize("each", OTHERS, ids=lambda each: each.name)
def test_no_letter_gets_the_name_of_another(each: Notation) -> None:
    require_no_new_collision(each)


@pytest.mark.parametrize("name", ["B", "t", "r", "N"])
def test_a_collision_is_noticed(name: str) -> None:
    names = {**notation("bordelon").names, "v": (name, name)}
    if name == "r":
        names["r"] = ("r", "r")
    with pytest.raises(AssertionError):
        require_no_new_collision(replace(notation("bordelon"), names=names))


def test_placeholders_are_no_letters() -> None:
    assert not {"spectral", "target"} & {*ALPHABET, *QUANTITIES}


def letters_of(id: str) -> set[str]:
    """Of every line; variables of integration too."""

    def inside(tree: Any) -> set[str]:
        if not isinstance(tree, list):
            return {tree} if isinstance(tree, str) else set()
        return set().union(*map(inside, tree[2:] if tree[0] == "Quantity" else tree[1:]))

    return set().union(*map(inside, trees_of(id)))


LAWS = [id for id in formula_ids() if formula(id).conventions is None]
BOUND = {"u", "k", "i"}  # variables of integrals and sums, which laws share with the model


def test_the_letters_of_the_laws_are_theirs_alone() -> None:
    assert all(letter.name == name for name, letter in ALPHABET.items())
    for id in formula_ids():
        found = letters_of(id)
        assert found - BOUND <= LAW_LETTERS.keys() if id in LAWS else not found & LAW_LETTERS.keys(), id
    assert set().union(*map(letters_of, LAWS)) - BOUND == LAW_LETTERS.keys()


@pytest.mark.parametrize("id", LAWS)
def test_no_law_shows_two_letters_alike(id: str) -> None:
    found = letters_of(id)
    for write in (latex, text):
        assert len({write(letter) for letter in found}) == len(found)


@pytest.mark.parametrize("id", LAWS)
@pytest.mark.parametrize("each", OTHERS, ids=lambda each: each.name)
def test_laws_keep_the_letters_of_their_papers(id: str, each: Notation) -> None:
    """``α`` of Chinchilla's law is no exponent of a spectrum, and ``D``, ``N`` and ``B`` stay what they are."""
    entry = formula(id)
    assert entry.in_notation(each.name) is entry
    assert entry.latex(each.name) == entry.latex()
    assert "write" not in entry.text(notation=each.name)
    assert each.rewritten(entry.to_dict()["statement"]) == entry.to_dict()["statement"]


def test_chinchilla_as_its_paper_writes_it() -> None:
    assert formula("chinchilla.law").latex("bordelon") == (r"L(N,\,D)=E+A\,N^{-\alpha}+B\,D^{-\beta}")
    with pytest.raises(ParameterError, match="no such notation"):
        formula("chinchilla.law").in_notation("hoffmann")


# -- formulas --------------------------------------------------------------------------------------------------------


def test_every_part_of_a_formula_follows() -> None:
    shown = formula("F_ac.asymptotic").in_notation("bordelon")
    assert shown.latex() == formula("F_ac.asymptotic").latex("bordelon")
    whole = shown.text(derivation=True)
    assert "2γBt · N^(-b) → 0" in whole
    assert "α = b/2, β = (a - b)/2, d = N, r = t" in whole
    for line in shown.derivation:
        assert not {"α", "d", "r"} & set(line.text.replace("du", "").replace("dy", "")), line.text
    assert shown.in_notation("paquette").latex() == formula("F_ac.asymptotic").latex()
    assert shown.evaluate(digits=20, **_VALUES) == formula("F_ac.asymptotic").evaluate(digits=20, **_VALUES)


_VALUES: dict[str, Any] = {"alpha": 1, "gamma": "1/10", "B": 1, "r": 50, "d": 100, "c_beta": 2}


def test_an_unknown_notation_is_refused() -> None:
    for name in ("paquete", "", None, ["bordelon"]):
        with pytest.raises(ParameterError, match="no such notation"):
            formula("F_pp").in_notation(name)  # type: ignore[arg-type]


def test_a_line_without_a_tree_is_not_shown_in_other_letters() -> None:
    record = formula("F_pp").to_dict()
    for line in record["derivation"]:
        line["tree"] = None
    with pytest.raises(ParameterError, match="has no tree"):
        type(formula("F_pp")).from_dict(record).in_notation("lin")


def test_the_papers_notation_needs_no_sympy() -> None:
    code = "import sys; from scalesym.formulas import formula; formula('F_pp').latex('paquette'); assert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)
