r"""One draw of the random features ``W``, and what of it governs the loss.

``W`` is drawn in blocks of rows, each block from its own child of the seed, so that the first rows do not depend on how
many follow, and nothing ever needs the whole matrix except the literal simulation. With ``A = D^{1/2}W`` and
``t = D^{1/2}b`` the loss is ``‖Aθ − t‖²``. A QR factorisation of ``[A | t]``, updated block by block, gives

.. math:: [A\,|\,t] = Q \begin{pmatrix} R & Q^\top t\\ 0 & \pm\sqrt{P_\infty(W)} \end{pmatrix},

the residual ``P_∞(W)`` of least squares as a number of its own, not as a difference. The singular values of ``R = UΣVᵀ``
are the square roots of the eigenvalues ``x_i`` of ``D^{1/2}WWᵀD^{1/2}``, and ``c_i = (UᵀQᵀt)_i²``. The rows come with
descending ``λ_j``, so ``R`` is graded and its small singular values keep their digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..progress import progress_bar

__all__ = ["Features", "draw", "rows"]

Array = npt.NDArray[np.float64]

_ROWS = 64  # drawn from one child of the seed; part of what a seed means
_TOGETHER = 16  # such blocks between two factorisations


@dataclass(frozen=True, eq=False)
class Features:
    r"""The eigenvalues of one draw and the target in its eigenbasis.

    Parameters
    ----------
    eigenvalues:
        ``x_i``, the ``d`` non-zero eigenvalues of ``D^{1/2}WWᵀD^{1/2}``, descending.
    target:
        ``⟨u_i, D^{1/2}b⟩``, whose squares are ``c_i``.
    residual:
        ``P_∞(W) = Σ_j λ_jb_j² − Σ_i c_i``.
    basis:
        The orthogonal ``V``, columns in the order of ``x_i``: ``θ = V Σ^{-1}(⟨u, D^{1/2}b⟩ + φ)``.
    """

    eigenvalues: Array
    target: Array
    residual: float
    basis: Array

    def error(self, theta: Array) -> Array:
        """``φ = ΣVᵀ(θ − θ*)`` for ``θ`` of shape ``(…, d)``; the loss is ``|φ|² + P_∞(W)``."""
        result: Array = theta @ self.basis * np.sqrt(self.eigenvalues) - self.target
        return result

    def parameters(self, error: Array) -> Array:
        """``θ`` from ``φ``."""
        result: Array = (error + self.target) / np.sqrt(self.eigenvalues) @ self.basis.T
        return result


def rows(seed: int, v: int, d: int) -> Iterator[tuple[slice, Array]]:
    """``W``, independent ``N(0, 1/d)``, as consecutive blocks of rows with the range of ``j − 1`` they fill."""
    for first in range(0, math.ceil(v / _ROWS), _TOGETHER):
        part = slice(first * _ROWS, min((first + _TOGETHER) * _ROWS, v))
        count = math.ceil((part.stop - part.start) / _ROWS)
        block = np.empty((count, _ROWS, d))
        for child in range(count):
            seeds = np.random.SeedSequence(seed, spawn_key=(0, first + child))
            np.random.Generator(np.random.SFC64(seeds)).standard_normal(out=block[child])
        yield part, block.reshape(-1, d)[: part.stop - part.start] / np.sqrt(d)


def draw(seed: int, eigenvalues: Array, target: Array, d: int) -> Features:
    """Draw ``W`` for a covariance ``λ_j`` and target coefficients ``b_j``, and decompose ``D^{1/2}WWᵀD^{1/2}``."""
    from scipy.linalg import qr, svd

    root = np.sqrt(eigenvalues)
    triangle = np.empty((0, d + 1))
    with progress_bar("drawing W") as progress:
        for part, block in rows(seed, len(eigenvalues), d):
            augmented = np.column_stack([block, target[part]]) * root[part, None]
            (triangle,) = qr(np.vstack([triangle, augmented]), mode="r", overwrite_a=True, check_finite=False)
            triangle = triangle[: d + 1]
            progress(part.stop, len(eigenvalues))
    left, singular, right = svd(triangle[:d, :d], check_finite=False)
    residual = float(triangle[d, d] ** 2) if len(triangle) > d else 0.0  # none for v = d
    return Features(singular**2, triangle[:d, d] @ left, residual, right.T)
