"""The ledger tells holds from fails from unknown, and cannot be talked into "holds"."""

from __future__ import annotations

import json
import math
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from scalesym import claims
from scalesym.errors import ParameterError, ScalesymError
from scalesym.ledger import OUTCOMES, TIERS, Claim, Ledger, Report, Row, Verdict
from scalesym.verdict import decide


def partial_sums(limit: Callable[[float], float]) -> Verdict:
    """Whether the sum of j^(−s) to a million, with its Euler–Maclaurin tail, is ``limit(s)``."""
    j, errors = np.arange(1, 10**6, dtype=float), {}
    for s in (2.0, 3.0, 4.0):
        tail = 1e6 ** (1 - s) / (s - 1) + 1e6**-s / 2
        errors[f"s={s:g}"] = abs(float(np.sum(j[::-1] ** -s)) + tail - limit(s))
    return Verdict.at_most("max |sum − limit|", max(errors.values()), 1e-12, **errors)


ZETA = Claim(
    id="sums.zeta",
    statement="Σ j^(−s) = ζ(s)",
    latex=r"\sum_j j^{-s} = \zeta(s)",
    tier="numeric",
    check=partial_sums,
    true={"limit": lambda s: float(mpmath.zeta(s))},
    false={
        "the first term dropped": {"limit": lambda s: float(mpmath.zeta(s)) - 1},
        "the alternating sum": {"limit": lambda s: float(mpmath.altzeta(s))},
    },
    quick=True,
)


def claim(
    id: str, outcome: str | BaseException = "holds", rests_on: tuple[str, ...] = (), quick: bool = False
) -> Claim:
    """A claim whose check answers as it is told."""
    if outcome == "assumed":
        return Claim(id=id, statement=id, tier="assumed", source="a paper", rests_on=rests_on)

    def check() -> Verdict:
        if isinstance(outcome, BaseException):
            raise outcome
        return Verdict(outcome, "as told")  # type: ignore[arg-type]

    return Claim(id=id, statement=id, tier="exact", check=check, rests_on=rests_on, quick=quick)


def test_a_true_statement_holds_and_each_false_one_is_rejected() -> None:
    assert ZETA.run().outcome == "holds"
    assert ZETA.run().figures.keys() == {"s=2", "s=3", "s=4"}
    for name in ZETA.false:
        assert ZETA.run_false(name).outcome == "fails", name
    with pytest.raises(ParameterError, match="no such false variant; use one of the first term dropped"):
        ZETA.run_false("another")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a\nb"),
        AssertionError(),
        RecursionError("deep"),
        SystemExit(0),
        GeneratorExit(),
        StopIteration(),
        ImportError("x"),
        ModuleNotFoundError("No module named 'scalesym.lost'", name="scalesym.lost"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_in_a_check_is_unknown_and_named(error: BaseException) -> None:
    verdict = claim("a", error).run()
    assert verdict.outcome == "unknown"
    assert type(error).__name__ in verdict.deciding
    assert "\n" not in verdict.deciding
    assert str(verdict.figures["where"]).startswith("test_ledger.py:")


@pytest.mark.parametrize("answer", [True, None, "holds", 1, ("holds", "x"), Verdict("assumed", "x")])
def test_only_a_verdict_is_an_answer(answer: object) -> None:
    assert decide(lambda: answer, {}).outcome == "unknown"  # type: ignore[arg-type,return-value]


def test_a_missing_solver_is_skipped_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> Verdict:
        import z3

        return Verdict.holds(str(z3.Int("x")))

    monkeypatch.setitem(sys.modules, "z3", None)
    verdict = decide(check, {})
    assert (verdict.outcome, verdict.deciding) == ("skipped", "z3 is not installed: pip install 'scalesym[proofs]'")


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (0.5, "holds"),
        (1.0, "holds"),
        (math.nextafter(1, 2), "fails"),
        (math.inf, "fails"),
        (-math.inf, "holds"),
        (math.nan, "unknown"),
        (np.float64(0.5), "holds"),
        (np.float64("nan"), "unknown"),
        (mpmath.mpf(2), "fails"),
        (mpmath.nan, "unknown"),
        (arb("0.9", "0.05"), "holds"),
        (arb("1.1", "0.05"), "fails"),
        (arb("1", "0.5"), "unknown"),
        (arb("nan"), "unknown"),
    ],
)
def test_at_most_is_three_valued(value: object, outcome: str) -> None:
    verdict = Verdict.at_most("error", value, 1)
    assert verdict.outcome == outcome
    assert verdict.deciding.startswith("error = ")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        *((True, "holds"), (False, "fails"), (np.True_, "holds"), (np.False_, "fails")),
        *((sympy.true, "holds"), (sympy.false, "fails")),
        *((None, "unknown"), ("yes", "unknown"), (1, "unknown"), (sympy.Symbol("x") > 0, "unknown")),
    ],
)
def test_decided_accepts_truth_values_only(answer: object, outcome: str) -> None:
    assert Verdict.decided(answer, "x").outcome == outcome  # type: ignore[arg-type]


