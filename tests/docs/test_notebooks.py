"""The notebooks are articles: stored with what they print, one title, an abstract, links that lead somewhere."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from generators.links import relinked
from generators.notebooks import NOTEBOOKS, write

ROOT = Path(__file__).parents[2]
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
STORED = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in PATHS}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^()\s]+)\)")

Notebook = dict[str, Any]


def texts(notebook: Notebook, kind: str) -> Iterator[str]:
    yield from ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind)


def outputs(notebook: Notebook) -> Iterator[tuple[Notebook, Notebook]]:
    yield from ((cell, each) for cell in notebook["cells"] if cell["cell_type"] == "code" for each in cell["outputs"])


def problems(notebook: Notebook, folder: Path = NOTEBOOKS) -> list[str]:
    """What keeps a notebook from being read as an article."""
    found = []
    headings = [line for text in texts(notebook, "markdown") for line in re.findall(r"^#+ .*$", text, re.MULTILINE)]
    if [line[:2] for line in headings].count("# ") != 1 or not headings[0].startswith("# "):
        found.append("there is not one title, at the top")
    if len(headings) < 4 or headings[-1] != "## Where to go next":
        found.append("there are few sections, or the last does not say where to go next")
    first = next(texts(notebook, "markdown"))
    if "**What you will learn.**" not in first or not re.search(r"(seconds|minutes?) on one\s+core", first):
        found.append("no abstract says what is learnt and how long it takes")
    counts = [cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if counts != list(range(1, len(counts) + 1)):
        found.append(f"the cells were run in the order {counts}")
    for cell, output in outputs(notebook):
        shown = json.dumps(output)
        if output["output_type"] == "error" or output.get("name") == "stderr" or "Warning" in shown:
            found.append(f"{cell['id']} prints a warning or an error")
        if re.search(r" at 0x[0-9a-f]+>", shown):
            found.append(f"{cell['id']} prints the address of an object")
        if "image/png" in output.get("data", {}) and len(alternative(cell)) < 40:
            found.append(f"{cell['id']} has a picture that nothing describes")
    if "image/png" not in json.dumps(notebook):
        found.append("there are no pictures")
    written = "".join(source for kind in ("markdown", "code") for source in texts(notebook, kind))
    printed = json.dumps(
        [
            {key: value for key, value in each.get("data", each).items() if "image" not in key}
            for _, each in outputs(notebook)
        ]
    )
    if re.search(r"(?<![\w.:/])/(home|root|tmp|usr|opt|work|Users)/|[A-Z]:\\", written + printed):
        found.append("there is the path of a machine")
    for text in texts(notebook, "markdown"):
        found += [f"{link} leads nowhere" for link in LINK.findall(text) if not leads(link, folder)]
    if set(notebook["metadata"]) != {"kernelspec", "language_info"}:
        found.append("there is more metadata than is needed")
    return found


def alternative(cell: Notebook) -> str:
    return str(cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", ""))


def leads(link: str, folder: Path) -> bool:
    if link.startswith("https://"):
        return True
    path, _, anchor = link.partition("#")
    file = (folder / path).resolve()
    if not file.exists() or not anchor:
        return file.exists()
    text = file.read_text(encoding="utf-8")
    heads = (
        re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-")
        for head in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    )
    return f"({anchor})=" in text or anchor in heads


@pytest.mark.parametrize("name", STORED)
def test_notebook_is_an_article(name: str) -> None:
    assert problems(STORED[name]) == []


def spoilt(change: Callable[[Notebook], object]) -> list[str]:
    notebook = copy.deepcopy(STORED[PATHS[0].name])
    change(notebook)
    return problems(notebook)


def code(notebook: Notebook) -> Notebook:
    return next(cell for cell in notebook["cells"] if cell["cell_type"] == "code" and cell["outputs"])


def pictured(notebook: Notebook) -> Notebook:
    return next(cell for cell, output in outputs(notebook) if "data" in output and "image/png" in output["data"])


def say(text: str) -> Callable[[Notebook], object]:
    return lambda notebook: notebook["cells"][0]["source"].append(text)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (say("\n# Another title"), "one title"),
        (lambda n: n["cells"].pop(), "where to go next"),
        (lambda n: n["cells"][0].update(source=["# Title"]), "abstract"),
        (lambda n: code(n).update(execution_count=7), "in the order"),
        (lambda n: code(n)["outputs"].append({"output_type": "stream", "name": "stderr", "text": "x"}), "warning"),
        (
            lambda n: code(n)["outputs"].append(
                {"output_type": "stream", "name": "stdout", "text": "<Legend at 0x7f4>"}
            ),
            "address",
        ),
        (lambda n: pictured(n)["metadata"].clear(), "nothing describes"),
        (say("\nSee /home/me/file."), "path of a machine"),
        (say("\n[x](missing.md)"), "leads nowhere"),
        (say("\n[x](../docs/laws.md#no-such-place)"), "leads nowhere"),
        (lambda n: n["metadata"].update(widgets={}), "metadata"),
    ],
)
def test_what_is_no_article_is_found(change: Callable[[Notebook], object], expected: str) -> None:
    assert any(expected in problem for problem in spoilt(change))


def test_copies_have_the_links_of_their_pages(tmp_path: Path) -> None:
    write(tmp_path)
    for name, notebook in STORED.items():
        copied = json.loads((tmp_path / "notebooks" / name).read_text(encoding="utf-8"))
        for text, seen in zip(texts(notebook, "markdown"), texts(copied, "markdown"), strict=True):
            assert seen == relinked(text, f"notebooks/{name}", f"generated/notebooks/{name}")
            assert not re.search(r"\]\(\.\./docs/", seen)
        assert list(outputs(copied)) == list(outputs(notebook))


def test_index_names_every_notebook() -> None:
    index = (ROOT / "docs" / "notebooks.md").read_text(encoding="utf-8")
    for path in PATHS:
        assert f"](../notebooks/{path.name})" in index
        assert f"\ngenerated/notebooks/{path.stem}\n" in index
