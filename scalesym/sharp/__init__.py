r"""The compute-optimal frontier with its constants, in every phase and on the lines between them.

``d* ~ c f^ξ``, ``P* ~ C f^{-η}``: in closed form where early pieces of the loss trade off (:mod:`scalesym.sharp.closed`), as the
least of a function of one variable where the scaling window decides, with logarithms on the critical lines; and at a
finite budget from one law that holds in all of them (:mod:`scalesym.sharp.uniform`).
"""

from __future__ import annotations

from .frontier import SharpFrontier, sharp_frontier

__all__ = ["SharpFrontier", "sharp_frontier"]
