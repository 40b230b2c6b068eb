"""Marks about a dial: the gradient ring, ghost and answer, over-range chevrons, padlock."""

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.controls.knob_face import disc, draw_arc, faded, round_pen
from mixer_nn.ui.theme import Theme

DECADES = 4  # of slope strength on the gradient ring, one tick each
_DECADE_DEGREES = 13.0
GROOVE_FAINTEST, GROOVE_STRONGEST = 0.06, 0.75
_DASH_GAP = 1.6  # pixels between two decades


@dataclass(frozen=True)
class Slope:
    """The gradient ring of a dial: from which position, which way (+1, -1), how strongly (0..1)."""

    position: float
    way: int
    strength: float


def draw_slope(painter: QPainter, dial: DialGeometry, slope: Slope, colours: Theme) -> None:
    """The way to turn, outside the rim: an arrow on a large dial, ticks on a small one."""
    if dial.large:
        _draw_slope_arrow(painter, dial, slope, colours)
    else:
        _draw_slope_ticks(painter, dial, slope, colours)


def _draw_slope_arrow(painter: QPainter, dial: DialGeometry, slope: Slope, colours: Theme) -> None:
    """An arc from the pointer the way to turn: one dash a decade, an arrow head at the end."""
    radius, width = dial.slope_radius, 3.0
    head = 57.3 * 8.0 / radius
    gap = 57.3 * _DASH_GAP / radius
    length = slope.strength * DECADES * _DECADE_DEGREES
    # Where the pointer stands near the end, the arrow stays clear of the printed end.
    limit = (132.0 if dial.diameter >= 120 else 120.0) - head
    start = dial.angle(slope.position) * slope.way  # mirrored, so that the way is always up
    start = min(start, limit - length)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_flat_pen(colours.hint, width))
    for index in range(ceil(slope.strength * DECADES - 1e-9)):
        begin = start + index * _DECADE_DEGREES
        end = min(begin + _DECADE_DEGREES, start + length) - gap
        if end > begin:
            draw_arc(painter, radius, begin * slope.way, end * slope.way)
    foot = start + length
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.hint))
    painter.drawPolygon(
        QPolygonF(
            [
                dial.at((foot + head) * slope.way, radius),
                dial.at(foot * slope.way, radius - 5.0),
                dial.at(foot * slope.way, radius + 5.0),
            ]
        )
    )


def _draw_slope_ticks(painter: QPainter, dial: DialGeometry, slope: Slope, colours: Theme) -> None:
    count = max(ceil(slope.strength * DECADES - 1e-9), 1)
    radius, half = dial.slope_radius, 2.6
    gap = 480.0 / dial.diameter + 4.0
    start = dial.angle(slope.position)
    painter.setPen(round_pen(colours.hint, 1.8))
    for index in range(count):
        # Beside the pointer, not over it: a single tick must tell the way too.
        angle = start + slope.way * gap * (index + 0.8)
        painter.drawLine(dial.at(angle, radius - half), dial.at(angle, radius + half))


def draw_groove(
    painter: QPainter, dial: DialGeometry, shares: tuple[float, ...], colours: Theme
) -> None:
    """A ring round the platter under the scale: how high something is at each part of the scale.

    One hue, the more of it the higher: 0 is the bare platter, 1 the most.
    """
    radius, width = dial.groove_radius, dial.groove_width
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index, share in enumerate(shares):
        start, end = (dial.angle(place / len(shares)) for place in (index, index + 1))
        alpha = GROOVE_FAINTEST + (GROOVE_STRONGEST - GROOVE_FAINTEST) * share
        pen = QPen(faded(colours.loss, alpha), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        draw_arc(painter, radius, start, end)


def draw_ghost(painter: QPainter, dial: DialGeometry, ghost: float, colours: Theme) -> None:
    """A dot on the track where the next step lands."""
    size = dial.arc_width * (0.52 if dial.large else 0.75)
    painter.setPen(QPen(QColor(colours.panel), 1.6))
    painter.setBrush(QColor(colours.hint))
    painter.drawEllipse(dial.at(dial.angle(ghost), dial.arc_radius), size + 1.0, size + 1.0)


def draw_answer(painter: QPainter, dial: DialGeometry, answer: float, colours: Theme) -> None:
    """A hollow triangle outside the track, its point on the value."""
    angle = dial.angle(answer)
    tall, wide = (9.0, 250.0) if dial.large else (5.0, 150.0)
    half = wide / dial.radius
    foot = dial.radius + 0.5
    painter.setPen(round_pen(colours.text, 1.6 if dial.large else 1.3))
    painter.setBrush(QColor(colours.panel))
    painter.drawPolygon(
        QPolygonF(
            [
                dial.at(angle, foot),
                dial.at(angle - half, foot + tall),
                dial.at(angle + half, foot + tall),
            ]
        )
    )


def draw_over_range(painter: QPainter, dial: DialGeometry, side: int, colour: str) -> None:
    """Two chevrons past the end of the track: the value lies further on."""
    size = max(dial.arc_width * 0.62, 2.2)
    step = 57.3 * (size * 1.25) / dial.arc_radius
    painter.setPen(round_pen(colour, max(size * 0.5, 1.5)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index in (1.3, 2.3):
        angle = side * (135.0 + step * index)
        back = side * step * 0.55
        painter.drawPolyline(
            [
                dial.at(angle - back, dial.arc_radius - size),
                dial.at(angle + back, dial.arc_radius),
                dial.at(angle - back, dial.arc_radius + size),
            ]
        )


def draw_lock(painter: QPainter, dial: DialGeometry, badge: bool, colours: Theme) -> None:
    """A padlock: on the hub of a platter, in the gap of a small track unless a badge is there."""
    size = dial.hub_radius * 0.62 if dial.large else max(dial.diameter * 0.11, 3.6)
    in_middle = dial.large or badge
    middle = QPointF(0, 0) if in_middle else QPointF(0, dial.radius - size * 0.55)
    painter.save()
    painter.translate(middle)
    if dial.large:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.hub))
        painter.drawEllipse(disc(dial.hub_radius - 1.0))
    draw_padlock(painter, size, colours.text, colours.hub if dial.large else colours.panel)
    painter.restore()


def draw_padlock(painter: QPainter, size: float, colour: str, around: str) -> None:
    """A closed padlock about the origin, `size` half as wide as it is tall."""
    body = QRectF(-size, -size * 0.25, 2 * size, size * 1.45)
    shackle = QPainterPath()
    shackle.moveTo(-size * 0.58, -size * 0.2)
    shackle.arcTo(QRectF(-size * 0.58, -size * 1.25, size * 1.16, size * 1.2), 180, -180)
    shackle.lineTo(size * 0.58, -size * 0.2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (round_pen(around, size * 0.42 + 2.4), round_pen(colour, size * 0.42)):
        painter.setPen(pen)
        painter.drawPath(shackle)
    painter.setPen(QPen(QColor(around), 1.2))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(body, size * 0.28, size * 0.28)


def _flat_pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
