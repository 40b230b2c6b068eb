"""The mixer of a network: its layers side by side, in the largest knobs that fit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from mixer_nn.core.errors import MixError
from mixer_nn.ui import network_builder, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer import rings
from mixer_nn.ui.mixer.add_layer_slot import AddLayerSlot
from mixer_nn.ui.mixer.channels import Channels
from mixer_nn.ui.mixer.knob_bank import KnobBank
from mixer_nn.ui.mixer.layer_matrix import LayerMatrix, dress_as_panel
from mixer_nn.ui.mixer.matrix_sizes import (
    RETURN,
    SIZES,
    Size,
    edges,
    height_of,
)
from mixer_nn.ui.mixer.overview import Overview
from mixer_nn.ui.mixer.pick_band import PickBand

SHARE_OF_WINDOW = 0.45
"""Of the window's height, what the tallest layer may take."""


class NetworkPanel(QFrame):
    """All knobs of the desk's network. Layers that do not fit scroll sideways, tall ones by rows.

    `activation_asked` carries the number of the layer whose activation was clicked, `refused` the
    sentence that says why a network cannot be built.
    """

    activation_asked = Signal(int)
    refused = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkPanel")
        self._bench = bench
        self.bank = KnobBank(bench, self)
        self.layers: list[LayerMatrix] = []
        self.channels = Channels(bench, self)
        self.size_of_knobs = SIZES[-1]
        self._area = QScrollArea(self)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._area.setHorizontalScrollBarPolicy(off)
        self._area.setVerticalScrollBarPolicy(off)
        self._sheet = QWidget()
        self._area.setWidget(self._sheet)
        self.new_layer = AddLayerSlot(self._sheet)
        self.new_layer.clicked.connect(self._on_add_layer)
        self.overview = Overview(bench, self._area.horizontalScrollBar(), self)
        self.rows_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.rows_bar.valueChanged.connect(self._on_rows_scrolled)
        self._band = PickBand(bench.selection, self._knobs_within, self)
        self._ground = QFrame(self)  # a frame's border would take room, one behind does not
        self._ground.lower()
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(4))
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._area, 1)
        beside.addWidget(self.rows_bar)
        box.addLayout(beside, 1)
        box.addWidget(self.overview)
        self._connect()
        self.rebuild()

    def _connect(self) -> None:
        bench, bank = self._bench, self.bank
        bench.desk.rewired.connect(self.rebuild)
        bench.desk.changed.connect(self.read)
        rings.follow(bench, self.read)
        bank.focused.connect(self._on_focused)
        bank.walked.connect(self._on_walked)
        self._area.horizontalScrollBar().valueChanged.connect(self._on_scrolled_across)

    # -- what is shown ------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Show another network; the knobs of layers that stay as they were are kept."""
        self._band.end()
        self.bank.wire()
        count = len(self._bench.desk.mix.network.sizes) - 1
        while len(self.layers) > count:
            layer = self.layers.pop()
            self._bench.clock.drop(layer.board)
            layer.hide()
            layer.deleteLater()
        while len(self.layers) < count:
            matrix = LayerMatrix(self._bench, self.bank, self._sheet)
            matrix.activation_asked.connect(self.activation_asked)
            matrix.menu_asked.connect(self.channels.show_menu)
            matrix.resize_asked.connect(self._on_resize_asked)
            self.layers.append(matrix)
        for number, matrix in enumerate(self.layers, start=1):
            matrix.rewire(number)
            matrix.show()
        self._fit()
        self.updateGeometry()
        self.read()
        self.channels.rewire()

    def _on_add_layer(self) -> None:
        self._try(partial(network_builder.add_layer, self._bench.desk))

    def _on_resize_asked(self, layer: int, by: int) -> None:
        self._try(partial(network_builder.resize_layer, self._bench.desk, layer, by))

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except MixError as error:
            self.refused.emit(str(error))

    def read(self) -> None:
        """Show every knob as the desk has it."""
        if not self.bank.is_wired:
            return  # about to be rebuilt
        self.bank.check_hold()
        for layer in self.layers:
            layer.read()
        self.channels.follow()
        self.overview.read()

    def let_go(self) -> None:
        """The panel is about to go: nothing may move its knobs or hold them any more."""
        self.bank.let_go()
        for layer in self.layers:
            self._bench.clock.drop(layer.board)
        self.channels.let_go()

    def knob(self, index: int) -> BoardKnob:
        """The knob of a parameter."""
        matrix = self._matrix_of(index)
        return matrix.board.knobs[index - matrix.board.start]

    def _matrix_of(self, index: int) -> LayerMatrix:
        return next(matrix for matrix in self.layers if matrix.board.has(index))

    # -- the size that fits -------------------------------------------------------------------

    def _fit(self) -> None:
        if not self.layers:
            return
        room = self.size()
        self.size_of_knobs = size = self._largest(room)
        dress_as_panel(self._ground, size.tight)
        self._ground.setGeometry(self.rect())
        edge = _frame(size)
        self._box.setContentsMargins(edge, edge, edge, edge)
        room = self.size().shrunkBy(self._box.contentsMargins())
        # Either way of scrolling takes room that the other may then lack.
        overview = self.overview.sizeHint().height() + self._box.spacing()
        across = down = False
        for _ in range(2):
            down = height_of(size, self._most_rows) > room.height() - overview * across
            bar = self.rows_bar.sizeHint().width() * down
            across = self._wide([size] * len(self.layers)) > room.width() - bar
        room -= QSize(bar, overview * across)
        self.overview.setVisible(across)
        self.rows_bar.setVisible(down)
        # The place for another layer takes no knob's room.
        wide = self._wide([size] * len(self.layers)) + self._slot_room(size)
        self.new_layer.setVisible(not across and wide <= room.width())
        self._place(self._sizes(size, room - self._slot_size(size)), room)
        self._set_rows_bar()
        self.overview.set_layers(
            self.bank.network,
            [(matrix.geometry(), matrix.board.start, matrix.rows) for matrix in self.layers],
        )
        self.channels.look_again()

    def _slot_room(self, size: Size) -> int:
        return edges(size).between + self.new_layer.sizeHint().width()

    def _slot_size(self, size: Size) -> QSize:
        return QSize(0 if self.new_layer.isHidden() else self._slot_room(size), 0)

    def _set_rows_bar(self) -> None:
        """A place on the bar is the first row in view of the tallest layer."""
        tallest = max(self.layers, key=_hidden_rows)
        self.rows_bar.setRange(0, tallest.hidden_rows)
        self.rows_bar.setPageStep(max(tallest.rows - 1 - tallest.hidden_rows, 1))

    def _on_scrolled_across(self) -> None:
        self.channels.look_again()

    def _on_rows_scrolled(self, first: int) -> None:
        for matrix in self.layers:
            matrix.scroll_to(first)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        across = turn.x() or (turn.y() if self.rows_bar.isHidden() else 0)
        bar = self._area.horizontalScrollBar() if across else self.rows_bar
        before = bar.value()
        if across:
            bar.setValue(before - across)
        else:
            bar.setValue(before - (turn.y() > 0) + (turn.y() < 0))
        event.setAccepted(bar.value() != before)

    def _largest(self, room: QSize) -> Size:
        """The largest size that all layers fit the room in."""
        for size in SIZES[:-1]:
            spare = RETURN if SIZES.index(size) < SIZES.index(self.size_of_knobs) else 1.0
            wide = self._wide([size] * len(self.layers))
            tall = height_of(size, self._most_rows)
            # Rows that do not fit even in the smallest scroll, whatever the width.
            low = size.cell == SIZES[-1].cell or tall * spare <= room.height()
            if wide * spare <= room.width() and low:
                return size
        return SIZES[-1]

    def _sizes(self, common: Size, room: QSize) -> list[Size]:
        """Larger knobs for layers of few rows, as far as all of them still fit."""
        sizes = [common] * len(self.layers)
        if common.tight:
            return sizes
        order = sorted(range(len(sizes)), key=[m.rows for m in self.layers].__getitem__)
        for index in order:
            for larger in SIZES[: SIZES.index(common)]:
                tried = [*sizes[:index], larger, *sizes[index + 1 :]]
                fits = height_of(larger, self.layers[index].rows) <= room.height()
                if fits and self._wide(tried) <= room.width():
                    sizes = tried
                    break
        return sizes

    @property
    def _most_rows(self) -> int:
        return max(matrix.rows for matrix in self.layers)

    def _wide(self, sizes: list[Size]) -> int:
        """The least width of all layers in these sizes."""
        gaps = edges(sizes[0]).between * (len(sizes) - 1)
        return gaps + sum(
            matrix.narrowest(size) for matrix, size in zip(self.layers, sizes, strict=True)
        )

    def _place(self, sizes: list[Size], room: QSize) -> None:
        gap, layers = edges(sizes[0]).between, self.layers
        narrowest = [m.narrowest(size) for m, size in zip(layers, sizes, strict=True)]
        widest = [m.widest(size) for m, size in zip(layers, sizes, strict=True)]
        slot = self._slot_size(sizes[0]).width()
        spare = max(room.width() - slot - self._wide(sizes), 0)
        share = min(spare / max(sum(widest) - sum(narrowest), 1), 1.0)
        left = 0
        for matrix, size, least, most in zip(layers, sizes, narrowest, widest, strict=True):
            width = least + int((most - least) * share)
            matrix.fit(size, QRect(left, 0, width, room.height()))
            left += width + gap
        self.new_layer.setGeometry(left, 0, self.new_layer.sizeHint().width(), room.height())
        self._sheet.resize(left - gap + slot, room.height())

    def wanted_height(self, window: int) -> int:
        """The height it asks for in a window of some height."""
        most = int(window * SHARE_OF_WINDOW)
        for size in SIZES:
            # With what it takes to be let back to that size from a smaller one.
            tall = ceil(height_of(size, self._most_rows) * RETURN) + 2 * _frame(size)
            wide = self._wide([size] * len(self.layers)) + 2 * _frame(size)
            if wide <= self.width() and tall <= most:
                return tall
        low = height_of(SIZES[-1], self._most_rows) + 2 * _frame(SIZES[-1])
        return min(low + self.overview.sizeHint().height() + self._box.spacing(), most)

    # -- picking with a frame -----------------------------------------------------------------

    def _knobs_within(self, rect: QRect) -> frozenset[int]:
        seen = rect & self._area.geometry()
        found = [
            matrix.board.within(seen.translated(-matrix.board.mapTo(self, QPoint())))
            for matrix in self.layers
        ]
        return frozenset().union(*found)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # off the controls, and Esc comes here
        more = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._band.begin(event.position().toPoint(), more=more)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._band.stretch(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._band.end()
        if self.hasFocus():
            self.clearFocus()
            if self.bank.picked:
                self.knob(min(self.bank.picked)).setFocus(Qt.FocusReason.MouseFocusReason)

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._band.is_drawn
            and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        ):
            if event.type() == QEvent.Type.KeyPress:
                self._band.give_up()
            event.accept()
            return True
        return super().event(event)

    # -- focus --------------------------------------------------------------------------------

    def _on_focused(self, index: int) -> None:
        matrix = self._matrix_of(index)
        matrix.set_stop(self.knob(index))
        self._show_knob(matrix, index)

    def _show_knob(self, matrix: LayerMatrix, index: int) -> None:
        _, row = matrix.board.place_of(index)
        self.rows_bar.setValue(matrix.scrolled_to_show(row))
        cell = matrix.board.cell(index).translated(matrix.board.pos() + matrix.pos())
        self._area.ensureVisible(cell.center().x(), cell.center().y(), cell.width(), 0)

    def _on_walked(self, index: int, across: int, down: int) -> None:
        matrix = self._matrix_of(index)
        column, row = matrix.board.place_of(index)
        column, row = column + across, min(max(row + down, 0), matrix.rows - 1)
        if not 0 <= column < matrix.board.columns:
            number = matrix.layer - 1 + across
            if not 0 <= number < len(self.layers):
                return
            matrix = self.layers[number]
            column = 0 if across > 0 else matrix.board.columns - 1
            row = min(row, matrix.rows - 1)
        self.rows_bar.setValue(matrix.scrolled_to_show(row))
        matrix.knob(column, row).setFocus(Qt.FocusReason.OtherFocusReason)

    # -- coming and going ---------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "layers", None):
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(700), self.wanted_height(self.window().height()))

    def minimumSizeHint(self) -> QSize:
        # Heads, numbers, two rows and the bias, and the feet: less would show no matrix.
        tall = height_of(SIZES[-1], 3) + self.overview.sizeHint().height() + theme.px(4)
        return QSize(theme.px(260), tall)


def _hidden_rows(matrix: LayerMatrix) -> int:
    return matrix.hidden_rows


def _frame(size: Size) -> int:
    """From the edge of the panel to the layers; they have frames of their own where they may."""
    return theme.px(4) if size.tight else 0
