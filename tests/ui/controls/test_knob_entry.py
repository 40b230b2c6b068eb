from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.number_edit import NumberEdit

if TYPE_CHECKING:
    from tests.ui.controls.conftest import Diary

# Offscreen says that it has no keyboard to grab and no windows to raise for a menu.
pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")

Key = Qt.Key
Listen = Callable[[HandControl], "Diary"]


def field(knob: Knob) -> NumberEdit:
    found = QApplication.focusWidget()
    assert isinstance(found, NumberEdit)
    return found


def type_in(knob: Knob, text: str, end: Qt.Key = Key.Key_Return) -> None:
    QTest.mouseDClick(knob, Qt.MouseButton.LeftButton, pos=QPoint(95, 95))
    QTest.keyClicks(field(knob), text)
    QTest.keyClick(field(knob), end)


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", 0.5), ("0,5", 0.5), ("-1e-3", -1e-3), ("50%", 1.0), ("-1", -1.0)]
)
def test_a_double_click_lets_a_value_be_typed(
    knob: Knob, listen: Listen, text: str, value: float
) -> None:
    diary = listen(knob)
    type_in(knob, text)
    assert knob.value == value
    assert diary.words == ["pressed", value, "released"]
    assert knob.hasFocus()


@pytest.mark.parametrize("text", ["abc", "inf", "nan", "", "1..2"])
def test_typing_what_is_no_number_changes_nothing(knob: Knob, listen: Listen, text: str) -> None:
    knob.set_value(0.7)
    diary = listen(knob)
    QTest.keyClick(knob, Key.Key_Return)
    QTest.keyClick(field(knob), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field(knob), Key.Key_Delete)
    QTest.keyClicks(field(knob), text)
    QTest.keyClick(field(knob), Key.Key_Return)
    assert knob.value == 0.7
    assert diary.words == ["pressed", "released"]


def test_a_wrong_number_is_marked_while_it_is_typed(knob: Knob) -> None:
    QTest.keyClick(knob, Key.Key_Return)
    QTest.keyClicks(field(knob), "abc")
    assert field(knob).property("invalid") is True
    field(knob).selectAll()
    QTest.keyClicks(field(knob), "1")
    assert field(knob).property("invalid") is False


def test_escape_gives_typing_up(knob: Knob, listen: Listen) -> None:
    diary = listen(knob)
    type_in(knob, "1.5", Key.Key_Escape)
    assert knob.value == 0.0
    assert diary.words == ["pressed", "released"]


def test_the_field_shows_the_exact_value_and_enter_leaves_it_bit_equal(
    knob: Knob, listen: Listen
) -> None:
    knob.set_value(0.1 + 0.2)
    diary = listen(knob)
    QTest.keyClick(knob, Key.Key_Return)
    assert field(knob).selectedText() == "0.30000000000000004"
    QTest.keyClick(field(knob), Key.Key_Return)
    assert knob.value == 0.1 + 0.2
    assert diary.words == ["pressed", "released"]


@pytest.mark.parametrize(("key", "text"), [(Key.Key_7, "7"), (Key.Key_Minus, "-")])
def test_a_digit_or_a_minus_begins_typing(knob: Knob, key: Qt.Key, text: str) -> None:
    QTest.keyClick(knob, key)
    assert field(knob).text() == text
    QTest.keyClicks(field(knob), "3")
    QTest.keyClick(field(knob), Key.Key_Return)
    assert knob.value == float(text + "3")


def test_a_value_outside_the_scale_stays_what_it_is(knob: Knob) -> None:
    type_in(knob, "7.3")
    assert knob.value == 7.3
    assert knob.look.position > 1.0
    assert (knob.taper.low, knob.taper.high) == (-2.0, 2.0)


def test_an_open_field_holds_the_knob_until_it_is_closed(knob: Knob, qtbot: QtBot) -> None:
    QTest.keyClick(knob, Key.Key_Return)
    assert knob.is_held
    knob.set_value(1.0)
    assert knob.value == 0.0
    with qtbot.waitSignal(knob.released):
        QTest.keyClick(field(knob), Key.Key_Escape)
    assert not knob.is_held


def test_finishing_takes_what_is_typed(knob: Knob) -> None:
    QTest.keyClick(knob, Key.Key_5)
    knob.finish_gesture()
    assert knob.value == 5.0
    assert not knob.is_held


