"""What of a turntable changes seldom: platter, vinyl, grooves and marks, painted once and kept.

All grooves are one radial gradient with a stop for every ring of pixels, so that pressing five
hundred of them costs as much as pressing five.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QConicalGradient,
    QFont,
    QPainter,
    QPen,
    QPixmap,
    QPixmapCache,
    QRadialGradient,
)

from mixer_nn.ui import theme
from mixer_nn.ui.controls.knob_face import disc, draw_arc, faded
from mixer_nn.ui.controls.platter_geometry import PlatterGeometry
from mixer_nn.ui.theme import Theme

FloatArray: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = tuple[tuple[float, str], ...]
"""Places, 0..1, each with a letter, or with "" where a small ring marks it."""

SHADES = 64
"""Of the loss's colour: more could not be told apart."""

_FIRST_MARK, _MARK_STEP, _MARKS = 200.0, 20.0, 8  # degrees, on the side where the arm never is
_RING_AT = 165.0  # degrees, of the marks without a letter
_PITCH = 2.6  # of the lines that make vinyl of a disc


@dataclass(frozen=True)
class Pressing:
    """What is pressed into a record: as much as can be seen of it.

    `shades` has a whole number 0..`SHADES` for each ring of pixels from the rim inward, for as
    many of all `count` rings as are pressed; with `torn` the last of them is where all broke off.
    """

    count: int = 1
    shades: bytes = b""
    torn: bool = False


def rings(levels: FloatArray, share: float, count: int) -> bytes:
    """Levels 0..1, one per groove from the rim inward, as shades of the rings they fall on.

    They fill `share` of `count` rings. A ring on which several grooves fall has their mean, which
    is exact by the area under the levels; what is not a number counts as 1.
    """
    filled = min(max(round(share * count), 1), count)
    if not len(levels):
        return b""
    held = np.clip(np.nan_to_num(levels, nan=1.0), 0.0, 1.0)
    area = np.concatenate([[0.0], np.cumsum(held)])
    edges = np.interp(np.linspace(0.0, len(held), filled + 1), np.arange(len(held) + 1), area)
    means = np.diff(edges) * (filled / len(held))
    return bytes(np.rint(means * SHADES).astype(np.uint8))


def ring_count(dial: PlatterGeometry, ratio: float) -> int:
    """How many rings of pixels there are between rim and label."""
    return max(1, round((dial.outer - dial.inner) * ratio))


def record(dial: PlatterGeometry, ratio: float, pressing: Pressing) -> QPixmap:
    """The pixmap of a turntable with a record on it, all but its marks and what moves."""
    colours = theme.current()
    pixmap = QPixmap(_kept("turntable", dial, ratio, _draw_turntable))
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(dial.centre)
        if pressing.shades:
            _draw_grooves(painter, dial, pressing, colours)
        painter.drawPixmap(-dial.centre, _kept("sheen", dial, ratio, _draw_sheen))
        if pressing.torn:
            _draw_tear(painter, dial, len(pressing.shades) / pressing.count, colours)
    return pixmap


def marks_on(dial: PlatterGeometry, ratio: float, marks: Marks) -> QPixmap:
    """The pixmap of marks, to lie over a record."""
    pixmap = _clear(dial, ratio)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(dial.centre)
        for place, letter in marks:
            draw = _draw_mark if letter else _draw_ring
            draw(painter, dial, place, letter, theme.current())
    return pixmap


def shade_colours(colours: Theme) -> NDArray[Any]:
    """The colours of shades 0..`SHADES`, (shades, 3): from the scale's grey to the loss's own.

    It is further from the vinyl the higher the loss, so that it can be read without the hue.
    """
    low, high = (
        np.array([colour.red(), colour.green(), colour.blue()], dtype=float)
        for colour in (QColor(colours.faint), QColor(colours.loss))
    )
    part = np.linspace(0.0, 1.0, SHADES + 1)[:, np.newaxis]
    return np.asarray(np.rint(low + (high - low) * part).astype(int))


def _clear(dial: PlatterGeometry, ratio: float) -> QPixmap:
    pixmap = QPixmap(math.ceil(dial.width * ratio), math.ceil(dial.height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _kept(
    name: str,
    dial: PlatterGeometry,
    ratio: float,
    draw: Callable[[QPainter, PlatterGeometry, Theme], None],
) -> QPixmap:
    """What is the same for every record, painted once."""
    colours = theme.current()
    key, found = f"platter {name} {dial} {ratio} {colours.name}", QPixmap()
    if QPixmapCache.find(key, found):
        return found
    pixmap = _clear(dial, ratio)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(dial.centre)
        draw(painter, dial, colours)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def _draw_turntable(painter: QPainter, dial: PlatterGeometry, colours: Theme) -> None:
    """The platter with empty vinyl on it, the label, and the foot of the arm."""
    painter.setPen(QPen(QColor(colours.line), 1.5))
    painter.setBrush(QColor(colours.groove))
    painter.drawEllipse(disc(dial.radius - 0.75))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faded(colours.faint, 0.28), 0.8))
    for index in range(int((dial.outer - dial.inner) / _PITCH) + 1):
        painter.drawEllipse(disc(dial.outer - index * _PITCH))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.accent_fill))
    painter.drawEllipse(disc(dial.label_radius))
    painter.setPen(QPen(QColor(colours.face_edge), 1.0))
    painter.setBrush(QColor(colours.handle_high))
    painter.drawEllipse(dial.pivot, dial.foot_radius, dial.foot_radius)


