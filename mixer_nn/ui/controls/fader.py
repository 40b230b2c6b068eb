"""A horizontal fader: the knob's contract on a straight track."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.fader_marks import draw_now
from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob_face import faded, round_pen
from mixer_nn.ui.controls.taper import LogTaper, Taper
from mixer_nn.ui.theme import Theme

_HANDLE = QSize(25, 31)
_TRACK = 7.0
_TEXT_GAP = 6
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def decade_label(exponent: int) -> str:
    """A power of ten as a scale prints it: ``10⁻⁵`` … ``0.1``, ``1``, ``10``."""
    if -1 <= exponent <= 2:
        return f"{10.0**exponent:g}"
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


class Fader(HandControl):
    """A handle on a track that shows a value, its scale, and a zone to keep out of.

    The handle follows the mouse, from wherever it is taken; a click on the track changes nothing.
    The hand's steps stop at the ends (`bounded`); a typed number may lie beyond, which the owner
    accepts or puts right.

    Parameters
    ----------
    taper
        The scale; on a `LogTaper` each decade has a tick.
    """

    accessible_role = QAccessible.Role.Slider

    def __init__(self, taper: Taper, parent: QWidget | None = None) -> None:
        super().__init__(taper, parent)
        self.bounded = True
        self.lockable = False
        self._value = self._initial = taper.low
        self._zone_start: float | None = None
        self._zone_text = ""
        self._now: float | None = None
        self._now_sentence = ""
        self._seen: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # -- what the program sets: all silent --

    def set_zone(self, start: float | None, text: str = "") -> None:
        """Mark the track from `start` to the right end as a danger named `text`; None for none."""
        self._zone_start = start
        self._zone_text = text
        self._refresh()

    def set_now(self, now: float | None, sentence: str = "") -> None:
        """Mark what is in force just now, where something lowers the value by itself; None: it is.

        The sentence tells of it in the tooltip and to a screen reader.
        """
        if (now, sentence) != (self._now, self._now_sentence):
            self._now, self._now_sentence = now, sentence
            self.setAccessibleDescription(sentence)
            self._refresh()

    @property
    def zone(self) -> tuple[float | None, str]:
        """Where the marked end of the track begins, and its name."""
        return self._zone_start, self._zone_text

    # -- how it is moved --

    def _travel_from(self, point: QPointF) -> Callable[[QPointF, QPointF], float]:
        return self._travel

    def _travel(self, start: QPointF, end: QPointF) -> float:
        return (end.x() - start.x()) / self._track().width()

    def _refresh(self) -> None:
        seen = (
            round(self._handle_x() * 4),
            self.text(),
            self._taper,
            self._zone_start,
            self._zone_text,
            None if self._now is None else round(self._x_of(self._now) * 4),
            self.value_text(),
            self.hasFocus(),
            self._hover,
            self.is_held,
            self.isEnabled(),
        )
        if seen != self._seen:
            self._seen = seen
            self.update()

    # -- where things are --

    def _track(self) -> QRectF:
        side = _HANDLE.width() / 2.0 + 3.0
        top = self._line_height() + (_HANDLE.height() - _TRACK) / 2.0 + 1.0
        return QRectF(side, top, max(self.width() - 2 * side, 1.0), _TRACK)

    def _x(self, position: float) -> float:
        track = self._track()
        held = min(max(position, 0.0), 1.0) if math.isfinite(position) else 0.0
        return track.left() + held * track.width()

    def _x_of(self, value: float) -> float:
        return self._x(self._taper.to_position(value))

    def _handle_x(self) -> float:
        return self._x_of(self._value)

    def _line_height(self) -> int:
        return QFontMetrics(theme.ui_font(12)).height()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(theme.mono_font(13)).height()
        return QSize(260, self._line_height() + _HANDLE.height() + 8 + text)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    # -- how it looks --

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self.isEnabled():
                painter.setOpacity(0.45)
            self._draw_track(painter, colours)
            self._draw_zone(painter, colours)
            self._draw_scale(painter, colours)
            self._draw_handle(painter, colours)
            if self._now is not None:
                draw_now(painter, self._track(), self._x_of(self._now), colours)
            self._draw_value(painter, colours)

    def _draw_track(self, painter: QPainter, colours: Theme) -> None:
        track = self._track().adjusted(-3.0, 0.0, 3.0, 0.0)
        well = QLinearGradient(track.topLeft(), track.bottomLeft())
        well.setColorAt(0.0, QColor(colours.groove).darker(115))
        well.setColorAt(1.0, QColor(colours.groove))
        painter.setPen(QPen(QColor(colours.line), 1.0))
        painter.setBrush(well)
        painter.drawRoundedRect(track, _TRACK / 2, _TRACK / 2)

    def _draw_zone(self, painter: QPainter, colours: Theme) -> None:
        if self._zone_start is None:
            return
        position = self._taper.to_position(self._zone_start)
        if not position < 1.0:
            return
        track = self._track()
        left = self._x(position)
        zone = QRectF(left, track.top(), track.right() + 3.0 - left, track.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(colours.danger, 0.78))
        painter.drawRoundedRect(zone.adjusted(0, 0.5, -0.5, -0.5), 3.0, 3.0)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(colours.danger))
        wide = painter.fontMetrics().horizontalAdvance(self._zone_text)
        start = min(left + 3.0, self.width() - wide - 1.0)
        line = QRectF(start, 0.0, wide + 1.0, self._line_height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._zone_text)

    def _draw_scale(self, painter: QPainter, colours: Theme) -> None:
        top = self._track().bottom() + 8.0
        painter.setPen(round_pen(colours.faint, 1.5))
        for position in self._tick_positions():
            x = self._x(position)
            painter.drawLine(QPointF(x, top), QPointF(x, top + 5.0))
        painter.setFont(theme.mono_font(12))
        painter.setPen(QColor(colours.dim))
        low, high = self._end_texts()
        line = self._value_line()
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, left | middle, low)
        painter.drawText(line, right | middle, high)

    def _tick_positions(self) -> list[float]:
        if not isinstance(self._taper, LogTaper):
            return [index / 10.0 for index in range(11)]
        first = math.ceil(math.log10(self._taper.low) - 1e-9)
        last = math.floor(math.log10(self._taper.high) + 1e-9)
        return [self._taper.to_position(10.0**decade) for decade in range(first, last + 1)]

    def _end_texts(self) -> tuple[str, str]:
        ends = (self._taper.low, self._taper.high)
        low, high = (self._end_text(end) for end in ends)
        return low, high

    def _end_text(self, end: float) -> str:
        if isinstance(self._taper, LogTaper):
            exponent = math.log10(end)
            if abs(exponent - round(exponent)) < 1e-9:
                return decade_label(round(exponent))
        return f"{end:g}"

    def _value_line(self) -> QRectF:
        side = self._track().left() - 4.0
        top = self._line_height() + _HANDLE.height() + 7.0
        return QRectF(side, top, self.width() - 2 * side, self.height() - top)

    def _draw_value(self, painter: QPainter, colours: Theme) -> None:
        painter.setFont(theme.mono_font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        painter.drawText(self._value_line(), Qt.AlignmentFlag.AlignCenter, self.value_text())

    def value_text(self) -> str:
        """What is written under the track: the value, and what is in force now if there is room."""
        if self._now is None:
            return self.text()
        both = f"{self.text()} → {self._written(self._now)}"
        metrics = QFontMetrics(theme.mono_font(13, QFont.Weight.DemiBold))
        ends = QFontMetrics(theme.mono_font(12))
        side = max(ends.horizontalAdvance(text) for text in self._end_texts()) + _TEXT_GAP
        room = self._value_line().width() - 2 * side
        fitting = (
            text for text in (f"{both} now", both) if metrics.horizontalAdvance(text) <= room
        )
        return next(fitting, self.text())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = (self.toolTip(), self._now_sentence)
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, words)), self)
            return True
        return super().event(event)

    def _draw_handle(self, painter: QPainter, colours: Theme) -> None:
        middle = self._track().center().y()
        box = QRectF(0, 0, _HANDLE.width(), _HANDLE.height())
        box.moveCenter(QPointF(self._handle_x(), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        for grow, alpha in ((2.5, 0.10), (1.5, 0.16), (0.5, 0.25)):
            painter.setBrush(faded(colours.shadow, alpha if colours.dark else alpha * 0.5))
            shade = box.adjusted(-grow, -grow + 1.5, grow, grow + 1.5)
            painter.drawRoundedRect(shade, 4.0 + grow, 4.0 + grow)
        body = QLinearGradient(box.topLeft(), box.bottomLeft())
        high = QColor(colours.handle_high)
        body.setColorAt(0.0, high.lighter(112) if self._hover or self.is_held else high)
        body.setColorAt(1.0, QColor(colours.handle_low))
        painter.setBrush(body)
        painter.setPen(QPen(QColor(colours.face_edge), 1.0))
        painter.drawRoundedRect(box, 4.0, 4.0)
        painter.setPen(QPen(faded(colours.face_shine, 0.22), 1.0))
        painter.drawLine(box.topLeft() + QPointF(4, 1), box.topRight() + QPointF(-4, 1))
        self._draw_grip(painter, box, colours)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 2.0))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 6.0, 6.0)

    def _draw_grip(self, painter: QPainter, box: QRectF, colours: Theme) -> None:
        middle = box.center()
        for offset in (-6.0, 6.0):
            painter.setPen(round_pen(faded(colours.face_edge, 0.65), 1.2))
            x = middle.x() + offset
            painter.drawLine(QPointF(x, box.top() + 9), QPointF(x, box.bottom() - 9))
        painter.setPen(round_pen(colours.pointer, 2.2))
        painter.drawLine(QPointF(middle.x(), box.top() + 4), QPointF(middle.x(), box.bottom() - 4))
        side = self._side_out()
        if side:
            # The value lies beyond the end: chevrons on the handle point the way.
            painter.setPen(round_pen(colours.text, 1.8))
            x = middle.x() + side * 6.5
            tip = QPointF(x + side * 2.5, middle.y())
            painter.drawPolyline([QPointF(x, middle.y() - 4), tip, QPointF(x, middle.y() + 4)])

    def _side_out(self) -> int:
        position = self._taper.to_position(self._value)
        return (position > 1.0 + 1e-9) - (position < -1e-9)
