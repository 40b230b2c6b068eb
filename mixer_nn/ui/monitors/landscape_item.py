"""A landscape on a plot: filled bands between lines of equal loss, and numbers on some lines."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.landscape import Grid
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.contour import zero_line
from mixer_nn.ui.monitors.field_item import FieldItem, shades
from mixer_nn.ui.monitors.fit_picture import written
from mixer_nn.ui.monitors.landscape_levels import FINE, bounds, filled_in, levels
from mixer_nn.ui.monitors.plot import Plot, blend, ground
from mixer_nn.ui.theme import Theme

_DARK, _LIGHT = ((0.66, 0.46), (0.5, 0.15)), ((0.5, 0.8), (0.1, 0.95))
"""Saturation and value of the lowest loss's colour, and of the highest's, on such ground."""

MOST_NUMBERS = 5
CLEAR = 22.0
"""Pixels that a number keeps away from others, and from the edge."""

ROOM = 210.0
"""Pixels of the shorter side from which there are numbers."""

_SHADES = 2048
_EVERY = 3
"""Lines run through every third place of the picture."""


def band_colours(colours: Theme, count: int) -> list[QColor]:
    """The colours of `count` bands from the lowest loss to the highest: from green to teal.

    Neither of the colours that mean a sign; the lowest is the brightest, or on light ground the
    richest.
    """
    lowest, highest = _DARK if colours.dark else _LIGHT
    bright = QColor.fromHsvF(QColor(colours.hint).hueF(), *lowest).name()
    deep = QColor.fromHsvF(QColor(colours.running).hueF(), *highest).name()
    return [blend(bright, deep, share) for share in np.linspace(0.0, 1.0, max(count, 2))[:count]]


class LandscapeItem:
    """The items of a landscape: `draw` shows losses, `dress` puts on colours."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.field, self.lines = FieldItem(), QGraphicsPathItem()
        # The path and the knobs move over it in every frame; it is painted when it changes.
        self.lines.setCacheMode(QGraphicsPathItem.CacheMode.DeviceCoordinateCache)
        self.numbers = [pg.TextItem(anchor=(0.5, 0.5)) for _ in range(MOST_NUMBERS)]
        for number in self.numbers:
            number.textItem.document().setDocumentMargin(1.0)
        for depth, item in enumerate((self.field, self.lines, *self.numbers)):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        self.levels: FloatArray = np.empty(0)
        self._grid: Grid | None = None
        self._fine: FloatArray | None = None
        self._keep_clear: tuple[float, float] | None = None

    def dress(self, colours: Theme) -> None:
        """Put on colours and fonts."""
        faded = QColor(colours.text)
        faded.setAlphaF(0.26)
        self.lines.setPen(self._plot.pen(faded, 1.0))
        for number in self.numbers:
            number.setFont(theme.ui_font(12))
            number.setColor(colours.text)
        self._colour()

    def clear(self) -> None:
        """Show nothing."""
        self._grid = self._fine = None
        self.levels = np.empty(0)
        self.field.setVisible(False)
        self.lines.setPath(QPainterPath())
        self._write([])

    def draw(self, grid: Grid, losses: FloatArray, keep_clear: tuple[float, float] | None) -> bool:
        """Show losses (side, side) over a grid, with no number at a place; whether they differ.

        Where all of it is flat there is one colour, and no line.
        """
        self._grid, self._keep_clear = grid, keep_clear
        drawn = bounds(losses)
        if drawn is None:
            self.clear()
            return False
        (left, right), (bottom, top) = grid.x, grid.y
        self.field.place(QRectF(left, bottom, right - left, top - bottom))
        self.field.setVisible(True)
        self._fine = filled_in(losses)
        self.levels = levels(*drawn)
        self._colour()
        self._draw_lines()
        return True

    def _colour(self) -> None:
        if self._fine is None:
            return
        colours = theme.current()
        palette = shades([*band_colours(colours, len(self.levels) + 1), ground(colours)])
        low, high = bounds(self._fine) or (1.0, 2.0)
        # A table over the logarithm: each of many cells is looked up, none searched for.
        table = palette[np.searchsorted(self.levels, np.geomspace(low, high, _SHADES))]
        with np.errstate(all="ignore"):
            shares = np.log(self._fine / low) * ((_SHADES - 1) / np.log(high / low))
        known = np.isfinite(self._fine)
        shares = np.clip(np.where(known, shares, 0.0), 0, _SHADES - 1).astype(np.intp)
        self.field.show_colours(np.where(known, table[shares], palette[-1]))

    def _draw_lines(self) -> None:
        if self._grid is None or self._fine is None:
            return
        coarse = self._fine[::_EVERY, ::_EVERY]
        x, y = (self._grid.steps(axis, FINE)[::_EVERY] for axis in (0, 1))
        lines = [zero_line(coarse - level, x, y) for level in self.levels]
        across = np.concatenate([line[0] for line in lines]) if lines else np.empty(0)
        up = np.concatenate([line[1] for line in lines]) if lines else np.empty(0)
        self.lines.setPath(pg.arrayToQPath(across, up, connect="pairs"))
        self._write(self._numbers(lines))

    # -- numbers ------------------------------------------------------------------------------

    def _numbers(
        self, lines: list[tuple[FloatArray, FloatArray]]
    ) -> list[tuple[float, tuple[float, float]]]:
        """Losses with the place on their line where the number stands; as many as have room."""
        area = self._plot.area()
        if min(area.width(), area.height()) < ROOM * theme.zoom() or self._fine is None:
            return []
        scale = np.array(self._plot.pixel_size())
        taken = [place / scale for place in self._kept_clear()]
        found: list[tuple[float, tuple[float, float]]] = []
        for level, line in zip(self.levels, lines, strict=True):
            place = self._place_on(np.column_stack(line), scale, taken)
            if place is not None:
                found.append((float(level), (float(place[0]), float(place[1]))))
                taken.append(place / scale)
        return found[:MOST_NUMBERS]

    def _kept_clear(self) -> list[FloatArray]:
        """The places that no number may cover: where the mix stands, and the lowest."""
        if self._grid is None or self._fine is None or self._keep_clear is None:
            return []
        i, j = np.unravel_index(int(np.nanargmin(self._fine)), self._fine.shape)
        lowest = [self._grid.steps(0, FINE)[i], self._grid.steps(1, FINE)[j]]
        return [np.array(self._keep_clear), np.array(lowest)]

    def _place_on(
        self, line: FloatArray, scale: FloatArray, taken: list[FloatArray]
    ) -> FloatArray | None:
        """The place of a line farthest up right within the edge; None where that is taken."""
        if self._grid is None or not len(line):
            return None
        clear = CLEAR * theme.zoom()
        pixels = line / scale
        ends = np.array([self._grid.x, self._grid.y]).T / scale
        inside = ((pixels > ends[0] + clear) & (pixels < ends[1] - clear)).all(axis=1)
        if not inside.any():
            return None
        found = int(np.argmax(np.where(inside, pixels.sum(axis=1), -np.inf)))
        apart = [np.abs(pixels[found] - place) for place in taken]
        if any(away[0] < 1.6 * clear and away[1] < clear for away in apart):
            return None
        return np.asarray(line[found])

    def _write(self, numbers: list[tuple[float, tuple[float, float]]]) -> None:
        for item in self.numbers[len(numbers) :]:
            item.setVisible(False)
        bands = band_colours(theme.current(), len(self.levels) + 1)
        for item, (level, place) in zip(self.numbers, numbers, strict=False):
            # It interrupts its line, on the ground of the band above.
            item.fill = QBrush(bands[int(np.searchsorted(self.levels, level)) + 1])
            item.setVisible(True)
            if item.toPlainText() != written(level):
                item.setText(written(level))
            item.setPos(QPointF(*place))
