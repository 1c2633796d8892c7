"""Feed ``scalesym oracle serve`` hostile lines, and see that each is answered and that memory stays flat.

Lines are valid requests with a few bytes or values changed, random bytes, truncated JSON, hostile numbers, texts of code, and
lines beyond the bound. Every tenth is a valid request whose answer is known. Exit code 1 if a non-blank line has no
answer of its own, a known answer is wrong, the server ends early, or its memory grows by more than ``--bound`` MB after the
first tenth of the lines (its worker's included).

    python benchmarks/fuzz_oracle.py --lines 100000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import shlex
import subprocess
import sys
import threading
import time
from collections import deque
from typing import IO, Any

import psutil
from measuring import machine, note

_SERVER = [sys.executable, "-c", "import sys; from scalesym.cli import main; sys.exit(main())", "oracle", "serve"]
_WINDOW = 256  # lines on their way
_SAMPLES = 200
_LONGEST = 65536
_KNOWN: list[tuple[dict[str, Any], str]] = [
    ({"quantity": "zeta0", "in": {"alpha": 1, "d": 20, "v": 60}}, "0.00414247459809"),
    ({"quantity": "xi", "in": {"alpha": "1", "beta": "7/10"}}, "7/17"),
    ({"quantity": "phase", "in": {"alpha": "1", "beta": "7/10"}}, "II"),
]
_SEEDS: list[dict[str, Any]] = [
    *(request for request, _ in _KNOWN),
    {"quantity": "K_norm", "in": {"alpha": "1", "d": 20, "v": 60, "gamma": "3/10", "batch": 1}},
    {"quantity": "F_pp", "level": "asymptotic", "in": {"alpha": 1, "beta": 1, "gamma": "1/4", "batch": 1, "r": 9}},
    {"quantity": "judge", "level": "asymptotic", "in": {"claim": {"quantity": "xi", "in": {}, "value": "1/2"}}},
]
_HOSTILE: list[Any] = [
    None, True, [], {}, "", "nan", "-inf", "inf", "1/0", "0", -1, 0, "1e-400", "1e400", "1e999999999", "1e-9999", 10**30, "9" * 4000,
    "1/" + "9" * 390, "--1", "0x10", "1_0", "٣", "∞", "−1", "__import__('os').system('exit 1')", "lambda: 0", "exec('1')",
    "\x00", "\ud800", "'; DROP TABLE", "${HOME}", "{{7*7}}", ["1", "2"], {"a": {"b": {}}}, 1e308, 5e-324, "Pi", "oo", "zoo",
]  # fmt: skip
_TEXTS = [
    b"NaN", b"[1,2", b"]", b"{}", b"null", b"[" * 50000, b'{"id":' * 8000, b'{"id": 1, "id": 2}', b"9" * 50000,
    b'{"id": NaN}', b'{"id": %s}' % (b"9" * 9000), b"import os; os._exit(0)", b"\xff\xfe\x00", b" ", b"\t", b"",
    b'{"id": 1, "quantity": "xi", "in": {"alpha": 1e99999999999999999999, "beta": 1}}', b"\xef\xbb\xbf{}",
]  # fmt: skip


def hostile(generator: random.Random) -> bytes:
    """One line without its end."""
    kind = generator.randrange(10)
    if kind == 0:
        return generator.randbytes(generator.randrange(200)).replace(b"\n", b"")
    if kind == 1:
        return generator.choice(_TEXTS)
    request = {"id": generator.randrange(10**9), **json.loads(json.dumps(generator.choice(_SEEDS)))}
    if kind in (2, 3, 4, 5):
        place = generator.choice([request, request["in"], request["in"]])
        place[generator.choice([*place, "digits", "certified", "extra"])] = generator.choice(_HOSTILE)
    line = bytearray(json.dumps(request).encode())
    if kind == 6:
        del line[generator.randrange(len(line)) :]
    elif kind in (7, 8):
        for _ in range(generator.randrange(1, 5)):
            at = generator.randrange(len(line) + 1)
            line[at : at + generator.randrange(3)] = generator.randbytes(generator.randrange(4))
    elif kind == 9 and generator.randrange(20) == 0:
        line += b" " * generator.randrange(_LONGEST - 300, 4 * _LONGEST)
    return bytes(line).replace(b"\n", b"")


class Feed:
    """The lines that were sent and are not answered yet; the sender waits while they are many."""

    def __init__(self, count: int, seed: int) -> None:
        self.expected: deque[tuple[bytes, str | None]] = deque()
        self.sent = 0
        self.over = False
        self._count, self._generator = count, random.Random(seed)
        self._room = threading.Semaphore(_WINDOW)

    def run(self, pipe: IO[bytes]) -> None:
        """Send every line, then close."""
        try:
            for i in range(self._count):
                known = None
                if i % 10 == 0:
                    request, known = self._generator.choice(_KNOWN)
                    line = json.dumps({"id": i, **request}).encode()
                else:
                    line = hostile(self._generator)
                if line.removeprefix(b"\xef\xbb\xbf" if i == 0 else b"").strip():
                    self._room.acquire()
                    if self.over:
                        return
                    self.expected.append((line, known))
                self.sent += 1
                pipe.write(line + b"\n")
                pipe.flush()  # or lines would wait here while this waits for their answers
            pipe.close()
        except OSError:
            pass  # the server is gone: the reader sees the end, and says so

    def answered(self) -> tuple[bytes, str | None]:
        """The line that the next answer is for."""
        self._room.release()
        return self.expected.popleft()

    def stop(self) -> None:
        """Let the sender end."""
        self.over = True
        self._room.release()


def wrong(line: bytes, known: str | None, answer: bytes) -> str:
    """What is wrong with an answer, if anything is."""
    try:
        said = json.loads(answer)
    except ValueError:
        return "it is not JSON"
    if not isinstance(said, dict) or sum(key in said for key in ("value", "refused", "unsupported", "error")) != 1:
        return "it is no answer"
    if known is not None and (said["id"] != json.loads(line)["id"] or not str(said.get("value")).startswith(known)):
        return f"{known} is right"
    if "defect" in str(said.get("error")):
        return "the server has a defect"
    return ""


def memory(process: psutil.Process) -> float:
    """Resident megabytes of a process and its children."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total / 1e6


