"""A switch between two words, for the head of a panel."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mixer_nn.ui import theme

_PAD, _HEIGHT = 7, 20
_KEYS = {
    Qt.Key.Key_Left: False,
    Qt.Key.Key_Right: True,
}
_OWN_KEYS = {*_KEYS, Qt.Key.Key_Space, Qt.Key.Key_Select}


class Switch(QAbstractButton):
    """Shows both words and lights the one that holds: `words[1]` when checked.

    Compact, it shows that one only.
    """

    def __init__(self, words: tuple[str, str], subject: str, parent: QWidget | None = None) -> None:
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
    def word(self) -> str:
        """The word that holds."""
        return self.words[self.isChecked()]

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(theme.ui_font(12))

    def set_compact(self, compact: bool) -> None:
        """Show both words, or only the one that holds."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def full_width(self) -> int:
        """The width that both words take."""
        return math.ceil(self._cells()[1].right() + 1.0)

    def _cells(self) -> tuple[QRectF, QRectF]:
        first, second = (
            self._metrics().horizontalAdvance(word) + theme.px(2 * _PAD) for word in self.words
        )
        top, height = (self.height() - theme.px(_HEIGHT)) / 2.0, theme.px(_HEIGHT)
        return QRectF(1.0, top, first, height), QRectF(1.0 + first, top, second, height)

    def sizeHint(self) -> QSize:
        width = (
            self._cells()[self.isChecked()].width() + 2.0 if self._compact else self.full_width()
        )
        return QSize(math.ceil(width), theme.px(_HEIGHT) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, cells, words = theme.current(), list(self._cells()), list(self.words)
        lit = int(self.isChecked())
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
