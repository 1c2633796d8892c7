"""Gradient flow: one contour for all times against two variables on a hyperbola, and both against roads outside the package."""

import warnings
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest

from scalesym.equivalent.finite_data import FiniteData
from scalesym.equivalent.fixed_point import DoubleSums, FixedPoint, Split
from scalesym.equivalent.flow import Descent, Flow, PopulationFlow
from scalesym.errors import AccuracyWarning, ParameterError
from scalesym.spectrum import Exact, Measured, PowerLaw

INF = float("inf")
LAW = PowerLaw(Fraction(7, 10), Fraction(1, 5), 400)  # a = 1.8, b = 1.4


def population(law: PowerLaw, features: Exact) -> PopulationFlow:
    nodes, split = law.nodes(features if features < INF else 100), None
    if features < law.v:
        found = law.split(features)
        split = None if found is None else Split.of(DoubleSums, nodes, found[0], float(found[1]))
    point = FixedPoint(DoubleSums(nodes), float(features), 1.0, split=split)
    return PopulationFlow(nodes, point, law.size)


@pytest.mark.parametrize(
    ("alpha", "beta", "size", "features"),
    [
        ("0.7", "0.2", 2000, 100),
        ("1", "1", 10**8, Fraction(101, 2)),
        ("0.3", "0.8", 1000, 100),
        ("0.55", "1", 10**100, 10**6),
        ("0.51", "0.1", INF, 7),
        ("1", "2", 10**30, 10**10),  # an easy task: the loss is far below the square of s
        ("3", "3", 10**14, 50),
        ("0.7", "0.2", 50, Fraction(499, 10)),
        ("0.7", "0.2", 50, 50),
        ("0.7", "0.2", 50, Fraction(5001, 100)),
        ("0.7", "0.2", 50, 200),
        ("0.7", "0.2", 50, INF),
    ],
)
def test_one_contour_equals_two_variables(alpha: str, beta: str, size: float, features: Exact) -> None:
    law = PowerLaw(Fraction(alpha), Fraction(beta), size if size == INF else Fraction(size))
    one, two = population(law, features), Flow(FiniteData.of(law, float(features), INF))
    last = 4 if features >= size else 24  # beyond, the loss is below 1e-300
    t = np.concatenate([[0, 1e-12], 10.0 ** np.arange(-3, last + 0.5, 1 if size < 10**4 else 9)])
    # for N just below M the two-variable road loses digits in 1 - f/N
    tolerance = 2e-10 if size - 1 < features < size else 4e-12
    curve, bias = one.curve(t), one.bias(t)
    assert (curve.error < 1e-13 * curve.value).all()
    assert np.abs(two.loss(t) / curve.value - 1).max() < tolerance
    if size < 1e50:  # to be quick
        assert np.abs(two.loss(t, same_features=False) / bias - 1).max() < tolerance
    assert (bias <= curve.value * (1 + 1e-13)).all()
    assert (np.diff(curve.value) <= 1e-14 * curve.value[:-1]).all()
    if features >= size and features < INF:  # exponentially small, to full relative accuracy
        assert curve.value[-1] < 1e-2


def test_the_contour_is_converged(monkeypatch: pytest.MonkeyPatch) -> None:
    t = np.concatenate([[0], 10.0 ** np.arange(-6.0, 10)])
    before = population(LAW, 60).loss(t), population(LAW, 60).bias(t)
    monkeypatch.setattr("scalesym.equivalent.population._STEP", 0.08)
    after = population(LAW, 60).loss(t), population(LAW, 60).bias(t)
    for a, b in zip(before, after, strict=True):
        assert np.abs(a / b - 1).max() < 1e-14
    finite = FiniteData.of(LAW, 60, 90)
    fine, usual = Flow(finite, 0.1, points=16), Flow(finite, 0.1)
    assert np.abs(fine.loss(t) / usual.loss(t) - 1).max() < 1e-11
    assert np.abs(fine.train(t) / usual.train(t) - 1).max() < 1e-11


