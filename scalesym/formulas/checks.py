r"""Machine checks of derivation steps, by means that share nothing with the operations.

Operations manipulate symbols; checks only see the expression before, the outcome, and rational values for the letters.
They compute both sides (mpmath quadrature, sums to infinity, Arb balls) and measure. What each establishes:

=============================  =====================================================================================
:func:`equality`               both sides agree, to the digits asked for, at every point
:func:`enclosure`              the side before, by quadrature, lies in the Arb ball of the side after
:func:`ratio_tends_to_one`     the ratio approaches 1 at least like ``1/r``
:func:`euler_maclaurin`        the exact remainder of first order fits, and the difference falls faster than ``r^{-6}``
:func:`convergence`            on both sides of, and on, the boundary found, masses near zero shrink or do not
:func:`exponential_remainder`  what was left out is the remainder named, and dies like ``exp(-x)``, ``x`` its argument
:func:`vanishing_remainder`    what was left out is the remainder named, and its share falls like a power
=============================  =====================================================================================

Every check raises :class:`~scalesym.formulas.derivation.DerivationError` when it is refuted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from .balls import enclosed
from .derivation import Check, DerivationError, Evidence, Outcome
from .evaluation import function_of, value
from .quadrature import integrate
from .trees import encode

__all__ = [
    "Point",
    "at",
    "both",
    "convergence",
    "enclosure",
    "equality",
    "euler_maclaurin",
    "exponential_remainder",
    "ratio_tends_to_one",
    "unchanged",
    "vanishing_remainder",
]

_NOISE = 1e-20  # of sums computed with 25 digits

#: Rational values of the letters, by name.
Point = Mapping[str, Fraction]
_Expr = Any


def at(**values: str | int | Fraction) -> Point:
    """Exact values of letters, by name.

    Examples
    --------
    >>> at(alpha="3/4", d=10)
    {'alpha': Fraction(3, 4), 'd': Fraction(10, 1)}
    """
    return {name: Fraction(value) for name, value in values.items()}


def equality(points: Sequence[Point], digits: int = 50) -> Check:
    """``before = after`` to ``digits`` digits at every point; integrals by quadrature, ``γ(s, x)`` by mpmath.

    Examples
    --------
    >>> from sympy import gamma
    >>> from scalesym.formulas.alphabet import alpha
    >>> check = equality([{"alpha": Fraction(1, 3)}], digits=30)
    >>> check(gamma(alpha + 1), Outcome(alpha * gamma(alpha))).claim
    'both sides agree to 30 digits at 1 rational points'
    >>> check(gamma(alpha + 1), Outcome(gamma(alpha)))
    Traceback (most recent call last):
    ...
    scalesym.formulas.derivation.DerivationError: at alpha = 1/3: 0.892979511569249... before, 2.6789385347077... after
    """

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        claim = f"both sides agree to {digits} digits at {len(points)} rational points"
        return Evidence(claim, tuple(_agree(p, before, outcome.expression, digits) for p in points))

    return check


def enclosure(points: Sequence[Point], digits: int = 50) -> Check:
    """``before``, by mpmath, lies in the Arb ball of ``after``, whose relative radius is below ``10^{-digits}``."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            value, ctx = _value(before, point, digits + 10)
            middle, radius = enclosed(encode(outcome.expression), point, digits + 10, ctx)
            gap = abs(value - middle)
            if not (radius <= abs(middle) * ctx.mpf(10) ** -digits and gap <= radius + abs(value) * ctx.eps * 1000):
                seen = f"{ctx.nstr(value, 20)} before, {ctx.nstr(middle, 20)} ± {ctx.nstr(radius, 2)} after"
                raise DerivationError(f"at {_shown(point)}: {seen}")
            figures.append(f"{_shown(point)}: {ctx.nstr(gap / abs(value), 2)} from the centre of the ball, relatively")
        claim = f"the value before lies in the Arb ball of the result, of relative radius 1e-{digits}"
        return Evidence(f"{claim}, {len(points)} points", tuple(figures))

    return check


