"""The desk: what a hand does, what it leaves behind, and what is announced."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.errors import MixError
from mixer_nn.data.by_hand import without_point
from mixer_nn.data.shipped import load_shipped
from mixer_nn.session.mix import MOST_SEED, Mix, neuron_on
from mixer_nn.state.desk import Desk
from mixer_nn.ui.bench import Bench


def loss_of(mix: Mix) -> float:
    """The loss of one unscaled neuron, worked out here and not in the program."""
    data = mix.dataset
    miss = data.inputs @ mix.parameters[:-1] + mix.parameters[-1] - data.targets[:, 0]
    return float(np.mean(miss**2))


def drag(desk: Desk, index: int, *values: float) -> None:
    """A gesture through these values, a frame after each."""
    desk.touch(index)
    for value in values:
        desk.turn(index, value)
        desk.flush()
    desk.release(index)
    desk.flush()


def marks(desk: Desk) -> FloatArray:
    """The points of the curve that a hand has made."""
    points = desk.history.points
    return np.asarray(points[points[:, 6] == 1.0])


def announcements(desk: Desk) -> list[int]:
    """A list that grows by one with each `changed`."""
    counted: list[int] = []

    def count() -> None:
        counted.append(len(counted))

    desk.changed.connect(count)
    return counted


# -- a gesture --------------------------------------------------------------------------------


def test_a_gesture_of_many_turns_is_one_step_of_undo(bench: Bench) -> None:
    desk = bench.desk
    before = desk.mix.state
    drag(desk, 0, 1.0, 1.5, 2.0)
    assert desk.mix.parameters[0] == 2.0
    assert desk.undo_stack.count == 1
    desk.undo()
    assert desk.mix.state.same(before)
    desk.redo()
    assert desk.mix.parameters[0] == 2.0


def test_a_turn_without_touching_is_a_gesture_of_its_own(bench: Bench) -> None:
    bench.desk.turn(1, -0.25)
    assert bench.desk.mix.parameters[1] == -0.25
    assert bench.desk.undo_stack.count == 1
    assert not bench.desk.touched


def test_there_and_back_again_leaves_nothing(bench: Bench) -> None:
    desk = bench.desk
    before, points = desk.mix, desk.history.points.copy()
    drag(desk, 0, 3.0, -2.0, float(before.parameters[0]))
    assert desk.mix is before
    assert desk.undo_stack.count == 0
    assert np.array_equal(desk.history.points, points, equal_nan=True)
    assert desk.gestures == 0
    assert not bench.document.modified


def test_touching_and_letting_go_moves_nothing(bench: Bench) -> None:
    before = bench.desk.mix
    drag(bench.desk, 0)
    assert bench.desk.mix is before
    assert bench.desk.undo_stack.count == 0


def test_there_and_back_does_not_cost_the_curve_that_redo_leads_to(bench: Bench) -> None:
    desk = bench.desk
    drag(desk, 0, 1.0)
    drag(desk, 0, 2.0)
    drag(desk, 1, 3.0)
    points = desk.history.points.copy()
    desk.undo()
    desk.undo()
    drag(desk, 1, -4.0, float(desk.mix.parameters[1]))
    desk.redo()
    desk.redo()
    assert np.array_equal(desk.history.points, points, equal_nan=True)


def test_two_knobs_held_at_once_are_one_gesture(bench: Bench) -> None:
    desk = bench.desk
    desk.touch(0)
    desk.touch(1)
    desk.turn(0, 1.0)
    desk.turn(1, 2.0)
    desk.release(0)
    assert desk.undo_stack.count == 0
    desk.release(1)
    assert desk.undo_stack.count == 1
    assert list(desk.mix.parameters) == [1.0, 2.0]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_refused(bench: Bench, value: float) -> None:
    before = bench.desk.mix
    with pytest.raises(ValueError, match="finite"):
        bench.desk.turn(0, value)
    assert bench.desk.mix is before
    assert not bench.desk.touched
    assert bench.desk.undo_stack.count == 0


def test_minus_one_is_an_ordinary_value(bench: Bench) -> None:
    bench.desk.turn(0, -1.0)
    assert bench.desk.mix.parameters[0] == -1.0


def test_a_typed_minus_zero_is_zero(bench: Bench) -> None:
    bench.desk.turn(0, -0.0)
    assert math.copysign(1.0, bench.desk.mix.parameters[0]) == 1.0


def test_the_hand_is_told_the_loss_it_began_with(bench: Bench) -> None:
    desk = bench.desk
    began = loss_of(desk.mix)
    assert desk.gesture_start_loss is None
    desk.touch(0)
    desk.turn(0, 3.0)
    assert desk.gesture_start_loss == pytest.approx(began, rel=1e-14)
    desk.release(0)
    assert desk.gesture_start_loss is None


# -- scales and locks -------------------------------------------------------------------------


def test_a_value_beyond_the_scale_doubles_it_and_undo_brings_both_back(bench: Bench) -> None:
    desk = bench.desk
    desk.set_scale(0, 4.0)
    before = desk.mix
    desk.turn(0, 7.3)
    assert desk.mix.parameters[0] == 7.3
    assert desk.mix.scales[0] == 8.0
    assert desk.mix.scales[1] == before.scales[1]
    desk.undo()
    assert desk.mix is before
    assert desk.mix.scales[0] == 4.0


def test_the_largest_number_of_all_has_a_finite_scale(bench: Bench) -> None:
    bench.desk.turn(0, -1.7976931348623157e308)
    assert np.isfinite(bench.desk.mix.scales).all()
    assert bench.desk.mix.scales[0] >= 1.7976931348623157e308


def test_a_chosen_scale_is_one_step_of_undo_and_keeps_the_value(bench: Bench) -> None:
    desk = bench.desk
    desk.turn(0, 7.3)
    desk.set_scale(0, 1.0)
    assert (desk.mix.scales[0], desk.mix.parameters[0]) == (1.0, 7.3)
    assert desk.undo_stack.count == 2
    desk.undo()
    assert desk.mix.scales[0] == 8.0
    desk.set_scale(0, 8.0)
    assert desk.undo_stack.can_redo, "the scale it has is no change"


@pytest.mark.parametrize("scale", [0.0, -4.0, math.nan, math.inf])
def test_a_scale_that_no_knob_can_have_is_refused(bench: Bench, scale: float) -> None:
    before = bench.desk.mix
    with pytest.raises(ValueError, match="scale"):
        bench.desk.set_scale(0, scale)
    assert bench.desk.mix is before


def test_lock_and_unlock_are_undone_one_by_one(bench: Bench) -> None:
    desk = bench.desk
    desk.set_locked(1, True)
    assert list(desk.mix.locked) == [False, True]
    assert list(desk.free) == [True, False]
    desk.set_locked(1, True)
    desk.set_locked(1, False)
    assert desk.undo_stack.count == 2
    desk.undo()
    assert list(desk.mix.locked) == [False, True]
    desk.undo()
    assert list(desk.mix.locked) == [False, False]


def test_a_lock_does_not_stop_the_hand(bench: Bench) -> None:
    bench.desk.set_locked(0, True)
    bench.desk.turn(0, 2.5)
    assert bench.desk.mix.parameters[0] == 2.5


def test_locking_a_knob_that_is_held_splits_the_gesture_cleanly(bench: Bench) -> None:
    desk = bench.desk
    first = desk.mix
    desk.touch(0)
    desk.turn(0, 1.0)
    desk.set_locked(0, True)
    desk.turn(0, 2.0)
    desk.release(0)
    last = desk.mix
    assert desk.undo_stack.count == 3
    seen = []
    for _ in range(3):
        desk.undo()
        seen.append((float(desk.mix.parameters[0]), bool(desk.mix.locked[0])))
    assert seen == [(1.0, True), (1.0, False), (float(first.parameters[0]), False)]
    assert desk.mix is first
    for _ in range(3):
        desk.redo()
    assert desk.mix is last


def test_undo_and_redo_meet_where_a_held_knob_went_there_and_back_before_a_lock(
    bench: Bench,
) -> None:
    desk = bench.desk
    desk.turn(1, 0.5)
    here = float(desk.mix.parameters[0])
    desk.touch(0)
    desk.turn(0, 1e6)
    desk.turn(0, here)
    desk.set_locked(1, True)
    desk.release(0)
    seen = [desk.mix]
    while desk.undo_stack.can_undo:
        desk.undo()
        seen.append(desk.mix)
    for mix in seen[-2::-1]:
        desk.redo()
        assert desk.mix is mix


# -- scaling, starts, other mixes -------------------------------------------------------------


@pytest.mark.parametrize("scaled", [False, True])
def test_switching_scaling_moves_no_prediction_and_undo_is_exact(
    make_bench: Callable[..., Bench], scaled: bool
) -> None:
    bench = make_bench(neuron_on(load_shipped("cars"), 3, scaled=scaled))
    desk, readings = bench.desk, bench.readings
    desk.turn(0, 0.77)
    before, shown = desk.mix, readings.predictions.copy()
    in_data_units = readings.in_data_units.copy()
    desk.set_scaled(not scaled)
    np.testing.assert_allclose(readings.predictions, shown, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(readings.in_data_units, in_data_units, rtol=1e-12, atol=1e-12)
    assert desk.mix.run != before.run
    assert desk.mix.problem.scaled is not scaled
    desk.undo()
    assert desk.mix is before


def test_knobs_too_far_out_to_be_converted_stay_with_one_sentence(
    make_bench: Callable[..., Bench], table: Callable[..., Dataset]
) -> None:
    far_off = table([[1000.0], [1001.0], [1003.0]], [1.0, 2.0, 4.0])
    bench = make_bench(neuron_on(far_off, 3, scaled=False))
    desk = bench.desk
    desk.turn(0, 1.6e308)
    before = desk.mix
    with pytest.raises(MixError):
        desk.set_scaled(True)
    assert desk.mix is before


def test_back_to_the_start_is_bit_equal_and_has_the_first_scales(bench: Bench) -> None:
    desk = bench.desk
    first = desk.mix
    bench.automix.step(25)
    desk.turn(0, 1e9)
    desk.back_to_start()
    assert desk.mix.state.same(first.state)
    assert np.array_equal(desk.mix.scales, first.scales)
    assert desk.mix.run != first.run
    assert desk.mix.moves == 0


def test_back_to_the_start_keeps_a_scale_that_was_made_finer(bench: Bench) -> None:
    bench.desk.set_scale(0, 0.8125)
    bench.desk.back_to_start()
    assert bench.desk.mix.scales[0] in (0.8125, 1.625)


def test_a_new_start_is_another_one_and_the_same_for_the_same_seed(bench: Bench) -> None:
    desk = bench.desk
    first = desk.mix
    desk.set_locked(1, True)
    desk.new_start(11)
    other = desk.mix
    assert other.state.seed == 11
    assert other.parameters.tobytes() != first.parameters.tobytes()
    assert list(other.locked) == [False, True]
    desk.turn(0, 3.0)
    desk.back_to_start()
    assert desk.mix.state.same(other.state)
    desk.new_start(11)
    assert desk.mix.state.same(other.state)
    desk.new_start(7)
    assert desk.mix.state.same(first.state)


@pytest.mark.parametrize("seed", [-1, MOST_SEED + 1])
def test_a_seed_that_no_file_could_hold_is_refused(bench: Bench, seed: int) -> None:
    before = bench.desk.mix
    with pytest.raises(ValueError, match="seed"):
        bench.desk.new_start(seed)
    assert bench.desk.mix is before


def test_another_mix_is_one_step_of_undo(bench: Bench, table: Callable[..., Dataset]) -> None:
    desk = bench.desk
    rewired: list[int] = []
    desk.rewired.connect(lambda: rewired.append(1))
    before = desk.mix
    other = neuron_on(table([[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0]), 5)
    desk.put(other, "other data")
    desk.flush()
    assert desk.mix is other
    assert rewired == [1]
    desk.undo()
    desk.flush()
    assert desk.mix is before
    assert rewired == [1, 1]


def test_replacing_all_forgets_what_was_before(bench: Bench) -> None:
    desk = bench.desk
    drag(desk, 0, 1.0)
    other = neuron_on(load_shipped("cars"), 5)
    desk.replace_all(other, desk.setup)
    assert desk.undo_stack.count == 0
    assert desk.gestures == 0
    assert len(desk.history.points) == 1
    assert desk.history.earlier == []


def test_replacing_all_takes_the_hand_away(bench: Bench) -> None:
    desk = bench.desk
    desk.touch(0)
    desk.turn(0, 5.0)
    desk.replace_all(neuron_on(load_shipped("cars"), 5), desk.setup)
    assert not desk.touched
    assert desk.undo_stack.count == 0


# -- announcing -------------------------------------------------------------------------------


def test_a_mouse_at_a_thousand_events_a_second_gives_one_change_a_frame(bench: Bench) -> None:
    desk = bench.desk
    counted = announcements(desk)
    desk.touch(0)
    for frame in range(10):
        for event in range(16):
            desk.turn(0, frame + event / 16.0)
        bench.clock.tick(16.0)
        assert len(counted) == frame + 1
    bench.clock.tick(16.0)
    assert len(counted) == 10, "nothing has changed since"


def test_who_listens_finds_everything_agreeing(bench: Bench) -> None:
    desk, seen = bench.desk, []

    def look() -> None:
        seen.append((bench.readings.loss, desk.history.points[-1, 2], loss_of(desk.mix)))

    desk.changed.connect(look)
    drag(desk, 0, 1.0, 2.0)
    bench.automix.step(3)
    bench.clock.tick(16.0)
    assert len(seen) == 4
    for shown, drawn, true in seen:
        assert shown == drawn
        assert shown == pytest.approx(true, rel=1e-13)


# -- the curve --------------------------------------------------------------------------------


def test_each_gesture_makes_exactly_one_mark_with_the_true_loss(bench: Bench) -> None:
    desk = bench.desk
    for count, value in enumerate((1.0, -1.0, 7.3), start=1):
        drag(desk, 0, 0.1, 0.2, value)
        assert len(marks(desk)) == count
        assert len(desk.history.points) == count + 1
        assert marks(desk)[-1, 2] == pytest.approx(loss_of(desk.mix), rel=1e-13)
        assert marks(desk)[-1, 0] == desk.mix.moves == count


def test_undo_shows_the_curve_up_to_there_and_redo_the_rest(bench: Bench) -> None:
    desk = bench.desk
    for value in (1.0, 2.0, 3.0):
        drag(desk, 0, value)
    whole = desk.history.points.copy()
    desk.undo()
    desk.undo()
    assert np.array_equal(desk.history.points, whole[:2], equal_nan=True)
    desk.redo()
    desk.redo()
    assert np.array_equal(desk.history.points, whole, equal_nan=True)


def test_a_gesture_after_undo_replaces_what_lay_beyond(bench: Bench) -> None:
    desk = bench.desk
    for value in (1.0, 2.0, 3.0):
        drag(desk, 0, value)
    desk.undo()
    desk.undo()
    drag(desk, 1, -2.0)
    points = desk.history.points
    assert list(points[:, 0]) == [0.0, 1.0, 2.0]
    assert points[-1, 2] == pytest.approx(loss_of(desk.mix), rel=1e-13)
    assert not desk.undo_stack.can_redo


def test_looking_changes_nothing(bench: Bench) -> None:
    desk, readings = bench.desk, bench.readings
    drag(desk, 0, 1.0)
    bench.automix.step(5)
    mix, setup, points = desk.mix, desk.setup, desk.history.points.copy()
    for _ in range(3):
        for name in dir(type(readings)):
            if isinstance(getattr(type(readings), name), property):
                getattr(readings, name)
        readings.predict(mix.dataset.inputs)
        readings.predict_answer(mix.dataset.inputs)
        bench.guidance.show_arrows(not bench.guidance.arrows)
        bench.guidance.show_answer(not bench.guidance.answer)
        bench.selection.choose(1)
        bench.selection.hover(None)
        bench.clock.tick(16.0)
    assert desk.mix is mix
    assert desk.setup is setup
    assert np.array_equal(desk.history.points, points, equal_nan=True)
    assert len(desk.history.states) == 3
    assert desk.undo_stack.count == 2


def test_a_new_start_keeps_the_run_before_it_as_an_earlier_one(bench: Bench) -> None:
    desk = bench.desk
    drag(desk, 0, 1.0)
    first = desk.history.points.copy()
    desk.new_start(3)
    assert len(desk.history.points) == 1
    (earlier,) = desk.history.earlier
    assert np.array_equal(earlier.points, first, equal_nan=True)
    desk.undo()
    assert desk.history.earlier == []
    assert np.array_equal(desk.history.points, first, equal_nan=True)


# -- undo, many times -------------------------------------------------------------------------


def test_a_thousand_undos_and_redos_are_exact(bench: Bench) -> None:
    desk, rng = bench.desk, np.random.default_rng(1)
    mixes, losses = [desk.mix], [bench.readings.loss]
    for number in range(1000):
        if number % 5 == 4:
            bench.automix.step(int(rng.integers(1, 4)))
        elif number % 50 == 7:
            desk.new_start(number)
        else:
            desk.turn(int(rng.integers(2)), float(rng.normal()) * 3.0)
        mixes.append(desk.mix)
        losses.append(bench.readings.loss)
    for mix, loss in zip(mixes[-2::-1], losses[-2::-1], strict=True):
        desk.undo()
        assert desk.mix.state.same(mix.state)
        assert bench.readings.loss == loss == desk.history.points[-1, 2]
    assert not desk.undo_stack.can_undo
    for mix, loss in zip(mixes[1:], losses[1:], strict=True):
        desk.redo()
        assert desk.mix.state.same(mix.state)
        assert bench.readings.loss == loss == desk.history.points[-1, 2]


def test_undo_while_a_knob_is_held_takes_the_gesture_back(bench: Bench) -> None:
    desk = bench.desk
    before = desk.mix
    desk.touch(0)
    desk.turn(0, 3.0)
    desk.undo()
    assert desk.mix is before
    assert not desk.touched


# -- an optimizer that remembers ---------------------------------------------------------------


def with_adam(bench: Bench) -> Desk:
    """Some steps of Adam on the desk."""
    bench.desk.set_setup(replace(bench.desk.setup, optimizer="adam", batch_size=7))
    bench.automix.step(9)
    return bench.desk


def test_a_click_on_a_knob_neither_costs_the_memory_nor_makes_a_step_of_undo(bench: Bench) -> None:
    desk = with_adam(bench)
    before, count = desk.mix, desk.undo_stack.count
    drag(desk, 0)
    drag(desk, 0, 3.0, -2.0, float(before.parameters[0]))
    assert desk.mix is before
    assert desk.undo_stack.count == count


def test_a_turned_knob_is_forgotten_and_the_others_are_not(bench: Bench) -> None:
    desk = with_adam(bench)
    before = desk.mix.state
    drag(desk, 0, 3.0)
    assert not desk.mix.state.slots[:, 0].any()
    assert np.array_equal(desk.mix.state.slots[:, 1], before.slots[:, 1])
    assert desk.mix.state.count == before.count
    desk.undo()
    assert desk.mix.state.same(before)


def test_anything_arranged_in_the_middle_of_a_gesture_leaves_every_step_its_own(
    bench: Bench,
) -> None:
    desk = with_adam(bench)
    first = desk.mix
    desk.touch(0)
    desk.set_scale(0, 64.0)
    desk.turn(0, 3.0)
    desk.lock_all([1], True, "lock one")
    desk.turn(0, 4.0)
    desk.edit_data(without_point(desk.mix.dataset, 2), "remove a point")
    desk.turn(0, 5.0)
    desk.release(0)
    seen = []
    for _ in range(6):
        seen.append((float(desk.mix.parameters[0]), desk.mix.locked[1], desk.mix.dataset.rows))
        desk.undo()
    began = float(first.parameters[0])
    assert seen == [
        (5.0, True, 39), (4.0, True, 39), (4.0, True, 40), (3.0, True, 40), (3.0, False, 40),
        (began, False, 40),
    ]  # fmt: skip
    assert desk.mix is first
