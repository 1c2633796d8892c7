"""True claims hold, false ones come back with an exact point that the notes confirm."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

import pytest
from phases.diagram import name, optimum

from scalesym.errors import ParameterError
from scalesym.phases import phase_table
from scalesym.phases.table import Critical
from scalesym.theorems import refutation, smt
from scalesym.theorems.grammar import parse
from scalesym.theorems.refutation import Judgement, judge
from scalesym.theorems.smt import Answer
from scalesym.theorems.statements import Goal, holds

pytest.importorskip("z3")
pytest.importorskip("cvc5")

F = Fraction

TRUE = [
    # the table as published
    "eta=(2alpha+2beta-1)/(2alpha+1), xi=1/(2alpha+1), where=2alpha>1, 2beta<1",
    "eta=alpha+beta-1/2, xi=1/2, where=2alpha<1, 2beta<1",
    "eta=alpha(2alpha+2beta-1)/(3alpha+2beta-2alpha*beta-1), xi=(2alpha+2beta-1)/(2(3alpha+2beta-2alpha*beta-1)), "
    "where=4alpha<1, 2beta>1",
    "eta=(2alpha+2beta-1)/(2(alpha+beta)), xi=beta/(alpha+beta), where=2beta>1, beta<alpha",
    "eta=1-1/(4alpha), xi=1/2, where=2alpha>1, beta>alpha",
    "eta=alpha, xi=1/2, where=alpha<1/2, 2(1-alpha)^2<1, 2beta>1",
    "eta=(1-2alpha)(2alpha+2beta-1)/(2(2beta-2alpha*beta-alpha)), xi=(beta-alpha)/(2beta-2alpha*beta-alpha), "
    "where=1/4<alpha<1, 2(1-alpha)^2>1, 2beta>1",
    # parts of it
    "xi=1/2, where=III",
    "xi=1/2, where=Ib",
    "xi=1/2, where=IVa",
    "xi=beta/(alpha+beta), where=II",
    "η=1−1/(4α), where=III",
    "eta=alpha, where=IVa",
    "eta=(2alpha+2beta-1)/(2alpha+1), where=Ia",
    # on lines, and on other curves
    "eta=1-1/(4alpha), xi=1/2, where=alpha=beta, alpha>1/2",
    "eta=(2alpha+2beta-1)/(2(alpha+beta)), xi=beta/(alpha+beta), where=alpha=beta, alpha>1/2",
    "eta=1-1/(4alpha), where=alpha=beta, alpha>1/2",
    "eta=1/2, where=alpha=1/2, beta>=1/2",
    "eta=alpha, xi=1/2, where=2beta=1, alpha<1/2",
    "eta=7/8, xi=1/2, where=alpha=2, beta>=2",
    "xi=1/2, where=alpha^2=2, beta>alpha",
    "eta=alpha, where=2alpha^2-4alpha+1=0, alpha<1, 2beta>1",
    "eta=9/10, xi=1/2, where=alpha=5/2, beta=3",
]

FALSE = [
    "eta=1-1/(4alpha), xi=1/2, where=2alpha>1, 2beta>1",
    "eta=1-1/(4alpha)+1/10000, xi=1/2, where=III",
    "eta=1-1/(4alpha)-1/10000, xi=1/2, where=III",
    "eta=1-1/(4alpha), xi=1/2+1/10000, where=III",
    "eta=1-1/(4alpha), xi=49/100, where=III",
    # gradient flow has no kernel term: its phase III is the second phase continued
    "eta=(2alpha+2beta-1)/(2(alpha+beta)), xi=beta/(alpha+beta), where=III",
    "eta=(2alpha+2beta-1)/(2(alpha+beta)), where=III",
    "xi=beta/(alpha+beta), where=III",
    # universality
    "xi=1/2",
    "xi=1/2, where=2beta>1",
    "xi=1/2, where=II",
    "xi=1/2, where=Ia",
    "xi=1/2, where=Ic",
    "xi=1/2, where=IVb",
    # values
    "eta=alpha+beta-1/2",
    "eta=alpha, where=2alpha<1",
    "eta=0",
    "eta=1",
    "eta=5",
    "eta=1-1/(4alpha)+1/1000, where=III",
    "eta=1-1/(4alpha)-1/1000, where=III",
    "eta=alpha, where=IVb",
    # sizes at which a power law has no sense
    "xi=0, where=III",
    "xi=1, where=III",
    "xi=-1",
    "xi=2, where=Ia",
    # on lines only: no open phase contains them
    "eta=5, where=2alpha=1",
    "eta=3/4, where=alpha=1/2, beta>1",
    "eta=1, where=alpha=beta, alpha>1/2",
    "eta=1/3, where=alpha=1/4, beta>1/2",
    "eta=2, where=2beta=1",
    "eta=1-1/(4alpha), xi=1/3, where=alpha=beta, alpha>1/2",
    "eta=1/2, xi=1/2, where=alpha=1, beta=1",
    # undefined somewhere
    "xi=1/(alpha-beta)",
    "eta=1-1/(4alpha)+(beta-2)/(beta-2)-1, xi=1/2, where=III",
    # a little beyond a border
    "eta=alpha, xi=1/2, where=29/100<alpha<1/2, 2beta>1",
    "eta=alpha+beta-1/2, xi=1/2, where=2alpha<1, 100beta<51",
    "eta=(2alpha+2beta-1)/(2(alpha+beta)), xi=beta/(alpha+beta), where=2beta>1, beta<alpha+1/50",
]


@pytest.mark.parametrize("claim", TRUE)
def test_what_is_true_holds(claim: str) -> None:
    found = judge(claim)
    assert found.outcome == "holds"
    assert found.because.startswith(
        "z3 and cvc5 refute every counterexample in alpha > 0, alpha + beta > 1/2; powers only"
    )
    assert found.counterexample == {}
    assert found.goals > 10


@pytest.mark.parametrize("claim", FALSE)
def test_what_is_false_has_a_counterexample_that_the_notes_confirm(claim: str) -> None:
    found = judge(claim)
    assert found.outcome == "fails"
    confirm(claim, found)


def confirm(claim: str, found: Judgement) -> None:
    """The point satisfies the conditions, the claim's values differ from those of the notes, and the text has them all."""
    read, point = parse(claim), found.counterexample
    at = point["alpha"], point["beta"]
    assert at[0] > 0
    assert sum(at) > F(1, 2)
    assert all(holds(each, at) for each in read.where)
    truth = dict(zip(("eta", "xi"), optimum(*at), strict=True))
    claimed = {
        what: F(ratio.at(at)) if ratio.bottom.at(at) else None
        for what, ratio in (("eta", read.eta), ("xi", read.xi))
        if ratio is not None
    }
    assert any(value != truth[what] for what, value in claimed.items())
    text = found.because
    assert f"fails at alpha = {at[0]}, beta = {at[1]} (" in text
    assert f"where eta = {truth['eta']} and xi = {truth['xi']}: the claim says " in text
    for what, value in claimed.items():
        assert f"{what} is undefined" in text if value is None else f"{what} = {value}" in text
    assert (f"(phase {name(*at)})" in text) if name(*at) else "(line " in text
    if match := re.search(r"; at d = f\^\((.*)\) the largest piece is (.*) = f\^\((.*)\)$", text):
        x, height = F(match[1]), F(match[3])
        assert x == point["x"]
        assert -height <= truth["eta"]
        assert match[2] in ("F_pp", "F_0", "F_ac", "K_pp/(gamma B)")
        if "eta" in claimed and "xi" not in claimed:  # then the loss is too small to be no more than f^(-eta)
            assert -height > claimed["eta"]
    else:
        assert "x" not in point or None in claimed.values()


