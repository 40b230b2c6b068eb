"""A plot in the program's dress, whose ranges are set and never guessed."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmapCache,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsItem, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.monitors.ticks import Span, decade_ticks, multiples, nice_step, tick_text
from mixer_nn.ui.theme import Theme

PIXELS_PER_TICK = {"left": 46.0, "bottom": 80.0}
MOST_TICKS = 8
KEPT_KILOBYTES = 128 * 1024
"""Room for what items have painted: axes and lines of three plots, on a screen of 4K."""
_GAP = 6


class Axis(pg.AxisItem):
    """Numbers beside faint lines; with `logarithmic` it takes its range as powers of ten.

    Ticks are `spacing` pixels apart at least.

    `whole`: it counts, and has no ticks between whole numbers; `last`: it has none beyond. With
    `parts` the range from `parts[0]` to `parts[1]` is halved as often as there is room. With an
    `area` it colours the ground of the plot, under the lines: they belong behind what is drawn.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.logarithmic = self.whole = False
        self.spacing = PIXELS_PER_TICK[orientation]
        self.area: QColor | None = None
        self.last: float | None = None
        self.parts: Span | None = None
        self.enableAutoSIPrefix(False)
        self._texts: dict[float, str] = {}
        self._bounds = QRectF()
        self._bounded_at: tuple[object, ...] = ()
        keep_painted(self)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        most = int(size / theme.px(self.spacing))
        most = min(max(most, 1), MOST_TICKS)
        if self.logarithmic:
            self._texts = dict(decade_ticks(low, high, most))
            return [(1.0, list(self._texts))]
        if self.parts is not None:
            return [self._halved(*self.parts, most)]
        step = nice_step(high - low, most, self.whole)
        end = high if self.last is None else min(high, self.last)
        values = multiples(low, end, step)
        self._texts = {value: tick_text(value, step) for value in values}
        return [(step, values)]

    def _halved(self, low: float, high: float, most: int) -> tuple[float, list[float]]:
        count = 2 ** max(int(math.log2(max(most, 2))), 1)
        step = (high - low) / count
        values = [low + index * step for index in range(count + 1)]
        self._texts = {value: tick_text(value, step) for value in values}
        return step, values

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [self._texts[value] for value in values]

    def make_room(self, length: float) -> None:
        """Take the room that numbers and title need on an axis of `length` pixels.

        pyqtgraph would find out while painting, and be right one frame late.
        """
        numbers = QFontMetricsF(theme.mono_font(12))
        title = QFontMetricsF(theme.ui_font(12.5)).height() if self.labelText else 0.0
        if self.orientation == "left":
            low, high = self.range
            self.tickValues(low, high, length)
            widest = max(map(numbers.horizontalAdvance, self._texts.values()), default=0.0)
            wanted = math.ceil(widest + title + theme.px(_GAP)) + 2
            if self.fixedWidth != wanted:
                self.setWidth(wanted)
        else:
            self.setHeight(math.ceil(numbers.height()) + theme.px(_GAP))

    def boundingRect(self) -> QRectF:
        # Asked some ten times a frame; pyqtgraph maps two rectangles to and fro each time.
        box = self.linkedView()
        at = (self.geometry(), self.grid, None if box is None else box.geometry())
        if at != self._bounded_at:
            # The first and last number stand half outside; without room they would be left out.
            self._bounds = super().boundingRect().adjusted(-40, -14, 40, 14)
            self._bounded_at = at
        return QRectF(self._bounds)

    def paint(self, painter: QPainter, option: object, widget: QWidget | None) -> None:
        box = self.linkedView()
        if self.area is not None and box is not None:
            painter.fillRect(box.mapRectToItem(self, box.boundingRect()), self.area)
        super().paint(painter, option, widget)

    def dress(self, colours: Theme) -> None:
        """Put on colours and fonts."""
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setTickPen(QPen(QColor(colours.line), 1.0))
        self.setTextPen(QColor(colours.dim))
        self.setTickFont(theme.mono_font(12))
        self.setStyle(tickAlpha=190, tickTextOffset=theme.px(_GAP))
        self.label.setFont(theme.ui_font(12.5))
        self.setLabel(self.labelText, color=colours.dim)
        self.showLabel(bool(self.labelText))


