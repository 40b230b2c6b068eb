"""Many losses at once are the losses one by one, whatever the network, the loss and the chunks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mixer_nn.core import stacked
from mixer_nn.core.activations import ACTIVATIONS
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.stacked import Stack, across, along, losses

OUTPUTS = {"bce": 1, "cross-entropy": 3}


def objective_of(
    hidden: tuple[int, ...] = (5, 4),
    activation: str = "tanh",
    loss: str = "mse",
    rows: int = 60,
    outputs: int | None = None,
) -> Objective:
    rng = np.random.default_rng(5)
    outputs = OUTPUTS.get(loss, 2) if outputs is None else outputs
    network = Network((3, *hidden, outputs), (activation,) * len(hidden) + ("linear",))
    if loss == "cross-entropy":
        targets = np.eye(outputs)[rng.integers(outputs, size=rows)]
    elif loss in ("bce", "hinge"):
        targets = rng.integers(2, size=(rows, outputs)).astype(float)
    else:
        targets = rng.normal(size=(rows, outputs)) * 2.0
    return Objective(network, loss, rng.normal(size=(rows, 3)) * 2.0, targets)


def drawn(objective: Objective, count: int = 1) -> np.ndarray:
    rng = np.random.default_rng(8)
    return rng.normal(size=(count, objective.network.parameter_count))


def one_by_one(objective: Objective, vectors: np.ndarray) -> np.ndarray:
    return np.array([objective.value(vector) for vector in vectors])


def varied(vector: np.ndarray, indices: list[int], values: np.ndarray) -> np.ndarray:
    made = np.tile(vector, (len(values), 1))
    made[:, indices] = values
    return made


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_many_vectors_with_every_activation(activation: str) -> None:
    objective = objective_of(activation=activation)
    vectors = drawn(objective, 33)

    np.testing.assert_allclose(
        losses(objective, vectors), one_by_one(objective, vectors), rtol=1e-12
    )
    quick = losses(objective, vectors, np.float32)
    np.testing.assert_allclose(quick, one_by_one(objective, vectors), rtol=2e-5)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden", [(), (4,), (5, 4)])
def test_many_vectors_with_every_loss(loss: str, hidden: tuple[int, ...]) -> None:
    objective = objective_of(hidden=hidden, loss=loss)
    vectors = drawn(objective, 20)

    np.testing.assert_allclose(
        losses(objective, vectors), one_by_one(objective, vectors), rtol=1e-12
    )


@pytest.mark.parametrize("loss", LOSSES)
def test_one_parameter_of_every_kind(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # So small a cache that the values come in several chunks, the last of them not full.
    monkeypatch.setattr(stacked, "CACHE_BYTES", 60 * 6 * 8 * 4)
    objective = objective_of(loss=loss)
    vector, values = drawn(objective)[0], np.linspace(-3.0, 3.0, 11)

    for index in range(vector.size):
        expected = one_by_one(objective, varied(vector, [index], values[:, np.newaxis]))
        exact = along(objective, vector, index, values)
        np.testing.assert_allclose(exact, expected, rtol=1e-12, err_msg=str(index))
        quick = along(objective, vector, index, values, np.float32)
        np.testing.assert_allclose(quick, expected, rtol=2e-5, err_msg=str(index))


@pytest.mark.parametrize(
    "indices",
    [[0, 3], [1, 6], [0, 21], [25, 40], [21, 53], [7, 52]],
    ids=["one neuron", "one layer", "first and second", "second", "to the output", "far apart"],
)
def test_two_parameters(indices: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stacked, "CACHE_BYTES", 60 * 6 * 8 * 7)
    objective = objective_of()
    vector = drawn(objective)[0]
    values = np.random.default_rng(1).normal(size=(23, 2))

    expected = one_by_one(objective, varied(vector, indices, values))

    np.testing.assert_allclose(across(objective, vector, indices, values), expected, rtol=1e-12)


@pytest.mark.parametrize("rows", [1, 7, 300])
def test_a_linear_neuron_is_a_parabola(rows: int) -> None:
    objective = objective_of((), outputs=1, rows=rows)
    assert objective.is_least_squares
    vector, values = drawn(objective)[0], np.linspace(-50.0, 50.0, 101)

    found = along(objective, vector, 1, values, np.float32)

    # L(p + d) = L(p) + g·d + ½·h·d², with g and h from the rows themselves.
    inputs, miss = objective.inputs[:, 1], objective.inputs @ vector[:3] + vector[3]
    miss = miss - objective.targets[:, 0]
    moved = values - vector[1]
    slope, bend = 2.0 * np.mean(miss * inputs), 2.0 * np.mean(inputs**2)
    expected = np.mean(miss**2) + slope * moved + 0.5 * bend * moved**2
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)
    vectors = drawn(objective, 9) * 10.0
    np.testing.assert_allclose(
        losses(objective, vectors), one_by_one(objective, vectors), rtol=1e-12, atol=1e-13
    )


def test_runaway_parameters_give_no_number_and_no_warning() -> None:
    objective = objective_of(activation="relu")
    vectors = np.stack([drawn(objective)[0], np.full(drawn(objective).size, 1e200)])
    vectors = np.vstack([vectors, np.full(vectors.shape[1], np.nan)])

    found = losses(objective, vectors)
    quick = losses(objective, vectors, np.float32)
    slice_ = along(objective, vectors[0], 0, np.array([0.0, 1e300, np.inf, np.nan]))

    assert np.isfinite([found[0], quick[0], slice_[0]]).all()
    assert not np.isfinite([*found[1:], *quick[1:], slice_[3]]).any()


def test_work_in_pieces_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stacked, "CACHE_BYTES", 60 * 6 * 8 * 10)
    objective = objective_of()
    vectors = drawn(objective, 45)
    stack = Stack(objective, vectors)
    counts = [0]
    while not stack.go_on(0.0):
        counts.append(stack.known)
        assert np.isnan(stack.losses[stack.known :]).all()
        assert not np.isnan(stack.losses[: stack.known]).any()

    assert [b - a for a, b in pairwise(counts)] == [10] * 4
    assert stack.is_done
    assert (stack.losses == losses(objective, vectors)).all()
    assert stack.go_on(0.0)


def test_nothing_to_work_out_is_done_at_once() -> None:
    objective = objective_of()
    assert Stack(objective, drawn(objective, 0)).finish().shape == (0,)


def test_a_second_reading_does_not_depend_on_the_first() -> None:
    # The arrays are made once and used again for every chunk.
    objective = objective_of(hidden=(), outputs=2)
    vector = drawn(objective)[0]
    values = np.linspace(-1.0, 1.0, 400)

    whole = along(objective, vector, 0, values)

    expected = one_by_one(objective, varied(vector, [0], values[:, np.newaxis]))
    np.testing.assert_allclose(whole, expected, rtol=1e-12)


def test_pytorch_says_the_same() -> None:
    torch = pytest.importorskip("torch")
    objective = objective_of(loss="cross-entropy")
    vector, values = drawn(objective)[0], np.linspace(-4.0, 4.0, 21)
    index = 24

    found = along(objective, vector, index, values)

    inputs, targets = torch.tensor(objective.inputs), torch.tensor(objective.targets)
    for value, loss in zip(values, found, strict=True):
        made = inputs
        changed = vector.copy()
        changed[index] = value
        for number, layer in enumerate(objective.network.layers(changed)):
            made = torch.nn.functional.linear(
                made, torch.tensor(layer[:, :-1]), torch.tensor(layer[:, -1])
            )
            made = torch.tanh(made) if number < 2 else made
        expected = torch.nn.functional.cross_entropy(made, targets)
        assert loss == pytest.approx(float(expected), rel=1e-12)
