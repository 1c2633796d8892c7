"""The model with exact rational arithmetic: polynomials in ζ with integer coefficients, for finite v and integer exponents."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scalesym.precision import flint_digits


class RationalModel:
    """``Q = Π(1+ζj^p)``, so ``D_1 = v − ζQ'/Q`` and ``z = ζ(D_1/d − 1) = A/(dQ)`` with ``A = ζ((v−d)Q − ζQ')``."""

    def __init__(self, p: int, q: int, v: int, d: int) -> None:
        from flint import fmpz_poly

        self.p, self.q, self.v, self.d = p, q, v, d
        self.product, self.zeta = fmpz_poly([1]), fmpz_poly([0, 1])
        for j in range(1, v + 1):
            self.product *= fmpz_poly([1, j**p])
        self.image = self.zeta * ((v - d) * self.product - self.zeta * self.product.derivative())

    def d1_equals(self, value: int) -> list[Any]:
        """All roots of ``D_1 = value``, isolated in balls."""
        return roots((self.v - value) * self.product - self.zeta * self.product.derivative())

    def critical_points(self) -> list[Any]:
        """All roots of ``z' = 0``."""
        return roots(self.image.derivative() * self.product - self.image * self.product.derivative())

    def preimages(self, z: tuple[Fraction, Fraction]) -> list[Any]:
        """All roots of ``z(ζ) = z`` for a complex rational ``z``."""
        from flint import acb, acb_poly, arb, fmpq, fmpq_poly

        if not z[1]:
            scale = z[0].denominator
            return roots(scale * self.image - self.d * z[0].numerator * self.product)
        with flint_digits(120):  # the coefficients are balls, and the roots lose digits
            parts = [arb(fmpq(x.numerator, x.denominator)) for x in z]
            image, product = acb_poly(fmpq_poly(self.image)), acb_poly(fmpq_poly(self.product))
            return list((image - self.d * acb(*parts) * product).roots(tol=1e-30))

    def z(self, zeta: Any) -> Any:
        """``A/(dQ)`` in balls."""
        return self.image(zeta) / (self.d * self.product(zeta))

    def d1(self, zeta: Any) -> Any:
        """``v − ζQ'/Q`` in balls."""
        return self.v - zeta * self.product.derivative()(zeta) / self.product(zeta)

    def forcing(self, zeta: Fraction) -> Fraction:
        """``Σ j^{-q} ζ/(λ+ζ)`` exactly; it rises with ``ζ``."""
        return sum((zeta / (j**self.q * (Fraction(1, j**self.p) + zeta)) for j in range(1, self.v + 1)), Fraction(0))


def roots(polynomial: Any) -> list[Any]:
    """The distinct complex roots of an integer polynomial, isolated in balls."""
    return [root for root, _ in polynomial.complex_roots()]


def real(balls: list[Any]) -> list[Any]:
    """The real ones among isolated roots of a real polynomial, rising: those whose ball meets the axis alone."""
    on_axis = [root.real for root in balls if root.imag.contains(0)]
    return sorted(on_axis, key=lambda x: float(x.mid()))
