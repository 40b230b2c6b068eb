"""Where a training stands, and how it is set: small frozen values that undo and files share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from mixer_nn.core.arrays import FloatArray, IntArray, frozen
from mixer_nn.core.network import Network
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.seeds import Stream, stream

FULL_BATCH = 0
"""The batch size that means: all training rows in every step."""


@dataclass(frozen=True)
class Settings:
    """How to train; none of it changes where the training stands.

    `batch_size` counts rows, `FULL_BATCH` for all. `tolerance`: a full-batch training has
    settled when ten steps in a row move no free parameter p by more than tolerance·max(1, |p|).
    `momentum` is for the optimizers that have one, `decay` for AdamW. `schedule`, `warm_up` and
    `horizon` (epochs) change the learning rate as training goes on; `clip` is the largest norm
    that the gradient may have, None for any; `l1` and `l2` pull the weights, not the biases,
    toward 0: they add l1·sign(w) + l2·w to the gradient.
    """

    learning_rate: float
    batch_size: int = FULL_BATCH
    optimizer: str = "gradient-descent"
    tolerance: float = 1e-6
    momentum: float = 0.9
    decay: float = 0.01
    schedule: str = "constant"
    warm_up: float = 0.0
    horizon: float = 100.0
    clip: float | None = None
    l1: float = 0.0
    l2: float = 0.0


@dataclass(frozen=True, eq=False)
class TrainingState:
    """Everything that the next step depends on, besides data and settings.

    `slots` is the optimizer's memory, (slots, parameters). `step` counts updates, `epoch` full
    passes, `place` the rows of the present pass already used. The order of the rows in an epoch
    and every random draw follow from `seed` and `epoch`, so no generator has to be kept. `count`
    is the number of updates that the optimizer's memory knows of, `optimizer` whose memory it is:
    another begins with an empty one.
    """

    parameters: FloatArray
    seed: int
    step: int = 0
    epoch: int = 0
    place: int = 0
    slots: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))
    count: int = 0
    optimizer: str = "gradient-descent"

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "parameters", frozen(self.parameters))
        object.__setattr__(self, "slots", frozen(self.slots))

    @property
    def _counts(self) -> tuple[int | str, ...]:
        return (self.seed, self.step, self.epoch, self.place, self.count, self.optimizer)

    def memory_for(self, optimizer: str) -> tuple[FloatArray, int]:
        """What that optimizer may go on from: slots, and the count of updates they know of.

        Another's memory means nothing to it, and a state may leave its own unsaid: then empty.
        """
        if self.optimizer == optimizer and self.slots.size:
            return self.slots, self.count
        return np.zeros((OPTIMIZERS[optimizer].slots, self.parameters.size)), 0

    def forgetting(self, indices: IntArray) -> TrainingState:
        """The same with nothing remembered of some parameters, as when a hand has moved them."""
        if not self.slots.size:
            return self
        slots = np.array(self.slots)
        slots[:, indices] = 0.0
        return replace(self, slots=slots)

    @property
    def nbytes(self) -> int:
        """Memory it takes, about."""
        return self.parameters.nbytes + self.slots.nbytes + 200

    def same(self, other: TrainingState) -> bool:
        """Whether both are equal to the last bit (−0.0 is not 0.0 here, and NaN equals itself)."""
        return (
            self._counts == other._counts
            and self.parameters.tobytes() == other.parameters.tobytes()
            and self.slots.shape == other.slots.shape
            and self.slots.tobytes() == other.slots.tobytes()
        )


def start(network: Network, optimizer: str, seed: int) -> TrainingState:
    """The state before the first step: initial parameters drawn from the seed, empty memory."""
    parameters = network.initial(stream(seed, Stream.INIT))
    slots = np.zeros((OPTIMIZERS[optimizer].slots, parameters.size))
    return TrainingState(parameters, seed, slots=slots, optimizer=optimizer)


def order_of_rows(seed: int, epoch: int, rows: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The order in which an epoch takes its rows: indices 0 to rows − 1, shuffled."""
    return stream(seed, Stream.BATCHES, epoch).permutation(rows)


def rows_of_next_step(state: TrainingState, batch_size: int, rows: int) -> IntArray:
    """Which of `rows` training rows the next step looks at, in its order; all in a full batch."""
    if batch_size == FULL_BATCH or batch_size >= rows:
        return np.arange(rows)
    return order_of_rows(state.seed, state.epoch, rows)[state.place : state.place + batch_size]
