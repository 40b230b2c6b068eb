"""Backpropagation: for every parameter at once, which way to turn it and how steep the loss is.

The chain rule, walked from the loss back to the inputs (Rumelhart, Hinton and Williams, 1986).
With z the weighted sums of a layer, a its activations and δ = ∂loss/∂z:

    δ of the output layer   = ∂loss/∂a · a′(z)
    δ of a layer before it  = (δ of the next layer) W_next · a′(z)
    ∂loss/∂W of a layer     = δᵀ · (what came into it),   ∂loss/∂b = δ summed over the rows
"""

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.losses import Loss
from mixer_nn.core.network import Network


def loss_and_gradient(
    network: Network, loss: Loss, vector: FloatArray, inputs: FloatArray, targets: FloatArray
) -> tuple[float, FloatArray]:
    """The loss, and its derivative by every parameter as a vector of the same order.

    `inputs` is (rows, inputs), `targets` (rows, outputs). This is the version to read; training
    runs the same mathematics as a planned list of array calls, tested equal to this one.
    """
    sums, activations = network.forward(vector, inputs)
    gradient = np.empty_like(vector)
    weights, slots = network.layers(vector), network.layers(gradient)
    towards_outputs = loss.gradient(activations[-1], targets)  # (rows, outputs)
    for layer in reversed(range(len(weights))):
        slope = ACTIVATIONS[network.activations[layer]].slope(sums[layer], activations[layer + 1])
        delta = towards_outputs * slope  # (rows, neurons)
        slots[layer][:, :-1] = delta.T @ activations[layer]  # (neurons, rows) @ (rows, sources)
        slots[layer][:, -1] = delta.sum(axis=0)
        towards_outputs = delta @ weights[layer][:, :-1]  # (rows, sources)
    return loss.value(activations[-1], targets), gradient
