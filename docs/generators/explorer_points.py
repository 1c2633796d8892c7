r"""What the explorer draws at one ``(α, β)``: exact loss curves, and the exact compute-optimal frontier.

Level: deterministic equivalent, at ``v = 10d``, half of the critical learning rate and ``B = 1``; ``d`` and ``r = f/d`` are real.

Minimising at each of many budgets would cost one search each. Instead a size is fixed, and the budget is sought *at which it
is the best one*: with ``x = log d``, ``y = log f``, ``ρ = y − x`` and ``φ(x; y) = log P(e^{y−x}, e^x)``, that is a zero of

.. math:: \partial_x\varphi = \partial_x \log P - \partial_\rho \log P

in ``ρ`` alone, and one contour has all ``ρ``. There the exponents are exact, ``dx/dy = ξ`` and ``d log P*/dy = −η``, and so is
``d² log P*/dy² = ∂²_ρ log P + ξ ∂_y∂_xφ``. A size for each decade of the budget or so, and osculating polynomials between them, give
the whole frontier; at small budgets, where single modes are learned one by one, Newton's method follows. The losses of all those sizes
at all budgets are at hand too: none may be below the frontier, unless it lies on the way to ``d = 1`` or to ``r = 1``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.interpolate import KroghInterpolator

from scalesym.equivalent.equation import Equivalent
from scalesym.equivalent.frontier import Family
from scalesym.equivalent.tangent import Tangent
from scalesym.phases import phase
from scalesym.resources import one_thread
from scalesym.sharp import sharp_frontier

__all__ = ["BUDGETS", "FLOPS", "GAMMA", "SIZES", "UNIT", "V_OVER_D", "losses", "optimum", "point"]

Array = npt.NDArray[np.float64]

V_OVER_D, GAMMA, BATCH = Fraction(10), "half-critical", 1
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
#: Exponents of ten of the budgets of the curves, and of the frontier.
FLOPS = tuple(Fraction(n, 4) for n in range(12, 65))
BUDGETS = tuple(Fraction(n, 2) for n in range(6, 33))
#: Stored numbers are whole multiples of this, of logarithms to base ten.
UNIT = 1e-4

_TEN = math.log(10)
_STEP = 1.3 * _TEN  # between the budgets of neighbouring sizes
_LEAST_STEP = 0.1 * _TEN
_SMOOTH = 1e-3  # by which the lowest interpolating polynomial may miss log d* in the middle of two sizes
_COARSE = 0.25  # step of contours, whose error is 3e-9; as in scalesym.equivalent.frontier
_FLAT = 1e-4  # second derivative of log P in log d, below which nothing depends on the size
_SEEN = 48  # ρ at which the slope is looked at
_EARLY = 6.01 * _TEN  # budgets up to which single modes are seen in the frontier, if their eigenvalues are far apart
_LOWER = 2e-5  # by which log P at another size may be below the frontier


class _Coarse(Equivalent):
    @cached_property
    def contour(self) -> Any:
        return replace(super().contour, step=_COARSE)


@dataclass(frozen=True)
class _Best:
    """A size that is the best one at the budget ``y``: ``log P*`` with two derivatives in ``y``, ``x`` with one."""

    x: float
    y: float
    value: float
    eta: float
    curvature: float
    xi: float


def family(alpha: object, beta: object) -> Family:
    """The models of one point, in the explorer's setting."""
    return Family(Fraction(str(alpha)), Fraction(str(beta)), V_OVER_D, GAMMA, BATCH)


def losses(models: Family, size: float, flops: Array) -> Array:
    """``log P`` at budgets ``log f``, and NaN where less than one step is left."""
    rho = flops - math.log(size)
    enough = rho >= -1e-12
    curve = models.at(math.log(size)).contour.loss(np.exp(np.maximum(rho[enough], 0)))
    if not (curve.error <= 1e-2 * UNIT * curve.value).all():
        raise ArithmeticError(f"the loss at d = {size} is not known well enough")
    found = np.full(len(flops), np.nan)
    found[enough] = np.log(curve.value)
    return found


