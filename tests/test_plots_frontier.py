"""Pictures of the exact frontier: what is drawn is what was computed, no label touches another, files are the same each time."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scalesym import PLRF, phase, sharp_frontier
from scalesym.cli import main
from scalesym.equivalent.pieces import Pieces
from scalesym.errors import ParameterError
from scalesym.frontiers import Frontier, frontier
from scalesym.plots import (
    frontier_figure,
    local_exponents_figure,
    pieces_figure,
    ratio_figure,
    save_figure,
    shares_figure,
)
from scalesym.plots.frontier_exponents import _freest

pytest.importorskip("matplotlib")

from matplotlib.backends.backend_agg import FigureCanvasAgg

DRAW: dict[str, Callable[..., Any]] = {
    "curves": frontier_figure,
    "shares": shares_figure,
    "ratio": ratio_figure,
    "exponents": local_exponents_figure,
}
BUDGETS = [1e7, 1e8, 1e9, 1e10]


@pytest.fixture(scope="module")
def found() -> Frontier:
    return frontier(1, "7/10", BUDGETS)


def invented(alpha: object, beta: object, shares: list[float], powers: tuple[float, float]) -> Frontier:
    """A frontier that is not computed: with corrections of these powers, from 1e6 to 1e24."""
    where = phase(alpha, beta)
    f = 10.0 ** np.arange(6, 25)
    eta, xi = (float(getattr(where, name)) + 0.1 * f**power for name, power in zip(("eta", "xi"), powers, strict=True))
    parts = Pieces(*(np.full(len(f), share) for share in shares))
    d, loss = f ** float(where.xi), 2 * f ** -float(where.eta)
    return Frontier(f, d, f / d, loss, eta, xi, parts, parts, (("F_pp", "F_ac"),) * len(f), ((),) * len(f))


def overlaps(figure: Any) -> list[tuple[str, str]]:
    """Pairs of texts that overlap, and texts that leave the picture."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    seen = []
    for axis in figure.axes:
        texts = [*axis.texts, axis._left_title, axis.xaxis.label, axis.yaxis.label]
        for one, (low, high) in ((axis.xaxis, axis.get_xlim()), (axis.yaxis, axis.get_ylim())):
            texts += [tick.label1 for tick in one.get_major_ticks() if low <= tick.get_loc() <= high]
        legend = axis.get_legend()
        texts += legend.get_texts() if legend else []
        seen += [(t.get_text(), t.get_window_extent(renderer)) for t in texts if t.get_visible() and t.get_text()]
    pairs = [
        (one, other)
        for (one, a), (other, b) in combinations(seen, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5
    ]
    frame = figure.bbox
    return pairs + [(one, "edge") for one, b in seen if b.x0 < 0 or b.y0 < 0 or b.x1 > frame.x1 or b.y1 > frame.y1]


POINTS = [
    (1, "7/10", [0.3, 0.6, 0.06, 0.04], (-0.05, -0.04)),
    ("27/100", "6/5", [0.06, 0.1, 0.3, 0.54], (-0.02, -0.01)),
    ("7/10", "-1/10", [0.6, 0.0, 0.4, 0.0], (-0.1, -0.2)),
]


@pytest.mark.parametrize("point", POINTS, ids=["II", "IVb", "Ia"])
@pytest.mark.parametrize("name", DRAW)
def test_labels_keep_apart(name: str, point: Any) -> None:
    figure = DRAW[name](*point[:2], found=invented(*point))
    assert overlaps(figure) == []
    assert phase(*point[:2]).name in figure.axes[0]._left_title.get_text()


def test_labels_that_touch_are_noticed(found: Frontier) -> None:
    figure = shares_figure(1, "7/10", found=found)
    text = figure.axes[0].texts[0]
    figure.axes[0].text(*text.get_position(), "here")
    assert overlaps(figure) == [(text.get_text(), "here")]


def lines(axis: Any) -> dict[str, Any]:
    return {line.get_gid(): np.asarray(line.get_xydata()).T for line in axis.lines}


def test_curves_lie_above_the_frontier_and_are_the_loss(found: Frontier) -> None:
    drawn = lines(frontier_figure(1, "7/10", found=found).axes[0])
    f, best = drawn.pop("frontier")
    assert f.tolist() == BUDGETS
    assert best.tolist() == found.loss.tolist()
    touches = []
    for name, (budget, loss) in drawn.items():
        d = int(name.removeprefix("curve-"))
        model = PLRF(1, "7/10", d, 10 * d)
        assert loss[40] == pytest.approx(model.loss(round(budget[40] / d)), rel=1e-12)
        inside = (budget >= f[0]) & (budget <= f[-1])
        gap = np.log(loss[inside]) - np.interp(np.log(budget[inside]), np.log(f), np.log(best))
        assert gap.min() > -0.01  # the frontier is convex between its points, by a little
        touches.append(gap.min())
    assert len(drawn) >= 3
    assert sum(gap < 0.05 for gap in touches) >= 1


def test_shares_add_up_and_are_those_of_the_pieces(found: Frontier) -> None:
    axis = shares_figure(1, "7/10", found=found).axes[0]
    tops = [np.asarray(line.get_ydata()) for line in axis.lines]
    assert tops[-1] == pytest.approx(np.ones(4))
    names = [each.get_gid() for each in axis.collections]
    assert set(names[:2]) == set(phase(1, "7/10").tradeoff)
    shares = found.shares._asdict()
    for name, share in zip(names, np.diff([0 * tops[0], *tops], axis=0), strict=True):
        assert share == pytest.approx(shares[name], abs=1e-12)


@pytest.mark.parametrize(("alpha", "beta"), [(1, "7/10"), ("2/5", "4/5"), ("1/5", "4/5")])
def test_pieces_along_a_curve(alpha: object, beta: object) -> None:
    figure = pieces_figure(alpha, beta, 1000)
    assert overlaps(figure) == []
    tops = {each.get_gid(): line for each, line in zip(figure.axes[0].collections, figure.axes[0].lines, strict=True)}
    last = list(tops.values())[-1]
    assert np.asarray(last.get_ydata()) == pytest.approx(np.ones(len(last.get_ydata())))
    model, r = PLRF(alpha, beta, 1000, 10_000), round(float(last.get_xdata()[50]))
    parts = model.pieces(r)._asdict()
    parts["K_pp"] = (parts["K_pp"] if parts["K_pp"] < np.inf else model.kernel(r)) / model.learning_rate()
    below = 0.0
    for name, line in tops.items():
        height = float(np.asarray(line.get_ydata())[50])
        assert height - below == pytest.approx(parts[name] / sum(parts.values()), abs=1e-9)
        below = height


def test_ratios_are_those_to_the_sharp_law(found: Frontier) -> None:
    law, drawn = sharp_frontier(1, "7/10"), lines(ratio_figure(1, "7/10", found=found).axes[0])
    assert drawn["loss"][1] == pytest.approx(found.loss / (law.C * np.array(BUDGETS) ** (-12 / 17)))
    assert drawn["size"][1] == pytest.approx(found.d / (law.c * np.array(BUDGETS) ** (7 / 17)))
    assert drawn["loss"][1][-1] == pytest.approx(1, abs=0.01)


def test_exponents_and_their_limits(found: Frontier) -> None:
    for axis, which in zip(local_exponents_figure(1, "7/10", found=found).axes, ("eta", "xi"), strict=True):
        drawn = lines(axis)
        assert drawn[which][1].tolist() == getattr(found, which).tolist()
        assert drawn["theory"][1].tolist() == [float(getattr(phase(1, "7/10"), which))] * 2


def test_the_label_goes_where_the_curve_is_not() -> None:
    assert _freest(np.linspace(-1, 0, 20), 0.0, 1.2) == (False, True)
    assert _freest(np.linspace(0, 1, 20), 0.0, 1.2) in ((True, True), (True, False))


@pytest.mark.exhaustive
def test_files_are_the_same_each_time(tmp_path: Path, found: Frontier) -> None:
    for name in ("curves", "exponents"):
        for n in (1, 2):
            save_figure(DRAW[name](1, "7/10", found=found), tmp_path / f"{name}{n}.svg")
        assert (tmp_path / f"{name}1.svg").read_bytes() == (tmp_path / f"{name}2.svg").read_bytes()


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"alpha": 0}, "alpha = 0"),
        ({"flops": [1e9]}, "flops = 1: these are too few budgets for a curve; give 4 or more"),
        ({"flops": [1e9, 1e9, 1e9, 1e9]}, "too few budgets"),
        ({"flops": [1e9, 1e10, 0, 1e11]}, "flops"),
        ({"flops": 1e9}, "flops"),
        ({"v_over_d": 1}, "v_over_d"),
    ],
)
def test_refused(given: dict[str, Any], part: str) -> None:
    for draw in DRAW.values():
        with pytest.raises(ParameterError) as caught:
            draw(**({"alpha": 1, "beta": "7/10", "flops": BUDGETS} | given))
        assert part in str(caught.value)


