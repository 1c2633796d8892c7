r"""On ``α = 1 - 1/√2`` the largest piece does not depend on ``d``, and what lies below it decides the best size.

There ``K_pp/(γB)`` is ``f^{-α}`` at every size. Bounds up to constants cannot say which size is best: the loss itself is needed, with the
constant of ``d^{-2α}``. Two terms have that order, the plateau of the forcing function and, with the opposite sign, the cut-off of the
kernel by the spectral gap. With ``γ = g d^{2α-1}``, ``ρ = v/d`` and ``q = ‖K‖`` their sum is

.. math:: c_\beta d^{-2\alpha}\,\frac{\rho^{1-2\alpha}}{1-2\alpha}\Big(1+q\Big(1-\frac1\rho\Big)\Big),

positive for every ``ρ > 1`` (``(1-2α)² = 4α-1`` on the line was used). So the loss is least where it balances ``F_pp``, as the
phase table says. It is compared with the solver's loss, from which the sharp law's ``F_pp`` and ``K_pp`` are taken.

*Remark.* If the cut-off prevailed, the loss would fall towards the end of the window, and ``ξ`` would be 1/2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..ledger import Claim, Verdict
from ._approach import approach

__all__ = ["CLAIMS"]

_ALPHA = Fraction(292893218813452475599155637895, 10**30)  # 1 - 1/√2
_POINTS = ((Fraction(2), 2, Fraction(1, 10)), (Fraction(2), 10, Fraction(1, 10)), (Fraction(6, 5), 2, Fraction(1, 5)))
_STEPS = ((10**12, 1e-3), (10**16, 1e-4), (10**20, 1e-5))  # d, and 2γBr/d^{2α}
_WITHIN = 2e-3


def _remainder(norm: float, ratio: int) -> float:
    """The constant of ``c_β d^{-2α}``."""
    a = float(_ALPHA)
    plateau: float = ratio ** (1 - 2 * a) / (1 - 2 * a)
    return plateau * (1 + norm * (1 - 1 / ratio))


def _cut_off_alone(norm: float, ratio: int) -> float:
    a = float(_ALPHA)
    value: float = ratio ** (1 - 2 * a) / (1 - 2 * a) * norm * (1 - 1 / ratio)
    return value


def _plateau_alone(norm: float, ratio: int) -> float:
    a = float(_ALPHA)
    value: float = ratio ** (1 - 2 * a) / (1 - 2 * a)
    return value


def _left(constant: Callable[[float, int], float]) -> Verdict:
    """The loss without the sharp law's two terms, over the constant."""
    from ..formulas import formula
    from ..model import PLRF
    from ._direct import power_sum

    sharp = formula("P.sharp.slow-spectrum")
    ratios: dict[str, list[float]] = {}
    for beta, ratio, g in _POINTS:
        for d, t in _STEPS:
            gamma = g * Fraction(float(d) ** (2 * float(_ALPHA) - 1))
            r = round(t * float(d) ** (2 * float(_ALPHA)) / (2 * float(gamma)))
            model = PLRF(_ALPHA, beta, d, ratio * d, gamma)
            known = {"alpha": _ALPHA, "beta": beta, "gamma": gamma, "B": 1, "r": r, "d": d, "v": ratio * d}
            terms = sharp.evaluate(digits=None, **{name: x for name, x in known.items() if name in sharp.letters})
            scale = power_sum(2 * float(beta), 10**6) * float(d) ** (-2 * float(_ALPHA))
            left = (float(model.loss(r)) - terms) / scale
            name = f"beta={beta} v/d={ratio} g={g}"
            ratios.setdefault(name, []).append(left / constant(float(model.kernel_norm()), ratio))
    return approach(ratios, dict.fromkeys(ratios, _WITHIN))


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="critical-lines.third-value",
        statement="On α = 1 − 1/√2, γ ∝ d^{2α−1}, what the loss has beyond F_pp and K_pp is "
        "c_β d^{−2α} ρ^{1−2α}/(1−2α) (1 + ‖K‖(1 − 1/ρ)) > 0 for 1 ≪ γr ≪ d^{2α}, so that F_pp = F_0 decides ξ",
        latex=r"\mathscr P-\mathscr F_{pp}-\|\mathscr F\|_1\mathscr K_{pp}\sim c_\beta d^{-2\alpha}"
        r"\tfrac{\rho^{1-2\alpha}}{1-2\alpha}\big(1+\|\mathscr K\|(1-\tfrac1\rho)\big)",
        tier="numeric",
        check=_left,
        true={"constant": _remainder},
        false={"the plateau alone": {"constant": _plateau_alone}, "the cut-off alone": {"constant": _cut_off_alone}},
        about=("P.sharp.slow-spectrum",),
        source="derived here",
    ),
)