class Plot(pg.PlotWidget):
    """Shows; the hand cannot drag, zoom or open a menu, and the wheel goes to what is around it.

    `hovered` tells where the pointer is, in the plot's coordinates; `left` when it has gone;
    `area_moved` that the plotting area has got another place or size; `picked` where the left
    button went down. While `takes_points`, it says that otherwise: it
    can have the focus and says where it is `pressed` (and with which button), how that is
    `dragged` on and `released`, and which of `keys` are `keyed`.
    """

    hovered = Signal(float, float)
    left = Signal()
    area_moved = Signal()
    picked = Signal(float, float)
    pressed = Signal(float, float, object)
    dragged = Signal(float, float)
    released = Signal()
    keyed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.axes = {side: Axis(side) for side in ("left", "bottom")}
        super().__init__(parent, axisItems=self.axes, enableMenu=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(60, 60)
        self.hideButtons()
        # A menu nobody can open, but pyqtgraph makes it, and without a parent it would stay behind.
        menu = self.plotItem.ctrlMenu
        menu.setParent(self, menu.windowFlags())
        self.box = self.getViewBox()
        self.box.setMouseEnabled(False, False)
        self.box.disableAutoRange()
        self.box.setDefaultPadding(0.0)
        for depth, axis in enumerate(self.axes.values()):
            axis.setGrid(255)
            axis.setZValue(-1000 + depth)
        self.box.sigResized.connect(self._on_resized)
        self.pointer: tuple[float, float] | None = None
        self.takes_points = False
        self.keys: frozenset[Qt.Key] = frozenset()
        self.viewport().setMouseTracking(True)
        self.dress(theme.current())

    def dress(self, colours: Theme) -> None:
        """Put on colours and fonts."""
        self.setBackground(colours.panel)
        self.axes["left"].area = ground(colours)
        self.plotItem.layout.setContentsMargins(0, theme.px(9), theme.px(12), 0)
        for axis in self.axes.values():
            axis.dress(colours)
        self._make_room()

    def set_ranges(self, x: Span, y: Span) -> None:
        """Show from x[0] to x[1] and from y[0] to y[1]; costs nothing when nothing changes."""
        if (x, y) != self.ranges:
            self.box.setRange(xRange=x, yRange=y, padding=0.0)
            self._make_room()

    @property
    def ranges(self) -> tuple[Span, Span]:
        """What is shown, as (low, high) of x and of y."""
        (left, right), (bottom, top) = self.box.state["targetRange"]
        return (left, right), (bottom, top)

    def set_title(self, side: str, text: str) -> None:
        """Write beside the axis at ``left`` or ``bottom`` what it counts."""
        axis = self.axes[side]
        if axis.labelText != text:
            # pyqtgraph reads labels as HTML; a column may well be called a<b.
            axis.labelText = text
            escaped = text.replace("&", "&amp;").replace("<", "&lt;")
            axis.setLabel(escaped, color=theme.current().dim)
            axis.showLabel(bool(text))
            self._make_room()

    def pen(
        self, colour: str | QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> QPen:
        """A line of `width` logical pixels at the present zoom, whatever the ranges."""
        # A cosmetic pen counts device pixels.
        wide = width * theme.zoom() * self.devicePixelRatioF()
        made = QPen(QBrush(QColor(colour)), wide, style)
        made.setCosmetic(True)
        made.setCapStyle(Qt.PenCapStyle.FlatCap)
        made.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        if style is Qt.PenStyle.DashLine:
            made.setDashPattern([4.0, 3.0])
        return made

    def pixel_size(self) -> tuple[float, float]:
        """Width and height of a logical pixel in the plot's coordinates."""
        (left, right), (bottom, top) = self.ranges
        area = self.area()
        return (right - left) / max(area.width(), 1.0), (top - bottom) / max(area.height(), 1.0)

    def columns(self) -> int:
        """Width of the plotting area in device pixels."""
        ratio: float = self.devicePixelRatioF()
        return max(1, math.ceil(self.area().width() * ratio))

    def area(self) -> QRectF:
        """Where in the widget the plotting area lies."""
        rect: QRectF = self.box.sceneBoundingRect()
        return rect

    def _on_resized(self, _: object) -> None:
        for axis in self.axes.values():
            # Its picture of another size would be copied beneath the new one.
            axis.setCacheMode(QGraphicsItem.CacheMode.NoCache)
            keep_painted(axis)
        self._make_room()
        self.area_moved.emit()

    def _make_room(self) -> None:
        area = self.area()
        self.axes["left"].make_room(area.height())
        self.axes["bottom"].make_room(area.width())

    # -- the mouse and the keys ---------------------------------------------------------------

    def take_points(self, taken: bool, keys: frozenset[Qt.Key] = frozenset()) -> None:
        """Let points be made by hand, with the mouse and these keys, or not."""
        self.takes_points, self.keys = taken, keys
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if taken else Qt.FocusPolicy.NoFocus)
        self.viewport().setCursor(
            Qt.CursorShape.CrossCursor if taken else Qt.CursorShape.ArrowCursor
        )

    def offer_pick(self, offered: bool) -> None:
        """Show by the pointer's shape that a click here would be heard."""
        if not self.takes_points:
            shape = Qt.CursorShape.PointingHandCursor if offered else Qt.CursorShape.ArrowCursor
            if self.viewport().cursor().shape() != shape:
                self.viewport().setCursor(shape)

    def _place_of(self, event: QMouseEvent) -> QPointF:
        place: QPointF = self.box.mapSceneToView(self.mapToScene(event.position().toPoint()))
        return place

    def _is_inside(self, event: QMouseEvent) -> bool:
        return self.area().contains(self.mapToScene(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_of(event)
        if self.takes_points and event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(place.x(), place.y())
        if self._is_inside(event):
            self.pointer = (place.x(), place.y())
            self.hovered.emit(*self.pointer)
        else:
            self._forget_pointer()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._forget_pointer()

    def _forget_pointer(self) -> None:
        if self.pointer is not None:
            self.pointer = None
            self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.takes_points and self._is_inside(event):
            place = self._place_of(event)
            self.pressed.emit(place.x(), place.y(), event.button())
            event.accept()
            return
        event.ignore()
        if event.button() == Qt.MouseButton.LeftButton and self._is_inside(event):
            place = self._place_of(event)
            self.picked.emit(place.x(), place.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.takes_points:
            self.released.emit()
            event.accept()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.setAccepted(self.takes_points)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self.takes_points and event.key() in self.keys:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.keyed.emit(Qt.Key(event.key()))
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # pyqtgraph and the scroll area beneath it would keep keys that are not theirs.
        event.ignore()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawForeground(painter, rect)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.current().accent), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.area())


def keep_painted(item: QGraphicsItem) -> None:
    """Keep what an item paints as a picture, for frames in which something else near it moves.

    For what changes seldom and takes long to paint: the picture costs memory, and a copy.
    """
    item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
    # Qt keeps all such pictures in one place, which is small unless told otherwise.
    QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), KEPT_KILOBYTES))


def ground(colours: Theme) -> QColor:
    """The colour of a plotting area: a shade under the panel's."""
    return blend(colours.panel, colours.background, 0.6)


def blend(one: str, other: str, share: float) -> QColor:
    """A colour between two: `share` 0 is the one, 1 the other."""
    start, end = QColor(one), QColor(other)
    pairs = ((start.red(), end.red()), (start.green(), end.green()), (start.blue(), end.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))
