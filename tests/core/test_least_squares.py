"""What can be known of one linear neuron without training it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.network import Network
from mixer_nn.core.objective import MANY, Objective

Array = NDArray[np.float64]


def objective_of(inputs: Array, targets: Array) -> Objective:
    return Objective(Network.neuron(inputs.shape[1]), "mse", inputs, targets)


def noisy(rows: int, inputs: int, offset: float = 0.0) -> Objective:
    rng = np.random.default_rng(rows)
    x = offset + rng.normal(size=(rows, inputs))
    y = x @ rng.normal(size=(inputs, 1)) + rng.normal(size=(rows, 1))
    return objective_of(x, y)


@pytest.mark.parametrize("rows", [5, MANY - 1, MANY, 10_000])
@pytest.mark.parametrize("inputs", [1, 3])
def test_loss_and_gradient_are_those_of_the_rows_however_many(rows: int, inputs: int) -> None:
    objective = noisy(rows, inputs)
    vector = np.random.default_rng(1).normal(size=inputs + 1)
    loss, gradient = loss_and_gradient(
        objective.network, objective.loss, vector, objective.inputs, objective.targets
    )
    assert objective.value(vector) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(objective.gradient(vector), gradient, rtol=1e-10)
    shortcut = objective.hessian @ vector - objective.pull
    np.testing.assert_allclose(shortcut, gradient, rtol=1e-10)


def test_hessian_is_twice_the_second_moments() -> None:
    objective = noisy(20, 2)
    design = np.column_stack([objective.inputs, np.ones(20)])
    np.testing.assert_allclose(objective.hessian, 2 * design.T @ design / 20, rtol=1e-12)


@pytest.mark.parametrize(("rows", "inputs"), [(1, 1), (2, 1), (2, 3), (50, 1), (10_000, 3)])
def test_optimum_is_numpys(rows: int, inputs: int) -> None:
    objective = noisy(rows, inputs)
    optimum = objective.optimum
    design = np.column_stack([objective.inputs, np.ones(rows)])
    expected = np.linalg.lstsq(design, objective.targets[:, 0], rcond=None)[0]
    np.testing.assert_allclose(design @ optimum, design @ expected, atol=1e-10)
    if rows > inputs + 1:
        np.testing.assert_allclose(optimum, expected, rtol=1e-9)
        assert np.abs(objective.gradient(optimum)).max() < 1e-12


def test_optimum_survives_huge_offsets() -> None:
    objective, plain = noisy(60, 2, offset=1e8), noisy(60, 2)
    np.testing.assert_allclose(objective.optimum[:-1], plain.optimum[:-1], rtol=1e-6)


def test_optimum_does_not_take_a_small_column_for_a_redundant_one() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(30, 2)) * [1e-12, 1e9]
    y = x @ np.array([[3e12], [2e-9]]) + 1.0
    np.testing.assert_allclose(objective_of(x, y).optimum, [3e12, 2e-9, 1.0], rtol=1e-9)


def test_a_column_twice_over_shares_its_weight() -> None:
    x = np.random.default_rng(0).normal(size=(30, 1))
    objective = objective_of(np.column_stack([x, x]), 3 * x + 1)
    np.testing.assert_allclose(objective.optimum, [1.5, 1.5, 1.0], atol=1e-12)
    assert np.linalg.eigvalsh(objective.hessian)[0] == pytest.approx(0.0, abs=1e-12)
    assert objective.learning_rate_limit() is not None


@pytest.mark.parametrize("value", [0.0, 0.1, 1e8])
def test_a_constant_column_gets_no_weight(value: float) -> None:
    x = np.column_stack([np.linspace(-1, 1, 10), np.full(10, value)])
    optimum = objective_of(x, 2 * x[:, :1] + 5).optimum
    np.testing.assert_allclose(optimum, [2.0, 0.0, 5.0], atol=1e-12)


def test_the_learning_rate_limit_is_two_over_the_largest_eigenvalue() -> None:
    objective = noisy(40, 2)
    limit = objective.learning_rate_limit()
    assert limit == pytest.approx(2 / np.linalg.eigvalsh(objective.hessian).max(), rel=1e-12)
    # With only the bias free, the curvature is 2 whatever the rows: the limit is exactly 1.
    free = np.array([False, False, True])
    assert objective.learning_rate_limit(free) == pytest.approx(1.0, rel=1e-12)
    assert objective.learning_rate_limit(np.zeros(3, dtype=np.bool_)) == np.inf


def test_a_network_has_no_known_limit() -> None:
    network = Network((1, 2, 1), ("tanh", "linear"))
    objective = Objective(network, "mse", np.ones((3, 1)), np.ones((3, 1)))
    assert objective.learning_rate_limit() is None
    assert not objective.is_least_squares


def test_constant_loss_is_the_variance_of_the_targets() -> None:
    objective = noisy(40, 2)
    assert objective.constant_loss == pytest.approx(objective.targets.var(), rel=1e-13)


def test_parameters_that_ran_away_give_a_loss_that_is_not_finite_and_no_warning() -> None:
    for rows in (10, MANY):
        objective = noisy(rows, 1)
        assert objective.value(np.array([1e200, 0.0])) == np.inf
        assert np.isnan(objective.value(np.array([np.nan, 0.0])))
        assert not np.isfinite(objective.gradient(np.array([np.inf, 0.0]))).all()
    assert objective_of(np.ones((2, 1)), np.array([[1e200], [-1e200]])).constant_loss == np.inf
