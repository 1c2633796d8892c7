"""What an experimenter would measure on the exact curves, and how that depends on the window of budgets and the grid of sizes."""

from __future__ import annotations

from .curves import loss_table, measured_exponents
from .lines import MeasuredExponents
from .table import LossTable

__all__ = ["LossTable", "MeasuredExponents", "loss_table", "measured_exponents"]
