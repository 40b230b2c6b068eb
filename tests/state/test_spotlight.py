"""The spotlight: a row's own pull on every knob, and nothing else that changes by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.data.by_hand import moved_point, with_point, without_point
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]
Table = Callable[..., Dataset]


@pytest.fixture
def network(make_bench: MakeBench) -> Bench:
    """A bend fitted with three and two neurons, some steps on; a quarter of it is held out."""
    data = make("sine", seed=2, points=20).split(0.25, np.random.default_rng(1))
    bench = make_bench(network_on(data, 2, (3, 2)))
    bench.automix.step(5)
    return bench


def lit_row(bench: Bench) -> int | None:
    return bench.spotlight.row


def loss_of_row(mix: Mix, row: int, vector: FloatArray) -> float:
    """The squared miss of one row, worked out here, layer by layer."""
    scaling, dataset = mix.problem.scaling, mix.dataset
    made = scaling.inputs(dataset.inputs)[row]
    layers = mix.network.layers(vector)
    for number, layer in enumerate(layers, start=1):
        made = layer[:, :-1] @ made + layer[:, -1]
        made = np.tanh(made) if number < len(layers) else made
    return float((made[0] - scaling.targets(dataset.targets)[row, 0]) ** 2)


@pytest.mark.parametrize("row", [0, 7, 19])
def test_a_pull_is_the_slope_of_that_rows_loss_alone(network: Bench, row: int) -> None:
    network.spotlight.light(row)
    mix = network.desk.mix
    expected = np.empty(mix.parameters.size)
    for index in range(expected.size):
        ends = []
        for way in (1e-6, -1e-6):
            moved = np.array(mix.parameters)
            moved[index] += way
            ends.append(loss_of_row(mix, row, moved))
        expected[index] = (ends[0] - ends[1]) / 2e-6
    np.testing.assert_allclose(network.readings.shown_slopes, expected, rtol=1e-5, atol=1e-8)
    assert network.readings.shown_slopes is network.readings.pull


def test_the_gradient_is_the_mean_of_the_training_rows_pulls(network: Bench) -> None:
    held_out, gradient = network.desk.mix.dataset.held_out, network.readings.gradient.copy()
    pulls = []
    for row in range(network.desk.mix.dataset.rows):
        network.spotlight.light(row)
        assert network.spotlight.is_held_out == held_out[row]
        pulls.append(np.array(network.readings.pull))
    np.testing.assert_allclose(np.mean(np.array(pulls)[~held_out], axis=0), gradient, atol=1e-14)
    np.testing.assert_array_equal(network.readings.gradient, gradient)
    assert np.abs(pulls[int(np.flatnonzero(held_out)[0])]).max() > 0.0


def test_arrows_grow_with_the_pull_and_go_back_with_the_gradient(make_bench: MakeBench) -> None:
    bench = make_bench(neuron_on(make("outliers", seed=3), 3))
    before = bench.readings.strength.copy()
    mix = bench.desk.mix
    misses = np.abs(bench.readings.predictions - mix.dataset.targets)[:, 0]
    bench.spotlight.light(int(misses.argmax()))
    # The bias has nothing but the miss in its pull, twice.
    assert abs(bench.readings.shown_slopes[1]) == pytest.approx(2.0 * misses.max())
    assert bench.readings.strength[1] > before[1]
    np.testing.assert_array_equal(bench.readings.gradient_strength, before)
    bench.spotlight.light(None)
    np.testing.assert_array_equal(bench.readings.strength, before)


def test_light_changes_nothing_and_training_takes_no_notice(make_bench: MakeBench) -> None:
    one, other = (make_bench(network_on(make("sine", seed=2), 2, (4,))) for _ in range(2))
    mix, points = one.desk.mix, one.desk.history.points.copy()
    one.spotlight.light(3)
    assert one.readings.pull is not None
    assert one.desk.mix is mix
    assert not one.desk.undo_stack.can_undo
    assert np.array_equal(one.desk.history.points, points, equal_nan=True)
    one.automix.step(20)
    other.automix.step(20)
    assert one.desk.mix.state.same(other.desk.mix.state)


def test_a_pull_is_worked_out_once_a_revision(network: Bench) -> None:
    network.spotlight.light(4)
    first, done = network.readings.shown_slopes, network.readings.evaluations
    assert network.readings.pull is first
    assert network.readings.evaluations == done
    network.desk.turn(0, 0.5)
    assert not np.array_equal(network.readings.shown_slopes, first)


def test_a_row_that_is_moved_stays_lit_and_one_that_is_gone_does_not(make_bench: MakeBench) -> None:
    bench, told = make_bench(), []
    bench.spotlight.changed.connect(lambda: told.append(bench.spotlight.row))
    desk = bench.desk

    def edit(dataset: Dataset) -> None:
        desk.edit_data(dataset, "edit")
        desk.flush()

    bench.spotlight.light(5)
    edit(moved_point(desk.mix.dataset, 5, (0.5,), 3.0))
    edit(moved_point(desk.mix.dataset, 2, (0.1,), 1.0))
    edit(with_point(desk.mix.dataset, (0.2,), 1.0))
    edit(without_point(desk.mix.dataset, 30))
    assert lit_row(bench) == 5
    assert told == [5]
    desk.edit_data(without_point(desk.mix.dataset, 3), "remove")
    assert lit_row(bench) is None, "not even until the next frame is another row lit"
    assert bench.readings.pull is None
    desk.flush()
    assert told == [5, None]
    desk.undo()
    desk.flush()
    assert lit_row(bench) is None


def test_other_data_put_it_out(make_bench: MakeBench) -> None:
    bench = make_bench()
    bench.spotlight.light(5)
    bench.desk.put(replace(neuron_on(make("noisy-line", seed=8), 7), run=1), "other data")
    bench.desk.flush()
    assert lit_row(bench) is None


def test_it_goes_through_the_rows_round_the_end(make_bench: MakeBench, table: Table) -> None:
    bench = make_bench(neuron_on(table([[0.0], [1.0], [2.0]], [1.0, 2.0, 0.0]), 1))
    rows = bench.readings.shown_rows
    seen = []
    for by in (1, 1, 1, 1, -1, -1):
        bench.spotlight.go_on(by, rows)
        seen.append(bench.spotlight.row)
    assert seen == [0, 1, 2, 0, 2, 1]
    bench.spotlight.light_or_put_out(1)
    assert lit_row(bench) is None
    bench.spotlight.go_on(-1, rows)
    assert lit_row(bench) == 2
    with pytest.raises(IndexError, match="no row 3"):
        bench.spotlight.light(3)
