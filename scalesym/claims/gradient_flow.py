r"""Gradient flow and gradient descent on random features: time domain, one contour and two, and their exact special cases.

The roads are those of :mod:`scalesym.equivalent.population` (one Laplace variable, infinitely many samples),
:mod:`scalesym.equivalent.flow` (two of them) and :mod:`scalesym.equivalent.mean_field` (matrices in discrete time, no Laplace variable);
where a claim can do with plain sums and quadrature it does. The two contours have the ridgeless ``κ_0`` in common, which
:mod:`scalesym.claims.zeta0` checks; mean field theory has nothing of theirs. The models are small, so that every term matters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..ledger import Claim, Verdict

__all__ = ["CLAIMS"]

_SOURCE = "Bordelon, Atanasov, Pehlevan, arXiv:2402.01092; derived here"
_TASK = (Fraction(7, 10), Fraction(1, 5))  # α and β, so a = 1.8 and b = 1.4
_TIMES = (0.01, 1.0, 10.0, 1e3, 1e5)


def _law(size: float) -> Any:
    from ..spectrum import PowerLaw

    return PowerLaw(*_TASK, size if math.isinf(size) else Fraction(size))


def _population(law: Any, features: float) -> Any:
    from ..equivalent.fixed_point import DoubleSums, FixedPoint
    from ..equivalent.population import PopulationFlow

    nodes = law.nodes(features if math.isfinite(features) else 100)
    return PopulationFlow(nodes, FixedPoint(DoubleSums(nodes), float(features), law.largest), law.size)


def _two_roads(at: float, features: Callable[[float], float], bias: str) -> Verdict:
    """``at·t`` is where the single transform is taken."""
    import numpy as np

    from ..equivalent.finite_data import FiniteData
    from ..equivalent.flow import Flow

    parts = {}
    for size, count in ((2000.0, 100.0), (math.inf, 30.5), (50.0, 60.0)):
        law, t = _law(size), np.array([x for x in _TIMES if x < 1e4 or size > count])
        one = _population(law, features(count))
        two = Flow(FiniteData.of(law, count, math.inf))
        apart = two.loss(t, same_features=False)
        found = one.bias(t) if bias == "squares of the average modes" else one.modes(1.0).value.mean() * one.loss(t)
        errors = [abs(one.loss(at * t / 2) / two.loss(t) - 1), abs(found / apart - 1)]
        parts[f"M = {size:g}, N = {count:g}"] = Verdict.at_most("max |ratio − 1|", float(np.max(errors)), 1e-11)
    return Verdict.all_of(parts)


def _descent(power: Callable[[Any, float, Any], Any], offset: Callable[[float], float]) -> Verdict:
    """The mean field in the time domain against the trapezoid rule on a circle, for ``power`` of ``s``, ``η`` and ``n``."""
    import numpy as np

    from ..equivalent.finite_data import FiniteData
    from ..equivalent.mean_field import mean_field

    law, steps, half = _law(400), 24, 300
    parts = {}
    for N, P, rate, noise in (
        (30.0, 45.0, 0.5, 0.1),
        (45.0, 30.0, 0.8, 0.0),
        (20.0, 20.0, 0.4, 0.1),
        (500.0, 40.0, 0.6, 0.0),
    ):
        model, n = FiniteData.of(law, N, P), np.arange(steps + 1)[:, None]
        w = math.exp(2 / steps) * np.exp(1j * np.pi * (np.arange(-half, half) + 0.5) / half)
        s = (w - 1) / rate
        kappa = model.kappa(s)
        R_1, _ = model.responses(kappa)
        E = model.risk(kappa, kappa, noise)
        share = power(s, rate, n) * w / (2 * half * rate * s)
        loss = ((share @ (E - offset(noise))) * share).sum(axis=1).real
        train = ((share @ (np.multiply.outer(R_1, R_1) * E)) * share).sum(axis=1).real
        found = mean_field(law.nodes(min(N, P)), N, P, rate, steps, noise)
        errors = [abs(loss / found.loss - 1), abs(train / found.train - 1)]
        parts[f"N = {N:g}, P = {P:g}, η = {rate}"] = Verdict.at_most("max |ratio − 1|", float(np.max(errors)), 1e-11)
    return Verdict.all_of(parts)


def _exchange(rates: tuple[float, ...], same: Callable[[Any, Any], tuple[Any, Any]]) -> Verdict:
    import numpy as np

    from ..equivalent.mean_field import mean_field

    nodes, steps = _law(200).nodes(20), 20
    rate = [rates[n % len(rates)] for n in range(steps)]
    one, other = (mean_field(nodes, *counts, rate, steps) for counts in ((20, 35), (35, 20)))
    left, right = same(one, other)
    size = float(np.abs(one.R_1 - one.R_3).max())
    return Verdict.at_most("max |difference|", float(np.abs(left - right).max()), 1e-13, response_difference=size)


def _flat(ratio: Callable[[float, float], float], train: Callable[[Any], Any]) -> Verdict:
    """``λ = 1`` against quadrature of the Marchenko–Pastur density of ``ratio(M, n)``."""
    import numpy as np

    from ..equivalent.finite_data import FiniteData
    from ..equivalent.fixed_point import DoubleSums, FixedPoint
    from ..equivalent.flow import Flow
    from ..equivalent.population import PopulationFlow
    from ..spectrum import Measured

    size, t = 30, np.array([0.01, 0.3, 2.0, 8.0])
    spectrum = Measured((1.0,) * size, (1.0,) * size)
    angle = np.pi * (np.arange(400) + 0.5) / 400
    parts = {}
    for count in (50.0, 12.5):
        c = ratio(size, count)
        # x = 1 + c + 2√c cos φ turns the density √((x−x₋)(x₊−x))/(2πcx) into (2/π) sin²φ/x
        x = 1 + c + 2 * math.sqrt(c) * np.cos(angle)
        weight = 2 * np.sin(angle) ** 2 / x / len(angle)
        decay = np.exp(-2 * np.multiply.outer(t, x))
        exact = size * (decay @ weight + max(0.0, 1 - 1 / c))
        exact_train = size * decay @ (weight * train(x))
        nodes = spectrum.nodes(count)
        few_features = PopulationFlow(nodes, FixedPoint(DoubleSums(nodes), count, 1.0), size).loss(t)
        few_samples = Flow(FiniteData.of(spectrum, math.inf, count))
        errors = [
            abs(few_features / exact - 1),
            abs(few_samples.loss(t) / exact - 1),
            abs(few_samples.train(t) / exact_train - 1),
        ]
        parts[f"M = {size}, n = {count:g}"] = Verdict.at_most("max |ratio − 1|", float(np.max(errors)), 1e-11)
    return Verdict.all_of(parts)


def _slow_sgd(time: Callable[[float, int, int], float]) -> Verdict:
    """``F(r)`` with ``γBr = t`` at r = 200 … 3200, extrapolated to ``γ → 0`` by Richardson's rule."""
    import numpy as np

    from ..model import PLRF

    parts = {}
    for d, v, batch, t in ((20, 60, 1, 2.0), (10, 40, 4, 1.0)):
        law = _law(v)
        rows = []
        for doubled in range(5):
            r = 200 * 2**doubled
            rows.append(float(PLRF(*_TASK, d, v, t / (batch * r), batch).forcing(r)))
        raw = rows[-1]
        for order in range(1, 5):
            rows = [(2**order * b - a) / (2**order - 1) for a, b in pairwise(rows)]
        r = 3200
        target = float(_population(law, d).loss(np.array([time(t / (batch * r), batch, r)]))[0])
        parts[f"d = {d}, B = {batch}"] = Verdict.all_of(
            {
                "limit": Verdict.at_most("|ratio − 1|", abs(rows[0] / target - 1), 1e-10),
                "and not before it": Verdict.decided(
                    abs(raw / target - 1) > 1e-9, f"F(3200)/L − 1 = {raw / target - 1:.1e}"
                ),
            }
        )
    return Verdict.all_of(parts)


