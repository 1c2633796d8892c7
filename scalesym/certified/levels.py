r"""Moments of the power-law spectrum above and below a level, kept for each level and precision.

.. math:: M_k = \sum_{j \ge b}^{v} j^{-s-pk}, \qquad H_n = \sum_{j < a} j^{-s+pn} .

A level is a place ``j`` on a grid of eight to the octave, so that neighbouring levels share their sums. Moments of a long
or infinite spectrum are Hurwitz zeta functions; at their pole ``s = 1``, where a finite spectrum has a finite sum, it is a
difference of digamma functions. All caches are bounded, and keyed by the precision.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..precision import arb_of

__all__ = ["head_series", "level_above", "level_below", "power_sum", "powers", "tail_series"]

_FINE = 8  # levels per octave of j
_DIRECT = 3000  # finite spectra up to here have their moments added up


@lru_cache(maxsize=256)
def tail_series(p: Fraction, s: Fraction, v: int | None, start: int, terms: int, m: int, bits: int) -> tuple[Any, Any]:
    """The polynomial in ``1/ζ`` of the moments, and the coefficient that bounds its remainder."""
    from flint import arb_poly

    moments = _moments(p, s, v, start, terms, bits)
    signed = [(-1) ** k * math.comb(k + m - 1, m - 1) * moments[k] for k in range(terms)]
    return arb_poly(signed), math.comb(terms + m - 1, m - 1) * moments[terms]


@lru_cache(maxsize=256)
def head_series(p: Fraction, s: Fraction, stop: int, terms: int, m: int, bits: int) -> tuple[Any, Any]:
    """The polynomial in ``ζ`` of the inverse moments, and the coefficient that bounds its remainder."""
    from flint import arb_poly

    inverse = _inverse_moments(p, s, stop, terms + 3, bits)
    signed = [(-1) ** k * math.comb(k + m - 1, m - 1) * inverse[m + k] for k in range(terms)]
    return arb_poly(signed), math.comb(terms + m - 1, m - 1) * inverse[m + terms]


@lru_cache(maxsize=512)
def _moments(p: Fraction, s: Fraction, v: int | None, start: int, terms: int, bits: int) -> list[Any]:
    """``Σ_{j≥start} j^{-s-pk}`` for ``k = 0 … terms``."""
    if v is None or v > _DIRECT:
        return [power_sum(s + p * k, start, v) for k in range(terms + 1)]
    stop = min(level_above(math.log2(start + 0.5), v + 1), v + 1)
    totals = list(_moments(p, s, v, stop, terms, bits)) if stop <= v else [arb_of(0)] * (terms + 1)
    lam, weights = powers(p, stop, bits, True), powers(s, stop, bits, True)
    for x, w in zip(lam[start:stop], weights[start:stop], strict=True):
        for k in range(terms + 1):
            totals[k] += w
            w *= x
    return totals


@lru_cache(maxsize=512)
def _inverse_moments(p: Fraction, s: Fraction, stop: int, terms: int, bits: int) -> list[Any]:
    """``Σ_{j<stop} j^{-s+pn}`` for ``n = 0 … terms``."""
    start = level_below(math.log2(stop - 0.5), stop)
    totals = list(_inverse_moments(p, s, start, terms, bits)) if start > 1 else [arb_of(0)] * (terms + 1)
    lam, weights = powers(p, stop, bits, True), powers(s, stop, bits, True)
    for x, w in zip(lam[start:stop], weights[start:stop], strict=True):
        y = 1 / x
        for n in range(terms + 1):
            totals[n] += w
            w *= y
    return totals


def power_sum(s: Fraction, start: int, v: int | None) -> Any:
    """``Σ_{start≤j≤v} j^{-s}``."""
    if v is None:
        return _hurwitz(s, start)
    if v - start <= 1000:
        return sum((arb_of(j) ** arb_of(-s) for j in range(start, v + 1)), arb_of(0))
    if s == 1:
        return arb_of(v + 1).digamma() - arb_of(start).digamma()
    return _hurwitz(s, start) - _hurwitz(s, v + 1)


def _hurwitz(s: Fraction, start: int) -> Any:
    return arb_of(s).zeta(arb_of(start))


@lru_cache(maxsize=16)
def _list(s: Fraction, bits: int, real: bool) -> list[Any]:
    return [None]


def powers(s: Fraction, stop: int, bits: int, real: bool) -> list[Any]:
    """``j^{-s}`` for ``1 ≤ j < stop`` (at least), at the places ``j``."""
    from flint import acb

    found = _list(s, bits, real)
    if len(found) < stop:
        if real:
            exponent = arb_of(-s)
            found.extend(arb_of(j) ** exponent for j in range(len(found), stop))
        else:
            found.extend(acb(x) for x in powers(s, stop, bits, True)[len(found) : stop])
    return found


def _level(index: int) -> int:
    return math.ceil(2 ** (index / _FINE))


def level_below(octaves: float, largest: int) -> int:
    """The last level not above ``2^octaves``, or ``largest`` if that is smaller; 1 if there is none."""
    if octaves > math.log2(largest):
        return largest
    index = max(0, math.floor(octaves * _FINE))
    while index > 0 and _level(index) > 2**octaves:
        index -= 1
    return _level(index)


def level_above(octaves: float, largest: int) -> int:
    """The first level not below ``2^octaves``, or ``largest`` if that is smaller."""
    if octaves > math.log2(largest):
        return largest
    index = max(0, math.ceil(octaves * _FINE))
    while _level(index) < 2**octaves:
        index += 1
    return min(largest, _level(index))
