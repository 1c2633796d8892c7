r"""Numeric roads to the entries about features and samples: a few explicit modes, and sums over power laws.

For a few modes the self-consistent equations of arXiv:2402.01092 are iterated as they stand, responses first and then the
two-time correlations, until 36 digits no longer change. Nothing is eliminated: what the derivations solve for is here
found without being solved for.

A sum ``Σ_k k^{-p} (1 + κ k^b)^{-n}`` is added up; beyond the mode where ``κ k^b = 8`` its terms are series in
``1/(κ k^b)``, whose sums are Euler and Maclaurin's. What it has beside the integral over modes is the series
``Σ_m C(-n, m) κ^m ζ(p - b m)`` (Euler and Maclaurin's formula at zero), asymptotic as ``κ → 0``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ...formulas.derivation import Check, DerivationError, Evidence, Outcome
from .roads import CTX, Numbers, crossing, valued

__all__ = [
    "as_a_limit",
    "beside_the_integral",
    "beyond_zero",
    "early_change",
    "far_sum",
    "holding",
    "modes",
    "power_sum",
    "quadrature",
    "replicas",
    "ridgeless",
    "ridges",
    "secant",
    "settled",
    "valley",
]

_Expr = Any
_SETTLED = CTX.mpf(10) ** -36


def settled(step: Callable[[tuple[Any, ...]], tuple[Any, ...]], start: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where an iteration of several numbers no longer changes them.

    Examples
    --------
    >>> [round(float(x), 9) for x in settled(lambda at: (1 + 1 / at[0],), (CTX.one,))]
    [1.618033989]
    """
    here = start
    for _ in range(2000):
        there = step(here)
        if all(abs(a - b) <= _SETTLED * abs(a) for a, b in zip(there, here, strict=True)):
            return there
        here = there
    raise DerivationError("an iteration did not settle")


# -- a few modes -------------------------------------------------------------------------------------------------------


def _responses(lam: tuple[Any, ...], n: Any, p: Any, s: Any) -> tuple[Any, Any]:
    """``R_1`` and ``R_3`` at a Laplace variable, from 1."""

    def step(at: tuple[Any, ...]) -> tuple[Any, ...]:
        both = at[0] * at[1]
        held = CTX.fsum(x * both / (s + x * both) for x in lam)
        return (at[0] + 1 / (1 + held / p / at[0])) / 2, (at[1] + 1 / (1 + held / n / at[1])) / 2

    return settled(step, (CTX.one, CTX.one))


def _correlations(at: Numbers, same_features: bool = True, same_samples: bool = True) -> dict[str, Any]:
    """``C_0`` to ``C_3`` at two Laplace variables; replicas that do not share features or samples lack their terms."""
    s, s_2, n, p = (at[name] for name in ("laplace", "laplace_2", "N", "resource_P"))
    first, third = at["R_1"] * at["R_1_2"], at["R_3"] * at["R_3_2"]
    lam, w2 = at["modes"]
    both = [1 / ((s + x * at["R_1"] * at["R_3"]) * (s_2 + x * at["R_1_2"] * at["R_3_2"])) for x in lam]
    known = list(zip(lam, w2, both, strict=True))
    noise = at["noise"] ** 2 / (s * s_2)

    def step(c: tuple[Any, ...]) -> tuple[Any, ...]:
        seen = first * (c[0] + noise) if same_samples else CTX.zero
        moved = third * c[1] if same_features else CTX.zero
        c_0 = CTX.fsum(x * h * (w + moved / n + x / p * third * seen) for x, w, h in known)
        c_2 = CTX.fsum(s * s_2 * h * x / p * seen + x**2 * first * h * (w + moved / n) for x, w, h in known)
        return c_0, c_2

    c_0, c_2 = settled(step, (CTX.one, CTX.one))
    return {
        "C_0": c_0,
        "C_1": first * (c_0 + noise),
        "C_2": c_2,
        "C_3": third * c_2,
        "E": s * s_2 * c_0 + at["noise"] ** 2,
    }


def replicas(at: Numbers, same_features: bool, same_samples: bool) -> Any:
    """``ss'C_0 + σ²`` of two trainings that share their features, their samples, or neither."""
    found: Any = _correlations(at, same_features, same_samples)["E"]
    return found


