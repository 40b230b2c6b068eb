from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob import Knob

if TYPE_CHECKING:
    from tests.ui.controls.conftest import Diary, Hand

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
Listen = Callable[[HandControl], "Diary"]


@pytest.mark.parametrize(
    ("key", "keys", "change"),
    [
        (Key.Key_Up, NONE, 0.04),
        (Key.Key_Right, NONE, 0.04),
        (Key.Key_Down, NONE, -0.04),
        (Key.Key_Left, NONE, -0.04),
        (Key.Key_Up, SHIFT, 0.004),
        (Key.Key_Left, SHIFT, -0.004),
        (Key.Key_PageUp, NONE, 0.4),
        (Key.Key_PageDown, NONE, -0.4),
    ],
)
def test_keys_turn(knob: Knob, key: Qt.Key, keys: Qt.KeyboardModifier, change: float) -> None:
    knob.set_value(1.0)
    QTest.keyClick(knob, key, keys)
    assert knob.value == pytest.approx(1.0 + change)


def test_home_and_end_go_to_the_ends_of_the_scale(knob: Knob) -> None:
    QTest.keyClick(knob, Key.Key_Home)
    assert knob.value == -2.0
    QTest.keyClick(knob, Key.Key_End)
    assert knob.value == 2.0
    QTest.keyClick(knob, Key.Key_Up)
    assert knob.value == pytest.approx(2.04)


def test_steps_that_cancel_give_exactly_zero(knob: Knob) -> None:
    for key in (Key.Key_Up,) * 7 + (Key.Key_Down,) * 7:
        QTest.keyClick(knob, key)
    assert knob.value == 0.0


def test_keys_are_one_gesture_until_the_hand_rests(
    knob: Knob, listen: Listen, qtbot: QtBot
) -> None:
    diary = listen(knob)
    with qtbot.waitSignal(knob.released, timeout=3000):
        QTest.keyClick(knob, Key.Key_Up)
        QTest.keyClick(knob, Key.Key_Up)
        assert knob.is_held
    assert diary.words[0] == "pressed"
    assert diary.values == pytest.approx([0.04, 0.08])
    assert diary.words.count("pressed") == diary.words.count("released") == 1


def test_a_gesture_can_be_ended_at_once(knob: Knob, listen: Listen) -> None:
    diary = listen(knob)
    QTest.keyClick(knob, Key.Key_Up)
    knob.finish_gesture()
    knob.finish_gesture()
    assert diary.words[-1] == "released"
    assert diary.words.count("released") == 1


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_resets(knob: Knob, key: Qt.Key, qtbot: QtBot) -> None:
    knob.set_initial(0.25)
    knob.set_value(1.0)
    with qtbot.waitSignal(knob.reset_asked):
        QTest.keyClick(knob, key)
    assert knob.value == 0.25


def test_l_locks_and_unlocks(knob: Knob, qtbot: QtBot) -> None:
    for locked in (True, False):
        with qtbot.waitSignal(knob.lock_toggled) as heard:
            QTest.keyClick(knob, Key.Key_L)
        assert heard.args == [locked]
        assert knob.locked is locked


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (Key.Key_Up, ""), (Key.Key_Down, ""), (Key.Key_Left, ""), (Key.Key_Right, ""),
        (Key.Key_Home, ""), (Key.Key_End, ""), (Key.Key_PageUp, ""), (Key.Key_PageDown, ""),
        (Key.Key_Return, "\r"), (Key.Key_Enter, "\r"), (Key.Key_0, "0"), (Key.Key_9, "9"),
        (Key.Key_Minus, "-"), (Key.Key_L, "l"), (Key.Key_Delete, ""), (Key.Key_Backspace, ""),
    ],
)  # fmt: skip
def test_a_knob_keeps_its_own_keys(knob: Knob, hand: Hand, key: Qt.Key, text: str) -> None:
    assert hand.takes_key(knob, key, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (Key.Key_Space, " "), (Key.Key_S, "s"), (Key.Key_B, "b"), (Key.Key_N, "n"),
        (Key.Key_Comma, ","), (Key.Key_Period, "."), (Key.Key_F1, ""), (Key.Key_F2, ""),
        (Key.Key_F9, ""), (Key.Key_F11, ""), (Key.Key_Escape, ""), (Key.Key_Tab, "\t"),
    ],
)  # fmt: skip
def test_the_programs_keys_are_left_to_it(knob: Knob, hand: Hand, key: Qt.Key, text: str) -> None:
    assert not hand.takes_key(knob, key, text)
    before = knob.value
    QTest.keyClick(knob, key)
    assert knob.value == before
    assert not knob.is_held


