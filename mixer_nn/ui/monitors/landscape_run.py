"""What moves over a landscape: the way the run has come, where it stands, and its next step."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.plot import Plot, ground
from mixer_nn.ui.theme import Theme

APART = 10.0
"""Pixels along the path from one dot to the next, about, where there are many."""

FEW = 40
"""States up to which each has its dot: how far apart they are is how long the steps were."""

SHORTEST = 12.0
"""Pixels of the next step from which it has an arrow."""

_WIDE, _EDGE = 2.2, 4.6


class RunItems:
    """The items of a run on a plot; places are in the plot's coordinates."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.edge, self.path, self.shaft = (pg.PlotCurveItem() for _ in range(3))
        self.dots, self.start, self.here = (pg.ScatterPlotItem() for _ in range(3))
        self.head = pg.ArrowItem(angle=0.0, headLen=9, headWidth=8, pen=None)
        self.head.setVisible(False)
        self._items = (
            self.edge,
            self.path,
            self.dots,
            self.start,
            self.shaft,
            self.head,
            self.here,
        )
        for depth, item in enumerate(self._items, start=20):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)

    def dress(self, colours: Theme) -> None:
        """Put on colours."""
        plot, zoom = self._plot, theme.zoom()
        around = ground(colours)
        around.setAlphaF(0.75)
        self.edge.setPen(plot.pen(around, _EDGE))
        self.path.setPen(plot.pen(colours.accent, _WIDE))
        self.dots.setPen(plot.pen(around, 1.0))
        self.dots.setBrush(QColor(colours.accent))
        self.dots.setSize(6.5 * zoom)
        self.start.setPen(plot.pen(colours.text, 2.0))
        self.start.setBrush(QBrush(ground(colours)))
        self.start.setSymbol("s")
        self.start.setSize(9.0 * zoom)
        self.here.setPen(plot.pen(colours.text, 2.0))
        self.here.setBrush(QColor(colours.accent))
        self.here.setSize(14.0 * zoom)
        self.shaft.setPen(plot.pen(colours.text, 2.0))
        self.head.setStyle(
            headLen=10.0 * zoom, headWidth=9.0 * zoom, brush=QColor(colours.text), pen=None
        )

    def clear(self) -> None:
        """Show nothing."""
        for item in (self.edge, self.path, self.dots, self.start, self.shaft, self.here):
            item.setData([], [])
        self.head.setVisible(False)

    def show(self, path: FloatArray, here: FloatArray, following: FloatArray | None) -> None:
        """Show the way of the run, (n, 2), the place `here` (2,) that is looked at, which may lie
        in the past, and where the next step leads.
        """
        x, y = path.T
        self.edge.setData(x, y)
        self.path.setData(x, y)
        self.dots.setData(*self._apart(path[:-1]).T)
        self.start.setData(x[: len(x) > 1], y[: len(x) > 1])
        self.here.setData(here[:1], here[1:])
        self._point_on(here, following)

    def _apart(self, path: FloatArray) -> FloatArray:
        """The places that get a dot: all of a few; of many, so far apart that they are dots."""
        if len(path) <= FEW:
            return path
        steps = np.diff(path, axis=0) / self._plot.pixel_size()
        gone = np.cumsum(np.hypot(steps[:, 0], steps[:, 1])) / (APART * theme.zoom())
        with np.errstate(invalid="ignore"):
            entered = np.diff(np.floor(gone), prepend=0.0) > 0.0
        return np.asarray(path[np.append(True, entered)])

    def _point_on(self, here: FloatArray, following: FloatArray | None) -> None:
        ends = [] if following is None else [here, following]
        shown = False
        if following is not None and np.isfinite(following).all():
            across, up = (following - here) / self._plot.pixel_size()
            shown = math.hypot(across, up) >= SHORTEST * theme.zoom()
            # The head of an arrow item points left at 0°, and turns clockwise.
            self.head.setStyle(angle=180.0 - math.degrees(math.atan2(up, across)))
            self.head.setPos(float(following[0]), float(following[1]))
        self.head.setVisible(shown)
        self.shaft.setData(*(np.array(ends).T if shown else ([], [])))
