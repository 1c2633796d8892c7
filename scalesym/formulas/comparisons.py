"""Checks of limits: both sides in numbers along a sequence, or the result against the literal equations.

Sides of a step are evaluated as trees, to any precision; :class:`~scalesym.formulas.literal.Literal` is the
deterministic equivalent in double precision, which shares nothing with the operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp

from .alphabet import p, tau
from .checks import Point, at
from .contours import Hankel
from .definitions import DEFINITIONS, records
from .derivation import Check, DerivationError, Evidence, Outcome
from .evaluation import evaluate
from .literal import Literal
from .trees import encode

__all__ = ["Path", "Point", "against_literal", "agreement", "along", "at", "by_parabola", "literally", "number"]

_Expr = Any  # SymPy ships no types
_FLOOR = 1e-5  # where double precision, or the shape of q^r, may stop the approach
#: A point for every size.
Path = Callable[[int], Point]


@lru_cache(maxsize=1)
def _records() -> Mapping[str, Mapping[str, Any]]:
    return records()


def number(expression: _Expr, point: Point, digits: int = 20) -> Any:
    """The value of an expression, its definitions included.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import kappa
    >>> print(number(kappa, at(alpha=1, d=100, v=400), 10))
    0.5151604015
    """
    return evaluate(encode(expression), point, digits, _records())


def agreement(points: Sequence[Point], digits: int = 20) -> Check:
    """Both sides agree to ``digits`` digits at every point, with letters and quantities as they are defined."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            a, b = (number(e, point, digits + 3) for e in (before, outcome.expression))
            gap = abs(a - b) / abs(b)
            if gap > 10.0**-digits:
                raise DerivationError(f"at {_shown(point)}: {a} before, {b} after")
            figures.append(f"{_shown(point)}: relative difference {float(gap):.0e}")
        claim = f"both sides agree to {digits} digits, definitions put in, at {len(points)} rational points"
        return Evidence(claim, tuple(figures))

    return check


def along(paths: Sequence[Path], sizes: Sequence[int], within: float, digits: int = 10) -> Check:
    """The ratio of both sides tends to 1: its distance falls from size to size, and ends below ``within``."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for path in paths:
            gaps = []
            for size in sizes:
                a, b = (number(e, path(size), digits) for e in (before, outcome.expression))
                gaps.append(float(abs(a / b - 1)))
            figures.append(_judged(_shown(path(sizes[-1])), gaps, within))
        how = "tends to 1" if len(sizes) > 1 else "is near 1 at the end of"
        claim = f"the ratio of both sides {how}{' along' if len(sizes) > 1 else ''} {_sequences(paths)}, to within {within:g}"
        return Evidence(claim, tuple(figures))

    return check


def _with_letters(expression: _Expr, point: Point, digits: int) -> Point:
    """The point, and the values of the letters that have a definition, computed once for all terms."""
    found = dict(point)
    for letter in sorted(expression.free_symbols, key=lambda symbol: symbol.name):
        if letter.name in DEFINITIONS and letter.name not in found:
            found[letter.name] = Fraction(str(number(letter, found, digits)))
    return found


def against_literal(
    quantity: str, paths: Sequence[Path], sizes: Sequence[int], within: float, every_term: bool = True
) -> Check:
    """The result tends to the ``forcing``, ``kernel`` or ``loss`` of the literal equations, and each of its terms counts.

    The ratio's distance from 1 must fall from size to size and end below ``within``; and for every term of the result there
    must be a sequence where its share is three times that, so that it could be neither left out nor doubled.
    """

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        terms = sp.Add.make_args(outcome.expression)
        shares = [0.0 for _ in terms]
        for path in paths:
            gaps = []
            for size in sizes:
                point = path(size)
                exact = getattr(Literal(point), quantity)(float(point["r"]))
                known = _with_letters(outcome.expression, point, 14)
                values = [float(number(term, known, 12)) for term in terms]
                gaps.append(abs(exact / sum(values) - 1))
            shares = [max(share, abs(x / sum(values))) for share, x in zip(shares, values, strict=True)]
            figures.append(_judged(_shown(point), gaps, within))
        if every_term and min(shares) < 3 * within:
            raise DerivationError(
                f"a term has a share of {min(shares):.1e} at most, too small to be seen within {within:g}"
            )
        how = "approached along" if len(sizes) > 1 else "met at the end of"
        claim = f"the {quantity} of the literal equations is {how} {_sequences(paths)}, to within {within:g}"
        seen = ", at most a third of what any term contributes" if every_term else ""
        return Evidence(claim + seen, tuple(figures))

    return check


def by_parabola(paths: Sequence[Path], digits: int) -> Check:
    """The inverse Laplace transform, from ``p`` to ``τ``, by the trapezoidal rule along a parabola."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        for path in paths:
            point = path(10**4)
            left = number(Hankel(before * sp.exp(p * tau), p, 0, tau), point, digits + 3)
            right = number(outcome.expression, point, digits + 3)
            if abs(left / right - 1) > 10.0**-digits:
                raise DerivationError(f"the transform at {_shown(point)} is {left}, not {right}")
        return Evidence(f"the inverse transform along a parabola agrees to {digits} digits at {len(paths)} points", ())

    return check


def literally(
    value: Callable[[Literal], float], paths: Sequence[Path], sizes: Sequence[int], within: float, what: str
) -> Check:
    """The result tends to a number computed from the literal equations, which ``what`` names."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for path in paths:
            gaps = []
            for size in sizes:
                exact = value(Literal({"gamma": Fraction(1), "B": Fraction(1), **path(size)}))
                gaps.append(abs(exact / float(number(outcome.expression, path(size), 15)) - 1))
            figures.append(_judged(_shown(path(sizes[-1])), gaps, within))
        claim = f"{what} of the literal equations is approached along {_sequences(paths)}, to within {within:g}"
        return Evidence(claim, tuple(figures))

    return check


def _sequences(paths: Sequence[Path]) -> str:
    return "a sequence" if len(paths) == 1 else f"{len(paths)} sequences"


def _judged(where: str, gaps: Sequence[float], within: float) -> str:
    """The figures, unless they refute the limit."""
    figures = ", ".join(f"{gap:.1e}" for gap in gaps)
    if not gaps[-1] <= within:
        raise DerivationError(f"at {where} the ratio is {gaps[-1]:.2e} from 1, allowed {within:.2e}; before: {figures}")
    if any(not b < max(a, _FLOOR) for a, b in pairwise(gaps)):
        raise DerivationError(f"at {where} the ratio does not approach 1: {figures}")
    return f"{where}: {figures}"


def _shown(point: Point) -> str:
    return ", ".join(f"{name} = {_short(value)}" for name, value in point.items() if name not in DEFINITIONS)


def _short(value: Fraction) -> str:
    return str(value) if value.denominator < 1000 and abs(value) < 10**6 else f"{float(value):.3g}"
