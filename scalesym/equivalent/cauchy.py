r"""Many sums :math:`\sum_k w_k / \prod_i(\lambda_k+\zeta_i)` at once, in double precision.

The points ``ζ`` of a contour run over hundreds of powers of ten, and so do the ``λ_k``. For a group of neighbouring
``ζ`` only the ``λ_k`` within a factor ``e^5`` of ``|ζ|`` need the division; the others enter through nine moments,
the two geometric series of ``1/(λ+ζ)`` in ``ζ/λ`` and in ``λ/ζ``. The moments of all larger (all smaller) ``λ`` are
running sums over blocks, so the cost is that of the near part alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Cauchy", "cauchy"]

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

_TERMS = 9
_FAR = np.exp(5.0)  # ratio at which nine terms leave e^{-45}
_GROUP = 64  # points of the contour treated together
_BLOCK = 32  # eigenvalues that are near or far together


def cauchy(lam: Array, weights: Array, *shifts: ComplexArray, relative: Sequence[ComplexArray] = ()) -> ComplexArray:
    r"""``Σ_k w_k / Π_i (λ_k + shift_i)``: rows of ``weights`` by points of the shifts.

    Parameters
    ----------
    lam:
        Positive points in descending order, shape ``(K,)``.
    weights:
        One or more rows of weights, shape ``(rows, K)``.
    shifts:
        One or two complex arrays of shape ``(n,)``, the points in an order in which neighbours have similar modulus.
    relative:
        Up to two further shifts, each for a factor ``shift/(λ_k + shift)``, which does not leave the range of a double
        where powers of ``1/(λ_k + shift)`` would.

    Returns
    -------
    Complex array of shape ``(rows, n)``.
    """
    return Cauchy(lam, weights)(*shifts, relative=relative)


class Cauchy:
    """:func:`cauchy` at many shifts: the moments of one spectrum with one set of weights are computed once."""

    def __init__(self, lam: Array, weights: Array) -> None:
        self._lam, self._weights = lam, weights
        self._larger: dict[int, Array] = {}  # by the number of factors

    @cached_property
    def _smaller(self) -> Array:
        return _running_moments(self._lam[::-1], self._weights[:, ::-1], len(self._lam) // _BLOCK)

    def _larger_with(self, factors: int) -> Array:
        if factors not in self._larger:
            count = len(self._lam) // _BLOCK
            self._larger[factors] = _running_moments(1 / self._lam, self._weights, count, factors)
        return self._larger[factors]

    def __call__(self, *shifts: ComplexArray, relative: Sequence[ComplexArray] = ()) -> ComplexArray:
        """As :func:`cauchy`."""
        lam, weights = self._lam, self._weights
        every = (*shifts, *relative)
        factors = len(every)
        result = np.zeros((len(weights), len(shifts[0])), dtype=complex)
        moduli = np.abs(np.array(every))
        low, high = moduli.min(axis=0), moduli.max(axis=0)
        far = len(lam) > 8 * _BLOCK  # else it is not worth splitting
        if far:
            larger, smaller = self._larger_with(factors), self._smaller
        for start in range(0, result.shape[1], _GROUP):
            part = slice(start, start + _GROUP)
            parts = {id(s): s[part] for s in every}
            local = [parts[id(s)] for s in every]  # repeated shifts stay the same objects
            first, last = 0, len(lam)
            if far:
                left = int(np.searchsorted(-lam, -high[part].max() * _FAR)) // _BLOCK
                right = (len(lam) - int(np.searchsorted(-lam, -low[part].min() / _FAR))) // _BLOCK
                first, last = left * _BLOCK, len(lam) - right * _BLOCK
                if left:
                    scale = lam[first - 1]
                    series = larger[left] @ _complete([-s / scale for s in local])
                    for s in local[len(shifts) :]:
                        series *= s / scale
                    result[:, part] = series / scale ** len(shifts)
                if right:
                    scale = lam[last]
                    series = smaller[right] @ _complete([-scale / s for s in local])
                    for s in local[: len(shifts)]:
                        series /= s
                    result[:, part] += series
            result[:, part] += weights[:, first:last] @ _near(lam[first:last], local, len(shifts))
        return result


def _running_moments(x: Array, weights: Array, count: int, power: int = 0) -> Array:
    """``Σ_{k < 32b} w_k (x_k/x_{32b−1})^{power+n}``, ``b = 0 … count``, ``n < 9``, ascending ``x``; shape ``(b, row, n)``."""
    blocks = x[: count * _BLOCK].reshape(count, _BLOCK)
    ends = blocks[:, -1]
    exponents = np.arange(power, power + _TERMS)
    powers = (blocks / ends[:, None])[:, :, None] ** exponents
    own = np.einsum("rbk,bkn->brn", weights[:, : count * _BLOCK].reshape(len(weights), count, _BLOCK), powers)
    moments = np.zeros((count + 1, len(weights), _TERMS))
    shrink = np.ones((count, _TERMS))
    shrink[1:] = (ends[:-1] / ends[1:])[:, None] ** exponents
    for b in range(count):
        moments[b + 1] = moments[b] * shrink[b] + own[b]
    return moments


def _near(lam: Array, shifts: list[ComplexArray], absolute: int) -> ComplexArray:
    """The product of the factors, the first ``absolute`` of which are ``1/(λ+shift)``, the others relative."""
    inverses = {id(s): 1 / (lam[:, None] + s) for s in shifts}
    products = {id(s): s * inverses[id(s)] for s in shifts[absolute:]}
    factors = [inverses[id(s)] for s in shifts[:absolute]] + [products[id(s)] for s in shifts[absolute:]]
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _complete(arguments: list[ComplexArray]) -> ComplexArray:
    """Complete homogeneous symmetric polynomials ``h_0 … h_8`` of the arguments, one row each."""
    x: Any = arguments[0]
    rows = np.empty((_TERMS, len(x)), dtype=complex)
    rows[0] = 1
    for n in range(1, _TERMS):
        np.multiply(rows[n - 1], x, out=rows[n])
    for y in arguments[1:]:
        for n in range(1, _TERMS):
            rows[n] += y * rows[n - 1]
    return rows
