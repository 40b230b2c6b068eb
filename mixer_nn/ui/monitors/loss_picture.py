"""What the Loss monitor draws: this run's curves and marks, the other runs, and a hair line."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPen

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.overlay import Overlay
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.curve import (
    BY_HAND,
    HELD_OUT,
    HIGH,
    LOSS,
    LOW,
    MOVE,
    SECONDS,
    logarithms,
    reduced,
    thinned,
)
from mixer_nn.ui.monitors.marker import Marker
from mixer_nn.ui.monitors.plot import Plot, ground, keep_painted
from mixer_nn.ui.monitors.run_lines import Extent, RunLines
from mixer_nn.ui.monitors.ticks import Span, ceiling, log_range
from mixer_nn.ui.theme import Theme

AIR = 0.03
"""Share of the plot left free at its sides, so that no mark is cut off."""
SHORTEST = 12.0
"""Moves, or epochs, that the plot has room for at least."""
SHORTEST_TIME = 0.001
"""Seconds of training that it has room for at least: a small network takes many steps in them."""
MOST_DECADES = 16.0
DOTTED = 60
"""Points from which on the machine's steps are a line without dots."""
ROUGH = 2500.0
"""Pixels of up and down from which on a line is drawn without antialiasing."""

CAPTIONS = {
    "mse": ("always guessing the average", "average"),
    "mae": ("always guessing the median", "median"),
    "huber": ("always guessing one number", "one number"),
}
"""What the dashed line is for each loss over numbers, in full and in short."""
OF_CLASSES = ("always guessing the commonest class", "commonest class")
_ANCHORS = ((1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
"""Corners of the caption that may lie on the dashed line's ends, the best first."""


@dataclass(frozen=True)
class Axes:
    """What counts along x (a column of the curve) and whether y is logarithmic."""

    along: int = MOVE
    log: bool = True

    def height(self, losses: FloatArray) -> FloatArray:
        """Losses as heights in the plot."""
        return logarithms(losses) if self.log else losses


class LossPicture:
    """The items on the plot. The run is drawn by `draw`, where it stands by `mark`."""

    def __init__(self, plot: Plot, overlay: Overlay) -> None:
        self.plot, self.axes = plot, Axes()
        self.captions = OF_CLASSES
        line = {"antialias": True, "skipFiniteCheck": True}
        self.others = RunLines(plot, overlay)
        self.average = pg.PlotCurveItem(**line)
        self.held_out, self.train = pg.PlotCurveItem(**line), pg.PlotCurveItem(**line)
        self.steps, self.hand, self.asked = (pg.ScatterPlotItem() for _ in range(3))
        self.hair, self.marker = pg.PlotCurveItem(), Marker()
        self.caption = pg.TextItem(OF_CLASSES[0], anchor=(1.0, 1.0))
        lines = (*self.others.items, self.average, self.caption, self.hair)
        items = (*lines, self.held_out, self.train, self.steps, self.hand, self.asked, self.marker)
        for depth, item in enumerate(items):
            item.setZValue(depth)
            if isinstance(item, pg.PlotCurveItem) and item is not self.hair:
                keep_painted(item)  # the marker moves over it in every frame
            # The caption and the marks must not ask the plot to make room for them.
            plot.addItem(item, ignoreBounds=True)
        self.others.names.depth = self.marker.zValue() - 0.5
        self._pens: dict[pg.PlotCurveItem, tuple[QPen, QPen]] = {}
        self.plot.axes["left"].logarithmic = True

    def dress(self, colours: Theme) -> None:
        """Put on colours."""
        size = 7.0 * theme.zoom()
        area = ground(colours)
        loss = QColor(colours.loss)
        self.others.dress(colours)
        self.average.setPen(self.plot.pen(colours.dim, 1.5, Qt.PenStyle.DashLine))
        for item, colour, width in (
            (self.held_out, colours.held_out, 2.2),
            (self.train, colours.loss, 2.6),
        ):
            self._pens[item] = (self.plot.pen(colour, width), self.plot.pen(colour, 2.0))
            item.setPen(self._pens[item][not item.opts["antialias"]])
        self.hair.setPen(self.plot.pen(colours.dim, 1.0))
        self.caption.setColor(QColor(colours.dim))
        self.caption.setFont(theme.ui_font(12))
        for dots, around, brush, grown in (
            (self.steps, QPen(Qt.PenStyle.NoPen), loss, 0.0),
            (self.hand, self.plot.pen(colours.loss, 1.8), area, 0.0),
            (self.asked, self.plot.pen(colours.text, 1.5), area, 1.0),
            (self.marker, self.plot.pen(colours.text, 2.0), loss, 4.0),
        ):
            dots.setPen(around)
            dots.setBrush(QBrush(brush))
            dots.setSize(size + grown * theme.zoom())

    def set_axes(self, axes: Axes) -> None:
        """Count along x, and measure y, differently; the next `draw` follows."""
        self.axes = axes
        self.others.forget()
        left = self.plot.axes["left"]
        left.logarithmic = axes.log
        left.picture = None  # pyqtgraph keeps the numbers it has painted
        left.update()

    # -- the run ------------------------------------------------------------------------------

    def draw(self, points: FloatArray, average: float) -> None:
        """Draw a run, (points, 8) as the history keeps it, and what a constant would score.

        The axes have room for the other runs that have a name here.
        """
        if self.axes.along == SECONDS:
            points = points[np.isfinite(points[:, SECONDS])]
        x, extent = points[:, self.axes.along], self.others.extent(self.axes.along)
        across = self._across(x, extent)
        edges = np.linspace(*across, self.plot.columns() + 1)
        train = reduced(x, points[:, LOW], points[:, HIGH], edges)
        held_out = reduced(x, points[:, HELD_OUT], points[:, HELD_OUT], edges)
        self.plot.set_ranges(across, self._up(train[1], held_out[1], average, extent))
        self._line(self.train, *train)
        self._line(self.held_out, *held_out)
        self._draw_average(average)
        by_hand = points[:, BY_HAND] > 0.0
        self._dots(self.hand, x[by_hand], points[by_hand, LOSS], edges)
        alone = ~by_hand if len(points) < DOTTED else np.zeros_like(by_hand)
        alone[:1] = False  # where a run begins, nobody has moved yet
        self._dots(self.steps, x[alone], points[alone, LOSS], edges)

    def _across(self, x: FloatArray, extent: Extent) -> Span:
        """The range along x: from where the runs began, with room to go on."""
        shortest = SHORTEST_TIME if self.axes.along == SECONDS else SHORTEST
        ends = np.array([*x[:1], *x[-1:], extent.first, extent.last])
        ends = ends[np.isfinite(ends)]
        if not len(ends):
            return 0.0, shortest
        start = float(ends.min())
        return _airy(start, start + ceiling(max(float(ends.max()) - start, shortest)))

    def _up(self, train: FloatArray, held_out: FloatArray, average: float, extent: Extent) -> Span:
        losses = np.concatenate([train, held_out, [average, extent.low, extent.high]])
        losses = losses[np.isfinite(losses) & (losses >= 0.0)]
        positive = losses[losses > 0.0]
        if not positive.size:
            return _airy(-1.0, 0.0) if self.axes.log else _airy(0.0, 1.0)
        highest = float(positive.max())
        if not self.axes.log:
            return _airy(0.0, ceiling(highest))
        return _airy(*log_range(float(positive.min()), highest, MOST_DECADES))

    def _heights(self, losses: FloatArray) -> FloatArray:
        """Losses as heights; those too small for the plot lie on its bottom edge."""
        return np.maximum(self.axes.height(losses), self.plot.ranges[1][0])

    def _line(self, item: pg.PlotCurveItem, x: FloatArray, losses: FloatArray) -> None:
        heights = self._heights(losses)
        rough = self._is_rough(heights)
        if item.opts["antialias"] == rough:
            item.setPen(self._pens[item][rough])
        item.setData(x, heights, antialias=not rough)
        item.setVisible(len(x) > 0)  # one of nothing would still be asked for its bounds

    def _is_rough(self, heights: FloatArray) -> bool:
        """Whether a line goes up and down so much that smoothing its edges would take too long.

        Qt's rasteriser needs 130 ms for 600 points that jump by a third of a plot's height each,
        and 2 ms without antialiasing.
        """
        return bool(np.nansum(np.abs(np.diff(heights))) > ROUGH * self.plot.pixel_size()[1])

    def _dots(
        self, item: pg.ScatterPlotItem, x: FloatArray, losses: FloatArray, edges: FloatArray
    ) -> None:
        x, losses = thinned(x, losses, edges)
        item.setData(x, self._heights(losses))
        item.setVisible(len(x) > 0)

    def _draw_average(self, average: float) -> None:
        left, right = self.plot.ranges[0]
        known = math.isfinite(average) and average > 0.0
        self.caption.setVisible(known)
        if not known:
            self.average.setData([], [])
            return
        height = float(self.axes.height(np.array([average]))[0])
        self.average.setData(np.array([left, right]), np.array([height, height]))
        self._place_caption(height)

    def _place_caption(self, height: float) -> None:
        """Write over or under the dashed line, at its end or beginning: where nothing else is."""
        (left, right), (bottom, top) = self.plot.ranges
        across, up = self.plot.pixel_size()
        metrics = QFontMetricsF(theme.ui_font(12))
        room = self.plot.area().width() - theme.px(12)
        fitting = (text for text in self.captions if metrics.horizontalAdvance(text) <= room)
        text = next(fitting, self.captions[-1])
        if text != self.caption.textItem.toPlainText():
            self.caption.setText(text)
        rect = self.caption.boundingRect()
        long, tall = rect.width() * across, rect.height() * up
        x, y = self.train.getData()
        for anchor in _ANCHORS:
            start = right - long if anchor[0] else left
            floor = height if anchor[1] else height - tall
            if floor < bottom or floor + tall > top:
                continue
            if not len(x):
                break
            passing = np.interp(np.linspace(start, start + long, 24), x, y, np.nan, np.nan)
            if not ((passing > floor) & (passing < floor + tall)).any():
                break
        else:
            anchor = _ANCHORS[0]
        self.caption.setAnchor(anchor)
        self.caption.setPos(right if anchor[0] else left, height)

    # -- beside the run -----------------------------------------------------------------------

    def draw_others(self, name: str, loss_name: str) -> None:
        """Draw the other runs; only when there is anything new about them.

        `name` is what the present run is called among them, `loss_name` its loss function.
        """
        rough = ROUGH * self.plot.pixel_size()[1]
        self.others.draw(self.axes.along, self._heights, rough, loss_name)
        x, y = self.train.getData()
        end = (name, float(x[-1]), float(y[-1])) if x is not None and len(x) else None
        self.others.names.place(end, self.caption)

    def can_mark(self, x: float, loss: float) -> bool:
        """Whether where the mix stands lies within what is drawn."""
        (left, right), (_, top) = self.plot.ranges
        return left <= x <= right and not self._height(loss) > top

    def place(self, x: float, loss: float) -> tuple[float, float] | None:
        """Where a loss at `x` lies in the plot; None where either is no number."""
        return (x, self._height(loss)) if math.isfinite(x) and math.isfinite(loss) else None

    def mark(self, x: float, loss: float) -> None:
        """Show where the mix stands, exactly."""
        known = math.isfinite(loss) and math.isfinite(x)
        self.marker.put((x, self._height(loss)) if known else None)

    def _height(self, loss: float) -> float:
        return float(self._heights(np.array([loss]))[0])

    # -- asked --------------------------------------------------------------------------------

    def ask(self, x: float, loss: float) -> None:
        """Put the hair line through a point of the run."""
        bottom, top = self.plot.ranges[1]
        self.hair.setData([x, x], [bottom, top])
        if math.isfinite(loss):
            self.asked.setData([x], [self._height(loss)])
        else:
            self.asked.setData([], [])

    def forget(self) -> None:
        """Take the hair line away."""
        self.hair.setData([], [])
        self.asked.setData([], [])


def _airy(low: float, high: float) -> Span:
    air = AIR * (high - low)
    return low - air, high + air
