from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mixer_nn.ui.controls.fader import Fader, decade_label
from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.number_edit import NumberEdit

if TYPE_CHECKING:
    from tests.ui.controls.conftest import Diary, Hand

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
Listen = Callable[[HandControl], "Diary"]
DECADE = 250 / 6  # pixels


def middle(fader: Fader) -> QPointF:
    return QPointF(fader.rect().center())


def test_the_handle_goes_with_the_mouse(fader: Fader, hand: Hand) -> None:
    hand.press(fader, middle(fader))
    hand.move(fader, DECADE, 0)
    assert fader.value == pytest.approx(0.1)
    hand.move(fader, 0, -80)
    assert fader.value == pytest.approx(0.1)
    hand.release(fader)


def test_a_click_on_the_track_changes_nothing(fader: Fader, listen: Listen) -> None:
    diary = listen(fader)
    QTest.mouseClick(fader, Qt.MouseButton.LeftButton, pos=fader.rect().topRight())
    assert fader.value == 0.01
    assert diary.words == ["pressed", "released"]


def test_the_fine_gear(fader: Fader, hand: Hand) -> None:
    hand.press(fader, middle(fader), SHIFT)
    hand.move(fader, 10 * DECADE, 0, SHIFT)
    assert fader.value == pytest.approx(0.1)


def test_the_hand_stops_at_the_ends_and_nothing_is_paid_back(fader: Fader, hand: Hand) -> None:
    hand.press(fader, middle(fader))
    hand.move(fader, 2000, 0)
    assert fader.value == 10.0
    hand.move(fader, -DECADE, 0)
    assert fader.value == pytest.approx(1.0)
    QTest.keyClick(fader, Key.Key_Escape)
    assert fader.value == 0.01


def test_a_value_beyond_the_end_is_kept(fader: Fader, hand: Hand) -> None:
    fader.set_value(40.0)
    assert fader.value == 40.0
    hand.press(fader, middle(fader))
    hand.move(fader, 20, 0)
    assert fader.value == pytest.approx(40.0)
    hand.move(fader, -DECADE, 0)
    assert fader.value == pytest.approx(4.0)


def test_keys_wheel_and_ends(fader: Fader, hand: Hand) -> None:
    QTest.keyClick(fader, Key.Key_PageUp)
    assert fader.value == pytest.approx(10 ** (-2 + 0.6))
    hand.wheel(fader, -1200)
    assert fader.value == pytest.approx(0.01)
    QTest.keyClick(fader, Key.Key_Home)
    assert fader.value == 1e-5
    QTest.keyClick(fader, Key.Key_End)
    assert fader.value == 10.0


def test_typing_and_resetting(fader: Fader, listen: Listen, qtbot: QtBot) -> None:
    fader.set_initial(0.02)
    diary = listen(fader)
    QTest.keyClick(fader, Key.Key_0)
    field = QApplication.focusWidget()
    assert isinstance(field, NumberEdit)
    QTest.keyClicks(field, ",05")
    QTest.keyClick(field, Key.Key_Return)
    assert diary.words == ["pressed", 0.05, "released"]
    with qtbot.waitSignal(fader.reset_asked):
        QTest.keyClick(fader, Key.Key_Delete)
    assert fader.value == 0.02


def test_a_fader_has_no_lock(fader: Fader, hand: Hand, qtbot: QtBot) -> None:
    assert not hand.takes_key(fader, Key.Key_L, "l")
    with qtbot.assertNotEmitted(fader.lock_toggled):
        QTest.keyClick(fader, Key.Key_L)


def test_setters_are_silent(fader: Fader, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(fader.turned), qtbot.assertNotEmitted(fader.pressed):
        fader.set_value(0.3)
        fader.set_zone(0.37, "diverges")


def test_the_zone_is_seen_from_its_start_on(fader: Fader) -> None:
    plain = fader.grab().toImage()
    fader.set_zone(0.1, "diverges")
    zoned = fader.grab().toImage()
    assert zoned != plain
    fader.set_zone(1.0, "diverges")
    assert fader.grab().toImage() != zoned
    fader.set_zone(None)
    assert fader.grab().toImage() == plain
    fader.set_zone(50.0, "diverges")
    assert fader.grab().toImage() == plain


@pytest.mark.qt_log_ignore("plugin does not support raise", extend=True)
def test_what_is_in_force_now_is_marked_and_told(fader: Fader) -> None:
    fader.set_value(0.1)
    fader.setToolTip("How far each step goes")
    plain = fader.grab().toImage()
    fader.set_now(0.001, "The schedule has it at 0.001")
    marked = fader.grab().toImage()
    assert marked != plain
    fader.set_now(0.0001, "The schedule has it at 0.0001")
    assert fader.grab().toImage() != marked
    assert fader.value == 0.1
    found = QAccessible.queryAccessibleInterface(fader)
    assert found.text(QAccessible.Text.Description) == "The schedule has it at 0.0001"
    at = fader.rect().center()
    QApplication.sendEvent(fader, QHelpEvent(QEvent.Type.ToolTip, at, fader.mapToGlobal(at)))
    assert QToolTip.text().splitlines() == [
        "How far each step goes",
        "The schedule has it at 0.0001",
    ]
    QToolTip.hideText()
    fader.set_now(None)
    assert fader.grab().toImage() == plain
    assert found.text(QAccessible.Text.Description) == "How far each step goes"


@pytest.mark.parametrize(
    ("width", "text"), [(300, "0.1 → 0.012 now"), (190, "0.1 → 0.012"), (120, "0.1")]
)
def test_as_much_is_written_as_fits_between_the_ends(fader: Fader, width: int, text: str) -> None:
    fader.set_formatter("{:g}".format)
    fader.set_value(0.1)
    fader.set_now(0.012)
    fader.setFixedWidth(width)
    assert fader.value_text() == text


def test_powers_of_ten_are_written_as_a_scale_prints_them() -> None:
    assert [decade_label(e) for e in (-5, -2, -1, 0, 1, 3)] == [
        "10⁻⁵",
        "10⁻²",
        "0.1",
        "1",
        "10",
        "10³",
    ]


def test_a_screen_reader_finds_a_slider_with_the_real_value(fader: Fader) -> None:
    fader.set_name("learning rate")
    fader.set_formatter("{:.3g} (auto)".format)
    found = QAccessible.queryAccessibleInterface(fader)
    assert found.role() == QAccessible.Role.Slider
    assert found.text(QAccessible.Text.Value) == "0.01 (auto)"
    assert found.valueInterface().currentValue() == 0.01
