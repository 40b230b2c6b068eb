"""A job beside the window: copies in, a value out, and nothing shared on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from mixer_nn.core.errors import MixError
from mixer_nn.data.table import Cancelled


class Job(Protocol):
    """What can be worked on, such as ``partial(read_table, path)``.

    It reports the share done, 0 to 1, asks a few times a second whether it is cancelled, and
    raises `Cancelled` if so. It runs in a thread of its own, so what it is given must not change.
    """

    def __call__(
        self, *, progress: Callable[[float], None], cancelled: Callable[[], bool]
    ) -> object:
        """Do the job and return its value."""
        ...


class Work(QObject):
    """One job in a thread of its own.

    After `start` come any number of `progressed`, then one of `finished` (the job's value) and
    `failed` (a MixError's sentence), or neither if it was cancelled, and at last `ended`. Any
    other exception is a defect of the program and is raised again in the window's thread, where
    the error dialog gets it.

    Closing the window, or deleting this, cancels the job and never waits for it: its thread ends
    by itself at the next question whether it is cancelled, and what it returns is dropped.
    """

    finished = Signal(object)
    failed = Signal(str)
    progressed = Signal(float)
    ended = Signal()

    def __init__(self, job: Job, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._messenger = _Messenger()
        queued = Qt.ConnectionType.QueuedConnection
        self._messenger.progressed.connect(self._on_progressed, queued)
        self._messenger.done.connect(self._on_done, queued)
        self._thread = threading.Thread(
            target=_run, args=(job, self._stop, self._messenger), name="mixer-nn work"
        )
        self._over = False
        # The event holds nothing of this object, so this connection cannot keep it alive.
        self.destroyed.connect(self._stop.set)

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._thread.ident is not None and not self._over

    def start(self) -> None:
        """Begin; once only."""
        self._thread.start()

    def cancel(self) -> None:
        """Give the job up: neither `finished` nor `failed` comes any more, `ended` soon."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the thread, for at most so long; whether it has ended. Signals come later."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _on_progressed(self, share: float) -> None:
        if not self._stop.is_set():
            self.progressed.emit(share)

    def _on_done(self, value: object, error: object) -> None:
        self._over = True
        try:
            if self._stop.is_set():
                return
            if error is None:
                self.finished.emit(value)
            elif isinstance(error, MixError):
                self.failed.emit(str(error))
            elif isinstance(error, MemoryError):
                self.failed.emit("There is not enough memory for this; close other programs.")
            elif isinstance(error, BaseException) and not isinstance(error, Cancelled):
                raise error
        finally:
            self.ended.emit()


class _Messenger(QObject):
    """Carries news between threads; it belongs to both, so neither can find it gone."""

    progressed = Signal(float)
    done = Signal(object, object)


def _run(job: Job, stop: threading.Event, messenger: _Messenger) -> None:
    try:
        value = job(progress=messenger.progressed.emit, cancelled=stop.is_set)
    except BaseException as error:  # whatever it is, someone waits for an answer
        messenger.done.emit(None, error)
    else:
        messenger.done.emit(value, None)
