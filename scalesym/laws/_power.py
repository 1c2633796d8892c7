r"""One quantity at a time, the form of Kaplan's and Henighan's laws: ``L(x) = L_∞ + (x_0/x)^α``."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import ParameterError
from ._leastsquares import columns, fit_logarithm
from ._quantities import Values, answer, constant, positive
from .fitting import Fit

__all__ = ["PF_DAY", "Power", "flop", "pf_days"]

_LARGEST = 708.0  # the logarithm of what is written as a double with all its digits, or of its inverse

#: Floating-point operations in one PF-day: 10^15 a second for 86 400 seconds.
PF_DAY = 8.64e19


def pf_days(C: object, unit: str = "PF-days", *, infinite: bool = False) -> Any:
    """Compute in PF-days.

    Parameters
    ----------
    C:
        A positive number, or an array of them.
    unit:
        In which ``C`` is given: ``"PF-days"`` or ``"FLOP"``.
    infinite:
        Whether ``C`` may be infinite.

    Raises
    ------
    ParameterError
        If the unit is another one, or ``C`` is not positive.

    Examples
    --------
    >>> float(pf_days(8.64e19, "FLOP"))
    1.0
    """
    if unit not in ("PF-days", "FLOP"):
        raise ParameterError("unit", unit, "compute is measured in PF-days here", "use 'PF-days' or 'FLOP'")
    return positive(C, "C", infinite=infinite) / (PF_DAY if unit == "FLOP" else 1.0)


def flop(C: object, unit: str = "PF-days") -> Any:
    """Compute in FLOP, from PF-days or FLOP; infinite if it leaves the range of double precision, which every law refuses.

    Examples
    --------
    >>> float(flop(1))
    8.64e+19
    """
    with np.errstate(over="ignore"):
        return pf_days(C, unit) * PF_DAY


@dataclass(frozen=True, kw_only=True)
class Power:
    r"""A power law in one quantity, above a floor.

    .. math:: L(x) = L_\infty + (x_0/x)^{\alpha}

    Level: empirical. ``L_∞`` is read as the entropy of the data, the rest as the divergence of the model from it.

    Parameters
    ----------
    x0:
        The scale, positive, in the unit of ``x``.
    alpha:
        The exponent, positive.
    L_inf:
        The floor in nats per token, not negative; 0 for a pure power.
    names:
        Of ``x``, of ``x_0`` and of ``α`` in formulas.

    Raises
    ------
    ParameterError
        If a constant is outside its domain.

    Examples
    --------
    >>> law = Power(x0=8.8e13, alpha=0.076, names=("N", "N_c", "alpha_N"))
    >>> round(law(1e9), 6)
    2.37564
    """

    x0: float
    alpha: float
    L_inf: float = 0.0
    names: tuple[str, str, str] = ("x", "x_0", "alpha_x")

    def __post_init__(self) -> None:
        object.__setattr__(self, "x0", constant(self.x0, "x0"))
        object.__setattr__(self, "alpha", constant(self.alpha, "alpha"))
        object.__setattr__(self, "L_inf", constant(self.L_inf, "L_inf", least=0))

    def __call__(self, x: object) -> Values:
        """The loss, in nats per token; at ``x = ∞`` the floor, if there is one."""
        return answer(self.L_inf + self._reducible(positive(x, self.names[0], infinite=self.L_inf > 0)), "L")

    def reducible(self, x: object) -> Values:
        """``L(x) - L_∞ = (x_0/x)^α``, without cancellation."""
        return answer(self._reducible(positive(x, self.names[0])), "L - L_inf")

    def x_for(self, eps: object) -> Values:
        """The ``x`` at which the loss is ``eps`` nats above the floor: ``x_0 eps^{-1/α}``.

        Examples
        --------
        >>> law = Power(x0=1.6e-8, alpha=0.16, L_inf=2.64)
        >>> round(law.reducible(law.x_for(0.01)), 12)
        0.01
        """
        with np.errstate(all="ignore"):
            return answer(self.x0 * np.exp(-np.log(positive(eps, "eps")) / self.alpha), self.names[0])

    def inverse(self, L: object) -> Values:
        """The ``x`` at which the loss is ``L``.

        Raises
        ------
        ParameterError
            If the loss is not above the floor.
        """
        above = positive(L, "L") - self.L_inf
        if (above <= 0).any():
            raise ParameterError("L", L, "the loss stays above the floor", f"use L > {self.L_inf:g}")
        return self.x_for(above)

    @property
    def entropy(self) -> float:
        """``L_∞`` in nats per token; 0 means that no floor was resolved, not that the data have no entropy."""
        return self.L_inf

    def times(self, factor: object) -> Power:
        """The law of ``factor · L``, such as the loss of an image that has so many tokens.

        Examples
        --------
        >>> print(f"{Power(x0=1.6e-8, alpha=0.16, L_inf=2.64).times(768).x0:.2g}")
        1.7e+10
        """
        k = constant(factor, "factor")
        with np.errstate(all="ignore"):
            scale = float(answer(self.x0 * np.exp(np.log(k) / self.alpha), "x0"))
        return replace(self, x0=scale, L_inf=k * self.L_inf)

    @property
    def formula(self) -> Any:
        """The law as a SymPy equation."""
        import sympy as sp

        x, x0, alpha = sp.symbols(self.names, positive=True)
        floor = sp.Symbol("L_infty", positive=True) if self.L_inf else 0
        return sp.Eq(sp.Function("L")(x), floor + (x0 / x) ** alpha)

    @property
    def latex(self) -> str:
        """The law in LaTeX."""
        import sympy as sp

        floor = sp.Symbol("L_infty", positive=True)
        return str(sp.latex(self.formula, symbol_names={floor: r"L_{\infty}"}))

    @classmethod
    def fit(
        cls,
        x: object,
        L: object,
        *,
        floor: bool = False,
        names: tuple[str, str, str] = ("x", "x_0", "alpha_x"),
        bootstrap: object = 0,
        seed: object = 0,
    ) -> Fit:
        """Least squares of ``log L``.

        Parameters
        ----------
        x, L:
            The data, two lists of one length.
        floor:
            Whether ``L_∞`` is fitted too; otherwise it is 0.
        names:
            As in the class.
        bootstrap, seed:
            Resamples of the rows, and the seed.

        Raises
        ------
        ParameterError
            If the data are not positive columns of one length, or too few; or the losses do not fall, or so little that ``x_0``
            leaves double precision.

        Examples
        --------
        >>> law = Power(x0=80, alpha=0.24, L_inf=3.12)
        >>> x = 10.0 ** np.arange(3, 10)
        >>> found = Power.fit(x, law(x), floor=True)
        >>> print(f"{found.law.alpha:.4f} {found.law.L_inf:.4f}")
        0.2400 3.1200
        """
        at, loss = columns(x=x, L=L)
        shown = (
            f"{loss[np.argmin(at)]:.6g} at the least x, {loss[np.argmax(at)]:.6g} at the greatest"
            if len(at)
            else "none"
        )
        least, middle = float(np.min(loss)), float(np.mean(np.log(at)))

        def predict(theta: Any, column: Any) -> Any:
            power = theta[0] - np.exp(theta[1]) * (np.log(column) - middle)
            return np.logaddexp(power, np.log(max(theta[2], 1e-300))) if floor else power

        def make(theta: Any) -> tuple[Power, dict[str, float]]:
            alpha = float(np.exp(theta[1]))
            logarithm = middle + float(theta[0]) / alpha
            if not abs(logarithm) < _LARGEST:
                reason = f"the losses fall too little, as x^-{alpha:.2g}: {names[1]} = e^{logarithm:.0f}"
                raise ParameterError("L", shown, reason, "give losses that fall with x")
            x0 = math.exp(logarithm)
            law = cls(x0=x0, alpha=alpha, L_inf=float(theta[2]) if floor else 0.0, names=names)
            found = {"x0": law.x0, "alpha": law.alpha}
            return law, found | {"L_inf": law.L_inf} if floor else found

        starts, falls = [], False
        for share in (0.0, 0.5, 0.9, 0.99) if floor else (0.0,):
            slope, height = np.polyfit(np.log(at) - middle, np.log(loss - share * least), 1) if np.ptp(at) else (-1, 0)
            falls = falls or slope < 0
            start = [height, np.log(max(-slope, 1e-3)), share * least]
            starts.append(start if floor else start[:2])
        if np.ptp(at) and (not falls or not np.ptp(loss)):
            raise ParameterError("L", shown, "the losses must fall as x grows", "give losses that fall with x")
        low, high = [-700.0, -12.0, 0.0], [700.0, 6.0, least]
        bounds = (low, high) if floor else (low[:2], high[:2])
        return fit_logarithm(predict, make, starts, [at], loss, bounds=bounds, resamples=bootstrap, seed=seed)

    def _reducible(self, x: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.exp(self.alpha * (np.log(self.x0) - np.log(x)))
