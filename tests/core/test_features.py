"""Extra features: what is made of two inputs, and what the network gets of them."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.features import FEATURES, columns_with_features, with_features
from mixer_nn.core.network import Network
from mixer_nn.core.problem import Problem

INPUTS = np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, -1.0]])


def test_each_is_what_its_name_says() -> None:
    one, two = INPUTS.T
    expected = {
        "x1^2": one**2,
        "x2^2": two**2,
        "x1*x2": one * two,
        "sin(x1)": np.sin(one),
        "sin(x2)": np.sin(two),
    }
    assert expected.keys() == FEATURES.keys()
    for key, column in expected.items():
        assert with_features(INPUTS, (key,))[:, 2].tolist() == column.tolist()


def test_they_come_after_the_inputs_in_the_order_given() -> None:
    keys = ("sin(x2)", "x1^2")
    columns = columns_with_features((Column("speed", "mph"), Column("age")), keys)
    assert [column.title for column in columns] == ["speed (mph)", "age", "sin x₂", "x₁²"]
    table = with_features(INPUTS, keys)
    assert table.shape == (3, 4)
    assert table[:, :2].tolist() == INPUTS.tolist()
    assert table[:, 2].tolist() == np.sin(INPUTS[:, 1]).tolist()


def test_without_any_the_inputs_are_as_they_were() -> None:
    assert with_features(INPUTS, ()) is INPUTS
    assert columns_with_features((Column("a"),), ()) == (Column("a"),)


def circle() -> Dataset:
    inputs = np.random.default_rng(1).uniform(-2.0, 2.0, size=(60, 2))
    inside = (inputs**2).sum(axis=1, keepdims=True) < 2.0
    columns = (Column("x1"), Column("x2"))
    return Dataset(
        "circle", inputs, inside.astype(float), columns, (Column("side"),), classes=("out", "in")
    )


@pytest.mark.parametrize("scaled", [False, True])
def test_a_problem_trains_on_them_and_predicts_with_them(scaled: bool) -> None:
    network = Network((4, 1), ("linear",))
    problem = Problem(network, circle(), scaled, "bce", ("x1^2", "x2^2"))
    table = with_features(problem.dataset.inputs, ("x1^2", "x2^2"))
    if scaled:
        table = (table - table.mean(axis=0)) / table.std(axis=0)
    np.testing.assert_allclose(problem.objective.inputs, table, rtol=1e-12, atol=1e-12)
    vector = np.array([0.1, -0.2, -1.0, -1.0, 2.0])
    predicted = problem.predict(vector, problem.dataset.inputs)
    np.testing.assert_allclose(predicted, network.predict(vector, table), rtol=1e-12, atol=1e-12)
    assert [column.title for column in problem.seen.input_columns] == ["x1", "x2", "x₁²", "x₂²"]


def test_with_the_squares_one_neuron_finds_the_circle() -> None:
    problem = Problem(Network((4, 1), ("linear",)), circle(), False, "bce", ("x1^2", "x2^2"))
    vector = np.array([0.0, 0.0, -10.0, -10.0, 20.0])
    outputs = problem.predict(vector, problem.dataset.inputs)
    assert ((outputs > 0) == (problem.dataset.targets > 0.5)).all()


def test_they_are_refused_where_there_are_not_two_inputs() -> None:
    data = Dataset("line", INPUTS[:, :1], INPUTS[:, 1:], (Column("x"),), (Column("y"),))
    with pytest.raises(ValueError, match="two inputs"):
        Problem(Network((2, 1), ("linear",)), data, features=("x1^2",))
    with pytest.raises(ValueError, match="inputs and outputs"):
        Problem(Network((2, 1), ("linear",)), circle(), False, "bce", ("x1^2",))
