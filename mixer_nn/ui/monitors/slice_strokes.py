"""A few lines and marks on a plot, painted as one: an item for each would take twice the time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui.monitors.class_marks import draw_symbol
from mixer_nn.ui.monitors.plot import Plot


class Stroke:
    """A line through points in the plot's coordinates; where they are no numbers, a gap."""

    def __init__(self) -> None:
        self.x: FloatArray = np.empty(0)
        self.y: FloatArray = np.empty(0)
        self.pen = QPen()

    def put(self, x: ArrayLike, y: ArrayLike) -> None:
        """Go through these points."""
        self.x, self.y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def paint(self, painter: QPainter) -> None:
        """Paint on a painter that counts in the plot's coordinates."""
        if self.x.size > 1:
            painter.setPen(self.pen)
            known = np.isfinite(self.y)
            if known.all():
                painter.drawPolyline(pg.functions.arrayToQPolygonF(self.x, self.y))
            else:
                painter.drawPath(pg.functions.arrayToQPath(self.x, self.y, connect="finite"))


class Mark:
    """A symbol at a point, or nowhere; its size is in pixels."""

    def __init__(self, symbol: str) -> None:
        self.at: tuple[float, float] | None = None
        self.symbol, self.size = symbol, 10.0
        self.pen, self.brush = QPen(), QBrush()

    def paint(self, painter: QPainter, place: QPointF) -> None:
        """Paint at a place on a painter that counts in pixels."""
        painter.setPen(self.pen)
        painter.setBrush(self.brush)
        draw_symbol(painter, self.symbol, place, self.size)


class Strokes(pg.GraphicsObject):
    """Lines, the first lowest, and the marks over them. Call `show_all` when any has changed."""

    def __init__(self, plot: Plot, lines: Sequence[Stroke], marks: Sequence[Mark]) -> None:
        super().__init__()
        self._plot, self._lines, self._marks = plot, lines, marks
        plot.addItem(self, ignoreBounds=True)

    def show_all(self) -> None:
        """Paint the lines and marks as they are now."""
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        (left, right), (bottom, top) = self._plot.ranges
        return QRectF(left, bottom, right - left, top - bottom)

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in self._lines:
            line.paint(painter)
        place = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        for mark in self._marks:
            if mark.at is not None:
                mark.paint(painter, place.map(QPointF(*mark.at)))
        painter.restore()
