"""Which parameters are looked at: the one under the pointer, the one chosen, those picked."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mixer_nn.core.rewire import survivors
from mixer_nn.state.desk import Desk


class Selection(QObject):
    """Indices of parameters; None: none. A view state: it never changes the mix.

    Where the network becomes another one, the chosen parameter stays chosen, at its new place,
    for as long as there is one; nothing is under the pointer or picked any more.
    """

    changed = Signal()
    picked_changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._network = desk, desk.mix.network
        self._hovered: int | None = None
        self._chosen: int | None = None
        self._pointed: tuple[int, int] | None = None
        self._picked: frozenset[int] = frozenset()
        desk.rewired.connect(self._follow)

    @property
    def hovered(self) -> int | None:
        """The parameter whose knob or symbol the pointer rests on."""
        return self._hovered

    def hover(self, index: int | None) -> None:
        """Let the pointer rest on a parameter, or on none."""
        if index != self._hovered:
            self._hovered = index
            self.changed.emit()

    @property
    def pointed(self) -> tuple[int, int] | None:
        """The neuron that a formula points at, as (layer, number) from 1; layer 0: an input.

        A view that draws channels lights the one of this neuron, or the row of this input.
        """
        return self._pointed

    def point_at(self, neuron: tuple[int, int] | None) -> None:
        """Point at a neuron (layer, number), an input (0, number), or at none."""
        if neuron != self._pointed:
            self._pointed = neuron
            self.changed.emit()

    @property
    def chosen(self) -> int | None:
        """The parameter whose knob has, or last had, the focus."""
        return self._chosen

    def choose(self, index: int | None) -> None:
        """Choose a parameter, or none."""
        if index != self._chosen:
            self._chosen = index
            self.changed.emit()

    @property
    def shown(self) -> int:
        """The parameter that is shown large: the chosen one, the first where none is."""
        count = self._desk.mix.network.parameter_count
        return self._chosen if self._chosen is not None and self._chosen < count else 0

    @property
    def picked(self) -> frozenset[int]:
        """The parameters that turn together, whichever of them is turned."""
        return self._picked

    def pick(self, picked: frozenset[int]) -> None:
        """Pick these, and no others."""
        if picked != self._picked:
            self._picked = picked
            self.picked_changed.emit()

    def _follow(self) -> None:
        before, self._network = self._network, self._desk.mix.network
        if before == self._network:
            return
        self.pick(frozenset())
        sources, targets = survivors(before, self._network)
        places = dict(zip(sources.tolist(), targets.tolist(), strict=True))
        self._hovered = self._pointed = None
        self._chosen = None if self._chosen is None else places.get(self._chosen)
        self.changed.emit()