def slope(samples: list[tuple[int, float]]) -> float:
    """Least-squares megabytes per 100,000 lines."""
    n = len(samples)
    middle, mean = sum(x for x, _ in samples) / n, sum(y for _, y in samples) / n
    spread = sum((x - middle) ** 2 for x, _ in samples)
    return 1e5 * sum((x - middle) * (y - mean) for x, y in samples) / spread if spread else 0.0


def fuzz(command: list[str], lines: int, seed: int, bound: float) -> int:
    """Run it, print the figures, and return the exit code."""
    note(machine())
    began = time.monotonic()
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin
    assert server.stdout
    watched, feed = psutil.Process(server.pid), Feed(lines, seed)
    sender = threading.Thread(target=feed.run, args=(server.stdin,), daemon=True)
    sender.start()
    samples: list[tuple[int, float]] = []
    kinds: dict[str, int] = {}
    problems: list[str] = []
    answers = slowest = 0
    every = max(1, lines // _SAMPLES)
    last = time.monotonic()
    for answer in server.stdout:
        answers += 1
        if not feed.expected:
            problems.append(f"an answer to nothing: {answer[:100]!r}")
            break
        line, known = feed.answered()
        if problem := wrong(line, known, answer):
            problems.append(f"{problem}: {answer[:200]!r} to {line[:200]!r}")
        kind = next(
            (key for key in ("value", "refused", "unsupported", "error") if b'"%s"' % key.encode() in answer), "?"
        )
        kinds[kind] = kinds.get(kind, 0) + 1
        now = time.monotonic()
        last, slowest = now, max(slowest, now - last)
        if answers % every == 0 and (resident := memory(watched)):  # none once it has ended
            samples.append((answers, resident))
    feed.stop()
    sender.join(timeout=10)
    if server.poll() is None:
        server.kill() if problems else server.wait(timeout=30)
    if server.wait() != 0 or feed.expected or feed.sent < lines:
        problems.append(f"{feed.sent} lines sent, {len(feed.expected)} unanswered, exit code {server.returncode}")
    settled = samples[len(samples) // 10 :]
    if len(settled) < 2:
        problems.append("memory was not seen")
        settled = [(0, 0.0)]
    first, final = settled[0][1], settled[-1][1]
    note(f"{feed.sent} lines, seed {seed}: {answers} answers ({kinds}) in {time.monotonic() - began:.0f} s")
    note(f"the longest wait between two answers {slowest:.1f} s")
    note(
        f"resident memory: {first:.1f} MB after a tenth, {final:.1f} MB at the end, at most {max(y for _, y in settled):.1f} MB, "
        f"slope {slope(settled):+.2f} MB per 100,000 lines; allowed growth {bound:g} MB"
    )
    if final - first > bound:
        problems.append(f"memory grew by {final - first:.1f} MB")
    for problem in problems[:20]:
        note(f"WRONG: {problem}")
    note("every line was answered, and memory is flat" if not problems else f"{len(problems)} problems")
    return int(bool(problems))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bound", type=float, default=32.0, help="megabytes that memory may grow by")
    parser.add_argument("--timeout", default="2", help="seconds for a computation of the server")
    parser.add_argument("--server", help="another program that speaks the protocol, as a command line")
    options = parser.parse_args()
    chosen = shlex.split(options.server) if options.server else [*_SERVER, "--timeout", options.timeout]
    sys.exit(fuzz(chosen, options.lines, options.seed, options.bound))
