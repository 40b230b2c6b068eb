"""The hand on the slice: click, drag and keys turn the knob that is sliced."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from mixer_nn.state.grip import Grip
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.control import Control
from mixer_nn.ui.controls.gestures import KEY_TRAVEL
from mixer_nn.ui.controls.taper import LinearTaper
from mixer_nn.ui.monitors.plot import Plot

_ENDS = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}
KEYS = frozenset({*KEY_TRAVEL, *_ENDS})


class SliceHand(QObject):
    """Turns one parameter, and those picked with it, by mouse and keys.

    A drag is one gesture, and so are keys that come quickly after each other.

    `scale` is what the keys count on, `span` what is drawn: the mouse turns no further.
    """

    def __init__(self, plot: Plot, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._plot, self._desk = plot, bench.desk
        self._grip = Grip(bench.desk, bench.selection)
        self._index = 0
        self._span = (-1.0, 1.0)
        self._held: int | None = None
        # Counts the keys as every knob does, which puts quick ones together; it is never seen.
        self._keys = Control(LinearTaper(-1.0, 1.0), parent)
        self._keys.hide()
        self._keys.pressed.connect(self._take)
        self._keys.turned.connect(self._turn)
        self._keys.released.connect(self._leave)
        plot.pressed.connect(self._press)
        plot.dragged.connect(self._drag)
        plot.released.connect(self._release)
        plot.keyed.connect(self._key)
        bench.desk.pausing.connect(self.let_go)

    @property
    def is_holding(self) -> bool:
        """Whether it has the knob in hand."""
        return self._held is not None

    def work_on(self, index: int | None, span: tuple[float, float], scale: float) -> None:
        """Turn this parameter; None: none, since there is no slice to be seen."""
        if index != self._index:
            self.let_go()
        if self._plot.takes_points != (index is not None):
            self._plot.take_points(index is not None, KEYS)
        if index is None:
            return
        self._index, self._span = index, span
        if self._held is not None and self._held not in self._desk.touched:
            self.let_go()  # the mix was changed under the hand: undo, a new file
        self._keys.set_taper(LinearTaper(-scale, scale))
        self._keys.set_value(float(self._desk.mix.parameters[index]))

    def let_go(self) -> None:
        """End the gesture under way."""
        self._keys.finish_gesture()
        self._leave()

    # -- the mouse ----------------------------------------------------------------------------

    def _press(self, x: float, y: float, button: Qt.MouseButton) -> None:
        if button == Qt.MouseButton.LeftButton:
            self._keys.finish_gesture()
            self._take()
            self._drag(x, y)

    def _drag(self, x: float, _: float) -> None:
        low, high = self._span
        self._turn(min(max(x, low), high))

    def _release(self) -> None:
        if not self._keys.is_held:
            self._leave()

    # -- the keys -----------------------------------------------------------------------------

    def _key(self, key: Qt.Key) -> None:
        if self._held is not None and not self._keys.is_held:
            return  # the mouse has it
        if key in _ENDS:
            self._keys.set_by_hand(self._keys.taper.to_value(_ENDS[key]))
        else:
            self._keys.step_by_hand(KEY_TRAVEL[key])

    # -- the desk -----------------------------------------------------------------------------

    def _take(self) -> None:
        self._held = self._index
        self._grip.take(self._index)

    def _turn(self, value: float) -> None:
        if self._held is not None and self._held in self._desk.touched:
            self._grip.turn(self._held, value)

    def _leave(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._grip.release(held)
