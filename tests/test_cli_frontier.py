"""``scalesym frontier``: budgets, the table beside the theory, crossovers, and every form."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import code_texts, number_texts

from scalesym import limits, phase, sharp_frontier
from scalesym.cli import main
from scalesym.cli.frontier import flops_grid
from scalesym.errors import ParameterError
from scalesym.frontiers import frontier
from scalesym.limits import Seen

Run = Callable[..., tuple[int, str, str]]
POINT = ("1", "7/10")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``scalesym frontier`` in this process: exit code, stdout, stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["frontier", *words])
        return (code, *capsys.readouterr())

    return call


def answered(result: tuple[int, str, str]) -> str:
    assert (result[0], result[2]) == (0, "")
    return result[1]


def refused(result: tuple[int, str, str]) -> str:
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("scalesym: ")
    assert err[:-1].isprintable()
    return err


# -- budgets ----------------------------------------------------------------------------------------------------------


def test_lists_and_ranges() -> None:
    assert flops_grid(("1e9",)) == [1e9]
    assert flops_grid(("1e12,1e9", "1e9")) == [1e9, 1e12]
    assert flops_grid(("1e9:1e24:6",)) == [1e9, 1e12, 1e15, 1e18, 1e21, 1e24]
    assert flops_grid(("1e9:1e24",)) == flops_grid(("1e9:1e24:6",))
    assert flops_grid(("1e6:1e100:95",)) == [float(f"1e{k}") for k in range(6, 101)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "flops = ''"),
        ("0", "flops = '0': it counts"),
        ("-1e9", "flops = '-1e9'"),
        ("1e9,,1e10", "flops = ''"),
        ("1e9:1e8", "the range is empty"),
        ("1e9:1e9", "the range is empty"),
        ("1:2:3:4", "it is no range"),
        ("1e9:1e10:1", "it is not a count"),
        ("1e9:1e10:2.5", "it is not a count"),
        ("1e9:1e10:1e9", "too many budgets"),
        ("inf", "it must be finite"),
        ("1e400", "double precision"),
    ],
)
def test_budgets_refused(text: str, part: str) -> None:
    with pytest.raises(ParameterError) as caught:
        flops_grid((text,))
    assert part in str(caught.value)


@given(number_texts() | code_texts() | st.text(max_size=20))
def test_any_text_is_budgets_or_a_typed_error(text: str) -> None:
    with suppress(ParameterError):
        assert all(budget > 0 for budget in flops_grid((text,)))


# -- a point ----------------------------------------------------------------------------------------------------------


def test_json_has_what_the_function_returns(run: Run) -> None:
    data = json.loads(answered(run(*POINT, "--flops", "1e9,1e10", "--json")))
    found = json.loads(json.dumps(frontier(1, "7/10", [1e9, 1e10]).to_dict()))
    assert {name: data[name] for name in found} == found
    assert data["phase"] == json.loads(json.dumps(phase(*POINT).to_dict()))
    assert data["model"] == {"alpha": "1", "beta": "7/10", "v_over_d": "10", "gamma": "half-critical", "batch": "1"}


def test_text_and_csv(run: Run) -> None:
    words = ("4/5", "-1/5", "--flops", "1e8", "--gamma", "trace:1/2", "--batch", "2", "--v-over-d", "inf")
    text = answered(run(*words))
    found = frontier("4/5", "-1/5", 1e8, v_over_d="inf", gamma="trace:1/2", batch=2)
    assert "alpha=4/5 beta=-1/5 v_over_d=inf gamma=trace:1/2 batch=2" in text
    assert "phase   Ia: η → 1/13 = 0.0769231, ξ → 5/13 = 0.384615 as f → ∞; trade-off F_pp = F_0" in text
    assert f"{found.eta:.6f}" in text
    assert "F_pp=F_0" in text
    lines = answered(run(*words, "--csv")).splitlines()
    (row,) = csv.DictReader(line for line in lines if not line.startswith("#"))
    assert float(row["d"]) == found.d
    assert float(row["xi"]) == found.xi
    assert float(row["eta_off"]) == found.eta - 1 / 13
    assert sum(float(value) for name, value in row.items() if name.startswith("share_")) == pytest.approx(1)


def test_the_sharp_law_stands_in_the_head(run: Run) -> None:
    law = sharp_frontier("4/5", "6/5")
    text = answered(run("4/5", "6/5", "--flops", "1e7"))
    assert f"sharp   d* ~ {law.c:.6g} f^ξ, P* ~ {law.C:.6g} f^(-η)\n" in text
    assert "sharp" not in answered(run("1/2", "1/2", "--flops", "1e7"))  # where five lines meet
    assert json.loads(answered(run("4/5", "6/5", "--flops", "1e7", "--json")))["sharp"] == law.to_dict() | {
        "size_logs": [],
        "loss_logs": [],
    }


def test_digits(run: Run) -> None:
    words = (*POINT, "--flops", "20000", "--v-over-d", "2", "--digits", "8")
    data = json.loads(answered(run(*words, "--json")))
    assert data["d"] == ["81.236924"]
    assert "--digits goes with --json" in refused(run(*words))
    assert "digits" in refused(run(*POINT, "--flops", "1e6", "--digits", "-3", "--json"))


def test_a_line_says_so(run: Run) -> None:
    assert "line    d* ≍ f^(1/3) (log f)^(2/3)" in answered(run("1", "1/2", "--flops", "1e8"))


@pytest.mark.exhaustive
def test_crossover(run: Run) -> None:
    words = (*POINT, "--crossover", "0.0035", "--largest", "1e12")
    lines = answered(run(*words)).splitlines()
    assert any(line.startswith("η       within 0.0035 from 1.") for line in lines)
    assert any(line.startswith("ξ       within 0.0035 from ") for line in lines)
    assert any("nothing is known" in line for line in lines)
    assert not any("trade-off:" in line for line in lines)  # no budgets, no table
    data = json.loads(answered(run(*words, "--json")))
    assert 1e6 < data["crossover"]["eta"] < 2e6 < 1e9 < data["crossover"]["xi"] < 1e12
    assert "flops" not in data


# -- the table --------------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Local exponents without the work: 0.5 and corrections that one transformation takes out."""
    asked: list[tuple[Any, ...]] = []

    def pretended(alpha: str, beta: str, budgets: tuple[float, ...], **model: object) -> Seen:
        if len(asked) == 5:
            raise KeyboardInterrupt
        asked.append((alpha, beta, budgets))
        where = phase(alpha, beta)
        local = {name: tuple(float(getattr(where, name)) + 0.3 * f**-0.04 for f in budgets) for name in ("eta", "xi")}
        ends = {name: limits.shanks(values) for name, values in local.items()}
        theory = {"eta": where.eta, "xi": where.xi}
        return Seen(where.alpha, where.beta, where.name, budgets, local["eta"], local["xi"], theory, ends)

    monkeypatch.setattr(limits, "seen", pretended)
    return asked


