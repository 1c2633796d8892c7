r"""Where a point of the ``(α, β)`` plane lies: its phase, its exponents, and what happens if it lies on a line."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from ..parameters import Exact, real
from ..powerlaw.polynomials import Polynomial
from .table import Critical, Entry, Point, phase_table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Logarithm", "Phase", "PhaseMap", "phase", "phase_map"]

_ULPS = 4  # half units in the last place within which a float may stand for a point on a line
_ROUNDING = 1e-12  # by which exponents that are equal may differ where several lines meet up to rounding
_LARGEST = 1e60  # of the letters of a map, whose polynomials are evaluated in doubles


@dataclass(frozen=True)
class Logarithm:
    r"""How logarithms correct the powers on a line: ``d* ≍ f^ξ (log f)^{size_1} (log log f)^{size_2} …``, and so for ``P*``.

    Examples
    --------
    >>> print(phase(1, "1/2").logarithm)
    d* ≍ f^(1/3) (log f)^(2/3), P* ≍ f^(-2/3) (log f)^(2/3)
    """

    xi: Exact
    eta: Exact
    size: tuple[Exact, ...]
    loss: tuple[Exact, ...]

    def __str__(self) -> str:
        def written(power: Exact, logs: tuple[Exact, ...]) -> str:
            factors = ["log f", "log log f"]
            return "".join(
                [f"f^({_short(power)})", *(f" {_power(f, p)}" for f, p in zip(factors, logs, strict=False) if p)]
            )

        return f"d* ≍ {written(self.xi, self.size)}, P* ≍ {written(-self.eta, self.loss)}"

    @property
    def latex(self) -> str:
        """The same in LaTeX."""

        def written(power: Exact, logs: tuple[Exact, ...]) -> str:
            factors = [r"(\log f)", r"(\log\log f)"]
            out = [f"f^{{{_short(power)}}}"]
            out += [f"{f}^{{{_short(p)}}}" for f, p in zip(factors, logs, strict=False) if p]
            return "".join(out)

        return rf"d^\star\asymp {written(self.xi, self.size)},\quad \mathscr{{P}}^\star\asymp {written(-self.eta, self.loss)}"


@dataclass(frozen=True)
class Phase:
    r"""Where a point lies and what follows. Exponents are exact (:class:`~fractions.Fraction`) if both letters are.

    Parameters
    ----------
    alpha, beta:
        As given.
    entries:
        The rows of the table that apply: one, or the neighbours on a line.
    lines:
        The critical lines through the point.

    Examples
    --------
    >>> found = phase(1, "7/10")
    >>> found.name, found.eta, found.xi, found.tradeoff
    ('II', Fraction(12, 17), Fraction(7, 17), ('F_pp', 'F_ac'))
    >>> print(found.region)
    β > 1/2, β < α
    """

    alpha: Exact
    beta: Exact
    entries: tuple[Entry, ...]
    lines: tuple[Critical, ...]

    @property
    def name(self) -> str:
        """Such as ``"III"``, or ``"II|III"`` on a line."""
        return "|".join(entry.name for entry in self.entries)

    @cached_property
    def _point(self) -> Point:
        return Fraction(self.alpha), Fraction(self.beta)

    def _value(self, exponent: Any) -> Exact:
        value = exponent.at(self._point)
        return float(value) if isinstance(self.alpha, float) or isinstance(self.beta, float) else value

    @property
    def eta(self) -> Exact:
        """``η``: the least loss falls like ``f^{-η}``. It is continuous across every line."""
        return self._value(self.lines[0].eta if len(self.lines) == 1 else self.entries[0].eta)

    @property
    def xi(self) -> Exact:
        """``ξ``: the best size grows like ``f^ξ``."""
        return self._value(self.lines[0].xi if len(self.lines) == 1 else self.entries[0].xi)

    @property
    def terms(self) -> tuple[str, ...]:
        """The pieces that are the largest in turn along the loss curve; the others can be dropped from the loss.

        On a line, those of all neighbours.
        """
        return tuple(dict.fromkeys(term for entry in self.entries for term in entry.terms))

    @property
    def tradeoff(self) -> tuple[str, ...]:
        """The two pieces that are equal at the compute-optimal size.

        On a line, those of all neighbours, which are of one order up to logarithms; where ``ξ`` jumps, the two that decide
        it on the line.
        """
        if len(self.lines) == 1 and self.lines[0].flat:
            return self.lines[0].remaining
        return tuple(dict.fromkeys(term for entry in self.entries for term in entry.tradeoff))

    @property
    def weights(self) -> dict[str, Exact]:
        """The dual weights. Their mean of the pieces is ``f^{-η}`` at every size, so none does better; empty on a line."""
        if self.on_boundary:
            return {}
        entry = self.entries[0]
        return {name: self._value(entry.weights[name]) for name in entry.tradeoff}

    @property
    def region(self) -> str:
        """The inequalities of the phase, or the equation of the line."""
        if not self.on_boundary:
            return self.entries[0].region.text
        if len(self.lines) == 1:
            return f"{self.lines[0].curve.text} = 0 ({self.lines[0].where.text})"
        return " and ".join(dict.fromkeys(f"{line.curve.text} = 0" for line in self.lines))

    @property
    def on_boundary(self) -> bool:
        """Whether the point lies on a line between phases."""
        return bool(self.lines)

    @property
    def neighbours(self) -> tuple[str, ...]:
        """The phases that meet here; none inside a phase."""
        return tuple(entry.name for entry in self.entries) if self.on_boundary else ()

    @property
    def jumps(self) -> tuple[str, ...]:
        """Which exponents differ between the neighbours, ``("xi",)`` or none."""
        if not self.on_boundary:
            return ()
        if len(self.lines) == 1:
            return self.lines[0].jumps
        values = [self._value(entry.xi) for entry in self.entries]
        rounded = isinstance(self.alpha, float) or isinstance(self.beta, float)
        return ("xi",) if max(values) - min(values) > (_ROUNDING if rounded else 0) else ()

    @property
    def logarithm(self) -> Logarithm | None:
        """The logarithms that multiply the powers on a line; ``None`` where there is none, or none is known."""
        if len(self.lines) != 1 or not self.lines[0].scales:
            return None
        scales = [(self._value(size), self._value(loss)) for size, loss in self.lines[0].scales]
        return Logarithm(self.xi, self.eta, tuple(size for size, _ in scales), tuple(loss for _, loss in scales))

    @property
    def notes(self) -> tuple[str, ...]:
        """What the table alone does not say about this point."""
        alpha, beta = self._point
        found = []
        if len(self.lines) > 1:
            found.append(
                "several lines meet here: the exponents are those of every neighbour, logarithms are not derived"
            )
        elif self.on_boundary and self.lines[0].flat:
            flat, (one, other) = self.lines[0].flat, self.lines[0].remaining
            found.append(
                f"{flat} does not depend on d here; {one} = {other}, below it, decides xi, which differs on both sides"
            )
        elif self.on_boundary and not self.lines[0].scales:
            found.append("no logarithm appears on this line")
        if alpha < Fraction(1, 4):
            found.append(
                "alpha < 1/4: rests on the kernel's form before the gap is felt, K/(gamma B) ≍ d^(-2 alpha) "
                "(formula P.plateau); the paper leaves it unproved"
            )
        elif alpha == Fraction(1, 4) and not self.on_boundary:
            found.append(
                "alpha = 1/4: the kernel has a logarithm, but stays below F_0; the paper's proof excludes alpha <= 1/4"
            )
        if beta >= 1 + 2 * alpha:
            found.append(
                "beta >= 1 + 2 alpha: outside the paper's theorem; the exact loss follows the same pieces "
                "(claim phases.beyond-theorem)"
            )
        if beta < 0:
            found.append("beta < 0: the target's coefficients grow with j, and only their weighted energy is finite")
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; exact numbers as text such as ``"12/17"``."""

        def plain(value: Exact) -> str | float:
            return value if isinstance(value, float) else str(value)

        logarithm = self.logarithm
        return {
            "alpha": plain(self.alpha),
            "beta": plain(self.beta),
            "name": self.name,
            "eta": plain(self.eta),
            "xi": plain(self.xi),
            "terms": list(self.terms),
            "tradeoff": list(self.tradeoff),
            "weights": {name: plain(weight) for name, weight in self.weights.items()},
            "region": self.region,
            "on_boundary": self.on_boundary,
            "neighbours": list(self.neighbours),
            "jumps": list(self.jumps),
            "logarithm": None
            if logarithm is None
            else {
                "text": str(logarithm),
                "size": [plain(p) for p in logarithm.size],
                "loss": [plain(p) for p in logarithm.loss],
            },
            "notes": list(self.notes),
        }


