"""Looking back into the record: everything shown is as it was, and nothing else has happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.training import TrainingState
from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.state.cue_places import is_on_run
from mixer_nn.state.desk import Desk
from mixer_nn.state.replay import Replay
from mixer_nn.state.runs import MOST_RUNS
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


@pytest.fixture
def deep() -> Mix:
    return network_on(make("circle", seed=3), 3, (4, 3))


def states_of(bench: Bench, count: int) -> list[TrainingState]:
    """Every state of a run of single steps, from its beginning on."""
    states = [bench.desk.mix.state]
    for _ in range(count):
        bench.automix.step(1)
        bench.clock.tick(16.0)
        states.append(bench.desk.mix.state)
    return states


def spun(desk: Desk, move: int) -> TrainingState:
    """The state seen at `move`, once the exact step has been found."""
    desk.visit(move)
    desk.refine()
    return desk.mix.state


# -- looking ----------------------------------------------------------------------------------


def test_each_move_of_a_run_can_be_seen_again_bit_for_bit(bench: Bench) -> None:
    states = states_of(bench, 12)
    for move in (3, 11, 0, 7, 12, 1):
        assert spun(bench.desk, move).same(states[move])
        assert bench.desk.place == bench.desk.mix.moves == move


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
def test_between_kept_states_the_steps_are_taken_again(
    make_bench: MakeBench, deep: Mix, optimizer: str
) -> None:
    single = make_bench(deep, optimizer=optimizer, batch_size=7, schedule="cosine", warm_up=2.0)
    states = states_of(single, 90)
    bench = make_bench(deep, optimizer=optimizer, batch_size=7, schedule="cosine", warm_up=2.0)
    bench.automix.step(40)
    bench.automix.step(50)
    for move in (17, 40, 41, 89, 90, 3):
        assert spun(bench.desk, move).same(states[move])


def test_looking_leaves_history_undo_and_the_present_as_they_were(bench: Bench) -> None:
    desk = bench.desk
    states_of(bench, 5)
    head, points = desk.mix, desk.history.points.copy()
    stack, runs = desk.undo_stack.texts, len(desk.history.runs)
    for move in (2, 4, 0, 3):
        desk.visit(move)
        bench.clock.tick(16.0)
        assert desk.is_visiting
        assert desk.head is head
    assert np.array_equal(desk.history.points, points, equal_nan=True)
    assert desk.undo_stack.texts == stack
    assert len(desk.history.runs) == runs
    desk.leave_visit()
    assert desk.mix is head
    assert not desk.is_visiting


def test_the_last_move_is_the_present_and_beyond_the_ends_is_nothing(bench: Bench) -> None:
    desk = bench.desk
    states = states_of(bench, 5)
    head = desk.mix
    assert spun(desk, -3).same(states[0])
    assert desk.place == 0
    desk.visit(99)
    assert desk.mix is head
    assert not desk.is_visiting


def test_views_follow_within_a_frame(bench: Bench) -> None:
    states = states_of(bench, 5)
    bench.desk.visit(2)
    bench.clock.tick(16.0)
    mix = bench.desk.mix
    assert bench.readings.loss == mix.problem.objective.value(states[2].parameters)


def test_the_marks_of_a_hand_are_seen_again_too(bench: Bench) -> None:
    desk = bench.desk
    bench.automix.step(3)
    desk.turn(0, 2.5)
    desk.flush()
    turned = desk.mix.state
    bench.automix.step(4)
    assert spun(desk, 4).same(turned)
    assert spun(desk, 2).step == 2


def test_a_lock_in_the_middle_is_heeded_by_the_steps_taken_again(
    make_bench: MakeBench, deep: Mix
) -> None:
    def run(step: Callable[[Bench, int], None]) -> Bench:
        bench = make_bench(deep, optimizer="adam", batch_size=5)
        step(bench, 20)
        bench.desk.set_locked(3, True)
        step(bench, 20)
        return bench

    def one_by_one(bench: Bench, count: int) -> None:
        for _ in range(count):
            bench.automix.step(1)

    slow, fast = run(one_by_one), run(lambda bench, count: bench.automix.step(count))
    for move in (13, 20, 21, 33):
        assert spun(fast.desk, move).same(spun(slow.desk, move))


def test_looking_back_pauses_and_leaves_the_offers_of_a_divergence_alone(bench: Bench) -> None:
    desk = bench.desk
    bench.automix.play()
    bench.clock.tick(500.0)
    bench.clock.tick(500.0)
    desk.visit(0)
    assert not bench.automix.playing
    desk.leave_visit()
    desk.set_setup(replace(desk.setup, learning_rate=9.0))
    bench.automix.step(5000)
    outcome = bench.automix.outcome
    assert outcome is not None
    desk.visit(1)
    assert bench.automix.outcome is outcome


# -- going on from there ----------------------------------------------------------------------


def test_training_on_from_the_past_is_a_branch_and_the_old_future_stays(bench: Bench) -> None:
    desk = bench.desk
    states = states_of(bench, 8)
    future, head = desk.history.points.copy(), desk.mix
    spun(desk, 3)
    bench.automix.step(2)
    assert desk.mix.run != head.run
    assert desk.mix.moves == 5
    assert desk.mix.state.same(states[5])
    assert list(desk.history.points[:, 0]) == [0, 1, 2, 3, 5]
    (earlier,) = desk.history.earlier
    assert np.array_equal(earlier.points, future, equal_nan=True)
    assert not desk.is_visiting
    # What came before the branch can be seen from it as well.
    assert spun(desk, 1).same(states[1])


def test_undo_leads_from_the_branch_to_where_it_began_and_to_the_old_present(
    bench: Bench,
) -> None:
    desk = bench.desk
    states = states_of(bench, 8)
    head = desk.mix
    spun(desk, 3)
    bench.automix.step(2)
    ahead = desk.mix
    desk.undo()
    assert desk.mix.state.same(states[3])
    desk.undo()
    assert desk.mix is head
    assert desk.history.last == 8
    desk.redo()
    desk.redo()
    assert desk.mix is ahead
    assert list(desk.history.points[:, 0]) == [0, 1, 2, 3, 5]


def test_turning_a_knob_in_the_past_branches_and_touching_it_does_not(bench: Bench) -> None:
    desk = bench.desk
    states = states_of(bench, 6)
    head = desk.mix
    spun(desk, 2)
    desk.touch(0)
    desk.release(0)
    assert desk.is_visiting
    assert desk.mix.state.same(states[2])
    desk.touch(0)
    desk.turn(0, 1.25)
    desk.turn(0, 1.5)
    desk.flush()
    desk.release(0)
    assert desk.mix.parameters[0] == 1.5
    assert desk.mix.run != head.run
    assert list(desk.history.points[:, 0]) == [0, 1, 2, 3]
    desk.undo()
    desk.undo()
    assert desk.mix is head


def test_a_step_before_the_exact_move_has_been_found_starts_from_the_exact_move(
    make_bench: MakeBench, deep: Mix
) -> None:
    states = states_of(make_bench(deep, batch_size=3), 31)
    bench = make_bench(deep, batch_size=3)
    bench.automix.step(60)
    bench.desk.visit(30)
    assert bench.desk.is_refining
    bench.automix.step(1)
    assert bench.desk.mix.state.same(states[31])


def test_what_is_put_on_the_desk_from_the_past_undoes_to_the_present(bench: Bench) -> None:
    desk = bench.desk
    states_of(bench, 6)
    head = desk.mix
    spun(desk, 2)
    desk.back_to_start()
    assert not desk.is_visiting
    desk.undo()
    assert desk.mix is head


def test_a_lock_set_in_the_past_holds_in_the_present_and_leaves_the_look_alone(
    bench: Bench,
) -> None:
    desk = bench.desk
    states_of(bench, 6)
    spun(desk, 2)
    desk.set_locked(1, True)
    assert desk.is_visiting
    assert desk.mix.locked[1]
    desk.leave_visit()
    assert desk.mix.locked[1]
    assert desk.mix.moves == 6
    desk.undo()
    assert not desk.mix.locked[1]


def test_undo_in_the_past_takes_back_the_last_step_of_the_present(bench: Bench) -> None:
    desk = bench.desk
    states = states_of(bench, 6)
    spun(desk, 2)
    desk.undo()
    assert not desk.is_visiting
    assert desk.mix.state.same(states[5])


# -- runs -------------------------------------------------------------------------------------


def test_another_run_can_be_taken_up_again(bench: Bench) -> None:
    desk = bench.desk
    states = states_of(bench, 6)
    first = desk.mix
    spun(desk, 2)
    bench.automix.step(1)
    branch = desk.mix
    desk.take_up(first.run)
    assert desk.mix.state.same(states[6])
    assert desk.history.last == 6
    bench.automix.step(1)
    assert desk.mix.run == first.run
    desk.undo()
    desk.undo()
    assert desk.mix is branch


def test_a_branch_that_came_to_nothing_is_no_run_and_undo_finds_it_all_the_same(
    bench: Bench,
) -> None:
    desk = bench.desk
    states_of(bench, 6)
    spun(desk, 2)
    desk.adopt()
    adopted = desk.mix
    desk.undo()
    assert [run.number for run in desk.history.runs] == [0]
    desk.redo()
    assert desk.mix is adopted
    assert list(desk.history.points[:, 0]) == [0, 1, 2]


def test_runs_say_how_they_were_trained_and_how_far_they_came(make_bench: MakeBench) -> None:
    bench = make_bench(optimizer="adam")
    desk = bench.desk
    bench.automix.step(20)
    desk.new_start(5)
    desk.name_run(0, "the first")
    announced: list[int] = []

    def note() -> None:
        announced.append(len(desk.history.runs))

    desk.runs_changed.connect(note)
    desk.flush()
    first, second = desk.history.runs
    assert announced == [2]
    assert first.name == "the first"
    assert first.setup is not None
    assert first.setup.optimizer == "adam"
    assert first.steps == 20
    assert first.seconds > 0.0
    assert first.best == first.points[:, 3].min()
    assert (first.is_present, second.is_present) == (False, True)
    assert second.setup is None
    desk.forget_run(0)
    assert [run.number for run in desk.history.runs] == [1]
    with pytest.raises(ValueError, match="present run"):
        desk.forget_run(1)


# -- many knobs in one hand -------------------------------------------------------------------


def test_many_knobs_turned_at_once_are_one_step_with_its_own_name(bench: Bench) -> None:
    desk = bench.desk
    before = desk.mix
    desk.take_hold(range(2), "crossfade A–B")
    for share in (0.25, 0.5):
        desk.turn_to(np.array([share, -share]))
        desk.flush()
    desk.let_go()
    assert list(desk.mix.parameters) == [0.5, -0.5]
    assert desk.undo_stack.texts == ["crossfade A–B"]
    desk.undo()
    assert desk.mix is before


def test_a_knob_that_nobody_holds_is_not_turned(bench: Bench) -> None:
    desk = bench.desk
    desk.touch(0)
    with pytest.raises(ValueError, match="in a hand"):
        desk.turn_to(desk.mix.parameters + 1.0)
    with pytest.raises(ValueError, match="finite"):
        desk.turn_to(np.array([np.nan, desk.mix.parameters[1]]))
    assert not desk.undo_stack.can_undo


def test_leaving_the_past_takes_the_hand_off_its_knob(bench: Bench) -> None:
    desk = bench.desk
    states = states_of(bench, 6)
    spun(desk, 2)
    desk.touch(0)
    desk.leave_visit()
    assert not desk.touched
    bench.automix.step(1)
    desk.undo()
    assert desk.mix.state.same(states[6])
    desk.undo()
    assert desk.mix.state.same(states[5])


def test_a_hand_takes_hold_of_the_exact_move(make_bench: MakeBench, deep: Mix) -> None:
    states = states_of(make_bench(deep, batch_size=3), 30)
    bench = make_bench(deep, batch_size=3)
    bench.automix.step(60)
    bench.desk.visit(30)
    bench.desk.turn(4, 0.5)
    others = np.arange(deep.parameters.size) != 4
    assert np.array_equal(bench.desk.mix.parameters[others], states[30].parameters[others])
    assert bench.desk.mix.parameters[4] == 0.5


def test_a_replay_that_fails_ends_the_look_back(
    make_bench: MakeBench, deep: Mix, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make_bench(deep, batch_size=3)
    bench.automix.step(60)
    head = bench.desk.mix
    bench.desk.visit(30)

    def fail(self: Replay, seconds: float) -> bool:
        raise MemoryError

    monkeypatch.setattr(Replay, "advance", fail)
    with pytest.raises(MemoryError):
        bench.clock.tick(16.0)
    bench.clock.tick(16.0)
    assert bench.desk.mix is head


# -- what must not be lost --------------------------------------------------------------------


def test_a_past_of_more_rows_than_there_are_now_has_a_place_in_the_epoch_and_can_be_saved(
    make_bench: MakeBench, deep: Mix, tmp_path: Path
) -> None:
    bench, path = make_bench(deep, batch_size=7), tmp_path / "a.mixnn"
    desk, states = bench.desk, states_of(bench, 12)
    assert states[9].place > 50
    data, few = desk.mix.dataset, slice(40)
    rows = data.inputs[few], data.targets[few], data.held_out[few]
    fewer = replace(data, inputs=rows[0], targets=rows[1], held_out=rows[2])
    desk.edit_data(fewer, "delete rows")
    desk.flush()

    seen = spun(desk, 9)
    assert seen.parameters.tobytes() == states[9].parameters.tobytes()
    assert seen.place == desk.mix.problem.objective.rows - 1
    bench.cues.store(0)
    desk.adopt()
    bench.document.save(path)
    saved = file.read(path).mix
    assert saved.state.same(seen)
    assert saved.cues[0] is not None


def run_and_undone(bench: Bench) -> list[TrainingState]:
    """A run that was taken back: every state of it from its beginning on."""
    states = [bench.desk.mix.state]
    bench.automix.play()
    while len(states) <= 6:
        before = bench.desk.mix.moves
        bench.clock.tick(16.0)
        if bench.desk.mix.moves > before:
            assert bench.desk.mix.moves == before + 1
            states.append(bench.desk.mix.state)
    bench.automix.pause()
    bench.desk.undo()
    bench.desk.flush()
    return states


def test_there_and_back_after_undo_leaves_the_past_that_redo_leads_to(
    make_bench: MakeBench, deep: Mix
) -> None:
    bench = make_bench(deep)
    desk, states = bench.desk, run_and_undone(bench)
    first = float(desk.mix.parameters[0])
    desk.touch(0)
    desk.turn(0, first + 1.0)
    desk.flush()
    desk.turn(0, first)
    desk.release(0)
    desk.redo()
    assert desk.history.moves_kept.tolist() == list(range(7))
    for move in (1, 4, 5, 6, 0):
        assert spun(desk, move).same(states[move])


def test_the_room_that_a_held_future_takes_is_given_back(make_bench: MakeBench, deep: Mix) -> None:
    bench = make_bench(deep)
    desk = bench.desk
    run_and_undone(bench)
    run = desk.history.run(desk.mix.run)
    assert run is not None
    room = run.record.room
    for turned in (False, True):
        used = room.used
        desk.touch(0)
        assert room.used > used
        if turned:
            desk.turn(0, 0.25)
            desk.flush()
        desk.release(0)
        assert room.used == run.record.charge


def test_another_optimizer_between_undo_and_redo_costs_nothing_of_the_past(
    make_bench: MakeBench, deep: Mix
) -> None:
    bench = make_bench(deep)
    desk, states = bench.desk, run_and_undone(bench)
    desk.set_setup(replace(desk.setup, optimizer="adam"))
    desk.redo()
    for move in (3, 5, 1):
        assert spun(desk, move).same(states[move])


def test_steps_after_another_optimizer_was_chosen_in_an_undone_place_begin_with_its_memory(
    make_bench: MakeBench, deep: Mix
) -> None:
    benches = [make_bench(deep, optimizer="adam") for _ in range(2)]
    for bench in benches:
        bench.automix.step(3)
        bench.automix.step(3)
        bench.desk.undo()
        for optimizer in ("rmsprop", "adam"):  # by which Adam's memory is emptied
            bench.desk.set_setup(replace(bench.desk.setup, optimizer=optimizer))
    single, long = benches
    single.automix.step(1)
    long.automix.step(5)
    assert spun(long.desk, 4).same(single.desk.mix.state)


def test_the_steps_before_another_optimizer_was_chosen_can_still_be_seen(
    make_bench: MakeBench, deep: Mix
) -> None:
    bench = make_bench(deep)
    states = states_of(bench, 40)
    long = make_bench(deep)
    long.automix.step(40)
    long.desk.set_setup(replace(long.desk.setup, optimizer="adam"))
    long.automix.step(5)
    for move in (20, 39, 1):
        assert spun(long.desk, move).same(states[move])


def test_a_cue_of_a_run_that_was_forgotten_lies_on_no_run_that_begins_later(
    make_bench: MakeBench, deep: Mix, tmp_path: Path
) -> None:
    bench, path = make_bench(deep), tmp_path / "a.mixnn"
    bench.automix.step(3)
    bench.desk.new_start(5)
    bench.automix.step(3)
    bench.cues.store(0)
    forgotten = bench.desk.mix.run
    bench.desk.take_up(0)
    bench.desk.forget_run(forgotten)
    bench.document.save(path)

    again = make_bench(deep)
    again.document.open(path)
    again.desk.new_start(9)
    again.automix.step(8)
    cue = again.cues.content(0)
    assert cue is not None
    assert not is_on_run(again.desk.history, again.desk.mix.run, cue.mix)


def test_a_run_that_one_comes_back_to_is_not_forgotten_for_its_branches(bench: Bench) -> None:
    desk = bench.desk
    bench.automix.step(100)
    for move in range(1, 2 + MOST_RUNS):
        desk.visit(move)
        desk.adopt()
        bench.automix.step(1)
        desk.take_up(0)
    numbers = [run.number for run in desk.history.runs]
    assert numbers[0] == 0
    assert len(numbers) == MOST_RUNS
    assert numbers[1] == 3
    assert spun(desk, 50).step == 50
