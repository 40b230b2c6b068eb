"""The empty place after the output: a press adds a hidden layer before it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from mixer_nn.ui import theme


class AddLayerSlot(QAbstractButton):
    """Slim and dashed, with a plus; by Tab, not by a click, it takes the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("addLayerHere")
        self.setAccessibleName("add a hidden layer")
        self.setToolTip("A hidden layer more, before the output")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(26), theme.px(120))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, lit = theme.current(), self.underMouse() or self.isDown()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(colours.raised if lit else colours.panel))
            if self.hasFocus():
                painter.setPen(QPen(QColor(colours.accent), 2.0))
            else:
                painter.setPen(QPen(QColor(colours.faint), 1.0, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 8.0, 8.0)
            painter.setFont(theme.ui_font(16))
            painter.setPen(QColor(colours.accent if lit else colours.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "+")
