"""The verdict: the tolerance that the formula says, and no false name for a failure."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from oracle.stubs import MID, mistaken, question

from scalesym.errors import ParameterError
from scalesym.oracle.diagnosis import SINGLE, TOO_FEW, Diagnosis, diagnose, scientific, summarise
from scalesym.oracle.judging import Judgement, Precision, judge, modulus, tolerance
from scalesym.oracle.protocol import Answer, NumberText, read_answer
from scalesym.oracle.vectors import Expected, Test

F64, F32 = Precision.read("float64"), Precision.read("float32")
EXACT = Fraction(MID)
TOLERANCE = Fraction(216) * F64.unit  # relatively: (1 + 3) · 5.4 · √100


def value(text: str) -> Answer:
    return Answer("value", NumberText(text))


def off(relative: Fraction, digits: int = 60) -> Answer:
    """The right value, wrong by a relative error."""
    scaled = round(EXACT * (1 + relative) * 10**digits)
    return value(f"{scaled}e-{digits}")


def diagnosed(test: Test, answer: Answer, precision: Precision = F64) -> Diagnosis:
    judgement = judge(test, answer, precision)
    assert judgement.outcome == "fail"
    return diagnose(test, answer, judgement, precision)


def test_the_tolerance_is_the_formula() -> None:
    for text, unit in (("float32", 2.0**-24), ("float64", 2.0**-53), ("mp:30", 0.5e-30)):
        precision = Precision.read(text)
        for condition, roundings, mid in ((3.0, 100, 2), (0.0, 1, 7), (12.5, 137, 1)):
            test = question(condition=condition, roundings=roundings)
            found = tolerance(test, precision, Fraction(mid), Fraction(1, 10**60))
            assert math.isclose(found, mid * unit * (1 + condition) * 5.4 * math.sqrt(roundings), rel_tol=1e-12)
    assert tolerance(question(), F64, Fraction(0), Fraction(1, 7)) == Fraction(1, 7)


def test_independent_roundings_stay_within_it() -> None:
    """A long product in single precision, whose exact value is known: the law that the constant 5.4 is taken from."""
    generator = np.random.default_rng(8)
    test = question(condition=0.0, roundings=300)
    worst = 0.0
    for _ in range(60):
        factors = np.exp(generator.uniform(-0.5, 0.5, 300)).astype(np.float32)
        rounded = np.multiply.reduce(factors)
        exact = math.prod(Fraction(float(x)) for x in factors)
        error = abs(Fraction(float(rounded)) - exact)
        worst = max(worst, float(error / tolerance(test, F32, exact)))
    assert 0.1 < worst < 1  # never beyond, and not generous by an order


@pytest.mark.parametrize(
    ("relative", "outcome"),
    [
        (Fraction(0), "pass"),
        (TOLERANCE * Fraction(99, 100), "pass"),
        (-TOLERANCE * Fraction(99, 100), "pass"),
        (TOLERANCE * Fraction(101, 100), "fail"),
        (-TOLERANCE * Fraction(101, 100), "fail"),
        (Fraction(-2), "fail"),
    ],
)
def test_within_the_tolerance_and_beyond(relative: Fraction, outcome: str) -> None:
    assert judge(question(), off(relative)).outcome == outcome


@pytest.mark.parametrize("precision", ["float16", "mp:", "mp:0", "mp:51", "mp:3.5", "", "double", "mp:١"])
def test_other_precisions_do_not_exist(precision: str) -> None:
    with pytest.raises(ParameterError, match="float32, float64 or mp:N"):
        judge(question(), off(Fraction(0)), precision)


def test_every_digit_sent_counts() -> None:
    test = question(condition=0.0, roundings=1, expected=Expected("0." + "3" * 80, "1e-80"))
    right, wrong = (read_answer(b'{"id": "t", "value": 0.%s}' % x)[1] for x in (b"3" * 52, b"3" * 48 + b"4" * 22))
    assert judge(test, right, "mp:50").outcome == "pass"
    assert judge(test, wrong, "mp:50").outcome == "fail"
    assert judge(test, wrong, "mp:47").outcome == "pass"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (NumberText("NaN"), "NaN is not a finite number"),
        (NumberText("-Infinity"), "-Infinity is not a finite number"),
        ("nan", "not a finite number"),
        (True, "truth value"),
        ("zero", "not a number"),
        ("1e99999999999", "exponent"),
        ("0.0326.", "not a number"),
        (("1", "2", "3"), "not a number"),
        ({"re": "1"}, "not a number"),
    ],
)
def test_what_is_no_number_fails_and_says_so(said: object, text: str) -> None:
    judgement = judge(question(), Answer("value", said))
    assert judgement.outcome == "fail"
    assert text in judgement.text


def test_complex_values() -> None:
    test = question(expected=Expected(("3", "-4"), "1e-40"))
    assert modulus((Fraction(3), Fraction(-4))) == pytest.approx(5)
    small = 4 * TOLERANCE  # of 5
    for real, imaginary, outcome in (
        (3, -4, "pass"),
        (3 + small, -4, "pass"),
        (3, -4 + 2 * small, "fail"),
        (3, 4, "fail"),
    ):
        said = tuple(f"{Fraction(x).numerator}/{Fraction(x).denominator}" for x in (real, imaginary))
        assert judge(test, Answer("value", said)).outcome == outcome
    assert judge(test, value("3")).outcome == "fail"
    assert judge(question(expected=Expected("3", "1e-40")), Answer("value", ("3", "0"))).outcome == "pass"


def test_names_truth_values_and_fractions() -> None:
    phase, truth = question(expected=Expected(exact="II")), question(expected=Expected(exact=True), kind="judge")
    assert judge(phase, Answer("value", "II")).outcome == "pass"
    assert judge(phase, Answer("value", "III")).outcome == "fail"
    assert judge(phase, Answer("value", NumberText("2"))).outcome == "fail"
    assert judge(truth, Answer("value", True)).outcome == "pass"
    for wrong in (False, NumberText("1"), "true"):
        assert judge(truth, Answer("value", wrong)).outcome == "fail"
    fraction = question(expected=Expected(exact="7/17"), condition=0.0, roundings=1)
    for right in ("7/17", "14/34", NumberText(repr(7 / 17))):
        assert judge(fraction, Answer("value", right)).outcome == "pass"
    for wrong in ("8/17", NumberText("0.41176"), "II", True):
        assert judge(fraction, Answer("value", wrong)).outcome == "fail"
    assert judge(question(expected=Expected(exact="0")), value("0.0")).outcome == "pass"
    assert judge(question(expected=Expected(exact="0")), value("1e-300")).outcome == "fail"


@pytest.mark.parametrize(
    ("expected", "answer", "outcome"),
    [
        (None, Answer("refused"), "refused rightly"),
        (None, Answer("value", NumberText("1")), "fail"),
        (None, Answer("value", NumberText("NaN")), "fail"),
        (None, Answer("unsupported"), "unsupported"),
        (None, Answer("error", reason="x"), "no answer"),
        (Expected(MID), Answer("refused", reason="v"), "refused wrongly"),
        (Expected(exact="II"), Answer("refused"), "refused wrongly"),
        (Expected(MID), Answer("unsupported"), "unsupported"),
        (Expected(MID), Answer("error", reason="x"), "no answer"),
    ],
)
def test_refusals(expected: Expected | None, answer: Answer, outcome: str) -> None:
    kind = "compute" if expected else "refuse"
    assert judge(question(expected=expected, kind=kind, reason="v ≤ d"), answer).outcome == outcome


def test_inconclusive_where_the_argument_or_the_radius_does_not_reach() -> None:
    ill = question(condition=1e16)
    assert judge(ill, off(Fraction(0))).outcome == "inconclusive"
    assert judge(ill, off(Fraction(1, 2))).outcome == "inconclusive"
    assert judge(question(condition=math.inf), off(Fraction(0))).outcome == "inconclusive"
    assert judge(ill, Answer("value", NumberText("NaN"))).outcome == "fail"  # whatever the condition
    assert judge(question(), off(Fraction(0)), "mp:40").outcome == "inconclusive"  # the radius is 1e-28
    assert judge(question(), off(Fraction(1, 10**20)), "mp:40").outcome == "fail"  # outside the ball: proven


# -- diagnosis --------------------------------------------------------------------------------------------------------

DROPPED = mistaken("dropped-last-index", "0.032712345678901234567")
HALF = mistaken("half-risk", "0.016317716489286461697")
TWIN = mistaken("two-b", "0.032712345678901234567")
WRONG = question(mistaken=(DROPPED, HALF), flags=("dropped-last-index", "half-risk"))


def test_a_mistake_is_named_by_its_value() -> None:
    found = diagnosed(WRONG, value("0.03271234567890123"))
    assert found.flags == ("dropped-last-index",)
    assert found.text.startswith("matches dropped-last-index to ")
    assert diagnosed(WRONG, value(HALF.value)).text == "matches half-risk exactly"  # type: ignore[arg-type]
    assert diagnosed(WRONG, value("0.0327123456789")).flags == ()  # 1e-12 off is not it in double precision
    assert diagnosed(WRONG, value("0.03271234"), F32).flags == ("dropped-last-index",)


def test_two_at_once_are_unknown_and_ties_are_all_named() -> None:
    half_of_dropped = value("0.016356172839450617")
    assert diagnosed(WRONG, half_of_dropped).flags == ()
    assert diagnosed(WRONG, half_of_dropped).text == "unknown; relative error 5.0e-1"
    tie = question(mistaken=(DROPPED, TWIN))
    assert diagnosed(tie, value("0.03271234567890123")).flags == ("dropped-last-index", "two-b")


def test_a_mistake_that_cannot_be_seen_is_not_named() -> None:
    hidden = question(mistaken=(mistaken("half-risk", f"{MID[:-5]}99999"),))
    just_beyond = off(TOLERANCE * Fraction(101, 100))
    assert diagnosed(hidden, just_beyond).flags == ()


def test_details_complex_values_and_names() -> None:
    steps = tuple(mistaken("loose-fixed-point", f"0.03{n}5", f"stopped at 1e-{n}") for n in (4, 6))
    assert diagnosed(question(mistaken=steps), value("0.0365")).text.endswith("exactly (stopped at 1e-6)")
    resolvent = question(expected=Expected(("3", "-4"), "0"), mistaken=(mistaken("wrong-branch", ("3", "4")),))
    assert diagnosed(resolvent, Answer("value", ("3", "4"))).flags == ("wrong-branch",)
    phase = question(expected=Expected(exact="II"), mistaken=(mistaken("phase-swap", "III", "as in III"),))
    assert diagnosed(phase, Answer("value", "III")).text == "matches phase-swap exactly (as in III)"
    assert diagnosed(phase, Answer("value", "Ia")).flags == ()
    assert diagnosed(phase, Answer("value", NumberText("3"))).flags == ()


@pytest.mark.parametrize("text", [repr(float(np.float32(MID))), f"{np.float32(MID):.9g}", f"{np.float32(MID):.8e}"])
def test_single_precision_is_recognised(text: str) -> None:
    assert SINGLE in diagnosed(question(), value(text)).flags
    assert judge(question(), value(text), "float32").outcome == "pass"


def test_single_precision_is_not_claimed_without_evidence() -> None:
    assert SINGLE not in diagnosed(question(), off(Fraction(1, 10**7))).flags  # near, but with 60 digits
    wrong = repr(float(np.float32(0.0327)))  # 24 bits, but not right to single precision
    assert diagnosed(question(), value(wrong)).flags == ()
    assert SINGLE not in diagnosed(question(), value("0.032635")).flags  # six digits are any float32's
    generator = random.Random(5)
    for _ in range(300):  # random doubles near the right value
        answer = value(repr(float(EXACT) * (1 + generator.uniform(-1e-7, 1e-7))))
        if judge(question(), answer).outcome == "fail":
            assert diagnosed(question(), answer).flags == ()


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("0.032635", (TOO_FEW,)),
        ("3.2635e-2", (TOO_FEW,)),
        ("0.0326354330", (TOO_FEW,)),  # 0.03263543297…
        ("0.03263543297857", (TOO_FEW,)),
        ("0.032636", ()),
        ("0.0326", (TOO_FEW,)),
        ("0.03", ()),  # one digit says nothing
        ("0", ()),
        ("3/100", ()),
    ],
)
def test_too_few_digits(text: str, flags: tuple[str, ...]) -> None:
    assert diagnosed(question(), value(text)).flags == flags


def test_the_form_betrays_nothing_that_was_not_asked_for() -> None:
    assert diagnosed(question(), value("0.0326"), F32).flags == (TOO_FEW,)
    assert judge(question(), value("0.032635432"), F32).outcome == "pass"


# -- a whole run ------------------------------------------------------------------------------------------------------

Row = tuple[Test, Answer, Judgement, Diagnosis]


def row(id: str, said: str, **changes: Any) -> Row:
    test = question(id, mistaken=(DROPPED, HALF), **changes)
    answer = value(said)
    judgement = judge(test, answer, F64)
    failed = judgement.outcome == "fail"
    return test, answer, judgement, diagnose(test, answer, judgement, F64) if failed else Diagnosis((), "")


RIGHT, AS_DROPPED, AS_HALF, AS_BOTH = MID, "0.03271234567890123", "0.01631771648928646", "0.016356172839450617"


def test_one_mistake_explains_everything() -> None:
    summary = summarise([row(f"p{i}", AS_DROPPED) for i in range(23)], F64)
    (named,) = summary.named
    assert (named.flags, len(named.tests), summary.unexplained) == (("dropped-last-index",), 23, ())
    assert summary.lines()[0].startswith("one mistake explains all 23 failures: dropped-last-index (")


def test_passed_tests_contradict_a_mistake() -> None:
    summary = summarise([row("a", AS_DROPPED), *(row(f"p{i}", RIGHT) for i in range(5))], F64)
    assert summary.named == ()
    assert summary.contradicted[0].against == ("p0", "p1", "p2", "p3", "p4")
    assert "not named" in summary.lines()[0]


def test_a_mistake_in_one_quantity_is_not_contradicted_by_another() -> None:
    rows = [row("a", AS_HALF), row("b", AS_HALF), row("c", RIGHT, quantity="F")]
    summary = summarise(rows, F64)
    assert summary.named[0].flags == ("half-risk",)
    assert "made in P and not in F" in summary.lines()[0]


def test_two_mistakes_are_told_honestly() -> None:
    apart = summarise([row("a", AS_HALF), row("b", AS_DROPPED, quantity="F")], F64)
    assert [each.flags for each in apart.named] == [("half-risk",), ("dropped-last-index",)]
    assert "all" not in apart.lines()[0]
    together = summarise([row(f"p{i}", AS_BOTH) for i in range(4)], F64)
    assert together.named == ()
    assert together.lines() == ["all 4 failures match no known mistake: two at once, or one that is not known here"]
    mixed = summarise([row("a", AS_BOTH), row("b", AS_DROPPED)], F64)
    assert mixed.named[0].otherwise == ("a",)
    assert "another mistake" in mixed.lines()[0]
    assert mixed.unexplained == ("a",)


def test_single_precision_over_a_run() -> None:
    single = repr(float(np.float32(MID)))
    assert summarise([row("a", single), row("b", single)], F64).named[0].flags == (SINGLE,)
    doubtful = summarise([row("a", single), row("b", RIGHT)], F64)
    assert (doubtful.named, doubtful.contradicted[0].against) == ((), ("b",))
    assert summarise([], F64).lines() == []


def test_numbers_of_any_size_are_written() -> None:
    assert scientific(Fraction(10) ** 5000) == "1.0e+5000"
    assert judge(question(), value("1e9000")).outcome == "fail"
