"""The parts of a dial that move, painted over its face: arc, pointer, gradient ring, marks."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from mixer_nn.ui import theme
from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.controls.knob_face import disc, draw_arc, face, faded, round_pen
from mixer_nn.ui.controls.knob_marks import (
    Slope,
    draw_answer,
    draw_ghost,
    draw_groove,
    draw_lock,
    draw_over_range,
    draw_slope,
)
from mixer_nn.ui.theme import Theme


@dataclass(frozen=True)
class DialLook:
    """Everything that can be seen of a dial; two equal looks are the same picture.

    Positions are 0..1 along the scale and may lie outside it; `origin` is where the arc begins.
    `slope` is +1 for raise, -1 for lower, 0 for no ring, its `strength` 0..1. `groove` is how high
    the loss is, 0..1, in equal parts of the scale; empty: not shown.
    """

    position: float
    origin: float
    signed: bool = True
    ends: tuple[str, str] = ("", "")
    slope: int = 0
    strength: float = 0.0
    ghost: float | None = None
    answer: float | None = None
    groove: tuple[float, ...] = ()
    badge: str = ""
    locked: bool = False
    focus: bool = False
    hover: bool = False
    pressed: bool = False
    enabled: bool = True


def paint_dial(painter: QPainter, dial: DialGeometry, look: DialLook, ratio: float) -> None:
    """Paint a dial with the upper left corner of its box at the painter's origin."""
    colours = theme.current()
    pixmap = face(dial, ratio, hover=look.hover or look.pressed, enabled=look.enabled)
    painter.drawPixmap(QPointF(0, 0), pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.translate(dial.centre)
    if not look.enabled:
        painter.setOpacity(0.45)
    if look.groove:
        draw_groove(painter, dial, look.groove, colours)
    _draw_value_arc(painter, dial, look, colours)
    _draw_pointer(painter, dial, look, colours)
    if look.answer is not None:
        draw_answer(painter, dial, look.answer, colours)
    if look.ghost is not None:
        draw_ghost(painter, dial, look.ghost, colours)
    if look.slope:
        draw_slope(painter, dial, Slope(look.position, look.slope, look.strength), colours)
    if not 0.0 <= look.position <= 1.0:
        side = 1 if look.position > 1.0 else -1
        draw_over_range(painter, dial, side, _arc_colour(look, colours))
    if look.focus:
        _draw_focus(painter, dial, colours)
    if look.locked:
        draw_lock(painter, dial, bool(look.badge), colours)
    painter.restore()
    _draw_texts(painter, dial, look, colours)


def _arc_colour(look: DialLook, colours: Theme) -> str:
    if not look.signed:
        return colours.neutral
    return colours.positive if look.position >= look.origin else colours.negative


def _draw_value_arc(painter: QPainter, dial: DialGeometry, look: DialLook, colours: Theme) -> None:
    start, end = dial.angle(look.origin), dial.angle(look.position)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if abs(end - start) < 0.4:
        # At zero a small mark says where the arc would begin.
        painter.setPen(round_pen(colours.neutral, dial.arc_width * 0.55))
        painter.drawPoint(dial.at(start, dial.arc_radius))
        return
    colour = _arc_colour(look, colours)
    if dial.large:
        painter.setPen(round_pen(faded(colour, 0.12), dial.arc_width + 3.0))
        draw_arc(painter, dial.arc_radius, start, end)
    painter.setPen(round_pen(colour, dial.arc_width))
    draw_arc(painter, dial.arc_radius, start, end)


def _draw_pointer(painter: QPainter, dial: DialGeometry, look: DialLook, colours: Theme) -> None:
    angle = dial.angle(look.position)
    if dial.large:
        inner, outer = dial.radius * 0.40, dial.strobe_radius - dial.radius * 0.015
        width = max(dial.radius * 0.052, 2.6)
    else:
        inner, outer = dial.face_radius * 0.28, dial.face_radius * 0.86
        width = max(dial.diameter * 0.055, 2.0)
    start, end = dial.at(angle, inner), dial.at(angle, outer)
    if dial.large:
        below = QPointF(0, 1.2)
        painter.setPen(round_pen(faded(colours.shadow, 0.45 if colours.dark else 0.18), width + 1))
        painter.drawLine(start + below, end + below)
    painter.setPen(round_pen(colours.pointer, width))
    painter.drawLine(start, end)


def _draw_focus(painter: QPainter, dial: DialGeometry, colours: Theme) -> None:
    inner = dial.radius - dial.arc_width
    radius = (dial.face_radius + inner) / 2.0 if dial.large else dial.radius + 1.6
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.accent), 2.0 if dial.large else 1.6))
    painter.drawEllipse(disc(radius))


def _draw_texts(painter: QPainter, dial: DialGeometry, look: DialLook, colours: Theme) -> None:
    if dial.large and dial.label and any(look.ends):
        _draw_ends(painter, dial, look.ends, colours)
    if look.badge:
        _draw_badge(painter, dial, look.badge, colours)


def _draw_ends(
    painter: QPainter, dial: DialGeometry, ends: tuple[str, str], colours: Theme
) -> None:
    painter.setFont(label_font())
    painter.setPen(QColor(colours.dim))
    middle = dial.centre.x()
    spread = dial.radius * (0.56 if dial.diameter >= 120 else 0.80)
    top = dial.centre.y() + dial.label_top
    for side, text in zip((-1, 1), ends, strict=True):
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = middle + side * spread - wide / 2.0
        # The two never meet in the middle, and never leave the box.
        left = min(left, middle - wide - 3.0) if side < 0 else max(left, middle + 3.0)
        left = min(max(left, 0.0), dial.width - wide)
        painter.drawText(
            QRectF(left, top, wide + 1.0, dial.label), Qt.AlignmentFlag.AlignCenter, text
        )


def _draw_badge(painter: QPainter, dial: DialGeometry, badge: str, colours: Theme) -> None:
    font = theme.ui_font(12, QFont.Weight.DemiBold)
    painter.setFont(font)
    wide = painter.fontMetrics().horizontalAdvance(badge) + 8.0
    tall = painter.fontMetrics().height() + 1.0
    if not dial.large:
        # On a small dial the gap of the track is the one place that hides nothing.
        foot = min(
            dial.centre.y() + dial.radius * 0.62 + painter.fontMetrics().ascent(), dial.height - 1.0
        )
        painter.setPen(QColor(colours.text))
        painter.drawText(QPointF((dial.width - wide) / 2.0 + 4.0, foot), badge)
        return
    box = QRectF(dial.width - wide - 0.5, 0.5, wide, tall)
    painter.setPen(QPen(QColor(colours.line), 1.0))
    painter.setBrush(QColor(colours.raised))
    painter.drawRoundedRect(box, 4.0, 4.0)
    painter.setPen(QColor(colours.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, badge)


def label_font() -> QFont:
    """The font of the numbers at the ends of a scale."""
    return theme.mono_font(12)
