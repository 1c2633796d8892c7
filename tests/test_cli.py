"""The command line: one clear line and exit code 2 on bad input, honest exit codes otherwise, never a traceback."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import math
import os
import re
import subprocess
import sys
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import code_texts, number_texts

from scalesym import PLRF, claims
from scalesym.cli import main
from scalesym.cli.arguments import step_grid
from scalesym.cli.formula import formula_command
from scalesym.cli.loss import loss_command
from scalesym.errors import AccuracyWarning, ParameterError, StabilityError
from scalesym.formulas import Formula, formula, formula_ids
from scalesym.formulas.notation import NOTATIONS
from scalesym.ledger import Claim, Ledger, Verdict

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit code, stdout, stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(words)
        return (code, *capsys.readouterr())

    return call


def refused(result: tuple[int, str, str]) -> str:
    """Require bad input's answer (exit code 2, one line on stderr, nothing on stdout) and return that line."""
    code, out, err = result
    assert code == 2
    assert out == ""
    assert err.startswith("scalesym: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    return err.removeprefix("scalesym: ").rstrip("\n")


# -- the program ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--help"], ["-h"], [], ["verify", "--help"], ["loss", "-h"], ["formula", "--help"]])
def test_help_shows_examples(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "Usage: scalesym" in out
    assert out.count("scalesym ") > 2


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["vrify"], "No such command 'vrify'"),
        (["--nope"], "No such option '--nope'"),
        (["verify", "--qick"], "No such option '--qick'"),
        (["verify", "--strict=yes"], "--strict"),
        (["verify", "nothing-of-the-kind"], "claim = 'nothing-of-the-kind': no claim has this id"),
        (["formula", "nothing-of-the-kind"], "nothing-of-the-kind"),
        (["formula"], "Missing argument 'ID'"),
        (["formula", "--list", "F_pp"], "--list takes no ID"),
        (["formula", "--document", "x.tex", "F_pp"], "--document takes no ID"),
        (["formula", "--document", "x.tex", "--list"], "exclude one another"),
        (["formula", "--document", "x.tex", "--notation", "lin"], "without other options"),
        (["formula", "--document", "no/such/place/x.tex"], "document = 'no/such/place/x.tex': No such file"),
        (["formula", "F_pp", "--form", "tex"], "'tex' is not one of 'text', 'latex', 'python', 'json', 'mathml'"),
        (["formula", "F_pp", "--notation", "mine"], "'mine' is not one of 'paquette', 'bordelon'"),
        (["formula", "F_pp", "--loss-factor", "2"], "'2' is not one of '1', '1/2'"),
        (["formula", "F_pp", "--form", "python", "--derivation"], "--form python has no --derivation"),
        (["formula", "F_pp", "--form", "python", "--notation", "lin"], "without --notation"),
        (["formula", "volterra", "--form", "python"], "which W decides"),
        (["loss"], "Missing argument 'ALPHA'"),
        (["loss", "1", "1"], "Missing option '--d'"),
        (["loss", "1", "-1/5", "--dd", "3"], "No such option '--dd'"),
        (["loss", "1", "-1/5", "-x"], "No such option"),
        (["loss", "1", "1", "-1/5", "--d", "1", "--v", "2"], "unexpected extra argument (-1/5)"),
        (["loss", "1", "1", "--d", "1", "--v", "2", "--json", "--csv"], "exclude one another"),
        (["loss", "1", "1", "--d", "1", "--v"], "Option '--v' requires an argument"),
        (["loss", "two\nlines\x1b[31m", "1", "--d", "1", "--v", "2", "--r", "x\ny"], "r = 'x"),
    ],
)
def test_bad_usage_is_answered_in_one_line(run: Run, words: list[str], part: str) -> None:
    assert part in refused(run(*words))


def test_a_defect_is_told_from_bad_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "load", lambda: 1 / 0)
    code, out, err = run("verify")
    assert (code, out) == (70, "")
    assert err == "scalesym: ZeroDivisionError: division by zero; this is a defect, please report it\n"
    monkeypatch.setenv("SCALESYM_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["verify"])


def test_an_interruption_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(claims, "load", interrupt)
    assert run("verify") == (130, "", "scalesym: interrupted\n")


def fresh(code: str, *words: str, **environment: str) -> subprocess.Popen[str]:
    """A new Python process that runs ``code`` with ``words`` as arguments."""
    command = [sys.executable, "-c", code, *words]
    place = {"cwd": Path(__file__).parent.parent, "env": os.environ | environment}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", **place
    )


