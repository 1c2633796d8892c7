r"""Notations: the same exponents under the names that other papers give them.

A notation says what its two exponents are in terms of ``α`` and ``β``, what ``α`` and ``β`` are in terms of them, and
which other letters have other names. Rewriting a tree replaces ``α`` and ``β`` and simplifies what is left of them to
what a person would write, ``(2β - 1)/(2α)`` to ``(a - b - 1)/b``; names of other letters change only where a tree is
typeset, so that their order in a product stays. Inside a rewritten tree the exponents are the letters ``spectral`` and
``target``, which no notation shows under these names.

==================  ==========================================  =========================================
``paquette``        ``λ_j = j^{-2α}``, ``λ_j b_j² = j^{-2α-2β}``  arXiv:2405.15074, the catalogue's own
``bordelon``        ``k^{-b}``, ``k^{-a}``                      arXiv:2402.01092
``lin``             ``i^{-a}``, ``i^{-b}``                      arXiv:2406.08466
``bahri``           ``i^{-(1+α_K)}``                            arXiv:2102.06701; the target keeps ``β``
``maloney``         ``I^{-(1+α_M)}``                            arXiv:2210.16859; the target keeps ``β``
``source-capacity``  ``j^{-a}``, ``j^{-(1+as)}``                capacity ``a``, source ``s``
==================  ==========================================  =========================================

A letter of the paper whose name a notation needs for something else gets another one there: ``t`` counts steps for
Bordelon et al., so that the time on the scale of the gap becomes ``t̃``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..errors import ParameterError
from .ordering import is_number
from .trees import RELATIONS, Tree, free_names
from .typesetting import Names, latex, text

__all__ = ["NOTATIONS", "Notation", "notation"]

_EXPONENTS = frozenset({"spectral", "target"})
_PAPERS = frozenset({"alpha", "beta"})


@dataclass(frozen=True)
class Notation:
    """Another way to write the exponents and the letters.

    Parameters
    ----------
    name, source:
        What it is asked for by, and the paper it is from.
    alpha, beta:
        The paper's exponents as trees in the letters ``spectral`` and ``target``.
    spectral, target:
        Their inverse: trees in ``alpha`` and ``beta``.
    names:
        How letters are shown, as LaTeX and as text, ``spectral`` and ``target`` among them.
    """

    name: str
    source: str
    alpha: Tree = "alpha"
    beta: Tree = "beta"
    spectral: Tree = "alpha"
    target: Tree = "beta"
    names: Names = field(default_factory=dict)

    @property
    def is_the_papers(self) -> bool:
        """Whether nothing needs to be rewritten."""
        return self.alpha == "alpha" and self.beta == "beta" and not self.names

    def rewritten(self, tree: Tree) -> Tree:
        """A tree of the paper's letters in this notation.

        Examples
        --------
        >>> exponent = ["Mul", ["Rational", 1, 2], ["Pow", "alpha", -1], ["Add", -1, ["Mul", 2, "beta"]]]
        >>> text(notation("bordelon").rewritten(exponent), notation("bordelon").names)
        '(a - b - 1)/b'
        """
        return tree if self.is_the_papers else _replaced(tree, {"alpha": self.alpha, "beta": self.beta})

    def restored(self, tree: Tree) -> Tree:
        """The inverse of :meth:`rewritten`, up to the form in which exponents are written."""
        back = {"spectral": self.spectral, "target": self.target}
        return tree if self.is_the_papers else _replaced(tree, back)

    def latex(self, tree: Tree) -> str:
        """The LaTeX of a tree of the paper's letters, in this notation."""
        return latex(self._shown(tree), names=self.names)

    def text(self, tree: Tree) -> str:
        """The same as plain text."""
        return text(self._shown(tree), self.names)

    def changed(self) -> tuple[str, ...]:
        """The letters of the paper that are written otherwise.

        Examples
        --------
        >>> [(letter, notation("lin").text(letter)) for letter in notation("lin").changed()]
        [('alpha', 'a/2'), ('beta', '(b - a)/2'), ('d', 'M'), ('r', 'N')]
        """
        letters = sorted({*_PAPERS, *(name for name in self.names if name not in _EXPONENTS and name[-1] != ")")})
        return tuple(letter for letter in letters if text(letter) != self.text(letter))

    def _shown(self, tree: Tree) -> Tree:
        """Rewritten, and an inequality between exponents cleared of denominators: ``a > 1``, not ``a/2 > 1/2``."""
        found = self.rewritten(tree)
        if self.is_the_papers or not isinstance(tree, list) or tree[0] not in RELATIONS or tree[0] == "Eq":
            return found
        return _cleared(found)


