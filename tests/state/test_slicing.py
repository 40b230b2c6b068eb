"""A slice is the loss itself along one knob, with its derivatives, and looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.dataset import Dataset
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.state import slicing
from mixer_nn.state.readings import SHOWN_ROWS
from mixer_nn.state.slice import Slice
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]
Table = Callable[..., Dataset]


def whole(bench: Bench, index: int) -> Slice:
    """The slice with all that there is to know."""
    bench.slicing.of(index)
    while not bench.slicing.go_on(index):
        pass
    return bench.slicing.of(index)


def loss_at(mix: Mix, index: int, value: float) -> float:
    vector = np.array(mix.parameters)
    vector[index] = value
    return mix.problem.objective.value(vector)


def deep(*hidden: int) -> Mix:
    return network_on(make("spiral", seed=1), 1, hidden or (4, 3))


@pytest.mark.parametrize("index", [0, 5, 14, 26])
def test_a_slice_of_a_network_is_the_loss_along_the_knob(make_bench: MakeBench, index: int) -> None:
    bench = make_bench(deep(), optimizer="adam", batch_size=10)
    mix, found = bench.desk.mix, whole(bench, index)

    scale = float(mix.scales[index])
    assert found.span == (-scale, scale)
    np.testing.assert_allclose(found.values, np.linspace(-scale, scale, 101), atol=1e-12)
    expected = [loss_at(mix, index, value) for value in found.values]
    np.testing.assert_allclose(found.losses, expected, rtol=1e-6)
    value, step = float(mix.parameters[index]), 1e-4
    assert (found.value, found.loss) == (value, mix.problem.objective.value(mix.parameters))
    before, after = (loss_at(mix, index, value + way * step) for way in (-1, 1))
    assert found.slope == pytest.approx((after - before) / (2 * step), rel=1e-5, abs=1e-9)
    bend = (after - 2.0 * found.loss + before) / step**2
    assert found.curvature == pytest.approx(bend, rel=1e-3, abs=1e-6)
    assert found.tangent(np.array([value]))[0] == found.parabola(np.array([value]))[0] == found.loss
    if found.minimum is not None:
        place, loss = found.minimum
        assert loss == pytest.approx(loss_at(mix, index, place), rel=1e-9)
        assert loss <= min(expected) * (1.0 + 1e-6)


@pytest.mark.parametrize("index", [0, 1])
def test_a_slice_of_a_linear_neuron_is_its_parabola(bench: Bench, index: int) -> None:
    found = whole(bench, index)

    np.testing.assert_allclose(found.losses, found.parabola(found.values), rtol=1e-9)
    assert found.minimum is not None
    assert found.minimum[0] == pytest.approx(found.value - found.slope / found.curvature)


def test_the_next_step_is_the_one_that_is_taken(make_bench: MakeBench) -> None:
    bench = make_bench(deep(), optimizer="adam", batch_size=10)
    bench.automix.step(7)
    found = whole(bench, 3)

    bench.automix.step(1)

    mix = bench.desk.mix
    assert found.landing == mix.parameters[3]
    assert found.after == mix.problem.objective.value(mix.parameters)
    assert found.after != pytest.approx(loss_at(bench.desk.mix, 3, found.value), abs=1e-12)


def test_a_locked_knob_has_no_landing_and_a_held_one_neither(bench: Bench) -> None:
    bench.desk.set_locked(0, True)
    locked = bench.slicing.of(0)
    assert locked.landing is None
    assert locked.after is not None
    bench.desk.touch(1)
    held = bench.slicing.of(1)
    assert (held.landing, held.after) == (None, None)
    bench.desk.release(1)
    assert bench.slicing.of(1).landing is not None


def test_looking_changes_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(deep(), optimizer="adam", batch_size=10)
    bench.automix.step(5)
    state, points = bench.desk.mix.state, bench.desk.history.points.copy()
    revision = bench.desk.revision

    for index in range(bench.desk.mix.network.parameter_count):
        whole(bench, index)

    assert bench.desk.mix.state is state
    assert bench.desk.revision == revision
    assert bench.desk.history.points.tobytes() == points.tobytes()
    other = make_bench(deep(), optimizer="adam", batch_size=10)
    other.automix.step(5)
    bench.automix.step(20)
    other.automix.step(20)
    assert bench.desk.mix.state.same(other.desk.mix.state)


def test_a_slice_is_read_once_a_revision(bench: Bench) -> None:
    whole(bench, 0)
    once = bench.slicing.evaluations
    whole(bench, 0)
    assert bench.slicing.evaluations == once == 1
    bench.desk.turn(1, 0.3)
    whole(bench, 0)
    assert bench.slicing.evaluations == 2


def test_what_takes_long_is_coarse_first(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "BUDGET", 0.0)
    monkeypatch.setattr("mixer_nn.core.stacked.CACHE_BYTES", 200 * 5 * 8 * 8)
    bench = make_bench(deep())
    counts = []
    while not bench.slicing.is_whole(4):
        values = bench.slicing.of(4).values
        assert (np.diff(values) > 0.0).all()
        assert bench.slicing.of(4).minimum is None
        counts.append(len(values))
        bench.slicing.go_on(4)

    assert 26 <= counts[0] < counts[3] < 101
    assert len(counts) > 5
    found = bench.slicing.of(4)
    assert len(found.values) == 101
    assert np.isfinite(found.curvature)


def test_an_outline_is_a_whole_slice_in_fewer_points(
    make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mixer_nn.core.stacked.CACHE_BYTES", 200 * 5 * 8)
    bench = make_bench(deep())
    rough = bench.slicing.outline(4)
    found = whole(bench, 4)
    assert len(rough.values) == 26
    np.testing.assert_array_equal(rough.values, found.values[::4])
    np.testing.assert_array_equal(rough.losses, found.losses[::4])


def test_a_long_table_is_sliced_on_a_sample(make_bench: MakeBench, table: Table) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(3 * SHOWN_ROWS, 2))
    bench = make_bench(network_on(table(inputs, np.sin(inputs[:, 0])), 1, (5,)))
    found = whole(bench, 2)

    assert (found.rows, found.rows_of) == (SHOWN_ROWS, 3 * SHOWN_ROWS)
    at_value = np.interp(found.value, found.values, found.losses)
    assert found.loss == pytest.approx(at_value, rel=1e-3)
    assert found.loss == pytest.approx(bench.readings.loss, rel=0.1)
    linear = make_bench(neuron_on(table(inputs, inputs[:, 0]), 1))
    assert whole(linear, 0).rows == 3 * SHOWN_ROWS


def test_a_mix_that_has_run_away_has_no_slice(bench: Bench) -> None:
    mix = bench.desk.mix
    bench.desk.put(
        replace(mix, state=replace(mix.state, parameters=np.array([np.nan, 1.0]))), "break"
    )
    assert not whole(bench, 0).is_known
    assert not whole(bench, 1).is_known


def test_a_constant_column_gives_a_level_slice(make_bench: MakeBench, table: Table) -> None:
    inputs = np.column_stack([np.zeros(20), np.arange(20.0)])
    bench = make_bench(neuron_on(table(inputs, np.arange(20.0) * 2.0), 1))
    found = whole(bench, 0)

    assert found.is_known
    assert found.is_flat
    assert found.minimum is None
    assert not whole(bench, 1).is_flat


def test_a_huge_range_is_no_error(make_bench: MakeBench, table: Table) -> None:
    inputs = np.column_stack([np.linspace(-1e150, 1e150, 20)])
    bench = make_bench(neuron_on(table(inputs, np.linspace(-1e160, 1e160, 20)), 1))
    for index in (0, 1):
        found = whole(bench, index)
        if found.is_known:
            low, high = found.heights
            assert low <= found.loss <= high


def test_shares_rise_with_the_loss_along_the_knobs_own_scale(bench: Bench) -> None:
    found = whole(bench, 0)
    scale = float(bench.desk.mix.scales[0])

    shares = found.shares(scale, 54)

    assert len(shares) == 54
    assert 0.0 <= min(shares) <= max(shares) <= 1.0
    assert found.minimum is not None
    # Two figures are enough for the eye, so the lowest parts are equal.
    lowest = np.flatnonzero(np.array(shares) == min(shares)).mean()
    place = scale * (2.0 * (lowest + 0.5) / 54 - 1.0)
    assert place == pytest.approx(found.minimum[0], abs=2.0 * scale / 54)
