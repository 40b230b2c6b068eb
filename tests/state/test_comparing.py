"""Two optimizers from the very same start, and whatever may come between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.segment import Stop
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import MAX_TEMPO, Mix, Setup, network_on
from mixer_nn.state.comparing import FIRST_STEPS, Phase
from mixer_nn.ui import network_builder
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


def spiral(*hidden: int) -> Mix:
    return network_on(make("spiral", seed=7, points=60), 7, hidden or (4,))


def is_on(bench: Bench) -> bool:
    return bench.comparing.is_on


def has_verdict(bench: Bench) -> bool:
    return bench.comparing.verdict is not None


def let_play(bench: Bench, most: int = 500) -> None:
    for _ in range(most):
        if not bench.automix.playing:
            return
        bench.clock.tick(16.0)
    raise AssertionError("still playing")


@pytest.mark.parametrize("batch", [0, 16])
@pytest.mark.parametrize("tempo", [30.0, 3000.0, MAX_TEMPO])
def test_the_other_optimizer_takes_exactly_as_many_steps_from_the_very_same_start(
    make_bench: MakeBench, tempo: float, batch: int
) -> None:
    bench = make_bench(spiral(), tempo=tempo, batch_size=batch, learning_rate=0.3)
    first = bench.desk.mix
    bench.automix.step(37)
    kept, loss = bench.desk.mix, bench.desk.losses[0]

    bench.comparing.begin("adam")

    assert bench.comparing.phase is Phase.SECOND
    assert bench.automix.playing
    assert bench.desk.mix.parameters.tobytes() == first.parameters.tobytes()
    assert bench.desk.mix.run != kept.run
    let_play(bench)

    alone = make_bench(spiral(), optimizer="adam", batch_size=batch)
    alone.automix.step(37)
    assert bench.desk.mix.state.same(alone.desk.mix.state)
    verdict = bench.comparing.verdict
    assert verdict is not None
    assert (verdict.kept.optimizer, verdict.kept.steps, verdict.kept.loss) == (
        "gradient-descent",
        37,
        loss,
    )
    assert (verdict.other.optimizer, verdict.other.steps) == ("adam", 37)
    assert verdict.other.loss == alone.desk.losses[0]
    assert bench.desk.setup.learning_rate is None
    runs = {run.number: run for run in bench.desk.history.runs}
    assert runs[kept.run].kept
    assert runs[kept.run].setup == Setup(learning_rate=0.3, tempo=tempo, batch_size=batch)
    assert runs[kept.run].steps == kept.state.step
    assert not bench.comparing.is_on


def test_undo_leads_back_to_the_run_that_was_kept(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=3000.0)
    bench.automix.step(20)
    kept = bench.desk.mix
    bench.comparing.begin("rmsprop")
    let_play(bench)

    assert bench.desk.undo_stack.texts[-2:] == ["compare with RMSProp", "auto-mix"]
    bench.desk.undo()
    assert bench.comparing.verdict is None
    bench.desk.undo()

    assert bench.desk.mix.state.same(kept.state)
    assert bench.desk.mix.run == kept.run


def test_where_nothing_has_been_trained_both_take_a_hundred_steps(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    first = bench.desk.mix

    bench.comparing.begin("adam")
    assert bench.comparing.phase is Phase.FIRST
    assert bench.desk.setup.optimizer == "gradient-descent"
    let_play(bench)

    verdict = bench.comparing.verdict
    assert verdict is not None
    assert verdict.kept.steps == verdict.other.steps == FIRST_STEPS
    assert (verdict.kept.optimizer, verdict.other.optimizer) == ("gradient-descent", "adam")
    one, other = bench.desk.history.runs
    assert (one.steps, other.steps) == (FIRST_STEPS, FIRST_STEPS)
    for run in (one, other):
        assert run.points[0, 2] == first.problem.objective.value(first.parameters)


def test_three_in_a_row_keep_the_two_before(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    bench.automix.step(25)
    for optimizer in ("adam", "rmsprop"):
        bench.comparing.begin(optimizer)
        let_play(bench)

    runs = bench.desk.history.runs
    assert [run.steps for run in runs] == [25, 25, 25]
    assert [run.kept for run in runs] == [True, True, False]
    verdict = bench.comparing.verdict
    assert verdict is not None
    assert (verdict.kept.optimizer, verdict.other.optimizer) == ("adam", "rmsprop")


def test_a_pause_ends_it_without_a_word(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=100.0)
    bench.automix.step(30)
    bench.comparing.begin("adam")
    for _ in range(3):
        bench.clock.tick(16.0)

    bench.automix.pause()

    assert not bench.comparing.is_on
    assert bench.comparing.verdict is None
    assert 0 < bench.desk.mix.state.step < 30
    bench.automix.play()
    for _ in range(60):
        bench.clock.tick(16.0)
    assert bench.automix.playing
    assert bench.desk.mix.state.step > 30
    assert bench.comparing.verdict is None


def test_a_hand_on_a_knob_ends_it_and_auto_mix_plays_on(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=1000.0)
    bench.automix.step(30)
    bench.comparing.begin("adam")
    bench.clock.tick(16.0)

    bench.desk.turn(0, 1.0)

    assert not bench.comparing.is_on
    for _ in range(5):
        bench.clock.tick(16.0)
    assert bench.automix.playing
    assert bench.desk.mix.state.step > 30
    assert bench.comparing.verdict is None


def test_another_tempo_does_not_end_it_and_another_learning_rate_does(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(spiral(), tempo=100.0)
    bench.automix.step(30)
    bench.comparing.begin("adam")

    bench.desk.set_setup(replace(bench.desk.setup, tempo=200.0))
    assert is_on(bench)
    bench.desk.set_setup(replace(bench.desk.setup, learning_rate=0.5))

    assert not is_on(bench)
    assert bench.automix.playing
    assert bench.automix.until is None


def test_the_verdict_goes_when_something_else_happens(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    bench.automix.step(5)
    step = bench.automix.step
    for spoil in (bench.automix.play, step, bench.desk.back_to_start, _turn(bench)):
        bench.comparing.begin("momentum")
        let_play(bench)
        assert has_verdict(bench)
        spoil()
        assert not has_verdict(bench)
        bench.automix.pause()
        bench.automix.step(3)


def _turn(bench: Bench) -> Callable[[], None]:
    def turn() -> None:
        bench.desk.turn(0, 0.25)

    return turn


def test_one_that_settles_before_its_time_is_compared_as_it_is(bench: Bench) -> None:
    # On a line, gradient descent settles; the other has the same steps and settles, or does not.
    bench.desk.set_setup(replace(bench.desk.setup, optimizer="adam", tempo=MAX_TEMPO))
    bench.automix.step(2000)
    bench.automix.forget_outcome()
    bench.comparing.begin("gradient-descent")
    let_play(bench)

    verdict = bench.comparing.verdict
    assert verdict is not None
    assert verdict.other.stop is Stop.SETTLED
    assert verdict.other.steps < verdict.kept.steps
    assert bench.automix.outcome is not None


def test_one_that_diverges_is_left_to_auto_mix_to_explain(make_bench: MakeBench) -> None:
    bench = make_bench(tempo=MAX_TEMPO, learning_rate=50.0)
    bench.comparing.begin("adam")
    let_play(bench)

    assert bench.comparing.verdict is None
    assert not bench.comparing.is_on
    assert bench.automix.outcome is not None
    assert bench.automix.outcome.stop is Stop.DIVERGED


def test_with_every_knob_locked_there_is_nothing_to_compare(bench: Bench) -> None:
    bench.automix.step(3)
    bench.desk.lock_all(range(2), True, "lock")

    bench.comparing.begin("adam")

    assert not bench.comparing.is_on
    assert not bench.automix.playing
    assert bench.automix.outcome is not None


def test_a_run_that_began_with_anothers_weights_is_compared_from_those(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    bench.automix.step(40)
    network_builder.set_hidden(bench.desk, (5,), "add neurons")
    begun = bench.desk.mix
    bench.automix.step(12)

    bench.comparing.begin("adam")

    np.testing.assert_array_equal(bench.desk.mix.parameters, begun.parameters)
    let_play(bench)
    verdict = bench.comparing.verdict
    assert verdict is not None
    assert (verdict.kept.steps, verdict.other.steps) == (12, 12)


def test_what_hands_have_turned_before_the_first_step_is_the_start_of_both(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    for value in (0.5, 1.5):
        bench.desk.turn(0, value)
        bench.desk.flush()
    begun = bench.desk.mix
    bench.automix.step(10)
    bench.desk.turn(1, -1.0)
    bench.automix.step(5)

    bench.comparing.begin("adam")

    assert bench.desk.mix.parameters.tobytes() == begun.parameters.tobytes()
    let_play(bench)
    verdict = bench.comparing.verdict
    assert verdict is not None
    assert (verdict.kept.steps, verdict.other.steps) == (15, 15)


def test_a_run_by_hand_alone_is_gone_on_from_by_both(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    bench.desk.turn(0, 1.5)
    bench.desk.flush()
    begun, loss = bench.desk.mix, bench.desk.losses[0]

    bench.comparing.begin("adam")
    let_play(bench)

    first, second = bench.desk.history.runs
    assert (first.steps, second.steps) == (FIRST_STEPS, FIRST_STEPS)
    assert first.points[1, 2] == second.points[0, 2] == loss
    bench.desk.visit(0)
    assert bench.desk.mix.parameters.tobytes() == begun.parameters.tobytes()


def test_in_a_look_back_the_present_is_compared(make_bench: MakeBench) -> None:
    bench = make_bench(spiral(), tempo=6000.0)
    for _ in range(4):
        bench.automix.step(5)
    head = bench.desk.mix
    bench.desk.visit(10)

    bench.comparing.begin("adam")

    assert not bench.desk.is_visiting
    let_play(bench)
    verdict = bench.comparing.verdict
    assert verdict is not None
    assert verdict.kept.steps == verdict.other.steps == 20
    run = bench.desk.history.run(head.run)
    assert run is not None
    assert run.head is not None
    assert run.head.state.same(head.state)


def test_an_optimizer_that_there_is_not_changes_nothing(bench: Bench) -> None:
    bench.automix.step(3)
    mix = bench.desk.mix
    with pytest.raises(KeyError):
        bench.comparing.begin("no such thing")
    assert bench.desk.mix is mix
    assert not any(run.kept for run in bench.desk.history.runs)
