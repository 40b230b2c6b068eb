from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Generator

import pytest
from PySide6.QtCore import QObject, Qt, Signal, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.errors import MixError
from mixer_nn.ui import errors
from mixer_nn.ui.dialogs.messages import Message
from mixer_nn.ui.errors import ErrorDialog, ErrorGuard


class _Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class _Saves:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


class _Emitter(QObject):
    sent = Signal(str)

    def fail(self, _text: str) -> None:
        raise ZeroDivisionError("a knob with no teeth")

    def fail_kindly(self, _text: str) -> None:
        raise MixError("“cars.csv” is empty; choose another table.")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def clock() -> _Time:
    return _Time()


@pytest.fixture
def saves() -> _Saves:
    return _Saves()


@pytest.fixture
def guard(window: QWidget, clock: _Time, saves: _Saves) -> Generator[ErrorGuard, None, None]:
    guard = ErrorGuard(window, saves, clock)
    yield guard
    guard.uninstall()


def _fail(text: str = "lost") -> None:
    """Hand an exception to the hook as Python does for one raised in a slot."""
    try:
        raise ValueError(text)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def _button(dialog: QWidget, name: str) -> QPushButton:
    button = dialog.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    return button


def _dialogs(window: QWidget) -> list[ErrorDialog]:
    return [d for d in window.findChildren(ErrorDialog) if d.isVisible()]


def test_an_exception_in_a_slot_opens_one_dialog_that_says_what_happened(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard, caplog: pytest.LogCaptureFixture
) -> None:
    emitter = _Emitter(window)
    emitter.sent.connect(emitter.fail)
    emitter.sent.emit("go")
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    (dialog,) = _dialogs(window)
    assert "ZeroDivisionError, test_errors.py line" in dialog.text
    assert dialog.text.endswith(".")
    assert "a knob with no teeth" in dialog.details.toPlainText()
    assert "Python 3" in dialog.details.toPlainText()
    assert "Uncaught exception" in caplog.text


def test_a_storm_of_one_failure_is_one_dialog(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard, clock: _Time
) -> None:
    for _ in range(500):
        _fail()
        clock.now += 0.016
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    (dialog,) = _dialogs(window)
    assert dialog.details.toPlainText().count("ValueError: lost") == 1
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not _dialogs(window))
    _fail()  # still the same storm
    QApplication.processEvents()
    assert _dialogs(window) == []


def test_the_same_failure_is_shown_again_after_a_quiet_time(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard, clock: _Time
) -> None:
    _fail()
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    QTest.keyClick(_dialogs(window)[0], Qt.Key.Key_Return)
    clock.now += errors.QUIET_SECONDS + 0.1
    _fail()
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)


def test_another_failure_meanwhile_is_added_to_the_details(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard
) -> None:
    _fail("first")
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    emitter = _Emitter(window)
    emitter.sent.connect(emitter.fail)
    emitter.sent.emit("go")
    (dialog,) = _dialogs(window)
    qtbot.waitUntil(lambda: "no teeth" in dialog.details.toPlainText())
    assert "ValueError: first" in dialog.details.toPlainText()
    assert len(_dialogs(window)) == 1


def test_saving_from_the_dialog_closes_it_and_calls_back(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard, saves: _Saves
) -> None:
    _fail()
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    QTest.mouseClick(_button(_dialogs(window)[0], "save"), Qt.MouseButton.LeftButton)
    assert saves.count == 1
    assert _dialogs(window) == []


def test_details_can_be_seen_and_copied_and_the_program_goes_on(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard, saves: _Saves
) -> None:
    _fail("the needle slipped")
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    (dialog,) = _dialogs(window)
    field = dialog.findChild(QPlainTextEdit, "details")
    assert isinstance(field, QPlainTextEdit)
    assert not field.isVisible()
    QTest.mouseClick(_button(dialog, "showDetails"), Qt.MouseButton.LeftButton)
    assert field.isVisible()
    QTest.mouseClick(_button(dialog, "copyDetails"), Qt.MouseButton.LeftButton)
    assert "the needle slipped" in QGuiApplication.clipboard().text()
    assert dialog.text in QGuiApplication.clipboard().text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert _dialogs(window) == []
    assert saves.count == 0


def test_without_a_way_to_save_none_is_offered(qtbot: QtBot, window: QWidget) -> None:
    guard = errors.install(window)
    try:
        _fail()
        qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
        assert _dialogs(window)[0].findChild(QPushButton, "save") is None
    finally:
        errors.uninstall(guard)


def test_a_mix_error_shows_its_own_sentence_only(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard
) -> None:
    emitter = _Emitter(window)
    emitter.sent.connect(emitter.fail_kindly)
    emitter.sent.emit("go")
    qtbot.waitUntil(lambda: bool(window.findChildren(Message)))
    (message,) = window.findChildren(Message)
    assert message.text == "“cars.csv” is empty; choose another table."
    assert message.findChild(QPushButton, "copyDetails") is None


def test_a_failure_in_another_thread_is_shown_too(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard
) -> None:
    thread = threading.Thread(target=_fail, args=("in a thread",))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    assert _dialogs(window)[0].thread() is window.thread()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_stopping_the_program_is_no_failure(
    qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    passed: list[type[BaseException]] = []

    def note(kind: type[BaseException], _error: object, _trace: object) -> None:
        passed.append(kind)

    monkeypatch.setattr(sys, "excepthook", note)
    guard = errors.install(window)
    try:
        sys.excepthook(kind, kind(), None)
    finally:
        guard.uninstall()
    assert passed == [kind]
    assert sys.excepthook is note
    assert _dialogs(window) == []


def test_uninstalling_puts_every_hook_back(window: QWidget) -> None:
    before = sys.excepthook, threading.excepthook
    guard = errors.install(window)
    assert sys.excepthook != before[0]
    guard.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def test_messages_of_qt_go_to_the_log(
    window: QWidget, guard: ErrorGuard, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="mixer_nn.qt"):
        qWarning("the platter wobbles")
    (record,) = [r for r in caplog.records if r.name == "mixer_nn.qt"]
    assert record.levelno == logging.WARNING
    assert "the platter wobbles" in record.getMessage()


def test_a_failure_after_the_window_has_gone_reaches_the_hook_before(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[type[BaseException]] = []

    def note(kind: type[BaseException], _error: object, _trace: object) -> None:
        passed.append(kind)

    monkeypatch.setattr(sys, "excepthook", note)
    window = QWidget()
    guard = errors.install(window)
    try:
        with qtbot.waitSignal(window.destroyed):
            window.deleteLater()
        _fail()
    finally:
        guard.uninstall()
    assert passed == [ValueError]
