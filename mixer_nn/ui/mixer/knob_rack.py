"""Which knobs stand on a board, and the one of them that Tab comes to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.board_knob import BoardKnob
from mixer_nn.ui.mixer.knob_bank import KnobBank
from mixer_nn.ui.mixer.places import Source, spoken
from mixer_nn.ui.mixer.symbols import standard_name


class KnobRack(QWidget):
    """A knob for each parameter of a layer, columns of neurons by rows with the bias last.

    Each is a whole control but for its picture. Where the network changes, those that can stay
    do. `start` is the first parameter's place among those of the network.
    """

    def __init__(self, bench: Bench, bank: KnobBank, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._bank = bench, bank
        self.knobs: list[BoardKnob] = []
        self._places: dict[tuple[int, int | None], BoardKnob] = {}
        self.layer = self.start = self.columns = self.rows = 0
        self._stop: BoardKnob | None = None

    def rewire(self, layer: int, rows: tuple[Source, ...]) -> None:
        """Stand for a layer of the desk's network, counted from 1; knobs that fit are kept."""
        network = self._bench.desk.mix.network
        wanted = [p for p in network.parameters if p.layer == layer]
        self.layer, self.start = layer, wanted[0].index
        self.columns, self.rows = network.sizes[layer], len(rows)
        known, self._places, self.knobs = self._places, {}, []
        for parameter in wanted:
            place = (parameter.neuron, parameter.source)
            knob = known.pop(place, None)
            if knob is None:
                knob = BoardKnob(self._bank, parameter.index, self)
                knob.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            knob.index = parameter.index
            knob.setObjectName(parameter.id)
            row = rows[-1 if parameter.source is None else parameter.source - 1]
            knob.set_name(standard_name(network, parameter))
            knob.setAccessibleDescription(spoken(network, parameter, row))
            knob.setToolTip(knob.accessibleName())
            self._places[place] = knob
            self.knobs.append(knob)
        for knob in known.values():
            if knob is self._stop:
                self._stop = None
            knob.setObjectName("")
            knob.hide()
            knob.deleteLater()

    @property
    def stop(self) -> BoardKnob:
        """The one knob of the layer that Tab comes to: the last that had the focus."""
        return self._stop or self.knobs[0]

    def set_stop(self, knob: BoardKnob, after: QWidget) -> None:
        """Let Tab come to this knob, after that widget, and to no other of the layer."""
        if self._stop is not None and self._stop is not knob:
            self._stop.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stop = knob
        knob.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QWidget.setTabOrder(after, knob)

    def has(self, index: int | None) -> bool:
        """Whether a parameter of the network is on this board."""
        return index is not None and self.start <= index < self.start + len(self.knobs)

    def place_of(self, index: int) -> tuple[int, int]:
        """Column and row, from 0, of a parameter of the network."""
        column, row = divmod(index - self.start, self.rows)
        return column, row

    def knob_at(self, column: int, row: int) -> BoardKnob:
        """The knob in a column and row, from 0; the bias is the last row."""
        return self.knobs[column * self.rows + row]
