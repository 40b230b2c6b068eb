"""A training step as a fixed list of array calls, prepared once and then only executed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.kernels import LeastSquaresKernel, NetworkKernel, with_ones
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS, Call
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, order_of_rows

BLOCK = 256
"""Batches gathered at a time: what one epoch of most tables needs, and a bound for the largest."""


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
        self._vector, self._gradient = np.zeros(size), np.zeros(size)
        self.change = np.zeros(size)
        self._slots = np.zeros((self._optimizer.slots, size))
        self._apply: list[Call] = [
            *self._optimizer.plan(self._gradient, self._slots, settings.learning_rate, self.change),
            *self._hold(free),
            partial(np.add, self._vector, self.change, self._vector),
        ]
        full = settings.batch_size == FULL_BATCH or settings.batch_size >= objective.rows
        self.batch_size = objective.rows if full else settings.batch_size
        self._full_batch = self._whole() if full else None
        self._batches: _Batches | None = None

    def _hold(self, free: BoolArray) -> list[Call]:
        """Calls that make the change of what is not free exactly 0."""
        held = np.flatnonzero(~free)
        silence: Call = partial(self.change.__setitem__, held, 0.0)
        return [silence] if held.size else []

    def _whole(self) -> list[Call]:
        """The gradient over all rows, and the step that follows from it."""
        if self._objective.is_least_squares:
            calls = LeastSquaresKernel(self._objective, self._vector, self._gradient).calls
        else:
            kernel = NetworkKernel(
                self._objective.network, self._objective.rows, self._vector, self._gradient
            )
            inputs = with_ones(self._objective.inputs)
            calls = kernel.calls(inputs, np.ascontiguousarray(self._objective.targets.T))
        whole: list[Call] = [*calls, *self._apply]
        return whole

    @property
    def is_full_batch(self) -> bool:
        """Whether a step takes all rows, so that a step is an epoch."""
        return self._full_batch is not None

    def load(self, state: TrainingState) -> None:
        """Take up a training where `state` says it stands."""
        self._vector[:] = state.parameters
        self._slots[:] = state.slots
        self._seed = state.seed
        self._step, self._epoch, self._place = state.step, state.epoch, state.place

    def state(self) -> TrainingState:
        """Where the training stands now."""
        return TrainingState(
            self._vector.copy(),
            self._seed,
            self._step,
            self._epoch,
            self._place,
            self._slots.copy(),
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
            if self._full_batch is not None:
                self._run_full(self._full_batch, steps)
            else:
                self._run_batches(steps)

    def _run_full(self, calls: list[Call], steps: int) -> None:
        for _ in range(steps):
            for call in calls:
                call()
        self._step += steps
        self._epoch += steps
        self._place = 0

    def _run_batches(self, steps: int) -> None:
        if self._batches is None:
            self._batches = _Batches(self._objective, self.batch_size, self._vector, self._gradient)
        apply = self._apply
        rows = self._objective.rows
        while steps > 0:
            for calls, taken in self._batches.following(self._seed, self._epoch, self._place):
                for call in calls:
                    call()
                for call in apply:
                    call()
                self._step += 1
                self._place += taken
                steps -= 1
                if steps == 0:
                    break
            if self._place >= rows:
                self._epoch, self._place = self._epoch + 1, 0


class _Batches:
    """The batches of an epoch, gathered into blocks whose views and calls are made once."""

    def __init__(
        self, objective: Objective, batch_size: int, vector: FloatArray, gradient: FloatArray
    ) -> None:
        self._inputs = with_ones(objective.inputs)
        self._targets = np.ascontiguousarray(objective.targets.T)
        self._network, self._size = objective.network, batch_size
        self._rows = objective.rows
        self._vector, self._gradient = vector, gradient
        self._span = min(BLOCK, -(-self._rows // batch_size)) * batch_size
        self._block_inputs = np.empty((len(self._inputs), self._span))
        self._block_targets = np.empty((len(self._targets), self._span))
        self._kernels: dict[int, NetworkKernel] = {}
        self._calls: dict[tuple[int, int], list[Call]] = {}
        self._order: tuple[int, int] | None = None
        self._gathered: tuple[int, int, int] | None = None

    def following(self, seed: int, epoch: int, place: int) -> Iterator[tuple[list[Call], int]]:
        """The batches of `epoch` from the row at `place` on: calls, and how many rows each takes."""
        while place < self._rows:
            first = self._gather(seed, epoch, place)
            end = min(first + self._span, self._rows)
            while place < end:
                taken = min(self._size, end - place)
                yield self._batch(place - first, taken), taken
                place += taken

    def _gather(self, seed: int, epoch: int, place: int) -> int:
        """Bring the rows from `place` on into the block; returns where in the epoch it starts."""
        if self._order != (seed, epoch):
            self._order, self._gathered = (seed, epoch), None
            self._permutation = order_of_rows(seed, epoch, self._rows)
        if self._gathered is not None:
            first = self._gathered[2]
            # A place off the grid (the batch size changed within the epoch) starts its own block.
            if first <= place < first + self._span and (place - first) % self._size == 0:
                return first
        rows = self._permutation[place : place + self._span]
        count = len(rows)
        # 'clip' skips the bounds check and with it a buffer; the indices are a permutation.
        np.take(self._inputs, rows, axis=1, out=self._block_inputs[:, :count], mode="clip")
        np.take(self._targets, rows, axis=1, out=self._block_targets[:, :count], mode="clip")
        self._gathered = (seed, epoch, place)
        return place

    def _batch(self, offset: int, taken: int) -> list[Call]:
        calls = self._calls.get((offset, taken))
        if calls is None:
            kernel = self._kernels.get(taken)
            if kernel is None:
                kernel = NetworkKernel(self._network, taken, self._vector, self._gradient)
                self._kernels[taken] = kernel
            part = slice(offset, offset + taken)
            calls = kernel.calls(self._block_inputs[:, part], self._block_targets[:, part])
            self._calls[offset, taken] = calls
        return calls
