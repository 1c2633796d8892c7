"""The lines between phases: exponents on both sides, and the logarithms of CRITICAL.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym.phases import Critical, phase, phase_table
from scalesym.phases.pieces import LETTERS

F = Fraction
alpha, beta = LETTERS
FLAT = 1 - 1 / sp.sqrt(2)
Scales = tuple[tuple[Fraction, Fraction], ...]


def target(s: Fraction) -> tuple[Fraction, Fraction]:
    return s, F(1, 2)


def high(s: Fraction) -> tuple[Fraction, Fraction]:
    return F(1, 2), s


def quarter(s: Fraction) -> tuple[Fraction, Fraction]:
    return F(1, 4), s


def ic_ivb(s: Fraction) -> Scales:
    e = 4 * s - 1
    return ((2 / (3 * e + 1), 3 * e / (3 * e + 1)),)


#: For each pair of phases: the line's points by the free letter, that letter's range, and the powers of log f, log log f.
EXPECTED: dict[
    tuple[str, str],
    tuple[Callable[[Fraction], tuple[Fraction, Fraction]], tuple[str, str], Callable[[Fraction], Scales]],
] = {
    ("Ia", "II"): (target, ("51/100", "4"), lambda s: ((2 * s / (2 * s + 1),) * 2,)),
    ("Ib", "IVa"): (target, ("3/10", "49/100"), lambda s: ((F(0), F(1)),)),
    ("Ib", "IVb"): (target, ("26/100", "29/100"), lambda s: ((s / (1 - 2 * s), 2 * s * (1 - s) / (1 - 2 * s)),)),
    ("Ib", "Ic"): (target, ("1/100", "24/100"), lambda s: ((F(1, 2), 1 - s),)),
    ("Ia", "Ib"): (high, ("1/100", "49/100"), lambda s: ((F(-1, 2), s),)),
    ("III", "IVa"): (high, ("51/100", "4"), lambda s: ((F(0), F(0)), (F(1, 2), F(1, 2)))),
    ("Ic", "IVb"): (quarter, ("51/100", "4"), ic_ivb),
    ("II", "III"): (lambda s: (s, s), ("51/100", "4"), lambda s: ()),
}


def line(one: str, other: str) -> Critical:
    (found,) = [each for each in phase_table().lines if set(each.neighbours) == {one, other}]
    return found


def scales_agree(found: Critical, pair: tuple[str, str], s: Fraction) -> bool:
    """Whether a line has the logarithms, and is where, it should be."""
    at, _, scales = EXPECTED[pair]
    point = at(s)
    have = tuple((size.at(point), loss.at(point)) for size, loss in found.scales)
    return have == scales(s) and found.curve.sign_at(point) == 0 and found.where.holds(point)


def test_every_line_is_known() -> None:
    pairs = {frozenset(each.neighbours) for each in phase_table().lines}
    assert pairs == {*map(frozenset, EXPECTED), frozenset(("IVa", "IVb"))}
    assert len(phase_table().lines) == len(pairs)


@pytest.mark.parametrize("pair", EXPECTED)
@settings(max_examples=25)
@given(data=st.data())
def test_logarithms_and_continuity(pair: tuple[str, str], data: st.DataObject) -> None:
    at, (low, top), scales = EXPECTED[pair]
    s = data.draw(st.fractions(F(low), F(top), max_denominator=100))
    found = line(*pair)
    assert scales_agree(found, pair, s)
    point = at(s)
    for one in pair:
        entry = phase_table()[one]
        assert (entry.eta.at(point), entry.xi.at(point)) == (found.eta.at(point), found.xi.at(point))
    assert found.jumps == ()
    here = phase(*point)
    assert here.lines == (found,)
    assert set(here.neighbours) == set(pair)
    if scales(s):
        assert here.logarithm is not None
        assert tuple(zip(here.logarithm.size, here.logarithm.loss, strict=True)) == scales(s)
    else:
        assert here.logarithm is None


def test_the_comparison_rejects_wrong_logarithms() -> None:
    found, pair = line("Ia", "II"), ("Ia", "II")
    assert scales_agree(found, pair, F(1))
    (size, loss) = found.scales[0]
    assert not scales_agree(replace(found, scales=()), pair, F(1))
    assert not scales_agree(replace(found, scales=((found.xi, loss),)), pair, F(1))
    assert not scales_agree(replace(found, scales=((size, found.xi),)), pair, F(1))
    assert not scales_agree(replace(found, curve=line("III", "IVa").curve), pair, F(1))
    assert not scales_agree(found, ("Ib", "IVa"), F(2, 5))


def on_flat(exponent: object) -> sp.Expr:
    return sp.simplify(exponent.ratio.expr(LETTERS).subs(alpha, FLAT))  # type: ignore[attr-defined]


def test_xi_jumps_where_the_noise_is_flat_in_d() -> None:
    """On α = 1 − 1/√2 it takes the third value of CRITICAL.md, strictly between its neighbours'."""
    found, one, other = line("IVa", "IVb"), phase_table()["IVa"], phase_table()["IVb"]
    assert sp.simplify(found.curve.at(LETTERS).subs(alpha, FLAT)) == 0
    assert found.jumps == ("xi",)
    assert found.scales == ()
    assert (found.flat, set(found.remaining)) == ("K_pp", {"F_pp", "F_0"})
    assert sp.simplify(on_flat(one.eta) - on_flat(other.eta)) == sp.simplify(on_flat(found.eta) - FLAT) == 0
    third = (FLAT + beta / FLAT - 1) / (1 + (2 - 2 * FLAT) * (beta / FLAT - 1))
    assert sp.simplify(on_flat(found.xi) - third) == 0
    assert sp.simplify(on_flat(one.xi) - sp.Rational(1, 2)) == 0
    for b in (sp.Rational(51, 100), sp.Rational(4, 5), sp.Integer(1), sp.Integer(10)):
        values = [on_flat(each.xi).subs(beta, b) for each in (one, found, other)]
        assert values[0] < values[1] < values[2]
        assert abs(phase(float(FLAT), float(b)).xi - values[1]) < 1e-12
    numbers = [float(on_flat(each.xi).subs(beta, sp.Rational(4, 5))) for each in (found, other)]
    assert numbers == pytest.approx([0.5870, 0.6048], abs=1e-4)


def test_xi_is_continuous_where_the_flat_line_ends() -> None:
    for each in ("IVa", "IVb", "Ib"):
        assert sp.simplify(on_flat(phase_table()[each].xi).subs(beta, sp.Rational(1, 2)) - sp.Rational(1, 2)) == 0
    assert sp.simplify(on_flat(line("IVa", "IVb").xi).subs(beta, sp.Rational(1, 2)) - sp.Rational(1, 2)) == 0
