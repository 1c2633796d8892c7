r"""Resolution-limited exponents from geometry: nearest neighbours on tori, linear interpolation on a circle, ``pq/d``.

The sampled checks are means of 300 independent draws of points in standard errors; 6 of them have a chance below ``2e-9`` for a
normal mean, and each draw is itself a mean over hundreds of distances or spacings, so that with nine comparisons a false alarm
stays below ``1e-6``. A law that is off by a fifth is rejected in one dimension, by a twentieth in two and three; in one dimension
the exact moments say more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_SOURCE = "Bahri et al., arXiv:2102.06701; derived here"
_SIGMAS = 6.0
_WIDTH = 50  # of the torus, in lengths over which a kernel falls by e: what wraps around is negligible


@lru_cache(maxsize=16)
def _distances(d: int, D: int) -> Any:
    """Distances to the nearest of ``D`` points on the torus, in 300 draws with 200 queries each."""
    import numpy as np
    from scipy.spatial import cKDTree

    generator = np.random.default_rng([d, D])
    draws = [
        cKDTree(generator.random((D, d)), boxsize=np.ones(d)).query(generator.random((200, d)))[0] for _ in range(300)
    ]
    return np.array(draws)


def _neighbours(moment: Callable[[float, int, int], float]) -> Verdict:
    """Means of distance and of its square in 1, 2 and 3 dimensions; the finite D leaves ``(p/d)(1+p/d)/(2D)``, for which 3/D is allowed."""
    import numpy as np

    parts = {}
    for d in (1, 2, 3):
        for p in (1, 2):
            D = 400
            means = (_distances(d, D) ** p).mean(axis=1)
            mean, error = float(means.mean()), float(means.std(ddof=1) / len(means) ** 0.5)
            theory = moment(D, d, p)
            allowed = _SIGMAS * error / theory + 3 / D
            figures = {"mean": mean, "theory": theory, "standard error": error}
            off = abs(mean / theory - 1)
            parts[f"d = {d}, p = {p}"] = Verdict.at_most("|mean/theory − 1|", off, allowed, **figures)
    slope = np.log(_distances(2, 400).mean() / _distances(2, 1600).mean()) / math.log(4)
    expected = math.log(moment(400, 2, 1) / moment(1600, 2, 1)) / math.log(4)
    parts["slope, d = 2"] = Verdict.at_most("|slope − theory|", abs(float(slope) - expected), 0.02, slope=slope)
    return Verdict.all_of(parts)


def _circle(distance: Callable[[Any, Any], Any], spacing: Callable[[Any], Any]) -> Verdict:
    """On the circle exactly: the mean distance to the nearest, and the fifth moment of spacings, as integrals by SymPy."""
    import sympy as sp

    from ..laws.neighbours import interpolation_loss, neighbour_distance

    r, s = sp.symbols("r s", positive=True)
    parts, off = {}, 0.0
    for D in (2, 3, 7, 12):
        for p in (1, 2, 4):
            exact = sp.integrate(sp.expand(p * r ** (p - 1) * (1 - 2 * r) ** D), (r, 0, sp.Rational(1, 2)))
            parts[f"distance, D = {D}, p = {p}"] = _equal(exact, distance(sp.Integer(D), sp.Integer(p)))
            off = max(off, abs(neighbour_distance(D, 1, p, "uniform") / float(exact) - 1))
        parabola = sp.integrate((r * (s - r) / 2) ** 2, (r, 0, s))  # unit second derivative
        exact = sp.integrate(sp.expand(D * parabola * (D - 1) * (1 - s) ** (D - 2)), (s, 0, 1))
        parts[f"interpolation, D = {D}"] = _equal(exact, spacing(sp.Integer(D)))
        off = max(off, abs(float(interpolation_loss(D)) / float(exact) - 1))
    parts["as computed"] = Verdict.at_most("|ratio − 1|", off, 1e-13)
    return Verdict.all_of(parts)


def _equal(exact: Any, claimed: Any) -> Verdict:
    import sympy as sp

    left = sp.simplify(exact - claimed)
    return Verdict.decided(left == 0, f"{exact} − claimed = {left}", value=str(exact))


def _interpolation(exponent: float, constant: Callable[[Any], float]) -> Verdict:
    """A wave interpolated between random points, drawn; the law's exact mean; and its leading term, with its exponent."""
    import numpy as np

    from ..laws.neighbours import wave_interpolation_loss

    generator, parts = np.random.default_rng(7), {}
    x, w = np.polynomial.legendre.leggauss(8)
    for D in (50, 200):
        seen = []
        for _ in range(300):
            points = np.sort(generator.random(D))
            low, gap = points, np.diff(points, append=points[0] + 1)
            u = (1 + x) / 2
            ends = np.cos(2 * np.pi * low), np.cos(2 * np.pi * (low + gap))
            between = np.outer(ends[0], 1 - u) + np.outer(ends[1], u)
            wrong = np.cos(2 * np.pi * (low[:, None] + gap[:, None] * u)) - between
            seen.append(float(np.sum(wrong**2 @ (w / 2) * gap)))
        mean, error = float(np.mean(seen)), float(np.std(seen, ddof=1)) / 300**0.5
        off = abs(mean - wave_interpolation_loss(D)) / error
        parts[f"drawn, D = {D}"] = Verdict.at_most("|z|", off, _SIGMAS, mean=mean, relative_error=error / mean)
    square = (2 * math.pi) ** 4 / 2  # the mean of f''²
    ratios = [wave_interpolation_loss(D) * D**exponent / constant(square) for D in (10**4, 10**6)]
    figures = {"ratio at 1e4": ratios[0], "ratio at 1e6": ratios[1]}
    parts["leading"] = Verdict.at_most("|ratio − 1| at 1e6", abs(ratios[1] - 1), 2e-5, **figures)
    return Verdict.all_of(parts)


