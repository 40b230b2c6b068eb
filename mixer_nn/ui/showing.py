"""What the keys do that light points and leave slow motion, and when Esc is theirs."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from mixer_nn.ui.bench import Bench


class Showing(QObject):
    """The slots of the actions for the spotlight, and of the key that ends what is shown."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._leaving: QAction | None = None

    def next_point(self) -> None:
        """Light the next of the rows that are drawn."""
        self._bench.spotlight.go_on(1, self._bench.readings.shown_rows)

    def previous_point(self) -> None:
        """Light the one before."""
        self._bench.spotlight.go_on(-1, self._bench.readings.shown_rows)

    def leave(self) -> None:
        """Put the lit row out; where none is lit, leave the past, or else slow motion."""
        if self._bench.spotlight.row is not None:
            self._bench.spotlight.light(None)
        elif self._bench.desk.is_visiting:
            self._bench.scrubbing.back_to_now()
        else:
            self._bench.slow_motion.cancel()

    def leave_by(self, action: QAction) -> None:
        """Let an action have its key only while there is something to leave."""
        self._leaving = action
        self._bench.spotlight.changed.connect(self._guard)
        self._bench.slow_motion.changed.connect(self._guard)
        self._bench.desk.changed.connect(self._guard)
        self._guard()

    def _guard(self) -> None:
        if self._leaving is not None:
            lit = self._bench.spotlight.row is not None or self._bench.desk.is_visiting
            self._leaving.setEnabled(lit or self._bench.slow_motion.is_on)
