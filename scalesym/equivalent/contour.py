r"""The whole loss curve from one contour, in double precision.

With ``q(z) = 1 − 2γBz + γ²B(B+1)z²``, its mirror point ``z₊ = 2/(γ(B+1)) − z``, ``S(z) = Σ_j λ_jb_j²/(λ_j m − z)`` and

.. math:: k(z) = \frac{\gamma}{2}\,\frac{z D_1(z) - z_+ D_1(z_+)}{1 - \gamma(B+1) z}

(the kernel's generating function ``wK̂(w)`` at ``w = 1/q(z)``), forcing, kernel and loss are, for ``r ≥ 1``,

.. math::
    F(r) = \frac{-1}{2\pi i}\oint [S(z)-S(z_+)]\,q^r dz, \quad
    K(r) = \frac{-\gamma^2B}{2\pi i}\oint [zD_1(z)-z_+D_1(z_+)]\,q^r dz, \quad
    P(r) = \frac{-1}{2\pi i}\oint \frac{S(z)-S(z_+)}{1-k(z)}\,q^r dz

along ``q = 1/(1+p)``, ``p`` on two conjugate rays around the positive axis, where all singularities lie. The trapezoid
rule in ``log p`` converges exponentially and its nodes serve every ``r``.

What a contour loses is relative accuracy: parts of the integrand that are analytic integrate to zero, but their
rounding errors do not. Three exact rearrangements remove them.

* *The spectrum itself.* ``S = Σ λ_jb_j²/(λ_j−z)`` over ``λ_j > ζ₀``, which integrates to the positive sum
  ``Σ λ_jb_j² q(λ_j)^r``, plus a remainder with the factor ``1 − m = D_1/d``, which is all that the contour is given.
  Likewise ``zD_1``.
* *The frozen kernel.* For any constant ``k₀``: ``P = [F + C]/(1−k₀)``, where ``C`` has the integrand of ``P`` times
  ``k − k₀``. With ``k₀ = ‖K‖`` the difference ``k − k₀`` is of the order of ``zD_1``; with ``k₀ = ‖K‖ − (γ/2)tr D`` it
  is of the order of ``zD_1 + tr D``. The smaller one at ``|z| ~ 1/r`` is used; both are formed without cancellation.
* *The atom.* The pole at 0 is subtracted and its residue added exactly.

Every value comes with an estimate of its rounding error, the sum of the moduli of all terms times 64 units of roundoff.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..errors import ConvergenceError
from ..spectrum import Nodes
from .cauchy import cauchy
from .fixed_point import FixedPoint

__all__ = ["Contour", "Curve", "log_ray"]

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

_EPS = 2.0**-52


def log_ray(left: float, right: float, step: float, digits: float, open_left: bool = True) -> tuple[Array, Array]:
    """Nodes ``x = log|p|`` and weights ``dx`` of the trapezoid rule that reaches ``p = 0`` and ``p = ∞``.

    Between ``left`` and ``right`` the map is the identity; beyond, where the integrand is analytic in ``p`` or in
    ``1/p``, it is double exponential. Both ends are cut where they fall below ``digits`` digits. Without
    ``open_left`` the rule begins at ``left``.
    """
    reach = math.log(2.4 * digits + 4)
    t = np.arange(left - 3 - reach if open_left else left, right + 3 + reach + step, step)
    up, down = np.exp(t - right - 3), np.exp(left - 3 - t) if open_left else 0.0
    return t + up - down, step * (1 + up + down)


@dataclass(frozen=True)
class Curve:
    """Values and absolute error estimates, arrays of one shape."""

    value: Array
    error: Array


@dataclass(frozen=True, eq=False)
class Contour:
    """The contour of one model, shared by all ``r``.

    Parameters
    ----------
    nodes, point:
        The spectrum and its fixed point, in double precision.
    gamma, batch:
        Learning rate, below the critical one, and batch size.
    from_edge:
        Start the rays at the left edge of the spectrum instead of at 0. They then leave out the atom, and what is
        left, the kernel and ``F − F_0``, keeps its relative accuracy when it is exponentially small.
    """

    nodes: Nodes
    point: FixedPoint
    gamma: float
    batch: int
    from_edge: bool = False

    @cached_property
    def norm(self) -> float:
        """The kernel norm ``‖K‖ = −D_1(ζ(2/(γ(B+1))))/(B+1)``."""
        return float(-self.point.sums.mu(self.mirror_zeta0) / (self.batch + 1))

    @cached_property
    def mirror_zeta0(self) -> float:
        return float(self.point.zeta_beyond(2 / (self.gamma * (self.batch + 1))))

    @cached_property
    def _resolved(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.nodes.lam > self.point.zeta0)

    @cached_property
    def _ray(self) -> tuple[ComplexArray, ComplexArray, ComplexArray, ComplexArray, ComplexArray]:
        """At the nodes of the upper ray: ``p``, ``z``, ``1 − γ(B+1)z``, ``dz`` and ``dp/(p(1+p))``."""
        p, z, root, dz, pole, _ = self._ray_from_vertex
        return p, z, root, dz, pole

    @cached_property
    def _ray_from_vertex(self) -> tuple[ComplexArray, ...]:
        """:attr:`_ray`, and ``z`` less its value at the vertex."""
        scale = 2 * self.gamma * self.batch
        edge = float(self.point.left_edge)
        right = math.log(2 * max(self.batch, scale * float(self.point.right_edge)))
        if self.from_edge:
            drop = scale * edge * (1 - self.gamma * (self.batch + 1) * edge / 2)  # 1 − q
            vertex = drop / (1 - drop)
            # the lower end is a branch point, so the rule stays plain there
            x, dx = log_ray(math.log(vertex) - 60, right, 0.125, 17, open_left=False)
        else:
            vertex = 0.0
            x, dx = log_ray(math.log(self.slowest / 100), right, 0.125, 17)
        keep = (x > -690) & (x < 345)
        ray = np.exp(x[keep] + 0.25j * np.pi)
        p, dp = vertex + ray, dx[keep] * ray
        root = -1j * np.sqrt((p - self.batch) / (self.batch * (1 + p)))  # of the upper half plane also at p = ∞
        z = p / (1 + p) / (self.gamma * self.batch) / (1 + root)
        start = edge if self.from_edge else 0.0
        offset = ray / ((1 + p) * (1 + vertex)) / (scale * (1 - self.gamma * (self.batch + 1) * (z + start) / 2))
        return p, z, root, dp / ((1 + p) ** 2 * scale * root), dp / (p * (1 + p)), offset

    @cached_property
    def slowest(self) -> float:
        """The singularity nearest to ``p = 0``: the left edge, or a root of ``k = 1`` in the gap before it.

        For real ``z`` in the gap ``k = Σ_r K(r) (1+p)^{r+1}`` grows, so there is at most one root.
        """
        start, d = 2 / (self.gamma * (self.batch + 1)), float(self.point.d)
        zeta0, zeta_left = float(self.point.zeta0), float(self.point.zeta_left)
        mu, lam = self.nodes.mu, self.nodes.lam

        def excess(zeta: float) -> tuple[float, float]:
            z = zeta * (zeta0 - zeta) * float(np.sum(mu / (lam + zeta0) / (lam + zeta))) / d
            mirror = self.mirror_zeta0 + solve(self.nodes, d, self.mirror_zeta0, np.array([-z + 0j]))[0].real
            k = z * float(self.point.sums.mu(zeta)) - (start - z) * float(self.point.sums.mu(mirror))
            drop = 2 * self.gamma * self.batch * z * (1 - self.gamma * (self.batch + 1) * z / 2)
            return self.gamma / 2 * k / (1 - self.gamma * (self.batch + 1) * z) - 1, drop / (1 - drop)

        above, p = excess(zeta_left)
        if above > 0 and self.norm < 1:
            from scipy.optimize import brentq

            p = excess(brentq(lambda zeta: excess(zeta)[0], zeta_left, zeta0 * (1 - 1e-15), xtol=1e-300, rtol=1e-12))[1]
        return p

    @cached_property
    def _mirror(self) -> tuple[ComplexArray, ComplexArray]:
        """``z₊`` and ``ζ(z₊) − ζ(2/(γ(B+1)))``."""
        z = self._ray[1]
        delta = solve(self.nodes, float(self.point.d), self.mirror_zeta0, -z)
        return 2 / (self.gamma * (self.batch + 1)) - z, delta

    def _remainders(self, z: ComplexArray, zeta: ComplexArray, m: ComplexArray) -> ComplexArray:
        """Rows: ``D_1``, ``S``, ``S`` and ``zD_1`` without the resolved spectrum, ``zD_1 + tr D``."""
        lam, mu, nu, seen = self.nodes.lam, self.nodes.mu, self.nodes.nu, self._resolved
        d = float(self.point.d)
        single = cauchy(lam, np.array([mu, nu, mu * lam, nu * ~seen, mu * lam * ~seen]), zeta)
        d1, target, mu_lam, target_rest, mu_lam_rest = single
        pair = cauchy(lam[seen], np.array([(nu * lam)[seen], mu[seen]]), zeta, -z)
        loose = d1 / d
        s_rest = (loose * pair[0] + target_rest) / m
        k_rest = z * z * loose / m * pair[1] + loose * float(mu[~seen].sum()) + m * mu_lam_rest
        return np.array([d1, target / m, s_rest, k_rest, loose * float(mu.sum()) + m * mu_lam])

    @cached_property
    def _rows(self) -> tuple[ComplexArray, ComplexArray]:
        z = self._ray[1]
        lam, mu, d = self.nodes.lam, self.nodes.mu, float(self.point.d)
        if self.from_edge:
            zeta_left = float(self.point.zeta_left)
            zeta = zeta_left + solve(self.nodes, d, zeta_left, self._ray_from_vertex[5], at_edge=True)
            m = 1 - cauchy(lam, mu[None] / d, zeta)[0]
            z = -zeta * m  # consistent with ζ to rounding, which the edge from 1 − D_1/d is not
        else:
            zeta0 = float(self.point.zeta0)
            delta = solve(self.nodes, d, zeta0, z)
            zeta = zeta0 + delta
            m = delta * cauchy(lam, np.array([mu / (lam + zeta0) / d]), zeta)[0]
        mirror, mirror_delta = self._mirror
        mirror_zeta = self.mirror_zeta0 + mirror_delta
        return self._remainders(z, zeta, m), self._remainders(mirror, mirror_zeta, -mirror / mirror_zeta)

    @cached_property
    def _forcing_integrand(self) -> ComplexArray:
        here, there = self._rows
        _, _, _, dz, pole = self._ray
        result: ComplexArray = (here[2] - there[2]) * dz
        return result if self.from_edge else result + float(self.point.forcing_limit) * pole

    @cached_property
    def _frozen(self) -> list[tuple[float, ComplexArray, float]]:
        """For both choices of ``k₀``: ``1 − k₀``, the integrand of ``C``, and its limit."""
        _, z, root, dz, pole = self._ray
        here, there = self._rows
        mirror, delta = self._mirror
        lam, mu = self.nodes.lam, self.nodes.mu
        x0, start = 2 / (self.gamma * (self.batch + 1)), self.mirror_zeta0
        # k₊(z) − k₊(0) for k₊ = −(γ/2) z₊D_1(z₊), with full relative accuracy
        drop = delta * cauchy(lam, np.array([mu / (lam + start)]), start + delta)[0]
        drift = self.gamma / 2 * (z * there[0] + x0 * drop)
        k = (self.gamma / 2) * (z * here[0] - mirror * there[0]) / root
        limit, trace = float(self.point.forcing_limit), float(mu.sum())
        choices = []
        for base, row in ((0.0, z * here[0]), (trace, here[4])):
            k0 = self.norm - self.gamma / 2 * base
            shift = (drift + self.gamma / 2 * row + self.gamma * (self.batch + 1) * z * k0) / root
            at_infinity = limit * (self.gamma / 2 * base) / (1 - self.norm)
            integrand = (here[1] - there[1]) * shift / (1 - k) * dz + at_infinity * pole
            choices.append((1 - k0, integrand, at_infinity))
        return choices

    def _integrate(self, integrands: list[ComplexArray], r: Array) -> list[Curve]:
        """``(1/π) Im Σ integrand·(1+p)^{-r}`` and its rounding error, for several integrands."""
        p = self._ray[0]  # NumPy's complex log1p is accurate to 1e-16 in the absolute only
        decay = -np.log1p(p.real * (2 + p.real) + p.imag**2) / 2
        angle = -np.arctan2(p.imag, 1 + p.real)
        columns = np.array(integrands).T
        size = np.abs(columns) * (64 * _EPS / np.pi)
        value, error = np.empty((len(integrands), len(r))), np.empty((len(integrands), len(r)))
        for start in range(0, len(r), 64):
            part = slice(start, start + 64)
            seen = (np.multiply.outer(r[part], decay - decay.max()) > -80).any(axis=0)
            modulus = np.exp(np.multiply.outer(r[part], decay[seen]))
            phase = np.multiply.outer(r[part], angle[seen])
            value[:, part] = (
                (modulus * np.cos(phase)) @ columns[seen].imag + (modulus * np.sin(phase)) @ columns[seen].real
            ).T / np.pi
            error[:, part] = (modulus @ size[seen]).T
        if not self.from_edge:
            late = r * math.log1p(self.slowest) > 45  # the limit to rounding; the nodes do not resolve such r
            value[:, late] = error[:, late] = 0
        return [Curve(v, e) for v, e in zip(value, error, strict=True)]

    def _resolved_sum(self, weights: Array, r: Array) -> Array:
        """``Σ_k weights_k q(λ_k)^r`` over the resolved spectrum."""
        seen = self._resolved
        lam = self.nodes.lam[seen]
        y = self.gamma * self.batch * lam
        change = -2 * y + self.gamma * (self.batch + 1) * y * lam
        with np.errstate(divide="ignore"):
            log_q = np.log1p(change)
        result = np.empty(len(r))
        for block in range(0, len(r), 64):
            part = slice(block, block + 64)
            result[part] = np.exp(np.multiply.outer(r[part], log_q)) @ weights[seen]
        return result

    def forcing(self, r: Array) -> Curve:
        """``F(r)`` for ``r ≥ 1``; from the edge, ``F(r) − F_0``."""
        return self._forcing(self._integrate([self._forcing_integrand], r)[0], r)

    def _forcing(self, contour: Curve, r: Array) -> Curve:
        positive = self._resolved_sum(self.nodes.nu, r) + (0 if self.from_edge else float(self.point.forcing_limit))
        return Curve(positive + contour.value, contour.error + 64 * _EPS * positive)

    def kernel(self, r: Array) -> Curve:
        """``K(r)`` for ``r ≥ 1``."""
        here, there = self._rows
        dz = self._ray[3]
        whole, half = self._integrate([(here[3] - there[3]) * dz, here[3] * dz], r)
        # the mirrored term is analytic up to the mirror image of the spectrum: it only matters for the first steps
        first = r * (self._mirror_rate - math.log1p(self.slowest)) < 70
        contour = Curve(np.where(first, whole.value, half.value), np.where(first, whole.error, half.error))
        positive = self._resolved_sum(self.nodes.mu * self.nodes.lam, r)
        scale = self.gamma**2 * self.batch
        return Curve(scale * (positive + contour.value), scale * (contour.error + 64 * _EPS * positive))

    @cached_property
    def _mirror_rate(self) -> float:
        """``−log`` of the largest ``|q|`` at a singularity of ``z₊D_1(z₊)``: the turning point or the right edge."""
        y = self.gamma * float(self.point.right_edge) * (self.batch + 1)
        turning = math.log1p(self.batch)
        if y <= 1:
            return turning
        return min(turning, -math.log1p(self.batch / (self.batch + 1) * y * (y - 2)))

    def loss(self, r: Array) -> Curve:
        """``P(r)`` for ``r ≥ 1``."""
        contours = self._integrate([self._forcing_integrand, *(integrand for _, integrand, _ in self._frozen)], r)
        forcing = self._forcing(contours[0], r)
        candidates = [
            Curve(
                (forcing.value + c.value + at_infinity) / rest,
                (forcing.error + c.error + 64 * _EPS * at_infinity) / rest,
            )
            for c, (rest, _, at_infinity) in zip(contours[1:], self._frozen, strict=True)
        ]
        better = candidates[0].error < candidates[1].error
        return Curve(
            *(np.where(better, getattr(candidates[0], x), getattr(candidates[1], x)) for x in ("value", "error"))
        )


def solve(nodes: Nodes, d: float, base: float, offset: ComplexArray, at_edge: bool = False) -> ComplexArray:
    r"""``δ = ζ − base`` at the points ``z(base) + offset``, all on one side of the real axis, by Newton's method.

    For the difference the fixed point reads, without cancellation,

    .. math:: z - z(\text{base}) = -\delta\,\Big(1 - \frac1d\sum_j
              \frac{\lambda_j^2}{(\lambda_j+\zeta)(\lambda_j+\text{base})}\Big),

    and ``at_edge``, where ``D_2(base) = d``,

    .. math:: z - z(\text{base}) = -\frac{\delta^2}{d}\sum_j
              \frac{\lambda_j^2}{(\lambda_j+\zeta)(\lambda_j+\text{base})^2}.

    A solution is accepted if it satisfies the equation and lies on the branch ``Im ζ · Im z ≤ 0``, that is
    ``Im m · Im z ≤ 0``; points where Newton's method strays start again from their neighbours.
    """
    lam, row = nodes.lam, nodes.mu * nodes.lam / d
    secant = np.array([row / (lam + base) ** (2 if at_edge else 1)])

    def residual(delta: ComplexArray, offset: ComplexArray) -> ComplexArray:
        total = cauchy(lam, secant, base + delta)[0]
        result: ComplexArray = (delta * delta * total if at_edge else delta * (1 - total)) + offset
        return result

    def slope(delta: ComplexArray) -> ComplexArray:
        zeta = base + delta
        result: ComplexArray = 1 - cauchy(lam, row[None], zeta, zeta)[0]
        if at_edge:
            result = 2 * delta * cauchy(lam, secant, zeta)[0] - delta * delta * cauchy(lam, secant, zeta, zeta)[0]
        return result

    delta = -offset
    if at_edge:
        near = np.abs(offset) < 0.3 * abs(base) * abs(float(np.sum(row / (lam + base) ** 3)) * base)
        curvature = float(np.sum(row / (lam + base) ** 3))
        delta[near] = -1j * np.sign(offset[near].imag) * np.sqrt(offset[near] / curvature)
    else:
        tangent = 1 - float(np.sum(row / (lam + base) ** 2))
        near = np.abs(offset) < 0.3 * abs(tangent * base)
        delta[near] /= tangent
    unsolved = np.ones(len(offset), dtype=bool)
    for _ in range(len(offset)):
        work = np.flatnonzero(unsolved)
        trial, target = delta[work], offset[work]
        for _ in range(12):
            step = residual(trial, target) / slope(trial)
            trial = trial - step
            if np.all(np.abs(step) <= 1e-9 * np.abs(trial)):
                break
        good = (np.abs(step) <= 1e-9 * np.abs(trial)) & (np.abs(residual(trial, target)) <= 1e-11 * np.abs(target))
        good &= trial.imag * target.imag <= 0  # Im ζ < 0 above the axis gives Im D_1 > 0, so Im m < 0: the branch
        delta[work[good]] = trial[good]
        unsolved[work[good]] = False
        if not unsolved.any():
            return delta
        solved = np.flatnonzero(~unsolved)
        if not len(solved):
            break
        for i in np.flatnonzero(unsolved):
            delta[i] = delta[solved[np.argmin(np.abs(solved - i))]]
    raise ConvergenceError(f"the fixed point was not found at {int(unsolved.sum())} of {len(offset)} contour points")
