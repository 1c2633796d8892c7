"""Two powers under a budget, by :mod:`scalesym.powerlaw`: the closed form behind the allocations of Kaplan and Henighan."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import ParameterError
from ..powerlaw import Law, Term, constants

__all__ = ["Tradeoff", "tradeoff"]


class Tradeoff(NamedTuple):
    """The best size ``size · c^xi``, and the least value ``value · c^{-eta}``."""

    size: Any
    value: Any
    xi: Any
    eta: Any


def tradeoff(a: Any, b: Any) -> Tradeoff:
    """Where ``n^{-a} + d^{-b}`` is least at ``c = n d``: numbers or SymPy expressions, both positive.

    Raises
    ------
    ParameterError
        If a factor leaves the range of double precision.

    Examples
    --------
    >>> tradeoff(1, 1)
    Tradeoff(size=1.0, value=2.0, xi=Fraction(1, 2), eta=Fraction(1, 2))
    """
    law = Law((Term("size", 0, a), Term("data", b, 0)))
    try:
        size, value = constants(law, ("data", "size"))
    except (OverflowError, ZeroDivisionError):
        reason = "their optimum leaves the range of double precision"
        raise ParameterError("exponents", (a, b), reason, "use exponents nearer to 1") from None
    falling, rising = law["size"], law["data"]
    xi = (law.intercept(falling) - law.intercept(rising)) / (law.slope(rising) - law.slope(falling))
    return Tradeoff(size, value, xi, -(law.intercept(rising) + law.slope(rising) * xi))