def test_the_table_of_one_point(run: Run, quick: list[tuple[Any, ...]]) -> None:
    lines = answered(run(*POINT, "--table", "--markdown")).splitlines()
    assert [point[2] for point in quick] == [limits.NEAR, limits.FAR]  # slow, so further
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line]
    assert rows[0] == ["phase", "α", "β", "", "1e09", "1e12", "1e15", "1e18", "1e21", "1e24", "limit", "theory", "off"]
    assert rows[2][:4] == ["II", "1", "0.7", "η"]
    assert rows[2][-3:-1] == ["0.705882", "0.705882"]
    assert rows[3][3] == "ξ"
    assert rows[4][4:9] == ["1e25", "1e50", "1e75", "1e100", "1e125"]
    assert all(len(row) == len(rows[0]) for row in rows[:4])
    assert len(rows) == 8
    data = json.loads(answered(run(*POINT, "--table", "--json")))
    assert [row["budgets"] for row in data["rows"]] == [list(limits.NEAR), list(limits.FAR)]


def test_budgets_out_of_reach_take_nothing_away(run: Run, monkeypatch: pytest.MonkeyPatch, quick: Any) -> None:
    pretended = limits.seen

    def nearby(alpha: Any, beta: Any, budgets: tuple[float, ...], **model: Any) -> Seen:
        if budgets == limits.FAR:
            raise ParameterError("flops", 1e125, "it is too large", "use less")
        return pretended(alpha, beta, budgets, **model)

    monkeypatch.setattr(limits, "seen", nearby)
    code, out, err = run(*POINT, "--table", "--markdown")
    assert code == 0
    assert len(out.splitlines()) == 4
    assert err == "scalesym: warning: not shown further: flops = 1e+125: it is too large; use less\n"


