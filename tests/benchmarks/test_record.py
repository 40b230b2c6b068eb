"""What it costs to keep the states of a run, beside the steps between them, and to look them up.

``pytest tests/benchmarks/test_record.py --benchmark-enable -n 0 -s``; no stopwatch fails a test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from time import perf_counter, thread_time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mixer_nn.core.arrays import frozen
from mixer_nn.core.segment import Segment
from mixer_nn.core.training import Settings, TrainingState
from mixer_nn.data.synthetic import make
from mixer_nn.session.mix import Mix, network_on, neuron_on
from mixer_nn.session.record import Block, Way
from mixer_nn.state.record import Record

SLICE = 0.004
"""Seconds of steps in a frame, at full speed."""


@dataclass(frozen=True)
class Case:
    """A mix, how it is trained, and how many states fill the record well beyond its memory."""

    mix: Mix
    settings: Settings
    states: int

    @property
    def way(self) -> Way:
        return Way(self.mix.problem, self.settings, ~self.mix.locked)


def case(name: str) -> Case:
    if name == "2 parameters":
        return Case(neuron_on(make("noisy-line", seed=7), 7), Settings(0.1), 270_000)
    deep = network_on(make("spiral", seed=1), 1, (8,) * 6)
    return Case(deep.with_optimizer("adam"), Settings(0.001, 0, "adam"), 12_000)


NAMES = ("2 parameters", "393 parameters")


def states_of(made: Case) -> list[TrainingState]:
    """Any states, by the steps; a few arrays stand for all."""
    rng = np.random.default_rng(0)
    first = made.mix.state
    few = [frozen(rng.normal(size=first.parameters.size)) for _ in range(8)]
    return [
        TrainingState(few[step % 8], 1, step, step, 0, first.slots, step, first.optimizer)
        for step in range(made.states)
    ]


@cache
def blocks_of(name: str) -> tuple[Block, ...]:
    made = case(name)
    record, way = Record(), made.way
    for state in states_of(made):
        record.append(state.step, state, way)
    return record.blocks


def full(name: str) -> Record:
    """Opened again, so that every state to come is kept at first: the dearest there is."""
    return Record.of(blocks_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_append_until_the_memory_is_used_up_and_on(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the processor's time, which others that run beside this do not add to."""
    made = case(name)
    record, way, took = Record(), made.way, []
    for state in states_of(made):
        begin = thread_time()
        record.append(state.step, state, way)
        took.append(thread_time() - begin)
    microseconds = 1e6 * np.array(took)
    with capsys.disabled():
        print(
            f"\n{name}: append {microseconds.mean():.1f} µs, 99.9 %"
            f" {np.quantile(microseconds, 0.999):.0f} µs, the worst {microseconds.max():.0f} µs"
        )
    assert len(record) < made.states
    assert record.room.used <= record.room.limit


@pytest.mark.parametrize("name", NAMES)
def test_keeping_states_beside_the_steps_between(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = case(name)
    record, way = full(name), made.way
    segment = Segment(made.mix.problem.objective, made.settings, made.mix.state)
    segment.watched = False
    steps = keeping = 0.0
    for _ in range(200):
        begin = perf_counter()
        segment.advance(seconds=SLICE)
        between = perf_counter()
        state = replace(segment.state, step=made.states + segment.state.step)
        third = perf_counter()
        record.append(state.step, state, way)
        keeping += perf_counter() - third
        steps += between - begin
    with capsys.disabled():
        print(f"\n{name}: keeping states takes {100 * keeping / steps:.2f} % of the steps' time")
    assert record.last == state.step


@pytest.mark.parametrize("name", NAMES)
def test_the_nearest(benchmark: BenchmarkFixture, name: str) -> None:
    made = case(name)
    record = full(name)
    found = benchmark(record.nearest, made.states // 3)
    assert abs(found[0] - made.states // 3) <= np.diff(record.moves).max()


@pytest.mark.parametrize("when", ["while it plays", "all anew"])
@pytest.mark.parametrize("name", NAMES)
def test_the_trace(benchmark: BenchmarkFixture, name: str, when: str) -> None:
    made = case(name)
    record, way = full(name), made.way
    last = record.nearest(made.states)
    assert last is not None
    state = last[1]

    def work() -> int:
        nonlocal state
        state = replace(state, step=state.step + 1)
        record.append(state.step, state, way)
        if when == "all anew":
            record.inside_revision += 1
        return len(record.trace((0, 1), 2000, state.step)[0])

    count = benchmark.pedantic(work, rounds=300)  # type: ignore[no-untyped-call]
    assert 1000 < count <= 2000
