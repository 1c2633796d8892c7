"""Within the stated domain every number is right; outside it every refusal says truly what would be valid.

The right numbers come from moments. At large ``z`` the fixed point is a power series, ``m = 1 + (1/d)Σ_k p_k (m/z)^k`` with
``p_k = Σ_j λ_j^k``, so the moments of the deterministic spectrum are polynomials in power sums, which mpmath knows as zeta
functions; ``F(r)`` and ``K(r)`` are finite sums of moments, and the Volterra equation gives ``P(r)``.
"""

from __future__ import annotations

import itertools
import math
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import strategies
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext

from scalesym import PLRF, AccuracyWarning, ParameterError, StabilityError, resources
from scalesym.cli import main

MP = MPContext()
MP.dps = 60
LAST = 3


@pytest.fixture(autouse=True, scope="module")
def little_patience() -> Iterator[None]:
    """Values that only the slow multiprecision road can give are refused here, so that the tests are quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resources, "_LONGEST", 0.3)
        yield


def fuzz(examples: int) -> settings:
    return settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])


# -- a road by moments ------------------------------------------------------------------------------------------------


def exact(x: Any) -> Any:
    fraction = Fraction(x)
    return MP.mpf(fraction.numerator) / fraction.denominator


def power_sum(s: Any, v: Any) -> Any:
    """``Σ_{j≤v} j^{-s}``, continued to real ``v``."""
    if math.isinf(v):
        return MP.zeta(s)
    if v <= 100 and v == int(v):
        return MP.fsum(MP.mpf(j) ** -s for j in range(1, int(v) + 1))
    if s > 150:
        return MP.fsum(MP.mpf(j) ** -s for j in range(1, 31))
    end = exact(v) + 1
    return MP.digamma(end) - MP.digamma(1) if s == 1 else MP.zeta(s) - MP.zeta(s, end)


def product(x: Sequence[Any], y: Sequence[Any]) -> list[Any]:
    return [MP.fsum(x[i] * y[n - i] for i in range(n + 1)) for n in range(len(x))]


def by_moments(powers: list[Any], energies: list[Any], d: Any, gamma: Any, batch: int, noise: Any) -> list[list[Any]]:
    """``F``, ``K`` and ``P`` at ``r ≤ LAST`` from ``Σλ^k`` (from ``k = 1``) and ``Σλ^{k+1}b²`` (from ``k = 0``)."""
    size = len(energies)
    zero = [MP.mpf(0)] * size
    one = [MP.mpf(1), *zero[1:]]
    m = one
    for _ in range(size):
        step, power, m = [MP.mpf(0), *m[:-1]], one, one
        for p in powers:
            power = product(power, step)
            m = [a + p / exact(d) * b for a, b in zip(m, power, strict=True)]
    step, power, forcing_moments = [MP.mpf(0), *m[:-1]], one, zero
    for energy in energies:
        forcing_moments = [a + energy * b for a, b in zip(forcing_moments, power, strict=True)]
        power = product(power, step)
    kernel_moments = [exact(d) * x for x in m]
    g, b, q = exact(gamma), MP.mpf(batch), [MP.mpf(1)]
    forcing, kernel, loss = [], [], []
    for r in range(LAST + 1):
        forcing.append(MP.fsum(c * x for c, x in zip(q, forcing_moments, strict=False)) + exact(noise))
        kernel.append(g * g * b * MP.fsum(c * x for c, x in zip(q, kernel_moments[2:], strict=False)))
        loss.append(forcing[r] + MP.fsum(kernel[r - 1 - s] * loss[s] for s in range(r)))
        padded = [*q, MP.mpf(0), MP.mpf(0)]
        q = [
            padded[i] - 2 * g * b * (padded[i - 1] if i else 0) + g * g * b * (b + 1) * (padded[i - 2] if i > 1 else 0)
            for i in range(len(padded))
        ]
    return [forcing, kernel, loss]


def moments_of(model: PLRF) -> list[list[Any]]:
    alpha, beta, v = exact(model.alpha), exact(model.beta), model.v
    size = 2 * LAST + 3
    powers = [power_sum(2 * alpha * k, v) for k in range(1, size + 1)]
    energies = [power_sum(2 * alpha * (k + 1) + 2 * beta, v) for k in range(size)]
    return by_moments(powers, energies, model.d, model.learning_rate(), model.batch, model.noise_variance)


def distance(values: Any, expected: list[Any]) -> float:
    return max(float(abs(MP.mpf(float(x)) / y - 1)) for x, y in zip(values, expected, strict=False))


@pytest.mark.parametrize("batch", [1, 3])
def test_the_road_by_moments_is_that_of_the_closed_forms_at_the_first_step(batch: int) -> None:
    """``P(1) = F(1) + K(0)P(0)`` in plain sums; so a defect of the road itself is not the package's."""
    alpha, beta, d, v, g = 0.7, 0.4, 5, 12, 0.1
    lam = np.arange(1.0, v + 1) ** (-2 * alpha)
    energy = lam * np.arange(1.0, v + 1) ** (-2 * beta)
    trace = lam.sum()
    kernel = g**2 * batch * (lam @ lam + trace**2 / d)
    second = lam**2 @ energy + trace / d * (lam @ energy)
    forcing = energy.sum() - 2 * g * batch * (lam @ energy) + g**2 * batch * (batch + 1) * second + 0.25
    expected = [energy.sum() + 0.25, forcing + kernel * (energy.sum() + 0.25)]
    found = moments_of(PLRF(alpha, beta, d, v, g, batch, "1/4"))
    assert [float(x) for x in found[2][:2]] == pytest.approx(expected, rel=1e-14)
    assert float(found[1][0]) == pytest.approx(kernel, rel=1e-14)


