"""``scalesym oracle`` on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from oracle.stubs import mistaken, program, question

from scalesym.cli import main
from scalesym.oracle import checking, vectors
from scalesym.oracle.vectors import Expected, Test

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
LOOP = "for line in sys.stdin:\n    r = json.loads(line); i = r['in']['i']\n"
ANSWER = "    print(json.dumps({'id': r['id'], 'value': %s}), flush=True)"
RIGHT, WRONG = LOOP + ANSWER % "i + 0.5", LOOP + ANSWER % "i + 0.25"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in this process, with three tests of P instead of those shipped."""

    def stocked(**wanted: Any) -> list[Test]:
        return [
            question(
                f"t{i}", expected=Expected(f"{i}.5"), inputs={"i": i}, mistaken=(mistaken("half-risk", f"{i}.25"),)
            )
            for i in range(3)
        ]

    monkeypatch.setattr(checking.vectors, "tests", stocked)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["oracle", *words])
        return (code, *capsys.readouterr())

    return call


def refused(result: tuple[int, str, str]) -> str:
    """Require bad input's answer and return its one line."""
    code, out, err = result
    assert (code, out, err.count("\n")) == (2, "", 1)
    return err


@pytest.mark.parametrize("words", [[], ["check", "--help"], ["serve", "--help"], ["vectors", "--help"]])
def test_help_shows_examples(run: Run, words: list[str]) -> None:
    code, out, _ = run(*(words or ["--help"]))
    assert code == 0
    assert "scalesym oracle" in out
    assert "Examples" in out


def test_a_right_program_passes_in_few_lines(run: Run, tmp_path: Path) -> None:
    code, out, err = run("check", program(tmp_path, RIGHT))
    assert (code, err) == (0, "")
    assert "3 passed" in out
    assert out.count("\n") < 10


def test_a_wrong_program_hears_why(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("check", program(tmp_path, WRONG))
    assert code == 1
    flat = " ".join(out.split())
    assert "one mistake explains all 3 failures: half-risk" in flat
    assert "0.25" in flat
    assert "matches half-risk exactly" in flat


def test_reports_are_written(run: Run, tmp_path: Path) -> None:
    report, junit = tmp_path / "report.json", tmp_path / "junit.xml"
    command = program(tmp_path, WRONG)
    code, _, _ = run("check", command, "--json", str(report), "--junit", str(junit), "--limit", "2")
    assert code == 1
    assert json.loads(report.read_text())["counts"]["fail"] == 2
    assert ElementTree.parse(junit).getroot().get("failures") == "2"
    code, out, _ = run("check", command, "--json", "-")
    assert (code, json.loads(out)["exit_code"]) == (1, 1)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["check"], "Missing argument 'COMMAND'"),
        (["check", "no-such-program"], "no-such-program: No such file"),
        (["check", "'a"], "no closing quotation"),
        (["check", "true", "--precision", "double"], "use float32, float64 or mp:N"),
        (["check", "true", "--timeout", "0"], "timeout = '0'"),
        (["check", "true", "--timeout", "soon"], "timeout = 'soon'"),
        (["check", "true", "--limit", "0"], "limit = '0'"),
        (["check", "true", "--severity", "maybe"], "'maybe' is not one of"),
        (["check", "true", "--json", "no/such/place"], "json = 'no/such/place': No such file"),
        (["check", "true", "--junit", "."], "junit = '.'"),
        (["serve", "--digits", "201"], "from 1 to 200"),
        (["serve", "--digits", "x"], "digits = 'x'"),
        (["serve", "--timeout", "-1"], "timeout = '-1'"),
        (["vectors"], "give one of --emit DIR, --list and --flags"),
        (["vectors", "--list", "--flags"], "give one of"),
        (["nothing"], "No such command"),
    ],
)
def test_bad_usage_is_answered_in_one_line(run: Run, words: list[str], part: str) -> None:
    assert part in refused(run(*words))


@pytest.mark.parametrize("option", ["quantity", "level", "flag"])
def test_selections_that_do_not_exist_are_refused(capsys: pytest.CaptureFixture[str], option: str) -> None:
    code = main(["oracle", "check", "true", f"--{option}", "nothing"])
    assert f"{option} = 'nothing'" in refused((code, *capsys.readouterr()))


def test_vectors_are_listed(run: Run) -> None:
    code, out, _ = run("vectors", "--list")
    assert code == 0
    assert "half-risk" not in out
    assert "t2" in out
    code, out, _ = run("vectors", "--flags")
    assert (code, "dropped-last-index" in out) == (0, True)


def test_vectors_are_emitted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    monkeypatch.setattr(vectors, "emit", lambda directory: written.append(directory) or written)
    code, out, _ = run("vectors", "--emit", str(tmp_path / "v"))
    assert (code, written) == (0, [tmp_path / "v"])
    assert "1 files" in out

    def fail(directory: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(vectors, "emit", fail)
    assert "emit = 'x': Permission denied" in refused(run("vectors", "--emit", "x"))


PROGRAM = "import sys; from scalesym.cli import main; sys.exit(main(sys.argv[1:]))"


def serving(lines: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", PROGRAM, "oracle", "serve", *words]
    return subprocess.run(
        command, input=lines, capture_output=True, cwd=ROOT, env=dict(os.environ), timeout=60, check=False
    )


def test_the_server_answers_and_ends_with_its_input() -> None:
    request = b'{"id": 1, "quantity": "zeta0", "in": {"alpha": 1, "d": 20, "v": 60}}\n'
    bad = b'{"id": 2, "quantity": "zeta0", "in": {"alpha": 1, "d": 20, "v": 6}}\n'
    other = b'{"id": 3, "quantity": "zeta9", "in": {}}\n'
    done = serving(request + b"nonsense\n" + bad + other, "--digits", "12", "--certified")
    assert (done.returncode, done.stderr) == (0, b"")
    first, second, third, last = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == 1
    assert abs(float(first["value"]) - 0.0041424745980923) < 1e-14
    assert 0 <= float(first["radius"]) < 1e-13
    assert second["id"] is None
    assert (third["refused"], last["unsupported"]) == (True, True)


def test_a_reader_of_the_server_who_leaves_is_no_error() -> None:
    command = [sys.executable, "-c", PROGRAM, "oracle", "serve"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    process.stdin.write(b"x\n" * 10)
    process.stdin.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=20) == 141
