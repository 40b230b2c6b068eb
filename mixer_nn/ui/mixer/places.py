"""How the parts of a network are called: layers, neurons, and where a parameter stands."""

from __future__ import annotations

from dataclasses import dataclass

from mixer_nn.core.network import Network, Parameter
from mixer_nn.core.problem import Problem
from mixer_nn.ui.mixer.symbols import input_symbol


@dataclass(frozen=True)
class Source:
    """A row of a layer: its short sign (``x₁``, ``n2``, ``b``), its name, and how it is spoken."""

    sign: str
    name: str
    spoken: str


def layer_title(network: Network, layer: int) -> str:
    """``LAYER 2``, ``OUTPUT`` for the last; layers count from 1."""
    return "OUTPUT" if layer == len(network.sizes) - 1 else f"LAYER {layer}"


def sources(problem: Problem, layer: int) -> tuple[Source, ...]:
    """The rows of a layer from 1 on: inputs or neurons of the layer before, the bias last."""
    network = problem.network
    bias = Source("b", "b", "bias")
    if layer > 1:
        count = network.sizes[layer - 1]
        rows = [Source(f"n{k}", f"n{k}", f"neuron {k}") for k in range(1, count + 1)]
        return (*rows, bias)
    titles = [column.title for column in problem.seen.input_columns]
    named = []
    for number, title in enumerate(titles, start=1):
        sign = input_symbol(network, number)
        # A column that is only called x1 is written as its sign.
        name = sign if title == f"x{number}" else title
        named.append(Source(sign, name, f"input {title}"))
    return (*named, bias)


def place(problem: Problem, parameter: Parameter) -> str:
    """``LAYER 2 · neuron 3 ← n2``; the bias after a middle dot: ``OUTPUT · bias``."""
    network, layer = problem.network, parameter.layer
    where = layer_title(network, layer)
    if network.sizes[layer] > 1 or layer < len(network.sizes) - 1:
        where += f" · neuron {parameter.neuron}"
    if parameter.source is None:
        return f"{where} · bias"
    row = sources(problem, layer)[parameter.source - 1]
    return f"{where} ← {row.name}"


def spoken(network: Network, parameter: Parameter, row: Source) -> str:
    """What a screen reader says: ``weight, layer 2, neuron 3, from neuron 2``."""
    where = "output" if parameter.layer == len(network.sizes) - 1 else f"layer {parameter.layer}"
    if parameter.source is None:
        return f"bias, {where}, neuron {parameter.neuron}"
    return f"weight, {where}, neuron {parameter.neuron}, from {row.spoken}"
