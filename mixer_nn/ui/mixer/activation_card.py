"""An activation as a small curve with its name and formula, to choose it by."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mixer_nn.core.activations import Activation
from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui import theme

LEAST_REACH, MOST_REACH = 4.0, 12.0
"""Weighted sums from −reach to reach are drawn, as far as the data go."""

FLOOR, CEILING = -1.6, 2.4
"""Values that are drawn; a curve leaves the picture beyond them."""

CURVE_POINTS = 97
CARD_WIDTH, CURVE_HEIGHT = 190, 84


class ActivationCard(QAbstractButton):
    """An activation as a small curve with its name and formula; a press chooses it.

    `quartiles` are the least, the quarters and the largest of the weighted sums that come in now:
    drawn on the curve of the present one.
    """

    def __init__(self, activation: Activation, parent: QWidget) -> None:
        super().__init__(parent)
        self.activation = activation
        self.reach = LEAST_REACH
        self.quartiles: FloatArray | None = None
        self.setCheckable(True)
        self.setObjectName(f"activation {activation.key}")
        self.setAccessibleName(f"{activation.title}: {activation.formula}")
        self.setToolTip(f"{activation.title}: a = {activation.formula}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(CARD_WIDTH), theme.px(CURVE_HEIGHT + 62))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    # -- painting -----------------------------------------------------------------------------

    @property
    def plot(self) -> QRectF:
        """Where the curve is drawn."""
        edge = theme.px(8)
        return QRectF(edge, edge, self.width() - 2 * edge, theme.px(CURVE_HEIGHT) - edge)

    def points(self, low: float, high: float) -> QPolygonF:
        """The curve from one weighted sum to another, in the card's coordinates."""
        z = np.linspace(low, high, CURVE_POINTS)
        a = self.activation.value(z)
        box = self.plot
        x = [self._across(each) for each in z.tolist()]
        y = box.bottom() - (a - FLOOR) / (CEILING - FLOOR) * box.height()
        return QPolygonF([QPointF(*point) for point in zip(x, y.tolist(), strict=True)])

    def _across(self, z: float) -> float:
        return self.plot.left() + (z / self.reach + 1.0) / 2.0 * self.plot.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            painter.setClipRect(self.plot)
            self._paint_curve(painter)
            painter.setClipping(False)
            self._paint_text(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        colours, present = theme.current(), self.isChecked()
        lifted = self.underMouse() and self.isEnabled()
        painter.setBrush(QColor(colours.raised_hover if lifted else colours.raised))
        marked = present or self.hasFocus()
        painter.setPen(
            QPen(QColor(colours.accent if marked else colours.line), 2.0 if marked else 1.0)
        )
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7.0, 7.0)
        if self.hasFocus() and present:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 5.0, 5.0)
        box, zero = self.plot, self._across(0.0)
        level = box.bottom() + FLOOR / (CEILING - FLOOR) * box.height()
        painter.setPen(QPen(QColor(colours.line), 1.0))
        painter.drawLine(QPointF(box.left(), level), QPointF(box.right(), level))
        painter.drawLine(QPointF(zero, box.top()), QPointF(zero, box.bottom()))

    def _paint_curve(self, painter: QPainter) -> None:
        colours, known = theme.current(), self.quartiles
        round_ = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(QColor(colours.dim), 1.5))
        painter.drawPolyline(self.points(-self.reach, self.reach))
        if known is None:
            return
        low, quarter, three_quarters, high = np.clip(known, -self.reach, self.reach).tolist()
        box = self.plot
        band = QColor(colours.positive)
        band.setAlphaF(0.16)
        left, right = self._across(quarter), self._across(three_quarters)
        painter.fillRect(QRectF(left, box.top(), right - left, box.height()), band)
        for width, begin, end in ((2.5, low, high), (5.0, quarter, three_quarters)):
            painter.setPen(QPen(QColor(colours.positive), width, Qt.PenStyle.SolidLine, round_))
            painter.drawPolyline(self.points(begin, end))

    def _paint_text(self, painter: QPainter) -> None:
        colours, edge = theme.current(), theme.px(8)
        box = QRectF(edge, theme.px(CURVE_HEIGHT + 2), self.width() - 2 * edge, theme.px(20))
        painter.setFont(theme.ui_font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.accent if self.isChecked() else colours.text))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, left, self.activation.title)
        if self.isChecked():
            painter.setFont(theme.ui_font(12))
            painter.drawText(box, right, "✓ now")
        painter.setPen(QColor(colours.dim))
        box = QRectF(box.left(), box.bottom(), box.width(), theme.px(34))
        wrapped = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.setFont(theme.ui_font(12))
        painter.drawText(box, wrapped, self.activation.formula)
