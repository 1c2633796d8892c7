"""``scalesym phase``: a point, the table and a claim, in every form."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from phases.diagram import ROWS, name, optimum
from strategies import code_texts, number_texts, phase_points

from scalesym.cli import main
from scalesym.phases import phase, phase_table
from scalesym.theorems import smt

Run = Callable[..., tuple[int, str, str]]
FALSE = "eta=1-1/(4alpha), xi=1/2, where=2alpha>1, 2beta>1"
TRUE = "η=1−1/(4α), ξ=1/2, where=2α>1, β>α"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``scalesym phase`` in this process: exit code, stdout, stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["phase", *words])
        return (code, *capsys.readouterr())

    return call


def answered(result: tuple[int, str, str], code: int = 0) -> str:
    assert (result[0], result[2]) == (code, "")
    assert result[1].endswith("\n")
    return result[1][:-1]


def refused(result: tuple[int, str, str]) -> str:
    """Bad input's answer: exit code 2, and one line on stderr alone."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("scalesym: ")
    assert err[:-1].isprintable()
    return err.removeprefix("scalesym: ")[:-1]


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


def is_balanced(latex: str) -> bool:
    depth = 0
    for n, character in enumerate(latex):
        if character in "{}" and latex[n - 1 : n] != "\\":
            depth += 1 if character == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and latex.count(r"\left") == latex.count(r"\right") and latex.count("$") % 2 == 0


# -- a point ---------------------------------------------------------------------------------------------------------------


def test_a_point_in_text(run: Run) -> None:
    lines = answered(run("1", "7/10")).splitlines()
    assert lines[:-1] == [
        "phase      II",
        "where      β > 1/2, β < α",
        "loss       P(r) ≍ F_pp + F_ac + F_0",
        "best size  d* ≍ f^ξ, ξ = 7/17 = 0.411765; there F_pp = F_ac",
        "loss then  P* ≍ f^(-η), η = 12/17 = 0.705882",
    ]
    head, _, tail = lines[-1].partition(" = ")
    assert set(head.removeprefix("proof      ").split(" · ")) == {"(F_pp)^(5/17)", "(F_ac)^(12/17)"}
    assert tail == "f^(-12/17) at every size d, up to constants"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (
            ["1/2", "1"],
            [
                "line      III|IVa",
                "P(r) ≍ ",
                ", up to logarithms",
                "d* = f^(ξ + o(1)), ξ = 1/2",
                "logarithm  d* ≍ f^(1/2) (log log f)^(1/2)",
            ],
        ),
        (
            ["1", "1"],
            [
                "line      II|III",
                "d* ≍ f^ξ, ξ = 1/2",
                "P* ≍ f^(-η), η = 3/4 = 0.75",
                "note       no logarithm appears on this line",
            ],
        ),
        (["1", "-1/5"], ["phase      Ia", "η = 1/5 = 0.2", "note       beta < 0"]),
        (["1", "−1/5"], ["phase      Ia", "η = 1/5 = 0.2"]),
        (["1", "-.2"], ["phase      Ia", "η = 1/5 = 0.2"]),
        (["0.1", "3"], ["phase      Ic", "note       alpha < 1/4", "note       beta >= 1 + 2 alpha"]),
        (
            ["1/2", "1/2"],
            ["line      Ia|Ib|II|III|IVa", "P* = f^(-η + o(1)), η = 1/2", "note       several lines meet here"],
        ),
    ],
)
def test_what_is_said_of_a_point(run: Run, words: list[str], parts: list[str]) -> None:
    text = answered(run(*words))
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize("options", [["--json"], []])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_options_may_stand_anywhere(run: Run, options: list[str], place: int) -> None:
    words = ["1", "-1/5"]
    words[place:place] = options
    assert answered(run(*words)) == answered(run("1", "-1/5", *options))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(phase_points())
