"""One step in slow motion: it is an ordinary step, and until it is taken nothing has happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.state.slow_motion import Phase, Stage
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]
F, L, B, U = Stage.FORWARD, Stage.LOSS, Stage.BACKWARD, Stage.UPDATE


def deep() -> Mix:
    return network_on(make("spiral", seed=3, points=50), 3, (4, 3))


def go_to(bench: Bench, stage: Stage) -> None:
    """Go on by hand until the first phase of that stage."""
    if not bench.slow_motion.is_on:
        bench.slow_motion.begin()
    while bench.slow_motion.stage is not stage:
        bench.slow_motion.next()


def watch(bench: Bench) -> list[str]:
    """What is told from now on."""
    told: list[str] = []
    bench.slow_motion.interrupted.connect(lambda: told.append("interrupted"))
    return told


def test_it_runs_forward_and_back_through_the_layers(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    slow = bench.slow_motion
    slow.begin()
    phases = slow.phases
    assert phases == (
        Phase(F, 1), Phase(F, 2), Phase(F, 3), Phase(L), Phase(B, 3), Phase(B, 2), Phase(B, 1),
        Phase(U),
    )  # fmt: skip
    seen = []
    while slow.is_on:
        seen.append(slow.phase)
        slow.next()
    assert tuple(seen) == phases
    assert bench.desk.mix.state.step == 1


SETUPS = {
    "full batch": {},
    "Adam in the middle of an epoch": {"optimizer": "adam", "batch_size": 7},
    "momentum with limiter and penalty": {
        "optimizer": "momentum", "batch_size": 16, "clip": 0.1, "l2": 0.01,
    },
}  # fmt: skip


@pytest.mark.parametrize("locked", [(), (0, 5, 20)], ids=["all free", "some locked"])
@pytest.mark.parametrize("setup", SETUPS)
def test_the_result_is_exactly_one_ordinary_step(
    make_bench: MakeBench, setup: str, locked: tuple[int, ...]
) -> None:
    slow, plain = (make_bench(deep(), **SETUPS[setup]) for _ in range(2))
    for bench in (slow, plain):
        bench.automix.step(10)
        for index in locked:
            bench.desk.set_locked(index, True)
    count, before = slow.desk.undo_stack.count, slow.desk.mix
    points = len(slow.desk.history.points)
    go_to(slow, B)
    assert slow.desk.mix is before
    assert slow.desk.undo_stack.count == count
    assert len(slow.desk.history.points) == points
    go_to(slow, U)
    plain.automix.step(1)
    assert slow.desk.mix.state.same(plain.desk.mix.state)
    assert slow.desk.mix.moves == plain.desk.mix.moves
    assert slow.desk.undo_stack.count == plain.desk.undo_stack.count == count + 1
    assert [slow.desk.mix.parameters[i] for i in locked] == [before.parameters[i] for i in locked]
    slow.slow_motion.next()
    assert not slow.slow_motion.is_on
    for bench in (slow, plain):
        bench.automix.step(15)
    assert slow.desk.mix.state.same(plain.desk.mix.state), "and it trains on as if nothing was"
    slow.desk.undo()
    slow.desk.undo()
    assert slow.desk.mix is before


@pytest.mark.parametrize("batch", [0, 1, 7])
def test_it_knows_the_rows_that_the_step_takes(make_bench: MakeBench, batch: int) -> None:
    """The step of one linear neuron from its rows alone, by the formula of the school book."""
    data = make("noisy-line", seed=7).split(0.3, np.random.default_rng(0))
    bench = make_bench(neuron_on(data, 7), batch_size=batch, learning_rate=0.05)
    bench.automix.step(3)
    bench.slow_motion.begin()
    step = bench.slow_motion.step
    assert step is not None
    assert not data.held_out[step.rows].any()
    assert len(step.rows) == (batch or (~data.held_out).sum())
    assert step.is_full_batch == (batch == 0)
    x, y = data.inputs[step.rows, 0], data.targets[step.rows, 0]
    w, b = bench.desk.mix.parameters
    miss = w * x + b - y
    slopes = [2.0 * np.mean(miss * x), 2.0 * np.mean(miss)]
    np.testing.assert_allclose(step.slopes, slopes, rtol=1e-9)
    np.testing.assert_array_equal(bench.readings.shown_slopes, step.slopes)
    assert step.loss == pytest.approx(np.mean(miss**2))
    go_to(bench, U)
    np.testing.assert_allclose(bench.desk.mix.parameters, [w, b] - 0.05 * np.array(slopes))
    assert bench.slow_motion.step is step, "it still shows the slopes that turned the knobs"
    np.testing.assert_array_equal(bench.readings.shown_slopes, step.slopes)


def test_auto_mix_is_paused_first_and_a_lit_row_put_out(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    bench.automix.play()
    bench.clock.tick(500.0)
    bench.spotlight.light(3)
    bench.slow_motion.begin()
    assert not bench.automix.playing
    assert bench.slow_motion.is_on
    assert bench.spotlight.row is None


def test_layers_are_reached_one_after_the_other(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    slow = bench.slow_motion
    slow.begin()
    assert slow.is_reached(1, 1)
    assert not slow.is_reached(1, 4)
    bench.clock.tick(100.0)
    assert slow.reached == 1
    for _ in range(9):
        bench.clock.tick(100.0)
    assert slow.reached == 4
    assert slow.is_lit(1, 4)
    assert not slow.is_reached(2, 1)
    go_to(bench, L)
    assert slow.is_reached(3, 1)
    assert [slow.has_slopes(layer) for layer in (1, 2, 3)] == [False] * 3
    go_to(bench, B)
    slow.next()
    assert [slow.has_slopes(layer) for layer in (1, 2, 3)] == [False, True, True]
    assert [slow.is_lit(layer, 1) for layer in (1, 2, 3)] == [False, True, False]
    assert [slow.is_reached(layer, 1) for layer in (1, 2, 3)] == [False, True, True]


def test_with_reduced_motion_a_layer_is_reached_at_once(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    bench.preferences.reduced_motion = True
    bench.slow_motion.begin()
    assert bench.slow_motion.reached == 4


def test_it_plays_by_itself_at_its_pace_and_then_lets_the_clock_rest(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(deep())
    slow = bench.slow_motion
    slow.begin()
    slow.faster()
    assert slow.pace == 1200.0
    frames = 0
    while slow.is_on:
        bench.clock.tick(100.0)
        frames += 1
        assert frames < 1000
    assert frames == 8 * 12
    assert bench.desk.mix.state.step == 1
    for _ in range(20):
        bench.clock.tick(100.0)
    assert not bench.clock.is_running


def test_by_hand_it_stays_where_it_is(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    slow = bench.slow_motion
    slow.begin()
    slow.next()
    for _ in range(100):
        bench.clock.tick(100.0)
    assert slow.phase == Phase(F, 2)
    assert not bench.clock.is_running
    slow.toggle()
    for _ in range(24):
        bench.clock.tick(100.0)
    assert slow.phase == Phase(F, 3)
    slow.back_to_first()
    assert slow.phase == Phase(F, 1)
    assert not slow.playing
    slow.back()
    assert slow.phase == Phase(F, 1)


def test_going_back_from_the_last_phase_takes_the_step_back(make_bench: MakeBench) -> None:
    bench = make_bench(deep(), optimizer="adam", batch_size=7)
    bench.automix.step(10)
    before = bench.desk.mix
    go_to(bench, U)
    after, count = bench.desk.mix.state, bench.desk.undo_stack.count
    bench.slow_motion.back()
    assert bench.slow_motion.phase == Phase(B, 1)
    assert bench.desk.mix is before
    bench.slow_motion.next()
    assert bench.desk.mix.state.same(after)
    assert bench.desk.undo_stack.count == count


def test_leaving_takes_no_step(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    before, told = bench.desk.mix, watch(bench)
    go_to(bench, B)
    bench.slow_motion.cancel()
    assert bench.desk.mix is before
    assert not bench.slow_motion.is_on
    assert not bench.desk.undo_stack.can_undo
    assert told == []


CHANGES: dict[str, Callable[[Bench], None]] = {
    "a turned knob": lambda bench: bench.desk.turn(0, 2.0),
    "a lock": lambda bench: bench.desk.set_locked(0, True),
    "another learning rate": lambda bench: bench.desk.set_setup(
        replace(bench.desk.setup, learning_rate=0.3)
    ),
    "an ordinary step": lambda bench: bench.automix.step(1),
    "Auto-mix": lambda bench: bench.automix.play(),
    "an undo": lambda bench: bench.desk.undo(),
    "another network": lambda bench: bench.desk.put(
        replace(network_on(bench.desk.mix.dataset, 1, (2,)), run=9), "smaller"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_else_changes_the_mix_ends_it_and_counts_in_full(
    make_bench: MakeBench, change: str
) -> None:
    slow, plain = make_bench(deep()), make_bench(deep())
    for bench in (slow, plain):
        bench.automix.step(3)
    told = watch(slow)
    go_to(slow, B)
    for bench in (slow, plain):
        CHANGES[change](bench)
    assert not slow.slow_motion.is_on
    assert told == ["interrupted"]
    for bench in (slow, plain):
        bench.clock.tick(16.0)
    assert slow.desk.mix.state.same(plain.desk.mix.state)
    assert slow.desk.undo_stack.count == plain.desk.undo_stack.count


def test_the_tempo_is_no_part_of_the_step(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    go_to(bench, L)
    bench.desk.set_setup(replace(bench.desk.setup, tempo=50.0))
    assert bench.slow_motion.phase == Phase(L)


def test_with_all_knobs_locked_there_is_no_step_to_show(make_bench: MakeBench) -> None:
    bench = make_bench()
    bench.desk.lock_all([0, 1], True, "lock")
    bench.slow_motion.begin()
    assert not bench.slow_motion.is_on
    assert bench.automix.outcome is not None
    assert bench.automix.outcome.stop is None


def test_while_it_is_off_it_costs_no_frame_anything(make_bench: MakeBench) -> None:
    bench = make_bench(deep())
    told: list[int] = []
    bench.slow_motion.changed.connect(lambda: told.append(1))
    bench.slow_motion.swept.connect(lambda: told.append(1))
    bench.automix.play()
    for _ in range(10):
        bench.clock.tick(100.0)
    assert told == []
