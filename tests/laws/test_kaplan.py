"""Kaplan's laws: every printed and derived number, the traps, and closed forms against independent roads."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar
from strategies import objects, powers_of_ten

from scalesym.claims import laws_kaplan, laws_kaplan_frontier
from scalesym.errors import ParameterError
from scalesym.laws._power import Power, pf_days
from scalesym.laws.kaplan import PF_DAY, Kaplan
from scalesym.laws.kaplan_frontier import FittedAllocation, Frontier, frontier
from scalesym.laws.kaplan_joint import JointLaw
from scalesym.laws.kaplan_steps import CriticalBatch, StepsLaw
from scalesym.laws.published import published
from scalesym.ledger import Claim

kaplan = Kaplan.from_paper("kaplan2020")
exponents = st.floats(0.03, 2.0)
scales = powers_of_ten(2, 14)


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_losses() -> None:
    assert kaplan(N=1e9) == pytest.approx(2.375640, abs=5e-7)
    assert kaplan(D=1e10) == pytest.approx(2.262442, abs=5e-7)
    assert kaplan(C=1) == pytest.approx(2.658080, abs=5e-7)
    assert kaplan(N=1e9, D=2.2e10) == pytest.approx(2.369316, abs=5e-7)
    assert kaplan(N=1e9, D=math.inf) == pytest.approx(2.318834, abs=5e-7)
    assert kaplan.L_C(1, naive=True) == pytest.approx(1.6e7**0.057)


def test_appendix_b() -> None:
    power = kaplan.frontier.law
    assert power.alpha == pytest.approx(0.0524529, abs=5e-8)
    assert power.x0 == pytest.approx(1.53312e8, rel=5e-6)
    assert power.alpha / kaplan.steps.alpha_N == pytest.approx(0.68121, abs=5e-6)
    assert power.alpha / kaplan.batch.alpha_B == pytest.approx(0.24978, abs=5e-6)
    assert power.alpha / kaplan.steps.alpha_S == pytest.approx(0.06902, abs=5e-6)
    one, ten = kaplan.optimum(1.0), kaplan.optimum(10.0)
    assert math.log10(ten.N / one.N) == pytest.approx(0.68121, abs=5e-6)
    assert math.log10(ten.B / one.B) == pytest.approx(0.24978, abs=5e-6)
    assert math.log10(ten.S / one.S) == pytest.approx(0.06902, abs=5e-6)
    assert kaplan.frontier.excess_at_optimum == pytest.approx(0.101, abs=5e-4)
    assert pytest.approx((1 + kaplan.frontier.excess_at_optimum) * kaplan.steps(one.N, math.inf)) == one.L


def test_the_printed_prefactors_of_appendix_b() -> None:
    a_N, a_S = kaplan.steps.alpha_N, kaplan.steps.alpha_S
    power, best = kaplan.frontier.law, kaplan.optimum(7.0)
    ratio = 7.0 / power.x0
    assert (
        pytest.approx(kaplan.steps.N_c * ratio ** (power.alpha / a_N) * (1 + a_N / a_S) ** (1 / a_N)) == best.N
    )  # equation B.9
    first = kaplan.steps.S_c * (a_S / a_N * (1 + a_N / a_S)) ** (1 / a_S)
    printed = power.x0 * PF_DAY / (6 * kaplan.steps.N_c * kaplan.batch.B_star) * (1 + a_N / a_S) ** (-1 / a_N)  # B.10
    assert first == pytest.approx(printed)
    assert pytest.approx(first * ratio ** (power.alpha / a_S)) == best.S
    assert pytest.approx(kaplan.critical_batch(best.L)) == best.B
    assert pytest.approx(7.0 * PF_DAY) == 6 * best.N * best.B * best.S
    assert pytest.approx(best.B * best.S) == best.D


def test_other_sizes_and_stopping() -> None:
    best = kaplan.frontier
    assert best.excess_compute(2.2) == pytest.approx(1.2037, abs=5e-5)
    assert best.excess_steps(2.2) == pytest.approx(0.5471, abs=5e-5)
    assert best.excess_compute(0.6) == pytest.approx(1.165, abs=5e-4)
    ratio = best.stop_ratio(0.10, 0.02)
    assert ratio == pytest.approx((2.666, 0.1329, 0.3543), rel=3e-4)
    assert best.excess_compute(1) == best.excess_steps(1) == 1


def test_data_needed() -> None:
    coefficient, power = kaplan.joint.data_law(0.02)
    assert coefficient == pytest.approx(5519, abs=0.5)
    assert power == pytest.approx(0.738, abs=5e-4)
    assert kaplan.data_for(1e9) == pytest.approx(coefficient * 1e9**power)
    for N in (1e6, 1e12):
        assert kaplan.overfitting(N, kaplan.data_for(N, 0.02)) == pytest.approx(0.02, rel=1e-12)


def test_constant_sets_are_not_mixed() -> None:
    assert kaplan.data.alpha == 0.095
    assert kaplan.joint.alpha_D == 0.103
    assert replace(kaplan.joint, alpha_D=0.095).p == pytest.approx(0.80)
    assert kaplan.joint.p == pytest.approx(0.738, abs=5e-4)
    assert len({kaplan.size.x0, kaplan.joint.N_c, kaplan.steps.N_c}) == 3
    assert kaplan(N=1e9) != pytest.approx(kaplan.joint(1e9, math.inf), rel=1e-2)
    assert kaplan.steps(1e9, math.inf) != pytest.approx(kaplan.joint(1e9, math.inf), rel=1e-2)


def test_the_joint_law_does_not_give_the_fitted_exponent() -> None:
    one, ten = kaplan.allocate(1.0, "joint"), kaplan.allocate(10.0, "joint")
    assert math.log10(ten.N / one.N) == pytest.approx(0.5754, abs=5e-5)
    assert math.log10(ten.D / one.D) == pytest.approx(0.4246, abs=5e-5)
    assert math.log10(ten.L / one.L) == pytest.approx(-0.04373, abs=5e-6)
    assert pytest.approx(kaplan(N=one.N, D=one.D)) == one.L
    assert pytest.approx(PF_DAY) == 6 * one.N * one.D
    assert one.B is one.S is None


def test_the_fitted_allocation_is_data() -> None:
    found = kaplan.allocate([1.0, 10.0], "fitted")
    assert [found.N[0], found.B[0], found.S[0], found.D[0]] == pytest.approx([1.3e9, 2.0e6, 5.4e3, 2e10])
    assert np.log10(found.N[1] / found.N[0]) == pytest.approx(0.73)
    assert pytest.approx(kaplan(C=[1.0, 10.0])) == found.L
    assert kaplan.critical_batch(kaplan(C=1)) == pytest.approx(2.0e6, rel=0.06)
    assert 6 * found.N[0] * found.B[0] * found.S[0] / PF_DAY == pytest.approx(0.975, abs=1e-3)


def test_units() -> None:
    assert PF_DAY == 1e15 * 86400
    assert kaplan(C=PF_DAY, unit="FLOP") == kaplan(C=1)
    assert kaplan.optimum(PF_DAY, unit="FLOP") == kaplan.optimum(1)
    assert kaplan(N=1e9, C=PF_DAY, unit="FLOP") == kaplan(N=1e9, C=1)
    assert kaplan(C=1) != pytest.approx(kaplan(C=PF_DAY))  # FLOP taken for PF-days
    with pytest.raises(ParameterError, match="PF-days"):
        kaplan(C=1, unit="flops")
    with pytest.raises(ParameterError, match="PF-days"):
        pf_days(1, "ExaFLOP")


def test_crossing() -> None:
    there = kaplan.crossing()
    assert kaplan.L_D(there.D) == pytest.approx(there.L)
    for value, printed in ((there.C, 1e4), (there.N, 1e12), (there.D, 1e12)):
        assert abs(math.log10(value / printed)) < 1
    assert round(there.L, 1) == 1.7
    assert kaplan.L_C(10 * there.C) < kaplan.L_D(kaplan.allocate(10 * there.C, "fitted").D)
    with pytest.raises(ParameterError, match="never falls"):
        replace(kaplan, compute=Power(x0=3e8, alpha=0.01)).crossing()


def test_what_the_paper_reports_and_what_is_derived() -> None:
    reported = published("kaplan")["reported"]
    alpha = kaplan.frontier.law.alpha
    derived: dict[str, Any] = {
        "alpha-compute": alpha,
        "alpha-compute-appendix": alpha,
        "size-exponent": alpha / kaplan.steps.alpha_N,
        "data-needed": list(kaplan.joint.data_law(0.02)),
        "one-epoch-data": [2 * PF_DAY / (6 * 1.3e9), 0.27],
        "crossing": {name: getattr(kaplan.crossing(), name) for name in "CNDL"},
        **dict(
            zip(("size-ratio", "steps-ratio", "compute-ratio"), kaplan.frontier.stop_ratio(0.10, 0.02), strict=True)
        ),
    }
    assert reported.keys() - derived.keys() == {"size-exponent-fitted"}
    for name, value in derived.items():
        assert value == pytest.approx(reported[name]["derived"], rel=1e-4), name
    joint = kaplan.joint.alpha_D / (kaplan.joint.alpha_N + kaplan.joint.alpha_D)
    assert reported["size-exponent-fitted"]["derived_joint"] == pytest.approx(joint, rel=1e-5)
    wrong = {name for name, entry in reported.items() if entry["status"] == "misprint"}
    assert wrong == {"alpha-compute", "size-exponent"}
    assert all(entry["where"] and entry.get("note") for name, entry in reported.items() if name in wrong)


def test_sets_of_constants() -> None:
    assert Kaplan.papers() == ("kaplan2020", "kaplan2020-table-5")
    other = Kaplan.from_paper("kaplan2020-table-5")
    assert replace(other, batch=kaplan.batch) == kaplan
    assert other.frontier.law.x0 == pytest.approx(1.05 * kaplan.frontier.law.x0)
    with pytest.raises(ParameterError, match="kaplan2020"):
        Kaplan.from_paper("hoffmann2022")
    for entry in published("kaplan")["sets"].values():
        assert entry["source"]
        assert entry["status"] == "published"
        assert entry["where"].keys() == entry["constants"].keys()


# -- independent roads -----------------------------------------------------------------------------------------------


@given(powers_of_ten(3, 13), powers_of_ten(5, 14), powers_of_ten(1, 7))
def test_losses_at_fifty_digits(N: float, D: float, S: float) -> None:
    with mpmath.workdps(50):
        j, s, m = kaplan.joint, kaplan.steps, mpmath.mpf
        ratio = m(j.alpha_N) / m(j.alpha_D)
        joint = ((m(j.N_c) / m(N)) ** ratio + m(j.D_c) / m(D)) ** m(j.alpha_D)
        alone = (m(j.N_c) / m(N)) ** m(j.alpha_N)
        steps = (m(s.N_c) / m(N)) ** m(s.alpha_N) + (m(s.S_c) / m(S)) ** m(s.alpha_S)
        stop = m(s.S_c) * (joint - alone) ** (-1 / m(s.alpha_S))
        assert kaplan(N=N, D=D) == pytest.approx(float(joint), rel=1e-13)
        assert kaplan(N=N, S=S) == pytest.approx(float(steps), rel=1e-13)
        assert kaplan.overfitting(N, D) == pytest.approx(float(joint / alone - 1), rel=1e-12)
        assert kaplan.early_stop_step(N, D) == pytest.approx(float(stop), rel=1e-11)


@settings(deadline=None, max_examples=40)
@given(exponents, exponents, exponents, scales, scales, scales, powers_of_ten(-3, 6))
def test_appendix_b_is_the_least_implicit_loss(
    a_N: float, a_S: float, a_B: float, N_c: float, S_c: float, B_s: float, c: float
) -> None:
    """By a root for the loss and golden section for the size, both on the equation as it is printed."""
    law = replace(
        kaplan,
        steps=StepsLaw(N_c=N_c, alpha_N=a_N, S_c=S_c, alpha_S=a_S),
        batch=CriticalBatch(B_star=B_s, alpha_B=a_B),
    )
    C = c * 6 * N_c * S_c * B_s / PF_DAY
    best = law.optimum(C)

    def log_loss(log_n: float) -> float:
        def gap(log_L: float) -> float:
            u, v = -a_N * log_n, a_S * (log_n - log_L / a_B - math.log(c))
            return log_L - float(np.logaddexp(u, v))

        return float(brentq(gap, -2000, 2000, xtol=1e-13, rtol=1e-15))

    centre = math.log(best.N / N_c)
    found: Any = minimize_scalar(log_loss, bracket=(centre - 2, centre + 0.3, centre + 2), method="golden", tol=1e-9)
    assert found.fun == pytest.approx(math.log(best.L), rel=1e-10, abs=1e-10)
    assert found.x == pytest.approx(centre, abs=1e-3)
    assert law.L_NC(best.N, C) == pytest.approx(best.L, rel=1e-10)
    for factor in (0.5, 0.9, 1.1, 2.0):
        assert law.L_NC(factor * best.N, C) > best.L * (1 - 1e-12)


@settings(deadline=None, max_examples=40)
@given(exponents, exponents, scales, scales, powers_of_ten(8, 26))
def test_the_joint_optimum_is_the_least(a_N: float, a_D: float, N_c: float, D_c: float, C: float) -> None:
    law = JointLaw(N_c=N_c, alpha_N=a_N, D_c=D_c, alpha_D=a_D)
    p, half = a_N / a_D, math.log(C / (6 * N_c * D_c))

    def inside(x: float) -> float:
        return float(np.logaddexp(-p * x, x - half))

    N, D, L = law.optimum(C)
    found: Any = minimize_scalar(inside, bounds=(-300, 300), method="bounded", options={"xatol": 1e-10})
    assert math.log(L) == pytest.approx(a_D * found.fun, rel=1e-10, abs=1e-10)
    assert math.log(N / N_c) == pytest.approx(found.x, abs=1e-3 / min(1, p))
    assert pytest.approx(C, rel=1e-10) == 6 * N * D


@given(powers_of_ten(4, 12), powers_of_ten(-8, 5))
def test_the_implicit_law_holds(N: float, C: float) -> None:
    L = kaplan(N=N, C=C)
    S = C * PF_DAY / (6 * N * kaplan.critical_batch(L))
    assert kaplan(N=N, S=S) == pytest.approx(L, rel=1e-12)


@given(powers_of_ten(4, 12), powers_of_ten(2, 7), powers_of_ten(3, 9))
def test_batches(N: float, S: float, B: float) -> None:
    L = kaplan(N=N, S=S, B=B)
    least_steps, least_data = kaplan.S_min(S, B, L), kaplan.E_min(B * S, B, L)
    assert kaplan(N=N, S=least_steps) == pytest.approx(L, rel=1e-12)
    assert least_data / least_steps == pytest.approx(kaplan.critical_batch(L), rel=1e-12)
    assert kaplan.C_min(6 * N * B * S, B, L) == pytest.approx(6 * N * least_data, rel=1e-12)
    gap = math.log(S / least_steps - 1) + math.log(B * S / least_data - 1) if 1e-3 < B / least_data * S < 1e3 else 0.0
    assert gap == pytest.approx(0, abs=1e-6)
    assert kaplan.batch.inverse(kaplan.critical_batch(L)) == pytest.approx(L, rel=1e-12)


@given(powers_of_ten(5, 11), st.floats(1.2, 3.0), st.floats(1.05, 8.0))
def test_other_sizes_by_the_law_itself(N: float, L: float, r: float) -> None:
    """Steps and compute to a loss by solving the law, against the closed forms around the best size of that loss."""
    best = kaplan.steps.N_c * (L / (1 + kaplan.frontier.excess_at_optimum)) ** (-1 / kaplan.steps.alpha_N)
    steps = kaplan.inverse(L, "S", N=r * best) / kaplan.inverse(L, "S", N=best)
    assert kaplan.frontier.excess_steps(r) == pytest.approx(steps, rel=1e-9)
    assert kaplan.frontier.excess_compute(r) == pytest.approx(r * steps, rel=1e-9)
    assert kaplan.frontier.excess_compute(r) > 1


@given(powers_of_ten(5, 12), powers_of_ten(7, 13), powers_of_ten(3, 6))
def test_inverses(N: float, D: float, S: float) -> None:
    assert kaplan.inverse(kaplan(N=N), "N") == pytest.approx(N, rel=1e-10)
    assert kaplan.inverse(kaplan(D=D), "D") == pytest.approx(D, rel=1e-10)
    assert kaplan.inverse(kaplan(C=S)) == pytest.approx(S, rel=1e-10)
    assert kaplan.inverse(kaplan(N=N, S=S), "S", N=N) == pytest.approx(S, rel=1e-6)
    if kaplan.overfitting(N, D) > 1e-6:
        assert kaplan.inverse(kaplan(N=N, D=D), "D", N=N) == pytest.approx(D, rel=1e-6)
    assert kaplan.joint.inverse(kaplan(N=N, D=D), D=D) == pytest.approx(N, rel=1e-3)
    assert kaplan.steps.inverse(kaplan(N=N, S=S), S=S) == pytest.approx(N, rel=1e-9)


# -- formulas --------------------------------------------------------------------------------------------------------


def test_closed_forms_from_symbols() -> None:
    values = {"alpha_N": kaplan.steps.alpha_N, "alpha_S": kaplan.steps.alpha_S, "alpha_B": kaplan.batch.alpha_B}
    values |= {"N_c": kaplan.steps.N_c, "S_c": kaplan.steps.S_c, "B_star": kaplan.batch.B_star, "C": 3 * PF_DAY}
    found = {
        name: float(f.subs({s: values[s.name] for s in f.free_symbols}))
        for name, f in Frontier.optimum_formulas().items()
    }
    best = kaplan.optimum(3.0)
    assert found == pytest.approx({name: getattr(best, name) for name in "LNBS"})
    values = {name: getattr(kaplan.joint, name) for name in ("N_c", "alpha_N", "D_c", "alpha_D")} | {"C": 3 * PF_DAY}
    for f, value in zip(kaplan.joint.optimum_formulas.values(), kaplan.joint.optimum(3 * PF_DAY), strict=True):
        assert float(f.subs({s: values[s.name] for s in f.free_symbols})) == pytest.approx(value)


def test_exponents() -> None:
    a_N, a_S, a_B, a_D = sp.symbols("alpha_N alpha_S alpha_B alpha_D", positive=True)
    alpha = 1 / (1 / a_S + 1 / a_B + 1 / a_N)
    found = Kaplan.exponents_symbolic()
    assert {name: sp.simplify(e) for name, e in found["appendix-b"].items()} == {
        name: sp.simplify(e) for name, e in {"L": -alpha, "N": alpha / a_N, "B": alpha / a_B, "S": alpha / a_S}.items()
    }
    total = a_N + a_D
    expected = {"N": a_D / total, "D": a_N / total, "L": -a_N * a_D / total}
    assert all(sp.simplify(found["joint"][name] - e) == 0 for name, e in expected.items())
    assert sp.simplify(sum(found["appendix-b"][name] for name in "NBS")) == 1


def test_formulas_are_the_laws() -> None:
    parts: tuple[tuple[Any, dict[str, float]], ...] = (
        (kaplan.joint, {"N": 1e9, "D": 1e10}),
        (kaplan.steps, {"N": 1e9, "S_min": 1e4}),
    )
    for part, at in parts:
        names = {name: getattr(part, name) for name in part.__dataclass_fields__} | at
        value = part.formula.rhs.subs({s: names[s.name] for s in part.formula.rhs.free_symbols})
        assert float(value) == pytest.approx(part(*at.values()))
        assert r"\alpha_{N}" in part.latex
    assert kaplan.formula == kaplan.joint.formula
    assert kaplan.latex == kaplan.joint.latex
    rhs, at = kaplan.batch.formula.rhs, {"L": 3.0, "B_star": 2e8, "alpha_B": 0.21}
    assert float(rhs.subs({s: at[s.name] for s in rhs.free_symbols})) == pytest.approx(kaplan.critical_batch(3))
    assert kaplan.size.latex == r"L{\left(N \right)} = \left(\frac{N_{c}}{N}\right)^{\alpha_{N}}"
    assert "C^{min}_{c}" in kaplan.compute.latex


# -- fits ------------------------------------------------------------------------------------------------------------


def test_fits_recover_the_truth() -> None:
    N, D = (each.ravel() for each in np.meshgrid(10.0 ** np.arange(5, 11), 10.0 ** np.arange(7, 12)))
    joint = JointLaw.fit(N, D, kaplan.joint(N, D))
    assert joint.success
    assert [*joint.parameters.values()] == pytest.approx([6.4e13, 0.076, 1.8e13, 0.103], rel=1e-5)
    S = D / 1e5
    assert [*StepsLaw.fit(N, S, kaplan.steps(N, S)).parameters.values()] == pytest.approx(
        [6.5e13, 0.077, 2.1e3, 0.76], rel=1e-5
    )
    assert Power.fit(N, kaplan.size(N)).law.alpha == pytest.approx(0.076)
    batch = CriticalBatch.fit([2.0, 3.0, 5.0], kaplan.batch([2.0, 3.0, 5.0]))
    assert batch.law.B_star == pytest.approx(2e8)


@pytest.mark.parametrize(
    ("names", "part"),
    [("N", "size"), ("D", "data"), ("C", "compute"), ("ND", "joint"), ("NS", "steps"), ("B", "batch")],
)
def test_every_law_is_fitted_by_its_quantities(names: str, part: str) -> None:
    truth = getattr(kaplan, part)
    first, second = (each.ravel() for each in np.meshgrid(10.0 ** np.arange(5, 11), 10.0 ** np.arange(4, 9)))
    given = dict(zip(names, (first, second), strict=False))
    loss = np.array([2.0, 3.0, 5.0]) if names == "B" else kaplan(**given)  # type: ignore[arg-type]
    found = Kaplan.fit(loss, **({"B": truth(loss)} if names == "B" else given))
    assert found.success
    assert type(found.law) is type(truth)
    for name, value in found.parameters.items():
        assert value == pytest.approx(getattr(truth, name), rel=1e-5), name
    assert getattr(found.law, "names", None) == getattr(truth, "names", None)
    assert isinstance(replace(kaplan, **{part: found.law}), Kaplan)


def test_a_fit_of_compute_knows_its_unit() -> None:
    C = 10.0 ** np.arange(-6, 3)
    one, other = Kaplan.fit(kaplan(C=C), C=C), Kaplan.fit(kaplan(C=C), C=C * PF_DAY, unit="FLOP")
    assert one.parameters == pytest.approx(other.parameters, rel=1e-9)


def test_errors_of_a_fit_are_the_spread_of_its_resamples() -> None:
    N = 10.0 ** np.linspace(5, 10, 40)
    loss = kaplan(N=N) * np.exp(0.01 * np.random.default_rng(3).standard_normal(40))
    found = Kaplan.fit(loss, N=N, bootstrap=60, seed=2)
    generator = np.random.default_rng(2)  # without a floor the fit is a linear regression of logarithms
    drawn = [generator.integers(0, 40, 40) for _ in range(60)]
    slopes = [np.polyfit(np.log(N[rows]), np.log(loss[rows]), 1)[0] for rows in drawn]
    assert found.samples["alpha"] == pytest.approx(np.negative(slopes), rel=1e-6)
    assert found.errors()["alpha"] == pytest.approx(np.std(slopes, ddof=1), rel=1e-6)
    with pytest.raises(ParameterError, match="bootstrap"):
        Kaplan.fit(loss, N=N).errors()


@pytest.mark.parametrize("given", [{}, {"S": [1, 2]}, {"D": [1, 2], "C": [1, 2]}, {"N": [1, 2], "B": [1, 2]}])
def test_quantities_that_no_law_has(given: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match="no law has these"):
        Kaplan.fit([3, 2], **given)


def test_fits_of_noisy_data_cover_the_truth() -> None:
    N, S = (each.ravel() for each in np.meshgrid(10.0 ** np.linspace(5, 10, 8), 10.0 ** np.linspace(3, 6, 8)))
    noise = np.exp(0.003 * np.random.default_rng(5).standard_normal(N.shape))
    found = StepsLaw.fit(N, S, kaplan.steps(N, S) * noise, bootstrap=30, seed=1)
    again = StepsLaw.fit(N, S, kaplan.steps(N, S) * noise, bootstrap=30, seed=1)
    assert found.objective == pytest.approx(float(np.sum(found.residuals**2)))
    assert np.sqrt(np.mean(found.residuals**2)) == pytest.approx(0.003, rel=0.2)
    low, high = found.interval(0.98)["alpha_S"]
    assert low < 0.76 < high
    assert again.interval() == found.interval()
    assert found.law.alpha_N == pytest.approx(0.077, rel=0.05)
    assert found.law.alpha_N != pytest.approx(0.085, rel=0.05)


@pytest.mark.parametrize(
    ("N", "D", "L", "match"),
    [
        ([1e6, 1e7], [1e9, 1e9], [3, 2], "4 constants"),
        ([1e6, 1e7, 1e8], [1e9, 1e9], [3, 2, 1], "one length"),
        ([1e6] * 5, [1e6, 1e7, 1e8, 1e9, 1e10], [5, 4, 3, 2, 1], "same value"),
        ([1e6, 1e7], [1e9, 1e10], [3, -2], "positive"),
        (1e6, 1e9, 3, "one length"),
    ],
)
def test_data_that_determine_nothing(N: Any, D: Any, L: Any, match: str) -> None:
    with pytest.raises(ParameterError, match=match):
        JointLaw.fit(N, D, L)


# -- what is refused -------------------------------------------------------------------------------------------------


def test_arguments_choose_the_law() -> None:
    assert kaplan(N="1e9") == kaplan.L_N(1e9)
    assert kaplan(N=1e9, S=1e5) == kaplan.L_NS(1e9, 1e5)
    assert kaplan(N=1e9, S=1e5, B=2**19) == kaplan.L_NS(1e9, 1e5, 2**19)
    assert kaplan(N=1e9, C=1) == kaplan.L_NC(1e9, 1)
    bad: tuple[dict[str, float], ...] = (
        {},
        {"S": 1.0},
        {"D": 1.0, "C": 1.0},
        {"N": 1.0, "D": 1.0, "C": 1.0},
        {"B": 1.0},
    )
    for arguments in bad:
        with pytest.raises(ParameterError, match="no law has these"):
            kaplan(**arguments)


def test_arrays() -> None:
    grid = kaplan(N=np.array([[1e6], [1e9]]), D=[1e8, 1e9, 1e10])
    assert grid.shape == (2, 3)
    assert grid[1, 2] == kaplan(N=1e9, D=1e10)
    assert type(kaplan(N=10**9)) is float
    assert kaplan(N=np.array([], dtype=float)).shape == (0,)
    assert kaplan(N=range(1, 4)).shape == (3,)
    assert kaplan.optimum([1.0, 2.0]).N.shape == (2,)
    assert kaplan.frontier.stop_ratio([0.1, 0.2], 0.02).C.shape == (2,)
    with pytest.raises(ParameterError, match="shape"):
        kaplan(N=[1e6, 1e7], D=[1e8, 1e9, 1e10])


@pytest.mark.parametrize(
    "value", [0, -1, math.nan, math.inf, -math.inf, "x", None, True, 1j, [[1.0]], [1.0, -1.0], 1e-320]
)
def test_quantities_outside_the_domain(value: Any) -> None:
    calls: tuple[Any, ...] = (
        kaplan.L_N,
        kaplan.L_D,
        kaplan.L_C,
        kaplan.optimum,
        kaplan.critical_batch,
        kaplan.batch.inverse,
        kaplan.inverse,
        kaplan.data_for,
        kaplan.frontier.excess_compute,
        lambda x: kaplan.L_NC(1e9, x),
        lambda x: kaplan.L_NS(1e9, x, 1e5),
        lambda x: kaplan.early_stop_step(1e9, x),
        lambda x: kaplan.overfitting(x, 1e9),
        lambda x: kaplan.frontier.stop_ratio(0.1, x),
        lambda x: kaplan.joint.data_law(x),
        lambda x: kaplan.S_min(1e4, x, 3.0),
        lambda x: kaplan.allocate(x, "joint"),
        lambda x: kaplan.allocate(x, "fitted"),
        lambda x: JointLaw(N_c=x, alpha_N=1, D_c=1, alpha_D=1),
        lambda x: CriticalBatch(B_star=1, alpha_B=x),
        lambda x: Power(x0=1, alpha=x),
        lambda x: Power(x0=1, alpha=1, L_inf=-1 if x == 0 else x),
    )
    for call in calls:
        with pytest.raises(ParameterError):
            call(value)


def test_infinite_quantities_where_they_have_a_limit() -> None:
    assert kaplan(N=math.inf, D=1e10) == pytest.approx((kaplan.joint.D_c / 1e10) ** 0.103)
    assert kaplan(N=1e9, S=math.inf) == pytest.approx(kaplan.steps.size(1e9))
    for call in (kaplan.L_ND, kaplan.L_NS):
        with pytest.raises(ParameterError, match="no floor"):
            call(math.inf, math.inf)


def test_what_is_out_of_reach() -> None:
    least = (1 + kaplan.frontier.excess_at_optimum) ** (-1 / kaplan.steps.alpha_N)
    assert kaplan.frontier.excess_steps(least * 1.001) > 1e2
    with pytest.raises(ParameterError, match=f"use r > {least:.6g}"):
        kaplan.frontier.excess_compute(least * 0.999)
    with pytest.raises(ParameterError, match="out of reach"):
        kaplan.inverse(2.0, "D", N=1e9)
    with pytest.raises(ParameterError, match="out of reach"):
        kaplan.inverse(2.0, "S", N=1e9)
    with pytest.raises(ParameterError, match="out of reach"):
        kaplan.steps.inverse(0.001, S=1e5)
    with pytest.raises(ParameterError, match="give one"):
        kaplan.joint.inverse(2.0)
    with pytest.raises(ParameterError, match="give one"):
        kaplan.steps.inverse(2.0, N=1, S=1)
    with pytest.raises(ParameterError, match="no law gives it"):
        kaplan.inverse(2.0, "S")
    with pytest.raises(ParameterError, match="no such allocation"):
        kaplan.allocate(1.0, "chinchilla")
    with pytest.raises(ParameterError, match="own constants"):
        replace(kaplan, joint=kaplan.steps)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="positive constant"):
        FittedAllocation(N_e=1, p_N=0, B_e=1, p_B=1, S_e=1, p_S=1, D_e=1, p_D=1)


def test_results_outside_double_precision_are_refused() -> None:
    with pytest.raises(ParameterError, match="range of double precision"):
        Power(x0=1e300, alpha=3)(1e-300)
    with pytest.raises(ParameterError, match="range of double precision"):
        Power(x0=1e-300, alpha=3)(1e300)
    tiny, huge = 1e-300, 1e300
    for N, S, B in ((huge, tiny, tiny), (tiny, huge, tiny), (tiny, tiny, huge), (huge, huge, huge)):
        for arguments in ({"N": N, "S": S, "B": B}, {"N": N, "C": S}, {"N": N, "D": B}):
            try:
                assert 0 < kaplan(**arguments) < math.inf
            except ParameterError:
                continue
    for a in (1e-9, 1e-4, 1e9):
        try:
            found = frontier(a, 2 * a, a)
        except ParameterError:
            continue
        assert all(math.isfinite(k) for k, _ in found.values())
    with pytest.raises(ParameterError):
        JointLaw(N_c=1, alpha_N=1e-300, D_c=1, alpha_D=1e9).optimum(1e200)


@settings(deadline=None)
@given(objects(), objects())
def test_anything_is_a_number_or_a_parameter_error(one: object, other: object) -> None:
    calls: tuple[Any, ...] = (
        lambda: kaplan(N=one, D=other),
        lambda: kaplan(N=one, S=other),
        lambda: kaplan(N=one, C=other),
        lambda: kaplan(N=one, S=other, B=other),
        lambda: kaplan.optimum(one),
        lambda: kaplan.allocate(one, "joint").L,
        lambda: kaplan.inverse(one),
        lambda: kaplan.inverse(one, "D", N=other),
        lambda: kaplan.early_stop_step(one, other),
        lambda: kaplan.frontier.excess_compute(one),
        lambda: kaplan.frontier.stop_ratio(one, other),
        lambda: kaplan.E_min(one, other, 2.0),
        lambda: kaplan.data_for(one, other),
        lambda: JointLaw(N_c=one, alpha_N=other, D_c=1, alpha_D=1).optimum(1e20),  # type: ignore[arg-type]
        lambda: Frontier(
            StepsLaw(N_c=1, alpha_N=one, S_c=1, alpha_S=other),  # type: ignore[arg-type]
            kaplan.batch,
        ).optimum(1.0),
    )
    for call in calls:
        try:
            found = call()
        except ParameterError:
            continue
        for value in found if isinstance(found, tuple) else (found,):
            if value is not None and not isinstance(value, str):
                assert np.isfinite(value).all()


def test_symbols_and_optimisers_are_loaded_when_asked_for() -> None:
    code = (
        "import sys; import scalesym.laws.kaplan as k; k.Kaplan.from_paper().optimum(1); print('sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# -- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [*laws_kaplan.CLAIMS, *laws_kaplan_frontier.CLAIMS], ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