# -- right numbers in all of the domain -------------------------------------------------------------------------------

SHARES = (
    st.floats(0.01, 0.99) | strategies.powers_of_ten(-5.9, -2).map(lambda x: 1 - x) | strategies.powers_of_ten(-139, -2)
)
QUANTITIES = ("forcing", "kernel", "loss")
LATE = [10**3, 10**9, 10**30, 10**300]


def answered(call: Callable[[], Any]) -> Any:
    """The answer, or ``None`` if only the multiprecision road would have it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AccuracyWarning)  # of kernels below 1e-300, which are 0
        try:
            return call()
        except ParameterError as error:
            assert error.name == "digits", error  # noqa: PT017
            return None


def check_curves(model: PLRF, expected: list[list[Any]]) -> None:
    found = {name: answered(lambda name=name: getattr(model, name)(range(LAST + 1))) for name in QUANTITIES}
    for name, values in zip(QUANTITIES, expected, strict=True):
        if found[name] is not None and values[-1] > 1e-290:
            assert distance(found[name], values) < 1e-10, name
    late = {name: answered(lambda name=name: getattr(model, name)(LATE)) for name in ("forcing", "loss")}
    if late["forcing"] is not None:
        assert late["forcing"][-1] == pytest.approx(model.forcing_limit(), rel=1e-10)
        assert (np.diff(late["forcing"]) <= 1e-10 * late["forcing"][:-1]).all()
    if late["loss"] is not None:
        assert late["loss"][-1] == pytest.approx(model.loss_limit(), rel=1e-10)
        assert (late["loss"] >= late["forcing"] * (1 - 1e-10)).all() if late["forcing"] is not None else True


@pytest.mark.exhaustive
@fuzz(70)
@given(strategies.extreme_models(), SHARES)
@example({"alpha": 0.3, "beta": 0.8, "d": 2, "v": 1e20}, 1 - 1.1e-6)  # a narrow spectrum where q turns
@example({"alpha": 0.0028, "beta": 0.5, "d": 1.48, "v": 10**30}, 0.9)  # and one whose mirror image comes first
@example({"alpha": 0.05, "beta": 0.8, "d": 1e8, "v": 2e8, "batch": 10**9}, 0.999)
@example({"alpha": 1, "beta": 1, "d": 10**6, "v": 10**6 + 1}, 0.5)  # v − D_1 is small
@example({"alpha": 60, "beta": 1, "d": 1, "v": 2}, 0.5)  # and so is D_1 − d, exponentially
@example({"alpha": 50, "beta": "-49.45", "d": 5, "v": "inf"}, 0.5)  # λ underflows, λb² does not
@example({"alpha": "3/5", "beta": "-0.099999999999", "d": 1000, "v": "inf"}, 0.5)  # Σλb² is nearly infinite
@example({"alpha": 1, "beta": 1, "d": 10**6, "v": 10**9, "batch": 1000}, 1 - 1.1e-6)  # at the pointwise edge
@example({"alpha": "3/10", "beta": 1, "d": 5, "v": 10, "batch": 1000}, 0.999)
@example({"alpha": 1, "beta": 1, "d": 20, "v": 60, "noise_variance": 1e200}, 1e-130)
def test_every_admitted_model_gives_right_numbers(arguments: dict[str, Any], share: float) -> None:
    gamma = share * PLRF(**arguments).critical_gamma()
    assume(gamma >= 1e-140)
    model = PLRF(**arguments, gamma=gamma)
    check_curves(model, moments_of(model))


MAGNITUDES = st.just(1.0) | st.floats(0.1, 10) | strategies.powers_of_ten(-29, 29)


@fuzz(80)
@given(
    st.lists(
        st.tuples(MAGNITUDES, st.sampled_from([0, 1, -1]) | strategies.powers_of_ten(-90, 90)), min_size=2, max_size=12
    ),
    st.data(),
    SHARES,
    strategies.batches(),
)
def test_every_given_spectrum_gives_right_numbers(
    rows: list[tuple[float, float]], data: st.DataObject, share: float, batch: int
) -> None:
    assume(any(b for _, b in rows))
    lam, target = zip(*rows, strict=True)
    d = data.draw(st.integers(1, len(rows) - 1) | st.floats(1, len(rows) - 1e-6))
    gamma = share * PLRF.from_spectrum(lam, target, d, batch=batch).critical_gamma()
    assume(gamma >= 1e-140)
    model = PLRF.from_spectrum(lam, target, d, gamma, batch)
    pairs = [(exact(x), exact(b) ** 2) for x, b in rows]
    size = 2 * LAST + 3
    powers = [MP.fsum(x**k for x, _ in pairs) for k in range(1, size + 1)]
    energies = [MP.fsum(x ** (k + 1) * b2 for x, b2 in pairs) for k in range(size)]
    check_curves(model, by_moments(powers, energies, d, gamma, batch, 0))


@fuzz(60)
@given(
    strategies.extreme_models(),
    strategies.powers_of_ten(-12, 12),
    st.sampled_from([0.0, math.pi]) | st.floats(1e-9, 3.14),
)
def test_the_resolvent_satisfies_its_equation(arguments: dict[str, Any], size: float, angle: float) -> None:
    model = PLRF(**arguments)
    z = complex(size * math.cos(angle), size * math.sin(angle)) if angle != math.pi else -size
    if model.d > 1e30:
        for call in (model.resolvent, model.spectral_density):
            with pytest.raises(ParameterError, match="use d <= 1e\\+30"):
                call(size)
        return
    found = model.resolvent(z)
    assert found.m.imag <= 1e-12 * abs(found.m)  # 0 to the left of the spectrum
    assert abs(found.zeta * found.m + z) <= 1e-12 * size
    if model.v <= 2000 and model.v == int(model.v):
        lam = np.arange(1.0, float(model.v) + 1) ** (-2 * float(model.alpha))
        terms = lam * found.m / (lam * found.m - z) / float(model.d)
        assert abs(found.m + terms.sum() - 1) <= 1e-9 * (1 + np.abs(terms).sum())
    for weight in ("count", "target"):
        density = model.spectral_density(size, weight)
        assert math.isfinite(density)
        assert density >= 0


# -- refusals ---------------------------------------------------------------------------------------------------------

PARAMETERS = ("alpha", "beta", "d", "v", "gamma", "batch", "noise_variance")
NOT_NUMBERS = (math.nan, -math.inf, 1j, True, None, [1], {}, "", "1/0", "__import__('os').abort()", "9" * 500, 10**400)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize(
    "value", [*NOT_NUMBERS, math.inf, Decimal("sNaN"), np.array([1.0])], ids=lambda x: repr(x)[:12]
)
def test_the_parameter_that_is_wrong_is_named(name: str, value: object) -> None:
    if name == "v" and value is math.inf:
        return
    arguments = {"alpha": 1, "beta": 1, "d": 10, "v": 40} | {name: value}
    with pytest.raises(ParameterError) as caught:
        PLRF(**arguments)
    assert caught.value.name == name
    assert all((caught.value.reason, caught.value.remedy))
    assert "\n" not in str(caught.value)


BOUND = re.compile(r"\|?\b(alpha|beta|d|v|gamma|batch|noise_variance)\b\|? (<=|<|>=|>) (-?[\d./e+-]*\d)")


def follow(arguments: dict[str, Any]) -> None:
    """Do what the error says until the model is valid."""
    for _ in range(20):
        try:
            PLRF(**arguments).learning_rate()
        except ParameterError as error:
            match = BOUND.search(error.remedy)
            if match is None:
                assert error.remedy.startswith("use an integer v"), error  # noqa: PT017
                arguments["v"] = math.ceil(arguments["v"])
                continue
            name, relation, bound = match.groups()
            nudge = {"<": -1, ">": 1}.get(relation, 0) * Fraction(1, 10**6) * max(1, abs(Fraction(bound)))
            arguments[name] = Fraction(bound) + nudge
        else:
            return
    raise AssertionError(f"the remedies lead nowhere: {arguments}")


WIDE = st.floats(-10, 10) | st.floats(-1e40, 1e40) | strategies.powers_of_ten(-50, 40)


@fuzz(150)
@given(alpha=WIDE, beta=WIDE, d=WIDE, v=WIDE | st.just(math.inf), batch=WIDE, noise=WIDE, gamma=st.none() | WIDE)
@example(alpha=0.3, beta=0.2, d=10.0, v=20.0, batch=1.0, noise=0.0, gamma=None)
@example(alpha=1.0, beta=1.0, d=5.4, v=5.5, batch=1.0, noise=0.0, gamma=None)
@example(alpha=30.0, beta=1.0, d=1e9, v=math.inf, batch=64.0, noise=0.0, gamma=1.0)
@example(alpha=1.0, beta=1.0, d=1e15, v=1e15 + 1, batch=1.0, noise=0.0, gamma=3.0)
def test_who_follows_the_remedies_arrives(gamma: float | None, noise: float, **arguments: float) -> None:
    # what double precision itself cannot hold has its own, less simple remedy
    assume(all(not x or abs(x) > 1e-300 for x in (*arguments.values(), noise, gamma or 1.0)))
    rate = {} if gamma is None else {"gamma": gamma}
    follow({**arguments, "noise_variance": noise, **rate})


@fuzz(80)
@given(strategies.models(), st.floats(1, 1e3))
def test_an_unstable_rate_names_the_critical_one_and_the_condition(arguments: dict[str, Any], factor: float) -> None:
    stable = PLRF(**arguments)
    gamma = stable.critical_gamma()
    with pytest.raises(StabilityError) as caught:
        PLRF(**arguments, gamma=gamma * factor).loss(1)
    assert caught.value.critical == gamma
    allowed = float(re.search(r"gamma <= (\S+)", caught.value.remedy)[1])  # type: ignore[index]
    assert PLRF(**arguments, gamma=allowed).learning_rate() == allowed
    assert allowed == pytest.approx(gamma, rel=2e-5)
    pointwise = gamma * (stable.batch + 1) * stable.spectral_edge("right") / 2
    if caught.value.condition == "pointwise":
        assert pointwise == pytest.approx(1, rel=1e-12)
    else:
        assert pointwise < 1
        assert PLRF(**arguments, gamma=gamma * 0.9995).kernel_norm() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("words", "condition", "critical"),
    [
        (["11/20", "1", "--d", "1000", "--v", "inf", "--gamma", "1/5"], "kernel norm condition ‖K‖ < 1", "0.1"),
        (
            ["1", "1", "--d", "20", "--v", "60", "--gamma", "9/10", "--batch", "64"],
            "pointwise condition",
            "0.0200749835",
        ),
    ],
)
def test_an_unstable_rate_is_one_line_of_the_command(
    words: list[str], condition: str, critical: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["loss", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("scalesym: gamma = ")
    assert condition in err
    assert f"(the critical learning rate is {critical}" in err


# -- what would cost too much -----------------------------------------------------------------------------------------

MODEL = PLRF(1, 1, 10, 30)
HUGE = range(10**13)


@pytest.mark.parametrize(
    "call",
    [
        lambda: MODEL.loss(HUGE),
        lambda: MODEL.kernel(range(10**40)),
        lambda: MODEL.forcing(np.broadcast_to(3, (10**6, 10**7))),
        lambda: MODEL.pieces(HUGE),
        lambda: MODEL.spectral_density(HUGE),
        lambda: PLRF.from_spectrum(itertools.count(1), [1], 2),
        lambda: PLRF.from_spectrum([1, 2], itertools.repeat(1), 1),
        lambda: PLRF.from_spectrum(HUGE, HUGE, 2),
    ],
)
def test_arrays_without_end_are_refused_with_the_memory_they_need(call: Callable[[], object]) -> None:
    with pytest.raises(ParameterError, match="would need .* of memory"):
        call()


def test_a_thousand_digits_of_a_hard_model_are_refused_with_their_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(resources, "_LONGEST", 86400.0)
    with pytest.raises(ParameterError, match="^digits = 1000: it would take about .* days"):
        PLRF(3, 1, 10**6, "inf").loss(5, digits=1000)
    assert main(["loss", "3", "1", "--d", "1e6", "--v", "inf", "--r", "5", "--digits", "1000"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "digits = 1000: it would " in err
    assert main(["loss", "1", "1", "--d", "10", "--v", "30", "--points", "1e9"]) == 2
    assert "points = '1e9'" in capsys.readouterr().err


@pytest.mark.parametrize("given_spectrum", ["123", b"12", {1: 2}, {1, 2}, 3, None, np.ones((2, 2))])
def test_a_spectrum_is_a_list(given_spectrum: Any) -> None:
    with pytest.raises(ParameterError, match="^eigenvalues = .*is not a list of numbers"):
        PLRF.from_spectrum(given_spectrum, [1, 1], 1)
