r"""Broken neural scaling laws: a power law whose exponent changes smoothly at any number of breaks.

.. math:: y = a + b\,x^{-c_0}\prod_{i=1}^n\Big(1+(x/d_i)^{1/f_i}\Big)^{-c_if_i}, \qquad x > 0, \quad f_i > 0 .

On a log–log plot of ``y - a`` the slope is ``-c_0`` at first and changes by ``-c_i`` at ``x = d_i``, within a few ``f_i`` in ``ln x``.
Everything is computed from logarithms: as it stands the formula overflows for ``x/d ≳ 10^{15}`` at ``f = 0.05``. Level: empirical.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, entries, real
from ._arrays import Floats, floats, scalar, within
from .fitting import Fit
from .published import constants, published

__all__ = ["BNSL", "Segment", "TurningPoint"]


@dataclass(frozen=True)
class Segment:
    """A stretch between two breaks and its pure power law ``y - a = prefactor · x^{-exponent}``.

    Parameters
    ----------
    start, end:
        Neighbouring breaks; 0 and infinity at the ends. The power laws of two neighbours cross exactly there.
    exponent:
        ``Γ_j = c_0 + … + c_j``.
    prefactor, log_prefactor:
        ``A_j = b d_1^{c_1} … d_j^{c_j}``, infinite or zero if it leaves double precision, and ``ln |A_j|``.
    """

    start: float
    end: float
    exponent: float
    prefactor: float
    log_prefactor: float


@dataclass(frozen=True)
class TurningPoint:
    """A minimum or maximum: the slope changes its sign once in ``log_x ± radius``, for certain; ``x`` and ``y`` are rounded."""

    x: float
    y: float
    kind: str
    log_x: float
    radius: float


@dataclass(frozen=True)
class BNSL:
    r"""A broken law.

    Parameters
    ----------
    a:
        The limit of ``y`` where the power laws vanish.
    b:
        Not zero: the height of the first power law. Negative for measures that grow towards ``a``.
    c:
        ``(c_0, c_1, …, c_n)``: minus the first slope, and minus the *change* of slope at each break.
    d, f:
        Where the ``n`` breaks are and how wide, all positive. The order is no part of the law; it is stored with ``d`` ascending.

    Raises
    ------
    ParameterError
        If a constant lies outside its domain, or ``c`` does not have one entry more than ``d`` and ``f``.

    Examples
    --------
    >>> law = BNSL.from_paper("addition-4-digits")
    >>> print(f"{law(160):.12f} {law.slope(1e9):.6f}")
    2.135823986479 -5.717981
    >>> BNSL(a=0, b=1, c=("1/2", -1), d=[10], f=[1]).turning_points()[0].kind
    'minimum'

    References
    ----------
    Caballero, Gupta, Rish, Krueger, arXiv:2210.14891.
    """

    a: Exact
    b: Exact
    c: tuple[Exact, ...]
    d: tuple[Exact, ...] = ()
    f: tuple[Exact, ...] = ()

    def __post_init__(self) -> None:
        a, b = real(self.a, "a"), real(self.b, "b")
        if b == 0:
            raise ParameterError("b", self.b, "the law would be constant", "use b != 0")
        c, d, f = _sequence(self.c, "c"), _sequence(self.d, "d"), _sequence(self.f, "f")
        if not len(c) == len(d) + 1 == len(f) + 1:
            counts = f"{len(c)}, {len(d)}, {len(f)}"
            raise ParameterError("len of c, d, f", counts, "n breaks have n+1, n and n constants", "give c_0 as well")
        for name, values, reason in (("d", d, "a break is at a positive x"), ("f", f, "a width is positive")):
            for i, value in enumerate(values):
                real(value, f"{name}[{i}]", above=0, reason=reason)
        breaks = sorted(zip(c[1:], d, f, strict=True), key=lambda each: (each[1], each[2], each[0]))
        parts = {
            "a": a,
            "b": b,
            "c": (c[0], *(each[0] for each in breaks)),
            "d": tuple(each[1] for each in breaks),
            "f": tuple(each[2] for each in breaks),
        }
        for name, part in parts.items():
            object.__setattr__(self, name, part)

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names that :meth:`from_paper` takes."""
        return tuple(published("bnsl")["sets"])

    @classmethod
    def from_paper(cls, name: str) -> BNSL:
        """Constants from the authors' repository: ``"demo"`` (three breaks) or ``"addition-4-digits"``."""
        return cls(**constants("bnsl", name)["constants"])

    @classmethod
    def fit(cls, x: object, y: object, n: int = 1, *, bootstrap: int = 0, seed: int = 0) -> Fit:
        """The law with ``n`` breaks that minimises the mean square of ``ln(ŷ+1) − ln(y+1)``, as in the authors' repository.

        Parameters
        ----------
        x, y:
            Data with ``x > 0``, ``y > -1``; at least ``3n + 3`` values of ``x``.
        n:
            Number of breaks, 0 to 8.
        bootstrap, seed:
            Refits to resampled data, and the seed of the resampling.

        Notes
        -----
        For given ``c``, ``d``, ``f`` the best ``a`` and ``b`` are nearly linear; the others start from a grid, one break at a time. What
        the data do not show cannot be found: a sharp break beyond them, ``d_i`` and ``f_i`` where ``c_i ≈ 0``, ``a`` where the last slope
        is nearly flat.

        Raises
        ------
        ParameterError
            If the data are not of that kind.

        Examples
        --------
        >>> law = BNSL(a=1, b=3, c=(0.1, 0.9), d=[50], f=[0.3])
        >>> x = np.geomspace(1, 1e4, 40)
        >>> {name: round(value, 5) for name, value in BNSL.fit(x, law(x)).parameters.items()}
        {'a': 1.0, 'b': 3.0, 'c0': 0.1, 'c1': 0.9, 'd1': 50.0, 'f1': 0.3}
        """
        from ._breaks import fit_breaks

        return fit_breaks(cls, x, y, n, bootstrap, seed)

    # -- the law -----------------------------------------------------------------------------------------------------

    @property
    def n(self) -> int:
        """The number of breaks."""
        return len(self.d)

    def __call__(self, x: object) -> Any:
        """``y(x)`` for ``x > 0``."""
        log_excess = np.asarray(self.log_excess(x))
        within(floats(x, "x"), "x", log_excess > 709.7, "y exceeds the range of double precision", "use log_excess(x)")
        return scalar(float(self.a) + math.copysign(1, self.b) * np.exp(log_excess), "y")

    def log_excess(self, x: object) -> Any:
        """``ln |y - a|``, which is finite for every ``x > 0``."""
        return scalar(self._log_excess(_logarithms(x)), "ln |y - a|")

    def slope(self, x: object) -> Any:
        """``d ln(y-a)/d ln x = -c_0 - Σ c_i σ_i``, with the logistics ``σ_i = 1/(1 + (d_i/x)^{1/f_i})``."""
        u = _logarithms(x)
        return scalar(-float(self.c[0]) - sum((c * _logistic(t) for c, _, t in self._at(u)), np.zeros_like(u)), "slope")

    def curvature(self, x: object) -> Any:
        """``d slope/d ln x = -Σ (c_i/f_i) σ_i(1-σ_i)``."""
        u = _logarithms(x)
        return scalar(
            -sum((c / f * _logistic(t) * _logistic(-t) for c, f, t in self._at(u)), np.zeros_like(u)), "curvature"
        )

    def rmsle(self, x: object, y: object) -> float:
        """Root mean square of ``ln ŷ − ln y``, by which the paper compares laws; both must be positive."""
        predicted, seen = np.asarray(self(x)), floats(y, "y")
        for name, values in (("y", seen), ("the law", predicted)):
            within(values, name, values <= 0, "its logarithm is compared", "use positive values")
        return float(np.sqrt(np.mean((np.log(predicted) - np.log(seen)) ** 2)))

    def segments(self) -> tuple[Segment, ...]:
        """The ``n + 1`` pure power laws that the law follows between its breaks, if these are well separated.

        Examples
        --------
        >>> [segment.exponent for segment in BNSL(a=0, b=2, c=(0.5, 1), d=[9], f=[0.1]).segments()]
        [0.5, 1.5]
        """
        ends = [0.0, *map(float, self.d), math.inf]
        changes = [float(c) * math.log(float(d)) for c, d in zip(self.c[1:], self.d, strict=True)]
        logs = list(accumulate(changes, initial=math.log(abs(float(self.b)))))
        sign = math.copysign(1, self.b)
        return tuple(
            Segment(
                ends[j],
                ends[j + 1],
                float(exponent),
                sign * (math.exp(logs[j]) if logs[j] < 709.7 else math.inf),
                logs[j],
            )
            for j, exponent in enumerate(self._exponents())
        )

    def limits(self) -> tuple[float, float]:
        """``y`` as ``x → 0`` and as ``x → ∞``; infinite where it grows without bound."""
        first, last = self._exponents()[0], self._exponents()[-1]
        infinite = math.copysign(math.inf, self.b)
        a, b, end = float(self.a), float(self.b), self.segments()[-1].prefactor
        start = infinite if first > 0 else a if first < 0 else a + b
        return start, a if last > 0 else infinite if last < 0 else a + end

    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Every minimum and maximum, each certain and none missing.

        Raises
        ------
        ConvergenceError
            If the slope touches zero so closely that 60 digits do not decide.
        """
        from ._isolation import sign_changes

        law = self.merge_breaks()
        breaks = [(Fraction(c), Fraction(d), Fraction(f)) for c, d, f in zip(law.c[1:], law.d, law.f, strict=True)]
        out = []
        for u, radius, before in sign_changes(Fraction(law.c[0]), breaks):
            log_excess = float(self._log_excess(np.array(u)))
            y = float(self.a) + math.copysign(math.exp(log_excess) if log_excess < 709.7 else math.inf, self.b)
            kind = "maximum" if before * self.b > 0 else "minimum"
            out.append(TurningPoint(math.exp(u) if u < 709.7 else math.inf, y, kind, u, radius))
        return tuple(out)

    def inverse(self, y: object) -> Any:
        """The ``x`` at which the law has a value, if it is monotone.

        Raises
        ------
        ParameterError
            If the law has turning points, is constant, or does not take the value.
        """
        from scipy.optimize import brentq

        turning = self.turning_points()
        if turning:
            where = ", ".join(f"{point.x:.6g}" for point in turning)
            raise ParameterError("y", y, f"the law turns at x = {where}, so that x is not unique", "solve on one side")
        ends = sorted(self.limits())
        values = floats(y, "y")
        wrong = ~((values > ends[0]) & (values < ends[1]))
        within(values, "y", wrong, "the law does not take it", f"use {ends[0]:.9g} < y < {ends[1]:.9g}")
        target = np.log(abs(values - float(self.a)))

        def solve(level: float) -> float:
            def miss(u: float) -> float:
                return float(self._log_excess(np.array(u))) - level

            edge = 1.0
            while miss(-edge) * miss(edge) > 0:
                edge *= 2
                if edge > 1e9:
                    raise ParameterError(
                        "y", y, "the law comes so close only where x leaves double precision", "use another"
                    )
            return float(brentq(miss, -edge, edge, xtol=1e-14, rtol=1e-15))

        logs = np.array([solve(level) for level in target.ravel()]).reshape(target.shape)
        within(values, "y", abs(logs) > 700, "it is taken where x leaves double precision", "use another")
        return scalar(np.exp(logs), "x")

    def merge_breaks(self) -> BNSL:
        """The same function with the fewest breaks: those of the same place and width in one, those of no change left out.

        Examples
        --------
        >>> BNSL(a=0, b=1, c=(1, 2, 3, 0), d=[5, 5, 7], f=[1, 1, 1]).merge_breaks().c
        (Fraction(1, 1), Fraction(5, 1))
        """
        sums: dict[tuple[Fraction, Fraction], Exact] = {}
        kept: dict[tuple[Fraction, Fraction], tuple[Exact, Exact]] = {}
        for c, d, f in zip(self.c[1:], self.d, self.f, strict=True):
            key = Fraction(d), Fraction(f)
            sums[key] = c if key not in sums else _plus(sums[key], c)
            kept.setdefault(key, (d, f))
        keys = [key for key, change in sums.items() if change]
        return BNSL(
            self.a,
            self.b,
            (self.c[0], *(sums[k] for k in keys)),
            tuple(kept[k][0] for k in keys),
            tuple(kept[k][1] for k in keys),
        )

    # -- elsewhere ---------------------------------------------------------------------------------------------------

    def to_astropy(self) -> dict[str, float]:
        """The parameters of Astropy's ``SmoothlyBrokenPowerLaw1D``, for one break and ``a = 0``.

        Raises
        ------
        ParameterError
            If the law has another number of breaks, or ``a ≠ 0``, which that model lacks.
        """
        if self.n != 1:
            raise ParameterError("n", self.n, "that model has one break", "give a law with n = 1")
        if self.a:
            raise ParameterError("a", self.a, "that model has no limit", "use a = 0")
        c0, c1, d, f = float(self.c[0]), float(self.c[1]), float(self.d[0]), float(self.f[0])
        log_amplitude = math.log(abs(float(self.b))) - c0 * math.log(float(d)) - c1 * f * math.log(2)
        amplitude = float(scalar(math.copysign(math.exp(min(log_amplitude, 710.0)), self.b), "amplitude"))
        return {"amplitude": amplitude, "x_break": d, "alpha_1": c0, "alpha_2": c0 + c1, "delta": f}

    @classmethod
    def from_astropy(cls, amplitude: object, x_break: object, alpha_1: object, alpha_2: object, delta: object) -> BNSL:
        """The law with the parameters of Astropy's ``SmoothlyBrokenPowerLaw1D``.

        Examples
        --------
        >>> law = BNSL.from_astropy(amplitude=2, x_break=10, alpha_1=0.5, alpha_2=1.5, delta=0.1)
        >>> print(f"{law(10):.12f}")
        2.000000000000
        """
        size, first, last = (
            float(real(v, n)) for v, n in ((amplitude, "amplitude"), (alpha_1, "alpha_1"), (alpha_2, "alpha_2"))
        )
        d, f = (float(real(v, n, above=0)) for v, n in ((x_break, "x_break"), (delta, "delta")))
        log_factor = first * math.log(float(d)) + (last - first) * f * math.log(2)
        b = scalar(size * math.exp(min(log_factor, 710.0)), "b")
        return cls(0, b, (first, last - first), (d,), (f,))

    # -- in symbols --------------------------------------------------------------------------------------------------

    @staticmethod
    def formula_of(n: int) -> Any:
        """The law with ``n`` breaks, a SymPy equation in ``y``, ``x``, ``a``, ``b``, ``c_i``, ``d_i``, ``f_i``.

        Examples
        --------
        >>> BNSL.formula_of(0)
        Eq(y, a + b/x**c_0)
        """
        from ._broken_symbols import formula

        return formula(n)

    @property
    def formula(self) -> Any:
        """:meth:`formula_of` the number of breaks that this law has."""
        return self.formula_of(self.n)

    @property
    def latex(self) -> str:
        """:attr:`formula` in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    @staticmethod
    def slope_formula_of(n: int) -> Any:
        """``d ln(y-a)/d ln x`` by differentiating :meth:`formula_of`."""
        from ._broken_symbols import slope_formula

        return slope_formula(n)

    @staticmethod
    def turning_point_formula() -> Any:
        """Where a law with one break turns, solved by SymPy from ``slope = 0``; it does if ``c_0(c_0+c_1) < 0``."""
        from ._broken_symbols import turning_point_formula

        return turning_point_formula()

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _exponents(self) -> list[Fraction]:
        """``Γ_0, …, Γ_n``, exact: whether one is zero decides limits."""
        return list(accumulate(Fraction(c) for c in self.c))

    def _at(self, u: Floats) -> Iterable[tuple[float, float, Any]]:
        for c, d, f in zip(self.c[1:], self.d, self.f, strict=True):
            yield float(c), float(f), (u - math.log(float(d))) / float(f)

    def _log_excess(self, u: Floats) -> Any:
        log = math.log(abs(float(self.b))) - float(self.c[0]) * u
        return log - sum((c * f * np.logaddexp(0, t) for c, f, t in self._at(u)), np.zeros_like(u))


def _plus(one: Exact, other: Exact) -> Exact:
    """The exact sum, so that changes that cancel are seen to."""
    total = Fraction(one) + Fraction(other)
    return (
        float(total)
        if isinstance(one, float) and isinstance(other, float) and Fraction(float(total)) == total
        else total
    )


def _logarithms(x: object) -> Floats:
    values = floats(x, "x")
    within(values, "x", values <= 0, "the law has powers of it", "use x > 0")
    return np.asarray(np.log(values))


def _logistic(t: Any) -> Any:
    return np.exp(-np.logaddexp(0, -t))


def _sequence(values: object, name: str) -> tuple[Exact, ...]:
    if isinstance(values, str | Mapping):
        raise ParameterError(name, values, "it is one number for each break", "give a tuple of numbers")
    items, _ = entries(values, name)
    return tuple(real(item, f"{name}[{i}]") for i, item in enumerate(items))
