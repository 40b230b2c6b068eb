"""The page of a derivation: its blocks from top to bottom, in lines of a given width."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from mixer_nn.core.formula import LOSS, Block, Display, Remark, Row, Table
from mixer_nn.ui import theme
from mixer_nn.ui.monitors.maths_box import Box, Hand, Ink, Setter, Spot, brief, figure

LEFT, LINE_GAP, BLOCK_GAP, COLUMN_GAP, LOWERED = 4, 2, 6, 10, 4


WIDE = 0.3
"""Share of the width above which a left side does not set where the others end."""


@dataclass
class Page:
    """What is painted: texts, rules and places; and what stands there without room for all of it.

    `folds_at` is where the switches that unfold layers stand; `tips` says in words what rows are.
    `tops` is where the blocks begin.
    `numbers` are those of `inks` that change while all else stays.
    """

    height: float = 0.0
    inks: list[Ink] = field(default_factory=list)
    rules: list[QRectF] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    tips: list[tuple[QRectF, str]] = field(default_factory=list)
    folds_at: float | None = None
    tops: list[float] = field(default_factory=list)
    numbers: dict[tuple[int, ...], Ink] = field(default_factory=dict)

    def add(self, box: Box, x: float, baseline: float) -> None:
        """Put a box on the page."""
        if box.place is not None:
            self.spots.append(Spot(box.rect(x, baseline), box.place))
        if box.rule is not None:
            self.rules.append(box.rule.translated(x, baseline))
        if box.ink is not None and box.ink.text:
            ink = box.ink  # every box has an ink of its own
            ink.x, ink.y, ink.right = ink.x + x, baseline, ink.right + x
            self.inks.append(ink)
            if ink.path is not None:
                self.numbers[ink.path] = ink
        for part, dx, dy in box.parts:
            self.add(part, x + dx, baseline + dy)


class Typesetter:
    """Sets the blocks of one derivation. Its `setter` knows how wide numbers have been."""

    def __init__(self, setter: Setter, width: float, folds: float) -> None:
        """`folds` is the height that the switches for layers take."""
        self._set, self._width, self._folds = setter, width, folds
        self._page = Page()
        self._indent = 0.0

    def page(self, blocks: tuple[Block, ...]) -> Page:
        """All of them."""
        for number, block in enumerate(blocks):
            if block.layer is not None and self._page.folds_at is None:
                self._page.folds_at = self._page.height + theme.px(BLOCK_GAP)
                self._page.height += self._folds + theme.px(BLOCK_GAP)
            if not block.folded:
                self._block(block, number)
        self._page.height += theme.px(LEFT)
        return self._page

    def _block(self, block: Block, number: int) -> None:
        if number:
            self._page.height += theme.px(BLOCK_GAP)
        self._page.tops.append(self._page.height)
        self._take(self._set.text(block.title, Hand.HEADING, "dim"), theme.px(LEFT))
        lefts = [
            self._set.line(part.left, ()).width for part in block.parts if isinstance(part, Row)
        ]
        # What stands before the first = ends at the same place in all rows, but for very wide ones.
        usual = [left for left in lefts if left < WIDE * self._width]
        self._indent = theme.px(LEFT) + max(usual, default=0.0)
        for place, part in enumerate(block.parts):
            path = (number, place)
            if isinstance(part, Table):
                self._table(part, path)
            elif isinstance(part, Display):
                self._lines(self._set.chunks(part.line, path, high=True))
            elif isinstance(part, Remark):
                self._lines([self._set.text(f"{word} ") for word in part.text.split()])
            else:
                self._row(part, path)

    def _take(self, box: Box, x: float) -> None:
        """Put a box on a line of its own."""
        # As if there were a subscript in every line: so they stand at equal distances.
        below = max(box.below, self._set.strut(Hand.SUBSCRIPT).below + theme.px(LOWERED))
        self._page.add(box, x, self._page.height + box.above)
        self._page.height += box.above + below + theme.px(LINE_GAP)

    def _lines(self, pieces: list[Box]) -> None:
        """Pieces in as many lines as it takes."""
        line, left = Box(), theme.px(LEFT)
        for piece in pieces:
            if line.width and left + line.width + piece.width > self._width:
                self._take(line, left)
                line = Box()
            line.put(piece, line.width)
        self._take(line, left)
        self._page.height += theme.px(LEFT)

    # -- a row --------------------------------------------------------------------------------

    def _row(self, row: Row, path: tuple[int, ...]) -> None:
        if row.result and row.place is not LOSS and path[1]:
            self._rule()
        begin, top = len(self._page.spots), self._page.height
        left, value = self._set.line(row.left, (*path, 0)), self._value(row, path)
        forms = [[left]]
        for number, form in enumerate(row.forms):
            chunks = self._set.chunks(form, (*path, 1, number))
            chunks[0] = self._set.beside([self._set.equals(), chunks[0]])
            forms.append(chunks)
        self._flow(forms, self._words(row), value)
        rect = QRectF(0.0, top, self._width, self._page.height - top - theme.px(LINE_GAP - 1))
        if row.words:
            self._page.tips.append((rect, row.words))
        if row.place is not None:
            self._page.spots.insert(begin, Spot(rect, row.place))

    def _value(self, row: Row, path: tuple[int, ...]) -> Box:
        hand = Hand.BOLD if row.result else Hand.UPRIGHT
        colour = ("loss" if row.place is LOSS else "hint") if row.result else "text"
        text = row.writer(figure)(row.value)
        number = self._set.number(text, (*path, 2), hand, colour)
        return self._set.beside([self._set.equals(), number])

    def _words(self, row: Row) -> Box | None:
        if not row.words:
            return None
        gap = Box(theme.px(COLUMN_GAP))
        return self._set.beside([gap, self._set.text(row.words, Hand.WORDS, "dim")])

    def _flow(self, forms: list[list[Box]], words: Box | None, value: Box) -> None:
        """Forms from left to right in as many lines as needed, the value at the right end.

        A form is broken only if a line of its own is too short for it. The words stand there if
        there is room; else they are what the pointer is told.
        """
        start = max(self._indent - forms[0][0].width, float(theme.px(LEFT)))
        lines: list[tuple[Box, float]] = [(Box(), start)]
        end = self._width - value.width - theme.px(LEFT)
        for form in forms:
            whole = self._set.beside(form)
            for piece in [whole] if self._indent + whole.width <= end else form:
                line, x = lines[-1]
                if line.width and x + line.width + piece.width > end:
                    lines.append((Box(), self._indent))
                    line, x = lines[-1]
                line.put(piece, line.width)
        last, x = lines[-1]
        if words is not None and x + last.width + words.width <= end:
            last.put(words, last.width)
        last.put(value, end - x)
        for line, x in lines:
            self._take(line, x)

    def _rule(self) -> None:
        width = self._width - theme.px(LEFT)
        self._page.rules.append(QRectF(theme.px(LEFT), self._page.height, width, 1.0))
        self._page.height += theme.px(LINE_GAP)

    # -- a table ------------------------------------------------------------------------------

    def _table(self, table: Table, path: tuple[int, ...]) -> None:
        heads = [self._set.line(head, (), "dim") for head in table.heads]
        cells = [
            [
                self._set.number(brief(value), (*path, row, column))
                for column, value in enumerate(values)
            ]
            for row, values in enumerate(table.rows)
        ]
        names = [self._set.text(f"n{number}", colour="dim") for number in range(1, len(cells) + 1)]
        first = max(name.width for name in names) + theme.px(LEFT)
        each = (self._width - first) / max(len(heads), 1)
        ends = [first + each * (column + 1) for column in range(len(heads))]
        self._across(Box(), heads, ends)
        for name, line, place in zip(names, cells, table.places, strict=True):
            top = self._page.height
            self._across(name, line, ends)
            height = self._page.height - top
            rect = QRectF(0.0, top - theme.px(1), self._width, height - theme.px(1))
            self._page.spots.append(Spot(rect, place))

    def _across(self, name: Box, cells: list[Box], ends: list[float]) -> None:
        line = Box()
        line.put(name, 0.0)
        for cell, end in zip(cells, ends, strict=True):
            line.put(cell, end - cell.width - theme.px(LEFT))
        self._take(line, theme.px(LEFT))
        self._page.height -= theme.px(LINE_GAP - 2)
