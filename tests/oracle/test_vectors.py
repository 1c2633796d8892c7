"""The shipped vectors: their form, their coverage, what makes them, and the package's own road against them."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest

from scalesym import oracle
from scalesym.errors import ParameterError, ScalesymError
from scalesym.oracle import flags, generation, planning, vectors

DATA = Path(vectors.__file__).with_name("data")
GROUPS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.json"))}
EVERY = oracle.tests()


def test_the_form_is_closed() -> None:
    schema = oracle.schema("vectors")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for group in GROUPS.values():
        validator.validate(group)
    sound = GROUPS["P.equivalent.json"]
    for spoil in (
        lambda g: g.update(comment="x"),
        lambda g: g.pop("source"),
        lambda g: g["convention"].update(loss_factor="2"),
        lambda g: g["tests"][0].update(answer="1"),
        lambda g: g["tests"][0].pop("value"),
        lambda g: g["tests"][0].update(severity="may"),
        lambda g: g["tests"][0].update(value={"mid": "0.1"}),
        lambda g: g["tests"][0].update(value={"mid": 0.1, "rad": "0"}),
        lambda g: g["tests"][0]["flags"].append("No Flag"),
        lambda g: g["tests"][0].update(reason="refuse it"),
        lambda g: g["tests"][-1].update(kind="judge"),
    ):
        spoiled = deepcopy(sound)
        spoil(spoiled)
        assert not validator.is_valid(spoiled), spoil


def test_names_are_unique_and_hashes_are_of_the_questions() -> None:
    assert len({test.id for test in EVERY}) == len(EVERY) == len({test.hash for test in EVERY})
    for test in EVERY:
        plan = planning.Plan(test.kind, test.quantity, test.level, test.inputs, test.convention)
        assert (test.id, test.hash) == (generation.identifier(plan), generation.hashed(plan))
        other = planning.Plan(test.kind, test.quantity, test.level, {**test.inputs, "d": 7}, test.convention)
        assert generation.hashed(other) != test.hash


def test_they_cover_the_domain() -> None:
    assert len(EVERY) >= 400
    assert {(test.quantity, test.level) for test in EVERY} >= set(oracle.QUANTITIES) - {("judge", "continuum")}
    named = {flag for test in EVERY for flag in test.flags}
    assert named <= set(oracle.FLAGS)
    assert not (set(flags.MISTAKES) | set(flags.HAZARDS) | set(flags.REFUSALS)) - named
    assert {test.expected.exact for test in EVERY if test.quantity == "phase" and test.expected} == {
        "Ia", "Ib", "Ic", "II", "III", "IVa", "IVb",
    }  # fmt: skip
    kinds = {kind: sum(test.kind == kind for test in EVERY) for kind in ("compute", "judge", "refuse")}
    assert min(kinds.values()) >= 30, kinds
    judged = [test.expected.exact for test in EVERY if test.kind == "judge" and test.expected]
    assert judged.count(True) >= 10 <= judged.count(False)


def test_each_flag_of_a_computed_test_changes_its_answer() -> None:
    from fractions import Fraction

    from scalesym.oracle.judging import Precision, tolerance

    double = Precision.read("float64")
    seen = 0
    for test in EVERY:
        if test.kind != "compute" or test.expected is None or test.expected.mid is None:
            continue
        mid = test.expected.mid if isinstance(test.expected.mid, tuple) else (test.expected.mid,)
        for wrong in test.mistaken:
            assert wrong.flag in test.flags
            parts = wrong.value if isinstance(wrong.value, tuple) else (wrong.value,)
            gap = max(abs(Fraction(a) - Fraction(b)) for a, b in zip(mid, parts, strict=True))
            size = max(abs(Fraction(a)) for a in mid)
            assert gap > tolerance(test, double, size), (test.id, wrong)
            seen += 1
    assert seen > 2000


def test_enclosures_are_narrow_and_conditions_sane() -> None:
    from fractions import Fraction

    for test in EVERY:
        if test.expected is not None and isinstance(test.expected.mid, str) and test.expected.mid != "0":
            assert Fraction(test.expected.rad) < Fraction(1, 10**52) * abs(Fraction(test.expected.mid)), test.id
        assert 0 <= test.condition < 1e8


def test_reference_values_of_other_codes_lie_inside() -> None:
    """Twenty digits that two independent codes found before there was an oracle."""
    from fractions import Fraction

    for quantity, ending, digits in (
        ("P", "r80-b7_10", "0.032635432978572923395"),
        ("F", "r80-b7_10", "0.021270925536332591331"),
        ("K", "r80", "1.06313334449441824e-4"),
    ):
        (test,) = (t for t in oracle.tests(quantity=quantity) if t.id.endswith("d20-v60-g3_10-B1-" + ending))
        assert test.expected is not None
        gap = abs(Fraction(str(test.expected.mid)) / Fraction(digits) - 1)
        assert gap < Fraction(1, 10**17)


def _quick(test: oracle.Test) -> bool:
    """Others take seconds, or stand on their neighbours; python -m scalesym.oracle --check makes them all."""
    return test.kind != "judge" and test.inputs.get("r", 0) not in (1000, 10_000) and test.inputs.get("d", 0) <= 10**5


@pytest.mark.parametrize("test", list(filter(_quick, EVERY))[::30], ids=str)
def test_generation_gives_what_is_shipped(test: oracle.Test) -> None:
    (shipped,) = (each for each in GROUPS[f"{test.group}.json"]["tests"] if each["id"] == test.id)
    plan = planning.Plan(
        test.kind, test.quantity, test.level, test.inputs, test.convention, None,
        test.flags if test.kind == "refuse" else (), test.reason, test.severity,
    )  # fmt: skip
    assert json.loads(json.dumps(generation.record(plan))) == shipped


def test_prompts_hold_no_answers(tmp_path: Path) -> None:
    written = oracle.emit(tmp_path)
    validator = jsonschema.Draft202012Validator(oracle.schema("request"))
    prompts = [path for path in written if path.suffix == ".jsonl"]
    lines = [json.loads(line) for path in prompts for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == [test.id for test in EVERY]
    for line, test in zip(lines, EVERY, strict=True):
        validator.validate(line)
        assert set(line) == {"id", "quantity", "level", "convention", "in"}
        assert "refuse" not in line["id"]
        if test.kind != "judge" and test.expected is not None and len(str(test.expected.mid)) > 12:
            assert test.expected.mid is not None
            assert str(test.expected.mid[0] if isinstance(test.expected.mid, tuple) else test.expected.mid)[
                :12
            ] not in str(line)
    assert {path.parent.name for path in written} >= {"vectors", "prompts", "schema"}
    assert (tmp_path / "README.md").read_text(encoding="utf-8").startswith("# Test vectors")


def test_the_packages_own_road_passes() -> None:
    """The solver in double precision shares no code with the balls (the pieces, which are closed forms, do)."""
    report = oracle.check(oracle.answer, precision="float64")
    bad = [line for line in report.lines() if "fail" in line]
    assert report.exit_code == 0, bad
    assert report.counts["fail"] == report.counts["refused wrongly"] == report.counts["no answer"] == 0, bad
    assert not report.counts["unsupported"]


@pytest.mark.exhaustive
def test_certified_answers_pass_in_more_digits() -> None:
    chosen = [test for test in EVERY[::7] if test.kind == "compute" and test.inputs.get("r", 0) < 1000]
    report = oracle.check(
        lambda request: oracle.answer(request, digits=30, certified=True), precision="mp:28", tests=chosen
    )
    assert report.exit_code == 0, list(report.lines())
    assert not report.counts["inconclusive"]
    assert report.counts["pass"] > 80


def test_more_digits_than_the_vectors_hold_are_refused() -> None:
    with pytest.raises(ParameterError, match="from 1 to 50"):
        oracle.check(oracle.answer, precision="mp:51", tests=EVERY[:1])


@pytest.mark.parametrize(
    "inputs",
    [
        {
            "alpha": "8/5",
            "d": 20,
            "v": 60,
            "gamma": "2",
            "batch": 1,
        },  # 2/(γ(B+1)) falls into an inner gap of the spectrum
        {"alpha": "8/5", "d": 2, "v": 5, "gamma": "19/1280", "batch": 64},
    ],
)
@pytest.mark.parametrize("certified", [False, True])
def test_a_kernel_that_has_no_sum_has_no_norm(inputs: dict[str, object], certified: bool) -> None:
    with pytest.raises(ParameterError, match="diverges"):
        oracle.answer({"quantity": "K_norm", "in": inputs}, certified=certified)


def test_a_norm_above_one_is_a_number() -> None:
    inputs = {"alpha": "3/10", "d": 12, "v": 48, "gamma": "8/25", "batch": 1}
    for certified in (False, True):
        value = oracle.answer({"quantity": "K_norm", "in": inputs}, certified=certified)["value"]
        assert value.startswith("2.84758699163729")


def test_stability_that_is_hard_to_decide_is_no_refusal() -> None:
    inputs = {"alpha": "57/20", "d": 1, "v": 2, "gamma": "7/40", "batch": 1, "r": 1}
    found = [
        float(oracle.answer({"quantity": "K", "in": inputs}, certified=certified)["value"])
        for certified in (True, False)
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_a_refusal_speaks_in_the_convention_of_the_question() -> None:
    inputs = {"alpha": 1, "beta": 1, "d": 8, "v": 30, "batch": 8, "gamma": "3"}
    with pytest.raises(ParameterError, match=r"gamma = 3: SGD diverges, the critical learning rate is 0\.[0-9]+;"):
        oracle.answer({"quantity": "P_inf", "in": inputs, "convention": {"batch_gradient": "mean"}}, certified=True)


def test_near_the_critical_learning_rate_both_roads_answer() -> None:
    inputs = {"alpha": "1", "beta": "7/10", "d": 20, "v": 60, "batch": 1, "gamma": "0.5566848"}
    plain, proven = (
        float(oracle.answer({"quantity": "P_inf", "in": inputs}, certified=c)["value"]) for c in (False, True)
    )
    assert plain == pytest.approx(proven, rel=1e-12)


@pytest.mark.parametrize(
    ("quantity", "inputs"),
    [
        ("P", {"alpha": 1, "beta": 1, "d": 1, "v": 10, "gamma": "1/10", "batch": 1, "r": 10**300}),
        ("zeta0", {"alpha": 1, "d": 1, "v": 10**25}),
        ("F_0", {"alpha": "1/5000", "beta": 1, "d": 1, "v": 10}),
    ],
)
def test_beyond_the_reach_of_proofs_is_unsupported_not_refused(quantity: str, inputs: dict[str, object]) -> None:
    with pytest.raises(oracle.Unsupported):
        oracle.answer({"quantity": quantity, "in": inputs}, certified=True)


@pytest.mark.parametrize("wrong", [{"quantity": "Q"}, {"flag": "x"}, {"severity": "may"}, {"kind": ""}, {"group": "P"}])
def test_a_selection_that_does_not_exist_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        oracle.tests(**wrong)


@pytest.mark.parametrize(
    ("request_", "part"),
    [
        ({"quantity": "Q", "in": {}}, "no quantity 'Q'"),
        ({"quantity": "P", "level": "sampled", "in": {}}, "sampled"),
        ({"quantity": "zeta0"}, "inputs"),
        ({"quantity": "zeta0", "in": {"alpha": 1, "d": 2}}, "v is missing"),
        ({"quantity": "zeta0", "in": {"alpha": 1, "d": 2, "v": 4, "w": 1}}, "no such input"),
        ({"quantity": "zeta0", "in": {"alpha": 1, "d": 2, "v": 4}, "convention": {"loss_factor": "2"}}, "loss_factor"),
        ({"quantity": "zeta0", "in": {"alpha": 1, "d": 2, "v": 4}, "convention": {"loss": "1"}}, "loss"),
        ({"quantity": "zeta0", "in": {"alpha": 1, "d": 2, "v": "5/2"}}, "whole number"),
        ({"quantity": "m", "in": {"alpha": 1, "d": 2, "v": 4, "z": "1+i"}}, "pair"),
        ({"quantity": "m", "in": {"alpha": 1, "d": 2, "v": 4, "z": ["0", "0"]}}, "pole"),
        ({"quantity": "judge", "in": {"claim": {"quantity": "P"}}}, "claim"),
        ({"quantity": "boundary", "in": {"phases": ["II", "II"], "beta": 1}}, "do not meet"),
        ({"quantity": "kappa", "level": "continuum", "in": {"alpha": "1/2", "ratio": "inf"}}, "diverges"),
    ],
)
def test_questions_without_an_answer_are_refused(request_: dict[str, object], part: str) -> None:
    with pytest.raises(ScalesymError, match=part):
        oracle.answer(request_)


@pytest.mark.parametrize("certified", [False, True])
def test_conventions_change_what_they_should(certified: bool) -> None:
    inputs = {"alpha": "4/5", "beta": "6/5", "d": 15, "v": 90, "gamma": "1/10", "batch": 4, "r": 10}
    mean = {**inputs, "gamma": "2/5"}

    def value(quantity: str, convention: dict[str, str], given: dict[str, object]) -> float:
        needed = {key: given[key] for key in oracle.QUANTITIES[quantity, "equivalent"].inputs}
        request = {"quantity": quantity, "convention": convention, "in": needed}
        return float(oracle.answer(request, certified=certified)["value"])

    plain = {quantity: value(quantity, {}, inputs) for quantity in ("P", "K", "P_inf", "gamma_critical")}
    half = {q: value(q, {"loss_factor": "1/2"}, inputs) for q in plain}
    averaged = {q: value(q, {"batch_gradient": "mean"}, mean) for q in plain}
    assert half == pytest.approx({**plain, "P": plain["P"] / 2, "P_inf": plain["P_inf"] / 2}, rel=1e-12)
    assert averaged == pytest.approx({**plain, "gamma_critical": 4 * plain["gamma_critical"]}, rel=1e-12)
