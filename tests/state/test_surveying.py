"""Surveying: coarse first, then finer, within the frame, and never of what is not looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.state.survey import PATIENCE, Survey
from mixer_nn.state.surveying import usual_axes
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


def net(*hidden: int, name: str = "blobs") -> Mix:
    return network_on(make(name, seed=1), 7, hidden)


def look(bench: Bench) -> Survey:
    survey = bench.surveying.look()
    assert survey is not None
    return survey


def frames_until_still(bench: Bench, most: int = 400) -> int:
    """Frames until the clock stops, somebody looking in each."""
    bench.surveying.look()
    for count in range(most):
        if not bench.clock.is_running:
            return count
        bench.clock.tick(16.0)
        bench.surveying.look()
    raise AssertionError("the clock never stops")


def assert_true(bench: Bench, survey: Survey) -> None:
    """Some of its losses, to what float32 can tell, are those of the mix as it stands."""
    objective, subject = bench.desk.mix.problem.objective, survey.subject
    side = len(survey.losses)
    x, y = (subject.grid.steps(axis, side) for axis in (0, 1))
    for i, j in ((0, 0), (3, side - 1), (side // 2, side // 3)):
        vector = subject.plane.vectors(np.array([[x[i], y[j]]]))[0]
        assert survey.losses[i, j] == pytest.approx(objective.value(vector), rel=1e-4)


# -- bit by bit -------------------------------------------------------------------------------


def test_one_neurons_bowl_is_there_at_once_and_nothing_goes_on(bench: Bench) -> None:
    survey = look(bench)
    assert survey.losses.shape == (49, 49)
    assert not bench.surveying.is_busy
    assert_true(bench, survey)


def test_a_network_is_surveyed_coarse_then_fine_and_then_the_clock_stops(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(net(8, 8, 8, name="spiral"))
    sides: list[int] = []
    bench.surveying.changed.connect(lambda: sides.append(len(look(bench).losses)))
    first = bench.surveying.look()
    assert first is None or len(first.losses) < 49
    frames_until_still(bench)
    assert sides == sorted(sides)
    assert sides[-1] == 49
    assert not bench.surveying.is_busy
    assert_true(bench, look(bench))


def test_turning_the_two_knobs_themselves_evaluates_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(net(4))
    frames_until_still(bench)
    survey, before = look(bench), bench.surveying.evaluations
    for index in bench.surveying.axes:
        bench.desk.turn(index, 1.25)
        bench.clock.tick(16.0)
    assert look(bench) is survey
    assert bench.surveying.evaluations == before
    # Another knob changes the ground, and soon that is what is shown.
    bench.desk.turn(5, 1.25)
    frames_until_still(bench)
    assert look(bench) is not survey
    assert_true(bench, look(bench))


def test_one_linear_neuron_that_trains_is_surveyed_once(bench: Bench) -> None:
    look(bench)
    bench.automix.play()
    for _ in range(30):
        bench.clock.tick(16.0)
        look(bench)
    assert bench.desk.mix.state.step > 0
    assert bench.surveying.evaluations == 1


def test_while_all_else_moves_whole_pictures_come_one_after_another(make_bench: MakeBench) -> None:
    bench = make_bench(net(*(8,) * 6, name="spiral"), tempo=float("inf"))
    bench.surveying.look()
    bench.automix.play()
    seen: list[Survey] = []
    for frame in range(60):
        bench.clock.tick(16.0)
        survey = bench.surveying.look()
        if survey is not None and (not seen or survey is not seen[-1]):
            seen.append(survey)
        if frame == 30:
            assert seen
    grounds = {survey.subject.plane.origin.tobytes() for survey in seen}
    assert len(grounds) >= 3
    assert all(np.isfinite(survey.losses).all() for survey in seen)
    bench.automix.pause()
    frames_until_still(bench)
    assert len(look(bench).losses) == 49
    assert_true(bench, look(bench))


def test_a_survey_that_is_left_behind_ends_within_the_frames_it_is_given(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So little of a frame that the finest level is never reached.
    for share in ("SHARE_MS", "SHARE_OF_A_RUN_MS"):
        monkeypatch.setattr(f"mixer_nn.state.surveying.{share}", 0.0)
    bench = make_bench(net(4, 4))
    bench.surveying.look()
    changes = []
    for frame in range(120):
        bench.desk.turn(9, 0.01 * frame)
        before = bench.surveying.look()
        bench.clock.tick(16.0)
        if bench.surveying.look() is not before:
            changes.append(frame)
    assert len(changes) > 3
    assert min(np.diff(changes)) >= PATIENCE - 1


def test_looking_changes_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(net(4))
    bench.automix.step(5)
    mix, revision = bench.desk.mix, bench.desk.revision
    points = bench.desk.history.points.copy()
    frames_until_still(bench)
    bench.surveying.choose(0, 3)
    bench.surveying.show_run(True)
    frames_until_still(bench)
    assert bench.desk.mix is mix
    assert bench.desk.revision == revision
    assert np.array_equal(bench.desk.history.points, points, equal_nan=True)
    assert bench.desk.undo_stack.count == 1


def test_what_nobody_looks_at_is_left(make_bench: MakeBench) -> None:
    bench = make_bench(net(8, 8))
    bench.automix.step(5)
    bench.clock.tick(16.0)
    assert bench.surveying.evaluations == 0
    bench.surveying.look()
    bench.surveying.rest()
    bench.clock.tick(16.0)
    assert not bench.clock.is_running
    assert bench.surveying.evaluations == 1


# -- what is looked at ------------------------------------------------------------------------


def test_the_usual_axes_are_a_weight_and_its_neurons_bias() -> None:
    network = net(4, 3).network
    ids = [parameter.id for parameter in network.parameters]
    for chosen, x, y in (
        (None, "layer1.neuron1.weight1", "layer1.neuron1.bias"),
        ("layer2.neuron3.weight2", "layer2.neuron3.weight2", "layer2.neuron3.bias"),
        ("layer2.neuron2.bias", "layer2.neuron2.weight1", "layer2.neuron2.bias"),
    ):
        axes = usual_axes(network, None if chosen is None else ids.index(chosen))
        assert [ids[index] for index in axes] == [x, y]
    assert usual_axes(network, 10_000) == (0, 2)


def test_a_chosen_axis_selects_its_knob_and_stays(make_bench: MakeBench) -> None:
    bench = make_bench(net(4))
    bench.selection.choose(7)
    assert bench.surveying.axes == (7, 8)
    bench.surveying.choose(0, 3)
    assert bench.selection.chosen == 3
    assert bench.surveying.axes == (3, 8)
    bench.selection.choose(0)
    assert bench.surveying.axes == (3, 8)
    # The same knob cannot lie along both: they change places.
    bench.surveying.choose(1, 3)
    assert bench.surveying.axes == (8, 3)
    # Of another network it is the selected knob again, as long as that is there.
    bench.desk.replace_all(net(2), bench.desk.setup)
    bench.selection.choose(4)
    assert bench.surveying.axes == (4, 5)


def test_the_runs_plane_is_there_from_three_points_on(make_bench: MakeBench) -> None:
    bench = make_bench(net(4))
    bench.surveying.show_run(True)
    bench.automix.step(1)
    assert not bench.surveying.has_run
    frames_until_still(bench)
    assert look(bench).subject.plane.indices is not None
    for _ in range(20):
        bench.automix.step(1)
    frames_until_still(bench)
    survey = look(bench)
    assert bench.surveying.is_of_run
    shares = survey.subject.plane.shares
    assert shares is not None
    assert 0.5 < shares[0] <= sum(shares) <= 1.0 + 1e-9
    path = bench.surveying.path(survey.subject.plane)
    assert len(path) == 22
    np.testing.assert_allclose(path[0], 0.0, atol=1e-9)
    for axis, span in enumerate((survey.subject.grid.x, survey.subject.grid.y)):
        assert span[0] < path[:, axis].min()
        assert path[:, axis].max() < span[1]
    # Where the mix stands the plane's loss is the mix's.
    here = bench.surveying.loss_at(survey.subject.plane, *path[-1])
    assert here == pytest.approx(bench.readings.loss, rel=1e-9)
    assert_true(bench, survey)


def long_table() -> Dataset:
    rng = np.random.default_rng(0)
    x, noise = rng.normal(size=(5000, 1)), rng.normal(size=(5000, 1))
    return Dataset("long", x, 2.0 * x + noise, (Column("x"),), (Column("y"),))


def test_a_bowl_is_of_all_rows_however_many(make_bench: MakeBench) -> None:
    bench = make_bench(network_on(long_table(), 1, ()))
    assert not bench.surveying.is_sampled
    expected = bench.desk.mix.problem.objective.value(np.array([1.0, 2.0]))
    plane = look(bench).subject.plane
    assert bench.surveying.loss_at(plane, 1.0, 2.0) == pytest.approx(expected, rel=1e-9)


def test_of_a_long_table_a_network_is_surveyed_over_a_sample(make_bench: MakeBench) -> None:
    bench = make_bench(network_on(long_table(), 1, (3,)))
    assert bench.surveying.is_sampled
    frames_until_still(bench)
    whole, place = bench.desk.mix.problem.objective, np.array([[1.0, 2.0]])
    vector = look(bench).subject.plane.vectors(place)[0]
    found = bench.surveying.loss_at(look(bench).subject.plane, 1.0, 2.0)
    assert found == whole.sample(2000).value(vector) != whole.value(vector)


# -- how far it reaches -----------------------------------------------------------------------


def test_it_reaches_as_far_as_the_knobs_scale_and_further_with_the_run(bench: Bench) -> None:
    scales = bench.desk.mix.scales
    assert look(bench).subject.grid.x == (-scales[0], scales[0])
    before = look(bench).subject.grid
    bench.desk.turn(0, 1.05 * scales[0])
    grown = look(bench).subject.grid
    assert grown.x[1] == pytest.approx(1.25 * before.x[1])
    assert grown.y == before.y
    # Back again: what the run has been through is still on it, and the range is still.
    bench.desk.turn(0, 0.0)
    assert look(bench).subject.grid == grown
    bench.desk.back_to_start()
    assert look(bench).subject.grid == before


def test_while_it_is_held_it_reaches_no_further(bench: Bench) -> None:
    grid = look(bench).subject.grid
    bench.surveying.hold(True)
    bench.desk.turn(0, 3.0 * grid.x[1])
    assert look(bench).subject.grid == grid
    bench.surveying.hold(False)
    assert look(bench).subject.grid.x[1] > 3.0 * grid.x[1]


def test_knobs_that_are_no_numbers_have_no_landscape_and_huge_ones_do_no_harm(
    bench: Bench,
) -> None:
    mix = bench.desk.mix
    for value in (1e200, 1.7e308):
        bench.desk.put(
            replace(mix, run=bench.desk.history.new_run()).with_parameters(np.array([value, 1.0])),
            "far out",
        )
        assert look(bench).losses.shape == (49, 49)
    state = replace(mix.state, parameters=np.array([np.nan, 1.0]))
    bench.desk.put(replace(mix, state=state, run=bench.desk.history.new_run()), "nowhere")
    assert bench.surveying.look() is None
