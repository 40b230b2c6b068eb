"""The estimate of where gradient descent overshoots: right, in slices, and only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.curvature import hessian_times
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]

MOST_FRAMES = 400


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A bend fitted with four and three neurons."""
    return make_bench(network_on(make("sine", seed=2, points=40), 2, (4, 3)))


def limit(bench: Bench) -> float:
    """2/λmax from the whole Hessian of the free knobs, with the pull on the weights."""
    mix, objective = bench.desk.mix, bench.desk.mix.problem.objective
    units = np.eye(mix.parameters.size)
    whole = np.array([hessian_times(objective, mix.parameters, unit) for unit in units])
    whole += np.diag(bench.desk.setup.l2 * mix.network.is_weight)
    free = ~mix.locked
    return 2.0 / float(np.linalg.eigvalsh(whole[np.ix_(free, free)])[-1])


def settle(bench: Bench) -> int:
    """Frames until it has settled; how many."""
    for count in range(MOST_FRAMES):
        if not bench.sharpness.is_working:
            return count
        bench.clock.tick(16.0)
    raise AssertionError("it does not settle")


def test_it_comes_to_the_limit_of_the_place_where_the_desk_stands(bench: Bench) -> None:
    bench.sharpness.follow()
    settle(bench)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=1e-4)
    before = bench.sharpness.learning_rate_limit
    bench.desk.turn(3, 2.5)
    bench.sharpness.follow()
    settle(bench)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=1e-4)
    assert bench.sharpness.learning_rate_limit != pytest.approx(before, rel=1e-3)


def test_locks_and_the_pull_on_weights_count(bench: Bench) -> None:
    bench.desk.set_setup(replace(Setup(), l2=0.5))
    bench.desk.lock_all(range(0, 27, 4), True, "lock some")
    bench.sharpness.follow()
    settle(bench)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=1e-4)


def test_it_rests_when_it_is_done_and_when_nobody_asks(bench: Bench) -> None:
    bench.clock.tick(16.0)
    assert bench.sharpness.learning_rate_limit is None
    bench.sharpness.follow()
    settle(bench)
    bench.clock.tick(16.0)
    assert not bench.clock.is_running
    bench.sharpness.follow()
    assert not bench.sharpness.is_working
    bench.automix.play()
    for _ in range(20):
        bench.clock.tick(16.0)
    assert not bench.sharpness.is_working


def test_while_knobs_turn_it_goes_after_them(bench: Bench) -> None:
    bench.desk.set_setup(Setup(learning_rate=0.02, tempo=500.0))
    bench.desk.changed.connect(bench.sharpness.follow)
    bench.automix.play()
    for _ in range(60):
        bench.clock.tick(16.0)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=0.1)
    bench.automix.toggle()
    bench.clock.tick(16.0)
    settle(bench)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=1e-4)


def test_once_nobody_asks_any_more_it_stops_though_the_knobs_go_on(bench: Bench) -> None:
    bench.desk.set_setup(Setup(learning_rate=0.02, tempo=500.0))
    bench.sharpness.follow()
    bench.automix.play()
    for _ in range(MOST_FRAMES):
        bench.clock.tick(16.0)
        if not bench.sharpness.is_working:
            return
    raise AssertionError("it never stops")


def test_scaling_moves_it_and_another_network_makes_it_forget(make_bench: MakeBench) -> None:
    bench = make_bench(network_on(load_shipped("cars"), 2, (4,), scaled=False))
    bench.sharpness.follow()
    settle(bench)
    before = bench.sharpness.learning_rate_limit
    bench.desk.set_scaled(True)
    bench.clock.tick(16.0)
    assert bench.sharpness.learning_rate_limit is None
    bench.sharpness.follow()
    settle(bench)
    after = bench.sharpness.learning_rate_limit
    assert after == pytest.approx(limit(bench), rel=1e-4)
    assert after != pytest.approx(before, rel=0.5)


def test_of_many_rows_it_takes_an_even_sample(make_bench: MakeBench) -> None:
    mix = network_on(make("sine", seed=2, points=5000), 2, (4,))
    bench = make_bench(mix)
    assert bench.readings.shown_objective.rows == 2000
    bench.sharpness.follow()
    settle(bench)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=0.05)


def test_looking_changes_nothing(bench: Bench) -> None:
    bench.automix.step(3)
    mix, undo = bench.desk.mix, bench.desk.undo_stack.count
    bench.sharpness.follow()
    settle(bench)
    assert bench.desk.mix is mix
    assert bench.desk.undo_stack.count == undo


def test_parameters_that_have_run_away_end_it_without_a_number(bench: Bench) -> None:
    bench.desk.turn(0, 1e300)
    bench.desk.turn(12, 1e300)
    bench.sharpness.follow()
    settle(bench)
    limit_now = bench.sharpness.learning_rate_limit
    assert limit_now is None or limit_now >= 0.0


def test_a_network_of_which_the_desk_has_not_yet_told_is_begun_anew(bench: Bench) -> None:
    settle(bench)
    mix = network_on(make("circle", seed=3), 3, (5, 3))
    bench.desk.put(replace(mix, run=bench.desk.history.new_run()), "another network")
    bench.sharpness.follow()
    bench.clock.tick(16.0)  # now it is told
    bench.sharpness.follow()
    settle(bench)
    assert bench.sharpness.learning_rate_limit == pytest.approx(limit(bench), rel=1e-2)
