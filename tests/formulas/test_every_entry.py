"""Every entry of the catalogue against the numeric road, at points that hug the lines where formulas change.

An entry is in one of three tables: :data:`EXACT` (its value is that of the numeric road, to 12 digits), :data:`LIMITS` (it
is approached along models that grow) or :data:`WITHOUT_VALUE`. An entry in none fails :func:`test_every_entry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from formulas.law_references import REFERENCES
from mpmath import MPContext
from phases.diagram import optimum

from scalesym import PLRF
from scalesym.errors import ParameterError
from scalesym.formulas import Formula, formula, formula_ids

Letters = dict[str, Any]
#: The value of the numeric road, and letters that it decides, such as ζ.
Known = tuple[Any, Letters]
CTX = MPContext()
CTX.dps = 40
HAIR = Fraction(1, 10**20)  # the numeric road does not take α + β = 1/2 itself
_FLAT = "292893218813452475599/1000000000000000000000"  # 1 - 1/√2

WITHOUT_VALUE = {
    "F_W": "the eigenvalues of one W",
    "K_W": "the eigenvalues of one W",
    "K_norm_W": "the eigenvalues of one W",
    "rho": "the eigenvalues of one W, and the losses before",
    "volterra": "an equation for the losses given one W",
    "m.fixed-point": "an equation for m",
}


def _mpf(x: Any) -> Any:
    return CTX.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else CTX.mpf(x)


@lru_cache(maxsize=64)
def _plrf(*arguments: Any) -> PLRF:
    return PLRF(*arguments)


def _model(at: Letters) -> PLRF:
    return _plrf(at["alpha"], at["beta"], at["d"], at.get("v", "inf"), at.get("gamma", "half-critical"), int(at["B"]))


def _value(entry: Formula, at: Letters, digits: int) -> Any:
    """The entry at those letters that it uses; what has a definition is computed, unless the numeric road gave it."""
    given = {name: x for name, x in at.items() if name in _GIVEN and name in entry.variables}
    return entry.evaluate(digits=digits, **given, **{name: at[name] for name in entry._lacking(given)})


_GIVEN = ("norm_K", "c_beta")  # by the numeric road; what a letter stands for is compared too, where it is left out


# -- entries that are exact --------------------------------------------------------------------------------------------

_NAMES = ("alpha", "beta", "d", "v", "gamma", "B")
#: near α = 1/4 and α + β = 1/2, on 2α = 1 and 2β = 1 and next to them, negative β, large batches, real d and v
_POOL = (
    ("1", "7/10", "20", "60", "3/10", 1),
    ("13/50", "4/5", "12", "50", "1/100", 3),
    ("6/25", "14/25", "12", "40", "1/100", 2),
    ("1/2", "1/50", "31", "60", "1/200", 64),
    ("13/25", "12/25", "9", "30", "1/20", 1),
    ("1", "-12/25", "6", "13", "1/5", 2),
    ("2", "3", "5", "40", "1/70", 64),
)
#: the same with few modes, for loops
_FEW = (
    ("1", "-12/25", "3", "6", "1/7", 1),
    ("13/50", "4/5", "4", "7", "1/100", 3),
    ("1/2", "1/50", "3", "4", "1/300", 64),
)
_REAL = (("3/4", "1/5", "33/2", "101/2", "1/20", 3),)
_COMMON = tuple(_POOL[k] for k in (0, 1, 3, 5))


def _points(pool: Sequence[tuple[Any, ...]], **others: Any) -> list[Letters]:
    return [{**dict(zip(_NAMES, point, strict=True)), **others} for point in pool]


def _power(steps: int, quantity: str) -> Callable[[Letters], Known]:
    return lambda at: (getattr(_model(at), quantity)(steps, digits=25), {})


def _generated(quantity: str) -> Callable[[Letters], Known]:
    """The series in ``w``: eight terms at 1/200, which leave less than 1e-17, or four thousand at 99/100."""

    def known(at: Letters) -> Known:
        w, steps = Fraction(at["w"]), 8 if Fraction(at["w"]) < Fraction(1, 2) else 4000
        curve = getattr(_model(at), quantity)(range(steps), digits=None if steps > 8 else 25)
        return sum(_mpf(w) ** r * _mpf(term) for r, term in enumerate(curve)), {}

    return known


def _resolved(pick: Callable[[Any, Any, Letters], Any]) -> Callable[[Letters], Known]:
    """Fields of the resolvent at ``z``, and the ``ζ`` it has there."""

    def known(at: Letters) -> Known:
        found = _model(at).resolvent(Fraction(at["z"]), digits=30)
        return pick(found, _mpf(Fraction(at["z"])), at), {"zeta": str(found.zeta.real)}

    return known


def _pieces(name: str, kind: str) -> Callable[[Letters], Known]:
    """Of the numeric road, which computes incomplete gamma functions by Arb; the remainder is their difference."""

    def known(at: Letters) -> Known:
        model, levels = _model(at), {"asymptotic": ("asymptotic",), "remainder": ("continuum", "asymptotic")}
        found = [
            _mpf(getattr(model.pieces(at["r"], level=level, digits=40), name))  # type: ignore[arg-type]
            for level in levels.get(kind, ("continuum",))
        ]
        return found[0] - sum(found[1:]), {}

    return known


def _moment(order: int) -> Callable[[Letters], Known]:
    """A target in one mode is damped by ``∫q dμ_j = 1 - 2γB m_1 + γ²B(B+1) m_2`` in a step; two rates give both moments."""

    def known(at: Letters) -> Known:
        alpha, size, mode = int(at["alpha"]), int(at["v"]), int(at["j"])
        spectrum, target = [Fraction(1, k ** (2 * alpha)) for k in range(1, size + 1)], [0] * size
        target[mode - 1] = 1
        rates, damped = (CTX.mpf(1) / 8, CTX.mpf(1) / 16), []
        for rate in (Fraction(1, 8), Fraction(1, 16)):
            start, end = PLRF.from_spectrum(spectrum, target, at["d"], rate, 2).forcing([0, 1], digits=30)
            damped.append(1 - _mpf(end) / _mpf(start))  # = 4γ m_1 - 6γ² m_2
        second = (damped[0] / rates[0] - damped[1] / rates[1]) / (6 * (rates[1] - rates[0]))
        first = damped[0] / (4 * rates[0]) + 6 * rates[0] * second / 4
        return (first, second)[order - 1], {}

    return known


def _one_step(at: Letters) -> Any:
    """``E[(φ - γxΣ_k g_kδ_k)²]`` by Gauss–Hermite quadrature, exact for these polynomials."""
    B, gamma, x = int(at["B"]), *(float(Fraction(at[name])) for name in ("gamma", "x"))
    phi, loss = (float(Fraction(at.get(name, default))) for name, default in (("phi", "1"), ("P", "5/4")))
    nodes, weights = np.polynomial.hermite_e.hermegauss(6)
    g, other = np.meshgrid(nodes, nodes)
    product = g * (phi * g + (loss - phi**2) ** 0.5 * other)  # δ has variance P and covariance φ with g
    share = np.outer(weights, weights) / weights.sum() ** 2
    first, second = float((share * product).sum()), float((share * product**2).sum())
    whole = phi**2 - 2 * gamma * x * phi * B * first + (gamma * x) ** 2 * (B * second + B * (B - 1) * first**2)
    return whole, (whole - gamma**2 * B * x**2 * loss) / phi**2


_STEPS = [
    dict(B=b, gamma=g, x=x, phi=p, P=q) for b, g, x, p, q in ((1, "1/3", "1/2", "1", "1"), (3, "1/7", "9/4", "-2", "7"))
]
_BINDING = {  # few parameters for the batch, or many
    "gamma.norm": _points(
        (_POOL[0], ("13/50", "4/5", "20", "60", "1/100", 3), ("1/2", "1/50", "50", "70", "1/100", 4))
    ),
    "gamma.pointwise": _points((_POOL[3], _POOL[5], _POOL[6])),
}
_PIECES = {
    "F_pp": (
        dict(alpha="3/4", beta="-23/100", gamma="1/5", B=2, r=30),
        dict(alpha="13/50", beta="13/50", gamma="1/100", B=64, r=30),
        dict(alpha="1/2", beta="1/2", gamma="1/50", B=3, r=40),
        dict(alpha=3, beta=3, gamma="1/5", B=2, r=30),
    ),
    "K_pp": (
        dict(alpha="13/50", beta=1, gamma="1/100", B=64, r=30),
        dict(alpha="1/2", beta=1, gamma="1/50", B=3, r=40),
        dict(alpha="49/100", beta=1, gamma="1/50", B=3, r=40),
        dict(alpha=3, beta=1, gamma="1/5", B=2, r=30),
    ),
    "F_ac": (
        dict(alpha="51/100", beta="13/25", gamma="1/50", B=2, r=70),
        dict(alpha="49/100", beta="27/50", gamma="1/50", B=2, r=70),
        dict(alpha="1/2", beta=1, gamma="1/50", B=2, r=70),
        dict(alpha="6/25", beta=1, gamma="1/100", B=1, r=400),
        dict(alpha=1, beta="13/25", gamma="1/5", B=1, r=80),
    ),
}


def _leading(name: str, alpha: Fraction) -> bool:
    """Whether the numeric road gives the piece a leading term there: off the line, and for ``F_ac`` above it."""
    return alpha > Fraction(1, 2) if name == "F_ac" else alpha != Fraction(1, 2)


def _weight_density(of: str) -> Callable[[Letters], Known]:
    """The derivative, in ``u``, of the weights of all ``j`` with ``j^{-2α} > u``, by quadrature and differences."""

    def known(at: Letters) -> Known:
        a, u = (_mpf(Fraction(at[name])) for name in ("alpha", "u"))
        power = -2 * a - 2 * _mpf(Fraction(at["beta"])) if of == "forcing" else -4 * a
        scale = 1 if of == "forcing" else _mpf(Fraction(at["gamma"])) ** 2 * int(at["B"])
        return -scale * CTX.diff(lambda x: CTX.quad(lambda j: j**power, [1, x ** (-1 / (2 * a))]), u), {}

    return known


#: Next to the lines and far from them.
_IN_PHASES = {
    "Ia": (("1", "1/3"), ("51/100", "1/50"), ("2", "-7/5"), ("9/10", "49/100")),
    "Ib": (("2/5", "3/10"), ("1/4", "1/3"), ("1/100", "499/1000"), ("49/100", "1/50")),
    "Ic": (("1/5", "1"), ("6/25", "51/100"), ("1/100", "7"), ("249/1000", "2")),
    "II": (("1", "7/10"), ("51/100", "101/200"), ("3", "299/100"), ("7", "3/5")),
    "III": (("1", "2"), ("51/100", "52/100"), ("3", "301/100"), ("3/5", "9")),
    "IVa": (("2/5", "4/5"), ("293/1000", "51/100"), ("49/100", "6"), ("3/10", "9")),
    "IVb": (("7/25", "4/5"), ("292/1000", "51/100"), ("251/1000", "6"), ("27/100", "9")),
}

Exact = tuple[Sequence[Letters], Callable[[Letters], Known]]
EXACT: dict[str, Exact] = {
    **{
        f"density.{name}": (
            [
                dict(alpha=a, beta=b, gamma="1/5", B=2, u="1/70")
                for a, b in (("1", "7/10"), ("13/50", "1/4"), ("3/4", "-6/25"))
            ],
            _weight_density(of),
        )
        for name, of in (("pp", "forcing"), ("kernel", "kernel"))
    },
    "F": (_points(_FEW, r=2), _power(2, "forcing")),
    "K": (_points(_FEW, r=1), _power(1, "kernel")),
    "F.initial": (_points(_POOL + _REAL), _power(0, "forcing")),
    "K.initial": (_points(_POOL + _REAL), _power(0, "kernel")),
    "K_norm": (_points(_POOL + _REAL), lambda at: (_model(at).kernel_norm(digits=25), {})),
    "F_0.exact": (_points(_POOL + _REAL), lambda at: (_model(at).forcing_limit(digits=25), {})),
    "P.limit": (_points(_POOL + _REAL), lambda at: (_model(at).loss_limit(digits=25), {})),
    "edge.exact": (_points(_POOL), lambda at: (_model(at).spectral_edge(digits=25), {})),
    "edge.right": (_points(_POOL), lambda at: (_model(at).spectral_edge("right", digits=25), {})),
    **{
        id: (_points(_COMMON[:3], w="1/200") + _points(_POOL[:1], w="99/100"), _generated(quantity))
        for id, quantity in (("F_hat", "forcing"), ("K_hat", "kernel"), ("P_hat", "loss"))
    },
    **{
        id: (_points(_COMMON, z="-7/10") + _points(_COMMON, z="-1/500"), _resolved(pick))
        for id, pick in {
            "m": lambda found, z, at: found.m.real,
            "z": lambda found, z, at: z,
            "S": lambda found, z, at: found.target.real,
            "resolvent.trace": lambda found, z, at: found.trace.real * z,
        }.items()
    },
    **{id: (points, lambda at: (_model(at).critical_gamma(digits=25), {})) for id, points in _BINDING.items()},
    **{
        f"moment.{name}": (
            [dict(alpha=1, d=3, v=6, j=1), dict(alpha=1, d="7/2", v=7, j=2), dict(alpha=2, d=2, v=5, j=5)],
            _moment(order),
        )
        for order, name in ((1, "first"), (2, "second"))
    },
    "second_moment": (_STEPS, lambda at: (_one_step(at)[0], {})),
    "q": ([{name: step[name] for name in ("B", "gamma", "x")} for step in _STEPS], lambda at: (_one_step(at)[1], {})),
    "q.least": (
        [dict(B=1), dict(B=7)],
        lambda at: (_one_step({**at, "gamma": "1/5", "x": Fraction(5, at["B"] + 1)})[1], {}),
    ),
    **{
        name + kind: (
            [
                {**at, "d": 100, "v": 400, **({} if name != "F_ac" else {"c_beta": None})}
                for at in points
                if kind not in (".asymptotic", ".remainder") or _leading(name, Fraction(at["alpha"]))
            ],
            _pieces(name, kind[1:]),
        )
        for name, points in _PIECES.items()
        for kind in ("", ".integral", ".closed", ".asymptotic", ".remainder")
    },
    "kappa": (_points(_POOL), lambda at: (_model(at).kappa("continuum", digits=25), {})),
    **{
        f"{letter}.{name}": (
            [dict(alpha=a, beta=b) for a, b in points],
            lambda at, place=place: (_mpf(optimum(Fraction(at["alpha"]), Fraction(at["beta"]))[place]), {}),
        )
        for name, points in _IN_PHASES.items()
        for place, letter in enumerate(("eta", "xi"))
    },
    "kappa.line": ([dict(alpha="1/2", d=10, v=v) for v in (11, 40, 10**6)], lambda at: (1, {})),
    **REFERENCES,
}


def _equal(entry: Formula, points: Sequence[Letters], known: Callable[[Letters], Known]) -> bool:
    """Whether the entry has the known value at every point, to 12 digits."""
    assert points
    for at in points:
        given = {name: x for name, x in at.items() if x is not None}
        value, others = known(given)
        if not abs(_mpf(_value(entry, {**given, **others}, 18)) / _mpf(value) - 1) < 1e-12:
            return False
    return True


# -- entries that are approached ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """Models that grow, ``τ = 2γBr = factor·d^reach`` and ``p = -z = 1/τ``; ``γ`` falls as ``d^{2α-1}`` where ``2α < 1``."""

    alpha: str
    beta: str
    rate: str
    B: int
    ratio: str
    time: str
    bound: float
    sizes: tuple[int, ...]
    below: bool = False

    def at(self, size: int) -> Letters:
        a, rate = Fraction(self.alpha), Fraction(self.rate)
        factor, _, reach = self.time.rpartition("*")
        tau = float(Fraction(factor or 1)) * float(size) ** float(Fraction(reach))
        gamma = Fraction(float(rate) * float(size) ** min(0.0, float(2 * a - 1)))
        steps = max(1, round(tau / float(2 * gamma * self.B)))
        beta = Fraction(self.beta) if self.beta != "energy" else Fraction(1, 2) - a + HAIR
        at = {"alpha": a, "beta": beta, "d": Fraction(size), "gamma": gamma}
        finite = {} if self.ratio == "inf" else {"v": Fraction(self.ratio) * size}
        z = -Fraction(1 / tau)
        return {**at, "B": Fraction(self.B), **finite, "r": steps, "z": z, "g": rate}


def _paths(sizes: str, text: str) -> list[Path]:
    """One path a line: α, β, γ (or ``g``), B, v/d, time, the bound of what is left at the last size, and ``below``."""
    whole = tuple(int(float(size)) for size in sizes.split())
    found = []
    for row in text.strip().splitlines():
        a, b, g, n, ratio, time, bound, *below = row.split()
        found.append(Path(_FLAT if a == "flat" else a, b, g, int(n), ratio, time, float(bound), whole, bool(below)))
    return found


def _curve(quantity: str) -> Callable[[Letters], Known]:
    def known(at: Letters) -> Known:
        model = _model(at)
        return getattr(model, quantity)(at["r"]), {"norm_K": Fraction(model.kernel_norm())}

    return known


def _constant(pick: Callable[[PLRF, Any], Any]) -> Callable[[Letters], Known]:
    """A constant, with ``d^{2α}`` at hand."""
    return lambda at: (pick(_model(at), _mpf(at["d"]) ** (2 * _mpf(at["alpha"]))), {})


def _sums(pick: str) -> Callable[[Letters], Known]:
    """``D_1 = d(1 - m)`` or ``J = Sm`` at ``z``, and the ``ζ`` there."""

    def known(at: Letters) -> Known:
        found = _model(at).resolvent(at["z"])
        zeta = found.zeta.real
        value = at["d"] * (1 - Fraction(found.m.real)) if pick == "D_1" else found.target.real * found.m.real
        return value, {"zeta": Fraction(zeta), "zeta_tilde": str(_mpf(at["d"]) ** (2 * _mpf(at["alpha"])) * zeta)}

    return known


def _trace(at: Letters) -> Known:
    a, v = _mpf(at["alpha"]), _mpf(at["v"])
    return (CTX.harmonic(v) if 2 * a == 1 else CTX.zeta(2 * a) - CTX.zeta(2 * a, v + 1)), {}


def _density(at: Letters) -> Known:
    """The target's density at ``u = p``, less that of the first modes alone."""
    a, b, u = float(at["alpha"]), float(at["beta"]), -float(at["z"])
    whole = _model(at).spectral_density(u, weight="target")
    return whole - u ** ((2 * b - 1) / (2 * a)) / (2 * a), {"u": Fraction(u)}


