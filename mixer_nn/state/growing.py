"""The end of a record, where states are still added: a block that is not sealed yet."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.training import TrainingState
from mixer_nn.session.record import COUNTS, OVERHEAD, Block, Key, Way, key_of, state_of

FEW = 8
"""States that there is room for at first; twice as many whenever that is used up."""


class GrowingBlock:
    """Up to `most` states, as in `Block`, of which the first `count` are there."""

    def __init__(self, key: Key, most: int) -> None:
        self.key = key
        self.count = 0
        self.ways: list[Way | None] = []
        self._most = most
        self._copy: Block | None = None
        self._make_room(min(FEW, most))

    @staticmethod
    def of(block: Block, most: int) -> GrowingBlock:
        """One that begins with the states of a block, copied; it may be full at once."""
        made = GrowingBlock(block.key, max(most, len(block)))
        made.extend(block)
        return made

    def _make_room(self, rows: int) -> None:
        _, slots, size = self.key
        moves, counts = np.empty(rows, dtype=np.intp), np.empty((rows, len(COUNTS)), dtype=np.intp)
        values = np.empty((rows, 1 + slots, size))
        if self.count:
            moves[: self.count] = self.moves[: self.count]
            counts[: self.count] = self.counts[: self.count]
            values[: self.count] = self.values[: self.count]
        self.moves: IntArray = moves
        self.counts: IntArray = counts
        self.values: FloatArray = values

    def __len__(self) -> int:
        """Number of states."""
        return self.count

    @property
    def rows(self) -> int:
        """States that there is room for without making more."""
        return len(self.moves)

    @property
    def is_full(self) -> bool:
        """Whether no state can be added any more."""
        return self.count >= self._most

    @property
    def nbytes(self) -> int:
        """Memory it takes, about."""
        numbers = self.moves.nbytes + self.counts.nbytes + self.values.nbytes
        return numbers + 8 * self.rows + OVERHEAD

    def takes(self, state: TrainingState) -> bool:
        """Whether a state is of the kind that this block is of."""
        return key_of(state) == self.key

    def add(self, move: int, state: TrainingState, way: Way | None) -> None:
        """Add a state, after all others."""
        if self.count == self.rows:
            self._make_room(max(self.count + 1, min(2 * self.rows, self._most)))
        self.count += 1
        self.ways.append(way)
        self.put(self.count - 1, move, state)

    def put(self, row: int, move: int, state: TrainingState) -> None:
        """Let a state take the place of another."""
        self._copy = None
        self.moves[row] = move
        self.counts[row] = (state.seed, state.step, state.epoch, state.place, state.count)
        values = self.values[row]
        values[0] = state.parameters
        if len(values) > 1:
            values[1:] = state.slots

    def extend(self, block: Block) -> None:
        """Add the states of a block of the same kind."""
        self._copy = None
        begin, end = self.count, self.count + len(block)
        if end > self.rows:
            self._make_room(end)
        self.moves[begin:end], self.counts[begin:end] = block.moves, block.counts
        self.values[begin:end] = block.values
        self.ways += block.ways
        self.count = end

    def state(self, row: int) -> TrainingState:
        """A state, bit for bit as it was."""
        return state_of(self.key[0], self.counts[row], self.values[row])

    def cut(self, count: int) -> None:
        """Keep the first `count` only."""
        self._copy = None
        self.count = count
        del self.ways[count:]

    def forget_way(self) -> None:
        """Say that no way leads to the first state."""
        self._copy = None
        self.ways[0] = None

    def block(self) -> Block:
        """All states, copied; the very same block until something changes."""
        if self._copy is None:
            self._copy = self.block_of_rows(0, self.count)
        return self._copy

    def block_of_rows(self, first: int, last: int) -> Block:
        """The states from row `first` up to before `last`, copied."""
        rows = slice(first, last)
        values, ways = self.values[rows], tuple(self.ways[rows])
        return Block(self.key[0], self.moves[rows], self.counts[rows], values, ways)

    def sealed(self) -> Block:
        """All states, without a copy where no room is left over: nothing may be added after."""
        if self.count < self.rows:
            return self.block()
        for array in (self.moves, self.counts, self.values):
            array.flags.writeable = False
        return Block(self.key[0], self.moves, self.counts, self.values, tuple(self.ways))
