"""``phase`` and ``phase_map`` against brute force; exactness, lines up to rounding, and what is refused."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phases.diagram import ROWS, name, neighbours, optimum
from strategies import code_texts, number_texts, objects, phase_points

from scalesym.errors import ParameterError
from scalesym.phases import Phase, phase, phase_map

F = Fraction
ROOT = Path(__file__).parents[2]
IRRATIONAL = 1 - 1 / math.sqrt(2)
CORNERS = [(F(1, 2), F(1, 2)), (F(1, 4), F(1, 2))]
ON_LINES = [
    ((F(7, 10), F(7, 10)), {"II", "III"}, ()),
    ((F(1, 2), F(3, 10)), {"Ia", "Ib"}, ()),
    ((F(1, 2), F(1)), {"III", "IVa"}, ()),
    ((F(1, 5), F(1, 2)), {"Ib", "Ic"}, ()),
    ((F(7, 25), F(1, 2)), {"Ib", "IVb"}, ()),
    ((F(2, 5), F(1, 2)), {"Ib", "IVa"}, ()),
    ((F(1), F(1, 2)), {"Ia", "II"}, ()),
    ((F(1, 4), F(1)), {"Ic", "IVb"}, ()),
    ((F(1, 2), F(1, 2)), {"Ia", "Ib", "II", "III", "IVa"}, ()),
    ((F(1, 4), F(1, 2)), {"Ib", "Ic", "IVb"}, ()),
    ((IRRATIONAL, 0.8), {"IVa", "IVb"}, ("xi",)),
    ((IRRATIONAL, F(1, 2)), {"Ib", "IVa", "IVb"}, ()),
]


def is_right(found: Phase) -> bool:
    """Whether the answer at an exact point is that of brute force and of the typed regions."""
    a, b = F(found.alpha), F(found.beta)
    inside = name(a, b) or ("Ib" if a == F(1, 4) and b < F(1, 2) else "")
    named = found.name == inside and not found.on_boundary if inside else set(found.neighbours) == neighbours(a, b)
    return named and (found.eta, found.xi) == optimum(a, b)


@given(phase_points())
@example((F(7, 10), F(7, 10)))
@example((F(1, 2), F(3, 10)))
@example((F(1, 2), F(1)))
@example((F(1, 5), F(1, 2)))
@example((F(7, 25), F(1, 2)))
@example((F(2, 5), F(1, 2)))
@example((F(1), F(1, 2)))
@example((F(1, 4), F(1)))
@example((F(1, 4), F(3, 10)))
@example((F(1, 2), F(1, 2)))
@example((F(1, 4), F(1, 2)))
@example((F(1, 2), F(1, 10**40)))
@example((F(1), F(-499, 1000)))
@example((F(1, 1000), F(3)))
@example((F(2929, 10000), F(1)))
@example((F(2930, 10000), F(1)))
@example((F(1, 2) + F(1, 10**60), F(1, 2) - F(1, 10**60) / 3))
def test_phase_against_brute_force(point: tuple[Fraction, Fraction]) -> None:
    found = phase(*point)
    assert is_right(found)
    assert type(found.eta) is type(found.xi) is Fraction
    assert all(type(weight) is Fraction for weight in found.weights.values())
    if not found.on_boundary:
        assert set(found.tradeoff) == set(ROWS[found.name][0].split())
        assert found.terms == tuple(ROWS[found.name][1].split())
        assert sum(found.weights.values()) == 1
        assert found.logarithm is None
    else:
        assert found.weights == {}


def test_brute_force_rejects_a_wrong_answer() -> None:
    right = phase("1", "7/10")
    assert is_right(right)
    for other in (phase(1, 2), phase("2/5", 1), phase(1, "3/10"), phase(1, 1)):
        assert not is_right(replace(right, entries=other.entries))
    assert not is_right(replace(right, lines=phase(1, 1).lines))
    assert not is_right(replace(right, beta=F(71, 100), alpha=F(70, 100)))


@pytest.mark.parametrize(("point", "expected", "jumps"), ON_LINES)
def test_points_on_lines(
    point: tuple[Fraction | float, Fraction | float], expected: set[str], jumps: tuple[str]
) -> None:
    found = phase(*point)
    assert found.on_boundary
    assert set(found.neighbours) == set(found.name.split("|")) == expected
    assert found.jumps == jumps
    assert (len(found.lines) > 1) == (len(expected) > 2)
    assert found.region.count(" = 0") == len({line.curve for line in found.lines})
    assert (" = 0 (" in found.region) == (len(found.lines) == 1)


# -- floats ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alpha", "beta", "expected"),
    [
        (IRRATIONAL, 0.8, "IVa|IVb"),
        ((2 - math.sqrt(2)) / 2, 3, "IVa|IVb"),
        (0.7 + 0.1, 0.8, "II|III"),
        (1.1 - 0.6, 1, "III|IVa"),
        (1, 1.1 - 0.6, "Ia|II"),
        (math.nextafter(0.5, 1), math.nextafter(0.5, 0), "Ia|Ib|II|III|IVa"),
        (0.1 + 0.2, 0.9, "IVa"),
        (0.5 + 1e-15, 1, "III"),
        (0.5 - 1e-15, 1, "IVa"),
        (0.7, 0.7 + 1e-15, "III"),
    ],
)
def test_a_float_on_a_line_up_to_rounding_is_on_it(alpha: float, beta: float, expected: str) -> None:
    found = phase(alpha, beta)
    assert found.name == expected
    assert type(found.eta) is type(found.xi) is float
    assert found.jumps == (("xi",) if expected == "IVa|IVb" else ())


def test_a_decimal_text_beside_a_line_is_not_on_it() -> None:
    assert phase("0.50000000000000001", 1).name == "III"
    assert phase("0.2928932188134524755991556378951509607", 1).name == "IVb"
    assert phase("0.2928932188134524755991556378951509608", 1).name == "IVa"


@given(phase_points())
def test_floats_give_the_rounded_exact_exponents(point: tuple[Fraction, Fraction]) -> None:
    a, b = map(float, point)
    if a + b - 0.5 < 1e-9:
        return
    found = phase(a, b)
    eta, xi = optimum(F(a), F(b))
    assert type(found.eta) is float
    assert found.eta == pytest.approx(float(eta), rel=1e-9, abs=1e-12)
    assert found.xi == pytest.approx(float(xi), rel=1e-9)


@pytest.mark.parametrize("given_as", [(1, 2), ("1", "2"), (F(1), 2), (sp.Integer(1), np.int64(2)), ("1.0", "2e0")])
def test_exact_letters_give_exact_exponents(given_as: tuple[object, object]) -> None:
    assert (phase(*given_as).eta, phase(*given_as).xi) == (F(3, 4), F(1, 2))
    assert type(phase(*given_as).eta) is Fraction


def test_one_float_makes_all_floats() -> None:
    assert type(phase("7/10", 1.0).eta) is float
    assert type(phase(0.7, 1).xi) is float
    assert all(type(weight) is float for weight in phase(0.7, 1).weights.values())


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", [None, "abc", math.nan, math.inf, -math.inf, "1e-5000", "1e400", 10**400, True, 1j, [1], (1,), "9**9", b"1"]
)
def test_what_is_no_number_is_refused(bad: object) -> None:
    for letter, arguments in (("alpha", (bad, 1)), ("beta", (1, bad))):
        with pytest.raises(ParameterError) as caught:
            phase(*arguments)
        assert caught.value.name == letter


@pytest.mark.parametrize(
    ("alpha", "beta", "letter", "why"),
    [
        (0, 1, "alpha", "must fall"),
        ("-1/2", 2, "alpha", "must fall"),
        ("1/4", "1/5", "beta", "infinite energy"),
        ("1/4", "1/4", "beta", "like log v"),
        (0.3, 0.2, "beta", "like log v"),
        (1, -0.5, "beta", "like log v"),
        (1, -3, "beta", "infinite energy"),
        (1e300, -1e300, "beta", "like log v"),
    ],
)
def test_outside_the_domain(alpha: object, beta: object, letter: str, why: str) -> None:
    with pytest.raises(ParameterError, match=why) as caught:
        phase(alpha, beta)
    assert caught.value.name == letter


@pytest.mark.parametrize("letter", [1e300, 1e155, "1e300", 1.7e308, F(10**300 + 1, 10**200), 1e-300])
def test_extreme_letters(letter: object) -> None:
    assert phase(letter, 2 if letter == 1e-300 else 1).name in ("II", "Ic")
    assert phase(1, letter).name == ("III" if letter != 1e-300 else "Ia")
    json.dumps(phase(1, letter).to_dict(), allow_nan=False)


@settings(max_examples=200)
@given(objects() | number_texts() | code_texts() | st.floats(), objects() | number_texts() | st.floats())
def test_a_phase_or_a_typed_error_and_nothing_else(alpha: object, beta: object) -> None:
    try:
        found = phase(alpha, beta)
    except ParameterError:
        return
    plain = found.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert found.eta >= 0
    assert 0 <= found.xi <= 1


# -- what else it says -------------------------------------------------------------------------------------------------


@given(phase_points())
@example((F(1), F(1, 2)))
@example((F(1, 2), F(1)))
def test_plain_data_are_strict_json_and_complete(point: tuple[Fraction, Fraction]) -> None:
    found = phase(*point)
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert (F(plain["eta"]), F(plain["xi"])) == (found.eta, found.xi)
    assert (F(plain["alpha"]), F(plain["beta"])) == point
    assert {key: F(value) for key, value in plain["weights"].items()} == found.weights
    assert (plain["logarithm"] is None) == (found.logarithm is None)
    assert plain["name"] == found.name
    assert tuple(plain["notes"]) == found.notes


@pytest.mark.parametrize(
    ("alpha", "beta", "wanted"),
    [
        (1, "7/10", []),
        ("1/5", 1, ["alpha < 1/4"]),
        ("1/5", "2/5", ["alpha < 1/4"]),
        ("1/4", "2/5", ["alpha = 1/4"]),
        ("1/4", 1, []),
        (1, 3, ["beta >= 1 + 2 alpha"]),
        (1, "299/100", []),
        (1, "-1/5", ["beta < 0"]),
        (1, 1, ["no logarithm"]),
        (IRRATIONAL, 0.8, ["K_pp does not depend on d"]),
        ("1/2", "1/2", ["several lines"]),
        (1, "1/2", []),
        ("1/5", 2, ["alpha < 1/4", "beta >= 1 + 2 alpha"]),
    ],
)
def test_notes(alpha: object, beta: object, wanted: list[str]) -> None:
    notes = phase(alpha, beta).notes
    assert [note.startswith(start) for note, start in zip(notes, wanted, strict=True)] == [True] * len(wanted)


def test_a_phase_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        phase(1, 1).alpha = F(2)  # type: ignore[misc]
    assert phase(1, "7/10") == phase(F(1), "0.7")


def test_logarithms_are_written() -> None:
    found = phase(1, "1/2").logarithm
    assert str(found) == "d* ≍ f^(1/3) (log f)^(2/3), P* ≍ f^(-2/3) (log f)^(2/3)"
    assert found is not None
    assert found.latex.count("{") == found.latex.count("}")
    assert r"(\log f)^{2/3}" in found.latex


def test_looking_up_needs_no_sympy() -> None:
    code = (
        "import sys, scalesym\n"
        "assert str(scalesym.phase(1, 1).eta) == '3/4'\n"
        "from scalesym.phases import phase_table\n"
        "scalesym.phase(0.5, 0.5).to_dict(), scalesym.phase('1/2', '1/2').notes, phase_table()\n"
        "assert 'sympy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


# -- maps --------------------------------------------------------------------------------------------------------------


def map_agrees(alphas: list[float], betas: list[float]) -> bool:
    """Whether a map says what ``phase`` says at each of its points."""
    found = phase_map(np.array(alphas)[:, None], np.array(betas))
    for (m, a), (n, b) in ((one, other) for one in enumerate(alphas) for other in enumerate(betas)):
        try:
            single = phase(a, b)
        except ParameterError:
            if found.name[m, n] != "" or not found.eta.mask[m, n] or not found.xi.mask[m, n]:
                return False
            continue
        close = np.allclose([found.eta[m, n], found.xi[m, n]], [single.eta, single.xi], rtol=1e-9, atol=1e-12)
        if found.name[m, n] != single.name or not close:
            return False
    return True


LETTERS = st.sampled_from([0.25, IRRATIONAL, 0.5, 0.7, 0.1, 0.4, math.nextafter(0.5, 1), 0.5 + 3 * 2.0**-53, 0.3, 0.2])


@settings(max_examples=50)
@given(
    st.lists(LETTERS | st.floats(1e-6, 1e6) | st.floats(-2, 2), max_size=5),
    st.lists(LETTERS | st.floats(-1e6, 1e6) | st.floats(-2, 2), max_size=5),
)
@example([0.25, IRRATIONAL, 0.5, 0.7], [0.1, 0.5, 0.7, 1.0])
@example([math.nextafter(0.1, 1), 0.1], [0.4, math.nextafter(0.4, 1), 0.4000000000000002])
def test_a_map_is_phase_at_each_point(alphas: list[float], betas: list[float]) -> None:
    assert map_agrees(alphas, betas)


def test_a_map_within_some_units_of_every_line() -> None:
    around = [np.nextafter(x, x + s) if s else x for x in (0.25, IRRATIONAL, 0.5) for s in (-1, 0, 1)]
    assert map_agrees(around, [*around, 0.7, 0.7 - 0.5, 2.0])


def test_shapes() -> None:
    assert phase_map(1, 2).name.shape == ()
    assert str(phase_map(1, 2).name) == "III"
    assert phase_map([1, 2], [[1], [2], [3]]).eta.shape == (3, 2)
    assert phase_map([], []).xi.shape == (0,)
    assert phase_map(np.zeros((0, 3)), np.ones(3)).name.shape == (0, 3)
    assert phase_map([0.1], [0.1]).eta.mask.all()
    assert phase_map([F(1, 3)], ["7/10"[0]]).name.tolist() == ["IVa"]


@pytest.mark.parametrize(
    "bad",
    [None, "abc", [1, None], [math.nan], [math.inf], [1e61], [[1], [1, 2]], 1j, np.array([1j]), [10**400], [True]],
)
def test_what_is_no_array_of_numbers_is_refused(bad: object) -> None:
    for letter, arguments in (("alpha", (bad, 1)), ("beta", (1, bad))):
        with pytest.raises(ParameterError) as caught:
            phase_map(*arguments)
        assert caught.value.name == letter


def test_shapes_that_do_not_match_are_refused() -> None:
    with pytest.raises(ParameterError, match="does not broadcast"):
        phase_map([1, 2, 3], [1, 2])
