"""The network: what its parameters are called, and where they lie."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.network import Network


def network() -> Network:
    return Network((2, 3, 1), ("tanh", "linear"))


def test_parameters_go_layer_by_layer_neuron_by_neuron_weights_then_bias() -> None:
    assert [parameter.id for parameter in network().parameters] == [
        "layer1.neuron1.weight1", "layer1.neuron1.weight2", "layer1.neuron1.bias",
        "layer1.neuron2.weight1", "layer1.neuron2.weight2", "layer1.neuron2.bias",
        "layer1.neuron3.weight1", "layer1.neuron3.weight2", "layer1.neuron3.bias",
        "layer2.neuron1.weight1", "layer2.neuron1.weight2", "layer2.neuron1.weight3",
        "layer2.neuron1.bias",
    ]  # fmt: skip
    assert [parameter.index for parameter in network().parameters] == list(range(13))
    assert network().parameter_count == 13


def test_every_neuron_has_a_bias_the_output_too() -> None:
    biases = [parameter.index for parameter in network().parameters if parameter.is_bias]
    assert biases == [2, 5, 8, 12]


def test_layers_are_views_into_the_vector() -> None:
    vector = np.arange(13.0)
    first, last = network().layers(vector)
    assert first.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert last.tolist() == [[9, 10, 11, 12]]
    last[0, -1] = -1.0
    assert vector[12] == -1.0


def test_an_id_names_the_number_that_moves_that_weight() -> None:
    inputs = np.array([[2.0, 5.0]])
    linear = Network((2, 2), ("linear",))
    for parameter in linear.parameters:
        vector = np.zeros(linear.parameter_count)
        vector[parameter.index] = 1.0
        expected = np.zeros(2)
        source = parameter.source
        expected[parameter.neuron - 1] = 1.0 if source is None else inputs[0, source - 1]
        assert linear.predict(vector, inputs)[0].tolist() == expected.tolist()


def test_forward_gives_sums_and_activations_of_every_layer() -> None:
    vector = np.linspace(-1, 1, 13)
    inputs = np.random.default_rng(0).normal(size=(7, 2))
    sums, activations = network().forward(vector, inputs)
    assert [a.shape for a in activations] == [(7, 2), (7, 3), (7, 1)]
    first, last = network().layers(vector)
    for row in range(7):
        z = [sum(w * x for w, x in zip(n[:-1], inputs[row], strict=True)) + n[-1] for n in first]
        np.testing.assert_allclose(sums[0][row], z, rtol=1e-13)
        out = float(np.tanh(z) @ last[0, :-1] + last[0, -1])
        np.testing.assert_allclose(activations[2][row, 0], out, rtol=1e-13)


def test_initial_parameters_are_uniform_within_one_over_the_root_of_the_inputs() -> None:
    wide = Network((16, 400, 1), ("tanh", "linear"))
    first, last = wide.layers(wide.initial(np.random.default_rng(0)))
    assert np.abs(first).max() <= 1 / 4
    assert np.abs(last).max() <= 1 / 20
    assert first.std() == pytest.approx(1 / 4 / np.sqrt(3), rel=0.02)
    assert np.abs(first[:, -1]).max() > 0.2  # biases are drawn too


def test_only_a_single_neuron_without_a_bend_is_a_line() -> None:
    assert Network.neuron(3).is_linear_neuron
    assert not Network((3, 1), ("tanh",)).is_linear_neuron
    assert not Network((3, 2), ("linear",)).is_linear_neuron
    assert not Network((3, 1, 1), ("linear", "linear")).is_linear_neuron


@pytest.mark.parametrize(
    ("sizes", "activations"),
    [((1,), ()), ((1, 0), ("linear",)), ((1, 1), ()), ((1, 1), ("sinus",))],
)
def test_a_network_that_does_not_fit_together_is_refused(
    sizes: tuple[int, ...], activations: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=r"needed|needs|unknown"):
        Network(sizes, activations)
