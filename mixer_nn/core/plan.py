"""A training step as a fixed list of array calls, prepared once and then only executed."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.arrays import BoolArray, Call, FloatArray
from mixer_nn.core.batches import Batches, whole_batch
from mixer_nn.core.kernels import LeastSquaresKernel
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS, Workspace
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState
from mixer_nn.core.update import Update


class Plan:
    """Executes steps for one objective, one way of training and one set of free parameters.

    `free` is True where the optimizer may move a parameter; the others do not change by a bit.
    Building costs a fraction of a millisecond, so a plan is made anew whenever any of the three
    changes. Take steps between `load` and `state`.
    """

    def __init__(self, objective: Objective, settings: Settings, free: BoolArray) -> None:
        self._objective = objective
        self._optimizer = OPTIMIZERS[settings.optimizer]
        size = free.size
        self._vector_and_one, self._gradient = np.ones(size + 1), np.zeros(size)
        self._vector = self._vector_and_one[:-1]
        self.change = np.zeros(size)
        self._slots = np.zeros((self._optimizer.slots, size))
        self._held = np.flatnonzero(~free)
        self._count = [0]
        self._update = Update(objective, settings, free, self._workspace(settings))
        self._apply = self._update.calls
        full = settings.batch_size == FULL_BATCH or settings.batch_size >= objective.rows
        self.batch_size = objective.rows if full else settings.batch_size
        # Parts of a full batch that the step under way has behind it.
        self._done = 0
        self._full_batch = self._whole() if full else None
        self._batches = None if full else self._mini_batches(settings.batch_size)

    def _workspace(self, settings: Settings) -> Workspace:
        return Workspace(
            self._vector,
            self._gradient,
            self._slots,
            self.change,
            np.array(-settings.learning_rate),
            settings.momentum,
            settings.decay * self._objective.network.is_weight,
            self._count,
        )

    @property
    def clipped(self) -> float:
        """The share of the gradient's norm that the limiter took off in the last step; 0: none."""
        return self._update.clipped

    def _whole(self) -> list[list[Call]]:
        """The parts of a step over all rows: the gradient, and in the last what follows from it."""
        objective = self._objective
        if objective.is_least_squares:
            kernel = LeastSquaresKernel(objective, self._vector_and_one, self._gradient)
            return [[*kernel.calls, *self._apply]]
        parts = whole_batch(objective, self._vector, self._gradient)
        parts[-1] += self._apply
        return parts

    def _mini_batches(self, size: int) -> Batches:
        return Batches(self._objective, size, self._vector, self._gradient, self._apply)

    @property
    def is_full_batch(self) -> bool:
        """Whether a step takes all rows, so that a step is an epoch."""
        return self._full_batch is not None

    @property
    def parts(self) -> int:
        """How many parts a step has: one, or one for each chunk of a full batch of many rows."""
        return 1 if self._full_batch is None else len(self._full_batch)

    @property
    def is_within_a_step(self) -> bool:
        """Whether a step is begun and not yet taken."""
        return self._done > 0

    @property
    def rows_in_a_step(self) -> int:
        """Rows that a step has to go through: one, where second moments stand for all of them."""
        return 1 if self.is_full_batch and self._objective.is_least_squares else self.batch_size

    def load(self, state: TrainingState) -> None:
        """Take up a training where `state` says it stands."""
        self._vector[:] = state.parameters
        self._slots[:], self._known = state.memory_for(self._optimizer.key)
        self._slots[:, self._held] = 0.0
        self._count[0], self._loaded = self._known, state.step
        self._seed = state.seed
        self._step, self._epoch, self._place = state.step, state.epoch, state.place
        self._update.begin(state.epoch, state.place)
        self._done = 0

    def state(self) -> TrainingState:
        """Where the training stands now."""
        return TrainingState(
            self._vector.copy(),
            self._seed,
            self._step,
            self._epoch,
            self._place,
            self._slots.copy(),
            self._known + self._step - self._loaded if self._optimizer.slots else 0,
            self._optimizer.key,
        )

    @property
    def step(self) -> int:
        """Number of steps taken since the start of the training."""
        return self._step

    @property
    def epoch(self) -> int:
        """Number of full passes finished."""
        return self._epoch

    @property
    def place(self) -> int:
        """Rows of the present pass already used."""
        return self._place

    @property
    def parameters(self) -> FloatArray:
        """The parameters as they stand; changed in place by the next step."""
        return self._vector

    def run(self, steps: int) -> None:
        """Take that many steps. Overflow is not an error here: the caller looks at the loss."""
        with np.errstate(all="ignore"):
            self.take(steps)

    def take(self, steps: int) -> None:
        """`run`, for a caller that has told NumPy already to be silent, once for many runs."""
        if self._batches is not None:
            self._take_batches(self._batches, steps)
        elif self._full_batch is not None:
            if self.parts > 1:
                for _ in range(steps):
                    while not self.take_part():
                        pass
                return
            (calls,) = self._full_batch
            for _ in range(steps):
                for call in calls:
                    call()
            self._count_steps(steps)

    def take_part(self) -> bool:
        """Take the next part of a step; returns whether it was the last, so that the step is taken.

        Until then nothing has changed but what this plan knows of the gradient.
        """
        if self._full_batch is None or self.parts == 1:
            self.take(1)
            return True
        for call in self._full_batch[self._done]:
            call()
        self._done = (self._done + 1) % self.parts
        if self._done == 0:
            self._count_steps(1)
        return self._done == 0

    def _count_steps(self, steps: int) -> None:
        """Count steps over all rows, each an epoch."""
        self._step += steps
        self._epoch += steps
        self._place = 0

    def _take_batches(self, batches: Batches, steps: int) -> None:
        rows, last = self._objective.rows, self._step + steps
        while self._step < last:
            following = batches.following(self._seed, self._epoch, self._place)
            taken = following[: last - self._step]
            for calls in taken:
                for call in calls:
                    call()
            self._step += len(taken)
            self._place += len(taken) * self.batch_size
            if self._place >= rows:
                self._epoch, self._place = self._epoch + 1, 0
