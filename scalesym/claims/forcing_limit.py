r"""What forcing leaves behind: the limit ``F_0`` and its scale.

The atom of the spectrum at 0 keeps ``F_0 = Σ_j λ_jb_j² ζ₀/(λ_j+ζ₀)``. Two different sums dominate it as ``d → ∞``.

* ``2β > 1``: the many modes ``j ≪ d`` that are learned up to a share ``ζ₀/λ_j`` each,
  ``F_0 ~ d^{-2α} κ^{-1} Σ_j j^{-2β}``. The sum converges, and the constant remembers the first modes.
* ``2β < 1``: the modes ``j ~ d`` at the resolution of the features,
  ``F_0 ~ d^{1-2α-2β} ∫_0^{v/d} u^{-2β} du/(κ+u^{2α})``, an integral that remembers only the shape of the tail.

*Remark.* The two exponents meet at ``2β = 1``, where a logarithm appears, and near that line the approach is slow, like
``d^{-|2β-1|}``. At ``v = ∞``, ``2β < 1`` the integral is ``κ^{(1-2β)/2α-1} (π/2α)/sin(π(1-2β)/2α)``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import kappa, power_sum, window_energy

__all__ = ["CLAIMS"]

_SIZES = (10**3, 10**6, 10**9, 10**12)
_SUMMABLE = (("1", "6/5", "inf"), ("2/5", "4/5", "10"), ("3/2", "9/10", "3"), ("1/5", "1", "4"))  # alpha, beta, v/d
_DIVERGENT = (("1", "3/10", "inf"), ("2/5", "3/10", "10"), ("3/4", "0", "inf"), ("1", "-1/5", "1.5"))


def _asymptotic(
    points: tuple[tuple[str, str, str], ...],
    scale: Callable[[float, float], float],
    power: Callable[[float, float], float],
) -> Verdict:
    from ..model import PLRF

    ratios: dict[str, list[float]] = {}
    for alpha, beta, over in points:
        a, b, ratio = float(Fraction(alpha)), float(Fraction(beta)), float(over)
        k = scale(a, ratio)
        sequence = ratios.setdefault(f"alpha={alpha} beta={beta} v/d={over}", [])
        for d in _SIZES:
            constant = power_sum(2 * b, d * ratio) if 2 * b > 1 else float(window_energy(a, b, ratio, 1 / k))
            model = PLRF(alpha, beta, d, over if over == "inf" else d * Fraction(over))
            sequence.append(float(model.forcing_limit()) / (d ** power(a, b) / k * constant))
    return approach(ratios, within=1e-4)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="forcing-limit.summable",
        statement="F_0 ~ d^{−2α} κ^{−1} Σ_{j≤v} j^{−2β} for 2β > 1",
        latex=r"\mathscr F_0 \sim \frac{d^{-2\alpha}}{\kappa} \sum_{j\le v} j^{-2\beta}",
        tier="numeric",
        check=_asymptotic,
        true={"points": _SUMMABLE, "scale": kappa, "power": lambda alpha, beta: -2 * alpha},
        false={
            "κ inverted": {"scale": lambda alpha, ratio: 1 / kappa(alpha, ratio)},
            "the power of 2β < 1": {"power": lambda alpha, beta: 1 - 2 * alpha - 2 * beta},
        },
        rests_on=("zeta0", "kappa.limit"),
        about=("F_0.asymptotic",),
        source="arXiv:2405.15074, table of asymptotics of the forcing function's pieces",
        quick=True,
    ),
    Claim(
        id="forcing-limit.divergent",
        statement="F_0 ~ d^{1−2α−2β} ∫_0^{v/d} u^{−2β} du/(κ + u^{2α}) for 2β < 1",
        latex=r"\mathscr F_0 \sim d^{1-2\alpha-2\beta} \int_0^{v/d} \frac{u^{-2\beta}\,du}{\kappa+u^{2\alpha}}",
        tier="numeric",
        check=_asymptotic,
        true={"points": _DIVERGENT, "scale": kappa, "power": lambda alpha, beta: 1 - 2 * alpha - 2 * beta},
        false={
            "κ inverted": {"scale": lambda alpha, ratio: 1 / kappa(alpha, ratio)},
            "the power of 2β > 1": {"power": lambda alpha, beta: -2 * alpha},
        },
        rests_on=("zeta0", "kappa.limit"),
        about=("F_0.asymptotic.slow",),
        source="arXiv:2405.15074, table of asymptotics of the forcing function's pieces",
        quick=True,
    ),
)
