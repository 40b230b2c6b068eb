"""The planned step: the same mathematics as the readable one, and exact about where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.plan import BLOCK_BATCHES, Plan
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, order_of_rows, start

Array = NDArray[np.float64]

GD = "gradient-descent"
NETWORKS = [
    Network.neuron(1),
    Network.neuron(3),
    Network((2, 3), ("linear",)),
    Network((2, 1), ("tanh",)),
    Network((2, 4, 1), ("relu", "linear")),
    Network((2, 4, 3, 2), ("tanh", "tanh", "linear")),
    Network((3, 5, 4, 3, 2), ("tanh", "relu", "linear", "tanh")),
    Network((1, 3, 3, 3, 3, 1), ("relu", "linear", "relu", "relu", "linear")),
]
ROWS = 40


def objective_for(network: Network, rows: int = ROWS) -> Objective:
    rng = np.random.default_rng(7)
    inputs = rng.normal(size=(rows, network.sizes[0]))
    return Objective(network, "mse", inputs, rng.normal(size=(rows, network.sizes[-1])))


def everything(network: Network) -> NDArray[np.bool_]:
    return np.ones(network.parameter_count, dtype=np.bool_)


def readable(
    objective: Objective, settings: Settings, free: NDArray[np.bool_], state: TrainingState
) -> Iterator[TrainingState]:
    """What the plan must do, written to be read: the state after each step, without end."""
    optimizer, rows = OPTIMIZERS[settings.optimizer], objective.rows
    size = rows if settings.batch_size == FULL_BATCH else settings.batch_size
    while True:
        order = order_of_rows(state.seed, state.epoch, rows)
        batch = order[state.place : state.place + size]
        _, gradient = loss_and_gradient(
            objective.network, objective.loss, state.parameters,
            objective.inputs[batch], objective.targets[batch],
        )  # fmt: skip
        change, slots = optimizer.update(gradient, state.slots, settings.learning_rate)
        place = state.place + len(batch)
        state = TrainingState(
            state.parameters + np.where(free, change, 0.0),
            state.seed,
            state.step + 1,
            state.epoch + (place >= rows),
            place if place < rows else 0,
            slots,
        )
        yield state


def assert_agree(state: TrainingState, expected: TrainingState) -> None:
    """Equal counts, and parameters that differ by rounding only."""
    where = (state.step, state.epoch, state.place)
    assert where == (expected.step, expected.epoch, expected.place)
    np.testing.assert_allclose(state.parameters, expected.parameters, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: str(network.sizes))
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7, 1, ROWS, ROWS - 1])
@pytest.mark.parametrize("held", [(), (0, -1)], ids=["all free", "two held"])
def test_every_step_is_the_readable_one(
    network: Network, batch_size: int, held: tuple[int, ...]
) -> None:
    objective, settings = objective_for(network), Settings(0.05, batch_size)
    free = everything(network)
    free[list(held)] = False
    state = start(network, GD, seed=1)
    plan = Plan(objective, settings, free)
    plan.load(state)
    steps = readable(objective, settings, free, state)
    for _ in range(2 * ROWS + 3):
        plan.run(1)
        assert_agree(plan.state(), next(steps))


def test_more_batches_than_are_gathered_at_a_time() -> None:
    network = Network.neuron(2)
    objective = objective_for(network, rows=2 * BLOCK_BATCHES + 5)
    settings, state = Settings(0.01, 1), start(network, GD, seed=1)
    plan = Plan(objective, settings, everything(network))
    plan.load(state)
    steps = readable(objective, settings, everything(network), state)
    plan.run(3 * BLOCK_BATCHES)
    for _ in range(3 * BLOCK_BATCHES):
        expected = next(steps)
    assert_agree(plan.state(), expected)


def test_weight_and_bias_move_at_once_from_the_same_miss() -> None:
    x, y = np.array([[1.0], [2.0], [4.0]]), np.array([[3.0], [5.0], [1.0]])
    plan = Plan(Objective(Network.neuron(1), "mse", x, y), Settings(0.1), np.ones(2, np.bool_))
    plan.load(TrainingState(np.array([0.5, -0.25]), seed=0))
    plan.run(1)
    miss = 0.5 * x - 0.25 - y
    expected = [0.5 - 0.1 * 2 * (miss * x).mean(), -0.25 - 0.1 * 2 * miss.mean()]
    np.testing.assert_allclose(plan.parameters, expected, rtol=1e-14)


def test_the_short_last_batch_is_applied_and_nothing_of_it_is_carried_over() -> None:
    network = Network.neuron(1)
    objective, settings = objective_for(network, rows=10), Settings(0.1, 7)
    plan = Plan(objective, settings, everything(network))
    state = start(network, GD, seed=3)
    plan.load(state)
    plan.run(1)
    assert (plan.step, plan.epoch, plan.place) == (1, 0, 7)
    before = plan.parameters.copy()
    plan.run(1)
    assert (plan.step, plan.epoch, plan.place) == (2, 1, 0)
    last = order_of_rows(3, 0, 10)[7:]
    x, y = objective.inputs[last, 0], objective.targets[last, 0]
    miss = before[0] * x + before[1] - y
    assert len(miss) == 3
    expected = before - 0.1 * 2 * np.array([(miss * x).mean(), miss.mean()])
    np.testing.assert_allclose(plan.parameters, expected, rtol=1e-13)
    # The next epoch starts afresh: the same as for a plan that has seen no batch before.
    middle = plan.state()
    plan.run(1)
    fresh = Plan(objective, settings, everything(network))
    fresh.load(middle)
    fresh.run(1)
    assert fresh.state().same(plan.state())


def test_an_epoch_sees_every_row_once() -> None:
    # With targets 1, 2, 4, 8, … and a rate that does not move w, the bias tells the rows apart.
    rows = 12
    targets = np.exp2(np.arange(rows, dtype=np.float64))[:, np.newaxis]
    objective = Objective(Network.neuron(1), "mse", np.zeros((rows, 1)), targets)
    plan = Plan(objective, Settings(1e-9, 5), np.ones(2, np.bool_))
    plan.load(TrainingState(np.zeros(2), seed=4))
    seen = np.zeros(2)
    for size in (5, 5, 2):
        plan.run(1)
        seen += plan.change * size
    assert seen[1] == pytest.approx(1e-9 * 2 * (2**rows - 1), rel=1e-6)


@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7, 1])
def test_the_same_seed_twice_is_bit_equal_and_another_seed_is_not(batch_size: int) -> None:
    network = NETWORKS[5]
    ends = []
    for seed in (1, 1, 2):
        plan = Plan(objective_for(network), Settings(0.05, batch_size), everything(network))
        plan.load(start(network, GD, seed))
        plan.run(100)
        ends.append(plan.state())
    assert ends[0].same(ends[1])
    assert not ends[0].same(ends[2])


@pytest.mark.parametrize("network", [NETWORKS[0], NETWORKS[5]], ids=["neuron", "network"])
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7, 1])
@pytest.mark.parametrize("fresh", [False, True], ids=["same plan", "fresh plan"])
def test_going_on_from_any_state_is_bit_equal_to_never_having_stopped(
    network: Network, batch_size: int, fresh: bool
) -> None:
    free = everything(network)
    free[1] = False  # one lock
    objective, settings = objective_for(network), Settings(0.05, batch_size)
    plan = Plan(objective, settings, free)
    plan.load(start(network, GD, seed=1))
    states = []
    for _ in range(2 * ROWS):
        plan.run(1)
        states.append(plan.state())
    for place in (0, 2, 5, 6, 11, 40, 61):
        other = Plan(objective, settings, free) if fresh else plan
        other.load(states[place])
        other.run(len(states) - 1 - place)
        assert other.state().same(states[-1])


def test_the_batch_size_may_change_in_the_middle_of_an_epoch() -> None:
    network = NETWORKS[5]
    objective, free = objective_for(network), everything(network)
    state = start(network, GD, seed=1)
    plan = Plan(objective, Settings(0.05, 7), free)
    plan.load(state)
    plan.run(2)
    for batch_size in (6, 9, 1, FULL_BATCH, 13):
        state = plan.state()
        settings = Settings(0.05, batch_size)
        plan = Plan(objective, settings, free)
        plan.load(state)
        if batch_size == FULL_BATCH:
            # All rows, whatever was begun; and what was begun counts as a finished epoch.
            steps = readable(objective, settings, free, replace(state, place=0))
        else:
            steps = readable(objective, settings, free, state)
        for _ in range(8):
            plan.run(1)
            assert_agree(plan.state(), next(steps))


def test_a_place_between_its_own_batches_is_taken_up_by_a_plan_in_use() -> None:
    network = NETWORKS[5]
    objective, settings = objective_for(network), Settings(0.05, 7)
    plan = Plan(objective, settings, everything(network))
    plan.load(start(network, GD, seed=1))
    plan.run(2)
    for place in (10, 14, 3):
        state = replace(start(network, GD, seed=1), place=place)
        plan.load(state)
        steps = readable(objective, settings, everything(network), state)
        for _ in range(9):
            plan.run(1)
            assert_agree(plan.state(), next(steps))


@pytest.mark.parametrize("network", [NETWORKS[0], NETWORKS[5]], ids=["neuron", "network"])
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7])
def test_a_held_parameter_keeps_every_bit_over_10000_steps(
    network: Network, batch_size: int
) -> None:
    free = everything(network)
    free[[0, -1]] = False
    begin = start(network, GD, seed=1)
    plan = Plan(objective_for(network), Settings(0.05, batch_size), free)
    plan.load(begin)
    plan.run(10_000)
    end = plan.state()
    assert end.parameters[~free].tobytes() == begin.parameters[~free].tobytes()
    if free.any():
        assert (end.parameters[free] != begin.parameters[free]).all()


def test_a_held_parameter_stays_though_all_others_run_away() -> None:
    free = np.array([True, False])
    plan = Plan(objective_for(Network.neuron(1)), Settings(1e3), free)
    plan.load(TrainingState(np.array([0.3, -0.0]), seed=0))
    plan.run(1000)
    assert not np.isfinite(plan.parameters[0])
    assert plan.parameters[1:].tobytes() == np.array([-0.0]).tobytes()


def test_with_all_held_nothing_moves() -> None:
    network = NETWORKS[5]
    begin = start(network, GD, seed=1)
    plan = Plan(objective_for(network), Settings(0.05, 7), ~everything(network))
    plan.load(begin)
    plan.run(100)
    assert plan.state().parameters.tobytes() == begin.parameters.tobytes()
    assert plan.step == 100


def test_a_batch_of_all_rows_or_more_is_the_full_batch() -> None:
    network = Network.neuron(1)
    for batch_size in (ROWS, ROWS + 1):
        plan = Plan(objective_for(network), Settings(0.1, batch_size), everything(network))
        assert plan.is_full_batch
        assert plan.batch_size == ROWS


def test_the_state_it_gives_does_not_change_under_later_steps() -> None:
    plan = Plan(objective_for(NETWORKS[0]), Settings(0.1), everything(NETWORKS[0]))
    plan.load(start(NETWORKS[0], GD, seed=1))
    plan.run(3)
    state, kept = plan.state(), plan.parameters.copy()
    plan.run(3)
    assert state.parameters.tolist() == kept.tolist()
    assert not state.parameters.flags.writeable


def test_a_relu_does_not_hide_that_the_numbers_ran_out() -> None:
    network = Network((1, 2, 1), ("relu", "linear"))
    plan = Plan(objective_for(network), Settings(0.1), everything(network))
    plan.load(TrainingState(np.full(7, np.nan), seed=0))
    plan.run(1)
    assert np.isnan(plan.parameters).all()