def test_going_to_another_control_takes_what_is_typed(
    qtbot: QtBot, dressed: QApplication, listen: Listen
) -> None:
    window = QWidget()
    knob, label, other = Knob(), QLabel("0"), QLineEdit()
    layout = QVBoxLayout(window)
    for part in (knob, label, other):
        layout.addWidget(part)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    knob.set_editor_anchor(label)
    knob.setFocus()
    qtbot.waitUntil(knob.hasFocus)
    diary = listen(knob)
    QTest.keyClick(knob, Key.Key_1)
    assert field(knob).geometry().intersects(label.geometry())
    other.setFocus()
    assert knob.value == 1.0
    assert diary.words == ["pressed", 1.0, "released"]
    assert other.hasFocus()


def test_hiding_the_knob_closes_its_field(knob: Knob, listen: Listen) -> None:
    diary = listen(knob)
    QTest.keyClick(knob, Key.Key_Return)
    knob.hide()
    assert diary.words == ["pressed", "released"]


# -- the menu --


@pytest.fixture
def menu(knob: Knob) -> QMenu:
    knob.set_value(1.5)
    knob.set_initial(0.25)
    QGuiApplication.clipboard().setText("0,75")
    point = knob.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, knob.mapToGlobal(point))
    QApplication.sendEvent(knob, event)
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def choose(menu: QMenu, name: str) -> QAction:
    action = next(a for a in menu.actions() if a.text().startswith(name))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    return action


@pytest.mark.parametrize(("name", "value"), [("Reset", 0.25), ("Paste", 0.75), ("Set to 0", 0.0)])
def test_the_menu_puts_values(
    knob: Knob, menu: QMenu, listen: Listen, name: str, value: float
) -> None:
    diary = listen(knob)
    choose(menu, name)
    assert knob.value == value
    assert diary.words == ["pressed", value, "released"]


def test_the_menu_begins_with_the_value_ready_to_be_typed_over(knob: Knob, menu: QMenu) -> None:
    edit = menu.findChild(NumberEdit)
    assert edit is not None
    assert edit.selectedText() == "1.5"
    assert edit.hasFocus()
    QTest.keyClicks(edit, "-0,5")
    QTest.keyClick(edit, Key.Key_Return)
    assert knob.value == -0.5
    assert QApplication.activePopupWidget() is None


def test_the_menu_copies_the_exact_value(knob: Knob, menu: QMenu) -> None:
    choose(menu, "Copy")
    assert QGuiApplication.clipboard().text() == "1.5"


def test_a_number_left_unfinished_in_the_menu_is_not_taken(knob: Knob, menu: QMenu) -> None:
    edit = menu.findChild(NumberEdit)
    assert edit is not None
    QTest.keyClicks(edit, "9")
    choose(menu, "Copy")
    assert knob.value == 1.5


def test_moving_on_inside_the_menu_takes_nothing(knob: Knob, menu: QMenu) -> None:
    edit = menu.findChild(NumberEdit)
    assert edit is not None
    QTest.keyClicks(edit, "9")
    QTest.keyClick(edit, Key.Key_Tab)
    menu.close()
    assert knob.value == 1.5


def test_the_menu_locks(knob: Knob, menu: QMenu, qtbot: QtBot) -> None:
    with qtbot.waitSignal(knob.lock_toggled):
        choose(menu, "Lock")
    assert knob.locked


def test_the_scale_can_be_halved_only_while_the_value_fits(knob: Knob, menu: QMenu) -> None:
    action = next(a for a in menu.actions() if a.text().startswith("Halve"))
    assert not action.isEnabled()
    menu.close()


def test_halving_the_scale_is_asked_of_the_owner(knob: Knob, qtbot: QtBot) -> None:
    QTest.keyClick(knob, Key.Key_Menu)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(knob.scale_asked) as heard:
        choose(menu, "Halve")
    assert heard.args == [1.0]
    assert knob.taper.high == 2.0


def test_a_clipboard_without_a_number_cannot_be_pasted(knob: Knob) -> None:
    QGuiApplication.clipboard().setText("a table")
    QTest.keyClick(knob, Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert not next(a for a in menu.actions() if a.text() == "Paste").isEnabled()
    menu.close()


def test_a_menu_without_a_choice_changes_nothing(knob: Knob, menu: QMenu, listen: Listen) -> None:
    diary = listen(knob)
    edit = menu.findChild(NumberEdit)
    assert edit is not None
    QTest.keyClicks(edit, "9")
    menu.close()
    assert diary.words == []
    assert knob.value == 1.5
