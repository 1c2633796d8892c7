"""Expressions as JSON trees, and back, without evaluating any text.

A tree is an ``int``, a symbol's name, or a list ``[head, argument, ...]``; ``Γ(α)/2`` is
``["Mul", ["Rational", 1, 2], ["gamma", "alpha"]]``. Reading goes through a closed table of heads and a closed table of
letters: anything else is refused, and so are trees too deep, too long, or with integers large enough to stall SymPy.
Nothing in a tree is ever passed to ``sympify`` or ``eval``.

Arguments of sums and products are stored in an order fixed by their own JSON text, so that the tree of an expression
depends neither on SymPy's ordering nor on the hash seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError

if TYPE_CHECKING:
    from sympy import Basic, Symbol

__all__ = ["BINDERS", "FUNCTIONS", "RELATIONS", "Tree", "decode", "encode", "free_names", "quantity_names", "validated"]

#: ``int | str | [head, Tree, ...]``
Tree = Any

#: Heads that are functions of SymPy under the same name, with their number of arguments.
FUNCTIONS = {
    "exp": 1,
    "log": 1,
    "gamma": 1,
    "lowergamma": 2,
    "uppergamma": 2,
    "expint": 2,
    "sin": 1,
    "cot": 1,
    "zeta": 1,
}
#: Heads that state something.
RELATIONS = {"Eq": "=", "Gt": ">", "Ge": "≥", "Lt": "<", "Le": "≤"}

#: Heads that bind a variable, their second argument; whatever else they have stands outside.
BINDERS = ("Integral", "Sum", "Limit", "Hankel", "Loop")

_CONSTANTS = {"Infinity": "oo", "Pi": "pi", "EulerGamma": "EulerGamma", "I": "I"}
_DEEPEST, _LONGEST, _WIDEST, _STEEPEST, _LARGEST_BITS = 60, 5000, 256, 100, 20_000


def encode(expression: Basic) -> Tree:
    """The tree of a SymPy expression.

    Raises
    ------
    ParameterError
        If the expression contains anything without a head of its own, such as a plot or a matrix.

    Examples
    --------
    >>> from sympy import Rational, gamma
    >>> from scalesym.formulas.alphabet import alpha
    >>> encode(gamma(alpha) / 2)
    ['Mul', ['Rational', 1, 2], ['gamma', 'alpha']]
    """
    import sympy as sp

    from .contours import Hankel, Loop

    if isinstance(expression, sp.Integer):
        return int(expression)
    if isinstance(expression, sp.Rational):
        return ["Rational", int(expression.p), int(expression.q)]
    if type(expression) is sp.Symbol:
        return expression.name
    for head, constant in _CONSTANTS.items():
        if expression is getattr(sp, constant):
            return [head]
    arguments: tuple[Any, ...] = getattr(expression, "args", ())
    if isinstance(expression, sp.Add | sp.Mul):
        return [type(expression).__name__, *sorted(map(encode, arguments), key=_text)]
    if isinstance(expression, sp.Integral | sp.Sum) and all(len(limit) == 3 for limit in expression.limits):
        tree = encode(expression.function)
        for limit in expression.limits:  # SymPy flattens nested ones, the innermost first
            tree = [type(expression).__name__, tree, *map(encode, limit)]
        return tree
    if isinstance(expression, sp.Limit) and arguments[2] in (sp.oo, sp.S.Zero):
        return ["Limit", *map(encode, arguments[:3])]
    if isinstance(expression, sp.hyper) and (len(expression.ap), len(expression.bq)) == (2, 1):
        return ["hyp2f1", *map(encode, (*expression.ap, *expression.bq, expression.argument))]
    if isinstance(expression, sp.polygamma) and arguments[0] == 0:
        return ["digamma", *map(encode, arguments[1:])]
    if isinstance(expression, Hankel | Loop | sp.Pow) or type(expression).__name__ in FUNCTIONS:
        return [type(expression).__name__, *map(encode, arguments)]
    for head in RELATIONS:
        if type(expression) is getattr(sp, head):
            return [head, *map(encode, arguments)]
    if isinstance(expression, sp.core.function.AppliedUndef):
        return ["Quantity", expression.func.__name__, *map(encode, arguments)]
    kind = type(expression).__name__
    raise ParameterError("expression", expression, f"{kind} has no tree", "use the heads of trees.py")


def decode(tree: Tree, symbols: Mapping[str, Symbol] | None = None) -> Any:
    """The SymPy expression of a tree; ``decode(encode(e)) == e``.

    Sums, products and powers are rebuilt with SymPy's automatic ordering; functions, integrals, limits and relations
    stay unevaluated.

    Parameters
    ----------
    tree:
        As :func:`encode` writes it. It may come from an untrusted file.
    symbols:
        The letters allowed, by name; those of :mod:`scalesym.formulas.alphabet` unless given.

    Raises
    ------
    ParameterError
        On an unknown head or letter, a wrong number of arguments, or a tree beyond the size limits.

    Examples
    --------
    >>> decode(["Pow", "r", ["Mul", -1, "alpha"]])
    r**(-alpha)
    """
    from .alphabet import ALPHABET

    return _decode(validated(tree), ALPHABET if symbols is None else symbols)


def validated(tree: Tree) -> Tree:
    """The tree itself, once its heads, numbers of arguments and size are known to be in order. Needs no SymPy.

    Examples
    --------
    >>> validated(["__import__", "os"])
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: tree = ['__import__', 'os']: unknown head '__import__'; use the heads of trees.py
    """
    stack: list[tuple[Tree, int]] = [(tree, 0)]  # explicit, so that no depth can exhaust Python's own
    seen = 0
    while stack:
        node, depth = stack.pop()
        seen += 1
        if depth > _DEEPEST or seen > _LONGEST:
            raise _refusal("…", f"deeper than {_DEEPEST} or longer than {_LONGEST} nodes", "store a smaller expression")
        if type(node) is int and node.bit_length() > _WIDEST:
            raise _refusal("…", f"an integer of more than {_WIDEST} bits", "store a smaller number")
        if type(node) is list:
            _require_head(node)
            stack.extend((child, depth + 1) for child in node[2 if node[0] == "Quantity" else 1 :])
        elif type(node) not in (int, str):
            raise _refusal(node, f"{type(node).__name__} is not part of a tree", "use int, str and list")
    return tree


def free_names(tree: Tree) -> set[str]:
    """The letters a tree depends on; variables of integration, summation and limits are not among them."""
    if isinstance(tree, str):
        return {tree}
    if isinstance(tree, int):
        return set()
    if tree[0] in BINDERS:
        return (free_names(tree[1]) - {tree[2]}).union(*map(free_names, tree[3:]))
    return set().union(*map(free_names, tree[2:] if tree[0] == "Quantity" else tree[1:]))


def quantity_names(tree: Tree) -> set[str]:
    """The quantities in a tree, such as the eigenvalues ``x_i`` of one random matrix."""
    if not isinstance(tree, list):
        return set()
    return {name for name in tree[1:2] if tree[0] == "Quantity"}.union(*map(quantity_names, tree[1:]))


def _decode(tree: Tree, symbols: Mapping[str, Symbol]) -> Any:
    import sympy as sp

    from .alphabet import QUANTITIES

    if type(tree) is int:
        return sp.Integer(tree)
    if type(tree) is str:
        if tree not in symbols:
            raise _refusal(tree, f"unknown letter {tree!r}", f"use one of {', '.join(sorted(symbols))}")
        return symbols[tree]
    head, *rest = tree
    if head == "Rational":
        return sp.Rational(*rest)
    if head == "Quantity":
        if rest[0] not in QUANTITIES:
            raise _refusal(tree, f"unknown quantity {rest[0]!r}", f"use one of {', '.join(QUANTITIES)}")
        return QUANTITIES[rest[0]](*(_decode(x, symbols) for x in rest[1:]))
    arguments = [_decode(x, symbols) for x in rest]
    try:
        built = _builder(head)(*arguments)
    except (ArithmeticError, ValueError) as error:  # SymPy computes with some arguments, as those of hyper
        raise _refusal(tree, f"SymPy cannot build it ({error})", "store a finite expression") from error
    return _bounded(built, tree)


def _require_head(tree: list[Tree]) -> None:
    head, *rest = tree or [None]
    if type(head) is not str or head not in _ARITIES:
        raise _refusal(tree, f"unknown head {head!r}", "use the heads of trees.py")
    fewest, most = _ARITIES[head]
    if not fewest <= len(rest) <= most:
        count = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise _refusal(tree, f"{head} has {len(rest)} arguments", f"give {count}")
    if head == "Rational" and (any(type(x) is not int for x in rest) or rest[1] < 1):
        raise _refusal(tree, "not a fraction", "use ['Rational', p, q] with integers and q >= 1")
    if head == "Quantity" and type(rest[0]) is not str:
        raise _refusal(tree, "the name of a quantity is text", "use ['Quantity', name, arguments…]")
    if head in BINDERS and type(rest[1]) is not str:
        raise _refusal(tree, f"the variable of {head} is not a letter", "name one of the letters")


#: Fewest and most arguments of every head.
_ARITIES: dict[str, tuple[int, int]] = {
    "Add": (2, _LONGEST),
    "Mul": (2, _LONGEST),
    "Pow": (2, 2),
    "Rational": (2, 2),
    "Quantity": (1, 9),
    "Integral": (4, 4),
    "Sum": (4, 4),
    "Limit": (3, 3),
    "Hankel": (4, 4),
    "Loop": (3, 3),
    "hyp2f1": (4, 4),
    "digamma": (1, 1),
    **{head: (count, count) for head, count in FUNCTIONS.items()},
    **dict.fromkeys(RELATIONS, (2, 2)),
    **dict.fromkeys(_CONSTANTS, (0, 0)),
}


def _builder(head: str) -> Callable[..., Any]:
    import sympy as sp

    from . import contours

    if head in _CONSTANTS:
        return lambda: getattr(sp, _CONSTANTS[head])
    if head == "hyp2f1":
        return lambda a, b, c, z: sp.hyper((a, b), (c,), z)
    if head == "digamma":
        return lambda x: sp.polygamma(0, x, evaluate=False)
    if head in ("Hankel", "Loop"):
        return getattr(contours, head)  # type: ignore[no-any-return]
    if head in ("Integral", "Sum"):
        return lambda function, *limits: getattr(sp, head)(function, limits)
    if head == "Pow":
        return _power
    if head in FUNCTIONS or head in RELATIONS:
        return lambda *arguments: getattr(sp, head)(*arguments, evaluate=False)
    return getattr(sp, head)  # type: ignore[no-any-return]  # Add, Mul, Limit


def _power(base: Any, exponent: Any) -> Any:
    import sympy as sp

    if isinstance(exponent, sp.Rational) and max(abs(exponent.p), exponent.q) > _STEEPEST:
        raise _refusal(str(exponent), f"exponents beyond {_STEEPEST} are refused", "use a smaller exponent")
    return sp.Pow(base, exponent)


def _bounded(expression: Any, tree: Tree) -> Any:
    """Refuse division by zero, and numerical coefficients that grow beyond a few thousand digits on the way."""
    import sympy as sp

    undefined = expression is sp.nan or getattr(expression, "is_infinite", None)
    if undefined and tree[0] != "Infinity":
        raise _refusal(tree, "it is infinite or undefined", "store a finite expression")
    coefficient: Any = expression.as_coeff_Mul()[0] if hasattr(expression, "as_coeff_Mul") else None
    size = max(abs(coefficient.p), coefficient.q) if getattr(coefficient, "is_Rational", False) else 0
    if size.bit_length() > _LARGEST_BITS:
        raise _refusal(tree, "its numbers grow too large", "use smaller powers")
    return expression


def _refusal(tree: Tree, reason: str, remedy: str) -> ParameterError:
    return ParameterError("tree", tree, reason, remedy)


def _text(tree: Tree) -> str:
    return json.dumps(tree)
