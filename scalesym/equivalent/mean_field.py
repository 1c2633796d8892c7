r"""Gradient descent on random features in discrete time: dynamical mean-field theory as exact matrices.

After ``n`` steps from 0 of gradient descent on the mean square loss of ``P`` samples, with ``N`` features and learning rates
``η_0, η_1, …``, responses and correlations are ``T×T`` matrices over the times ``0 … T-1``. With the strictly lower triangular
``S_{nm} = η_m`` for ``m < n`` and ``1 = (1, …, 1)^T``,

.. math::
    H_k &= (I + \lambda_k S R_3R_1)^{-1}, \quad
    R_1 = \Big(I + \frac1P\sum_k\lambda_kH_kSR_3\Big)^{-1}, \quad
    R_3 = \Big(I + \frac1N\sum_k\lambda_kR_1H_kS\Big)^{-1}, \\
    C_0 &= \sum_k\lambda_kH_k\Big[w_k^2 11^T + S\Big(\frac{C_3}N + \frac{\lambda_k}P R_3C_1R_3^T\Big)S^T\Big]H_k^T, \qquad
    C_1 = R_1(C_0+\sigma^211^T)R_1^T, \\
    C_2 &= \sum_k\Big\{\frac{\lambda_k}P G_kC_1G_k^T
    + \lambda_k^2R_1H_k\Big[w_k^2 11^T + \frac1N SC_3S^T\Big]H_k^TR_1^T\Big\}, \qquad C_3 = R_3C_2R_3^T,

``G_k = I - λ_kR_1H_kSR_3``. The test loss is the diagonal of ``C_0``, the train loss that of ``C_1``.

Everything is causal: the row of time ``n`` follows from earlier rows. So nothing is iterated; each row is computed once, from
the first to the last. With :math:`D^{(p)} = \sum\lambda_k^pH_k[w_k^211^T + S(C_3/N + λ_kR_3C_1R_3^T/P)S^T]H_k^T`,
:math:`\bar H^{(p)} = \sum\lambda_k^pH_k` and :math:`Z = SR_3C_1` the sums are

.. math:: C_0 = D^{(1)}, \qquad
    C_2 = \frac1P\Big[\bar H^{(1)}_{00}\,C_1 - R_1\bar H^{(2)}Z - (R_1\bar H^{(2)}Z)^T\Big] + R_1D^{(2)}R_1^T .

The sums over ``k`` use the weighted points of :class:`~scalesym.spectrum.Nodes`, a Gauss rule for the sum.

Level: deterministic equivalent, in discrete time. Source: Bordelon, Atanasov, Pehlevan, arXiv:2402.01092; the elimination is
derived here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import entries, nonnegative, real, whole_number
from ..resources import one_thread, require_memory, require_time
from ..spectrum import Nodes

__all__ = ["MeanField", "mean_field"]

Array = npt.NDArray[np.float64]

_RATE = 1e9  # multiplications in a second


@dataclass(frozen=True, eq=False)
class MeanField:
    """Response and correlation matrices over the times ``0 … T-1``; row ``n`` is time ``n``.

    ``R_1`` and ``R_3`` are the responses of the errors on the samples and of the features, ``C_0`` the correlation of the error,
    ``C_1`` that of the errors on the samples, ``C_2`` and ``C_3`` those of the gradient and of the features.
    """

    R_1: Array
    R_3: Array
    C_0: Array
    C_1: Array
    C_2: Array
    C_3: Array

    @property
    def loss(self) -> Array:
        """The test loss at each time, without the label noise on the test point."""
        return np.diagonal(self.C_0).copy()

    @property
    def train(self) -> Array:
        """The mean square loss on the samples at each time, their label noise included."""
        return np.diagonal(self.C_1).copy()


def mean_field(
    nodes: Nodes, features: object, samples: object, rate: object, steps: object, noise: object = 0
) -> MeanField:
    """Gradient descent from 0 by dynamical mean-field theory in discrete time.

    Parameters
    ----------
    nodes:
        The spectrum in double precision.
    features, samples:
        ``N > 0`` and ``P > 0``, perhaps infinite.
    rate:
        The learning rate, one number or one for each step.
    steps:
        How many steps; the matrices have one row more.
    noise:
        ``σ² ≥ 0`` of the labels.

    Returns
    -------
    MeanField

    Raises
    ------
    ParameterError
        If a parameter is outside its domain, if it would not fit into memory or take longer than a day, or if the loss grows
        beyond the range of double precision.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.spectrum import PowerLaw
    >>> found = mean_field(PowerLaw(Fraction("0.7"), Fraction("0.2"), 400).nodes(60), 60, 90, rate=0.5, steps=10)
    >>> print([f"{x:.5f}" for x in found.loss[[1, 5, 10]]], f"{found.train[0]:.6f}")
    ['0.98893', '0.48526', '0.36833'] 1.871882
    """
    per_feature, per_sample = (
        1 / float(real(value, name, above=0, reason="it is a count", infinite=True))
        for name, value in (("features", features), ("samples", samples))
    )
    variance = float(nonnegative(noise, "noise", "it is a variance"))
    T = whole_number(steps, "steps", least=0) + 1
    require_memory("steps", steps, 8.0 * len(nodes.lam) * (T + 4) * T + 200.0 * T**2, "use fewer steps")
    require_time("steps", steps, 4.0 * len(nodes.lam) * T**3 / _RATE, "use fewer steps")
    rates = _rates(rate, T - 1)
    with one_thread(), np.errstate(over="ignore", invalid="ignore"):
        return _Rows(nodes, per_feature, per_sample, rates, variance).run()


def _rates(rate: object, steps: int) -> Array:
    given, shape = entries(rate, "rate")
    values = [float(nonnegative(each, "rate", "gradient descent goes downhill")) for each in given]
    if shape == ():
        return np.full(steps, values[0])
    if shape != (steps,):
        raise ParameterError(
            "rate", f"{len(values)} numbers", f"there are {steps} steps", "give one, or one for each step"
        )
    return np.array(values)


class _Rows:
    """The matrices, filled row by row; of the symmetric ones the column with the row."""

    def __init__(self, nodes: Nodes, per_feature: float, per_sample: float, rates: Array, noise: float) -> None:
        self._lam, self._mu, self._nu = nodes.lam, nodes.mu, nodes.nu
        self._per_feature, self._per_sample, self._noise = per_feature, per_sample, noise
        T, K = len(rates) + 1, len(nodes.lam)
        self._rates = np.append(rates, 0.0)
        self._modes = np.zeros((T, K, T))  # H_k, by time, mode, earlier time
        self._impulse = np.zeros((K, T))  # Σ_{m<n} η_m (R_3R_1H_k)_m
        self._survival = np.zeros((T, K))  # H_k 1
        square = (T, T)
        self._mean, self._mean_square = np.zeros(square), np.zeros(square)  # Σλ H_k, Σλ² H_k
        self.R_1, self.R_3, self._chain = np.zeros(square), np.zeros(square), np.zeros(square)  # and R_3R_1
        self._past_chain, self._past_R_3 = np.zeros(square), np.zeros(square)  # S R_3R_1, S R_3
        self.C_0, self.C_1, self.C_2, self.C_3 = (np.zeros(square) for _ in range(4))
        self._heat = np.zeros(square)  # R_3C_1R_3^T
        self._past_heat, self._past_C_3 = np.zeros(square), np.zeros(square)  # S R_3C_1R_3^T S^T, S C_3 S^T
        self._half, self._past_half = np.zeros(square), np.zeros(square)  # R_3C_1, S R_3C_1
        self._squares = np.zeros(square)  # D^(2)

    def run(self) -> MeanField:
        for n in range(len(self._rates)):
            self._responses(n)
            self._correlations(n)
            if not np.isfinite(self.C_3[n, n]):
                reason = f"the loss leaves the range of double precision at step {n}"
                raise ParameterError("rate", float(self._rates.max()), reason, "use fewer steps or a smaller rate")
        return MeanField(self.R_1, self.R_3, self.C_0, self.C_1, self.C_2, self.C_3)

    def _responses(self, n: int) -> None:
        now, before = slice(n + 1), n - 1
        row = self._modes[n]
        np.multiply(self._impulse, -self._lam[:, None], out=row)
        row[:, n] += 1
        self._survival[n] = row.sum(axis=1)
        self._mean[n], self._mean_square[n] = self._mu @ row, (self._mu * self._lam) @ row
        if n:
            self._past_chain[n] = self._past_chain[before] + self._rates[before] * self._chain[before]
            self._past_R_3[n] = self._past_R_3[before] + self._rates[before] * self.R_3[before]
        self.R_1[n] = -self._per_sample * self._mean[n, now] @ self._past_chain[now]
        self.R_1[n, n] += 1
        self.R_3[n] = -self._per_feature * (self.R_1[n, now] @ self._mean[now]) @ self._past_R_3
        self.R_3[n, n] += 1
        self._chain[n] = self.R_3[n, now] @ self.R_1[now]
        self._impulse += self._rates[n] * np.tensordot(self._chain[n, now], self._modes[now], 1)

    def _correlations(self, n: int) -> None:
        now = slice(n + 1)
        lam, mu, nu, kept = self._lam, self._mu, self._nu, self._survival[now]
        for past, source in ((self._past_heat, self._heat), (self._past_C_3, self.C_3)):
            self._sum_past(past, source, n)
        # D^(1) and D^(2)
        row = self._modes[n][:, now]
        driven = self._per_sample * lam[:, None] * (row @ self._past_heat[now, now])
        driven += self._per_feature * (row @ self._past_C_3[now, now])
        weighted = np.zeros((2, *self._modes[n].shape))
        weighted[0][:, now] = mu[:, None] * driven
        weighted[1] = lam[:, None] * weighted[0]
        first, second = weighted.reshape(2, -1) @ self._modes[now].reshape(n + 1, -1).T
        _set(self.C_0, n, first + kept @ (nu * kept[n]))
        _set(self._squares, n, second + kept @ (nu * lam * kept[n]))
        _set(self.C_1, n, self._dressed(self.R_1, self.C_0, n, self._noise))
        # C_2
        self._half[n, now] = self.R_3[n, now] @ self.C_1[now, now]
        self._half[now, n] = self.R_3[now, now] @ self.C_1[now, n]
        if n:
            rates = self._rates[:n]
            self._past_half[n, : n + 1] = rates @ self._half[:n, now]
            self._past_half[1 : n + 1, n] = np.cumsum(rates * self._half[:n, n])
        mixed = self.R_1[now, now] @ self._mean_square[now, now]
        cross = mixed[n] @ self._past_half[now, now] + mixed @ self._past_half[now, n]
        own = self._per_sample * (float(mu.sum()) * self.C_1[n, now] - cross)
        _set(self.C_2, n, own + self._dressed(self.R_1, self._squares, n))
        _set(self.C_3, n, self._dressed(self.R_3, self.C_2, n))
        _set(self._heat, n, self._half[n, now] @ self.R_3[now, now].T)

    def _sum_past(self, past: Array, source: Array, n: int) -> None:
        """Row ``n`` of ``S source S^T`` from the one before."""
        if n:
            added = self._rates[n - 1] * np.concatenate([[0.0], np.cumsum(self._rates[:n] * source[n - 1, :n])])
            before = np.append(past[n - 1, :n], 0.0)
            before[n] = past[n - 1, n - 1] + self._rates[n - 1] * float(self._rates[: n - 1] @ source[: n - 1, n - 1])
            _set(past, n, before + added)

    @staticmethod
    def _dressed(response: Array, inner: Array, n: int, shift: float = 0.0) -> Array:
        """Row ``n`` of ``response (inner + shift) response^T``."""
        now = slice(n + 1)
        return np.asarray((response[n, now] @ (inner[now, now] + shift)) @ response[now, now].T)


def _set(matrix: Array, n: int, row: Array) -> None:
    matrix[n, : n + 1] = matrix[: n + 1, n] = row
