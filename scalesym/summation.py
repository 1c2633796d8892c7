r"""Gauss rules for sums over consecutive integers.

A sum of ``N`` terms is an integral against the uniform measure on ``{a, …, a+N−1}``, whose orthogonal polynomials are
the discrete Chebyshev (Gram) polynomials. Centred and scaled by ``N/2`` their recurrence coefficients are

.. math:: a_k = 0, \qquad b_k^2 = \frac{k^2\,(1 - k^2/N^2)}{4k^2 - 1},

so ``n`` nodes sum every polynomial of degree below ``2n`` exactly, at a cost that does not depend on ``N``; as
``N → ∞`` the rule becomes Gauss–Legendre. Nothing asks ``N`` to be an integer: for real ``N > n`` the rule gives
Faulhaber's polynomials in ``N``, the analytic continuation of the sum in its upper end. That is what "the sum over
``j ≤ v``" means here for real ``v``.

The same Golub–Welsch step serves the weight ``x^s`` on ``[0, 1]`` (Gauss–Jacobi), which the tails at ``v = ∞`` need.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .precision import flint_digits

__all__ = ["end_rule", "jacobi_rule", "precise_sum_rule", "sum_rule"]

Array = npt.NDArray[np.float64]

_WIDE = 6.0  # terms on either side of the end, from which on the Euler–Maclaurin series serves


@lru_cache(maxsize=4096)
def sum_rule(length: float, n: int) -> tuple[Array, Array]:
    """Nodes in ``(-1, 1)`` and weights of the ``n``-point rule for ``length`` consecutive integers, ``length > n``.

    The integers are ``a, …, a+length-1``; the node ``x`` stands for ``a + (length-1)/2 + x·length/2``.

    Examples
    --------
    >>> x, w = sum_rule(100.0, 4)
    >>> j = 1 + 99 / 2 + 50 * x
    >>> bool(abs((w * j**7).sum() / sum(i**7 for i in range(1, 101)) - 1) < 1e-14)
    True
    """
    k = np.arange(1, n)
    return _golub_welsch(np.zeros(n), _sum_recurrence(k, length), length)


@lru_cache(maxsize=256)
def jacobi_rule(t: float, n: int) -> tuple[Array, Array]:
    """Nodes and weights of the ``n``-point Gauss rule for the weight ``x**(t-1)`` on ``(0, 1)``, ``t > 0``."""
    k = np.arange(1, n)
    c = 2 * k + t - 1
    a = np.concatenate([[t / (t + 1)], (1 + (t - 1) ** 2 / (c * (c + 2))) / 2])
    return _golub_welsch(a, k * (k - 1 + t) / (c * np.sqrt((2 * k - 2 + t) * (2 * k + t))), 1 / t)


@lru_cache(maxsize=64)
def end_rule(end: float, spread: float, n: int = 20) -> tuple[Array, Array, Array]:
    r"""How a sum changes with its upper end: nodes ``u``, and weights of two derivatives in ``log v`` at ``v = end``.

    By Euler and Maclaurin, with :math:`B_1 = +\frac12`,

    .. math:: \frac{d}{dv}\sum_{j\le v} g(j) = \sum_{k\ge0} \frac{B_k}{k!}\, g^{(k)}(v),

    which the rule gives exactly for polynomials ``g`` of degree below ``n``, from Chebyshev points in ``v(1 ± spread)``.
    Where this is too narrow for the series, ``Σ_{j≤v} = Σ_{j≤v+k} − g(v+1) − … − g(v+k)`` is differentiated instead.

    Examples
    --------
    The sum of squares is ``v(v+1)(2v+1)/6``:

    >>> u, first, second = end_rule(30.0, 0.25)
    >>> round(float(first @ u**2) / (30 * (6 * 30**2 + 6 * 30 + 1) / 6), 12)
    1.0
    """
    from scipy.special import bernoulli

    k = max(0, math.ceil(_WIDE / spread - end))
    numbers = bernoulli(n)
    numbers[1] = 0.5
    m = np.arange(n)
    rates = [(end + k, numbers[:n], m * numbers[np.maximum(m - 1, 0)])]
    rates += [(end + i, -1.0 * (m == 1), -2.0 * (m == 2)) for i in range(1, k + 1)]  # −g' and −g''
    rows = [_end_part(end, place, spread, first, second) for place, first, second in rates]
    u, w1, w2 = (np.concatenate(column) for column in zip(*rows, strict=True))
    return u, w1, w2


def _end_part(end: float, place: float, spread: float, first: Array, second: Array) -> tuple[Array, Array, Array]:
    """Points around ``place``, and weights of the functionals that take ``(u-place)^m`` to ``first[m]``, ``second[m]``."""
    n, radius = len(first), spread * place
    angle = np.pi * (np.arange(n) + 0.5) / n
    powers = radius ** -np.arange(n, dtype=float)
    rows = []
    for moments in (end * first, end * first + end**2 * second):  # d/dlog v = v d/dv
        values = _chebyshev(n) @ (moments * powers)
        values[0] /= 2
        rows.append(2 / n * np.cos(np.multiply.outer(angle, np.arange(n))) @ values)
    return place + radius * np.cos(angle), rows[0], rows[1]


@lru_cache(maxsize=4)
def _chebyshev(n: int) -> Array:
    """Coefficients of ``T_0 … T_{n-1}``, one row each."""
    rows = [np.polynomial.chebyshev.cheb2poly(unit[: i + 1]) for i, unit in enumerate(np.eye(n))]
    return np.array([np.pad(row, (0, n - len(row))) for row in rows])


def precise_sum_rule(length: Any, n: int) -> tuple[list[Any], list[Any]]:
    """:func:`sum_rule` for an ``arb`` length, in the current precision of python-flint, as midpoints.

    Newton's method on the orthonormal recurrence, from the double-precision nodes; weights by Christoffel's formula.
    """
    from flint import arb, ctx

    start, _ = sum_rule(float(length), n)
    nodes, weights = [], []
    # for n > 2√N the polynomials grow exponentially between the outermost integers, and their rounding errors with them
    with flint_digits(math.ceil(ctx.prec * math.log10(2)) + n // 2):
        b = [_sum_recurrence(arb(k), length, sqrt=lambda x: x.sqrt()) for k in range(1, n)]
        inverse = [1 / c for c in b] + [arb(1)]
        rounds = max(1, math.ceil(math.log2(ctx.prec / 24)))  # the quadratic term costs about 8 digits once
        for x0 in start:
            x = arb(float(x0))
            for _ in range(rounds):
                value, slope, _ = _recurrence(x, b, inverse)
                x = (x - value / slope).mid()
            nodes.append(x)
            weights.append((length / _recurrence(x, b, inverse)[2]).mid())
    return nodes, weights


def _sum_recurrence(k: Any, length: Any, sqrt: Any = np.sqrt) -> Any:
    return sqrt(k * k * (1 - (k / length) ** 2) / (4 * k * k - 1))


def _golub_welsch(a: Array, b: Array, mass: float) -> tuple[Array, Array]:
    x, vectors = np.linalg.eigh(np.diag(a) + np.diag(b, 1) + np.diag(b, -1))
    rule = x, mass * vectors[0] ** 2
    for part in rule:
        part.flags.writeable = False
    return rule


def _recurrence(x: Any, b: list[Any], inverse: list[Any]) -> tuple[Any, Any, Any]:
    """``p_n(x)``, ``p_n'(x)`` and ``Σ_{k<n} p_k(x)²`` for ``p_0 = 1`` and symmetric weights."""
    p, q, dp, dq, total = x * 0 + 1, x * 0, x * 0, x * 0, x * 0
    for k, scale in enumerate(inverse):
        total += p * p
        former = b[k - 1] if k else 0
        p, q, dp, dq = (x * p - former * q) * scale, p, (p + x * dp - former * dq) * scale, dp
    return p, dp, total
