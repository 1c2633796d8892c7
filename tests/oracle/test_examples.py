"""The complete implementations in examples/ pass the oracle; they import nothing of scalesym."""

from __future__ import annotations

import ast
import importlib.util
import shlex
import subprocess
import sys

import pytest
from oracle.planted import EXAMPLES
from outside import needs

from scalesym import oracle
from scalesym.oracle import Report

_GOOD = {"pass", "refused rightly", "unsupported", "inconclusive"}


def _run(precision: str, *command: str) -> Report:
    report = oracle.check_command(shlex.join(command), oracle.tests(), precision=precision, timeout=120)
    _require_good(report)
    return report


def _require_good(report: Report) -> None:
    bad = [f"{result.test.id}: {result.sentence()}" for result in report.results if result.outcome not in _GOOD]
    assert report.results
    assert not bad, "\n".join(bad)


def _quantities(report: Report, outcome: str) -> set[str]:
    return {result.test.quantity for result in report.results if result.outcome == outcome}


def test_numpy() -> None:
    report = _run("float64", sys.executable, str(EXAMPLES / "plrf_numpy.py"))
    assert not report.counts["unsupported"], _quantities(report, "unsupported")


def test_javascript() -> None:
    needs("node")
    report = _run("float64", "node", str(EXAMPLES / "plrf.mjs"))
    assert {"zeta0", "m", "F", "K", "P", "phase", "eta"} <= _quantities(report, "pass") - {"judge"}


@pytest.mark.parametrize(("precision", "declared"), [("single", "float32"), ("double", "float64")])
def test_jax(precision: str, declared: str) -> None:
    if importlib.util.find_spec("jax") is None:
        pytest.skip("JAX is not installed")
    report = _run(declared, sys.executable, str(EXAMPLES / "plrf_jax.py"), "--precision", precision)
    assert {"zeta0", "m", "F_0", "K_norm", "P_inf", "F", "K", "P"} <= _quantities(report, "pass")


def test_without_jax_there_is_one_line_and_exit_code_3() -> None:
    code = "import runpy, sys; sys.modules['jax'] = None; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[1] + '/plrf_jax.py')"
    done = subprocess.run([sys.executable, "-c", code, str(EXAMPLES)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert done.stderr == "plrf_jax.py needs JAX, which is not installed: pip install jax\n"


def test_nothing_of_scalesym_is_imported() -> None:
    allowed = {"numpy", "jax"} | {path.stem for path in EXAMPLES.glob("*.py")} | set(sys.stdlib_module_names)
    for path in EXAMPLES.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert {name.partition(".")[0] for name in names} <= allowed, path.name


def test_a_wrong_one_does_not_pass() -> None:
    report = oracle.check(lambda request: 1.0, tests=oracle.tests(quantity="zeta0")[:3])
    with pytest.raises(AssertionError, match="zeta0"):
        _require_good(report)