def _beside(part: str) -> Callable[[Letters], Known]:
    """``m`` at ``u + i0``, ``u = p``: a hair above the axis."""

    def known(at: Letters) -> Known:
        u = -float(at["z"])
        found = complex(_model(at).resolvent(complex(u, 1e-9 * u)).m)
        return getattr(found, part), {"u": Fraction(u)}

    return known


def _wide(at: Letters) -> Known:
    """``κ`` at ``ρ`` the size, which is given as ``v = ρd``."""
    sizes = {"d": Fraction(10), "v": 10 * at["d"]}
    return _model({**at, **sizes}).kappa("continuum", digits=20), sizes


def _flat(at: Letters) -> Known:
    """``f = rBd``; ``c_β`` is the numeric road's, of all modes."""
    model = _model(at)
    return model.loss(at["r"]), {"f": at["r"] * at["B"] * at["d"], "c_beta": str(CTX.zeta(2 * _mpf(at["beta"])))}


def _share(entry: Formula, at: Letters, whole: Any) -> float:
    """The smallest part of the value that one term of the formula makes: a lost or doubled one must be seen."""
    tree = entry.to_dict()["expression"]
    factors = tree[1:] if isinstance(tree, list) and tree[0] == "Mul" else [tree]
    sums = [k for k, part in enumerate(factors) if isinstance(part, list) and part[0] == "Add"]
    if not sums:
        return 1.0
    terms = [
        ["Mul", *factors[: sums[0]], term, *factors[sums[0] + 1 :]] if len(factors) > 1 else term
        for term in factors[sums[0]][1:]
    ]
    parts = [_value(Formula.from_dict({**entry.to_dict(), "expression": term}), at, 15) for term in terms]
    return min(float(abs(_mpf(part) / _mpf(whole))) for part in parts)


