r"""What stands under the double integral of a loss: two resolvents, one for each factor of the square.

The test loss is the double transform of ``(E-σ²)/(ss')``, the train loss that of ``R_1R_1'E/(ss')``. Here ``E`` comes in parts, so that
none is lost in the rounding of another: ``u/(ss') = Σ u_kH_kH_k'``, mode by mode; the label noise; and the rest, the variance.

Level: deterministic equivalent. Source: as for :mod:`scalesym.equivalent.finite_data`; the rearrangements are derived here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .finite_data import FiniteData

__all__ = ["Square"]

ComplexArray = npt.NDArray[np.complex128]

_NEAR = 1e-4  # of s/κ_0, from where on κ is close to a double zero
_ROUNDS = 12


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

    @cached_property
    def _double(self) -> float:
        """At ``N = P < M`` the ``κ`` at which ``R_1`` and ``R_3`` vanish together, else 0."""
        return self.model.ridgeless if self.model.features == self.model.samples else 0.0

    def kappa(self, s: ComplexArray) -> ComplexArray:
        """``κ(s)``.

        Near a double zero the equation ``s = κR²`` would leave half of the digits, and ``R = √(s/κ)`` leaves all.
        """
        start = self._double
        near = np.abs(s) < _NEAR * start
        kappa = np.full(s.shape, complex(start))
        if not near.all():
            kappa[~near] = self.model.kappa(s[~near])
        for _ in range(_ROUNDS):  # each gains the digits of s/κ, halved
            if near.any():
                kappa[near] = start + self._offset(s[near], kappa[near])
        return kappa

    def _offset(self, s: ComplexArray, kappa: ComplexArray) -> ComplexArray:
        """``κ - κ_0`` at ``N = P`` from ``R = (κ-κ_0)/N · Σ λ/((λ+κ)(λ+κ_0))``, which is ``√(s/κ)``."""
        lam, mu, start = self.model.nodes.lam, self.model.nodes.mu, self._double
        return np.asarray(
            self.model.features * np.sqrt(s / kappa) / ((1 / (lam + kappa[..., None])) @ (mu / (lam + start)))
        )

    def response(self, s: ComplexArray, kappa: ComplexArray) -> ComplexArray:
        """``ρ``; where samples are few ``R_1`` is of the order of ``s``, and comes from ``R_1R_3 = s/κ``."""
        if not self.train:
            return np.ones_like(s)
        if self._double:
            return np.asarray(np.sqrt(s / kappa))
        R_1, R_3 = self.model.responses(kappa)
        return np.asarray(np.where(np.abs(R_1) < np.abs(R_3), s / (kappa * R_3), R_1))

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
        """``E - σ² - u``, in which nothing cancels, for every ``κ`` with every ``κ'``."""
        model, lam, mu, nu = self.model, self.model.nodes.lam, self.model.nodes.mu, self.model.nodes.nu
        left, right = 1 / (lam + kappa[:, None]), 1 / (lam + other[:, None])
        g, x, u, v = ((left * weights) @ right.T for weights in (mu * lam, mu, nu, nu * lam))
        product = np.multiply.outer(kappa, other)
        if self._double and self.same_features and self.same_samples:
            x_q = np.multiply.outer(np.sqrt(kappa), np.sqrt(other)) * x
            loose = self._loose(s, kappa, other_s, other)
            # N - g and P(N-g)(1-share)
            features_left, both_left = loose + x_q, loose * (loose + 2 * x_q)
            rest = both_left / features_left / model.samples
            share = (g + x_q * x_q / features_left) / model.samples
            return np.asarray((product * x * v / features_left + (self.noise + product * u) * share) / rest)
        per_feature = 1 / model.features / (1 - g / model.features) if self.same_features else 0.0
        from_features = product * x * per_feature
        share = (g + from_features * x) / model.samples if self.same_samples else 0.0 * g
        return np.asarray((from_features * v + (self.noise + product * u) * share) / (1 - share))

    def _loose(self, s: ComplexArray, kappa: ComplexArray, other_s: ComplexArray, other: ComplexArray) -> ComplexArray:
        r"""``N - g - qx`` with ``q = √(κκ')``, at ``N = P = f(κ_0)``. Without cancellation it is

        .. math:: (q-\kappa_0)\sum\frac{\lambda(\lambda+q)}{(\lambda+\kappa_0)(\lambda+\kappa)(\lambda+\kappa')}
                  + (\sqrt\kappa-\sqrt{\kappa'})^2\sum\frac{\lambda^2}{(\lambda+\kappa_0)(\lambda+\kappa)(\lambda+\kappa')} .
        """
        lam, start = self.model.nodes.lam, self._double
        mu = self.model.nodes.mu / (lam + start)
        left, right = 1 / (lam + kappa[:, None]), 1 / (lam + other[:, None])
        first, second = (left * mu) @ right.T, (left * (mu * lam)) @ right.T
        off, other_off = self._offset(s, kappa)[:, None], self._offset(other_s, other)[None]
        root, other_root = np.sqrt(kappa)[:, None], np.sqrt(other)[None]
        q = root * other_root
        beyond = (start * (off + other_off) + off * other_off) / (q + start)
        return np.asarray(beyond * (second + q * first) + ((off - other_off) / (root + other_root)) ** 2 * second)
