r"""A linear teacher seen through ``n`` random features, or through ``n`` training points: one draw, two expressions, one number.

With the covariance ``C`` of the teacher's features ``F`` and a Gaussian matrix ``Φ`` with ``n`` rows

.. math:: \mathrm{Tr}\big[C - C\Phi^\top(\Phi C\Phi^\top)^{-1}\Phi C\big] = \mathbb E_x\big[K(x,x) - \vec K\bar K^{-1}\vec K\big],

the left side for a student linear in ``Φ F`` with endless data, the right side for regression with the kernel ``K(x,x') = F·F'``
on points whose features are the rows of ``ΦC^{1/2}``. Level: sampled; means over the teacher, per unit of its weights' variance.
Source: Bahri et al., arXiv:2102.06701, whose letters for ``Φ`` and ``C`` are calligraphic P and C.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Dual", "dual", "feature_loss", "kernel_loss", "projected", "projected_loss"]

Array = npt.NDArray[np.float64]


class Dual(NamedTuple):
    """The loss by features and by training points."""

    features: float
    points: float


def dual(eigenvalues: Array, n: int, seed: int) -> Dual:
    """Both expressions for one Gaussian matrix."""
    matrix = np.random.default_rng(seed).standard_normal((n, eigenvalues.size))
    return Dual(feature_loss(eigenvalues, matrix), kernel_loss(eigenvalues, matrix * np.sqrt(eigenvalues)))


def feature_loss(eigenvalues: Array, projection: Array) -> float:
    """``Tr[C - CΦᵀ(ΦCΦᵀ)⁻¹ΦC]`` with the features' projection ``Φ``: what no linear function of ``ΦF`` explains."""
    seen = projection * eigenvalues
    return float(eigenvalues.sum() - np.sum(seen * np.linalg.solve(seen @ projection.T, seen)))


def kernel_loss(eigenvalues: Array, points: Array) -> float:
    """``E_x[K(x,x) - K⃗ K̄⁻¹ K⃗]`` for training points with these features, in rows: the mean posterior variance."""
    root = np.linalg.cholesky(points @ points.T)
    whitened = np.linalg.solve(root, points)  # K⃗(x) = points F(x), and E F Fᵀ = C
    return float(eigenvalues.sum() - np.sum(whitened * whitened * eigenvalues))


def projected_loss(eigenvalues: Array, features: int, samples: int, seed: int) -> float:
    """:func:`projected` for one draw of Gaussian features and samples."""
    generator = np.random.default_rng(seed)
    projection = generator.standard_normal((features, eigenvalues.size))
    points = generator.standard_normal((samples, eigenvalues.size)) * np.sqrt(eigenvalues)
    return projected(eigenvalues, projection, points)


def projected(eigenvalues: Array, projection: Array, points: Array) -> float:
    r"""The loss of least squares in ``P`` features on ``D > P`` samples.

    .. math:: \mathrm{Tr}\big(C + \bar C\Phi^\top\bar B^{-1}B\bar B^{-1}\Phi\bar C - 2\bar C\Phi^\top\bar B^{-1}\Phi C\big), \qquad
        B = \Phi C\Phi^\top, \quad \bar B = \Phi\bar C\Phi^\top, \quad \bar C = \tfrac1D\textstyle\sum_aF_aF_a^\top .
    """
    seen = points @ projection.T
    cross = seen.T @ points  # D Φ C̄
    solution: Any = np.linalg.solve(seen.T @ seen, cross)  # B̄⁻¹ΦC̄
    metric = (projection * eigenvalues) @ projection.T
    return float(
        eigenvalues.sum() + np.sum(solution * (metric @ solution)) - 2 * np.sum(solution * projection * eigenvalues)
    )
