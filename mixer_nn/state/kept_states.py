"""Reading a record: which states there are, which is nearest, how to come to those between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.training import TrainingState
from mixer_nn.session.record import Block, Way
from mixer_nn.state.growing import GrowingBlock
from mixer_nn.state.record_trace import RecordTrace

TRACES = 8
"""Sets of parameters whose past is remembered, so that only what is new has to be read."""

Place = tuple[int, int]
"""A block's number, that of the growing one being the number of sealed ones; and a row of it."""


class KeptStates:
    """States with the moves they stood at: sealed blocks, and the growing one with the last."""

    def __init__(self) -> None:
        self.sealed: list[Block] = []
        self.inside_revision = 0
        self.growing: GrowingBlock | None = None
        self._count = 0
        self._moves: IntArray | None = None
        self._traces: dict[tuple[tuple[int, ...], int], RecordTrace] = {}

    def __len__(self) -> int:
        """Number of states."""
        return self._count

    @property
    def moves(self) -> IntArray:
        """The moves of all states, (n,); a view that holds until the next change."""
        if self.growing is None:
            return np.empty(0, dtype=np.intp)
        if self._moves is None:
            parts = [block.moves for block in self.sealed]
            parts.append(self.growing.moves[: self.growing.count])
            self._moves = np.empty(self._count + self._count // 4 + 64, dtype=np.intp)
            np.concatenate(parts, out=self._moves[: self._count])
        view = self._moves[: self._count]
        view.flags.writeable = False
        return view

    @property
    def first(self) -> int:
        """The first move; IndexError where there is none."""
        if self.growing is None:
            raise IndexError("nothing is kept yet")
        return self._move_at((0, 0))

    @property
    def last(self) -> int:
        """The last move; IndexError where there is none."""
        if self.growing is None:
            raise IndexError("nothing is kept yet")
        return int(self.growing.moves[self.growing.count - 1])

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All states, in blocks that will never change."""
        if self.growing is None:
            return ()
        return (*self.sealed, self.growing.block())

    def nearest(self, move: int) -> tuple[int, TrainingState] | None:
        """The state nearest to `move`, of two as near the earlier, and its move; None: empty."""
        place = self._find(move)
        if place is None:
            place = (0, 0) if self.growing is not None else None
        elif (following := self._next(place)) is not None:
            behind, ahead = move - self._move_at(place), self._move_at(following) - move
            place = following if ahead < behind else place
        return None if place is None else self._found(place)

    def before(self, move: int) -> tuple[int, TrainingState] | None:
        """The last state up to `move` and at it, and its move; None where there is none."""
        place = self._find(move)
        return None if place is None else self._found(place)

    def way_to(self, move: int) -> tuple[TrainingState, Way, int] | None:
        """How to come to a move between two states: from which, by which way, in how many steps.

        None where there is a state, or no steps are known that lead there.
        """
        place = self._find(move)
        following = None if place is None else self._next(place)
        if place is None or following is None:
            return None
        way, steps = self._way_at(following), move - self._move_at(place)
        if not steps or way is None or way.problem is None:
            return None
        return self._found(place)[1], way, steps

    def trace(
        self, indices: Sequence[int], most: int, last: float
    ) -> tuple[FloatArray, FloatArray]:
        """Parameters at some of the states before move `last`: moves (n,), values (n, indices).

        At most `most` of them, evenly spread over all states, the first among them. They hold
        until the next time.
        """
        key = tuple(indices), most
        found = self._traces.pop(key, None) or RecordTrace(indices, most)
        self._traces[key] = found
        if len(self._traces) > TRACES:
            del self._traces[next(iter(self._traces))]
        if self.growing is None:
            return np.empty(0), np.empty((0, len(indices)))
        return found.read(self.sealed, self.growing, self.inside_revision, last)

    # -- for the thinner ------------------------------------------------------------------------

    def place_beyond(self, move: int) -> int | None:
        """The number of the first sealed block that has states beyond `move`."""
        number = bisect_right(self.sealed, move, key=_last_move)
        return number if number < len(self.sealed) else None

    def block_after(self, block: Block) -> Block | None:
        """The sealed block after a sealed one; None where the growing one is."""
        number = self.sealed.index(block) + 1
        return self.sealed[number] if number < len(self.sealed) else None

    def way_after(self, block: Block) -> Way | None:
        """The way that leads on from the last state of a sealed block."""
        return self._way_at((self.sealed.index(block) + 1, 0))

    # -- places -------------------------------------------------------------------------------

    def _part(self, number: int) -> Block | GrowingBlock:
        if number < len(self.sealed):
            return self.sealed[number]
        assert self.growing is not None
        return self.growing

    def _find(self, move: int) -> Place | None:
        """The place of the last state up to `move` and at it."""
        growing = self.growing
        if growing is None:
            return None
        number = len(self.sealed)
        if move < growing.moves[0]:
            number = bisect_right(self.sealed, move, key=_first_move) - 1
            if number < 0:
                return None
        part = self._part(number)
        return number, int(np.searchsorted(part.moves[: len(part)], move, side="right")) - 1

    def _next(self, place: Place) -> Place | None:
        number, row = place
        if row + 1 < len(self._part(number)):
            return number, row + 1
        return (number + 1, 0) if number < len(self.sealed) else None

    def _move_at(self, place: Place) -> int:
        return int(self._part(place[0]).moves[place[1]])

    def _way_at(self, place: Place) -> Way | None:
        return self._part(place[0]).ways[place[1]]

    def _found(self, place: Place) -> tuple[int, TrainingState]:
        return self._move_at(place), self._part(place[0]).state(place[1])

    def _note_move(self, move: int) -> None:
        """The last of the moves has become another, or one more."""
        if self._moves is not None:
            if self._count > len(self._moves):
                self._moves = None
            else:
                self._moves[self._count - 1] = move

    def _changed_inside(self) -> None:
        """Sealed blocks are others than before, apart from one more at the end."""
        self._moves = None
        self.inside_revision += 1


def _first_move(block: Block) -> int:
    return int(block.moves[0])


def _last_move(block: Block) -> int:
    return int(block.moves[-1])