def test_an_interrupted_table_shows_what_is_finished(run: Run, quick: list[tuple[Any, ...]]) -> None:
    code, out, err = run("--table")
    assert code == 130
    assert err == "scalesym: interrupted; finished: 5\n"
    assert len(quick) == 5
    assert out.count("η") == 5
    assert "Shanks" in out


def test_the_table_is_of_the_exact_frontier(run: Run) -> None:
    (row,) = json.loads(answered(run("7/10", "-1/10", "--table", "--json")))["rows"]
    assert row["name"] == "Ia"
    assert max(abs(off) for off in row["off"].values()) < 1e-6
    assert row["eta"][0] == pytest.approx(frontier("7/10", "-1/10", 1e9).eta, abs=1e-9)


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "give ALPHA and BETA, or --table"),
        (["1"], "Missing argument 'BETA'"),
        (["1", "1", "1"], "unexpected extra argument (1)"),
        (["0", "1"], "alpha = '0'"),
        (["1", "x"], "beta = 'x'"),
        (["1/4", "1/5"], "beta = '1/5': with alpha + beta < 1/2 the target has infinite energy"),
        ([*POINT, "--flops", "x"], "flops = 'x'"),
        ([*POINT, "--flops", "-1"], "flops = '-1'"),
        ([*POINT, "--flops", "10"], "there is no room"),
        ([*POINT, "--v-over-d", "1"], "v_over_d = '1'"),
        (["2/5", "1", "--v-over-d", "inf"], "v = "),
        ([*POINT, "--gamma", "10"], "gamma = 10"),
        ([*POINT, "--gamma", "fast"], "gamma = 'fast'"),
        ([*POINT, "--batch", "0"], "batch = '0'"),
        ([*POINT, "--crossover", "0"], "tolerance = '0'"),
        ([*POINT, "--crossover", "2"], "use tolerance < 1"),
        ([*POINT, "--crossover", "0.1", "--largest", "1"], "largest"),
        ([*POINT, "--largest", "1e9"], "--largest goes with --crossover"),
        ([*POINT, "--crossover", "0.1", "--csv"], "--crossover has no --csv; use --json"),
        ([*POINT, "--json", "--csv"], "--json and --csv exclude one another"),
        (["--table", "--json", "--markdown"], "--json and --markdown exclude one another"),
        ([*POINT, "--markdown"], "--markdown goes with --table"),
        (["--table", "--flops", "1e9"], "--table and --flops exclude one another"),
        (["--table", "--csv"], "--table and --csv exclude one another"),
        (["--table", "--crossover", "0.1"], "--table and --crossover exclude one another"),
        (["1", "--table"], "Missing argument 'BETA'"),
        ([*POINT, "--flop", "1e9"], "No such option"),
    ],
)
def test_bad_usage_is_answered_in_one_line(run: Run, words: list[str], part: str) -> None:
    assert part in refused(run(*words))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code_texts(), number_texts() | code_texts())
def test_hostile_points(capsys: pytest.CaptureFixture[str], alpha: str, beta: str) -> None:
    code = main(["frontier", "--", alpha, beta])
    out, err = capsys.readouterr()
    refused((code, out, err))
