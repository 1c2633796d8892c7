r"""The scaling window: the loss as a function of one variable where ``t = 2γBr/d^{2α}`` is of order one.

Where the optimum sits at ``γr ~ d^{2α}`` the pieces do not simply add. With ``ζ = ζ̃ d^{-2α}``, ``z = z̃ d^{-2α}``, ``ρ = v/d``, the
deterministic equivalent has a limit of its own,

.. math::
    \tilde D_1 = \int_0^\rho \frac{du}{1+\tilde\zeta u^{2\alpha}}, \quad \tilde m = 1-\tilde D_1, \quad
    \tilde z = -\tilde\zeta\tilde m, \quad \tilde S = \frac{J}{\tilde m}, \qquad
    F(r) \sim A\,d^{-2\alpha+\max(0,1-2\beta)}\,\Phi(t), \quad
    \Phi(t) = \frac{-1}{2\pi i}\oint \tilde S\,e^{-\tilde z t}\,d\tilde z,

``A = c_β``, ``J = 1`` for ``2β > 1``, else ``A = 1``, ``J = ∫_0^ρ u^{-2β}du/(1+ζ̃u^{2α})``. The loss is ``F/(1−‖K‖)`` for ``2α > 1``:
the kernel has done its work long before. For ``2α < 1``, ``γ = g d^{2α-1}``, it acts on the scale of the window itself,

.. math::
    P(r) \sim A\,d^{-2\alpha+\max(0,1-2\beta)}\,\frac{-1}{2\pi i}\oint \frac{\tilde S}{1-\hat k}\,e^{-\tilde z t}\,d\tilde z,
    \qquad \hat k = \frac g2\,(T + \tilde z\tilde D_1), \quad T = \int_0^\rho u^{-2\alpha}du .

*Remark.* In the plane of ``ζ̃`` nothing has to be solved: the contour is a parabola around the negative axis, ``z̃`` an
explicit function on it, and the integrands have no other singularities than ``ζ̃₀`` inside.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import power_sum, window_d1, window_energy, window_zeta0

__all__ = ["CLAIMS"]

_RATIO = 10
_SIZES = (10**4, 10**7, 10**10)
_TIMES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_ABOVE = (("1", "3/10"), ("1", "7/10"))  # alpha, beta with 2α > 1
_BELOW = (("2/5", "3/10"), ("2/5", "4/5"))  # with 2α < 1

Rate = Callable[[float], float]


def _transform(alpha: float, beta: float, t: float, g: float = 0.0) -> float:
    """``Φ(t)``, or with ``g`` the function of the loss at ``2α < 1``."""
    import numpy as np

    ratio, step = float(_RATIO), 0.1
    theta = np.arange(-30, 31) * step
    zeta = window_zeta0(alpha, ratio) + 6 / t * (1 + 1j * theta) ** 2
    along = 6 / t * 2j * (1 + 1j * theta) * step
    d1 = window_d1(alpha, ratio, zeta)
    slope = (ratio / (1 + zeta * ratio ** (2 * alpha)) - d1) / (2 * alpha)  # ζ̃ dD̃₁/dζ̃
    z = -zeta * (1 - d1)
    kernel = g / 2 * (ratio ** (1 - 2 * alpha) / (1 - 2 * alpha) + z * d1) if g else 0.0
    target = window_energy(alpha, beta, ratio, zeta) / (1 - d1) / (1 - kernel)
    return float((np.sum(target * np.exp(-z * t) * (1 - d1 - slope) * along) / (2j * np.pi)).real)


def _scale(alpha: float, beta: float, d: int) -> float:
    constant = power_sum(2 * beta, _RATIO * d) if 2 * beta > 1 else 1.0
    return float(constant * d ** (-2 * alpha + max(0.0, 1 - 2 * beta)))


def _worst(values: Any, laws: list[float]) -> float:
    """The ratio farthest from 1 in the window."""
    return float(max((value / law for value, law in zip(values, laws, strict=True)), key=lambda ratio: abs(ratio - 1)))


def _follows(
    quantity: str, points: tuple[tuple[str, str], ...], law: Callable[..., float], rate: Rate, within: float
) -> Verdict:
    from ..model import PLRF

    ratios: dict[str, list[float]] = {}
    for alpha, beta in points:
        a, b = float(Fraction(alpha)), float(Fraction(beta))
        ratios[f"alpha={alpha} beta={beta}"] = sequence = []
        for d in _SIZES:
            gamma = 0.5 / power_sum(2 * a, _RATIO * d)
            steps = [round(t * d ** (2 * a) / (2 * gamma)) for t in _TIMES]
            model = PLRF(alpha, beta, d, _RATIO * d, gamma)
            times = [2 * rate(gamma) * r / d ** (2 * a) for r in steps]
            laws = [_scale(a, b, d) * law(a, b, t, d, gamma) for t in times]
            sequence.append(_worst(getattr(model, quantity)(steps), laws))
    return approach(ratios, within)


def _forcing(alpha: float, beta: float, t: float, d: int, gamma: float) -> float:
    return _transform(alpha, beta, t)


def _amplified(alpha: float, beta: float, t: float, d: int, gamma: float) -> float:
    """``Φ/(1−‖K‖)``, ``‖K‖ = Σ_j γλ_j/(2−2γλ_j)`` in powers of ``λ_j``."""
    norm = gamma / 2 * sum(gamma**n * power_sum(2 * alpha * (n + 1), _RATIO * d) for n in range(60))
    return _transform(alpha, beta, t) / (1 - norm)


def _filtered(alpha: float, beta: float, t: float, d: int, gamma: float) -> float:
    """The transform with ``1/(1−k̂)``."""
    return _transform(alpha, beta, t, gamma * d ** (1 - 2 * alpha))


def _frozen(alpha: float, beta: float, t: float, d: int, gamma: float) -> float:
    """``Φ/(1−gT/2)``: the kernel's norm for its transform."""
    norm = float(gamma / 2 * d ** (1 - 2 * alpha) * _RATIO ** (1 - 2 * alpha) / (1 - 2 * alpha))
    return _transform(alpha, beta, t) / (1 - norm)


