"""The gradient of a planned step over all rows, in parts, or over batches of them."""

from __future__ import annotations

from functools import partial

import numpy as np

from mixer_nn.core.arrays import Call, FloatArray
from mixer_nn.core.kernels import NetworkKernel
from mixer_nn.core.least_squares import design
from mixer_nn.core.objective import CHUNK, Objective
from mixer_nn.core.training import order_of_rows

BLOCK_BATCHES, BLOCK_ROWS = 256, 8192
"""Gathered at a time, at most: what one epoch of most tables needs, and a bound for the largest."""


def whole_batch(objective: Objective, vector: FloatArray, gradient: FloatArray) -> list[list[Call]]:
    """The gradient over all rows; of many rows as the sum of those of chunks, a list for each."""
    rows = objective.rows
    own = gradient if rows <= CHUNK else np.zeros_like(gradient)
    kernels: dict[int, NetworkKernel] = {}
    parts: list[list[Call]] = []
    for start in range(0, rows, CHUNK):
        inputs = objective.inputs[start : start + CHUNK]
        targets = objective.targets[start : start + CHUNK]
        count = len(inputs)
        if count not in kernels:
            kernels[count] = NetworkKernel(objective.network, objective.loss, count, vector, own)
        calls = kernels[count].calls(
            np.vstack([inputs.T, np.ones((1, count))]), np.ascontiguousarray(targets.T)
        )
        if own is not gradient:
            calls += _add_up(own, np.array(count / rows), gradient, first=start == 0)
        parts.append(calls)
    return parts


def _add_up(part: FloatArray, share: FloatArray, total: FloatArray, first: bool) -> list[Call]:
    if first:
        return [partial(np.multiply, part, share, total)]
    return [partial(np.multiply, part, share, part), partial(np.add, total, part, total)]


class WholeGradient:
    """The gradient over all rows at any parameters, planned: for who asks for it in every frame.

    What it gives is `Objective.gradient` but for rounding.
    """

    def __init__(self, objective: Objective) -> None:
        size = objective.network.parameter_count
        self._vector, self._gradient = np.zeros(size), np.zeros(size)
        self._parts = whole_batch(objective, self._vector, self._gradient)

    def at(self, vector: FloatArray) -> FloatArray:
        """∂loss/∂p at `vector`."""
        self._vector[:] = vector
        with np.errstate(all="ignore"):
            for calls in self._parts:
                for call in calls:
                    call()
        return self._gradient.copy()


class Batches:
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
        # One table, so that a block is gathered in one go.
        self._table = np.column_stack([design(objective.inputs), objective.targets])
        self._rows, self._outputs = objective.rows, objective.targets.shape[1]
        count = min(BLOCK_BATCHES, max(BLOCK_ROWS // size, 1), -(-self._rows // size))
        self._span = count * size
        # Batch after batch, each of them features first and contiguous, then its targets.
        self._block = np.empty(self._span * self._table.shape[1])
        self._kernels: dict[int, NetworkKernel] = {}
        self._calls: dict[tuple[int, int], list[Call]] = {}
        self._lists: dict[int, list[list[Call]]] = {}
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
        found, block = self._table.take(rows, axis=0), self._block
        width, whole = found.shape[1], len(rows) - len(rows) % self._size
        batches = found[:whole].reshape(-1, self._size, width).transpose(0, 2, 1)
        np.copyto(block[: whole * width].reshape(batches.shape), batches)
        if whole < len(rows):
            short = found[whole:].T
            np.copyto(block[whole * width : found.size].reshape(short.shape), short)
        return self._batches(len(rows))

    def _batches(self, rows: int) -> list[list[Call]]:
        """The calls of each batch in a block of so many rows."""
        if rows not in self._lists:
            self._lists[rows] = [
                self._batch(offset, min(self._size, rows - offset))
                for offset in range(0, rows, self._size)
            ]
        return self._lists[rows]

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
            width = self._table.shape[1]
            batch = self._block[offset * width : (offset + taken) * width].reshape(width, taken)
            calls = [*kernel.calls(*np.split(batch, [-self._outputs])), *self._apply]
            self._calls[offset, taken] = calls
        return calls