@given(st.dictionaries(st.text(max_size=3), st.sampled_from(["holds", "fails", "unknown", "skipped"]), min_size=1))
def test_a_conjunction_is_as_bad_as_its_worst_part(outcomes: dict[str, str]) -> None:
    whole = Verdict.all_of({name: Verdict(outcome, "x") for name, outcome in outcomes.items()})  # type: ignore[arg-type]
    for worst in ("fails", "unknown", "skipped", "holds"):
        if worst in outcomes.values():
            assert whole.outcome == worst
            break


def test_an_empty_conjunction_is_unknown() -> None:
    assert Verdict.all_of({}).outcome == "unknown"


def test_figures_become_plain_data() -> None:
    seen = Verdict.holds(
        "x", a=np.float64(0.5), b=3, c=mpmath.mpf("0.25"), d=math.nan, e=None, f=True, g=arb(1)
    ).figures
    assert seen == {"a": 0.5, "b": 3, "c": 0.25, "d": "nan", "e": "None", "f": "True", "g": str(arb(1))}
    assert [type(value) for value in seen.values()] == [float, int, float, str, str, str, str]
    json.dumps(seen, allow_nan=False)
    verdict = Verdict.holds("x", a=1)
    assert pickle.loads(pickle.dumps(verdict)) == verdict
    with pytest.raises(ParameterError, match="no such outcome"):
        Verdict("fine", "x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": ""}, "id"),
        ({"id": "two words"}, "id"),
        ({"id": "-flag"}, "id"),
        ({"tier": "certain"}, "no such tier"),
        ({"tier": "assumed"}, "has no check"),
        ({"check": None}, "give a check"),
        ({"check": None, "tier": "assumed", "source": ""}, "an assumption is cited"),
        ({"rests_on": "zeta"}, "text is not a tuple"),
        ({"true": {}}, "missing a required argument"),
        ({"true": {"limmit": math.sqrt}}, "limit"),
        ({"false": {"typo": {"limmit": math.sqrt}}}, "unexpected keyword"),
        ({"false": {"the same": {}}}, "changes nothing"),
    ],
)
def test_a_malformed_claim_is_refused_when_it_is_written(changes: dict[str, object], message: str) -> None:
    fields: dict[str, object] = {
        "id": "a",
        "statement": "s",
        "tier": "numeric",
        "check": partial_sums,
        "true": ZETA.true,
    }
    with pytest.raises(ParameterError, match=message):
        Claim(**(fields | changes))  # type: ignore[arg-type]


def test_a_ledger_refuses_doubles_gaps_and_circles() -> None:
    with pytest.raises(ParameterError, match="two claims have this id"):
        Ledger([claim("a"), claim("a")])
    with pytest.raises(ParameterError, match="did you mean alpha"):
        Ledger([claim("alpha"), claim("b", rests_on=("alhpa",))])
    with pytest.raises(ParameterError, match="a → b → c → a"):
        Ledger([claim("a", rests_on=("b",)), claim("b", rests_on=("c",)), claim("c", rests_on=("a",))])
    with pytest.raises(ParameterError, match="a → a"):
        Ledger([claim("a", rests_on=("a",))])


