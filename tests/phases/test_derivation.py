"""The derived table: reproducible, and equal to the one typed in from the notes."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from phases.diagram import ROWS, name
from strategies import phase_points

from scalesym.phases import Entry, phase_table
from scalesym.phases.derivation import generate
from scalesym.phases.pieces import LETTERS

F = Fraction
TABLE = Path(__file__).parents[2] / "scalesym" / "phases" / "table.json"
GRID = [(F(n, 23), F(m, 19)) for n in range(1, 40) for m in range(-10, 40)]


@pytest.mark.exhaustive
def test_the_shipped_file_is_what_the_derivation_gives() -> None:
    assert generate().encode() == TABLE.read_bytes()


def says(entry: Entry, row: tuple[str, str, str, str]) -> bool:
    """Whether an entry has these trade-off, terms, ξ and η, and the region in which :func:`phases.diagram.name` is its own."""
    tradeoff, terms, xi, eta = row
    letters = dict(zip("ab", LETTERS, strict=True))
    exponents = ((entry.xi, xi), (entry.eta, eta))
    return (
        set(entry.tradeoff) == set(tradeoff.split())
        and entry.terms == tuple(terms.split())
        and all(sp.simplify(have.ratio.expr(LETTERS) - sp.sympify(want, letters)) == 0 for have, want in exponents)
        and all(
            (entry.region.holds(point) and all(p.sign_at(point) > 0 for p in phase_table().domain))
            == (name(*point) == entry.name)
            for point in GRID
        )
    )


def test_there_are_seven_phases() -> None:
    assert [entry.name for entry in phase_table().phases] == list(ROWS)
    assert all(entry.unique for entry in phase_table().phases)


@pytest.mark.parametrize("phase", ROWS)
def test_the_table_is_that_of_the_notes(phase: str) -> None:
    assert says(phase_table()[phase], ROWS[phase])


@given(phase_points())
def test_regions_are_those_of_the_notes(point: tuple[Fraction, Fraction]) -> None:
    holding = [entry.name for entry in phase_table().phases if entry.region.holds(point)]
    assert holding == ([expected] if (expected := name(*point)) else [])


def test_the_comparison_rejects_wrong_tables() -> None:
    entry, row = phase_table()["III"], ROWS["III"]
    first, second = entry.region.conditions[:2]
    nudged = replace(first[0], terms=((first[0].terms[0][0] * 10, first[0].terms[0][1]), *first[0].terms[1:]))
    assert says(entry, row)
    for wrong in (
        replace(entry, eta=entry.xi),
        replace(entry, xi=entry.eta),
        replace(entry, eta=phase_table()["II"].eta),
        replace(entry, tradeoff=("K_pp", "F_0")),
        replace(entry, terms=entry.terms[::-1]),
        replace(entry, region=replace(entry.region, conditions=entry.region.conditions[1:])),
        replace(entry, region=replace(entry.region, conditions=((first[0], -first[1]), second))),
        replace(entry, region=replace(entry.region, conditions=((nudged, first[1]), second))),
        replace(entry, name="II"),
    ):
        assert not says(wrong, row)
    assert not says(entry, (*row[:3], "1-1/(4*a)+1/1000000"))


@pytest.mark.parametrize("phase", ROWS)
def test_weights_prove_that_nothing_is_better(phase: str) -> None:
    """With ``Σ w = 1``, ``Σ w (p + qx) = −η`` at every x, in every sector that the phase extends over."""
    entry = phase_table()[phase]
    for n in entry.sectors:
        law = (
            phase_table()
            .sectors[n]
            .law.map(lambda exponent: exponent.expr(LETTERS) if hasattr(exponent, "expr") else exponent)
        )
        weights = {name: weight.ratio.expr(LETTERS) for name, weight in entry.weights.items()}
        assert sp.simplify(sum(weights.values()) - 1) == 0
        assert sp.simplify(sum(w * law.slope(law[name]) for name, w in weights.items())) == 0
        total = sum(w * law.intercept(law[name]) for name, w in weights.items())
        assert sp.simplify(total + entry.eta.ratio.expr(LETTERS)) == 0
        for each in entry.tradeoff:
            term = law[each]
            height = law.intercept(term) + law.slope(term) * entry.xi.ratio.expr(LETTERS)
            assert sp.simplify(height + entry.eta.ratio.expr(LETTERS)) == 0


@settings(max_examples=50)
@given(phase_points())
def test_corners_are_where_terms_hand_over(point: tuple[Fraction, Fraction]) -> None:
    """``corners`` are in the effective time: ``r = d^{start + corner}``; they are the stages of the law with numbers."""
    if not (phase := name(*point)):
        return
    entry = phase_table()[phase]
    (sector,) = [s for s in phase_table().sectors if all(p.sign_at(point) > 0 for p in s.where)] or [None]
    if sector is None:  # α = 1/4 inside Ib
        assert (phase, point[0]) == ("Ib", F(1, 4))
        return
    law = sector.at(point)
    stages = law.stages()
    assert tuple(dict.fromkeys(stage.term for stage in stages)) == entry.terms
    assert [stage.start - law.start for stage in stages[1:]] == [corner.at(point) for corner in entry.corners]


def test_text_and_latex_say_what_the_numbers_say() -> None:
    letters = {"α": LETTERS[0], "β": LETTERS[1]}
    data = json.loads(TABLE.read_text(encoding="utf-8"))
    found = []

    def collect(record: object) -> None:
        if isinstance(record, dict):
            if "top" in record:
                found.append(record)
            for each in record.values():
                collect(each)
        elif isinstance(record, list):
            for each in record:
                collect(each)

    collect(data)
    assert len(found) > 50
    transformations = (
        *sp.parsing.sympy_parser.standard_transformations,
        sp.parsing.sympy_parser.implicit_multiplication,
        sp.parsing.sympy_parser.convert_xor,
    )
    for record in found:
        top, bottom = (
            sum(c * LETTERS[0] ** m * LETTERS[1] ** n for c, m, n in record[part]) for part in ("top", "bottom")
        )
        read = sp.parse_expr(record["text"].replace("αβ", "α*β"), local_dict=letters, transformations=transformations)
        assert sp.simplify(read - top / bottom) == 0, record["text"]
        assert record["latex"].count("{") == record["latex"].count("}")
