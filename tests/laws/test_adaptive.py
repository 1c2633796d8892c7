"""Adaptive training: transitions against closed forms and root finders, schedules against brute force and quadrature."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import objects, powers_of_ten

from scalesym.claims import laws_adaptive
from scalesym.errors import ParameterError
from scalesym.laws._crossings import crossings
from scalesym.laws._schedules import planned
from scalesym.laws.adaptive import Adaptive
from scalesym.laws.chinchilla import Chinchilla
from scalesym.laws.henighan import Henighan
from scalesym.laws.kaplan import Kaplan
from scalesym.laws.published import published
from scalesym.laws.shape import ShapeLaw
from scalesym.laws.vit import ViT
from scalesym.ledger import Claim

A, B, C = ShapeLaw(1, "1/2", "0.30"), ShapeLaw(2, "1/2", "0.10"), ShapeLaw(6, "1/2", 0)
LAW = Adaptive({"A": A, "B": B, "C": C})
AB, BC = 0.6404828767838631, 0.19258540667467663

TWICE = Adaptive(
    {"P": ShapeLaw(1, 1, 0), "Q": ShapeLaw(1, "1/2", "-1/5")}
)  # P is best between two errors, Q on both sides


@st.composite
def shapes(draw: st.DrawFn, shifted: bool = False) -> ShapeLaw:
    exponent = draw(st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(2, 3), Fraction(1)]))
    floor = draw(st.sampled_from([Fraction(0), Fraction(1, 10)]) | st.fractions(0, Fraction(1, 2), max_denominator=20))
    shift = draw(powers_of_ten(-3, 0)) if shifted and draw(st.booleans()) else 0
    return ShapeLaw(draw(st.fractions(Fraction(1, 4), 8, max_denominator=8)), exponent, floor, shift)


@st.composite
def families(draw: st.DrawFn, most: int = 4, shifted: bool = False) -> Adaptive:
    laws = draw(st.lists(shapes(shifted), min_size=1, max_size=most))
    return Adaptive({f"S{n}": law for n, law in enumerate(laws)})


def log_cost(law: ShapeLaw, error: float) -> float:
    b = float(law.exponent)
    return -math.log(law.scale * b) - (1 / b + 1) * math.log((error - float(law.floor)) / float(law.scale))


# -- the test values ---------------------------------------------------------------------------------------------------


def test_transitions() -> None:
    first, second = LAW.transitions(1.0, 0.15)
    assert math.isclose(first.error, AB, rel_tol=1e-14)
    assert math.isclose(second.error, BC, rel_tol=1e-14)
    assert [(each.before, each.after, each.kind) for each in (first, second)] == [
        ("A", "B", "equal exponents"),
        ("B", "C", "equal exponents"),
    ]
    assert [each.error for each in LAW.transitions()] == [first.error, second.error]


def test_a_transition_is_not_where_the_laws_cross() -> None:
    """``A`` and ``B`` have the same error 0.5 at the same compute 25, which is below the transition."""
    assert A(25) == B(25) == 0.5
    assert A.marginal_cost(0.5) != B.marginal_cost(0.5)
    assert math.isclose(A.marginal_cost(AB), B.marginal_cost(AB), rel_tol=1e-12)


def test_equal_floors() -> None:
    (found,) = crossings(ShapeLaw(1, "0.6"), ShapeLaw(3, "0.3"))
    assert math.isclose(found.error, 13.6414494986, abs_tol=5e-7)
    assert f"{found.error:.10f}" == "13.6414490986"  # not …4986, as it was handed down: two digits are wrong
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 40
    b1, b2 = mp.mpf(6) / 10, mp.mpf(3) / 10
    exact = (b1 / b2 * mp.mpf(3) ** (1 / b2)) ** (1 / (1 / b2 - 1 / b1))
    assert math.isclose(found.error, exact, rel_tol=1e-14)


def test_the_rule_is_the_largest_derivative_of_the_inverse() -> None:
    """It is negative; the smallest would be the most expensive shape."""
    for error in (0.9, 0.5, 0.35, 0.15):
        derivatives = {n: -law.marginal_cost(error) for n, law in LAW.shapes.items() if error > law.floor}
        assert LAW.best(error) == max(derivatives, key=lambda n: derivatives[n])
        assert LAW.marginal_cost(error) == -max(derivatives.values())
    assert [LAW.best(error) for error in (0.9, 0.5, 0.15)] == ["A", "B", "C"]


def test_shifts_do_not_matter() -> None:
    moved = Adaptive({n: ShapeLaw(law.scale, law.exponent, law.floor, "1/100") for n, law in LAW.shapes.items()})
    assert [t.error for t in moved.transitions(1.0, 0.15)] == [t.error for t in LAW.transitions(1.0, 0.15)]
    assert moved.total_compute(1.0, 0.15) == LAW.total_compute(1.0, 0.15)


def test_closed_forms_are_derived() -> None:
    import sympy as sp

    a1, a2, b1, b2, b = sp.symbols("a_1 a_2 b_1 b_2 b", positive=True)
    c1, c2, c, E = *sp.symbols("c_1 c_2 c", real=True), sp.Symbol("E")
    rho = (a1 / a2) ** (1 / (1 + b))
    assert sp.simplify(Adaptive.transition_formula("equal exponents").rhs - (c1 - rho * c2) / (1 - rho)) == 0
    formula = Adaptive.transition_formula("equal floors").rhs
    typed = c + (b1 / b2 * a2 ** (1 / b2) * a1 ** (-1 / b1)) ** (1 / (1 / b2 - 1 / b1))
    ratio = sp.expand_log(sp.log(formula - c) - sp.log(typed - c), force=True)
    assert sp.simplify(ratio) == 0
    cost = ShapeLaw(1, 1).marginal_cost_formula.rhs
    names = {s.name: s for s in cost.free_symbols}
    at = {names["E"]: E}
    one, other = (cost.subs(at).subs({names["a"]: x, names["b"]: y, names["c"]: c}) for x, y in ((a1, b1), (a2, b2)))
    numbers = {a1: 1, a2: 3, b1: sp.Rational(3, 5), b2: sp.Rational(3, 10), c: sp.Rational(1, 7)}
    assert abs(sp.N((one / other).subs(E, formula).subs(numbers), 30) - 1) < 1e-25
    with pytest.raises(ParameterError, match="no closed form"):
        Adaptive.transition_formula("general")


def test_nothing_was_published() -> None:
    assert Adaptive.papers() == ()
    assert published("adaptive")["sets"] == {}
    with pytest.raises(ParameterError, match="no table of constants"):
        Adaptive.from_paper("anagnostidis2023")


# -- crossings ---------------------------------------------------------------------------------------------------------


@given(shapes(), shapes())
@example(ShapeLaw(1, 1, 0), ShapeLaw(1, "1/2", "-1/5"))
@example(ShapeLaw(1, 1, "1/10"), ShapeLaw("1.0000001", 1, 0))
def test_crossings_are_all_the_sign_changes(one: ShapeLaw, other: ShapeLaw) -> None:
    found = crossings(one, other)
    assert len(found) <= 2
    top = float(max(one.floor, other.floor))
    gaps = np.exp(np.linspace(-25, 25, 6001))

    def difference(gap: object) -> object:
        out = 0.0
        for sign, law in ((1, one), (-1, other)):
            b = float(law.exponent)
            rise = float(max(Fraction(one.floor), Fraction(other.floor)) - Fraction(law.floor))
            out = out + sign * (math.log(law.scale) / b - math.log(b) - (1 + 1 / b) * np.log(gap + rise))  # type: ignore[operator]
        return out

    h = difference(gaps)
    sure = abs(h) > 1e-9  # type: ignore[arg-type]
    signs = np.sign(h[sure])  # type: ignore[index]
    inside = [each for each in found if gaps[0] < each.gap < gaps[-1]]
    changes = int(np.sum(signs[1:] != signs[:-1]))
    assert changes == len(inside) or abs(min(abs(h))) < 1e-6  # type: ignore[call-overload]
    for each in found:
        assert each.radius < 1e-10
        assert math.isclose(each.error, top + each.gap)
        before, after = difference(each.gap * (1 - 1e-4)), difference(each.gap * (1 + 1e-4))
        assert before * after < 0 or abs(before) < 1e-9  # type: ignore[operator, arg-type]
    assert [each.error for each in crossings(other, one)] == pytest.approx([each.error for each in found], rel=1e-12)


def test_two_crossings_are_found_by_the_stationary_point() -> None:
    upper, lower = crossings(*TWICE.shapes.values())
    P, Q = TWICE.shapes.values()
    for each in (upper, lower):
        assert math.isclose(P.marginal_cost(each.error), Q.marginal_cost(each.error), rel_tol=1e-12)
        assert each.kind == "general"
    stationary = (2 * float(Q.floor) - 3 * 0) / (2 - 3)
    assert lower.error < stationary < upper.error


@pytest.mark.parametrize(("factor", "count"), [(1 + 1e-9, 2), (1 - 1e-9, 0)])
def test_laws_that_nearly_touch(factor: float, count: int) -> None:
    """``ln g_P − ln g_Q = −2 ln a + ln ½ − 2 ln E + 3 ln(E + 1/5)``, stationary at E = 2/5: two roots if that is negative there."""
    scale = math.exp((math.log(0.5) - 2 * math.log(0.4) + 3 * math.log(0.6)) / 2) * factor
    found = crossings(ShapeLaw(1, 1, 0), ShapeLaw(scale, "1/2", "-1/5"))
    assert len(found) == count
    assert all(math.isclose(each.error, 0.4, rel_tol=1e-3) and each.radius < 1e-6 for each in found)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (A, A, 0),
        (A, ShapeLaw(1, "1/2", "0.30", 5), 0),
        (A, ShapeLaw(2, "1/2", "0.30"), 0),
        (ShapeLaw(1, "1/2", 0), ShapeLaw(1, "1/2", "1/10"), 0),
        (ShapeLaw(2, "1/2", "1/10"), ShapeLaw(1, "1/2", 0), 0),
        (ShapeLaw(1, "1/2", "1/10"), ShapeLaw(2, "1/2", 0), 1),
        (ShapeLaw(1, "1/2", 0), ShapeLaw(1, "1/3", 0), 1),
    ],
)
def test_how_many_crossings_there_are(one: ShapeLaw, other: ShapeLaw, count: int) -> None:
    assert len(crossings(one, other)) == len(crossings(other, one)) == count


# -- schedules ---------------------------------------------------------------------------------------------------------


def test_the_schedule() -> None:
    legs = LAW.schedule(1.0, 0.15)
    assert [leg.shape for leg in legs] == ["A", "B", "C"]
    assert (legs[0].high, legs[-1].low) == (1.0, 0.15)
    for one, other in pairwise(legs):
        assert one.low == other.high
    for leg in legs:
        law = LAW.shapes[leg.shape]
        assert math.isclose(leg.compute, law.inverse(leg.low) - law.inverse(leg.high), rel_tol=1e-12)
    total = LAW.total_compute(1.0, 0.15)
    assert math.isclose(total, sum(leg.compute for leg in legs))
    static = LAW.static_compute(1.0, 0.15)
    assert static["A"] == math.inf
    assert math.isclose(LAW.saving(1.0, 0.15), 1 - total / min(static.values()))
    assert 0 < LAW.saving(1.0, 0.15) < 0.6


@settings(max_examples=40)
@given(families(shifted=True), st.floats(0.05, 0.95), powers_of_ten(-2, 0.5))
def test_the_total_is_the_integral_of_the_least_marginal_cost(family: Adaptive, part: float, rise: float) -> None:
    from scipy.integrate import quad

    start = family.floor + rise
    target = family.floor + part * rise
    try:
        legs = family.schedule(start, target)
    except ParameterError:
        assert any(
            not any(law.floor < e <= law.ceiling for law in family.shapes.values())
            for e in np.linspace(target, start, 999)
        )
        return
    total = family.total_compute(start, target)
    cuts = [leg.low for leg in legs[:-1]] + [float(law.floor) for law in family.shapes.values()]
    cuts = sorted({target, start, *(cut for cut in cuts if target < cut < start)})
    parts = [quad(family.marginal_cost, low, high, epsabs=0, epsrel=1e-8, limit=200)[0] for low, high in pairwise(cuts)]
    assert math.isclose(total, sum(parts), rel_tol=1e-6)
    assert total <= min(family.static_compute(start, target).values()) * (1 + 1e-12)
    for one, other in pairwise(legs):
        assert one.low == other.high
        assert one.shape != other.shape


def brute_force(family: Adaptive, start: float, target: float, cost: float, ordered: bool, extra: int = 0) -> float:
    """The best of all assignments of shapes to cells between the crossings (and more cuts)."""
    laws = list(family.shapes.values())
    cuts = {e.error for i, one in enumerate(laws) for other in laws[i + 1 :] for e in crossings(one, other)}
    cuts |= (
        {law.ceiling for law in laws} | {float(law.floor) for law in laws} | set(np.linspace(target, start, extra + 2))
    )
    edges = [start, *sorted((cut for cut in cuts if target < cut < start), reverse=True), target]
    best = math.inf
    for plan in product(range(len(laws)), repeat=len(edges) - 1):
        if ordered and any(two < one for one, two in pairwise(plan)):
            continue
        if any(
            not (laws[k].floor < low and high <= laws[k].ceiling)
            for k, (high, low) in zip(plan, pairwise(edges), strict=True)
        ):
            continue
        spent = sum(
            laws[k].inverse(low) - laws[k].inverse(high) for k, (high, low) in zip(plan, pairwise(edges), strict=True)
        )
        best = min(best, spent + cost * sum(one != two for one, two in pairwise(plan)))
    return best


@settings(max_examples=40, deadline=None)
@given(
    families(most=3, shifted=True),
    st.floats(0.2, 0.9),
    powers_of_ten(-1, 0.5),
    st.sampled_from([0.0, 0.1, 1.0, 10.0]),
    st.booleans(),
)
@example(LAW, 0.15, 1.0, 100.0, False)
@example(LAW, 0.15, 1.0, 10.0, True)
@example(TWICE, 0.13, 2.0, 0.0, True)
@example(TWICE, 0.13, 2.0, 0.01, False)
def test_dynamic_programming_against_brute_force(
    family: Adaptive, part: float, rise: float, cost: float, ordered: bool
) -> None:
    start, target = family.floor + rise, family.floor + part * rise
    best = brute_force(family, start, target, cost, ordered, extra=2)
    if best == math.inf:
        with pytest.raises(ParameterError):
            family.schedule(start, target, cost, ordered)
        return
    assert math.isclose(family.total_compute(start, target, cost, ordered), best, rel_tol=1e-9)


@given(families(), st.floats(0.1, 0.9), powers_of_ten(-1, 1))
def test_dynamic_programming_without_a_cost_is_the_rule(family: Adaptive, part: float, rise: float) -> None:
    start, target = family.floor + rise, family.floor + part * rise
    plan = planned(family.shapes, start, target, 0.0, False)
    total = math.fsum(family.shapes[name].compute_between(top, end) for name, top, end in plan)
    assert math.isclose(total, family.total_compute(start, target), rel_tol=1e-11)


def test_a_switch_that_costs_too_much_is_not_made() -> None:
    runs = {k: LAW.schedule(1.0, 0.15, k) for k in (0, 1, 100, 10**4)}
    assert [[leg.shape for leg in legs] for legs in runs.values()] == [
        ["A", "B", "C"],
        ["A", "B", "C"],
        ["B", "C"],
        ["C"],
    ]
    assert LAW.total_compute(1.0, 0.15, 10**4) == min(LAW.static_compute(1.0, 0.15).values())
    greedy = LAW.total_compute(1.0, 0.15) + 2 * 100
    assert LAW.total_compute(1.0, 0.15, 100) < greedy
    totals = [LAW.total_compute(1.0, 0.15, k) for k in (0, 1, 10, 100, 1000)]
    assert totals == sorted(totals)
    with pytest.raises(ParameterError, match="gives no compute back"):
        LAW.schedule(1.0, 0.15, -1)


def test_a_shape_is_used_twice_unless_the_order_forbids_it() -> None:
    upper, lower = crossings(*TWICE.shapes.values())
    start, target = 2 * upper.error, lower.error / 2
    assert [leg.shape for leg in TWICE.schedule(start, target)] == ["Q", "P", "Q"]
    once = TWICE.schedule(start, target, ordered=True)
    assert len({leg.shape for leg in once}) == len(once) < 3
    assert TWICE.total_compute(start, target, ordered=True) > TWICE.total_compute(start, target)


def test_an_order_that_leads_nowhere() -> None:
    backwards = Adaptive({"C": C, "B": B, "A": A})
    assert [leg.shape for leg in backwards.schedule(1.0, 0.15, ordered=True)] == ["C"]
    late = Adaptive({"low": ShapeLaw(1, 1, 0, 2), "high": ShapeLaw(1, 1, "0.3")})  # "low" begins at 1/2
    assert [leg.shape for leg in late.schedule(1.0, 0.2)] == ["high", "low"]
    with pytest.raises(ParameterError, match="no sequence"):
        late.schedule(1.0, 0.2, ordered=True)


def test_dominated_and_identical_shapes() -> None:
    family = Adaptive({"worse": ShapeLaw(2, "1/2", 0), "good": ShapeLaw(1, "1/2", 0), "same": ShapeLaw(1, "1/2", 0)})
    (leg,) = family.schedule(1.0, 0.1)
    assert leg.shape == "good"
    assert family.transitions() == ()
    assert family.best(0.5) == "good"
    assert family.saving(1.0, 0.1) == 0


def test_a_tie_is_no_reason_to_switch() -> None:
    """The two laws differ in the shift only: the first named begins at 1, but the run stays with the other."""
    family = Adaptive({"late": ShapeLaw(1, 1, 0, 1), "early": ShapeLaw(1, 1, 0)})
    (leg,) = family.schedule(2.0, 0.1)
    assert leg.shape == "early"


def test_a_law_begins_at_its_ceiling() -> None:
    family = Adaptive({"early": ShapeLaw(1, 1, 0), "late": ShapeLaw("1/4", 1, 0, "1/2")})  # begins at 1/2, cheaper
    (change,) = family.transitions(1.0, 0.1)
    assert (change.error, change.kind, change.before, change.after) == (0.5, "ceiling", "early", "late")
    assert family.best(0.51) == "early"
    assert family.best(0.5) == "late"
    assert math.isclose(family.schedule(1.0, 0.1)[1].compute, ShapeLaw("1/4", 1, 0, "1/2").inverse(0.1))


def test_errors_that_no_run_has() -> None:
    gap = Adaptive({"high": ShapeLaw(1, 1, "1/2"), "low": ShapeLaw(1, 1, 0, 4)})  # from ½ and up to ¼
    for call in (
        lambda: gap.schedule(1.0, 0.1),
        lambda: gap.transitions(1.0, 0.1),
        lambda: gap(3.0, 1.0),
        lambda: gap.best(0.3),
    ):
        with pytest.raises(ParameterError, match="no shape has"):
            call()
    with pytest.raises(ParameterError, match="no shape has"):
        gap.transitions()  # as the docstring says, without a start too
    for start, target, message in [
        (1.0, 0, "least floor"),
        (1.0, -1, "least floor"),
        (0.1, 0.2, "lowers"),
        (0.2, 0.2, "lowers"),
    ]:
        with pytest.raises(ParameterError, match=message):
            LAW.schedule(start, target)
    shifted = Adaptive({"only": ShapeLaw(1, 1, 0, 1)})
    with pytest.raises(ParameterError, match="every law begins below"):
        shifted.schedule(2.0, 0.5)
    assert shifted.total_compute(1.0, 0.5) == 1
    two = Adaptive({"high": ShapeLaw(1, 1, "1/4"), "low": ShapeLaw(1, 1, 0, 2)})
    with pytest.raises(ParameterError, match="no single shape"):
        two.saving(1.0, 0.1)


@settings(max_examples=40)
@given(families(), powers_of_ten(-2, 1), powers_of_ten(-3, 4))
def test_the_error_after_some_compute(family: Adaptive, rise: float, compute: float) -> None:
    start = family.floor + rise
    error = family(compute, start)
    assert family.floor <= error < start or compute < 1e-9 * family.marginal_cost(start) * start
    assert family(0, start) == start
    if family.floor + 1e-6 < error < start * (1 - 1e-6):
        assert math.isclose(family.total_compute(start, error), compute, rel_tol=1e-5)
    both = family([compute, 2 * compute], start)
    assert both[0] == error >= both[1]


def test_the_run_beats_every_single_shape() -> None:
    spent = np.geomspace(0.1, 1e6, 30)
    run = LAW(spent, 1.0)
    for law in LAW.shapes.values():
        assert (run <= law(law.inverse(1.0) + spent) * (1 + 1e-12)).all()
    assert (np.diff(run) < 0).all()


# -- the rest ----------------------------------------------------------------------------------------------------------


@given(objects(), objects())
def test_hostile_inputs(one: object, other: object) -> None:
    calls = (LAW.best, LAW.marginal_cost, lambda x: LAW(x, 1.0), lambda x: LAW(1.0, x))
    for call in calls:
        try:
            call(one)
        except ParameterError:
            continue
    for method in (LAW.schedule, LAW.transitions, LAW.saving):
        try:
            method(one, other)
        except ParameterError:
            continue
    with suppress(ParameterError):
        LAW.schedule(1.0, 0.15, one)
    with suppress(ParameterError):
        Adaptive(one)  # type: ignore[arg-type]


@pytest.mark.parametrize("shapes", [{}, {"A": 1}, {1: A}, [A], None])
def test_shapes_are_named_laws(shapes: object) -> None:
    with pytest.raises(ParameterError):
        Adaptive(shapes)  # type: ignore[arg-type]


def test_shapes_cannot_be_changed_from_outside() -> None:
    given = {"A": A}
    family = Adaptive(given)
    given["B"] = B
    assert list(family.shapes) == ["A"]
    with pytest.raises(TypeError):
        family.shapes["B"] = B  # type: ignore[index]
    assert hash(family) == hash(Adaptive({"A": A}))
    assert pickle.loads(pickle.dumps(family)) == family


def test_the_formula_integrates_to_the_total() -> None:
    import sympy as sp

    formula = LAW.formula
    integrand = formula.rhs.function
    values = {
        f"{letter}_{k + 1}": x
        for k, law in enumerate(LAW.shapes.values())
        for letter, x in (("a", law.scale), ("b", law.exponent), ("c", law.floor))
    }
    at = {s: values[s.name] for s in integrand.free_symbols if s.name in values}
    E = next(s for s in integrand.free_symbols if s.name == "E")
    for error in (0.9, 0.5, 0.4):
        assert math.isclose(sp.N(integrand.subs(at).subs(E, error)), LAW.marginal_cost(error), rel_tol=1e-12)
    assert LAW.latex.startswith("C = ")


@pytest.mark.parametrize(
    ("law", "high", "low"),
    [
        (ShapeLaw("1e308", "0.5", 0, "1e308"), 2, 0.5),
        (ShapeLaw("0.5", "1e-300", "0.5", 1), 0.9, 0.7),
        (ShapeLaw(1, "1e-3"), 1e3, 1e-3),
    ],
)
def test_compute_that_leaves_double_precision(law: ShapeLaw, high: float, low: float) -> None:
    with pytest.raises(ParameterError, match="C = inf: the result leaves the range") as refusal:
        law.compute_between(high, low)
    assert "\n" not in str(refusal.value)


@given(st.fractions(Fraction(1, 200), 2, max_denominator=400), powers_of_ten(-3, 3), powers_of_ten(-9, 3))
@example(Fraction(1, 200), 1e3, 1e-9)
@example(Fraction(1, 200), 1e3, 1e3)
def test_the_compute_between_two_errors(exponent: Fraction, high: float, fall: float) -> None:
    import mpmath

    mp = mpmath.mp.clone()
    mp.dps = 60
    low = high / (1 + fall)
    power = mp.mpf(exponent.denominator) / exponent.numerator
    truth = mp.mpf(low) ** -power - mp.mpf(high) ** -power
    law = ShapeLaw(1, exponent)
    if truth > 1.7e308:
        with pytest.raises(ParameterError):
            law.compute_between(high, low)
    elif truth > 1e-300:
        rounding = 1e-15 * float(power) * (abs(math.log(low)) + 1)
        assert math.isclose(law.compute_between(high, low), truth, rel_tol=1e-12 + rounding + 4e-15 / fall)
    assert law.compute_between(high, high) == 0


def test_an_error_that_falls_faster_than_every_power_is_refused() -> None:
    """Its best scale is e^2037; in units of 1e16 it is a number."""
    C = np.geomspace(1e15, 1e17, 30)
    E = 0.1 + 0.8 * np.exp(-C / 1e16)
    for fit in (ShapeLaw.fit, ViT.fit, lambda C, E: Adaptive.fit({"only": (C, E)})):
        with pytest.raises(ParameterError, match=r"best scale, e\^20.. with exponent 50, leaves double precision"):
            fit(C, E)
        assert math.isfinite(max(fit(C / 1e16, E).parameters.values()))


@pytest.mark.parametrize("power", [-306, -300, 300, 306])
@pytest.mark.parametrize("shift", [0, 1])
def test_a_fit_at_the_ends_of_double_precision(power: int, shift: int) -> None:
    unit = 10.0**power
    C = np.geomspace(0.05, 20, 15)
    found = ShapeLaw.fit(C * unit, 0.1 + (C + shift) ** -0.5, bootstrap=1)
    assert math.isclose(found.parameters["scale"], unit**0.5, rel_tol=1e-6)
    assert math.isclose(found.parameters["shift"] / unit, shift, rel_tol=1e-6, abs_tol=1e-6)
    wide = np.geomspace(1e-300, 1e300, 12)
    assert math.isfinite(ShapeLaw.fit(wide, 0.1 + wide**-0.01).objective)


def test_a_fit_recovers_the_truth() -> None:
    truth = {"patch 8": ShapeLaw(2, 0.5, 0.1, 1), "patch 16": ShapeLaw(1, 0.4, 0.3, 0.2)}
    C = np.geomspace(0.1, 1e4, 25)
    found = Adaptive.fit({name: (C, law(C)) for name, law in truth.items()}, bootstrap=2)
    assert found.success
    for name, law in truth.items():
        for key in ("scale", "exponent", "floor", "shift"):
            assert math.isclose(found.parameters[f"{name}.{key}"], float(getattr(law, key)), rel_tol=1e-6)
    exact = Adaptive(truth).transitions(1.0, 0.15)
    assert [t.error for t in found.law.transitions(1.0, 0.15)] == pytest.approx([t.error for t in exact], rel=1e-6)
    assert set(found.samples) == set(found.parameters)
    for data in ({}, {"A": C}, {"A": (C, C, C)}, [C, C]):
        with pytest.raises(ParameterError):
            Adaptive.fit(data)  # type: ignore[arg-type]


# -- frontiers -----------------------------------------------------------------------------------------------------


def test_a_frontier_is_a_shape() -> None:
    C = np.geomspace(1e18, 1e26, 9)
    chinchilla = Chinchilla.from_paper("hoffmann_rounded")
    shape = ShapeLaw.of_frontier(chinchilla)
    assert np.allclose(shape(C), chinchilla.optimum(C).loss, rtol=1e-14)
    assert (shape.exponent, shape.floor, shape.shift) == (Fraction(119, 775), Fraction("1.69"), 0)
    kaplan, henighan = Kaplan.from_paper(), Henighan.from_paper("image-16x16")
    assert henighan.compute is not None
    for law in (kaplan.compute, kaplan.frontier.law, henighan.compute):
        assert np.allclose(ShapeLaw.of_frontier(law)([1e-3, 1, 1e3]), law([1e-3, 1, 1e3]), rtol=1e-13)
    other = ShapeLaw.of_frontier(Chinchilla.from_paper("besiroglu2024"))
    run = Adaptive({"hoffmann": shape, "besiroglu": other})
    assert run.total_compute(3, 2.2) <= min(run.static_compute(3, 2.2).values())
    with pytest.raises(ParameterError, match="no frontier"):
        ShapeLaw.of_frontier(kaplan)  # type: ignore[arg-type]


# -- the ledger ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", laws_adaptive.CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_holds_on_figures(claim: Claim, demonstrate: Callable[[Claim], None]) -> None:
    demonstrate(claim)
