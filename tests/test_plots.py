"""Pictures: what is drawn is what the table says, no label touches another, and files are whole and always the same."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scalesym import phase, phase_map
from scalesym.cli import main
from scalesym.errors import ParameterError
from scalesym.phases import phase_table
from scalesym.plots import cut_figure, exponents_figure, phase_diagram_figure, picture_path, save_figure
from scalesym.plots.cut import stretches
from scalesym.plots.drawing import balance, colours
from scalesym.plots.labels import spread
from scalesym.plots.plane import Window, equation, regions, segments

matplotlib = pytest.importorskip("matplotlib")

from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402

PICTURES: dict[str, Callable[[], Any]] = {
    "phases": phase_diagram_figure,
    "phases-wide": lambda: phase_diagram_figure(3, 3, -1),
    "phases-narrow": lambda: phase_diagram_figure("1/2", 1),
    "phases-one-label": lambda: phase_diagram_figure(20, "2/5", "-1/2"),
    "exponents": exponents_figure,
    "exponents-wide": lambda: exponents_figure(3, 3, -1),
    "exponents-narrow": lambda: exponents_figure("1/2", 1),
    "exponents-corner": lambda: exponents_figure("3/10", "3/5", "2/5"),
    "cut": lambda: cut_figure(beta="4/5"),
    "cut-wide": lambda: cut_figure(beta=2, alpha_max=30),
    "cut-at-alpha": lambda: cut_figure(alpha="7/25"),
    "cut-along-a-line": lambda: cut_figure(beta="1/2"),
    "cut-along-the-jump": lambda: cut_figure(alpha=1 - 0.5**0.5, beta_max=3),
}


def texts(figure: Any) -> Iterator[tuple[str, Any]]:
    """Everything written, with its box in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    for axis in figure.axes:
        found = [*axis.texts]
        if axis.axison:
            found += [axis.title, axis._left_title, axis._right_title, axis.xaxis.label, axis.yaxis.label]
            for one, (low, high) in ((axis.xaxis, sorted(axis.get_xlim())), (axis.yaxis, sorted(axis.get_ylim()))):
                ticks = [tick for tick in one.get_major_ticks() if low - 1e-9 <= tick.get_loc() <= high + 1e-9]
                found += [tick.label1 for tick in ticks if tick.label1.get_visible()]
                found += [tick.label2 for tick in ticks if tick.label2.get_visible()]
        for text in found:
            if text.get_visible() and text.get_text().strip():
                yield text.get_text(), text.get_window_extent(renderer)


def collisions(figure: Any) -> list[tuple[str, str]]:
    """Pairs of texts that overlap, and texts that leave the picture."""
    seen, frame = list(texts(figure)), figure.bbox
    pairs = [
        (one, other)
        for (one, box), (other, also) in combinations(seen, 2)
        if min(box.x1, also.x1) - max(box.x0, also.x0) > 0.5 and min(box.y1, also.y1) - max(box.y0, also.y0) > 0.5
    ]
    outside = [(one, "the edge") for one, b in seen if b.x0 < 0 or b.y0 < 0 or b.x1 > frame.x1 or b.y1 > frame.y1]
    return pairs + outside


def patches(axis: Any, kind: str) -> dict[str, Any]:
    return {p.get_gid().removeprefix(kind): p for p in axis.patches if (p.get_gid() or "").startswith(kind)}


def drawn_at(figure: Any, point: tuple[float, float]) -> list[str]:
    """The phases whose patches lie under a point."""
    found = patches(figure.axes[0], "phase-")
    return [name for name, patch in found.items() if patch.get_path().contains_point(point)]


# -- labels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_labels_keep_apart(name: str) -> None:
    figure = PICTURES[name]()
    assert collisions(figure) == []
    assert len(list(texts(figure))) > 12


def test_labels_that_touch_are_noticed() -> None:
    figure = phase_diagram_figure()
    axis = figure.axes[0]
    name = next(text for text in axis.texts if text.get_text().startswith(r"$\mathbf{III}$"))
    axis.text(*name.get_position(), "here")
    assert collisions(figure) == [(name.get_text(), "here")]
    figure.axes[0].text(-1, 0, "over the edge")
    assert ("over the edge", "the edge") in collisions(figure)