def test_json_of_a_point_is_that_of_the_notes(
    capsys: pytest.CaptureFixture[str], point: tuple[Fraction, Fraction]
) -> None:
    assert main(["phase", "--json", *map(str, point)]) == 0
    data = strict(capsys.readouterr().out)
    assert data == json.loads(json.dumps(phase(*point).to_dict()))
    assert (Fraction(data["eta"]), Fraction(data["xi"])) == optimum(*point)
    assert data["on_boundary"] == (name(*point) == "")
    assert main(["phase", *map(str, point), "--latex"]) == 0
    assert is_balanced(capsys.readouterr().out)
    assert main(["phase", *map(str, point)]) == 0
    shown = (
        data["eta"] if len(data["eta"]) <= 30 else f"{float(Fraction(data['eta'])):.10g}"
    )  # long fractions in decimals
    assert f"η = {shown}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["1", "7/10"],
            r"\xi=\frac{\beta}{\alpha+\beta}=\frac{7}{17},\quad \eta=\frac{2\alpha+2\beta-1}{2(\alpha+\beta)}"
            r"=\frac{12}{17}\qquad(\mathscr{F}_{pp} = \mathscr{F}_{ac};\ \beta > 1/2,\ \beta < \alpha)",
        ),
        (["1", "1"], r"d^\star\asymp f^{\frac{1}{2}},\quad \mathscr{P}^\star\asymp f^{-\frac{3}{4}}"),
        (["1/2", "1/2"], r"d^\star=f^{\frac{1}{2}+o(1)},\quad \mathscr{P}^\star=f^{-\frac{1}{2}+o(1)}"),
        (["1", "1/2"], r"d^\star\asymp f^{1/3}(\log f)^{2/3},\quad \mathscr{P}^\star\asymp f^{-2/3}(\log f)^{2/3}"),
    ],
)
def test_latex_of_a_point(run: Run, words: list[str], expected: str) -> None:
    assert answered(run(*words, "--latex")) == expected


# -- the table ---------------------------------------------------------------------------------------------------------------


def test_the_table_in_text(run: Run) -> None:
    text = answered(run("--table"))
    for row in ROWS:
        assert f" {row} " in text
    assert text.splitlines()[-1].startswith("d* ≍ f^ξ, P* ≍ f^(-η); everywhere α > 0 and α + β > 1/2.")


def test_the_table_in_markdown(run: Run) -> None:
    lines = answered(run("--table", "--markdown")).splitlines()
    rows = [[cell.strip() for cell in row[1:-1]] for row in csv.reader(lines, delimiter="|")]
    assert rows[:2] == [["phase", "region", "loss", "trade-off", "ξ", "η"], ["---"] * 6]
    entries = phase_table().phases
    assert [[row[0], row[1], row[4], row[5]] for row in rows[2:]] == [
        [entry.name, entry.region.text, entry.xi.text, entry.eta.text] for entry in entries
    ]


def test_the_table_in_json(run: Run) -> None:
    data = strict(answered(run("--table", "--json")))
    assert [row["name"] for row in data] == list(ROWS)
    for row in data:
        tradeoff, terms, _, _ = ROWS[row["name"]]
        assert set(row["tradeoff"]) == set(tradeoff.split())
        assert row["terms"] == terms.split()
        assert len(row["corners"]) == len(row["terms"]) - 1
        assert all(map(is_balanced, row["latex"].values()))


def test_the_table_in_latex(run: Run) -> None:
    lines = answered(run("--table", "--latex")).splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{tabular}{llllll}", r"\end{tabular}")
    rows = [line for line in lines if line.endswith(r" \\")]
    assert len(rows) == 8
    assert all(row.count(" & ") == 5 and is_balanced(row) for row in rows)
    assert [row.partition(" & ")[0] for row in rows[1:]] == list(ROWS)
    assert is_balanced("".join(lines))
    assert "".join(lines).isascii()


# -- a claim ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def solvers() -> None:
    pytest.importorskip("z3")
    pytest.importorskip("cvc5")


@pytest.mark.usefixtures("solvers")
def test_a_true_claim(run: Run) -> None:
    assert answered(run("--claim", TRUE)).startswith("holds: z3 and cvc5 refute every counterexample in alpha > 0")
    data = strict(answered(run("--claim", TRUE, "--json")))
    assert (data["claim"], data["outcome"], data["counterexample"]) == (TRUE, "holds", {})


@pytest.mark.usefixtures("solvers")
def test_a_false_claim(run: Run) -> None:
    text = answered(run("--claim", FALSE), 1)
    data = strict(answered(run("--claim", FALSE, "--json"), 1))
    assert (data["outcome"], data["because"]) == ("fails", text)
    alpha, beta = (Fraction(data["counterexample"][letter]) for letter in ("alpha", "beta"))
    eta, xi = optimum(alpha, beta)
    assert 2 * alpha > 1
    assert 2 * beta > 1
    assert (eta, xi) != (1 - 1 / (4 * alpha), Fraction(1, 2))
    assert f"fails at alpha = {alpha}, beta = {beta} (phase II), where eta = {eta} and xi = {xi}: the claim" in text


