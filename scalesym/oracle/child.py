"""A child process that is asked and answers line by line, and cannot hang, flood or outlive the one who asks.

Three threads carry bytes to its input and from its outputs, so that no full pipe stops either side. What waits to be read is
bounded: a line by :data:`~scalesym.oracle.protocol.LONGEST_LINE`, the number of lines by a queue that makes the child wait,
its messages on stderr by the last few thousand bytes. It leads a process group of its own, which is killed with it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any, Literal, NamedTuple

from .protocol import LONGEST_LINE, printable

__all__ = ["Child", "Event"]

_CHUNK = 65536
_WAITING = 256  # lines that wait to be read
_TAIL = 4096  # bytes of stderr that are kept
_NOISE = 16 * 2**20  # bytes of stderr between two lines of output that are too many
_POLL, _AFTERLIFE = 0.2, 0.5  # seconds: between looks at the process; that its outputs may stay open when it has ended


class Event(NamedTuple):
    """What came: a line; the end of its output; a line longer than the bound (its beginning); or nothing in time.

    ``whole`` is false for the rest of an output that ends without a line's end.
    """

    kind: Literal["line", "end", "long", "late"]
    line: bytes = b""
    whole: bool = True


class Child:
    """A running program.

    Parameters
    ----------
    words:
        The program and its arguments; no shell reads them.
    environment:
        Variables to set besides those of this process.

    Raises
    ------
    OSError
        If it cannot be started.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            list(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, **(environment or {})},
            start_new_session=os.name == "posix",
        )
        self._events: queue.Queue[Event] = queue.Queue(_WAITING)
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._tail = bytearray()
        self._noise = 0
        self._stopped = threading.Event()
        self._flooded = ""
        process = self._process
        for carry, pipe in ((self._write, process.stdin), (self._read, process.stdout)):
            threading.Thread(target=carry, args=(pipe,), daemon=True).start()
        self._listener = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._listener.start()

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def send(self, line: bytes) -> None:
        """Hand a line over; it is written when the child reads."""
        self._outgoing.put(line)

    def close_input(self) -> None:
        """Let its input end after what was sent."""
        self._outgoing.put(None)

    def receive(self, deadline: float) -> Event:
        """The next event, ``"late"`` at the latest when :func:`time.monotonic` has reached the deadline."""
        ended = 0.0
        while True:
            now = time.monotonic()
            with contextlib.suppress(queue.Empty):
                event = self._events.get(timeout=max(0.0, min(deadline - now, _POLL)))
                self._noise = 0
                return event
            if now >= deadline:
                return Event("late")
            if self._process.poll() is not None:  # and something else holds its output open
                ended = ended or now
                if now - ended > _AFTERLIFE:
                    return Event("end")

    def waiting(self) -> bool:
        """Whether an event has come already."""
        return not self._events.empty()

    def kill(self) -> None:
        """End it, its children, and its process group. Calling this twice does no harm."""
        self._stopped.set()
        self._outgoing.put(None)
        self._kill_all()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)

    def fate(self) -> str:
        """How it ended, once its output has; it is killed if it lives on."""
        try:
            code = self._process.wait(timeout=2 * _AFTERLIFE)
        except subprocess.TimeoutExpired:
            return self._flooded or "it closed its output"
        finally:
            self.kill()
        if self._flooded:
            return self._flooded
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    @property
    def exit_code(self) -> int | None:
        """``None`` while it runs."""
        return self._process.poll()

    def last_words(self) -> str:
        """The last line on its stderr, or nothing."""
        if self._process.poll() is not None:
            self._listener.join(timeout=_AFTERLIFE)  # what it said may still be on its way
        lines = [line for line in bytes(self._tail).decode("utf-8", "replace").splitlines() if line.strip()]
        return printable(lines[-1], 200) if lines else ""

    def memory(self) -> int:
        """Bytes of memory that it occupies."""
        import psutil

        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _kill_all(self) -> None:
        import psutil

        below: list[Any] = []
        if self._process.poll() is None:
            with contextlib.suppress(psutil.Error):
                below = psutil.Process(self._process.pid).children(recursive=True)
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.kill()
        for each in below:
            with contextlib.suppress(psutil.Error):
                each.kill()

    def _write(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:
            while (line := self._outgoing.get()) is not None:
                rest = memoryview(line)
                while rest:
                    rest = rest[pipe.write(rest) :]

    def _read(self, pipe: IO[bytes]) -> None:
        held = bytearray()
        with contextlib.suppress(OSError), pipe:
            while chunk := pipe.read(_CHUNK):
                *lines, rest = chunk.split(b"\n")
                for line in lines:
                    held += line
                    if len(held) > LONGEST_LINE:
                        self._put(Event("long", bytes(held[:200])))
                        return
                    if not self._put(Event("line", bytes(held))):
                        return
                    held.clear()
                held += rest
                if len(held) > LONGEST_LINE:
                    self._put(Event("long", bytes(held[:200])))
                    return
        if held:
            self._put(Event("line", bytes(held), whole=False))
        self._put(Event("end"))

    def _put(self, event: Event) -> bool:
        """Wait until there is room; false once the child was killed."""
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._events.put(event, timeout=_POLL)
                return True
        return False

    def _listen(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:
            while chunk := pipe.read(_CHUNK):
                self._tail = (self._tail + chunk)[-_TAIL:]
                self._noise += len(chunk)
                if self._noise > _NOISE:
                    self._flooded = f"it wrote more than {_NOISE >> 20} MiB to stderr without an answer, and was killed"
                    self._kill_all()
                    return
