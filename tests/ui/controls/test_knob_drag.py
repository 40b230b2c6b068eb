from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob import Knob

if TYPE_CHECKING:
    from tests.ui.controls.conftest import Diary, Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
Listen = Callable[[HandControl], "Diary"]


def middle(knob: Knob) -> QPointF:
    """The centre of the dial, where a drag is linear."""
    return QPointF(knob.width() / 2, knob.width() / 2)


def on_rim(knob: Knob, degrees: float, share: float = 0.9) -> QPointF:
    """A point of the rim, clockwise from the top."""
    turn, radius = math.radians(degrees), share * knob.diameter / 2
    return middle(knob) + QPointF(radius * math.sin(turn), -radius * math.cos(turn))


@pytest.mark.parametrize(("dx", "dy"), [(250, 0), (0, -250), (100, -150)])
def test_250_pixels_are_the_whole_scale(knob: Knob, hand: Hand, dx: int, dy: int) -> None:
    knob.set_value(-2.0)
    hand.press(knob, middle(knob))
    hand.move(knob, dx, dy)
    hand.release(knob)
    assert knob.value == pytest.approx(2.0)


def test_a_drag_with_a_real_mouse(knob: Knob, listen: Listen) -> None:
    diary = listen(knob)
    start = middle(knob).toPoint()
    QTest.mousePress(knob, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(knob, start + QPoint(0, -25))
    QTest.mouseRelease(knob, Qt.MouseButton.LeftButton, pos=start + QPoint(0, -25))
    assert knob.value == pytest.approx(0.4)
    assert diary.words[0] == "pressed"
    assert diary.words[-1] == "released"
    assert diary.values[-1] == knob.value


@pytest.mark.parametrize(("keys", "share"), [(SHIFT, 0.1), (SHIFT | CONTROL, 0.01)])
def test_fine_gears(knob: Knob, hand: Hand, keys: Qt.KeyboardModifier, share: float) -> None:
    hand.press(knob, middle(knob), keys)
    hand.move(knob, 0, -50, keys)
    hand.release(knob, keys)
    assert knob.value == pytest.approx(0.8 * share)


def test_a_modifier_in_mid_drag_does_not_jump(knob: Knob, hand: Hand) -> None:
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -100)
    before = knob.value
    hand.move(knob, 0, 0, SHIFT)
    assert knob.value == before
    hand.move(knob, 0, -10, SHIFT)
    assert knob.value == pytest.approx(before + 0.016)
    hand.move(knob, 0, -10)
    assert knob.value == pytest.approx(before + 0.016 + 0.16)


def test_a_modifier_pressed_on_the_magnet_does_not_jump(knob: Knob, hand: Hand) -> None:
    knob.set_value(1.0)
    hand.press(knob, middle(knob))
    hand.move(knob, -61, 0)
    assert knob.value == 0.0
    hand.move(knob, -1, 0, SHIFT)
    assert knob.value == pytest.approx(-0.0016)


def test_a_click_changes_nothing(knob: Knob, listen: Listen) -> None:
    knob.set_value(0.123)
    diary = listen(knob)
    QTest.mouseClick(knob, Qt.MouseButton.LeftButton, pos=middle(knob).toPoint())
    assert diary.words == ["pressed", "released"]
    assert knob.value == 0.123


def test_dragging_past_the_end_goes_on_and_is_not_paid_back(knob: Knob, hand: Hand) -> None:
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -500)
    assert knob.value == pytest.approx(8.0)
    hand.move(knob, 0, 10)
    assert knob.value == pytest.approx(7.84)


def test_units_per_pixel_stay_when_the_scale_doubles_in_mid_drag(knob: Knob, hand: Hand) -> None:
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -150)
    knob.set_scale(-4.0, 4.0)
    hand.move(knob, 0, -25)
    assert knob.value == pytest.approx(2.8)
    hand.release(knob)
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -25)
    assert knob.value == pytest.approx(3.6)


def test_zero_attracts_a_hand_that_comes_from_outside(knob: Knob, hand: Hand) -> None:
    knob.set_value(0.4)
    hand.press(knob, middle(knob))
    hand.move(knob, -23, 0)
    assert knob.value == 0.0
    hand.move(knob, -6, 0)
    assert knob.value == pytest.approx(-0.064)


def test_zero_does_not_hold_a_hand_that_begins_there(knob: Knob, hand: Hand) -> None:
    hand.press(knob, middle(knob))
    hand.move(knob, 1, 0)
    assert knob.value == pytest.approx(0.016)


def test_zero_does_not_attract_in_fine_gear(knob: Knob, hand: Hand) -> None:
    knob.set_value(0.06)
    hand.press(knob, middle(knob), SHIFT)
    hand.move(knob, -20, 0, SHIFT)
    assert knob.value == pytest.approx(0.028)


def test_a_clockwise_circle_on_the_rim_raises_without_a_seam(knob: Knob, hand: Hand) -> None:
    knob.set_value(-2.0)
    hand.press(knob, on_rim(knob, -135))
    seen = []
    for degrees in range(-130, -135 + 900 + 1, 5):
        hand.move_to(knob, on_rim(knob, degrees))
        seen.append(knob.value)
    assert all(after > before for before, after in itertools.pairwise(seen))
    assert seen[-1] == pytest.approx(-2.0 + 4.0 * 900 / 270)


