r"""The saturating power law: error against compute for one shape of a network.

.. math:: E(C) = a\,(C+d)^{-b} + c .

It saturates twice: at the floor ``c`` for large ``C``, and at the ceiling ``a d^{-b} + c`` at ``C = 0``. The letters are those of
Zhai et al. (2021) and Anagnostidis et al. (2023); other copies of the law give ``a``, ``b`` and ``c`` other roles, so that the
constants here go by what they are: ``scale`` is ``a``, ``exponent`` is ``b``, ``floor`` is ``c``, ``shift`` is ``d``.

Level: empirical.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, nonnegative, real
from ._arrays import Floats, bootstrap, floats, scalar, within
from .fitting import Fit

__all__ = ["ShapeLaw"]


@dataclass(frozen=True)
class ShapeLaw:
    r"""``E(C) = scale · (C + shift)^{-exponent} + floor``, strictly decreasing.

    Parameters
    ----------
    scale, exponent:
        ``a > 0``, in units of error times compute to the power ``b``, and ``b > 0``.
    floor:
        ``c``: the error that no compute removes; any number.
    shift:
        ``d ≥ 0``, in units of compute. At 0 there is no ceiling, and ``C > 0``.

    Raises
    ------
    ParameterError
        If a constant lies outside its domain.

    Examples
    --------
    >>> law = ShapeLaw(scale=2, exponent=0.5, floor=0.1, shift=1)
    >>> law(3), law.inverse(1.1), law.ceiling
    (1.1, 3.0, 2.1)

    References
    ----------
    Zhai, Kolesnikov, Houlsby, Beyer, arXiv:2106.04560; Anagnostidis et al., arXiv:2311.03233.
    """

    scale: Exact
    exponent: Exact
    floor: Exact = 0
    shift: Exact = 0

    def __post_init__(self) -> None:
        checked = {
            "scale": real(self.scale, "scale", above=0, reason="the error falls with compute"),
            "exponent": real(self.exponent, "exponent", above=0, reason="the error falls with compute"),
            "floor": real(self.floor, "floor"),
            "shift": nonnegative(self.shift, "shift", "the law would have a pole at positive compute"),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.shift:
            within(
                np.array(self._log_ceiling),
                "shift",
                self._log_ceiling > 709,
                "the ceiling overflows",
                "use a larger one",
            )

    # -- the law -----------------------------------------------------------------------------------------------------

    def __call__(self, compute: object) -> Any:
        """The error after ``compute ≥ 0`` (``> 0`` if ``shift = 0``)."""
        C = self._compute(compute)
        return scalar(float(self.floor) + np.exp(self._log_excess(C)), "E")

    def derivative(self, compute: object) -> Any:
        """``dE/dC = -ab (C+d)^{-b-1}``."""
        C = self._compute(compute)
        return scalar(-float(self.exponent) * np.exp(self._log_excess(C) - np.log(C + float(self.shift))), "dE/dC")

    def slope(self, compute: object) -> Any:
        """``d ln(E-c)/d ln C = -bC/(C+d)``: 0 at small compute, half-way at ``C = d``, ``-b`` at large compute."""
        C = self._compute(compute)
        return scalar(-float(self.exponent) * (C / (C + float(self.shift))), "slope")

    @property
    def ceiling(self) -> float:
        """``E(0) = a d^{-b} + c``; infinite if ``d = 0``."""
        return float(self.floor) + math.exp(self._log_ceiling) if self.shift else math.inf

    def inverse(self, error: object) -> Any:
        r"""The compute that reaches an error, ``((E-c)/a)^{-1/b} - d``, for ``floor < E ≤ ceiling``."""
        log_excess = self._log_above_floor(error)
        whole = -(log_excess - math.log(self.scale)) / float(self.exponent)  # ln (C + d)
        with np.errstate(over="ignore"):
            if not self.shift:
                return scalar(np.exp(whole), "C")
            shift = float(self.shift)
            growth = np.maximum(whole - math.log(shift), 0.0)  # ln (1 + C/d); below zero only by rounding
            return scalar(np.where(growth < 1, shift * np.expm1(np.minimum(growth, 1)), np.exp(whole) - shift), "C")

    def marginal_cost(self, error: object) -> Any:
        r"""The compute for a unit of error, ``-dC/dE = ((E-c)/a)^{-1/b-1}/(ab)``; it does not depend on the shift."""
        log_excess = self._log_above_floor(error)
        b = float(self.exponent)
        with np.errstate(over="ignore"):
            log_cost = -(1 / b + 1) * (log_excess - math.log(self.scale)) - math.log(self.scale) - math.log(b)
            return scalar(np.exp(log_cost), "marginal cost")

    def compute_between(self, high: float, low: float) -> float:
        """``inverse(low) - inverse(high)`` for ``high ≥ low``, without cancellation."""
        near, far = (float(self._log_above_floor(error)) for error in (high, low))
        b = float(self.exponent)
        start = math.exp(-(near - math.log(self.scale)) / b)
        if (near - far) / b > 700:
            return float(self.inverse(low))
        return float(scalar(start * math.expm1((near - far) / b), "C"))

    # -- in symbols --------------------------------------------------------------------------------------------------

    @property
    def formula(self) -> Any:
        """``E = a (C+d)^{-b} + c``, a SymPy equation."""
        import sympy as sp

        E, C, a, b, c, d = _symbols()
        return sp.Eq(E, a * (C + d) ** -b + c)

    @property
    def latex(self) -> str:
        """:attr:`formula` in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    @property
    def inverse_formula(self) -> Any:
        """The formula solved for the compute, by SymPy."""
        import sympy as sp

        E, C, a, b, c, d = _symbols()
        power = sp.Symbol("X", positive=True)  # C + d
        (found,) = sp.solve(sp.Eq(a * power**-b, E - c), power)
        return sp.Eq(C, found - d)

    @property
    def marginal_cost_formula(self) -> Any:
        """Minus the derivative of the inverse."""
        import sympy as sp

        E = _symbols()[0]
        return sp.Eq(sp.Symbol("g"), sp.simplify(-sp.diff(self.inverse_formula.rhs, E)))

    # -- from data ---------------------------------------------------------------------------------------------------

    @classmethod
    def fit(cls, compute: object, error: object, *, bootstrap: int = 0, seed: int = 0) -> Fit:
        """The constants that minimise the mean square of ``ln Ê − ln E``, with ``0 ≤ floor`` and ``0 ≤ shift``.

        Parameters
        ----------
        compute, error:
            At least five points of both, positive.
        bootstrap, seed:
            Refits to resampled data, and the seed of the resampling.

        Raises
        ------
        ParameterError
            If the data are not of that kind, or of fewer than five values of the compute.

        Examples
        --------
        >>> law = ShapeLaw(scale=2, exponent=0.5, floor=0.1, shift=1)
        >>> C = np.geomspace(0.1, 1e4, 20)
        >>> {name: round(value, 6) for name, value in ShapeLaw.fit(C, law(C)).parameters.items()}
        {'scale': 2.0, 'exponent': 0.5, 'floor': 0.1, 'shift': 1.0}
        """
        return fit_saturating(cls, compute, error, bootstrap, seed)

    # -- helpers -----------------------------------------------------------------------------------------------------

    @property
    def _log_ceiling(self) -> float:
        return math.log(self.scale) - float(self.exponent) * math.log(self.shift)

    def _compute(self, compute: object) -> Floats:
        C = floats(compute, "C")
        if self.shift:
            within(C, "C", C < 0, "compute is not negative", "use C >= 0")
        else:
            within(C, "C", C <= 0, "without a shift the law has its pole at 0", "use C > 0")
        return C

    def _log_excess(self, C: Floats) -> Any:
        log_excess = math.log(self.scale) - float(self.exponent) * np.log(C + float(self.shift))
        within(C, "C", log_excess > 709, "the error exceeds the range of double precision", "use more compute")
        return log_excess

    def _log_above_floor(self, error: object) -> Any:
        E = floats(error, "E")
        floor, ceiling = float(self.floor), self.ceiling
        within(E, "E", ~(floor < E), "no compute reaches it", f"use E > {floor:.9g}, the floor")
        within(E, "E", ~(ceiling >= E), "the law begins below it", f"use E <= {ceiling:.9g}, the error at no compute")
        return np.log(E - floor)