@pytest.mark.parametrize("ranges", [("6/5", "6/5", 0), (3, 3, -1), ("1/2", 1, 0)])
def test_names_lie_in_their_regions(ranges: tuple[object, object, object]) -> None:
    figure = phase_diagram_figure(*ranges)
    axis = figure.axes[0]
    renderer = FigureCanvasAgg(figure).get_renderer()
    inside = {text.get_gid().removeprefix("name-"): text for text in axis.texts if text.get_gid()}
    outside = [text.get_text() for text in axis.texts if not text.get_gid()]
    for name, patch in patches(axis, "phase-").items():
        if name in inside:
            box = inside[name].get_window_extent(renderer)
            corners = axis.transData.inverted().transform(box.corners())
            assert all(patch.get_path().contains_point(corner) for corner in corners)
            assert rf"$\mathbf{{{name}}}$" in inside[name].get_text()
        else:
            assert rf"$\mathbf{{{name}}}$" in outside
    assert len(inside) >= 4


def test_trade_offs_and_exponents_are_those_of_the_table() -> None:
    written = [text for text, _ in texts(phase_diagram_figure())]
    for entry in phase_table().phases:
        assert any(balance(entry.tradeoff) in text for text in written)
        for exponent in (entry.xi, entry.eta):
            assert "$" + exponent.latex.replace(r"\frac", r"\dfrac") + "$" in written


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8).map(sorted), st.floats(0.5, 10))
@settings(max_examples=50)
def test_spread_keeps_order_and_distance(wanted: list[float], gap: float) -> None:
    found = spread(wanted, [gap] * (len(wanted) - 1), 0, 200)
    assert all(b - a > gap - 1e-9 for a, b in pairwise(found))
    if all(b - a >= gap for a, b in pairwise(wanted)):
        assert found == pytest.approx(wanted)


# -- the plane --------------------------------------------------------------------------------------------------------


def sample(seed: int, count: int, window: Window) -> Iterator[tuple[float, float]]:
    rng = np.random.default_rng(seed)
    yield from zip(
        rng.uniform(1e-6, window.alpha_max, count), rng.uniform(window.beta_min, window.beta_max, count), strict=True
    )


@pytest.mark.parametrize("ranges", [("6/5", "6/5", 0), (3, 3, -1), ("1/2", 1, 0), ("3/10", 2, 0)])
def test_regions_are_where_the_phases_are(ranges: tuple[object, object, object]) -> None:
    figure = phase_diagram_figure(*ranges)
    seen = set()
    for point in sample(0, 400, Window.of(ranges[0], ranges[2], ranges[1])):
        expected = phase_map(*point).name.item()
        assert drawn_at(figure, point) == ([expected] if expected else [])
        seen.add(expected)
    assert len(seen) > 3


def test_a_mislabelled_region_is_noticed() -> None:
    figure = phase_diagram_figure()
    found = patches(figure.axes[0], "phase-")
    found["II"].set_gid("phase-III")
    found["III"].set_gid("phase-II")
    assert drawn_at(figure, (1.0, 0.75)) == ["III"] != [phase(1, "3/4").name]


def test_hatched_regions_are_those_with_one_xi() -> None:
    hatched = set(patches(phase_diagram_figure().axes[0], "universal-"))
    rng = np.random.default_rng(1)
    found = phase_map(rng.uniform(0.01, 3, 4000), rng.uniform(-1, 3, 4000))
    for entry in phase_table().phases:
        assert (np.ptp(found.xi[found.name == entry.name]) == 0) == (entry.name in hatched)
    assert len(hatched) == 3


def test_lines_separate_their_neighbours() -> None:
    window = Window.of(2, -1, 2)
    for line in phase_table().lines:
        parts = segments(window, line)
        assert parts
        for ends in parts:
            along = ends[1] - ends[0]
            across = np.array([-along[1], along[0]]) / np.hypot(*along)
            for share in (0.01, 0.5, 0.99):
                sides = {phase(*(ends[0] + share * along + side * 1e-6 * across)).name for side in (1, -1)}
                assert sides == set(line.neighbours)