def _traces(lam: tuple[Any, ...], w2: tuple[Any, ...], one: Any, other: Any) -> dict[str, Any]:
    known = [(x, w, 1 / ((x + one) * (x + other))) for x, w in zip(lam, w2, strict=True)]
    return {
        "freedom": CTX.fsum(x / (x + one) for x in lam),
        "freedom_2": CTX.fsum(x / (x + other) for x in lam),
        "overlap": CTX.fsum(x**2 * h for x, _, h in known),
        "trace_x": CTX.fsum(x * h for x, _, h in known),
        "trace_u": one * other * CTX.fsum(x * w * h for x, w, h in known),
        "trace_v": CTX.fsum(x**2 * w * h for x, w, h in known),
        "teacher_1": one * CTX.fsum(x * w / (x + one) for x, w in zip(lam, w2, strict=True)),
        "teacher_2": one * CTX.fsum(x**2 * w * h for x, w, h in known),
    }


def _setting(seed: str, isotropic: bool) -> tuple[tuple[Any, ...], tuple[Any, ...], dict[str, Any]]:
    source = random.Random(seed)

    def drawn(low: float, high: float) -> Any:
        return CTX.mpf(source.randint(int(100 * low), int(100 * high))) / 100

    lam = tuple(drawn(0.1, 3) for _ in range(6))
    teacher = drawn(0.5, 2)
    w2 = tuple(teacher**2 if isotropic else drawn(0.1, 3) for _ in lam)
    counts = {"N": drawn(3, 6), "resource_P": drawn(3, 6), "noise": drawn(0.3, 1), "teacher": teacher}
    return lam, w2, {**counts, "laplace": drawn(0.3, 2), "laplace_2": drawn(0.3, 2)}


@lru_cache(maxsize=8)
def modes(count: int = 3) -> tuple[Numbers, ...]:
    """Six modes, features, samples and two Laplace variables; responses and correlations iterated, ``κ = s/(R_1 R_3)``."""
    found = []
    for k in range(count):
        lam, w2, at = _setting(f"modes {k}", False)
        for end in ("", "_2"):
            responses = _responses(lam, at["N"], at["resource_P"], at[f"laplace{end}"])
            at |= dict(zip((f"R_1{end}", f"R_3{end}"), responses, strict=True))
            at[f"threshold{end}"] = at[f"laplace{end}"] / (responses[0] * responses[1])
        at |= _traces(lam, w2, at["threshold"], at["threshold_2"])
        found.append({**at, "modes": (lam, w2), **_correlations({**at, "modes": (lam, w2)})})
    return tuple(found)


def early_change(at: Numbers, variance: Any) -> Any:
    """What ``1/N`` and ``1/P`` add to the response of a mode to first order, extrapolated."""
    lam, s = at["modes"][0], at["laplace"]

    def change(few: Any) -> Any:
        first, third = _responses(lam, at["N"] / few, at["resource_P"] / few, s)
        return (1 / (s + variance * first * third) - 1 / (s + variance)) / few

    return as_a_limit(change)


@lru_cache(maxsize=16)
def ridges(kind: str = "", count: int = 3) -> tuple[Numbers, ...]:
    """The same at one ridge ``δ = sT``, in the letters of arXiv:2210.16859, with the loss as ``L``.

    ``kind`` may have the words ``isotropic``, ``noiseless`` and ``targetless``.
    """
    return tuple(_at_ridge(f"ridges {k}", kind) for k in range(count))


@lru_cache(maxsize=16)
def ridgeless(kind: str, count: int = 2) -> tuple[Numbers, ...]:
    """The limit of small ridges, extrapolated; with the word ``features`` in ``kind`` they are few, else samples are.

    With the word ``endless`` there are ``10^60`` of what is not few. ``Δ`` is found by bisection of ``f(Δ)``.
    """
    found = []
    for k in range(count):
        source = random.Random(f"ridgeless {k}")
        few, many = (CTX.mpf(source.randint(*ends)) / 10 for ends in ((11, 24), (30, 52)))
        many = CTX.mpf(10) ** 60 if "endless" in kind else many
        sizes = {"N": few, "resource_P": many} if "features" in kind else {"N": many, "resource_P": few}

        def loss(small: Any, k: int = k, sizes: Numbers = sizes) -> Any:
            return _at_ridge(f"ridgeless {k}", kind, {**sizes, "laplace": small})["L"]

        at = dict(_at_ridge(f"ridgeless {k}", kind, sizes))
        lam, w2 = at["modes"]
        gap = crossing(lambda x, lam=lam, few=few: CTX.fsum(y / (y + x) for y in lam) - few)  # type: ignore[misc]
        found.append({**at, "Delta": gap, "threshold": gap, **_traces(lam, w2, gap, gap), "L": as_a_limit(loss)})
    return tuple(found)


