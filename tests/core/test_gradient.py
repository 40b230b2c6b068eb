"""Backpropagation against truths that do not come from it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective

Array = NDArray[np.float64]

MSE = LOSSES["mse"]
SIZES = [(2, 1), (3, 2), (2, 4, 1), (3, 5, 4, 2), (2, 4, 3, 5, 1)]


def central_differences(objective: Objective, vector: Array) -> Array:
    gradient = np.empty_like(vector)
    for index, value in enumerate(vector):
        step = 1e-6 * max(1.0, abs(value))
        above, below = vector.copy(), vector.copy()
        above[index] += step
        below[index] -= step
        rise = objective.value(above) - objective.value(below)
        gradient[index] = rise / (above[index] - below[index])
    return gradient


def away_from_kinks(network: Network, seed: int) -> tuple[Array, Array]:
    """Parameters and inputs where no weighted sum is so near 0 that a difference crosses it."""
    rng = np.random.default_rng(seed)
    while True:
        vector = rng.normal(size=network.parameter_count)
        inputs = rng.normal(size=(12, network.sizes[0]))
        if min(np.abs(z).min() for z in network.forward(vector, inputs)[0]) > 1e-3:
            return vector, inputs


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("hidden", sorted(ACTIVATIONS))
@pytest.mark.parametrize("output", sorted(ACTIVATIONS))
def test_gradient_agrees_with_central_differences(
    sizes: tuple[int, ...], hidden: str, output: str
) -> None:
    network = Network(sizes, (hidden,) * (len(sizes) - 2) + (output,))
    vector, inputs = away_from_kinks(network, seed=len(sizes))
    targets = np.random.default_rng(9).normal(size=(len(inputs), sizes[-1]))
    objective = Objective(network, "mse", inputs, targets)
    _, gradient = loss_and_gradient(network, MSE, vector, inputs, targets)
    error = np.abs(gradient - central_differences(objective, vector)).max()
    assert np.abs(gradient).max() > 1e-3
    assert error <= 1e-7 * np.abs(gradient).max()


def test_at_its_kink_a_relu_has_slope_0() -> None:
    network = Network((1, 1, 1), ("relu", "linear"))
    vector = np.array([1.0, 0.0, 1.0, 0.0])  # z = x, out = max(z, 0)
    _, gradient = loss_and_gradient(network, MSE, vector, np.zeros((1, 1)), np.ones((1, 1)))
    # Through the ReLU nothing comes back; the output bias still feels 2·(0 − 1).
    assert gradient.tolist() == [0.0, 0.0, 0.0, -2.0]


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_beside_its_kink_a_relu_passes_all_or_nothing(side: float) -> None:
    network = Network((1, 1, 1), ("relu", "linear"))
    vector = np.array([1.0, side * 1e-9, 1.0, 0.0])
    _, gradient = loss_and_gradient(network, MSE, vector, np.zeros((1, 1)), np.ones((1, 1)))
    assert gradient[1] == pytest.approx(-2.0 if side > 0 else 0.0)


def test_one_neuron_has_the_gradient_of_the_textbook() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 1)), rng.normal(size=(30, 1))
    w, b = 0.7, -1.3
    loss, gradient = loss_and_gradient(Network.neuron(1), MSE, np.array([w, b]), x, y)
    miss = w * x + b - y
    assert loss == pytest.approx((miss**2).mean(), rel=1e-14)
    expected = [2 * (miss * x).mean(), 2 * miss.mean()]
    np.testing.assert_allclose(gradient, expected, rtol=1e-13)


def test_loss_is_a_mean_over_rows_and_outputs() -> None:
    outputs, targets = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2))
    assert MSE.value(outputs, targets) == (1 + 4 + 9 + 16) / 4
    np.testing.assert_allclose(MSE.gradient(outputs, targets), outputs / 2)


def test_loss_is_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    outputs, targets = rng.normal(size=(40, 3)), rng.normal(size=(40, 3))
    expected = metrics.mean_squared_error(targets, outputs)
    assert MSE.value(outputs, targets) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_gradient_is_scikit_learns(hidden: str) -> None:
    network_module = pytest.importorskip("sklearn.neural_network")
    rng = np.random.default_rng(2)
    inputs, targets = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    regressor = network_module.MLPRegressor(
        hidden_layer_sizes=(5, 4), activation=hidden, solver="sgd", alpha=0.0, batch_size=20,
        shuffle=False, learning_rate_init=0.1, momentum=0.0, random_state=0,
    )  # fmt: skip
    regressor.partial_fit(inputs, targets)

    def flat() -> Array:
        pairs = zip(regressor.coefs_, regressor.intercepts_, strict=True)
        return np.concatenate([np.column_stack([w.T, b]).ravel() for w, b in pairs])

    before = flat()
    regressor.partial_fit(inputs, targets)
    change = flat() - before
    network = Network((3, 5, 4, 2), (hidden, hidden, "linear"))
    _, gradient = loss_and_gradient(network, MSE, before, inputs, targets)
    # scikit-learn descends on ½ of the squared error, summed over the two outputs.
    expected = -0.1 * (2 / 2) * gradient
    np.testing.assert_allclose(change, expected, atol=1e-13 * np.abs(expected).max())


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_gradient_is_pytorchs(hidden: str) -> None:
    torch = pytest.importorskip("torch")
    network = Network((3, 5, 4, 2), (hidden, hidden, "linear"))
    vector, inputs = away_from_kinks(network, seed=3)
    targets = np.random.default_rng(4).normal(size=(len(inputs), 2))
    leaf = torch.tensor(vector, requires_grad=True)
    out, start = torch.tensor(inputs), 0
    for number, layer in enumerate(network.layers(vector)):
        weights = leaf[start : start + layer.size].reshape(layer.shape)
        out = out @ weights[:, :-1].T + weights[:, -1]
        out = out if number == 2 else getattr(torch, hidden)(out)
        start += layer.size
    loss = torch.nn.functional.mse_loss(out, torch.tensor(targets))
    loss.backward()
    value, gradient = loss_and_gradient(network, MSE, vector, inputs, targets)
    assert value == pytest.approx(loss.item(), rel=1e-13)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), atol=1e-13 * np.abs(gradient).max())


def test_chunks_of_a_long_table_add_up_to_the_whole() -> None:
    network = Network((2, 3, 2), ("tanh", "linear"))
    rng = np.random.default_rng(5)
    rows = CHUNK + 1777
    inputs, targets = rng.normal(size=(rows, 2)), rng.normal(size=(rows, 2))
    vector = network.initial(rng)
    objective = Objective(network, "mse", inputs, targets)
    loss, gradient = loss_and_gradient(network, MSE, vector, inputs, targets)
    assert objective.value(vector) == pytest.approx(loss, rel=1e-13)
    np.testing.assert_allclose(objective.gradient(vector), gradient, rtol=1e-11)