def test_regions_fill_the_domain() -> None:
    def area(polygon: Any) -> float:
        x, y = polygon.T
        return float(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)

    found = regions(Window.of(2, -1, 2))
    assert sum(map(area, found.values())) == pytest.approx(2 * 3 - 1.5**2 / 2)


def test_equations_are_those_of_the_curves() -> None:
    written = {curve.text: equation(curve) for curve in phase_table().curves}
    assert written["2α^2 - 4α + 1"] == r"\alpha = 1-1/\sqrt{2}"
    assert equation(phase_table().domain[1]) == r"\alpha+\beta = 1/2"


@pytest.mark.parametrize("kind", ["protan", "deutan", "tritan"])
def test_neighbours_differ_for_the_colour_blind(kind: str) -> None:
    """Distance in CIELAB after the simulation of Machado, Oliveira and Fernandes (2009) at full severity."""
    matrices = {
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    }
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

    def lab(colour: str) -> Any:
        rgb = np.array(matplotlib.colors.to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        x, y, z = np.cbrt(to_xyz @ np.clip(np.array(matrices[kind]) @ linear, 0, 1) / to_xyz.sum(axis=1))
        return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])

    palette = colours()
    for line in phase_table().lines:
        one, other = (lab(palette[name]) for name in line.neighbours)
        assert np.hypot.reduce(one - other) > 8, line.neighbours


# -- the exponents ----------------------------------------------------------------------------------------------------


def test_maps_have_the_colour_of_the_value() -> None:
    """The colour under a point is the band of the colour bar in which the exponent lies; lines and labels are left out."""
    figure = exponents_figure()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
    window = Window.of("6/5", 0, "6/5")
    points = np.array(list(sample(2, 1500, window)))
    found = phase_map(*points.T)
    for which, axis in zip(("eta", "xi"), figure.axes[:2], strict=True):
        filled = next(c for c in axis.collections if (c.get_gid() or "").startswith(which))
        bands = (255 * filled.cmap(np.arange(filled.cmap.N))[:, :3]).round().astype(int)
        levels = filled.norm.boundaries
        x, y = axis.transData.transform(points).T
        under = pixels[pixels.shape[0] - 1 - y.astype(int), x.astype(int)]
        matches = (np.abs(under[:, None, :] - bands) <= 1).all(axis=2)
        value = getattr(found, which)
        seen = matches.any(axis=1) & ~value.mask
        if which == "xi":
            assert (under[~value.mask & (value == 0.5)] == 255).all(axis=1).mean() > 0.9
        band = matches.argmax(axis=1)
        off = 0.004  # a pixel's worth
        assert (levels[band][seen] <= value[seen] + off).all()
        assert (value[seen] - off <= levels[band + 1][seen]).all()
        assert seen.sum() > 400


@pytest.mark.parametrize(
    "held", [{"beta": "4/5"}, {"beta": "3/10"}, {"alpha": 1}, {"alpha": "7/25"}, {"beta": "1/2"}, {"alpha": "1/2"}]
)
def test_cuts_follow_the_lookup(held: dict[str, object]) -> None:
    figure = cut_figure(**held)
    for axis, which in ((figure.axes[1], "eta"), (figure.axes[2], "xi")):
        for line in (each for each in axis.lines if (each.get_gid() or "").startswith(f"{which}-")):
            for x, y in line.get_xydata()[5:-5:10]:
                found = phase(x, held["beta"]) if "beta" in held else phase(held["alpha"], x)
                assert line.get_gid() == f"{which}-{found.name}"
                assert float(getattr(found, which)) == pytest.approx(y, abs=1e-12)


