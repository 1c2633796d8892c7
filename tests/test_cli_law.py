"""``scalesym law``: values, optima and inverses are the package's own; what cannot be answered is one line and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scalesym.cli import main
from scalesym.formulas import formula, formula_ids
from scalesym.laws import BNSL, Adaptive, Chinchilla, Henighan, Kaplan, ShapeLaw, ViT, compared
from scalesym.laws.published import published

SHAPES = ("--shape", "1,0.5,0.3,0", "--shape", "2,1/2,0.1", "--shape", "6,0.5,0")
LAW = Adaptive({"A": ShapeLaw(1, "1/2", "0.3"), "B": ShapeLaw(2, "1/2", "0.1"), "C": ShapeLaw(6, "1/2", 0)})
NAMES = ("chinchilla", "kaplan", "henighan", "vit", "bnsl")


@pytest.fixture(autouse=True)
def _as_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner of tests may have set the width of its own terminal."""
    monkeypatch.delenv("COLUMNS", raising=False)


def answered(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["law", *words]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["law", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def strict(text: str) -> object:
    def never(name: str) -> None:
        raise AssertionError(name)

    return json.loads(text, parse_constant=never)


@pytest.mark.parametrize("name", NAMES)
def test_a_law_is_described(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, name)
    keys = [line[:11].strip() for line in said.splitlines()]
    assert [key for key in keys if key][:4] == ["law", "set", "formula", "constants"]
    assert "{" not in said
    assert " = x0 = " not in said  # constants of a part are on its line
    data = strict(answered(capsys, name, "--json"))
    assert isinstance(data, dict)
    assert data["source"]
    assert data["set"] == data["sets"][0]
    latex = answered(capsys, name, "--latex")
    assert latex.count("{") == latex.count("}")


def test_parts_have_lines_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    lines = answered(capsys, "kaplan").splitlines()
    assert "            joint      L(N, D) = ((N_c/N)^(alpha_N/alpha_D) + D_c/D)^alpha_D" in lines
    assert "constants   size       x0 = 8.8e+13, alpha = 0.076" in lines
    assert "            joint      N_c = 6.4e+13, alpha_N = 0.076, D_c = 1.8e+13, alpha_D = 0.103" in lines
    said = answered(capsys, "henighan", "--set", "text-to-image-text")
    assert "L_inf = 0, x0 = 5.6e+08, alpha = 0.037" in said
    assert "None" not in said


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        (
            "chinchilla",
            ["hoffmann_tex", "1.6934", "1/4761", "22515.9", "3.43e+25", "correct = 1.26e+25", "0.488, 0.502"],
        ),
        ("kaplan", ["kaplan2020-table-5", "x0 = 8.8e+13, alpha = 0.076", "equation 6.5", "misprint"]),
        ("henighan", ["video-vq-16x16x16", "L_inf = 1.01, x0 = 37000, alpha = 0.24", "per_image"]),
        ("vit", ["tenshot", "0.63", "ViT-G/14", "0.1514"]),
        ("bnsl", ["addition-4-digits", "612.5836", "928", "0.5569544", "errata"]),
        ("adaptive", ["none", "0.6", "No table of fitted constants"]),
    ],
)
def test_tables(name: str, seen: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, name, "--table")
    assert "{" not in said
    assert max(map(len, said.splitlines())) <= 250
    for text in seen:
        assert text in said
    assert strict(answered(capsys, name, "--table", "--json")) == dict(published(name))


