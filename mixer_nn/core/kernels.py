"""Kernels of a planned step: backpropagation as a fixed list of array calls, bound once.

The mathematics is `gradient`'s. What differs is only how it is laid out, for speed:

- features first: activations are (neurons + 1, rows), the last row all ones, so that a layer's
  weights and biases are one matrix product and one gradient product;
- every array is made once; every call is bound once, with its output array, and then only made.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import Call


def with_ones(columns: FloatArray) -> FloatArray:
    """Rows (n, inputs) turned to (inputs + 1, n) with a last row of ones, contiguous."""
    return np.ascontiguousarray(np.vstack([columns.T, np.ones(len(columns))]))


class LeastSquaresKernel:
    """The gradient of one linear neuron under squared error, over all rows at once.

    The rows enter only through their second moments: ∂loss/∂p = hessian·p − pull.
    """

    def __init__(self, objective: Objective, vector: FloatArray, gradient: FloatArray) -> None:
        self.calls: list[Call] = [
            partial(objective.hessian.dot, vector, gradient),
            partial(np.subtract, gradient, objective.pull, gradient),
        ]


class NetworkKernel:
    """The gradient of any network under squared error, for batches of one size.

    `vector` and `gradient` are the flat arrays that it reads and writes.
    """

    def __init__(
        self, network: Network, rows: int, vector: FloatArray, gradient: FloatArray
    ) -> None:
        self._network = network
        self._weights = network.layers(vector)
        self._slopes = network.layers(gradient)
        self._activations = [np.ones((size + 1, rows)) for size in network.sizes[1:]]
        self._deltas = [np.empty((size, rows)) for size in network.sizes[1:]]
        self._scale = np.array(2.0 / (rows * network.sizes[-1]))

    def calls(self, inputs: FloatArray, targets: FloatArray) -> list[Call]:
        """The list for one batch: inputs (inputs + 1, rows), targets (outputs, rows)."""
        return [*self._forward(inputs), *self._loss(targets), *self._backward(inputs)]

    def _forward(self, inputs: FloatArray) -> list[Call]:
        calls: list[Call] = []
        source = inputs
        for weights, made, name in zip(
            self._weights, self._activations, self._network.activations, strict=True
        ):
            calls.append(partial(weights.dot, source, made[:-1]))
            calls.extend(_IN_PLACE[name](made[:-1]))
            source = made
        return calls

    def _loss(self, targets: FloatArray) -> list[Call]:
        outputs, delta = self._activations[-1][:-1], self._deltas[-1]
        return [
            partial(np.subtract, outputs, targets, delta),
            partial(np.multiply, delta, self._scale, delta),
        ]

    def _backward(self, inputs: FloatArray) -> list[Call]:
        calls: list[Call] = []
        for layer in reversed(range(len(self._weights))):
            made, delta = self._activations[layer][:-1], self._deltas[layer]
            calls.extend(_TIMES_SLOPE[self._network.activations[layer]](made, delta))
            source = self._activations[layer - 1] if layer else inputs
            calls.append(partial(delta.dot, source.T, self._slopes[layer]))
            if layer:
                towards = self._weights[layer][:, :-1].T
                calls.append(partial(towards.dot, delta, self._deltas[layer - 1]))
        return calls


def _tanh_slope(made: FloatArray, delta: FloatArray) -> list[Call]:
    square, one = np.empty_like(made), np.array(1.0)
    return [
        partial(np.multiply, made, made, square),
        partial(np.subtract, one, square, square),
        partial(np.multiply, delta, square, delta),
    ]


def _relu_slope(made: FloatArray, delta: FloatArray) -> list[Call]:
    active = np.empty(made.shape, dtype=np.bool_)
    return [
        partial(np.greater, made, np.array(0.0), active),
        partial(np.multiply, delta, active, delta),
    ]


_Shaped = Callable[[FloatArray, FloatArray], list[Call]]

# The activation over its own weighted sums, in place; and δ times its slope, from what it made.
_IN_PLACE: dict[str, Callable[[FloatArray], list[Call]]] = {
    "linear": lambda made: [],
    "tanh": lambda made: [partial(np.tanh, made, made)],
    "relu": lambda made: [partial(np.maximum, made, np.array(0.0), made)],
}
_TIMES_SLOPE: dict[str, _Shaped] = {
    "linear": lambda made, delta: [],
    "tanh": _tanh_slope,
    "relu": _relu_slope,
}

if not ACTIVATIONS.keys() == _IN_PLACE.keys() == _TIMES_SLOPE.keys():
    raise NotImplementedError("every activation needs its planned form")
