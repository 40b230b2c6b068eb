"""Mute and solo: hearing the network without a neuron, or with only one of its layer.

Listening, not training: predictions, meters and thumbnails use what is heard; the loss, its
curve, the gradient and Auto-mix go on with the whole network.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.network import Network
from mixer_nn.state.desk import Desk

Neuron = tuple[int, int]
"""Layer and neuron, both counted from 1."""


class Listening(QObject):
    """Which hidden neurons are muted or soloed. A view state: it never changes the mix."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._muted: set[Neuron] = set()
        self._soloed: set[Neuron] = set()
        self.revision = 0
        desk.rewired.connect(self._forget_missing)
        desk.swapped.connect(self._follow_swap)

    @property
    def is_whole(self) -> bool:
        """Whether the whole network is heard."""
        return not (self._muted or self._soloed)

    def is_muted(self, layer: int, neuron: int) -> bool:
        """Whether a neuron is muted."""
        return (layer, neuron) in self._muted

    def is_soloed(self, layer: int, neuron: int) -> bool:
        """Whether a neuron is soloed."""
        return (layer, neuron) in self._soloed

    def mute(self, layer: int, neuron: int, muted: bool) -> None:
        """Leave a neuron out, or let it in again."""
        self._set(self._muted, (layer, neuron), muted)

    def solo(self, layer: int, neuron: int, soloed: bool) -> None:
        """Hear only this neuron of its layer (and others soloed with it), or all again."""
        self._set(self._soloed, (layer, neuron), soloed)

    def _set(self, neurons: set[Neuron], neuron: Neuron, there: bool) -> None:
        if (neuron in neurons) != there:
            neurons ^= {neuron}
            self._announce()

    def hear_all(self) -> None:
        """Hear the whole network again."""
        if not self.is_whole:
            self._muted.clear()
            self._soloed.clear()
            self._announce()

    def _announce(self) -> None:
        self.revision += 1
        self.changed.emit()

    def silent(self, layer: int, neuron: int) -> bool:
        """Whether a neuron is not heard, being muted or beside one that is soloed."""
        if (layer, neuron) in self._muted:
            return True
        soloed = {other for other in self._soloed if other[0] == layer}
        return bool(soloed) and (layer, neuron) not in soloed

    def heard(self, vector: FloatArray) -> FloatArray:
        """Parameters of the network as it is heard: nothing goes out of a silent neuron."""
        if self.is_whole:
            return vector
        network = self._desk.mix.network
        result = np.array(vector)
        for index, layer in enumerate(network.layers(result)[1:], start=1):
            silent = [
                neuron - 1
                for neuron in range(1, network.sizes[index] + 1)
                if self.silent(index, neuron)
            ]
            layer[:, silent] = 0.0
        return result

    def _follow_swap(self, layer: int, neuron: int) -> None:
        """What is heard stays what it was: the marks go with the neurons."""
        pair = {(layer, neuron): (layer, neuron + 1), (layer, neuron + 1): (layer, neuron)}
        moved = False
        for neurons in (self._muted, self._soloed):
            marked = neurons & pair.keys()
            if len(marked) == 1:
                neurons.difference_update(marked)
                neurons.update(pair[mark] for mark in marked)
                moved = True
        if moved:
            self._announce()

    def _forget_missing(self) -> None:
        network = self._desk.mix.network
        for neurons in (self._muted, self._soloed):
            neurons.intersection_update({n for n in neurons if _is_hidden(network, n)})
        self.revision += 1


def _is_hidden(network: Network, neuron: Neuron) -> bool:
    layer, number = neuron
    return layer < len(network.sizes) - 1 and number <= network.sizes[layer]
