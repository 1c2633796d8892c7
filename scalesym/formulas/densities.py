r"""``m`` near zero and near the axis, and the densities that the pieces of the loss are integrals over.

Near ``z = 0``, ``m = -z/ζ`` with ``ζ → ζ_0``. For ``d^{-2α} ≪ u ≪ 1``, on the upper side of the axis, ``p = ue^{-iπ}`` and

.. math::
    m(u+\mathrm i0) \sim 1-\frac{\pi}{2\alpha d}\,u^{-1/(2\alpha)}\Big(\cot\frac{\pi}{2\alpha}+\mathrm i\Big):

the real part is changed in the same order as the imaginary one, and is 1 to this order at ``α = 1`` alone. Away from zero the
spectrum consists of the ``λ_j`` themselves; where they are dense, their weights have densities, which are read off the
integrals of :mod:`scalesym.formulas.pieces`.

Importing this module loads SymPy.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from . import early, gap, pieces
from .alphabet import QUANTITIES, B, alpha, d, gamma, p, r, u, z, zeta
from .comparisons import at, number
from .derivation import Derivation, DerivationError, Evidence, Outcome
from .evaluation import evaluate
from .expansions import terms_of
from .literal import Literal
from .operations import tidy_exponent
from .statement import Remark, Statement
from .trees import encode

__all__ = ["beside_the_axis", "near_zero", "statements", "weights"]

_Expr = Any  # SymPy ships no types
_SIZES = (10**4, 10**8)


@lru_cache(maxsize=1)
def near_zero() -> Derivation:
    r"""``m`` near ``z = 0``.

    .. math:: m(z) \sim -\kappa\,d^{2\alpha}z

    Examples
    --------
    >>> from scalesym.formulas.densities import near_zero
    >>> near_zero().expression
    -d**(2*alpha)*kappa*z
    """

    def operation(before: _Expr) -> Outcome:
        return Outcome(before.subs(zeta, gap.zeta_at_zero().expression))

    def solved(before: _Expr, outcome: Outcome) -> Evidence:
        gaps = []
        for size in _SIZES:
            known = at(alpha="4/5", beta=1, gamma=1, B=1, d=size, v=4 * size)
            small, model = 1e-4 * size**-1.6, Literal(known)
            root = model.zeta_0
            for _ in range(20):  # Newton's method for ζm = p, from ζ_0
                root -= (root * (1 - model.d1(root) / model.d) - small) / model._slope(root)
            exact = small / root
            gaps.append(abs(float(exact) / float(number(outcome.expression, {**known, "z": Fraction(-small)}, 12)) - 1))
        if not gaps[1] < 2e-3:
            raise DerivationError(f"m is not that of the fixed point: {gaps}")
        return Evidence("m of the fixed point, by Newton's method at z = -1e-4 d^(-2α), is met to 0.002", (str(gaps),))

    return Derivation(QUANTITIES["m_z"](z), -z / zeta, "equivalent", "$z=-\\zeta m$.").then(
        "ζ at zero",
        operation,
        solved,
        prose="As $z\\to0$, $\\zeta\\to\\zeta_0$, which is $d^{-2\\alpha}/\\kappa$ on the scale of the gap.",
        relation="~",
        level="asymptotic",
    )


@lru_cache(maxsize=2)
def beside_the_axis(part: str) -> Derivation:
    r"""``Re m`` or ``Im m`` at ``u + i0`` for ``d^{-2α} ≪ u ≪ 1``.

    Parameters
    ----------
    part:
        ``"real"`` or ``"imaginary"``.

    Examples
    --------
    >>> from scalesym.formulas.densities import beside_the_axis
    >>> beside_the_axis("imaginary").expression
    -pi/(2*alpha*d*u**(1/(2*alpha)))
    """
    counts = early.counts("2β > 1")

    def expanded(before: _Expr) -> Outcome:
        return Outcome(1 - counts.expression / d, counts.conditions)

    def on_the_axis(before: _Expr) -> Outcome:
        """``p^{-s} = u^{-s}(cos πs + i sin πs)`` at ``p = ue^{-iπ}``."""
        found = sp.S.Zero
        for term in terms_of(before, p):
            s = -tidy_exponent(term.power)
            scale = sp.cancel(term.coefficient * sp.sin(sp.pi * s)) if s != 0 else term.coefficient
            turned = sp.cot(sp.pi * s) if part == "real" else sp.S.One
            found += scale * u**-s * turned if s != 0 else (term.coefficient if part == "real" else 0)
        return Outcome(found)

    def literal(before: _Expr, outcome: Outcome) -> Evidence:
        """Off the axis, where the discrete spectrum of the literal fixed point looks like a continuum."""
        gaps = []
        for size in _SIZES:
            known = at(alpha="4/5", beta=1, gamma=1, B=1, d=size, v=100 * size)
            place = size**-0.8 * cmath.exp(0.5j)
            exact = 1 - place / -complex(Literal(known)._zeta(place))
            function = sp.lambdify((p, alpha, d), outcome.expression, "mpmath")
            gaps.append(abs(exact / complex(1 - function(-place, 0.8, size)) - 1))
        if not (gaps[1] < 0.03 and gaps[1] < gaps[0]):
            raise DerivationError(f"m is not that of the fixed point: {gaps}")
        return Evidence(
            "1 - m of the fixed point, by Newton's method off the axis, is approached to within 0.03", (str(gaps),)
        )

    def by_power(before: _Expr, outcome: Outcome) -> Evidence:
        for values in (at(alpha="4/5", d=50, u="1/70"), at(alpha="7/4", d=9, u="1/5")):
            below = cmath.rect(float(values["u"]), -cmath.pi)
            turned = complex(
                sp.lambdify((p, alpha, d), before, "mpmath")(below, float(values["alpha"]), float(values["d"]))
            )
            exact = turned.real if part == "real" else turned.imag
            found = float(evaluate(encode(outcome.expression), values, 15))
            if abs(found - exact) > 1e-12:
                raise DerivationError(f"{exact} before, {found} after")
        return Evidence("complex powers at p = u exp(-iπ) agree to 12 digits at 2 points", ())

    name = "Re_m" if part == "real" else "Im_m"
    start = "$m=1-D_1/d$, and $z=u+\\mathrm i0$ is $p=ue^{-\\mathrm i\\pi}$."
    return (
        Derivation(QUANTITIES[name](u), 1 - QUANTITIES["D_1"](zeta) / d, "equivalent", start)
        .then(
            "leading order",
            expanded,
            literal,
            prose="To leading order $\\zeta=p$, and the modes are a continuum.",
            relation="~",
            level="asymptotic",
        )
        .then("on the axis", on_the_axis, by_power, prose=f"The {part} part of the power.")
    )


@lru_cache(maxsize=2)
def weights(of: str) -> Derivation:
    r"""The density of the weights ``λ_jb_j²``, or ``γ²Bλ_j²``, of the eigenvalues: the integrand without the decay.

    .. math:: \frac1{2\alpha}\,u^{(2\beta-1)/(2\alpha)}, \qquad \frac{\gamma^2B}{2\alpha}\,u^{1-1/(2\alpha)}

    Parameters
    ----------
    of:
        ``"forcing"`` or ``"kernel"``.

    Examples
    --------
    >>> from scalesym.formulas.densities import weights
    >>> weights("kernel").expression
    B*gamma**2*u**(1 - 1/(2*alpha))/(2*alpha)
    """
    chains: dict[str, Callable[[], Derivation]] = {"forcing": pieces.forcing, "kernel": pieces.kernel}
    whole = chains[of]().upto("convergence")
    decay = sp.exp(-2 * gamma * B * r * u)

    def operation(before: _Expr) -> Outcome:
        (integral,) = before.atoms(sp.Integral)
        found = sp.powsimp(before / integral * integral.function / decay)
        if found.has(r):
            raise DerivationError(f"{found} depends on time")
        return Outcome(found, whole.conditions)

    def integrated(before: _Expr, outcome: Outcome) -> Evidence:
        again = sp.Integral(outcome.expression * decay, (u, 0, 1))
        for point in pieces.PAPER.points[:2]:
            left, right = (evaluate(encode(e), point, 20) for e in (before, again))
            if abs(left / right - 1) > 1e-18:
                raise DerivationError(f"the integral over the density is {right}, not {left}")
        return Evidence("integrated with the decay it is the piece again, to 18 digits at 2 points", ())

    told = "The piece is an integral over the eigenvalues $u$, each damped at its rate $2\\gamma Bu$."
    return Derivation(whole.quantity, whole.expression, "continuum", told).then(
        "density", operation, integrated, prose="What stands beside the decay of each eigenvalue is the density."
    )


def statements() -> tuple[Statement, ...]:
    """The entries of the catalogue about ``m`` and the densities."""
    gap_scale = Remark("u ≫ d^(-2α)", r"u\gg d^{-2\alpha}", "range")
    found = [
        Statement(
            "m.zero",
            QUANTITIES["m_z"](z),
            near_zero().expression,
            near_zero(),
            "arXiv:2405.15074, behaviour of m near 0",
            ((z, sp.S.Zero), (d, sp.oo)),
        ),
    ]
    for part, name in (("real", "Re_m"), ("imaginary", "Im_m")):
        chain = beside_the_axis(part)
        source = "arXiv:2405.15074, m between the gap and 1" if part == "imaginary" else "derived here"
        found.append(
            Statement(
                f"m.{part}",
                QUANTITIES[name](u),
                chain.expression,
                chain,
                source,
                ((d, sp.oo), (u, sp.S.Zero)),
                (gap_scale,),
            )
        )
    for of, suffix in (("forcing", "pp"), ("kernel", "kernel")):
        chain = weights(of)
        density = QUANTITIES[f"density_{suffix}"](u)
        source = "arXiv:2405.15074, pure point part of the spectrum"
        found.append(Statement(f"density.{suffix}", density, chain.expression, chain, source, level="continuum"))
    return tuple(found)
