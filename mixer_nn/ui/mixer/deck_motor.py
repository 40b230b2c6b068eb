"""What turns the record: the steps of the run, or the hand."""

from __future__ import annotations

import math

from mixer_nn.state.scrubbing import LEAST_A_TURN
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.controls.platter import Platter

LAG_MS = 110.0
"""In about this time the record makes good what it lags behind: at a few steps a second it turns
smoothly, and soon stands still after the last."""

FASTEST = 1.2e-3
"""Turns a millisecond; a faster run turns it no faster, or its marks would seem to go backward."""

FURTHEST = 0.25
"""Turns that it may lag behind."""

STILL = 5e-4


class DeckMotor:
    """Turns a platter by the moves that pass under its needle, a sixteenth of a turn for each.

    In a hand it turns as the hand does. Where motion is reduced it does not turn by itself.
    """

    def __init__(self, bench: Bench, platter: Platter) -> None:
        self._bench, self._platter = bench, platter
        self._run: int | None = None
        self._place = 0.0
        self._angle = self._wanted = 0.0

    def follow(self, place: float) -> None:
        """The needle is at move `place` now."""
        run, passed = self._bench.desk.head.run, place - self._place
        if run != self._run:
            passed = 0.0  # another record, laid on
        self._run, self._place = run, place
        scrubbing = self._bench.scrubbing
        if scrubbing.is_held:
            self._angle = self._wanted = self._angle + passed / scrubbing.turn_length
            self._platter.set_angle(2.0 * math.pi * self._angle)
        elif passed and not self._bench.preferences.reduced_motion:
            wanted = self._wanted + passed / LEAST_A_TURN
            self._wanted = min(max(wanted, self._angle - FURTHEST), self._angle + FURTHEST)
            self._bench.clock.move(self)

    def advance(self, milliseconds: float) -> bool:
        """Turn on toward where it should be; whether it is not there yet."""
        gap = self._wanted - self._angle
        step = gap * min(milliseconds / LAG_MS, 1.0)
        most = FASTEST * milliseconds
        self._angle += min(max(step, -most), most)
        if abs(self._wanted - self._angle) < STILL:
            self._angle = self._wanted
        self._platter.set_angle(2.0 * math.pi * self._angle)
        return self._angle != self._wanted

    def stop(self) -> None:
        """Stand still: nobody sees it."""
        self._wanted = self._angle
        self._bench.clock.drop(self)
