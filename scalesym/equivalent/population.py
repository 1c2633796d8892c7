r"""Gradient flow on random features with infinitely many samples: one contour for all times; level deterministic equivalent.

With ``P = ∞`` the errors of a mode at time ``t`` of one predictor need no second Laplace variable, because the flow is that of a
symmetric matrix: the square of its exponential at ``t`` is its exponential at ``2t``. So

.. math:: L(t) = \mathcal L^{-1}\Big[\sum_k u_k H_k(s)\Big](2t), \qquad
          H_k = \frac{\kappa}{s(\kappa+\lambda_k)}, \quad s = \kappa\,\Big(1-\frac{f(\kappa)}N\Big), \quad u_k = \lambda_kw_k^2 .

With ``z = -s`` and ``ζ = κ`` this is the forcing function of PLRF with ``q(z)^r`` replaced by ``e^{-2zt}``, so it goes the way of
:mod:`scalesym.equivalent.contour`: two rays of nodes in ``log z`` around the positive axis, which serve all times; the resolved
spectrum, ``λ_k > κ_0``, summed by itself; the residue of the pole at 0 added exactly. What is left falls like ``1/z``, from the modes that
are not resolved, and that is taken off as a pole at ``κ_0``, whose residue is exact too; so ``t = 0`` is on the contour as well.

Source: Bordelon, Atanasov, Pehlevan, arXiv:2402.01092, for ``H_k``; the single transform is derived here.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..errors import AccuracyWarning, ConvergenceError, ParameterError
from ..spectrum import Nodes
from .cauchy import cauchy
from .contour import Curve, log_ray, solve
from .fixed_point import FixedPoint

__all__ = ["PopulationFlow", "checked_times", "listed", "resolved"]

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

_EPS = 2.0**-52
_STEP = 0.125  # of the trapezoid rule, whose error is about e^{−π²/(2·step)}
_TOLERANCE = 1e-9  # relative error from which on a value is not resolved
_SMALL = 1e-9  # beside the loss at the beginning
_BLOCK = 64  # times treated together
_LEAST = 1e-300
_LARGEST_EXPONENT = 340.0  # of e, of |z|


def checked_times(t: object) -> Array:
    """Times as floats, one-dimensional.

    Raises
    ------
    ParameterError
        If one is negative or not a number.

    Examples
    --------
    >>> checked_times([0, 2])
    array([0., 2.])
    """
    try:
        times = np.atleast_1d(np.asarray(t, dtype=float)).ravel()
    except (TypeError, ValueError, OverflowError):
        raise ParameterError("t", t, "it is not a number or an array of numbers", "use t >= 0") from None
    for bad in times[~(times >= 0)]:
        raise ParameterError("t", float(bad), "gradient flow starts at t = 0", "use t >= 0")
    return times


def listed(nodes: Nodes) -> bool:
    """Whether the nodes are the eigenvalues themselves, with multiplicities, and not the rule of a longer sum."""
    count = nodes.mu / nodes.lam
    return bool(np.all(np.abs(count - np.round(count)) < 1e-9))


def resolved(curve: Curve, first: float) -> Array:
    """The values; those lost in rounding, if they are small beside the ``first`` loss, become 0 with a warning.

    Raises
    ------
    ConvergenceError
        If a value that is not small is lost.
    """
    lost = ~(curve.error <= _TOLERANCE * curve.value)
    if lost.any():
        bound = float(np.max(np.maximum(np.abs(curve.value), curve.error)[lost]))
        if not bound <= _SMALL * first:
            raise ConvergenceError(
                f"a loss of about {bound:.1g} is lost in rounding, where training begins at {first:.1g}"
            )
        text = f"{int(lost.sum())} value(s) below {1.1 * bound:.1e} are exponentially small and returned as 0"
        warnings.warn(text, AccuracyWarning, stacklevel=3)
    return np.where(lost, 0.0, curve.value)


@dataclass(frozen=True, eq=False)
class PopulationFlow:
    """Gradient flow on the population (``P = ∞``), one contour for all times; level: deterministic equivalent.

    Parameters
    ----------
    nodes:
        The spectrum in double precision.
    point:
        Its fixed point at ``d = N``, real, perhaps infinite.
    size:
        The number of eigenvalues; ``N`` may be larger.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from scalesym.equivalent.fixed_point import DoubleSums
    >>> from scalesym.spectrum import PowerLaw
    >>> nodes = PowerLaw(Fraction("0.7"), Fraction("0.2"), 2000).nodes(100)
    >>> flow = PopulationFlow(nodes, FixedPoint(DoubleSums(nodes), 100.0, 1.0), 2000)
    >>> print([f"{x:.6f}" for x in flow.loss([1, 10])])
    ['0.781240', '0.243535']
    """

    nodes: Nodes
    point: FixedPoint
    size: float = math.inf

    @property
    def _features(self) -> float:
        return float(self.point.d)

    @cached_property
    def _zeta0(self) -> float:
        """``κ`` at ``s = 0``, which is 0 if there are as many features as eigenvalues."""
        return float(self.point.zeta0) if self._features < self.size else 0.0

    @cached_property
    def limit(self) -> float:
        """The loss that stays, ``Σ u_k κ_0/(λ_k+κ_0)``."""
        return self._zeta0 * float(np.sum(self.nodes.nu / (self.nodes.lam + self._zeta0))) if self._zeta0 else 0.0

    @cached_property
    def _seen(self) -> npt.NDArray[np.bool_]:
        """The resolved spectrum, whose modes leave the atom at 0."""
        return np.asarray(self.nodes.lam > self._zeta0)

    @cached_property
    def slowest(self) -> float:
        """A rate, not above any in the spectrum; 0 if there is a hard edge, at ``N = M``."""
        if self._features < self.size:
            return float(self.point.left_edge)
        # eigenvalues of the sample covariance of a spectrum above λ_M are not below λ_M times those of the flat one
        return float(self.nodes.lam[-1]) * (1 - math.sqrt(self.size / self._features)) ** 2

    @cached_property
    def _edge(self) -> tuple[float, float] | None:
        """``z`` and ``ζ`` at the left edge if ``N > M``, where the loss is exponentially small, and every eigenvalue is listed.

        There ``D_2 = N``. Other spectra would need nodes that resolve the neighbourhood of ``λ_M``.
        """
        from scipy.optimize import brentq

        lam, mu, d = self.nodes.lam, self.nodes.mu, self._features
        if not d > self.size or not listed(self.nodes):
            return None

        def excess(share: float) -> float:
            return float(np.sum(mu * lam / (lam - share * lam[-1]) ** 2)) - d

        share = brentq(excess, 0, 1 - 1e-12, xtol=1e-300, rtol=1e-15)
        zeta = -share * float(lam[-1])
        return -zeta * (1 - float(np.sum(mu / (lam + zeta))) / d), zeta

    @cached_property
    def _ray(self) -> tuple[ComplexArray, ComplexArray, ComplexArray, ComplexArray]:
        """At the nodes of the upper ray: ``z``, ``dz``, ``ζ`` and ``m = s/κ``."""
        lam, mu, d = self.nodes.lam, self.nodes.mu, self._features
        trace = float(np.sum(mu)) / d
        right = math.log((math.sqrt(float(lam[0])) + math.sqrt(trace)) ** 2)
        left = math.log(self.slowest / 100) if self.slowest else -_LARGEST_EXPONENT
        # e^{-zt} is not analytic at infinity, so the rule stays plain to where the integrand, of order 1/z², has gone
        if self._edge is not None:  # the rays start at the edge, a branch point, so the rule is plain at the lower end
            vertex, start = self._edge
            x, dx = log_ray(math.log(vertex) - 60, right + 40, _STEP, 17, open_left=False)
            offset = np.exp(x + 0.25j * np.pi)
            zeta = start + solve(self.nodes, d, start, offset, at="edge")
            return vertex + offset, dx * offset, zeta, -(vertex + offset) / zeta
        x, dx = log_ray(left, right + 40, _STEP, 17, open_left=self.slowest > 0)
        keep = np.abs(x) < _LARGEST_EXPONENT
        z = np.exp(x[keep] + 0.25j * np.pi)
        zeta0 = self._zeta0
        if zeta0:
            delta = solve(self.nodes, d, zeta0, z, at="0")
            zeta = zeta0 + delta
            m = delta * cauchy(lam, np.array([mu / (lam + zeta0) / d]), zeta)[0]
        else:
            zeta = solve(self.nodes, d, 0.0, z, at="" if d > self.size else "edge")
            m = 1 - self.size / d + zeta * cauchy(lam, np.array([mu / lam / d]), zeta)[0]
        return z, dx[keep] * z, zeta, m

    @cached_property
    def _integrand(self) -> ComplexArray:
        """Of the sum over all modes, without the resolved spectrum and the poles."""
        lam, mu, nu, seen, d = self.nodes.lam, self.nodes.mu, self.nodes.nu, self._seen, self._features
        z, dz, zeta, m = self._ray
        loose, hidden = cauchy(lam, np.array([mu / d, nu * ~seen]), zeta)
        pair = cauchy(lam[seen], (nu * lam)[None, seen], zeta, -z)[0]
        rest = (loose * pair + hidden) / m
        if self._zeta0:
            rest += self.limit / z + (self._hidden - self.limit) / (z - self._zeta0)
        return np.asarray(rest * dz)

    @cached_property
    def _hidden(self) -> float:
        """``Σ u_k`` of what is not resolved: the integrand is minus this over ``z`` at infinity."""
        return float(np.sum(self.nodes.nu[~self._seen]))

    def curve(self, t: object) -> Curve:
        """The test loss with estimates of its rounding error."""
        times = checked_times(t)
        lam, nu, seen = self.nodes.lam, self.nodes.nu, self._seen
        if math.isinf(self._features):
            value = _decays(lam, nu, 2 * times)
            return Curve(value, 64 * _EPS * value)
        positive = _decays(lam[seen], nu[seen], 2 * times) + self.limit
        positive += (self._hidden - self.limit) * np.exp(-2 * self._zeta0 * times)
        contour = self._integrated(self._integrand[None], 2 * times)
        return Curve(positive + contour.value[0], contour.error[0] + 64 * _EPS * positive)

    def loss(self, t: object) -> Array:
        """The test loss at times ``t ≥ 0``, without label noise.

        Warns
        -----
        AccuracyWarning
            If, for ``N ≥ M``, a value is so small that rounding loses it; it is returned as 0.
        """
        return resolved(self.curve(t), float(np.sum(self.nodes.nu)))

    def bias(self, t: object) -> Array:
        """``Σ_k u_k h_k(t)²``: the test loss of an infinite ensemble over the features.

        The average predictor has the modes ``h_k(t) = 𝓛^{-1}[H_k](t)``, which :meth:`modes` gives.
        """
        times = checked_times(t)
        value, error, nu = np.empty(len(times)), np.empty(len(times)), self.nodes.nu
        for i, time in enumerate(times):
            modes = self.modes(float(time))
            value[i] = np.sum(nu * modes.value**2)
            error[i] = np.sum(nu * (2 * np.abs(modes.value) + modes.error) * modes.error)
        return resolved(Curve(value, error), float(np.sum(nu)))

    def modes(self, t: float) -> Curve:
        """``h_k(t)`` for every node of the spectrum: what is left of that mode of the target in the average predictor."""
        lam, seen, zeta0 = self.nodes.lam, self._seen, self._zeta0
        own = np.exp(-lam * t)
        if math.isinf(self._features):
            return Curve(own, 64 * _EPS * own)
        stays = zeta0 / (lam + zeta0)
        positive = np.where(seen, own, 0.0) + stays
        if zeta0:
            positive += ((~seen).astype(float) - stays) * math.exp(-zeta0 * t)
        contour = self._integrated(self._mode_integrands, np.array([t]))
        return Curve(positive + contour.value[:, 0], contour.error[:, 0] + 64 * _EPS * np.abs(positive))

    @cached_property
    def _mode_integrands(self) -> ComplexArray:
        """:attr:`_integrand` for each mode."""
        lam, mu, seen, zeta0, d = (
            self.nodes.lam[:, None],
            self.nodes.mu,
            self._seen[:, None],
            self._zeta0,
            self._features,
        )
        z, dz, zeta, m = self._ray
        loose = cauchy(self.nodes.lam, mu[None] / d, zeta)[0]
        rest = np.where(seen, loose * lam / (lam - z), 1.0) / (m * (lam + zeta))
        if zeta0:
            stays = zeta0 / (lam + zeta0)
            rest += stays / z + ((~seen).astype(float) - stays) / (z - zeta0)
        return np.asarray(rest * dz)

    def _integrated(self, integrands: ComplexArray, times: Array) -> Curve:
        """``(1/π) Im Σ integrand·e^{-zt}`` for each row at each time, and its rounding error."""
        z = self._ray[0]
        shape = (len(integrands), len(times))
        value, error = np.zeros(shape), np.zeros(shape)
        late = times * self.slowest > (
            60 if self._edge is None else math.inf
        )  # the limit to rounding; the nodes do not resolve such times
        error[:, late] = 0.0 if self.limit else _LEAST
        open_times = np.flatnonzero(~late)
        size = np.abs(integrands) * (16 * _EPS / np.pi)
        for start in range(0, len(open_times), _BLOCK):
            part = open_times[start : start + _BLOCK]
            exponent = np.multiply.outer(z, times[part])
            decay = np.exp(-np.minimum(exponent.real, 700.0)) * (exponent.real < 700)
            wave = decay * np.exp(-1j * np.where(decay > 0, exponent.imag, 0.0))
            value[:, part] = (integrands.real @ wave.imag + integrands.imag @ wave.real) / np.pi
            error[:, part] = size @ decay
        return Curve(value, error)


def _decays(lam: Array, weights: Array, times: Array) -> Array:
    """``Σ weights·e^{-λt}``."""
    result = np.empty(len(times))
    for start in range(0, len(times), _BLOCK):
        part = slice(start, start + _BLOCK)
        with np.errstate(invalid="ignore"):  # 0·∞ does not occur: λ > 0
            result[part] = np.exp(-np.multiply.outer(times[part], lam)) @ weights
    return result
