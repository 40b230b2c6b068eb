"""How the neurons of each layer are driven: what a meter and its lamp show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

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

    def part(self, units: slice) -> UnitStatistics:
        """Those of some of the units."""
        return UnitStatistics(
            self.mean[units], self.peak[units], self.saturated[units], self.dead[units]
        )


def unit_statistics(
    network: Network, vector: FloatArray, inputs: FloatArray
) -> list[UnitStatistics]:
    """Statistics of every layer over inputs (rows, inputs) as the network gets them."""
    with np.errstate(all="ignore"):
        sums, activations = network.forward(vector, inputs)
        found: list[UnitStatistics] = []
        # Layers of one activation are taken together: it is the calls that cost, not the numbers.
        for name, group in groupby(range(len(sums)), key=network.activations.__getitem__):
            layers = list(group)
            made = [activations[layer + 1] for layer in layers]
            whole = _of_units(name, np.hstack([sums[layer] for layer in layers]), np.hstack(made))
            ends = np.cumsum([layer.shape[1] for layer in made])
            found += [
                whole.part(slice(end - layer.shape[1], end))
                for end, layer in zip(ends, made, strict=True)
            ]
        return found


def _of_units(name: str, sums: FloatArray, made: FloatArray) -> UnitStatistics:
    activation = ACTIVATIONS[name]
    size = np.abs(made)
    nowhere = np.zeros(made.shape[1], dtype=np.bool_)
    saturated = nowhere
    if activation.bounded:
        saturated = np.asarray(activation.flat(sums, made).mean(axis=0) > MOSTLY)
    dead = np.asarray((made == 0.0).all(axis=0)) if activation.can_die else nowhere
    return UnitStatistics(size.mean(axis=0), size.max(axis=0), saturated, dead)
