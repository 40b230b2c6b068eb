"""One key, one meaning: for every kind of control that can have the focus, and every key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from mixer_nn.ui.keys import KEYS, Place

if TYPE_CHECKING:
    from tests.ui.conftest import User

CONTROLS = {
    "knob": "layer1.neuron1.weight1",
    "fader": "learningRate",
    "tempo": "tempo",
    "box of choices": "dataset",
    "spin box": "seed",
    "check box": "scaled",
    "button": "step",
    "button that stays": "whichWay",
    "lock": "layer1.neuron1.bias.lock",
    "switch": "lossAxis",
}
"""One of every kind of control that takes the focus."""


def combined(key: str) -> int:
    """A key and its modifiers as Qt's one number."""
    return int(QKeySequence(key)[0].toCombined())  # type: ignore[index]


EVERYWHERE = {
    combined(key): entry.action
    for entry in KEYS
    if entry.place is Place.EVERYWHERE
    for key in entry.keys
    if entry.action not in ("nextControl", "previousControl")
}
ON_A_KNOB = {
    combined(key): entry.action for entry in KEYS if entry.place is Place.KNOB for key in entry.keys
}

SPACE = int(Qt.Key.Key_Space)
PASTE = combined("Ctrl+V")


def keeps(control: str, key: int) -> bool:
    """Whether the design lets a kind of control keep a key of the program for itself."""
    if control in ("check box", "button", "button that stays", "lock", "switch"):
        return key == SPACE  # it was reached by Tab, so its space bar presses it
    if control == "box of choices":
        return key == SPACE
    if control == "spin box":
        return key == PASTE  # a number, into the field
    return False


def combination(key: int) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    pair = QKeySequence(key)[0]  # type: ignore[index]
    return pair.key(), pair.keyboardModifiers()


def text_of(key: Qt.Key, keys: Qt.KeyboardModifier) -> str:
    control = keys & Qt.KeyboardModifier.ControlModifier
    code = key.value
    if control or code > 0xFF:
        return ""
    return chr(code) if keys & Qt.KeyboardModifier.ShiftModifier else chr(code).lower()


def press(widget: QWidget, key: int) -> None:
    code, keys = combination(key)
    QTest.sendKeyEvent(QTest.KeyAction.Click, widget, code, text_of(code, keys), keys)


class Meanings:
    """Notes what a key did: which of the program's actions, and whether the control took it."""

    def __init__(self, user: User) -> None:
        self.names: list[str] = []
        self._actions = [
            action
            for action in user.window.findChildren(QAction)
            if action.objectName().removeprefix("action.") in EVERYWHERE.values()
        ]
        for action in self._actions:
            # Nothing is to happen but this note, and no dialog to open.
            action.triggered.disconnect()
            action.triggered.connect(Note(self.names, action.objectName()))

    def forget(self) -> None:
        """Begin anew, with every action possible."""
        self.names.clear()
        for action in self._actions:
            action.setEnabled(True)


class Note:
    def __init__(self, names: list[str], name: str) -> None:
        self.names, self.name = names, name.removeprefix("action.")

    def __call__(self) -> None:
        self.names.append(self.name)


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
@pytest.mark.parametrize("control", CONTROLS)
def test_with_the_focus_anywhere_every_key_of_the_program_has_one_meaning(
    user: User, control: str
) -> None:
    meanings = Meanings(user)
    widget = user.find(QWidget, CONTROLS[control])
    wrong = []
    for key, action in EVERYWHERE.items():
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.hasFocus()
        meanings.forget()
        code, keys = combination(key)
        kept = user.keeps(widget, code.value, keys, text_of(code, keys))
        expected = [] if keeps(control, key) else [action]
        press(widget, key)
        done = list(meanings.names)
        if done != expected or (kept and done):
            wrong.append((action, done, kept))
        if (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
    assert wrong == []


@pytest.mark.parametrize("control", ["knob", "fader", "tempo"])
def test_a_knob_with_the_focus_takes_its_keys_and_the_program_none_of_them(
    user: User, control: str
) -> None:
    widget = user.find(QWidget, CONTROLS[control])
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    for key, action in ON_A_KNOB.items():
        code, keys = combination(key)
        wanted = not (action == "giveBack" or (action == "lock" and control != "knob"))
        assert user.keeps(widget, code.value, keys, text_of(code, keys)) == wanted, action


def test_where_nothing_has_the_focus_a_knobs_keys_do_nothing(user: User) -> None:
    meanings, before = Meanings(user), user.desk.mix
    user.focus.clearFocus()
    for key in ON_A_KNOB:
        press(user.focus, key)
    assert meanings.names == []
    assert user.desk.mix is before


@pytest.mark.parametrize(
    ("control", "changed"),
    [
        ("button", lambda user: user.desk.mix.state.step == 1),
        ("button that stays", lambda user: user.bench.guidance.arrows),
        ("check box", lambda user: user.desk.mix.problem.scaled),
        ("lock", lambda user: user.desk.mix.locked[1]),
    ],
)
def test_a_button_reached_by_tab_is_pressed_by_the_space_bar(
    user: User, control: str, changed: Callable[[User], bool]
) -> None:
    user.find(QWidget, CONTROLS[control]).setFocus(Qt.FocusReason.TabFocusReason)
    user.key(Qt.Key.Key_Space)
    assert changed(user)
    assert not user.bench.automix.playing


def test_while_a_value_is_typed_no_letter_is_a_command(user: User) -> None:
    meanings = Meanings(user)
    user.w.setFocus()
    user.key(Qt.Key.Key_Return)
    for key in (Qt.Key.Key_S, Qt.Key.Key_B, Qt.Key.Key_N, Qt.Key.Key_W, Qt.Key.Key_Space):
        press(user.focus, int(key))
    user.key(Qt.Key.Key_Escape)
    assert meanings.names == []
    assert not user.desk.undo_stack.can_undo


def test_tab_reaches_every_control_and_comes_back(user: User) -> None:
    user.w.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[str] = []
    while not reached or user.focus is not user.w:
        reached.append(user.focus.objectName())
        user.key(Qt.Key.Key_Tab)
        assert len(reached) < 60
    assert set(CONTROLS.values()) <= set(reached)
    wanted = (
        "autoMix backToStart step tenSteps hundredSteps newStart seed learningRate batchSize tempo"
        " learningRateAuto showAnswer dataOptions lossScale layer1.neuron1.bias"
    )
    assert set(wanted.split()) <= set(reached)
    assert reached[1] == "layer1.neuron1.bias"


def test_a_click_beside_the_controls_takes_the_focus_off_them(user: User) -> None:
    user.press(user.w)
    user.release()
    assert user.w.hasFocus()
    user.click(user.window.header.brand)
    assert not user.w.hasFocus()
