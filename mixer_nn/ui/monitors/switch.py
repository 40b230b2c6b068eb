"""Switches for the head of a panel: between words, and of one word on or off."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mixer_nn.ui import theme

_PAD, _HEIGHT = 7, 20
_DOT, _DOT_GAP = 7, 5
_KEYS = {
    Qt.Key.Key_Left: False,
    Qt.Key.Key_Right: True,
}
_OWN_KEYS = {*_KEYS, Qt.Key.Key_Space, Qt.Key.Key_Select}


class Switch(QAbstractButton):
    """Shows both words and lights the one that holds: `words[1]` when checked.

    Compact, it shows that one only.
    """

    def __init__(self, words: tuple[str, ...], subject: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self._subject = words, subject
        self._compact = False
        self.setCheckable(True)
        # A mouse click leaves the focus, and with it the space bar, where it was.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._name_it)
        self._name_it()

    def _name_it(self) -> None:
        self.setAccessibleName(f"{self._subject}: {self.word}")
        self.updateGeometry()

    @property
    def index(self) -> int:
        """The place of the word that holds."""
        return int(self.isChecked())

    @property
    def word(self) -> str:
        """The word that holds."""
        return self.words[self.index]

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(theme.ui_font(12))

    @property
    def is_compact(self) -> bool:
        """Whether it shows only the word that holds."""
        return self._compact

    def set_compact(self, compact: bool) -> None:
        """Show all words, or only the one that holds."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def full_width(self) -> int:
        """The width that all words take."""
        return math.ceil(self._cells()[-1].right() + 1.0)

    def least_width(self) -> int:
        """The width that the word takes which holds."""
        return math.ceil(self._cells()[self.index].width() + 2.0)

    def _cells(self) -> list[QRectF]:
        top, height = (self.height() - theme.px(_HEIGHT)) / 2.0, theme.px(_HEIGHT)
        cells, left = [], 1.0
        for word in self.words:
            width = self._metrics().horizontalAdvance(word) + theme.px(2 * _PAD)
            cells.append(QRectF(left, top, width, height))
            left += width
        return cells

    def sizeHint(self) -> QSize:
        width = self.least_width() if self._compact else self.full_width()
        return QSize(width, theme.px(_HEIGHT) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, cells, words = theme.current(), self._cells(), list(self.words)
        lit = self.index
        if self._compact:
            cells[lit].moveLeft(1.0)
            cells, words, lit = [cells[lit]], [words[lit]], 0
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.ui_font(12))
            border = colours.accent if self.hasFocus() else colours.line
            painter.setPen(QPen(QColor(border), 2.0 if self.hasFocus() else 1.0))
            whole = cells[0].united(cells[-1])
            painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 5.0, 5.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised_hover if self.underMouse() else colours.raised))
            painter.drawRoundedRect(cells[lit].adjusted(2, 2, -2, -2), 4.0, 4.0)
            for index, (cell, word) in enumerate(zip(cells, words, strict=True)):
                painter.setPen(QColor(colours.text if index == lit else colours.dim))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, word)

    def event(self, event: QEvent) -> bool:
        # While it has the focus, the keys that move it are its own and no shortcut.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = _KEYS.get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        else:
            self.setChecked(wanted)


class Choice(Switch):
    """The same between more words than two: a click on one chooses it.

    Compact, a click goes on to the next; so does the space bar.
    """

    chosen = Signal(int)

    def __init__(self, words: tuple[str, ...], subject: str, parent: QWidget | None = None) -> None:
        self._index = 0
        self._pressed_at: float | None = None
        super().__init__(words, subject, parent)
        self.setCheckable(False)
        self.clicked.connect(self._on_clicked)

    @property
    def index(self) -> int:
        """The place of the word that holds."""
        return self._index

    def choose(self, index: int) -> None:
        """Let the word at a place hold."""
        if index != self._index:
            self._index = index
            self._name_it()
            self.update()
            self.chosen.emit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().x()
        super().mouseReleaseEvent(event)
        self._pressed_at = None

    def _on_clicked(self) -> None:
        following = (self._index + 1) % len(self.words)
        at, self._pressed_at = self._pressed_at, None
        if at is None or self._compact:
            self.choose(following)
            return
        cells = self._cells()
        hit = (index for index, cell in enumerate(cells) if at < cell.right())
        self.choose(next(hit, len(cells) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = _KEYS.get(Qt.Key(event.key()))
        if forward is None:
            super().keyPressEvent(event)
        else:
            last = len(self.words) - 1
            self.choose(min(max(self._index + (1 if forward else -1), 0), last))


class Toggle(QAbstractButton):
    """One word that holds or does not: lit, with a filled dot, while checked.

    Compact, it says `short`.
    """

    def __init__(
        self, word: str, subject: str, parent: QWidget | None = None, short: str = ""
    ) -> None:
        super().__init__(parent)
        self._words = (word, short or word)
        self.setText(word)
        self.setCheckable(True)
        self.setAccessibleName(subject)
        # As with `Switch`, a mouse click leaves the focus where it was.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_compact(self, compact: bool) -> None:
        """Say the word, or its short form."""
        if self.text() != self._words[compact]:
            self.setText(self._words[compact])
            self.updateGeometry()

    def full_width(self) -> int:
        """The width that the word itself takes."""
        return self._width(self._words[0])

    def _width(self, text: str) -> int:
        words = QFontMetricsF(theme.ui_font(12)).horizontalAdvance(text)
        return math.ceil(words + theme.px(2 * _PAD + _DOT + _DOT_GAP))

    def sizeHint(self) -> QSize:
        return QSize(self._width(self.text()), theme.px(_HEIGHT) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, height = theme.current(), theme.px(_HEIGHT)
        cell = QRectF(0.0, (self.height() - height) / 2.0, self.width(), height)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            border = colours.accent if self.hasFocus() else colours.line
            painter.setPen(QPen(QColor(border), 2.0 if self.hasFocus() else 1.0))
            if self.isChecked() or self.underMouse():
                painter.setBrush(
                    QColor(colours.raised_hover if self.underMouse() else colours.raised)
                )
            painter.drawRoundedRect(cell.adjusted(1.0, 0.5, -1.0, -0.5), 5.0, 5.0)
            lit = QColor(colours.text if self.isChecked() else colours.dim)
            self._draw_dot(painter, cell, lit)
            painter.setPen(lit)
            painter.setFont(theme.ui_font(12))
            words = cell.adjusted(theme.px(_PAD + _DOT + _DOT_GAP), 0.0, 0.0, 0.0)
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(words, side, self.text())

    def _draw_dot(self, painter: QPainter, cell: QRectF, colour: QColor) -> None:
        size = theme.px(_DOT)
        dot = QRectF(theme.px(_PAD), cell.center().y() - size / 2.0, size, size)
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)

    def event(self, event: QEvent) -> bool:
        if keeps_space(event):
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)


def keeps_space(event: QEvent) -> bool:
    """Accept the announcement of a key that works a button, so that no shortcut takes it."""
    mine = (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.modifiers() == Qt.KeyboardModifier.NoModifier
        and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
    )
    if mine:
        event.accept()
    return mine
