"""What a fit returns, whichever law it was of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError

__all__ = ["Fit"]


@dataclass(frozen=True)
class Fit:
    """A fitted law.

    Parameters
    ----------
    law:
        The law with the constants found.
    parameters:
        These constants by name.
    objective:
        The value of what was minimised.
    residuals:
        One for each data point, in the units of the objective.
    success, message:
        Whether the optimiser converged, and what it said.
    samples:
        Constants of the bootstrap's refits by name, one array entry for each resample; empty without a bootstrap.
    """

    law: Any
    parameters: Mapping[str, float]
    objective: float
    residuals: npt.NDArray[np.float64]
    success: bool
    message: str = ""
    samples: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)

    def interval(self, level: float = 0.8) -> dict[str, tuple[float, float]]:
        """The central interval of the bootstrap for every constant.

        Raises
        ------
        ParameterError
            If there was no bootstrap, or the level is not between 0 and 1.

        Examples
        --------
        >>> found = Fit(None, {"a": 1.0}, 0.0, np.zeros(1), True, samples={"a": np.linspace(0, 10, 11)})
        >>> [f"{end:.2f}" for end in found.interval(0.8)["a"]]
        ['1.00', '9.00']
        """
        if not 0 < level < 1:
            raise ParameterError("level", level, "it is a probability", "use 0 < level < 1")
        self._require_samples(1)
        ends = (50 * (1 - level), 50 * (1 + level))
        return {
            name: tuple(float(x) for x in np.percentile(values, ends))  # type: ignore[misc]
            for name, values in self.samples.items()
        }

    def errors(self) -> dict[str, float]:
        """The standard deviation of every constant over the bootstrap's refits.

        Raises
        ------
        ParameterError
            If there was no bootstrap, or of one refit only.

        Examples
        --------
        >>> found = Fit(None, {"a": 1.0}, 0.0, np.zeros(1), True, samples={"a": np.array([0.9, 1.0, 1.1])})
        >>> print(f"{found.errors()['a']:.2f}")
        0.10
        """
        self._require_samples(2)
        return {name: float(np.std(values, ddof=1)) for name, values in self.samples.items()}

    def _require_samples(self, least: int) -> None:
        count = min((len(values) for values in self.samples.values()), default=0)
        if count < least:
            raise ParameterError("bootstrap", count, "the spread is that of refits", f"fit with bootstrap >= {least}")
