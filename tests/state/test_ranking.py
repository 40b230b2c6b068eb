"""Which knobs matter: each measure against the number itself, on a scale that does not flicker."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mixer_nn.core.arrays import FloatArray
from mixer_nn.core.curvature import hessian_times
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.state.ranking import MEASURES
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]

MOST_FRAMES = 200


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A bend fitted with four and three neurons, some steps on."""
    bench = make_bench(network_on(make("sine", seed=2, points=40), 2, (4, 3)))
    bench.automix.step(5)
    bench.clock.tick(16.0)
    return bench


def settle(bench: Bench) -> None:
    for _ in range(MOST_FRAMES):
        if not bench.ranking.is_working:
            return
        bench.clock.tick(16.0)
    raise AssertionError("it does not settle")


def values_of(bench: Bench) -> FloatArray:
    values = bench.ranking.values
    assert values is not None
    return values


def diagonal(bench: Bench) -> FloatArray:
    mix = bench.desk.mix
    units = np.eye(mix.parameters.size)
    objective = mix.problem.objective
    return np.array([hessian_times(objective, mix.parameters, unit) @ unit for unit in units])


def test_it_goes_round_through_the_measures(bench: Bench) -> None:
    seen = []
    for _ in range(len(MEASURES) + 1):
        measure = bench.ranking.measure
        seen.append(None if measure is None else measure.key)
        bench.ranking.go_on()
    assert seen == [None, "slope", "travelled", "curvature"]
    assert bench.ranking.measure is None


def test_each_measure_is_what_it_says(bench: Bench) -> None:
    ranking, mix = bench.ranking, bench.desk.mix
    ranking.choose("slope")
    np.testing.assert_allclose(values_of(bench), mix.problem.objective.gradient(mix.parameters))
    ranking.choose("travelled")
    np.testing.assert_allclose(values_of(bench), mix.parameters - mix.initial)
    ranking.choose("curvature")
    assert ranking.values is None
    settle(bench)
    np.testing.assert_allclose(values_of(bench), diagonal(bench), rtol=1e-9, atol=1e-12)


def test_the_strongest_come_first_and_none_without_a_measure(bench: Bench) -> None:
    ranking = bench.ranking
    assert ranking.strongest(12).size == 0
    for key in ("slope", "travelled"):
        ranking.choose(key)
        values = values_of(bench)
        first = ranking.strongest(12)
        assert len(first) == 12
        assert np.abs(values[first]).tolist() == sorted(np.abs(values), reverse=True)[:12]


def test_knobs_that_have_not_moved_are_not_among_them(make_bench: MakeBench) -> None:
    bench = make_bench()
    bench.ranking.choose("travelled")
    assert bench.ranking.strongest(12).size == 0
    bench.desk.turn(1, 3.0)
    assert bench.ranking.strongest(12).tolist() == [1]


def test_strength_counts_decades_from_a_reference_that_stays(bench: Bench) -> None:
    ranking, desk = bench.ranking, bench.desk
    ranking.choose("travelled")
    start, scale = desk.mix.initial[3], float(desk.mix.scales[3])
    for share, strength in ((1.0, 1.0), (0.1, 0.5), (0.01, 0.0), (5.0, 1.0)):
        desk.turn(3, float(start + share * scale))
        # The scale may have doubled; the reference is that of the beginning.
        assert ranking.strength[3] == pytest.approx(strength, abs=1e-9)
    others = np.delete(ranking.strength, 3)
    desk.turn(3, float(start))
    np.testing.assert_array_equal(np.delete(ranking.strength, 3), others)


def test_a_larger_measure_is_never_fainter(make_bench: MakeBench) -> None:
    bench = make_bench()  # a neuron, whose knobs have scales of their own
    for key in ("slope", "curvature"):
        bench.ranking.choose(key)
        assert bench.ranking.strength.size == 2
        settle(bench)
        values, strength = values_of(bench), bench.ranking.strength
        assert np.argsort(np.abs(values)).tolist() == np.argsort(strength, kind="stable").tolist()


def test_curvatures_follow_the_hand_and_then_rest(bench: Bench) -> None:
    bench.ranking.choose("curvature")
    assert not bench.ranking.strength.any()
    settle(bench)
    before = values_of(bench)
    bench.desk.turn(2, 3.0)
    assert values_of(bench) is before  # until the new ones are known
    settle(bench)
    np.testing.assert_allclose(values_of(bench), diagonal(bench), rtol=1e-9, atol=1e-12)
    bench.clock.tick(16.0)
    assert not bench.clock.is_running


def test_off_and_unasked_it_works_nothing_out(bench: Bench) -> None:
    bench.desk.set_setup(Setup(learning_rate=0.02, tempo=500.0))
    bench.ranking.choose("curvature")
    bench.automix.play()
    for _ in range(10):
        bench.clock.tick(16.0)
    assert not bench.ranking.is_working
    bench.ranking.choose(None)
    assert not bench.ranking.strength.any()
    assert not bench.ranking.is_working


def test_another_network_makes_it_forget(bench: Bench) -> None:
    bench.ranking.choose("curvature")
    assert bench.ranking.values is None
    settle(bench)
    bench.desk.put(network_on(make("sine", seed=2, points=40), 2, (2,)), "another")
    bench.clock.tick(16.0)
    assert bench.ranking.values is None
    settle(bench)
    np.testing.assert_allclose(values_of(bench), diagonal(bench), rtol=1e-9, atol=1e-12)


def test_looking_changes_nothing(bench: Bench) -> None:
    mix = bench.desk.mix
    for key in MEASURES:
        bench.ranking.choose(key)
        assert bench.ranking.strength.size == mix.parameters.size
        settle(bench)
    assert bench.desk.mix is mix
    assert not bench.ranking.is_sampled
