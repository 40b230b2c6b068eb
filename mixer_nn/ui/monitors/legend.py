"""The legend of a monitor: samples and words in a row, as many as there is room for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui import theme


class Sample(Enum):
    """How a thing is drawn in the plot."""

    LINE = auto()
    THIN = auto()
    DASHED = auto()
    RING = auto()
    AREA = auto()


@dataclass(frozen=True)
class Entry:
    """A word of the legend, the theme's name of its colour, and how the thing is drawn."""

    text: str
    colour: str
    sample: Sample = Sample.LINE


_LENGTH = {Sample.LINE: 22, Sample.THIN: 12, Sample.DASHED: 22, Sample.RING: 9, Sample.AREA: 11}
_PENS = {
    Sample.LINE: (3.0, Qt.PenStyle.SolidLine),
    Sample.THIN: (2.0, Qt.PenStyle.SolidLine),
    Sample.DASHED: (2.0, Qt.PenStyle.DashLine),
    Sample.RING: (1.8, Qt.PenStyle.SolidLine),
    Sample.AREA: (1.0, Qt.PenStyle.NoPen),
}
_GAP, _SPACE = 7, 18


class Legend(QWidget):
    """Entries from the right; where they do not all fit, the last ones are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it explains, the most important first."""
        return self._entries

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Explain these, the most important first."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleName("Legend: " + ", ".join(entry.text for entry in entries))
            self.updateGeometry()
            self.update()

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(theme.ui_font(12.5))

    def _width(self, entry: Entry) -> float:
        return theme.px(_LENGTH[entry.sample] + _GAP) + self._metrics().horizontalAdvance(
            entry.text
        )

    def fitting(self) -> tuple[Entry, ...]:
        """The entries that there is room for."""
        room = float(self.width())
        kept: list[Entry] = []
        for entry in self._entries:
            room -= self._width(entry) + (theme.px(_SPACE) if kept else 0)
            if room < 0.0:
                break
            kept.append(entry)
        return tuple(kept)

    def sizeHint(self) -> QSize:
        width = sum(map(self._width, self._entries)) + theme.px(_SPACE) * len(self._entries)
        # As tall as the switches that may stand beside it, so that all panels' heads are alike.
        return QSize(math.ceil(width), theme.px(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        entries = self.fitting()
        width = sum(map(self._width, entries)) + theme.px(_SPACE) * max(len(entries) - 1, 0)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.ui_font(12.5))
            left = self.width() - width
            for entry in entries:
                self._draw(painter, left, entry)
                left += self._width(entry) + theme.px(_SPACE)

    def _draw(self, painter: QPainter, left: float, entry: Entry) -> None:
        metrics, middle = self._metrics(), self.height() / 2.0
        length = theme.px(_LENGTH[entry.sample])
        width, style = _PENS[entry.sample]
        colour = QColor(getattr(theme.current(), entry.colour))
        pen = QPen(QBrush(colour), theme.px(10 * width) / 10.0, style, Qt.PenCapStyle.FlatCap)
        if style is Qt.PenStyle.DashLine:
            pen.setDashPattern([3.5, 2.5])
        painter.setPen(pen)
        if entry.sample is Sample.RING:
            centre = QPointF(left + length / 2.0, middle)
            painter.drawEllipse(centre, length / 2.0 - 0.5, length / 2.0 - 0.5)
        elif entry.sample is Sample.AREA:
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, middle - length / 2.0, length, length), 2.0, 2.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.drawLine(QPointF(left, middle), QPointF(left + length, middle))
        painter.setPen(QColor(theme.current().dim))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2.0
        painter.drawText(QPointF(left + length + theme.px(_GAP), baseline), entry.text)
