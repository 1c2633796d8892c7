r"""Gradient flow and gradient descent from finitely many samples: losses by double contours; level deterministic equivalent.

The two predictors in the square have a Laplace variable each. With ``E`` of :class:`~scalesym.equivalent.finite_data.FiniteData`,

.. math:: L(t) = \frac1{(2\pi i)^2}\oint\!\!\oint e^{(s+s')t}\,\frac{E(\kappa,\kappa')-\sigma^2}{ss'}\,ds\,ds', \qquad
          \hat L(t) = \frac1{(2\pi i)^2}\oint\!\!\oint e^{(s+s')t}\,\frac{R_1R_1'\,E(\kappa,\kappa')}{ss'}\,ds\,ds',

and after ``n`` steps of gradient descent ``(1+ηs)^n`` takes the place of ``e^{st}``. Label noise counts in ``L̂``, not in ``L``.

All singularities lie on the negative axis. :class:`Flow` takes both variables on one hyperbola around it, scaled by ``1/t``
(Weideman and Trefethen, Math. Comp. 76 (2007) 1341), :class:`Descent` on a circle ``|1+ηs| = ρ``, where the trapezoid rule converges
exponentially. With infinitely many samples a single contour serves all times, :class:`~scalesym.equivalent.population.PopulationFlow`.

Source: Bordelon, Atanasov, Pehlevan, arXiv:2402.01092.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import real, steps
from ..resources import one_thread, require_memory
from .contour import Curve
from .finite_data import FiniteData
from .population import PopulationFlow, checked_times, listed, resolved
from .two_times import Square

__all__ = ["Descent", "Flow", "PopulationFlow"]

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]
_EPS = 2.0**-52
_DEAD = 370.0  # e^{-2·370} has left the range of a double
_TOGETHER = 16  # times of one solution of the fixed point


@dataclass(frozen=True, eq=False)
class Flow:
    """Gradient flow from ``P`` samples on ``N`` features, test and train loss; level: deterministic equivalent.

    Parameters
    ----------
    model:
        Spectrum, ``N`` and ``P``.
    noise:
        ``σ²`` of the labels. It is learned, and counts in the train loss; the test loss is that against the target.
    points:
        Nodes on the upper half of the hyperbola.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.spectrum import PowerLaw
    >>> flow = Flow(FiniteData.of(PowerLaw(Fraction("0.7"), Fraction("0.2"), 400), features=60, samples=90))
    >>> print(f"{flow.loss(5.0)[0]:.6f} {flow.train(5.0)[0]:.6f} {flow.train(0.0)[0]:.6f}")
    0.374328 0.308482 1.871882
    """

    model: FiniteData
    noise: float = 0.0
    points: int = 13

    @cached_property
    def _hyperbola(self) -> tuple[ComplexArray, ComplexArray]:
        """At the nodes of the upper half, for ``t = 1``: ``s`` and the weight ``e^s ds/(2πi)``."""
        n = self.points
        width, angle, scale = 1.081792140 / n, 1.172104229, 4.492075287 * n  # optimal for all singularities on s < 0
        u = (np.arange(n) + 0.5) * width
        s = scale * (1 + np.sin(1j * u - angle))
        return s, np.exp(s) * scale * 1j * np.cos(1j * u - angle) * width / (2j * np.pi)

    def loss(self, t: object, *, same_features: bool = True, same_samples: bool = True) -> Array:
        """The test loss at times ``t ≥ 0``, perhaps infinite, without the label noise on the test point.

        Parameters
        ----------
        t:
            A time or several.
        same_features, same_samples:
            Whether the two predictors in the square share them; if not, this is the test loss of an infinite ensemble over
            what they do not share.

        Raises
        ------
        ParameterError
            If a time is negative, or infinite where the loss diverges.
        """
        square = Square(self.model, self.noise, False, same_features, same_samples)
        return self._filled(t, square, lambda: self._limit(same_features, same_samples))

    def train(self, t: object) -> Array:
        """The mean square loss on the samples, their label noise included, at times ``t ≥ 0``.

        Raises
        ------
        ParameterError
            As for :meth:`loss`.
        """
        return self._filled(t, Square(self.model, self.noise, train=True), self._train_limit)

    def _filled(self, t: object, square: Square, limit: Callable[[], float]) -> Array:
        """The loss at all times, finite ones by the hyperbola about minus :meth:`_gap`."""
        times = checked_times(t)
        value, error = np.full(len(times), square.first), np.zeros(len(times))
        if np.isinf(times).any():
            value[np.isinf(times)] = limit()
        shift, unit = self._gap(square), self._hyperbola[0]
        dead = np.isfinite(times) & (times > (_DEAD / shift if shift else math.inf))
        value[dead] = 0.0
        inside = np.flatnonzero((times > self._instant) & np.isfinite(times) & ~dead)
        with one_thread():
            for start in range(0, len(inside), _TOGETHER):
                places = inside[start : start + _TOGETHER]
                s = unit / times[places, None] - shift
                kappa = np.asarray(self.model.kappa(s))
                for row, place in enumerate(places):
                    value[place], error[place] = self._at(float(times[place]), s[row], kappa[row], square, shift)
        return resolved(Curve(value, error), square.first)

    def _at(self, t: float, s: ComplexArray, kappa: ComplexArray, square: Square, shift: float) -> tuple[float, float]:
        """The loss at ``t`` and its rounding error. Modes have a transform each, so that their squares are sure to be positive."""
        lam, nu = self.model.nodes.lam, self.model.nodes.nu
        weight = self._hyperbola[1] * (math.exp(-shift * t) / t)
        seen = lam > max(self.model.ridgeless, shift)
        columns = square.modes(s, kappa, seen) * weight
        modes = np.where(seen, np.exp(-lam * t), 0.0) + 2 * columns.real.sum(axis=1)
        spread = 4 * _EPS * (np.abs(columns).sum(axis=1) + np.abs(modes))
        value, error = float(nu @ modes**2), float(nu @ ((2 * np.abs(modes) + spread) * spread))
        responses = square.response(s, kappa)
        share = responses * weight / s
        if self.noise and square.train:
            kept = 2 * float(share.real.sum())
            value += self.noise * kept**2
            error += 16 * _EPS * self.noise * abs(kept) * float(np.abs(share).sum())
        same, mixed = square.variance(s, kappa, s, kappa), square.variance(s, kappa, s.conj(), kappa.conj())
        value += 2 * float((share @ same @ share + share @ mixed @ share.conj()).real)
        error += 4 * _EPS * float(np.abs(share) @ (np.abs(same) + np.abs(mixed)) @ np.abs(share))
        return value, error

    def _gap(self, square: Square) -> float:
        """A rate not above any in the spectrum, where what is transformed has no pole at ``s = 0``; else 0.

        The train loss has none if there are fewer samples than features, the test loss if everything is learned. The edge of the gap
        is the largest ``-s(κ)`` at a ``κ`` between the ridgeless one and the next pole or zero.
        """
        model, least = self.model, float(self.model.nodes.lam[-1])
        if square.train and model.samples < min(model.features, model.size):
            few = replace(model, samples=math.inf, split=None)
            kappa = np.geomspace(max(few.ridgeless, 1e-12 * least), model.ridgeless, 400)
        elif model.ridgeless == 0 and math.isfinite(model.size) and not square.keeps_noise:
            # where the rule for the sum stands for many eigenvalues it ends before the pole
            kappa = -least * (1 - np.geomspace(1e-4, 1, 400) if listed(model.nodes) else np.linspace(0, 0.5, 50))
        else:
            return 0.0
        f = model.freedom(kappa)
        inside = kappa[(f < min(model.features, model.samples)) | (kappa > 0)]
        return max(0.0, float(np.max(-model.ridge_of(inside), initial=0.0)))

    @cached_property
    def _instant(self) -> float:
        """Up to this time the loss is the first one to rounding."""
        trace, edge = float(np.sum(self.model.nodes.mu)), math.sqrt(float(self.model.nodes.lam[0]))
        edge += math.sqrt(trace / self.model.features) + math.sqrt(trace / self.model.samples)
        return 1e-18 / edge**2

    def _limit(self, same_features: bool, same_samples: bool) -> float:
        """The test loss at ``t = ∞``, which is that of ridge regression at ridge 0."""
        model, kappa = self.model, self.model.ridgeless
        if kappa > 0:
            if model.features == model.samples and same_features and same_samples:
                raise _diverges("at N = P the test loss grows without bound")
            kept = {"same_features": same_features, "same_samples": same_samples}
            return float(model.diagonal(kappa, self.noise, **kept)) - self.noise
        if math.isinf(model.samples) or not same_samples:
            return 0.0
        if model.samples == model.size:
            if model.features == model.size and same_features:
                raise _diverges("at N = P = M the limit is not that of ridge 0")
            if self.noise:
                raise _diverges("at P = M the label noise is learned without bound")
            return 0.0
        return self.noise * model.size / (model.samples - model.size)

    def _train_limit(self) -> float:
        model, kappa = self.model, self.model.ridgeless
        if model.samples <= min(model.features, model.size) and math.isfinite(model.samples):
            return 0.0  # as many features as samples fit them
        if kappa > 0:
            return float((1 - model.features / model.samples) ** 2 * model.diagonal(kappa, self.noise))
        return self.noise * (1 - model.size / model.samples if math.isfinite(model.samples) else 1.0)


def _diverges(reason: str) -> ParameterError:
    return ParameterError("t", math.inf, reason, "use a finite t, or other N and P")


@dataclass(frozen=True, eq=False)
class Descent:
    """Gradient descent with a constant learning rate, test and train loss; level: deterministic equivalent.

    The number of contour points grows with the number of steps and the work with its square, so this is for a few hundred
    steps. :func:`~scalesym.equivalent.mean_field.mean_field` gives the same without a contour.

    Parameters
    ----------
    model:
        Spectrum, ``N`` and ``P``.
    rate:
        The learning rate ``η > 0``. If it is too large the losses grow, as they do.
    noise:
        ``σ²`` of the labels, as for :class:`Flow`.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.spectrum import PowerLaw
    >>> model = FiniteData.of(PowerLaw(Fraction("0.7"), Fraction("0.2"), 400), features=60, samples=90)
    >>> print([f"{x:.5f}" for x in Descent(model, rate=0.5).loss([1, 5, 10])])
    ['0.98893', '0.48526', '0.36833']
    """

    model: FiniteData
    rate: float
    noise: float = 0.0

    def __post_init__(self) -> None:
        real(self.rate, "rate", above=0, reason="gradient descent goes downhill")

    @cached_property
    def largest(self) -> float:
        """An upper bound of the spectrum, close to its right edge: ``-s(κ)`` at a ``κ < -λ_1``.

        The edge is the least of these values.
        """
        top = float(self.model.nodes.lam[0])
        return float(np.min(-self.model.ridge_of(-top * (1 + np.logspace(-6, 4, 401)))))

    def loss(self, n: object) -> Array:
        """The test loss after ``n`` steps, without the label noise on the test point."""
        return self._integrated(n, Square(self.model, self.noise))

    def train(self, n: object) -> Array:
        """The mean square loss on the samples after ``n`` steps, their label noise included."""
        return self._integrated(n, Square(self.model, self.noise, train=True))

    def _integrated(self, n: object, square: Square) -> Array:
        counts, _ = steps(n)
        last = max([4, *counts])
        within = max(1.0, self.rate * self.largest - 1)  # of |1+ηs| on the spectrum and at 0
        half = 10 * last
        require_memory("n", n, 300.0 * half**2, "use fewer steps, or mean_field")
        w = within * math.exp(2 / last) * np.exp(1j * np.pi * (np.arange(half) + 0.5) / half)
        s = (w - 1) / self.rate
        kappa = np.asarray(self.model.kappa(s))
        responses = square.response(s, kappa)
        same, mixed = (
            np.multiply.outer(responses, there)
            * (self.model.risk(kappa, other, self.noise) - self.noise * (not square.train))
            for other, there in ((kappa, responses), (kappa.conj(), responses.conj()))
        )
        share = w / (2 * half * self.rate * s)
        powers = share * w ** np.array(counts)[:, None]
        result: Array = (
            2 * (((powers @ same) * powers).sum(axis=1) + ((powers @ mixed) * powers.conj()).sum(axis=1)).real
        )
        return result
