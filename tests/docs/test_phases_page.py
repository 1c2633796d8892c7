"""The pages on phases and on the frontier: their tables, and the figures in their prose, against the code."""

import math
import re
from fractions import Fraction
from pathlib import Path

import pytest
from generators import phases
from generators.figures.theme import THEMES

from scalesym import phase, sharp_frontier
from scalesym.claims import load
from scalesym.cli.frontier_table import markdown_table
from scalesym.limits import FAR, NEAR, seen
from scalesym.phases import phase_table
from scalesym.plots.plane import equation

DOCS = Path(__file__).parents[2] / "docs"
PHASES, FRONTIER = ((DOCS / name).read_text(encoding="utf-8") for name in ("phases.md", "frontier.md"))

#: A point of each phase, and one on each line, in the order of the table.
INSIDE = {
    "Ia": (1, "1/4"),
    "Ib": ("2/5", "3/10"),
    "Ic": ("1/5", 1),
    "II": (1, "7/10"),
    "III": (1, 2),
    "IVa": ("2/5", 1),
    "IVb": ("7/25", 1),
}
ON = [
    (1, 1),
    ("1/2", "1/4"),
    ("1/2", 1),
    ("1/5", "1/2"),
    ("27/100", "1/2"),
    ("2/5", "1/2"),
    (1, "1/2"),
    ("1/4", 1),
    (1 - math.sqrt(0.5), 0.8),
]


def cells(markdown):
    return [[cell.strip() for cell in row.strip("| \n").split(" | ")] for row in markdown.strip().splitlines()[2:]]


def value(latex, at):
    """A rational expression in LaTeX at a point."""
    for _ in range(3):
        latex = re.sub(r"\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", latex)
    latex = (
        latex.replace(r"\alpha", "(A)").replace(r"\beta", "(B)").replace("^", "**").replace("{", "").replace("}", "")
    )
    latex = re.sub(r"(?<=[\d)])\(", "*(", latex)
    latex = re.sub(r"\d+", r"Fraction(\g<0>)", latex).replace("**Fraction(2)", "**2")
    return eval(latex, {"Fraction": Fraction, "A": at[0], "B": at[1]})


def exact(letters):
    return tuple(x if isinstance(x, float) else Fraction(x) for x in letters)


# -- the tables of the page on phases ------------------------------------------------------------------------------------------


def test_the_table_is_what_a_look_up_says_in_every_phase():
    rows = cells(phases.phases_table())
    assert [row[0] for row in rows] == list(INSIDE)
    for name, region, loss, tradeoff, xi, eta in rows:
        found = phase(*INSIDE[name])
        assert found.name == name
        assert (value(xi[2:-2], exact(INSIDE[name])), value(eta[2:-2], exact(INSIDE[name]))) == (found.xi, found.eta)
        assert len(region.split("<br>")) == len(phase_table()[name].region.latex.split(","))
        for cell, pieces in ((loss, found.terms), (tradeoff, found.tradeoff)):
            shown = re.sub(r"\\(begin|end)\{aligned\}|\\\\|&|\{\}", "", cell[2:-2])
            assert re.split(r"[+=]", shown) == [phases._PIECES[each] for each in pieces]


@pytest.mark.parametrize("name", INSIDE)
def test_weights_in_the_table_are_a_mean_that_does_not_depend_on_the_size(name):
    ((_, cell),) = [row for row in cells(phases.weights_table()) if row[0] == name]
    powers = re.findall(r"\\bigr\)\^\{(.*?)\}(?:\\cdot|\\asymp)", cell)
    at, found = exact(INSIDE[name]), phase(*INSIDE[name])
    law = phase_table().sector_at(at).at(at)
    weights = dict(zip(found.tradeoff, (value(power, at) for power in powers), strict=True))
    assert sum(weights.values()) == 1
    assert min(weights.values()) > 0
    assert sum(w * law.slope(law[piece]) for piece, w in weights.items()) == 0
    assert sum(w * law.intercept(law[piece]) for piece, w in weights.items()) == -found.eta


def test_the_table_of_lines_is_what_a_look_up_says_on_them():
    rows = cells(phases.lines_table())
    assert len(rows) == len(ON) == len(phase_table().lines)
    for (line, _, between, size, loss), at, record in zip(rows, ON, phase_table().lines, strict=True):
        found = phase(*at)
        assert found.lines == (record,)
        assert line == f"${{{equation(record.curve)}}}$"
        assert between == ", ".join(found.neighbours)
        logarithm = found.logarithm
        for cell, power, logs in (
            (size, found.xi, logarithm.size if logarithm else ()),
            (loss, -found.eta, logarithm.loss if logarithm else ()),
        ):
            factors = cell[2:-2].split(r"\,")
            wanted = {"f": power} | dict(zip((r"(\log f)", r"(\log\log f)"), logs, strict=False))
            wanted = {name: each for name, each in wanted.items() if each}
            read = {}
            for factor in factors:
                name, _, written = factor.partition("^")
                read[name] = value(written[1:-1], exact(at)) if written else 1
            assert {name: pytest.approx(float(each)) for name, each in wanted.items()} == {
                name: float(each) for name, each in read.items()
            }


