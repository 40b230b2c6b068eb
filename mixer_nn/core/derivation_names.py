"""What a derivation is about, and how the things in it are called."""

from __future__ import annotations

from dataclasses import dataclass

from mixer_nn.core.derivation import Derivation
from mixer_nn.core.derivation_losses import LossText
from mixer_nn.core.formula import (
    Line,
    Symbol,
    parameter_symbol,
    slope_forms,
    source_symbol,
    sum_symbol,
)


@dataclass(frozen=True)
class About:
    """What a derivation is about, in the person's words.

    `row` counts all rows from 1; `rows` is the number of training rows, `gradient` the mean of
    their pulls on the parameter. `inputs`, `target` and `classes` are names of columns.
    """

    row: int
    rows: int
    gradient: float
    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...] = ()
    scaled: bool = False
    held_out: bool = False


class Writer:
    """Writes a derivation out, or a part of it: the symbols that all parts share.

    `layer` and `neuron` are those of the parameter.
    """

    def __init__(self, derivation: Derivation, about: About) -> None:
        self.it, self.about = derivation, about
        self.network, self.parameter = derivation.network, derivation.parameter
        self.layer, self.neuron = self.parameter.layer, self.parameter.neuron
        self.p = parameter_symbol(self.network, self.parameter)
        self.of_row = Symbol("L", (about.row,))
        self.loss = LossText(derivation, self.of_row, about.target, about.classes)

    @property
    def is_output(self) -> bool:
        """Whether the parameter belongs to the output layer."""
        return self.layer == self.it.depth

    def made(self, layer: int, neuron: int) -> Symbol:
        """What a neuron makes of its weighted sum: ``a₁.₂``, or the output's name."""
        if layer == self.it.depth:
            return self.loss.output(neuron)
        return source_symbol(self.network, layer, neuron)

    def summed(self, layer: int, neuron: int) -> Symbol:
        """The weighted sum by the name it goes by: of a linear output ``ŷ``."""
        if layer == self.it.depth and self.network.activations[-1] == "linear":
            return self.loss.output(neuron)
        return sum_symbol(self.network, layer, neuron)

    def slope_forms_of(self, layer: int, neuron: int) -> tuple[Line, ...]:
        """The slope of a neuron's activation, in symbols and where it is short in numbers."""
        name = self.network.activations[layer - 1]
        made = self.made(layer, neuron)
        a = float(self.it.layers[layer - 1].made[0, neuron - 1])
        return slope_forms(name, sum_symbol(self.network, layer, neuron), made, a)
