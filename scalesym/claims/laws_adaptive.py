r"""Adaptive training: where the best shape changes, and when the cheapest next step belongs to the cheapest run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise, product
from typing import Any

from ..ledger import Claim, Verdict
from ._printed import prints

__all__ = ["CLAIMS"]

_SOURCE = "Anagnostidis et al., arXiv:2311.03233, for the rule; derived here"

Constants = tuple[Any, Any, Any]  # a, b, c
_EQUAL_EXPONENTS = (((1, 0.5, 0.3), (2, 0.5, 0.1)), ((2, 0.5, 0.1), (6, 0.5, 0.0)), ((0.3, 1.2, 0.25), (0.7, 1.2, 0.2)))
_EQUAL_FLOORS = (((1, 0.6, 0.0), (3, 0.3, 0.0)), ((2, 0.5, 0.1), (1, 0.7, 0.1)), ((0.4, 1.5, 0.2), (5, 0.4, 0.2)))
_SHAPES = ((1, 0.5, 0.3), (2, 0.5, 0.1), (6, 0.5, 0.0))


def _log_cost(law: Constants, error: float) -> float:
    """``ln g``, written out."""
    a, b, c = law
    return float(-math.log(a * b) - (1 / b + 1) * math.log((error - c) / a))


def _crossing(
    place: Callable[..., float], pairs: Sequence[tuple[Constants, Constants]], printed: str | None = None
) -> Verdict:
    """Marginal costs agree at a formula's error; so does the package's proven root, which for the first pair is printed."""
    from ..laws._crossings import crossings
    from ..laws.shape import ShapeLaw

    worst, roots = 0.0, []
    for one, other in pairs:
        error = place(*one, *other)
        if not error > max(one[2], other[2]):
            return Verdict.fails(f"E = {error:.6g} lies below a floor")
        (found,) = crossings(ShapeLaw(*one), ShapeLaw(*other))
        roots.append(found.error)
        worst = max(worst, abs(_log_cost(one, error) - _log_cost(other, error)), abs(error / found.error - 1))
    agree = Verdict.at_most("max |ln g_1/g_2|", worst, 1e-12, pairs=len(pairs), first=roots[0])
    if printed is None:
        return agree
    return Verdict.all_of({"agree": agree, "printed": prints(roots[0], printed)})


def _where_laws_cross(a1: float, b1: float, c1: float, a2: float, b2: float, c2: float) -> float:
    """The error that both laws have at the same compute, for equal exponents."""
    power = (c1 - c2) / (a2 - a1)
    return a1 * power + c1


def _counts(most: int) -> Verdict:
    """How often the marginal costs of two shapes change their order on a fine grid, against the package's proven crossings."""
    from ..laws._crossings import crossings
    from ..laws.shape import ShapeLaw

    counts: dict[int, int] = {}
    missed = 0
    for scale, exponent, floor in product((0.3, 0.9, 1.7, 4), (0.3, 0.5, 1, 1.6), (-0.3, -0.1, 0, 0.2)):
        other, top = (scale, exponent, floor), max(0.0, floor)
        signs = [
            _log_cost((1, 1, 0), e) > _log_cost(other, e) for e in (top + math.exp(k / 20) for k in range(-400, 400))
        ]
        count = sum(one != two for one, two in pairwise(signs))
        counts[count] = counts.get(count, 0) + 1
        missed += count > len(crossings(ShapeLaw(1, 1, 0), ShapeLaw(*other)))
    figures = {f"pairs with {n}": k for n, k in sorted(counts.items())}
    return Verdict.decided(max(counts) == most and not missed, f"at most {max(counts)}, {missed} missed", **figures)


def _law() -> Any:
    from ..laws.adaptive import Adaptive
    from ..laws.shape import ShapeLaw

    return Adaptive({name: ShapeLaw(*constants) for name, constants in zip("ABC", _SHAPES, strict=True)})


def _free(rule: Callable[[dict[str, float]], str]) -> Verdict:
    """Following a rule in small steps costs as much as the package's run, and that is the least of all."""
    law, start, target, steps = _law(), 1.0, 0.15, 4000
    errors = [start * (target / start) ** (k / steps) for k in range(steps + 1)]
    spent = 0.0
    for high, low in pairwise(errors):
        costs = {n: shape.marginal_cost((high + low) / 2) for n, shape in law.shapes.items() if shape.floor < low}
        spent += law.shapes[rule(costs)].compute_between(high, low)
    total, static = law.total_compute(start, target), min(law.static_compute(start, target).values())
    return Verdict.at_most(
        "C/C_least − 1", spent / total - 1, 1e-6, total=total, static=static, saving=law.saving(start, target)
    )


