"""Reports: counts, exit codes, JSON by its closed schema, JUnit XML of the usual shape; and the checks in Python."""

from __future__ import annotations

import json
import unittest
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from oracle.stubs import MID, mistaken, question, questions

from scalesym.errors import ParameterError
from scalesym.oracle.checking import check, require
from scalesym.oracle.protocol import Refused
from scalesym.oracle.report import Report
from scalesym.oracle.vectors import Expected, Test, schema

jsonschema = pytest.importorskip("jsonschema")

HOSTILE = "bad\x00\x1b[31m\ud800\uffff <&>\"'"


def answers(request: dict[str, Any]) -> object:
    """One of each kind, by the id."""
    if request["id"] == "pass":
        return MID
    if request["id"] in ("fail", "lenient"):
        return "0.03271234567890123"
    if request["id"] == "unsupported":
        raise NotImplementedError("not here")
    if request["id"] == "refused wrongly":
        raise Refused(HOSTILE)
    if request["id"] == "crash":
        raise RuntimeError(HOSTILE)
    if request["id"] == "text":
        return HOSTILE
    if request["id"] == "inconclusive":
        return MID
    raise ValueError("there is none")


def every_kind() -> list[Test]:
    wrong = (mistaken("dropped-last-index", "0.032712345678901234567"),)
    names = ("pass", "unsupported", "refused wrongly", "crash", "text")
    return [
        *(question(name, mistaken=wrong) for name in names),
        question("fail", mistaken=wrong, quantity="F"),
        question("lenient", mistaken=wrong, severity="should", quantity="F"),
        question("refused rightly", kind="refuse", expected=None, reason="v ≤ d"),
        question("inconclusive", condition=1e20),
    ]


@pytest.fixture(scope="module")
def report() -> Report:
    return check(answers, tests=every_kind())


def test_every_outcome_is_counted(report: Report) -> None:
    counts = {"pass": 1, "refused rightly": 1, "fail": 3, "refused wrongly": 1, "no answer": 1}
    assert report.counts == counts | {"inconclusive": 1, "unsupported": 1}
    assert report.exit_code == 1
    assert report.lines()[0].startswith("1 passed, 1 refused rightly, 3 failed, 1 refused wrongly, 1 without an answer")


def test_json_is_as_the_schema_says(report: Report) -> None:
    data = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    jsonschema.validate(data, schema("report"))
    assert data["results"][5]["mistakes"] == ["dropped-last-index"]
    assert data["mistakes"][0]["tests"] == ["fail", "lenient"]
    empty = Report((), report.precision)
    jsonschema.validate(empty.to_dict(), schema("report"))
    for changed in (data | {"extra": 1}, data | {"exit_code": 2}, {k: v for k, v in data.items() if k != "counts"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed, schema("report"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "results": [data["results"][0] | {"extra": 1}]}, schema("report"))


@pytest.mark.parametrize("name", ["request", "answer", "report"])
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_requests_and_answers_by_their_schemas() -> None:
    jsonschema.validate(question().request(), schema("request"))
    for bad in ({"id": "a"}, question().request() | {"extra": 1}, question().request() | {"digits": 201}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema("request"))
    good: list[dict[str, Any]] = [{"value": 1}, {"value": ["1", 2]}, {"value": True, "extra": 1}, {"refused": True}]
    for answer in good:
        jsonschema.validate({"id": "a", **answer}, schema("answer"))
    for answer in ({}, {"value": None}, {"value": ["1"]}, {"value": 1, "refused": True}, {"unsupported": False}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"id": "a", **answer}, schema("answer"))


def test_junit_has_the_shape_that_build_servers_read(report: Report) -> None:
    root = ElementTree.fromstring(report.to_junit().encode())
    assert root.tag == "testsuites"
    assert_counts(root, root.iter("testcase"))
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped", "time"}
        assert_counts(suite, suite.iter("testcase"))
        for case in suite:
            assert case.tag == "testcase"
            assert set(case.attrib) == {"name", "classname", "time"}
            assert float(case.get("time", "")) >= 0
            assert len(case) <= 1
            for element in case:
                assert element.tag in ("failure", "error", "skipped")
                assert set(element.attrib) == {"message", "type"}
    verdicts = {case.get("name"): next(iter(case)).tag if len(case) else "" for case in root.iter("testcase")}
    assert verdicts["pass"] == verdicts["refused rightly"] == ""
    assert verdicts["fail"] == verdicts["refused wrongly"] == "failure"
    assert verdicts["crash"] == "error"
    assert verdicts["lenient"] == verdicts["unsupported"] == verdicts["inconclusive"] == "skipped"


