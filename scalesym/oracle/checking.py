"""Checking an implementation: a Python function, or any program, against the certified vectors.

As tests of your own, in three lines::

    @pytest.mark.parametrize("test", oracle.tests(quantity="P"), ids=str)
    def test_against_the_oracle(test):
        oracle.require(test, my_answer, precision="float64")
"""

from __future__ import annotations

import time
import unittest
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from ..parameters import number
from . import vectors
from .diagnosis import Diagnosis, diagnose
from .judging import Precision, judge, no_answer
from .protocol import Answer, Malformed, NumberText, answer_from, printable, shown
from .report import Report, Result
from .running import Reply, run
from .vectors import Test

__all__ = ["check", "check_command", "require", "select"]


def check(
    answer: Callable[[dict[str, Any]], object],
    *,
    precision: str = "float64",
    quantity: str | None = None,
    level: str | None = None,
    group: str | None = None,
    flag: str | None = None,
    severity: str | None = None,
    kind: str | None = None,
    tests: Iterable[Test] | None = None,
    progress: Callable[[int, int], None] = lambda finished, total: None,
) -> Report:
    """Check a function against the vectors.

    Parameters
    ----------
    answer:
        It is called with the request, ``{"id", "quantity", "level", "convention", "in"}``, and returns the value (a number, a
        pair for a complex one, a name, a truth value) or a mapping ``{"value": …}``. It raises ``NotImplementedError`` for what
        it does not support, and ``ValueError`` or :class:`scalesym.oracle.Refused` for what has no answer.
    precision:
        The arithmetic it declares: ``"float32"``, ``"float64"``, or ``"mp:50"`` for 50 digits. The tolerance follows from it.
    quantity, level, group, flag, severity, kind:
        Which tests; all of them by default.
    tests:
        The tests themselves, instead.
    progress:
        Called with how many tests are finished, and how many there are.

    Raises
    ------
    ParameterError
        If there is no such precision, or no such tests.

    Examples
    --------
    >>> def mine(request):
    ...     if request["quantity"] != "xi":
    ...         raise NotImplementedError
    ...     return 0.5
    >>> report = check(mine, quantity="phase")
    >>> report.exit_code, report.counts["unsupported"] == len(report.results)
    (1, True)
    """
    declared = Precision.read(precision)
    wanted = {"quantity": quantity, "level": level, "group": group, "flag": flag, "severity": severity, "kind": kind}
    chosen = select(**wanted) if tests is None else list(tests)
    began, results = time.monotonic(), []
    for test in chosen:
        results.append(_result(test, _ask(answer, test), declared))
        progress(len(results), len(chosen))
    name = getattr(answer, "__qualname__", type(answer).__name__)
    return Report(tuple(results), declared, str(name), time.monotonic() - began)


def check_command(
    command: str,
    tests: Sequence[Test],
    *,
    precision: str = "float64",
    timeout: float = 30.0,
    progress: Callable[[int, int], None] = lambda finished, total: None,
) -> Report:
    """Check a program that reads requests and writes answers, one a line; see :func:`scalesym.oracle.running.run`."""
    declared, began = Precision.read(precision), time.monotonic()
    held = run(command, tests, timeout=timeout, progress=progress)
    results = tuple(_result(test, held.replies[test.id], declared) for test in tests if test.id in held.replies)
    unfinished = tuple(test.id for test in tests if test.id not in held.replies)
    return Report(results, declared, command, time.monotonic() - began, held.notes, held.interrupted, unfinished)


def require(test: Test, answer: Callable[[dict[str, Any]], object], *, precision: str = "float64") -> None:
    """Require that a function answers one test rightly; for pytest or unittest.

    Parameters
    ----------
    test, answer, precision:
        As for :func:`check`.

    Raises
    ------
    AssertionError
        With verdict and diagnosis, if it fails, is refused wrongly, or has no answer.
    unittest.SkipTest
        If it is unsupported, or inconclusive.
    """
    declared = Precision.read(precision)
    result = _result(test, _ask(answer, test), declared)
    if result.outcome in ("pass", "refused rightly"):
        return
    if result.outcome in ("unsupported", "inconclusive"):
        raise unittest.SkipTest(f"{test.id}: {result.sentence()}")
    raise AssertionError(f"{test.id}: {result.sentence()}")


def select(**wanted: str | None) -> list[Test]:
    """The tests that fit, at least one.

    Raises
    ------
    ParameterError
        If no test has all that is wanted.
    """
    chosen = vectors.tests(**wanted)
    if not chosen:
        asked = {name: value for name, value in wanted.items() if value is not None}
        raise ParameterError("tests", asked, "no test has all of this", "leave one of them out")
    return chosen


def _result(test: Test, reply: Reply, precision: Precision) -> Result:
    if reply.answer is None:
        return Result(test, None, no_answer(reply.problem), Diagnosis((), ""), reply.seconds)
    judgement = judge(test, reply.answer, precision)
    failed = judgement.outcome == "fail"
    diagnosis = diagnose(test, reply.answer, judgement, precision) if failed else Diagnosis((), "")
    return Result(test, reply.answer, judgement, diagnosis, reply.seconds)


def _ask(answer: Callable[[dict[str, Any]], object], test: Test) -> Reply:
    began = time.monotonic()
    try:
        returned = answer(test.request())
    except NotImplementedError as error:
        return Reply(Answer("unsupported", reason=printable(str(error))), "", time.monotonic() - began)
    except ValueError as error:
        return Reply(Answer("refused", reason=printable(str(error))), "", time.monotonic() - began)
    except Exception as error:  # whatever somebody's code raises is its own verdict
        problem = f"it raised {type(error).__name__}: {printable(str(error), 200)}"
        return Reply(None, problem, time.monotonic() - began)
    seconds = time.monotonic() - began
    try:
        return Reply(_answer_of(returned), "", seconds)
    except Malformed as error:
        return Reply(None, f"what it returned is no answer: {error.reason}", seconds)


def _answer_of(returned: object) -> Answer:
    if isinstance(returned, Mapping):
        return answer_from({key: _plain(each) if key == "value" else each for key, each in returned.items()})
    if returned is None:
        raise Malformed("it returned None")
    return Answer("value", _plain(returned))


def _plain(value: Any) -> Any:
    """A Python value as the protocol has it, without losing a digit; what is no number is left to the judge."""
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # a scalar of NumPy, JAX, or PyTorch
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list | tuple) or getattr(value, "shape", None) == (2,):
        return tuple(_plain(part) for part in value)
    if isinstance(value, complex) or type(value).__name__ == "mpc":
        return _plain(value.real), _plain(value.imag)
    if isinstance(value, float):
        return NumberText(repr(float(value)))  # "nan" too: the judge says what that is
    try:
        exact = number(value, "value")
        if isinstance(exact, Fraction):
            return NumberText(exact) if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"
        return NumberText(repr(exact))
    except ValueError:  # no number, or an integer of more digits than Python writes
        return shown(value)
