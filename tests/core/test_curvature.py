"""Second derivatives against truths that do not come from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.curvature import Curvatures, curvatures, hessian_times
from mixer_nn.core.dataset import targets_of_classes
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective

Array = NDArray[np.float64]

DEPTHS = [(2,), (3, 4), (3, 4, 3), (2, 4, 3, 4)]


def some_objective(
    activation: str, loss: str, sizes: tuple[int, ...], rows: int = 9
) -> tuple[Objective, Array]:
    """Rows, targets of the kind that the loss is for, and parameters for them."""
    rng = np.random.default_rng(len(sizes))
    outputs = 3 if loss == "cross-entropy" else 2
    sizes = (*sizes, outputs)
    network = Network(sizes, (activation,) * (len(sizes) - 1))
    inputs = rng.normal(size=(rows, sizes[0]))
    if loss == "cross-entropy":
        targets = targets_of_classes(rng.integers(outputs, size=rows), outputs)
    elif "number" in LOSSES[loss].kinds:
        targets = 1.5 * rng.normal(size=(rows, outputs))
    else:
        targets = rng.integers(2, size=(rows, outputs)).astype(np.float64)
    vector = rng.normal(scale=0.8, size=network.parameter_count)
    return Objective(network, loss, inputs, targets), vector


def whole_hessian(objective: Objective, vector: Array) -> Array:
    return np.array([hessian_times(objective, vector, unit) for unit in np.eye(vector.size)])


def by_differences(objective: Objective, vector: Array, direction: Array) -> Array:
    step = 1e-6
    ahead, behind = vector + step * direction, vector - step * direction
    return (objective.gradient(ahead) - objective.gradient(behind)) / (2.0 * step)


every_loss = pytest.mark.parametrize("loss", sorted(LOSSES))
every_activation = pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
every_depth = pytest.mark.parametrize("sizes", DEPTHS, ids=lambda sizes: f"{len(sizes)} layers")


@every_depth
@every_loss
@every_activation
def test_a_product_is_the_rate_at_which_the_gradient_changes(
    activation: str, loss: str, sizes: tuple[int, ...]
) -> None:
    objective, vector = some_objective(activation, loss, sizes)
    direction = np.random.default_rng(7).normal(size=vector.size)
    product = hessian_times(objective, vector, direction)
    expected = by_differences(objective, vector, direction)
    np.testing.assert_allclose(product, expected, atol=2e-8 * max(1.0, np.abs(expected).max()))


@every_depth
@every_loss
@every_activation
def test_the_diagonal_is_the_diagonal(activation: str, loss: str, sizes: tuple[int, ...]) -> None:
    objective, vector = some_objective(activation, loss, sizes)
    hessian = whole_hessian(objective, vector)
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-13 * max(1.0, np.abs(hessian).max()))
    np.testing.assert_allclose(
        curvatures(objective, vector), np.diag(hessian), rtol=1e-11, atol=1e-13
    )


def pytorchs_loss(torch: Any, objective: Objective, vector: Any) -> Any:
    functional, network = torch.nn.functional, objective.network
    bends = {
        "linear": torch.nn.Identity(),
        "leaky-relu": functional.leaky_relu,
        "sine": torch.sin,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
    }
    made, start = torch.tensor(objective.inputs.copy()), 0
    for size, before, name in zip(
        network.sizes[1:], network.sizes, network.activations, strict=False
    ):
        layer = vector[start : start + size * (before + 1)].reshape(size, before + 1)
        start += layer.numel()
        bend = bends.get(name) or getattr(functional, name)
        made = bend(made @ layer[:, :-1].T + layer[:, -1])
    targets = torch.tensor(objective.targets.copy())
    if objective.loss_name == "hinge":
        margins = (2 * targets - 1) * made
        return functional.hinge_embedding_loss(margins, torch.full_like(margins, -1.0))
    losses = {
        "mse": functional.mse_loss,
        "mae": functional.l1_loss,
        "huber": functional.huber_loss,
        "bce": functional.binary_cross_entropy_with_logits,
        "cross-entropy": functional.cross_entropy,
    }
    return losses[objective.loss_name](made, targets)


@every_depth
@every_loss
@every_activation
def test_products_are_pytorchs(activation: str, loss: str, sizes: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    objective, vector = some_objective(activation, loss, sizes)
    direction = np.random.default_rng(7).normal(size=vector.size)
    leaf = torch.tensor(vector, requires_grad=True)
    (slope,) = torch.autograd.grad(pytorchs_loss(torch, objective, leaf), leaf, create_graph=True)
    along = (slope * torch.tensor(direction)).sum()
    expected = np.zeros_like(vector)
    if along.requires_grad:  # not where the loss is straight all the way
        (twice,) = torch.autograd.grad(along, leaf, allow_unused=True)
        expected = expected if twice is None else twice.numpy()
    product = hessian_times(objective, vector, direction)
    np.testing.assert_allclose(product, expected, rtol=1e-10, atol=1e-10)


def test_one_linear_neuron_has_the_hessian_of_its_data() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(50, 3))
    objective = Objective(Network.neuron(3), "mse", inputs, rng.normal(size=(50, 1)))
    columns = np.column_stack([inputs, np.ones(50)])
    hessian = 2.0 / 50 * columns.T @ columns
    for vector in rng.normal(size=(2, 4)):
        np.testing.assert_allclose(whole_hessian(objective, vector), hessian, rtol=1e-12)
        np.testing.assert_allclose(curvatures(objective, vector), np.diag(hessian), rtol=1e-12)


def test_logistic_regression_has_the_hessian_of_the_textbook() -> None:
    rng = np.random.default_rng(0)
    inputs, targets = rng.normal(size=(40, 2)), rng.integers(2, size=(40, 1)).astype(float)
    objective = Objective(Network.neuron(2), "bce", inputs, targets)
    vector = rng.normal(size=3)
    columns = np.column_stack([inputs, np.ones(40)])
    share = 1.0 / (1.0 + np.exp(-columns @ vector))
    hessian = (columns * (share * (1.0 - share))[:, np.newaxis]).T @ columns / 40
    np.testing.assert_allclose(whole_hessian(objective, vector), hessian, rtol=1e-12)


def test_two_neurons_in_a_row_have_the_one_worked_out_by_hand() -> None:
    # loss = (v·w·x − y)², without biases in play: ∂²/∂w² = 2(vx)², ∂²/∂w∂v = 2x(2vwx − y).
    network = Network((1, 1, 1), ("linear", "linear"))
    x, y, w, v = 1.5, 0.7, 0.4, -2.0
    objective = Objective(network, "mse", np.array([[x]]), np.array([[y]]))
    hessian = whole_hessian(objective, np.array([w, 0.0, v, 0.0]))[::2, ::2]
    across = 2 * x * (2 * v * w * x - y)
    np.testing.assert_allclose(hessian, [[2 * (v * x) ** 2, across], [across, 2 * (w * x) ** 2]])


@pytest.mark.parametrize("loss", ["bce", "mse"])
def test_many_rows_are_worked_off_in_parts_that_add_up(loss: str) -> None:
    objective, vector = some_objective("tanh", loss, (3, 4), rows=CHUNK + 700)
    direction = np.random.default_rng(7).normal(size=vector.size)
    half = [
        Objective(objective.network, loss, objective.inputs[rows], objective.targets[rows])
        for rows in (slice(0, None, 2), slice(1, None, 2))
    ]
    for whole, parts in (
        (
            hessian_times(objective, vector, direction),
            [hessian_times(part, vector, direction) for part in half],
        ),
        (curvatures(objective, vector), [curvatures(part, vector) for part in half]),
    ):
        np.testing.assert_allclose(whole, 0.5 * sum(parts), rtol=1e-11, atol=1e-14)
    work, parts_done = Curvatures(objective, vector), 1
    while not work.go_on():
        parts_done += 1
    assert parts_done > 1


def test_nothing_given_is_written_to() -> None:
    objective, vector = some_objective("tanh", "mse", (3, 4))
    vector.flags.writeable = False
    direction = np.ones(vector.size)
    direction.flags.writeable = False
    hessian_times(objective, vector, direction)
    curvatures(objective, vector)


def test_parameters_that_have_run_away_do_not_stop_it() -> None:
    objective, vector = some_objective("relu", "mse", (3, 4))
    product = hessian_times(objective, np.full(vector.size, 1e300), np.ones(vector.size))
    assert not np.isfinite(product).all()
    assert not np.isfinite(curvatures(objective, np.full(vector.size, 1e300))).all()
