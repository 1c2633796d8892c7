r"""The pieces ``F_pp, F_ac, F_0, K_pp`` and ``κ`` in balls; levels: continuum and asymptotic.

With ``x = 2γBr`` and ``a`` each piece's exponent, the continuum forms are

.. math:: \int_0^1 u^{a-1}e^{-xu}\,du = \Gamma(a)\,\gamma^*(a, x), \qquad
          \int_\varepsilon^1 u^{a-1}e^{-xu}\,du = \varepsilon^a E_{1-a}(\varepsilon x) - E_{1-a}(x),

with the entire function :math:`\gamma^*(a,x) = x^{-a}\gamma(a,x)/\Gamma(a)` and the exponential integral ``E``; the asymptotic
ones are their leading terms ``Γ(a) x^{-a}``. In python-flint the first argument of ``gamma_lower`` is ``x``.

Every ball has a proven radius: Arb's functions have, and the root ``κ`` is enclosed by a change of sign of a decreasing
function. Source: arXiv:2405.15074, the table of forcing and kernel functions with constants.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..errors import ParameterError
from ..precision import arb_of
from .sums import PowerSums

__all__ = ["absolutely_continuous", "decay", "forcing_limit", "kappa", "kernel_piece", "pure_point"]


def decay(a: Fraction, x: Any, epsilon: Any = None) -> Any:
    r""":math:`\int_\varepsilon^1 u^{a-1}e^{-xu}\,du` for ``x ≥ 0``; without ``epsilon`` from 0, where ``a > 0``.

    Examples
    --------
    >>> from flint import arb
    >>> decay(Fraction(1), arb(2)).overlaps((1 - arb(-2).exp()) / 2)
    True
    """
    power = arb_of(a)
    if epsilon is None:
        return power.gamma() * x.gamma_lower(power, regularized=2)
    if x == 0:
        return -epsilon.log() if a == 0 else (1 - epsilon**power) / power
    return epsilon**power * (epsilon * x).expint(1 - power) - x.expint(1 - power)


def pure_point(alpha: Fraction, beta: Fraction, x: Any, asymptotic: bool = False) -> Any:
    r""":math:`F_{pp} = \frac1{2\alpha}\int_0^1 u^{(2\beta-1)/(2\alpha)} e^{-xu}\,du`, ``x = 2γBr``; or its leading term."""
    return _piece((2 * beta - 1) / (2 * alpha) + 1, x, asymptotic) / arb_of(2 * alpha)


def kernel_piece(alpha: Fraction, gamma: Fraction, batch: int, x: Any, asymptotic: bool = False) -> Any:
    r""":math:`K_{pp} = \frac{\gamma^2B}{2\alpha}\int_0^1 u^{1-1/(2\alpha)} e^{-xu}\,du`, for ``α > 1/4``; or its leading term."""
    if not 4 * alpha > 1:
        raise ParameterError("alpha", alpha, "the integral diverges at 0", "use alpha > 1/4")
    return arb_of(gamma**2 * batch / (2 * alpha)) * _piece(2 - 1 / (2 * alpha), x, asymptotic)


def absolutely_continuous(
    alpha: Fraction, beta: Fraction, d: Fraction, v: int | None, x: Any, asymptotic: bool = False
) -> Any:
    r""":math:`F_{ac} = \frac{c_\beta}{2\alpha d}\int_{d^{-2\alpha}}^1 u^{-1/(2\alpha)} e^{-xu}\,du`, or its leading term.

    :math:`c_\beta = \sum_{j\le v} j^{-2\beta}` where ``2β > 1``; the piece is 0 elsewhere. The leading term needs ``2α > 1``.
    """
    from flint import arb

    if not 2 * beta > 1 or (d == 1 and not asymptotic):
        return arb(0)
    a = 1 - 1 / (2 * alpha)
    if asymptotic:
        if not a > 0:
            raise ParameterError("alpha", alpha, "F_ac has no power law of its own there", "use alpha > 1/2")
        integral = _piece(a, x, True)
    else:
        integral = decay(a, x, arb_of(d) ** arb_of(-2 * alpha))
    return target_sum(beta, v) / arb_of(2 * alpha * d) * integral


def forcing_limit(alpha: Fraction, beta: Fraction, d: Fraction, v: int | None, asymptotic: bool = False) -> Any:
    r"""``F_0`` with ``ζ₀`` replaced by its limit ``d^{-2α}/κ``, or the leading term of it as ``d → ∞`` at fixed ``v/d``.

    .. math:: F_0 \sim \frac{d^{-2\alpha}}\kappa\sum_{j\le v}j^{-2\beta}\ (2\beta>1), \qquad
              d^{1-2\alpha-2\beta}\int_0^{v/d}\frac{u^{-2\beta}\,du}{\kappa+u^{2\alpha}}\ (2\beta<1)
    """
    from flint import acb, arb

    ratio = None if v is None else Fraction(v) / d
    constant = kappa(alpha, ratio)
    zeta = arb_of(d) ** arb_of(-2 * alpha) / constant
    if not asymptotic:
        return zeta * PowerSums(2 * alpha, 2 * alpha + 2 * beta, v).all(zeta)[2]
    if 2 * beta > 1:
        return zeta * target_sum(beta, v)
    if 2 * beta == 1:
        raise ParameterError("beta", beta, "the leading term has a logarithm there", "use beta other than 1/2")
    s = arb_of((1 - 2 * beta) / (2 * alpha))
    if ratio is None:
        integral = constant ** (s - 1) * arb.pi() / arb_of(2 * alpha) / (arb.pi() * s).sin()
    else:
        rho = arb_of(ratio)
        series = acb(-(rho ** arb_of(2 * alpha)) / constant).hypgeom_2f1(arb(1), s, s + 1).real
        integral = rho ** arb_of(1 - 2 * beta) / arb_of(1 - 2 * beta) * series / constant
    return arb_of(d) ** arb_of(1 - 2 * alpha - 2 * beta) * integral


def kappa(alpha: Fraction, ratio: Fraction | None) -> Any:
    r"""``κ`` of the continuum, :math:`\int_0^{v/d} \kappa\,du/(\kappa+u^{2\alpha}) = 1`; ``ratio = None`` is ``v/d = ∞``.

    At infinity ``κ = ((2α/π) sin(π/2α))^{2α}``. Else the integral decreases in ``y = 1/κ``, so a change of sign encloses
    the root.

    Examples
    --------
    >>> from flint import arb
    >>> kappa(Fraction(1), None).overlaps(4 / arb.pi() ** 2)
    True
    """
    from flint import acb, arb, ctx

    two_alpha = arb_of(2 * alpha)
    if ratio is None:
        return (two_alpha / arb.pi() * (arb.pi() / two_alpha).sin()) ** two_alpha
    rho, x = arb_of(ratio), arb_of(1 / (2 * alpha))

    def filled(y: Any) -> Any:
        """``∫_0^ρ du/(1 + y u^{2α})``."""
        return rho * acb(-(rho**two_alpha) * y).hypgeom_2f1(arb(1), x, x + 1).real

    low, high = arb(-1), arb(1)  # of log y
    while not filled(low.exp()) > 1:
        low = 2 * low
        if low < -4000:
            return arb("nan")
    while not filled(high.exp()) < 1:
        high = 2 * high
        if high > 4000:
            return arb("nan")
    for _ in range(20):  # a start for Newton's method; what it is does not matter for the proof
        middle = ((low + high) / 2).mid()
        low, high = (middle, high) if filled(middle.exp()) > 1 else (low, middle)
    y = ((low + high) / 2).exp().mid()
    for _ in range(ctx.prec.bit_length()):
        value = filled(y)
        slope = (value - rho / (1 + y * rho**two_alpha)) / two_alpha
        y = (y * ((value - 1) / slope).exp()).mid()
    for eighths in range(7, 3, -1):  # of the bits; the series lose the others
        margin = arb(2) ** (-eighths * ctx.prec // 8)
        below, above = y * (1 - margin), y * (1 + margin)
        if filled(below) > 1 and filled(above) < 1:
            return 1 / below.union(above)
    return arb("nan")


def target_sum(beta: Fraction, v: int | None) -> Any:
    """``c_β = Σ_{j≤v} j^{-2β}``, for ``2β > 1``."""
    from flint import acb

    s = acb(arb_of(2 * beta))
    return (s.zeta() if v is None else s.zeta() - s.zeta(acb(v + 1))).real


def _piece(a: Fraction, x: Any, asymptotic: bool) -> Any:
    if not asymptotic:
        return decay(a, x)
    return arb_of(a).gamma() / x ** arb_of(a)
