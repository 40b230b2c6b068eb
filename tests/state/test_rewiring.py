"""The desk and the network: layers, neurons, losses and rows changed under the knobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.network import Network
from mixer_nn.core.rewire import with_activation, with_hidden_sizes
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


def spirals() -> Mix:
    """Two inputs, four and three neurons, one output."""
    return network_on(make("spiral", seed=3, points=60), 3, (4, 3))


@pytest.fixture
def trained(make_bench: MakeBench) -> Bench:
    """A network some steps of Adam on, one knob locked."""
    bench = make_bench(spirals())
    bench.desk.set_setup(replace(bench.desk.setup, optimizer="adam", batch_size=7))
    bench.desk.set_locked(5, True)
    bench.automix.step(11)
    return bench


def named(mix: Mix) -> dict[str, tuple[float, bool]]:
    """Value and lock of every parameter, by its name."""
    return {
        parameter.id: (float(mix.parameters[parameter.index]), bool(mix.locked[parameter.index]))
        for parameter in mix.network.parameters
    }


def resized(bench: Bench, *hidden: int) -> None:
    """What the network chooser does for another number of neurons."""
    problem = bench.desk.mix.problem
    network = with_hidden_sizes(problem.network, hidden, "relu")
    bench.desk.rewire(replace(problem, network=network), "resize")


def deep(bench: Bench) -> None:
    resized(bench, 4, 3, 5)


def shallow(bench: Bench) -> None:
    resized(bench, 4)


def straight(bench: Bench) -> None:
    resized(bench)


def wider(bench: Bench) -> None:
    resized(bench, 6, 3)


def narrower(bench: Bench) -> None:
    resized(bench, 2, 3)


def feature(bench: Bench) -> None:
    problem = bench.desk.mix.problem
    network = Network((4, *problem.network.sizes[1:]), problem.network.activations)
    features = ("x1^2", "x1*x2")
    bench.desk.rewire(replace(problem, network=network, features=features), "add features")


def activation(bench: Bench) -> None:
    problem = bench.desk.mix.problem
    network = with_activation(problem.network, 1, "relu")
    bench.desk.set_problem(replace(problem, network=network), "another activation")


def loss(bench: Bench) -> None:
    bench.desk.set_problem(replace(bench.desk.mix.problem, loss_name="hinge"), "another loss")


def swap(bench: Bench) -> None:
    bench.desk.swap(1, 2)


def lock_all(bench: Bench) -> None:
    bench.desk.lock_all(range(12), True, "lock layer 1")


def more_points(bench: Bench) -> None:
    bench.desk.edit_data(with_point(bench.desk.mix.dataset, (0.5, -0.5), 1.0), "add a point")


REWIRED = [deep, shallow, straight, wider, narrower, feature]
CHANGES = [*REWIRED, activation, loss, swap, lock_all, more_points]


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_one_step_of_undo_and_back_and_forth_is_exact(
    trained: Bench, change: Callable[[Bench], None]
) -> None:
    desk = trained.desk
    before, count, shown = desk.mix, desk.undo_stack.count, trained.readings.loss
    change(trained)
    after = desk.mix
    assert after is not before
    assert desk.undo_stack.count == count + 1
    for _ in range(2):
        desk.undo()
        assert desk.mix is before
        assert trained.readings.loss == shown == desk.history.points[-1, 2]
        desk.redo()
        assert desk.mix is after
    trained.automix.step(3)
    assert np.isfinite(desk.mix.parameters).all()
    desk.undo()
    assert desk.mix is after


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_ends_with_readings_that_a_fresh_evaluation_agrees_with(
    trained: Bench, change: Callable[[Bench], None]
) -> None:
    change(trained)
    mix, readings = trained.desk.mix, trained.readings
    fresh = replace(mix.problem)
    assert readings.loss == fresh.objective.value(mix.parameters)
    expected = fresh.objective.gradient(mix.parameters)
    np.testing.assert_allclose(readings.gradient, expected, rtol=1e-9, atol=1e-14)
    assert len(readings.levels) == len(mix.network.sizes) - 1
    assert [level.mean.size for level in readings.levels] == list(mix.network.sizes[1:])
    assert mix.state.slots.shape == (2, mix.network.parameter_count)
    assert mix.scales.size == mix.locked.size == mix.network.parameter_count
    assert (mix.scales >= np.abs(mix.parameters)).all()


@pytest.mark.parametrize("change", REWIRED)
def test_what_survives_keeps_value_and_lock_and_the_rest_is_new(
    trained: Bench, change: Callable[[Bench], None]
) -> None:
    before, run = named(trained.desk.mix), trained.desk.mix.run
    hidden = len(trained.desk.mix.network.sizes) - 2
    change(trained)
    mix = trained.desk.mix
    after = named(mix)
    last = len(mix.network.sizes) - 1
    # Only between the last hidden layer and the output may a name mean another place.
    same_depth = last - 1 == hidden
    common = [
        name
        for name in before.keys() & after.keys()
        if same_depth or int(name[5]) <= min(hidden, last - 1)
    ]
    assert len(common) >= 2 or change is straight
    assert all(after[name] == before[name] for name in common)
    assert not any(after[name][1] for name in after.keys() - before.keys())
    assert mix.run != run
    assert (mix.moves, mix.state.count, mix.state.place) == (0, 0, 0)
    assert not mix.state.slots.any()


def test_one_neuron_more_and_one_less_is_the_network_of_before(trained: Bench) -> None:
    before = trained.desk.mix
    resized(trained, 5, 3)
    assert trained.desk.mix.network.sizes == (2, 5, 3, 1)
    resized(trained, 4, 3)
    assert trained.desk.mix.parameters.tobytes() == before.parameters.tobytes()
    assert trained.desk.mix.initial.tobytes() == before.initial.tobytes()
    assert trained.desk.mix.locked.tobytes() == before.locked.tobytes()


def test_another_loss_keeps_the_knobs_and_begins_a_curve_of_its_own(trained: Bench) -> None:
    desk = trained.desk
    before, drawn = desk.mix, desk.history.points.copy()
    loss(trained)
    assert desk.mix.state is before.state
    assert (desk.mix.run, desk.mix.moves) != (before.run, before.moves)
    assert desk.history.points.shape[0] == 1
    margin = 1.0 - np.where(before.dataset.targets > 0.5, 1.0, -1.0) * trained.readings.predictions
    assert trained.readings.loss == pytest.approx(np.maximum(margin, 0.0).mean(), rel=1e-12)
    desk.undo()
    assert np.array_equal(desk.history.points, drawn, equal_nan=True)


# -- rows edited --------------------------------------------------------------------------------


def test_points_edited_while_it_plays_leave_the_run_going_with_a_valid_place(
    make_bench: MakeBench, table: Callable[..., Dataset]
) -> None:
    data = table(np.linspace(-1, 1, 9).reshape(-1, 1), np.linspace(0, 2, 9))
    bench = make_bench(network_on(data, 1, (3,)), batch_size=2, tempo=100.0)
    desk = bench.desk
    bench.automix.play()
    while desk.mix.state.place < 8:
        bench.automix.slice(10.0, 1.0)
    desk.flush()
    run, mixes = desk.mix.run, [desk.mix]
    edits: list[Callable[[Dataset], Dataset]] = [
        lambda rows: without_point(rows, 0),
        lambda rows: without_point(rows, 0),
        lambda rows: without_point(rows, 3),
        lambda rows: with_point(rows, (0.25,), 7.0),
        lambda rows: moved_point(rows, 1, (0.5,), -3.0),
    ]
    for edit in edits:
        desk.edit_data(edit(desk.mix.dataset), "edit")
        mixes.append(desk.mix)
        rows = desk.mix.problem.objective.rows
        assert bench.automix.playing
        assert desk.mix.run == run
        assert 0 <= desk.mix.state.place < rows
        step = desk.mix.state.step
        for _ in range(7):
            bench.clock.tick(16.0)
            assert 0 <= desk.mix.state.place < rows
            assert desk.history.points[-1, 2] == bench.readings.loss
        assert desk.mix.state.step > step
    bench.automix.pause()
    for mix in mixes[:0:-1]:
        desk.undo()
        assert desk.mix.state.same(mix.state)
        assert desk.mix.dataset is mix.dataset
        desk.undo()
    assert desk.mix.dataset is data


def test_after_an_edit_the_training_goes_on_as_the_core_would(
    make_bench: MakeBench, table: Callable[..., Dataset]
) -> None:
    from mixer_nn.core.segment import Segment

    data = table(np.linspace(-1, 1, 9).reshape(-1, 1), np.linspace(0, 2, 9))
    bench = make_bench(network_on(data, 1, (3,)), batch_size=2, optimizer="gradient-descent")
    bench.automix.step(4)
    bench.desk.edit_data(with_point(data, (0.25,), 7.0), "add a point")
    mix = bench.desk.mix
    plain = Segment(replace(mix.problem).objective, bench.desk.settings, mix.state)
    plain.advance(steps=12)
    bench.automix.step(12)
    assert bench.desk.mix.state.same(plain.state)


# -- neurons swapped, knobs locked together -------------------------------------------------------


@pytest.mark.parametrize(("layer", "neuron"), [(1, 1), (1, 3), (2, 2)])
def test_swapping_neighbours_moves_no_prediction_and_twice_is_nothing(
    trained: Bench, layer: int, neuron: int
) -> None:
    desk, readings = trained.desk, trained.readings
    before, shown, value = desk.mix, readings.predictions.copy(), readings.loss
    drives = readings.levels[layer - 1].mean.copy()
    desk.swap(layer, neuron)
    assert desk.mix.parameters.tobytes() != before.parameters.tobytes()
    np.testing.assert_allclose(readings.predictions, shown, rtol=1e-12, atol=1e-14)
    assert readings.loss == pytest.approx(value, rel=1e-13)
    assert desk.mix.run == before.run
    order = np.arange(drives.size)
    order[[neuron - 1, neuron]] = order[[neuron, neuron - 1]]
    np.testing.assert_allclose(readings.levels[layer - 1].mean, drives[order], rtol=1e-12)
    desk.swap(layer, neuron)
    assert desk.mix.state.same(before.state)
    for name in ("initial", "scales", "locked"):
        assert np.array_equal(getattr(desk.mix, name), getattr(before, name)), name


def test_a_swapped_network_trains_to_the_same_fit(trained: Bench, make_bench: MakeBench) -> None:
    other = make_bench(trained.desk.mix)
    other.desk.set_setup(trained.desk.setup)
    other.desk.swap(1, 2)
    for bench in (trained, other):
        bench.automix.step(40)
    assert other.readings.loss == pytest.approx(trained.readings.loss, rel=1e-9)
    other.desk.swap(1, 2)
    np.testing.assert_allclose(
        other.desk.mix.parameters, trained.desk.mix.parameters, rtol=1e-7, atol=1e-9
    )
    np.testing.assert_allclose(
        other.desk.mix.state.slots, trained.desk.mix.state.slots, rtol=1e-6, atol=1e-9
    )
    assert list(other.desk.mix.locked) == list(trained.desk.mix.locked)


def test_a_layer_locked_at_once_stays_while_the_rest_trains(trained: Bench) -> None:
    desk = trained.desk
    before, guarded = desk.mix, range(12)  # all that goes into the first layer
    desk.lock_all(guarded, True, "lock layer 1")
    trained.automix.step(20)
    after = desk.mix.parameters
    assert after[:12].tobytes() == before.parameters[:12].tobytes()
    assert (after[12:] != before.parameters[12:]).all()
    desk.lock_all(guarded, False, "unlock layer 1")
    assert not desk.mix.locked.any()
    assert desk.undo_stack.undo_text == "unlock layer 1"
    for _ in range(3):
        desk.undo()
    assert desk.mix is before


def test_locking_all_while_it_plays_ends_it_and_says_so(trained: Bench) -> None:
    trained.automix.play()
    trained.clock.tick(200.0)
    trained.desk.lock_all(range(trained.desk.mix.network.parameter_count), True, "lock all")
    trained.clock.tick(200.0)
    assert not trained.automix.playing
    assert trained.automix.outcome is not None
    assert trained.automix.outcome.stop is None