#: Where a term lies below what the formula leaves out, next to a line where two orders meet or beyond it, the row ends in
#: ``below``: there the leading terms alone are confirmed.
LIMITS: dict[str, tuple[Callable[[Letters], Known], list[Path]]] = {
    "kappa.wide": (
        _wide,
        _paths(
            "1e2 1e6",
            """
        1 1 1/5 1 inf 1 1e-9
        3/4 1 1/5 1 inf 1 1e-5
        2 1 1/5 1 inf 1 1e-9
    """,
        ),
    ),
    "F.early": (
        _curve("forcing"),
        _paths(
            "1e4 1e12",
            """
        1 7/10 1/5 1 inf 10/7 5e-04
        13/25 7/10 1/40 1 inf 18/25 5e-04
        51/100 4/5 1/40 2 inf 16/25 1e-05
        2 3 1/10 3 inf 2/3 2e-08
    """,
        ),
    ),
    "F.early.slow-target": (
        _curve("forcing"),
        _paths(
            "1e4 1e12",
            """
        1 3/10 1/5 1 inf 6/5 2e-07
        1 12/25 1/5 1 inf 1 5e-05 below
        13/25 1/25 1/20 1 inf 4/5 2e-04
        3/2 -19/20 1/10 2 inf 3/2 1e-09
    """,
        ),
    ),
    "F.early.slow-spectrum": (
        _curve("forcing"),
        _paths(
            "1e8 1e28",
            """
        2/5 4/5 1/20 1 4 2/5 1e-09
        12/25 27/50 1/20 1 4 4/5 1e-02
        7/20 7/10 1/20 1 4 2/5 1e-07
        13/50 4/5 1/20 2 4 1/5 2e-08 below
        1/5 4/5 1/20 2 4 1/5 1e-05 below
    """,
        ),
    ),
    "F.early.target-line": (
        _curve("forcing"),
        _paths(
            "1e4 1e12",
            """
        1 1/2 1/5 1 inf 6/5 5e-08
        13/25 1/2 1/20 1 inf 16/25 2e-07
        2 1/2 1/10 3 inf 2 1e-09
    """,
        ),
    ),
    "F.early.high-line": (
        _curve("forcing"),
        _paths(
            "1e6 1e24",
            """
        1/2 7/10 1/50 1 4 5/7 5e-08
        1/2 27/50 1/50 1 10 4/5 5e-03
        1/2 3 1/50 3 4 1/5 2e-06
    """,
        ),
    ),
    "F.early.energy-line": (
        _curve("forcing"),
        _paths(
            "1e3 1e9",
            """
        1 energy 1/10 1 4 1 5e-06
        3/4 energy 1/10 2 10 1/2 1e-07
    """,
        ),
    ),
    "K.early": (
        _curve("kernel"),
        _paths(
            "1e4 1e12",
            """
        1 1 1/5 1 inf 1 1e-09
        13/25 1 1/50 2 inf 1/2 1e-03
        3 1 1/10 1 inf 2 1e-08
    """,
        ),
    ),
    "K.early.high-line": (
        _curve("kernel"),
        _paths(
            "1e6 1e24",
            """
        1/2 1 1/50 1 4 1/2 2e-09
        1/2 1 1/50 5 10 1/4 2e-07
    """,
        ),
    ),
    "K.early.slow-spectrum": (
        _curve("kernel"),
        _paths(
            "1e10 1e28",
            """
        12/25 1 1/20 1 4 1/3 1e-09
        2/5 1 1/20 2 4 1/4 1e-09
        3/10 1 1/20 1 4 1/8 5e-04
        27/100 1 1/20 1 4 1/20 1e-02
        13/50 1 1/20 1 4 1/20 1e-01
    """,
        ),
    ),
    "K.early.low-line": (
        _curve("kernel"),
        _paths(
            "1e8 1e28",
            """
        1/4 1 1/20 1 4 1/5 1e-07
        1/4 1 1/20 3 10 1/8 1e-09
    """,
        ),
    ),
    "D_1.early": (
        _sums("D_1"),
        _paths(
            "1e2 1e6",
            """
        1 1 1/5 1 inf 9/5 5e-06
        13/25 1 1/50 1 inf 9/10 2e-06
        3 1 1/5 1 inf 5 1e-05
    """,
        ),
    ),
    "D_1.early.slow": (
        _sums("D_1"),
        _paths(
            "1e4 1e16",
            """
        12/25 1 1/50 1 4 4/5 5e-04
        7/20 1 1/50 1 4 1/2 5e-04
        13/50 1 1/50 1 4 1/5 1e-04 below
        6/25 1 1/50 1 4 1/5 5e-04 below
    """,
        ),
    ),
    "D_1.early.line": (
        _sums("D_1"),
        _paths(
            "1e4 1e16",
            """
        1/2 1 1/50 1 4 1/2 5e-09
        1/2 1 1/50 1 100 4/5 2e-06
    """,
        ),
    ),
    "J.early": (
        _sums("J"),
        _paths(
            "1e2 1e6",
            """
        1 -12/25 1/5 1 inf 1/2 1e-09
        1 13/25 1/5 1 inf 1 5e-08
        13/25 12/25 1/50 1 inf 1/2 2e-04
        13/25 0 1/50 1 inf 1/2 1e-08
        2 3/2 1/5 1 inf 1/2 2e-04
    """,
        )
        + _paths(
            "1e6 1e16",
            """
        2/5 3/5 1/20 1 1000000 3/10 1e-05
    """,
        ),
    ),
    "J.early.line": (
        _sums("J"),
        _paths(
            "1e2 1e6",
            """
        1 1/2 1/5 1 inf 3/2 1e-09
        13/25 1/2 1/50 1 inf 1/2 2e-04
    """,
        ),
    ),
    "D_1.gap": (
        _sums("D_1"),
        _paths(
            "1e2 1e5",
            """
        1 1 1/5 1 4 2 2e-05
        13/25 1 1/50 1 2 1/10*26/25 5e-05
        1/2 1 1/50 1 6/5 3*1 1e-05
        6/25 1 1/50 1 10 12/25 2e-05
    """,
        ),
    ),
    "D_1.gap.next": (
        _sums("D_1"),
        _paths(
            "1e2 1e5",
            """
        1 1 1/5 1 4 2 1e-09
        13/25 1 1/50 1 2 1/10*26/25 1e-09
        1/2 1 1/50 1 6/5 3*1 1e-09
        6/25 1 1/50 1 10 12/25 2e-07
    """,
        ),
    ),
    "J.gap": (
        _sums("J"),
        _paths(
            "1e4 1e16",
            """
        1 -12/25 1/5 1 4 2 1e-09
        1 1/5 1/5 1 2 1/10*2 1e-09
        6/25 7/25 1/50 1 10 12/25 5e-07
    """,
        ),
    ),
    "J.gap.next": (
        _sums("J"),
        _paths(
            "1e2 1e4",
            """
        1 -12/25 1/5 1 4 2 1e-09
        1 12/25 1/5 1 2 1/10*2 5e-09
        1 13/25 1/5 1 2 1/10*2 5e-09
        13/25 9/10 1/50 1 2 26/25 1e-03 below
        6/25 7/25 1/50 1 10 12/25 2e-03 below
    """,
        ),
    ),
    "kappa.infinite": (
        _constant(lambda model, scale: model.kappa()),
        _paths(
            "1e2 1e4",
            """
        1 1 1/5 1 inf 1 2e-04
        13/25 1 1/50 1 inf 1 2e-04
        3 1 1/5 1 inf 1 1e-03
    """,
        ),
    ),
    "zeta_0.asymptotic": (
        _constant(lambda model, scale: model.zeta0()),
        _paths(
            "1e2 1e4",
            """
        1 1 1/5 1 4 1 5e-04
        1/2 1 1/50 1 11/10 1 2e-04
        6/25 1 1/50 1 10 1 2e-04
    """,
        ),
    ),
    "zeta_0.next": (
        _constant(lambda model, scale: model.zeta0()),
        _paths(
            "1e2 1e4",
            """
        1 1 1/5 1 4 1 2e-08
        1/2 1 1/50 1 11/10 1 2e-08
        6/25 1 1/50 1 10 1 5e-06
    """,
        ),
    ),
    "F_0.asymptotic": (
        _constant(lambda model, scale: model.forcing_limit()),
        _paths(
            "1e6 1e18",
            """
        1 7/10 1/5 1 4 1 1e-07
        6/25 7/10 1/50 1 4 1 2e-06
        2 3 1/50 1 11/10 1 1e-09
        1/2 3/4 1/50 1 100 1 1e-08
    """,
        ),
    ),
    "F_0.asymptotic.slow": (
        _constant(lambda model, scale: model.forcing_limit()),
        _paths(
            "1e6 1e18",
            """
        1 1/5 1/5 1 4 1 1e-09
        1 -12/25 1/5 1 4 1 1e-09
        6/25 7/25 1/50 1 11/10 1 2e-08
        1/2 1/50 1/50 1 11/10 1 1e-09
    """,
        ),
    ),
    "F_0.energy-line": (
        _constant(lambda model, scale: model.forcing_limit()),
        _paths(
            "1e2 1e6",
            """
        1 energy 1/5 1 4 1 5e-07
        6/25 energy 1/50 1 4 1 5e-03
        1/2 energy 1/50 1 11/10 1 2e-06
    """,
        ),
    ),
    "F_0.infinite": (
        _constant(lambda model, scale: model.forcing_limit()),
        _paths(
            "1e6 1e18",
            """
        1 1/5 1/5 1 inf 1 1e-09
        1 -12/25 1/5 1 inf 1 1e-09
        13/25 1/5 1/50 1 inf 1 1e-09
    """,
        ),
    ),
    "F_0.line": (
        _constant(lambda model, scale: model.forcing_limit()),
        _paths(
            "1e2 1e6",
            """
        1 1/2 1/5 1 4 1 5e-06
        6/25 1/2 1/50 1 11/10 1 5e-05
        1/2 1/2 1/50 1 100 1 1e-06
    """,
        ),
    ),
    "F_0.next": (
        _constant(lambda model, scale: model.forcing_limit()),
        _paths(
            "1e4 1e7",
            """
        1 12/25 1/5 1 4 1 5e-07
        1 13/25 1/5 1 4 1 5e-07
        6/25 13/25 1/50 1 11/10 1 2e-05
        6/25 7/25 1/50 1 11/10 1 1e-07
        1/2 9/10 1/50 1 100 1 5e-06
        1 -12/25 1/5 1 4 1 1e-07 below
        1 6/5 1/5 1 4 1 5e-07 below
    """,
        ),
    ),
    "edge.infinite": (
        _constant(lambda model, scale: model.spectral_edge() * scale),
        _paths(
            "1e2 1e6",
            """
        1 1 1/5 1 inf 1 1e-06
        13/25 1 1/50 1 inf 1 5e-08
    """,
        ),
    ),
    "edge.window": (
        _constant(lambda model, scale: model.spectral_edge() * scale),
        _paths(
            "1e2 1e6",
            """
        7/10 1 1/5 1 11/10 1 5e-06
        1/2 1 1/50 1 4 1 1e-06
        6/25 1 1/50 1 100 1 2e-07
        2 1 1/50 1 4 1 5e-06
    """,
        ),
    ),
    "trace.fast": (
        _trace,
        _paths(
            "1e4 1e12",
            """
        3/4 1 1/50 1 1 1 2e-06
        2 1 1/50 1 1 1 1e-09
    """,
        ),
    ),
    "trace.line": (
        _trace,
        _paths(
            "1e2 1e6",
            """
        1/2 1 1/50 1 1 1 1e-07
    """,
        ),
    ),
    "trace.slow": (
        _trace,
        _paths(
            "1e4 1e20",
            """
        6/25 1 1/50 1 1 1 1e-09
        2/5 1 1/50 1 1 1 2e-04
    """,
        ),
    ),
    "gamma.norm.wide": (
        _constant(lambda model, scale: model.critical_gamma()),
        _paths(
            "1e2 1e6",
            """
        1 1 1/5 2 inf 1 1e-05
    """,
        ),
    ),
    "gamma.trace": (
        _constant(lambda model, scale: model.critical_gamma()),
        _paths(
            "1e4 1e8",
            """
        6/25 1 1/50 3 4 1 2e-07
        1/5 1 1/50 3 10 1 1e-07
        2/5 1 1/50 1 10 1 1e-04
    """,
        ),
    ),
    "gamma.trace.slow": (
        _constant(lambda model, scale: model.critical_gamma()),
        _paths(
            "1e4 1e16",
            """
        6/25 1 1/50 3 4 1 5e-09
        1/5 1 1/50 3 10 1 1e-09
        2/5 1 1/50 1 10 1 1e-03
    """,
        ),
    ),
    "K_norm.wide": (
        _constant(lambda model, scale: model.kernel_norm()),
        _paths(
            "1e2 1e6",
            """
        1 1 2/5 2 inf 1 1e-05
        3 1 1/4 4 inf 1 1e-05
    """,
        ),
    ),
    "K_norm.small": (
        _constant(lambda model, scale: model.kernel_norm()),
        _paths(
            "1e4 1e8",
            """
        6/25 1 1/3 3 4 1 2e-07
        2/5 1 1/6 1 10 1 1e-04
    """,
        ),
    ),
    "m.zero": (
        lambda at: (_model(at).resolvent(at["z"]).m.real, {}),
        _paths(
            "1e4 1e8",
            """
        1 1 1/5 1 4 5/2 1e-03
        2/5 1 1/5 1 10 13/10 1e-02
        1/2 1 1/5 1 3/2 3/2 1e-03
    """,
        ),
    ),
    **{
        f"m.{name}": (
            _beside(part),
            _paths(
                "1e4 1e8",
                """
        4/5 1 1/5 1 inf 6/5 2e-02
        2 1 1/5 1 inf 3 1e-02
    """,
            ),
        )
        for name, part in (("real", "real"), ("imaginary", "imag"))
    },
    "density.ac": (
        _density,
        _paths(
            "1e4 1e8",
            """
        1 1 1/5 1 inf 3/2 1e-04
        3/4 6/5 1/10 1 inf 1 5e-03
        2 3/2 1/5 1 inf 3 5e-02
    """,
        ),
    ),
    "F.window.late": (
        _curve("forcing"),
        _paths(
            "1e6 1e18",
            """
        1 7/10 1/5 1 4 30*2 5e-08
        6/25 4/5 1/20 2 11/10 3000*12/25 5e-07
        1/2 3/2 1/50 1 100 30*1 1e-09
    """,
        ),
    ),
    "F.window.slow-target.late": (
        _curve("forcing"),
        _paths(
            "1e6 1e18",
            """
        1 1/5 1/5 1 4 30*2 1e-07
        1 -12/25 1/5 1 4 30*2 1e-07
        6/25 7/25 1/20 2 11/10 3000*12/25 5e-07
    """,
        ),
    ),
    "F.window.early": (
        _curve("forcing"),
        _paths(
            "1e8 1e20",
            """
        4/5 6/5 1/5 1 4 6/5 5e-05
        1 6/5 1/5 1 4 17/10 5e-03 below
        13/25 2 1/50 1 100 9/10 5e-03
        2/5 6/5 1/20 1 4 7/10 2e-02
    """,
        ),
    ),
    "F.window.slow-target.early": (
        _curve("forcing"),
        _paths(
            "1e8 1e20",
            """
        1 1/5 1/5 1 4 17/10 1e-02
        1 -1/10 1/5 1 4 17/10 1e-03
        2/5 2/5 1/20 1 4 1/2 1e-05
    """,
        ),
    ),
    "P.sharp": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        1 7/10 1/5 1 100 4/5 1e-05
        1 1 1/5 2 100 1 2e-06
        1 6/5 1/5 1 100 3/5 2e-05
        3/5 1 1/20 1 100 3/5 5e-02 below
    """,
        ),
    ),
    "P.sharp.slow-target": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        1 3/10 1/5 1 100 9/10 2e-08
        3/2 1/5 1/10 2 100 1 1e-09
        1 -1/10 1/5 1 100 9/10 5e-07 below
    """,
        ),
    ),
    "P.sharp.slow-spectrum": (
        _curve("loss"),
        _paths(
            "1e8 1e28",
            """
        2/5 4/5 1/20 1 4 1/4 1e-04
        7/20 7/10 1/20 1 4 1/4 1e-06
    """,
        ),
    ),
    "P.plateau": (
        _curve("loss"),
        _paths(
            "1e8 1e20",
            """
        1/5 4/5 1/20 1 4 4/25 5e-04
        6/25 4/5 1/20 1 4 1/5 5e-02 below
    """,
        ),
    ),
    "P.plateau.line": (
        _curve("loss"),
        _paths(
            "1e8 1e20",
            """
        1/4 7/10 1/20 1 4 1/5 5e-05
        1/4 9/10 1/20 1 4 1/5 1e-05
    """,
        ),
    ),
    "P.flat": (
        _flat,
        _paths(
            "1e12 1e26",
            """
        flat 2 1/5 1 4 1/7 1e-02
        flat 3 1/10 3 4 1/10 1e-02
    """,
        ),
    ),
    "F.window": (
        _curve("forcing"),
        _paths(
            "1e4 1e12",
            """
        1 6/5 1/5 1 4 2 1e-09
        6/25 4/5 1/20 2 10 2*12/25 1e-04
    """,
        ),
    ),
    "F.window.slow-target": (
        _curve("forcing"),
        _paths(
            "1e4 1e12",
            """
        1 -12/25 1/5 1 4 1/4*2 1e-09
        6/25 7/25 1/20 1 10 12/25 2e-05
    """,
        ),
    ),
    "F.window.target-line": (
        _curve("forcing"),
        _paths(
            "1e4 1e8",
            """
        1 1/2 1/5 1 4 2 2e-08
        6/25 1/2 1/20 1 4 1/2*12/25 1e-04
    """,
        ),
    ),
    "P.window": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        4/5 9/10 1/10 3 2 1/2*8/5 5e-09
    """,
        ),
    ),
    "P.window.slow-spectrum": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        6/25 4/5 1/20 1 4 12/25 5e-05
    """,
        ),
    ),
    "P.window.slow-spectrum.late": (
        _curve("loss"),
        _paths(
            "1e6 1e18",
            """
        6/25 4/5 1/10 1 4 30*12/25 5e-08
    """,
        ),
    ),
    "P.window.slow-target": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        1 1/5 1/5 1 4 2 1e-07
    """,
        ),
    ),
    "P.window.slow-target.slow-spectrum": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        6/25 7/25 1/20 1 4 12/25 2e-05
    """,
        ),
    ),
    "P.window.slow-target.slow-spectrum.late": (
        _curve("loss"),
        _paths(
            "1e6 1e18",
            """
        6/25 7/25 1/10 1 4 30*12/25 5e-08
        2/5 3/20 1/10 2 2 30*4/5 2e-04
    """,
        ),
    ),
    "P.window.target-line": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        1 1/2 1/5 1 4 2 1e-09
    """,
        ),
    ),
    "P.window.target-line.slow-spectrum": (
        _curve("loss"),
        _paths(
            "1e4 1e12",
            """
        6/25 1/2 1/20 1 4 12/25 5e-07
    """,
        ),
    ),
    "P.law": (
        _curve("loss"),
        _paths(
            "1e4 1e8",
            """
        1 13/25 1/5 1 10 8/5 2e-08
        1 12/25 1/5 2 10 2 2e-08
        13/25 7/10 1/50 1 10 1/2 5e-06
        6/25 4/5 1/20 3 10 1/5 1e-05
    """,
        ),
    ),
}

_FLOOR = 1e-9  # of double precision, and of the letters that it decides


def _approached(entry: Formula, path: Path, known: Callable[[Letters], Known]) -> bool:
    """Whether exact/formula - 1 falls along the path, below its bound and below a third of every term."""
    gaps, smallest = [], 1.0
    for size in path.sizes:
        at = path.at(size)
        exact, others = known(at)
        at |= others
        found = _value(entry, at, 9)
        gaps.append(abs(float(_mpf(exact) / _mpf(found) - 1)))
        smallest = 1.0 if path.below else _share(entry, at, found)
    falls = all(b < a or a < _FLOOR for a, b in pairwise(gaps))
    return falls and gaps[-1] < path.bound and (path.below or gaps[-1] < max(smallest / 3, _FLOOR))


# -- the tests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", formula_ids())
def test_every_entry(id: str) -> None:
    """The entry has the value of the numeric road, or is approached by it, or has no value for the reason given."""
    entry = formula(id)
    assert (id in EXACT) + (id in LIMITS) + (id in WITHOUT_VALUE) == 1, f"{id} is compared with nothing"
    if id in EXACT:
        assert _equal(entry, *EXACT[id])
    elif id in LIMITS:
        known, paths = LIMITS[id]
        for path in paths:
            assert _approached(entry, path, known), path
    else:
        assert entry.definitions == {} or id == "rho"


def test_the_tables_hold_entries_only() -> None:
    assert not {*EXACT, *LIMITS, *WITHOUT_VALUE} - set(formula_ids())


def test_what_has_no_value_is_refused() -> None:
    letters = {"gamma": 1, "B": 1, "r": 1, "d": 2, "P_inf": 0, "i": 1}
    for id in WITHOUT_VALUE.keys() - {"m.fixed-point"}:
        entry = formula(id)
        with pytest.raises(ParameterError, match="which W decides"):
            entry.evaluate(**{name: x for name, x in letters.items() if name in entry.variables})


# -- wrong formulas ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Wrong(Formula):
    """An entry that is evaluated at other letters than it is given."""

    factor: Mapping[str, Fraction] | None = None

    def evaluate(self, *, digits: int | None = 50, **values: Any) -> Any:
        changed = {name: Fraction(x) * (self.factor or {}).get(name, 1) for name, x in values.items()}
        return super().evaluate(digits=digits, **changed)


def _spoilt(id: str, **factor: int | str) -> Formula:
    entry = formula(id)
    by = {name: Fraction(x) for name, x in factor.items()}
    fields = (entry.id, entry.level, entry.status, entry.source, (), entry.derivation, entry.to_dict())
    return _Wrong(*fields, factor=by)


@pytest.mark.parametrize(
    ("id", "factor"),
    [
        ("F.early", {"gamma": 2}),
        ("F.early.slow-target", {"d": "3/2"}),
        ("K.early", {"gamma": "101/100"}),
        ("D_1.gap.next", {"d": "1001/1000"}),
        ("F_0.line", {"v": 2}),
        ("zeta_0.next", {"d": "1000001/1000000"}),
        ("P.sharp", {"norm_K": 2}),
        ("P.window", {"d": "11/10"}),
        ("P.plateau", {"v": "11/10"}),
    ],
)
def test_wrong_letters_are_rejected(id: str, factor: dict[str, Any]) -> None:
    known, paths = LIMITS[id]
    assert not _approached(_spoilt(id, **factor), paths[0], known)


@pytest.mark.parametrize(
    ("id", "neighbour"),
    [
        ("F.early", "F.early.slow-target"),
        ("F.early.slow-target", "F.early"),
        ("F.early.slow-spectrum", "F.early"),
        ("K.early.low-line", "K.early.high-line"),
        ("J.early.line", "D_1.early"),
        ("D_1.gap.next", "D_1.gap"),
        ("zeta_0.next", "zeta_0.asymptotic"),
        ("F_0.line", "F_0.asymptotic"),
        ("P.sharp", "P.sharp.slow-spectrum"),
        ("P.plateau", "P.sharp.slow-spectrum"),
        ("gamma.norm.wide", "gamma.trace"),
        ("F.window.slow-target.late", "F_0.asymptotic"),
    ],
)
def test_entries_of_other_cases_are_rejected(id: str, neighbour: str) -> None:
    """At the same points, with the assumptions of the other entry set aside."""
    known, paths = LIMITS[id]
    other = _spoilt(neighbour)
    for path in paths[:1]:
        with_v = path if "v" not in other._lacking({}) or path.ratio != "inf" else replace(path, ratio="100")
        below = replace(with_v, below=True)
        assert not _approached(other, below, known)


@pytest.mark.parametrize(
    ("id", "other"), [("F", "K"), ("K_norm", "F_0.exact"), ("edge.exact", "edge.right"), ("S", "m")]
)
def test_other_exact_entries_are_rejected(id: str, other: str) -> None:
    points, known = EXACT[id]
    assert not _equal(_spoilt(other), points[:1], known)


# -- what lies outside -------------------------------------------------------------------------------------------------

_INSIDE: Letters = {
    **{"alpha": "3/4", "beta": "7/10", "d": 100, "v": 400, "gamma": "1/50", "B": 2, "r": 1000, "zeta": "1/100"},
    **{"zeta_tilde": 1, "norm_K": "1/10", "u": "1/10", "g": "1/10", "f": 10**6, "kappa": 1, "w": "1/2", "norm_F": 5},
    **{"x": "1/2", "phi": 1, "P": 2},
}


@pytest.mark.parametrize(
    ("id", "change"),
    [
        ("D_1.early", {"alpha": "1/2"}),
        ("D_1.early.slow", {"alpha": "1/2"}),
        ("D_1.gap", {"v": 99}),
        ("J.early", {"beta": "-1/4"}),
        ("J.gap", {"beta": "1/2"}),
        ("J.gap.next", {"beta": "5/4"}),
        ("F.early", {"beta": "1/2"}),
        ("F.early", {"alpha": "1/2"}),
        ("F.early.slow-target", {"beta": "1/2"}),
        ("F.early.slow-spectrum", {"alpha": "1/2"}),
        ("K.early", {"alpha": "1/2"}),
        ("K.early.slow-spectrum", {"alpha": "1/4"}),
        ("F_0.asymptotic", {"beta": "1/2"}),
        ("F_0.asymptotic.slow", {"beta": "-1/4"}),
        ("F_0.next", {"beta": "5/4"}),
        ("zeta_0.next", {"v": 100}),
        ("kappa.wide", {"alpha": "1/2"}),
        ("edge.infinite", {"alpha": "1/2"}),
        ("P.plateau", {"alpha": "3/10"}),
        ("P.sharp", {"gamma": 0}),
        ("P.sharp", {"B": "3/2"}),
        ("P.sharp.slow-target", {"beta": "7/10"}),
        ("P.sharp.slow-spectrum", {"alpha": "1/4"}),
        ("P.window", {"alpha": "1/2"}),
        ("P.window.slow-spectrum", {"alpha": "3/5"}),
        ("P.law", {"v": 50}),
        ("P.law", {"beta": 2}),
        ("F.window", {"r": 0}),
        ("F_hat", {"w": 1}),
        ("gamma.trace.slow", {"alpha": "1/2"}),
        ("density.ac", {"alpha": "1/2"}),
        ("moment.second", {"v": 100, "j": 1}),
    ],
    ids=str,
)
def test_values_outside_the_assumptions_are_refused(id: str, change: Letters) -> None:
    entry = formula(id)
    given = {"norm_K", "norm_F", "kappa"} & set(entry.variables)
    values = {**_INSIDE, **change}
    with pytest.raises(ParameterError, match=f"{id} assumes"):
        entry.evaluate(digits=10, **{name: values[name] for name in given | set(entry._lacking(dict.fromkeys(given)))})


# -- lines crossed by a formula for both sides -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "letters", "line"),
    [
        ("F_0.next", {"alpha": 1, "d": 10**6, "v": 4 * 10**6}, "F_0.line"),
        ("F_0.next", {"alpha": "6/25", "d": 10**9, "v": 2 * 10**9}, "F_0.line"),
        ("J.gap.next", {"alpha": 1, "d": 10**6, "v": 4 * 10**6, "zeta_tilde": "3/2"}, None),
        ("J.gap.next", {"alpha": "6/25", "d": 10**6, "v": 2 * 10**6, "zeta_tilde": 4}, None),
        ("J.early", {"alpha": 1, "zeta": "1/1000"}, "J.early.line"),
        ("J.early", {"alpha": "13/25", "zeta": "1/1000000"}, "J.early.line"),
    ],
)
def test_removable_singularities(id: str, letters: Letters, line: str | None) -> None:
    """At ``2β = 1`` two poles cancel: the value is the mean of both sides, and that of the line's own entry."""
    entry, step = formula(id), Fraction(1, 10**8)
    below, here, above = (
        _mpf(entry.evaluate(digits=25, beta=Fraction(1, 2) + k * step, **letters)) for k in (-1, 0, 1)
    )
    assert abs((below + above) / (2 * here) - 1) < 1e-12
    assert abs(below / here - 1) > 1e-9
    if line is not None:
        own = formula(line).evaluate(digits=25, **letters)
        assert abs(here / _mpf(own) - 1) < 2 / float(letters.get("d", 1e16))
