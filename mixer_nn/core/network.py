"""A network of stacked layers over one flat vector of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.arrays import FloatArray, frozen


@dataclass(frozen=True)
class Parameter:
    """One weight or bias: its place in the flat vector and in the network, numbered from 1.

    `source` is the input or neuron of the layer before that a weight listens to; None: a bias.
    """

    index: int
    layer: int
    neuron: int
    source: int | None

    @property
    def id(self) -> str:
        """The name by which files, tests and scripts find it: ``layer1.neuron2.weight3``."""
        part = "bias" if self.source is None else f"weight{self.source}"
        return f"layer{self.layer}.neuron{self.neuron}.{part}"

    @property
    def is_bias(self) -> bool:
        """Whether it is added rather than multiplied."""
        return self.source is None


@dataclass(frozen=True)
class Network:
    """Fully connected layers. `sizes` counts inputs, then the neurons of each layer.

    `activations` names one activation per layer, the output layer included. The parameters are
    one float64 vector: layer by layer, neuron by neuron, a neuron's weights and then its bias,
    so that layer l is an (outputs, inputs + 1) block of it.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]

    def __post_init__(self) -> None:
        """Hold sizes and activations together; raises ValueError if they do not fit."""
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError("a network needs at least an input and a layer, none empty")
        if len(self.activations) != len(self.sizes) - 1:
            raise ValueError("one activation for each layer is needed")
        unknown = set(self.activations) - set(ACTIVATIONS)
        if unknown:
            raise ValueError(f"unknown activation: {', '.join(sorted(unknown))}")

    @classmethod
    def neuron(cls, inputs: int) -> Network:
        """One linear neuron: output = w · x + b."""
        return cls((inputs, 1), ("linear",))

    @property
    def is_linear_neuron(self) -> bool:
        """Whether this is one neuron without a bend: a straight line, or a plane."""
        return len(self.sizes) == 2 and self.sizes[1] == 1 and self.activations == ("linear",)

    @cached_property
    def _spans(self) -> tuple[tuple[int, int, int, int], ...]:
        """Per layer: start and end in the flat vector, outputs, inputs + 1."""
        spans, start = [], 0
        for inputs, outputs in zip(self.sizes, self.sizes[1:], strict=False):
            end = start + outputs * (inputs + 1)
            spans.append((start, end, outputs, inputs + 1))
            start = end
        return tuple(spans)

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases."""
        return self._spans[-1][1]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, in the order of the flat vector."""
        found: list[Parameter] = []
        for layer, (_, _, outputs, width) in enumerate(self._spans, start=1):
            for neuron in range(1, outputs + 1):
                for source in (*range(1, width), None):
                    found.append(Parameter(len(found), layer, neuron, source))
        return tuple(found)

    @cached_property
    def is_weight(self) -> FloatArray:
        """1 for every weight and 0 for every bias, (parameters,): what decay and penalties pull."""
        return frozen([0.0 if parameter.is_bias else 1.0 for parameter in self.parameters])

    def layers(self, vector: FloatArray) -> list[FloatArray]:
        """Views (outputs, inputs + 1) into a flat vector, one per layer; biases last column."""
        return [vector[start:end].reshape(rows, width) for start, end, rows, width in self._spans]

    def forward(
        self, vector: FloatArray, inputs: FloatArray
    ) -> tuple[list[FloatArray], list[FloatArray]]:
        """Weighted sums and activations of every layer, each (rows, neurons).

        The activations start with the inputs themselves: `sums[l]` came from `activations[l]`
        and made `activations[l + 1]`.
        """
        sums: list[FloatArray] = []
        activations = [inputs]
        for layer, name in zip(self.layers(vector), self.activations, strict=True):
            weights, biases = layer[:, :-1], layer[:, -1]
            sums.append(activations[-1] @ weights.T + biases)  # (rows, in) @ (in, out) + (out,)
            activations.append(ACTIVATIONS[name].value(sums[-1]))
        return sums, activations

    def predict(self, vector: FloatArray, inputs: FloatArray) -> FloatArray:
        """The outputs, (rows, outputs), for inputs of shape (rows, inputs)."""
        return self.forward(vector, inputs)[1][-1]

    def initial(self, rng: np.random.Generator) -> FloatArray:
        """Parameters to start from: uniform in ±1/√(inputs of the neuron).

        This is what ``torch.nn.Linear`` draws from, for weights and biases alike.
        """
        vector = np.empty(self.parameter_count)
        for layer in self.layers(vector):
            bound = 1.0 / np.sqrt(layer.shape[1] - 1)
            layer[:] = rng.uniform(-bound, bound, layer.shape)
        return vector
