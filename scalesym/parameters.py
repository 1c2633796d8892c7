"""Exact parsing and validation of numbers.

Exact inputs stay exact: ``int``, ``Fraction``, ``Decimal``, SymPy rationals and strings such as ``"7/10"``, ``"0.7"``
or ``"1e6"`` become :class:`fractions.Fraction`; a ``float`` stays the binary number it is. Text is parsed by
``Fraction`` alone, never evaluated.
"""

from __future__ import annotations

import math
import numbers
import sys
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from .errors import ParameterError
from .resources import require_memory, require_time

__all__ = ["Exact", "batch_size", "digits_count", "entries", "nonnegative", "number", "real", "steps", "whole_number"]

#: An exact rational, or a float taken as the binary number it is.
Exact = Fraction | float

_LONGEST = 400  # characters of a number given as text
_LARGEST_EXPONENT = 10_000  # "1e999999999" must not become a billion-digit integer
_BYTES_EACH, _SECONDS_EACH = 400, 1e-4  # that a value of r costs, in double precision
_SMALLEST, _GREATEST = sys.float_info.min, sys.float_info.max


def number(value: object, name: str) -> Exact:
    """Read one real number; infinity is allowed (``inf``, ``"inf"``), NaN is not.

    Raises
    ------
    ParameterError
        If ``value`` is not a real number (a bool, ``None``, a list, complex, NaN, or text that is not a number).

    Examples
    --------
    >>> number("-1/5", "beta")
    Fraction(-1, 5)
    >>> number(0.7, "alpha")
    0.7
    """
    remedy = "give a real number such as 0.7, '7/10' or Fraction(7, 10)"
    if isinstance(value, str):
        return _from_text(value, name, remedy)
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        raise ParameterError(name, value, "a truth value is not a number", remedy)
    try:
        result = _from_object(value)
    except OverflowError:
        raise ParameterError(name, value, f"its exponent exceeds {_LARGEST_EXPONENT}", remedy) from None
    except Exception:  # a foreign number type that cannot keep its own promise, such as a SymPy symbol declared real
        raise ParameterError(name, value, f"{type(value).__name__} has no real value", remedy) from None
    if result is None:
        raise ParameterError(name, value, f"{type(value).__name__} is not a real number", remedy)
    if result != result:
        raise ParameterError(name, value, "NaN is not a number", remedy)
    return result


def real(
    value: object,
    name: str,
    *,
    above: float | None = None,
    reason: str = "it lies outside the domain",
    infinite: bool = False,
) -> Exact:
    """Read a real number within the range of double precision, and require ``value > above`` if that is given.

    Parameters
    ----------
    value, name:
        What was given, and the parameter's name in the error.
    above, reason:
        Exclusive lower bound, and why values at or below it cannot be used.
    infinite:
        Whether ``+∞`` is allowed.

    Raises
    ------
    ParameterError
        If ``value`` is not a number (see :func:`number`), is infinite where it must not be, is too large or too
        small for double precision, or is not above the bound.

    Examples
    --------
    >>> real("1e3", "d", above=0)
    Fraction(1000, 1)
    >>> real(0, "alpha", above=0, reason="the spectrum would be flat")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: alpha = 0: the spectrum would be flat; use alpha > 0
    """
    result = number(value, name)
    if not _finite(result):
        if not (infinite and result > 0):
            raise ParameterError(name, value, "it must be finite", "give a finite number")
    elif result and not _within_doubles(result):
        remedy = f"use {_SMALLEST:.1e} <= |{name}| <= {_GREATEST:.1e}"
        raise ParameterError(name, value, "it leaves the range of double precision", remedy)
    if above is not None and not result > above:
        raise ParameterError(name, value, reason, f"use {name} > {above:g}")
    return result


def nonnegative(value: object, name: str, reason: str) -> Exact:
    """Read a finite real number that is not negative.

    Examples
    --------
    >>> nonnegative("1/4", "noise_variance", "it is a variance")
    Fraction(1, 4)
    """
    result = real(value, name)
    if result < 0:
        raise ParameterError(name, value, reason, f"use {name} >= 0")
    return result


def batch_size(value: object) -> int:
    """Read the batch size, a positive integer (an integral float or text is accepted).

    Examples
    --------
    >>> batch_size("64")
    64
    """
    result = number(value, "batch")
    if not _finite(result) or result != int(result) or result < 1:
        raise ParameterError("batch", value, "the batch is a count of samples", "use an integer batch >= 1")
    if result > 10**12:
        raise ParameterError("batch", value, "larger batches are not resolved in double precision", "use batch <= 1e12")
    return int(result)


def whole_number(value: object, name: str, least: int) -> int:
    """Read an integer that is not below ``least``.

    Examples
    --------
    >>> whole_number("1e3", "runs", least=1)
    1000
    """
    result = number(value, name)
    if not _finite(result) or result != int(result) or result < least:
        raise ParameterError(name, value, "it is not a count", f"use an integer {name} >= {least}")
    return int(result)


def digits_count(value: object) -> int | None:
    """Read ``digits``: ``None`` for double precision, or a number of decimal digits from 1 to 1000.

    Examples
    --------
    >>> digits_count("50")
    50
    """
    if value is None:
        return None
    result = number(value, "digits")
    if not _finite(result) or result != int(result) or not 1 <= result <= 1000:
        remedy = "use an integer from 1 to 1000, or None for double"
        raise ParameterError("digits", value, "it counts decimal digits", remedy)
    return int(result)


