"""A knob on a board: a whole control for hand, keyboard and screen reader, painted by its board."""

from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mixer_nn.ui.controls.accessible import announce_value
from mixer_nn.ui.controls.control import Gesture
from mixer_nn.ui.controls.dial import Dial
from mixer_nn.ui.controls.geometry import DialGeometry
from mixer_nn.ui.controls.gestures import Key, held
from mixer_nn.ui.controls.knob_paint import DialLook
from mixer_nn.ui.controls.taper import LinearTaper, Taper

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Columns and rows that an arrow with Ctrl goes on by."""
_WITH_CONTROL = {**dict.fromkeys(_STEPS, Key("walk")), Qt.Key.Key_Space: Key("pick")}


class Bank(Protocol):
    """Keeps the numbers of many knobs, and hears of the hand on any of them."""

    def value(self, index: int) -> float:
        """The exact value now."""

    def scale(self, index: int) -> float:
        """The high end of the scale, which goes from its negative to it."""

    def initial(self, index: int) -> float:
        """What a reset goes back to."""

    def is_locked(self, index: int) -> bool:
        """Whether it is locked."""

    def look(self, index: int) -> DialLook:
        """What is seen of it."""

    def describe(self, index: int) -> str:
        """The tooltip: its name and its numbers."""

    def press(self, knob: "BoardKnob") -> None:
        """The hand takes hold."""

    def turn(self, index: int, value: float) -> None:
        """The hand turns it."""

    def release(self, knob: "BoardKnob") -> None:
        """The hand lets go."""

    def lock(self, index: int, locked: bool) -> None:
        """Lock or unlock it."""

    def rescale(self, index: int, scale: float) -> None:
        """Give it another scale."""

    def point_at(self, index: int, inside: bool) -> None:
        """The pointer comes or goes."""

    def choose(self, index: int, *, by_key: bool) -> None:
        """It has the focus now."""

    def pick(self, index: int, *, more: bool) -> None:
        """A click picks it: instead of the others, or with `more` besides them or no longer."""

    def unpick(self) -> bool:
        """Pick none; whether any were."""

    def walk(self, index: int, across: int, down: int) -> None:
        """The focus goes on to a neighbour."""

    def show_again(self, index: int) -> None:
        """Focus, hover or hold have changed: paint it again."""


class BoardKnob(Dial):
    """One of many knobs on a board. It keeps no number of its own: the bank has them all.

    Nothing of it is painted here, and Qt is told so; the board paints all of its knobs at once.
    """

    def __init__(self, bank: Bank, index: int, parent: QWidget) -> None:
        self._bank, self.index = bank, index
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setUpdatesEnabled(False)  # it has nothing to paint, and need not be asked to

    def set_dial(self, dial: DialGeometry) -> None:
        """Another size of dial."""
        self._dial = dial

    # -- what the bank keeps: the program's own setters have nothing to set ---------------------

    @property
    def _value(self) -> float:
        return self._bank.value(self.index)

    @_value.setter
    def _value(self, value: float) -> None:
        pass

    @property
    def _taper(self) -> Taper:
        scale = self._bank.scale(self.index)
        return LinearTaper(-scale, scale)

    @_taper.setter
    def _taper(self, taper: Taper) -> None:
        pass

    @property
    def _initial(self) -> float:
        return self._bank.initial(self.index)

    @_initial.setter
    def _initial(self, value: float) -> None:
        pass

    @property
    def _locked(self) -> bool:
        return self._bank.is_locked(self.index)

    @_locked.setter
    def _locked(self, locked: bool) -> None:
        pass

    @property
    def look(self) -> DialLook:
        return self._bank.look(self.index)

    @property
    def is_lit(self) -> bool:
        """Whether the pointer is over it or the hand on it."""
        return self._hover or self.is_held

    @property
    def _centre(self) -> QPointF:
        return QPointF(self.width() / 2.0, self.height() / 2.0)

    def _refresh(self) -> None:
        self._bank.show_again(self.index)

    # -- the hand -----------------------------------------------------------------------------

    def _begin(self, gesture: Gesture) -> None:
        if self._gesture is not gesture:
            super()._begin(gesture)
            self._bank.press(self)

    def _turn(self, value: float) -> None:
        if value != self._value:
            self._bank.turn(self.index, value)
            self.turned.emit(value)
            announce_value(self)

    def _end(self) -> None:
        super()._end()
        self._bank.release(self)

    def toggle_lock(self) -> None:
        locked = not self._locked
        self._bank.lock(self.index, locked)
        self.lock_toggled.emit(locked)

    def ask_half_scale(self) -> None:
        super().ask_half_scale()
        self._bank.rescale(self.index, self._taper.high / 2.0)

    def _set_hover(self, hover: bool) -> None:
        if hover != self._hover:
            super()._set_hover(hover)
            self._bank.point_at(self.index, hover)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & _SHIFT:
            self._bank.pick(self.index, more=False)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging = self._drag is not None
        super().mouseReleaseEvent(event)
        if dragging and not self._dragged and held(event.modifiers()) == _SHIFT:
            self._bank.pick(self.index, more=True)

    # -- keys, focus, tooltip -----------------------------------------------------------------

    def _read_key(self, event: QKeyEvent) -> Key | None:
        if self._drag is None and held(event.modifiers()) == Qt.KeyboardModifier.ControlModifier:
            return _WITH_CONTROL.get(Qt.Key(event.key()))
        return super()._read_key(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self._read_key(event)
        if key is not None and key.request == "walk":
            self._bank.walk(self.index, *_STEPS[Qt.Key(event.key())])
        elif key is not None and key.request == "pick":
            self._bank.pick(self.index, more=True)
        elif event.key() != Qt.Key.Key_Escape or self._drag or not self._bank.unpick():
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() != Qt.FocusReason.MouseFocusReason
        self._bank.choose(self.index, by_key=by_key)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(self._bank.describe(self.index))
        return super().event(event)