class _Search:
    """Sizes of one point with the budgets at which they are best, and what they say of all budgets."""

    def __init__(self, models: Family, budgets: Array) -> None:
        self.models, self.budgets = models, budgets
        self.best: dict[float, _Best] = {}
        self.seen: list[tuple[float, Array, Array]] = []

    def at(self, x: float) -> _Best | None:
        """The budget at which ``e^x`` is the best size, a minimum with room on both sides; the largest if there are several."""
        tangent = _tangent(self.models, x)
        rho = np.linspace(0, max(self.budgets[-1] + 2 * _STEP - x, 1.0), _SEEN)
        seen = tangent.slopes(np.exp(np.concatenate([rho, np.maximum(self.budgets - x, 0)])))
        slope, change = seen.x - seen.rho, (seen.x_rho - seen.rho_rho)[:_SEEN]
        self.seen.append((x, np.where(self.budgets >= x, seen.value[_SEEN:], np.inf), slope[_SEEN:]))
        slope = slope[:_SEEN]
        crossings = np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))
        if not len(crossings):
            return None
        k = int(crossings[-1])
        low, high = float(rho[k]), float(rho[k + 1])
        middle = KroghInterpolator(rho[[k, k, k + 1, k + 1]], [slope[k], change[k], slope[k + 1], change[k + 1]])
        place = _zero(middle, low, high)
        for _ in range(20):
            s = tangent.slopes(np.exp([place]))
            here, mixed = float((s.x - s.rho)[0]), float((s.x_rho - s.rho_rho)[0])
            low, high = (place, high) if here > 0 else (low, place)
            step = -here / mixed if mixed < 0 else math.inf
            if abs(step) < 1e-6:
                break
            place = place + step if low < place + step < high else (low + high) / 2
        curvature = float((s.xx - 2 * s.x_rho + s.rho_rho)[0])
        if curvature < _FLAT:
            return None
        xi = -mixed / curvature
        found = _Best(x, x + place, float(s.value[0]), -float(s.rho[0]), float(s.rho_rho[0]) + mixed * xi, xi)
        self.best[x] = found
        return found

    def walk(self, start: float) -> None:
        """From a size near the largest budget upwards past it, then down past the smallest or to the frontier's end."""
        top = self._first(start)
        if top is None:
            return
        while top.y < self.budgets[-1] and (above := self.at(top.x + min(top.xi * _STEP, 2.0))) is not None:
            top = above
        low, share = min(self.best.values(), key=lambda each: each.y), 1.0
        while low.y > self.budgets[0] and share * _STEP > _LEAST_STEP:
            x = low.x - min(share * low.xi * _STEP, 2.0)
            below = self.at(x) if x > 0 else None
            if below is None or not _follows(below, low):
                self.best.pop(x, None)
                share /= 2
            else:
                low, share = below, min(1.0, 2 * share)
        self._refine()

    def _refine(self) -> None:
        """A size between any two where ``log d*`` is not smooth enough as a function of the budget."""
        nodes = self.nodes
        todo = list(pairwise(nodes))
        while todo:
            one, other = todo.pop()
            if other.y - one.y < _LEAST_STEP:
                continue
            near = KroghInterpolator([one.y, one.y, other.y, other.y], [one.x, one.xi, other.x, other.xi])(
                (one.y + other.y) / 2
            )
            far, _ = _between(self.nodes, (one.y + other.y) / 2)
            if abs(near - far) > _SMOOTH and (between := self.at(float((one.x + other.x) / 2))) is not None:
                if _follows(one, between) and _follows(between, other):
                    todo += [(one, between), (between, other)]
                else:
                    del self.best[between.x]

    @property
    def nodes(self) -> list[_Best]:
        """In ascending order of the budget, without doubles."""
        found: list[_Best] = []
        for each in sorted(self.best.values(), key=lambda each: each.y):
            if not found or each.y - found[-1].y > _LEAST_STEP / 4:
                found.append(each)
        return found

    def undercut(self, n: int, size: float, loss: float) -> bool:
        """Whether a size seen on the way is better at a budget, and another minimum than the found one must be the reason.

        Left of it the loss may fall towards ``d = 1``, right of it towards ``r = 1``; those are ends of the range, no minima.
        """
        return any(
            values[n] < loss - _LOWER and (slopes[n] <= 0 if x < size else slopes[n] >= 0)
            for x, values, slopes in self.seen
        )

    def _first(self, start: float) -> _Best | None:
        """A size whose budget is near the largest."""
        wanted, x = float(self.budgets[-1]), start
        top: _Best | None = None
        for _ in range(12):
            found = self.at(x)
            if found is None:
                x = x - 1.0 if top is None else (x + top.x) / 2
                if x <= 0:
                    return None
                continue
            top = found
            if abs(found.y - wanted) < _STEP:
                break
            x = max(x + min(max(found.xi * (wanted - found.y), -3.0), 3.0), 0.1)
        return top


def _follows(one: _Best, other: _Best) -> bool:
    """Whether two sizes may belong to one branch of minima: the budget has grown about as the exponents say."""
    change = (other.x - one.x) * (1 / one.xi + 1 / other.xi) / 2
    return one.y < other.y and one.xi > 0 < other.xi and (other.y - one.y < 3 * change)


