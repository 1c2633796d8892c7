r"""The kernel norm, an infinite sum in closed form at every finite ``d``.

At ``w = 1`` the roots of ``q(x) = 1/w`` are ``x_- = 0`` and ``x_+ = 2/(γ(B+1))``, and the generating function of the
kernel collapses to one term,

.. math:: \|K\| = \sum_{r\ge0} K(r) = -\frac{D_1(\zeta(x_+))}{B+1}, \qquad D_1(\zeta) = \sum_{j\le v}\frac{\lambda_j}{\lambda_j+\zeta}.

*Remark.* The formula is exact, not asymptotic: ``x_+`` lies outside the spectrum, where the resolvent is analytic. As
``d → ∞`` at fixed γ, ``2α > 1``, the resolvent becomes that of ``D`` itself and the norm tends to
``Σ_j γλ_j/(2 − γ(B+1)λ_j)``, which is what a diagonal theory gives. A batch of ``B`` enters through ``B(B+1)``: a
Gaussian fourth moment counts all ``B²`` pairs of samples, and the diagonal once more. ``2B`` is the same at ``B = 1``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import power_sum

__all__ = ["CLAIMS"]

_SMALL = (  # alpha, beta, d, v, gamma, batch
    ("1", "7/10", 7, 21, "3/20", 1),
    ("2/5", "4/5", 10, 40, "1/20", 2),
    ("7/10", "1", 8, 20, "1/10", 2),
    ("3/2", "1", 3, 9, "1/25", 7),
)
_WIDE = (("1", "2/5", 1), ("3/4", "1/5", 2), ("3/2", "1/10", 7))  # alpha, gamma, batch


def _summed_kernel(model: Any) -> float:
    """``Σ_r K(r)``, term by term until nothing is left."""
    import numpy as np

    total, start, block = 0.0, 0, 2048
    while True:
        terms = model.kernel(np.arange(start, start + block))
        total += float(np.sum(terms[::-1]))
        if terms[-1] * block < 1e-18 * total:
            return total
        start += block


def _closed_norm(alpha: float, d: int, v: int, gamma: float, batch: int, quadratic: float) -> float:
    """``‖K‖`` for ``q = 1 − 2γBx + γ² quadratic x²``; ``m = 1 − D_1(−x₊/m)/d`` by its monotone iteration."""
    import numpy as np

    lam = np.arange(v, 0, -1.0) ** (-2 * alpha)
    x = 2 * batch / (gamma * quadratic)
    m, before = 1.0, 0.0
    while m != before:
        m, before = max(m, 1 - float(np.sum(lam / (lam - x / m))) / d), m
    return (m - 1) * d * batch / quadratic


def _sums_to(quadratic: Callable[[int], float], rate: Callable[[float], float]) -> Verdict:
    from ..model import PLRF

    errors = {}
    for alpha, beta, d, v, gamma, batch in _SMALL:
        model = PLRF(alpha, beta, d, v, gamma, batch)
        exact = [float(Fraction(x)) for x in (alpha, gamma)]
        closed = _closed_norm(exact[0], d, v, rate(exact[1]), batch, quadratic(batch))
        name = f"alpha={alpha} d={d} v={v} B={batch}"
        errors[f"sum, {name}"] = abs(_summed_kernel(model) / closed - 1)
        errors[f"kernel_norm, {name}"] = abs(float(model.kernel_norm()) / closed - 1)
    return Verdict.at_most("max |ratio − 1|", max(errors.values()), 1e-11, **errors)


def _tends_to(quadratic: Callable[[int], float], rate: Callable[[float], float]) -> Verdict:
    from ..model import PLRF

    ratios = {}
    for alpha, gamma, batch in _WIDE:
        a, g = float(Fraction(alpha)), rate(float(Fraction(gamma)))
        x = g * quadratic(batch) / (2 * batch)  # Σ_j (γ/2) λ_j/(1 − xλ_j), expanded in powers of λ_j
        limit = g / 2 * sum(x**k * power_sum(2 * a * (k + 1), math.inf) for k in range(200))
        norms = [float(PLRF(alpha, 1, d, "inf", gamma, batch).kernel_norm()) for d in (10**2, 10**4, 10**6)]
        ratios[f"alpha={alpha} gamma={gamma} B={batch}"] = [norm / limit for norm in norms]
    return approach(ratios, within=1e-5)


_TRUE = {"quadratic": lambda batch: batch * (batch + 1), "rate": lambda gamma: gamma}
_FALSE = {
    "2B for B(B+1)": {"quadratic": lambda batch: 2 * batch},
    "γ → 2γ": {"rate": lambda gamma: 2 * gamma},
}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="kernel-norm",
        statement="Σ_r K(r) = −D₁(ζ(2/(γ(B+1))))/(B+1) at every d, v, B",
        latex=r"\|K\| = -\frac{1}{B+1} D_1\big(\zeta(\tfrac{2}{\gamma(B+1)})\big)",
        tier="numeric",
        check=_sums_to,
        true=_TRUE,
        false=_FALSE,
        about=("K_norm",),
        source="derived here from the Volterra equation of arXiv:2405.15074",
        quick=True,
    ),
    Claim(
        id="kernel-norm.wide",
        statement="‖K‖ → Σ_j γλ_j/(2 − γ(B+1)λ_j) as d → ∞, for 2α > 1 and fixed γ",
        latex=r"\|K\| \to \sum_j \frac{\gamma\lambda_j}{2-\gamma(B+1)\lambda_j}",
        tier="numeric",
        check=_tends_to,
        true=_TRUE,
        false=_FALSE,
        rests_on=("kernel-norm",),
        about=("K_norm.wide",),
        source="arXiv:2405.15074, section on stability",
        quick=True,
    ),
)