def steps(values: object) -> tuple[list[int], tuple[int, ...]]:
    """Read a step or an array of steps: exact non-negative integers in row-major order, and the shape.

    ``1e20`` is read as the integer it stands for; non-integral steps are refused, because the recursion has none.

    Raises
    ------
    ParameterError
        If a step is not a number, not an integer, negative, or above ``1e300``.

    Examples
    --------
    >>> steps([0, "1e20"])
    ([0, 100000000000000000000], (2,))
    """
    items, shape = entries(values, "r")
    return [_step(item) for item in items], shape


def entries(values: object, name: str) -> tuple[Iterable[object], tuple[int, ...]]:
    """The numbers of an array, list, tuple or range in row-major order, or of a single one; and the shape.

    Raises
    ------
    ParameterError
        Before anything is copied, if there are too many for the memory or for a day.

    Examples
    --------
    >>> entries(range(3), "r")
    (range(0, 3), (3,))
    >>> entries(range(10**15), "r")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: r = range(0, 1000000000000000): it would need 400 PB of memory, ...
    """
    if isinstance(values, range):
        count = max(0, -((values.start - values.stop) // values.step))  # its len() ends at 2^63
    elif hasattr(values, "shape") and hasattr(values, "ravel"):
        count = math.prod(values.shape)
    elif isinstance(values, list | tuple):
        count = len(values)
    else:
        return [values], ()
    if count > 10**5:
        remedy = "ask for fewer at a time"
        require_memory(name, values, count * _BYTES_EACH, remedy)
        require_time(name, values, count * _SECONDS_EACH, remedy)
    if hasattr(values, "shape") and hasattr(values, "ravel"):
        return values.ravel().tolist(), tuple(values.shape)
    return values, (count,)  # type: ignore[return-value]


def _step(value: object) -> int:
    remedy = "use integers r >= 0"
    if type(value) is int:  # the common case, kept quick
        result: Exact | int = value
    else:
        result = number(value, "r")
    if not _finite(result) or result != int(result):
        raise ParameterError("r", value, "the number of steps is an integer", remedy)
    if result < 0:
        raise ParameterError("r", value, "the number of steps cannot be negative", remedy)
    if result > 10**300:
        raise ParameterError("r", value, "it exceeds the range of double precision", "use r <= 1e300")
    return int(result)


def _finite(value: Exact) -> bool:
    """``math.isfinite`` without the detour over ``float``, which overflows for large rationals."""
    return not isinstance(value, float) or math.isfinite(value)


def _within_doubles(value: Exact) -> bool:
    if isinstance(value, Fraction) and -1000 < value.numerator.bit_length() - value.denominator.bit_length() < 1000:
        return True  # surely, and at a hundredth of the cost of comparing
    return _SMALLEST <= (value if value > 0 else -value) <= _GREATEST


def _from_object(value: object) -> Exact | None:
    """The value of a number that is not text; ``None`` if the type is no real number's."""
    if isinstance(value, Decimal):
        if value.is_nan():
            return math.nan
        if value.is_infinite():
            return math.copysign(math.inf, value)
        if abs(value.adjusted()) > _LARGEST_EXPONENT:
            raise OverflowError
        return Fraction(value)
    if isinstance(value, numbers.Rational):  # int, Fraction, NumPy integers, SymPy rationals
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Real):
        return _binary(value)
    if getattr(value, "is_extended_real", None) is True and hasattr(value, "__float__"):  # SymPy: sqrt(2), pi, oo
        return float(value)
    return None


def _binary(value: numbers.Real) -> Exact:
    """A binary floating-point number; one with more than 53 bits becomes the rational that it is."""
    parts = getattr(value, "_mpf_", None)  # mpmath and SymPy floats: sign, mantissa, exponent, bits
    if parts is not None and parts[1]:
        sign, mantissa, exponent, bits = (int(part) for part in parts)
        if bits > 53 or not -1000 < exponent + bits < 1000:
            if abs(exponent) > 4 * _LARGEST_EXPONENT:
                raise OverflowError
            return Fraction(-mantissa if sign else mantissa) * Fraction(2) ** exponent
    result = float(value)
    if not isinstance(value, float) and hasattr(value, "as_integer_ratio") and math.isfinite(result):
        exact = Fraction(*(int(part) for part in value.as_integer_ratio()))
        return result if exact == Fraction(result) else exact
    return result


def _from_text(text: str, name: str, remedy: str) -> Exact:
    stripped = text.strip().replace("−", "-")  # a minus sign pasted from a formula
    if stripped.lower()[stripped[:1] in ("+", "-") :] in ("inf", "infinity", "∞"):
        return -math.inf if stripped.startswith("-") else math.inf
    if not stripped:
        raise ParameterError(name, text, "the text is empty", remedy)
    if len(stripped) > _LONGEST:
        raise ParameterError(name, text, f"a number has at most {_LONGEST} characters", remedy)
    exponent = stripped.lower().partition("e")[2].replace("_", "").lstrip("+-")
    if exponent.isdecimal() and int(exponent) > _LARGEST_EXPONENT:
        raise ParameterError(name, text, f"its exponent exceeds {_LARGEST_EXPONENT}", remedy)
    try:
        return Fraction(stripped)
    except ZeroDivisionError:
        raise ParameterError(name, text, "it divides by zero", remedy) from None
    except ValueError:
        raise ParameterError(name, text, "it is not a number", remedy) from None