def _at_ridge(seed: str, kind: str, instead: Numbers | None = None) -> Numbers:
    lam, w2, at = _setting(seed, "isotropic" in kind)
    at |= instead or {}
    at["laplace_2"] = at["laplace"]
    at["noise"] *= "noiseless" not in kind
    w2 = tuple(w * ("targetless" not in kind) for w in w2)
    responses = _responses(lam, at["N"], at["resource_P"], at["laplace"])
    for end in ("", "_2"):
        at |= dict(zip((f"R_1{end}", f"R_3{end}"), responses, strict=True))
    gap = at["laplace"] / (responses[0] * responses[1])
    at |= _traces(lam, w2, gap, gap) | {"Delta": gap, "samples_T": at["resource_P"], "modes": (lam, w2)}
    at |= {"threshold": gap, "ridge": at["laplace"] * at["resource_P"], "noise_label": at["noise"]}
    return {**at, "L": _correlations(at)["E"]}


# -- sums over a power law ---------------------------------------------------------------------------------------------


def far_sum(p: Any, start: int) -> Any:
    """``Σ_{k ≥ start} k^{-p}`` from a mode of at least 30 on, by Euler and Maclaurin's formula to 40 digits.

    Examples
    --------
    >>> gap = far_sum(CTX.mpf(2), 30) + sum(CTX.one / k**2 for k in range(1, 30)) - CTX.pi**2 / 6
    >>> bool(abs(gap) < 1e-40)
    True
    """
    total, here = CTX.zero, CTX.mpf(start)
    while here < 2 * p:  # a steep power is added up until its terms count for nothing
        part, here = here**-p, here + 1
        total += part
        if part <= total * CTX.mpf(10) ** -45:
            return total
    total += here ** (1 - p) / (p - 1) + here**-p / 2
    for k in range(1, 40):
        part = CTX.bernoulli(2 * k) / CTX.factorial(2 * k) * CTX.rf(p, 2 * k - 1) * here ** (1 - p - 2 * k)
        total += part
        if abs(part) <= abs(total) * CTX.mpf(10) ** -42:
            return total
    raise DerivationError("the terms of Euler and Maclaurin do not fall; start from a larger mode")


def power_sum(p: Any, b: Any, n: int, kappa: Any) -> Any:
    """``Σ_k k^{-p} (1 + κ k^b)^{-n}``.

    Examples
    --------
    >>> round(float(power_sum(CTX.zero, CTX.mpf(2), 1, CTX.one)), 12)  # (π coth π - 1)/2
    1.076674047469
    """
    last = max(60, int(CTX.ceil((8 / kappa) ** (1 / b))))
    total = CTX.fsum(CTX.mpf(k) ** -p * (1 + kappa * CTX.mpf(k) ** b) ** -n for k in range(1, last + 1))
    for m in range(200):
        part = CTX.binomial(-n, m) * kappa ** (-n - m) * far_sum(p + b * (n + m), last + 1)
        total += part
        if abs(part) <= abs(total) * CTX.mpf(10) ** -40:
            return total
    raise DerivationError("a sum over a power law did not settle")


def beside_the_integral(p: Any, b: Any, n: int, kappa: Any, first: int = 0) -> Any:
    """``Σ_{m ≥ first} C(-n, m) κ^m ζ(p - b m)`` up to its smallest term, which must be below 25 digits."""
    total, smallest = CTX.zero, CTX.inf
    for m in range(first, first + 400):
        part = CTX.binomial(-n, m) * kappa**m * CTX.zeta(p - b * m)
        if m > first + 4 and abs(part) > 1e6 * smallest > 0:
            break
        total += part
        smallest = min(smallest, abs(part)) if part else smallest
        if smallest < CTX.mpf(10) ** -35:
            return total
    raise DerivationError("the series beside the integral diverges too soon; take a smaller κ")


