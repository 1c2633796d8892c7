"""The row-by-row mean field against its printed equations solved by iteration, against a contour, and against printed numbers."""

from fractions import Fraction

import numpy as np
import pytest

from scalesym.equivalent.finite_data import FiniteData
from scalesym.equivalent.flow import Descent
from scalesym.equivalent.mean_field import mean_field
from scalesym.errors import ParameterError
from scalesym.spectrum import Nodes, PowerLaw

INF = float("inf")
LAW = PowerLaw(Fraction(7, 10), Fraction(1, 5), 400)  # a = 1.8, b = 1.4


def listed(a: float, b: float, size: int) -> Nodes:
    k = np.arange(1.0, size + 1)
    return Nodes(k**-b, k**-b, k**-a)


def iterated(nodes: Nodes, N: float, P: float, rates: list[float], noise: float) -> dict[str, np.ndarray]:
    """The equations of the docstring as they stand, iterated until nothing changes."""
    T = len(rates) + 1
    eye, ones, S = np.eye(T), np.ones((T, T)), np.tril(np.tile([*rates, 0.0], (T, 1)), -1)
    lam, square = nodes.lam[:, None, None], (nodes.nu / nodes.lam)[:, None, None]
    R_1, R_3 = eye, eye
    for _ in range(2 * T):
        H = np.linalg.inv(eye + lam * (S @ R_3 @ R_1))
        total = (lam * H).sum(0)
        before = R_1, R_3
        R_1 = np.linalg.inv(eye + total @ S @ R_3 / P)
        R_3 = np.linalg.inv(eye + R_1 @ total @ S / N)
        if max(np.abs(R_1 - before[0]).max(), np.abs(R_3 - before[1]).max()) < 1e-15:
            break
    else:
        raise AssertionError("the responses are nilpotent and must settle")
    H = np.linalg.inv(eye + lam * (S @ R_3 @ R_1))
    G = eye - lam * (R_1 @ H @ S @ R_3)
    C_1 = C_3 = np.zeros((T, T))
    for _ in range(4 * T):
        before = C_3
        C_0 = (lam * (H @ (square * ones + S @ (C_3 / N + lam / P * (R_3 @ C_1 @ R_3.T)) @ S.T) @ H.mT)).sum(0)
        C_1 = R_1 @ (C_0 + noise) @ R_1.T
        inner = R_1 @ H @ (square * ones + S @ C_3 @ S.T / N) @ H.mT @ R_1.T
        C_2 = (lam / P * (G @ C_1 @ G.mT) + lam**2 * inner).sum(0)
        C_3 = R_3 @ C_2 @ R_3.T
        if np.abs(C_3 - before).max() <= 1e-15 * np.abs(C_3).max():
            break
    else:
        raise AssertionError("the correlations are nilpotent and must settle")
    return {"R_1": R_1, "R_3": R_3, "C_0": C_0, "C_1": C_1, "C_2": C_2, "C_3": C_3}


@pytest.mark.parametrize(
    ("N", "P", "noise"), [(6, 9, 0.0), (9, 6, 0.3), (7, 7, 0.1), (INF, 5, 0.1), (5, INF, 0.1), (50, 60, 0.0)]
)
def test_the_rows_solve_the_printed_equations(N: float, P: float, noise: float) -> None:
    nodes, rates = listed(1.8, 1.4, 30), [0.5, 0.3, 0.9, 0.0, 0.5, 0.6, 0.7, 0.2, 0.4, 0.9, 1.1, 0.3]
    expected, found = iterated(nodes, N, P, rates, noise), mean_field(nodes, N, P, rates, 12, noise)
    for name, matrix in expected.items():
        assert np.abs(getattr(found, name) - matrix).max() < 3e-15 * np.abs(matrix).max(), name
    assert np.abs(mean_field(nodes, N, P, rates[::-1], 12, noise).loss / found.loss - 1).max() > 1e-3


