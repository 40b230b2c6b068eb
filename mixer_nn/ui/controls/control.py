"""A value on a scale, and the gesture that has hold of it: what every control of the mixer is.

A gesture is one sentence: `pressed`, any number of `turned`, `released`. `turned` comes from the
hand only; what the program sets through ``set_…`` is silent.
"""

import math
from collections.abc import Callable
from enum import Enum, auto
from typing import ClassVar

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.controls import accessible
from mixer_nn.ui.controls.gestures import IDLE_MILLISECONDS, Key
from mixer_nn.ui.controls.taper import Taper

_REFRESHING = (
    QEvent.Type.PaletteChange,
    QEvent.Type.StyleChange,
    QEvent.Type.FontChange,
)


class Gesture(Enum):
    """What keeps a control held: a mouse drag, wheel or keys until idle, an open field."""

    DRAG = auto()
    IDLE = auto()
    EDIT = auto()
    ONCE = auto()


class Control(QWidget):
    """A value on a scale, and the gesture that has hold of it.

    The value is never clamped to the scale; only the hand's own steps stop at the ends where
    `bounded` is set. While the hand holds the control, `set_value` is ignored: the owner does not
    move a held control, and re-reads it after `released`.
    """

    pressed = Signal()
    turned = Signal(float)
    released = Signal()
    reset_asked = Signal()  # after a reset; the value has gone to `initial` already
    lock_toggled = Signal(bool)
    hovered = Signal(bool)
    scale_asked = Signal(float)  # the high end that is wanted

    accessible_role: ClassVar[QAccessible.Role] = QAccessible.Role.Dial

    def __init__(self, taper: Taper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self.bounded = False
        self.lockable = True
        self._taper = taper
        self._value = 0.0
        self._initial = 0.0
        self._locked = False
        self._unit = ""
        self._formatter: Callable[[float], str] | None = None

        self._gesture: Gesture | None = None
        self._grip = taper  # the scale as it was at the press
        self._at_press = 0.0
        self._raw = 0.0  # where the hand is, on the grip's scale
        self._shown = 0.0  # where the value is: the same but for the magnet
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MILLISECONDS)
        self._idle.timeout.connect(self.finish_gesture)

    # -- what the program sets: all silent --

    @property
    def value(self) -> float:
        """The exact value, inside the scale or not."""
        return self._value

    @property
    def taper(self) -> Taper:
        """The scale in force."""
        return self._taper

    @property
    def initial(self) -> float:
        """What a reset goes back to."""
        return self._initial

    @property
    def locked(self) -> bool:
        """Whether the lock is shown; a lock does not stop the hand."""
        return self._locked

    @property
    def is_held(self) -> bool:
        """Whether the hand has it: from `pressed` to `released`."""
        return self._gesture is not None

    def set_value(self, value: float) -> None:
        """Show another value; ignored while the hand holds the control."""
        if self._gesture is None and value != self._value:
            self._put(value)

    def set_taper(self, taper: Taper) -> None:
        """Put another scale on; a gesture under way goes on with the units it began with."""
        if taper != self._taper:
            self._taper = taper
            self._on_scale_changed()

    def set_initial(self, value: float) -> None:
        """Say what a reset goes back to."""
        self._initial = value

    def set_locked(self, locked: bool) -> None:
        """Show or hide the lock."""
        self._locked = locked
        self._refresh()

    def set_name(self, name: str) -> None:
        """The standard name, which assistive tools speak."""
        self.setAccessibleName(name)

    def set_unit(self, unit: str) -> None:
        """What follows the number in `text`."""
        self._unit = unit

    def set_formatter(self, formatter: Callable[[float], str]) -> None:
        """Say how a value is written; the unit is then the formatter's affair."""
        self._formatter = formatter
        self._refresh()

    def text(self) -> str:
        """The value as it is written and spoken."""
        return self._written(self._value)

    def _written(self, value: float) -> str:
        if self._formatter is not None:
            return self._formatter(value)
        return f"{value:.5g} {self._unit}".rstrip()

    # -- what a subclass fills in --

    def _refresh(self) -> None:
        """Repaint if anything that is seen has changed."""
        self.update()

    def _on_scale_changed(self) -> None:
        self._refresh()

    # -- one gesture --

    def finish_gesture(self) -> None:
        """End whatever the hand is doing, at once; an open field takes its number first."""
        if self._gesture is not None:
            self._end()

    def revert(self) -> None:
        """Give a drag's value back and end it."""
        if self._gesture is Gesture.DRAG:
            self._turn(self._at_press)
            self._end()

    def set_by_hand(self, value: float) -> None:
        """One whole gesture that puts a value, as if it had been typed."""
        if self._taper.has_place_for(value) and value != self._value:
            self.finish_gesture()
            self._begin(Gesture.ONCE)
            self._turn(value)
            self._end()

    def _begin(self, gesture: Gesture) -> None:
        if self._gesture is gesture:
            return
        self.finish_gesture()
        self._gesture = gesture
        self._grip = self._taper
        self._at_press = self._value
        self._raw = self._shown = self._grip.to_position(self._value)
        self.pressed.emit()
        self._refresh()

    def _end(self) -> None:
        self._gesture = None
        self._idle.stop()
        self._refresh()
        self.released.emit()

    def _turn(self, value: float) -> None:
        if value != self._value:
            self._put(value)
            self.turned.emit(value)

    def _put(self, value: float) -> None:
        self._value = value
        self._refresh()
        accessible.announce_value(self)

    def _turn_to(self, raw: float, shown: float) -> None:
        if self.bounded:
            # A value that stands outside already may come back, not go further out.
            start = self._grip.to_position(self._at_press)
            raw = min(max(raw, min(start, 0.0)), max(start, 1.0))
            shown = min(max(shown, min(start, 0.0)), max(start, 1.0))
        value = self._grip.to_value(shown)
        if not math.isfinite(value):
            return
        self._raw, self._shown = raw, shown
        span = abs(self._grip.high - self._grip.low)
        # Steps that add up to zero should give zero, not the rounding of their sum.
        self._turn(0.0 if abs(value) < 1e-12 * span else value)

    def step_by_hand(self, travel: float) -> None:
        """Turn by a share of the scale, as a key does; quick steps are one gesture together."""
        self._begin(Gesture.IDLE)
        self._turn_to(self._raw + travel, self._raw + travel)
        self._idle.start()

    def _go_to(self, value: float) -> None:
        self._begin(Gesture.IDLE)
        self._raw = self._shown = self._grip.to_position(value)
        self._turn(value)
        self._idle.start()

    # -- keys, and coming and going --

    def _read_key(self, event: QKeyEvent) -> Key | None:
        """What a key means to it; None for one that it leaves to the program."""
        return None

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._read_key(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.finish_gesture()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _REFRESHING:
            self.updateGeometry()
            self.update()
        elif event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self.finish_gesture()
