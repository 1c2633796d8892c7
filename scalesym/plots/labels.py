"""Texts that find a place of their own: inside a region, or outside the axes with a line to what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .drawing import INK
from .plane import Polygon

__all__ = ["Labels", "Pointer", "spread"]

_GRID = 41  # places tried in a region, each way
_PAD = 3.0  # points between a label and anything else


@dataclass(frozen=True)
class Pointer:
    """A label outside the axes, and the place it names: where on the edge, and how deep inside (in points)."""

    text: str
    at: float
    deep: float = 0.0

    @classmethod
    def to_top(cls, text: str, polygon: Polygon) -> Pointer:
        """To a region that comes up to the upper edge."""
        top = polygon[polygon[:, 1] > polygon[:, 1].max() - 1e-9]
        return cls(text, float(top[:, 0].mean()), deep=10)


def spread(wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Positions as near as can be to those wanted, in their order and at least ``gaps`` apart.

    Parameters
    ----------
    wanted:
        In increasing order.
    gaps:
        One less than positions.
    low, high:
        Between which they lie, if there is room.

    Examples
    --------
    >>> spread([1, 1, 5], [2, 2], 0, 10)
    [0.0, 2.0, 5.0]
    """
    before = np.concatenate([[0], np.cumsum(gaps)])
    blocks: list[list[float]] = []  # mean and number of those that touch
    for value in np.asarray(wanted, dtype=float) - before:
        blocks.append([float(value), 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (one, n), (other, k) = blocks[-2:]
            blocks[-2:] = [[(n * one + k * other) / (n + k), n + k]]
    level = np.concatenate([np.full(int(n), mean) for mean, n in blocks]) if blocks else np.array([])
    level = np.clip(level, low, max(low, high - before[-1]))
    return [float(x) for x in level + before]


class Labels:
    """Keeps the boxes that are taken, in pixels. The axes must have their final place and limits."""

    def __init__(self, figure: Any) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure = figure
        canvas: Any = FigureCanvasAgg(figure)
        self._renderer = canvas.get_renderer()
        self._pixel = figure.dpi / 72
        self.taken: list[npt.NDArray[np.float64]] = []

    def take(self, box: Any) -> None:
        """Keep other labels out of a box."""
        self.taken.append(np.array([box.x0, box.y0, box.x1, box.y1]))

    @contextmanager
    def without(self, boxes: Sequence[npt.NDArray[np.float64]]) -> Iterator[None]:
        """Within the context, keep labels out of more boxes, ``(x0, y0, x1, y1)``."""
        before = len(self.taken)
        self.taken[before:] = boxes
        try:
            yield
        finally:
            del self.taken[before : before + len(boxes)]

    def box(self, text: Any) -> Any:
        """Of a text, in pixels."""
        return text.get_window_extent(self._renderer)

    def inside(self, axis: Any, polygon: Polygon, choices: Iterable[tuple[str, float]], **look: Any) -> Any:
        """Write the first of several texts, each with a rotation, that fits into a convex polygon; ``None`` if none does."""
        corners = axis.transData.transform(polygon)
        for string, rotation in choices:
            text = axis.text(0, 0, string, rotation=rotation, ha="center", va="center", ma="center", **look)
            box = self.box(text)
            found = self._roomiest(corners, box.width, box.height)
            if found is None:
                text.remove()
                continue
            self._centre(axis, text, found)
            return text
        return None

    def near(self, axis: Any, points: Polygon, string: str, polygon: Polygon | None = None, **look: Any) -> Any:
        """Write a text centred on the first of several points where it is free, within a polygon; ``None`` if there is none."""
        text = axis.text(0, 0, string, ha="center", va="center", **look)
        box = self.box(text)
        half = np.array([box.width, box.height]) / 2 + _PAD * self._pixel
        centres = axis.transData.transform(points)
        free = self._free(centres, half)
        if polygon is not None:
            free &= self._clearance(axis.transData.transform(polygon), centres, half) >= 0
        if free.any():
            self._centre(axis, text, centres[free.argmax()])
            return text
        text.remove()
        return None

    def above(self, axis: Any, pointers: Sequence[Pointer], lift: float = 16, **look: Any) -> None:
        """Labels over the upper edge, with lines down to what they name."""
        self._outside(axis, pointers, 0, lift, look)

    def beside(self, axis: Any, pointers: Sequence[Pointer], lift: float = 10, **look: Any) -> None:
        """Labels to the right of the axes."""
        self._outside(axis, pointers, 1, lift, look)

    def _outside(self, axis: Any, pointers: Sequence[Pointer], along: int, lift: float, look: Any) -> None:
        if not pointers:
            return
        frame, pixel = axis.get_window_extent(self._renderer), self._pixel
        pointers = sorted(pointers, key=lambda each: each.at)
        align = {"ha": "center", "va": "bottom"} if along == 0 else {"ha": "left", "va": "center"}
        texts = [axis.text(0, 0, each.text, transform=axis.transAxes, **align, **look) for each in pointers]
        sizes = np.array([(self.box(text).width, self.box(text).height)[along] for text in texts])
        place = axis.transData.transform(np.array([[each.at] * 2 for each in pointers]))[:, along]
        low, high = (frame.x0, frame.x1) if along == 0 else (frame.y0, frame.y1)
        gaps = (sizes[1:] + sizes[:-1]) / 2 + 3 * _PAD * pixel
        room = (-np.inf, np.inf) if along else (low - 30 * pixel + sizes[0] / 2, high + 30 * pixel - sizes[-1] / 2)
        found = spread(place, gaps, *room)
        edge = frame.y1 if along == 0 else frame.x1
        to_axes = axis.transAxes.inverted()
        for each, text, at, centre in zip(pointers, texts, place, found, strict=True):
            steps = [(at, edge - each.deep * pixel), (at, edge + 3 * pixel), (centre, edge + (lift - 2) * pixel)]
            path = to_axes.transform([step[::-1] if along else step for step in steps])
            axis.plot(*path.T, color=INK, lw=0.8, transform=axis.transAxes, clip_on=False, solid_joinstyle="round")
            if each.deep:
                axis.plot(*path[0], "o", color=INK, ms=3.5, transform=axis.transAxes, clip_on=False)
            target = (centre, edge + lift * pixel)
            text.set_position(to_axes.transform(target[::-1] if along else target))
            self.take(self.box(text))

    def _centre(self, axis: Any, text: Any, centre: Any) -> None:
        text.set_position(axis.transData.inverted().transform(centre))
        self.take(self.box(text))

    def _roomiest(self, corners: Polygon, width: float, height: float) -> Any:
        """The centre at which a box is farthest from the edges of a convex polygon, and free."""
        (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
        grid = np.stack(np.meshgrid(np.linspace(left, right, _GRID), np.linspace(low, high, _GRID)), axis=-1).reshape(
            -1, 2
        )
        half = np.array([width, height]) / 2 + _PAD * self._pixel
        room = np.where(self._free(grid, half), self._clearance(corners, grid, half), -1.0)
        if room.max() < 0:
            return None
        away = np.hypot(*(grid - corners.mean(axis=0)).T)
        best = np.flatnonzero(room >= 0.97 * room.max())
        return grid[best[np.argmin(away[best])]]

    def _clearance(self, corners: Polygon, centres: Polygon, half: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How far boxes stay within a convex polygon; negative if they leave it."""
        edges = np.roll(corners, -1, axis=0) - corners
        edges, begin = edges[np.hypot(*edges.T) > 1e-9], corners[np.hypot(*edges.T) > 1e-9]
        normal = np.stack([-edges[:, 1], edges[:, 0]], axis=1) / np.hypot(*edges.T)[:, None]
        inward = np.sign(((corners.mean(axis=0) - begin) * normal).sum(axis=1))
        normal *= inward[:, None]
        height = np.einsum("nek,ek->ne", centres[:, None, :] - begin, normal)
        found: npt.NDArray[np.float64] = (height - np.abs(normal) @ half).min(axis=1)
        return found

    def _free(self, centres: Polygon, half: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        free = np.ones(len(centres), dtype=bool)
        if not self.taken or not len(centres):
            return free
        low, high = centres.min(axis=0) - half, centres.max(axis=0) + half
        boxes = np.array(self.taken)
        boxes = boxes[(boxes[:, 2:] > low).all(axis=1) & (boxes[:, :2] < high).all(axis=1)]
        begin, end = centres - half, centres + half
        for x0, y0, x1, y1 in boxes:
            free &= (end[:, 0] <= x0) | (begin[:, 0] >= x1) | (end[:, 1] <= y0) | (begin[:, 1] >= y1)
        return free
