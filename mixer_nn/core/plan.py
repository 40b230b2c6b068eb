"""A training step as a fixed list of array calls, prepared once and then only executed."""

from __future__ import annotations

import numpy as np

from mixer_nn.core.activations import Call
from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.kernels import LeastSquaresKernel, NetworkKernel
from mixer_nn.core.least_squares import design
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS, Workspace
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, order_of_rows
from mixer_nn.core.update import Update

BLOCK_BATCHES, BLOCK_ROWS = 256, 8192
"""Gathered at a time, at most: what one epoch of most tables needs, and a bound for the largest."""


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
        self._count = [0]
        self._update = Update(objective, settings, free, self._workspace(settings))
        self._apply = self._update.calls
        full = settings.batch_size == FULL_BATCH or settings.batch_size >= objective.rows
        self.batch_size = objective.rows if full else settings.batch_size
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

    def _whole(self) -> list[Call]:
        """The gradient over all rows, and the step that follows from it."""
        objective = self._objective
        if objective.is_least_squares:
            calls = LeastSquaresKernel(objective, self._vector_and_one, self._gradient).calls
        else:
            kernel = NetworkKernel(
                objective.network, objective.loss, objective.rows, self._vector, self._gradient
            )
            inputs = np.vstack([objective.inputs.T, np.ones(objective.rows)])
            calls = kernel.calls(inputs, np.ascontiguousarray(objective.targets.T))
        return [*calls, *self._apply]

    def _mini_batches(self, size: int) -> _Batches:
        return _Batches(self._objective, size, self._vector, self._gradient, self._apply)

    @property
    def is_full_batch(self) -> bool:
        """Whether a step takes all rows, so that a step is an epoch."""
        return self._full_batch is not None

    @property
    def rows_in_a_step(self) -> int:
        """Rows that a step has to go through: one, where second moments stand for all of them."""
        return 1 if self.is_full_batch and self._objective.is_least_squares else self.batch_size

    def load(self, state: TrainingState) -> None:
        """Take up a training where `state` says it stands."""
        self._vector[:] = state.parameters
        # Another optimizer's memory means nothing to this one, and a state may leave it unsaid.
        known = state.optimizer == self._optimizer.key and state.slots.size > 0
        self._slots[:] = state.slots if known else 0.0
        self._count[0] = state.count if known else 0
        self._seed = state.seed
        self._step, self._epoch, self._place = state.step, state.epoch, state.place
        self._update.begin(state.epoch, state.place)

    def state(self) -> TrainingState:
        """Where the training stands now."""
        return TrainingState(
            self._vector.copy(),
            self._seed,
            self._step,
            self._epoch,
            self._place,
            self._slots.copy(),
            self._count[0],
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
            calls = self._full_batch
            for _ in range(steps):
                for call in calls:
                    call()
            self._step += steps
            self._epoch += steps
            self._place = 0

    def _take_batches(self, batches: _Batches, steps: int) -> None:
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


class _Batches:
    """The batches of an epoch, gathered into blocks whose views and calls are made once.

    `apply` is what follows the gradient in each step.
    """

    def __init__(
        self,
        objective: Objective,
        size: int,
        vector: FloatArray,
        gradient: FloatArray,
        apply: list[Call],
    ) -> None:
        self._objective, self._size, self._apply = objective, size, apply
        self._vector, self._gradient = vector, gradient
        self._inputs = design(objective.inputs)
        self._targets = objective.targets
        self._rows = objective.rows
        count = min(BLOCK_BATCHES, max(BLOCK_ROWS // size, 1), -(-self._rows // size))
        self._span = count * size
        # Batch after batch, each of them features first and contiguous.
        self._block_inputs = np.empty(self._span * self._inputs.shape[1])
        self._block_targets = np.empty(self._span * self._targets.shape[1])
        self._kernels: dict[int, NetworkKernel] = {}
        self._calls: dict[tuple[int, int], list[Call]] = {}
        self._order: tuple[int, int] | None = None
        self._gathered: tuple[int, list[list[Call]]] | None = None

    def following(self, seed: int, epoch: int, place: int) -> list[list[Call]]:
        """The calls of each batch of `epoch` from the row at `place` on, some or all of them.

        They hold until the next call of this.
        """
        if self._order != (seed, epoch):
            self._order, self._gathered = (seed, epoch), None
            self._permutation = order_of_rows(seed, epoch, self._rows)
        if self._gathered is not None:
            first, batches = self._gathered
            # A place off the grid (the batch size changed within the epoch) starts its own block.
            if first <= place < first + self._span and (place - first) % self._size == 0:
                return batches[(place - first) // self._size :]
        batches = self._gather(self._permutation[place : place + self._span])
        self._gathered = (place, batches)
        return batches

    def _gather(self, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[list[Call]]:
        """Bring these rows into the block, batch by batch; returns the calls of each."""
        for table, block in (
            (self._inputs, self._block_inputs),
            (self._targets, self._block_targets),
        ):
            found, width = table.take(rows, axis=0), table.shape[1]
            whole = len(rows) - len(rows) % self._size
            batches = found[:whole].reshape(-1, self._size, width).transpose(0, 2, 1)
            np.copyto(block[: whole * width].reshape(batches.shape), batches)
            short = found[whole:].T
            np.copyto(block[whole * width : found.size].reshape(short.shape), short)
        offsets = range(0, len(rows), self._size)
        return [self._batch(offset, min(self._size, len(rows) - offset)) for offset in offsets]

    def _batch(self, offset: int, taken: int) -> list[Call]:
        calls = self._calls.get((offset, taken))
        if calls is None:
            kernel = self._kernels.get(taken)
            if kernel is None:
                kernel = NetworkKernel(
                    self._objective.network,
                    self._objective.loss,
                    taken,
                    self._vector,
                    self._gradient,
                )
                self._kernels[taken] = kernel
            views = [
                block[offset * width : (offset + taken) * width].reshape(width, taken)
                for block, width in (
                    (self._block_inputs, self._inputs.shape[1]),
                    (self._block_targets, self._targets.shape[1]),
                )
            ]
            calls = [*kernel.calls(*views), *self._apply]
            self._calls[offset, taken] = calls
        return calls
