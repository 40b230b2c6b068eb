"""A fader between two ends, with a curve above its track: how it goes on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from mixer_nn.ui import theme
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.knob_face import faded, round_pen
from mixer_nn.ui.controls.taper import LinearTaper
from mixer_nn.ui.theme import Theme

_CURVE, _SLIM_CURVE, _BELOW = 46, 30, 35
_WIDE, _DOT, _AIR = 2.0, 4.2, 5.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Way:
    """Heights (points,) at the positions (points,) from 0 to 1; `faint` is another to compare."""

    positions: Numbers
    heights: Numbers
    faint: tuple[Numbers, Numbers] | None = None


class Crossfader(Fader):
    """A fader from 0 to 1 without scale and number, and the way that it goes above it.

    The curve has no axis: it is there for its shape, between its own lowest and highest point.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(LinearTaper(0.0, 1.0), parent)
        self._way: Way | None = None
        self._note = ""
        self._solid = True
        self._slim = False
        self._made: tuple[object, QPolygonF, QPolygonF] | None = None

    # -- what the program sets: all silent --

    def set_way(self, way: Way | None) -> None:
        """Show a way; None for none."""
        if way is not self._way:
            self._way, self._made = way, None
            self.update()

    @property
    def way(self) -> Way | None:
        """What is shown above the track."""
        return self._way

    def set_note(self, note: str) -> None:
        """Write where the curve would stand why there is none; "" for nothing."""
        if note != self._note:
            self._note = note
            self.update()

    @property
    def note(self) -> str:
        """What is written where the curve would stand."""
        return self._note

    def set_on_way(self, on_way: bool) -> None:
        """Say whether the mix stands where the fader does: then its mark on the curve is solid."""
        if on_way != self._solid:
            self._solid = on_way
            self.update()

    @property
    def is_on_way(self) -> bool:
        """Whether the mix stands where the fader does."""
        return self._solid

    def set_slim(self, slim: bool) -> None:
        """Take as little height as it can do with."""
        self._slim = slim
        self.updateGeometry()

    # -- where things are --

    def _line_height(self) -> int:
        # What a fader keeps for the name of its zone is the curve's, whatever height there is.
        return max(self.height() - _BELOW, 0)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(260), theme.px(_SLIM_CURVE if self._slim else _CURVE) + _BELOW)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(104), theme.px(_SLIM_CURVE) + _BELOW)

    def _room(self) -> QRectF:
        track = self._track()
        return QRectF(track.left(), _AIR, track.width(), self._line_height() - 2 * _AIR)

    # -- how it looks --

    def _draw_value(self, painter: QPainter, colours: Theme) -> None:
        """Its value is where the mark is on the curve; in words it is in the tooltip."""

    def _draw_scale(self, painter: QPainter, colours: Theme) -> None:
        room = self._room()
        if self._note:
            self._write_note(painter, room, colours)
        elif self._way is not None and room.height() > 2 * _AIR:
            curve, faint = self._curves(self._way, room)
            painter.save()
            painter.setClipRect(room.adjusted(-_DOT, -_AIR, _DOT, _AIR))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if not faint.isEmpty():
                pen = round_pen(faded(colours.dim, 0.8), 1.5)
                pen.setDashPattern([3.0, 3.0])
                painter.setPen(pen)
                painter.drawPolyline(faint)
            painter.setPen(round_pen(colours.loss, _WIDE))
            painter.drawPolyline(curve)
            painter.restore()
            self._draw_place(painter, curve, colours)

    def _write_note(self, painter: QPainter, room: QRectF, colours: Theme) -> None:
        painter.save()
        painter.setOpacity(1.0)  # switched off or not, it must be legible
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(colours.dim))
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        wide = QRectF(0.0, 0.0, self.width(), room.bottom())
        painter.drawText(wide, int(wrapped), self._note)
        painter.restore()

    def _draw_place(self, painter: QPainter, curve: QPolygonF, colours: Theme) -> None:
        x = self._handle_x()
        points = [(curve.at(index).x(), curve.at(index).y()) for index in range(curve.count())]
        if not points:
            return
        across, up = np.array(points).T
        room = self._room()
        y = min(max(float(np.interp(x, across, up)), room.top()), room.bottom())
        painter.setPen(QPen(faded(colours.dim, 0.6), 1.0))
        painter.drawLine(QPointF(x, y), QPointF(x, self._track().top() - 12.0))
        painter.setPen(QPen(QColor(colours.text), 1.8))
        painter.setBrush(QColor(colours.loss if self._solid else colours.panel))
        painter.drawEllipse(QPointF(x, y), _DOT, _DOT)

    def _curves(self, way: Way, room: QRectF) -> tuple[QPolygonF, QPolygonF]:
        """The curve and the fainter one as they are painted, made once for each size."""
        size = (room.width(), room.height())
        if self._made is None or self._made[0] != size:
            low, high = _heights(way)
            faint = QPolygonF() if way.faint is None else _line(*way.faint, room, low, high)
            self._made = (size, _line(way.positions, way.heights, room, low, high), faint)
        return self._made[1], self._made[2]


def _heights(way: Way) -> tuple[float, float]:
    """From which height to which the way is drawn: all of it that is a number."""
    both = way.heights if way.faint is None else np.concatenate([way.heights, way.faint[1]])
    finite = both[np.isfinite(both)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def _line(positions: Numbers, heights: Numbers, room: QRectF, low: float, high: float) -> QPolygonF:
    spread = high - low
    flat = not spread > 1e-12 * max(abs(high), abs(low))
    with np.errstate(all="ignore"):
        shares = np.full(len(heights), 0.0) if flat else (heights - low) / spread
    # What has run away stands far above, where it is cut off.
    shares = np.clip(np.nan_to_num(shares, nan=3.0, posinf=3.0), -1.0, 3.0)
    x = room.left() + positions * room.width()
    y = room.bottom() - shares * room.height()
    return QPolygonF([QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)])
