"""Mute and solo: what is heard is the network without the silent neurons, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.rewire import with_hidden_sizes
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A bend fitted with four and three neurons, some steps on."""
    bench = make_bench(network_on(make("sine", seed=2, points=40), 2, (4, 3)))
    bench.automix.step(5)
    return bench


def without(mix: Mix, inputs: FloatArray, silent: set[tuple[int, int]]) -> FloatArray:
    """The network worked out here, with the activation of the silent neurons put to 0."""
    made = mix.problem.scaling.inputs(inputs)
    layers = mix.network.layers(np.array(mix.parameters))
    for number, layer in enumerate(layers, start=1):
        made = made @ layer[:, :-1].T + layer[:, -1]
        if number < len(layers):
            made = np.tanh(made)
        for which, neuron in silent:
            if which == number:
                made[:, neuron - 1] = 0.0
    return mix.problem.scaling.outputs_in_data_units(made)


@pytest.mark.parametrize(
    "silent", [{(1, 1)}, {(1, 4)}, {(2, 2)}, {(1, 1), (1, 3), (2, 3)}, {(2, 1), (2, 2), (2, 3)}]
)
def test_a_muted_neuron_is_the_network_with_its_activation_at_zero(
    bench: Bench, silent: set[tuple[int, int]]
) -> None:
    for layer, neuron in silent:
        bench.listening.mute(layer, neuron, True)
    mix, readings = bench.desk.mix, bench.readings
    expected = without(mix, mix.dataset.inputs, silent)
    np.testing.assert_allclose(readings.predictions, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(readings.predict(mix.dataset.inputs), expected, rtol=1e-12)
    at = np.linspace(-2, 2, 50).reshape(-1, 1)
    np.testing.assert_allclose(readings.predict(at), without(mix, at, silent), rtol=1e-12)
    drawn = without(mix, readings.grid.inputs, silent)[:, 0]
    # Pictures are worked out in single precision.
    np.testing.assert_allclose(readings.field_outputs()[0], drawn, rtol=1e-5, atol=1e-6)


def test_soloed_neurons_are_the_only_ones_of_their_layer(bench: Bench) -> None:
    bench.listening.solo(1, 2, True)
    mix = bench.desk.mix
    rows = mix.dataset.inputs
    expected = without(mix, rows, {(1, 1), (1, 3), (1, 4)})
    np.testing.assert_allclose(bench.readings.predictions, expected, rtol=1e-12)
    bench.listening.solo(1, 4, True)
    expected = without(mix, rows, {(1, 1), (1, 3)})
    np.testing.assert_allclose(bench.readings.predictions, expected, rtol=1e-12)
    bench.listening.mute(1, 4, True)
    expected = without(mix, rows, {(1, 1), (1, 3), (1, 4)})
    np.testing.assert_allclose(bench.readings.predictions, expected, rtol=1e-12)
    assert not bench.listening.silent(2, 1), "the other layer is heard as before"


def test_the_change_of_the_loss_is_that_of_the_ablation(bench: Bench) -> None:
    mix, readings = bench.desk.mix, bench.readings
    assert readings.heard_change == 0.0
    whole = readings.loss
    bench.listening.mute(2, 1, True)
    miss = without(mix, mix.dataset.inputs, {(2, 1)}) - mix.dataset.targets
    scale = mix.problem.scaling.target_scale[0]
    expected = np.mean((miss / scale) ** 2) - whole
    assert readings.heard_change == pytest.approx(expected, rel=1e-9)
    assert readings.loss == whole, "the loss is of the whole network"
    bench.listening.hear_all()
    assert readings.heard_change == 0.0
    assert bench.listening.is_whole


def test_listening_is_a_view_that_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    desk, readings = bench.desk, bench.readings
    bench.document.save(tmp_path / "a.mixnn")
    mix, points, count = desk.mix, desk.history.points.copy(), desk.undo_stack.count
    whole = (readings.loss, readings.gradient.tobytes(), readings.next_parameters.tobytes())
    shown = readings.predictions.copy()
    for layer, neuron in ((1, 1), (1, 2), (2, 3)):
        bench.listening.mute(layer, neuron, True)
        bench.listening.solo(layer, neuron, True)
        bench.clock.tick(16.0)
        now = (readings.loss, readings.gradient.tobytes(), readings.next_parameters.tobytes())
        assert now == whole
    assert desk.mix is mix
    assert np.array_equal(desk.history.points, points, equal_nan=True)
    assert desk.undo_stack.count == count
    assert not bench.document.modified
    bench.listening.hear_all()
    assert readings.predictions.tobytes() == shown.tobytes()


def test_auto_mix_trains_the_whole_network_whatever_is_heard(
    bench: Bench, make_bench: MakeBench
) -> None:
    quiet = make_bench(bench.desk.mix)
    bench.listening.mute(1, 1, True)
    bench.listening.solo(2, 2, True)
    for each in (bench, quiet):
        each.automix.step(30)
    assert bench.desk.mix.state.same(quiet.desk.mix.state)


def test_a_neuron_that_is_gone_is_no_longer_muted(bench: Bench) -> None:
    for neuron in (1, 4):
        bench.listening.mute(1, neuron, True)
    bench.listening.solo(2, 3, True)
    problem = bench.desk.mix.problem
    smaller = with_hidden_sizes(problem.network, (2,), "tanh")
    bench.desk.rewire(replace(problem, network=smaller), "fewer")
    bench.desk.flush()
    assert bench.listening.is_muted(1, 1)
    assert not bench.listening.is_muted(1, 4)
    assert not bench.listening.is_soloed(2, 3)
    mix = bench.desk.mix
    np.testing.assert_allclose(
        bench.readings.predictions, without(mix, mix.dataset.inputs, {(1, 1)}), rtol=1e-12
    )


def test_who_listens_is_told_once_for_each_change(bench: Bench) -> None:
    told: list[int] = []
    bench.listening.changed.connect(lambda: told.append(1))
    bench.listening.mute(1, 1, True)
    bench.listening.mute(1, 1, True)
    bench.listening.solo(1, 1, False)
    assert len(told) == 1
    bench.listening.hear_all()
    bench.listening.hear_all()
    assert len(told) == 2
