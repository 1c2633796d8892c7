"""The shape of a broken law: its segments and limits, where it turns, and backwards where it does not.

The functions are methods of :class:`scalesym.laws.bnsl.BNSL`. Level: empirical.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact
from ._quantities import finite, floats, within

if TYPE_CHECKING:
    from .bnsl import BNSL

__all__ = [
    "Segment",
    "StationaryPoint",
    "inverse",
    "limits",
    "merge_breaks",
    "segments",
    "stationary_points",
    "turning_points",
]

_LARGEST = 709.7  # the logarithm of the largest double
_FARTHEST = 1e9  # in ln x: nothing beyond is a number of double precision


@dataclass(frozen=True)
class Segment:
    """A stretch between two breaks and its pure power law ``y - a = prefactor · x^{-exponent}``.

    Parameters
    ----------
    start, end:
        Neighbouring breaks; 0 and infinity at the ends. The power laws of two neighbours cross exactly there.
    exponent:
        ``Γ_j = c_0 + … + c_j``.
    prefactor, log_prefactor:
        ``A_j = b d_1^{c_1} … d_j^{c_j}``, infinite or zero if it leaves double precision, and ``ln |A_j|``.
    """

    start: float
    end: float
    exponent: float
    prefactor: float
    log_prefactor: float


@dataclass(frozen=True)
class StationaryPoint:
    """Where the slope vanishes, once in ``log_x ± radius`` and for certain; ``x`` and ``y`` are rounded.

    ``kind`` is ``"minimum"`` or ``"maximum"`` where the slope changes its sign, and ``"level"`` where it only touches zero.
    """

    x: float
    y: float
    kind: str
    log_x: float
    radius: float


def segments(law: BNSL) -> tuple[Segment, ...]:
    """The ``n + 1`` pure power laws that the law follows between its breaks, if these are well separated.

    Examples
    --------
    >>> from scalesym.laws import BNSL
    >>> [segment.exponent for segment in BNSL(a=0, b=2, c=(0.5, 1), d=[9], f=[0.1]).segments()]
    [0.5, 1.5]
    """
    ends = [0.0, *map(float, law.d), math.inf]
    changes = [float(c) * math.log(float(d)) for c, d in zip(law.c[1:], law.d, strict=True)]
    logs = list(accumulate(changes, initial=math.log(abs(float(law.b)))))
    return tuple(
        Segment(ends[j], ends[j + 1], float(exponent), _signed_exp(logs[j], law.b), logs[j])
        for j, exponent in enumerate(_exponents(law))
    )


def limits(law: BNSL) -> tuple[float, float]:
    """``y`` as ``x → 0`` and as ``x → ∞``; infinite where it grows without bound."""
    first, last = _exponents(law)[0], _exponents(law)[-1]
    infinite = math.copysign(math.inf, law.b)
    a, b, end = float(law.a), float(law.b), segments(law)[-1].prefactor
    start = infinite if first > 0 else a if first < 0 else a + b
    return start, a if last > 0 else infinite if last < 0 else a + end


def stationary_points(law: BNSL) -> tuple[StationaryPoint, ...]:
    """Every place where ``dy/dx = 0``, each certain and none missing; none if the law is constant.

    Returns
    -------
    tuple[StationaryPoint, ...]
        In the order of ``x``.

    Raises
    ------
    ConvergenceError
        If 60 digits do not tell the slope from zero somewhere, and ``(d_i/d_1)^{1/f_i}`` is not rational for every break, in
        which case exact algebra decides.

    Examples
    --------
    The slope of this law is 0 at ``x = 1`` and negative everywhere else:

    >>> from scalesym.laws import BNSL
    >>> law = BNSL(a=0, b=1, c=(1, -3, 3), d=("1/2", 2), f=(1, 1))
    >>> [(point.kind, round(point.x, 12)) for point in law.stationary_points()], law.turning_points()
    ([('level', 1.0)], ())
    """
    from ._isolation import zeros

    merged = merge_breaks(law)
    breaks = [(Fraction(c), Fraction(d), Fraction(f)) for c, d, f in zip(merged.c[1:], merged.d, merged.f, strict=True)]
    out = []
    for u, radius, before, after in zeros(Fraction(merged.c[0]), breaks):
        y = float(law.a) + _signed_exp(float(merged.log_excess_at(np.array(u))), law.b)
        kind = "level" if before == after else "maximum" if before * law.b > 0 else "minimum"
        out.append(StationaryPoint(math.exp(u) if u < _LARGEST else math.inf, y, kind, u, radius))
    return tuple(out)


def turning_points(law: BNSL) -> tuple[StationaryPoint, ...]:
    """Every minimum and maximum, each certain and none missing: the :meth:`stationary_points` where the slope changes its sign.

    Raises
    ------
    ConvergenceError
        As there.
    """
    return tuple(point for point in stationary_points(law) if point.kind != "level")


def inverse(law: BNSL, y: object) -> Any:
    """The ``x`` at which the law has a value, if it is monotone.

    Parameters
    ----------
    y:
        Strictly between the two :meth:`limits`.

    Raises
    ------
    ParameterError
        If the law has turning points, is constant, or does not take the value.
    """
    from scipy.optimize import brentq

    if turning := turning_points(law):
        where = ", ".join(f"{point.x:.6g}" for point in turning)
        raise ParameterError("y", y, f"the law turns at x = {where}, so that x is not unique", "solve on one side")
    ends = sorted(limits(law))
    values = floats(y, "y")
    wrong = ~((values > ends[0]) & (values < ends[1]))
    within(values, "y", wrong, "the law does not take it", f"use {ends[0]:.9g} < y < {ends[1]:.9g}")
    target = np.log(abs(values - float(law.a)))

    def solve(level: float) -> float:
        def miss(u: float) -> float:
            return float(law.log_excess_at(np.array(u))) - level

        edge = 1.0
        while miss(-edge) * miss(edge) > 0:
            edge *= 2
            if edge > _FARTHEST:
                reason = "the law comes so close only where x leaves double precision"
                raise ParameterError("y", y, reason, "use another")
        return float(brentq(miss, -edge, edge, xtol=1e-14, rtol=1e-15))

    logs = np.array([solve(level) for level in target.ravel()]).reshape(target.shape)
    within(values, "y", abs(logs) > 700, "it is taken where x leaves double precision", "use another")
    return finite(np.exp(logs), "x")


def merge_breaks(law: BNSL) -> BNSL:
    """The same function with the fewest breaks: those of the same place and width in one, those of no change left out.

    Examples
    --------
    >>> from scalesym.laws import BNSL
    >>> BNSL(a=0, b=1, c=(1, 2, 3, 0), d=[5, 5, 7], f=[1, 1, 1]).merge_breaks().c
    (Fraction(1, 1), Fraction(5, 1))
    """
    sums: dict[tuple[Fraction, Fraction], Exact] = {}
    kept: dict[tuple[Fraction, Fraction], tuple[Exact, Exact]] = {}
    for c, d, f in zip(law.c[1:], law.d, law.f, strict=True):
        key = Fraction(d), Fraction(f)
        sums[key] = c if key not in sums else _plus(sums[key], c)
        kept.setdefault(key, (d, f))
    keys = [key for key, change in sums.items() if change]
    changes = (law.c[0], *(sums[k] for k in keys))
    return type(law)(law.a, law.b, changes, tuple(kept[k][0] for k in keys), tuple(kept[k][1] for k in keys))


def _exponents(law: BNSL) -> list[Fraction]:
    """``Γ_0, …, Γ_n``, exact: whether one is zero decides limits."""
    return list(accumulate(Fraction(c) for c in law.c))


def _signed_exp(logarithm: float, sign: Exact) -> float:
    return math.copysign(math.exp(logarithm) if logarithm < _LARGEST else math.inf, sign)


def _plus(one: Exact, other: Exact) -> Exact:
    """The exact sum, so that changes that cancel are seen to."""
    total = Fraction(one) + Fraction(other)
    floating = isinstance(one, float) and isinstance(other, float) and Fraction(float(total)) == total
    return float(total) if floating else total