def _zero(function: Any, low: float, high: float) -> float:
    for _ in range(40):
        low, high = ((low + high) / 2, high) if function((low + high) / 2) > 0 else (low, (low + high) / 2)
    return (low + high) / 2


def _between(nodes: list[_Best], y: float) -> tuple[float, float]:
    """``log d*`` and ``log P*`` from the two sizes on either side of a budget."""
    k = sum(each.y <= y for each in nodes)
    near = nodes[max(0, k - 2) : k + 2]
    at = np.array([each.y for each in near])
    x = KroghInterpolator(np.repeat(at, 2), [value for each in near for value in (each.x, each.xi)])
    values = [value for each in near for value in (each.value, -each.eta, each.curvature)]
    return float(x(y)), float(KroghInterpolator(np.repeat(at, 3), values)(y))


def _polished(models: Family, y: float, x: float, value: float) -> tuple[float, float]:
    """``log d*`` and ``log P*`` by Newton's method at one budget, from near them; what was given where that does not settle."""
    place = x
    for _ in range(6):
        s = _tangent(models, place).slopes(np.exp([y - place]))
        slope, curvature = float((s.x - s.rho)[0]), float((s.xx - 2 * s.x_rho + s.rho_rho)[0])
        if curvature < _FLAT or abs(step := -slope / curvature) > 0.3:
            break
        if abs(step) < 1e-4:
            return place + step, float(s.value[0]) + slope * step / 2
        place += step
    return x, value


def _tangent(models: Family, x: float) -> Tangent:
    equation = models.at(x)
    return Tangent(_Coarse(equation.spectrum, equation.d, equation.gamma, equation.batch), grows=True)


def optimum(models: Family, start: float, budgets: Array) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """``log d*`` and ``log P*`` at budgets ``log f`` in ascending order, NaN where the loss has no minimum.

    Also, whether the minimum is below the loss at ``d = 1``, whose target is that of ``v = 10``.

    Parameters
    ----------
    start:
        ``log d`` near the largest budget's best size, for instance by the phase's exponent.
    """
    search = _Search(models, budgets)
    search.walk(start)
    size, loss = np.full(len(budgets), np.nan), np.full(len(budgets), np.nan)
    nodes = search.nodes
    for n, y in enumerate(budgets):
        if nodes and nodes[0].y <= y <= nodes[-1].y:
            size[n], loss[n] = _between(nodes, float(y))
            if y < _EARLY and 2 * models.alpha >= 1:
                size[n], loss[n] = _polished(models, float(y), float(size[n]), float(loss[n]))
            if search.undercut(n, size[n], loss[n]):
                raise ArithmeticError(f"at log f = {y:.4g} there is another minimum, below that of d = e^{size[n]:.4g}")
    return size, loss, loss <= losses(models, 1.0, budgets)


def point(alpha: str, beta: str) -> dict[str, Any]:
    """What is stored of one point, as whole numbers of :data:`UNIT` and ``None``; constants to six digits."""
    models = family(alpha, beta)
    flops, budgets = (np.array([float(each) * _TEN for each in some]) for some in (FLOPS, BUDGETS))
    with one_thread():
        curves = [losses(models, size, flops) for size in SIZES]
        size, loss, least = optimum(models, float(phase(alpha, beta).xi) * float(budgets[-1]), budgets)
    first = int(np.min(np.flatnonzero(~np.isnan(loss)), initial=len(budgets)))
    beyond = max(first, 1 + int(np.max(np.flatnonzero(~least & ~np.isnan(loss)), initial=-1)))
    return {
        "curves": [_stored(curve) for curve in curves],
        "frontier": {
            "log10_d": _stored(size),
            "log10_loss": _stored(loss),
            "least_from": float(BUDGETS[beyond]) if beyond < len(budgets) else None,
        },
        "constants": _constants(alpha, beta),
    }


def _stored(logarithms: Array) -> list[int | None]:
    return [None if math.isnan(value) else round(value / _TEN / UNIT) for value in logarithms]


def _constants(alpha: str, beta: str) -> dict[str, float] | None:
    """Of ``d* ~ c f^ξ`` and ``P* ~ C f^{−η}``; none where several critical lines meet."""
    if len(phase(alpha, beta).lines) > 1:
        return None
    law = sharp_frontier(alpha, beta, v_over_d=V_OVER_D, gamma=GAMMA, batch=BATCH)
    return {"c": float(f"{law.c:.6g}"), "C": float(f"{law.C:.6g}")}
