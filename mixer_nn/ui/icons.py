"""The few icons, painted from the theme's colours at whatever size the screen asks for."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from mixer_nn.ui import theme

_SIDE = 16


def lock_icon(locked: bool) -> QIcon:
    """A padlock, shut and bright or open and dim."""
    icon = QIcon()
    colour = theme.current().accent if locked else theme.current().dim
    for ratio in (1, 2, 3):
        icon.addPixmap(_padlock(colour, ratio, shut=locked))
    return icon


def _padlock(colour: str, ratio: int, *, shut: bool) -> QPixmap:
    pixmap = QPixmap(QSize(_SIDE, _SIDE) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        lift = 0.0 if shut else -1.5
        painter.drawArc(QRectF(4.8, 2.2 + lift, 6.4, 7.6), 0, 180 * 16)
        painter.drawLine(QPointF(4.8, 6.0 + lift), QPointF(4.8, 7.6))
        if shut:
            painter.drawLine(QPointF(11.2, 6.0), QPointF(11.2, 7.6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(3.0, 7.4, 10.0, 7.2), 1.6, 1.6)
    return pixmap