def notation(name: str) -> Notation:
    """The notation of this name.

    Raises
    ------
    ParameterError
        If there is none; the message lists them.

    Examples
    --------
    >>> notation("lin").source
    'arXiv:2406.08466'
    """
    if isinstance(name, str) and name in NOTATIONS:
        return NOTATIONS[name]
    raise ParameterError("notation", name, "no such notation", f"use one of {', '.join(NOTATIONS)}")


def _replaced(tree: Tree, by: Mapping[str, Tree]) -> Tree:
    """The tree with letters replaced, and with every part simplified that depends on the new exponents alone."""
    if isinstance(tree, str):
        return _shortest(by[tree]) if tree in by else tree
    if isinstance(tree, int):
        return tree
    head, *rest = tree
    if _is_rational(tree, frozenset(by)) and free_names(tree):
        return _shortest(_inserted(tree, by))
    if head in ("Add", "Mul"):
        inside = [part for part in rest if _is_rational(part, frozenset(by))]
        if set().union(*map(free_names, inside)):
            others = [_replaced(part, by) for part in rest if part not in inside]
            together = _shortest(_inserted([head, *inside] if len(inside) > 1 else inside[0], by))
            factors = together[1:] if isinstance(together, list) and together[0] == head else [together]
            return [head, *(part for part in [*factors, *others] if part != (head == "Mul"))] if others else together
    return [head, *(part if i == 0 and head == "Quantity" else _replaced(part, by) for i, part in enumerate(rest))]


def _cleared(relation: Tree) -> Tree:
    """An inequality between linear expressions in the exponents, its constant on the right; any other as it is."""
    import sympy as sp

    from .trees import decode, encode

    head, left, right = relation
    letters = {name: sp.Symbol(name) for name in _EXPONENTS}
    if not (_is_rational(left, _EXPONENTS) and _is_rational(right, _EXPONENTS)):
        return relation
    difference = sp.together(decode(left, letters) - decode(right, letters))
    over, under = sp.fraction(difference)
    if not under.is_positive:
        return relation
    constant, rest = sp.expand(over).as_independent(*letters.values(), as_Add=True)
    content = sp.gcd_list([term.as_coeff_Mul()[0] for term in sp.Add.make_args(rest)])
    return [head, encode(rest / content), encode(-constant / content)]


def _inserted(tree: Tree, by: Mapping[str, Tree]) -> Tree:
    if isinstance(tree, str):
        return by.get(tree, tree)
    return tree if isinstance(tree, int) else [tree[0], *(_inserted(part, by) for part in tree[1:])]


def _is_rational(tree: Tree, letters: frozenset[str]) -> bool:
    """Whether a tree is a rational function of these letters, or a number."""
    if isinstance(tree, str):
        return tree in letters
    if is_number(tree):
        return True
    if tree[0] == "Pow":
        return isinstance(tree[2], int) and _is_rational(tree[1], letters)
    return tree[0] in ("Add", "Mul") and all(_is_rational(part, letters) for part in tree[1:])


