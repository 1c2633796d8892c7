"""Schedules of shapes: by the rule where switches are free, by dynamic programming where they cost or are restricted.

The errors are cut where the order of marginal costs or the set of shapes can change. Between cuts one shape is best throughout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from ..errors import ParameterError
from ._crossings import crossings
from .shape import ShapeLaw

__all__ = [
    "TIE",
    "Leg",
    "Transition",
    "covers",
    "cuts",
    "events",
    "highest",
    "log_costs",
    "planned",
    "transition",
    "traversal",
    "usable",
]

TIE = 1e-12  # relative: marginal costs closer than this are equal

Shapes = Mapping[str, ShapeLaw]
Plan = list[tuple[str, float, float]]


@dataclass(frozen=True)
class Leg:
    """A part of a schedule: ``shape`` from the error ``high`` to ``low`` for ``compute``."""

    shape: str
    high: float
    low: float
    compute: float


@dataclass(frozen=True)
class Transition:
    """A change of the best shape at ``error``: ``"equal exponents"``, ``"equal floors"``, ``"general"`` or ``"ceiling"``.

    The first two have closed forms; at a ceiling, the new shape's law begins. ``radius`` is that of
    :class:`scalesym.laws._crossings.Crossing`, 0 at a ceiling.
    """

    error: float
    before: str
    after: str
    kind: str
    radius: float


def log_costs(shapes: Shapes, E: float) -> dict[str, float]:
    """``ln g_P`` of the shapes that have this error."""
    out = {}
    for name, law in shapes.items():
        if float(law.floor) < E <= law.ceiling:
            b, log_scale = float(law.exponent), math.log(law.scale)
            out[name] = -(1 / b + 1) * (math.log(E - float(law.floor)) - log_scale) - log_scale - math.log(b)
    return out


def covers(law: ShapeLaw, high: float, low: float) -> bool:
    """Whether a law has all errors from ``high`` to ``low``, both included."""
    return float(law.floor) < low and high <= law.ceiling


def highest(shapes: Shapes) -> float:
    """An error above everything that happens, or the highest ceiling."""
    top = max(law.ceiling for law in shapes.values())
    return top if top < math.inf else 2 * max([1.0, *(abs(cut) for cut in events(shapes))]) + 1


def events(shapes: Shapes) -> list[float]:
    """The errors at which the order of marginal costs or the set of shapes can change."""
    laws = list(shapes.values())
    cuts = [found.error for one, other in combinations(laws, 2) for found in crossings(one, other)]
    return cuts + [float(law.floor) for law in laws] + [law.ceiling for law in laws if law.ceiling < math.inf]


def cuts(shapes: Shapes, high: float, low: float) -> list[float]:
    """Both ends and the events between them, falling."""
    return [high, *sorted({cut for cut in events(shapes) if low < cut < high}, reverse=True), low]


def traversal(shapes: Shapes, high: float, low: float) -> Plan:
    """The cheapest run with free switches: ``(shape, from, to)``, staying where costs tie."""
    out: Plan = []
    for top, end in pairwise(cuts(shapes, high, low)):
        costs = usable(shapes, top, end)
        least = min(costs.values())
        now = out[-1][0] if out else None
        name = (
            now if now in costs and costs[now] <= least + TIE else next(n for n, c in costs.items() if c <= least + TIE)
        )
        assert name is not None
        _follow(out, name, top, end)
    return out


def transition(shapes: Shapes, before: str, after: str, error: float) -> Transition:
    """What happens at an error where a traversal changes the shape."""
    for found in crossings(shapes[before], shapes[after]):
        if abs(found.error - error) <= 1e-14 * max(1.0, abs(error)):
            return Transition(error, before, after, found.kind, found.radius)
    return Transition(error, before, after, "ceiling", 0.0)


def usable(shapes: Shapes, top: float, end: float) -> dict[str, float]:
    """The logarithmic marginal costs in the middle of a cell, of the shapes that have all of its errors."""
    middle = top / 2 + end / 2
    costs = {n: c for n, c in log_costs(shapes, middle).items() if top <= shapes[n].ceiling}
    if not costs:
        raise ParameterError(
            "E", middle, f"no shape has the errors from {top:.9g} to {end:.9g}", "add a shape or stop above"
        )
    return costs


def planned(shapes: Shapes, high: float, low: float, cost: float, ordered: bool) -> Plan:
    """Dynamic programming over the cells between events.

    For a given order of shapes the total depends on each switch's error separately, with the derivative ``g_P - g_Q`` or, where
    several switches coincide, that of the first and the last shape. So in some best schedule every switch is at an event.
    """
    names = list(shapes)
    edges = cuts(shapes, high, low)
    totals = dict.fromkeys(names, 0.0)
    ways: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())
    for top, end in pairwise(edges):
        usable(shapes, top, end)
        fresh: dict[str, float] = {}
        paths: dict[str, tuple[str, ...]] = {}
        for k, name in enumerate(names):
            law = shapes[name]
            if not covers(law, top, end):
                continue
            options = [(totals[name], 0, name)] if name in totals else []
            for j, other in enumerate(names):
                if other in totals and other != name and ways[other] and (not ordered or j < k):
                    options.append((totals[other] + cost, 1, other))
            if options:
                spent, _, origin = min(options, key=lambda each: each[:2])
                fresh[name] = spent + law.compute_between(top, end)
                paths[name] = (*ways[origin], name)
        totals, ways = fresh, paths
    if not totals:
        remedy = "give the shapes in another order, or stop above"
        raise ParameterError("ordered", ordered, "no sequence of shapes in this order leads to the target", remedy)
    out: Plan = []
    for name, (top, end) in zip(ways[min(totals, key=lambda n: totals[n])], pairwise(edges), strict=True):
        _follow(out, name, top, end)
    return out


def _follow(plan: Plan, name: str, top: float, end: float) -> None:
    """Append a leg, or lengthen the last one."""
    if plan and plan[-1][0] == name:
        top = plan.pop()[1]
    plan.append((name, top, end))
