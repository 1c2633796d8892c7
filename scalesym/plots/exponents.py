"""Maps of the exponents."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..phases import Entry, phase_table
from .drawing import INK, in_style, require_matplotlib
from .labels import Labels, Pointer
from .phases import draw_plane, universal
from .plane import Polygon, Window, regions

__all__ = ["exponents_figure"]

_GRID = 160
_APART = 110  # points between two labels of one level


def exponents_figure(alpha_max: object = "6/5", beta_max: object = "6/5", beta_min: object = 0) -> Any:
    r"""Maps of ``η`` and ``ξ`` over the ``(α, β)`` plane, ``P* ≍ f^{-η}`` and ``d* ≍ f^ξ``, with contour lines.

    Level: asymptotic. In each phase the formula of the table is drawn up to the phase's own border, so that ``η`` comes out
    continuous and the jump of ``ξ`` stays sharp. Phases in which ``ξ`` is one number are left white.

    Parameters
    ----------
    alpha_max, beta_max, beta_min:
        The plane is shown for ``0 ≤ α ≤ alpha_max`` and ``beta_min ≤ β ≤ beta_max``.

    Returns
    -------
    matplotlib.figure.Figure
        Two maps, ``η`` and ``ξ``, each with a colour bar.

    Raises
    ------
    ParameterError
        If matplotlib is missing, or a range is no range or shows nothing of the domain.

    Examples
    --------
    >>> figure = exponents_figure(alpha_max=1, beta_max=1)
    >>> [bar.get_ylabel().partition(",")[0] for bar in figure.axes[2:]]
    ['$\\eta$', '$\\xi$']
    """
    window = Window.of(alpha_max, beta_min, beta_max)
    require_matplotlib()
    from matplotlib.figure import Figure

    with in_style():
        figure = Figure(figsize=(13.6, 6.0))
        maps = [figure.add_axes((left, 0.12, 0.335, 0.775)) for left in (0.068, 0.568)]
        bars = [figure.add_axes((left, 0.12, 0.013, 0.775)) for left in (0.418, 0.918)]
        titles = (r"$\eta$,   $P^\star \asymp f^{-\eta}$", r"$\xi$,   $d^\star \asymp f^{\,\xi}$")
        for which, title, axis, bar in zip(("eta", "xi"), titles, maps, bars, strict=True):
            _draw(figure, axis, bar, window, which)
            bar.set_ylabel(title, fontsize=15, labelpad=8)
        figure.draw_without_rendering()
    return figure


def _draw(figure: Any, axis: Any, bar: Any, window: Window, which: str) -> None:
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Polygon as Patch
    from matplotlib.ticker import MaxNLocator

    draw_plane(axis, window, fill=False)
    found = regions(window)
    fields = {entry.name: _field(entry, found[entry.name], which) for entry in _shown(found, which)}
    corners = [_corners(entry, found[entry.name], which) for entry in _shown(found, which)]
    values = np.concatenate([[0.45, 0.55] if which == "xi" else [0.0, 0.1], *corners])
    levels: Any = MaxNLocator(nbins=16, steps=[1, 2, 5, 10]).tick_values(values.min(), values.max())
    middles = (levels[1:] + levels[:-1]) / 2
    if which == "xi":
        widest = np.abs(middles - 0.5).max()
        shades = colormaps["PuOr_r"](0.5 + 0.42 * (middles - 0.5) / widest)
    else:
        shades = colormaps["YlGnBu"](0.04 + 0.66 * (middles - middles[0]) / max(np.ptp(middles), 1e-9))
    tints = ListedColormap(shades)
    norm = BoundaryNorm(levels, len(middles))
    lines: list[tuple[Polygon, float, list[Polygon]]] = []
    for name, (x, y, z) in fields.items():
        area = Patch(found[name], transform=axis.transData)
        filled = axis.contourf(x, y, z, levels=levels, cmap=tints, norm=norm, zorder=-1)
        filled.set_edgecolor("face")  # no seams between bands
        filled.set_linewidth(0.4)
        filled.set_clip_path(area)
        filled.set_gid(f"{which}-{name}")
        crossed = [level for level in levels if z.min() < level < z.max()]
        if crossed:
            drawn = axis.contour(x, y, z, levels=crossed, colors=INK, linewidths=0.7, zorder=0.5)
            drawn.set_clip_path(area)
            lines += [(found[name], float(level), parts) for level, parts in zip(crossed, drawn.allsegs, strict=True)]
    written = [float(level) for level in levels[:: 2 if len(levels) > 12 else 1]]
    figure.colorbar(_scale(tints, norm), cax=bar, ticks=written, drawedges=True)
    bar.tick_params(width=0.8)
    bar.minorticks_off()
    _write(Labels(figure), axis, found, lines, written, which)


def _scale(tints: Any, norm: Any) -> Any:
    from matplotlib.cm import ScalarMappable

    return ScalarMappable(norm, tints)


def _shown(found: dict[str, Polygon], which: str) -> list[Entry]:
    entries = [entry for entry in phase_table().phases if entry.name in found]
    return [entry for entry in entries if which == "eta" or not universal(entry)]


def _field(entry: Entry, polygon: Polygon, which: str) -> tuple[Any, Any, Any]:
    """The exponent of a phase on a grid over its bounding box."""
    (left, low), (right, high) = polygon.min(axis=0), polygon.max(axis=0)
    x, y = np.meshgrid(np.linspace(left, right, _GRID), np.linspace(low, high, _GRID))
    with np.errstate(divide="ignore", invalid="ignore"):  # 0/0 in a corner of the domain
        z = np.asarray(getattr(entry, which).ratio.at((x, y)), dtype=float)
    return x, y, np.ma.masked_invalid(z)


def _corners(entry: Entry, polygon: Polygon, which: str) -> Any:
    """Values just inside the corners of a region, where an exponent is largest and least."""
    inside = polygon + 1e-3 * (polygon.mean(axis=0) - polygon)
    return np.asarray(getattr(entry, which).ratio.at(inside.T), dtype=float)


def _write(
    labels: Labels, axis: Any, found: dict[str, Polygon], lines: list[Any], written: list[float], which: str
) -> None:
    """The names of the phases, then the level on each contour line, where there is room."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.5, foreground="white")]
    pixels = axis.transData.transform
    on_lines = [box for area, _, parts in lines for part in parts for box in _boxes(pixels(part), pixels(area))]
    left_over = []
    for entry in phase_table().phases:
        if entry.name in found:
            name = rf"$\mathbf{{{entry.name}}}$"
            both = f"{name}\n" + rf"$\xi = {entry.xi.text}$"
            choices = [*([(both, 0)] if which == "xi" and universal(entry) else []), (name, 0)]
            look = {"fontsize": 13, "path_effects": halo}
            with labels.without(on_lines):
                text = labels.inside(axis, found[entry.name], choices, **look)
            if (text or labels.inside(axis, found[entry.name], choices, **look)) is None:
                left_over.append(Pointer.to_top(name, found[entry.name]))
    labels.above(axis, left_over, lift=12, fontsize=13)
    placed: list[tuple[float, Any]] = []
    pixel = labels.figure.dpi / 72
    for polygon, level, parts in (each for each in lines if each[1] in written):
        for part in sorted(parts, key=len, reverse=True):
            at = axis.transData.transform(part)
            near = [spot for value, spot in placed if value == level]
            apart = [np.hypot(*(at - spot).T) > _APART * pixel for spot in near]
            far = np.flatnonzero(np.all(apart, axis=0)) if near else np.arange(len(at))
            if not len(far):
                continue
            away = np.hypot(*(at[far] - np.median(at, axis=0)).T)
            order = far[np.argsort(away, kind="stable")]
            text = labels.near(axis, part[order], f"{level:.3g}", polygon, fontsize=11, path_effects=halo)
            if text is not None:
                placed.append((level, axis.transData.transform(text.get_position())))
                break


def _boxes(points: Polygon, area: Polygon) -> list[Any]:
    """Small boxes along the part of a polyline that lies in an area, in pixels."""
    from matplotlib.path import Path

    found = []
    for here, there in pairwise(points):
        count = max(2, int(np.hypot(*(there - here)) / 8))
        found.append(np.linspace(here, there, count))
    every = np.concatenate(found)
    return [np.concatenate([at - 1, at + 1]) for at in every[Path(area).contains_points(every)]]