def ratio_tends_to_one(points: Sequence[Point], time: str, at: tuple[int, int] = (256, 1024)) -> Check:
    """``before/after → 1`` as ``time → ∞``, with an error that falls at least like ``1/time`` (up to 15 %)."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            gaps = [_relative_gap({**point, time: Fraction(t)}, before, outcome.expression) for t in at]
            if not gaps[1] <= gaps[0] * at[0] / at[1] * 1.15:
                raise DerivationError(f"at {_shown(point)} the ratio does not tend to 1: {_decay(time, at, gaps)}")
            figures.append(f"{_shown(point)}: {_decay(time, at, gaps)}")
        claim = f"the ratio of both sides tends to 1 at least like 1/{time}"
        return Evidence(f"{claim}, {len(points)} points", tuple(figures))

    return check


def euler_maclaurin(points: Sequence[Point], time: str, at: tuple[int, int] = (256, 1024)) -> Check:
    r"""The sum equals the integral up to the Euler–Maclaurin remainder, which falls faster than any power of ``time``.

    At ``time = 1``, ``Σ f - ∫ f = f(1)/2 + Σ_n [(f(n)+f(n+1))/2 - ∫_n^{n+1} f]``, where the terms from ``J`` on add up
    to at most ``|f'(J)|/8`` because ``f'`` is monotone there. At the two later times the relative difference must have
    fallen by more than the sixth power of their ratio, and below ``10^{-8}``.
    """

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            excess, allowed = _euler_maclaurin_excess(before, outcome.expression, {**point, time: Fraction(1)})
            gaps = [_relative_gap({**point, time: Fraction(t)}, before, outcome.expression) for t in at]
            if excess > allowed:
                seen = f"sum and integral are {excess:.1e} further apart than they may be"
                raise DerivationError(f"at {_shown(point)}, {seen}")
            if gaps[1] > 1e-8 or gaps[1] > max(gaps[0] * (at[0] / at[1]) ** 6, _NOISE):
                raise DerivationError(f"at {_shown(point)} the integral is not the sum: {_decay(time, at, gaps)}")
            figures.append(f"{_shown(point)}: {_decay(time, at, gaps)}; remainder met within {excess:.0e}")
        claim = f"the Euler–Maclaurin remainder is met at {time} = 1, the difference falls faster than {time}^-6"
        return Evidence(f"{claim}, {len(points)} points", tuple(figures))

    return check


def convergence(points: Sequence[Point], distance: Fraction = Fraction(1, 50)) -> Check:
    """Each condition is where the integral converges: the masses on ``[2^{-k-1}, 2^{-k}]`` shrink only inside."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for condition in outcome.conditions:
            for point in points:
                for offset in (distance, Fraction(0), -distance):
                    moved = _moved_to_boundary(condition.relation, point, offset)
                    if moved is None:
                        continue
                    growth = _mass_growth(outcome.expression, moved)
                    if (growth < 1 - 1e-9) != (offset > 0):
                        seen = f"at {_shown(moved)} masses change by {growth:.6f} per octave towards zero"
                        raise DerivationError(f"{condition.relation} is not where the integral converges: {seen}")
                    figures.append(f"{_shown(moved)}: masses × {growth:.6f} per octave towards zero")
        if outcome.conditions and not figures:
            raise DerivationError("no point could be moved to the boundary of the condition")
        if not outcome.conditions and any(_mass_growth(outcome.expression, p) >= 1 for p in points):
            raise DerivationError("the integral diverges, and no condition excludes that")
        claim = "the integral converges inside the condition, and not on its boundary or beyond"
        return Evidence(f"{claim}, {len(figures)} points", tuple(figures))

    return check


