r"""The saturating power law, of vision transformers and of shapes between which training switches.

.. math:: E(C) = a\,(C+d)^{-b} + c .

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Check, Condition, Derivation, DerivationError, Outcome
from ...formulas.statement import Statement
from .algebra import gathered, solved
from .roads import CTX, Numbers, crossing, differences, number, places, valued
from .wording import entries

__all__ = ["law", "statements"]

_Expr = Any
C, E, E_0, E_T = (ALPHABET[name] for name in ["C", "error", "error_0", "error_T"])
_Q = QUANTITIES
_LETTERS = ("scale", "exponent", "floor", "shift")
_MEANINGS = {
    "scale": "the scale",
    "exponent": "the exponent",
    "floor": "the floor",
    "shift": "the shift of compute",
}


def _symbols(index: str = "") -> tuple[Any, Any, Any, Any]:
    """``a``, ``b``, ``c`` and ``d``, of a shape; the ``d`` of shapes 1 and 2 is in no formula."""
    a, b, c, d = (ALPHABET.get(f"{name}_{index}" if index else name) for name in _LETTERS)
    return a, b, c, d


def _said(index: str, words: str) -> dict[str, str]:
    return {f"{name}_{index}" if index else name: f"{said}{words}" for name, said in _MEANINGS.items()}


_vit = entries(
    "arXiv:2106.04560",
    {"C": "compute in core-days", "error": "an error rate", **_said("", "")},
)
_adaptive = entries(
    "arXiv:2311.03233",
    {
        "C": "compute",
        "error": "an error",
        "error_0": "the error at which training with the shape begins",
        "error_T": "the error at which it ends",
        **_said("", " of both shapes"),
        **{
            name: words
            for index, shape in (("P", "the shape P"), ("1", "shape 1"), ("2", "shape 2"))
            for name, words in _said(index, f" of {shape}").items()
        },
    },
)


def law(index: str = "") -> Derivation:
    """The law of one shape, assumed.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(law())
    'c + a · (C + d)^(-b)'
    """
    a, b, c, d = _symbols(index)
    left = _Q["error_P" if index else "error"](C)
    prose = "The error after training with compute $C$, at the best size: a power law that saturates twice."
    if index:
        prose = "The error after training one shape with compute $C$: a power law that saturates twice."
    return Derivation(left, a * (C + d) ** -b + c, "empirical", prose)


def _names(index: str, *others: str) -> str:
    return " ".join((*(f"{name}_{index}" if index else name for name in _LETTERS), *others))


def _above(index: str) -> tuple[Numbers, ...]:
    """Points with an error between the floor and what the law is without compute."""
    a, b, c, d = (symbol.name for symbol in _symbols(index))

    def inside(at: Numbers) -> bool:
        return bool(at[c] < at["error"] < at[c] + at[a] * at[d] ** -at[b])

    return places(_names(index, "error"), 4, inside)


@lru_cache(maxsize=2)
def _inverse(index: str) -> Derivation:
    _, _, c, d = _symbols(index)
    above = Condition(sp.Gt(E, c, evaluate=False), "the error stays above its floor")

    def solve(e: _Expr) -> Outcome:
        whole = sp.Symbol("nu", positive=True)  # C + d
        return Outcome(solved(E - c, (e - c).subs(C, whole - d), whole) - d, (above,))

    def road(at: Numbers) -> Any:
        return crossing(lambda x: number(law(index).expression, {**at, "C": x}) - at["error"])

    return law(index).then(
        "solved for the compute",
        solve,
        valued(_above(index), road, "bisection of the law"),
        relation="",
        prose="The error falls with compute, and takes every value between its floor and its ceiling once.",
    )


@lru_cache(maxsize=2)
def _cost(index: str) -> Derivation:
    def slope(e: _Expr) -> Outcome:
        return Outcome(gathered(sp.powsimp(-sp.diff(e, E))))

    def by_differences(e: _Expr, at: Numbers) -> Any:
        return -CTX.diff(lambda x: number(e, {**at, "error": x}), at["error"])

    return _inverse(index).then(
        "slope",
        slope,
        differences(_above(index), by_differences),
        relation="",
        prose="The compute for a unit of error, $-dC/dE$. It does not depend on $d$, which only shifts compute.",
    )


def _slope() -> Derivation:
    _, _, c, _ = _symbols()

    def by_differences(e: _Expr, at: Numbers) -> Any:
        return CTX.diff(lambda u: CTX.log(number(e, {**at, "C": CTX.exp(u)}) - at["floor"]), CTX.log(at["C"]))

    return law().then(
        "logarithmic slope",
        lambda e: Outcome(sp.simplify(C * sp.diff(sp.log(e - c), C))),
        differences(places(_names("", "C"), 4), by_differences),
        relation="",
        prose=r"Of what is above the floor, $d\log(E-c)/d\log C$: 0 at small compute, $-b$ at large, half-way at $C=d$.",
    )


def _end(name: str, operation: Any, check: Check, prose: str) -> Derivation:
    return law().then(name, operation, check, relation="", prose=prose)


def _floor() -> Derivation:
    def limit(e: _Expr) -> Outcome:
        shrinking, d = sp.Symbol("nu", positive=True), _symbols()[3]  # 1/(C + d)
        return Outcome(sp.powdenest(e.subs(C, 1 / shrinking - d), force=True).subs(shrinking, 0))

    def far(at: Numbers) -> Any:
        return number(law().expression, {**at, "C": CTX.mpf(10) ** 500})

    return _end(
        "compute without end",
        limit,
        valued(places(_names(""), 4), far, "the law at a compute of 10^500"),
        "The power vanishes.",
    )


def _ceiling() -> Derivation:
    def near(at: Numbers) -> Any:
        return number(law().expression, {**at, "C": CTX.mpf(10) ** -50})

    return _end(
        "no compute",
        lambda e: Outcome(e.subs(C, 0)),
        valued(places(_names(""), 4), near, "the law at a compute of 10^-50"),
        "The law at $C=0$.",
    )


# -- several shapes ----------------------------------------------------------------------------------------------------


def _segment() -> Derivation:
    _, _, c, _ = _symbols("P")
    order = Condition(sp.Gt(E_0, E_T, evaluate=False), "training lowers the error")
    above = Condition(sp.Gt(E_T, c, evaluate=False), "the error stays above its floor")
    points = places(
        "scale_P exponent_P floor_P error_0 error_T", 3, lambda at: at["error_0"] > at["error_T"] > at["floor_P"] + 0.1
    )
    compute = _inverse("P").expression

    def total(e: _Expr) -> Outcome:
        return Outcome(sp.Integral(e, (E, E_T, E_0)), (order, above))

    def integrated(e: _Expr) -> Outcome:
        if gathered(sp.powsimp(-sp.diff(compute, E))) != e.function:
            raise DerivationError("the compute is no antiderivative of what is spent")
        return Outcome(compute.subs(E, E_T) - compute.subs(E, E_0))

    def summed(at: Numbers) -> Any:
        cost = _cost("P").expression
        return CTX.quad(lambda x: number(cost, {**at, "error": x}), CTX.linspace(at["error_T"], at["error_0"], 9))

    said = "Gauss-Legendre quadrature of the cost"
    return (
        _cost("P")
        .then(
            "from one error to another",
            total,
            valued(points, lambda at: _difference(at), "the difference of two bisections of the law"),
            relation="",
            prose="A run with this shape spends $g_P\\,dE$ on every small step down.",
        )
        .then(
            "integrated",
            integrated,
            valued(points, summed, said),
            prose="The compute itself is the antiderivative, and its shift $d$ drops out.",
        )
    )


def _difference(at: Numbers) -> Any:
    def compute(error: Any) -> Any:
        there = {**at, "shift_P": CTX.zero}
        return crossing(lambda x: number(law("P").expression, {**there, "C": x}) - error)

    return compute(at["error_T"]) - compute(at["error_0"])


def _of(cost: _Expr, **values: _Expr) -> _Expr:
    """The marginal cost with other constants."""
    return cost.subs({ALPHABET[f"{name}_P"]: value for name, value in values.items()}, simultaneous=True)


def _equal_exponents() -> Derivation:
    (a1, _, c1, _), (a2, _, c2, _), (_, b, _, _) = _symbols("1"), _symbols("2"), _symbols()
    apart = Condition(sp.Gt((a2 - a1) * (c1 - c2), 0, evaluate=False), "one shape costs less at every error")
    points = places(
        "scale_1 scale_2 exponent floor_1 floor_2",
        4,
        lambda at: (at["scale_2"] - at["scale_1"]) * (at["floor_1"] - at["floor_2"]) > 0.05,
    )

    def equation(cost: _Expr) -> Outcome:
        one, other = (_of(cost, scale=a, exponent=b, floor=c) for a, c in ((a1, c1), (a2, c2)))
        return Outcome(sp.Eq(one, other, evaluate=False))

    def solve(e: _Expr) -> Outcome:
        first, second = sp.symbols("nu_1 nu_2", positive=True)  # E - c_1, E - c_2
        sides = (side.subs(E, above + c) for side, above, c in ((e.lhs, first, c1), (e.rhs, second, c2)))
        one, other = sides
        ratio = gathered(solved(one, other, first) / second)
        (found,) = sp.solve(E - c1 - sp.Symbol("mu") * (E - c2), E)
        over, under = sp.fraction(found)
        return Outcome((-over / -under).subs(sp.Symbol("mu"), ratio), (apart,))

    return _crossing(equation, solve, points, lambda at: max(at["floor_1"], at["floor_2"]), "exponents")


def _equal_floors() -> Derivation:
    (a1, b1, _, _), (a2, b2, _, _), (_, _, c, _) = _symbols("1"), _symbols("2"), _symbols()
    points = places(
        "scale_1 scale_2 exponent_1 exponent_2 floor", 4, lambda at: abs(at["exponent_1"] - at["exponent_2"]) > 0.5
    )

    def equation(cost: _Expr) -> Outcome:
        one, other = (_of(cost, scale=a, exponent=b, floor=c) for a, b in ((a1, b1), (a2, b2)))
        return Outcome(sp.Eq(one, other, evaluate=False))

    def solve(e: _Expr) -> Outcome:
        above = sp.Symbol("nu", positive=True)  # E - c
        one, other = (side.subs(E, above + c) for side in e.args)
        return Outcome(c + solved(one, other, above))

    return _crossing(equation, solve, points, lambda at: at["floor"], "floors")


def _crossing(equation: Any, solve: Any, points: tuple[Numbers, ...], floor: Any, equal: str) -> Derivation:
    def by_cost(at: Numbers) -> Any:
        """Where a unit of error costs as much with one shape as with the other, by the slopes of their laws."""
        constants = [
            [at.get(f"{name}_{k}", at.get(name, CTX.zero)) for name in ("scale", "exponent", "floor")] for k in "12"
        ]

        def slope(error: Any, k: int) -> Any:
            a, b, c = constants[k]
            spent = CTX.exp(CTX.log(a / (error - c)) / b)
            return a * b * spent ** (-b - 1)

        def gap(u: Any) -> Any:
            error = floor(at) + CTX.exp(u)
            return slope(error, 0) / slope(error, 1) - 1

        return floor(at) + CTX.exp(crossing(gap, -60, 60))

    def root(before: _Expr, outcome: Outcome) -> Any:
        return valued(points, by_cost, "bisection of the ratio of the laws' own slopes")(before, outcome)

    def both_there(before: _Expr, outcome: Outcome) -> Any:
        left, right = outcome.expression.args
        there = tuple({**at, "error": by_cost(at)} for at in points)
        return valued(there, lambda at: number(right, at), "the other side at the bisection's error")(
            before, Outcome(left)
        )

    return (
        _cost("P")
        .then(
            "of two shapes",
            equation,
            both_there,
            relation="",
            prose=f"Both shapes cost the same; their {equal} are equal.",
        )
        .then(
            "solved for the error",
            solve,
            root,
            relation="",
            prose="In logarithms this is a linear equation.",
        )
    )


def statements() -> tuple[Statement, ...]:
    """The law of vision transformers with its slopes and ends, and what it says of a change of shape."""
    here = "derived here"
    error, cost = _Q["error"], _Q["cost"]
    return (
        _vit("vit.law", error(C), law(), status="assumed"),
        _vit("vit.inverse", _Q["compute"](E), _inverse(""), where=here),
        _vit("vit.slope", _Q["loss_slope"](C), _slope(), where=here),
        _vit("vit.floor", sp.Limit(error(C), C, sp.oo), _floor(), where=here),
        _vit("vit.ceiling", error(0), _ceiling(), where=here),
        _vit("vit.marginal-cost", cost(E), _cost(""), where=here),
        _adaptive("adaptive.law", _Q["error_P"](C), law("P"), status="assumed"),
        _adaptive("adaptive.inverse", _Q["compute_P"](E), _inverse("P"), where=here),
        _adaptive("adaptive.marginal-cost", _Q["cost_P"](E), _cost("P"), where=here),
        _adaptive("adaptive.segment", _Q["compute_P"](E_T) - _Q["compute_P"](E_0), _segment(), where=here),
        _adaptive("adaptive.transition.equal-exponents", E, _equal_exponents(), where=here),
        _adaptive("adaptive.transition.equal-floors", E, _equal_floors(), where=here),
    )
