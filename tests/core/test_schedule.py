"""Schedules: the factor at every place of a training, and no other place that matters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mixer_nn.core.network import Network
from mixer_nn.core.objective import Objective
from mixer_nn.core.plan import Plan
from mixer_nn.core.schedule import SCHEDULES, factor
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState

ROWS = 40


def rates(settings: Settings, steps: int, begin: TrainingState | None = None) -> list[float]:
    """The learning rate of each step, read off what the steps do.

    Of targets that are all 1, and inputs all 0, a bias of 0 has a gradient of −2.
    """
    objective = Objective(
        Network((1, 1, 1), ("linear", "linear")), "mse", np.zeros((ROWS, 1)), np.ones((ROWS, 1))
    )
    plan = Plan(objective, settings, np.ones(4, np.bool_))
    found = []
    state = begin or TrainingState(np.zeros(4), 1)
    for _ in range(steps):
        plan.load(state)
        plan.run(1)
        found.append(float(plan.change[-1]) / 2)
        now = plan.state()
        state = TrainingState(np.zeros(4), 1, now.step, now.epoch, now.place)
    return found


def test_constant_stays() -> None:
    assert [factor("constant", epochs, 0.0, 10.0, 1.0) for epochs in (0, 5, 10, 99)] == [1.0] * 4


def test_step_is_a_tenth_after_each_third_of_the_horizon() -> None:
    places = [0, 9.99, 10, 19.99, 20, 29.99, 30, 500]
    expected = [1, 1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01]
    assert [factor("step", at, 0.0, 30.0, 1.0) for at in places] == pytest.approx(expected)


def test_cosine_goes_from_1_to_0_and_stays_there() -> None:
    places = [0, 2.5, 5, 7.5, 10, 11, 1e6]
    expected = [1, (1 + math.sqrt(0.5)) / 2, 0.5, (1 - math.sqrt(0.5)) / 2, 0, 0, 0]
    found = [factor("cosine", at, 0.0, 10.0, 1.0) for at in places]
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("key", SCHEDULES)
def test_warm_up_grows_in_equal_parts_to_all_of_it_and_then_the_schedule_begins(key: str) -> None:
    found = [factor(key, at, 4.0, 24.0, 1.0) for at in range(24)]
    assert found[:4] == pytest.approx([0.25, 0.5, 0.75, 1.0])
    after = [factor(key, at, 0.0, 20.0, 1.0) for at in range(20)]
    assert found[4:] == pytest.approx(after)


@pytest.mark.parametrize("key", SCHEDULES)
def test_a_warm_up_as_long_as_the_horizon_or_longer_is_no_trouble(key: str) -> None:
    for horizon in (4.0, 2.0):
        found = [factor(key, at, 4.0, horizon, 1.0) for at in range(8)]
        assert found[:4] == pytest.approx([0.25, 0.5, 0.75, 1.0])
        assert all(math.isfinite(value) for value in found)


@pytest.mark.parametrize("key", SCHEDULES)
def test_it_is_never_negative_and_never_grows_after_the_warm_up(key: str) -> None:
    found = [factor(key, at, 2.0, 9.0, 0.01) for at in np.linspace(2.0, 30.0, 1000)]
    assert min(found) >= 0.0
    assert (np.diff(found) <= 1e-15).all()


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize("warm_up", [0.0, 2.0, 2.5])
def test_training_follows_it(key: str, warm_up: float) -> None:
    settings = Settings(0.3, FULL_BATCH, schedule=key, warm_up=warm_up, horizon=9.0)
    expected = [0.3 * factor(key, at, warm_up, 9.0, 1.0) for at in range(12)]
    assert rates(settings, 12) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("key", SCHEDULES)
@pytest.mark.parametrize("batch_size", [1, 8, 10, 20, FULL_BATCH])
def test_epochs_begin_with_the_same_rate_whatever_the_batch(key: str, batch_size: int) -> None:
    settings = Settings(0.3, batch_size, schedule=key, horizon=9.0)
    in_an_epoch = ROWS // (batch_size or ROWS)
    found = rates(settings, 6 * in_an_epoch)[::in_an_epoch]
    assert found == pytest.approx([0.3 * factor(key, at, 0.0, 9.0, 1.0) for at in range(6)])


@pytest.mark.parametrize("batch_size", [1, 7, 8, 39, FULL_BATCH])
def test_the_last_step_of_the_warm_up_has_the_whole_rate_whatever_the_batch(
    batch_size: int,
) -> None:
    in_an_epoch = math.ceil(ROWS / (batch_size or ROWS))
    found = rates(Settings(0.3, batch_size, warm_up=3.0), 4 * in_an_epoch)
    assert found[0] == pytest.approx(0.3 * (batch_size or ROWS) / ROWS / 3)
    assert (np.diff(found) >= -1e-12).all()
    last = 3 * in_an_epoch - 1
    assert found[last:] == pytest.approx([0.3] * (in_an_epoch + 1))
    assert max(found[: last - 1], default=0.0) < 0.3


def test_a_short_last_batch_does_not_put_the_schedule_off_the_epochs() -> None:
    settings = Settings(0.3, 7, schedule="step", horizon=9.0)  # 6 steps an epoch, the last of 5
    found = rates(settings, 6 * 9)
    assert found == pytest.approx([0.3] * 18 + [0.03] * 18 + [0.003] * 18)


@pytest.mark.parametrize("batch_size", [7, FULL_BATCH])
def test_it_goes_on_from_where_a_training_stands(batch_size: int) -> None:
    settings = Settings(0.3, batch_size, schedule="cosine", warm_up=1.5, horizon=6.0)
    whole = rates(settings, 20)
    for place in (1, 5, 6, 11):
        steps = math.ceil(ROWS / 7)
        begin = (
            TrainingState(np.zeros(4), 1, place, place)
            if batch_size == FULL_BATCH
            else TrainingState(np.zeros(4), 1, place, place // steps, place % steps * 7)
        )
        assert rates(settings, 20 - place, begin) == whole[place:]  # to the last bit