def _orders(exponent: Callable[[Any, int, int], Any], theorems: int) -> Verdict:
    """``p·q/d`` exactly, of which one pair is a theorem; and dimension by dimension the slope of the moment that it stands for."""
    from ..laws.geometry import exponent_geometry
    from ..laws.neighbours import neighbour_distance

    off, slopes, proved = 0, 0.0, set()
    for d in (1, 2, 3, 8, 50):
        for p in (1, 2, 3):
            for q in (1, 2):
                found = exponent_geometry(d, p, q)
                off += found.exponent != exponent(Fraction(d), p, q)
                slope = math.log10(neighbour_distance(1e6, d, p * q) / neighbour_distance(1e7, d, p * q))
                slopes = max(slopes, abs(slope - float(exponent(Fraction(d), p, q))))
                proved |= {(p, q)} if found.status == "theorem" else set()
    return Verdict.all_of(
        {
            "exact": Verdict.at_most("different ones", off, 0),
            "moments": Verdict.at_most("|slope − exponent|", slopes, 1e-9),
            "theorems": Verdict.decided(len(proved) == theorems, f"{sorted(proved)} proved"),
        }
    )


def _spectrum(t: int, power: Callable[[int, int], float]) -> Verdict:
    """Eigenvalues of a stationary kernel on the torus, sorted, in 1 and 2 dimensions: their slope between two far indices.

    The kernels are ``e^{-r}``, with one derivative in Hölder's sense, and ``(1+r+r²/3)e^{-r}``, with five; the Fourier transform of
    the kernel on a fine grid is its spectrum. Slopes are seen to be off by at most 0.04.
    """
    import numpy as np

    from ..laws.geometry import kernel_exponent

    parts = {}
    for d, points, low, high in ((1, 2**16, 400, 1600), (2, 1024, 12_000, 48_000)):
        x = np.arange(points) / points
        line = _WIDTH * np.minimum(x, 1 - x)
        r = line if d == 1 else np.hypot(line[:, None], line)
        kernel = np.exp(-r) * (1 if t == 1 else 1 + r + r**2 / 3)
        values = np.sort(np.fft.fftn(kernel).real.ravel())[::-1]
        slope = float(np.log(values[low - 1] / values[high - 1]) / np.log(high / low))
        figures = {"slope": slope, "bound": 1 + float(kernel_exponent(t, d).exponent)}
        parts[f"d = {d}"] = Verdict.at_most("|slope − power|", abs(slope - power(t, d)), 0.06, **figures)
    return Verdict.all_of(parts)


def _gamma_distance(D: float, d: int, p: int) -> float:
    ball = math.pi ** (d / 2) / math.gamma(1 + d / 2)
    return float(math.gamma(1 + p / d) / (ball * D) ** (p / d))


def _falling(D: Any, p: Any) -> Any:
    """``D!/(D+p)!``."""
    import sympy as sp

    return sp.factorial(D) / sp.factorial(D + p)


