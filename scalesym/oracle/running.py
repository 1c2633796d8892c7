"""Asking a program: one request a line into its input, one answer a line from its output, whatever it does instead.

It is started once and asked one question after another. Where it does not answer in time, ends, or floods, the verdict on
that test says so and it is started anew for the next. A program that answers only once its input ends (its output is
buffered and not flushed) is noticed at the first time-out; it is then sent everything at once.
"""

from __future__ import annotations

import os
import shlex
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import ParameterError
from .child import Child, Event
from .protocol import Answer, Malformed, printable, read_answer, shown, write
from .vectors import Test

__all__ = ["Reply", "Run", "command_words", "run"]

_FIRST = 3  # times the time-out for the first answer of a process, which imports and compiles
_GRACE, _SHORT_GRACE = 0.25, 0.02  # seconds for an answer behind a line that is none; and when such lines are the rule
_MOST_LINES = 1000  # that are no answer to the question, before this is a flood
_IN_A_ROW = 5  # starts without any answer, before it is given up
_RESTARTS = 100
_IDLE = 10  # times the time-out that everything at once may take without a sign of life
_BUFFERED = (
    "it answers only when its input ends, so all requests were sent at once: flush the output after each answer "
    "(C: fflush(stdout); Python: print(…, flush=True))"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came for one test: an answer, or ``None`` and the problem in words; and after how many seconds."""

    answer: Answer | None
    problem: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """The replies by id, in the order of the tests; remarks on the program; whether Ctrl-C ended it early."""

    replies: dict[str, Reply]
    notes: tuple[str, ...] = ()
    interrupted: bool = False


def command_words(command: str) -> list[str]:
    """A command line as words, without a shell.

    Raises
    ------
    ParameterError
        If it is empty or its quotation marks do not match.

    Examples
    --------
    >>> command_words("python3 'my code.py' -v")
    ['python3', 'my code.py', '-v']
    """
    try:
        words = shlex.split(command, posix=os.name == "posix")
    except ValueError as error:
        raise ParameterError("COMMAND", command, str(error).lower(), "close every quotation mark") from None
    if not words:
        raise ParameterError("COMMAND", command, "it is empty", "name a program, such as 'python3 mine.py'")
    return words


def run(
    command: str,
    tests: Sequence[Test],
    *,
    timeout: float = 30.0,
    progress: Callable[[int, int], None] = lambda finished, total: None,
) -> Run:
    """Put the tests to a program.

    Parameters
    ----------
    command:
        The program and its arguments, split as a shell would, without one.
    tests:
        What to ask; their ids must differ.
    timeout:
        Seconds for an answer; the first one of a process may take three times as long.
    progress:
        Called with how many tests are finished, and how many there are.

    Raises
    ------
    ParameterError
        If the program cannot be started, or ``timeout`` is not positive.
    """
    if not 0 < timeout < 1e6:
        raise ParameterError("timeout", timeout, "it is no length of time", "use seconds above 0")
    conversation = _Conversation(command, tests, timeout, progress)
    interrupted = False
    try:
        conversation.hold()
    except KeyboardInterrupt:
        interrupted = True
    finally:
        conversation.close()
    replies = {test.id: conversation.replies[test.id] for test in tests if test.id in conversation.replies}
    return Run(replies, conversation.notes(), interrupted)


class _Conversation:
    """The state of a run: the process, what it answered, and what went wrong."""

    def __init__(
        self, command: str, tests: Sequence[Test], timeout: float, progress: Callable[[int, int], None]
    ) -> None:
        self.words, self.command, self.timeout, self._progress = command_words(command), command, timeout, progress
        self.tests = {test.id: test for test in tests}
        self.replies: dict[str, Reply] = {}
        self._asked: dict[str, float] = {}
        self._child: Child | None = None
        self._losses = self._in_a_row = self._strays_in_a_row = 0
        self._fresh, self._buffered, self._probed = True, False, False
        self._seen: Counter[str] = Counter()
        self._stray = ""

    def hold(self) -> None:
        self._start()  # a program that does not exist is bad input, and no verdict
        for test in self.tests.values():
            if self._buffered:
                break
            if self._given_up():
                self._lose(test.id, self._given_up())
            else:
                self._ask(test)
        if self._buffered:
            self._ask_at_once()

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def notes(self) -> tuple[str, ...]:
        """What is worth saying about the program."""
        found = [_BUFFERED] if self._buffered else []
        if self._stray:
            found.append(f"{self._seen['stray']} of its lines were no answers, such as {self._stray}")
        if self._seen["again"]:
            found.append(f"{self._seen['again']} answers came again or too late; the first of each was taken")
        if self._seen["start"] > 1:
            found.append(f"it had to be started {self._seen['start']} times")
        return tuple(found)

    def _given_up(self) -> str:
        if self._in_a_row >= _IN_A_ROW and not any(reply.answer for reply in self.replies.values()):
            return f"it ended or hung at each of {self._in_a_row} starts without any answer, and was not asked again"
        if self._in_a_row >= _IN_A_ROW:
            return f"it was not asked after it ended or hung {self._in_a_row} times in a row"
        return f"it was not asked after {_RESTARTS} restarts" if self._losses > _RESTARTS else ""

    def _start(self) -> Child:
        if self._child is not None and self._child.exit_code is not None and not self._child.waiting():
            self.close()  # it ended behind its answer
        if self._child is None:
            try:
                self._child = Child(self.words, {"PYTHONUNBUFFERED": os.environ.get("PYTHONUNBUFFERED", "1")})
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                remedy = "name a program that can be run, such as 'python3 mine.py'"
                raise ParameterError("COMMAND", self.command, f"{self.words[0]}: {reason}", remedy) from None
            self._seen["start"] += 1
            self._fresh = True
        return self._child

    def _ask(self, test: Test, again: bool = False) -> None:
        """One question; whatever happens, it has a reply afterwards."""
        child = self._start()
        answered_before = not self._fresh
        child.send(write(test.request()))
        began = self._asked[test.id] = time.monotonic()
        limit = self.timeout * (_FIRST if self._fresh else 1)
        deadline, problem, lines = began + limit, "", 0
        while True:
            event = child.receive(deadline)
            if event.kind == "line":
                _, stray = self._hear(event)
                lines += 1
                if test.id in self.replies and self.replies[test.id].answer is not None:
                    self._strays_in_a_row = 0
                    return
                if stray and not problem:
                    problem, brief = stray, self._strays_in_a_row >= _IN_A_ROW
                    deadline = min(deadline, time.monotonic() + (_SHORT_GRACE if brief else _GRACE))
                if lines > _MOST_LINES:
                    self._end(test, f"it flooded its output: {lines} lines without an answer; {problem}".rstrip("; "))
                    return
            elif event.kind == "late" and problem:  # it lives, and said something else
                self._strays_in_a_row += 1
                self._lose(test.id, problem)
                return
            elif event.kind == "late":
                if not self._probed and not any(reply.answer for reply in self.replies.values()):
                    self._probe(child)
                said = f"; its stderr ends: {child.last_words()}" if child.last_words() else ""
                if self._buffered:
                    self.close()
                else:
                    self._end(test, f"no answer within {limit:g} s{said}")
                return
            elif event.kind == "long":
                self._end(test, f"a line of more than 64 KiB: {printable(event.line.decode('utf-8', 'replace'), 60)}")
                return
            else:
                fate, words = child.fate(), child.last_words()
                if child.exit_code == 0 and answered_before and not again and not problem:
                    self.close()  # it ends after each answer, in good order
                    self._ask(test, again=True)
                    return
                said = "; ".join(part for part in (problem, words and f"its stderr ends: {words}") if part)
                self._end(test, f"it ended ({fate}) without an answer" + (f"; {said}" if said else ""))
                return

    def _hear(self, event: Event) -> tuple[bool, str]:
        """Take an answer to any question that was asked; else say what is wrong with the line."""
        if not event.line.strip():
            return False, ""
        try:
            id, answer = read_answer(event.line)
        except Malformed as error:
            half = "" if event.whole else "half a line, "
            stray = f"{half}{error.reason}: {printable(event.line[:400].decode('utf-8', 'replace'), 60)}"
        else:
            key = str(id)
            if key in self._asked:
                former = self.replies.get(key)
                if former is None or former.answer is None:
                    self._note(key, Reply(answer, "", time.monotonic() - self._asked[key]))
                    self._in_a_row, self._fresh = 0, False
                    return True, ""
                self._seen["again"] += 1
                return False, ""
            stray = f"an answer with the id {shown(id)}, which was not asked"
        self._seen["stray"] += 1
        self._stray = self._stray or stray
        return False, stray

    def _probe(self, child: Child) -> None:
        """Whether the answer comes when the input ends."""
        self._probed = True
        child.close_input()
        deadline = time.monotonic() + min(self.timeout, 10.0)
        while not self._buffered and (event := child.receive(deadline)).kind == "line":
            self._buffered = self._hear(event)[0]

    def _ask_at_once(self) -> None:
        """Everything that has no answer yet, in one go; in halves where it ends on the way."""
        waiting = [[id for id in self.tests if id not in self.replies or self.replies[id].answer is None]]
        while waiting:
            ids = waiting.pop()
            if not ids:
                continue
            if self._given_up():
                for id in ids:
                    self._lose(id, self._given_up())
                continue
            problem = self._converse(ids)
            left = [id for id in ids if id not in self.replies]
            if not left:
                continue
            if len(left) == 1 or not problem:
                for id in left:
                    self._lose(id, problem or "it ended without an answer")
            else:  # which of them it was cannot be seen
                waiting += [left[len(left) // 2 :], left[: len(left) // 2]]

    def _converse(self, ids: list[str]) -> str:
        """Send requests, end the input, read answers; in words what went wrong, if it did."""
        child, problem = self._start(), ""
        for id in ids:
            child.send(write(self.tests[id].request()))
            self._asked[id] = time.monotonic()
            self.replies.pop(id, None)
        child.close_input()
        idle, open_ids, lines = self.timeout * min(len(ids) + _FIRST, _IDLE), set(ids), 0
        while open_ids:
            event = child.receive(time.monotonic() + idle)
            if event.kind == "line":
                self._hear(event)
                lines += 1
                open_ids -= self.replies.keys()
                if lines > len(ids) + _MOST_LINES:
                    problem = "it flooded its output"
                    break
            elif event.kind == "late":
                problem = f"no answer within {idle:g} s"
                self._in_a_row += 1
                break
            elif event.kind == "long":
                problem = "a line of more than 64 KiB"
                break
            else:
                fate, words = child.fate(), child.last_words()
                if child.exit_code != 0:
                    problem = f"it ended ({fate}) without an answer" + (f"; its stderr ends: {words}" if words else "")
                break
        self.close()
        self._losses += bool(problem)
        return problem

    def _end(self, test: Test, problem: str) -> None:
        """The test is lost, and the process with it."""
        self.close()
        self._in_a_row += 1
        self._losses += 1
        self._lose(test.id, problem)

    def _lose(self, id: str, problem: str) -> None:
        self._note(id, Reply(None, problem, time.monotonic() - self._asked.get(id, time.monotonic())))

    def _note(self, id: str, reply: Reply) -> None:
        self.replies[id] = reply
        self._progress(len(self.replies), len(self.tests))
