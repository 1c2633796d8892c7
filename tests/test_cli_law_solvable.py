"""The solvable models as ``scalesym law`` has them: numbers of the models' own methods, and one clear error for bad input."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
import rich_click as click

from scalesym.cli import main
from scalesym.cli.law_display import plain, shown
from scalesym.cli.law_solvable import SOLVABLE, solvable, solvable_model
from scalesym.errors import ParameterError
from scalesym.laws.dynamical import DynamicalModel
from scalesym.laws.regimes import FourRegimes
from scalesym.laws.ridge import RandomFeatureRidge

FLOW = DynamicalModel("1.8", "1.4", M=400)
REGIMES = FourRegimes("3/5", 600, loss_factor=1)
RIDGE = RandomFeatureRidge("3/5", 600)
MODELS = {"dynamical": "a=1.8,b=1.4,M=400", "regimes": "alpha_K=3/5,S=600,loss_factor=1", "ridge": "alpha=3/5,M=600"}


def asked(name: str, **options: Any) -> dict[str, Any]:
    """Answered, and fit for strict JSON and for the eye."""
    found = solvable(name, model=MODELS[name], **options)
    json.dumps(plain(found), allow_nan=False)
    assert all(shown(value) for value in found.values())
    return found


def test_constants_are_exact() -> None:
    model, facts = solvable_model("dynamical", None, "a=1.8, b=7/5, M=inf")
    assert isinstance(model, DynamicalModel)
    assert (model.a, model.b, model.M) == (Fraction(9, 5), Fraction(7, 5), math.inf)
    assert facts == {"law": "dynamical"}
    assert set(MODELS) == set(SOLVABLE)


def test_values() -> None:
    found = asked("dynamical", at="N=60,P=90,t=10")
    assert (found["loss"], found["train loss"]) == (FLOW.loss(10, N=60, P=90), FLOW.train_loss(10, N=60, P=90))
    assert found["at"] == {"N": 60, "P": 90, "t": 10}
    assert "train loss" not in asked("dynamical", at="t=10,N=60")
    found = asked("regimes", at="D=40,P=120")
    assert found["loss"] == REGIMES.loss(40, 120)
    assert found["data"] is None
    assert asked("regimes", at="D=40,P=1e6")["parameters"] == "variance-limited"
    found = asked("ridge", at="N=40,T=120,ridge=0.3")
    assert (found["loss"], found["train loss"]) == (RIDGE.loss(40, 120, 0.3), RIDGE.train_loss(40, 120, 0.3))
    assert asked("ridge", at="N=40,T=inf")["loss"] == RIDGE.plateau(N=40)
    assert {asked(name, at=at)["level"] for name, at in (("regimes", "P=3"), ("ridge", "N=3,T=4"))} == {
        "deterministic equivalent"
    }


def test_an_infinite_loss_is_text_in_json() -> None:
    assert plain(asked("regimes", at="D=40,P=40"))["loss"] == "inf"
    assert plain(asked("ridge", at="N=40,T=40"))["loss"] == "inf"


def test_optima() -> None:
    best = FLOW.compute_optimal(1e4)
    found = asked("dynamical", optimum="1e4")
    assert (found["N"], found["t"], found["loss"], found["eta"]) == (best.N, best.t, best.loss, best.eta)
    assert found["budget"] == "C = N t"
    split = RIDGE.compute_optimal(400)
    found = asked("ridge", optimum="400")
    assert (found["N"], found["T"], found["loss"]) == (split.N, split.T, split.loss)
    with pytest.raises(ParameterError, match="no common price"):
        asked("regimes", optimum="400")


def test_what_follows_from_the_constants() -> None:
    found = solvable("dynamical", model="a=3.5,b=1.5")
    assert found["published"]["features"] == Fraction(5, 2)
    assert found["derived"]["features"] == Fraction(3, 2)
    assert found["as PLRF"] == {"alpha": Fraction(3, 4), "beta": 1}
    assert found["phase"] == "III"
    assert found["one-pass SGD"].startswith("has not these exponents")
    found = asked("regimes")
    assert found["derived"]["alpha_P"] == Fraction(3, 5)
    assert found["as PLRF"] == {"alpha": Fraction(4, 5), "beta": 0} == asked("ridge")["as PLRF"]
    assert found["phase"] == asked("ridge")["phase"] == "Ia"
    assert asked("ridge")["derived"]["compute"] == Fraction(3, 10)
    assert found["published"] == "alpha_D = alpha_P = alpha_K"
    assert solvable("regimes")["set"] == "inverse-square"
    assert solvable("regimes", constants="slow")["constants"]["alpha_K"] == Fraction(3, 5)


def test_where_there_are_no_exponents() -> None:
    found = solvable("ridge", model="alpha=-1/2,M=600")
    assert found["derived"].startswith("none: ")
    assert found["phase"].startswith("none: ")
    assert solvable("dynamical", model="a=3.5,b=0.9,M=400")["derived"].startswith("none: ")


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("dynamical", {"model": "a=1.8"}, "b is missing"),
        ("dynamical", {"model": "a=1.8,b=1.4,N=60"}, "no constant of the model"),
        ("dynamical", {"model": "a=1.8,b=1.4,spectrum=1"}, "no constant of the model"),
        ("dynamical", {"model": "a=1.8,b=1.4,b=1.4"}, "given twice"),
        ("dynamical", {"model": "a=1.8,b=big"}, "not a number"),
        ("dynamical", {"model": "a=1.8,b"}, "write NAME=NUMBER"),
        ("dynamical", {"model": ""}, "write NAME=NUMBER"),
        ("dynamical", {"model": "a=0.8,b=1.4"}, "infinite"),
        ("dynamical", {"model": "a=1.8,b=1.4", "at": "N=60"}, "give t"),
        ("dynamical", {"model": "a=1.8,b=1.4", "at": "t=1,D=3"}, "t, N, P"),
        ("dynamical", {"constants": "nothing"}, "no such set"),
        ("dynamical", {"optimum": "0"}, "C = 0"),
        ("dynamical", {"inverse": "0.1"}, "many resources"),
        ("regimes", {"model": "alpha_K=1,S=1/2"}, "S = 1/2"),
        ("regimes", {"at": "D=0"}, "D >= 1"),
        ("ridge", {"model": "alpha=1,M=9,_measured=1"}, "no constant of the model"),
        ("ridge", {"model": "alpha=1,M=9", "at": "N=3"}, "T is missing"),
        ("ridge", {"model": "alpha=1,M=9", "at": "N=3,T=4,ridge=-1"}, "ridge"),
    ],
)
def test_bad_input(name: str, options: dict[str, str], said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        solvable(name, **options)  # type: ignore[arg-type]
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("dynamical", {"model": "a=2,b=2", "constants": "hard"}),
        ("dynamical", {"at": "t=1", "optimum": "10"}),
    ],
)
def test_options_that_exclude_one_another(name: str, options: dict[str, str]) -> None:
    with pytest.raises(click.UsageError, match="exclude one another"):
        solvable(name, **options)  # type: ignore[arg-type]


# -- through the command line ------------------------------------------------------------------------------------------


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "dynamical", "--model", MODELS["dynamical"], "--at", "N=60,P=90,t=10", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["loss"] == FLOW.loss(10, N=60, P=90)
    assert main(["law", "ridge", "--formula"]) == 0
    said = capsys.readouterr().out
    assert "ridge.optimal.f (derived)" in said
    assert "two-resolvents.risk (derived)" in said
    for name in SOLVABLE:
        assert main(["law", name]) == main(["law", name, "--table"]) == main(["law", name, "--latex"]) == 0
        assert "\\" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("chinchilla", "--model", "a=1"), "--model goes with dynamical, regimes, ridge"),
        (("dynamical", "--model", "a=1"), "b is missing"),
        (("dynamical", "--model", "a=2,b=2", "--set", "easy"), "exclude one another"),
        (("ridge", "--model", "alpha=1,M=10", "--table"), "without --model"),
        (("regimes", "--optimum", "1e8"), "its resources have no common price"),
        (("dynamical", "--at", "N=3"), "the time is missing"),
        (("dynamical", "--model", "a=nan,b=2"), "a = 'nan'"),
        (("dynamical", "--shape", "1,2,3"), "--shape goes with adaptive"),
    ],
)
def test_the_command_refuses(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
