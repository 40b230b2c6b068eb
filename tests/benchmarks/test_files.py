"""Files with a full record: opened in under a second, written without anybody waiting."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.mix import Setup, network_on
from mixer_nn.session.pieces import pieces
from mixer_nn.session.record import Block, Way
from mixer_nn.session.saved import Saved, SavedRun
from mixer_nn.session.schema import tree_of

FULL = 64 * 1024 * 1024
BLOCK = 256 * 1024

KINDS = {"393 knobs, Adam": ((16, 16, 4), "adam"), "2 knobs": ((), "gradient-descent")}


def full_of_states(kind: str, most: int) -> Saved:
    """A mix whose record takes `most` bytes."""
    hidden, optimizer = KINDS[kind]
    mix = network_on(make("moons" if hidden else "line", seed=1), 1, hidden)
    mix = mix.with_optimizer(optimizer)
    rng, knobs = np.random.default_rng(0), mix.parameters.size
    free, settings = np.ones(knobs, dtype=np.bool_), Setup().settings(mix.problem)
    ways = [Way(mix.problem, settings, free) for _ in range(3)]
    depth = 1 + OPTIMIZERS[optimizer].slots
    each = 8 * (depth * knobs + 7)
    blocks = []
    for first in range(0, most // each, BLOCK // each):
        moves = np.arange(first, first + BLOCK // each)
        counts = np.column_stack([moves] * 5)
        counts[:, 3] = 0
        values = rng.normal(size=(len(moves), depth, knobs))
        led = tuple(ways[move % 3] for move in moves)
        blocks.append(Block(optimizer, moves, counts, values, led))
    run = SavedRun(0, "", False, Setup(), None, mix, tuple(blocks))
    return Saved(mix, Setup(), (), (run,))


@pytest.fixture(params=KINDS)
def saved(request: pytest.FixtureRequest, benchmark: BenchmarkFixture) -> Saved:
    """Full where it is timed, and small where it is only tried."""
    return full_of_states(request.param, FULL if benchmark.enabled else FULL // 64)


def test_opening(benchmark: BenchmarkFixture, saved: Saved, tmp_path: Path) -> None:
    """Under 1 s."""
    path = tmp_path / "full.mixnn"
    file.write(path, saved)
    found = benchmark.pedantic(  # type: ignore[no-untyped-call]
        file.read, args=(path,), rounds=5, warmup_rounds=1
    )
    assert sum(map(len, found.runs[0].blocks)) == sum(map(len, saved.runs[0].blocks))


def test_writing(benchmark: BenchmarkFixture, saved: Saved, tmp_path: Path) -> None:
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        file.write, args=(tmp_path / "full.mixnn", saved), rounds=3
    )


def test_the_longest_that_a_piece_takes(benchmark: BenchmarkFixture, saved: Saved) -> None:
    """About 1 ms of the processor, in which no other thread has the interpreter."""
    longest = benchmark.pedantic(_longest, args=(saved,), rounds=3)  # type: ignore[no-untyped-call]
    benchmark.extra_info["longest in ms"] = 1000.0 * longest
    assert longest < 0.02


def _longest(saved: Saved) -> float:
    text, longest = pieces(tree_of(saved)), 0.0
    while True:
        began = time.thread_time()
        piece = next(text, None)
        longest = max(longest, time.thread_time() - began)
        if piece is None:
            return longest