@pytest.mark.parametrize("line", [line for line in phase_table().lines], ids=lambda line: "-".join(line.neighbours))
def test_a_phase_with_its_neighbours_exponents_is_refuted(line: Critical) -> None:
    for row, other in permutations(line.neighbours):
        entry = phase_table()[other]
        claim = f"eta={entry.eta}, xi={entry.xi}, where={row}"
        confirm(claim, judge(claim))


def test_on_a_curve_without_rational_points_both_solvers_have_to_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = "xi=1/2, where=alpha^2=2, beta<1, beta>1/2"
    found = judge(claim)
    assert found.outcome == "fails"
    assert found.counterexample == {}
    assert found.because.startswith("fails near alpha = 1.41421, beta = ")

    def one_sided(goal: Goal, solver: str, seconds: float) -> Answer:
        said = smt.ask(goal, solver, seconds)
        return said if solver == "z3" or said.outcome != "false" else Answer(solver, "proved", {})

    monkeypatch.setattr(refutation, "ask", one_sided)
    assert judge(claim).outcome == "unknown"


def test_the_border_at_which_xi_jumps() -> None:
    """η is what it is from both sides; as for powers no size is the only best one, since K_pp is flat."""
    line = "where=2alpha^2-4alpha+1=0, alpha<1, 2beta>1"
    assert judge(f"eta=alpha, {line}").outcome == "holds"
    assert judge(f"eta=alpha, xi=1/2, {line}").outcome == "fails"


