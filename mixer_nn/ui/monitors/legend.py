"""The legend of a monitor: samples and words in a row, as many as there is room for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.monitors.class_marks import class_colour, class_symbol, draw_symbol


class Sample(Enum):
    """How a thing is drawn in the plot."""

    LINE = auto()
    THIN = auto()
    DASHED = auto()
    RING = auto()
    AREA = auto()
    MARK = auto()


@dataclass(frozen=True)
class Entry:
    """A word of the legend, the name of its colour, and how the thing is drawn.

    The colour is the theme's, or a class's: ``class 0 of 3``. `short` says it where room is scarce.
    """

    text: str
    colour: str
    sample: Sample = Sample.LINE
    short: str = ""

    @property
    def class_of(self) -> tuple[int, int] | None:
        """Which class of how many it is; None where it is something else."""
        words = self.colour.split()
        return (int(words[1]), int(words[3])) if words[0] == "class" else None


_LENGTH = {
    Sample.LINE: 22,
    Sample.THIN: 12,
    Sample.DASHED: 22,
    Sample.RING: 9,
    Sample.AREA: 11,
    Sample.MARK: 11,
}
_PENS = {
    Sample.LINE: (3.0, Qt.PenStyle.SolidLine),
    Sample.THIN: (2.0, Qt.PenStyle.SolidLine),
    Sample.DASHED: (2.0, Qt.PenStyle.DashLine),
    Sample.RING: (1.8, Qt.PenStyle.SolidLine),
    Sample.AREA: (1.0, Qt.PenStyle.NoPen),
    Sample.MARK: (1.0, Qt.PenStyle.NoPen),
}
_GAP, _SPACE, _LEAST_SPACE = 7, 18, 9


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
        """The entries that there is room for, in their short form where they do not all fit."""
        return self.fitting_in(self.width())

    def fitting_in(self, width: float) -> tuple[Entry, ...]:
        """The entries that there would be room for in a legend of some width."""
        return self._arranged(width)[0]

    def _arranged(self, width: float) -> tuple[tuple[Entry, ...], int]:
        """What is shown, and the space between two of them."""
        wide, close = theme.px(_SPACE), theme.px(_LEAST_SPACE)
        kept = self._kept(self._entries, width, wide)
        if len(kept) == len(self._entries):
            return kept, wide
        short = tuple(replace(entry, text=entry.short or entry.text) for entry in self._entries)
        return self._kept(short, width, close), close

    def _kept(self, entries: tuple[Entry, ...], room: float, space: int) -> tuple[Entry, ...]:
        kept: list[Entry] = []
        for entry in entries:
            room -= self._width(entry) + (space if kept else 0)
            if room < 0.0:
                break
            kept.append(entry)
        return tuple(kept)

    def least_width(self) -> int:
        """The width that all entries take in their short form, close together."""
        short = (replace(entry, text=entry.short or entry.text) for entry in self._entries)
        apart = theme.px(_LEAST_SPACE) * max(len(self._entries) - 1, 0)
        return math.ceil(sum(map(self._width, short)) + apart) + 1

    def sizeHint(self) -> QSize:
        width = sum(map(self._width, self._entries)) + theme.px(_SPACE) * len(self._entries)
        # As tall as the switches that may stand beside it, so that all panels' heads are alike.
        return QSize(math.ceil(width), theme.px(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        entries, space = self._arranged(self.width())
        width = sum(map(self._width, entries)) + space * max(len(entries) - 1, 0)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.ui_font(12.5))
            left = self.width() - width
            for entry in entries:
                self._draw(painter, left, entry)
                left += self._width(entry) + space

    def _draw(self, painter: QPainter, left: float, entry: Entry) -> None:
        metrics, middle = self._metrics(), self.height() / 2.0
        length = theme.px(_LENGTH[entry.sample])
        width, style = _PENS[entry.sample]
        colour = self._colour(entry)
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
        elif entry.class_of is not None:
            painter.setBrush(colour)
            centre = QPointF(left + length / 2.0, middle)
            draw_symbol(painter, class_symbol(entry.class_of[0]), centre, length)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.drawLine(QPointF(left, middle), QPointF(left + length, middle))
        painter.setPen(QColor(theme.current().dim))
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2.0
        painter.drawText(QPointF(left + length + theme.px(_GAP), baseline), entry.text)

    @staticmethod
    def _colour(entry: Entry) -> QColor:
        if entry.class_of is not None:
            return class_colour(theme.current(), *entry.class_of)
        return QColor(getattr(theme.current(), entry.colour))
