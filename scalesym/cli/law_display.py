"""Laws as text and as JSON: their constants, part by part, and what they have in symbols."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from math import isfinite
from typing import Any

__all__ = ["described", "description", "fields", "formulas", "plain", "shown"]

_DIGITS = 7
#: Formulas that a model has in common with others.
_SHARED = {name: ("two-resolvents.",) for name in ("dynamical", "regimes", "ridge")}


def described(name: str, law: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The law, its constants and where they were printed."""
    if name == "adaptive":
        return {"formula": _text(law.formula), "shapes": _shapes(law), "transitions": _transitions(law)}
    from ..laws.published import constants

    stored = constants(name, facts["set"])
    return {
        "formula": _text(law.formula),
        "constants": stored["constants"],
        "source": stored.get("source", ""),
        "status": stored.get("status", ""),
        **({"note": stored["note"]} if "note" in stored else {}),
        "sets": list(type(law).papers()),
    }


def description(name: str, law: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The same to be read: a law of several parts has a formula for each."""
    found = described(name, law, facts)
    if name == "adaptive":
        found["transitions"] = [
            f"{each['before']} to {each['after']} at {each['error']:.7g}" for each in found["transitions"]
        ]
        return found
    found["constants"] = {key: each for key, each in found["constants"].items() if each is not None and key != "domain"}
    parts = _parts(law)
    return found | ({"formula": {key: _text(each.formula) for key, each in parts.items()}} if parts else {})


def formulas(name: str) -> list[dict[str, str]]:
    """The entries of the catalogue about a law."""
    from ..formulas import formula, formula_ids

    prefixes = (f"{name}.", *_SHARED.get(name, ()))
    entries = [formula(each) for each in formula_ids() if each.startswith(prefixes)]
    return [
        {"id": each.id, "status": each.status, "statement": each.text().partition("\n")[0], "latex": each.latex()}
        for each in entries
    ]


def fields(found: Any, name: str) -> dict[str, Any]:
    """The fields of an answer that has several, or the answer by its name."""
    if hasattr(found, "_asdict"):
        return {key: value for key, value in found._asdict().items() if value is not None}
    if hasattr(found, "__dataclass_fields__"):
        return {key: getattr(found, key) for key in found.__dataclass_fields__}
    return {name: found}


def shown(value: Any) -> str:
    """For the eye: seven digits."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {shown(each)}" for key, each in value.items() if each is not None)
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "none"
    return value if isinstance(value, str) else f"{float(value):.{_DIGITS}g}"


def plain(value: Any) -> Any:
    """For strict JSON: exact numbers as text such as ``"14/31"``, and infinity as ``"inf"``."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return str(value) if type(value).__name__ == "Fraction" or not isfinite(value) else float(value)


def _text(equation: Any) -> str:
    return f"{equation.lhs} = {equation.rhs}".replace("**", "^")


def _parts(law: Any) -> dict[str, Any]:
    """The laws that a law consists of."""
    inside = {each.name: getattr(law, each.name) for each in dataclass_fields(law)}
    return {key: each for key, each in inside.items() if hasattr(each, "formula")}


def _shapes(law: Any) -> dict[str, dict[str, Any]]:
    letters = (("a", "scale"), ("b", "exponent"), ("c", "floor"), ("d", "shift"))
    return {key: {letter: float(getattr(each, word)) for letter, word in letters} for key, each in law.shapes.items()}


def _transitions(law: Any) -> list[dict[str, Any]]:
    return [vars(each) for each in law.transitions()]
