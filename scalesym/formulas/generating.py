r"""Generating functions of forcing, kernel and loss in closed form.

Under the loop of the forcing function the power series in ``w`` is geometric, and its sum has two poles outside, the
roots ``x_±`` of ``w q(x) = 1``. They leave closed forms, to which the Volterra equation adds that of the loss,

.. math::
    \hat{\mathscr F}(w) = -\frac{S(x_+)-S(x_-)}{\gamma^2B(B+1)\,w\,(x_+-x_-)}, \qquad
    \hat{\mathscr K}(w) = -\frac{x_+D_1^+-x_-D_1^-}{(B+1)\,w\,(x_+-x_-)}, \qquad
    \hat{\mathscr P} = \frac{\hat{\mathscr F}}{1-w\hat{\mathscr K}}.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from .alphabet import QUANTITIES, B, gamma, n, r, s, w
from .checks import Point, both, unchanged
from .crosschecks import agreement, number_at, shown
from .derivation import Check, Condition, Derivation, DerivationError, Evidence, Outcome
from .evaluation import rational
from .loops import geometric_series, one_fraction, residues_outside
from .resolvent import EQUIVALENT, HERE, POINTS, forcing, kernel
from .small import Small
from .statement import Remark, Statement
from .trees import encode

__all__ = ["CONVERGENT", "ENDS", "STABLE", "forcing_series", "kernel_series", "loss_series", "recursion", "statements"]

_Expr = Any  # SymPy ships no types

_F, _K, _P, _F_hat, _K_hat, _P_hat = (QUANTITIES[name] for name in ("F", "K", "P_r", "F_hat", "K_hat", "P_hat"))

#: Necessary for stability, because the spectrum reaches beyond 1; and what is necessary and sufficient.
STABLE = (
    Remark("γ(B+1) < 2", r"\gamma(B+1)<2", "|q| < 1 on the spectrum", sp.Lt(gamma * (B + 1), 2, evaluate=False)),
    Remark(
        "the spectrum ends below 2/(γ(B+1))",
        r"\text{the spectrum ends below }2/(\gamma(B+1))",
        "|q| < 1 on the spectrum",
    ),
)
#: What the loss needs besides.
CONVERGENT = Remark("‖K‖ < 1", r"\lVert\mathscr{K}\rVert<1", "the loss stays bounded")
#: The ends of an ellipse around the spectra of all :data:`~scalesym.formulas.resolvent.POINTS`.
ENDS = (4.6, 0.01)
_SMALL_W, _LARGE_W = ("1/300", "1/150"), ("1/2", "9/10")


@lru_cache(maxsize=1)
def forcing_series() -> Derivation:
    r"""Derive ``F̂(w) = Σ_r F(r) w^r`` in closed form.

    Examples
    --------
    >>> from scalesym.formulas.generating import forcing_series
    >>> forcing_series().expression
    (-S(zeta_minus) + S(zeta_plus))/(B*gamma**2*w*(B + 1)*(x_minus - x_plus))
    """
    return _generated(0, _F_hat(w), _F, forcing(), sp.Lt(w, 1, evaluate=False))


@lru_cache(maxsize=1)
def kernel_series() -> Derivation:
    r"""Derive ``K̂(w) = Σ_r K(r) w^r`` in closed form.

    Examples
    --------
    >>> from scalesym.formulas.generating import kernel_series
    >>> kernel_series().expression
    (-x_minus*D_1(zeta_minus) + x_plus*D_1(zeta_plus))/(w*(B + 1)*(x_minus - x_plus))
    """
    return _generated(1, _K_hat(w), _K, kernel(), sp.Le(w, 1, evaluate=False))


@lru_cache(maxsize=1)
def loss_series() -> Derivation:
    r"""Derive ``P̂(w) = Σ_r P(r) w^r`` from the Volterra equation.

    Examples
    --------
    >>> from scalesym.formulas.generating import loss_series
    >>> loss_series().upto("solved").expression
    F_hat(w)/(-w*K_hat(w) + 1)
    """
    memory = sp.Sum(w**n * sp.Sum(_K(n - 1 - s) * _P(s), (s, 0, n - 1)), (n, 1, sp.oo))

    def closed(before: _Expr) -> Outcome:
        more = sp.Dummy("more", positive=True)  # B + 1, kept whole
        inside = before.subs({_F_hat(w): forcing_series().expression, _K_hat(w): kernel_series().expression})
        return Outcome(one_fraction(inside.subs(B + 1, more)).subs(more, B + 1), forcing_series().conditions)

    return (
        Derivation(
            _P_hat(w),
            _F_hat(w) + memory,
            "equivalent",
            "The power series of the Volterra equation $\\mathscr{P}(r)=\\mathscr{F}(r)+\\sum_{s<r}\\mathscr{K}(r-1-s)"
            "\\mathscr{P}(s)$, which is that of given $W$ with the deterministic equivalents in it.",
        )
        .then(
            "convolution",
            convolution,
            coefficients,
            prose="With $n=k+s+1$ the double sum is $w$ times the product of the two series.",
        )
        .then("solved", _solved, coefficients, prose="Solve the linear equation for $\\hat{\\mathscr{P}}$.")
        .then("closed forms", closed, _long_sums(2, _with_w(_LARGE_W)), prose="Insert the two closed forms.")
    )


def statements() -> tuple[Statement, ...]:
    """What this module adds to the catalogue."""
    rows = (
        ("F_hat", forcing_series(), STABLE),
        ("K_hat", kernel_series(), STABLE),
        ("P_hat", loss_series(), (*STABLE, CONVERGENT)),
    )
    return tuple(
        Statement(id, chain.quantity, chain.expression, chain, HERE, remarks=(EQUIVALENT, *also))
        for id, chain, also in rows
    )


def _generated(which: int, quantity: _Expr, terms: _Expr, loop: Derivation, converges: _Expr) -> Derivation:
    exact = (Small.forcing, Small.kernel)[which]

    def inserted(before: _Expr) -> Outcome:
        return geometric_series(before.replace(terms, lambda step: loop.expression.subs(r, step)))

    return (
        Derivation(quantity, _series(terms), "equivalent", "The power series of all steps.")
        .then(
            "geometric series",
            inserted,
            _partial_sums(exact, _with_w(_SMALL_W)),
            prose="Insert the loop integral. For small $w$, so that $|wq|<1$ on the loop, the series under it is geometric.",
        )
        .then(
            "residues outside",
            residues_outside,
            agreement(_with_w(_SMALL_W)),
            prose="Outside the loop the integrand, which falls like $1/\\zeta^2$ at least, has two poles: where $wq(x)=1$, "
            "at $\\zeta_\\pm=\\zeta(x_\\pm)$. The loop is minus the sum of their residues.",
        )
        .then(
            "continued",
            lambda before: Outcome(before, (Condition(converges, "the power series converges"),)),
            both(unchanged, _long_sums(which, _with_w(("1/2", "1") if which == 1 else _LARGE_W))),
            prose="Both sides are analytic in $w$ as long as the series converges: for $|w|<1$ because $|q|\\le 1$ on the "
            "spectrum, with $q=1$ at zero only, which the kernel does not see.",
        )
    )


def _series(of: _Expr) -> _Expr:
    return sp.Sum(w**n * of(n), (n, 0, sp.oo))


# -- operations --------------------------------------------------------------------------------------------------------


def convolution(before: _Expr) -> Outcome:
    """``Σ_n wⁿ Σ_{s<n} K(n-1-s) P(s)`` as a product: with ``n = k+s+1`` the range is all ``k, s ≥ 0``."""
    (double,) = [term for term in sp.Add.make_args(before) if isinstance(term, sp.Sum)]
    power, inner = double.function.as_independent(sp.Sum, as_Add=False)
    if double.limits[0][1:] != (1, sp.oo) or inner.limits != ((s, 0, n - 1),):
        raise DerivationError(f"{double} is not a sum over all 0 <= s < n")
    k = sp.Dummy("k", integer=True, nonnegative=True)
    weights = sp.expand_power_exp((power * inner.function).subs(n, k + s + 1))
    shift = sp.powsimp(weights / (w**k * _K(k)) / (w**s * _P(s)))
    if shift.has(k, s):
        raise DerivationError(f"the weight {weights} is no product over k and s")
    return Outcome(before - double + shift * _K_hat(w) * _P_hat(w))


def _solved(before: _Expr) -> Outcome:
    (solution,) = sp.solve(sp.Eq(_P_hat(w), before), _P_hat(w))
    over, under = sp.fraction(sp.together(solution))
    sign = -1 if under.subs(w, 0).is_negative else 1
    return Outcome(sp.expand(sign * over) / sp.expand(sign * under))


# -- checks ------------------------------------------------------------------------------------------------------------


def _with_w(values: Sequence[str]) -> tuple[Point, ...]:
    return tuple({**point, "w": Fraction(at)} for point, at in zip(POINTS[1:], values, strict=True))


def _partial_sums(exact: Any, points: Sequence[Point]) -> Check:
    """The result is a partial sum in fractions, up to what the terms left out can add."""
    terms = 9

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        figures = []
        for point in points:
            known = exact(Small(point), terms)
            partial = sum((x * point["w"] ** k for k, x in enumerate(known)), Fraction(0))
            rest = known[0] * point["w"] ** terms / (1 - point["w"])  # |q| ≤ 1 on the spectrum
            found = number_at(outcome.expression, point, 25)
            gap = abs(found - found.context.mpf(partial.numerator) / partial.denominator)
            if not gap <= float(rest):
                raise DerivationError(
                    f"at {shown(point)}: {float(partial):.15g} from the series, {float(found):.15g} after"
                )
            figures.append(f"{shown(point)}: {float(gap):.1e} from the partial sum, at most {float(rest):.1e} left out")
        return Evidence(f"{terms} terms in fractions, and a geometric bound on the others", tuple(figures))

    return check


def _long_sums(which: int, points: Sequence[Point]) -> Check:
    """The result, ``F̂``, ``K̂`` or ``P̂``, is the sum of the series, from loops in the plane of ``z`` in double precision."""

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        import numpy as np

        figures = []
        for point in points:
            steps = 2000 if point["w"] == 1 else 400
            curves = list(Small(point).curves(steps, *ENDS, nodes=1024))
            if which == 2:
                curves.append(recursion(*curves))
            powers = float(point["w"]) ** np.arange(steps)
            series, found = float(curves[which] @ powers), float(number_at(outcome.expression, point, 17))
            if not abs(series / found - 1) <= 1e-10:
                raise DerivationError(f"at {shown(point)}: {series:.15g} from the series, {found:.15g} after")
            figures.append(f"{shown(point)}: ratio - 1 = {series / found - 1:.1e}")
        return Evidence(
            f"the series, until nothing is left to add, agrees to 10 digits at {len(points)} points", tuple(figures)
        )

    return check


def recursion(forcing: Any, kernel: Any) -> Any:
    loss = forcing.copy()
    for step in range(1, len(loss)):
        loss[step] += kernel[step - 1 :: -1] @ loss[:step]
    return loss


def coefficients(before: _Expr, outcome: Outcome) -> Evidence:
    """Both sides, as power series with coefficients ``F, K, P`` from exact moments, agree in fractions."""
    figures = []
    for point in POINTS:
        small = Small(point)
        curves = {_F_hat: small.forcing(_TERMS), _K_hat: small.kernel(_TERMS), _P_hat: small.loss(_TERMS)}
        left, right = (_power_series(side, curves) for side in (before, outcome.expression))
        if left != right:
            raise DerivationError(f"at {shown(point)}: {left} before, {right} after")
        figures.append(f"{shown(point)}: 1, {', '.join(f'{float(x / left[0]):.6g}' for x in left[1:])}")
    return Evidence(f"the first {_TERMS} coefficients are the same fractions at {len(POINTS)} points", tuple(figures))


_TERMS = 6


def _power_series(side: _Expr, curves: Any) -> list[Any]:
    """The first coefficients, where the series and the sequences are given; a double sum is added up as it stands."""
    values = {"K": curves[_K_hat], "P_r": curves[_P_hat]}
    known = {name: (lambda at, x=x: x[int(at)]) for name, x in values.items()}

    def added(double: _Expr) -> _Expr:
        tree = encode(double.function)
        terms = [rational(tree, {"n": Fraction(k), "w": Fraction(1)}, known) for k in range(1, _TERMS)]
        return _polynomial([Fraction(0), *terms])

    plain = sp.Add(*(added(term) if isinstance(term, sp.Sum) else term for term in sp.Add.make_args(side)))
    for quantity, curve in curves.items():
        plain = plain.subs(quantity(w), _polynomial(curve))
    over, under = (sp.Poly(part, w).all_coeffs()[::-1] + [0] * _TERMS for part in plain.as_numer_denom())
    found: list[Any] = []
    for k in range(_TERMS):
        found.append((over[k] - sum(under[k - n] * found[n] for n in range(k))) / under[0])
    return found


def _polynomial(curve: Sequence[Fraction]) -> _Expr:
    return sum((sp.Rational(x.numerator, x.denominator) * w**k for k, x in enumerate(curve)), sp.S.Zero)
