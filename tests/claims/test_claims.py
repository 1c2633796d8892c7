"""Each claim survives its check, each false variant of it does not, and the plain roads agree with one another."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from outside import needs

from scalesym import claims
from scalesym.claims import _direct
from scalesym.claims._approach import approach
from scalesym.ledger import Ledger, Verdict

LEDGER: Ledger = claims.load()
CHECKED = [claim.id for claim in LEDGER if claim.check]
QUICK = [claim.id for claim in LEDGER.select(quick=True)]


@cache
def run(id: str) -> Verdict:
    return LEDGER[id].run()


@pytest.mark.parametrize("id", QUICK)
def test_every_quick_claim_holds(id: str) -> None:
    verdict = run(id)
    assert verdict.outcome == "holds", verdict
    assert verdict.figures


#: Claims whose false variants take seconds each.
LONG = {
    *(
        "derivation.sharp",
        "derivation.F_0",
        "derivation.F_pp",
        "derivation.F_ac",
        "derivation.K_pp",
        "derivation.window",
    ),
    *("critical-lines.energy", "critical-lines.third-value", "one-law", "double-road", "reference-values"),
    *("conditional.concentration", "phases.beyond-theorem", "laws.dynamical.compute-optimal"),
}
FALSE = [
    pytest.param(id, name, marks=pytest.mark.exhaustive if id in LONG else ()) for id, name in LEDGER.false_variants()
]


def test_the_long_claims_are_there() -> None:
    assert {claim.id for claim in LEDGER} >= LONG


@pytest.mark.parametrize(("id", "name"), FALSE)
def test_every_false_variant_is_rejected(id: str, name: str) -> None:
    if LEDGER[id].tier == "kernel":
        needs("coqc")
    verdict = LEDGER[id].run_false(name)
    assert verdict.outcome == "fails", verdict


def test_every_check_can_fail() -> None:
    assert all(LEDGER[id].false for id in CHECKED)
    assert len({name for _, name in LEDGER.false_variants()}) >= 20


@pytest.mark.parametrize(
    "kind",
    ["j = v dropped", "2B for B(B+1)", "for Γ(", "γ → 2γ", "1/(1−‖K‖) dropped", "κ inverted", "batch mean", "v/d"],
)
def test_every_kind_of_slip_is_caught_somewhere(kind: str) -> None:
    assert any(kind in name for _, name in LEDGER.false_variants())


def test_assumptions_are_those_that_are_used() -> None:
    assumed = {claim.id for claim in LEDGER if claim.tier == "assumed"}
    assert assumed == {id for claim in LEDGER for id in LEDGER.assumptions(claim.id)}
    assert LEDGER.assumptions("critical-gamma") == ("theory.sgd-follows",)
    assert LEDGER.assumptions("sharp-law") == ("theory.renewal",)
    assert LEDGER.assumptions("scaling-window.loss") == ()


def test_statements_are_prose_and_name_no_file() -> None:
    for claim in LEDGER:
        assert claim.source, claim.id
        assert "/" not in claim.source.replace("arXiv:", "").split()[0]
        assert ".md" not in claim.statement + claim.source


@pytest.mark.parametrize(
    ("id", "point", "printed"),
    [
        ("sharp-law", "alpha=1 beta=3/2 gamma=2/5 B=1", (0.9795, 0.9973, 0.9997)),
        ("sharp-law", "alpha=1 beta=7/10 gamma=2/5 B=1", (0.9185, 0.9887, 0.9987)),
        ("sharp-law", "alpha=3/4 beta=6/5 gamma=2/5 B=1", (0.718, 0.8365, 0.9155)),
        ("scaling-window.loss", "alpha=1 beta=3/10", (0.978, 0.9986, 0.9999)),
        ("scaling-window.loss", "alpha=1 beta=7/10", (0.982, 0.9989, 0.9999)),
        ("scaling-window.slow-spectrum", "alpha=2/5 beta=3/10", (0.940, 0.991, 0.998)),
        ("scaling-window.slow-spectrum", "alpha=2/5 beta=4/5", (0.946, 0.992, 0.998)),
    ],
)
def test_the_ratios_on_the_way(id: str, point: str, printed: tuple[float, ...]) -> None:
    """Figures from an independent computation, at the digits printed there."""
    seen = str(run(id).figures[point]).split(" → ")
    for text, expected in zip(seen, printed, strict=False):
        digits = max(3, len(str(expected)) - 2)
        assert abs(_number(text) - expected) < 0.6 * 10**-digits, (text, expected)


def _number(text: str) -> float:
    """``0.97`` or ``1-2e-05``."""
    head, sign, tail = text[0], text[1:2], text[2:]
    return float(head) + float(sign + tail) if sign in ("+", "-") else float(text)


@pytest.mark.parametrize(
    ("sequence", "outcome"),
    [
        ([1.1, 1.01, 1.001], "holds"),
        ([0.9, 1.05, 0.999], "holds"),
        ([1.1, 1.01, 1.02], "fails"),
        ([1.001, 1.001], "fails"),
        ([2.3, 2.2, 2.1], "fails"),
        ([1.1, math.nan], "unknown"),
        ([math.inf, 1.001], "unknown"),
    ],
)
def test_an_approach_is_monotone_and_arrives(sequence: list[float], outcome: str) -> None:
    assert approach({"a": [1.2, 1.001], "b": sequence}, within=0.01).outcome == outcome
    assert approach({"a": [1.2, 1.001], "b": sequence}, within={"a": 0.01, "b": 0.01}).outcome == outcome


def test_nothing_approaches_in_an_empty_sequence() -> None:
    assert approach({}, within=0.1).outcome == "unknown"


def test_the_loop_keeps_the_initial_values_and_does_not_depend_on_its_nodes() -> None:
    forcing, kernel = _direct.curves(1.0, 0.7, 20, 60, 0.3, 1, 30, 2)
    lam = np.arange(1, 61.0) ** -2
    assert math.isclose(forcing[0], np.sum(lam**1.7), rel_tol=1e-13)
    assert math.isclose(kernel[0], 0.09 * (np.sum(lam**2) + np.sum(lam) ** 2 / 20), rel_tol=1e-13)
    again = _direct.curves(1.0, 0.7, 20, 60, 0.3, 1, 30, 2, nodes=5000)
    assert np.allclose(forcing, again[0], rtol=1e-13)
    assert np.allclose(kernel, again[1], rtol=1e-13)


def test_the_recursion_is_the_renewal_equation() -> None:
    kernel = 0.1 * 0.5 ** np.arange(40)
    loss = _direct.volterra(np.r_[1.0, np.zeros(39)], kernel)
    assert math.isclose(loss.sum(), 1 / (1 - 0.2), rel_tol=1e-8)


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 0.7), (0.4, 0.3), (0.75, 1.2)])
def test_the_plain_forcing_limit_is_a_sum(alpha: float, beta: float) -> None:
    d, v = 50, 3000
    lam = np.arange(1, v + 1.0) ** (-2 * alpha)
    low, high = 1e-12, 1e6
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if np.sum(lam / (lam + middle)) > d else (low, middle)
    exact = np.sum(lam ** (1 + beta / alpha) * low / (lam + low))
    assert math.isclose(_direct.forcing_limit(alpha, beta, d, v), exact, rel_tol=1e-6)


@pytest.mark.parametrize("ratio", [1.2, 10.0, math.inf])
def test_the_window_functions_are_integrals(ratio: float) -> None:
    from scipy.integrate import quad

    for zeta in (0.3, 7.0):
        value = quad(lambda u, zeta=zeta: 1 / (1 + zeta * u**1.5), 0, min(ratio, 1))[0]
        value += quad(lambda w, zeta=zeta: 1 / (w**2 * (1 + zeta * w**-1.5)), 1 / ratio, 1)[0]
        assert math.isclose(float(_direct.window_d1(0.75, ratio, zeta)), value, rel_tol=1e-6)
    assert _direct.window_energy(0.75, 0.6, ratio, 2.0) == 1
    zeta0 = _direct.window_zeta0(0.75, ratio)
    assert math.isclose(float(_direct.window_d1(0.75, ratio, zeta0)), 1, rel_tol=1e-12)


def test_the_constant_grows_as_the_window_closes() -> None:
    values = [_direct.kappa(1.0, ratio) for ratio in (1.1, 1.5, 3.0, 30.0, math.inf)]
    assert all(earlier > later for earlier, later in pairwise(values))
