from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.ui import keys
from mixer_nn.ui.dialogs.messages import Message, SaveQuestion, ask_to_save, tell
from mixer_nn.ui.dialogs.shortcuts import KeyCap, ShortcutsDialog
from mixer_nn.ui.dialogs.text_dialog import TextDialog

Faults = Callable[[QWidget], list[str]]

LONG = (
    "Row 1,204 of “measurements of the second of January.csv” has seven cells where the header "
    "has six; put a quotation mark around the cell that has a comma in it, or remove the comma."
)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(900, 700)
    widget.show()
    return widget


def _press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _gone(parent: QWidget, kind: type[QWidget]) -> bool:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return not parent.findChildren(kind)


def test_a_sentence_is_told_without_waiting_and_leaves_nothing_behind(window: QWidget) -> None:
    message = tell(window, "“cars.csv” is empty; choose another table.")
    assert message.isVisible()
    assert message.text == "“cars.csv” is empty; choose another table."
    assert message.findChild(QPushButton, "copyDetails") is None
    QTest.keyClick(message, Qt.Key.Key_Return)
    assert _gone(window, Message)


def test_a_sentence_is_text_whatever_a_file_is_called(window: QWidget) -> None:
    message = tell(window, "“<b>x</b><img src=y>.csv” is empty.")
    assert message.text == "“<b>x</b><img src=y>.csv” is empty."
    label = message.findChild(QWidget, "sentence")
    assert label is not None
    assert label.property("textFormat") == Qt.TextFormat.PlainText
    message.close()
    assert _gone(window, Message)


@pytest.mark.parametrize("details", ["", "line one\n" * 40 + "x" * 300])
@pytest.mark.parametrize("sentence", ["Saved.", LONG])
def test_nothing_of_a_message_is_cut_off(
    window: QWidget, dressed: str, faults: Faults, sentence: str, details: str
) -> None:
    message = tell(window, sentence, details)
    assert faults(message) == []
    if details:
        _press(message, "showDetails")
        assert faults(message) == []
        _press(message, "showDetails")
        assert faults(message) == []
    message.close()


def test_details_can_be_read_and_copied(window: QWidget) -> None:
    message = tell(window, "The file cannot be saved.", "No space left on device")
    field = message.findChild(QPlainTextEdit, "details")
    assert isinstance(field, QPlainTextEdit)
    assert not field.isVisible()
    _press(message, "showDetails")
    assert field.isVisible()
    assert field.toPlainText() == "No space left on device"
    _press(message, "copyDetails")
    clipboard = QGuiApplication.clipboard().text()
    assert clipboard == "The file cannot be saved.\n\nNo space left on device"
    QTest.keyClick(message, Qt.Key.Key_Escape)
    assert _gone(window, Message)


class _Hand(QObject):
    """Answers the question that is open, once the event loop turns."""

    def __init__(self, key: Qt.Key | None = None, button: str = "") -> None:
        super().__init__()
        self.key, self.button = key, button
        QTimer.singleShot(0, self.answer)

    def answer(self) -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SaveQuestion)
        if self.button:
            _press(dialog, self.button)
        elif self.key is not None:
            QTest.keyClick(dialog, self.key)
        else:
            dialog.close()


@pytest.mark.parametrize(
    ("key", "button", "answer"),
    [
        (Qt.Key.Key_Return, "", "save"),
        (Qt.Key.Key_Escape, "", "cancel"),
        (None, "save", "save"),
        (None, "discard", "discard"),
        (None, "cancel", "cancel"),
        (None, "", "cancel"),
    ],
    ids=["Enter", "Esc", "save", "discard", "cancel", "closed"],
)
def test_unsaved_work_is_asked_about(
    window: QWidget, key: Qt.Key | None, button: str, answer: str
) -> None:
    hand = _Hand(key, button)
    assert ask_to_save(window, "my mix") == answer
    assert hand.button == button
    assert _gone(window, SaveQuestion)


def test_the_question_names_the_mix_and_fits(qtbot: QtBot, dressed: str, faults: Faults) -> None:
    question = SaveQuestion(None, "a name that never " * 12)
    qtbot.addWidget(question)
    question.show()
    assert "a name that never" in question.accessibleName()
    assert len(question.accessibleName()) < 100
    assert faults(question) == []
    assert question.answer == "cancel"


def test_a_report_is_shown_and_copied_whole(
    qtbot: QtBot, window: QWidget, dressed: str, faults: Faults
) -> None:
    report = "\n".join(f"line {n}  " + "wide " * (n % 30) for n in range(80))
    dialog = TextDialog(window, "Doctor", report)
    dialog.open()
    assert dialog.text == report
    assert faults(dialog) == []
    _press(dialog, "copy")
    assert QGuiApplication.clipboard().text() == report
    dialog.set_text("Nothing is missing.")
    assert dialog.text == "Nothing is missing."
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_report_cannot_be_typed_over(window: QWidget) -> None:
    dialog = TextDialog(window, "Doctor", "Nothing is missing.")
    dialog.open()
    view = dialog.findChild(QPlainTextEdit, "text")
    assert isinstance(view, QPlainTextEdit)
    view.setFocus()
    QTest.keyClicks(view, "abc")
    assert dialog.text == "Nothing is missing."
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is not view
    dialog.close()


def test_the_page_of_keys_shows_every_key_and_gesture(
    qtbot: QtBot, window: QWidget, dressed: str, faults: Faults
) -> None:
    dialog = ShortcutsDialog(window)
    dialog.open()
    caps = [cap.text() for cap in dialog.findChildren(KeyCap)]
    apart = [each for each in keys.KEYS if each.keys and each.topic != keys.CUES_TOPIC]
    wanted = [keys.label(each) for each in apart]
    together = (*keys.ALL_CUES, *keys.GESTURES, *keys.PICKING)
    assert sorted(caps) == sorted(wanted + [way for way, _text in together])
    assert faults(dialog) == []
    area = dialog.findChild(QScrollArea, "keys")
    assert isinstance(area, QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    dialog.resize(1300, 1000)
    assert faults(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_page_of_keys_scrolls_by_keyboard(window: QWidget) -> None:
    dialog = ShortcutsDialog(window)
    dialog.open()
    dialog.resize(520, 320)
    area = dialog.findChild(QScrollArea, "keys")
    assert isinstance(area, QScrollArea)
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
    dialog.close()
