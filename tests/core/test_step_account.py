"""The account of a parameter's next step adds up to what the step does, for every optimizer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import BoolArray
from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.plan import Plan
from mixer_nn.core.schedule import factor
from mixer_nn.core.step_account import Batch, StepAccount, account, batch_size, next_batch
from mixer_nn.core.training import Settings, TrainingState, order_of_rows, start
from mixer_nn.core.update import updated

NETWORK = Network((2, 4, 1), ("tanh", "linear"))
SIZE = NETWORK.parameter_count

EVERYTHING: dict[str, object] = {
    "l1": 0.02, "l2": 0.05, "clip": 0.3, "schedule": "cosine", "warm_up": 1.5, "horizon": 20.0,
}  # fmt: skip


@pytest.fixture
def objective() -> Objective:
    rng = np.random.default_rng(3)
    inputs = rng.normal(size=(23, 2))
    targets = np.sin(inputs[:, :1]) + 0.1 * rng.normal(size=(23, 1))
    return Objective(NETWORK, "mse", inputs, targets)


def everywhere() -> BoolArray:
    return np.ones(SIZE, dtype=np.bool_)


def some_steps_on(objective: Objective, settings: Settings, steps: int) -> TrainingState:
    plan = Plan(objective, settings, everywhere())
    plan.load(start(NETWORK, settings.optimizer, 4))
    plan.run(steps)
    return plan.state()


def the_batch(objective: Objective, settings: Settings, state: TrainingState) -> Batch:
    if batch_size(settings, objective.rows) == objective.rows:
        return Batch(objective.gradient(state.parameters), float(state.epoch), 1.0)
    order = order_of_rows(state.seed, state.epoch, objective.rows)
    return next_batch(objective, settings, state, order)


def accounts(
    objective: Objective, settings: Settings, state: TrainingState, free: BoolArray
) -> list[StepAccount]:
    batch = the_batch(objective, settings, state)
    return [account(NETWORK, settings, state, batch, free, index) for index in range(SIZE)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("steps", [0, 1, 30])
@pytest.mark.parametrize("more", [{}, EVERYTHING], ids=["plain", "with everything"])
def test_the_parts_add_up_to_the_change_that_updated_makes(
    objective: Objective, optimizer: str, steps: int, more: dict[str, object]
) -> None:
    settings = Settings(0.03, batch_size=5, optimizer=optimizer, decay=0.1, **more)  # type: ignore[arg-type]
    state = some_steps_on(objective, settings, steps)
    free = everywhere()
    free[[2, 9]] = False
    batch = the_batch(objective, settings, state)
    change, _ = updated(NETWORK, settings, state, batch.gradient, free, batch.length, batch.epochs)
    found = accounts(objective, settings, state, free)
    np.testing.assert_allclose([each.change for each in found], change, rtol=1e-12, atol=1e-16)
    assert [found[2].change, found[9].change] == [0.0, 0.0]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("size", [0, 5])
@pytest.mark.parametrize("more", [{}, EVERYTHING], ids=["plain", "with everything"])
def test_it_is_the_step_that_the_planned_training_takes(
    objective: Objective, optimizer: str, size: int, more: dict[str, object]
) -> None:
    settings = Settings(0.03, batch_size=size, optimizer=optimizer, **more)  # type: ignore[arg-type]
    plan = Plan(objective, settings, everywhere())
    plan.load(start(NETWORK, optimizer, 4))
    for _ in range(12):  # over the ends of two epochs, where a batch has but three rows
        before = plan.state()
        found = accounts(objective, settings, before, everywhere())
        plan.run(1)
        moved = plan.parameters - before.parameters
        np.testing.assert_allclose([each.change for each in found], moved, rtol=1e-9, atol=1e-14)


def test_looking_at_the_next_step_draws_no_number_and_changes_no_state(
    objective: Objective,
) -> None:
    settings = Settings(0.03, batch_size=5, optimizer="adam")
    state = some_steps_on(objective, settings, 7)
    same = replace(state, parameters=state.parameters.copy(), slots=state.slots.copy())
    one = accounts(objective, settings, state, everywhere())
    assert accounts(objective, settings, state, everywhere()) == one
    assert state.same(same)


def one(optimizer: str, **more: object) -> StepAccount:
    """A weight of 2 with a slope of 4, at a learning rate of 0.1, in an optimizer that knows."""
    network = Network((1, 1), ("linear",))
    slots = OPTIMIZERS[optimizer].slots
    memory = np.full((slots, 2), 3.0)
    settings = Settings(0.1, optimizer=optimizer, **more)  # type: ignore[arg-type]
    state = TrainingState(
        np.array([2.0, -1.0]), 1, step=4, slots=memory, count=4, optimizer=optimizer
    )
    batch = Batch(np.array([4.0, 0.5]), 4.0, 1.0)
    return account(network, settings, state, batch, np.ones(2, dtype=np.bool_), 0)


def test_gradient_descent_is_minus_the_learning_rate_times_the_slope() -> None:
    found = one("gradient-descent")
    assert found.parts == (-0.4, 0.0, 0.0, 0.0, 0.0)
    assert found.remembered == ()
    assert found.divisor is None
    assert found.unbiased is None


def test_momentum_carries_a_share_of_the_velocity_on() -> None:
    found = one("momentum", momentum=0.5)
    assert found.carried == pytest.approx(-0.1 * 0.5 * 3.0)
    assert found.from_slope == pytest.approx(-0.4)
    assert found.remembered == (3.0,)


def test_nesterov_looks_ahead() -> None:
    found = one("nesterov", momentum=0.5)
    assert found.carried == pytest.approx(-0.1 * 0.25 * 3.0)
    assert found.from_slope == pytest.approx(-0.1 * 1.5 * 4.0)


def test_adagrad_and_rmsprop_divide_by_the_root_of_the_squares() -> None:
    assert one("adagrad").divisor == pytest.approx((3.0 + 16.0) ** 0.5)
    assert one("rmsprop").divisor == pytest.approx((0.99 * 3.0 + 0.01 * 16.0) ** 0.5)
    assert one("adagrad").from_slope == pytest.approx(-0.4 / 19.0**0.5)


def test_adam_corrects_its_averages_for_their_start() -> None:
    found = one("adam")
    unbiased = (0.9 * 3.0 + 0.1 * 4.0) / (1.0 - 0.9**5)
    root = ((0.999 * 3.0 + 0.001 * 16.0) / (1.0 - 0.999**5)) ** 0.5
    assert found.unbiased == pytest.approx(unbiased)
    assert found.divisor == pytest.approx(root, rel=1e-6)
    assert found.change == pytest.approx(-0.1 * unbiased / root, rel=1e-6)
    assert found.remembered == (3.0, 3.0)


def test_decay_is_adamw_s_alone_and_never_a_bias_s() -> None:
    assert one("adamw", decay=0.25).decayed == pytest.approx(-0.1 * 0.25 * 2.0)
    assert one("adam", decay=0.25).decayed == 0.0


def test_penalties_limiter_and_schedule_say_their_share() -> None:
    found = one("gradient-descent", l2=0.5, l1=0.25, clip=1.0, schedule="cosine", horizon=8.0)
    norm = float(np.hypot(4.0 + 1.0 + 0.25, 0.5))
    assert (found.l2, found.l1) == (1.0, 0.25)
    assert found.limiter == pytest.approx(1.0 / norm, rel=1e-5)
    assert found.schedule == factor("cosine", 4.0, 0.0, 8.0, 1.0) == pytest.approx(0.5)
    assert found.learning_rate == pytest.approx(0.05)
    assert found.change == pytest.approx(-0.05 * (4.0 + 1.0 + 0.25) / norm, rel=1e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_what_has_run_away_raises_nothing(optimizer: str, value: float) -> None:
    network = Network((1, 1), ("linear",))
    state = TrainingState(np.array([value, 1.0]), 1, optimizer=optimizer)
    settings = Settings(0.1, optimizer=optimizer, l2=0.1, clip=1.0)
    batch = Batch(np.array([value, 1.0]), 0.0, 1.0)
    found = account(network, settings, state, batch, np.ones(2, dtype=np.bool_), 0)
    assert len(found.parts) == 5