def test_printed_numbers() -> None:
    law = PowerLaw(Fraction(7, 10), Fraction(1, 5), 2000)
    assert [f"{x:.6f}" for x in population(law, 100).loss([1, 10])] == ["0.781240", "0.243535"]
    flow = Flow(FiniteData.of(LAW, 60, 90))
    assert f"{flow.loss(0)[0]:.6f}" == f"{flow.train(0)[0]:.6f}" == "1.871882"


@pytest.mark.parametrize(
    ("a", "b", "slopes"),
    [
        ("4", "1.5", (-0.336, -0.327, -0.314, -0.290)),
        ("1.8", "1.5", (0.170, 0.155, 0.148, 0.148)),
        ("2.5", "2", (-0.183, -0.203, -0.215, -0.222)),
    ],
)
def test_printed_slopes_of_the_first_correction(a: str, b: str, slopes: tuple[float, ...]) -> None:
    """Of ``N(L − L_∞)`` at N = 4000, t = 30 … 3000; the loss differences have lost five digits."""
    law = PowerLaw(Fraction(b) / 2, (Fraction(a) - Fraction(b)) / 2, INF)
    t = np.geomspace(30, 3000, 5)
    rise = population(law, 4000).loss(t) - population(law, INF).loss(t)
    assert np.abs(np.diff(np.log(rise)) / np.diff(np.log(t)) - slopes).max() < 6e-4


@pytest.mark.parametrize("time", [0.01, 1.0, 30.0])
def test_first_order_in_the_number_of_features(time: float) -> None:
    """``δH_k = λ_k/N Σ_j λ_j/(s+λ_j)/(s+λ_k)²`` in partial fractions with 30 digits; ``t ≪ 1/λ_1`` leaves ``tr Λ/s``."""
    lam, features = [mp.mpf(k) ** mp.mpf("-1.4") for k in range(1, 31)], 10**5
    law = PowerLaw(Fraction(7, 10), Fraction(1, 5), 30)
    modes = population(law, features).modes(time).value
    with mp.workdps(30):
        for k in (0, 7, 29):
            x, t = lam[k], mp.mpf(time)
            total = mp.fsum(
                y * ((mp.exp(-y * t) - mp.exp(-x * t)) / (x - y) ** 2 - t * mp.exp(-x * t) / (x - y)) * -1
                if j == k
                else y * ((mp.exp(-y * t) - mp.exp(-x * t)) / (x - y) ** 2 - t * mp.exp(-x * t) / (x - y))
                for j, y in enumerate(lam)
                if j != k
            )
            total += x * t * t / 2 * mp.exp(-x * t)
            first = float((modes[k] - mp.exp(-x * t)) * features)
            assert first == pytest.approx(float(x * total), rel=1e-3)  # the next order is 1/N; δh has lost 12 digits
            early = sum(lam) / x * (1 - mp.exp(-x * t) * (1 + x * t))
            assert (abs(first / float(early) - 1) < 0.01) == (time == 0.01)


