r"""Forcing and kernel in the middle of the window: sums of their pieces, with constants.

For ``1 ≪ γBr ≪ d^{2α}`` the spectrum that matters lies between the atom at 0 and the first eigenvalues, and forcing and
kernel fall apart into

.. math:: F(r) \sim F_0 + F_{pp}(r) + F_{ac}(r), \qquad K(r) \sim K_{pp}(r).

The left-hand sides are the solver's contour integrals. On the right stand the closed forms of the symbolic catalogue,
derived from the spectrum without any contour, and the leading asymptotics of ``F_0`` with a ``κ`` of its own.

*Remark.* The paper states these as two-sided bounds, ``≍``; that the ratio tends to 1 along ``γBr = d^α``, the middle of
the window, is a stronger statement, and it pins down every constant. It needs ``2α > 1``, or that ``F_pp`` leads: for
``2α < 1 < 2β`` the plateau of this window differs from ``F_0 + F_ac`` by a factor of order one, and those points are left
to the scaling window.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from ..ledger import Claim, Verdict
from ._approach import approach
from ._direct import kappa, power_sum, window_energy

__all__ = ["CLAIMS"]

_SIZES = (10**3, 10**6, 10**10)
#: alpha, beta, v/d, gamma (None for γ·tr D = 1/2), batch: phases Ia, II, III, II, Ib
_FORCING = (
    ("1", "3/10", "10", "2/5", 1),
    ("1", "7/10", "10", "2/5", 2),
    ("4/5", "6/5", "inf", "1/5", 2),
    ("3/2", "9/10", "10", "2/5", 1),
    ("2/5", "3/10", "10", None, 1),
)
_KERNEL = (("1", "10", "2/5", 1), ("1", "2", "1/5", 2), ("4/5", "inf", "3/10", 1), ("2/5", "10", None, 1))
_WITHIN = 5e-3
_SLOWLY = 7e-2  # at 2α < 1, where the distance shrinks like a small power of d

Piece = Callable[..., float]  # of alpha, beta, gamma, batch, r as they are given to the catalogue


def _catalogue(name: str) -> Piece:
    """A closed form of the symbolic catalogue."""

    def piece(**letters: object) -> float:
        from ..formulas import formula

        entry = formula(name)
        letters["B"] = letters.pop("batch")
        return float(entry.evaluate(digits=None, **{letter: letters[letter] for letter in entry.variables}))

    return piece


def _rate(alpha: float, gamma: str | None, v: float) -> float:
    return float(Fraction(gamma)) if gamma else 0.5 / power_sum(2 * alpha, v)


def _forcing(pure_point: Piece, rate: Callable[[float], float]) -> Verdict:
    from ..model import PLRF

    ratios: dict[str, list[float]] = {}
    within = {}
    continuous = _catalogue("F_ac.closed")
    for alpha, beta, over, gamma, batch in _FORCING:
        a, b = float(Fraction(alpha)), float(Fraction(beta))
        name = f"alpha={alpha} beta={beta} v/d={over} B={batch}"
        ratios[name], within[name] = [], _WITHIN if 2 * a > 1 else _SLOWLY
        for d in _SIZES:
            v = "inf" if over == "inf" else d * Fraction(over)
            ratio, g = float(v) / d, _rate(a, gamma, float(v))
            r = round(d**a / (g * batch))
            letters = {"alpha": alpha, "beta": beta, "gamma": rate(g), "batch": batch, "r": r}
            c_beta = power_sum(2 * b, float(v)) if 2 * b > 1 else 0.0
            k = kappa(a, ratio)
            limit = d ** (-2 * a) / k * (c_beta or d ** (1 - 2 * b) * float(window_energy(a, b, ratio, 1 / k)))
            law = limit + pure_point(**letters) + (continuous(**letters, d=d, c_beta=c_beta) if c_beta else 0.0)
            ratios[name].append(float(PLRF(alpha, beta, d, v, g, batch).forcing(r)) / law)
    return approach(ratios, within)


def _kernel(pure_point: Piece, rate: Callable[[float], float]) -> Verdict:
    from ..model import PLRF

    ratios: dict[str, list[float]] = {}
    within = {}
    for alpha, over, gamma, batch in _KERNEL:
        a = float(Fraction(alpha))
        name = f"alpha={alpha} v/d={over} B={batch}"
        ratios[name], within[name] = [], _WITHIN if 2 * a > 1 else _SLOWLY
        for d in _SIZES:
            v = "inf" if over == "inf" else d * Fraction(over)
            g = _rate(a, gamma, float(v))
            r = round(d**a / (g * batch))
            law = pure_point(alpha=alpha, gamma=rate(g), batch=batch, r=r)
            ratios[name].append(float(PLRF(alpha, 1, d, v, g, batch).kernel(r)) / law)
    return approach(ratios, within)


def _wrong_forcing(alpha: str, beta: str, gamma: float, batch: int, r: int) -> float:
    """The leading term of ``F_pp`` with ``Γ(1+β/α)``, for a false statement."""
    a, b = float(Fraction(alpha)), float(Fraction(beta))
    return float(math.gamma(1 + b / a) / (2 * a * math.pow(2 * gamma * batch * r, 1 + b / a - 1 / (2 * a))))


def _wrong_kernel(alpha: str, gamma: float, batch: int, r: int) -> float:
    """The leading term of ``K_pp`` with ``Γ(1−1/2α)``, for a false statement."""
    a = float(Fraction(alpha))
    decay = 2 * a * math.pow(2 * gamma * batch * r, 2 - 1 / (2 * a))
    return gamma**2 * batch * math.gamma(1 - 1 / (2 * a)) / decay


def _mean(piece: Piece) -> Piece:
    """The piece of the other convention, a batch *mean* with the same γ."""
    return lambda **letters: piece(**{**letters, "gamma": letters["gamma"] / letters["batch"]})


_TWICE = {"rate": lambda gamma: 2 * gamma}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="pieces.forcing",
        statement="F(r) ~ F_0 + F_pp(r) + F_ac(r) at γBr = d^α, for 2α > 1 or 2β < 1",
        latex=r"\mathscr F(r) \sim \mathscr F_0+\mathscr F_{pp}(r)+\mathscr F_{ac}(r)",
        tier="numeric",
        check=_forcing,
        true={"pure_point": _catalogue("F_pp.closed"), "rate": lambda gamma: gamma},
        false={
            "Γ(1+β/α) for Γ(1+β/α−1/2α)": {"pure_point": _wrong_forcing},
            "γ → 2γ": _TWICE,
            "batch mean for batch sum": {"pure_point": _mean(_catalogue("F_pp.closed"))},
        },
        rests_on=("closed-forms.F_pp", "closed-forms.F_ac", "forcing-limit.summable", "forcing-limit.divergent"),
        about=("F_pp.closed", "F_ac.closed"),
        source="derived here; up to constants arXiv:2405.15074, theorem on the forcing function",
    ),
    Claim(
        id="pieces.kernel",
        statement="K(r) ~ K_pp(r) at γBr = d^α, for α > 1/4",
        latex=r"\mathscr K(r) \sim \mathscr K_{pp}(r)",
        tier="numeric",
        check=_kernel,
        true={"pure_point": _catalogue("K_pp.closed"), "rate": lambda gamma: gamma},
        false={
            "Γ(1−1/2α) for Γ(2−1/2α)": {"pure_point": _wrong_kernel},
            "γ → 2γ": _TWICE,
            "batch mean for batch sum": {"pure_point": _mean(_catalogue("K_pp.closed"))},
        },
        rests_on=("closed-forms.K_pp",),
        about=("K_pp.closed",),
        source="derived here; up to constants arXiv:2405.15074, theorem on the kernel",
    ),
)
