"""The confusion matrix: how many rows of each class were taken for which."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.core.arrays import IntArray
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.class_dots import percent
from mixer_nn.ui.monitors.class_marks import class_colour, class_symbol, draw_symbol
from mixer_nn.ui.monitors.plot import blend
from mixer_nn.ui.numbers import count, counted

_GAP, _TITLE, _MARK = 4, 18, 9
_MOST_NAME = 0.3
"""Share of the width that the names of the rows may take."""
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}

Cell = tuple[int, int]


class ConfusionMatrix(QWidget):
    """Rows are what is so, columns what is predicted; each cell has a count and its row's share.

    `told` says in words what a cell means that is pointed at or reached with the arrow keys;
    `rested` that none is.
    """

    told = Signal(str)
    rested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fitConfusion")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.classes: tuple[str, ...] = ()
        self.counts: IntArray = np.zeros((0, 0), dtype=np.intp)
        self._hovered: Cell | None = None
        self._reached: Cell = (0, 0)

    def show_counts(self, classes: tuple[str, ...], counts: IntArray) -> None:
        """Show how many rows of each class (row) were taken for which (column)."""
        if classes == self.classes and np.array_equal(counts, self.counts):
            return
        self.classes, self.counts = classes, counts
        last = len(classes) - 1
        self._reached = min(self._reached[0], last), min(self._reached[1], last)
        self._hovered = None if self._hovered and max(self._hovered) > last else self._hovered
        right, all_of_them = int(np.trace(counts)), int(counts.sum())
        self.setAccessibleName(
            f"Confusion matrix: {count(right)} of {counted(all_of_them, 'row')} right"
        )
        self._say()
        self.update()

    def share(self, row: int, column: int) -> float | None:
        """The share of a class's rows that were taken for another; None where it has none."""
        whole = int(self.counts[row].sum())
        return int(self.counts[row, column]) / whole if whole else None

    def cell_text(self, row: int, column: int) -> str:
        """A cell in words: ``virginica taken for versicolor: 3 of 50 rows, 6 %``."""
        share = self.share(row, column)
        if share is None:
            return f"{self.classes[row]}: no rows"
        found = "recognised" if row == column else f"taken for {self.classes[column]}"
        number, whole = int(self.counts[row, column]), int(self.counts[row].sum())
        return (
            f"{self.classes[row]} {found}: {count(number)} of {counted(whole, 'row')}, "
            f"{percent(share)}"
        )

    # -- which cell ---------------------------------------------------------------------------

    @property
    def cell(self) -> Cell | None:
        """The cell that is pointed at, or else reached with the keys."""
        if self._hovered is not None:
            return self._hovered
        return self._reached if self.hasFocus() and self.classes else None

    def _say(self) -> None:
        if self.cell is None:
            self.setAccessibleDescription("")
            self.rested.emit()
        else:
            text = self.cell_text(*self.cell)
            self.setAccessibleDescription(text)
            self.told.emit(text)
        self.update()

    def cell_at(self, place: QPoint) -> Cell | None:
        """The cell at a place in the widget."""
        for row in range(len(self.classes)):
            for column in range(len(self.classes)):
                if self.cell_rect(row, column).contains(place.toPointF()):
                    return row, column
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell != self._hovered:
            self._hovered = cell
            self._say()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self._say()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and event.key() in _MOVES
        ):
            event.accept()
            return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._say()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None or not self.classes:
            super().keyPressEvent(event)
            return
        last = len(self.classes) - 1
        row, column = (min(max(p + d, 0), last) for p, d in zip(self._reached, move, strict=True))
        self._reached = row, column
        self._hovered = None
        self._say()

    # -- drawing ------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(240, 180)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 60)

    def _names_font(self) -> QFont:
        return theme.ui_font(12.5)

    def _names_width(self) -> float:
        metrics = QFontMetricsF(self._names_font())
        widest = max((metrics.horizontalAdvance(name) for name in self.classes), default=0.0)
        mark = theme.px(_MARK + 2 * _GAP)
        return min(widest + mark, _MOST_NAME * self.width()) + theme.px(_GAP)

    def _area(self) -> QRectF:
        """Where the cells are."""
        left = theme.px(_TITLE) + self._names_width()
        top = theme.px(2 * _TITLE + _GAP)
        return QRectF(left, top, self.width() - left - 4.0, self.height() - top - 4.0)

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where in the widget a cell lies."""
        area, sides = self._area(), max(len(self.classes), 1)
        wide, tall = area.width() / sides, area.height() / sides
        return QRectF(area.left() + column * wide, area.top() + row * tall, wide - 3.0, tall - 3.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.classes:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_titles(painter)
            for index in range(len(self.classes)):
                self._draw_name(painter, self._row_name_rect(index), index)
                self._draw_name(painter, self._column_name_rect(index), index)
            for row in range(len(self.classes)):
                for column in range(len(self.classes)):
                    self._draw_cell(painter, row, column)

    def _row_name_rect(self, index: int) -> QRectF:
        cell = self.cell_rect(index, 0)
        width = self._names_width() - theme.px(_GAP)
        return QRectF(theme.px(_TITLE), cell.top(), width, cell.height())

    def _column_name_rect(self, index: int) -> QRectF:
        cell = self.cell_rect(0, index)
        return QRectF(cell.left(), theme.px(_TITLE), cell.width(), theme.px(_TITLE))

    def _draw_titles(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.current().dim))
        painter.setFont(theme.ui_font(12))
        area, tall = self._area(), theme.px(_TITLE)
        centred = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(area.left(), 0.0, area.width(), tall), centred, "predicted")
        painter.save()
        painter.translate(tall / 2.0, area.center().y())
        painter.rotate(-90.0)
        room = QRectF(-area.height() / 2.0, -tall / 2.0, area.height(), tall)
        painter.drawText(room, centred, "actual")
        painter.restore()

    def _draw_name(self, painter: QPainter, room: QRectF, index: int) -> None:
        colours = theme.current()
        painter.setFont(self._names_font())
        metrics = QFontMetricsF(painter.font())
        mark, gap = theme.px(_MARK), theme.px(_GAP)
        text = metrics.elidedText(
            self.classes[index], Qt.TextElideMode.ElideRight, room.width() - mark - gap
        )
        width = mark + gap + metrics.horizontalAdvance(text)
        left = max(room.left(), room.center().x() - width / 2.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(class_colour(colours, index, len(self.classes)))
        centre = QRectF(left, room.center().y() - mark / 2.0, mark, mark).center()
        draw_symbol(painter, class_symbol(index), centre, mark)
        painter.setPen(QColor(colours.text))
        words = QRectF(
            left + mark + gap, room.top(), room.right() - left - mark - gap + 2.0, room.height()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_cell(self, painter: QPainter, row: int, column: int) -> None:
        colours, share = theme.current(), self.share(row, column) or 0.0
        rect = self.cell_rect(row, column)
        ink = colours.neutral if row == column else colours.loss
        painter.setPen(self._border(row, column))
        painter.setBrush(blend(colours.raised, ink, 0.42 * share))
        painter.drawRoundedRect(rect, 5.0, 5.0)
        number = int(self.counts[row, column])
        bold, small = theme.mono_font(16, QFont.Weight.DemiBold), theme.mono_font(12)
        tall = QFontMetricsF(bold).height() + QFontMetricsF(small).height()
        both = rect.height() >= tall + 4.0 and self.share(row, column) is not None
        upper = QRectF(rect)
        if both:
            upper.setHeight(rect.height() / 2.0 + 3.0)
            painter.setPen(QColor(colours.text))
            painter.setFont(small)
            lower = QRectF(
                rect.left(), upper.bottom(), rect.width(), rect.bottom() - upper.bottom()
            )
            top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(lower, top, percent(share))
        painter.setPen(QColor(colours.text if number or row == column else colours.dim))
        fits = QFontMetricsF(bold).horizontalAdvance(count(number)) <= rect.width() - 4.0
        painter.setFont(bold if fits and rect.height() >= 20.0 else small)
        side = Qt.AlignmentFlag.AlignBottom if both else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter | side, count(number))

    def _border(self, row: int, column: int) -> QPen:
        colours = theme.current()
        if (row, column) != self.cell:
            return QPen(QColor(colours.line), 1.0)
        return QPen(QColor(colours.accent if self._hovered is None else colours.text), 2.0)
