"""The phase diagram of compute-optimal training: which pieces of the loss trade off where, and the exponents that follow.

The table is derived by :mod:`scalesym.powerlaw` from the exponents of the catalogue (``python -m scalesym.phases`` writes
``table.json``; a test compares the two byte for byte), proved by two SMT solvers and by Coq (:mod:`scalesym.theorems`), and
looked up here without SymPy.
"""

from __future__ import annotations

from .lookup import Logarithm, Phase, PhaseMap, phase, phase_map
from .table import Critical, Entry, Region, Table, phase_table

__all__ = [
    "Critical",
    "Entry",
    "Logarithm",
    "Phase",
    "PhaseMap",
    "Region",
    "Table",
    "phase",
    "phase_map",
    "phase_table",
]
