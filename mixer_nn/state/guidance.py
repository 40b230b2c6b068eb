"""How much is given away: the arrows that say which way to turn, and the answer itself."""

from PySide6.QtCore import QObject, Signal

from mixer_nn.state.desk import Desk

TRIES = 3
"""Gestures by ear alone before the arrows come by themselves."""


class Guidance(QObject):
    """View states: whether arrows and answer are shown. They never change the mix.

    The arrows come after the third gesture, once; whoever hides them again has them hidden.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._arrows = self._answer = False
        self._offered = False
        desk.gesture_ended.connect(self._count)
        desk.rewired.connect(self._start_over)

    @property
    def arrows(self) -> bool:
        """Whether the gradient is shown on the knobs."""
        return self._arrows

    def show_arrows(self, shown: bool) -> None:
        """Show the gradient on the knobs, or not."""
        self._offered = True
        if shown != self._arrows:
            self._arrows = shown
            self.changed.emit()

    @property
    def answer(self) -> bool:
        """Whether the least-squares answer is shown."""
        return self._answer

    def show_answer(self, shown: bool) -> None:
        """Show the least-squares answer, or not."""
        if shown != self._answer:
            self._answer = shown
            self.changed.emit()

    def _count(self) -> None:
        if not self._offered and self._desk.gestures >= TRIES:
            self.show_arrows(True)

    def _start_over(self) -> None:
        self.show_answer(False)