def transform(lam: list[float], u: list[float], N: float, P: float, t: float, noise: float) -> tuple[float, float]:
    """Test and train loss by definition: a double Bromwich integral in 30 digits, the fixed point by continuation from far away."""
    n = 12
    with mp.workdps(30):
        x, w = [mp.mpf(each) for each in lam], [mp.mpf(each) for each in u]
        s, weight, kappa = [], [], []
        for j in range(-n, n):
            angle = mp.pi * (j + mp.mpf(1) / 2) / n  # Talbot's cotangent contour
            cot = mp.cot(mp.mpf("0.6407") * angle)
            z = 2 * n / mp.mpf(t) * (mp.mpf("0.5017") * angle * cot - mp.mpf("0.6122") + 0.2645j * angle)
            slope = mp.mpf("0.5017") * (cot - mp.mpf("0.6407") * angle / mp.sin(mp.mpf("0.6407") * angle) ** 2)
            s.append(z)
            weight.append(mp.exp(z * t) * 2 * n / mp.mpf(t) * (slope + 0.2645j) / (2j * n))
            far = mp.log(1 + 60 / abs(z))
            k, count = z * mp.exp(far), int(mp.ceil(4 + 2 * far))
            for step in range(count + 1):  # along the ray from far away
                target = z * mp.exp(far * (1 - mp.mpf(step) / count))

                def residual(k: mp.mpc, target: mp.mpc = target) -> mp.mpc:
                    f = mp.fsum(y / (y + k) for y in x)
                    return k * (1 - f / N) * (1 - f / P) - target

                k = mp.findroot(residual, k, tol=1e-25 if step < count else 1e-45)
            kappa.append(k)
        total = [mp.mpf(0), mp.mpf(0)]
        R_1 = [1 - mp.fsum(y / (y + k) for y in x) / P for k in kappa]
        for i in range(2 * n):
            for j in range(2 * n):
                p, q = kappa[i], kappa[j]
                pairs = [1 / ((y + p) * (y + q)) for y in x]
                g, X = (mp.fsum(y**power * pair for y, pair in zip(x, pairs, strict=True)) for power in (2, 1))
                U, V = (mp.fsum(c * y**power * d for c, y, d in zip(w, x, pairs, strict=True)) for power in (0, 1))
                # E from the two linear equations, by Cramer's rule
                left = (1 - g / P) * (1 - g / N) - p * q * X * X / (N * P)
                E = ((noise + p * q * U) * (1 - g / N) + p * q * X * V / N) / left
                share = weight[i] * weight[j] / (s[i] * s[j])
                total[0] += share * (E - noise)
                total[1] += share * R_1[i] * R_1[j] * E
        return float(mp.re(total[0])), float(mp.re(total[1]))


@pytest.mark.parametrize(("N", "P", "t"), [(2, 3, 2.0), (3, 2, 50.0), (2, 2, 50.0), (2, 2, 1e9), (6, 5, 1.0)])
def test_the_definition_in_thirty_digits(N: float, P: float, t: float) -> None:
    law = PowerLaw(Fraction(7, 10), Fraction(1, 5), 4)
    lam, b = law.listed()
    flow, wrong = (Flow(FiniteData.of(law, N, samples), 0.1) for samples in (P, P + 1e-6))
    exact = transform(list(lam), list(lam * b * b), N, P, t, 0.1)
    assert (flow.loss(t)[0], flow.train(t)[0]) == pytest.approx(exact, rel=1e-11)
    assert wrong.loss(t)[0] != pytest.approx(exact[0], rel=1e-11)
    assert wrong.train(t)[0] != pytest.approx(exact[1], rel=1e-11)


@pytest.mark.parametrize(("N", "P"), [(60, 90), (90, 60), (60, 500), (500, 60), (60, INF), (INF, 60), (500, 600)])
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_the_end_of_time(N: float, P: float, noise: float) -> None:
    flow = Flow(FiniteData.of(LAW, N, P), noise)
    for same_features in (True, False):
        for same_samples in (True, False):
            late, limit = (flow.loss(t, same_features=same_features, same_samples=same_samples)[0] for t in (1e10, INF))
            assert late == pytest.approx(limit, rel=1e-7, abs=1e-300)
    late, limit = flow.train(1e10)[0], flow.train(INF)[0]
    assert late == pytest.approx(limit, rel=1e-7, abs=1e-300)
    if min(N, 400) > P:
        assert limit == 0


