"""Tables, what is held out of them, and the random streams."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mixer_nn.core.arrays import frozen
from mixer_nn.core.dataset import Column, Dataset
from mixer_nn.core.network import Network
from mixer_nn.core.seeds import Stream, stream
from mixer_nn.core.training import TrainingState, order_of_rows, start


def dataset(rows: int = 10, **changes: Any) -> Dataset:
    fields: dict[str, Any] = {
        "name": "made up",
        "inputs": np.arange(2.0 * rows).reshape(rows, 2),
        "targets": np.arange(1.0 * rows)[:, np.newaxis],
        "input_columns": (Column("a"), Column("b", "mph")),
        "target_columns": (Column("y"),),
    }
    return Dataset(**fields | changes)


def test_a_table_cannot_be_changed_nor_through_the_array_it_came_from() -> None:
    inputs = np.zeros((10, 2))
    table = dataset(inputs=inputs)
    inputs[:] = 7.0
    assert table.inputs.max() == 0.0
    for array in (table.inputs, table.targets, table.held_out):
        assert not array.flags.writeable


def test_freezing_again_copies_nothing_but_a_view_is_copied() -> None:
    once = frozen([1, 2, 3])
    assert once.dtype == np.float64
    assert frozen(once) is once
    assert frozen(once[:2]) is not once[:2]
    owner = np.zeros(3)
    view = owner.view()
    view.flags.writeable = False
    kept = frozen(view)
    owner[0] = 1.0
    assert kept[0] == 0.0


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": np.zeros((9, 2))},
        {"inputs": np.zeros(10)},
        {"targets": np.zeros(10)},
        {"input_columns": (Column("a"),)},
        {"target_columns": ()},
        {"held_out": np.ones(10, dtype=np.bool_)},
        {"held_out": np.zeros(3, dtype=np.bool_)},
        {"targets": np.full((10, 1), np.nan)},
        {"inputs": np.full((10, 2), np.inf)},
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needed|must"):
        dataset(**changes)


def test_a_column_shows_its_unit() -> None:
    assert [column.title for column in dataset().input_columns] == ["a", "b (mph)"]


@pytest.mark.parametrize(
    ("rows", "share", "expected"),
    [(10, 0.0, 0), (10, 0.3, 3), (10, 0.01, 1), (10, 0.99, 9), (2, 0.1, 1), (1, 0.5, 0)],
)
def test_a_share_of_rows_is_held_out_and_one_always_stays(
    rows: int, share: float, expected: int
) -> None:
    split = dataset(rows).split(share, stream(1, Stream.SPLIT))
    assert int(split.held_out.sum()) == expected
    np.testing.assert_array_equal(split.inputs, dataset(rows).inputs)


def test_the_same_seed_holds_out_the_same_rows() -> None:
    masks = [dataset(50).split(0.4, stream(seed, Stream.SPLIT)).held_out for seed in (1, 1, 2)]
    assert (masks[0] == masks[1]).all()
    assert (masks[0] != masks[2]).any()


def test_streams_are_reproducible_and_independent() -> None:
    keys = [(seed, purpose, index) for seed in (0, 1) for purpose in Stream for index in (0, 1)]
    drawn = [stream(*key).random(4).tolist() for key in keys]
    assert drawn == [stream(*key).random(4).tolist() for key in keys]
    assert len({tuple(numbers) for numbers in drawn}) == len(keys)


def test_the_order_of_an_epoch_is_a_permutation_known_without_those_before_it() -> None:
    orders = [order_of_rows(3, epoch, 40) for epoch in range(3)]
    assert all(sorted(order) == list(range(40)) for order in orders)
    assert orders[2].tolist() == order_of_rows(3, 2, 40).tolist()
    assert orders[1].tolist() != orders[2].tolist()


def test_a_new_start_is_a_pure_function_of_the_seed() -> None:
    network = Network((2, 3, 1), ("tanh", "linear"))
    first, again, other = (start(network, "gradient-descent", seed) for seed in (5, 5, 6))
    assert first.same(again)
    assert not first.same(other)
    assert (first.step, first.epoch, first.place) == (0, 0, 0)


def test_states_are_the_same_only_to_the_last_bit() -> None:
    state = TrainingState(np.array([0.0, np.nan]), 1)
    assert state.same(TrainingState(np.array([0.0, np.nan]), 1))
    assert not state.same(TrainingState(np.array([-0.0, np.nan]), 1))
    assert not state.same(TrainingState(np.array([0.0, np.nan]), 1, place=1))
    assert not state.parameters.flags.writeable
