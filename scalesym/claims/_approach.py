"""The verdict on an asymptotic statement: a ratio that tends to 1 along a sequence.

No finite computation shows a limit. What is asked for instead is sharp enough to refute a wrong constant: at every
step the ratio comes *closer* to 1, and at the end it lies within a stated distance. A law that is off by a factor comes
closer to that factor, and sooner or later moves away from 1 or stops short of the bound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..ledger import Verdict

__all__ = ["approach"]


def approach(ratios: Mapping[str, Sequence[float]], within: float | Mapping[str, float]) -> Verdict:
    """Whether every sequence of ratios comes closer to 1 at each step and ends within the stated distance of it.

    Parameters
    ----------
    ratios:
        The sequences, by the name of the point they belong to.
    within:
        The final distance allowed, for all points or for each.

    Examples
    --------
    >>> approach({"n = 1, 10, 100": [1.1, 1.01, 1.001]}, within=0.01).deciding
    'final |ratio − 1| = 0.001 ≤ 0.01'
    >>> approach({"a wrong constant": [1.6, 1.51, 1.501]}, within=0.01).outcome
    'fails'
    """
    figures = {name: " → ".join(_shown(float(ratio)) for ratio in sequence) for name, sequence in ratios.items()}
    if not ratios or not all(math.isfinite(ratio) for sequence in ratios.values() for ratio in sequence):
        return Verdict.unknown("a ratio is not a number", **figures)
    final: dict[str, tuple[float, float]] = {}
    for name, sequence in ratios.items():
        distances = [abs(float(ratio) - 1) for ratio in sequence]
        if not all(later < earlier for earlier, later in pairwise(distances)):
            return Verdict.fails(f"no approach to 1 at {name}: {figures[name]}", **figures)
        final[name] = distances[-1], within if isinstance(within, float) else within[name]
    distance, bound = max(final.values(), key=lambda pair: pair[0] / pair[1])
    return Verdict.at_most("final |ratio − 1|", distance, bound, **figures)


def _shown(ratio: float) -> str:
    """Six digits, or what is left of them near 1."""
    return f"1{ratio - 1:+.1e}" if abs(ratio - 1) < 1e-4 else f"{ratio:.6g}"
