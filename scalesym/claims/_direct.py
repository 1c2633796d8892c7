r"""The deterministic equivalent by plain means: sums over every ``j``, library special functions, one closed loop.

This is the other side of the claims' comparisons. It shares no code with the solver: the spectrum is a list, a root is
bracketed by SciPy, and contour integrals are taken in the variable ``ζ``, where everything is explicit,

.. math:: m = 1 - D_1(\zeta)/d, \qquad z = -\zeta m, \qquad \frac{dz}{d\zeta} = -(1 - D_2(\zeta)/d), \qquad
          D_k(\zeta) = \sum_{j\le v}\Big(\frac{\lambda_j}{\lambda_j+\zeta}\Big)^k,

so that no equation is solved on the way. It serves small sizes (:func:`curves`) and the limit ``d → ∞`` (the functions
whose name begins with ``window``), in which ``ζ = ζ̃ d^{-2α}``, ``z = z̃ d^{-2α}`` and sums over ``j`` become integrals over
``u = j/d`` up to ``ρ = v/d``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any

__all__ = [
    "curves",
    "forcing_limit",
    "kappa",
    "power_sum",
    "private_context",
    "volterra",
    "window_d1",
    "window_energy",
    "window_zeta0",
]


@lru_cache(maxsize=16)
def private_context(digits: int) -> Any:
    """An mpmath context of one's own, so that the global one keeps its precision."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = digits
    return context


@lru_cache(maxsize=4096)
def power_sum(s: float, v: float) -> float:
    """``Σ_{j≤v} j^{-s} = ζ(s) − ζ(s, v+1)``, for any ``v`` up to infinity, by mpmath."""
    mp = private_context(17)
    return float(mp.zeta(s) - (0 if math.isinf(v) else mp.zeta(s, v + 1)))


def forcing_limit(alpha: float, beta: float, d: float, v: float) -> float:
    """``F_0 = Σ_j λ_jb_j² ζ₀/(λ_j+ζ₀)``, to about 1e-7."""
    from scipy.optimize import brentq

    def summed(power: float, zeta: float) -> float:
        return _total(lambda j: j**-power / (j ** (-2 * alpha) + zeta), v)

    zeta0 = math.exp(brentq(lambda y: summed(2 * alpha, math.exp(y)) / d - 1, -150, 10, xtol=1e-12))
    return zeta0 * summed(2 * alpha + 2 * beta, zeta0)


def _total(term: Any, v: float, head: int = 2000) -> float:
    """``Σ_{j≤v}``: the first terms one by one, the others as an integral from half-way between two of them."""
    import numpy as np
    from scipy.integrate import quad

    ends = math.log(head + 0.5), math.log(v + 0.5)
    panels = np.linspace(*ends, max(2, math.ceil(ends[1] - ends[0])))
    tail = sum(
        quad(lambda t: math.exp(t) * term(math.exp(t)), *pair, epsabs=0, epsrel=1e-10)[0] for pair in pairwise(panels)
    )
    return float(np.sum(term(np.arange(head, 0, -1.0)))) + tail


