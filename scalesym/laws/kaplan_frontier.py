r"""What Kaplan's law of steps says of compute (Appendix B): the best size, batch and number of steps, and what others cost.

With ``B = B_crit(L)`` and ``C = 6NBS`` the loss is given implicitly,

.. math:: L = \Big(\frac{N_c}{N}\Big)^{\alpha_N} + \Big(\frac{6B_*S_cN}{L^{1/\alpha_B}C}\Big)^{\alpha_S},

and least, at given ``C``, where its two terms trade off as if the batch were fixed: at the least loss ``dL = 0``, so that the
batch does not move. :func:`frontier` takes the trade-off from :mod:`scalesym.powerlaw` and then puts the batch in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from ..errors import ParameterError
from ._power import PF_DAY, Power
from ._quantities import Values, answer, constant, positive, together
from ._tradeoff import tradeoff
from .kaplan_steps import CriticalBatch, StepsLaw

__all__ = ["Allocation", "FittedAllocation", "Frontier", "StopRatio", "frontier"]


class Allocation(NamedTuple):
    """How a budget is spent.

    ``C`` in PF-days, ``N`` parameters, ``D`` tokens, ``L`` the loss, ``B`` tokens in a batch and ``S`` steps (``None`` where the model
    of the allocation has none), ``model`` its name.
    """

    C: Values
    N: Values
    D: Values
    L: Values
    B: Values | None
    S: Values | None
    model: str


class StopRatio(NamedTuple):
    """Size, steps and compute of one way to stop, over those of another that reaches the same loss."""

    N: Values
    S: Values
    C: Values


@dataclass(frozen=True, kw_only=True)
class FittedAllocation:
    """The powers of ``C_min`` (PF-days) fitted to the frontier: ``N_e C^{p_N}``, ``B_e C^{p_B}``, ``S_e C^{p_S}``, ``D_e C^{p_D}``.

    ``S`` is ``S_min``; ``D`` is one epoch at the critical batch, which takes ``2 C_min`` and so twice ``B S_min``.
    """

    N_e: float
    p_N: float
    B_e: float
    p_B: float
    S_e: float
    p_S: float
    D_e: float
    p_D: float

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, constant(getattr(self, field.name), field.name))

    def optimum(self, C: object, loss: Power) -> Allocation:
        """The allocation at ``C`` PF-days, with the loss by ``loss``."""
        c = positive(C, "C")
        pairs = {"N": (self.N_e, self.p_N), "D": (self.D_e, self.p_D), "B": (self.B_e, self.p_B)}
        with np.errstate(all="ignore"):
            N, D, B = (answer(k * np.exp(p * np.log(c)), name) for name, (k, p) in pairs.items())
            S = answer(self.S_e * np.exp(self.p_S * np.log(c)), "S")
        return Allocation(answer(c, "C"), N, D, loss(c), B, S, "fitted")


@dataclass(frozen=True)
class Frontier:
    r"""The compute-optimal frontier of a law of steps at its critical batch.

    .. math:: L = \Big(\frac{C_c}{C}\Big)^{\alpha_C}, \quad N \propto C^{\alpha_C/\alpha_N}, \quad B \propto C^{\alpha_C/\alpha_B},
              \quad S \propto C^{\alpha_C/\alpha_S}, \qquad
              \frac1{\alpha_C} = \frac1{\alpha_S} + \frac1{\alpha_B} + \frac1{\alpha_N}

    Level: empirical.

    Parameters
    ----------
    steps, batch:
        The two laws.

    Examples
    --------
    >>> from scalesym.laws.kaplan import Kaplan
    >>> best = Kaplan.from_paper().frontier
    >>> print(f"{best.law.alpha:.7f} {best.law.x0:.6g} {best.excess_at_optimum:.3f}")
    0.0524529 1.53312e+08 0.101
    """

    steps: StepsLaw
    batch: CriticalBatch

    @property
    def _powers(self) -> dict[str, tuple[Any, Any]]:
        return frontier(self.steps.alpha_N, self.steps.alpha_S, self.batch.alpha_B)

    @property
    def _log_unit(self) -> float:
        """``log(6 N_c S_c B_*)``, the compute in whose unit :func:`frontier` counts."""
        scales = (6.0, self.steps.N_c, self.steps.S_c, self.batch.B_star)
        return float(np.sum(np.log(scales)))

    @property
    def law(self) -> Power:
        """``L(C) = (C_c/C)^{α_C}`` as it is derived, in PF-days."""
        k, power = self._powers["L"]
        with np.errstate(all="ignore"):
            scale = float(answer(np.exp(self._log_unit - np.log(PF_DAY) - np.log(k) / power), "C_c"))
        return Power(x0=scale, alpha=-power, names=("C", "C_c", "alpha_C"))

    def optimum(self, C: object) -> Allocation:
        """The best ``N``, ``B`` and ``S`` at ``C`` PF-days, in closed form, with ``D = B S``."""
        c = positive(C, "C")
        units = {"L": 1.0, "N": self.steps.N_c, "B": self.batch.B_star, "S": self.steps.S_c}
        with np.errstate(all="ignore"):
            x = np.log(c) + np.log(PF_DAY) - self._log_unit
            logs = {name: np.log(units[name]) + np.log(k) + p * x for name, (k, p) in self._powers.items()}
            values = {name: answer(np.exp(log), name) for name, log in logs.items()}
            D = answer(np.exp(logs["B"] + logs["S"]), "D")
        return Allocation(answer(c, "C"), values["N"], D, values["L"], values["B"], values["S"], "appendix-b")

    @property
    def excess_at_optimum(self) -> float:
        """``α_N/α_S``: the best training stops at this fraction above the converged loss of its size."""
        return self.steps.alpha_N / self.steps.alpha_S

    def excess_compute(self, r: object) -> Values:
        """Compute to reach a loss with ``r`` times the best size, over the least: ``r [1 + (α_S/α_N)(1 − r^{−α_N})]^{−1/α_S}``.

        Raises
        ------
        ParameterError
            If the size is so small that it never reaches the loss.

        Examples
        --------
        >>> from scalesym.laws.kaplan import Kaplan
        >>> best = Kaplan.from_paper().frontier
        >>> round(best.excess_compute(2.2), 4), round(best.excess_steps(2.2), 4), round(best.excess_compute(0.6), 3)
        (1.2037, 0.5471, 1.165)
        """
        return answer(positive(r, "r") * np.asarray(self.excess_steps(r)), "excess compute")

    def excess_steps(self, r: object) -> Values:
        """Steps to reach a loss with ``r`` times the best size, over those of the best: without the leading ``r``."""
        ratio, law = positive(r, "r"), self.steps
        least = (1 + self.excess_at_optimum) ** (-1 / law.alpha_N)
        with np.errstate(all="ignore"):
            left = 1 - np.expm1(-law.alpha_N * np.log(ratio)) / self.excess_at_optimum
            if (left <= 0).any():
                raise ParameterError("r", r, "a smaller model never reaches the loss", f"use r > {least:.6g}")
            return answer(np.exp(-np.log(left) / law.alpha_S), "excess steps")

    def stop_ratio(self, f: object, other: object) -> StopRatio:
        """Training to ``(1 + f)`` times the converged loss, against ``(1 + other)`` times that of a smaller model; same loss.

        Examples
        --------
        >>> from scalesym.laws.kaplan import Kaplan
        >>> print("{:.3f} {:.4f} {:.3f}".format(*Kaplan.from_paper().frontier.stop_ratio(0.10, 0.02)))
        2.666 0.1329 0.354
        """
        one, two = together(f=f, other=other)
        with np.errstate(all="ignore"):
            N = np.exp((np.log1p(one) - np.log1p(two)) / self.steps.alpha_N)
            S = np.exp((np.log1p(1 / one) - np.log1p(1 / two)) / self.steps.alpha_S)
            return StopRatio(answer(N, "N"), answer(S, "S"), answer(N * S, "C"))

    @staticmethod
    def optimum_formulas() -> dict[str, Any]:
        """``L``, ``N``, ``B`` and ``S`` at the optimum as SymPy expressions in ``C`` (FLOP) and the constants."""
        import sympy as sp

        def short(factor: Any) -> Any:
            return sp.exp(sp.simplify(sp.powsimp(sp.expand_log(sp.log(factor), force=True))))

        C, N_c, S_c, B_s = sp.symbols("C N_c S_c B_star", positive=True)
        powers = frontier(*sp.symbols("alpha_N alpha_S alpha_B", positive=True))
        c, units = C / (6 * N_c * S_c * B_s), {"L": 1, "N": N_c, "B": B_s, "S": S_c}
        return {name: units[name] * short(k) * c ** sp.factor(sp.simplify(p)) for name, (k, p) in powers.items()}

    @staticmethod
    def exponents() -> dict[str, Any]:
        """The exponents of ``C`` in ``L``, ``N``, ``B`` and ``S``, in SymPy."""
        import sympy as sp

        found = frontier(*sp.symbols("alpha_N alpha_S alpha_B", positive=True))
        return {name: sp.factor(sp.simplify(power)) for name, (_, power) in found.items()}


def frontier(alpha_N: Any, alpha_S: Any, alpha_B: Any) -> dict[str, tuple[Any, Any]]:
    r"""The frontier in units in which ``N_c = S_c = B_* = 1`` and ``C = NBS``: numbers or SymPy symbols.

    Returns
    -------
    dict
        For ``L``, ``N``, ``B`` and ``S`` the factor ``k`` and the exponent ``e`` of ``k C^e``.

    Raises
    ------
    ParameterError
        If a factor leaves the range of double precision.

    Examples
    --------
    >>> found = frontier(0.077, 0.76, 0.21)
    >>> print(" ".join(f"{name}: {float(power):.5f}" for name, (_, power) in found.items()))
    L: -0.05245 N: 0.68121 B: 0.24978 S: 0.06902
    """
    size, loss, xi, eta = tradeoff(alpha_N, alpha_S)  # at a fixed batch, with compute c/b
    try:
        share = 1 / (1 + eta / alpha_B)  # L = loss (c L^{1/α_B})^{-η}, solved for L
        L = (loss**share, -eta * share)
        B = (L[0] ** (-1 / alpha_B), -L[1] / alpha_B)
        N = (size * B[0] ** (-xi), xi * (1 - B[1]))
        S = (1 / (N[0] * B[0]), 1 - N[1] - B[1])
    except (OverflowError, ZeroDivisionError):
        reason = "their optimum leaves the range of double precision"
        found = (alpha_N, alpha_S, alpha_B)
        raise ParameterError("alpha_N, alpha_S, alpha_B", found, reason, "use exponents nearer to 1") from None
    return {"L": L, "N": N, "B": B, "S": S}
