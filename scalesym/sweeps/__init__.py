"""Many cells of a grid, computed in parallel and kept as they finish.

:func:`scalesym.sweep` evaluates a function at every cell of a grid with joblib, on this machine or, under joblib's Dask backend,
on a cluster. With ``out=`` each finished cell becomes one line of a file that is only ever appended to, and a later call
computes what is missing.
"""

from __future__ import annotations

from .result import CellError, Row, Sweep
from .run import sweep

__all__ = ["CellError", "Row", "Sweep", "sweep"]
