"""The last resort: an exception nobody caught, and Qt's own messages."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtWidgets import QWidget

import mixer_nn
from mixer_nn.core.errors import MixError
from mixer_nn.ui.dialogs.frame import Role
from mixer_nn.ui.dialogs.messages import Message, tell

QUIET_SECONDS = 3.0
"""A failure that comes again within this time of its last is part of the same storm."""

_LOG = logging.getLogger("mixer_nn")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ErrorDialog(Message):
    """Says what happened, offers to save, and lets the program go on."""

    save_asked = Signal()

    def __init__(self, parent: QWidget | None, text: str, details: str, can_save: bool) -> None:
        self._can_save = can_save
        super().__init__(parent, text, details)
        self.setObjectName("errorDialog")
        self.setWindowTitle("Something went wrong")

    def add_closing_buttons(self) -> None:
        if self._can_save:
            save = self.buttons.add_aside("Save the mix", "save")
            save.clicked.connect(self._on_save)
        self.buttons.add("Continue", Role.AcceptRole, "continue")

    def add_details(self, text: str) -> None:
        """Append another failure, which came while this one was still shown."""
        self.details.appendPlainText(f"\n{text}")

    def _on_save(self) -> None:
        # First out of the way: saving may have to ask for a name, or fail in its turn.
        self.accept()
        self.save_asked.emit()


class ErrorGuard(QObject):
    """Shows each uncaught exception once, in one dialog, and keeps the program going.

    Failures that come while the dialog is open are added to its details; a storm of the same one,
    such as from painting, is counted in the log and not shown again until it has been quiet for
    `QUIET_SECONDS`. Safe to call from any thread and in the middle of painting: the dialog opens
    when the event loop next turns. `clock` gives seconds.
    """

    _caught = Signal(object)

    def __init__(
        self,
        window: QWidget,
        save: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window, self._save, self._clock = window, save, clock
        self._seen: dict[tuple[str, str, int], float] = {}
        self.dialog: ErrorDialog | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._before = (sys.excepthook, threading.excepthook)
        self._qt_before = qInstallMessageHandler(log_qt_message)
        sys.excepthook, threading.excepthook = self.handle, self._handle_thread

    def uninstall(self) -> None:
        """Put the hooks back that were there before."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)

    def handle(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """What `sys.excepthook` calls."""
        if not issubclass(kind, Exception):  # Ctrl+C and the like end the program as ever
            self._before[0](kind, error, trace)
            return
        if self._is_storm(error):
            _LOG.debug("Again: %s", error)
            return
        _LOG.error("Uncaught exception", exc_info=(kind, error, trace))
        try:
            self._caught.emit(error)
        except RuntimeError:  # the window is gone already, and this with it
            self._before[0](kind, error, trace)

    def _handle_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.handle(args.exc_type, args.exc_value, args.exc_traceback)

    def _is_storm(self, error: BaseException) -> bool:
        file, line = origin(error)
        key, now = (type(error).__name__, file, line), self._clock()
        last, self._seen[key] = self._seen.get(key), now
        return last is not None and now - last < QUIET_SECONDS

    def _show(self, error: Exception) -> None:
        if isinstance(error, MixError):  # meant for a person as it is
            tell(self._window, str(error))
        elif self.dialog is not None:
            self.dialog.add_details(_trace(error))
        else:
            can_save = self._save is not None
            self.dialog = ErrorDialog(self._window, explain(error), details(error), can_save)
            self.dialog.save_asked.connect(self._on_save)
            self.dialog.finished.connect(self._on_finished)
            self.dialog.open()

    def _on_finished(self) -> None:
        # What uncovering the window fails at, such as painting, is no news to who closed this.
        self._seen = dict.fromkeys(self._seen, self._clock())
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _on_save(self) -> None:
        if self._save is not None:
            self._save()


def install(window: QWidget, save: Callable[[], None] | None = None) -> ErrorGuard:
    """Catch what nobody caught from now on, over `window`; `save` is what "Save the mix" calls.

    Only the program itself installs it: in tests, pytest-qt turns exceptions into failures.
    """
    return ErrorGuard(window, save)


def uninstall(guard: ErrorGuard) -> None:
    """The hooks as they were before `install` returned this guard."""
    guard.uninstall()


def origin(error: BaseException) -> tuple[str, int]:
    """File name and line where it was raised; ``("", 0)`` where nobody knows."""
    frames = traceback.extract_tb(error.__traceback__)
    return (Path(frames[-1].filename).name, frames[-1].lineno or 0) if frames else ("", 0)


def explain(error: Exception) -> str:
    """One sentence on a defect of the program, with what to do."""
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; save the mix and close other programs."
    file, line = origin(error)
    where = f", {file} line {line}" if file else ""
    return (
        f"A defect of this program stopped what it was doing ({type(error).__name__}{where}); "
        "the mix is still here, so save it before you go on."
    )


def details(error: Exception) -> str:
    """The traceback, with the versions that a report of it needs."""
    versions = (
        f"Mixer NN {mixer_nn.__version__}, Python {platform.python_version()}, "
        f"Qt {qVersion()}, {platform.platform()}"
    )
    return f"{versions}\n\n{_trace(error)}"


def _trace(error: Exception) -> str:
    return "".join(traceback.format_exception(error)).rstrip()


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Put a message of Qt's into the log, under ``mixer_nn.qt``."""
    category = getattr(context, "category", None) or "default"
    logging.getLogger("mixer_nn.qt").log(
        _LEVELS.get(kind, logging.WARNING), "%s: %s", category, message
    )