def test_printed_numbers() -> None:
    """Bordelon et al.'s equations, as worked out in the notes: M = 400, N = 60, P = 90, a = 1.8, b = 1.4, η = 1/2."""
    found = mean_field(LAW.nodes(60), 60, 90, "1/2", 39)
    assert [f"{x:.5f}" for x in found.loss[[1, 5, 10, 39]]] == ["0.98893", "0.48526", "0.36833", "0.24211"]
    assert [f"{x:.5f}" for x in found.train[[1, 5, 10]]] == ["0.94821", "0.42745", "0.30230"]
    assert abs(found.train[39] - 0.15668) < 1e-5
    assert f"{found.train[0]:.6f}" == f"{found.loss[0]:.6f}" == "1.871882"
    other = mean_field(LAW.nodes(60), 90, 60, "1/2", 39)
    assert np.abs(other.R_1 - found.R_3).max() < 1e-15
    assert np.abs(other.loss / found.loss - 1)[-1] > 1e-3


@pytest.mark.parametrize("size", [400, 2000])
def test_the_rule_for_the_sum_equals_the_sum(size: int) -> None:
    law = PowerLaw(Fraction(7, 10), Fraction(1, 5), size)
    few, all_of_them = law.nodes(60), listed(1.8, 1.4, size)
    assert len(few.lam) < size / 2
    steps = 30 if size == 400 else 12
    a, b = (mean_field(nodes, 60, 90, 0.5, steps, 0.1) for nodes in (few, all_of_them))
    for name in ("R_1", "R_3", "C_0", "C_1", "C_2", "C_3"):
        assert np.abs(getattr(a, name) - getattr(b, name)).max() < 1e-12 * np.abs(getattr(b, name)).max()


@pytest.mark.parametrize(
    ("N", "P", "rate", "noise", "steps"),
    [
        (60, 90, 0.5, 0.0, 39),
        (90, 60, 0.5, 0.1, 100),
        (60, 60, 1.2, 0.1, 40),
        (500, 600, 0.5, 0.1, 20),
        (INF, 20, 0.9, 0.0, 30),
    ],
)
def test_equals_the_contour(N: float, P: float, rate: float, noise: float, steps: int) -> None:
    found = mean_field(LAW.nodes(min(N, P)), N, P, rate, steps, noise)
    contour, n = Descent(FiniteData.of(LAW, N, P), rate, noise), np.arange(steps + 1)
    assert np.abs(contour.loss(n) / found.loss - 1).max() < 1e-12
    assert np.abs(contour.train(n) / found.train - 1).max() < 1e-12


def test_too_large_a_step_gives_the_true_growth() -> None:
    model = FiniteData.of(LAW, 20, 20)
    rate = 1.5
    assert rate * Descent(model, rate).largest > 2
    found = mean_field(LAW.nodes(20), 20, 20, rate, 30)
    assert found.loss[-1] > 1e15
    assert np.abs(Descent(model, rate).loss(np.arange(31)) / found.loss - 1).max() < 1e-11


def test_infinitely_many_of_both() -> None:
    nodes = LAW.nodes(60)
    found = mean_field(nodes, INF, INF, 0.7, 20, 0.2)
    exact = (nodes.nu * (1 - 0.7 * nodes.lam) ** (2 * np.arange(21))[:, None]).sum(axis=1)
    assert np.abs(found.loss / exact - 1).max() < 1e-13
    assert np.abs(found.train / (exact + 0.2) - 1).max() < 1e-13


def test_no_step() -> None:
    found = mean_field(LAW.nodes(60), 60, 90, 0.5, 0, "1/10")
    assert found.C_0.shape == (1, 1)
    assert found.train[0] == pytest.approx(found.loss[0] + 0.1, rel=1e-15)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 90, 0.5, 10), "features"),
        ((60, -1, 0.5, 10), "samples"),
        ((60, float("nan"), 0.5, 10), "samples"),
        ((60, 90, -0.5, 10), "rate"),
        ((60, 90, [0.5] * 9, 10), "rate"),
        ((60, 90, INF, 10), "rate"),
        ((60, 90, 0.5, 2.5), "steps"),
        ((60, 90, 0.5, 10, -1), "noise"),
    ],
)
def test_refusals(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(ParameterError, match=f"^{name} = "):
        mean_field(LAW.nodes(60), *arguments)


def test_what_does_not_fit_or_not_end_is_refused() -> None:
    with pytest.raises(ParameterError, match="of memory"):
        mean_field(LAW.nodes(60), 60, 90, 0.5, 10**6)
    with pytest.raises(ParameterError, match="leaves the range of double precision at step"):
        mean_field(LAW.nodes(60), 60, 90, 1e20, 30)
