"""What may arrive on a line: read exactly, or refused with the reason."""

from __future__ import annotations

import contextlib
import json
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scalesym.oracle.protocol import (
    Malformed,
    NumberText,
    Unreadable,
    parse,
    rational,
    read_answer,
    read_number,
    read_request,
    shown,
)

GOOD = {"id": "a", "quantity": "P", "in": {"d": 20}}


def line(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


@given(st.fractions(max_denominator=10**6), st.integers(0, 40))
def test_no_digit_is_lost(value: Fraction, digits: int) -> None:
    whole = round(value * 10**digits)
    text = f"{whole}e-{digits}"
    _, answer = read_answer(b'{"id": "a", "value": %s}' % text.encode())
    assert read_number(answer.value) == (Fraction(whole, 10**digits), 0)
    assert rational(str(value)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nan", "not a finite number"),
        ("-Infinity", "not a finite number"),
        ("1e10001", "exponent"),
        ("1e999999999999999999999", "exponent"),
        ("1e-99999", "exponent"),
        ("1/0", "divides by zero"),
        ("", "not a number"),
        ("1_000", "not a number"),
        ("0x10", "not a number"),
        ("1+1", "not a number"),
        ("__import__('os')", "not a number"),
        ("٣", "not a number"),
        ("9" * 5000, "characters"),
        ("1/" + "9" * 5000, "characters"),
    ],
)
def test_what_is_no_number_is_said(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        rational(text)


def test_huge_exponents_cost_nothing() -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable):
        rational("1e" + "9" * 3000)
    assert rational("1e10000") == 10**10000
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("value", [True, None, [], ["1"], ["1", "2", "3"], [True, "1"], {"re": 1}, [["1"], "2"]])
def test_other_values_are_no_numbers(value: object) -> None:
    with pytest.raises(Unreadable):
        read_number(value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"nonsense", "not JSON"),
        (b'"text"', "a JSON object is due"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"id": "a", "val', "not JSON"),
        (b'{"value": 1}', "without the request"),
        (b'{"id": "a"}', "is missing"),
        (b'{"id": "a", "value": null}', "null"),
        (b'{"id": "a", "value": 1, "refused": true}', "value and refused"),
        (b'{"id": "a", "refused": "yes"}', "true or false"),
        (b'{"id": "a", "value": 1, "value": 2}', "repeated"),
        (b"[" * 60000, "nested"),
    ],
)
def test_what_is_no_answer_is_said(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read_answer(data)


def test_answers() -> None:
    assert read_answer(b'{"id": "a", "value": NaN}')[1].value == "NaN"
    assert read_answer(b'{"id": "a", "value": false}')[1].value is False
    assert read_answer(b'{"id": "a", "value": 1, "refused": false, "extra": []}')[1].kind == "value"
    assert read_answer(b'{"id": 3, "refused": true, "reason": [5]}') == (3, read_answer(b'{"id":1,"refused":true}')[1])
    assert isinstance(read_answer(b'{"id": "a", "value": 1e5}')[1].value, NumberText)
    assert read_answer(b'{"id": "a", "error": "broken"}')[1].kind == "error"


@pytest.mark.parametrize(
    ("data", "reason", "id"),
    [
        (b"", "not JSON", None),
        (b"[1]", "a request is a JSON object", None),
        (b'{"quantity": "P", "in": {}}', '"id" is missing', None),
        (line(id=None), '"id" is text or an integer', None),
        (line(id="x" * 401), '"id" is text or an integer', None),
        (line(id=1.5), '"id" is text or an integer', None),
        (line(digit=3), "the key 'digit' is unknown", "a"),
        (b'{"id": "a", "in": {}}', '"quantity" is missing', "a"),
        (line(quantity=3), "text is due", "a"),
        (line(**{"in": []}), "an object is due", "a"),
        (line(level=1), "text is due", "a"),
        (line(convention="sum"), "an object is due", "a"),
        (line(digits=0), "from 1 to 200", "a"),
        (line(digits=201), "from 1 to 200", "a"),
        (line(digits="5"), "from 1 to 200", "a"),
        (line(digits=None), "from 1 to 200", "a"),
        (line(certified=1), "true or false", "a"),
        (b'{"id": "a", "quantity": "P", "in": {"d": NaN}}', "NaN is not a JSON number", "a"),
        (b'{"id": "a", "quantity": "P", "in": {"d": 1, "d": 2}}', "'d' is repeated", "a"),
        (b'{"id": "a", "quantity": "P\x00", "in": {}}', "not JSON", None),
        (b'{"id": "a", "in": ' + b"[" * 50000, "nested", None),
    ],
)
def test_malformed_requests_are_said_with_the_id_if_it_can_be_read(data: bytes, reason: str, id: object) -> None:
    with pytest.raises(Malformed, match=reason) as caught:
        read_request(data)
    assert caught.value.id == id


def test_requests_keep_their_numbers() -> None:
    read = read_request(b'{"id": 1, "quantity": "P", "in": {"a": 0.70, "z": [1e5, "x"], "n": %s}}' % (b"9" * 9000))
    assert read["in"]["a"] == "0.70"
    assert read["in"]["z"] == ["1e5", "x"]
    assert read["in"]["n"] == "9" * 9000  # as text: Python does not read it
    assert read_request(line(id=12, digits=50, certified=True)) == {**GOOD, "id": 12, "digits": 50, "certified": True}


@given(st.binary(max_size=200))
def test_bytes_are_read_or_malformed(data: bytes) -> None:
    for read in (read_answer, read_request):
        with contextlib.suppress(Malformed):
            read(data)


def test_what_is_shown_is_one_short_line() -> None:
    assert shown("a\nb\x1b[31m\ud800") == "'a b [31m '"
    assert len(shown("x" * 10**6)) == 60
    assert shown(parse(b"[1, true]")[0]) == '["1", true]'