def test_a_digit_that_needs_shift_on_its_keyboard_is_a_digit(knob: Knob, hand: Hand) -> None:
    assert hand.takes_key(knob, Key.Key_4, "4", keys=SHIFT)


def test_a_key_held_down_goes_on_turning_but_locks_once(knob: Knob) -> None:
    for key, text in ((Key.Key_Up, ""), (Key.Key_L, "l")):
        for again in (False, True, True):
            event = QKeyEvent(QEvent.Type.KeyPress, key.value, NONE, text, again)
            QApplication.sendEvent(knob, event)
    assert knob.value == pytest.approx(0.12)
    assert knob.locked


@pytest.mark.parametrize("key", [Key.Key_Z, Key.Key_Up, Key.Key_S, Key.Key_L, Key.Key_1])
def test_ctrl_and_a_key_is_the_programs(knob: Knob, hand: Hand, key: Qt.Key) -> None:
    assert not hand.takes_key(knob, key, keys=CONTROL)


def test_a_notch_of_the_wheel_is_a_hundredth(knob: Knob, hand: Hand) -> None:
    assert hand.wheel(knob, 120)
    assert knob.value == pytest.approx(0.04)
    hand.wheel(knob, -120, keys=SHIFT)
    assert knob.value == pytest.approx(0.036)


def test_a_wheel_of_high_resolution_adds_up(knob: Knob, hand: Hand) -> None:
    for _ in range(8):
        hand.wheel(knob, 15)
    assert knob.value == pytest.approx(0.04)


def test_a_track_pads_pixels_count(knob: Knob, hand: Hand) -> None:
    if QGuiApplication.platformName() == "xcb":
        pytest.skip("X11 sends pixels that cannot be relied upon, so they are not read there")
    hand.wheel(knob, 120, pixels=25)
    assert knob.value == pytest.approx(0.4)


def test_natural_scrolling_is_honoured(knob: Knob, hand: Hand) -> None:
    hand.wheel(knob, 120, inverted=True)
    assert knob.value == pytest.approx(-0.04)


def test_a_sideways_wheel_does_nothing(knob: Knob, hand: Hand) -> None:
    assert not hand.wheel(knob, 0, sideways=120)
    assert knob.value == 0.0
    assert not knob.is_held


def test_the_wheel_without_focus_scrolls_what_is_around(
    qtbot: QtBot, hand: Hand, dressed: QApplication
) -> None:
    area, page = QScrollArea(), QWidget()
    other, knob = QLineEdit(), Knob()
    layout = QVBoxLayout(page)
    layout.addWidget(other)
    layout.addWidget(knob)
    layout.addSpacing(2000)
    area.setWidget(page)
    area.resize(300, 300)
    qtbot.addWidget(area)
    with qtbot.waitExposed(area):
        area.show()
    area.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    with qtbot.assertNotEmitted(knob.pressed), qtbot.assertNotEmitted(knob.turned):
        hand.wheel(knob, -120)
    assert knob.value == 0.0
    assert area.verticalScrollBar().value() > 0

    at = area.verticalScrollBar().value()
    knob.setFocus()
    qtbot.waitUntil(knob.hasFocus)
    hand.wheel(knob, -120)
    assert knob.value == pytest.approx(-0.04)
    assert area.verticalScrollBar().value() == at


def test_taking_the_knob_ends_a_wheel_gesture(knob: Knob, hand: Hand, listen: Listen) -> None:
    diary = listen(knob)
    hand.wheel(knob, 120)
    QTest.mouseClick(knob, Qt.MouseButton.LeftButton, pos=knob.rect().center())
    assert [w for w in diary.words if isinstance(w, str)] == ["pressed", "released"] * 2
