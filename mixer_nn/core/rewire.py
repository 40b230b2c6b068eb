"""Changing a network: what it has learned stays where it still fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mixer_nn.core.arrays import BoolArray, FloatArray, IntArray
from mixer_nn.core.network import Network


def with_hidden_sizes(network: Network, hidden: tuple[int, ...], activation: str) -> Network:
    """The same inputs and outputs with other hidden layers; new ones get `activation`."""
    kept = network.activations[: min(len(hidden), len(network.activations) - 1)]
    new = (activation,) * (len(hidden) - len(kept))
    return Network(
        (network.sizes[0], *hidden, network.sizes[-1]), (*kept, *new, network.activations[-1])
    )


def with_activation(network: Network, layer: int, activation: str) -> Network:
    """The same sizes with another activation in `layer`, numbered from 1."""
    names = list(network.activations)
    names[layer - 1] = activation
    return replace(network, activations=tuple(names))


def survivors(old: Network, new: Network) -> tuple[IntArray, IntArray]:
    """Indices into the old and into the new vector of the parameters that both networks have.

    Hidden layers are matched by their number, output with output; in a layer neuron with neuron
    and source with source as far as both go, and every bias with its neuron's.
    """
    before, after = _numbered(old), _numbered(new)
    pairs = [*zip(before[:-1], after[:-1], strict=False), (before[-1], after[-1])]
    sources: list[IntArray] = []
    targets: list[IntArray] = []
    for one, other in pairs:
        neurons = min(len(one), len(other))
        width = min(one.shape[1], other.shape[1]) - 1
        sources += [one[:neurons, :width].ravel(), one[:neurons, -1]]
        targets += [other[:neurons, :width].ravel(), other[:neurons, -1]]
    return np.concatenate(sources), np.concatenate(targets)


def _numbered(network: Network) -> list[IntArray]:
    """The places of all parameters in the flat vector, layer by layer as the network has them."""
    places = network.layers(np.arange(float(network.parameter_count)))
    return [layer.astype(np.intp) for layer in places]


def rewired(old: Network, new: Network, vector: FloatArray, fresh: FloatArray) -> FloatArray:
    """Parameters for `new`: those of `vector` that survive, the others from `fresh`."""
    sources, targets = survivors(old, new)
    result = np.array(fresh, dtype=np.float64)
    result[targets] = vector[sources]
    return result


def rewired_marks(old: Network, new: Network, marks: BoolArray) -> BoolArray:
    """Marks on parameters carried over; new parameters have none."""
    sources, targets = survivors(old, new)
    result = np.zeros(new.parameter_count, dtype=np.bool_)
    result[targets] = marks[sources]
    return result


def swapped(network: Network, vector: FloatArray, layer: int, neuron: int) -> FloatArray:
    """Two neighbours of a hidden layer exchanged, with all that goes in and out of them.

    `layer` and `neuron` count from 1; the other is the one after. The outputs do not change:
    which neuron does what is a matter of names.
    """
    result = np.array(vector, dtype=np.float64)
    layers = network.layers(result)
    pair, turned = [neuron - 1, neuron], [neuron, neuron - 1]
    layers[layer - 1][pair] = layers[layer - 1][turned]
    layers[layer][:, pair] = layers[layer][:, turned]
    return result
