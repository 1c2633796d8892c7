r"""What known mistakes answer: the same definitions with one number changed.

A :class:`Variant` is a question's setting after one slip, with what is left to do to its value. Most slips are one word
there: ``v − 1`` for ``v``, ``q`` without ``2``. Those that leave the balls, the fixed-point iteration stopped too early and
integrals for sums, are plain mpmath: a mistake needs no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..certified import pieces
from ..certified.stability import critical_gamma
from ..precision import arb_of
from . import diagram
from .evaluation import Setting, evaluate
from .quantities import Question

__all__ = ["DIGITS", "Variant", "variants"]

#: Digits of a mistaken value.
DIGITS = 20

_SUMS = {"zeta0", "kappa", "m", "lambda_min", "lambda_max", "F_0", "K_norm", "gamma_critical", "P_inf", "F", "K", "P"}
_RECURSION = {"K_norm", "P_inf", "F", "K", "P"}
_TRUNCATED = (10**3, 10**4, 10**5, 10**6)
_STOPS = tuple(10.0**-k for k in range(2, 13))  # the changes below which somebody may stop an iteration
_PATIENCE = 1000


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Variant:
    """One slip: the flag that names it, how far it goes, and what it answers, an ``arb``, ``acb``, name or fraction."""

    flag: str
    value: Callable[[], Any]
    detail: str = ""


def variants(question: Question) -> Iterator[Variant]:
    """Every known slip that can be made in answering a question."""
    name, level = question.quantity.name, question.quantity.level
    if name in ("phase", "xi", "eta"):
        yield from _swapped_phases(question)
        return
    if name in ("boundary", "judge"):
        return
    s, factor = question.setting, question.factor

    def slip(flag: str, changed: Setting, detail: str = "", after: Callable[[Any], Any] = _same) -> Variant:
        return Variant(flag, lambda: after(evaluate(name, level, changed, rough=True)) * arb_of(factor), detail)

    if level == "equivalent":
        yield from _slips_of_sums(name, s, slip)
        if name in _RECURSION:
            yield from _slips_of_recursion(name, question, slip)
    else:
        yield from _slips_of_pieces(name, question, slip)
    if question.quantity.units == "loss":
        other = Fraction(1, 2) if question.loss_factor == 1 else Fraction(2)
        yield slip("half-risk", s, f"times {other}", lambda value: value * arb_of(other))
    if name == "gamma_critical":
        yield from _slips_of_stability(question)


def _slips_of_sums(name: str, s: Setting, slip: Callable[..., Variant]) -> Iterator[Variant]:
    if s.v is not None and s.v - 1 > s.d:
        yield slip("dropped-last-index", replace(s, v=s.v - 1))
    if s.v is None:
        for end in _TRUNCATED:
            if end > s.d:
                yield slip("truncated-tail", replace(s, v=end), f"at {end}")
    yield slip("eigenvalue-exponent", replace(s, p=s.p / 2, q=s.q - s.p / 2))
    if name in ("F_0", "P_inf", "F", "P"):
        yield slip("target-exponent", replace(s, q=(s.q + s.p) / 2))
    if name in ("F_0", "P_inf", "F", "P") and not (name == "F_0" or name == "P_inf"):
        yield slip("missing-atom", replace(s, atom=False))
    if name == "m" and s.z[1] != 0:
        yield slip("wrong-branch", s, "", lambda value: value.conjugate())
    if name == "m" and s.v is not None and s.v <= _TRUNCATED[1]:
        yield from _stopped(s)
    if name in ("zeta0", "kappa", "F_0", "P_inf"):
        yield from _limits(name, s, slip)
    if name in ("zeta0", "kappa", "F_0") and s.d < 10**4:
        yield Variant("integral-for-sum", lambda: _integrated(name, s))
    if name == "lambda_max":
        yield slip("largest-eigenvalue", s, "", lambda value: value * 0 + 1)


def _limits(name: str, s: Setting, slip: Callable[..., Variant]) -> Iterator[Variant]:
    ratio = None if s.v is None else Fraction(s.v) / s.d

    def constant(_: Any) -> Any:
        value = pieces.kappa(s.alpha, ratio)
        return value if name == "kappa" else arb_of(s.d) ** arb_of(-s.p) / value

    def limit(right: Any) -> Any:
        return right / s.point.forcing_limit() * pieces.forcing_limit(s.alpha, s.beta, s.d, s.v)

    yield slip("continuum-kappa", s, "", constant if name in ("zeta0", "kappa") else limit)


def _slips_of_recursion(name: str, question: Question, slip: Callable[..., Variant]) -> Iterator[Variant]:
    s, b = question.setting, question.given["batch"]
    yield slip("halved-rate", replace(s, a=s.a / 2))
    if name == "P_inf":
        yield slip("missing-kernel-sum", s, "", lambda _: s.point.forcing_limit())
    else:
        yield slip("gradient-flow", replace(s, c=Fraction(0)))
    if name in ("F", "K", "P"):
        yield slip("step-shift", replace(s, r=s.r + 1), "one step too many")
        if s.r > 0:
            yield slip("step-shift", replace(s, r=s.r - 1), "one step too few")
    if b > 1:
        yield slip("batch-mean", s.with_rate(s.gamma * b if question.mean else s.gamma / b))
        yield slip("two-b", replace(s, c=2 * b * s.gamma**2))
        if name != "F":
            yield slip("kernel-without-batch", replace(s, g=s.g / b))


def _slips_of_pieces(name: str, question: Question, slip: Callable[..., Variant]) -> Iterator[Variant]:
    s, given = question.setting, question.given
    b, continuum = given.get("batch", 1), question.quantity.level == "continuum"
    if name != "kappa":
        yield slip("eigenvalue-exponent", s.with_exponents(s.alpha / 2, s.beta))
    if "beta" in given:
        yield slip("target-exponent", s.with_exponents(s.alpha, s.beta / 2))
    if "r" in given:
        yield slip("halved-rate", replace(s, x=s.x / 2))
        if b > 1:
            yield slip("batch-mean", s.with_rate(s.gamma * b if question.mean else s.gamma / b))
        if continuum and s.x > 0:
            yield slip("swapped-gamma-arguments", s, "", lambda value: value * 0 + _swapped(name, s))
    if name == "K_pp" and b > 1:
        yield slip("kernel-without-batch", s, "", lambda value: value / b)
    if name == "F_ac":
        if s.v is not None:
            yield slip("dropped-last-index", replace(s, v=s.v - 1))
            yield slip("infinite-c-beta", replace(s, v=None))
        if continuum and 2 * s.alpha > 1:
            yield slip("no-lower-cutoff", s, "", lambda value: value * _uncut(s))
    if name == "F_0" and s.v is not None and 2 * s.beta > 1 and not continuum:
        total = pieces.target_sum
        yield slip("infinite-c-beta", s, "", lambda value: value * total(s.beta, None) / total(s.beta, s.v))


def _slips_of_stability(question: Question) -> Iterator[Variant]:
    s, b, factor = question.setting, question.given["batch"], arb_of(question.factor)
    other = Fraction(1, b) if question.mean else Fraction(b)
    if b > 1:
        yield Variant("batch-mean", lambda: evaluate("gamma_critical", "equivalent", s) * factor * arb_of(other))
        # D₁ = −c/g where the norm is 1, at z = a/c: both as for another batch
        yield Variant("two-b", lambda: factor * critical_gamma(s.point, 1))
        yield Variant("kernel-without-batch", lambda: factor * b * critical_gamma(s.point, b * (b + 1) - 1))
    yield Variant("edge-not-crossed", lambda: factor * 2 / ((b + 1) * s.point.edges()[1]), "γ(B+1)λ_max < 2 alone")
    yield Variant("largest-eigenvalue", lambda: factor * arb_of(Fraction(2, b + 1)), "γ(B+1) < 2")


def _swapped(name: str, s: Setting) -> Any:
    """The incomplete gamma function with its arguments in the other order."""
    x = arb_of(s.x)
    half = 1 / (2 * s.alpha)
    if name == "F_ac":
        a = arb_of(1 - half)
        cut = arb_of(s.d) ** arb_of(-2 * s.alpha) * x
        front = pieces.target_sum(s.beta, s.v) / arb_of(2 * s.alpha * s.d) if 2 * s.beta > 1 else arb_of(0)
        return front * (a.gamma_upper(cut) - a.gamma_upper(x)) / x**a
    if name == "F_pp":
        exponent, front = (2 * s.beta - 1) * half + 1, arb_of(half)
    else:
        exponent, front = 2 - half, arb_of(s.gamma**2 * s.batch * half)
    a = arb_of(exponent)
    return front * a.gamma_lower(x) / x**a


def _uncut(s: Setting) -> Any:
    """``F_ac`` integrated from 0, over ``F_ac``."""
    a, x = 1 - 1 / (2 * s.alpha), arb_of(s.x)
    return pieces.decay(a, x) / pieces.decay(a, x, arb_of(s.d) ** arb_of(-2 * s.alpha))


def _stopped(s: Setting) -> Iterator[Variant]:
    """The two usual iterations for ``m(z)`` from ``m = 1``, at every step at which somebody may stop them."""
    from mpmath import MPContext

    mp = MPContext()
    mp.dps = DIGITS + 10
    z = mp.mpc(*(mp.mpf(part.numerator) / part.denominator for part in s.z))
    power = mp.mpf(-s.p.numerator) / s.p.denominator
    eigenvalues = [mp.mpf(j) ** power for j in range(1, (s.v or 0) + 1)]
    d = mp.mpf(s.d.numerator) / s.d.denominator

    def held(m: Any) -> Any:
        return 1 / (1 + sum(x / (x * m - z) for x in eigenvalues) / d)

    def subtracted(m: Any) -> Any:
        return 1 - sum(x * m / (x * m - z) for x in eigenvalues) / d

    for text, step in (("m ← 1/(1 + Σ λ/(λm − z)/d)", held), ("m ← 1 − Σ λm/(λm − z)/d", subtracted)):
        m, stops = mp.mpc(1), set(_STOPS)
        for n in range(1, _PATIENCE):
            former, m = m, step(m)
            change = abs(m - former)
            if not change < 10:
                break
            reached = {stop for stop in stops if change < stop or change < stop * abs(m)}
            stops -= reached
            if reached:
                value = _ball(m if s.z[1] else m.real)
                yield Variant(
                    "loose-fixed-point",
                    lambda value=value: value,  # type: ignore[misc]
                    f"{text}, {n} times, until the change is below {min(reached):.0e}",
                )
            if not stops:
                break


def _integrated(name: str, s: Setting) -> Any:
    """``ζ₀``, ``κ`` or ``F_0`` with ``∫_1^v dj`` for ``Σ_{j≤v}``."""
    from flint import acb, arb

    def summed(exponent: Fraction, zeta: Any) -> Any:
        """``∫_1^v x^{p−exponent} dx/(1 + ζx^p)``, in ``log x``; far out where ``v = ∞``."""
        power, rise = arb_of(s.p), arb_of(1 + s.p - exponent)
        end = (90 - zeta.log()) / arb_of(min(exponent - 1, s.p)) if s.v is None else arb(s.v).log()
        found = acb.integral(lambda t, _: (rise * t).exp() / (1 + zeta * (power * t).exp()), 0, end.mid())
        return found.real.mid()

    low, high = arb(-200), arb(50)
    if not summed(s.p, low.exp()) > arb_of(s.d):
        return arb.nan()
    for _ in range(12):
        middle = ((low + high) / 2).mid()
        low, high = (middle, high) if summed(s.p, middle.exp()) > arb_of(s.d) else (low, middle)
    excess = [(summed(s.p, end.exp()) - arb_of(s.d)).mid() for end in (low, high)]
    for _ in range(9):  # the secant method, on a function that is nearly straight by now
        low, high = high, (high - excess[1] * (high - low) / (excess[1] - excess[0])).mid()
        excess = [excess[1], (summed(s.p, high.exp()) - arb_of(s.d)).mid()]
        if abs(excess[1]) < arb(10) ** (-DIGITS - 3):
            break
    zeta = high.exp().mid()
    if name == "zeta0":
        return zeta
    return (1 / (zeta * arb_of(s.d) ** arb_of(s.p)) if name == "kappa" else zeta * summed(s.q, zeta)).mid()


def _ball(value: Any) -> Any:
    """An mpmath number as the exact ball it is, in any precision."""
    from flint import acb, arb

    def exact(part: Any) -> Any:
        sign, mantissa, exponent, _ = part._mpf_
        return arb((-int(mantissa) if sign else int(mantissa), int(exponent)))

    return acb(exact(value.real), exact(value.imag)) if hasattr(value, "_mpc_") else exact(value)


def _swapped_phases(question: Question) -> Iterator[Variant]:
    """The answers of the neighbouring phases."""
    from ..phases.table import phase_table

    alpha, beta = question.given["alpha"], question.given["beta"]
    name = question.quantity.name
    try:
        right = diagram.phase_name(alpha, beta)
    except ValueError:
        return
    table = phase_table()
    for line in table.lines:
        for here, there in (line.neighbours, line.neighbours[::-1]):
            if here == right:
                entry = table[there]
                wrong = there if name == "phase" else str(getattr(entry, name).at((alpha, beta)))
                yield Variant("phase-swap", lambda wrong=wrong: wrong, f"as in {there}")  # type: ignore[misc]
