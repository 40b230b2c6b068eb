"""How the neurons of each layer are driven: what a meter and its lamp show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.network import Network

MOSTLY = 0.9
"""Share of the rows in the flat part from which a neuron counts as saturated."""


@dataclass(frozen=True, eq=False)
class UnitStatistics:
    """Of one layer, each (neurons,): mean and peak of |activation| over the rows.

    `saturated`: nearly all rows lie where the activation is flat at one of its ends. `dead`:
    zero for every row, so that nothing of it reaches the loss, and no gradient brings it back.
    """

    mean: FloatArray
    peak: FloatArray
    saturated: BoolArray
    dead: BoolArray


def unit_statistics(
    network: Network, vector: FloatArray, inputs: FloatArray
) -> list[UnitStatistics]:
    """Statistics of every layer over inputs (rows, inputs) as the network gets them."""
    with np.errstate(all="ignore"):
        sums, activations = network.forward(vector, inputs)
        return [
            _of_layer(name, z, a)
            for name, z, a in zip(network.activations, sums, activations[1:], strict=True)
        ]


def _of_layer(name: str, sums: FloatArray, made: FloatArray) -> UnitStatistics:
    activation = ACTIVATIONS[name]
    size = np.abs(made)
    nowhere = np.zeros(made.shape[1], dtype=np.bool_)
    saturated = nowhere
    if activation.bounded:
        saturated = np.asarray(activation.flat(sums, made).mean(axis=0) > MOSTLY)
    dead = np.asarray((made == 0.0).all(axis=0)) if activation.can_die else nowhere
    return UnitStatistics(size.mean(axis=0), size.max(axis=0), saturated, dead)
