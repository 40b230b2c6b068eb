"""Auto-mix: its pace, how it ends, and how it gets along with the hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import BoolArray, FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.segment import EXPLODED, Segment, Stop
from mixer_nn.core.training import Settings
from mixer_nn.data.synthetic import MAX_POINTS, make
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup, network_on, neuron_on
from mixer_nn.ui.bench import Bench

TOO_HIGH = 1.2
"""A learning rate above 1, where gradient descent on the noisy line must diverge."""


def set_up(bench: Bench, **changes: object) -> None:
    bench.desk.set_setup(replace(bench.desk.setup, **changes))  # type: ignore[arg-type]


def play_out(bench: Bench, milliseconds: float = 100.0, frames: int = 20_000) -> float:
    """Play until it ends by itself; the time that took, in seconds of the program's clock."""
    bench.automix.play()
    for frame in range(1, frames + 1):
        bench.clock.tick(milliseconds)
        if not bench.automix.playing:
            return frame * milliseconds / 1000.0
    raise AssertionError("Auto-mix did not end by itself")


def formula_step(mix: Mix, rate: float, free: BoolArray | None = None) -> FloatArray:
    """One full-batch step of gradient descent on an unscaled neuron, from the textbook."""
    rows = np.column_stack([mix.dataset.inputs, np.ones(mix.dataset.rows)])
    gradient = 2.0 / len(rows) * rows.T @ (rows @ mix.parameters - mix.dataset.targets[:, 0])
    gradient[~(np.ones(gradient.size, dtype=np.bool_) if free is None else free)] = 0.0
    return np.asarray(mix.parameters - rate * gradient)


def core_run(mix: Mix, setup: Setup, rate: float, free: BoolArray | None = None) -> Segment:
    """The same training by the core alone, in slices of another length."""
    settings = Settings(rate, setup.batch_size, setup.optimizer, setup.tolerance)
    segment = Segment(mix.problem.objective, settings, mix.state, free)
    while segment.stop is None:
        segment.advance(steps=37)
    return segment


# -- pace -------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [16, 17, 100])
def test_the_tempo_is_kept_to_the_step_over_ten_thousand_frames(bench: Bench, frame: int) -> None:
    set_up(bench, tolerance=0.0)
    bench.automix.play()
    for count in range(1, 10_001):
        bench.automix.slice(float(frame), 1.0)
        assert bench.desk.mix.state.step == 1 + 8 * frame * count // 1000


def test_uneven_frames_do_not_change_the_tempo(bench: Bench) -> None:
    set_up(bench, tempo=60.0, tolerance=0.0)
    bench.automix.play()
    elapsed = 0
    for frame in np.random.default_rng(4).integers(1, 60, size=10_000):
        bench.clock.tick(float(frame))
        elapsed += int(frame)
        # On a busy machine a step may not fit into its frame; it is then the next one's.
        assert 1 + 60 * elapsed // 1000 - 7 <= bench.desk.mix.state.step <= 1 + 60 * elapsed // 1000
    for _ in range(8):
        bench.automix.slice(0.0, 1.0)
    assert bench.desk.mix.state.step == 1 + 60 * elapsed // 1000


def test_full_tempo_uses_the_frame(bench: Bench) -> None:
    set_up(bench, tempo=MAX_TEMPO, tolerance=0.0)
    bench.automix.play()
    bench.clock.tick(16.0)
    assert bench.desk.mix.state.step > 100


def test_the_first_run_settles_within_a_comfortable_time(bench: Bench) -> None:
    seconds = play_out(bench, 16.0)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.stop is Stop.SETTLED
    assert 3.0 <= seconds <= 20.0
    np.testing.assert_allclose(
        bench.desk.mix.parameters, bench.desk.mix.problem.objective.optimum, atol=1e-4
    )


# -- the same steps as the core ---------------------------------------------------------------


@pytest.mark.parametrize("batch", [0, 7])
@pytest.mark.parametrize("tempo", [8.0, 60.0, 777.0, MAX_TEMPO])
def test_the_window_at_any_tempo_is_the_core_bit_for_bit(
    bench: Bench, tempo: float, batch: int
) -> None:
    set_up(bench, tempo=tempo, batch_size=batch)
    plain = core_run(bench.desk.mix, bench.desk.setup, bench.desk.learning_rate)
    play_out(bench)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.stop is plain.stop
    assert bench.desk.mix.state.same(plain.state)
    assert outcome.loss == plain.loss == bench.readings.loss


