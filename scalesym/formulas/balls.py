"""Closed forms in Arb's ball arithmetic, the road that shares no code with mpmath.

Arb and mpmath order the arguments of the incomplete gamma functions differently (``arb.gamma_lower(x, s)``, but
``mpmath.gammainc(s, a, b)``); this is the one place where trees meet Arb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

from ..errors import ParameterError
from .trees import Tree

__all__ = ["enclosed"]

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "gamma": lambda s: s.gamma(),
    "lowergamma": lambda s, x: x.gamma_lower(s),
    "uppergamma": lambda s, x: x.gamma_upper(s),
    "expint": lambda order, x: x.expint(order),
    "Add": lambda *parts: reduce(add, parts),
    "Mul": lambda *parts: reduce(mul, parts),
    "Pow": lambda base, exponent: base**exponent,
}


def enclosed(tree: Tree, values: Mapping[str, Fraction], digits: int, ctx: Any) -> tuple[Any, Any]:
    """Centre and radius of a ball that contains the value of a closed form, as numbers of the mpmath context ``ctx``.

    The radius is a proven bound for exact (rational) values of the letters.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> centre, radius = enclosed(["lowergamma", 2, 3], {}, 15, MPContext())
    >>> abs(float(centre) - 0.8008517265285442) < 1e-15, float(radius) < 1e-14
    (True, True)
    """
    import flint

    with flint.ctx.workdps(digits + 5):
        ball = _ball(tree, values, flint)
        centre, radius = (ctx.ldexp(*map(int, end.man_exp())) for end in (ball.mid(), ball.rad()))
    return centre, radius


def _ball(tree: Tree, values: Mapping[str, Fraction], flint: Any) -> Any:
    if isinstance(tree, int):
        return flint.arb(tree)
    if isinstance(tree, str):
        return flint.arb(flint.fmpq(values[tree].numerator, values[tree].denominator))
    head, *rest = tree
    if head == "Rational":
        return flint.arb(flint.fmpq(*rest))
    if head == "Pi":
        return flint.arb.pi()
    if head not in _FUNCTIONS:
        raise ParameterError("tree", tree, f"{head} has no ball", "enclose closed forms only")
    return _FUNCTIONS[head](*(_ball(part, values, flint) for part in rest))
