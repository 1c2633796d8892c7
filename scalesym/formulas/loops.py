r"""Operations for contour integrals over the spectral parameter.

In the plane of ``ζ = -z/m(z)`` every integrand of the deterministic equivalent is a rational function: its poles are
those of ``λ_j + ζ`` on ``(-1, 0)`` and the zeros of ``m``, which lie between them, and ``ζ_0``. Circles around 0 with a
radius above ``max(1, ζ_0)`` therefore enclose the whole spectrum. What is outside, at infinity or at the roots ``x_±`` of
``w q(x) = 1``, gives closed forms.

Importing this module loads SymPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, alpha, j, r, v, w, x, x_minus, x_plus, z, zeta, zeta_0, zeta_minus, zeta_plus
from .contours import Loop
from .definitions import DEFINITIONS, spelled_out
from .derivation import DerivationError, Operation, Outcome
from .operations import tidy

__all__ = [
    "RADIUS",
    "analytic_part_dropped",
    "at_infinity",
    "geometric_series",
    "in_zeta",
    "loop_in_zeta",
    "named",
    "one_fraction",
    "residues_outside",
    "slope",
    "split_loop",
    "trace_split",
]

_Expr = Any  # SymPy ships no types

#: Of the circles in the plane of ``ζ``: the poles inside are at most half as far from 0.
RADIUS = 2 * (1 + zeta_0)

_m_z, _m = QUANTITIES["m_z"](z), QUANTITIES["m"](zeta)


def in_zeta(before: _Expr) -> Outcome:
    """Insert ``z = -ζ m``; ``m`` cancels from every term of a sum over modes, or stands in front.

    Examples
    --------
    >>> in_zeta(sp.Sum(_m_z / (j ** (-2 * alpha) * _m_z - z), (j, 1, v))).expression
    Sum(j**(2*alpha)/(j**(2*alpha)*zeta + 1), (j, 1, v))
    """
    whole, growth = sp.Dummy("m", positive=True), sp.Dummy("L", positive=True)  # growth is j^{2α}
    inserted = before.subs(_m_z, whole).subs(z, -zeta * whole)

    def cancelled(summand: _Expr) -> _Expr:
        spread = sp.expand_power_exp(summand).subs(j ** (-2 * alpha), 1 / growth)
        return sp.factor(sp.cancel(spread)).subs(growth, j ** (2 * alpha))

    def summed(summand: _Expr, limits: _Expr) -> _Expr:
        outside, inside = cancelled(summand).as_independent(j, as_Add=False)
        return outside * sp.Sum(tidy(inside), limits)

    found = inserted.replace(sp.Sum, summed)
    if not inserted.has(sp.Sum):
        found = cancelled(inserted)
    return Outcome(found.subs(whole, _m))


def named(*names: str) -> Operation:
    """Write abbreviations, functions of ``ζ``, for what they stand for.

    Examples
    --------
    >>> named("D_1")(1 + sp.Sum(1 / (1 + zeta * j ** (2 * alpha)), (j, 1, v))).expression
    D_1(zeta) + 1
    """

    def operation(before: _Expr) -> Outcome:
        found = before
        for name in names:
            definition = DEFINITIONS[f"{name}()"].statement
            there = found
            found = found.subs(definition.rhs, definition.lhs)
            if found == there:
                raise DerivationError(f"{definition.rhs} does not occur in {before}")
        return Outcome(found)

    return operation


@lru_cache(maxsize=1)
def slope() -> _Expr:
    """``dz/dζ``, from ``z = -ζ m(ζ)``, with its sums over modes put together.

    Examples
    --------
    >>> slope()
    -N(zeta)
    """
    derivative = sp.expand(sp.diff(-zeta * spelled_out(_m), zeta).doit())
    sums = [term for term in sp.Add.make_args(derivative) if term.has(sp.Sum)]
    rest, summand = derivative - sp.Add(*sums), sp.S.Zero
    for term in sums:
        (total,) = term.atoms(sp.Sum)
        summand += term / total * total.function
    outside, inside = sp.factor(sp.together(summand)).as_independent(j, zeta, as_Add=False)
    return -named("N")(-rest - outside * sp.Sum(inside, (j, 1, v))).expression


def loop_in_zeta(before: _Expr) -> Outcome:
    """Change the variable of a loop around the whole spectrum from ``z`` to ``ζ``."""
    coefficient, loop = split_loop(before)
    if loop.variable != z:
        raise DerivationError(f"expected a loop in the plane of z, not of {loop.variable}")
    return Outcome(_loop(coefficient * in_zeta(loop.integrand).expression * slope(), RADIUS))


def trace_split(before: _Expr) -> Outcome:
    """``ζL/(1+ζL) = 1 - 1/(1+ζL)`` in every sum over modes, and ``Σ_j 1 = v``.

    Examples
    --------
    >>> trace_split(zeta * sp.Sum(j ** (2 * alpha) / (1 + zeta * j ** (2 * alpha)), (j, 1, v))).expression
    v - Sum(1/(j**(2*alpha)*zeta + 1), (j, 1, v))
    """
    if before.has(Loop):
        coefficient, loop = split_loop(before)
        return Outcome(coefficient * Loop(trace_split(loop.integrand).expression, *loop.args[1:]))

    def split(total: _Expr) -> _Expr:
        growth = sp.Dummy("L", positive=True)
        parts = sp.apart(total.function.subs(j ** (2 * alpha), growth), growth)
        constant, rest = parts.as_independent(growth, as_Add=True)
        outside, inside = rest.subs(growth, j ** (2 * alpha)).as_independent(j, as_Add=False)
        return constant * sp.Sum(1, *total.limits).doit() + outside * sp.Sum(sp.factor(inside), *total.limits)

    found = before.replace(lambda e: isinstance(e, sp.Sum), split)
    return Outcome(sp.Add(*(sp.powsimp(term) for term in sp.Add.make_args(sp.expand(found, deep=False)))))


def analytic_part_dropped(before: _Expr) -> Outcome:
    """Leave out the terms with a factor ``v`` of a loop in ``ζ``, once they are seen to be polynomials in ``z`` times ``dz``."""
    coefficient, loop = split_loop(before)
    terms = sp.Add.make_args(loop.integrand)
    dropped = [term for term in terms if v in term.args]
    for term in dropped:
        in_z = sp.expand((term / slope()).subs(_m, -z / zeta).subs(r, 3))
        if not (in_z.is_polynomial(z) and zeta not in in_z.free_symbols):
            raise DerivationError(f"{term} is not a polynomial in z times dz")
    if not dropped:
        raise DerivationError("there is no such term")
    return Outcome(_loop(coefficient * (loop.integrand - sp.Add(*dropped)), loop.args[2]))


def geometric_series(before: _Expr) -> Outcome:
    """``Σ_n wⁿ ∮ g qⁿ = ∮ g/(1 - w q)`` for a loop on which ``|w q| < 1``; ``q`` is what is raised to the power ``n``."""
    if not isinstance(before, sp.Sum) or before.limits[0][1:] != (0, sp.oo):
        raise DerivationError(f"expected a power series, not {before}")
    index, (coefficient, loop) = before.limits[0][0], split_loop(before.function)
    powers = [f for f in sp.Mul.make_args(loop.integrand) if f.is_Pow and f.exp == index]
    constant = coefficient / w**index
    if len(powers) != 1 or constant.has(index):
        raise DerivationError(f"expected w^{index} times a loop with one power {index}")
    return Outcome(constant * Loop(loop.integrand / powers[0] / (1 - w * powers[0].base), *loop.args[1:]))


def residues_outside(before: _Expr) -> Outcome:
    """A loop of ``g/(1 - w q(z))`` in ``ζ``, by minus its residues outside: the simple poles ``x_±`` of ``w q(x) = 1``.

    The integrand falls at least like ``1/ζ²``, so that infinity adds nothing.
    """
    coefficient, loop = split_loop(before)
    (pole,) = [f for f in sp.Mul.make_args(loop.integrand) if f.is_Pow and f.exp == -1 and f.has(w)]
    in_x = sp.expand(pole.base.subs(_m, -x / zeta))
    density = (loop.integrand / pole / slope()).subs(_m, -x / zeta)  # per dz
    roots, found = sp.solve(in_x, x), sp.S.Zero
    for letter, other, at in ((x_plus, x_minus, zeta_plus), (x_minus, x_plus, zeta_minus)):
        if len(roots) != 2 or not any(
            sp.simplify(root - DEFINITIONS[letter.name].statement.rhs) == 0 for root in roots
        ):
            raise DerivationError(f"{letter} is not one of the solutions {roots} of w q(x) = 1")
        steepness = sp.factor(sp.Poly(in_x, x).LC()) * (letter - other)  # the derivative of 1 - w q where it vanishes
        found -= density.subs(x, letter).subs(zeta, at) / steepness
    return Outcome(one_fraction(coefficient * found))


def one_fraction(expression: _Expr) -> _Expr:
    """The expression as one fraction, with its numerator expanded and without common factors.

    Examples
    --------
    >>> one_fraction(x / alpha + (z - x) / alpha)
    z/alpha
    """
    numerator, denominator = sp.fraction(sp.factor(sp.together(expression)))
    return sp.expand(numerator) / denominator


def at_infinity(before: _Expr) -> Outcome:
    """A loop in ``ζ`` around all poles: the coefficient of ``1/ζ`` in the expansion of its integrand at infinity.

    Examples
    --------
    >>> at_infinity(Loop(QUANTITIES["D_1"](zeta), zeta, 2)).expression
    Sum(j**(-2*alpha), (j, 1, v))
    """
    coefficient, loop = split_loop(before)
    small, growth = sp.Dummy("e", positive=True), sp.Dummy("L", positive=True)  # 1/ζ and j^{2α}
    moments: dict[_Expr, _Expr] = {}

    def in_moments(total: _Expr) -> _Expr:
        summand = sp.expand_power_exp(total.function).subs(j ** (2 * alpha), growth).subs(zeta, 1 / small)
        series = sp.expand(sp.series(sp.cancel(summand), small, 0, _TERMS).removeO())
        found = sp.S.Zero
        for power in range(_TERMS):
            outside, inside = series.coeff(small, power).as_independent(growth, j, as_Add=False)
            moment = sp.Sum(sp.powsimp(inside.subs(growth, j ** (2 * alpha))), *total.limits)
            found += outside * moments.setdefault(moment, sp.Dummy("moment")) * small**power
        return found

    whole = spelled_out(loop.integrand).replace(lambda e: isinstance(e, sp.Sum), in_moments)
    whole = sp.expand_power_exp(whole).subs(j ** (2 * alpha), growth).subs(zeta, 1 / small)
    series = sp.series(sp.cancel(sp.together(whole)), small, 0, 2).removeO()
    found = sp.factor_terms(sp.expand(coefficient * sp.expand(series).coeff(small, 1)))
    back = {symbol: moment for moment, symbol in moments.items()}
    return Outcome(found.subs(growth, j ** (2 * alpha)).subs(back))


_TERMS = 4  # of every sum over modes, in powers of 1/ζ


def _loop(integrand: _Expr, radius: _Expr) -> _Expr:
    """A loop in the plane of ``ζ``, with constant factors in front."""
    outside, inside = integrand.as_independent(zeta, as_Add=False)
    return outside * Loop(inside, zeta, radius)


def split_loop(expression: _Expr) -> tuple[_Expr, _Expr]:
    """The factor in front of the one loop, and the loop."""
    found = [f for f in sp.Mul.make_args(expression) if isinstance(f, Loop)]
    if len(found) != 1:
        raise DerivationError(f"expected a factor times one loop, not {expression}")
    return sp.Mul(*(f for f in sp.Mul.make_args(expression) if f is not found[0])), found[0]
