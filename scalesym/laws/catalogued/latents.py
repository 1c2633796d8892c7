r"""A power law of latent variances: how many are learned at a ridge, and the loss without one (arXiv:2210.16859).

With ``λ_I = λ_+ I^{-(1+α)}`` without end, sums over latents are integrals but for terms that stay bounded as ``Δ → 0``. The
numeric road adds the sums up, and takes off the series that Euler and Maclaurin's formula has at zero.

Importing this module loads SymPy.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

from ...formulas.alphabet import ALPHABET, QUANTITIES
from ...formulas.derivation import Derivation, Outcome
from ...formulas.statement import Statement
from .ridge import HERE, endless_features_loss, endless_samples_loss, state
from .roads import CTX, Numbers, crossing, places, valued
from .spectra import beside_the_integral, power_sum, quadrature

__all__ = ["LATENTS", "freedom_integral", "learned", "overlap", "power_law_gap", "statements"]

_Expr = Any
Delta, N, T = (ALPHABET[name] for name in ["Delta", "N", "samples_T"])
f, alpha, lambda_plus, mode, y = (ALPHABET[name] for name in ["freedom", "alpha_latent", "lambda_plus", "mode", "u"])
_Q = QUANTITIES


LATENTS = places("alpha_latent lambda_plus teacher N samples_T", 3, lambda at: at["alpha_latent"] > 0.4)


def _near_zero() -> tuple[Numbers, ...]:
    """With a ``Δ`` that leaves some twenty latents learned."""
    return tuple({**at, "Delta": at["lambda_plus"] * CTX.mpf(20) ** -(1 + at["alpha_latent"])} for at in LATENTS)


def _freedom() -> Derivation:
    variance = lambda_plus * mode ** (-(1 + alpha))
    prose = r"The number of latents learned, of variances $\lambda_I=\lambda_+I^{-(1+\alpha)}$ without end."
    return Derivation(
        _Q["freedom"](Delta), sp.Sum(variance / (variance + Delta), (mode, 1, sp.oo)), "equivalent", prose
    )


def learned(at: Numbers, order: int) -> Any:
    """``∫ (1 + Δu^{1+α}/λ_+)^{-order} du`` by quadrature."""
    return _learned(1 + at["alpha_latent"], at["Delta"] / at["lambda_plus"], order)


@lru_cache(maxsize=64)
def _learned(power: Any, scale: Any, order: int) -> Any:
    return quadrature(lambda t: (1 + scale * t**power) ** -order)


@lru_cache(maxsize=1)
def freedom_integral() -> Derivation:
    points = _near_zero()

    def to_integral(e: _Expr) -> Outcome:
        over, under = sp.fraction(sp.together(sp.powsimp(e.function.subs(mode, y))))
        growing = sp.expand(sp.powsimp(sp.expand(under / over)))
        return Outcome(sp.Integral(1 / growing, (y, 0, sp.oo)))

    def road(at: Numbers) -> Any:
        scale, power = at["Delta"] / at["lambda_plus"], 1 + at["alpha_latent"]
        return power_sum(CTX.zero, power, 1, scale) - beside_the_integral(CTX.zero, power, 1, scale)

    return (
        _freedom()
        .then(
            "the sum as an integral",
            to_integral,
            valued(points, road, "the sum less the series of Euler and Maclaurin"),
            relation="~",
            level="continuum",
            prose=r"For $\Delta\ll\lambda_+$ the sum is the integral from 0, but for terms that stay bounded, $\zeta(0)=-\frac12$ "
            r"and powers of $\Delta$.",
        )
        .then(
            "the integral",
            lambda e: Outcome(_beta(e)),
            valued(points, lambda at: learned(at, 1), "quadrature"),
            prose=r"$\int_0^\infty\frac{t^{p-1}}{1+t}\,dt=\frac{\pi}{\sin\pi p}$, with $p=\frac{1}{1+\alpha}$.",
        )
    )


def _beta(e: _Expr) -> _Expr:
    """``∫ du/(1 + c u^q)`` with ``t = c u^q``, integrated by SymPy."""
    growing = sp.expand(1 / e.function) - 1
    power = sp.simplify(y * sp.diff(sp.log(growing), y))
    scale = sp.powsimp(sp.expand(growing * y**-power))
    t, p = sp.symbols("t p", positive=True)
    found = sp.integrate(t ** (p - 1) / (1 + t), (t, 0, sp.oo), conds="none").subs(p, 1 / power)
    return scale ** (-1 / power) * found / power


def overlap() -> Derivation:
    points = tuple({**at, "freedom": learned(at, 1)} for at in _near_zero())

    def share(e: _Expr) -> Outcome:
        slope = sp.simplify(Delta * sp.diff(sp.expand_log(sp.log(e), force=True), Delta))
        return Outcome(sp.factor(1 + slope) * f)

    return freedom_integral().then(
        "the squares",
        share,
        valued(points, lambda at: learned(at, 2), "quadrature"),
        relation="",
        prose=r"Term by term, $g=f+\Delta\frac{df}{d\Delta}$.",
    )


@lru_cache(maxsize=1)
def power_law_gap() -> Derivation:
    """``Δ`` at which so many latents are learned.

    Examples
    --------
    >>> from scalesym.laws.catalogued.wording import written
    >>> written(power_law_gap())
    'λ_+ · (π/(f(1 + α) sin(π/(1 + α))))^(1 + α)'
    """
    points = tuple({**at, "freedom": 10 + at["N"]} for at in LATENTS)

    def road(at: Numbers) -> Any:
        whole = learned({**at, "Delta": at["lambda_plus"]}, 1)  # at Δ = λ_+; the integral is homogeneous
        power = 1 / (1 + at["alpha_latent"])
        return crossing(lambda gap: whole * (at["lambda_plus"] / gap) ** power - at["freedom"])

    return freedom_integral().then(
        "solved",
        lambda e: Outcome(lambda_plus * (e.subs(Delta, lambda_plus) / f) ** (1 + alpha)),
        valued(points, road, "bisection of the quadrature"),
        relation="",
        prose=r"$f$ falls as the power $-\frac{1}{1+\alpha}$ of $\Delta$.",
    )


def _falling(chain: Derivation, letter: _Expr, name: str) -> Derivation:
    def road(at: Numbers) -> Any:
        whole = learned({**at, "Delta": at["lambda_plus"]}, 1)
        count = at[letter.name]
        gap = crossing(lambda x: whole * (at["lambda_plus"] / x) ** (1 / (1 + at["alpha_latent"])) - count)
        return at["teacher"] ** 2 * gap * count

    def insert(e: _Expr) -> Outcome:
        powers = e.subs(Delta, power_law_gap().expression.subs(f, letter))
        constant = power_law_gap().expression.subs(f, 1)
        left = sp.simplify(sp.powsimp(sp.expand_power_base(powers / constant, force=True), force=True))
        return Outcome(left * constant)

    return chain.then(
        "over the power law",
        insert,
        valued(LATENTS, road, "bisection of the quadrature"),
        relation="~",
        level="asymptotic",
        prose=rf"With $\Delta$ where $f(\Delta)={name}$, ridge.power-law.Delta.",
    )


def statements() -> tuple[Statement, ...]:
    """The sum, its integral, and what follows for the loss without a ridge."""
    f_at = _Q["freedom"](Delta)
    learned_so_far = {"freedom": "the number of latents learned"}

    def near(letter: _Expr, target: _Expr, statement: Statement) -> Statement:
        return replace(statement, limits=((letter, target),))

    small = sp.Integer(0)
    return (
        state("ridge.power-law.sum", f_at, _freedom(), status="assumed", where="the power law of the latents"),
        near(Delta, small, state("ridge.power-law.freedom", f_at, freedom_integral(), **HERE)),
        near(Delta, small, state("ridge.power-law.overlap", _Q["overlap"](Delta), overlap(), **HERE)),
        near(f, sp.oo, state("ridge.power-law.Delta", _Q["Delta"](f), power_law_gap(), **HERE, **learned_so_far)),
        near(N, sp.oo, state("ridge.power-law.features", _Q["L"](N), _falling(endless_samples_loss(), N, "N"), **HERE)),
        near(T, sp.oo, state("ridge.power-law.samples", _Q["L"](T), _falling(endless_features_loss(), T, "T"), **HERE)),
    )
