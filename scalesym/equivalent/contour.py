r"""The whole loss curve from one contour, in double precision.

With ``q(z) = 1 − 2γBz + γ²B(B+1)z²``, its mirror point ``z₊ = 2/(γ(B+1)) − z``, ``S(z) = Σ_j λ_jb_j²/(λ_j m − z)`` and

.. math:: k(z) = \frac{\gamma}{2}\,\frac{z D_1(z) - z_+ D_1(z_+)}{1 - \gamma(B+1) z}

(the kernel's generating function ``wK̂(w)`` at ``w = 1/q(z)``), forcing, kernel and loss are, for ``r ≥ 1``,

.. math::
    F(r) = \frac{-1}{2\pi i}\oint [S(z)-S(z_+)]\,q^r dz, \quad
    K(r) = \frac{-\gamma^2B}{2\pi i}\oint [zD_1(z)-z_+D_1(z_+)]\,q^r dz, \quad
    P(r) = \frac{-1}{2\pi i}\oint \frac{S(z)-S(z_+)}{1-k(z)}\,q^r dz

along ``q = 1/(1+p)``, ``p`` on two conjugate rays around the positive axis, where all singularities lie. The trapezoid
rule in ``log p`` converges exponentially and its nodes serve every ``r``. Label noise of variance ``σ²`` adds ``−σ²/z`` to
``S``, an atom at 0.

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
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..errors import ConvergenceError
from ..spectrum import Nodes
from .cauchy import Cauchy, cauchy
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
    noise:
        Variance of the label noise.
    scale:
        What the target and the noise are divided by on the way, so that no product leaves the range of a double.
    margin:
        ``1 − ‖K‖`` if it is so small that the difference would lose its digits.
    from_edge:
        Start the rays at the edge of the spectrum, or of its mirror image, instead of at 0. They then leave out the
        atom, and what is left, the kernel and ``F − F_0``, keeps its relative accuracy when it is exponentially small.
    step:
        Of the trapezoid rule, whose error is about ``e^{−π²/(2·step)}``.
    """

    nodes: Nodes
    point: FixedPoint
    gamma: float
    batch: int
    noise: float = 0.0
    scale: float = 1.0
    margin: float | None = None
    from_edge: bool = False
    step: float = 0.125

    @cached_property
    def norm(self) -> float:
        """The kernel norm ``‖K‖ = −D_1(ζ(2/(γ(B+1))))/(B+1)``."""
        return float(-self.point.sums.mu(self.mirror_zeta0) / (self.batch + 1))

    @cached_property
    def rest(self) -> float:
        """``1 − ‖K‖``."""
        return 1 - self.norm if self.margin is None else self.margin

    @cached_property
    def mirror_error(self) -> float:
        """Relative error of ``‖K‖``, and of what else hangs on ``ζ`` at ``2/(γ(B+1))``, from its condition in γ."""
        inverse = 1 / (self.nodes.lam + self.mirror_zeta0)
        tangent = 1 - float(np.sum(self.nodes.mu * self.nodes.lam * inverse * inverse)) / float(self.point.d)
        slope = float(np.sum(self.nodes.mu * inverse * inverse)) / (self.batch + 1) / max(tangent, _EPS)
        return 4 * _EPS * slope * self._mirror_of_0

    @cached_property
    def mirror_zeta0(self) -> float:
        return float(self.point.zeta_beyond(self._mirror_of_0))

    @cached_property
    def _mirror_of_0(self) -> float:
        return 2 / (self.gamma * (self.batch + 1))

    @cached_property
    def _nu(self) -> Array:
        return np.asarray(self.nodes.nu / self.scale)

    @cached_property
    def _limit(self) -> float:
        """``F_0 + σ²`` in units of ``scale``."""
        return (float(self.point.forcing_limit) + self.noise) / self.scale

    @cached_property
    def _vertex(self) -> tuple[float, bool]:
        """The first ``z > 0`` on the spectrum or on its mirror image, and whether it is on the image."""
        image = self._mirror_of_0 - float(self.point.right_edge)
        return (image, True) if 0 < image < self.point.left_edge else (float(self.point.left_edge), False)

    @cached_property
    def _resolved(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.nodes.lam > self.point.zeta0)

    @cached_property
    def sharp(self) -> bool:
        """Whether rays from the edge resolve it: not too near to where q turns, nor on the image of a narrow spectrum."""
        edge, mirrored = self._vertex
        narrow = not float(self.point.right_edge / self.point.left_edge) > 1.0001
        return not (mirrored and narrow) and self.gamma * (self.batch + 1) * edge < 0.97

    @cached_property
    def ray(self) -> tuple[ComplexArray, ComplexArray, ComplexArray, ComplexArray, ComplexArray]:
        """At the nodes of the upper ray: ``p``, ``z``, ``1 − γ(B+1)z``, ``dz`` and ``dp/(p(1+p))``."""
        p, z, root, dz, pole, _ = self._ray_from_vertex
        return p, z, root, dz, pole

    @cached_property
    def _ray_from_vertex(self) -> tuple[ComplexArray, ...]:
        """:attr:`ray`, and ``z`` less its value at the vertex."""
        scale = 2 * self.gamma * self.batch
        right = math.log(2 * max(self.batch, scale * float(self.point.right_edge)))
        if self.from_edge:
            vertex = self._pole(self._vertex[0])
            # the lower end is a branch point, so the rule stays plain there
            x, dx = log_ray(math.log(vertex) - 60, right, self.step, 17, open_left=False)
        else:
            vertex = 0.0
            x, dx = log_ray(math.log(self.slowest / 100), right, self.step, 17)
        keep = (x > -690) & (x < 345)
        ray = np.exp(x[keep] + 0.25j * np.pi)
        p, dp = vertex + ray, dx[keep] * ray
        root = -1j * np.sqrt((p - self.batch) / (self.batch * (1 + p)))  # of the upper half plane also at p = ∞
        z = p / (1 + p) / (self.gamma * self.batch) / (1 + root)
        start = self._vertex[0] if self.from_edge else 0.0
        offset = ray / ((1 + p) * (1 + vertex)) / (scale * (1 - self.gamma * (self.batch + 1) * (z + start) / 2))
        return p, z, root, dp / ((1 + p) ** 2 * scale * root), dp / (p * (1 + p)), offset

    def _pole(self, z: float) -> float:
        """The ``p`` of a real ``z``."""
        drop = 2 * self.gamma * self.batch * z * (1 - self.gamma * (self.batch + 1) * z / 2)  # 1 − q
        return drop / (1 - drop)

    def _in_gap(self, delta: float) -> float:
        """``z`` at ``ζ₀ − delta``, real and before the spectrum."""
        lam, zeta0 = self.nodes.lam, float(self.point.zeta0)
        zeta = zeta0 - delta
        return zeta * delta * float(np.sum(self.nodes.mu / (lam + zeta0) / (lam + zeta))) / float(self.point.d)

    def _gap_delta(self, z: float) -> float:
        """``ζ₀ − ζ(z)`` for a real ``z`` before the spectrum."""
        from scipy.optimize import brentq

        width = float(self.point.zeta0 - self.point.zeta_left)
        if self._in_gap(width) <= z:
            return width
        return width * math.exp(brentq(lambda y: self._in_gap(width * math.exp(y)) - z, -100, 0, xtol=1e-15))

    @cached_property
    def slowest(self) -> float:
        """The singularity nearest to ``p = 0``: the spectrum, its mirror image, or a root of ``k = 1`` before them.

        For real ``z`` in the gap ``k = Σ_r K(r) (1+p)^{r+1}`` grows, so there is at most one root.
        """
        from scipy.optimize import brentq

        x0, d = self._mirror_of_0, float(self.point.d)
        mu, lam, start = self.nodes.mu, self.nodes.lam, self.mirror_zeta0

        def excess(y: float) -> float:
            """``k − 1``, as in :attr:`_frozen`."""
            zeta = float(self.point.zeta0) - width * math.exp(y)
            z = self._in_gap(width * math.exp(y))
            if z < 0.1 * (x0 - float(self.point.right_edge)):
                delta = float(solve(self.nodes, d, start, np.array([-z + 0j]))[0].real)
            else:  # too near to the edge of the mirror image for its linear start
                delta = float(self.point.zeta_beyond(x0 - z)) - start
            drop = delta * float(np.sum(mu / (lam + start) / (lam + start + delta)))
            drift = z * float(self.point.sums.mu(start + delta)) + x0 * drop + z * float(self.point.sums.mu(zeta))
            shift = drift / 2 + (self.batch + 1) * z * self.norm
            return self.gamma * shift / (1 - self.gamma * (self.batch + 1) * z) - self.rest

        edge, mirrored = self._vertex
        width = self._gap_delta(edge * (1 - 1e-6)) if mirrored else float(self.point.zeta0 - self.point.zeta_left)
        if not excess(0.0) > 0 or excess(-100.0) >= 0:
            return self._pole(edge)
        return self._pole(self._in_gap(width * math.exp(brentq(excess, -100.0, 0.0, xtol=1e-12))))

    @cached_property
    def mirror(self) -> tuple[ComplexArray, ComplexArray]:
        """``z₊`` and ``ζ(z₊) − ζ(2/(γ(B+1)))``."""
        z, d, right = self.ray[1], float(self.point.d), float(self.point.zeta_right)
        if self.from_edge and self._vertex[1]:
            delta = solve(self.nodes, d, right, -self._ray_from_vertex[5], at="edge")
            return self._mirror_of_0 - z, right - self.mirror_zeta0 + delta
        return self._mirror_of_0 - z, self.mirror_delta(z)

    def mirror_delta(self, z: ComplexArray) -> ComplexArray:
        """``ζ(z₊) − ζ(2/(γ(B+1)))``, solved from the right edge where that is nearer."""
        d, right = float(self.point.d), float(self.point.zeta_right)
        gap = self._mirror_of_0 - float(self.point.right_edge)
        by_edge = np.abs(z) > (gap if gap < 1e-3 * abs(right + self.point.largest) else math.inf)
        delta = np.empty_like(z)
        delta[~by_edge] = solve(self.nodes, d, self.mirror_zeta0, -z[~by_edge])
        delta[by_edge] = right - self.mirror_zeta0 + solve(self.nodes, d, right, gap - z[by_edge], at="edge")
        return delta

    def _remainders(self, z: ComplexArray, zeta: ComplexArray, m: ComplexArray) -> ComplexArray:
        """Rows: ``D_1``, ``S``, ``S`` and ``zD_1`` without the resolved spectrum, ``zD_1 + tr D``."""
        lam, mu, nu, seen = self.nodes.lam, self.nodes.mu, self._nu, self._resolved
        d = float(self.point.d)
        single = cauchy(lam, np.array([mu, nu, mu * lam, nu * ~seen, mu * lam * ~seen]), zeta)
        d1, target, mu_lam, target_rest, mu_lam_rest = single
        pair = cauchy(lam[seen], np.array([(nu * lam)[seen], mu[seen]]), zeta, -z)
        loose = d1 / d
        s_rest = (loose * pair[0] + target_rest) / m
        k_rest = z * z * loose / m * pair[1] + loose * float(mu[~seen].sum()) + m * mu_lam_rest
        return np.array([d1, target / m, s_rest, k_rest, loose * float(mu.sum()) + m * mu_lam])

    @cached_property
    def zetas(self) -> tuple[ComplexArray, ComplexArray, ComplexArray]:
        """``z``, ``ζ(z)`` and ``m(z)`` at the nodes of the upper ray."""
        z = self.ray[1]
        lam, mu, d = self.nodes.lam, self.nodes.mu, float(self.point.d)
        if self.from_edge and self._vertex[1]:
            base = float(self.point.zeta0) - self._gap_delta(self._vertex[0])
            zeta = base + solve(self.nodes, d, base, self._ray_from_vertex[5])
            return z, zeta, self._edge_m(zeta)
        if self.from_edge:
            zeta_left = float(self.point.zeta_left)
            zeta = zeta_left + solve(self.nodes, d, zeta_left, self._ray_from_vertex[5], at="edge")
            m = self._edge_m(zeta)
            return -zeta * m, zeta, m  # consistent with ζ to rounding, which the edge from 1 − D_1/d is not
        zeta0 = float(self.point.zeta0)
        delta = solve(self.nodes, d, zeta0, z, at="0")
        zeta = zeta0 + delta
        return z, zeta, delta * cauchy(lam, np.array([mu / (lam + zeta0) / d]), zeta)[0]

    @cached_property
    def _rows(self) -> tuple[ComplexArray, ComplexArray]:
        z, zeta, m = self.zetas
        mirror, mirror_delta = self.mirror
        mirror_zeta = self.mirror_zeta0 + mirror_delta
        here, there = self._remainders(z, zeta, m), self._remainders(mirror, mirror_zeta, -mirror / mirror_zeta)
        here[1] -= self.noise / self.scale / z
        there[1] -= self.noise / self.scale / mirror
        return here, there

    def _edge_m(self, zeta: ComplexArray) -> ComplexArray:
        """``m = 1 − D_1/d`` near the edge, as in :meth:`FixedPoint.m`."""
        lam, mu, d, split = self.nodes.lam, self.nodes.mu, float(self.point.d), self.point.split
        if split is None:
            result: ComplexArray = 1 - cauchy(lam, mu[None] / d, zeta)[0]
            return result
        n = split.count
        head, tail = cauchy(lam[:n], (mu[:n] / lam[:n])[None], zeta)[0], cauchy(lam[n:], mu[None, n:], zeta)[0]
        return np.asarray((zeta * head - tail - split.excess) / d)

    @cached_property
    def _forcing_integrand(self) -> ComplexArray:
        here, there = self._rows
        _, _, _, dz, pole = self.ray
        result: ComplexArray = (here[2] - there[2]) * dz
        return result if self.from_edge else result + float(self.point.forcing_limit) / self.scale * pole

    @cached_property
    def _frozen(self) -> list[tuple[float, ComplexArray, float]]:
        """For both choices of ``k₀``: ``1 − k₀``, the integrand of ``C``, and its limit."""
        _, z, root, dz, pole = self.ray
        here, there = self._rows
        _, delta = self.mirror
        lam, mu = self.nodes.lam, self.nodes.mu
        x0, start = self._mirror_of_0, self.mirror_zeta0
        # k₊(z) − k₊(0) for k₊ = −(γ/2) z₊D_1(z₊), with full relative accuracy
        drop = delta * cauchy(lam, np.array([mu / (lam + start)]), start + delta)[0]
        drift = self.gamma / 2 * (z * there[0] + x0 * drop)
        choices = []
        for base, row in ((0.0, z * here[0]), (float(mu.sum()), here[4])):
            k0 = self.norm - self.gamma / 2 * base
            shift = (drift + self.gamma / 2 * row + self.gamma * (self.batch + 1) * z * k0) / root
            if not base:
                gone = self.rest - shift  # 1 − k
            at_infinity = self._limit * (self.gamma / 2 * base) / self.rest
            integrand = (here[1] - there[1]) * shift / gone * dz + at_infinity * pole
            choices.append((self.rest + self.gamma / 2 * base, integrand, at_infinity))
        return choices

    @cached_property
    def rates(self) -> ComplexArray:
        """``−log(1+p)`` at the nodes; NumPy's complex ``log1p`` is accurate to 1e-16 in the absolute only."""
        p = self.ray[0]
        return np.asarray(-np.log1p(p.real * (2 + p.real) + p.imag**2) / 2 - 1j * np.arctan2(p.imag, 1 + p.real))

    def integrate(self, integrands: list[ComplexArray], r: Array) -> list[Curve]:
        """``(1/π) Im Σ integrand·(1+p)^{-r}`` and its rounding error, for several integrands."""
        decay, angle = self.rates.real, self.rates.imag
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
        """``F(r)`` for ``r ≥ 1``; from the edge, without its limit ``F_0 + σ²``."""
        return self._scaled(self._forcing(self.integrate([self._forcing_integrand], r)[0], r))

    def _scaled(self, curve: Curve) -> Curve:
        return Curve(self.scale * curve.value, self.scale * curve.error)

    def _forcing(self, contour: Curve, r: Array) -> Curve:
        positive = self._resolved_sum(self._nu, r) + (0.0 if self.from_edge else self._limit)
        return Curve(positive + contour.value, contour.error + 64 * _EPS * positive)

    def kernel(self, r: Array) -> Curve:
        """``K(r)`` for ``r ≥ 1``."""
        here, there = self._rows
        dz = self.ray[3]
        whole, half = self.integrate([(here[3] - there[3]) * dz, here[3] * dz], r)
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
        relative = self.mirror_error / (self.rest if self.margin is None else 1.0)
        contours = self.integrate([self._forcing_integrand, *(integrand for _, integrand, _ in self._frozen)], r)
        forcing = self._forcing(contours[0], r)
        candidates = [
            Curve(
                (forcing.value + c.value + at_infinity) / rest,
                (forcing.error + c.error + 64 * _EPS * at_infinity) / rest
                + relative * np.abs(forcing.value + c.value + at_infinity) / rest,
            )
            for c, (rest, _, at_infinity) in zip(contours[1:], self._frozen, strict=True)
        ]
        better = candidates[0].error < candidates[1].error
        return self._scaled(
            Curve(*(np.where(better, getattr(candidates[0], x), getattr(candidates[1], x)) for x in ("value", "error")))
        )


