"""Kernels of a planned step: backpropagation as a fixed list of array calls, bound once.

The mathematics is `gradient`'s. What differs is only how it is laid out, for speed:

- features first: activations are (neurons + 1, rows), the last row all ones, so that a layer's
  weights and biases are one matrix product and one gradient product;
- all layers are rows of one block, so that the slopes of all neurons with the same activation
  are one or two calls, however many layers they fill;
- every matrix that is multiplied is contiguous, or the transpose of one that is: NumPy would
  copy any other first;
- every array is made once; every call is bound once, with its output array, and then only made.
"""

from collections.abc import Iterator
from functools import partial
from itertools import accumulate, groupby

import numpy as np

from mixer_nn.core.activation_plans import ACTIVATION_PLANS
from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import Call, FloatArray
from mixer_nn.core.losses import Loss
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective


class LeastSquaresKernel:
    """The gradient of one linear neuron under squared error, over all rows at once.

    The rows enter only through their second moments: ∂loss/∂p = hessian·p − pull. `vector` holds
    the parameters and a 1 after them, so that this is a single product.
    """

    def __init__(self, objective: Objective, vector: FloatArray, gradient: FloatArray) -> None:
        moments = np.column_stack([objective.hessian, -objective.pull])
        self.calls: list[Call] = [partial(moments.dot, vector, gradient)]


class NetworkKernel:
    """The gradient of a loss by the parameters of a network, for batches of one size.

    `vector` and `gradient` are the flat arrays that it reads and writes.
    """

    def __init__(
        self, network: Network, loss: Loss, rows: int, vector: FloatArray, gradient: FloatArray
    ) -> None:
        self._loss = loss
        self._names = network.activations
        self._weights, self._gradients = network.layers(vector), network.layers(gradient)
        self._starts = [0, *accumulate(size + 1 for size in network.sizes[1:])]
        block = (self._starts[-1], rows)
        # What the neurons made, their slopes, and ∂loss/∂z; all with the rows of ones. Of ∂loss/∂z
        # such a row means nothing: it is there because the whole of W is multiplied, biases too.
        self._all_made, self._all_slopes = np.ones(block), np.ones(block)
        self._made, self._slopes, self._deltas = (
            np.split(whole, self._starts[1:-1])
            for whole in (self._all_made, self._all_slopes, np.zeros(block))
        )
        # An activation whose slope needs the weighted sums gets them kept apart from what it makes.
        keeps = any(ACTIVATIONS[name].keeps_sums for name in network.activations)
        self._all_sums = np.ones(block) if keeps else self._all_made
        self._sums = np.split(self._all_sums, self._starts[1:-1])
        self._between = [*self._forward(), *self._slopes_of_all()]
        self._back = list(self._backward())

    def calls(self, inputs: FloatArray, targets: FloatArray) -> list[Call]:
        """The list for one batch: inputs (inputs + 1, rows), targets (outputs, rows).

        All but the three calls that touch the batch are shared with every other batch's list.
        """
        outputs, miss = self._made[-1][:-1], self._deltas[-1][:-1]
        return [
            partial(self._weights[0].dot, inputs, self._sums[0][:-1]),
            *self._between,
            *self._loss.plan(outputs, targets, miss),
            *self._back,
            partial(self._deltas[0][:-1].dot, inputs.T, self._gradients[0]),
        ]

    def _forward(self) -> Iterator[Call]:
        """From the first layer's weighted sums to the outputs."""
        for layer, name in enumerate(self._names):
            sums, neurons = self._sums[layer][:-1], self._made[layer][:-1]
            if layer:
                yield partial(self._weights[layer].dot, self._made[layer - 1], sums)
            if self._all_sums is self._all_made:
                sums = neurons  # one array, which some activations need not touch at all
            yield from ACTIVATION_PLANS[name].value(sums, neurons)

    def _slopes_of_all(self) -> Iterator[Call]:
        """The slopes of all layers, neighbours of one activation together."""
        for name, group in groupby(range(len(self._names)), key=self._names.__getitem__):
            layers = list(group)
            rows = slice(self._starts[layers[0]], self._starts[layers[-1] + 1])
            arrays = (self._all_sums[rows], self._all_made[rows], self._all_slopes[rows])
            yield from ACTIVATION_PLANS[name].slope(*arrays)

    def _backward(self) -> Iterator[Call]:
        """From the misses of the outputs to ∂loss/∂z of the first layer."""
        output = len(self._names) - 1
        for layer in range(output, -1, -1):
            delta = self._deltas[layer]
            if layer < output:
                after = self._deltas[layer + 1][:-1]
                yield partial(self._weights[layer + 1].T.dot, after, delta)
            if self._names[layer] != "linear":
                yield partial(np.multiply, delta, self._slopes[layer], delta)
            if layer:
                yield partial(delta[:-1].dot, self._made[layer - 1].T, self._gradients[layer])