def quadrature(function: Callable[[Any], Any]) -> Any:
    """``∫_0^∞`` of a function with powers at both ends, by the trapezoidal rule in ``log u = π/2 sinh``.

    Examples
    --------
    >>> round(float(quadrature(lambda u: 1 / (CTX.sqrt(u) * (1 + u)))), 12)
    3.14159265359
    """

    def rule(step: Any) -> Any:
        def node(k: int) -> Any:
            here = CTX.exp(CTX.pi / 2 * CTX.sinh(k * step))
            return function(here) * here * CTX.pi / 2 * CTX.cosh(k * step)

        total = node(0)
        for sign in (1, -1):
            for k in range(1, 4000):
                part = node(sign * k)
                total += part
                if abs(part) <= abs(total) * CTX.mpf(10) ** -45:
                    break
        return total * step

    step = CTX.mpf(1) / 8
    last = rule(step)
    for _ in range(6):
        step /= 2
        new = rule(step)
        if abs(new - last) <= abs(new) * CTX.mpf(10) ** -27:
            return new
        last = new
    raise DerivationError("an integral did not settle")


def beyond_zero(p: Any, b: Any, n: int, kappa: Any) -> Any:
    """``∫_0^∞ u^{-p} ((1 + κ u^b)^{-n} - 1) du``, for ``1 < p < 1 + b``."""

    def integrand(u: Any) -> Any:
        grown = kappa * u**b
        return u**-p * CTX.expm1(-n * CTX.log1p(grown))

    return quadrature(integrand)


# -- checks ------------------------------------------------------------------------------------------------------------


def holding(points: tuple[Numbers, ...], said: str) -> Check:
    """``after`` is an equation between numbers that were found without it."""
    inner = valued(points, lambda at: CTX.one, said)

    def check(before: _Expr, outcome: Outcome) -> Evidence:
        sides = outcome.expression
        return inner(before, replace(outcome, expression=sides.lhs / sides.rhs))

    return check


def as_a_limit(function: Callable[[Any], Any], ratio: int = 10**6, order: int = 5) -> Any:
    """The limit of a function of a small number that is analytic there, by Richardson's extrapolation.

    Examples
    --------
    >>> round(float(as_a_limit(lambda h: (CTX.exp(h) - 1) / h)), 12)
    1.0
    """
    row = [function(CTX.one / (ratio * 2**k)) for k in range(order)]
    for k in range(1, order):
        row = [(2**k * b - a) / (2**k - 1) for a, b in pairwise(row)]
    return row[0]


def valley(function: Callable[[Any], Any], low: Any, high: Any, tolerance: Any) -> Any:
    """Where a function with one valley between two numbers is least, by golden sections.

    Examples
    --------
    >>> round(float(valley(lambda x: (x - 2) ** 2, CTX.mpf(0), CTX.mpf(5), CTX.mpf(10) ** -15)), 12)
    2.0
    """
    ratio = (CTX.sqrt(5) - 1) / 2
    inner = [high - ratio * (high - low), low + ratio * (high - low)]
    values = [function(x) for x in inner]
    while high - low > tolerance:
        if values[0] < values[1]:
            high, inner = inner[1], [inner[1] - ratio * (inner[1] - low), inner[0]]
            values = [function(inner[0]), values[0]]
        else:
            low, inner = inner[0], [inner[1], inner[0] + ratio * (high - inner[0])]
            values = [values[1], function(inner[1])]
    return (low + high) / 2


def secant(function: Callable[[Any], Any], one: Any, other: Any) -> Any:
    """Where a smooth function vanishes, to 22 digits of the distance between two places near it.

    Examples
    --------
    >>> round(float(secant(lambda x: x**3 - 8, CTX.mpf(1), CTX.mpf(3))), 12)
    2.0
    """
    a, b, close = one, other, abs(other - one) * CTX.mpf(10) ** -22
    at_a, at_b = function(a), function(b)
    for _ in range(60):
        if abs(b - a) <= close or at_a == at_b:
            return b
        a, b, at_a = b, b - at_b * (b - a) / (at_b - at_a), at_b
        at_b = function(b)
    raise DerivationError("the secant method did not settle")
