"""Changing a network: what survives keeps its value, what is new comes from the seed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.network import Network
from mixer_nn.core.rewire import (
    rewired,
    rewired_marks,
    survivors,
    swapped,
    with_activation,
    with_hidden_sizes,
)

Array = NDArray[np.float64]

SMALL = Network((2, 3, 1), ("tanh", "linear"))


def named(network: Network) -> Array:
    """A different number for each parameter."""
    return np.arange(1.0, network.parameter_count + 1)


def fresh(network: Network) -> Array:
    return -named(network)


def by_id(network: Network, vector: Array) -> dict[str, float]:
    return {p.id: float(vector[p.index]) for p in network.parameters}


CHANGES = [
    ((3,), (4,)), ((3,), (2,)), ((3,), (3, 5)), ((3,), (1, 1, 1)), ((3, 4), (3,)),
    ((3, 4, 5), (2,)), ((), (3,)), ((3,), ()), ((3, 3), (3, 4)), ((16,) * 6, (2, 16)), ((3,), (3,)),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CHANGES, ids=str)
def test_survivors_keep_their_values_and_all_else_is_new(
    before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    old = Network((2, *before, 2), ("tanh",) * len(before) + ("linear",))
    new = with_hidden_sizes(old, after, "relu")
    assert new.sizes == (2, *after, 2)
    values = by_id(new, rewired(old, new, named(old), fresh(new)))
    had, untouched = by_id(old, named(old)), by_id(new, fresh(new))
    last_before, last_after = len(before) + 1, len(after) + 1
    for parameter in new.parameters:
        # The output is the output, whatever its number; a hidden layer is matched by its number.
        if parameter.layer == last_after:
            twin = parameter.id.replace(f"layer{last_after}", f"layer{last_before}", 1)
        else:
            twin = parameter.id if parameter.layer < last_before else "none"
        expected = had.get(twin, untouched[parameter.id])
        assert values[parameter.id] == expected, parameter.id


def test_a_neuron_more_leaves_every_knob_that_was_there() -> None:
    new = with_hidden_sizes(SMALL, (4,), "tanh")
    values = by_id(new, rewired(SMALL, new, named(SMALL), fresh(new)))
    for name, value in by_id(SMALL, named(SMALL)).items():
        assert values[name] == value
    made = {name for name, value in values.items() if value < 0}
    assert made == {
        "layer1.neuron4.weight1", "layer1.neuron4.weight2", "layer1.neuron4.bias",
        "layer2.neuron1.weight4",
    }  # fmt: skip


def test_a_neuron_more_and_one_less_is_where_it_began() -> None:
    new = with_hidden_sizes(SMALL, (4,), "tanh")
    there = rewired(SMALL, new, named(SMALL), fresh(new))
    assert rewired(new, SMALL, there, fresh(SMALL)).tolist() == named(SMALL).tolist()


def test_a_new_neuron_that_is_listened_to_by_nothing_changes_no_output() -> None:
    new = with_hidden_sizes(SMALL, (5,), "tanh")
    vector = SMALL.initial(np.random.default_rng(0))
    more = rewired(SMALL, new, vector, np.zeros(new.parameter_count))
    inputs = np.random.default_rng(1).normal(size=(9, 2))
    np.testing.assert_allclose(
        new.predict(more, inputs), SMALL.predict(vector, inputs), rtol=1e-14, atol=1e-15
    )


def test_what_is_given_is_not_written_to() -> None:
    vector, new = named(SMALL), with_hidden_sizes(SMALL, (4,), "tanh")
    others = fresh(new)
    rewired(SMALL, new, vector, others)
    swapped(SMALL, vector, 1, 1)
    assert vector.tolist() == named(SMALL).tolist()
    assert others.tolist() == fresh(new).tolist()


def test_a_new_layer_gets_the_activation_and_the_others_keep_theirs() -> None:
    old = Network((2, 3, 4, 1), ("sine", "gelu", "linear"))
    more = with_hidden_sizes(old, (3, 4, 2, 2), "elu")
    assert more.activations == ("sine", "gelu", "elu", "elu", "linear")
    assert with_hidden_sizes(old, (3,), "elu").activations == ("sine", "linear")
    assert with_hidden_sizes(old, (), "elu").activations == ("linear",)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_one_layers_activation_is_changed_and_no_size(activation: str) -> None:
    old = Network((2, 3, 4, 1), ("sine", "gelu", "linear"))
    new = with_activation(old, 2, activation)
    assert new.sizes == old.sizes
    assert new.activations == ("sine", activation, "linear")


def test_survivors_are_pairs_of_places_none_twice() -> None:
    old = Network((2, 5, 4, 3), ("tanh", "tanh", "linear"))
    new = Network((2, 4, 6, 3, 3), ("tanh", "tanh", "tanh", "linear"))
    sources, targets = survivors(old, new)
    assert len(sources) == len(targets)
    assert len(set(sources.tolist())) == len(sources)
    assert len(set(targets.tolist())) == len(targets)


def test_marks_stay_with_their_knobs_and_new_knobs_have_none() -> None:
    new = with_hidden_sizes(SMALL, (4, 2), "tanh")
    for place in range(SMALL.parameter_count):
        marks = np.zeros(SMALL.parameter_count, np.bool_)
        marks[place] = True
        carried = rewired_marks(SMALL, new, marks)
        values = rewired(SMALL, new, named(SMALL), fresh(new))
        assert np.flatnonzero(carried).tolist() == np.flatnonzero(values == place + 1).tolist()
    everything = np.ones(SMALL.parameter_count, np.bool_)
    values = rewired(SMALL, new, named(SMALL), fresh(new))
    assert rewired_marks(SMALL, new, everything).tolist() == (values > 0).tolist()


@pytest.mark.parametrize(
    ("layer", "neuron"), [(layer, neuron) for layer in (1, 2) for neuron in (1, 2, 3)]
)
def test_neighbours_that_are_swapped_change_no_output(layer: int, neuron: int) -> None:
    network = Network((3, 4, 4, 2), ("tanh", "gelu", "linear"))
    rng = np.random.default_rng(5)
    vector, inputs = network.initial(rng), rng.normal(size=(20, 3))
    turned = swapped(network, vector, layer, neuron)
    np.testing.assert_allclose(
        network.predict(turned, inputs), network.predict(vector, inputs), rtol=1e-13, atol=1e-15
    )
    # Each value is still there, and as many have moved as go in and out of the two.
    assert sorted(turned) == sorted(vector)
    ins, outs = network.sizes[layer - 1] + 1, network.sizes[layer + 1]
    assert (turned != vector).sum() == 2 * (ins + outs)
    assert swapped(network, turned, layer, neuron).tolist() == vector.tolist()
    # What the one computed the other does now.
    before = network.forward(vector, inputs)[1][layer]
    after = network.forward(turned, inputs)[1][layer]
    np.testing.assert_allclose(after[:, neuron - 1], before[:, neuron], rtol=1e-13)
    np.testing.assert_allclose(after[:, neuron], before[:, neuron - 1], rtol=1e-13)
