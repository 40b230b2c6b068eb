"""The deck in the window: a real hand on the record, and everything goes back and forth with it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from mixer_nn.session.mix import MAX_TEMPO, Setup
from mixer_nn.state import grooves
from mixer_nn.state.scrubbing import LEAST_A_TURN
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.platter import Platter
from mixer_nn.ui.mixer.deck import LAG

if TYPE_CHECKING:
    from tests.ui.conftest import User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

Key = Qt.Key


@pytest.fixture
def platter(user: User) -> Platter:
    """The record of a run of forty steps."""
    for _ in range(40):
        user.bench.automix.step(1)
    user.frames()
    return user.find(Platter, "platter")


def spot(platter: Platter, degrees: float, away: float = 0.9) -> QPointF:
    """A point on the platter, clockwise from the top; `away` in radii."""
    turn = math.radians(degrees)
    offset = QPointF(math.sin(turn), -math.cos(turn)) * platter.dial.radius * away
    return platter.dial.centre + offset


def hold(user: User, platter: Platter, degrees: float = 200.0) -> None:
    user.press(platter, spot(platter, degrees))


def turn(user: User, platter: Platter, begin: float, degrees: float, steps: int = 12) -> float:
    """Move the held hand round the platter from one angle on; the angle where it is then."""
    for number in range(1, steps + 1):
        here = begin + degrees * (number - 1) / steps
        there = begin + degrees * number / steps
        way = spot(platter, there) - spot(platter, here)
        user.move(way.x(), way.y())
        user.frames()
    return begin + degrees


def assert_shows(user: User, move: int) -> None:
    """Knobs, loss, fit, marker, message: all as a fresh evaluation of what was at that move."""
    mix = user.desk.mix
    w, b = mix.parameters
    x, y = mix.dataset.inputs[:, 0], mix.dataset.targets[:, 0]
    loss = float(np.mean((w * x + b - y) ** 2))
    assert (user.desk.place, mix.moves) == (move, move)
    assert (user.w.value, user.b.value) == (w, b)
    across, heights = user.picture().curve.getData()
    np.testing.assert_allclose(heights, w * across + b, rtol=1e-9)
    assert user.number("loss") == pytest.approx(loss, rel=6e-4)
    (at,), (height,) = user.window.loss.picture.marker.getData()
    assert (at, 10.0**height) == pytest.approx((move, loss))


def is_lifted(platter: Platter) -> bool:
    return platter.look.lifted


def plays(user: User) -> bool:
    return user.bench.automix.playing


def looks_back(user: User) -> bool:
    return user.desk.is_visiting


def arm_move(user: User, platter: Platter) -> float:
    """The move that the arm points to."""
    history = user.desk.history
    length = history.last - history.first
    return history.first + platter.value / grooves.share_of(length) * length


# -- what it shows ----------------------------------------------------------------------------


def test_at_the_start_the_record_is_empty_and_the_arm_beside_it(user: User) -> None:
    platter = user.find(Platter, "platter")
    assert platter.look.place is None
    assert platter.pressing.shades == b""
    assert platter.look.label == ("0", "epoch")
    assert platter.accessibleName() == "training history on the platter"
    assert platter.text() == "move 0 of 0, epoch 0"
    assert platter.toolTip().startswith("Training history")


def test_steps_are_pressed_from_the_rim_inward_dark_where_the_loss_has_fallen(
    user: User, platter: Platter
) -> None:
    shades = list(platter.pressing.shades)
    assert shades[0] > 50
    assert shades[-1] < 5
    assert platter.value == grooves.share_of(40)
    assert platter.look.label[0] == "40"
    assert platter.look.future == pytest.approx(platter.value, abs=0.01)
    assert platter.text() == "move 40 of 40, epoch 40"


def test_a_hand_move_is_in_the_record_and_marked(user: User, platter: Platter) -> None:
    user.drag(user.w, 30.0)
    assert user.desk.history.last == 41
    assert platter.value == grooves.share_of(41)
    assert [letter for _, letter in platter._marks] == [""]
    user.undo()
    assert platter._marks == ()


def test_cues_of_this_run_are_marked_and_those_of_another_are_not(
    user: User, platter: Platter
) -> None:
    user.bench.cues.store(0)
    user.frames()
    assert [letter for _, letter in platter._marks] == ["A"]
    assert platter.accessibleDescription() == "marks: A"
    user.key(Key.Key_S)
    assert {letter: place for place, letter in platter._marks}["A"] < platter.value
    user.key(Key.Key_B)
    user.key(Key.Key_S)
    assert platter._marks == ()


def test_where_it_ran_away_the_record_is_torn_and_looking_back_puts_the_arm_down(
    user: User,
) -> None:
    platter = user.find(Platter, "platter")
    user.type_into(user.find(Fader, "learningRate"), "1.2")
    user.key(Key.Key_Return)
    user.click("autoMix")
    user.until_it_ends()
    user.frames()
    assert platter.pressing.torn
    assert is_lifted(platter)
    user.key(Key.Key_Comma)
    assert platter.pressing.torn
    assert not is_lifted(platter)
    user.key(Key.Key_Escape)
    user.click("bringBack")
    assert not platter.pressing.torn


def test_it_turns_with_the_steps_and_soon_stands_still(user: User, platter: Platter) -> None:
    user.frames(100)
    before = platter.look.angle
    user.key(Key.Key_S)
    user.frames(100)
    turned = (platter.look.angle - before) % 360.0
    assert turned == pytest.approx(360.0 / LEAST_A_TURN, abs=0.5)
    user.frames(10)
    assert (platter.look.angle - before) % 360.0 == turned


def test_with_reduced_motion_it_turns_in_the_hand_only(user: User, platter: Platter) -> None:
    user.bench.preferences.reduced_motion = True
    user.frames(100)
    before = platter.look.angle
    user.key(Key.Key_S)
    user.frames(20)
    assert platter.look.angle == before
    hold(user, platter)
    turn(user, platter, 200.0, -45.0)
    assert (before - platter.look.angle) % 360.0 == pytest.approx(45.0, abs=1.0)
    user.release()


# -- the hand on the record -------------------------------------------------------------------


def test_dragging_the_record_takes_everything_back_and_forth(user: User, platter: Platter) -> None:
    states = [user.desk.mix.state]
    head, undos = user.desk.mix, user.desk.undo_stack.count
    hold(user, platter)
    at = turn(user, platter, 200.0, -360.0)
    user.frames(2)
    assert_shows(user, 40 - LEAST_A_TURN)
    assert arm_move(user, platter) == pytest.approx(40 - LEAST_A_TURN, abs=0.01)
    assert platter.look.label[0] == str(40 - LEAST_A_TURN)
    assert platter.look.future == pytest.approx(grooves.share_of(40), abs=0.01)
    turn(user, platter, at, 180.0)
    user.frames(2)
    assert_shows(user, 40 - LEAST_A_TURN // 2)
    turn(user, platter, at + 180.0, 400.0)
    user.release()
    user.frames()
    assert_shows(user, 40)
    assert user.desk.mix is head
    assert user.desk.mix.state is states[0]
    assert user.desk.undo_stack.count == undos
    assert platter.look.future == pytest.approx(platter.value, abs=0.01)


def test_the_record_sticks_to_the_finger(user: User, platter: Platter) -> None:
    user.frames(100)
    before = platter.look.angle
    hold(user, platter)
    turn(user, platter, 200.0, -90.0)
    assert (before - platter.look.angle) % 360.0 == pytest.approx(90.0, abs=1.0)
    user.release()
    user.frames(20)
    assert (before - platter.look.angle) % 360.0 == pytest.approx(90.0, abs=1.0)


def test_taking_the_arm_goes_straight_to_a_place(user: User, platter: Platter) -> None:
    needle = platter.dial.centre + platter.dial.needle(platter.value)
    user.press(platter, needle)
    outward = platter.dial.needle(platter.value / 2.0) - platter.dial.needle(platter.value)
    user.move(outward.x(), outward.y())
    user.frames(3)
    assert user.desk.place == pytest.approx(20, abs=2)
    assert arm_move(user, platter) == pytest.approx(user.desk.place)
    assert_shows(user, user.desk.place)
    user.release()


@pytest.mark.parametrize(
    ("key", "keys", "move"),
    [
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier, 39),
        (Key.Key_Down, Qt.KeyboardModifier.NoModifier, 39),
        (Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 30),
        (Key.Key_Left, Qt.KeyboardModifier.ControlModifier, 30),
        (Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
    ],
)
def test_keys_go_back_while_it_has_the_focus(
    user: User, platter: Platter, key: Key, keys: Qt.KeyboardModifier, move: int
) -> None:
    platter.setFocus(Qt.FocusReason.TabFocusReason)
    assert platter.look.focus
    user.key(key, keys)
    assert_shows(user, move)
    user.key(Key.Key_End)
    assert_shows(user, 40)
    assert not looks_back(user)


def test_the_wheel_goes_by_moves(user: User, platter: Platter) -> None:
    assert not user.wheel(platter, -120)
    platter.setFocus(Qt.FocusReason.TabFocusReason)
    assert user.wheel(platter, -360)
    assert_shows(user, 37)
    assert user.wheel(platter, 120)
    assert_shows(user, 38)


def test_with_the_focus_on_it_space_is_still_auto_mix(user: User, platter: Platter) -> None:
    platter.setFocus(Qt.FocusReason.TabFocusReason)
    user.key(Key.Key_Left)
    platter.finish_gesture()
    user.key(Key.Key_Space)
    assert plays(user)
    assert not looks_back(user)


# -- letting go -------------------------------------------------------------------------------


def test_let_go_in_the_past_auto_mix_goes_on_from_there_and_the_old_future_stays(
    user: User,
) -> None:
    platter = user.find(Platter, "platter")
    user.desk.set_setup(Setup(tempo=100.0))
    user.key(Key.Key_Space)
    user.frames(25)
    head = user.desk.mix
    hold(user, platter)
    assert not plays(user)
    assert user.find(QPushButton, "autoMix").accessibleName().startswith("Auto-mix")
    turn(user, platter, 200.0, -360.0)
    place = user.desk.place
    assert place == head.moves - LEAST_A_TURN
    user.release()
    user.frames(3)
    assert plays(user)
    assert user.find(QPushButton, "autoMix").accessibleName().startswith("Pause")
    assert user.desk.mix.run != head.run
    assert place < user.desk.mix.moves < head.moves
    user.assert_all_agree()
    assert platter.look.future == pytest.approx(platter.value, abs=0.02)
    old = user.desk.history.run(head.run)
    assert old is not None
    assert old.points[-1, 0] == head.moves
    user.undo()
    while user.desk.mix.run != head.run:
        user.undo()
    assert user.desk.mix.state.same(head.state)
    user.assert_all_agree()


def test_a_knob_turned_in_the_past_goes_on_from_there(user: User, platter: Platter) -> None:
    head = user.desk.mix
    for _ in range(5):
        user.key(Key.Key_Comma)
    seen = user.desk.mix
    user.drag(user.w, 20.0)
    assert not looks_back(user)
    assert user.desk.mix.moves == 36
    assert user.desk.mix.run != head.run
    assert user.desk.mix.parameters[1] == seen.parameters[1]
    user.assert_all_agree()
    user.undo()
    user.undo()
    assert user.desk.mix.state.same(head.state)


# -- comma, full stop, and the way back -------------------------------------------------------


def test_comma_and_full_stop_go_through_the_record_wherever_the_focus_is(
    user: User, platter: Platter
) -> None:
    user.w.setFocus(Qt.FocusReason.TabFocusReason)
    for move in (39, 38, 37):
        user.key(Key.Key_Comma)
        assert_shows(user, move)
    user.find(QPushButton, "step").setFocus(Qt.FocusReason.TabFocusReason)
    user.key(Key.Key_Period)
    assert_shows(user, 38)
    assert user.text("visitText").startswith("Move 38 of 40, in the past")
    user.key(Key.Key_Period)
    user.key(Key.Key_Period)
    assert not looks_back(user)
    assert not user.find(QLabel, "visitText").isVisible()
    user.key(Key.Key_Period)
    assert user.text("messageText") == "This is the end of the record. S takes a step."
    assert_shows(user, 40)


def test_a_held_comma_goes_on(user: User) -> None:
    assert all(user.window.actions_[name].autoRepeat() for name in ("stepBack", "stepForward"))


def test_the_beginning_is_the_beginning(user: User, platter: Platter) -> None:
    user.bench.scrubbing.put(0.0)
    user.frames()
    user.key(Key.Key_Comma)
    assert_shows(user, 0)


@pytest.mark.parametrize("way", ["button", "Esc"])
def test_back_to_now(user: User, platter: Platter, way: str) -> None:
    head = user.desk.mix
    user.key(Key.Key_Comma)
    assert user.find(QPushButton, "backToNow").isVisible()
    if way == "button":
        user.click("backToNow")
    else:
        user.key(Key.Key_Escape)
    assert user.desk.mix is head
    assert not user.find(QPushButton, "backToNow").isVisible()
    assert user.find(QLabel, "messageText").isVisible()
    assert_shows(user, 40)


def test_while_a_value_is_typed_comma_and_full_stop_are_decimal_marks(
    user: User, platter: Platter
) -> None:
    user.w.setFocus()
    user.key(Key.Key_Return)
    user.type_on("1.5")
    assert not looks_back(user)
    user.key(Key.Key_Return)
    assert user.w.value == 1.5


# -- what it costs ----------------------------------------------------------------------------


class Count:
    def __init__(self, of: object) -> None:
        self.of, self.calls = of, 0

    def __call__(self, *arguments: object) -> object:
        self.calls += 1
        return self.of(*arguments)  # type: ignore[operator]


def test_hidden_it_costs_nothing_and_is_right_when_seen_again(
    user: User, platter: Platter, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Count(grooves.levels)
    monkeypatch.setattr("mixer_nn.ui.mixer.deck.levels", count)
    look = platter.look
    user.window.transport.hide()
    user.desk.set_setup(Setup(tempo=100.0))
    user.key(Key.Key_Space)
    user.frames(20)
    assert count.calls == 0
    assert platter.look == look
    assert user.window.transport.deck._motor not in user.bench.clock._moving
    user.window.transport.show()
    user.frames()
    assert platter.look.label[0] == str(user.desk.mix.state.epoch)
    assert arm_move(user, platter) == pytest.approx(user.desk.mix.moves)


def test_while_it_runs_the_record_is_pressed_in_every_fourth_frame(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Count(grooves.levels)
    monkeypatch.setattr("mixer_nn.ui.mixer.deck.levels", count)
    platter = user.find(Platter, "platter")
    user.desk.set_setup(replace(user.desk.setup, tempo=MAX_TEMPO, tolerance=0.0))
    user.key(Key.Key_Space)
    calls = count.calls
    for _ in range(10 * LAG):
        user.frames()
        assert arm_move(user, platter) == pytest.approx(user.desk.mix.moves)
        assert platter.look.label[0] == str(user.desk.mix.state.epoch)
    assert count.calls - calls == pytest.approx(10, abs=1)
    user.key(Key.Key_Space)
    shades = platter.pressing.shades
    deck = user.window.transport.deck
    deck._press_anew()
    assert platter.pressing.shades == shades, "when it stops, the record is exact"


def test_looking_back_presses_nothing(
    user: User, platter: Platter, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Count(grooves.levels)
    monkeypatch.setattr("mixer_nn.ui.mixer.deck.levels", count)
    hold(user, platter)
    turn(user, platter, 200.0, -360.0)
    pressed_at_press = count.calls
    turn(user, platter, -160.0, 180.0)
    user.release()
    assert count.calls == pressed_at_press <= 1
