r"""The fixed point of the deterministic equivalent at finite ``d`` and ``v``, in balls, with its branch proven.

With ``D_1(ζ) = Σ λ/(λ+ζ)`` everything is explicit in ``ζ = −z/m``:

.. math:: m = 1 - D_1(\zeta)/d, \qquad z(\zeta) = -\zeta + \zeta D_1(\zeta)/d, \qquad
          -z'(\zeta) = 1 - E(\zeta)/d, \quad E(\zeta) = \sum_j \frac{\lambda_j^2}{(\lambda_j+\zeta)^2} .

**Which root.** For ``Im ζ < 0``, ``Im z = −Im ζ (1 − Σ λ²/|λ+ζ|²/d)``. If ``ζ_1, ζ_2`` solve ``z(ζ) = z`` then
``(ζ_1−ζ_2)(1 − Σ λ²/((λ+ζ_1)(λ+ζ_2))/d) = 0``. Call ``ζ`` *admissible* if ``Im ζ ≤ 0`` and ``Σ λ²/|λ+ζ|² ≤ d``, with
strict inequality if ``ζ`` is real. By Cauchy and Schwarz two admissible roots of one ``z`` coincide: the second factor
vanishes only if both sums are ``d`` and ``λ/(λ+ζ_1)`` is the conjugate of ``λ/(λ+ζ_2)`` for every ``λ``, that is
``ζ_2 = conj ζ_1``, both real, where the inequality is strict. Hence

* for ``Im z > 0`` a root with ``Im ζ < 0`` is *the* physical one: it is admissible because ``Im z > 0``, and so is the
  branch ``m → 1``, which has ``ζ ~ −z`` at infinity and cannot cross the real axis, where ``z`` would be real;
* for real ``z`` a root with ``Im ζ < 0``, or a real one with ``E(ζ) < d``, is the limit ``z + i0``: there ``z'(ζ) ≠ 0``
  by the same inequality, so near ``ζ`` the equation has a root for ``z + iε`` too, and it has ``Im ζ < 0``. This covers
  ``z < 0``, the gaps, ``z > λ_max`` and the inside of the bulk; only the edges, where ``z'(ζ) = 0``, are not resolved.

**Edges.** ``E`` decreases from ``v`` to 0 on ``(0, ∞)`` and from ``∞`` to 0 as ``ζ`` goes from ``−λ_1`` to ``−∞``. So
``E = d`` has one root on either side, ``z`` has its maximum over ``(−λ_v, ∞)`` at the right one, which is ``λ_min``, and
its minimum over ``(−∞, −λ_1)`` at the left one, ``λ_max``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import ParameterError
from ..precision import arb_of
from .roots import Pair, approximate_root, falling_root, newton_root
from .sums import PowerSums

__all__ = ["FixedPoint"]


@dataclass(frozen=True)
class FixedPoint:
    """The fixed point for ``d`` parameters; balls in python-flint's current precision.

    Parameters
    ----------
    sums:
        The spectrum's sums.
    d:
        Parameter count, rational, ``0 < d < v``.

    Raises
    ------
    ParameterError
        If ``d`` is not positive or not below ``v``.

    Examples
    --------
    >>> point = FixedPoint(PowerSums(Fraction(2), Fraction(17, 5), 60), Fraction(20))
    >>> point.forcing_limit()
    [0.00915136219033... +/- ...]
    """

    sums: PowerSums
    d: Fraction

    def __post_init__(self) -> None:
        if not self.d > 0:
            raise ParameterError("d", self.d, "the parameter count must be positive", "use d > 0")
        if self.sums.v is not None and self.sums.v <= self.d:
            raise ParameterError("v", self.sums.v, "the latent dimension must exceed d", "use v > d")

    def zeta0(self) -> Any:
        """``ζ₀ > 0`` with ``D_1(ζ₀) = d``, by its change of sign (``D_1`` decreases)."""
        return _zeta0(self, _bits())

    def kappa(self) -> Any:
        """``1/(ζ₀ d^{2α})``."""
        return 1 / (self.zeta0() * arb_of(self.d) ** arb_of(self.sums.p))

    def forcing_limit(self) -> Any:
        """``F_0 = ζ₀ N(ζ₀)``."""
        zeta0 = self.zeta0()
        return zeta0 * self.sums.targets(zeta0)

    def critical_points(self) -> tuple[Any, Any]:
        """Where ``E = d``: right of 0, whose image is ``λ_min``, and left of −1, whose image is ``λ_max``."""
        return _critical_points(self, _bits())

    def edges(self) -> tuple[Any, Any]:
        """``λ_min`` (left edge of the spectrum above 0) and ``λ_max``."""
        right, left = self.critical_points()
        return self.z(right), self.z(left)

    def z(self, zeta: Any) -> Any:
        """``z = −ζ m(ζ)``."""
        return zeta * (self.sums.d1(zeta) / arb_of(self.d) - 1)

    def excess(self, zeta: Any) -> Any:
        """``E(ζ) − d``, negative where a real ``ζ`` is admissible."""
        d1, slope = self.sums.slopes(zeta)
        return d1 + zeta * slope - arb_of(self.d)

    def m(self, z: Any) -> Any:
        """``m(z) = −z/ζ(z)`` on the physical branch; its limit ``z + i0`` for real ``z`` inside the spectrum."""
        return -z / self.zeta(z)

    def zeta(self, z: Any, near: Any = None) -> Any:
        """``ζ = −z/m(z)`` on the physical branch.

        Parameters
        ----------
        z:
            Real (then inside the spectrum the limit ``z + i0`` is meant and the result is complex), or complex with an
            imaginary part of proven sign; a narrow ball.
        near:
            An approximation of the result, which saves the continuation from infinity.

        Returns
        -------
        arb or acb
            Not finite if the root, or its branch, is not proven at the present precision.
        """
        from flint import acb, arb

        if isinstance(z, arb):
            return self._on_axis(z, near)
        if z.imag.is_zero():
            return acb(self._on_axis(z.real, near))
        if z.imag > 0:
            return self._above(z, near)
        if z.imag < 0:
            return self._above(z.conjugate(), None if near is None else near.conjugate()).conjugate()
        return z * arb.nan()

    def _equation(self, z: Any) -> Pair:
        d = arb_of(self.d)

        def residual(zeta: Any) -> tuple[Any, Any]:
            d1, slope = self.sums.slopes(zeta)
            return zeta * (d1 / d - 1) - z, (d1 + zeta * slope) / d - 1

        return residual

    def _above(self, z: Any, near: Any) -> Any:
        """The root with ``Im ζ < 0`` for ``Im z > 0``, or for real ``z`` if there is one."""
        from flint import arb

        equation = self._equation(z)
        for start in self._starts(z) if near is None else (near,):
            root = newton_root(equation, start, 30)
            if root.is_finite() and root.imag < 0:
                return root
        return z * arb.nan() if near is None else self._above(z, None)

    def _on_axis(self, z: Any, near: Any) -> Any:
        from flint import acb, arb

        if z.is_zero():
            return self.zeta0()
        equation = self._equation(z)
        for start in self._starts(acb(z)) if near is None else (acb(near),):
            if start.imag < 0:
                root = newton_root(equation, start, 30)
                if root.is_finite() and root.imag < 0:
                    return root
            root = newton_root(equation, start.real, 30)
            if root.is_finite() and self.excess(root) < 0:
                return root
        return arb.nan() if near is None else self._on_axis(z, None)

    def _starts(self, z: Any) -> Any:
        """Approximations of the physical root at ``z + ih`` for falling ``h``, on the way from infinity; unproven."""
        from flint import acb, arb

        centre = z.mid()
        height = 4 * (1 + centre.abs_upper().mid())
        least, factor = height * arb(2) ** (-4 * _bits()), arb(0.25)
        zeta = -(centre + acb(0, height))
        while height > least:
            found = approximate_root(self._equation(centre + acb(0, height)), zeta, 12)
            if found.is_finite() and found.imag < 0:
                zeta = found
                yield zeta
                factor = arb(0.25)
            elif factor > 0.95:
                return
            else:
                height, factor = height / factor, factor.sqrt().mid()
            height = (height * factor).mid()


@lru_cache(maxsize=64)
def _zeta0(point: FixedPoint, bits: int) -> Any:
    d = arb_of(point.d)

    def rest(zeta: Any) -> tuple[Any, Any]:
        d1, slope = point.sums.slopes(zeta)
        return d1 - d, slope

    return falling_root(rest, d ** arb_of(-point.sums.p))


@lru_cache(maxsize=64)
def _critical_points(point: FixedPoint, bits: int) -> tuple[Any, Any]:
    d = arb_of(point.d)

    def rest(zeta: Any) -> tuple[Any, Any]:
        d1, slope = point.sums.slopes(zeta)
        return d1 + zeta * slope - d, 2 * slope + zeta * point.sums.second(zeta)

    def mirrored(distance: Any) -> tuple[Any, Any]:
        value, slope = rest(-1 - distance)
        return value, -slope

    right = falling_root(rest, d ** arb_of(-point.sums.p))
    return right, -1 - falling_root(mirrored, 1 / d.sqrt())


def _bits() -> int:
    from flint import ctx

    return int(ctx.prec)
