r"""How to spend a budget by Chinchilla's law, and what spending it otherwise costs.

The reducible loss is a sum of two powers of ``f = N D = C/C_0``; :mod:`scalesym.powerlaw`, which knows nothing of this law, gives

.. math:: G = \Big(\frac{\alpha A}{\beta B}\Big)^{\frac1{\alpha+\beta}}, \qquad K = AG^{-\alpha} + BG^\beta .

The functions are methods of :class:`scalesym.laws.chinchilla.Chinchilla`. Level: empirical.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ParameterError
from ..powerlaw import Budget, Law, Term, constants
from ._quantities import Floats, Values, answer, finite, positive, quiet, together
from .chinchilla_results import Allocation

if TYPE_CHECKING:
    from .chinchilla import Chinchilla

__all__ = ["excess_loss", "factors", "optimum", "overtraining_cost", "powers"]

_TRADEOFF = ("data", "parameters")  # at equal compute the first grows with N, the second falls


def powers(law: Chinchilla) -> Law:
    """The reducible loss, over ``f = N D``."""
    size = Term("parameters", 0, Fraction(law.alpha), float(law.A))
    data = Term("data", Fraction(law.beta), 0, float(law.B))
    return Law((size, data), Budget())


def factors(law: Chinchilla) -> tuple[float, float]:
    """``G`` and ``K``.

    Raises
    ------
    ParameterError
        If one leaves the range of double precision.
    """
    try:
        G, K = (float(each) for each in constants(powers(law), _TRADEOFF))
    except ArithmeticError:
        G = K = math.nan
    if not (0 < G < math.inf and 0 < K < math.inf):
        reason = "the constants of the optimum leave the range of double precision"
        shown = float(law.alpha), float(law.beta)
        raise ParameterError("alpha, beta", shown, reason, "use less extreme exponents")
    return G, K


@quiet
def optimum(law: Chinchilla, C: object) -> Allocation:
    """The size and the number of tokens with the least loss at a budget.

    Parameters
    ----------
    C:
        Positive; FLOPs.

    Raises
    ------
    ParameterError
        If ``C`` is not positive, or a result leaves the range of double precision, as it does where ``α + β`` is tiny.

    Examples
    --------
    >>> from scalesym.laws import Chinchilla
    >>> law = Chinchilla.from_paper("hoffmann_tex")
    >>> print(f"{law.optimum(5.76e23).N / 1e9:.1f}")
    40.3
    >>> law.optimum(5.76e23).shares
    {'parameters': 0.456..., 'data': 0.543...}
    """
    budgets = positive(C, "C")
    (G, K), (a, b, gamma) = factors(law), map(float, law.exponents())
    x = budgets / float(law.C_0)
    N = G * x**a
    loss = answer(float(law.E) + K * x**-gamma, "L_opt")
    shares = {"parameters": a, "data": b}
    return Allocation(answer(budgets, "C"), answer(N, "N_opt"), answer(x / N, "D_opt"), loss, shares)


@quiet
def excess_loss(law: Chinchilla, rho: object, C: object = None) -> Values:
    r"""What a model ``ρ`` times the optimal size loses at the same compute.

    .. math:: \frac{L - L_{opt}}{L_{opt} - E} = a\rho^{-\alpha} + b\rho^\beta - 1.

    Parameters
    ----------
    rho:
        Positive, ``N/N_opt``.
    C:
        If given, the answer is the difference of the losses at this compute, in nats, and otherwise the ratio above,
        which is the same at every compute. The terms that cancel near ``ρ = 1`` are left out, not subtracted.

    Raises
    ------
    ParameterError
        If one is not positive, or the result leaves the range of double precision.

    Examples
    --------
    >>> from scalesym.laws import Chinchilla
    >>> law = Chinchilla.from_paper("hoffmann_rounded")
    >>> print(f"{law.excess_loss(2):.4f} {law.excess_loss(2, 5.76e23):.4f}")
    0.0226 0.0055
    """
    ratio, budget = together(rho=rho, C=law.C_0 if C is None else C)
    x, (a, b, gamma) = np.log(ratio), map(float, law.exponents())
    value = a * _beyond_linear(-float(law.alpha) * x) + b * _beyond_linear(float(law.beta) * x)
    return finite(value if C is None else value * (law.K * (budget / float(law.C_0)) ** -gamma), "excess_loss", least=0)


@quiet
def overtraining_cost(law: Chinchilla, N: object, D: object) -> Values:
    """How many times the least compute for its loss a model of ``N`` parameters takes on ``D`` tokens; 1 or more.

    Small models on many tokens cost more to train and less to use.

    Parameters
    ----------
    N, D:
        Positive; broadcast.

    Raises
    ------
    ParameterError
        If one is not positive, or the result leaves the range of double precision.

    Examples
    --------
    >>> from scalesym.laws import Chinchilla
    >>> law = Chinchilla.from_paper("besiroglu2024")
    >>> print(f"{law.overtraining_cost(8e9, 15e12):.2f}")
    5.51
    """
    sizes, tokens = together(N=N, D=D)
    reducible = answer(sum(law.terms(sizes, tokens)), "L - E")
    log_least = np.log(law.K / reducible) / float(law.exponents().gamma)
    return answer(np.maximum(np.exp(np.log(sizes) + np.log(tokens) - log_least), 1.0), "overtraining_cost")


def _beyond_linear(u: Floats) -> Floats:
    """``e^u − 1 − u``, which near 0 is a difference of nearly equal numbers, to full precision."""
    small = np.abs(u) < 0.3
    near = np.where(small, u, 0.0)
    series = np.zeros_like(near)
    for n in range(14, 1, -1):  # u²/2 (1 + u/3 (1 + u/4 (…)))
        series = near / n * (1 + series) if n > 2 else near**2 / 2 * (1 + series)
    return np.asarray(np.where(small, series, np.expm1(u) - u))
