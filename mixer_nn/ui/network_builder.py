"""Building the network, from wherever it is asked for: the new problem, within the limits."""

from __future__ import annotations

from dataclasses import replace

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.core.limits import check_size
from mixer_nn.core.network import Network
from mixer_nn.core.problem import Problem
from mixer_nn.core.rewire import with_activation, with_hidden_sizes
from mixer_nn.session.mix import network_on
from mixer_nn.state.desk import Desk

USUAL_ACTIVATION = "tanh"
FIRST_NEURONS = 4
"""Neurons of the first hidden layer; every other begins with as many as the one before it."""


def hidden_of(problem: Problem) -> tuple[int, ...]:
    """The neurons of its hidden layers."""
    return problem.network.sizes[1:-1]


def activation_for_new_layers(network: Network) -> str:
    """What a new layer gets: what the last hidden layer has."""
    return network.activations[-2] if len(network.sizes) > 2 else USUAL_ACTIVATION


def with_hidden(problem: Problem, hidden: tuple[int, ...]) -> Problem:
    """The problem with other hidden layers; raises MixError beyond the limits."""
    if min(hidden, default=1) < 1:
        raise MixError("A hidden layer has at least one neuron; take the whole layer away instead.")
    network = with_hidden_sizes(problem.network, hidden, activation_for_new_layers(problem.network))
    check_size(network)
    return replace(problem, network=network)


def with_features(problem: Problem, features: tuple[str, ...]) -> Problem:
    """The problem with other extra features; raises MixError beyond the limits."""
    inputs = problem.dataset.inputs.shape[1] + len(features)
    network = replace(problem.network, sizes=(inputs, *problem.network.sizes[1:]))
    check_size(network)
    return replace(problem, network=network, features=features)


def rewire(desk: Desk, problem: Problem, text: str) -> None:
    """Put another network on the desk and show it at once: one step of undo."""
    desk.rewire(problem, text)
    desk.flush()


def set_hidden(desk: Desk, hidden: tuple[int, ...], text: str) -> None:
    """Give the network these hidden layers; raises MixError beyond the limits."""
    rewire(desk, with_hidden(desk.mix.problem, hidden), text)


def add_layer(desk: Desk) -> None:
    """A hidden layer more, before the output; raises MixError beyond the limits."""
    hidden = hidden_of(desk.mix.problem)
    set_hidden(desk, (*hidden, hidden[-1] if hidden else FIRST_NEURONS), "add a layer")


def remove_layer(desk: Desk) -> None:
    """The last hidden layer away, if there is one."""
    hidden = hidden_of(desk.mix.problem)
    if hidden:
        set_hidden(desk, hidden[:-1], "remove a layer")


def resize_layer(desk: Desk, layer: int, by: int) -> None:
    """Neurons more or fewer in a hidden layer, from 1; raises MixError beyond the limits."""
    hidden = list(hidden_of(desk.mix.problem))
    hidden[layer - 1] += by
    set_hidden(desk, tuple(hidden), f"{'add' if by > 0 else 'remove'} a neuron")


def set_activation(desk: Desk, layer: int, name: str) -> None:
    """Give a layer, numbered from 1, another activation: one step of undo."""
    problem = desk.mix.problem
    network = with_activation(problem.network, layer, name)
    if network != problem.network:
        text = f"{ACTIVATIONS[name].title} in layer {layer}"
        desk.set_problem(replace(problem, network=network), text)
        desk.flush()


def put_data(desk: Desk, dataset: Dataset) -> None:
    """Put the network, newly started, on other data: one step of undo."""
    problem = desk.mix.problem
    activation = activation_for_new_layers(problem.network)
    mix = network_on(dataset, desk.mix.state.seed, hidden_of(problem), activation)
    mix = replace(mix, run=desk.history.new_run()).with_cues_of(desk.mix)
    desk.put(mix, f"data: {dataset.name}")
    desk.flush()