PROGRAM = "import sys; from scalesym.cli import main; sys.exit(main())"


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["verify", "--list", "--json"]])
def test_a_reader_who_leaves_is_no_error(words: list[str]) -> None:
    process = fresh(PROGRAM, *words)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 141


def test_help_and_bad_usage_load_nothing_heavy() -> None:
    code = "import sys; from scalesym.cli import main; main(['--help']); main(['loss', '1', '1', '--d', '1']);"
    code += "print(sorted({'scipy', 'sympy', 'mpmath', 'flint', 'matplotlib'} & set(sys.modules)))"
    out, _ = fresh(code).communicate()
    assert out.splitlines()[-1] == "[]"


def test_output_survives_an_ascii_terminal() -> None:
    out, err = fresh(PROGRAM, "loss", "--help", PYTHONIOENCODING="ascii", PYTHONUTF8="0").communicate()
    assert "Usage" in out
    assert err == ""


# -- steps ------------------------------------------------------------------------------------------------------------


def test_a_range_of_steps_is_a_logarithmic_grid_with_both_ends() -> None:
    assert step_grid("1:1e6")[::5] == [10**k for k in range(7)]
    assert step_grid("0:1e6") == [0, *step_grid("1:1e6")]
    assert step_grid("1:1e20", "21") == [10**k for k in range(21)]
    assert step_grid("3:5", "100") == [3, 4, 5]
    assert step_grid("80") == [80]


@given(st.integers(0, 10**20), st.integers(0, 10**20), st.integers(2, 200))
def test_a_grid_increases_and_stays_inside(a: int, b: int, points: int) -> None:
    if a == b:
        return
    grid = step_grid(f"{min(a, b)}:{max(a, b)}", str(points))
    assert grid == sorted(set(grid))
    assert (grid[0], grid[-1]) == (min(a, b), max(a, b))
    assert len(grid) <= points + 1


@pytest.mark.parametrize(
    ("text", "points"),
    [
        *[
            (text, None)
            for text in ("", ",", "1,,2", "-1", "1.5", "1:", ":5", "5:1", "1:1", "1:2:3", "1:inf", "a:b", "1;2")
        ],
        *[("1:10", points) for points in ("1", "0", "-3", "1e5", "2.5", "many", "")],
        ("1,2", "5"),
    ],
)
def test_steps_that_make_no_grid_are_refused(text: str, points: str | None) -> None:
    with pytest.raises(ParameterError, match="^(r|points) = "):
        step_grid(text, points)


@given(number_texts() | code_texts() | st.text(max_size=20))
def test_any_text_is_a_grid_or_a_typed_error(text: str) -> None:
    try:
        grid = step_grid(text)
    except ParameterError:
        return
    assert all(type(r) is int and r >= 0 for r in grid)


# -- verify -----------------------------------------------------------------------------------------------------------


def claim(id: str, outcome: str | BaseException, **more: object) -> Claim:
    """A claim whose check answers as it is told."""

    def check() -> Verdict:
        if isinstance(outcome, BaseException):
            raise outcome
        return Verdict(outcome, f"deciding figure of {id}", {"nan": math.nan})  # type: ignore[arg-type]

    return Claim(id=id, statement=f"statement of {id}", tier="exact", check=check, **more)  # type: ignore[arg-type]


AXIOM = Claim(id="axiom", statement="it is so", tier="assumed", source="Euclid I")


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the package's claims by the given ones."""

    def replace(*given_claims: Claim) -> None:
        monkeypatch.setattr(claims, "load", lambda: Ledger(given_claims))

    return replace


