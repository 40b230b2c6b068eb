from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.controls.pad import Pad

if TYPE_CHECKING:
    from tests.ui.controls.conftest import Hand

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class Heard:
    """What a pad said, in order."""

    def __init__(self, pad: Pad) -> None:
        self.words: list[object] = []
        pad.chosen.connect(self.on_chosen)
        pad.store_asked.connect(self.on_store)
        pad.menu_asked.connect(self.on_menu)

    def on_chosen(self) -> None:
        self.words.append("chosen")

    def on_store(self) -> None:
        self.words.append("store")

    def on_menu(self, where: QPoint) -> None:
        self.words.append(where)


@pytest.fixture
def pad(qtbot: QtBot, dressed: QApplication) -> Pad:
    pad = Pad("A")
    pad.setFixedSize(44, 44)
    qtbot.addWidget(pad)
    with qtbot.waitExposed(pad):
        pad.show()
    pad.activateWindow()
    pad.setFocus()
    qtbot.waitUntil(pad.hasFocus)
    return pad


@pytest.fixture
def heard(pad: Pad) -> Heard:
    return Heard(pad)


def picture(pad: Pad) -> QImage:
    return pad.grab().toImage()


@pytest.mark.parametrize(("keys", "word"), [(NONE, "chosen"), (SHIFT, "store")])
def test_a_click_and_a_click_with_shift(
    pad: Pad, heard: Heard, keys: Qt.KeyboardModifier, word: str
) -> None:
    QTest.mouseClick(pad, LEFT, keys)
    assert heard.words == [word]
    pad.click()  # as an assistive tool does
    assert heard.words == [word, "chosen"]


def test_a_click_let_go_elsewhere_is_none(pad: Pad, heard: Heard) -> None:
    QTest.mousePress(pad, LEFT, SHIFT)
    QTest.mouseMove(pad, QPoint(400, 400))
    QTest.mouseRelease(pad, LEFT, SHIFT, QPoint(400, 400))
    assert heard.words == []
    pad.click()
    assert heard.words == ["chosen"]


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
@pytest.mark.parametrize(("keys", "word"), [(NONE, "chosen"), (SHIFT, "store")])
def test_keys_press_it_where_it_has_the_focus(
    pad: Pad, heard: Heard, hand: Hand, key: Key, keys: Qt.KeyboardModifier, word: str
) -> None:
    assert hand.takes_key(pad, key, keys=keys)
    QTest.keyClick(pad, key, keys)
    assert heard.words == [word]


@pytest.mark.parametrize("key", [Key.Key_S, Key.Key_F2, Key.Key_Right])
def test_other_keys_are_the_programs(pad: Pad, heard: Heard, hand: Hand, key: Key) -> None:
    assert not hand.takes_key(pad, key)
    assert not hand.takes_key(pad, Key.Key_Space, keys=Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pad, key)
    assert heard.words == []


def test_by_a_click_it_does_not_take_the_focus(pad: Pad) -> None:
    pad.clearFocus()
    QTest.mouseClick(pad, LEFT)
    assert not pad.hasFocus()
    assert pad.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_right_click_asks_for_the_menu_there(pad: Pad, heard: Heard) -> None:
    where = pad.mapToGlobal(QPoint(5, 6))
    QTest.mouseClick(pad, Qt.MouseButton.RightButton, pos=QPoint(5, 6))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 6), where)
    QApplication.sendEvent(pad, event)
    assert heard.words == [where]


@pytest.mark.parametrize(("key", "keys"), [(Key.Key_Menu, NONE), (Key.Key_F10, SHIFT)])
def test_the_menu_key_asks_for_it_in_the_middle(
    pad: Pad, heard: Heard, hand: Hand, key: Key, keys: Qt.KeyboardModifier
) -> None:
    middle = pad.mapToGlobal(pad.rect().center())
    assert hand.takes_key(pad, key, keys=keys)
    QTest.keyClick(pad, key, keys)
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(pad, QContextMenuEvent(reason, QPoint(), QPoint()))
    assert heard.words == [middle, middle]
    QTest.mouseClick(pad, LEFT)
    assert heard.words[-1] == "chosen"


@pytest.mark.parametrize("name", ["dark", "light"])
def test_its_states_can_be_told_apart(pad: Pad, qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name, zoom=1.0)
    empty = picture(pad)
    pad.set_current(True)  # an empty one never is
    assert not pad.is_current
    pad.set_content("", "")
    full = picture(pad)
    pad.set_current(True)
    current = picture(pad)
    assert len({bytes(image.constBits()) for image in (empty, full, current)}) == 3
    assert (pad.is_full, pad.is_current) == (True, True)
    pad.set_empty()
    assert picture(pad) == empty
    assert (pad.is_full, pad.is_current) == (False, False)


def test_it_says_what_it_keeps(pad: Pad) -> None:
    interface = QAccessible.queryAccessibleInterface(pad)
    assert interface.role() == QAccessible.Role.Button
    assert pad.accessibleName() == "hot cue A, empty"
    pad.set_content("before Adam", "0.0712")
    assert pad.accessibleName() == "hot cue A, before Adam, 0.0712"
    assert "before Adam" in pad.toolTip()
    pad.set_current(True)
    assert pad.accessibleName() == "hot cue A, before Adam, 0.0712, current"
    pad.set_content("", "")
    assert pad.accessibleName() == "hot cue A, full, current"
    assert "Shift" in pad.accessibleDescription()


def test_the_detail_is_shown_where_there_is_room(pad: Pad) -> None:
    def differs(side: int) -> bool:
        pad.setFixedSize(side, side)
        pad.set_content("", "")
        bare = picture(pad)
        pad.set_content("", "0.0712")
        return picture(pad) != bare

    assert differs(64)
    assert not differs(28)


def test_words_say_in_the_tooltip_what_the_detail_is(pad: Pad) -> None:
    pad.set_content("", "0.0712", "loss 0.07123, move 9")
    assert pad.accessibleName() == "hot cue A, loss 0.07123, move 9"
    assert "loss 0.07123, move 9" in pad.toolTip()
    told = picture(pad)
    pad.set_content("", "0.0712")
    assert pad.accessibleName() == "hot cue A, 0.0712"
    assert picture(pad) == told  # what is painted is the detail