def _gap(formula: Callable[[Any, Any, float], Any]) -> Verdict:
    """``formula`` of ``R_02``, ``C_1`` and ``P`` against the two losses by contour."""
    import numpy as np

    from ..equivalent.finite_data import FiniteData
    from ..equivalent.flow import Descent
    from ..equivalent.mean_field import mean_field

    law, steps, rate = _law(120), 20, 0.6
    lam = law.listed()[0]
    before = np.tril(np.full((steps + 1, steps + 1), rate), -1)
    parts = {}
    for N, P, noise in ((20.0, 30.0, 0.0), (30.0, 20.0, 0.0), (math.inf, 15.0, 0.0)):
        found = mean_field(law.nodes(min(N, P)), N, P, rate, steps, noise)
        modes = np.linalg.inv(np.eye(steps + 1) + lam[:, None, None] * (before @ found.R_3 @ found.R_1))
        R_02 = -(lam[:, None, None] * modes).sum(axis=0) @ before @ found.R_3
        contour, n = Descent(FiniteData.of(law, N, P), rate, noise), np.arange(1, steps + 1)
        seen = contour.loss(n) - contour.train(n)
        claimed = np.diagonal(formula(R_02, found.C_1, P))[1:]
        parts[f"N = {N:g}, P = {P:g}"] = Verdict.at_most(
            "max |ratio − 1|", float(np.max(abs(claimed / seen - 1))), 1e-9
        )
    return Verdict.all_of(parts)


