"""The pull of every single row against gradients that know of no rows, and against PyTorch."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core import pulls
from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective

Array = NDArray[np.float64]


def objective_for(
    loss: str, activation: str, hidden: tuple[int, ...], rows: int = 12, outputs: int = 3
) -> tuple[Objective, Array]:
    """Random rows and parameters, with targets of the loss's kind."""
    rng = np.random.default_rng(len(hidden) + rows)
    count = 1 if loss == "bce" else outputs
    output = activation if "number" in LOSSES[loss].kinds else "linear"
    network = Network((2, *hidden, count), (activation,) * len(hidden) + (output,))
    targets: Array = rng.normal(size=(rows, count))
    if loss == "cross-entropy":
        targets = np.eye(count)[rng.integers(count, size=rows)]
    elif "number" not in LOSSES[loss].kinds:
        targets = rng.integers(2, size=(rows, count)).astype(np.float64)
    inputs = rng.normal(size=(rows, 2))
    return Objective(network, loss, inputs, targets), rng.normal(size=network.parameter_count)


@pytest.mark.parametrize("hidden", [(), (4,), (4, 3), (3, 4, 3)], ids=len)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_the_gradient_is_the_mean_of_the_pulls(loss: str, hidden: tuple[int, ...]) -> None:
    objective, vector = objective_for(loss, "tanh", hidden)

    found = pulls.of_all(objective, vector)

    assert found.shape == (objective.rows, vector.size)
    assert np.abs(found).max() > 0.01
    np.testing.assert_allclose(found.mean(axis=0), objective.gradient(vector), atol=1e-15)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("loss", ["mse", "cross-entropy", "hinge"])
def test_each_pull_is_the_gradient_of_a_problem_with_that_row_alone(
    activation: str, loss: str
) -> None:
    objective, vector = objective_for(loss, activation, (3, 2))

    found = pulls.of_all(objective, vector)

    for row in range(objective.rows):
        only = slice(row, row + 1)
        alone = replace(objective, inputs=objective.inputs[only], targets=objective.targets[only])
        np.testing.assert_allclose(found[row], alone.gradient(vector), atol=1e-14)


def test_one_parameter_is_a_column_of_all_of_them() -> None:
    objective, vector = objective_for("mse", "sigmoid", (4, 3))
    whole = pulls.of_all(objective, vector)
    for index in range(vector.size):
        column = pulls.of_parameter(objective, vector, index)
        np.testing.assert_allclose(column, whole[:, index], rtol=1e-13, atol=1e-16)


def test_long_tables_are_walked_in_chunks_without_a_seam() -> None:
    objective, vector = objective_for("bce", "tanh", (3,), rows=2 * CHUNK + 7)

    column = pulls.of_parameter(objective, vector, 2)

    assert column.shape == (objective.rows,)
    assert column.mean() == pytest.approx(objective.gradient(vector)[2], rel=1e-12)
    np.testing.assert_allclose(pulls.of_all(objective, vector)[:, 2], column)


def test_parameters_that_have_run_away_raise_no_warning() -> None:
    objective, vector = objective_for("mse", "relu", (3,))
    assert not np.isfinite(pulls.of_all(objective, np.full_like(vector, 1e200))).all()


def test_one_neuron_pulls_by_the_school_formula() -> None:
    x, y = np.array([[1.0], [2.0], [-3.0]]), np.array([[2.0], [0.0], [1.0]])
    objective = Objective(Network.neuron(1), "mse", x, y)
    miss = 0.5 * x[:, 0] + 1.0 - y[:, 0]
    found = pulls.of_all(objective, np.array([0.5, 1.0]))
    np.testing.assert_allclose(found, np.column_stack([2.0 * miss * x[:, 0], 2.0 * miss]))


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "bce", "cross-entropy"])
def test_pulls_are_those_of_pytorch_row_by_row(loss: str) -> None:
    torch = pytest.importorskip("torch")
    objective, vector = objective_for(loss, "tanh", (4, 3), rows=5)
    if loss in ("mse", "mae", "huber"):
        objective = replace(
            objective, network=replace(objective.network, activations=("tanh", "tanh", "linear"))
        )
    losses = {
        "mse": torch.nn.functional.mse_loss,
        "mae": torch.nn.functional.l1_loss,
        "huber": torch.nn.functional.huber_loss,
        "bce": torch.nn.functional.binary_cross_entropy_with_logits,
        "cross-entropy": torch.nn.functional.cross_entropy,
    }
    found = pulls.of_all(objective, vector)
    for row in range(objective.rows):
        leaf = torch.tensor(vector, requires_grad=True)
        made, start = torch.tensor(objective.inputs[row : row + 1]), 0
        sizes = objective.network.sizes
        for layer, (before, after) in enumerate(pairwise(sizes)):
            block = leaf[start : start + after * (before + 1)].reshape(after, before + 1)
            made = made @ block[:, :-1].T + block[:, -1]
            made = torch.tanh(made) if layer < len(sizes) - 2 else made
            start += after * (before + 1)
        losses[loss](made, torch.tensor(objective.targets[row : row + 1])).backward()
        np.testing.assert_allclose(found[row], leaf.grad.numpy(), rtol=1e-9, atol=1e-12)
