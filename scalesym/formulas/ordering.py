r"""The order in which a person writes the terms of a sum and the factors of a product.

In a product: numbers, letters in the paper's order (``2γBr``), sums, variables such as eigenvalues, powers, functions,
sums that contain functions, and the integral last.

In a sum: a constant first (``1 + β/α - 1/(2α)``), unless all terms are multiples of letters (``2β - 1``; but ``1 + α_K``
in other notations), then multiples of what the sum is linear in (``q(x)φ^2 + γ^2Bx^2P``); never a minus in front if it
can be avoided.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .trees import Tree

__all__ = ["fraction", "is_number", "minus_in_front", "signed", "summands", "value_of"]

_ORDER = ["c_beta", "g", "gamma", "B", "alpha", "beta", "spectral", "target", "d", "v", "rho", "kappa", "w"]
_ORDER += ["r", "tau", "s"]
#: Of models with two resolvents: Laplace variables, noise and target, thresholds.
_FIRST = ["laplace", "laplace_2", "threshold", "threshold_2", "noise", "noise_label", "teacher", "omega", "Delta"]
_FIRST += ["kappa_B", "lambda_plus"]
#: Exponents that the other models write as ``1 + α`` and ``(a - 1)/b``, as another notation does the model's own.
_EXPONENTS = ["alpha_latent", "alpha_K", "task_power", "spectrum_power"]
#: Of the empirical laws: their constants, and what is spent.
_ORDER += [*_FIRST, *_EXPONENTS]
_ORDER += ["ratio", "A", "B_data", "C_0", "N", "N_c", "B_star", "D", "D_c", "S", "S_c", "exponent", "exponent_P", "C"]
_ORDER += ["alpha_size", "beta_data", "delta_data", "alpha_N", "alpha_D", "alpha_S", "alpha_B"]
#: Of those models again: samples, traces, responses, correlations.
_ORDER += ["resource_P", "samples_T", "trace_x", "trace_u", "trace_v", "freedom", "freedom_2", "overlap"]
_ORDER += ["R_1", "R_1_2", "R_3", "R_3_2", "C_1", "C_2", "C_3", "E"]
#: Written after sums: B(B+1)x.
_VARIABLES = ["u", "y", "j", "x", "x_plus", "x_minus", "y_c", "z", "lambda_min", "lambda_max", "zeta", "zeta_tilde"]
_VARIABLES += ["zeta_0", "zeta_1", "zeta_c", "zeta_plus", "zeta_minus", "zeta_min", "zeta_max", "zeta_edge", "p", "t"]
_VARIABLES += ["phi", "P", "xi"]
_SEQUENCES = ["c", "g", "delta", "x", "rho"]
_CONSTANTS = ("Pi", "EulerGamma", "I")
_CARRIERS = ["phi", "rho", "P", "P_W"]  # squared error, its mean, the loss: their terms come in this order


def fraction(tree: Tree) -> tuple[list[Tree], list[Tree], list[Tree]]:
    """Factors of a positive product: numerator, denominator, and what follows the fraction, each in reading order.

    Powers and exponentials follow the fraction, except over a sum: ``j^{-2β}/(1 + ζ j^{2α})`` is one. Over a sum of
    letters, such as ``1 - 2β``, or in place of a 1, only powers of letters stand.

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
        elif isinstance(factor, str) or factor[0] in ("Add", "gamma", "zeta", "Quantity", *_CONSTANTS):
            over.append(factor)
        else:
            trailing.append(factor)
    if sums := [factor for each in under for factor in _sum_in(each)]:
        linear = all(_is_linear(total[1:]) for total in sums)
        raised = [f for f in trailing if f[0] in ("Pow", "exp") and not (linear and not isinstance(f[1], str))]
        over, trailing = over + raised, [f for f in trailing if f not in raised]
    elif (under or coefficient.denominator != 1) and any(map(_is_power_of_letter, trailing)):
        long = [factor for factor in over if factor[0] == "Add" and _is_tall(factor)]
        if len(over) == len(long) and coefficient.numerator == 1:  # d^{-2α}/κ, and then what was long
            raised = [factor for factor in trailing if _is_power_of_letter(factor)]
            over, trailing = raised, [f for f in trailing if f not in raised] + long
    if not under and any(_is_power_of_letter(factor) for factor in trailing):  # j^{-2α} m(z), not the other way round
        named = [factor for factor in over if isinstance(factor, list) and _contains_function(factor)]
        over, trailing = [factor for factor in over if factor not in named], trailing + named
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
    linear = _linear_place_in_notation if any(map(_in_notation, terms)) else _linear_place
    found = [signed(term) for term in sorted(terms, key=linear if _is_linear(terms) else _place)]
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
        turned = [_is_mostly_negative(factor) or _is_one_minus_letters(factor) for factor in tree[1:]]
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
    if tree[0] == "Pow" and is_number(tree[2]) and (isinstance(tree[1], str) or _is_named(tree[1])):
        return _rank(tree[1])
    if tree[0] == "Mul":
        return min(_rank(factor) for factor in tree[1:] if not is_number(factor))
    if tree[0] == "Quantity" and tree[1] in _SEQUENCES:
        return 3, len(_VARIABLES) + _SEQUENCES.index(tree[1]), str(tree)
    if tree[0] in _CONSTANTS:
        return 1, -1, tree[0]
    if tree[0] == "Add" and not _contains_function(tree):
        return 2, 0, str(tree)
    if tree[0] == "Quantity" or _is_power_of_letter(tree):
        return 4, int(tree[0] == "Quantity"), str(tree)
    kinds = ["Add", "Pow", "gamma", "sin", "cot", "zeta", "digamma", "log", "hyp2f1", "exp", "lowergamma", "uppergamma"]
    kinds += ["expint", "Sum", "Integral", "Hankel", "Loop"]
    return 5, kinds.index(tree[0]) if tree[0] in kinds else len(kinds), str(tree)


