r"""The loss curve in multiprecision: the plain contour formula, with enough digits to afford its cancellation.

This road takes none of the rearrangements of :mod:`scalesym.equivalent.contour`. It evaluates

.. math:: P(r) = P_\infty + \frac1\pi\,\mathrm{Im}\sum\Big[\frac{S(z)-S(z_+)}{1-k(z)}\,dz
          + P_\infty\,\frac{dp}{p(1+p)}\Big](1+p)^{-r}

as it stands. How many digits the sum loses is seen from the moduli of its terms; if the guard digits do not cover
that loss, it starts again with more. The points of the contour are independent and are shared out to processes.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from ..parameters import Exact
from ..precision import arb_of, flint_digits
from ..spectrum import Nodes
from .contour import Contour, log_ray, solve
from .fixed_point import FixedPoint

__all__ = ["PreciseCurve", "PreciseSums", "pack", "unpack"]

Progress = Callable[[int, int], None]
_Coarse = Callable[[Any], Any]  # offsets from z(base) to ζ − base in double precision


@dataclass(frozen=True, eq=False)
class PreciseSums:
    """:class:`~scalesym.equivalent.fixed_point.Sums` in the current precision of python-flint."""

    nodes: Nodes

    def mu(self, zeta: Any, power: int = 1, lam: int = 0) -> Any:
        total = zeta * 0
        for x, w in zip(self.nodes.lam, self.nodes.mu, strict=True):
            total += w * x**lam / (x + zeta) ** power if lam else w / (x + zeta) ** power
        return total + self._tail(0, zeta, power, lam)

    def nu(self, zeta: Any, power: int = 1) -> Any:
        total = zeta * 0
        for x, w in zip(self.nodes.lam, self.nodes.nu, strict=True):
            total += w / (x + zeta) ** power
        return total + self._tail(1, zeta, power, 0)

    @property
    def trace(self) -> Any:
        """``tr D``."""
        return sum(self.nodes.mu) + (self.nodes.tails[0][0] if self.nodes.tails else 0)

    @property
    def square_trace(self) -> Any:
        """``tr D²``."""
        bulk = sum(w * x for x, w in zip(self.nodes.lam, self.nodes.mu, strict=True))
        return bulk + (self.nodes.tails[0][1] if self.nodes.tails else 0)

    @property
    def energy(self) -> Any:
        """``Σ λ_jb_j²``."""
        return sum(self.nodes.nu) + (self.nodes.tails[1][0] if self.nodes.tails else 0)

    def _tail(self, which: int, zeta: Any, power: int, lam: int) -> Any:
        """``Σ_k C(−power, k) ζ^{−power−k} M_{k+lam}`` over the moments of the tail."""
        total = zeta * 0
        if self.nodes.tails is None:
            return total
        term = 1 / zeta**power
        for k, moment in enumerate(self.nodes.tails[which][lam:]):
            total += term * moment
            term = -term * (power + k) / (k + 1) / zeta
        return total


class _SplitSums:
    r"""``Σ_k w_k/(λ_k+ζ)`` for several rows of weights, the far part by its moments.

    Only ``λ_k`` within a factor ``e^3`` of ``|ζ|`` take a division; sums over all larger or smaller ones are polynomials
    in ``ζ`` or ``1/ζ``, evaluated in C, whose coefficients are running sums over blocks of eigenvalues. The moments of
    an infinite tail join those of the small ones.
    """

    BLOCK = 16
    FAR = 20.0

    def __init__(self, lam: list[Any], rows: list[list[Any]], tails: list[list[Any]] | None, digits: int) -> None:
        from flint import acb

        self.lam, self.rows = [acb(x) for x in lam], [[acb(w) for w in row] for row in rows]
        self.sizes = [float(x) for x in lam]
        terms = math.ceil((digits + 6) * math.log(10) / math.log(self.FAR)) + 1
        count = len(lam) // self.BLOCK
        zero = [lam[0] * 0] * terms
        start = zero
        self.large, self.small = [], []
        for which, row in enumerate(rows):
            inverse = [1 / x for x in lam]
            self.large.append(self._running(inverse, [w * i for w, i in zip(row, inverse, strict=True)], count, zero))
            if tails is not None:
                start = list(tails[which][:terms])
            self.small.append(self._running(lam[::-1], row[::-1], count, start))

    def _running(self, x: list[Any], weights: list[Any], count: int, start: list[Any]) -> list[Any]:
        """Coefficients ``(−1)^n Σ w x^n`` over the first ``16 b`` points, ``b = 0 … count``, as polynomials."""
        from flint import acb_poly

        moments = list(start)
        signs = [(-1) ** n for n in range(len(start))]
        series = [acb_poly([sign * c for sign, c in zip(signs, moments, strict=True)])]
        for b in range(count):
            for y, w in zip(x[b * self.BLOCK : (b + 1) * self.BLOCK], weights[b * self.BLOCK :], strict=False):
                power = w
                for n in range(len(moments)):
                    moments[n] = moments[n] + power
                    power = (power * y).mid()
            series.append(acb_poly([(sign * c).mid() for sign, c in zip(signs, moments, strict=True)]))
        return series

    def _cut(self, zeta: Any) -> tuple[int, int]:
        """Blocks of far larger and of far smaller eigenvalues."""
        size = abs(complex(zeta)) if abs(float(zeta.real)) > 1e-290 else float(abs(zeta))
        larger = bisect.bisect_left(self.sizes, -size * self.FAR, key=lambda x: -x)
        smaller = len(self.sizes) - bisect.bisect_left(self.sizes, -size / self.FAR, key=lambda x: -x)
        return larger // self.BLOCK, smaller // self.BLOCK

    def __call__(self, zeta: Any, which: Sequence[int], derivative: int | None = None) -> list[Any]:
        """The sums of the rows ``which``, then ``Σ_k w_k/(λ_k+ζ)²`` of the row ``derivative``."""
        from flint import acb_mat

        left, right = self._cut(zeta)
        near = slice(left * self.BLOCK, len(self.lam) - right * self.BLOCK)
        inverse = [1 / (x + zeta) for x in self.lam[near]]
        size, reciprocal = len(inverse), 1 / zeta
        line = acb_mat(1, size, inverse)
        result = []
        for row in which:
            value = (line * acb_mat(size, 1, self.rows[row][near]))[0, 0] if size else zeta * 0
            value += self.large[row][left](zeta) + reciprocal * self.small[row][right](reciprocal)
            result.append(value)
        if derivative is not None:
            products = [a * b for a, b in zip(self.rows[derivative][near], inverse, strict=True)]
            value = (line * acb_mat(size, 1, products))[0, 0] if size else zeta * 0
            small = self.small[derivative][right]
            value -= self.large[derivative][left].derivative()(zeta)
            value += reciprocal**2 * (small(reciprocal) + reciprocal * small.derivative()(reciprocal))
            result.append(value)
        return result


def _evaluate(
    nodes: Nodes, d: Any, base: Any, starts: Iterable[tuple[Any, Any]], rounds: int, digits: int
) -> Iterator[tuple[Any, Any, Any]]:
    """``ζ``, ``D_1(ζ)`` and ``Σ_j λ_jb_j²/(λ_j+ζ)`` at ``z(base) + offset``, from ``(offset, start of ζ − base)``."""
    secant = [(w * x / (x + base) / d).mid() for w, x in zip(nodes.mu, nodes.lam, strict=True)]
    slope = [(w * x / d).mid() for w, x in zip(nodes.mu, nodes.lam, strict=True)]
    tails = None
    if nodes.tails is not None:
        moments = nodes.tails[0]
        shifted = [moment / d for moment in moments[1:]]
        # Σ λ^{n+2}/(λ + base) over the tail, from its own series in λ/base
        divided = [
            sum(((-1) ** k * moment / base ** (k + 1) for k, moment in enumerate(shifted[n:])), base * 0)
            for n in range(len(shifted))
        ]
        tails = [divided, shifted, list(moments), list(nodes.tails[1])]
    sums = _SplitSums(nodes.lam, [secant, slope, nodes.mu, nodes.nu], tails, digits)
    for offset, delta in starts:
        for _ in range(rounds):
            first, second = sums((base + delta).mid(), [0], 1)
            delta = (delta - (delta * (1 - first) + offset) / (1 - second)).mid()
        zeta = (base + delta).mid()
        d1, target = sums(zeta, [2, 3])
        yield zeta, d1.mid(), target.mid()


def pack(value: Any) -> tuple[str, ...]:
    """Exact midpoints as text, for the way between processes (flint numbers do not pickle)."""
    parts = (value.real, value.imag) if type(value).__name__ == "acb" else (value,)
    return tuple(f"{int(m)},{int(e)}" for m, e in (part.mid().man_exp() for part in parts))


def unpack(text: tuple[str, ...]) -> Any:
    from flint import acb, arb, fmpz

    parts = []
    for entry in text:
        mantissa, exponent = entry.split(",")
        parts.append(arb((fmpz(int(mantissa)), fmpz(int(exponent)))))
    return parts[0] if len(parts) == 1 else acb(*parts)


def _job(
    digits: int,
    columns: tuple[list[tuple[str, ...]], ...],
    tails: tuple[list[tuple[str, ...]], ...] | None,
    d: tuple[str, ...],
    base: tuple[str, ...],
    starts: list[tuple[tuple[str, ...], tuple[str, ...]]],
    rounds: int,
) -> list[tuple[tuple[str, ...], ...]]:
    """:func:`_evaluate` for another process."""
    with flint_digits(digits):
        lam, mu, nu = ([unpack(x) for x in column] for column in columns)
        nodes = Nodes(lam, mu, nu, None if tails is None else tuple([unpack(x) for x in tail] for tail in tails))
        points = [(unpack(a), unpack(b)) for a, b in starts]
        rows = _evaluate(nodes, unpack(d), unpack(base), points, rounds, digits)
        return [tuple(pack(x) for x in row) for row in rows]


@dataclass(frozen=True, eq=False)
class PreciseCurve:
    """One model's contour with ``digits`` working digits.

    Parameters
    ----------
    nodes, point:
        Spectrum and fixed point with at least ``digits`` digits.
    gamma:
        Learning rate, as an ``arb``.
    batch:
        Batch size.
    double:
        The contour in double precision, which supplies the starts of Newton's method.
    digits:
        Working digits, which the caller takes larger than the digits wanted by what the sum may lose.
    noise:
        Variance of the label noise, as an ``arb``.
    workers:
        Processes; 1 stays in this one.
    progress:
        Called with (finished, all) points of the contour.
    finished:
        Points already evaluated; an interrupted evaluation continues from them.
    least:
        The smallest ``r`` that is wanted: points of the contour that do not matter from there on are left out.
    """

    nodes: Nodes
    point: FixedPoint
    gamma: Any
    batch: int
    double: Contour
    digits: int
    noise: Any
    workers: int = 1
    progress: Progress | None = None
    finished: dict[int, list[tuple[Any, Any, Any]]] = field(default_factory=dict)
    least: float = 0.0

    @cached_property
    def mirror_zeta0(self) -> Any:
        return self.point.zeta_beyond(2 / (self.gamma * (self.batch + 1)))

    @cached_property
    def norm(self) -> Any:
        """``‖K‖``."""
        return -self.point.sums.mu(self.mirror_zeta0) / (self.batch + 1)

    @cached_property
    def ray(self) -> list[tuple[Any, Any, Any, Any]]:
        """``p``, ``z``, ``1 − γ(B+1)z`` and ``dx = d log p`` at the nodes of the upper ray."""
        from flint import acb, arb

        scale = 2 * float(self.gamma) * self.batch
        left = math.log(self.double.slowest / (6 * self.digits))
        right = math.log(2 * max(self.batch, scale * float(self.point.right_edge)))
        step = math.pi**2 / (2 * math.log(10) * (self.digits + 2))
        # only the number of nodes comes from double precision; the nodes themselves are exact to all digits
        x, _ = log_ray(left, right, step, self.digits)
        reach = math.log(2.4 * self.digits + 4)
        low, high = arb(left - 3), arb(right + 3)
        turn = acb(0, arb.pi() / 4).exp()
        nodes = []
        for n in range(len(x)):
            t = low - arb(reach) + arb(step) * n
            up, down = (t - high).exp(), (low - t).exp()
            p = ((t + up - down).exp() * turn).mid()
            if self.least and self.least * float(abs(1 + p).log()) > self._depth:
                continue
            root = -acb(0, 1) * ((p - self.batch) / (self.batch * (1 + p))).sqrt()
            z = p / (1 + p) / (self.gamma * self.batch) / (1 + root)
            nodes.append((p, z.mid(), root.mid(), (arb(step) * (1 + up + down)).mid()))
        return nodes

    @cached_property
    def samples(self) -> list[tuple[Any, Any, Any]]:
        """``S(z) − S(z₊)``, ``zD_1(z) − z₊D_1(z₊)`` and ``k(z)`` at the nodes."""
        z = [node[1] for node in self.ray]
        x0 = (2 / (self.gamma * (self.batch + 1))).mid()
        double, zeta0 = self.double, float(self.double.point.zeta0)
        here = self._solve(
            self.point.zeta0, lambda w: solve(double.nodes, float(double.point.d), zeta0, w, at="0"), z, 0
        )
        there = self._solve(self.mirror_zeta0, lambda w: double.mirror_delta(-w), [-w for w in z], len(z))
        rows = []
        for (_, w, root, _), (zeta, d1, target), (mirror_zeta, mirror_d1, mirror_target) in zip(
            self.ray, here, there, strict=True
        ):
            mirror = x0 - w
            weighted = w * d1 - mirror * mirror_d1
            forcing = (mirror_zeta * mirror_target + self.noise) / mirror - (
                zeta * target + self.noise
            ) / w  # 1/m = −ζ/z
            rows.append((forcing, weighted, self.gamma / 2 * weighted / root))
        return rows

    def _solve(self, base: Any, coarse: _Coarse, offsets: list[Any], done: int) -> list[tuple[Any, Any, Any]]:
        rows = self.finished.setdefault(done, [])
        starts = list(zip(offsets, self._starts(base, coarse, offsets), strict=True))[len(rows) :]
        rounds = max(1, math.ceil(math.log2((self.digits + 4) / 11)))
        size = max(16, math.ceil(len(starts) / (4 * self.workers)))
        for block in self._map(base, [starts[k : k + size] for k in range(0, len(starts), size)], rounds):
            rows += block
            if self.progress is not None:
                self.progress(done + len(rows), 2 * len(offsets))
        return rows

    def _map(self, base: Any, blocks: list[list[tuple[Any, Any]]], rounds: int) -> Any:
        if self.workers == 1:
            every = _evaluate(self.nodes, self.point.d, base, chain.from_iterable(blocks), rounds, self.digits)
            return ([row] for row in every)
        from joblib import Parallel, delayed

        columns = tuple([pack(x) for x in column] for column in (self.nodes.lam, self.nodes.mu, self.nodes.nu))
        tails = None if self.nodes.tails is None else tuple([pack(x) for x in tail] for tail in self.nodes.tails)
        common = (self.digits, columns, tails, pack(self.point.d), pack(base))
        jobs = (delayed(_job)(*common, [(pack(a), pack(b)) for a, b in block], rounds) for block in blocks)
        results = Parallel(n_jobs=self.workers, return_as="generator")(jobs)
        return ([tuple(unpack(x) for x in row) for row in block] for block in results)

    def _starts(self, base: Any, coarse: _Coarse, offsets: list[Any]) -> list[Any]:
        """Double-precision solutions; below their range the linear term, which is exact to twice that range."""
        from flint import acb

        tiny = [abs(float(w.real)) + abs(float(w.imag)) < 1e-200 for w in offsets]
        points = np.array([complex(w) for w, small in zip(offsets, tiny, strict=True) if not small])
        solved = iter(coarse(points))
        slope = 1 - self.point.sums.mu(base, 2, 1) / self.point.d
        result = []
        for w, small in zip(offsets, tiny, strict=True):
            result.append((-w / slope).mid() if small else acb(complex(next(solved))))
        return result

    @property
    def _depth(self) -> float:
        """``r log|1+p|`` from which on a point does not matter."""
        return 2.5 * self.digits + 50

    def slope(self, integrand: list[Any], limit: Any, r: Exact) -> Any:
        """The derivative of :meth:`integrate` in ``log r``."""
        from flint import arb

        total, time = arb(0), arb_of(r)
        for (p, _, _, dx), value, log_q in zip(self.ray, integrand, self._log_q, strict=True):
            exponent = time * log_q
            if float(exponent.real) > -self._depth:
                total = (total + ((value + limit * dx / (1 + p)) * exponent * exponent.exp()).imag).mid()
        return total / arb.pi()

    def integrate(self, integrand: list[Any], limit: Any, r: Exact) -> tuple[Any, float]:
        """``limit + (1/π) Im Σ [integrand + limit·dp/(p(1+p))](1+p)^{-r}`` and the digits it lost."""
        from flint import acb, arb

        total, size = arb(0), 0.0
        time = r if isinstance(r, int) else arb_of(r)
        if limit != 0 and float(r) * math.log1p(self.double.slowest) > 2.5 * self.digits:
            return limit, 0.0  # to all digits; the nodes do not resolve such r
        for (p, _, _, dx), value, log_q in zip(self.ray, integrand, self._log_q, strict=True):
            exponent = time * log_q
            if float(exponent.real) < -self._depth:
                continue
            term = ((value + limit * dx / (1 + p)) * acb(exponent).exp()).mid()
            total = (total + term.imag).mid()
            size += float(abs(term).mid())
        value = limit + total / arb.pi()
        modulus = abs(float(value))
        return value, (math.log10(size / modulus) if modulus > 0 < size else (math.inf if size > 0 else 0.0))

    @cached_property
    def _log_q(self) -> list[Any]:
        return [(-p.log1p()).mid() for p, _, _, _ in self.ray]

    @cached_property
    def _dz(self) -> list[Any]:
        scale = 2 * self.gamma * self.batch
        return [(dx * p / ((1 + p) ** 2 * scale * root)).mid() for p, _, root, dx in self.ray]

    @cached_property
    def forcing_integrand(self) -> list[Any]:
        return [f * dz for (f, _, _), dz in zip(self.samples, self._dz, strict=True)]

    @cached_property
    def kernel_integrand(self) -> list[Any]:
        scale = self.gamma**2 * self.batch
        return [scale * g * dz for (_, g, _), dz in zip(self.samples, self._dz, strict=True)]

    @cached_property
    def loss_integrand(self) -> list[Any]:
        return [f / (1 - k) * dz for (f, _, k), dz in zip(self.samples, self._dz, strict=True)]
