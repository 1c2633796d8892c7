"""cvc5 in its own process: the same answers, an end to every question, and a new process after one that was stopped."""

from __future__ import annotations

import pytest

from scalesym.theorems import smt, worker
from scalesym.theorems.goals import goals
from scalesym.theorems.refutation import judge

HARD = "xi=1/2, where=(alpha^4+beta^4-3-alpha^3beta-7alpha^7beta)=0, 2alpha>1, beta>alpha"
SQUARE = ["(declare-const x Real)", "(assert (= (* x x) 4))", "(assert (> x 0))"]


@pytest.fixture(autouse=True)
def _cvc5() -> None:
    pytest.importorskip("cvc5")


def test_the_same_answers() -> None:
    assert worker.answer(SQUARE, ["x"], 5) == smt.ask_cvc5(SQUARE, ["x"], 5) == ("sat", {"x": "2"})
    assert worker.answer([*SQUARE, "(assert (> x 3))"], ["x"], 5) == ("unsat", {})


def test_a_question_without_end_is_given_up() -> None:
    found = judge(HARD, seconds=0.5)
    assert found.outcome == "unknown"
    assert "cvc5: unknown" in found.because
    assert worker.answer(SQUARE, ["x"], 5)[0] == "sat"  # in a new process


def test_a_dead_process_is_replaced() -> None:
    worker.answer(SQUARE, ["x"], 5)
    worker._running[-1]._child.kill()
    worker._running[-1]._child.wait()
    assert worker.answer(SQUARE, ["x"], 2)[0].startswith("unknown")
    assert worker.answer(SQUARE, ["x"], 5)[0] == "sat"


def test_nonsense_is_unknown() -> None:
    outcome, model = worker.answer(["(assert"], ["x"], 5)
    assert outcome.startswith("unknown")
    assert model == {}


def test_ctrl_c_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    worker.answer(SQUARE, ["x"], 5)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker._Process, "answer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        smt.ask(goals()[0], "cvc5")
    assert worker._running == []
