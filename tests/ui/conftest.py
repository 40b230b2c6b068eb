"""The whole window, shown, and a person at it: real mouse, wheel and key events."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from mixer_nn.core.arrays import FloatArray
from mixer_nn.state.clock import FrameClock
from mixer_nn.ui import theme
from mixer_nn.ui.controls.knob import Knob
from mixer_nn.ui.launch import build
from mixer_nn.ui.main_window import MainWindow
from mixer_nn.ui.monitors.fit_line import LinePicture

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier

W, B = "layer1.neuron1.weight1", "layer1.neuron1.bias"

Part = TypeVar("Part", bound=QObject)


class User:
    """Somebody at the window. Time passes only in `frames`, unless the clock is let run."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.bench, self.desk = window.bench, window.bench.desk
        self._held: QWidget | None = None
        self._at = QPointF()

    # -- looking ------------------------------------------------------------------------------

    def find(self, kind: type[Part], name: str) -> Part:
        """The one part of that kind and object name."""
        found = self.window.findChild(kind, name)
        assert found is not None, f"no {kind.__name__} called {name}"
        return found

    @property
    def w(self) -> Knob:
        return self.find(Knob, W)

    @property
    def b(self) -> Knob:
        return self.find(Knob, B)

    def text(self, name: str) -> str:
        """What a label or button of that object name says."""
        return str(self.find(QWidget, name).property("text"))

    def number(self, name: str) -> float:
        """The number that a label of that object name says."""
        return number_in(self.text(name))

    @property
    def answer(self) -> FloatArray:
        """The parameters of the least-squares fit."""
        answer = self.bench.readings.answer
        assert answer is not None
        return answer

    def picture(self) -> LinePicture:
        """What the Fit monitor draws of data with one input."""
        picture = self.window.fit.picture
        assert isinstance(picture, LinePicture)
        return picture

    def assert_all_agree(self) -> None:
        """Everything on screen says the same as a fresh evaluation of the knobs.

        For one input without scaling.
        """
        mix, (w, b) = self.desk.mix, self.desk.mix.parameters
        x, y = mix.dataset.inputs[:, 0], mix.dataset.targets[:, 0]
        predicted, loss = w * x + b, float(np.mean((w * x + b - y) ** 2))
        assert (self.w.value, self.b.value) == (w, b)
        shown = [number_in(term.value.text()) for term in self.window.mixer.equation.terms]
        np.testing.assert_allclose(shown, [w, b], atol=6e-4)
        across, heights = self.picture().curve.getData()
        np.testing.assert_allclose(heights, w * across + b, rtol=1e-9)
        at, ends = self.picture().miss.getData()
        np.testing.assert_allclose(at, np.repeat(x, 2))
        np.testing.assert_allclose(ends, np.column_stack([y, predicted]).ravel(), rtol=1e-9)
        assert self.number("loss") == pytest.approx(loss, rel=6e-4)
        assert self.number("loss.miss") == pytest.approx(loss**0.5, rel=6e-4)
        (move,), (height,) = self.window.loss.picture.marker.getData()
        assert (move, 10.0**height) == pytest.approx((mix.moves, loss))
        assert self.desk.history.points[-1, [0, 2]] == pytest.approx([mix.moves, loss])
        assert numbers_in(self.window.mixer.data_units.text()) == pytest.approx(
            [w, b], rel=6e-4, abs=1e-4
        )
        assert self.bench.guidance.arrows or not (self.w.look.slope or self.b.look.slope)
        if self.bench.guidance.arrows:
            slopes = [2 * np.mean((predicted - y) * x), 2 * np.mean(predicted - y)]
            for knob, slope in zip((self.w, self.b), slopes, strict=True):
                assert knob.look.slope in (-np.sign(slope), 0)
                assert knob.look.slope or abs(slope) < 0.01

    def trigger(self, name: str) -> None:
        """Choose an action in the menus."""
        self.find(QAction, f"action.{name}").trigger()
        self.frames()

    # -- waiting ------------------------------------------------------------------------------

    def frames(self, count: int = 1, milliseconds: float = 16.0) -> None:
        for _ in range(count):
            self.bench.clock.tick(milliseconds)

    def frames_until(self, done: Callable[[], bool], most: int) -> int:
        """Frames until something is so; fails when it never is."""
        for count in range(most):
            if done():
                return count
            self.frames()
        raise AssertionError(f"not within {most} frames")

    def until_it_ends(self, most: int = 2000) -> float:
        """Let Auto-mix play until it stops by itself; how many seconds of frames that took."""
        return 0.016 * self.frames_until(lambda: not self.bench.automix.playing, most)

    # -- the hand -----------------------------------------------------------------------------

    def press(
        self, widget: QWidget, at: QPointF | None = None, keys: Qt.KeyboardModifier = NONE
    ) -> None:
        self._held = widget
        self._at = QPointF(widget.rect().center()) if at is None else at
        QTest.mousePress(widget, LEFT, keys, self._at.toPoint())

    def move(self, dx: float, dy: float = 0.0, keys: Qt.KeyboardModifier = NONE) -> None:
        # QTest has no modifiers for a movement.
        assert self._held is not None
        self._at += QPointF(dx, dy)
        where = QPointF(self._held.mapToGlobal(self._at))
        kind, button = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
        event = QMouseEvent(kind, self._at, where, button, LEFT, keys)
        QApplication.sendEvent(self._held, event)

    def release(self, keys: Qt.KeyboardModifier = NONE) -> None:
        assert self._held is not None
        QTest.mouseRelease(self._held, LEFT, keys, self._at.toPoint())
        self._held = None

    def drag(self, widget: QWidget, dx: float, keys: Qt.KeyboardModifier = NONE) -> None:
        """A whole drag to the right, from the middle, a frame after each of its five moves."""
        self.press(widget, keys=keys)
        for _ in range(5):
            self.move(dx / 5.0, keys=keys)
            self.frames()
        self.release(keys)
        self.frames()

    def click(self, target: QWidget | str, keys: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go of the left button on a widget, or on the one of that object name."""
        widget = self.find(QWidget, target) if isinstance(target, str) else target
        assert widget.isVisible(), f"{target} cannot be seen"
        assert widget.isEnabled(), f"{target} is switched off"
        QTest.mouseClick(widget, LEFT, keys, self._spot(widget))
        self.frames()

    @staticmethod
    def _spot(widget: QWidget) -> QPoint:
        # A check box takes clicks on its box and words only.
        return QPoint(min(14, widget.width() // 2), widget.height() // 2)

    def wheel(self, widget: QWidget, angle: int, keys: Qt.KeyboardModifier = NONE) -> bool:
        """Turn the wheel over a widget; whether that took it."""
        middle = QPointF(widget.rect().center())
        event = QWheelEvent(
            middle, QPointF(widget.mapToGlobal(middle)), QPoint(), QPoint(0, angle),
            Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        event.ignore()
        QApplication.sendEvent(widget, event)
        self.frames()
        return event.isAccepted()

    @property
    def focus(self) -> QWidget:
        """What has the focus."""
        return QApplication.focusWidget() or self.window

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go of a key, wherever the focus is."""
        QTest.keyClick(self.focus, key, keys)
        self.frames()

    def undo(self) -> None:
        self.key(Qt.Key.Key_Z, CONTROL)

    def redo(self) -> None:
        self.key(Qt.Key.Key_Z, CONTROL | SHIFT)

    def type_into(self, widget: QWidget, text: str) -> None:
        """Focus a control and type into it; Enter is not part of it."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.type_on(text)

    def type_on(self, text: str) -> None:
        """Type letter by letter, wherever the focus is."""
        for letter in text:
            QTest.keyClicks(self.focus, letter)
        self.frames()

    def choose(self, box: QComboBox, beginning: str) -> None:
        """Choose the entry of a box that begins so, from the keyboard."""
        box.setFocus(Qt.FocusReason.TabFocusReason)
        self.key(Qt.Key.Key_Down)
        rows = (index for index in range(box.count()) if index != box.currentIndex())
        wanted = next(index for index in rows if box.itemText(index).startswith(beginning))
        way = Qt.Key.Key_Down if wanted > box.currentIndex() else Qt.Key.Key_Up
        while box.view().currentIndex().row() != wanted:
            before = box.view().currentIndex().row()
            self.key(way)
            assert box.view().currentIndex().row() != before
        self.key(Qt.Key.Key_Return)
        box.clearFocus()

    def keeps(self, widget: QWidget, key: int, keys: Qt.KeyboardModifier, text: str) -> bool:
        """Whether a focused control keeps a key from the program's actions."""
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, keys, text)
        event.ignore()
        QApplication.sendEvent(widget, event)
        return event.isAccepted()


