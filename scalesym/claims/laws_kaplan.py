r"""The laws of Kaplan et al. beside the frontier: the joint law, batches, the fitted allocation, and where they contradict each other.

The fitted ``N ∝ C^{0.73}`` does not follow from ``L(N, D)``. Equation 6.7 prints ``4·10^10 C^{0.26}`` tokens for ``2C/(6N)``; with
the ``N`` of table 6 it is ``2.2·10^10 C^{0.27}``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from ..ledger import Claim, Verdict
from ._printed import comes_out, prints, rounds_to

__all__ = ["CLAIMS"]

_KAPLAN = "J. Kaplan et al., arXiv:2001.08361"
_JOINT = {"alpha_N": "0.076", "alpha_D": "0.103"}


def _joint_exponent(exponent: Callable[[Any, Any], Any], printed: str) -> Verdict:
    """The exponent by the linear program of the power laws in exact rationals, and against a printed number."""
    from ..powerlaw import Law, Term

    wrong = 0
    for a_N, a_D in product(map(Fraction, ("0.076", "0.1", "1/3")), map(Fraction, ("0.103", "0.095", "2/5"))):
        best = Law((Term("size", 0, a_N / a_D), Term("data", 1, 0))).optimum()
        wrong += best.xi != exponent(a_N, a_D)
    parts = {
        "formula": Verdict.at_most("wrong exponents", wrong, 0),
        "printed": comes_out(lambda alpha_N, alpha_D: exponent(alpha_N, alpha_D), _JOINT, printed),
    }
    return Verdict.all_of(parts)


def _data_needed(alpha_D: float, coefficient: str, power: str) -> Verdict:
    """``D = k N^q`` keeps ``δL`` at 0.02, with ``k`` and ``q`` to the digits given; only ``q`` rounds to what is printed."""
    from ..laws.kaplan import Kaplan
    from ..laws.kaplan_joint import JointLaw

    joint = Kaplan.from_paper().joint
    law = JointLaw(N_c=joint.N_c, alpha_N=joint.alpha_N, D_c=joint.D_c, alpha_D=alpha_D)
    k, q = law.data_law(0.02)
    drift = max(abs(float(law(N, k * N**q)) / float(law(N, math.inf)) - 1.02) for N in (1e5, 1e9, 1e12))
    parts = {
        "excess": Verdict.at_most("|δL − 0.02|", drift, 1e-12),
        "exponent": prints(q, power),
        "coefficient": prints(k, coefficient),
        "printed exponent": prints(q, "0.74"),
        "other exponent": prints(joint.alpha_N / Kaplan.from_paper().data.alpha, "0.80"),
    }
    return Verdict.all_of(parts)


def _hyperbola(S_min: Callable[..., Any], E_min: Callable[..., Any]) -> Verdict:
    import sympy as sp

    S, B, crit = sp.symbols("S B B_crit", positive=True)
    least_steps, least_data = S_min(S, B, crit), E_min(B * S, B, crit)
    left = sp.simplify((S / least_steps - 1) * (B * S / least_data - 1))
    ratio = sp.simplify(least_data / least_steps - crit)
    return Verdict.decided(left == 1 and ratio == 0, f"product = {left}", product=str(left), batch=str(ratio))


def _tokens(coefficient: str, power: str) -> Verdict:
    """The fitted powers multiply to the budget, and ``2C/(6N)`` is the printed number of tokens."""
    from ..laws.kaplan import PF_DAY, Kaplan

    fit = Kaplan.from_paper().fitted
    budget = 6 * fit.N_e * fit.B_e * fit.S_e / PF_DAY
    tokens = Fraction(2) * Fraction(PF_DAY) / (6 * Fraction(fit.N_e))
    low, high = rounds_to(coefficient)
    parts = {
        "budget": Verdict.at_most("|6NBS/C − 1|", abs(budget - 1), 0.03, ratio=budget),
        "exponents": Verdict.at_most("|sum − 1|", abs(fit.p_N + fit.p_B + fit.p_S - 1), 1e-12),
        "tokens": Verdict.decided(low <= tokens <= high, f"2C/(6N) = {float(tokens):.3g} against {coefficient}"),
        "power": Verdict.at_most("|1 − p_N − power|", abs(1 - fit.p_N - float(power)), 1e-12),
    }
    return Verdict.all_of(parts)


def _crossing(C: float, N: float, D: float, L: str, derived: Mapping[str, str]) -> Verdict:
    """Where two laws cross: to the digits derived, and within a decade of the printed numbers."""
    from ..laws.kaplan import Kaplan

    law = Kaplan.from_paper()
    there = law.crossing()
    decades = {
        name: math.log10(float(getattr(there, name)) / value) for name, value in {"C": C, "N": N, "D": D}.items()
    }
    parts = {
        "cross": Verdict.at_most("|L(C) − L(D)|", abs(float(law.L_C(there.C)) - float(law.L_D(there.D))), 1e-12),
        "decades": Verdict.at_most("decades from the printed", max(map(abs, decades.values())), 1, **decades),
        **{name: prints(float(getattr(there, name)), text) for name, text in derived.items()},
        "printed loss": prints(float(there.L), L),
    }
    return Verdict.all_of(parts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.kaplan.joint-allocation",
        statement=(
            "L(N, D) at C = 6ND is least at N ∝ C^{α_D/(α_N+α_D)}, which is C^{0.575} with its constants: the "
            "fitted C^{0.73} is no consequence of it"
        ),
        latex=r"N \propto C^{\alpha_D/(\alpha_N+\alpha_D)}",
        tier="exact",
        check=_joint_exponent,
        true={"exponent": lambda a_N, a_D: a_D / (a_N + a_D), "printed": "0.575"},
        false={
            "0.73 as fitted": {"printed": "0.73"},
            "α_N for α_D": {"exponent": lambda a_N, a_D: a_N / (a_N + a_D)},
        },
        about=("kaplan.joint.optimum.N",),
        source=f"derived here from {_KAPLAN}, equation 1.5",
        quick=True,
    ),
    Claim(
        id="laws.kaplan.data-needed",
        statement=(
            "δL = 0.02 needs D = 5519 N^{0.738} tokens (printed 5e3 N^{0.74}, where 5519 would be 6e3), with the α_D of the joint fit; "
            "that of L(D) would give N^{0.80}"
        ),
        tier="numeric",
        check=_data_needed,
        true={"alpha_D": 0.103, "coefficient": "5519", "power": "0.738"},
        false={
            "α_D of L(D)": {"alpha_D": 0.095},
            "the printed coefficient": {"coefficient": "5e3"},
        },
        about=("kaplan.overfitting", "kaplan.overfitting.data"),
        source=f"{_KAPLAN}, equation 4.4",
        quick=True,
    ),
    Claim(
        id="laws.kaplan.hyperbola",
        statement=(
            "S_min = S/(1 + B_crit/B) and E_min = E/(1 + B/B_crit) lie on (S/S_min − 1)(E/E_min − 1) = 1, with "
            "E_min/S_min = B_crit"
        ),
        latex=r"\Big(\frac S{S_{\min}}-1\Big)\Big(\frac E{E_{\min}}-1\Big) = 1",
        tier="exact",
        check=_hyperbola,
        true={"S_min": lambda S, B, crit: S / (1 + crit / B), "E_min": lambda E, B, crit: E / (1 + B / crit)},
        false={"B/B_crit in both": {"S_min": lambda S, B, crit: S / (1 + B / crit)}},
        about=("kaplan.batch.hyperbola", "kaplan.batch.steps", "kaplan.batch.compute"),
        source=f"{_KAPLAN}, equations 5.1 to 5.5",
        quick=True,
    ),
    Claim(
        id="laws.kaplan.fitted-allocation",
        statement=(
            "The fitted N, B and S_min multiply to the budget; one epoch, 2C/(6N), is then 2.2e10 C^{0.27} tokens "
            "as in table 6, not the 4e10 C^{0.26} of equation 6.7"
        ),
        tier="exact",
        check=_tokens,
        true={"coefficient": "2e10", "power": "0.27"},
        false={"4e10 as in equation 6.7": {"coefficient": "4e10"}, "0.26 as in equation 6.7": {"power": "0.26"}},
        source=f"{_KAPLAN}, table 6 and equation 6.7",
        quick=True,
    ),
    Claim(
        id="laws.kaplan.crossing",
        statement=(
            "L(C_min) and L(D) with D of table 6 cross at 1.1e4 PF-days, 1.2e12 parameters, 2.5e11 tokens and "
            "1.67 nats: the printed 1e4, 1e12, 1e12 and 1.7, within an order of magnitude"
        ),
        tier="numeric",
        check=_crossing,
        true={
            "C": 1e4,
            "N": 1e12,
            "D": 1e12,
            "L": "1.7",
            "derived": {"C": "1.1e4", "N": "1.2e12", "D": "2.5e11", "L": "1.67"},
        },
        false={
            "the printed numbers": {"derived": {"C": "1.0e4", "N": "1.0e12", "D": "1.0e12", "L": "1.70"}},
            "two decades more data": {"D": 1e14},
            "2.0 nats": {"L": "2.0"},
        },
        rests_on=("laws.kaplan.fitted-allocation",),
        source=f"{_KAPLAN}, equation 6.8",
        quick=True,
    ),
)
