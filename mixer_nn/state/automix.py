"""Auto-mix: the optimizer at the knobs, step by step, within each frame's budget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, Signal

from mixer_nn.core.problem import Problem
from mixer_nn.core.segment import Segment, Stop
from mixer_nn.core.training import TrainingState
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup
from mixer_nn.session.record import Way
from mixer_nn.state.desk import Desk

LONGEST_FRAME = 0.1
"""Seconds' worth of steps that may wait for room; more is not caught up."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """How the last run of Auto-mix ended by itself.

    `begin` is the mix it started from, `best` the one of the lowest loss on the way, `steps` how
    many it took until then. `stop` is None where every knob is locked, so that none could turn.
    """

    stop: Stop | None
    begin: Mix
    best: Mix
    end: Mix
    steps: int
    loss: float
    learning_rate: float
    limit: float | None


class AutoMix(QObject):
    """Trains the desk's mix while it plays; ends by itself when it settles or diverges.

    A segment, from start to stop, is one step of undo. A hand on a knob closes the segment and
    opens the next when it lets go; training goes on around the held knob all the while. `frames`
    counts those that it has played in. `until` is the step at which it will pause; None: at none.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._segment: Segment | None = None
        self._made_for: tuple[Problem, Setup, float, bytes] | None = None
        self._begin: Mix | None = None
        self._started = desk.mix
        self._best: tuple[float, Mix] | None = None
        self._due = self._clipped = self._worked = 0.0
        self._way: Way | None = None
        self.playing = False
        self.until: int | None = None
        self.frames = 0
        self.outcome: Outcome | None = None
        desk.gesture_beginning.connect(self._make_way)
        desk.gesture_ended.connect(self._reopen_segment)
        desk.pausing.connect(self._leave)
        desk.visit_beginning.connect(self.pause)
        desk.rewired.connect(self.forget_outcome)
        self._scrubbed = False

    @property
    def moving(self) -> bool:
        """Whether the mix moves on from frame to frame: by steps, or through the past by hand."""
        return self.playing or self._scrubbed

    def scrub(self, on: bool) -> None:
        """A hand begins to go through the past, or rests: what lags behind may catch up."""
        if on != self._scrubbed:
            self._scrubbed = on
            self.changed.emit()

    @property
    def clipped(self) -> float:
        """The share of the gradient's norm that the limiter took off in the last step; 0: none."""
        return self._clipped

    # -- buttons ------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self, steps: int | None = None) -> None:
        """Start turning the knobs; with `steps`, pause after exactly so many."""
        if self.playing or not self._may_start():
            return
        self.playing, self._due = True, 1.0
        self._open_segment()
        self.until = None if steps is None else self._desk.mix.state.step + steps
        self.changed.emit()

    def pause(self) -> None:
        """Stop; nothing moves by that."""
        if self.playing:
            self.playing, self.until = False, None
            self._close_segment()
            self.changed.emit()

    def step(self, count: int = 1) -> None:
        """Take `count` steps at once, pausing first."""
        self.pause()
        if not self._may_start():
            return
        self._open_segment()
        try:
            self._advance(steps=count)
        finally:
            self._close_segment()
        self.changed.emit()

    def forget_outcome(self) -> None:
        """Take the message of how the last run ended away."""
        if self.outcome is not None:
            self.outcome = None
            self.changed.emit()

    def bring_back_best(self) -> None:
        """Put the last good mix back after a divergence: a branch, as one step of undo."""
        if self.outcome is not None:
            best = self.outcome.best
            self.outcome = None
            best = replace(best, run=self._desk.history.branch(best.run, best.moves))
            self._desk.put(best, "bring back the last good mix")
            self.changed.emit()

    def try_by_hand(self) -> None:
        """Put the knobs where Auto-mix began, as a new run, for a hand to do the same."""
        if self.outcome is not None:
            begin = self.outcome.begin
            self.outcome = None
            run = self._desk.history.new_run()
            self._desk.put(replace(begin, run=run, moves=0), "try by hand")
            self.changed.emit()

    def _may_start(self) -> bool:
        self.outcome = None
        mix = self._desk.mix
        if mix.locked.all():
            self.outcome = self._ended(None, mix, mix, 0)
            self.changed.emit()
            return False
        return True

    # -- segments -----------------------------------------------------------------------------

    def _open_segment(self) -> None:
        desk = self._desk
        # Steps are of the present: those from a place in the past make it one.
        desk.adopt()
        # What is trained around a held knob is part of the gesture, whose step of undo it shares.
        desk.split_gesture()
        self._begin = None if desk.touched else desk.mix
        self._segment, self._started, self._best = None, desk.mix, None

    def _close_segment(self) -> None:
        begin, self._begin = self._begin, None
        self._segment = None
        if begin is None:
            self._desk.split_gesture("auto-mix")
        elif not begin.state.same(self._desk.mix.state):
            self._desk.push(begin, "auto-mix")
        elif begin is not self._desk.mix:
            self._desk.restore(begin)

    def _make_way(self) -> None:
        """A hand takes hold, or something is arranged: the segment ends here."""
        self._close_segment()
        self._started, self._best = self._desk.mix, None

    def _reopen_segment(self) -> None:
        if self.playing:
            self._open_segment()
        elif self.outcome is not None and self.outcome.stop is not Stop.DIVERGED:
            mix, end = self._desk.mix, self.outcome.end
            if mix.state is not end.state or (mix.locked != end.locked).any():
                self.forget_outcome()  # what it says of the knobs is no longer true

    def _leave(self) -> None:
        """Another mix is about to be put on the desk."""
        self._clipped = 0.0
        self.pause()
        self.forget_outcome()

    # -- a frame ------------------------------------------------------------------------------

    def slice(self, milliseconds: float, budget: float) -> None:
        """Train for a frame: the steps that its length is due, in at most `budget` seconds."""
        if not self.playing:
            return
        self.frames += 1
        left = None if self.until is None else self.until - self._desk.mix.state.step
        self._play_on(milliseconds, budget, left)
        if self.until is not None and self._desk.mix.state.step >= self.until:
            self.pause()

    def _play_on(self, milliseconds: float, budget: float, left: int | None) -> None:
        tempo = self._desk.setup.tempo
        if tempo == MAX_TEMPO:
            self._advance(left, budget)
            return
        self._due += tempo * milliseconds / 1000.0
        # A whole step must not wait for a rounding error.
        steps = max(0, int(self._due + 1e-9))
        if steps or self._is_within_a_step:
            before = self._desk.mix.state.step
            # A long step that has been begun goes on where none is due yet: the next waits longer.
            steps = max(steps, 1)
            self._advance(steps if left is None else min(steps, left), budget)
            # What did not fit into this frame is still due in the next, up to a frame's worth.
            taken = max(self._desk.mix.state.step - before, 0)
            self._due = min(self._due - taken, 1.0 + tempo * LONGEST_FRAME)

    @property
    def _is_within_a_step(self) -> bool:
        segment = self._segment
        if segment is None or segment.state is not self._desk.mix.state:
            return False
        return segment.unfinished

    def _advance(self, steps: int | None = None, seconds: float | None = None) -> None:
        desk = self._desk
        if not desk.free.any():
            # Every knob is locked or in a hand: there is nothing to turn just now, or at all.
            if desk.mix.locked.all():
                self._end(None, desk.mix.state.step)
            return
        segment = self._current_segment()
        segment.watched = not desk.touched
        begin = perf_counter()
        segment.advance(steps, seconds)
        self._worked += perf_counter() - begin
        self._clipped = segment.clipped
        self._note_best(segment)
        if segment.stop is Stop.DIVERGED and not np.isfinite(segment.state.parameters).all():
            # There is no knob for infinity: show the last mix that has a position on the dial.
            self._hand_over(segment.best, segment.best_loss)
        elif segment.state is not desk.mix.state:
            # Within a long step there is nothing new, and nothing that a view need work out.
            self._hand_over(segment.state, segment.loss)
        if segment.stop is not None:
            self._end(segment.stop, segment.state.step)

    def _hand_over(self, state: TrainingState, loss: float) -> None:
        worked, self._worked = self._worked, 0.0
        self._desk.train_to(state, loss, self._way, worked)

    def _current_segment(self) -> Segment:
        """The segment under way, or one in its place where anything it was made for has changed."""
        desk = self._desk
        wanted = (desk.mix.problem, desk.setup, desk.learning_rate, desk.free.tobytes())
        segment = self._segment
        stale = segment is None or segment.state is not desk.mix.state
        if segment is None or stale or not self._serves(wanted):
            problem, settings, free = desk.mix.problem, desk.settings, desk.free
            segment = Segment(problem.objective, settings, desk.mix.state, free)
            self._segment, self._made_for = segment, wanted
            self._way = Way(problem, settings, free)
        return segment

    def _serves(self, wanted: tuple[Problem, Setup, float, bytes]) -> bool:
        made = self._made_for
        if made is None or made[0] is not wanted[0]:
            return False
        # The pace is no business of the segment: it gives the same steps in any slices.
        return (replace(made[1], tempo=1.0), *made[2:]) == (
            replace(wanted[1], tempo=1.0),
            *wanted[2:],
        )

    def _note_best(self, segment: Segment) -> None:
        if self._best is None or segment.best_loss < self._best[0]:
            # Scales that a divergence has blown up do not come back with the good mix.
            mix = self._desk.mix
            moves = mix.moves + segment.best.step - mix.state.step
            good = replace(mix.with_state(segment.best), moves=moves)
            self._best = (segment.best_loss, good)

    def _end(self, stop: Stop | None, step: int) -> None:
        begin = self._started
        best = self._best[1] if self._best else begin
        self.playing, self.until = False, None
        self._close_segment()
        self.outcome = self._ended(stop, begin, best, step - begin.state.step)
        self.changed.emit()

    def _ended(self, stop: Stop | None, begin: Mix, best: Mix, steps: int) -> Outcome:
        desk, problem = self._desk, self._desk.mix.problem
        limit = problem.objective.learning_rate_limit(~desk.mix.locked)
        loss = problem.objective.value(desk.mix.parameters)
        return Outcome(stop, begin, best, desk.mix, steps, loss, desk.learning_rate, limit)
