r"""Long sums over the power-law spectrum by Euler–Maclaurin summation, with a proven remainder.

For a smooth ``g`` and ``2n`` derivatives, with ``B_k`` the Bernoulli numbers,

.. math:: \sum_{j=J}^{v} g(j) = \int_J^v g + \frac{g(J)+g(v)}2
          + \sum_{k=1}^{n} \frac{B_{2k}}{(2k)!}\Big[g^{(2k-1)}\Big]_J^v + R, \qquad
          |R| \le \frac{4}{(2\pi)^{2n}} \int_J^\infty |g^{(2n)}(x)|\,dx .

Here ``g(x) = x^{mp-s}/(1+ζx^p)^m``. On the disc ``|w−x| ≤ cx`` one has ``|arg w^p| ≤ p asin c`` and
``|w| ≥ (1−c)x``, so ``|1+ζw^p| ≥ κ(1+|ζ||w|^p)`` with ``κ`` either of

* ``cos(φ/2)`` for ``φ = |arg ζ| + p asin c < π``, because ``|1+te^{iφ}|² = (1+t)² − 4t sin²(φ/2) ≥ (1+t)² cos²(φ/2)``;
* ``(t−1)/(t+1)`` for ``t = |ζ|((1−c)J)^p > 1``: far from the poles, whatever the angle.

Cauchy's estimate ``|g^{(2n)}(x)| ≤ (2n)! (cx)^{-2n} max|g|`` then bounds the remainder in closed form. The integral for
``m = 1`` is a hypergeometric function of Gauss; integration by parts leads from ``m`` to ``m+1``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..precision import arb_of

__all__ = ["Remainder", "long_sums", "remainder_plan"]


@dataclass(frozen=True)
class Remainder:
    """Where the summation begins, the radius ``c`` of the discs, the number ``2n`` of derivatives, and ``κ``.

    ``axis`` is ``κ`` for ``c = 0``, on the points ``x`` themselves.
    """

    start: int
    radius: Fraction
    derivatives: int
    kappa: Any
    axis: Any


def remainder_plan(p: Fraction, zeta: Any, bits: int, turning: float) -> Remainder | None:
    """The discs on which ``|1+ζw^p| ≥ κ(1+|ζ||w|^p)`` is proven; ``None`` if there are none.

    ``turning`` is an estimate of ``|ζ|^{-1/p}``, where the eigenvalues pass ``|ζ|``.

    Examples
    --------
    >>> from flint import arb
    >>> remainder_plan(Fraction(2), arb("1e-20"), 53, 1e10).start < 60
    True
    >>> remainder_plan(Fraction(2), arb("-1e-20"), 53, 1e10).start > 1e10
    True
    """
    from flint import acb, arb

    argument = abs(acb(zeta).arg()).upper()
    free = math.pi - float(argument)
    by_angle = math.sin(min(1.2, 0.85 * free / float(p))) if free > 0 else 0.0
    plans: list[tuple[int, Fraction, Callable[[Any], Any]]] = []
    if by_angle > 0.02:
        start = math.ceil(0.28 * bits / by_angle) + 1
        plans.append((start, Fraction(math.floor(1000 * by_angle), 1000), lambda c: _by_angle(p, argument, c)))
    if turning < 1e15:
        begin = max(math.ceil(0.56 * bits), math.ceil(4 * turning)) + 1
        plans.append((begin, Fraction(1, 2), lambda c: _by_distance(p, zeta.abs_lower(), begin * (1 - c))))
    for start, radius, kappa in sorted(plans, key=lambda plan: plan[0]):
        on_discs, on_axis = kappa(arb_of(radius)), kappa(arb(0))
        if on_discs > 0 and on_axis > 0:
            derivatives = _derivatives(2 * math.pi * float(radius) * start, bits)
            return Remainder(start, radius, derivatives, on_discs, on_axis)
    return None


def _by_angle(p: Fraction, argument: Any, c: Any) -> Any:
    """``cos(φ/2)``, negative if ``φ < π`` is not proven."""
    from flint import arb

    angle = argument + arb_of(p) * c.asin()
    return (angle / 2).cos().lower() if angle < arb.pi() else arb(-1)


def _by_distance(p: Fraction, size: Any, nearest: Any) -> Any:
    """``(t−1)/(t+1)``, negative if ``t > 1`` is not proven."""
    from flint import arb

    t = size * nearest ** arb_of(p)
    return ((t - 1) / (t + 1)).lower() if t > 1 else arb(-1)


def long_sums(p: Fraction, kinds: list[tuple[Fraction, int]], v: int | None, zeta: Any, plan: Remainder) -> list[Any]:
    """``Σ_{J≤j≤v} j^{-s}/(λ_j+ζ)^m`` for each ``(s, m)``.

    A wide ball ``ζ`` is replaced by its centre, and the difference bounded by ``m|ζ − centre| Σ j^{-s}/|λ_j+ζ|^{m+1}``.
    """
    if zeta.rel_accuracy_bits() >= 30:
        return [_integral_and_ends(p, s, m, v, zeta, plan) for s, m in kinds]
    centre, size = zeta.mid(), zeta.abs_lower().lower()
    if not size > 0:
        return [zeta * math.nan for _ in kinds]
    distance, results = (zeta - centre).abs_upper(), []
    for s, m in kinds:
        moduli = _integral_and_ends(p, s, m + 1, v, size, plan) / plan.axis ** (m + 1)
        spread = _around_zero(zeta, m * distance * moduli)
        results.append(_integral_and_ends(p, s, m, v, centre, plan) + spread)
    return results


def _integral_and_ends(p: Fraction, s: Fraction, m: int, v: int | None, zeta: Any, plan: Remainder) -> Any:
    total = _integral(p, s, m, plan.start, v, zeta) + _end(p, s, m, plan.start, zeta, plan.derivatives, -1)
    if v is not None:
        total += _end(p, s, m, v, zeta, plan.derivatives, 1)
    return total + _around_zero(zeta, _remainder(p, s, m, zeta, plan))


def _remainder(p: Fraction, s: Fraction, m: int, zeta: Any, plan: Remainder) -> Any:
    r"""``4(2n)!/(2πcJ)^{2n} · J^{p-s+1}/(2n−1+s−p) · max|1±c|^{p-s} / (κ^m |ζ|^{m-1} (1+|ζ|((1−c)J)^p))``."""
    from flint import arb

    order, start, c, size = plan.derivatives, arb_of(plan.start), arb_of(plan.radius), zeta.abs_lower()
    excess = order - 1 + s - p
    if excess <= 0:
        return arb.nan()
    spread = max((1 - plan.radius, 1 + plan.radius), key=lambda x: float(x) ** float(p - s))
    bound = 4 * arb_of(order).fac() / (2 * arb.pi() * c * start) ** order
    bound *= start ** arb_of(p - s + 1) * arb_of(spread) ** arb_of(p - s) / arb_of(excess)
    return bound / (plan.kappa**m * size ** (m - 1) * (1 + size * ((1 - c) * start) ** arb_of(p)))


def _end(p: Fraction, s: Fraction, m: int, x: int, zeta: Any, derivatives: int, sign: int) -> Any:
    r"""``g(x)/2 ± Σ_k B_{2k}/(2k)! g^{(2k−1)}(x)``, from the Taylor series of ``g(x(1+τ))`` in ``τ``."""
    from flint import acb, acb_poly, arb, arb_poly

    polynomial = acb_poly if isinstance(zeta, acb) else arb_poly
    position, length = arb_of(x), derivatives
    base = polynomial(_binomial(p, length, _bits())) * (zeta * position ** arb_of(p)) + 1
    inverse = _reciprocal(base, length)
    series = polynomial(_binomial(m * p - s, length, _bits()))
    for _ in range(m):
        series = (series * inverse).truncate(length)
    coefficients = list(series.coeffs())
    coefficients += [arb(0)] * (length - len(coefficients))
    total = coefficients[0] / 2
    step, inverse_square = 1 / position, 1 / position**2
    for weight, coefficient in zip(_bernoulli_weights(length // 2, _bits()), coefficients[1::2], strict=False):
        total += coefficient * (sign * weight * step)
        step *= inverse_square
    return total * position ** arb_of(m * p - s)


def _reciprocal(series: Any, length: int) -> Any:
    """``1/series`` to ``length`` terms by Newton's iteration."""
    result, known = type(series)([1 / series[0]]), 1
    while known < length:
        known = min(2 * known, length)
        error = 1 - (series.truncate(known) * result).truncate(known)
        result = result + (result * error).truncate(known)
    return result


