r"""Where two shapes cost the same for the next bit of error: all such places, at most two, each certain.

With ``p = 1 + 1/b`` the logarithm of the marginal cost is ``k - p ln(E-c)``, ``k = (ln a)/b - ln b``. The difference of two of them,

.. math:: h(E) = k_1 - k_2 - p_1\ln(E-c_1) + p_2\ln(E-c_2), \qquad E > \max(c_1, c_2),

has one stationary point at most, ``p_1/(E-c_1) = p_2/(E-c_2)``. Its signs at the floor and at infinity are known exactly; if they
differ there is one root, and if they agree there are two or none, as ``h`` at the stationary point decides. The shift ``d`` is absent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import ConvergenceError
from ..parameters import Exact
from ..precision import arb_of, flint_digits
from .shape import ShapeLaw

__all__ = ["Crossing", "crossings"]

_FARTHEST = 1e5  # in ln(E − c): nothing beyond is a number of double precision
_DIGITS = 60


@dataclass(frozen=True)
class Crossing:
    """An error at which two marginal costs are equal.

    Parameters
    ----------
    error:
        ``E``.
    gap:
        ``E`` minus the larger floor, which keeps its digits where ``E`` is next to it.
    radius:
        The costs are ordered one way at ``gap · (1 - radius)`` and the other way at ``gap · (1 + radius)``, for certain.
    kind:
        ``"equal exponents"`` or ``"equal floors"``, where there is a closed form, or ``"general"``.
    """

    error: float
    gap: float
    radius: float
    kind: str


@lru_cache(maxsize=1024)
def crossings(one: ShapeLaw, other: ShapeLaw) -> tuple[Crossing, ...]:
    """All crossings of two shapes, the largest error first; none if the costs agree everywhere or only touch.

    Raises
    ------
    ConvergenceError
        If a sign is not certain to 60 digits.

    Examples
    --------
    >>> for found in crossings(ShapeLaw(1, 0.5, 0.3), ShapeLaw(2, 0.5, 0.1)):
    ...     print(f"{found.error:.12f} {found.kind}")
    0.640482876784 equal exponents
    """
    (b, c), (b2, c2) = ((Fraction(law.exponent), Fraction(law.floor)) for law in (one, other))
    if b == b2 and c == c2:
        return ()
    at_floor = _sign(c - c2)  # of h, where the higher floor costs without bound
    far = _sign(1 / b2 - 1 / b)
    if not at_floor:
        at_floor = -far
    if not far:
        far = _sign(Fraction(one.scale) - Fraction(other.scale))  # of k_1 − k_2
    kind = "equal exponents" if b == b2 else "equal floors" if c == c2 else "general"
    h, top = _difference(one, other)
    if far == 0:
        return ()
    if at_floor != far:
        return _inside([_root(one, other, h, kind, top, -math.inf, math.inf, at_floor)])
    if b == b2:
        return ()
    p, p2 = 1 + 1 / b, 1 + 1 / b2
    stationary = (p * c2 - p2 * c) / (p - p2)
    gap = stationary - max(c, c2)
    if gap <= 0 or _certain(one, other, gap) != -at_floor:  # if it is 0 they touch, and no order changes
        return ()
    middle = _log(gap)
    lower = _root(one, other, h, kind, top, -math.inf, middle, at_floor)
    return _inside([_root(one, other, h, kind, top, middle, math.inf, -at_floor), lower])


def _closed_form(one: ShapeLaw, other: ShapeLaw, kind: str) -> float:
    """``ln(E - max c)`` at the crossing, as :meth:`scalesym.laws.adaptive.Adaptive.transition_formula` has it."""
    (a, b, c), (a2, b2, c2) = _exact(one), _exact(other)
    if kind == "equal exponents":  # E − max c = |c₁ − c₂| ρ/(1 − ρ) with ρ < 1, the shapes in that order
        log_rho = abs(_log(a / a2)) / (1 + float(b))
        return _log(abs(c - c2)) - log_rho - math.log(-math.expm1(-log_rho))
    return (_log(b / b2) + _log(a2) / float(b2) - _log(a) / float(b)) / float(1 / b2 - 1 / b)


def _inside(found: list[Crossing | None]) -> tuple[Crossing, ...]:
    return tuple(each for each in found if each is not None)


def _difference(one: ShapeLaw, other: ShapeLaw) -> tuple[Any, float]:
    """``h`` as a function of ``u = ln(E - max c)``, and ``max c``."""
    terms = []
    top = max(Fraction(one.floor), Fraction(other.floor))
    level = 0.0
    for sign, law in ((1, one), (-1, other)):
        b, rise = float(law.exponent), top - Fraction(law.floor)
        level += sign * (math.log(law.scale) / b - math.log(b))
        terms.append((sign * (1 + 1 / b), _log(rise) if rise else -math.inf))

    def h(u: float) -> float:
        return level - sum(weight * _logaddexp(u, rise) for weight, rise in terms)

    return h, float(top)


def _root(
    one: ShapeLaw, other: ShapeLaw, h: Any, kind: str, top: float, low: float, high: float, before: int
) -> Crossing | None:
    """The root between ``low`` and ``high`` in ``u``, where ``h`` has the sign ``before`` at the lower end."""
    from scipy.optimize import brentq

    if kind != "general":
        return _proven(one, other, _closed_form(one, other, kind), kind, top, before)
    centre = low if low > -math.inf else high if high < math.inf else 0.0
    step = 1e-9 * (1 + abs(centre)) if centre in (low, high) else 1.0
    left = right = centre
    while high == math.inf and h(right) * before >= 0:
        right, step = right + step, 2 * step
        if step > _FARTHEST:
            return None
    step = 1e-9 * (1 + abs(centre)) if centre in (low, high) else 1.0
    while low == -math.inf and h(left) * before <= 0:
        left, step = left - step, 2 * step
        if step > _FARTHEST:
            return None
    u = float(brentq(h, left, right, xtol=1e-15, rtol=1e-15)) if h(left) * h(right) < 0 else centre
    return _proven(one, other, u, kind, top, before)


def _proven(one: ShapeLaw, other: ShapeLaw, u: float, kind: str, top: float, before: int) -> Crossing | None:
    """The crossing near ``u`` with signs on both sides; nothing if it leaves double precision."""
    if not -700 < u < 700:
        return None
    gap, radius = math.exp(u), 1e-14
    while radius < 1e-3:
        near, far = (Fraction(gap) * (1 + Fraction(side * radius)) for side in (-1, 1))
        if _certain(one, other, near) == before and _certain(one, other, far) == -before:
            return Crossing(top + gap, gap, radius, kind)
        radius *= 4
    raise ConvergenceError(f"two marginal costs are too close around E = {top + gap:.15g} to tell which is less")


def _certain(one: ShapeLaw, other: ShapeLaw, gap: Fraction) -> int:
    """The sign of ``h`` at an exact error, proven; 0 if 60 digits do not decide."""
    with flint_digits(_DIGITS):
        top = max(Fraction(one.floor), Fraction(other.floor))
        value = arb_of(0)
        for sign, law in ((1, one), (-1, other)):
            a, b = arb_of(law.scale), arb_of(law.exponent)
            value += sign * (a.log() / b - b.log() - (1 + 1 / b) * arb_of(top - Fraction(law.floor) + gap).log())
        return 1 if value > 0 else -1 if value < 0 else 0


def _exact(law: ShapeLaw) -> tuple[Fraction, Fraction, Fraction]:
    return Fraction(law.scale), Fraction(law.exponent), Fraction(law.floor)


def _log(value: Fraction) -> float:
    if Fraction(1, 2) < value < 2:
        return math.log1p(float(value - 1))
    return math.log(value.numerator) - math.log(value.denominator)


def _logaddexp(u: float, v: float) -> float:
    large, small = max(u, v), min(u, v)
    return large + math.log1p(math.exp(small - large)) if small > -math.inf else large


def _sign(value: Exact) -> int:
    return (value > 0) - (value < 0)
