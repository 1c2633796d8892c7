r"""The order in which a person writes the terms of a sum and the factors of a product.

In a product: numbers, letters in the paper's order (``2γBr``), sums, variables of integration, powers, functions, and
the integral last. In a sum: a constant first (``1 + β/α - 1/(2α)``), unless all terms are multiples of letters
(``2β - 1``), then multiples of what the sum is linear in (``q(x)φ^2 + γ^2Bx^2P``); never a minus in front if it can be
avoided.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .trees import Tree

__all__ = ["fraction", "is_number", "minus_in_front", "signed", "summands", "value_of"]

_ORDER = ["c_beta", "g", "gamma", "B", "alpha", "beta", "d", "v", "rho", "kappa", "w", "r", "tau", "s"]
_VARIABLES = ["u", "y", "j", "x", "z", "zeta", "zeta_tilde", "p", "t", "phi", "P"]  # written after sums: B(B+1)x
_SEQUENCES = ["c", "g", "delta", "x", "rho"]
_CONSTANTS = ("Pi", "EulerGamma", "I")
_CARRIERS = ["phi", "rho", "P", "P_W"]  # squared error, its mean, the loss: their terms come in this order


def fraction(tree: Tree) -> tuple[list[Tree], list[Tree], list[Tree]]:
    """Factors of a positive product: numerator, denominator, and what follows the fraction, each in reading order.

    Examples
    --------
    >>> fraction(["Mul", ["Rational", 1, 2], "B", ["exp", "u"], ["Pow", "alpha", -1], "gamma"])
    (['gamma', 'B'], [2, 'alpha'], [['exp', 'u']])
    """
    coefficient = Fraction(1)
    over: list[Tree] = []
    under: list[Tree] = []
    trailing: list[Tree] = []
    for factor in tree[1:] if isinstance(tree, list) and tree[0] == "Mul" else [tree]:
        if is_number(factor):
            coefficient *= value_of(factor)
        elif isinstance(factor, list) and factor[0] == "Pow" and is_number(factor[2]):
            exponent = abs(value_of(factor[2]))
            root = factor[1] if exponent == 1 else ["Pow", factor[1], _number(exponent)]
            (under if value_of(factor[2]) < 0 else over).append(root)
        elif isinstance(factor, str) or factor[0] in ("Add", "gamma", "Quantity", *_CONSTANTS):
            over.append(factor)
        else:
            trailing.append(factor)
    for row in (over, under, trailing):
        row.sort(key=_rank)
    if coefficient.denominator != 1:
        under.insert(0, coefficient.denominator)
    if coefficient.numerator != 1:
        over.insert(0, coefficient.numerator)
    return over, under, trailing


def summands(terms: Sequence[Tree]) -> list[tuple[int, Tree]]:
    """Sign and absolute value of the terms of a sum in reading order, with a positive one in front if there is one.

    Examples
    --------
    >>> summands([-1, ["Mul", 2, "beta"]])
    [(1, ['Mul', 2, 'beta']), (-1, 1)]
    """
    found = [signed(term) for term in sorted(terms, key=_linear_place if _is_linear(terms) else _place)]
    first = next((i for i, (sign, _) in enumerate(found) if sign > 0), 0)
    return [found[first], *found[:first], *found[first + 1 :]]


def minus_in_front(tree: Tree) -> Tree:
    """An equal tree that reads better as an exponent: ``-1 - β`` as ``-(1 + β)``.

    Examples
    --------
    >>> minus_in_front(["Add", -1, ["Mul", -1, "beta"]])
    ['Mul', -1, ['Add', 1, ['Mul', 1, 'beta']]]
    """
    if _is_mostly_negative(tree):
        return ["Mul", -1, _negated(tree)]
    if isinstance(tree, list) and tree[0] == "Mul":
        turned = [_is_mostly_negative(factor) for factor in tree[1:]]
        factors = [_negated(f) if turn else f for f, turn in zip(tree[1:], turned, strict=True)]
        return ["Mul", (-1) ** sum(turned), *factors]
    return tree


def signed(tree: Tree) -> tuple[int, Tree]:
    """Sign and absolute value, as far as the sign is in the numbers written."""
    if is_number(tree):
        value = value_of(tree)
        return (-1 if value < 0 else 1), _number(abs(value))
    if isinstance(tree, list) and tree[0] == "Mul":
        negative = sum(is_number(f) and value_of(f) < 0 for f in tree[1:]) % 2
        return (-1 if negative else 1), ["Mul", *(_number(abs(value_of(f))) if is_number(f) else f for f in tree[1:])]
    return 1, tree


def is_number(tree: Tree) -> bool:
    """Whether a tree is an integer or a fraction."""
    return isinstance(tree, int) or (isinstance(tree, list) and tree[0] == "Rational")


def value_of(tree: Tree) -> Fraction:
    """The value of an integer or a fraction."""
    return Fraction(tree) if isinstance(tree, int) else Fraction(tree[1], tree[2])


def _rank(tree: Tree) -> tuple[int, int, str]:
    """Where a factor or a term stands in a row: numbers, letters in the paper's order, powers, functions, integrals."""
    if is_number(tree):
        return 0, 0, ""
    if isinstance(tree, str):
        if tree in _VARIABLES:
            return 3, _VARIABLES.index(tree), ""
        return 1, _ORDER.index(tree) if tree in _ORDER else len(_ORDER), tree
    if tree[0] == "Pow" and is_number(tree[2]) and (isinstance(tree[1], str) or tree[1][0] == "Quantity"):
        return _rank(tree[1])
    if tree[0] == "Mul":
        return min(_rank(factor) for factor in tree[1:] if not is_number(factor))
    if tree[0] == "Quantity" and tree[1] in _SEQUENCES:
        return 3, len(_VARIABLES) + _SEQUENCES.index(tree[1]), str(tree)
    if tree[0] in _CONSTANTS:
        return 1, -1, tree[0]
    kinds = ["Add", "Pow", "gamma", "sin", "cot", "zeta", "digamma", "log", "hyp2f1", "exp", "lowergamma", "uppergamma"]
    kinds += ["expint", "Quantity", "Sum", "Integral", "Hankel", "Loop"]
    return 2 if tree[0] == "Add" else 4, kinds.index(tree[0]) if tree[0] in kinds else len(kinds), str(tree)


