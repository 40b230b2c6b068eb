"""Some parameters along the states of a record, each sealed block read only once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.session.record import Block
from mixer_nn.state.growing import GrowingBlock


class RecordTrace:
    """What `indices` were at every so many of the states, at most `most` of them.

    What was read of sealed blocks stays good until some of them change.
    """

    def __init__(self, indices: Sequence[int], most: int) -> None:
        self._indices: IntArray = np.array(indices, dtype=np.intp)
        self._most = most
        self._moves: FloatArray = np.empty(most + 1)
        self._values: FloatArray = np.empty((most + 1, len(indices)))
        self._read_of = (-1, 0)
        self._blocks = self._rows = self._filled = 0

    def read(
        self, sealed: Sequence[Block], growing: GrowingBlock, revision: int, last: float
    ) -> tuple[FloatArray, FloatArray]:
        """Moves (n,) and values (n, indices) before move `last`; they hold until the next time.

        `revision` is another whenever sealed blocks are others than one more at the end.
        """
        # The rows read before are counted anew only where they may have become others.
        if self._read_of[0] != revision:
            self._begin(revision, 1)
        rows = self._rows + sum(len(block) for block in sealed[self._blocks :]) + len(growing)
        stride = self._read_of[1]
        while rows > self._most * stride:
            stride *= 2
        if stride != self._read_of[1]:
            self._begin(revision, stride)
        for block in sealed[self._blocks :]:
            self._filled += self._copy(block, len(block))
            self._rows += len(block)
        self._blocks = len(sealed)
        filled = self._filled + self._copy(growing, len(growing))
        count = int(np.searchsorted(self._moves[:filled], last))
        return self._moves[:count], self._values[:count]

    def _begin(self, revision: int, stride: int) -> None:
        self._read_of = revision, stride
        self._blocks = self._rows = self._filled = 0

    def _copy(self, part: Block | GrowingBlock, rows: int) -> int:
        """Read every so many of a block's states, after what is there; returns how many."""
        stride = self._read_of[1]
        chosen = slice(-self._rows % stride, rows, stride)
        moves = part.moves[chosen]
        end = self._filled + len(moves)
        self._moves[self._filled : end] = moves
        if len(moves):
            self._values[self._filled : end] = part.values[chosen, 0][:, self._indices]
        return len(moves)
