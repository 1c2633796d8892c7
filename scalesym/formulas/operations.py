r"""The operations derivations are made of.

Each takes an expression (a number of parameters times one sum or integral, or a closed form) and *computes* the next
one: inverse functions come from ``solve``, Jacobians from ``diff``, exponents and rates are read off the logarithmic
derivative of the integrand, ranges of convergence from those exponents. None of them knows the paper's formulas, and
none calls ``integrate``. Whether a result is true is the business of :mod:`scalesym.formulas.checks`.

Importing this module loads SymPy.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from .derivation import Condition, DerivationError, Operation, Outcome

__all__ = [
    "complete_gamma",
    "exponential_integrals",
    "extended_to_zero",
    "hypergeometric",
    "incomplete_gamma",
    "integrability",
    "leading_term",
    "positivity",
    "small_eigenvalues",
    "substitution",
    "sum_to_integral",
    "unit_rate",
]

_Expr = Any  # SymPy ships no types


def small_eigenvalues(eigenvalue: _Expr, index: _Expr, time: _Expr) -> Operation:
    r"""Replace ``q(λ)^r`` by ``exp(r q'(0) λ)``, the leading term of ``r log q(λ)`` as ``λ → 0``."""

    def operation(before: _Expr) -> Outcome:
        coefficient, total = _split(before, sp.Sum)
        powers = [f for f in sp.Mul.make_args(total.function) if f.is_Pow and f.exp == time]
        if len(powers) != 1:
            raise DerivationError(f"the summand has {len(powers)} factors raised to the power {time}, not one")
        x = sp.Dummy("x", positive=True)
        base = sp.powsimp(powers[0].base.subs(index, _inverse(eigenvalue, index, x)))
        leading = sp.series(sp.log(base), x, 0, 2).removeO()
        if sp.expand(leading).coeff(x, 0) != 0 or leading.has(index):
            raise DerivationError(f"{base} is not a function of the eigenvalue that starts at 1")
        decay = sp.exp(time * leading.subs(x, eigenvalue))
        return Outcome(coefficient * sp.Sum(total.function / powers[0] * decay, *total.limits))

    return operation


def sum_to_integral(before: _Expr) -> Outcome:
    """The leading term of the Euler–Maclaurin formula: the sum over an index becomes the integral over it.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import j
    >>> sum_to_integral(3 * sp.Sum(j**-2, (j, 1, sp.oo))).expression
    3*Integral(j**(-2), (j, 1, oo))
    """
    coefficient, total = _split(before, sp.Sum)
    return Outcome(coefficient * sp.Integral(total.function, *total.limits))


def substitution(new: _Expr, expression: _Expr) -> Operation:
    """Change the variable of integration to ``new = expression``, a monotone function of the present one.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, j, u
    >>> substitution(u, j ** (-2 * alpha))(sp.Integral(j ** (-4 * alpha), (j, 1, sp.oo))).expression
    Integral(u**(1 - 1/(2*alpha)), (u, 0, 1))/(2*alpha)
    """

    def operation(before: _Expr) -> Outcome:
        coefficient, integral = _split(before, sp.Integral)
        old, lower, upper = integral.limits[0]
        inverse = _inverse(expression, old, new)
        jacobian = sp.diff(inverse, new)
        ends = [sp.limit(expression, old, end) for end in (lower, upper)]
        if jacobian.is_negative:
            jacobian, ends = -jacobian, ends[::-1]
        elif not jacobian.is_positive:
            raise DerivationError(f"{expression} is not known to be monotone in {old}")
        return Outcome(_integral(coefficient * integral.function.subs(old, inverse) * jacobian, new, *ends))

    return operation


def unit_rate(new: _Expr) -> Operation:
    """Scale the variable of an integrand ``u^s e^{-cu}`` so that it decays at rate one: ``new = c u``."""

    def operation(before: _Expr) -> Outcome:
        _, integral = _split(before, sp.Integral)
        variable = integral.limits[0][0]
        _, rate = _exponents(integral)
        scale = sp.Dummy("c", positive=True)  # kept whole while powers are collected
        whole = before.subs(rate, scale) if before.subs(rate, scale) != before else before.subs(-rate, -scale)
        outcome = substitution(new, scale * variable)(whole)
        return Outcome(outcome.expression.subs(scale, rate))

    return operation


def integrability(before: _Expr) -> Outcome:
    """The same integral, with the condition under which ``u^s e^{-cu}`` can be integrated down to zero.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, u
    >>> integrability(sp.Integral(u ** (1 - 1 / (2 * alpha)) * sp.exp(-u), (u, 0, 1))).conditions[0].relation
    alpha > 1/4
    """
    _, integral = _split(before, sp.Integral)
    if integral.limits[0][1] != 0:
        raise DerivationError("the integral does not start at zero")
    power, _ = _exponents(integral)
    if (power + 1).is_positive:
        return Outcome(before)
    return Outcome(before, (positivity(power + 1, "the integral converges at zero"),))


def extended_to_zero(before: _Expr) -> Outcome:
    """Move the lower end of the range to zero; the piece added is the remainder, and must be integrable."""
    coefficient, integral = _split(before, sp.Integral)
    variable, lower, upper = integral.limits[0]
    extended = coefficient * sp.Integral(integral.function, (variable, 0, upper))
    added = coefficient * sp.Integral(integral.function, (variable, 0, lower))
    return Outcome(extended, integrability(extended).conditions, remainder=-added)


def incomplete_gamma(before: _Expr) -> Outcome:
    r"""``∫_0^x y^{s-1} e^{-y} dy = γ(s, x)``, its definition, with ``s`` read off the integrand.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, r, y
    >>> incomplete_gamma(sp.Integral(y**alpha * sp.exp(-y), (y, 0, r))).expression
    lowergamma(alpha + 1, r)
    """
    coefficient, integral = _split(before, sp.Integral)
    variable, lower, upper = integral.limits[0]
    power, rate = _exponents(integral)
    if lower != 0 or rate != 1:
        raise DerivationError("the integral is not of y^(s-1) exp(-y) from zero")
    rest = sp.powsimp(integral.function * variable**-power * sp.exp(variable))
    if rest.has(variable):
        raise DerivationError(f"a factor {rest} is left over")
    return Outcome(coefficient * rest * sp.lowergamma(tidy_exponent(power + 1), upper, evaluate=False))


def exponential_integrals(before: _Expr) -> Outcome:
    r"""``∫_a^b u^{-ν} e^{-cu} du = a^{1-ν} E_ν(ca) - b^{1-ν} E_ν(cb)``, from ``E_ν(z) = ∫_1^∞ t^{-ν} e^{-zt} dt``.

    Every ``ν`` is allowed: unlike the incomplete gamma function, ``E_ν`` has no poles in ``ν``.
    """
    coefficient, integral = _split(before, sp.Integral)
    variable, lower, upper = integral.limits[0]
    power, rate = _exponents(integral)
    order = tidy_exponent(-power)
    rest = sp.powsimp(integral.function * variable**-power * sp.exp(rate * variable))
    if lower == 0 or rest.has(variable):
        raise DerivationError("the integral is not of u^(-nu) exp(-c u) away from zero")
    tails = [tidy(end ** (power + 1)) * sp.expint(order, rate * end, evaluate=False) for end in (lower, upper)]
    return Outcome(coefficient * rest * (tails[0] - tails[1]))


def hypergeometric(before: _Expr) -> Outcome:
    r"""``∫_0^ρ u^{a-1} (1+ζu^b)^{-n} du = (ρ^a/a) ₂F₁(n, a/b; 1+a/b; -ζρ^b)``, with ``a, b, n, ζ`` read off the integrand.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, rho, u, zeta
    >>> hypergeometric(sp.Integral(1 / (1 + zeta * u ** (2 * alpha)), (u, 0, rho))).expression
    rho*hyper((1, 1/(2*alpha)), (1 + 1/(2*alpha),), -rho**(2*alpha)*zeta)
    """
    coefficient, integral = _split(before, sp.Integral)
    variable, lower, upper = integral.limits[0]
    constant, integrand = integral.function.as_independent(variable, as_Add=False)
    powers = [f for f in sp.Mul.make_args(integrand) if f.is_Pow and f.base.is_Add]
    if lower != 0 or len(powers) != 1 or not powers[0].exp.is_negative:
        raise DerivationError("the integral is not of u^(a-1) (c + C u^b)^(-n) from zero")
    base, order = powers[0].base, -powers[0].exp
    at_zero, growing = base.as_independent(variable, as_Add=True)
    factor, power = growing.as_independent(variable, as_Add=False)
    b = sp.expand(variable * sp.diff(sp.expand_log(sp.log(power), force=True), variable))
    rest = sp.powsimp(integrand / powers[0])
    a = tidy_exponent(1 + variable * sp.diff(sp.expand_log(sp.log(rest), force=True), variable))
    if at_zero.has(variable) or b.has(variable) or a.has(variable) or rest.subs(variable, 1) != 1:
        raise DerivationError(f"{integrand} is not a power times a power of a binomial")
    ratio = tidy_exponent(sp.cancel(a / b))
    series = sp.hyper((order, ratio), (1 + ratio,), -factor / at_zero * upper**b)
    conditions = () if a.is_positive else (positivity(a, "the integral converges at zero"),)
    return Outcome(coefficient * constant * at_zero**-order * upper**a / a * series, conditions)


def complete_gamma(before: _Expr) -> Outcome:
    """``γ(s, x) = Γ(s) - Γ(s, x)``."""
    coefficient, found = _split(before, sp.lowergamma)
    s, x = found.args
    return Outcome(coefficient * sp.gamma(s) - coefficient * sp.uppergamma(s, x, evaluate=False))


def leading_term(before: _Expr) -> Outcome:
    """Keep the terms without an upper incomplete gamma function; the others, exponentially small, are the remainder."""
    terms = sp.Add.make_args(before)
    kept = sp.Add(*(term for term in terms if not term.has(sp.uppergamma)))
    if kept in (0, before):
        raise DerivationError("there is no exponentially small term to leave out")
    return Outcome(kept, remainder=before - kept)


def tidy(expression: _Expr) -> _Expr:
    """Collect powers of equal bases, and write every exponent in its shorter form."""
    collected = sp.powsimp(sp.expand_power_base(expression), combine="exp")
    return collected.replace(lambda e: e.is_Pow and not e.exp.is_number, lambda e: sp.Pow(e.base, tidy_exponent(e.exp)))


def tidy_exponent(exponent: _Expr) -> _Expr:
    """``exponent`` as one fraction or as a sum of fractions, whichever has fewer operations."""
    return min(sp.together(sp.expand(exponent)), sp.expand(exponent), key=sp.count_ops)


def _split(expression: _Expr, kind: Any) -> tuple[_Expr, _Expr]:
    """The factor in front of the one sum, integral or special function, and that object."""
    factors = sp.Mul.make_args(expression)
    found = [f for f in factors if isinstance(f, kind)]
    if len(found) != 1 or any(len(limit) != 3 for limit in getattr(found[0], "limits", ())):
        raise DerivationError(f"expected a factor times one {kind.__name__}, not {expression}")
    return sp.Mul(*(f for f in factors if f is not found[0])), found[0]


def _integral(integrand: _Expr, variable: _Expr, lower: _Expr, upper: _Expr) -> _Expr:
    """The integral with its constant factors in front."""
    coefficient, dependent = tidy(integrand).as_independent(variable, as_Add=False)
    return tidy(coefficient) * sp.Integral(dependent, (variable, lower, upper))


def _inverse(expression: _Expr, old: _Expr, new: _Expr) -> _Expr:
    """The one positive solution of ``expression = new`` for ``old``."""
    candidates = sp.solve(sp.Eq(new, expression), old, check=False, simplify=False)
    positive = [s for s in candidates if s.is_positive]
    solutions = [s for s in positive if sp.powdenest(sp.expand_power_base(expression.subs(old, s))) == new]
    if len(solutions) != 1:
        raise DerivationError(f"{new} = {expression} has {len(solutions)} positive solutions for {old}, not one")
    return solutions[0]


def _exponents(integral: _Expr) -> tuple[_Expr, _Expr]:
    """``s`` and ``c`` of an integrand ``C u^s e^{-cu}``, from ``u f'(u)/f(u) = s - c u``."""
    variable = integral.limits[0][0]
    logarithm = sp.expand_log(sp.log(integral.function))
    slope = sp.expand(variable * sp.diff(logarithm, variable))
    power, rate = slope.coeff(variable, 0), -slope.coeff(variable, 1)
    if sp.expand(slope - power + rate * variable) != 0 or not rate.is_positive:
        raise DerivationError(f"{integral.function} is not a power of {variable} times a decaying exponential")
    return tidy_exponent(power), rate


def positivity(expression: _Expr, because: str) -> Condition:
    """``expression > 0`` cleared of positive denominators and common factors: a linear form against a number."""
    numerator, denominator = sp.fraction(sp.together(expression))
    if not denominator.is_positive:
        raise DerivationError(f"the sign of {denominator} is not known")
    constant, rest = sp.expand(numerator).as_coeff_Add()
    if rest == 0:
        raise DerivationError(f"{expression} > 0 is false whatever the parameters")
    content, primitive = rest.as_content_primitive()
    bound = -constant / content
    if all(term.could_extract_minus_sign() for term in sp.Add.make_args(primitive)):
        return Condition(sp.Lt(-primitive, -bound, evaluate=False), because)
    return Condition(sp.Gt(primitive, bound, evaluate=False), because)