def _is_tall(tree: Tree) -> bool:
    """Whether there is a fraction, a function or a sum over modes in a tree."""
    if not isinstance(tree, list) or is_number(tree):
        return False
    if tree[0] == "Pow" and is_number(tree[2]) and value_of(tree[2]) < 0:
        return True
    return tree[0] not in ("Add", "Mul", "Pow", *_CONSTANTS) or any(map(_is_tall, tree[1:]))


def _is_named(tree: Tree) -> bool:
    """Whether a tree is a quantity or π."""
    return isinstance(tree, list) and tree[0] in ("Quantity", "Pi")


def _is_power_of_letter(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "Pow" and isinstance(tree[1], str)


def _contains_function(tree: Tree) -> bool:
    """Whether there is a quantity with an argument or a sum over modes in a tree; terms of sequences are like letters."""
    if not isinstance(tree, list):
        return False
    if tree[0] == "Quantity":
        return tree[1] not in (*_SEQUENCES, "E")
    return tree[0] in ("Sum", "Integral") or any(map(_contains_function, tree[1:]))


def _linear_place(term: Tree) -> tuple[bool, tuple[int, int, str]]:
    """In a sum of multiples of letters: by letter, the constant last."""
    return is_number(term), _rank(term)


def _linear_place_in_notation(term: Tree) -> tuple[bool, tuple[int, int, str]]:
    """The same with a positive constant first."""
    return is_number(term) and value_of(term) < 0, _rank(term)


def _place(term: Tree) -> tuple[bool, int, bool, int, tuple[int, int, str]]:
    """In any other sum: the constant, multiples of carriers, then short terms before long ones, reciprocals last."""
    over, under, _ = fraction(signed(term)[1])
    carrier = min(map(_carrier, over), default=len(_CARRIERS))
    return not is_number(term), carrier, bool(under) and not over, _size(term), _rank(term)


def _sum_in(factor: Tree) -> list[Tree]:
    """The sum that a factor is, or is a power of; none if it is neither."""
    if not isinstance(factor, list):
        return []
    return [factor] if factor[0] == "Add" else _sum_in(factor[1]) if factor[0] == "Pow" else []


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


def _is_one_minus_letters(tree: Tree) -> bool:
    """Whether a sum in the letters of another notation is like ``1 - a``, so that ``-(a - 1)/b`` reads better."""
    if not isinstance(tree, list) or tree[0] != "Add" or not _in_notation(tree) or not _is_linear(tree[1:]):
        return False
    return all((signed(term)[0] > 0) == is_number(term) for term in tree[1:])


def _in_notation(tree: Tree) -> bool:
    """Whether a tree has an exponent under the name of another notation."""
    return (
        tree in ("spectral", "target", *_EXPONENTS) if not isinstance(tree, list) else any(map(_in_notation, tree[1:]))
    )


def _is_linear(terms: Sequence[Tree]) -> bool:
    return all(is_number(t) or isinstance(t, str) or _is_multiple_of_letter(t) for t in terms)


def _is_multiple_of_letter(tree: Tree) -> bool:
    return isinstance(tree, list) and tree[0] == "Mul" and [type(f) for f in tree[1:] if not is_number(f)] == [str]


def _number(value: Fraction) -> Tree:
    return value.numerator if value.denominator == 1 else ["Rational", value.numerator, value.denominator]
