"""Auto-mix and what sets it: steps, seed, learning rate, batch size, tempo, divergence."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QSpinBox, QWidget

from mixer_nn.core.segment import Segment
from mixer_nn.core.training import Settings
from mixer_nn.session.mix import MAX_TEMPO, Setup
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob import Knob

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

SHIFT = Qt.KeyboardModifier.ShiftModifier


def bits(user: User) -> bytes:
    return user.desk.mix.parameters.tobytes()


def limit(user: User) -> float:
    """2/λmax of the mean squared error of a line, worked out anew."""
    x = user.desk.mix.problem.objective.inputs[:, 0]
    rows = np.column_stack([x, np.ones_like(x)])
    return 2.0 / float(np.linalg.eigvalsh(2.0 * rows.T @ rows / len(x)).max())


# -- keys and buttons -------------------------------------------------------------------------


def test_s_takes_a_step_and_shift_s_ten(user: User) -> None:
    w, b = user.desk.mix.parameters
    x, y = user.desk.mix.dataset.inputs[:, 0], user.desk.mix.dataset.targets[:, 0]
    miss, rate = w * x + b - y, user.desk.learning_rate
    user.key(Qt.Key.Key_S)
    expected = [w - rate * 2 * np.mean(miss * x), b - rate * 2 * np.mean(miss)]
    np.testing.assert_allclose(user.desk.mix.parameters, expected, rtol=1e-12)
    user.assert_all_agree()
    user.key(Qt.Key.Key_S, SHIFT)
    assert user.desk.mix.state.step == 11
    user.assert_all_agree()


@pytest.mark.parametrize(("name", "steps"), [("step", 1), ("tenSteps", 10), ("hundredSteps", 100)])
def test_the_buttons_take_steps_each_one_step_of_undo(user: User, name: str, steps: int) -> None:
    user.click(name)
    assert user.desk.mix.state.step == steps
    assert user.desk.undo_stack.count == 1
    user.undo()
    assert user.desk.mix.state.step == 0


@pytest.mark.parametrize(
    "name", ["autoMix", "step", "tenSteps", "newStart", "backToStart", "whichWay"]
)
def test_after_a_click_on_a_button_space_is_still_auto_mix(user: User, name: str) -> None:
    user.click(name)
    playing, mix = user.bench.automix.playing, user.desk.mix
    user.key(Qt.Key.Key_Space)
    assert user.bench.automix.playing is not playing
    assert name == "autoMix" or user.desk.mix.state.step <= mix.state.step + 1


def test_b_goes_back_to_the_very_same_start(user: User) -> None:
    start = bits(user)
    user.drag(user.w, 30.0)
    user.key(Qt.Key.Key_S, SHIFT)
    user.key(Qt.Key.Key_B)
    assert bits(user) == start
    assert user.desk.mix.state.step == 0
    assert user.desk.mix.moves == 0
    user.assert_all_agree()
    user.undo()
    assert user.desk.mix.state.step == 10


def test_n_is_a_new_start_from_the_next_seed_and_the_seed_brings_the_first_back(
    user: User,
) -> None:
    start, seed = bits(user), user.find(QSpinBox, "seed")
    assert seed.value() == 7
    user.key(Qt.Key.Key_N)
    assert seed.value() == 8
    assert bits(user) != start
    seed.setFocus()
    seed.selectAll()
    user.key(Qt.Key.Key_7)
    user.key(Qt.Key.Key_Return)
    user.frames()
    assert bits(user) == start
    user.click("newStart")
    assert user.desk.mix.state.seed == 8
    user.undo()
    user.frames()
    assert bits(user) == start
    assert user.desk.mix.state.seed == 7


def test_same_seed_same_steps_to_the_bit(user: User) -> None:
    user.desk.set_setup(Setup(batch_size=7))
    user.key(Qt.Key.Key_S, SHIFT)
    after = bits(user)
    user.key(Qt.Key.Key_B)
    user.key(Qt.Key.Key_S, SHIFT)
    assert bits(user) == after


@pytest.mark.parametrize("batch_size", [0, 7])
def test_the_window_at_any_tempo_takes_the_same_steps_as_no_window(
    user: User, batch_size: int
) -> None:
    setup, mix = Setup(batch_size=batch_size), user.desk.mix
    settings = Settings(user.desk.learning_rate, batch_size, tolerance=setup.tolerance)
    alone = Segment(mix.problem.objective, settings, mix.state)
    while alone.stop is None:
        alone.advance(steps=1000)
    for tempo in (150.0, 997.0, MAX_TEMPO):
        user.desk.set_setup(replace(setup, tempo=tempo))
        user.key(Qt.Key.Key_Space)
        user.until_it_ends()
        assert bits(user) == alone.state.parameters.tobytes()
        assert user.desk.mix.state.step == alone.state.step
        user.key(Qt.Key.Key_B)


def test_pausing_moves_nothing(user: User) -> None:
    user.key(Qt.Key.Key_Space)
    user.frames(40)
    before = bits(user)
    user.key(Qt.Key.Key_Space)
    user.frames(5)
    assert bits(user) == before
    assert user.find(QPushButton, "autoMix").accessibleName().startswith("Auto-mix")


# -- how Auto-mix is set ----------------------------------------------------------------------


def test_the_red_zone_begins_where_gradient_descent_must_diverge(user: User) -> None:
    rate = user.find(Fader, "learningRate")
    assert rate._zone_start == pytest.approx(limit(user), rel=1e-9)
    assert rate._zone_text == "diverges"
    user.w.setFocus()
    user.key(Qt.Key.Key_L)
    assert rate._zone_start == pytest.approx(1.0)  # the bias alone: λ = 2, wherever the points are


def test_the_learning_rate_is_automatic_until_touched_and_again_on_auto(user: User) -> None:
    rate, auto = user.find(Fader, "learningRate"), user.find(QPushButton, "learningRateAuto")
    automatic = rate.value
    assert auto.isChecked()
    assert automatic <= limit(user) / 20 < 2.5 * automatic
    assert float(f"{automatic:.0e}") == automatic  # 1, 2 or 5 times a power of ten
    user.drag(rate, 40.0)
    assert user.desk.setup.learning_rate == rate.value > automatic
    assert not auto.isChecked()
    user.click(auto)
    assert user.desk.setup == Setup()
    assert rate.value == automatic


@pytest.mark.parametrize("typed", ["1e", "0.0.", ",", "1e999", "0.1x"])
@pytest.mark.parametrize("name", ["learningRate", "tempo", "momentum"])
def test_a_number_left_half_typed_is_ignored_and_the_old_one_kept(
    user: User, name: str, typed: str
) -> None:
    user.desk.set_setup(replace(user.desk.setup, optimizer="momentum", learning_rate=0.05))
    user.frames()
    setup, control = user.desk.setup, user.find(HandControl, name)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    user.key(Qt.Key.Key_Return)
    user.type_on(typed)
    assert user.desk.setup == setup, "nothing counts before Enter"
    user.key(Qt.Key.Key_Return)
    user.key(Qt.Key.Key_Escape)
    assert user.desk.setup == setup
    user.key(Qt.Key.Key_S)
    assert np.isfinite(user.desk.mix.parameters).all()


def test_learning_rate_tempo_and_batch_change_while_it_runs_without_a_reset(user: User) -> None:
    user.key(Qt.Key.Key_Space)
    user.frames(20)
    step = user.desk.mix.state.step
    user.drag(user.find(Fader, "learningRate"), 20.0)
    batch = user.find(QComboBox, "batchSize")
    user.choose(batch, "7")
    user.drag(user.find(Knob, "tempo"), 40.0)
    assert user.desk.setup.tempo > 8.0
    assert user.desk.setup.batch_size == 7
    assert user.bench.automix.playing
    assert user.desk.mix.state.step >= step > 0
    before = user.desk.mix.state.step
    user.frames(60)
    assert user.desk.mix.state.step > before
    assert user.bench.automix.playing


def test_tempo_counts_steps_a_second(user: User) -> None:
    user.key(Qt.Key.Key_Space)
    for tempo in (8.0, 30.0):
        user.desk.set_setup(Setup(tempo=tempo))
        before = user.desk.mix.state.step
        user.frames(125)  # two seconds
        assert user.desk.mix.state.step - before == pytest.approx(2.0 * tempo, abs=1)


def test_the_top_of_the_tempo_dial_is_as_fast_as_it_goes(user: User) -> None:
    tempo = user.find(Knob, "tempo")
    tempo.setFocus()
    user.key(Qt.Key.Key_End)
    assert user.desk.setup.tempo == math.inf
    assert user.window.transport.tempo.label.text() == "max"
    user.key(Qt.Key.Key_Delete)
    assert user.desk.setup.tempo == 8.0
    assert user.window.transport.tempo.label.text() == "8 steps/s"


def test_batches_offered_are_smaller_than_the_data(user: User) -> None:
    batch = user.find(QComboBox, "batchSize")
    offered = [batch.itemText(index) for index in range(batch.count())]
    assert offered[0] == "full (40)"
    assert [int(text) for text in offered[1:]] == [1, 2, 5, 7, 10, 16, 20, 32]


# -- divergence -------------------------------------------------------------------------------


def test_too_high_a_learning_rate_stops_with_a_lesson_and_a_way_back(user: User) -> None:
    user.key(Qt.Key.Key_Space)
    user.frames(30)
    user.key(Qt.Key.Key_Space)
    good = bits(user)
    user.type_into(user.find(Fader, "learningRate"), "1.2")
    user.key(Qt.Key.Key_Return)
    user.click("autoMix")
    user.until_it_ends()
    text = user.text("messageText")
    found = re.fullmatch(
        r"Diverged at step (\d+): learning rate ([\d.]+) is above ([\d.]+), the limit for these"
        r" data\.",
        text,
    )
    assert found, text
    assert float(found[2]) == 1.2
    assert float(found[3]) == pytest.approx(limit(user), rel=0.01)
    outcome = user.bench.automix.outcome
    assert outcome is not None
    assert int(found[1]) == outcome.steps
    user.click("bringBack")
    assert bits(user) == good
    user.assert_all_agree()
    assert not user.find(QWidget, "bringBack").isVisible()
    user.undo()
    assert bits(user) != good


def test_with_every_knob_locked_it_says_so_in_one_sentence(user: User) -> None:
    for knob in (user.w, user.b):
        knob.setFocus()
        user.key(Qt.Key.Key_L)
    before = bits(user)
    user.key(Qt.Key.Key_Space)
    user.frames(10)
    assert bits(user) == before
    assert user.text("messageText") == (
        "Every knob is locked, so there is nothing to turn: unlock one and press Auto-mix."
    )


@pytest.mark.parametrize("typed", ["0", "-3"])
@pytest.mark.parametrize("name", ["learningRate", "tempo"])
def test_a_typed_number_that_a_setting_cannot_have_leaves_it_as_it_was(
    user: User, name: str, typed: str
) -> None:
    control, before = user.find(HandControl, name), user.desk.setup
    value = control.value
    user.type_into(control, typed)
    user.key(Qt.Key.Key_Return)
    assert user.desk.setup == before
    assert control.value == value


class Requests(QObject):
    """Counts how often a widget is asked to lay itself out."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_at_rest_it_is_not_laid_out_again_and_again(user: User) -> None:
    user.window.resize(1260, 800)
    user.frames(5)
    for _ in range(5):
        QApplication.processEvents()
    requests = Requests(user.window.transport)
    for _ in range(20):
        QApplication.processEvents()
    assert requests.count == 0
    user.window.resize(1000, 640)
    QApplication.processEvents()
    assert requests.count > 0
