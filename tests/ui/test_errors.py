from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal, qWarning
from PySide6.QtGui import QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.errors import MixError
from mixer_nn.session import file
from mixer_nn.session.mix import Setup
from mixer_nn.ui import errors
from mixer_nn.ui.dialogs.messages import Message
from mixer_nn.ui.errors import ErrorDialog, ErrorGuard
from mixer_nn.ui.work import Work

if TYPE_CHECKING:
    from tests.ui.conftest import User


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


# -- the whole window ---------------------------------------------------------------------------


class _Broken(QWidget):
    """Fails wherever it is touched, as a defect of any view would."""

    def __init__(self, parent: QWidget, error: type[Exception]) -> None:
        super().__init__(parent)
        self._error = error
        self.left = 2
        self.setGeometry(4, 4, 12, 12)
        self.show()

    def fail(self, *_: object, **__: object) -> None:
        if self.left:
            self.left -= 1
            raise self._error("lost")

    def advance(self, _milliseconds: float) -> bool:
        self.fail()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.property("paints"):
            self.fail()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.property("resizes"):
            self.fail()


def _in_a_slot(user: User, broken: _Broken) -> None:
    user.desk.setup_changed.connect(broken.fail)
    user.desk.set_setup(Setup(tempo=9.0))


def _in_a_slot_of_every_frame(user: User, broken: _Broken) -> None:
    user.desk.changed.connect(broken.fail)
    user.desk.turn(0, 0.25)


def _in_painting(user: User, broken: _Broken) -> None:
    broken.setProperty("paints", True)
    broken.update()


def _in_an_event(user: User, broken: _Broken) -> None:
    broken.setProperty("resizes", True)
    QTimer.singleShot(0, user.window, partial(broken.resize, 13, 13))


def _in_a_timer(user: User, broken: _Broken) -> None:
    QTimer.singleShot(0, broken, broken.fail)


def _in_a_thread(user: User, broken: _Broken) -> None:
    thread = threading.Thread(target=broken.fail)
    thread.start()
    thread.join()


def _in_a_worker(user: User, broken: _Broken) -> None:
    Work(broken.fail, user.window).start()


def _in_a_slice(user: User, broken: _Broken) -> None:
    """In the steps of a frame, while Auto-mix plays."""
    train = user.bench.automix.slice

    def train_and_fail(milliseconds: float, budget: float) -> None:
        train(milliseconds, budget)
        broken.fail()

    user.bench.automix.slice = train_and_fail  # type: ignore[method-assign]
    user.bench.automix.play()


def _in_a_glide(user: User, broken: _Broken) -> None:
    user.bench.clock.move(broken)


PLACES = [
    _in_a_slot,
    _in_a_slot_of_every_frame,
    _in_painting,
    _in_an_event,
    _in_a_timer,
    _in_a_thread,
    _in_a_worker,
    _in_a_slice,
    _in_a_glide,
]


@pytest.fixture
def watched(live: User, clock: _Time) -> Generator[User]:
    """A person at the whole window, guarded as the program does it."""
    guard = ErrorGuard(live.window, live.window.save_after_error, clock)
    yield live
    guard.uninstall()


@pytest.mark.parametrize(
    ("break_in", "error"), [*((place, ValueError) for place in PLACES), (_in_a_slot, MemoryError)]
)
def test_wherever_something_fails_the_window_says_so_offers_to_save_and_stays_whole(
    qtbot: QtBot,
    watched: User,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    break_in: Callable[[User, _Broken], None],
    error: type[Exception],
) -> None:
    user, path = watched, tmp_path / "rescued.mixnn"
    user.window.bench.desk.turn(0, 1.5)
    broken = _Broken(user.window, error)
    break_in(user, broken)
    qtbot.waitUntil(lambda: len(_dialogs(user.window)) == 1)
    (dialog,) = _dialogs(user.window)
    assert ("memory" in dialog.text) == (error is MemoryError)
    assert not user.bench.automix.playing, "or it would fail in every frame"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", _Names(path))
    QTest.mouseClick(_button(dialog, "save"), Qt.MouseButton.LeftButton)
    assert file.read(path).mix.state.same(user.desk.mix.state)
    assert _dialogs(user.window) == []
    user.window.activateWindow()
    qtbot.waitUntil(user.window.isActiveWindow)
    _assert_whole(qtbot, user)


class _Names:
    """Answers the question for a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, *_: object) -> tuple[str, str]:
        return str(self._path), ""


def _assert_whole(qtbot: QtBot, user: User) -> None:
    """Hands, frames, Auto-mix and undo all go on as if nothing had been."""
    desk, automix = user.desk, user.bench.automix
    user.assert_all_agree()
    before = desk.mix
    user.type_into(user.w, "2.5")
    user.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not user.bench.clock.is_running)
    user.assert_all_agree()
    automix.play()
    qtbot.waitUntil(lambda: desk.mix.state.step > before.state.step)
    automix.pause()
    qtbot.waitUntil(lambda: not user.bench.clock.is_running)
    user.assert_all_agree()
    user.undo()
    assert desk.mix.parameters[0] == 2.5
    user.undo()
    assert desk.mix.parameters.tobytes() == before.parameters.tobytes()


def test_what_fails_at_painting_again_when_the_dialog_goes_opens_no_other(
    qtbot: QtBot, window: QWidget, guard: ErrorGuard, clock: _Time
) -> None:
    _fail()
    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)
    clock.now += 60.0  # somebody read the details
    QTest.keyClick(_dialogs(window)[0], Qt.Key.Key_Return)
    _fail()  # what lay under the dialog is painted again
    QApplication.processEvents()
    assert _dialogs(window) == []
