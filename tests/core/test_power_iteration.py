"""The steepest bend, against the eigenvalues of whole Hessians."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.curvature import hessian_times
from mixer_nn.core.least_squares import learning_rate_limit
from mixer_nn.core.losses import LOSSES
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.power_iteration import MOST_ITERATIONS, TOLERANCE, PowerIteration

Array = NDArray[np.float64]


def objective_of(sizes: tuple[int, ...], loss: str = "mse", rows: int = 60) -> Objective:
    network = Network(sizes, ("tanh",) * (len(sizes) - 2) + ("linear",))
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(rows, sizes[0]))
    targets = np.sin(2.0 * inputs.sum(axis=1, keepdims=True))
    if "number" not in LOSSES[loss].kinds:
        targets = (targets > 0.0).astype(float)
    return Objective(network, loss, inputs, targets)


def at(objective: Objective, seed: int, spread: float = 1.0) -> Array:
    return spread * np.random.default_rng(seed).normal(size=objective.network.parameter_count)


def hessian(objective: Objective, vector: Array) -> Array:
    return np.array([hessian_times(objective, vector, unit) for unit in np.eye(vector.size)])


def everything(objective: Objective) -> NDArray[np.bool_]:
    return np.ones(objective.network.parameter_count, dtype=np.bool_)


def finish(work: PowerIteration) -> PowerIteration:
    while not work.go_on():
        pass
    return work


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("loss", ["mse", "huber", "bce"])
@pytest.mark.parametrize("sizes", [(2, 1), (2, 4, 1), (2, 6, 5, 1)], ids=str)
def test_it_finds_the_largest_eigenvalue(sizes: tuple[int, ...], loss: str, seed: int) -> None:
    objective = objective_of(sizes, loss)
    vector = at(objective, seed)
    expected = np.linalg.eigvalsh(hessian(objective, vector))[-1]
    work = finish(PowerIteration(objective, vector, everything(objective)))
    assert work.largest == pytest.approx(expected, rel=1e-4)
    assert work.learning_rate_limit == pytest.approx(2.0 / expected, rel=1e-4)
    assert work.iterations < MOST_ITERATIONS


def test_for_one_linear_neuron_it_comes_to_the_exact_limit() -> None:
    objective = objective_of((2, 1))
    work = finish(PowerIteration(objective, at(objective, 0), everything(objective)))
    assert work.learning_rate_limit == pytest.approx(objective.learning_rate_limit(), rel=1e-6)


def test_locked_knobs_are_left_out_and_the_pull_on_weights_is_put_in() -> None:
    objective = objective_of((2, 4, 1))
    vector, free = at(objective, 0), everything(objective)
    free[::3] = False
    whole = hessian(objective, vector) + np.diag(0.3 * objective.network.is_weight)
    work = finish(PowerIteration(objective, vector, free, l2=0.3))
    assert work.learning_rate_limit == pytest.approx(learning_rate_limit(whole, free), rel=1e-4)
    assert not work.direction[~free].any()


def test_bending_down_more_than_up_does_not_mislead_it() -> None:
    # Far off the targets the bend of the tanh itself decides, which is up on one side of 0 and
    # down on the other; only the first layer is free.
    objective = objective_of((2, 5, 1))
    free = np.arange(objective.network.parameter_count) < 15
    for seed in range(200):
        vector = at(objective, seed)
        vector[-1] = -40.0
        values = np.linalg.eigvalsh(hessian(objective, vector)[np.ix_(free, free)])
        if -values[0] > 1.5 * values[-1] > 0.0:
            break
    else:
        pytest.fail("no such place")
    work = finish(PowerIteration(objective, vector, free))
    assert work.largest == pytest.approx(values[-1], rel=1e-3)


def test_where_nothing_bends_there_is_no_limit() -> None:
    objective = objective_of((2, 1), "mae")
    work = finish(PowerIteration(objective, at(objective, 0), everything(objective)))
    assert work.largest == 0.0
    assert work.learning_rate_limit == np.inf
    objective = objective_of((2, 4, 1))
    work = finish(PowerIteration(objective, at(objective, 0), ~everything(objective)))
    assert work.learning_rate_limit == np.inf


def test_where_there_is_no_number_there_is_no_limit() -> None:
    objective = objective_of((2, 4, 1))
    work = finish(PowerIteration(objective, at(objective, 0) * np.inf, everything(objective)))
    assert work.learning_rate_limit is None


def test_a_known_direction_nearby_saves_most_of_the_way() -> None:
    objective = objective_of((2, 6, 5, 1), rows=200)
    vector, free = at(objective, 0), everything(objective)
    first = finish(PowerIteration(objective, vector, free))
    moved = vector - 1e-3 * objective.gradient(vector)
    again = finish(PowerIteration(objective, moved, free, start=first.direction))
    assert again.iterations < first.iterations
    expected = np.linalg.eigvalsh(hessian(objective, moved))[-1]
    assert again.largest == pytest.approx(expected, rel=1e-4)


def test_a_direction_without_any_of_the_steepest_in_it_does_not_trap_it() -> None:
    objective = objective_of((2, 4, 1))
    vector = at(objective, 0)
    values, directions = np.linalg.eigh(hessian(objective, vector))
    work = PowerIteration(objective, vector, everything(objective), start=directions[:, -2])
    assert finish(work).largest == pytest.approx(values[-1], rel=1e-4)


def test_it_stops_after_each_part_and_says_how_near_it_is() -> None:
    objective = objective_of((2, 30, 20, 1), rows=1500)
    work = PowerIteration(objective, at(objective, 0, 0.3), everything(objective))
    parts = 1
    while not work.go_on():
        parts += 1
    assert parts > 5 * work.iterations
    assert work.miss <= TOLERANCE
    assert work.go_on()


def test_the_same_place_gives_the_same_number() -> None:
    objective = objective_of((2, 4, 1))
    vector = at(objective, 3)
    first, second = (
        finish(PowerIteration(objective, vector, everything(objective))) for _ in range(2)
    )
    assert first.largest == second.largest
    assert first.direction.tobytes() == second.direction.tobytes()
