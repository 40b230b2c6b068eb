"""The hand on a landscape: knobs are put where it clicks, carried along, turned by the arrows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk
from mixer_nn.state.surveying import Surveying
from mixer_nn.ui.controls.gestures import IDLE_MILLISECONDS, KEY_TRAVEL
from mixer_nn.ui.monitors.plot import Plot

_AXIS = {Qt.Key.Key_Left: 0, Qt.Key.Key_Right: 0, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: 1}
KEYS = frozenset(_AXIS)


class LandscapeHand(QObject):
    """Turns the two knobs of a landscape; from taking hold to letting go is one gesture.

    A press takes hold of both, an arrow key of the one it turns, until no key has come for a while.
    """

    def __init__(
        self, plot: Plot, desk: Desk, clock: FrameClock, surveying: Surveying, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._plot, self._desk, self._clock, self._surveying = plot, desk, clock, surveying
        self._held: dict[int, float] = {}
        self._carries = False
        self._idle = 0.0
        plot.pressed.connect(self._press)
        plot.dragged.connect(self._carry)
        plot.released.connect(self.let_go)
        plot.keyed.connect(self._key)

    # -- the mouse ----------------------------------------------------------------------------

    def _press(self, x: float, y: float, button: Qt.MouseButton) -> None:
        if button != Qt.MouseButton.LeftButton:
            return
        self.let_go()
        self._take_hold(*self._surveying.axes)
        self._carries = True
        self._surveying.hold(True)
        self._carry(x, y)

    def _carry(self, x: float, y: float) -> None:
        if not self._carries:
            return
        spans = self._plot.ranges
        for axis, value in enumerate((x, y)):
            low, high = spans[axis]
            self._turn(self._surveying.axes[axis], min(max(value, low), high))

    def let_go(self) -> None:
        """Take the hand off the knobs it holds."""
        held, self._held = self._held, {}
        now = self._desk.mix.parameters
        # The step of undo bears the name of the last one: of a knob that has been turned.
        for index in sorted(held, key=lambda index: held[index] != now[index]):
            self._desk.release(index)
        self._clock.drop(self)
        if self._carries:
            self._carries = False
            self._surveying.hold(False)

    # -- the keys -----------------------------------------------------------------------------

    def _key(self, key: Qt.Key) -> None:
        if self._carries:
            return
        axis = _AXIS[key]
        index = self._surveying.axes[axis]
        low, high = self._plot.ranges[axis]
        self._take_hold(index)
        self._idle = IDLE_MILLISECONDS
        self._clock.move(self)
        value = float(self._desk.mix.parameters[index])
        self._turn(index, value + KEY_TRAVEL[key] * (high - low))

    def advance(self, milliseconds: float) -> bool:
        """Let go when no key has come for a while."""
        self._idle -= milliseconds
        if self._idle > 0.0:
            return True
        self.let_go()
        return False

    # -- the knobs ----------------------------------------------------------------------------

    def _take_hold(self, *indices: int) -> None:
        # What is in another hand stays there when this one lets go.
        for index in set(indices) - self._desk.touched:
            self._held[index] = float(self._desk.mix.parameters[index])
            self._desk.touch(index)

    def _turn(self, index: int, value: float) -> None:
        # Undo, or another file, takes every hand off its knob.
        if index in self._desk.touched:
            self._desk.turn(index, value)
