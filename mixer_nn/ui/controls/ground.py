"""Widgets that change in every frame paint the panel under them themselves.

Qt paints everything that a transparent widget stands on, up to the window, whenever the widget is
painted; what lies under an opaque one it leaves alone.
"""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from mixer_nn.ui import theme

_OPAQUE = Qt.WidgetAttribute.WA_OpaquePaintEvent


def set_on_panel(widget: QWidget, on_panel: bool = True) -> None:
    """Say that a widget stands on a plain panel, which `paint_ground` may paint for it."""
    if widget.testAttribute(_OPAQUE) != on_panel:
        widget.setAttribute(_OPAQUE, on_panel)
        widget.update()


def paint_ground(widget: QWidget, painter: QPainter, rect: QRect) -> None:
    """Paint the panel under a widget that stands on one."""
    if widget.testAttribute(_OPAQUE):
        painter.fillRect(rect, QColor(theme.current().panel))


class Figure(QLabel):
    """A label on a panel, for figures that change in every frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_on_panel(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_ground(self, painter, event.rect())
        super().paintEvent(event)
