"""Local precision contexts: python-flint's is restored on every exit, mpmath's global one is never touched."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .parameters import Exact

__all__ = ["arb_of", "flint_digits", "mp_context", "to_mpf"]


@contextmanager
def flint_digits(digits: int) -> Iterator[None]:
    """Run python-flint with at least ``digits`` decimal digits; the former precision comes back on every exit."""
    from flint import ctx

    former = ctx.prec
    ctx.prec = math.ceil(digits * math.log2(10)) + 8
    try:
        yield
    finally:
        ctx.prec = former


def arb_of(value: Exact | int) -> Any:
    """An ``arb`` around an exact rational or binary number, in python-flint's current precision."""
    from flint import arb, fmpq

    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


@lru_cache(maxsize=64)
def mp_context(digits: int) -> Any:
    """A private mpmath context that shows ``digits`` decimal digits."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = digits
    return context


def to_mpf(value: Any, digits: int) -> Any:
    """Round the midpoint of an ``arb`` to an mpmath number with ``digits`` digits."""
    context = mp_context(digits)
    if not value.is_finite():
        return context.inf if value > 0 else context.ninf if value < 0 else context.nan
    mantissa, exponent = value.mid().man_exp()
    return context.ldexp(context.mpf(int(mantissa)), int(exponent))
