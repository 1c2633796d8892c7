r"""A table of losses, and the scaling exponents that an experimenter reads off it.

A table holds the loss of every size ``d`` at every budget ``f``, from the exact equations
(:func:`scalesym.experiment.loss_table`) or from training runs. The two approaches are Chinchilla's (arXiv:2203.15556,
sections 3.1 and 3.2):

1. *the minimum over curves*: at each budget the least loss of the table, and its size;
2. *IsoFLOP*: at each budget the vertex of a parabola of ``log P`` in ``log d`` through the sizes near the least one;

then ``log P*`` and ``log d*`` are fitted by straight lines in ``log f``, whose slopes are ``−η`` and ``ξ``. This module knows
no model: what it does to a table with a planted law is tested on its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..parameters import entries, real
from .lines import FEWEST, MeasuredExponents, fitted

__all__ = ["LossTable", "Reading", "axis"]

Array = npt.NDArray[np.float64]

_ROUNDING = 1e-13  # by which losses that are equal may differ


@dataclass(frozen=True, eq=False, init=False)
class LossTable:
    """Losses of several sizes at several budgets.

    Parameters
    ----------
    flops:
        Budgets ``f``, in any order, each once.
    d:
        Sizes, likewise.
    loss:
        One row for each size and one column for each budget; ``inf`` where there is no such run. The rows and columns of
        the table are put in ascending order.
    asymptotic:
        The exponents ``(η, ξ)`` to compare with, if they are known.

    Raises
    ------
    ParameterError
        For fewer than three budgets or sizes, a number given twice, a shape that does not fit, or an entry that is not positive.

    Examples
    --------
    ``P = d^{-1/2} + d/f`` has ``η = 1/3`` and ``ξ = 2/3``:

    >>> f, d = np.geomspace(1e6, 1e10, 9), np.geomspace(1e3, 1e8, 41)
    >>> found = LossTable(f, d, d[:, None] ** -0.5 + d[:, None] / f).measure(approach=2)
    >>> print(f"{found.eta:.3f}, {found.xi:.3f}")
    0.334, 0.667
    """

    flops: Array
    d: Array
    loss: Array
    asymptotic: tuple[float, float] | None = None

    def __init__(self, flops: object, d: object, loss: object, asymptotic: tuple[float, float] | None = None) -> None:
        f, sizes = axis(flops, "flops"), axis(d, "d")
        items, shape = entries(loss if hasattr(loss, "shape") else np.asarray(loss, dtype=object), "loss")
        wanted = (len(f), len(sizes))[::-1]
        if shape != wanted:
            reason = "the table has one row for each size and one column for each budget"
            raise ParameterError("loss", shape, reason, f"give an array of shape {wanted}")
        positive = "a loss is positive"
        values = [float(real(item, "loss", above=0, reason=positive, infinite=True)) for item in items]
        for budget, column in zip(f, np.array(values).reshape(wanted).T, strict=True):
            if not np.isfinite(column).any():
                raise ParameterError("loss", "inf", f"there is no run at f = {budget:g}", "leave this budget out")
        rows, columns = np.argsort(sizes), np.argsort(f)
        table = np.array(values).reshape(wanted)[np.ix_(rows, columns)]
        for name, value in (("flops", f[columns]), ("d", sizes[rows]), ("loss", table), ("asymptotic", asymptotic)):
            object.__setattr__(self, name, value)

    def measure(self, approach: object = 1, *, reach: object = 4, edges: object = "refuse") -> MeasuredExponents:
        r"""The exponents that approach 1 or 2 reads off this table.

        .. math:: \log P^*_i \approx \log C - \eta \log f_i, \qquad \log d^*_i \approx \log c + \xi \log f_i

        Parameters
        ----------
        approach:
            1, the least loss of the grid, or 2, the vertex of a parabola of ``log P`` in ``log d``. (Chinchilla's parabola
            is of the loss itself, which has an irreducible part; here there is none.)
        reach:
            The parabola is that of least squares through the sizes within this factor of the best, and at least its two
            neighbours.
        edges:
            What to do with a budget at which the grid does not bracket the optimum, because its least loss is at an end of
            the grid, or the parabola has no minimum among its points: ``"refuse"`` it, ``"drop"`` it from the lines, or
            ``"keep"`` the best size of the grid as if it were the optimum, which biases the exponents.

        Raises
        ------
        ParameterError
            For an unknown approach, a ``reach`` that is not above 1, a budget that is refused, or fewer than three points left.

        Notes
        -----
        With approach 1 ``d*`` climbs in steps of the grid: over ``k`` of them ``ξ`` may be off by a fraction of about
        ``1/k``, ``η`` by much less. With approach 2 the skewness of the loss shifts the vertex, by the
        same factor at every budget if the grid is fine and the losses keep their shape.

        Source: arXiv:2203.15556, sections 3.1 and 3.2, where approach 1 is applied to interpolated curves.

        Examples
        --------
        >>> f, d = np.geomspace(1e6, 1e10, 9), np.geomspace(1e3, 1e6, 25)
        >>> table = LossTable(f, d, d[:, None] ** -0.5 + d[:, None] / f)
        >>> table.measure()
        Traceback (most recent call last):
        ...
        scalesym.errors.ParameterError: d = (1000.0, 1000000.0): the grid does not bracket the optimum at f = 3.16228e+09 ...
        >>> f"{table.measure(edges='drop').xi:.2f}, {table.measure(edges='keep').xi:.2f}"
        '0.67, 0.60'
        """
        how = Reading.of(approach, reach, edges)
        found = [_optimum(self.d, column, how.reach) for column in self.loss.T]
        lost = np.array([not each.bracketed for each in found])
        if lost.any() and how.edges == "refuse":
            raise self._refusal(found, lost)
        kept = np.ones_like(lost) if how.edges == "keep" else ~lost
        if (count := int(kept.sum())) < FEWEST:
            reason = f"the grid brackets the optimum at {count} of {len(lost)} budgets, and a line with its error needs {FEWEST}"
            raise ParameterError("d", _ends(self.d), reason, "use a wider grid, or other budgets")
        size, loss = (np.array([each[k] for each in found])[kept] for k in (0, 1))
        return fitted(self, how.approach, self.flops[kept], np.exp(size), np.exp(loss), self.flops[lost])

    def _refusal(self, found: list[_Optimum], lost: npt.NDArray[np.bool_]) -> ParameterError:
        first = int(np.flatnonzero(lost)[0])
        trained = np.isfinite(self.loss[:, first])
        x = found[first].x
        if x >= math.log(self.d[trained][-1]) - 1e-9 and not trained.all():
            remedy = "use larger budgets"
        else:
            middle = np.log(self.d[trained]).mean()
            remedy = f"add {'larger' if x > middle else 'smaller'} sizes"
        reason = f"the grid does not bracket the optimum at f = {self.flops[first]:g} ({int(lost.sum())} of {len(lost)} budgets)"
        return ParameterError("d", _ends(self.d), reason, f"{remedy}, or choose edges='drop'")

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists; ``None`` where there is no run."""
        rows = [[value if math.isfinite(value) else None for value in row] for row in self.loss.tolist()]
        return {"flops": self.flops.tolist(), "d": self.d.tolist(), "loss": rows}


