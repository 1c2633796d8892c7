"""What is shipped: quick to import, one version everywhere, complete in the wheel, documented commands that exist."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import scalesym
from scalesym.report import installed_version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = {"scipy", "sympy", "rich", "matplotlib", "flint", "joblib", "filelock", "pandas", "distributed"}
    code = f"import sys, scalesym; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["version"]
    assert installed_version("scalesym") in (version, None)  # None in a checkout that is not installed
    assert getattr(scalesym, "__version__", version) == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert re.search(rf"^## \[{re.escape(version)}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_the_wheel_has_every_file_of_the_package(tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel")
    (built,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(built).namelist())
    here = {str(path.relative_to(ROOT)) for path in (ROOT / "scalesym").rglob("*") if path.is_file()}
    assert {name for name in here if "__pycache__" not in name} <= names
    assert "scalesym/py.typed" in names
    assert any(name.startswith("scalesym/") and name.endswith("/catalogue.json") for name in names)
    assert not [name for name in names if not name.startswith(("scalesym/", "scalesym-"))]


@pytest.mark.parametrize("name", ["verify", "test"])
def test_the_readme_has_the_commands_that_ci_runs(name: str) -> None:
    found = re.findall(rf"^<!-- command: {name} -->\n```sh\n(.+)\n```$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(found) == 1
    assert f"readme_command {name}" in (ROOT / ".ci" / "run").read_text()


def test_every_extra_named_in_a_message_exists() -> None:
    extras = set(PROJECT["optional-dependencies"])
    assert {"proofs", "plot", "pandas", "cluster", "dev"} <= extras
    for path in (ROOT / "scalesym").rglob("*.py"):
        for named in re.findall(r"scalesym\[([a-z,]+)\]", path.read_text()):
            assert set(named.split(",")) <= extras, path


def imports_of(path: Path) -> set[str]:
    """The rooms of the package that a module imports from, top-level modules included."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            full = (*base, *(node.module or "").split("."))
            names = [(*full, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        else:
            continue
        found |= {[part for part in name if part][1] for name in names if name[0] == "scalesym" and len(name) > 1}
    return found


def test_the_three_roads_share_no_code() -> None:
    roads = {"formulas", "equivalent", "sampled"}
    above = {"model", "ledger", "claims", "cli", "plots", "report", "verdict"}
    for road in roads:
        for path in (ROOT / "scalesym" / road).rglob("*.py"):
            assert not imports_of(path) & ((roads - {road}) | above), path
    for path in (ROOT / "scalesym" / "formulas").rglob("*.py"):
        assert "spectrum" not in imports_of(path), path
    assert {"sampled", "equivalent"} <= imports_of(ROOT / "scalesym" / "model.py")  # the test sees imports


def test_power_laws_and_sweeps_know_no_model() -> None:
    above = {
        "certified": {"errors", "parameters", "precision", "certified"},
        "powerlaw": {"errors", "powerlaw"},
        "phases": {"errors", "parameters", "formulas", "powerlaw", "phases"},
        "sweeps": {"__version__", "errors", "parameters", "progress", "resources", "sweeps"},
    }
    for room, allowed in above.items():
        for path in (ROOT / "scalesym" / room).rglob("*.py"):
            assert imports_of(path) <= allowed, path
    for path in (ROOT / "scalesym" / "theorems").rglob("*.py"):
        assert not imports_of(path) & {"model", "equivalent", "sampled", "claims", "cli"}, path
