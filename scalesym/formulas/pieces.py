r"""The pieces ``F_pp``, ``K_pp`` and ``F_ac`` of the loss, derived from the spectrum.

As ``d → ∞`` the deterministic equivalent of the power-law random features model becomes the sum over the population
spectrum ``λ_j`` with target ``b_j``,

.. math::
    \mathscr F(r) = \sum_j \lambda_j b_j^2\, q(\lambda_j)^r, \qquad
    \mathscr K(r) = \gamma^2 B \sum_j \lambda_j^2\, q(\lambda_j)^r, \qquad
    q(x) = 1 - 2\gamma B x + \gamma^2 B (B+1) x^2,

where ``q`` is the factor by which one step of SGD with Gaussian data multiplies the mean square of a mode, and
``γ²Bλ²`` what it adds per unit of loss; both are taken from the derivation in :mod:`scalesym.formulas.moments`. From
there to the leading asymptotics nothing is typed in: the spectrum and the target of a :class:`Model` are the only input,
and replacing them (``λ_j = j^{-3α}``, other letters, a prefactor) changes every later formula. ``F_ac`` starts from the
density of the absolutely continuous part of the spectrum, which :mod:`scalesym.formulas.early` derives.

Importing this module loads SymPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from . import checks, operations
from .alphabet import QUANTITIES, B, alpha, beta, c_beta, d, gamma, j, r, u, x, y
from .checks import at
from .derivation import Derivation, DerivationError
from .moments import factor, loss_weight
from .trees import encode
from .typesetting import latex

__all__ = ["PAPER", "Model", "absolutely_continuous", "forcing", "kernel"]

_Expr = Any  # SymPy ships no types


@dataclass(frozen=True)
class Model:
    """A spectrum, a target, and rational points at which derivations about them are checked.

    Parameters
    ----------
    index:
        The letter that counts modes, from 1.
    eigenvalue, target:
        ``λ_j`` and ``b_j`` as SymPy expressions in ``index``; the eigenvalue must fall monotonically to zero.
    points:
        Values of all letters, by name, at which every piece converges and SGD is stable. At the first two, sums over
        the whole spectrum are computed; at all of them, integrals to 50 digits.

    Examples
    --------
    >>> from scalesym.formulas.pieces import PAPER
    >>> PAPER.eigenvalue, PAPER.target
    (j**(-2*alpha), j**(-beta))
    """

    index: _Expr
    eigenvalue: _Expr
    target: _Expr
    points: tuple[Mapping[str, Fraction], ...] = field(hash=False)

    def over_modes(self, summand: _Expr) -> _Expr:
        """``Σ_{j≥1} summand``."""
        return sp.Sum(summand, (self.index, 1, sp.oo))


#: The model of arXiv:2405.15074. The last point sits close to both edges, ``α = 1/4`` and ``α + β = 1/2``.
PAPER = Model(
    j,
    j ** (-2 * alpha),
    j ** (-beta),
    (
        at(alpha=1, beta="7/10", gamma="3/10", B=1, r=80),
        at(alpha="3/4", beta="-1/5", gamma="1/5", B=2, r=7),
        at(alpha="13/50", beta="1/4", gamma="1/100", B=3, r=1000),
    ),
)


@lru_cache(maxsize=16)
def forcing(model: Model = PAPER) -> Derivation:
    r"""Derive ``F_pp``: the sum over modes, the integral, the closed form, the leading asymptotics.

    .. math::
        \sum_j \lambda_j b_j^2\, q(\lambda_j)^r
        \sim \frac1{2\alpha}\int_0^1 u^{(2\beta-1)/(2\alpha)} e^{-2\gamma Bru}\,du
        \sim \frac{\Gamma(s)}{2\alpha}(2\gamma Br)^{-s}, \qquad s = 1 + \frac\beta\alpha - \frac1{2\alpha} > 0

    Returns
    -------
    Derivation
        The steps are named ``small eigenvalues``, ``continuum of modes``, ``eigenvalue as variable``, ``convergence``,
        ``unit rate``, ``closed form``, ``complete gamma`` and ``leading term``.

    Raises
    ------
    DerivationError
        If an operation does not apply to this model, or a check refutes its outcome.

    Examples
    --------
    >>> from scalesym.formulas.pieces import forcing
    >>> forcing().conditions[0].relation
    alpha + beta > 1/2
    """
    weight = model.eigenvalue * model.target**2
    start = model.over_modes(weight * factor(model.eigenvalue) ** r)
    return _pure_point(Derivation(QUANTITIES["F_pp"](r), start, "equivalent", _start(model, "forcing function")), model)


@lru_cache(maxsize=16)
def kernel(model: Model = PAPER) -> Derivation:
    r"""Derive ``K_pp`` by the same steps as :func:`forcing`, from the weight ``γ²B λ_j²`` instead of ``λ_j b_j²``.

    .. math::
        \gamma^2B\sum_j \lambda_j^2\, q(\lambda_j)^r
        \sim \frac{\gamma^2B}{2\alpha}\int_0^1 u^{1-1/(2\alpha)} e^{-2\gamma Bru}\,du
        \sim \frac{\gamma^2B\,\Gamma(s)}{2\alpha}(2\gamma Br)^{-s}, \qquad s = 2 - \frac1{2\alpha} > 0

    Examples
    --------
    >>> from scalesym.formulas.pieces import kernel
    >>> kernel().conditions[0].relation
    alpha > 1/4
    """
    rate, weight = loss_weight(model.eigenvalue).as_independent(model.index)
    start = rate * model.over_modes(weight * factor(model.eigenvalue) ** r)
    return _pure_point(Derivation(QUANTITIES["K_pp"](r), start, "equivalent", _start(model, "kernel")), model)


@lru_cache(maxsize=1)
def absolutely_continuous() -> tuple[Derivation, Derivation]:
    r"""Derive the closed form of ``F_ac``, and its leading asymptotics for ``1 ≪ 2γBr ≪ d^{2α}`` when ``2α > 1``.

    .. math::
        \mathscr F_{ac}(r) = \frac{c_\beta}{2\alpha d}\int_{d^{-2\alpha}}^1 u^{-1/(2\alpha)} e^{-2\gamma Bru}\,du,
        \qquad c_\beta = \sum_j j^{-2\beta}

    The density under the integral comes from :func:`scalesym.formulas.early.density`; that it is taken over the whole range
    from ``d^{-2α}`` to 1 is the paper's definition. The closed form uses generalised exponential
    integrals ``E_ν``, ``ν = 1/(2α)``: incomplete gamma functions are singular at ``α = 1/2, 1/4, 1/6, …``.

    Returns
    -------
    tuple of Derivation
        To the closed form (step ``closed form``); to the asymptotics (steps ``extension to zero`` … ``leading term``).

    Examples
    --------
    >>> from scalesym.formulas.pieces import absolutely_continuous
    >>> closed, leading = absolutely_continuous()
    >>> [step.name for step in closed.steps], leading.conditions[0].relation
    (['closed form'], alpha > 1/2)
    """
    from .early import density as derived  # which compares with numbers, and so imports much of this room

    density = derived().expression.subs(sp.zeta(2 * beta), c_beta)
    if density.has(beta):
        raise DerivationError(f"the density {density} does not carry the target's energy")
    decay = sp.exp(-2 * gamma * B * r * u)
    coefficient, power = density.as_independent(u)
    start = Derivation(
        QUANTITIES["F_ac"](r, d),
        coefficient * sp.Integral(power * decay, (u, d ** (-2 * alpha), 1)),
        "continuum",
        f"The absolutely continuous part of the spectrum fills $[{_tex(d ** (-2 * alpha))},\\,1]$ with density "
        f"${_tex(density)}$, where $c_\\beta=\\sum_j j^{{-2\\beta}}$ is finite for $2\\beta>1$: this is the jump of $S$ "
        "across the axis for small $u$, taken over the whole range by definition. Each eigenvalue $u$ is damped at rate $2\\gamma Bu$.",
    )
    anywhere = tuple(
        at(alpha=a, gamma="3/10", B=1, r=40, d=n, c_beta=2) for a, n in (("3/4", 50), ("1/4", 30), ("1/6", 1000))
    )
    above = tuple(at(alpha=a, gamma="3/10", B=1, r=40, d=n, c_beta=2) for a, n in ((1, 50), ("3/5", 30), ("8/5", 10)))
    closed = start.then(
        "closed form",
        operations.exponential_integrals,
        checks.enclosure(anywhere),
        prose="With $u=at$ at each end $a$ of the range, the integral is a difference of two generalised exponential "
        "integrals $E_\\nu(z)=\\int_1^\\infty t^{-\\nu}e^{-zt}\\,dt$; they are entire in $\\nu$, so that no $\\alpha$ "
        "is exceptional.",
    )
    extended = start.then(
        "extension to zero",
        operations.extended_to_zero,
        checks.both(checks.convergence(above), checks.vanishing_remainder(above[:2], "d")),
        relation="~",
        level="asymptotic",
        prose="As $d\\to\\infty$ at a fixed time, the range may be extended to zero where the power can be integrated "
        "there. The piece added is exactly the remainder.",
    )
    return closed, _to_leading_term(extended, above)


def _pure_point(start: Derivation, model: Model) -> Derivation:
    """From the sum over modes to the leading asymptotics; the same steps for forcing and kernel."""
    sums = model.points[:2]
    derivation = (
        start.then(
            "small eigenvalues",
            operations.small_eigenvalues(model.eigenvalue, model.index, r),
            checks.ratio_tends_to_one(sums, "r"),
            relation="~",
            level="continuum",
            prose="After many steps only small eigenvalues are left, and there "
            "$\\log q(x)=-2\\gamma Bx+O(x^2)$. The modes that matter have $\\lambda_j$ of order $1/(\\gamma Br)$, so "
            "that $r\\lambda_j^2$, and with it the relative error, is of order $1/r$.",
        )
        .then(
            "continuum of modes",
            operations.sum_to_integral,
            checks.euler_maclaurin(sums, "r"),
            relation="~",
            prose="The sum over modes becomes an integral, the leading term of the Euler–Maclaurin formula. The "
            "boundary terms at the first mode carry the factor $e^{-2\\gamma Br\\lambda_1}$, and the summand is smooth "
            "and spreads over more and more modes: the difference falls faster than every power of $r$.",
        )
        .then(
            "eigenvalue as variable",
            operations.substitution(u, model.eigenvalue),
            checks.equality(model.points),
            prose=f"Change the variable to the eigenvalue $u={_tex(model.eigenvalue)}$, which falls from "
            f"${_tex(model.eigenvalue.subs(model.index, 1))}$ to $0$.",
        )
        .then(
            "convergence",
            operations.integrability,
            checks.both(checks.unchanged, checks.convergence(model.points)),
            prose="The integrand is a power of $u$ near zero, and integrable there if and only if the exponent exceeds "
            "$-1$.",
        )
    )
    return _to_leading_term(derivation, model.points)


def _to_leading_term(derivation: Derivation, points: tuple[Mapping[str, Fraction], ...]) -> Derivation:
    """From ``∫_0^Λ u^{s-1} e^{-cu} du`` to ``Γ(s) c^{-s}`` and its exponentially small remainder."""
    return (
        derivation.then(
            "unit rate",
            operations.unit_rate(y),
            checks.equality(points),
            prose="Measure the eigenvalue in units of its own decay, $y=2\\gamma Bru$.",
        )
        .then(
            "closed form",
            operations.incomplete_gamma,
            checks.enclosure(points),
            prose="This is the lower incomplete gamma function, by its definition "
            "$\\gamma_{\\mathrm{inc}}(s,x)=\\int_0^x y^{s-1}e^{-y}\\,dy$.",
        )
        .then(
            "complete gamma",
            operations.complete_gamma,
            checks.enclosure(points),
            prose="Split off the complete gamma function, $\\gamma_{\\mathrm{inc}}(s,x)=\\Gamma(s)-\\Gamma(s,x)$.",
        )
        .then(
            "leading term",
            operations.leading_term,
            checks.exponential_remainder(points, "r"),
            relation="~",
            level="asymptotic",
            prose="The second term, relatively of order $x^{s-1}e^{-x}$ with $x$ the argument of the incomplete gamma "
            "function, is exponentially small in $r$; it is the exact remainder.",
        )
    )


def _start(model: Model, name: str) -> str:
    spectrum = f"$\\lambda_{model.index}={_tex(model.eigenvalue)}$"
    target = f" with target $b_{model.index}={_tex(model.target)}$" if name == "forcing function" else ""
    added = f" and adds ${_tex(loss_weight(x))}$ per unit of loss" if name == "kernel" else ""
    return (
        f"As $d\\to\\infty$ the {name} of the deterministic equivalent is a sum over the population spectrum "
        f"{spectrum}{target}, in which one step of SGD multiplies the mean square of a mode by "
        f"$q(x)={_tex(factor(x))}${added}, as derived for given $W$."
    )


def _tex(expression: _Expr) -> str:
    return latex(encode(expression), inline=True)
