r"""Three ways to take steps of one-pass SGD, all with the law of the algorithm itself.

*Literal*: draw ``x``, form ``a = Wᵀx``, move ``θ`` by ``−γ Σ a(⟨a,θ⟩ − y)``.

*In the eigenbasis*: only ``a ~ N(0, WᵀDW)`` and ``y = ⟨a,θ*⟩ + ε`` matter, with ``ε ~ N(0, P_∞)`` independent of ``a``,
because ``θ*`` is the least-squares solution. For the error ``φ = ΣVᵀ(θ − θ*)`` and ``g ~ N(0, I)``,

.. math:: \varphi \leftarrow \varphi - \gamma X \sum_b g^b\rho^b, \qquad \rho^b = \langle g^b, \varphi\rangle - \varepsilon^b.

The features do not depend on ``φ``, so the residuals of many steps solve one triangular system, with the matrix
``γ⟨g^k, Xg^l⟩`` for ``l`` in an earlier step than ``k``, and one product then moves ``φ`` by all of them. Scaled by
``√(γX)`` this matrix is ``GGᵀ``, symmetric, and half of it need not be computed.

*A whole batch at once*: given the residuals the features are Gaussian around ``φρ^b/P``, and ``Σ_b(ρ^b)² = Pκ`` with
``κ ~ χ²_B``. Hence, for any ``B``, with one ``g ~ N(0, I)``,

.. math:: \sum_b g^b\rho^b \;\sim\; \kappa\varphi + \sqrt{P\kappa}\,\big(g - \tau\langle g,\varphi\rangle\varphi\big), \qquad
          \tau = \frac{1-\sqrt{P_\infty/P}}{|\varphi|^2}.

States have the shape ``(runs, d)``; draws come for several steps at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["BatchSteps", "EigenbasisSteps", "LiteralSteps", "Steps"]

Array = npt.NDArray[np.float64]

_ROWS = 48  # of a triangular system
_FEW_RUNS, _LONG = 8, 200  # up to so many runs, or from such d on, a system for each run beats a loop over steps
_USUAL, _LARGEST = 2**18, 2**21  # numbers in a block of draws


class Steps(Protocol):
    """A way to take steps."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the normals of one step."""

    @property
    def length(self) -> int:
        """Steps whose normals are drawn together."""

    def take(self, state: Array, normals: Array, squares: Array) -> Array:
        """The state after as many steps as there are draws."""


def _by_size(size: int) -> int:
    return max(1, min(64, _USUAL // size))


@dataclass(frozen=True, eq=False)
class LiteralSteps:
    """SGD on ``θ`` as it is defined.

    Parameters
    ----------
    matrix:
        ``W``.
    scale, target:
        ``√λ_j`` and ``b_j``.
    noise:
        Standard deviation ``σ`` of the label noise.
    gamma, batch, runs:
        Learning rate, batch size and number of runs.
    """

    matrix: Array
    scale: Array
    target: Array
    noise: float
    gamma: float
    batch: int
    runs: int

    @property
    def shape(self) -> tuple[int, ...]:
        return self.runs, self.batch, len(self.scale) + (self.noise > 0)

    @property
    def length(self) -> int:
        return _by_size(math.prod(self.shape))

    def take(self, state: Array, normals: Array, squares: Array) -> Array:
        v, d = self.matrix.shape
        for draws in normals:
            x = draws[..., :v] * self.scale
            y = x @ self.target + (self.noise * draws[..., v] if self.noise else 0.0)
            a = (x.reshape(-1, v) @ self.matrix).reshape(self.runs, self.batch, d)
            residual = np.einsum("nbi,ni->nb", a, state) - y
            state = state - self.gamma * np.einsum("nbi,nb->ni", a, residual)
        return state


@dataclass(frozen=True, eq=False)
class EigenbasisSteps:
    """SGD on the error ``φ``, feature by feature.

    Parameters
    ----------
    eigenvalues:
        ``x_i``.
    floor:
        ``P_∞ = P_∞(W) + σ²``.
    gamma, batch, runs:
        Learning rate, batch size and number of runs.
    """

    eigenvalues: Array
    floor: float
    gamma: float
    batch: int
    runs: int

    @property
    def shape(self) -> tuple[int, ...]:
        return self.runs, self.batch, len(self.eigenvalues) + 1

    @property
    def length(self) -> int:
        size = math.prod(self.shape)
        if not self._worthwhile or self._together * size > _LARGEST:
            return _by_size(size)
        return self._together * max(1, _USUAL // (self._together * size))

    @property
    def _worthwhile(self) -> bool:
        """Whether a system for each run is quicker than a loop over the steps."""
        return self._together > 1 and (self.runs <= _FEW_RUNS or len(self.eigenvalues) >= _LONG)

    @property
    def _together(self) -> int:
        """Steps in one system."""
        return max(1, _ROWS // self.batch)

    def take(self, state: Array, normals: Array, squares: Array) -> Array:
        noise = np.sqrt(self.floor) * normals[..., -1]
        if len(normals) > 1 and self._worthwhile:
            for first in range(0, len(normals), self._together):
                part = slice(first, first + self._together)
                rows = zip(state, normals[part, ..., :-1].swapaxes(0, 1), noise[part].swapaxes(0, 1), strict=True)
                state = np.array([self._solved(*row) for row in rows])
            return state
        change = self.gamma * self.eigenvalues
        for draws, eps in zip(normals[..., :-1], noise, strict=True):
            residual = np.einsum("nbi,ni->nb", draws, state) - eps
            move = np.einsum("nbi,nb->ni", draws, residual)
            move *= change
            state = state - move
        return state

    @cached_property
    def _root(self) -> Array:
        return np.asarray(np.sqrt(self.gamma * self.eigenvalues))

    def _solved(self, state: Array, draws: Array, noise: Array) -> Array:
        """The state of one run after all steps, in the scale of ``φ/√(γx)``: ``draws`` of shape ``(steps, B, d)``."""
        from scipy.linalg.blas import dtrsv

        root = self._root
        g = draws.reshape(-1, len(state)) * root
        system = g @ g.T
        for first in range(0, len(g) if self.batch > 1 else 0, self.batch):  # the samples of one step do not meet
            system[first : first + self.batch, first : first + self.batch] = 0
        state = state / root
        residual = dtrsv(system.T, g @ state - noise.ravel(), lower=1, diag=1)  # symmetric; the diagonal counts as 1
        result: Array = (state - residual @ g) * root
        return result


@dataclass(frozen=True, eq=False)
class BatchSteps:
    """SGD on the error ``φ``, a whole batch from one normal vector and one ``χ²_B``; parameters as above."""

    eigenvalues: Array
    floor: float
    gamma: float
    batch: int
    runs: int

    @property
    def shape(self) -> tuple[int, ...]:
        return self.runs, len(self.eigenvalues)

    @property
    def length(self) -> int:
        return _by_size(math.prod(self.shape))

    def take(self, state: Array, normals: Array, squares: Array) -> Array:
        change = self.gamma * self.eigenvalues
        for g, kappa in zip(normals, squares, strict=True):
            size = np.einsum("ni,ni->n", state, state)
            loss = size + self.floor
            length = np.sqrt(loss * kappa)
            # (1 − √(P_∞/P))/|φ|² without cancellation
            tau = 1 / (loss + np.sqrt(self.floor * loss))
            along = kappa - length * tau * np.einsum("ni,ni->n", g, state)
            move = length[:, None] * g
            move += along[:, None] * state
            move *= change
            state = state - move
        return state
