"""scalesym: the theory of compute-optimal neural scaling laws, derived, checked and computed.

>>> import scalesym
>>> model = scalesym.PLRF(alpha=1, beta="7/10", d=20, v=60, gamma="3/10")
>>> print(model.loss(80, digits=20))
0.032635432978572923395
"""

from __future__ import annotations

from .crossover import Crossover, crossover
from .errors import AccuracyWarning, ConvergenceError, ParameterError, ScalesymError, StabilityError
from .experiment import LossTable, MeasuredExponents, loss_table, measured_exponents
from .formulas import formula, formula_ids
from .frontiers import Frontier, frontier
from .model import PLRF
from .phases import phase, phase_map
from .sharp import SharpFrontier, sharp_frontier
from .sweeps import Sweep, sweep

__all__ = [
    "PLRF",
    "AccuracyWarning",
    "ConvergenceError",
    "Crossover",
    "Frontier",
    "LossTable",
    "MeasuredExponents",
    "ParameterError",
    "ScalesymError",
    "SharpFrontier",
    "StabilityError",
    "Sweep",
    "crossover",
    "formula",
    "formula_ids",
    "frontier",
    "loss_table",
    "measured_exponents",
    "phase",
    "phase_map",
    "sharp_frontier",
    "sweep",
]

__version__ = "0.1.0"
