"""Numbers from trees: mpmath for values, exact fractions for conditions. No SymPy here.

Values are computed in a private ``mpmath.MPContext`` at two working precisions, and returned only where both agree to
the digits asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from operator import add, mul
from typing import Any

from ..errors import ConvergenceError, ParameterError
from .quadrature import along_parabola, around_circle, integrate, summed
from .trees import BINDERS, Tree, free_names

__all__ = ["Definitions", "evaluate", "expanded", "function_of", "holds", "rational", "resolved", "value"]


#: A letter's exact value, or a number computed for it in some context.
Number = Any
#: How letters and quantities are defined, by name, as :mod:`scalesym.formulas.definitions` writes it.
Definitions = Mapping[str, Mapping[str, Any]]


def evaluate(tree: Tree, values: Mapping[str, Fraction], digits: int, definitions: Definitions | None = None) -> Any:
    """The value of a tree to ``digits`` decimal digits, as an mpf (or mpc) of its own private context.

    Parameters
    ----------
    tree, values, digits:
        The expression, the values of its letters, and the relative accuracy.
    definitions:
        Where the letters without a value, and the quantities, come from.

    Raises
    ------
    ConvergenceError
        If two working precisions do not agree to the digits asked for.

    Examples
    --------
    >>> print(evaluate(["lowergamma", 2, "u"], {"u": Fraction(3)}, 15))
    0.800851726528544
    >>> root = {"kind": "root", "equation": ["Add", ["Pow", "y", 2], -2], "start": 1}
    >>> print(evaluate("y", {}, 15, {"y": root}))
    1.4142135623731
    """
    known = definitions or {}
    tree = expanded(tree, known)
    try:
        return _confirmed(tree, values, digits, known)
    except (ZeroDivisionError, ValueError, ConvergenceError) as error:
        found = _through(tree, values, digits, known)
        if found is None:
            if isinstance(error, ConvergenceError):
                raise
            reason = "the expression is infinite or undefined there"
            raise ParameterError(
                "values", {k: str(x) for k, x in values.items()}, reason, "choose other values"
            ) from error
        return found


def _confirmed(tree: Tree, values: Mapping[str, Fraction], digits: int, known: Definitions) -> Any:
    """The value on which two working precisions agree."""
    from mpmath import MPContext

    ctx = MPContext()
    previous = None
    for extra in (10, 20, 30 + digits, 60 + 4 * digits):
        ctx.dps = digits + extra
        found = value(tree, resolved(tree, values, known, ctx), ctx)
        if previous is not None and abs(found - previous) <= abs(found) * ctx.mpf(10) ** -(digits + 4):
            ctx.dps = digits
            return +found
        previous = found
    where = ", ".join(f"{name} = {given}" for name, given in values.items())
    raise ConvergenceError(f"{digits} digits could not be confirmed at {where}; ask for fewer digits, or move a little")


def _through(tree: Tree, values: Mapping[str, Fraction], digits: int, known: Definitions) -> Any:
    """The value where single terms are infinite but their sum is not, as on a critical line: the mean of both sides.

    ``None`` where there is no such value: the two sides, ``10^{-digits-8}`` apart in ``β`` (or ``α``), must agree.
    """
    from mpmath import MPContext

    letter = next((name for name in ("beta", "alpha") if name in values), None)
    if letter is None:
        return None
    ctx = MPContext()
    ctx.dps = 2 * digits + 35
    aside = Fraction(1, 10 ** (digits + 8))  # single terms grow by this factor, and cancel
    ctx.tolerance = ctx.mpf(10) ** -(digits + 10)
    try:
        sides = []
        for step in (aside, -aside):
            moved = {**values, letter: values[letter] + step}
            sides.append(value(tree, resolved(tree, moved, known, ctx), ctx))
    except (ZeroDivisionError, ValueError, ConvergenceError):
        return None
    if not abs(sides[0] - sides[1]) <= abs(sides[0]) * ctx.mpf(10) ** -(digits + 1):
        return None
    middle = (sides[0] + sides[1]) / 2
    ctx.dps = digits
    return +middle


def expanded(tree: Tree, definitions: Definitions) -> Tree:
    """The tree with every quantity that has a definition written out.

    Examples
    --------
    >>> square = {"kind": "function", "arguments": ["u"], "tree": ["Pow", "u", 2]}
    >>> expanded(["Quantity", "S", "alpha"], {"S()": square})
    ['Pow', 'alpha', 2]
    """
    if not isinstance(tree, list):
        return tree
    if tree[0] != "Quantity":
        return [tree[0], *(expanded(part, definitions) for part in tree[1:])]
    arguments = [expanded(part, definitions) for part in tree[2:]]
    record = definitions.get(f"{tree[1]}()")
    if record is None:
        return ["Quantity", tree[1], *arguments]
    body = expanded(record["tree"], definitions)
    return _replaced(body, dict(zip(record["arguments"], arguments, strict=True)))


def _replaced(tree: Tree, arguments: Mapping[str, Tree]) -> Tree:
    if isinstance(tree, str):
        return arguments.get(tree, tree)
    if not isinstance(tree, list):
        return tree
    if tree[0] in BINDERS and any(tree[2] in free_names(a) | {name} for name, a in arguments.items()):
        raise ParameterError("tree", tree, f"the letter {tree[2]} is bound here", "rename it")
    return [tree[0], *(_replaced(part, arguments) for part in tree[1:])]


def resolved(tree: Tree, values: Mapping[str, Number], definitions: Definitions, ctx: Any) -> dict[str, Number]:
    """The values given, and those of every other letter the tree depends on, from their definitions."""
    numbers = dict(values)
    for name in sorted(free_names(tree)):
        record = definitions.get(name)
        if name in numbers or record is None:
            continue
        parts = {part: expanded(record[part], definitions) for part in ("tree", "equation", "start") if part in record}
        for part in parts.values():
            needed = {letter: numbers[letter] for letter in numbers if letter != name}
            numbers |= resolved(part, {**needed, name: ctx.zero}, definitions, ctx)
        del numbers[name]
        if record["kind"] == "letter":
            numbers[name] = value(parts["tree"], numbers, ctx)
        else:
            numbers[name] = _root(name, parts, numbers, ctx)
    return numbers


def _root(name: str, parts: Mapping[str, Tree], numbers: Mapping[str, Number], ctx: Any) -> Any:
    """The root of an equation: bracketed by doubling, or from a negative start by Newton's method (convex, from outside)."""

    def residual(x: Any) -> Any:
        return value(parts["equation"], {**numbers, name: x}, ctx)

    start = value(parts["start"], numbers, ctx)
    working = ctx.dps
    try:
        ctx.dps = 20
        near = _descended(residual, start, ctx) if start < 0 else _bracketed(name, residual, start, ctx)
        if start < 0 and not near < -1:  # the poles begin at -λ_1 = -1, and the root sought lies outside
            raise ConvergenceError(f"{name} does not exist here: SGD is unstable at this learning rate")
    finally:
        ctx.dps = working
    return _polished(residual, near, ctx)


