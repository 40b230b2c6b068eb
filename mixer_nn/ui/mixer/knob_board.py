"""The board of a layer: a knob for each of its parameters, all painted in one pass."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.knob import GLIDE_MILLISECONDS
from mixer_nn.ui.controls.knob_marks import draw_groove
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.board_painter import BoardPainter, Shown, bias_ground, paint_badge
from mixer_nn.ui.mixer.grooves import groove
from mixer_nn.ui.mixer.knob_atlas import (
    CHOSEN,
    FOCUS,
    HOVER,
    PICKED,
    CellDial,
    KnobAtlas,
    atlas,
)
from mixer_nn.ui.mixer.knob_bank import KnobBank, angle_of, glides
from mixer_nn.ui.mixer.knob_rack import KnobRack
from mixer_nn.ui.mixer.places import Source

FRAME = 2
"""Pixels of the line round a channel that a step in slow motion is about."""

DIMMED = 0.3
"""Opacity of a muted channel."""


@dataclass(frozen=True)
class Grid:
    """Where the cells of a board are, logical pixels: pitch, the rows in view, the bias row."""

    dial: CellDial
    across: int
    down: int
    first: int
    shown: int
    bias_top: int


class KnobBoard(KnobRack):
    """The knobs of one layer and their picture, which is painted in one pass from an atlas.

    Out of sight it works nothing out.
    """

    def __init__(self, bench: Bench, bank: KnobBank, parent: QWidget) -> None:
        super().__init__(bench, bank, parent)
        self._grid = Grid(CellDial(20, cell=26), 26, 26, 0, 0, 0)
        self._dimmed: BoolArray | None = None
        self._lit_columns: frozenset[int] = frozenset()
        self._forget()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        bank.looks_changed.connect(self._show_again)
        bench.ranking.changed.connect(self.read)
        bank.picked_changed.connect(self.update)
        bench.selection.changed.connect(self._show_selection)
        self._selected: tuple[int | None, int | None] = (None, None)

    def rewire(self, layer: int, rows: tuple[Source, ...]) -> None:
        super().rewire(layer, rows)
        self._forget()

    def _forget(self) -> None:
        count = len(self.knobs)
        self._target = self._pointers = np.full(count, 0.5)
        self._shown = Shown.nothing(count)
        self._scales: FloatArray | None = None
        self._badges: dict[int, str] = {}
        self._in_view = np.zeros(count, dtype=np.bool_)
        self._middles = np.zeros((count, 2))
        self._painter = BoardPainter(count)
        self._glide_left = 0.0
        self._stale = True

    # -- where they are -----------------------------------------------------------------------

    @property
    def grid(self) -> Grid:
        """Where the cells are."""
        return self._grid

    def arrange(self, grid: Grid) -> None:
        """Put the cells elsewhere, or show other rows."""
        if grid == self._grid and not self._stale:
            return
        self._grid = grid
        row = np.tile(np.arange(self.rows), self.columns)
        column = np.repeat(np.arange(self.columns), self.rows)
        is_bias = row == self.rows - 1
        top = np.where(is_bias, grid.bias_top, (row - grid.first) * grid.down)
        shown = (row >= grid.first) & (row < grid.first + grid.shown)
        self._in_view = is_bias | shown
        self._middles = np.column_stack(
            [column * grid.across + grid.across // 2, top + grid.down // 2]
        ).astype(np.float64)
        for knob, x, y, seen in zip(
            self.knobs, column * grid.across, top, self._in_view, strict=True
        ):
            knob.set_dial(grid.dial)
            if seen:
                knob.setGeometry(int(x), int(y), grid.across, grid.down)
            knob.setVisible(bool(seen))
        self._stale = True
        self.update()

    def cell(self, index: int) -> QRect:
        """The cell of a parameter of the network, in the board's coordinates."""
        grid, (x, y) = self._grid, self._middles[index - self.start]
        return QRect(int(x) - grid.across // 2, int(y) - grid.down // 2, grid.across, grid.down)

    def within(self, rect: QRect) -> frozenset[int]:
        """The parameters in view whose knobs have their middle in a rectangle of the board."""
        x, y = self._middles.T
        inside = (x >= rect.left()) & (x <= rect.right()) & (y >= rect.top()) & (y <= rect.bottom())
        return frozenset((self.start + np.flatnonzero(inside & self._in_view)).tolist())

    def set_dimmed(self, columns: BoolArray | None) -> None:
        """Show the channels marked True as muted."""
        self._dimmed = None if columns is None else np.repeat(columns, self.rows)
        self.update()

    def light_columns(self, columns: frozenset[int]) -> None:
        """Draw the sides of a frame round whole channels, columns from 0."""
        if columns != self._lit_columns:
            self._lit_columns = columns
            self.update()

    # -- what they show -----------------------------------------------------------------------

    @property
    def is_in_sight(self) -> bool:
        """Whether any of it can be seen."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def read(self) -> None:
        """Show the knobs as they stand, where they can be seen."""
        self._stale = True
        if self.is_in_sight and self._bank.is_wired:
            self._take()

    def _take(self) -> None:
        part = slice(self.start, self.start + len(self.knobs))
        standing = self._bank.standing()
        self._target = pointers = standing.position[part]
        angles = standing.angle[part]
        self._stale = False
        self._glide_left = 0.0
        if self._scales is not None and glides(self._bench):
            pointers = self._pointers.copy()
            # Under the crossfader all of them are held.
            own = range(self.start, self.start + len(self.knobs))
            held = [index - self.start for index in self._bench.desk.touched if index in own]
            pointers[held] = self._target[held]
            angles = angle_of(pointers)
            self._glide_left = rings.glide_time(self._bench, GLIDE_MILLISECONDS)
            self._bench.clock.move(self)
        self._show(
            pointers,
            Shown(
                self._pieces().dial_of(pointers),
                angles,
                standing.ticks[part],
                standing.ghost[part],
                standing.locked[part],
                standing.tint[part],
            ),
        )
        if self._scales is not self._bench.desk.mix.scales:
            self._take_scales()
        hovered = self._bench.selection.hovered
        if hovered is not None:
            self._show_again(hovered)  # its groove changes with every other knob

    def advance(self, milliseconds: float) -> bool:
        """Let the pointers glide on by a frame; True while they still have a way to go."""
        if self._glide_left <= 0.0:
            return False
        share = min(max(milliseconds, 0.0) / self._glide_left, 1.0)
        self._glide_left -= milliseconds
        arrived = self._glide_left <= 0.0
        way = self._target - self._pointers
        if arrived or not np.isfinite(way).all():
            pointers = self._target
        else:
            pointers = self._pointers + way * share
        dials, angles = self._pieces().dial_of(pointers), angle_of(pointers)
        self._show(pointers, replace(self._shown, dials=dials, angles=angles))
        return not arrived

    def _show(self, pointers: FloatArray, shown: Shown) -> None:
        """Paint again what looks different so."""
        changed = shown.differs(self._shown) & self._in_view
        self._pointers, self._shown = pointers, shown
        count = np.count_nonzero(changed)
        if 4 * count > np.count_nonzero(self._in_view):
            self.update()
        elif count:
            for local in np.flatnonzero(changed):
                self.update(self.cell(self.start + int(local)))

    def _take_scales(self) -> None:
        mix = self._bench.desk.mix
        self._scales = mix.scales
        part = mix.scales[self.start : self.start + len(self.knobs)]
        usual = common_scale(part)
        badges = {int(i): _times(part[i] / usual) for i in np.flatnonzero(part != usual)}
        if badges != self._badges:
            self._badges = badges
            self.update()

    def _pieces(self) -> KnobAtlas:
        return atlas(self._grid.dial, self.devicePixelRatioF())

    def _show_again(self, index: int) -> None:
        if self.has(index):
            self.update(self.cell(index))

    def _show_selection(self) -> None:
        selection = self._bench.selection
        before, self._selected = self._selected, (selection.hovered, selection.chosen)
        for index in {*before, *self._selected}:
            if index is not None:
                self._show_again(index)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale and self._bank.is_wired:
            self._take()
        rect, grid = event.rect(), self._grid
        with QPainter(self) as painter:
            painter.fillRect(rect, QColor(theme.current().panel))
            band = QRect(0, grid.bias_top, self.width(), grid.down)
            painter.fillRect(band & rect, bias_ground())
            seen = self._to_paint(rect)
            if seen.size:
                opacity = None
                if self._dimmed is not None and self._dimmed.size == len(self.knobs):
                    opacity = np.where(self._dimmed[seen], DIMMED, 1.0)
                self._painter.paint(
                    painter, self._pieces(), self._shown, seen, self._middles, opacity, self._over()
                )
            for column in self._lit_columns:
                self._paint_sides(painter, column)
            for local, text in self._badges.items():
                if self._in_view[local]:
                    paint_badge(painter, text, self._middles[local], grid.dial.cell)
            self._paint_groove(painter)

    def _paint_groove(self, painter: QPainter) -> None:
        """Show the loss along its scale on the knob that the pointer rests on."""
        hovered = self._bench.selection.hovered
        if hovered is None or not self.has(hovered) or not self._in_view[hovered - self.start]:
            return
        if not self._bank.is_wired:
            return  # painted before the news that there is another network
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(*self._middles[hovered - self.start])
        draw_groove(painter, self._grid.dial, groove(self._bench, hovered), theme.current())

    def _paint_sides(self, painter: QPainter, column: int) -> None:
        left, across, accent = column * self._grid.across, self._grid.across, theme.current().accent
        for x in (left, left + across - FRAME):
            painter.fillRect(x, 0, FRAME, self.height(), QColor(accent))

    def _to_paint(self, rect: QRect) -> IntArray:
        """The knobs in view whose cells touch a rectangle, from 0 on this board."""
        if rect.contains(self.rect()):
            return np.flatnonzero(self._in_view)
        grid, (x, y) = self._grid, self._middles.T
        wide, tall = grid.across / 2.0, grid.down / 2.0
        touching = (
            (x + wide > rect.left())
            & (x - wide <= rect.right())
            & (y + tall > rect.top())
            & (y - tall <= rect.bottom())
        )
        return np.flatnonzero(self._in_view & touching)

    def _over(self) -> list[tuple[int, int]]:
        """What lies over the few knobs that are looked at."""
        selection = self._bench.selection
        hovered, chosen = selection.hovered, selection.chosen
        found = [(index, PICKED) for index in self._bank.picked]
        if hovered is not None:
            found.append((hovered, HOVER))
        if chosen is not None and self.has(chosen):
            focused = self.knobs[chosen - self.start].hasFocus()
            found.append((chosen, FOCUS if focused else CHOSEN))
        return [
            (index - self.start, which)
            for index, which in found
            if self.has(index) and self._in_view[index - self.start]
        ]

    # -- coming and going ---------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stale = True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._stale = True
            self.update()


def common_scale(scales: FloatArray) -> float:
    """The scale of a layer: that of its knobs which need the least; others carry a badge."""
    return float(scales.min())


def _times(ratio: float) -> str:
    return f"×{ratio:g}" if ratio < 1e4 else f"×{ratio:.0e}".replace("e+", "e")
