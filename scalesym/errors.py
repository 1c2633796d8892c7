"""Typed errors and warnings: each says what was wrong, the value, and what would be right."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

__all__ = ["AccuracyWarning", "ConvergenceError", "ParameterError", "ScalesymError", "StabilityError"]


class ScalesymError(Exception):
    """Base class of every error that scalesym raises on purpose."""


class ParameterError(ScalesymError, ValueError):
    """A parameter lies outside the domain of what was asked.

    Parameters
    ----------
    name:
        The parameter, as the public function spells it.
    value:
        What was given.
    reason:
        Why this value cannot be used.
    remedy:
        What would be valid.

    Examples
    --------
    >>> raise ParameterError("alpha", -1, "the spectrum would grow", "use alpha > 0")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: alpha = -1: the spectrum would grow; use alpha > 0
    """

    def __init__(self, name: str, value: object, reason: str, remedy: str) -> None:
        self.name, self.value, self.reason, self.remedy = name, value, reason, remedy
        super().__init__(name, value, reason, remedy)

    def __str__(self) -> str:
        return f"{self.name} = {_shown(self.value)}: {self.reason}; {self.remedy}"


class StabilityError(ParameterError):
    """The learning rate is at or above the critical one, so the loss has no limit.

    ``critical`` is the critical learning rate and ``condition`` the condition that fails first:
    ``"kernel norm"`` (``‖K‖ < 1``) or ``"pointwise"`` (``γ(B+1)λ_max < 2``). ``where`` says so if it is a single draw of
    ``W`` on which it fails.
    """

    def __init__(self, value: object, critical: float, condition: str, where: str = "") -> None:
        self.critical, self.condition, self.where = critical, condition, where
        meaning = {"kernel norm": "‖K‖ < 1", "pointwise": "γ(B+1)λ_max < 2"}[condition]
        other = "another seed" if where else "gamma='half-critical'"
        ParameterError.__init__(
            self,
            "gamma",
            value,
            f"one-pass SGD diverges{where and ' ' + where}, the {condition} condition {meaning} fails",
            f"use 0 < gamma <= {_below(critical)} (the critical learning rate is {critical:.9g}), or {other}",
        )

    def __reduce__(self) -> tuple[type[StabilityError], tuple[object, float, str, str]]:
        return StabilityError, (self.value, self.critical, self.condition, self.where)


class ConvergenceError(ScalesymError, ArithmeticError):
    """An internal iteration failed its own check; no number is returned."""


class AccuracyWarning(UserWarning):
    """A result is too small to be resolved in the arithmetic asked for and was replaced as the message says."""


def decimal_text(value: Fraction, digits: int, up: bool = False) -> str:
    """A bound as a decimal number that does not promise too much: rounded down, or up.

    Examples
    --------
    >>> decimal_text(Fraction(2, 3), 6), decimal_text(Fraction(2, 3), 6, up=True)
    ('0.666666', '0.666667')
    """
    context = Context(prec=digits, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return f"{context.divide(Decimal(value.numerator), Decimal(value.denominator)):g}"


def _below(critical: float) -> str:
    """Six digits that are surely accepted."""
    return decimal_text(Fraction(critical) * (1 - Fraction(2, 10**6)), 6) if 0 < critical < math.inf else str(critical)


def _shown(value: object, limit: int = 60) -> str:
    """``repr`` of exact numbers without the type name, cut to one short line; never raises."""
    try:
        text = str(value) if isinstance(value, int | float) or type(value).__name__ == "Fraction" else repr(value)
    except Exception:  # an integer above Python's limit of 4300 digits, or a foreign object's own repr
        text = f"<{type(value).__name__} that cannot be printed>"
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
