"""A small picture of one parameter's value along the run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.inspection import Past
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.plot import ground
from mixer_nn.ui.numbers import counted, short

HEIGHT = 62
LEAST_APART = 8
"""Pixels between moves from which each is marked: a hand's hollow, the machine's solid."""
ROOM_FOR_ENDS = "−0.0000 "


class PastPicture(QWidget):
    """A line of the value over the moves, its first value dashed, a dot where it stands now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector.past")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._past = Past(np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_), (0.0, np.nan))
        self._initial = 0.0
        self.setToolTip(
            "The value along the run, move by move; dashed: the initial value; the dot: now."
            " Short runs mark each move: hollow by hand, solid by a step"
        )

    @property
    def past(self) -> Past:
        """What is drawn."""
        return self._past

    def show_past(self, past: Past, initial: float) -> None:
        """Draw this, beside the initial value."""
        if past is not self._past or initial != self._initial:
            self._past, self._initial = past, initial
            self.setAccessibleName(self.describe())
            self.update()

    def describe(self) -> str:
        """What the picture shows, in words."""
        seen = self._finite()
        if not seen.size:
            return "value over the run: nothing to show"
        moves = counted(int(self._past.moves[-1]), "move")
        low, high, last = seen.min(), seen.max(), float(self._past.values[-1])
        return (
            f"value over {moves}: between {short(float(low))} and {short(float(high))},"
            f" now {short(last)}"
        )

    def _finite(self) -> FloatArray:
        return np.asarray(self._past.values[np.isfinite(self._past.values)])

    def _reach(self) -> tuple[float, float]:
        """The lowest and the highest value that there is room for."""
        values = np.append(self._finite(), self._initial)
        values = values[np.isfinite(values)]
        if not values.size:
            return -1.0, 1.0
        low, high = float(values.min()), float(values.max())
        return (low, high) if high > low else (low - 1.0, low + 1.0)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        low, high = self._reach()
        with QPainter(self) as painter:
            painter.setFont(theme.mono_font(12))
            metrics = painter.fontMetrics()
            left = metrics.horizontalAdvance(ROOM_FOR_ENDS)
            area = QRectF(left, 0, self.width() - left, self.height())
            painter.fillRect(self.rect(), QColor(colours.panel))
            painter.fillRect(area, ground(colours))
            painter.setPen(QColor(colours.dim))
            ends = QRectF(0, 0, left - theme.px(6), self.height())
            right = Qt.AlignmentFlag.AlignRight
            seen = np.append(self._finite(), self._initial)
            if seen.min() == seen.max():
                painter.drawText(ends, right | Qt.AlignmentFlag.AlignVCenter, short(seen[0], 3))
            elif self._finite().size:
                painter.drawText(ends, right | Qt.AlignmentFlag.AlignTop, short(high, 3))
                painter.drawText(ends, right | Qt.AlignmentFlag.AlignBottom, short(low, 3))
            edge = theme.px(7)
            self._paint_run(painter, area.adjusted(edge, edge, -edge, -edge), (low, high))

    def _paint_run(self, painter: QPainter, area: QRectF, reach: tuple[float, float]) -> None:
        colours, (low, high) = theme.current(), reach
        # Halves, since the way from one huge number to another may be no number.
        span = high / 2.0 - low / 2.0

        def heights(values: FloatArray) -> FloatArray:
            return area.bottom() - (values / 2.0 - low / 2.0) / span * area.height()

        if np.isfinite(self._initial):
            dashed = QPen(QColor(colours.dim), 1.0, Qt.PenStyle.DashLine)
            painter.setPen(dashed)
            start = float(heights(np.array([self._initial]))[0])
            painter.drawLine(QPointF(area.left(), start), QPointF(area.right(), start))
        seen = np.isfinite(self._past.values)
        if not seen.any():
            return
        moves = self._past.moves[seen]
        length = max(float(moves[-1] - moves[0]), 1.0)
        across = area.left() + (moves - moves[0]) / length * area.width()
        places = [
            QPointF(x, y)
            for x, y in zip(across.tolist(), heights(self._past.values[seen]).tolist(), strict=True)
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QPen(QColor(colours.neutral), 2.0 * theme.zoom())
        line.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        painter.setPen(line)
        painter.drawPolyline(QPolygonF(places))
        if area.width() >= theme.px(LEAST_APART) * len(places):
            self._mark(painter, places, self._past.by_hand[seen].tolist())
        painter.setPen(QPen(QColor(colours.panel), 1.5))
        painter.setBrush(QColor(colours.accent))
        move, value = self._past.here
        if np.isfinite(value):
            x = area.left() + (move - moves[0]) / length * area.width()
            y = float(heights(np.array([value]))[0])
            painter.drawEllipse(QPointF(x, y), theme.px(5), theme.px(5))

    @staticmethod
    def _mark(painter: QPainter, places: list[QPointF], by_hand: list[bool]) -> None:
        colours, size = theme.current(), theme.px(3)
        painter.setPen(QPen(QColor(colours.neutral), 1.5 * theme.zoom()))
        for place, hand in list(zip(places, by_hand, strict=True))[1:-1]:
            painter.setBrush(ground(colours) if hand else QColor(colours.neutral))
            painter.drawEllipse(place, size, size)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self.updateGeometry()
            self.update()
