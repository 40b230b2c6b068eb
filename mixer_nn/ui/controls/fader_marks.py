"""Marks on the track of a fader."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from mixer_nn.ui.controls.knob_face import round_pen
from mixer_nn.ui.theme import Theme

_HALF, _TALL = 5.0, 8.0


def draw_now(painter: QPainter, track: QRectF, x: float, colours: Theme) -> None:
    """A wedge on the track, over whatever stands there: what is in force just now."""
    tip = QPointF(x, track.center().y())
    left = QPointF(x - _HALF, track.top() - _TALL)
    right = QPointF(x + _HALF, track.top() - _TALL)
    painter.setPen(round_pen(colours.panel, 3.0))
    painter.setBrush(QColor(colours.hint))
    painter.drawPolygon(QPolygonF([left, right, tip]))
    painter.setPen(round_pen(colours.hint, 1.0))
    painter.drawPolygon(QPolygonF([left, right, tip]))