def test_changing_the_tempo_on_the_way_changes_no_step(bench: Bench) -> None:
    plain = core_run(bench.desk.mix, bench.desk.setup, bench.desk.learning_rate)
    bench.automix.play()
    for frame in range(400):
        if frame % 7 == 0:
            set_up(bench, tempo=[8.0, 20.0, 33.0][frame % 3])
        bench.clock.tick(20.0)
    assert not bench.automix.playing
    assert bench.desk.mix.state.same(plain.state)


@pytest.mark.parametrize("locked", [0, 1])
def test_a_locked_knob_is_left_out_as_the_core_does_it(bench: Bench, locked: int) -> None:
    bench.desk.set_locked(locked, True)
    mix = bench.desk.mix
    set_up(bench, tempo=MAX_TEMPO)
    plain = core_run(mix, bench.desk.setup, bench.desk.learning_rate, ~mix.locked)
    play_out(bench)
    assert bench.desk.mix.state.same(plain.state)
    assert bench.desk.mix.parameters[locked] == mix.parameters[locked]


def test_a_step_is_the_formula_with_the_old_weight_for_the_bias(bench: Bench) -> None:
    expected = formula_step(bench.desk.mix, bench.desk.learning_rate)
    bench.automix.step()
    np.testing.assert_allclose(bench.desk.mix.parameters, expected, rtol=1e-13)


@pytest.mark.parametrize("count", [1, 10, 100])
def test_a_button_of_steps_takes_them_all_as_one_step_of_undo(bench: Bench, count: int) -> None:
    set_up(bench, batch_size=7)
    before = bench.desk.mix
    plain = Segment(before.problem.objective, Settings(bench.desk.learning_rate, 7), before.state)
    plain.advance(steps=count)
    bench.automix.step(count)
    assert bench.desk.mix.state.same(plain.state)
    assert bench.desk.mix.moves == count
    assert bench.desk.undo_stack.count == 1
    assert not bench.automix.playing
    bench.desk.undo()
    assert bench.desk.mix is before


# -- changes while it runs --------------------------------------------------------------------


def test_rate_and_batch_change_on_the_way_without_a_reset(bench: Bench) -> None:
    desk = bench.desk
    bench.automix.play()
    for _ in range(10):
        bench.clock.tick(125.0)
    step, halfway = desk.mix.state.step, desk.mix
    set_up(bench, learning_rate=0.3)
    bench.clock.tick(100.0)
    bench.clock.tick(100.0)
    assert desk.mix.state.step > step
    set_up(bench, learning_rate=0.003)
    before, steps = desk.mix, desk.mix.state.step
    while desk.mix.state.step == steps:
        bench.clock.tick(50.0)
    np.testing.assert_allclose(desk.mix.parameters, formula_step(before, 0.003), rtol=1e-13)
    before = desk.mix
    set_up(bench, batch_size=7)
    while desk.mix.state.step == before.state.step:
        bench.clock.tick(50.0)
    assert (desk.mix.state.step, desk.mix.state.place) == (before.state.step + 1, 7)
    assert desk.mix.state.epoch == before.state.epoch
    assert bench.automix.playing
    assert desk.mix.run == halfway.run
    bench.automix.pause()
    assert desk.undo_stack.count == 1


def test_pausing_moves_nothing_and_makes_one_step_of_undo(bench: Bench) -> None:
    before = bench.desk.mix
    bench.automix.play()
    for _ in range(20):
        bench.clock.tick(50.0)
    moved = bench.desk.mix
    bench.automix.pause()
    bench.clock.tick(50.0)
    assert bench.desk.mix is moved
    assert bench.desk.undo_stack.count == 1
    bench.desk.undo()
    assert bench.desk.mix is before


def test_play_and_pause_without_a_step_between_leave_nothing(bench: Bench) -> None:
    before = bench.desk.mix
    bench.automix.toggle()
    bench.automix.toggle()
    assert bench.desk.mix is before
    assert bench.desk.undo_stack.count == 0


