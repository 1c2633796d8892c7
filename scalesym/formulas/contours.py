r"""Contour integrals as SymPy expressions: around everything, and around the negative axis.

Both bind their variable and stay unevaluated. Values come from the trapezoidal rule, which converges geometrically on
either contour (:mod:`scalesym.formulas.evaluation`).

Importing this module loads SymPy.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

__all__ = ["Hankel", "Loop"]


class _Contour(sp.Expr):  # type: ignore[misc]  # SymPy ships no types
    """An integrand, its variable, and what places the contour."""

    @property
    def integrand(self) -> Any:
        return self.args[0]

    @property
    def variable(self) -> Any:
        return self.args[1]

    @property
    def bound_symbols(self) -> list[Any]:
        return [self.variable]

    @property
    def free_symbols(self) -> set[Any]:
        inside: set[Any] = self.integrand.free_symbols - {self.variable}
        return inside.union(*(part.free_symbols for part in self.args[2:]))

    def _eval_subs(self, old: Any, new: Any) -> Any:
        """Free letters only."""
        return self if old == self.variable else None


class Loop(_Contour):
    r"""``(1/2πi)∮ f(ζ) dζ`` counterclockwise over the circle of the given radius around 0.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import alpha, zeta
    >>> Loop(alpha / zeta, zeta, 2).free_symbols
    {alpha}
    """

    def __new__(cls, integrand: Any, variable: Any, radius: Any) -> Any:
        return sp.Expr.__new__(cls, sp.sympify(integrand), variable, sp.sympify(radius))


class Hankel(_Contour):
    r"""``(1/2πi)∫ f(ζ) dζ`` from ``-∞`` below the negative axis to ``-∞`` above it, across the axis right of ``vertex``.

    The integrand must decay like ``e^{ζt}`` on the left, ``t`` being the *time*; its singularities lie on the real axis,
    left of the vertex.

    Examples
    --------
    >>> from scalesym.formulas.alphabet import t, zeta
    >>> Hankel(sp.exp(zeta * t) / zeta, zeta, 0, t).free_symbols
    {t}
    """

    def __new__(cls, integrand: Any, variable: Any, vertex: Any, time: Any) -> Any:
        return sp.Expr.__new__(cls, sp.sympify(integrand), variable, sp.sympify(vertex), sp.sympify(time))
