"""A quiet button for the head of a panel: a word in the accent colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mixer_nn.ui import theme

_INSET = 5


class HeadButton(QAbstractButton):
    """Text alone until it is pointed at; by Tab, not by a click, it takes the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @staticmethod
    def width_of(text: str) -> int:
        """The width that a button with this text takes."""
        return QFontMetrics(theme.mono_font(12)).horizontalAdvance(text) + 2 * _INSET

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.text()), QFontMetrics(theme.mono_font(12)).height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.underMouse() or self.isDown():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.raised))
                painter.drawRoundedRect(box, 5.0, 5.0)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colours.accent), 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, 5.0, 5.0)
            painter.setFont(theme.mono_font(12))
            painter.setPen(QColor(colours.accent))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
