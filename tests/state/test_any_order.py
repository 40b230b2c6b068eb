"""Whatever a person does, in whatever order: the numbers agree and undo is exact."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtWidgets import QApplication

from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup, neuron_on
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench

KNOB = st.integers(0, 1)
VALUE = st.one_of(
    st.floats(-20.0, 20.0), st.sampled_from([0.0, -0.0, -1.0, 7.3, 1e-300, -1e12, 1e200])
)
RATES = st.sampled_from([None, 0.01, 0.3, 1.2, 3.0, 1e6])


def fresh_loss(mix: Mix) -> float:
    """The training loss from the rows in data units, apart from all the program keeps."""
    data, train = mix.dataset, ~mix.dataset.held_out
    with np.errstate(all="ignore"):
        miss = mix.problem.predict(mix.parameters, data.inputs[train]) - data.targets[train]
        return float(np.mean((miss / mix.problem.scaling.target_scale) ** 2))


class AnyOrder(RuleBasedStateMachine):
    """Gestures, training, undo and the rest, on one bench."""

    optimizer = "gradient-descent"

    def __init__(self) -> None:
        super().__init__()
        data = make("noisy-line", seed=7).split(0.2, np.random.default_rng(0))
        setup = Setup(optimizer=self.optimizer)
        self.bench = Bench(neuron_on(data, 7), Preferences(), setup)
        self.desk, self.automix = self.bench.desk, self.bench.automix
        self.first = self.desk.mix
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.mixnn"

    # -- the hand -----------------------------------------------------------------------------

    @rule(knob=KNOB, value=VALUE)
    def turn(self, knob: int, value: float) -> None:
        self.desk.turn(knob, value)
        assert self.desk.mix.parameters[knob] == value

    @rule(knob=KNOB)
    def touch(self, knob: int) -> None:
        before = self.desk.mix.parameters
        self.desk.touch(knob)
        assert np.array_equal(self.desk.mix.parameters, before)

    @rule(knob=KNOB)
    def release(self, knob: int) -> None:
        before = self.desk.mix.parameters
        self.desk.release(knob)
        assert np.array_equal(self.desk.mix.parameters, before)

    @rule(knob=KNOB, there=VALUE)
    def there_and_back(self, knob: int, there: float) -> None:
        if not self.desk.touched:
            self.automix.pause()
            before, count = self.desk.mix, self.desk.undo_stack.count
            self.desk.touch(knob)
            self.desk.turn(knob, there)
            self.desk.flush()
            self.desk.turn(knob, float(before.parameters[knob]))
            self.desk.release(knob)
            assert self.desk.mix is before
            assert self.desk.undo_stack.count == count

    # -- the machine --------------------------------------------------------------------------

    @rule(count=st.sampled_from([1, 10, 100]))
    def step(self, count: int) -> None:
        held = {index: self.desk.mix.parameters[index] for index in self.desk.touched}
        self.automix.step(count)
        assert all(self.desk.mix.parameters[index] == value for index, value in held.items())

    @rule()
    def toggle(self) -> None:
        before = self.desk.mix.state
        self.automix.toggle()
        assert self.desk.mix.state.same(before), "playing and pausing move nothing"

    @rule(frames=st.integers(1, 6), length=st.sampled_from([16.0, 33.0, 100.0]))
    def frames(self, frames: int, length: float) -> None:
        for _ in range(frames):
            self.bench.clock.tick(length)

    @rule(rate=RATES, batch=st.sampled_from([0, 7]), tempo=st.sampled_from([8.0, 90.0, MAX_TEMPO]))
    def set_up(self, rate: float | None, batch: int, tempo: float) -> None:
        before = self.desk.mix
        self.desk.set_setup(
            replace(self.desk.setup, learning_rate=rate, batch_size=batch, tempo=tempo)
        )
        assert self.desk.mix is before

    @precondition(lambda self: self.automix.outcome is not None)
    @rule(back=st.booleans())
    def after_the_end(self, back: bool) -> None:
        if back:
            self.automix.bring_back_best()
        else:
            self.automix.try_by_hand()

    # -- arranging ----------------------------------------------------------------------------

    @rule(knob=KNOB, locked=st.booleans())
    def lock(self, knob: int, locked: bool) -> None:
        self.desk.set_locked(knob, locked)

    @rule(knob=KNOB, scale=st.sampled_from([0.5, 4.0, 1024.0]))
    def set_scale(self, knob: int, scale: float) -> None:
        self.desk.set_scale(knob, scale)

    @rule(scaled=st.booleans())
    def set_scaled(self, scaled: bool) -> None:
        shown = self.bench.readings.predictions.copy()
        self.desk.set_scaled(scaled)
        with np.errstate(all="ignore"):
            size = 1.0 + np.abs(shown).max() + np.abs(self.desk.mix.parameters).max()
            assert (np.abs(self.bench.readings.predictions - shown) <= 1e-12 * size).all()

    @rule(seed=st.integers(0, 3))
    def new_start(self, seed: int) -> None:
        self.desk.new_start(seed)

    @rule()
    def back_to_start(self) -> None:
        initial = self.desk.mix.initial
        self.desk.back_to_start()
        assert self.desk.mix.parameters.tobytes() == initial.tobytes()

    # -- undo and files -----------------------------------------------------------------------

    @rule()
    def undo_and_redo(self) -> None:
        self.desk.let_go()
        self.automix.pause()
        before, can = self.desk.mix, self.desk.undo_stack.can_undo
        self.desk.undo()
        if can:
            self.look()
            self.desk.redo()
        assert self.desk.mix is before

    @rule()
    def undo(self) -> None:
        self.desk.undo()
        assert not self.automix.playing
        assert not self.desk.touched

    @rule()
    def redo(self) -> None:
        self.desk.redo()

    @rule()
    def save(self) -> None:
        self.bench.document.save(self.path)
        assert not self.bench.document.modified
        saved = file.read(self.path)
        assert saved.mix.state.same(self.desk.mix.state)
        assert saved.mix.moves == self.desk.mix.moves
        here = {curve.run: curve.points.tobytes() for curve in self.desk.history.curves}
        assert {curve.run: curve.points.tobytes() for curve in saved.curves} == here

    # -- what holds always --------------------------------------------------------------------

    @invariant()
    def look(self) -> None:
        self.desk.flush()
        mix, points = self.desk.mix, self.desk.history.points
        assert np.isfinite(mix.parameters).all()
        assert np.isfinite(mix.scales).all()
        loss, fresh = self.bench.readings.loss, fresh_loss(mix)
        assert loss == pytest.approx(fresh, rel=1e-9, abs=1e-20)
        assert points[-1, 2] == loss
        assert points[-1, 0] == mix.moves
        assert (np.diff(points[:, 0]) > 0.0).all()
        assert (points[:, 3] <= points[:, 4]).all()
        steps = [state.step for state in self.desk.history.states]
        assert steps == sorted(steps)

    def teardown(self) -> None:
        self.desk.let_go()
        self.automix.pause()
        mixes, stack = [self.desk.mix], self.desk.undo_stack
        while stack.can_undo:
            self.desk.undo()
            self.look()
            assert self.desk.mix is not mixes[-1]
            mixes.append(self.desk.mix)
        assert self.desk.mix is self.first
        for mix in mixes[-2::-1]:
            self.desk.redo()
            self.look()
            assert self.desk.mix is mix
        self.folder.cleanup()


class AnyOrderWithMemory(AnyOrder):
    """The same with an optimizer that remembers, and must forget what a hand has moved."""

    optimizer = "adam"


def test_any_order_of_things_keeps_every_number_true(qapp: QApplication) -> None:
    run_state_machine_as_test(AnyOrder, settings=settings(max_examples=25, stateful_step_count=60))


def test_any_order_is_exact_with_an_optimizer_that_remembers(qapp: QApplication) -> None:
    run_state_machine_as_test(
        AnyOrderWithMemory, settings=settings(max_examples=12, stateful_step_count=40)
    )