def _bracketed(name: str, residual: Callable[[Any], Any], start: Any, ctx: Any) -> Any:
    low = high = start
    sign = residual(start) > 0
    for _ in range(4000):
        low, high = low / 2, high * 2
        for end, other in ((low, 2 * low), (high, high / 2)):
            if (residual(end) > 0) != sign:
                return _between(residual, min(end, other), max(end, other), ctx)
    raise ConvergenceError(f"no root was found for {name} near {ctx.nstr(start, 5)}")


def _polished(residual: Callable[[Any], Any], near: Any, ctx: Any) -> Any:
    """The secant method from a root known to 15 digits or so."""
    last = near * (1 + ctx.mpf(10) ** -15)
    at_last, here = residual(last), near
    for _ in range(20):
        at_here = residual(here)
        if at_here == at_last:
            return here
        step = at_here * (here - last) / (at_here - at_last)
        last, at_last, here = here, at_here, here - step
        if abs(step) <= abs(here) * ctx.eps ** ctx.mpf("0.7"):  # the next one would be beyond all digits
            return here
    raise ConvergenceError("the secant method did not settle")


def _between(residual: Callable[[Any], Any], low: Any, high: Any, ctx: Any) -> Any:
    """Ridders' method: the root to some 15 digits."""
    at_low, at_high = residual(low), residual(high)
    for _ in range(200):
        middle = (low + high) / 2
        at_middle = residual(middle)
        new = middle + (middle - low) * ctx.sign(at_low - at_high) * at_middle / ctx.sqrt(
            at_middle**2 - at_low * at_high
        )
        at_new = residual(new)
        if at_new == 0 or abs(new - middle) <= abs(new) * ctx.mpf(10) ** -15 or high - low <= abs(new) * 1e-15:
            return new
        for x, y in sorted(((middle, at_middle), (new, at_new))):
            if (y > 0) == (at_low > 0):
                if x > low:
                    low, at_low = x, y
            elif x < high:
                high, at_high = x, y
    raise ConvergenceError("a root could not be located")


