"""``scalesym law``: values, optima and inverses are the package's own; what cannot be answered is one line and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scalesym.cli import main
from scalesym.laws import BNSL, Chinchilla, Henighan, Kaplan, ViT, compared

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
    assert [line.split()[0] for line in said.splitlines()][:4] == ["law", "set", "formula", "constants"]
    data = strict(answered(capsys, name, "--json"))
    assert isinstance(data, dict)
    assert data["source"]
    assert data["set"] == data["sets"][0]
    latex = answered(capsys, name, "--latex")
    assert latex.count("{") == latex.count("}")
    assert isinstance(strict(answered(capsys, name, "--table")), dict)


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
        (("chinchilla", "--at", "N=1e9,N=2"), "it is no value of a variable"),
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
