"""Cells: none is missed on a dense rational grid, and regions say exactly which cells are meant."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.powerlaw.cells import factors, open_cells, region, signs

F = Fraction
X, Y, Z = sp.symbols("x y z", real=True)
GRID = [F(n, 5) + F(1, 1001) for n in range(-15, 16)]
SMALL = st.integers(-3, 3)


@st.composite
def polynomials(draw: st.DrawFn, letters: tuple[sp.Symbol, ...]) -> list[sp.Expr]:
    """A few polynomials of degree at most two, in irreducible factors."""
    monomials = [sp.prod(pair) for pair in product((1, *letters), repeat=2)]
    drawn = [sum(draw(SMALL) * each for each in monomials) for _ in range(draw(st.integers(1, 3)))]
    found = factors([each for each in drawn if sp.sympify(each) != 0], letters)
    assume(found)
    return found


def missed(
    found: list[sp.Expr], letters: tuple[sp.Symbol, ...], cells: list[tuple[Fraction, ...]]
) -> set[tuple[int, ...]]:
    """Sign vectors without zeros that occur on a grid and at no cell's point."""
    seen = set(signs(found, letters, product(GRID, repeat=len(letters))).values())
    return {each for each in seen if 0 not in each} - set(signs(found, letters, cells).values())


@settings(max_examples=20)
@given(polynomials((X,)))
def test_no_interval_is_missed(found: list[sp.Expr]) -> None:
    cells = open_cells(found, (X,))
    assert not missed(found, (X,), cells)
    roots = sorted(root for each in found for root in sp.real_roots(each))
    assert len(cells) == len(set(roots)) + 1
    assert all(
        low < sp.Rational(*at[0].as_integer_ratio()) < high
        for at, low, high in zip(cells[1:-1], roots[:-1], roots[1:], strict=True)
    )


@settings(max_examples=8)
@given(polynomials((X, Y)))
@example([X**2 + Y**2 - 1, X - Y])
@example([X * Y - 1, X, Y])
@example([X**2 + Y**2])
@example([X**2 - Y, X**2 + Y - 2])
@example([X**2 + Y**2 - 2, X + Y - 2])  # tangent
def test_no_cell_is_missed(found: list[sp.Expr]) -> None:
    cells = open_cells(found, (X, Y))
    assert not missed(found, (X, Y), cells)
    assert all(0 not in row for row in signs(found, (X, Y), cells).values())


def test_a_missed_cell_is_seen() -> None:
    circle = [X**2 + Y**2 - 1]
    assert missed(circle, (X, Y), [(F(2), F(2))]) == {(-1,)}


def test_thin_cells_are_found() -> None:
    """A sliver of width 10^{-30} between a parabola and a line near its tangent."""
    sliver = [10**60 * (Y - X**2) - 1, Y]
    found = set(signs(sliver, (X, Y), open_cells(sliver, (X, Y))).values())
    assert found == {(1, 1), (-1, 1), (-1, -1)}
    between = [X**2 - 2, 10**20 * X - 141421356237309504880]
    assert len(open_cells(factors(between, (X,)), (X,))) == 4


@settings(max_examples=6)
@given(polynomials((X, Y)), st.sets(st.integers(0, 12)))
def test_a_region_holds_in_its_cells_and_in_no_other(found: list[sp.Expr], chosen: set[int]) -> None:
    """Cells with the same signs cannot be told apart, and belong together."""
    cells = open_cells(found, (X, Y))
    table = signs(found, (X, Y), cells)
    kinds = sorted(set(table.values()))
    wanted = {kind for n, kind in enumerate(kinds) if n in chosen}
    inside = [cell for cell in cells if table[cell] in wanted]
    assume(inside)
    conjunctions = region(inside, [cell for cell in cells if cell not in inside], found, (X, Y))
    for cell in cells:
        values = dict(zip(found, table[cell], strict=True))
        assert any(all(values[p] == sign for p, sign in part) for part in conjunctions) == (cell in inside)


def test_a_region_needs_no_condition_that_follows() -> None:
    """Inside 0 < x < 1 < 2, of three bounds two are kept."""
    bounds = [X, X - 1, X - 2]
    cells = open_cells(bounds, (X,))
    inside = [cell for cell in cells if 0 < cell[0] < 1]
    assert region(inside, [each for each in cells if each not in inside], bounds, (X,)) == [((X, 1), (X - 1, -1))]


def test_a_region_of_two_parts_has_two_conjunctions() -> None:
    bounds = [X, X - 1]
    cells = open_cells(bounds, (X,))
    inside = [cell for cell in cells if not 0 < cell[0] < 1]
    parts = region(inside, [each for each in cells if each not in inside], bounds, (X,))
    assert len(parts) == 2


def test_no_letters_one_cell() -> None:
    assert open_cells([], ()) == [()]
    assert open_cells([], (X,)) == [(F(0),)]


def test_refused() -> None:
    with pytest.raises(ParameterError, match="fix all but two"):
        open_cells([X + Y + Z], (X, Y, Z))
    with pytest.raises(ParameterError, match="do not tell it from the outside"):
        region([(F(1),)], [(F(2),)], [X], (X,))
