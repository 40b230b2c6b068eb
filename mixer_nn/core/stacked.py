"""The loss at many places at once: slices and landscapes, for many parameter vectors in one pass.

`losses` takes any vectors; `along` and `across` take one vector and vary one parameter of it, or
a few. A `Stack` is the same work in chunks, for whoever may not take longer than a frame: each
chunk is as many vectors as fit the cache, which is many times as fast as one vector a pass, and
as all of them at once. Meant for as many rows as a view shows; every pass takes all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import DTypeLike

from mixer_nn.core.arrays import FloatArray, IntArray
from mixer_nn.core.field import activate
from mixer_nn.core.network import Network, Parameter
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked_losses import STACKED, Numbers

CACHE_BYTES = 256 * 1024
"""What the widest layer makes of a chunk fills so much: measured best for wide and narrow ones."""

Vectors = Callable[[slice], FloatArray]
"""The vectors of a chunk, (vectors, parameters)."""


def losses(objective: Objective, vectors: FloatArray, dtype: DTypeLike = np.float64) -> FloatArray:
    """The loss at each of `vectors` (n, parameters), as `Objective.value` gives it: (n,).

    In float64 equal to it but for rounding, in float32 to about six digits and up to four times
    as fast; inf or NaN where the parameters have run away.
    """
    return Stack(objective, vectors, dtype).finish()


def along(
    objective: Objective,
    vector: FloatArray,
    index: int,
    values: FloatArray,
    dtype: DTypeLike = np.float64,
) -> FloatArray:
    """The loss with parameter `index` of `vector` at each of `values` (n,): (n,)."""
    return Stack.across(objective, vector, [index], values[:, np.newaxis], dtype).finish()


def across(
    objective: Objective,
    vector: FloatArray,
    indices: Sequence[int],
    values: FloatArray,
    dtype: DTypeLike = np.float64,
) -> FloatArray:
    """The loss with the parameters `indices` of `vector` at each row of `values` (n, indices)."""
    return Stack.across(objective, vector, indices, values, dtype).finish()


class Stack:
    """Works out the losses of many vectors, a chunk at a time.

    `losses` (n,) is known up to `known`, from the first on; what is not is NaN. Whoever wants a
    coarse picture first puts those vectors first.
    """

    def __init__(
        self, objective: Objective, vectors: FloatArray, dtype: DTypeLike = np.float64
    ) -> None:
        self._begin(len(vectors), _pass_for(objective, vectors.__getitem__, dtype))

    @classmethod
    def across(
        cls,
        objective: Objective,
        vector: FloatArray,
        indices: Sequence[int],
        values: FloatArray,
        dtype: DTypeLike = np.float64,
    ) -> Stack:
        """With the parameters `indices` of `vector` at each row of `values` (n, indices).

        Whatever comes before them in the network is worked out once; where they are in one layer,
        everything that they do not touch.
        """
        stack = cls.__new__(cls)
        places = np.array(indices, dtype=np.intp)

        def vectors(part: slice) -> FloatArray:
            made = np.tile(vector, (len(values[part]), 1))
            made[:, places] = values[part]
            return made

        parameters = objective.network.parameters
        layers = {parameters[index].layer - 1 for index in indices}
        if objective.is_least_squares:
            work: _Pass = _Bowl(objective, vectors)
        elif len(layers) == 1:
            work = _OneLayer(objective, vectors, vector, places, dtype)
        else:
            work = _Layers(objective, vectors, vector, min(layers), dtype)
        stack._begin(len(values), work)
        return stack

    @classmethod
    def of(
        cls, objective: Objective, count: int, vectors: Vectors, dtype: DTypeLike = np.float64
    ) -> Stack:
        """Of `count` vectors that are made chunk by chunk: too many to hold them all."""
        stack = cls.__new__(cls)
        stack._begin(count, _pass_for(objective, vectors, dtype))
        return stack

    def _begin(self, count: int, work: _Pass) -> None:
        self.losses = np.full(count, np.nan)
        self.known = 0
        self._pass = work

    @property
    def is_done(self) -> bool:
        """Whether all losses are known."""
        return self.known == len(self.losses)

    def go_on(self, seconds: float, least: int = 1) -> bool:
        """Go on for about so long, and until `least` are known; returns whether all are.

        One chunk at least.
        """
        deadline = perf_counter() + seconds
        with np.errstate(all="ignore"):
            while not self.is_done:
                self._take_chunk()
                if self.known >= least and perf_counter() >= deadline:
                    break
        return self.is_done

    def finish(self) -> FloatArray:
        """Work out whatever is not known yet."""
        self.go_on(np.inf)
        return self.losses

    def _take_chunk(self) -> None:
        part = slice(self.known, min(self.known + self._pass.chunk, len(self.losses)))
        self.losses[part] = self._pass(part)
        self.known = part.stop


# -- ways of doing it ---------------------------------------------------------------------------


class _Pass(Protocol):
    """Works out the losses of a chunk of at most `chunk` vectors."""

    chunk: int

    def __call__(self, part: slice) -> FloatArray: ...


def _pass_for(objective: Objective, vectors: Vectors, dtype: DTypeLike) -> _Pass:
    if objective.is_least_squares:
        return _Bowl(objective, vectors)
    nowhere = np.zeros(objective.network.parameter_count)
    return _Layers(objective, vectors, nowhere, 0, dtype)


def _chunk(objective: Objective, first: int, dtype: DTypeLike) -> int:
    """Vectors for which what the widest layer from `first` on makes of all rows fits the cache."""
    widest = max(objective.network.sizes[first + 1 :]) + 1
    return max(1, CACHE_BYTES // (widest * objective.rows * np.dtype(dtype).itemsize))


def _features_first(rows: FloatArray, dtype: DTypeLike) -> Numbers:
    """Inputs (rows, inputs) as (inputs + 1, rows), the last row of ones for the bias."""
    made = np.ones((rows.shape[1] + 1, len(rows)), dtype)
    made[:-1] = rows.T
    return made


def _before(objective: Objective, vector: FloatArray, layer: int, dtype: DTypeLike) -> Numbers:
    """What comes into `layer` (from 0), (sources + 1, rows)."""
    network = objective.network
    made = _features_first(objective.inputs, dtype)
    for weights, name in zip(
        network.layers(vector.astype(dtype))[:layer], network.activations, strict=False
    ):
        sums = np.ones((len(weights) + 1, objective.rows), dtype)
        np.dot(weights, made, out=sums[:-1])
        activate(name, sums[:-1])
        made = sums
    return made


class _Bowl:
    """One linear neuron under squared error: its triangle stands for all rows, exactly."""

    chunk = 4096

    def __init__(self, objective: Objective, vectors: Vectors) -> None:
        self._objective, self._vectors = objective, vectors

    def __call__(self, part: slice) -> FloatArray:
        vectors, triangle = self._vectors(part), self._objective.triangle
        misses = vectors @ triangle[:, :-1].T - triangle[:, -1]
        return np.asarray(np.einsum("nr,nr->n", misses, misses) / self._objective.rows)


class _Layers:
    """Vectors that differ in any way from layer `first` on, and not before it.

    The networks of a chunk are stacked, (networks, units + 1, rows), and each layer of all of
    them is one batched product.
    """

    def __init__(
        self,
        objective: Objective,
        vectors: Vectors,
        vector: FloatArray,
        first: int,
        dtype: DTypeLike,
    ) -> None:
        self._network, self._vectors, self._first = objective.network, vectors, first
        self._dtype = dtype
        self._targets = np.ascontiguousarray(objective.targets.T)
        self._loss = STACKED[objective.loss_name]
        self.chunk = _chunk(objective, first, dtype)
        with np.errstate(all="ignore"):
            self._inputs = _before(objective, vector, first, dtype)
        self._blocks = [
            np.ones((self.chunk, size + 1, objective.rows), dtype)
            for size in self._network.sizes[first + 1 : -1]
        ]

    def __call__(self, part: slice) -> FloatArray:
        vectors = self._vectors(part).astype(self._dtype)
        names = self._network.activations[self._first :]
        incoming = self._inputs
        for layer, (name, weights) in enumerate(zip(names, self._weights(vectors), strict=True)):
            hidden = layer < len(self._blocks)
            block = self._blocks[layer][: len(vectors)] if hidden else None
            sums = np.matmul(weights, incoming, out=None if block is None else block[:, :-1])
            activate(name, sums)
            incoming = sums if block is None else block
        return self._loss(incoming.astype(np.float64, copy=False), self._targets)

    def _weights(self, vectors: Numbers) -> list[Numbers]:
        """Of the layers that differ, (vectors, outputs, inputs + 1) each."""
        sizes = self._network.sizes
        shapes = [(out, sources + 1) for sources, out in pairwise(sizes)]
        ends = np.cumsum([neurons * width for neurons, width in shapes])
        blocks = np.split(vectors, ends[:-1], axis=1)[self._first :]
        return [
            block.reshape(len(vectors), *shape)
            for block, shape in zip(blocks, shapes[self._first :], strict=True)
        ]


class _OneLayer:
    """Vectors that differ in a few parameters of one layer only.

    Only the neurons they belong to make anything else; and since the layers after them are the
    same for all, the networks of a chunk stand side by side, (units + 1, networks · rows), as if
    they were rows of one.
    """

    def __init__(
        self,
        objective: Objective,
        vectors: Vectors,
        vector: FloatArray,
        indices: IntArray,
        dtype: DTypeLike,
    ) -> None:
        self._vectors, self._dtype, self._rows = vectors, dtype, objective.rows
        network = objective.network
        changed = [network.parameters[index] for index in indices]
        layer = changed[0].layer - 1
        self._names = network.activations[layer:]
        self._neurons = _incoming(network, changed)
        self._targets = np.ascontiguousarray(objective.targets.T)
        self._loss = STACKED[objective.loss_name]
        self.chunk = _chunk(objective, layer, dtype)
        side = self.chunk * self._rows
        self._blocks = [np.ones((size + 1, side), dtype) for size in network.sizes[layer + 1 :]]
        with np.errstate(all="ignore"):
            self._inputs = _before(objective, vector, layer, dtype)
            made = _before(objective, vector, layer + 1, dtype)
            self._after = network.layers(vector.astype(dtype))[layer + 1 :]
        self._blocks[0].reshape(-1, self.chunk, self._rows)[:] = made[:, np.newaxis]

    def __call__(self, part: slice) -> FloatArray:
        vectors = self._vectors(part).astype(self._dtype)
        count, side = len(vectors), len(vectors) * self._rows
        blocks = [block[:, :side] for block in self._blocks]
        for neuron, span in self._neurons.items():
            made = blocks[0][neuron].reshape(count, self._rows)
            np.matmul(vectors[:, span], self._inputs, out=made)
            activate(self._names[0], made)
        for layer, weights in enumerate(self._after):
            made = blocks[layer + 1][:-1]
            np.matmul(weights, blocks[layer], out=made)
            activate(self._names[layer + 1], made)
        outputs = blocks[-1][:-1].reshape(-1, count, self._rows).swapaxes(0, 1)
        # A copy, since what the loss uses up may be what the next chunk is made of.
        return self._loss(np.array(outputs, np.float64, order="C"), self._targets)


def _incoming(network: Network, changed: list[Parameter]) -> dict[int, slice]:
    """Of each neuron (from 0) of `changed`, all in one layer: where it is in a flat vector."""
    layer, neurons = changed[0].layer, {parameter.neuron for parameter in changed}
    width = network.sizes[layer - 1] + 1
    return {
        parameter.neuron - 1: slice(parameter.index, parameter.index + width)
        for parameter in network.parameters
        if parameter.layer == layer and parameter.neuron in neurons and parameter.source == 1
    }
