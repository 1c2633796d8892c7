r"""The laws on the lines between the phases, and one law for all of them.

Where two poles of a Mellin transform meet there is a logarithm with a constant of its own: at ``2β = 1`` in the forcing
function's absolutely continuous part, at ``2α = 1`` in its plateau and in the kernel's norm, at ``α = 1/4`` in the kernel,
at ``α + β = 1/2`` in the forcing function as a whole. At ``α = β`` no poles meet, and the sharp law holds as it stands. The
left-hand sides are the solver's curves; the right-hand sides are evaluated from the symbolic catalogue.

*Remark.* A law with a wrong constant inside its logarithm is off by ``1/log`` only, and comes closer to 1 all the same. The
bounds are therefore far below ``1/log d``: the false variants move the constant and are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ..ledger import Claim, Verdict
from ._approach import approach

__all__ = ["CLAIMS"]

Change = Callable[[dict[str, Any]], dict[str, Any]]

#: id of the formula; the solver's curve; α, β, g (``γ = g d^{min(0, 2α-1)}``), B, v/d and ``log_d τ``; sizes; bound
_Row = tuple[str, str, tuple[str, str, str, int, int, float], tuple[int, ...], float]


def _kept(letters: dict[str, Any]) -> dict[str, Any]:
    return letters


def _doubled(letters: dict[str, Any]) -> dict[str, Any]:
    """``γ → 2γ``."""
    return {**letters, "gamma": 2 * letters["gamma"]}


def _farther(letters: dict[str, Any]) -> dict[str, Any]:
    """``v → 2v``."""
    return {**letters, "v": 2 * letters["v"]}


def _follows(rows: tuple[_Row, ...], change: Change, instead: Mapping[str, str]) -> Verdict:
    """The ratio of every curve to its law, along growing ``d``; ``instead`` names another formula for some."""
    from ..formulas import formula

    ratios: dict[str, list[float]] = {}
    within: dict[str, float] = {}
    for id, curve, (alpha, beta, g, batch, ratio, reach), sizes, bound in rows:
        law = formula(instead.get(id, id))
        name = f"{id}, alpha={alpha} beta={beta} B={batch}"
        within[name] = bound
        for d in sizes:
            gamma = Fraction(g) * Fraction(float(d) ** min(0.0, 2 * float(Fraction(alpha)) - 1))
            r = round(float(d) ** reach / (2 * float(gamma) * batch))
            model = _model(Fraction(alpha), Fraction(beta), d, ratio * d, gamma, batch)
            known: dict[str, Any] = {
                "alpha": alpha,
                "beta": beta,
                "gamma": gamma,
                "B": batch,
                "d": d,
                "v": ratio * d,
                "r": r,
            }
            if curve == "loss":
                known["norm_K"] = model.kernel_norm()
            letters = {letter: x for letter, x in change(known).items() if letter in law.letters}
            value = getattr(model, curve)(*(() if curve == "forcing_limit" else (r,)))
            ratios.setdefault(name, []).append(float(value) / float(law.evaluate(digits=12, **letters)))
    return approach(ratios, within)


def _model(alpha: Fraction, beta: Fraction, d: int, v: int, gamma: Fraction, batch: int) -> Any:
    """The model; without finite energy at ``v = ∞`` as a list of eigenvalues, up to ``v``."""
    import numpy as np

    from ..model import PLRF

    if 2 * (alpha + beta) > 1:
        return PLRF(alpha, beta, d, v, gamma, batch)
    j = np.arange(1, v + 1.0)
    return PLRF.from_spectrum(j ** (-2 * float(alpha)), j ** -float(beta), d=d, gamma=float(gamma), batch=batch)


_ONE_LAW: tuple[_Row, ...] = tuple(
    ("P.law", "loss", point, (10**3, 10**5), bound)
    for point, bound in (
        (("1", "7/10", "1/5", 1, 10, 1.1), 1e-5),
        (("1", "3/10", "1/5", 1, 10, 1.9), 1e-5),
        (("3/4", "6/5", "1/10", 4, 10, 1.0), 2e-5),
        (("2/5", "3/10", "1/20", 4, 10, 0.7), 2e-4),
        (("3/10", "7/10", "1/20", 1, 10, 0.5), 1e-4),
        (("1/2", "4/5", "1/50", 1, 10, 0.7), 3e-4),
    )
)
_TARGET: tuple[_Row, ...] = (
    ("F.early.target-line", "forcing", ("1", "1/2", "1/5", 1, 1000, 1.0), (10**4, 10**6, 10**8), 1e-6),
    ("F_0.line", "forcing_limit", ("1", "1/2", "1/5", 1, 10, 1.0), (10**2, 10**4, 10**6), 1e-5),
    ("F_0.line", "forcing_limit", ("2/5", "1/2", "1/5", 1, 10, 1.0), (10**2, 10**4, 10**6), 1e-5),
)
_HIGH: tuple[_Row, ...] = (
    ("F.early.high-line", "forcing", ("1/2", "7/10", "1/50", 1, 10, 0.5), (10**4, 10**8, 10**12), 2e-4),
    ("K.early.high-line", "kernel", ("1/2", "7/10", "1/50", 4, 10, 0.3), (10**4, 10**8, 10**12), 1e-4),
)
_LOW: tuple[_Row, ...] = (
    ("K.early.low-line", "kernel", ("1/4", "7/10", "1/50", 1, 10, 0.2), (10**6, 10**10, 10**14), 3e-3),
    ("P.plateau.line", "loss", ("1/4", "7/10", "1/50", 1, 4, 0.2), (10**6, 10**10, 10**14), 1e-3),
)
_ENERGY: tuple[_Row, ...] = (
    ("F.early.energy-line", "forcing", ("1", "-1/2", "1/5", 1, 10, 0.7), (30, 300, 3000), 2e-3),
    ("F_0.energy-line", "forcing_limit", ("1", "-1/2", "1/5", 1, 10, 0.7), (30, 300, 3000), 1e-3),
)
_EQUAL: tuple[_Row, ...] = (
    ("P.sharp", "loss", ("1", "1", "1/5", 1, 1000, 0.9), (10**4, 10**6, 10**8), 3e-5),
    ("P.sharp", "loss", ("3/2", "3/2", "1/10", 2, 1000, 1.2), (10**4, 10**6, 10**8), 3e-5),
)
_HERE = "derived here"


def _claim(
    id: str, statement: str, latex: str, rows: tuple[_Row, ...], false: Mapping[str, Mapping[str, Any]], rests: str
) -> Claim:
    return Claim(
        id=id,
        statement=statement,
        latex=latex,
        tier="numeric",
        check=_follows,
        true={"rows": rows, "change": _kept, "instead": {}},
        false={name: dict(variant) for name, variant in false.items()},
        rests_on=(rests,),
        about=tuple(dict.fromkeys(row[0] for row in rows)),
        source=_HERE,
    )


CLAIMS: tuple[Claim, ...] = (
    _claim(
        "one-law",
        "P is one inverse Laplace transform from γBr ≫ 1 through the window, in every phase and on the lines",
        r"\mathscr P \sim d^{-2\alpha}L^{-1}\Big[\frac{\tilde S-S(x_+)}{1-\|K\|-\frac\gamma2d^{1-2\alpha}\tilde z\tilde D_1}\Big]",
        _ONE_LAW,
        {"γ → 2γ": {"change": _doubled}, "v → 2v": {"change": _farther}},
        "kernel-norm.wide",
    ),
    _claim(
        "critical-lines.target",
        "At 2β = 1: F_ac ~ Γ(1−x)τ^{x−1}[x(log τ − ψ(x) − 1) + γ_E]/2αd, x = 1/2α, and F_0 with log v + γ_E",
        r"\mathscr F_{ac} \sim \frac{\Gamma(1-x)}{2\alpha d}\tau^{x-1}\big[x(\log\tau-\psi(x)-1)+\gamma_E\big]",
        _TARGET,
        {"γ → 2γ": {"change": _doubled}, "v → 2v": {"change": _farther}},
        "pieces.forcing",
    ),
    _claim(
        "critical-lines.high-dimensional",
        "At 2α = 1: F ~ F_pp + (c_β/d)(log(v/τ) − γ_E) for 2β > 1, and K ~ γ/2r",
        r"\mathscr F \sim \mathscr F_{pp}+\frac{c_\beta}{d}\Big(\log\frac v\tau-\gamma_E\Big)",
        _HIGH,
        {"γ → 2γ": {"change": _doubled}, "v → 2v": {"change": _farther}},
        "pieces.forcing",
    ),
    _claim(
        "critical-lines.kernel",
        "At α = 1/4: K ~ γ²B(log v − 2 log τ − 2γ_E + 4v/d), and the plateau of P with the same logarithm",
        r"\mathscr K \sim \gamma^2B\big(\log v-2\log\tau-2\gamma_E+4v/d\big)",
        _LOW,
        {"γ → 2γ": {"change": _doubled}, "v → 2v": {"change": _farther}},
        "pieces.kernel",
    ),
    _claim(
        "critical-lines.energy",
        "At α + β = 1/2: F ~ log v − (log τ + γ_E)/2α, and F_0 ~ log(1 + (v/d)^{2α}/κ)/2α",
        r"\mathscr F \sim \log v-\frac{\log\tau+\gamma_E}{2\alpha}",
        _ENERGY,
        {"γ → 2γ": {"change": _doubled}, "v → 2v": {"change": _farther}},
        "kappa.limit",
    ),
    _claim(
        "critical-lines.equal-exponents",
        "At α = β there is no logarithm: P ~ (F_pp+F_ac)/(1−‖K‖) + K_pp‖F‖₁/(1−‖K‖)² as beside the line",
        r"\mathscr P \sim \frac{\mathscr F_{pp}+\mathscr F_{ac}}{1-\|K\|}+\frac{\mathscr K_{pp}\|\mathscr F\|_1}{(1-\|K\|)^2}",
        _EQUAL,
        {"γ → 2γ": {"change": _doubled}, "F alone": {"instead": {"P.sharp": "F.early"}}},
        "sharp-law",
    ),
)
