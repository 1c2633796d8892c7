r"""What each piece contributes to the loss at one model and time, and which two of them trade off along a budget.

At a fixed budget ``F_pp`` grows with ``d`` (there is less time) and ``F_0`` and ``F_ac`` fall; ``K_pp/(γB)`` does the one or
the other, depending on ``α``. The largest of those that grow and the largest of those that fall are the *active* trade-off.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..parameters import Exact
from ..precision import flint_digits
from ..spectrum import PowerLaw
from .equation import Equivalent
from .pieces import DOUBLE, FourPieces, Pieces

__all__ = ["active", "sizes"]


def sizes(equation: Equivalent, r: float) -> Pieces:
    """``F_pp``, ``F_ac``, ``F_0`` (with the label noise) and ``K_pp/(γB)`` at a real ``r``, at the level of the continuum.

    For ``α ≤ 1/4``, where the integral of ``K_pp`` diverges, the last is the kernel function itself, ``K(r)/(γB)``.
    """
    from flint import arb

    law = equation.spectrum
    assert isinstance(law, PowerLaw)
    scale = equation.rate * equation.batch
    with flint_digits(DOUBLE + 10):
        found = FourPieces(law, equation.d, equation.batch, arb(equation.rate), "continuum", DOUBLE).at(arb(r))
    kernel = float(found.K_pp.mid())
    if 4 * Fraction(law.alpha) <= 1:
        kernel = max(0.0, float(equation.contour.kernel(np.array([r])).value[0]))
    F_0 = float(found.F_0.mid()) + float(equation.noise)
    return Pieces(float(found.F_pp.mid()), float(found.F_ac.mid()), F_0, kernel / scale)


def active(here: Pieces, there: Pieces, alpha: Exact) -> tuple[str, str]:
    """The largest piece that grows with ``d`` along the budget, and the largest that falls, from two neighbouring sizes.

    Only the direction in which each piece moves is taken from the difference. For ``2α < 1`` ``F_ac`` is never larger than
    ``F_0`` in order, and does not count. ``F_pp`` and ``F_0`` stand in where no piece grows or falls.
    """
    counted = [name for name in Pieces._fields if name != "F_ac" or 2 * alpha > 1]
    order = sorted(counted, key=lambda name: -getattr(here, name))
    up = next((name for name in order if getattr(there, name) > getattr(here, name)), "F_pp")
    return up, next((name for name in order if getattr(there, name) < getattr(here, name)), "F_0")
