"""A hand for the controls: mouse, wheel and keys as a window system sends them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.ui import theme
from mixer_nn.ui.controls.fader import Fader
from mixer_nn.ui.controls.hand import HandControl
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.controls.taper import LogTaper

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton

_Control = TypeVar("_Control", bound=HandControl)


@dataclass
class Diary:
    """What a control said, in order: ``pressed``, values, ``released``."""

    control: HandControl
    words: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.control.pressed.connect(self.on_pressed)
        self.control.turned.connect(self.on_turned)
        self.control.released.connect(self.on_released)

    def on_pressed(self) -> None:
        self.words.append("pressed")

    def on_turned(self, value: float) -> None:
        self.words.append(value)

    def on_released(self) -> None:
        self.words.append("released")

    @property
    def values(self) -> list[float]:
        return [word for word in self.words if isinstance(word, float)]


class Hand:
    """Mouse events with modifiers, which QTest has none of for a movement, and wheel events."""

    def __init__(self) -> None:
        self._at = QPointF()

    def _send(
        self, widget: QWidget, kind: QEvent.Type, button: Qt.MouseButton, keys: Qt.KeyboardModifier
    ) -> None:
        up = kind == QEvent.Type.MouseButtonRelease
        buttons = Qt.MouseButton.NoButton if up else LEFT
        where = widget.mapToGlobal(self._at)
        QApplication.sendEvent(widget, QMouseEvent(kind, self._at, where, button, buttons, keys))

    def press(self, widget: QWidget, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self._at = at
        widget.setFocus(Qt.FocusReason.MouseFocusReason)
        self._send(widget, QEvent.Type.MouseButtonPress, LEFT, keys)

    def move(self, widget: QWidget, dx: float, dy: float, keys: Qt.KeyboardModifier = NONE) -> None:
        self.move_to(widget, self._at + QPointF(dx, dy), keys)

    def move_to(self, widget: QWidget, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self._at = at
        self._send(widget, QEvent.Type.MouseMove, Qt.MouseButton.NoButton, keys)

    def release(self, widget: QWidget, keys: Qt.KeyboardModifier = NONE) -> None:
        self._send(widget, QEvent.Type.MouseButtonRelease, LEFT, keys)

    def wheel(
        self,
        widget: QWidget,
        angle: int,
        *,
        pixels: int = 0,
        sideways: int = 0,
        keys: Qt.KeyboardModifier = NONE,
        inverted: bool = False,
    ) -> bool:
        """Send a wheel event; whether the widget took it.

        Qt carries only a window system's own wheel events on to the widgets around, so that is
        done here: an ignored event goes to the parent, and so on.
        """
        around: QWidget | None = widget
        while around is not None:
            middle = QPointF(around.rect().center())
            event = QWheelEvent(
                middle,
                QPointF(around.mapToGlobal(middle)),
                QPoint(0, pixels),
                QPoint(sideways, angle),
                Qt.MouseButton.NoButton,
                keys,
                Qt.ScrollPhase.NoScrollPhase,
                inverted,
            )
            QApplication.sendEvent(around, event)
            if event.isAccepted():
                return around is widget
            around = around.parentWidget()
        return False

    def takes_key(
        self, widget: QObject, key: Qt.Key, text: str = "", keys: Qt.KeyboardModifier = NONE
    ) -> bool:
        """Whether a focused control keeps a key from the program's shortcuts."""
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key.value, keys, text)
        event.ignore()
        QApplication.sendEvent(widget, event)
        return event.isAccepted()


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def listen() -> Callable[[HandControl], Diary]:
    return Diary


@pytest.fixture
def show(qtbot: QtBot, dressed: QApplication) -> Callable[[HandControl], None]:
    """Show a control and give it the focus."""

    def show_and_focus(control: HandControl) -> None:
        shown(qtbot, control)

    return show_and_focus


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    theme.apply(qapp, "dark", zoom=1.0)
    return qapp


@pytest.fixture
def knob(qtbot: QtBot, dressed: QApplication) -> Knob:
    """A shown, focused knob of 150 pixels on a scale of ±2."""
    return shown(qtbot, Knob())


@pytest.fixture
def fader(qtbot: QtBot, dressed: QApplication) -> Fader:
    """A shown, focused learning-rate fader at 0.01 on a track of 250 pixels."""
    fader = Fader(LogTaper(1e-5, 10.0))
    fader.set_value(0.01)
    fader.setFixedWidth(281)
    return shown(qtbot, fader)


def shown(qtbot: QtBot, control: _Control) -> _Control:
    qtbot.addWidget(control)
    with qtbot.waitExposed(control):
        control.show()
    control.activateWindow()
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    QApplication.sendEvent(control, QEvent(QEvent.Type.Leave))  # wherever the mouse may be
    return control
