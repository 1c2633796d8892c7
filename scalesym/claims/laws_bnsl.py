r"""Broken neural scaling laws: slopes, segments and turning points from the formula, and what the published numbers say."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_SOURCE = "Caballero et al., arXiv:2210.14891, and the authors' repository; derived here"

Law = Sequence[Any]  # the constants a, b, c, d, f


def _slope(sigma: Callable[..., Any], breaks: int) -> Verdict:
    """``x dy/dx / (y−a) + c_0 + Σ c_i σ(x, d_i, f_i)`` is zero as an expression."""
    import sympy as sp

    from ..laws.bnsl import BNSL

    seen = BNSL.slope_formula_of(breaks).rhs
    s = {symbol.name: symbol for symbol in seen.free_symbols}
    claimed = -s["c_0"] - sum(s[f"c_{i}"] * sigma(s["x"], s[f"d_{i}"], s[f"f_{i}"]) for i in range(1, breaks + 1))
    at = {symbol: sp.Rational(k + 2, 7) for k, symbol in enumerate(sorted(s.values(), key=str))}
    if abs(gap := sp.N((seen - claimed).subs(at), 30)) > 1e-20:
        return Verdict.fails(f"difference = {float(gap):.3g} at a point")
    left = sp.simplify(sp.expand_power_base(seen - claimed))
    return Verdict.decided(left == 0, f"difference = {left}"[:120], slope=str(seen))


def _turning(place: Callable[..., float], laws: Sequence[Law]) -> Verdict:
    """The only sign change of the slope, isolated in balls, against a formula."""
    from ..laws.bnsl import BNSL

    worst = 0.0
    for law in laws:
        points = BNSL(*law).turning_points()
        if len(points) != 1:
            return Verdict.fails(f"{law} has {len(points)} turning points")
        _, _, (c0, c1), (d,), (f,) = law
        worst = max(worst, abs(place(c0, c1, d, f) / points[0].x - 1))
    return Verdict.at_most("max |x*/formula − 1|", worst, 1e-12, laws=len(laws))


def _prefactors(prefactor: Callable[..., float]) -> Verdict:
    """Along well separated breaks the law is ``A_j x^{-Γ_j}``; the law is evaluated half-way between them."""
    from ..laws.bnsl import BNSL

    b, c, d, f = 3.0, (0.2, 0.5, -0.9, 1.4), (1e8, 1e18, 1e30), (0.3, 0.5, 0.2)
    law, worst = BNSL(0, b, c, d, f), 0.0
    for j, x in enumerate((1.0, 1e13, 1e24, 1e40)):
        value = prefactor(b, c[1 : j + 1], d[:j], f[:j]) * x ** -sum(c[: j + 1])
        worst = max(worst, abs(value / law(x) - 1))
    return Verdict.at_most("max |A_j x^−Γ/y − 1|", worst, 1e-8, segments=4)


def _turns(laws: Mapping[str, tuple[Law, int, tuple[str, ...]]]) -> Verdict:
    """Sign changes of ``Γ_j``, which segments have, and turning points, isolated in balls; and slopes for equal widths."""
    import numpy as np

    from ..laws.bnsl import BNSL

    parts = {}
    for name, (constants, changes, kinds) in laws.items():
        law = BNSL(*constants)
        points, exponents = law.turning_points(), [segment.exponent for segment in law.segments()]
        seen = sum(one * other < 0 for one, other in pairwise(exponents))
        parts[name] = Verdict.decided(
            tuple(point.kind for point in points) == kinds and seen == changes,
            f"{seen} sign changes; {', '.join(f'{p.kind} at {p.x:.6g}' for p in points) or 'no turning point'}",
        )
        if len(set(law.f)) == 1:
            slope = law.slope(np.geomspace(1e-3, 1e7, 999))
            beyond = max(slope.max() + min(exponents), -max(exponents) - slope.min())
            parts[f"{name}, a mean"] = Verdict.at_most("slope beyond −Γ_j", beyond, 1e-12)
    return Verdict.all_of(parts)


def _astropy(amplitude: Callable[..., float]) -> Verdict:
    """The other model, written out, at the parameters of a map."""
    from ..laws.bnsl import BNSL

    worst = 0.0
    for b, c0, c1, d, f in ((2.0, 0.3, 0.8, 10.0, 0.4), (0.5, -0.2, 1.1, 300.0, 0.1), (7.0, 1.0, -1.5, 0.2, 0.9)):
        law = BNSL(0, b, (c0, c1), (d,), (f,))
        for x in (0.01, 1.0, 50.0, 1e4):
            other = amplitude(b, c0, c1, d, f) * (x / d) ** -c0 * ((1 + (x / d) ** (1 / f)) / 2) ** (-c1 * f)
            worst = max(worst, abs(other / law(x) - 1))
    return Verdict.at_most("max |ratio − 1|", worst, 1e-12, points=12)


def _points_fitted(points: int, every: int, within: float) -> Verdict:
    """A fit to some of the first noiseless points of the demonstration finds its constants."""
    import numpy as np

    from ..laws.bnsl import BNSL

    law = BNSL.from_paper("addition-4-digits")
    x = np.arange(1, points + 1.0, every)
    found = BNSL.fit(x, law(x)).law
    return _distance(found, law, within)


def _measured(points: int, within: float) -> Verdict:
    """A fit to the first measured points against the published constants."""
    import numpy as np

    from ..laws.bnsl import BNSL
    from ..laws.published import published

    table = published("bnsl")["tables"]["addition-4-digits"]
    found = BNSL.fit(np.array(table["x"][:points]), np.array(table["y"][:points])).law
    return _distance(found, BNSL.from_paper("addition-4-digits"), within)


def _distance(found: Any, law: Any, within: float) -> Verdict:
    seen, true = ((each.a, each.b, *each.c, *each.d, *each.f) for each in (found, law))
    worst = max(abs(float(one) / float(other) - 1) for one, other in zip(seen, true, strict=True))
    return Verdict.at_most("max |constant/published − 1|", worst, within, d=float(found.d[0]), f=float(found.f[0]))


_HUMP = (0, 1, (0.2, 3, -3), (10, 11), (3, 0.01))
_TURNS = {
    "unequal widths": (_HUMP, 0, ("minimum", "maximum")),
    "equal widths": ((*_HUMP[:4], (1, 1)), 0, ()),
    "near breaks": ((0, 1, (0.3, -0.8, 1.2), (1000, 1010), (0.5, 0.5)), 2, ()),
    "far breaks": ((0, 1, (0.3, -0.8, 1.2), (1e3, 1e6), (0.1, 0.1)), 2, ("minimum", "maximum")),
}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.bnsl.slope",
        statement="d ln(y−a)/d ln x = −c_0 − Σ c_i σ_i, σ_i = 1/(1 + (d_i/x)^{1/f_i}): c_i is minus the change of slope; for three breaks",
        latex=r"\frac{d\ln(y-a)}{d\ln x} = -c_0 - \sum_i \frac{c_i}{1+(d_i/x)^{1/f_i}}",
        tier="exact",
        check=_slope,
        true={"sigma": lambda x, d, f: 1 / (1 + (d / x) ** (1 / f)), "breaks": 3},
        false={
            "x and d exchanged": {"sigma": lambda x, d, f: 1 / (1 + (x / d) ** (1 / f))},
            "f for 1/f": {"sigma": lambda x, d, f: 1 / (1 + (d / x) ** f)},
        },
        about=("bnsl.slope.*",),
        source=_SOURCE,
    ),
    Claim(
        id="laws.bnsl.turning-point",
        statement="With one break and c_0(c_0+c_1) < 0 the law turns once, at x = d(−c_0/(c_0+c_1))^f",
        latex=r"x^\star = d_1\Big(\frac{-c_0}{c_0+c_1}\Big)^{f_1}",
        tier="ball",
        check=_turning,
        true={
            "place": lambda c0, c1, d, f: d * (-c0 / (c0 + c1)) ** f,
            "laws": (
                (0, 1, (0.5, -1.5), (10,), (0.3,)),
                (0, 1, (-0.2, 0.9), (1e6,), (1.2,)),
                (1, -2, (1, -1.01), (3,), (0.05,)),
            ),
        },
        false={
            "at the break": {"place": lambda c0, c1, d, f: d},
            "1/f for f": {"place": lambda c0, c1, d, f: d * (-c0 / (c0 + c1)) ** (1 / f)},
            "slopes of one sign": {"laws": ((0, 1, (0.5, 1.5), (10,), (0.3,)),)},
        },
        about=("bnsl.turning-point",),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.bnsl.segments",
        statement="Between breaks far apart y − a = A_j x^{−Γ_j}, Γ_j = c_0 + … + c_j, A_j = b Π d_i^{c_i}, without powers of f",
        latex=r"A_j = b\prod_{i\le j} d_i^{c_i}",
        tier="numeric",
        check=_prefactors,
        true={"prefactor": lambda b, c, d, f: b * math.prod(x**y for x, y in zip(d, c, strict=True))},
        false={
            "d^{cf} for d^c": {
                "prefactor": lambda b, c, d, f: b * math.prod(x ** (y * z) for x, y, z in zip(d, c, f, strict=True))
            },
            "2^{−cf} of the break kept": {
                "prefactor": lambda b, c, d, f: (
                    b * math.prod(x**y * 2 ** (-y * z) for x, y, z in zip(d, c, f, strict=True))
                )
            },
        },
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.bnsl.not-monotone",
        statement="Sign changes of Γ_0, …, Γ_n count the turning points where breaks are far apart, but near ones may have fewer (Γ = 0.3, "
        "−0.5, 0.7: none), and unequal widths more: c = (0.2; 3, −3), d = (10, 11), f = (3, 0.01) has a minimum and a maximum, double "
        "descent without a sign change of Γ = 0.2, 3.2, 0.2. With equal widths the slope is a mean of the −Γ_j",
        tier="ball",
        check=_turns,
        true={"laws": _TURNS},
        false={
            "the slope of equal widths turns": {"laws": {"equal": ((*_HUMP[:4], (1, 1)), 0, ("minimum", "maximum"))}},
            "one turning point": {"laws": {"unequal widths": (_HUMP, 0, ("minimum",))}},
            "double descent takes two sign changes": {"laws": {"unequal widths": (_HUMP, 2, ("minimum", "maximum"))}},
            "two sign changes make two turning points": {
                "laws": {"near breaks": (_TURNS["near breaks"][0], 2, ("minimum", "maximum"))}
            },
        },
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.bnsl.astropy",
        statement="For one break and a = 0 it is Astropy's SmoothlyBrokenPowerLaw1D with amplitude b d^{−c_0} 2^{−c_1f}",
        latex=r"A = b\,d_1^{-c_0}\,2^{-c_1f_1}",
        tier="numeric",
        check=_astropy,
        true={"amplitude": lambda b, c0, c1, d, f: b * d**-c0 * 2 ** (-c1 * f)},
        false={"without 2^{−c_1f}": {"amplitude": lambda b, c0, c1, d, f: b * d**-c0}},
        about=("bnsl.amplitude",),
        source="the documentation of astropy.modeling; derived here",
        quick=True,
    ),
    Claim(
        id="laws.bnsl.extrapolation",
        statement="As reported, a fit needs 405 first points of the noiseless addition law and fails on 390. Derived: every fifth of the "
        "first 390 points determines all constants to 1e-4 in doubles; the break is at 612.6",
        tier="numeric",
        check=_points_fitted,
        true={"points": 390, "every": 5, "within": 1e-4},
        false={"the first 60 points": {"points": 60, "every": 1}},
        source=_SOURCE,
    ),
    Claim(
        id="laws.bnsl.ground-truth-is-a-fit",
        statement="The published noiseless truth of the addition law is the least squares fit of ln(y+1) to the first 14 measured "
        "points, to 1e-6 in every constant",
        tier="numeric",
        check=_measured,
        true={"points": 14, "within": 1e-6},
        false={"all 17 points": {"points": 17}},
        source=_SOURCE,
    ),
)
