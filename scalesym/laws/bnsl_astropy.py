r"""A law with one break and without a limit as Astropy's ``SmoothlyBrokenPowerLaw1D``, and back.

.. math:: y = A\Big(\frac x{x_b}\Big)^{-\alpha_1}\Big[\frac12\Big(1+\Big(\frac x{x_b}\Big)^{1/\Delta}\Big)\Big]^{(\alpha_1-\alpha_2)\Delta},
          \qquad A = b\,d_1^{-c_0}2^{-c_1f_1}, \quad \alpha_1 = c_0, \quad \alpha_2 = c_0 + c_1, \quad x_b = d_1, \quad \Delta = f_1 .

The functions are methods of :class:`scalesym.laws.bnsl.BNSL`. Level: empirical.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..errors import ParameterError
from ..parameters import real
from ._quantities import finite

if TYPE_CHECKING:
    from .bnsl import BNSL

__all__ = ["from_astropy", "to_astropy"]


def to_astropy(law: BNSL) -> dict[str, float]:
    """The parameters of Astropy's ``SmoothlyBrokenPowerLaw1D``, for one break and ``a = 0``.

    Raises
    ------
    ParameterError
        If the law has another number of breaks, or ``a ≠ 0``, which that model lacks.
    """
    if law.n != 1:
        raise ParameterError("n", law.n, "that model has one break", "give a law with n = 1")
    if law.a:
        raise ParameterError("a", law.a, "that model has no limit", "use a = 0")
    c0, c1, d, f = (float(each) for each in (*law.c, *law.d, *law.f))
    log_amplitude = math.log(abs(float(law.b))) - c0 * math.log(d) - c1 * f * math.log(2)
    amplitude = float(finite(math.copysign(_exp(log_amplitude), law.b), "amplitude"))
    return {"amplitude": amplitude, "x_break": d, "alpha_1": c0, "alpha_2": c0 + c1, "delta": f}


def from_astropy(
    kind: type[BNSL], amplitude: object, x_break: object, alpha_1: object, alpha_2: object, delta: object
) -> BNSL:
    """The law with the parameters of Astropy's ``SmoothlyBrokenPowerLaw1D``.

    Raises
    ------
    ParameterError
        If ``x_break`` or ``delta`` is not positive, ``amplitude`` is 0, or the law leaves the range of double precision.

    Examples
    --------
    >>> from scalesym.laws import BNSL
    >>> law = BNSL.from_astropy(amplitude=2, x_break=10, alpha_1=0.5, alpha_2=1.5, delta=0.1)
    >>> print(f"{law(10):.12f}")
    2.000000000000
    """
    given = {"amplitude": amplitude, "alpha_1": alpha_1, "alpha_2": alpha_2}
    size, first, last = (float(real(value, name)) for name, value in given.items())
    d, f = (float(real(value, name, above=0)) for name, value in {"x_break": x_break, "delta": delta}.items())
    log_factor = first * math.log(d) + (last - first) * f * math.log(2)
    return kind(0, finite(size * _exp(log_factor), "b"), (first, last - first), (d,), (f,))


def _exp(logarithm: float) -> float:
    """Infinite where it exceeds the range of double precision, which :func:`finite` refuses."""
    return math.exp(logarithm) if logarithm < 709.7 else math.inf
