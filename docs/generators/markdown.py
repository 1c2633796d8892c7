"""Pieces of MyST Markdown: escaped words, prose with mathematics, displays that scroll, anchors, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scalesym.formulas import layout

__all__ = [
    "anchor",
    "arxiv",
    "display",
    "escaped",
    "fenced",
    "lines_of",
    "listed",
    "prose",
    "rows_of",
    "table",
    "words",
]

_SIGNS_ON_A_LINE = 56


def anchor(kind: str, id: str) -> str:
    """The name of a place, which is also its id in the page.

    Examples
    --------
    >>> anchor("formula", "F_pp.closed")
    'formula-f-pp-closed'
    """
    return re.sub(r"[^a-z0-9]+", "-", f"{kind}-{id}".lower()).strip("-")


def escaped(text: str) -> str:
    r"""Plain text, so that nothing in it is read as Markdown.

    Examples
    --------
    >>> escaped("d*_1 <= |x|")
    'd\\*\\_1 &lt;= \\|x\\|'
    """
    marked = re.sub(r"([\\`*_\[\]{}$|#~])", r"\\\1", text)
    return marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def prose(text: str) -> str:
    """Words with inline mathematics between dollar signs: the words escaped, the mathematics as it is."""
    parts = re.split(r"(\$[^$]*\$)", text)
    return "".join(part if part.startswith("$") and len(part) > 1 else escaped(part) for part in parts)


def words(mathematics: str) -> str:
    r"""Mathematics with words in it, as words with mathematics in them, so that lines can be broken.

    Examples
    --------
    >>> print(words(r"x\text{ an eigenvalue of }W^\top DW"))
    $x$ an eigenvalue of $W^\top DW$
    """
    return prose(layout.words(mathematics))


def display(mathematics: str) -> str:
    """A display, which scrolls in its box where it is too wide."""
    return f"$$\n{mathematics}\n$$\n"


def rows_of(sides: Sequence[Sequence[str]], sign: str) -> str:
    """Sides with a sign between them: on one line if that is short, else a line for each, broken between terms.

    Parameters
    ----------
    sides:
        Each in the pieces between which it may be broken.
    sign:
        In LaTeX.
    """
    whole = sign.join("".join(side) for side in sides)
    if _length(whole) <= _SIGNS_ON_A_LINE:
        return whole
    left, *others = sides
    rows = []
    for side in others:
        first, *rest = _packed(side)
        rows.append(f"&{sign}{first}")
        rows += [rf"&\quad{{}}{line}" for line in rest]
    head = "".join(left)
    beside = _length(head) <= 14
    rows = [head + rows[0], *rows[1:]] if beside else [f"&{head}", *(row.replace("&", r"&\quad ", 1) for row in rows)]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def lines_of(pieces: Sequence[str], sign: str = "") -> str:
    """One expression behind a sign, on as many lines as it needs."""
    first, *rest = _packed(pieces)
    if not rest:
        return sign + first
    rows = [f"&{sign}{first}", *(rf"&\quad{{}}{line}" for line in rest)]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _packed(pieces: Sequence[str]) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and _length(lines[-1] + piece) > _SIGNS_ON_A_LINE:
            lines.append(piece)
        else:
            lines[-1] += piece
    return lines


def _length(mathematics: str) -> int:
    """About how many signs wide it is; a fraction is as wide as the wider of its parts."""
    short = mathematics
    fraction = re.compile(r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}")
    braces = re.compile(r"(?<!frac)(?<!\})\{([^{}]*)\}")
    for _ in range(12):
        found = fraction.sub(lambda m: max(m[1], m[2], key=len), short)
        found = braces.sub(r"\1", found) if found == short else found
        if found == short:
            break
        short = found
    return len(re.sub(r"\\[A-Za-z]+|[{}^_ \\!]", lambda m: "." * (len(m[0]) > 2), short))


def fenced(text: str, language: str, *options: str) -> str:
    """Code in a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    marks = "`" * (longest + 1)
    head = (
        f"{marks}{{code-block}} {language}\n" + "".join(f"{each}\n" for each in options)
        if options
        else f"{marks}{language}\n"
    )
    return f"{head}{text.rstrip()}\n{marks}\n"


def listed(facts: Iterable[tuple[str, str]]) -> str:
    """Facts with their names, a line for each."""
    return "\\\n".join(f"**{name}** {said}" for name, said in facts) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, whose cells are Markdown without bare bars."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def arxiv(source: str) -> str:
    """A source, with links to arXiv."""
    linked = re.sub(r"arXiv:(\d{4}\.\d{5})", r"[arXiv:\1](https://arxiv.org/abs/\1)", escaped(source))
    return re.sub(r"\bW\b", "$W$", linked)