def fit_saturating(make: Any, compute: object, error: object, runs: object, seed: object) -> Fit:
    """The fit behind :meth:`ShapeLaw.fit`; ``make`` takes the four constants by name."""
    C, E = floats(compute, "compute"), floats(error, "error")
    if C.ndim != 1 or C.shape != E.shape:
        raise ParameterError("error", f"shape {E.shape}", f"the compute has shape {C.shape}", "give one error for each")
    within(C, "compute", C <= 0, "the fit is in logarithms", "use C > 0")
    within(E, "error", E <= 0, "the fit is in logarithms", "use E > 0")
    if len(set(C.tolist())) < 5:
        raise ParameterError("compute", len(set(C.tolist())), "too few values for four constants", "give at least five")
    theta, solution = _least(C, E, _starts(C, E))

    def refit(rows: Any) -> dict[str, float] | None:
        if len(set(C[rows].tolist())) < 5:
            return None
        return _named(_least(C[rows], E[rows], [theta])[0], C[rows])

    samples = bootstrap(refit, len(C), runs, seed)
    found = _named(theta, C)
    mean = float(np.mean(solution.fun**2))
    return Fit(make(**found), found, mean, solution.fun, bool(solution.success), str(solution.message), samples)


def _named(theta: Floats, C: Floats) -> dict[str, float]:
    log_scale, b, c, d = (float(x) for x in theta)
    return {"scale": math.exp(log_scale), "exponent": b, "floor": c, "shift": d}


