"""Puts a board of knobs on the screen: one call that copies pieces of the atlas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.ui import theme
from mixer_nn.ui.controls.knob_marks import DECADES
from mixer_nn.ui.mixer.knob_atlas import ANGLES, LOCK, KnobAtlas, Pieces
from mixer_nn.ui.mixer.tint import ground

OVERS = 64
"""Room for pieces over knobs that are looked at, besides those that each knob may need."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What is seen of the knobs of a board, arrays over them: `Standing` in pieces of the atlas."""

    dials: IntArray
    angles: FloatArray
    ticks: IntArray
    ghost: IntArray
    locked: BoolArray
    tint: IntArray

    @classmethod
    def nothing(cls, count: int) -> Shown:
        """As many knobs that nothing is known of."""
        none = np.full(count, -1, dtype=np.intp)
        unlocked = np.zeros(count, dtype=np.bool_)
        return cls(none, np.zeros(count), none, none, unlocked, np.zeros(count, dtype=np.intp))

    def differs(self, other: Shown) -> BoolArray:
        """True for every knob that looks different in the other."""
        return cast(
            BoolArray,
            (self.dials != other.dials)
            | (self.ticks != other.ticks)
            | (self.ghost != other.ghost)
            | (self.locked != other.locked)
            | (self.tint != other.tint),
        )


class BoardPainter:
    """Paints many knobs in one pass.

    Qt is handed a plain array, a row for each piece: place of its middle, corner and size in the
    atlas, scale, rotation, opacity. All lengths are device pixels, so that nothing is scaled.
    """

    def __init__(self, knobs: int) -> None:
        # A tint, a face, a ghost, a lock and an arrow's head each, and a tick for every decade.
        self._rows = np.zeros((knobs * (DECADES + 5) + OVERS, 10))
        self._rows[:, 6:8] = 1.0
        self._pointer = cast(
            QPainter.PixmapFragment,
            shiboken6.wrapInstance(self._rows.ctypes.data, QPainter.PixmapFragment),
        )
        self._used = 0

    def paint(
        self,
        painter: QPainter,
        pieces: KnobAtlas,
        shown: Shown,
        seen: IntArray,
        middles: FloatArray,
        opacity: FloatArray | None,
        over: Iterable[tuple[int, int]],
    ) -> None:
        """Paint the knobs `seen`, indices into `shown` and `middles` (knobs, 2), logical pixels.

        `over` are pairs of a knob and a piece of `KnobAtlas.over` that lies on it.
        """
        self._used = 0
        self._rows[:, 9] = 1.0
        places = np.rint(middles[seen] * pieces.ratio)
        level = shown.tint[seen]
        tinted = np.flatnonzero(level)
        if tinted.size:
            self._put(pieces.tints, level[tinted] - 1, places[tinted])
        self._put(pieces.dials, shown.dials[seen], places, opacity)
        self._put_slopes(pieces, shown, seen, places)
        ghost = shown.ghost[seen]
        dotted = ghost >= 0
        self._put(pieces.ghosts, ghost[dotted], places[dotted])
        locks = shown.locked[seen]
        self._put(pieces.over, np.full(np.count_nonzero(locks), LOCK), places[locks])
        for knob, which in over:
            self._put(pieces.over, np.array([which]), np.rint(middles[[knob]] * pieces.ratio))
        painter.save()
        painter.scale(1.0 / pieces.ratio, 1.0 / pieces.ratio)
        painter.drawPixmapFragments(self._pointer, self._used, pieces.pixmap)
        painter.restore()

    def _put(
        self,
        pieces: Pieces,
        which: IntArray,
        places: FloatArray,
        opacity: FloatArray | None = None,
    ) -> None:
        count = min(len(which), len(self._rows) - self._used)
        rows = self._rows[self._used : self._used + count]
        which = which[:count]
        rows[:, 0:2] = places[:count] + pieces.offset[which]
        rows[:, 2:4] = pieces.source[which]
        rows[:, 4:6] = pieces.size
        if opacity is not None:
            rows[:, 9] = opacity
        self._used += count

    def _put_slopes(
        self, pieces: KnobAtlas, shown: Shown, seen: IntArray, places: FloatArray
    ) -> None:
        dial, ticks, angles = pieces.dial, shown.ticks[seen], shown.angles[seen]
        way, count = np.sign(ticks), np.abs(ticks)
        # A tick stands beside the pointer, not over it: a single one must tell the way too.
        ahead = (np.arange(DECADES) + (0.5 if dial.large else 0.8)) * dial.tick_gap
        turned = angles[:, np.newaxis] + way[:, np.newaxis] * ahead
        drawn = np.arange(DECADES) < count[:, np.newaxis]
        self._put(pieces.marks, _angle_index(turned[drawn]), np.repeat(places, count, axis=0))
        if dial.large:
            for heads, sign in ((pieces.raising, 1), (pieces.lowering, -1)):
                on = way == sign
                end = angles[on] + ticks[on] * dial.tick_gap
                self._put(heads, _angle_index(end), places[on])


def paint_badge(painter: QPainter, text: str, middle: FloatArray, cell: int) -> None:
    """A short word at the foot of a cell with that middle."""
    colours = theme.current()
    painter.setFont(theme.ui_font(12, QFont.Weight.DemiBold))
    metrics = painter.fontMetrics()
    wide, tall = metrics.horizontalAdvance(text), metrics.ascent()
    left, foot = middle[0] - wide / 2.0, middle[1] + cell / 2.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.raised))
    painter.drawRoundedRect(QRectF(left - 2.0, foot - tall, wide + 4.0, tall), 3.0, 3.0)
    painter.setPen(QColor(colours.text))
    painter.drawText(QPointF(left, foot - 1.5), text)


def bias_ground() -> QColor:
    """The ground of the bias row: the panel with a touch of the accent."""
    return _bias_ground(theme.current())


@lru_cache(maxsize=2)
def _bias_ground(colours: theme.Theme) -> QColor:
    return ground(0.06 if colours.dark else 0.16)


def _angle_index(angles: FloatArray) -> IntArray:
    return np.rint(angles).astype(np.intp) % ANGLES
