"""cvc5 in a process of its own, which can be stopped: inside its algebraic procedures it heeds neither a time limit nor Ctrl-C.

The process reads questions as JSON lines and answers them in turn; it is started at the first question, kept for the next ones,
and killed when an answer is overdue, or with Python itself.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

__all__ = ["answer", "stop"]

_START = 30.0  # seconds it may take to import what it needs
_GRACE = 0.5  # beyond the limit that cvc5 is given itself
_Answer = tuple[str, dict[str, str]]


class _Process:
    def __init__(self) -> None:
        package = Path(__file__).parent.parent.parent
        path = os.pathsep.join(filter(None, (str(package), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for us, who stop it
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        assert self._child.stdout is not None
        Thread(target=_forward, args=(self._child.stdout, self._lines), daemon=True).start()
        self._lines.get(timeout=_START)

    def answer(self, commands: Sequence[str], letters: Sequence[str], seconds: float) -> _Answer:
        assert self._child.stdin is not None
        question = {"commands": list(commands), "letters": list(letters), "seconds": seconds}
        self._child.stdin.write(json.dumps(question) + "\n")
        self._child.stdin.flush()
        outcome, model = json.loads(self._lines.get(timeout=seconds + _GRACE))
        return outcome, model

    def stop(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):  # something was still to be written
                    pipe.close()


def _forward(source: IO[str], lines: SimpleQueue[str]) -> None:
    try:
        for line in source:
            lines.put(line)
    except ValueError:  # closed under its hands
        return


_running: list[_Process] = []


def answer(commands: Sequence[str], letters: Sequence[str], seconds: float) -> _Answer:
    """What cvc5 says to a script without ``check-sat``, and its model; ``unknown`` when the time is up.

    Examples
    --------
    >>> answer(["(declare-const x Real)", "(assert (= (* x x) (- 1)))"], ["x"], 5)
    ('unsat', {})
    """
    if not _running:
        _running.append(_Process())
    try:
        return _running[-1].answer(commands, letters, seconds)
    except Empty:
        stop()
        return f"unknown (no answer within {seconds:g} s)", {}
    except (OSError, ValueError) as error:  # it has died
        stop()
        return f"unknown (cvc5 left: {error})", {}
    except KeyboardInterrupt:
        stop()
        raise


@atexit.register
def stop() -> None:
    """End the process, if there is one."""
    while _running:
        _running.pop().stop()


def _serve(questions: IO[str], answers: IO[str]) -> None:
    from .smt import ask_cvc5

    def say(content: Any) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    say("ready")
    for line in questions:
        question = json.loads(line)
        try:
            say(ask_cvc5(question["commands"], question["letters"], question["seconds"]))
        except Exception as error:
            say((f"unknown ({type(error).__name__}: {error})", {}))


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
