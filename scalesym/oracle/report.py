"""What came out of a check: the verdict on every test, the mistakes that explain the failures, and the exit code.

As plain data for JSON (``schema/report.schema.json``), as JUnit XML for a build server; :mod:`scalesym.cli.oracle` shows it.
"""

from __future__ import annotations

import functools
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..report import installed_version
from .diagnosis import Diagnosis, Explanation, Summary, scientific, summarise
from .judging import OUTCOMES, Judgement, Outcome, Precision
from .protocol import Answer, shown
from .vectors import Test

__all__ = ["Report", "Result"]

_BAD: tuple[Outcome, ...] = ("fail", "refused wrongly", "no answer")
_GOOD: tuple[Outcome, ...] = ("pass", "refused rightly")
_CONTROL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Result:
    """One test: what was answered (``None`` if nothing was), the verdict, the diagnosis of a failure, the seconds taken."""

    test: Test
    answer: Answer | None
    judgement: Judgement
    diagnosis: Diagnosis
    seconds: float = 0.0

    @property
    def outcome(self) -> Outcome:
        """The verdict."""
        return self.judgement.outcome

    @property
    def expected(self) -> str:
        """The right answer, as text."""
        right = self.test.expected
        if right is None:
            return f"refused: {self.test.reason}" if self.test.reason else "refused"
        if right.exact is not None:
            return str(right.exact).lower() if isinstance(right.exact, bool) else right.exact
        return right.mid if isinstance(right.mid, str) else f"[{', '.join(right.mid or ())}]"

    @property
    def got(self) -> str:
        """What was answered, as text."""
        if self.answer is None:
            return ""
        if self.answer.kind != "value":
            return self.answer.kind
        value = self.answer.value
        if isinstance(value, tuple):
            return "[" + ", ".join(shown(str(part), 80).strip("'") for part in value) + "]"
        return shown(value, 80).strip("'")

    def sentence(self) -> str:
        """Verdict, reason, numbers and diagnosis in one line."""
        parts: list[str] = [self.outcome]
        if self.judgement.text:
            parts.append(self.judgement.text)
        if self.outcome == "fail" and self.judgement.error is not None:
            error, allowed = scientific(self.judgement.error), scientific(self.judgement.tolerance or Fraction(0))
            parts.append(f"expected {self.expected}, got {self.got}, relative error {error} above {allowed}")
        if self.diagnosis.matches:
            parts.append(self.diagnosis.text)
        elif self.diagnosis.text:
            parts.append("no known mistake gives this value")
        return "; ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "id": self.test.id,
            "hash": self.test.hash,
            "quantity": self.test.quantity,
            "level": self.test.level,
            "kind": self.test.kind,
            "severity": self.test.severity,
            "flags": list(self.test.flags),
            "outcome": self.outcome,
            "text": _printable(self.judgement.text),
            "expected": self.expected,
            "got": _printable(self.got),
            "relative_error": _float(self.judgement.error),
            "tolerance": _float(self.judgement.tolerance),
            "diagnosis": _printable(self.diagnosis.text),
            "mistakes": list(self.diagnosis.flags),
            "seconds": round(self.seconds, 6),
        }


