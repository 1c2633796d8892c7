"""Test and training loss of the dynamical model at given times: which contour serves which question, and the ends of the curves."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..equivalent.finite_data import FiniteData
from ..equivalent.fixed_point import DoubleSums, FixedPoint
from ..spectrum import PowerLaw, Spectrum
from ._quantities import Floats

__all__ = ["Decomposition", "Response", "curve", "finite_data", "static"]

_LEAST_RESOLUTION = 100.0  # eigenvalues of an infinite spectrum


class Response(NamedTuple):
    """``κ(s)`` and the response functions ``R_1`` of the samples and ``R_3`` of the features."""

    kappa: Any
    samples: Any
    features: Any


class Decomposition(NamedTuple):
    """The loss as bias and variances: due to the features alone, to the samples alone, to both together, and label noise.

    ``samples`` and ``interaction`` contain what the label noise of the training set adds; ``noise`` is that of the test point.
    """

    bias: Any
    features: Any
    samples: Any
    interaction: Any
    noise: Any

    @property
    def loss(self) -> Any:
        """Their sum."""
        return self.bias + self.features + self.samples + self.interaction + self.noise


def finite_data(spectrum: Spectrum, features: float, samples: float, time: float = 0.0) -> FiniteData:
    """Resolved down to what is learned: by features and samples, or where both are without end by the time."""
    resolution = None
    if math.isinf(min(features, samples)) and isinstance(spectrum, PowerLaw) and math.isinf(spectrum.size):
        resolution = max(_LEAST_RESOLUTION, (2 * time) ** (0.5 / float(spectrum.alpha)))
    return FiniteData.of(spectrum, features, samples, resolution)


def static(
    spectrum: Spectrum, noise: float, features: float, samples: float, *, train: bool = False, **same: bool
) -> float:
    """At ``t = ∞``; infinite at ``N = P < M``, where features and samples determine one another without any slack.

    At ``N = P = M`` without noise every draw ends at 0, and so does this; the loss at late times tends to another number.
    """
    data = finite_data(spectrum, features, samples)
    kappa, together = data.ridgeless, same.get("same_samples", True)
    if kappa == 0:  # every mode is learned, and with a finite number of samples their noise fitted by M parameters
        shared = data.size / samples
        if math.isinf(samples) or not noise or not together:
            return noise
        if train:
            return max(0.0, noise * (1 - shared))
        return noise / (1 - shared) if shared < 1 else math.inf
    if train and samples <= features:  # interpolation
        return 0.0
    if features == samples and all(same.values()):
        return math.inf
    found = float(data.diagonal(kappa, noise, s=0.0, **same))
    return float(data.responses(kappa, 0.0)[0]) ** 2 * found if train else found


def curve(
    spectrum: Spectrum,
    noise: float,
    times: Floats,
    features: float,
    samples: float,
    *,
    train: bool = False,
    **same: bool,
) -> Floats:
    """The loss, ``noise`` included, of one predictor on a new sample, or on those of the training.

    ``same_features=False`` or ``same_samples=False`` replace the square of an error by the product of two, of predictors that
    do not share them.
    """
    from ..equivalent.flow import Flow, PopulationFlow

    ended, train = np.isinf(times), train and not math.isinf(samples)
    found = np.empty(times.shape)
    if ended.any():
        found[ended] = static(spectrum, noise, features, samples, train=train, **same)
    later = times[~ended]
    if not later.size:
        return found
    data = finite_data(spectrum, features, samples, float(later.max()))
    if math.isinf(samples):
        point = FixedPoint(DoubleSums(data.nodes), features, float(data.nodes.lam[0]), split=data.split)
        flow = PopulationFlow(data.nodes, point, data.size)
        found[~ended] = noise + (flow.loss(later) if same.get("same_features", True) else flow.bias(later))
    elif train:
        found[~ended] = Flow(data, noise).train(later)
    else:
        found[~ended] = noise + Flow(data, noise).loss(later, **same)
    return found
