"""SMT-LIB texts, two solvers that read them, and every wrong row of the table refuted by an exact point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from phases.diagram import name, optimum

from scalesym.claims.phases import CLAIMS
from scalesym.ledger import Verdict
from scalesym.phases import phase_table
from scalesym.powerlaw.polynomials import Ratio
from scalesym.theorems import smt
from scalesym.theorems.goals import Row, goals, plane_goals, row_goals, rows
from scalesym.theorems.smt import SOLVERS, Answer
from scalesym.theorems.statements import And, Atom, Goal, Or, Sum

pytest.importorskip("z3")
pytest.importorskip("cvc5")

F = Fraction
KEPT = Path(__file__).parents[2] / "proofs" / "smt"
GOALS = {goal.id: goal for goal in goals()}
ROWS = {row.name: row for row in rows()}
x, y = (Sum.letter(each, ("x", "y")) for each in "xy")


def stated(conclusion: Atom, *hypotheses: Atom) -> Goal:
    return Goal("a.goal", "something about x and y", ("x", "y"), hypotheses, conclusion)


def atom(total: Sum, relation: str) -> Atom:
    return Atom(total.exactly, relation)  # type: ignore[arg-type]


# -- the files -----------------------------------------------------------------------------------------------------------


def z3_reads(text: str) -> list[str]:
    import z3

    context = z3.Context()
    return str(z3.Z3_eval_smtlib2_string(context.ref(), text)).split("\n")


def cvc5_reads(text: str) -> list[str]:
    import cvc5

    solver = cvc5.Solver()
    solver.setOption("incremental", "true")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "file")
    names = parser.getSymbolManager()
    said = []
    while not (command := parser.nextCommand()).isNull():
        said.append(command.invoke(solver, names).strip())
    return said


def test_the_files_kept_are_those_written_again() -> None:
    written = smt.files(GOALS.values())
    assert {file.name: file.read_bytes() for file in KEPT.iterdir()} == {
        file: text.encode() for file, text in written.items()
    }


def test_every_goal_is_in_one_file() -> None:
    texts = smt.files(GOALS.values()).values()
    for goal in GOALS.values():
        assert [smt.script(goal) in text for text in texts].count(True) == 1
    assert sum(text.count("(check-sat)") for text in texts) == 2 * len(GOALS)


@pytest.mark.parametrize("read", [z3_reads, cvc5_reads])
@pytest.mark.parametrize("file", smt.files(GOALS.values()))
def test_a_file_is_answered_sat_and_unsat_in_turn(read: Callable[[str], list[str]], file: str) -> None:
    """Through the solvers' own front ends, a whole file at a time."""
    text = smt.files(GOALS.values())[file]
    assert f"; {text.count('(push 1)')} goals" in text
    assert [said for said in read(text) if said] == ["sat", "unsat"] * text.count("(push 1)")


@pytest.mark.parametrize("read", [z3_reads, cvc5_reads])
def test_a_wrong_file_is_answered_otherwise(read: Callable[[str], list[str]]) -> None:
    wrong = replace(GOALS["III.minimum"], conclusion=Or(()))
    contradiction = stated(atom(x, ">"), atom(y, ">"), atom(y, "<"))
    text = next(iter(smt.files([wrong, contradiction]).values()))
    text += smt.files([contradiction])["a.smt2"].partition("QF_NRA)")[2]
    assert [said for said in read(text) if said] == ["sat", "sat", "unsat", "unsat"]


def test_all_connectives_and_relations_are_written() -> None:
    parts = tuple(atom(x * x - 2, relation) for relation in (">", ">=", "<", "<=", "=", "!="))
    formula = Or((And(parts), Or(()), And(())))
    text = smt.script(replace(stated(parts[0], *parts), conclusion=formula))
    assert "(assert (not (= (+ (* x x) (- 2)) 0)))" in text
    assert "(and (or (<= (+ (* x x) (- 2)) 0) (< " in text
    assert text.count("(") == text.count(")")
    assert [smt.ask(replace(stated(parts[0]), conclusion=formula), solver).outcome for solver in SOLVERS] == [
        "proved",
        "proved",
    ]


