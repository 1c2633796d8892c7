"""The exponentially small end of the kernel."""

import numpy as np
import pytest

from scalesym import PLRF, AccuracyWarning


def test_past_the_cut_off_the_kernel_keeps_its_digits() -> None:
    model = PLRF(1, "7/10", 20, 60, "3/10")
    r = [10**4, 2 * 10**5]
    precise = [float(x) for x in model.kernel(r, digits=20)]
    assert precise[-1] < 1e-40
    assert np.abs(model.kernel(r) / precise - 1).max() < 1e-11


def test_below_double_range_it_is_zero_with_a_warning_and_never_negative() -> None:
    model = PLRF(1, "7/10", 20, 60, "3/10")
    with pytest.warns(AccuracyWarning, match="exponentially small"):
        values = model.kernel([0, 1, 10**7, 10**20])
    assert (values[:2] > 0).all()
    assert values[2:].tolist() == [0, 0]
    with pytest.warns(AccuracyWarning):
        assert model.kernel(10**20, digits=30) == 0


@pytest.mark.parametrize(("alpha", "beta", "d", "v"), [(3, 3, 10**6, "inf"), ("1/5", 1, 10**5, 10**6), (1, 0, 50, 53)])
def test_positive_and_decreasing(alpha: object, beta: object, d: int, v: object) -> None:
    model = PLRF(alpha, beta, d, v)
    last = 30 / (model.learning_rate() * model.spectral_edge())
    kernel = model.kernel(np.geomspace(1, last, 200).round())
    assert (kernel > 0).all()
    assert (np.diff(kernel) <= 0).all()
