r"""Straight lines through the best sizes: exponents as they are measured, over all the budgets or a window of them.

``log P*`` and ``log d*`` are fitted in ``log f`` by least squares; the slopes are ``−η`` and ``ξ``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import real

if TYPE_CHECKING:
    from .table import LossTable

__all__ = ["FEWEST", "MeasuredExponents", "fitted"]

Array = npt.NDArray[np.float64]

#: Points that a line with a standard error needs, a parabola, and a minimum with its neighbours.
FEWEST = 3


class _Line(NamedTuple):
    slope: float
    constant: float
    error: float
    residuals: Array


@dataclass(frozen=True, eq=False)
class MeasuredExponents:
    r"""What :meth:`LossTable.measure` finds: ``P* ≈ C f^{-η}`` and ``d* ≈ c f^ξ`` by least squares in logarithms.

    On exact curves there is no noise: residuals and standard errors show the curvature of the frontier and the steps of the
    grid, and are no bound on the distance from the asymptotic exponents.

    Attributes
    ----------
    approach:
        1 or 2.
    eta, xi:
        The fitted slopes.
    eta_error, xi_error:
        Their standard errors, from the residuals with two degrees of freedom fewer than points.
    flops, d, loss:
        The points of the lines, one for each budget.
    loss_constant, d_constant:
        ``C`` and ``c``.
    loss_residuals, d_residuals:
        ``log P* − log(C f^{-η})`` and ``log d* − log(c f^ξ)``.
    unbracketed:
        Budgets at which the grid of ``d`` does not bracket the optimum; among the points only with ``edges="keep"``.
    asymptotic_eta, asymptotic_xi:
        The exponents of :func:`scalesym.phase`, where they are known and apply; else ``None``.
    table:
        The losses.
    """

    approach: int
    eta: float
    xi: float
    eta_error: float
    xi_error: float
    flops: Array
    d: Array
    loss: Array
    loss_constant: float
    d_constant: float
    loss_residuals: Array
    d_residuals: Array
    unbracketed: Array
    asymptotic_eta: float | None
    asymptotic_xi: float | None
    table: LossTable

    @property
    def eta_bias(self) -> float | None:
        """Measured minus asymptotic ``η``."""
        return None if self.asymptotic_eta is None else self.eta - self.asymptotic_eta

    @property
    def xi_bias(self) -> float | None:
        """Measured minus asymptotic ``ξ``."""
        return None if self.asymptotic_xi is None else self.xi - self.asymptotic_xi

    def window(self, low: object, high: object) -> MeasuredExponents:
        """The same points fitted over the budgets ``low ≤ f ≤ high`` only.

        Raises
        ------
        ParameterError
            If fewer than three points lie in the window.

        Examples
        --------
        >>> from scalesym.experiment import LossTable
        >>> f, d = np.geomspace(1e6, 1e10, 9), np.geomspace(1e3, 1e8, 11)
        >>> measured = LossTable(f, d, d[:, None] ** -0.5 + d[:, None] / f).measure()
        >>> print(f"{measured.xi:.2f}, {measured.window(1e6, 1e8).xi:.2f}")
        0.65, 0.60
        """
        ends = [float(real(end, "window", above=0, reason="budgets are positive")) for end in (low, high)]
        inside = _between(self.flops, *ends)
        if (count := int(inside.sum())) < FEWEST:
            reason = f"{count} of the points lie in the window, and a line with its error needs {FEWEST}"
            raise ParameterError("window", (low, high), reason, "use a wider window, or more budgets")
        beyond = self.unbracketed[_between(self.unbracketed, *ends)]
        return fitted(self.table, self.approach, self.flops[inside], self.d[inside], self.loss[inside], beyond)

    def windows(self, decades: object) -> tuple[MeasuredExponents, ...]:
        """One fit for every window of the given width that begins at a point and ends before the last.

        Their exponents against ``flops[0]`` show how a measurement depends on the window.

        Parameters
        ----------
        decades:
            Width of the windows, in powers of ten of ``f``.

        Raises
        ------
        ParameterError
            If no window holds three points.

        Examples
        --------
        >>> from scalesym.experiment import LossTable
        >>> f, d = np.geomspace(1e6, 1e10, 9), np.geomspace(1e3, 1e8, 41)
        >>> measured = LossTable(f, d, d[:, None] ** -0.5 + d[:, None] / f).measure(approach=2)
        >>> [f"{part.flops[0]:.0e}: {part.xi:.3f}" for part in measured.windows(3)]
        ['1e+06: 0.667', '3e+06: 0.666', '1e+07: 0.667']
        """
        width = 10.0 ** min(300.0, float(real(decades, "decades", above=0, reason="it is a width")))
        found = []
        for start in self.flops:
            high = float(start) * width
            if high > self.flops[-1] * (1 + 1e-9):
                break
            if _between(self.flops, float(start), high).sum() >= FEWEST:
                found.append(self.window(float(start), high))
        if not found:
            reason = f"no window of that width holds {FEWEST} of the points"
            raise ParameterError("decades", decades, reason, "use another width, or more budgets")
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists; the table under its own key."""

        def plain(value: Any) -> Any:
            return value.tolist() if isinstance(value, np.ndarray) else value

        found = {name: plain(value) for name, value in vars(self).items() if name != "table"}
        return found | {"table": self.table.to_dict()}


def _line(x: Array, y: Array) -> _Line:
    """Least squares, from centred sums."""
    u, w = x - x.mean(), y - y.mean()
    square = float(u @ u)
    slope = float(u @ w) / square
    residuals = w - slope * u
    error = math.sqrt(float(residuals @ residuals) / (len(x) - 2) / square)
    return _Line(slope, float(y.mean() - slope * x.mean()), error, residuals)


def fitted(
    table: LossTable, approach: int, flops: Array, d: Array, loss: Array, unbracketed: Array
) -> MeasuredExponents:
    """The lines through these points of a table."""
    size, value = _line(np.log(flops), np.log(d)), _line(np.log(flops), np.log(loss))
    eta, xi = table.asymptotic or (None, None)
    return MeasuredExponents(
        approach=approach,
        eta=-value.slope,
        xi=size.slope,
        eta_error=value.error,
        xi_error=size.error,
        flops=flops,
        d=d,
        loss=loss,
        loss_constant=math.exp(value.constant),
        d_constant=math.exp(size.constant),
        loss_residuals=value.residuals,
        d_residuals=size.residuals,
        unbracketed=unbracketed,
        asymptotic_eta=eta,
        asymptotic_xi=xi,
        table=table,
    )


def _between(flops: Array, low: float, high: float) -> npt.NDArray[np.bool_]:
    result: npt.NDArray[np.bool_] = (flops >= low * (1 - 1e-9)) & (flops <= high * (1 + 1e-9))
    return result
