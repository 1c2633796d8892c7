r"""The compute-optimal frontier of the exact equations, at any budget.

The exponents of the phases are statements about ``f → ∞``. Here the loss ``P(r, d)`` of the deterministic equivalent itself is
minimised over ``d`` at a budget ``f = rBd`` that may be 10⁶ or 10¹⁰⁰, with ``v/d``, the learning-rate rule and the batch fixed,
and the local exponents are exact derivatives,

.. math:: \eta = -\frac{d \log P^*}{d \log f}, \qquad \xi = \frac{d \log d^*}{d \log f}.

So every exponent can be seen, and where its asymptotic regime begins.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from .equivalent.frontier import Family, Minimum, Search, minima
from .equivalent.pieces import Pieces
from .equivalent.precise_frontier import precise_minima
from .equivalent.shares import active, sizes
from .errors import AccuracyWarning, ParameterError
from .model import PLRF
from .parameters import Exact, batch_size, digits_count, entries, real
from .precision import arb_of, flint_digits, to_mpf
from .progress import progress_bar

__all__ = ["Frontier", "LocalMinimum", "frontier"]

_LEAST_RATIO = Fraction(5, 4)
_NUDGE = 1e-3  # in log d, to see which way a piece moves


@dataclass(frozen=True)
class LocalMinimum:
    """A local minimum of the loss at a budget, in ``d``.

    ``eta`` and ``xi`` are the exponents along the branch of minima that it belongs to. With ``digits`` all are mpmath numbers.
    """

    d: Any
    loss: Any
    eta: Any
    xi: Any


@dataclass(frozen=True, eq=False)
class Frontier:
    """What :func:`frontier` finds; every field but the last two has the shape of ``flops``.

    With ``digits`` the numbers but ``pieces`` and ``shares`` are mpmath numbers, or for several budgets flat lists of them.

    Attributes
    ----------
    flops:
        The budgets ``f = rBd``.
    d, steps, loss:
        The best parameter count, its time ``r = f/(Bd)`` (both real numbers), and the loss.
    eta, xi:
        Local exponents, ``P* ~ f^{-eta}`` and ``d* ~ f^{xi}`` at this budget.
    pieces:
        ``F_pp``, ``F_ac``, ``F_0`` and ``K_pp/(γB)`` at the optimum, at the level of the continuum; for ``α ≤ 1/4`` the last is
        the kernel function over ``γB``.
    shares:
        The same, each over their sum.
    active:
        Names of the two pieces that trade off, the one that grows with ``d`` first; a tuple of pairs for several budgets.
    minima:
        All local minima in ascending ``d``; a tuple of tuples for several budgets.
    """

    flops: Any
    d: Any
    steps: Any
    loss: Any
    eta: Any
    xi: Any
    pieces: Pieces
    shares: Pieces
    active: Any
    minima: Any

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text, one list for each field; mpmath numbers become text with all their digits."""
        found: dict[str, Any] = {name: _plain(getattr(self, name)) for name in _NUMBERS}
        for name in ("pieces", "shares"):
            found[name] = {key: _plain(value) for key, value in getattr(self, name)._asdict().items()}
        if self._several:
            found["active"] = [list(pair) for pair in self.active]
            found["minima"] = [[_record(m) for m in one] for one in self.minima]
        else:
            found["active"], found["minima"] = list(self.active), [_record(m) for m in self.minima]
        return found

    @property
    def _several(self) -> bool:
        return isinstance(self.flops, np.ndarray | list)

    def to_pandas(self) -> Any:
        """A data frame with one row for each budget; needs pandas."""
        try:
            import pandas
        except ImportError:
            raise ParameterError(
                "to_pandas", "pandas", "it is not installed", 'use pip install "scalesym[pandas]", or to_dict()'
            ) from None
        columns = {name: np.ravel(getattr(self, name)) for name in _NUMBERS}
        for key, value in self.shares._asdict().items():
            columns[f"share_{key}"] = np.ravel(value)
        pairs = self.active if self._several else (self.active,)
        several = self.minima if self._several else (self.minima,)
        return pandas.DataFrame(
            columns | {"active": ["=".join(pair) for pair in pairs], "minima": [len(one) for one in several]}
        )


_NUMBERS = ("flops", "d", "steps", "loss", "eta", "xi")


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, float) else str(value)


def _record(minimum: LocalMinimum) -> dict[str, Any]:
    return {each.name: _plain(getattr(minimum, each.name)) for each in fields(minimum)}