def _integral(p: Fraction, s: Fraction, m: int, start: int, v: int | None, zeta: Any) -> Any:
    r"""``∫_J^v x^{mp-s}/(1+ζx^p)^m dx``, by ``mpζ I_{m+1} = (mp−s+1) I_m − [x^{mp-s+1}/(1+ζx^p)^m]``."""
    exponent = arb_of(p)

    def boundary(x: int, power: int) -> Any:
        position = arb_of(x)
        return position ** arb_of(power * p - s + 1) / (1 + zeta * position**exponent) ** power

    value = _simple_integral(p, s, start, v, zeta)
    for power in range(1, m):
        ends = (boundary(v, power) if v is not None else 0) - boundary(start, power)
        value = (arb_of(power * p - s + 1) * value - ends) / (power * exponent * zeta)
    return value


def _simple_integral(p: Fraction, s: Fraction, start: int, v: int | None, zeta: Any) -> Any:
    """``∫_J^v x^{p-s}/(1+ζx^p) dx``: from 0 if that converges quicker, otherwise from infinity."""
    far = zeta.abs_lower() * arb_of(start) ** arb_of(p) > 1
    if v is not None and not far and 4 * (p - s + 1) > p:
        return _from_zero(p, s, v, zeta) - _from_zero(p, s, start, zeta)
    total = zeta * 0
    factor = 1 / zeta
    while v is not None and (s <= 1 or (far and 4 * s < 5)):  # x^{p-s}/(1+ζx^p) = x^{-s}/ζ − x^{p-(s+p)}/(ζ(1+ζx^p))
        total += factor * _power_integral(s, start, v)
        s, factor = s + p, -factor / zeta
    rest = _from_infinity(p, s, start, zeta)
    return total + factor * zeta * (rest if v is None else rest - _from_infinity(p, s, v, zeta))


