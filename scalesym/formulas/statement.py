"""What a module of derivations hands to the catalogue: statements, each with the derivation that ends in it.

Importing this module loads SymPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .derivation import Derivation
from .trees import encode
from .typesetting import latex, text

__all__ = ["Remark", "Statement", "when"]

_Expr = Any  # SymPy ships no types


@dataclass(frozen=True)
class Remark:
    """An assumption in words, as text and as LaTeX (mathematics mode), and what kind it is.

    ``because`` is ``"model"``, ``"limit"``, ``"definition"``, ``"line"`` (of the plane of α and β) or ``"range"``.
    With ``relation`` (a SymPy inequality between rational expressions) it is also decided when a formula is evaluated.
    """

    text: str
    latex: str
    because: str
    relation: _Expr = None


def when(relation: _Expr) -> Remark:
    """A condition that is decided when a formula is evaluated.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha
    >>> when(alpha > 1).text
    'α > 1'
    """
    tree = encode(relation)
    return Remark(text(tree), latex(tree), "range", relation)


@dataclass(frozen=True)
class Statement:
    """``left = right``, or ``left ~ right`` in a limit.

    Parameters
    ----------
    id:
        Of the catalogue, such as ``"kappa.infinite"``.
    left, right:
        SymPy expressions; ``right`` is what :meth:`~scalesym.formulas.Formula.evaluate` computes.
    derivation:
        The chain that ends in ``right``; its level and its conditions become the formula's.
    source:
        Where the paper states or defines it, or ``"derived here"`` where it has no such statement.
    limits:
        Pairs of a letter and what it tends to (0 or infinity), in the order in which limits are taken; then the two
        sides are asymptotic to each other. Without any, they are equal.
    remarks:
        Further assumptions. Those that follow from the letters and the derivation need not be repeated.
    status:
        ``"derived"``, or ``"assumed"`` where the derivation starts from something taken from the source.
    level:
        Overrides the derivation's level.
    """

    id: str
    left: _Expr
    right: _Expr
    derivation: Derivation
    source: str
    limits: tuple[tuple[_Expr, _Expr], ...] = ()
    remarks: tuple[Remark, ...] = ()
    status: str = "derived"
    level: str | None = None