def test_undo_while_playing_pauses_and_takes_the_run_back(bench: Bench) -> None:
    desk = bench.desk
    desk.turn(0, 2.0)
    before = desk.mix
    bench.automix.play()
    for _ in range(5):
        bench.clock.tick(100.0)
    moved = desk.mix
    desk.undo()
    assert not bench.automix.playing
    assert desk.mix is before
    bench.clock.tick(100.0)
    assert desk.mix is before
    desk.redo()
    assert desk.mix.state.same(moved.state)


def test_back_to_the_start_while_playing_pauses(bench: Bench) -> None:
    first = bench.desk.mix.state
    bench.automix.play()
    bench.clock.tick(100.0)
    bench.desk.back_to_start()
    bench.clock.tick(100.0)
    assert not bench.automix.playing
    assert bench.desk.mix.state.same(first)


# -- the hand ---------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [0, 1])
def test_a_held_knob_is_constant_to_the_bit_while_the_other_trains(
    bench: Bench, index: int
) -> None:
    desk = bench.desk
    set_up(bench, tempo=MAX_TEMPO)
    bench.automix.play()
    desk.touch(index)
    desk.turn(index, -0.7)
    held, other = desk.mix.parameters[index], desk.mix.parameters[1 - index]
    while desk.mix.state.step < 10_000:
        bench.clock.tick(16.0)
        assert desk.mix.parameters[index].tobytes() == held.tobytes()
    assert bench.automix.playing, "a held knob suspends settling"
    assert desk.mix.parameters[1 - index] != other
    slope = desk.mix.problem.objective.gradient(desk.mix.parameters)
    assert abs(slope[1 - index]) < 1e-9
    desk.release(index)
    assert desk.mix.parameters[index].tobytes() == held.tobytes()
    for _ in range(100):
        bench.clock.tick(16.0)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.stop is Stop.SETTLED


def test_ten_thousand_steps_at_once_leave_a_held_knob_alone(bench: Bench) -> None:
    bench.desk.touch(0)
    held = bench.desk.mix.parameters[0].tobytes()
    bench.automix.step(10_000)
    assert bench.desk.mix.state.step == 10_000
    assert bench.desk.mix.parameters[0].tobytes() == held


def test_a_press_ends_the_segment_and_the_release_opens_the_next(bench: Bench) -> None:
    desk = bench.desk
    mixes = [desk.mix]
    bench.automix.play()
    bench.clock.tick(100.0)
    desk.touch(0)
    assert desk.undo_stack.count == 1
    mixes.append(desk.mix)
    desk.turn(0, 2.0)
    for _ in range(5):
        bench.clock.tick(100.0)
    desk.release(0)
    assert desk.undo_stack.count == 2
    mixes.append(desk.mix)
    for _ in range(5):
        bench.clock.tick(100.0)
    bench.automix.pause()
    assert desk.undo_stack.count == 3
    for mix in mixes[::-1]:
        desk.undo()
        assert desk.mix.state.same(mix.state)
    assert desk.mix is mixes[0]


@pytest.mark.parametrize("tempo", [8.0, 200.0, MAX_TEMPO])
def test_a_turn_while_it_plays_is_one_mark_on_the_curve(bench: Bench, tempo: float) -> None:
    desk = bench.desk
    set_up(bench, tempo=tempo, tolerance=0.0)
    bench.automix.play()
    bench.clock.tick(16.0)
    desk.touch(0)
    for value in np.linspace(0.0, 3.0, 20):
        desk.turn(0, float(value))
        bench.clock.tick(16.0)
        assert desk.history.points[-1, 2] == bench.readings.loss
    desk.release(0)
    bench.automix.pause()
    points = desk.history.points
    assert points[:, 6].sum() == 1.0
    assert (np.diff(points[:, 0]) > 0.0).all()
    assert points[-1, 0] == desk.mix.moves == desk.mix.state.step + 1