def _equal_numbers(power: float, spare: float) -> Verdict:
    """The local slope of the test loss at late times, at ``N = P`` with ``spare`` more samples."""
    import numpy as np

    from ..equivalent.finite_data import FiniteData
    from ..equivalent.flow import Flow

    parts = {}
    for count, noise in ((10.0, 0.0), (10.0, 0.5), (25.0, 0.0)):
        loss = Flow(FiniteData.of(_law(400), count, count + spare), noise).loss(np.array([1e7, 4e7]))
        slope = float(np.diff(np.log(loss))[0] / math.log(4))
        parts[f"N = {count:g}, σ² = {noise}"] = Verdict.at_most(
            "|slope − claimed|", abs(slope - power), 2e-3, slope=slope
        )
    return Verdict.all_of(parts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="flow.one-variable",
        statement="With infinitely many samples the test loss of gradient flow needs no second Laplace variable: it is the inverse "
        "transform of Σ u_k H_k at 2t; and features of their own for each of the two predictors leave Σ u_k h_k(t)²",
        latex=r"L(t) = \mathcal L^{-1}\Big[\sum_k u_kH_k(s)\Big](2t)",
        tier="numeric",
        check=_two_roads,
        true={"at": 2.0, "features": lambda N: N, "bias": "squares of the average modes"},
        false={
            "at t": {"at": 1.0},
            "a millionth of a feature more": {"features": lambda N: N + 1e-6},
            "bias proportional to the loss": {"bias": "proportional"},
        },
        source=_SOURCE,
    ),
    Claim(
        id="flow.descent",
        statement="Gradient descent by mean-field matrices in discrete time equals the double contour integral of (1+ηs)^n (1+ηs')^n "
        "(E−σ²)/(ss'), its train loss that of R_1R_1'E/(ss')",
        latex=r"L_n = \oint\!\oint(1+\eta s)^n(1+\eta s')^n\frac{E-\sigma^2}{ss'}\frac{ds\,ds'}{(2\pi i)^2}",
        tier="numeric",
        check=_descent,
        true={"power": lambda s, eta, n: (1 + eta * s) ** n, "offset": lambda noise: noise},
        false={
            "the exponential of gradient flow": {"power": lambda s, eta, n: 2.718281828459045 ** (eta * s * n)},
            "one step more": {"power": lambda s, eta, n: (1 + eta * s) ** (n + 1)},
            "noise of the test point counted": {"offset": lambda noise: 0.0},
        },
        about=("two-resolvents.responses", "two-resolvents.risk", "two-resolvents.train"),
        source=_SOURCE,
    ),
    Claim(
        id="flow.exchange",
        statement="Exchanging the numbers of features and of samples exchanges the responses R_1 and R_3, whatever the learning "
        "rates, because both are functions of the one matrix S R_3R_1; the losses change",
        latex=r"N \leftrightarrow P \iff R_1 \leftrightarrow R_3",
        tier="numeric",
        check=_exchange,
        true={"rates": (0.9, 0.1, 0.4), "same": lambda one, other: (one.R_1, other.R_3)},
        false={
            "the test loss too": {"same": lambda one, other: (one.loss, other.loss)},
            "R_1 stays": {"same": lambda one, other: (one.R_1, other.R_1)},
            "the correlations C_1 and C_3 too": {"same": lambda one, other: (one.C_1, other.C_3)},
        },
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="flow.marchenko-pastur",
        statement="If all eigenvalues are 1, gradient flow on n features or from n samples has the test loss ∫ e^{−2xt} dρ(x) with the "
        "Marchenko–Pastur law of ratio M/n, its atom included, and from n samples the train loss ∫ x e^{−2xt} dρ(x)",
        latex=r"L(t) = \sum_ku_k\int e^{-2xt}d\rho_{M/n}(x)",
        tier="numeric",
        check=_flat,
        true={"ratio": lambda M, n: M / n, "train": lambda x: x},
        false={
            "ratio n/M": {"ratio": lambda M, n: n / M},
            "ratio M/(n+1)": {"ratio": lambda M, n: M / (n + 1)},
            "train loss of weight x²": {"train": lambda x: x * x},
        },
        source="Marchenko and Pastur (1967); derived here",
        quick=True,
    ),
    Claim(
        id="flow.slow-sgd",
        statement="PLRF's forcing function F(r) at γ → 0 with γBr = t fixed is the population gradient flow at t",
        latex=r"\lim_{\gamma\to0}F(t/\gamma B) = L(t)",
        tier="numeric",
        check=_slow_sgd,
        true={"time": lambda gamma, batch, r: gamma * batch * r},
        false={
            "t = 2γBr": {"time": lambda gamma, batch, r: 2 * gamma * batch * r},
            "t = γ(B+1)r": {"time": lambda gamma, batch, r: gamma * (batch + 1) * r},
            "t = γB(r+1)": {"time": lambda gamma, batch, r: gamma * batch * (r + 1)},
        },
        source="derived here",
    ),
    Claim(
        id="flow.gap",
        statement="Without label noise the test loss exceeds the train loss by −(2/P)(R_02C_1)(t,t) + (1/P²)(R_02C_1R_02^T)(t,t), "
        "R_02 = −Σλ_kH_kSR_3 the response of a sample's error to a force on it",
        latex=r"L-\hat L = -\tfrac2P\!\int\!R_{02}C_1+\tfrac1{P^2}\!\iint\!R_{02}R_{02}C_1",
        tier="numeric",
        check=_gap,
        true={"formula": lambda R, C, P: -(R @ C + C @ R.T) / P + R @ C @ R.T / P**2},
        false={
            "first order in 1/P": {"formula": lambda R, C, P: -(R @ C + C @ R.T) / P},
            "half of the first term": {"formula": lambda R, C, P: -R @ C / P + R @ C @ R.T / P**2},
            "the other sign": {"formula": lambda R, C, P: (R @ C + C @ R.T) / P - R @ C @ R.T / P**2},
        },
        source=_SOURCE,
        quick=True,
    ),
    Claim(
        id="flow.equal-numbers",
        statement="With as many samples as features, fewer than eigenvalues, the test loss grows like √t, with label noise and without",
        latex=r"N = P < M:\quad L(t) \sim c\,\sqrt t",
        tier="numeric",
        check=_equal_numbers,
        true={"power": 0.5, "spare": 0.0},
        false={"like t": {"power": 1.0}, "like t^{1/4}": {"power": 0.25}, "with a sample to spare": {"spare": 1.0}},
        source="derived here",
        quick=True,
    ),
)
