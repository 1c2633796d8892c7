"""Sums of power laws under a compute budget: what dominates, what trades off, and the exponents, exactly.

:class:`Law` solves a law whose exponents are numbers in exact rationals and needs no SymPy;
:func:`scalesym.powerlaw.parametric.solve` finds every answer of a law with parameters and the inequalities under which it
holds. :func:`constants` and :func:`best` give the frontier with its constants. Nothing here knows a model.
"""

from __future__ import annotations

from .frontier import Best, best, constants
from .laws import Budget, Law, Log, Optimum, Stage, Term
from .polynomials import Polynomial, Ratio

__all__ = ["Best", "Budget", "Law", "Log", "Optimum", "Polynomial", "Ratio", "Stage", "Term", "best", "constants"]
