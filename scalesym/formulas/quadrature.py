"""Integrals, sums and contour integrals in any precision.

Integrals are computed in the logarithm of the variable, where an integrable power at the end becomes an exponential
decay: in the variable itself a power ``u^{-0.99}`` would lose almost every digit, because tanh-sinh nodes cannot come
close enough to zero. All functions work in the mpmath context they are given and restore its precision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import ConvergenceError

__all__ = ["along_parabola", "around_circle", "integrate", "summed"]

_PANELS = 100  # each wider than the last: more than any range needs
_LAST_START = 20_000  # of an Euler–Maclaurin tail
_ADDED, _ADDED_COMPLEX = 3000, 100_000  # terms
_NODES = 20_000  # on half a circle


def integrate(function: Callable[[Any, Any], Any], lower: Any, upper: Any, ctx: Any) -> Any:
    r"""``∫ f(x) dx`` over a range of positive ``x``, computed as ``∫ f(e^t) e^t dt``.

    The integrand must have one sign and a logarithm concave in ``t``, as powers times exponentials have: it then rises
    to one peak and falls. The peak is searched for, and panels grow away from it on both sides, from the width in which
    the integrand falls by ``e`` and until nothing is left to add. A peak of any position and width is found.

    Parameters
    ----------
    function:
        Takes ``x`` and ``log x``.
    lower, upper:
        From 0 to infinity, as numbers of ``ctx``.

    Raises
    ------
    ConvergenceError
        If the integrand does not die out, as for a divergent integral, or its peak is too narrow for the precision.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> ctx = MPContext()
    >>> abs(integrate(lambda x, _: x ** ctx.mpf(-0.875), ctx.mpf(0), ctx.mpf(1), ctx) - 8) < 1e-13
    True
    """
    if lower > upper:
        return -integrate(function, upper, lower, ctx)
    if lower == upper:
        return ctx.zero

    def weight(logarithm: Any) -> Any:
        x = ctx.exp(logarithm)
        return function(x, logarithm) * x

    working = ctx.dps
    try:
        ctx.dps = working + 5
        start = ctx.log(lower) if lower > 0 else -ctx.inf
        end = ctx.log(upper) if upper < ctx.inf else ctx.inf
        peak = _peak(weight, start, end, ctx)
        height = weight(peak)
        total = _one_side(weight, peak, height, end, ctx, ctx.zero)
        total = height * (total + _one_side(weight, peak, height, start, ctx, total))
    finally:
        ctx.dps = working
    return +total


def _one_side(weight: Callable[[Any], Any], peak: Any, height: Any, end: Any, ctx: Any, beside: Any) -> Any:
    """``∫ weight/height`` between the peak and an end; ``beside`` is the other side's share.

    Heights and lengths are measured in those of the peak, because mpmath stops at an *absolute* error of its own.
    """
    length, sign = abs(end - peak), 1 if end > peak else -1
    if length == 0:
        return ctx.zero
    unit = min(length, ctx.one)  # becomes the distance in which the weight falls by e, within a factor of two
    while unit < length and weight(peak + 2 * sign * unit) / height * ctx.e > 1:
        unit = min(2 * unit, length)
    while weight(peak + sign * unit) / height * ctx.e < 1:
        unit /= 2
        if unit <= ctx.eps * abs(peak):
            raise ConvergenceError("an integrand falls too steeply for this precision; ask for more digits")

    def scaled(distance: Any) -> Any:
        return weight(peak + sign * unit * distance) / height

    total, here, width, quiet, length = ctx.zero, ctx.zero, ctx.one, 0, length / unit
    for _ in range(_PANELS):
        there = min(here + width, length)
        part = ctx.quad(scaled, [here, there], maxdegree=11)
        total += part
        quiet = quiet + 1 if part <= (total + beside / unit) * ctx.eps / 100 else 0
        if there == length or quiet == 2:
            return total * unit
        here, width = there, 4 * width
    raise ConvergenceError("an integral did not converge: its integrand does not die out")


def _peak(weight: Callable[[Any], Any], start: Any, end: Any, ctx: Any) -> Any:
    """Near the maximum of a weight that has only one on ``[start, end]``, by golden section; ends may be infinite.

    The search stops when the whole bracket lies above half of the maximum.
    """
    low, high = start, end
    if high == ctx.inf:
        high = _past_peak(weight, low if low > -ctx.inf else ctx.zero, 1, ctx)
    if low == -ctx.inf:
        low = _past_peak(weight, high, -1, ctx)
    ratio = (ctx.sqrt(5) - 1) / 2
    at = [low, high - ratio * (high - low), low + ratio * (high - low), high]
    seen = [abs(weight(t)) for t in at]
    while 2 * min(seen[0], seen[3]) < max(seen) and at[3] - at[0] > 16 * ctx.eps * max(1, abs(at[0])):
        if seen[1] > seen[2]:
            at, seen = [at[0], at[2] - ratio * (at[2] - at[0]), at[1], at[2]], [seen[0], None, seen[1], seen[2]]
            seen[1] = abs(weight(at[1]))
        else:
            at, seen = [at[1], at[2], at[1] + ratio * (at[3] - at[1]), at[3]], [seen[1], seen[2], None, seen[3]]
            seen[2] = abs(weight(at[2]))
    return at[seen.index(max(seen))]


def _past_peak(weight: Callable[[Any], Any], start: Any, sign: int, ctx: Any) -> Any:
    """A point on the far side of the peak, where the weight has fallen to half of what it was on the way."""
    highest, step = abs(weight(start)), ctx.one
    for _ in range(_PANELS):
        here = abs(weight(start + sign * step))
        if 2 * here < highest:
            return start + sign * step
        highest, step = max(highest, here), 2 * step
    raise ConvergenceError("an integral did not converge: its integrand does not die out")


def summed(function: Callable[[Any, Any], Any], first: int, ctx: Any, last: Any = None) -> Any:
    r"""``Σ_{j ≥ first} f(j)``, or up to ``last``, for ``f`` analytic in the right half-plane, of powers' growth.

    The terms below ``J`` are added up; from ``J`` on, the Euler–Maclaurin formula is taken to high order, with
    derivatives from Cauchy's integral on the circle ``|z - J| = J/4``, until its terms are below the working precision;
    where they are not, ``J`` is doubled. A sum of a few thousand terms, or of complex ones, is added up; one
    to a ``last`` that is no integer is what the Euler–Maclaurin formula says.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> ctx = MPContext()
    >>> abs(summed(lambda x, _: x ** ctx.mpf(-2.5), 1, ctx) - ctx.zeta(2.5)) < 1e-13
    True
    >>> print(summed(lambda x, _: 1 / x, 1, ctx, ctx.mpf(10**9)))
    21.3004815023479
    """
    if last == ctx.inf:
        last = None

    def term(x: Any) -> Any:
        return function(x, ctx.log(x))

    if last is not None and last < first:
        return ctx.zero
    probe = term(ctx.mpf(first))
    if last is not None and ctx.isint(last) and (last - first < _ADDED or not isinstance(probe, ctx.mpf)):
        if last - first > _ADDED_COMPLEX:
            raise ConvergenceError(f"a complex sum of {ctx.nstr(last, 8)} terms is too long")
        return ctx.fsum(term(ctx.mpf(n)) for n in range(first, int(last) + 1))
    if not isinstance(probe, ctx.mpf):
        raise ConvergenceError("a complex sum has a value only up to an integer; give an integer v")

    nodes = 2 * ctx.dps + 8
    roots = [ctx.expjpi(ctx.mpf(2 * k) / nodes) for k in range(nodes)]

    def correction(end: Any) -> tuple[Any, Any]:
        """``Σ_k B_2k/(2k)! f^(2k-1)(end)``, and the size of its last term."""
        radius, total, added = end / 4, ctx.zero, ctx.inf
        circle = [term(end + radius * root) for root in roots[: nodes // 2 + 1]]
        for order in range(1, ctx.dps):
            power = 2 * order - 1
            turned = [(z * roots[-k * power % nodes]).real for k, z in enumerate(circle)]
            taylor = (2 * ctx.fsum(turned) - turned[0] - turned[-1]) / nodes
            before, added = abs(added), ctx.bernoulli(2 * order) / (2 * order) * taylor / radius**power
            if abs(added) > before:  # the series diverges in the end
                return total, before
            total += added
            if abs(added) <= ctx.eps * abs(scale):
                break
        return total, abs(added)

    reached, start, head = first, max(2 * ctx.dps, 2 * first), ctx.zero
    while start <= _LAST_START:
        head += sum((term(ctx.mpf(n)) for n in range(reached, start)), ctx.zero)
        total, scale = head + term(ctx.mpf(start)) / 2, head
        inner, error = correction(ctx.mpf(start))
        total -= inner
        end, beyond = ctx.inf, ctx.zero
        if last is not None:  # the formula is used at an end far out, and what is too much taken back
            extra = max(0, int(2 * start - last) + 1)
            end, beyond = last + extra, sum((term(last + n) for n in range(1, extra + 1)), ctx.zero)
            outer, other = correction(end)
            total += term(end) / 2 + outer - beyond
            error += other
        if error <= 100 * ctx.eps * abs(total):
            return total + integrate(function, ctx.mpf(start), end, ctx)
        reached, start = start, 2 * start
    raise ConvergenceError(f"a sum did not settle within {_LAST_START} terms")


def _tolerance(ctx: Any) -> Any:
    """How closely two rules must agree: to the working precision but three digits, unless the context asks for less."""
    return getattr(ctx, "tolerance", None) or 1000 * ctx.eps


def along_parabola(function: Callable[[Any, Any], Any], vertex: Any, time: Any, ctx: Any) -> Any:
    r"""``(1/2πi)∫ f(z) dz`` along ``z = vertex + (μ/time)(1 + iθ)²``, for ``f`` decaying like ``e^{z time}`` on the left.

    ``f`` must be real on the axis, with singularities at most left of the vertex. The rule is the trapezoidal one, with
    the step halved until nothing changes.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> ctx = MPContext()
    >>> print(along_parabola(lambda p, log: ctx.exp(3 * p) / (p + 1), ctx.mpf(-1), ctx.mpf(3), ctx) * ctx.exp(3))
    1.0
    """
    scale, tolerance = ctx.mpf(max(6, ctx.dps // 3)), _tolerance(ctx)

    def weighted(theta: Any) -> Any:
        turn = ctx.mpc(1, theta)
        here = vertex + scale / time * turn**2
        return (function(here, ctx.log(here)) * turn).real

    step, total = ctx.mpf(1) / 4, weighted(ctx.zero) / 2
    largest, count, quiet = abs(total), 0, 0
    while quiet < 3 and count < _NODES:  # as far as there is something left
        count += 1
        part = weighted(count * step)
        total += part
        largest = max(largest, abs(part))
        quiet = quiet + 1 if abs(part) <= tolerance * largest / 10**5 else 0
    reach = count * step
    previous = total * step
    for _ in range(10):
        step /= 2
        total += sum((weighted(k * step) for k in range(1, int(reach / step) + 1, 2)), ctx.zero)
        if abs(total * step - previous) <= tolerance * largest:
            return 2 * scale / (ctx.pi * time) * total * step
        previous = total * step
    raise ConvergenceError("an integral along the parabola did not converge")


def around_circle(function: Callable[[Any, Any], Any], radius: Any, ctx: Any) -> Any:
    r"""``(1/2πi)∮ f(z) dz`` over ``|z| = radius``, for ``f`` real on the axis and analytic near the circle.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> ctx = MPContext()
    >>> print(around_circle(lambda z, log: ctx.exp(z) / z**3, ctx.mpf(1), ctx))
    0.5
    """

    def weighted(turn: Any) -> Any:
        here = radius * ctx.expjpi(turn)
        return (function(here, ctx.log(here)) * here).real

    nodes = 16  # on the upper half circle
    total = (weighted(ctx.zero) + weighted(ctx.one)) / 2
    total += sum((weighted(ctx.mpf(k) / nodes) for k in range(1, nodes)), ctx.zero)
    largest, previous = abs(weighted(ctx.zero)) + abs(weighted(ctx.one)), total / nodes
    while nodes < _NODES:
        nodes *= 2
        total += sum((weighted(ctx.mpf(k) / nodes) for k in range(1, nodes, 2)), ctx.zero)
        if abs(total / nodes - previous) <= _tolerance(ctx) * max(largest, abs(total / nodes)):
            return total / nodes
        previous = total / nodes
    raise ConvergenceError("an integral over the circle did not converge")
