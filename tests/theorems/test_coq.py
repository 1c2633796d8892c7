"""The Coq files: written again they are the same, Coq accepts them, and neither a wrong theorem nor a hole in a proof."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from scalesym.claims import phase_proofs
from scalesym.powerlaw.polynomials import Polynomial
from scalesym.theorems import coq, coqc
from scalesym.theorems.goals import goals
from scalesym.theorems.regions import counterexample, points_of
from scalesym.theorems.statements import Atom, Goal, Or, Sum
from tests.outside import needs

KEPT = Path(__file__).parents[2] / "proofs" / "coq"
GOALS = {goal.id: goal for goal in goals()}
X = Polynomial(("x",), ((1, (1,)),))
ONE = Goal("one", "x > 0 is x >= 0", ("x",), (Atom(X, ">"),), Atom(X, ">="))


@cache
def compiled() -> dict[str, coqc.Compiled]:
    needs("coqc")
    return coqc.check(coq.files())


def compiled_alone(content: str, seconds: float = 120) -> coqc.Compiled:
    needs("coqc")
    return coqc.check({"alone.v": content}, seconds)["alone.v"]


# -- the files -----------------------------------------------------------------------------------------------------------


def test_the_files_are_those_that_are_written() -> None:
    written = coq.files()
    kept = {path.name: path.read_bytes() for path in KEPT.iterdir()}
    assert sorted(kept) == sorted(written)
    for name, content in written.items():
        assert kept[name] == content.encode(), f"{name}: python -m scalesym.theorems"


def test_the_text_is_plain() -> None:
    for name, content in coq.files().items():
        assert content.isascii(), name
        assert all(len(line) <= 120 and line == line.rstrip() for line in content.splitlines()), name
        assert coqc.forbidden(content) == [], name


def test_every_goal_is_a_theorem_of_one_file_and_of_one_claim() -> None:
    theorems = [name for content in coq.files().values() for name in re.findall(r"^Theorem (\w+)", content, re.M)]
    assert theorems == [coq.name_of(id) for id in GOALS]
    kinds = [kind for claim in phase_proofs.CLAIMS for kind in claim.true.get("kinds", ("universality",))]
    assert len(kinds) == len(set(kinds))
    assert {phase_proofs._kind(id) for id in GOALS} == set(kinds)


# -- the statements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", GOALS)
def test_the_statement_says_what_the_goal_says(id: str) -> None:
    """Read back from Coq's text by other means, and compared at exact points."""
    goal = GOALS[id]
    whole = re.search(r"Theorem \w+ : forall ([\w ]+) : R,\n(.*?)\.\nProof", coq.theorem(goal), re.S)
    assert whole
    assert whole[1].split() == list(goal.letters)
    *hypotheses, conclusion = (_read(part) for part in whole[2].split("->"))
    assert len(hypotheses) == len(goal.hypotheses)
    values = [Fraction(n, 12) for n in (-7, 1, 3, 4, 6, 7, 9, 15)]
    inside = [dict(zip(goal.letters, point, strict=True)) for point in points_of(goal)[::17]]
    grid = [dict(zip(goal.letters, (a, b, c), strict=False)) for a in values for b in values for c in values[::3]]
    for point in [*inside[:40], *grid]:
        fails = all(part(point) for part in hypotheses) and not conclusion(point)
        assert fails == goal.fails_at(point), point


def _read(text: str) -> Callable[[dict[str, Fraction]], bool]:
    for ours, python in (("^", "**"), ("/\\", " and "), ("\\/", " or "), ("<>", "!=")):
        text = text.replace(ours, python)
    text = re.sub(r"(?<![<>!=])=(?!=)", "==", text)
    code = compile(" ".join(text.split()), "statement", "eval")
    return lambda point: bool(eval(code, {"__builtins__": {}}, dict(point)))


@pytest.mark.parametrize("id", [id for id, goal in GOALS.items() if goal.weights])
def test_the_certificate_is_an_identity(id: str) -> None:
    goal = GOALS[id]
    assert isinstance(goal.conclusion, Or)
    total = Sum.of(0, goal.letters)
    for place, weight in goal.weights.items():
        part = goal.conclusion.parts[place]
        assert isinstance(part, Atom)
        total += Sum.of(weight, goal.letters) * Sum.of(part.polynomial, goal.letters)
    assert not total.numbers
    inside = points_of(goal)
    assert inside
    assert all(weight.sign_at(point) > 0 for weight in goal.weights.values() for point in inside)


def test_minimum_and_unique_are_proved_by_their_weights() -> None:
    for id, goal in GOALS.items():
        if ".minimum" in id or ".unique" in id:
            assert "certificate : " in coq.theorem(goal), id
            assert "nra" not in coq.theorem(goal), id


@pytest.mark.parametrize("id", GOALS)
def test_no_goal_has_a_counterexample_and_its_hypotheses_can_hold(id: str) -> None:
    assert counterexample(GOALS[id]) is None
    assert points_of(GOALS[id])


