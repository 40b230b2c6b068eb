"""The loss history: bounded however long a run, and never wrong about where the mix stands."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest

from mixer_nn.core.training import TrainingState
from mixer_nn.data.synthetic import make
from mixer_nn.session.curve import Curve
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.state import loss_table
from mixer_nn.state.desk import Desk
from mixer_nn.state.history import History


@pytest.fixture(scope="module")
def first() -> Mix:
    return neuron_on(make("line", seed=1), 1)


def at(mix: Mix, move: int, run: int = 0) -> Mix:
    """The mix after so many moves; only its place in the run differs."""
    return replace(mix, run=run, moves=move, state=replace(mix.state, step=move, epoch=move))


def test_a_point_says_move_epoch_and_losses(first: Mix) -> None:
    record = History()
    record.begin(first, (3.0, float("nan")))
    record.record(at(first, 5), (2.0, 2.5), by_hand=False)
    (curve,) = record.curves
    assert list(curve.column("move")) == [0.0, 5.0]
    assert list(curve.column("epoch")) == [0.0, 5.0]
    assert list(curve.column("loss")) == [3.0, 2.0]
    assert np.array_equal(curve.column("held_out"), [np.nan, 2.5], equal_nan=True)


def test_part_of_an_epoch_counts_as_that_part(first: Mix) -> None:
    record = History()
    rows = first.problem.objective.rows
    inside = replace(first, state=replace(first.state, epoch=2, place=rows // 4))
    record.begin(inside, (1.0, 1.0))
    assert record.points[0, 1] == 2.25


def test_a_million_points_stay_within_bounds_and_keep_what_matters(
    first: Mix,
) -> None:
    count, bound = 1_000_000, 200_000
    assert bound == loss_table.MOST_POINTS
    mixes = at(first, 0)
    kept_bytes = 1_000_000
    record = History(kept_bytes)
    losses = np.random.default_rng(3).exponential(size=count)
    by_hand = {10, 11, 50_000, 777_777, count - 2}
    record.begin(mixes, (float(losses[0]), 0.0))
    for move in range(1, count):
        # A mix of its own for each move would cost this test half a minute.
        object.__setattr__(mixes, "moves", move)
        record.record(mixes, (float(losses[move]), 0.0), by_hand=move in by_hand)
        if move % 9973 == 0:
            assert len(record.points) <= bound
    points = record.points
    moves = points[:, 0].astype(int)
    assert len(points) <= bound
    assert (np.diff(moves) > 0).all()
    assert moves[0] == 0
    assert moves[-1] == count - 1
    assert set(moves[points[:, 6] == 1.0]) == by_hand
    assert np.array_equal(points[:, 2], losses[moves])
    lows = np.minimum.reduceat(losses, np.append(0, moves[:-1] + 1))
    highs = np.maximum.reduceat(losses, np.append(0, moves[:-1] + 1))
    assert np.array_equal(points[:, 3], lows)
    assert np.array_equal(points[:, 4], highs)
    assert record.best == losses.min()
    assert sum(state.nbytes for state in record.states) <= kept_bytes


def test_states_stay_within_their_bytes_and_keep_both_ends(first: Mix) -> None:
    record = History(20_000)
    record.begin(first, (1.0, 1.0))
    for move in range(1, 2000):
        record.record(at(first, move), (1.0, 1.0), by_hand=False)
        states = record.states
        assert sum(state.nbytes for state in states) <= 20_000
        assert states[0].step == 0
        assert (np.diff([state.step for state in states]) > 0).all()
    assert len(record.states) > 20
    assert record.states[-1].step > 1900


def test_states_of_a_future_that_was_left_are_gone(first: Mix) -> None:
    record = History()
    record.begin(first, (1.0, 1.0))
    for move in range(1, 6):
        record.record(at(first, move), (1.0, 1.0), by_hand=False)
    record.begin(at(first, 2), (1.0, 1.0))
    assert [state.step for state in record.states] == [0, 1, 2]
    record.record(at(first, 7), (1.0, 1.0), by_hand=False)
    assert [state.step for state in record.states] == [0, 1, 2, 7]
    assert list(record.points[:, 0]) == [0.0, 1.0, 2.0, 7.0]


def test_only_marks_of_a_hand_are_all_kept(first: Mix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loss_table, "MOST_POINTS", 100)
    record = History()
    record.begin(first, (1.0, 1.0))
    for move in range(1, 1000):
        record.record(at(first, move), (1.0, 1.0), by_hand=True)
    assert record.points[:, 6].sum() == 999


def test_going_back_to_a_place_that_was_thinned_out_still_shows_its_loss(
    first: Mix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss_table, "MOST_POINTS", 64)
    record = History()
    record.begin(first, (1000.0, 1.0))
    for move in range(1, 200):
        record.record(at(first, move), (1000.0 - move, 1.0), by_hand=False)
    last = record.points[-1].copy()
    for move in range(0, 199, 7):
        record.begin(at(first, move), (1000.0 - move, 1.0))
        assert tuple(record.points[-1, [0, 2]]) == (move, 1000.0 - move)
        assert (np.diff(record.points[:, 0]) > 0.0).all()
    record.begin(at(first, 199), (801.0, 1.0))
    assert np.array_equal(record.points[-1], last, equal_nan=True)


def test_a_branch_has_been_through_what_its_trunk_has(first: Mix) -> None:
    record = History()
    record.begin(first, (5.0, 1.0))
    for move in range(1, 6):
        record.record(at(first, move), (5.0 - move, 1.0), by_hand=move == 2)
    trunk = record.points.copy()
    number = record.branch(0, 3)
    record.begin(at(first, 3, number), (2.0, 1.0))
    assert np.array_equal(record.points, trunk[:4])
    record.record(at(first, 4, number), (9.0, 1.0), by_hand=True)
    assert [curve.run for curve in record.earlier] == [0]
    assert np.array_equal(record.earlier[0].points, trunk)
    record.begin(at(first, 5), (0.0, 1.0))
    assert np.array_equal(record.points, trunk)


def test_the_best_loss_passes_over_what_is_not_finite(first: Mix) -> None:
    record = History()
    record.begin(first, (float("inf"), 1.0))
    assert record.best == float("inf")
    record.record(at(first, 1), (2.0, 1.0), by_hand=False)
    record.record(at(first, 2), (float("nan"), 1.0), by_hand=False)
    assert record.best == 2.0


def test_a_run_of_a_single_point_is_no_earlier_curve(first: Mix) -> None:
    record = History()
    record.begin(first, (1.0, 1.0))
    record.begin(at(first, 0, record.new_run()), (1.0, 1.0))
    record.record(at(first, 1, 1), (0.5, 1.0), by_hand=True)
    record.begin(at(first, 0, record.new_run()), (1.0, 1.0))
    assert [curve.run for curve in record.earlier] == [1]


def test_curves_of_a_file_go_on_where_they_ended(first: Mix) -> None:
    record = History()
    points = np.array(
        [
            [0.0, 0.0, 4.0, 4.0, 4.0, np.nan, 0.0, 0.0],
            [3.0, 3.0, 2.0, 2.0, 4.0, np.nan, 0.0, 0.5],
        ]
    )
    record.clear((Curve(2, points),))
    record.begin(at(first, 3, 2), (2.0, float("nan")))
    assert np.array_equal(record.points, points, equal_nan=True)
    record.record(at(first, 4, 2), (1.0, float("nan")), by_hand=True)
    assert list(record.points[:, 0]) == [0.0, 3.0, 4.0]
    assert record.new_run() == 3
    assert isinstance(record.states[-1], TrainingState)


# -- what a parameter has been through --------------------------------------------------------


def put(mix: Mix, move: int, run: int = 0) -> Mix:
    """A mix after so many moves whose parameters say so."""
    parameters = np.array([move, -move - 1000.0 * run])
    return at(mix.with_parameters(parameters), move, run)


def test_a_trace_tells_move_and_values_from_the_first_point_to_the_present(first: Mix) -> None:
    record = History()
    record.begin(put(first, 0), (1.0, 1.0))
    for move in (3, 4, 9):
        record.record(put(first, move), (1.0, 1.0), by_hand=False)
        moves, values = record.trace((1, 0))
        assert moves[-1] == move
        assert np.array_equal(values, np.column_stack([-moves, moves]))
    assert list(moves) == [0.0, 3.0, 4.0, 9.0]
    record.begin(put(first, 4), (1.0, 1.0))
    assert list(record.trace((1, 0))[0]) == [0.0, 3.0, 4.0]
    # A hand records its one mark again and again while it turns.
    for value in (7.0, 8.0):
        turned = at(first.with_parameters(np.array([value, 0.0])), 5)
        record.record(turned, (1.0, 1.0), by_hand=True)
        moves, values = record.trace((1, 0))
        assert list(moves) == [0.0, 3.0, 4.0, 5.0]
        assert list(values[-1]) == [0.0, value]


def test_a_trace_of_another_run_is_that_runs(first: Mix) -> None:
    record = History()
    record.begin(put(first, 0), (1.0, 1.0))
    for move in range(1, 6):
        record.record(put(first, move), (1.0, 1.0), by_hand=False)
    assert len(record.trace((0,))[0]) == 6
    record.begin(put(first, 0, 1), (1.0, 1.0))
    assert [list(values) for values in record.trace((0,))[1]] == [[0.0]]
    record.begin(put(first, 3), (1.0, 1.0))
    branch = record.branch(0, 3)
    record.begin(put(first, 3, branch), (1.0, 1.0))
    assert list(record.trace((0,))[1][:, 0]) == [0.0, 1.0, 2.0, 3.0]


def test_a_trace_stays_right_however_the_states_are_thinned(first: Mix) -> None:
    record = History(50_000)
    record.begin(put(first, 0), (1.0, 1.0))
    for move in range(1, 1500):
        record.record(put(first, move), (1.0, 1.0), by_hand=False)
        moves, values = record.trace((0,), most=30)
        assert len(moves) <= 30
        assert (moves[0], moves[-1]) == (0.0, move)
        assert (np.diff(moves) > 0.0).all()
        assert np.array_equal(values[:, 0], moves)
    assert len(moves) > 15


def test_asking_again_reads_only_the_states_that_are_new(first: Mix) -> None:
    record = History()
    record.begin(put(first, 0), (1.0, 1.0))
    for move in range(1, 6000):
        record.record(put(first, move), (1.0, 1.0), by_hand=False)
    record.trace((0, 1))
    begin = perf_counter()
    for move in range(6000, 6100):
        record.record(put(first, move), (1.0, 1.0), by_hand=False)
        record.trace((0, 1))
    spent = (perf_counter() - begin) / 100
    # Reading two thousand states anew takes several milliseconds.
    assert spent < 0.002


def test_states_of_another_network_under_the_same_run_are_left_out_of_a_trace() -> None:
    desk = Desk(neuron_on(make("noisy-line", seed=7), 7))
    desk.turn(0, 0.5)
    desk.flush()
    desk.put(network_on(make("spiral", seed=7), 7, (4,)), "a network under the same number")
    last = desk.mix.network.parameter_count - 1
    moves, values = desk.history.trace([last])
    assert moves.tolist() == [desk.mix.moves]
    assert values.ravel().tolist() == [desk.mix.parameters[last]]
    desk.undo()
    assert desk.history.trace([0])[1][-1] == 0.5
