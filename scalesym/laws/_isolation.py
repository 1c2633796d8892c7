r"""Where the local slope of a broken law vanishes: every such place, isolated in balls, and whether the slope changes its sign there.

In ``u = ln x`` the slope is ``s(u) = -c_0 - Σ c_i σ((u-u_i)/f_i)``, ``u_i = ln d_i``, with the logistic ``σ``. On an interval each
``σ`` lies between its values at the ends, and ``σ' = σ(1-σ)`` too, or its maximum 1/4 is inside. So there are enclosures of ``s`` and
of ``s'``; an interval is dropped if ``s ≠ 0`` on it, decided by the signs at its ends if ``s' ≠ 0``, and halved otherwise. What is
still undecided when it is short is left to the exact algebra of :mod:`scalesym.laws._touching`. Outside of a first interval ``s``
keeps the sign that it has in the limit, by a bound on what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from ..errors import ConvergenceError
from ..precision import arb_of, flint_digits
from ._touching import Breaks, Polynomial, polynomial

__all__ = ["Zero", "zeros"]

_DIGITS, _SHORT, _NARROWEST = 60, 0.02, 1e-40


class Zero(NamedTuple):
    """One zero of the slope, in ``u ± radius``, and the signs of the slope on either side."""

    u: float
    radius: float
    before: int
    after: int


def zeros(c0: Fraction, breaks: Breaks) -> list[Zero]:
    """Where ``s`` vanishes, in order.

    Parameters
    ----------
    c0, breaks:
        Exact; the breaks are ``(c_i, d_i, f_i)``, no two with the same ``d`` and ``f``, no ``c_i = 0``.

    Raises
    ------
    ConvergenceError
        If 60 digits do not tell ``s`` from zero, and the places of the breaks in units of their widths are not rational.
    """
    if not breaks:
        return []
    with flint_digits(_DIGITS):
        terms = [(arb_of(c), arb_of(d).log(), arb_of(f)) for c, d, f in breaks]
        total = c0 + sum(c for c, _, _ in breaks)
        low = _tail(c0, [(c, u, f, width) for (c, u, f), (_, _, width) in zip(terms, breaks, strict=True)])
        mirrored = [(-c, -u, f, width) for (c, u, f), (_, _, width) in zip(terms, breaks, strict=True)]
        high = -_tail(total, mirrored)
        return sorted(_isolate(arb_of(c0), terms, low, high, lambda: polynomial(c0, breaks)))


def _logistic(t: Any) -> Any:
    return 1 / (1 + (-t).exp())


def _tail(limit: Fraction, terms: list[tuple[Any, Any, Any, Fraction]]) -> Any:
    """A ``u`` up to which ``-limit - Σ c σ((u-u_i)/f)`` keeps one sign and is not zero."""
    widest = max(width for _, _, _, width in terms)
    if limit:
        lead = abs(arb_of(limit))
        parts = [(abs(c), at, f, arb_of(0)) for c, at, f, _ in terms]
    else:  # divided by e^{u/f} of the widest break, which decays slowest
        rate = 1 / arb_of(widest)
        lead = abs(sum((c * (-at / f).exp() for c, at, f, width in terms if width == widest), arb_of(0)))
        parts = [(abs(c) * (-at / f).exp(), at, f, 1 / f - rate) for c, at, f, _ in terms]
        if not lead > 0:
            raise ConvergenceError(
                "the breaks cancel to leading order: the sign of the slope in the limit is undecided"
            )
    here = min(float(at.mid()) for _, at, _, _ in terms)
    step = float(max(f.mid() for _, _, f, _ in terms))
    for _ in range(60):
        here, step = here - step, 2 * step
        u = arb_of(here)
        if limit:
            rest = sum((c * _logistic((u - at) / f) for c, at, f, _ in parts), arb_of(0))
        else:  # each term is its leading power times 1/(1+e^t), within e^t of it
            rest = sum(
                (
                    c * (u * gap).exp() * (_logistic((u - at) / f) if width == widest else 1)
                    for (c, at, f, gap), (_, _, _, width) in zip(parts, terms, strict=True)
                ),
                arb_of(0),
            )
        if rest < lead:
            return u
    raise ConvergenceError("the slope is too close to zero in a limit to decide its sign")


def _isolate(
    c0: Any, terms: list[tuple[Any, Any, Any]], low: Any, high: Any, algebra: Callable[[], Polynomial | None]
) -> list[Zero]:
    logistics: dict[Any, list[Any]] = {}

    def at(u: Any) -> list[Any]:
        key = u.man_exp()
        if key not in logistics:
            logistics[key] = [_logistic((u - where) / f) for _, where, f in terms]
        return logistics[key]

    def slope(u: Any) -> Any:
        return -c0 - sum((c * value for (c, _, _), value in zip(terms, at(u), strict=True)), arb_of(0))

    quarter = arb_of(Fraction(1, 4))
    found: list[Zero] = []
    zones: list[tuple[Any, Any]] = []  # with one zero or none, by exact algebra
    squarefree = cache(algebra)
    pending = [(low.mid(), high.mid())]
    while pending:
        left, right = pending.pop()
        if any(start <= left and right <= end for start, end in zones):
            continue
        s, ds = -c0, arb_of(0)
        for (c, _, f), one, other in zip(terms, at(left), at(right), strict=True):
            s = s - c * one.union(other)
            bump, last = one * (1 - one), other * (1 - other)
            bump = bump.union(last)
            if not (one > 0.5 or other < 0.5):
                bump = bump.union(quarter)
            ds = ds - c / f * bump
        if s != 0:
            continue
        before, after = slope(left), slope(right)
        if ds != 0 and before != 0 and after != 0:
            if (before > 0) != (after > 0):
                zero = _narrow(slope, left, right, _sign(before), _sign(after))
                if not any(start <= zero.u <= end for start, end in zones):
                    found.append(zero)
            continue
        if right - left < _SHORT * (1 + abs(left)):
            exact = squarefree()
            zone = exact and _zone(exact, slope, left, right)
            if exact and zone:
                start, end = zone
                zones.append(zone)
                found = [zero for zero in found if not start <= zero.u <= end]
                if _sign(exact(start)) != _sign(exact(end)):
                    found.append(_narrow(exact, start, end, _sign(slope(start)), _sign(slope(end))))
                continue
        if right - left < _NARROWEST * (1 + abs(left)):
            raise ConvergenceError(
                f"the slope touches zero at ln x = {float(left):.15g}: whether it changes sign is undecided"
            )
        middle = (left + (right - left) * arb_of(Fraction(487, 1000))).mid()  # not where symmetry puts a root
        pending += [(middle, right), (left, middle)]
        if len(logistics) > 200_000:
            raise ConvergenceError("the breaks are too many to be told apart")
    return found


def _zone(exact: Polynomial, slope: Callable[[Any], Any], left: Any, right: Any) -> tuple[Any, Any] | None:
    """Wider ends between which there is at most one zero, and at which the slope has a certain sign; or ``None``."""
    step = right - left
    for _ in range(200):
        start, end = (left - step).mid(), (right + step).mid()
        if not exact.one_zero_at_most(start, end):
            return None
        if all(_sign(function(at)) for function in (slope, exact) for at in (start, end)):
            return start, end
        step = 2 * step
    return None


def _narrow(function: Callable[[Any], Any], left: Any, right: Any, before: int, after: int) -> Zero:
    """Halve where a function changes its sign until 18 digits are certain; the radius counts the rounding of ``u`` too."""
    first = _sign(function(left))
    while right - left > 1e-18 * (1 + abs(left)):
        middle = ((left + right) / 2).mid()
        sign = _sign(function(middle))
        if not sign:  # the root itself, to 60 digits: beside it the sign is certain
            step = 1e-19 * (1 + abs(middle))
            left, right = max(left, (middle - step).mid()), min(right, (middle + step).mid())
            if not (_sign(function(left)) and _sign(function(right))):
                raise ConvergenceError(f"the slope is too flat at ln x = {float(middle):.15g}")
            break
        left, right = (middle, right) if sign == first else (left, middle)
    at = float(((left + right) / 2).mid())
    return Zero(at, float(max(abs(left - at), abs(right - at)).mid()) * (1 + 1e-9), before, after)


def _sign(value: Any) -> int:
    """The sign of a ball, 0 if it is not certain."""
    return 1 if value > 0 else -1 if value < 0 else 0
