"""The frame clock: the only frame timer of the program."""

from __future__ import annotations

from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk

FRAME_MS = 16
LONGEST_MS = 100.0
"""A frame that took longer (the machine slept) counts as this long: nothing is caught up."""
LEAST_BUDGET_MS = 4.0
REFINING_MS = 3.0
"""Of a frame, for coming from a kept state to the exact step that is looked at."""

SPARE_MS = 1.6
"""Kept free in each frame, for the window system and for what was not foreseen."""


class Moving(Protocol):
    """Something that glides: `advance` moves it on, and says whether it is still moving."""

    def advance(self, milliseconds: float) -> bool:
        """Move on by so much time."""
        ...


class FrameClock(QObject):
    """Drives everything that moves: input, then a slice of Auto-mix, then one `Desk.changed`.

    It runs while the desk is dirty, Auto-mix plays or something glides, and stops when all is
    still. Tests call `tick` themselves.
    """

    ticked = Signal()

    def __init__(self, desk: Desk, automix: AutoMix, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._automix = desk, automix
        self._moving: list[Moving] = []
        self._view_ms = 0.0
        self._reading_ms = self._painting_ms = 0.0
        self._last: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        desk.dirtied.connect(self.wake)
        automix.changed.connect(self.wake)

    @property
    def is_running(self) -> bool:
        """Whether frames are coming."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Something has changed or begun to move: the next frame comes at once."""
        if not self._timer.isActive():
            self._last = None
            self._timer.start(0)

    def move(self, thing: Moving) -> None:
        """Let `thing` glide from the next frame on, until it says that it has arrived."""
        if thing not in self._moving:
            self._moving.append(thing)
        self.wake()

    def drop(self, thing: Moving) -> None:
        """Let `thing` be: it is about to go, or has been put where it belongs."""
        if thing in self._moving:
            self._moving.remove(thing)

    def stop(self) -> None:
        """Stop the frames: the window closes."""
        self._timer.stop()

    def tick(self, milliseconds: float | None = None) -> None:
        """One frame; `milliseconds` since the last one, measured where not given."""
        now = perf_counter()
        if milliseconds is None:
            milliseconds = FRAME_MS if self._last is None else (now - self._last) * 1000.0
        self._last = now
        milliseconds = min(milliseconds, LONGEST_MS)
        if self._timer.isActive() and self._timer.interval() != FRAME_MS:
            self._timer.setInterval(FRAME_MS)
        self._note_views()
        try:
            self._train(milliseconds)
            begin = perf_counter()
            self._desk.flush()
            self._advance_all(milliseconds)
            self.ticked.emit()
            self._reading_ms = (perf_counter() - begin) * 1000.0
        finally:
            if not (self._desk.is_dirty or self._automix.playing or self._moving):
                self._timer.stop()

    def _train(self, milliseconds: float) -> None:
        """A slice of Auto-mix, or of the way to the exact past that is looked at.

        Where it fails it ends, or it would fail in every frame.
        """
        try:
            self._desk.refine(REFINING_MS / 1000.0)
            self._automix.slice(milliseconds, self._budget())
        except BaseException:
            self._desk.leave_visit()
            self._automix.pause()
            self._desk.flush()
            raise

    def _advance_all(self, milliseconds: float) -> None:
        """Let everything glide on; what fails at it, or is dropped meanwhile, does so no more."""
        for thing in tuple(self._moving):
            still = False
            try:
                still = thing in self._moving and thing.advance(milliseconds)
            finally:
                if not still:
                    self.drop(thing)

    def _budget(self) -> float:
        """Seconds that Auto-mix may take in this frame."""
        return max(LEAST_BUDGET_MS, FRAME_MS - self._view_ms - SPARE_MS) / 1000.0

    def note_painting(self, seconds: float) -> None:
        """Count painting, which comes after the tick, to what the views take of a frame."""
        self._painting_ms += seconds * 1000.0

    def _note_views(self) -> None:
        """Learn from the frame before what views take: reading in the tick, painting after it."""
        taken, self._painting_ms = self._reading_ms + self._painting_ms, 0.0
        self._view_ms += 0.1 * (taken - self._view_ms)
