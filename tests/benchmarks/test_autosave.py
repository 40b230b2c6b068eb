"""What keeping unsaved work takes of a frame, and of the other thread, with a full record.

``pytest tests/benchmarks/test_autosave.py --benchmark-enable -n 0``; no stopwatch fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from mixer_nn.data.synthetic import make
from mixer_nn.session import recovery
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.session.recovery import Keeper
from mixer_nn.state.preferences import Preferences
from mixer_nn.ui.bench import Bench

KNOBS = 393


@pytest.fixture(scope="module")
def full(qapp: QApplication) -> Callable[[], Bench]:
    """A bench with 393 knobs whose record is full, and one more frame of a run each time."""
    mix = network_on(make("spiral", seed=1), 1, (8,) * 6)
    assert mix.parameters.size == KNOBS
    bench = Bench(mix, Preferences(), Setup(optimizer="adam"))
    bench.automix.step(1)
    steps = np.random.default_rng(1).normal(scale=1e-4, size=(100, KNOBS))

    def one_more() -> Bench:
        state = bench.desk.mix.state
        moved = state.parameters + steps[state.step % 100]
        bench.desk.train_to(replace(state, parameters=moved, step=state.step + 1), 0.7)
        bench.desk.flush()
        return bench

    for _ in range(7_000):
        one_more()
    return one_more


def test_handing_over_unsaved_work(benchmark: BenchmarkFixture, full: Callable[[], Bench]) -> None:
    def hand_over(bench: Bench) -> int:
        return sum(len(run.blocks) for run in bench.recovery.work.saved.runs)

    def another() -> tuple[tuple[Bench], dict[str, object]]:
        return (full(),), {}

    blocks = benchmark.pedantic(hand_over, setup=another, rounds=50)  # type: ignore[no-untyped-call]
    assert blocks > 100


def test_keeping_what_is_new(
    benchmark: BenchmarkFixture, full: Callable[[], Bench], tmp_path: Path
) -> None:
    keeper = Keeper(tmp_path)
    keeper.keep(full().recovery.work)

    def another() -> tuple[tuple[recovery.Work], dict[str, object]]:
        for _ in range(120):
            bench = full()
        return (bench.recovery.work,), {}

    benchmark.pedantic(keeper.keep, setup=another, rounds=10)  # type: ignore[no-untyped-call]
    kept, here = recovery.read(tmp_path).saved, full().recovery.work.saved
    assert len(kept.runs[0].blocks) >= len(here.runs[0].blocks) - 1
