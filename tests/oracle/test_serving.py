"""The server: an answer to every line, whatever it is, in bounded time and memory."""

from __future__ import annotations

import io
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from oracle.stubs import served

from scalesym.errors import ParameterError
from scalesym.oracle.protocol import LONGEST_LINE
from scalesym.oracle.serving import serve


def line(id: object = 1, quantity: str = "echo", **keys: Any) -> bytes:
    return json.dumps({"id": id, "quantity": quantity, "in": {"x": 5}, **keys}).encode() + b"\n"


def replies(*lines: bytes, timeout: float = 20.0, **options: Any) -> list[dict[str, Any]]:
    output = io.BytesIO()
    serve(io.BytesIO(b"".join(lines)), output, answer=served, timeout=timeout, **options)
    assert output.getvalue().isascii()
    return [json.loads(reply) for reply in output.getvalue().splitlines()]


GOOD = {"id": 1, "value": "5", "digits": None}


def test_malformed_lines_are_answered_and_survived() -> None:
    bad = [
        b"garbage\n",
        b"\xff\xfe\n",
        b"\x00\n",
        b'{"id": 1, "id": 2}\n',
        b'{"id": "a", "quantity": "echo", "in": {"x": NaN}}\n',
        b"[" * 60000 + b"\n",
        b'{"a":' * 10000 + b"\n",
        b"__import__('os').system('true')\n",
        b'"' + b"x" * 200000 + b'"\n',
        line(digits=10**9),
        b"null\n",
    ]
    found = replies(*(part for each in bad for part in (each, line())))
    assert len(found) == 2 * len(bad)
    assert all("error" in reply for reply in found[::2])
    assert found[1::2] == [GOOD] * len(bad)
    assert [reply["id"] for reply in found[::2]] == [None] * 3 + [2, "a"] + [None] * 4 + [1, None]


def test_blank_lines_ends_of_lines_and_a_byte_order_mark() -> None:
    good = line().rstrip()
    assert replies(b"\xef\xbb\xbf" + good + b"\r\n", b"\n", b" \t\r\n", good) == [GOOD] * 2
    assert replies() == []


def test_the_bound_on_a_line_is_exact() -> None:
    base = len(line(pad="")) - 1
    inside, beyond = (b" " * (LONGEST_LINE - base + 11 + k) + line() for k in (0, 1))
    assert len(inside) == LONGEST_LINE + 1  # with its end
    read, skipped, after = replies(inside, beyond, line())
    assert (read, after) == (GOOD, GOOD)
    assert "longer" in skipped["error"]


def test_numbers_arrive_as_they_were_sent() -> None:
    texts = ("0.70", "1e5", "123456789012345678901234567890", "9" * 5000)
    lines = (b'{"id": 1, "quantity": "echo", "in": {"x": %s}}\n' % text.encode() for text in texts)
    assert [reply["value"] for reply in replies(*lines)] == list(texts)


def test_digits_and_certificates() -> None:
    found = replies(line(), line(digits=7, certified=False), digits=30, certified=True)
    assert found == [{**GOOD, "digits": 30, "radius": "1e-9"}, {**GOOD, "digits": 7}]


def test_whatever_a_computation_does_is_answered() -> None:
    found = replies(
        line("a", "refuse"), line("b", "defect"), line("c", "odd"), line("d", "die"), line("e", "print"),
        line("f", "stdin"), line("g", "eat"), line("h", "long"), line("i", "echo"),
    )  # fmt: skip
    by_id = {reply.pop("id"): reply for reply in found}
    assert by_id["a"] == {"refused": True, "reason": "v = 3: it is too small; use v > d"}
    assert by_id["b"]["error"] == "ZeroDivisionError: division by zero; this is a defect, please report it"
    assert "defect" in by_id["c"]["error"]
    assert by_id["d"]["error"] == "the computation ended (exit code 3)"
    assert by_id["e"] == {"value": "1"}
    assert by_id["f"] == {"value": "''"}
    assert by_id["g"]["error"].startswith("MemoryError")
    assert by_id["h"]["error"] == "the answer is too long"
    assert by_id["i"]["value"] == "5"


def test_a_computation_that_takes_too_long_is_ended() -> None:
    """A loop in C heeds no signal, and no exception from another thread."""
    began = time.monotonic()
    found = replies(line("a", "loop"), line(), timeout=0.7)
    assert found == [{"id": "a", "error": "the computation took more than 0.7 s and was ended"}, GOOD]
    assert time.monotonic() - began < 15
    assert not [p for p in psutil.Process().children() if "scalesym.oracle.serving" in " ".join(p.cmdline())]


def test_a_reader_who_leaves_is_the_callers_business() -> None:
    class Closed(io.BytesIO):
        def write(self, data: Any) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        serve(io.BytesIO(line()), Closed(), answer=served)


def test_a_worker_that_does_not_start_is_said() -> None:
    output = io.BytesIO()
    serve(io.BytesIO(line() * 5), output, answer=local())
    found = [json.loads(reply) for reply in output.getvalue().splitlines()]
    assert len(found) == 5
    assert all("does not start" in reply["error"] for reply in found)


def local() -> Any:
    def unreachable(request: Any, digits: int | None, certified: bool) -> Any:
        return {}

    return unreachable


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_time_limits_are_lengths_of_time(timeout: float) -> None:
    with pytest.raises(ParameterError):
        serve(io.BytesIO(), io.BytesIO(), timeout=timeout)


def fuzzed(generator: random.Random) -> Iterator[bytes]:
    """A hostile line, then a good one."""
    while True:
        good = bytearray(line(generator.randrange(10**6), generator.choice(["echo", "defect", "none"])).rstrip())
        for _ in range(generator.randrange(1, 4)):
            place = generator.randrange(len(good) + 1)
            good[place : place + generator.randrange(3)] = generator.randbytes(generator.randrange(4))
        yield bytes(good).replace(b"\n", b"") + b"\n"
        yield line()


def test_three_thousand_fuzzed_lines() -> None:
    lines = fuzzed(random.Random(4))
    sent = [next(lines) for _ in range(3000)]
    found = replies(*sent)
    assert len(found) == sum(bool(each.strip()) for each in sent)
    assert sum(reply == GOOD for reply in found) >= 1500
    positions = [i for i, each in enumerate(each for each in sent if each.strip()) if each == line()]
    assert all(found[i] == GOOD for i in positions)
