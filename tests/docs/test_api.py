"""The pages of the interface: every public name is there, and so is every command."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from generators.cli import helps, write

API = Path(__file__).parents[2] / "docs" / "api"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(API.glob("*.md"))}
PACKAGES = (
    "scalesym",
    "scalesym.certified",
    "scalesym.claims",
    "scalesym.errors",
    "scalesym.experiment",
    "scalesym.formulas",
    "scalesym.frontiers",
    "scalesym.laws",
    "scalesym.ledger",
    "scalesym.oracle",
    "scalesym.phases",
    "scalesym.plots",
    "scalesym.powerlaw",
    "scalesym.sampled",
    "scalesym.sharp",
    "scalesym.sweeps",
)
AUTOMATIC = re.compile(r"^\.\. auto(?:class|exception|function|data):: (\S+)$", re.MULTILINE)
BY_HAND = re.compile(r"^\.\. py:data:: (\S+)\n   :module: (\S+)$", re.MULTILINE)
METHOD = re.compile(r"^   \.\. automethod:: (\w+)(\(.*\))$", re.MULTILINE)


def documented(pages: str) -> list[str]:
    return AUTOMATIC.findall(pages) + [f"{module}.{name}" for name, module in BY_HAND.findall(pages)]


def found(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def missing(package: str, pages: str) -> list[str]:
    """Names of ``__all__`` that no page documents, there or where they come from."""
    objects = [found(name) for name in documented(pages)]
    module = importlib.import_module(package)
    names = [name for name in module.__all__ if f"{package}.{name}" not in documented(pages)]
    return [name for name in names if not any(getattr(module, name) is each for each in objects)]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_documented(package: str) -> None:
    assert missing(package, "\n".join(PAGES.values())) == []


def test_a_forgotten_name_is_found() -> None:
    pages = "\n".join(PAGES.values()).replace(".. autofunction:: scalesym.phase_map\n", "")
    assert missing("scalesym", pages) == ["phase_map"] == missing("scalesym.phases", pages)


def test_nothing_is_documented_twice() -> None:
    names = documented("\n".join(PAGES.values()))
    assert sorted(set(names)) == sorted(names)


def test_signatures_written_by_hand_are_those_of_the_code() -> None:
    seen = 0
    for page in PAGES.values():
        for match in METHOD.finditer(page):
            owner = found(re.findall(r"^\.\. autoclass:: (\S+)$", page[: match.start()], re.MULTILINE)[-1])
            _, *parameters = inspect.signature(getattr(owner, match[1])).parameters.values()
            bare = [each.replace(annotation=inspect.Parameter.empty) for each in parameters]
            assert match[2] == str(inspect.Signature(bare)), match[1]
            assert match[1] in page.split(":exclude-members: ")[1].split("\n")[0]
            seen += 1
    assert seen == 5


def test_every_page_is_in_a_table_of_contents() -> None:
    listed = {
        name
        for page in PAGES.values()
        for block in re.findall(r"```\{toctree\}\n(.*?)```", page, re.DOTALL)
        for name in block.split()
    }
    assert {name.removesuffix(".md") for name in PAGES} - {"index"} <= listed


def test_every_command_with_its_help(tmp_path: Path) -> None:
    write(tmp_path)
    page = (tmp_path / "cli.txt").read_text(encoding="utf-8")
    told = dict(helps())
    assert {"scalesym", "scalesym law", "scalesym oracle check", "scalesym plot phases"} <= set(told)
    for path, text in told.items():
        assert f"# {path}\n" in page
        assert text in page
        assert text.startswith(f"Usage: {path} [OPTIONS]")
        assert "-h, --help" in text
    assert "\x1b" not in page
    assert "╭" not in page
    assert "--notation" in told["scalesym formula"]
    assert "  phases " in told["scalesym plot"]
