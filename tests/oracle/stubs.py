"""Questions with known answers, and functions that a server's worker can import."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scalesym.errors import ParameterError
from scalesym.oracle.vectors import Expected, Mistaken, Test

MID = "0.0326354329785729233950000000"


def question(id: str = "t", **changes: Any) -> Test:
    """A test of P whose value is ``MID``, with condition 3 and 100 roundings: tolerance 216 u relatively."""
    facts: dict[str, Any] = {
        "id": id,
        "hash": "0123456789ab",
        "quantity": "P",
        "level": "equivalent",
        "convention": {"loss_factor": "1", "batch_gradient": "sum"},
        "kind": "compute",
        "inputs": {"alpha": "1", "d": 20},
        "severity": "must",
        "flags": ("dropped-last-index",),
        "expected": Expected(MID, "1e-28"),
        "condition": 3.0,
        "roundings": 100,
    }
    return Test(**facts | changes)


def questions(count: int) -> list[Test]:
    """Tests whose values are their numbers and a half: ``t0`` has 0.5, ``t1`` has 1.5."""
    return [question(f"t{i}", expected=Expected(f"{i}.5"), inputs={"i": i}) for i in range(count)]


def mistaken(flag: str, value: str | tuple[str, str], detail: str = "") -> Mistaken:
    return Mistaken(flag, value, detail)


def served(request: Mapping[str, Any], digits: int | None, certified: bool) -> Mapping[str, Any]:
    """What a server's worker computes in the tests; the quantity says how it ends."""
    quantity = request["quantity"]
    if quantity == "echo":
        return {"value": str(request["in"].get("x")), **({"radius": "1e-9"} if certified else {}), "digits": digits}
    if quantity == "loop":  # a loop in C that heeds no signal
        return {"value": str(sum(range(10**12)))}
    if quantity == "die":
        os._exit(3)
    if quantity == "eat":
        return {"value": str(len(bytearray(10**11)))}
    if quantity == "print":
        print("not an answer")
        sys.stdout.flush()
        return {"value": "1"}
    if quantity == "stdin":
        return {"value": repr(sys.stdin.read())}
    if quantity == "refuse":
        raise ParameterError("v", 3, "it is too small", "use v > d")
    if quantity == "defect":
        return {"value": 1 / 0}  # type: ignore[dict-item]
    if quantity == "odd":
        return {"value": object()}
    if quantity == "long":
        return {"value": "1" * 70000}
    raise NotImplementedError(f"no {quantity}")


def program(path: Path, body: str) -> str:
    """A Python program whose loop over requests is ``body``, as a command line."""
    file = path / "mine.py"
    file.write_text("import json, os, sys, time\n" + body, encoding="utf-8")
    return f"'{sys.executable}' -S '{file}'"
