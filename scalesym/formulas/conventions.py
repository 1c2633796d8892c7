r"""Conventions: whether the loss has a factor 1/2, and whether the gradients of a batch are summed or averaged.

The paper's loss is ``P(θ) = E(⟨Wᵀx,θ⟩ - y)²`` and its step ``θ ← θ - γ Σ_{i≤B} Wᵀx_i(⟨Wᵀx_i,θ⟩ - y_i)``: factor 1, sum.
Others halve the loss, so that the step is ``γ`` times its gradient, or average over the batch. Neither changes the
algorithm, only what its numbers are called:

* with the loss factor ``ℓ``, everything that is a loss is multiplied by ``ℓ``: ``P``, ``F`` and its pieces, ``P_∞``, the
  mean squares ``ρ_i`` and ``c_i`` of which the loss is the sum, ``‖F‖₁``. The kernel is not, because ``P = F + K∗P`` says
  how a loss answers to a loss; neither are ``q``, ``‖K‖``, ``m``, ``κ``. A squared error ``φ²`` is a loss, so that ``φ``
  takes ``√ℓ``. In the sum of the pieces ``K_pp/(γB)`` stands among losses: ``1/(γB)`` is there for ``‖F‖₁``, and the
  term takes the factor, though ``K_pp`` itself does not;
* averaged over the batch, the learning rate is called ``γ_mean = B γ_sum``: ``γ`` becomes ``γ/B``, and a critical rate
  such as ``γ_K`` is ``B`` times what it was.

A formula is homogeneous in the losses, or states a loss in other terms; either way it is rewritten by counting its
degree in losses, term by term. What is no power of a loss, such as its logarithm, is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from ..parameters import number
from .ordering import is_number, value_of
from .trees import BINDERS, RELATIONS, Tree

__all__ = ["LOSSES", "Conventions", "degree", "in_other_conventions", "is_rate"]

_NONE, _HALF = Fraction(0), Fraction(1, 2)

#: Degree in losses of letters, and of quantities (with parentheses); of everything else it is 0.
LOSSES: Mapping[str, Fraction] = {
    **dict.fromkeys(("P", "P_inf", "norm_F"), Fraction(1)),
    **dict.fromkeys(("P_r()", "P_W()", "P_hat()"), Fraction(1)),
    **dict.fromkeys(("F()", "F_0()", "F_pp()", "F_ac()", "F_W()", "F_hat()"), Fraction(1)),
    **dict.fromkeys(("c()", "rho()"), Fraction(1)),
    **dict.fromkeys(("phi", "delta()"), _HALF),
}


@dataclass(frozen=True)
class Conventions:
    """How losses and learning rates are to be read.

    Parameters
    ----------
    loss_factor:
        1 or 1/2.
    batch:
        ``"sum"`` or ``"mean"``.

    Raises
    ------
    ParameterError
        If a value is not one of these.

    Examples
    --------
    >>> paper, half = Conventions(), Conventions("1/2", "mean")
    >>> half.loss(Fraction(3), paper), half.learning_rate(Fraction(1, 10), 4, paper)
    (Fraction(3, 2), Fraction(2, 5))
    """

    loss_factor: Any = Fraction(1)
    batch: str = "sum"

    def __post_init__(self) -> None:
        factor = number(self.loss_factor, "loss_factor")
        if factor not in (1, _HALF):
            raise ParameterError("loss_factor", self.loss_factor, "it multiplies the squared error", "use 1 or 1/2")
        if self.batch not in ("sum", "mean"):
            reason = "gradients of a batch are summed or averaged"
            raise ParameterError("batch", self.batch, reason, "use 'sum' or 'mean'")
        object.__setattr__(self, "loss_factor", Fraction(factor))

    def loss(self, value: Any, given_in: Conventions) -> Any:
        """A loss in these conventions that has ``value`` in others."""
        return value * self.loss_factor / given_in.loss_factor

    def learning_rate(self, gamma: Any, batch_size: Any, given_in: Conventions) -> Any:
        """The learning rate in these conventions that is ``gamma`` in others."""
        powers = {"sum": 0, "mean": 1}
        power = powers[self.batch] - powers[given_in.batch]
        return gamma * batch_size if power > 0 else gamma / batch_size if power < 0 else gamma

    def to_dict(self) -> dict[str, Any]:
        """As the catalogue's JSON has them: ``loss_factor`` is 1 or ``"1/2"``."""
        factor = 1 if self.loss_factor == 1 else str(self.loss_factor)
        return {"loss_factor": factor, "batch": self.batch}

    def sentence(self) -> str:
        """What they mean, in words.

        Examples
        --------
        >>> Conventions().sentence()
        'loss E(prediction - target)^2, gradients summed over the batch'
        """
        factor = "" if self.loss_factor == 1 else f"{self.loss_factor} "
        word = {"sum": "summed", "mean": "averaged"}[self.batch]
        return f"loss {factor}E(prediction - target)^2, gradients {word} over the batch"


