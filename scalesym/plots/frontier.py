"""The exact compute-optimal frontier: loss curves with their envelope, and the pieces along it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..frontiers import Frontier, frontier
from ..model import PLRF
from ..parameters import Exact, batch_size, entries, real, whole_number
from ..phases import Phase, phase
from .drawing import INK, balance, in_style, require_matplotlib

__all__ = ["BUDGETS", "SIZE", "along", "exponent", "frontier_figure", "pieces_figure", "shares_figure", "titled"]

Array = npt.NDArray[np.float64]

_FEWEST = 4
_MOST_CURVES = 12
_MOST_LABELS = 6
_STEPS = 160
SIZE = (7.4, 4.8)
_PIECES = {"F_pp": "#0072B2", "F_ac": "#009E73", "F_0": "#D55E00", "K_pp": "#CC79A7"}
#: Budgets of a picture, if none are given.
BUDGETS = tuple(10.0**k for k in range(6, 25))


def frontier_figure(
    alpha: object,
    beta: object,
    flops: Iterable[object] = BUDGETS,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
    found: Frontier | None = None,
) -> Any:
    """Loss curves of models of several sizes against the budget spent, and the frontier below which none of them comes.

    Level: deterministic equivalent.

    Parameters
    ----------
    alpha, beta, v_over_d, gamma, batch:
        As for :func:`~scalesym.frontier`.
    flops:
        The budgets of the frontier; four, at least.
    found:
        What ``frontier`` returned for all of these, if that is known already.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ParameterError
        If matplotlib is missing, or a parameter is refused by ``frontier``.

    Examples
    --------
    >>> figure = frontier_figure(1, "7/10", [1e7, 1e8, 1e9, 1e10])
    >>> figure.axes[0].get_xlabel()
    'budget $f = rBd$'
    """
    budgets, where, found = along(alpha, beta, flops, v_over_d, gamma, batch, found)
    from matplotlib.figure import Figure

    ratio, samples = real(v_over_d, "v_over_d", infinite=True), batch_size(batch)
    sizes = _sizes(found)
    with in_style():
        figure = Figure(figsize=SIZE, layout="constrained")
        axis = figure.subplots()
        for n, (colour, d) in enumerate(zip(_shades(len(sizes)), sizes, strict=True)):
            f, loss = _curve(alpha, beta, d, ratio, gamma, samples, budgets[-1] * 3)
            axis.plot(f, loss, color=colour, lw=1.6, gid=f"curve-{d}")
            if n % math.ceil(len(sizes) / _MOST_LABELS) == 0:
                axis.annotate(
                    _power(d, first=n == 0),
                    (f[0], loss[0]),
                    xytext=(0, 5) if n else (9, 5),
                    textcoords="offset points",
                    color=colour,
                    ha="center" if n else "right",
                    fontsize=12,
                )
        axis.plot(budgets, found.loss, color=INK, lw=2.6, gid="frontier", zorder=3)
        axis.set(xscale="log", yscale="log", xlabel="budget $f = rBd$", ylabel="loss $P$")
        top = max(float(np.max(line.get_ydata())) for line in axis.lines)
        axis.set_ylim(float(found.loss[-1]) / 2, top * (top / float(found.loss[-1])) ** 0.09)
        axis.set_xlim(float(sizes[0]) * samples / 100, budgets[-1] * 3)
        titled(axis, where, "models of size $d$, and the frontier")
        figure.draw_without_rendering()
    return figure


def shares_figure(
    alpha: object,
    beta: object,
    flops: Iterable[object] = BUDGETS,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
    found: Frontier | None = None,
) -> Any:
    """What each piece of the loss contributes at the optimum, one above the other, against the budget.

    Level: the pieces at the level of the continuum, at the optimum of the deterministic equivalent. Parameters, result and errors
    are those of :func:`frontier_figure`.

    Examples
    --------
    >>> figure = shares_figure(1, "7/10", [1e7, 1e8, 1e9, 1e10])
    >>> figure.axes[0].get_ylabel()
    'share of the pieces'
    """
    budgets, where, found = along(alpha, beta, flops, v_over_d, gamma, batch, found)
    from matplotlib.figure import Figure

    shares = {name: np.asarray(value) for name, value in found.shares._asdict().items()}
    with in_style():
        figure = Figure(figsize=SIZE, layout="constrained")
        axis = figure.subplots()
        _stack(axis, budgets, shares, where)
        axis.set_xlabel("budget $f = rBd$")
        titled(axis, where, f"{balance(where.tradeoff)} as $f \\to \\infty$")
        figure.draw_without_rendering()
    return figure


def pieces_figure(
    alpha: object,
    beta: object,
    d: object = 10**6,
    *,
    v_over_d: object = 10,
    gamma: object = "half-critical",
    batch: object = 1,
) -> Any:
    """What each piece of the loss contributes along the curve of one model, one above the other, against time.

    Level: continuum; for ``α ≤ 1/4`` the kernel's piece is the kernel function over ``γB``.

    Parameters
    ----------
    alpha, beta, v_over_d, gamma, batch:
        As for :func:`~scalesym.frontier`.
    d:
        Parameter count, a whole number.

    Returns
    -------
    A :class:`matplotlib.figure.Figure`, from the first step until ten times the time ``d^{2α}/γB`` at which the size is felt.

    Raises
    ------
    ParameterError
        Outside the domain, or if matplotlib is missing.

    Examples
    --------
    >>> figure = pieces_figure(1, "7/10", 1000)
    >>> figure.axes[0].get_xlabel()
    'step $r$'
    """
    require_matplotlib()
    where, size = phase(alpha, beta), whole_number(d, "d", least=2)
    ratio = real(v_over_d, "v_over_d", above=1, reason="v must exceed d", infinite=True)
    model = PLRF(alpha, beta, size, "inf" if math.isinf(ratio) else Fraction(ratio) * size, gamma, batch)
    from matplotlib.figure import Figure

    last = 10 * float(size) ** (2 * float(where.alpha)) / (model.learning_rate() * model.batch)
    steps = sorted({round(float(r)) for r in np.geomspace(1, max(last, 100.0), 120)})
    parts = model.pieces(steps)._asdict()
    rate = model.learning_rate() * model.batch
    parts["K_pp"] = (parts["K_pp"] if 4 * Fraction(where.alpha) > 1 else model.kernel(steps)) / rate
    total = sum(np.asarray(each) for each in parts.values())
    shares = {name: each / total for name, each in parts.items()}
    with in_style():
        figure = Figure(figsize=SIZE, layout="constrained")
        axis = figure.subplots()
        _stack(axis, np.array(steps, dtype=float), shares, where)
        axis.set_xlabel("step $r$")
        titled(axis, where, f"one model of size $d = {size:,}$".replace(",", r"\,"))
        figure.draw_without_rendering()
    return figure


def _stack(axis: Any, x: Array, shares: dict[str, Array], where: Phase) -> None:
    """One band for each piece; those that trade off lie next to one another."""
    order = sorted(_PIECES, key=lambda name: name not in where.tradeoff)
    heights = np.cumsum([shares[name] for name in order], axis=0)
    below: Any = np.zeros(len(x))
    for name, height in zip(order, heights, strict=True):
        axis.fill_between(x, below, height, fc=_PIECES[name], ec="white", lw=0.8, alpha=0.75, gid=name)
        axis.plot(x, height, color="white", lw=1.2)
        below = height
    axis.set(xscale="log", xlim=(x[0], x[-1]), ylim=(0, 1), ylabel="share of the pieces")
    axis.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axis.tick_params(axis="x", pad=7)
    _name_shares(axis, order, heights)


def along(
    alpha: object,
    beta: object,
    flops: Iterable[object],
    v_over_d: object,
    gamma: object,
    batch: object,
    found: Frontier | None,
) -> tuple[Array, Phase, Frontier]:
    """The budgets in ascending order, the phase, and the frontier; refused before the work where it can be."""
    require_matplotlib()
    where = phase(alpha, beta)
    given, shape = entries(flops if found is None else found.flops, "flops")
    budgets = sorted({float(real(each, "flops", above=0, reason="it counts operations")) for each in given})
    if len(shape) != 1 or len(budgets) < _FEWEST:
        raise ParameterError("flops", len(budgets), "these are too few budgets for a curve", f"give {_FEWEST} or more")
    if found is None:
        found = frontier(alpha, beta, budgets, v_over_d=v_over_d, gamma=gamma, batch=batch)
    elif budgets != list(found.flops):
        raise ParameterError("found", "a frontier", "its budgets are not in ascending order", "sort them")
    return np.array(budgets), where, found


def _sizes(found: Frontier) -> list[int]:
    """Powers of ten between the best sizes at both ends, and one more on either side."""
    low, high = math.floor(math.log10(found.d[0])), math.ceil(math.log10(found.d[-1]))
    step = math.ceil((high - low + 1) / _MOST_CURVES)
    return [10**k for k in range(max(low, 1), high + 1, step)]


def _curve(
    alpha: object, beta: object, d: int, ratio: Exact, gamma: object, batch: int, last: float
) -> tuple[Array, Array]:
    """The loss of one model from its first step on, against FLOPs."""
    v: object = "inf" if math.isinf(ratio) else Fraction(ratio) * d
    most = max(last / (batch * d), 2.0)
    steps = sorted({round(float(r)) for r in np.geomspace(1, most, _STEPS)})
    loss = np.asarray(PLRF(alpha, beta, d, v, gamma, batch).loss(steps), dtype=float)
    return np.array([float(r) * batch * d for r in steps]), loss


def _power(d: int, first: bool) -> str:
    return rf"${'d = ' if first else ''}10^{{{len(str(d)) - 1}}}$"


def _shades(count: int) -> list[Any]:
    from matplotlib import colormaps

    return [colormaps["viridis"](0.88 * n / max(1, count - 1)) for n in range(count)]


def exponent(value: Exact) -> str:
    """A number in mathtext: a short fraction as it is."""
    return str(value) if isinstance(value, Fraction) and len(str(value)) < 10 else f"{float(value):.5g}"


def titled(axis: Any, where: Phase, says: str) -> None:
    """Write the point and its phase over a picture, and what is seen."""
    letters = ", ".join(rf"\{name} = {exponent(getattr(where, name))}" for name in ("alpha", "beta"))
    kind = "line" if where.on_boundary else "phase"
    axis.set_title(f"{kind} {where.name} at ${letters}$: {says}", loc="left", fontsize=12, pad=10)


def _name_shares(axis: Any, order: list[str], heights: Any) -> None:
    """The symbol of each piece inside its band where that is wide; that of a band too narrow, in a legend at the right."""
    lower = np.vstack([np.zeros(heights.shape[1]), heights[:-1]])
    x = np.asarray(np.linspace(0.12, 0.88, 39))
    low, high = np.log(axis.get_xlim())
    budgets = axis.lines[0].get_xdata()
    narrow = []
    for name, bottom, top in zip(order, lower, heights, strict=True):
        at = np.exp(low + x * (high - low))
        under, over = (np.interp(np.log(at), np.log(budgets), each) for each in (bottom, top))
        windows = [slice(max(0, k - 4), k + 5) for k in range(len(x))]  # as wide as a symbol
        top_of, bottom_of = (np.array([f(each[w]) for w in windows]) for f, each in ((np.min, over), (np.max, under)))
        wide = top_of - bottom_of
        best = int(np.argmax(wide - 0.3 * abs(x - 0.5)))
        symbol = balance((name,))
        if wide[best] > 0.09:
            height = float(bottom_of[best] + top_of[best]) / 2
            axis.text(float(at[best]), height, symbol, ha="center", va="center", fontsize=17, color="white")
        else:
            narrow.append((symbol, _PIECES[name]))
    if narrow:
        from matplotlib.patches import Patch

        handles = [Patch(fc=colour, alpha=0.75, label=symbol) for symbol, colour in narrow]
        axis.legend(handles=handles, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
