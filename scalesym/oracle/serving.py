"""The oracle as a program: requests on its input, answers on its output, one a line.

Whatever arrives is answered, a line that is no request by ``{"id": null, "error": …}``, and the next line is read. Nothing
that arrives is evaluated as code, stored beyond its line, or computed in this process: a worker computes, which is killed and
replaced when a computation takes too long or too much memory. That is the only way to end it, for loops in C heed no signal.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

from ..errors import ParameterError, ScalesymError
from .child import Child
from .protocol import LONGEST_LINE, Malformed, printable, read_request, write

__all__ = ["TIME_LIMIT", "serve", "work"]

#: Seconds that a computation may take.
TIME_LIMIT = 60.0

_MEMORY_LIMIT = 4 * 2**30  # bytes of address space of the worker
_GROWN = 768 * 2**20  # bytes in memory at which it is replaced between two requests
_LOOK = 256  # requests between two looks at its memory
_FAILURES = 2  # to start, before it is not tried again
_START = 60.0  # seconds that the worker may take to import

Answering = Callable[[Mapping[str, Any], int | None, bool], Mapping[str, Any]]


def serve(
    lines: IO[bytes],
    output: IO[bytes],
    *,
    answer: Answering | None = None,
    digits: int | None = None,
    certified: bool = False,
    timeout: float = TIME_LIMIT,
) -> None:
    """Answer requests until the input ends.

    Parameters
    ----------
    lines, output:
        Binary streams; the output is flushed after each answer.
    answer:
        What computes an answer, a function of a module that a new process can import; that of the oracle by default.
    digits, certified:
        Of answers to requests that do not say.
    timeout:
        Seconds for a computation.

    Raises
    ------
    BrokenPipeError
        If nobody reads the output.
    """
    if not 0 < timeout < 1e6:
        raise ParameterError("timeout", timeout, "it is no length of time", "use seconds above 0")
    worker = _Worker(f"{answer.__module__}:{answer.__qualname__}" if answer else "scalesym.oracle.answering:answer")
    usual = {"digits": digits, "certified": certified}
    try:
        first = True
        while line := lines.readline(LONGEST_LINE + 1):
            if first:
                line, first = line.removeprefix(b"\xef\xbb\xbf"), False  # some shells begin with a byte order mark
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                _skip_rest(lines)
                reply: dict[str, Any] = {"id": None, "error": f"the line is longer than {LONGEST_LINE} bytes"}
            elif not line.strip():
                continue
            else:
                reply = _reply(line, worker, usual, timeout)
            output.write(write(reply))
            output.flush()
    finally:
        worker.end()


def _skip_rest(lines: IO[bytes]) -> None:
    while (rest := lines.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _reply(line: bytes, worker: _Worker, usual: Mapping[str, Any], timeout: float) -> dict[str, Any]:
    try:
        request = read_request(line)
    except Malformed as error:
        return {"id": error.id, "error": error.reason}
    return {"id": request["id"], **worker.ask({**usual, **request}, timeout)}


class _Worker:
    """The process that computes; started when it is needed."""

    def __init__(self, function: str) -> None:
        self._function = function
        self._child: Child | None = None
        self._asked = self._failures = 0
        self._why = ""

    def ask(self, request: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """The answer without the id; an error if there is none in time."""
        child = self._child or self._start()
        if child is None:
            return {"error": f"the process that computes does not start; {self._why}"}
        child.send(write(request))
        event = child.receive(time.monotonic() + timeout)
        if event.kind == "line" and event.whole:
            self._asked += 1
            if self._asked % _LOOK == 0 and child.memory() > _GROWN:
                self.end()
            result: dict[str, Any] = json.loads(event.line)
            return result
        fate = child.fate() if event.kind == "end" else ""
        self.end()
        if event.kind == "late":
            return {"error": f"the computation took more than {timeout:g} s and was ended"}
        return {"error": f"the computation ended ({fate})" if fate else "the answer is too long"}

    def end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _start(self) -> Child | None:
        if self._failures >= _FAILURES:
            return None
        code = "import sys; from scalesym.oracle.serving import work; work(sys.argv[1])"
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._child = Child([sys.executable, "-c", code, self._function], {"PYTHONPATH": path})
        if self._child.receive(time.monotonic() + _START).line != b"ready":
            self._why = self._child.last_words()
            self._failures += 1
            self.end()
        return self._child


def work(function: str) -> None:
    """What the worker does: read requests, compute, write answers, until the input ends.

    ``function`` is ``module:name``. What the computation prints goes to stderr.
    """
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    _limit_memory()
    module, _, name = function.partition(":")
    computing: Answering = getattr(importlib.import_module(module), name)
    answers.write(b"ready\n")
    answers.flush()
    for line in requests:
        answers.write(_encoded(_computed(computing, json.loads(line))))
        answers.flush()


def _computed(computing: Answering, request: dict[str, Any]) -> dict[str, Any]:
    digits, certified = request.pop("digits"), bool(request.pop("certified"))
    try:
        return dict(computing(request, digits, certified))
    except ParameterError as error:
        return {"refused": True, "reason": _reason(error)}
    except (ScalesymError, MemoryError, RecursionError) as error:
        from .quantities import Unsupported

        if isinstance(error, Unsupported):
            return {"unsupported": True, "reason": _reason(error)}
        return {"error": f"{type(error).__name__}: {_reason(error)}"}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {_reason(error)}; this is a defect, please report it"}


def _reason(error: BaseException) -> str:
    return printable(str(error))


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        return write(answer)
    except (TypeError, ValueError) as error:
        return write({"error": f"{type(error).__name__}: {error}; this is a defect, please report it"})


def _limit_memory() -> None:
    """Where the system can: an allocation beyond the limit fails, and with it the computation, not the machine."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY_LIMIT if most == resource.RLIM_INFINITY else min(_MEMORY_LIMIT, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
