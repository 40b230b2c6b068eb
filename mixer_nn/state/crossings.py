"""The losses along the crossfader's way, worked out a little every frame while somebody looks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.crossing import Crossing, Subject, Work
from mixer_nn.state.desk import Desk

SHARE_MS, SHARE_OF_A_RUN_MS = 1.5, 1.0
"""What a frame gives to the losses along the way; less while a run needs the frame itself."""

PATIENCE, PATIENCE_OF_A_HAND = 8, 4
"""Frames after which the way to a mix that moves on with a run, or a hand, is worked out anew."""


class Crossings(QObject):
    """Works out the way that is asked for, an outline first; `changed` tells that more is known.

    What is known of a way holds until another is asked for. While the mix moves on by itself, and
    one end with it, the way is some frames old; at rest it is exact.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, automix: AutoMix, clock: FrameClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._automix, self._clock = desk, automix, clock
        self._work: Work | None = None
        self._seen: tuple[Subject, Crossing] | None = None
        self._looks = 0
        self.evaluations = 0

    def look(self, wanted: Subject) -> Crossing:
        """The losses of a way as far as they are known."""
        self._looks += 1
        newest = self._newest
        if newest is None or not (newest.same(wanted) or self._may_wait(newest, wanted)):
            self._begin(wanted)
        assert self._seen is not None
        return self._seen[1]

    @property
    def _newest(self) -> Subject | None:
        """What is being worked out, or has been."""
        if self._work is not None:
            return self._work.subject
        return None if self._seen is None else self._seen[0]

    def _may_wait(self, old: Subject, wanted: Subject) -> bool:
        """Whether the old way does for the while: the mix moves on, and by only a little."""
        if old.objective is not wanted.objective or old.outputs != wanted.outputs:
            return False
        if self._desk.touched:
            return wanted.is_long and self._looks < PATIENCE_OF_A_HAND
        return self._automix.playing and self._looks < PATIENCE

    def _begin(self, wanted: Subject) -> None:
        self.evaluations += 1
        self._looks = 0
        self._work = work = Work(wanted)
        if work.go_on(self._seconds):
            self._work = None
        else:
            self._clock.move(self)
        self._seen = (wanted, work.crossing)

    @property
    def _seconds(self) -> float:
        share = SHARE_OF_A_RUN_MS if self._automix.playing else SHARE_MS
        return share / 1000.0

    @property
    def is_busy(self) -> bool:
        """Whether the losses are still being worked out."""
        return self._work is not None

    def advance(self, _: float) -> bool:
        """Go on with the losses for their share of a frame; whether there is more to do."""
        work = self._work
        if work is None:
            return False
        if work.go_on(self._seconds):
            self._work = None
        self._seen = (work.subject, work.crossing)
        self.changed.emit()
        return self._work is not None

    def rest(self) -> None:
        """Nobody looks any more: leave what is not finished."""
        if self._work is not None:
            self._work = self._seen = None
            self._clock.drop(self)

    def forget(self) -> None:
        """There is no way any more."""
        self.rest()
        self._seen = None
