"""Ways and blocks: frozen, whole to the last bit, and refused where they do not fit together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.training import Settings, TrainingState
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import neuron_on
from mixer_nn.session.record import Block, Way, key_of

FREE = np.array([True, False])


def block(ways: tuple[Way | None, ...] = (None, None)) -> Block:
    counts = np.array([[7, 0, 0, 0, 0], [7, 5, 2, 3, 4]])
    values = np.array([[[0.1, -0.0]] * 3, [[np.nan, 2.0], [3.0, 4.0], [5.0, 6.0]]])
    return Block("adam", np.array([0, 9]), counts, values, ways)


def test_a_state_comes_back_whole() -> None:
    memory = np.array([[3.0, 4.0], [5.0, 6.0]])
    wanted = TrainingState(np.array([np.nan, 2.0]), 7, 5, 2, 3, memory, 4, "adam")
    assert block().state(1).same(wanted)
    assert np.signbit(block().state(0).parameters[1])
    assert block().key == key_of(wanted) == ("adam", 2, 2)


@pytest.mark.parametrize(("optimizer", "shape"), [("gradient-descent", (0, 2)), ("adam", (0, 0))])
def test_a_memory_that_is_empty_is_empty_in_its_own_way(
    optimizer: str, shape: tuple[int, int]
) -> None:
    state = TrainingState(np.ones(2), 1, slots=np.zeros(shape), optimizer=optimizer)
    values = state.parameters.reshape(1, 1, 2)
    found = Block(optimizer, np.zeros(1, int), np.array([[1, 0, 0, 0, 0]]), values, (None,))
    assert found.state(0).same(state)


def test_nobody_can_write_to_it() -> None:
    source = np.array([0, 9])
    made = replace(block(), moves=source)
    source[1] = 1
    assert made.moves.tolist() == [0, 9]
    for array in (made.moves, made.counts, made.values):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    free = FREE.copy()
    way = Way(None, Settings(0.1), free)
    free[:] = False
    assert way.free.tolist() == [True, False]


def test_memory_is_counted() -> None:
    made = block()
    numbers = made.moves.nbytes + made.counts.nbytes + made.values.nbytes
    assert numbers < made.nbytes < numbers + 2000


def test_rows_of_a_block() -> None:
    made = block().block_of_rows(1, 2)
    assert len(made) == 1
    assert made.state(0).same(block().state(1))
    assert made.values.base is None


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer": "guess"},
        {"moves": np.array([9, 0])},
        {"moves": np.array([0])},
        {"counts": np.zeros((2, 4), dtype=int)},
        {"values": np.zeros((2, 2))},
        {"values": np.zeros((2, 0, 2))},
        {"ways": (None,)},
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"block|optimizer"):
        replace(block(), **change)  # type: ignore[arg-type]


def test_ways_are_the_same_where_steps_would_be() -> None:
    problem = neuron_on(make("noisy-line", seed=7), 7).problem
    way = Way(problem, Settings(0.1), FREE)
    assert way.same(Way(problem, Settings(0.1), FREE.copy()))
    assert not way.same(Way(problem, Settings(0.2), FREE))
    assert not way.same(Way(problem, Settings(0.1), ~FREE))
    assert not way.same(Way(replace(problem, scaled=True), Settings(0.1), FREE))
    assert not way.same(Way(None, Settings(0.1), FREE))
