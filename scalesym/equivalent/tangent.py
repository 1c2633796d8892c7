r"""Derivatives of the loss in the parameter count and in time, exactly, from the contour of the loss itself.

Along a compute budget ``f = rBd`` three things move with ``x = log d``: the time, the fixed point, and whatever is tied to
``d`` (the latent dimension ``v = ρd``, the learning rate by its rule). Each node of the contour keeps its ``p``, that is its
``y = γz``; the other quantities are followed as :class:`~scalesym.equivalent.jets.Jet` in ``x``:

.. math:: z = y/\gamma, \qquad z_+ = \Big(\frac{2}{B+1}-y\Big)/\gamma, \qquad \zeta\Big(1-\frac{D_1(\zeta)}d\Big) + z = 0,

where the last determines ``ζ`` order by order, because its slope ``1 - D_2/d`` is known. Derivatives in ``r`` are those of
``q^r``. All formulas are those of :class:`~scalesym.equivalent.contour.Contour`, with its rearrangements against the loss of
digits, read as jets.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..spectrum import PowerLaw, panel_ratio
from ..summation import end_rule
from .cauchy import cauchy
from .contour import Contour
from .equation import Equivalent
from .jets import Jet, jet_root, jet_sum

__all__ = ["Slopes", "Tangent"]

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Slopes:
    """``log P`` at ``(x, ρ) = (log d, log r)`` and its partial derivatives, arrays over ``r``."""

    value: Array
    x: Array
    rho: Array
    xx: Array
    x_rho: Array
    rho_rho: Array


@dataclass(frozen=True, eq=False)
class _Moving:
    """A spectrum whose weights are jets in ``log d``; ``resolved`` are the eigenvalues summed on their own."""

    lam: Array
    mu: Array
    nu: Array
    resolved: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, equation: Equivalent, scale: float, grows: bool) -> _Moving:
        spectrum, nodes = equation.spectrum, equation.spectrum.nodes(equation.d)
        lam, zero = nodes.lam, np.zeros((2, len(nodes.lam)))
        mu, nu = np.vstack([nodes.mu, zero]), np.vstack([nodes.nu / scale, zero])
        seen = lam > equation.point.zeta0
        if grows and isinstance(spectrum, PowerLaw) and not math.isinf(spectrum.v):
            alpha, decay = float(spectrum.alpha), 2 * float(spectrum.alpha + spectrum.beta)
            u, first, second = end_rule(float(spectrum.v), (panel_ratio(alpha) - 1) / 4)
            change = np.array([0 * u, first, second / 2])
            lam = np.concatenate([lam, u ** (-2 * alpha)])
            order = np.argsort(-lam, kind="stable")
            mu = np.hstack([mu, change * u ** (-2 * alpha)])[:, order]
            nu = np.hstack([nu, change * u**-decay / scale])[:, order]
            lam, seen = lam[order], np.concatenate([seen, np.zeros(len(u), dtype=bool)])[order]
        return cls(lam, mu, nu, seen)


@dataclass(frozen=True, eq=False)
class Tangent:
    """The contour of one model with its derivatives in ``log d``.

    Parameters
    ----------
    equation:
        The model at one ``d``.
    grows:
        Whether ``v`` is proportional to ``d``; else it stays.
    """

    equation: Equivalent
    grows: bool

    @property
    def contour(self) -> Contour:
        """The contour whose nodes are used."""
        return self.equation.contour

    @cached_property
    def _spectrum(self) -> _Moving:
        return _Moving.of(self.equation, self.contour.scale, self.grows)

    @cached_property
    def _d(self) -> Jet:
        d = float(self.equation.d)
        return Jet(d, d, d / 2)

    def _sum(self, weights: Array, *shifts: Jet) -> Jet:
        return jet_sum(self._spectrum.lam, weights, *shifts)

    def _real_sum(self, weights: Array, shift: Jet) -> Jet:
        """:meth:`_sum` at one real ``ζ``."""
        inverse = 1 / (self._spectrum.lam + shift.c0)
        a, b, relative = shift.c1, shift.c2, shift.c1 / shift.c0
        once, twice = weights @ inverse, weights @ inverse**2
        curvature = float(weights[0] @ (inverse * (shift.c0 * inverse) ** 2))
        return Jet(
            float(once[0]),
            float(once[1] - a * twice[0]),
            float(once[2] - a * twice[1] - b * twice[0] + relative * relative * curvature),
        )

    @cached_property
    def gamma(self) -> Jet:
        """The learning rate by its rule."""
        rule, batch, value = self.equation.gamma, self.equation.batch, self.equation.rate
        if not isinstance(rule, str):
            return Jet(value)
        mu = self._spectrum.mu
        if rule == "trace:1/2":
            return 1 / (2 * Jet(*(float(row.sum()) for row in mu)))
        point, condition = self.equation.point, self.equation.critical[1]
        if condition == "kernel norm":
            start = float(point.zeta_kernel(batch))
            zeta = jet_root(lambda y: self._real_sum(mu, y) + (batch + 1), start, self._sum_slope(start))
            return 1 / ((batch + 1) * (-zeta) * (1 + (batch + 1) / self._d))
        # z is stationary at the edge: to first order only the weights and d move, and ζ only enters the second
        zeta = self._follow_edge(float(point.zeta_right))
        return 1 / ((batch + 1) * (-zeta) * (1 - self._real_sum(mu, zeta) / self._d))

    def _sum_slope(self, zeta: float) -> float:
        """The derivative of the sum over μ, at a real ``ζ``."""
        return -float(self._spectrum.mu[0] @ (self._spectrum.lam + zeta) ** -2)

    def _follow_edge(self, start: float) -> Jet:
        """The root of ``D_2(ζ) = d`` to first order, which is all that its stationary value needs."""
        lam, mu = self._spectrum.lam, self._spectrum.mu
        inverse = 1 / (lam + start)
        first = float((mu[1] * lam) @ inverse**2) - float(self.equation.d)
        return Jet(start, first / (2 * float((mu[0] * lam) @ inverse**3)))

    @cached_property
    def _corner(self) -> tuple[Jet, Jet]:
        """``x₀ = 2/(γ(B+1))`` and ``ζ(x₀)``."""
        x0 = 2 / (self.gamma * (self.equation.batch + 1))
        zeta, lam = self.contour.mirror_zeta0, self._spectrum.lam
        slope = 1 - float((self._spectrum.mu[0] * lam) @ (lam + zeta) ** -2) / self._d.c0
        return x0, self._zeta(zeta, x0, slope, self._real_sum)

    def _zeta(self, start: Any, z: Jet, slope: Any, total: Callable[[Array, Jet], Jet]) -> Jet:
        """``ζ(1 − D_1/d) + z = 0`` order by order, from its value and the slope ``1 − D_2/d``."""

        def residual(guess: Jet) -> Jet:
            return guess * (1 - total(self._spectrum.mu, guess) / self._d) + z

        return jet_root(residual, start, slope)

    def _slope(self, zeta: ComplexArray) -> ComplexArray:
        """``1 − D_2/d``."""
        weights = (self._spectrum.mu[0] * self._spectrum.lam)[None]
        return np.asarray(1 - cauchy(self._spectrum.lam, weights, zeta, zeta)[0] / self._d.c0)

    @cached_property
    def _z(self) -> Jet:
        return Jet(self.gamma.c0 * self.contour.zetas[0]) / self.gamma

    @cached_property
    def _mirror_delta(self) -> Jet:
        """``δ = ζ(z₊) − ζ(x₀)`` from ``δ(1 − (1/d) Σ λμ/((λ+ζ(z₊))(λ+ζ(x₀)))) = z``, which is exact where ``δ`` is small."""
        start, weights = self.contour.mirror[1], self._spectrum.mu * self._spectrum.lam
        base = self._corner[1]
        slope = self._slope(base.c0 + start)

        def residual(delta: Jet) -> Jet:
            return delta * (1 - self._sum(weights, base + delta, self._flat(base)) / self._d) - self._z

        return jet_root(residual, start, slope)

    def _flat(self, number: Jet) -> Jet:
        """A real jet at every node."""
        size = len(self.contour.zetas[0])
        return Jet(*(np.full(size, complex(c)) for c in (number.c0, number.c1, number.c2)))

    def _remainders(self, z: Jet, zeta: Jet) -> tuple[Jet, Jet, Jet, Jet]:
        """``D_1``, ``S``, ``S`` without the resolved spectrum, ``zD_1 + tr D``, as in the contour's own."""
        moving = self._spectrum
        lam, mu, nu, rest = moving.lam, moving.mu, moving.nu, ~moving.resolved
        m = -z / zeta
        rows = self._sum(np.stack([mu, nu, mu * lam, nu * rest], axis=1), zeta)
        d1, target, mu_lam, target_rest = (Jet(rows.c0[i], rows.c1[i], rows.c2[i]) for i in range(4))
        loose = d1 / self._d
        seen = moving.resolved
        pair = jet_sum(lam[seen], (nu * lam)[:, seen], zeta, -z)
        noise = float(self.equation.noise) / self.contour.scale
        return d1, target / m - noise / z, (loose * pair + target_rest) / m, loose * self._trace + m * mu_lam

    @cached_property
    def _trace(self) -> Jet:
        return Jet(*(float(row.sum()) for row in self._spectrum.mu))

    @cached_property
    def _limit(self) -> tuple[Jet, Jet]:
        """``F_0`` and ``F_0 + σ²`` in units of the contour's scale."""
        start, mu = float(self.equation.point.zeta0), self._spectrum.mu
        zeta0 = jet_root(lambda y: self._real_sum(mu, y) - self._d, start, self._sum_slope(start))
        limit = zeta0 * self._real_sum(self._spectrum.nu, zeta0)
        return limit, limit + float(self.equation.noise) / self.contour.scale

    @cached_property
    def _rest(self) -> Jet:
        """``1 − ‖K‖``."""
        norm = -self._real_sum(self._spectrum.mu, self._corner[1]) / (self.equation.batch + 1)
        return Jet(self.contour.rest, -norm.c1, -norm.c2)

    @cached_property
    def _integrands(self) -> list[tuple[Jet, Jet, Jet]]:
        """Integrand, additive constant and denominator: of the forcing, and for both choices of ``k₀`` of what is added."""
        contour, gamma, batch = self.contour, self.gamma, self.equation.batch
        _, _, root, dz0, pole = contour.ray
        z, (x0, corner), delta = self._z, self._corner, self._mirror_delta
        zeta = self._zeta(contour.zetas[1], z, self._slope(contour.zetas[1]), self._sum)
        here, there = self._remainders(z, zeta), self._remainders(x0 - z, corner + delta)
        dz = (gamma.c0 * dz0) / gamma
        limit, level = self._limit
        forcing = (here[2] - there[2]) * dz + limit * pole
        result = [(forcing, level, Jet(1.0))]
        drop = delta * self._sum(self._spectrum.mu, corner + delta, self._flat(corner))
        drift = gamma / 2 * (z * there[0] + x0 * drop)
        rest = self._rest
        gone = Jet(0.0)
        for base, row in ((Jet(0.0), z * here[0]), (self._trace, here[3])):
            k0 = 1 - rest - gamma / 2 * base
            shift = (drift + gamma / 2 * row + gamma * (batch + 1) * z * k0) / root
            if not base.c0:
                gone = rest - shift
            at_infinity = level * (gamma / 2 * base) / rest
            integrand = (here[1] - there[1]) * shift / gone * dz + at_infinity * pole
            result.append((integrand, at_infinity, rest + gamma / 2 * base))
        return result

    def _resolved(self, r: Array) -> list[Array]:
        """``Σ ν q^r`` over the resolved spectrum: itself, once and twice by ``r``, by ``x``, by both, twice by ``x``."""
        batch, seen = self.equation.batch, self._spectrum.resolved
        nu, lam = self._spectrum.nu[0][seen], self._spectrum.lam[seen]
        y = self.gamma * (batch * lam)
        drop = -2 * y + (batch + 1) / batch * y * y
        ratio = drop.c1 / (1 + drop.c0)
        log_q = Jet(np.log1p(drop.c0), ratio, drop.c2 / (1 + drop.c0) - ratio * ratio / 2)
        l0, l1, l2 = log_q.c0, log_q.c1, log_q.c2
        weights = np.array([nu, nu * l0, nu * l0**2, nu * l1, nu * l1 * l0, nu * l2, nu * l1**2 / 2]).T
        sums = np.concatenate([np.exp(np.multiply.outer(r[i : i + 64], l0)) @ weights for i in range(0, len(r), 64)]).T
        plain, once, twice, by_x, by_both, second, square = sums
        return [plain, once, twice, r * by_x, by_x + r * by_both, r * second + r * r * square]

    def slopes(self, r: Array) -> Slopes:
        """The loss and its derivatives at steps ``r ≥ 1``, real numbers."""
        rates = self.contour.rates
        columns = []
        for integrand, _, _ in self._integrands:
            c0, c1, c2 = (np.broadcast_to(c, rates.shape) for c in (integrand.c0, integrand.c1, integrand.c2))
            columns += [c0, c0 * rates, c0 * rates**2, c1, c1 * rates, c2]
        curves = self.contour.integrate(columns, r)
        groups = [curves[6 * i : 6 * i + 6] for i in range(3)]
        forcing = [a + b.value for a, b in zip(self._resolved(r), groups[0], strict=True)]
        results, errors = [], []
        for group, (_, constant, denominator) in zip(groups[1:], self._integrands[1:], strict=True):
            added = [a + b.value for a, b in zip(forcing, group, strict=True)]
            level = constant + self._integrands[0][1]
            values = Jet(added[0] + level.c0, added[3] + level.c1, added[5] + level.c2) / denominator
            by_r = Jet(added[1], added[4]) / denominator
            results.append([values.c0, by_r.c0, added[2] / denominator.c0, values.c1, by_r.c1, values.c2])
            errors.append(group[0].error / denominator.c0)
        better = errors[0] < errors[1]
        p, p_r, p_rr, p_x, p_xr, p_xx = (np.where(better, a, b) for a, b in zip(*results, strict=True))
        rho, x = r * p_r / p, p_x / p
        return Slopes(
            value=np.log(self.contour.scale * p),
            x=x,
            rho=rho,
            xx=2 * p_xx / p - x * x,
            x_rho=r * p_xr / p - x * rho,
            rho_rho=rho + r * r * p_rr / p - rho * rho,
        )