@dataclass(frozen=True)
class Reading:
    """How a table is read: the approach, the reach of its parabola (``None`` without one), and what is done at the edges."""

    approach: int
    reach: float | None
    edges: str

    @classmethod
    def of(cls, approach: object, reach: object, edges: object) -> Reading:
        """Read and checked."""
        if str(approach) not in ("1", "2"):
            reason = "it is 1, the minimum over curves, or 2, parabolas at fixed budgets"
            raise ParameterError("approach", approach, reason, "use 1 or 2")
        if str(edges) not in ("refuse", "drop", "keep"):
            raise ParameterError("edges", edges, "there is no such choice", "use 'refuse', 'drop' or 'keep'")
        factor = float(real(reach, "reach", above=1, reason="it is the factor by which sizes may differ from the best"))
        return cls(int(str(approach)), factor if str(approach) == "2" else None, str(edges))


def axis(values: object, name: str) -> Array:
    """The numbers along one side of a table: positive, at least three, each once."""
    items, shape = entries(values, name)
    if len(shape) != 1:
        raise ParameterError(name, values, "it is one side of a table", "give a one-dimensional array, such as a grid")
    if shape[0] < FEWEST:
        raise ParameterError(name, values, f"{shape[0]} given, and a fit needs {FEWEST}", f"give at least {FEWEST}")
    result = np.array([float(real(item, name, above=0, reason="it is a positive quantity")) for item in items])
    again = np.flatnonzero(np.diff(np.sort(result)) == 0)
    if len(again):
        raise ParameterError(name, float(np.sort(result)[again[0]]), "it is given twice", "give each number once")
    return result


class _Optimum(NamedTuple):
    """``log d*`` and ``log P*``, and whether the grid shows that it is one."""

    x: float
    value: float
    bracketed: bool


def _optimum(d: Array, losses: Array, reach: float | None) -> _Optimum:
    trained = np.isfinite(losses)
    x, y = np.log(d[trained]), np.log(losses[trained])
    best = int(np.argmin(y))
    found = _Optimum(float(x[best]), float(y[best]), bool(min(y[0], y[-1]) > y[best] + _ROUNDING))
    if reach is None or not found.bracketed:
        return found
    near = np.abs(x - x[best]) <= math.log(reach) * (1 + 1e-9)
    near[best - 1 : best + 2] = True
    u = x[near] - x[best]
    scale = float(np.abs(u).max())
    constant, slope, curvature = np.linalg.lstsq(np.vander(u / scale, 3, increasing=True), y[near] - y[best])[0]
    if not curvature > 0 or not u[0] <= (vertex := -slope / (2 * curvature) * scale) <= u[-1]:
        return found._replace(bracketed=False)
    return _Optimum(found.x + float(vertex), found.value + float(constant - slope**2 / (4 * curvature)), True)


def _ends(d: Array) -> tuple[float, float]:
    return float(d[0]), float(d[-1])
