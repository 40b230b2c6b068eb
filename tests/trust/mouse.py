"""A mouse anywhere on the window: its events go in where the window system would put them."""

from __future__ import annotations

import random
from collections import deque

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from mixer_nn.ui.controls.control import Control
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.main_window import MainWindow
from mixer_nn.ui.mixer.knob_board import KnobBoard

LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
BUTTONS = (LEFT,) * 8 + (RIGHT, MIDDLE)
NONE = Qt.KeyboardModifier.NoModifier
MODIFIERS = (NONE,) * 7 + (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
WORTH_A_CLICK = (
    QAbstractButton, Control, KnobBoard, QComboBox, QAbstractSpinBox, QLineEdit, QTabBar,
    QAbstractScrollArea,
)  # fmt: skip
LAST = 30
"""Events that are told of after a failure."""


class Mouse:
    """Somebody's mouse, at random; `log` are the last things that were done, as text."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.bench, self.desk = window, window.bench, window.bench.desk
        self.chance = random.Random(seed)
        self.log: deque[str] = deque(maxlen=LAST)
        self.count = 0
        self._pressed: tuple[QWidget, QPoint, Qt.MouseButton] | None = None

    def _say(self, text: str) -> None:
        self.log.append(f"{self.count}: {text}")

    # -- where --------------------------------------------------------------------------------

    @property
    def _top(self) -> QWidget:
        """What gets events now: a menu, a dialog, or the window."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window

    def _anywhere(self) -> tuple[QWidget, QPoint]:
        """A widget in sight, and a point that it shows."""
        top = self._top
        seen = [top] + [
            widget
            for widget in top.findChildren(QWidget)
            if widget.isVisible() and widget.window() is top
        ]
        liked = [widget for widget in seen if isinstance(widget, WORTH_A_CLICK)]
        for _ in range(20):
            widget = self.chance.choice(liked if liked and self.chance.random() < 0.8 else seen)
            rect = widget.visibleRegion().boundingRect()
            if not rect.isEmpty():
                return widget, QPoint(
                    self.chance.randint(rect.left(), rect.right()),
                    self.chance.randint(rect.top(), rect.bottom()),
                )
        return top, top.rect().center()

    @staticmethod
    def _handle(widget: QWidget) -> QWindow:
        handle = widget.window().windowHandle()
        assert handle is not None
        return handle

    # -- the mouse ----------------------------------------------------------------------------

    def _click(self) -> None:
        self._let_go_quietly()
        widget, at = self._anywhere()
        button, modifier = self.chance.choice(BUTTONS), self.chance.choice(MODIFIERS)
        self._say(f"click {button.name} {modifier.name} on {named(widget)} at {point(at)}")
        place = widget.mapTo(widget.window(), at)
        handle = self._handle(widget)
        QTest.mouseMove(handle, place)
        QTest.mousePress(handle, button, modifier, place)
        if isValid(handle):
            QTest.mouseRelease(handle, button, modifier, place)

    def _double_click(self) -> None:
        self._let_go_quietly()
        widget, at = self._anywhere()
        self._say(f"double click on {named(widget)} at {point(at)}")
        QTest.mouseDClick(self._handle(widget), LEFT, NONE, widget.mapTo(widget.window(), at))

    def _take_hold(self) -> None:
        """Press and keep hold, whatever comes next."""
        self._let_go_quietly()
        widget, at = self._anywhere()
        self._say(f"take hold of {named(widget)} at {point(at)}")
        place = widget.mapTo(widget.window(), at)
        QTest.mousePress(self._handle(widget), LEFT, NONE, place)
        self._pressed = (widget.window(), place, LEFT)

    def _let_go(self) -> None:
        self._say("let go")
        self._let_go_quietly()

    def _let_go_quietly(self) -> None:
        """Before the next thing to press is chosen: a menu that was held may go with it."""
        if self._pressed is not None:
            window, place, button = self._pressed
            self._pressed = None
            handle = window.windowHandle() if window is self.window else None
            QTest.mouseRelease(handle or self._handle(self.window), button, NONE, place)

    def _drag(self) -> None:
        self._let_go_quietly()
        widget, at = self._anywhere()
        modifier, count = self.chance.choice(MODIFIERS), self.chance.randint(1, 6)
        dx, dy = self.chance.randint(-60, 60), self.chance.randint(-40, 40)
        self._say(f"drag {named(widget)} from {point(at)} by {count} × ({dx}, {dy})")
        handle, place = self._handle(widget), widget.mapTo(widget.window(), at)
        QTest.mousePress(handle, LEFT, modifier, place)
        for _ in range(count):
            place += QPoint(dx, dy)
            if isValid(handle):
                QTest.mouseMove(handle, place)
            self.bench.clock.tick(16.0)
        if isValid(handle):
            QTest.mouseRelease(handle, LEFT, modifier, place)

    def _hover(self) -> None:
        widget, at = self._anywhere()
        self._say(f"point at {named(widget)} at {point(at)}")
        QTest.mouseMove(self._handle(widget), widget.mapTo(widget.window(), at))

    def _wheel(self) -> None:
        widget, at = self._anywhere()
        angle, modifier = self.chance.choice((-360, -120, -15, 15, 120, 360)), NONE
        self._say(f"wheel {angle} over {named(widget)} at {point(at)}")
        place = QPointF(widget.mapTo(widget.window(), at))
        QTest.wheelEvent(self._handle(widget), place, QPoint(0, angle), QPoint(), modifier)


def named(widget: QWidget | None) -> str:
    """How a widget is told of."""
    if widget is None:
        return "nothing"
    name = widget.objectName()
    if isinstance(widget, (Knob, QMenu)) and not name:
        name = widget.accessibleName()
    return f"{type(widget).__name__} {name}".rstrip()


def point(at: QPoint) -> str:
    return f"({at.x()}, {at.y()})"
