"""Names at the ends of lines in a plot, none on top of another."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor

from mixer_nn.ui import theme
from mixer_nn.ui.monitors.plot import Plot, ground
from mixer_nn.ui.theme import Theme

End = tuple[str, float, float]
"""A name, and where its line ends in the plot's coordinates."""

GAP = 5.0
COVER = 160
"""How much of what lies under a name is covered, of 255."""


class LineNames:
    """Texts beside the ends of lines: the others' and, among names, that of the present line.

    They lie at `depth` among the plot's items.
    """

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.items: list[pg.TextItem] = []
        self.depth = 0.0
        self._others: list[End] = []
        self._placed: tuple[object, ...] = ()
        self._colours = theme.current()

    @property
    def texts(self) -> list[str]:
        """The names that can be seen; the present line's first, if it has one."""
        return [item.textItem.toPlainText() for item in self.items if item.isVisible()]

    def dress(self, colours: Theme) -> None:
        """Put on colours and fonts."""
        self._colours = colours
        for number, item in enumerate(self.items):
            self._dress(item, number)
        self._placed = ()

    def _dress(self, item: pg.TextItem, number: int) -> None:
        colours = self._colours
        cover = ground(colours)
        cover.setAlpha(COVER)
        item.setColor(QColor(colours.loss if number == 0 else colours.text))
        item.fill = QBrush(cover)
        item.setFont(theme.ui_font(12))
        item.update()

    def set_others(self, ends: list[End]) -> None:
        """The names of the other lines."""
        self._others = ends

    def place(self, present: End | None, caption: pg.TextItem) -> None:
        """Put all names at their ends; costs nothing where nothing has moved by a pixel.

        The present line has a name only where there are others to tell it from. None lies on the
        `caption`, if that can be.
        """
        ends = [present] if present is not None and self._others else []
        hidden = 1 - len(ends)
        ends += self._others
        plot, places = self._plot, []
        across, up = plot.pixel_size()
        for text, x, y in ends:
            places.append((text, round(x / across), round(y / up)))
        beside = self._box_of(caption)
        key = (places, hidden, plot.ranges, plot.area(), beside)
        if key == self._placed:
            return
        self._placed = key
        self._show(ends, hidden, beside)

    def _show(self, ends: list[End], hidden: int, beside: QRectF) -> None:
        while len(self.items) < len(ends) + hidden:
            item = pg.TextItem("", anchor=(0.0, 0.0))
            item.setZValue(self.depth)
            self._plot.addItem(item, ignoreBounds=True)
            self.items.append(item)
            self._dress(item, len(self.items) - 1)
        for item in self.items:
            item.hide()
        for (text, _, _), item in zip(ends, self.items[hidden:], strict=False):
            if item.textItem.toPlainText() != text:
                item.setText(text)
        across, up = self._plot.pixel_size()
        (left, _), (bottom, top) = self._plot.ranges
        # In the order of the lines, so that names that crowd stand as their lines do: what is at
        # the bottom of the plot has its place first, and pushes the others up.
        low = sum(y for _, _, y in ends) < len(ends) * 0.5 * (bottom + top)
        pairs = sorted(zip(ends, self.items[hidden:], strict=False), key=_height, reverse=not low)
        taken = [beside]
        for (_, x, y), item in pairs:
            box = self._free_box(x, y, item.boundingRect(), taken, -1.0 if low else 1.0)
            if box is not None:
                taken.append(box)
                item.setPos(left + box.left() * across, top - box.top() * up)
                item.show()

    def _box_of(self, item: pg.TextItem) -> QRectF:
        """Where a text lies, in pixels from the plot's upper left corner; nowhere, if hidden."""
        if not item.isVisible():
            return QRectF()
        across, up = self._plot.pixel_size()
        (left, _), (_, top) = self._plot.ranges
        size, anchor, at = item.boundingRect(), item.anchor, item.pos()
        x = (at.x() - left) / across - anchor.x() * size.width()
        y = (top - at.y()) / up - anchor.y() * size.height()
        return QRectF(x, y, size.width(), size.height())

    def _free_box(
        self, x: float, y: float, size: QRectF, taken: list[QRectF], way: float
    ) -> QRectF | None:
        """Where a name has room, in pixels from the plot's upper left corner.

        After the end of its line, else under it or over it; where names crowd, further down if
        `way` is 1, further up if it is −1, and only then the other way. None: there is no room.
        """
        wide, tall, gap = size.width(), size.height(), theme.px(GAP)
        across, up = self._plot.pixel_size()
        (left, right), (bottom, top) = self._plot.ranges
        width, height = (right - left) / across, (top - bottom) / up
        end_x, end_y = (x - left) / across, (top - y) / up
        if end_x + gap + wide <= width:
            start, tries = end_x + gap, [end_y - tall / 2.0]
        else:
            start = max(min(end_x, width - gap) - wide, 0.0)
            tries = [end_y + gap / 2.0, end_y - tall - gap / 2.0]
        for turn in (way, -way):
            tries += [tries[0] + turn * step * 0.25 * tall for step in range(1, 24)]
        lowest = max(height - tall, 0.0)
        boxes = [QRectF(start, min(max(each, 0.0), lowest), wide, tall) for each in tries]
        free = (box for box in boxes if not any(box.intersects(other) for other in taken))
        return next(free, None)


def _height(pair: tuple[End, pg.TextItem]) -> float:
    return pair[0][2]