def test_verify_shows_verdicts_and_counts_the_doubtful_aloud(run: Run, ledger: Callable[..., None]) -> None:
    ledger(
        AXIOM,
        claim("good", "holds", rests_on=("axiom", "dark")),
        claim("bad", "fails"),
        claim("dark", ValueError("no convergence")),
        claim("far", "skipped"),
    )
    code, out, err = run("verify")
    assert code == 1
    assert err == ""
    assert "deciding figure of good" in out
    assert "but rests on dark (unknown)" in out
    assert "ValueError: no convergence" in out
    assert "1 of these depend on the assumption axiom: it is so [Euclid I]" in out
    assert "1 hold, 1 FAIL, 1 UNKNOWN, 1 SKIPPED, 1 assumed;" in out
    assert out.rstrip().endswith("NOT ACCEPTED")


@pytest.mark.parametrize(
    ("outcome", "lenient", "strict"),
    [("holds", 0, 0), ("fails", 1, 1), ("unknown", 0, 1), ("skipped", 0, 1), (OSError("x"), 0, 1)],
)
def test_exit_codes(run: Run, ledger: Callable[..., None], outcome: str, lenient: int, strict: int) -> None:
    ledger(claim("a", outcome), claim("b", "holds"))
    assert run("verify")[0] == lenient
    assert run("verify", "--strict")[0] == strict
    code, out, _ = run("verify", "--strict", "--json")
    assert code == strict
    assert json.loads(out)["exit_code"] == strict


def test_verifying_nothing_is_no_success(run: Run, ledger: Callable[..., None]) -> None:
    ledger()
    code, out, _ = run("verify")
    assert code == 1
    assert "NO CLAIM" in out


def test_verify_selects_and_names_what_was_left_out(run: Run, ledger: Callable[..., None]) -> None:
    ledger(claim("k.a", "holds", quick=True), claim("k.b", "fails"), claim("z", "holds", rests_on=("k.b",)))
    assert run("verify", "--quick")[0] == 0
    assert run("verify", "k.a")[0] == 0
    assert run("verify", "k")[0] == 1
    code, out, _ = run("verify", "z")
    assert code == 0
    assert "outside this selection, and not checked now: k.b" in out
    assert "did you mean k.a" in refused(run("verify", "ka"))


def test_verify_json_is_strict_json(run: Run, ledger: Callable[..., None]) -> None:
    ledger(AXIOM, claim("good", "holds", rests_on=("axiom",)))
    data = json.loads(run("verify", "--json")[1], parse_constant=pytest.fail)
    assert [row["outcome"] for row in data["claims"]] == ["assumed", "holds"]
    assert data["claims"][1]["figures"] == {"nan": "nan"}
    assert data["claims"][1]["assumptions"] == ["axiom"]


def test_verify_list(run: Run, ledger: Callable[..., None]) -> None:
    ledger(AXIOM, claim("good", RuntimeError("must not run"), quick=True))
    code, out, _ = run("verify", "--list")
    assert code == 0
    assert "statement of good" in out
    data = json.loads(run("verify", "--list", "--json", "good")[1])
    assert [(entry["id"], entry["quick"]) for entry in data] == [("good", True)]


def test_an_interrupted_run_reports_what_is_finished(run: Run, ledger: Callable[..., None]) -> None:
    ledger(claim("a", "holds"), claim("b", KeyboardInterrupt()), claim("c", "holds"))
    code, out, err = run("verify")
    assert code == 130
    assert "deciding figure of a" in out
    assert err == "scalesym: interrupted; not checked: b c\n"
    code, out, _ = run("verify", "--json")
    assert (code, json.loads(out)["unfinished"]) == (130, ["b", "c"])


