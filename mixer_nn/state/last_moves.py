"""What moved each parameter last: a step of the optimizer, or a hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject

from mixer_nn.session.mix import Mix
from mixer_nn.state.desk import Desk


@dataclass(frozen=True)
class LastMove:
    """By how much a parameter was changed, and by what: so many steps, 0 of them for a hand.

    `step` is the number of the last of those steps.
    """

    change: float
    steps: int
    step: int

    @property
    def by_hand(self) -> bool:
        """Whether a hand has turned it."""
        return self.steps == 0


class LastMoves(QObject):
    """Watches the desk. It keeps two mixes and compares nothing before it is asked.

    Undo, cues, looks back and whatever else puts another mix on the desk are no moves: then none
    is known.
    """

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._mix = desk, desk.mix
        self._is_past = False
        self._stepped: tuple[Mix, Mix] | None = None
        self._grabbed: dict[int, float] = {}
        self._turned: dict[int, float] = {}
        desk.dirtied.connect(self._note)

    def of(self, index: int) -> LastMove | None:
        """The last move of a parameter; None where none is known."""
        if index in self._turned:
            return LastMove(self._turned[index], 0, self._mix.state.step)
        if self._stepped is None:
            return None
        before, after = self._stepped
        change = float(after.parameters[index] - before.parameters[index])
        return LastMove(change, after.state.step - before.state.step, after.state.step)

    def _note(self) -> None:
        before, self._mix = self._mix, self._desk.mix
        if self._mix is not before:
            self._note_mix(before)
        self._note_hands()

    def _note_mix(self, before: Mix) -> None:
        was_past, self._is_past = self._is_past, self._desk.is_visiting
        if was_past or self._is_past:
            self._stepped = None
            self._turned.clear()
            return
        mix, touched = self._mix, self._desk.touched
        steps = mix.state.step - before.state.step
        same_run = mix.run == before.run and mix.network == before.network
        if same_run and steps > 0:
            self._stepped = before, mix
            self._turned = {i: by for i, by in self._turned.items() if i in touched}
        elif not same_run or steps < 0 or (not touched and _differ(before, mix)):
            self._stepped = None
            self._turned.clear()

    def _note_hands(self) -> None:
        vector, touched = self._mix.parameters, self._desk.touched
        for index in touched:
            start = self._grabbed.setdefault(index, float(vector[index]))
            if vector[index] != start or index in self._turned:
                self._turned[index] = float(vector[index]) - start
        for index in self._grabbed.keys() - touched:
            del self._grabbed[index]


def _differ(one: Mix, other: Mix) -> bool:
    return not np.array_equal(one.parameters, other.parameters)
