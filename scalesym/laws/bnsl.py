r"""Broken neural scaling laws: a power law whose exponent changes smoothly at any number of breaks.

.. math:: y = a + b\,x^{-c_0}\prod_{i=1}^n\Big(1+(x/d_i)^{1/f_i}\Big)^{-c_if_i}, \qquad x > 0, \quad f_i > 0 .

On a log–log plot of ``y - a`` the slope is ``-c_0`` at first and changes by ``-c_i`` at ``x = d_i``, within a few ``f_i`` in ``ln x``.
Everything is computed from logarithms: as it stands the formula overflows for ``x/d ≳ 10^{15}`` at ``f = 0.05``. Level: empirical.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, entries, real
from . import bnsl_astropy, bnsl_shape
from ._quantities import Floats, finite, floats, within
from .bnsl_shape import Segment, StationaryPoint
from .fitting import Fit
from .published import constants, published

if TYPE_CHECKING:
    from ._breaks import Extrapolation

__all__ = ["BNSL", "Segment", "StationaryPoint"]


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
    def fit(cls, x: object, y: object, n: int = 1, *, bootstrap: object = 0, seed: object = 0) -> Fit:
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
        For given ``c``, ``d``, ``f`` the best ``a`` and ``b`` are nearly linear; the others start from a grid, and where there are few
        points for the constants each break is then moved over the grid once more. Few points have several optima nearly as good, and
        no search proves that it found the best. What
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

    @classmethod
    def extrapolate(cls, x: object, y: object, limit: object, n: int = 1) -> Extrapolation:
        """Fit the points with ``x ≤ limit`` and compare the law with those beyond, as the paper does.

        Parameters
        ----------
        x, y:
            Positive data.
        limit:
            Positive; at least ``3n + 3`` values of ``x`` up to it, and one beyond.
        n:
            Number of breaks.

        Raises
        ------
        ParameterError
            If the data are not of that kind, or the law that was found is not positive beyond.

        Examples
        --------
        >>> law = BNSL(a=1, b=3, c=(0.1, 0.9), d=[50], f=[0.3])
        >>> x = np.geomspace(1, 1e4, 40)
        >>> found = BNSL.extrapolate(x, law(x), limit=300)
        >>> len(found.errors), found.beyond < 1e-6
        (15, True)
        """
        from ._breaks import extrapolated

        return extrapolated(lambda near, seen: cls.fit(near, seen, n), x, y, limit)

    # -- the law -----------------------------------------------------------------------------------------------------

    @property
    def n(self) -> int:
        """The number of breaks."""
        return len(self.d)

    def __call__(self, x: object) -> Any:
        """``y(x)`` for ``x > 0``."""
        log_excess = np.asarray(self.log_excess(x))
        within(floats(x, "x"), "x", log_excess > 709.7, "y exceeds the range of double precision", "use log_excess(x)")
        return finite(float(self.a) + math.copysign(1, self.b) * np.exp(log_excess), "y")

    def log_excess(self, x: object) -> Any:
        """``ln |y - a|``, which is finite for every ``x > 0``."""
        return finite(self.log_excess_at(_logarithms(x)), "ln |y - a|")

    def slope(self, x: object) -> Any:
        """``d ln(y-a)/d ln x = -c_0 - Σ c_i σ_i``, with the logistics ``σ_i = 1/(1 + (d_i/x)^{1/f_i})``."""
        u = _logarithms(x)
        return finite(-float(self.c[0]) - sum((c * _logistic(t) for c, _, t in self._at(u)), np.zeros_like(u)), "slope")

    def curvature(self, x: object) -> Any:
        """``d slope/d ln x = -Σ (c_i/f_i) σ_i(1-σ_i)``."""
        u = _logarithms(x)
        return finite(
            -sum((c / f * _logistic(t) * _logistic(-t) for c, f, t in self._at(u)), np.zeros_like(u)), "curvature"
        )

    def rmsle(self, x: object, y: object) -> float:
        """Root mean square of ``ln ŷ − ln y``, by which the paper compares laws; both must be positive."""
        predicted, seen = np.asarray(self(x)), floats(y, "y")
        for name, values in (("y", seen), ("the law", predicted)):
            within(values, name, values <= 0, "its logarithm is compared", "use positive values")
        return float(np.sqrt(np.mean((np.log(predicted) - np.log(seen)) ** 2)))

    # -- its shape -----------------------------------------------------------------------------------------------------

    segments = bnsl_shape.segments
    limits = bnsl_shape.limits
    stationary_points = bnsl_shape.stationary_points
    turning_points = bnsl_shape.turning_points
    inverse = bnsl_shape.inverse
    merge_breaks = bnsl_shape.merge_breaks

    # -- elsewhere ---------------------------------------------------------------------------------------------------

    to_astropy = bnsl_astropy.to_astropy
    from_astropy = classmethod(bnsl_astropy.from_astropy)

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

    def _at(self, u: Floats) -> Iterable[tuple[float, float, Any]]:
        for c, d, f in zip(self.c[1:], self.d, self.f, strict=True):
            yield float(c), float(f), (u - math.log(float(d))) / float(f)

    def log_excess_at(self, u: Floats) -> Any:
        """As :meth:`log_excess`, of an array of ``ln x`` that has been checked."""
        log = math.log(abs(float(self.b))) - float(self.c[0]) * u
        return log - sum((c * f * np.logaddexp(0, t) for c, f, t in self._at(u)), np.zeros_like(u))


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
