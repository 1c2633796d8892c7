"""The protocol: a request on a line, an answer on a line, both JSON, read without losing a digit.

A request is ``{"id", "quantity", "level", "convention", "in"}``; to ``scalesym oracle serve`` also ``"digits"`` and
``"certified"``. An answer is ``{"id", "value"}``, ``{"id", "unsupported": true}`` or ``{"id", "refused": true, "reason"}``;
further keys are ignored. The schemas are ``schema/request.schema.json`` and ``schema/answer.schema.json``.

JSON numbers are kept as the text that was sent and become fractions; no line, number or exponent is read beyond its bound,
and nothing is evaluated as code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..errors import ScalesymError

__all__ = [
    "LONGEST_LINE",
    "Answer",
    "Malformed",
    "Number",
    "NumberText",
    "Refused",
    "Unreadable",
    "answer_from",
    "parse",
    "printable",
    "rational",
    "read_answer",
    "read_number",
    "read_request",
    "shown",
    "write",
]

#: Bytes of a line, without its end.
LONGEST_LINE = 65536

#: A real or a complex number: real and imaginary part.
Number = tuple[Fraction, Fraction]

_LONGEST_NUMBER, _LARGEST_EXPONENT, _LONGEST_ID, _MOST_DIGITS = 4000, 10_000, 400, 200
_LONGEST_EXACT = 400  # digits of an integer that is handed on as one
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_SHAPE: tuple[tuple[str, type, str], ...] = (
    ("quantity", str, "text"),
    ("in", dict, "an object"),
    ("level", str, "text"),
    ("convention", dict, "an object"),
    ("certified", bool, "true or false"),
)
_RATIO = re.compile(r"[+-]?[0-9]+/[0-9]+", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class Refused(ScalesymError, ValueError):
    """Raised by an implementation under test: there is no answer to this question, for the reason given."""


class Malformed(ScalesymError, ValueError):
    """A line that is no request or no answer. ``id`` is the request's, if it could be read."""

    def __init__(self, reason: str, id: str | int | None = None) -> None:
        self.reason, self.id = reason, id
        super().__init__(reason)


class Unreadable(ScalesymError, ValueError):
    """A value that is not the finite number it should be."""


class NumberText(str):
    """A JSON number, as the text that was sent."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an implementation said.

    ``value`` is a :class:`NumberText`, text, a truth value, or a tuple of such; ``reason`` is that of a refusal, or the text
    of an ``"error"``.
    """

    kind: Literal["value", "unsupported", "refused", "error"]
    value: Any = None
    reason: str = ""


