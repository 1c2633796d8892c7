r"""The verdict on an answer: is it as near the certified value as a sound evaluation in the declared precision must come?

The tolerance is derived, not tuned. Let :math:`u` be the unit roundoff of the declared precision, :math:`n` the length of
the longest chain of roundings in the plain evaluation, and :math:`\kappa` the condition number
:math:`\sum_i|x_i\,\partial y/\partial x_i|/|y|` of the question. An evaluation that is backward stable is the exact answer
to inputs perturbed relatively by at most :math:`|\prod_{k\le n}(1+\delta_k)^{\pm1}-1|`. For roundings :math:`\delta_k` that
are independent, of mean zero and at most :math:`u`, that product differs from 1 by more than :math:`\lambda\sqrt n\,u` (to
first order) with probability at most :math:`2e^{-\lambda^2/2}` (Higham and Mary, *A new approach to probabilistic rounding
error analysis*, SIAM J. Sci. Comput. 41 (2019), theorem 2.4). The answer then errs by :math:`\kappa` times this, and once
more this for roundings that act on the result alone. With :math:`\lambda=5.4`, hence a false alarm in fewer than one of
:math:`10^6` tests,

.. math::

    \mathrm{tol} = \mathrm{rad} + |\mathrm{mid}|\;u\,(1+\kappa)\;5.4\sqrt n .

Inconclusive is the verdict where this first-order argument says nothing (a tolerance above a tenth of the value), and where
an answer is so good that the certified radius, and not its own rounding, would be what lets it pass.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from ..errors import ParameterError
from .protocol import Answer, Number, Unreadable, printable, rational, read_number, shown
from .vectors import Expected, Test

__all__ = ["OUTCOMES", "Judgement", "Outcome", "Precision", "judge", "modulus", "no_answer", "tolerance"]

Outcome = Literal["pass", "refused rightly", "fail", "refused wrongly", "no answer", "inconclusive", "unsupported"]

#: How a test can end.
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_LAMBDA = Fraction(54, 10)
_SCALE = 10**40  # square roots are rounded up to this resolution
_MOST_DIGITS = 50  # which the enclosures of the vectors can judge


@dataclass(frozen=True, slots=True)
class Precision:
    """The arithmetic that an implementation declares.

    ``unit`` is its unit roundoff, ``digits`` how many decimal digits carry one of its numbers without loss.
    """

    name: str
    unit: Fraction
    digits: int

    @classmethod
    def read(cls, text: str | Precision) -> Precision:
        """``"float32"``, ``"float64"``, or ``"mp:50"`` for 50 decimal digits.

        Raises
        ------
        ParameterError
            If there is no such precision.

        Examples
        --------
        >>> Precision.read("float64").unit == Fraction(1, 2**53)
        True
        >>> Precision.read("mp:30").digits
        30
        """
        if isinstance(text, Precision):
            return text
        if text == "float32":
            return cls(text, Fraction(1, 2**24), 9)
        if text == "float64":
            return cls(text, Fraction(1, 2**53), 17)
        found = re.fullmatch("mp:([0-9]{1,4})", text) if isinstance(text, str) else None
        if found is None or not 1 <= int(found[1]) <= _MOST_DIGITS:
            remedy = f"use float32, float64 or mp:N with N digits from 1 to {_MOST_DIGITS}"
            raise ParameterError("precision", text, "there is no such precision", remedy)
        return cls(f"mp:{int(found[1])}", Fraction(1, 2 * 10 ** int(found[1])), int(found[1]))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one answer.

    ``text`` says why; ``value`` is the number that was answered. ``error`` and ``tolerance`` are relative to the right
    value, or absolute where that is 0; ``None`` where there is nothing to compare.
    """

    outcome: Outcome
    text: str = ""
    value: Number | None = None
    error: Fraction | None = None
    tolerance: Fraction | None = None


def modulus(number: Number) -> Fraction:
    """The absolute value of a complex number, exact if it is real, else rounded up by less than 1e-40 of itself."""
    real, imaginary = number
    if not imaginary:
        return abs(real)
    if not real:
        return abs(imaginary)
    return _root(real * real + imaginary * imaginary)


