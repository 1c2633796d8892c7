r"""Balls around ``F(r)`` and ``K(r)``: rigorous integration in the ζ-plane, where no root is solved for.

Level: deterministic equivalent. With ``q(x) = 1 − ax + cx²`` and the prefactor ``g`` of the kernel (SGD of batch ``B``:
``a = 2γB``, ``c = γ²B(B+1)``, ``g = γ²B``) and a contour around the spectrum

.. math::
    F(r) = -\frac1{2\pi i} \oint S_F(z)\, q(z)^r\,dz, \qquad
    K(r) = -\frac g{2\pi i} \oint z\,D_1\,q(z)^r\,dz, \qquad S_F = N/m .

Read in the plane of ``ζ``, where ``z = −ζm``, ``m = 1 − D_1(ζ)/d``, the integrands are

.. math:: \frac{N}{m}\,q(z)^r\,z'(\zeta) \quad\text{and}\quad z\,D_1\,q(z)^r\,z'(\zeta), \qquad z' = -m + \zeta D_1'/d,

rational functions (for ``v = ∞`` meromorphic off 0). There is no branch to choose and no cut, so a ball on which they
are not analytic touches a pole and gives a value that is not finite, as :meth:`acb.integral` needs.

**What is enclosed.** The singularities are the poles ``−λ_j ∈ [−1, 0)``, 0 if they accumulate there, and the zeros of
``m``, where ``D_1 = d``. Off the real axis ``Im D_1 = −Im ζ Σ λ/|λ+ζ|²`` does not vanish, so these are real too. Left of
``−1`` is none, because ``D_1 < 0`` there; on ``(0, ∞)`` is one, ``ζ_0``, because ``D_1`` falls from ``v > d`` to 0. The contour
is a polygon from ``x_R`` through the open upper half plane to ``x_L``, and its mirror image back: along the upper half the
argument of ``ζ − x`` grows from 0 to π for every ``x`` in ``(x_L, x_R)``, and returns to its beginning for any
other real ``x``. So exactly the singularities in ``(x_L, x_R)`` are enclosed, each once, in the positive sense, whatever
the vertices are. Balls show that ``x_L < −1``, ``0 < x_R`` and ``D_1(x_R) > d``, that is ``x_R < ζ_0``: all are
enclosed but ``ζ_0``. Far out ``z ∼ −ζ`` keeps the orientation, hence the integral is that around the whole spectrum, but
for the residue at ``ζ_0``, where ``z = 0`` and ``q = 1``: for ``F`` it is ``F_0 = ζ_0N(ζ_0)``, the atom at 0, which is added
by itself; ``K`` has no pole there.

The vertices follow, in double precision, two segments in the plane of ``z`` that leave the spectrum's two edges and
meet in an apex; the edges are saddles of ``z``, so that an exponentially small ``K`` keeps its relative accuracy. Where
they do not, the lost digits are seen and paid for with precision.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..errors import ParameterError
from ..precision import arb_of
from .sketch import Sketch

if TYPE_CHECKING:
    from .fixed_point import FixedPoint

__all__ = ["Dynamics"]

Kind = Literal["forcing", "kernel"]
_ANGLES = (60, 45, 30, 20, 12, 7, 4, 2, 1)  # degrees between the segments and the real axis
_GUARD = 30  # bits
_ROUNDS = 4
_NODES = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class Dynamics:
    r"""``q(x) = 1 − ax + cx²`` and the kernel's prefactor ``g`` over a fixed point; exact coefficients.

    Parameters
    ----------
    point:
        Spectrum and ``d``.
    a, c, g:
        ``a > 0``, ``c ≥ 0``, ``g ≥ 0``. No stability is asked for here: ``F(r)`` and ``K(r)`` are finite sums.

    Raises
    ------
    ParameterError
        For coefficients outside these bounds.

    Examples
    --------
    >>> from scalesym.certified.fixed_point import FixedPoint
    >>> from scalesym.certified.sums import PowerSums
    >>> point = FixedPoint(PowerSums(Fraction(2), Fraction(17, 5), 60), Fraction(20))
    >>> sgd = Dynamics.of_sgd(point, Fraction(3, 10), 1)
    >>> print(sgd.forcing(80).str(12, radius=False), sgd.kernel(80).str(12, radius=False))
    0.0212709255363 0.000106313334449
    """

    point: FixedPoint
    a: Fraction
    c: Fraction
    g: Fraction

    def __post_init__(self) -> None:
        for name, value, good in (("a", self.a, self.a > 0), ("c", self.c, self.c >= 0), ("g", self.g, self.g >= 0)):
            if not good:
                raise ParameterError(name, value, "no step of descent has it", "use a > 0, c >= 0 and g >= 0")

    @classmethod
    def of_sgd(cls, point: FixedPoint, gamma: Fraction, batch: int) -> Dynamics:
        """One-pass SGD that sums over the batch: ``a = 2γB``, ``c = γ²B(B+1)``, ``g = γ²B``."""
        return cls(point, 2 * gamma * batch, gamma**2 * batch * (batch + 1), gamma**2 * batch)

    def forcing(self, r: int) -> Any:
        """A ball around ``F(r)``, or one that is not finite where the proof does not succeed in this precision."""
        return self._integral("forcing", r)

    def kernel(self, r: int) -> Any:
        """A ball around ``K(r)``, or one that is not finite where the proof does not succeed in this precision."""
        return self._integral("kernel", r)

    @cached_property
    def sketch(self) -> Sketch:
        """The fixed point in double precision."""
        return Sketch(self.point.sums.p, self.point.sums.v, self.point.d)

    def log_q(self, z: complex) -> complex:
        """``log q(z)`` in double precision, also where ``z`` is tiny."""
        x = z * (float(self.c) * z - float(self.a))
        if abs(x) < 1e-3:
            return x * (1 - x * (1 / 2 - x * (1 / 3 - x * (1 / 4 - x * (1 / 5)))))
        return cmath.log(1 + x) if x != -1 else complex(-1e300)

    def _integral(self, kind: Kind, r: int) -> Any:
        """The polygon's integral, with more precision as long as digits are missing."""
        from flint import arb, ctx

        if r < 0:
            raise ParameterError("r", r, "the number of steps cannot be negative", "use r >= 0")
        wanted = ctx.prec
        vertices = _polygon(self, r)
        if vertices is None:
            return arb.nan()
        estimate, highest = _estimate(self, kind, r, vertices)
        best = arb.nan()
        try:
            for _ in range(_ROUNDS):
                ctx.prec = wanted + _GUARD + r.bit_length() + max(0, math.ceil((highest - estimate) / math.log(2)))
                best = self._around(kind, r, vertices, arb(estimate).exp() * arb(2) ** -(wanted + 4))
                if not best.is_finite() or best.rel_accuracy_bits() >= wanted - 4:
                    break
                size = abs(best).abs_upper()
                estimate = min(estimate - 2, float(size.log().mid())) if size > 0 else estimate - 40
        finally:
            ctx.prec = wanted
        return +best

    def _around(self, kind: Kind, r: int, vertices: list[complex], tolerance: Any) -> Any:
        """The integral along the polygon with this absolute tolerance, and the atom's residue."""
        from flint import acb, arb

        sums, d = self.point.sums, arb_of(self.point.d)
        first, last = arb(vertices[0].real), arb(vertices[-1].real)
        if not (first > 0 and sums.d1(first) > d and last < -1 and all(vertex.imag > 0 for vertex in vertices[1:-1])):
            return arb.nan()
        integrand = _integrand(self, kind, r)
        corners = [acb(vertex.real, vertex.imag) for vertex in vertices]
        total = arb(0)
        each = tolerance / len(vertices)
        for start, end in pairwise(corners):
            total += acb.integral(integrand, start, end, rel_tol=arb(2) ** -2000, abs_tol=each).imag
        total = -total / arb.pi()
        return total + self.point.forcing_limit() if kind == "forcing" else total * arb_of(self.g)


