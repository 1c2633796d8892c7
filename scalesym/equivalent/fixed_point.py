r"""The fixed point of the deterministic equivalent, its edges and the critical learning rate (MATH: ζ-parametrisation).

The companion ``m(z)`` solves :math:`m + \frac1d\sum_j \frac{\lambda_j m}{\lambda_j m - z} = 1`. With
:math:`\zeta = -z/m` and :math:`D_1(\zeta) = \sum_j \lambda_j/(\lambda_j+\zeta)` it is explicit,

.. math:: m = 1 - D_1(\zeta)/d, \qquad z = -\zeta m, \qquad \frac{dz}{d\zeta} = -(1 - D_2(\zeta)/d), \quad
          D_2 = \sum_j \Big(\frac{\lambda_j}{\lambda_j+\zeta}\Big)^2 .

So ``z = 0`` is ``D_1(ζ₀) = d``, the edges of the spectrum are the two real roots of ``D_2 = d``, and the kernel norm
reaches 1 where ``−D_1 = B + 1``. The functions here are written once, for any arithmetic that :class:`Sums` offers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from ..errors import ConvergenceError
from ..spectrum import Nodes

__all__ = ["DoubleSums", "FixedPoint", "Split", "Sums"]


class Sums(Protocol):
    """Sums over a spectrum at one real or complex ``ζ``."""

    def mu(self, zeta: Any, power: int = 1, lam: int = 0) -> Any:
        r"""``∫ λ^lam (λ+ζ)^{-power} dμ`` with ``-1 ≤ lam < power``, not -1 with an infinite tail."""

    def nu(self, zeta: Any, power: int = 1) -> Any:
        """``∫ (λ+ζ)^{-power} dν``."""


_LEAST = 2.0**-51  # relative distance from λ_1 that double precision tells from 0


@dataclass(frozen=True, eq=False)
class DoubleSums:
    """:class:`Sums` in double precision."""

    nodes: Nodes

    def mu(self, zeta: Any, power: int = 1, lam: int = 0) -> Any:
        inverse = 1 / (self.nodes.lam + zeta)  # its powers underflow where those of λ + ζ would overflow
        return np.sum(self.nodes.mu * (self.nodes.lam * inverse) ** lam * inverse ** (power - lam))

    def nu(self, zeta: Any, power: int = 1) -> Any:
        return np.sum(self.nodes.nu * (1 / (self.nodes.lam + zeta)) ** power)


@dataclass(frozen=True, eq=False)
class Split:
    """A spectrum in two: its first ``count`` points, of which each term ``λ/(λ+ζ)`` is near 1, and the others.

    ``excess`` is the number of eigenvalues in the first part, less ``d``. Where ``D_1`` stays near ``d`` over a range of
    ``ζ``, because ``v`` is near ``d`` or the spectrum steep there, this difference must not be left to rounding.
    """

    count: int
    head: Sums
    tail: Sums
    excess: Any

    @classmethod
    def of(cls, sums: Callable[[Nodes], Sums], nodes: Nodes, count: int, excess: Any) -> Split:
        head = Nodes(nodes.lam[:count], nodes.mu[:count], nodes.nu[:count])
        tail = Nodes(nodes.lam[count:], nodes.mu[count:], nodes.nu[count:], nodes.tails)
        return cls(count, sums(head), sums(tail), excess)


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """Real quantities of one spectrum at one ``d``.

    Parameters
    ----------
    sums:
        Sums over the spectrum.
    d:
        Parameter count, in the arithmetic of ``sums``.
    largest:
        The largest eigenvalue ``λ_1``, as a float.
    coarse:
        The same fixed point in double precision, whose values are the starts of Newton's method; ``None`` in double
        precision itself, where a bracketing root finder starts from nothing.
    digits:
        Digits of the arithmetic.
    split:
        Where to split the spectrum, if sums near ``d`` would lose digits.
    """

    sums: Sums
    d: Any
    largest: float
    coarse: FixedPoint | None = None
    digits: int = 16
    split: Split | None = None

    def m(self, zeta: Any) -> Any:
        """``m = 1 − D_1/d`` at a positive ``ζ``; loses digits near ``ζ₀``, where :attr:`zeta0` and its own formulas serve."""
        return -self._excess(zeta) / self.d

    def _excess(self, zeta: Any) -> Any:
        """``D_1 − d``, with ``λ/(λ+ζ) = 1 − ζ/(λ+ζ)`` for the eigenvalues before the split."""
        if self.split is None:
            return self.sums.mu(zeta) - self.d
        return self.split.excess - zeta * self.split.head.mu(zeta, 1, -1) + self.split.tail.mu(zeta)

    def _left_excess(self, zeta: Any) -> Any:
        """``D_2 − d``, with ``λ²/(λ+ζ)² = 1 − ζ/(λ+ζ) − ζλ/(λ+ζ)²`` for the eigenvalues before the split."""
        if self.split is None:
            return self.sums.mu(zeta, 2, 1) - self.d
        head = self.split.head.mu(zeta, 1, -1) + self.split.head.mu(zeta, 2)
        return self.split.excess - zeta * head + self.split.tail.mu(zeta, 2, 1)

    @cached_property
    def zeta0(self) -> Any:
        """``ζ₀ > 0`` with ``D_1(ζ₀) = d``."""
        return self._root(lambda s, x: self._excess(x), lambda s, x: -s.mu(x, 2), "zeta0")

    @cached_property
    def zeta_left(self) -> Any:
        """The root of ``D_2 = d`` in ``(0, ζ₀)``, where ``z`` is the left edge."""
        return self._root(lambda s, x: self._left_excess(x), lambda s, x: -2 * s.mu(x, 3, 1), "zeta_left")

    @cached_property
    def zeta_right(self) -> Any:
        """The root of ``D_2 = d`` below ``−λ_1``, where ``z`` is the right edge.

        It is ``−λ_1(1 + d^{-1/2})`` up to a relative ``O(d^{-3/2})``; from where double precision cannot tell it from
        ``−λ_1``, a simple eigenvalue, that is its value or the start of Newton's method.
        """
        if self._wide:
            spacing = 1 / self.d**0.5 if self.coarse is None else 1 / self.d.sqrt()
            if 1.5 * math.log10(float(self.d)) > self.digits + 2:
                return -self.largest * (1 + max(spacing, _LEAST) if self.coarse is None else 1 + spacing)
        return self._root(
            lambda s, x: s.mu(x, 2, 1) - self.d, lambda s, x: -2 * s.mu(x, 3, 1), "zeta_right", right=True
        )

    def zeta_kernel(self, batch: int) -> Any:
        """The root of ``−D_1 = B + 1`` below ``−λ_1``, where the kernel norm is 1."""
        return self._root(
            lambda s, x: -s.mu(x) - (batch + 1), lambda s, x: s.mu(x, 2), "zeta_kernel", (batch,), right=True
        )

    @property
    def _wide(self) -> bool:
        """Whether ``λ_max`` is ``λ_1`` to double precision."""
        return float(self.d) > 1e30

    @cached_property
    def left_edge(self) -> Any:
        """Left edge ``λ_min`` of the deterministic measure away from the atom at 0."""
        return -self.zeta_left * self.m(self.zeta_left)

    @cached_property
    def right_edge(self) -> Any:
        """Right edge ``λ_max`` of the deterministic measure."""
        return -self.zeta_right * (1 - self.sums.mu(self.zeta_right) / self.d)

    def critical_gamma(self, batch: int) -> tuple[Any, str]:
        """The critical learning rate and the condition that binds, ``"kernel norm"`` or ``"pointwise"``.

        ``‖K‖ = −D_1(ζ(x))/(B+1)`` at ``x = 2/(γ(B+1))`` grows with γ; it reaches 1 at the ``ζ`` of
        :meth:`zeta_kernel` if that lies on the branch ``ζ < ζ_right`` of the resolvent, else ``x`` meets the right
        edge first.
        """
        kernel = self.zeta_kernel(batch)
        if kernel < self.zeta_right:
            return 2 / ((batch + 1) * (-kernel * (1 + (batch + 1) / self.d))), "kernel norm"
        return 2 / ((batch + 1) * self.right_edge), "pointwise"

    def zeta_beyond(self, x: Any) -> Any:
        """``ζ(x)`` for real ``x`` to the right of :attr:`right_edge`."""
        return self._root(
            lambda s, y: -y * (1 - s.mu(y) / self.d) - x,
            lambda s, y: -(1 - s.mu(y, 2, 1) / self.d),
            "zeta_beyond",
            (float(x),),
            right=True,
            beyond=True,
        )

    @cached_property
    def forcing_limit(self) -> Any:
        """``F_0 = Σ_j λ_j b_j² ζ₀/(λ_j + ζ₀)``."""
        return self.zeta0 * self.sums.nu(self.zeta0)

    def _root(
        self,
        f: Callable[[Sums, Any], Any],
        slope: Callable[[Sums, Any], Any],
        name: str,
        arguments: tuple[Any, ...] = (),
        *,
        right: bool = False,
        beyond: bool = False,
    ) -> Any:
        if self.coarse is None:
            x = bracketed = self._bracketed(f, arguments[0] if beyond else None, right)
        else:
            start = getattr(self.coarse, name)
            x = 0 * self.d + (start(*arguments) if arguments else start)
            if name == "zeta_right" and self._wide:
                x = -self.largest * (1 + 1 / self.d.sqrt())
        for _ in range(3 if self.coarse is None else 60):
            step = f(self.sums, x) / slope(self.sums, x)
            x = _middle(x - step)
            if abs(float(step)) <= 10.0 ** (-0.6 * self.digits) * abs(float(x)):  # the next step is below 10^-digits
                return x
        if self.coarse is None and beyond:  # so near to the edge that the slope is rounding
            return bracketed
        raise ConvergenceError(f"Newton's method for {name} did not converge in {self.digits} digits")

    def _bracketed(self, f: Callable[[Sums, Any], Any], beyond: float | None, right: bool) -> float:
        """A root of ``f``, which decreases in ``y``, by Brent's method in ``ζ = e^y`` or ``ζ = −λ_1(1 + e^y)``."""
        from scipy.optimize import brentq

        def place(y: float) -> float:
            return -self.largest * (1 + max(math.exp(y), _LEAST)) if right else math.exp(y)

        def g(y: float) -> float:
            return float(f(self.sums, place(y)))

        if beyond is None:
            low = high = 0.0
            while g(low) < 0 and low > -1400:
                low -= 3
            while g(high) > 0:
                high += 3
        else:
            low, high = math.log(-float(self.zeta_right) / self.largest - 1), math.log(beyond / self.largest)
            if g(low) > 0:  # beyond is the edge to rounding
                return float(self.zeta_right)
            while g(high) < 0:
                high += 1
        return place(brentq(g, low, high, xtol=1e-12, rtol=1e-12, maxiter=500))


def _middle(x: Any) -> Any:
    return x.mid() if hasattr(x, "mid") else x
