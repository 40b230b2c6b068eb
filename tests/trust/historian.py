"""Somebody who besides goes back in the record, jumps to cues, fades and takes up other runs."""

from __future__ import annotations

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.session.curve import COLUMNS
from mixer_nn.session.mix import CUES
from mixer_nn.state.fade_ends import ENDS
from tests.trust import builder
from tests.trust.builder import Builder
from tests.trust.choices import Choices
from tests.trust.truth import alike

_LOSS = COLUMNS.index("loss")


class Historian(Builder):
    """Hands on a bench and on its record."""

    # -- the record ---------------------------------------------------------------------------

    def visit(self, number: int) -> None:
        """Look at some move of the run; history and undo do not notice."""
        choices, desk = Choices(number), self.desk
        head, count, points = desk.head, desk.undo_stack.count, desk.history.points.tobytes()
        playing = bool(desk.touched) or self.automix.playing
        length = desk.history.last - desk.history.first
        desk.visit(desk.history.first + choices.below(length + 1))
        if choices.below(3):
            desk.refine()
            self._look_back()
        if not playing:  # else a gesture or a run has ended by it
            assert desk.head is head
            assert desk.undo_stack.count == count
            assert desk.history.points.tobytes() == points

    def _look_back(self) -> None:
        """Where the exact move is known, its loss is the one that the curve has there."""
        desk = self.desk
        mix, points = desk.mix, desk.history.points
        at = np.flatnonzero(points[:, 0] == mix.moves)
        if desk.place == mix.moves and at.size and mix.run not in self._edited:
            loss = points[at[0], _LOSS]
            known = pytest.approx(loss, rel=1e-9, abs=1e-20, nan_ok=True)
            assert desk.losses[0] == known

    def leave_visit(self, number: int) -> None:
        """Come back to the present."""
        head = self.desk.head
        self.desk.leave_visit()
        assert self.desk.mix is head

    def adopt(self, number: int) -> None:
        """Go on from there: one step of undo, which leads back to the present."""
        desk = self.desk
        desk.refine()
        visiting, head, here = desk.is_visiting, desk.head, desk.mix
        desk.adopt()
        assert desk.mix.parameters.tobytes() == here.parameters.tobytes()
        if visiting:
            again = desk.mix
            desk.undo()
            assert alike(desk.mix, head)
            desk.redo()
            assert alike(desk.mix, again)

    def scrub(self, number: int) -> None:
        """A hand on the record."""
        choices, scrubbing = Choices(number), self.bench.scrubbing
        scrubbing.press()
        for _ in range(1 + choices.below(3)):
            scrubbing.turn(0.1 * (choices.below(9) - 4))
            self.bench.clock.tick(16.0)
        scrubbing.step(choices.below(5) - 2)
        scrubbing.put(0.25 * choices.below(5))
        scrubbing.release()

    def turn(self, number: int) -> None:
        """Turn a knob as others do; out of a look back the other knobs are exactly as there."""
        desk = self.desk
        replay = desk.history.replay(desk.place) if desk.is_refining else None
        before = np.array(desk.mix.parameters)
        if replay is not None:
            while not replay.advance(1.0):
                pass
            before = np.array(replay.state.parameters)
        visiting = desk.is_visiting
        super().turn(number)
        if visiting:
            assert np.count_nonzero(desk.mix.parameters != before) <= 1, "the others stay"

    # -- cues ---------------------------------------------------------------------------------

    def store_cue(self, number: int) -> None:
        """Keep the state on a pad."""
        self.desk.refine()
        slot, state = number % len(CUES), self.desk.mix.state
        self.bench.cues.store(slot)
        kept = self.bench.cues.content(slot)
        assert kept is not None
        assert kept.mix.state.same(state)

    def jump_to_cue(self, number: int) -> None:
        """Put it back: the very state, or one sentence why not."""
        self._jump(number % len(CUES))

    def _jump(self, slot: int) -> bool:
        desk, cue = self.desk, self.bench.cues.content(slot)
        try:
            self.bench.cues.jump(slot)
        except MixError:
            return False
        assert cue is not None
        assert desk.mix.parameters.tobytes() == cue.mix.parameters.tobytes()
        self._edited.add(desk.mix.run)  # its past may be of other rows
        return True

    def train_on_from_cue(self, number: int) -> None:
        """Training on from a cue equals the first time, bit for bit."""
        slot = number % len(CUES)
        if not self._jump(slot):
            return
        ends = []
        for _ in range(2):
            self.automix.step(1 + number % 4)
            ends.append(self.desk.mix.state)
            self._jump(slot)
        assert ends[0].same(ends[1])

    def name_or_clear_cue(self, number: int) -> None:
        """Call a pad something, or empty it."""
        choices = Choices(number)
        slot = choices.below(len(CUES))
        if choices.yes:
            self.bench.cues.name(slot, "here")
        else:
            self.bench.cues.clear(slot)
            assert self.bench.cues.content(slot) is None

    # -- the crossfader -----------------------------------------------------------------------

    def fade(self, number: int) -> None:
        """Move the crossfader; now and then the hand stays on it."""
        choices, fading = Choices(number), self.bench.fading
        fading.choose(choices.below(2), choices.one_of(list(ENDS)))
        fading.set_outputs(choices.below(6) == 0)
        fading.set_align(choices.below(4) == 0)
        if fading.take():
            for _ in range(1 + choices.below(3)):
                fading.move(0.125 * choices.below(9))
            if choices.below(4):
                fading.release()
        fading.look()

    # -- runs ---------------------------------------------------------------------------------

    def take_up(self, number: int) -> None:
        """Go on with another run where it ended."""
        runs = [run for run in self.desk.history.runs if run.head is not None]
        if runs:
            run = Choices(number).one_of(runs)
            assert run.head is not None
            state = run.head.state
            self.desk.take_up(run.number)
            assert self.desk.mix.parameters.tobytes() == state.parameters.tobytes()
            self._edited.add(self.desk.mix.run)

    def mind_runs(self, number: int) -> None:
        """Name, keep or forget a run."""
        choices, desk = Choices(number), self.desk
        runs = [run for run in desk.history.runs if not run.is_present]
        if runs:
            run = choices.one_of(runs)
            match choices.below(3):
                case 0:
                    desk.name_run(run.number, "wide")
                case 1:
                    desk.keep_run(run.number, choices.yes)
                case _:
                    desk.forget_run(run.number)

    def compare(self, number: int) -> None:
        """Let another optimizer take as many steps from the same start."""
        choices = Choices(number)
        self.bench.comparing.begin(choices.one_of(list(OPTIMIZERS)))
        for _ in range(choices.below(4)):
            self.bench.clock.tick(16.0)


ACTIONS: tuple[str, ...] = (
    *builder.ACTIONS, "visit", "leave_visit", "adopt", "scrub", "store_cue", "jump_to_cue",
    "train_on_from_cue", "name_or_clear_cue", "fade", "take_up", "mind_runs", "compare",
)  # fmt: skip
