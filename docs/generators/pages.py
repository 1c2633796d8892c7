"""The parts of a page that a reader would type, save or compare: fences of commands, files, and what is printed.

A fence ``sh`` is typed. ``<!-- file: NAME -->`` before a fence says that it is to be saved under this name. A fence after
``<!-- printed -->`` is what the fence ``sh`` before it prints; times are not compared. ``<!-- printed: up to figures -->``
leaves out the figures too, where they depend on the machine; ``<!-- printed: slow -->`` says that it takes more than some seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["Part", "agree", "parts", "with_printed"]

_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>file|printed)(?:: (?P<how>[^\n]*?))? -->\n+)?^(?P<fence>```+)(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_FIGURE = re.compile(r"[-+−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Part:
    """A fence of a page.

    Parameters
    ----------
    kind:
        ``"sh"``, ``"pycon"`` or ``"file"``.
    text:
        What is in it.
    name:
        Of the file to save.
    printed:
        What a fence ``sh`` is said to print, or ``None``; ``span`` is where that stands in the page.
    figures, slow:
        Whether the figures in what is printed are compared, and whether it takes long.
    """

    kind: str
    text: str
    name: str = ""
    printed: str | None = None
    span: tuple[int, int] = (0, 0)
    figures: bool = True
    slow: bool = False


def parts(page: str) -> list[Part]:
    """What is typed, saved and printed, in order.

    Examples
    --------
    >>> page = "~~~sh\\nscalesym phase 1 1\\n~~~\\n\\n<!-- printed: slow -->\\n~~~text\\nphase II\\n~~~\\n".replace("~", "`")
    >>> [(part.kind, part.printed, part.slow) for part in parts(page)]
    [('sh', 'phase II\\n', True)]
    """
    found: list[Part] = []
    for match in _FENCE.finditer(page):
        mark, how, language, text = match["mark"], match["how"] or "", match["language"], match["text"]
        if mark == "file":
            found.append(Part("file", text, name=how))
        elif mark == "printed":
            if not found or found[-1].kind != "sh" or found[-1].printed is not None:
                raise ValueError(f"what is printed follows no command: {text[:60]!r}")
            manner = {"figures": "up to figures" not in how, "slow": "slow" in how}
            found[-1] = replace(found[-1], printed=text, span=match.span("text"), **manner)
        elif language in ("sh", "pycon"):
            found.append(Part(language, text))
    return found


def agree(part: Part, seen: str) -> bool:
    """Whether a command printed what the page says, up to times, trailing blanks and, where the page says so, figures."""
    return part.printed is not None and _compared(part, part.printed) == _compared(part, seen)


def with_printed(page: str, seen: dict[Part, str]) -> str:
    """The page with what its commands really print."""
    for part, text in sorted(seen.items(), key=lambda item: -item[0].span[0]):
        start, end = part.span
        page = (
            page[:start]
            + "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).strip("\n")
            + "\n"
            + page[end:]
        )
    return page


def _compared(part: Part, text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    if not part.figures:
        lines = [" ".join(_FIGURE.sub("#", line).split()) for line in lines]
    return [re.sub(r"\b\d+\.\d+ s$", "# s", line) for line in lines if line.strip(" ─")]