def phase(alpha: object, beta: object) -> Phase:
    r"""The phase of the compute-optimal trade-off at a point, with its exponents.

    Level: asymptotic, ``f → ∞`` at fixed batch, with ``γ`` the largest stable learning rate up to a constant,

    .. math:: d^\star \asymp \mathfrak f^{\xi}, \qquad \mathscr P^\star \asymp \mathfrak f^{-\eta}.

    Parameters
    ----------
    alpha:
        Data complexity, ``α > 0``.
    beta:
        Target complexity, any real with ``α + β > 1/2``.

    Returns
    -------
    Phase
        Exact for exact letters. A float stands for every number within two units in its last place: ``0.1 + 0.2``, or
        ``1 - 1/sqrt(2)``, on a line up to rounding, is *on* the line.

    Raises
    ------
    ParameterError
        If a letter is not a finite real number, or outside the domain, where there is no power law.

    Notes
    -----
    Source: derived from the catalogue's exponents; arXiv:2405.15074, table of phases.

    Examples
    --------
    >>> phase("3/10", "9/10").name, phase("3/10", "9/10").eta
    ('IVa', Fraction(3, 10))
    >>> found = phase("1/2", 1)
    >>> found.name, found.on_boundary, str(found.logarithm)
    ('III|IVa', True, 'd* ≍ f^(1/2) (log log f)^(1/2), P* ≍ f^(-1/2) (log log f)^(1/2)')
    >>> phase("1/4", "1/5")
    Traceback (most recent call last):
    ...
    scalesym.errors.ParameterError: beta = '1/5': with alpha + beta < 1/2 the target has infinite energy, ...
    """
    a = real(alpha, "alpha", above=0, reason="the spectrum j^(-2 alpha) must fall")
    b = real(beta, "beta")
    point = Fraction(a), Fraction(b)
    rounded = isinstance(a, float), isinstance(b, float)
    table = phase_table()
    energy = _sign(table.domain[1], point, rounded)
    if energy <= 0:
        if energy == 0:
            reason = "on alpha + beta = 1/2 the loss grows like log v, and does not fall with d to any power"
        else:
            reason = (
                "with alpha + beta < 1/2 the target has infinite energy, and the loss grows with v instead of falling"
            )
        raise ParameterError("beta", beta, reason, f"use beta > 1/2 - alpha = {_short(Fraction(1, 2) - point[0])}")
    signs = tuple(_sign(curve, point, rounded) for curve in table.curves)
    entries, lines = _found(signs)
    return Phase(a, b, entries, lines)