@given(st.permutations(range(6)), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_foundations_are_checked_first(order: list[int], arrows: set[tuple[int, int]]) -> None:
    given_claims = [claim(f"c{i}", rests_on=tuple(f"c{j}" for j in range(i) if (i, j) in arrows)) for i in range(6)]
    ledger = Ledger(given_claims[i] for i in order)
    place = {each.id: n for n, each in enumerate(ledger)}
    assert sorted(place) == sorted(each.id for each in given_claims)
    for each in ledger:
        below = set(each.rests_on)
        while more := {id for name in below for id in ledger[name].rests_on} - below:
            below |= more
        assert set(ledger.foundations(each.id)) == below
        assert all(place[id] < place[each.id] for id in below)


def test_selection_by_id_prefix_and_speed() -> None:
    ledger = Ledger([claim("kernel"), claim("kernel.norm", quick=True), claim("kernel.decay"), claim("zeta0")])

    def names(*ids: str, quick: bool = False) -> list[str]:
        return [each.id for each in ledger.select(ids, quick=quick)]

    assert names() == ["kernel", "kernel.norm", "kernel.decay", "zeta0"]
    assert names("kernel") == ["kernel"]
    assert names("kernel.") == ["kernel.norm", "kernel.decay"]
    assert names("zeta0", "kernel.n", "kernel.norm") == ["kernel.norm", "zeta0"]
    assert names(quick=True) == ["kernel.norm"]
    with pytest.raises(ParameterError, match="did you mean kernel.norm"):
        names("kernel.nrom")
    with pytest.raises(ParameterError, match="no claim has this id or prefix"):
        names("")
    with pytest.raises(ParameterError, match="none of these is a quick one"):
        names("zeta0", quick=True)
    with pytest.raises(ParameterError, match="no claim has this id"):
        ledger["zeta"]


def test_a_claim_on_weak_ground_says_so() -> None:
    ledger = Ledger(
        [
            claim("top", rests_on=("middle", "axiom")),
            claim("middle", rests_on=("ground", "broken")),
            claim("ground", ZeroDivisionError()),
            claim("broken", "fails"),
            claim("axiom", "assumed", rests_on=("ground",)),
            claim("free"),
        ]
    )
    rows = {row.claim.id: row for row in ledger.run().rows}
    assert rows["top"].standing == "holds, but rests on ground (unknown), broken (fails)"
    assert rows["top"].assumptions == ("axiom",)
    assert rows["free"].standing == "holds"
    assert rows["axiom"].verdict.outcome == "assumed"
    alone = ledger.run(["top"]).rows
    assert [row.standing for row in alone] == [
        "holds, but rests on ground (not run), broken (not run), middle (not run)"
    ]


@pytest.mark.parametrize(
    ("outcomes", "lenient", "strict"),
    [
        (["holds"], 0, 0),
        (["holds", "assumed"], 0, 0),
        (["holds", "fails"], 1, 1),
        (["holds", "unknown"], 0, 1),
        (["holds", "skipped"], 0, 1),
        (["assumed"], 0, 1),
        ([], 1, 1),
        (["fails", "unknown", "skipped", "holds", "assumed"], 1, 1),
    ],
)
def test_exit_codes(outcomes: list[str], lenient: int, strict: int) -> None:
    report = Ledger([claim(f"c{n}", outcome) for n, outcome in enumerate(outcomes)]).run()
    assert [row.verdict.outcome for row in report.rows] == outcomes
    assert (report.exit_code(), report.exit_code(strict=True)) == (lenient, strict)
    assert report.counts == {outcome: outcomes.count(outcome) for outcome in OUTCOMES}


def test_an_interruption_keeps_what_is_finished() -> None:
    report = Ledger([claim("a"), claim("b", KeyboardInterrupt()), claim("c")]).run()
    assert [row.claim.id for row in report.rows] == ["a"]
    assert report.interrupted
    assert report.unfinished == ("b", "c")
    assert report.exit_code() == report.exit_code(strict=True) == 130


def test_progress_is_told_before_and_after() -> None:
    seen: list[tuple[str, bool]] = []
    Ledger([claim("a"), claim("b", "fails")]).run(progress=lambda each, row: seen.append((each.id, row is not None)))
    assert seen == [("a", False), ("a", True), ("b", False), ("b", True)]


def test_the_report_is_plain_json() -> None:
    ledger = Ledger([ZETA, claim("b", ValueError("no"), rests_on=("sums.zeta", "p")), claim("p", "assumed")])
    report = ledger.run()
    data = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert data["counts"] == {"holds": 1, "fails": 0, "unknown": 1, "skipped": 0, "assumed": 1}
    assert data["versions"]["numpy"] == np.__version__
    row = data["claims"][2]
    assert (row["id"], row["outcome"], row["assumptions"]) == ("b", "unknown", ["p"])
    assert row["deciding"] == "ValueError: no"
    assert str(Path.cwd()) not in json.dumps(data)
    assert Report((Row(ZETA, Verdict.holds("x"), 0.0),)).exit_code() == 0


def test_the_tiers_run_from_strong_to_weak() -> None:
    assert TIERS == ("kernel", "smt", "exact", "ball", "numeric", "sampled", "assumed")


def test_load_takes_every_module_and_loses_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(claims, "__path__", [str(tmp_path)])
    source = (
        "from scalesym.ledger import Claim\nCLAIMS = (Claim(id='{0}', statement='s', tier='assumed', source='t'),)\n"
    )
    for name in ("later_topic_of_the_test", "first_topic_of_the_test"):
        (tmp_path / f"{name}.py").write_text(source.format(name))
        monkeypatch.delitem(sys.modules, f"scalesym.claims.{name}", raising=False)
    (tmp_path / "_shared.py").write_text("1/0\n")
    assert [each.id for each in claims.load()] == ["first_topic_of_the_test", "later_topic_of_the_test"]
    (tmp_path / "empty_topic_of_the_test.py").write_text("claims = ()\n")
    with pytest.raises(ScalesymError, match=r"empty_topic_of_the_test\.CLAIMS is NoneType"):
        claims.load()


def test_the_packages_own_claims_are_well_formed() -> None:
    for each in claims.load():
        assert each.statement, each.id
        assert each.tier == "assumed" or each.check is not None