def _power_integral(s: Fraction, start: int, v: int) -> Any:
    """``∫_J^v x^{-s} dx``."""
    if s == 1:
        return (arb_of(v) / arb_of(start)).log()
    return (arb_of(v) ** arb_of(1 - s) - arb_of(start) ** arb_of(1 - s)) / arb_of(1 - s)


def _from_zero(p: Fraction, s: Fraction, x: int, zeta: Any) -> Any:
    power = p - s + 1
    b, position = arb_of(power / p), arb_of(x)
    return position ** arb_of(power) / arb_of(power) * _gauss(b, -zeta * position ** arb_of(p))


def _from_infinity(p: Fraction, s: Fraction, x: int, zeta: Any) -> Any:
    """``∫_x^∞``, for ``s > 1``."""
    b, position = arb_of((s - 1) / p), arb_of(x)
    return position ** arb_of(1 - s) / (arb_of(s - 1) * zeta) * _gauss(b, -(position ** arb_of(-p)) / zeta)


def _gauss(b: Any, argument: Any) -> Any:
    """``2F1(1, b; b+1; argument)``, where ``a+b−c = 0`` exactly."""
    return argument.hypgeom_2f1(1, b, b + 1, abc=True)


@lru_cache(maxsize=64)
def _binomial(exponent: Fraction, length: int, bits: int) -> list[Any]:
    """Coefficients of ``(1+τ)^exponent``."""
    coefficients = [arb_of(1)]
    for k in range(1, length):
        coefficients.append(coefficients[-1] * arb_of((exponent - k + 1) / k))
    return coefficients


@lru_cache(maxsize=16)
def _bernoulli_weights(count: int, bits: int) -> list[Any]:
    """``B_{2k}/(2k)`` for ``k = 1 … count``."""
    from flint import arb

    return [arb.bernoulli(2 * k) / (2 * k) for k in range(1, count + 1)]


def _derivatives(base: float, bits: int) -> int:
    """The least even order with ``order!/base^order < 2^{-bits-10}``, or the best there is."""
    order = 4
    while order < base and math.lgamma(order + 1) - order * math.log(base) > -(bits + 10) * math.log(2):
        order += 2
    return order


def _around_zero(zeta: Any, bound: Any) -> Any:
    from flint import acb, arb

    radius = arb(0, bound.abs_upper())
    return radius if isinstance(zeta, arb) else acb(radius, radius)


def _bits() -> int:
    from flint import ctx

    return int(ctx.prec)
