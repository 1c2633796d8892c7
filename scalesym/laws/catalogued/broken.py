r"""Broken laws: the form for none, one and two breaks, their slopes, the turning point, and Astropy's constants.

The forms and their symbols are those of :class:`scalesym.laws.BNSL`, in the catalogue's letters.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Condition, Derivation, DerivationError, Outcome
from ...formulas.statement import Statement
from .._broken_symbols import formula, slope_formula, turning_point_formula
from .algebra import gathered, renamed
from .roads import CTX, Numbers, crossing, differences, number, places, valued
from .wording import entries

__all__ = ["law", "statements"]

_Expr = Any
x, a, b, c_0, c_1, d_1, f_1, A = (
    ALPHABET[name] for name in ["scarce", "limit", "offset", "c_0", "c_1", "d_1", "f_1", "A"]
)
_Q = QUANTITIES
_NAMES = {"x": "scarce", "a": "limit", "b": "offset"}
_ORDINALS = {1: "first", 2: "second"}
_CONSTANTS = "limit offset c_0 c_1 d_1 f_1"
_state = entries(
    "arXiv:2210.14891",
    {
        "scarce": "what is varied: data, parameters or compute",
        "limit": "the limit of y",
        "offset": "the height of the first segment",
        "c_0": "minus the slope of the first segment",
        "A": "the amplitude, y at the break",
        **{f"c_{i}": f"minus the change of slope at the {word} break" for i, word in _ORDINALS.items()},
        **{f"d_{i}": f"the place of the {word} break" for i, word in _ORDINALS.items()},
        **{f"f_{i}": f"the width of the {word} break" for i, word in _ORDINALS.items()},
    },
)


def law(breaks: int) -> Derivation:
    """The law with this many breaks, assumed.

    Examples
    --------
    >>> law(0).expression
    limit + offset/scarce**c_0
    """
    prose = "A quantity $y$ that depends on $x$ by several powers, each in its range, with smooth breaks between them."
    return Derivation(_Q["measured"](x), renamed(formula(breaks).rhs, **_NAMES), "empirical", prose)


def _places(breaks: int, *others: str) -> tuple[Numbers, ...]:
    names = [f"{letter}_{i}" for letter in "cdf" for i in range(1, breaks + 1)]
    return places(" ".join(("limit", "offset", "c_0", *names, *others)), 4)


@lru_cache(maxsize=3)
def _slope(breaks: int) -> Derivation:
    def by_differences(e: _Expr, at: Numbers) -> Any:
        return CTX.diff(lambda u: CTX.log(number(e, {**at, "scarce": CTX.exp(u)}) - at["limit"]), CTX.log(at["scarce"]))

    return law(breaks).then(
        "logarithmic slope",
        lambda e: Outcome(renamed(slope_formula(breaks).rhs, **_NAMES)),
        differences(_places(breaks, "scarce"), by_differences),
        relation="",
        prose=r"Of what is above the limit, $d\log(y-a)/d\log x$, factor by factor.",
    )


def _turning_point() -> Derivation:
    turns = Condition(sp.Lt(c_0 * (c_0 + c_1), 0, evaluate=False), "otherwise the law is monotone")
    points = tuple(
        {**at, "c_0": -at["c_0"]} if at["f_1"] > 1 else {**at, "c_1": -at["c_1"]}
        for at in places(_CONSTANTS, 6, lambda at: at["c_1"] > at["c_0"] + 0.1)
    )

    one_break = law(1).expression

    def road(at: Numbers) -> Any:
        def curve(u: Any) -> Any:
            return number(one_break, {**at, "scarce": CTX.exp(u)})

        return CTX.exp(crossing(lambda u: CTX.diff(curve, u), *_around(at)))

    return _slope(1).then(
        "where it is 0",
        lambda e: Outcome(renamed(turning_point_formula().rhs, **_NAMES), (turns,)),
        valued(points, road, "bisection of the numerical slope of the law"),
        relation="",
        prose=r"With $X=(x/d_1)^{1/f_1}$ the numerator of the slope is linear in $X$.",
    )


def _around(at: Numbers) -> tuple[Any, Any]:
    """Logarithms far below and far above that of the break, on the scale of its width."""
    return CTX.log(at["d_1"]) - 30 * at["f_1"], CTX.log(at["d_1"]) + 30 * at["f_1"]


def _amplitude() -> Derivation:
    def astropy(at: Numbers) -> Any:
        """``A (x/x_b)^{-α_1} {[1 + (x/x_b)^{1/Δ}]/2}^{(α_1-α_2)Δ}`` at some ``x``, of which ``A`` is the only unknown."""
        first, second, place, width = at["c_0"], at["c_0"] + at["c_1"], at["d_1"], at["f_1"]
        y = number(law(1).expression, at) - at["limit"]
        t = at["scarce"] / place
        return y / (t**-first * ((1 + t ** (1 / width)) / 2) ** ((first - second) * width))

    def at_break(e: _Expr) -> Outcome:
        value = (e - a).subs(x, d_1) / b
        if value.has(x):
            raise DerivationError("the law is not a multiple of its height")
        return Outcome(b * gathered(value))

    return law(1).then(
        "at the break",
        at_break,
        valued(_places(1, "scarce"), astropy, "Astropy's form of the law at another x"),
        relation="",
        prose=r"Above its limit. Astropy's smoothly broken power law with $\alpha_1=c_0$, $\alpha_2=c_0+c_1$, $x_b=d_1$ and "
        r"$\Delta=f_1$ is the same where its amplitude is the value at the break.",
    )


def statements() -> tuple[Statement, ...]:
    """The law with up to two breaks, its slope, and with one break where it turns and how Astropy has it."""
    here = "derived here"
    found = [
        _state(f"bnsl.law.{name}", _Q["measured"](x), law(breaks), status="assumed")
        for breaks, name in enumerate(("unbroken", "one-break", "two-breaks"))
    ]
    return (
        *found,
        _state("bnsl.slope.one-break", _Q["loss_slope"](x), _slope(1), where=here),
        _state("bnsl.slope.two-breaks", _Q["loss_slope"](x), _slope(2), where=here),
        _state("bnsl.turning-point", x, _turning_point(), where=here),
        _state("bnsl.amplitude", A, _amplitude(), where=here),
    )
