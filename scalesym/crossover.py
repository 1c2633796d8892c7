r"""From which budget on a local exponent of the compute-optimal frontier is the one of its phase, up to a tolerance.

A phase's exponents hold as ``f → ∞``. The exact frontier (:func:`scalesym.frontier`) has local exponents ``η(f)`` and
``ξ(f)`` at every budget, and inside a phase they differ from the limit by powers of ``f``; on a line with logarithms, by powers of
``1/log f``. The crossover is where the difference has become, and stays, smaller than a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .equivalent.frontier import Family
from .errors import ParameterError
from .frontiers import frontier
from .parameters import Exact, real
from .phases import Phase, phase

__all__ = ["Crossover", "crossover"]

_OCTAVE = 4  # budgets while log f doubles
_NEAR = 3.0  # neighbours of a deviation this much below the tolerance are looked between
_WIDTH = 0.01  # of the bracket, in log f
_ROUNDS = 20
_MARGIN = 7.0  # in log d, for the constant in front of f^ξ
_WHICH = ("eta", "xi")

Deviations = dict[float, dict[str, float]]  # at log f: of the local exponents from those of the phase


@dataclass(frozen=True)
class Crossover:
    """What :func:`crossover` finds.

    Attributes
    ----------
    name:
        The phase, or the line.
    tolerance:
        What a local exponent may differ by.
    eta, xi:
        The budget from which the local exponent stays within the tolerance, to 1 %; ``smallest`` if it is within already there;
        ``None`` if it is not within at ``largest``.
    theory:
        The exponents of the phase, under the names ``eta`` and ``xi``.
    smallest, largest:
        Between which budgets was looked.
    at_largest:
        By how much the local exponents differ from them at ``largest``.
    widest:
        The largest ratio of neighbouring budgets that were looked at, from the earlier crossover on. Between them nothing is known.
    logarithm:
        The logarithms of a line; ``None`` inside a phase. With them, local exponents approach theirs like ``1/log f``.
    """

    name: str
    tolerance: float
    eta: float | None
    xi: float | None
    theory: dict[str, Exact]
    smallest: float
    largest: float
    at_largest: dict[str, float]
    widest: float
    logarithm: str | None

    def describe(self, which: str) -> str:
        """What was found for ``"eta"`` or ``"xi"``, in words.

        Examples
        --------
        >>> theory = {"eta": 0.5, "xi": 0.5}
        >>> found = Crossover("III", 0.01, None, 1e6, theory, 1e6, 1e24, {"eta": 0.02, "xi": 1e-4}, 50.0, None)
        >>> found.describe("eta")
        'not within 0.01 at any budget up to 1e+24, where it differs by 0.02'
        >>> found.describe("xi")
        'within 0.01 already at the smallest budget, 1e+06'
        """
        budget = self.eta if which == "eta" else self.xi
        within = f"within {self.tolerance:g}"
        if budget is None:
            off = f"{self.at_largest[which]:.2g}"
            return f"not {within} at any budget up to {self.largest:g}, where it differs by {off}"
        if budget == self.smallest:
            return f"{within} already at the smallest budget, {self.smallest:g}"
        return f"{within} from {budget:.3g} on, as far as {self.largest:g}"

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and text; exact exponents as text such as ``"12/17"``."""
        return {
            "name": self.name,
            "tolerance": self.tolerance,
            "eta": self.eta,
            "xi": self.xi,
            "theory": {key: value if isinstance(value, float) else str(value) for key, value in self.theory.items()},
            "smallest": self.smallest,
            "largest": self.largest,
            "at_largest": dict(self.at_largest),
            "widest": self.widest,
            "logarithm": self.logarithm,
        }


