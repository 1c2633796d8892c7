"""What the README shows is what its commands print."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from scalesym.cli import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """What stands between the markers, without fences."""
    found = re.findall(rf"<!-- generated: {name} -->\n(.*?)\n<!-- end -->", README, re.DOTALL)
    assert len(found) == 1
    return re.sub(r"```\w*\n?", "", found[0]).strip()


def command_before(name: str) -> list[str]:
    """The command above the markers."""
    head = README.partition(f"<!-- generated: {name} -->")[0]
    return shlex.split(re.findall(r"```sh\n(.+?)\n```", head, re.DOTALL)[-1])


@pytest.fixture(autouse=True)
def _as_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner of tests may have set the width of its own terminal."""
    monkeypatch.delenv("COLUMNS", raising=False)


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    main(words)
    return "\n".join(line.rstrip() for line in capsys.readouterr().out.strip().splitlines())


@pytest.mark.parametrize("name", ["loss", "phase"])
def test_a_command_and_its_output(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *words = command_before(name)
    assert program == "scalesym"
    shown = "\n".join(line.rstrip() for line in block(name).splitlines())
    assert printed(words, capsys) == shown


def test_the_claim(capsys: pytest.CaptureFixture[str]) -> None:
    """Another release of the solvers may find another counterexample."""
    _, *words = command_before("claim")
    for said in (printed(words, capsys), block("claim")):
        assert re.fullmatch(r"fails at alpha = \S+, beta = \S+ \(phase II\), where eta = .+: the claim says .+", said)


def test_the_table_of_phases(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(["phase", "--table", "--markdown"], capsys) == block("phases")


def test_the_oracle_judges_the_program(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"<!-- file: mine.py -->\n```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program, *words = command_before("oracle")
    assert program == "scalesym"
    words = [word.replace("python3", shlex.quote(sys.executable)) for word in words]

    def without_times(text: str) -> str:
        return re.sub(r"\d+\.\d s$", "", "\n".join(line.rstrip() for line in text.splitlines()), flags=re.MULTILINE)

    assert without_times(printed(words, capsys)) == without_times(block("oracle"))


def test_the_number_of_vectors() -> None:
    from scalesym import oracle

    assert f"{len(oracle.tests())} questions with certified answers" in README
    assert f"; {len(oracle.tests(flag='single-precision'))} of them tell single from double" in README


def test_the_number_of_claims() -> None:
    from scalesym.claims import load

    assert f"(all {len(load())} take" in README


def counted(name: str) -> set[str]:
    return set(re.findall(rf"<!-- count: {name} -->(\d+)<!-- end -->", README))


def test_the_numbers_of_formulas_and_questions() -> None:
    from scalesym import formula_ids, oracle
    from scalesym.formulas.notation import NOTATIONS

    assert counted("formulas") == {str(len(formula_ids()))}
    assert counted("questions") == {str(len(oracle.tests()))}
    assert "in six notations" in README
    assert len(NOTATIONS) == 6


def test_the_claims_that_need_coq() -> None:
    from scalesym.claims import load

    assert sum(claim.tier == "kernel" for claim in load()) == 7
    assert "seven claims that Coq\nproves" in README


def test_how_to_cite() -> None:
    """README, the documentation and CITATION.cff name the same version, title and paper."""
    from scalesym import __version__

    root = Path(__file__).parent.parent
    cff = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in cff
    for page in (README, (root / "docs" / "index.md").read_text(encoding="utf-8")):
        assert f"version = {{{__version__}}}" in page
        assert "arXiv:2405.15074" in page
        (title,) = re.findall(r"@software\{.*?title += \{(.*?)\}", page, re.DOTALL)
        assert f'title: "{title}"' in cff