def _factorial(p: Any) -> Any:
    import sympy as sp

    return sp.factorial(p)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.regimes.nearest-neighbour",
        statement="Of D random points on a torus of dimension d the nearest lies at E r^p = Γ(1+p/d)/(V_d D)^(p/d), to a relative 3/D",
        latex=r"\mathbb E\,r^p = \frac{\Gamma(1+p/d)}{(V_dD)^{p/d}}",
        tier="sampled",
        check=_neighbours,
        true={"moment": _gamma_distance},
        false={
            "Γ(1+p/d) dropped": {"moment": lambda D, d, p: _gamma_distance(D, d, p) / math.gamma(1 + p / d)},
            "the cube's volume": {"moment": lambda D, d, p: math.gamma(1 + p / d) / (2**d * D) ** (p / d)},
            "the ambient dimension": {"moment": lambda D, d, p: _gamma_distance(D, d + 1, p)},
        },
        about=("regimes.geometry.nearest",),
        source=_SOURCE,
    ),
    Claim(
        id="laws.regimes.circle",
        statement="On a circle the mean of (distance to the nearest of D points)^p is 2^(−p) p! D!/(D+p)!, and linear interpolation with "
        "|f''| = 1 has the mean square error D!/(D+4)!: exponents p and 4",
        latex=r"\mathbb E\,r^p = \frac{p!\,D!}{2^p(D+p)!}, \qquad \tfrac1{120}\mathbb E\sum s^5 = \frac{D!}{(D+4)!}",
        tier="exact",
        check=_circle,
        true={
            "distance": lambda D, p: _factorial(p) * _falling(D, p) / 2**p,
            "spacing": lambda D: _falling(D, 4),
        },
        false={
            "one-sided distance": {"distance": lambda D, p: _factorial(p) * _falling(D, p)},
            "its leading term": {"distance": lambda D, p: _factorial(p) / (2 * D) ** p},
            "evenly spaced points": {"spacing": lambda D: 1 / (120 * D**4)},
            "D−1 for D": {"spacing": lambda D: _falling(D - 1, 4)},
        },
        source="derived here",
    ),
    Claim(
        id="laws.regimes.linear-interpolation",
        statement="Linear interpolation of a wave between D random points on a circle has the mean square error ⟨f''²⟩ D^(−4), the "
        "exponent 4/d with its constant",
        latex=r"\mathbb E\int(\hat f-f)^2 \sim D^{-4}\int f''^2",
        tier="sampled",
        check=_interpolation,
        true={"exponent": 4, "constant": lambda square: square},
        false={
            "D^(−2)": {"exponent": 2},
            "evenly spaced points": {"constant": lambda square: square / 120},
            "⟨f''²⟩/5": {"constant": lambda square: square / 5},
        },
        source="derived here",
        rests_on=("laws.regimes.circle",),
    ),
    *(
        Claim(
            id=f"laws.regimes.kernel-spectrum-{word}",
            statement=f"A kernel with t = {t} on a torus of dimension d has a spectrum that falls like n^(-(1+t/d)): the bound α_K ≥ t/d "
            "is met",
            latex=r"\lambda_n \sim n^{-(1+t/d)}",
            tier="numeric",
            check=_spectrum,
            true={"t": t, "power": lambda t, d: 1 + t / d},
            false={
                "no dependence on d": {"power": lambda t, d: 1 + t},
                "t/d": {"power": lambda t, d: t / d},
                "1 + 2t/d": {"power": lambda t, d: 1 + 2 * t / d},
                "the other kernel": {"t": 6 - t, "power": lambda s, d, t=t: 1 + t / d},
            },
            source=_SOURCE,
        )
        for word, t in (("rough", 1), ("smooth", 5))
    ),
    Claim(
        id="laws.regimes.orders",
        statement="An error of order p in the distance and a loss of power q in the error give the exponent pq/d: 1/d, a theorem, and "
        "2/d and 4/d, which are not",
        latex=r"\alpha = \frac{pq}d",
        tier="numeric",
        check=_orders,
        true={"exponent": lambda d, p, q: p * q / d, "theorems": 1},
        false={
            "(p+q)/d": {"exponent": lambda d, p, q: (p + q) / d},
            "p/d": {"exponent": lambda d, p, q: p / d},
            "all of them theorems": {"theorems": 6},
        },
        about=("regimes.geometry.exponent",),
        source=_SOURCE,
        quick=True,
    ),
)
