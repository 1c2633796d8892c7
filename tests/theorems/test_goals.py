"""Every statement holds at exact points, and is about the exponents of the notes: no solver is asked here."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from phases.diagram import name, optimum
from strategies import phase_points

from scalesym.phases import phase_table
from scalesym.powerlaw.polynomials import Polynomial, Ratio
from scalesym.theorems.goals import Row, goals, plane_goals, row_goals, rows, size_goals, value_goals
from scalesym.theorems.statements import And, Atom, Formula, Goal, Or, Sum, holds

F = Fraction
Point = dict[str, Fraction]
GOALS = {goal.id: goal for goal in goals()}
TINY = F(1, 10**30)
JUMP = F(2928932188134524, 10**16)  # 1 − 1/√2, rounded
_AB = ("alpha", "beta")


@cache
def plane() -> tuple[tuple[Fraction, Fraction], ...]:
    """Points of the domain: a coarse grid, the lines, and both sides of each line."""
    alphas = [F(1, 50), F(1, 9), F(4, 15), F(2, 5), F(7, 10), F(6, 5), F(9)]
    alphas += [edge + step for edge in (F(1, 4), F(1, 2), JUMP) for step in (-F(1, 100), -TINY, F(0), TINY, F(1, 100))]
    betas = [F(-2, 5), F(1, 5), F(4, 5), F(7, 5), F(40), *(F(1, 2) + step for step in (-F(1, 90), -TINY, F(0), TINY))]
    found = list(product(alphas, betas))
    found += [(a, a + step) for a in alphas for step in (-TINY, F(0), TINY)]
    found += [(a, F(1, 2) - a + step) for a in alphas for step in (TINY, F(1, 100))]
    return tuple((a, b) for a, b in dict.fromkeys(found) if a > 0 and a + b > F(1, 2))


def sizes(a: Fraction, b: Fraction) -> list[Fraction]:
    """x around the best size, the ends, and in between."""
    best = optimum(a, b)[1]
    around = [best + step for step in (-F(1, 50), -TINY, F(0), TINY, F(1, 50))]
    return [F(0), F(1, 4), F(5, 8), F(1), *(each for each in around if 0 <= each <= 1)]


def instants(a: Fraction, b: Fraction) -> list[Fraction]:
    """log_d γr at the start, where pieces cross, when the gap is felt, and after."""
    found = [F(0), F(1, 3), F(1), 2 * a - TINY, 2 * a, 2 * a + TINY, 3 * a, F(60)]
    return [each for each in found if each >= 0]


def samples(goal: Goal) -> Iterator[Point]:
    for a, b in plane():
        more = {"x": sizes, "t": instants}.get(goal.letters[-1])
        if more is None:
            yield {"alpha": a, "beta": b}
        elif all(holds(h, (a, b, F(0))) for h in goal.hypotheses if not any(p[2] for _, p in h.polynomial.terms)):
            yield from ({"alpha": a, "beta": b, goal.letters[-1]: each} for each in more(a, b))


def is_on_the_irrational_line(goal: Goal) -> bool:
    return goal.id.startswith("line.IVa-IVb.")


# -- true, and not because nothing satisfies the hypotheses ----------------------------------------------------------------


def test_ids_are_unique_and_say_where_they_belong() -> None:
    assert len(GOALS) == len(goals())
    heads = {id.partition(".")[0] for id in GOALS}
    assert heads == {entry.name for entry in phase_table().phases} | {"plane", "line", "sector"}
    for kind in ("minimum", "attained", "unique", "universality"):
        assert {id.partition(".")[0] for id in GOALS if kind in id} == {row.name for row in rows()}
    assert all(goal.prose and "\n" not in goal.prose for goal in GOALS.values())


@pytest.mark.parametrize("id", [id for id, goal in GOALS.items() if not is_on_the_irrational_line(goal)])
def test_a_goal_holds_wherever_it_is_asked(id: str) -> None:
    goal = GOALS[id]
    met = 0
    for point in samples(goal):
        assert not goal.fails_at(point), point
        met += all(holds(each, tuple(point.values())) for each in goal.hypotheses)
    assert met > 2  # something satisfies the hypotheses


@pytest.mark.parametrize("id", [id for id, goal in GOALS.items() if is_on_the_irrational_line(goal)])
def test_a_goal_on_the_irrational_line_holds_there(id: str) -> None:
    goal = GOALS[id]
    met = 0
    for beta in (F(51, 100), F(1), F(7, 3), F(50)):
        for x in (F(0), F(1, 3), F(1, 2), F(1)) if goal.letters[-1] == "x" else (F(0),):
            values = [1 - 1 / sp.sqrt(2), *(sp.Rational(each.numerator, each.denominator) for each in (beta, x))]
            values = values[: len(goal.letters)]
            assert all(true(each, values) for each in goal.hypotheses)
            assert true(goal.conclusion, values), (beta, x)
            met += 1
    assert met


def true(formula: Formula, values: list[sp.Expr]) -> bool:
    """The truth of a formula at real algebraic numbers."""
    if isinstance(formula, Atom):
        value = sp.expand(formula.polynomial.at(values))
        relations = {">": value > 0, "<": value < 0, ">=": value >= 0, "<=": value <= 0}
        return bool({**relations, "=": sp.Eq(value, 0), "!=": sp.Ne(value, 0)}[formula.relation])
    parts = [true(part, values) for part in formula.parts]
    return all(parts) if isinstance(formula, And) else any(parts)


@settings(max_examples=150)
@given(phase_points(), st.fractions(0, 1, max_denominator=200))
def test_goals_of_a_phase_hold_at_drawn_points(point: tuple[Fraction, Fraction], x: Fraction) -> None:
    at = {"alpha": point[0], "beta": point[1], "x": x, "t": 5 * x}
    assert [id for id, goal in GOALS.items() if goal.fails_at(at)] == []


# -- certificates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", [id for id, goal in GOALS.items() if goal.weights])
def test_a_certificate_sums_to_nothing_with_positive_weights(id: str) -> None:
    goal = GOALS[id]
    assert isinstance(goal.conclusion, Or)
    total = Sum(goal.letters, {})
    for n, weight in goal.weights.items():
        part = goal.conclusion.parts[n]
        assert isinstance(part, Atom)
        total = total + Sum.of(weight, goal.letters) * Sum.of(part.polynomial, goal.letters)
    assert total.numbers == {}
    phase = id.partition(".")[0]
    here = [point for point in plane() if name(*point) == phase]
    assert len(here) > 5
    for a, b in here:
        assert all(weight.sign_at((a, b, F(1, 2))) > 0 for weight in goal.weights.values())


def test_every_minimum_has_a_certificate() -> None:
    certified = {id for id, goal in GOALS.items() if goal.weights}
    assert certified == {id for id in GOALS if {"minimum", "unique"} & set(id.split("."))}


# -- about the exponents of the notes ------------------------------------------------------------------------------------


def levels(a: Fraction, b: Fraction, x: Fraction) -> dict[str, Fraction]:
    """``log_f`` of each piece at ``d = f^x``, from the exponents of the notes; on their borders, of the first sector."""
    slow = max(F(0), 1 - 2 * a)
    time = 1 - (1 + slow) * x  # log_f γr
    found = {"F_pp": -(1 + b / a - 1 / (2 * a)) * time, "F_0": -(2 * a - max(F(0), 1 - 2 * b)) * x}
    found["K_pp"] = -(2 - 1 / (2 * a)) * time - slow * x if 4 * a > 1 else -2 * a * x
    if 2 * a >= 1 and 2 * b >= 1:
        found["F_ac"] = -(1 - 1 / (2 * a)) * time - x
    return found


def sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def constant(value: Fraction) -> Ratio:
    return Ratio(*(Polynomial(_AB, ((each, (0, 0)),) if each else ()) for each in value.as_integer_ratio()))


def sector_of(a: Fraction, b: Fraction) -> int:
    return next(n for n, each in enumerate(phase_table().sectors) if all(p.sign_at((a, b)) >= 0 for p in each.where))


unit = st.fractions(0, 1, max_denominator=60)


@settings(max_examples=100)
@given(phase_points(), st.fractions(-1, 3, max_denominator=60), unit, unit)
def test_goals_are_about_the_exponents_of_the_notes(
    point: tuple[Fraction, Fraction], eta: Fraction, xi: Fraction, x: Fraction
) -> None:
    """Any ``η`` and ``ξ`` are claimed: each atom has the sign of ``L + η``, and each goal fails exactly where it is false."""
    a, b = point
    n = sector_of(a, b)
    names = [term.name for term in phase_table().sectors[n].law.terms]
    stated = {goal.id: goal for goal in row_goals(Row("r", (), constant(eta), constant(xi), (n,)), sector=n)}
    here, there = levels(a, b, x), levels(a, b, xi)
    minimum, attained, unique = (stated[f"r.{each}"] for each in ("minimum", "attained", "unique"))
    at = {"alpha": a, "beta": b, "x": x}
    for goal, values, height in ((minimum, (a, b, x), here), (attained, (a, b), there)):
        assert isinstance(goal.conclusion, And | Or)
        for piece, atom in zip(names, goal.conclusion.parts, strict=False):
            assert isinstance(atom, Atom)
            assert atom.polynomial.sign_at(values) == sign(height[piece] + eta)
    assert minimum.fails_at(at) == (max(here.values()) < -eta)
    assert unique.fails_at(at) == (max(here.values()) <= -eta and x != xi)
    time = 1 - (1 + max(F(0), 1 - 2 * a)) * xi
    reached = max(there.values()) <= -eta and 0 < time <= 2 * a * xi
    assert attained.fails_at(at) == (not (reached and xi > 0 and eta > 0))


@settings(max_examples=30)
@given(phase_points(), unit, unit)
def test_a_size_alone_is_best_where_the_notes_say(point: tuple[Fraction, Fraction], xi: Fraction, x: Fraction) -> None:
    a, b = point
    here, there = levels(a, b, x), levels(a, b, xi)
    for goal in size_goals((), constant(xi), sector_of(a, b)):
        if goal.id.startswith("size.within"):
            assert goal.fails_at({"alpha": a, "beta": b, "x": x}) == (not 0 < xi < 1)
        else:
            piece = goal.id.split(".")[1]
            fails = x != xi and max(here.values()) <= there[piece]
            assert goal.fails_at({"alpha": a, "beta": b, "x": x}) == fails


@settings(max_examples=100)
@given(phase_points(), st.fractions(-F(1, 50), F(1, 50)) | st.just(F(0)))
def test_a_value_alone_is_attained_up_to_the_best_one(point: tuple[Fraction, Fraction], more: Fraction) -> None:
    a, b = point
    claimed = optimum(a, b)[0] + more
    stated = value_goals((), constant(claimed), sector_of(a, b))
    fails = any(goal.fails_at({"alpha": a, "beta": b}) for goal in stated)
    assert fails == (more > 0)  # on the lines too


@given(phase_points())
def test_a_row_is_the_optimum_of_the_notes(point: tuple[Fraction, Fraction]) -> None:
    for row in rows():
        if row.name == name(*point):
            assert row.xi is not None
            assert (row.eta.at(point), row.xi.at(point)) == optimum(*point)


@given(phase_points())
def test_the_plane_is_covered_as_in_the_notes(point: tuple[Fraction, Fraction]) -> None:
    (cover,) = [goal for goal in plane_goals() if goal.id == "plane.cover"]
    on_a_line = not all(holds(each, point) for each in cover.hypotheses)
    assert holds(cover.conclusion, point) == bool(name(*point))
    assert on_a_line or name(*point)