# -- the answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", SOLVERS)
def test_every_goal_is_proved(solver: str) -> None:
    assert {goal.id: answer for goal in GOALS.values() if (answer := smt.ask(goal, solver)).outcome != "proved"} == {}


@pytest.mark.parametrize("solver", SOLVERS)
def test_from_a_contradiction_nothing_is_proved(solver: str) -> None:
    goal = stated(atom(x, ">"), atom(y - 1, ">"), atom(y, "<"))
    assert smt.ask(goal, solver).outcome == "vacuous"
    assert smt.ask(replace(goal, conclusion=Or(())), solver).outcome == "vacuous"


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_false_goal_has_a_model_that_is_checked(solver: str) -> None:
    goal = stated(atom(x - y * y, "<"), atom(y, ">"), atom(x - 1, "<"))
    answer = smt.ask(goal, solver)
    assert answer.outcome == "false"
    point = smt.counterexample(goal, [answer])
    assert point is not None
    assert goal.fails_at(point)
    assert smt.shown(goal, [answer]) == f"at x = {point['x']}, y = {point['y']}"


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_model_may_be_algebraic(solver: str) -> None:
    goal = stated(atom(x, "<"), atom(x * x - 2, "="), atom(x, ">"), atom(y, "="))
    answer = smt.ask(goal, solver)
    assert answer.outcome == "false"
    assert abs(F(answer.model["x"]) ** 2 - 2) < F(1, 10**38)
    assert smt.counterexample(goal, [answer]) is None
    assert smt.shown(goal, [answer]) == "near x = 1.41421, y = 0"


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("seconds", [0, 1e-9, 0.001])
def test_out_of_time_is_unknown(solver: str, seconds: float) -> None:
    letters = tuple("abcdef")
    a, b, c, d, e, f = (Sum.letter(each, letters) for each in letters)
    power = a * a * a * a * a * a * a
    one = power * b * b * b + c * c * c * c * c * d - d * d * d * d * d * d * d * f + 3 * a * b * c - 7
    other = f * f * f * f * f * a + b * b * b * b * b * c * c * c - power * d * d + 5 * e - 1
    hypotheses = (atom(one, "="), atom(other, "="))
    goal = Goal("hard", "hard", letters, hypotheses, atom(power + c * f - d * d * d * e + 2, "!="))
    answer = smt.ask(goal, solver, seconds)
    assert (answer.outcome, answer.model) == ("unknown", {})
    assert "timeout" in answer.reason.lower()