@pytest.mark.parametrize("name", [*NAMES, "adaptive"])
def test_formulas(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = strict(answered(capsys, name, "--formula", "--json"))
    assert isinstance(data, list)
    assert [each["id"] for each in data] == [id for id in formula_ids() if id.split(".")[0] == name] != []
    said = answered(capsys, name, "--formula")
    for each in data:
        assert f"{each['id']} ({each['status']})\n  {each['statement']}\n  {formula(each['id']).latex()}\n" in said


def test_values(capsys: pytest.CaptureFixture[str]) -> None:
    for words, value in (
        (("chinchilla", "--at", "N=70e9,D=1.4e12"), Chinchilla.from_paper("hoffmann_rounded")(70e9, 1.4e12)),
        (("kaplan", "--at", "N=1e9,D=2.2e10"), Kaplan.from_paper().L_ND(1e9, 2.2e10)),
        (("henighan", "--set", "image-16x16", "--at", "C=1"), Henighan.from_paper("image-16x16")(C=1)),
        (("vit", "--at", "compute=100"), ViT.from_paper("finetune")(100)),
        (("bnsl", "--at", "x=1e10"), BNSL.from_paper("demo")(1e10)),
    ):
        data = strict(answered(capsys, *words, "--json"))
        assert isinstance(data, dict)
        assert data["value"] == value


def test_infinite_size_or_data(capsys: pytest.CaptureFixture[str]) -> None:
    data = strict(answered(capsys, "kaplan", "--at", "N=1e9,D=inf", "--json"))
    assert isinstance(data, dict)
    assert data["at"] == {"N": 1e9, "D": "inf"}
    assert data["value"] == Kaplan.from_paper()(N=1e9, D=float("inf"))


def test_optima_and_inverses(capsys: pytest.CaptureFixture[str]) -> None:
    data = strict(answered(capsys, "chinchilla", "--set", "besiroglu2024", "--optimum", "5.76e23", "--json"))
    assert isinstance(data, dict)
    assert data["N"] == Chinchilla.from_paper("besiroglu2024").optimum(5.76e23).N
    assert "478.1546" in answered(capsys, "vit", "--inverse", "0.12")
    assert "appendix-b" in answered(capsys, "kaplan", "--optimum", "1")


def test_all_exponents(capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "--compare")
    assert all(row.case in said for row in compared())
    data = strict(answered(capsys, "--compare", "--json"))
    assert isinstance(data, list)
    assert [row["case"] for row in data] == [row.case for row in compared()]


def test_a_run_through_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("adaptive", *SHAPES, "--from", "1", "--to", "0.15")
    data = strict(answered(capsys, *words, "--json"))
    assert isinstance(data, dict)
    assert data["schedule"] == [vars(leg) for leg in LAW.schedule(1, "0.15")]
    assert data["transitions"] == [vars(each) for each in LAW.transitions(1, "0.15")]
    assert data["compute"] == LAW.total_compute(1, "0.15")
    assert data["saving"] == LAW.saving(1, "0.15")
    assert data["alone"] == {"A": None} | {k: v for k, v in LAW.static_compute(1, "0.15").items() if k != "A"}
    said = answered(capsys, *words)
    for text in (
        "A to B at 0.6404829 (equal exponents)",
        "0.1925854",
        "452.9395",
        "1088.89",
        "A –, B 1595.062",
        "30.4%",
    ):
        assert text in said


def test_switches_that_cost(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("adaptive", *SHAPES, "--from", "1", "--to", "0.15", "--switch-cost", "300", "--ordered")
    data = strict(answered(capsys, *words, "--json"))
    assert isinstance(data, dict)
    assert [leg["shape"] for leg in data["schedule"]] == ["B", "C"]
    assert [(each["before"], each["after"]) for each in data["transitions"]] == [
        ("B", "C")
    ]  # of this schedule, not of the rule
    assert data["compute"] == LAW.total_compute(1, "0.15", 300, True)
    assert "1 × 300 for switches included" in answered(capsys, *words)
    dear = strict(answered(capsys, *words[:-3], "--switch-cost", "1e4", "--json"))
    assert isinstance(dear, dict)
    assert (dear["transitions"], dear["saving"]) == ([], 0)


def test_a_run_that_no_shape_makes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("adaptive", "--shape", "high=1,1,1/4", "--shape", "low=1,1,0,2", "--from", "1", "--to", "0.1")
    data = strict(answered(capsys, *words, "--json"))
    assert isinstance(data, dict)
    assert (data["alone"], data["saving"]) == ({"high": None, "low": None}, None)
    assert [(each["kind"], each["error"]) for each in data["transitions"]] == [("ceiling", 0.5)]
    assert "no single shape gets there" in answered(capsys, *words)


def test_shapes_without_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    said = answered(capsys, "adaptive", *SHAPES)
    assert "B          a = 2, b = 0.5, c = 0.1, d = 0" in said
    assert "A to B at 0.6404829, B to C at 0.1925854" in said
    data = strict(answered(capsys, "adaptive", *SHAPES, "--json"))
    assert isinstance(data, dict)
    assert [each["error"] for each in data["transitions"]] == [each.error for each in LAW.transitions()]
    at = strict(answered(capsys, "adaptive", *SHAPES, "--at", "compute=100,start=1", "--json"))
    assert isinstance(at, dict)
    assert at["value"] == LAW(100, 1)
    assert "transitions none" in answered(capsys, "adaptive", "--shape", "1,1,-0.5")


def test_a_picture_of_shapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    below = ("--shape", "1,1,0", "--shape", "1,1/2,-0.2")  # a floor below zero
    late = ("--shape", "1,1,0,1", "--shape", "1/4,1,0,1/2")
    for n, words in enumerate((SHAPES, below, late, ("--shape", "1,1,0"))):
        target = tmp_path / f"{n}.svg"
        assert main(["law", "adaptive", *words, "--plot", str(target)]) == 0
        assert capsys.readouterr().err == f"scalesym: wrote {target}\n"
        assert target.read_text().count("<path") > 5


@pytest.mark.parametrize("name", NAMES)
def test_pictures(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"{name}.svg"
    assert main(["law", name, "--plot", str(target)]) == 0
    assert capsys.readouterr().err == f"scalesym: wrote {target}\n"
    assert target.read_text().count("<path") > 5


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "Missing argument 'NAME'"),
        (("nobody",), "nobody"),
        (("chinchilla", "--set", "nobody"), "hoffmann_rounded"),
        (("chinchilla", "--at", "N=1e9"), "D"),
        (("chinchilla", "--at", "N=1e9,N=2"), "it is given twice"),
        (("chinchilla", "--at", ""), "write NAME=NUMBER with N, D"),
        (("chinchilla", "--at", "N=1e400,D=1"), "it leaves the range of double precision"),
        (("chinchilla", "--at", "N=nan,D=1"), "it is not a number"),
        (("chinchilla", "--at", "N=1e9,D=Infinity"), "it must be finite"),
        (("bnsl", "--at", "x=1e-400"), "x = '1e-400': it leaves the range of double precision"),
        (("chinchilla", "--optimum", "1e999"), "it leaves the range of double precision"),
        (("chinchilla", "--optimum", "inf"), "it must be finite"),
        (("chinchilla", "--optimum", ""), "the text is empty"),
        (("chinchilla", "--inverse", "NaN"), "it is not a number"),
        (("chinchilla", "--set", ""), "hoffmann_rounded"),
        (("chinchilla", "--plot", ""), "plot"),
        (("chinchilla", "--plot", "/nonexistent/x.svg"), "no such directory"),
        (("chinchilla", "--plot", "x.svg", "--json"), "--plot has no --json"),
        (("chinchilla", "--plot", "", "--optimum", "1"), "exclude one another"),
        (("chinchilla", "--table", "--set", "besiroglu2024"), "--table is of the whole system"),
        (("chinchilla", "--formula", "--latex"), "has no --latex"),
        (("chinchilla", "--formula", "--set", "besiroglu2024"), "--formula is of the whole system"),
        (("chinchilla", "--shape", "1,1,1"), "--shape goes with adaptive"),
        (("chinchilla", "--from", "1"), "--from goes with adaptive"),
        (("--compare", "--ordered"), "--ordered goes with adaptive"),
        (("henighan", "--set", "text-to-image-text", "--optimum", "1"), "image row"),
        (("adaptive",), "Missing option '--shape'"),
        (("adaptive", "--set", "any", "--shape", "1,1,1"), "adaptive has no --set"),
        (("adaptive", *SHAPES, "--from", "1"), "--to is missing"),
        (("adaptive", *SHAPES, "--to", "1"), "--from is missing"),
        (("adaptive", *SHAPES, "--switch-cost", "1"), "--from is missing"),
        (("adaptive", *SHAPES, "--from", "1", "--to", "0"), "the least floor"),
        (("adaptive", *SHAPES, "--from", "0.1", "--to", "0.5"), "training lowers the error"),
        (("adaptive", *SHAPES, "--from", "nan", "--to", "0.5"), "it is not a number"),
        (("adaptive", *SHAPES, "--from", "inf", "--to", "0.5"), "it must be finite"),
        (("adaptive", *SHAPES, "--from", "1", "--to", "0.5", "--switch-cost", "-1"), "gives no compute back"),
        (("adaptive", *SHAPES, "--from", "1", "--to", "0.5", "--table"), "--table is of the whole system"),
        (("adaptive", *SHAPES, "--from", "1", "--to", "0.5", "--latex"), "takes no --from"),
        (("adaptive", *SHAPES, "--from", "1", "--to", "0.5", "--plot", "x.svg"), "takes no --from"),
        (("adaptive", *SHAPES, "--optimum", "1"), "this law has no optimum"),
        (("adaptive", *SHAPES, "--at", "compute=1"), "give compute, start"),
        (("adaptive", "--shape", "1,1,-2,1", "--plot", "x.svg"), "no error is negative"),
        (("adaptive", "--shape", "1,1,1/2", "--shape", "1,1,0,4"), "no shape has the errors from 0.5 to 0.25"),
        (("adaptive", "--shape", "1,1"), "four constants"),
        (("adaptive", "--shape", "1,1,1,1,1"), "four constants"),
        (("adaptive", "--shape", ""), "four constants"),
        (("adaptive", "--shape", "1,x,0"), "b of shape A"),
        (("adaptive", "--shape", "-1,1,0"), "scale"),
        (("adaptive", "--shape", "1,1,0,-1"), "shift"),
        (("adaptive", "--shape", "1,nan,0"), "it is not a number"),
        (("adaptive", "--shape", "1,1,1e400"), "it leaves the range of double precision"),
        (("adaptive", "--shape", "P=1,1,0", "--shape", "P=2,1,0"), "a name of its own"),
        (("chinchilla", "--at", "Q=1"), "write NAME=NUMBER with N, D"),
        (("chinchilla", "--at", "N=1e9,D=exec(1)"), "it is not a number"),
        (("chinchilla", "--at", "N=-1,D=1"), "N"),
        (("chinchilla", "--optimum", "0"), "C"),
        (("chinchilla", "--inverse", "1.69"), "loss"),
        (("vit", "--optimum", "1"), "this law has no optimum"),
        (("vit", "--inverse", "0.01"), "0.01"),
        (("vit", "--at", "compute=0"), "error rate"),
        (("kaplan", "--at", "N=1,D=1,C=1"), "N"),
        (("chinchilla", "--at", "N=1,D=1", "--optimum", "1"), "exclude one another"),
        (("chinchilla", "--compare"), "--compare takes no NAME"),
        (("chinchilla", "--latex", "--optimum", "1"), "has no --latex"),
        (("chinchilla", "--plot", "x.gif"), "the format is read off the name"),
    ],
)
def test_refusals(words: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert reason in refused(capsys, *words)