def _integrand(dynamics: Dynamics, kind: Kind, r: int) -> Callable[[Any, bool], Any]:
    """The integrand in balls, meromorphic: the flag ``analytic`` changes nothing."""
    sums, d = dynamics.point.sums, arb_of(dynamics.point.d)
    a, c = arb_of(dynamics.a), arb_of(dynamics.c)

    def integrand(zeta: Any, _: bool) -> Any:
        d1, slope, n = sums.all(zeta)
        m = 1 - d1 / d
        z = -zeta * m
        bend = zeta * slope / d
        power = _power(1 - z * (a - c * z), r)
        return n * (bend / m - 1) * power if kind == "forcing" else z * d1 * (bend - m) * power

    return integrand


def _power(q: Any, r: int) -> Any:
    """``q^r``: by the logarithm, whose cut does not matter for whole ``r``, or by its size if ``q`` may vanish."""
    from flint import acb, arb

    if r < 3:
        return q**r
    if q.abs_lower() > 0:
        return (q.log() * r).exp()
    radius = arb(0, (q.abs_upper() ** r).abs_upper())
    return acb(radius, radius)


def _polygon(dynamics: Dynamics, r: int) -> list[complex] | None:
    """Vertices in the upper half plane, from ``x_R`` to ``x_L``."""
    sketch, a, c = dynamics.sketch, float(dynamics.a), float(dynamics.c)
    right, low = sketch.right, float(sketch.z(sketch.right)[0].real)
    high = float(sketch.z(sketch.left)[0].real)
    left = sketch.beyond(min(max(high, a / (2 * c)), 8 * high)) if c else sketch.left
    high = float(sketch.z(left)[0].real)
    span = high - low

    def height(angle: float) -> float:
        leg = cmath.rect(span / 2 / math.cos(angle), -angle)
        places = [low + leg * k / 16 for k in range(17)] + [high - leg.conjugate() * k / 16 for k in range(17)]
        return max(dynamics.log_q(z).real for z in places)

    angles = [math.radians(x) for x in _ANGLES]
    angle = next((x for x in angles if r * height(x) < 3), min(angles, key=height))
    length = span / 2 / math.cos(angle)
    # each segment begins half as far from the axis as the nearest singularity
    first = min(abs(sketch.z(right + 0.5j * right)[0] - low), length / 2)
    other = min(abs(sketch.z(left + 0.5j * (-1 - left))[0] - high), length / 2)
    rise, fall = cmath.rect(1, -angle), cmath.rect(1, math.pi + angle)
    outward = [low + t * rise for t in _geometric(first, length)] + [low + length * rise]
    back = [high + t * fall for t in reversed(_geometric(other, length))]
    start = complex(right, 0.5 * right)
    path = sketch.follow([*outward, *back], start, sketch.z(start)[0])
    return None if path is None else [complex(right), *path, complex(left)]