def _paid(total: Callable[[Any, float], float], costs: Sequence[float]) -> Verdict:
    """With a cost of switching: against every assignment of shapes to steps."""
    law, start, target = _law(), 1.0, 0.15
    edges = [start, 0.8, *(each.error for each in law.transitions(start, target)), 0.4, 0.32, 0.18, target]
    edges.sort(reverse=True)
    shapes = list(law.shapes.values())
    worst = 0.0
    for cost in costs:
        best = math.inf
        for plan in product(range(3), repeat=len(edges) - 1):
            steps = list(zip(plan, pairwise(edges), strict=True))
            if all(shapes[k].floor < low for k, (_, low) in steps):
                spent = sum(shapes[k].compute_between(high, low) for k, (high, low) in steps)
                best = min(best, spent + cost * sum(one != other for one, other in pairwise(plan)))
        worst = max(worst, abs(total(law, cost) / best - 1))
    return Verdict.at_most("max |C/C_brute − 1|", worst, 1e-12, costs=len(costs))


def _equal_exponents(a1: float, b1: float, c1: float, a2: float, b2: float, c2: float) -> float:
    rho = (a1 / a2) ** (1 / (1 + b1))
    return float((c1 - rho * c2) / (1 - rho))


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="laws.adaptive.equal-exponents",
        statement="Shapes with equal exponents b trade places at E = (c_1 − ρc_2)/(1 − ρ), ρ = (a_1/a_2)^{1/(1+b)}, and not where the "
        "laws cross",
        latex=r"E^\star = \frac{c_1-\rho c_2}{1-\rho}, \quad \rho = (a_1/a_2)^{1/(1+b)}",
        tier="numeric",
        check=_crossing,
        true={"place": _equal_exponents, "pairs": _EQUAL_EXPONENTS},
        false={
            "where the laws cross": {"place": _where_laws_cross},
            "1/b for 1/(1+b)": {
                "place": lambda a1, b1, c1, a2, b2, c2: (c1 - (a1 / a2) ** (1 / b1) * c2) / (1 - (a1 / a2) ** (1 / b1))
            },
        },
        about=("adaptive.transition.equal-exponents",),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.adaptive.equal-floors",
        statement="Shapes with equal floors c trade places at E − c = [(b_1/b_2) a_2^{1/b_2} a_1^{−1/b_1}]^{1/(1/b_2−1/b_1)}: "
        "at 13.6414490986 for (a, b) = (1, 0.6) and (3, 0.3) with c = 0",
        latex=r"E^\star - c = \Big[\tfrac{b_1}{b_2}a_2^{1/b_2}a_1^{-1/b_1}\Big]^{1/(1/b_2-1/b_1)}",
        tier="numeric",
        check=_crossing,
        true={
            "place": lambda a1, b1, c1, a2, b2, c2: (
                c1 + (b1 / b2 * a2 ** (1 / b2) * a1 ** (-1 / b1)) ** (1 / (1 / b2 - 1 / b1))
            ),
            "pairs": _EQUAL_FLOORS,
            "printed": "13.6414490986",
        },
        false={
            "13.6414494986": {"printed": "13.6414494986"},
            "b_2/b_1": {
                "place": lambda a1, b1, c1, a2, b2, c2: (
                    c1 + (b2 / b1 * a2 ** (1 / b2) * a1 ** (-1 / b1)) ** (1 / (1 / b2 - 1 / b1))
                )
            },
            "where the laws cross": {
                "place": lambda a1, b1, c1, a2, b2, c2: (
                    c1 + (a2 ** (1 / b2) * a1 ** (-1 / b1)) ** (1 / (1 / b2 - 1 / b1))
                )
            },
        },
        about=("adaptive.transition.equal-floors",),
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.adaptive.two-crossings",
        statement="Two shapes trade places at most twice, and twice for some: then one of them is best at both ends",
        tier="numeric",
        check=_counts,
        true={"most": 2},
        false={"at most once": {"most": 1}},
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="laws.adaptive.rule",
        statement="With free switches the least compute takes, at each error, the shape of least −df^{−1}/dE, that is of the largest "
        "derivative, which is negative",
        latex=r"P^\star(E) = \arg\max_P \partial_E f_P^{-1}(E)",
        tier="numeric",
        check=_free,
        true={"rule": lambda costs: min(costs, key=lambda name: costs[name])},
        false={
            "the smallest derivative": {"rule": lambda costs: max(costs, key=lambda name: costs[name])},
            "the lowest floor": {"rule": lambda costs: max(costs)},
        },
        source=_SOURCE,
    ),
    Claim(
        id="laws.adaptive.switch-cost",
        statement="Where each switch costs something, the rule is not the best; dynamic programming over the crossings is",
        tier="numeric",
        check=_paid,
        true={"total": lambda law, cost: law.total_compute(1.0, 0.15, cost), "costs": (1.0, 100.0, 10_000.0)},
        false={
            "the rule": {
                "total": lambda law, cost: law.total_compute(1.0, 0.15) + cost * (len(law.schedule(1.0, 0.15)) - 1)
            },
            "no switch": {"total": lambda law, cost: min(law.static_compute(1.0, 0.15).values())},
        },
        source=_SOURCE,
    ),
)