def test_the_jump_of_xi_has_three_values() -> None:
    """At β = 4/5: the limits of IVb and IVa, and between them what holds on the line."""
    marks = {line.get_gid(): line for line in cut_figure(beta="4/5").axes[2].lines}
    root = 1 - 0.5**0.5
    assert marks["limits"].get_xdata() == pytest.approx([root, root])
    assert marks["limits"].get_ydata() == pytest.approx(
        [float(phase(root - 1e-9, 0.8).xi), float(phase(root + 1e-9, 0.8).xi)], abs=1e-6
    )
    assert marks["value"].get_ydata() == pytest.approx([float(phase(root, 0.8).xi)])
    assert marks["limits"].get_markerfacecolor() != marks["value"].get_markerfacecolor()
    assert not {"limits", "value"} & {line.get_gid() for line in cut_figure(beta="3/10").axes[2].lines}


def test_a_cut_begins_at_the_border() -> None:
    assert cut_figure(beta="3/10").axes[0].get_xlim() == pytest.approx((0.2, 1.2))
    assert cut_figure(alpha=1).axes[0].get_xlim() == pytest.approx((-0.5, 1.2))
    assert [part.found.name for part in stretches("alpha", 1, -0.5, 2)] == ["Ia", "II", "III"]


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ranges", "part"),
    [
        ((0, 1, 0), "alpha_max = 0: alpha is positive"),
        ((1, 0, 0), "beta_max = 0: it is not above beta_min = 0"),
        ((101, 1, 0), "alpha_max = 101: the phases would not be seen"),
        (("1/10", "3/10", 0), "use beta_max > 2/5"),
        (("x", 1, 0), "alpha_max = 'x'"),
        ((1, float("nan"), 0), "beta_max"),
    ],
)
def test_ranges_refused(ranges: tuple[object, object, object], part: str) -> None:
    for draw in (phase_diagram_figure, exponents_figure):
        with pytest.raises(ParameterError) as caught:
            draw(*ranges)
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({}, "alpha, beta = 'neither'"),
        ({"alpha": 1, "beta": 1}, "alpha, beta = 'both'"),
        ({"alpha": 0}, "use alpha > 0"),
        ({"beta": -1}, "at beta = -1 the domain begins at 3/2; use alpha_max > 3/2"),
        ({"alpha": "1/4", "beta_max": "1/5"}, "use beta_max > 1/4"),
        ({"beta": 1000}, "the phases would not be seen"),
    ],
)
def test_cuts_refused(given: dict[str, object], part: str) -> None:
    with pytest.raises(ParameterError) as caught:
        cut_figure(**given)
    assert part in str(caught.value)


# -- files ------------------------------------------------------------------------------------------------------------

START = {".svg": b"<?xml", ".pdf": b"%PDF", ".png": b"\x89PNG"}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["phases", "exponents", "cut"])
def test_files_are_the_same_each_time(tmp_path: Path, name: str) -> None:
    before = dict(matplotlib.rcParams)
    for n in (1, 2):
        figure = PICTURES[name]()
        for suffix in START:
            save_figure(figure, tmp_path / f"{n}{suffix}")
    for suffix, start in START.items():
        first, second = ((tmp_path / f"{n}{suffix}").read_bytes() for n in (1, 2))
        assert first == second
        assert first.startswith(start)
        assert not [each for each in (b"CreationDate", b"dc:date", b"tIME") if each in first]
    assert b"/Subtype /Type3" not in (tmp_path / "1.pdf").read_bytes()
    assert b"<image" not in (tmp_path / "1.svg").read_bytes()
    ids = re.findall(rb' id="([^"]+)"', (tmp_path / "1.svg").read_bytes())
    assert len(ids) == len(set(ids)) > 30
    assert dict(matplotlib.rcParams) == before  # its settings are as they were


def test_files_are_the_same_in_another_process(tmp_path: Path) -> None:
    save_figure(cut_figure(beta="4/5"), tmp_path / "here.svg")
    code = "from scalesym.plots import *; save_figure(cut_figure(beta='4/5'), 'there.svg')"
    root = str(Path(__file__).parent.parent)
    variables = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=variables, check=True)
    assert (tmp_path / "here.svg").read_bytes() == (tmp_path / "there.svg").read_bytes()


