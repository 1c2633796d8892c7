r"""Where the theorem on the order of the loss does not reach: ``β ≥ 1 + 2α``, and ``α < 1/4``.

The table of phases covers these parts of the plane all the same. The left-hand side is the solver's loss, the right-hand side the sum of
the pieces in closed form; along ``γr = d^{2αs}``, from early times to where the gap is felt, their ratio must stay within fixed bounds
while ``d`` grows by 14 powers of ten. For ``α < 1/4`` the kernel's piece is of the order of ``F_0`` and is left out.

*Remark.* A ratio within a factor 5/2 over 14 decades bounds a difference of the exponents by 0.06 in ``d``; that it settles is seen in the
last local exponent, which is among the figures. A piece that is forgotten lets the ratio grow like a power.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..ledger import Claim, Verdict
from ._direct import power_sum

__all__ = ["CLAIMS"]

#: In III, IVa, IVb, Ic, Ic with β ≥ 1 + 2α, and in Ib with α < 1/4.
_POINTS = (("3/5", "3"), ("2/5", "2"), ("7/25", "4"), ("1/5", "2"), ("1/8", "3"), ("1/5", "2/5"))
_SIZES = (10**6, 10**13, 10**20)
_SHARES = (0.25, 0.75)
_FACTOR = 2.5


def _bounded(pieces: tuple[str, ...]) -> Verdict:
    from ..formulas import formula
    from ..model import PLRF

    worst, figures = 1.0, {}
    for alpha, beta in _POINTS:
        a, b = float(Fraction(alpha)), float(Fraction(beta))
        present = [name for name in pieces if {"F_ac": a > 0.5 and b > 0.5, "K_pp": a > 0.25}.get(name, True)]
        for share in _SHARES:
            ratios = []
            for d in _SIZES:
                model = PLRF(alpha, beta, d, 10 * d)
                gamma = model.learning_rate()
                r = max(1, round(float(d) ** (2 * a * share) / (2 * gamma)))
                letters = {"alpha": alpha, "beta": beta, "gamma": gamma, "B": 1, "r": r, "d": d}
                letters["c_beta"] = power_sum(2 * b, 10**6) if 2 * b > 1 else 0
                total = 0.0
                for name in present:
                    if name == "F_0":
                        total += float(model.forcing_limit())
                        continue
                    entry = formula(f"{name}.closed")
                    value = entry.evaluate(digits=None, **{x: letters[x] for x in entry.variables})
                    total += value / gamma if name == "K_pp" else value
                ratios.append(float(model.loss(r)) / total)
            worst = max(worst, *(max(ratio, 1 / ratio) for ratio in ratios))
            slope = math.log(ratios[-1] / ratios[-2]) / math.log(_SIZES[-1] / _SIZES[-2])
            shown = " → ".join(f"{ratio:.3f}" for ratio in ratios)
            figures[f"alpha={alpha} beta={beta} s={share}"] = f"{shown}, last exponent {slope:.4f}"
    return Verdict.at_most("largest factor between the loss and its pieces", worst, _FACTOR, **figures)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="phases.beyond-theorem",
        statement="P is of the order of F_pp + F_ac + F_0 + K_pp/(γB) also where β ≥ 1 + 2α, and of F_pp + F_0 where α < 1/4",
        latex=r"\mathscr P \asymp \mathscr F_{pp}+\mathscr F_{ac}+\mathscr F_0+\tfrac1{\gamma B}\mathscr K_{pp}"
        r"\quad\text{for } \beta\ge1+2\alpha",
        tier="numeric",
        check=_bounded,
        true={"pieces": ("F_pp", "F_ac", "F_0", "K_pp")},
        false={
            "without K_pp": {"pieces": ("F_pp", "F_ac", "F_0")},
            "without F_0": {"pieces": ("F_pp", "F_ac", "K_pp")},
        },
        rests_on=("closed-forms.F_pp", "closed-forms.F_ac", "closed-forms.K_pp"),
        about=("F_pp.closed", "F_ac.closed", "K_pp.closed"),
        source="derived here; outside of the theorem of arXiv:2405.15074",
    ),
)