def _draw_sheen(painter: QPainter, dial: PlatterGeometry, colours: Theme) -> None:
    """Light on vinyl: two opposite wedges, which stay where the lamp is."""
    sheen, bright = QConicalGradient(QPointF(0, 0), 0), 0.16 if colours.dark else 0.40
    for place, share in (
        (0.30, 0.0),
        (0.37, 1.0),
        (0.44, 0.0),
        (0.80, 0.0),
        (0.87, 0.8),
        (0.94, 0),
    ):
        sheen.setColorAt(place, faded(colours.face_shine, bright * share))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(sheen, dial.outer - dial.inner))
    painter.drawEllipse(disc((dial.outer + dial.inner) / 2.0))


def _draw_grooves(
    painter: QPainter, dial: PlatterGeometry, pressing: Pressing, colours: Theme
) -> None:
    light, dark = _shade_pens(colours)
    wide = (dial.outer - dial.inner) / pressing.count
    pixel = wide / dial.outer
    stops = []
    for ring, shade in enumerate(pressing.shades):
        # A line of vinyl now and then, so that it stays a record.
        row = dark if (ring * wide) % _PITCH < _PITCH / 2.0 else light
        stops.append((1.0 - (ring + 0.5) * pixel, row[shade]))
    clear = QColor(stops[-1][1])
    clear.setAlpha(0)
    # Nothing further in, with an edge as soft as one pixel.
    end = 1.0 - len(pressing.shades) * pixel
    stops += [(end, stops[-1][1]), (max(end - pixel, 0.0), clear)]
    fill = QRadialGradient(QPointF(0, 0), dial.outer)
    fill.setStops(stops[::-1])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawEllipse(disc(dial.outer))


@lru_cache(maxsize=4)
def _shade_pens(colours: Theme) -> tuple[list[QColor], list[QColor]]:
    """The colour of every shade, on the flank of a groove and in it."""
    flank = [QColor(*row) for row in shade_colours(colours).tolist()]
    return flank, [colour.darker(108) for colour in flank]


def _draw_tear(painter: QPainter, dial: PlatterGeometry, place: float, colours: Theme) -> None:
    """Over the last groove a red ring, jagged, with a dark edge: here it broke off."""
    away = dial.radius_of(place)
    edge, deep = [], max(dial.radius * 0.02, 1.0)
    for step in range(73):
        turn, jag = math.radians(5.0 * step), away + (deep if step % 2 else -deep)
        edge.append(QPointF(math.cos(turn), math.sin(turn)) * jag)
    for colour, wide in ((colours.groove, 5.0), (colours.danger, 2.0)):
        painter.setPen(QPen(QColor(colour), wide))
        painter.drawPolyline(edge)


def _draw_mark(
    painter: QPainter, dial: PlatterGeometry, place: float, letter: str, colours: Theme
) -> None:
    """A short arc of neutral colour on the groove, and its letter where there is room.

    Every letter has a direction of its own, so that two at one place can both be read.
    """
    angle = _FIRST_MARK + _MARK_STEP * ((ord(letter[:1]) - ord("A")) % _MARKS)
    away = dial.radius_of(min(max(place, 0.0), 1.0))
    for colour, wide in ((colours.groove, 4.0), (colours.text, 2.0)):
        painter.setPen(QPen(QColor(colour), wide))
        draw_arc(painter, away, angle - 9.0, angle + 9.0)
    if dial.roomy:
        turn = math.radians(angle)
        _draw_letter(painter, QPointF(math.sin(turn), -math.cos(turn)) * away, letter, colours)


def _draw_ring(
    painter: QPainter, dial: PlatterGeometry, place: float, _: str, colours: Theme
) -> None:
    """A small hollow ring on the groove, all of them on one line from rim to label."""
    turn, away = math.radians(_RING_AT), dial.radius_of(min(max(place, 0.0), 1.0))
    at, small = QPointF(math.sin(turn), -math.cos(turn)) * away, max(dial.radius * 0.022, 1.2)
    painter.setPen(QPen(QColor(colours.text), 1.0))
    painter.setBrush(QColor(colours.groove))
    painter.drawEllipse(at, small, small)


def _draw_letter(painter: QPainter, at: QPointF, letter: str, colours: Theme) -> None:
    font = theme.ui_font(12, QFont.Weight.Bold)
    painter.setFont(font)
    half = painter.fontMetrics().height() / 2.0
    painter.setPen(QPen(QColor(colours.text), 1.0))
    painter.setBrush(QColor(colours.raised))
    painter.drawEllipse(at, half, half)
    painter.setPen(QColor(colours.text))
    box = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
