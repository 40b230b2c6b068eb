"""The planned step: the same mathematics as the readable one, and exact about where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mixer_nn.core.batches import BLOCK_BATCHES
from mixer_nn.core.gradient import loss_and_gradient
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.plan import Plan
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, order_of_rows, start
from mixer_nn.core.update import updated

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
    Network((2, 3, 4, 3, 2), ("elu", "gelu", "sine", "softplus")),
    Network((2, 4, 3, 3, 1), ("sigmoid", "leaky-relu", "leaky-relu", "linear")),
]
ROWS = 40


def objective_for(network: Network, rows: int = ROWS, loss: str = "mse") -> Objective:
    rng = np.random.default_rng(7)
    inputs = rng.normal(size=(rows, network.sizes[0]))
    targets = rng.normal(size=(rows, network.sizes[-1]))
    if loss in ("bce", "hinge"):
        targets = np.where(targets > 0.0, 1.0, 0.0)
    elif loss == "cross-entropy":
        targets = np.eye(network.sizes[-1])[targets.argmax(axis=1)]
    return Objective(network, loss, inputs, targets)


def everything(network: Network) -> NDArray[np.bool_]:
    return np.ones(network.parameter_count, dtype=np.bool_)


def readable(
    objective: Objective, settings: Settings, free: NDArray[np.bool_], state: TrainingState
) -> Iterator[TrainingState]:
    """What the plan must do, written to be read: the state after each step, without end."""
    rows = objective.rows
    full = settings.batch_size == FULL_BATCH or settings.batch_size >= rows
    size = rows if full else settings.batch_size
    while True:
        order = order_of_rows(state.seed, state.epoch, rows)
        batch = order[state.place : state.place + size]
        _, gradient = loss_and_gradient(
            objective.network, objective.loss, state.parameters,
            objective.inputs[batch], objective.targets[batch],
        )  # fmt: skip
        change, slots = updated(
            objective.network, settings, state, gradient, free,
            step_in_epochs=size / rows, epochs=state.epoch + state.place / rows,
        )  # fmt: skip
        place = state.place + len(batch)
        remembered = state.memory_for(settings.optimizer)[1]
        state = TrainingState(
            state.parameters + change,
            state.seed,
            state.step + 1,
            state.epoch + (place >= rows),
            place if place < rows else 0,
            slots,
            remembered + 1 if OPTIMIZERS[settings.optimizer].slots else 0,
            settings.optimizer,
        )
        yield state


def assert_agree(state: TrainingState, expected: TrainingState) -> None:
    """Equal counts, and numbers that differ by rounding only."""
    for count in ("seed", "step", "epoch", "place", "count", "optimizer"):
        assert getattr(state, count) == getattr(expected, count), count
    np.testing.assert_allclose(state.parameters, expected.parameters, rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(state.slots, expected.slots, rtol=1e-9, atol=1e-11)


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


LOSSES_AND_OUTPUTS = [("mae", 2), ("huber", 1), ("bce", 1), ("cross-entropy", 3), ("hinge", 2)]


@pytest.mark.parametrize(("loss", "outputs"), LOSSES_AND_OUTPUTS)
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7, 1])
@pytest.mark.parametrize("hidden", ["tanh", "gelu"])
def test_so_it_is_for_every_loss(loss: str, outputs: int, batch_size: int, hidden: str) -> None:
    network = Network((2, 5, outputs), (hidden, "linear"))
    objective, settings = objective_for(network, loss=loss), Settings(0.05, batch_size)
    state = start(network, GD, seed=1)
    plan = Plan(objective, settings, everything(network))
    plan.load(state)
    steps = readable(objective, settings, everything(network), state)
    for _ in range(2 * ROWS):
        plan.run(1)
        assert_agree(plan.state(), next(steps))


WAYS = {
    "plain": {},
    "decay": {"decay": 0.2},
    "clipped": {"clip": 0.05},
    "L1": {"l1": 0.01},
    "L2": {"l2": 0.01},
    "step": {"schedule": "step", "horizon": 6.0},
    "cosine, warm-up": {"schedule": "cosine", "warm_up": 2.5, "horizon": 8.0},
    "warm-up": {"warm_up": 3.0},
    "all": {
        "clip": 0.3, "l1": 0.01, "l2": 0.02, "decay": 0.1,
        "schedule": "cosine", "warm_up": 1.5, "horizon": 9.0,
    },
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7])
@pytest.mark.parametrize("held", [(), (0, 5, -1)], ids=["all free", "three held"])
def test_so_it_is_for_every_way_of_training(
    way: str, optimizer: str, batch_size: int, held: tuple[int, ...]
) -> None:
    network = NETWORKS[5]
    objective, free = objective_for(network), everything(network)
    free[list(held)] = False
    settings = Settings(0.02, batch_size, optimizer, **WAYS[way])  # type: ignore[arg-type]
    state = start(network, optimizer, seed=1)
    plan = Plan(objective, settings, free)
    plan.load(state)
    steps = readable(objective, settings, free, state)
    for _ in range(ROWS):
        plan.run(1)
        assert_agree(plan.state(), next(steps))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_held_on_the_way_is_forgotten(optimizer: str) -> None:
    network, settings = NETWORKS[5], Settings(0.02, 7, optimizer)
    objective, state = objective_for(network), start(network, optimizer, seed=1)
    held = everything(network)
    held[3] = False
    for free in (everything(network), held, everything(network)):
        plan = Plan(objective, settings, free)
        plan.load(state)
        steps = readable(objective, settings, free, state)
        for _ in range(9):
            plan.run(1)
            state = next(steps)
            assert_agree(plan.state(), state)
        if not free.all():
            assert not plan.state().slots[:, 3].any()


@pytest.mark.parametrize("one", OPTIMIZERS)
@pytest.mark.parametrize("other", OPTIMIZERS)
def test_another_optimizer_on_the_way_begins_with_an_empty_memory(one: str, other: str) -> None:
    network = NETWORKS[5]
    objective = objective_for(network)
    plan = Plan(objective, Settings(0.02, 7, one), everything(network))
    plan.load(start(network, one, seed=1))
    plan.run(20)
    middle = plan.state()
    plan = Plan(objective, Settings(0.02, 7, other), everything(network))
    plan.load(middle)
    plan.run(20)
    if one != other:
        empty = replace(start(network, other, seed=1), parameters=middle.parameters,
                        step=middle.step, epoch=middle.epoch, place=middle.place)  # fmt: skip
        again = Plan(objective, Settings(0.02, 7, other), everything(network))
        again.load(empty)
        again.run(20)
        assert plan.state().same(again.state())
    known = 40 if one == other else 20
    assert plan.state().count == (known if OPTIMIZERS[other].slots else 0)
    assert plan.state().optimizer == other


def test_the_limiter_tells_how_much_it_took_off() -> None:
    network, most = NETWORKS[5], 0.05
    objective = objective_for(network)
    state = start(network, GD, seed=1)
    plan = Plan(objective, Settings(0.1, clip=most), everything(network))
    plan.load(state)
    plan.run(1)
    norm = float(np.linalg.norm(objective.gradient(state.parameters)))
    assert norm > most
    assert plan.clipped == pytest.approx(1 - most / norm, rel=1e-4)
    assert np.linalg.norm(plan.change) == pytest.approx(0.1 * most, rel=1e-4)
    for clip in (1e6, None):
        plan = Plan(objective, Settings(0.1, clip=clip), everything(network))
        plan.load(state)
        plan.run(1)
        assert plan.clipped == 0.0


def test_what_is_held_does_not_count_for_the_limiter() -> None:
    # Of the held bias alone the gradient is far beyond the limit; of the others it is far below.
    network = Network.neuron(1)
    inputs = np.array([[-1.0], [1.0]])
    objective = Objective(network, "mse", inputs, 0.01 * inputs + 100.0)
    plan = Plan(objective, Settings(0.1, clip=1.0), np.array([True, False]))
    plan.load(TrainingState(np.zeros(2), 0))
    plan.run(1)
    assert plan.clipped == 0.0
    assert plan.parameters[0] == pytest.approx(0.1 * 2 * 0.01)


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


FURTHER = {"gradient descent": Settings(0.05)} | {
    f"{optimizer}, all settings": Settings(
        0.02, optimizer=optimizer, clip=0.3, l1=0.01, l2=0.02, decay=0.1,
        schedule="cosine", warm_up=2.6, horizon=9.0,
    )
    for optimizer in OPTIMIZERS
}  # fmt: skip


@pytest.mark.parametrize("network", [NETWORKS[0], NETWORKS[5]], ids=["neuron", "network"])
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7, 1])
@pytest.mark.parametrize("further", FURTHER)
@pytest.mark.parametrize("fresh", [False, True], ids=["same plan", "fresh plan"])
def test_going_on_from_any_state_is_bit_equal_to_never_having_stopped(
    network: Network, batch_size: int, further: str, fresh: bool
) -> None:
    free = everything(network)
    free[1] = False  # one lock
    objective, settings = objective_for(network), replace(FURTHER[further], batch_size=batch_size)
    plan = Plan(objective, settings, free)
    plan.load(start(network, settings.optimizer, seed=1))
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


HELD = {
    "gradient descent": Settings(0.05),
    "Adam, decay and clipping": Settings(0.01, optimizer="adamw", decay=0.1, clip=0.1),
    "Adam, penalties": Settings(0.01, optimizer="adam", l1=0.01, l2=0.01, warm_up=10.0),
    "Nesterov, clipping": Settings(0.01, optimizer="nesterov", clip=0.1, l2=0.01),
}


@pytest.mark.parametrize("network", [NETWORKS[0], NETWORKS[5]], ids=["neuron", "network"])
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7])
@pytest.mark.parametrize("way", HELD)
def test_a_held_parameter_keeps_every_bit_over_10000_steps(
    network: Network, batch_size: int, way: str
) -> None:
    free = everything(network)
    free[[0, -1]] = False
    settings = replace(HELD[way], batch_size=batch_size)
    begin = start(network, settings.optimizer, seed=1)
    # A memory from before it was held must not move it either.
    begin = replace(begin, slots=np.ones_like(begin.slots), count=5)
    plan = Plan(objective_for(network), settings, free)
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


@pytest.mark.parametrize("rows", [CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 77])
@pytest.mark.parametrize("loss", ["mse", "cross-entropy"])
def test_a_full_batch_of_many_rows_is_added_up_from_parts(rows: int, loss: str) -> None:
    network = Network((2, 4, 2), ("tanh", "linear"))
    objective = objective_for(network, rows, loss)
    settings = Settings(0.02, optimizer="adam", l2=0.01, clip=0.1, warm_up=2.0)
    state = start(network, "adam", seed=1)
    plan = Plan(objective, settings, everything(network))
    plan.load(state)
    assert plan.parts == -(-rows // CHUNK)
    steps = readable(objective, settings, everything(network), state)
    for _ in range(4):
        plan.run(1)
        assert_agree(plan.state(), next(steps))


def test_a_step_taken_in_parts_is_the_step_and_until_its_last_part_nothing_moves() -> None:
    network = NETWORKS[5]
    objective = objective_for(network, 3 * CHUNK + 5)
    settings = Settings(0.02, optimizer="adam", schedule="cosine", warm_up=2.0, horizon=9.0)
    plan, other = (Plan(objective, settings, everything(network)) for _ in range(2))
    for each in (plan, other):
        each.load(start(network, "adam", seed=1))
    for _ in range(3):
        before = other.state()
        for _ in range(3):
            assert not other.take_part()
            assert other.is_within_a_step
            assert other.state().same(before)
        assert other.take_part()
        assert not other.is_within_a_step
        plan.run(1)
        assert other.state().same(plan.state())
    # What is begun is finished by whole steps that follow, and dropped when a state is taken up.
    other.take_part()
    other.run(2)
    plan.run(2)
    assert other.state().same(plan.state())
    middle = plan.state()
    other.take_part()
    other.load(replace(middle, parameters=middle.parameters + 1.0))
    other.take_part()
    other.load(middle)
    other.run(1)
    plan.run(1)
    assert other.state().same(plan.state())


@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7])
def test_a_step_over_few_rows_has_one_part(batch_size: int) -> None:
    network = NETWORKS[5]
    plan = Plan(objective_for(network), Settings(0.02, batch_size), everything(network))
    plan.load(start(network, GD, seed=1))
    assert plan.parts == 1
    assert plan.take_part()
    assert plan.step == 1
