"""What the solver can represent, said before any work.

The theory allows more than double precision holds. These are the limits within which every number that is returned is
right; the tests draw from all of the domain.
"""

from __future__ import annotations

import math
from fractions import Fraction

from .errors import ParameterError, decimal_text
from .parameters import Exact
from .spectrum import LARGEST_SIZE, LEAST_SCALE, Measured, PowerLaw, head_length

__all__ = ["require"]

_LARGEST_SPAN, _WIDEST = 1e30, 1e3  # v, and beyond it v/d
_LEAST_ALPHA, _LARGEST_BETA = Fraction(1, 1000), 1000
_LEAST_GAP = Fraction(1, 10**12)  # of 1 − d/v
_LEAST_GAMMA, _LARGEST_NOISE = 1e-140, 1e200
_EXTENT = {"eigenvalues": 1e30, "target": 1e100}  # of what is measured, and of its inverse


def require(spectrum: PowerLaw | Measured, d: Exact, gamma: Exact | str, noise: Exact) -> None:
    """Refuse what lies in the domain of the theory but not in that of the solver.

    Raises
    ------
    ParameterError
        With the limit that is broken.
    """
    if isinstance(spectrum, PowerLaw):
        _require_exponents(spectrum)
    else:
        _require_extent(spectrum)
    v = spectrum.v if isinstance(spectrum, PowerLaw) else Fraction(len(spectrum.eigenvalues))
    if v < 2:
        raise ParameterError("v", v, "there must be room for 1 <= d < v", "use v >= 2")
    if float(v) > LARGEST_SIZE and not math.isinf(v):
        raise ParameterError("v", v, "larger sizes are not resolved in double precision", f"use v <= {LARGEST_SIZE:g}")
    if not math.isinf(v) and float(v) > max(_LARGEST_SPAN, _WIDEST * float(d)):
        reason = "so many more features than parameters are not resolved in double precision"
        remedy = (
            f"use v <= {max(_LARGEST_SPAN, _WIDEST * float(d)):g}, the larger of {_LARGEST_SPAN:g} and {_WIDEST:g} d"
        )
        raise ParameterError("v", v, reason, remedy)
    if not d < v:
        reason = f"it is not below v = {_text(v)}, so the features span the whole space"
        raise ParameterError("d", d, reason, f"use 1 <= d < {_text(v)}")
    if d < 1:
        raise ParameterError("d", d, "it counts parameters", "use d >= 1")
    if float(d) > LARGEST_SIZE:
        raise ParameterError("d", d, "larger sizes are not resolved in double precision", f"use d <= {LARGEST_SIZE:g}")
    if not math.isinf(v) and Fraction(d) > Fraction(v) * (1 - _LEAST_GAP):
        largest = decimal_text(Fraction(v) * (1 - _LEAST_GAP), 15)
        raise ParameterError("d", d, f"it is too near to v = {_text(v)} to be told from it", f"use d <= {largest}")
    if isinstance(spectrum, PowerLaw):
        _require_scale(spectrum, d)
    if not isinstance(gamma, str) and gamma < _LEAST_GAMMA:
        raise ParameterError("gamma", gamma, "its square leaves double precision", f"use gamma >= {_LEAST_GAMMA:g}")
    if noise > _LARGEST_NOISE:
        reason = "the loss would leave the range of double precision"
        raise ParameterError("noise_variance", noise, reason, f"use noise_variance <= {_LARGEST_NOISE:g}")


def _require_exponents(law: PowerLaw) -> None:
    if Fraction(law.alpha) < _LEAST_ALPHA:
        reason = "the spectrum is flat to the solver, which works with powers 1/(2 alpha)"
        raise ParameterError("alpha", law.alpha, reason, "use alpha >= 0.001, or from_spectrum with equal eigenvalues")
    if abs(Fraction(law.beta)) > _LARGEST_BETA:
        raise ParameterError("beta", law.beta, "the target is its first coordinate alone", "use |beta| <= 1000")


def _require_scale(law: PowerLaw, d: Exact) -> None:
    """``λ_j`` at ``j = d + 1`` far above the smallest double; a real ``v`` far enough from ``d``."""
    place = math.ceil(Fraction(d)) + 1
    largest = -LEAST_SCALE / (2 * math.log10(place))
    if float(law.alpha) > largest:
        reason = f"the eigenvalue j^(-2 alpha) at j = d + 1 is below 1e{LEAST_SCALE}"
        remedy = f"use alpha <= {decimal_text(Fraction(largest), 6)}, or a smaller d"
        raise ParameterError("alpha", law.alpha, reason, remedy)
    if math.isinf(law.v) or law.v == int(law.v) or law.v > 8 * head_length(float(law.alpha)):
        return
    v = Fraction(law.v)
    most = min(v * 4 / 5, v - 1)
    if d > most:
        reason = "the continuation of sums over j <= v to a small v that is no integer is not unique so near to d"
        remedy = "use an integer v" if most < 1 else f"use an integer v, or d <= {decimal_text(most, 6)}"
        raise ParameterError("v", law.v, reason, remedy)


def _require_extent(spectrum: Measured) -> None:
    rows: dict[str, tuple[Exact, ...]] = {"eigenvalues": spectrum.eigenvalues, "target": spectrum.target}
    for name, values in rows.items():
        extent = _EXTENT[name]
        for i, x in enumerate(values):
            if x and not 1 / extent <= abs(float(x)) <= extent:
                reason = "the solver would leave the range of double precision"
                raise ParameterError(f"{name}[{i}]", x, reason, f"keep them between {1 / extent:g} and {extent:g}")


def _text(value: Exact) -> str:
    text = "inf" if math.isinf(value) else str(value)
    return text if len(text) <= 40 else decimal_text(Fraction(value), 15)