def numbers_in(text: str) -> list[float]:
    """The numbers with a decimal mark in a text; a minus may stand apart from its number."""
    found = re.findall(r"([−-]?) ?(\d+\.\d+(?:e[−-]?\d+)?)", text)
    return [float(f"{'-' if sign else ''}{digits.replace('−', '-')}") for sign, digits in found]


def number_in(text: str) -> float:
    """The one number in a text."""
    (number,) = numbers_in(text)
    return number


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The program as on the first day: dark, usual size."""
    theme.apply(qapp, "dark", zoom=1.0)
    return qapp


@pytest.fixture
def open_window(
    qtbot: QtBot, dressed: QApplication
) -> Generator[Callable[[tuple[int, int]], User]]:
    """Open a new window of some size; it is closed without a question at the end."""
    users: list[User] = []

    def open_it(size: tuple[int, int]) -> User:
        window = build()
        qtbot.addWidget(window, before_close_func=MainWindow.close_without_asking)
        window.setMinimumSize(1, 1)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        users.append(User(window))
        users[-1].frames()
        return users[-1]

    yield open_it
    for user in users:
        # pytest keeps what a fixture gave for a while yet, and pyqtgraph's menus live as long.
        vars(user).clear()


@pytest.fixture
def clock_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames come only when a test asks for them."""
    monkeypatch.setattr(FrameClock, "wake", _sleep_on)


def _sleep_on(_: FrameClock) -> None:
    """In the place of `FrameClock.wake`."""


@pytest.fixture
def user(clock_stopped: None, open_window: Callable[[tuple[int, int]], User]) -> User:
    """A person at a new window, in which time passes only frame by frame as they say."""
    return open_window((1440, 900))


@pytest.fixture
def live(open_window: Callable[[tuple[int, int]], User]) -> User:
    """A person at a new window whose frame clock runs by itself."""
    return open_window((1440, 900))