def exponential_remainder(points: Sequence[Point], time: str, at: tuple[int, ...] = (20, 40, 80)) -> Check:
    """``before - after`` is the remainder named, in Arb balls, and its share falls like ``exp(-x)``.

    ``x`` is the argument of the incomplete gamma function in the remainder; times are chosen so that it is near ``at``.
    """

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        import sympy as sp

        arguments = set() if outcome.remainder is None else {f.args[1] for f in outcome.remainder.atoms(sp.uppergamma)}
        if len(arguments) != 1:
            raise DerivationError("the remainder is not one upper incomplete gamma function")
        argument = arguments.pop()
        figures = []
        for point in points:
            scale = _value(argument, {**point, time: Fraction(1)}, 20)[0]
            seen = [_remainder_at(before, outcome, argument, {**point, time: Fraction(int(x / scale) + 1)}) for x in at]
            falls = [(a - b) / (y - x) for (x, a), (y, b) in pairwise(seen)]
            if any(abs(fall - 1) > 0.1 for fall in falls):
                raise DerivationError(f"at {_shown(point)} the remainder does not fall like exp(-x): {falls}")
            figures.append(f"{_shown(point)}: " + ", ".join(f"share e^{b:.1f} at x = {x:.1f}" for x, b in seen))
        claim = "before minus after is the remainder named, to 20 digits, and its share falls like exp(-x)"
        return Evidence(f"{claim}, {len(points)} points", tuple(figures))

    return check


def vanishing_remainder(points: Sequence[Point], parameter: str, at: tuple[int, ...] = (10**2, 10**4, 10**6)) -> Check:
    """``before - after`` is the remainder named, by quadrature, and its share falls like a power of ``parameter``."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            shares = []
            for size in at:
                moved = {**point, parameter: Fraction(size)}
                whole, ctx = _value(before, moved, 30)
                kept, rest = (_value(e, moved, 30)[0] for e in (outcome.expression, outcome.remainder))
                if abs(whole - kept - rest) > abs(rest) * ctx.mpf(10) ** -12:
                    raise DerivationError(f"at {_shown(moved)} the remainder named is not what was left out")
                shares.append(float(abs(rest / kept)))
            slopes = [shares[k] / shares[k + 1] for k in range(len(at) - 1)]
            if min(slopes) < 1.2 or abs(slopes[1] / slopes[0] - 1) > 0.1:
                raise DerivationError(f"at {_shown(point)} the remainder does not fall like a power of {parameter}")
            figures.append(f"{_shown(point)}: {_decay(parameter, at, shares)}")
        claim = "before minus after is the remainder named, to 12 digits, and its share falls like a power of"
        return Evidence(f"{claim} {parameter}, {len(points)} points", tuple(figures))

    return check


def unchanged(before: _Expr, outcome: Outcome) -> Evidence:
    """The step adds a condition and leaves the expression as it was."""
    if outcome.expression != before:
        raise DerivationError("this step must not change the expression")
    return Evidence("the expression is unchanged", ())


def both(*several: Check) -> Check:
    """Every one of several checks."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        found = [one(before, outcome) for one in several]
        return Evidence("; ".join(e.claim for e in found), tuple(figure for e in found for figure in e.figures))

    return check


def _agree(point: Point, before: _Expr, after: _Expr, digits: int) -> str:
    (a, ctx), (b, _) = _value(before, point, digits + 10), _value(after, point, digits + 10)
    gap = abs(a - b) / max(abs(a), abs(b))
    if gap > ctx.mpf(10) ** -digits:
        raise DerivationError(f"at {_shown(point)}: {ctx.nstr(a, 20)} before, {ctx.nstr(b, 20)} after")
    return f"{_shown(point)}: relative difference {ctx.nstr(gap, 2)}"


def _relative_gap(point: Point, before: _Expr, after: _Expr) -> float:
    (a, _), (b, _) = _value(before, point, 25), _value(after, point, 25)
    return float(abs(a - b) / abs(b))


