"""Backpropagation against truths that do not come from it."""

from __future__ import annotations

from typing import Any

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
DEPTHS = [(3,), (3, 4), (3, 5, 4), (2, 4, 3, 5)]
ROWS = 12


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
    """Parameters and inputs with every neuron on one side of 0 for some rows, and not near it.

    Each bias is put into the widest gap between the sums of the middle rows, so that no neuron
    is dead and no difference crosses a kink.
    """
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(ROWS, network.sizes[0]))
    vector = rng.normal(size=network.parameter_count)
    for number, layer in enumerate(network.layers(vector)):
        sums = np.sort(network.forward(vector, inputs)[0][number] - layer[:, -1], axis=0)
        middle = sums[ROWS // 4 : -ROWS // 4]
        gaps = np.diff(middle, axis=0)
        places = gaps.argmax(axis=0), range(gaps.shape[1])
        layer[:, -1] = -(middle[places] + gaps[places] / 2)
    assert min(np.abs(z).min() for z in network.forward(vector, inputs)[0]) > 1e-4
    return vector, inputs


def targets_for(loss: str, outputs: Array, seed: int) -> Array:
    """Targets of the kind that the loss is for, none where it has a kink."""
    rng = np.random.default_rng(seed)
    if loss == "cross-entropy":
        return np.eye(outputs.shape[1])[rng.integers(outputs.shape[1], size=len(outputs))]
    if "number" not in LOSSES[loss].kinds:
        right = rng.integers(2, size=outputs.shape).astype(np.float64)
        on_the_kink = np.abs((2 * right - 1) * outputs - 1) < 1e-3
        return np.where(on_the_kink, 1 - right, right)
    # Misses of both signs, on both sides of where Huber's loss becomes straight.
    miss = np.where(rng.random(outputs.shape) < 0.5, 0.5, 1.5) + rng.uniform(-0.3, 0.3)
    signed: Array = outputs + miss * rng.choice([-1.0, 1.0], size=outputs.shape)
    return signed


def assert_slopes_are_those_of_the_loss(network: Network, loss: str, seed: int) -> None:
    vector, inputs = away_from_kinks(network, seed)
    targets = targets_for(loss, network.predict(vector, inputs), seed)
    objective = Objective(network, loss, inputs, targets)
    value, gradient = loss_and_gradient(network, LOSSES[loss], vector, inputs, targets)
    largest = np.abs(gradient).max()
    assert largest > 1e-3
    assert value == pytest.approx(objective.value(vector), rel=1e-13)
    assert np.abs(gradient - central_differences(objective, vector)).max() <= 1e-7 * largest


@pytest.mark.parametrize("hidden_sizes", DEPTHS, ids=lambda sizes: f"{len(sizes)} deep")
@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_gradient_agrees_with_central_differences(
    activation: str, loss: str, hidden_sizes: tuple[int, ...]
) -> None:
    sizes = (*hidden_sizes, 3 if loss == "cross-entropy" else 2)
    network = Network(sizes, (activation,) * (len(sizes) - 1))
    assert_slopes_are_those_of_the_loss(network, loss, seed=len(sizes))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("hidden", sorted(ACTIVATIONS))
@pytest.mark.parametrize("output", sorted(ACTIVATIONS))
def test_so_it_does_where_hidden_layers_and_output_differ(
    sizes: tuple[int, ...], hidden: str, output: str
) -> None:
    network = Network(sizes, (hidden,) * (len(sizes) - 2) + (output,))
    assert_slopes_are_those_of_the_loss(network, "mse", seed=len(sizes))


@pytest.mark.parametrize("activation", ["relu", "leaky-relu"])
def test_at_its_kink_the_slope_is_that_of_below(activation: str) -> None:
    network = Network((1, 1, 1), (activation, "linear"))
    vector = np.array([1.0, 0.0, 1.0, 0.0])  # z = x, out = a(z)
    _, gradient = loss_and_gradient(network, MSE, vector, np.zeros((1, 1)), np.ones((1, 1)))
    # The output bias feels 2·(0 − 1); of it the activation lets through its slope below 0.
    below = {"relu": 0.0, "leaky-relu": 0.01}[activation]
    assert gradient.tolist() == [0.0, -2.0 * below, 0.0, -2.0]


def test_a_dead_relu_passes_nothing_back_at_all() -> None:
    network = Network((2, 3, 1), ("relu", "linear"))
    vector = network.initial(np.random.default_rng(0))
    network.layers(vector)[0][:, -1] = -100.0
    inputs = np.random.default_rng(1).normal(size=(5, 2))
    _, gradient = loss_and_gradient(network, MSE, vector, inputs, np.ones((5, 1)))
    hidden, output = network.layers(gradient)
    assert not hidden.any()
    assert np.flatnonzero(output).tolist() == [3]  # only the output's bias still feels the miss


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


def pytorchs_activation(torch: Any, name: str) -> Any:
    functional = torch.nn.functional
    table = {"linear": torch.nn.Identity(), "leaky-relu": functional.leaky_relu, "sine": torch.sin}
    return table.get(name) or getattr(functional, name, None) or getattr(torch, name)


def pytorchs_loss(torch: Any, name: str, outputs: Any, targets: Any) -> Any:
    functional = torch.nn.functional
    if name == "hinge":
        # PyTorch has it for a margin (±1)·z and the label −1.
        margins = (2 * targets - 1) * outputs
        return functional.hinge_embedding_loss(margins, torch.full_like(margins, -1.0))
    return {
        "mse": functional.mse_loss,
        "mae": functional.l1_loss,
        "huber": functional.huber_loss,
        "bce": functional.binary_cross_entropy_with_logits,
        "cross-entropy": functional.cross_entropy,
    }[name](outputs, targets)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_gradient_is_pytorchs(activation: str, loss: str, depth: int) -> None:
    torch = pytest.importorskip("torch")
    sizes = (*(3, 5, 4, 6)[:depth], 3)
    network = Network(sizes, (activation,) * depth)
    vector, inputs = away_from_kinks(network, seed=3)
    targets = targets_for(loss, network.predict(vector, inputs), seed=4)
    leaf = torch.tensor(vector, requires_grad=True)
    out, start = torch.tensor(inputs), 0
    for layer in network.layers(vector):
        weights = leaf[start : start + layer.size].reshape(layer.shape)
        out = pytorchs_activation(torch, activation)(out @ weights[:, :-1].T + weights[:, -1])
        start += layer.size
    reference = pytorchs_loss(torch, loss, out, torch.tensor(targets))
    reference.backward()
    value, gradient = loss_and_gradient(network, LOSSES[loss], vector, inputs, targets)
    assert value == pytest.approx(reference.item(), rel=1e-10)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), atol=1e-10 * np.abs(gradient).max())


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
