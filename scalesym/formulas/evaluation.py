"""Numbers from trees: mpmath for values, exact fractions for conditions. No SymPy here.

Values are computed in a private ``mpmath.MPContext`` at two working precisions, and returned only where both agree to
the digits asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

from ..errors import ConvergenceError, ParameterError
from .quadrature import integrate, summed
from .trees import Tree

__all__ = ["evaluate", "function_of", "holds", "rational", "value"]


def evaluate(tree: Tree, values: Mapping[str, Fraction], digits: int) -> Any:
    """The value of a tree to ``digits`` decimal digits, as an mpf of its own private context.

    Raises
    ------
    ConvergenceError
        If two working precisions do not agree to the digits asked for.

    Examples
    --------
    >>> print(evaluate(["lowergamma", 2, "u"], {"u": Fraction(3)}, 15))
    0.800851726528544
    """
    from mpmath import MPContext

    ctx = MPContext()
    previous = None
    for extra in (10, 20, 30 + digits, 60 + 4 * digits):
        ctx.dps = digits + extra
        found = value(tree, values, ctx)
        if previous is not None and abs(found - previous) <= abs(found) * ctx.mpf(10) ** -(digits + 4):
            ctx.dps = digits
            return +found
        previous = found
    raise ConvergenceError(f"{digits} digits could not be confirmed for {tree} at {dict(values)}; ask for fewer digits")


def value(tree: Tree, values: Mapping[str, Fraction], ctx: Any) -> Any:
    """The value of a tree in the precision of ``ctx``; its last digits may be wrong.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> print(value(["exp", "u"], {"u": Fraction(1)}, MPContext()))
    2.71828182845905
    """
    return _built(tree, None, values, ctx)


def function_of(variable: str, tree: Tree, values: Mapping[str, Fraction], ctx: Any) -> Callable[[Any, Any], Any]:
    """The tree as a function of one variable and its logarithm; the latter makes powers of the variable cheap.

    Examples
    --------
    >>> from mpmath import MPContext
    >>> ctx = MPContext()
    >>> float(function_of("u", ["Pow", "u", "alpha"], {"alpha": Fraction(1, 2)}, ctx)(ctx.mpf(4), ctx.log(4)))
    2.0
    """
    built = _built(tree, variable, {name: value for name, value in values.items() if name != variable}, ctx)
    return built if callable(built) else lambda x, logarithm: built


def _built(tree: Tree, variable: str | None, values: Mapping[str, Fraction], ctx: Any) -> Any:
    """A number, where the tree does not depend on the variable, or a function of the variable and its logarithm."""
    if isinstance(tree, int):
        return ctx.mpf(tree)
    if isinstance(tree, str):
        if tree == variable:
            return lambda x, logarithm: x
        return ctx.mpf(values[tree].numerator) / values[tree].denominator
    head, *rest = tree
    if head == "Rational":
        return ctx.mpf(rest[0]) / rest[1]
    if head in ("Infinity", "Pi"):
        return {"Infinity": ctx.inf, "Pi": +ctx.pi}[head]
    if head == "Integral":
        lower, upper = (value(end, values, ctx) for end in rest[2:])
        return integrate(function_of(rest[1], rest[0], values, ctx), lower, upper, ctx)
    if head == "Sum":
        if type(rest[2]) is not int or rest[3] != ["Infinity"]:
            raise ParameterError("tree", tree, "only sums over j = n, n+1, … have a value", "sum to infinity")
        return summed(function_of(rest[1], rest[0], values, ctx), rest[2], ctx)
    if head not in _operations(ctx):
        raise ParameterError("tree", tree, f"{head} has no value", "evaluate an expression, not a statement about it")
    if head == "Mul":
        return _product(rest, variable, values, ctx)
    if head == "Pow" and rest[0] == variable:
        return _product([tree], variable, values, ctx)
    return _applied(_operations(ctx)[head], [_built(part, variable, values, ctx) for part in rest])


def _product(factors: Sequence[Tree], variable: str | None, values: Mapping[str, Fraction], ctx: Any) -> Any:
    """A product, with powers of the variable and exponentials gathered under one exponential."""
    power, exponents, others = ctx.zero, [], []
    for factor in factors:
        if isinstance(factor, list) and factor[0] == "Pow" and factor[1] == variable:
            power += value(factor[2], values, ctx)
        elif isinstance(factor, list) and factor[0] == "exp":
            exponents.append(_built(factor[1], variable, values, ctx))
        else:
            others.append(_built(factor, variable, values, ctx))
    if power:
        exponents.append(lambda x, logarithm: power * logarithm)
    gathered = [_applied(ctx.exp, [_applied(_sum, exponents)])] if exponents else []
    return _applied(_times, [*others, *gathered])


def _applied(operation: Callable[..., Any], parts: list[Any]) -> Any:
    """The operation on numbers; where a part is a function, the function that applies it to the values of all parts."""
    if not any(map(callable, parts)):
        return operation(*parts)
    if operation in (_sum, _times):  # constants together, once
        constants = [part for part in parts if not callable(part)]
        parts = [part for part in parts if callable(part)] + ([operation(*constants)] if constants else [])
    if len(parts) == 1:
        (only,) = parts
        return only if operation in (_sum, _times) else lambda x, logarithm: operation(only(x, logarithm))
    functions = [part if callable(part) else (lambda x, logarithm, constant=part: constant) for part in parts]
    return lambda x, logarithm: operation(*[part(x, logarithm) for part in functions])


def _sum(*parts: Any) -> Any:
    return reduce(add, parts)


def _times(*parts: Any) -> Any:
    return reduce(mul, parts)


def rational(
    tree: Tree, values: Mapping[str, Fraction], quantities: Mapping[str, Callable[..., Fraction]] | None = None
) -> Fraction:
    """The exact value of a tree made of sums, products and integer powers.

    Parameters
    ----------
    tree, values:
        The expression, and the values of its letters.
    quantities:
        What its quantities are, as functions of their arguments' values (the terms of sequences are quantities). With
        them, finite sums over an index are added up; conditions, which may be a stranger's, have no such sums.

    Examples
    --------
    >>> rational(["Add", "alpha", ["Mul", 2, "beta"]], {"alpha": Fraction(1, 3), "beta": Fraction(-1, 7)})
    Fraction(1, 21)
    >>> rational(["Sum", ["Quantity", "c", "i"], "i", 1, "d"], {"d": Fraction(3)}, {"c": lambda i: i * i})
    Fraction(14, 1)
    """
    if isinstance(tree, int):
        return Fraction(tree)
    if isinstance(tree, str):
        return values[tree]
    head, *rest = tree
    if head == "Rational":
        return Fraction(*rest)
    if quantities and head == "Quantity" and rest[0] in quantities:
        return quantities[rest[0]](*(rational(part, values, quantities) for part in rest[1:]))
    if quantities and head == "Sum":
        first, last = (rational(end, values, quantities) for end in rest[2:])
        if first.denominator == last.denominator == 1:
            terms = range(int(first), int(last) + 1)
            return sum((rational(rest[0], {**values, rest[1]: Fraction(n)}, quantities) for n in terms), Fraction(0))
    parts = [rational(part, values, quantities) for part in rest] if head in ("Add", "Mul", "Pow") else []
    if head == "Add":
        return sum(parts, Fraction(0))
    if head == "Mul":
        return reduce(mul, parts, Fraction(1))
    if head == "Pow" and parts[1].denominator == 1:
        return parts[0] ** int(parts[1])
    raise ParameterError("tree", tree, f"{head} has no exact rational value", "use sums, products and integer powers")


def holds(relation: Tree, values: Mapping[str, Fraction]) -> bool:
    """Whether a relation between rational expressions holds, decided exactly.

    Examples
    --------
    >>> holds(["Gt", "alpha", ["Rational", 1, 4]], {"alpha": Fraction(1, 4)})
    False
    """
    head, left, right = relation
    a, b = rational(left, values), rational(right, values)
    return {"Gt": a > b, "Ge": a >= b, "Lt": a < b, "Le": a <= b, "Eq": a == b}[head]


def _operations(ctx: Any) -> dict[str, Callable[..., Any]]:
    return {
        "Add": _sum,
        "Mul": _times,
        "Pow": ctx.power,
        "exp": ctx.exp,
        "log": ctx.log,
        "gamma": ctx.gamma,
        # mpmath: gammainc(s, from, to); the order of arguments differs from Arb's
        "lowergamma": lambda s, x: ctx.gammainc(s, 0, x),
        "uppergamma": lambda s, x: ctx.gammainc(s, x, ctx.inf),
        "expint": ctx.expint,
    }
