r"""How a page of LaTeX is laid out: the preamble, displays that fit their lines, words and mathematics in one sentence.

What does not fit a line is broken at signs by LaTeX itself, which knows its width, and scaled as a last resort.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["PREAMBLE", "escaped", "laid_out", "prose", "signed_side", "words"]

#: For pdflatex with the packages of a basic installation.
PREAMBLE = r"""\documentclass[11pt,fleqn]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage[a4paper,margin=27mm]{geometry}
\usepackage{amsmath,amssymb,mathrsfs}
\usepackage{graphicx,booktabs,longtable,microtype,xcolor}
\usepackage[colorlinks,allcolors=blue!50!black]{hyperref}

\setlength\mathindent{1.6em}
\setlength\jot{5pt}
\allowdisplaybreaks
\emergencystretch=2em
\AtBeginDocument{\abovedisplayskip=5pt plus 2pt minus 1pt \belowdisplayskip=\abovedisplayskip
  \abovedisplayshortskip=\abovedisplayskip \belowdisplayshortskip=\abovedisplayskip}
\newsavebox\trial
\newlength\room
\makeatletter
% \whether{width}{formula}{it is wider}{it is not}
\newcommand\whether[2]{\setlength\room{#1}\sbox\trial{$\displaystyle#2$}%
  \ifdim\wd\trial>\room\expandafter\@firstoftwo\else\expandafter\@secondoftwo\fi}
% \either{one line}{broken}: the first if it fits; \fit{line}: scaled down if it must be
\newcommand\either[2]{\whether{\dimexpr\textwidth-\mathindent-4.5em}{#1}{#2}{#1}}
\newcommand\fit[1]{\whether{\dimexpr\textwidth-\mathindent-7em}{#1}{\resizebox{\room}{!}{\usebox\trial}}{#1}}
\newcommand\short[3]{\whether{7em}{#1}{#3}{#2}}
\newcommand\entry[2]{\par\if@nobreak\else\vskip0pt plus.15\textheight\penalty-200\vskip0pt plus-.15\textheight
  \bigskip\fi\noindent\textbf{\ttfamily#1}\hfill{\small\textsf{#2}}\par\nobreak\vskip-.8\baselineskip}
\makeatother
\newcommand\about[1]{\par{\small\noindent#1\par}}
\newcommand\step[1]{\par\medskip\noindent\textit{#1.} }
\newcommand\checked[1]{\par{\small\leftskip\mathindent\noindent\textcolor{black!60}{Checked: #1.}\par}}
"""

_SIGNS_ON_A_LINE = 50
_TEX = {
    **{"\\": r"\textbackslash{}", "_": r"\_", "%": r"\%", "&": r"\&", "#": r"\#", "^": r"\textasciicircum{}"},
    **{"{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "$": r"\$"},
    **{"α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "ζ": r"$\zeta$", "κ": r"$\kappa$", "λ": r"$\lambda$"},
    **{"ρ": r"$\rho$", "τ": r"$\tau$", "φ": r"$\varphi$", "θ": r"$\theta$", "π": r"$\pi$", "Γ": r"$\Gamma$"},
    **{
        "∞": r"$\infty$",
        "→": r"$\to$",
        "≤": r"$\le$",
        "≥": r"$\ge$",
        "·": r"$\cdot$",
        "×": r"$\times$",
        "≈": r"$\approx$",
    },
    **{
        "−": "$-$",
        "²": "$^2$",
        "Σ": r"$\Sigma$",
        "∫": r"$\int$",
        "√": r"$\surd$",
        "ᵀ": r"$^\top$",
        "₁": "$_1$",
        "₀": "$_0$",
    },
    **{"–": "--", "…": r"\dots{}", "±": r"$\pm$", "ν": r"$\nu$", "σ": r"$\sigma$", "μ": r"$\mu$", "δ": r"$\delta$"},
}


def laid_out(label: str, sides: Sequence[Sequence[str]], sign: str) -> str:
    """A numbered statement: on one line, or with a line for each side, the first beside the left one if that is short."""
    mark = {"=": "=", "~": r"\sim "}[sign]
    left, *others = ("".join(side) for side in sides)
    rows = [signed_side(mark, side) for side in sides[1:]]
    beside = _aligned([f"{left}&{rows[0]}", *(f"&{row}" for row in rows[1:])])
    below = _aligned([rf"&\fit{{{left}}}", *(rf"&\quad {row}" for row in rows)])
    broken = rf"\short{{{left}}}{{{beside}}}{{{below}}}"
    return rf"\either{{{mark.join([left, *others])}}}{{{broken}}}\label{{{label}}}"


def signed_side(sign: str, pieces: Sequence[str]) -> str:
    """What follows a sign: on one line, or with a line for each term of a sum."""
    whole = "".join(pieces)
    if len(pieces) == 1:
        return rf"\fit{{{sign}{whole}}}"
    packed = _packed(pieces)
    rows = [rf"&\fit{{{sign}{packed[0]}}}", *(rf"&\quad\fit{{{{}}{piece}}}" for piece in packed[1:])]
    return rf"\either{{{sign}{whole}}}{{{_aligned(rows, '[t]')}}}"


def _packed(pieces: Sequence[str]) -> list[str]:
    """Short pieces together, as far as their number of signs tells; LaTeX has the last word."""
    lines = [""]
    for piece in pieces:
        together = len(re.sub(r"\\[A-Za-z]+|[{}^_ ]", lambda m: "." * (len(m[0]) > 1), lines[-1] + piece))
        lines = [*lines[:-1], lines[-1] + piece] if together < _SIGNS_ON_A_LINE or not lines[-1] else [*lines, piece]
    return lines


def _aligned(rows: Sequence[str], position: str = "") -> str:
    return rf"\begin{{aligned}}{position}" + r"\\ ".join(rows) + r"\end{aligned}"


def prose(text: str) -> str:
    """Prose with inline mathematics: words escaped, mathematics as it is."""
    words = re.split(r"(\$[^$]*\$)", text)
    return "".join(part if part.startswith("$") else escaped(part) for part in words)


def words(mathematics: str) -> str:
    r"""Mathematics with words in it, as words with mathematics in them, so that lines can be broken.

    Examples
    --------
    >>> print(words(r"x\text{ an eigenvalue of }W^\top DW"))
    $x$ an eigenvalue of $W^\top DW$
    """
    parts = re.split(r"\\text\{([^{}]*)\}", mathematics)
    return "".join(part if n % 2 else f"${part}$" for n, part in enumerate(parts) if part)


def escaped(text: str) -> str:
    """Plain text for LaTeX.

    Examples
    --------
    >>> escaped("K_pp: α → 1")
    'K\\\\_pp: $\\\\alpha$ $\\\\to$ 1'
    """
    tilde = re.sub("(.)\N{COMBINING TILDE}", lambda m: rf"$\tilde {_TEX.get(m[1], m[1]).strip('$')}$", text)
    words = re.split(r"(\$\\tilde [^$]*\$)", tilde)
    return "".join(word if n % 2 else "".join(map(_character, word)) for n, word in enumerate(words))


def _character(character: str) -> str:
    return _TEX.get(character, character if character.isascii() else r"\textbf{?}")