def _remainder_at(before: _Expr, outcome: Outcome, argument: _Expr, point: Point) -> tuple[float, float]:
    """``x`` and ``log |before - after| / |after|``, once the remainder has been compared in balls."""
    whole, ctx = _value(before, point, 150)
    kept, radius = enclosed(encode(outcome.expression), point, 150, ctx)
    rest, width = enclosed(encode(outcome.remainder), point, 150, ctx)
    if abs(whole - kept - rest) > radius + width + abs(rest) * ctx.mpf(10) ** -20:
        raise DerivationError(f"at {_shown(point)} the remainder named is not what was left out")
    return float(_value(argument, point, 20)[0]), float(ctx.log(abs((whole - kept) / kept)))


def _euler_maclaurin_excess(before: _Expr, after: _Expr, point: Point, panels: int = 12) -> tuple[float, float]:
    """How far sum minus integral is from its first ``panels`` terms of remainder, and the bound on the others."""
    import sympy as sp

    total = next(iter(before.atoms(sp.Sum)))
    (whole, ctx), (smooth, _) = _value(before, point, 25), _value(after, point, 25)
    factor, _ = _value(before.subs(total, 1), point, 25)
    tree = encode(total)
    f = function_of(tree[2], tree[1], point, ctx)
    first = int(tree[3])
    at = [f(ctx.mpf(n), ctx.log(n)) for n in range(first, first + panels + 1)]
    remainder = at[0] / 2
    for k in range(panels):
        mean = ctx.quad(lambda x: f(x, ctx.log(x)), [first + k, first + k + 1])
        remainder += (at[k] + at[k + 1]) / 2 - mean
    slope = abs(at[-1] - at[-2])  # at least |f'(J)|
    return float(abs((whole - smooth) / factor - remainder)), float(slope / 8) + 1e-15


def _moved_to_boundary(relation: _Expr, point: Point, offset: Fraction) -> Point | None:
    """The point with one letter changed so that the linear form exceeds its bound by ``offset``."""
    form, bound = relation.lhs, relation.rhs
    for letter in sorted(form.free_symbols, key=lambda s: s.name):
        others = form.subs({s: _rational(point[s.name]) for s in form.free_symbols - {letter}})
        value = (bound + _rational(offset) - others.subs(letter, 0)) / others.coeff(letter, 1)
        if not (letter.is_positive and value <= 0):
            return {**point, letter.name: Fraction(int(value.p), int(value.q))}
    return None


def _rational(value: Fraction) -> _Expr:
    import sympy as sp

    return sp.Rational(value.numerator, value.denominator)


def _mass_growth(expression: _Expr, point: Point) -> float:
    """The mass of the integrand on an octave near zero against the octave above, where only its power matters."""
    import sympy as sp

    tree = encode(next(iter(expression.atoms(sp.Integral))))
    ctx = _context(25)
    f = function_of(tree[2], tree[1], point, ctx)
    masses = [integrate(f, ctx.mpf(2) ** -(k + 1), ctx.mpf(2) ** -k, ctx) for k in (60, 61)]
    return float(abs(masses[1] / masses[0]))


def _value(expression: _Expr, point: Point, digits: int) -> tuple[Any, Any]:
    ctx = _context(digits)
    return _computed(json.dumps(encode(expression)), tuple(sorted(point.items())), digits), ctx


@lru_cache(maxsize=4096)
def _computed(tree: str, point: tuple[tuple[str, Fraction], ...], digits: int) -> Any:
    return value(json.loads(tree), dict(point), _context(digits))


@lru_cache(maxsize=16)
def _context(digits: int) -> Any:
    from mpmath import MPContext

    ctx = MPContext()
    ctx.dps = digits
    return ctx


def _shown(point: Point) -> str:
    return ", ".join(f"{name} = {value}" for name, value in point.items())


def _decay(name: str, at: Sequence[int], gaps: Sequence[float]) -> str:
    return ", ".join(f"{gap:.1e} at {name} = {t}" for t, gap in zip(at, gaps, strict=True))
