"""Python source of the formulas: it runs in a process that has no scalesym, and computes what ``evaluate`` does."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from points import points

from scalesym.errors import ConvergenceError, ParameterError
from scalesym.formulas import Formula, formula, formula_ids

_RUN = """
import json, sys
sys.modules["scalesym"] = None  # importing it fails
for line in sys.stdin:
    task = json.loads(line)
    names = {}
    exec(compile(task["source"], task["id"], "exec"), names)
    found = names[task["name"]](**task["values"])
    print(json.dumps({"id": task["id"], "value": str(found)}))
"""


def evaluable() -> list[str]:
    """Formulas whose letters decide their value."""
    found = []
    for id in formula_ids():
        try:
            formula(id).python()
        except ParameterError:
            continue
        found.append(id)
    return found


def name_of(source: str) -> str:
    """The last function of a module."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)][-1]


def in_a_process_of_its_own(tasks: list[tuple[Formula, str, dict[str, Fraction]]]) -> list[str]:
    lines = [
        json.dumps({"id": f.id, "source": source, "name": name_of(source), "values": {k: str(x) for k, x in v.items()}})
        for f, source, v in tasks
    ]
    done = subprocess.run([sys.executable, "-c", _RUN], input="\n".join(lines), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line)["value"] for line in done.stdout.splitlines()]


def agree(found: str, expected: Any) -> bool:
    return abs(float(found) - float(expected)) <= 1e-11 * abs(float(expected))


@pytest.mark.exhaustive
def test_every_source_computes_its_formula(tmp_path: Path) -> None:
    tasks, expected = [], []
    for id in evaluable():
        entry = formula(id)
        for values in points(entry):
            try:
                value = entry.evaluate(digits=15, **values)
            except ConvergenceError:
                continue  # the next point
            tasks.append((entry, entry.python(), values))
            expected.append(value)
            break
        else:
            raise LookupError(f"no point for {id}")
    found = in_a_process_of_its_own(tasks)
    wrong = [(f.id, x, str(y)) for (f, _, _), x, y in zip(tasks, found, expected, strict=True) if not agree(x, y)]
    assert wrong == []
    assert len(found) == len(evaluable()) > 10


def test_a_false_source_is_noticed() -> None:
    entry = formula("F_pp.closed")
    values = next(points(entry))
    source = entry.python()
    assert source.count("2 * gamma * B * r") > 1
    false = source.replace("2 * gamma * B * r", "gamma * B * r")
    assert [
        agree(x, entry.evaluate(digits=15, **values)) for x in in_a_process_of_its_own([(entry, source, values)])
    ] == [True]
    assert [
        agree(x, entry.evaluate(digits=15, **values)) for x in in_a_process_of_its_own([(entry, false, values)])
    ] == [False]


#: Trees whose heads no entry may have yet: contours, finite and infinite sums, roots.
PARTS: list[tuple[str, Any, dict[str, Any]]] = [
    ("hankel", ["Hankel", ["Mul", ["exp", ["Mul", "zeta", "t"]], ["Pow", "zeta", ["Rational", -3, 2]]], "zeta", 0, "t"], {}),
    ("loop", ["Loop", ["Mul", ["exp", "zeta"], ["Pow", "zeta", -3]], "zeta", 2], {}),
    ("sum", ["Sum", ["Pow", "j", ["Mul", -2, "beta"]], "j", 1, ["Infinity"]], {}),
    ("hyp2f1", ["hyp2f1", 1, "alpha", ["Add", 1, "alpha"], ["Mul", -1, "t"]], {}),
    ("others", ["Mul", ["digamma", "alpha"], ["zeta", 3], ["sin", 1], ["cot", 1], ["EulerGamma"], ["Pi"], ["expint", 2, 1]], {}),
    ("root", "kappa", {"kappa": {"kind": "root", "equation": ["Add", ["Pow", "kappa", 3], -2], "start": 1}}),
    ("negative root", "kappa", {"kappa": {"kind": "root", "equation": ["Add", ["exp", ["Mul", -1, "kappa"]], -5], "start": -9}}),
    ("function", ["Quantity", "m", 3], {"m()": {"kind": "function", "arguments": ["zeta"], "tree": ["Pow", "zeta", -2]}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "tree", "definitions"), PARTS, ids=[name for name, _, _ in PARTS])
def test_every_head_has_its_source(name: str, tree: Any, definitions: dict[str, Any]) -> None:
    record = formula("F_pp.closed").to_dict()
    shown = {"statement": ["Eq", 1, 1], "latex": "", "text": ""}
    record |= {"id": "part", "expression": tree, "where": list(definitions), "assumptions": []}
    record["definitions"] = {key: {**value, **shown} for key, value in definitions.items()}
    entry = Formula.from_dict(record)
    values = {
        letter: {"t": Fraction(3, 2), "beta": Fraction(4, 5), "alpha": Fraction(2, 3)}[letter]
        for letter in entry._lacking({})
    }
    (found,) = in_a_process_of_its_own([(entry, entry.python(), values)])
    assert agree(found, entry.evaluate(digits=15, **values))


def test_what_has_no_value_has_no_source() -> None:
    for id in ("volterra", "rho", "F_W", "K_W"):
        with pytest.raises(ParameterError, match="which W decides"):
            formula(id).python()


def test_conventions_go_into_the_source() -> None:
    entry = formula("K_pp.closed").in_convention(loss_factor="1/2", batch="mean")
    values = next(points(formula("K_pp.closed")))
    (found,) = in_a_process_of_its_own([(entry, entry.python(), values)])
    assert agree(found, entry.evaluate(digits=15, **values))
    assert "gradients averaged" in entry.python()
