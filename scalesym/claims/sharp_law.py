r"""The early sharp law: the loss with its constants, for ``1 ≪ γBr ≪ d^{2α}`` and ``2α > 1``.

The Volterra equation ``P = F + K * P`` is a renewal equation. Its kernel decays like a power and is subexponential, so
that one late jump dominates: either the forcing comes late and the kernel acts many times at once, a factor
``1/(1−‖K‖)``; or the forcing comes early, one kernel step is late, and all others on both sides are early,

.. math::
    P(r) \sim \frac{F_0+F_{ac}(r)+F_{pp}(r)}{1-\|K\|} + \frac{K_{pp}(r)\,\|F\|_1}{(1-\|K\|)^2},
    \qquad \|F\|_1 = \sum_j \frac{b_j^2}{2\gamma B - \gamma^2B(B+1)\lambda_j},

where the second term and ``F_ac`` exist for ``2β > 1`` only. The left-hand side is the solver's loss; the right-hand side
is written here with incomplete gamma functions of mpmath, zeta functions and one bracketed root.

*Remark.* ``‖F‖₁`` is not its small-γ form ``c_β/(2γB)``: with the first eigenvalue at 1 and γ of order one the denominator
counts. Likewise ``F_ac`` may start at ``u = d^{-2α}``, as it is defined, or at 0, as it is expanded: both are asymptotic to
the loss, the former is closer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import forcing_limit, power_sum, private_context

__all__ = ["CLAIMS"]

#: alpha, beta, gamma, batch, and the final distance asked for; v = 100d and r = d
_POINTS = (
    ("1", "3/2", "2/5", 1, 1e-4),
    ("1", "7/10", "2/5", 1, 2e-4),
    ("1", "3/10", "1/5", 2, 2e-4),
    ("3/4", "6/5", "2/5", 1, 4e-2),
)
_SIZES = (10**3, 10**5, 10**7, 10**10)

Law = Callable[[Any, int], float]  # of a model and a step


def _series(gamma: float, batch: int, quadratic: float, term: Callable[[int], float]) -> float:
    """``Σ_n x^n term(n)``, ``x = γ quadratic/2B``: an expansion in the powers of ``λ_j``."""
    x = gamma * quadratic / (2 * batch)
    return sum(x**n * term(n) for n in range(math.ceil(math.log(1e-16) / math.log(x))))


def _truncated(s: float, tau: float) -> float:
    """``∫_0^1 u^{s−1} e^{−τu} du``."""
    mp = private_context(17)
    return float(mp.gammainc(s, 0, tau) * mp.mpf(tau) ** -s)


def _sharp(
    model: Any,
    r: int,
    quadratic: Callable[[int], float] = lambda batch: batch * (batch + 1),
    amplified: bool = True,
    late: bool = True,
    full: bool = True,
) -> float:
    """The sharp law; the switches serve false statements: amplification, late kernel step, full ``‖F‖₁``."""
    a, b, gamma, v, d, batch = (float(x) for x in (model.alpha, model.beta, model.gamma, model.v, model.d, model.batch))
    tau, q = 2 * gamma * batch * r, quadratic(model.batch)
    rest = 1 - gamma / 2 * _series(gamma, model.batch, q, lambda n: power_sum(2 * a * (n + 1), v)) if amplified else 1.0
    law = (forcing_limit(a, b, d, v) + _truncated(1 + (2 * b - 1) / (2 * a), tau) / (2 * a)) / rest
    if not 2 * b > 1:
        return law
    c_beta = power_sum(2 * b, v)
    norm = c_beta if not full else _series(gamma, model.batch, q, lambda n: power_sum(2 * b + 2 * a * n, v))
    law += c_beta / (2 * a * d) * _truncated(1 - 1 / (2 * a), tau) / rest
    jump = gamma**2 * batch / (2 * a) * _truncated(2 - 1 / (2 * a), tau)
    return law + (jump * norm / (2 * gamma * batch) / rest**2 if late else 0.0)


def _follows(law: Law, sizes: tuple[int, ...]) -> Verdict:
    from ..model import PLRF

    ratios, within = {}, {}
    for alpha, beta, gamma, batch, bound in _POINTS:
        models = [PLRF(Fraction(alpha), Fraction(beta), d, 100 * d, Fraction(gamma), batch) for d in sizes]
        name = f"alpha={alpha} beta={beta} gamma={gamma} B={batch}"
        ratios[name] = [float(model.loss(int(model.d))) / law(model, int(model.d)) for model in models]
        within[name] = bound
    return approach(ratios, within)


def _twice_the_rate(model: Any, r: int) -> float:
    """The law at ``r → 2r``: γ doubled in the decay alone."""
    return _sharp(model, 2 * r)


def _switched(**switches: Any) -> Law:
    return lambda model, r: _sharp(model, r, **switches)


def _summed_pieces(level: str) -> Law:
    return lambda model, r: float(sum(model.pieces(r, level=level)))


_RESTS = ("kernel-norm.wide", "pieces.forcing", "pieces.kernel", "theory.renewal")

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="sharp-law",
        statement="P ~ (F_0+F_ac+F_pp)/(1−‖K‖) + K_pp‖F‖₁/(1−‖K‖)² for 1 ≪ γBr ≪ d^{2α}, 2α > 1; along r = d, v = 100d",
        latex=r"\mathscr P \sim \frac{\mathscr F_0+\mathscr F_{ac}+\mathscr F_{pp}}{1-\|K\|}"
        r" + \frac{\|\mathscr F\|_1\,\mathscr K_{pp}}{(1-\|K\|)^2}",
        tier="numeric",
        check=_follows,
        true={"law": _sharp, "sizes": _SIZES},
        false={
            "1/(1−‖K‖) dropped": {"law": _switched(amplified=False)},
            "‖F‖₁ = c_β/2γB": {"law": _switched(full=False)},
            "the late kernel step dropped": {"law": _switched(late=False)},
            "2B for B(B+1)": {"law": _switched(quadratic=lambda batch: 2 * batch)},
            "γ → 2γ in the decay": {"law": _twice_the_rate},
        },
        rests_on=_RESTS,
        about=("P.sharp",),
        source="derived here by subexponential renewal",
    ),
    Claim(
        id="sharp-law.pieces",
        statement="P ~ the sum of the pieces of level 'sharp', along r = d, v = 100d",
        latex=r"\mathscr P \sim \sum \text{sharp pieces}",
        tier="numeric",
        check=_follows,
        true={"law": _summed_pieces("sharp"), "sizes": _SIZES[1:]},
        false={"1/(1−‖K‖) and ‖F‖₁ dropped": {"law": _summed_pieces("continuum")}},
        rests_on=("sharp-law",),
        about=("P.sharp",),
        source="derived here by subexponential renewal",
    ),
)
