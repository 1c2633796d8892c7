"""The theory page states formulas of the catalogue, as the catalogue writes them, and its pictures are drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generators.figures import FIGURES
from generators.figures.theme import THEMES
from generators.figures.theory_tradeoff import exponents
from generators.markdown import anchor

from scalesym import formula, formula_ids, frontier, phase

PAGE = (Path(__file__).parents[2] / "docs" / "theory.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\[([^\[\]]+)\]\(#(formula-[^()]*)\)", PAGE)
DISPLAYS = re.findall(r"^% formula: (\S+)\n\$\$(.+?)\$\$", PAGE, re.MULTILINE | re.DOTALL)
SOURCE = PAGE.replace("\n", " ")


def bare(latex: str) -> str:
    return re.sub(r"\s", "", latex)


@pytest.mark.parametrize(("id", "target"), sorted(set(LINKS)))
def test_each_formula_named_is_in_the_catalogue(id: str, target: str) -> None:
    assert id in formula_ids()
    assert target == anchor("formula", id)


@pytest.mark.parametrize(("id", "shown"), DISPLAYS)
def test_each_formula_shown_is_that_of_the_catalogue(id: str, shown: str) -> None:
    assert bare(shown) == bare(formula(id).latex())
    assert id in {name for name, _ in LINKS}, "nothing leads to its derivation"


def test_there_are_formulas() -> None:
    assert len(DISPLAYS) >= 12
    assert len(DISPLAYS) == PAGE.count("% formula:")


def test_the_pictures_are_those_that_are_drawn() -> None:
    shown = re.findall(
        r"```\{image\} generated/figures/(\S+)-(\w+)\.svg\n:class: only-(\w+)\n:align: center\n:alt: (.+)\n```", PAGE
    )
    assert {name for name, *_ in shown} == set(FIGURES)
    for name in FIGURES:
        looks = [(of, css, alt) for found, of, css, alt in shown if found == name]
        assert [of for of, *_ in looks] == [css for _, css, _ in looks] == [theme.name for theme in THEMES]
        assert looks[0][2] == looks[1][2]
    drawn_by = SOURCE.count("Drawn by `python docs/build.py --figures DIR`.")
    assert PAGE.count("{.caption}") == drawn_by == len(FIGURES)


def test_the_words_that_repeat_exponents_are_right() -> None:
    """Numbers in the prose: of the running example, of Figure 7 and of the slow phase."""
    example = phase(1, "3/2")
    lines = exponents(example.alpha, example.beta)
    assert {name: (str(p), str(q)) for name, (p, q) in lines.items()} == {
        "F_pp": ("-2", "2"),
        "F_ac": ("-1/2", "-1/2"),
        "F_0": ("0", "-2"),
        "K_pp": ("-3/2", "3/2"),
    }
    assert r"$r^{-2}$, $d^{-1}r^{-1/2}$, $d^{-2}$ and $r^{-3/2}$" in SOURCE
    assert (
        r"$\mathscr K_{pp}/(\gamma B) = f^{-3/2 + 3x/2}$ meets $\mathscr F_{ac} = f^{-1/2-x/2}$ at $x = 1/2$" in SOURCE
    )
    slow = float(phase("7/25", "4/5").eta)
    assert f"the limit is ${slow:.4f}$" in SOURCE


def test_the_slow_phase_looks_like_a_power_law() -> None:
    """The doctests of the page go on from here to 1e24."""
    before, begins = frontier("7/25", "4/5", [1e10, 1e11]).eta
    assert r"from $10^{11}$ to $10^{24}$ operations $\eta$ is between $0.316$ and $0.320$" in SOURCE
    assert before < 0.316 < begins < 0.320


def test_the_unlucky_run() -> None:
    """That of Figure 3 whose circle stands out."""
    from generators.figures.theory_levels import numbers

    r, runs, mean, exact, _ = numbers()
    assert len(runs) == 16
    assert "one of the 16 is at six times the exact mean there" in SOURCE
    dots = [k for k, step in enumerate(r) if mean[k] > 1.3 * exact[k] and step > 100]
    assert any(5.5 < max(runs[:, k]) / exact[k] < 6.5 for k in dots)


def test_a_picture_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    """One that is drawn fast; none of them knows a date."""
    from generators.figures import drawn

    seen = set()
    for name in ("first", "second"):
        figure = drawn("theory-tropical", THEMES[1])
        with THEMES[1].style():
            figure.savefig(tmp_path / name, format="svg", metadata={"Date": None}, transparent=True)
        seen.add((tmp_path / name).read_bytes())
    (picture,) = seen
    assert b"<dc:date>" not in picture
    assert b"<text" not in picture, "letters are paths"
