"""Every picture that a board of knobs is put together from, painted once and kept.

A knob is a few pieces of one pixmap: face, arc and pointer together for each of some hundred
positions, and marks outside the rim for each of some hundred angles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.ui import theme
from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.controls.knob_face import disc, draw_arc, faded, round_pen
from mixer_nn.ui.controls.knob_marks import draw_lock
from mixer_nn.ui.controls.knob_paint import DialLook, paint_dial
from mixer_nn.ui.mixer.tint import LEVELS, paint_tint
from mixer_nn.ui.theme import Theme

ANGLES = 360
"""Angles that marks are kept for: one a degree."""

WIDEST = 4096
"""Pixels across the pixmap at most; the pieces go on in the next row."""


@dataclass(frozen=True)
class CellDial(DialGeometry):
    """A dial in a square cell, with its marks in what the cell leaves around the track."""

    cell: int = 0

    @property
    def margin(self) -> int:
        return (self.cell - self.diameter) // 2

    @property
    def width(self) -> int:
        return self.cell

    @property
    def height(self) -> int:
        return self.cell

    @property
    def mark_half(self) -> float:
        """Half the length of a tick, or the width of a dash on a large dial."""
        return 3.0 if self.large else min(self.margin * 0.44, 2.6)

    @property
    def slope_radius(self) -> float:
        return self.radius + self.margin - self.mark_half - (3.0 if self.large else 0.4)

    @property
    def tick_gap(self) -> float:
        """Degrees from one decade of slope to the next."""
        return 13.0 if self.large else 480.0 / self.diameter + 4.0


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of one size in the pixmap: where each is, and its middle from the dial's middle.

    `source` is (pieces, 2), the upper left corners; `offset` (pieces, 2); all in device pixels.
    """

    size: int
    source: FloatArray
    offset: FloatArray


class KnobAtlas:
    """All pieces for one size of dial, pixel ratio and theme."""

    def __init__(self, dial: CellDial, ratio: float) -> None:
        self.dial, self.ratio = dial, ratio
        self.positions = 257 if dial.diameter > 36 else 129
        self._colours = theme.current()
        self._todo: list[tuple[Pieces, Callable[[QPainter, int], None]]] = []
        self._at = [0, 0, 0]  # next free place: x, y, and the height of the row
        cell = 2 * ceil(dial.cell * ratio / 2)
        # Outside the track of a small dial there is nothing but marks: less to copy.
        face = cell if dial.large else 2 * ceil((dial.radius + 1.5) * ratio)
        self.dials = self._plan(face, self.positions + 2, self._draw_dial)
        self.over = self._plan(cell, len(_OVER), self._draw_over)
        self.tints = self._plan(2 * ceil((dial.cell / 2 - 1) * ratio), LEVELS, self._draw_tint)
        mark = 2 * ceil((dial.mark_half + 3.0) * ratio)
        self.marks = self._plan(mark, ANGLES, self._draw_mark, dial.slope_radius)
        self.ghosts = self._plan(mark, ANGLES, self._draw_ghost, dial.arc_radius)
        count = ANGLES if dial.large else 1
        self.raising = self._plan(2 * mark, count, self._draw_raising, dial.slope_radius)
        self.lowering = self._plan(2 * mark, count, self._draw_lowering, dial.slope_radius)
        self.pixmap = self._paint()

    # -- where the pieces go ------------------------------------------------------------------

    def _plan(
        self, size: int, count: int, draw: Callable[[QPainter, int], None], radius: float = 0.0
    ) -> Pieces:
        source = np.empty((count, 2))
        for index in range(count):
            x, y, tall = self._at
            if x + size > WIDEST:
                x, y, tall = 0, y + tall, 0
            source[index] = x, y
            self._at = [x + size, y, max(tall, size)]
        angle = np.deg2rad(np.arange(count) * 360.0 / count)
        exact = radius * self.ratio * np.column_stack([np.sin(angle), -np.cos(angle)])
        pieces = Pieces(size, source, np.rint(exact))
        self._todo.append((pieces, draw))
        return pieces

    def _paint(self) -> QPixmap:
        pixmap = QPixmap(WIDEST, self._at[1] + self._at[2])
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for pieces, draw in self._todo:
                for index, (left, top) in enumerate(pieces.source):
                    painter.save()
                    # The origin is the middle of the dial, on whole device pixels.
                    middle = pieces.size / 2.0 - pieces.offset[index]
                    painter.translate(left + middle[0], top + middle[1])
                    painter.scale(self.ratio, self.ratio)
                    draw(painter, index)
                    painter.restore()
        self._todo.clear()
        return pixmap

    # -- the pieces ---------------------------------------------------------------------------

    def _draw_dial(self, painter: QPainter, index: int) -> None:
        last = self.positions - 1
        position = 2.0 if index == last + 2 else -1.0 if index == last + 1 else index / last
        painter.translate(-self.dial.centre)
        paint_dial(painter, self.dial, DialLook(position, 0.5), self.ratio)

    def _draw_mark(self, painter: QPainter, index: int) -> None:
        dial, angle = self.dial, index * 360.0 / ANGLES
        if dial.large:
            pen = round_pen(self._colours.hint, 3.0)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            half = dial.tick_gap / 2.0 - 57.3 * 0.8 / dial.slope_radius
            draw_arc(painter, dial.slope_radius, angle - half, angle + half)
            return
        painter.setPen(round_pen(self._colours.hint, 1.8 if dial.margin > 4 else 1.6))
        half = dial.mark_half - 0.8
        painter.drawLine(
            dial.at(angle, dial.slope_radius - half), dial.at(angle, dial.slope_radius + half)
        )

    def _draw_raising(self, painter: QPainter, index: int) -> None:
        self._draw_head(painter, index, 1.0)

    def _draw_lowering(self, painter: QPainter, index: int) -> None:
        self._draw_head(painter, index, -1.0)

    def _draw_head(self, painter: QPainter, index: int, way: float) -> None:
        """The head of the arrow on a large dial, its foot at the angle."""
        dial, angle = self.dial, float(index)
        if not dial.large:
            return
        point = angle + way * 57.3 * 7.0 / dial.slope_radius
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.hint))
        painter.drawPolygon(
            QPolygonF(
                [
                    dial.at(point, dial.slope_radius),
                    dial.at(angle, dial.slope_radius - 4.5),
                    dial.at(angle, dial.slope_radius + 4.5),
                ]
            )
        )

    def _draw_ghost(self, painter: QPainter, index: int) -> None:
        dial, angle = self.dial, index * 360.0 / ANGLES
        size = max(dial.arc_width * 0.5, 1.7)
        painter.setPen(QPen(QColor(self._colours.panel), 1.4))
        painter.setBrush(QColor(self._colours.hint))
        painter.drawEllipse(dial.at(angle, dial.arc_radius), size + 0.6, size + 0.6)

    def _draw_tint(self, painter: QPainter, index: int) -> None:
        side = self.dial.cell / 2.0 - 1.0
        paint_tint(painter, QRectF(-side, -side, 2 * side, 2 * side), index + 1)

    def _draw_over(self, painter: QPainter, index: int) -> None:
        _OVER[index](painter, self.dial, self._colours)

    # -- which pieces -------------------------------------------------------------------------

    def dial_of(self, position: FloatArray) -> IntArray:
        """Which of `dials` shows each position, those outside the scale included."""
        last = self.positions - 1
        index: IntArray = np.rint(np.minimum(np.maximum(position, 0.0), 1.0) * last).astype(np.intp)
        index[position < 0.0] = last + 1
        index[position > 1.0] = last + 2
        return index


