"""Some parameters along the states kept of a run, each state read only once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.training import TrainingState


class Kept(NamedTuple):
    """A state kept of a run, and the move it stood at; serial numbers only ever grow."""

    serial: int
    move: int
    state: TrainingState


class Trail:
    """What `indices` were at every so many of the states kept, at most `most` of them.

    A run keeps states at its end, takes back those of a future that was left, and now and then
    drops every second one. Whichever it was, the states that were read before are a beginning of
    the present ones, found by their serial numbers; only what follows is read.
    """

    def __init__(self, indices: Sequence[int], most: int) -> None:
        self._indices: IntArray = np.array(indices, dtype=np.intp)
        self._most = most
        self._serials: list[int] = []
        self._moves: list[int] = []
        self._values: FloatArray = np.empty((0, len(indices)))

    def read(self, kept: Sequence[Kept], last: int) -> tuple[FloatArray, FloatArray]:
        """Moves (n,) and values (n, indices) up to move `last`; they hold until the next time."""
        stride = 1
        while len(kept) > self._most * stride:
            stride *= 2
        self._read_on(kept[::stride])
        count = bisect_left(self._moves, last)
        return np.array(self._moves[:count], dtype=np.float64), self._values[:count]

    def _read_on(self, chosen: Sequence[Kept]) -> None:
        old = self._serials
        both = range(min(len(old), len(chosen)))
        known = bisect_left(both, True, key=lambda place: chosen[place].serial != old[place])
        new = chosen[known:]
        self._serials[known:] = [entry.serial for entry in new]
        self._moves[known:] = [entry.move for entry in new]
        if len(chosen) > len(self._values):
            room = np.empty((max(64, 2 * len(chosen)), self._indices.size))
            room[:known] = self._values[:known]
            self._values = room
        for place, entry in enumerate(new, known):
            self._values[place] = entry.state.parameters[self._indices]
