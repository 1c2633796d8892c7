"""The phase diagram."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..phases import Critical, Entry, phase_table
from .drawing import INK, balance, colours, in_style, require_matplotlib
from .labels import Labels, Pointer
from .plane import Polygon, Window, beyond, equation, regions, segments

__all__ = ["draw_lines", "draw_plane", "phase_diagram_figure"]

_GREY, _FAINT = "#E3E3E3", "#6B6B6B"
_JUMP = "#D55E00"
UNIVERSAL = "///"

#: Curves that have a name in arXiv:2405.15074.
_NAMED = {"2α - 1": "high-dimensional\nline "}


def phase_diagram_figure(alpha_max: object = "6/5", beta_max: object = "6/5", beta_min: object = 0) -> Any:
    r"""The phases in the ``(α, β)`` plane with the lines between them, and a table of their exponents.

    Level: asymptotic. Regions, lines, trade-offs and exponents are those of :func:`scalesym.phases.phase_table`. The regions in
    which ``ξ`` does not depend on ``(α, β)`` are hatched. A line is drawn solid where logarithms appear on it, dashed where none
    does, and in red where ``ξ`` jumps.

    Parameters
    ----------
    alpha_max, beta_max, beta_min:
        The plane is shown for ``0 ≤ α ≤ alpha_max`` and ``beta_min ≤ β ≤ beta_max``.

    Returns
    -------
    matplotlib.figure.Figure
        Each region is a patch with the id ``phase-NAME``.

    Raises
    ------
    ParameterError
        If matplotlib is missing, or a range is no range or shows nothing of the domain.

    Notes
    -----
    Source: derived from the catalogue's exponents; arXiv:2405.15074, figure 2 and the table of phases.

    Examples
    --------
    >>> figure = phase_diagram_figure()
    >>> [patch.get_gid() for patch in figure.axes[0].patches][:2]
    ['phase-Ia', 'phase-Ib']
    """
    window = Window.of(alpha_max, beta_min, beta_max)
    require_matplotlib()
    from matplotlib.figure import Figure

    with in_style():
        figure = Figure(figsize=(13.6, 6.3))
        axis = figure.add_axes((0.066, 0.11, 0.352, 0.76))
        draw_plane(axis, window)
        labels = Labels(figure)
        shown = _name_regions(labels, axis, window)
        _name_lines(labels, axis, window, shown)
        _table(labels, figure.add_axes((0.512, 0.03, 0.48, 0.94)))
        figure.draw_without_rendering()
    return figure


def draw_plane(axis: Any, window: Window, fill: bool = True) -> None:
    """Regions, what lies outside the domain, critical lines and axes."""
    found, palette = regions(window), colours()
    for entry in phase_table().phases:
        if fill and entry.name in found:
            at, colour = found[entry.name], palette[entry.name]
            axis.fill(*at.T, fc=colour, ec="none", lw=0, gid=f"phase-{entry.name}", zorder=0)
            if universal(entry):
                axis.fill(
                    *at.T, fc="none", ec="#FFFFFF", lw=0, hatch=UNIVERSAL, gid=f"universal-{entry.name}", zorder=0.5
                )
    outside = beyond(window)
    if outside is not None:
        axis.fill(*outside.T, fc=_GREY, ec="none", lw=0, zorder=0)
    draw_lines(axis, window)
    axis.set_xlim(0, window.alpha_max)
    axis.set_ylim(window.beta_min, window.beta_max)
    axis.set_xlabel(r"$\alpha$   (data)")
    axis.set_ylabel(r"$\beta$   (target)")
    axis.tick_params(width=0.8, pad=6)


def draw_lines(axis: Any, window: Window, **look: Any) -> None:
    """The critical lines, and the border of the domain."""
    for line in phase_table().lines:
        for ends in segments(window, line):
            axis.plot(*ends.T, **{**_look(line), **look}, solid_capstyle="butt")
    outside = beyond(window)
    if outside is not None:
        domain = next(each for each in phase_table().domain if len(each.terms) > 1)
        border = [point for point in outside if abs(domain.at(point)) < 1e-9]
        axis.plot(*np.array(border).T, color=look.get("color", INK), lw=1.2)


def universal(entry: Entry) -> bool:
    """Whether ``ξ`` is one number in the whole phase."""
    return not any(any(powers) for part in (entry.xi.ratio.top, entry.xi.ratio.bottom) for _, powers in part.terms)


def _look(line: Critical) -> dict[str, Any]:
    if line.jumps:
        return {"color": _JUMP, "lw": 2.6, "ls": "-"}
    return {"color": INK, "lw": 1.4, "ls": "-" if line.scales else (0, (4, 2))}


def _name_regions(labels: Labels, axis: Any, window: Window) -> list[Pointer]:
    """Names and trade-offs inside; pointers for those that do not fit."""
    found, palette, left_over = regions(window), colours(), []
    for entry in sorted(phase_table().phases, key=lambda each: _area(found.get(each.name))):
        if entry.name not in found:
            continue
        name, traded = _bold(entry), balance(entry.tradeoff)
        box = {"boxstyle": "round,pad=0.2", "fc": palette[entry.name], "ec": "none"}
        both = f"{name}\n{traded}"
        text = labels.inside(axis, found[entry.name], [(both, 0), (both, 90)], fontsize=14, bbox=box)
        text = text or labels.inside(axis, found[entry.name], [(name, 0), (name, 90)], fontsize=13, bbox=box)
        if text is None:
            left_over.append(Pointer.to_top(name, found[entry.name]))
        else:
            text.set_gid(f"name-{entry.name}")
    outside = beyond(window)
    if outside is not None:
        border = next(each for each in phase_table().domain if len(each.terms) > 1)
        edge = equation(border).replace("=", r"\leq")
        choices = [(f"no power law\n${edge}$", 0), ("no power law", 0), (f"${edge}$", 0)]
        labels.inside(axis, outside, choices, fontsize=12, color=_FAINT)
    return left_over


def _area(polygon: Polygon | None) -> float:
    if polygon is None:
        return 0.0
    x, y = polygon.T
    return float(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)


def _name_lines(labels: Labels, axis: Any, window: Window, others: list[Pointer]) -> None:
    """Each curve is named where it leaves the picture, above or to the right."""
    over, right = list(others), []
    for curve in phase_table().curves:
        ends = [end for line in phase_table().lines if line.curve == curve for end in segments(window, line)]
        if not ends:
            continue
        points = [point for pair in ends for point in pair]
        right_most, top_most = max(points, key=lambda p: (p[0], p[1])), max(points, key=lambda p: (p[1], p[0]))
        text = f"{_NAMED.get(curve.text, '')}${equation(curve)}$"
        upright = not any(powers[1] for _, powers in curve.terms)
        if abs(right_most[0] - window.alpha_max) < 1e-9 and not upright:
            right.append(Pointer(text, float(right_most[1])))
        elif abs(top_most[1] - window.beta_max) < 1e-9:
            over.append(Pointer(text, float(top_most[0])))
    labels.above(axis, over, fontsize=13)
    labels.beside(axis, right, fontsize=13)


def _table(labels: Labels, axis: Any) -> None:
    """Name, trade-off and exponents of each phase, and what hatching and lines mean."""
    from matplotlib.patches import Rectangle

    axis.set_axis_off()
    axis.set(xlim=(0, 1), ylim=(0, 1), autoscale_on=False)
    table, palette = phase_table(), colours()
    top, step, swatch, gap = 0.95, 0.101, 0.08, 0.035
    columns = [
        ("trade-off at $d^\\star$", [balance(entry.tradeoff) for entry in table.phases]),
        (r"$d^\star \asymp f^{\,\xi}$", [_large(entry.xi.latex) for entry in table.phases]),
        (r"$P^\star \asymp f^{-\eta}$", [_large(entry.eta.latex) for entry in table.phases]),
    ]
    rows = [top - 0.045 - (n + 0.55) * step for n in range(len(table.phases))]
    end = rows[-1] - 0.45 * step - 0.012

    def patch(x: float, y: float, height: float, colour: str, hatched: bool) -> None:
        axis.add_patch(Rectangle((x, y - height / 2), swatch, height, fc=colour, ec="none", lw=0))
        if hatched:
            axis.add_patch(
                Rectangle((x, y - height / 2), swatch, height, fc="none", ec="#FFFFFF", lw=0, hatch=UNIVERSAL)
            )

    for y, entry in zip(rows, table.phases, strict=True):
        patch(0, y, 0.06, palette[entry.name], universal(entry))
        box = {"boxstyle": "round,pad=0.1", "fc": palette[entry.name], "ec": "none"}
        labels.take(labels.box(axis.text(swatch / 2, y - 0.002, _bold(entry), ha="center", va="center", bbox=box)))
    x = first = swatch + gap
    for head, cells in columns:
        texts = [axis.text(x, top, head, va="center", fontsize=13)]
        texts += [axis.text(x, y, cell, va="center", fontsize=13.5) for y, cell in zip(rows, cells, strict=True)]
        boxes = [labels.box(text) for text in texts]
        for box in boxes:
            labels.take(box)
        x = float(axis.transData.inverted().transform((max(box.x1 for box in boxes), 0))[0]) + gap
    for y in (top - 0.045, end):
        axis.plot([0, x - gap], [y] * 2, color=INK, lw=0.8)

    jump = next(line for line in table.lines if line.jumps)
    shared = sorted({entry.xi.text for entry in table.phases if universal(entry)})
    meanings: list[tuple[Critical | None, str]] = [
        (next(line for line in table.lines if line.scales), "logarithms on the line"),
        (next(line for line in table.lines if not line.scales and not line.jumps), "no logarithm on the line"),
        (jump, rf"$\xi$ jumps at ${equation(jump.curve)}$"),
        (None, rf"$\xi = {', '.join(shared)}$, whatever $\alpha$ and $\beta$"),
    ]
    for n, (line, text) in enumerate(meanings):
        left, y = 0.5 * x * (n % 2), end - 0.055 - 0.06 * (n // 2)
        if line is None:
            patch(left, y, 0.036, "#B5B5B5", True)
        else:
            axis.plot([left, left + swatch], [y] * 2, **_look(line))
        labels.take(labels.box(axis.text(left + first, y, text, va="center", fontsize=12)))


def _bold(entry: Entry) -> str:
    return rf"$\mathbf{{{entry.name}}}$"


def _large(latex: str) -> str:
    written = latex.replace(r"\frac", r"\dfrac")
    return f"${written}$"
