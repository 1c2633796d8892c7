r"""The loss from one contour, against the Volterra equation solved step by step.

For the solver every ``r`` has the same contour, and the loss comes from the generating functions, ``P̂ = F̂/(1 − wK̂)``. The
other road here has neither: forcing and kernel are integrals over one closed ellipse in the plane of ``ζ``, with ``q`` and
``m`` written out, and

.. math:: P(r) = F(r) + \sum_{s<r} K(r-1-s)\,P(s)

is summed as it stands. The two agree to rounding up to ``r = 200``, for small and large batches.

*Remark.* A kernel that is one step late, ``K(r−2−s)``, describes a batch whose noise acts only after the next one. The loss it
gives is a plausible curve with the *same limit*, since its norm is the same; only the comparison step by step tells.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..ledger import Claim, Verdict
from ._direct import curves, volterra

__all__ = ["CLAIMS"]

#: alpha, beta, d, v, gamma, batch
_MODELS = (
    ("1", "7/10", 20, 60, "3/10", 1),
    ("1", "7/10", 20, 60, "3/25", 4),
    ("1", "7/10", 20, 60, "1/100", 64),
    ("3/2", "-1/5", 8, 20, "1/5", 2),
    ("2/5", "4/5", 20, 100, "1/50", 4),
)
_STEPS = 201
_BOTH = (  # alpha, beta, d, v, gamma, batch
    ("1", "7/10", 20, 60, "3/10", 1),
    ("3", "3", 10, 40, "1/5", 2),
)
_FAR = (1, 80, 10**4, 10**9)


def _recursion(quadratic: Callable[[int], float], delay: int) -> Verdict:
    import numpy as np

    from ..model import PLRF

    errors = {}
    for alpha, beta, d, v, gamma, batch in _MODELS:
        a, b, g = (float(Fraction(x)) for x in (alpha, beta, gamma))
        forcing, kernel = curves(a, b, d, v, g, batch, _STEPS, quadratic(batch))
        model, r = PLRF(alpha, beta, d, v, gamma, batch), np.arange(_STEPS)
        known = {"F": forcing, "K": kernel, "P": volterra(forcing, kernel, delay)}
        found = {"F": model.forcing(r), "K": model.kernel(r), "P": model.loss(r)}
        for letter, values in known.items():
            errors[f"{letter}, alpha={alpha} d={d} B={batch}"] = float(np.max(np.abs(found[letter] / values - 1)))
    return Verdict.at_most("max |ratio − 1| for r ≤ 200", max(errors.values()), 1e-11, **errors)


def _two_arithmetics(digits: int, rate: Callable[[Fraction], Fraction]) -> Verdict:
    from ..model import PLRF

    errors = {}
    for alpha, beta, d, v, gamma, batch in _BOTH:
        double = PLRF(alpha, beta, d, v, rate(Fraction(gamma)), batch)
        precise = PLRF(alpha, beta, d, v, gamma, batch)
        for name in ("forcing", "loss"):
            pairs = zip(getattr(double, name)(_FAR), getattr(precise, name)(_FAR, digits=digits), strict=True)
            errors[f"{name}, alpha={alpha} d={d} B={batch}"] = max(abs(float(x / y) - 1) for x, y in pairs)
    return Verdict.at_most("max |double/precise − 1|", max(errors.values()), 1e-13, **errors)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="recursion",
        statement="F, K and P from the contour equal the integral over a closed loop and the Volterra recursion, r ≤ 200",
        latex=r"\mathscr P(r) = \mathscr F(r)+\sum_{s<r}\mathscr K(r-1-s)\,\mathscr P(s)",
        tier="numeric",
        check=_recursion,
        true={"quadratic": lambda batch: batch * (batch + 1), "delay": 1},
        false={
            "2B for B(B+1)": {"quadratic": lambda batch: 2 * batch},
            "kernel one step late": {"delay": 2},
        },
        about=("F", "K"),
        source="arXiv:2405.15074, Volterra equation",
        quick=True,
    ),
    Claim(
        id="double-road",
        statement="F and P in double precision equal those with 40 digits to 1e-13, at small sizes and r up to 1e9",
        tier="numeric",
        check=_two_arithmetics,
        true={"digits": 40, "rate": lambda gamma: gamma},
        false={"γ off by 1e-9": {"rate": lambda gamma: gamma * (1 + Fraction(1, 10**9))}},
        rests_on=("recursion",),
        source="derived here",
    ),
)
