"""The deterministic equivalent: its chains hold, false steps are refused, and every value is that of the numeric road."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from mpmath import MPContext

from scalesym import PLRF
from scalesym.errors import ConvergenceError, ParameterError, ScalesymError
from scalesym.formulas import edges, formula, generating, loops, norms, resolvent, stability
from scalesym.formulas.alphabet import (
    QUANTITIES,
    B,
    alpha,
    beta,
    d,
    gamma,
    j,
    rho,
    v,
    w,
    x_minus,
    x_plus,
    y_c,
    zeta,
    zeta_0,
    zeta_edge,
    zeta_max,
    zeta_min,
    zeta_minus,
    zeta_plus,
)
from scalesym.formulas.contours import Loop
from scalesym.formulas.derivation import Derivation, DerivationError, Outcome
from scalesym.formulas.small import Small

D, J, M, N, S = (QUANTITIES[name] for name in ("D_1", "J", "m", "N", "S"))
F_HAT, K_HAT = QUANTITIES["F_hat"](w), QUANTITIES["K_hat"](w)
TRACE = sp.Sum(j ** (-2 * alpha), (j, 1, v))

CHAINS: dict[str, Callable[[], Derivation]] = {
    "m": resolvent.stieltjes,
    "z": resolvent.spectral_parameter,
    "S": resolvent.target_resolvent,
    "trace": resolvent.trace,
    "F": resolvent.forcing,
    "K": resolvent.kernel,
    "F(0)": lambda: resolvent.initial("F"),
    "K(0)": lambda: resolvent.initial("K"),
    "first moment": lambda: resolvent.mean_under_mode(1),
    "second moment": lambda: resolvent.mean_under_mode(2),
    "F_hat": generating.forcing_series,
    "K_hat": generating.kernel_series,
    "P_hat": generating.loss_series,
    "norm": norms.norm,
    "small norm": norms.norm_of_slow,
    "wide norm": norms.norm_of_many,
    "norm given W": norms.norm_given_w,
    "F_0": norms.forcing_without_end,
    "P_inf": norms.limit_loss,
    "least q": stability.least_factor,
    "gamma_q": stability.pointwise_rate,
    "gamma_K": stability.kernel_rate,
    "wide gamma_K": stability.kernel_rate_of_many,
    "gamma by trace": stability.rate_by_trace,
    "slow gamma_K": stability.rate_of_slow,
    "slow trace": stability.trace_of_slow,
    "fast trace": stability.trace_of_fast,
    "trace on the line": stability.trace_on_the_line,
    "left edge": lambda: edges.edge("left"),
    "right edge": lambda: edges.edge("right"),
    "edge of many": edges.edge_of_many,
    "endless edge": edges.edge_without_end,
}


@pytest.mark.parametrize("name", CHAINS)
def test_every_chain_holds_when_run_again(name: str) -> None:
    chain = CHAINS[name]()
    assert chain.check() == tuple(step.evidence for step in chain.steps)
    assert all(step.evidence.figures for step in chain.steps)


# -- the closed forms, as they come out --------------------------------------------------------------------------------


def test_the_closed_forms() -> None:
    gap = w * (B + 1) * (x_plus - x_minus)
    forced = -(S(zeta_plus) - S(zeta_minus)) / (gamma**2 * B * gap)
    answered = -(x_plus * D(zeta_plus) - x_minus * D(zeta_minus)) / gap
    assert sp.simplify(generating.forcing_series().expression - forced) == 0
    assert sp.simplify(generating.kernel_series().expression - answered) == 0
    assert sp.simplify(generating.loss_series().expression - forced / (1 - w * answered)) == 0
    assert norms.limit_loss().expression.subs(sp.Symbol("norm_K", positive=True), 0) == zeta_0 * J(zeta_0)
    assert resolvent.stieltjes().expression == 1 - D(zeta) / d
    assert sp.expand(edges.edge_of_many().expression - zeta_edge * (QUANTITIES["D_w"](zeta_edge) - 1)) == 0


def test_the_edge_without_end_is_the_one_of_the_paper() -> None:
    c = sp.pi / (2 * alpha) / sp.sin(sp.pi / (2 * alpha))
    known = (2 * alpha / ((2 * alpha - 1) * c)) ** (-2 * alpha) / (2 * alpha - 1)
    for at in (sp.Rational(51, 100), sp.Rational(3, 4), sp.Integer(1), sp.Integer(3)):
        ratio = (edges.edge_without_end().expression / known).subs(alpha, at)
        assert abs(ratio.evalf(30) - 1) < 1e-28


# -- false steps -------------------------------------------------------------------------------------------------------


def _map(old: Any, new: Any) -> Callable[[Any], Any]:
    return lambda e: e.subs(old, new)


def _both(first: Any, second: Any) -> Callable[[Any], Any]:
    """Two letters exchanged."""
    return lambda e: e.subs({first: second, second: first}, simultaneous=True)


def _in_sums(change: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    return lambda e: e.replace(lambda part: isinstance(part, sp.Sum), lambda s: change(s.function, s.limits[0]))


def _in_loops(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda e: e.replace(Loop, lambda f, z, radius: Loop(change(f), z, radius))


_LAST_LOST = _in_sums(lambda f, range: sp.Sum(f, (range[0], 1, range[2] - 1)))
_SIGN: Callable[[Any], Any] = lambda e: -e  # noqa: E731
_TWICE: Callable[[Any], Any] = lambda e: 2 * e  # noqa: E731
_SQUARE = B * gamma**2 * zeta**2 * (B + 1) * M(zeta) ** 2

WRONG: list[tuple[str, str, str, Callable[[Any], Any]]] = [
    ("m", "ζ for z", "j = v lost", _LAST_LOST),
    ("m", "ζ for z", "1/d lost", _map(d, sp.Integer(1))),
    ("m", "sum named", "sign of the sum", _map(D(zeta), -D(zeta))),
    ("z", "m inserted", "sign", _SIGN),
    ("z", "m inserted", "1/d lost", _map(D(zeta) / d, D(zeta))),
    ("S", "ζ for z", "1/m lost", lambda e: e * M(zeta)),
    ("S", "ζ for z", "j = v lost", _LAST_LOST),
    ("S", "sum named", "D_1 for J", _map(J(zeta), D(zeta))),
    ("trace", "ζ for z", "sign", _SIGN),
    ("trace", "ones split off", "v lost", lambda e: e + v),
    ("trace", "sum named", "v - 1 for v", lambda e: e + 1),
    ("F", "ζ as variable", "sign", _SIGN),
    ("F", "ζ as variable", "Jacobian lost", _in_loops(lambda f: f / N(zeta))),
    ("F", "ζ as variable", "j = v lost", _LAST_LOST),
    ("F", "sums named", "2B for B(B+1)", _in_loops(_map(_SQUARE, 2 * _SQUARE / (B + 1)))),
    ("F", "sums named", "2γ for γ", _map(gamma, 2 * gamma)),
    ("F", "sums named", "J for S", _in_loops(_map(S(zeta), J(zeta)))),
    ("K", "ζ as variable", "B lost in the weight", lambda e: e / B),
    ("K", "ones split off", "sign of v", _map(v, -v)),
    ("K", "analytic part dropped", "dropped with its neighbour", _TWICE),
    ("K", "sum named", "m lost", _in_loops(lambda f: f / M(zeta))),
    ("K", "sum named", "γ for γ²", lambda e: e / gamma),
    ("F(0)", "coefficient at infinity", "b_j for b_j²", _map(beta, beta / 2)),
    ("F(0)", "coefficient at infinity", "j = v lost", _LAST_LOST),
    ("K(0)", "coefficient at infinity", "1/d lost", _map(d, sp.Integer(1))),
    ("K(0)", "coefficient at infinity", "B lost", lambda e: e / B),
    ("first moment", "coefficient at infinity", "twice", _TWICE),
    ("first moment", "ζ as variable", "sign", _SIGN),
    ("second moment", "coefficient at infinity", "1/d lost", _map(d, sp.Integer(1))),
    ("second moment", "coefficient at infinity", "j = v lost", _LAST_LOST),
    ("F_hat", "geometric series", "sign of w", _map(w, -w)),
    ("F_hat", "residues outside", "sign", _SIGN),
    ("F_hat", "residues outside", "x_± swapped", _both(x_plus, x_minus)),
    ("F_hat", "residues outside", "2B for B(B+1)", lambda e: e * (B + 1) / 2),
    ("F_hat", "continued", "w lost", lambda e: e * w),
    ("K_hat", "geometric series", "B for B + 1", _map(B + 1, B)),
    ("K_hat", "residues outside", "one pole only", _map(x_minus * D(zeta_minus), sp.S.Zero)),
    ("K_hat", "residues outside", "B for B + 1", lambda e: e * (B + 1) / B),
    ("K_hat", "residues outside", "ζ_± swapped", _both(zeta_plus, zeta_minus)),
    ("P_hat", "convolution", "one step late", _map(w * K_HAT, w**2 * K_HAT)),
    ("P_hat", "convolution", "w lost", _map(w * K_HAT, K_HAT)),
    ("P_hat", "solved", "sign", _map(K_HAT, -K_HAT)),
    ("P_hat", "solved", "w lost", _map(w * K_HAT, K_HAT)),
    ("P_hat", "closed forms", "B for B + 1", _map(B + 1, B)),
    ("norm", "w = 1", "B for B + 1", lambda e: e * (B + 1) / B),
    ("norm", "w = 1", "2B for B(B+1)", lambda e: e * (B + 1) / 2),
    ("norm", "w = 1", "sign", _SIGN),
    ("small norm", "far from the spectrum", "γ for γ/2", _TWICE),
    ("small norm", "far from the spectrum", "B not cancelled", lambda e: e * B),
    ("small norm", "far from the spectrum", "j = v lost", _LAST_LOST),
    ("wide norm", "many parameters", "B for B + 1", _map(B + 1, B)),
    ("wide norm", "many parameters", "leading order", _map(gamma * (B + 1), 0)),
    ("norm given W", "geometric series", "2B for B(B+1)", _map(B + 1, 2)),
    ("norm given W", "geometric series", "γ for γ/2", _TWICE),
    ("F_0", "ζ for z", "ζ_0 lost", lambda e: e / zeta_0),
    ("F_0", "ζ for z", "D_1 for J", _map(J(zeta_0), D(zeta_0))),
    (
        "P_inf",
        "pole",
        "sign of the norm",
        _map(sp.Symbol("norm_K", positive=True), -sp.Symbol("norm_K", positive=True)),
    ),
    ("P_inf", "pole", "ζ_0 lost", lambda e: e / zeta_0),
    ("least q", "least value", "B/(B+1)", lambda e: B * e),
    ("least q", "least value", "0", lambda e: e * 0),
    ("gamma_q", "q = 1", "B for B + 1", _map(B + 1, B)),
    ("gamma_q", "q = 1", "1 for 2", lambda e: e / 2),
    ("gamma_q", "at the right edge", "sign", _SIGN),
    ("gamma_q", "at the right edge", "λ_1 for λ_max", lambda e: 2 / (B + 1)),
    ("gamma_K", "norm 1", "B for B + 1", _map(B + 1, B)),
    ("gamma_K", "norm 1", "twice", _TWICE),
    ("gamma_K", "m inserted", "m lost", lambda e: e * (B + d + 1) / d),
    ("gamma_K", "m inserted", "sign", _SIGN),
    ("wide gamma_K", "many parameters", "1 lost", lambda e: 2 / ((B + 1) * y_c)),
    ("wide gamma_K", "many parameters", "B for B + 1", _map(B + 1, B)),
    ("gamma by trace", "large trace", "1 for 2", lambda e: e / 2),
    (
        "gamma by trace",
        "large trace",
        "batch not cancelled",
        lambda e: e / B if B in e.free_symbols else 2 * e / (B + 1),
    ),
    ("slow gamma_K", "trace inserted", "1 - 2α lost", lambda e: e / (1 - 2 * alpha)),
    ("slow gamma_K", "trace inserted", "power", lambda e: e / v),
    ("slow trace", "continuum of modes", "twice", _TWICE),
    ("slow trace", "upper end", "1 - 2α lost", lambda e: e * (1 - 2 * alpha)),
    ("fast trace", "all modes", "ζ_R(α)", lambda e: sp.zeta(alpha + 1)),
    ("fast trace", "all modes", "less the first mode", lambda e: e - 1),
    ("trace on the line", "harmonic numbers", "γ_E lost", lambda e: e - sp.EulerGamma),
    ("trace on the line", "harmonic numbers", "twice the constant", lambda e: e + sp.EulerGamma),
    ("left edge", "stationary", "sign", _SIGN),
    ("left edge", "stationary", "the other edge", _map(zeta_min, zeta_max)),
    ("right edge", "stationary", "the other edge", _map(zeta_max, zeta_min)),
    ("right edge", "stationary", "m = 1", lambda e: -zeta_max),
    ("edge of many", "scale of the gap", "range doubled", _map(rho, 2 * rho)),
    ("edge of many", "scale of the gap", "α for 2α", _map(alpha, alpha / 2)),
    ("edge of many", "stationary", "off the maximum", _map(zeta_edge, 2 * zeta_edge)),
    ("edge of many", "integral named", "sign", _SIGN),
    ("endless edge", "beta function", "cotangent", lambda e: e.replace(sp.sin, sp.cot)),
    ("endless edge", "stationary", "2α - 1 lost", lambda e: e * (2 * alpha - 1)),
]


@pytest.mark.parametrize(("chain", "name", "fault", "spoil"), WRONG, ids=[f"{w[0]}: {w[1]}: {w[2]}" for w in WRONG])
def test_checks_refuse_false_steps(chain: str, name: str, fault: str, spoil: Callable[[Any], Any]) -> None:
    step = next(step for step in CHAINS[chain]().steps if step.name == name)
    false = spoil(step.outcome.expression)
    assert false != step.outcome.expression
    with pytest.raises(ScalesymError):
        step.check(step.before, Outcome(false, step.outcome.conditions))


def test_at_least_two_false_outcomes_of_every_chain_are_refused() -> None:
    for name in CHAINS:
        assert sum(each[0] == name for each in WRONG) >= 2, name


# -- operations that do not apply --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "expression"),
    [
        (loops.named("J"), 1 + zeta),
        (loops.loop_in_zeta, Loop(zeta, zeta, 2)),
        (loops.loop_in_zeta, zeta),
        (loops.analytic_part_dropped, Loop(D(zeta), zeta, 2)),
        (loops.analytic_part_dropped, Loop(v * D(zeta) + zeta, zeta, 2)),
        (loops.geometric_series, Loop(D(zeta), zeta, 2)),
        (loops.residues_outside, Loop(D(zeta) / (1 - w * (1 + zeta * M(zeta))), zeta, 2)),
        (generating.convolution, F_HAT + sp.Sum(w, (j, 1, 2))),
    ],
)
def test_operations_refuse_what_they_do_not_know(operation: Any, expression: Any) -> None:
    with pytest.raises((DerivationError, AttributeError, ValueError)):
        operation(expression)


# -- against the numeric road ------------------------------------------------------------------------------------------

DIGITS = 20
#: alpha, beta, d, v, gamma, B: near α = 1/4 and α + β = 1/2, on 2α = 1, negative β, large batches, real d and v
POOL = (
    ("1", "7/10", "20", "60", "3/10", 1),
    ("251/1000", "4/5", "12", "50", "1/100", 3),
    ("1/2", "3/10", "31", "60", "1/200", 64),
    ("1", "-49/100", "6", "13", "1/5", 2),
    ("3/2", "-9/10", "3", "10", "1/4", 1),
    ("2", "3", "5", "40", "1/70", 64),
)
#: the same with few modes, for loops
FEW = (
    ("1", "-49/100", "3", "6", "1/7", 1),
    ("251/1000", "4/5", "4", "7", "1/100", 3),
    ("1/2", "1/100", "3", "4", "1/300", 64),
)
REAL = ("3/4", "1/5", "33/2", "101/2", "1/20", 3)
_Point = tuple[str, str, str, str, str, int]


def _values(id: str, point: _Point, **others: Any) -> Any:
    given = dict(zip(("alpha", "beta", "d", "v", "gamma", "B"), point, strict=True)) | others
    entry = formula(id)
    return entry.evaluate(digits=DIGITS, **{name: given[name] for name in entry._lacking({})})


def _close(found: Any, known: Any) -> None:
    assert abs(found / known - 1) <= 1e-15


EXACT: dict[str, Callable[[PLRF], Any]] = {
    "K_norm": lambda model: model.kernel_norm(digits=25),
    "F_0.exact": lambda model: model.forcing_limit(digits=25),
    "P.limit": lambda model: model.loss_limit(digits=25),
    "edge.exact": lambda model: model.spectral_edge(digits=25),
    "edge.right": lambda model: model.spectral_edge("right", digits=25),
    "F.initial": lambda model: model.forcing(0, digits=25),
    "K.initial": lambda model: model.kernel(0, digits=25),
}


@pytest.mark.parametrize("id", EXACT)
@pytest.mark.parametrize("point", POOL, ids=lambda point: f"alpha={point[0]}, beta={point[1]}")
def test_exact_values(id: str, point: _Point) -> None:
    _close(_values(id, point), EXACT[id](PLRF(*point)))


@pytest.mark.parametrize("id", ["K_norm", "K.initial"])
def test_real_numbers_of_modes_and_parameters(id: str) -> None:
    _close(_values(id, REAL), EXACT[id](PLRF(*REAL)))


@pytest.mark.parametrize("point", FEW, ids=lambda point: f"alpha={point[0]}, beta={point[1]}")
def test_forcing_and_kernel(point: _Point) -> None:
    model = PLRF(*point)
    _close(_values("F", point, r=2), model.forcing(2, digits=25))
    _close(_values("K", point, r=1), model.kernel(1, digits=25))


@pytest.mark.parametrize("point", POOL[:4], ids=lambda point: f"alpha={point[0]}")
def test_generating_functions(point: _Point) -> None:
    """The first steps, at small ``w``, and what is left of the series bounded by its first term."""
    model, at, steps = PLRF(*point), Fraction(1, 200), 8
    for id, curve in (("F_hat", model.forcing), ("K_hat", model.kernel), ("P_hat", model.loss)):
        terms = curve(range(steps), digits=25)
        known = sum(term / 200**r for r, term in enumerate(terms))
        _close(_values(id, point, w=at), known)
    _close(_values("K_hat", point, w=1), model.kernel_norm(digits=25))


@pytest.mark.parametrize("point", POOL[:3], ids=lambda point: f"alpha={point[0]}")
def test_generating_functions_near_one(point: _Point) -> None:
    model, r = PLRF(*point), np.arange(4000)
    for id, curve in (("F_hat", model.forcing), ("K_hat", model.kernel), ("P_hat", model.loss)):
        assert abs(float(_values(id, point, w="99/100")) / float(curve(r) @ 0.99**r) - 1) < 1e-13


@pytest.mark.parametrize("point", [POOL[0], POOL[1], POOL[3]], ids=lambda point: f"alpha={point[0]}")
def test_the_resolvent(point: _Point) -> None:
    for z in ("-7/10", "-1/500"):
        known = PLRF(*point).resolvent(Fraction(z), digits=30)
        at = str(known.zeta.real)
        _close(_values("m", point, zeta=at), known.m.real)
        _close(_values("z", point, zeta=at), known.m.context.mpf(Fraction(z).numerator) / Fraction(z).denominator)
        _close(_values("S", point, zeta=at), known.target.real)
        shifted = _values("resolvent.trace", point, zeta=at)
        _close(shifted, known.trace.real * Fraction(z).numerator / Fraction(z).denominator)


def test_critical_rates() -> None:
    for point in (POOL[0], ("251/1000", "4/5", "20", "60", "1/100", 3)):
        _close(_values("gamma.norm", point), PLRF(*point).critical_gamma(digits=25))
    for point in (POOL[2], POOL[3], POOL[5]):  # few parameters for the batch: the pointwise condition binds
        _close(_values("gamma.pointwise", point), PLRF(*point).critical_gamma(digits=25))
        with pytest.raises(ParameterError, match="the kernel norm binds"):
            _values("gamma.norm", point)


@pytest.mark.parametrize("mode", [1, 2, 5])
def test_moments_of_the_measures(mode: int) -> None:
    """One step damps a target in one mode by ``∫ q dμ_j = 1 - 2γB ∫x dμ_j + γ²B(B+1) ∫x² dμ_j``."""
    spectrum, rate = [Fraction(1, k**2) for k in range(1, 7)], Fraction(1, 10)
    model = PLRF.from_spectrum(spectrum, [int(k == mode) for k in range(1, 7)], d=3, gamma=rate, batch=2)
    start, damped = model.forcing([0, 1], digits=25)
    point = ("1", "0", "3", "6", "1/10", 2)
    first, second = _values("moment.first", point, j=mode), _values("moment.second", point, j=mode)
    _close(first * mode**2, 1)
    _close(1 - first * 4 / 10 + second * 6 / 100, damped / start)


def test_the_least_factor_and_the_traces() -> None:
    ctx = MPContext()
    ctx.dps = 40
    assert formula("q.least").evaluate(digits=20, B=3) == 0.25
    trace = ctx.zeta(0.5) - ctx.zeta(0.5, ctx.mpf(10) ** 40 + 1)
    _close(formula("trace.slow").evaluate(digits=20, alpha="1/4", v=10**40), trace)
    _close(formula("trace.line").evaluate(digits=20, v=10**20), ctx.harmonic(ctx.mpf(10) ** 20))
    _close(formula("trace.fast").evaluate(digits=20, alpha=1), ctx.pi**2 / 6)


def test_limits() -> None:
    """Leading terms against exact values far out, with the error that the next term makes."""
    wide = PLRF(1, 1, 10**6, "inf", "2/5", 2)
    assert abs(formula("K_norm.wide").evaluate(digits=15, alpha=1, gamma="2/5", B=2) / wide.kernel_norm() - 1) < 5e-6
    slow = PLRF("1/5", 1, 100, 300, "1/10000000", 3)
    found = formula("K_norm.small").evaluate(digits=15, alpha="1/5", gamma="1/10000000", v=300)
    assert abs(found / slow.kernel_norm() - 1) < 1e-5
    critical = PLRF(1, 1, 10**6, "inf", batch=2).critical_gamma()
    assert abs(formula("gamma.norm.wide").evaluate(digits=15, alpha=1, B=2) / critical - 1) < 1e-5
    many = PLRF("1/5", 1, 10**6, 10**7, batch=3).critical_gamma()
    assert abs(formula("gamma.trace").evaluate(digits=15, alpha="1/5", v=10**7) / many - 1) < 1e-4
    assert abs(formula("gamma.trace.slow").evaluate(digits=15, alpha="1/5", v=10**7) / many - 1) < 1e-3
    for ratio in ("4", "11/10"):
        model = PLRF("7/10", 1, 10**6, Fraction(ratio) * 10**6)
        scaled = float(model.spectral_edge()) * 1e6**1.4
        assert abs(formula("edge.window").evaluate(digits=15, alpha="7/10", rho=ratio) / scaled - 1) < 1e-4
    endless = float(PLRF("3/4", 1, 10**6, "inf").spectral_edge()) * 1e9
    assert abs(formula("edge.infinite").evaluate(digits=15, alpha="3/4") / endless - 1) < 1e-4


@pytest.mark.parametrize(("exponent", "known"), [("7/10", 0.515), ("1", 0.375), ("2/5", 0.704), ("1/5", 0.850)])
def test_the_edges_the_paper_gives(exponent: str, known: float) -> None:
    assert abs(formula("edge.window").evaluate(digits=10, alpha=exponent, rho=4) - known) < 6e-4


def test_values_are_refused_where_sgd_diverges() -> None:
    with pytest.raises(ParameterError, match=r"γ\(B \+ 1\) < 2"):
        formula("K_norm").evaluate(alpha=1, d=20, v=60, gamma=1, B=1)
    with pytest.raises(ConvergenceError):  # the spectrum ends at 1.53
        formula("K_norm").evaluate(digits=15, alpha=1, d=20, v=60, gamma="2/3", B=1)
    with pytest.raises(ParameterError, match="w < 1"):
        formula("F_hat").evaluate(alpha=1, beta=1, d=20, v=60, gamma="1/10", B=1, w=1)
    with pytest.raises(ParameterError, match="w ≤ 1"):
        formula("K_hat").evaluate(alpha=1, d=20, v=60, gamma="1/10", B=1, w="11/10")


# -- the small model ---------------------------------------------------------------------------------------------------


def test_the_small_model_is_the_equivalent() -> None:
    """The road of the checks against the numeric road: moments in fractions, and loops in double precision."""
    for point in resolvent.POINTS:
        small = Small(point)
        names = ("alpha", "beta", "d", "v", "gamma", "B")
        model = PLRF(*(point[name] for name in names[:5]), int(point["B"]))
        for ours, theirs in (
            (small.forcing(5), model.forcing),
            (small.kernel(5), model.kernel),
            (small.loss(5), model.loss),
        ):
            for fraction, value in zip(ours, theirs(range(5), digits=20), strict=True):
                assert abs(value * fraction.denominator / fraction.numerator - 1) < 1e-18
        forcing, kernel = small.curves(300, 4.6, 0.01)
        for ours, theirs in ((forcing, model.forcing), (kernel, model.kernel)):
            assert max(abs(ours - theirs(range(300)))) < 1e-13 * ours[0]


def test_the_small_model_takes_what_it_can_count() -> None:
    with pytest.raises(ValueError, match="does not count"):
        Small({"alpha": Fraction(1), "d": Fraction(2), "v": Fraction(5, 2)})
    with pytest.raises(ValueError, match="integers"):
        Small({"alpha": Fraction(1, 3), "d": Fraction(2), "v": Fraction(5)}).forcing(1)
