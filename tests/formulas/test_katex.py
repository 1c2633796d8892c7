"""Every piece of LaTeX renders in KaTeX: statements, definitions, conditions, derivations and prose, in every notation."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from outside import needs

from scalesym.formulas import formula, formula_ids
from scalesym.formulas.notation import NOTATIONS

HERE = Path(__file__).parent.parent / "katex"


def fragments() -> dict[str, str]:
    """LaTeX without delimiters, each once, with where it was first seen."""
    found: dict[str, str] = {}
    for id in formula_ids():
        for name in NOTATIONS:
            entry = formula(id).in_notation(name)
            parts = [entry.latex(), *(definition["latex"] for definition in entry.definitions.values())]
            parts += [assumption.latex for assumption in entry.assumptions]
            for line in entry.derivation:
                parts += [line.latex, *re.findall(r"\$([^$]*)\$", line.prose)]
            for part in parts:
                found.setdefault(part, f"{id} in the notation {name}")
    return found


@pytest.fixture(scope="module")
def katex(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with KaTeX of the version that is locked."""
    needs("node", "npm")
    place = tmp_path_factory.mktemp("katex")
    for name in ("package.json", "package-lock.json", "render.mjs"):
        shutil.copy(HERE / name, place)
    done = subprocess.run(["npm", "ci", "--silent", "--no-audit"], cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, f"npm ci: {done.stderr[-500:]}"
    return place


def refused(place: Path, latex: dict[str, str]) -> dict[str, str]:
    """What KaTeX does not render, by where it was seen, with its complaint."""
    lines = "\n".join(json.dumps({"id": where, "latex": part}) for part, where in latex.items())
    done = subprocess.run(["node", "render.mjs"], cwd=place, input=lines, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]
    return {found["id"]: found["error"] for found in map(json.loads, done.stdout.splitlines())}


def test_everything_renders(katex: Path) -> None:
    assert refused(katex, fragments()) == {}


def test_what_is_wrong_is_refused(katex: Path) -> None:
    wrong = {r"\frac{1": "open", r"\nosuch": "unknown", r"\left(x": "unbalanced", "α^": "empty", "x^1^2": "twice"}
    assert set(refused(katex, {**wrong, "x^2": "right"})) == set(wrong.values())
