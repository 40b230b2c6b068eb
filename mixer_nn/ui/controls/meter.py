"""A level meter: a slim bar that rises at once and falls slowly."""

import math
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.ground import paint_ground
from mixer_nn.ui.controls.knob_face import round_pen

FALL_PER_SECOND = 1.2
HOLD_MILLISECONDS = 600.0
FADED = 0.3
_BAR = 5.0
_LAMP = 10.0
_ROOMY = 44


class Meter(QWidget):
    """Mean and peak of something between 0 and 1, and a lamp for a state to look into.

    The bar is the mean, the line the highest peak of late. Both rise at once; they fall when the
    program's frame clock calls `advance`. With nothing to fall it costs nothing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mean = self._peak = 0.0
        self._shown_mean = self._shown_peak = 0.0
        self._hold = 0.0
        self._lamp = self._faded = False
        self._reason = ""
        self._seen: tuple[object, ...] = ()
        self._told: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> tuple[float, float]:
        """Mean and peak as they are drawn now."""
        return self._shown_mean, self._shown_peak

    @property
    def lamp(self) -> bool:
        """Whether the lamp is on."""
        return self._lamp

    @property
    def is_faded(self) -> bool:
        """Whether it is shown faint."""
        return self._faded

    def set_level(self, mean: float, peak: float) -> None:
        """Another mean and peak, held to 0..1; what is not a number counts as 0."""
        self._mean = _held(mean)
        self._peak = max(_held(peak), self._mean)
        self._shown_mean = max(self._shown_mean, self._mean)
        if self._peak >= self._shown_peak:
            self._shown_peak = self._peak
            self._hold = HOLD_MILLISECONDS
        self._describe()
        self._refresh()

    def set_lamp(self, on: bool, reason: str = "") -> None:
        """Light the lamp and say why; the reason is the tooltip and the spoken description."""
        self._lamp, self._reason = on, reason
        self.setToolTip(reason)
        self._describe()
        self._refresh()

    def set_faded(self, faded: bool) -> None:
        """Show it faint, as what does not count just now."""
        if faded != self._faded:
            self._faded = faded
            self.update()

    def advance(self, milliseconds: float) -> bool:
        """Let bar and line fall by a frame; True while they still have a way to go."""
        way = FALL_PER_SECOND * max(milliseconds, 0.0) / 1000.0
        self._shown_mean = max(self._shown_mean - way, self._mean)
        self._hold -= milliseconds
        if self._hold <= 0.0:
            self._shown_peak = max(self._shown_peak - way, self._peak)
        self._refresh()
        return self._shown_mean > self._mean or self._shown_peak > self._peak

    def settle(self) -> None:
        """Show the exact levels at once, as a picture or a pause wants them."""
        self._shown_mean, self._shown_peak, self._hold = self._mean, self._peak, 0.0
        self._refresh()

    def _describe(self) -> None:
        told = (round(100 * self._mean), round(100 * self._peak), self._lamp, self._reason)
        if told == self._told:
            return  # asked in every frame, and seldom another
        self._told = told
        words = f"mean {told[0]} %, peak {told[1]} %"
        lamp = f", {self._reason or 'lamp on'}" if self._lamp else ""
        self.setAccessibleDescription(words + lamp)

    def _refresh(self) -> None:
        width = max(self.width(), 1) * 2
        seen = (round(self._shown_mean * width), round(self._shown_peak * width), self._lamp)
        if seen != self._seen:
            self._seen = seen
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(60, 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 12)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, ratio = theme.current(), self.devicePixelRatioF()
        middle = self.height() / 2.0
        # Where there is little room the lamp takes its share only while it is lit.
        lamp = self._lamp or self.width() >= _ROOMY
        wide = max(self.width() - (_LAMP + 5.0 if lamp else 1.0), 1.0)
        top = QPointF(0.0, round(middle - _BAR / 2))
        with QPainter(self) as painter:
            paint_ground(self, painter, event.rect())
            painter.setOpacity(FADED if self._faded else 1.0)
            painter.drawPixmap(top, bar(wide, colours.track, ratio))
            level = bar(wide, colours.running, ratio)
            seen = round(wide * self._shown_mean * ratio)
            if seen > 0:
                part = QRectF(0, 0, seen, level.height())
                painter.drawPixmap(top, level, part)
            if self._shown_peak > 0.0:
                x = min(wide * self._shown_peak, wide - 1.0)
                line = QRectF(round(x * ratio) / ratio - 0.5, middle - 4.0, 2.0, 8.0)
                painter.fillRect(line, QColor(colours.text))
            if lamp:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_lamp(painter, QPointF(self.width() - _LAMP / 2 - 1.0, middle))

    def _draw_lamp(self, painter: QPainter, centre: QPointF) -> None:
        colours = theme.current()
        # Off is a small ring, on a filled disc with a stroke in it: shape as well as colour.
        if not self._lamp:
            painter.setPen(QPen(QColor(colours.faint), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 2.6, 2.6)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.danger))
        painter.drawEllipse(centre, _LAMP / 2, _LAMP / 2)
        painter.setPen(round_pen(colours.panel, 1.6))
        painter.drawLine(centre - QPointF(0, 2.6), centre + QPointF(0, 0.6))
        painter.drawPoint(centre + QPointF(0, 2.8))


def bar(wide: float, colour: str, ratio: float) -> QPixmap:
    """A whole bar in a colour, painted once: a meter moves too often to draw its curves anew."""
    key, found = f"meter {wide} {colour} {ratio}", QPixmap()
    if QPixmapCache.find(key, found):
        return found
    pixmap = QPixmap(ceil((wide + 1.0) * ratio), ceil((_BAR + 1.0) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(0.5, 0.5, wide, _BAR), _BAR / 2, _BAR / 2)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def _held(level: float) -> float:
    return 0.0 if math.isnan(level) else min(max(level, 0.0), 1.0)