def frontier(
    alpha: object,
    beta: object,
    flops: object,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
    digits: int | None = None,
) -> Frontier:
    r"""The least loss ``P*(f) = min_d P(f/(Bd), d)`` and where it lies; level: deterministic equivalent.

    ``d`` and ``r`` are real: sums over ``j ≤ v`` are continued in ``v = (v/d)·d``, and ``P(r)`` is the contour integral of
    :meth:`PLRF.loss`, which is analytic in ``r``. The exponents are exact derivatives of it, not differences,

    .. math:: \eta = -\partial_{\log r}\log P, \qquad
              \xi = \frac{(\partial_\rho^2 - \partial_x\partial_\rho)\log P}{(\partial_x - \partial_\rho)^2\log P},
              \qquad x = \log d,\ \rho = \log r.

    Parameters
    ----------
    alpha, beta:
        As for :class:`PLRF`.
    flops:
        A budget ``f = rBd``, or an array of them, as far as the best ``d`` stays in the solver's domain: ``v ≤ 1e100``,
        ``d^{-2α} ≥ 1e-125``; that is up to 1e100 and more for ``α ≤ 1``.
    v_over_d:
        ``v/d ≥ 5/4``, or ``"inf"`` if ``2α > 1``.
    gamma:
        ``"half-critical"``, ``"trace:1/2"`` or a number, as for :class:`PLRF`; the rules follow ``d``.
    batch:
        Batch size.
    digits:
        ``None`` for double precision, or decimal digits: ``flops``, ``d``, ``steps``, ``loss``, ``eta``, ``xi`` and the minima
        become mpmath numbers, by differences in ``d`` whose error is below the last digit.

    Raises
    ------
    ParameterError
        Outside the domain, or if the loss has no minimum between ``d = 1`` and ``r = 1`` (the budget is too small).
    StabilityError
        If a number for ``gamma`` is unstable at the largest ``d`` of the range.

    Notes
    -----
    One budget takes 0.5 to 5 seconds from 1e6 to 1e100; many take a fraction of a second each, because they share their contours.
    In double precision ``d``, the loss and ``eta`` are right to 1e-11, ``xi`` to about 1e-8.
    With 20 digits each takes about ten seconds at ``d ~ 1e4`` and minutes at 1e30; twice the digits take five times as long.
    Minima that compete are told apart from a factor ``e^{0.4}`` in ``d`` on; one far above the least and narrow may be missed.
    With ``v`` near ``d`` there are often two, and the least jumps from one to the other at some budget. For ``α ≳ 6`` single
    eigenvalues are learned one by one, minima are many and exponents oscillate. Only minima inside the range count; if the
    loss is lower at an end of it, an :class:`~scalesym.errors.AccuracyWarning` says so.

    Source: the paper's definition of the compute-optimal frontier, section 1; the exact frontier is computed here.

    Examples
    --------
    Phase II, whose exponents are 12/17 = 0.70588… and 7/17 = 0.41176…:

    >>> found = frontier(1, "7/10", 1e12)
    >>> round(found.eta, 5), round(found.xi, 5)
    (0.70564, 0.40866)
    >>> found.active
    ('F_pp', 'F_ac')
    """
    ratio = real(v_over_d, "v_over_d", above=1, reason="v must exceed d", infinite=True)
    if ratio < _LEAST_RATIO:
        reason = "so near to d the continuation of sums over j <= v to real v is not unique at small d"
        raise ParameterError("v_over_d", v_over_d, reason, f"use v_over_d >= {float(_LEAST_RATIO)}")
    model = PLRF(alpha, beta, 64, "inf" if math.isinf(ratio) else 64 * Fraction(ratio), gamma, batch)
    wanted = digits_count(digits)
    items, shape = entries(flops, "flops")
    budgets = [real(item, "flops", above=0, reason="it counts floating-point operations") for item in items]
    assert model.alpha is not None
    assert model.beta is not None
    family = Family(model.alpha, model.beta, ratio, model.gamma, batch_size(batch))
    for budget in budgets:
        if budget < _least(family):
            reason = "there is no room for both d > 1 and r > 1"
            raise ParameterError("flops", budget, reason, f"use flops >= {_least(family):g}")
    logs = np.array([math.log(budget) for budget in budgets])
    with progress_bar("frontier") as progress:
        searches = minima(family, logs, progress) if budgets else []
    for budget, search in zip(budgets, searches, strict=True):
        _require_minimum(budget, search)
    found = [search.minima for search in searches]
    rows = [
        _row(family, *each) for each in zip(budgets, logs, found, _local(family, budgets, found, wanted), strict=True)
    ]
    return _collected(rows, shape, wanted)


