r"""Sums over the power-law spectrum in ball arithmetic, for any ``ζ`` off the poles.

With ``λ_j = j^{-p}`` and target weights ``j^{-q}`` (``p = 2α``, ``q = 2α+2β``) everything is made of

.. math:: T_m^s(\zeta) = \sum_{j \le v} \frac{j^{-s}}{(\lambda_j+\zeta)^m},\qquad
          D_1 = T_1^p,\quad D_1' = -T_2^p,\quad D_1'' = 2\,T_3^p,\quad N = T_1^q .

Eigenvalues far above ``|ζ|`` enter by their inverse moments and those far below by their moments,

.. math:: \zeta^{-m}\sum_{k<K}\binom{k+m-1}{m-1}(-\zeta)^{-k} M_k,\qquad M_k = \sum_{j\ge b} j^{-s-pk},

whose remainder is at most ``C(K+m−1, m−1) M_K |ζ|^{-K-m} / (1−λ_b/|ζ|)^m``; the ones between are added up. The moments
are direct sums, for a long or infinite spectrum Hurwitz zeta functions, and are kept for each level and precision.

Where that is long, and for real ``ζ`` on long spectra, Euler–Maclaurin summation (:mod:`~scalesym.certified.euler_maclaurin`)
takes its place: its cost does not depend on ``v`` or ``ζ``.

**Reach.** ``ζ > 0`` and ``ζ < −1``: every ``v ≤ 10^24`` and ``∞``. Complex ``ζ``: likewise while ``|arg(−ζ)|``
exceeds about ``p/40``; nearer to the poles while those between ``|ζ|/2`` and ``2|ζ|`` are at most some 10^4. A ball that may
touch a pole, or for which none of these roads is proven, gives a ball that is not finite.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import ParameterError
from ..precision import arb_of
from .euler_maclaurin import long_sums, remainder_plan
from .levels import head_series, level_above, level_below, power_sum, powers, tail_series

__all__ = ["PowerSums"]

_MIDDLE = 20_000  # longest middle that is added up
_LONG = 400  # longer ones go to Euler–Maclaurin summation where its remainder is proven
_SHORT = 500  # so do real |ζ| < 1 on longer spectra: too few of them are asked for to repay tables of moments
_MOST = 10**24
_STEEPEST = Fraction(1, 1000), Fraction(100)
_RATIOS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
_Kind = tuple[int, int]  # 0 for the weights λ_j, 1 for the targets' j^{-q}; the exponent m


@dataclass(frozen=True)
class PowerSums:
    """Sums over ``λ_j = j^{-p}``, ``j ≤ v``, with target weights ``j^{-q}``, in python-flint's current precision.

    Parameters
    ----------
    p, q:
        The exponents: rational, ``p > 0``.
    v:
        Number of eigenvalues, ``None`` for infinitely many (then ``p > 1`` and ``q > 1``).

    Raises
    ------
    ParameterError
        If the sums do not converge.

    Examples
    --------
    >>> from flint import arb
    >>> PowerSums(Fraction(2), Fraction(3), 2).d1(arb(1))
    [0.700000000000000 +/- ...]
    """

    p: Fraction
    q: Fraction
    v: int | None

    def __post_init__(self) -> None:
        if not _STEEPEST[0] <= self.p <= _STEEPEST[1]:
            raise ParameterError("p", self.p, "the sums are enclosed for 1/1000 <= p <= 100", "use such an exponent")
        if not abs(self.q) <= 2 * _STEEPEST[1]:
            raise ParameterError("q", self.q, "the sums are enclosed for |q| <= 200", "use such an exponent")
        if self.v is None and (self.p <= 1 or self.q <= 1):
            raise ParameterError("v", "inf", "the sums diverge", "use p > 1 and q > 1, or a finite v")
        if self.v is not None and not 1 <= self.v <= _MOST:
            raise ParameterError("v", self.v, "v is at most 10^24 here", "use 1 <= v <= 10^24, or None for ∞")

    def d1(self, zeta: Any) -> Any:
        """``Σ λ/(λ+ζ)``."""
        return self._sums(zeta, ((0, 1),))[0]

    def all(self, zeta: Any) -> tuple[Any, Any, Any]:
        """``D_1``, its derivative ``−Σ λ/(λ+ζ)²``, and ``N = Σ j^{-q}/(λ+ζ)``."""
        d1, slope, n = self._sums(zeta, ((0, 1), (0, 2), (1, 1)))
        return d1, -slope, n

    def slopes(self, zeta: Any) -> tuple[Any, Any]:
        """``D_1`` and its derivative."""
        d1, slope = self._sums(zeta, ((0, 1), (0, 2)))
        return d1, -slope

    def targets(self, zeta: Any) -> Any:
        """``N(ζ) = Σ j^{-q}/(λ+ζ)``."""
        return self._sums(zeta, ((1, 1),))[0]

    def second(self, zeta: Any) -> Any:
        """``D_1'' = 2 Σ λ/(λ+ζ)³``."""
        return 2 * self._sums(zeta, ((0, 3),))[0]

    def power_sum(self, s: Fraction) -> Any:
        """``Σ_{j≤v} j^{-s}``; for infinite ``v`` it needs ``s > 1``."""
        if self.v is None and s <= 1:
            raise ParameterError("s", s, "the sum diverges", "use s > 1, or a finite v")
        return power_sum(s, 1, self.v)

    def _sums(self, zeta: Any, kinds: tuple[_Kind, ...]) -> list[Any]:
        from flint import arb

        if not zeta.is_finite():
            return [zeta * arb.nan() for _ in kinds]
        low, high, p = _log2(zeta.abs_lower()), _log2(zeta.abs_upper()), float(self.p)
        largest = 10**6 * _MOST if self.v is None else self.v + 1
        ratio = _ratio(self.p, round(max(0.0, min(-low / p, math.log2(largest)))), _bits())
        terms = math.ceil((_bits() + 10) / ratio)
        start = level_below((-high - ratio) / p, largest)
        stop = level_above((ratio - low) / p, largest)
        if stop - start > _LONG or start > _MIDDLE or (high < 0 and isinstance(zeta, arb) and largest > _SHORT):
            plan = remainder_plan(self.p, zeta, _bits(), 2 ** min(-low / p, 100.0))
            if plan is not None and plan.start < min(largest, _MIDDLE):
                weighed = [(self._weight(which), m) for which, m in kinds]
                rest = long_sums(self.p, weighed, self.v, zeta, plan)
                return [x + y for x, y in zip(_middle(self.p, self.q, 1, plan.start, zeta, kinds), rest, strict=True)]
        if stop - start > _MIDDLE or start > _MIDDLE:
            return [zeta * arb.nan() for _ in kinds]
        totals = _middle(self.p, self.q, start, stop, zeta, kinds)
        if start > 1:
            totals = [x + y for x, y in zip(totals, self._head(start, zeta, kinds, terms), strict=True)]
        if self.v is None or stop <= self.v:
            totals = [x + y for x, y in zip(totals, self._tail(stop, zeta, kinds, terms), strict=True)]
        return totals

    def _tail(self, start: int, zeta: Any, kinds: tuple[_Kind, ...], terms: int) -> list[Any]:
        """The sums over ``j ≥ start`` by the moments."""
        inverse = 1 / zeta
        size = inverse.abs_upper()
        gap = 1 - _eigenvalue(self.p, start) * size
        results = []
        for which, m in kinds:
            series, last = tail_series(self.p, self._weight(which), self.v, start, terms, m, _bits())
            remainder = _around_zero(zeta, last * size**terms / gap**m if gap > 0 else None)
            results.append(inverse**m * (series(inverse) + remainder))
        return results

    def _head(self, stop: int, zeta: Any, kinds: tuple[_Kind, ...], terms: int) -> list[Any]:
        """The sums over ``j < stop`` by the inverse moments."""
        size = zeta.abs_upper()
        gap = 1 - size / _eigenvalue(self.p, stop - 1)
        results = []
        for which, m in kinds:
            series, last = head_series(self.p, self._weight(which), stop, terms, m, _bits())
            results.append(series(zeta) + _around_zero(zeta, last * size**terms / gap**m if gap > 0 else None))
        return results

    def _weight(self, which: int) -> Fraction:
        return self.q if which else self.p


def _middle(p: Fraction, q: Fraction, start: int, stop: int, zeta: Any, kinds: tuple[_Kind, ...]) -> list[Any]:
    """The terms ``start ≤ j < stop`` one by one."""
    from flint import arb

    totals, bits, real = [zeta * 0 for _ in kinds], _bits(), isinstance(zeta, arb)
    lam = powers(p, stop, bits, real)
    targets = powers(q, stop, bits, real) if any(which for which, _ in kinds) else lam
    if kinds == ((0, 1),):
        total = totals[0]
        for x in lam[start:stop]:
            total += x / (x + zeta)
        return [total]
    if kinds == ((0, 1), (0, 2), (1, 1)):
        d1, slope, n = totals
        for x, w in zip(lam[start:stop], targets[start:stop], strict=True):
            inverse = 1 / (x + zeta)
            u = x * inverse
            d1 += u
            slope += u * inverse
            n += w * inverse
        return [d1, slope, n]
    for i, (which, m) in enumerate(kinds):
        weights = targets if which else lam
        for x, w in zip(lam[start:stop], weights[start:stop], strict=True):
            totals[i] += w / (x + zeta) ** m
    return totals


def _around_zero(zeta: Any, bound: Any) -> Any:
    """A ball around zero, real like ``zeta`` or complex, with the radius ``bound``; not finite if there is none."""
    from flint import acb, arb

    radius = arb.nan() if bound is None else arb(0, bound.abs_upper())
    return radius if isinstance(zeta, arb) else acb(radius, radius)


def _eigenvalue(p: Fraction, j: int) -> Any:
    return arb_of(j) ** arb_of(-p)


def _bits() -> int:
    from flint import ctx

    return int(ctx.prec)


@lru_cache(maxsize=1024)
def _ratio(p: Fraction, octaves: int, bits: int) -> float:
    """Octaves between ``|ζ| = 2^{-p·octaves}`` and an eigenvalue that counts as far: the quickest for the three sums."""

    def cost(ratio: float) -> float:
        reach = min(ratio / float(p), 60.0)
        return 6 * 0.25 * bits / ratio + 3 * 2.0**octaves * (2**reach - 2**-reach)  # microseconds, as measured

    return min(_RATIOS, key=cost)


def _log2(x: Any) -> float:
    mantissa, exponent = x.mid().man_exp()
    if mantissa <= 0:
        return -math.inf
    return float(exponent) + math.log2(int(mantissa))
