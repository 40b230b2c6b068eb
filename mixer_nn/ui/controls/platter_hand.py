"""What mouse, wheel and keys do to a turntable."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from mixer_nn.ui.controls.control import Control, Gesture
from mixer_nn.ui.controls.gestures import (
    KEY_TRAVEL,
    SWEEP_DEGREES,
    WHEEL_TRAVEL,
    Drag,
    Key,
    RotaryTravel,
    held,
    read_key,
    wheel_travel,
)
from mixer_nn.ui.controls.platter_geometry import PlatterGeometry, held_share
from mixer_nn.ui.controls.taper import LinearTaper

_STEP = KEY_TRAVEL[Qt.Key.Key_Right]
_DEAD_SHARE = 0.12  # so near the centre a finger has no direction
_ARM_REACH = 7.0
_REQUESTS = ("travel", "low", "high")
_STRIDES = {
    (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier): 1,
    (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier): -1,
    (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier): 1,
    (Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier): 1,
    (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier): -1,
    (Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier): -1,
}


class SpunControl(Control):
    """A turntable that can be taken hold of: by its record, by its arm, by wheel and keys.

    A subclass paints (`_refresh` says when) and says what there is on the record.
    """

    scrubbed = Signal(float)
    stepped = Signal(int)
    strode = Signal(int)

    def __init__(self, diameter: int, parent: QWidget | None = None) -> None:
        super().__init__(LinearTaper(0.0, 1.0), parent)
        self.bounded = True
        self.lockable = False
        self._dial = PlatterGeometry(diameter)
        self._hover = False  # over the arm
        self._notches = 0.0  # of a wheel, not yet a whole step
        self._drag: Drag | None = None
        self._on_arm = False
        self._turns = 0.0  # since the press
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    # -- what a subclass fills in --

    @property
    def _has_grooves(self) -> bool:
        raise NotImplementedError

    @property
    def _end_place(self) -> float:
        """Where the last groove ends."""
        raise NotImplementedError

    # -- mouse --

    def _at(self, event: QMouseEvent) -> QPointF:
        return event.position() - self._dial.centre

    def _is_arm_at(self, point: QPointF) -> bool:
        needle = self._dial.needle(self._value)
        reach = max(_ARM_REACH, 0.08 * self._dial.radius)
        return self._has_grooves and self._dial.distance_to_arm(point, needle) <= reach

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self._at(event)
        on_arm = self._is_arm_at(point)
        hit = on_arm or self._dial.is_on_platter(point)
        if event.button() != Qt.MouseButton.LeftButton or not hit:
            super().mousePressEvent(event)
            return
        self.finish_gesture()
        self._begin(Gesture.DRAG)
        self._on_arm, self._turns = on_arm, 0.0
        self._drag = Drag(event, self._arm_travel if on_arm else self._record_travel(), None)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _arm_travel(self, start: QPointF, end: QPointF) -> float:
        centre = self._dial.centre
        return self._dial.place_of(end - centre) - self._dial.place_of(start - centre)

    def _record_travel(self) -> Callable[[QPointF, QPointF], float]:
        rotary, centre = RotaryTravel(self._dial.centre), self._dial.centre
        dead = _DEAD_SHARE * self._dial.radius

        def travel(start: QPointF, end: QPointF) -> float:
            near = min((point - centre).manhattanLength() for point in (start, end))
            return 0.0 if near < dead else rotary(start, end) * SWEEP_DEGREES / 360.0

        return travel

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            self._set_hover(self._is_arm_at(self._at(event)))
        elif self._on_arm:
            self._raw = held_share(self._drag.move(event, self._raw, self._raw)[0])
            self._turn(self._raw)
        else:
            before = self._turns
            self._turns, _ = self._drag.move(event, before, before)
            if self._turns != before:
                self.scrubbed.emit(self._turns - before)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._dial.place_of(self._at(event))
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._has_grooves and 0.0 <= place <= 1.0:
            self.set_by_hand(place)
        else:
            self.mousePressEvent(event)

    def revert(self) -> None:
        """Turn the record, or the arm, back to where it was at the press and let it go."""
        if self._drag is not None and not self._on_arm and self._turns:
            self.scrubbed.emit(-self._turns)
        elif self._drag is not None and self._on_arm:
            self._turn(self._at_press)
        self.finish_gesture()

    def _end(self) -> None:
        self._drag = None
        self._notches = 0.0
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        super()._end()

    def set_by_hand(self, value: float) -> None:
        """Put the arm to a place, in one whole gesture."""
        super().set_by_hand(held_share(value))

    # -- wheel and keys --

    def stride_by_hand(self, strides: int) -> None:
        """Large steps, as long as the owner thinks fit; quick ones are one gesture."""
        if self._drag is None:
            self._begin(Gesture.IDLE)
            self.strode.emit(strides)
            self._idle.start()

    def step_by_hand(self, travel: float) -> None:
        """Whole steps: one for as much travel as an arrow key gives; quick ones are one gesture."""
        if self._drag is None and travel:
            self._begin(Gesture.IDLE)
            steps = max(1, round(abs(travel) / _STEP))
            self.stepped.emit(int(math.copysign(steps, travel)))
            self._idle.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        travel = wheel_travel(event)
        if not self.hasFocus() or travel == 0.0:
            event.ignore()  # so that a scroll area around it scrolls
            return
        event.accept()
        # Wheels of high resolution send parts of a notch, which add up to a step.
        self._notches += travel / WHEEL_TRAVEL
        whole = math.trunc(self._notches + math.copysign(1e-9, self._notches))
        if whole:
            left = self._notches - whole
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.stride_by_hand(whole)
            else:
                self.step_by_hand(whole * _STEP)
            self._notches = left

    def _read_key(self, event: QKeyEvent) -> Key | None:
        if self._drag is not None and event.key() == Qt.Key.Key_Escape:
            return Key("revert")
        strides = _STRIDES.get((Qt.Key(event.key()), held(event.modifiers())))
        if strides is not None:
            return Key("stride", float(strides))
        key = read_key(event)
        return key if key is not None and key.request in _REQUESTS else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = self._read_key(event)
        if key is None:
            event.ignore()
        elif key.request == "revert":
            self.revert()
        elif key.request == "stride":
            self.stride_by_hand(int(key.travel))
        elif self._drag is None and key.request == "travel":
            self.step_by_hand(key.travel)
        elif self._drag is None and self._has_grooves:
            self._go_to(0.0 if key.request == "low" else self._end_place)

    # -- coming and going --

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finish_gesture()
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._refresh()

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover(False)

    def _set_hover(self, hover: bool) -> None:
        if hover != self._hover:
            self._hover = hover
            shape = Qt.CursorShape
            self.setCursor(shape.PointingHandCursor if hover else shape.OpenHandCursor)
            self._refresh()
            self.hovered.emit(hover)