def _linear_place(term: Tree) -> tuple[bool, tuple[int, int, str]]:
    """In a sum of multiples of letters: by letter, the constant last."""
    return is_number(term), _rank(term)


def _place(term: Tree) -> tuple[bool, int, bool, int, tuple[int, int, str]]:
    """In any other sum: the constant, multiples of carriers, then short terms before long ones, reciprocals last."""
    over, under, _ = fraction(signed(term)[1])
    carrier = min(map(_carrier, over), default=len(_CARRIERS))
    return not is_number(term), carrier, bool(under) and not over, _size(term), _rank(term)


def _carrier(factor: Tree) -> int:
    """Where a letter, a quantity or its power stands among the carriers; what is none comes after them."""
    if isinstance(factor, list) and factor[0] in ("Pow", "Quantity"):
        return _carrier(factor[1])
    return _CARRIERS.index(factor) if factor in _CARRIERS else len(_CARRIERS)


def _size(tree: Tree) -> int:
    """Number of nodes that are not numbers."""
    return 0 if is_number(tree) else 1 if isinstance(tree, str) else 1 + sum(_size(part) for part in tree[1:])


def _negated(total: Tree) -> Tree:
    """The opposite of a sum, term by term."""
    return ["Add", *(_times(-signed(term)[0], signed(term)[1]) for term in total[1:])]


def _times(sign: int, term: Tree) -> Tree:
    if is_number(term):
        return _number(sign * value_of(term))
    factors = [f for f in term[1:] if f != 1] if isinstance(term, list) and term[0] == "Mul" else [term]
    return ["Mul", sign, *factors]


def _is_mostly_negative(tree: Tree) -> bool:
    """Whether a sum reads better with its opposite written and a minus in front."""
    if not isinstance(tree, list) or tree[0] != "Add":
        return False
    balance = sum(signed(t)[0] for t in tree[1:])
    constant = any(is_number(t) and value_of(t) < 0 for t in tree[1:])
    if _is_linear(tree[1:]):  # r - s - 1 is as it should be
        return all(signed(t)[0] < 0 for t in tree[1:])
    return balance < 0 or (balance == 0 and constant)


def _is_linear(terms: Sequence[Tree]) -> bool:
    return all(is_number(t) or isinstance(t, str) or _is_multiple_of_letter(t) for t in terms)


def _is_multiple_of_letter(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "Mul" and [type(f) for f in tree[1:] if not is_number(f)] == [str]


def _number(value: Fraction) -> Tree:
    return value.numerator if value.denominator == 1 else ["Rational", value.numerator, value.denominator]
