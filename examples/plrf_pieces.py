"""What needs no fixed point: the pieces of the loss as integrals and as leading terms, κ, the phases and where they meet.

Incomplete gamma functions are computed here, from series and continued fraction. Level: continuum and asymptotic;
arXiv:2405.15074, the tables of the pieces and of the phases.
"""

import math
from fractions import Fraction

from plrf_questions import Refusal
from plrf_sums import bisect, integral, power_sum


def lower_gamma(s, x):
    """∫_0^x u^(s−1) e^(−u) du by its series; for large x from Γ(s)."""
    if x > s + 20:
        return math.gamma(s) - upper_gamma(s, x)
    term = total = 1 / s
    for n in range(1, 1000):
        term *= x / (s + n)
        total += term
    return total * math.exp(-x) * x**s


def upper_gamma(s, x):
    """∫_x^∞ u^(s−1) e^(−u) du for x ≥ 1 and any real s, by Legendre's continued fraction from its end."""
    f = 0.0
    for n in range(400, 0, -1):
        f = n * (n - s) / (x + 2 * n + 1 - s - f)
    return math.exp(-x) * x**s / (x + 1 - s - f)


def between(s, low, high):
    """∫_low^high u^(s−1) e^(−u) du for any real s, also s ≤ 0."""
    if low >= 1:
        return upper_gamma(s, low) - upper_gamma(s, high)
    if high > 1:
        return between(s, low, 1.0) + upper_gamma(s, 1.0) - upper_gamma(s, high)
    ratio = math.log(high / low)
    return math.fsum(
        (-1) ** k / math.factorial(k) * (-(high**p) * math.expm1(-p * ratio) / p if p else ratio)
        for k, p in ((k, s + k) for k in range(25))
    )


def on_unit_interval(s, tau, level, low=0.0):
    """∫_low^1 u^(s−1) e^(−τu) du, or its leading term for large τ."""
    if level == "asymptotic":
        if tau == 0:
            raise Refusal("r must be positive")
        return math.gamma(s) * tau**-s
    if tau == 0:
        return (1 / s) if not low else -math.log(low) if s == 0 else (1 - low**s) / s
    return tau**-s * (between(s, low * tau, tau) if low else lower_gamma(s, tau))


def F_pp(q):
    s = 1 + (2 * q["beta"] - 1) / (2 * q["alpha"])
    return on_unit_interval(float(s), tau_of(q), q["level"]) / float(2 * q["alpha"])


def F_ac(q):
    if not 2 * q["beta"] > 1:
        return 0.0
    a, d, s = float(q["alpha"]), float(q["d"]), 1 - 1 / (2 * q["alpha"])
    if q["level"] == "asymptotic" and not s > 0:
        raise Refusal("no power law of its own at 2 alpha <= 1")
    c_beta = power_sum(float(2 * q["beta"]), q["v"])
    return c_beta / (2 * a * d) * on_unit_interval(float(s), tau_of(q), q["level"], low=d ** (-2 * a))


def K_pp(q):
    if not 4 * q["alpha"] > 1:
        raise Refusal("the integral diverges at alpha <= 1/4")
    front = float(q["gamma"] ** 2 * q["batch"] / (2 * q["alpha"]))
    return front * on_unit_interval(float(2 - 1 / (2 * q["alpha"])), tau_of(q), q["level"])


def tau_of(q):
    return float(2 * q["gamma"] * q["batch"] * q["r"])


def continuum_kappa(alpha, ratio):
    a = float(alpha)
    if ratio == math.inf:
        return (2 * a / math.pi * math.sin(math.pi / (2 * a))) ** (2 * a)
    log = bisect(lambda t: 1 - math.exp(t) * integral(1.0, a, math.exp(t), float(ratio)), -300.0, 300.0)
    return math.exp(log)


def forcing_limit_asymptotic(q):
    """The leading term of F_0 as d → ∞ at fixed v/d."""
    if 2 * q["beta"] == 1:
        raise Refusal("the leading term has a logarithm at 2 beta = 1")
    a, b, d, ratio = float(q["alpha"]), float(q["beta"]), float(q["d"]), q["v"] / q["d"]
    kappa = continuum_kappa(q["alpha"], ratio)
    if 2 * b > 1:
        return d ** (-2 * a) / kappa * power_sum(2 * b, q["v"])
    s = (1 - 2 * b) / (2 * a)
    whole = math.pi / (2 * a) / math.sin(math.pi * s) * kappa ** (s - 1)
    return d ** (1 - 2 * a - 2 * b) * (whole if ratio == math.inf else integral(1 - 2 * b, a, kappa, float(ratio)))


def phase(alpha, beta, what):
    """Exact, in fractions: the name, ξ or η. 2α² − 4α + 1 = 0 has no rational root, the other lines are tested."""
    if not alpha + beta > Fraction(1, 2):
        raise Refusal("alpha + beta <= 1/2: no power law")
    lines = [
        2 * alpha == 1,
        2 * beta == 1,
        4 * alpha == 1 and 2 * beta > 1,
        what == "phase" and alpha == beta and 2 * alpha > 1,
    ]
    if any(lines):
        raise Refusal("on a critical line")
    a, b, s = alpha, beta, 2 * alpha + 2 * beta - 1
    if 2 * b < 1:
        found = ("Ia", 1 / (2 * a + 1), s / (2 * a + 1)) if 2 * a > 1 else ("Ib", Fraction(1, 2), s / 2)
    elif 2 * a > 1:
        found = ("II", b / (a + b), s / (2 * (a + b))) if b < a else ("III", Fraction(1, 2), 1 - 1 / (4 * a))
    elif 4 * a < 1:
        bottom = 3 * a + 2 * b - 2 * a * b - 1
        found = ("Ic", s / (2 * bottom), a * s / bottom)
    elif 2 * a * a - 4 * a + 1 < 0:
        found = ("IVa", Fraction(1, 2), a)
    else:
        bottom = 2 * b - 2 * a * b - a
        found = ("IVb", (b - a) / bottom, (1 - 2 * a) * s / (2 * bottom))
    return found[("phase", "xi", "eta").index(what)]


def boundary(q):
    """The other coordinate of the point where two phases meet."""
    pair, half = frozenset(q["phases"]), Fraction(1, 2)
    given = "alpha" if "alpha" in q else "beta"
    if given == "beta":
        fixed = {("Ia", "Ib"): half, ("III", "IVa"): half, ("IVb", "Ic"): half / 2, ("IVa", "IVb"): 1 - math.sqrt(0.5)}
    else:
        fixed = {(low, high): half for low, high in (("Ia", "II"), ("Ib", "IVa"), ("Ib", "IVb"), ("Ib", "Ic"))}
    fixed[("II", "III")] = q[given]
    for names, value in fixed.items():
        if pair == set(names):
            return value
    raise Refusal("these phases do not meet there in one point")


#: By quantity, at both levels or at the only one.
ANSWERS = {
    "F_pp": F_pp,
    "F_ac": F_ac,
    "K_pp": K_pp,
    "boundary": boundary,
    **{name: lambda q, name=name: phase(q["alpha"], q["beta"], name) for name in ("phase", "xi", "eta")},
}
