"""Polynomial statements: hypotheses, a conclusion, and what a false one looks like.

An atom is a polynomial compared with zero. A goal says that at every point of real space at which the hypotheses hold the
conclusion does. Everything a solver or a proof assistant is asked in this package has that shape, so that one text can be
written for each of them from the same data, and a counterexample of any of them can be put back into the data with exact
fractions, without trust in the solver that found it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Literal

from ..powerlaw.polynomials import Polynomial, Ratio

__all__ = ["And", "Atom", "Formula", "Goal", "Or", "Sum", "common", "holds", "quotient", "reduced"]

Relation = Literal[">", ">=", "<", "<=", "=", "!="]

_HOLDS: dict[str, Callable[[int], bool]] = {
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
    "=": lambda s: s == 0,
    "!=": lambda s: s != 0,
}


@dataclass(frozen=True)
class Atom:
    """``polynomial relation 0``."""

    polynomial: Polynomial
    relation: Relation

    @property
    def negated(self) -> Atom:
        """The opposite atom."""
        opposite: dict[str, Relation] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "!=", "!=": "="}
        return Atom(self.polynomial, opposite[self.relation])

    def __str__(self) -> str:
        return f"{self.polynomial.text} {self.relation} 0"


@dataclass(frozen=True)
class And:
    """All of the parts; true without any."""

    parts: tuple[Formula, ...]

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts) or "true"


@dataclass(frozen=True)
class Or:
    """One of the parts; false without any."""

    parts: tuple[Formula, ...]

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, And) else str(part) for part in self.parts) or "false"


Formula = Atom | And | Or


@dataclass(frozen=True)
class Goal:
    """``hypotheses ⟹ conclusion`` for all real values of the letters.

    Parameters
    ----------
    id:
        Such as ``"III.minimum"``.
    prose:
        What it says, in words.
    letters:
        The names of the variables, in the order of every polynomial's powers.
    weights:
        Polynomials ``w_i > 0``, one for each atom of a disjunction of ``polynomial_i ≥ 0``, with ``Σ w_i · polynomial_i = 0``
        identically: the dual certificate. Atoms without a weight have the weight 0.
    """

    id: str
    prose: str
    letters: tuple[str, ...]
    hypotheses: tuple[Atom, ...]
    conclusion: Formula
    weights: Mapping[int, Polynomial] = field(default_factory=dict)

    def fails_at(self, point: Mapping[str, Fraction]) -> bool:
        """Whether an exact point is a counterexample.

        Examples
        --------
        >>> x = Polynomial(("x",), ((1, (1,)),))
        >>> Goal("positive", "x > 0", ("x",), (), Atom(x, ">")).fails_at({"x": Fraction(-1, 3)})
        True
        """
        values = tuple(point[letter] for letter in self.letters)
        return all(holds(each, values) for each in self.hypotheses) and not holds(self.conclusion, values)


def holds(formula: Formula, values: Sequence[Fraction]) -> bool:
    """Whether a formula is true at exact values of its letters."""
    if isinstance(formula, Atom):
        return _HOLDS[formula.relation](formula.polynomial.sign_at(values))
    parts = (holds(part, values) for part in formula.parts)
    return all(parts) if isinstance(formula, And) else any(parts)


# -- arithmetic ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """A polynomial being computed with: rational numbers by powers, in fixed letters.

    Examples
    --------
    >>> x = Sum.letter("x", ("x", "y"))
    >>> ((x + 1) * (x - 1)).polynomial.text
    'x^2 - 1'
    """

    letters: tuple[str, ...]
    numbers: Mapping[tuple[int, ...], Fraction]

    @classmethod
    def letter(cls, name: str, letters: Sequence[str]) -> Sum:
        """One letter."""
        return cls(tuple(letters), {tuple(int(each == name) for each in letters): Fraction(1)})

    @classmethod
    def of(cls, value: Any, letters: Sequence[str]) -> Sum:
        """A number, or a polynomial in some of the letters."""
        if isinstance(value, Sum):
            return value
        if isinstance(value, Polynomial):
            places = [list(letters).index(letter) for letter in value.letters]
            numbers: dict[tuple[int, ...], Fraction] = {}
            for coefficient, powers in value.terms:
                full = [0] * len(letters)
                for place, power in zip(places, powers, strict=True):
                    full[place] = power
                numbers[tuple(full)] = numbers.get(tuple(full), Fraction(0)) + coefficient
            return cls(tuple(letters), numbers)
        return cls(tuple(letters), {(0,) * len(letters): Fraction(value)} if value else {})

    def __add__(self, other: Any) -> Sum:
        numbers = dict(self.numbers)
        for powers, number in Sum.of(other, self.letters).numbers.items():
            numbers[powers] = numbers.get(powers, Fraction(0)) + number
        return Sum(self.letters, {powers: number for powers, number in numbers.items() if number})

    def __mul__(self, other: Any) -> Sum:
        numbers: dict[tuple[int, ...], Fraction] = {}
        for powers, number in self.numbers.items():
            for more, factor in Sum.of(other, self.letters).numbers.items():
                both = tuple(p + q for p, q in zip(powers, more, strict=True))
                numbers[both] = numbers.get(both, Fraction(0)) + number * factor
        return Sum(self.letters, {powers: number for powers, number in numbers.items() if number})

    def __neg__(self) -> Sum:
        return self * -1

    def __sub__(self, other: Any) -> Sum:
        return self + Sum.of(other, self.letters) * -1

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: Any) -> Sum:
        return Sum.of(other, self.letters) - self

    @property
    def polynomial(self) -> Polynomial:
        """With its rational factor removed, so that the coefficients are coprime integers of the same signs."""
        numbers = self.numbers.values()
        bottom = lcm(*(number.denominator for number in numbers))
        return _ordered(self, Fraction(bottom, gcd(*(int(number * bottom) for number in numbers)) or 1))

    @property
    def exactly(self) -> Polynomial:
        """The polynomial itself, where its coefficients are integers."""
        return _ordered(self, Fraction(1))


def _ordered(total: Sum, scale: Fraction) -> Polynomial:
    """The terms by falling degree, times a number that makes the coefficients integers."""
    ordered = sorted(total.numbers.items(), key=lambda item: (-sum(item[0]), tuple(-p for p in item[0])))
    return Polynomial(total.letters, tuple((int(number * scale), powers) for powers, number in ordered))


def quotient(ratio: Ratio, letters: Sequence[str]) -> tuple[Sum, Sum]:
    """Numerator and denominator of a rational function in more letters."""
    return Sum.of(ratio.top, letters), Sum.of(ratio.bottom, letters)


def reduced(total: Sum, positive: Iterable[Polynomial]) -> tuple[Polynomial, Sum]:
    """A polynomial with fewer factors and the same sign, and the positive factor by which they differ.

    Parameters
    ----------
    total:
        What is to be compared with zero.
    positive:
        Polynomials that are known to be positive, and are divided out as often as they divide.

    Examples
    --------
    >>> x = Sum.letter("x", ("x",))
    >>> left, factor = reduced(2 * x * (x - 1), [x.polynomial])
    >>> left.text, factor.polynomial.text
    ('x - 1', 'x')
    """
    factor = Sum.of(1, total.letters)
    for divisor in positive:
        by = Sum.of(divisor, total.letters)
        while total.numbers and (quotient := _divided(total, by)) is not None:
            total, factor = quotient, factor * by
    left = total.polynomial
    if not left.terms:
        return left, factor
    coefficient, powers = left.terms[0]
    return left, factor * (total.numbers[powers] / coefficient)


def common(totals: Sequence[Sum], positive: Iterable[Polynomial]) -> list[Polynomial]:
    """Polynomials with what divides all of them left out, as far as it is among those given; their ratios stay.

    Examples
    --------
    >>> x = Sum.letter("x", ("x",))
    >>> [each.text for each in common([2 * x * x, 4 * x], [x.polynomial])]
    ['x', '2']
    """
    left = list(totals)
    for divisor in positive:
        while left and all(each.numbers for each in left):
            found = [_divided(each, Sum.of(divisor, each.letters)) for each in left]
            if any(each is None for each in found):
                break
            left = [each for each in found if each is not None]
    numbers = [number for each in left for number in each.numbers.values()]
    bottom = lcm(*(number.denominator for number in numbers))
    scale = Fraction(bottom, gcd(*(int(number * bottom) for number in numbers)) or 1)
    return [_ordered(each, scale) for each in left]


def _divided(total: Sum, by: Sum) -> Sum | None:
    """The exact quotient of two polynomials, if there is one: long division in the lexicographic order."""
    lead = max(by.numbers)
    rest, out = total, Sum(total.letters, {})
    while rest.numbers:
        top = max(rest.numbers)
        powers = tuple(p - q for p, q in zip(top, lead, strict=True))
        if min(powers) < 0:
            return None
        step = Sum(total.letters, {powers: rest.numbers[top] / by.numbers[lead]})
        out, rest = out + step, rest - step * by
    return out
