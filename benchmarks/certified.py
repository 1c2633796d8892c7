"""Random points of the oracle's certified values against plain mpmath with 60 digits, which shares no code with them.

``python benchmarks/certified.py [--points 10000] [--seed 20261122]`` prints how many enclosures of 25 digits contain the
independent value, and the points at which one does not. The test suite runs 300 of them.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

from mpmath import MPContext

SEED = 20261122
DIGITS = 25

mp = MPContext()
mp.dps = 75
Point = tuple[str, str, dict[str, Any]]


def points(count: int, seed: int = SEED) -> Iterator[Point]:
    """Questions: quantity, level and exact inputs."""
    draw = random.Random(seed)
    kinds = ["zeta0", "kappa", "m", "m", "F_0", "F_0", "lambda_min", "lambda_max", "K_norm", "gamma_critical", "P_inf"]
    kinds += ["F_pp", "F_ac", "K_pp", "F_pp.asymptotic", "kappa.continuum", "xi", "eta", "F", "K", "P"]
    for number in range(count):
        name, _, level = kinds[number % len(kinds)].partition(".")
        alpha = Fraction(draw.randint(5, 60), 20)
        beta = Fraction(1, 2) - alpha + Fraction(draw.randint(1, 60), 20)
        curve = name in ("F", "K", "P")  # which cost the independent road most
        d = draw.randint(1, 4 if curve else 12)
        v: int | str = d + draw.randint(1, (2 if curve else 4) * d)
        if 2 * alpha > Fraction(6, 5) and draw.random() < (0.1 if curve else 0.3):
            v = "inf"
        batch = draw.choice((1, 1, 2, 5, 32))
        r = draw.randint(0, 8)
        given: dict[str, Any] = {"alpha": str(alpha), "beta": str(beta), "d": d, "v": v, "batch": batch, "r": r}
        given["gamma"] = str(Fraction(draw.randint(1, 80), 100 * (batch + 1)))
        given["z"] = [str(Fraction(draw.randint(-300, 300), 100)), str(Fraction(draw.randint(-200, 200), 100))]
        if given["z"][1] == "0" and not given["z"][0].startswith("-"):  # on the spectrum, or beyond it
            given["z"][1] = "1/100"
        given["ratio"] = str(1 + Fraction(draw.randint(1, 400), 20))
        if name in ("F_pp", "F_ac", "K_pp"):
            given["r"] = draw.choice((0, 1, 7, 100, 10_000)) if not level else draw.choice((1, 50, 10_000))
            level = level or "continuum"
        elif name in ("xi", "eta"):
            level = "asymptotic"
        yield name, level or "equivalent", given


def question(point: Point) -> dict[str, Any]:
    """The request that the point stands for."""
    from scalesym.oracle import QUANTITIES

    name, level, given = point
    return {"quantity": name, "level": level, "in": {key: given[key] for key in QUANTITIES[name, level].inputs}}


def disagreement(point: Point) -> str | None:
    """``None`` if the enclosure contains the independent value, or both refuse; else what happened."""
    from scalesym import oracle
    from scalesym.errors import ParameterError

    request = question(point)
    try:
        found = oracle.answer(request, digits=DIGITS, certified=True)
    except ParameterError as error:
        found = {"refused": str(error)}
    expected = independent(point)
    if expected is None or "refused" in found:
        return None if expected is None and "refused" in found else f"{request}: {found}, independent {expected}"
    if isinstance(expected, Fraction):
        return None if Fraction(found["value"]) == expected else f"{request}: {found}, independent {expected}"
    values, radii = found["value"], found["radius"]
    pairs = zip(
        [values] if isinstance(values, str) else values, [radii] if isinstance(radii, str) else radii, strict=True
    )
    parts = (expected.real, expected.imag) if isinstance(values, list) else (expected,)
    for (value, radius), part in zip(pairs, parts, strict=True):
        slack = abs(part) * mp.mpf(10) ** -58  # that the independent value may err by
        if not abs(mp.mpf(value) - part) <= mp.mpf(radius) + slack:
            return f"{request}: {found}, independent {mp.nstr(expected, 40)}"
    return None


class Model:
    """The definitions, added up term by term; an infinite spectrum by Hurwitz zeta functions far out."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.p = 2 * _number(given["alpha"])
        self.q = self.p + 2 * _number(given["beta"])
        self.d, self.batch = mp.mpf(given["d"]), given["batch"]
        self.gamma = _number(given["gamma"])
        self.infinite = given["v"] == "inf"
        self.head = 40 if self.infinite else given["v"]
        self.lam = [mp.mpf(j) ** -self.p for j in range(1, self.head + 1)]
        self.weight = [mp.mpf(j) ** -self.q for j in range(1, self.head + 1)]
        self.tails: dict[tuple[bool, int], Any] = {}

    def total(self, zeta: Any, target: bool = False, power: int = 1) -> Any:
        """``Σ λ/(λ+ζ)^power``, or with the target's weights."""
        rows = self.weight if target else self.lam
        bulk = mp.fsum(w / (x + zeta) ** power for w, x in zip(rows, self.lam, strict=True))
        if not self.infinite:
            return bulk
        size = abs(zeta)
        start = self.head + 1
        while mp.mpf(start) ** -self.p > size / 20:
            x = mp.mpf(start) ** -self.p
            bulk += (mp.mpf(start) ** -(self.q if target else self.p)) / (x + zeta) ** power
            start += 1
        rest, k = mp.mpf(0), 0
        while True:
            if (target, k, start) not in self.tails:
                self.tails[target, k, start] = mp.zeta((self.q if target else self.p) + k * self.p, start)
            term = mp.binomial(-power, k) * self.tails[target, k, start] / zeta ** (k + power)
            rest += term
            if abs(term) < mp.eps * abs(rest):
                return bulk + rest
            k += 1

    def m(self, zeta: Any) -> Any:
        return 1 - self.total(zeta) / self.d

    def z(self, zeta: Any) -> Any:
        return -zeta * self.m(zeta)

    def slope(self, zeta: Any) -> Any:
        return -self.m(zeta) - zeta * self.total(zeta, power=2) / self.d

    def falling(self, function: Callable[[Any], Any], low: Any, high: Any) -> Any:
        """The root in ``log ζ`` of a function that is positive at ``low`` and negative at ``high``."""
        a, b = mp.log(low), mp.log(high)
        for _ in range(40):
            middle = (a + b) / 2
            a, b = (middle, b) if function(mp.exp(middle)) > 0 else (a, middle)
        return mp.exp(_secant(lambda t: function(mp.exp(t)), a, b))

    @property
    def zeta0(self) -> Any:
        low = self.d**-self.p / 1000 if self.infinite else mp.mpf(10) ** -30  # κ is below 1000
        return self.falling(lambda zeta: self.total(zeta) - self.d, low, mp.mpf(10) ** 6)

    @property
    def left(self) -> Any:
        """Where ``z`` is least on ``(−∞, −1)``."""
        return -1 - self.falling(lambda t: self.slope(-1 - t), mp.mpf(10) ** -20, mp.mpf(10) ** 6)

    def beyond(self, x: Any) -> Any:
        """``ζ < left`` with ``z(ζ) = x``."""
        edge = self.left
        return edge - self.falling(lambda t: x - self.z(edge - t), mp.mpf(10) ** -30, mp.mpf(10) ** 6)

    @property
    def norm(self) -> Any:
        """``‖K‖``, or ``None`` beyond the edge."""
        x = 2 / (self.gamma * (self.batch + 1))
        if x <= self.z(self.left):
            return None
        return -self.total(self.beyond(x)) / (self.batch + 1)

    def root(self, z: Any, steps: int = 30) -> Any:
        """``ζ(z)`` off the real axis: down from far above, where it is ``−z``, by Newton's method."""
        up = mp.mpc(0, 40) * mp.sign(mp.im(z))
        zeta = -(z + up)
        for n in range(steps, -1, -1):
            there = z + up * (mp.mpf(n) / steps) ** 4
            for _ in range(2 if n else 12):
                step = (self.z(zeta) - there) / self.slope(zeta)
                zeta -= step
        settled = abs(step) < mp.mpf(10) ** -60 * abs(zeta)
        return zeta if settled and mp.im(zeta) * mp.im(z) < 0 else self.root(z, 4 * steps)

    def curves(self, r: int) -> tuple[Any, Any, Any]:
        """``F(r), K(r), P(r)`` from Taylor coefficients of the generating functions on a small circle."""
        b, gamma = self.batch, self.gamma
        a, c, g = 2 * gamma * b, gamma**2 * b * (b + 1), gamma**2 * b
        count, radius = 64, mp.mpf(1) / 20
        sums = [mp.mpc(0)] * 3
        for k in range(count // 2):
            turn = mp.expjpi(mp.mpf(2 * k + 1) / count)
            w = radius * turn
            far = mp.sqrt(a * a - 4 * c * (1 - 1 / w))
            ends = [(a + far) / (2 * c), (a - far) / (2 * c)]
            zetas = [self._far(x) for x in ends]
            forcing = [self.total(zeta, True) / self.m(zeta) for zeta in zetas]
            weighted = [x * self.total(zeta) for x, zeta in zip(ends, zetas, strict=True)]
            first = -(forcing[0] - forcing[1]) / (w * far)
            kernel = -g * (weighted[0] - weighted[1]) / (w * far)
            for n, value in enumerate((first, kernel, first / (1 - w * kernel))):
                sums[n] += value * turn**-r
        return tuple(2 * mp.re(value) / count / radius**r for value in sums)  # type: ignore[return-value]

    def _far(self, x: Any) -> Any:
        zeta = -x
        for _ in range(60):
            step = (self.z(zeta) - x) / self.slope(zeta)
            zeta -= step
            if abs(step) < mp.mpf(10) ** -70 * abs(zeta):
                break
        return zeta if mp.im(zeta) * mp.im(x) < 0 else self.root(x)


def independent(point: Point) -> Any:
    """The value in plain mpmath, a fraction for exponents, ``None`` where there is none."""
    name, level, given = point
    if name in ("xi", "eta"):
        return exponents(Fraction(given["alpha"]), Fraction(given["beta"]), name)
    if level != "equivalent":
        return _piece(name, level, given)
    model = Model(given)
    if name in ("zeta0", "kappa", "F_0"):
        zeta = model.zeta0
        if name == "F_0":
            return zeta * model.total(zeta, True)
        return zeta if name == "zeta0" else 1 / (zeta * model.d**model.p)
    if name == "m":
        z = mp.mpc(*map(_number, given["z"]))
        if z.imag:
            return model.m(model.root(z))
        return (
            mp.mpc(model.m(model.falling(lambda t: model.z(t) - z.real, model.zeta0, mp.mpf(10) ** 8)))
            if z.real < 0
            else None
        )
    if name == "lambda_max":
        return model.z(model.left)
    if name == "lambda_min":
        return model.z(
            model.falling(model.slope, model.zeta0 * mp.mpf(10) ** (-3 if model.infinite else -9), model.zeta0)
        )
    if name == "gamma_critical":
        edge, b = model.left, model.batch
        excess = -1 - model.falling(lambda t: -model.total(-1 - t) - (b + 1), mp.mpf(10) ** -20, mp.mpf(10) ** 6)
        return 2 / ((b + 1) * model.z(min(edge, excess)))
    norm = model.norm
    if norm is None or (norm >= 1 and name != "K_norm"):
        return None
    if name == "K_norm":
        return norm
    if name == "P_inf":
        zeta = model.zeta0
        return zeta * model.total(zeta, True) / (1 - norm)
    return model.curves(given["r"])[("F", "K", "P").index(name)]


def _piece(name: str, level: str, given: dict[str, Any]) -> Any:
    alpha, beta, gamma = (_number(given[key]) for key in ("alpha", "beta", "gamma"))
    if name == "kappa":
        rho = _number(given["ratio"])

        def filled(t: Any) -> Any:
            y = mp.exp(t)
            return rho * mp.hyp2f1(1, 1 / (2 * alpha), 1 + 1 / (2 * alpha), -y * rho ** (2 * alpha)) - 1

        low, high = mp.mpf(-300), mp.mpf(300)
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if filled(middle) > 0 else (low, middle)
        return mp.exp(-_secant(filled, low, high))
    x = 2 * gamma * given["batch"] * given["r"]
    front = {"F_pp": 1, "K_pp": gamma**2 * given["batch"]}.get(name, 1) / (2 * alpha)
    low = mp.mpf(0)
    if name == "F_pp":
        a = 1 + (2 * beta - 1) / (2 * alpha)
    elif name == "K_pp":
        if 4 * alpha <= 1:
            return None
        a = 2 - 1 / (2 * alpha)
    else:
        a, low = 1 - 1 / (2 * alpha), mp.mpf(given["d"]) ** (-2 * alpha)
        if 2 * beta <= 1:
            return mp.mpf(0)
        front *= (
            mp.zeta(2 * beta)
            if given["v"] == "inf"
            else mp.fsum(mp.mpf(j) ** (-2 * beta) for j in range(1, given["v"] + 1))
        ) / given["d"]
    if level == "asymptotic":
        return front * mp.gamma(a) * x**-a
    if x == 0:
        return front * ((1 - low**a) / a if a else -mp.log(low))
    return front * mp.gammainc(a, low * x, x) / x**a


def exponents(alpha: Fraction, beta: Fraction, which: str) -> Fraction | None:
    """``ξ`` and ``η`` by trying every place where two pieces balance; ``None`` where a logarithm could matter.

    In units of ``log f``: with ``d = f^x`` the time ``γr`` is ``f^{1−x−x·max(0,1−2α)}``.
    """
    half = Fraction(1, 2)
    if half in (alpha, beta) or (alpha == Fraction(1, 4) and beta > half):
        return None
    rate = max(Fraction(0), 1 - 2 * alpha)
    time = (Fraction(1), -1 - rate)  # constant and slope in x

    def line(t: Fraction, size: Fraction) -> tuple[Fraction, Fraction]:
        return time[0] * t, time[1] * t + size

    lines = [
        line(-(1 + beta / alpha - 1 / (2 * alpha)), Fraction(0)),
        (Fraction(0), -2 * alpha + max(Fraction(0), 1 - 2 * beta)),
    ]
    if 2 * alpha > 1 and 2 * beta > 1:
        lines.append(line(-1 + 1 / (2 * alpha), Fraction(-1)))
    if 4 * alpha > 1:
        lines.append(line(-2 + 1 / (2 * alpha), -rate))
    best = None
    for i, (c, s) in enumerate(lines):
        for e, t in lines[:i]:
            if s != t and 0 < (x := (e - c) / (s - t)) < 1:
                height = max(a + b * x for a, b in lines)
                if best is None or height < best[0]:
                    best = height, x
    assert best is not None
    return best[1] if which == "xi" else -best[0]


def _secant(function: Callable[[Any], Any], a: Any, b: Any) -> Any:
    """The root that ``a`` and ``b`` are near to."""
    at, then = function(a), function(b)
    for _ in range(40):
        if then == at:
            break
        a, at, b = b, then, b - then * (b - a) / (then - at)
        then = function(b)
        if abs(b - a) < mp.mpf(10) ** -66 * (1 + abs(b)):
            break
    return b


def _number(text: object) -> Any:
    value = Fraction(str(text))
    return mp.mpf(value.numerator) / value.denominator


def main() -> int:
    from multiprocessing import get_context

    from scalesym.progress import progress_bar

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    every = list(points(chosen.points, chosen.seed))
    fork = get_context("fork")  # mpmath's contexts do not pickle
    answers: list[str | None] = []
    with progress_bar("asking") as progress, fork.Pool(chosen.workers) as pool, suppress(KeyboardInterrupt):
        for answer in pool.imap(disagreement, every, chunksize=20):  # what is finished counts
            answers.append(answer)
            progress(len(answers), len(every))
    bad = [answer for answer in answers if answer is not None]
    counts = Counter(f"{name}.{level}" for name, level, _ in every[: len(answers)])
    print(
        f"seed {chosen.seed}: {len(answers) - len(bad)} of {len(answers)} points agree;",
        ", ".join(f"{key} {number}" for key, number in sorted(counts.items())),
    )
    for line in bad[:50]:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
