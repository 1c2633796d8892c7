r"""At the end of the window nothing exceeds ``F_0``: ``F_ac, K_pp/(γB) ≲ F_0`` where ``γBr = d^{2α}``.

There the features' resolution is reached, and the pieces must hand over to the limit. Up to constants ``F_ac`` has fallen to
``d^{-2α}``, which *is* ``F_0`` for ``2β > 1``; ``K_pp/(γB)`` to ``γ d^{1-4α}``, with ``γ ~ d^{-max(0,1-2α)}``, at most ``F_0`` everywhere
in ``α > 1/4``. Since the loss is of the order of ``F + K/(γB)``, it is then of the order of its own limit: the phases of the
compute-optimal trade-off all lie before this time.

*Remark.* A bounded ratio shows in its local exponent, ``d log(ratio)/d log(d)``, which must tend to a number ``≤ 0``. At the earlier
time ``γBr = d^α`` both ratios grow, for ``2α > 1`` like ``d^{α-1/2}`` and ``d^{1/2}``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from ..ledger import Claim, Verdict
from ._direct import power_sum

__all__ = ["CLAIMS"]

_SIZES = (10**3, 10**5, 10**8, 10**10)
_TARGETS = (("1", "6/5"), ("3/5", "4/5"), ("3/2", "3/5"), ("2/5", "4/5"), ("3/10", "9/10"))  # alpha, beta
_ALL = (("1", "3/10"), ("1", "7/10"), ("1", "3/2"), ("2/5", "3/10"), ("2/5", "4/5"), ("3/10", "9/10"))
_GAMMA = 0.1  # times d^{-max(0, 1-2α)}
_FLAT = 5e-3


def _bounded(piece: str, points: tuple[tuple[str, str], ...], time: Callable[[float], float]) -> Verdict:
    from ..formulas import formula
    from ..model import PLRF

    entry = formula(f"{piece}.closed")
    exponents = {}
    for alpha, beta in points:
        a, b = float(Fraction(alpha)), float(Fraction(beta))
        ratios = []
        for d in _SIZES:
            gamma = _GAMMA * d ** -max(0.0, 1 - 2 * a)
            letters: dict[str, object] = {
                "alpha": alpha,
                "gamma": gamma,
                "B": 1,
                "r": round(d ** time(a) / gamma),
                "d": d,
            }
            letters["c_beta"] = power_sum(2 * b, 10 * d) if 2 * b > 1 else 0
            value = entry.evaluate(digits=None, **{name: letters[name] for name in entry.variables})
            scale = gamma if piece == "K_pp" else 1.0
            ratios.append(value / scale / float(PLRF(alpha, beta, d, 10 * d).forcing_limit()))
        steps = zip(pairwise(ratios), pairwise(_SIZES), strict=True)
        exponents[f"alpha={alpha} beta={beta}"] = [
            math.log(later / earlier) / math.log(large / small) for (earlier, later), (small, large) in steps
        ]
    figures = {name: " → ".join(f"{value:.4f}" for value in row) for name, row in exponents.items()}
    largest = max(row[-1] for row in exponents.values())
    return Verdict.at_most("largest exponent of the ratio in d, at the end", largest, _FLAT, **figures)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="order-lemmas.F_ac",
        statement="F_ac ≲ F_0 at γBr = d^{2α}, α > 1/4, so that the loss is of the order of F_0 there",
        latex=r"\mathscr F_{ac}(r) \lesssim \mathscr F_0 \quad\text{at } \gamma Br = d^{2\alpha}",
        tier="numeric",
        check=_bounded,
        true={"piece": "F_ac", "points": _TARGETS, "time": lambda alpha: 2 * alpha},
        false={"at γBr = d^α": {"time": lambda alpha: alpha}},
        rests_on=("closed-forms.F_ac", "forcing-limit.summable", "theory.loss-order"),
        about=("F_ac.closed",),
        source="arXiv:2405.15074, comparison of the forcing function's pieces",
        quick=True,
    ),
    Claim(
        id="order-lemmas.K_pp",
        statement="K_pp/(γB) ≲ F_0 at γBr = d^{2α}, γ ~ d^{−max(0,1−2α)}, α > 1/4, so that the loss is of the order of F_0 there",
        latex=r"\tfrac{1}{\gamma B}\mathscr K_{pp}(r) \lesssim \mathscr F_0 \quad\text{at } \gamma Br = d^{2\alpha}",
        tier="numeric",
        check=_bounded,
        true={"piece": "K_pp", "points": _ALL, "time": lambda alpha: 2 * alpha},
        false={"at γBr = d^α": {"time": lambda alpha: alpha}},
        rests_on=("closed-forms.K_pp", "forcing-limit.summable", "forcing-limit.divergent", "theory.loss-order"),
        about=("K_pp.closed",),
        source="arXiv:2405.15074, comparison of the kernel with the forcing function",
        quick=True,
    ),
)
