r"""Losses that are sums of power laws under a compute budget, and where they are least: exactly, in rationals.

A law is a sum of terms ``c r^{-a} d^{-b}`` in the time ``r`` and the size ``d``; the budget is ``f = c_0 r^u d^w``. With
``d = f^x`` every term is ``f^{p + qx}``, where ``p = -a/u`` and ``q = aw/u - b``, and as ``f → ∞`` the largest exponent decides:

.. math:: -\eta = \min_x \max_i (p_i + q_i x), \qquad d^\star \asymp f^{\xi}, \quad P^\star \asymp f^{-\eta}.

This is a linear program in one variable. At its solution two terms of opposite slopes cross, or one is flat, or ``x`` is at an
end of what is allowed. The dual weights ``w_i ≥ 0``, ``Σ w_i = 1`` with ``Σ w_i (p_i + q_i x) = -η`` for *every* ``x`` are the
proof that nothing does better: a mean of terms never exceeds the largest.

Where logarithms multiply the terms, ``d = f^ξ (log f)^{ξ_1} (log log f)^{ξ_2}``, and the terms that share the largest power
of ``f`` compete by their powers of ``log f``, with the same slopes; and so on (:attr:`Optimum.scales`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from ..errors import ParameterError

__all__ = ["Budget", "Law", "Log", "Optimum", "Stage", "Term", "exact"]

_SCALES = 2  # logarithms considered: log f and log log f


@dataclass(frozen=True)
class Log:
    """The factor ``(log(r^time d^size (log d)^log))^power`` of a term.

    Parameters
    ----------
    power:
        Of the logarithm, of either sign.
    time, size, log:
        What is inside; it must grow, or be constant, at the optimum.

    Examples
    --------
    >>> Log(1, size=1)  # log d
    Log(power=1, time=0, size=1, log=0)
    """

    power: Any
    time: Any = 0
    size: Any = 0
    log: Any = 0


@dataclass(frozen=True)
class Term:
    r"""The term ``c r^{-a} d^{-b}``, perhaps with logarithms, perhaps in force for some times only.

    Parameters
    ----------
    name:
        Unique in its law.
    time, size:
        The exponents ``a`` and ``b``: int, Fraction, or rational SymPy expressions in the parameters of the law.
    coefficient:
        ``c > 0``; only :mod:`scalesym.powerlaw.frontier` uses it.
    logs:
        Powers of logarithms.
    after, until:
        The term counts for ``d^after ≤ r ≤ d^until`` only; ``None`` means without a bound. At the end of a range the loss may
        jump; what counts is the infimum, so that the side on which it is lower decides.

    Examples
    --------
    The effective time ``t + t²/d`` in two terms, as each is the larger up to ``t = d`` and from there on:

    >>> slow, fast = Term("slow", 1, 0, until=1), Term("fast", 2, -1, after=1)
    >>> Law((slow, fast, Term("left", 0, 3))).optimum().tradeoff
    ('fast', 'left')
    """

    name: str
    time: Any
    size: Any
    coefficient: Any = 1
    logs: tuple[Log, ...] = ()
    after: Any = None
    until: Any = None

    def map(self, function: Callable[[Any], Any]) -> Term:
        """The term with ``function`` applied to every exponent."""
        return replace(
            self,
            time=function(self.time),
            size=function(self.size),
            logs=tuple(Log(*map(function, (log.power, log.time, log.size, log.log))) for log in self.logs),
            after=None if self.after is None else function(self.after),
            until=None if self.until is None else function(self.until),
        )


@dataclass(frozen=True)
class Budget:
    """The compute ``f = constant · r^time · d^size``.

    Parameters
    ----------
    time, size:
        Positive exponents.
    constant:
        Such as 6 floating-point operations for each parameter and token; no exponent depends on it.

    Examples
    --------
    >>> Budget(constant=6).time
    1
    """

    time: Any = 1
    size: Any = 1
    constant: Any = 1


@dataclass(frozen=True)
class Stage:
    """A stretch of the loss curve at fixed size: ``term`` is the largest from ``r = d^start`` to ``d^end`` (``None``: forever)."""

    term: str
    start: Any
    end: Any


@dataclass(frozen=True)
class Optimum:
    r"""The compute-optimal exponents: ``d* ≍ f^ξ``, ``P* ≍ f^{-η}``.

    Parameters
    ----------
    eta, xi:
        Exact. Where the largest term does not depend on ``d``, ``ξ`` is where what is left of the loss is least, and ``None`` if
        nothing is left.
    interval:
        All ``x`` at which the largest term is least; a single point unless that term is flat there. Of several stretches between
        the ends of ranges that are equally good, the first in which two terms trade off, or else the first.
    tradeoff:
        The two terms of opposite slopes that fix ``ξ``, the decreasing one in ``x`` last; or one, at an end.
    at_end:
        Whether ``ξ`` is an end of what is allowed (a bound on ``r``, or a term that comes into force).
    weights:
        The dual weights, by term.
    scales:
        Powers of ``log f``, of ``log log f``, … in ``d*`` and in ``P*``, as pairs; empty without logarithms. If the term that is
        the largest at one of these scales does not depend on ``d``, the power in ``d*`` is the least that leaves it the largest.
    """

    eta: Any
    xi: Any
    interval: tuple[Any, Any]
    tradeoff: tuple[str, ...]
    at_end: bool
    weights: Mapping[str, Any] = field(default_factory=dict)
    scales: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True)
class Law:
    """A sum of terms, the budget, and the times at which the law holds, ``r ≥ d^start``.

    Parameters
    ----------
    terms:
        In the order in which they are named where two are equal throughout.
    budget:
        By default ``f = r d``.
    start:
        The sizes allowed are those from 1 to ``f^{1/(size + time · start)}``, with the exponents of the budget.

    Raises
    ------
    ParameterError
        If two terms share a name, there is none, or the budget's exponents are not positive.

    Examples
    --------
    Chinchilla's law ``A/d^a + B/r^b`` with ``f = 6 r d``:

    >>> from fractions import Fraction
    >>> law = Law((Term("size", 0, Fraction(1, 3)), Term("data", Fraction(1, 4), 0)))
    >>> best = law.optimum()
    >>> best.eta, best.xi, best.tradeoff
    (Fraction(1, 7), Fraction(3, 7), ('data', 'size'))
    >>> best.weights
    {'data': Fraction(4, 7), 'size': Fraction(3, 7)}
    """

    terms: tuple[Term, ...]
    budget: Budget = Budget()
    start: Any = 0

    def __post_init__(self) -> None:
        names = [term.name for term in self.terms]
        if not names or len(set(names)) < len(names):
            raise ParameterError("terms", names, "every term needs a name of its own", "give at least one term")
        for name in ("time", "size"):
            value = getattr(self.budget, name)
            if isinstance(value, int | Fraction) and value <= 0:
                raise ParameterError(f"budget.{name}", value, "compute grows with it", f"use {name} > 0")

    def __getitem__(self, name: str) -> Term:
        for term in self.terms:
            if term.name == name:
                return term
        raise ParameterError("name", name, "no term has it", f"use one of {', '.join(t.name for t in self.terms)}")

    def map(self, function: Callable[[Any], Any]) -> Law:
        """The law with ``function`` applied to every exponent."""
        budget = replace(self.budget, time=function(self.budget.time), size=function(self.budget.size))
        return Law(tuple(term.map(function) for term in self.terms), budget, function(self.start))

    def without(self, *names: str) -> Law:
        """The law without some of its terms.

        Examples
        --------
        >>> law = Law((Term("a", 1, 0), Term("b", 0, 1)))
        >>> [term.name for term in law.without("a").terms]
        ['b']
        """
        return replace(self, terms=tuple(term for term in self.terms if term.name not in names))

    def in_time(self, power: Any) -> Law:
        """The law with ``r^power`` in place of ``r``: another effective time, at the same cost.

        Raises
        ------
        ParameterError
            If the power is a number and not positive.

        Examples
        --------
        >>> Law((Term("a", 2, 1),)).in_time(3).terms[0].time
        6
        """
        if isinstance(power, int | Fraction) and power <= 0:
            raise ParameterError("power", power, "time would not grow", "use power > 0")

        def end(at: Any) -> Any:
            return None if at is None else exact(at) / power

        def stretched(term: Term) -> Term:
            logs = tuple(replace(log, time=power * log.time) for log in term.logs)
            return replace(term, time=power * term.time, logs=logs, after=end(term.after), until=end(term.until))

        return replace(self, terms=tuple(map(stretched, self.terms)), start=end(self.start))

    # -- in logarithms ---------------------------------------------------------------------------------------------

    def intercept(self, term: Term) -> Any:
        """``p``: the exponent of ``f`` in the term at ``d = 1``."""
        return -term.time / exact(self.budget.time)

    def slope(self, term: Term) -> Any:
        """``q``: the term is ``f^{p + qx}`` at ``d = f^x``."""
        return term.time * self.budget.size / exact(self.budget.time) - term.size

    def split(self, start: Any) -> Any:
        """The ``x`` at which ``r = d^start``; larger ``start``, smaller ``x``."""
        return 1 / exact(self.budget.size + self.budget.time * start)

    def optimum(self) -> Optimum:
        """The compute-optimal exponents of a law whose exponents are numbers.

        Raises
        ------
        ParameterError
            If an exponent still contains a letter, no term is in force for some times, or the times allow every size.

        Examples
        --------
        >>> Law((Term("data", 1, 0), Term("size", 0, 3))).optimum().xi
        Fraction(1, 4)
        """
        law = self.map(_rational)
        if not law._within(law.start):
            least = -law.budget.size / law.budget.time
            raise ParameterError("start", law.start, "it allows sizes above every power of f", f"use start > {least}")
        found = law._least(law.terms, Fraction(0), law.split(law.start))
        return replace(found, scales=law._scales(found))

    def _least(self, terms: Iterable[Term], low: Fraction, high: Fraction) -> Optimum:
        terms = tuple(terms)
        ends = {low, high}
        for term in terms:
            ends |= {self.split(at) for at in (term.after, term.until) if at is not None and self._within(at)}
        cuts = sorted(end for end in ends if low <= end <= high)
        stretches = list(pairwise(cuts)) or [(low, high)]
        found = []
        for left, right in stretches:
            middle = (left + right) / 2
            active = [term for term in terms if self._in_force(term, middle)]
            if not active:
                where = f"no term is in force for d from f^({left}) to f^({right})"
                raise ParameterError("terms", [term.name for term in terms], where, "let the terms' ranges meet")
            found.append(self._on(active, left, right))
        best = min(found, key=lambda each: (-each.eta, each.at_end))
        return best

    def _within(self, at: Fraction) -> bool:
        return bool(self.budget.size + self.budget.time * at > 0)

    def _in_force(self, term: Term, x: Fraction) -> bool:
        after, until = term.after, term.until
        time = (1 - self.budget.size * x) / self.budget.time  # log_f r; r ≥ d^after means time ≥ after · x
        return (after is None or time >= after * x) and (until is None or time <= until * x)

    def _on(self, terms: list[Term], low: Fraction, high: Fraction) -> Optimum:
        """The least largest term on a stretch of ``x`` in which the same terms are in force."""
        lines = [(term.name, self.intercept(term), self.slope(term)) for term in terms]

        def largest(x: Fraction) -> Any:
            return max(p + q * x for _, p, q in lines)

        corners = {low, high}
        for (_, p, q), (_, other_p, other_q) in combinations(lines, 2):
            if q != other_q and low <= (x := (other_p - p) / (q - other_q)) <= high:
                corners.add(x)
        value = min(map(largest, corners))
        least = sorted(x for x in corners if largest(x) == value)
        left, right = least[0], least[-1]
        if left < right:  # a flat term is the largest: what remains decides
            flat = next(name for name, p, q in lines if q == 0 and p == value)
            rest = [term for term in terms if self.slope(term) != 0 or self.intercept(term) < value]
            beyond = self._on(rest, left, right) if rest else Optimum(-value, None, (left, right), (), False)
            return replace(beyond, eta=-value, interval=(left, right), weights={flat: Fraction(1)})
        x = left
        active = [(name, q) for name, p, q in lines if p + q * x == value]
        rising = next((line for line in active if line[1] > 0), None)
        falling = next((line for line in active if line[1] < 0), None)
        level = next((line for line in active if line[1] == 0), None)
        if rising and falling:
            (up, q), (down, other) = rising, falling
            weights = {up: -other / (q - other), down: q / (q - other)}
            return Optimum(-value, x, (x, x), (up, down), False, weights)
        alone = level or rising or falling
        assert alone is not None  # the largest line is active
        return Optimum(-value, x, (x, x), (alone[0],), x in (low, high), {alone[0]: Fraction(1)})

    def _scales(self, found: Optimum) -> tuple[tuple[Fraction, Fraction], ...]:
        """Level by level: the terms that tie at one scale compete at the next, with the slopes they have."""
        if not any(term.logs for term in self.terms) or found.xi is None:
            return ()
        x = [found.xi]
        tied = self.tied(found)
        out: list[tuple[Fraction, Fraction]] = []
        for _ in range(_SCALES):
            lines = [(self.log_power(term, x), self.slope(term), term) for term in tied]
            falling, rising = [each for each in lines if each[1] < 0], [each for each in lines if each[1] > 0]
            if not (falling and rising):  # an end fixes d: no freedom is left, the largest decides
                y, value = Fraction(0), max(s for s, _, _ in lines)
            else:
                corners = {(t - s) / (q - p) for (s, q, _), (t, p, _) in combinations(lines, 2) if q != p}
                value, y = min((max(s + q * y for s, q, _ in lines), y) for y in corners)
            out.append((y, value))
            tied = tuple(term for s, q, term in lines if s + q * y == value)
            x.append(y)
        while out and not any(out[-1]):
            out.pop()
        return tuple(out)

    def tied(self, best: Optimum) -> tuple[Term, ...]:
        """The terms that share the largest power of ``f`` at an optimum of a law with numbers for exponents."""
        x, value = best.xi, -best.eta
        return tuple(t for t in self.terms if self._in_force(t, x) and self.intercept(t) + self.slope(t) * x == value)

    def log_power(self, term: Term, x: list[Fraction]) -> Fraction:
        """The power of the logarithm of depth ``len(x)`` in the term, where ``d = f^{x_0} (log f)^{x_1} …``."""
        total = Fraction(0)
        for log in term.logs:
            for depth, at in enumerate(x):
                time = ((1 if depth == 0 else 0) - self.budget.size * at) / self.budget.time
                growth = log.time * time + log.size * at + (log.log if depth == 1 else 0)
                if growth < 0:
                    raise ParameterError(term.name, log, "its logarithm is negative at the optimum", "check its range")
                if growth > 0:
                    total += log.power if depth == len(x) - 1 else 0
                    break
        return total

    def stages(self) -> tuple[Stage, ...]:
        """Which term is the largest when, at fixed size as ``d → ∞``: the loss curve's pieces and its corners.

        Of terms that are equal throughout, the first counts.

        Raises
        ------
        ParameterError
            If an exponent still contains a letter, or no term is in force for some times.

        Examples
        --------
        >>> law = Law((Term("early", 2, 0), Term("late", 0, 1)))
        >>> law.stages()
        (Stage(term='early', start=Fraction(0, 1), end=Fraction(1, 2)), Stage(term='late', start=Fraction(1, 2), end=None))
        """
        law = self.map(_rational)
        cuts = {law.start}
        for one, other in combinations(law.terms, 2):
            if one.time != other.time:
                cuts.add((other.size - one.size) / (one.time - other.time))
        cuts |= {at for term in law.terms for at in (term.after, term.until) if at is not None}
        times = sorted(at for at in cuts if at >= law.start)
        out: list[Stage] = []
        for left, right in [*pairwise(times), (times[-1], None)]:
            middle = left + 1 if right is None else (left + right) / 2
            active = [
                t
                for t in law.terms
                if (t.after is None or t.after <= middle) and (t.until is None or middle <= t.until)
            ]
            if not active:
                where = f"no term is in force for r from d^({left})"
                raise ParameterError("terms", [t.name for t in law.terms], where, "let the terms' ranges meet")
            top = max(active, key=lambda t: -t.time * middle - t.size).name
            if out and out[-1].term == top:
                left = out.pop().start
            out.append(Stage(top, left, right))
        return tuple(out)


def exact(value: Any) -> Any:
    """An integer as a fraction, so that division stays exact; SymPy's expressions as they are."""
    return Fraction(value) if isinstance(value, int) else value


def _rational(value: Any) -> Fraction:
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if getattr(value, "is_Rational", False):
        return Fraction(int(value.p), int(value.q))
    raise ParameterError("exponent", value, "it is not a rational number", "give int, Fraction or SymPy rationals")
