"""What moves on a turntable, painted over its record: strobe dots, label, faint part, arm."""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from mixer_nn.ui import theme
from mixer_nn.ui.controls.knob_face import disc, faded, round_pen
from mixer_nn.ui.controls.platter_geometry import PlatterGeometry
from mixer_nn.ui.theme import Theme

_FAINT = 0.72  # how much of the grooves beyond the needle the vinyl covers
_SIZES = (20, 18, 16, 15, 14, 13, 12)


@dataclass(frozen=True)
class PlatterLook:
    """What can be seen of the moving parts; two equal looks are the same picture.

    `place` is where the needle stands, None: beside the record. From there on the record is faint
    up to the place `future`. `angle` is in degrees clockwise.
    """

    place: float | None = None
    future: float = 0.0
    angle: float = 0.0
    label: tuple[str, str] = ("", "")
    lifted: bool = False
    focus: bool = False
    hover: bool = False
    enabled: bool = True


def paint_platter(
    painter: QPainter,
    dial: PlatterGeometry,
    look: PlatterLook,
    record: QPixmap,
    marks: QPixmap | None,
) -> None:
    """Paint a turntable with the upper left corner of its box at the painter's origin."""
    colours = theme.current()
    painter.setOpacity(1.0 if look.enabled else 0.45)
    painter.drawPixmap(QPointF(0, 0), record)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(dial.centre)
    if look.place is not None and look.future > look.place:
        _draw_future(painter, dial, look.place, look.future, colours)
    if marks is not None:
        painter.drawPixmap(-dial.centre, marks)
    _draw_turning(painter, dial, look.angle, colours)
    _draw_label(painter, dial, look.label, colours)
    if look.focus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.accent), 2.0))
        painter.drawEllipse(disc(dial.radius + 1.5))
    _draw_arm(painter, dial, look, colours)


def _draw_future(
    painter: QPainter, dial: PlatterGeometry, place: float, end: float, colours: Theme
) -> None:
    """Vinyl over the grooves that lie beyond where we stand, so that they show through faintly."""
    # A filled ring: a pen as wide would cost ten times as much.
    ring = QPainterPath()
    ring.addEllipse(disc(dial.radius_of(place)))
    ring.addEllipse(disc(dial.radius_of(end)))
    painter.fillPath(ring, faded(colours.groove, _FAINT))


@lru_cache(maxsize=8)
def _dots(dial: PlatterGeometry) -> list[QPointF]:
    """The strobe dots; where the first would be there is a mark."""
    count = 60 if dial.roomy else 36
    turns = [2.0 * math.pi * index / count for index in range(1, count)]
    return [QPointF(math.sin(turn), -math.cos(turn)) * dial.strobe_radius for turn in turns]


def _draw_turning(painter: QPainter, dial: PlatterGeometry, angle: float, colours: Theme) -> None:
    """The dots of the rim, and one bright mark at the rim and one by the label, to see it turn."""
    painter.save()
    painter.rotate(angle)
    painter.setPen(round_pen(colours.dim, max(dial.radius * 0.030, 1.3)))
    painter.drawPoints(_dots(dial))
    painter.setPen(round_pen(colours.text, max(dial.radius * 0.045, 2.0)))
    rim, reach = dial.strobe_radius, dial.radius * 0.035
    painter.drawLine(QPointF(0, -rim - reach), QPointF(0, -rim + reach))
    painter.drawPoint(QPointF(0, -(dial.label_radius + dial.inner) / 2.0))
    painter.restore()


# -- the label ----------------------------------------------------------------------------------


def _draw_label(
    painter: QPainter, dial: PlatterGeometry, words: tuple[str, str], colours: Theme
) -> None:
    radius = dial.label_radius
    painter.setPen(QColor(colours.on_accent))
    lines = label_lines(radius, *words, theme.zoom())
    for text, font, middle in lines:
        painter.setFont(font)
        box = QRectF(-radius, middle - radius, 2.0 * radius, 2.0 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    if len(lines) != 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.on_accent))
        painter.drawEllipse(disc(max(radius * 0.075, 1.6)))


