"""Readings: every number against one worked out in another way, and how often it is worked out."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.dataset import Dataset
from mixer_nn.core.network import Network
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, neuron_on
from mixer_nn.state.readings import SHOWN_ROWS, Readings
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]
MakeTable = Callable[..., Dataset]


def cars(scaled: bool) -> Mix:
    """Stopping distances with a fifth of the rows held out and the knobs anywhere."""
    dataset = load_shipped("cars").split(0.2, stream(5, Stream.SPLIT))
    return neuron_on(dataset, 5, scaled=scaled)


def predicted(mix: Mix, rows: FloatArray) -> FloatArray:
    """Predictions in data units, by hand: scale, weigh, add, scale back. Shape (rows,)."""
    data, train = mix.dataset, ~mix.dataset.held_out
    if not mix.problem.scaled:
        return np.asarray(rows @ mix.parameters[:-1] + mix.parameters[-1])
    centre, spread = data.inputs[train].mean(axis=0), data.inputs[train].std(axis=0)
    middle, reach = data.targets[train, 0].mean(), data.targets[train, 0].std()
    outputs = (rows - centre) / spread @ mix.parameters[:-1] + mix.parameters[-1]
    return np.asarray(outputs * reach + middle)


@pytest.mark.parametrize("scaled", [False, True])
def test_loss_miss_and_share_explained(make_bench: MakeBench, scaled: bool) -> None:
    bench = make_bench(cars(scaled))
    bench.desk.turn(0, 0.3)
    mix, readings = bench.desk.mix, bench.readings
    data, train = mix.dataset, ~mix.dataset.held_out
    miss = predicted(mix, data.inputs) - data.targets[:, 0]
    unit = data.targets[train, 0].std() if scaled else 1.0
    variance = data.targets[train, 0].var()
    assert readings.loss == pytest.approx(np.mean((miss[train] / unit) ** 2), rel=1e-12)
    assert readings.held_out_loss == pytest.approx(np.mean((miss[~train] / unit) ** 2), rel=1e-12)
    assert readings.constant_loss == pytest.approx(variance / unit**2, rel=1e-12)
    assert readings.typical_miss == pytest.approx(math.sqrt(np.mean(miss[train] ** 2)), rel=1e-12)
    assert readings.r_squared == pytest.approx(
        1.0 - np.mean(miss[train] ** 2) / variance, rel=1e-12
    )
    np.testing.assert_allclose(readings.predictions[:, 0], predicted(mix, data.inputs), rtol=1e-12)
    np.testing.assert_allclose(readings.predict(data.inputs), readings.predictions, rtol=1e-12)


def test_nothing_held_out_has_no_loss(bench: Bench) -> None:
    assert bench.readings.held_out_loss is None


@pytest.mark.parametrize("scaled", [False, True])
def test_the_gradient_is_the_slope_of_the_loss(make_bench: MakeBench, scaled: bool) -> None:
    bench = make_bench(cars(scaled))
    mix = bench.desk.mix
    slopes = np.zeros(2)
    for index in range(2):
        step = 1e-6 * max(1.0, abs(mix.parameters[index]))
        ahead, behind = mix.parameters.copy(), mix.parameters.copy()
        ahead[index] += step
        behind[index] -= step
        value = mix.problem.objective.value
        slopes[index] = (value(ahead) - value(behind)) / (2.0 * step)
    error = np.abs(bench.readings.gradient - slopes).max() / np.abs(slopes).max()
    assert error < 1e-7


def test_arrows_grow_with_the_slope_and_point_nowhere_at_the_bottom(bench: Bench) -> None:
    desk, readings = bench.desk, bench.readings
    optimum = desk.mix.problem.objective.optimum
    lengths = []
    for distance in (0.0, 1e-3, 1e-1, 1.0):
        desk.turn(0, float(optimum[0]) + distance)
        desk.turn(1, float(optimum[1]) + distance)
        lengths.append(readings.strength)
    assert (lengths[0] == 0.0).all()
    assert (np.diff(np.array(lengths)[1:], axis=0) > 0.0).all()
    assert (np.array(lengths) <= 1.0).all()


@pytest.mark.parametrize("batch", [0, 7, 40, 1])
@pytest.mark.parametrize("locked", [None, 0, 1])
def test_the_ghost_dot_is_where_the_step_really_lands(
    make_bench: MakeBench, batch: int, locked: int | None
) -> None:
    bench = make_bench(batch_size=batch)
    if locked is not None:
        bench.desk.set_locked(locked, True)
    for _ in range(15):
        promised = bench.readings.next_parameters.tobytes()
        bench.automix.step()
        assert bench.desk.mix.parameters.tobytes() == promised
    bench.desk.turn(0, 2.0)
    promised = bench.readings.next_parameters.tobytes()
    bench.automix.step()
    assert bench.desk.mix.parameters.tobytes() == promised


def test_the_ghost_dot_follows_learning_rate_and_lock_at_once(bench: Bench) -> None:
    from dataclasses import replace

    desk, readings = bench.desk, bench.readings
    here = desk.mix.parameters
    slow = readings.next_parameters - here
    desk.set_setup(replace(desk.setup, learning_rate=2.0 * desk.learning_rate))
    np.testing.assert_allclose(readings.next_parameters - here, 2.0 * slow, rtol=1e-12)
    desk.set_locked(0, True)
    assert readings.next_parameters[0] == here[0]


def test_the_limit_is_two_over_the_largest_curvature(make_bench: MakeBench) -> None:
    bench = make_bench(cars(False))
    desk, readings = bench.desk, bench.readings
    rows = desk.mix.dataset.inputs[~desk.mix.dataset.held_out]
    design = np.column_stack([rows, np.ones(len(rows))])
    curvature = 2.0 / len(rows) * design.T @ design
    largest = float(np.linalg.eigvalsh(curvature)[-1])
    assert readings.learning_rate_limit == pytest.approx(2.0 / largest, rel=1e-12)
    desk.set_locked(0, True)
    assert readings.learning_rate_limit == pytest.approx(2.0 / curvature[1, 1], rel=1e-12)
    desk.set_locked(1, True)
    assert readings.learning_rate_limit == math.inf
    desk.set_locked(0, False)
    assert readings.learning_rate_limit == pytest.approx(2.0 / curvature[0, 0], rel=1e-12)


@pytest.mark.parametrize("scaled", [False, True])
def test_the_answer_is_least_squares(make_bench: MakeBench, scaled: bool) -> None:
    bench = make_bench(cars(scaled))
    readings, data = bench.readings, bench.desk.mix.dataset
    train = ~data.held_out
    design = np.column_stack([data.inputs, np.ones(data.rows)])
    best = np.linalg.lstsq(design[train], data.targets[train, 0], rcond=None)[0]
    answer = readings.answer
    assert answer is not None
    np.testing.assert_allclose(readings.unscaled(answer), best, rtol=1e-10)
    line = readings.predict_answer(data.inputs)
    assert line is not None
    np.testing.assert_allclose(line[:, 0], design @ best, rtol=1e-10)


def test_two_inputs_read_in_data_units(make_bench: MakeBench) -> None:
    bench = make_bench(neuron_on(make("plane", seed=3), 3, scaled=True))
    mix = bench.desk.mix
    *weights, bias = bench.readings.in_data_units
    line = mix.dataset.inputs @ np.array(weights) + bias
    np.testing.assert_allclose(bench.readings.predictions[:, 0], line, rtol=1e-11, atol=1e-12)


def test_the_best_loss_is_the_lowest_of_the_run(bench: Bench) -> None:
    bench.automix.step(20)
    low = bench.readings.loss
    bench.desk.turn(0, 50.0)
    assert bench.readings.best_loss == low
    bench.desk.new_start(2)
    assert bench.readings.best_loss == bench.readings.loss


# -- data without a spread --------------------------------------------------------------------

ODD = {
    "a constant target": ([[1.0], [2.0], [3.0]], [0.1, 0.1, 0.1]),
    "a constant input": ([[5.0], [5.0], [5.0]], [1.0, 2.0, 3.0]),
    "one row": ([[2.0]], [3.0]),
    "nothing but zeros": ([[0.0], [0.0]], [0.0, 0.0]),
    "very large numbers": ([[1e150], [2e150], [4e150]], [1e150, 3e150, 2e150]),
    "very small numbers": ([[1e-150], [2e-150], [4e-150]], [1e-150, 3e-150, 2e-150]),
}


@pytest.mark.parametrize("scaled", [False, True, None])
@pytest.mark.parametrize("kind", ODD)
def test_what_is_not_defined_is_none_and_never_nan(
    make_bench: MakeBench, table: MakeTable, kind: str, scaled: bool | None
) -> None:
    bench = make_bench(neuron_on(table(*ODD[kind]), 1, scaled=scaled))
    readings = bench.readings
    for _ in range(2):
        for name in ("loss", "constant_loss", "best_loss", "typical_miss", "r_squared"):
            value = getattr(readings, name)
            assert value is None or not math.isnan(value), name
        for name in ("gradient", "strength", "predictions", "in_data_units", "answer"):
            assert not np.isnan(getattr(readings, name)).any(), name
        assert readings.learning_rate_limit is not None
        assert bench.desk.learning_rate > 0.0
        bench.automix.step(3)
        assert np.isfinite(bench.desk.mix.parameters).all()


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("kind", ["a constant target", "one row", "nothing but zeros"])
def test_nothing_to_explain_has_no_share_explained(
    make_bench: MakeBench, table: MakeTable, kind: str, scaled: bool
) -> None:
    bench = make_bench(neuron_on(table(*ODD[kind]), 1, scaled=scaled))
    assert bench.readings.r_squared is None


def test_knobs_at_the_end_of_all_numbers_have_no_typical_miss(bench: Bench) -> None:
    bench.desk.turn(0, 1e300)
    assert bench.readings.loss == math.inf
    assert bench.readings.typical_miss is None
    assert bench.readings.r_squared is None
    assert not np.isnan(bench.readings.strength).any()


# -- how often --------------------------------------------------------------------------------


def read_all(readings: Readings) -> None:
    for name in dir(Readings):
        if isinstance(getattr(Readings, name), property):
            getattr(readings, name)


def test_each_reading_is_worked_out_at_most_once_per_change(bench: Bench) -> None:
    readings = bench.readings
    read_all(readings)
    first = readings.evaluations
    read_all(readings)
    bench.clock.tick(16.0)
    read_all(readings)
    assert readings.evaluations == first
    bench.desk.turn(0, 1.0)
    read_all(readings)
    second = readings.evaluations
    assert first < second < 2 * first
    read_all(readings)
    assert readings.evaluations == second


def test_nothing_is_worked_out_that_nobody_asks_for(bench: Bench) -> None:
    bench.desk.turn(0, 1.0)
    bench.automix.step(3)
    bench.clock.tick(16.0)
    assert bench.readings.evaluations == 0


def test_a_million_rows_do_not_make_a_frame_dear(
    make_bench: MakeBench, table: MakeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(8)
    inputs = rng.normal(size=(1_000_000, 1))
    targets = 2.0 * inputs[:, 0] - 1.0 + rng.normal(size=1_000_000)
    bench = make_bench(neuron_on(table(inputs, targets, range(0, 1_000_000, 4)), 1))
    bench.desk.turn(0, 0.5)
    read_all(bench.readings)
    bench.clock.tick(16.0)
    rows: list[int] = []
    forward = Network.forward

    def count(self: Network, vector: FloatArray, inputs: FloatArray) -> object:
        rows.append(len(inputs))
        return forward(self, vector, inputs)

    monkeypatch.setattr(Network, "forward", count)
    bench.automix.play()
    for value in np.linspace(0.0, 1.0, 5):
        bench.desk.turn(1, float(value))
        bench.clock.tick(125.0)
        read_all(bench.readings)
    assert bench.desk.mix.state.step >= 4
    # Once for the predictions, once for the meters.
    assert sum(rows) <= 2 * 5 * SHOWN_ROWS
    assert len(bench.readings.shown_rows) == SHOWN_ROWS
    miss = inputs[:, 0] * bench.desk.mix.parameters[0] + bench.desk.mix.parameters[1] - targets
    held_out = bench.desk.mix.dataset.held_out
    assert bench.readings.loss == pytest.approx(np.mean(miss[~held_out] ** 2), rel=1e-10)
    assert bench.readings.held_out_loss == pytest.approx(np.mean(miss[held_out] ** 2), rel=1e-10)
