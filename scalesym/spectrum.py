r"""Spectra: eigenvalues ``λ_j``, target weights ``λ_j b_j²``, and sums over them to any ``v`` or to infinity.

Every quantity of the deterministic equivalent is an integral against one of two measures,

.. math:: \mu = \sum_{j\le v} \lambda_j\,\delta_{\lambda_j}, \qquad \nu = \sum_{j\le v} \lambda_j b_j^2\,\delta_{\lambda_j},

for instance :math:`D_1(\zeta) = \int d\mu/(\lambda+\zeta)`. :class:`Nodes` holds both as weighted points. A measured
spectrum is its own list of points. The power law ``λ_j = j^{-2α}``, ``b_j = j^{-β}`` is compressed to ``O(log v)``
points: the first ``j`` one by one, then a Gauss rule for the *sum* on each of a geometric sequence of panels
(:mod:`scalesym.summation`), then, at ``v = ∞``, rules for the two tails. The compression is exact to
rounding for all functions ``1/(λ+ζ)`` with ``|arg ζ| ≤ 3π/4``, because a panel spans at most a factor 4 in ``λ``.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import ParameterError
from .parameters import Exact, real
from .precision import arb_of, flint_digits
from .summation import jacobi_rule, precise_sum_rule, sum_rule

__all__ = [
    "LARGEST_SIZE",
    "LEAST_SCALE",
    "Measured",
    "Nodes",
    "Pole",
    "PowerLaw",
    "Spectrum",
    "head_length",
    "panel_ratio",
]

Array = npt.NDArray[np.float64]
#: An index, and a distance from it in units of the index.
Pole = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Nodes:
    """The measures μ and ν as weighted points, ``λ`` descending.

    In double precision the fields are NumPy arrays; otherwise lists of python-flint ``arb`` midpoints, with the rest
    of an infinite spectrum as its moments ``∫λ^k dμ`` and ``∫λ^k dν``, ``k ≥ 0``, which are Hurwitz zeta values.
    """

    lam: Any
    mu: Any
    nu: Any
    tails: Any = None


@dataclass(frozen=True)
class PowerLaw:
    """``λ_j = j^{-2α}``, ``b_j = j^{-β}`` for ``1 ≤ j ≤ v``; ``v`` may be real, or infinite for ``2α > 1``.

    Parameters
    ----------
    alpha, beta:
        Exponents, exact or binary, ``α > 0`` and ``α + β > 1/2``.
    v:
        Latent dimension. For real ``v`` sums continue analytically in their upper end (Faulhaber's polynomials).

    Examples
    --------
    >>> from fractions import Fraction
    >>> round(PowerLaw(Fraction(1), Fraction(7, 10), Fraction(60)).power_sum(Fraction(17, 5)), 13)
    1.1386417192826
    """

    alpha: Exact
    beta: Exact
    v: Exact

    @property
    def size(self) -> float:
        return float(self.v)

    def split(self, d: Exact) -> tuple[int, Fraction] | None:
        """How many of the :meth:`nodes` to set apart, and the eigenvalues they stand for less ``d``.

        These are the first ``d`` if they come one by one, and all if ``v`` is near ``d``.
        """
        head, count = head_length(float(self.alpha)), round(Fraction(d))
        if count <= min(head, self.v):
            return count, count - Fraction(d)
        if math.isinf(self.v) or 4 * self.v > 5 * Fraction(d):
            return None
        return _ALL, Fraction(self.v) - Fraction(d)

    @property
    def largest(self) -> float:
        return 1.0

    def nodes(self, resolution: Exact, digits: int | None = None, pole: Pole | None = None) -> Nodes:
        """Points of μ and ν; at ``v = ∞`` they resolve ``1/(λ+ζ)`` down to ``ζ ≈ λ_j`` at ``j = resolution``.

        For ``|arg ζ| > 3π/4`` the panels must shrink near the index where ``λ_j = |ζ|``, which :meth:`pole` gives.
        """
        if digits is None:
            return _double_nodes(self, float(resolution), pole)
        return _precise_nodes(self, float(resolution), digits, pole)

    def listed(self) -> tuple[Array, Array]:
        """Every ``λ_j`` and every ``b_j``, for an integer ``v``."""
        j = np.arange(1, int(self.v) + 1, dtype=float)
        return j ** (-2 * float(self.alpha)), j ** -float(self.beta)

    def precise_size(self, resolution: Exact, digits: int) -> tuple[int, int, int]:
        """How many :meth:`nodes` there are with so many digits, on how many panels of how many points."""
        end, points = _precise_end(self, float(resolution)), _precise_points(digits)
        head, panels, shift = _panels(float(self.alpha), end, points, None, _NEGLIGIBLE - 20 - digits)
        wide = sum(length != 1 for _, length in panels)
        return head + shift + len(panels) - wide + wide * points, wide, points

    def pole(self, zeta: complex) -> Pole | None:
        """Where ``1/(λ_j + ζ)`` has its nearest pole in ``j``, if that is too near for the common panels.

        The answer is rounded to the fourth root of 2, so that neighbouring ``ζ`` share their points.
        """
        angle = math.pi - abs(cmath.phase(zeta))
        if angle >= math.pi / 4 * (1 - 1e-9):
            return None
        exponent = -0.5 / float(self.alpha) * math.log(abs(zeta))
        if not exponent < 350:  # far beyond any v
            return None
        index = math.exp(exponent)
        rounded = 2.0 ** (round(4 * math.log2(max(angle, 1e-300) / (2 * float(self.alpha)))) / 4)
        return index, max(rounded, 0.5 / max(index, 1.0))

    def power_sum(self, s: Exact) -> float:
        """``Σ_{j≤v} j^{-s}`` in double precision; for ``v = ∞`` it needs ``s > 1``."""
        u, w, end = _index_rule(float(self.alpha), float(self.v), _TAIL_START)
        total = float(w @ u ** -float(s))
        if math.isinf(self.v):
            excess = float(Fraction(s) - 1)
            total += (end + 0.5) ** -excess / excess
        return total


@dataclass(frozen=True)
class Measured:
    """A finite list of eigenvalues with target weights ``b_j²``: measured, or of another law.

    Parameters
    ----------
    eigenvalues:
        Positive eigenvalues ``λ_j``.
    target:
        Target coefficients ``b_j`` in the eigenbasis, one for each eigenvalue.
    """

    eigenvalues: tuple[Exact, ...]
    target: tuple[Exact, ...]

    @classmethod
    def read(cls, eigenvalues: Iterable[object], target: Iterable[object]) -> Measured:
        """Validate two lists of numbers; raises :class:`~scalesym.errors.ParameterError`."""
        lam = tuple(real(x, f"eigenvalues[{i}]") for i, x in enumerate(_counted("eigenvalues", eigenvalues)))
        b = tuple(real(x, f"target[{i}]") for i, x in enumerate(_counted("target", target)))
        if not lam:
            raise ParameterError("eigenvalues", [], "the spectrum is empty", "give at least two positive eigenvalues")
        if len(lam) != len(b):
            raise ParameterError(
                "target", f"{len(b)} coefficients", f"there are {len(lam)} eigenvalues", "give one b_j each"
            )
        for i, x in enumerate(lam):
            if x <= 0:
                raise ParameterError(f"eigenvalues[{i}]", x, "it is outside the domain", "use eigenvalues > 0")
        if not any(b):
            raise ParameterError("target", "all zero", "the loss is zero for ever", "give some b_j other than 0")
        return cls(lam, b)

    @property
    def size(self) -> float:
        return float(len(self.eigenvalues))

    def split(self, d: Exact) -> tuple[int, Fraction] | None:
        """How many of the :meth:`nodes` to set apart, and the eigenvalues they stand for less ``d``."""
        total, best = 0, (0, -Fraction(d))
        for k, (_, several) in enumerate(groupby(sorted(self.eigenvalues, reverse=True))):
            total += sum(1 for _ in several)
            if abs(total - Fraction(d)) < abs(best[1]):
                best = k + 1, total - Fraction(d)
        return best

    @property
    def largest(self) -> float:
        return float(max(self.eigenvalues))

    def listed(self) -> tuple[Array, Array]:
        """Every ``λ_j``, descending, and its ``b_j``."""
        lam, b = (np.array([float(x) for x in row]) for row in (self.eigenvalues, self.target))
        order = np.argsort(-lam, kind="stable")
        return lam[order], b[order]

    def precise_size(self, resolution: Exact, digits: int) -> tuple[int, int, int]:
        """As for :class:`PowerLaw`."""
        return len(set(self.eigenvalues)), 0, 0

    def pole(self, zeta: complex) -> Pole | None:
        """Sums over a list are exact everywhere."""
        return None

    def nodes(self, resolution: Exact, digits: int | None = None, pole: Pole | None = None) -> Nodes:
        """The eigenvalues themselves, equal ones merged; ``resolution`` does not matter."""
        return _measured_nodes(self, digits)


def _counted(name: str, values: Iterable[object]) -> list[object]:
    """The entries, as long as they are not too many; an iterator may have no end."""
    unordered = isinstance(values, str | bytes | Mapping | Set)
    if unordered or not isinstance(values, Iterable) or getattr(values, "ndim", 1) != 1:
        reason = f"{type(values).__name__} is not a list of numbers"
        raise ParameterError(name, values, reason, "give a list or a one-dimensional array")
    result = list(islice(values, _MOST + 1))
    if len(result) > _MOST:
        reason = f"more than {_MOST} exact numbers would need gigabytes of memory"
        raise ParameterError(name, values, reason, "give fewer, or PLRF(alpha, beta, d, v) for a power law")
    return result


Spectrum = PowerLaw | Measured

#: Entries of a measured spectrum.
_MOST = 1_000_000

#: A panel spans at most this much in log λ, as long as λ matters, and at most a factor 2 in j.
_PANEL = math.log(4)
#: A count of nodes above any.
_ALL = 2**62
#: Powers of ten of λ: below the first it does not matter what λ is; smaller ones become the second in double precision.
_NEGLIGIBLE, _FLOOR = -160, 1e-150
#: ``λ`` at ``j = d + 1`` must not be smaller, so that ζ₀ stays far above the floor.
LEAST_SCALE = -125
#: Of ``d`` and of a finite ``v``.
LARGEST_SIZE = 1e100
#: Points on a panel in double precision.
_POINTS = 20
#: Least J from which, at v = ∞, the sum is an integral from J + 1/2, to a relative error of about 1/(24 J²).
_TAIL_START = 1e9


def head_length(alpha: float) -> int:
    """How many eigenvalues come one by one in double precision."""
    return _ratio_and_head(alpha, _POINTS)[1]


def panel_ratio(alpha: float) -> float:
    """By how much ``j`` may grow on a panel."""
    return _ratio_and_head(alpha, _POINTS)[0]


def _ratio_and_head(alpha: float, n: int, negligible: int = _NEGLIGIBLE) -> tuple[float, int, float]:
    """By how much ``j`` may grow on a panel, how many terms come before the first panel, and from which ``j`` on it is 2."""
    ratio = math.exp(min(math.log(2), _PANEL / (2 * alpha)))
    past = 10.0 ** min(300.0, -negligible / (2 * alpha))
    return ratio, math.ceil(max(n + 2, min((n + 2) / (ratio - 1), past))), past


def _panels(
    alpha: float, end: Any, n: int, pole: Pole | None = None, negligible: int = _NEGLIGIBLE
) -> tuple[int, list[tuple[int, Any]], int]:
    """Head length ``H``, panels ``(first index, length)`` after it, and a shift.

    The panels cover ``H < j ≤ end + shift``; the ``shift`` terms past ``end`` are to be subtracted. The shift is
    only used for a real ``end`` too small to hold a panel of its own. A panel of length 1 is a single term.
    """
    ratio, head, past = _ratio_and_head(alpha, n, negligible)
    shift = 0
    if end <= 8 * head:  # past that, the last panel cannot be left with fewer than n terms
        if end == int(end):
            return int(end), [], 0
        shift = math.ceil(8 * head - end) + 1
    panels, first, last = [], head + 1, end + shift
    while first <= last:
        length, rest = first if first > past else math.floor((ratio - 1) * first), last - first + 1
        if pole is not None:
            length = min(length, _allowed(first, *pole))
        if rest <= 1.35 * length:
            panels.append((first, rest))
            break
        if length < n + 2:
            length = 1
        panels.append((first, length))
        first += length
    return head, panels, shift


def _allowed(first: int, index: float, closeness: float) -> int:
    """Length of a panel from ``first`` on that keeps its distance from a pole at ``index·(1 ± i closeness)``."""
    ahead = index - first
    return math.floor(max(abs(ahead) / (2 if ahead > 0 else 1), closeness * index))


@lru_cache(maxsize=128)
def _index_rule(alpha: float, v: float, tail_start: float, pole: Pole | None = None) -> tuple[Array, Array, float]:
    """Nodes ``u`` and weights for ``Σ_{j≤J} g(j)``; ``J`` is ``v``, or ``tail_start`` if infinite."""
    end = tail_start if math.isinf(v) else v
    head, panels, shift = _panels(alpha, end, _POINTS, pole)
    us, ws = [np.arange(1.0, head + 1)], [np.ones(head)]
    single = [float(first) for first, length in panels if length == 1]
    us.append(np.array(single))
    ws.append(np.ones(len(single)))
    for first, length in panels:
        if length > 1:
            x, w = sum_rule(float(length), _POINTS)
            us.append(first + (length - 1) / 2 + length / 2 * x)
            ws.append(w)
    if shift:
        us.append(end + np.arange(1.0, shift + 1))
        ws.append(-np.ones(shift))
    return np.concatenate(us), np.concatenate(ws), end


@lru_cache(maxsize=64)
def _double_nodes(law: PowerLaw, resolution: float, pole: Pole | None, tail_points: int = 12) -> Nodes:
    alpha, decay = (
        float(law.alpha),
        2 * (Fraction(law.alpha) + Fraction(law.beta)),
    )  # of λb²; exact, as it may be near 1
    u, w, end = _index_rule(alpha, float(law.v), max(_TAIL_START, 1e3 * resolution), pole)
    columns = [u ** (-2 * alpha), w * u ** (-2 * alpha), w * u ** -float(decay)]
    if math.isinf(law.v):
        edge, zero = (end + 0.5) ** (-2 * alpha), np.zeros(tail_points)
        for power, is_mu in ((float(2 * Fraction(law.alpha) - 1), True), (float(decay - 1), False)):
            x, weight = jacobi_rule(power / (2 * alpha), tail_points)
            mass = (end + 0.5) ** -power / (2 * alpha) * weight
            tail = (edge * x, mass if is_mu else zero, zero if is_mu else mass)
            columns = [np.concatenate(pair) for pair in zip(columns, tail, strict=True)]
    return _descending(np.maximum(columns[0], _FLOOR), *columns[1:])


def _precise_end(law: PowerLaw, resolution: float) -> Fraction:
    return Fraction(math.ceil(max(1e3 * resolution, 1e4))) if math.isinf(law.v) else Fraction(law.v)


def _precise_points(digits: int) -> int:
    return math.ceil(1.15 * digits) + 8


@lru_cache(maxsize=16)
def _precise_nodes(law: PowerLaw, resolution: float, digits: int, pole: Pole | None) -> Nodes:
    with flint_digits(digits + 15):
        from flint import arb

        alpha, beta = arb_of(law.alpha), arb_of(law.beta)
        infinite, end, n = math.isinf(law.v), _precise_end(law, resolution), _precise_points(digits)
        head, panels, shift = _panels(float(law.alpha), end, n, pole, _NEGLIGIBLE - 20 - digits)
        rule = [(arb(j), arb(1)) for j in range(1, head + 1)]
        for first, length in panels:
            if length == 1:
                rule.append((arb(first), arb(1)))
                continue
            size = arb_of(length)
            points = zip(*precise_sum_rule(size, n), strict=True)
            rule += [((2 * first - 1 + size * (1 + x)) / 2, w) for x, w in points]
        rule += [(arb_of(end + k), arb(-1)) for k in range(1, shift + 1)]
        rule.sort(key=lambda point: float(point[0]))
        columns: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
        for place, weight in rule:
            log = place.log()
            lam = (-2 * alpha * log).exp()
            row = (lam, weight * lam, weight * lam * (-2 * beta * log).exp())
            for column, entry in zip(columns, row, strict=True):
                column.append(entry.mid())
        if not infinite:
            return Nodes(*columns)
        terms = math.ceil(0.85 * digits) + 12
        tails = tuple(
            tuple(_hurwitz(2 * alpha * k + s, end + 1).mid() for k in range(1, terms + 1)) for s in (arb(0), 2 * beta)
        )
        return Nodes(*columns, tails=tails)


def _hurwitz(s: Any, a: Fraction) -> Any:
    """``ζ(s, a) = Σ_{j≥a} j^{-s}``."""
    from flint import acb

    return acb(s).zeta(acb(arb_of(a))).real


@lru_cache(maxsize=16)
def _measured_nodes(law: Measured, digits: int | None) -> Nodes:
    merged: dict[Exact, list[Exact]] = {}
    for lam, b in sorted(zip(law.eigenvalues, law.target, strict=True), reverse=True):
        count_energy = merged.setdefault(lam, [Fraction(0), Fraction(0)])
        count_energy[0] += 1
        count_energy[1] += Fraction(b) ** 2
    rows = [(Fraction(lam), n * Fraction(lam), Fraction(lam) * b2) for lam, (n, b2) in merged.items()]
    if digits is None:
        return _descending(*(np.array([float(row[k]) for row in rows]) for k in range(3)))
    with flint_digits(digits + 15):
        return Nodes(*([arb_of(row[k]).mid() for row in rows] for k in range(3)))


def _descending(lam: Array, mu: Array, nu: Array) -> Nodes:
    order = np.argsort(-lam, kind="stable")
    columns = [column[order] for column in (lam, mu, nu)]
    for column in columns:
        column.flags.writeable = False
    return Nodes(*columns)