def _descended(residual: Callable[[Any], Any], start: Any, ctx: Any) -> Any:
    """Newton's method for a convex function from the outside of its root, where it converges without overshooting."""
    x = start
    step = abs(start)
    for _ in range(500):
        nudge = abs(x) * ctx.mpf(2) ** (-ctx.prec // 2)
        here, there = residual(x), residual(x + nudge)
        new = x - here * nudge / (there - here)
        if abs(new - x) <= abs(x) * ctx.mpf(10) ** -15 or abs(new - x) >= step * 2:
            return new
        x, step = new, abs(new - x)
    raise ConvergenceError("Newton's method did not settle")


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
        return _number(values[tree], ctx)
    head, *rest = tree
    if head == "Rational":
        return ctx.mpf(rest[0]) / rest[1]
    if head in ("Infinity", "Pi", "EulerGamma", "I"):
        return {"Infinity": ctx.inf, "Pi": +ctx.pi, "EulerGamma": +ctx.euler, "I": ctx.j}[head]
    if head in BINDERS and variable in free_names(tree):
        return lambda x, logarithm: value(tree, {**values, variable: x}, ctx)
    if head == "Integral":
        lower, upper = (value(end, values, ctx) for end in rest[2:])
        return integrate(function_of(rest[1], rest[0], values, ctx), lower, upper, ctx)
    if head == "Sum":
        if type(rest[2]) is not int:
            raise ParameterError("tree", tree, "only sums over j = 1, 2, … have a value", "start from an integer")
        return summed(function_of(rest[1], rest[0], values, ctx), rest[2], ctx, value(rest[3], values, ctx))
    if head == "Hankel":
        vertex, time = (value(part, values, ctx) for part in rest[2:])
        return along_parabola(function_of(rest[1], rest[0], values, ctx), vertex, time, ctx)
    if head == "Loop":
        return around_circle(function_of(rest[1], rest[0], values, ctx), value(rest[2], values, ctx), ctx)
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
    return _applied(_times, [*others, *gathered] or [ctx.one])


def _number(given: Number, ctx: Any) -> Any:
    return ctx.mpf(given.numerator) / given.denominator if isinstance(given, Fraction | int) else +given


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
    """Whether a relation holds: between rational expressions decided exactly, between others with sixty digits.

    Two others that agree in fifty digits are taken to be equal.

    Examples
    --------
    >>> holds(["Gt", "alpha", ["Rational", 1, 4]], {"alpha": Fraction(1, 4)})
    False
    >>> holds(["Gt", "L", ["Pow", "N", ["Rational", -1, 2]]], {"L": Fraction(1, 3), "N": Fraction(9)})
    False
    """
    head, left, right = relation
    if _is_rational(left) and _is_rational(right):
        a, b = rational(left, values), rational(right, values)
    else:
        a, b = _compared(left, right, values)
    return {"Gt": a > b, "Ge": a >= b, "Lt": a < b, "Le": a <= b, "Eq": a == b}[head]


def _is_rational(tree: Tree) -> bool:
    """Whether :func:`rational` knows all its heads, exponents being numbers."""
    if not isinstance(tree, list) or tree[0] == "Rational":
        return True
    if tree[0] == "Pow":
        return isinstance(tree[2], int) and _is_rational(tree[1])
    return tree[0] in ("Add", "Mul") and all(map(_is_rational, tree[1:]))


def _compared(left: Tree, right: Tree, values: Mapping[str, Fraction]) -> tuple[Any, Any]:
    """Both sides as numbers, the same number where they agree in fifty digits."""
    from mpmath import MPContext

    ctx = MPContext()
    ctx.dps = 60
    a, b = (value(side, values, ctx) for side in (left, right))
    return (a, a) if abs(a - b) <= max(abs(a), abs(b)) * ctx.mpf(10) ** -50 else (a, b)


def _remembered(function: Callable[..., Any], ctx: Any) -> Callable[..., Any]:
    """The function with its last values kept: the same series stands in several places of an integrand."""
    seen: dict[tuple[Any, ...], Any] = ctx.__dict__.setdefault("_last_values", {})

    def looked_up(*arguments: Any) -> Any:
        key = (ctx.prec, *arguments)
        if key not in seen:
            if len(seen) > 8:
                seen.clear()
            seen[key] = function(*arguments)
        return seen[key]

    return looked_up


@lru_cache(maxsize=8)
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
        "sin": ctx.sin,
        "cot": ctx.cot,
        "zeta": ctx.zeta,
        "digamma": ctx.digamma,
        "hyp2f1": _remembered(ctx.hyp2f1, ctx),
    }
