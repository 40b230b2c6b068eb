"""The parts of a dial that do not move: platter, track and scale, painted once and kept.

A face is a turntable platter seen from above. It is drawn with vectors into a pixmap once per
diameter, pixel ratio, theme and state; every knob of that kind then shows the same pixmap.
"""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QConicalGradient,
    QLinearGradient,
    QPainter,
    QPen,
    QPixmap,
    QPixmapCache,
    QRadialGradient,
)

from mixer_nn.ui import theme
from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.theme import Theme


def face(dial: DialGeometry, ratio: float, *, hover: bool, enabled: bool) -> QPixmap:
    """The pixmap of a face, `dial.width` by `dial.height` logical pixels at `ratio`."""
    colours = theme.current()
    key = f"dial {dial} {ratio} {colours.name} {hover} {enabled}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    pixmap = QPixmap(math.ceil(dial.width * ratio), math.ceil(dial.height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(dial.centre)
        if not enabled:
            painter.setOpacity(0.45)
        _draw_track(painter, dial, colours)
        if dial.ticks:
            _draw_ticks(painter, dial, colours)
        _draw_shadow(painter, dial, colours)
        _draw_platter(painter, dial, colours, hover)
        if dial.large:
            _draw_grooves(painter, dial, colours)
            _draw_strobe(painter, dial, colours)
            _draw_hub(painter, dial, colours)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def faded(colour: str, alpha: float) -> QColor:
    """A theme colour at an opacity of 0..1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def disc(radius: float) -> QRectF:
    """The square round a circle about the origin."""
    return QRectF(-radius, -radius, 2 * radius, 2 * radius)


def round_pen(colour: QColor | str, width: float) -> QPen:
    """A pen with round ends."""
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def draw_arc(painter: QPainter, radius: float, start: float, end: float) -> None:
    """An arc from one angle to another, in degrees clockwise from the top."""
    painter.drawArc(disc(radius), round((90.0 - start) * 16), round((start - end) * 16))


def _draw_track(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if dial.large:
        painter.setPen(
            round_pen(faded(colours.shadow, 0.28 if colours.dark else 0.10), dial.arc_width + 2)
        )
        draw_arc(painter, dial.arc_radius, -135, 135)
    painter.setPen(round_pen(colours.track, dial.arc_width))
    draw_arc(painter, dial.arc_radius, -135, 135)


def _draw_ticks(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    for index in range(21):
        major = index % 5 == 0
        angle = -135.0 + 13.5 * index
        inner = dial.tick_radius
        outer = inner + dial.tick_length * (1.6 if major else 1.0)
        colour = colours.dim if major else colours.faint
        painter.setPen(round_pen(colour, 1.5 if major else 1.2))
        painter.drawLine(dial.at(angle, inner), dial.at(angle, outer))


def _draw_shadow(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    radius = dial.face_radius
    drop = radius * 0.05
    glow = QRadialGradient(QPointF(0, drop), radius * 1.12)
    strength = 0.75 if colours.dark else 0.38
    glow.setColorAt(0.86, faded(colours.shadow, strength))
    glow.setColorAt(1.0, faded(colours.shadow, 0.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(glow)
    painter.drawEllipse(QPointF(0, drop), radius * 1.12, radius * 1.12)


def _draw_platter(painter: QPainter, dial: DialGeometry, colours: Theme, hover: bool) -> None:
    radius = dial.face_radius
    body = QRadialGradient(QPointF(-radius * 0.28, -radius * 0.42), radius * 1.45)
    body.setColorAt(0.0, QColor(colours.face_high))
    body.setColorAt(0.5, QColor(colours.face_mid))
    body.setColorAt(1.0, QColor(colours.face_low))
    painter.setPen(QPen(QColor(colours.face_edge), 1.0))
    painter.setBrush(body)
    painter.drawEllipse(disc(radius))
    if hover:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(colours.face_shine, 0.07 if colours.dark else 0.5))
        painter.drawEllipse(disc(radius))
    # A thin light along the upper edge makes a turned rim of it.
    rim = QLinearGradient(0, -radius, 0, radius)
    rim.setColorAt(0.0, faded(colours.face_shine, 0.32 if colours.dark else 1.0))
    rim.setColorAt(0.45, faded(colours.face_shine, 0.05))
    rim.setColorAt(1.0, faded(colours.face_shine, 0.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(rim, 1.0))
    painter.drawEllipse(disc(radius - 1.0))


def _draw_grooves(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    outer, inner = dial.strobe_radius - dial.radius * 0.055, dial.hub_radius + 2.5
    pitch = 2.6 if dial.radius > 50 else 2.2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index in range(int((outer - inner) / pitch) + 1):
        radius = outer - index * pitch
        painter.setPen(QPen(faded(colours.face_edge, 0.30 if colours.dark else 0.16), 0.9))
        painter.drawEllipse(disc(radius))
        painter.setPen(QPen(faded(colours.face_shine, 0.045 if colours.dark else 0.55), 0.7))
        painter.drawEllipse(disc(radius - 0.9))
    # Light on vinyl: two opposite wedges, where the grooves run across the lamp.
    sheen = QConicalGradient(QPointF(0, 0), 0)
    bright = 0.10 if colours.dark else 0.55
    for place, alpha in (
        (0.0, 0.0),
        (0.08, 0.0),
        (0.17, 0.35),
        (0.25, 0.0),
        (0.30, 0.0),
        (0.36, 1.0),
        (0.44, 0.0),
        (0.58, 0.0),
        (0.67, 0.35),
        (0.75, 0.0),
        (0.80, 0.0),
        (0.86, 0.7),
        (0.94, 0.0),
        (1.0, 0.0),
    ):
        sheen.setColorAt(place, faded(colours.face_shine, bright * alpha))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sheen)
    painter.drawEllipse(disc(outer + 1.0))


def _draw_strobe(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    count = 60 if dial.radius > 50 else 36
    size = max(dial.radius * 0.0135, 0.62)
    painter.setPen(Qt.PenStyle.NoPen)
    for index in range(count):
        spot = dial.at(index * 360.0 / count, dial.strobe_radius)
        painter.setBrush(faded(colours.face_shine, 0.14 if colours.dark else 0.9))
        painter.drawEllipse(spot + QPointF(0, 0.5), size, size)
        painter.setBrush(faded(colours.face_edge, 1.0 if colours.dark else 0.9))
        painter.drawEllipse(spot, size, size)


def _draw_hub(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    radius = dial.hub_radius
    painter.setPen(QPen(QColor(colours.face_edge), 1.0))
    painter.setBrush(QColor(colours.hub))
    painter.drawEllipse(disc(radius))
    shine = QLinearGradient(0, -radius, 0, radius)
    shine.setColorAt(0.0, faded(colours.face_shine, 0.0))
    shine.setColorAt(1.0, faded(colours.face_shine, 0.16 if colours.dark else 0.9))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(shine, 1.0))
    painter.drawEllipse(disc(radius + 1.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.face_edge))
    painter.drawEllipse(disc(radius * 0.21))
