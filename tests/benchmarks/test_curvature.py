"""What second derivatives cost: ``pytest tests/benchmarks/test_curvature.py --benchmark-enable``.

A product with the Hessian beside PyTorch's double backward and beside two gradients; the diagonal
beside one product for each parameter. No stopwatch fails a test: what is asserted is that all
contenders find the same numbers. The bracketed figures of a table are ratios to its fastest row.
"""

from __future__ import annotations

from collections.abc import Callable

import mixer_nn  # noqa: F401  # isort: skip  (before NumPy: one BLAS thread)

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from mixer_nn.core.curvature import curvatures, hessian_times
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.power_iteration import PowerIteration

Array = NDArray[np.float64]
Work = Callable[[], Array]

STEP = 1e-5

WORKLOADS = {
    "W2": ((2, 4, 2, 1), 250),
    "W3a": ((2, 8, 8, 8, 8, 8, 8, 1), 250),
    "1000": ((2, 30, 29, 1), 500),
}


def made(name: str) -> tuple[Objective, Array, Array]:
    """An objective, parameters to start from, and a direction."""
    sizes, rows = WORKLOADS[name]
    network = Network(sizes, ("tanh",) * (len(sizes) - 2) + ("linear",))
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(rows, sizes[0]))
    targets = np.sin(inputs.sum(axis=1, keepdims=True))
    vector = network.initial(rng)
    return Objective(network, "mse", inputs, targets), vector, rng.normal(size=vector.size)


def by_the_r_operator(name: str) -> Work:
    objective, vector, direction = made(name)
    return lambda: hessian_times(objective, vector, direction)


def by_two_gradients(name: str) -> Work:
    objective, vector, direction = made(name)
    ahead, behind = vector + STEP * direction, vector - STEP * direction
    return lambda: (objective.gradient(ahead) - objective.gradient(behind)) / (2.0 * STEP)


def by_torch(name: str) -> Work:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    objective, vector, direction = made(name)
    network = objective.network
    inputs, targets, along = (
        torch.tensor(each.copy()) for each in (objective.inputs, objective.targets, direction)
    )
    leaf = torch.tensor(vector, requires_grad=True)

    def work() -> Array:
        made, start = inputs, 0
        for layer, size in enumerate(network.sizes[1:]):
            into = network.sizes[layer]
            block = leaf[start : start + size * (into + 1)].reshape(size, into + 1)
            start += size * (into + 1)
            made = made @ block[:, :-1].T + block[:, -1]
            made = made if layer == len(network.sizes) - 2 else torch.tanh(made)
        loss = torch.nn.functional.mse_loss(made, targets)
        (slope,) = torch.autograd.grad(loss, leaf, create_graph=True)
        (product,) = torch.autograd.grad(slope @ along, leaf)
        return np.asarray(product.numpy())

    return work


PRODUCTS = {"R": by_the_r_operator, "2 gradients": by_two_gradients, "torch": by_torch}


@pytest.mark.parametrize("how", PRODUCTS)
@pytest.mark.parametrize("name", WORKLOADS)
def test_a_product(benchmark: BenchmarkFixture, name: str, how: str) -> None:
    benchmark.group = f"Hessian times a direction, {name}"
    product = benchmark(PRODUCTS[how](name))
    np.testing.assert_allclose(product, by_the_r_operator(name)(), rtol=1e-6, atol=1e-8)


def one_by_one(name: str) -> Work:
    objective, vector, _ = made(name)
    units = np.eye(vector.size)
    return lambda: np.array(
        [hessian_times(objective, vector, unit)[index] for index, unit in enumerate(units)]
    )


def at_once(name: str) -> Work:
    objective, vector, _ = made(name)
    return lambda: curvatures(objective, vector)


DIAGONALS = {"at once": at_once, "one by one": one_by_one}


@pytest.mark.parametrize("how", DIAGONALS)
@pytest.mark.parametrize("name", WORKLOADS)
def test_the_diagonal(benchmark: BenchmarkFixture, name: str, how: str) -> None:
    benchmark.group = f"the Hessian's diagonal, {name}"
    found = benchmark.pedantic(DIAGONALS[how](name), rounds=5)  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(found, at_once(name)(), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_steepest_bend_from_nothing(benchmark: BenchmarkFixture, name: str) -> None:
    benchmark.group = "the largest eigenvalue"
    objective, vector, _ = made(name)

    def work() -> float:
        found = PowerIteration(objective, vector, np.ones(vector.size, dtype=np.bool_))
        while not found.go_on():
            pass
        return found.largest

    assert benchmark(work) > 0.0
