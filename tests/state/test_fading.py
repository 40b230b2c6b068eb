"""The crossfader: the way between two mixes, its losses, and the hand that goes along it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.state.crossing import POINTS, Crossing
from mixer_nn.state.readings import SHOWN_ROWS
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.network_builder import add_layer

MakeBench = Callable[..., Bench]


def moons(*hidden: int, seed: int = 3) -> Mix:
    return network_on(make("moons", seed=1, points=80), seed, hidden)


def steps(bench: Bench, count: int) -> None:
    bench.automix.step(count)
    bench.clock.tick(16.0)


def frames_until_still(bench: Bench, most: int = 400) -> int:
    for count in range(most):
        bench.fading.look()
        if not bench.fading.is_busy:
            return count
        bench.clock.tick(16.0)
    raise AssertionError("the way is never worked out")


def crossing(bench: Bench) -> Crossing:
    """The whole way."""
    frames_until_still(bench)
    found = bench.fading.look()
    assert found is not None
    assert found.is_whole
    return found


def fade(bench: Bench, *shares: float) -> None:
    """A whole gesture, a frame after each move."""
    assert bench.fading.take()
    for share in shares:
        bench.fading.move(share)
        bench.clock.tick(16.0)
    bench.fading.release()
    bench.clock.tick(16.0)


@pytest.fixture
def two(make_bench: MakeBench) -> Bench:
    """Two trainings of one network from different starts, on cues A and B and on both ends."""
    bench = make_bench(moons(4, 2), optimizer="adam", learning_rate=0.05)
    steps(bench, 150)
    bench.cues.store(0)
    bench.desk.new_start(11)
    steps(bench, 150)
    bench.cues.store(1)
    bench.fading.choose(0, "A")
    bench.fading.choose(1, "B")
    return bench


def parameters_of(bench: Bench, slot: int) -> FloatArray:
    cue = bench.cues.content(slot)
    assert cue is not None
    return cue.mix.parameters


def loss_of(bench: Bench, slot: int) -> float:
    cue = bench.cues.content(slot)
    assert cue is not None
    return cue.loss


# -- the ends -----------------------------------------------------------------------------------


def test_at_first_it_goes_from_the_start_to_where_the_mix_stands(bench: Bench) -> None:
    steps(bench, 10)
    assert bench.fading.ends == ("start", "now")
    assert (bench.fading.share, bench.fading.place) == (1.0, 1.0)
    way = crossing(bench)
    mix = bench.desk.mix
    objective = mix.problem.objective
    assert way.losses[0] == pytest.approx(objective.value(mix.initial), rel=1e-12)
    assert way.losses[-1] == pytest.approx(bench.readings.loss, rel=1e-12)


def test_the_fader_goes_along_to_the_end_where_the_mix_is(two: Bench) -> None:
    fading = two.fading
    seen = [fading.place]
    two.cues.jump(0)
    assert fading.share == 0.0
    seen.append(fading.place)
    two.desk.turn(0, 1.25)
    assert fading.share == 0.0  # it stays where it was
    assert [*seen, fading.place] == [1.0, 0.0, None]


def test_best_is_the_lowest_of_this_run(make_bench: MakeBench) -> None:
    bench = make_bench(moons(3), learning_rate=0.3)
    steps(bench, 20)
    best = bench.desk.mix.parameters
    bench.desk.turn(0, 3.9)
    bench.clock.tick(16.0)
    assert bench.readings.loss > bench.desk.history.best
    bench.fading.choose(0, "best")
    assert bench.fading.take()
    bench.fading.move(0.0)
    np.testing.assert_array_equal(bench.desk.mix.parameters, best)
    bench.fading.release()


def test_there_is_no_end_of_another_name(bench: Bench) -> None:
    with pytest.raises(ValueError, match="nothing called J"):
        bench.fading.choose(0, "J")
    assert bench.fading.ends == ("start", "now")


@pytest.mark.parametrize("spoil", ["empty", "another network"])
def test_an_end_that_does_not_fit_is_refused_in_one_sentence(two: Bench, spoil: str) -> None:
    if spoil == "empty":
        two.cues.clear(0)
    else:
        add_layer(two.desk)
    two.clock.tick(16.0)
    said: list[str] = []
    two.fading.refused.connect(said.append)
    before = two.desk.mix
    assert not two.fading.take()
    two.fading.move(0.5)
    two.fading.release()
    assert two.desk.mix is before
    assert two.fading.look() is None
    assert len(said) == 1
    assert said[0] == two.fading.problem
    assert said[0].startswith("Cue A ")
    assert said[0].endswith(".")
    assert ("is empty" in said[0]) == (spoil == "empty")


# -- the losses along the way -------------------------------------------------------------------


def test_of_one_linear_neuron_it_is_a_parabola(bench: Bench) -> None:
    steps(bench, 3)
    bench.desk.turn(1, -3.0)
    mix = bench.desk.mix
    x, y = mix.dataset.inputs[:, 0], mix.dataset.targets[:, 0]
    (w_a, b_a), (w_b, b_b) = mix.initial, mix.parameters
    of_a, of_b = w_a * x + b_a - y, w_b * x + b_b - y
    way = crossing(bench)
    s = way.shares
    assert len(s) == POINTS
    squares = [np.mean(of_a**2), np.mean(of_a * of_b), np.mean(of_b**2)]
    expected = (1 - s) ** 2 * squares[0] + 2 * s * (1 - s) * squares[1] + s**2 * squares[2]
    np.testing.assert_allclose(way.losses, expected, rtol=1e-10)
    assert way.barrier == 0.0  # it hangs below the line between its ends


def test_its_ends_have_the_losses_of_the_cues(two: Bench) -> None:
    way = crossing(two)
    assert way.losses[0] == pytest.approx(loss_of(two, 0), rel=1e-12)
    assert way.losses[-1] == pytest.approx(loss_of(two, 1), rel=1e-12)
    assert way.plain is None
    middle = (parameters_of(two, 0) + parameters_of(two, 1)) / 2.0
    loss = two.desk.mix.problem.objective.value(middle)
    assert way.loss_at(0.5) == pytest.approx(loss, rel=1e-9)
    line = (1 - way.shares) * way.losses[0] + way.shares * way.losses[-1]
    assert way.barrier == pytest.approx(float((way.losses - line).max()))
    assert way.barrier > 0.1


def test_mixed_outputs_are_worked_out_from_both_networks(two: Bench) -> None:
    plain = crossing(two)
    two.fading.set_outputs(True)
    way = crossing(two)
    problem = two.desk.mix.problem
    logits = [
        problem.network.predict(parameters_of(two, slot), problem.objective.inputs)[:, 0]
        for slot in (0, 1)
    ]
    classes = problem.objective.targets[:, 0]
    for at in (0, 17, 50, 100):
        share = way.shares[at]
        mixed = (1 - share) * logits[0] + share * logits[1]
        expected = np.mean(np.logaddexp(0.0, mixed) - classes * mixed)
        assert way.losses[at] == pytest.approx(expected, rel=1e-9)
    assert way.plain is not None
    np.testing.assert_allclose(way.plain[1], plain.losses, rtol=1e-9)
    assert way.barrier <= 1e-9  # cross-entropy is convex in the logits


def test_units_in_order_take_the_barrier_to_a_permuted_copy_away(make_bench: MakeBench) -> None:
    bench = make_bench(moons(4, 3), optimizer="adam", learning_rate=0.05)
    steps(bench, 200)
    bench.cues.store(0)
    for layer, neuron in ((1, 1), (1, 3), (1, 2), (2, 1), (2, 2)):
        bench.desk.swap(layer, neuron)
    bench.cues.store(1)
    bench.fading.choose(0, "A")
    bench.fading.choose(1, "B")
    before = crossing(bench)
    assert before.barrier > 0.1
    bench.fading.set_align(True)
    after = crossing(bench)
    assert after.barrier == pytest.approx(0.0, abs=1e-9)
    assert after.plain_barrier == pytest.approx(before.barrier)


def test_units_in_order_lower_the_barrier_of_two_trainings_or_keep_it(two: Bench) -> None:
    before = crossing(two).barrier
    two.fading.set_align(True)
    assert crossing(two).barrier < before


def test_the_mix_itself_is_not_put_in_another_order(two: Bench) -> None:
    two.fading.choose(1, "now")
    two.fading.set_align(True)
    here = two.desk.mix.parameters
    assert two.fading.take()
    two.fading.move(0.5)
    two.fading.move(1.0)
    np.testing.assert_array_equal(two.desk.mix.parameters, here)
    two.fading.move(0.0)
    at_a = two.desk.mix.parameters
    two.fading.release()
    # The units of A are in another order, and do what they did.
    assert two.readings.loss == pytest.approx(loss_of(two, 0), rel=1e-9)
    assert (at_a != parameters_of(two, 0)).any()


def test_one_neuron_has_no_units_to_put_in_order(bench: Bench) -> None:
    steps(bench, 5)
    plain = crossing(bench)
    assert not bench.fading.can_align
    bench.fading.set_align(True)
    np.testing.assert_array_equal(crossing(bench).losses, plain.losses)


# -- what looking costs -------------------------------------------------------------------------


def test_the_way_is_worked_out_once_for_each_pair_of_ends(two: Bench) -> None:
    fading = two.fading
    assert fading.evaluations == 0  # nobody has looked
    first = crossing(two)
    for _ in range(5):
        two.clock.tick(16.0)
        assert fading.look() is first
    two.desk.set_scale(0, 8.0)
    two.desk.turn(0, 0.5)  # neither end is where the mix stands
    two.clock.tick(16.0)
    assert fading.look() is first
    assert fading.evaluations == 1
    fading.set_align(True)
    crossing(two)
    fading.choose(0, "start")
    crossing(two)
    assert fading.evaluations == 3


def test_moving_the_fader_works_nothing_out_anew(two: Bench) -> None:
    two.fading.choose(1, "now")
    first = crossing(two)
    fade(two, 0.7, 0.3)
    assert two.fading.look() is first
    assert two.fading.ends == ("A", "now")
    assert (two.fading.place, two.fading.share) == (0.3, 0.3)


def test_a_hard_way_is_worked_out_over_several_frames_an_outline_first(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make_bench(network_on(make("spiral", seed=1, points=400), 1, (8,) * 4))
    bench.desk.turn(0, 1.0)
    monkeypatch.setattr("mixer_nn.state.crossings.SHARE_MS", 0.0)
    outline = bench.fading.look()
    assert outline is not None
    assert not outline.is_whole
    assert len(outline.shares) >= POINTS // 4
    assert (outline.shares[0], outline.shares[-1]) == (0.0, 1.0)
    assert frames_until_still(bench) > 1
    whole = bench.fading.look()
    assert whole is not None
    assert whole.is_whole
    np.testing.assert_allclose(
        np.interp(outline.shares, whole.shares, whole.losses), outline.losses
    )


def test_who_looks_away_leaves_what_is_not_finished(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make_bench(network_on(make("spiral", seed=1, points=400), 1, (8,) * 4))
    bench.desk.turn(0, 1.0)
    monkeypatch.setattr("mixer_nn.state.crossings.SHARE_MS", 0.0)
    bench.fading.look()
    bench.fading.rest()
    bench.clock.tick(16.0)
    bench.clock.tick(16.0)
    assert not bench.fading.is_busy
    assert not bench.clock.is_running
    monkeypatch.undo()
    assert crossing(bench).is_whole


def test_under_a_run_the_way_to_the_mix_follows_every_few_frames(make_bench: MakeBench) -> None:
    bench = make_bench(moons(4), learning_rate=0.1, tempo=60.0)
    bench.automix.play()
    for _ in range(40):
        bench.clock.tick(17.0)
        bench.fading.look()
    assert 3 <= bench.fading.evaluations <= 8
    bench.automix.pause()
    assert crossing(bench).losses[-1] == pytest.approx(bench.readings.loss, rel=1e-12)


def test_of_a_long_table_it_is_over_a_sample_and_says_so(make_bench: MakeBench) -> None:
    bench = make_bench(network_on(make("moons", seed=1, points=5000), 1, (3,)))
    bench.desk.turn(0, 1.0)
    way = crossing(bench)
    assert (way.rows, way.rows_of) == (SHOWN_ROWS, 5000)


# -- the hand on the fader ----------------------------------------------------------------------


def test_the_knobs_go_along_on_the_straight_line_as_one_step_of_undo(two: Bench) -> None:
    before = two.desk.mix
    undos = two.desk.undo_stack.count
    a, b = parameters_of(two, 0), parameters_of(two, 1)
    assert two.fading.take()
    for share in (0.9, 0.5, 0.25):
        two.fading.move(share)
        two.clock.tick(16.0)
        np.testing.assert_array_equal(two.desk.mix.parameters, (1 - share) * a + share * b)
        objective = two.desk.mix.problem.objective
        assert two.readings.loss == objective.value(two.desk.mix.parameters)
    two.fading.release()
    assert two.desk.undo_stack.count == undos + 1
    assert two.desk.undo_stack.undo_text == "crossfade A–B"
    after = two.desk.mix
    two.desk.undo()
    assert two.desk.mix.state.same(before.state)
    assert two.desk.mix.parameters.tobytes() == before.parameters.tobytes()
    two.desk.redo()
    assert two.desk.mix.state.same(after.state)
    assert two.fading.place == 0.25


def test_the_ends_are_the_cues_bit_for_bit(two: Bench) -> None:
    fade(two, 0.5, 0.0)
    assert two.desk.mix.parameters.tobytes() == parameters_of(two, 0).tobytes()
    fade(two, 0.5, 7.0)  # beyond the end there is nothing
    assert two.desk.mix.parameters.tobytes() == parameters_of(two, 1).tobytes()
    assert two.fading.share == 1.0


def test_there_and_back_again_is_no_step_of_undo(two: Bench) -> None:
    before, undos = two.desk.mix, two.desk.undo_stack.count
    fade(two, 0.4, 0.8, 1.0)
    assert two.desk.undo_stack.count == undos
    assert two.desk.mix.state is before.state
    fade(two)
    assert two.desk.undo_stack.count == undos


def test_now_is_the_mix_when_the_fader_was_taken(bench: Bench) -> None:
    steps(bench, 10)
    there = bench.desk.mix.parameters
    fade(bench, 0.5)
    assert bench.fading.share == 0.5
    fade(bench, 0.0)
    np.testing.assert_array_equal(bench.desk.mix.parameters, bench.desk.mix.initial)
    fade(bench, 1.0)
    np.testing.assert_array_equal(bench.desk.mix.parameters, there)
    fade(bench, 0.5)
    bench.desk.turn(0, 2.0)  # another hand: from here on this is where it leads
    assert bench.fading.share == 1.0
    fade(bench, 0.5, 1.0)
    assert bench.desk.mix.parameters[0] == 2.0


def test_auto_mix_waits_while_the_fader_is_held(two: Bench) -> None:
    two.automix.play()
    for _ in range(10):
        two.clock.tick(50.0)
    assert two.desk.mix.state.step > 150
    assert two.fading.take()
    two.fading.move(0.5)
    held = two.desk.mix
    for _ in range(10):
        two.clock.tick(50.0)
    assert two.desk.mix.state is held.state
    two.fading.release()
    np.testing.assert_array_equal(two.desk.mix.parameters, held.parameters)
    for _ in range(10):
        two.clock.tick(50.0)
    assert two.automix.playing
    assert two.desk.mix.state.step > held.state.step


def test_undo_takes_the_hand_off_the_fader(two: Bench) -> None:
    assert two.fading.take()
    two.fading.move(0.5)
    two.desk.undo()
    assert not two.fading.is_held
    before = two.desk.mix
    two.fading.move(0.25)
    two.fading.release()
    assert two.desk.mix is before
    assert not two.desk.touched


def test_from_a_look_back_the_fader_begins_a_branch(two: Bench) -> None:
    head = two.desk.mix
    two.desk.visit(100)
    two.clock.tick(16.0)
    seen = two.desk.mix
    two.fading.choose(1, "now")
    fade(two, 0.5)
    assert not two.desk.is_visiting
    expected = 0.5 * parameters_of(two, 0) + 0.5 * seen.parameters
    np.testing.assert_array_equal(two.desk.mix.parameters, expected)
    assert two.desk.mix.run != head.run
    two.desk.undo()
    assert two.desk.mix.state.same(seen.state)
    two.desk.undo()
    assert two.desk.mix.state.same(head.state)


def test_looking_back_fading_nowhere_leaves_the_look_back_alone(two: Bench) -> None:
    two.desk.visit(100)
    two.clock.tick(16.0)
    undos = two.desk.undo_stack.count
    fade(two)
    assert two.desk.is_visiting
    assert two.desk.undo_stack.count == undos


# -- mixed outputs ------------------------------------------------------------------------------


def test_with_outputs_the_fit_shows_both_networks_and_no_knob_turns(two: Bench) -> None:
    two.fading.set_outputs(True)
    before, undos = two.desk.mix, two.desk.undo_stack.count
    fade(two, 0.25)
    assert two.desk.mix is before
    assert two.desk.undo_stack.count == undos
    problem, readings = before.problem, two.readings
    a, b = (parameters_of(two, slot) for slot in (0, 1))
    inputs = before.dataset.inputs
    expected = 0.75 * problem.predict(a, inputs) + 0.25 * problem.predict(b, inputs)
    np.testing.assert_allclose(readings.predictions, expected, rtol=1e-12)
    np.testing.assert_allclose(readings.predict(inputs), expected, rtol=1e-12)
    drawn = 0.75 * problem.predict(a, readings.grid.inputs)[:, 0]
    drawn += 0.25 * problem.predict(b, readings.grid.inputs)[:, 0]
    thumbnails = [units.copy() for units in readings.field()]
    np.testing.assert_allclose(readings.field_outputs()[0], drawn, rtol=1e-4, atol=1e-4)
    # Thumbnails, meters and the loss go on with the mix.
    for shown, was in zip(readings.field(), thumbnails, strict=True):
        np.testing.assert_array_equal(shown, was)
    assert readings.loss == problem.objective.value(before.parameters)
    way = crossing(two)
    assert readings.loss + readings.heard_change == pytest.approx(way.loss_at(0.25), rel=1e-9)


def test_at_the_mix_itself_there_is_nothing_mixed(two: Bench) -> None:
    two.fading.choose(1, "now")
    two.fading.set_outputs(True)
    plain = [two.listening.is_plain]
    fade(two, 0.5)
    plain.append(two.listening.is_plain)
    two.fading.set_outputs(False)
    assert [*plain, two.listening.is_plain] == [True, False, True]


def test_hearing_all_again_ends_the_mixing(two: Bench) -> None:
    two.fading.set_outputs(True)
    fade(two, 0.5)
    two.listening.hear_all()
    assert not two.fading.outputs
    assert two.listening.is_plain
    mix = two.desk.mix
    expected = mix.problem.predict(mix.parameters, mix.dataset.inputs)
    np.testing.assert_array_equal(two.readings.predictions, expected)


def test_in_another_network_nothing_is_mixed_any_more(two: Bench) -> None:
    two.fading.set_outputs(True)
    fade(two, 0.5)
    add_layer(two.desk)
    two.clock.tick(16.0)
    mix = two.desk.mix
    expected = mix.problem.predict(mix.parameters, mix.dataset.inputs)
    np.testing.assert_array_equal(two.readings.predictions, expected)
    assert two.readings.heard_change == 0.0


def test_nothing_of_it_touches_the_mix_by_looking(two: Bench) -> None:
    before, setup = two.desk.mix, two.desk.setup
    crossing(two)
    two.fading.set_align(True)
    crossing(two)
    two.fading.set_outputs(True)
    crossing(two)
    assert two.desk.mix is before
    assert two.desk.setup == replace(setup)


def test_under_a_hand_a_hard_way_follows_every_few_frames_and_then_exactly(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(network_on(make("spiral", seed=1, points=400), 1, (8,) * 4))
    crossing(bench)
    before = bench.fading.evaluations
    bench.desk.touch(0)
    for turn in range(20):
        bench.desk.turn(0, 0.1 * turn)
        bench.clock.tick(16.0)
        bench.fading.look()
    assert 4 <= bench.fading.evaluations - before <= 6
    bench.desk.release(0)
    assert crossing(bench).losses[-1] == pytest.approx(bench.readings.loss, rel=1e-9)


def test_under_a_hand_an_easy_way_follows_at_once(bench: Bench) -> None:
    bench.desk.touch(0)
    for turn in range(5):
        bench.desk.turn(0, 0.1 * turn)
        bench.clock.tick(16.0)
        assert crossing(bench).losses[-1] == pytest.approx(bench.readings.loss, rel=1e-9)
