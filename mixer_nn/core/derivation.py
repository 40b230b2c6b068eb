"""The derivative of one row's loss by one parameter, with every number on the way.

The chain rule says it as a product of factors, from the loss back to the parameter:

    ∂L/∂w = ∂L/∂ŷ · ∂ŷ/∂w                                   one neuron
    ∂L/∂w = ∂L/∂ŷ · (weight on) · a′(z) · (what came in)    one hidden layer, one output
    ∂L/∂w = δ · (what came in)                              any other

with δ = ∂L/∂z of the parameter's neuron, which is made from the δs of the layer after it:
δ = (Σ δ_next · w_next) · a′(z). Such a product is what the row pulls the parameter with; the mean
of the pulls of all training rows is the gradient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mixer_nn.core.arrays import FloatArray, frozen
from mixer_nn.core.formula import LOSS, Place
from mixer_nn.core.losses import LOSSES, Loss
from mixer_nn.core.network import Network, Parameter
from mixer_nn.core.pulls import LayerPass, passes

FactorKind = Literal["loss", "slope", "weight", "delta", "source"]


@dataclass(frozen=True)
class Factor:
    """One factor of the chain rule: what kind, its value, and where in the mixer it comes from.

    ``loss``: ∂L by an output. ``slope``: a′(z) of a neuron. ``weight``: on the way to the output.
    ``delta``: ∂L/∂z of the parameter's neuron. ``source``: what the parameter multiplies; 1 for a
    bias. `neuron` is (layer, number) from 1, of what the factor is about.
    """

    kind: FactorKind
    value: float
    place: Place
    neuron: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Derivation:
    """One row's way through a network and back, as seen from one parameter; training units.

    `inputs` (inputs,) and `targets` (outputs,) are the row. `layers` has for each layer arrays of
    one row, (1, neurons). `row_loss` is this row's loss; all derivatives are of that.
    """

    network: Network
    loss_name: str
    parameter: Parameter
    vector: FloatArray
    inputs: FloatArray
    targets: FloatArray
    layers: tuple[LayerPass, ...]
    row_loss: float

    @property
    def loss(self) -> Loss:
        """The loss function."""
        return LOSSES[self.loss_name]

    @property
    def outputs(self) -> FloatArray:
        """What the network makes of the row, (outputs,)."""
        return np.asarray(self.layers[-1].made[0])

    @property
    def depth(self) -> int:
        """Number of layers."""
        return len(self.layers)

    @property
    def is_spelled_out(self) -> bool:
        """Whether the factors reach from the loss to the parameter, without any sum in δ."""
        to_go = self.depth - self.parameter.layer
        return to_go == 0 or (to_go == 1 and self.network.sizes[-1] == 1)

    @property
    def pull(self) -> float:
        """The derivative of the row's loss by the parameter."""
        return self._delta * self.source.value

    @property
    def _delta(self) -> float:
        return float(self.layers[self.parameter.layer - 1].deltas[0, self.parameter.neuron - 1])

    @property
    def source(self) -> Factor:
        """The last factor: what came into the weight, or 1 for a bias."""
        parameter = self.parameter
        neuron = (parameter.layer, parameter.neuron)
        if parameter.source is None:
            return Factor("source", 1.0, Place(parameter=parameter.index), neuron)
        before = (parameter.layer - 1, parameter.source)
        value = self.layers[parameter.layer - 1].came[0, parameter.source - 1]
        return Factor("source", float(value), Place(neuron=before), before)

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What the chain rule multiplies, from the loss back to the parameter."""
        neuron = (self.parameter.layer, self.parameter.neuron)
        if not self.is_spelled_out:
            delta = Factor("delta", self._delta, Place(neuron=neuron), neuron)
            return (delta, self.source)
        own_output = self.parameter.layer == self.depth
        output = neuron[1] if own_output else 1
        found = list(self._output_factors(output))
        if not own_output:
            found += [self.weight_on(neuron[1], output), self.slope(*neuron)]
        return (*found, self.source)

    def _output_factors(self, output: int) -> tuple[Factor, ...]:
        neuron = (self.depth, output)
        towards = float(self.layers[-1].towards[0, output - 1])
        loss = Factor("loss", towards, LOSS, neuron)
        if self.network.activations[-1] == "linear":
            return (loss,)
        return (loss, self.slope(*neuron))

    def weight_on(self, neuron: int, after: int) -> Factor:
        """The weight from a neuron of the parameter's layer to one of the layer after it."""
        layer = self.parameter.layer + 1
        index = self.weight_index(layer, after, neuron)
        return Factor("weight", float(self.vector[index]), Place(parameter=index), (layer, after))

    def weight_index(self, layer: int, neuron: int, source: int) -> int:
        """The place in the flat vector of a weight; all numbers from 1."""
        sizes = self.network.sizes
        before = sum(sizes[i + 1] * (sizes[i] + 1) for i in range(layer - 1))
        return before + (neuron - 1) * (sizes[layer - 1] + 1) + source - 1

    def slope(self, layer: int, neuron: int) -> Factor:
        """The slope of a neuron's activation, a′(z)."""
        value = float(self.layers[layer - 1].slopes[0, neuron - 1])
        return Factor("slope", value, Place(neuron=(layer, neuron)), (layer, neuron))

    @property
    def product(self) -> float:
        """The factors multiplied: the pull, but for rounding."""
        return math.prod(factor.value for factor in self.factors)


def derive(
    network: Network,
    loss_name: str,
    vector: FloatArray,
    index: int,
    inputs: FloatArray,
    targets: FloatArray,
) -> Derivation:
    """The derivation for parameter `index` on one row: inputs (inputs,), targets (outputs,)."""
    with np.errstate(all="ignore"):
        loss, goal = LOSSES[loss_name], targets[np.newaxis]
        layers = passes(network, loss, vector, inputs[np.newaxis], goal)
        row_loss = loss.value(layers[-1].made, goal)
    parameter = network.parameters[index]
    rows = frozen(inputs), frozen(targets)
    return Derivation(network, loss_name, parameter, frozen(vector), *rows, layers, row_loss)
