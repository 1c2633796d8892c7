r"""Where the slope of a broken law only touches zero: decided exactly, since no ball around a zero says that it is one.

With ``z = (x/d_1)^g``, where every ``1/f_i = n_i g``, and ``ρ_i = (d_i/d_1)^{1/f_i}``, the sign of the slope is that of a polynomial,

.. math:: P(z) = -c_0\prod_j(z^{n_j}+\rho_j) - \sum_i c_i z^{n_i}\prod_{j\ne i}(z^{n_j}+\rho_j), \qquad z > 0 .

If the ``ρ_i`` are rational, so is ``P``, and ``S = P/\gcd(P, P')`` has the same zeros, each of them simple: where ``S' ≠ 0`` and ``S``
changes its sign there is one zero, and whether ``P`` changes its sign too is seen at a distance. Widths of the form that gives
irrational ``ρ_i`` are left undecided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from ..precision import arb_of

__all__ = ["Breaks", "Polynomial", "polynomial"]

Breaks = Sequence[tuple[Fraction, Fraction, Fraction]]  # c_i, d_i, f_i

_MOST_TERMS, _MOST_BITS = 400, 40_000


class Polynomial:
    """``S`` as a function of ``u = ln x``, in python-flint's current precision."""

    def __init__(self, squarefree: Any, rate: Fraction, unit: Fraction) -> None:
        from flint import arb_poly

        self._value, self._slope = (arb_poly(each) for each in (squarefree, squarefree.derivative()))
        self._rate, self._unit = arb_of(rate), arb_of(unit).log()

    def _z(self, u: Any) -> Any:
        return ((u - self._unit) * self._rate).exp()

    def __call__(self, u: Any) -> Any:
        return self._value(self._z(u))

    def one_zero_at_most(self, left: Any, right: Any) -> bool:
        """Whether ``S' ≠ 0`` from ``left`` to ``right``, for certain."""
        return bool(self._slope(self._z(left).union(self._z(right))) != 0)


def polynomial(c0: Fraction, breaks: Breaks) -> Polynomial | None:
    """``S``, or ``None`` if it is not rational or too long to be worked with."""
    from flint import fmpq, fmpq_poly

    unit = breaks[0][1]
    rates = [1 / f for _, _, f in breaks]
    common = reduce(_gcd, rates)
    powers = [int(rate / common) for rate in rates]
    if sum(powers) > _MOST_TERMS:
        return None
    factors, bumps = [], []
    for (c, d, _), rate, n in zip(breaks, rates, powers, strict=True):
        if (place := _rational_power(d / unit, rate)) is None:
            return None
        bump = fmpq_poly([0] * n + [1])
        factors.append(bump + fmpq(place.numerator, place.denominator))
        bumps.append(bump * fmpq(c.numerator, c.denominator))
    total = -fmpq(c0.numerator, c0.denominator) * math.prod(factors, start=fmpq_poly([1]))
    for i, bump in enumerate(bumps):
        total -= bump * math.prod(factors[:i] + factors[i + 1 :], start=fmpq_poly([1]))
    return Polynomial(total // total.gcd(total.derivative()), common, unit)


def _gcd(one: Fraction, other: Fraction) -> Fraction:
    """The greatest number of which both are multiples."""
    below = math.lcm(one.denominator, other.denominator)
    return Fraction(math.gcd(int(one * below), int(other * below)), below)


def _rational_power(base: Fraction, power: Fraction) -> Fraction | None:
    """``base^power`` for a positive base and power, if it is rational and not too long."""
    if base == 1:
        return base
    if power.numerator * max(base.numerator.bit_length(), base.denominator.bit_length()) > _MOST_BITS:
        return None
    above, below = (_root(part, power.denominator) for part in (base.numerator, base.denominator))
    return None if above is None or below is None else Fraction(above, below) ** power.numerator


def _root(value: int, order: int) -> int | None:
    """The exact root of a positive integer, if there is one."""
    from flint import fmpz

    if order > value.bit_length():  # it lies between 1 and 2
        return 1 if value == 1 else None
    root = int(fmpz(value).root(order))
    return root if root**order == value else None
