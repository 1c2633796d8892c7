"""The exponents of the pieces, against the slopes of their integrals and sums at large r and d."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from scalesym.phases import phase_table
from scalesym.powerlaw import Law

F = Fraction
ENERGY = 3.0  # any c_β: it does not depend on r or d


def rate(a: float, d: float) -> float:
    """The learning rate of a sector, up to a constant."""
    return float(min(1.0, d ** (2 * a - 1))) / 4


def gamma_between(s: float, low: float, high: float) -> float:
    return float(mpmath.gammainc(s, low, high))


def f_pp(a: float, b: float, r: float, d: float) -> float:
    """``(1/2α) ∫_0^1 u^{(2β−1)/2α} e^{−τu} du``."""
    tau, s = 2 * rate(a, d) * r, 1 + (2 * b - 1) / (2 * a)
    return gamma_between(s, 0, tau) * tau**-s / (2 * a)


def f_ac(a: float, b: float, r: float, d: float) -> float:
    """``(c_β/2αd) ∫_{d^{-2α}}^1 u^{−1/2α} e^{−τu} du``."""
    tau, s = 2 * rate(a, d) * r, 1 - 1 / (2 * a)
    return ENERGY * gamma_between(s, tau * d ** (-2 * a), tau) * tau**-s / (2 * a * d)


def k_pp(a: float, b: float, r: float, d: float) -> float:
    """``K_pp/(γB) = (γ/2α) ∫_0^1 u^{1−1/2α} e^{−τu} du``; for α < 1/4, ``γ (Σ λ² + (Σ λ)²/d)``, its early value."""
    if 4 * a < 1:
        total, squares = (float(mpmath.zeta(k * a) - mpmath.zeta(k * a, 10 * d + 1)) for k in (2, 4))
        return rate(a, d) * (squares + total**2 / d)
    tau, s = 2 * rate(a, d) * r, 2 - 1 / (2 * a)
    return rate(a, d) * gamma_between(s, 0, tau) * tau**-s / (2 * a)


def f_0(a: float, b: float, r: float, d: float) -> float:
    """``Σ_{j≤v} j^{-2β}/(κd^{2α} + j^{2α})`` with ``∫_0^{v/d} κ du/(κ + u^{2α}) = 1``, ``v = 10 d``."""
    u = np.exp(np.linspace(-50, np.log(10), 4001))
    low, high = 1e-6, 1e6
    for _ in range(60):
        kappa = np.sqrt(low * high)
        low, high = (low, kappa) if np.trapezoid(u * kappa / (kappa + u ** (2 * a)), np.log(u)) > 1 else (kappa, high)
    head = np.arange(1.0, 1001.0)
    tail = np.exp(np.linspace(np.log(1000.5), np.log(10 * d), 20001))
    first, rest = (j ** (-2 * b) / (low * d ** (2 * a) + j ** (2 * a)) for j in (head, tail))
    return float(first.sum() + np.trapezoid(tail * rest, np.log(tail)))


PIECES: dict[str, Callable[[float, float, float, float], float]] = {
    "F_pp": f_pp,
    "F_ac": f_ac,
    "K_pp": k_pp,
    "F_0": f_0,
}

#: A point in each of the six sectors at which leading terms lead early.
POINTS = [("9/10", "7/5"), ("1", "-1/5"), ("2/5", "8/5"), ("9/20", "1/10"), ("1/10", "8/5"), ("1/8", "9/20")]


def sector_at(a: str, b: str) -> Law:
    point = F(a), F(b)
    (found,) = [s for s in phase_table().sectors if all(p.sign_at(point) > 0 for p in s.where)]
    return found.at(point)


def slopes(name: str, a: str, b: str) -> tuple[float, float]:
    """Minus the local slopes in ``log r`` and ``log d``, at ``d^{2α} ≫ γr ≫ 1``."""
    piece, at = PIECES[name], (float(F(a)), float(F(b)))
    d = 1e40
    r = (d ** (2 * at[0])) ** 0.4 / rate(at[0], d)
    here = piece(*at, r, d)
    return tuple(-float(np.log2(each / here)) for each in (piece(*at, 2 * r, d), piece(*at, r, 2 * d)))  # type: ignore[return-value]


@pytest.mark.parametrize(("a", "b", "name"), [(a, b, term.name) for a, b in POINTS for term in sector_at(a, b).terms])
def test_exponents_are_slopes(a: str, b: str, name: str) -> None:
    time, size = slopes(name, a, b)
    term = sector_at(a, b)[name]
    assert time == pytest.approx(float(term.time), abs=2e-3)
    assert size == pytest.approx(float(term.size), abs=2e-3)


def test_a_wrong_exponent_is_far_from_the_slope() -> None:
    time, size = slopes("F_ac", "9/10", "7/5")
    assert abs(time - (2 - 1 / 1.8)) > 0.5  # that of K_pp
    assert abs(size) > 0.5


def test_every_sector_is_tried_and_has_its_sources() -> None:
    assert len(phase_table().sectors) == len(POINTS) == len({sector_at(*each) for each in POINTS})
    for sector in phase_table().sectors:
        assert set(sector.sources) == {term.name for term in sector.law.terms}
        assert set(sector.sources.values()) <= {
            *("F_pp.asymptotic", "F_ac.asymptotic", "F_0.asymptotic", "F_0.asymptotic.slow"),
            *("K_pp.asymptotic", "P.plateau"),
        }
