"""A monkey at the window: real mouse, wheel and key events anywhere, and a look after each.

Events go in where the window system would put them, so that Qt itself finds who gets them: what
lies on top, a menu, a dialog, whoever holds the mouse. All chance comes from one seed, and time
passes only in frames, so the same seed is the same monkey.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
)
from shiboken6 import isValid

from mixer_nn.session.mix import MAX_TEMPO
from mixer_nn.ui import keys
from mixer_nn.ui.controls.control import Control
from mixer_nn.ui.main_window import MainWindow
from mixer_nn.ui.work import Work
from tests.trust.mouse import LEFT, NONE, Mouse, named

LETTERS = (*"0123456789.,-e lL", "\t")
SIZES = ((1440, 900), (1440, 900), (1024, 640), (900, 560), (1920, 1080), (700, 400))
PATIENCE = 5
"""Events after which a menu or a dialog is closed, whatever is in it."""
RESCUE_MS = 1500
LEFT_OUT = ("action.quit",)
"""It would close the window: that is tested elsewhere."""


class Monkey(Mouse):
    """Does one thing after another, with mouse, keys and all."""

    def __init__(self, window: MainWindow, seed: int, files: list[Path]) -> None:
        super().__init__(window, seed)
        self.files = files
        self._over = 0
        self._rescue = QTimer(window)
        self._rescue.setInterval(RESCUE_MS)
        self._rescue.timeout.connect(_close_what_waits)
        self._events: tuple[tuple[int, Callable[[], None]], ...] = (
            (22, self._click),
            (3, self._double_click),
            (10, self._drag),
            (3, self._take_hold),
            (8, self._wheel),
            (24, self._key),
            (8, self._type),
            (10, self._action),
            (6, self._rest),
            (4, self._play),
            (2, self._resize),
            (2, self._drop),
            (2, self._open),
            (3, self._set_up),
            (2, self._hover),
        )

    # -- an event -----------------------------------------------------------------------------

    def event(self) -> None:
        """Do one thing, and let a frame or two pass."""
        self.count += 1
        weights = [weight for weight, _ in self._events]
        (act,) = self.chance.choices([event for _, event in self._events], weights)
        if self._pressed is not None and self.chance.random() < 0.4:
            act = self._let_go
        self._leave_what_is_over()
        self._rescue.start()
        act()
        self._rescue.stop()
        self.settle()

    def settle(self) -> None:
        """Let pass what the window system, a worker, and the clock have to do with it."""
        for work in self.window.findChildren(Work):
            work.wait(20.0)
        QApplication.processEvents()
        for _ in range(self.chance.choice((1, 1, 1, 2, 4))):
            self.bench.clock.tick(16.0)
        QApplication.processEvents()

    def _leave_what_is_over(self) -> None:
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        self._over = 0 if over is None else self._over + 1
        if over is not None and self._over > PATIENCE:
            self._say(f"leave {named(over)}")
            if isinstance(over, QDialog):
                over.reject()
            else:
                over.close()
            QApplication.processEvents()

        if over is None and QApplication.activeWindow() is not self.window:
            # There is no window manager that would give it back what a menu had.
            self.window.activateWindow()
            QApplication.processEvents()

    # -- the keys -----------------------------------------------------------------------------

    def _key(self) -> None:
        rows = [
            key
            for entry in keys.KEYS
            for key in entry.keys
            if entry.action != "quit" and key not in ("Ctrl+N",)
        ]
        text = self.chance.choice([*rows, *["Tab", "Left", "Right"] * 3])
        self._say(f"key {text}, focus on {named(QApplication.focusWidget())}")
        combination = QKeySequence(text)[0]  # type: ignore[index]  # its stub does not know that
        self._press_key(combination.key(), combination.keyboardModifiers())

    def _type(self) -> None:
        text = self.chance.choice(LETTERS)
        self._say(f"type {text!r}, focus on {named(QApplication.focusWidget())}")
        key = Qt.Key.Key_Tab if text == "\t" else Qt.Key(ord(text.upper()))
        self._press_key(key, NONE)

    def _press_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        handle = self._handle(self._top)
        if isValid(handle):  # of a menu that is about to go it need not be
            QTest.keyPress(handle, key, modifiers)
        if isValid(handle):  # the key may have closed it
            QTest.keyRelease(handle, key, modifiers)

    def _action(self) -> None:
        """Choose something in the menus, where no dialog is in the way."""
        if self._top is not self.window:
            return
        found = [
            action
            for action in self.window.findChildren(QAction)
            if action.isEnabled()
            and action.objectName().startswith("action.")
            and action.objectName() not in LEFT_OUT
        ]
        action = self.chance.choice(found)
        self._say(f"choose {action.objectName()}")
        action.trigger()

    # -- the rest -----------------------------------------------------------------------------

    def _rest(self) -> None:
        """Let time pass; a gesture with wheel or keys ends by itself after a while."""
        frames = self.chance.choice((1, 5, 20))
        self._say(f"rest for {frames} frames")
        if self._pressed is None:
            for control in self.window.findChildren(Control):
                control.finish_gesture()
        for _ in range(frames):
            self.bench.clock.tick(self.chance.choice((16.0, 33.0)))

    def _play(self) -> None:
        self._say(f"{'pause' if self.bench.automix.playing else 'play'}")
        self.bench.automix.toggle()

    def _set_up(self) -> None:
        """Another tempo or optimizer, as from other controls than those in sight."""
        chance, setup = self.chance, self.desk.setup
        setup = replace(setup, tempo=chance.choice((2.0, 8.0, 60.0, 500.0, MAX_TEMPO)))
        if chance.random() < 0.4:
            setup = replace(
                setup, optimizer=chance.choice(("gradient-descent", "momentum", "adam"))
            )
            setup = replace(setup, batch_size=chance.choice((0, 1, 10)))
            setup = replace(setup, learning_rate=chance.choice((None, 0.01, 0.5, 50.0)))
        self._say(f"set up {setup.optimizer}, {setup.batch_size}, {setup.tempo}")
        self.desk.set_setup(setup)

    def _resize(self) -> None:
        size = self.chance.choice(SIZES)
        self._say(f"resize to {size}")
        self.window.resize(*size)

    def _open(self) -> None:
        if self._top is self.window:
            path = self.chance.choice(self.files)
            self._say(f"open {path.name}")
            self.window.files.open(path)

    def _drop(self) -> None:
        if self._top is not self.window:
            return
        path = self.chance.choice(self.files)
        self._say(f"drop {path.name}")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, place = Qt.DropAction.CopyAction, self.window.rect().center()
        entering = QDragEnterEvent(place, copy, data, LEFT, NONE)
        QApplication.sendEvent(self.window, entering)
        dropping = QDropEvent(QPointF(place), copy, data, LEFT, NONE)
        QApplication.sendEvent(self.window, dropping)


def _close_what_waits() -> None:
    """Close a menu of Qt's own, such as a spin box's, that lets nothing go on until it closes."""
    over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if over is not None:
        over.close()
