"""Kaplan's law of size and steps, ``L(N, S)``, and the critical batch; at a given batch or compute the loss is a root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..errors import ParameterError
from ._leastsquares import columns, fit_logarithm
from ._quantities import Floats, Values, answer, constant, positive, together
from .fitting import Fit

__all__ = ["CriticalBatch", "StepsLaw"]


@dataclass(frozen=True, kw_only=True)
class CriticalBatch:
    r"""The critical batch in tokens, which depends on the loss alone.

    .. math:: B_{\rm crit}(L) = B_* L^{-1/\alpha_B}

    Level: empirical.

    Parameters
    ----------
    B_star:
        In tokens, positive.
    alpha_B:
        Positive.

    Examples
    --------
    >>> print(f"{CriticalBatch(B_star=2e8, alpha_B=0.21)(2.658):.3g}")
    1.9e+06
    """

    B_star: float
    alpha_B: float

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, constant(getattr(self, field.name), field.name))

    def __call__(self, L: object) -> Values:
        """The critical batch at the loss ``L``, in tokens."""
        return answer(self.at(positive(L, "L")), "B")

    def inverse(self, B: object) -> Values:
        """The loss at which a batch of ``B`` tokens is critical."""
        with np.errstate(all="ignore"):
            return answer(np.exp(self.alpha_B * (np.log(self.B_star) - np.log(positive(B, "B")))), "L")

    def at(self, L: Any) -> Any:
        """As a call, on an array that has been checked."""
        with np.errstate(all="ignore"):
            return np.exp(np.log(self.B_star) - np.log(L) / self.alpha_B)

    @property
    def formula(self) -> Any:
        """The law as a SymPy equation."""
        import sympy as sp

        L, B_star, alpha_B = sp.symbols("L B_star alpha_B", positive=True)
        return sp.Eq(sp.Function("B_crit")(L), B_star / L ** (1 / alpha_B))

    @classmethod
    def fit(cls, L: object, B: object, *, bootstrap: object = 0, seed: object = 0) -> Fit:
        """Least squares of ``log B``.

        Examples
        --------
        >>> law = CriticalBatch(B_star=2e8, alpha_B=0.21)
        >>> print(f"{CriticalBatch.fit([2, 3, 4], law([2, 3, 4])).law.alpha_B:.3f}")
        0.210
        """
        loss, batch = columns(L=L, B=B)

        def predict(theta: Any, column: Any) -> Any:
            return theta[0] - np.exp(-theta[1]) * np.log(column)

        def make(theta: Any) -> tuple[CriticalBatch, dict[str, float]]:
            found = {"B_star": float(np.exp(theta[0])), "alpha_B": float(np.exp(theta[1]))}
            return cls(**found), found

        start = [float(np.mean(np.log(batch))), -1.0]
        bounds = ([-600.0, -8.0], [600.0, 8.0])
        return fit_logarithm(predict, make, [start], [loss], batch, bounds=bounds, resamples=bootstrap, seed=seed)


@dataclass(frozen=True, kw_only=True)
class StepsLaw:
    r"""The loss of a model of ``N`` parameters after ``S`` steps, with data without end.

    .. math:: L(N, S_{\min}) = \Big(\frac{N_c}{N}\Big)^{\alpha_N} + \Big(\frac{S_c}{S_{\min}}\Big)^{\alpha_S}

    Level: empirical. ``S_min`` counts steps at ``B ≫ B_crit``.

    Parameters
    ----------
    N_c, S_c:
        Scales, in non-embedding parameters and in steps; positive.
    alpha_N, alpha_S:
        Exponents, positive.

    Examples
    --------
    >>> law = StepsLaw(N_c=6.5e13, alpha_N=0.077, S_c=2.1e3, alpha_S=0.76)
    >>> round(law(1e9, 1e5), 5)
    2.40051
    """

    N_c: float
    alpha_N: float
    S_c: float
    alpha_S: float

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, constant(getattr(self, field.name), field.name))

    def __call__(self, N: object, S: object) -> Values:
        """The loss in nats per token after ``S = S_min`` steps; one of ``N`` and ``S`` may be infinite.

        Raises
        ------
        ParameterError
            If a quantity is not positive, or both are infinite.
        """
        n, s = together({"N", "S"}, N=N, S=S)
        if (np.isinf(n) & np.isinf(s)).any():
            raise ParameterError("N, S", float("inf"), "the law has no floor, it would give 0", "let one be finite")
        return answer(self.size(n) + self.steps(s), "L")

    def size(self, N: Any) -> Any:
        """The first term, on an array that has been checked."""
        with np.errstate(all="ignore"):
            return np.exp(self.alpha_N * (np.log(self.N_c) - np.log(N)))

    def steps(self, S: Any) -> Any:
        """The second term, on an array that has been checked."""
        with np.errstate(all="ignore"):
            return np.exp(self.alpha_S * (np.log(self.S_c) - np.log(S)))

    def inverse(self, L: object, *, N: object = None, S: object = None) -> Values:
        """The steps after which a model of size ``N`` has the loss ``L``; or the size, given ``S``.

        Raises
        ------
        ParameterError
            Unless exactly one of ``N`` and ``S`` is given, or if it alone already puts the loss above ``L``.
        """
        if (N is None) == (S is None):
            raise ParameterError("N, S", (N, S), "the loss has two arguments", "give one of N and S")
        loss, other = together(L=L, S=S) if N is None else together(L=L, N=N)
        left = loss - (self.steps(other) if N is None else self.size(other))
        if (left <= 0).any():
            raise ParameterError("L", L, "it is out of reach", f"use L > {float(np.max(loss - left)):.9g}")
        with np.errstate(all="ignore"):
            if N is None:
                return answer(self.N_c * np.exp(-np.log(left) / self.alpha_N), "N")
            return answer(self.S_c * np.exp(-np.log(left) / self.alpha_S), "S")

    def with_batch(self, N: object, S: object, B: object, batch: CriticalBatch) -> Values:
        """The loss after ``S`` steps of ``B`` tokens: ``S_min = S/(1 + B_crit(L)/B)`` depends on the loss itself."""
        n, s, b = together(N=N, S=S, B=B)
        first = self.size(n)

        def loss(L: Any) -> Any:
            with np.errstate(all="ignore"):
                return first + self.steps(s / (1 + batch.at(L) / b))

        low = first + self.steps(s)
        return answer(_root_between(lambda L: L - loss(L), low, loss(low)), "L")

    def with_compute(self, N: object, C: object, batch: CriticalBatch) -> Values:
        """The loss of size ``N`` with ``C`` FLOP spent at the critical batch, the root of the implicit law."""
        n, c = together(N=N, C=C)
        first = self.size(n)
        with np.errstate(all="ignore"):
            steps = np.exp(np.log(c) - np.log(6) - np.log(n) - np.log(batch.B_star))  # at L = 1

            def loss(L: Any) -> Any:
                return first + self.steps(np.exp(np.log(steps) + np.log(L) / batch.alpha_B))

            power = 1 + self.alpha_S / batch.alpha_B
            low = np.maximum(first, self.steps(steps) ** (1 / power))
            return answer(_root_between(lambda L: L - loss(L), low, loss(low)), "L")

    @property
    def formula(self) -> Any:
        """The law as a SymPy equation."""
        import sympy as sp

        N, S, N_c, S_c, a_N, a_S = sp.symbols("N S_min N_c S_c alpha_N alpha_S", positive=True)
        return sp.Eq(sp.Function("L")(N, S), (N_c / N) ** a_N + (S_c / S) ** a_S)

    @property
    def latex(self) -> str:
        """The law in LaTeX."""
        import sympy as sp

        return str(sp.latex(self.formula))

    @classmethod
    def fit(cls, N: object, S: object, L: object, *, bootstrap: object = 0, seed: object = 0) -> Fit:
        """Least squares of ``log L``; ``bootstrap`` resamples of the rows with the seed.

        Examples
        --------
        >>> law = StepsLaw(N_c=6.5e13, alpha_N=0.077, S_c=2.1e3, alpha_S=0.76)
        >>> N, S = np.meshgrid(10.0 ** np.arange(5, 10), 10.0 ** np.arange(3, 6))
        >>> found = StepsLaw.fit(N.ravel(), S.ravel(), law(N, S).ravel())
        >>> print(f"{found.law.alpha_N:.4f} {found.law.alpha_S:.4f}")
        0.0770 0.7600
        """
        n, s, loss = columns(N=N, S=S, L=L)
        n_mid, s_mid, level = (float(np.mean(np.log(each))) for each in (n, s, loss))

        def predict(theta: Any, n: Any, s: Any) -> Any:
            first = theta[0] - np.exp(theta[2]) * (np.log(n) - n_mid)
            return np.logaddexp(first, theta[1] - np.exp(theta[3]) * (np.log(s) - s_mid))

        def make(theta: Any) -> tuple[StepsLaw, dict[str, float]]:
            alpha_N, alpha_S = float(np.exp(theta[2])), float(np.exp(theta[3]))
            with np.errstate(over="ignore"):
                N_c, S_c = float(np.exp(n_mid + theta[0] / alpha_N)), float(np.exp(s_mid + theta[1] / alpha_S))
            found = {"N_c": N_c, "alpha_N": alpha_N, "S_c": S_c, "alpha_S": alpha_S}
            return cls(**found), found

        starts = [
            (level - 0.1, level + shift, np.log(alpha_N), np.log(alpha_S))
            for shift in (-1.0, -3.0)
            for alpha_N in (0.05, 0.2)
            for alpha_S in (0.4, 1.0)
        ]
        bounds = ([-200.0, -200.0, -8.0, -8.0], [200.0, 200.0, 3.0, 3.0])
        return fit_logarithm(predict, make, starts, [n, s], loss, bounds=bounds, resamples=bootstrap, seed=seed)


def _root_between(rising: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Where a function that increases vanishes, between positive bounds, entry by entry; bisection in the logarithm."""
    low, high = np.array(low), np.array(high)
    with np.errstate(all="ignore"):  # an infinite end ends as NaN, which `answer` refuses
        for _ in range(80):
            middle = np.sqrt(low) * np.sqrt(high)
            below = rising(middle) < 0
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(np.sqrt(low) * np.sqrt(high))
