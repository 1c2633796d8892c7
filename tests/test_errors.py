"""Errors say what was wrong, the value, and what would be right, in one line, whatever the value is."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import objects

from scalesym.errors import AccuracyWarning, ConvergenceError, ParameterError, ScalesymError, StabilityError


def test_the_message_has_value_reason_and_remedy() -> None:
    error = ParameterError("alpha", Fraction(-1, 5), "the spectrum would grow", "use alpha > 0")
    assert str(error) == "alpha = -1/5: the spectrum would grow; use alpha > 0"


@given(objects() | st.text())
def test_every_value_is_shown_in_one_short_line(value: object) -> None:
    message = str(ParameterError("x", value, "reason", "remedy"))
    assert message.startswith("x = ")
    assert message.endswith(": reason; remedy")
    assert "\n" not in message
    assert len(message) < 100
    message.encode()  # a lone surrogate would not survive


@pytest.mark.parametrize("condition", ["kernel norm", "pointwise"])
def test_stability_names_the_critical_rate_and_the_condition(condition: str) -> None:
    error = StabilityError("3/2", 0.25, condition)
    assert "gamma = '3/2'" in str(error)
    assert condition in str(error)
    assert "0.25" in str(error)


def test_an_unknown_stability_condition_is_refused() -> None:
    with pytest.raises(KeyError):
        StabilityError(1, 0.25, "mood")


@pytest.mark.parametrize(
    "error", [ParameterError("v", "inf", "tr D is infinite", "use 2·alpha > 1"), StabilityError(1.5, 0.25, "pointwise")]
)
def test_errors_survive_the_way_between_processes(error: ParameterError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_the_hierarchy() -> None:
    assert issubclass(ParameterError, ScalesymError)
    assert issubclass(ParameterError, ValueError)
    assert issubclass(StabilityError, ParameterError)
    assert issubclass(ConvergenceError, ArithmeticError)
    assert issubclass(AccuracyWarning, UserWarning)
    assert not issubclass(AccuracyWarning, ScalesymError)