# -- the command line -------------------------------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_the_command_writes_what_the_function_draws(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, found: Frontier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["plot", "frontier", "1", "7/10", "-o", "x.svg", "--what", "exponents", "--flops", "1e7:1e10:4"]
    assert main(words) == 0
    assert capsys.readouterr() == ("", "scalesym: wrote x.svg\n")
    save_figure(local_exponents_figure(1, "7/10", found=found), tmp_path / "y.svg")
    assert (tmp_path / "x.svg").read_bytes() == (tmp_path / "y.svg").read_bytes()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["1"], "Missing argument 'BETA'"),
        (["1", "7/10"], "Missing option '-o'"),
        (["1", "7/10", "-o", "x.gif"], "output = 'x.gif'"),
        (["1", "7/10", "-o", "x.svg", "--what", "all"], "Invalid value for '--what'"),
        (["1", "7/10", "-o", "x.svg", "--flops", "1e9"], "too few budgets"),
        (["1", "-7/10", "-o", "x.svg"], "beta = '-7/10'"),
    ],
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any, words: Any, part: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plot", "frontier", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert part in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, found: Frontier) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find(name))
    for draw in DRAW.values():
        with pytest.raises(ParameterError, match="pip install 'scalesym\\[plot\\]'"):
            draw(1, "7/10", found=found)