def _geometric(first: float, last: float) -> list[float]:
    count = max(1, round(math.log(last / first, 3)))
    return [first * (last / first) ** (k / count) for k in range(count)]


def _estimate(dynamics: Dynamics, kind: Kind, r: int, vertices: list[complex]) -> tuple[float, float]:
    """Logarithms of the value, roughly and rather too large, and of the largest contribution to it."""
    sums, d, sketch = dynamics.point.sums, float(dynamics.point.d), dynamics.sketch
    pieces: list[complex] = []
    logs: list[float] = []
    for start, end in pairwise(vertices):
        half = (end - start) / 2
        for x, weight in zip(*_NODES, strict=True):
            zeta = start + half * (1 + x)
            z, slope = sketch.z(zeta)
            d1 = d * (1 + z / zeta)
            factor = float(dynamics.g) * z * d1 if kind == "kernel" else -sketch.targets(zeta, float(sums.q)) * zeta / z
            exponent = r * dynamics.log_q(z) + cmath.log(factor * slope * half * weight / math.pi)
            logs.append(exponent.real)
            pieces.append(exponent)
    highest = max(logs)
    total = abs(sum((cmath.exp(x - highest) for x in pieces if x.real > highest - 60), 0j).imag)
    estimate = highest + math.log(max(total, 1e-10))
    if kind == "forcing":
        limit = float(dynamics.point.forcing_limit().mid())
        estimate = max(estimate, math.log(limit)) if limit > 0 else estimate
    return estimate, highest