@lru_cache(maxsize=8)
def _atlas(dial: CellDial, ratio: float, _name: str) -> KnobAtlas:
    return KnobAtlas(dial, ratio)


def atlas(dial: CellDial, ratio: float) -> KnobAtlas:
    """The atlas of a size in the theme in force, shared by all boards."""
    return _atlas(dial, ratio, theme.current().name)


# -- what lies over a dial ---------------------------------------------------------------------

HOVER, LOCK, CHOSEN, PICKED, FOCUS = range(5)


def _hover(painter: QPainter, dial: CellDial, colours: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(colours.face_shine, 0.12 if colours.dark else 0.28))
    painter.drawEllipse(disc(dial.face_radius))


def _lock(painter: QPainter, dial: CellDial, colours: Theme) -> None:
    draw_lock(painter, dial, False, colours)


def _ring(painter: QPainter, dial: CellDial, colour: str, width: float) -> None:
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side = dial.cell / 2.0 - width / 2.0 - 0.5
    painter.drawRoundedRect(QRectF(-side, -side, 2 * side, 2 * side), 5.0, 5.0)


def _chosen(painter: QPainter, dial: CellDial, colours: Theme) -> None:
    _ring(painter, dial, colours.accent, 1.0)


def _picked(painter: QPainter, dial: CellDial, colours: Theme) -> None:
    """Corners only, so that picked is told from chosen by shape."""
    painter.setPen(QPen(QColor(colours.text), 1.6))
    side, arm = dial.cell / 2.0 - 1.2, 4.0
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            corner = QPointF(x * side, y * side)
            painter.drawPolyline(
                [corner - QPointF(x * arm, 0), corner, corner - QPointF(0, y * arm)]
            )


def _focus(painter: QPainter, dial: CellDial, colours: Theme) -> None:
    _ring(painter, dial, colours.accent, 2.0)


_OVER = (_hover, _lock, _chosen, _picked, _focus)