def test_hold_then_play_pause_and_let_go_undoes_step_by_step(bench: Bench) -> None:
    desk = bench.desk
    first = desk.mix
    desk.touch(0)
    desk.turn(0, 2.0)
    bench.automix.play()
    bench.clock.tick(100.0)
    desk.set_locked(1, True)
    desk.set_locked(1, False)
    bench.clock.tick(100.0)
    bench.clock.tick(100.0)
    bench.automix.pause()
    desk.turn(0, 3.0)
    bench.automix.step(2)
    desk.turn(0, 4.0)
    desk.release(0)
    last, count = desk.mix, desk.undo_stack.count
    states = [last.state]
    for _ in range(count):
        desk.undo()
        assert not desk.mix.state.same(states[-1]) or desk.undo_stack.count > 0
        states.append(desk.mix.state)
    assert desk.mix is first
    for state in states[-2::-1]:
        desk.redo()
        assert desk.mix.state.same(state)
        assert desk.history.points[-1, 2] == bench.readings.loss
    assert desk.mix is last


def test_all_but_one_held_trains_the_one(bench: Bench) -> None:
    bench.desk.set_locked(0, True)
    bench.automix.play()
    bench.desk.touch(1)
    before = bench.desk.mix.state
    for _ in range(20):
        bench.clock.tick(100.0)
    assert bench.desk.mix.state.same(before), "there is nothing left to turn"
    assert bench.automix.playing
    bench.desk.release(1)
    bench.clock.tick(100.0)
    bench.clock.tick(100.0)
    assert bench.desk.mix.parameters[1] != before.parameters[1]
    assert bench.desk.mix.parameters[0] == before.parameters[0]


# -- how it ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("press", ["play", "step"])
def test_with_every_knob_locked_it_says_so_and_does_nothing(bench: Bench, press: str) -> None:
    bench.desk.set_locked(0, True)
    bench.desk.set_locked(1, True)
    before = bench.desk.mix
    getattr(bench.automix, press)()
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.stop is None
    assert not bench.automix.playing
    assert bench.desk.mix is before


def test_locking_the_last_knob_on_the_way_ends_it_and_says_so(bench: Bench) -> None:
    bench.automix.play()
    bench.clock.tick(100.0)
    bench.desk.set_locked(0, True)
    bench.clock.tick(100.0)
    bench.desk.set_locked(1, True)
    before = bench.desk.mix
    bench.clock.tick(100.0)
    bench.clock.tick(100.0)
    assert not bench.automix.playing
    assert bench.automix.outcome is not None
    assert bench.automix.outcome.stop is None
    assert bench.desk.mix is before
    bench.desk.set_locked(0, False)
    assert bench.automix.outcome is None, "that is no longer so"


def test_the_outcome_says_what_happened(bench: Bench) -> None:
    desk = bench.desk
    desk.turn(0, -1.0)
    begin = desk.mix
    play_out(bench)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.begin is begin
    assert outcome.end is desk.mix
    assert outcome.steps == desk.mix.state.step - begin.state.step
    assert outcome.loss == bench.readings.loss
    assert outcome.best.problem.objective.value(outcome.best.parameters) <= outcome.loss
    assert outcome.learning_rate == desk.learning_rate
    assert outcome.limit == pytest.approx(1.0)
    assert desk.undo_stack.count == 2


@pytest.mark.parametrize("tempo", [8.0, 100.0, MAX_TEMPO])
def test_divergence_stops_at_the_first_step_of_an_exploded_loss(bench: Bench, tempo: float) -> None:
    desk = bench.desk
    set_up(bench, tempo=tempo, learning_rate=TOO_HIGH)
    begin, objective = desk.mix, desk.mix.problem.objective
    ceiling = EXPLODED * max(objective.value(begin.parameters), objective.constant_loss)
    mix, expected = begin, 0
    while objective.value(mix.parameters) <= ceiling:
        mix = mix.with_parameters(formula_step(mix, TOO_HIGH))
        expected += 1
    play_out(bench)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.stop is Stop.DIVERGED
    assert outcome.steps == expected
    assert desk.mix.state.step == expected
    assert outcome.learning_rate == TOO_HIGH
    assert outcome.limit == pytest.approx(1.0)
    np.testing.assert_allclose(desk.mix.parameters, mix.parameters, rtol=1e-9)
    diverged = desk.mix
    desk.undo()
    assert desk.mix is begin
    desk.redo()
    assert desk.mix is diverged


