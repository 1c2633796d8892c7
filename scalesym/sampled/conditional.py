r"""The exact law of the mean loss given ``W``, and of one step given the state.

For Gaussian data the second moments close at every size. With ``q(x) = 1 − 2γBx + γ²B(B+1)x²``, the eigenvalues ``x_i``
and weights ``c_i`` of the draw, and the floor ``P_∞ = P_∞(W) + σ²``, the shares ``ρ_i`` of the modes in the mean loss obey

.. math:: \rho_i \leftarrow q(x_i)\,\rho_i + \gamma^2B\,x_i^2 P, \qquad P = P_\infty + \sum_i\rho_i, \qquad \rho_i(0) = c_i.

This is linear, and after a scaling its matrix is symmetric: the identity minus ``diag(p) − ssᵀ`` with ``p = 1 − q``,
``s = γ√B x``. Its eigenvalues ``e_k`` are the roots of the secular equation ``Σ_i s_i²/(p_i − e) = 1``, one between each
two neighbouring ``p_i``, and with ``N_k = Σ_i s_i²/(p_i−e_k)²``, ``C_k = Σ_i c_i/(p_i−e_k)``

.. math:: P(r) = P_\infty\Big[1 + \sum_k \frac{1-(1-e_k)^r}{e_k N_k}\Big] + \sum_k \frac{C_k}{N_k}(1-e_k)^r

at any ``r`` for the same cost.

Given the *state* of a run, the error ``φ`` in the eigenbasis (loss ``|φ|² + P_∞``), a step is
``φ' = φ − γκXφ − γ√(Pκ) Xh`` with ``κ ~ χ²_B`` and ``h ~ N(0, I − φφᵀ/P)`` independent: given the residuals
``ρ^b ~ N(0, P)`` of the batch, ``Σ(ρ^b)² = Pκ``, the features are Gaussian around ``φρ^b/P``. That gives mean and
variance of any ``Σ_i w_iφ_i'²`` in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..progress import progress_bar

__all__ = ["ConditionalLaw", "secular_roots"]

Array = npt.NDArray[np.float64]

_BISECTIONS = 64
_BLOCK = 2**21  # numbers in a temporary matrix


@dataclass(frozen=True, eq=False)
class ConditionalLaw:
    """Mean loss given ``W``, and mean and variance of one step given the state.

    Parameters
    ----------
    eigenvalues, weights:
        ``x_i > 0`` and ``c_i``.
    floor:
        ``P_∞(W) + σ²``, the loss that no ``θ`` goes below.
    gamma, batch:
        Learning rate and batch size.
    """

    eigenvalues: Array
    weights: Array
    floor: float
    gamma: float
    batch: int

    @cached_property
    def drop(self) -> Array:
        """``p_i = 1 − q(x_i)``."""
        x = self.gamma * self.eigenvalues
        result: Array = self.batch * x * (2 - (self.batch + 1) * x)
        return result

    @cached_property
    def coupling(self) -> Array:
        """``s_i² = γ²Bx_i²``."""
        result: Array = self.batch * (self.gamma * self.eigenvalues) ** 2
        return result

    def forcing(self, r: Array) -> Array:
        """``F_W(r) = P_∞ + Σ_i c_i q(x_i)^r``."""
        return self.floor + _powers(self.drop, r, self.weights)

    def kernel(self, r: Array) -> Array:
        """``K_W(r) = γ²B Σ_i x_i² q(x_i)^r``."""
        return _powers(self.drop, r, self.coupling)

    def advance(self, shares: Array) -> Array:
        """One step of the recursion, from the shares ``ρ`` of shape ``(…, d)``."""
        loss = self.floor + shares.sum(axis=-1, keepdims=True)
        result: Array = shares - self.drop * shares + self.coupling * loss
        return result

    def recursion(self, r: list[int]) -> Array:
        """``P(r)``, step by step."""
        wanted, values = set(r), {}
        shares, last = self.weights, max(r, default=-1)
        with progress_bar("the recursion") as progress:
            for step in range(last + 1):
                if step in wanted:
                    values[step] = self.floor + shares.sum()
                shares = self.advance(shares)
                if step % 1024 == 0:
                    progress(step, last)
        return np.array([values[step] for step in r])

    def loss(self, r: Array) -> Array:
        """``P(r)`` from the eigenvalues of the recursion, at any ``r``."""
        roots, inverse_norm, residue = self._modes
        decay = np.log1p(-roots)
        response = np.empty(len(r))
        for part in _parts(len(r), len(roots)):
            grown = -np.expm1(np.multiply.outer(r[part], decay))
            response[part] = grown @ (inverse_norm / roots)
        return self.floor * (1 + response) + _powers(roots, r, residue * inverse_norm)

    @cached_property
    def _modes(self) -> tuple[Array, Array, Array]:
        """``e_k``, ``1/N_k`` and ``C_k``."""
        p, index = np.unique(self.drop, return_inverse=True)
        weights, coupling = (np.bincount(index, row, len(p)).astype(float) for row in (self.weights, self.coupling))
        origin, offset = secular_roots(p, coupling)
        norm, residue = np.empty(len(p)), np.empty(len(p))
        for part in _parts(len(p), len(p)):
            inverse = 1 / ((p - p[origin[part], None]) - offset[part, None])
            norm[part], residue[part] = np.sum((inverse * np.sqrt(coupling)) ** 2, axis=1), inverse @ weights
        return p[origin] + offset, 1 / norm, residue

    def innovation(self, error: Array, weights: Array | float = 1.0) -> tuple[Array, Array]:
        """Mean and variance of ``Σ_i w_iφ_i'²`` after one step from the states ``φ`` of shape ``(…, d)``.

        With ``w = 1`` it is the loss less its floor.
        """
        g, B, x, w = self.gamma, self.batch, self.eigenvalues, np.asarray(weights)
        square = error**2
        P = self.floor + square.sum(axis=-1)
        a0, a1, a2 = (square @ (w * x**n * np.ones_like(x)) for n in range(3))
        b2, b3, b4 = (square @ (w**2 * x**n) for n in (2, 3, 4))
        trace = np.sum(w * x**2) - a2 / P
        spread = np.sum(w**2 * x**4) - 2 * b4 / P + (a2 / P) ** 2
        m1, m2 = B, B * (B + 2)  # the moments of χ²_B
        m3 = m2 * (B + 4)
        m4 = m3 * (B + 6)
        first, second = -2 * g * a1 + g**2 * P * trace, g**2 * a2  # mean given κ: a0 + first κ + second κ²
        mean = a0 + first * m1 + second * m2
        between = first**2 * (m2 - m1**2) + 2 * first * second * (m3 - m1 * m2) + second**2 * (m4 - m2**2)
        linear = m1 * (b2 - a1**2 / P) - 2 * g * m2 * (b3 - a1 * a2 / P) + g**2 * m3 * (b4 - a2**2 / P)
        return mean, between + 4 * g**2 * P * linear + 2 * g**4 * P**2 * m2 * spread


def secular_roots(p: Array, coupling: Array) -> tuple[npt.NDArray[np.intp], Array]:
    r"""The roots ``e_k`` of ``Σ_i s_i²/(p_i − e) = 1`` below each ``p_k``, as an index and an offset from that ``p``.

    The offset from the nearer neighbour is what is solved for, by bisection in its logarithm, so that ``p_i − e_k`` keeps
    its relative accuracy however close they are.

    Parameters
    ----------
    p:
        Distinct, ascending.
    coupling:
        ``s_i² > 0``.

    Examples
    --------
    >>> origin, offset = secular_roots(np.array([1.0, 2.0]), np.array([0.25, 0.25]))
    >>> np.linalg.eigvalsh(np.diag([1.0, 2.0]) - 0.25) - (np.array([1.0, 2.0])[origin] + offset) < 1e-15
    array([ True,  True])
    """
    count, total = len(p), float(coupling.sum())
    gap = np.append(total, np.diff(p))  # the first root is less than Σs² below the first p
    origin, sign = np.arange(count), np.full(count, -1.0)
    for part in _parts(count, count):
        middle = (p - p[part, None]) + gap[part, None] / 2
        below = (coupling / middle).sum(axis=1) > 1  # the root is in the lower half of its interval
        origin[part] -= below
        sign[part] += 2 * below
    origin[0], sign[0] = 0, -1
    nearest = np.minimum(gap / 2, np.append(gap[1:], np.inf))
    nearest = np.where(sign > 0, np.minimum(gap / 2, gap[origin]), nearest)
    low = np.log(coupling[origin] / (1 + total / nearest)) - 1
    high = np.log(np.where(np.arange(count) == 0, total, gap / 2)) + 1e-12
    for part in _parts(count, count):
        distance, lower, upper = p - p[origin[part], None], low[part], high[part]
        for _ in range(_BISECTIONS):
            middle = (lower + upper) / 2
            offset = (sign[part] * np.exp(middle))[:, None]
            excess = (coupling / (distance - offset)).sum(axis=1) > 1
            nearer = excess == (sign[part] > 0)  # towards the origin the sum goes to ∓∞
            upper, lower = np.where(nearer, middle, upper), np.where(nearer, lower, middle)
        low[part] = (lower + upper) / 2
    return origin, sign * np.exp(low)


def _powers(drop: Array, r: Array, weights: Array) -> Array:
    """``Σ_i w_i (1 − p_i)^r``."""
    decay = np.log1p(-drop)
    result = np.empty(len(r))
    for part in _parts(len(r), len(drop)):
        result[part] = np.exp(np.multiply.outer(r[part], decay)) @ weights
    return result


def _parts(count: int, width: int) -> list[slice]:
    """Rows of a ``count × width`` matrix in blocks of bounded size."""
    size = max(1, _BLOCK // max(width, 1))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
