"""Thumbnails: what each neuron computes over the input, as a small field or a curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.field import Units
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.field_item import Shades
from mixer_nn.ui.monitors.palette import Palette

SMALL_CELLS = 50
"""Cells of a small field, across and up: every other one of the whole field."""
FADED = 0.25
_MARKS_FROM = 120
"""Pixels from which the highest and the lowest place are marked with their signs."""


class Thumbnail(QWidget):
    """A field of colours (blue above 0, orange below) or a curve about its zero line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._shades: Shades = np.zeros((1, 1), dtype=np.uint32)
        self._values: FloatArray = np.zeros(0)
        self._text = ""
        self._faded = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def values(self) -> FloatArray:
        """What it shows, −1 to 1 of the full scale: (up, across) of a field, (points,) of a curve.

        A field's first row is the top one.
        """
        return self._values

    def show_field(self, values: FloatArray, shades: Shades) -> None:
        """Show numbers (up, across), the first row on top, in these colours."""
        self._values, self._shades = values, shades
        height, width = shades.shape
        self._image = QImage(shades.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        self.update()

    def show_curve(self, values: FloatArray) -> None:
        """Show numbers from left to right."""
        self._values, self._image = values, QImage()
        self.update()

    def set_faded(self, faded: bool) -> None:
        """Show it faint, as what a step in slow motion has not come to."""
        if faded != self._faded:
            self._faded = faded
            self.update()

    def explain(self, text: str) -> None:
        """Say what it shows, in its tooltip and to a screen reader."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, box = theme.current(), QRectF(self.rect())
        with QPainter(self) as painter:
            if self._faded:
                painter.fillRect(box, QColor(colours.panel))
                painter.setOpacity(FADED)
            if self._image.isNull():
                painter.fillRect(box, QColor(colours.raised))
                self._paint_curve(painter, box)
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(box, self._image)
                self._paint_signs(painter, box)
            painter.setPen(QPen(QColor(colours.line), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_curve(self, painter: QPainter, box: QRectF) -> None:
        values = self._values
        if values.ndim != 1 or values.size < 2:
            return
        colours, middle = theme.current(), box.center().y()
        painter.setPen(QPen(QColor(colours.faint), 1.0))
        painter.drawLine(QLineF(box.left(), middle, box.right(), middle))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.text), 2.0))
        reach = box.height() / 2.0 - 2.0
        known = np.isfinite(values)
        across = np.linspace(box.left() + 1.0, box.right() - 1.0, values.size)[known]
        heights = middle - np.clip(values[known], -1.0, 1.0) * reach
        line = zip(across.tolist(), heights.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))

    def _paint_signs(self, painter: QPainter, box: QRectF) -> None:
        """In a large picture, mark where it is highest and lowest: not by colour alone."""
        values = self._values
        if box.height() < _MARKS_FROM or not np.isfinite(values).all():
            return
        painter.setFont(theme.ui_font(15))
        tall, wide = values.shape
        for place, sign in ((values.argmax(), "+"), (values.argmin(), "\u2212")):
            value = values.flat[place]
            if (value > 0.0) == (sign == "+") and value != 0.0:
                row, column = divmod(int(place), wide)
                x = min(max((column + 0.5) / wide * box.width(), 10.0), box.width() - 10.0)
                y = min(max((row + 0.5) / tall * box.height(), 10.0), box.height() - 10.0)
                mark = QRectF(x - 9.0, y - 9.0, 18.0, 18.0)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.current().panel))
                painter.drawEllipse(mark)
                painter.setPen(QColor(theme.current().text))
                painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, sign)


class Pictures:
    """Turns what neurons make of the grid into what thumbnails show, a layer at a time."""

    def __init__(self) -> None:
        self._palette = Palette(-1.0, 1.0)
        self._dressed = ""

    def show(
        self, thumbnails: list[Thumbnail], units: Units, counts: tuple[int, ...], full: float
    ) -> None:
        """Show rows of `units` (neurons, points), of their grid with so many points an axis.

        `full` is what counts as 1. Small thumbnails of fields take every other cell.
        """
        if len(counts) == 1:
            with np.errstate(all="ignore"):
                curves = np.asarray(units / full, dtype=np.float64)
            for thumbnail, curve in zip(thumbnails, curves, strict=True):
                thumbnail.show_curve(curve)
            return
        small = all(thumbnail.height() <= 2 * SMALL_CELLS for thumbnail in thumbnails)
        step = max(counts[0] // SMALL_CELLS, 1) if small else 1
        # The last axis goes up, and an image's first row is its top.
        cells = units.reshape(len(units), *counts)[:, ::step, ::step].transpose(0, 2, 1)[:, ::-1]
        with np.errstate(all="ignore"):
            values = np.asarray(cells / full, dtype=np.float64)
        shades = np.ascontiguousarray(self._colours().shades_of(values))
        for thumbnail, field, picture in zip(thumbnails, values, shades, strict=True):
            thumbnail.show_field(field, picture)

    def _colours(self) -> Palette:
        colours = theme.current()
        if colours.name != self._dressed:
            self._dressed = colours.name
            self._palette.dress(colours)
        return self._palette