@pytest.mark.parametrize("tempo", [8.0, 100.0, MAX_TEMPO])
def test_one_call_brings_the_last_good_mix_back_and_undo_the_other(
    bench: Bench, tempo: float
) -> None:
    desk = bench.desk
    bench.automix.step(5)
    good = desk.mix
    set_up(bench, tempo=tempo, learning_rate=TOO_HIGH)
    play_out(bench)
    diverged, curve = desk.mix, desk.history.points.copy()
    bench.automix.bring_back_best()
    assert bench.automix.outcome is None
    assert bench.readings.loss <= good.problem.objective.value(good.parameters)
    assert desk.history.points[-1, 2] == bench.readings.loss
    assert desk.history.points[-1, 0] == desk.mix.moves
    assert np.array_equal(desk.mix.scales, good.scales)
    desk.turn(0, 1.0)
    assert desk.history.points[-1, 2] == bench.readings.loss
    desk.undo()
    desk.undo()
    assert desk.mix is diverged
    assert np.array_equal(desk.history.points, curve, equal_nan=True)


def test_a_rate_that_throws_the_knobs_beyond_all_numbers_leaves_finite_ones(
    bench: Bench,
) -> None:
    set_up(bench, learning_rate=1e308)
    before = bench.desk.mix
    bench.automix.step(3)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.stop is Stop.DIVERGED
    assert outcome.steps == 1
    assert np.isfinite(bench.desk.mix.parameters).all()
    assert bench.desk.mix is before, "not a step could be taken"
    assert bench.desk.undo_stack.count == 0
    bench.automix.bring_back_best()
    assert bench.desk.mix.state.same(before.state)


def test_divergence_around_a_held_knob_knows_where_it_began(
    make_bench: Callable[..., Bench], table: Callable[..., Dataset]
) -> None:
    steep = table([[3.0], [-3.0], [1.0]], [1.0, 2.0, 4.0])
    bench = make_bench(neuron_on(steep, 1, scaled=False), tempo=MAX_TEMPO)
    desk = bench.desk
    desk.touch(1)
    desk.turn(1, 0.5)
    began = desk.mix
    set_up(bench, learning_rate=5.0)
    play_out(bench)
    outcome = bench.automix.outcome
    assert outcome is not None
    assert outcome.begin.state.same(began.state)
    bench.automix.bring_back_best()
    assert bench.readings.loss <= began.problem.objective.value(began.parameters)
    assert not desk.touched


def test_try_by_hand_begins_where_auto_mix_began(bench: Bench) -> None:
    desk = bench.desk
    desk.turn(0, -1.0)
    begin = desk.mix
    play_out(bench)
    settled = desk.mix
    bench.automix.try_by_hand()
    assert desk.mix.state.same(begin.state)
    assert desk.mix.run != begin.run
    assert len(desk.history.points) == 1
    assert len(desk.history.earlier) == 1
    assert bench.automix.outcome is None
    desk.undo()
    assert desk.mix is settled


def test_what_it_said_is_taken_back_when_it_is_no_longer_true(bench: Bench) -> None:
    play_out(bench)
    bench.desk.touch(0)
    bench.desk.release(0)
    untouched = bench.automix.outcome
    assert untouched is not None, "nothing has moved"
    bench.desk.turn(0, 5.0)
    after_turn = bench.automix.outcome
    play_out(bench)
    bench.desk.undo()
    assert after_turn is bench.automix.outcome is None


def test_a_divergence_can_still_be_taken_back_after_a_turn(bench: Bench) -> None:
    set_up(bench, learning_rate=TOO_HIGH)
    best = bench.readings.loss
    play_out(bench)
    bench.desk.turn(0, 5.0)
    assert bench.automix.outcome is not None
    bench.automix.bring_back_best()
    assert bench.readings.loss <= best


