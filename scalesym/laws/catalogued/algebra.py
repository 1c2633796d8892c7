"""Operations on laws made of powers: products gathered by exponent, equations between powers solved.

Importing this module loads SymPy.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET
from ...formulas.derivation import DerivationError

__all__ = ["gathered", "log_slope", "renamed", "solved", "stationary"]

_Expr = Any  # SymPy ships no types


def gathered(product: _Expr) -> _Expr:
    """A positive product of powers with equal and opposite exponents under one base.

    Examples
    --------
    >>> a, x, y = sp.symbols("a x y", positive=True)
    >>> gathered(x**a * (x / y) ** (1 - a) * y)
    x*y**a
    """
    logarithm = sp.expand(sp.expand_log(sp.log(product), force=True))
    found: dict[_Expr, _Expr] = {}
    rest = logarithm
    for atom in sorted(logarithm.atoms(sp.log), key=sp.default_sort_key):
        power = sp.factor(sp.together(logarithm.coeff(atom)))
        rest -= sp.expand(logarithm.coeff(atom) * atom)
        if power == 0:
            continue
        base = _with_gathered_terms(atom.args[0])
        opposite = -power if -power in found else sp.factor(-power)
        if opposite in found:
            found[opposite] /= base
        else:
            found[power] = found.get(power, sp.S.One) * base
    if sp.expand(rest) != 0:
        raise DerivationError(f"{product} is not a product of powers")
    return sp.Mul(*(_raised(base, power) for power, base in found.items()))


def _with_gathered_terms(base: _Expr) -> _Expr:
    """A sum whose terms are gathered too; any other base as it is."""
    if not base.is_Add:
        return base
    terms = [term.as_coeff_Mul() for term in base.args]
    return sp.Add(*(sign * (gathered(term) if term.is_positive else term) for sign, term in terms))


def _raised(base: _Expr, power: _Expr) -> _Expr:
    """The power as one reads it: a fraction to a positive power, a reciprocal to a negative one."""
    over, under = sp.fraction(base)
    turned = over == 1 if power.as_coeff_Mul()[0] > 0 else over != 1
    return (under / over) ** -power if under != 1 and turned else base**power


def solved(left: _Expr, right: _Expr, letter: _Expr) -> _Expr:
    """The positive value of a letter at which two products of powers are equal.

    Examples
    --------
    >>> a, x, y = sp.symbols("a x y", positive=True)
    >>> solved(y, x**-a, x)
    y**(-1/a)
    """
    logarithm = sp.expand(sp.expand_log(sp.log(left) - sp.log(right), force=True))
    power = logarithm.coeff(sp.log(letter))
    others = sp.expand(logarithm - power * sp.log(letter))
    if power == 0 or others.has(letter):
        raise DerivationError(f"no power of {letter} alone is left in {left} = {right}")
    return gathered(sp.exp(sp.expand(-others / sp.together(power))))


def stationary(loss: _Expr, letter: _Expr) -> _Expr:
    """Where the loss does not change with a letter: its falling terms on the left, its rising ones on the right.

    A power of a sum is stationary where the sum is.
    """
    inside = loss.base if loss.is_Pow and loss.base.is_Add else loss
    terms = sp.Add.make_args(sp.expand(letter * sp.diff(inside, letter), power_base=False, power_exp=False))
    falling = [-sp.powsimp(term) for term in terms if term.could_extract_minus_sign()]
    rising = [sp.powsimp(term) for term in terms if not term.could_extract_minus_sign()]
    if not falling or not rising:
        raise DerivationError(f"the terms do not trade off in {letter}")
    return sp.Eq(sp.Add(*falling), sp.Add(*rising), evaluate=False)


def log_slope(power: _Expr, letter: _Expr) -> _Expr:
    """``d ln/d ln`` of a product of powers.

    Examples
    --------
    >>> a, x, y = sp.symbols("a x y", positive=True)
    >>> log_slope(y * x**-a, x)
    -a
    """
    logarithm = sp.expand_log(sp.log(power), force=True)
    return sp.factor(sp.simplify(letter * sp.diff(logarithm, letter)))


def renamed(expression: _Expr, **names: str) -> _Expr:
    """A formula of the laws' own modules in the catalogue's letters; names that are not given stay."""
    symbols = {symbol: ALPHABET[names.get(symbol.name, symbol.name)] for symbol in expression.free_symbols}
    return expression.subs(symbols, simultaneous=True)
