r"""The four pieces ``F_pp, F_ac, F_0, K_pp`` of the loss, in balls, to any number of digits.

With ``τ = 2γBr`` every piece but ``F_0`` is the integral :math:`E(a, x, \varepsilon) = \int_\varepsilon^1 u^{a-1} e^{-xu} du`,
a difference of incomplete gamma functions. It is evaluated in python-flint's balls, whose radius bounds the rounding
error, at a precision that is raised until the radius is below the digits asked for.

Source: the paper, section 3 and its table of the forcing and kernel functions with constants.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple

from ..errors import ConvergenceError, ParameterError
from ..parameters import Exact
from ..precision import arb_of, flint_digits
from ..spectrum import PowerLaw
from .fixed_point import DoubleSums
from .precise import PreciseSums

__all__ = ["DOUBLE", "FourPieces", "Level", "Pieces", "ball", "kappa", "piece_integral"]

Level = Literal["continuum", "asymptotic", "sharp"]

#: Digits that double precision holds.
DOUBLE = 15


class Pieces(NamedTuple):
    """The four pieces; fields have the type and shape of the ``r`` they were asked for."""

    F_pp: Any
    F_ac: Any
    F_0: Any
    K_pp: Any


def ball(evaluate: Callable[[], Any], digits: int) -> Any:
    """Evaluate in balls, doubling the precision until the relative radius is below ``10^-digits``.

    ``evaluate`` takes nothing and builds its result from exact numbers in python-flint's current precision.
    """
    work = digits + 10
    for _ in range(12):
        with flint_digits(work):
            value = evaluate()
            if value.is_finite() and (value.is_exact() or value.rel_accuracy_bits() > 3.33 * digits + 4):
                return value
        work *= 2
    raise ConvergenceError(f"no enclosure with {digits} digits up to {work // 2} digits of work")


def piece_integral(a: Fraction, x: Any, epsilon: Any = None) -> Any:
    r""":math:`\int_\varepsilon^1 u^{a-1}e^{-xu}\,du` for a rational ``a``; without ``epsilon`` from 0, where ``a > 0``.

    ``x ≥ 0`` and ``epsilon`` are ``arb``. Wraps python-flint's ``x.gamma_upper(a)``, which is ``Γ(a, x)``.
    """
    from flint import arb

    power = arb_of(a)
    if x == 0:
        if epsilon is None:
            return 1 / power
        return -epsilon.log() if a == 0 else (1 - epsilon**power) / power
    if epsilon is None:
        # (1/a) e^{-x} 1F1(1; a+1; x), all terms positive
        return (-x).exp() * x.hypgeom_1f1(arb(1), power + 1) / power if x < 30 else x.gamma_lower(power) / x**power
    return ((epsilon * x).gamma_upper(power) - x.gamma_upper(power)) / x**power


def kappa(alpha: Exact, ratio: Exact, digits: int) -> Any:
    r"""κ of the continuum, a ball: :math:`\int_0^{v/d}\kappa\,du/(\kappa+u^{2\alpha}) = 1`.

    At ``v/d = ∞`` it is ``((2α/π) sin(π/2α))^{2α}``; else the integral is ``ρ ₂F₁(1, 1/2α; 1+1/2α; −ρ^{2α}/κ)``, and
    the root is enclosed by its change of sign.
    """
    from flint import arb, ctx

    exact_alpha = Fraction(alpha)
    if math.isinf(ratio):

        def closed() -> Any:
            two_alpha = arb_of(2 * exact_alpha)
            return (two_alpha / arb.pi() * (arb.pi() / two_alpha).sin()) ** two_alpha

        return ball(closed, digits)

    def evaluate() -> Any:
        rho, x, two_alpha = arb_of(ratio), arb_of(1 / (2 * exact_alpha)), arb_of(2 * exact_alpha)
        y = arb(start)
        for _ in range(math.ceil(math.log2(ctx.prec)) - 4):
            value = _window_d1(rho, x, two_alpha, y)
            slope = (value - rho / (1 + y * rho**two_alpha)) / two_alpha
            y = (y * ((value - 1) / slope).exp()).mid()  # Newton in log y
        margin = arb(2) ** (-3 * ctx.prec // 4)  # the series loses digits too
        low, high = y * (1 - margin), y * (1 + margin)
        if _window_d1(rho, x, two_alpha, low) > 1 and _window_d1(rho, x, two_alpha, high) < 1:
            return 1 / low.union(high)
        return arb("nan")

    start = _kappa_start(float(alpha), float(ratio))
    return ball(evaluate, digits)


def _window_d1(rho: Any, x: Any, two_alpha: Any, y: Any) -> Any:
    """``∫_0^ρ du/(1 + y u^{2α})``."""
    from flint import acb, arb

    return rho * acb(-(rho**two_alpha) * y).hypgeom_2f1(arb(1), x, x + 1).real


def _kappa_start(alpha: float, rho: float) -> float:
    """``1/κ`` to double precision, by bisection."""
    from flint import arb

    low, high = -2000.0, 2000.0
    with flint_digits(17):
        parameters = (arb(rho), 1 / arb(2 * alpha), arb(2 * alpha))
        for _ in range(60):
            middle = (low + high) / 2
            if float(_window_d1(*parameters, arb(middle).exp()).mid()) > 1:
                low = middle
            else:
                high = middle
    return math.exp((low + high) / 2)


def _power_sum(s: Exact, v: Exact) -> Any:
    """``Σ_{j≤v} j^{-s} = ζ(s) − ζ(s, v+1)``, a ball; ``s ≠ 1``, and ``s > 1`` if ``v`` is infinite."""
    from flint import acb

    total = acb(arb_of(s)).zeta()
    if not math.isinf(v):
        total -= acb(arb_of(s)).zeta(acb(arb_of(Fraction(v) + 1)))
    return total.real


def _refuse_lines(alpha: Fraction, beta: Fraction) -> None:
    for name, value, where in (
        ("beta", beta, 2 * beta == 1),
        ("alpha", alpha, 2 * alpha == 1 or alpha == Fraction(1, 4)),
    ):
        if where:
            raise ParameterError(
                name,
                value,
                "the leading asymptotics have a logarithm on this critical line",
                "use level='continuum', or a point off the lines 2*beta = 1, 2*alpha = 1, alpha = 1/4",
            )


@dataclass(frozen=True, eq=False)
class FourPieces:
    """The pieces of one model at one level, as ``arb`` numbers with at least ``digits`` digits.

    Parameters
    ----------
    law, d:
        The power law with its ``v``, and the parameter count.
    batch:
        Batch size.
    gamma:
        The learning rate as an exact ``arb``, with at least ``digits`` digits right.
    level:
        ``"continuum"`` or ``"asymptotic"``.
    digits:
        Decimal digits; with :data:`DOUBLE` or fewer, sums over the spectrum are taken in double precision.
    """

    law: PowerLaw
    d: Exact
    batch: int
    gamma: Any
    level: Literal["continuum", "asymptotic"]
    digits: int

    @cached_property
    def _exponents(self) -> tuple[Fraction, Fraction]:
        alpha, beta = Fraction(self.law.alpha), Fraction(self.law.beta)
        if self.level == "asymptotic":
            _refuse_lines(alpha, beta)
        return alpha, beta

    def at(self, r: Any) -> Pieces:
        """The pieces after ``r`` steps, an integer or an exact ``arb``."""
        from flint import arb

        alpha, beta = self._exponents
        half = 1 / (2 * alpha)
        if self.level == "asymptotic" and r == 0:
            reason = "the asymptotics are those of gamma*B*r -> infinity"
            raise ParameterError("r", r, reason, "use r >= 1, or level='continuum'")
        f_ac, k_pp = arb(0), arb("inf")
        with flint_digits(self.digits + 10):
            f_pp = self._decay((2 * beta - 1) * half + 1, r) * arb_of(half)
            if 2 * beta > 1 and (self.level == "continuum" or 2 * alpha > 1):
                f_ac = self.c_beta * arb_of(half) / arb_of(self.d) * self._decay(1 - half, r, cut=True)
            elif 2 * beta > 1:  # the plateau of the same integral for γBr ≪ d^{2α}, of the order of F_0
                f_ac = self.c_beta * arb_of(self.d) ** arb_of(-2 * alpha) / arb_of(1 - 2 * alpha)
            if 4 * alpha > 1:
                k_pp = self.gamma**2 * self.batch * arb_of(half) * self._decay(2 - half, r)
            return Pieces(f_pp, f_ac, self._f_0, k_pp)

    def _decay(self, a: Fraction, r: Any, cut: bool = False) -> Any:
        """``∫ u^{a−1} e^{−2γBru} du`` on ``(0, 1)`` or ``(d^{-2α}, 1)``; asymptotically ``Γ(a)(2γBr)^{-a}``."""

        def evaluate() -> Any:
            tau = 2 * self.gamma * self.batch * r
            if self.level == "asymptotic":
                return arb_of(a).gamma() / tau ** arb_of(a)
            if cut and self.d == 1:
                return tau * 0
            epsilon = arb_of(self.d) ** arb_of(-2 * self._exponents[0]) if cut else None
            return piece_integral(a, tau, epsilon)

        return ball(evaluate, self.digits + 5)

    @cached_property
    def c_beta(self) -> Any:
        return ball(lambda: _power_sum(2 * self._exponents[1], self.law.v), self.digits + 5)

    @cached_property
    def _f_0(self) -> Any:
        from flint import arb

        alpha, beta = self._exponents
        ratio = self.law.v if math.isinf(self.law.v) else Fraction(self.law.v) / Fraction(self.d)
        # its rounding error grows by no more than 1 in relative terms, but would stop the balls below from shrinking
        k = kappa(self.law.alpha, ratio, self.digits + 5).mid()
        scale = arb_of(self.d) ** arb_of(-2 * alpha)
        if self.level == "continuum":
            zeta = scale / k
            if self.digits <= DOUBLE:
                return zeta * arb(float(DoubleSums(self.law.nodes(self.d)).nu(float(zeta))))
            return zeta * PreciseSums(self.law.nodes(self.d, self.digits + 5)).nu(zeta)
        if 2 * beta > 1:
            return scale / k * self.c_beta
        return (
            scale
            * arb_of(self.d) ** arb_of(1 - 2 * beta)
            * ball(lambda: _tail_energy(alpha, beta, ratio, k), self.digits)
        )


def _tail_energy(alpha: Fraction, beta: Fraction, ratio: Exact, k: Any) -> Any:
    r""":math:`\int_0^{\rho} u^{-2\beta}\,du/(\kappa+u^{2\alpha})` for ``2β < 1``."""
    from flint import acb, arb

    s = arb_of((1 - 2 * beta) / (2 * alpha))
    if math.isinf(ratio):
        return k ** (s - 1) * arb.pi() / arb_of(2 * alpha) / (arb.pi() * s).sin()
    rho = arb_of(ratio)
    series = acb(-(rho ** arb_of(2 * alpha)) / k).hypgeom_2f1(arb(1), s, s + 1).real
    return rho ** arb_of(1 - 2 * beta) / arb_of(1 - 2 * beta) * series / k
