r"""The density of the spectrum: its exact moments, and the power laws from which the pieces come.

At finite ``d`` the deterministic equivalent reproduces the first moments of the random matrix exactly,

.. math:: \frac1d E\,\mathrm{Tr}\,\hat K = \frac1d\sum_j\lambda_j, \qquad
          \frac1d E\,\mathrm{Tr}\,\hat K^2 = \frac1d\Big(\sum_j\lambda_j^2 + \frac1d\big(\textstyle\sum_j\lambda_j\big)^2\Big),

and so do the moments weighted by the target, ``Σλ_jb_j² − F_0`` (the atom at 0 holds ``F_0``) and ``Σλ_j²b_j²``. As ``d → ∞``, for
``d^{-2α} ≪ u ≪ d^{-α}``, where the single eigenvalues have merged, the density of the target weights is

.. math:: \frac{1}{2\alpha}\Big(u^{(2\beta-1)/2\alpha} + \frac{c_\beta}{d}\,u^{-1/2\alpha}\Big),
          \qquad c_\beta = \sum_{j\le v} j^{-2\beta} \ (2\beta > 1), \text{ else } 0 .

*Remark.* The first term is the image of ``λ_jb_j²`` under ``j ↦ j^{-2α}``, and its transform is ``F_pp``. The second is the share
that the large eigenvalues lend to the small ones, through ``Im 1/m``; its transform is ``F_ac``. Along ``u = d^{-5α/4}`` and at
``β = 4/5`` the two are of the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import power_sum

__all__ = ["CLAIMS"]

_MODELS = (("3/10", "1/2", 10, 60), ("1/5", "2/5", 30, 45), ("2/5", "9/10", 6, 50))  # alpha, beta, d, v; single bands
_POINTS = (("1", "4/5"), ("3/4", "4/5"), ("1", "3/10"), ("2/5", "4/5"), ("2/5", "1"))  # alpha, beta
_SIZES = (10**4, 10**6, 10**8, 10**10, 10**12)


def _moments(fluctuation: Callable[[Any, float], float], atom: bool) -> Verdict:
    import numpy as np

    from ..model import PLRF

    angle = (np.arange(160) + 0.5) * np.pi / 160
    errors = {}
    for alpha, beta, d, v in _MODELS:
        model = PLRF(alpha, beta, d, v)
        low, high = (np.log(float(model.spectral_edge(side))) for side in ("left", "right"))
        x = np.exp((low + high) / 2 + (high - low) / 2 * np.cos(angle))
        weight = np.pi / 160 * (high - low) / 2 * np.sin(angle) * x
        j = np.arange(1, v + 1.0)
        lam = j ** (-2 * float(Fraction(alpha)))
        energy = lam * j ** (-2 * float(Fraction(beta)))
        count, target = (weight * model.spectral_density(x, kind) for kind in ("count", "target"))
        known = {
            "mass": (np.sum(count), 1.0),
            "trace": (d * np.sum(count * x), np.sum(lam)),
            "trace of the square": (d * np.sum(count * x**2), np.sum(lam**2) + fluctuation(lam, d)),
            "energy": (np.sum(target), np.sum(energy) - (float(model.forcing_limit()) if atom else 0.0)),
            "first moment of the energy": (np.sum(target * x), np.sum(energy * lam)),
        }
        for name, (value, exact) in known.items():
            errors[f"{name}, alpha={alpha} d={d} v={v}"] = abs(float(value / exact) - 1)
    return Verdict.at_most("max |ratio − 1|", max(errors.values()), 1e-11, **errors)


def _continuum(lent: Callable[[float, float, int, float], float]) -> Verdict:
    from ..model import PLRF

    ratios: dict[str, list[float]] = {}
    for alpha, beta in _POINTS:
        a, b = float(Fraction(alpha)), float(Fraction(beta))
        ratios[f"alpha={alpha} beta={beta}"] = sequence = []
        for d in _SIZES:
            u = d ** (-5 * a / 4)
            c_beta = power_sum(2 * b, 10 * d) if 2 * b > 1 else 0.0
            law = (u ** ((2 * b - 1) / (2 * a)) + lent(c_beta, u, d, a)) / (2 * a)
            sequence.append(PLRF(alpha, beta, d, 10 * d).spectral_density(u, "target") / law)
    return approach(ratios, within=1e-3)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="spectral-density.moments",
        statement="The density has mass 1 and the moments of E Tr K̂ and E Tr K̂²; weighted by the target, Σλ_jb_j² − F_0 and Σλ_j²b_j²",
        latex=r"d\int x^2\rho\,dx = \sum_j\lambda_j^2 + \frac1d\Big(\sum_j\lambda_j\Big)^2",
        tier="numeric",
        check=_moments,
        true={"fluctuation": lambda lam, d: lam.sum() ** 2 / d, "atom": True},
        false={
            "no fluctuation of W": {"fluctuation": lambda lam, d: 0.0},
            "no atom at 0": {"atom": False},
        },
        rests_on=("zeta0",),
        about=("moment.first", "moment.second"),
        source="derived here from the moments of a Gaussian W",
    ),
    Claim(
        id="spectral-density.continuum",
        statement="The target's density at u = d^{−5α/4} is (u^{(2β−1)/2α} + c_β u^{−1/2α}/d)/2α, ratio → 1",
        latex=r"\frac{1}{2\alpha}\Big(u^{\frac{2\beta-1}{2\alpha}} + \frac{c_\beta}{d}u^{-\frac1{2\alpha}}\Big)",
        tier="numeric",
        check=_continuum,
        true={"lent": lambda c_beta, u, d, alpha: c_beta * u ** (-1 / (2 * alpha)) / d},
        false={
            "no absolutely continuous part": {"lent": lambda c_beta, u, d, alpha: 0.0},
            "c_β = 1": {"lent": lambda c_beta, u, d, alpha: bool(c_beta) * u ** (-1 / (2 * alpha)) / d},
        },
        about=("density.pp", "density.ac"),
        source="arXiv:2405.15074, estimates of the resolvent near the real axis",
        quick=True,
    ),
)