@pytest.mark.parametrize("said", ["", "unknown (incomplete)", "(error no)", "unsupported"])
def test_whatever_else_a_solver_says_is_unknown(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = stated(atom(x, ">"))
    monkeypatch.setitem(smt._SOLVERS, "z3", lambda *_: (said, {}))
    assert smt.ask(goal, "z3") == Answer("z3", "unknown", {}, f"hypotheses: {said}")
    first = iter(["sat", said])
    monkeypatch.setitem(smt._SOLVERS, "z3", lambda *_: (next(first), {}))
    assert smt.ask(goal, "z3") == Answer("z3", "unknown", {}, said)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_missing_solver_is_named(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = smt.find_spec
    monkeypatch.setattr(smt, "find_spec", lambda each: None if each == solver else find(each))
    with pytest.raises(ModuleNotFoundError, match=f"No module named '{solver}'") as caught:
        smt.ask(GOALS["III.minimum"], solver)
    assert caught.value.name == solver
    with pytest.raises(ModuleNotFoundError):
        smt.require(*SOLVERS)
    (claim,) = [each for each in CLAIMS if each.id == "phases.universality"]
    assert claim.run() == Verdict.skipped(f"{solver} is not installed: pip install 'scalesym[proofs]'")


@pytest.mark.parametrize(
    "model",
    [
        {},
        {"x": "1"},
        {"x": "1", "y": "1", "z": "0"},
        {"x": "1", "y": "1"},
        {"x": "5", "y": "1"},
        {"x": "1/3", "y": "-2"},
    ],
)
def test_a_wrong_model_is_no_counterexample(model: dict[str, str]) -> None:
    """``x > 0`` under ``x < 1``, ``y > 0``: not all letters, too many, hypotheses that fail, a conclusion that holds."""
    goal = stated(atom(x, ">"), atom(x - 1, "<"), atom(y, ">"))
    assert smt.counterexample(goal, [Answer("a liar", "false", model)]) is None
    honest = Answer("a friend", "false", {"x": "-31/20", "y": "7/5"})
    assert smt.counterexample(goal, [Answer("a liar", "false", model), honest]) == {"x": F(-2), "y": F(1)}


def test_a_counterexample_is_as_simple_as_may_be() -> None:
    """Of the denominators tried, the first that does; the model itself if none does."""
    near = Answer("a friend", "false", {"x": str(F(1, 3) + F(1, 10**50)), "y": "1/7"})
    assert smt.counterexample(stated(atom(x - 1, ">")), [near]) == {"x": F(0), "y": F(0)}
    assert smt.counterexample(stated(atom(x - 1, ">"), atom(x * 5 - 1, ">"), atom(x * 5 - 2, "<")), [near]) == {
        "x": F(1, 3),
        "y": F(1, 5),
    }
    model = {"x": f"1/{10**41}", "y": "0"}
    exact = Answer("a friend", "false", model)
    assert smt.counterexample(stated(atom(x * 10**40 - 1, ">="), atom(x, ">")), [exact]) == {"x": F(1, 10**41), "y": 0}


# -- wrong rows ------------------------------------------------------------------------------------------------------------


def shifted(ratio: Ratio | None, by: Fraction) -> Ratio:
    assert ratio is not None
    top, bottom = (Sum.of(each, ratio.top.letters) for each in (ratio.top, ratio.bottom))
    moved = top * by.denominator + bottom * by.numerator
    return Ratio(moved.exactly, (bottom * by.denominator).exactly)


def moved(condition: Atom, outwards: Fraction) -> Atom:
    total = Sum.of(condition.polynomial, condition.polynomial.letters)
    return Atom((total + (outwards if condition.relation == ">" else -outwards)).polynomial, condition.relation)


def with_condition(row: Row, n: int, *conditions: Atom) -> Row:
    return replace(row, region=(*row.region[:n], *conditions, *row.region[n + 1 :]))


def wrong_rows() -> dict[str, Row]:
    """Exponents a little off, or another phase's; each boundary moved outwards by 1/50 of its polynomial, or left out."""
    found = {}
    for row in ROWS.values():
        for by in (F(1, 1000), F(-1, 1000)):
            found[f"{row.name}: η + {by}"] = replace(row, eta=shifted(row.eta, by))
            found[f"{row.name}: ξ + {by}"] = replace(row, xi=shifted(row.xi, by))
        for n, condition in enumerate(row.region):
            found[f"{row.name}: {condition}, moved"] = with_condition(row, n, moved(condition, F(1, 50)))
            found[f"{row.name}: {condition}, dropped"] = with_condition(row, n)
        for line in phase_table().lines:
            if row.name in line.neighbours:
                (other,) = set(line.neighbours) - {row.name}
                found[f"{row.name}: exponents of {other}"] = replace(row, eta=ROWS[other].eta, xi=ROWS[other].xi)
    return found


WRONG = wrong_rows()

#: Still true: the domain itself is assumed everywhere, and beyond 2α = 1 the other condition fails until α = 1 + 1/√2.
STILL_TRUE = {
    *(f"{row}: 2α + 2β - 1 > 0, {how}" for row in ("Ia", "Ib") for how in ("moved", "dropped")),
    *("Ic: α > 0, moved", "Ic: α > 0, dropped"),
    "IVb: 2α - 1 < 0, moved",
}


def refuted(row: Row) -> list[tuple[Goal, dict[str, Fraction]]]:
    """The statements about a row that z3 finds false, each with an exact point, in the first sector that has any."""
    found = []
    for n in range(len(phase_table().sectors)):
        for goal in row_goals(row, sector=n):
            answer = smt.ask(goal, "z3")
            assert answer.outcome != "unknown"
            if answer.outcome == "false" and (point := smt.counterexample(goal, [answer])):
                assert goal.fails_at(point)
                found.append((goal, point))
        if found:
            break
    return found


@pytest.mark.parametrize("wrong", [each for each in WRONG if each not in STILL_TRUE])
def test_a_wrong_row_is_refuted_where_the_notes_say_otherwise(wrong: str) -> None:
    row = WRONG[wrong]
    assert row.xi is not None
    found = refuted(row)
    assert found
    for goal, point in found:
        at = point["alpha"], point["beta"]
        assert all(each.polynomial.sign_at(at) == (1 if each.relation == ">" else -1) for each in row.region)
        defined = row.eta.bottom.sign_at(at) and row.xi.bottom.sign_at(at)
        assert not defined or (F(row.eta.at(at)), F(row.xi.at(at))) != optimum(*at), (goal.id, point)


@pytest.mark.parametrize("right", sorted(STILL_TRUE))
def test_a_row_that_is_still_true_is_not_refuted(right: str) -> None:
    assert refuted(WRONG[right]) == []


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", ROWS)
def test_both_solvers_refute_a_wrong_exponent(name: str, solver: str) -> None:
    for wrong in (f"{name}: η + 1/1000", f"{name}: η + -1/1000"):
        row = WRONG[wrong]
        answers = [smt.ask(goal, solver) for n in row.sectors for goal in row_goals(row, sector=n)]
        assert "false" in {answer.outcome for answer in answers}


SHRUNK = {
    f"{row.name}: {condition}": with_condition(row, n, moved(condition, F(-1, 50)))
    for row in ROWS.values()
    for n, condition in enumerate(row.region)
    if f"{row.name}: {condition}, moved" not in STILL_TRUE or "α > 0" in str(condition) or "β - 1" in str(condition)
}


@pytest.mark.parametrize("shrunk", SHRUNK)
@pytest.mark.parametrize("solver", SOLVERS)
def test_with_a_boundary_moved_inwards_the_phases_do_not_cover_the_plane(shrunk: str, solver: str) -> None:
    """A strip is left over; every boundary but 2α < 1 of IVb, which only tells the two roots of 2α² − 4α + 1 apart."""
    row = SHRUNK[shrunk]
    (cover,) = [goal for goal in plane_goals() if goal.id == "plane.cover"]
    regions = tuple(And(each.region) for each in (*(r for r in ROWS.values() if r.name != row.name), row))
    goal = replace(cover, conclusion=Or(regions))
    answer = smt.ask(goal, solver)
    assert answer.outcome == "false"
    point = smt.counterexample(goal, [answer])
    assert point is not None
    assert name(point["alpha"], point["beta"]) == row.name


def test_moving_the_boundary_that_tells_roots_apart_changes_nothing() -> None:
    row = ROWS["IVb"]
    (n,) = [n for n, each in enumerate(row.region) if str(each) == "2α - 1 < 0"]
    (cover,) = [goal for goal in plane_goals() if goal.id == "plane.cover"]
    kept = tuple(And(each.region) for each in ROWS.values() if each.name != "IVb")
    goal = replace(cover, conclusion=Or((*kept, And(with_condition(row, n, moved(row.region[n], F(-1, 50))).region))))
    assert {smt.ask(goal, solver).outcome for solver in SOLVERS} == {"proved"}


@pytest.mark.parametrize(("one", "other"), list(product(ROWS, ROWS)))
def test_two_phases_are_disjoint_unless_they_are_one(one: str, other: str) -> None:
    domain = tuple(Atom(each, ">") for each in phase_table().domain)
    away = Or(tuple(each.negated for each in ROWS[other].region))
    goal = Goal("disjoint", "no point lies in both", ("alpha", "beta"), (*ROWS[one].region, *domain), away)
    assert smt.ask(goal, "z3").outcome == ("false" if one == other else "proved")
