"""What a hand's movement means: gears, lengths and angles turned into travel along a scale.

Travel is counted in scale lengths: 1 is the whole way from the low end to the high end.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent

FULL_RANGE_PIXELS = 250.0
SWEEP_DEGREES = 270.0
MAGNET_PIXELS = 3.0
RIM_SHARE = 0.75  # a press further out than this share of the radius takes the rim
WHEEL_NOTCH = 120
WHEEL_TRAVEL = 0.01
IDLE_MILLISECONDS = 300  # a wheel or key gesture ends this long after its last event

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier
_NONE = Qt.KeyboardModifier.NoModifier

KEY_TRAVEL = {
    Qt.Key.Key_Up: 0.01,
    Qt.Key.Key_Right: 0.01,
    Qt.Key.Key_Down: -0.01,
    Qt.Key.Key_Left: -0.01,
    Qt.Key.Key_PageUp: 0.1,
    Qt.Key.Key_PageDown: -0.1,
}
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left)
_PLAIN_KEYS = {
    Qt.Key.Key_Home: "low",
    Qt.Key.Key_End: "high",
    Qt.Key.Key_Delete: "reset",
    Qt.Key.Key_Backspace: "reset",
    Qt.Key.Key_Return: "edit",
    Qt.Key.Key_Enter: "edit",
    Qt.Key.Key_L: "lock",
}


def held(modifiers: Qt.KeyboardModifier) -> Qt.KeyboardModifier:
    """The modifiers that matter here: which keypad or group a key came from does not."""
    return modifiers & (_SHIFT | _CONTROL | _ALT | _META)


def gear(modifiers: Qt.KeyboardModifier) -> float:
    """How much of a movement counts: 1, with Shift a tenth, with Ctrl and Shift a hundredth."""
    if not modifiers & _SHIFT:
        return 1.0
    return 0.01 if modifiers & _CONTROL else 0.1


@dataclass(frozen=True)
class Key:
    """What a key press asks of a control: the name of a request, and how far where it is a way."""

    request: str
    travel: float = 0.0
    text: str = ""


def read_key(event: QKeyEvent) -> Key | None:
    """The request of a key press, None for every key that is left to the program.

    Space, comma, full stop, S, B, N and the function keys are the program's own, and so is
    everything with Ctrl, Alt or Meta held.
    """
    key, modifiers = Qt.Key(event.key()), held(event.modifiers())
    if key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and modifiers == _SHIFT):
        return Key("menu")
    if modifiers not in (_NONE, _SHIFT):
        return None
    if key in KEY_TRAVEL:
        fine = 0.1 if modifiers == _SHIFT and key in _ARROWS else 1.0
        return Key("travel", KEY_TRAVEL[key] * fine)
    if key == Qt.Key.Key_Minus or Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
        return Key("edit", text=event.text() or chr(key.value))  # some keyboards shift digits
    name = _PLAIN_KEYS.get(key) if modifiers == _NONE else None
    return Key(name) if name else None


def wheel_travel(event: QWheelEvent) -> float:
    """How far a wheel event turns a control; 0 for one that only moves sideways.

    A notch of 120 units is a hundredth of the scale, with Shift a thousandth. Wheels of high
    resolution send parts of a notch, which add up; a track pad's pixels count as a drag's.
    """
    fine = 0.1 if event.modifiers() & _SHIFT else 1.0
    sign = -1.0 if event.inverted() else 1.0
    pixels = event.pixelDelta().y()
    # Qt's documentation calls the pixel delta unreliable on X11.
    if pixels and QGuiApplication.platformName() != "xcb":
        return sign * fine * pixels / FULL_RANGE_PIXELS
    return sign * fine * event.angleDelta().y() / WHEEL_NOTCH * WHEEL_TRAVEL


def sum_travel(start: QPointF, end: QPointF) -> float:
    """A knob's way: to the right and upward both raise."""
    return (end.x() - start.x() - (end.y() - start.y())) / FULL_RANGE_PIXELS


class RotaryTravel:
    """The way of a finger round a centre: relative, so it never jumps and has no seam."""

    def __init__(self, centre: QPointF) -> None:
        self._centre = centre

    def __call__(self, start: QPointF, end: QPointF) -> float:
        """The angle turned from `start` to `end`, clockwise positive; 270° is the whole scale."""
        turn = self._angle(end) - self._angle(start)
        turn = (turn + 180.0) % 360.0 - 180.0
        return turn / SWEEP_DEGREES

    def _angle(self, point: QPointF) -> float:
        offset = point - self._centre
        # y grows downward on a screen, so this angle grows clockwise.
        return math.degrees(math.atan2(offset.y(), offset.x()))


class Drag:
    """One press of the mouse until its release, counted from event to event.

    Each movement is weighed with the gear of its own moment, so pressing or letting go of a
    modifier never makes the value jump, and nothing has to be paid back after an end.
    """

    def __init__(
        self, event: QMouseEvent, travel: Callable[[QPointF, QPointF], float], magnet: float | None
    ) -> None:
        self.moved = False
        self._travel = travel
        self._at = event.position()
        self._gear = gear(event.modifiers())
        self._magnet = magnet  # the position that attracts, None for none
        self._free = False  # whether the hand has been outside the magnet's reach

    def move(self, event: QMouseEvent, raw: float, shown: float) -> tuple[float, float]:
        """The position after a movement: where the hand is, and where the value is.

        `raw` and `shown` are the two of the movement before; they differ while the magnet holds.
        """
        now = gear(event.modifiers())
        if now != self._gear:
            self._gear, raw = now, shown
        step = self._travel(self._at, event.position())
        self._at = event.position()
        self.moved = self.moved or step != 0.0
        self._free = self._free or not self._near(raw)
        raw += step * now
        return raw, self._attract(raw)

    def _near(self, raw: float) -> bool:
        reach = MAGNET_PIXELS / FULL_RANGE_PIXELS
        return self._magnet is not None and abs(raw - self._magnet) < reach

    def _attract(self, raw: float) -> float:
        caught = self._free and self._gear == 1.0 and self._near(raw)
        return self._magnet if caught and self._magnet is not None else raw
