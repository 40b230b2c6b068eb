"""Mute and solo: hearing the network without a neuron, or with only one of its layer; and two
networks at once.

Listening, not training: predictions, meters and thumbnails use what is heard; the loss, its
curve, the gradient and Auto-mix go on with the whole network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.network import Network
from mixer_nn.state.desk import Desk

Neuron = tuple[int, int]
"""Layer and neuron, both counted from 1."""


@dataclass(frozen=True, eq=False)
class Blend:
    """Two networks heard at once: the outputs of `a` and `b` (parameters,), `share` of them b's."""

    a: FloatArray
    b: FloatArray
    share: float


class Listening(QObject):
    """Which hidden neurons are muted or soloed, and whether two networks are heard at once.

    A view state: it never changes the mix.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._muted: set[Neuron] = set()
        self._soloed: set[Neuron] = set()
        self._blend: Callable[[], Blend | None] | None = None
        self.revision = 0
        desk.rewired.connect(self._forget_missing)
        desk.swapped.connect(self._follow_swap)

    @property
    def is_whole(self) -> bool:
        """Whether the whole network is heard."""
        return not (self._muted or self._soloed)

    @property
    def is_plain(self) -> bool:
        """Whether the mix itself is heard, and all of it."""
        return self.is_whole and self.blend is None

    # -- two networks -------------------------------------------------------------------------

    def set_blend(self, blend: Callable[[], Blend | None] | None) -> None:
        """Hear two networks at once: those that `blend` gives whenever it is asked; None: one."""
        if blend is not self._blend:
            self._blend = blend
            self.announce()

    @property
    def has_blend(self) -> bool:
        """Whether somebody has set what is heard besides the mix."""
        return self._blend is not None

    @property
    def blend(self) -> Blend | None:
        """The two networks that are heard; None where the mix alone is."""
        return None if self._blend is None else self._blend()

    # -- neurons ------------------------------------------------------------------------------

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
            self.announce()

    def hear_all(self) -> None:
        """Hear the mix again, and all of it."""
        if not self.is_whole or self.has_blend:
            self._muted.clear()
            self._soloed.clear()
            self._blend = None
            self.announce()

    def announce(self) -> None:
        """Tell that something else is heard."""
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
            self.announce()

    def _forget_missing(self) -> None:
        network = self._desk.mix.network
        for neurons in (self._muted, self._soloed):
            neurons.intersection_update({n for n in neurons if _is_hidden(network, n)})
        self.revision += 1


def _is_hidden(network: Network, neuron: Neuron) -> bool:
    layer, number = neuron
    return layer < len(network.sizes) - 1 and number <= network.sizes[layer]
