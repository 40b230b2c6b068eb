"""The menu of a channel: what can be done with one neuron and all of its knobs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mixer_nn.ui.bench import Bench


class ChannelMenu(QMenu):
    """Mute, solo, lock all, swap, open large; layer and neuron are counted from 1.

    `large_asked` carries both.
    """

    large_asked = Signal(int, int)

    def __init__(self, bench: Bench, layer: int, neuron: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("channelMenu")
        self._bench, self._layer, self._neuron = bench, layer, neuron
        network = bench.desk.mix.network
        self._knobs = [
            p.index for p in network.parameters if (p.layer, p.neuron) == (layer, neuron)
        ]
        if layer < len(network.sizes) - 1:
            listening = bench.listening
            self._add_mark("Mute", listening.is_muted(layer, neuron)).toggled.connect(self._mute)
            self._add_mark("Solo", listening.is_soloed(layer, neuron)).toggled.connect(self._solo)
            self.addSeparator()
        locked = bench.desk.mix.locked[self._knobs]
        if not locked.all():
            self.addAction("Lock all knobs").triggered.connect(self._lock)
        if locked.any():
            self.addAction("Unlock all knobs").triggered.connect(self._unlock)
        if layer < len(network.sizes) - 1:
            swap = self.addAction("Swap with the next neuron")
            swap.setEnabled(neuron < network.sizes[layer])
            swap.triggered.connect(self._swap)
        self.addSeparator()
        self.addAction("Open large").triggered.connect(self._open)

    def _add_mark(self, text: str, on: bool) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        return action

    def _mute(self, muted: bool) -> None:
        self._bench.listening.mute(self._layer, self._neuron, muted)

    def _solo(self, soloed: bool) -> None:
        self._bench.listening.solo(self._layer, self._neuron, soloed)

    def _lock(self) -> None:
        self._set_locked(True)

    def _unlock(self) -> None:
        self._set_locked(False)

    def _set_locked(self, locked: bool) -> None:
        text = f"{'' if locked else 'un'}lock neuron {self._neuron} of layer {self._layer}"
        self._bench.desk.lock_all(self._knobs, locked, text)

    def _swap(self) -> None:
        self._bench.desk.swap(self._layer, self._neuron)

    def _open(self) -> None:
        self.large_asked.emit(self._layer, self._neuron)
