r"""The exponents of a phase, seen: local exponents of the exact frontier, and their limit with the leading corrections taken out.

Inside a phase every piece of the loss is a power of ``r`` and ``d`` times a series of smaller powers, so along the frontier

.. math:: \eta(f) = \eta + \sum_i A_i f^{-\delta_i}, \qquad 0 < \delta_1 < \delta_2 < \dots,

and ``ξ(f)`` alike. At budgets in equal steps of ``log f`` this is a constant plus geometric sequences, and Shanks' transformation ``e_m``
takes ``m`` of them out without knowing a ``δ_i`` or an ``A_i``. Nothing of the theory goes into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

from .frontiers import frontier
from .parameters import Exact
from .phases import phase

__all__ = ["FAR", "NEAR", "POINTS", "Seen", "is_slow", "seen", "shanks"]

#: Two points of every phase, as exact text.
POINTS = (
    ("9/10", "2/5"),
    ("7/10", "-1/10"),
    ("2/5", "3/10"),
    ("1/5", "2/5"),
    ("1/5", "4/5"),
    ("1/10", "7/10"),
    ("1", "7/10"),
    ("7/10", "3/5"),
    ("4/5", "6/5"),
    ("1", "2"),
    ("2/5", "4/5"),
    ("8/25", "4/5"),
    ("7/25", "4/5"),
    ("27/100", "6/5"),
)

#: Budgets in equal steps of the logarithm, which meet in practice and which only theory does.
NEAR = (1e9, 1e12, 1e15, 1e18, 1e21, 1e24)
FAR = (1e25, 1e50, 1e75, 1e100, 1e125)

_SLOW, _GOAL = 1e-3, 1e-4  # differences from the theory: of a local exponent at the last budget, of a limit
_ROUNDING = 1e-11  # differences of local exponents below this are no longer of the corrections


def shanks(values: Sequence[float]) -> float:
    r"""The limit of a sequence ``L + Σ A_i q_i^k``, by Shanks' transformation of the highest order the values allow.

    Wynn's ε-algorithm. Of three values, the last three if there are more, it is Aitken's ``c − (c−b)²/((c−b)−(b−a))``. The order is lowered
    where two entries agree to rounding, since their difference is divided by.

    Parameters
    ----------
    values:
        At equal steps of ``log f``; one, at least.

    Examples
    --------
    >>> shanks([1 + 0.5**k + 3 * 0.1**k for k in range(5)])
    1.0000...
    >>> shanks([2.0, 2.0, 2.0])
    2.0
    """
    before, column = [0.0] * (len(values) + 1), [float(value) for value in values]
    best = column[-1]
    for order in range(1, len(values)):
        steps = [b - a for a, b in pairwise(column)]
        if order % 2 and min(abs(step) for step in steps[-2:]) < _ROUNDING:
            break
        before, column = column, [before[i + 1] + 1 / step if step else before[i + 1] for i, step in enumerate(steps)]
        if order % 2 == 0:
            best = column[-1]
    return best


@dataclass(frozen=True)
class Seen:
    """Local exponents at a point, at budgets in equal steps of ``log f``.

    Attributes
    ----------
    alpha, beta:
        The point.
    name:
        Its phase.
    budgets:
        In FLOPs.
    eta, xi:
        Local exponents, one for each budget.
    theory:
        Those of the phase, under the names ``eta`` and ``xi``.
    limits:
        What :func:`shanks` makes of the local ones, under the same names.
    """

    alpha: Exact
    beta: Exact
    name: str
    budgets: tuple[float, ...]
    eta: tuple[float, ...]
    xi: tuple[float, ...]
    theory: dict[str, Exact]
    limits: dict[str, float]

    def off(self, which: str) -> float:
        """By how much the limit of ``"eta"`` or ``"xi"`` differs from the theory's."""
        return self.limits[which] - float(self.theory[which])

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text; exact numbers as text such as ``"12/17"``."""

        def plain(value: Exact) -> str | float:
            return value if isinstance(value, float) else str(value)

        return {
            "alpha": plain(self.alpha),
            "beta": plain(self.beta),
            "name": self.name,
            "budgets": list(self.budgets),
            "eta": list(self.eta),
            "xi": list(self.xi),
            "theory": {key: plain(value) for key, value in self.theory.items()},
            "limits": dict(self.limits),
            "off": {which: self.off(which) for which in self.limits},
        }


def seen(
    alpha: object,
    beta: object,
    budgets: Sequence[float] = NEAR,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
) -> Seen:
    """The local exponents of the exact frontier and their limit; level: deterministic equivalent.

    Parameters
    ----------
    alpha, beta:
        As for :func:`scalesym.phase`.
    budgets:
        Ascending in equal steps of the logarithm.
    v_over_d, gamma, batch:
        As for :func:`~scalesym.frontier`.

    Examples
    --------
    >>> found = seen(1, "7/10", (1e9, 1e12, 1e15, 1e18, 1e21))
    >>> found.name, [round(eta, 5) for eta in found.eta]
    ('II', [0.70513, 0.70564, 0.70578, 0.70583, 0.70586])
    >>> abs(found.off("eta")) < 1e-4
    True
    """
    where = phase(alpha, beta)
    local: dict[str, list[float]] = {"eta": [], "xi": []}
    for part in _parts(budgets):
        found = frontier(alpha, beta, part, v_over_d=v_over_d, gamma=gamma, batch=batch)
        local["eta"] += found.eta.tolist()
        local["xi"] += found.xi.tolist()
    return Seen(
        alpha=where.alpha,
        beta=where.beta,
        name=where.name,
        budgets=tuple(budgets),
        eta=tuple(local["eta"]),
        xi=tuple(local["xi"]),
        theory={"eta": where.eta, "xi": where.xi},
        limits={name: shanks(values) for name, values in local.items()},
    )


def is_slow(found: Seen) -> bool:
    """Whether larger budgets are wanted: an exponent is off by 1e-3 at the last one, or its limit by 1e-4.

    Examples
    --------
    >>> theory, limits = {"eta": 0.5, "xi": 0.5}, {"eta": 0.5, "xi": 0.5003}
    >>> is_slow(Seen(1, 1, "III", (1e9,), (0.5,), (0.5,), theory, limits))
    True
    """
    return any(
        abs(getattr(found, which)[-1] - float(theory)) > _SLOW or abs(found.off(which)) > _GOAL
        for which, theory in found.theory.items()
    )


def _parts(budgets: Sequence[float]) -> list[list[float]]:
    """Those whose logarithms differ by less than a factor three: they share one grid of ``d``, which must be fine enough for all."""
    parts: list[list[float]] = []
    for budget in budgets:
        if parts and log(budget) < 3 * log(parts[-1][0]):
            parts[-1].append(budget)
        else:
            parts.append([budget])
    return parts