def _predicted(theta: Floats, C: Floats) -> Any:
    log_scale, b, c, d = theta
    return c + np.exp(log_scale - b * np.log(C + d))


def _starts(C: Floats, E: Floats) -> list[Floats]:
    """For each exponent and shift of a grid the best scale and floor, which enter linearly; the best few of these."""
    from scipy.optimize import nnls

    found = []
    for b in (0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5):
        for d in (0.0, 0.1 * C.min(), C.min(), float(np.median(C)), C.max()):
            power = (C + d) ** -b / (C.min() + d) ** -b
            (scale, c), miss = nnls(np.c_[power / E, 1 / E], np.ones_like(E))
            if scale > 0:
                log_scale = math.log(scale) + b * math.log(C.min() + d)
                found.append((miss, [log_scale, b, min(c, 0.999 * E.min()), d]))
    found.sort(key=lambda each: float(each[0]))
    return [np.array(theta) for _, theta in found[:4]] or [np.array([math.log(E.mean()), 0.1, 0.0, 0.0])]


def _least(C: Floats, E: Floats, starts: list[Floats]) -> tuple[Floats, Any]:
    from scipy.optimize import least_squares

    centre = math.exp(float(np.mean(np.log(C))))  # the scale is fitted as the excess at the middle of the data
    unit = float(C.min())  # and the shift in these units
    target = np.log(E)

    def outer(theta: Any) -> Floats:
        level, b, c, d = theta
        return np.array([level + b * math.log(centre + d * unit), b, c, d * unit])

    def residuals(theta: Any) -> Any:
        return np.log(_predicted(outer(theta), C)) - target

    top = float(E.min()) * (1 - 1e-9)
    low, high = [-700.0, 1e-4, 0.0, 0.0], [700.0, 50.0, top, 10 * float(C.max()) / unit]
    best: Any = None
    for log_scale, b, c, d in starts:
        start = [log_scale - b * math.log(centre + d), b, c, d / unit]
        start = np.clip(start, np.array(low) + 1e-9 * np.array([1, 1, top, 1]), np.array(high) * (1 - 1e-6))
        solution = least_squares(
            residuals, start, bounds=(low, high), x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=400
        )
        if best is None or solution.cost < best.cost:
            best = solution
        if best.cost < 1e-24 * len(C):
            break
    return outer(best.x), best


def _symbols() -> Any:
    import sympy as sp

    return (*sp.symbols("E C a b", positive=True), sp.Symbol("c", real=True), sp.Symbol("d", nonnegative=True))