def _sign(polynomial: Polynomial, point: Point, rounded: tuple[bool, bool]) -> int:
    if any(rounded):
        near = tuple(map(float, point))
        if max(map(abs, near)) < _LARGEST:
            value = polynomial.at(near)
            if abs(value) > 16 * _ULPS * polynomial.spread(near):  # no rounding can change it
                return 1 if value > 0 else -1
        if abs(polynomial.at(point)) <= _ULPS * polynomial.spread(point, rounded):
            return 0
    return polynomial.sign_at(point)


@cache
def _found(signs: tuple[int, ...]) -> tuple[tuple[Entry, ...], tuple[Critical, ...]]:
    """The rows and lines that apply where the curves have these signs; everything else about a point is in its formulas."""
    table = phase_table()
    known = dict(zip(table.curves, signs, strict=True)) | {each: 1 for each in table.domain}
    touching = [
        entry
        for entry in table.phases
        if all(known.get(polynomial, 1) in (0, sign) for polynomial, sign in entry.region.conditions)
    ]
    inside = [entry for entry in touching if all(known.get(p, s) == s for p, s in entry.region.conditions)]
    if inside:
        return tuple(inside), ()
    zeros = {curve for curve, sign in zip(table.curves, signs, strict=True) if sign == 0}
    names = {entry.name for entry in touching}
    lines = [
        line
        for line in table.lines
        if line.curve in zeros
        and set(line.neighbours) <= names
        and all(known.get(p, s) in (0, s) for p, s in line.where.conditions)
    ]
    return tuple(touching), tuple(lines)


