r"""Where the local slope of a broken law changes its sign: every such place, isolated in balls.

In ``u = ln x`` the slope is ``s(u) = -c_0 - Σ c_i σ((u-u_i)/f_i)``, ``u_i = ln d_i``, with the logistic ``σ``. On an interval each
``σ`` lies between its values at the ends, and ``σ' = σ(1-σ)`` too, or its maximum 1/4 is inside. So there are enclosures of ``s`` and
of ``s'``; an interval is dropped if ``s ≠ 0`` on it, decided by the signs at its ends if ``s' ≠ 0``, and halved otherwise.
Outside of a first interval ``s`` keeps the sign that it has in the limit, by a bound on what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..errors import ConvergenceError
from ..precision import arb_of, flint_digits

__all__ = ["sign_changes"]

Breaks = Sequence[tuple[Fraction, Fraction, Fraction]]

_DIGITS, _NARROWEST = 60, 1e-25


def sign_changes(c0: Fraction, breaks: Breaks) -> list[tuple[float, float, int]]:
    """Where ``s`` changes sign: ``(u, radius, sign before)``, in order.

    Parameters
    ----------
    c0, breaks:
        Exact; the breaks are ``(c_i, d_i, f_i)``, no two with the same ``d`` and ``f``, no ``c_i = 0``.

    Raises
    ------
    ConvergenceError
        If ``s`` touches zero so closely that 60 digits do not tell whether it changes sign.
    """
    if not breaks:
        return []
    with flint_digits(_DIGITS):
        terms = [(arb_of(c), arb_of(d).log(), arb_of(f)) for c, d, f in breaks]
        total = c0 + sum(c for c, _, _ in breaks)
        low = _tail(c0, [(c, u, f, width) for (c, u, f), (_, _, width) in zip(terms, breaks, strict=True)])
        mirrored = [(-c, -u, f, width) for (c, u, f), (_, _, width) in zip(terms, breaks, strict=True)]
        high = -_tail(total, mirrored)
        return _isolate(arb_of(c0), terms, low, high)


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


def _isolate(c0: Any, terms: list[tuple[Any, Any, Any]], low: Any, high: Any) -> list[tuple[float, float, int]]:
    logistics: dict[Any, list[Any]] = {}

    def at(u: Any) -> list[Any]:
        key = u.man_exp()
        if key not in logistics:
            logistics[key] = [_logistic((u - where) / f) for _, where, f in terms]
        return logistics[key]

    def slope(u: Any) -> Any:
        return -c0 - sum((c * value for (c, _, _), value in zip(terms, at(u), strict=True)), arb_of(0))

    quarter = arb_of(Fraction(1, 4))
    found: list[tuple[float, float, int]] = []
    pending = [(low.mid(), high.mid())]
    while pending:
        left, right = pending.pop()
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
                found.append(_narrow(slope, left, right, bool(before > 0)))
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


def _narrow(slope: Any, left: Any, right: Any, rising: bool) -> tuple[float, float, int]:
    """Halve until 18 digits are certain; the radius counts the rounding of ``u`` too."""
    while right - left > 1e-18 * (1 + abs(left)):
        middle = ((left + right) / 2).mid()
        value = slope(middle)
        if not (value > 0 or value < 0):  # the root itself, to 60 digits: beside it the sign is certain
            step = 1e-19 * (1 + abs(middle))
            left, right = max(left, (middle - step).mid()), min(right, (middle + step).mid())
            if not (slope(left) != 0 and slope(right) != 0):
                raise ConvergenceError(f"the slope is too flat at ln x = {float(middle):.15g}")
            break
        left, right = (middle, right) if (value > 0) == rising else (left, middle)
    at = float(((left + right) / 2).mid())
    return at, float(max(abs(left - at), abs(right - at)).mid()) * (1 + 1e-9), 1 if rising else -1
