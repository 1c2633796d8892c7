"""Pictures of the solvable models: what is drawn is what the models say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scalesym.errors import ParameterError
from scalesym.laws import DynamicalModel, FourRegimes, RandomFeatureRidge

pytest.importorskip("matplotlib")

from scalesym.plots import law_figure


def lines(law: Any) -> list[Any]:
    return [line for line in law_figure(law).axes[0].lines if len(line.get_xdata()) > 2]


def test_gradient_flow() -> None:
    model = DynamicalModel("1.8", "1.5", M=500)
    *sized, guide = lines(model)
    assert len(sized) == 2
    for line, N in zip(sized, (10, 100), strict=True):
        assert line.get_ydata()[-1] == pytest.approx(model.static_limit(N=N), rel=1e-3)
    assert guide.get_ydata()[60] == pytest.approx(model.loss(guide.get_xdata()[60]))


def test_regimes() -> None:
    law = FourRegimes(1, 500)
    drawn = lines(law)
    assert drawn[0].get_ydata()[0] == pytest.approx(law.loss(float(drawn[0].get_xdata()[0]), 10))
    assert all(np.isfinite(line.get_ydata()).all() for line in drawn)


def test_the_best_ridge_is_below() -> None:
    plain, best = lines(RandomFeatureRidge(1, 500))
    assert (best.get_ydata() <= plain.get_ydata() * (1 + 1e-9)).all()
    assert plain.get_ydata().max() > 5 * best.get_ydata().max() / 2


@pytest.mark.parametrize("law", [DynamicalModel(2, 2, M=12), FourRegimes(1, 12), RandomFeatureRidge(1, 12)])
def test_too_few_eigenvalues_are_refused(law: Any) -> None:
    with pytest.raises(ParameterError, match="so few eigenvalues"):
        law_figure(law)