@dataclass(frozen=True)
class PhaseMap:
    """Names and exponents on a grid. Outside the domain ``name`` is empty and the exponents are masked.

    ``name`` is an array of text, ``eta`` and ``xi`` masked arrays of doubles, all of the broadcast shape of the letters.
    """

    name: npt.NDArray[np.str_]
    eta: np.ma.MaskedArray[Any, np.dtype[np.float64]]
    xi: np.ma.MaskedArray[Any, np.dtype[np.float64]]


def phase_map(alpha: Any, beta: Any) -> PhaseMap:
    """The phases of whole arrays at once, as :func:`phase` has them at each point.

    Level: asymptotic, as there.

    Parameters
    ----------
    alpha, beta:
        Arrays of finite doubles that broadcast against each other, at most ``1e60`` in size.

    Returns
    -------
    PhaseMap
        Where several lines meet, with the exponents that all neighbours share there.

    Raises
    ------
    ParameterError
        If they are no such arrays.

    Examples
    --------
    >>> found = phase_map([[0.3], [1.0]], [0.1, 0.7, 2.0])
    >>> found.name
    array([['', 'IVa', 'IVa'],
           ['Ia', 'II', 'III']], dtype=...)
    >>> found.eta[1].round(3).tolist()
    [0.4, 0.706, 0.75]
    """
    import numpy as np

    a, b = _grid(alpha, "alpha"), _grid(beta, "beta")
    try:
        a, b = np.broadcast_arrays(a, b)
    except ValueError:
        raise ParameterError("beta", b.shape, f"it does not broadcast against {a.shape}", "match the shapes") from None
    table = phase_table()
    signs = np.array([_signs_of(each, a, b) for each in (*table.curves, *table.domain)], dtype=np.int8)
    signs = signs.reshape(len(signs), -1)
    name = np.full(a.size, "", dtype="U24")
    eta, xi = (np.ma.MaskedArray(np.zeros(a.size), mask=True) for _ in range(2))
    inside = (signs[-len(table.domain) :] > 0).all(axis=0)
    kinds, member = np.unique(signs[: len(table.curves), inside], axis=1, return_inverse=True)
    where = np.flatnonzero(inside)
    points = a.ravel(), b.ravel()
    for n, kind in enumerate(kinds.T):
        chosen = where[member.ravel() == n]
        entries, lines = _found(tuple(int(sign) for sign in kind))
        source: Any = lines[0] if len(lines) == 1 else entries[0]
        at = [values[chosen] for values in points]
        name[chosen] = "|".join(entry.name for entry in entries)
        eta[chosen] = source.eta.ratio.at(at)
        xi[chosen] = source.xi.ratio.at(at)
    return PhaseMap(name.reshape(a.shape), eta.reshape(a.shape), xi.reshape(a.shape))


def _grid(values: Any, name: str) -> Any:
    import numpy as np

    if np.ma.is_masked(values):
        raise ParameterError(name, values, "some of it is masked", "fill it, or select what is not masked")
    try:
        array = np.asarray(values)
        if array.dtype.kind in "bcmM":
            raise TypeError
        array = array.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(name, values, "it is not an array of real numbers", "give floats") from None
    if not (np.abs(array) <= _LARGEST).all():  # NaN is not
        raise ParameterError(
            name, values, "it has values that are not finite, or huge", f"use |{name}| <= {_LARGEST:g}"
        )
    return array


def _signs_of(polynomial: Any, alpha: Any, beta: Any) -> Any:
    import numpy as np

    value = polynomial.at((alpha, beta))
    signs = np.asarray(np.sign(value))
    for n in np.argwhere(np.abs(value) <= 4 * _ULPS * polynomial.spread((alpha, beta))):  # too close for doubles
        at = tuple(n)
        signs[at] = _sign(polynomial, (Fraction(alpha[at]), Fraction(beta[at])), (True, True))
    return signs


def _power(logarithm: str, power: Exact) -> str:
    return logarithm if power == 1 else f"({logarithm})^({_short(power)})"


def _short(value: Exact, limit: int = 30) -> str:
    """Exact, unless that takes more than ``limit`` characters."""
    if isinstance(value, float) or len(str(value.numerator)) + len(str(value.denominator)) > limit:
        return f"{float(value):.6g}"
    return str(value)
