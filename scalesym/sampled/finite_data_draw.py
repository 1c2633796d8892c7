r"""Least squares on one draw of features and data, ``w = φ(ΦᵀΦ) ΦᵀY`` for several functions ``φ`` at once; the losses of many draws.

The smaller one of ``ΦᵀΦ`` and ``ΦΦᵀ`` is decomposed. Its rank is ``min(N, P, M)``, known beforehand, so that an eigenvalue that
is zero but for rounding is not mistaken for a small one. Squaring ``Φ`` costs the small eigenvalues their digits; where
they matter, the singular values of ``Φ`` itself are taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError

__all__ = ["FiniteDataRuns", "Solution", "descent", "flow", "overlaps", "ridge", "solve"]

Array = npt.NDArray[np.float64]
Filters = Callable[[Array], Array]

_GRADED = 1e-9  # ratio of eigenvalues, from which on the Gram matrix has lost too many digits of the small ones
_LOST = 1e-26  # the same for squares of singular values


@dataclass(frozen=True, eq=False)
class FiniteDataRuns:
    """Losses of independent draws of features and data, from :class:`~scalesym.sampled.finite_data.FiniteDataSampler`.

    Parameters
    ----------
    at:
        The ridges, times or steps.
    test, train:
        Losses of one model, averaged over the members and data sets of a draw, of shape ``(draws, len(at))``.
    overlaps:
        ``"ensemble"``: test loss of the average of all predictors of a draw. Besides, ``E⟨error of one, error of another⟩ + σ²``
        for two models that differ in their features (``"other_features"``), in their data (``"other_samples"``) or in both
        (``"other_both"``), as far as the draws have more than one of them.
    seed:
        Of all draws; draw ``k`` depends on it and on ``k``, not on how many there are.
    finished:
        ``False`` if it was interrupted; it then holds the draws that were finished.
    """

    at: Array
    test: Array
    train: Array
    overlaps: Mapping[str, Array]
    seed: int
    finished: bool = True

    @property
    def draws(self) -> int:
        """How many there are."""
        return len(self.test)

    @property
    def mean(self) -> Array:
        """Mean test loss over the draws."""
        return self.summary()[0]

    @property
    def standard_error(self) -> Array:
        """Standard error of :attr:`mean`."""
        return self.summary()[1]

    def summary(self, quantity: str = "test") -> tuple[Array, Array]:
        """Mean over the draws and its standard error, of ``"test"``, ``"train"`` or one of the :attr:`overlaps`.

        Raises
        ------
        ParameterError
            If there is no such quantity, or fewer than two draws.

        Notes
        -----
        Without a ridge and for ``N`` near ``P`` a loss has heavy tails, and scatters more than its standard error says.
        """
        known = {"test": self.test, "train": self.train, **self.overlaps}
        if quantity not in known:
            raise ParameterError("quantity", quantity, "it was not recorded", f"use one of {', '.join(known)}")
        values = known[quantity]
        if len(values) < 2:
            raise ParameterError("draws", len(values), "a standard error needs two of them", "use draws >= 2")
        return values.mean(axis=0), values.std(axis=0, ddof=1) / math.sqrt(len(values))


class Solution(NamedTuple):
    """``Λ^{1/2}(w* − Aᵀw/√N)`` of shape ``(n, M)``, and ``|Y − Φw|²`` of shape ``(n,)``."""

    error: Array
    train: Array


def solve(
    filters: Filters, features: Array | None, data: Array | None, labels: Array, root: Array, target: Array, rank: int
) -> Solution:
    """Train on one draw.

    Parameters
    ----------
    filters:
        ``φ`` on the eigenvalues, of shape ``(n, rank)``.
    features, data:
        ``A/√N`` and ``Ψ/√P``; ``None`` for infinitely many.
    labels:
        ``Y``; for infinitely many data ``Λ^{1/2}w*``.
    root, target:
        ``Λ^{1/2}`` and ``w*``.
    rank:
        ``min(N, P, M)``.
    """
    if data is None:
        design = np.diag(root) if features is None else (features * root).T
    else:
        design = data if features is None else data @ features.T
    x, basis, coefficients = _decompose(design, labels, rank)
    weights = basis @ (filters(x) * coefficients).T
    learnt = weights if features is None else features.T @ weights
    residual = labels[:, None] - design @ weights
    return Solution((target[:, None] - learnt).T * root, np.einsum("pn,pn->n", residual, residual))


def _decompose(design: Array, labels: Array, rank: int) -> tuple[Array, Array, Array]:
    """Eigenvalues ``x``, and a basis and coefficients with ``w = basis (φ(x) coefficients)``."""
    from scipy.linalg import eigh, svd

    wide = design.shape[0] < design.shape[1]
    gram = design @ design.T if wide else design.T @ design
    x, vectors = eigh(gram, overwrite_a=True, check_finite=False)
    x, vectors = x[-rank:], vectors[:, -rank:]
    if not x[0] > _GRADED * x[-1]:
        left, singular, right = svd(design, full_matrices=False, check_finite=False)
        singular = singular[:rank]
        return singular**2, right[:rank].T, singular * (labels @ left[:, :rank])
    if wide:
        return x, design.T @ vectors, labels @ vectors
    return x, vectors, (labels @ design) @ vectors


def _inverse(x: Array) -> Array:
    """``1/x``, of eigenvalues that are more than rounding."""
    if not x.min() > _LOST * x.max():
        reason = f"the smallest eigenvalue of a draw is {x.min():.1e}, not resolved beside the largest, {x.max():.1e}"
        raise ParameterError("ridge", 0, reason, "use a positive ridge, a finite time, or a spectrum that decays less")
    return 1 / x


def ridge(ridges: Array) -> Filters:
    """``1/(x + s)``."""

    def filters(x: Array) -> Array:
        return np.array([1 / (x + s) if s else _inverse(x) for s in ridges])

    return filters


def flow(times: Array) -> Filters:
    """``(1 − e^{−xt})/x``."""

    def one(x: Array, t: float) -> Array:
        if np.isinf(t):
            return _inverse(x)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(x * t > 0, -np.expm1(-x * t) / x, t)

    return lambda x: np.array([one(x, t) for t in times])


def descent(steps: Array, rate: float) -> Filters:
    """``(1 − (1 − ηx)^n)/x``, the rate being ``η``."""

    def one(x: Array, n: float) -> Array:
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            small = -np.expm1(n * np.log1p(-rate * np.minimum(x, 0.5 / rate)))
            kept = np.where(rate * x < 0.5, small, 1 - (1 - rate * x) ** n)
            return np.where(rate * x * n > 0, kept / x, rate * n)

    return lambda x: np.array([one(x, n) for n in steps])


def overlaps(error: Array) -> dict[str, Array]:
    """``|error|²`` of one model, of the average, and the products of two, from errors of shape ``(members, data sets, n, M)``."""
    members, datasets = error.shape[:2]
    one = _square(error).sum(axis=(0, 1))
    by_data = _square(error.sum(axis=0)).sum(axis=0)  # all members on the same data
    by_member = _square(error.sum(axis=1)).sum(axis=0)
    whole = _square(error.sum(axis=(0, 1)))
    models = members * datasets
    result: dict[str, Any] = {"test": one / models}
    if models > 1:
        result["ensemble"] = whole / models**2
    if members > 1:
        result["other_features"] = (by_data - one) / (models * (members - 1))
    if datasets > 1:
        result["other_samples"] = (by_member - one) / (models * (datasets - 1))
    if members > 1 and datasets > 1:
        result["other_both"] = (whole - by_data - by_member + one) / (models * (members - 1) * (datasets - 1))
    return result


def _square(error: Array) -> Array:
    result: Array = np.einsum("...m,...m->...", error, error)
    return result
