"""Ten thousand hostile inputs: a right number or a typed error, nothing else.

The right number comes from plain sums written here. At the first step the deterministic equivalent is a polynomial in moments,

    P(1) = Σλb² − 2γB Σλ²b² + γ²B(B+1)(Σλ³b² + (trD/d)Σλ²b²) + σ² + K(0) P(0),   K(0) = γ²B(Σλ² + (trD)²/d),

because ``m = 1 − trD/(d(−z)) + …`` at large ``z``.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scalesym import PLRF, ScalesymError, resources
from scalesym.cli import main
from scalesym.errors import AccuracyWarning, ParameterError

hostile = strategies.objects() | strategies.number_texts() | strategies.code_texts()


def fuzz(examples: int) -> settings:
    return settings(max_examples=examples, suppress_health_check=list(HealthCheck), print_blob=False)


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dear but possible is refused here as what is impossible is, so that the tests are quick."""
    monkeypatch.setattr(resources, "_LONGEST", 1.0)
    monkeypatch.setattr(resources, "_SHARE", 0.01)


def answered(call: Callable[[], Any]) -> Any:
    """The value of a call, or ``None`` if it was refused as it should be; anything else is an error of the test."""
    refusal: ScalesymError | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AccuracyWarning)
        try:
            return call()
        except ScalesymError as error:
            refusal = error
    assert str(refusal)
    assert "\n" not in str(refusal)
    if isinstance(refusal, ParameterError):
        assert all((refusal.name, refusal.reason, refusal.remedy))
    return None


def first_step(model: PLRF) -> tuple[float, float]:
    """``P(0)`` and ``P(1)`` from plain sums; for integer ``v`` up to 10⁵."""
    alpha, beta, d, v = (float(x) for x in (model.alpha, model.beta, model.d, model.v))  # type: ignore[arg-type]
    j = np.arange(1, int(v) + 1, dtype=float)
    lam, b2 = j ** (-2 * alpha), j ** (-2 * beta)
    g, B, noise = model.learning_rate(), model.batch, float(model.noise_variance)
    trace, one, two, three = lam.sum(), lam @ b2, lam**2 @ b2, lam**3 @ b2
    kernel = g**2 * B * (lam @ lam + trace**2 / d)
    forcing = one - 2 * g * B * two + g**2 * B * (B + 1) * (three + trace / d * two) + noise
    return float(one + noise), float(forcing + kernel * (one + noise))


#: A valid value for each parameter; each takes its turn at being hostile.
VALID: dict[str, st.SearchStrategy[Any]] = {
    "alpha": strategies.alphas(),
    "beta": strategies.betas("1/2"),
    "d": st.integers(1, 40),
    "v": st.integers(41, 300),
    "gamma": st.sampled_from(["half-critical", "trace:1/2", "1/1000", 1e-9]),
    "batch": strategies.batches(),
    "noise_variance": st.sampled_from([0, "1/4", 1e-12, 3.0]),
}


@st.composite
def arguments(draw: st.DrawFn) -> dict[str, Any]:
    """One, two or all parameters hostile."""
    bad = draw(st.sets(st.sampled_from(sorted(VALID)), max_size=2) | st.just(set(VALID)))
    return {name: draw(hostile if name in bad else valid) for name, valid in VALID.items()}


@pytest.mark.exhaustive
@fuzz(1800)
@given(arguments())
def test_models(given_arguments: dict[str, Any]) -> None:
    model = answered(lambda: PLRF(**given_arguments))
    if model is None:
        return
    losses = answered(lambda: model.loss([0, 1, 10**6]))
    if losses is None:
        return
    assert np.isfinite(losses).all()
    assert (losses > 0).all()
    if float(model.v) <= 1e5 and model.v == int(model.v):
        assert losses[:2] == pytest.approx(first_step(model), rel=1e-9)


@fuzz(1300)
@given(
    st.sampled_from(
        ["loss", "forcing", "kernel", "pieces", "resolvent", "spectral_density", "sample", "kappa", "zeta0"]
    ),
    hostile,
    st.none() | hostile,
)
def test_methods(method: str, first: Any, second: Any) -> None:
    model = PLRF(1, "7/10", 12, 40)
    takes_two = method in ("loss", "forcing", "kernel", "resolvent")
    if second is not None and takes_two and isinstance(second, int | float | str):
        second = None if _is_large(second) else second  # hundreds of digits are another test's business
    words = (first, second) if takes_two and second is not None else (first,)
    value = answered(lambda: getattr(model, method)(*words))
    numbers = value if method in ("pieces", "resolvent") else (value,)
    for each in numbers or ():
        if isinstance(each, float):
            assert math.isfinite(each) or method == "pieces"


def _is_large(digits: Any) -> bool:
    try:
        return not abs(float(digits)) <= 40
    except (ValueError, OverflowError):
        return False


@fuzz(800)
@given(st.lists(hostile, max_size=4), st.lists(hostile, max_size=4), hostile)
def test_given_spectra(eigenvalues: list[Any], target: list[Any], d: Any) -> None:
    model = answered(lambda: PLRF.from_spectrum(eigenvalues, target, d))
    if model is not None and (loss := answered(lambda: model.loss(3))) is not None:
        assert math.isfinite(loss)


OPTIONS = (
    "--d --v --gamma --batch --r --digits --what --csv --json --list --latex --steps --runs --seed --record --method"
)
WORDS = (
    st.sampled_from(f"loss formula simulate {OPTIONS} F_pp 1 7/10 10 40 P,F 1:10 literal 0 -1/5 inf".split())
    | strategies.number_texts()
    | strategies.code_texts()
    | st.text(max_size=6)
)


@fuzz(800)
@given(words=st.lists(WORDS, max_size=8))
def test_command_lines(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, or 2 with one line on stderr and nothing on stdout."""
    check_command(words, capsys)


COMMANDS = {
    "loss": {"alpha": "1", "beta": "7/10", "--d": "10", "--v": "40", "--r": "5", "--gamma": "1/10", "--batch": "2"},
    "simulate": {"alpha": "1", "beta": "1", "--d": "4", "--v": "9", "--steps": "5", "--gamma": "1/10", "--runs": "2"},
}


@fuzz(800)
@given(data=st.data())
def test_options(data: st.DataObject, capsys: pytest.CaptureFixture[str]) -> None:
    """One value of an otherwise valid command is hostile."""
    command = data.draw(st.sampled_from(sorted(COMMANDS)))
    options = dict(COMMANDS[command])
    changed = data.draw(st.sampled_from(sorted(options)))
    options[changed] = data.draw(strategies.number_texts() | strategies.code_texts() | st.text(max_size=8))
    words = [command]
    for name, value in options.items():
        words += [name, value] if name.startswith("--") else [value]
    check_command(words, capsys)


def check_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code = main(words)
    out, err = capsys.readouterr()
    assert code in (0, 2), (words, err)
    if code == 2:
        assert out == "", words
        assert err.startswith("scalesym: "), words
        assert err.count("\n") == 1, words
    else:
        assert "nan" not in out.lower().replace("dominant", ""), words
