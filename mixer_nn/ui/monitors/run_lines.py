"""The other runs in the Loss monitor: kept ones each with a line and a name, the rest faintly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.overlay import MOST_LINES, Overlay
from mixer_nn.state.run import Run
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.curve import HIGH, LOW, reduced
from mixer_nn.ui.monitors.line_names import LineNames
from mixer_nn.ui.monitors.plot import Plot, keep_painted
from mixer_nn.ui.run_words import label_beside
from mixer_nn.ui.theme import Theme

DASHES: tuple[tuple[float, ...], ...] = (
    (7.0, 2.5),
    (1.3, 1.7),
    (7.0, 2.0, 1.3, 2.0),
    (3.0, 2.0),
    (12.0, 2.0, 1.3, 2.0, 1.3, 2.0),
    (16.0, 4.0),
)
"""Strokes and gaps of the lines, in widths of the line: each told apart without colour."""
assert len(DASHES) == MOST_LINES

WIDTH = 2.0
COARSE = 4
"""Pixels that share a point of a dashed line that goes up and down in each of them."""


@dataclass(frozen=True)
class Extent:
    """How far lines reach along x, and their lowest and highest losses above 0; NaN for none."""

    first: float = math.nan
    last: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @classmethod
    def of(cls, runs: Sequence[Run], along: int) -> Extent:
        """What all of these runs need."""
        known = [points for run in runs if len(points := known_points(run, along))]
        if not known:
            return cls()
        lows = np.concatenate([points[:, LOW] for points in known])
        highs = np.concatenate([points[:, HIGH] for points in known])
        lows, highs = (part[np.isfinite(part) & (part > 0.0)] for part in (lows, highs))
        return cls(
            min(float(points[0, along]) for points in known),
            max(float(points[-1, along]) for points in known),
            float(lows.min()) if len(lows) else math.nan,
            float(highs.max()) if len(highs) else math.nan,
        )


def known_points(run: Run, along: int) -> FloatArray:
    """The points of a run whose place along an axis is known: an old file may not say the time."""
    points = run.points
    known = np.isfinite(points[:, along])
    return points if known.all() else points[known]


class RunLines:
    """The items of the other runs; drawn anew only when there is anything new about them."""

    def __init__(self, plot: Plot, overlay: Overlay) -> None:
        self._plot, self.overlay = plot, overlay
        self.earlier = pg.PlotCurveItem(connect="finite", antialias=True)
        self.lines = [pg.PlotCurveItem(antialias=True) for _ in range(MOST_LINES)]
        self.names = LineNames(plot)
        self._drawn: tuple[object, ...] = ()
        self._extent, self._extent_of = Extent(), (0, (-1, -1))
        self.items = (self.earlier, *self.lines)
        for item in self.items:
            keep_painted(item)

    def dress(self, colours: Theme) -> None:
        """Put on colours."""
        faint = QColor(colours.dim)
        faint.setAlphaF(0.55)
        faded = self._plot.pen(colours.dim, 1.5)
        faded.setColor(faint)
        self.earlier.setPen(faded)
        for item, dashes in zip(self.lines, DASHES, strict=True):
            item.setPen(dashed(self._plot.pen(colours.text, WIDTH), dashes))
        self.names.dress(colours)
        self._drawn = ()

    def forget(self) -> None:
        """Draw them anew the next time, whether or not anything is new."""
        self._drawn = ()

    def extent(self, along: int) -> Extent:
        """What the lines with names, and an old future, need of the axes, worked out once."""
        wanted = along, self.overlay.revision
        if wanted != self._extent_of:
            self._extent, self._extent_of = Extent.of(self.overlay.framed, along), wanted
        return self._extent

    def draw(
        self,
        along: int,
        heights: Callable[[FloatArray], FloatArray],
        rough: float,
        loss_name: str,
    ) -> None:
        """Draw them along a column of the curves; `heights` maps losses to the plot.

        Lines that go up and down by more than `rough` in all are drawn without smooth edges.
        `loss_name` is the present run's loss function: names say where one has another.
        """
        plot = self._plot
        key = (plot.ranges, plot.columns(), along, loss_name, self.overlay.revision)
        if key == self._drawn:
            return
        self._drawn = key
        self._draw_faint(along, heights, rough)
        shown = {self.overlay.line_of(run.number): run for run in self.overlay.lines}
        ends = []
        for line, item in enumerate(self.lines):
            run = shown.get(line)
            x, y = (np.empty(0), np.empty(0)) if run is None else self._line(run, along, heights)
            item.setData(x, y, antialias=_climb(y) <= rough)
            item.setVisible(len(x) > 0)
            if run is not None and len(x):
                ends.append((label_beside(run, loss_name), float(x[-1]), float(y[-1])))
        self.names.set_others(ends)

    def _draw_faint(
        self, along: int, heights: Callable[[FloatArray], FloatArray], rough: float
    ) -> None:
        edges = np.linspace(*self._plot.ranges[0], self._plot.columns() + 1)
        gap = np.array([np.nan])
        across, up = [np.empty(0)], [np.empty(0)]
        for run in self.overlay.faint:
            points = known_points(run, along)
            x, losses = reduced(points[:, along], points[:, LOW], points[:, HIGH], edges)
            across += [x, gap]
            up += [heights(losses), gap]
        y = np.concatenate(up)
        self.earlier.setData(np.concatenate(across), y, antialias=_climb(y) <= rough)
        self.earlier.setVisible(bool(np.isfinite(y).any()))

    def _line(
        self, run: Run, along: int, heights: Callable[[FloatArray], FloatArray]
    ) -> tuple[FloatArray, FloatArray]:
        """A line as its pixels can show it; one that jumps in every pixel by its middle.

        No dash could be seen in such a line, and Qt would need long to draw them.
        """
        points, plot = known_points(run, along), self._plot
        edges = np.linspace(*plot.ranges[0], plot.columns() // COARSE + 1)
        x, low, high = points[:, along], points[:, LOW], points[:, HIGH]
        if len(x) <= len(edges):
            known = np.isfinite(points[:, HIGH])
            return x[known], heights(0.5 * (low + high)[known])
        at, up = reduced(x, low, high, edges)
        pairs = len(at) // 2 * 2
        middle = 0.5 * (heights(up[:pairs:2]) + heights(up[1:pairs:2]))
        last = heights(high[-1:]) if np.isfinite(high[-1]) else middle[-1:]
        return np.append(at[1:pairs:2], x[-1]), np.append(middle, last)


def dashed(pen: QPen, dashes: Sequence[float]) -> QPen:
    """The same pen with strokes and gaps of these lengths."""
    pen.setStyle(Qt.PenStyle.CustomDashLine)
    pen.setDashPattern(list(dashes))
    return pen


def sample_pen(line: int) -> QPen:
    """The pen of a sort of line, for a sample of it in a table."""
    pen = QPen(QColor(theme.current().text), theme.px(2))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return dashed(pen, DASHES[line])


def _climb(heights: FloatArray) -> float:
    """How far a line goes up and down in all."""
    return float(np.nansum(np.abs(np.diff(heights))))
