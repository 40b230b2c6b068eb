"""The buttons of a player: signs that are painted, so that no font needs to have them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.monitors.switch import keeps_space

_SIDE = 26

_SHAPES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "play": (((-0.25, -0.36), (0.37, 0.0), (-0.25, 0.36)),),
    "pause": (
        ((-0.3, -0.34), (-0.08, -0.34), (-0.08, 0.34), (-0.3, 0.34)),
        ((0.08, -0.34), (0.3, -0.34), (0.3, 0.34), (0.08, 0.34)),
    ),
    "first": (
        ((-0.38, -0.34), (-0.22, -0.34), (-0.22, 0.34), (-0.38, 0.34)),
        ((0.34, -0.36), (-0.2, 0.0), (0.34, 0.36)),
    ),
}
"""Filled shapes, in shares of the sign's height about its middle."""
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "back": (((0.16, -0.34), (-0.16, 0.0), (0.16, 0.34)),),
    "next": (((-0.16, -0.34), (0.16, 0.0), (-0.16, 0.34)),),
    "leave": (((-0.28, -0.28), (0.28, 0.28)), ((0.28, -0.28), (-0.28, 0.28))),
    "slower": (((-0.3, 0.0), (0.3, 0.0)),),
    "faster": (((-0.3, 0.0), (0.3, 0.0)), ((0.0, -0.3), (0.0, 0.3))),
}
"""Lines, likewise."""
_SIGN = 14.0


class PlayerButton(QAbstractButton):
    """A square button with a sign on it; by Tab, not by a click, it has the focus."""

    def __init__(self, sign: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = sign
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def sign(self) -> str:
        """Which sign is on it."""
        return self._sign

    def set_sign(self, sign: str) -> None:
        """Put another sign on it."""
        if sign != self._sign:
            self._sign = sign
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(_SIDE), theme.px(_SIDE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        ink = QColor(colours.text if self.isEnabled() else colours.faint)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = colours.accent if self.hasFocus() else colours.line
            painter.setPen(QPen(QColor(edge), 2.0 if self.hasFocus() else 1.0))
            painter.setBrush(QColor(colours.raised_hover if lit else colours.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6.0, 6.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            for shape in _SHAPES.get(self._sign, ()):
                painter.drawPolygon(self._placed(shape))
            pen = QPen(ink, 2.0 * theme.zoom())
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for line in _STROKES.get(self._sign, ()):
                painter.drawPolyline(self._placed(line))

    def _placed(self, shape: tuple[tuple[float, float], ...]) -> QPolygonF:
        size = _SIGN * theme.zoom()
        middle = QRectF(self.rect()).center()
        return QPolygonF([middle + QPointF(x, y) * size for x, y in shape])

    def event(self, event: QEvent) -> bool:
        if keeps_space(event):
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.EnabledChange):
            self.update()
        return super().event(event)
