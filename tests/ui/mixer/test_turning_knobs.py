"""Turning the knobs by hand: what follows, what does not, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from mixer_nn.session.mix import Setup
from mixer_nn.ui.controls.gestures import FULL_RANGE_PIXELS
from mixer_nn.ui.controls.knob import Knob

if TYPE_CHECKING:
    from tests.ui.conftest import User

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
FINE = 0.08  # a hundredth of the scale of ±4


def drag(user: User) -> None:
    user.drag(user.w, 60.0)


def drag_finely(user: User) -> None:
    user.drag(user.b, 60.0, SHIFT)


def wheel(user: User) -> None:
    user.w.setFocus()
    for _ in range(3):
        user.wheel(user.w, 120)
    user.w.finish_gesture()
    user.frames()


def arrow_key(user: User) -> None:
    user.b.setFocus()
    user.key(Qt.Key.Key_Up)
    user.b.finish_gesture()
    user.frames()


def type_value(user: User) -> None:
    user.type_into(user.w, "7.3")
    user.key(Qt.Key.Key_Return)


def reset(user: User) -> None:
    user.w.setFocus()
    user.key(Qt.Key.Key_Delete)


GESTURES: list[Callable[[User], None]] = [drag, drag_finely, wheel, arrow_key, type_value]


@pytest.mark.parametrize("playing", [False, True], ids=["paused", "playing"])
@pytest.mark.parametrize("gesture", GESTURES)
def test_after_any_gesture_everything_on_screen_agrees(
    user: User, gesture: Callable[[User], None], playing: bool
) -> None:
    user.bench.guidance.show_arrows(True)
    if playing:
        user.key(Qt.Key.Key_Space)
        user.frames(20)
    before = user.desk.mix.parameters
    user.assert_all_agree()
    gesture(user)
    assert (user.desk.mix.parameters != before).any()
    user.assert_all_agree()


@pytest.mark.parametrize("gesture", [*GESTURES, reset])
def test_every_gesture_is_one_step_of_undo(user: User, gesture: Callable[[User], None]) -> None:
    if gesture is reset:
        drag(user)
    before, count = user.desk.mix, user.desk.undo_stack.count
    gesture(user)
    after = user.desk.mix
    assert after.parameters.tobytes() != before.parameters.tobytes()
    assert user.desk.undo_stack.count == count + 1
    user.undo()
    assert user.desk.mix is before
    assert (user.w.value, user.b.value) == tuple(before.parameters)
    user.assert_all_agree()
    user.redo()
    assert user.desk.mix is after
    user.assert_all_agree()


def test_while_a_knob_is_held_all_agrees_and_the_change_since_the_grab_is_told(
    user: User,
) -> None:
    before = user.bench.readings.loss
    assert user.text("sinceGrab").strip() == ""
    user.press(user.w)
    user.frames()
    user.move(40.0)
    user.frames()
    user.assert_all_agree()
    better = before - user.bench.readings.loss
    assert better > 0.0
    assert user.text("sinceGrab").strip() == f"▼ {better:.1f} since you grabbed"
    user.move(-80.0)
    user.frames()
    assert user.text("sinceGrab").strip().startswith("▲ ")
    user.release()
    user.frames()
    assert user.text("sinceGrab").strip() == ""


def test_the_whole_range_is_250_pixels_to_the_right_or_upward(user: User) -> None:
    value = user.w.value
    user.press(user.w)
    user.move(50.0, 0.0)
    assert user.desk.mix.parameters[0] == pytest.approx(value + 8.0 * 50.0 / FULL_RANGE_PIXELS)
    user.move(0.0, 50.0)
    assert user.desk.mix.parameters[0] == pytest.approx(value)
    user.release()


@pytest.mark.parametrize(("keys", "share"), [(SHIFT, 0.1), (CONTROL | SHIFT, 0.01)])
def test_fine_gears(user: User, keys: Qt.KeyboardModifier, share: float) -> None:
    value = user.b.value
    user.drag(user.b, 100.0, keys)
    assert user.b.value - value == pytest.approx(share * 8.0 * 100.0 / FULL_RANGE_PIXELS)


def test_the_wheel_turns_only_a_knob_that_has_the_focus(user: User) -> None:
    value = user.w.value
    assert not user.wheel(user.w, 120)
    assert user.desk.mix.parameters[0] == value
    user.w.setFocus()
    assert user.wheel(user.w, 120)
    assert user.desk.mix.parameters[0] == pytest.approx(value + FINE)


def test_turning_a_knob_says_so_at_most_once_a_frame(live: User) -> None:
    said: list[int] = []
    live.desk.changed.connect(_Count(said))
    live.press(live.w)
    live.frames()
    said.clear()
    for _ in range(50):
        live.move(1.0)
    assert said == []
    live.frames()
    assert len(said) == 1
    live.release()
    assert live.desk.history.points[-1, 0] == 1  # fifty movements, one gesture, one mark


class _Count:
    def __init__(self, into: list[int]) -> None:
        self.into = into

    def __call__(self) -> None:
        self.into.append(1)


def test_the_desk_moves_the_knobs_without_an_echo(user: User) -> None:
    turned: list[float] = []
    user.w.turned.connect(turned.append)
    user.desk.turn(0, 1.25)
    user.frames()
    assert user.w.value == 1.25
    user.click("step")
    assert user.w.value == user.desk.mix.parameters[0] != 1.25
    assert turned == []


def test_a_typed_value_off_the_scale_is_kept_exactly_and_the_scale_doubles(user: User) -> None:
    type_value(user)
    assert user.desk.mix.parameters[0] == user.w.value == 7.3
    assert user.w.taper.high == 8.0
    assert user.w.look.ends == ("−8", "+8")
    assert user.window.mixer.equation.terms[0].value.text() == "7.300"


@pytest.mark.parametrize("typed", ["1.2.3", "3e", "-", "1e999", "%"])
def test_typing_no_number_changes_nothing(user: User, typed: str) -> None:
    before = user.desk.mix
    user.w.setFocus()
    user.key(Qt.Key.Key_Return)
    for letter in typed:
        QTest.keyClicks(user.focus, letter)
    user.key(Qt.Key.Key_Return)
    assert user.desk.mix.parameters is before.parameters
    assert not user.desk.undo_stack.can_undo


def test_minus_one_is_an_ordinary_value_and_both_decimal_marks_are(user: User) -> None:
    for typed, value in (("-1", -1.0), ("0,5", 0.5), ("-1e-3", -0.001)):
        user.type_into(user.w, typed)
        user.key(Qt.Key.Key_Return)
        assert user.desk.mix.parameters[0] == value


def test_delete_goes_back_to_the_initial_value(user: User) -> None:
    initial = user.w.value
    drag(user)
    assert user.w.value != initial
    reset(user)
    assert user.desk.mix.parameters[0] == initial


def test_l_locks_a_knob_against_auto_mix_but_not_against_the_hand(user: User) -> None:
    user.w.setFocus()
    user.key(Qt.Key.Key_L)
    assert user.desk.mix.locked.tolist() == [True, False]
    assert user.find(Knob, user.w.objectName()).locked
    value, other = user.w.value, user.b.value
    user.key(Qt.Key.Key_Space)
    user.frames(30)
    assert user.desk.mix.parameters[0] == value
    assert user.desk.mix.parameters[1] != other
    drag(user)
    assert user.desk.mix.parameters[0] != value
    user.key(Qt.Key.Key_L)
    assert not user.desk.mix.locked.any()


def test_the_lock_button_does_what_the_key_does(user: User) -> None:
    user.click(f"{user.w.objectName()}.lock")
    assert user.desk.mix.locked.tolist() == [True, False]
    assert user.w.locked
    user.undo()
    assert not user.desk.mix.locked.any()
    assert not user.w.locked


def test_a_held_knob_is_left_alone_to_the_last_bit_while_the_other_is_trained(
    user: User,
) -> None:
    user.desk.set_setup(Setup(tempo=60.0))
    user.key(Qt.Key.Key_Space)
    user.frames(2)
    user.press(user.w)
    for _ in range(4):
        user.move(7.0)
        user.frames()
        value, others = user.desk.mix.parameters[0].tobytes(), set()
        for _ in range(10):
            user.frames()
            assert user.desk.mix.parameters[0].tobytes() == value
            others.add(float(user.desk.mix.parameters[1]))
        assert len(others) >= 9
    before = user.desk.mix.parameters[0]
    user.release()
    assert user.desk.mix.parameters[0] == before  # letting go moves nothing
    user.frames(3)
    assert user.desk.mix.parameters[0] != before


def test_a_drag_on_the_rim_follows_the_finger_round(user: User) -> None:
    knob = user.w
    centre, reach = knob._dial.centre, 0.9 * knob.diameter / 2
    at = centre + QPointF(0.0, -reach)
    user.press(knob, at)
    values = [user.desk.mix.parameters[0]]
    for degrees in range(10, 720, 10):
        angle = np.deg2rad(degrees)
        here = centre + QPointF(reach * np.sin(angle), -reach * np.cos(angle))
        user.move((here - at).x(), (here - at).y())
        at = here
        values.append(user.desk.mix.parameters[0])
    user.release()
    assert (np.diff(values) > 0.0).all()


def test_losing_the_focus_ends_a_drag(user: User) -> None:
    user.press(user.w)
    user.move(20.0)
    user.b.setFocus()
    assert not user.desk.touched
    value = user.desk.mix.parameters[0]
    user.move(20.0)
    assert user.desk.mix.parameters[0] == value


def test_pointing_at_a_number_lights_its_knob_and_back(user: User) -> None:
    number = user.find(QLabel, f"dataUnits.{user.b.objectName()}")
    middle = QPointF(number.rect().center())
    QApplication.sendEvent(number, QEnterEvent(middle, middle, middle))
    assert [user.w.look.hover, user.b.look.hover] == [False, True]
    QApplication.sendEvent(number, QEvent(QEvent.Type.Leave))
    assert [user.w.look.hover, user.b.look.hover] == [False, False]
    QApplication.sendEvent(user.b, QEnterEvent(middle, middle, middle))
    assert number.property("kind") == "accent"


def test_a_knob_turned_by_hand_while_it_plays_is_still_one_step_of_undo(user: User) -> None:
    user.key(Qt.Key.Key_Space)
    user.frames(20)
    drag(user)
    user.frames(20)
    user.key(Qt.Key.Key_Space)
    stack = user.desk.undo_stack
    assert stack.texts == [
        "auto-mix",
        "turn layer1.neuron1.weight1",
        "auto-mix",
    ]