def _require_minimum(budget: Exact, search: Search) -> None:
    """Refuse a budget without one; warn if the loss is lower at an end of the range, where ``v ∝ d`` is a small model's target."""
    (_, low), (last, high) = search.ends
    if not search.minima:
        if low <= high:
            reason, remedy = "the loss only grows with d, from d = 1 on", "use a larger budget"
        else:
            reason = f"the loss still falls at d = {math.exp(last):.3g}, beyond which v > 1e100, d^(-2 alpha) < 1e-125, or r < 1"
            remedy = "use a smaller budget"
        raise ParameterError("flops", float(budget), reason, remedy)
    least = min(each.value for each in search.minima)
    place, end = min(search.ends, key=lambda each: each[1])
    if end < least:
        warnings.warn(
            f"at {float(budget):g} FLOPs the loss is lower at the end of the range, {math.exp(end):.4g} at d = {math.exp(place):.4g}, than"
            f" at its minima, {math.exp(least):.4g}; they are the frontier of larger budgets",
            AccuracyWarning,
            stacklevel=3,
        )


def _least(family: Family) -> float:
    return 100.0 * family.batch


@dataclass(frozen=True)
class _Row:
    best: LocalMinimum
    flops: Exact
    steps: Any
    pieces: Pieces
    active: tuple[str, str]
    minima: tuple[LocalMinimum, ...]


def _local(
    family: Family, budgets: list[Exact], found: list[list[Minimum]], digits: int | None
) -> list[list[tuple[LocalMinimum, Any]]]:
    """The minima at each budget, and their times, in double precision or as mpmath numbers."""
    every = [(budget, m) for budget, several in zip(budgets, found, strict=True) for m in several]
    rows: Iterator[tuple[LocalMinimum, Any]]
    if digits is None:
        local = (LocalMinimum(math.exp(m.x), math.exp(m.value), m.eta, m.xi) for _, m in every)
        rows = zip(local, (math.exp(math.log(f) - m.x) / family.batch for f, m in every), strict=True)
    else:
        exact = precise_minima(family, [(budget, m.x) for budget, m in every], digits)
        rows = ((LocalMinimum(m.d, m.loss, m.eta, m.xi), m.steps) for m in exact)
    return [[next(rows) for _ in several] for several in found]


def _row(
    family: Family, budget: Exact, y: float, several: list[Minimum], local: list[tuple[LocalMinimum, Any]]
) -> _Row:
    (chosen, steps), best = min(zip(local, several, strict=True), key=lambda each: each[0][0].loss)

    def at(x: float) -> Pieces:
        return sizes(family.at(x), math.exp(y - x) / family.batch)

    here = at(best.x)
    pair = active(here, at(best.x + _NUDGE), family.alpha)
    return _Row(chosen, budget, steps, here, pair, tuple(each for each, _ in local))


def _collected(rows: list[_Row], shape: tuple[int, ...], digits: int | None) -> Frontier:
    def shaped(values: list[Any], digits: int | None = digits) -> Any:
        if digits is not None:
            return values if shape else values[0]
        if not shape:
            return float(values[0])
        result: npt.NDArray[np.float64] = np.array(values, dtype=float).reshape(shape)
        return result

    def pieces(of: Any) -> Pieces:
        return Pieces(*(shaped([of(row)[k] for row in rows], None) for k in range(4)))

    return Frontier(
        flops=shaped([_number(row.flops, digits) for row in rows]),
        d=shaped([row.best.d for row in rows]),
        steps=shaped([row.steps for row in rows]),
        loss=shaped([row.best.loss for row in rows]),
        eta=shaped([row.best.eta for row in rows]),
        xi=shaped([row.best.xi for row in rows]),
        pieces=pieces(lambda row: row.pieces),
        shares=pieces(lambda row: [x / sum(row.pieces) for x in row.pieces]),
        active=tuple(row.active for row in rows) if shape else rows[0].active,
        minima=tuple(row.minima for row in rows) if shape else rows[0].minima,
    )


def _number(value: Exact, digits: int | None) -> Any:
    if digits is None:
        return float(value)
    with flint_digits(digits + 5):
        return to_mpf(arb_of(value), digits)
