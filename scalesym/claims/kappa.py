r"""The constant ``κ`` of the limit ``d → ∞``.

``ζ₀ d^{2α}`` tends to ``1/κ``, where ``κ`` solves the continuum form of ``D_1(ζ₀) = d``,

.. math:: \int_0^{v/d} \frac{\kappa\,du}{\kappa + u^{2\alpha}} = 1 .

At ``v/d = ∞`` the integral is elementary and ``κ = ((2α/π) sin(π/2α))^{2α}``; at finite ``v/d`` it is a hypergeometric
function. Here both are put back into the integral, by tanh-sinh quadrature.

*Remark.* The correction to the limit is the first term of Euler and Maclaurin, the half mode at ``j = 0`` that the
integral has too many; so ``κ`` is reached like ``1/d``. For finite ``v/d`` the constant differs by a factor: ``α = 1``,
``v/d = 2`` has nearly twice the ``κ`` of ``v/d = ∞``, and the two cases cannot be exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import kappa, private_context

__all__ = ["CLAIMS"]

_DIGITS = 30
_ALPHAS = ("11/20", "3/4", "1", "3/2", "3")
_FINITE = (("1/10", "3/2"), ("2/5", 10), ("1/2", 4), ("3/4", "21/20"), ("1", 2), ("3/2", 1000))  # alpha, v/d
_LIMITS = (("2/5", "10"), ("3/4", "inf"), ("1", "1.5"), ("3/2", "inf"))


def _total(mp: Any, alpha: Fraction, ratio: Fraction | None, value: Any) -> Any:
    """``∫_0^ρ κ du/(κ + u^{2α})``; beyond 1, to infinity, with ``u^{1−2α}`` as the variable."""
    power = mp.mpf(2 * alpha.numerator) / alpha.denominator
    if ratio is not None:
        end = mp.mpf(ratio.numerator) / ratio.denominator
        return mp.quad(lambda u: value / (value + u**power), [0, min(end, value ** (1 / power)), end])
    near = mp.quad(lambda u: value / (value + u**power), [0, 1])
    return near + value / (power - 1) * mp.quad(lambda y: 1 / (1 + value * y ** (power / (power - 1))), [0, 1])


def _at_infinity(closed: Callable[[Any, Any], Any]) -> Verdict:
    from ..model import PLRF

    mp, errors = private_context(_DIGITS + 10), {}
    for alpha in _ALPHAS:
        exact = Fraction(alpha)
        value = closed(mp, mp.mpf(2 * exact.numerator) / exact.denominator)
        solver = PLRF(alpha, 1, 100, "inf").kappa("continuum", digits=_DIGITS)
        errors[f"integral, alpha={alpha}"] = abs(_total(mp, exact, None, value) - 1)
        errors[f"PLRF.kappa, alpha={alpha}"] = abs(mp.mpf(solver) / value - 1)
    return Verdict.at_most("max |difference|", max(errors.values()), 1e-28, **errors)


def _at_finite_ratio(value: Callable[[Any, Any], Any]) -> Verdict:
    from ..model import PLRF

    mp, errors = private_context(_DIGITS + 10), {}
    for alpha, ratio in _FINITE:
        exact, end = Fraction(alpha), Fraction(ratio)
        found = mp.mpf(value(PLRF(alpha, 1, 100, 100 * end), mp))
        errors[f"alpha={alpha} v/d={ratio}"] = abs(_total(mp, exact, end, found) - 1)
    return Verdict.at_most("max |integral − 1|", max(errors.values()), 1e-28, **errors)


def _reached(limit: Callable[[float, float], float]) -> Verdict:
    from ..model import PLRF

    ratios = {}
    for alpha, ratio in _LIMITS:
        value = limit(float(Fraction(alpha)), float(ratio))
        models = [
            PLRF(alpha, 1, d, ratio if ratio == "inf" else d * Fraction(ratio)) for d in (10**2, 10**4, 10**6, 10**8)
        ]
        ratios[f"alpha={alpha} v/d={ratio}"] = [float(model.kappa("equivalent")) / value for model in models]
    return approach(ratios, within=2e-7)


def _closed(mp: Any, power: Any) -> Any:
    return (power / mp.pi * mp.sin(mp.pi / power)) ** power


def _infinite_value(model: Any, mp: Any) -> Any:
    """The closed form of ``v/d = ∞`` at ``2α > 1``; there is none below."""
    power = 2 * mp.mpf(model.alpha.numerator) / model.alpha.denominator
    return _closed(mp, power) if power > 1 else model.kappa("continuum", digits=_DIGITS)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="kappa.infinite",
        statement="At v/d = ∞, κ = ((2α/π) sin(π/2α))^{2α}",
        latex=r"\kappa = \Big(\frac{2\alpha}{\pi}\sin\frac{\pi}{2\alpha}\Big)^{2\alpha}",
        tier="numeric",
        check=_at_infinity,
        true={"closed": _closed},
        false={
            "κ inverted": {"closed": lambda mp, power: 1 / _closed(mp, power)},
            "power dropped": {"closed": lambda mp, power: power / mp.pi * mp.sin(mp.pi / power)},
        },
        about=("kappa.infinite",),
        source="derived here; the integral is that of arXiv:2405.15074",
        quick=True,
    ),
    Claim(
        id="kappa.finite",
        statement="At finite v/d, the κ of level 'continuum' solves ∫_0^{v/d} κ du/(κ + u^{2α}) = 1",
        latex=r"\int_0^{v/d} \frac{\kappa\,du}{\kappa+u^{2\alpha}} = 1",
        tier="numeric",
        check=_at_finite_ratio,
        true={"value": lambda model, mp: model.kappa("continuum", digits=_DIGITS)},
        false={
            "κ inverted": {"value": lambda model, mp: 1 / model.kappa("continuum", digits=_DIGITS)},
            "κ of v/d = ∞": {"value": _infinite_value},
        },
        source="arXiv:2405.15074, definition of κ",
        quick=True,
    ),
    Claim(
        id="kappa.limit",
        statement="1/(ζ₀ d^{2α}) → κ as d → ∞ at fixed v/d, finite or infinite",
        latex=r"\frac{1}{\zeta_0 d^{2\alpha}} \to \kappa",
        tier="numeric",
        check=_reached,
        true={"limit": kappa},
        false={
            "κ inverted": {"limit": lambda alpha, ratio: 1 / kappa(alpha, ratio)},
            "v/d doubled": {"limit": lambda alpha, ratio: kappa(alpha, 2 * ratio)},
        },
        rests_on=("zeta0",),
        about=("kappa", "zeta_0.asymptotic"),
        source="arXiv:2405.15074, asymptotics of F_0",
        quick=True,
    ),
)