def tolerance(test: Test, precision: Precision, at: Fraction, radius: Fraction = Fraction(0)) -> Fraction:
    """The tolerance of the module's formula around a value of modulus ``at``, known within ``radius``.

    Examples
    --------
    >>> from scalesym.oracle.vectors import Expected, Test
    >>> test = Test("t", "", "F", "equivalent", {}, "compute", {}, "must", (), Expected("2"), condition=3, roundings=100)
    >>> float(tolerance(test, Precision.read("float64"), Fraction(2)) * 2**53)  # 2 · (1 + 3) · 5.4 · 10
    432.0
    """
    return radius + at * precision.unit * (1 + Fraction(test.condition)) * _LAMBDA * _root(Fraction(test.roundings))


def judge(test: Test, answer: Answer, precision: Precision | str = "float64") -> Judgement:
    """The verdict on an answer.

    Parameters
    ----------
    test, answer:
        The question with its certified answer, and what was said.
    precision:
        The arithmetic that the implementation declares.

    Returns
    -------
    Judgement
        ``pass``; ``fail``; ``unsupported``; ``refused rightly`` or ``wrongly``; ``inconclusive``; ``no answer`` if all it says
        is that something went wrong.
    """
    if answer.kind == "unsupported":
        return Judgement("unsupported", answer.reason)
    if answer.kind == "error":
        return no_answer(f"the program reports an error: {printable(answer.reason, 200)}")
    expected = test.expected
    if expected is None:
        if answer.kind == "refused":
            return Judgement("refused rightly", answer.reason)
        return Judgement("fail", f"answered {shown(answer.value)}, but must be refused: {test.reason}")
    if answer.kind == "refused":
        return Judgement("refused wrongly", f"refused ({answer.reason})" if answer.reason else "refused")
    if isinstance(expected.exact, bool):
        return _same(answer.value, expected.exact)
    if expected.exact is not None:
        try:
            right = rational(expected.exact)
        except Unreadable:
            return _same(answer.value, expected.exact)
        return _near(test, answer.value, Precision.read(precision), (right, Fraction(0)), Fraction(0))
    return _near(test, answer.value, Precision.read(precision), _middle(expected), rational(expected.rad))


def no_answer(reason: str) -> Judgement:
    """The verdict on a program that said nothing, for the reason given."""
    return Judgement("no answer", reason)


def _same(value: object, right: str | bool) -> Judgement:
    """The verdict on a name or a truth value."""
    if type(value) is type(right) and value == right:
        return Judgement("pass")
    return Judgement("fail", f"{shown(right)} is right, not {shown(value)}")


def _near(test: Test, value: object, precision: Precision, right: Number, radius: Fraction) -> Judgement:
    try:
        number = read_number(value)
    except Unreadable as error:
        return Judgement("fail", str(error))
    distance = modulus((number[0] - right[0], number[1] - right[1]))
    size = modulus(right)
    if not math.isfinite(test.condition):
        return Judgement("inconclusive", "the question's condition number is not finite", number)
    allowed = tolerance(test, precision, size, radius)
    unit = size or Fraction(1)
    found = number, distance / unit, allowed / unit
    if not distance and not radius:
        return Judgement("pass", "", *found)
    if size and 10 * allowed > size:
        reason = f"in {precision.name} the tolerance exceeds a tenth of the value: the question is ill-conditioned"
        return Judgement("inconclusive", reason, *found)
    return Judgement("fail", "", *found) if distance > allowed else _passed(radius, allowed, *found)


def _passed(radius: Fraction, allowed: Fraction, number: Number, error: Fraction, relative: Fraction) -> Judgement:
    """Within the tolerance; but the certified radius must not be what it consists of."""
    if 2 * radius > allowed:
        reason = "the value is certified to fewer digits than the declared precision has"
        return Judgement("inconclusive", reason, number, error, relative)
    return Judgement("pass", "", number, error, relative)


def _middle(expected: Expected) -> Number:
    assert expected.mid is not None, "a test has a middle or an exact value"
    return read_number(expected.mid)


def _root(square: Fraction) -> Fraction:
    """The square root, rounded up by less than 1e-40 of itself; exact for squares of integers."""
    whole = math.isqrt(square.numerator) if square.denominator == 1 else 0
    if whole and whole * whole == square:
        return Fraction(whole)
    shift = max(0, square.denominator.bit_length() - square.numerator.bit_length() + 1) // 2
    scale = _SCALE << shift
    return Fraction(math.isqrt(square.numerator * scale * scale // square.denominator) + 1, scale)
