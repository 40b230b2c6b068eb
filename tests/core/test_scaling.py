"""Scaling: what it makes of the data, and that switching it moves no prediction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.network import Network
from mixer_nn.core.scaling import Scaling, condition_number, convert, worth_scaling

Array = NDArray[np.float64]

NETWORKS = [
    Network.neuron(3),
    Network((3, 2), ("linear",)),
    Network((3, 5, 2), ("tanh", "linear")),
    Network((3, 4, 4, 1), ("relu", "tanh", "linear")),
]


def dataset(outputs: int = 1, rows: int = 40, offset: float = 0.0) -> Dataset:
    rng = np.random.default_rng(3)
    inputs = offset + rng.normal(size=(rows, 3)) * [1.0, 50.0, 0.02] + [0.0, 300.0, -0.1]
    targets = 1000 + 70 * rng.normal(size=(rows, outputs))
    names = tuple(Column(name) for name in "abc")
    return Dataset("made up", inputs, targets, names, tuple(Column("y") for _ in range(outputs)))


def predict(network: Network, scaling: Scaling, vector: Array, inputs: Array) -> Array:
    outputs = network.predict(vector, scaling.inputs(inputs))
    return scaling.outputs_in_data_units(outputs)


def test_scaled_columns_have_mean_0_and_spread_1() -> None:
    data = dataset()
    scaling = Scaling.fit(data)
    for scaled in (scaling.inputs(data.inputs), scaling.targets(data.targets)):
        np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-13)
        np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-12)


def test_it_is_scikit_learns_standard_scaler() -> None:
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    data = dataset()
    expected = preprocessing.StandardScaler().fit_transform(data.inputs)
    np.testing.assert_allclose(Scaling.fit(data).inputs(data.inputs), expected, atol=1e-11)


def test_it_is_fitted_on_the_training_rows_only() -> None:
    data = dataset()
    held_out = np.arange(40) >= 30
    changed = np.array(data.inputs)
    changed[30:] = 1e6
    scaling = Scaling.fit(replace(data, held_out=held_out, inputs=changed))
    np.testing.assert_array_equal(scaling.input_mean, data.inputs[:30].mean(axis=0))


@pytest.mark.parametrize("value", [0.0, 0.1, -3.7, 1e8 + 0.1])
def test_a_constant_column_is_only_centred(value: float) -> None:
    inputs = np.array(dataset().inputs)
    inputs[:, 1] = value
    data = replace(dataset(), inputs=inputs, targets=np.full((40, 1), value))
    scaling = Scaling.fit(data)
    assert (scaling.input_mean[1], scaling.input_scale[1]) == (value, 1.0)
    assert (scaling.target_mean[0], scaling.target_scale[0]) == (value, 1.0)
    assert not scaling.inputs(inputs)[:, 1].any()
    assert not scaling.targets(data.targets).any()


def test_a_single_row_is_only_centred() -> None:
    scaling = Scaling.fit(dataset(rows=1))
    assert scaling.input_scale.tolist() == [1.0, 1.0, 1.0]
    assert scaling.target_scale.tolist() == [1.0]


def test_huge_offsets_and_huge_numbers_scale_too() -> None:
    data = dataset(offset=1e8)
    scaled = Scaling.fit(data).inputs(data.inputs)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-6)
    huge = replace(data, inputs=data.inputs * 1e290)
    assert np.isfinite(Scaling.fit(huge).inputs(huge.inputs)).all()


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: str(network.sizes))
def test_switching_moves_no_prediction(network: Network) -> None:
    data = dataset(outputs=network.sizes[-1])
    plain, scaled = Scaling.none(data), Scaling.fit(data)
    vector = network.initial(np.random.default_rng(0))
    converted = convert(network, vector, plain, scaled)
    assert not np.allclose(converted, vector)
    before = predict(network, plain, vector, data.inputs)
    after = predict(network, scaled, converted, data.inputs)
    np.testing.assert_allclose(after, before, atol=1e-12 * np.abs(before).max())


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: str(network.sizes))
def test_there_and_back_is_where_it_was(network: Network) -> None:
    data = dataset(outputs=network.sizes[-1])
    plain, scaled = Scaling.none(data), Scaling.fit(data)
    vector = network.initial(np.random.default_rng(0))
    there = convert(network, vector, scaled, plain)
    back = convert(network, there, plain, scaled)
    np.testing.assert_allclose(back, vector, rtol=1e-11, atol=1e-11)


def test_converting_to_the_same_scaling_or_leaving_the_argument_alone() -> None:
    network, data = NETWORKS[2], dataset(outputs=2)
    vector = network.initial(np.random.default_rng(0))
    vector.flags.writeable = False
    plain = Scaling.none(data)
    np.testing.assert_array_equal(convert(network, vector, plain, plain), vector)


def test_data_units_are_the_equation_a_person_would_write() -> None:
    data = dataset()
    network, scaling = NETWORKS[0], Scaling.fit(data)
    vector = np.array([0.5, -0.25, 2.0, 0.125])
    w1, w2, w3, b = scaling.to_data_units(network, vector)
    by_hand = w1 * data.inputs[:, 0] + w2 * data.inputs[:, 1] + w3 * data.inputs[:, 2] + b
    predicted = predict(network, scaling, vector, data.inputs)[:, 0]
    np.testing.assert_allclose(by_hand, predicted, rtol=1e-12)


def test_the_condition_number_is_the_hessians() -> None:
    inputs = dataset().inputs
    design = np.column_stack([inputs, np.ones(len(inputs))])
    expected = np.linalg.cond(design.T @ design)
    assert condition_number(inputs) == pytest.approx(expected, rel=1e-6)
    assert condition_number(np.array([[-1.0], [1.0]])) == pytest.approx(1.0)


def test_a_redundant_column_or_too_few_rows_have_none() -> None:
    x = np.linspace(0, 1, 9)[:, np.newaxis]
    for inputs in (np.column_stack([x, x]), np.ones((9, 1)), np.ones((1, 1)), x[:2].T):
        assert condition_number(inputs) == np.inf


def test_scaling_is_worth_it_where_descent_would_crawl() -> None:
    assert worth_scaling(dataset())
    even = np.random.default_rng(0).normal(size=(40, 3))
    assert not worth_scaling(replace(dataset(), inputs=even))
    # Only training rows count.
    even[-1] = 1e6
    assert not worth_scaling(replace(dataset(), inputs=even, held_out=np.arange(40) == 39))
