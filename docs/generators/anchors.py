"""Links within the finished pages: every one leads to a page, and to a place on it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import unquote

__all__ = ["broken", "without_dead_returns"]

_TARGET = re.compile(r'\b(?:id|name)="([^"]*)"')
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
_RETURN = re.compile(r'<a class="viewcode-back" href="([^"]*)">\[docs\]</a>')


def _places(pages: Path) -> dict[Path, set[str]]:
    return {
        path.resolve(): {html.unescape(name) for name in _TARGET.findall(path.read_text(encoding="utf-8"))}
        for path in pages.rglob("*.html")
    }


def _leads_nowhere(page: Path, link: str, places: dict[Path, set[str]]) -> bool:
    path, _, anchor = html.unescape(link).partition("#")
    target = (page.parent / unquote(path)).resolve() if path else page
    if target.suffix != ".html":
        return not target.exists()
    known = places.get(target)
    return known is None or bool(anchor and target.name != "explorer.html" and unquote(anchor) not in known)


def without_dead_returns(pages: Path) -> int:
    """Take out of pages of code the links back to names that are documented elsewhere; returns how many they were."""
    places, count = _places(pages), 0
    for page in (pages.resolve() / "_modules").rglob("*.html"):
        text = page.read_text(encoding="utf-8")

        def kept(match: re.Match[str], page: Path = page) -> str:
            return "" if _leads_nowhere(page, match[1], places) else match[0]

        mended = _RETURN.sub(kept, text)
        if mended != text:
            count += len(_RETURN.findall(text)) - len(_RETURN.findall(mended))
            page.write_text(mended, encoding="utf-8")
    return count


def broken(pages: Path) -> list[str]:
    """Links of the pages to nothing, as ``page: link``; the explorer's address is its own matter."""
    places, found = _places(pages), []
    for page in sorted(places):
        for link in sorted(set(_LINK.findall(page.read_text(encoding="utf-8")))):
            inside = link and not re.match(r"[a-z]+:", link)
            if inside and _leads_nowhere(page, link, places):
                found.append(f"{page.relative_to(pages.resolve())}: {link}")
    return found
