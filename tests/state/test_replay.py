"""Steps taken once more lead to the very same bits, however set and wherever they begin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mixer_nn.core.arrays import BoolArray
from mixer_nn.core.problem import Problem
from mixer_nn.core.segment import Segment
from mixer_nn.core.training import Settings, TrainingState
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import network_on, new_mix
from mixer_nn.session.record import Way
from mixer_nn.state.record import Record, Room
from mixer_nn.state.replay import Replay

PROBLEM = network_on(make("spiral", seed=1, points=60), 1, (4, 3)).problem
SIZE = PROBLEM.network.parameter_count
ALL = np.ones(SIZE, dtype=np.bool_)
SOME = np.arange(SIZE) % 3 > 0

SETTINGS = {
    "descent": Settings(0.05),
    "momentum in batches": Settings(0.01, 7, "momentum"),
    "adam in batches": Settings(0.01, 16, "adam", schedule="cosine", warm_up=3.0, horizon=40.0),
    "adamw with a limiter": Settings(0.01, 0, "adamw", clip=0.05, l2=1e-3),
    "rmsprop in batches": Settings(0.003, 32, "rmsprop", schedule="step", horizon=12.0),
}


def whole(replay: Replay, seconds: float = 1e-4) -> TrainingState:
    for _ in range(100_000):
        if replay.advance(seconds):
            return replay.state
    raise AssertionError("it never arrives")


def beginning(settings: Settings, problem: Problem = PROBLEM) -> TrainingState:
    return new_mix(problem, 3, settings.optimizer).state


@pytest.mark.parametrize("free", [ALL, SOME], ids=["all free", "some locked"])
@pytest.mark.parametrize("name", SETTINGS)
def test_the_same_bits_from_any_step_to_any_other(name: str, free: BoolArray) -> None:
    settings = SETTINGS[name]
    segment = Segment(PROBLEM.objective, settings, beginning(settings), free)
    states = [segment.state]
    for _ in range(61):
        segment.advance(steps=1)
        states.append(segment.state)
    way = Way(PROBLEM, settings, free)
    for first, last in [(0, 61), (5, 6), (17, 58), (30, 30)]:
        replay = Replay(states[first], way, last - first)
        assert whole(replay).same(states[last])
        assert replay.arrived


@pytest.mark.parametrize("name", ["adam in batches", "descent"])
def test_over_what_thinning_has_left_and_across_a_lock(name: str) -> None:
    """Every step of a run can be come to again, though few of its states are kept."""
    settings = SETTINGS[name]
    state = beginning(settings)
    record, states = Record(Room(40_000)), [state]
    record.append(0, state, None)
    for free in (ALL, SOME, ALL):
        segment = Segment(PROBLEM.objective, settings, state, free)
        segment.watched = False
        for _ in range(100):
            segment.advance(steps=1)
            state = segment.state
            record.append(state.step, state, Way(PROBLEM, settings, free))
            states.append(state)
    assert len(record) < 150
    assert {100, 200} <= set(record.moves.tolist())
    for move, wanted in enumerate(states):
        found = record.way_to(move)
        if found is None:
            kept = record.before(move)
            assert kept is not None
            assert kept[0] == move
            assert kept[1].same(wanted)
        else:
            assert whole(Replay(*found)).same(wanted)


def test_a_long_table_in_pieces() -> None:
    """A step of many parts goes on in the next call, and shows nothing until it is whole."""
    problem = network_on(make("spiral", seed=1, points=10_000), 1, (16, 16)).problem
    settings = Settings(0.05)
    segment = Segment(problem.objective, settings, beginning(settings, problem))
    segment.advance(steps=3)
    free = np.ones(problem.network.parameter_count, dtype=np.bool_)
    replay = Replay(beginning(settings, problem), Way(problem, settings, free), 3)
    calls, seen = 0, set()
    while not replay.advance(0.0):
        calls += 1
        seen.add(replay.state.step)
    assert calls > 3
    assert seen == {0, 1, 2}
    assert replay.state.same(segment.state)


def test_without_time_it_still_goes_on() -> None:
    way = Way(PROBLEM, SETTINGS["descent"], ALL)
    replay = Replay(beginning(way.settings), way, 450)
    calls = 0
    while not replay.advance(0.0):
        calls += 1
        assert not replay.arrived
    assert calls >= 4
    assert replay.advance(0.0)
    assert replay.state.step == 450


def test_what_cannot_be_gone_again_is_refused() -> None:
    way = Way(PROBLEM, SETTINGS["descent"], ALL)
    with pytest.raises(ValueError, match="not known"):
        Replay(beginning(way.settings), replace(way, problem=None), 1)
    with pytest.raises(ValueError, match="back"):
        Replay(beginning(way.settings), way, -1)
