"""What the best size of Henighan's fits says of data: how the tokens grow, and one law of size and data with that best size.

Level: empirical. Compute is in PF-days.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..errors import ParameterError
from ._power import PF_DAY, Power, pf_days
from ._quantities import Values, answer, constant
from ._tradeoff import tradeoff

__all__ = ["COMPUTE_NAMES", "SizeTrend", "TwoTerm"]

#: Of ``x``, ``x_0`` and ``α`` in ``L(C)``.
COMPUTE_NAMES = ("C", "C_0", "alpha_C")


@dataclass(frozen=True, kw_only=True)
class SizeTrend:
    """The best size ``N_opt = (C/c_0)^p``, with ``C`` and ``c_0`` in PF-days.

    Examples
    --------
    >>> print(f"{SizeTrend(c0=3.3e-13, p=0.73)(1.0):.3g}")
    1.29e+09
    """

    c0: float
    p: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "c0", constant(self.c0, "c0"))
        object.__setattr__(self, "p", constant(self.p, "p"))
        if self.p >= 1:
            raise ParameterError("p", self.p, "the data would shrink as compute grows", "use 0 < p < 1")

    def __call__(self, C: object, unit: str = "PF-days") -> Values:
        """The best size at a compute."""
        with np.errstate(all="ignore"):
            return answer(np.exp(self.p * (np.log(pf_days(C, unit)) - np.log(self.c0))), "N")

    @property
    def data_with_compute(self) -> float:
        """``1 - p``: with ``C = 6ND`` the tokens grow like ``C^{1-p}``."""
        return 1 - self.p

    @property
    def data_with_size(self) -> float:
        """``(1 - p)/p``: the tokens grow like this power of the size; 3/7 at the common ``p = 0.7``."""
        return (1 - self.p) / self.p


@dataclass(frozen=True, kw_only=True)
class TwoTerm:
    r"""One law with both trends in it, which the paper does not fit.

    .. math:: L(N, D) = L_\infty + (N_0/N)^{\alpha} + (D_0/D)^{\delta}

    Parameters
    ----------
    L_inf, N_0, alpha:
        As in ``L(N)``.
    D_0, delta:
        Such that the best size at ``C = 6ND`` is ``N_opt``: ``δ = α p/(1 - p)``.
    """

    L_inf: float
    N_0: float
    alpha: float
    D_0: float
    delta: float

    def __post_init__(self) -> None:
        for field in fields(self):
            least = 0 if field.name == "L_inf" else None
            object.__setattr__(self, field.name, constant(getattr(self, field.name), field.name, least=least))

    @classmethod
    def of(cls, size: Power, trend: SizeTrend) -> TwoTerm:
        """The law that has this ``L(N)`` at ``D = ∞`` and this ``N_opt`` at ``C = 6ND``."""
        alpha, p = size.alpha, trend.p
        delta = alpha * p / (1 - p)
        with np.errstate(all="ignore"):
            log_G = p * (np.log(6 / PF_DAY) - np.log(trend.c0))
            log_B = np.log(alpha / delta) + alpha * np.log(size.x0) - (alpha + delta) * log_G
            D_0 = float(answer(np.exp(log_B / delta), "D_0"))
        return cls(L_inf=size.L_inf, N_0=size.x0, alpha=alpha, D_0=D_0, delta=delta)

    @property
    def allocation(self) -> SizeTrend:
        """``N_opt`` of this law."""
        size, _, p, _ = tradeoff(self.alpha, self.delta)
        with np.errstate(all="ignore"):
            log_c0 = self._log_unit - (np.log(self.N_0) + np.log(size)) / p
            return SizeTrend(c0=float(answer(np.exp(log_c0), "c0")), p=p)

    @property
    def compute(self) -> Power:
        """``L(C)`` of this law: ``α_C = αδ/(α + δ) = pα``."""
        _, value, _, power = tradeoff(self.alpha, self.delta)
        with np.errstate(all="ignore"):
            scale = float(answer(np.exp(self._log_unit + np.log(value) / power), "x0"))
        return Power(x0=scale, alpha=power, L_inf=self.L_inf, names=COMPUTE_NAMES)

    @property
    def _log_unit(self) -> float:
        """``log(6 N_0 D_0)`` in PF-days."""
        return float(np.log(6 / PF_DAY) + np.log(self.N_0) + np.log(self.D_0))

    @property
    def formula(self) -> Any:
        """The law as a SymPy equation."""
        import sympy as sp

        N, D, N_0, D_0, a, d = sp.symbols("N D N_0 D_0 alpha delta", positive=True)
        floor = sp.Symbol("L_infty", positive=True) if self.L_inf else 0
        return sp.Eq(sp.Function("L")(N, D), floor + (N_0 / N) ** a + (D_0 / D) ** d)