def test_small_batches_end_on_a_plateau(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(neuron_on(make("outliers", seed=2), 2), batch_size=7, tempo=MAX_TEMPO)
    play_out(bench)
    assert bench.automix.outcome is not None
    assert bench.automix.outcome.stop is Stop.PLATEAU
    assert bench.desk.mix.state.place == 0


# -- steps that are longer than a frame -------------------------------------------------------


def long_bench(make_bench: Callable[..., Bench], **setup: object) -> Bench:
    """So many rows that the loss, and with the whole batch a step, is worked out in parts."""
    mix = network_on(make("sine", seed=1, points=MAX_POINTS), 1, (8,))
    rows = np.repeat(mix.dataset.inputs, 12, axis=0)
    targets = np.repeat(mix.dataset.targets, 12, axis=0)
    mask = np.zeros(len(rows), dtype=np.bool_)
    data = replace(mix.dataset, inputs=rows, targets=targets, held_out=mask, recipe=())
    bench = make_bench(network_on(data, 1, (8,)), learning_rate=0.05, **setup)
    assert bench.desk.mix.problem.objective.parts > 2
    return bench


def test_a_step_that_takes_several_frames_goes_on_in_each_and_ends_with_the_pace(
    make_bench: Callable[..., Bench],
) -> None:
    bench = long_bench(make_bench, tempo=8.0)
    desk = bench.desk
    plain = Segment(desk.mix.problem.objective, desk.settings, desk.mix.state)
    bench.automix.play()
    bench.automix.slice(0.0, 0.0)
    assert desk.mix.state.step == 0, "a part of the first step, no more"
    parts = 1
    while desk.mix.state.step == 0:
        bench.automix.slice(0.0, 0.0)
        parts += 1
    assert parts == 2 * desk.mix.problem.objective.parts
    plain.advance(steps=1)
    assert desk.mix.state.same(plain.state)
    for _ in range(30):
        bench.automix.slice(0.0, 0.0)
    assert desk.mix.state.step == 1, "no time has passed: no further step is due"


def test_a_step_begun_at_full_tempo_is_finished_at_a_slow_one_when_none_is_due(
    make_bench: Callable[..., Bench],
) -> None:
    bench = long_bench(make_bench, tempo=8.0)
    desk = bench.desk
    bench.automix.play()
    while desk.mix.state.step < 1:
        bench.automix.slice(0.0, 0.0)
    set_up(bench, tempo=MAX_TEMPO)
    parts = desk.mix.problem.objective.parts
    for _ in range(parts):  # the whole step, but nothing of its loss
        bench.automix.slice(0.0, 0.0)
    assert desk.mix.state.step == 1
    set_up(bench, tempo=8.0)
    for _ in range(3 * parts):
        bench.automix.slice(0.0, 0.0)
    step = desk.mix.state.step
    assert step in (2, 3), "at most one more, whose loss comes with it"
    plain = Segment(desk.mix.problem.objective, desk.settings, desk.mix.origin)
    plain.advance(steps=step)
    assert desk.mix.state.same(plain.state)
    for _ in range(3 * parts):
        bench.automix.slice(124.0 / (3 * parts), 0.0)
    assert desk.mix.state.step == step, "what was taken before it was due is waited for"


def test_within_a_long_step_nothing_is_announced_or_worked_out_anew(
    make_bench: Callable[..., Bench],
) -> None:
    bench = long_bench(make_bench, tempo=MAX_TEMPO)
    bench.automix.play()
    bench.desk.flush()
    revision, mix = bench.desk.revision, bench.desk.mix
    for _ in range(3):
        bench.automix.slice(16.0, 0.0)
        assert not bench.desk.is_dirty
    assert bench.desk.revision == revision
    assert bench.desk.mix is mix
    while bench.desk.mix is mix:
        bench.automix.slice(16.0, 0.0)
    assert bench.desk.is_dirty
    assert bench.desk.history.points[-1, 2] == bench.readings.loss


def test_a_step_that_fails_leaves_no_segment_open(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, automix = bench.desk, bench.automix

    def fail(self: Segment, steps: int | None = None, seconds: float | None = None) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Segment, "advance", fail)
        with pytest.raises(MemoryError):
            automix.step(1)
    desk.new_start(3)
    desk.turn(0, 1.0)
    assert desk.undo_stack.texts == [
        "new start, seed 3",
        f"turn {desk.mix.network.parameters[0].id}",
    ]


def test_play_for_so_many_steps_pauses_after_exactly_those(bench: Bench) -> None:
    desk, automix = bench.desk, bench.automix
    automix.step(3)
    for tempo in (100.0, MAX_TEMPO):
        desk.set_setup(replace(desk.setup, tempo=tempo, tolerance=0.0))
        begin = desk.mix.state.step
        automix.play(steps=17)
        for _ in range(40):
            bench.clock.tick(16.0)
        assert not automix.playing
        assert automix.until is None
        assert desk.mix.state.step == begin + 17
        assert automix.outcome is None
        assert desk.undo_stack.texts[-1] == "auto-mix"