def test_progress_goes_to_a_terminal_only(
    capsys: pytest.CaptureFixture[str], ledger: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(claim("a", "holds"), claim("b", "fails"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["verify", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["counts"]["fails"] == 1
    assert "fails: b" in err


# -- loss, on a stub of the model -------------------------------------------------------------------------------------


class StubModel:
    """Takes what the model takes, and answers with numbers that name their origin."""

    def __init__(
        self, alpha: str, beta: str, d: str, v: str, gamma: str = "half-critical", batch: int = 1, noise: str = "0"
    ) -> None:
        self.given, self.noise_variance = (alpha, beta, d, v, gamma, batch), float(noise)
        if gamma == "9":
            raise StabilityError(9, 0.5, "pointwise")

    def _values(self, r: list[int], digits: int | None, scale: int) -> object:
        if digits is None:
            return np.array([scale / (1 + step) for step in r])
        import mpmath

        with mpmath.workdps(digits + 5):
            return [mpmath.mpf(scale) / (1 + step) for step in r]

    def loss(self, r: list[int], digits: int | None = None) -> object:
        return self._values(r, digits, 1)

    def forcing(self, r: list[int], digits: int | None = None) -> object:
        return self._values(r, digits, 2)

    def kernel(self, r: list[int], digits: int | None = None) -> object:
        if self.given[0] == "13":
            raise KeyboardInterrupt
        warnings.warn("K(r) is below 1e-300 and is given as 0", AccuracyWarning, stacklevel=2)
        return self._values(r, digits, 3)

    def learning_rate(self, digits: int | None = None) -> float:
        return 0.25

    def critical_gamma(self) -> float:
        return 0.5

    def kernel_norm(self) -> float:
        return 0.125

    def loss_limit(self) -> float:
        return 0.0

    def forcing_limit(self) -> float:
        return 0.0


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> list[StubModel]:
    """Put the stub in the model's place; the list receives the models that are made."""
    made: list[StubModel] = []

    def make(*args: str, **kwargs: object) -> StubModel:
        made.append(StubModel(*args, **kwargs))  # type: ignore[arg-type]
        return made[-1]

    module = types.ModuleType("scalesym.model")
    module.PLRF = make  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "scalesym.model", module)
    return made


SIZES = ("--d", "1e2", "--v", "1000")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["7/10", "-1/5"], ("7/10", "-1/5", "half-critical", 1)),
        (["7/10", "-.2"], ("7/10", "-.2", "half-critical", 1)),
        (["-1/5", "-2e-3"], ("-1/5", "-2e-3", "half-critical", 1)),
        (["7/10", "--gamma", "-1/5", "-1"], ("7/10", "-1", "-1/5", 1)),
        (["--gamma=-1/5", "1", "--batch", "64", "-1"], ("1", "-1", "-1/5", 64)),
        (["1", "−1/5"], ("1", "-1/5", "half-critical", 1)),
        (["1", "-inf", "--gamma", "trace:1/2"], ("1", "-inf", "trace:1/2", 1)),
        (["--", "1", "-1/5"], ("1", "-1/5", "half-critical", 1)),
    ],
)
def test_negative_numbers_are_numbers_wherever_they_stand(
    run: Run, stub: list[StubModel], words: list[str], expected: tuple[object, ...]
) -> None:
    code, _, err = run("loss", *SIZES, *words)
    assert (code, err) == (0, "")
    alpha, beta, d, v, gamma, batch = stub[0].given
    assert (alpha, beta, gamma, batch) == expected
    assert (d, v) == ("1e2", "1000")


def test_loss_text_states_its_conventions(run: Run, stub: list[StubModel]) -> None:
    code, out, _ = run("loss", "1", "7/10", *SIZES, "--r", "1,9", "--what", "P,F")
    assert code == 0
    for part in (
        "alpha=1 beta=7/10 d=1e2 v=1000",
        "without a factor 1/2",
        "the sum over the batch, B = 1, not the mean",
        "level   equivalent",
    ):
        assert part in out
    assert "gamma   0.25 (half-critical); SGD diverges from 0.5 on" in out
    assert [line.split() for line in out.splitlines()[-3:-1]] == [["1", "0.5", "1"], ["9", "0.1", "0.2"]]


def test_loss_csv(run: Run, stub: list[StubModel]) -> None:
    _, out, _ = run("loss", "1", "7/10", *SIZES, "--r", "0:2", "--csv", "--what", "F")
    lines = out.splitlines()
    assert any(line.startswith("# ") and "1/2" not in line for line in lines)
    rows = list(csv.reader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))
    assert rows[0] == ["r", "F"]
    assert [(int(r), float(value)) for r, value in rows[1:]] == [(0, 2.0), (1, 1.0), (2, 2 / 3)]


def test_loss_json(run: Run, stub: list[StubModel]) -> None:
    data = json.loads(run("loss", "1", "7/10", *SIZES, "--r", "1e20,2", "--json", "--what", "p,f")[1])
    assert data["r"] == [10**20, 2]
    assert data["P"] == [1e-20, 1 / 3]
    assert data["F"] == [2e-20, 2 / 3]
    assert (data["loss_factor"], data["batch_gradient"], data["level"]) == (1, "sum", "equivalent")
    assert data["model"]["beta"] == "7/10"


