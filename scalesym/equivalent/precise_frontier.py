r"""A minimum of the loss along a budget to any number of digits, from the one in double precision.

Along a budget ``f = rBd`` around the minimum ``d₀`` of double precision let ``d = d₀(1 + hs)``. The multiprecision contour
(:mod:`scalesym.equivalent.precise`) is evaluated at the exact rationals ``d`` and ``v = ρd`` and ``r = f/(Bd)`` for
``s = −2 … 2``; being analytic in ``r`` it also gives ``∂_ρ log P``, ``ρ = log r``, itself. What is a derivative in ``d`` is that of
the polynomial through the five points. With ``φ(s) = log P`` and ``ψ(s) = ∂_ρ log P`` along the budget,

.. math:: \varphi'(s^*) = 0, \qquad \eta = -\psi(s^*), \qquad
          \xi = -\frac{\partial_y\partial_x\varphi}{\partial_x^2\varphi} = -\frac{h\,\psi'(s^*)}{(1+hs^*)\,\varphi''(s^*)} .

The error of the polynomial is of order ``h⁴`` with ``h⁴ < 10^{−digits−4}``, and the second difference costs ``h²``, that is half the
digits, which are worked with in addition. The polynomial through the three inner points is off by order ``h²``: unless the *square* of
how far it is from the five is below ``10^{−digits}``, everything is done again with a smaller ``h``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import numpy as np

from ..errors import ConvergenceError
from ..parameters import Exact
from ..precision import arb_of, flint_digits, to_mpf
from ..progress import progress_bar
from ..resources import require_time
from ..spectrum import PowerLaw
from .equation import LARGE, Equivalent
from .frontier import Family
from .precise import pack, unpack

__all__ = ["PreciseMinimum", "polished", "precise_minima"]

Place = tuple[Exact, float]  # a budget, and log d from double precision
Progress = Callable[[float], None]  # called with the finished part of the work

_DIRECT = 40  # digits that need no better start than that of double precision
_ROUNDS = 6
_STENCIL = (-2, -1, 0, 1, 2)


@dataclass(frozen=True)
class PreciseMinimum:
    """One local minimum, as mpmath numbers (on the way as ``arb``)."""

    d: Any
    steps: Any
    loss: Any
    eta: Any
    xi: Any


def precise_minima(family: Family, places: list[Place], digits: int) -> list[PreciseMinimum]:
    """The minima near all places to ``digits`` digits, with a progress bar.

    Parameters
    ----------
    family:
        The models.
    places:
        Budget and ``log d`` in double precision of each minimum.
    digits:
        Decimal digits.

    Raises
    ------
    ParameterError
        If it takes longer than a day.

    Examples
    --------
    >>> family = Family(Fraction(1), Fraction(7, 10), Fraction(2), Fraction(3, 10), 1)
    >>> found = precise_minima(family, [(Fraction(2000), 3.4)], 3)
    >>> print(found[0].d, found[0].eta)
    30.0 0.678
    """
    _require(family, places, digits)
    result = []
    with progress_bar(f"frontier to {digits} digits") as progress:
        for k, (budget, x) in enumerate(places):

            def report(part: float, done: int = k) -> None:
                progress(int(1000 * (done + part)), 1000 * len(places))

            result.append(polished(family, budget, x, digits, report))
    return result


def polished(
    family: Family, budget: Exact, x: float, digits: int, progress: Progress = lambda part: None
) -> PreciseMinimum:
    """The minimum near ``log d = x`` at one budget, right to ``digits`` digits."""
    stages = [digits]
    while stages[0] > _DIRECT:
        stages.insert(0, math.ceil(stages[0] / 2))
    start = Fraction(math.exp(x))
    for k, stage in enumerate(stages):
        done, total = sum(each**3 for each in stages[:k]), sum(each**3 for each in stages)

        def report(part: float, done: int = done, own: int = stage**3, total: int = total) -> None:
            progress((done + own * part) / total)

        found = _stage(family, budget, start, stage, report)
        start = _fraction(found.d)
    return PreciseMinimum(*(to_mpf(getattr(found, each.name), digits) for each in fields(found)))


def _require(family: Family, places: list[Place], digits: int) -> None:
    """Refuse what takes longer than a day."""
    seconds = 0.0
    for budget, x in places:
        equation, r = _model(family, budget, Fraction(math.exp(x)))
        seconds += len(_STENCIL) * equation.curve_seconds(digits, _work(equation, r, digits, _width(digits)))
        require_time("digits", digits, seconds, "use fewer digits or budgets, or None for double precision")


def _width(digits: int) -> int:
    """``−log₂ h``."""
    return math.ceil((digits + 4) / 4 * math.log2(10))


def _model(family: Family, budget: Exact, d: Fraction) -> tuple[Equivalent, Fraction]:
    """The model at an exact ``d``, and its time."""
    v = family.ratio if math.isinf(family.ratio) else Fraction(family.ratio) * d
    law = PowerLaw(family.alpha, family.beta, v)
    return Equivalent(law, d, family.gamma, family.batch), Fraction(budget) / (family.batch * d)


def _work(equation: Equivalent, r: Fraction, digits: int, width: int) -> int:
    """Working digits, with what the contour is likely to lose: the sum, and where ``ζ₀`` is badly conditioned."""
    value = float(equation.contour.loss(np.array([float(r)])).value[0])
    lost = math.log10(equation.initial("loss") / max(1.0, equation.rate * equation.batch * float(r)) / value)
    nodes, zeta0 = equation.spectrum.nodes(equation.d), equation.point.zeta0
    tangent = float(zeta0 / float(equation.d) * np.sum(nodes.mu / (nodes.lam + zeta0) ** 2))
    return _needed(digits, width) + math.ceil(max(0.0, lost) - math.log10(tangent) + 4.3)


def _needed(digits: int, width: int) -> int:
    """Digits of ``log P`` whose second difference still has ``digits`` digits."""
    return digits + math.ceil(2 * width * math.log10(2)) + 1


def _stage(family: Family, budget: Exact, start: Fraction, digits: int, progress: Progress) -> PreciseMinimum:
    width, extra = _width(digits), 0
    for _ in range(_ROUNDS):
        equation, r = _model(family, budget, start)
        work = _work(equation, r, digits, width) + extra
        with flint_digits(work):
            values, slopes, lost = _stencil(family, budget, start, width, work, progress)
            if _needed(digits, width) + lost + 4 > work:
                extra += math.ceil(_needed(digits, width) + lost + 4 - work)
                continue
            h = arb_of(Fraction(1, 2**width))
            fine, s = _minimum(values, slopes, h, _five)
            sizes = [1.0, 1.0, *(abs(float(exponent)) for exponent in fine[2:])]
            coarse, _ = _minimum(values, slopes, h, _three)
            far = max(abs(float((a - b).mid())) / size for a, b, size in zip(fine, coarse, sizes, strict=True))
            if abs(s) > 2:
                start = start * (1 + _fraction((arb_of(s) * h).mid()))
            elif far * far > 10.0**-digits:
                width += 7
            else:
                growth, log_loss, eta, xi = fine
                d = arb_of(start) * growth
                return PreciseMinimum(d, arb_of(Fraction(budget) / family.batch) / d, log_loss.exp(), eta, xi)
    raise ConvergenceError(f"the minimum was not found to {digits} digits")


def _stencil(
    family: Family, budget: Exact, start: Fraction, width: int, work: int, progress: Progress
) -> tuple[list[Any], list[Any], float]:
    """``log P`` and ``∂_ρ log P`` at the five points, and the digits lost."""
    equation, _ = _model(family, budget, start)
    places = [start * (1 + Fraction(s, 2**width)) for s in _STENCIL]
    rows: Iterable[tuple[tuple[str, ...], tuple[str, ...], float]]
    if equation.require_points(work, work)[0] * work > LARGE:
        from joblib import Parallel, delayed

        jobs = Parallel(n_jobs=min(len(places), os.cpu_count() or 1), return_as="generator")
        rows = jobs(delayed(_point)(family, budget, d, work) for d in places)
    else:
        rows = (_point(family, budget, d, work) for d in places)
    values, slopes, worst = [], [], 0.0
    for k, (value, slope, lost) in enumerate(rows):
        values.append(unpack(value))
        slopes.append(unpack(slope))
        worst = max(worst, lost)
        progress((k + 1) / len(places))
    return values, slopes, worst


def _point(family: Family, budget: Exact, d: Fraction, work: int) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """``log P`` and ``∂_ρ log P`` at one point, as text, and the digits lost; also for another process."""
    equation, r = _model(family, budget, d)
    with flint_digits(work):
        curve = equation.precise_contour(work, float(r), 1)
        limit = (curve.point.forcing_limit + curve.noise) / (1 - curve.norm)
        value, lost = curve.integrate(curve.loss_integrand, limit, r)
        return pack(value.log()), pack(curve.slope(curve.loss_integrand, limit, r) / value), lost


def _five(f: list[Any]) -> list[Any]:
    """Coefficients of the polynomial in ``s`` through five points."""
    odd, outer_odd = (f[3] - f[1]) / 2, (f[4] - f[0]) / 2
    even, outer_even = (f[3] + f[1]) / 2 - f[2], (f[4] + f[0]) / 2 - f[2]
    cubic, quartic = (outer_odd - 2 * odd) / 6, (outer_even - 4 * even) / 12
    return [f[2], odd - cubic, even - quartic, cubic, quartic]


def _three(f: list[Any]) -> list[Any]:
    """The same through the inner three."""
    return [f[2], (f[3] - f[1]) / 2, (f[3] + f[1]) / 2 - f[2]]


def _minimum(
    values: list[Any], slopes: list[Any], h: Any, through: Callable[[list[Any]], list[Any]]
) -> tuple[tuple[Any, Any, Any, Any], float]:
    """``1 + hs``, ``log P``, ``η`` and ``ξ`` at the minimum of the polynomial, and ``s``."""
    from flint import arb_poly

    phi, psi = arb_poly(through(values)), arb_poly(through(slopes))
    first = phi.derivative()
    second = first.derivative()
    s = values[0] * 0
    for _ in range(8):
        s = (s - first(s) / second(s)).mid()
    growth = (1 + h * s).mid()
    xi = -h * psi.derivative()(s) / (growth * second(s))
    return (growth, phi(s).mid(), -psi(s).mid(), xi.mid()), float(s)


def _fraction(number: Any) -> Fraction:
    """The midpoint of an ``arb``, exactly."""
    mantissa, exponent = number.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