@dataclass(frozen=True)
class Report:
    """The outcome of a check. ``unfinished`` names the tests that an interruption left unasked."""

    results: tuple[Result, ...]
    precision: Precision
    program: str = ""
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    interrupted: bool = False
    unfinished: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many tests ended in each way, zeros included."""
        return {outcome: sum(result.outcome == outcome for result in self.results) for outcome in OUTCOMES}

    @property
    def checked(self) -> int:
        """How many tests said something about the program, that it passed, refused rightly, or not."""
        return sum(self.counts[outcome] for outcome in (*_GOOD, *_BAD))

    @property
    def exit_code(self) -> int:
        """130 if interrupted; 1 if a ``must`` test failed, was refused wrongly or left without an answer, or if none of
        any severity passed or was refused rightly; else 0."""
        if self.interrupted:
            return 130
        bad = any(result.outcome in _BAD and result.test.severity == "must" for result in self.results)
        return int(bad or not any(result.outcome in _GOOD for result in self.results))

    @functools.cached_property
    def summary(self) -> Summary:
        """The mistakes that explain the failures."""
        rows = ((r.test, r.answer, r.judgement, r.diagnosis) for r in self.results if r.answer is not None)
        return summarise(rows, self.precision)

    def lines(self) -> list[str]:
        """The conclusion in words: counts, mistakes, remarks."""
        counts = self.counts
        words = {"pass": "passed", "fail": "failed", "no answer": "without an answer"}
        said = [f"{count} {words.get(outcome, outcome)}" for outcome, count in counts.items() if count]
        found = [f"{', '.join(said) or 'no tests'}; declared precision {self.precision.name}; {self.seconds:.1f} s"]
        found += self.summary.lines()
        lenient = sum(r.outcome in _BAD and r.test.severity == "should" for r in self.results)
        if lenient and not self.exit_code:
            found.append(f"{lenient} of those that did not pass are “should” tests, which do not decide")
        if not self.checked:
            found.append("NOTHING was checked: no test was passed or failed")
        found += [f"note: {note}" for note in self.notes]
        if self.interrupted:
            found.append(f"interrupted: {len(self.unfinished)} tests were not asked")
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data for JSON, as ``schema/report.schema.json`` describes it."""
        summary = self.summary
        return {
            "format": "scalesym-oracle-report",
            "version": installed_version("scalesym"),
            "program": _printable(self.program),
            "precision": self.precision.name,
            "exit_code": self.exit_code,
            "counts": dict(self.counts),
            "mistakes": [_explanation(each) for each in summary.named],
            "contradicted": [_explanation(each) for each in summary.contradicted],
            "unexplained": list(summary.unexplained),
            "conclusion": [_printable(line) for line in self.lines()],
            "interrupted": self.interrupted,
            "unfinished": list(self.unfinished),
            "seconds": round(self.seconds, 3),
            "results": [result.to_dict() for result in self.results],
        }

    def to_junit(self) -> str:
        """JUnit XML: a suite for each quantity and level, failures, errors (no answer) and skipped tests with their reasons.

        A ``should`` test that did not pass is skipped with its reason, because it does not decide.
        """
        groups: dict[str, list[Result]] = {}
        for result in self.results:
            groups.setdefault(f"{result.test.quantity}.{result.test.level}", []).append(result)
        root = ElementTree.Element("testsuites", _attributes(name="scalesym oracle", **_tally(self.results)))
        for name, members in groups.items():
            suite = ElementTree.SubElement(root, "testsuite", _attributes(name=name, **_tally(members)))
            for result in members:
                case = ElementTree.SubElement(
                    suite,
                    "testcase",
                    _attributes(name=result.test.id, classname=f"oracle.{name}", time=f"{result.seconds:.6f}"),
                )
                element = _element(result)
                if element:
                    text = _attributes(message=result.sentence(), type=result.outcome)
                    ElementTree.SubElement(case, element, text).text = _printable(self._detail(result))
        ElementTree.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"

    def _detail(self, result: Result) -> str:
        return (
            f"severity: {result.test.severity}\nexpected: {result.expected}\ngot: {result.got}\nprogram: {self.program}"
        )


def _element(result: Result) -> str:
    if result.outcome in _GOOD:
        return ""
    if result.outcome not in _BAD or result.test.severity != "must":
        return "skipped"
    return "error" if result.outcome == "no answer" else "failure"


def _tally(results: tuple[Result, ...] | list[Result]) -> dict[str, str]:
    kinds = [_element(result) for result in results]
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {
        "tests": str(len(kinds)),
        **{name: str(kinds.count(kind)) for name, kind in counts.items()},
        "time": f"{sum(result.seconds for result in results):.6f}",
    }


def _attributes(**given: str) -> dict[str, str]:
    return {name: _printable(value) for name, value in given.items()}


def _printable(text: str) -> str:
    """Without the characters that XML does not allow, nor halves of characters."""
    return _CONTROL.sub("\ufffd", text)


def _explanation(each: Explanation) -> dict[str, Any]:
    return {
        "flags": list(each.flags),
        "tests": list(each.tests),
        "quantities": list(each.quantities),
        "right_in": list(each.right),
        "otherwise": list(each.otherwise),
        "against": list(each.against),
    }


def _float(value: Fraction | None) -> float | None:
    """At most the largest double."""
    if value is None:
        return None
    try:
        return float(value)
    except OverflowError:
        return sys.float_info.max
