"""Scrubbing: what a hand does to the record, turned into visits of the run's past."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.desk import Desk

LEAST_A_TURN = 16
"""Moves that a turn of the record goes through in a short run: as many as pass in two seconds at
the usual tempo, so that a hand can pick out every one."""

TURNS_OF_ALL = 10.0
"""Turns that go through the whole of a long run."""

LEAST_STRIDE = 10
STRIDES_A_TURN = 10.0

REST = 3
"""Frames after which a hand that has not moved rests, and all is drawn as it is."""


class Scrubbing(QObject):
    """One hand on the record: from `press` to `release` it turns, steps or takes the arm.

    Auto-mix pauses at the press. It goes on at the release where it was playing: from the place
    where the hand let go, so in a branch, unless that is where the run stands. `at_end` tells that
    a step beyond the end of the record was asked for.
    """

    at_end = Signal()

    def __init__(
        self, desk: Desk, automix: AutoMix, clock: FrameClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._automix, self._clock = desk, automix, clock
        self._still = 0
        self._resumes = self._held = False
        self._at = self._turn = 0.0
        # Who puts another mix on the desk while the hand is on the record takes it out of the hand.
        desk.pausing.connect(self._forget)
        desk.rewired.connect(self._forget)

    # -- what there is ------------------------------------------------------------------------

    @property
    def is_held(self) -> bool:
        """Whether the hand is on the record."""
        return self._held

    @property
    def length(self) -> int:
        """Moves from the first to the last of the record."""
        history = self._desk.history
        return history.last - history.first

    @property
    def turn_length(self) -> float:
        """Moves that a turn of the record goes through; while a hand has it, as at the press."""
        return self._turn if self._held else max(LEAST_A_TURN, self.length / TURNS_OF_ALL)

    @property
    def stride_length(self) -> int:
        """Moves of a large step."""
        return max(LEAST_STRIDE, round(self.turn_length / STRIDES_A_TURN))

    @property
    def place(self) -> float:
        """The move under the needle; while a hand turns the record, with its fraction."""
        return self._at if self._held else float(self._desk.place)

    # -- the hand -----------------------------------------------------------------------------

    def press(self) -> None:
        """A hand takes hold: Auto-mix pauses."""
        if self._held:
            return
        self._turn = self.turn_length
        self._resumes = self._automix.playing
        self._automix.pause()
        self._held, self._at = True, float(self._desk.place)

    def turn(self, turns: float) -> None:
        """Turn the record, clockwise forward; it stops at its ends."""
        self._visit(self.place + turns * self.turn_length)

    def step(self, steps: int) -> None:
        """So many moves on, or back where negative."""
        self._visit(round(self.place) + steps)

    def stride(self, strides: int) -> None:
        """So many large steps on, or back."""
        self._visit(round(self.place) + strides * self.stride_length)

    def put(self, share: float) -> None:
        """Put the needle down so far of the way, 0..1, from the first move to the last."""
        self._visit(round(self._desk.history.first + share * self.length))

    def release(self) -> None:
        """The hand lets go: where Auto-mix was playing it goes on from there."""
        resumes, self._held, self._resumes = self._resumes, False, False
        if resumes:
            self._automix.play()

    def _visit(self, place: float) -> None:
        history = self._desk.history
        self._at = min(max(place, float(history.first)), float(history.last))
        before = self._desk.place
        self._desk.visit(round(self._at))
        if self._desk.place != before:
            self._still = 0
            self._automix.scrub(True)
            self._clock.move(self)

    def advance(self, _: float) -> bool:
        """A frame: whether the hand is still moving; where it rests, all is drawn as it is."""
        self._still += 1
        moving = self._still < REST
        self._automix.scrub(moving)
        return moving

    def _forget(self) -> None:
        self._held = self._resumes = False

    # -- keys ---------------------------------------------------------------------------------

    def step_back(self) -> None:
        """The move before the one that is shown."""
        self._automix.pause()
        self.step(-1)

    def step_forward(self) -> None:
        """The move after the one that is shown; at the end of the record, say so."""
        self._automix.pause()
        if self._desk.is_visiting:
            self.step(1)
        else:
            self.at_end.emit()

    def back_to_now(self) -> None:
        """Back to where the run stands."""
        self._desk.leave_visit()
