"""Phases, exponents and boundaries as exact answers: names, fractions, and enclosed roots of the boundaries' polynomials.

Level: asymptotic. The table of phases is the derived one (:mod:`scalesym.phases`), in exact rational arithmetic.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from ..phases.lookup import Phase, phase
from ..phases.table import Critical, phase_table

__all__ = ["boundary", "exponent", "phase_name"]


def phase_name(alpha: Fraction, beta: Fraction) -> str:
    """The phase's name; a point on a critical line has none.

    Examples
    --------
    >>> phase_name(Fraction(1), Fraction(7, 10))
    'II'
    """
    found = phase(alpha, beta)
    if found.on_boundary:
        raise _on_a_line(found, "name")
    return found.name


def exponent(which: str, alpha: Fraction, beta: Fraction) -> Fraction:
    """``"xi"`` or ``"eta"``, exact; on a critical line only where both sides agree and no logarithm appears.

    Examples
    --------
    >>> exponent("eta", Fraction(1), Fraction(1))
    Fraction(3, 4)
    """
    found = phase(alpha, beta)
    values = {getattr(entry, which).at((alpha, beta)) for entry in found.entries}
    if len(values) > 1 or (found.on_boundary and found.logarithm is not None):
        raise _on_a_line(found, f"value of {which}")
    return Fraction(values.pop())


def boundary(names: tuple[str, str], given: dict[str, Fraction]) -> Any:
    """The other letter at which two phases meet, where one is given: a ball around a root of their common line.

    Raises
    ------
    ParameterError
        If these phases do not meet there, or all along the given coordinate.

    Examples
    --------
    >>> print(boundary(("IVa", "IVb"), {"beta": Fraction(1)}).str(12, radius=False))
    0.292893218813
    """
    from flint import arb, fmpq, fmpz_poly

    (letter, value), *_ = given.items()
    free = 1 if letter == "alpha" else 0
    for line in phase_table().lines:
        if set(line.neighbours) != set(names):
            continue
        coefficients: dict[int, Fraction] = {}
        for coefficient, powers in line.curve.terms:
            coefficients[powers[free]] = (
                coefficients.get(powers[free], Fraction(0)) + coefficient * value ** powers[1 - free]
            )
        scale = 1
        for each in coefficients.values():
            scale *= each.denominator
        row = [int(coefficients.get(n, Fraction(0)) * scale) for n in range(max(coefficients) + 1)]
        roots: Any = fmpz_poly(row).complex_roots() if len(row) > 1 else []
        for root, _ in roots:
            if root.imag == 0 and _meets(line, root.real, arb(fmpq(value.numerator, value.denominator)), free):
                return root.real
    raise ParameterError(
        "phases",
        names,
        f"they do not meet at one point with {letter} = {value}",
        "use neighbours, and a letter their line does not fix",
    )


def _meets(line: Critical, root: Any, value: Any, free: int) -> bool:
    """Whether the point lies on this part of the line, inside the domain; decided in balls."""
    point = (value, root) if free else (root, value)
    signs = [*line.where.conditions, *((each, 1) for each in phase_table().domain)]
    return all(polynomial.at(point) > 0 if sign > 0 else polynomial.at(point) < 0 for polynomial, sign in signs)


def _on_a_line(found: Phase, what: str) -> ParameterError:
    return ParameterError(
        "alpha, beta",
        f"{found.alpha}, {found.beta}",
        f"it lies on the line between {' and '.join(found.neighbours)}, where no single {what} holds",
        "use a point inside a phase",
    )
