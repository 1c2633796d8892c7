"""What the pages of the documentation say is printed is printed, and what they link to is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from generators.links import PAGES, relinked
from generators.pages import Part, agree, parts, with_printed

from scalesym.cli import main

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "docs").glob("*.md"))


def commands(text: str) -> list[list[str]]:
    return [shlex.split(line) for line in text.strip().splitlines()]


def runs_here(part: Part) -> bool:
    """Whether a fence asks for commands of scalesym alone, which need no shell."""
    lines = part.text.strip().splitlines()
    return part.printed is not None and all(re.fullmatch(r"scalesym [^|&;<>$]+", line) for line in lines)


PRINTED = [
    pytest.param(
        page,
        part,
        id=f"{page.stem}-{part.text.strip().splitlines()[-1]}",
        marks=[pytest.mark.exhaustive] if part.slow else [],
    )
    for page in SOURCES
    for part in parts(page.read_text(encoding="utf-8"))
    if runs_here(part) and "mine.py" not in part.text
]


@pytest.mark.parametrize(("page", "part"), PRINTED)
def test_what_is_printed(
    page: Path, part: Part, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)
    for _, *words in commands(part.text):
        assert main(words) == 0
    assert agree(part, capsys.readouterr().out), page.name


def test_every_page_of_the_start_is_followed() -> None:
    """``.ci/run`` follows the page; it says everything that is done, and compares most of it."""
    found = parts((ROOT / "docs" / "start.md").read_text(encoding="utf-8"))
    typed = "\n".join(part.text for part in found if part.kind == "sh")
    for word in ("pip install", "verify", "loss", "phase", "formula", "oracle check"):
        assert word in typed
    assert sum(part.printed is not None for part in found) >= 8


def test_the_program_is_the_one_of_the_readme() -> None:
    shown = [
        next(part.text for part in parts((ROOT / name).read_text(encoding="utf-8")) if part.name == "mine.py")
        for name in ("README.md", "docs/start.md")
    ]
    assert shown[0] == shown[1]


def test_another_output_is_seen() -> None:
    page = "```sh\nscalesym phase 1 1\n```\n\n<!-- printed -->\n```text\nη = 0.75 in 3.1 s\n```\n"
    (part,) = parts(page)
    assert agree(part, "η = 0.75 in 0.2 s\n")
    assert not agree(part, "η = 0.76 in 3.1 s\n")
    assert not agree(part, "")
    assert with_printed(page, {part: "η = 0.76"}) == page.replace("η = 0.75 in 3.1 s", "η = 0.76")
    (loose,) = parts(page.replace("printed", "printed: up to figures"))
    assert agree(loose, "η = 0.76 in 3.1 s\n")
    assert not agree(loose, "ξ = 0.75 in 3.1 s\n")


@pytest.mark.parametrize("source", ["README.md", "CONTRIBUTING.md", *PAGES, *(f"docs/{page.name}" for page in SOURCES)])
def test_links_lead_to_files(source: str) -> None:
    text = re.sub(r"^```.*?^```", "", (ROOT / source).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^()\s#]+)(?:#[^()\s]*)?\)", text):
        if re.match(r"[a-z]+:", target) or target.startswith("generated/"):
            continue
        assert ((ROOT / source).parent / target).exists(), target


def test_links_are_rewritten() -> None:
    assert relinked("[a](../notebooks/03_phase_diagram.ipynb)", "docs/x.md", "x.md") == (
        "[a](generated/notebooks/03_phase_diagram.ipynb)"
    )
    assert relinked("[a](docs/oracle.md#b)", "CHANGELOG.md", "generated/root/changelog.md") == "[a](../../oracle.md#b)"
    assert relinked("[a](https://arxiv.org) ![b](c.png)", "docs/x.md", "x.md") == "[a](https://arxiv.org) ![b](c.png)"
