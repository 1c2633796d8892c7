"""What the letters of a law stand for, as remarks of its entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...formulas.alphabet import ALPHABET
from ...formulas.derivation import Derivation
from ...formulas.statement import Remark, Statement
from ...formulas.trees import encode, free_names
from ...formulas.typesetting import latex, readable, text

__all__ = ["entries", "meaning", "written"]

_Expr = Any


def meaning(name: str, words: str) -> Remark:
    """A letter and what it stands for, in words that may have inline LaTeX between dollar signs.

    Examples
    --------
    >>> meaning("B_data", "its constant").text
    'B its constant'
    """
    return Remark(f"{text(name)} {readable(words)}", rf"{latex(name)}\text{{ {words}}}", "definition")


class entries:
    """Statements of one paper, whose letters are explained in words.

    Parameters
    ----------
    source:
        Of the paper.
    meanings:
        What each letter stands for, by name.
    """

    def __init__(self, source: str, meanings: Mapping[str, str]) -> None:
        self.source, self.meanings = source, meanings

    def __call__(
        self,
        id: str,
        left: _Expr,
        chain: Derivation,
        *remarks: Remark,
        where: str = "",
        status: str = "derived",
        **meanings: str,
    ) -> Statement:
        """One statement: ``left`` is the end of the chain; ``where`` in the paper, and letters that mean something else here."""
        right, known = chain.expression, {**self.meanings, **meanings}
        used = free_names(encode(left)) | free_names(encode(right))
        said = [meaning(name, known[name]) for name in ALPHABET if name in used and name in known]
        source = where if where.startswith("derived here") else f"{self.source}{f', {where}' if where else ''}"
        return Statement(id, left, right, chain, source, (), (*remarks, *said), status)


def written(derivation: Derivation) -> str:
    """What a derivation ends in, as text whose order does not depend on SymPy's cache."""
    return text(encode(derivation.expression))
