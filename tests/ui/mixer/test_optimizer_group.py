"""Which optimizer, its momentum, the limiter's lamp, and the options behind the three dots."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.plan import Plan
from mixer_nn.core.schedule import SCHEDULES, factor
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.mixer.training_options import effective_rate

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")


def choose(user: User, title: str) -> None:
    user.choose(user.find(QComboBox, "optimizer"), title)


def set_box(user: User, name: str, text: str) -> None:
    box = user.find(QDoubleSpinBox, name)
    box.setFocus()
    user.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    user.type_into(box, text)
    user.key(Qt.Key.Key_Return)
    user.frames()


def shown(user: User, name: str) -> bool:
    return user.find(QWidget, name).isVisible()


# -- the optimizer ----------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", [o for o in OPTIMIZERS if o != "gradient-descent"])
def test_another_optimizer_takes_over_mid_run_from_where_the_knobs_are(
    user: User, optimizer: str
) -> None:
    user.desk.put(network_on(make("spiral", seed=7), 7, (4,)), "a network")
    user.desk.set_setup(Setup(tempo=300.0, learning_rate=0.01))
    user.key(Qt.Key.Key_Space)
    user.frames(5)
    before = user.desk.mix.state
    choose(user, OPTIMIZERS[optimizer].title)
    assert user.bench.automix.playing
    assert user.desk.setup.optimizer == optimizer
    assert user.desk.mix.state.step >= before.step > 0
    user.frames(5)
    after = user.desk.mix.state
    assert after.step > before.step
    assert after.optimizer == optimizer
    assert 0 < after.count <= after.step - before.step  # a memory of its own, from empty


def test_momentum_is_there_only_where_the_optimizer_has_one(user: User) -> None:
    for optimizer in OPTIMIZERS.values():
        user.desk.set_setup(Setup(optimizer=optimizer.key))
        user.frames()
        assert shown(user, "momentum") is optimizer.has_momentum
    assert {key for key, each in OPTIMIZERS.items() if each.has_momentum} == {
        "momentum",
        "nesterov",
    }


def test_the_momentum_knob_sets_the_momentum_of_the_next_step(user: User) -> None:
    choose(user, "momentum")
    knob = user.find(Knob, "momentum")
    assert knob.value == pytest.approx(0.9)
    user.drag(knob, -40.0)
    assert user.desk.setup.momentum == pytest.approx(knob.value)
    assert user.desk.setup.momentum < 0.9
    user.drag(knob, 1000.0)
    assert user.desk.setup.momentum <= 0.99


# -- the limiter ------------------------------------------------------------------------------


def test_the_limiter_has_a_lamp_that_says_how_much_it_takes_off(user: User) -> None:
    assert not shown(user, "limiter")
    user.click("trainingOptions")
    set_box(user, "clip", "0.5")
    user.find(QWidget, "trainingOptionsPanel").hide()
    assert user.desk.setup.clip == 0.5
    assert shown(user, "limiter")
    norm = float((user.bench.readings.gradient**2).sum() ** 0.5)
    assert norm > 0.5
    user.key(Qt.Key.Key_S)
    taken = round(100.0 * (1.0 - 0.5 / norm))
    assert user.text("limiter") == f"limit −{taken} %"
    assert user.find(QWidget, "limiter").property("kind") == "danger"
    user.desk.set_setup(replace(user.desk.setup, clip=1e5))
    user.key(Qt.Key.Key_S)
    assert user.text("limiter") == "limit idle"
    assert user.find(QWidget, "limiter").property("kind") == "dim"
    user.desk.set_setup(replace(user.desk.setup, clip=None))
    user.frames()
    assert not shown(user, "limiter")


# -- the options ------------------------------------------------------------------------------


def test_a_value_that_nobody_touched_stays_as_fine_as_it_is(user: User) -> None:
    fine = Setup(
        optimizer="adamw", l1=1.23456789e-4, l2=2e-7, decay=0.0123456, clip=0.12345678,
        warm_up=0.123, schedule="cosine", horizon=123.4,
    )  # fmt: skip
    user.desk.set_setup(fine)
    user.click("trainingOptions")
    set_box(user, "l2", "0.5")
    assert user.desk.setup == replace(fine, l2=0.5)
    set_box(user, "horizon", "50")
    assert user.desk.setup == replace(fine, l2=0.5, horizon=50.0)


def test_decay_is_there_only_for_adamw_and_the_horizon_only_with_a_schedule(user: User) -> None:
    user.click("trainingOptions")
    assert not shown(user, "decay")
    assert not shown(user, "horizon")
    assert not shown(user, "scheduleNow")
    user.desk.set_setup(Setup(optimizer="adamw", schedule="step"))
    assert shown(user, "decay")
    assert shown(user, "horizon")
    assert shown(user, "scheduleNow")


@pytest.mark.parametrize("schedule", list(SCHEDULES))
@pytest.mark.parametrize("batch_size", [0, 10])
def test_while_it_runs_the_panel_says_which_epoch_it_is_and_the_rate_in_force(
    user: User, schedule: str, batch_size: int
) -> None:
    setup = Setup(
        learning_rate=0.1, schedule=schedule, warm_up=3.0, horizon=60.0,
        batch_size=batch_size, tempo=600.0,
    )  # fmt: skip
    user.desk.set_setup(setup)
    user.click("trainingOptions")
    user.bench.automix.play()
    seen = set()
    for _ in range(8):
        user.frames()
        state = user.desk.mix.state
        text = user.text("scheduleNow")
        end = 3 if schedule == "constant" else 60
        assert text.startswith(f"epoch {state.epoch} of {end}, learning rate ")
        seen.add(text)
    assert len(seen) > 3
    rows = user.desk.mix.problem.objective.rows
    epochs = state.epoch + state.place / rows
    share = factor(schedule, epochs, 3.0, 60.0, (batch_size or rows) / rows)
    assert effective_rate(user.desk) == pytest.approx(0.1 * share)


def test_the_fader_shows_where_schedule_and_warm_up_have_the_rate(user: User) -> None:
    fader = user.find(Fader, "learningRate")
    user.desk.set_setup(Setup(learning_rate=0.1))
    assert fader.value_text() == "0.100"
    user.desk.set_setup(Setup(learning_rate=0.1, warm_up=4.0))
    assert fader.value_text() == "0.100 → 0.0250 now"
    for rate in ("0.0500", "0.0750", "0.100"):
        user.key(Qt.Key.Key_S)
        assert fader.value_text() == f"0.100 → {rate} now"
        assert fader.accessibleDescription().endswith(f"learning rate {rate}")
    user.desk.set_setup(Setup(learning_rate=0.1, schedule="step", horizon=3.0))
    assert fader.value_text() == "0.100 → 0.00100 now"
    assert fader.value == 0.1, "what was set stays"
    user.desk.set_setup(Setup(learning_rate=0.1))
    assert fader.value_text() == "0.100"
    assert fader.accessibleDescription() == ""


def test_the_rate_that_is_shown_is_the_one_the_next_step_takes(user: User) -> None:
    user.desk.set_setup(Setup(learning_rate=0.1, schedule="cosine", horizon=40.0, warm_up=5.0))
    for steps in (0, 3, 7, 20):
        user.bench.automix.step(max(steps, 1))
        mix = user.desk.mix
        shown_rate = effective_rate(user.desk)
        plan = Plan(mix.problem.objective, user.desk.settings, ~mix.locked)
        plan.load(mix.state)
        plan.run(1)
        taken = -(plan.parameters - mix.parameters) / user.bench.readings.gradient
        assert taken == pytest.approx([shown_rate] * 2, rel=1e-6)