# -- the compiler --------------------------------------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_coq_accepts_every_theorem() -> None:
    for name, result in compiled().items():
        assert result.outcome == "proved", (name, result.theorem, result.message)
        assert result.axioms <= coqc.AXIOMS
    found = [name for result in compiled().values() for name in result.theorems]
    assert set(map(coq.name_of, GOALS)) <= set(found)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert compiled_alone(coq.text([ONE])).outcome == "proved"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("id", "old", "new"),
    [
        ("III.minimum", "(4 * alpha - 1) *", "(4 * alpha - 2) *"),
        ("II.attained", "alpha - beta > 0 ->", "alpha - beta < 0 ->"),
        ("line.II-III.eta", "-alpha + beta = 0", "-alpha + 2 * beta = 0"),
        ("III.unique", "2 * x - 1 <> 0", "3 * x - 1 <> 0"),
        ("III.universality", "reflexivity.", "lia."),
    ],
)
def test_a_wrong_word_is_rejected(id: str, old: str, new: str) -> None:
    content = coq.text([GOALS[id]])
    assert old in content
    result = compiled_alone(content.replace(old, new))
    assert (result.outcome, result.theorem) == ("rejected", coq.name_of(id)), result


def test_a_false_goal_is_rejected_and_has_a_counterexample() -> None:
    goal = GOALS["III.attained"]
    dropped = replace(goal, hypotheses=tuple(each for each in goal.hypotheses if each.polynomial.text != "α - β"))
    assert len(dropped.hypotheses) == len(goal.hypotheses) - 1
    assert compiled_alone(coq.text([dropped])).outcome == "rejected"
    point = counterexample(dropped)
    assert point is not None
    assert dropped.fails_at(point)


_END = "Definition all_of_them := (one).\nPrint Assumptions all_of_them.\n"
_BEGIN = "Require Import Reals Psatz.\nOpen Scope R_scope.\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Theorem one : 1 = 2.\nProof.\nAdmitted.\n", "Admitted"),
        ("Axiom false : 1 = 2.\nTheorem one : 1 = 2.\nProof.\nexact false.\nQed.\n", "Axiom"),
        ("Parameter false : 1 = 2.\nTheorem one : 1 = 2.\nProof.\nexact false.\nQed.\n", "Parameter"),
        ("Theorem two : 2 = 2.\nProof.\nreflexivity.\nQed.\nTheorem one : 1 = 1.\nProof.\nreflexivity.\nQed.\n", "two"),
        (
            "Require Import Classical.\nTheorem one : 1 = 2 \\/ 1 <> 2.\nProof.\napply classic.\nQed.\n",
            "rests on classic",
        ),
        ("Primitive false : 1 = 2.\nTheorem one : 1 = 1.\nProof.\nreflexivity.\nQed.\n", ""),
    ],
)
def test_a_hole_in_a_proof_is_seen(content: str, words: str) -> None:
    result = compiled_alone(_BEGIN + content + _END)
    assert result.outcome != "proved"
    assert words in result.message


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("Require Import Nowhere.\n", "Nowhere"),
        ("Theorem none : x > 0.\nProof.\nlra.\nQed.\n", "not found"),
        ("(*", ""),
    ],
)
def test_what_coq_cannot_judge_is_not_rejected(before: str, says: str) -> None:
    result = compiled_alone(_BEGIN + before + "Theorem one : 1 = 1.\nProof.\nreflexivity.\nQed.\n" + _END)
    assert result.outcome == "broken"
    assert says in result.message


def test_time_runs_out() -> None:
    result = compiled_alone(coq.text([ONE]), seconds=0.01)
    assert (result.outcome, result.message) == ("broken", "no answer within 0.01 s")


def test_comments_are_no_code() -> None:
    assert coqc.forbidden("(* Axiom (* admit *) Parameter *)") == []
    assert coqc.forbidden("(* a *) admit (* b *)") == ["admit"]
    assert coqc.forbidden(coq.text([ONE]) + "Theorem two : 1 = 1.") != []


@pytest.mark.parametrize(
    ("printed", "axioms"),
    [
        ("Closed under the global context\n", set()),
        ("Axioms:\nA.b\n  : forall n,\n    n = n\nc : 1 = 2\n", {"A.b", "c"}),
        ("Axioms:\nfoo is assumed to be guarded.\n", {"foo is assumed to be guarded."}),
        ("", None),
        ("warning\n", None),
    ],
)
def test_axioms_are_read(printed: str, axioms: set[str] | None) -> None:
    assert coqc._axioms(printed) == axioms


# -- the claims ----------------------------------------------------------------------------------------------------------


def test_without_coq_the_claims_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for claim in phase_proofs.CLAIMS:
        verdict = claim.run()
        assert (verdict.outcome, verdict.deciding) == ("skipped", "coqc is not installed: install Debian's coq")
    with pytest.raises(ModuleNotFoundError, match="coqc"):
        coqc.version()


def test_a_rejected_proof_of_a_true_goal_is_unknown() -> None:
    true = [GOALS["III.minimum"]]
    result = coqc.Compiled("III.v", "rejected", ("III_minimum",), frozenset(), 1.0, "III_minimum", "no such tactic")
    needs("coqc")
    verdict = phase_proofs._verdict(true, {"III.v": result})
    assert verdict.outcome == "unknown"
    assert "no such tactic" in verdict.deciding
    broken = replace(result, outcome="broken", theorem="", message="no library")
    assert phase_proofs._verdict(true, {"III.v": broken}).outcome == "unknown"
    assert phase_proofs._verdict(true, {}).outcome == "unknown"
