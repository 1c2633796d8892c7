"""Balls with proven radii for every quantity of the model: a road of its own, for the oracle's vectors.

Level: deterministic equivalent, continuum and asymptotic. Everything is evaluated in python-flint's balls: sums of any length with
bounded remainders, roots whose existence, uniqueness and branch are shown, ``F`` and ``K`` by integration around poles that
are known to be enclosed, ``P`` by a sum over a circle with bounded aliasing. Nothing is shared with
:mod:`scalesym.equivalent`. ``docs/oracle.md`` says where rigour ends.

>>> from fractions import Fraction
>>> point = FixedPoint(PowerSums(p=Fraction(2), q=Fraction(17, 5), v=60), d=Fraction(20))
>>> dynamics = Dynamics.of_sgd(point, gamma=Fraction(3, 10), batch=1)
>>> print(refine(lambda: loss(dynamics, [80])[0], 20))
0.03263543297857292339487... ± ...
"""

from __future__ import annotations

from .cauchy import coefficients, loss
from .dynamics import Dynamics
from .enclosure import ComplexEnclosure, Enclosure, refine
from .fixed_point import FixedPoint
from .stability import critical_gamma, kernel_norm, loss_limit
from .sums import PowerSums

__all__ = [
    "ComplexEnclosure",
    "Dynamics",
    "Enclosure",
    "FixedPoint",
    "PowerSums",
    "coefficients",
    "critical_gamma",
    "kernel_norm",
    "loss",
    "loss_limit",
    "refine",
]