def crossover(
    alpha: object,
    beta: object,
    tolerance: object = 0.01,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
    smallest: object = 1e6,
    largest: object = None,
) -> Crossover:
    r"""The budgets from which ``|η(f) − η|`` and ``|ξ(f) − ξ|`` stay within a tolerance; level: deterministic equivalent.

    The exact frontier is computed at budgets from ``largest`` downwards, four while ``log f`` doubles, and between neighbours where an
    exponent is not far within the tolerance; the last crossing is then refined to 1 %. Between these budgets
    nothing is known: an excursion that begins and ends between two of them is not seen (``widest`` is their largest ratio).

    Parameters
    ----------
    alpha, beta:
        As for :func:`scalesym.phase`.
    tolerance:
        Above 0 and below 1; differences of the local exponents are resolved to about 1e-10.
    v_over_d, gamma, batch:
        As for :func:`~scalesym.frontier`.
    smallest, largest:
        Where to begin and to end, budgets in FLOPs. ``None`` ends at 1e100, or before where the best ``d`` would leave the
        solver's domain.

    Raises
    ------
    ParameterError
        Outside the domain, or if the frontier does not exist at ``smallest`` or is not resolved at ``largest``.

    Notes
    -----
    On a line with logarithms local exponents approach their limits like ``1/log f``: at a small tolerance the answer there is ``None``,
    or a budget far beyond any machine. Each budget costs as much as in ``frontier``; ``largest=1e30`` is answered much sooner.

    Examples
    --------
    >>> found = crossover("4/5", "6/5", 0.005, smallest=1e7, largest=1e9)
    >>> print(found.name, found.describe("xi"))
    III within 0.005 from 4.3...e+07 on, as far as 1e+09
    """
    least = real(tolerance, "tolerance", above=0, reason="local exponents are never exactly those of the phase")
    if not least < 1:
        raise ParameterError("tolerance", tolerance, "exponents lie between 0 and 1", "use tolerance < 1")
    low = real(smallest, "smallest", above=0, reason="it counts floating-point operations")
    where = phase(alpha, beta)
    reach = _reach(where, v_over_d)
    high = min(1e100, reach) if largest is None else real(largest, "largest", above=0, reason="it counts operations")
    if high > reach:
        reason = "the best d would leave the solver's domain, v <= 1e100 and d^(-2 alpha) >= 1e-125"
        raise ParameterError("largest", largest, reason, f"use largest <= {float(f'{reach:.1e}'):g}")
    if not high > low:
        raise ParameterError("largest", largest, f"it is not above smallest = {smallest}", "use largest > smallest")

    def deviations(logs: Iterable[float]) -> Deviations:
        y = sorted(logs)
        budgets = [_budget(each, low, high) for each in y]
        found = frontier(alpha, beta, budgets, v_over_d=v_over_d, gamma=gamma, batch=batch)
        both = zip(y, found.eta - float(where.eta), found.xi - float(where.xi), strict=True)
        return {each: {"eta": float(eta), "xi": float(xi)} for each, eta, xi in both}

    return _found(where, float(least), math.log(low), math.log(high), (float(low), float(high)), deviations)


def _reach(where: Phase, v_over_d: object) -> float:
    """A budget at which the phase's ``d`` is still well inside the solver's domain."""
    ratio = real(v_over_d, "v_over_d", above=1, reason="v must exceed d", infinite=True)
    log_d = Family(where.alpha, where.beta, ratio, "half-critical", 1).reach[1] - _MARGIN
    return math.exp(min(log_d / float(where.xi), 300 * math.log(10)))


def _budget(y: float, low: Exact, high: Exact) -> float:
    """``e^y``, with both ends as they were given."""
    return min(max(math.exp(y), float(low)), float(high))


