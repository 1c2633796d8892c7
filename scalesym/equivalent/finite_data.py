r"""Linear regression on ``N`` random features from ``P`` samples: the deterministic equivalent, at one and at two resolvents.

With ``f(κ) = Σ_k λ_k/(λ_k+κ)`` the spectral parameter ``κ`` of a ridge ``s`` (or of the Laplace variable ``s`` of gradient flow) is

.. math:: s = \kappa\,\Big(1-\frac{f(\kappa)}N\Big)\Big(1-\frac{f(\kappa)}P\Big), \qquad \kappa \sim s \text{ as } s\to\infty .

At ``P = ∞`` this is the fixed point of :mod:`scalesym.equivalent.fixed_point`, ``κ = ζ``, ``s = -z``, ``N = d``. Every error is a
number ``E(κ, κ')`` of two resolvents, one for each factor of the square. With

.. math::
    g = \sum\frac{\lambda^2}{(\lambda+\kappa)(\lambda+\kappa')}, \quad
    x = \sum\frac{\lambda}{(\lambda+\kappa)(\lambda+\kappa')}, \quad
    u = \kappa\kappa'\sum\frac{\lambda w^2}{(\lambda+\kappa)(\lambda+\kappa')}, \quad
    v = \sum\frac{\lambda^2w^2}{(\lambda+\kappa)(\lambda+\kappa')}

and label noise of variance ``σ²`` it solves two linear equations, one for the randomness of the samples and one (in ``C``) for
that of the features,

.. math:: E = \sigma^2 + u + \frac{\kappa\kappa'x}N\,C + \frac gP\,E, \qquad C = v + \frac xP\,E + \frac gN\,C .

Two predictors with features of their own do not share the term with ``C``, and two with samples of their own not those with ``E``.
Ridge regression has the error ``E(κ, κ)``; gradient flow, whose error is the double inverse Laplace transform of ``(E-σ²)/(ss')``,
is in :mod:`scalesym.equivalent.flow`.

Source: the closed equations for response and correlation functions of Bordelon, Atanasov, Pehlevan, arXiv:2402.01092, which
become these two by ``R_1R_3 = s/κ``; at ``κ' = κ`` the model of Maloney, Roberts, Sully, arXiv:2210.16859.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ConvergenceError
from ..parameters import Exact
from ..spectrum import Nodes, Spectrum
from .fixed_point import DoubleSums, FixedPoint, Split

__all__ = ["FiniteData"]

Array = npt.NDArray[Any]

_STEP = 0.4  # of the logarithm of a distance on the way in from large s
_STEEP = 0.3  # of |Im s|/|s|, from which on the way is along the ray
_NEAR = 1e-5  # of |s|: the last distance from a point near the axis
_ROUNDING = 1e-9  # of an angle
_EPS = 2.0**-52
_CLOSE = 1e-4  # of s/κ_0, from where on κ is found from κ_0
_ROUNDS = 16
_LISTED = 4096  # eigenvalues that are kept one by one where all can be learned
_NEWTON = 40
_COARSE, _FINE = 1e-3, 1e-13  # relative steps on the way and at its end


@dataclass(frozen=True, eq=False)
class FiniteData:
    """One spectrum, a number of features and a number of samples; level: deterministic equivalent.

    Parameters
    ----------
    nodes:
        The spectrum in double precision.
    size:
        The number of its eigenvalues, perhaps infinite.
    features, samples:
        ``N > 0`` and ``P > 0``, real, perhaps infinite.
    split:
        Where to split the spectrum, as for :class:`~scalesym.equivalent.fixed_point.FixedPoint`.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.spectrum import PowerLaw
    >>> model = FiniteData.of(PowerLaw(Fraction(4, 5), Fraction(0), 600), features=40, samples=120)
    >>> kappa = model.kappa(0.3 / 120)
    >>> print(f"{kappa:.9f} {model.diagonal(kappa):.6f}")
    0.012547420 0.387743
    """

    nodes: Nodes
    size: float
    features: float
    samples: float
    split: Split | None = None

    @classmethod
    def of(cls, spectrum: Spectrum, features: float, samples: float, resolution: Exact | None = None) -> FiniteData:
        """From a spectrum; an infinite one is resolved down to its eigenvalue number ``min(N, P)``, or to ``resolution``."""
        least = min(features, samples)
        if resolution is None:
            resolution = least if math.isfinite(least) else spectrum.size
        if spectrum.size <= min(_LISTED, least):  # all are learned, so that the loss is exponentially small
            lam, target = spectrum.listed()
            return cls(Nodes(lam, lam, lam * target * target), spectrum.size, float(features), float(samples))
        nodes, split = spectrum.nodes(resolution), None
        if least < spectrum.size:
            found = spectrum.split(least)
            split = None if found is None else Split.of(DoubleSums, nodes, found[0], float(found[1]))
        return cls(nodes, spectrum.size, float(features), float(samples), split)

    @cached_property
    def ridgeless(self) -> float:
        """``κ`` at ``s = 0``: ``f(κ) = min(N, P)``, or 0 if that is at least the number of eigenvalues."""
        least = min(self.features, self.samples)
        if least >= self.size:
            return 0.0
        if math.isinf(least):  # an infinite spectrum
            return 0.0
        return float(FixedPoint(DoubleSums(self.nodes), least, float(self.nodes.lam[0]), split=self.split).zeta0)

    def freedom(self, kappa: Any) -> Any:
        """``f(κ) = Σ λ/(λ+κ)``, the effective degrees of freedom."""
        return (1 / (self.nodes.lam + np.asarray(kappa)[..., None])) @ self.nodes.mu

    def overlap(self, kappa: Any, other: Any) -> Any:
        """``g(κ, κ') = Σ λ²/((λ+κ)(λ+κ'))``, elementwise."""
        pair = (self.nodes.lam + np.asarray(kappa)[..., None]) * (self.nodes.lam + np.asarray(other)[..., None])
        return (1 / pair) @ (self.nodes.mu * self.nodes.lam)

    def responses(self, kappa: Any, s: Any = None) -> tuple[Any, Any]:
        """``R_1 = 1 - f/P`` and ``R_3 = 1 - f/N``, the responses of samples and of features.

        Near the ridgeless value they are small differences of numbers near 1; from ``s = κR_1R_3``, if it is given, a quadratic equation
        has them with all digits.
        """
        n, most = sorted((self.features, self.samples))
        if math.isinf(n):
            return 1.0 + 0 * kappa, 1.0 + 0 * kappa
        if s is None:
            rest = self._rest(kappa)
        elif math.isinf(most):
            rest = n * s / kappa
        else:
            product, apart = s / kappa * n * most, most - n
            over = apart + np.sqrt(apart * apart + 4 * product)
            rest = 2 * product / np.where(over == 0, 1.0, over)
        small = rest / n
        large = 1.0 + 0 * small if math.isinf(most) else (most - n + rest) / most
        return (small, large) if self.samples <= self.features else (large, small)

    def _rest(self, kappa: Any) -> Any:
        """``min(N, P) - f(κ)``, as a difference from its zero or, if all eigenvalues can be learned, from its value at ``κ = 0``."""
        lam, mu, start = self.nodes.lam, self.nodes.mu, self.ridgeless
        inverse = 1 / (lam + np.asarray(kappa)[..., None])
        least = 0.0 if start else min(self.features, self.samples) - self.size
        return least + (kappa - start) * (inverse @ (mu / (lam + start)))

    def ridge_of(self, kappa: Any) -> Any:
        """``s = κ(1 - f/N)(1 - f/P)``; near the ridgeless value an ``s`` much smaller than ``κ`` is lost in rounding."""
        R_1, R_3 = self.responses(kappa)
        return kappa * R_1 * R_3

    def kappa(self, s: Any) -> Any:
        """``κ(s)``: real for real ``s ≥ 0``; complex for complex ``s``, which must not lie on the negative axis.

        Raises
        ------
        ConvergenceError
            If the branch was lost.
        """
        points = np.asarray(s)
        flat = points.reshape(-1)
        found = np.empty(flat.shape, dtype=flat.dtype if np.iscomplexobj(flat) else float)
        todo = np.ones(flat.shape, dtype=bool)
        if self.ridgeless:
            close = np.abs(flat) < _CLOSE * self.ridgeless
            found[close], todo[close] = self._beside(flat[close])
        if np.iscomplexobj(flat):
            found[todo] = self._complex(flat[todo])
        else:
            found[todo] = [self._real(float(each)) for each in flat[todo]]
        return found.reshape(points.shape) if points.shape else found[0]

    def _beside(self, s: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
        """``κ`` next to the ridgeless ``κ_0``, and where it was not found: ``κ - κ_0 = nR/Σ λ/((λ+κ)(λ+κ_0))``, ``n = min(N, P)``.

        ``R``, the smaller response, is known from ``s`` and ``κ`` with all digits, even at ``N = P``, where ``s = κR²``.
        """
        lam, mu, start = self.nodes.lam, self.nodes.mu, self.ridgeless
        n, which = min(self.features, self.samples), 0 if self.samples <= self.features else 1
        kappa, moved = np.full(s.shape, start, dtype=s.dtype), np.ones(s.shape, dtype=bool)
        for _ in range(_ROUNDS):
            slope = (1 / (lam + kappa[:, None])) @ (mu / (lam + start))
            before, kappa = kappa, start + n * self.responses(kappa, s)[which] / slope
            moved = ~(np.abs(kappa - before) <= 4 * _EPS * np.abs(kappa))
            if not moved.any():
                break
        return kappa, moved

    def _real(self, s: float) -> float:
        """By Brent's method in ``log κ``, above the ridgeless value, where ``s`` grows with ``κ``."""
        from scipy.optimize import brentq

        least = self.ridgeless
        if s == 0 or math.isinf(s):
            return s if math.isinf(s) else least
        if math.isinf(self.features) and math.isinf(self.samples):
            return s

        def excess(y: float) -> float:
            return float(self.ridge_of(math.exp(y))) - s

        low = math.log(max(least, s))  # s/κ ≤ 1
        if not excess(low) < 0:
            return math.exp(low)
        high = low + 1
        while excess(high) < 0:
            high += high - low
        return math.exp(brentq(excess, low, high, xtol=1e-300, rtol=8.9e-16, maxiter=500))

    def _complex(self, s: Array) -> Array:
        """By Newton's method on the way in from far away, where ``κ ~ s``: along the ray, which is analytic, or where that
        grazes the negative axis at right angles to it, so that points in a gap of the spectrum are reached too.
        """
        if (math.isinf(self.features) and math.isinf(self.samples)) or not len(s):
            return s
        size, upper = np.abs(s), np.where(s.imag < 0, -1j, 1j)
        steep = np.abs(s.imag) >= _STEEP * size
        kappa = np.empty(s.shape, dtype=np.complex128)
        for group, direction, near in ((steep, s / size, 0.5), (~steep, upper, _NEAR)):
            if group.any():
                kappa[group] = self._along(s[group], direction[group], near * size[group])
        angle, given = np.angle(kappa) * np.sign(s.imag), np.abs(np.angle(s))
        lost = ~((angle >= -_ROUNDING) & (angle <= given + _ROUNDING))
        if lost.any():
            raise ConvergenceError(
                f"the branch of kappa was lost at {int(lost.sum())} points s, as at {s[lost][0]:.3g}"
            )
        return kappa

    def _along(self, s: Array, direction: Array, near: Array) -> Array:
        """``κ(s)`` from ``s + h·direction`` with ``h`` falling from far away to ``near``, and then to 0."""
        trace = float(self.nodes.mu.sum()) * (1 / self.features + 1 / self.samples)
        ahead = np.log(np.maximum(30 * (trace + float(self.nodes.lam[0])), np.abs(s)) / near)
        count = math.ceil(float(ahead.max()) / _STEP)
        kappa = before = np.empty(0)
        for n in range(count + 1):
            target = s + direction * near * np.exp(ahead * (1 - n / count))
            if n == 0:
                kappa = before = target
            else:  # log κ is extrapolated linearly
                kappa, before = kappa * (kappa / before), kappa
            kappa = self._newton(kappa, target, _COARSE)
        return self._newton(kappa, s, _FINE)

    def _newton(self, kappa: Array, target: Array, tolerance: float) -> Array:
        """Until the step is below the tolerance, or the equation 0 to rounding; near an edge of the spectrum the step never is."""
        for _ in range(_NEWTON):
            inverse = 1 / (self.nodes.lam + kappa[:, None])
            tangent = kappa * ((inverse * inverse) @ self.nodes.mu)  # -κ df/dκ
            R_1, R_3 = self.responses(kappa)
            slope = R_1 * R_3 + tangent * (R_3 / self.samples + R_1 / self.features)
            rest = kappa * R_1 * R_3 - target
            size = np.abs(kappa)
            rounding = 8 * _EPS * size * np.abs(slope - R_1 * R_3) + 4 * _EPS * np.abs(target)
            step = np.where(np.abs(rest) <= rounding, 0, rest / slope)
            kappa = kappa - step
            moved = np.abs(step) > tolerance * size
            if not moved.any():
                return kappa
        raise ConvergenceError(f"kappa was not found at {int(moved.sum())} points s, as at {target[moved][0]:.3g}")

    def risk(
        self,
        kappa: Array,
        other: Array,
        noise: float = 0.0,
        *,
        same_features: bool = True,
        same_samples: bool = True,
        s: Array | None = None,
        other_s: Array | None = None,
    ) -> Array:
        """``E(κ, κ')`` for every ``κ`` with every ``κ'``: arrays of shape ``(n,)`` and ``(m,)`` give ``(n, m)``.

        Parameters
        ----------
        kappa, other:
            One-dimensional.
        noise:
            ``σ²`` of the labels, on the test point too.
        same_features, same_samples:
            Whether the two predictors share them.
        s, other_s:
            The ridges, if they are so small that ``κ`` does not determine the responses.
        """
        bias, variance = self.parts(kappa, other, noise, same_features, same_samples, s, other_s)
        return noise + bias + variance

    def parts(
        self,
        kappa: Array,
        other: Array,
        noise: float,
        same_features: bool,
        same_samples: bool,
        s: Array | None = None,
        other_s: Array | None = None,
    ) -> tuple[Array, Array]:
        """``u`` and ``E - σ² - u`` of :meth:`risk`: bias and variance, that of label noise included."""
        lam, mu, nu = self.nodes.lam, self.nodes.mu, self.nodes.nu
        left, right = 1 / (lam + kappa[:, None]), 1 / (lam + other[:, None])
        left_kappa, right_kappa = kappa[:, None] * left, other[:, None] * right
        bias = (left_kappa * nu) @ right_kappa.T
        sums = (
            (left * (mu * lam)) @ right.T,
            (left_kappa * mu) @ right.T,
            (left * mu) @ right_kappa.T,
            (left * (nu * lam)) @ right_kappa.T,
        )
        R_1, R_3 = self.responses(kappa, s)[0], self.responses(other, other_s)[1]
        return bias, self._variance(*sums, R_1[:, None], R_3[None], bias + noise, same_features, same_samples)

    def diagonal(
        self, kappa: Any, noise: float = 0.0, *, same_features: bool = True, same_samples: bool = True, s: Any = None
    ) -> Any:
        """``E(κ, κ)``, elementwise: the error of ridge regression at the ridge ``s(κ)``."""
        lam, mu, nu = self.nodes.lam, self.nodes.mu, self.nodes.nu
        at = np.asarray(kappa)[..., None]
        inverse = 1 / (lam + at)
        part = at * inverse
        lost, bias = (part * inverse) @ mu, part**2 @ nu
        sums = (inverse * inverse) @ (mu * lam), lost, lost, (part * inverse) @ (nu * lam)
        R_1, R_3 = self.responses(kappa, s)
        return noise + bias + self._variance(*sums, R_1, R_3, bias + noise, same_features, same_samples)

    def _variance(
        self,
        g: Any,
        left: Any,
        right: Any,
        v: Any,
        R_1: Any,
        R_3: Any,
        signal: Any,
        same_features: bool,
        same_samples: bool,
    ) -> Any:
        """From the two linear equations, with ``left = κx``, ``right = κ'x``, ``v`` with its ``κ'``, ``R_1(κ)`` and ``R_3(κ')``.

        Because ``f(κ) - g = κ'x``, nothing cancels: ``1 - g/N = R_3 + κx/N``, and the determinant of the equations is
        ``R_1(1 - g/N) + R_3κ'x/P``.
        """
        per_sample, R_1 = (1 / self.samples, R_1) if same_samples else (0.0, 1.0)
        per_feature, R_3 = (1 / self.features, R_3) if same_features else (0.0, 1.0)
        of_features = R_3 + left * per_feature
        share = per_sample * (g * of_features + left * right * per_feature)
        return (signal * share + left * v * per_feature) / (R_1 * of_features + R_3 * right * per_sample)