def assert_counts(element: ElementTree.Element, cases: Any) -> None:
    tags = [child.tag for case in cases for child in case]
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(element.get(name, "-1")) == tags.count(tag)
    assert int(element.get("tests", "-1")) == len(list(element.iter("testcase")))


def test_exit_codes() -> None:
    lenient = [question("lenient", severity="should"), question("pass")]
    assert check(answers, tests=lenient).exit_code == 0
    assert "“should”" in " ".join(check(answers, tests=lenient).lines())
    assert check(answers, tests=lenient[:1]).exit_code == 1, "a program that is wrong wherever it answers"
    nothing = check(answers, tests=[question("unsupported")])
    assert nothing.exit_code == 1
    assert "NOTHING was checked" in " ".join(nothing.lines())
    assert check(answers, tests=[]).exit_code == 1
    for name in ("fail", "crash", "refused wrongly"):
        assert check(answers, tests=[question("pass"), question(name)]).exit_code == 1
    for good in ("pass", "unsupported", "inconclusive"):
        tests = [question("pass"), question(good, condition=1e20 if good == "inconclusive" else 3.0)]
        assert check(answers, tests=tests).exit_code == 0


# -- Python values ----------------------------------------------------------------------------------------------------

HALVES = [0.5, "0.5", "1/2", Fraction(1, 2), Decimal("0.5"), np.float32(0.5), np.float64(0.5), np.array(0.5)]
HALVES += [
    mpmath.mpf("0.5"),
    {"value": 0.5},
    {"value": np.float64(0.5), "extra": 1},
    0.5 + 0j,
    (0.5, 0),
    np.longdouble(0.5),
]


@pytest.mark.parametrize("said", HALVES, ids=lambda said: type(said).__name__)
def test_python_values_are_read_exactly(said: object) -> None:
    assert check(lambda request: said, tests=questions(1)).results[0].outcome == "pass"


def test_complex_and_truth_values() -> None:
    pair = question(expected=Expected(("0.5", "-2"), "0"))
    for said in (0.5 - 2j, (0.5, -2), np.array([0.5, -2.0]), np.complex128(0.5 - 2j), mpmath.mpc(0.5, -2)):
        assert check(lambda request, said=said: said, tests=[pair]).results[0].outcome == "pass"
    truth = question(kind="judge", expected=Expected(exact=True))
    assert check(lambda request: np.bool_(True), tests=[truth]).results[0].outcome == "pass"
    assert check(lambda request: 1, tests=[truth]).results[0].outcome == "fail"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (float("nan"), "fail"),
        (float("inf"), "fail"),
        (np.float32("nan"), "fail"),
        (mpmath.mpf("nan"), "fail"),
        (True, "fail"),
        (object(), "fail"),
        ([], "fail"),
        (b"0.5", "fail"),
        (10**5000, "fail"),
        (None, "no answer"),
        ({}, "no answer"),
        ({"value": None}, "no answer"),
        ({"value": 0.5, "refused": True}, "no answer"),
        ({"unsupported": True}, "unsupported"),
        ({"refused": True, "reason": "no"}, "refused wrongly"),
    ],
    ids=lambda said: said if isinstance(said, str) else type(said).__name__,
)
def test_other_python_values_are_judged(said: object, outcome: str) -> None:
    (result,) = check(lambda request: said, tests=questions(1)).results
    assert result.outcome == outcome
    assert result.sentence().isprintable()


def test_digits_of_multiprecision_are_kept() -> None:
    test = question(condition=0.0, roundings=1, expected=Expected("0." + "3" * 80, "1e-80"))
    with mpmath.workdps(60):
        third = mpmath.mpf(1) / 3
        assert check(lambda request: third, tests=[test], precision="mp:50").exit_code == 0
        assert check(lambda request: third + mpmath.mpf("1e-45"), tests=[test], precision="mp:50").exit_code == 1


def test_require_is_for_test_suites() -> None:
    tests = {test.id: test for test in every_kind()}
    require(tests["pass"], answers)
    require(tests["refused rightly"], answers)
    with pytest.raises(AssertionError, match="fail: fail; expected .* matches dropped-last-index to"):
        require(tests["fail"], answers)
    with pytest.raises(AssertionError, match="it raised RuntimeError"):
        require(tests["crash"], answers)
    for name in ("unsupported", "inconclusive"):
        with pytest.raises(unittest.SkipTest, match=name):
            require(tests[name], answers)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ParameterError, match="precision"):
        check(answers, tests=[], precision="double")
    with pytest.raises(ParameterError, match="quantity"):
        check(answers, quantity="nothing")
    with pytest.raises(KeyboardInterrupt):
        check(interrupting, tests=questions(1))


def interrupting(request: dict[str, Any]) -> object:
    raise KeyboardInterrupt