@lru_cache(maxsize=4096)
def _shortest_of(stored: str) -> str:
    import json

    import sympy as sp

    from .trees import decode, encode

    letters = {name: sp.Symbol(name) for name in (*_EXPONENTS, *_PAPERS)}
    expression = decode(json.loads(stored), letters)
    cancelled = sp.cancel(expression)
    over, under = sp.fraction(sp.together(cancelled))
    one_fraction = sp.Mul(over, sp.Pow(under, -1), evaluate=False) if under != 1 else over  # (1 + a)/2, not 1/2 + a/2
    forms = [
        one_fraction,
        expression,
        cancelled,
        sp.factor_terms(cancelled),
        sp.factor(cancelled),
        sp.expand(cancelled),
    ]
    return json.dumps(min(map(encode, forms), key=_length))


def _shortest(tree: Tree) -> Tree:
    """The form of a rational function that is shortest to write."""
    import json

    return tree if isinstance(tree, str | int) else json.loads(_shortest_of(json.dumps(tree)))


def _length(tree: Tree) -> int:
    """How long a rational function is when written."""
    return len(text(tree, {name: (name[0], name[0]) for name in (*_EXPONENTS, *_PAPERS)}).replace(" ", ""))


def _half(tree: Tree) -> Tree:
    return ["Mul", ["Rational", 1, 2], tree]


def _twice(*terms: Any) -> Tree:
    doubled = [["Mul", 2, term] if isinstance(term, str) else term for term in terms]
    return doubled[0] if len(doubled) == 1 else ["Add", *doubled]


_MINUS_SPECTRAL = ["Mul", -1, "spectral"]
_SOURCE = ["Mul", ["Add", -1, _twice("alpha", "beta")], ["Rational", 1, 2], ["Pow", "alpha", -1]]
_TILDE_T, _CALLIGRAPHIC_N = (r"\tilde t", "t̃"), (r"\mathcal{N}", "𝒩")

#: Every notation by name, the catalogue's own first.
NOTATIONS: dict[str, Notation] = {
    each.name: each
    for each in (
        Notation("paquette", "arXiv:2405.15074"),
        Notation(
            "bordelon",
            "arXiv:2402.01092",
            alpha=_half("spectral"),
            beta=_half(["Add", "target", _MINUS_SPECTRAL]),
            spectral=_twice("alpha"),
            target=_twice("alpha", "beta"),
            names={
                "spectral": ("b", "b"),
                "target": ("a", "a"),
                "d": ("N", "N"),
                "v": ("M", "M"),
                "r": ("t", "t"),
                "t": _TILDE_T,
                "N()": _CALLIGRAPHIC_N,
            },
        ),
        Notation(
            "lin",
            "arXiv:2406.08466",
            alpha=_half("spectral"),
            beta=_half(["Add", "target", _MINUS_SPECTRAL]),
            spectral=_twice("alpha"),
            target=_twice("alpha", "beta"),
            names={
                "spectral": ("a", "a"),
                "target": ("b", "b"),
                "d": ("M", "M"),
                "r": ("N", "N"),
                "N()": _CALLIGRAPHIC_N,
            },
        ),
        Notation(
            "bahri",
            "arXiv:2102.06701",
            alpha=_half(["Add", 1, "spectral"]),
            beta="target",
            spectral=["Add", -1, ["Mul", 2, "alpha"]],
            target="beta",
            names={"spectral": (r"\alpha_K", "α_K"), "target": (r"\beta", "β")},
        ),
        Notation(
            "maloney",
            "arXiv:2210.16859",
            alpha=_half(["Add", 1, "spectral"]),
            beta="target",
            spectral=["Add", -1, ["Mul", 2, "alpha"]],
            target="beta",
            names={
                "spectral": (r"\alpha_M", "α_M"),
                "target": (r"\beta", "β"),
                "d": ("N", "N"),
                "v": ("M", "M"),
                "r": ("T", "T"),
                "N()": _CALLIGRAPHIC_N,
            },
        ),
        Notation(
            "source-capacity",
            "capacity and source conditions of kernel regression",
            alpha=_half("spectral"),
            beta=_half(["Add", 1, ["Mul", "spectral", "target"], _MINUS_SPECTRAL]),
            spectral=_twice("alpha"),
            target=_SOURCE,
            names={"spectral": ("a", "a"), "target": ("s", "s"), "s": (r"\ell", "ℓ")},
        ),
    )
}
