r"""How to spend compute by the laws of Kaplan et al.: three answers, and where the laws that give them contradict each other.

Appendix B derives an allocation from the law of steps and the critical batch, the paper fits another to the frontier, and the joint
law of size and data would give a third. ``N ∝ C^{0.68}``, ``C^{0.73}`` and ``C^{0.58}``: they are not consequences of one another.

The functions are methods of :class:`scalesym.laws.kaplan.Kaplan`. Level: empirical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ParameterError
from ._power import flop, pf_days
from ._quantities import answer
from .kaplan_frontier import Allocation

if TYPE_CHECKING:
    from .kaplan import Kaplan

__all__ = ["allocate", "crossing"]


def allocate(law: Kaplan, C: object, model: str = "appendix-b", unit: str = "PF-days") -> Allocation:
    """How to spend the compute ``C_min``; ``allocate`` and ``optimum`` are one method.

    Parameters
    ----------
    C:
        The budget, positive.
    model:
        ``"appendix-b"``: the least loss of ``L(N, S)`` at the critical batch, in closed form; ``D = B S`` with ``S = S_min``.
        ``"fitted"``: the powers that were fitted; ``L`` is ``L(C_min)``, and ``D`` is one epoch at the critical batch, which takes
        ``2 C_min`` and so twice the tokens. ``"joint"``: the least loss of ``L(N, D)`` at ``C = 6ND``, which the paper does not
        recommend: that law is of early stopping.
    unit:
        Of ``C``.

    Raises
    ------
    ParameterError
        If the model or the unit is another, or ``C`` is not positive.

    Examples
    --------
    >>> from scalesym.laws import Kaplan
    >>> law = Kaplan.from_paper()
    >>> [f"{law.allocate(1.0, model).N:.3g}" for model in ("appendix-b", "fitted", "joint")]
    ['6.04e+08', '1.3e+09', '1.52e+09']
    """
    c = pf_days(C, unit)
    if model == "appendix-b":
        return law.frontier.optimum(c)
    if model == "fitted":
        return law.fitted.optimum(c, law.compute)
    if model == "joint":
        return Allocation(answer(c, "C"), *law.joint.optimum(flop(c)), None, None, model)
    raise ParameterError("model", model, "no such allocation", "use 'appendix-b', 'fitted' or 'joint'")


def crossing(law: Kaplan) -> Allocation:
    """Where ``L(C_min)`` falls below what ``L(D)`` allows the fitted ``D(C_min)``: the laws fail there at the latest.

    Raises
    ------
    ParameterError
        If the two do not cross in this order.

    Examples
    --------
    >>> from scalesym.laws import Kaplan
    >>> there = Kaplan.from_paper().crossing()
    >>> print(f"{there.C:.2g} PF-days, {there.N:.2g} parameters, {there.D:.1g} tokens, {there.L:.2f} nats")
    1.1e+04 PF-days, 1.2e+12 parameters, 2e+11 tokens, 1.67 nats
    """
    slope = law.compute.alpha - law.data.alpha * law.fitted.p_D
    if slope <= 0:
        raise ParameterError("alpha_C", law.compute.alpha, "L(C) never falls below L(D)", "use a larger alpha_C")
    height = law.compute.alpha * np.log(law.compute.x0)
    height -= law.data.alpha * (np.log(law.data.x0) - np.log(law.fitted.D_e))
    with np.errstate(all="ignore"):
        return allocate(law, answer(np.exp(height / slope), "C"), "fitted")
