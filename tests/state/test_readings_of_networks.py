"""Readings of networks, classes and the other losses, each against one worked out in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


def run_through(mix: Mix, rows: FloatArray) -> list[FloatArray]:
    """Activations of every layer for inputs in data units, by hand; the output is linear."""
    train = ~mix.dataset.held_out
    made = rows
    if mix.problem.scaled:
        made = (rows - mix.dataset.inputs[train].mean(axis=0)) / mix.dataset.inputs[train].std(0)
    layers, found = mix.network.layers(np.array(mix.parameters)), []
    for number, layer in enumerate(layers, start=1):
        made = made @ layer[:, :-1].T + layer[:, -1]
        if number < len(layers):
            made = np.tanh(made)
        found.append(made)
    return found


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_miss_and_share_explained_are_of_squares_whatever_the_loss(
    make_bench: MakeBench, loss: str, scaled: bool
) -> None:
    data = load_shipped("cars").split(0.2, stream(5, Stream.SPLIT))
    bench = make_bench(network_on(data, 5, (3,), scaled=scaled))
    bench.desk.set_problem(replace(bench.desk.mix.problem, loss_name=loss), loss)
    mix, readings = bench.desk.mix, bench.readings
    train = ~data.held_out
    middle, unit = data.targets[train].mean(), data.targets[train].std()
    wanted = (data.targets - middle) / unit if scaled else data.targets
    miss = np.abs(run_through(mix, data.inputs)[-1] - wanted)
    value = {
        "mse": miss**2,
        "mae": miss,
        "huber": np.where(miss <= 1.0, 0.5 * miss**2, miss - 0.5),
    }[loss]
    assert readings.loss == pytest.approx(value[train].mean(), rel=1e-12)
    assert readings.held_out_loss == pytest.approx(value[~train].mean(), rel=1e-12)
    square = np.mean(miss[train] ** 2)
    size = unit if scaled else 1.0
    assert readings.typical_miss == pytest.approx(np.sqrt(square) * size, rel=1e-12)
    explained = 1.0 - square / wanted[train].var()
    assert readings.r_squared == pytest.approx(explained, rel=1e-10)
    assert readings.accuracy is readings.held_out_accuracy is None


def test_always_the_median_is_what_the_absolute_miss_is_held_against(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    bench.desk.set_problem(replace(bench.desk.mix.problem, loss_name="mae"), "mae")
    targets = bench.desk.mix.dataset.targets
    expected = np.abs(targets - np.median(targets)).mean()
    assert bench.readings.constant_loss == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("held_out", [0.0, 0.3])
@pytest.mark.parametrize("name", ["gaussians", "blobs"])
def test_accuracy_is_the_share_of_rows_whose_class_is_found(
    make_bench: MakeBench, name: str, held_out: float
) -> None:
    data = make(name, seed=4, noise=0.4).split(held_out, stream(4, Stream.SPLIT))
    bench = make_bench(network_on(data, 4, (3,)), learning_rate=0.05)
    bench.automix.step(12)
    mix, readings = bench.desk.mix, bench.readings
    logits = run_through(mix, data.inputs)[-1]
    chosen = (logits[:, 0] > 0.0).astype(int) if logits.shape[1] == 1 else logits.argmax(axis=1)
    right = chosen == data.labels
    assert readings.accuracy == pytest.approx(right[~data.held_out].mean())
    assert 0.0 < right.mean() < 1.0, "neither all nor none, so that it can be wrong"
    if held_out:
        assert readings.held_out_accuracy == pytest.approx(right[data.held_out].mean())
    else:
        assert readings.held_out_accuracy is None
    assert readings.typical_miss is readings.r_squared is None
    assert readings.answer is None


def test_levels_are_what_the_neurons_make_of_the_rows(make_bench: MakeBench) -> None:
    bench = make_bench(network_on(make("sine", seed=1), 1, (4, 2)))
    mix = bench.desk.mix
    for before, (level, made) in enumerate(
        zip(bench.readings.levels, run_through(mix, mix.dataset.inputs), strict=True)
    ):
        np.testing.assert_allclose(level.mean, np.abs(made).mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(level.peak, np.abs(made).max(axis=0), rtol=1e-12)
        assert not level.dead.any(), before
        assert not level.saturated.any()


def test_a_neuron_far_out_is_saturated_and_one_that_never_fires_is_dead(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(network_on(make("sine", seed=1), 1, (3,)))
    bias = [p.index for p in bench.desk.mix.network.parameters if p.is_bias]
    bench.desk.turn(bias[1], 50.0)
    assert list(bench.readings.levels[0].saturated) == [False, True, False]
    bench = make_bench(network_on(make("sine", seed=1), 1, (3,), "relu"))
    bench.desk.turn(bias[2], -50.0)
    assert list(bench.readings.levels[0].dead) == [False, False, True]


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "rmsprop"])
@pytest.mark.parametrize("batch", [0, 7])
def test_the_ghost_dot_of_any_optimizer_is_where_the_step_lands(
    make_bench: MakeBench, optimizer: str, batch: int
) -> None:
    bench = make_bench(network_on(make("xor", seed=2, points=45), 2, (3,)))
    bench.desk.set_setup(
        replace(bench.desk.setup, optimizer=optimizer, batch_size=batch, warm_up=2.0, clip=0.5)
    )
    bench.desk.set_locked(4, True)
    for _ in range(9):
        promised = bench.readings.next_parameters.tobytes()
        bench.automix.step()
        assert bench.desk.mix.parameters.tobytes() == promised
    bench.desk.turn(0, 2.0)
    promised = bench.readings.next_parameters.tobytes()
    bench.automix.step()
    assert bench.desk.mix.parameters.tobytes() == promised