def test_other_settings_of_the_caller_do_not_matter(tmp_path: Path) -> None:
    save_figure(phase_diagram_figure(), tmp_path / "one.svg")
    with matplotlib.rc_context(
        {"font.size": 30, "axes.labelsize": 40, "mathtext.fontset": "stix", "xtick.labelsize": 3}
    ):
        save_figure(phase_diagram_figure(), tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.svg"
    target.write_text("before")

    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ParameterError, match="No space left on device"):
        save_figure(cut_figure(beta="4/5"), target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_paths_are_checked(tmp_path: Path) -> None:
    assert picture_path(tmp_path / "x.PDF") == tmp_path / "x.PDF"
    (tmp_path / "folder.svg").mkdir()
    for bad in ("x", "x.gif", ".svg", "folder.svg", "none/x.svg", "x" * 300 + ".svg"):
        with pytest.raises(ParameterError):
            picture_path(tmp_path / bad)


# -- the command line -------------------------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``scalesym plot`` in an empty directory: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["plot", *words])
        return (code, *capsys.readouterr())

    return call


@pytest.mark.parametrize(
    "words",
    [
        ["phases", "-o", "x.pdf"],
        ["phases", "--output", "x.svg", "--alpha-max", "2", "--beta-min", "-1/2"],
        ["exponents", "-o", "x.png", "--beta-max", "1"],
        ["cut", "--beta", "4/5", "-o", "x.svg"],
        ["cut", "--beta", "-1/5", "-o", "x.svg"],
        ["cut", "--alpha", "1", "--beta-max", "2", "-o", "x.pdf"],
    ],
)
def test_the_command_writes_a_picture(run: Run, tmp_path: Path, words: list[str]) -> None:
    (name,) = [word for word in words if word.startswith("x.")]
    assert run(*words) == (0, "", f"scalesym: wrote {name}\n")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes().startswith(START[Path(name).suffix])


def test_the_command_writes_what_the_function_draws(run: Run, tmp_path: Path) -> None:
    assert run("cut", "--beta", "4/5", "-o", "x.svg")[0] == 0
    save_figure(cut_figure(beta="4/5"), tmp_path / "y.svg")
    assert (tmp_path / "x.svg").read_bytes() == (tmp_path / "y.svg").read_bytes()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "Missing command"),
        (["phase"], "No such command 'phase'"),
        (["phases"], "Missing option '-o' / '--output'"),
        (["phases", "-o", "x.gif"], "output = 'x.gif': the format is read off the name; end it in .png, .pdf, .svg"),
        (["phases", "-o", "none/x.svg"], "output = 'none/x.svg': there is no such directory"),
        (["phases", "-o", "x" * 300 + ".svg"], "File name too long"),
        (["phases", "-o", "x.svg", "--alpha-max", "0"], "alpha_max = '0': alpha is positive"),
        (["exponents", "-o", "x.svg", "--beta-max", "abc"], "beta_max = 'abc'"),
        (["cut", "-o", "x.svg"], "give exactly one of --alpha and --beta"),
        (["cut", "--alpha", "1", "--beta", "1", "-o", "x.svg"], "give exactly one of --alpha and --beta"),
        (["cut", "--alpha", "-1", "-o", "x.svg"], "alpha = '-1'"),
        (["cut", "--beta", "-1", "-o", "x.svg"], "use alpha_max > 3/2"),
        (["cut", "--beta", "1/0", "-o", "x.svg"], "beta = '1/0'"),
    ],
)
def test_the_command_refuses(run: Run, tmp_path: Path, words: list[str], part: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("scalesym: ")
    assert err.count("\n") == 1
    assert part in err
    assert not list(tmp_path.iterdir())


def test_the_command_needs_matplotlib(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    code, out, err = run("phases", "-o", "x.svg")
    assert (code, out) == (2, "")
    assert "pip install 'scalesym[plot]'" in err


@pytest.mark.parametrize("words", [["--help"], ["phases", "-h"], ["exponents", "-h"], ["cut", "-h"]])
def test_help_shows_examples(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert out.count("scalesym plot ") >= 2
