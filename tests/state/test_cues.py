"""Hot cues on the bench: stored, jumped to, cleared and named, each one step of undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.training import TrainingState
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import NO_RUN, Cue, Mix, network_on
from mixer_nn.state.cues import Cues
from mixer_nn.state.desk import Desk
from mixer_nn.state.undo import UndoStack
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.network_builder import add_layer, put_data

MakeBench = Callable[..., Bench]


@pytest.fixture
def deep() -> Mix:
    data = make("moons", seed=3, points=60).split(0.2, np.random.default_rng(0))
    return network_on(data, 3, (4, 3))


def steps(bench: Bench, count: int) -> None:
    bench.automix.step(count)
    bench.clock.tick(16.0)


# -- storing ----------------------------------------------------------------------------------


def test_a_pad_keeps_the_state_with_its_losses(make_bench: MakeBench, deep: Mix) -> None:
    bench = make_bench(deep)
    steps(bench, 5)
    mix, losses = bench.desk.mix, bench.desk.losses
    bench.cues.store(2)
    cue = bench.cues.content(2)
    assert cue is not None
    assert cue.mix is not mix or not any(mix.cues)
    assert cue.mix.state is mix.state
    assert (cue.loss, cue.held_out, cue.name) == (*losses, "")
    assert (cue.mix.run, cue.mix.moves) == (mix.run, 5)
    shown = [bench.cues.current]
    steps(bench, 1)
    assert [*shown, bench.cues.current] == [2, None]
    assert bench.cues.content(2) is cue


def test_each_change_of_a_pad_is_one_step_of_undo(bench: Bench) -> None:
    desk, cues = bench.desk, bench.cues
    seen = [desk.mix]
    changes: list[Callable[[], None]] = [
        lambda: cues.store(0),
        lambda: cues.name(0, "low"),
        lambda: steps(bench, 3),
        lambda: cues.store(0),
        lambda: cues.clear(0),
    ]
    for change in changes:
        change()
        seen.append(desk.mix)
    assert desk.undo_stack.texts[0] == "store cue A"
    assert desk.undo_stack.texts[1] == "name cue A"
    assert desk.undo_stack.texts[3:] == ["store cue A", "clear cue A"]
    for mix in reversed(seen[:-1]):
        desk.undo()
        assert desk.mix is mix
    for mix in seen[1:]:
        desk.redo()
        assert desk.mix is mix


def test_what_changes_nothing_is_no_step(bench: Bench) -> None:
    bench.cues.clear(3)
    bench.cues.name(3, "nothing there")
    bench.cues.store(0)
    bench.cues.name(0, "")
    assert bench.desk.undo_stack.texts == ["store cue A"]


def test_storing_disturbs_neither_auto_mix_nor_a_hand(make_bench: MakeBench, deep: Mix) -> None:
    quiet, storing = make_bench(deep, tempo=50.0), make_bench(deep, tempo=50.0)
    for bench in (quiet, storing):
        bench.automix.play()
        bench.desk.touch(1)
        for frame in range(20):
            bench.desk.turn(1, 0.1 * frame)
            bench.clock.tick(16.0)
            if bench is storing and frame in (4, 12):
                bench.cues.store(frame // 8)
        assert bench.automix.playing
        assert bench.desk.touched == {1}
        bench.desk.release(1)
        bench.automix.pause()
    assert storing.desk.mix.state.same(quiet.desk.mix.state)
    first = storing.cues.content(0)
    assert first is not None
    assert first.mix.parameters[1] == pytest.approx(0.4)


def test_pads_announce_themselves_once_a_frame_and_only_when_they_change(bench: Bench) -> None:
    told: list[int | None] = []
    bench.cues.changed.connect(lambda: told.append(bench.cues.current))
    bench.cues.store(1)
    bench.cues.store(4)
    assert told == []
    bench.clock.tick(16.0)
    assert told == [1]
    bench.clock.tick(16.0)
    bench.desk.set_locked(0, True)
    bench.clock.tick(16.0)
    assert told == [1]
    steps(bench, 1)
    assert told == [1, None]
    steps(bench, 1)
    assert told == [1, None]


# -- jumping ----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_on_from_a_cue_equals_the_original_continuation(
    make_bench: MakeBench, deep: Mix, optimizer: str
) -> None:
    bench = make_bench(
        deep.with_optimizer(optimizer), optimizer=optimizer, batch_size=7, schedule="cosine"
    )
    steps(bench, 23)
    assert bench.desk.mix.state.place == 14, "in the middle of an epoch"
    bench.cues.store(0)
    states: list[TrainingState] = []
    for _ in range(12):
        steps(bench, 1)
        states.append(bench.desk.mix.state)
    steps(bench, 30)
    bench.cues.jump(0)
    assert bench.cues.current == 0
    for state in states:
        steps(bench, 1)
        assert bench.desk.mix.state.same(state)


def test_a_jump_is_one_step_of_undo_and_a_run_of_its_own_with_the_past_of_the_cue(
    make_bench: MakeBench, deep: Mix
) -> None:
    bench = make_bench(deep, batch_size=7)
    desk = bench.desk
    steps(bench, 10)
    bench.cues.store(0)
    past = desk.history.points.copy()
    steps(bench, 10)
    before = desk.mix
    bench.cues.jump(0)
    there = desk.mix
    assert there.run != before.run
    assert desk.undo_stack.texts[-1] == "cue A"
    assert np.array_equal(desk.history.points, past, equal_nan=True)
    cue = bench.cues.content(0)
    assert cue is not None
    assert there.state is cue.mix.state
    desk.visit(4)
    desk.refine()
    assert desk.mix.state.step == 4
    desk.leave_visit()
    for _ in range(3):
        desk.undo()
        assert desk.mix is before
        desk.redo()
        assert desk.mix is there
    assert there.cues is before.cues


def test_the_past_of_a_cue_is_not_that_of_other_steps_in_its_place(bench: Bench) -> None:
    desk = bench.desk
    steps(bench, 10)
    bench.cues.store(0)
    kept = bench.cues.content(0)
    desk.undo_stack.clear()
    desk.new_start(5)
    steps(bench, 2)
    desk.undo()
    desk.undo()
    # The same run goes another way from its start.
    desk.put(replace(desk.mix.back_at_start(desk.mix.run), run=desk.mix.run), "again")
    desk.turn(0, 3.0)
    steps(bench, 15)
    assert kept is not None
    assert desk.mix.run == kept.mix.run
    bench.cues.jump(0)
    assert desk.mix.state is kept.mix.state
    assert desk.history.first == desk.history.last == 10
    steps(bench, 3)
    desk.visit(10)
    assert desk.mix.state.same(kept.mix.state)


def test_jumping_while_it_plays_pauses_and_nothing_is_lost(bench: Bench) -> None:
    bench.cues.store(0)
    bench.automix.play()
    for _ in range(30):
        bench.clock.tick(16.0)
    far = bench.desk.mix.state
    bench.cues.jump(0)
    assert not bench.automix.playing
    bench.desk.undo()
    assert bench.desk.mix.state.same(far)


def test_an_empty_pad_says_so_and_changes_nothing(bench: Bench) -> None:
    mix, runs = bench.desk.mix, bench.desk.history.new_run()
    with pytest.raises(MixError, match="Cue D is empty"):
        bench.cues.jump(3)
    assert bench.desk.mix is mix
    assert bench.desk.history.new_run() == runs
    assert bench.desk.undo_stack.count == 0


def test_pads_stay_with_other_networks_and_other_data(make_bench: MakeBench, deep: Mix) -> None:
    bench = make_bench(deep)
    desk = bench.desk
    steps(bench, 3)
    state = desk.mix.state
    bench.cues.store(0)
    add_layer(desk)
    assert bench.cues.content(0) is not None
    bench.cues.jump(0)
    assert desk.mix.network == deep.network
    assert desk.mix.state.same(state)
    put_data(desk, load_shipped("cars"))
    mix = desk.mix
    with pytest.raises(MixError, match="does not fit"):
        bench.cues.jump(0)
    assert desk.mix is mix
    put_data(desk, make("circle", seed=1))
    bench.cues.jump(0)
    assert desk.mix.state.parameters is state.parameters
    assert desk.mix.dataset.name == make("circle", seed=1).name


def test_switching_scaling_keeps_what_a_cue_predicts(bench: Bench) -> None:
    desk = bench.desk
    steps(bench, 20)
    inputs = desk.mix.dataset.inputs
    wanted = desk.mix.problem.predict(desk.mix.parameters, inputs)
    bench.cues.store(0)
    steps(bench, 50)
    desk.set_scaled(True)
    cue = bench.cues.content(0)
    assert cue is not None
    assert cue.mix.run == NO_RUN
    bench.cues.jump(0)
    np.testing.assert_allclose(desk.mix.problem.predict(desk.mix.parameters, inputs), wanted)
    assert desk.losses[0] == cue.loss
    assert len(desk.history.points) == 1
    desk.undo()
    desk.undo()
    assert not desk.mix.problem.scaled
    found = bench.cues.content(0)
    assert found is not None
    assert found.mix.run != NO_RUN


# -- looking back -------------------------------------------------------------------------------


def test_what_is_looked_at_can_be_stored_exactly(make_bench: MakeBench, deep: Mix) -> None:
    bench = make_bench(deep, batch_size=7)
    desk = bench.desk
    steps(bench, 17)
    state = desk.mix.state
    steps(bench, 40)
    head = desk.mix
    desk.visit(17)
    bench.cues.store(0)
    assert desk.is_visiting
    assert bench.cues.current == 0
    cue = bench.cues.content(0)
    assert cue is not None
    assert cue.mix.state.same(state)
    assert cue.mix.moves == 17
    desk.leave_visit()
    assert desk.mix.state is head.state
    assert bench.cues.content(0) is cue
    bench.cues.jump(0)
    assert desk.mix.state.same(state)
    desk.undo()
    assert desk.mix.state is head.state


def test_a_jump_leaves_the_look_back_and_undo_is_in_the_present(bench: Bench) -> None:
    desk = bench.desk
    bench.cues.store(0)
    steps(bench, 9)
    head = desk.mix
    desk.visit(4)
    bench.cues.jump(0)
    assert not desk.is_visiting
    assert desk.mix.state.step == 0
    desk.undo()
    assert desk.mix is head


# -- memory and files -----------------------------------------------------------------------------


def test_a_chain_of_cues_holds_no_more_than_the_pads() -> None:
    desk = Desk(network_on(make("moons", seed=1), 1, (4,)))
    cues = Cues(desk)
    for _ in range(50):
        cues.store(0)
        cues.store(1)
    found = cues.content(0)
    assert found is not None
    assert not any(found.mix.cues)


def test_undo_counts_what_cues_hold_but_once() -> None:
    mix = network_on(make("moons", seed=1), 1, (4,))
    wide = network_on(mix.dataset, 1, (16, 16, 16))
    cued = mix.with_cue(0, Cue(wide, 1.0, 1.0))
    room = 5 * mix.nbytes + mix.dataset.nbytes + wide.nbytes
    for most, forgets in ((room, False), (room - wide.nbytes // 2, True)):
        stack = UndoStack(most_bytes=most)
        stack.push(mix, cued, "store")
        for _ in range(3):
            cued = cued.with_parameters(cued.parameters + 1.0)
            stack.push(stack_end(stack), cued, "turn")
        assert stack.has_forgotten is forgets


def stack_end(stack: UndoStack) -> Mix:
    """The mix that the last step has led to."""
    stack.undo()
    mix = stack.redo()
    assert mix is not None
    return mix


def test_cues_come_back_from_a_file_and_lead_back_into_their_run(
    make_bench: MakeBench, deep: Mix, tmp_path: Path
) -> None:
    bench = make_bench(deep, batch_size=7, optimizer="adam")
    steps(bench, 23)
    bench.cues.store(5)
    bench.cues.name(5, "valley")
    steps(bench, 9)
    bench.document.save(tmp_path / "a.mixnn")
    other = make_bench()
    other.document.open(tmp_path / "a.mixnn")
    for each in (bench, other):
        each.cues.jump(5)
        steps(each, 31)
    assert other.desk.mix.state.same(bench.desk.mix.state)
    assert other.desk.history.first == 0
    cue = other.cues.content(5)
    assert cue is not None
    assert cue.name == "valley"