def test_loss_prints_every_digit_asked_for(run: Run, stub: list[StubModel]) -> None:
    for style in ("--json", "--csv", None):
        _, out, _ = run("loss", "1", "1", *SIZES, "--r", "2", "--digits", "40", *([style] if style else []))
        assert "0." + "3" * 40 in out
        assert "3" * 41 not in out


def test_accuracy_warnings_are_one_line_each(run: Run, stub: list[StubModel]) -> None:
    code, out, err = run("loss", "1", "1", *SIZES, "--what", "K", "--r", "1,2", "--csv")
    assert code == 0
    assert out.splitlines()[-1].startswith("2,1")
    assert err == "scalesym: warning: K(r) is below 1e-300 and is given as 0\n"


def test_an_interrupted_loss_prints_what_is_finished(run: Run, stub: list[StubModel]) -> None:
    code, out, err = run("loss", "13", "1", *SIZES, "--what", "P,K", "--r", "1", "--csv")
    assert code == 130
    assert out.splitlines()[-2:] == ["r,P", "1,0.5"]
    assert err == "scalesym: interrupted; finished: P\n"
    assert run("loss", "13", "1", *SIZES, "--what", "K") == (130, "", "scalesym: interrupted; finished: nothing\n")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--r", "-1"], "r = '-1': the number of steps cannot be negative"),
        (["--r", "5:1"], "r = '5:1': the range is empty"),
        (["--what", "P,Q"], "what = 'P,Q'"),
        (["--what", "P,P"], "what = 'P,P'"),
        (["--what", ""], "what = ''"),
        (["--digits", "0"], "digits = '0'"),
        (["--digits", "__import__('os')"], "it is not a number"),
        (["--batch", "1/2"], "batch = '1/2'"),
        (["--points", "1"], "points = '1'"),
        (["--gamma", "9"], "gamma = 9: one-pass SGD diverges, the pointwise condition"),
    ],
)
def test_bad_values_are_answered_in_one_line(run: Run, stub: list[StubModel], words: list[str], part: str) -> None:
    assert part in refused(run("loss", "1", "1", *SIZES, *words))


# -- loss and formula, for real ---------------------------------------------------------------------------------------

needs_model = pytest.mark.skipif(importlib.util.find_spec("scalesym.model") is None, reason="scalesym.model is missing")
REFERENCE = ("loss", "1", "7/10", "--d", "20", "--v", "60", "--gamma", "3/10", "--r", "80", "--what", "P,F,K")


