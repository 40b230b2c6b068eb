"""What each neuron of the last hidden layer adds to a curve, stacked up to the curve itself."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.theme import Theme

_OPACITY = 0.13
_APART = 15
"""Pixels between the names of two lines, or one of them is left out."""


class PartsItem(pg.GraphicsObject):
    """Bands between one partial sum and the next: blue where a neuron adds, orange where it takes.

    `stack` is (1 + neurons, points): the bias alone, then with one neuron more in each row. Its
    last row is the model's curve.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__()
        self._plot = plot
        # The curve is drawn in every frame, the parts under it in one of four.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.across, self.stack = np.empty(0), np.empty((0, 0))
        self._bands: list[tuple[QPolygonF, QPolygonF, QPolygonF]] = []
        self._colours = (QColor(), QColor())
        self._pen = QPen()

    def dress(self, colours: Theme) -> None:
        """Put on colours."""
        fills = QColor(colours.positive), QColor(colours.negative)
        for colour in fills:
            colour.setAlphaF(_OPACITY)
        self._colours = fills
        self._pen = self._plot.pen(colours.dim, 1.5)
        self.update()

    def show_stack(self, across: FloatArray, stack: FloatArray) -> None:
        """Show the partial sums at the places `across`; nothing where some are not finite."""
        if not stack.size and not self.stack.size:
            return
        known = bool(np.isfinite(stack).all())
        self.across, self.stack = across, stack if known else np.empty((0, 0))
        self._bands = [
            self._band(below, above)
            for below, above in zip(self.stack, self.stack[1:], strict=False)
        ]
        self.prepareGeometryChange()
        self.update()

    def _band(self, below: FloatArray, above: FloatArray) -> tuple[QPolygonF, QPolygonF, QPolygonF]:
        """What is added, what is taken, and the new sum."""
        return (
            self._area(below, np.maximum(below, above)),
            self._area(below, np.minimum(below, above)),
            pg.functions.arrayToQPolygonF(self.across, above),
        )

    def _area(self, one: FloatArray, other: FloatArray) -> QPolygonF:
        there_and_back = np.concatenate([self.across, self.across[::-1]])
        polygon: QPolygonF = pg.functions.arrayToQPolygonF(
            there_and_back, np.concatenate([one, other[::-1]])
        )
        return polygon

    def boundingRect(self) -> QRectF:
        (left, right), (bottom, top) = self._plot.ranges
        return QRectF(left, bottom, right - left, top - bottom)

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for added, taken, line in self._bands:
            painter.setPen(Qt.PenStyle.NoPen)
            for area, colour in zip((added, taken), self._colours, strict=True):
                painter.setBrush(colour)
                painter.drawPolygon(area)
            painter.setPen(self._pen)
            painter.drawPolyline(line)
        self._draw_names(painter)

    def _draw_names(self, painter: QPainter) -> None:
        """At the left end of each line which neuron it is that has been added last."""
        if not self.stack.size:
            return
        (left, _), (bottom, top) = self._plot.ranges
        place = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(theme.current().text))
        taken: list[float] = []
        for neuron, height in enumerate(self.stack[:, 0]):
            at = place.map(QPointF(left, height)) + QPointF(theme.px(4), -theme.px(3))
            clear = all(abs(at.y() - other) >= theme.px(_APART) for other in taken)
            if bottom < height < top and clear:
                taken.append(at.y())
                painter.drawText(at, f"+ n{neuron}" if neuron else "b")
        painter.restore()
