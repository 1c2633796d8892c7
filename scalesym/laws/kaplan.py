r"""The scaling laws of Kaplan et al. (2020): size, data, compute, both together, steps and batches, and what to spend on which.

Four fits share letters and not values: ``L(N)``, ``L(D)`` and ``L(C)`` have one set of ``N_c``, ``D_c``, ``α_N``, ``α_D``, the
joint ``L(N, D)`` another and ``L(N, S)`` a third. Here every law holds its own. With the ``α_D`` of ``L(D)`` in the joint law the
data needed would grow like ``N^{0.80}`` instead of ``N^{0.74}``.

Compute ``C`` is in PF-days (8.64e19 FLOP) unless ``unit="FLOP"``, ``N`` counts parameters without embeddings, ``D`` and ``B`` tokens,
and losses are in nats per token. No law has a floor, so each breaks down before its loss falls below the entropy of the text;
:meth:`scalesym.laws.Kaplan.crossing` is where two of them contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ..errors import ParameterError
from ._power import PF_DAY, Power, flop, pf_days
from ._quantities import Values, answer, positive, together
from .kaplan_allocation import allocate, crossing
from .kaplan_fit import NAMES, fit
from .kaplan_frontier import FittedAllocation, Frontier
from .kaplan_joint import JointLaw
from .kaplan_steps import CriticalBatch, StepsLaw
from .published import constants, published

__all__ = ["PF_DAY", "Kaplan"]


@dataclass(frozen=True, kw_only=True)
class Kaplan:
    r"""The laws of Kaplan et al. as one system.

    .. math:: L(N) = (N_c/N)^{\alpha_N}, \qquad L(D) = (D_c/D)^{\alpha_D}, \qquad L(C_{\min}) = (C_c/C_{\min})^{\alpha_C}

    Level: empirical. ``law(...)`` takes what is scarce by name: ``N``, ``D`` or ``C`` alone, or two of them, or ``N`` and ``S``.

    Parameters
    ----------
    size, data, compute:
        ``L(N)`` with data and compute without end, ``L(D)`` of a large model stopped early, ``L(C_min)`` of the best size at batches
        far below the critical one.
    naive:
        ``L(C)`` at the fixed batch of 2^19 tokens.
    joint:
        ``L(N, D)``.
    steps:
        ``L(N, S_min)``.
    batch:
        ``B_crit(L)``.
    fitted:
        The allocation fitted to the frontier.

    Raises
    ------
    ParameterError
        If a part is of another kind.

    Notes
    -----
    Each law is fitted by itself, as in the paper: :meth:`fit`.

    Examples
    --------
    >>> law = Kaplan.from_paper("kaplan2020")
    >>> round(law(N=1e9), 6), round(law(D=1e10), 6), round(law(C=1), 6), round(law(N=1e9, D=2.2e10), 6)
    (2.37564, 2.262442, 2.65808, 2.369316)
    >>> best = law.optimum(1.0)
    >>> print(f"{best.N:.3g} parameters, {best.B:.3g} tokens in a batch, {best.S:.0f} steps, loss {best.L:.3f}")
    6.04e+08 parameters, 1.8e+06 tokens in a batch, 13205 steps, loss 2.688
    """

    size: Power
    data: Power
    compute: Power
    naive: Power
    joint: JointLaw
    steps: StepsLaw
    batch: CriticalBatch
    fitted: FittedAllocation

    def __post_init__(self) -> None:
        kinds = {"joint": JointLaw, "steps": StepsLaw, "batch": CriticalBatch, "fitted": FittedAllocation}
        for field in fields(self):
            kind = kinds.get(field.name, Power)
            value = getattr(self, field.name)
            if not isinstance(value, kind):
                raise ParameterError(field.name, value, "every law keeps its own constants", f"give a {kind.__name__}")

    @classmethod
    def from_paper(cls, name: str = "kaplan2020") -> Kaplan:
        """The published constants; :meth:`papers` lists the names."""
        found: Mapping[str, Any] = constants("kaplan", name)["constants"]
        powers = {part: Power(**found[part], names=names) for part, names in NAMES.items()}
        return cls(
            **powers,
            joint=JointLaw(**found["joint"]),
            steps=StepsLaw(**found["steps"]),
            batch=CriticalBatch(**found["batch"]),
            fitted=FittedAllocation(**found["fitted"]),
        )

    @classmethod
    def papers(cls) -> tuple[str, ...]:
        """The names of the published sets of constants."""
        return tuple(published("kaplan")["sets"])

    fit = staticmethod(fit)

    # -- losses ----------------------------------------------------------------------------------------------------

    def __call__(
        self,
        *,
        N: object = None,
        D: object = None,
        C: object = None,
        S: object = None,
        B: object = None,
        unit: str = "PF-days",
    ) -> Values:
        """The loss in nats per token, by the law for what is given.

        Parameters
        ----------
        N, D, C, S, B:
            ``N``: :attr:`size`. ``D``: :attr:`data`. ``C``: :attr:`compute`, the best size. ``N, D``: :attr:`joint`. ``N, S``:
            :attr:`steps` with ``S`` steps at a batch far above the critical one; ``N, S, B``: with batches of ``B`` tokens.
            ``N, C``: ``C`` spent on that size at the critical batch (:meth:`L_NC`).
        unit:
            Of ``C``.

        Raises
        ------
        ParameterError
            For other combinations, for which the paper has no law, or quantities outside the domain.
        """
        all_of = {"N": N, "D": D, "C": C, "S": S, "B": B}
        given = {name: value for name, value in all_of.items() if value is not None}
        laws: dict[str, Any] = {
            "N": self.L_N,
            "D": self.L_D,
            "C": lambda C: self.L_C(C, unit),
            "ND": self.L_ND,
            "NS": self.L_NS,
            "NSB": self.L_NS,
            "NC": lambda N, C: self.L_NC(N, C, unit),
        }
        if "".join(given) not in laws:
            kinds = "N; D; C; N, D; N, S; N, S, B; or N, C"
            raise ParameterError("arguments", ", ".join(given) or None, "no law has these", f"use {kinds}")
        return laws["".join(given)](**given)

    def L_N(self, N: object) -> Values:
        """``(N_c/N)^{α_N}``, trained to convergence on data without end."""
        return self.size(N)

    def L_D(self, D: object) -> Values:
        """``(D_c/D)^{α_D}``, a large model stopped early."""
        return self.data(D)

    def L_C(self, C: object, unit: str = "PF-days", *, naive: bool = False) -> Values:
        """The loss at the best size for the compute ``C_min``; ``naive``: for ``C`` at a fixed batch."""
        return (self.naive if naive else self.compute)(pf_days(C, unit))

    def L_ND(self, N: object, D: object) -> Values:
        """The joint law, with its own constants."""
        return self.joint(N, D)

    def L_NS(self, N: object, S: object, B: object = None) -> Values:
        """The law of steps: ``S`` is ``S_min``, or steps of ``B`` tokens, which the critical batch turns into ``S_min``."""
        return self.steps(N, S) if B is None else self.steps.with_batch(N, S, B, self.batch)

    def L_NC(self, N: object, C: object, unit: str = "PF-days") -> Values:
        """The root ``L`` of ``L = (N_c/N)^{α_N} + (6 B_* S_c N/(L^{1/α_B} C))^{α_S}``: ``C_min`` spent on the size ``N``."""
        return self.steps.with_compute(N, flop(C, unit), self.batch)

    def inverse(self, L: object, variable: str = "C", *, N: object = None) -> Values:
        """What it takes to reach a loss.

        Parameters
        ----------
        L:
            In nats per token.
        variable:
            ``"N"``, ``"D"`` or ``"C"`` (PF-days); with ``N`` given, ``"D"`` by the joint law or ``"S"`` by that of steps.
        N:
            A size, or ``None``.

        Raises
        ------
        ParameterError
            If there is no such law, or the loss is out of reach.

        Examples
        --------
        >>> law = Kaplan.from_paper()
        >>> round(law.inverse(law(C=0.5)), 12), round(law.inverse(law(N=1e9, S=5e4), "S", N=1e9), 3)
        (0.5, 50000.0)
        """
        if N is None and variable in ("N", "D", "C"):
            return {"N": self.size, "D": self.data, "C": self.compute}[variable].inverse(L)
        if N is not None and variable in ("D", "S"):
            return self.joint.inverse(L, N=N) if variable == "D" else self.steps.inverse(L, N=N)
        remedy = "use 'N', 'D' or 'C', or with N given 'D' or 'S'"
        raise ParameterError("variable", variable, "no law gives it", remedy)

    # -- batches ---------------------------------------------------------------------------------------------------

    def critical_batch(self, L: object) -> Values:
        """``B_crit(L) = B_* L^{-1/α_B}`` in tokens."""
        return self.batch(L)

    def S_min(self, S: object, B: object, L: object) -> Values:
        """The least steps to the loss ``L``, ``S/(1 + B_crit/B)``, from the ``S`` steps of ``B`` tokens that reached it."""
        s, b, loss = together(S=S, B=B, L=L)
        return answer(s / (1 + self.batch.at(loss) / b), "S_min")

    def E_min(self, E: object, B: object, L: object) -> Values:
        """The least tokens processed to the loss ``L``, ``E/(1 + B/B_crit)``; with ``S_min`` on Kaplan's hyperbola.

        .. math:: (S/S_{\\min} - 1)(E/E_{\\min} - 1) = 1, \\qquad E = BS

        Examples
        --------
        >>> law = Kaplan.from_paper()
        >>> S, B, L = 1e4, 2**19, 3.0
        >>> round((S / law.S_min(S, B, L) - 1) * (B * S / law.E_min(B * S, B, L) - 1), 12)
        1.0
        """
        e, b, loss = together(E=E, B=B, L=L)
        return answer(e / (1 + b / self.batch.at(loss)), "E_min")

    def C_min(self, C: object, B: object, L: object) -> Values:
        """The least compute to the loss ``L``, ``C/(1 + B/B_crit)``, in the unit of ``C``."""
        return self.E_min(C, B, L)

    # -- data ------------------------------------------------------------------------------------------------------

    def overfitting(self, N: object, D: object) -> Values:
        """``δL = L(N, D)/L(N, ∞) − 1`` by the joint law."""
        return self.joint.overfitting(N, D)

    def data_for(self, N: object, overfitting: object = 0.02) -> Values:
        """The tokens with which ``δL`` is at most ``overfitting``; at 0.02, ``5519 N^{0.738}``."""
        return self.joint.data_for(N, overfitting)

    def early_stop_step(self, N: object, D: object) -> Values:
        """The bound ``S_stop ≳ S_c [L(N, D) − L(N, ∞)]^{−1/α_S}``: the excess of the joint law, in the law of steps."""
        n, d = together(N=N, D=D)
        excess = positive(np.asarray(self.joint(n, np.inf)) * np.asarray(self.joint.overfitting(n, d)), "excess")
        with np.errstate(all="ignore"):
            return answer(self.steps.S_c * np.exp(-np.log(excess) / self.steps.alpha_S), "S_stop")

    # -- compute ---------------------------------------------------------------------------------------------------

    optimum = allocate
    allocate = allocate

    @property
    def frontier(self) -> Frontier:
        """Appendix B, what ``steps`` and ``batch`` say of compute, of sizes that are not the best and of stopping."""
        return Frontier(self.steps, self.batch)

    crossing = crossing

    # -- formulas --------------------------------------------------------------------------------------------------

    @property
    def formula(self) -> Any:
        """The joint law ``L(N, D)`` as a SymPy equation; each part has its own ``formula``."""
        return self.joint.formula

    @property
    def latex(self) -> str:
        """The joint law in LaTeX."""
        return self.joint.latex

    @staticmethod
    def exponents_symbolic() -> dict[str, dict[str, Any]]:
        """The exponents of ``C`` at the optimum, in SymPy: of Appendix B, and of the joint law at ``C = 6ND``.

        Examples
        --------
        >>> Kaplan.exponents_symbolic()["joint"]["N"]
        alpha_D/(alpha_D + alpha_N)
        """
        import sympy as sp

        C = sp.Symbol("C", positive=True)
        joint = JointLaw(N_c=1, alpha_N=1, D_c=1, alpha_D=1).optimum_formulas
        return {
            "appendix-b": Frontier.exponents(),
            "joint": {name: sp.factor(sp.simplify(C * sp.diff(sp.log(f), C))) for name, f in joint.items()},
        }