def _found(
    where: Phase,
    tolerance: float,
    low: float,
    high: float,
    ends: tuple[float, float],
    deviations: Callable[[Iterable[float]], Deviations],
) -> Crossover:
    seen: Deviations = {}
    for octave in _octaves(low, high):
        seen |= deviations(octave)
        if all(_outside(seen, which, tolerance) is not None for which in _WHICH):
            break
    between = [(a + b) / 2 for a, b in pairwise(sorted(seen)) if _doubtful(seen, a, b, tolerance)]
    for group in _by_octave(between):
        seen |= deviations(group)
    budgets = {which: _refined(seen, which, tolerance, deviations) for which in _WHICH}
    logs = sorted(seen)
    reached = [math.log(budget) for budget in budgets.values() if budget is not None]
    gaps = [b - a for a, b in pairwise(logs) if reached and b > min(reached)]

    def placed(budget: float | None) -> float | None:
        return ends[0] if budget is not None and budget <= ends[0] * (1 + 1e-9) else budget

    return Crossover(
        name=where.name,
        tolerance=tolerance,
        eta=placed(budgets["eta"]),
        xi=placed(budgets["xi"]),
        theory={"eta": where.eta, "xi": where.xi},
        smallest=ends[0],
        largest=ends[1],
        at_largest=seen[logs[-1]],
        widest=math.exp(max(gaps, default=0.0)),
        logarithm=None if where.logarithm is None else str(where.logarithm),
    )


def _octaves(low: float, high: float) -> Iterator[list[float]]:
    """From the largest ``log f`` downwards, in parts in which it halves, since budgets of one size share their contours."""
    count = max(2, math.ceil(_OCTAVE * math.log2(high / low)) + 1) if low > 0 else 2
    logs = [high * (low / high) ** (k / (count - 1)) for k in range(count)]
    logs[-1] = low
    for k in range(0, count, _OCTAVE):
        yield logs[k : k + _OCTAVE]


def _by_octave(logs: list[float]) -> Iterator[list[float]]:
    groups: list[list[float]] = []
    for y in sorted(logs):
        if groups and y <= 2 * groups[-1][0]:
            groups[-1].append(y)
        else:
            groups.append([y])
    yield from groups


def _outside(seen: Deviations, which: str, tolerance: float) -> float | None:
    """The largest ``log f`` at which an exponent is out of tolerance."""
    return max((y for y, off in seen.items() if not abs(off[which]) <= tolerance), default=None)


def _doubtful(seen: Deviations, a: float, b: float, tolerance: float) -> bool:
    """Whether an exponent may leave the tolerance between two neighbours at which it is within."""
    for which in _WHICH:
        outside = _outside(seen, which, tolerance)
        if (outside is None or a > outside) and _NEAR * max(abs(seen[y][which]) for y in (a, b)) > tolerance:
            return True
    return False


def _refined(
    seen: Deviations, which: str, tolerance: float, deviations: Callable[[Iterable[float]], Deviations]
) -> float | None:
    """The last crossing, between the last budget that is outside and the next; adds to ``seen`` what it looks at."""
    for _ in range(_ROUNDS):
        out = _outside(seen, which, tolerance)
        if out is None:
            return math.exp(min(seen))
        above = [y for y in seen if y > out]
        if not above:
            return None
        inside = min(above)
        if inside - out <= _WIDTH:
            return math.exp(inside)
        guess = _crossing(out, seen[out][which], inside, seen[inside][which], tolerance)
        tries = [guess - _WIDTH / 2.1, guess + _WIDTH / 2.1, (out + inside) / 2]
        seen |= deviations({y for y in tries if out < y < inside} or {(out + inside) / 2})
    return math.exp(inside)


def _crossing(out: float, off_out: float, inside: float, off_inside: float, tolerance: float) -> float:
    """Where a deviation meets the tolerance: exponential in ``log f`` if it keeps its sign, else linear."""
    edge = math.copysign(tolerance, off_out)
    if off_inside * off_out > 0:
        share = math.log(off_out / edge) / max(math.log(off_out / off_inside), 1e-300)
    else:
        share = (off_out - edge) / (off_out - off_inside)
    return out + min(max(share, 0.0), 1.0) * (inside - out)
