"""Split sums against plain ones."""

import numpy as np
import pytest

from scalesym.equivalent.cauchy import cauchy


@pytest.mark.parametrize("count", [1, 40, 300, 3000])
def test_split_sums_equal_plain_sums(count: int) -> None:
    rng = np.random.default_rng(1)
    lam = np.sort(10.0 ** rng.uniform(-60, 0, count))[::-1]
    weights = rng.uniform(0.1, 1, (2, count)) * lam
    zeta = 10.0 ** np.linspace(-70, 5, 333) * np.exp(-2.3j)
    other = -zeta * np.exp(0.2j)
    plain = weights @ (1 / (lam[:, None] + zeta))
    assert np.abs(cauchy(lam, weights, zeta) / plain - 1).max() < 1e-13
    for second in (zeta, other):
        plain = weights @ (1 / ((lam[:, None] + zeta) * (lam[:, None] + second)))
        assert np.abs(cauchy(lam, weights, zeta, second) / plain - 1).max() < 1e-13


def test_no_points_sum_to_zero() -> None:
    assert cauchy(np.empty(0), np.empty((1, 0)), np.ones(3, dtype=complex)).tolist() == [[0, 0, 0]]
