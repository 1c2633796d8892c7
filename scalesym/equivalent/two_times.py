r"""What stands under the double integral of a loss: two resolvents, one for each factor of the square.

The test loss is the double transform of ``(E-σ²)/(ss')``, the train loss that of ``R_1R_1'E/(ss')``. Here ``E`` comes in parts, so that
none is lost in the rounding of another: ``u/(ss') = Σ u_kH_kH_k'``, mode by mode; the label noise; and the rest, the variance.

Level: deterministic equivalent. Source: as for :mod:`scalesym.equivalent.finite_data`; the rearrangements are derived here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .finite_data import FiniteData

__all__ = ["Square"]

ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Square:
    """What stands under the double integral: ``ρρ'`` times ``Σ u_k H_kH_k'``, the label noise and the variance.

    Parameters
    ----------
    model, noise:
        As for :class:`Flow`.
    train:
        Whether ``ρ`` is ``R_1`` and the noise counts, else ``ρ = 1``.
    same_features, same_samples:
        As for :meth:`Flow.loss`.
    """

    model: FiniteData
    noise: float
    train: bool = False
    same_features: bool = True
    same_samples: bool = True

    @property
    def first(self) -> float:
        """The loss at the start."""
        return float(np.sum(self.model.nodes.nu)) + self.noise * self.train

    @property
    def keeps_noise(self) -> bool:
        """Whether label noise is left if everything is learned."""
        learned = self.train or (self.same_samples and math.isfinite(self.model.samples))
        return self.noise > 0 and learned

    def response(self, s: ComplexArray, kappa: ComplexArray) -> ComplexArray:
        """``ρ``."""
        return np.asarray(self.model.responses(kappa, s)[0]) if self.train else np.ones_like(s)

    def modes(self, s: ComplexArray, kappa: ComplexArray, seen: npt.NDArray[np.bool_]) -> ComplexArray:
        """``ρH_k``, less ``1/(s+λ_k)`` for the modes in ``seen``: a row for each mode, a column for each ``s``."""
        model, lam = self.model, self.model.nodes.lam[:, None]
        f, rho = model.freedom(kappa), self.response(s, kappa)
        by_features = rho * f / model.features
        by_samples = -s * f / model.samples if self.train else lam * f / model.samples * (1 - f / model.features)
        loose = (lam * by_features + by_samples) / (s + lam)
        return np.asarray(np.where(seen[:, None], loose, rho) * kappa / (s * (kappa + lam)))

    def variance(
        self, s: ComplexArray, kappa: ComplexArray, other_s: ComplexArray, other: ComplexArray
    ) -> ComplexArray:
        """``E - σ² - u`` for every ``κ`` with every ``κ'``."""
        same = self.same_features, self.same_samples
        return np.asarray(self.model.parts(kappa, other, self.noise, *same, s, other_s)[1])
