"""The regions and lines of the table of phases, as polygons and segments in a window of the ``(α, β)`` plane."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import Exact, real
from ..phases import Critical, phase_table
from ..powerlaw import Polynomial

__all__ = ["Polygon", "Window", "beyond", "equation", "regions", "segments", "straight"]

Polygon = npt.NDArray[np.float64]
_Condition = tuple[Polynomial, int]

_LARGEST = 100
_LETTERS = (r"\alpha", r"\beta")


@dataclass(frozen=True)
class Window:
    """What is shown: ``0 ≤ α ≤ alpha_max`` and ``beta_min ≤ β ≤ beta_max``."""

    alpha_max: float
    beta_min: float
    beta_max: float

    @classmethod
    def of(cls, alpha_max: object, beta_min: object, beta_max: object) -> Window:
        """Read the ends.

        Raises
        ------
        ParameterError
            If they are no numbers, leave no part of the domain to be seen, or are so large that nothing could be.
        """
        right = real(alpha_max, "alpha_max", above=0, reason="alpha is positive")
        low, high = real(beta_min, "beta_min"), real(beta_max, "beta_max")
        ends: dict[str, Exact] = {"alpha_max": right, "beta_min": low, "beta_max": high}
        for name, value in ends.items():
            if abs(float(value)) > _LARGEST:
                raise ParameterError(name, value, "the phases would not be seen", f"use |{name}| <= {_LARGEST}")
        if not low < high:
            raise ParameterError("beta_max", beta_max, f"it is not above beta_min = {low}", "use a larger one")
        if not all(each.at((Fraction(right), Fraction(high))) > 0 for each in phase_table().domain):
            reason = f"with alpha_max = {right} there is a power law nowhere in the picture"
            raise ParameterError("beta_max", beta_max, reason, f"use beta_max > {Fraction(1, 2) - Fraction(right)}")
        return cls(float(right), float(low), float(high))

    @property
    def polygon(self) -> Polygon:
        """Its corners."""
        a, low, high = self.alpha_max, self.beta_min, self.beta_max
        return np.array([(0, low), (a, low), (a, high), (0, high)], dtype=float)


def straight(curve: Polynomial) -> list[tuple[float, float, float]]:
    """The lines ``a α + b β + c = 0`` of which a curve is made.

    Raises
    ------
    AssertionError
        If it is not made of straight lines, which no curve of the table is.

    Examples
    --------
    >>> [straight(curve) for curve in phase_table().curves][:2]
    [[(1.0, -1.0, 0.0)], [(2.0, 0.0, -1.0)]]
    """
    known = {powers: float(coefficient) for coefficient, powers in curve.terms}
    if all(sum(powers) <= 1 for powers in known):
        return [(known.get((1, 0), 0.0), known.get((0, 1), 0.0), known.get((0, 0), 0.0))]
    if any(powers[1] for powers in known):
        raise AssertionError(f"{curve.text} = 0 is not made of straight lines")
    degree = max(powers[0] for powers in known)
    roots = np.roots([known.get((degree - n, 0), 0.0) for n in range(degree + 1)])
    return [(1.0, 0.0, -float(root.real)) for root in roots if abs(root.imag) < 1e-12]


def equation(curve: Polynomial) -> str:
    r"""A curve written as an equation, in mathtext; of two lines, the one at the smaller ``α``.

    Examples
    --------
    >>> [equation(curve) for curve in phase_table().curves]
    ['\\alpha = \\beta', '2\\alpha = 1', '2\\beta = 1', '\\alpha = 1/4', '\\alpha = 1-1/\\sqrt{2}']
    """
    known = {powers: Fraction(coefficient) for coefficient, powers in curve.terms}
    a, b, c = known.get((1, 0), Fraction(0)), known.get((0, 1), Fraction(0)), known.get((0, 0), Fraction(0))
    if square := known.get((2, 0)):
        middle, under = -a / (2 * square), (a * a / (4 * square) - c) / square
        if under.numerator != 1 or isqrt(under.denominator) ** 2 == under.denominator:
            return f"{curve.latex} = 0"
        return rf"\alpha = {middle}-1/\sqrt{{{under.denominator}}}"
    if a and b:
        scale = abs(a)
        left = _LETTERS[0] if b < 0 else "+".join(_LETTERS)
        return f"{left} = {_LETTERS[1] if b < 0 else -c / scale}"
    letter, factor = (_LETTERS[0], a) if a else (_LETTERS[1], b)
    root = -c / factor
    return f"2{letter} = {root.numerator}" if root.denominator == 2 else f"{letter} = {root}"


def regions(window: Window) -> dict[str, Polygon]:
    """The part of each phase that a window shows, by name; phases that it does not show are left out.

    Examples
    --------
    >>> regions(Window(1, 0, 1))["Ib"].tolist()
    [[0.5, 0.0], [0.5, 0.5], [0.0, 0.5]]
    """
    domain = [(each, 1) for each in phase_table().domain]
    found = {}
    for entry in phase_table().phases:
        parts = _where(window, [*entry.region.conditions, *domain])
        if len(parts) > 1:
            raise AssertionError(f"phase {entry.name} is not convex")
        if parts:
            found[entry.name] = parts[0]
    return found


def beyond(window: Window) -> Polygon | None:
    """The part of a window without a power law, outside the domain; ``None`` if it shows none."""
    (line,) = [each for each in phase_table().domain if len(each.terms) > 1]  # the other one is α > 0
    parts = _where(window, [(line, -1)])
    return parts[0] if parts else None


def segments(window: Window, line: Critical) -> list[Polygon]:
    """The part of a critical line that a window shows, as pairs of ends.

    Examples
    --------
    >>> (jump,) = [line for line in phase_table().lines if line.jumps]
    >>> segments(Window(1, 0, 2), jump)[0].round(4).tolist()
    [[0.2929, 0.5], [0.2929, 2.0]]
    """
    conditions = [*line.where.conditions, *((each, 1) for each in phase_table().domain)]
    found = []
    for a, b, c in straight(line.curve):
        foot = np.array([a, b]) * (-c / (a * a + b * b))
        along = np.array([-b, a]) / np.hypot(a, b) * (1 if a > 0 else -1)
        sides = [*_sides(window), *(each for curve, _ in conditions for each in straight(curve))]
        crossings = {
            -(p * foot[0] + q * foot[1] + r) / slope for p, q, r in sides if (slope := p * along[0] + q * along[1])
        }
        ends = sorted(crossings)
        for low, high in pairwise(ends):
            middle = foot + (low + high) / 2 * along
            if high - low > 1e-9 and _inside(window, middle) and _hold(conditions, middle):
                found.append(np.array([foot + low * along, foot + high * along]))
    return found


def _sides(window: Window) -> list[tuple[float, float, float]]:
    return [(1, 0, 0), (1, 0, -window.alpha_max), (0, 1, -window.beta_min), (0, 1, -window.beta_max)]


def _inside(window: Window, point: Sequence[float]) -> bool:
    return 0 <= point[0] <= window.alpha_max and window.beta_min <= point[1] <= window.beta_max


def _where(window: Window, conditions: Sequence[_Condition]) -> list[Polygon]:
    """The window cut along the curves of some conditions: the pieces on which they hold."""
    parts = [window.polygon]
    for line in (each for curve, _ in conditions for each in straight(curve)):
        parts = [half for part in parts for half in _halves(part, line)]
    return [part for part in parts if _hold(conditions, part.mean(axis=0))]


def _hold(conditions: Iterable[_Condition], point: Any) -> bool:
    at = [Fraction(float(value)) for value in point]
    return all(curve.sign_at(at) == sign for curve, sign in conditions)


def _halves(polygon: Polygon, line: tuple[float, float, float]) -> list[Polygon]:
    """A convex polygon cut along a line."""
    height = polygon @ np.array(line[:2]) + line[2]
    height[np.abs(height) < 1e-12] = 0
    if (height >= 0).all() or (height <= 0).all():
        return [polygon]
    halves: tuple[list[Any], list[Any]] = ([], [])
    for here, h, there, k in zip(polygon, height, np.roll(polygon, -1, axis=0), np.roll(height, -1), strict=True):
        for side, half in zip((1, -1), halves, strict=True):
            if side * h >= 0:
                half.append(here)
            if h * k < 0:
                half.append(here + (there - here) * (h / (h - k)))
    return [np.array(half) for half in halves]
