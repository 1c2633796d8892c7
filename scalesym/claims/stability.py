r"""The critical learning rate: where the loss stops converging.

The Volterra equation ``P = F + K * P`` has a bounded solution if and only if the forcing is bounded, ``γ(B+1)λ_max ≤ 2``, and the
kernel sums to less than 1. ``critical_gamma`` is the smaller of the two thresholds, from closed forms. Here it is put to the
test: forcing and kernel are integrated over the closed loop at a rate slightly below and slightly above it, the recursion is
run, and the loss must settle in the one case and run away in the other. (It need not fall: with few features and a norm close
to 1 the limit ``F_0/(1−‖K‖)`` lies above the initial loss.)

*Remark.* For ``B = 1`` the kernel norm binds, for large batches the edge ``λ_max > 1`` of the deterministic measure. That the
threshold is the one of SGD itself, and not only of its equivalent, is the conjecture this rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._direct import curves, volterra

__all__ = ["CLAIMS"]

_MODELS = (("1", "7/10", 20, 60, 1), ("1", "7/10", 20, 60, 4), ("1", "7/10", 20, 60, 64), ("2/5", "4/5", 20, 60, 2))
_MARGIN = 0.03
_STEPS = 401


def _threshold(critical: Callable[[Any], float]) -> Verdict:
    import numpy as np

    from ..model import PLRF

    change: dict[str, dict[str, float]] = {"below": {}, "above": {}}
    for alpha, beta, d, v, batch in _MODELS:
        gamma = critical(PLRF(alpha, beta, d, v, batch=batch))
        a, b = float(Fraction(alpha)), float(Fraction(beta))
        for side, factor in (("below", 1 - _MARGIN), ("above", 1 + _MARGIN)):
            with np.errstate(all="ignore"):  # far above the threshold the loss overflows
                loss = volterra(*curves(a, b, d, v, factor * gamma, batch, _STEPS, batch * (batch + 1)))
                start, middle, end = loss[0], loss[_STEPS // 2], loss[-1]
                ratio = float(abs(end - middle) / abs(middle - start))
            change[side][f"{side}, alpha={alpha} B={batch}"] = ratio if np.isfinite(ratio) else float("inf")
    below, above = max(change["below"].values()), min(change["above"].values())
    seen = f"change over the second 200 steps/over the first: ≤ {below:.3g} below, ≥ {above:.3g} above"
    return Verdict.decided(below < 1 < above, seen, **change["below"], **change["above"])


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="critical-gamma",
        statement="The mean loss of SGD settles for γ 3% below critical_gamma() and runs away 3% above it, for small and large B",
        latex=r"\gamma_{\mathrm{crit}} = \min\{\gamma : \|K\| = 1 \text{ or } \gamma(B+1)\lambda_{\max} = 2\}",
        tier="numeric",
        check=_threshold,
        true={"critical": lambda model: float(model.critical_gamma())},
        false={
            "half of it": {"critical": lambda model: float(model.critical_gamma()) / 2},
            "of a batch mean": {"critical": lambda model: float(model.critical_gamma()) * model.batch},
            "2/tr D": {
                "critical": lambda model: 2 / sum(j ** (-2 * float(model.alpha)) for j in range(1, int(model.v) + 1))
            },
        },
        rests_on=("kernel-norm", "recursion", "theory.sgd-follows"),
        about=("gamma.norm", "gamma.pointwise"),
        source="arXiv:2405.15074, section on stability",
        quick=True,
    ),
)
