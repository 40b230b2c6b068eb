"""The letters of hot cues on a plot: neutral, since the colours there mean something."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from mixer_nn.session.cue import CUES
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.marker import Place
from mixer_nn.ui.monitors.plot import Plot
from mixer_nn.ui.theme import Theme

_SIDE, _STEM, _CORNER = 16.0, 9.0, 3.5


class CueMark(QGraphicsItem):
    """A letter on a small plate over the place it marks, of the same size whatever the ranges.

    It hangs under the place where there is no room over it.
    """

    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter = letter
        self._pen, self._plate, self._edge = QPen(), QBrush(), QPen()
        self._font = QFont()
        self._zoom = 1.0
        self.place: Place | None = None
        self.hangs = False
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setVisible(False)

    @property
    def height(self) -> float:
        """Pixels that it needs over its place."""
        return (_SIDE + _STEM) * self._zoom + 1.0

    def put(self, place: Place | None, *, hangs: bool = False) -> None:
        """Stand over a place in the plot's coordinates, or hang under it; None: nowhere."""
        if hangs != self.hangs:
            self.prepareGeometryChange()
            self.hangs = hangs
            self.update()
        if place != self.place:
            self.place = place
            self.setVisible(place is not None)
            if place is not None:
                self.setPos(*place)

    def dress(self, colours: Theme) -> None:
        """Put on colours and size."""
        self.prepareGeometryChange()
        self._zoom = theme.zoom()
        self._pen, self._edge = QPen(QColor(colours.text)), QPen(QColor(colours.dim), 1.0)
        self._plate = QBrush(QColor(colours.raised))
        self._font = theme.ui_font(12, QFont.Weight.Bold)
        self.update()

    def _box(self) -> QRectF:
        side, stem = _SIDE * self._zoom, _STEM * self._zoom
        return QRectF(-side / 2.0, stem if self.hangs else -stem - side, side, side)

    def boundingRect(self) -> QRectF:
        stem = _STEM * self._zoom + 2.0
        over, under = (stem, 1.0) if self.hangs else (1.0, stem)
        return self._box().adjusted(-1.0, -over, 1.0, under)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._box()
        painter.setPen(self._edge)
        end = box.top() if self.hangs else box.bottom()
        painter.drawLine(QPointF(0.0, end), QPointF(0.0, 0.0))
        painter.setBrush(self._plate)
        painter.drawRoundedRect(box, _CORNER, _CORNER)
        painter.setPen(self._pen)
        painter.setFont(self._font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._letter)


class CueMarks:
    """A mark for each cue; only those are touched that have another place than before."""

    def __init__(self, plot: Plot, depth: float) -> None:
        self._plot = plot
        self.marks = [CueMark(letter) for letter in CUES]
        for mark in self.marks:
            mark.setZValue(depth)
            plot.addItem(mark, ignoreBounds=True)
        self._shown: tuple[object, ...] = ()

    def dress(self, colours: Theme) -> None:
        """Put on colours."""
        for mark in self.marks:
            mark.dress(colours)

    def is_stale(self, *what: object) -> bool:
        """Whether any of what the places follow from is another than when this was asked last.

        Compared by identity and value, it must be cheap to compare.
        """
        stale = what != self._shown
        self._shown = what
        return stale

    def show(self, places: Sequence[Place | None]) -> None:
        """Show each cue at its place, (cues,); None: nowhere."""
        for mark, place in zip(self.marks, places, strict=True):
            mark.put(place, hangs=place is not None and self._room_over(place) < mark.height)

    def _room_over(self, place: Place) -> float:
        """Pixels between a place and the upper end of the plot."""
        _, (_, top) = self._plot.ranges
        return (top - place[1]) / self._plot.pixel_size()[1]

    @property
    def places(self) -> dict[str, Place]:
        """Where the letters stand that can be seen, in the plot's coordinates."""
        marked = zip(CUES, self.marks, strict=True)
        return {letter: mark.place for letter, mark in marked if mark.place is not None}
