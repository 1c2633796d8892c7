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
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, nonnegative, real
from ._quantities import Floats, answer, finite, floats, within
from .fitting import Fit

if TYPE_CHECKING:
    from ._power import Power
    from .chinchilla import Chinchilla

__all__ = ["ShapeLaw"]

_LARGE = 700.0  # a logarithm whose exponential is far from both ends of double precision


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
        return finite(float(self.floor) + np.exp(self._log_excess(C)), "E")

    def derivative(self, compute: object) -> Any:
        """``dE/dC = -ab (C+d)^{-b-1}``."""
        C = self._compute(compute)
        return finite(-float(self.exponent) * np.exp(self._log_excess(C) - np.log(C + float(self.shift))), "dE/dC")

    def slope(self, compute: object) -> Any:
        """``d ln(E-c)/d ln C = -bC/(C+d)``: 0 at small compute, half-way at ``C = d``, ``-b`` at large compute."""
        C = self._compute(compute)
        return finite(-float(self.exponent) * (C / (C + float(self.shift))), "slope")

    @property
    def ceiling(self) -> float:
        """``E(0) = a d^{-b} + c``; infinite if ``d = 0``."""
        return float(self.floor) + math.exp(self._log_ceiling) if self.shift else math.inf

    def inverse(self, error: object) -> Any:
        r"""The compute that reaches an error, ``((E-c)/a)^{-1/b} - d``, for ``floor < E ≤ ceiling``."""
        log_excess = self._log_above_floor(error)
        with np.errstate(over="ignore"):
            whole = -(log_excess - math.log(self.scale)) / float(self.exponent)  # ln (C + d)
            if not self.shift:
                return finite(np.exp(whole), "C")
            shift = float(self.shift)
            growth = np.maximum(whole - math.log(shift), 0.0)  # ln (1 + C/d); below zero only by rounding
            return finite(np.where(growth < 1, shift * np.expm1(np.minimum(growth, 1)), np.exp(whole) - shift), "C")

    def marginal_cost(self, error: object) -> Any:
        r"""The compute for a unit of error, ``-dC/dE = ((E-c)/a)^{-1/b-1}/(ab)``; it does not depend on the shift."""
        log_excess = self._log_above_floor(error)
        b = float(self.exponent)
        with np.errstate(over="ignore"):
            log_cost = -(1 / b + 1) * (log_excess - math.log(self.scale)) - math.log(self.scale) - math.log(b)
            return finite(np.exp(log_cost), "marginal cost")

    def compute_between(self, high: float, low: float) -> float:
        """``inverse(low) - inverse(high)`` for ``high ≥ low``, without cancellation.

        Raises
        ------
        ParameterError
            If the law does not have one of the errors, or the compute leaves the range of double precision.
        """
        near, far = (float(self._log_above_floor(error)) for error in (high, low))
        b = float(self.exponent)
        start, growth = -(near - math.log(self.scale)) / b, (near - far) / b  # ln (C + d) at the start, and its growth
        if max(abs(start), growth) < _LARGE:
            return float(finite(math.exp(start) * math.expm1(growth), "C"))
        if growth == 0:
            return 0.0
        with np.errstate(over="ignore"):
            return float(finite(np.exp(start + growth + math.log(-math.expm1(-growth))), "C"))

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
    def fit(cls, compute: object, error: object, *, bootstrap: object = 0, seed: object = 0) -> Fit:
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
            If the data are not of that kind, or of fewer than five values of the compute; or a constant of the best law
            leaves double precision, as where the error falls faster than every power.

        Examples
        --------
        >>> law = ShapeLaw(scale=2, exponent=0.5, floor=0.1, shift=1)
        >>> C = np.geomspace(0.1, 1e4, 20)
        >>> {name: round(value, 6) for name, value in ShapeLaw.fit(C, law(C)).parameters.items()}
        {'scale': 2.0, 'exponent': 0.5, 'floor': 0.1, 'shift': 1.0}
        """
        from ._saturating import fit_saturating

        return fit_saturating(cls, compute, error, bootstrap, seed)

    @classmethod
    def of_frontier(cls, law: Chinchilla | Power) -> ShapeLaw:
        r"""What compute buys along the compute-optimal frontier of another law, which is of this form without a shift.

        .. math:: L = E + K\Big(\frac C{C_0}\Big)^{-\gamma}, \qquad L = L_\infty + \Big(\frac{C_0}C\Big)^{\alpha}

        So laws of size and data become shapes of :class:`scalesym.laws.adaptive.Adaptive`.

        Parameters
        ----------
        law:
            A :class:`Chinchilla`, with compute in FLOPs; or a law of compute of Kaplan or Henighan, in PF-days
            (``kaplan.compute``, ``kaplan.frontier.law``, ``henighan.compute``).

        Raises
        ------
        ParameterError
            If the law is of another kind, or the scale leaves the range of double precision.

        Examples
        --------
        >>> from scalesym.laws import Chinchilla
        >>> law = Chinchilla.from_paper("besiroglu2024")
        >>> print(f"{ShapeLaw.of_frontier(law)(5.76e23):.6f} {law.optimum(5.76e23).loss:.6f}")
        1.974441 1.974441
        """
        from ._power import Power
        from .chinchilla import Chinchilla

        if isinstance(law, Chinchilla):
            gamma = law.exponents().gamma
            return cls(answer(law.K * float(law.C_0) ** float(gamma), "scale"), gamma, law.E)
        if isinstance(law, Power):
            return cls(answer(np.exp(law.alpha * np.log(law.x0)), "scale"), law.alpha, law.L_inf)
        raise ParameterError("law", law, "it has no frontier of this form", "give a Chinchilla or a law of compute")

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


def _symbols() -> Any:
    import sympy as sp

    return (*sp.symbols("E C a b", positive=True), sp.Symbol("c", real=True), sp.Symbol("d", nonnegative=True))
