r"""A test of means whose false-alarm probability is a theorem.

The loss of a run of SGD is heavy-tailed, so that a z-test of its mean is not valid at any number of runs one can afford.
What is known exactly is the mean and the variance of the next loss *given the present state*. The standardised innovations
``z_n`` of any number of runs and steps then have conditional mean 0 and conditional variance 1, whatever their tails, and
for Catoni's influence function

.. math:: \psi(u) = \operatorname{sign}(u)\,\log(1 + |u| + u^2/2)

the product of ``exp(±ψ(λz_n) − λ²/2)`` is a supermartingale, because ``exp ψ(u) ≤ 1 + u + u²/2``. Markov's inequality gives

.. math:: \Pr\Big[\Big|\sum_{n\le N}\psi(\lambda z_n)\Big| \ge \tfrac{N\lambda^2}2 + \log\tfrac2\delta\Big] \le \delta

for every ``N`` and ``λ``; ``λ² = (2/N) log(2/δ)`` is the best one. A true mean of ``z`` of ``μ`` is found once ``μ√N`` exceeds
``√(2 log(2/δ))`` by a few units. Source: O. Catoni, Challenging the empirical mean and empirical variance (2012).
"""

from __future__ import annotations

import math
from typing import Any

__all__ = ["FALSE_ALARM", "catoni_score", "standardised"]

#: Probability with which one test rejects a true statement.
FALSE_ALARM = 1e-10


def catoni_score(innovations: Any, false_alarm: float = FALSE_ALARM) -> float:
    """``|Σψ(λz)|`` over its bound; a statement is rejected above 1.

    Parameters
    ----------
    innovations:
        Numbers with conditional mean 0 and conditional variance 1 if the statement is true.
    false_alarm:
        ``δ``, which bounds the probability of a value above 1.
    """
    import numpy as np

    z = np.ravel(innovations)
    bound = math.log(2 / false_alarm)
    u = math.sqrt(2 * bound / len(z)) * z
    return float(abs(np.sum(np.copysign(np.log1p(np.abs(u) + u * u / 2), u)))) / (2 * bound)


def standardised(sample: Any, law: Any, features: Any, method: str, runs: int, steps: int, seed: int) -> Any:
    """Innovations of the loss of ``runs`` runs at each of ``steps`` steps, under what ``law`` says.

    Each run is simulated by ``sample``; after every step its state ``θ`` is read, and ``law`` predicts mean and variance of
    the loss after the next one, in the eigenbasis of ``features``.
    """
    import numpy as np

    path = sample.simulate(steps, runs, seed, method, record="all", theta=True)
    error = features.error(path.theta[:, :-1])
    mean, variance = law.innovation(error)
    return (path.loss[:, 1:] - law.floor - mean) / np.sqrt(variance)