@pytest.mark.usefixtures("solvers")
def test_an_undecided_claim_is_no_success(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(smt._SOLVERS, "cvc5", lambda *_: ("unknown (TIMEOUT)", {}))
    assert answered(run("--claim", TRUE), 1).startswith("unknown: undecided: ")


def test_a_missing_solver(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt, "find_spec", lambda _: None)
    said = refused(run("--claim", TRUE))
    assert "z3 is not installed; pip install 'scalesym[proofs]'" in said


# -- what is refused -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "give ALPHA and BETA, or --table, or --claim TEXT"),
        (["--json"], "give ALPHA and BETA, or --table, or --claim TEXT"),
        (["1"], "Missing argument 'BETA'"),
        (["-1/5"], "Missing argument 'BETA'"),
        (["1", "1", "1"], "unexpected extra argument (1)"),
        (["1", "1", "-1/5"], "unexpected extra argument (-1/5)"),
        (["--table", "1", "2"], "--table and ALPHA exclude one another"),
        (["--table", "--claim", "xi=1/2"], "--table and --claim exclude one another"),
        (["--claim", "xi=1/2", "1", "2"], "--claim and ALPHA exclude one another"),
        (["--table", "--claim", "xi=1/2", "1"], "--table and --claim and ALPHA exclude one another"),
        (["1", "1", "--json", "--latex"], "--json and --latex exclude one another"),
        (["1", "1", "--latex", "--json"], "--latex and --json exclude one another"),
        (["--table", "--markdown", "--latex"], "--markdown and --latex exclude one another"),
        (["1", "1", "--markdown"], "--markdown goes with --table"),
        (["--claim", "xi=1/2", "--markdown"], "--markdown goes with --table"),
        (["--claim", "xi=1/2", "--latex"], "--claim has no --latex; use --json"),
        (["--claim"], "Option '--claim' requires an argument"),
        (["--clam", "xi=1/2"], "No such option"),
        (["0", "1"], "alpha = '0'"),
        (["-1", "2"], "alpha = '-1'"),
        (["1/4", "1/5"], "beta = '1/5': with alpha + beta < 1/2 the target has infinite energy"),
        (["1/4", "1/4"], "beta = '1/4': on alpha + beta = 1/2 the loss grows like log v"),
        (["x", "1"], "alpha = 'x': it is not a number"),
        (["1", "nan"], "beta = 'nan'"),
        (["1", "inf"], "beta = 'inf': it must be finite"),
        (["1", "1e99999"], "beta = '1e99999'"),
        (["--claim", ""], "it claims neither eta nor xi"),
        (["--claim", "xi=os"], "claim = 'os': the name os means nothing here"),
        (["--claim", "xi=1/2, where=VII"], "where = 'VII': it is neither a comparison nor a phase"),
        (["--claim", "xi=1\n/2"], "it is not an expression"),
        (["--claim", "two\nlines\x1b[31m"], "claim = 'two"),
        (["--claim", "xi=" + "(" * 300], "it is nested more than 30 deep"),
    ],
)
def test_bad_usage_is_answered_in_one_line(run: Run, words: list[str], part: str) -> None:
    assert part in refused(run(*words))


@pytest.mark.usefixtures("solvers")
def test_conditions_that_nothing_satisfies(run: Run) -> None:
    assert "no point of the domain satisfies it" in refused(run("--claim", "xi=1/2, where=2<1"))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code_texts() | number_texts(), code_texts() | number_texts())
def test_hostile_points(capsys: pytest.CaptureFixture[str], alpha: str, beta: str) -> None:
    code = main(["phase", "--", alpha, beta])
    out, err = capsys.readouterr()
    if code == 0:
        assert out.startswith(("phase ", "line "))
    else:
        refused((code, out, err))


def test_nothing_is_evaluated(run: Run, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    code = f"__import__('os').system('touch {canary}')"
    for words in (["--claim", f"eta={code}"], ["--claim", f"eta=1, where=alpha>{code}"], [code, "1"], ["1", code]):
        refused(run(*words))
    assert not canary.exists()
