"""The phase explorer: one HTML file that holds all it needs, and works from a disk without a network.

``docs/explorer/`` has the page, its style and its modules, which import one another alone. They are put in order, and into the
page together with uPlot, KaTeX, its fonts and the data; the page's policy forbids it to load or send anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

__all__ = ["build"]

SOURCES = Path(__file__).resolve().parents[1] / "explorer"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)
_FONT = re.compile(r"src:url\((fonts/[\w-]+\.woff2)\) format\(\"woff2\"\)[^;}]*")


def build(data: Path, node_modules: Path, out: Path) -> None:
    """Write the page; the same bytes for the same sources.

    Parameters
    ----------
    data:
        What ``generators.explorer_data`` makes.
    node_modules:
        Where npm installed ``docs/explorer/package.json``.
    out:
        The HTML file.

    Raises
    ------
    FileNotFoundError
        If npm has installed nothing there.
    """
    needed = {name: node_modules / name for name in ("katex/dist/katex.min.js", "uplot/dist/uPlot.iife.min.js")}
    if absent := [name for name, path in needed.items() if not path.exists()]:
        raise FileNotFoundError(f"{node_modules} lacks {', '.join(absent)}: run `npm ci --prefix docs/explorer` first")
    # compact, and without the one character that could end the element it stands in
    content = json.dumps(json.loads(data.read_text(encoding="utf-8")), ensure_ascii=False, separators=(",", ":"))
    parts = {
        "data": content.replace("<", r"\u003c"),
        "libraries": "\n".join(_library(node_modules, name, path) for name, path in needed.items()),
        "script": "\n" + "\n".join(_modules("explorer.js", {}).values()),
        "style": _katex_style(node_modules / "katex" / "dist")
        + (node_modules / "uplot" / "dist" / "uPlot.min.css").read_text(encoding="utf-8")
        + (SOURCES / "explorer.css").read_text(encoding="utf-8"),
    }
    scripts = " ".join(f"'sha256-{_digest(parts[name])}'" for name in ("libraries", "script"))
    parts["policy"] = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    template = (SOURCES / "template.html").read_text(encoding="utf-8")
    page = re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], template)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8", newline="\n")


def _modules(name: str, found: dict[str, str]) -> dict[str, str]:
    """A module after those that it imports, all as parts of one."""
    text = (SOURCES / name).read_text(encoding="utf-8")
    for other in _IMPORT.findall(text):
        if other not in found:
            _modules(other, found)
    found[name] = f"// {name}\n" + _EXPORT.sub("", _IMPORT.sub("", text))
    return found


def _library(node_modules: Path, name: str, path: Path) -> str:
    """A library with its licence, as a script of its own."""
    package = name.split("/")[0]
    version = json.loads((node_modules / package / "package.json").read_text(encoding="utf-8"))["version"]
    licence = (node_modules / package / "LICENSE").read_text(encoding="utf-8").strip().replace("*/", "* /")
    text = path.read_text(encoding="utf-8").strip()
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError(f"{name} cannot stand inside of a page as it is")
    return f"/*! {package} {version}\n{licence}\n*/\n{text}"


def _katex_style(dist: Path) -> str:
    """KaTeX's style with its fonts in it, in one format."""

    def inlined(found: re.Match[str]) -> str:
        font = base64.b64encode((dist / found[1]).read_bytes()).decode("ascii")
        return f'src:url(data:font/woff2;base64,{font}) format("woff2")'

    return _FONT.sub(inlined, (dist / "katex.min.css").read_text(encoding="utf-8"))


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
