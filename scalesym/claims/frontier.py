r"""The exponents of the phases, seen on the exact frontier.

The left-hand side is the minimum over ``d``, the one near the sharp law's, of the solver's loss at a fixed budget ``f = rBd``, with its
exact derivatives in ``log f``; the right-hand side is the table of phases, which the parametric linear program derived from the
exponents of the pieces. The two share no code. Half of the critical learning rate, ``v = 10d``, ``B = 1``.

*Remark.* Budgets are where the corrections have died out: 10^50, and 10^100 in IVb, where three terms of nearly equal size make the
approach slow. For ``α < 1/4`` the paper leaves the estimate of the kernel unproved, so that what is seen there stands for itself.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_Point = tuple[str, str, int]

_PROVED: tuple[_Point, ...] = (
    *(("9/10", "2/5", 50), ("7/10", "-1/10", 50)),  # Ia
    *(("2/5", "3/10", 50),),  # Ib
    *(("1", "7/10", 50), ("7/10", "3/5", 75)),  # II
    *(("4/5", "6/5", 50), ("1", "2", 50)),  # III
    *(("2/5", "4/5", 50), ("8/25", "4/5", 50)),  # IVa
    *(("7/25", "4/5", 100), ("27/100", "6/5", 100)),  # IVb
)
_UNPROVED: tuple[_Point, ...] = (("1/5", "2/5", 50), ("1/5", "4/5", 50), ("1/10", "7/10", 75))  # Ib, Ic, Ic
_TOLERANCE = 1.5e-4


@lru_cache(maxsize=64)
def _seen(point: _Point) -> tuple[float, float]:
    """Local exponents ``η`` and ``ξ``; only the start of the search comes from the sharp law."""
    from ..equivalent.frontier import Family, nearest
    from ..sharp import sharp_frontier

    alpha, beta, decades = point
    y = decades * math.log(10)
    family = Family(Fraction(alpha), Fraction(beta), Fraction(10), "half-critical", 1)
    found = nearest(family, y, sharp_frontier(alpha, beta).refined_log(y)[0])
    return found.eta, found.xi


def _exponents(points: tuple[_Point, ...], eta: float = 0.0, xi: float = 0.0, across: str = "") -> Verdict:
    """The largest distance from the table; ``eta`` and ``xi`` move it, ``across`` is read instead of IVb."""
    from ..phases import phase
    from ..phases.table import phase_table

    worst, figures = 0.0, {}
    table = {entry.name: entry for entry in phase_table().phases}
    for point in points:
        alpha, beta, decades = point
        where = phase(alpha, beta)
        expected = float(where.eta), float(where.xi)
        if where.name == "IVb" and across:
            row = table[across]
            at = (Fraction(alpha), Fraction(beta))
            expected = float(row.eta.at(at)), float(row.xi.at(at))
        seen = _seen(point)
        distance = max(abs(seen[0] - expected[0] - eta), abs(seen[1] - expected[1] - xi))
        worst = max(worst, distance)
        figures[f"{where.name} alpha={alpha} beta={beta} f=1e{decades}"] = f"eta {seen[0]:.6f}, xi {seen[1]:.6f}"
    return Verdict.at_most("largest distance of a local exponent from the table", worst, _TOLERANCE, **figures)


_MOVED: dict[str, dict[str, object]] = {"eta larger by 1/1000": {"eta": 1e-3}, "xi smaller by 1/1000": {"xi": -1e-3}}


def _claim(
    id: str,
    statement: str,
    points: tuple[_Point, ...],
    phases: tuple[str, ...],
    where: str,
    false: dict[str, dict[str, object]],
) -> Claim:
    few: dict[str, object] = {"points": points[:2]}  # is enough to see that a number is wrong
    return Claim(
        id=id,
        statement=statement,
        latex=r"-\frac{d\log\mathscr P^*}{d\log f}\to\eta,\quad \frac{d\log d^*}{d\log f}\to\xi \quad" + where,
        tier="numeric",
        check=_exponents,
        true={"points": points},
        false={name: few | change for name, change in _MOVED.items()} | false,
        rests_on=("phases.derived",),
        about=tuple(f"{exponent}.{name}" for name in phases for exponent in ("eta", "xi")),
        source="arXiv:2405.15074, table of compute-optimal exponents; the exact frontier is derived here",
    )


CLAIMS: tuple[Claim, ...] = (
    _claim(
        "frontier.exponents",
        "the exact frontier has the table's exponents in every phase with α > 1/4, as far as budgets of 10^100 show",
        _PROVED,
        ("Ia", "Ib", "II", "III", "IVa", "IVb"),
        r"\text{for } \alpha>\tfrac14",
        {"IVb has the exponents of IVa": {"points": (("7/25", "4/5", 50),), "across": "IVa"}},
    ),
    _claim(
        "frontier.below-one-quarter",
        "and in Ib and Ic with α < 1/4, where the estimate of the kernel is unproved",
        _UNPROVED,
        ("Ib", "Ic"),
        r"\text{for } \alpha<\tfrac14",
        {},
    ),
)
