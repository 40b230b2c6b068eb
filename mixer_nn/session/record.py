"""States kept along a run, packed in arrays that nobody can write to: history and files share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray, frozen
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.problem import Problem
from mixer_nn.core.training import Settings, TrainingState

COUNTS = ("seed", "step", "epoch", "place", "count")
"""The whole numbers of a state, in the order of `Block.counts`."""

Key: TypeAlias = tuple[str, int, int]
"""What all states of a block have in common: optimizer, number of slots, of parameters."""

OVERHEAD = 600
"""Bytes that a block takes besides the numbers in it, about."""


@dataclass(frozen=True, eq=False)
class Way:
    """How steps were made: on what, with which settings, and which parameters were free to move.

    `problem` is None where it is not known, as of other data in an opened file; such steps cannot
    be taken again.
    """

    problem: Problem | None
    settings: Settings
    free: BoolArray

    def __post_init__(self) -> None:
        """Freeze the array."""
        if self.free.flags.writeable or self.free.base is not None:
            free = np.array(self.free, dtype=np.bool_)
            free.flags.writeable = False
            object.__setattr__(self, "free", free)

    def same(self, other: Way) -> bool:
        """Whether the same state would be led to the same next one, to the last bit."""
        if self is other:
            return True
        return (
            self.problem is other.problem
            and (self.settings is other.settings or self.settings == other.settings)
            and (self.free is other.free or np.array_equal(self.free, other.free))
        )


@dataclass(frozen=True, eq=False)
class Block:
    """States kept of one run, all of one optimizer and one number of slots and of parameters.

    `moves` (n,) are their places in the run, increasing; `counts` (n, 5) as in `COUNTS`; `values`
    (n, 1 + slots, parameters): parameters first, then the optimizer's memory. `ways` tells of each
    how the stretch that ends there was made from the state kept before; None: not by steps, or by
    steps that cannot be taken again. Raises ValueError where these do not fit together.
    """

    optimizer: str
    moves: IntArray
    counts: IntArray
    values: FloatArray
    ways: tuple[Way | None, ...]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "moves", _frozen_integers(self.moves))
        object.__setattr__(self, "counts", _frozen_integers(self.counts))
        object.__setattr__(self, "values", frozen(self.values))
        count = len(self.ways)
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"there is no optimizer “{self.optimizer}”")
        if self.moves.shape != (count,) or self.counts.shape != (count, len(COUNTS)):
            raise ValueError("a block's arrays must be about the same states")
        if self.values.ndim != 3 or len(self.values) != count or self.values.shape[1] < 1:
            raise ValueError("a block's values must be (states, 1 + slots, parameters)")
        if not (self.moves[1:] > self.moves[:-1]).all():
            raise ValueError("a block's moves must increase")

    def __len__(self) -> int:
        """Number of states."""
        return len(self.ways)

    @property
    def key(self) -> Key:
        """What all its states have in common."""
        return self.optimizer, self.values.shape[1] - 1, self.values.shape[2]

    @property
    def nbytes(self) -> int:
        """Memory it takes, about, without its ways, which blocks share."""
        numbers = self.moves.nbytes + self.counts.nbytes + self.values.nbytes
        return numbers + 8 * len(self.ways) + OVERHEAD

    def state(self, index: int) -> TrainingState:
        """A state, bit for bit as it was."""
        return state_of(self.optimizer, self.counts[index], self.values[index])

    def block_of_rows(self, first: int, last: int) -> Block:
        """The states from row `first` up to before `last`."""
        rows = slice(first, last)
        return Block(
            self.optimizer, self.moves[rows], self.counts[rows], self.values[rows], self.ways[rows]
        )

    def led_by(self, ways: tuple[Way | None, ...]) -> Block:
        """The same states, made in other ways."""
        return Block(self.optimizer, self.moves, self.counts, self.values, ways)


def key_of(state: TrainingState) -> Key:
    """What a state must have in common with the others of its block."""
    slots = len(state.slots) if state.slots.size else 0
    return state.optimizer, slots, state.parameters.size


def state_of(optimizer: str, counts: IntArray, values: FloatArray) -> TrainingState:
    """The state of one row of counts (5,) and values (1 + slots, parameters)."""
    seed, step, epoch, place, count = counts.tolist()
    # A state may leave its memory unsaid; one whose optimizer needs none has an empty one.
    slots = values[1:] if len(values) > 1 or not OPTIMIZERS[optimizer].slots else np.zeros((0, 0))
    return TrainingState(values[0], seed, step, epoch, place, slots, count, optimizer)


def _frozen_integers(values: ArrayLike) -> IntArray:
    """As `frozen`, for whole numbers."""
    array = np.asarray(values, dtype=np.intp)
    if array.flags.writeable or array.base is not None:
        array = np.array(array, dtype=np.intp, order="C")
        array.flags.writeable = False
    return array