def is_rate(tree: Tree) -> bool:
    """Whether a tree is a learning rate: ``γ``, or a particular value of it."""
    return isinstance(tree, str) and (tree == "gamma" or tree.startswith("gamma_"))


def in_other_conventions(
    tree: Tree, old: Conventions, new: Conventions, wanted: Fraction | None = None, rate: bool = False
) -> Tree:
    """A tree whose letters are to be read in the new conventions, equal to what it was in the old ones.

    Parameters
    ----------
    tree:
        A term, an equation or an inequality. Both sides of a relation are rewritten to the same degree in losses.
    wanted:
        The degree of what the tree stands for, 1 for a loss; of a relation, that of its left-hand side unless given.
    rate:
        Whether the tree stands for a learning rate. A relation whose left-hand side is one need not say so.

    Raises
    ------
    ParameterError
        If the tree depends on a loss otherwise than by powers.

    Examples
    --------
    >>> paper, half = Conventions(), Conventions("1/2", "mean")
    >>> in_other_conventions(["Mul", 2, "gamma", "B", "r"], paper, half, Fraction(0))
    ['Mul', 'gamma', 'r', 2]
    >>> in_other_conventions(["exp", "u"], paper, half, Fraction(1))
    ['Mul', ['Rational', 1, 2], ['exp', 'u']]
    """
    if isinstance(tree, list) and tree[0] in RELATIONS:
        head, left, right = tree
        if wanted is None:
            is_limit_of_ratio = isinstance(left, list) and left[0] == "Limit" and right == 1
            wanted = _NONE if is_limit_of_ratio else degree(left)
        sides = (in_other_conventions(side, old, new, wanted, rate or is_rate(left)) for side in (left, right))
        return [head, *sides]
    power = {"sum": 0, "mean": -1}[new.batch] - {"sum": 0, "mean": -1}[old.batch]
    found = _with_rate(tree, power)
    if rate and power:
        found = _product([["Pow", "B", -power], found])
    factor = new.loss_factor / old.loss_factor
    found, own = _counted(found, factor)
    return _times(_power(factor, (wanted or _NONE) - own), found)


def degree(tree: Tree) -> Fraction:
    """The degree in losses of a tree: of a sum the highest of its terms, the others being losses in other terms.

    Raises
    ------
    ParameterError
        If it depends on a loss otherwise than by powers.

    Examples
    --------
    >>> str(degree(["Mul", "gamma", "phi", ["Quantity", "delta", "k"]]))
    '1'
    """
    return _counted(tree, Fraction(1))[1]


