"""The exponents along a line through the plane."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from ..errors import ParameterError
from ..parameters import Exact, real
from ..phases import Critical, Entry, Phase, phase, phase_table
from ..powerlaw import Polynomial
from .drawing import INK, colours, in_style, require_matplotlib
from .labels import Labels, Pointer
from .plane import equation, straight

__all__ = ["Stretch", "cut_figure", "stretches"]

_LARGEST = 100
_POINTS = 200


@dataclass(frozen=True)
class Stretch:
    """The part of a cut, from ``low`` to ``high``, on which one set of formulas holds: a phase, or a line if the cut follows it."""

    low: float
    high: float
    found: Phase

    @property
    def source(self) -> Entry | Critical:
        """What has the formulas."""
        return self.found.lines[0] if len(self.found.lines) == 1 else self.found.entries[0]


def cut_figure(
    *, alpha: object = None, beta: object = None, alpha_max: object = "6/5", beta_max: object = "6/5"
) -> Any:
    r"""``η`` and ``ξ`` along a line at fixed ``α`` or fixed ``β``, with the phases it crosses.

    Level: asymptotic. Where ``ξ`` jumps, both limits are open circles and the value on the line itself, where it is known, is a
    filled one.

    Parameters
    ----------
    alpha, beta:
        The one that is held; exactly one of them.
    alpha_max, beta_max:
        Where the other one ends. It begins at the border of the domain.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels that share an axis: the phases, ``η``, and ``ξ``.

    Raises
    ------
    ParameterError
        If matplotlib is missing, both or neither of ``alpha`` and ``beta`` is given, or the line has no part in the domain.

    Examples
    --------
    >>> figure = cut_figure(beta="4/5")
    >>> figure.axes[2].get_ylabel()
    '$\\xi$'
    """
    held, value, low, high = _range(alpha, beta, alpha_max, beta_max)
    require_matplotlib()
    from matplotlib.figure import Figure

    parts = stretches(held, value, low, high)
    with in_style():
        figure = Figure(figsize=(10.4, 6.6))
        names = figure.add_axes((0.095, 0.81, 0.875, 0.06))
        eta = figure.add_axes((0.095, 0.475, 0.875, 0.32), sharex=names)
        xi = figure.add_axes((0.095, 0.115, 0.875, 0.32), sharex=names)
        _curves(eta, "eta", held, value, parts)
        _curves(xi, "xi", held, value, parts)
        names.set_xlim(low, high)
        for axis in (names, eta):
            axis.tick_params(bottom=False, labelbottom=False)
        free = r"\beta" if held == "alpha" else r"\alpha"
        shown = str(value) if isinstance(value, Fraction) else f"{value:.6g}"
        xi.set_xlabel(rf"${free}$   at $\{held} = {shown}$")
        labels = Labels(figure)
        _name(labels, names, held, value, parts)
        _mark_jumps(labels, xi, held, value, parts)
        figure.draw_without_rendering()
    return figure


def stretches(held: str, value: Exact, low: float, high: float) -> list[Stretch]:
    """The phases along a cut, in order.

    Examples
    --------
    >>> [part.found.name for part in stretches("beta", Fraction(4, 5), 0, 1.2)]
    ['Ic', 'IVb', 'IVa', 'III', 'II']
    """
    known, free = (0, 1) if held == "alpha" else (1, 0)
    ends = {low, high}
    for line in (each for curve in phase_table().curves for each in straight(curve)):
        if line[free] != 0:
            at = -(line[known] * float(value) + line[2]) / line[free]
            ends |= {at} if low < at < high else set()
    found: list[Stretch] = []
    for left, right in pairwise(sorted(ends)):
        if right - left < 1e-12:
            continue
        middle = (left + right) / 2
        here = phase(value, middle) if held == "alpha" else phase(middle, value)
        if found and found[-1].found.name == here.name:
            found[-1] = Stretch(found[-1].low, right, found[-1].found)
        else:
            found.append(Stretch(left, right, here))
    return found


def _range(alpha: object, beta: object, alpha_max: object, beta_max: object) -> tuple[str, Exact, float, float]:
    """What is held, at which value, and where the other one begins and ends."""
    if (alpha is None) == (beta is None):
        given = "both" if alpha is not None else "neither"
        raise ParameterError("alpha, beta", given, "a cut holds one of them", "give exactly one")
    if beta is None:
        held, value = "alpha", real(alpha, "alpha", above=0, reason="the spectrum j^(-2 alpha) must fall")
        name, end = "beta_max", real(beta_max, "beta_max")
    else:
        held, value = "beta", real(beta, "beta")
        name, end = "alpha_max", real(alpha_max, "alpha_max", above=0, reason="alpha is positive")
    both: dict[str, Exact] = {held: value, name: end}
    for what, number in both.items():
        if abs(float(number)) > _LARGEST:
            raise ParameterError(what, number, "the phases would not be seen", f"use |{what}| <= {_LARGEST}")
    border = Fraction(1, 2) - Fraction(value)
    low = max(border, Fraction(0)) if held == "beta" else border
    if not end > low:
        raise ParameterError(name, end, f"at {held} = {value} the domain begins at {low}", f"use {name} > {low}")
    return held, value, float(low), float(end)


def _along(held: str, value: Exact, x: Any) -> tuple[Any, Any]:
    fixed = np.full(np.shape(x), float(value))
    return (fixed, x) if held == "alpha" else (x, fixed)


def _value(source: Entry | Critical, which: str, held: str, value: Exact, x: Any) -> Any:
    found = getattr(source, which).ratio.at(_along(held, value, np.asarray(x, dtype=float)))
    return np.broadcast_to(np.asarray(found, dtype=float), np.shape(x))


def _curves(axis: Any, which: str, held: str, value: Exact, parts: list[Stretch]) -> None:
    palette = colours()
    for part in parts:
        inner = 1e-9 * (part.high - part.low)  # a formula may be 0/0 in a corner of the domain
        x = np.linspace(part.low + inner, part.high - inner, _POINTS)
        y = _value(part.source, which, held, value, x)
        tint = palette[part.found.entries[0].name]
        axis.axvspan(part.low, part.high, fc=tint, ec="none", lw=0, alpha=0.4, zorder=-1)
        axis.plot(x, y, color=INK, lw=2.4, gid=f"{which}-{part.found.name}", solid_capstyle="butt")
    for part in parts[:-1]:
        axis.axvline(part.high, color=INK, lw=0.7, ls=(0, (4, 2)))
    axis.set_ylabel(rf"$\{which}$", fontsize=17)
    low, high = axis.get_ylim()
    if which == "eta":
        axis.set_ylim(0, high)
    elif high - low < 0.1:
        axis.set_ylim((low + high) / 2 - 0.1, (low + high) / 2 + 0.1)


def _name(labels: Labels, axis: Any, held: str, value: Exact, parts: list[Stretch]) -> None:
    """A band of phases; the equations of the lines that are crossed, and names that do not fit, above it."""
    axis.set(ylim=(0, 1), yticks=[])
    axis.spines[:].set_visible(False)
    palette, over = colours(), []
    along = [line.curve for part in parts for line in part.found.lines]
    for part in parts:
        name = rf"$\mathbf{{{part.found.name}}}$"
        band = np.array([(part.low, 0), (part.high, 0), (part.high, 1), (part.low, 1)])
        share = 1 / len(part.found.entries)  # on a line, the colours of its neighbours one above the other
        for n, entry in enumerate(part.found.entries):
            strip = np.array([1, share]) * band + np.array([0, n * share])
            axis.fill(*strip.T, fc=palette[entry.name], ec="none", lw=0)
        if labels.inside(axis, band, [(name, 0)], fontsize=14) is None:
            over.append(Pointer(name, (part.low + part.high) / 2, deep=10))
    for part in parts[:-1]:
        at = _along(held, value, part.high)
        crossed = [curve for curve in phase_table().curves if curve not in along and _meets(curve, at)]
        over.append(Pointer(", ".join(f"${equation(curve)}$" for curve in crossed), part.high))
        axis.axvline(part.high, color=INK, lw=0.7)
    labels.above(axis, over, fontsize=13)


def _meets(curve: Polynomial, at: tuple[Any, Any]) -> bool:
    return any(abs(a * at[0] + b * at[1] + c) < 1e-9 for a, b, c in straight(curve))


def _between(one: Stretch, other: Stretch) -> Critical | None:
    """The critical line that a cut crosses between two phases."""
    sides = {one.found.name, other.found.name}
    return next((line for line in phase_table().lines if set(line.neighbours) == sides), None)


def _mark_jumps(labels: Labels, axis: Any, held: str, value: Exact, parts: list[Stretch]) -> None:
    """Open circles at the two limits, a filled one at the value on the line."""
    low, high = axis.get_ylim()
    marks: list[tuple[float, float]] = []
    for one, other in pairwise(parts):
        x = one.high
        limits = [float(_value(part.source, "xi", held, value, x)) for part in (one, other)]
        if abs(limits[0] - limits[1]) < 1e-9:
            continue
        axis.plot([x, x], limits, "o", mfc="white", mec=INK, mew=1.8, ms=8, zorder=4, gid="limits")
        marks += [(x, each) for each in limits]
        line = _between(one, other)
        if line is not None:
            there = float(_value(line, "xi", held, value, x))
            axis.plot([x], [there], "o", mfc=INK, mec=INK, ms=8, zorder=4, gid="value")
            marks.append((x, there))
            tries = [
                (x + side * far * np.ptp(axis.get_xlim()), there + up * (high - low))
                for far in (0.07, 0.1, 0.14, 0.2)
                for up in (0, -0.08, 0.08, -0.16)
                for side in (1, -1)
            ]
            (left, right), says = axis.get_xlim(), rf"$\xi = {there:.3f}$" + "\non the line"
            frame = np.array([(left, low), (right, low), (right, high), (left, high)])
            with labels.without(_occupied(axis, marks)):
                labels.near(axis, np.array(tries), says, frame, fontsize=13)


def _occupied(axis: Any, marks: list[tuple[float, float]]) -> list[Any]:
    """Boxes along the curves, the dashed lines and the circles."""
    heights = np.linspace(0, 1, 60)
    points = [
        axis.transData.transform(each.get_xydata())
        if len(each.get_xdata()) == _POINTS
        else axis.get_xaxis_transform().transform([(each.get_xdata()[0], height) for height in heights])
        for each in axis.lines
        if each.get_gid() not in ("limits", "value")
    ]
    boxes = [np.concatenate([at - 3, at + 3]) for part in points for at in part]
    return boxes + [np.concatenate([at - 8, at + 8]) for at in axis.transData.transform(marks)]
