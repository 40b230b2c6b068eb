"""A layer as an aligned matrix: a column of knobs per neuron, a row per source, the bias last."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QWidget

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.ui import theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer.board_painter import bias_ground
from mixer_nn.ui.mixer.channel_foot import ChannelFoot
from mixer_nn.ui.mixer.head_button import HeadButton
from mixer_nn.ui.mixer.knob_bank import KnobBank
from mixer_nn.ui.mixer.knob_board import FRAME, Grid, KnobBoard, common_scale
from mixer_nn.ui.mixer.matrix_sizes import Size, edges
from mixer_nn.ui.mixer.places import Source, layer_title, sources

LONGEST_NAME = 84
"""Pixels for a source's name where there is room for names."""

PICTURES_FROM = 40
"""Cells from which each column has a thumbnail: over its foot, or beside its number."""
LEAST_PICTURE, MOST_PICTURE = 26, 46
"""Pixels of height that it takes over the foot, of what the knobs leave over."""
SMALL_PICTURE = (24, 16)
BESIDE = 16
"""Pixels for the number that a small one stands beside."""


class LayerMatrix(QFrame):
    """Head with the layer's name and activation, numbers, gutter, board, and a foot per column."""

    activation_asked = Signal(int)
    resize_asked = Signal(int, int)
    menu_asked = Signal(int, int, QPoint)

    def __init__(self, bench: Bench, bank: KnobBank, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._bank = bench, bank
        self._rows: tuple[Source, ...] = ()
        self._size: Size | None = None
        self._title = self._numbers = QRect()
        self._gutter = 0
        self._lit: tuple[int, int] | None = None
        self._lit_columns: frozenset[int] = frozenset()
        self._lit_row: int | None = None
        self._first = 0
        self._picture = 0
        self.has_pictures = False
        self._scales: FloatArray | None = None
        self.board = KnobBoard(bench, bank, self)
        self.fewer, self.more = HeadButton(self), HeadButton(self)
        self.fewer.setText("−")
        self.more.setText("+")
        self.fewer.clicked.connect(self._on_fewer)
        self.more.clicked.connect(self._on_more)
        self.activation = HeadButton(self)
        self.activation.clicked.connect(self._on_activation)
        self.feet: list[ChannelFoot] = []
        bench.selection.changed.connect(self._light)

    # -- which layer --------------------------------------------------------------------------

    @property
    def layer(self) -> int:
        """Which layer it shows, from 1."""
        return self.board.layer

    def rewire(self, layer: int) -> None:
        """Show a layer of the desk's network, counted from 1."""
        problem = self._bench.desk.mix.problem
        network = problem.network
        self._rows = sources(problem, layer)
        self.setObjectName(f"layer{layer}")
        self.setAccessibleName(layer_title(network, layer).capitalize())
        self.board.rewire(layer, self._rows)
        name = network.activations[layer - 1]
        self.activation.setObjectName(f"layer{layer}.activation")
        chosen = ACTIVATIONS[name].title
        self.activation.setText(chosen)
        self.activation.setAccessibleName(f"activation of {self.accessibleName()}: {chosen}")
        self.activation.setToolTip(f"Activation: {chosen}; click to see all of them")
        for button, one, what in ((self.fewer, "fewer", "less"), (self.more, "more", "more")):
            button.setObjectName(f"layer{layer}.{one}")
            button.setAccessibleName(f"a neuron {what} in layer {layer}")
            button.setToolTip(f"A neuron {what} in layer {layer}")
        while len(self.feet) < self.board.columns:
            self.feet.append(ChannelFoot(self._bench.listening, self))
            self.feet[-1].menu_asked.connect(self.menu_asked)
            self.feet[-1].show()
        while len(self.feet) > self.board.columns:
            foot = self.feet.pop()
            for part in (foot, foot.thumbnail):
                part.hide()
                part.deleteLater()
        for neuron, foot in enumerate(self.feet, start=1):
            foot.rewire(layer, neuron, hidden=layer < len(network.sizes) - 1)
        self.set_stop(self.board.stop)
        self._size = None

    def _on_activation(self) -> None:
        self.activation_asked.emit(self.layer)

    def _on_fewer(self) -> None:
        self.resize_asked.emit(self.layer, -1)

    def _on_more(self) -> None:
        self.resize_asked.emit(self.layer, 1)

    def set_stop(self, knob: BoardKnob) -> None:
        """Let Tab come to this knob, then to the buttons of its neuron, and to no other here."""
        self.board.set_stop(knob, self.activation)
        column, _ = self.board.place_of(knob.index)
        for number, foot in enumerate(self.feet):
            foot.set_tab_stop(number == column)
        foot = self.feet[column]
        QWidget.setTabOrder(knob, foot.mute)
        QWidget.setTabOrder(foot.mute, foot.solo)

    def _room_for_pictures(self, size: Size, room: int) -> int:
        """What of the knobs' room the thumbnails take: only what the knobs can spare."""
        inputs = self._bench.desk.mix.dataset.inputs.shape[1]
        self.has_pictures = size.cell >= PICTURES_FROM and inputs <= 2
        spare = min(room - self.rows * size.dial.cell, theme.px(MOST_PICTURE))
        return spare if self.has_pictures and spare >= theme.px(LEAST_PICTURE) else 0

    def _place_picture(self, picture: QWidget, left: int, foot: int) -> None:
        """In the column that begins there: over the foot where there is room, else by its number.

        `foot` is where the foot begins.
        """
        picture.setVisible(self.has_pictures)
        across = self._grid.across
        if self._picture:
            tall = self._picture - 4
            wide = min(across - 4, tall * 3 // 2)
            box = QRect(left + (across - wide) // 2, foot - self._picture + 3, wide, tall)
        else:
            wide, tall = map(theme.px, SMALL_PICTURE)
            beside = self._beside_number(left).right() + 1
            box = QRect(beside, self._numbers.bottom() - tall, wide, tall)
        picture.setGeometry(box)

    def _beside_number(self, left: int) -> QRect:
        """Where the number stands in the column that begins there."""
        box = QRect(left, self._numbers.top(), self._grid.across, self._numbers.height())
        if self.has_pictures and not self._picture:
            wide = theme.px(BESIDE)
            pair = wide + theme.px(SMALL_PICTURE[0])
            box.setLeft(left + max(self._grid.across - pair, 0) // 2)
            box.setWidth(wide)
        return box

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A neuron's number and its thumbnail have the channel's menu, as its foot has."""
        at, numbers = event.pos(), self._numbers
        below = at.y() > self.board.geometry().bottom()
        across = numbers.left() <= at.x() <= numbers.right()
        if not across or not (below or numbers.contains(at)):
            super().contextMenuEvent(event)
            return
        column = (at.x() - numbers.left()) // self._grid.across
        self.menu_asked.emit(self.layer, column + 1, event.globalPos())

    # -- its size -----------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """Rows of knobs, the bias among them."""
        return len(self._rows)

    def labels(self, size: Size) -> list[str]:
        """What is written beside the rows: names where there is room, else signs."""
        return [row.sign if size.cell < 40 else row.name for row in self._rows]

    def gutter(self, size: Size) -> int:
        """Width of the column with the sources' names."""
        metrics = QFontMetrics(theme.ui_font(12))
        wide = max(metrics.horizontalAdvance(label) for label in self.labels(size))
        wide = max(wide, 0 if size.tight else metrics.horizontalAdvance("±16"))
        return min(wide, theme.px(LONGEST_NAME)) + (2 if size.tight else theme.px(8))

    def title(self, size: Size) -> str:
        """The name in the head, cut short where there is a single narrow column."""
        name = layer_title(self._bench.desk.mix.network, self.layer)
        return "OUT" if size.tight and self.board.columns < 4 and name == "OUTPUT" else name

    def narrowest(self, size: Size) -> int:
        """The width it needs in a size of knob."""
        around = 2 * edges(size).around
        cells = self.gutter(size) + self.board.columns * size.dial.cell
        head = QFontMetrics(_head_font()).horizontalAdvance(self.title(size))
        if not size.tight:
            head += theme.px(4) + self.activation.sizeHint().width()
        # A narrow column has its title to itself, and a little air.
        air = theme.px(4) if size.tight and self.board.columns < 4 else 0
        return around + max(cells + air, head + (0 if size.tight else 2))

    def widest(self, size: Size) -> int:
        """The width at which its knobs stand as far apart as they may."""
        cells = self.gutter(size) + self.board.columns * size.widest + 2 * edges(size).around
        return max(cells, self.narrowest(size))

    def fit(self, size: Size, rect: QRect) -> None:
        """Lay everything out in a rectangle; rows that are too many for it scroll."""
        self._size = size
        dress_as_panel(self, not size.tight)
        self.setGeometry(rect)
        self._lay_out(size)
        self.update()

    def _lay_out(self, size: Size) -> None:
        edge, inner = edges(size), self.rect()
        inner.adjust(edge.around, edge.around, -edge.around, -edge.around)
        self._place_head(size, inner, edge.head)
        air = inner.width() - self.gutter(size) - self.board.columns * size.dial.cell
        self._gutter = self.gutter(size) + (min(air, theme.px(4)) if size.tight else 0)
        room = inner.height() - edge.head - edge.numbers - edge.bias_gap - edge.foot
        self._picture = self._room_for_pictures(size, room)
        room -= self._picture
        weights = self.rows - 1
        down = min(max(room // self.rows, size.dial.cell), size.tallest)
        shown = max(min(weights, room // down - 1), 1)
        columns = self.board.columns
        wide = inner.width() - self._gutter
        across = min(max(wide // columns, size.dial.cell), size.widest)
        left = inner.left() + self._gutter + (wide - across * columns) // 2 * (not size.tight)
        top = inner.top() + edge.head + edge.numbers
        self._numbers = QRect(left, top - edge.numbers, across * columns, edge.numbers)
        bias_top = shown * down + edge.bias_gap
        self.board.setGeometry(left, top, across * columns, bias_top + down)
        first = min(self._first, weights - shown)
        self._grid = Grid(size.dial, across, down, first, shown, bias_top)
        self.board.arrange(self._grid)
        foot_top = top + bias_top + down + self._picture
        for column, foot in enumerate(self.feet):
            foot.setGeometry(left + column * across, foot_top, across, edge.foot)
            self._place_picture(foot.thumbnail, left + column * across, foot_top)

    def _place_head(self, size: Size, inner: QRect, tall: int) -> None:
        wide = min(self.activation.sizeHint().width(), inner.width())
        title = QFontMetrics(_head_font()).horizontalAdvance(self.title(size))
        self.activation.setVisible(title + wide + theme.px(4) <= inner.width())
        self.activation.setGeometry(inner.right() - wide + 1, inner.top(), wide, tall)
        self._title = QRect(inner.left(), inner.top(), title + 4, tall)
        self._place_plus_and_minus(inner.left() + title + theme.px(6), inner.right() - wide, tall)

    def _place_plus_and_minus(self, left: int, right: int, tall: int) -> None:
        """Beside the title of a hidden layer, where there is room."""
        hidden = self.layer < len(self._bench.desk.mix.network.sizes) - 1
        wide = theme.px(22)
        room = hidden and self.activation.isVisibleTo(self) and left + 2 * wide <= right
        for place, button in enumerate((self.fewer, self.more)):
            button.setVisible(room)
            button.setGeometry(left + place * wide, self._title.top(), wide, tall)

    @property
    def rows_in_view(self) -> QRect:
        """Where its weights are, in the coordinates of what holds the layers."""
        board, grid = self.board.geometry(), self._grid
        box = QRect(board.left(), board.top(), board.width(), grid.shown * grid.down)
        return box.translated(self.pos())

    @property
    def hidden_rows(self) -> int:
        """How many rows are out of view."""
        return self.rows - 1 - self._grid.shown

    def scroll_to(self, first: int) -> None:
        """Let the rows in view begin with this one, from 0, or as near to it as there are rows."""
        if self._size is not None and first != self._first:
            self._first = first
            if self._grid.first != min(first, self.hidden_rows):
                self._lay_out(self._size)
                self.update()

    def scrolled_to_show(self, row: int) -> int:
        """The first row with which a row, from 0, can be seen; the bias always can."""
        grid = self._grid
        if row == self.rows - 1 or grid.first <= row < grid.first + grid.shown:
            return self._first
        return row if row < grid.first else row - grid.shown + 1

    # -- reading and painting -----------------------------------------------------------------

    def read(self) -> None:
        """Show the layer as it stands."""
        scales = self._bench.desk.mix.scales
        if self.board.is_in_sight and scales is not self._scales:
            self._scales = scales
            self.update(self._corner())
        self.board.read()

    @property
    def scale_text(self) -> str:
        """The ends of the scale that the layer's knobs share."""
        part = self._bench.desk.mix.scales[self.board.start :][: len(self.board.knobs)]
        return f"±{common_scale(part):g}"

    def _corner(self) -> QRect:
        left = edges(self._size).around if self._size else 0
        right = self._numbers.left() + (self._grid.across - theme.px(16)) // 2
        return QRect(left, self._numbers.top(), right - left, self._numbers.height())

    def _light(self) -> None:
        selection = self._bench.selection
        index = selection.hovered if selection.hovered is not None else selection.chosen
        lit = self.board.place_of(index) if index is not None and self.board.has(index) else None
        if lit != self._lit:
            self._lit = lit
            self.update()

    @property
    def lit_columns(self) -> frozenset[int]:
        """The channels with a frame round them, columns from 0."""
        return self._lit_columns

    def light_columns(self, columns: frozenset[int]) -> None:
        """Frame whole channels, columns from 0."""
        if columns != self._lit_columns:
            self._lit_columns = columns
            self.board.light_columns(columns)
            self.update()

    def light_row(self, row: int | None) -> None:
        """Light the sign of a source, rows from 0."""
        if row != self._lit_row:
            self._lit_row = row
            self.update()

    def _frame_of(self, column: int) -> QRect:
        """A column from its number to its foot."""
        left, across = self._numbers.left() + column * self._grid.across, self._grid.across
        foot = self.feet[column].meter.geometry().bottom() + self.feet[column].y()
        return QRect(left, self._numbers.top(), across, foot + 3 - self._numbers.top())

    def _paint_frames(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(theme.current().accent)
        painter.setPen(QPen(accent, FRAME))
        for column in self._lit_columns:
            painter.drawRoundedRect(QRectF(self._frame_of(column)).adjusted(1, 1, -1, -1), 5, 5)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # Below the board only meters move, often; what is written need not be written again.
        below = event.rect().top() > self.board.geometry().bottom()
        if self._size is None or below or not self._bank.is_wired:
            return
        with QPainter(self) as painter:
            painter.setFont(_head_font())
            painter.setPen(QColor(theme.current().text))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self._title, middle, self.title(self._size))
            painter.setFont(theme.ui_font(12))
            self._paint_numbers(painter)
            self._paint_frames(painter)
            self._paint_gutter(painter, self._size)
            painter.setPen(QColor(theme.current().dim))
            painter.drawText(self._corner(), middle, self.scale_text)

    def _paint_numbers(self, painter: QPainter) -> None:
        grid = self._grid
        for column in range(self.board.columns):
            lit = self._lit is not None and self._lit[0] == column
            self._pen(painter, lit or column in self._lit_columns)
            box = self._beside_number(self._numbers.left() + column * grid.across)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(column + 1))

    def _paint_gutter(self, painter: QPainter, size: Size) -> None:
        grid, board = self._grid, self.board.geometry()
        left = edges(size).around
        wide = board.left() - left
        band = QRect(left, board.top() + grid.bias_top, wide, grid.down)
        painter.fillRect(band, bias_ground())
        labels, metrics = self.labels(size), painter.fontMetrics()
        rows = [*range(grid.first, grid.first + grid.shown), self.rows - 1]
        tops = [*(k * grid.down for k in range(grid.shown)), grid.bias_top]
        inset = 1 if size.tight else theme.px(4)
        for row, top in zip(rows, tops, strict=True):
            lit = self._lit is not None and self._lit[1] == row
            self._pen(painter, lit or row == self._lit_row)
            box = QRect(left + inset, board.top() + top, self._gutter - inset, grid.down)
            text = metrics.elidedText(labels[row], Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    @staticmethod
    def _pen(painter: QPainter, lit: bool) -> None:
        colours = theme.current()
        painter.setPen(QColor(colours.accent if lit else colours.dim))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def knob(self, column: int, row: int) -> BoardKnob:
        """The knob in a column and row, from 0."""
        return self.board.knob_at(column, row)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.height())


def dress_as_panel(frame: QFrame, panel: bool) -> None:
    """Give a frame the look of a panel, or take it away."""
    if frame.property("panel") != panel:
        frame.setProperty("panel", panel)
        frame.style().unpolish(frame)
        frame.style().polish(frame)


def _head_font() -> QFont:
    return theme.ui_font(12, QFont.Weight.DemiBold)
