r"""The deterministic equivalent of a small model from its fixed point alone: the road by which its closed forms are checked.

Nothing here knows ``ζ``. The equation ``m + (1/d) Σ_j λ_j m/(λ_j m - z) = 1`` is solved in two ways. As a series in
``1/z``, in exact fractions, it gives the moments of the spectral measures, and with them every ``F(r)`` and ``K(r)``. At
points ``z`` off the spectrum Newton's method follows its solution from ``m = 1`` at infinity; contour integrals of it in
the plane of ``z`` reach later times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

__all__ = ["Small"]

_Array = Any


class Small:
    """A model of a few modes.

    Parameters
    ----------
    point:
        ``alpha, beta, gamma, B, d, v`` by name (``beta, gamma, B`` where needed); ``v`` counts, ``d`` may be a fraction.

    Examples
    --------
    >>> from fractions import Fraction as Q
    >>> small = Small(dict(alpha=Q(1, 2), beta=Q(0), gamma=Q(1, 2), B=Q(1), d=Q(1), v=Q(2)))
    >>> small.forcing(2)[0], small.kernel(1)[0] == Q(1, 4) * (1 + Q(1, 4) + (1 + Q(1, 2)) ** 2)
    (Fraction(3, 2), True)
    """

    def __init__(self, point: Mapping[str, Fraction]) -> None:
        self.alpha, self.beta = point["alpha"], point.get("beta", Fraction(0))
        self.gamma, self.batch = point.get("gamma", Fraction(0)), point.get("B", Fraction(1))
        self.d, self.v = point["d"], int(point["v"])
        if self.v != point["v"]:
            raise ValueError(f"v = {point['v']} does not count")

    # -- moments, in fractions -----------------------------------------------------------------------------------------

    @cached_property
    def _spectrum(self) -> list[tuple[Fraction, Fraction]]:
        """``λ_j`` and ``λ_j b_j²``; ``2α`` and ``2β`` must be integers."""
        a, b = 2 * self.alpha, 2 * self.beta
        if not a.denominator == b.denominator == 1:
            raise ValueError(f"{a} and {b} are not both integers")
        modes = [Fraction(n) for n in range(1, self.v + 1)]
        return [(n ** int(-a), n ** int(-a) * n ** int(-b)) for n in modes]

    def moments(self, weights: Sequence[Fraction], size: int) -> list[Fraction]:
        """``∫ x^k dμ``, ``k < size``, where ``Σ_j weight_j/(λ_j m - z) = ∫ dμ(x)/(x - z)``.

        With ``M = m/z``: ``m = 1 + (1/d) Σ_{n≥1} Σ_j λ_j^n M^n`` and ``-z Σ_j weight_j/(λ_j m - z) = Σ_j Σ_n weight_j λ_j^n M^n``.
        """
        eigenvalues = [x for x, _ in self._spectrum]
        traces = [sum((x**n for x in eigenvalues), Fraction(0)) for n in range(size)]
        weighed = [sum((w * x**n for w, x in zip(weights, eigenvalues, strict=True)), Fraction(0)) for n in range(size)]
        m = [Fraction(1)]
        powers = [[Fraction(1)]] + [
            [Fraction(0)] for _ in range(size)
        ]  # powers[n][k], the coefficient of z^{-k} in M^n
        found = [weighed[0]]
        for k in range(1, size):
            powers[0].append(Fraction(0))
            for n in range(1, k + 1):
                terms = (m[i] * powers[n - 1][k - 1 - i] for i in range(k) if k - 1 - i < len(powers[n - 1]))
                powers[n] += [Fraction(0)] * (k - len(powers[n])) + [sum(terms, Fraction(0))]
            m.append(sum((traces[n] * powers[n][k] for n in range(1, k + 1)), Fraction(0)) / self.d)
            found.append(sum((weighed[n] * powers[n][k] for n in range(k + 1)), Fraction(0)))
        return found

    def forcing(self, steps: int) -> list[Fraction]:
        """``F(r)`` for ``r < steps``."""
        return self._damped(self.moments([weight for _, weight in self._spectrum], 2 * steps), steps)

    def kernel(self, steps: int) -> list[Fraction]:
        """``K(r)`` for ``r < steps``."""
        counted = self.moments([Fraction(1)] * self.v, 2 * steps + 2)[2:]
        return [self.gamma**2 * self.batch * each for each in self._damped(counted, steps)]

    def loss(self, steps: int) -> list[Fraction]:
        """``P(r)`` for ``r < steps``, by the Volterra recursion."""
        return _recursion(self.forcing(steps), self.kernel(steps))

    def _damped(self, moments: Sequence[Fraction], steps: int) -> list[Fraction]:
        """``∫ q(x)^r dμ``."""
        step = (Fraction(1), -2 * self.gamma * self.batch, self.gamma**2 * self.batch * (self.batch + 1))
        power, found = [Fraction(1)], []
        for _ in range(steps):
            found.append(sum((c * moments[k] for k, c in enumerate(power)), Fraction(0)))
            longer = [Fraction(0)] * (len(power) + 2)
            for k, c in enumerate(power):
                for n, factor in enumerate(step):
                    longer[k + n] += c * factor
            power = longer
        return found

    # -- solutions at points z -----------------------------------------------------------------------------------------

    def followed(self, path: Sequence[Any], ctx: Any) -> list[Any]:
        """``m(z)`` along a path that begins far from the spectrum and keeps off it, in the precision of ``ctx``."""
        power = -2 * ctx.mpf(self.alpha.numerator) / self.alpha.denominator
        eigenvalues = [ctx.mpf(n) ** power for n in range(1, self.v + 1)]
        d, m, found = ctx.mpf(self.d.numerator) / self.d.denominator, ctx.mpf(1), []
        for z in path:
            for _ in range(100):
                shares = [x / (x * m - z) for x in eigenvalues]
                residual = m - 1 + m * ctx.fsum(shares) / d
                step = residual / (
                    1 - z * ctx.fsum(s / (x * m - z) for s, x in zip(shares, eigenvalues, strict=True)) / d
                )
                m -= step
                if abs(step) <= abs(m) * ctx.eps * 100:
                    break
            found.append(m)
        return found

    def at(self, z: Any, ctx: Any) -> Any:
        """``m(z)`` at one point, reached on the ray from infinity, which must not cross the spectrum."""
        return self.followed([z * ctx.mpf(2) ** (ctx.mpf(k) / 2) for k in range(16, -1, -1)], ctx)[-1]

    def curves(self, steps: int, right: float, left: float, nodes: int = 512) -> tuple[_Array, _Array]:
        """``F(r)`` and ``K(r)`` for ``r < steps`` in double precision.

        The loop in the plane of ``z`` is an ellipse from ``-left`` to ``right``, which must lie right of the spectrum.
        """
        import numpy as np

        eigenvalues = np.arange(1, self.v + 1.0) ** (-2 * float(self.alpha))
        weights = eigenvalues * np.arange(1, self.v + 1.0) ** (-2 * float(self.beta))
        turn = np.exp(2j * np.pi * (np.arange(nodes) + 0.5) / nodes)
        half, flat = (right + left) / 2, np.sqrt(left * right)
        z = (right - left) / 2 + half * turn.real + 1j * flat * turn.imag
        dz = (1j * half * turn.imag * 1j + 1j * flat * turn.real) * 2 * np.pi / nodes
        m, d = np.ones(nodes, complex), float(self.d)
        for scale in [*(1 + 2.0 ** np.arange(8, -10, -0.25)), *([1.0] * 12)]:  # at last, Newton's method in place
            here = (right - left) / 2 + (z - (right - left) / 2) * scale
            shares = eigenvalues / (m[:, None] * eigenvalues - here[:, None])
            slope = 1 - here * np.sum(shares / (m[:, None] * eigenvalues - here[:, None]), axis=1) / d
            m = m - (m - 1 + m * np.sum(shares, axis=1) / d) / slope
        resolvent = 1 / (m[:, None] * eigenvalues - z[:, None])
        gamma, batch = float(self.gamma), float(self.batch)
        rows = (
            np.stack([resolvent @ weights, gamma**2 * batch * z**2 * np.sum(resolvent, axis=1)])
            * dz
            * (-1 / (2j * np.pi))
        )
        damping = 1 - 2 * gamma * batch * z + gamma**2 * batch * (batch + 1) * z**2
        found = []
        for _ in range(steps):
            found.append(np.sum(rows, axis=1).real)
            rows = rows * damping
        forcing, kernel = np.array(found).T
        return forcing, kernel


def _recursion(forcing: Sequence[Any], kernel: Sequence[Any]) -> list[Any]:
    loss: list[Any] = []
    for r, forced in enumerate(forcing):
        loss.append(forced + sum((kernel[r - 1 - s] * loss[s] for s in range(r)), 0 * forced))
    return loss
