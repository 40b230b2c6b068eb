"""Somebody who does whatever can be done with a bench, without a window, and checks it each time.

Each action takes a whole number and reads all its choices off that, so that Hypothesis can draw
and shrink it, and a long random session is one list of numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.schedule import SCHEDULES
from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.mix import MAX_TEMPO, Mix, network_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench
from tests.trust.choices import Choices, T
from tests.trust.truth import alike, fresh_loss, same

VALUES = (0.0, 0.5, -1.25, -0.0, 7.3, 1e-300, -1e12, 1e200)
RATES = (None, 0.01, 0.3, 3.0, 1e6)


class Person:
    """Hands on a bench; every public method that takes a number is one of the `ACTIONS`."""

    def __init__(self, folder: Path, hidden: tuple[int, ...] = (3, 2)) -> None:
        data = make("circle", seed=5, points=24).split(0.25, np.random.default_rng(0))
        self.bench = Bench(network_on(data, 5, hidden), Preferences())
        self.desk, self.automix = self.bench.desk, self.bench.automix
        self._path = folder / "a.mixnn"
        # Runs in which rows have been edited: their curves tell of the rows that were there.
        self._edited: set[int] = set()
        self._first = self.desk.mix

    def train_with(self, **setup: object) -> None:
        """Set Auto-mix so before anything is done."""
        self.desk.set_setup(replace(self.desk.setup, **setup))  # type: ignore[arg-type]
        self._first = self.desk.mix

    # -- the hand -----------------------------------------------------------------------------

    def touch(self, number: int) -> None:
        """Take hold of a knob; others may be held already."""
        self.desk.refine()  # of the past it is the exact place that a hand takes hold of
        before = self.desk.mix.parameters.tobytes()
        self.desk.touch(self._knob(Choices(number)))
        assert self.desk.mix.parameters.tobytes() == before

    def turn(self, number: int) -> None:
        """Turn a knob; one that is held three times out of four, where there is one."""
        choices = Choices(number)
        held = sorted(self.desk.touched)
        knob = choices.one_of(held) if held and choices.below(4) else self._knob(choices)
        value = choices.one_of(VALUES) + 0.001 * choices.below(7)
        self.desk.turn(knob, value)
        assert self.desk.mix.parameters[knob] == value

    def release(self, number: int) -> None:
        """Let go of a knob, or of all."""
        before = self.desk.mix.parameters.tobytes()
        held = sorted(self.desk.touched)
        if held:
            choices = Choices(number)
            for knob in held if choices.yes else [choices.one_of(held)]:
                self.desk.release(knob)
        assert self.desk.mix.parameters.tobytes() == before

    def _knob(self, choices: Choices) -> int:
        return choices.below(self.desk.mix.network.parameter_count)

    # -- the machine --------------------------------------------------------------------------

    def step(self, number: int) -> None:
        """Take steps at once."""
        self._around_the_hand(self.automix.step, (1, 3, 40)[number % 3])

    def toggle(self, number: int) -> None:
        """Play or pause: by itself nothing moves."""
        self.desk.refine()
        before = self.desk.mix
        self.automix.toggle()
        assert before.parameters.tobytes() == self.desk.mix.parameters.tobytes()

    def frames(self, number: int) -> None:
        """Let frames pass."""
        choices = Choices(number)
        for _ in range(1 + choices.below(5)):
            self._around_the_hand(self.bench.clock.tick, choices.one_of((16.0, 33.0, 100.0)))

    def _around_the_hand(self, act: Callable[[T], None], value: T) -> None:
        """Neither held nor locked knobs move by what the machine does."""
        self.desk.refine()
        free, before = self.desk.free, self.desk.mix.parameters
        act(value)
        now = self.desk.mix.parameters
        assert now[~free].tobytes() == before[~free].tobytes(), "the hand wins"

    def set_up(self, number: int) -> None:
        """Set Auto-mix in another way; the knobs stay."""
        choices, setup = Choices(number), self.desk.setup
        match choices.below(6):
            case 0:
                setup = replace(setup, optimizer=choices.one_of(list(OPTIMIZERS)))
            case 1:
                setup = replace(setup, learning_rate=choices.one_of(RATES))
            case 2:
                setup = replace(setup, batch_size=choices.one_of((0, 1, 7, 5000)))
            case 3:
                schedule = choices.one_of(list(SCHEDULES))
                setup = replace(setup, schedule=schedule, horizon=choices.one_of((1.0, 100.0)))
            case 4:
                setup = replace(setup, clip=choices.one_of((None, 0.01, 10.0)))
            case _:
                tempo = choices.one_of((8.0, 200.0, MAX_TEMPO))
                setup = replace(setup, tempo=tempo, l2=choices.one_of((0.0, 0.01)))
        before = self.desk.mix.parameters.tobytes()
        self.desk.set_setup(setup)
        assert self.desk.mix.parameters.tobytes() == before

    def after_the_end(self, number: int) -> None:
        """Take one of the offers after Auto-mix has ended by itself."""
        if self.automix.outcome is not None:
            if number % 2:
                self.automix.bring_back_best()
            else:
                self.automix.try_by_hand()

    # -- undo and files -----------------------------------------------------------------------

    def undo(self, number: int) -> None:
        """Take steps back."""
        for _ in range(1 + number % 3):
            self.desk.undo()
        assert not self.automix.playing
        assert not self.desk.touched

    def redo(self, number: int) -> None:
        """Take them again."""
        for _ in range(1 + number % 3):
            self.desk.redo()

    def undo_and_redo(self, number: int) -> None:
        """There and back again is where it was; what Auto-mix is set to is no part of undo."""
        self.desk.let_go()
        self.automix.pause()
        self.desk.leave_visit()
        before = self.desk.mix
        if self.desk.undo_stack.can_undo:
            self.desk.undo()
            behind = self.desk.mix
            self.check()
            self.desk.redo()
            assert alike(self.desk.mix, before)
            again = self.desk.mix
            self.desk.undo()
            assert same(self.desk.mix, behind)
            self.desk.redo()
            assert same(self.desk.mix, again)

    def save_and_read(self, number: int) -> None:
        """What is saved reads back bit for bit."""
        self.bench.document.save(self._path)
        assert not self.bench.document.modified
        mix, read = self.desk.head, file.read(self._path)
        assert read.mix.state.same(mix.state)
        assert read.mix.locked.tobytes() == mix.locked.tobytes()
        assert read.mix.scales.tobytes() == mix.scales.tobytes()
        assert read.setup == self.desk.setup

    # -- what holds always --------------------------------------------------------------------

    def check(self) -> None:
        """Every number that can be read says the same as a fresh evaluation."""
        desk, readings = self.desk, self.bench.readings
        desk.flush()
        mix, head, points = desk.mix, desk.head, desk.history.points
        assert np.isfinite(mix.parameters).all()
        assert np.isfinite(mix.scales).all()
        assert mix.parameters.size == mix.locked.size == mix.scales.size == mix.initial.size
        fresh = fresh_loss(mix)
        close = pytest.approx(fresh, rel=1e-9, abs=1e-20, nan_ok=True)
        assert desk.losses[0] == close
        assert readings.loss == close
        run = desk.history.run(head.run)
        if run is not None and run.parent is not None and run.parent[0] in self._edited:
            self._edited.add(head.run)
        assert points[-1, 0] == head.moves
        assert points[-1, 2] == close or head is not mix or mix.run in self._edited
        assert (np.diff(points[:, 0]) > 0.0).all()
        problem = replace(mix.problem)
        predicted = problem.predict(mix.parameters, mix.dataset.inputs[readings.shown_rows])
        if not self.bench.listening.has_blend:  # else they are of two networks
            np.testing.assert_array_equal(readings.predictions, predicted)
        with np.errstate(all="ignore"):
            slopes = problem.objective.gradient(mix.parameters)
        size = float(np.abs(slopes).max())
        if size < 1e100:  # beyond, sums in another order may or may not overflow
            np.testing.assert_allclose(
                readings.gradient, slopes, rtol=1e-7, atol=1e-9 + 1e-9 * size
            )
        assert all(0 <= knob < mix.parameters.size for knob in desk.touched)

    def undo_all_and_redo_all(self, equal: Callable[[Mix, Mix], bool]) -> int:
        """Go to the very first mix and back to the last; how many steps that was."""
        desk = self.desk
        desk.let_go()
        self.automix.pause()
        desk.leave_visit()
        last, passed = desk.mix, []
        while desk.undo_stack.can_undo:
            desk.undo()
            passed.append(desk.mix)
        if not desk.undo_stack.has_forgotten and passed:
            assert equal(passed[-1], self._first)
        for mix in (*passed[-2::-1], *([last] if passed else [])):
            desk.redo()
            assert equal(desk.mix, mix)
        return len(passed)


ACTIONS: tuple[str, ...] = (
    "touch", "turn", "release", "step", "toggle", "frames", "set_up", "after_the_end", "undo",
    "redo", "undo_and_redo", "save_and_read",
)  # fmt: skip
