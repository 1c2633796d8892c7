"""Links between files of the repository, rewritten to links between pages of the documentation.

In the sources a link names the file that it leads to, so that it works where the repository is browsed. In the pages the
same link leads to the page made of that file; a link to a file of which no page is made becomes plain text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

__all__ = ["PAGES", "relinked"]

#: Files outside ``docs/`` of which a page is made, and the page.
PAGES: Mapping[str, str] = {
    "README.md": "index.md",
    "CHANGELOG.md": "generated/root/changelog.md",
    "CONTRIBUTING.md": "generated/root/contributing.md",
    "benchmarks/README.md": "generated/root/benchmarks.md",
    "examples/README.md": "generated/root/examples.md",
    "proofs/README.md": "generated/root/proofs.md",
    "scalesym/oracle/IMPLEMENTERS.md": "generated/root/protocol.md",
}

#: Headings of the README, and where their matter is treated.
_README = {
    "phases": "phases.md",
    "the-frontier-at-any-budget": "frontier.md",
    "is-my-implementation-right": "oracle.md",
    "what-a-claim-is-worth": "evidence.md",
    "formulas-to-look-up": "formulas.md",
}

_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)\)")
_FENCE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)


def relinked(text: str, origin: str, page: str) -> str:
    """The Markdown of a file of the repository with its links made those of the page that it becomes.

    Parameters
    ----------
    text:
        Markdown. Fenced blocks stay as they are.
    origin, page:
        The file, relative to the repository, and its page, relative to the documentation.

    Examples
    --------
    >>> relinked("[proofs](../proofs/README.md#coq-by-hand), [code](../scalesym/model.py)", "docs/phases.md", "phases.md")
    '[proofs](generated/root/proofs.md#coq-by-hand), code'
    """
    kept = [(match.start(), match.end()) for match in _FENCE.finditer(text)]

    def rewritten(match: re.Match[str]) -> str:
        label, target = match.groups()
        if any(start <= match.start() < end for start, end in kept) or re.match(r"[a-z]+:|#", target):
            return match.group()
        found = _destination(target, origin)
        return f"[{label}]({_relative(found, page)})" if found else label

    return _LINK.sub(rewritten, text)


def _destination(target: str, origin: str) -> str:
    """The page a link leads to, relative to the documentation, or nothing."""
    path, _, anchor = target.partition("#")
    file = posixpath.normpath(posixpath.join(posixpath.dirname(origin), path))
    suffix = f"#{anchor}" if anchor else ""
    if file == "README.md" and anchor:
        return _README.get(anchor, "index.md")
    if file in PAGES:
        return PAGES[file] + suffix
    if file.startswith("docs/"):
        return file.removeprefix("docs/") + suffix
    if re.fullmatch(r"notebooks/[^/]+\.ipynb", file):
        return f"generated/{file}{suffix}"
    return ""


def _relative(target: str, page: str) -> str:
    path, _, anchor = target.partition("#")
    return posixpath.relpath(path, posixpath.dirname(page) or ".") + (f"#{anchor}" if anchor else "")