def solve(nodes: Nodes, d: float, base: float, offset: ComplexArray, at: Literal["0", "edge", ""] = "") -> ComplexArray:
    r"""``δ = ζ − base`` at the points ``z(base) + offset``, all on one side of the real axis, by Newton's method.

    For the difference the fixed point reads, without cancellation,

    .. math:: z - z(\text{base}) = -\delta\,\Big(1 - \frac1d\sum_j
              \frac{\lambda_j^2}{(\lambda_j+\zeta)(\lambda_j+\text{base})}\Big),

    at ``"0"``, where ``D_1(base) = d``,

    .. math:: z = -\frac{\delta\,\zeta}{d}\sum_j \frac{\lambda_j}{(\lambda_j+\zeta)(\lambda_j+\text{base})},

    and at an ``"edge"``, where ``D_2(base) = d``,

    .. math:: z - z(\text{base}) = -\frac{\delta^2}{d}\sum_j
              \frac{\lambda_j^2}{(\lambda_j+\zeta)(\lambda_j+\text{base})^2}.

    A solution is accepted if it satisfies the equation and lies on the branch ``Im ζ · Im z ≤ 0``, that is
    ``Im m · Im z ≤ 0``; points where Newton's method strays start again from their neighbours.
    """
    lam = nodes.lam
    row = nodes.mu / d if at == "0" else nodes.mu * lam / d
    secant = np.array([row / (lam + base) ** (2 if at == "edge" else 1)])
    sums, straight = Cauchy(lam, secant), Cauchy(lam, row[None])

    def residual(delta: ComplexArray, offset: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
        """The equation, and the part of it that its slope needs too."""
        zeta = base + delta
        total = sums(zeta)[0]
        factor = delta * total * zeta if at == "0" else delta * delta * total if at else delta * (1 - total)
        return factor + offset, total

    def slope(delta: ComplexArray, total: ComplexArray) -> ComplexArray:
        zeta = base + delta
        if not at:
            return np.asarray(1 - straight(zeta, zeta)[0])
        pair, other = sums(zeta, zeta)[0], zeta if at == "0" else delta
        return np.asarray((delta + other) * total - delta * pair * other)

    delta = -offset
    if at == "0":  # the quadratic equation of a constant sum
        scaled = offset / float(np.sum(secant[0] / (lam + base)))
        quadratic = -2 * scaled / (base + np.sqrt(base * base - 4 * scaled))
        near = np.abs(quadratic) < max(base, float(lam[-1])) / 2
        delta[near] = quadratic[near]
    elif at == "edge":
        ratio = base / (lam + base)
        curvature = float(np.sum(row / (lam + base) * ratio * ratio))  # times base²
        near = np.abs(offset) < 0.3 * abs(curvature)
        delta[near] = -1j * np.sign(offset[near].imag) * abs(base) * np.sqrt(offset[near] / curvature)
    else:
        inverse = 1 / (lam + base)
        tangent, curvature = (
            1 - float(np.sum(row * inverse * inverse)),
            float(np.sum(row * inverse * inverse * inverse)),
        )
        quadratic = -2 * offset / (tangent + np.sqrt(tangent * tangent - 4 * curvature * offset))
        near = np.abs(quadratic) < 0.3 * float(np.min(np.abs(lam + base)))
        delta[near] = quadratic[near]
    if not len(offset):
        return offset
    within = 1e-11 if at else max(1e-11, 1e-15 / abs(tangent))
    unsolved = np.ones(len(offset), dtype=bool)
    for _ in range(len(offset)):
        work = np.flatnonzero(unsolved)
        trial, target = delta[work], offset[work]
        for _ in range(12):
            value, total = residual(trial, target)
            step = value / slope(trial, total)
            trial = trial - step
            if np.all(np.abs(step) <= 1e-9 * np.abs(trial)):
                break
        good = (np.abs(step) <= 1e-9 * np.abs(trial)) & (np.abs(residual(trial, target)[0]) <= within * np.abs(target))
        good &= (
            np.sign(trial.imag) * np.sign(target.imag) <= 0
        )  # Im ζ < 0 above the axis gives Im D_1 > 0, so Im m < 0: the branch
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
