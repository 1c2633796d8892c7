"""Test vectors: what is asked, what is right, and what each known mistake would answer.

The vectors are package data, one file for each group. A group shares quantity, level of approximation, convention and
source; a test has exact inputs and, if it is to be computed, an enclosure of the answer with a proven radius. All of it is
written by ``python -m scalesym.oracle``; the format is that of ``schema/vectors.schema.json``, which is closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ..errors import ParameterError
from .flags import FLAGS

__all__ = ["FLAGS", "Expected", "Mistaken", "Test", "emit", "schema", "tests"]

Kind = Literal["compute", "judge", "refuse"]
Severity = Literal["must", "should"]

_HERE = Path(__file__).parent
_DATA = _HERE / "data"
_SCHEMAS = _HERE / "schema"


@dataclass(frozen=True)
class Expected:
    """The right answer: a ball ``mid ± rad`` (a disc for complex numbers, ``mid`` a pair), or an exact value.

    An exact value is a name, a truth value, or a fraction such as ``"7/17"``.
    """

    mid: str | tuple[str, str] | None = None
    rad: str = "0"
    exact: str | bool | None = None


@dataclass(frozen=True)
class Mistaken:
    """What one kind of mistake answers."""

    flag: str
    value: str | tuple[str, str]
    detail: str = ""


@dataclass(frozen=True)
class Test:
    """One test.

    Parameters
    ----------
    id, hash:
        A readable name, and twelve digits of the SHA-256 of what is asked. Both stay what they are as long as the question does.
    quantity, level, convention:
        What is asked for.
    kind:
        ``"compute"``, ``"judge"`` (is a claimed value right?) or ``"refuse"`` (there is no answer, for the given ``reason``).
    inputs:
        Exact numbers: integers, or text such as ``"7/10"``.
    severity:
        ``"must"``, or ``"should"`` for inputs at which a sound implementation may give up.
    flags:
        Kinds of mistakes that change the answer, and hazards that the input has.
    expected:
        The right answer; ``None`` if it must be refused.
    condition:
        The relative change of the answer per relative change of all inputs, ``Σ|x_i ∂y/∂x_i|/|y|``.
    roundings:
        Length of the longest chain of roundings in the plain evaluation.
    mistaken:
        What known mistakes answer.
    source:
        Where the definition is from.
    """

    __test__ = False  # no test class of pytest

    id: str
    hash: str
    quantity: str
    level: str
    convention: Mapping[str, str]
    kind: Kind
    inputs: Mapping[str, Any]
    severity: Severity
    flags: tuple[str, ...]
    expected: Expected | None
    condition: float = 0.0
    roundings: int = 1
    mistaken: tuple[Mistaken, ...] = ()
    source: str = ""
    reason: str = ""
    group: str = ""

    def __str__(self) -> str:
        return self.id

    def request(self) -> dict[str, Any]:
        """The question as the protocol puts it, without the answer."""
        return {
            "id": self.id,
            "quantity": self.quantity,
            "level": self.level,
            "convention": dict(self.convention),
            "in": dict(self.inputs),
        }


def tests(
    *,
    quantity: str | None = None,
    level: str | None = None,
    group: str | None = None,
    flag: str | None = None,
    severity: str | None = None,
    kind: str | None = None,
) -> list[Test]:
    """The shipped tests, all of them or those that fit.

    Raises
    ------
    ParameterError
        If there is no such quantity, level, group, flag, severity or kind.

    Examples
    --------
    >>> chosen = tests(quantity="zeta0", severity="must")
    >>> {test.quantity for test in chosen}, len(chosen) > 10
    ({'zeta0'}, True)
    """
    chosen = list(_shipped())
    for name, wanted in {
        "quantity": quantity,
        "level": level,
        "group": group,
        "flag": flag,
        "severity": severity,
        "kind": kind,
    }.items():
        if wanted is None:
            continue
        if name == "flag":
            known, fitting = set(FLAGS), [test for test in chosen if wanted in test.flags]
        else:
            known = {str(getattr(test, name)) for test in _shipped()}
            fitting = [test for test in chosen if getattr(test, name) == wanted]
        if wanted not in known:
            raise ParameterError(name, wanted, f"there is no such {name}", f"use one of {', '.join(sorted(known))}")
        chosen = fitting
    return chosen


def schema(name: str) -> dict[str, Any]:
    """One of the JSON Schemas: ``vectors``, ``request``, ``answer`` or ``report``."""
    result: dict[str, Any] = json.loads((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return result


def read_group(data: Mapping[str, Any]) -> Iterator[Test]:
    """The tests of one group, from its file's content."""
    for each in data["tests"]:
        value = each.get("value")
        expected = None
        if value is not None:
            mid = value.get("mid")
            expected = Expected(tuple(mid) if isinstance(mid, list) else mid, value.get("rad", "0"), value.get("exact"))
        yield Test(
            id=each["id"],
            hash=each["hash"],
            quantity=data["quantity"],
            level=data["level"],
            convention=data["convention"],
            kind=each["kind"],
            inputs=each["in"],
            severity=each["severity"],
            flags=tuple(each["flags"]),
            expected=expected,
            condition=float(each.get("condition", 0)),
            roundings=each.get("roundings", 1),
            mistaken=tuple(
                Mistaken(m["flag"], tuple(v) if isinstance(v := m["value"], list) else v, m.get("detail", ""))
                for m in each.get("mistaken", ())
            ),
            source=data["source"],
            reason=each.get("reason", ""),
            group=data["group"],
        )


@lru_cache(maxsize=1)
def _shipped() -> tuple[Test, ...]:
    files = sorted(_DATA.glob("*.json"))
    return tuple(test for path in files for test in read_group(json.loads(path.read_text(encoding="utf-8"))))


def emit(directory: Path) -> list[Path]:
    """Write the vectors with answers, the same without, the schemas and how to use them into ``directory``.

    Parameters
    ----------
    directory:
        Made if absent. Files of the same names are replaced.

    Returns
    -------
    list of Path
        What was written: ``vectors/*.json``, ``prompts/*.jsonl`` (one request a line, no answers), ``schema/*.json`` and
        ``README.md``.
    """
    written = []
    for folder, source in (("vectors", _DATA), ("schema", _SCHEMAS)):
        for path in sorted(source.glob("*.json")):
            written.append(_write(directory / folder / path.name, path.read_text(encoding="utf-8")))
    groups: dict[str, list[Test]] = {}
    for test in _shipped():
        groups.setdefault(test.group, []).append(test)
    for name, members in groups.items():
        lines = "".join(json.dumps(test.request(), ensure_ascii=False) + "\n" for test in members)
        written.append(_write(directory / "prompts" / f"{name}.jsonl", lines))
    written.append(_write(directory / "README.md", (_HERE / "IMPLEMENTERS.md").read_text(encoding="utf-8")))
    return written


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