@lru_cache(maxsize=64)
def label_lines(
    radius: float, big: str, small: str, zoom: float
) -> tuple[tuple[str, QFont, float], ...]:
    """What fits on a label: each line with its font and its middle, below the centre.

    Both lines about the hole as large as they go, or the first alone across it, or none where it
    would run over the edge. (`zoom` is in the fonts; it is asked for since what was found is kept.)
    """
    if not big:
        return ()
    over, (under, metrics) = _fonts(zoom), _small_font(zoom)
    gap, below = radius * 0.16, metrics.capHeight()
    low = gap + below / 2.0
    if small and _fits(radius, metrics, small, low):
        for font, wide in over:
            high = -(gap + wide.capHeight() / 2.0)
            if _fits(radius, wide, big, high):
                return (big, font, high), (small, under, low)
    alone = ((big, font, 0.0) for font, wide in over if _fits(radius, wide, big, 0.0))
    return tuple(islice(alone, 1))


@lru_cache(maxsize=2)
def _fonts(zoom: float) -> list[tuple[QFont, QFontMetricsF]]:
    fonts = [theme.ui_font(size, QFont.Weight.Bold) for size in _SIZES]
    return [(font, QFontMetricsF(font)) for font in fonts]


@lru_cache(maxsize=2)
def _small_font(zoom: float) -> tuple[QFont, QFontMetricsF]:
    font = theme.ui_font(12, QFont.Weight.DemiBold)
    return font, QFontMetricsF(font)


def _fits(radius: float, metrics: QFontMetricsF, text: str, middle: float) -> bool:
    """Whether the four corners of a line lie within the label."""
    corner = abs(middle) + metrics.capHeight() / 2.0
    return math.hypot(metrics.horizontalAdvance(text) / 2.0, corner) <= radius - 1.5


# -- the arm ------------------------------------------------------------------------------------


def _draw_arm(painter: QPainter, dial: PlatterGeometry, look: PlatterLook, colours: Theme) -> None:
    needle = dial.needle(look.place)
    elbow = dial.elbow(needle)
    wide = max(dial.radius * 0.055, 3.0)
    # Lifted, it is nearer to the lamp: a longer shadow, and no needle in the groove.
    drop = QPointF(1.0, 2.0) * (dial.radius * 0.05 if look.lifted else 0.8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(round_pen(faded(colours.shadow, 0.5 if colours.dark else 0.25), wide + 1.0))
    painter.drawPolyline([dial.pivot + drop, elbow + drop, needle + drop])
    painter.setPen(round_pen(colours.face_edge, wide + 1.6))
    painter.drawPolyline([dial.pivot, elbow, needle])
    painter.setPen(round_pen(colours.neutral, wide))
    painter.drawPolyline([dial.pivot, elbow, needle])
    _draw_head(painter, dial, look, colours)


def _draw_head(painter: QPainter, dial: PlatterGeometry, look: PlatterLook, colours: Theme) -> None:
    """The end of the arm: a bright disc on the groove; lifted, a larger one, crossed out."""
    needle = dial.needle(look.place)
    grown = 1.25 if look.hover or look.lifted else 1.0
    head = max(dial.radius * 0.062, 4.0) * grown
    edge = colours.danger if look.lifted else colours.face_edge
    painter.setPen(QPen(QColor(edge), 1.2))
    painter.setBrush(QColor(colours.panel if look.lifted else colours.pointer))
    painter.drawEllipse(needle, head, head)
    if look.lifted:
        painter.setPen(round_pen(colours.danger, 1.8))
        reach = head * 0.42
        painter.drawLine(needle - QPointF(reach, reach), needle + QPointF(reach, reach))
        painter.drawLine(needle - QPointF(reach, -reach), needle + QPointF(reach, -reach))