def _counted(tree: Tree, factor: Fraction) -> tuple[Tree, Fraction]:
    """The tree rewritten for losses that are ``factor`` times the old ones, and its degree ``k``.

    What was the old tree is ``factor^{-k}`` times the new one: terms of a lower degree take the factors they lack.
    """
    if isinstance(tree, str):
        return tree, LOSSES.get(tree, _NONE)
    if is_number(tree):
        return tree, _NONE
    head, *rest = tree
    if head == "Quantity" and rest[0] != "E":
        return tree, LOSSES.get(f"{rest[0]}()", _NONE)
    if head == "Add":
        terms = [_counted(part, factor) for part in rest]
        highest = max(found for _, found in terms)
        return _sorted([head, *(_times(_power(factor, highest - found), part) for part, found in terms)]), highest
    if head == "Mul":
        parts = [_counted(part, factor) for part in rest]
        return _product([part for part, _ in parts]), sum((found for _, found in parts), _NONE)
    if head == "Pow" and is_number(rest[1]):
        base, found = _counted(rest[0], factor)
        return [head, base, rest[1]], found * value_of(rest[1])
    if head in BINDERS or head == "Quantity":
        at = 1 if head == "Quantity" else 0  # the mean of something given something
        inside, found = _counted(rest[at], factor)
        return [head, *rest[:at], inside, *rest[at + 1 :]], found
    if any(_counted(part, factor)[1] != 0 for part in rest):
        reason = "it depends on a loss otherwise than by powers"
        raise ParameterError("tree", tree, reason, "keep the paper's conventions")
    return tree, _NONE


def _power(factor: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 and factor != 1:
        raise ParameterError("degree", exponent, "√2 would appear", "state a square of the error instead")
    return factor ** int(exponent) if exponent.denominator == 1 else factor


def _with_rate(tree: Tree, power: int) -> Tree:
    """The tree with ``γ B^power`` for ``γ``, powers of ``B`` gathered."""
    if power == 0 or isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return _product([tree, ["Pow", "B", power]]) if is_rate(tree) else tree
    head, *rest = tree
    if head == "Pow" and is_rate(rest[0]) and isinstance(rest[1], int):
        return _product([tree, ["Pow", "B", power * rest[1]]])
    kept = {"Quantity": 0, **dict.fromkeys(BINDERS, 1)}.get(head)  # a name, and a variable: γ → 0 is γ/B → 0
    parts = [part if i == kept else _with_rate(part, power) for i, part in enumerate(rest)]
    return _product(parts) if head == "Mul" else _sorted([head, *parts])


def _product(factors: list[Tree]) -> Tree:
    """A product in the order of storage, nested ones opened, numbers and integer powers of ``B`` gathered."""
    number_, batches, kept, waiting = Fraction(1), 0, [], list(factors)
    while waiting:
        factor = waiting.pop()
        if is_number(factor):
            number_ *= value_of(factor)
        elif factor == "B":
            batches += 1
        elif isinstance(factor, list) and factor[0] == "Pow" and factor[1] == "B" and isinstance(factor[2], int):
            batches += factor[2]
        elif isinstance(factor, list) and factor[0] == "Mul":
            waiting += factor[1:]
        else:
            kept.append(factor)
    if batches:
        kept.append("B" if batches == 1 else ["Pow", "B", batches])
    if number_ != 1 or not kept:
        whole = number_.denominator == 1
        kept.append(number_.numerator if whole else ["Rational", number_.numerator, number_.denominator])
    return kept[0] if len(kept) == 1 else _sorted(["Mul", *kept])


def _times(factor: Fraction, tree: Tree) -> Tree:
    if factor == 1:
        return tree
    if isinstance(tree, list) and tree[0] == "Add":  # as SymPy keeps it: a number goes into a sum
        return _sorted(["Add", *(_times(factor, part) for part in tree[1:])])
    if isinstance(tree, list) and tree[0] == "Limit":  # so that the limit of a ratio stays 1
        return ["Limit", _times(factor, tree[1]), *tree[2:]]
    return _product([["Rational", factor.numerator, factor.denominator], tree])


def _sorted(tree: Tree) -> Tree:
    """Arguments of sums and products in the order in which :mod:`scalesym.formulas.trees` stores them."""
    return [tree[0], *sorted(tree[1:], key=json.dumps)] if tree[0] in ("Add", "Mul") else tree