def _same(gamma: float) -> float:
    return gamma


_TWICE = {"rate": lambda gamma: 2 * gamma}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="scaling-window.forcing",
        statement="F ~ A d^{−2α+max(0,1−2β)} Φ(2γBr/d^{2α}), uniformly for 0.3 ≤ t ≤ 100; at v = 10d",
        latex=r"\mathscr F(r) \sim A\,d^{-2\alpha+\max(0,1-2\beta)}\,\Phi(2\gamma Br/d^{2\alpha})",
        tier="numeric",
        check=_follows,
        true={"quantity": "forcing", "points": _ABOVE + _BELOW, "law": _forcing, "rate": _same, "within": 3e-4},
        false={"γ → 2γ": _TWICE},
        rests_on=("kappa.limit",),
        about=("F.window", "F.window.slow-target"),
        source="derived here",
        quick=True,
    ),
    Claim(
        id="scaling-window.loss",
        statement="P ~ A d^{−2α+max(0,1−2β)} Φ(t)/(1−‖K‖) for 2α > 1, uniformly for 0.3 ≤ t ≤ 100; at v = 10d",
        latex=r"\mathscr P(r) \sim \frac{A\,d^{-2\alpha+\max(0,1-2\beta)}}{1-\|K\|}\,\Phi(2\gamma Br/d^{2\alpha})",
        tier="numeric",
        check=_follows,
        true={"quantity": "loss", "points": _ABOVE, "law": _amplified, "rate": _same, "within": 3e-4},
        false={"1/(1−‖K‖) dropped": {"law": _forcing}, "γ → 2γ": _TWICE},
        rests_on=("scaling-window.forcing", "kernel-norm.wide"),
        about=("P.window", "P.window.slow-target"),
        source="derived here",
        quick=True,
    ),
    Claim(
        id="scaling-window.slow-spectrum",
        statement="P ~ A d^{−2α+max(0,1−2β)} Ψ(t), Ψ the transform of S̃/(1−k̂), for 2α < 1, uniformly for 0.3 ≤ t ≤ 100; "
        "at v = 10d",
        latex=r"\mathscr P(r) \sim A\,d^{-2\alpha+\max(0,1-2\beta)}\,\Psi(2\gamma Br/d^{2\alpha})",
        tier="numeric",
        check=_follows,
        true={"quantity": "loss", "points": _BELOW, "law": _filtered, "rate": _same, "within": 3e-3},
        false={
            "1/(1−k̂) dropped": {"law": _forcing},
            "the norm gT/2 for k̂": {"law": _frozen},
            "γ → 2γ": _TWICE,
        },
        rests_on=("scaling-window.forcing",),
        about=("P.window.slow-spectrum", "P.window.slow-target.slow-spectrum"),
        source="derived here",
        quick=True,
    ),
)
