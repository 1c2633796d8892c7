r"""Ridge regression on random features in closed form: the formulas of the model of Maloney, Roberts and Sully.

With ``f(Δ) = Σ λ/(λ+Δ)``, ``g(Δ) = Σ λ²/(λ+Δ)²`` and ``u_I = λ_I w_I²`` the ridge ``δ`` of the *sum* of squares and the loss are

.. math:: \delta = \Delta\,\frac{(T-f)(N-f)}{N}, \qquad
    L = \frac{\sum_I u_I\Big[\frac{\Delta}{\lambda_I+\Delta}-\frac{\Delta\lambda_I}{(\lambda_I+\Delta)^2}\frac{N-f}{N-g}\Big]+\sigma^2}
    {1-\frac1T\Big[f-\frac{(f-g)(N-f)}{N-g}\Big]} .

All differences here are of numbers that may agree in most digits. :func:`risk` therefore works with ``1 − f/N`` and ``1 − f/T``,
which :func:`rests` has from the ridge, with ``f − g = Δ Σ λ/(λ+Δ)²``, and with ``Σ uΔ²/(λ+Δ)²``, so that nothing cancels. Level:
deterministic equivalent for the sums over a spectrum; continuum where ``f`` and ``g`` are powers.

Source: arXiv:2210.16859, derived anew; in the notation of the paper, whose mean square has no factor 1/2.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..spectrum import Nodes

__all__ = [
    "Sums",
    "best_freedom",
    "best_loss",
    "constant",
    "general",
    "isotropic",
    "power_sums",
    "rests",
    "rests_at",
    "ridge",
    "ridgeless",
    "ridgeless_noise",
    "risk",
    "sums",
]


class Sums(NamedTuple):
    """What the spectrum contributes at a ``Δ``.

    ``freedom`` and ``overlap`` are ``f`` and ``g``, ``lost`` is ``f − g``; ``bias`` is ``Σ uΔ²/(λ+Δ)²`` and ``cross`` is
    ``Σ uΔλ/(λ+Δ)²``, so that ``Σ uΔ/(λ+Δ)`` is their sum.
    """

    freedom: Any
    overlap: Any
    lost: Any
    bias: Any
    cross: Any


def sums(nodes: Nodes, delta: Any) -> Sums:
    """The sums over a spectrum, for one ``Δ`` or several."""
    Delta = np.asarray(delta, dtype=float)[..., None]
    inverse = 1 / (nodes.lam + Delta)
    kept, part = nodes.lam * inverse, Delta * inverse
    f, g, lost = (weights @ nodes.mu for weights in (inverse, inverse * kept, inverse * part))
    return Sums(f, g, lost, part**2 @ nodes.nu, (part * kept) @ nodes.nu)


def constant(alpha: float) -> float:
    r"""``c = πs/\sin πs`` with ``s = 1/(1+α)``: the spectrum ``I^{-(1+α)}`` without end has ``f(Δ) = cΔ^{-s}``."""
    s = 1 / (1 + alpha)
    return math.pi * s / math.sin(math.pi * alpha * s)  # sin πs = sin π(1−s), which keeps its digits as α → 0


def power_sums(alpha: float, freedom: Any) -> tuple[Any, Sums]:
    """``Δ`` and the sums of the continuum with an isotropic teacher, at ``f``: ``g = (1−s)f``."""
    s = 1 / (1 + alpha)
    delta = (constant(alpha) / freedom) ** (1 + alpha)
    lost, overlap = s * freedom, (1 - s) * freedom
    return delta, Sums(freedom, overlap, lost, delta * lost, delta * overlap)


# -- the formulas as printed -----------------------------------------------------------------------------------------


def ridge(delta: Any, f: Any, N: Any, T: Any) -> Any:
    """The ridge equation, ``δ = Δ (T−f)(N−f)/N``."""
    return delta * (T - f) * (N - f) / N


def general(whole: Any, cross: Any, f: Any, g: Any, N: Any, T: Any, noise: Any = 0) -> Any:
    """The loss for any teacher, from ``Σ uΔ/(λ+Δ)`` and ``Σ uΔλ/(λ+Δ)²``."""
    return (whole - cross * (N - f) / (N - g) + noise) / (1 - (f - (f - g) * (N - f) / (N - g)) / T)


def isotropic(delta: Any, f: Any, g: Any, N: Any, T: Any) -> Any:
    """The noiseless loss for ``w_I = 1``, symmetric in ``N ↔ T``."""
    return delta * N * T * (f - g) / (N * T - g * (N + T) + 2 * f * g - f**2)


def ridgeless(delta: Any, N: Any, T: Any) -> Any:
    """The noiseless loss for ``w_I = 1`` without ridge, ``f(Δ) = min(N, T)``."""
    return delta * N * T / abs(N - T)


def ridgeless_noise(g: Any, N: Any, T: Any) -> Any:
    """What label noise of variance 1 adds without ridge, that of the test labels included."""
    return T / (T - N) if T > N else T * (N - g) / ((T - g) * (N - T))


def best_freedom(alpha: Any, N: Any, T: Any) -> Any:
    """``f`` at the optimal ridge, in the continuum with an isotropic noiseless teacher; one of ``N``, ``T`` may be infinite."""
    # 2NT/((N+T) + sqrt((N−T)² + 8NT/(α(1+α)))), over NT
    return 2 / (1 / N + 1 / T + ((1 / N - 1 / T) ** 2 + 8 / (N * T * alpha * (1 + alpha))) ** 0.5)


def best_loss(alpha: Any, N: Any, T: Any) -> Any:
    """The loss at the optimal ridge, for unit scale and teacher, in the continuum."""
    f, s = best_freedom(alpha, N, T), 1 / (1 + alpha)
    delta = (constant(alpha) / f) ** (1 + alpha)
    return delta * s * f / (1 - (1 - s) * f * (1 / N + 1 / T) + (1 - 2 * s) * f**2 / (N * T))


# -- the same without cancellation -----------------------------------------------------------------------------------


def rests(s: float, delta: float, N: float, T: float, size: float) -> tuple[float, float]:
    """``1 − f/N`` and ``1 − f/T`` from ``s = Δ(1−f/N)(1−f/T)``, a quadratic for ``min(N,T) − f``; ``size`` is ``M``."""
    least, most = min(N, T), max(N, T)
    if math.isinf(least):
        return 1.0, 1.0
    if delta == 0:  # the whole spectrum is learnt
        gap = least - size
    elif math.isinf(most):
        gap = s / delta * least
    else:
        apart, product = most - least, s / delta * least * most
        gap = 2 * product / (apart + math.sqrt(apart * apart + 4 * product)) if product > 0 else 0.0
    small, large = gap / least, 1.0 if math.isinf(most) else (most - least + gap) / most
    return (small, large) if N <= T else (large, small)


def rests_at(nodes: Nodes, delta: Any, N: float, T: float, size: float) -> tuple[Any, Any]:
    """``1 − f/N`` and ``1 − f/T`` from ``Δ``, several of them; with ``M − f = Σ Δ/(λ+Δ)`` where that keeps more digits."""
    Delta = np.asarray(delta, dtype=float)[..., None]
    if math.isinf(size) or min(N, T) < size / 2:
        f = (1 / (nodes.lam + Delta)) @ nodes.mu
        return 1 - f / N, 1 - f / T
    missing = (Delta / (nodes.lam + Delta)) @ (nodes.mu / nodes.lam)
    one, other = ((n - size) / n + missing / n if math.isfinite(n) else np.ones_like(missing) for n in (N, T))
    return one, other


def risk(found: Sums, rest: tuple[Any, Any], N: float, T: float, noise: float) -> Any:
    """The loss from the sums and ``(1 − f/N, 1 − f/T)``; infinite where ``1 − f/T`` and its correction vanish."""
    of_features = rest[0] + found.lost / N  # 1 − g/N
    kept = rest[0] / of_features
    signal = found.bias + found.cross * (found.lost / N) / of_features
    return (signal + noise) / (rest[1] + found.lost / T * kept)
