"""The symbolic road: formulas that SymPy derives from the model, checks step by step, and files in a catalogue.

Reading the catalogue needs no SymPy; ``.expr`` and ``.statement`` load it when asked for. The derivations begin with one
sample (:mod:`~scalesym.formulas.reduction`), one step of SGD (:mod:`~scalesym.formulas.moments`) and all of them
(:mod:`~scalesym.formulas.volterra`), and go on to the pieces of the loss (:mod:`~scalesym.formulas.pieces`). This room
imports neither ``scalesym.equivalent`` nor ``scalesym.sampled``, so that agreement between the roads is evidence.

Examples
--------
>>> from scalesym.formulas import formula
>>> print(formula("K_pp.integral").text().splitlines()[0])
K_pp(r) = γ^2B/(2α) · ∫_0^1 u^(1 - 1/(2α))e^(-2γBru) du
"""

from .catalogue import Assumption, Formula, Line, formula, formula_ids

__all__ = ["Assumption", "Formula", "Line", "formula", "formula_ids"]
