"""The explorer's data against the package, and against roads that share nothing with how they were computed."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from generators import explorer_data, explorer_points
from generators.explorer_data import ALPHAS, BETAS, DATA, cells

from scalesym import PLRF, ParameterError, frontier, oracle, phase, sharp_frontier
from scalesym.formulas import formula
from scalesym.formulas.notation import NOTATIONS
from scalesym.phases import phase_table
from scalesym.plots.plane import equation

UNIT = explorer_points.UNIT
#: One point of every phase and three on lines, as texts.
POINTS = {
    "Ia": ("9/10", "2/5"),
    "Ib": ("2/5", "3/10"),
    "Ic": ("1/5", "4/5"),
    "II": ("1", "7/10"),
    "III": ("4/5", "6/5"),
    "IVa": ("2/5", "4/5"),
    "IVb": ("11/40", "4/5"),
    "II|III": ("1", "1"),
    "Ia|II": ("1", "1/2"),
    "III|IVa": ("1/2", "4/5"),
}


@pytest.fixture(scope="module")
def data():
    return json.loads(DATA.read_text(encoding="utf-8"))


def stored(data, alpha, beta):
    return data["points"][f"{data['grid']['alpha'].index(alpha)},{data['grid']['beta'].index(beta)}"]


def value(polynomial, at):
    return sum(c * at[0] ** a * at[1] ** b for c, a, b in polynomial)


def sign(number):
    return int(number > 0) - int(number < 0)


def half_critical(alpha, beta, d):
    return PLRF(alpha, beta, d, 10 * d)


# -- the file --------------------------------------------------------------------------------------------------------------


def test_every_point_of_the_grid_is_there_and_whole(data):
    assert [Fraction(each) for each in data["grid"]["alpha"]] == list(ALPHAS)
    assert [Fraction(each) for each in data["grid"]["beta"]] == list(BETAS)
    assert list(data["points"]) == [f"{i},{j}" for i, j in cells()]
    budgets, flops, sizes = data["frontier_flops"], data["flops"], data["sizes"]
    for key, point in data["points"].items():
        assert len(point["curves"]) == len(sizes)
        for size, curve in zip(sizes, point["curves"], strict=True):
            assert [loss is not None for loss in curve] == [10**f >= size * (1 - 1e-9) for f in flops], key
            assert all(loss is None or type(loss) is int for loss in curve)
        d, loss = point["frontier"]["log10_d"], point["frontier"]["log10_loss"]
        assert len(d) == len(loss) == len(budgets)
        there = [each is not None for each in d]
        assert there == [each is not None for each in loss]
        assert there == sorted(there), f"{key}: a frontier has no holes"
        assert all(0 < size * UNIT < f for size, f in zip(d, budgets, strict=True) if size is not None)


def test_no_curve_is_below_the_frontier_where_that_is_the_least(data):
    places = [data["flops"].index(f) for f in data["frontier_flops"]]
    seen = 0
    for key, point in data["points"].items():
        least_from = point["frontier"]["least_from"]
        for f, place, least in zip(data["frontier_flops"], places, point["frontier"]["log10_loss"], strict=True):
            if least is None or least_from is None or f < least_from:
                continue
            for curve in point["curves"]:
                assert curve[place] is None or curve[place] >= least - 1, (key, f)
                seen += curve[place] is not None
    assert seen > 50_000


def test_the_file_is_small_and_says_how_it_is_made(data):
    assert DATA.stat().st_size < 2.5e6
    assert DATA.read_text(encoding="utf-8") == explorer_data.written(data)
    assert data["setting"]["gamma"] == half_critical(1, 1, 100).gamma
    assert data["setting"] | {"text": ""} == {
        "v_over_d": "10", "gamma": "half-critical", "batch": 1, "level": "equivalent", "text": ""
    }  # fmt: skip


# -- phases, exponents, formulas ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [*POINTS, "Ib|IVa", "Ic|IVb", "Ia|Ib|III|IVa", "outside"])
def test_what_the_polynomials_say_is_what_a_look_up_says(data, where):
    others = {
        "Ib|IVa": ("2/5", "1/2"),
        "Ic|IVb": ("1/4", "4/5"),
        "Ia|Ib|III|IVa": ("1/2", "1/2"),
        "outside": ("1/4", "1/5"),
    }
    at = tuple(map(Fraction, {**POINTS, **others}[where]))
    inside = all(value(each, at) > 0 for each in data["domain"])
    if not inside:
        with pytest.raises(ParameterError) as refused:
            phase(*at)
        said = [each["text"] for each in data["outside"] if sign(value(each["polynomial"], at)) == each["sign"]]
        assert said == [refused.value.reason]
        return
    found = phase(*at)
    names = [
        each["name"]
        for each in data["phases"]
        if all(sign(value(p, at)) in (0, s) for p, s in each["region"]["conditions"])
    ]
    assert names == [entry.name for entry in found.entries]
    on = [each for each in data["curves"] if value(each, at) == 0]
    assert bool(on) == found.on_boundary
    lines = [
        each
        for each in data["lines"]
        if each["curve"] in on and all(sign(value(p, at)) == s for p, s in each["where"]["conditions"])
    ]
    records = lines if len(on) == 1 else [each for each in data["phases"] if each["name"] in names]
    for record in records:
        for name in ("eta", "xi"):
            exact = Fraction(value(record[name]["top"], at), value(record[name]["bottom"], at))
            assert exact == getattr(found, name) or (name == "xi" and found.jumps)
    if len(on) == 1 and found.logarithm:
        for n, scale in enumerate(lines[0]["scales"]):
            for name in ("size", "loss"):
                exact = Fraction(value(scale[name]["top"], at), value(scale[name]["bottom"], at))
                assert exact == getattr(found.logarithm, name)[n]
    elif len(on) == 1:
        assert lines[0]["text"] == found.notes[0]
    elif on:
        assert data["line_notes"]["meeting"] == found.notes[0]


def test_notes_are_those_of_a_look_up_everywhere(data):
    general = set(data["line_notes"].values()) | {line.get("note") for line in data["lines"]}
    for at in [(Fraction(a, 20), Fraction(b, 10)) for a in range(1, 31, 2) for b in range(-5, 45, 3)]:
        if 2 * sum(at) > 1:
            found = phase(*at)
            said = [
                note["text"]
                for note in data["notes"]
                if all(sign(value(p, at)) in signs for p, signs in note["where"])
                and not (note["on"] == "phase" and found.on_boundary)
            ]
            assert said == [note for note in found.notes if note not in general], at


def test_formulas_are_those_of_the_catalogue_in_every_notation(data):
    names = list(NOTATIONS)
    assert [each["id"] for each in data["notations"]] == names
    for n, record in enumerate(data["phases"]):
        entry, notation = phase_table().phases[n], names[n % len(names)]  # each one in some notation
        assert record["region"]["latex"]["paquette"] == entry.region.latex
        for name in ("eta", "xi"):
            assert record[name]["latex"]["paquette"] == getattr(entry, name).latex
            written = formula(f"{name}.{entry.name}").latex(notation=notation)
            assert written == rf"\{name}={record[name]['latex'][notation]}"
        assert all(set(record[name]["latex"]) == set(names) for name in ("region", "eta", "xi"))
    for line, record in zip(phase_table().lines, data["lines"], strict=True):
        assert record["equation"]["paquette"] == equation(line.curve)
    pieces = [part for piece in data["pieces"].values() for part in piece.get("sectors", [piece])]
    assert {part["formula_id"] for part in pieces} == {
        s for each in phase_table().sectors for s in each.sources.values()
    }
    for part in pieces:
        assert part["latex"]["paquette"] == formula(part["formula_id"]).latex()


def test_pieces_are_given_for_every_sector_in_which_they_are(data):
    for sector in phase_table().sectors:
        at = next(
            at
            for at in ((Fraction(a, 5), Fraction(b, 5)) for a in range(1, 6) for b in range(-1, 6))
            if all(each.sign_at(at) > 0 for each in (*sector.where, *phase_table().domain))
        )
        for name, source in sector.sources.items():
            piece = data["pieces"][name]
            found = [p for p in piece.get("sectors", [piece]) if all(sign(value(q, at)) == s for q, s in p["where"])]
            assert [part["formula_id"] for part in found] == [source]


def test_polygons_and_paths_lie_where_the_polynomials_vanish(data):
    for record in data["phases"]:
        corners = np.array(record["polygon"])
        for weights in ([1, 1, 1], [2, 1, 1], [1, 3, 1]):
            at = np.average(corners[: len(weights)], axis=0, weights=weights)
            assert all(sign(value(p, at)) == s for p, s in record["region"]["conditions"])
        assert all(sign(value(p, record["label_at"])) == s for p, s in record["region"]["conditions"])
    for record in data["lines"]:
        for end in record["path"]:
            assert abs(value(record["curve"], end)) < 1e-5


# -- losses ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["Ia", "Ic", "II", "IVb"])
def test_a_loss_is_that_of_the_volterra_equation_step_by_step(data, where):
    alpha, beta = POINTS[where]
    model = half_critical(alpha, beta, 100)
    forcing, kernel = model.forcing(range(101)), model.kernel(range(101))
    loss = []
    for r in range(101):
        loss.append(forcing[r] + math.fsum(kernel[r - 1 - s] * loss[s] for s in range(r)))
    curve = stored(data, alpha, beta)["curves"][data["sizes"].index(100)]
    for r in (10, 100):
        assert abs(curve[data["flops"].index(2 + math.log10(r))] * UNIT - math.log10(loss[r])) < 0.51 * UNIT


def test_a_loss_is_in_the_certified_ball(data):
    alpha, beta = POINTS["III"]
    gamma = str(Fraction(half_critical(alpha, beta, 100).learning_rate()).limit_denominator(10**12))
    asked = {"alpha": alpha, "beta": beta, "d": 100, "v": 1000, "gamma": gamma, "batch": 1, "r": 100}
    found = oracle.answer({"quantity": "P", "in": asked}, digits=10, certified=True)
    curve = stored(data, alpha, beta)["curves"][0]
    assert float(found["radius"]) < 1e-9
    assert abs(curve[data["flops"].index(4)] * UNIT - math.log10(float(found["value"]))) < 0.51 * UNIT


@pytest.mark.parametrize("where", ["Ib", "IVa"])
def test_a_frontier_is_the_packages(data, where):
    compare_frontier(data, *POINTS[where], [8])


def compare_frontier(data, alpha, beta, budgets):
    record = stored(data, alpha, beta)["frontier"]
    found = frontier(alpha, beta, [10.0**f for f in budgets])
    for f, d, loss in zip(budgets, found.d, found.loss, strict=True):
        place = data["frontier_flops"].index(f)
        assert abs(record["log10_loss"][place] * UNIT - math.log10(loss)) < 0.6 * UNIT, (alpha, beta, f)
        assert abs(record["log10_d"][place] * UNIT - math.log10(d)) < 2.5 * UNIT, (alpha, beta, f)


@pytest.mark.exhaustive
@pytest.mark.parametrize("where", POINTS)
def test_every_frontier_is_the_packages(data, where):
    compare_frontier(data, *POINTS[where], [4, 6, 9.5, 13, 16])


@pytest.mark.exhaustive
@pytest.mark.parametrize(("alpha", "beta"), [("13/10", "6/5"), ("3/2", "3/2"), ("3/5", "3/2")])
def test_a_frontier_along_which_single_modes_are_learned_is_the_packages(data, alpha, beta):
    compare_frontier(data, alpha, beta, [3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7])


@pytest.mark.exhaustive
@pytest.mark.parametrize("where", ["Ib", "II", "IVb"])
def test_losses_are_those_of_many_digits(data, where):
    alpha, beta = POINTS[where]
    for size, f in ((100, 10), (1000, 7)):
        exact = half_critical(alpha, beta, size).loss(10**f // size, digits=20)
        curve = stored(data, alpha, beta)["curves"][data["sizes"].index(size)]
        assert abs(curve[data["flops"].index(f)] * UNIT - math.log10(exact)) < 0.51 * UNIT


@pytest.mark.parametrize("where", ["III", "Ia|II", "IVa"])
def test_constants_are_those_of_the_sharp_frontier(data, where):
    law = sharp_frontier(*POINTS[where])
    assert stored(data, *POINTS[where])["constants"] == {
        "c": pytest.approx(law.c, rel=1e-5),
        "C": pytest.approx(law.C, rel=1e-5),
    }


def test_where_lines_meet_there_are_no_constants(data):
    assert stored(data, "1/2", "1/2")["constants"] is None


# -- the check ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(data, monkeypatch):
    """The formulas as they are in the file, which take several seconds to derive again."""
    monkeypatch.setattr(explorer_data, "_formulas", dict)
    static = {name: data[name] for name in set(data) - set(explorer_data.assembled({}))}
    monkeypatch.setattr(explorer_data, "_formulas", lambda: static)


def middle():
    return "{},{}".format(*cells()[len(cells()) // 2])


def raise_a_loss(data):
    data["points"][middle()]["curves"][1][20] += 2


def lose_a_size(data):
    data["points"][middle()]["frontier"]["log10_d"][-1] = None


@pytest.mark.parametrize(
    ("change", "said"),
    [(None, None), (raise_a_loss, "curves[1][20]"), (lose_a_size, "log10_d")],
)
def test_the_check_says_which_point_differs(data, known, tmp_path, capsys, change, said):
    changed = json.loads(json.dumps(data))
    if change:
        change(changed)
    file = tmp_path / "data.json"
    file.write_text(explorer_data.written(changed), encoding="utf-8")
    assert explorer_data.main(["--out", str(file), "--check", "--sample", "1"]) == (said is not None)
    printed = capsys.readouterr().out
    assert "as computed now" in printed if said is None else (said in printed and printed.startswith("points: alpha"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["points"].pop(middle()), f"points: {middle()} is missing"),
        (lambda data: data["points"].__setitem__("0,0", {}), "points: 0,0 is not of the grid"),
        (lambda data: data["flops"].__setitem__(3, 3.8), "flops: [3]"),
        (lambda data: data["setting"].__setitem__("batch", 2), "setting: .batch"),
        (lambda data: data["phases"][4]["eta"]["top"][0].__setitem__(0, 3), "phases: [4].eta.top"),
        (lambda data: data.pop("points"), "points: there are none"),
        (lambda data: data.__setitem__("more", 1), "more: "),
    ],
)
def test_the_check_says_what_else_differs(data, known, change, said):
    changed = json.loads(json.dumps(data))
    change(changed)
    (found,) = explorer_data.differences(changed, sample=0)
    assert found.startswith(said)


@pytest.mark.exhaustive
def test_the_file_is_as_computed(data):
    assert explorer_data.differences(data, sample=8) == []


def test_a_stopped_computation_goes_on(tmp_path, monkeypatch, capsys):
    places = cells()[:3]
    done = set()  # no JSON, so that the sweep does not take it for a part of the function

    def slow(alpha, beta):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.add((alpha, beta))
        return {"at": f"{alpha} {beta}"}

    monkeypatch.setattr(explorer_data, "cells", lambda: places)
    monkeypatch.setattr(explorer_data, "point", slow)
    monkeypatch.setattr(explorer_data, "_formulas", dict)
    out = tmp_path / "data.json"
    assert explorer_data.main(["--out", str(out)]) == 130
    assert "goes on" in capsys.readouterr().err
    assert not out.exists()
    done.add(("", ""))  # slow enough no more
    assert explorer_data.main(["--out", str(out)]) == 0
    assert [each["at"] for each in json.loads(out.read_text())["points"].values()] == [
        f"{ALPHAS[i]} {BETAS[j]}" for i, j in places
    ]
    assert list(tmp_path.iterdir()) == [out]
