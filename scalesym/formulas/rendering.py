"""Entries of the catalogue in another notation, or in other conventions: their trees rewritten, and typeset again.

A record that has been rewritten has the shape of one that was read. Prose is somebody's words and stays: it speaks of
the paper's letters and conventions, and whatever shows a derivation says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from .conventions import LOSSES, Conventions, degree, in_other_conventions, is_rate
from .notation import NOTATIONS, Notation
from .trees import Tree

__all__ = ["conventions_of", "converted", "typeset"]

_SIGNS = {"=": ("=", " = "), "~": (r"\sim ", " ~ ")}
_CONVERSION = "conventions"  # the name of the line that says that they have changed
_Record = Mapping[str, Any]


def typeset(record: _Record, notation: Notation) -> dict[str, Any]:
    """The record with its LaTeX and its text written again from the trees, in a notation.

    Raises
    ------
    ParameterError
        If a line of its derivation came without a tree.
    """
    sign, sides = _sides(record)
    assumptions = [_assumption(entry, notation) for entry in record["assumptions"]]
    conditions = {old["text"]: new["text"] for old, new in zip(record["assumptions"], assumptions, strict=True)}
    return {
        **record,
        "notation": notation.name,
        "latex": _SIGNS[sign][0].join(map(notation.latex, sides)),
        "text": _SIGNS[sign][1].join(map(notation.text, sides)),
        "definitions": {
            name: {**entry, **_both(entry["statement"], notation)} for name, entry in record["definitions"].items()
        },
        "assumptions": assumptions,
        "derivation": [_line(entry, conditions, notation) for entry in record["derivation"]],
    }


def conventions_of(record: _Record) -> Conventions:
    """The conventions in which a record is written."""
    return Conventions(record["conventions"]["loss_factor"], record["conventions"]["batch"])


def converted(record: _Record, new: Conventions) -> dict[str, Any]:
    """The record in other conventions. Its derivation stays in the paper's, and its last line says what has changed."""
    old, wanted = conventions_of(record), _degree(record)
    rate = is_rate(_sides(record)[1][0])

    def rewritten(tree: Tree, wanted: Fraction | None = None, rate: bool = False) -> Tree:
        return in_other_conventions(tree, old, new, wanted, rate)

    lines = [line for line in record["derivation"] if line["name"] != _CONVERSION]
    found = {
        **record,
        "conventions": {**record["conventions"], **new.to_dict()},
        "statement": rewritten(record["statement"]),
        "expression": rewritten(record["expression"], wanted, rate),
        "definitions": {name: _definition(name, entry, rewritten) for name, entry in record["definitions"].items()},
        "assumptions": [_rewritten(entry, rewritten) for entry in record["assumptions"]],
        "derivation": [],
    }
    if "sides" in record:
        found["sides"] = [rewritten(side, wanted, rate) for side in record["sides"]]
    found = typeset(found, NOTATIONS["paquette"])
    return {**found, "derivation": lines if new == Conventions() else [*lines, _conversion(found, new)]}


def _sides(record: _Record) -> tuple[str, list[Tree]]:
    """What is shown left and right of the signs; without it, the statement itself."""
    return record.get("sign", "="), record.get("sides") or record["statement"][1:]


def _degree(record: _Record) -> Fraction:
    """The degree in losses of what the right-hand side stands for."""
    left, extra = _sides(record)[1][0], Fraction(0)
    while isinstance(left, list) and left[0] == "Limit":  # of a ratio to the right-hand side
        left, extra = left[1], degree(record["expression"])
    return degree(left) + extra


def _both(tree: Tree, notation: Notation) -> dict[str, str]:
    return {"latex": notation.latex(tree), "text": notation.text(tree)}


def _assumption(entry: _Record, notation: Notation) -> dict[str, Any]:
    """Inequalities and limits are written again; words stay."""
    if entry["relation"] is not None:
        shown = _both(entry["relation"], notation)
        return {**entry, **shown, "text": shown["text"] + (" integer" if entry["integer"] else "")}
    if entry.get("limit"):
        left, target = (_both(tree, notation) for tree in entry["limit"])
        arrow = {"latex": r"\to ", "text": " → "}
        return {**entry, **{form: left[form] + arrow[form] + target[form] for form in arrow}}
    return dict(entry)


def _line(entry: _Record, conditions: Mapping[str, str], notation: Notation) -> dict[str, Any]:
    if entry.get("tree") is None:
        if notation.is_the_papers:
            return dict(entry)
        raise ParameterError("notation", notation.name, f"the line {entry['name']!r} has no tree", "keep the paper's")
    shown = [conditions.get(condition, condition) for condition in entry["conditions"]]
    return {**entry, **_both(entry["tree"], notation), "conditions": shown}


def _definition(name: str, entry: _Record, rewritten: Callable[..., Tree]) -> dict[str, Any]:
    found = {**entry, "statement": rewritten(entry["statement"])}
    for part in {"tree", "start"} & set(entry):
        found[part] = rewritten(entry[part], LOSSES.get(name, Fraction(0)), is_rate(name))
    if "equation" in entry:
        found["equation"] = rewritten(entry["equation"], Fraction(0))
    return found


def _rewritten(entry: _Record, rewritten: Callable[..., Tree]) -> dict[str, Any]:
    """An assumption in other conventions; what a letter may be does not depend on them."""
    found = dict(entry)
    if entry["relation"] is not None and entry["because"] != "domain":
        found["relation"] = rewritten(entry["relation"])
    if entry.get("limit"):
        found["limit"] = [rewritten(tree, degree(tree)) for tree in entry["limit"]]
    return found


def _conversion(record: _Record, new: Conventions) -> dict[str, Any]:
    """The last line of a derivation that was told in the paper's conventions."""
    changes = []
    if new.loss_factor != 1:
        changes.append(f"losses are multiplied by ${new.loss_factor}$")
    if new.batch == "mean":
        changes.append(
            r"$\gamma$ is the learning rate of the averaged gradient, so that what was $\gamma$ is $\gamma/B$"
        )
    return {
        "name": _CONVERSION,
        "prose": f"The lines above are in the conventions of the paper. From here on {', and '.join(changes)}.",
        "relation": "",
        "tree": record["expression"],
        "latex": NOTATIONS["paquette"].latex(record["expression"]),
        "text": NOTATIONS["paquette"].text(record["expression"]),
        "level": record["level"],
        "conditions": [],
        "check": "",
    }
