r"""Kaplan's joint law of size and data, ``L(N, D)``: a law of early stopping, with what follows if it is spent like one of compute."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..errors import ParameterError
from ._leastsquares import columns, fit_logarithm
from ._quantities import Values, answer, constant, positive, together
from ._tradeoff import tradeoff
from .fitting import Fit

__all__ = ["JointLaw"]


@dataclass(frozen=True, kw_only=True)
class JointLaw:
    r"""The loss of a model of ``N`` parameters on ``D`` tokens, stopped early.

    .. math:: L(N, D) = \Big[\Big(\frac{N_c}{N}\Big)^{\alpha_N/\alpha_D} + \frac{D_c}{D}\Big]^{\alpha_D}

    Level: empirical.

    Parameters
    ----------
    N_c, D_c:
        Scales, in non-embedding parameters and in tokens; positive.
    alpha_N, alpha_D:
        Exponents, positive. These are those of the joint fit (0.076 and 0.103), not those of ``L(N)`` and ``L(D)``.

    Raises
    ------
    ParameterError
        If a constant is not positive.

    Examples
    --------
    >>> law = JointLaw(N_c=6.4e13, alpha_N=0.076, D_c=1.8e13, alpha_D=0.103)
    >>> round(law(1e9, 2.2e10), 6), round(law(1e9, float("inf")), 6)
    (2.369316, 2.318834)
    """

    N_c: float
    alpha_N: float
    D_c: float
    alpha_D: float

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, constant(getattr(self, field.name), field.name))

    @property
    def p(self) -> float:
        """``α_N/α_D``, the power of the size that the data must keep up with."""
        return self.alpha_N / self.alpha_D

    def __call__(self, N: object, D: object) -> Values:
        """The loss in nats per token; one of ``N`` and ``D`` may be infinite.

        Raises
        ------
        ParameterError
            If a quantity is not positive, or both are infinite (without a floor the loss would be 0).
        """
        n, d = together({"N", "D"}, N=N, D=D)
        if (np.isinf(n) & np.isinf(d)).any():
            raise ParameterError("N, D", float("inf"), "the law has no floor, it would give 0", "let one be finite")
        with np.errstate(all="ignore"):
            return answer(np.exp(self.alpha_D * np.logaddexp(self._size(n), self._data(d))), "L")

    def inverse(self, L: object, *, N: object = None, D: object = None) -> Values:
        """The data at which a model of size ``N`` has the loss ``L``; or the size, given ``D``.

        Raises
        ------
        ParameterError
            Unless exactly one of ``N`` and ``D`` is given, or if it alone already puts the loss above ``L``.

        Examples
        --------
        >>> law = JointLaw(N_c=6.4e13, alpha_N=0.076, D_c=1.8e13, alpha_D=0.103)
        >>> print(f"{law.inverse(law(1e9, 2.2e10), N=1e9):.4g}")
        2.2e+10
        """
        if (N is None) == (D is None):
            raise ParameterError("N, D", (N, D), "the loss has two arguments", "give one of N and D")
        loss, other = together(L=L, D=D) if N is None else together(L=L, N=N)
        with np.errstate(all="ignore"):
            taken = self._data(other) if N is None else self._size(other)
            left = taken - np.log(loss) / self.alpha_D  # log of its share of L^{1/α_D}
            if (left >= 0).any():
                least = float(np.max(np.exp(self.alpha_D * taken)))
                raise ParameterError("L", L, "it is out of reach", f"use L > {least:.9g}")
            term = np.log(loss) / self.alpha_D + np.log(-np.expm1(left))
            if N is None:
                return answer(self.N_c * np.exp(-term / self.p), "N")
            return answer(self.D_c * np.exp(-term), "D")

    def overfitting(self, N: object, D: object) -> Values:
        r"""``δL = L(N, D)/L(N, ∞) - 1 = [1 + (N/N_c)^{α_N/α_D} D_c/D]^{α_D} - 1``.

        Examples
        --------
        >>> law = JointLaw(N_c=6.4e13, alpha_N=0.076, D_c=1.8e13, alpha_D=0.103)
        >>> round(law.overfitting(1e9, law.data_for(1e9, 0.02)), 12)
        0.02
        """
        n, d = together(N=N, D=D)
        with np.errstate(all="ignore"):
            share = np.exp(self._data(d) - self._size(n))
            return answer(np.expm1(self.alpha_D * np.log1p(share)), "overfitting")

    def data_law(self, overfitting: object = 0.02) -> tuple[float, float]:
        """The coefficient and the exponent of ``N`` in the tokens that keep ``δL`` at a value.

        Examples
        --------
        >>> law = JointLaw(N_c=6.4e13, alpha_N=0.076, D_c=1.8e13, alpha_D=0.103)
        >>> print("D = {:.0f} N^{:.3f}".format(*law.data_law(0.02)))
        D = 5519 N^0.738
        """
        delta = constant(overfitting, "overfitting")
        with np.errstate(all="ignore"):
            share = np.log(np.expm1(np.log1p(delta) / self.alpha_D))
            return float(answer(np.exp(np.log(self.D_c) - self.p * np.log(self.N_c) - share), "coefficient")), self.p

    def data_for(self, N: object, overfitting: object = 0.02) -> Values:
        """The least ``D`` with ``δL`` at most ``overfitting``."""
        coefficient, power = self.data_law(overfitting)
        with np.errstate(all="ignore"):
            return answer(np.exp(np.log(coefficient) + power * np.log(positive(N, "N"))), "D")

    def optimum(self, C: object) -> tuple[Values, Values, Values]:
        r"""``N``, ``D`` and ``L`` if this law were minimised at ``C = 6ND``, in FLOP. The paper does not do so.

        .. math:: N = N_c\Big(\frac{pC}{6N_cD_c}\Big)^{1/(1+p)}, \quad D = \frac C{6N}, \quad
                  L = \big[(1+p)(N_c/N)^p\big]^{\alpha_D}

        The size grows like ``C^{α_D/(α_N+α_D)} = C^{0.575}``, not like the fitted ``C^{0.73}``.
        """
        size, value, xi, eta = tradeoff(self.p, 1)
        with np.errstate(all="ignore"):
            c = np.log(positive(C, "C")) - np.log(6) - np.log(self.N_c) - np.log(self.D_c)
            N = np.exp(np.log(self.N_c) + np.log(size) + xi * c)
            D = np.exp(np.log(self.D_c) - np.log(size) + (1 - xi) * c)
            L = np.exp(self.alpha_D * (np.log(value) - eta * c))
        return answer(N, "N"), answer(D, "D"), answer(L, "L")

    @property
    def formula(self) -> Any:
        """The law as a SymPy equation."""
        import sympy as sp

        N, D, N_c, D_c, a_N, a_D = _symbols()
        return sp.Eq(sp.Function("L")(N, D), ((N_c / N) ** (a_N / a_D) + D_c / D) ** a_D)

    @property
    def latex(self) -> str:
        """The law in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    @property
    def optimum_formulas(self) -> dict[str, Any]:
        """``N``, ``D`` and ``L`` at the optimum of ``C = 6ND``, as SymPy expressions in ``C`` (FLOP) and the constants.

        They come from :func:`scalesym.powerlaw.frontier.constants`; so do the numbers.
        """
        import sympy as sp

        _, _, N_c, D_c, a_N, a_D = _symbols()
        C = sp.Symbol("C", positive=True)
        size, value, xi, eta = (sp.simplify(each) for each in tradeoff(a_N / a_D, 1))
        c = C / (6 * N_c * D_c)
        return {"N": N_c * size * c**xi, "D": D_c / size * c ** sp.simplify(1 - xi), "L": (value * c**-eta) ** a_D}

    @classmethod
    def fit(cls, N: object, D: object, L: object, *, bootstrap: object = 0, seed: object = 0) -> Fit:
        """Least squares of ``log L``; ``bootstrap`` resamples of the rows with the seed.

        Examples
        --------
        >>> law = JointLaw(N_c=6.4e13, alpha_N=0.076, D_c=1.8e13, alpha_D=0.103)
        >>> N, D = np.meshgrid(10.0 ** np.arange(5, 10), 10.0 ** np.arange(7, 11))
        >>> found = JointLaw.fit(N.ravel(), D.ravel(), law(N, D).ravel())
        >>> print(f"{found.law.alpha_N:.4f} {found.law.alpha_D:.4f}")
        0.0760 0.1030
        """
        n, d, loss = columns(N=N, D=D, L=L)
        n_mid, d_mid, level = (float(np.mean(np.log(each))) for each in (n, d, loss))

        def predict(theta: Any, n: Any, d: Any) -> Any:
            first = theta[0] - np.exp(theta[2]) * (np.log(n) - n_mid)
            return np.exp(theta[3]) * np.logaddexp(first, theta[1] - (np.log(d) - d_mid))

        def make(theta: Any) -> tuple[JointLaw, dict[str, float]]:
            p, alpha_D = float(np.exp(theta[2])), float(np.exp(theta[3]))
            with np.errstate(over="ignore"):
                N_c, D_c = float(np.exp(n_mid + theta[0] / p)), float(np.exp(d_mid + theta[1]))
            found = {"N_c": N_c, "alpha_N": p * alpha_D, "D_c": D_c, "alpha_D": alpha_D}
            return cls(**found), found

        starts = [
            (level / alpha_D - np.log(2), level / alpha_D - np.log(2), np.log(p), np.log(alpha_D))
            for alpha_D in (0.05, 0.1, 0.3, 0.6)
            for p in (0.5, 0.8, 1.5)
        ]
        bounds = ([-500.0, -500.0, -6.0, -8.0], [500.0, 500.0, 4.0, 3.0])
        return fit_logarithm(predict, make, starts, [n, d], loss, bounds=bounds, resamples=bootstrap, seed=seed)

    def _size(self, N: Any) -> Any:
        return self.p * (np.log(self.N_c) - np.log(N))

    def _data(self, D: Any) -> Any:
        return np.log(self.D_c) - np.log(D)


def _symbols() -> Any:
    import sympy as sp

    return sp.symbols("N D N_c D_c alpha_N alpha_D", positive=True)
