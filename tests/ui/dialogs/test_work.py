from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.errors import MixError
from mixer_nn.data.columns import Table
from mixer_nn.data.table import Cancelled, read_table
from mixer_nn.ui.dialogs.progress import WorkProgress
from mixer_nn.ui.work import Work

Progress = Callable[[float], None]
Cancel = Callable[[], bool]

NEVER = 10_000_000


class _Slow:
    """A job that goes on until it is cancelled or let go."""

    def __init__(self) -> None:
        self.begun, self.go, self.over = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, *, progress: Progress, cancelled: Cancel) -> object:
        self.begun.set()
        progress(0.25)
        try:
            while not self.go.wait(0.002):
                if cancelled():
                    raise Cancelled
            return "done"
        finally:
            self.over.set()


class _Log(QObject):
    """Writes down what a job says, and in which thread it hears it."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.heard: list[object] = []
        self.threads: set[QThread] = set()
        work.finished.connect(self.hear)
        work.failed.connect(self.hear)
        work.ended.connect(self.end)

    def hear(self, value: object) -> None:
        self.heard.append(value)
        self.threads.add(QThread.currentThread())

    def end(self) -> None:
        self.heard.append("ended")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def slow() -> Generator[_Slow, None, None]:
    """A slow job that ends with the test, whatever becomes of it."""
    job = _Slow()
    yield job
    job.go.set()


def _raising(error: Exception, *, progress: Progress, cancelled: Cancel) -> object:
    raise error


def _thread_name(*, progress: Progress, cancelled: Cancel) -> object:
    for tenth in range(11):
        progress(tenth / 10.0)
    return threading.current_thread().name


def test_a_table_is_read_beside_the_window(qtbot: QtBot, tmp_path: Path, window: QWidget) -> None:
    file = tmp_path / "cars.csv"
    file.write_text("speed,dist\n4,2\n7,22\n")
    work = Work(partial(read_table, file), window)
    with qtbot.waitSignal(work.finished) as got:
        work.start()
    (table,) = got.args or [None]
    assert isinstance(table, Table)
    assert table.names == ("speed", "dist")


def test_values_and_progress_arrive_in_the_windows_thread(qtbot: QtBot, window: QWidget) -> None:
    work = Work(_thread_name, window)
    log = _Log(work)
    shares: list[float] = []
    work.progressed.connect(shares.append)
    with qtbot.waitSignal(work.ended):
        work.start()
    assert log.heard == ["mixer-nn work", "ended"]
    assert log.threads == {window.thread()}
    assert shares == [tenth / 10.0 for tenth in range(11)]


def test_a_job_runs_from_its_start_until_it_has_ended(
    qtbot: QtBot, slow: _Slow, window: QWidget
) -> None:
    work = Work(slow, window)
    running = [work.is_running]
    work.start()
    running.append(work.is_running)
    with qtbot.waitSignal(work.ended):
        slow.go.set()
    running.append(work.is_running)
    assert running == [False, True, False]


def test_bad_input_arrives_as_its_sentence(qtbot: QtBot, tmp_path: Path, window: QWidget) -> None:
    work = Work(partial(read_table, tmp_path), window)
    log = _Log(work)
    with qtbot.waitSignal(work.ended):
        work.start()
    (sentence, end) = log.heard
    assert "is a folder" in str(sentence)
    assert end == "ended"


def test_too_little_memory_is_a_sentence(qtbot: QtBot, window: QWidget) -> None:
    work = Work(partial(_raising, MemoryError()), window)
    with qtbot.waitSignal(work.failed) as got:
        work.start()
    assert "not enough memory" in str(got.args)


def test_a_defect_in_a_job_is_raised_in_the_windows_thread(qtbot: QtBot, window: QWidget) -> None:
    work = Work(partial(_raising, ZeroDivisionError("oops")), window)
    log = _Log(work)
    with qtbot.capture_exceptions() as caught, qtbot.waitSignal(work.ended):
        work.start()
    assert [kind for kind, _error, _trace in caught] == [ZeroDivisionError]
    assert log.heard == ["ended"]


def test_a_cancelled_job_says_nothing_but_that_it_has_ended(
    qtbot: QtBot, slow: _Slow, window: QWidget
) -> None:
    work = Work(slow, window)
    log = _Log(work)
    work.start()
    assert slow.begun.wait(5)
    with qtbot.waitSignal(work.ended):
        work.cancel()
    assert log.heard == ["ended"]


@pytest.mark.parametrize("error", [MixError("Too late."), None])
def test_what_a_job_says_after_it_was_cancelled_is_dropped(
    qtbot: QtBot, window: QWidget, error: Exception | None
) -> None:
    work = Work(partial(_raising, error) if error else _thread_name, window)
    log = _Log(work)
    with qtbot.waitSignal(work.ended):
        work.start()
        work.cancel()
    assert log.heard == ["ended"]


def test_a_window_that_goes_away_ends_its_job(qtbot: QtBot, slow: _Slow) -> None:
    window = QWidget()
    work = Work(slow, window)
    work.start()
    assert slow.begun.wait(5)
    with qtbot.waitSignal(window.destroyed):
        window.deleteLater()
    assert slow.over.wait(5)
    assert work.wait(5)


def test_a_job_that_is_done_when_its_window_has_gone_is_dropped(qtbot: QtBot, slow: _Slow) -> None:
    window = QWidget()
    slow.go.set()
    work = Work(slow, window)
    work.start()
    assert work.wait(5)  # its value now stands in the queue
    with qtbot.waitSignal(window.destroyed):
        window.deleteLater()


def test_progress_stays_away_from_a_quick_job(qtbot: QtBot, window: QWidget) -> None:
    work = Work(_thread_name, window)
    progress = WorkProgress(work, "Reading …", window, patience=NEVER)
    with qtbot.waitSignals([work.ended, progress.destroyed]):
        work.start()
        assert not progress.isVisible()


def test_progress_shows_how_far_a_slow_job_is_and_blocks_nothing(
    qtbot: QtBot, slow: _Slow, window: QWidget, dressed: str, faults: Callable[[QWidget], list[str]]
) -> None:
    work = Work(slow, window)
    progress = WorkProgress(work, "Reading “a-large-table.csv” …", window, patience=1)
    bar = progress.findChild(QProgressBar, "progress")
    assert isinstance(bar, QProgressBar)
    work.start()
    qtbot.waitUntil(lambda: progress.isVisible() and bar.value() == 25)
    assert [label.text() for label in progress.findChildren(QLabel)] == [
        "Reading “a-large-table.csv” …",
        "25 %",
    ]
    assert progress.windowModality() == Qt.WindowModality.NonModal
    assert faults(progress) == []
    slow.go.set()
    with qtbot.waitSignals([work.finished, progress.destroyed]):
        pass


@pytest.mark.parametrize("way", ["button", "Esc", "close"])
def test_progress_cancels_the_job(qtbot: QtBot, slow: _Slow, window: QWidget, way: str) -> None:
    work = Work(slow, window)
    log = _Log(work)
    progress = WorkProgress(work, "Reading …", window, patience=1)
    work.start()
    qtbot.waitUntil(progress.isVisible)
    button = progress.findChild(QPushButton, "cancel")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignals([work.ended, progress.destroyed]):
        if way == "button":
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            assert not button.isEnabled()
        elif way == "Esc":
            QTest.keyClick(progress, Qt.Key.Key_Escape)
        else:
            progress.close()
    assert log.heard == ["ended"]
    assert slow.over.is_set()