def test_equal_numbers_diverge_and_say_so() -> None:
    flow = Flow(FiniteData.of(LAW, 60, 60))
    with pytest.raises(ParameterError, match="grows without bound"):
        flow.loss([1, INF])
    t = np.array([1e6, 1e7])
    assert np.diff(np.log(flow.loss(t)))[0] / np.log(10) == pytest.approx(0.5, abs=0.01)  # as √t
    assert flow.loss(INF, same_samples=False)[0] < 2
    late, train = flow.loss([1e28, 1e34]), flow.train([1e28, 1e34])  # no digit is lost however late
    assert late[1] / late[0] == pytest.approx(1e3, rel=1e-11)
    assert train[0] / train[1] == pytest.approx(1e3, rel=1e-11)
    assert flow.train(INF)[0] == 0
    everything = FiniteData.of(LAW, 400, 400)
    with pytest.raises(ParameterError, match="N = P = M"):
        Flow(everything).loss(INF)
    with pytest.raises(ParameterError, match="label noise"):
        Flow(FiniteData.of(LAW, 500, 400), 0.1).loss(INF)


def test_a_small_train_loss_keeps_its_digits() -> None:
    """Fewer samples than features: the train loss decays exponentially, and the hyperbola is about the edge of the gap."""
    flow, fine = (Flow(FiniteData.of(LAW, 500, 60), 0.1, points=n) for n in (13, 15))
    t = np.array([10.0, 1e3, 3e3, 1e4])
    assert np.abs(flow.train(t) / fine.train(t) - 1).max() < 1e-9
    assert flow.train(t)[-1] < 1e-19
    few = Flow(FiniteData.of(PowerLaw(Fraction(7, 10), Fraction(1, 5), 20), 30, 40))
    t = np.array([10.0, 1e3, 3e4])
    assert np.abs(few.loss(t) / Flow(few.model, points=15).loss(t) - 1).max() < 1e-9
    assert few.loss(t)[-1] < 1e-9


def test_equal_eigenvalues() -> None:
    """They are merged, and stay an exact list; the limits of huge and tiny units are those of rescaled time."""
    lam, b = [1, 1, 0.5, 0.5, 0.25, 0.125], [1, 0, 2, 1, 1, 1]
    t = np.array([0, 1, 1e2, 1e3])
    for N, P in ((30, 40), (4, 3), (3, 3), (5, INF)):
        flow = Flow(FiniteData.of(Measured.read(lam, b), N, P))
        assert np.abs(Flow(flow.model, points=15).loss(t) / flow.loss(t) - 1).max() < 1e-10
        for unit in (2.0**-300, 2.0**300):
            other = Flow(FiniteData.of(Measured.read([unit * x for x in lam], b), N, P))
            assert np.abs(other.loss(t / unit) / unit / flow.loss(t) - 1).max() < 1e-10


def test_what_rounding_loses_is_said() -> None:
    flow = population(PowerLaw(Fraction(7, 10), Fraction(1, 5), 4000), 10**4)  # so many that they are not listed
    with pytest.warns(AccuracyWarning, match="returned as 0"):
        assert flow.loss([1.0, 1e8])[1] == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flow.loss([1.0, 1e4])


@pytest.mark.parametrize("bad", [-1, float("nan"), [0, -1e-300], "soon", 1j])
def test_refusals(bad: object) -> None:
    for loss in (population(LAW, 60).loss, population(LAW, 60).bias, Flow(FiniteData.of(LAW, 60, 90)).train):
        with pytest.raises(ParameterError, match="^t = "):
            loss(bad)


def test_gradient_descent_becomes_gradient_flow() -> None:
    """With small steps, and Richardson's rule, to second order."""
    model = FiniteData.of(LAW, 60, 90)
    flow = Flow(model, 0.1).loss([4.0])[0]
    coarse, fine = (Descent(model, 4.0 / n, 0.1).loss(n)[0] for n in (40, 80))
    assert abs(coarse / flow - 1) > 1e-3
    assert abs((2 * fine - coarse) / flow - 1) < 3e-4


def test_a_long_descent_is_refused() -> None:
    with pytest.raises(ParameterError, match="of memory"):
        Descent(FiniteData.of(LAW, 60, 90), 0.5).loss(10**6)
    with pytest.raises(ParameterError, match="^rate = "):
        Descent(FiniteData.of(LAW, 60, 90), -1)
