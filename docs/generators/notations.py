"""Fragments of the page on conventions and notation: levels, notations, the letters of the model."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from scalesym.formulas import alphabet, formula, formula_ids
from scalesym.formulas.alphabet import ALPHABET, DOMAIN, GIVEN_W
from scalesym.formulas.conventions import LOSSES, is_rate
from scalesym.formulas.document import LEVELS
from scalesym.formulas.law_letters import LAW_LETTERS
from scalesym.formulas.notation import NOTATIONS, Notation
from scalesym.formulas.trees import decode, encode
from scalesym.formulas.typesetting import latex
from scalesym.oracle.flags import MISTAKES

from .markdown import anchor, arxiv, escaped, prose, table

__all__ = ["write"]

_SPECTRUM = ["Pow", "j", ["Mul", -2, "alpha"]]
_TARGET = ["Pow", "j", ["Add", ["Mul", -2, "alpha"], ["Mul", -2, "beta"]]]
#: A formula of each level, to be shown.
_SHOWN = {
    "conditional": "volterra",
    "equivalent": "P_hat",
    "continuum": "F_pp.closed",
    "asymptotic": "F_pp.asymptotic",
    "sharp": "P.sharp",
    "empirical": "chinchilla.law",
}


def write(out: Path) -> None:
    """The tables, as fragments."""
    folder = out / "fragments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "levels.inc").write_text(_levels(), encoding="utf-8")
    (folder / "notations.inc").write_text(_notations(), encoding="utf-8")
    (folder / "letters.inc").write_text(_letters(), encoding="utf-8")
    (folder / "mistakes.inc").write_text(_mistakes(), encoding="utf-8")
    (folder / "losses.inc").write_text(_losses(), encoding="utf-8")


def _levels() -> str:
    count = Counter(formula(id).level for id in formula_ids())
    rows = []
    for level, said in LEVELS.items():
        id = _SHOWN.get(level)
        example = f"[`{id}`](#{anchor('formula', id)})" if id else "`Sample.simulate`"
        rows.append((f"`{level}`", prose(said), str(count[level] or "–"), example))
    return table(("level", "what it is", "formulas", "such as"), rows)


def _notations() -> str:
    """A row for every notation: what its letters are, in those of the paper, and the other way round."""
    heads = (
        "notation",
        "source",
        r"$\lambda_j$",
        r"$\lambda_jb_j^2$",
        "its exponents",
        "the paper's",
        "$d$",
        "$v$",
        "$r$",
        "also",
    )
    rows = []
    for name, each in NOTATIONS.items():
        own = ", ".join(
            f"${{{each.names[letter][0]}={latex(encode(decode(tree)))}}}$"
            for letter, tree in (("spectral", each.spectral), ("target", each.target))
            if letter in each.names and each.names[letter][0] != latex(tree)
        )
        theirs = ", ".join(
            f"${{{latex(letter)}={each.latex(letter)}}}$" for letter in ("alpha", "beta") if letter in each.changed()
        )
        sizes = (f"${each.latex(letter)}$" for letter in ("d", "v", "r"))
        row = (f"`{name}`", arxiv(each.source), f"${each.latex(_SPECTRUM)}$", f"${each.latex(_TARGET)}$")
        rows.append((*row, own or "–", theirs or "–", *sizes, _also(each)))
    return table(heads, rows)


def _also(each: Notation) -> str:
    """Letters of the paper whose names are taken."""
    taken = [name for name in each.changed() if name not in ("alpha", "beta", "d", "v", "r")]
    found = [f"${each.latex(name)}$ for ${latex(name)}$" for name in taken]
    found += [rf"${each.names['N()'][0]}(\zeta)$ for $N(\zeta)$"] if "N()" in each.names else []
    return ", ".join(found) or "–"


def _letters() -> str:
    """The letters of the model: how they are written, what they are, which values they take, and of what kind they are."""
    said = dict(re.findall(r'= Symbol\("(\w+)".*?\)  # (.+)', inspect.getsource(alphabet)))
    rows = []
    for name, letter in ALPHABET.items():
        if name not in LAW_LETTERS:
            rows.append(
                (f"${latex(name)}$", f"`{name}`", escaped(said.get(name, "")), _domain(name, letter), _kind(name))
            )
    return table(("letter", "keyword", "what it is", "values", "kind"), rows)


def _domain(name: str, letter: Any) -> str:
    relation = DOMAIN.get(name, GIVEN_W.get(name))
    if relation is not None:
        bound = f"${latex(encode(relation))}$"
    else:
        bound = next(
            (
                word
                for held, word in (
                    (letter.is_positive, "positive"),
                    (letter.is_nonnegative, "≥ 0"),
                    (letter.is_negative, "negative"),
                    (letter.is_nonpositive, "≤ 0"),
                    (letter.is_real, "real"),
                )
                if held
            ),
            "complex",
        )
    return f"{bound}, an integer" if letter.is_integer else bound


def _kind(name: str) -> str:
    degree = LOSSES.get(name, Fraction(0))
    if degree:
        return "a loss" if degree == 1 else "root of a loss"
    return "a learning rate" if is_rate(name) else "–"


def _losses() -> str:
    """What the factor of the loss multiplies, and what it does not."""
    at = {"c": ["i"], "rho": ["i"], "delta": ["i"], "P_hat": ["w"], "F_hat": ["w"], "F_0": []}

    def shown(name: str) -> str:
        quantity = name.removesuffix("()")
        return f"${latex(['Quantity', quantity, *at.get(quantity, ['r'])] if name != quantity else name)}$"

    whole = ", ".join(shown(name) for name, degree in LOSSES.items() if degree == 1)
    roots = ", ".join(shown(name) for name, degree in LOSSES.items() if degree != 1)
    return f"Losses are {whole}; roots of losses are {roots}.\n"


def _mistakes() -> str:
    """The mistakes that the oracle knows by name."""
    return table(("mistake", "what is wrong"), [(f"`{name}`", escaped(said)) for name, said in MISTAKES.items()])
