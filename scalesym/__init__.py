"""scalesym: the theory of compute-optimal neural scaling laws, derived, checked and computed.

>>> import scalesym
>>> model = scalesym.PLRF(alpha=1, beta="7/10", d=20, v=60, gamma="3/10")
>>> print(model.loss(80, digits=20))
0.032635432978572923395
"""

from __future__ import annotations

from .errors import AccuracyWarning, ConvergenceError, ParameterError, ScalesymError, StabilityError
from .formulas import formula, formula_ids
from .model import PLRF
from .phases import phase, phase_map

__all__ = [
    "PLRF",
    "AccuracyWarning",
    "ConvergenceError",
    "ParameterError",
    "ScalesymError",
    "StabilityError",
    "formula",
    "formula_ids",
    "phase",
    "phase_map",
]

__version__ = "0.1.0"