def curves(
    alpha: float, beta: float, d: float, v: int, gamma: Any, batch: int, steps: int, quadratic: float, nodes: int = 3072
) -> tuple[Any, Any]:
    r"""``F(r)`` and ``K(r)`` for ``r < steps``, by the trapezoid rule on one ellipse in the plane of ``ζ``.

    .. math:: F(r) = \frac{-1}{2\pi i}\oint \frac{1}{m}\sum_j \frac{\lambda_j b_j^2}{\lambda_j+\zeta}\, q^r \frac{dz}{d\zeta}\,d\zeta,
              \qquad K(r) = \frac{-\gamma^2B}{2\pi i}\oint z\,D_1\, q^r \frac{dz}{d\zeta}\,d\zeta

    with ``q = 1 − 2γBz + γ² quadratic z²``. The ellipse surrounds ``ζ₀`` and all ``−λ_j``; its image surrounds the
    spectrum and the atom at 0.
    """
    import numpy as np
    from scipy.optimize import brentq

    lam = np.arange(1, v + 1.0) ** (-2 * alpha)
    target = lam ** (1 + beta / alpha)
    zeta0 = math.exp(brentq(lambda y: np.sum(lam / (lam + math.exp(y))) - d, -60, 60, xtol=1e-15))
    beyond = brentq(lambda y: np.sum((lam / (1 - lam + math.exp(y))) ** 2) - d, -60, 60, xtol=1e-9)  # the right edge
    left, right, height = -1 - 1.2 * math.exp(beyond), zeta0 + min(zeta0, 1 / (gamma * batch * steps)), 0.15
    angle = 2 * np.pi * (np.arange(nodes) + 0.5) / nodes
    zeta = (left + right) / 2 + (right - left) / 2 * np.cos(angle) + 1j * height * np.sin(angle)
    weight = (1j * height * np.cos(angle) - (right - left) / 2 * np.sin(angle)) / (1j * nodes)  # dζ/(2πi)
    inverse = 1 / (lam[:, None] + zeta)
    d1, d2, s = lam @ inverse, lam**2 @ inverse**2, target @ inverse
    m = 1 - d1 / d
    z, weight = -zeta * m, weight * (1 - d2 / d)  # the sign of dz/dζ is that of −1/(2πi)
    q = 1 - 2 * gamma * batch * z + gamma**2 * quadratic * z**2
    forcing, kernel, power = [], [], np.ones_like(q)
    for _ in range(steps):
        forcing.append(np.sum(s / m * power * weight).real)
        kernel.append(gamma**2 * batch * np.sum(z * d1 * power * weight).real)
        power = power * q
    return np.array(forcing), np.array(kernel)


def volterra(forcing: Any, kernel: Any, delay: int = 1) -> Any:
    """``P(r) = F(r) + Σ_{s≤r−delay} K(r−delay−s) P(s)``, step by step; the loss has ``delay = 1``."""
    import numpy as np

    loss = np.zeros_like(forcing)
    for r in range(len(forcing)):
        count = max(0, r + 1 - delay)
        loss[r] = forcing[r] + kernel[:count][::-1] @ loss[:count]
    return loss


def window_d1(alpha: float, ratio: float, zeta: Any) -> Any:
    r"""``D̃₁(ζ̃) = ∫_0^ρ du/(1 + ζ̃ u^{2α})``, a hypergeometric function of SciPy, or a power at ``ρ = ∞``."""
    return _moment(alpha, 0.0, ratio, zeta)


def window_energy(alpha: float, beta: float, ratio: float, zeta: Any) -> Any:
    r"""``J(ζ̃)``, the target's share: 1 for ``2β > 1``, else ``∫_0^ρ u^{-2β} du/(1 + ζ̃ u^{2α})``."""
    return 1.0 + 0 * zeta if 2 * beta > 1 else _moment(alpha, beta, ratio, zeta)


def _moment(alpha: float, beta: float, ratio: float, zeta: Any) -> Any:
    """``∫_0^ρ u^{-2β} du/(1 + ζ̃ u^{2α})`` for real or complex ``ζ̃``."""
    import numpy as np
    from scipy.special import hyp2f1

    s = (1 - 2 * beta) / (2 * alpha)
    if math.isinf(ratio):
        return zeta**-s * (math.pi / (2 * alpha)) / math.sin(math.pi * s)
    series = hyp2f1(1.0, s, 1 + s, -(zeta + 0j) * ratio ** (2 * alpha))
    value = ratio ** (1 - 2 * beta) / (1 - 2 * beta) * series
    return value if np.iscomplexobj(zeta) else value.real


def window_zeta0(alpha: float, ratio: float) -> float:
    """``ζ̃₀ = 1/κ``, where ``D̃₁ = 1``."""
    from scipy.optimize import brentq

    def excess(y: float) -> float:
        return float(window_d1(alpha, ratio, math.exp(y)) - 1)

    return math.exp(brentq(excess, -60, 60, xtol=1e-15))


def kappa(alpha: float, ratio: float) -> float:
    """``κ``, with ``∫_0^ρ κ du/(κ + u^{2α}) = 1``."""
    return 1 / window_zeta0(alpha, ratio)
