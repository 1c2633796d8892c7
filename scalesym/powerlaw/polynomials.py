"""Polynomials and their ratios with integer coefficients, as plain data: exact on fractions, vectorised on arrays.

They carry the exponents and the boundaries of a law once SymPy has found them. Looking a phase up then needs no SymPy,
and the file that ships them is numbers, which nothing has to parse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any

from ..errors import ParameterError

__all__ = ["Polynomial", "Ratio", "symbolic"]


@dataclass(frozen=True)
class Polynomial:
    """``Σ c · x^p · y^q …`` in named letters.

    Parameters
    ----------
    letters:
        The names of the variables.
    terms:
        Pairs of an integer coefficient and the tuple of powers, one for each letter.

    Examples
    --------
    >>> line = Polynomial(("alpha", "beta"), ((1, (1, 0)), (-1, (0, 1))))
    >>> line.at((Fraction(3, 4), Fraction(1, 2)))
    Fraction(1, 4)
    """

    letters: tuple[str, ...]
    terms: tuple[tuple[int, tuple[int, ...]], ...]

    def at(self, values: Sequence[Any]) -> Any:
        """The value; exact for fractions, elementwise for arrays."""
        total: Any = 0
        for coefficient, powers in self.terms:
            product: Any = coefficient
            for value, power in zip(values, powers, strict=True):
                if power:
                    product = product * value**power
            total = total + product
        return total

    def sign_at(self, values: Sequence[Fraction]) -> int:
        """The sign at a rational point, by integers alone: the common denominators never enter it."""
        ladders = []
        for value, degree in zip(values, self._degrees, strict=True):
            top, bottom = value.numerator, value.denominator
            if degree == 1:
                ladders.append((bottom, top))
            else:  # the powers of the letter, all over the highest power of its denominator
                ladders.append(tuple(top**k * bottom ** (degree - k) for k in range(degree + 1)))
        total = 0
        for coefficient, powers in self.terms:
            for ladder, power in zip(ladders, powers, strict=True):
                coefficient *= ladder[power]
            total += coefficient
        return (total > 0) - (total < 0)

    @cached_property
    def _degrees(self) -> tuple[int, ...]:
        return tuple(max((p[n] for _, p in self.terms), default=0) for n in range(len(self.letters)))

    def spread(self, values: Sequence[Any], rounded: Sequence[bool] = ()) -> Any:
        """How far rounding letters to doubles can move the value: the sum of the terms' own sensitivities.

        ``rounded`` says which letters are; all of them unless given.
        """
        total: Any = 0
        for coefficient, powers in self.terms:
            count = sum(p for p, each in zip(powers, rounded or (True,) * len(powers), strict=True) if each)
            product: Any = abs(coefficient) * count
            for value, power in zip(values, powers, strict=True):
                product = product * abs(value) ** power
            total = total + product
        return total / 2**53

    @property
    def text(self) -> str:
        """Plain text, such as ``2α^2 - 4α + 1``."""
        return _written(self, _TEXT, "")

    @property
    def latex(self) -> str:
        r"""LaTeX, such as ``2\alpha^2-4\alpha+1``."""
        return _written(self, _LATEX, " ")

    def to_list(self) -> list[Any]:
        """Plain data for JSON."""
        return [[coefficient, *powers] for coefficient, powers in self.terms]

    @classmethod
    def from_list(cls, letters: Sequence[str], data: Any) -> Polynomial:
        """Read what :meth:`to_list` wrote.

        Raises
        ------
        ParameterError
            If it is not a list of lists of integers of the right length.
        """
        width = 1 + len(letters)
        try:
            rows = [[*row] for row in data]
        except TypeError:
            rows = [[None]]
        if not all(len(row) == width and all(type(entry) is int for entry in row) for row in rows):
            raise ParameterError("polynomial", data, "it is not a table of integers", "use Polynomial.to_list()")
        return cls(tuple(letters), tuple((row[0], tuple(row[1:])) for row in rows))


@dataclass(frozen=True)
class Ratio:
    """A rational function, the quotient of two polynomials.

    Parameters
    ----------
    top, bottom:
        In the same letters.

    Examples
    --------
    >>> one = Polynomial(("alpha",), ((1, (0,)),))
    >>> half = Ratio(one, Polynomial(("alpha",), ((2, (1,)), (1, (0,)))))
    >>> half.at((Fraction(1),)), half.text
    (Fraction(1, 3), '1/(2α + 1)')
    """

    top: Polynomial
    bottom: Polynomial

    def at(self, values: Sequence[Any]) -> Any:
        """The value; exact for fractions, elementwise for arrays."""
        top, bottom = self.top.at(values), self.bottom.at(values)
        return Fraction(top, bottom) if isinstance(bottom, int) and isinstance(top, int) else top / bottom

    def expr(self, letters: Sequence[Any]) -> Any:
        """As a SymPy expression in the given symbols, with numerator and denominator factored (loads SymPy)."""
        import sympy as sp

        return sp.factor(self.top.at(letters)) / sp.factor(self.bottom.at(letters))

    @property
    def text(self) -> str:
        """Plain text, such as ``1/(2α + 1)``."""
        top, bottom = self.top.text, self.bottom.text
        if bottom == "1":
            return top
        whole = bottom.isdecimal() or len(bottom) == 1
        return f"{top if top.isalnum() else f'({top})'}/{bottom if whole else f'({bottom})'}"

    @property
    def latex(self) -> str:
        r"""LaTeX, such as ``\frac{1}{2\alpha + 1}``."""
        top, bottom = self.top.latex, self.bottom.latex
        return top if bottom == "1" else rf"\frac{{{top}}}{{{bottom}}}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"top": self.top.to_list(), "bottom": self.bottom.to_list()}

    @classmethod
    def from_dict(cls, letters: Sequence[str], data: Mapping[str, Any]) -> Ratio:
        """Read what :meth:`to_dict` wrote."""
        return cls(Polynomial.from_list(letters, data["top"]), Polynomial.from_list(letters, data["bottom"]))

    @classmethod
    def of(cls, expression: Any, letters: Sequence[Any]) -> Ratio:
        """Of a rational SymPy expression in the given symbols, in lowest terms with coprime integer coefficients.

        Raises
        ------
        ParameterError
            If the expression is not rational in these letters.

        Examples
        --------
        >>> import sympy as sp
        >>> alpha = sp.Symbol("alpha", positive=True)
        >>> Ratio.of(2 - 1 / (2 * alpha), [alpha]).text
        '(4α - 1)/(2α)'
        """
        import sympy as sp

        top, bottom = (
            _integral(part, letters, expression) for part in sp.fraction(sp.cancel(sp.together(symbolic(expression))))
        )
        scale = -1 if sp.Poly(bottom[0], *letters).LC() < 0 else 1
        names = tuple(str(letter) for letter in letters)
        numbers = (scale * bottom[2], scale * top[2])  # a numerator a/m over b/n is na/mb
        common = gcd(*(c * n for part, n in zip((top, bottom), numbers, strict=True) for c, _ in part[1]))
        return cls(
            *(
                Polynomial(names, tuple((c * n // common, powers) for c, powers in part[1]))
                for part, n in zip((top, bottom), numbers, strict=True)
            )
        )

    def positive_at(self, values: Sequence[Fraction]) -> Ratio:
        """The same ratio, written with a denominator that is positive at a point."""
        if self.bottom.sign_at(values) >= 0:
            return self
        return Ratio(*(Polynomial(p.letters, tuple((-c, n) for c, n in p.terms)) for p in (self.top, self.bottom)))


def symbolic(value: Any) -> Any:
    """A number or a SymPy expression as SymPy has it. Text is refused: SymPy would evaluate it as Python.

    Raises
    ------
    ParameterError
        If it is neither.

    Examples
    --------
    >>> symbolic("alpha")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: exponent = 'alpha': str is no expression; give a number or a SymPy expression
    """
    import sympy as sp

    try:
        return sp.sympify(value, strict=True)
    except sp.SympifyError as error:
        reason = f"{type(value).__name__} is no expression"
        raise ParameterError("exponent", value, reason, "give a number or a SymPy expression") from error


def _integral(
    expression: Any, letters: Sequence[Any], whole: Any
) -> tuple[Any, list[tuple[int, tuple[int, ...]]], int]:
    """The polynomial, its terms with coefficients made integers, and the number they were multiplied by."""
    import sympy as sp

    try:
        poly = sp.Poly(expression, *letters)
        factor, whole_poly = poly.clear_denoms(convert=True)
        if not all(c.is_Integer for c in whole_poly.coeffs()):
            raise ValueError("irrational coefficients")
        terms = [(int(c), tuple(int(p) for p in powers)) for powers, c in whole_poly.terms()]
    except (sp.PolynomialError, TypeError, ValueError) as error:
        known = ", ".join(map(str, letters)) or "no letters"
        others = {str(each) for each in getattr(expression, "free_symbols", set()) - set(letters)}
        twins = sorted(others & set(map(str, letters)))  # the same name, declared otherwise
        remedy = f"use the same symbol {', '.join(twins)} throughout" if twins else "name every parameter"
        raise ParameterError("exponent", whole, f"it is not rational in {known}", remedy) from error
    return expression, terms, int(factor)


_TEXT = {"alpha": "α", "beta": "β", "gamma": "γ", "kappa": "κ", "rho": "ρ", "delta": "δ"}
_LATEX = {name: "\\" + name for name in _TEXT}


def _written(polynomial: Polynomial, letters: Mapping[str, str], between: str) -> str:
    out = ""
    for coefficient, powers in polynomial.terms:
        factors = between.join(
            letters.get(letter, letter) + (f"^{power}" if power > 1 else "")
            for letter, power in zip(polynomial.letters, powers, strict=True)
            if power
        )
        number = "" if abs(coefficient) == 1 and factors else str(abs(coefficient))
        sign = ("-" if coefficient < 0 else "") if not out else (" - " if coefficient < 0 else " + ")
        out += sign + number + factors
    return out or "0"