def test_figures_in_the_prose_of_the_proof_are_those_of_the_code():
    found = phase(1, "7/10")
    at = (Fraction(1), Fraction(7, 10))
    law = phase_table().sector_at(at).at(at)
    section = PHASES[PHASES.index("## One proof") : PHASES.index("## All proofs")]
    prose = re.sub(r"```.*?```", "", section, flags=re.DOTALL)
    signed = {term.name: f"$-{-(law.intercept(term) + law.slope(term) * found.xi)}$" for term in law.terms}
    for text in (f"$x = {found.xi}$", rf"$\eta \ge {found.eta}$", rf"$\eta \le {found.eta}$", *signed.values()):
        assert text in prose
    one, other = (found.weights[name] for name in found.tradeoff)
    slopes = [law.slope(law[name]) for name in found.tradeoff]
    heights = [-law.intercept(law[name]) for name in found.tradeoff]
    assert rf"${one} \cdot {slopes[0]} - {other} \cdot {-slopes[1]} = 0$" in prose
    assert rf"$-{one} \cdot {heights[0]} - {other} \cdot {heights[1]} = -{found.eta}$" in prose


def test_what_is_read_from_the_table_can_be_read_from_it():
    side = {name: (phase(*at).xi > Fraction(1, 2)) - (phase(*at).xi < Fraction(1, 2)) for name, at in INSIDE.items()}
    assert {name for name in side if side[name] == 0} == {"Ib", "III", "IVa"}
    assert {name for name in side if side[name] < 0} == {"Ia", "II"}
    assert {e.name for e in phase_table().phases if "β" not in e.eta.text} == {"III", "IVa"}
    # in IVb the noise falls with the size at a fixed budget, with the exponent that is given for the line
    for a in (Fraction(26, 100), Fraction(28, 100), Fraction(3, 10), Fraction(2, 5)):
        law = phase_table().sector_at((a, Fraction(1))).at((a, Fraction(1)))
        assert law.slope(law["K_pp"]) == (-2 * a * a + 4 * a - 1) / a
        assert (law.slope(law["K_pp"]) < 0) == (phase(a, 1).name == "IVb")
    assert r"d^{\,(-2\alpha^2+4\alpha-1)/\alpha}" in PHASES


# -- the page on the frontier --------------------------------------------------------------------------------------------------


def constants():
    """The rows of both tables of constants."""
    return [
        row for row in cells(FRONTIER[FRONTIER.index("| phase | α | β | c |") :].replace("| ---", "")) if len(row) == 8
    ]


def rounded(number, like):
    digits = len(like.replace(".", "").lstrip("0"))
    return f"{number:.{digits}g}"


def test_the_tables_of_constants_are_found():
    assert len(constants()) == 8 + 1 + 6


@pytest.mark.parametrize("row", [constants()[n] for n in (0, 1, 5)], ids=lambda row: row[0])
def test_constants_are_those_of_the_sharp_law(row):
    law = sharp_frontier(row[1], row[2])
    assert law.phase == row[0].replace("∣", "|")
    assert float(rounded(law.c, row[3])) == float(row[3])
    assert float(rounded(law.C, row[4])) == float(row[4])


@pytest.mark.exhaustive
def test_every_constant_and_ratio_is_what_the_claims_show():
    """The figures are those that the page names; the last digit of a ratio may be another processor's."""
    ledger, shown = load(), {}
    for id in ("sharp-frontier.phases", "sharp-frontier.slow", "sharp-frontier.lines"):
        for place, figures in ledger[id].run().figures.items():
            name, alpha, beta, budget = re.fullmatch(r"(\S+) alpha=(\S+) beta=(\S+) f=(\S+)", place).groups()
            shown[name.replace("|", "∣"), alpha, beta, budget] = re.findall(r"\d[\d.]*", figures)
    rows = [row for row in constants() if row[0] != "line"]
    assert {(name, alpha, beta, budget) for name, alpha, beta, _, _, budget, _, _ in rows} == set(shown)
    for name, alpha, beta, c, big, budget, *ratios in rows:
        found = shown[name, alpha, beta, budget]
        assert found[:2] == [c, big], name
        assert [float(ratio) for ratio in found[2:]] == pytest.approx([float(ratio) for ratio in ratios], abs=1.1e-6), (
            name
        )


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("alpha", "beta", "budgets"), [("1", "7/10", NEAR), ("1/5", "4/5", NEAR), ("7/25", "4/5", FAR)]
)
def test_rows_of_the_table_are_what_the_command_prints(alpha, beta, budgets):
    head, _, *rows = markdown_table([seen(alpha, beta, budgets)]).splitlines()
    lines = FRONTIER.splitlines()
    assert head in lines
    first = lines.index(rows[0])
    assert lines[first : first + 2] == rows


# -- figures -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_diagram_names_every_phase_and_curve(theme):
    import matplotlib.pyplot as plt

    with theme.style():
        figure = phases.diagram(theme)
    (axis,) = figure.axes
    texts = [text.get_text() for text in axis.texts]
    for entry in phase_table().phases:
        assert sum(rf"\mathbf{{{entry.name}}}" in text for text in texts) == 1
    for curve in phase_table().curves:
        assert f"${equation(curve)}$" in texts
    plt.close(figure)
