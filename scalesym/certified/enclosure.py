r"""Enclosures: a centre and a proven radius, both exact; and the search for a precision that makes the radius small.

What the rest of this package computes is a ball of python-flint, ``[x ± r]``, whose two numbers are binary and exact.
:class:`Enclosure` keeps them as fractions, so that nothing is lost when precision contexts end, and prints them so that
the printed pair encloses too: the rounding of the printed centre is added to the printed radius, which is rounded up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import ConvergenceError, ParameterError
from ..parameters import number
from ..precision import flint_digits

__all__ = ["ComplexEnclosure", "Enclosure", "refine"]

_MOST = 1000  # digits that are ever claimed: those of an exact number
_GUARD = 10  # decimal digits beyond those asked for, at the first attempt
_ATTEMPTS = 6  # each with twice the digits of the one before


@dataclass(frozen=True)
class Enclosure:
    """All real numbers within ``radius`` of ``centre``; both exact.

    Examples
    --------
    >>> third = Enclosure(Fraction(333, 1000), Fraction(1, 1000))
    >>> third.contains(Fraction(1, 3)), third.contains("0.34"), third.digits
    (True, False, 2)
    >>> print(third)
    0.333 ± 0.001
    """

    centre: Fraction
    radius: Fraction

    def __post_init__(self) -> None:
        if self.radius < 0:
            raise ParameterError("radius", self.radius, "no number is that near", "use radius >= 0")

    @classmethod
    def of(cls, ball: Any) -> Enclosure:
        """The enclosure that a finite ``arb`` is.

        Raises
        ------
        ConvergenceError
            If the ball is not finite.
        """
        if not ball.is_finite():
            raise ConvergenceError("the ball is not finite: nothing is proven at this precision")
        return cls(_exact(ball.mid()), _exact(ball.rad()))

    @property
    def low(self) -> Fraction:
        """The left end."""
        return self.centre - self.radius

    @property
    def high(self) -> Fraction:
        """The right end."""
        return self.centre + self.radius

    def contains(self, x: object) -> bool:
        """Whether ``x`` lies inside: an exact number, a binary one taken as it is, or a decimal text."""
        return self.low <= number(x, "x") <= self.high

    @property
    def digits(self) -> int:
        """How many significant decimal digits are proven, the largest ``n`` with ``radius ≤ 10^{-n}|x|`` for all its ``x``."""
        return _digits(self.radius, abs(self.centre) - self.radius)

    def decimal(self, n: int) -> tuple[str, str]:
        """The centre to ``n`` significant digits, and a radius of two digits such that the two texts enclose.

        Examples
        --------
        >>> Enclosure(Fraction(2, 3), Fraction(0)).decimal(5)
        ('0.66667', '3.4e-6')
        >>> Enclosure(Fraction(1, 4), Fraction(0)).decimal(5)
        ('0.25', '0')
        """
        if n < 1:
            raise ParameterError("n", n, "a number has at least one digit", "use n >= 1")
        centre = _rounded(self.centre, n, round)
        text = _written(centre, _unit(self.centre, n)) if centre != self.centre else _plain(centre, n)
        return text, _plain(_rounded(self.radius + abs(self.centre - centre), 2, math.ceil), 2)

    def __str__(self) -> str:
        """The proven digits and two more, ``±`` the radius."""
        return " ± ".join(self.decimal(min(self.digits + 2, 60)))


@dataclass(frozen=True)
class ComplexEnclosure:
    """A rectangle: all complex numbers whose two parts lie in these enclosures."""

    real: Enclosure
    imag: Enclosure

    @classmethod
    def of(cls, ball: Any) -> ComplexEnclosure:
        """The rectangle that a finite ``acb`` is."""
        return cls(Enclosure.of(ball.real), Enclosure.of(ball.imag))

    def contains(self, z: Any) -> bool:
        """Whether ``z``, with the attributes ``real`` and ``imag``, lies inside."""
        return self.real.contains(z.real) and self.imag.contains(z.imag)

    @property
    def digits(self) -> int:
        """The proven digits relative to the modulus, for the less precise part."""
        squares = [max(Fraction(0), abs(part.centre) - part.radius) ** 2 for part in (self.real, self.imag)]
        radius = max(self.real.radius, self.imag.radius)
        return _digits(radius**2, sum(squares, Fraction(0)), 2)

    def __str__(self) -> str:
        return f"({self.real}) + ({self.imag})i"


def refine(evaluate: Callable[[], Any], digits: int) -> Enclosure | ComplexEnclosure:
    """Evaluate in growing precision until the relative radius is below ``10^{-digits}``.

    Parameters
    ----------
    evaluate:
        Returns an ``arb`` or ``acb`` in python-flint's current precision, not finite where it proves nothing.
    digits:
        Decimal digits wanted. For a complex value they are relative to its modulus.

    Returns
    -------
    Enclosure or ComplexEnclosure
        An exact zero (radius 0) is accepted. A ball that contains zero otherwise never is: no relative radius is known.

    Raises
    ------
    ConvergenceError
        If 32 times the digits are not enough; also for a value that is zero but cannot be seen to be.

    Examples
    --------
    >>> from flint import arb
    >>> print(refine(lambda: arb(2).sqrt(), 15))
    1.4142135623730950488016887241 ± 4.3e-28
    """
    if not 1 <= digits <= _MOST:
        raise ParameterError("digits", digits, "it counts decimal digits", f"use an integer from 1 to {_MOST}")
    working = digits + _GUARD
    for _ in range(_ATTEMPTS):
        with flint_digits(working):
            ball = evaluate()
        if ball.is_finite():
            found = Enclosure.of(ball) if not hasattr(ball, "imag") or _is_real(ball) else ComplexEnclosure.of(ball)
            if found.digits >= digits:
                return found
        working *= 2
    raise ConvergenceError(f"{digits} digits are not proven in arithmetic with {working // 2}; the value may be 0")


def _is_real(ball: Any) -> bool:
    from flint import arb

    return isinstance(ball, arb)


def _exact(value: Any) -> Fraction:
    mantissa, exponent = value.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _digits(radius: Fraction, least: Fraction, power: int = 1) -> int:
    """The largest ``n`` with ``radius·10^{power·n} ≤ least``."""
    if radius == 0:
        return _MOST
    if least <= radius:
        return 0
    ratio = least / radius
    n = max(0, (ratio.numerator.bit_length() - ratio.denominator.bit_length()) * 30103 // (100000 * power) - 1)
    while ratio >= 10 ** (power * (n + 1)):
        n += 1
    return min(n, _MOST)


def _magnitude(x: Fraction) -> int:
    """The decimal exponent of the leading digit."""
    size = abs(x)
    exponent = (size.numerator.bit_length() - size.denominator.bit_length()) * 30103 // 100000 - 1
    while size >= Fraction(10) ** (exponent + 1):
        exponent += 1
    return exponent


def _unit(x: Fraction, n: int) -> Fraction:
    return Fraction(10) ** (_magnitude(x) - n + 1)


def _rounded(x: Fraction, n: int, how: Callable[[Fraction], int]) -> Fraction:
    return how(x / _unit(x, n)) * _unit(x, n) if x else x


def _plain(x: Fraction, n: int) -> str:
    """A decimal number of at most ``n`` digits, without trailing zeros."""
    if x == 0:
        return "0"
    unit = _unit(x, n)
    while (x / (10 * unit)).denominator == 1:
        unit *= 10
    return _written(x, unit)


def _written(x: Fraction, unit: Fraction) -> str:
    """A multiple of a power of ten, as text: with an exponent if it is below 1e-4 or not resolved to units."""
    sign, mantissa, places = "-" if x < 0 else "", str(abs(int(x / unit))), _magnitude(unit)
    leading = places + len(mantissa) - 1
    if places > 0 or leading < -4:
        fraction = f".{mantissa[1:]}" if len(mantissa) > 1 else ""
        return f"{sign}{mantissa[0]}{fraction}e{leading}"
    if places == 0:
        return sign + mantissa
    padded = mantissa.rjust(1 - places, "0")
    return f"{sign}{padded[:places]}.{padded[places:]}"
