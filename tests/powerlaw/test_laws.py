"""Laws solved exactly, against a search of the exponent's graph, real sums at astronomic budgets, and answers by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mpmath import MPContext
from scipy.optimize import minimize_scalar
from strategies import laws

from scalesym.errors import ParameterError
from scalesym.powerlaw import Budget, Law, Log, Optimum, Stage, Term

F = Fraction
POSITIVE = st.fractions(F(1, 10), 3, max_denominator=12)


# -- another road: the graph of the largest exponent -------------------------------------------------------------------


def log_time(law: Law, x: Fraction) -> Fraction:
    """``log_f r`` at ``d = f^x``."""
    return (1 - law.budget.size * x) / F(law.budget.time)


def height(law: Law, term: Term, x: Fraction) -> Fraction:
    """The power of ``f`` in a term at ``d = f^x``."""
    return -term.time * log_time(law, x) - term.size * x


def allowed(law: Law, x: Fraction) -> list[Term]:
    """The terms whose range of times holds ``r`` at ``d = f^x``."""
    r = log_time(law, x)
    return [
        term
        for term in law.terms
        if not (term.after is not None and r < term.after * x) and not (term.until is not None and r > term.until * x)
    ]


def kinks(law: Law) -> list[Fraction]:
    """Where the graph may turn or jump, from 0 to the largest ``x``."""
    w, u = F(law.budget.size), F(law.budget.time)
    high = 1 / (w + u * law.start)
    found = {F(0), high}
    for end in (end for term in law.terms for end in (term.after, term.until) if end is not None):
        if w + u * end > 0:
            found.add(1 / (w + u * end))
    for one, other in combinations(law.terms, 2):
        at_0, at_1 = (height(law, one, F(x)) - height(law, other, F(x)) for x in (0, 1))
        if at_0 != at_1:
            found.add(at_0 / (at_0 - at_1))
    return sorted(x for x in found if 0 <= x <= high)


def graph(law: Law) -> list[tuple[Fraction, Fraction, Fraction, Fraction]]:
    """The straight pieces ``(left, right, height just after left, height just before right)`` of the largest exponent."""
    pieces = []
    for left, right in pairwise(kinks(law)):
        third = (right - left) / 3
        low, high = (max(height(law, term, x) for term in allowed(law, x)) for x in (left + third, right - third))
        pieces.append((left, right, 2 * low - high, 2 * high - low))
    return pieces


def least(law: Law) -> tuple[Fraction, set[Fraction]]:
    """The infimum of the largest exponent, and the kinks at which it is reached or approached."""
    sides = [side for left, right, low, high in graph(law) for side in ((left, low), (right, high))]
    value = min(value for _, value in sides)
    return value, {x for x, reached in sides if reached == value}


def is_certified(law: Law, best: Optimum) -> bool:
    """Whether the weights prove that nothing is below ``-η``: they average lines to one that nowhere passes below."""
    total = sum(best.weights.values())
    at_0, at_1 = (sum(weight * height(law, law[name], F(x)) for name, weight in best.weights.items()) for x in (0, 1))
    ends = (F(0), 1 / (law.budget.size + law.budget.time * law.start))
    below = [at_0 + (at_1 - at_0) * x for x in ends]
    return total == 1 and min(best.weights.values()) >= 0 and min(below) == -best.eta


@given(laws())
@example(Law((Term("flat", 1, 1), Term("low", 2, 2), Term("up", 2, 0), Term("down", 0, 2))))
@example(Law((Term("one", 1, 0), Term("same", 1, 0), Term("down", 0, 1))))
@settings(max_examples=70)
def test_optimum_against_the_graph(law: Law) -> None:
    best = law.optimum()
    value, where = least(law)
    assert -best.eta == value
    assert best.interval == (min(where), max(where))
    assert is_certified(law, best)
    if not best.at_end and best.interval[0] == best.interval[1]:
        assert len(best.tradeoff) == 2
        assert sum(weight * law.slope(law[name]) for name, weight in best.weights.items()) == 0
        up, down = (law[name] for name in best.tradeoff)
        assert law.slope(up) > 0 > law.slope(down)
        assert height(law, up, best.xi) == height(law, down, best.xi) == value
    if best.at_end:
        assert best.xi in (kinks(law)[0], kinks(law)[-1])


@given(laws())
@example(Law((Term("flat", 1, 1), Term("low", 2, 2), Term("up", 2, 0), Term("down", 0, 2))))
@example(Law((Term("flat", 1, 1), Term("low", 2, 2), Term("up", 3, 0), Term("down", 0, 3))))
@example(Law((Term("flat", 1, 1), Term("again", 1, 1))))
@settings(max_examples=70)
def test_where_the_largest_is_flat_what_is_left_decides(law: Law) -> None:
    """The terms in decreasing order are least, one after the other, at ``ξ``; at more than one point if nothing is left."""
    best = law.optimum()
    profile = {x: sorted((height(law, term, x) for term in law.terms), reverse=True) for x in kinks(law)}
    lowest = min(profile.values())
    places = [x for x, found in profile.items() if found == lowest]
    assert ([best.xi] if best.xi is not None else []) == (places if len(places) == 1 else [])


@given(laws(ranges=True))
@example(Law((Term("a", 1, 0, until=1), Term("b", 2, -1, after=1), Term("c", 0, 1))))
@example(Law((Term("a", 0, 0), Term("b", -3, 0, after=2, until=3))))
@settings(max_examples=70)
def test_optimum_with_ranges_is_the_infimum_of_the_graph(law: Law) -> None:
    """Just beside the end of a range, the terms in force there alone count: it is approached, if not attained."""
    best = law.optimum()
    value, where = least(law)
    assert -best.eta == value
    assert best.interval[0] in where
    assert best.interval[1] in where
    if best.xi is not None:
        assert best.interval[0] <= best.xi <= best.interval[1]
    assert sum(best.weights.values()) == 1
    assert min(best.weights.values()) >= 0


@given(laws(most=4), st.data())
@settings(max_examples=50)
def test_a_slower_term_that_decides_costs_and_one_that_does_not_is_free(law: Law, data: st.DataObject) -> None:
    best = law.optimum()
    assume(best.interval[0] == best.interval[1] and len(best.weights) == 2)
    chosen = data.draw(st.sampled_from(law.terms))
    tied = [term.name for term in law.terms if height(law, term, best.xi) == -best.eta]

    def changed(**exponents: Fraction) -> Law:
        return replace(law, terms=tuple(replace(t, **exponents) if t is chosen else t for t in law.terms))

    if chosen.name not in tied:
        assert law.without(chosen.name).optimum() == best
        return
    slower = changed(time=chosen.time - F(1, 100))
    assert (slower.optimum().eta < best.eta) == (log_time(law, best.xi) > 0)
    assert (changed(size=chosen.size - F(1, 100)).optimum().eta < best.eta) == (best.xi > 0)
    if len(tied) == 2 and best.xi not in (kinks(law)[0], kinks(law)[-1]):
        assert law.without(chosen.name).optimum().eta > best.eta


# -- known answers -----------------------------------------------------------------------------------------------------


@given(POSITIVE, POSITIVE)
def test_chinchilla(a: Fraction, b: Fraction) -> None:
    """``A/N^a + B/D^b`` with ``C = 6 N D``."""
    best = Law((Term("size", 0, a), Term("data", b, 0)), Budget(constant=6)).optimum()
    assert (best.xi, best.eta) == (b / (a + b), a * b / (a + b))
    assert best.weights == {"size": b / (a + b), "data": a / (a + b)}
    assert best.tradeoff == ("data", "size")
    assert not best.at_end
    assert best.scales == ()


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
@settings(max_examples=50)
def test_another_budget(a: Fraction, b: Fraction, u: Fraction, w: Fraction) -> None:
    """``f = r^u d^w``: from ``b log r = a log d``, ``d = f^{b/(au + bw)}``."""
    best = Law((Term("size", 0, a), Term("data", b, 0)), Budget(u, w)).optimum()
    assert (best.xi, best.eta) == (b / (a * u + b * w), a * b / (a * u + b * w))


@pytest.mark.parametrize(
    ("terms", "start", "xi", "eta", "tradeoff", "interval"),
    [
        ((Term("a", 1, 0),), 0, 0, 1, ("a",), (0, 0)),  # only time helps: no size
        ((Term("b", 0, 1),), 0, 1, 1, ("b",), (1, 1)),  # only size helps: no time
        ((Term("b", 0, 1),), 1, F(1, 2), F(1, 2), ("b",), (F(1, 2), F(1, 2))),  # but r ≥ d
        ((Term("c", 0, 0),), 0, None, 0, (), (0, 1)),  # nothing helps
        ((Term("c", 1, 1), Term("a", 2, 0), Term("b", 0, 2)), 0, F(1, 2), 1, ("a", "b"), (F(1, 2), F(1, 2))),
        ((Term("c", 1, 1), Term("a", 3, 0), Term("b", 0, 3)), 0, F(1, 2), 1, ("a", "b"), (F(1, 3), F(2, 3))),
        ((Term("c", 1, 1), Term("a", 3, 0)), 0, 0, 1, ("a",), (0, F(2, 3))),  # what is left has its least at the end
        ((Term("a", -1, 0), Term("b", 0, -1)), 0, F(1, 2), F(-1, 2), ("b", "a"), (F(1, 2), F(1, 2))),  # all grow
    ],
)
def test_ends_and_flat_terms(
    terms: tuple[Term, ...],
    start: int,
    xi: Fraction | None,
    eta: Fraction,
    tradeoff: tuple[str, ...],
    interval: tuple[Fraction, Fraction],
) -> None:
    best = Law(terms, start=start).optimum()
    assert (best.xi, best.eta, best.tradeoff, best.interval) == (xi, eta, tradeoff, interval)
    assert best.at_end == (len(tradeoff) == 1)


def test_a_range_that_ends_at_the_optimum_is_approached() -> None:
    """A plateau ``d^{-1/2}`` that is felt up to ``r = d^until``: it counts at ``r = d^until`` itself, but not just after."""

    def best(until: int) -> Optimum:
        plateau = Term("plateau", 0, F(1, 2), until=until)
        return Law((Term("data", 1, 0), Term("size", 0, 1), plateau)).optimum()

    assert (best(1).xi, best(1).eta, best(1).tradeoff, best(1).at_end) == (F(1, 2), F(1, 2), ("data", "size"), False)
    assert (best(3).xi, best(3).eta, best(3).tradeoff, best(3).at_end) == (F(2, 3), F(1, 3), ("data", "plateau"), False)


# -- real sums at astronomic budgets -----------------------------------------------------------------------------------


def minimised(law: Law, coefficients: list[float], log_f: float) -> tuple[float, float]:
    """``log d*`` and ``log P*`` of the sum itself."""
    p, q = (np.array([float(part(term)) for term in law.terms]) for part in (law.intercept, law.slope))
    high = float(law.split(law.start))

    def log_loss(x: float) -> float:
        return float(np.logaddexp.reduce((p + q * x) * log_f + np.log(coefficients)))

    found = minimize_scalar(log_loss, bounds=(0.0, high), method="bounded", options={"xatol": 1e-10})
    x = min((0.0, high, float(found.x)), key=log_loss)
    return x * log_f, log_loss(x)


@given(laws(), st.lists(st.floats(1e-2, 1e2), min_size=6, max_size=6))
@settings(max_examples=50)
def test_exponents_against_real_sums(law: Law, coefficients: list[float]) -> None:
    best = law.optimum()
    coefficients = coefficients[: len(law.terms)]
    (size, loss), (larger, lower) = (minimised(law, coefficients, 10**6 * n) for n in (1, 2))
    assert abs((lower - loss) / 10**6 + best.eta) < 1e-5
    low, high = best.interval
    assert low - F(1, 1000) < larger / 2e6 < high + F(1, 1000)
    assert low - F(1, 1000) < size / 1e6 < high + F(1, 1000)


# -- logarithms --------------------------------------------------------------------------------------------------------

_LOG_D, _LOG_R = Log(1, size=1), Log(1, time=1)


def _on_target_line(alpha: Fraction) -> Law:
    """2β = 1: ``c_β`` is a logarithm, and ``γ = d^{2α-1}`` for 2α < 1."""
    rate = max(F(0), 1 - 2 * alpha)
    k = 2 - 1 / (2 * alpha)
    terms = [
        Term("F_pp", F(1), -rate),
        Term("F_0", F(0), 2 * alpha, logs=(_LOG_D,)),
        Term("K_pp", k, rate - rate * k, logs=(_LOG_R,)),
    ]
    if alpha < F(1, 4):
        terms[2] = Term("K_pp", F(0), 2 * alpha, logs=(_LOG_R,))
    if 2 * alpha > 1:
        terms.append(Term("F_ac", 1 - 1 / (2 * alpha), F(1), logs=(_LOG_R,)))
    return Law(tuple(terms), start=rate)


def _on_quarter_line(beta: Fraction) -> Law:
    """α = 1/4: ``γ = d^{-1/2}``, and the plateau is ``d^{-1/2} log(d/τ²)``, ``τ = r d^{-1/2}``."""
    return Law(
        (
            Term("F_pp", 4 * beta - 1, (1 - 4 * beta) / 2),
            Term("plateau", F(0), F(1, 2), logs=(Log(1, time=-2, size=2),)),
        ),
        start=F(1, 2),
    )


def _on_trace_line(beta: Fraction) -> Law:
    """2α = 1: ``γ = 1/log d``, so that ``F_pp = (r/log d)^{-2β}`` and ``K = 1/r``."""
    pp = Term("F_pp", 2 * beta, F(0), logs=(Log(2 * beta, size=1),))
    if 2 * beta < 1:
        return Law((pp, Term("F_0", F(0), 2 * beta), Term("K", F(1), F(0))))
    return Law((pp, Term("F", F(0), F(1), logs=(Log(1, time=-1, size=1, log=1),)), Term("K", F(1), F(0))))


#: Law, ξ, η and the powers of ``log f``, ``log log f`` in ``d*`` and ``P*``: worked out by hand from two terms that are equal.
BY_HAND: dict[str, tuple[Law, Fraction, Fraction, tuple[tuple[Fraction, Fraction], ...]]] = {
    "Ia|II": (_on_target_line(F(1)), F(1, 3), F(2, 3), ((F(2, 3), F(2, 3)),)),
    "Ia|II, steep": (_on_target_line(F(3, 4)), F(2, 5), F(3, 5), ((F(3, 5), F(3, 5)),)),
    "Ib|IVa": (_on_target_line(F(2, 5)), F(1, 2), F(2, 5), ((F(0), F(1)),)),
    "Ib|IVb": (_on_target_line(F(7, 25)), F(1, 2), F(7, 25), ((F(7, 11), F(252, 275)),)),
    "Ib|Ic": (_on_target_line(F(1, 5)), F(1, 2), F(1, 5), ((F(1, 2), F(4, 5)),)),
    "Ic|IVb": (_on_quarter_line(F(4, 5)), F(11, 19), F(11, 38), ((F(5, 19), F(33, 38)),)),
    "Ia|Ib": (_on_trace_line(F(3, 10)), F(1, 2), F(3, 10), ((F(-1, 2), F(3, 10)),)),
    "III|IVa": (_on_trace_line(F(1)), F(1, 2), F(1, 2), ((F(0), F(0)), (F(1, 2), F(1, 2)))),
    "both": (
        Law((Term("data", 1, 0, logs=(Log(3, time=1),)), Term("size", 0, 1, logs=(Log(-1, size=1),)))),
        F(1, 2),
        F(1, 2),
        ((F(-2), F(1)),),
    ),
    "an end": (Law((Term("size", 0, 2, logs=(Log(-1, size=1),)),)), F(1), F(2), ((F(0), F(-1)),)),
    "a constant": (
        Law((Term("data", 1, 0, logs=(Log(5, time=1, size=-1),)), Term("size", 0, 1))),
        F(1, 2),
        F(1, 2),
        (),
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_logarithms_by_hand(name: str) -> None:
    law, xi, eta, scales = BY_HAND[name]
    best = law.optimum()
    assert (best.xi, best.eta, best.scales) == (xi, eta, scales)


def minimised_with_logs(law: Law, log_f: int, digits: int) -> tuple[object, object]:
    """``log d*`` and ``log P*`` of the sum with its logarithms, by trisection."""
    mp = MPContext()
    mp.dps = digits
    top = mp.mpf(log_f)
    w, u = law.budget.size, law.budget.time

    def exponent(value: Fraction | int) -> object:
        return mp.mpf(F(value).numerator) / F(value).denominator

    rows = [
        (exponent(t.time), exponent(t.size), [tuple(map(exponent, (g.power, g.time, g.size, g.log))) for g in t.logs])
        for t in law.terms
    ]

    def log_loss(log_d: object) -> object:
        log_r = (top - w * log_d) / u
        heights = []
        for time, size, logs in rows:
            height = -time * log_r - size * log_d
            for power, of_r, of_d, of_log in logs:
                inner = of_r * log_r + of_d * log_d + of_log * mp.log(log_d)
                if inner <= 1:
                    return mp.inf if log_d < top / 2 else height + top  # out of range: push back
                height += power * mp.log(inner)
            heights.append(height)
        largest = max(heights)
        return largest + mp.log(sum(mp.exp(max(h - largest, -(10**6))) for h in heights))

    low, high = top / 10**6, exponent(law.split(law.start)) * top * (1 - mp.mpf(10) ** (4 - digits))
    while high - low > mp.mpf("1e-6"):
        third = (high - low) / 3
        if log_loss(low + third) < log_loss(high - third):
            high -= third
        else:
            low += third
    return low, log_loss(low)


@pytest.mark.parametrize("name", [name for name in BY_HAND if name not in ("an end", "a constant")])
def test_logarithms_against_real_sums(name: str) -> None:
    """Two astronomic budgets, ``log f = 10^40`` and ``10^80``; the powers of ``log f`` left over are fitted."""
    law, xi, eta, scales = BY_HAND[name]
    near, far = ((10**n, *minimised_with_logs(law, 10**n, 100)) for n in (40, 80))
    depth = len(scales)
    scale = [float(np.log(float(at[0]))) for at in (near, far)]
    if depth == 2:
        scale = [float(np.log(each)) for each in scale]
    for index, (power, sign) in ((1, (xi, 1)), (2, (eta, -1))):
        left = [
            each[index] - sign * each[0] * power.numerator / type(each[index])(power.denominator)
            for each in (near, far)
        ]
        slope = float(left[1] - left[0]) / (scale[1] - scale[0])
        assert abs(slope - float(scales[-1][index - 1])) < (0.03 if depth == 1 else 0.1)


# -- the loss curve ----------------------------------------------------------------------------------------------------


@given(laws(ranges=True), st.lists(st.fractions(0, 6), min_size=6, max_size=6))
@settings(max_examples=50)
def test_stages_against_the_largest_term_on_a_grid(law: Law, steps: list[Fraction]) -> None:
    stages = law.stages()
    assert stages[0].start == law.start
    assert stages[-1].end is None
    for before, after in pairwise(stages):
        assert before.end == after.start > before.start
        assert before.term != after.term
    ends = {end for term in law.terms for end in (term.after, term.until)}
    for t in (law.start + step for step in steps):
        if t in ends:
            continue
        here = [s for s in law.terms if (s.after is None or s.after <= t) and (s.until is None or t <= s.until)]
        largest = max(-s.time * t - s.size for s in here)
        (*_, stage) = (each for each in stages if each.start <= t)
        assert -law[stage.term].time * t - law[stage.term].size == largest


def test_stages_of_equal_terms_name_the_first() -> None:
    law = Law((Term("first", 1, 0), Term("second", 1, 0), Term("left", 0, 2)))
    assert law.stages() == (Stage("first", F(0), F(2)), Stage("left", F(2), None))


# -- other laws from a law ---------------------------------------------------------------------------------------------


@given(laws(ranges=True), st.fractions(F(1, 3), 3, max_denominator=6))
@settings(max_examples=50)
def test_another_time_is_another_budget(law: Law, power: Fraction) -> None:
    """With ``s = r^power`` in the terms, ``f = r^u d^w`` is ``s^{u/power} d^w``."""
    budget = replace(law.budget, time=law.budget.time / power)
    assert law.in_time(power).optimum() == replace(law, budget=budget).optimum()
    assert law.in_time(power).in_time(1 / power) == law


def test_another_time_stays_exact_for_integers_and_reaches_logarithms_and_ranges() -> None:
    law = Law((Term("a", 1, 0, logs=(Log(1, time=2),), after=1), Term("b", 0, 1, until=2)), start=1).in_time(2)
    assert law.terms == (Term("a", 2, 0, logs=(Log(1, time=4),), after=F(1, 2)), Term("b", 0, 1, until=F(1)))
    assert (law.start, type(law.start)) == (F(1, 2), F)
    assert Law((Term("a", 1, 0), Term("b", 0, 1))).in_time(3).optimum().eta == F(3, 4)


def test_without_leaves_the_rest_and_its_order() -> None:
    law = Law((Term("a", 1, 0), Term("b", 0, 1), Term("c", 1, 1)), Budget(2, 3), 1)
    assert law.without("b") == Law((law["a"], law["c"]), Budget(2, 3), 1)
    assert law.without("unknown") == law


def test_symbolic_exponents_are_solved_once_they_are_numbers() -> None:
    a = sp.Symbol("a", positive=True)
    law = Law((Term("data", a, 0), Term("size", 0, sp.Rational(1, 2))))
    assert law.map(lambda each: sp.sympify(each).subs(a, sp.Rational(1, 3))).optimum().eta == F(1, 5)


# -- what is refused ---------------------------------------------------------------------------------------------------

_DATA, _SIZE = Term("data", 1, 0), Term("size", 0, 1)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda: Law(()), "terms"),
        (lambda: Law((_DATA, _DATA)), "terms"),
        (lambda: Law((_DATA,)).without("data"), "terms"),
        (lambda: Law((_DATA,), Budget(time=0)), "budget.time"),
        (lambda: Law((_DATA,), Budget(size=F(-1, 2))), "budget.size"),
        (lambda: Law((_DATA,), Budget(size=sp.Rational(-1, 2))).optimum(), "budget.size"),
        (lambda: Law((_DATA, _SIZE), start=-1).optimum(), "start"),
        (lambda: Law((_DATA, _SIZE), start=-2).optimum(), "start"),
        (lambda: Law((_DATA, _SIZE))["noise"], "name"),
        (lambda: Law((_DATA, _SIZE)).in_time(0), "power"),
        (lambda: Law((_DATA, _SIZE)).in_time(F(-1, 2)), "power"),
        *((lambda bad=bad: Law((_DATA, Term("size", 0, bad))).optimum(), "exponent") for bad in (0.5, "1/2", None, 1j)),
        (lambda: Law((Term("data", sp.Symbol("a"), 0),)).optimum(), "exponent"),
        (lambda: Law((Term("data", sp.Symbol("a"), 0),)).stages(), "exponent"),
        (lambda: Law((Term("data", sp.sqrt(2), 0),)).optimum(), "exponent"),
        (lambda: Law((Term("data", sp.zoo, 0),)).optimum(), "exponent"),
        (lambda: Law((replace(_DATA, until=1), replace(_SIZE, after=2))).optimum(), "terms"),
        (lambda: Law((replace(_DATA, until=1), replace(_SIZE, after=2))).stages(), "terms"),
        (lambda: Law((replace(_DATA, after=2, until=1),)).optimum(), "terms"),
        (lambda: Law((_DATA, replace(_SIZE, logs=(Log(1, size=-1),)))).optimum(), "size"),
    ],
)
def test_refused(wrong: Callable[[], object], name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        wrong()
    assert caught.value.name == name


def test_the_comparison_rejects_a_wrong_certificate() -> None:
    law = Law((Term("data", F(1, 4), 0), Term("size", 0, F(1, 3))))
    best = law.optimum()
    assert is_certified(law, best)
    assert not is_certified(law, replace(best, eta=best.eta + F(1, 1000)))
    assert not is_certified(law, replace(best, weights={"data": F(1)}))
    assert not is_certified(law, replace(best, weights={"data": F(11, 7), "size": F(-4, 7)}))
