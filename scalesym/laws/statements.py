"""The field's empirical laws and other solvable models, and what follows from them, as formulas of the catalogue.

Importing this module loads SymPy.
"""

from __future__ import annotations

import json
from typing import Any

from ..formulas.generation import stated
from ..formulas.statement import Statement
from ..formulas.trees import free_names
from .catalogued import (
    best_ridge,
    broken,
    chinchilla,
    dynamical,
    dynamical_frontier,
    frontier,
    henighan,
    kaplan,
    latents,
    regimes,
    ridge,
    shapes,
    two_resolvents,
)

__all__ = ["generate", "statements"]

_LAWS = (chinchilla, kaplan, frontier, henighan, shapes, broken)
_MODELS = (two_resolvents, ridge, latents, best_ridge, regimes, dynamical, dynamical_frontier)


def generate() -> str:
    """The text of ``laws.json``, the catalogue's entries about laws and other models; the conventions of arXiv:2405.15074 are not theirs.

    Raises
    ------
    DerivationError
        If a step no longer applies or its check fails.
    """
    formulas = {each.id: _entry(each) for each in statements()}
    return json.dumps({"formulas": formulas}, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def statements(solvable: bool = True) -> tuple[Statement, ...]:
    """``chinchilla.law`` and so on, paper by paper; every step is derived and checked again.

    Parameters
    ----------
    solvable:
        Whether those of the solvable models too, which take the most time.
    """
    papers = (*_LAWS, *_MODELS) if solvable else _LAWS
    return tuple(each for paper in papers for each in paper.statements())


def _entry(statement: Statement) -> dict[str, Any]:
    """Without the conditions of earlier steps on letters that are gone, and without conventions of the model."""
    entry = stated(statement)
    letters = free_names(entry["expression"])
    kept = [
        each for each in entry["assumptions"] if each["relation"] is None or free_names(each["relation"]) <= letters
    ]
    return {**entry, "assumptions": kept, "conventions": None}