def parse(line: bytes) -> tuple[Any, str]:
    """The JSON on a line, with numbers as :class:`NumberText`; and what is wrong with it although it can be read.

    Raises
    ------
    Malformed
        If it is not UTF-8, not JSON, or nested too deeply.

    Examples
    --------
    >>> parse(b'{"id": "a", "value": 0.10}')
    ({'id': 'a', 'value': '0.10'}, '')
    >>> parse(b'{"id": 1, "id": 2}')[1]
    "the key 'id' is repeated"
    """
    problems: list[str] = []

    def constant(text: str) -> NumberText:
        problems.append(f"{text} is not a JSON number")
        return NumberText(text)

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            keys = [key for key, _ in pairs]
            problems.append(f"the key {shown(next(key for key in keys if keys.count(key) > 1))} is repeated")
        return result

    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8: byte {line[error.start]:#04x} at position {error.start}") from None
    try:
        data = json.loads(
            text, parse_float=NumberText, parse_int=NumberText, parse_constant=constant, object_pairs_hook=collect
        )
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise Malformed("not read: nested too deeply") from None
    return data, problems[0] if problems else ""


def read_answer(line: bytes) -> tuple[str | int | None, Answer]:
    """The id and the answer on a line; not-a-number is left to the judge.

    Raises
    ------
    Malformed
        If it is no answer.

    Examples
    --------
    >>> read_answer(b'{"id": "a", "value": ["1", 0.5], "seconds": 3}')
    ('a', Answer(kind='value', value=('1', '0.5'), reason=''))
    """
    data, problem = parse(line)
    if not isinstance(data, dict):
        raise Malformed(f"not an answer: a JSON object is due, not {shown(data)}")
    id = _id(data)
    if problem.startswith("the key"):
        raise Malformed(problem, id)
    if id is None:
        raise Malformed('an answer without the request\'s "id"')
    try:
        return id, answer_from(data)
    except Malformed as error:
        raise Malformed(error.reason, id) from None


def answer_from(data: Mapping[str, Any]) -> Answer:
    """An answer from its keys.

    Raises
    ------
    Malformed
        If it says nothing, or several things at once.

    Examples
    --------
    >>> answer_from({"refused": True, "reason": "v ≤ d"})
    Answer(kind='refused', value=None, reason='v ≤ d')
    """
    for key in ("unsupported", "refused"):
        if not isinstance(data.get(key, False), bool):
            raise Malformed(f'"{key}" is {shown(data[key])}; true or false are allowed')
    said: list[Literal["value", "unsupported", "refused", "error"]] = []
    if data.get("value") is not None:
        said.append("value")
    if data.get("unsupported"):
        said.append("unsupported")
    if data.get("refused"):
        said.append("refused")
    if isinstance(data.get("error"), str):
        said.append("error")
    if len(said) != 1:
        if "value" in data and not said:
            raise Malformed('"value" is null')
        wanted = 'one of "value", "unsupported" and "refused"'
        raise Malformed(f"{wanted} is due, not {' and '.join(said)}" if said else f"{wanted} is missing")
    (kind,) = said
    reason = data.get("error") if kind == "error" else data.get("reason", "")
    value = data["value"] if kind == "value" else None
    return Answer(kind, tuple(value) if isinstance(value, list) else value, reason if isinstance(reason, str) else "")


def read_request(line: bytes) -> dict[str, Any]:
    """A request: ``id``, ``quantity`` and ``in``; and ``level``, ``convention``, ``digits``, ``certified`` if they are given.

    Integers of the input become ``int``, other numbers keep their text, so that 0.7 is seven tenths.

    Raises
    ------
    Malformed
        If it is no request; with the id, if that could be read.

    Examples
    --------
    >>> read_request(b'{"id": 7, "quantity": "zeta0", "in": {"alpha": 0.7, "d": 20}}')["in"]
    {'alpha': '0.7', 'd': 20}
    """
    data, problem = parse(line)
    if not isinstance(data, dict):
        raise Malformed(f"a request is a JSON object, not {shown(data)}")
    id = _id(data)
    if problem:
        raise Malformed(problem, id)
    if "id" not in data:
        raise Malformed('"id" is missing')
    if id is None:
        raise Malformed(f'"id" is text or an integer of at most {_LONGEST_ID} characters')
    known = {"id", "quantity", "level", "convention", "in", "digits", "certified"}
    for key in data:
        if key not in known:
            raise Malformed(f"the key {shown(key)} is unknown; there are {', '.join(sorted(known))}", id)
    for key, kind, word in _SHAPE:
        if key not in data:
            if key in ("quantity", "in"):
                raise Malformed(f'"{key}" is missing', id)
        elif not isinstance(data[key], kind) or isinstance(data[key], NumberText):
            raise Malformed(f'"{key}" is {shown(data[key])}; {word} is due', id)
    digits = data.get("digits", NumberText("1"))
    in_range = (
        isinstance(digits, NumberText) and re.fullmatch("[0-9]{1,3}", digits) and 1 <= int(digits) <= _MOST_DIGITS
    )
    if not in_range:
        raise Malformed(f'"digits" is {shown(digits)}; an integer from 1 to {_MOST_DIGITS} is due', id)
    return {key: _plain(each) for key, each in data.items()} | {"id": id}


def rational(text: str) -> Fraction:
    """A decimal number or ``p/q`` as the fraction that it is.

    Raises
    ------
    Unreadable
        If it is neither, too long, or its exponent is beyond 10000.

    Examples
    --------
    >>> rational("-1.5e-3"), rational("7/17")
    (Fraction(-3, 2000), Fraction(7, 17))
    """
    stripped = text.strip().replace("−", "-")
    if len(stripped) > _LONGEST_NUMBER:
        raise Unreadable(f"a number of {len(stripped)} characters is not read, {_LONGEST_NUMBER} are the limit")
    if _NOT_FINITE.fullmatch(stripped):
        raise Unreadable(f"{stripped} is not a finite number")
    if _RATIO.fullmatch(stripped):
        if not int(stripped.partition("/")[2]):
            raise Unreadable(f"{shown(text)} divides by zero")
        return Fraction(stripped)
    matched = _DECIMAL.fullmatch(stripped)
    if matched is None:
        raise Unreadable(f"{shown(text)} is not a number")
    exponent = (matched[1] or "").lstrip("+-").lstrip("0")
    if len(exponent) > 5 or int(exponent or 0) > _LARGEST_EXPONENT:
        raise Unreadable(f"the exponent of {shown(text)} exceeds {_LARGEST_EXPONENT}")
    return Fraction(stripped)


def read_number(value: object) -> Number:
    """Real and imaginary part of an answer's value.

    Raises
    ------
    Unreadable
        If it is not a number.

    Examples
    --------
    >>> read_number(("1/2", NumberText("0.25")))
    (Fraction(1, 2), Fraction(1, 4))
    """
    if isinstance(value, bool):
        raise Unreadable(f"{shown(value)} is a truth value, a number is due")
    if isinstance(value, str):
        return rational(value), Fraction(0)
    if isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(part, str) for part in value):
        return rational(value[0]), rational(value[1])
    raise Unreadable(f"{shown(value)} is not a number, nor [re, im]")


def shown(value: object, limit: int = 60) -> str:
    """A value from outside on one short printable line, as JSON writes it except for text.

    Examples
    --------
    >>> shown({"a": True}), shown("two\\nlines")
    ('{"a": true}', "'two lines'")
    """
    if isinstance(value, NumberText):
        text = str(value)
    elif isinstance(value, str):
        text = f"'{value[: limit + 1]}'"
    else:
        try:
            text = json.dumps(value, ensure_ascii=False, default=str)
        except (ValueError, RecursionError):
            text = f"<{type(value).__name__} that cannot be shown>"
    return printable(text, limit)


def printable(text: str, limit: int = 400) -> str:
    """A text from outside on one line, without control characters, cut where it is long.

    Examples
    --------
    >>> printable("two\\nlines"), printable("long" * 200, 10)
    ('two lines', 'longlongl…')
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def write(data: Mapping[str, Any]) -> bytes:
    """One line of ASCII JSON, with its end."""
    return json.dumps(data, allow_nan=False).encode("ascii") + b"\n"


def _id(data: Mapping[str, Any]) -> str | int | None:
    """The id, if it can be echoed."""
    id = data.get("id")
    if not isinstance(id, str) or len(id) > _LONGEST_ID:
        return None
    if isinstance(id, NumberText):
        return int(id) if re.fullmatch("-?[0-9]+", id) else None
    return id


def _plain(value: Any) -> Any:
    """Without :class:`NumberText`."""
    if isinstance(value, NumberText):
        short = len(value) <= _LONGEST_EXACT and re.fullmatch("-?[0-9]+", value)
        return int(value) if short else str(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
