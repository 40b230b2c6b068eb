"""A stretch of training: the same whatever its slices, and ended by its rules and no others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

import mixer_nn.core.segment as segment_module
from mixer_nn.core.network import Network
from mixer_nn.core.objective import CHUNK, Objective, Valuation
from mixer_nn.core.plan import Plan
from mixer_nn.core.segment import (
    CHECKED_EVERY,
    EXPLODED,
    PLATEAU_WINDOW,
    Limits,
    Segment,
    Stop,
    train,
)
from mixer_nn.core.training import FULL_BATCH, Settings, TrainingState, order_of_rows, start

Array = NDArray[np.float64]

GD = "gradient-descent"
NEURON = Network.neuron(1)
BENT = Network((1, 6, 1), ("tanh", "linear"))


def line(rows: int = 40, noise: float = 0.3, network: Network = NEURON) -> Objective:
    rng = np.random.default_rng(11)
    x = rng.normal(size=(rows, 1))
    return Objective(network, "mse", x, 1.6 * x + 0.9 + noise * rng.normal(size=(rows, 1)))


def limit_of(objective: Objective) -> float:
    limit = objective.learning_rate_limit()
    assert limit is not None
    return limit


def advance_to_the_end(segment: Segment, steps: int | None, seconds: float | None = None) -> None:
    while segment.stop is None:
        segment.advance(steps=steps, seconds=seconds)


CASES = {
    "settles": (NEURON, 0.05, FULL_BATCH, Limits()),
    "plateau": (NEURON, 0.05, 7, Limits()),
    "epochs": (BENT, 0.1, 7, Limits(epochs=33)),
    "epochs, full batch": (BENT, 0.1, FULL_BATCH, Limits(epochs=333)),
    "steps, within an epoch": (BENT, 0.1, 7, Limits(steps=333)),
    "diverges": (NEURON, 1.3, FULL_BATCH, Limits()),
    "diverges slowly": (NEURON, 1.01, FULL_BATCH, Limits()),
    "diverges, batch 7": (NEURON, 2.0, 7, Limits()),
    "diverges, batch 1": (NEURON, 1.0, 1, Limits()),
    "a network diverges": (BENT, 3.0, FULL_BATCH, Limits()),
}


@pytest.mark.parametrize("case", CASES)
def test_slices_of_any_length_give_the_same_to_the_last_bit(case: str) -> None:
    network, rate, batch_size, limits = CASES[case]
    objective = line(network=network)
    if network is NEURON:
        rate *= limit_of(objective)
    settings = Settings(rate, batch_size, tolerance=1e-7)
    ends = []
    slices: list[tuple[int | None, float | None]] = [(None, None), (1, None), (3, None)]
    for steps, seconds in [*slices, (10, None), (1000, None), (None, 0.0), (None, 1e-4)]:
        segment = Segment(objective, settings, start(network, GD, 1), limits=limits)
        advance_to_the_end(segment, steps, seconds)
        ends.append(segment)
    expected = "diverged" if "diverges" in case else case.split(",")[0].replace("steps", "epochs")
    assert ends[0].stop == Stop({"settles": "settled"}.get(expected, expected))
    for end in ends[1:]:
        assert end.stop is ends[0].stop
        assert end.state.same(ends[0].state)
        assert end.loss == ends[0].loss or math.isnan(end.loss)


WAYS = {
    "Adam": Settings(0.01, optimizer="adam"),
    "Adam, batch 7": Settings(0.01, 7, "adam"),
    "AdamW, warm-up, cosine, clipped, batch 7": Settings(
        0.02, 7, "adamw", decay=0.1, schedule="cosine", warm_up=3.5, horizon=40.0, clip=0.5
    ),
    "Nesterov, step, L1, L2": Settings(
        0.01, optimizer="nesterov", schedule="step", horizon=300.0, l1=1e-3, l2=1e-3
    ),
    "RMSProp, batch 1": Settings(0.003, 1, "rmsprop", warm_up=2.0),
    "AdaGrad, batch 39": Settings(0.1, 39, "adagrad", clip=0.1),
    "momentum that diverges, batch 7": Settings(3.0, 7, "momentum"),
    "Nesterov that diverges": Settings(3.0, optimizer="nesterov"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("held", [(), (1, -1)], ids=["all free", "two held"])
def test_so_they_do_whatever_the_optimizer_and_its_settings(
    way: str, held: tuple[int, ...]
) -> None:
    objective, settings = line(network=BENT), WAYS[way]
    begin = start(BENT, settings.optimizer, 1)
    free = np.ones(begin.parameters.size, np.bool_)
    free[list(held)] = False
    limits = Limits(steps=1111)
    ends = []
    for steps, seconds in [(None, None), (1, None), (7, None), (1000, None), (None, 0.0)]:
        segment = Segment(objective, settings, begin, free, limits)
        advance_to_the_end(segment, steps, seconds)
        ends.append(segment)
    # Made anew in the middle of an epoch, and again, as when a mix is saved and opened.
    segment = Segment(objective, settings, begin, free, limits)
    for place in (100, 333, 500):
        if segment.stop is None:
            segment.advance(steps=place - segment.state.step)
        limits = Limits(steps=1111 - segment.state.step)
        if segment.stop is None:
            segment = Segment(objective, settings, segment.state, free, limits)
    advance_to_the_end(segment, None)
    expected = Stop.DIVERGED if "diverges" in way else Stop.EPOCHS
    for end in (*ends, segment):
        assert end.stop is expected
        if end is not segment or expected is Stop.EPOCHS:
            assert end.state.same(ends[0].state)
    assert ends[0].state.parameters[~free].tobytes() == begin.parameters[~free].tobytes()


def test_a_slice_takes_as_many_steps_as_it_was_told() -> None:
    segment = Segment(line(), Settings(1e-5), start(NEURON, GD, 1))
    for steps, total in ((1, 1), (0, 1), (24, 25), (1000, 1025)):
        segment.advance(steps=steps)
        assert segment.state.step == total
        assert segment.loss == line().value(segment.state.parameters)


def test_a_slice_by_the_clock_ends_in_the_middle_of_a_long_epoch() -> None:
    segment = Segment(line(rows=20_000), Settings(1e-4, 1), start(NEURON, GD, 1))
    segment.advance(seconds=0.0)
    assert 1 <= segment.state.step <= 100


def test_it_settles_after_ten_still_steps_and_not_before() -> None:
    objective, tolerance = line(), 1e-6
    settings = Settings(0.1 * limit_of(objective), tolerance=tolerance)
    plan = Plan(objective, settings, np.ones(2, np.bool_))
    plan.load(start(NEURON, GD, 1))
    still = []
    while plan.step < 2000:
        plan.run(1)
        reach = tolerance * np.maximum(1.0, np.abs(plan.parameters))
        still.append(bool((np.abs(plan.change) <= reach).all()))
    first = still.index(True) + 1
    assert all(still[first:])
    segment = Segment(objective, settings, start(NEURON, GD, 1))
    advance_to_the_end(segment, None)
    assert segment.stop is Stop.SETTLED
    # From the first look at which it is still, ten in a row.
    look = -(-first // CHECKED_EVERY) * CHECKED_EVERY
    assert segment.state.step == look + CHECKED_EVERY - 1
    assert all(still[segment.state.step - CHECKED_EVERY : segment.state.step])


def test_a_neuron_at_its_optimum_settles_in_19_steps() -> None:
    objective = line()
    segment = Segment(objective, Settings(0.05), TrainingState(objective.optimum, 1))
    advance_to_the_end(segment, 5)
    assert (segment.stop, segment.state.step) == (Stop.SETTLED, 19)


def test_a_touched_knob_suspends_settling_and_what_was_counted_before() -> None:
    objective = line()
    segment = Segment(objective, Settings(0.05), TrainingState(objective.optimum, 1))
    segment.advance(steps=15)
    segment.watched = False
    segment.advance(steps=100)
    assert segment.stop is None
    segment.watched = True
    segment.advance(steps=9)
    assert segment.stop is None
    advance_to_the_end(segment, 1)
    assert segment.stop is Stop.SETTLED


def test_a_touched_knob_does_not_suspend_divergence() -> None:
    segment = Segment(line(), Settings(5.0), start(NEURON, GD, 1))
    segment.watched = False
    advance_to_the_end(segment, None)
    assert segment.stop is Stop.DIVERGED


def test_with_all_held_it_settles_at_once_where_it_is() -> None:
    begin = start(NEURON, GD, 1)
    segment = Segment(line(), Settings(0.05), begin, free=np.zeros(2, np.bool_))
    advance_to_the_end(segment, None)
    assert segment.stop is Stop.SETTLED
    assert segment.state.parameters.tobytes() == begin.parameters.tobytes()


def test_a_held_parameter_waits_while_the_other_finds_its_best() -> None:
    objective, begin = line(), TrainingState(np.array([0.25, 3.0]), 1)
    settings = Settings(0.1 * limit_of(objective), tolerance=1e-11)
    segment = Segment(objective, settings, begin, free=np.array([False, True]))
    advance_to_the_end(segment, None)
    assert segment.state.parameters[0] == 0.25
    best = (objective.targets - 0.25 * objective.inputs).mean()
    assert segment.state.parameters[1] == pytest.approx(best, rel=1e-9)


def test_mini_batches_end_on_a_plateau_once_the_best_loss_gets_no_better() -> None:
    segment = Segment(line(), Settings(0.01, 7), start(NEURON, GD, 1))
    advance_to_the_end(segment, None)
    assert segment.stop is Stop.PLATEAU
    assert segment.state.place == 0
    assert segment.state.epoch >= PLATEAU_WINDOW
    assert segment.state.epoch % 10 == 0
    optimum = line().value(line().optimum)
    assert segment.loss < 1.05 * optimum


def test_mini_batches_do_not_end_while_the_loss_still_falls() -> None:
    segment = Segment(line(), Settings(1e-5, 7), start(NEURON, GD, 1))
    segment.advance(steps=6 * 3 * PLATEAU_WINDOW)
    assert segment.stop is None


@pytest.mark.parametrize(
    ("network", "share", "batch_size"),
    [(NEURON, 1.2, FULL_BATCH), (NEURON, 1.001, FULL_BATCH), (NEURON, 2.0, 7), (NEURON, 1.2, 1),
     (BENT, 2.0, FULL_BATCH), (BENT, 2.0, 7)],
)  # fmt: skip
@pytest.mark.parametrize("slices", [1, 64, None])
def test_divergence_names_the_first_step_that_exploded(
    network: Network, share: float, batch_size: int, slices: int | None
) -> None:
    objective = line(network=network)
    settings = Settings(share * limit_of(line()), batch_size)
    begin = start(network, GD, 1)
    plan = Plan(objective, settings, np.ones(network.parameter_count, np.bool_))
    plan.load(begin)
    loss = objective.value(begin.parameters)
    ceiling = EXPLODED * max(loss, objective.constant_loss)
    while loss <= ceiling:  # brute force: one step, one loss
        plan.run(1)
        loss = objective.value(plan.parameters)
        assert plan.step < 20_000
    segment = Segment(objective, settings, begin)
    advance_to_the_end(segment, slices)
    assert segment.stop is Stop.DIVERGED
    assert segment.state.same(plan.state())
    assert segment.loss == loss


def test_the_last_good_mix_survives_a_divergence() -> None:
    objective = line()
    settings = Settings(0.1 * limit_of(objective))
    good = Segment(objective, settings, start(NEURON, GD, 1))
    good.advance(steps=50)
    settings = Settings(1.5 * limit_of(objective))
    segment = Segment(objective, settings, good.state)
    advance_to_the_end(segment, None)
    assert segment.stop is Stop.DIVERGED
    assert segment.best.same(good.state)
    assert segment.best_loss == objective.value(good.state.parameters)
    assert np.isfinite(segment.state.parameters).all()


ENDS_IN_DIVERGENCE = {
    "at once": (NEURON, 1.3, FULL_BATCH, GD),
    "in mini-batches": (NEURON, 2.0, 7, GD),
    "a network": (BENT, 3.0, FULL_BATCH, GD),
    "after it has come near": (NEURON, 0.97, FULL_BATCH, "momentum"),
}


@pytest.mark.parametrize("case", ENDS_IN_DIVERGENCE)
@pytest.mark.parametrize("replay", [segment_module.REPLAY, 0], ids=["in steps", "in strides"])
def test_the_last_good_mix_is_the_same_at_any_pace(
    case: str, replay: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_module, "REPLAY", replay)
    network, rate, batch_size, optimizer = ENDS_IN_DIVERGENCE[case]
    objective = line(network=network)
    rate *= 1.0 if network is BENT else limit_of(objective)
    settings, ends = Settings(rate, batch_size, optimizer, momentum=1.02), []
    for steps, seconds in ((1, None), (7, None), (2000, None), (None, 1e-4)):
        segment = Segment(objective, settings, start(network, optimizer, 1))
        advance_to_the_end(segment, steps, seconds)
        assert segment.stop is Stop.DIVERGED
        ends.append(segment)
    for end in ends:
        assert end.best.same(ends[0].best)
        assert end.best_loss == ends[0].best_loss == objective.value(end.best.parameters)


def test_a_short_run_that_diverges_has_the_best_of_all_its_steps() -> None:
    objective = line()
    settings = Settings(0.3 * limit_of(objective), FULL_BATCH, "momentum", momentum=1.05)
    begin = start(NEURON, "momentum", 1)
    plan = Plan(objective, settings, np.ones(2, np.bool_))
    plan.load(begin)
    losses = [objective.value(begin.parameters)]
    while losses[-1] <= EXPLODED * losses[0]:
        plan.run(1)
        losses.append(objective.value(plan.parameters))
    assert 0 < int(np.argmin(losses)) < len(losses) - 1 < 250
    segment = Segment(objective, settings, begin)
    segment.advance()
    assert (segment.best.step, segment.best_loss) == (int(np.argmin(losses)), min(losses))


def test_where_it_ends_by_itself_counts_too() -> None:
    for steps in (1, 9, 600):
        segment = Segment(line(), Settings(0.01), start(NEURON, GD, 1), limits=Limits(steps=123))
        advance_to_the_end(segment, steps)
        assert segment.stop is Stop.EPOCHS
        assert segment.best.same(segment.state)
        assert segment.best_loss == segment.loss


def test_a_spike_that_the_training_survives_is_survived_at_any_pace() -> None:
    # One weight, and one row far out on the very line that the others lie on: met first, it
    # throws the weight 800 times as far off as it was; the others bring it back.
    x = np.append(np.ones(60), 30.0)[:, np.newaxis]
    objective = Objective(NEURON, "mse", x, x)
    seed = next(seed for seed in range(1000) if order_of_rows(seed, 0, 61)[0] == 60)
    settings, state = Settings(0.45, 1), TrainingState(np.array([1.2, 0.0]), seed)
    free = np.array([True, False])
    ends, losses = [], []
    for steps in (1, 7, 4000):
        segment = Segment(objective, settings, state, free, Limits(steps=4000))
        first = segment.loss
        while segment.stop is None:
            segment.advance(steps=steps)
            losses.append(segment.loss)
        ends.append(segment)
    assert max(losses) > EXPLODED * max(first, objective.constant_loss)
    for end in ends:
        assert end.stop is Stop.EPOCHS
        assert end.state.same(ends[0].state)
        assert end.loss < first


def test_just_below_the_limit_it_converges_and_just_above_it_diverges() -> None:
    objective = line()
    for share, expected in ((0.999, Stop.SETTLED), (1.001, Stop.DIVERGED)):
        settings = Settings(share * limit_of(objective), tolerance=1e-9)
        segment = Segment(objective, settings, TrainingState(np.array([30.0, -30.0]), 1))
        assert train(segment, lambda: False) is expected
        if expected is Stop.SETTLED:
            np.testing.assert_allclose(segment.state.parameters, objective.optimum, rtol=1e-6)


def test_parameters_that_are_no_numbers_diverge_at_the_first_step() -> None:
    segment = Segment(line(), Settings(0.1), TrainingState(np.array([np.nan, 0.0]), 1))
    segment.advance()
    assert (segment.stop, segment.state.step) == (Stop.DIVERGED, 1)


def test_a_start_at_an_infinite_loss_has_diverged_too() -> None:
    segment = Segment(line(), Settings(1e-9), TrainingState(np.array([0.0, 1e300]), 1))
    assert segment.loss == math.inf
    segment.advance(steps=3)
    assert segment.stop is Stop.DIVERGED
    assert np.isfinite(segment.best.parameters).all()


def test_a_huge_start_that_is_finite_comes_back() -> None:
    objective = line()
    settings = Settings(0.1 * limit_of(objective), tolerance=1e-9)
    segment = Segment(objective, settings, TrainingState(np.array([1e200, -1e200]), 1))
    assert segment.loss == math.inf
    assert train(segment, lambda: False) is Stop.SETTLED
    np.testing.assert_allclose(segment.state.parameters, objective.optimum, rtol=1e-6)


@pytest.mark.parametrize("limits", [Limits(epochs=0), Limits(steps=0)])
@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7])
def test_a_limit_of_nothing_takes_no_step(limits: Limits, batch_size: int) -> None:
    begin = start(NEURON, GD, 1)
    segment = Segment(line(), Settings(0.1, batch_size), begin, limits=limits)
    assert train(segment, lambda: False) is Stop.EPOCHS
    assert segment.state.same(begin)


@pytest.mark.parametrize("batch_size", [FULL_BATCH, 7])
def test_limits_count_from_where_the_segment_began(batch_size: int) -> None:
    first = Segment(line(), Settings(1e-3, batch_size), start(NEURON, GD, 1), None, Limits(4))
    train(first, lambda: False)
    assert (first.stop, first.state.epoch, first.state.place) == (Stop.EPOCHS, 4, 0)
    second = Segment(line(), Settings(1e-3, batch_size), first.state, None, Limits(steps=3))
    train(second, lambda: False)
    assert second.state.step == first.state.step + 3


def test_after_the_end_nothing_moves() -> None:
    segment = Segment(line(), Settings(0.1), start(NEURON, GD, 1), limits=Limits(steps=5))
    advance_to_the_end(segment, None)
    state = segment.state
    segment.advance(steps=100)
    assert segment.state is state


def test_it_can_be_interrupted_between_slices() -> None:
    segment = Segment(line(), Settings(1e-6), start(NEURON, GD, 1))
    answers = iter([False, False, True])
    assert train(segment, lambda: next(answers), steps_a_slice=10) is Stop.INTERRUPTED
    assert segment.state.step == 20


def cars_like(rng: np.random.Generator) -> tuple[Array, Array]:
    x = rng.uniform(4, 25, size=(50, 1))
    return x, 3.9 * x - 17.6 + 15 * rng.normal(size=(50, 1))


def correlated(rng: np.random.Generator) -> tuple[Array, Array]:
    base = rng.normal(size=(60, 1))
    x = np.column_stack([base, 0.5 * base + rng.normal(size=(60, 1)), rng.normal(size=(60, 1))])
    return x, x @ np.array([[1.0], [-2.0], [0.5]]) + 3 + rng.normal(size=(60, 1))


@pytest.mark.parametrize("make", [cars_like, correlated])
@pytest.mark.parametrize("centred", [False, True])
def test_training_to_1e_11_finds_the_least_squares_line(make: object, centred: bool) -> None:
    assert callable(make)
    x, y = make(np.random.default_rng(5))
    if centred:
        x = (x - x.mean(axis=0)) / x.std(axis=0)
    network = Network.neuron(x.shape[1])
    objective = Objective(network, "mse", x, y)
    settings = Settings(0.1 * limit_of(objective) / 2, tolerance=1e-11)  # 0.1/λmax
    segment = Segment(objective, settings, start(network, GD, 1))
    assert train(segment, lambda: False) is Stop.SETTLED
    design = np.column_stack([x, np.ones(len(x))])
    expected = np.linalg.lstsq(design, y[:, 0], rcond=None)[0]
    np.testing.assert_allclose(segment.state.parameters, expected, rtol=1e-6)


def test_data_that_pin_nothing_down_settle_all_the_same() -> None:
    x = np.random.default_rng(5).normal(size=(30, 1))
    for inputs in (np.column_stack([x, x]), np.column_stack([x, np.full(30, 2.0)]), x[:1]):
        objective = Objective(Network.neuron(inputs.shape[1]), "mse", inputs, 2 * inputs[:, :1] + 1)
        settings = Settings(0.1 * limit_of(objective), tolerance=1e-9)
        segment = Segment(objective, settings, start(objective.network, GD, 1))
        assert train(segment, lambda: False) is Stop.SETTLED
        assert segment.loss < 1e-12


def test_targets_without_variance_are_learned_without_being_called_divergence() -> None:
    x = np.random.default_rng(5).normal(size=(30, 1))
    objective = Objective(NEURON, "mse", x, np.full((30, 1), 5.0))
    settings = Settings(0.1 * limit_of(objective), tolerance=1e-11)
    segment = Segment(objective, settings, start(NEURON, GD, 1))
    assert train(segment, lambda: False) is Stop.SETTLED
    np.testing.assert_allclose(segment.state.parameters, [0.0, 5.0], atol=1e-8)


# -- tables so long that a step takes more than a slice --------------------------------------------

LONG_WAYS = {
    "full batch": Settings(0.05),
    "full batch, Adam, clipped": Settings(0.02, optimizer="adam", clip=0.1, warm_up=3.0),
    "batch 500, Adam": Settings(0.02, 500, "adam"),
    "settles": Settings(1e-12),
    "diverges": Settings(30.0),
    "diverges, batch 500": Settings(30.0, 500, "momentum"),
}


def long_line() -> Objective:
    return line(rows=3 * CHUNK + 100, network=BENT)


@pytest.mark.parametrize("way", LONG_WAYS)
def test_of_a_long_table_slices_by_the_clock_give_the_same(way: str) -> None:
    objective, settings = long_line(), LONG_WAYS[way]
    limits = Limits(steps=23)
    whole = Segment(objective, settings, start(BENT, settings.optimizer, 1), limits=limits)
    advance_to_the_end(whole, None)
    expected = way.split(",")[0].replace("settles", "settled").replace("diverges", "diverged")
    assert whole.stop is (Stop.EPOCHS if "batch" in expected else Stop(expected))
    for slices in ([0.0], [1e-4], [0.003], [0.0, None], [0.0, 0.0, 0.0, None, 1e-3]):
        segment = Segment(objective, settings, start(BENT, settings.optimizer, 1), limits=limits)
        while segment.stop is None:
            for seconds in slices:
                if seconds is None:
                    segment.advance(steps=1)
                else:
                    segment.advance(seconds=seconds)
                if segment.stop is not Stop.DIVERGED:
                    assert segment.loss == objective.value(segment.state.parameters)
        assert segment.stop is whole.stop
        assert segment.state.same(whole.state)
        assert segment.loss == whole.loss or math.isnan(segment.loss)


def test_of_a_step_that_takes_several_slices_nothing_is_shown_before_its_loss_is_known() -> None:
    objective = long_line()
    segment = Segment(objective, Settings(0.05), start(BENT, GD, 1))
    first = segment.state
    pieces = 0
    while segment.state is first:
        segment.advance(seconds=0.0)
        pieces += 1
        assert segment.unfinished == (segment.state is first)
    assert segment.state.step == 1
    assert pieces == 4 + 4  # of the step, and of the loss


def test_one_step_ordered_over_several_slices_is_one_step() -> None:
    segment = Segment(long_line(), Settings(0.05), start(BENT, GD, 1))
    segment.advance(steps=1, seconds=0.0)
    while segment.unfinished:
        segment.advance(steps=0, seconds=0.0)
    assert segment.state.step == 1
    segment.advance(steps=0, seconds=1.0)
    assert segment.state.step == 1
    segment.advance(steps=2, seconds=60.0)
    assert (segment.state.step, segment.unfinished) == (3, False)


def test_steps_without_a_clock_finish_what_was_begun() -> None:
    objective, settings = long_line(), Settings(0.05)
    for begun in range(1, 9):  # within the step, or within its loss
        segment = Segment(objective, settings, start(BENT, GD, 1))
        for _ in range(begun):
            segment.advance(seconds=0.0)
        segment.advance(steps=2)
        assert not segment.unfinished
        other = Segment(objective, settings, start(BENT, GD, 1))
        other.advance(steps=segment.state.step)
        assert segment.state.same(other.state)
        assert segment.loss == other.loss


def test_a_loss_worked_out_in_parts_is_the_loss() -> None:
    objective = long_line()
    vector = start(BENT, GD, 3).parameters
    valuation = Valuation(objective, vector)
    assert [valuation.go_on() for _ in range(objective.parts)] == [False] * 3 + [True]
    assert valuation.loss == objective.value(vector)


def test_a_line_through_a_long_table_needs_no_parts() -> None:
    segment = Segment(line(rows=20 * CHUNK), Settings(0.05), start(NEURON, GD, 1))
    segment.advance(seconds=0.0)
    assert segment.state.step >= 1
    assert not segment.unfinished