# -- when nothing is decided -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["2<1", "alpha<0", "alpha+beta<1/2", "alpha^2+beta^2<0", "II, ", "alpha=1, alpha=2"])
def test_conditions_that_nothing_satisfies_are_refused(where: str) -> None:
    with pytest.raises(ParameterError, match="where = "):
        judge(f"xi=1/2, where={where}")
    if where != "II, ":
        with pytest.raises(ParameterError, match="no point of the domain satisfies it"):
            judge(f"eta=1, where={where}")


def answering(outcomes: Sequence[str]) -> object:
    def ask(goal: Goal, solver: str, seconds: float) -> Answer:
        outcome = outcomes[smt.SOLVERS.index(solver)]
        return Answer(solver, outcome, {letter: "1" for letter in goal.letters} if outcome == "false" else {})

    return ask


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("proved", "proved"), "holds"),
        (("unknown", "proved"), "unknown"),
        (("proved", "unknown"), "unknown"),
        (("vacuous", "proved"), "unknown"),
        (("proved", "vacuous"), "unknown"),
        (("false", "proved"), "unknown"),  # its model is no counterexample
        (("proved", "false"), "unknown"),
        (("vacuous", "false"), "unknown"),
        (("unknown", "false"), "unknown"),
    ],
)
def test_solvers_have_to_agree(outcomes: Sequence[str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refutation, "ask", answering(outcomes))
    monkeypatch.setattr(refutation, "counterexample", lambda *_: None)
    found = judge("eta=1-1/(4alpha), xi=1/2, where=III")
    assert found.outcome == expected
    assert ("undecided" in found.because) == (expected == "unknown")


def test_a_lie_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """One solver says that a true claim is false, with a model that is none."""

    def ask(goal: Goal, solver: str, seconds: float) -> Answer:
        said = smt.ask(goal, solver, seconds)
        return Answer("z3", "false", dict.fromkeys(goal.letters, "1")) if solver == "z3" else said

    monkeypatch.setattr(refutation, "ask", ask)
    assert judge("eta=1-1/(4alpha), xi=1/2, where=III").outcome == "unknown"


def test_progress_is_told() -> None:
    said: list[tuple[int, int]] = []
    found = judge("xi=1/2, where=III", progress=lambda done, total: said.append((done, total)))
    assert said == [(n + 1, 2 * found.goals) for n in range(2 * found.goals)]


def test_a_missing_solver_is_named_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match="No module named 'z3'"):
        judge("xi=1/2")
    with pytest.raises(ParameterError):
        judge("xi=os")  # what cannot be read is refused first


@pytest.mark.parametrize("claim", ["xi=1/2, where=III", "xi=1/2", "xi=1/2, where=alpha^2=2"])
def test_plain_data_is_strict_json(claim: str) -> None:
    found = judge(claim)
    text = json.dumps(found.to_dict(), allow_nan=False)
    again = json.loads(text)
    assert list(again) == ["claim", "outcome", "because", "counterexample", "goals"]
    assert {letter: F(value) for letter, value in again["counterexample"].items()} == found.counterexample
    assert again["claim"] == claim


def test_a_false_claim_is_refuted_soon() -> None:
    started = time.perf_counter()
    judge("eta=alpha^8-3alpha^5 beta^3+2, xi=1/2, where=alpha^5>3")
    assert time.perf_counter() - started < 20