@pytest.mark.parametrize("way", [1, -1], ids=["clockwise", "anticlockwise"])
@pytest.mark.parametrize("start", range(-180, 180, 45))
def test_a_small_move_on_the_rim_never_is_a_large_turn(
    knob: Knob, hand: Hand, start: int, way: int
) -> None:
    """Through the bottom, where the ends of the scale meet, and through ±180° of the angle."""
    knob.set_value(0.3)
    hand.press(knob, on_rim(knob, start))
    for turned in range(2, 720, 2):
        before = knob.value
        hand.move_to(knob, on_rim(knob, start + way * turned))
        assert knob.value - before == pytest.approx(way * 4.0 * 2 / 270)


def test_the_pointer_follows_the_finger_on_the_rim(knob: Knob, hand: Hand) -> None:
    knob.set_value(-2.0)
    hand.press(knob, on_rim(knob, -135))
    hand.move_to(knob, on_rim(knob, -90))
    hand.move_to(knob, on_rim(knob, 45))
    assert -135 + 270 * knob.look.position == pytest.approx(45, abs=0.5)


def test_taking_the_rim_anywhere_moves_nothing(knob: Knob, hand: Hand) -> None:
    knob.set_value(0.7)
    hand.press(knob, on_rim(knob, 200))
    hand.release(knob)
    assert knob.value == 0.7


def test_a_small_knob_has_no_rim(
    knob: Knob, hand: Hand, show: Callable[[HandControl], None]
) -> None:
    knob.set_diameter(40)
    hand.press(knob, on_rim(knob, 90))
    hand.move(knob, 0, 25)
    assert knob.value == pytest.approx(-0.4)


def test_losing_the_focus_ends_a_drag(knob: Knob, hand: Hand, listen: Listen) -> None:
    diary = listen(knob)
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -50)
    QApplication.sendEvent(knob, QFocusEvent(QEvent.Type.FocusOut))
    assert diary.words[-1] == "released"
    assert not knob.is_held
    hand.move(knob, 0, -50)
    assert diary.words[-1] == "released"


def test_hiding_ends_a_drag(knob: Knob, hand: Hand, listen: Listen) -> None:
    diary = listen(knob)
    hand.press(knob, middle(knob))
    knob.hide()
    assert diary.words == ["pressed", "released"]


def test_disabling_ends_a_drag(knob: Knob, hand: Hand, listen: Listen) -> None:
    diary = listen(knob)
    hand.press(knob, middle(knob))
    knob.setEnabled(False)
    assert diary.words == ["pressed", "released"]


def test_escape_gives_the_value_back(knob: Knob, hand: Hand, listen: Listen) -> None:
    knob.set_value(0.3)
    diary = listen(knob)
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -50)
    assert hand.takes_key(knob, Qt.Key.Key_Escape)
    QTest.keyClick(knob, Qt.Key.Key_Escape)
    assert knob.value == 0.3
    assert diary.words[-2:] == [0.3, "released"]
    hand.move(knob, 0, -50)
    assert knob.value == 0.3


def test_alt_at_the_release_gives_the_value_back(knob: Knob, hand: Hand, listen: Listen) -> None:
    knob.set_value(-1.0)
    diary = listen(knob)
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -50)
    hand.release(knob, ALT)
    assert diary.words[-2:] == [-1.0, "released"]


def test_a_held_knob_does_not_obey_the_program(knob: Knob, hand: Hand) -> None:
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -50)
    knob.set_value(-1.5)
    assert knob.value == pytest.approx(0.8)
    hand.release(knob)
    knob.set_value(-1.5)
    assert knob.value == -1.5


def test_a_lock_does_not_stop_the_hand(knob: Knob, hand: Hand) -> None:
    knob.set_locked(True)
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -25)
    assert knob.value == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("button", "keys"),
    [
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, CONTROL),
    ],
)
def test_a_middle_or_ctrl_click_resets(
    knob: Knob, listen: Listen, qtbot: QtBot, button: Qt.MouseButton, keys: Qt.KeyboardModifier
) -> None:
    knob.set_initial(-0.812)
    knob.set_value(1.0)
    diary = listen(knob)
    with qtbot.waitSignal(knob.reset_asked):
        QTest.mouseClick(knob, button, keys, middle(knob).toPoint())
    assert diary.words == ["pressed", -0.812, "released"]
    assert knob.value == -0.812


def test_a_second_press_right_after_a_drag_is_a_drag(knob: Knob, hand: Hand) -> None:
    point = middle(knob).toPoint()
    hand.press(knob, middle(knob))
    hand.move(knob, 0, -3)
    hand.release(knob)
    QTest.mouseDClick(knob, Qt.MouseButton.LeftButton, pos=point)
    assert knob.window().focusWidget() is not None


def test_the_mouse_over_a_knob_is_reported_and_lights_it(knob: Knob, qtbot: QtBot) -> None:
    at = QPointF(30.0, 30.0)
    with qtbot.waitSignal(knob.hovered) as entered:
        QApplication.sendEvent(knob, QEnterEvent(at, at, knob.mapToGlobal(at)))
    assert entered.args == [True]
    assert knob.look.hover
    with qtbot.waitSignal(knob.hovered) as left:
        QApplication.sendEvent(knob, QEvent(QEvent.Type.Leave))
    assert left.args == [False]
