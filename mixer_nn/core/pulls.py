"""Pulls: the gradient of every single row's loss, of which the gradient is the mean.

The walk is `gradient`'s, but nothing is summed over the rows: each keeps its own δ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.losses import Loss
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective


@dataclass(frozen=True, eq=False)
class LayerPass:
    """One layer on the way forward and back, for every row by itself.

    `came` (rows, sources) is what came into it. The others are (rows, neurons): the weighted sums
    z, what was `made` of them, the slopes a′(z), ∂loss/∂a, and δ = ∂loss/∂z = ∂loss/∂a · a′(z).
    """

    came: FloatArray
    sums: FloatArray
    made: FloatArray
    slopes: FloatArray
    towards: FloatArray
    deltas: FloatArray


def passes(
    network: Network, loss: Loss, vector: FloatArray, inputs: FloatArray, targets: FloatArray
) -> tuple[LayerPass, ...]:
    """Every layer forward and back, first layer first; each row with the loss of its own."""
    sums, made = network.forward(vector, inputs)
    weights = network.layers(vector)
    towards = loss.gradient(made[-1], targets) * len(inputs)  # of each row's loss, not the mean
    found: list[LayerPass] = []
    for layer in reversed(range(len(weights))):
        slopes = ACTIVATIONS[network.activations[layer]].slope(sums[layer], made[layer + 1])
        deltas = towards * slopes
        found.append(LayerPass(made[layer], sums[layer], made[layer + 1], slopes, towards, deltas))
        towards = deltas @ weights[layer][:, :-1]  # (rows, neurons) @ (neurons, sources)
    return tuple(reversed(found))


def of_parameter(objective: Objective, vector: FloatArray, index: int) -> FloatArray:
    """Each row's pull on one parameter, (rows,): δ of its neuron times what came into it."""
    parameter = objective.network.parameters[index]
    pulls = np.empty(objective.rows)
    for rows, layers in _in_chunks(objective, vector):
        layer = layers[parameter.layer - 1]
        deltas = layer.deltas[:, parameter.neuron - 1]
        source = parameter.source
        pulls[rows] = deltas if source is None else deltas * layer.came[:, source - 1]
    return pulls


def of_all(objective: Objective, vector: FloatArray) -> FloatArray:
    """Each row's pull on every parameter, (rows, parameters)."""
    pulls = np.empty((objective.rows, vector.size))
    for rows, layers in _in_chunks(objective, vector):
        blocks = []
        for layer in layers:
            came = np.column_stack([layer.came, np.ones(len(layer.came))])
            block = layer.deltas[:, :, np.newaxis] * came[:, np.newaxis, :]
            blocks.append(block.reshape(len(came), -1))  # (rows, neurons · (sources + 1))
        pulls[rows] = np.concatenate(blocks, axis=1)
    return pulls


def _in_chunks(
    objective: Objective, vector: FloatArray
) -> Iterator[tuple[slice, tuple[LayerPass, ...]]]:
    for start in range(0, objective.rows, CHUNK):
        rows = slice(start, start + CHUNK)
        inputs, targets = objective.inputs[rows], objective.targets[rows]
        with np.errstate(all="ignore"):
            yield rows, passes(objective.network, objective.loss, vector, inputs, targets)
