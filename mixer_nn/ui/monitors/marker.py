"""A single round mark on a plot, which may move in every frame."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsEllipseItem, QStyleOptionGraphicsItem, QWidget

Place = tuple[float, float]


class Marker(QGraphicsEllipseItem):
    """A dot of the same size whatever the ranges; a tenth of the cost of a scatter plot of one."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.place: Place | None = None
        self.put(None)

    def put(self, place: Place | None) -> None:
        """Stand there, in the plot's coordinates; None: nowhere."""
        self.place = place
        self.setVisible(place is not None)
        if place is not None:
            self.setPos(*place)

    def getData(self) -> tuple[list[float], list[float]]:
        """Where it stands, as pyqtgraph's items say it: x and y, each of one or none."""
        return ([], []) if self.place is None else ([self.place[0]], [self.place[1]])

    def setSize(self, size: float) -> None:
        """Be so many logical pixels across."""
        self.setRect(QRectF(-size / 2.0, -size / 2.0, size, size))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)
