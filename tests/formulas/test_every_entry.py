"""Every entry of the catalogue against the numeric road, at points that hug the lines where formulas change.

An entry is in one of three tables: :data:`EXACT` (its value is that of the numeric road, to 12 digits), :data:`LIMITS` (it
is approached along models that grow) or :data:`WITHOUT_VALUE`. An entry in none fails :func:`test_every_entry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from mpmath import MPContext

from scalesym import PLRF
from scalesym.errors import ParameterError
from scalesym.formulas import Formula, formula, formula_ids

Letters = dict[str, Any]
#: The value of the numeric road, and letters that it decides, such as ζ.
Known = tuple[Any, Letters]
CTX = MPContext()
CTX.dps = 40
HAIR = Fraction(1, 10**20)

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
_FEW = (("1", "-12/25", "3", "6", "1/7", 1), ("13/50", "4/5", "4", "7", "1/100", 3), ("1/2", "1/50", "3", "4", "1/300", 64))
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


_STEPS = [dict(B=b, gamma=g, x=x, phi=p, P=q) for b, g, x, p, q in ((1, "1/3", "1/2", "1", "1"), (3, "1/7", "9/4", "-2", "7"))]
_BINDING = {  # few parameters for the batch, or many
    "gamma.norm": _points((_POOL[0], ("13/50", "4/5", "20", "60", "1/100", 3), ("1/2", "1/50", "50", "70", "1/100", 4))),
    "gamma.pointwise": _points((_POOL[3], _POOL[5], _POOL[6])),
}
_PIECES = {
    "F_pp": (
        dict(alpha="3/4", beta="-23/100", gamma="1/5", B=2, r=300),
        dict(alpha="13/50", beta="13/50", gamma="1/100", B=64, r=900),
        dict(alpha="1/2", beta="1/2", gamma="1/50", B=3, r=40),
        dict(alpha=3, beta=3, gamma="1/5", B=2, r=10**6),
    ),
    "K_pp": (
        dict(alpha="13/50", beta=1, gamma="1/100", B=64, r=900),
        dict(alpha="1/2", beta=1, gamma="1/50", B=3, r=40),
        dict(alpha="49/100", beta=1, gamma="1/50", B=3, r=40),
        dict(alpha=3, beta=1, gamma="1/5", B=2, r=10**6),
    ),
    "F_ac": (
        dict(alpha="51/100", beta="13/25", gamma="1/50", B=2, r=70),
        dict(alpha="49/100", beta="27/50", gamma="1/50", B=2, r=70),
        dict(alpha="1/2", beta=1, gamma="1/50", B=2, r=70),
        dict(alpha="6/25", beta=1, gamma="1/100", B=1, r=400),
        dict(alpha=1, beta="13/25", gamma="1/5", B=1, r=80),
    ),
}
Exact = tuple[Sequence[Letters], Callable[[Letters], Known]]
EXACT: dict[str, Exact] = {
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
        id: (_points(_COMMON, w="1/200") + _points(_POOL[:2], w="99/100"), _generated(quantity))
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
                if name != "F_ac" or kind not in (".asymptotic", ".remainder") or Fraction(at["alpha"]) > Fraction(1, 2)
            ],
            _pieces(name, kind[1:]),
        )
        for name, points in _PIECES.items()
        for kind in ("", ".integral", ".closed", ".asymptotic", ".remainder")
    },
    "kappa": (_points(_POOL), lambda at: (_model(at).kappa("continuum", digits=25), {})),
    "kappa.line": (_points(_POOL[3:4]) + [dict(d=10, v=11), dict(d=10, v=10**6)], lambda at: (1, {})),
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

    def at(self, size: int) -> Letters:
        a, rate = Fraction(self.alpha), Fraction(self.rate)
        factor, _, reach = self.time.rpartition("*")
        tau = float(Fraction(factor or 1)) * float(size) ** float(Fraction(reach))
        gamma = Fraction(float(rate) * float(size) ** min(0.0, float(2 * a - 1)))
        steps = max(1, round(tau / float(2 * gamma * self.B)))
        beta = Fraction(self.beta) if self.beta != "energy" else Fraction(1, 2) - a + HAIR
        at = {"alpha": a, "beta": beta, "d": Fraction(10) ** size if size < 0 else Fraction(size), "gamma": gamma}
        finite = {} if self.ratio == "inf" else {"v": Fraction(self.ratio) * size}
        z = -Fraction(1 / tau)
        return {**at, "B": Fraction(self.B), **finite, "r": steps, "z": z, "g": rate}


def _paths(text: str, *sizes: float) -> list[Path]:
    """One path a line: α, β, γ (or ``g``), B, v/d, time, and the bound of what is left at the last size."""
    rows = [row.split() for row in text.strip().splitlines()]
    whole = tuple(int(size) for size in sizes)
    return [Path(a, b, g, int(n), ratio, time, float(bound), whole) for a, b, g, n, ratio, time, bound in rows]


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


def _flat(at: Letters) -> Known:
    """``f = rBd``; ``c_β`` is the numeric road's, of all modes."""
    model = _model(at)
    return model.loss(at["r"]), {"f": at["r"] * at["B"] * at["d"], "c_beta": str(CTX.zeta(2 * _mpf(at["beta"])))}


_LIMIT = Callable[[Letters], Known]
LIMITS: dict[str, tuple[_LIMIT, list[Path]]] = {}


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
