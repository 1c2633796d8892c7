r"""Operations for sums over the spectrum near ``ζ = 0``, and for the Laplace transforms that bring them back to time.

A sum over modes is a Mellin–Barnes integral,

.. math::
    \sum_{j\le v}\frac{j^{-a}}{1+\zeta j^b}
    = \frac1{2\pi\mathrm i}\int_{c-\mathrm i\infty}^{c+\mathrm i\infty}\zeta^{-s}\,\frac{\pi}{\sin\pi s}\,
      \sum_{j\le v}j^{-a-bs}\,ds, \qquad 0<c<1,

and for ``ζ ≪ 1 ≪ ζv^b`` its expansion is read off the poles: of ``π/sin πs`` and of ``ζ_R(a+bs)`` on the left, of the
end ``v^{1-a-bs}/(1-a-bs)`` on the right. Where two poles coincide there is a logarithm: every logarithm on the critical
lines comes from here. In time, ``p^{-s}`` becomes ``τ^{s-1}/Γ(s)``, and what is analytic at ``p = 0`` leaves nothing.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from .derivation import DerivationError, Operation, Outcome
from .operations import positivity, tidy, tidy_exponent

__all__ = [
    "PowerLog",
    "discontinuity",
    "inverse_laplace",
    "mode_sum",
    "modes_on_the_gap_scale",
    "perturbed",
    "terms_of",
]

_Expr = Any  # SymPy ships no types


@dataclass(frozen=True)
class PowerLog:
    """One term ``coefficient · p^power · log(p)^logs`` of an expansion."""

    coefficient: _Expr
    power: _Expr
    logs: int = 0

    def at(self, p: _Expr) -> _Expr:
        """The term as an expression."""
        return self.coefficient * p ** tidy_exponent(self.power) * sp.log(p) ** self.logs

    def __mul__(self, other: PowerLog) -> PowerLog:
        return PowerLog(self.coefficient * other.coefficient, self.power + other.power, self.logs + other.logs)

    def euler(self) -> list[PowerLog]:
        """``p d/dp`` of the term."""
        found = [PowerLog(self.coefficient * tidy_exponent(self.power), self.power, self.logs)]
        return found + ([PowerLog(self.coefficient * self.logs, self.power, self.logs - 1)] if self.logs else [])


def terms_of(expression: _Expr, p: _Expr) -> list[PowerLog]:
    """The terms of a sum of powers and logarithms of ``p``.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, p
    >>> terms_of(3 + alpha * p**alpha * sp.log(p), p)
    [PowerLog(coefficient=3, power=0, logs=0), PowerLog(coefficient=alpha, power=alpha, logs=1)]
    """
    found = []
    for term in sp.Add.make_args(expression):
        coefficient, rest = term.as_independent(p, as_Add=False)
        power, logs = sp.S.Zero, 0
        for factor in sp.Mul.make_args(rest):
            base, exponent = factor.as_base_exp()
            if base == p and not exponent.has(p):
                power += exponent
            elif base == sp.log(p) and exponent.is_Integer and exponent > 0:
                logs += int(exponent)
            elif factor != 1:
                raise DerivationError(f"{term} is not a power of {p} times logarithms")
        found.append(PowerLog(coefficient, power, logs))
    return found


def _gathered(terms: Iterable[PowerLog], p: _Expr) -> _Expr:
    """The sum of terms, with equal powers collected and their coefficients factorised."""
    collected: dict[tuple[_Expr, int], _Expr] = {}
    for term in terms:
        key = (sp.expand(term.power), term.logs)
        collected[key] = collected.get(key, sp.S.Zero) + term.coefficient
    return sp.Add(*(PowerLog(_tidied(c), power, logs).at(p) for (power, logs), c in collected.items()))


def _tidied(coefficient: _Expr) -> _Expr:
    """A sum with the factors its terms share in front, and what is left as one fraction."""
    shared, rest = sp.factor_terms(coefficient).as_independent(sp.Add, as_Add=False)
    whole = shared * (sp.factor(sp.together(rest)) if not rest.has(sp.Function) else rest)
    return whole.replace(lambda e: e.is_Add and not e.has(sp.Function, sp.pi), lambda e: sp.factor(sp.together(e)))


def mode_sum(zeta: _Expr, left: int = 0, right: int = 1) -> Operation:
    r"""Expand ``Σ_j j^{-a}/(1+ζj^b)`` for ``ζ ≪ 1``, and, where the sum ends at ``v``, for ``ζv^b ≫ 1``.

    Parameters
    ----------
    zeta:
        The small letter.
    left, right:
        The last pole taken of ``π/sin πs``: at ``s = -left`` and, for a finite sum, at ``s = right``.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import j, p, v
    >>> mode_sum(p)(sp.Sum(1 / (1 + p * j), (j, 1, v))).expression
    -1/2 + log(p)/p + log(v)/p
    """

    def operation(before: _Expr) -> Outcome:
        if not isinstance(before, sp.Sum):
            raise DerivationError(f"expected a sum over modes, not {before}")
        a, b = _powers(before, zeta)
        end = before.limits[0][2]
        edge = tidy_exponent(sp.cancel((1 - a) / b))  # the pole of the continuum
        poles = [-k for k in range(left + 1)] + ([] if end is sp.oo else list(range(1, right + 1)))
        terms = []
        for pole in poles:
            on_left = pole <= 0
            if edge == pole:
                terms += _double(pole, b, None if on_left else end)
            elif on_left:
                terms.append(PowerLog(sp.Integer(-1) ** pole * sp.zeta(sp.expand(a + b * pole)), sp.Integer(-pole)))
            else:
                power = sp.expand(1 - a - b * pole)
                terms.append(
                    PowerLog(sp.Integer(-1) ** (pole + 1) * end ** tidy_exponent(power) / power, sp.Integer(-pole))
                )
        if not edge.is_Integer:
            s = sp.Dummy("s")
            simple = sp.residue(1 / (a + b * s - 1), s, sp.cancel((1 - a) / b))  # of ζ_R(a + bs)
            terms.append(PowerLog(sp.pi / sp.sin(sp.pi * edge) * simple, -edge))
        elif edge not in poles:
            raise DerivationError(f"the double pole at s = {edge} is not among those taken")
        because = "the sum over modes converges"
        conditions = (positivity(a + b - 1, because),) if end is sp.oo and not (a + b - 1).is_positive else ()
        return Outcome(sp.Add(*(term.at(zeta) for term in terms)), conditions)

    return operation


def _double(pole: int, b: _Expr, end: _Expr | None) -> list[PowerLog]:
    """The residue where a pole of ``π/sin πs`` meets that of the continuum, by Laurent expansion in the distance ``e``."""
    e, logarithm = sp.Dummy("e"), sp.Dummy("log")
    sine, power = sp.Integer(-1) ** pole / e, 1 - e * logarithm  # π/sin πs = ± 1/e + O(e), and ζ^{-e}
    continuum = 1 / (b * e) + sp.EulerGamma if end is None else (1 - b * e * sp.log(end)) / (b * e)
    residue = sp.expand(sine * continuum * power).coeff(e, -1)
    return [PowerLog(residue.coeff(logarithm, k), sp.Integer(-pole), k) for k in (0, 1)]


def modes_on_the_gap_scale(zeta: _Expr, scaled: _Expr, d: _Expr, ratio: _Expr, u: _Expr, order: int = 0) -> Operation:
    r"""The Euler–Maclaurin formula for ``Σ_{j≤v} j^{-a}/(1+ζj^b)`` at ``ζ = ζ̃ d^{-b}``, ``v = ρd``.

    With ``order`` 0, the leading term alone: ``d^{1-a} ∫_0^ρ u^{-a}/(1+ζ̃u^b) du`` where ``a < 1``. With ``order`` 1, that
    integral (its finite part, where it diverges at 0), ``ζ_R(a)``, and half of the last summand; with ``order`` 2 also
    ``-ζ_R(a-b) ζ``.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, d, j, rho, u, v, zeta, zeta_tilde
    >>> scaled = modes_on_the_gap_scale(zeta, zeta_tilde, d, rho, u)
    >>> scaled(sp.Sum(1 / (1 + zeta * j ** (2 * alpha)), (j, 1, v))).expression
    d*Integral(1/(u**(2*alpha)*zeta_tilde + 1), (u, 0, rho))
    """

    def operation(before: _Expr) -> Outcome:
        index = before.limits[0][0]
        a, b = _powers(before, zeta)
        energy = d ** tidy_exponent(1 - a)
        integral = energy * sp.Integral(u**-a / (1 + scaled * u**b), (u, 0, ratio))
        if order == 0:
            return Outcome(integral)
        last = before.function.subs(index, ratio * d).subs(zeta, scaled * d**-b)
        if order == 2:
            integral -= sp.zeta(a - b) * scaled * d**-b
        return Outcome(integral + sp.zeta(a) + tidy(sp.powsimp(sp.expand_power_base(last, force=True))) / 2)

    return operation


def perturbed(
    given: _Expr, counts: _Expr, d: _Expr, p: _Expr, over_m: bool = True, carried: _Expr | None = None
) -> Operation:
    r"""``J(ζ)/m``, or ``J(ζ)``, at ``ζ = p/m``, ``m = 1 - D_1(ζ)/d``, to first order in ``1/d``.

    ``J`` and ``D_1`` are given as sums of powers and logarithms of ``p``. The first order is computed by differentiating
    along the solution of ``m = 1 - D_1(p/m)/d``; it is ``D_1 (J + pJ')``, or ``D_1 pJ'`` without the division by ``m``. With
    ``carried``, only these terms of ``J`` are carried to first order.
    """

    def operation(before: _Expr) -> Outcome:
        e = sp.Dummy("e")  # 1/d
        J, D, M = sp.Function("J"), sp.Function("D"), sp.Function("M")
        equation = M(e) - 1 + e * D(p / M(e))
        slope = sp.solve(sp.diff(equation, e).doit(), sp.Derivative(M(e), e))[0]
        shape = J(p / M(e)) / M(e) if over_m else J(p / M(e))
        first = sp.diff(shape, e).doit().subs(sp.Derivative(M(e), e), slope)
        at_zero = sp.expand(first.subs(M(e), 1).subs(e, 0).doit())
        weights = [at_zero.coeff(sp.Derivative(J(p), p)), at_zero.coeff(J(p))]
        rest = at_zero - weights[0] * sp.Derivative(J(p), p) - weights[1] * J(p)
        shares = [sp.cancel(weights[0] / D(p) / p), sp.cancel(weights[1] / D(p))]  # of pJ' D_1 and of J D_1
        if sp.expand(rest) != 0 or any(not share.is_number for share in shares):
            raise DerivationError(f"the first order {at_zero} is not made of D_1 J and p D_1 J'")
        products = []
        for count in terms_of(counts, p):
            for term in terms_of(given if carried is None else carried, p):
                grown = [PowerLog(each.coefficient * shares[0], each.power, each.logs) for each in term.euler()]
                kept = PowerLog(term.coefficient * shares[1], term.power, term.logs)
                products += [each * count for each in (*grown, kept)]
        return Outcome(given + _gathered([PowerLog(t.coefficient / d, t.power, t.logs) for t in products], p))

    return operation


def inverse_laplace(p: _Expr, time: _Expr) -> Operation:
    r"""``p^{-s} log^k p`` to ``τ``, term by term: ``(-d/ds)^k [τ^{s-1}/Γ(s)]``; ``p^n``, ``n = 0, 1, …``, leaves nothing.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, p, tau
    >>> inverse_laplace(p, tau)(7 + p**-alpha).expression
    tau**(alpha - 1)/gamma(alpha)
    >>> inverse_laplace(p, tau)(sp.log(p) / p).expression
    -log(tau) - EulerGamma
    """

    def operation(before: _Expr) -> Outcome:
        return Outcome(sp.Add(*(_in_time(term, time) for term in terms_of(before, p))))

    return operation


def discontinuity(p: _Expr, u: _Expr) -> Operation:
    r"""``Im/π`` of a sum of powers ``p^{-s}`` at ``p = ue^{-iπ}``: the density of the spectrum it is the transform of.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, p, u
    >>> discontinuity(p, u)(p**-alpha).expression
    sin(pi*alpha)/(pi*u**alpha)
    """

    def operation(before: _Expr) -> Outcome:
        found = []
        for term in terms_of(before, p):
            if term.logs:
                raise DerivationError("a logarithm has another jump")
            s = -tidy_exponent(term.power)
            found.append(sp.cancel(term.coefficient * sp.sin(sp.pi * s) / sp.pi) * u ** tidy_exponent(term.power))
        return Outcome(sp.Add(*found))

    return operation


def _in_time(term: PowerLog, time: _Expr) -> _Expr:
    s = -tidy_exponent(term.power)
    if s.is_Integer and s <= 0:  # 1/Γ has a zero, and ±(-s)! for its slope there
        if term.logs > 1:
            raise DerivationError(f"log^{term.logs} beside an integer power is beyond this table")
        slope = sp.Integer(-1) ** s * sp.factorial(-s)
        return -term.coefficient * slope * time ** (s - 1) if term.logs else sp.S.Zero
    coefficient = _reflected(term.coefficient, s)
    power = time ** tidy_exponent(s - 1)
    if term.logs == 0:
        return coefficient * power
    bracket = sp.log(time) - sp.polygamma(0, s)  # -(d/ds) log of τ^{s-1}/Γ(s), up to sign
    if term.logs == 1:
        return -coefficient * power * bracket
    if term.logs == 2:
        return coefficient * power * (bracket**2 - sp.polygamma(1, s))
    raise DerivationError(f"log^{term.logs} is beyond this table")


def _reflected(coefficient: _Expr, s: _Expr) -> _Expr:
    """``coefficient/Γ(s)``, where ``π/sin π(s-n)`` becomes ``(-1)^n Γ(s)Γ(1-s)``."""
    for factor in sp.Mul.make_args(coefficient):
        base, exponent = factor.as_base_exp()
        if exponent == -1 and isinstance(base, sp.sin):
            for sign in (1, -1):
                shift = sp.simplify(sign * base.args[0] / sp.pi - s)
                if shift.is_Integer:
                    return (
                        sign * sp.Integer(-1) ** shift * coefficient / factor / sp.pi * sp.gamma(tidy_exponent(1 - s))
                    )
    return coefficient / sp.gamma(s)


def _powers(total: _Expr, zeta: _Expr) -> tuple[_Expr, _Expr]:
    """``a`` and ``b`` of a summand ``j^{-a}/(1+ζj^b)``."""
    index = total.limits[0][0]
    binomial = [f.base for f in sp.Mul.make_args(total.function) if f.is_Pow and f.base.has(zeta)]
    if len(binomial) != 1 or sp.Mul(*(f for f in sp.Mul.make_args(total.function) if f.has(zeta))) != 1 / binomial[0]:
        raise DerivationError(f"{total.function} is not a power of {index} over 1 + {zeta} times another")
    growth = sp.powsimp(sp.expand((binomial[0] - 1) / zeta))
    rest = total.function * binomial[0]
    a, b = (sp.simplify(sign * index * sp.diff(sp.log(f), index)) for sign, f in ((-1, rest), (1, growth)))
    if a.has(index) or b.has(index):
        raise DerivationError(f"{total.function} is not made of powers of {index}")
    return sp.expand(a), sp.expand(b)