@needs_model
def test_loss_gives_the_reference_values(run: Run) -> None:
    code, out, err = run(*REFERENCE, "--digits", "20", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["P"] == ["0.032635432978572923395"]
    assert data["F"] == ["0.021270925536332591331"]
    assert data["K"][0].startswith("0.000106313334449441824"[:20])
    assert data["kernel_norm"] == pytest.approx(0.32596710938095098, rel=1e-10)
    data = json.loads(run(*REFERENCE, "--json")[1])
    assert data["P"] == [pytest.approx(0.032635432978572923395, rel=1e-10)]


@needs_model
@pytest.mark.parametrize(
    "words",
    [
        ["0", "1", *SIZES],
        ["-1/5", "1", *SIZES],
        ["1/5", "1/5", *SIZES],
        ["1", "-7/10", *SIZES],
        ["1", "1", "--d", "100", "--v", "100"],
        ["1", "1", "--d", "100", "--v", "-inf"],
        ["2/5", "1", "--d", "100", "--v", "inf"],
        ["1", "1", "--d", "nan", "--v", "200"],
        ["1", "1", *SIZES, "--gamma", "1e9"],
        ["1", "1", *SIZES, "--gamma", "-1/5"],
        ["1", "1", *SIZES, "--gamma", "trace:"],
        ["1", "1", *SIZES, "--gamma", "open('x')"],
        ["1/0", "1", *SIZES],
    ],
)
def test_the_model_refuses_on_the_command_line_in_one_line(run: Run, words: list[str]) -> None:
    refused(run("loss", *words))


@needs_model
@given(words=st.lists(number_texts() | code_texts() | st.text(max_size=6), min_size=6, max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_give_numbers_or_one_line(run: Run, words: list[str]) -> None:
    alpha, beta, d, v, gamma, r = words
    code, out, err = run("loss", f"--d={d}", f"--v={v}", f"--gamma={gamma}", f"--r={r}", "--", alpha, beta)
    assert code in (0, 2), err
    if code == 2:
        refused((code, out, err))


def test_formula_in_every_form(run: Run) -> None:
    pytest.importorskip("latex2mathml")
    begins = {
        "text": "K_pp(t) ~ γ^2B Γ(2 - 1/b)/b",
        "latex": r"\mathscr{K}_{pp}(t)\sim ",
        "mathml": '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">',
        "json": "{",
    }
    for form, begin in begins.items():
        code, out, err = run("formula", "K_pp.asymptotic", "--form", form, "--notation", "bordelon")
        assert (code, err) == (0, "")
        assert out.startswith(begin)
    assert run("formula", "F_pp", "--form", "latex")[1] == run("formula", "F_pp", "--latex")[1]
    for name in NOTATIONS:
        assert run("formula", "F_pp", "--derivation", "--notation", name)[0] == 0


def test_formula_as_python_in_other_conventions(run: Run) -> None:
    words = ("formula", "K_pp.closed", "--loss-factor", "1/2", "--batch-gradient", "mean")
    names: dict[str, Any] = {}
    exec(run(*words, "--form", "python")[1], names)
    found = names["K_pp_closed"](alpha=1, gamma="3/5", B=2, r=40)
    assert float(found) == pytest.approx(float(formula("K_pp").evaluate(alpha=1, gamma="3/10", B=2, r=40)), rel=1e-13)
    data = json.loads(run(*words, "--form", "json")[1])
    assert data["conventions"] == {"loss_factor": "1/2", "batch": "mean", "eigenvalue": "variance"}
    assert Formula.from_dict(data).python() == run(*words, "--form", "python")[1].rstrip("\n")


def test_formula_document(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "formulas.tex"
    code, out, err = run("formula", "--document", str(target))
    assert (code, err) == (0, "")
    assert out == f"{target}: {len(formula_ids())} formulas; compile it twice, with pdflatex\n"
    assert target.read_text(encoding="utf-8").endswith("\\end{document}\n")


def test_mathml_without_its_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    line = refused(run("formula", "F_pp", "--form", "mathml"))
    assert line == "form = 'mathml': it needs the package latex2mathml; pip install 'scalesym[mathml]'"


def test_formula_list_and_latex(run: Run) -> None:
    code, out, err = run("formula", "--list")
    assert (code, err) == (0, "")
    assert "F_pp" in out
    code, latex, err = run("formula", "F_pp", "--latex")
    assert (code, err) == (0, "")
    assert r"\frac" in latex
    code, text, _ = run("formula", "F_pp", "--derivation")
    assert code == 0
    assert text.count("checked: ") > 3
    code, chain, _ = run("formula", "F_pp", "--derivation", "--latex")
    assert code == 0
    lines = chain.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{aligned}", r"\end{aligned}")
    assert all(line.endswith(r" \\") and line.startswith("  &") for line in lines[1:-2])
    assert len(set(lines)) == len(lines) > 5
    listed = json.loads(run("formula", "--list", "--json")[1])
    assert {"id", "level", "status", "statement"} == set(listed[0])
    assert json.loads(run("formula", "F_pp", "--json")[1])["id"] == "F_pp"


@needs_model
@pytest.mark.parametrize("command", [loss_command, formula_command], ids=["loss", "formula"])
def test_the_examples_of_the_help_work(run: Run, command: click.Command) -> None:
    examples = re.findall(r"^ +scalesym (.+)$", command.help or "", re.MULTILINE)
    assert len(examples) >= 3
    for example in examples:
        code, out, err = run(*example.split())
        assert (code, err) == (0, ""), example
        assert out


@needs_model
def test_the_stub_asks_for_nothing_that_the_model_lacks() -> None:
    from scalesym import PLRF

    methods = [name for name in vars(StubModel) if not name.startswith("_")]
    assert [name for name in methods if not callable(getattr(PLRF, name, None))] == []


# -- simulate ---------------------------------------------------------------------------------------------------------

SIMULATE = ("simulate", "1", "7/10", "--d", "10", "--v", "40", "--gamma", "1/10", "--steps", "200")


def test_simulate_shows_runs_beside_theory(run: Run) -> None:
    code, out, err = run(*SIMULATE, "--runs", "5", "--csv")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(line for line in out.splitlines() if not line.startswith("#")))
    assert [int(rows[0]["r"]), int(rows[-1]["r"])] == [0, 200]
    sample = PLRF(1, "7/10", 10, 40, "1/10").sample(0)
    for row in rows:
        assert float(row["exact_mean"]) == pytest.approx(sample.conditional_loss(row["r"]), rel=1e-13)
        assert float(row["10_percent"]) <= float(row["median"]) <= float(row["90_percent"])
    assert float(rows[-1]["equivalent"]) == pytest.approx(PLRF(1, "7/10", 10, 40, "1/10").loss(200), rel=1e-14)
    table = run(*SIMULATE, "--runs", "5")[1]
    assert "exact mean" in table
    assert "on this draw of W the mean diverges from" in table


@pytest.mark.parametrize("method", ["literal", "eigenbasis"])
def test_simulate_json_holds_every_run(run: Run, method: str) -> None:
    code, out, _ = run(*SIMULATE, "--json", "--runs", "3", "--record", "0,7,200", "--seed", "4", "--method", method)
    data = json.loads(out)
    assert code == 0
    assert data["r"] == [0, 7, 200]
    assert data["finished"] is True
    found = PLRF(1, "7/10", 10, 40, "1/10").sample(4).simulate(200, 3, 4, method, record=[0, 7, 200])
    assert np.array_equal(data["losses"], found.loss)
    assert data["levels"] == {"mean": "sampled", "exact mean": "conditional", "equivalent": "equivalent"}


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_simulate_draws(run: Run, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"runs{suffix}"
    code, out, err = run(*SIMULATE, "--plot", str(target))
    assert code == 0
    assert err == f"scalesym: wrote {target}\n"
    assert target.stat().st_size > 5000
    assert len(out.splitlines()) < 40  # the table stays short


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--steps", "0"], "steps = '0'"),
        (["--steps", "1e12"], "it would take about"),
        (["--d", "1e9", "--v", "1e10"], "of memory"),
        (["--v", "inf"], "v = inf: a random matrix has a whole number of rows"),
        (["--runs", "1.5"], "runs = '1.5'"),
        (["--seed", "-1"], "seed = '-1'"),
        (["--method", "fast"], "method = 'fast'"),
        (["--record", "300"], "record = 300: the simulation ends at step 200"),
        (["--plot", "x.gif"], "plot = 'x.gif'"),
        (["--plot", "nowhere/x.png"], "there is no such directory"),
        (["--noise-variance", "-1"], "noise_variance = '-1'"),
        (["--gamma", "3"], "one-pass SGD diverges"),
        (["--json", "--csv"], "exclude one another"),
    ],
)
def test_simulate_refuses(run: Run, words: list[str], part: str) -> None:
    assert part in refused(run(*SIMULATE, *words))


def test_simulate_needs_matplotlib_for_pictures_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "pip install 'scalesym[plot]'" in refused(run(*SIMULATE, "--plot", "x.png"))


def test_simulate_interrupted_shows_what_is_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from scalesym.sampled.normals import Normals

    original, calls = Normals.take, []

    def interrupted(self: Normals, steps: int) -> object:
        calls.append(steps)
        if len(calls) > 8:
            raise KeyboardInterrupt
        return original(self, steps)

    monkeypatch.setattr(Normals, "take", interrupted)
    code, out, err = run(*SIMULATE, "--csv")
    assert code == 130
    assert re.fullmatch(r"scalesym: interrupted after step \d+ of 200\n", err)
    assert "\n1," in out


def test_label_noise_on_the_command_line(run: Run) -> None:
    _, out, _ = run("loss", "1", "1", "--d", "10", "--v", "30", "--r", "50", "--noise-variance", "1/4", "--csv")
    assert float(out.splitlines()[-1].split(",")[1]) == PLRF(1, 1, 10, 30, noise_variance="1/4").loss(50)
    assert "noise_variance=1/4" in out
