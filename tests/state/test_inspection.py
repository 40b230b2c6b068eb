"""The inspector's numbers against fresh evaluations, differences and the step that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.dataset import Dataset
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on
from mixer_nn.state.last_moves import LastMove
from mixer_nn.state.readings import SHOWN_ROWS
from mixer_nn.ui.bench import Bench

MakeBench = Callable[..., Bench]


@pytest.fixture
def network(make_bench: MakeBench) -> Bench:
    """A bend fitted with four neurons, nothing done yet."""
    return make_bench(network_on(make("sine", seed=2, points=40), 2, (4,)), learning_rate=0.05)


def slope_at(bench: Bench, index: int, value: float) -> float:
    vector = np.array(bench.desk.mix.parameters)
    vector[index] = value
    return float(bench.desk.mix.problem.objective.gradient(vector)[index])


# -- the loss around it -----------------------------------------------------------------------


def test_curvature_is_how_the_slope_changes(network: Bench) -> None:
    network.automix.step(5)
    for index in range(network.desk.mix.network.parameter_count):
        here, by = float(network.desk.mix.parameters[index]), 1e-5
        rise = slope_at(network, index, here + by) - slope_at(network, index, here - by)
        assert network.inspection.curvature(index) == pytest.approx(rise / (2 * by), rel=1e-5)


def test_the_parabola_of_a_linear_neuron_has_its_floor_where_the_slope_is_none(
    bench: Bench,
) -> None:
    bench.automix.step(2)
    for index in (0, 1):
        floor = bench.inspection.floor(index)
        assert floor is not None
        assert slope_at(bench, index, floor) == pytest.approx(0.0, abs=1e-9)


def test_a_loss_that_does_not_curve_up_has_no_floor(network: Bench) -> None:
    curvatures = []
    for value in np.linspace(-4.0, 4.0, 17):
        network.desk.turn(0, float(value))
        curvature = network.inspection.curvature(0)
        curvatures.append(curvature)
        assert (network.inspection.floor(0) is None) == (not curvature > 0.0)
    assert min(curvatures) < 0.0 < max(curvatures)


def test_of_a_long_table_a_sample_of_the_rows_is_taken_and_said_so(
    make_bench: MakeBench, table: Callable[..., Dataset]
) -> None:
    x = np.linspace(-2.0, 2.0, 3 * SHOWN_ROWS).reshape(-1, 1)
    long = make_bench(network_on(table(x, np.sin(x)), 2, (3,)))
    short = make_bench(network_on(make("sine", seed=2, points=40), 2, (3,)))
    assert long.inspection.is_sampled
    assert not short.inspection.is_sampled
    whole = long.desk.mix.problem.objective
    vector, by = long.desk.mix.parameters, np.eye(10)[4] * 1e-5
    rise = whole.gradient(vector + by)[4] - whole.gradient(vector - by)[4]
    assert long.inspection.curvature(4) == pytest.approx(rise / 2e-5, rel=0.01)


# -- the next step ----------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [0, 7])
def test_the_next_step_is_the_one_that_comes(
    make_bench: MakeBench, optimizer: str, batch_size: int
) -> None:
    mix = network_on(make("sine", seed=2, points=40), 2, (3,))
    bench = make_bench(
        mix, optimizer=optimizer, batch_size=batch_size, learning_rate=0.05, clip=0.5, l2=0.01
    )
    for _ in range(8):  # over the end of an epoch
        before = bench.desk.mix.parameters
        said = [bench.inspection.next_step(index).change for index in range(10)]
        assert np.allclose(before + said, bench.readings.next_parameters, rtol=1e-12)
        bench.automix.step()
        np.testing.assert_allclose(said, bench.desk.mix.parameters - before, rtol=1e-9, atol=1e-14)
        moves = [bench.inspection.last_move(index) for index in range(10)]
        np.testing.assert_allclose([m.change for m in moves if m], said, rtol=1e-9, atol=1e-14)
    assert bench.inspection.is_mini_batch == bool(batch_size)


def test_a_locked_parameter_is_left_alone_by_the_next_step_and_by_the_last(
    network: Bench,
) -> None:
    network.desk.set_locked(3, True)
    network.automix.step()
    assert network.inspection.next_step(3).change == 0.0
    assert network.inspection.last_move(3) == LastMove(0.0, 1, 1)
    assert network.inspection.next_step(2).change != 0.0


def test_a_parameter_in_a_hand_is_left_alone_too(network: Bench) -> None:
    network.desk.touch(3)
    assert network.inspection.next_step(3).change == 0.0
    network.desk.release(3)
    assert network.inspection.next_step(3).change != 0.0


def test_what_has_run_away_raises_nothing(network: Bench) -> None:
    vector = np.array(network.desk.mix.parameters)
    vector[2] = np.nan
    network.desk.restore(network.desk.mix.with_parameters(vector))
    for index in range(3):
        network.inspection.next_step(index)
        assert np.isnan(network.inspection.curvature(index))
        assert network.inspection.floor(index) is None


# -- what moved it last -----------------------------------------------------------------------


def test_before_the_first_move_none_is_known(network: Bench) -> None:
    assert network.inspection.last_move(0) is None


def test_several_steps_at_once_are_said_to_be_so(network: Bench) -> None:
    before = network.desk.mix.parameters
    network.automix.step(10)
    move = network.inspection.last_move(1)
    assert move == LastMove(float(network.desk.mix.parameters[1] - before[1]), 10, 10)


def test_a_hand_is_told_from_a_step_whichever_came_last(network: Bench) -> None:
    network.automix.step()
    step = network.inspection.last_move(2)
    assert step is not None
    assert not step.by_hand
    start = float(network.desk.mix.parameters[2])
    network.desk.touch(2)
    for value in (start + 0.1, start + 0.3):
        network.desk.turn(2, value)
        network.desk.flush()
    hand = network.inspection.last_move(2)
    assert hand is not None
    assert hand.by_hand
    assert hand.change == pytest.approx(0.3)
    network.desk.release(2)
    assert network.inspection.last_move(2) == hand
    other = network.inspection.last_move(1)
    assert other is not None
    assert not other.by_hand, "another knob's last move is still the step"
    network.automix.step()
    last = network.inspection.last_move(2)
    assert last is not None
    assert (last.by_hand, last.step) == (False, 2)


def test_a_hand_holds_on_while_the_others_train(network: Bench) -> None:
    network.automix.play()
    network.desk.touch(2)
    network.desk.turn(2, 0.5)
    for _ in range(20):
        network.clock.tick(16.0)
    held, free = (network.inspection.last_move(index) for index in (2, 1))
    assert held is not None
    assert free is not None
    assert (held.by_hand, free.by_hand) == (True, False)
    network.automix.pause()
    network.desk.release(2)


def test_undo_and_another_run_are_no_moves(network: Bench) -> None:
    network.automix.step()
    network.desk.undo()
    assert network.inspection.last_move(0) is None
    network.desk.turn(0, 1.0)
    network.desk.undo()
    assert network.inspection.last_move(0) is None
    network.automix.step()
    network.desk.new_start(9)
    assert network.inspection.last_move(0) is None


# -- the past, and the cost of looking --------------------------------------------------------


def test_the_past_is_every_value_with_its_move_and_whose_it_was(network: Bench) -> None:
    values = [float(network.desk.mix.parameters[1])]
    for _ in range(3):
        network.automix.step()
        values.append(float(network.desk.mix.parameters[1]))
    network.desk.turn(1, 0.75)
    network.desk.flush()
    past = network.inspection.past(1)
    np.testing.assert_array_equal(past.values, [*values, 0.75])
    np.testing.assert_array_equal(past.moves, range(5))
    assert past.by_hand.tolist() == [False, False, False, False, True]


def test_looking_changes_nothing_and_a_second_look_costs_nothing(make_bench: MakeBench) -> None:
    mix = network_on(make("sine", seed=2, points=40), 2, (3,))
    seen, unseen = (
        make_bench(mix, optimizer="adam", batch_size=7, learning_rate=0.05) for _ in range(2)
    )
    for _ in range(8):
        seen.inspection.next_step(0)
        seen.inspection.floor(0)
        seen.inspection.past(0)
        asked = seen.inspection.evaluations
        seen.inspection.next_step(0)
        seen.inspection.past(0)
        assert seen.inspection.evaluations == asked
        for bench in (seen, unseen):
            bench.automix.step()
    assert seen.desk.mix.state.same(unseen.desk.mix.state)
    points = [bench.desk.history.points[:, :-1] for bench in (seen, unseen)]  # but for seconds
    assert np.array_equal(points[0], points[1], equal_nan=True)
    assert seen.desk.undo_stack.count == unseen.desk.undo_stack.count


def test_other_data_make_another_curvature(network: Bench) -> None:
    before = network.inspection.curvature(0)
    dataset = network.desk.mix.dataset
    network.desk.edit_data(replace(dataset, inputs=2.0 * dataset.inputs), "stretch")
    assert network.inspection.curvature(0) != before
